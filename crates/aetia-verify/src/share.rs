//! Bounds on probabilities that compete: no other cause is subtracted from one, so sums of scores alone do not decide.
//!
//! With `D_j` what the score of cause `j` is above that of the claim's cause, the cause has at most the probability `u`
//! exactly if `ln sum_j exp(D_j) >= ln((1 - u) / u)`. By Gibbs the left side is at least `sum_j l_j D_j + H(l)` for any
//! proportions `l`, and that sum is least where each block is least. The proportions are a hint, found in floats; what is
//! recorded is whole numbers.

use std::collections::BTreeMap;
use std::rc::Rc;

use aetia::GateMode;

use crate::blocks::Block;
use crate::budget::{Meter, Unfinished};
use crate::certificate::{Share, Step, Term};
use crate::formula::{Formula, Truths};
use crate::frame::Rule;
use crate::prove::Ready;
use crate::query::{Form, HOLD, Node};
use crate::record;
use crate::solve::{Key, Outcome};

/// Rounds in which proportions are improved.
const ROUNDS: u32 = 30;
/// Of how many parts a proportion is a number.
const PARTS: f64 = 1_048_576.0;
const DEEPEST: usize = 400;

/// The lowest score, in nanodecibans, whose probability against the comparator alone is above a bound, or may be.
pub(crate) fn least_above(bound: f64) -> i64 {
    whole(libm::floor(1e10 * libm::log10(bound / (1.0 - bound)) - 1e-3)) + 1
}

#[expect(clippy::as_conversions, clippy::cast_possible_truncation, reason = "a whole number well inside i64")]
fn whole(value: f64) -> i64 {
    value as i64
}

#[expect(clippy::as_conversions, clippy::cast_precision_loss, reason = "a hint, which need not be exact")]
fn float(units: i64) -> f64 {
    units as f64
}

/// Natural logarithm of the ratio one nanodeciban stands for.
fn nats(units: f64) -> f64 {
    units * (libm::log(10.0) / 1e10)
}

/// A box on its way through the search.
#[derive(Clone)]
struct Spot {
    cells: Vec<Rc<Vec<usize>>>,
    /// The answers each indicator may have, as bits by code.
    masks: Vec<u128>,
    /// Forms that were decided to be at least 0.
    assumed: Vec<Form>,
}

enum Halt {
    Found(Vec<usize>),
    Unfinished(Unfinished),
}

struct Hunt<'r, 'm> {
    ready: &'r Ready<'r, 'm>,
    cause: usize,
    causes: usize,
    bound: f64,
    steps: Vec<Step>,
}

pub(crate) fn solve(
    ready: &Ready<'_, '_>,
    cause: usize,
    bound: f64,
    meter: &mut Meter<'_>,
) -> (Vec<Step>, Outcome) {
    let causes = ready.sides.first().map_or(0, |side| side.priors.len());
    let mut hunt = Hunt { ready, cause, causes, bound, steps: Vec::new() };
    let cells: Vec<Rc<Vec<usize>>> =
        ready.blocks.iter().map(|block| Rc::new((0..block.states.len()).collect())).collect();
    if cells.iter().any(|cell| cell.is_empty()) {
        return (vec![Step::Closed], Outcome::Nothing { steps: Vec::new(), margin: None });
    }
    let indicators = ready.sides.first().map_or(0, |side| side.frame.indicators.len());
    let mut spot = Spot { cells, masks: vec![1; indicators], assumed: Vec::new() };
    for at in 0..ready.blocks.len() {
        hunt.see(&mut spot, at);
    }
    match hunt.search(&spot, meter, 0) {
        Ok(()) => (hunt.steps, Outcome::Nothing { steps: Vec::new(), margin: Some(0) }),
        Err(Halt::Found(states)) => (Vec::new(), Outcome::Found { states, margin: None }),
        Err(Halt::Unfinished(why)) => (Vec::new(), Outcome::Unfinished { bound: None, why }),
    }
}

/// What a gate does on a box; none where that is open.
fn acts(rule: Rule, found: Truths) -> Option<bool> {
    let truths = match rule {
        Rule::Requires(GateMode::Strict) => Truths::NOT_TRUE,
        Rule::Requires(GateMode::Lenient) => Truths::FALSE,
        Rule::Caps(_) | Rule::Excludes => Truths::TRUE,
    };
    if found.is_within(truths) {
        Some(true)
    } else if found.meets(truths) {
        None
    } else {
        Some(false)
    }
}

