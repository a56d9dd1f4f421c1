//! What the states of a block are worth, and parts of them: one query after another asks the same.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;

use super::{Block, State, Worth};
use crate::spread::{Reach, plus};

/// Some states of a block, with what was found out about them: one query after another asks the same.
#[derive(Debug, Default)]
pub(crate) struct Cell {
    pub(crate) states: Vec<u32>,
    /// The least and the greatest that a state is worth.
    known: RefCell<BTreeMap<Worth, (i64, i64)>>,
    parts: RefCell<BTreeMap<PartKey, Rc<Self>>>,
    /// How many splits made it.
    depth: u8,
    /// Those of its states that are worth trying, for a query and for the forms that were decided not to hold.
    pub(crate) front: RefCell<Option<Front>>,
}

/// What a part of a split has, and which values.
type PartKey = (Key, Vec<u16>);

/// States that are worth trying: for which query, with which forms decided not to hold, and which they are.
pub(crate) type Front = (Rc<()>, Vec<usize>, Rc<Vec<u32>>);

/// After so many splits parts are no longer kept for the next query: there are too many, and each is asked for once.
const DEEPEST_KEPT: u8 = 4;

/// What tells the states of a block apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Key {
    /// The answer in a slot.
    Slot(usize),
    /// How many items of a tally are present.
    Present(usize),
    /// How many are absent.
    Absent(usize),
}

impl Cell {
    pub(crate) fn of(states: Vec<u32>) -> Self {
        Self { states, ..Self::default() }
    }
}

impl Block {
    /// What a key is in a state.
    pub(crate) fn value(&self, state: u32, key: Key) -> u16 {
        let Some(state) = self.states.get(usize::try_from(state).unwrap_or(usize::MAX)) else { return 0 };
        match key {
            Key::Slot(slot) => state.codes.get(slot).copied().map_or(0, u16::from),
            Key::Present(tally) => state.counts.get(tally).map_or(0, |counts| counts.0),
            Key::Absent(tally) => state.counts.get(tally).map_or(0, |counts| counts.1),
        }
    }

    /// The least and the greatest that a state of a cell is worth.
    pub(crate) fn range(&self, cell: &Cell, worth: &Worth) -> (i64, i64) {
        if worth.is_empty() || cell.states.is_empty() {
            return (0, 0);
        }
        if let Some(range) = cell.known.borrow().get(worth) {
            return *range;
        }
        let states = cell.states.iter().filter_map(|state| self.states.get(usize::try_from(*state).ok()?));
        let is_free = self.states.first().is_some_and(|state| !state.reach.is_empty());
        let of = |state: &State| {
            if is_free {
                return state.range(worth);
            }
            let own = state.worth(worth);
            (own, own)
        };
        let range = states
            .map(of)
            .fold((i64::MAX, i64::MIN), |range, value| (range.0.min(value.0), range.1.max(value.1)));
        cell.known.borrow_mut().insert(worth.clone(), range);
        range
    }

    /// The states of a cell with one of some values.
    pub(crate) fn part(&self, cell: &Cell, key: Key, values: &[u16]) -> Rc<Cell> {
        let find = || {
            let states = cell.states.iter().copied();
            let states = states.filter(|state| values.contains(&self.value(*state, key))).collect();
            Rc::new(Cell { depth: cell.depth.saturating_add(1), ..Cell::of(states) })
        };
        if cell.depth >= DEEPEST_KEPT {
            return find();
        }
        cell.parts.borrow_mut().entry((key, values.to_vec())).or_insert_with(find).clone()
    }
}

impl State {
    /// With the weights as they are.
    pub(crate) fn worth(&self, worth: &Worth) -> i64 {
        worth.iter().map(|(at, times)| times * self.weights.get(*at).copied().unwrap_or(0)).sum()
    }

    /// The least and the greatest, with weights that may move.
    pub(crate) fn range(&self, worth: &Worth) -> (i64, i64) {
        let times = |at: usize| worth.iter().find(|(known, _)| *known == at).map_or(0, |(_, times)| *times);
        let scaled = |times: i64, (low, high): Reach| {
            let ends = (times.saturating_mul(low), times.saturating_mul(high));
            (ends.0.min(ends.1), ends.0.max(ends.1))
        };
        let free = |at: usize| {
            let own = self.weights.get(at).copied().unwrap_or(0);
            plus((own, own), self.reach.get(at).copied().unwrap_or_default())
        };
        let add = |one: Reach, other: Reach| (one.0.saturating_add(other.0), one.1.saturating_add(other.1));
        if self.change.is_empty() {
            return worth.iter().fold((0, 0), |sum, (at, times)| add(sum, scaled(*times, free(*at))));
        }
        // A cause has the same figures on both sides: bounded apart, or one side and what the other has more.
        let width = self.change.len();
        (0..width).fold((0, 0), |sum, cause| {
            let (first, second) = (times(cause), times(cause + width));
            let mut best = add(scaled(first, free(cause)), scaled(second, free(cause + width)));
            if let Some(change) = self.change.get(cause).copied().flatten() {
                for (side, more) in [(cause, second), (cause + width, -first)] {
                    let other = add(scaled(first + second, free(side)), scaled(more, change));
                    best = (best.0.max(other.0), best.1.min(other.1));
                }
            }
            add(sum, best)
        })
    }
}
