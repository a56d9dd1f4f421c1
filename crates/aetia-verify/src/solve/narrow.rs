//! Answers that no case of a box can have, because with them a sum of literals would be below 0.

use std::collections::BTreeMap;

use super::boxes::Prepared;
use super::mixture::whole;
use super::{Literal, Problem, Spot, Step};
use crate::blocks::Key;
use crate::faults::Fault;

/// How many times the largest multiplier the others are rounded to.
const SCALE: f64 = 1_000_000.0;

impl Problem<'_> {
    /// Rules out answers and counts one by one: those with which the sum with these multipliers, which bounds the box from
    /// above, is below 0. Says whether there were any.
    pub(super) fn narrow(&mut self, spot: &mut Spot, literals: &[Literal], multipliers: &[f64]) -> bool {
        let most = multipliers.iter().copied().fold(0.0, f64::max);
        let times: Vec<i64> = multipliers.iter().map(|weight| whole(weight / most * SCALE)).collect();
        let all: i128 = times.iter().map(|times| i128::from(*times)).sum();
        // Where weights may move a state is not worth one number.
        let is_moving =
            |block: &Prepared<'_>| block.block.states.first().is_some_and(|it| !it.reach.is_empty());
        let is_free = self.blocks.iter().any(is_moving);
        if is_free || all <= 0 {
            return false;
        }
        let bound = self.sum(spot, literals, &times);
        if bound < 0 {
            return false;
        }
        let terms: Vec<(Literal, i64)> =
            literals.iter().copied().zip(times.iter().copied()).filter(|(_, times)| *times > 0).collect();
        let limit = i128::from(Fault::RulesOutTooMuch.is_in());
        let mut is_narrower = false;
        for at in 0..self.blocks.len() {
            for key in self.blocks.get(at).into_iter().flat_map(Prepared::keys).collect::<Vec<_>>() {
                let tops = self.tops(spot, &terms, at, key);
                let Some(best) = tops.values().copied().max() else { continue };
                // What is left of the bound where the block is worth so much less.
                let left = |top: i128| bound - (best - top);
                let (out, kept): (Vec<_>, Vec<_>) = tops.iter().partition(|(_, top)| left(**top) < limit);
                let Some(nearest) = out.iter().map(|(_, top)| left(**top)).max() else { continue };
                let values = |part: Vec<(&u16, &i128)>| part.into_iter().map(|(value, _)| *value).collect();
                let (out, kept): (Vec<u16>, Vec<u16>) = (values(out), values(kept));
                self.steps.push(Step::Split(at, key, vec![out, kept.clone()]));
                self.steps.push(Step::Sum(terms.clone()));
                self.note_sum(spot, &terms, nearest);
                self.keep(spot, at, key, &kept);
                is_narrower = true;
            }
        }
        is_narrower
    }

    /// By value of a key, the most that terms are worth in a block.
    fn tops(&self, spot: &Spot, terms: &[(Literal, i64)], at: usize, key: Key) -> BTreeMap<u16, i128> {
        let mut tops: BTreeMap<u16, i128> = BTreeMap::new();
        let Some((block, cell)) = self.blocks.get(at).zip(spot.cells.get(at)) else { return tops };
        for state in &cell.states {
            let values = block.values(*state);
            let worth = terms
                .iter()
                .map(|(literal, times)| i128::from(literal.of(values)) * i128::from(*times))
                .sum::<i128>();
            let top = tops.entry(block.value(*state, key)).or_insert(worth);
            *top = worth.max(*top);
        }
        tops
    }
}