fn minus(one: &Form, other: &Form) -> Form {
    let mut form = one.clone();
    form.plus -= other.plus;
    for (at, times) in &other.scores {
        *form.scores.entry(*at).or_default() -= times;
    }
    form.scores.retain(|_, times| *times != 0);
    form
}

fn negated(form: &Form) -> Form {
    Form { scores: form.scores.iter().map(|(at, times)| (*at, -times)).collect(), plus: -form.plus - 1 }
}

impl Hunt<'_, '_> {
    fn block(&self, at: usize) -> &Block {
        // INVARIANT: cells are made one for each block.
        #[expect(clippy::indexing_slicing, reason = "as many cells as blocks")]
        self.ready.blocks[at]
    }

    fn see(&self, spot: &mut Spot, at: usize) {
        let (block, Some(cell)) = (self.block(at), spot.cells.get(at)) else { return };
        for (slot, place) in block.slots.iter().enumerate().filter(|(_, slot)| slot.side == 0) {
            let codes = cell.iter().filter_map(|state| block.states.get(*state)?.codes.get(slot));
            let mask = codes.fold(0_u128, |mask, code| mask | 1 << code);
            if let Some(known) = spot.masks.get_mut(place.indicator) {
                *known = mask;
            }
        }
    }

    fn truths(spot: &Spot, formula: &Formula) -> Truths {
        formula.truths(&|indicator| spot.masks.get(indicator).copied().unwrap_or(1))
    }

