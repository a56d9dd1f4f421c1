//! Branch and bound: either a case that meets a query, or the steps of a proof that none does.
//!
//! A box is a set of states for each block. On it a condition has some truths and a form a greatest value, which is the
//! sum of the blocks' greatest values. A box is closed where the query is false by these bounds, or where a sum of forms
//! that must all be at least 0 is below 0 in every state (Lagrange). Where a search is long, answers with which such a sum
//! would be below 0 are ruled out (reduced costs). What is left is split: first by what conditions ask about, then by the
//! comparison that is open, then where the blocks have most room.

mod boxes;
mod mixture;
mod narrow;
mod questions;

use std::rc::Rc;

use crate::blocks::{Block, Cell, Key, Worth};
use crate::budget::{Meter, Unfinished};
use crate::faults::Fault;
use crate::formula::Truths;
use crate::query::{Form, Node, Pool};
use boxes::{Prepared, front};
use mixture::Mixed;
use questions::{renamed, used};

/// How deep a search may go: deeper than blocks have answers, and shallow enough for any stack.
const DEEPEST: usize = 400;

/// A step of a proof, in the order in which a reader meets them: what a split or a decision leads to follows it.
#[derive(Clone, Debug)]
pub(crate) enum Step {
    /// The query is false by its conditions and bounds.
    Closed,
    /// These forms, each of which must be at least 0, sum to less. A form may be one that was decided not to hold.
    Sum(Vec<(Literal, i64)>),
    /// By the answer or the count at a place: the values of each part.
    Split(usize, Key, Vec<Vec<u16>>),
    /// First where the form is at least 0, then where it is not.
    Decide(usize),
}

/// A form, or its negation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Literal {
    pub(crate) form: usize,
    pub(crate) holds: bool,
}

/// What a search came to.
#[derive(Debug)]
pub(crate) enum Outcome {
    /// No case meets the query. The margin is by how much every form could grow, if forms matter.
    Nothing { steps: Vec<Step>, margin: Option<i64> },
    /// A state for each block, and by how much the forms are met, if any is asked for.
    Found { states: Vec<usize>, margin: Option<i64> },
    /// Neither; no case exceeds the bound.
    Unfinished { bound: Option<i64>, why: Unfinished },
}

/// What is known of a formula on a box.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Standing {
    False,
    Open,
    True,
}

/// What is open in a formula.
#[derive(Debug, Default)]
struct Open {
    /// Conditions that must have a truth.
    conditions: Vec<usize>,
    /// Forms that must be at least 0.
    forms: Vec<usize>,
    /// Conditions and forms of alternatives.
    conditions_within: Vec<usize>,
    forms_within: Vec<usize>,
}

/// A box on its way through the search.
#[derive(Clone, Debug)]
struct Spot {
    cells: Vec<Rc<Cell>>,
    /// The answers each asked indicator may have, as bits by code.
    masks: Vec<u128>,
    /// Which forms were decided to hold or not to hold.
    decided: Vec<Option<bool>>,
    /// The least and the greatest value of each form.
    bounds: Vec<(i64, i64)>,
    /// The multipliers of the forms with which the last box was bounded.
    multipliers: Vec<f64>,
}

/// A query over blocks, made ready.
pub(crate) struct Problem<'p> {
    pool: &'p Pool,
    node: &'p Node,
    blocks: Vec<Prepared<'p>>,
    /// How many weights a state has on one side, where some blocks are shared by two.
    shared: Option<usize>,
    /// Conditions with their indicators as places among the asked ones.
    conditions: Vec<crate::formula::Formula>,
    /// The sets of truths that are asked about, by condition.
    used: Vec<Vec<Truths>>,
    /// For each asked indicator: its block and slot; none where it is never answered.
    places: Vec<Option<(usize, usize)>>,
    /// Tells this query from others.
    own: Rc<()>,
    steps: Vec<Step>,
    margin: Option<i64>,
    bound: Option<i64>,
}

enum Halt {
    Found(Vec<usize>, Option<i64>),
    Unfinished(Unfinished),
}

