//! The largest contributions of findings to the score of the first cause, row by row.

use super::block::Block;
use super::output::NONE;
use super::pack::state_of;
use super::view::View;
use crate::index::{CauseIx, Dense, GroupIx, IndicatorIx, SettingIx};
use crate::knowledge::Group;
use crate::model::{Compiled, Part, Table};

/// For each group, what its states weigh part by part.
#[derive(Debug)]
pub(super) struct Contributions {
    groups: Vec<Parts>,
}

/// The parts of a group's weights.
#[derive(Debug)]
struct Parts {
    group: GroupIx,
    table: usize,
    /// Where the parts of a state and a cause begin; nothing for a lone indicator, whose part is the whole.
    starts: Vec<usize>,
    listed: Vec<(u32, i64)>,
}

/// What a lone indicator, or the members of a group that weigh jointly, are called by.
fn contributor(position: usize) -> u32 {
    u32::try_from(position).unwrap_or(NONE)
}

impl Contributions {
    pub(super) fn new(model: &Compiled, setting: SettingIx) -> Self {
        let kb = &*model.kb.inner;
        let mut groups = Vec::new();
        for (ix, group) in kb.groups.enumerate() {
            let at = model.table_of[setting][ix];
            let Some(table) = model.tables.get(at).filter(|table| !table.causes.is_empty()) else { continue };
            let mut parts = Parts { group: ix, table: at, starts: Vec::new(), listed: Vec::new() };
            // A lone indicator is no declared group.
            if group.id.is_some() {
                parts.fill(model, group, table);
            }
            groups.push(parts);
        }
        Self { groups }
    }

    /// Writes the contributions of the rows of a block whose first cause is known.
    #[inline(never)]
    pub(super) fn write(
        &self,
        model: &Compiled,
        block: &Block,
        firsts: &[u32],
        view: &mut View<'_>,
        rows: std::ops::Range<usize>,
    ) {
        let kb = &*model.kb.inner;
        let ranks = view.weights.len();
        let mut best: Vec<(u32, i64)> = Vec::with_capacity(ranks + 1);
        for ((at, row), first) in rows.enumerate().zip(firsts) {
            best.clear();
            let cause = usize::try_from(*first).map(CauseIx::at);
            for parts in &self.groups {
                let Ok(cause) = cause else { continue };
                let group = &kb.groups[parts.group];
                let state = state_of(group, &block.codes, at);
                let Some(table) = model.tables.get(parts.table).filter(|_| state != 0) else { continue };
                let Ok(voice) = table.causes.binary_search(&cause) else { continue };
                let place = state * table.causes.len() + voice;
                if parts.starts.is_empty() {
                    let indicator = group.members.first().map_or(usize::MAX, |member| member.position());
                    let weight = table.weights.get(place).copied().unwrap_or(0);
                    insert(&mut best, ranks, (contributor(indicator), weight));
                } else if let (Some(start), Some(end)) =
                    (parts.starts.get(place), parts.starts.get(place + 1))
                {
                    for part in parts.listed.get(*start..*end).unwrap_or_default() {
                        insert(&mut best, ranks, *part);
                    }
                }
            }
            let mut found = best.iter();
            for (contributors, weights) in view.contributors.iter_mut().zip(&mut view.weights) {
                let (contributor, weight) = found.next().copied().unwrap_or((NONE, 0));
                if let (Some(slot), Some(place)) = (contributors.get_mut(row), weights.get_mut(row)) {
                    (*slot, *place) = (contributor, weight);
                }
            }
        }
    }
}

/// Puts a part where its absolute weight belongs; among equals the earlier one stays first.
fn insert(best: &mut Vec<(u32, i64)>, ranks: usize, part: (u32, i64)) {
    let size = part.1.unsigned_abs();
    if size == 0 || best.len() == ranks && best.last().is_none_or(|(_, last)| last.unsigned_abs() >= size) {
        return;
    }
    let place = best.iter().rposition(|(_, other)| other.unsigned_abs() >= size).map_or(0, |other| other + 1);
    best.insert(place, part);
    best.truncate(ranks);
}

impl Parts {
    /// Lists the parts of every state and cause of a group with several members.
    fn fill(&mut self, model: &Compiled, group: &Group, table: &Table) {
        let kb = &*model.kb.inner;
        let joint = contributor(kb.indicators.len() + self.group.position());
        let width = table.causes.len();
        let mut said: Vec<Part> = Vec::new();
        self.starts.push(0);
        for state in 0..group.shape.states() {
            let codes = group.shape.codes(state);
            for (at, voice) in table.voices.iter().enumerate() {
                let weight = table.weights.get(state * width + at).copied().unwrap_or(0);
                if codes.is_empty() {
                    // A tally knows how many items are present, not which: all of it is one part.
                    self.listed.push((joint, weight));
                } else {
                    voice.parts(
                        kb,
                        group,
                        &codes,
                        crate::belief::Weight::from_nanodecibans(weight),
                        &mut said,
                    );
                    self.listed.extend(said.iter().map(|part| {
                        let member = part.seat.and_then(|seat| group.members.get(seat));
                        let position = member.map(|member: &IndicatorIx| contributor(member.position()));
                        (position.unwrap_or(joint), part.weight.nanodecibans())
                    }));
                }
                self.starts.push(self.listed.len());
            }
        }
    }
}
