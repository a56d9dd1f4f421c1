//! From scores to probabilities, some rows a step: the same operations in the same order as for one case.

use super::block::{Block, Codes, LANES, Odds, ROWS, Scores, lanes};
use super::view::FloatsView;
use crate::belief::{Probability, odds_below};
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
    excluded: &'b [(bool, Codes)],
}

impl<'b> Standings<'b> {
    /// In which rows a cause is excluded; none where it is in no row.
    #[inline(always)]
    fn excluded_in(self, cause: usize) -> Option<&'b Codes> {
        self.excluded.get(cause).filter(|(is_any, _)| *is_any).map(|(_, rows)| rows)
    }
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
    odds: &mut [Odds],
    columns: &mut [&mut [T]],
    rows: std::ops::Range<usize>,
) {
    let Some((comparator, columns)) = columns.split_last_mut() else { return };
    match link {
        Link::Exclusive => exclusive(standings, odds, columns, comparator, rows),
        Link::Independent => independent(standings, columns, comparator, rows),
    }
}

/// # Formula
/// ```text
/// p_k = 10^(s_k/10) / sum_j 10^(s_j/10)     the comparator at s = 0 included, excluded causes not
/// ```
#[inline(always)]
fn exclusive<T: Float>(
    standings: Standings<'_>,
    odds: &mut [Odds],
    columns: &mut [&mut [T]],
    comparator: &mut [T],
    rows: std::ops::Range<usize>,
) {
    let mut highest = [0_i64; ROWS];
    for (highest, at) in steps_mut(&mut highest).iter_mut().zip((0..).step_by(LANES)) {
        // Found in a copy: a slot that is written only sometimes costs more than one that always is.
        let mut found = [0; LANES];
        for (cause, scores) in standings.scores.iter().enumerate() {
            let mut scores: [i64; LANES] = lanes(scores, at);
            if let Some(excluded) = standings.excluded_in(cause) {
                for (score, excluded) in scores.iter_mut().zip(lanes(excluded, at)) {
                    *score = if excluded == 0 { *score } else { 0 };
                }
            }
            for (found, score) in found.iter_mut().zip(scores) {
                *found = if score > *found { score } else { *found };
            }
        }
        *highest = found;
    }
    let mut own = [0.0; ROWS];
    for (own, highest) in steps_mut(&mut own).iter_mut().zip(steps(&highest)) {
        *own = each(&[0; LANES], highest);
    }
    let mut total = own;
    for (cause, (scores, odds)) in standings.scores.iter().zip(odds.iter_mut()).enumerate() {
        for ((odds, scores), highest) in steps_mut(odds).iter_mut().zip(steps(scores)).zip(steps(&highest)) {
            *odds = each(scores, highest);
        }
        if let Some(excluded) = standings.excluded_in(cause) {
            for (odds, excluded) in odds.iter_mut().zip(excluded) {
                *odds = if *excluded == 0 { *odds } else { 0.0 };
            }
        }
        for (total, odds) in total.iter_mut().zip(odds.iter()) {
            *total += *odds;
        }
    }
    for (cause, (odds, column)) in odds.iter().zip(columns).enumerate() {
        put(odds, &total, standings.excluded_in(cause), column, rows.clone());
    }
    put(&own, &total, None, comparator, rows);
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
    rows: std::ops::Range<usize>,
) {
    let (mut odds, mut total) = ([0.0; ROWS], [0.0; ROWS]);
    for (cause, (scores, column)) in standings.scores.iter().zip(columns).enumerate() {
        // As `LogOdds::probability`: the smaller power, so that nothing overflows on either side.
        for ((odds, total), scores) in
            steps_mut(&mut odds).iter_mut().zip(steps_mut(&mut total)).zip(steps(scores))
        {
            let highest = scores.map(|score| if score > 0 { score } else { 0 });
            let lowest = scores.map(|score| if score > 0 { 0 } else { score });
            let small = each(&lowest, &highest);
            for ((odds, total), (score, small)) in odds.iter_mut().zip(total).zip(scores.iter().zip(small)) {
                *total = 1.0 + small;
                *odds = if *score < 0 { small } else { 1.0 };
            }
        }
        put(&odds, &total, standings.excluded_in(cause), column, rows.clone());
    }
    for slot in comparator.get_mut(rows).unwrap_or_default() {
        *slot = T::of(Probability::EVEN.get());
    }
}

/// The odds of scores against the highest one. What is worked on is copied first: so lanes become vectors, which they
/// would not while one slot might be another.
#[inline(always)]
fn each(scores: &[i64; LANES], highest: &[i64; LANES]) -> [f64; LANES] {
    let (scores, highest) = (*scores, *highest);
    let mut odds = [0.0; LANES];
    for ((odds, score), highest) in odds.iter_mut().zip(scores).zip(highest) {
        *odds = odds_below(score.wrapping_sub(highest));
    }
    odds
}

/// The rows of a block, step by step.
#[inline(always)]
fn steps<T>(rows: &[T; ROWS]) -> &[[T; LANES]] {
    rows.as_chunks().0
}

#[inline(always)]
fn steps_mut<T>(rows: &mut [T; ROWS]) -> &mut [[T; LANES]] {
    rows.as_chunks_mut().0
}

/// Writes odds as shares of a total, as [`Probability::saturating`] has them, into a column: 0 where the cause is excluded.
#[inline(always)]
fn put<T: Float>(
    odds: &Odds,
    total: &Odds,
    excluded: Option<&Codes>,
    column: &mut [T],
    rows: std::ops::Range<usize>,
) {
    let column = column.get_mut(rows).unwrap_or_default();
    for ((slot, odds), total) in column.iter_mut().zip(odds).zip(total) {
        let share = odds / total;
        let share = if share < Probability::LEAST { Probability::LEAST } else { share };
        *slot = T::of(if share > Probability::MOST { Probability::MOST } else { share });
    }
    if let Some(excluded) = excluded {
        for (slot, excluded) in column.iter_mut().zip(excluded) {
            *slot = if *excluded == 0 { *slot } else { T::of(0.0) };
        }
    }
}
