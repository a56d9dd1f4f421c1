//! The largest contributions of findings to the score of the first cause, row by row.

use super::block::{Block, LANES, ROWS, Scores, lanes};
use super::output::NONE;
use super::pack::Pack;
use super::room::Room;
use super::truth::Stack;
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
    /// How the states of the group are found.
    pack: Pack,
    /// Where the parts of a state and a cause begin; nothing for a lone indicator, whose part is the whole.
    starts: Vec<usize>,
    listed: Vec<(u32, i64)>,
}

/// What stands on one rank in every row: a contributor, its weight, and the size of that.
#[derive(Clone, Debug)]
struct Rank {
    contributors: Scores,
    weights: Scores,
    sizes: Scores,
}

/// Room for the largest contributions of a block.
#[derive(Debug, Default)]
pub(super) struct Largest {
    ranks: Vec<Rank>,
    stack: Stack,
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
            let mut parts = Parts {
                group: ix,
                table: at,
                pack: Pack::of(ix, group, model),
                starts: Vec::new(),
                listed: Vec::new(),
            };
            // A lone indicator is no declared group.
            if group.id.is_some() {
                parts.fill(model, group, table);
            }
            groups.push(parts);
        }
        Self { groups }
    }

    /// Writes the contributions of the rows of a block whose first cause is known.
    #[inline(always)]
    pub(super) fn write(
        &self,
        model: &Compiled,
        block: &Block,
        firsts: &[u32],
        largest: &mut Largest,
        room: &mut Room<'_>,
        rows: std::ops::Range<usize>,
    ) {
        let nothing = || Rank { contributors: [i64::from(NONE); ROWS], weights: [0; ROWS], sizes: [0; ROWS] };
        let Largest { ranks, stack } = largest;
        ranks.clear();
        ranks.resize_with(room.weights.len(), nothing);
        // Rows beyond the last have no first cause.
        let (mut states, mut places, mut weights) = ([0; ROWS], [u64::MAX; ROWS], [0; ROWS]);
        for parts in &self.groups {
            let Some(table) = model.tables.get(parts.table) else { continue };
            parts.pack.find_states(&block.codes, stack, &mut states);
            find_places(table, firsts, &states, &mut places);
            if parts.starts.is_empty() {
                for (weight, place) in weights.iter_mut().zip(&places) {
                    *weight = table.weights.get(place_of(*place)).copied().unwrap_or(0);
                }
                let group = &model.kb.inner.groups[parts.group];
                let indicator = group.members.first().map_or(usize::MAX, |member| member.position());
                insert_all(ranks, contributor(indicator), &weights);
                continue;
            }
            for (row, place) in places.iter().enumerate().take(firsts.len()) {
                let place = place_of(*place);
                let (start, end) = (parts.starts.get(place), parts.starts.get(place.saturating_add(1)));
                let listed = start.zip(end).and_then(|(start, end)| parts.listed.get(*start..*end));
                for part in listed.unwrap_or_default() {
                    insert(ranks, row, *part);
                }
            }
        }
        for (rank, (contributors, weights)) in
            ranks.iter().zip(room.contributors.iter_mut().zip(&mut room.weights))
        {
            let slots = contributors.get_mut(rows.clone()).unwrap_or_default();
            for (slot, contributor) in slots.iter_mut().zip(rank.contributors) {
                let [a, b, c, d, ..] = contributor.to_le_bytes();
                *slot = u32::from_le_bytes([a, b, c, d]);
            }
            let slots = weights.get_mut(rows.clone()).unwrap_or_default();
            for (slot, weight) in slots.iter_mut().zip(rank.weights) {
                *slot = weight;
            }
        }
    }
}

/// Puts a part of every row where its absolute weight belongs; among equals the earlier one stays first. What is displaced
/// displaces what stands below, without choosing between rows.
#[expect(
    clippy::indexing_slicing,
    reason = "counters below the lengths of arrays; so written, loops become vectors"
)]
#[inline(always)]
fn insert_all(ranks: &mut [Rank], contributor: u32, weights: &Scores) {
    for at in (0..ROWS).step_by(LANES) {
        let mut weight: [i64; LANES] = lanes(weights, at);
        let (mut which, mut size) = ([i64::from(contributor); LANES], [0; LANES]);
        for lane in 0..LANES {
            size[lane] = if weight[lane] < 0 { weight[lane].wrapping_neg() } else { weight[lane] };
        }
        let mut is_placed = [0_i64; LANES];
        for rank in &mut *ranks {
            let sizes: [i64; LANES] = lanes(&rank.sizes, at);
            for lane in 0..LANES {
                is_placed[lane] |= -i64::from(size[lane] > sizes[lane]);
            }
            exchange(&mut rank.sizes, at, &mut size, &is_placed);
            exchange(&mut rank.weights, at, &mut weight, &is_placed);
            exchange(&mut rank.contributors, at, &mut which, &is_placed);
        }
    }
}

/// Exchanges the values of a step with others in the lanes where all bits are set.
#[expect(
    clippy::indexing_slicing,
    reason = "counters below the lengths of arrays; so written, loops become vectors"
)]
#[inline(always)]
fn exchange(rows: &mut Scores, at: usize, others: &mut [i64; LANES], is_placed: &[i64; LANES]) {
    let Some(slots) = rows.get_mut(at..).and_then(|rows| rows.first_chunk_mut::<LANES>()) else { return };
    let (mut ours, mut theirs) = (*slots, *others);
    for lane in 0..LANES {
        let change = (ours[lane] ^ theirs[lane]) & is_placed[lane];
        ours[lane] ^= change;
        theirs[lane] ^= change;
    }
    (*slots, *others) = (ours, theirs);
}

/// Writes where the weights of each row's state for its first cause stand in a table; beyond its end where the group is
/// silent about it, or no cause is first.
#[inline(always)]
fn find_places(table: &Table, firsts: &[u32], states: &[u32; ROWS], places: &mut [u64; ROWS]) {
    let width = u64::try_from(table.causes.len()).unwrap_or(u64::MAX);
    if table.is_dense {
        for ((place, first), state) in places.iter_mut().zip(firsts).zip(states) {
            *place = u64::from(*state) * width + u64::from(*first);
        }
        return;
    }
    for ((place, first), state) in places.iter_mut().zip(firsts).zip(states) {
        let cause = usize::try_from(*first).map(CauseIx::at).ok();
        let voice = cause.and_then(|cause| table.causes.binary_search(&cause).ok());
        let voice = voice.and_then(|voice| u64::try_from(voice).ok());
        *place = voice.map_or(u64::MAX, |voice| u64::from(*state) * width + voice);
    }
}

/// A place in a table; none where it is beyond every table.
#[inline(always)]
fn place_of(place: u64) -> usize {
    usize::try_from(place).unwrap_or(usize::MAX)
}

/// The same for one row.
fn insert(ranks: &mut [Rank], row: usize, (contributor, weight): (u32, i64)) {
    let (mut which, mut weight, mut is_placed) = (i64::from(contributor), weight, false);
    for rank in ranks {
        let Rank { contributors, weights, sizes } = rank;
        let slots = (contributors.get_mut(row), weights.get_mut(row), sizes.get_mut(row));
        let (Some(contributor), Some(slot), Some(size)) = slots else { continue };
        is_placed |= weight.saturating_abs() > *size;
        if is_placed {
            std::mem::swap(contributor, &mut which);
            std::mem::swap(slot, &mut weight);
            *size = slot.saturating_abs();
        }
    }
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