impl<'p> Problem<'p> {
    pub(crate) fn new(pool: &'p Pool, node: &'p Node, blocks: &[&'p Block]) -> Self {
        let mut asked: Vec<(usize, usize)> = Vec::new();
        for (side, formula) in &pool.conditions {
            asked.extend(formula.indicators().into_iter().map(|indicator| (*side, indicator)));
        }
        asked.sort_unstable();
        asked.dedup();
        let place_of = |side: usize, indicator: usize| {
            blocks.iter().enumerate().find_map(|(at, block)| Some((at, block.slot(side, indicator)?)))
        };
        let places: Vec<Option<(usize, usize)>> =
            asked.iter().map(|(side, indicator)| place_of(*side, *indicator)).collect();
        let conditions = pool
            .conditions
            .iter()
            .map(|(side, formula)| {
                renamed(formula, &|indicator| asked.binary_search(&(*side, indicator)).unwrap_or(0))
            })
            .collect();
        let width = |block: &&&Block| block.states.first().map(|state| state.weights.len());
        let widest = blocks.iter().filter_map(|block| width(&block)).max();
        let shared = blocks.iter().filter(|block| block.is_shared).find_map(|block| width(&block));
        let shared = shared.filter(|width| Some(*width) != widest);
        let full: Vec<Worth> = pool.forms.iter().map(|form| worth(&[(form, 1)], None)).collect();
        let single: Vec<Worth> = pool.forms.iter().map(|form| worth(&[(form, 1)], shared)).collect();
        let prepared = blocks.iter().copied().enumerate().map(|(at, block)| {
            let mut slots: Vec<usize> =
                places.iter().flatten().filter(|place| place.0 == at).map(|place| place.1).collect();
            slots.dedup();
            Prepared::new(block, if block.is_shared { single.clone() } else { full.clone() }, slots)
        });
        let blocks = prepared.collect();
        let mut asked_about = vec![Vec::new(); pool.conditions.len()];
        used(node, &mut asked_about);
        Self {
            pool,
            node,
            blocks,
            shared,
            conditions,
            used: asked_about,
            places,
            own: Rc::default(),
            steps: Vec::new(),
            margin: None,
            bound: None,
        }
    }

    /// Searches for a case that meets the query.
    pub(crate) fn solve(mut self, meter: &mut Meter<'_>) -> Outcome {
        let all = |block: &Prepared<'_>| {
            let whole = block.block.whole.clone();
            // The fault takes states worth trying for all there are.
            let is_pruned = Fault::PrunesAcrossConditions.is_in();
            if is_pruned { Rc::new(Cell::of(front(block, &whole.states, &[]))) } else { whole }
        };
        let cells: Vec<Rc<Cell>> = self.blocks.iter().map(all).collect();
        if cells.iter().any(|cell| cell.states.is_empty()) {
            // A block without a state leaves no case at all.
            return Outcome::Nothing { steps: vec![Step::Closed], margin: None };
        }
        let forms = self.pool.forms.len();
        let mut spot = Spot {
            cells,
            masks: vec![1; self.places.len()],
            decided: vec![None; forms],
            bounds: self.pool.forms.iter().map(|form| (form.plus, form.plus)).collect(),
            multipliers: vec![1.0; forms],
        };
        for at in 0..self.blocks.len() {
            self.see(&mut spot, at);
            self.bound(&mut spot, at, 1);
        }
        match self.search(spot, meter, 0) {
            Ok(()) => Outcome::Nothing { steps: self.steps, margin: self.margin },
            Err(Halt::Found(states, margin)) => Outcome::Found { states, margin },
            Err(Halt::Unfinished(why)) => Outcome::Unfinished { bound: self.bound, why },
        }
    }

    /// Notes which answers a block's states leave open.
    fn see(&self, spot: &mut Spot, block: usize) {
        let Some(prepared) = self.blocks.get(block) else { return };
        for (mask, place) in spot.masks.iter_mut().zip(&self.places) {
            if let Some((_, slot)) = place.filter(|place| place.0 == block)
                && let Some(cell) = spot.cells.get(block)
            {
                *mask = prepared.codes(&cell.states, slot);
            }
        }
    }

    /// Adds what a block is worth to the bounds of each form, or takes it away.
    fn bound(&self, spot: &mut Spot, at: usize, sign: i64) {
        let Some((block, cell)) = self.blocks.get(at).zip(spot.cells.get(at)) else { return };
        for (bound, worth) in spot.bounds.iter_mut().zip(&block.worths) {
            let range = block.block.range(cell, worth);
            *bound = (bound.0 + sign * range.0, bound.1 + sign * range.1);
        }
    }

