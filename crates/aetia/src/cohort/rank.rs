//! The first cause, by how much it leads, and the order of the next, of every row of a block.

use super::block::{Block, Codes, LANES, ROWS, Scores, lanes};
use super::output::{NO_SCORE, NONE};
use super::view::View;

/// Up to how many ranks are found by putting causes in their places one after another.
const FEW: usize = 16;

/// What ranks causes: the score, then the score without gates, then the index.
#[derive(Clone, Copy, Debug)]
struct Standings<'b> {
    scores: &'b [Scores],
    raw: &'b [Scores],
    excluded: &'b [Codes],
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
    view: &mut View<'_>,
    rows: std::ops::Range<usize>,
) {
    let raw = block.raw.get(..causes).unwrap_or_default();
    let ungated = Standings { scores: raw, raw, excluded: &[] };
    let standings =
        if is_gated { Standings { scores: &block.gated, raw, excluded: &block.excluded } } else { ungated };
    if !view.first.is_empty() || !view.margin.is_empty() {
        first(standings, view.first, view.margin, rows.clone());
    }
    if !view.first_ungated.is_empty() {
        first(ungated, view.first_ungated, &mut [], rows.clone());
    }
    if !view.order.is_empty() {
        order(standings, ranking, &mut view.order, rows);
    }
}

/// Writes the first cause of each row from the first row of a column on.
#[inline(always)]
pub(super) fn first_only(block: &Block, is_gated: bool, causes: usize, column: &mut [u32]) {
    let raw = block.raw.get(..causes).unwrap_or_default();
    let rows = 0..column.len();
    if is_gated {
        first(Standings { scores: &block.gated, raw, excluded: &block.excluded }, column, &mut [], rows);
    } else {
        first(Standings { scores: raw, raw, excluded: &[] }, column, &mut [], rows);
    }
}

/// Writes the first cause, and by how much it stands above the second.
#[inline(always)]
fn first(standings: Standings<'_>, first: &mut [u32], margin: &mut [i64], rows: std::ops::Range<usize>) {
    for (at, from) in (0..ROWS).step_by(LANES).zip(rows.clone().step_by(LANES)) {
        let to = rows.end.min(from + LANES);
        let (mut best, mut best_raw) = ([i64::MIN; LANES], [i64::MIN; LANES]);
        let (mut second, mut which) = ([i64::MIN; LANES], [i64::from(NONE); LANES]);
        for ((cause, scores), raw) in (0_i64..).zip(standings.scores).zip(standings.raw) {
            let (mut scores, raw) = (lanes(scores, at), lanes(raw, at));
            let position = usize::try_from(cause).unwrap_or(usize::MAX);
            if let Some(excluded) = standings.excluded.get(position) {
                // An excluded cause stands below every score there is.
                for (score, excluded) in scores.iter_mut().zip(lanes(excluded, at)) {
                    *score = if excluded == 0 { *score } else { i64::MIN };
                }
            }
            for lane in 0..LANES {
                let (Some(score), Some(raw)) = (scores.get(lane), raw.get(lane)) else { continue };
                let (Some(best), Some(best_raw)) = (best.get_mut(lane), best_raw.get_mut(lane)) else {
                    continue;
                };
                let (Some(second), Some(which)) = (second.get_mut(lane), which.get_mut(lane)) else {
                    continue;
                };
                let is_better =
                    (*score > *best) | ((*score == *best) & (*raw > *best_raw) & (*score > i64::MIN));
                let below = if is_better { *best } else { *score };
                *second = if below > *second { below } else { *second };
                *which = if is_better { cause } else { *which };
                *best_raw = if is_better { *raw } else { *best_raw };
                *best = if is_better { *score } else { *best };
            }
        }
        for (slot, which) in first.get_mut(from..to).unwrap_or_default().iter_mut().zip(which) {
            *slot = narrow(which);
        }
        let margins = margin.get_mut(from..to).unwrap_or_default().iter_mut();
        for ((slot, best), second) in margins.zip(best).zip(second) {
            *slot = if second == i64::MIN { NO_SCORE } else { best.wrapping_sub(second) };
        }
    }
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
                .and_then(|marks| marks.get(at))
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
