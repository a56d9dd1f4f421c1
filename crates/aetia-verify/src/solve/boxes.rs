//! Blocks with the values of a query's forms, and the states of them that are worth trying.

use std::cell::OnceCell;
use std::collections::BTreeMap;

use crate::blocks::{Block, Key, Worth};
use crate::faults::Fault;

/// Comparisons that may be spent on finding the states that matter.
const MOST_COMPARISONS: usize = 4_000_000;

/// A block with what its states are worth in each form.
#[derive(Debug)]
pub(super) struct Prepared<'p> {
    pub(super) block: &'p Block,
    /// What each form takes of a state's weights.
    pub(super) worths: Vec<Worth>,
    /// State by state, form by form: computed when a closer look is taken.
    values: OnceCell<Vec<i64>>,
    /// The slots that conditions ask about.
    slots: Vec<usize>,
}

impl<'p> Prepared<'p> {
    pub(super) fn new(block: &'p Block, worths: Vec<Worth>, slots: Vec<usize>) -> Self {
        Self { block, worths, values: OnceCell::new(), slots }
    }

    /// What a state is worth in each form.
    pub(super) fn values(&self, state: u32) -> &[i64] {
        let values = self.values.get_or_init(|| {
            let states = self.block.states.iter();
            states.flat_map(|state| self.worths.iter().map(|worth| state.worth(worth))).collect()
        });
        let start = usize::try_from(state).unwrap_or(0) * self.worths.len();
        values.get(start..start + self.worths.len()).unwrap_or_default()
    }

    /// What a key is in a state.
    pub(super) fn value(&self, state: u32, key: Key) -> u16 {
        self.block.value(state, key)
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

/// The states that are worth trying: every other is in no form better than one of these, with the same answers to what
/// conditions ask about. Of the `negated` forms low values matter, too.
pub(super) fn front(block: &Prepared<'_>, states: &[u32], negated: &[usize]) -> Vec<u32> {
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