    fn search(&mut self, mut spot: Spot, meter: &mut Meter<'_>, depth: usize) -> Result<(), Halt> {
        if let Err(why) = meter.pay() {
            return self.unfinished(&spot.bounds, why);
        }
        let (open, literals, early) = loop {
            let bounds = spot.bounds.clone();
            let mut open = Open::default();
            if self.walk(self.node, &spot, &bounds, &mut open) == Standing::False {
                self.close(&spot, &bounds);
                return Ok(());
            }
            let literals = Self::literals(&spot, &open);
            if self.rule_out(&mut spot, &open, &literals) {
                continue;
            }
            let is_early = |condition: &&usize| **condition < self.pool.late;
            let asked = open.conditions.iter().find(is_early).or_else(|| open.conditions_within.first());
            let early = asked.copied();
            let is_open = early.is_some() || !open.forms_within.is_empty();
            // Where answers change it is splits that make sums cancel.
            match self.mix(&mut spot, &literals, is_open && (depth > 0 || self.shared.is_some()))? {
                Mixed::Closed => return Ok(()),
                Mixed::Open(Some(multipliers))
                    if meter.is_thorough() && self.narrow(&mut spot, &literals, &multipliers) => {}
                Mixed::Open(_) => break (open, literals, early),
            }
        };
        let bounds = spot.bounds.clone();
        if depth >= DEEPEST {
            return self.unfinished(&bounds, Unfinished::Nodes);
        }
        if let Some(question) = early.and_then(|condition| self.question(&spot, condition)) {
            return self.split(&spot, meter, depth, question);
        }
        if let Some(form) = open.forms_within.first().copied() {
            self.steps.push(Step::Decide(form));
            for holds in [true, false] {
                let mut child = spot.clone();
                self.decide(&mut child, form, holds);
                self.search(child, meter, depth + 1)?;
            }
            return Ok(());
        }
        let late = open.conditions.first().and_then(|condition| self.question(&spot, *condition));
        match late.or_else(|| self.roomiest(&spot, &literals)) {
            Some(split) => self.split(&spot, meter, depth, split),
            // Every block is down to one state, or to states that nothing tells apart.
            None => self.unfinished(&bounds, Unfinished::Boundary),
        }
    }

    /// Decides against a form of an alternative that cannot hold beside what must hold. Says whether there was one.
    fn rule_out(&mut self, spot: &mut Spot, open: &Open, literals: &[Literal]) -> bool {
        let mut tried: Vec<usize> = Vec::new();
        for form in &open.forms_within {
            if tried.contains(form) {
                continue;
            }
            tried.push(*form);
            let mut with = literals.to_vec();
            with.push(Literal { form: *form, holds: true });
            if let Some(terms) = self.small_sum(spot, &with, literals.len().max(1), true) {
                self.steps.push(Step::Decide(*form));
                let mut child = spot.clone();
                self.decide(&mut child, *form, true);
                self.close_by(&child, terms);
                self.decide(spot, *form, false);
                return true;
            }
        }
        false
    }

    /// Gives up here; what was not looked at is bounded.
    fn unfinished(&mut self, bounds: &[(i64, i64)], why: Unfinished) -> Result<(), Halt> {
        let height = Self::height(self.node, bounds);
        self.bound = self.bound.max(height);
        Err(Halt::Unfinished(why))
    }

    fn split(
        &mut self,
        spot: &Spot,
        meter: &mut Meter<'_>,
        depth: usize,
        (block, key, parts): (usize, Key, Vec<Vec<u16>>),
    ) -> Result<(), Halt> {
        self.steps.push(Step::Split(block, key, parts.clone()));
        let followed = parts.len() - usize::from(Fault::DropsTheLastPart.is_in());
        for part in parts.iter().take(followed) {
            let mut child = spot.clone();
            self.keep(&mut child, block, key, part);
            self.search(child, meter, depth + 1)?;
        }
        Ok(())
    }

    /// Keeps of a block's states those with one of some values.
    fn keep(&self, spot: &mut Spot, at: usize, key: Key, values: &[u16]) {
        let Some((block, cell)) = self.blocks.get(at).zip(spot.cells.get(at)) else { return };
        let kept = block.block.part(cell, key, values);
        self.bound(spot, at, -1);
        if let Some(place) = spot.cells.get_mut(at) {
            *place = kept;
        }
        self.bound(spot, at, 1);
        self.see(spot, at);
    }

    /// Notes a decision, and what it decides about forms of the same scores.
    fn decide(&self, spot: &mut Spot, form: usize, holds: bool) {
        let Some(known) = self.pool.forms.get(form) else { return };
        let sign = if holds { 1 } else { -1 };
        let plus = if holds { known.plus } else { -known.plus - 1 };
        for (decided, other) in spot.decided.iter_mut().zip(&self.pool.forms) {
            let scores = |sign: i64| {
                known.scores.len() == other.scores.len()
                    && known.scores.iter().all(|(at, times)| other.scores.get(at) == Some(&(sign * times)))
            };
            if decided.is_some() {
                continue;
            }
            if scores(sign) && plus <= other.plus {
                *decided = Some(true);
            } else if scores(-sign) && plus + other.plus < 0 {
                *decided = Some(false);
            }
        }
    }

