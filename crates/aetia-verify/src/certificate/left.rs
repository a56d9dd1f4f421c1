//! The states of a block that are left, and what is found out about them.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;

use super::Key;
use super::free::Reach;
use super::states::Block;

/// How often each weight of a state is taken.
pub(super) type Worth = BTreeMap<usize, i128>;

/// The states of a block that are left, with what was computed of them: one part of a proof after another asks the same.
#[derive(Debug, Default)]
pub(super) struct Left {
    pub(super) states: Vec<u32>,
    /// How many splits made it.
    depth: u8,
    most: RefCell<BTreeMap<Worth, Option<i128>>>,
    parts: RefCell<BTreeMap<PartKey, Rc<Self>>>,
}

/// What a part of a split has, and which values.
type PartKey = (Key, Vec<String>);

/// After so many splits parts are not kept: there are too many.
const DEEPEST_KEPT: u8 = 4;

/// Values, and which of them each state has.
#[derive(Clone, Debug, Default)]
pub(super) struct Column {
    pub(super) values: Vec<String>,
    pub(super) of: Vec<u16>,
}

/// The most a state is worth with weights that may move. A cause has the same figures on both sides, so that it may be
/// bounded on each apart, or on one with what the other weighs more.
fn free(weights: &[i64], reach: &[Reach], change: &[Option<Reach>], worth: &Worth) -> Option<i128> {
    let most = |times: i128, low: i64, high: i64| {
        Some(times.checked_mul(i128::from(low))?.max(times.checked_mul(i128::from(high))?))
    };
    let side = |at: usize, times: i128| {
        let (own, (down, up)) = (*weights.get(at)?, *reach.get(at)?);
        most(times, own.checked_add(down)?, own.checked_add(up)?)
    };
    let times = |at: usize| worth.get(&at).copied().unwrap_or(0);
    if change.is_empty() {
        return worth.iter().try_fold(0_i128, |sum, (at, times)| sum.checked_add(side(*at, *times)?));
    }
    let width = change.len();
    let mut sum = 0_i128;
    for (cause, change) in change.iter().enumerate() {
        let (first, second) = (times(cause), times(cause + width));
        let mut best = side(cause, first)?.checked_add(side(cause + width, second)?)?;
        if let Some((low, high)) = *change {
            let both = first.checked_add(second)?;
            let by_first = side(cause, both)?.checked_add(most(second, low, high)?)?;
            let by_second = side(cause + width, both)?.checked_add(most(first.checked_neg()?, low, high)?)?;
            best = best.min(by_first).min(by_second);
        }
        sum = sum.checked_add(best)?;
    }
    Some(sum)
}

impl Column {
    fn number(&self, state: u32) -> usize {
        usize::try_from(state).ok().and_then(|at| self.of.get(at)).copied().map_or(usize::MAX, usize::from)
    }
}

impl Left {
    pub(super) fn of(states: Vec<u32>) -> Self {
        Self { states, ..Self::default() }
    }

    /// The greatest that a state is worth; none where a number is too large.
    pub(super) fn greatest(&self, block: &Block, worth: &Worth) -> Option<i128> {
        if let Some(known) = self.most.borrow().get(worth) {
            return *known;
        }
        let value = |state: &u32| {
            let at = usize::try_from(*state).ok()?;
            let weights = block.weights.get(at)?;
            if let Some(reach) = block.reach.get(at) {
                return free(weights, reach, block.change.get(at)?, worth);
            }
            worth.iter().try_fold(0_i128, |sum, (at, times)| {
                sum.checked_add(times.checked_mul(i128::from(*weights.get(*at)?))?)
            })
        };
        let values: Option<Vec<i128>> = self.states.iter().map(value).collect();
        let most = values.map(|values| values.into_iter().max().unwrap_or(0));
        self.most.borrow_mut().insert(worth.clone(), most);
        most
    }

    /// The values of a column that are left.
    pub(super) fn values<'c>(&self, column: &'c Column) -> Vec<&'c String> {
        let mut is_left = vec![false; column.values.len()];
        for state in &self.states {
            if let Some(place) = is_left.get_mut(column.number(*state)) {
                *place = true;
            }
        }
        column.values.iter().zip(is_left).filter_map(|(value, is_left)| is_left.then_some(value)).collect()
    }

    /// The states that have one of some values.
    pub(super) fn part(&self, column: &Column, on: &Key, values: &[String]) -> Rc<Self> {
        let find = || {
            let kept: Vec<bool> = column.values.iter().map(|value| values.contains(value)).collect();
            let is_kept = |state: &u32| kept.get(column.number(*state)) == Some(&true);
            let states = self.states.iter().copied().filter(is_kept).collect();
            Rc::new(Self { states, depth: self.depth.saturating_add(1), ..Self::default() })
        };
        if self.depth >= DEEPEST_KEPT {
            return find();
        }
        self.parts.borrow_mut().entry((on.clone(), values.to_vec())).or_insert_with(find).clone()
    }
}
