//! Sums of forms that are below 0 everywhere, and states in which all forms are at least 0.
//!
//! Multipliers are found by multiplicative weights, in floats: they are a hint. What is recorded is whole numbers, and
//! whether they do is decided in whole numbers.

use std::collections::BTreeMap;
use std::rc::Rc;

use super::boxes::{Prepared, front};
use super::{Halt, Literal, Problem, Spot, Standing, Step, worth};
use crate::blocks::{Cell, Key};
use crate::faults::Fault;
use crate::query::{Form, Node};

/// Rounds of multiplicative weights in a box.
const ROUNDS: usize = 40;
/// How many times the largest multiplier the others are rounded to.
const SCALES: [f64; 8] = [1.0, 2.0, 3.0, 4.0, 6.0, 12.0, 1_000.0, 1_000_000.0];
/// How often states are exchanged one by one.
const EXCHANGES: usize = 3;

/// What became of a box.
pub(super) enum Mixed {
    Closed,
    /// With the multipliers of the literals that bound it best, if any were looked for.
    Open(Option<Vec<f64>>),
}

/// Whole units as a float.
#[expect(clippy::as_conversions, clippy::cast_precision_loss, reason = "a hint, which need not be exact")]
fn float(units: i64) -> f64 {
    units as f64
}

#[expect(
    clippy::as_conversions,
    clippy::cast_possible_truncation,
    reason = "a hint, which need not be exact"
)]
pub(super) fn whole(value: f64) -> i64 {
    libm::round(value) as i64
}

impl Literal {
    pub(super) fn of(self, values: &[i64]) -> i64 {
        let value = values.get(self.form).copied().unwrap_or(0);
        if self.holds { value } else { -value }
    }
}

