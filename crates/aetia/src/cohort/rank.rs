//! The first cause, by how much it leads, and the order of the next, of every row of a block.

use super::block::{Block, Codes, LANES, ROWS, Scores, lanes};
use super::output::{NO_SCORE, NONE};
use super::room::Room;

/// Up to how many ranks are found by putting causes in their places one after another.
const FEW: usize = 16;

/// What ranks causes: the score, then the score without gates, then the index.
#[derive(Clone, Copy, Debug)]
struct Standings<'b> {
    scores: &'b [Scores],
    raw: &'b [Scores],
    excluded: &'b [(bool, Codes)],
}

/// Room for ranking one row.
#[derive(Debug, Default)]
pub(super) struct Ranking {
    causes: Vec<(i64, i64, u32)>,
}

/// Writes the columns about ranks that are wanted.
#[inline(always)]
pub(super) fn write(
    block: &Block,
    is_gated: bool,
    causes: usize,
    ranking: &mut Ranking,
    room: &mut Room<'_>,
    rows: std::ops::Range<usize>,
) {
    let raw = block.raw.get(..causes).unwrap_or_default();
    let ungated = Standings { scores: raw, raw, excluded: &[] };
    let gated = Standings { scores: &block.gated, raw, excluded: &block.excluded };
    match (room.first.is_empty(), room.margin.is_empty(), is_gated) {
        (true, true, _) => {}
        (false, true, false) => first::<false, false>(ungated, room.first, &mut [], rows.clone()),
        (false, true, true) => first::<true, false>(gated, room.first, &mut [], rows.clone()),
        (_, false, false) => first::<false, true>(ungated, room.first, room.margin, rows.clone()),
        (_, false, true) => first::<true, true>(gated, room.first, room.margin, rows.clone()),
    }
    if !room.first_ungated.is_empty() {
        first::<false, false>(ungated, room.first_ungated, &mut [], rows.clone());
    }
    let standings = if is_gated { gated } else { ungated };
    if !room.order.is_empty() {
        order(standings, ranking, &mut room.order, rows);
    }
}

/// Writes the first cause of each row from the first row of a column on.
#[inline(always)]
pub(super) fn first_only(block: &Block, is_gated: bool, causes: usize, column: &mut [u32]) {
    let raw = block.raw.get(..causes).unwrap_or_default();
    let rows = 0..column.len();
    if is_gated {
        let gated = Standings { scores: &block.gated, raw, excluded: &block.excluded };
        first::<true, false>(gated, column, &mut [], rows);
    } else {
        first::<false, false>(Standings { scores: raw, raw, excluded: &[] }, column, &mut [], rows);
    }
}

impl Standings<'_> {
    /// The scores of a cause in the rows of a step; below every score there is where it is excluded.
    #[inline(always)]
    fn of(&self, cause: usize, scores: &Scores, at: usize) -> [i64; LANES] {
        let mut scores = lanes(scores, at);
        if let Some((true, excluded)) = self.excluded.get(cause) {
            for (score, excluded) in scores.iter_mut().zip(lanes(excluded, at)) {
                *score = if excluded == 0 { *score } else { i64::MIN };
            }
        }
        scores
    }
}