    fn form(spot: &Spot, bounds: &[(i64, i64)], form: usize) -> Standing {
        let (least, most) = bounds.get(form).copied().unwrap_or_default();
        match spot.decided.get(form).copied().flatten() {
            Some(true) => Standing::True,
            Some(false) => Standing::False,
            None if most < i64::from(Fault::ClosesAtZero.is_in()) => Standing::False,
            None if least >= 0 => Standing::True,
            None => Standing::Open,
        }
    }

    fn condition(&self, spot: &Spot, condition: usize, truths: Truths) -> Standing {
        let Some(formula) = self.conditions.get(condition) else { return Standing::Open };
        let found = formula.truths(&|place| spot.masks.get(place).copied().unwrap_or(1));
        if found.is_within(truths) {
            Standing::True
        } else if found.meets(truths) {
            Standing::Open
        } else {
            Standing::False
        }
    }

    fn standing(&self, node: &Node, spot: &Spot, bounds: &[(i64, i64)]) -> Standing {
        match node {
            Node::Known(true) => Standing::True,
            Node::Known(false) => Standing::False,
            Node::Is(condition, truths) => self.condition(spot, *condition, *truths),
            Node::AtLeast(form) => Self::form(spot, bounds, *form),
            Node::All(parts) => {
                let mut all = Standing::True;
                for part in parts {
                    match self.standing(part, spot, bounds) {
                        Standing::False => return Standing::False,
                        Standing::Open => all = Standing::Open,
                        Standing::True => {}
                    }
                }
                all
            }
            Node::Any(parts) => {
                let mut any = Standing::False;
                for part in parts {
                    match self.standing(part, spot, bounds) {
                        Standing::True => return Standing::True,
                        Standing::Open => any = Standing::Open,
                        Standing::False => {}
                    }
                }
                any
            }
        }
    }

    /// Collects what is open in a formula that must hold.
    fn walk(&self, node: &Node, spot: &Spot, bounds: &[(i64, i64)], open: &mut Open) -> Standing {
        let standing = self.standing(node, spot, bounds);
        if standing != Standing::Open {
            return standing;
        }
        match node {
            Node::Known(_) => {}
            Node::Is(condition, _) => open.conditions.push(*condition),
            Node::AtLeast(form) => open.forms.push(*form),
            Node::All(parts) => parts.iter().for_each(|part| {
                self.walk(part, spot, bounds, open);
            }),
            Node::Any(parts) => {
                let left: Vec<&Node> = parts
                    .iter()
                    .filter(|part| self.standing(part, spot, bounds) != Standing::False)
                    .collect();
                match left.as_slice() {
                    [only] => {
                        self.walk(only, spot, bounds, open);
                    }
                    several => several.iter().for_each(|part| self.within(part, spot, bounds, open)),
                }
            }
        }
        standing
    }

    /// Collects what is open in an alternative.
    fn within(&self, node: &Node, spot: &Spot, bounds: &[(i64, i64)], open: &mut Open) {
        if self.standing(node, spot, bounds) != Standing::Open {
            return;
        }
        match node {
            Node::Known(_) => {}
            Node::Is(condition, _) => open.conditions_within.push(*condition),
            Node::AtLeast(form) => open.forms_within.push(*form),
            Node::All(parts) | Node::Any(parts) => {
                for part in parts {
                    self.within(part, spot, bounds, open);
                }
            }
        }
    }

    /// What must be at least 0: what is open, and what was decided.
    fn literals(spot: &Spot, open: &Open) -> Vec<Literal> {
        let mut literals: Vec<Literal> =
            open.forms.iter().map(|form| Literal { form: *form, holds: true }).collect();
        for (form, decided) in spot.decided.iter().enumerate() {
            literals.extend(decided.map(|holds| Literal { form, holds }));
        }
        literals.sort_by_key(|literal| (literal.form, literal.holds));
        literals.dedup();
        literals
    }

    /// By how much a formula exceeds 0 at most; none where it is false by conditions alone, or true.
    fn height(node: &Node, bounds: &[(i64, i64)]) -> Option<i64> {
        match node {
            Node::AtLeast(form) => bounds.get(*form).map(|bound| bound.1),
            Node::Known(_) | Node::Is(..) => None,
            Node::All(parts) => parts.iter().filter_map(|part| Self::height(part, bounds)).min(),
            Node::Any(parts) => parts.iter().filter_map(|part| Self::height(part, bounds)).max(),
        }
    }