impl Problem<'_> {
    /// The states of a cell that are worth trying.
    fn front(&self, spot: &Spot, cell: &Cell, block: &Prepared<'_>) -> Rc<Vec<u32>> {
        let decided = spot.decided.iter().enumerate();
        let negated: Vec<usize> = decided.filter(|it| *it.1 == Some(false)).map(|(form, _)| form).collect();
        let mut known = cell.front.borrow_mut();
        if let Some((query, of, found)) = known.as_ref()
            && Rc::ptr_eq(query, &self.own)
            && *of == negated
        {
            return found.clone();
        }
        // Where weights may move no state is worse than another for good.
        let is_free = block.block.states.first().is_some_and(|state| !state.reach.is_empty());
        let found = if is_free { cell.states.clone() } else { front(block, &cell.states, &negated) };
        let found = Rc::new(found);
        *known = Some((self.own.clone(), negated, found.clone()));
        found
    }

    /// The constant of a literal.
    fn plus(&self, literal: Literal) -> i64 {
        let plus = self.pool.forms.get(literal.form).map_or(0, |form| form.plus);
        let one = 1 + i64::from(Fault::NegatesByTwo.is_in());
        if literal.holds { plus } else { -plus - one }
    }

    /// Tries to close a box by a sum of literals, and to find a case in it.
    pub(super) fn mix(
        &mut self,
        spot: &mut Spot,
        literals: &[Literal],
        is_open: bool,
    ) -> Result<Mixed, Halt> {
        if let Some(terms) = self.small_sum(spot, literals, 0, is_open) {
            self.close_by(spot, terms);
            return Ok(Mixed::Closed);
        }
        // Where conditions or alternatives are open, what is left is split first.
        if is_open {
            return Ok(Mixed::Open(None));
        }
        let mut weights: Vec<f64> = literals
            .iter()
            .map(|literal| spot.multipliers.get(literal.form).copied().unwrap_or(1.0).max(1e-3))
            .collect();
        let mut best: Option<(f64, Vec<f64>)> = None;
        let rounds = if literals.len() < 2 { 1 } else { ROUNDS };
        let mut states = Vec::new();
        for round in 0..rounds {
            let total: f64 = weights.iter().sum();
            for weight in &mut weights {
                *weight /= total;
            }
            let value;
            (states, value) = self.best_states(spot, literals, &weights);
            let values = self.values(literals, &states);
            if values.iter().all(|value| *value >= 0) {
                self.try_states(&states)?;
            }
            if best.as_ref().is_none_or(|(least, _)| value < *least) {
                best = Some((value, weights.clone()));
            }
            // A value this near 0 may be below 0 with the right whole numbers.
            if value < 0.5 && !literals.is_empty() && self.try_sum(spot, literals, &weights) {
                return Ok(Mixed::Closed);
            }
            let size = values.iter().map(|value| float(value.saturating_abs())).fold(1.0, f64::max);
            let step = 4.0 / (2.0 + f64::from(u32::try_from(round).unwrap_or(u32::MAX)));
            for (weight, value) in weights.iter_mut().zip(&values) {
                *weight = (*weight * libm::exp(-step * float(*value) / size)).max(1e-9);
            }
        }
        let multipliers = best.map(|(_, weights)| weights);
        for (literal, weight) in literals.iter().zip(multipliers.iter().flatten()) {
            if let Some(multiplier) = spot.multipliers.get_mut(literal.form) {
                *multiplier = *weight;
            }
        }
        self.exchange(spot, literals, &mut states);
        self.try_states(&states)?;
        Ok(Mixed::Open(multipliers))
    }

    /// In each block the state that is worth most, and what they are worth together.
    fn best_states(&self, spot: &Spot, literals: &[Literal], weights: &[f64]) -> (Vec<u32>, f64) {
        let mut sum: f64 =
            literals.iter().zip(weights).map(|(literal, weight)| weight * float(self.plus(*literal))).sum();
        let mut states = Vec::with_capacity(spot.cells.len());
        for (cell, block) in spot.cells.iter().zip(&self.blocks) {
            let worth = |state: u32| -> f64 {
                let values = block.values(state);
                literals.iter().zip(weights).map(|(literal, weight)| weight * float(literal.of(values))).sum()
            };
            let mut best = (f64::NEG_INFINITY, 0);
            for state in self.front(spot, cell, block).iter() {
                let worth = worth(*state);
                if worth > best.0 {
                    best = (worth, *state);
                }
            }
            sum += best.0;
            states.push(best.1);
        }
        (states, sum)
    }

    /// What each literal is worth in states.
    fn values(&self, literals: &[Literal], states: &[u32]) -> Vec<i64> {
        let mut values: Vec<i64> = literals.iter().map(|literal| self.plus(*literal)).collect();
        for (state, block) in states.iter().zip(&self.blocks) {
            let own = block.values(*state);
            for (value, literal) in values.iter_mut().zip(literals) {
                *value += literal.of(own);
            }
        }
        values
    }

    /// Whether whole multipliers near these make a sum below 0 everywhere; if so the box is closed with them.
    fn try_sum(&mut self, spot: &Spot, literals: &[Literal], weights: &[f64]) -> bool {
        let most = weights.iter().copied().fold(0.0, f64::max);
        let mut tried: Vec<Vec<i64>> = Vec::new();
        for scale in SCALES {
            let times: Vec<i64> = weights.iter().map(|weight| whole(weight / most * scale)).collect();
            if tried.contains(&times) {
                continue;
            }
            let value = self.sum(spot, literals, &times);
            if value < i128::from(Fault::SumsToZero.is_in()) {
                let terms = literals.iter().copied().zip(times.iter().copied());
                self.close_by(spot, terms.filter(|(_, times)| *times > 0).collect());
                return true;
            }
            tried.push(times);
        }
        false
    }

    /// Closes a box by a sum that is below 0.
    pub(super) fn close_by(&mut self, spot: &Spot, terms: Vec<(Literal, i64)>) {
        let (literals, times): (Vec<Literal>, Vec<i64>) = terms.iter().copied().unzip();
        let all: i128 = times.iter().map(|times| i128::from(*times)).sum();
        let most = match (literals.as_slice(), all) {
            ([one], 1) => i128::from(self.most(spot, *one)),
            ([one, other], 2) => self.most_of_two(spot, *one, *other, false).map_or(0, i128::from),
            _ => self.sum(spot, &literals, &times),
        };
        self.note_sum(spot, &terms, most);
        self.steps.push(Step::Sum(terms));
    }

    /// One literal from `from` on, or one with any other, that is below 0 everywhere, or are together. Where answers
    /// change and there is more to split, only such are tried as cancel in every block that the change does not touch.
    pub(super) fn small_sum(
        &self,
        spot: &Spot,
        literals: &[Literal],
        from: usize,
        is_open: bool,
    ) -> Option<Vec<(Literal, i64)>> {
        let limit = i64::from(Fault::SumsToZero.is_in());
        for (at, one) in literals.iter().enumerate().skip(from) {
            if self.most(spot, *one) < 0 {
                return Some(vec![(*one, 1)]);
            }
            let others = if from == 0 { literals.get(at + 1..) } else { literals.get(..at) };
            for other in others.unwrap_or_default() {
                if self.most_of_two(spot, *one, *other, is_open).is_some_and(|most| most < limit) {
                    return Some(vec![(*one, 1), (*other, 1)]);
                }
            }
        }
        None
    }

    /// The greatest value of a literal.
    fn most(&self, spot: &Spot, literal: Literal) -> i64 {
        let bounds = spot.bounds.get(literal.form).copied().unwrap_or_default();
        let plus = self.pool.forms.get(literal.form).map_or(0, |form| form.plus);
        if literal.holds { bounds.1 } else { self.plus(literal) + plus - bounds.0 }
    }

    /// The greatest value of two literals together.
    fn most_of_two(&self, spot: &Spot, one: Literal, other: Literal, is_open: bool) -> Option<i64> {
        let form =
            |literal: Literal| Some((self.pool.forms.get(literal.form)?, if literal.holds { 1 } else { -1 }));
        let terms = [form(one)?, form(other)?];
        let shared = self.shared.map(|width| worth(&terms, Some(width)));
        if is_open && shared.as_ref().is_some_and(|shared| !shared.is_empty()) {
            return None;
        }
        let full = worth(&terms, None);
        let mut sum = self.plus(one).saturating_add(self.plus(other));
        for (cell, block) in spot.cells.iter().zip(&self.blocks) {
            let worth = shared.as_ref().filter(|_| block.block.is_shared).unwrap_or(&full);
            sum = sum.saturating_add(block.block.range(cell, worth).1);
        }
        Some(sum)
    }

    /// The greatest value of a sum of literals, exactly.
    pub(super) fn sum(&self, spot: &Spot, literals: &[Literal], times: &[i64]) -> i128 {
        let pairs = || literals.iter().zip(times);
        let mut sum: i128 =
            pairs().map(|(literal, times)| i128::from(self.plus(*literal)) * i128::from(*times)).sum();
        let signed = pairs().filter_map(|(literal, times)| {
            Some((self.pool.forms.get(literal.form)?, if literal.holds { *times } else { -times }))
        });
        let signed: Vec<(&Form, i64)> = signed.collect();
        let (full, shared) = (worth(&signed, None), worth(&signed, self.shared));
        for (cell, block) in spot.cells.iter().zip(&self.blocks) {
            let own = |state: &u32| -> i128 {
                let values = block.values(*state);
                pairs().map(|(literal, times)| i128::from(literal.of(values)) * i128::from(*times)).sum()
            };
            // Where weights may move, the front says nothing about what a state may be worth.
            let free = |state: &u32| {
                let state = block.block.states.get(usize::try_from(*state).ok()?)?;
                Some(i128::from(state.range(if block.block.is_shared { &shared } else { &full }).1))
            };
            let is_free = block.block.states.first().is_some_and(|state| !state.reach.is_empty());
            sum += if is_free {
                cell.states.iter().filter_map(free).max().unwrap_or(0)
            } else {
                self.front(spot, cell, block).iter().map(own).max().unwrap_or(0)
            };
        }
        sum
    }

    /// Halts the search with these states if they meet the query.
    fn try_states(&self, states: &[u32]) -> Result<(), Halt> {
        let bounds: Vec<(i64, i64)> = (0..self.pool.forms.len())
            .map(|form| {
                let literal = [Literal { form, holds: true }];
                let value = self.values(&literal, states).first().copied().unwrap_or(0);
                (value, value)
            })
            .collect();
        let masks = self.places.iter().map(|place| {
            place.map_or(1, |(block, slot)| {
                let state = states.get(block).copied().unwrap_or(0);
                self.blocks.get(block).map_or(1, |block| 1 << block.value(state, Key::Slot(slot)))
            })
        });
        let spot = Spot {
            cells: Vec::new(),
            masks: masks.collect(),
            decided: vec![None; self.pool.forms.len()],
            bounds: Vec::new(),
            multipliers: Vec::new(),
        };
        if self.standing(self.node, &spot, &bounds) != Standing::True {
            return Ok(());
        }
        let states = states.iter().map(|state| usize::try_from(*state).unwrap_or(0)).collect();
        Err(Halt::Found(states, self.met(self.node, &spot, &bounds)))
    }

    /// By how much the forms of a formula that holds are met.
    fn met(&self, node: &Node, spot: &Spot, bounds: &[(i64, i64)]) -> Option<i64> {
        match node {
            Node::Known(_) | Node::Is(..) => None,
            Node::AtLeast(form) => bounds.get(*form).map(|bound| bound.0),
            Node::All(parts) => parts.iter().filter_map(|part| self.met(part, spot, bounds)).min(),
            Node::Any(parts) => {
                let met = |part: &Node| self.standing(part, spot, bounds) == Standing::True;
                // An alternative that needs no form is met whatever the forms are.
                let met: Vec<_> =
                    parts.iter().filter(|part| met(part)).map(|part| self.met(part, spot, bounds)).collect();
                if met.contains(&None) { None } else { met.into_iter().flatten().max() }
            }
        }
    }

    /// Exchanges states one by one for such as lift the lowest literal.
    fn exchange(&self, spot: &Spot, literals: &[Literal], states: &mut [u32]) {
        let mut values = self.values(literals, states);
        let score = |values: &mut dyn Iterator<Item = i64>| {
            values.fold((i64::MAX, 0_i64), |(least, lacking), value| {
                (least.min(value), lacking.saturating_add(value.min(0)))
            })
        };
        for _ in 0..EXCHANGES {
            let mut is_better = false;
            for ((cell, block), state) in spot.cells.iter().zip(&self.blocks).zip(states.iter_mut()) {
                let mut best = (score(&mut values.iter().copied()), *state);
                for other in self.front(spot, cell, block).iter() {
                    let (old, new) = (block.values(*state), block.values(*other));
                    let mut changed = values
                        .iter()
                        .zip(literals)
                        .map(|(value, literal)| value - literal.of(old) + literal.of(new));
                    let now = score(&mut changed);
                    if (now.1, now.0) > (best.0.1, best.0.0) {
                        best = (now, *other);
                    }
                }
                if best.1 != *state {
                    let (old, new) = (block.values(*state), block.values(best.1));
                    for (value, literal) in values.iter_mut().zip(literals) {
                        *value += literal.of(new) - literal.of(old);
                    }
                    *state = best.1;
                    is_better = true;
                }
            }
            if !is_better {
                return;
            }
        }
    }

    /// The split of the block in which the literals differ most about the best state; of any block with several states
    /// where they do not.
    pub(super) fn roomiest(&self, spot: &Spot, literals: &[Literal]) -> Option<(usize, Key, Vec<Vec<u16>>)> {
        let weight = |literal: &Literal| spot.multipliers.get(literal.form).copied().unwrap_or(1.0).max(1e-6);
        let mut order: Vec<(f64, usize)> = Vec::new();
        for (at, (cell, block)) in spot.cells.iter().zip(&self.blocks).enumerate() {
            if cell.states.len() < 2 {
                continue;
            }
            let front = self.front(spot, cell, block);
            let apart: f64 = literals
                .iter()
                .map(|literal| {
                    let most = front.iter().map(|state| literal.of(block.values(*state))).max();
                    weight(literal) * float(most.unwrap_or(0))
                })
                .sum();
            let together = front
                .iter()
                .map(|state| {
                    let values = block.values(*state);
                    literals.iter().map(|literal| weight(literal) * float(literal.of(values))).sum::<f64>()
                })
                .fold(f64::NEG_INFINITY, f64::max);
            order.push((apart - together, at));
        }
        order.sort_by(|one, other| other.0.total_cmp(&one.0).then(one.1.cmp(&other.1)));
        order.into_iter().find_map(|(_, at)| self.best_key(spot, literals, at))
    }

    /// The key that lowers the bounds of the literals most.
    fn best_key(&self, spot: &Spot, literals: &[Literal], at: usize) -> Option<(usize, Key, Vec<Vec<u16>>)> {
        let (cell, block) = spot.cells.get(at).zip(self.blocks.get(at))?;
        let mut best: Option<(f64, Key, Vec<u16>)> = None;
        for key in block.keys() {
            let mut parts: BTreeMap<u16, Vec<i64>> = BTreeMap::new();
            for state in &cell.states {
                let values = block.values(*state);
                let part =
                    parts.entry(block.value(*state, key)).or_insert_with(|| vec![i64::MIN; literals.len()]);
                for (most, literal) in part.iter_mut().zip(literals) {
                    *most = literal.of(values).max(*most);
                }
            }
            if parts.len() < 2 {
                continue;
            }
            let lowered: f64 = literals
                .iter()
                .enumerate()
                .map(|(n, _)| {
                    let tops = || parts.values().filter_map(|part| part.get(n));
                    let most = tops().max().copied().unwrap_or(0);
                    tops().map(|top| float(most - top)).sum::<f64>()
                        / float(i64::try_from(parts.len()).unwrap_or(1))
                })
                .sum();
            if best.as_ref().is_none_or(|(most, ..)| lowered > *most) {
                best = Some((lowered, key, parts.into_keys().collect()));
            }
        }
        best.map(|(_, key, values)| (at, key, values.into_iter().map(|value| vec![value]).collect()))
    }
}
