//! From scores to probabilities, some rows a step: the same operations in the same order as for one case.

use super::block::{Block, Codes, LANES, ROWS, Scores, lanes};
use super::view::FloatsView;
use crate::belief::{Probability, exp10};
use crate::document::Link;

/// A float as a column holds it.
trait Float: Copy {
    fn of(value: f64) -> Self;
}

impl Float for f64 {
    #[inline(always)]
    fn of(value: f64) -> Self {
        value
    }
}

impl Float for f32 {
    #[expect(
        clippy::as_conversions,
        clippy::cast_possible_truncation,
        reason = "rounding on purpose, last of all"
    )]
    #[inline(always)]
    fn of(value: f64) -> Self {
        value as Self
    }
}

/// The scores of causes, and in which rows a cause is excluded; nothing where none is in any.
#[derive(Clone, Copy, Debug)]
struct Standings<'b> {
    scores: &'b [Scores],
    excluded: &'b [Codes],
}

/// Writes the probabilities of the rows of a block into their columns: cause by cause, then the comparator.
#[inline(always)]
pub(super) fn write(
    block: &mut Block,
    is_gated: bool,
    link: Link,
    causes: usize,
    columns: &mut FloatsView<'_>,
    rows: std::ops::Range<usize>,
) {
    let standings = if is_gated {
        Standings { scores: &block.gated, excluded: &block.excluded }
    } else {
        Standings { scores: block.raw.get(..causes).unwrap_or_default(), excluded: &[] }
    };
    match columns {
        FloatsView::Single(columns) => fill(standings, link, &mut block.odds, columns, rows),
        FloatsView::Double(columns) => fill(standings, link, &mut block.odds, columns, rows),
    }
}

#[inline(always)]
fn fill<T: Float>(
    standings: Standings<'_>,
    link: Link,
    odds: &mut [[f64; LANES]],
    columns: &mut [&mut [T]],
    rows: std::ops::Range<usize>,
) {
    let Some((comparator, columns)) = columns.split_last_mut() else { return };
    for (at, from) in (0..ROWS).step_by(LANES).zip(rows.clone().step_by(LANES)) {
        let step = Step { at, from, to: rows.end.min(from + LANES) };
        match link {
            Link::Exclusive => exclusive(standings, odds, columns, comparator, step),
            Link::Independent => independent(standings, columns, comparator, step),
        }
    }
}

/// The rows of a step: where they begin in the block, and which they are in the columns.
#[derive(Clone, Copy, Debug)]
struct Step {
    at: usize,
    from: usize,
    to: usize,
}

/// # Formula
/// ```text
/// p_k = 10^(s_k/10) / sum_j 10^(s_j/10)     the comparator at s = 0 included, excluded causes not
/// ```
#[inline(always)]
fn exclusive<T: Float>(
    standings: Standings<'_>,
    odds: &mut [[f64; LANES]],
    columns: &mut [&mut [T]],
    comparator: &mut [T],
    step: Step,
) {
    let Standings { scores, excluded } = standings;
    let mut highest = [0_i64; LANES];
    for (cause, scores) in scores.iter().enumerate() {
        let scores = lanes(scores, step.at);
        match excluded.get(cause).map(|excluded| lanes(excluded, step.at)).filter(is_any) {
            None => {
                for (highest, score) in highest.iter_mut().zip(scores) {
                    *highest = if score > *highest { score } else { *highest };
                }
            }
            Some(excluded) => {
                for ((highest, score), excluded) in highest.iter_mut().zip(scores).zip(excluded) {
                    *highest = if excluded == 0 && score > *highest { score } else { *highest };
                }
            }
        }
    }
    let mut own = [0.0; LANES];
    for (own, highest) in own.iter_mut().zip(highest) {
        *own = exp10(0_i64.wrapping_sub(highest));
    }
    let mut total = own;
    for (cause, (scores, odds)) in scores.iter().zip(odds.iter_mut()).enumerate() {
        let scores = lanes(scores, step.at);
        for ((odds, score), highest) in odds.iter_mut().zip(scores).zip(highest) {
            *odds = exp10(score.wrapping_sub(highest));
        }
        if let Some(excluded) = excluded.get(cause).map(|excluded| lanes(excluded, step.at)).filter(is_any) {
            for (odds, excluded) in odds.iter_mut().zip(excluded) {
                *odds = if excluded == 0 { *odds } else { 0.0 };
            }
        }
        for (total, odds) in total.iter_mut().zip(odds.iter()) {
            *total += *odds;
        }
    }
    for (cause, (odds, column)) in odds.iter().zip(columns).enumerate() {
        let mut share = shares(odds, &total);
        if let Some(excluded) = excluded.get(cause).map(|excluded| lanes(excluded, step.at)).filter(is_any) {
            for (share, excluded) in share.iter_mut().zip(excluded) {
                *share = if excluded == 0 { *share } else { 0.0 };
            }
        }
        put(&share, column, step);
    }
    put(&shares(&own, &total), comparator, step);
}