    /// Whether a formula of conditions holds on a box; the first open one is handed out.
    fn standing<'n>(&'n self, node: &Node, spot: &Spot, open: &mut Option<&'n Formula>) -> Option<bool> {
        match node {
            Node::Known(known) => Some(*known),
            Node::AtLeast(_) => None,
            Node::Is(condition, truths) => {
                let formula = &self.ready.pool.conditions.get(*condition)?.1;
                let found = Self::truths(spot, formula);
                if found.is_within(*truths) {
                    Some(true)
                } else if found.meets(*truths) {
                    *open = open.or(Some(formula));
                    None
                } else {
                    Some(false)
                }
            }
            Node::All(parts) => {
                let each: Vec<Option<bool>> =
                    parts.iter().map(|part| self.standing(part, spot, open)).collect();
                if each.contains(&Some(false)) {
                    Some(false)
                } else {
                    each.iter().all(|it| *it == Some(true)).then_some(true)
                }
            }
            Node::Any(parts) => {
                let each: Vec<Option<bool>> =
                    parts.iter().map(|part| self.standing(part, spot, open)).collect();
                if each.contains(&Some(true)) {
                    Some(true)
                } else {
                    each.iter().all(|it| *it == Some(false)).then_some(false)
                }
            }
        }
    }

    /// What the gates of a cause do: whether each kind acts, none where that is open, and the lowest cap in force.
    fn gates(&self, spot: &Spot, cause: usize) -> Option<(bool, bool, Option<i64>)> {
        let frame = self.ready.sides.first()?.frame;
        let (mut closed, mut excluded, mut cap) = (false, false, None::<i64>);
        for gate in frame.gates.iter().filter(|gate| gate.cause == cause) {
            let acts = acts(gate.rule, Self::truths(spot, &gate.formula))?;
            match gate.rule {
                Rule::Requires(_) => closed |= acts,
                Rule::Excludes => excluded |= acts,
                Rule::Caps(level) if acts => cap = Some(cap.map_or(level, |lower| lower.min(level))),
                Rule::Caps(_) => {}
            }
        }
        Some((closed, excluded, cap))
    }

    /// The least a form is worth in a state.
    fn worth(state: &crate::blocks::State, form: &Form) -> i64 {
        let each = form.scores.iter().map(|(at, times)| times * state.weights.get(*at).copied().unwrap_or(0));
        each.sum()
    }

    /// The least value of a form on a box.
    fn least(&self, spot: &Spot, form: &Form) -> i64 {
        let each = spot.cells.iter().enumerate().map(|(at, cell)| {
            let block = self.block(at);
            let states = cell.iter().filter_map(|state| block.states.get(*state));
            states.map(|state| Self::worth(state, form)).min().unwrap_or(0)
        });
        form.plus + each.sum::<i64>()
    }

    /// Whether a form is at least 0, by what was decided or by its bounds.
    fn sign(&self, spot: &Spot, form: &Form) -> Option<bool> {
        let opposite = negated(form);
        if spot.assumed.iter().any(|known| known.scores == form.scores && known.plus <= form.plus)
            || self.least(spot, form) >= 0
        {
            return Some(true);
        }
        let is_false =
            spot.assumed.iter().any(|known| known.scores == opposite.scores && known.plus <= opposite.plus);
        (is_false || self.least(spot, &opposite) >= 0).then_some(false)
    }

    fn raw(cause: usize) -> Form {
        Form { scores: BTreeMap::from([(cause, 1)]), plus: 0 }
    }

    /// The score after caps, as a form; else a form to decide first.
    fn capped(&self, spot: &Spot, cause: usize, cap: Option<i64>) -> Result<Form, Form> {
        let raw = Self::raw(cause);
        let Some(level) = cap else { return Ok(raw) };
        let level = Form { scores: BTreeMap::new(), plus: level };
        let below = minus(&level, &raw);
        match self.sign(spot, &below) {
            Some(true) => Ok(raw),
            Some(false) => Ok(level),
            None => Err(below),
        }
    }

    /// The best score of the open causes, as a form; else a form to decide first. None where a gate is open either way.
    fn best(&self, spot: &Spot) -> Option<Result<Form, Form>> {
        let mut contenders = Vec::new();
        for cause in 0..self.causes {
            let (closed, excluded, cap) = self.gates(spot, cause)?;
            if !closed && !excluded {
                match self.capped(spot, cause, cap) {
                    Ok(form) => contenders.push(form),
                    Err(form) => return Some(Err(form)),
                }
            }
        }
        let mut champion = contenders.first()?.clone();
        // Every other is compared with the champion itself: the checker draws no conclusions.
        let mut at = 0;
        let mut turns = 0;
        while let Some(other) = contenders.get(at) {
            let ahead = minus(&champion, other);
            match self.sign(spot, &ahead) {
                Some(true) => at += 1,
                Some(false) => {
                    champion = other.clone();
                    (at, turns) = (0, turns + 1);
                    // Decisions may contradict each other; then nothing is best.
                    if turns > contenders.len() {
                        return None;
                    }
                }
                None => return Some(Err(ahead)),
            }
        }
        Some(Ok(champion))
    }

    /// The score after caps and hold of a cause in the ranking; none where gates are open either way.
    fn score(&self, spot: &Spot, cause: usize) -> Option<Result<Form, Form>> {
        let (closed, _, cap) = self.gates(spot, cause)?;
        let capped = match self.capped(spot, cause, cap) {
            Ok(form) => form,
            Err(form) => return Some(Err(form)),
        };
        if !closed {
            return Some(Ok(capped));
        }
        let hold = match self.best(spot)? {
            Ok(mut best) => {
                best.plus -= HOLD;
                best
            }
            Err(form) => return Some(Err(form)),
        };
        let above = minus(&hold, &capped);
        Some(match self.sign(spot, &above) {
            Some(true) => Ok(capped),
            Some(false) => Ok(hold),
            None => Err(above),
        })
    }

    fn search(&mut self, spot: &Spot, meter: &mut Meter<'_>, depth: usize) -> Result<(), Halt> {
        meter.pay().map_err(Halt::Unfinished)?;
        let mut open = None;
        let ready = self.ready;
        if self.standing(ready.node, spot, &mut open) == Some(false) {
            self.steps.push(Step::Closed);
            return Ok(());
        }
        let open: Option<Formula> = open.cloned();
        if self.contradicts(spot) {
            return Ok(());
        }
        // What is known of scores: whatever is not yet is left out, which bounds less and is right.
        let mut to_decide = None;
        let own = match self.score(spot, self.cause) {
            Some(Ok(form)) => form,
            Some(Err(form)) => {
                to_decide = Some(form);
                Self::raw(self.cause)
            }
            None => Self::raw(self.cause),
        };
        let mut rivals: Vec<(usize, Form)> =
            vec![(self.causes, minus(&Form { scores: BTreeMap::new(), plus: 0 }, &own))];
        for cause in (0..self.causes).filter(|cause| *cause != self.cause) {
            if self.gates(spot, cause).is_none_or(|(_, excluded, _)| excluded) {
                continue;
            }
            match self.score(spot, cause) {
                Some(Ok(form)) => rivals.push((cause, minus(&form, &own))),
                Some(Err(form)) => to_decide = to_decide.or(Some(form)),
                None => {}
            }
        }
        let shares = self.mix(spot, &rivals)?;
        let Some(shares) = shares else { return Ok(()) };
        if depth >= DEEPEST {
            return Err(Halt::Unfinished(Unfinished::Nodes));
        }
        let undetermined = open.or_else(|| self.open_gate(spot));
        if let Some(formula) = undetermined
            && let Some((at, key, parts)) = self.question(spot, &formula)
        {
            return self.split(spot, meter, depth, at, key, &parts);
        }
        if let Some(form) = to_decide {
            self.steps.push(Step::Decide(record::form(ready.sides, &form)));
            for assumed in [form.clone(), negated(&form)] {
                let mut child = spot.clone();
                child.assumed.push(assumed);
                self.search(&child, meter, depth + 1)?;
            }
            return Ok(());
        }
        match self.roomiest(spot, &rivals, &shares) {
            Some((at, key, parts)) => self.split(spot, meter, depth, at, key, &parts),
            None => Err(Halt::Unfinished(Unfinished::Boundary)),
        }
    }

    /// Whether what was decided cannot be all together; if so the box is closed.
    fn contradicts(&mut self, spot: &Spot) -> bool {
        let most = |forms: &[&Form]| {
            let sum = forms.iter().fold(Form { scores: BTreeMap::new(), plus: 0 }, |sum, form| {
                let negative =
                    Form { scores: form.scores.iter().map(|(at, n)| (*at, -n)).collect(), plus: -form.plus };
                minus(&sum, &negative)
            });
            let negative =
                Form { scores: sum.scores.iter().map(|(at, n)| (*at, -n)).collect(), plus: -sum.plus };
            -self.least(spot, &negative)
        };
        let all = &spot.assumed;
        let mut found = None;
        'search: for (i, one) in all.iter().enumerate() {
            for (j, two) in all.iter().enumerate().skip(i) {
                for three in all.iter().skip(j) {
                    let mut forms = vec![one, two, three];
                    forms.dedup();
                    if most(&forms) < 0 {
                        found = Some(forms.into_iter().cloned().collect::<Vec<_>>());
                        break 'search;
                    }
                }
            }
        }
        let Some(forms) = found else { return false };
        let terms = forms.iter().map(|form| Term { of: record::form(self.ready.sides, form), times: 1 });
        self.steps.push(Step::Sum(terms.collect()));
        true
    }

    fn open_gate(&self, spot: &Spot) -> Option<Formula> {
        let gates = self.ready.sides.first().map(|side| side.frame.gates.as_slice()).unwrap_or_default();
        let open =
            |gate: &&crate::frame::Gate<'_>| acts(gate.rule, Self::truths(spot, &gate.formula)).is_none();
        gates.iter().find(open).map(|gate| gate.formula.clone())
    }

    /// The split that answers what a condition asks.
    fn question(&self, spot: &Spot, formula: &Formula) -> Option<(usize, Key, Vec<Vec<u16>>)> {
        formula.indicators().into_iter().find_map(|indicator| {
            let mask = spot.masks.get(indicator).copied().unwrap_or(1);
            if mask.count_ones() < 2 {
                return None;
            }
            self.ready.blocks.iter().enumerate().find_map(|(at, block)| {
                let here = |slot: &crate::blocks::Slot| slot.side == 0 && slot.indicator == indicator;
                let position = block.slots.iter().position(here)?;
                let parts = (0..=64).filter(|code| mask >> code & 1 == 1).map(|code| vec![code]).collect();
                Some((at, Key::Slot(position), parts))
            })
        })
    }

    fn value(&self, at: usize, state: usize, key: Key) -> u16 {
        let Some(state) = self.block(at).states.get(state) else { return 0 };
        match key {
            Key::Slot(slot) => state.codes.get(slot).copied().map_or(0, u16::from),
            Key::Present(tally) => state.counts.get(tally).map_or(0, |counts| counts.0),
            Key::Absent(tally) => state.counts.get(tally).map_or(0, |counts| counts.1),
        }
    }

    fn split(
        &mut self,
        spot: &Spot,
        meter: &mut Meter<'_>,
        depth: usize,
        at: usize,
        key: Key,
        parts: &[Vec<u16>],
    ) -> Result<(), Halt> {
        self.steps.push(record::split(self.ready.sides, self.ready.blocks.get(at).copied(), key, parts));
        for part in parts {
            let mut child = spot.clone();
            if let Some(cell) = child.cells.get_mut(at) {
                *cell = Rc::new(
                    cell.iter()
                        .copied()
                        .filter(|state| part.contains(&self.value(at, *state, key)))
                        .collect(),
                );
            }
            self.see(&mut child, at);
            self.search(&child, meter, depth + 1)?;
        }
        Ok(())
    }

    /// Tries to close a box by proportions of rivals, and to find a case in it. Gives the last proportions where it is not
    /// closed.
    fn mix(&mut self, spot: &Spot, rivals: &[(usize, Form)]) -> Result<Option<Vec<f64>>, Halt> {
        let target = libm::log((1.0 - self.bound) / self.bound);
        // Per block and state the least each form is worth.
        let worth: Vec<Vec<Vec<f64>>> = spot
            .cells
            .iter()
            .enumerate()
            .map(|(at, cell)| {
                let states = cell.iter().filter_map(|state| self.block(at).states.get(*state));
                let of =
                    |state| rivals.iter().map(|(_, form)| nats(float(Self::worth(state, form)))).collect();
                states.map(of).collect()
            })
            .collect();
        let mut shares = vec![1.0 / float(i64::try_from(rivals.len()).unwrap_or(1)); rivals.len()];
        let mut states = Vec::new();
        for round in 1..=ROUNDS {
            states.clear();
            let mut at: Vec<f64> = rivals.iter().map(|(_, form)| nats(float(form.plus))).collect();
            let mut sum: f64 = at.iter().zip(&shares).map(|(plus, share)| plus * share).sum();
            for (cell, block) in worth.iter().zip(&spot.cells) {
                let mut best = (f64::INFINITY, 0);
                for (position, values) in cell.iter().enumerate() {
                    let value: f64 = values.iter().zip(&shares).map(|(value, share)| value * share).sum();
                    if value < best.0 {
                        best = (value, position);
                    }
                }
                sum += best.0;
                states.push(block.get(best.1).copied().unwrap_or(0));
                for (total, value) in at.iter_mut().zip(cell.get(best.1).into_iter().flatten()) {
                    *total += value;
                }
            }
            let entropy: f64 =
                shares.iter().filter(|share| **share > 0.0).map(|share| -share * libm::log(*share)).sum();
            if sum + entropy >= target && self.try_shares(spot, rivals, &shares) {
                return Ok(None);
            }
            self.try_states(&states)?;
            // The best proportions for these states, mixed with those before.
            let most = at.iter().copied().fold(f64::NEG_INFINITY, f64::max);
            let powers: Vec<f64> = at.iter().map(|value| libm::exp(value - most)).collect();
            let all: f64 = powers.iter().sum();
            let step = 2.0 / (1.0 + f64::from(round));
            for (share, power) in shares.iter_mut().zip(&powers) {
                *share += step.min(1.0) * (power / all - *share);
            }
        }
        Ok(Some(shares))
    }

    /// Whether whole proportions near these leave the cause at most its bound; if so the box is closed with them.
    fn try_shares(&mut self, spot: &Spot, rivals: &[(usize, Form)], shares: &[f64]) -> bool {
        let times: Vec<i64> = shares.iter().map(|share| whole(libm::round(share * PARTS))).collect();
        let all: i128 = times.iter().map(|times| i128::from(*times)).sum();
        let pairs = || rivals.iter().zip(&times).filter(|(_, times)| **times > 0);
        let mut sum: i128 =
            pairs().map(|((_, form), times)| i128::from(form.plus) * i128::from(*times)).sum();
        for (at, cell) in spot.cells.iter().enumerate() {
            let states = cell.iter().filter_map(|state| self.block(at).states.get(*state));
            let worth = |state: &crate::blocks::State| -> i128 {
                pairs()
                    .map(|((_, form), times)| i128::from(Self::worth(state, form)) * i128::from(*times))
                    .sum()
            };
            sum += states.map(worth).min().unwrap_or(0);
        }
        if !holds(sum, all, pairs().map(|(_, times)| *times), self.bound) {
            return false;
        }
        let frame = self.ready.prover.frame.model.knowledge_base();
        let name = |cause: usize| {
            let named = self.ready.sides.first().and_then(|side| side.frame.causes.get(cause));
            named.map_or_else(|| frame.comparator().to_string(), |name| (*name).to_owned())
        };
        let shares = pairs()
            .map(|((cause, form), times)| Share {
                cause: name(*cause),
                of: record::form(self.ready.sides, form),
                times: *times,
            })
            .collect();
        self.steps.push(Step::Entropy(shares));
        true
    }

    /// Halts the search with these states if the cause is likelier in them than its bound.
    fn try_states(&self, states: &[usize]) -> Result<(), Halt> {
        let indicators = self.ready.sides.first().map_or(0, |side| side.frame.indicators.len());
        let cells = states.iter().map(|state| Rc::new(vec![*state])).collect();
        let mut spot = Spot { cells, masks: vec![1; indicators], assumed: Vec::new() };
        for at in 0..states.len() {
            self.see(&mut spot, at);
        }
        if self.standing(self.ready.node, &spot, &mut None) != Some(true) {
            return Ok(());
        }
        let value = |cause: usize| -> Option<f64> {
            let form = self.score(&spot, cause)?.ok()?;
            Some(nats(float(self.least(&spot, &form))))
        };
        let Some(own) = value(self.cause) else { return Ok(()) };
        let mut sum = libm::exp(-own);
        for cause in (0..self.causes).filter(|cause| *cause != self.cause) {
            if self.gates(&spot, cause).is_some_and(|(_, excluded, _)| !excluded) {
                sum += value(cause).map_or(0.0, |value| libm::exp(value - own));
            }
        }
        if 1.0 / (1.0 + sum) > self.bound * (1.0 + 1e-13) {
            return Err(Halt::Found(states.to_vec()));
        }
        Ok(())
    }

    /// The split of the block in which the rivals differ most.
    fn roomiest(
        &self,
        spot: &Spot,
        rivals: &[(usize, Form)],
        shares: &[f64],
    ) -> Option<(usize, Key, Vec<Vec<u16>>)> {
        let mut best: Option<(f64, usize, Key, Vec<u16>)> = None;
        for (at, cell) in spot.cells.iter().enumerate().filter(|(_, cell)| cell.len() > 1) {
            let block = self.block(at);
            let slots = block.slots.iter().enumerate().filter(|(_, slot)| slot.is_told_apart);
            let tallies =
                (0..block.tallies.len()).flat_map(|tally| [Key::Present(tally), Key::Absent(tally)]);
            for key in slots.map(|(slot, _)| Key::Slot(slot)).chain(tallies) {
                let mut parts: BTreeMap<u16, Vec<(f64, f64)>> = BTreeMap::new();
                for position in cell.iter() {
                    let Some(state) = block.states.get(*position) else { continue };
                    let ranges = parts
                        .entry(self.value(at, *position, key))
                        .or_insert_with(|| vec![(f64::INFINITY, f64::NEG_INFINITY); rivals.len()]);
                    for (range, (_, form)) in ranges.iter_mut().zip(rivals) {
                        let worth = float(Self::worth(state, form));
                        *range = (range.0.min(worth), range.1.max(worth));
                    }
                }
                if parts.len() < 2 {
                    continue;
                }
                let spread: f64 = shares
                    .iter()
                    .enumerate()
                    .map(|(n, share)| {
                        let lows = || parts.values().filter_map(|ranges| ranges.get(n)).map(|range| range.0);
                        let (low, high) =
                            (lows().fold(f64::INFINITY, f64::min), lows().fold(f64::NEG_INFINITY, f64::max));
                        (share + 1e-6) * (high - low)
                    })
                    .sum();
                if best.as_ref().is_none_or(|(most, ..)| spread > *most) {
                    best = Some((spread, at, key, parts.into_keys().collect()));
                }
            }
        }
        best.map(|(_, at, key, values)| (at, key, values.into_iter().map(|value| vec![value]).collect()))
    }
}

/// Whether `sum / all` nanodecibans and the entropy of the proportions leave at most the bound, with room to spare for a
/// checker that rounds otherwise.
fn holds(sum: i128, all: i128, times: impl Iterator<Item = i64>, bound: f64) -> bool {
    #[expect(clippy::as_conversions, clippy::cast_precision_loss, reason = "rounded, with room to spare")]
    let real = |number: i128| number as f64;
    let entropy: f64 =
        times.map(|times| real(i128::from(times)) / real(all)).map(|share| -share * libm::log(share)).sum();
    let level = nats(real(sum) / real(all));
    level + entropy >= libm::log((1.0 - bound) / bound) + 2e-11 * (1.0 + level.abs())
}
