//! What a box is split by: what a gate or a condition asks, else the answer or count by which the rivals differ most.

use std::collections::BTreeMap;

use crate::blocks::Key;
use crate::blocks::Slot;
use crate::formula::Formula;
use crate::frame::Gate;
use crate::query::Form;
use crate::share::proportions::float;
use crate::share::scores::acts;
use crate::share::{Hunt, Spot};

impl Hunt<'_, '_> {
    pub(super) fn open_gate(&self, spot: &Spot) -> Option<Formula> {
        let gates = self.ready.sides.first().map(|side| side.frame.gates.as_slice()).unwrap_or_default();
        let open = |gate: &&Gate<'_>| acts(gate.rule, Self::truths(spot, &gate.formula)).is_none();
        gates.iter().find(open).map(|gate| gate.formula.clone())
    }

    /// The split that answers what a condition asks.
    pub(super) fn question(&self, spot: &Spot, formula: &Formula) -> Option<(usize, Key, Vec<Vec<u16>>)> {
        formula.indicators().into_iter().find_map(|indicator| {
            let mask = spot.masks.get(indicator).copied().unwrap_or(1);
            if mask.count_ones() < 2 {
                return None;
            }
            self.ready.blocks.iter().enumerate().find_map(|(at, block)| {
                let here = |slot: &Slot| slot.side == 0 && slot.indicator == indicator;
                let position = block.slots.iter().position(here)?;
                let parts = (0..=64).filter(|code| mask >> code & 1 == 1).map(|code| vec![code]).collect();
                Some((at, Key::Slot(position), parts))
            })
        })
    }

    /// The split of the block in which the rivals differ most.
    pub(super) fn roomiest(
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

    pub(super) fn value(&self, at: usize, state: usize, key: Key) -> u16 {
        let Some(state) = self.block(at).states.get(state) else { return 0 };
        match key {
            Key::Slot(slot) => state.codes.get(slot).copied().map_or(0, u16::from),
            Key::Present(tally) => state.counts.get(tally).map_or(0, |counts| counts.0),
            Key::Absent(tally) => state.counts.get(tally).map_or(0, |counts| counts.1),
        }
    }
}