/// Writes the first cause, and by how much it stands above the second. One thing is found after the other: the highest
/// score, the highest score without gates among those who have it, the first cause that has both. Each is a few operations on
/// all lanes of a step, without choosing between positions.
#[expect(
    clippy::indexing_slicing,
    reason = "counters below the lengths of arrays; so written, loops become vectors"
)]
#[inline(always)]
fn first<const IS_GATED: bool, const WITH_MARGIN: bool>(
    standings: Standings<'_>,
    first: &mut [u32],
    margin: &mut [i64],
    rows: std::ops::Range<usize>,
) {
    let (mut whichs, mut margins) = ([0_i64; ROWS], [NO_SCORE; ROWS]);
    for at in (0..ROWS).step_by(LANES) {
        let each =
            || standings.scores.iter().enumerate().map(|(cause, scores)| standings.of(cause, scores, at));
        let mut best = [i64::MIN; LANES];
        for score in each() {
            for lane in 0..LANES {
                best[lane] = if score[lane] > best[lane] { score[lane] } else { best[lane] };
            }
        }
        let mut best_raw = [i64::MIN; LANES];
        if IS_GATED {
            for (score, raw) in each().zip(standings.raw) {
                let raw: [i64; LANES] = lanes(raw, at);
                for lane in 0..LANES {
                    let raw = if score[lane] == best[lane] { raw[lane] } else { i64::MIN };
                    best_raw[lane] = if raw > best_raw[lane] { raw } else { best_raw[lane] };
                }
            }
        }
        // How many causes stand before the first one: one more for each until it is found.
        let (mut found, mut which, mut second) = ([0_i64; LANES], [0_i64; LANES], [i64::MIN; LANES]);
        for (score, raw) in each().zip(standings.raw) {
            let mut is_it = [0_i64; LANES];
            for lane in 0..LANES {
                is_it[lane] = mask(score[lane] == best[lane]);
            }
            if IS_GATED {
                let raw: [i64; LANES] = lanes(raw, at);
                for lane in 0..LANES {
                    is_it[lane] &= mask(raw[lane] == best_raw[lane]);
                }
            }
            if WITH_MARGIN {
                for lane in 0..LANES {
                    // All but the first cause itself.
                    let other = if is_it[lane] & !found[lane] == 0 { score[lane] } else { i64::MIN };
                    second[lane] = if other > second[lane] { other } else { second[lane] };
                }
            }
            for lane in 0..LANES {
                found[lane] |= is_it[lane];
            }
            for lane in 0..LANES {
                which[lane] += found[lane] + 1;
            }
        }
        for lane in 0..LANES {
            whichs[at + lane] = if found[lane] == 0 { i64::from(NONE) } else { which[lane] };
        }
        if WITH_MARGIN {
            for lane in 0..LANES {
                let margin = best[lane].wrapping_sub(second[lane]);
                margins[at + lane] = if second[lane] == i64::MIN { NO_SCORE } else { margin };
            }
        }
    }
    for (slot, which) in first.get_mut(rows.clone()).unwrap_or_default().iter_mut().zip(whichs) {
        *slot = narrow(which);
    }
    for (slot, found) in margin.get_mut(rows).unwrap_or_default().iter_mut().zip(margins) {
        *slot = found;
    }
}

/// All bits, or none.
#[inline(always)]
fn mask(is_set: bool) -> i64 {
    -i64::from(is_set)
}

/// A position, or [`NONE`], in 32 bits.
#[inline(always)]
fn narrow(position: i64) -> u32 {
    let [a, b, c, d, ..] = position.to_le_bytes();
    u32::from_le_bytes([a, b, c, d])
}

/// Writes the causes of the highest ranks, rank by rank.
#[inline(never)]
fn order(
    standings: Standings<'_>,
    ranking: &mut Ranking,
    columns: &mut [&mut [u32]],
    rows: std::ops::Range<usize>,
) {
    let ranks = columns.len();
    for (at, row) in rows.enumerate() {
        let causes = &mut ranking.causes;
        causes.clear();
        for ((cause, scores), raw) in (0_u32..).zip(standings.scores).zip(standings.raw) {
            let position = usize::try_from(cause).unwrap_or(usize::MAX);
            let is_out = standings
                .excluded
                .get(position)
                .and_then(|(_, marks)| marks.get(at))
                .is_some_and(|mark| *mark != 0);
            let (Some(score), Some(raw), false) = (scores.get(at), raw.get(at), is_out) else { continue };
            // Sorted upwards this is: the highest score first, then the highest score without gates, then the index.
            let key = (score.wrapping_neg(), raw.wrapping_neg(), cause);
            if ranks > FEW {
                causes.push(key);
            } else if causes.len() < ranks || causes.last().is_some_and(|last| key < *last) {
                causes.truncate(ranks - 1);
                let place = causes.iter().rposition(|other| *other < key).map_or(0, |other| other + 1);
                causes.insert(place, key);
            }
        }
        if ranks > FEW {
            causes.sort_unstable();
        }
        let mut places = causes.iter();
        for column in columns.iter_mut() {
            if let Some(slot) = column.get_mut(row) {
                *slot = places.next().map_or(NONE, |(_, _, cause)| *cause);
            }
        }
    }
}