/// # Formula
/// ```text
/// p_k = 10^(s_k/10) / (1 + 10^(s_k/10))
/// ```
#[inline(always)]
fn independent<T: Float>(
    standings: Standings<'_>,
    columns: &mut [&mut [T]],
    comparator: &mut [T],
    step: Step,
) {
    for (cause, (scores, column)) in standings.scores.iter().zip(columns).enumerate() {
        let scores = lanes(scores, step.at);
        // As `LogOdds::probability`: the smaller power, so that nothing overflows on either side.
        let (mut odds, mut total) = ([0.0; LANES], [0.0; LANES]);
        for (odds, score) in odds.iter_mut().zip(scores) {
            *odds = exp10(if score > 0 { score.wrapping_neg() } else { score });
        }
        for ((odds, total), score) in odds.iter_mut().zip(&mut total).zip(scores) {
            *total = 1.0 + *odds;
            *odds = if score < 0 { *odds } else { 1.0 };
        }
        let mut share = shares(&odds, &total);
        let excluded = standings.excluded.get(cause).map(|excluded| lanes(excluded, step.at));
        if let Some(excluded) = excluded.filter(is_any) {
            for (share, excluded) in share.iter_mut().zip(excluded) {
                *share = if excluded == 0 { *share } else { 0.0 };
            }
        }
        put(&share, column, step);
    }
    put(&[Probability::EVEN.get(); LANES], comparator, step);
}

/// Whether anything is marked.
#[inline(always)]
fn is_any(marks: &[u8; LANES]) -> bool {
    u64::from_ne_bytes(*marks) != 0
}

/// Odds as shares of a total, as [`Probability::saturating`] has them. A loop an operation: so they become vectors.
#[inline(always)]
fn shares(odds: &[f64; LANES], total: &[f64; LANES]) -> [f64; LANES] {
    let mut shares = [0.0; LANES];
    for ((share, odds), total) in shares.iter_mut().zip(odds).zip(total) {
        *share = odds / total;
    }
    for share in &mut shares {
        *share = if *share < Probability::LEAST { Probability::LEAST } else { *share };
    }
    for share in &mut shares {
        *share = if *share > Probability::MOST { Probability::MOST } else { *share };
    }
    shares
}

/// Writes the values of a step into a column.
#[inline(always)]
fn put<T: Float>(values: &[f64; LANES], column: &mut [T], step: Step) {
    let Some(slots) = column.get_mut(step.from..step.to) else { return };
    if let Some(slots) = slots.first_chunk_mut::<LANES>() {
        for (slot, value) in slots.iter_mut().zip(values) {
            *slot = T::of(*value);
        }
    } else {
        for (slot, value) in slots.iter_mut().zip(values) {
            *slot = T::of(*value);
        }
    }
}
