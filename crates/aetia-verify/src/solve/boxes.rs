//! Blocks with the values of a query's forms, and the parts of them that a box leaves.

use std::collections::BTreeMap;

use crate::blocks::Block;
use crate::faults::Fault;
use crate::query::Form;

/// Comparisons that may be spent on finding the states that matter.
const MOST_COMPARISONS: usize = 4_000_000;

/// What tells the states of a block apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Key {
    /// The answer in a slot.
    Slot(usize),
    /// How many items of a tally are present.
    Present(usize),
    /// How many are absent.
    Absent(usize),
}

/// A block with what its states are worth in each form.
#[derive(Debug)]
pub(super) struct Prepared<'p> {
    pub(super) block: &'p Block,
    /// State by state, form by form.
    values: Vec<i64>,
    forms: usize,
    /// The slots that conditions ask about.
    slots: Vec<usize>,
}

/// The states of a block that a box leaves.
#[derive(Debug)]
pub(super) struct Cell {
    pub(super) states: Vec<u32>,
    /// Those of them that are worth trying: every other is in no form better than one of these, with the same answers
    /// to what conditions ask about.
    pub(super) front: Vec<u32>,
    /// The least and the greatest value in each form.
    pub(super) ranges: Vec<(i64, i64)>,
}

impl<'p> Prepared<'p> {
    pub(super) fn new(block: &'p Block, forms: &[Form], slots: Vec<usize>) -> Self {
        let mut values = Vec::with_capacity(block.states.len() * forms.len());
        for state in &block.states {
            values.extend(forms.iter().map(|form| {
                let worth =
                    |(at, times): (&usize, &i64)| times * state.weights.get(*at).copied().unwrap_or(0);
                form.scores.iter().map(worth).sum::<i64>()
            }));
        }
        Self { block, values, forms: forms.len(), slots }
    }

    pub(super) fn len(&self) -> u32 {
        u32::try_from(self.block.states.len()).unwrap_or(u32::MAX)
    }

    /// What a state is worth in each form.
    pub(super) fn values(&self, state: u32) -> &[i64] {
        let start = usize::try_from(state).unwrap_or(0) * self.forms;
        self.values.get(start..start + self.forms).unwrap_or_default()
    }

    /// What a key is in a state.
    pub(super) fn value(&self, state: u32, key: Key) -> u16 {
        let Some(state) = self.block.states.get(usize::try_from(state).unwrap_or(usize::MAX)) else {
            return 0;
        };
        match key {
            Key::Slot(slot) => state.codes.get(slot).copied().map_or(0, u16::from),
            Key::Present(tally) => state.counts.get(tally).map_or(0, |counts| counts.0),
            Key::Absent(tally) => state.counts.get(tally).map_or(0, |counts| counts.1),
        }
    }

    /// The answers a slot has in these states, as bits by code.
    pub(super) fn codes(&self, states: &[u32], slot: usize) -> u128 {
        states.iter().fold(0, |mask, state| mask | 1 << self.value(*state, Key::Slot(slot)))
    }

    /// Everything the states may be told apart by.
    pub(super) fn keys(&self) -> impl Iterator<Item = Key> + '_ {
        let slots = self.block.slots.iter().enumerate().filter(|(_, slot)| slot.is_told_apart);
        let tallies = 0..self.block.tallies.len();
        slots
            .map(|(at, _)| Key::Slot(at))
            .chain(tallies.clone().map(Key::Present))
            .chain(tallies.map(Key::Absent))
    }
}

impl Cell {
    /// `negated` are forms whose low values matter, too.
    pub(super) fn new(block: &Prepared<'_>, states: Vec<u32>, negated: &[usize], forms: usize) -> Self {
        let mut ranges = vec![(i64::MAX, i64::MIN); forms];
        for state in &states {
            for (range, value) in ranges.iter_mut().zip(block.values(*state)) {
                *range = (range.0.min(*value), range.1.max(*value));
            }
        }
        let front = front(block, &states, negated);
        Self { states, front, ranges }
    }
}

/// The states that no other one dominates.
fn front(block: &Prepared<'_>, states: &[u32], negated: &[usize]) -> Vec<u32> {
    let value = |state: u32, form: usize| block.values(state).get(form).copied().unwrap_or(0);
    let mut by_answers: BTreeMap<Vec<u16>, Vec<u32>> = BTreeMap::new();
    for state in states {
        let asked = block.slots.iter().map(|slot| block.value(*state, Key::Slot(*slot))).collect();
        let asked: Vec<u16> = asked;
        let asked = if Fault::PrunesAcrossConditions.is_in() { Vec::new() } else { asked };
        by_answers.entry(asked).or_default().push(*state);
    }
    let mut spent = 0_usize;
    let mut front = Vec::new();
    for mut alike in by_answers.into_values() {
        // A state that dominates another has a greater sum, so the better ones come first.
        let sum = |state: u32| {
            let plus: i128 = block.values(state).iter().map(|value| i128::from(*value)).sum();
            let minus: i128 = negated.iter().map(|form| i128::from(value(state, *form))).sum();
            plus - minus
        };
        alike.sort_by_cached_key(|state| (std::cmp::Reverse(sum(*state)), *state));
        let mut kept: Vec<u32> = Vec::new();
        for state in alike {
            let own = block.values(state);
            spent += kept.len();
            let is_dominated = spent <= MOST_COMPARISONS
                && kept.iter().any(|better| {
                    block.values(*better).iter().zip(own).all(|(better, own)| better >= own)
                        && negated.iter().all(|form| value(*better, *form) <= value(state, *form))
                });
            if !is_dominated {
                kept.push(state);
            }
        }
        front.extend(kept);
    }
    front
}
