//! Bounds on probabilities that compete: no other cause is subtracted from one, so sums of scores alone do not decide.
//!
//! With `D_j` what the score of cause `j` is above that of the claim's cause, the cause has at most the probability `u`
//! exactly if `ln sum_j exp(D_j) >= ln((1 - u) / u)`. By Gibbs the left side is at least `sum_j l_j D_j + H(l)` for any
//! proportions `l`, and that sum is least where each block is least. The proportions are a hint, found in floats; what is
//! recorded is whole numbers.

mod proportions;
mod questions;
mod scores;

use std::collections::BTreeMap;
use std::rc::Rc;

use crate::blocks::Block;
use crate::blocks::Key;
use crate::budget::{Meter, Unfinished};
use crate::certificate::{Step, Term};
use crate::formula::Formula;
use crate::prove::Ready;
use crate::query::Form;
use crate::record;
pub(crate) use crate::share::proportions::least_above;
use crate::share::scores::{minus, negated};
use crate::solve::Outcome;

const DEEPEST: usize = 400;

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
}