    /// Records how a box was closed: by one form, or by everything together.
    fn close(&mut self, spot: &Spot, bounds: &[(i64, i64)]) {
        let slack = self.slack(self.node, spot, bounds);
        let conjuncts =
            if let Node::All(parts) = self.node { parts.as_slice() } else { std::slice::from_ref(self.node) };
        let by_conditions = conjuncts
            .iter()
            .any(|part| matches!(part, Node::Is(..)) && self.standing(part, spot, bounds) == Standing::False);
        // One form in the way is told apart from everything else, because it reads better.
        let culprit = conjuncts.iter().find_map(|part| {
            let Node::AtLeast(form) = part else { return None };
            bounds.get(*form).is_some_and(|bound| bound.1 < 0).then_some(*form)
        });
        match culprit.filter(|_| !by_conditions) {
            Some(form) => self.steps.push(Step::Sum(vec![(Literal { form, holds: true }, 1)])),
            None => self.steps.push(Step::Closed),
        }
        match slack {
            Slack::Endless => {}
            Slack::By(units) => self.note(units),
        }
    }

    /// Notes how far forms could grow where a sum of them is at most this: until it is 0, and no further than until it is
    /// no longer the sum of what must hold.
    fn note_sum(&mut self, spot: &Spot, terms: &[(Literal, i64)], most: i128) {
        let all: i128 = terms.iter().map(|(_, times)| i128::from(*times)).sum();
        let until = Slack::By(i64::try_from(-most / all.max(1)).unwrap_or(i64::MAX));
        let reach = |(literal, _): &(Literal, i64)| {
            let is_decided = spot.decided.get(literal.form).is_some_and(Option::is_some);
            let found = if is_decided { None } else { self.needed(self.node, spot, literal.form) };
            found.unwrap_or(Slack::By(0))
        };
        if let Slack::By(units) = terms.iter().map(reach).fold(until, Slack::min) {
            self.note(units);
        }
    }

    /// How far forms could grow before an alternative to this one opened that is closed now; none where a formula does not
    /// need the form.
    fn needed(&self, node: &Node, spot: &Spot, form: usize) -> Option<Slack> {
        match node {
            Node::AtLeast(at) => (*at == form).then_some(Slack::Endless),
            Node::Known(_) | Node::Is(..) => None,
            Node::All(parts) => parts.iter().filter_map(|part| self.needed(part, spot, form)).max(),
            Node::Any(parts) => {
                let is_out = |part: &&Node| self.standing(part, spot, &spot.bounds) == Standing::False;
                let (out, left): (Vec<&Node>, Vec<&Node>) = parts.iter().partition(is_out);
                let [only] = left.as_slice() else { return None };
                let others = out.into_iter().map(|part| self.slack(part, spot, &spot.bounds));
                others.chain([self.needed(only, spot, form)?]).min()
            }
        }
    }

    /// Notes a margin: the least counts.
    fn note(&mut self, units: i64) {
        self.margin = Some(self.margin.map_or(units, |margin| margin.min(units)));
    }

    /// By how much every form could grow before a false formula would stop to be false by its bounds.
    fn slack(&self, node: &Node, spot: &Spot, bounds: &[(i64, i64)]) -> Slack {
        match node {
            Node::Known(false) => Slack::Endless,
            Node::Known(true) => Slack::By(0),
            Node::Is(condition, truths) => match self.condition(spot, *condition, *truths) {
                Standing::False => Slack::Endless,
                Standing::Open | Standing::True => Slack::By(0),
            },
            Node::AtLeast(form) => match (spot.decided.get(*form), bounds.get(*form)) {
                (Some(None), Some((_, most))) => Slack::By((-most).max(0)),
                _ => Slack::By(0),
            },
            Node::All(parts) => {
                parts.iter().map(|part| self.slack(part, spot, bounds)).max().unwrap_or(Slack::By(0))
            }
            Node::Any(parts) => {
                parts.iter().map(|part| self.slack(part, spot, bounds)).min().unwrap_or(Slack::Endless)
            }
        }
    }
}

/// By how much forms could grow.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Slack {
    By(i64),
    /// No form matters.
    Endless,
}

/// What a sum of forms takes of a state's weights; where the sides share a block, one side's weights stand for both.
fn worth(terms: &[(&Form, i64)], shared: Option<usize>) -> Worth {
    let mut sum = Worth::new();
    for (form, sign) in terms {
        for (at, times) in &form.scores {
            let at = shared.map_or(*at, |width| at % width.max(1));
            match sum.iter_mut().find(|(known, _)| *known == at) {
                Some((_, known)) => *known += sign * times,
                None => sum.push((at, sign * times)),
            }
        }
    }
    sum.retain(|(_, times)| *times != 0);
    sum.sort_unstable();
    sum
}
