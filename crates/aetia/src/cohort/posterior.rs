//! From scores to probabilities, some rows a step: the same operations in the same order as for one case.

use super::block::{Block, Codes, LANES, Odds, ROWS, Scores, lanes};
use super::room::FloatsRoom;
use crate::belief::{MOST_ODDS, Probability, odds, odds_within};
use crate::document::Link;
use crate::model::SUMS;

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

/// Room for the odds of causes, and for their sums.
type Room<'b> = (&'b mut [Odds], &'b mut [Odds]);

/// Writes the probabilities of the rows of a block into their columns: cause by cause, then the comparator. `is_near` says
/// that no score of the model is so far from 0 that its odds would have to be held.
#[inline(always)]
pub(super) fn write(
    block: &mut Block,
    is_gated: bool,
    is_near: bool,
    link: Link,
    causes: usize,
    columns: &mut FloatsRoom<'_>,
    rows: std::ops::Range<usize>,
) {
    let standings = if is_gated {
        Standings { scores: &block.gated, excluded: &block.excluded }
    } else {
        Standings { scores: block.raw.get(..causes).unwrap_or_default(), excluded: &[] }
    };
    let room = (&mut *block.odds, &mut *block.sums);
    match columns {
        FloatsRoom::Single(columns) => fill(standings, is_near, link, room, columns, rows),
        FloatsRoom::Double(columns) => fill(standings, is_near, link, room, columns, rows),
    }
}

#[inline(always)]
fn fill<T: Float>(
    standings: Standings<'_>,
    is_near: bool,
    link: Link,
    room: Room<'_>,
    columns: &mut [&mut [T]],
    rows: std::ops::Range<usize>,
) {
    let Some((comparator, columns)) = columns.split_last_mut() else { return };
    match (link, is_near) {
        (Link::Exclusive, _) if columns.len() > SUMS => exclusive(standings, room, columns, comparator, rows),
        (Link::Exclusive, true) => few::<T, true>(standings, columns, comparator, rows),
        (Link::Exclusive, false) => few::<T, false>(standings, columns, comparator, rows),
        (Link::Independent, _) => independent(standings, columns, comparator, rows),
    }
}

/// Against what odds are taken in the rows of a step: 0, or the highest score where that is too high.
#[inline(always)]
fn base(standings: Standings<'_>, at: usize) -> [i64; LANES] {
    let mut highest = [0; LANES];
    for (cause, scores) in standings.scores.iter().enumerate() {
        let mut scores: [i64; LANES] = lanes(scores, at);
        if let Some(excluded) = standings.excluded_in(cause) {
            for (score, excluded) in scores.iter_mut().zip(lanes(excluded, at)) {
                *score = if excluded == 0 { *score } else { 0 };
            }
        }
        for (highest, score) in highest.iter_mut().zip(scores) {
            *highest = if score > *highest { score } else { *highest };
        }
    }
    for highest in &mut highest {
        *highest = if *highest > MOST_ODDS { *highest } else { 0 };
    }
    highest
}

/// As [`exclusive`], for no more causes than there are sums: every sum is the odds of one cause. All of a step is done at
/// once, so that nothing but scores is read and nothing but probabilities is written.
#[inline(always)]
fn few<T: Float, const IS_NEAR: bool>(
    standings: Standings<'_>,
    columns: &mut [&mut [T]],
    comparator: &mut [T],
    rows: std::ops::Range<usize>,
) {
    for (at, row) in (0..ROWS).zip(rows.clone()).step_by(LANES) {
        let base = if IS_NEAR { [0; LANES] } else { base(standings, at) };
        let own = if IS_NEAR { [1.0; LANES] } else { each(&[0; LANES], &base) };
        let (mut odds, mut total) = ([[0.0; LANES]; SUMS], own);
        for (cause, (scores, odds)) in standings.scores.iter().zip(&mut odds).enumerate() {
            let scores: [i64; LANES] = lanes(scores, at);
            let mut found = if IS_NEAR { each_near(scores) } else { each(&scores, &base) };
            if let Some(excluded) = standings.excluded_in(cause) {
                for (odds, excluded) in found.iter_mut().zip(lanes(excluded, at)) {
                    *odds = if excluded == 0 { *odds } else { 0.0 };
                }
            }
            for (total, odds) in total.iter_mut().zip(found) {
                *total += odds;
            }
            *odds = found;
        }
        let mut each = [0.0; LANES];
        for (each, total) in each.iter_mut().zip(total) {
            *each = 1.0 / total;
        }
        for (cause, (odds, column)) in odds.iter().zip(columns.iter_mut()).enumerate() {
            let mut shares = shares(odds, &each);
            if let Some(excluded) = standings.excluded_in(cause) {
                for (share, excluded) in shares.iter_mut().zip(lanes(excluded, at)) {
                    *share = if excluded == 0 { *share } else { T::of(0.0) };
                }
            }
            put(shares, column, row, rows.end);
        }
        put(shares(&own, &each), comparator, row, rows.end);
    }
}

/// # Formula
/// ```text
/// p_k = 10^(s_k/10) / sum_j 10^(s_j/10)     the comparator at s = 0 included, excluded causes not
/// ```
#[inline(always)]
fn exclusive<T: Float>(
    standings: Standings<'_>,
    (odds, sums): Room<'_>,
    columns: &mut [&mut [T]],
    comparator: &mut [T],
    rows: std::ops::Range<usize>,
) {
    let (mut bases, mut own) = ([0_i64; ROWS], [0.0; ROWS]);
    for ((bases, own), at) in
        steps_mut(&mut bases).iter_mut().zip(steps_mut(&mut own)).zip((0..).step_by(LANES))
    {
        *bases = base(standings, at);
        *own = each(&[0; LANES], bases);
    }
    sums.fill([0.0; ROWS]);
    for (cause, (scores, odds)) in standings.scores.iter().zip(odds.iter_mut()).enumerate() {
        for ((odds, scores), base) in steps_mut(odds).iter_mut().zip(steps(scores)).zip(steps(&bases)) {
            *odds = each(scores, base);
        }
        if let Some(excluded) = standings.excluded_in(cause) {
            for (odds, excluded) in odds.iter_mut().zip(excluded) {
                *odds = if *excluded == 0 { *odds } else { 0.0 };
            }
        }
        if let Some(sum) = sums.get_mut(cause % SUMS) {
            for (sum, odds) in sum.iter_mut().zip(odds.iter()) {
                *sum += *odds;
            }
        }
    }
    let mut whole = own;
    for sum in &*sums {
        for (whole, sum) in whole.iter_mut().zip(sum) {
            *whole += *sum;
        }
    }
    for whole in &mut whole {
        *whole = 1.0 / *whole;
    }
    for (cause, (odds, column)) in odds.iter().zip(columns).enumerate() {
        put_all(odds, &whole, standings.excluded_in(cause), column, rows.clone());
    }
    put_all(&own, &whole, None, comparator, rows);
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
            let (mut highest, mut lowest) = ([0; LANES], [0; LANES]);
            for ((highest, lowest), score) in highest.iter_mut().zip(&mut lowest).zip(scores) {
                *highest = if *score > 0 { *score } else { 0 };
                *lowest = if *score > 0 { 0 } else { *score };
            }
            let small = each(&lowest, &highest);
            for ((odds, total), (score, small)) in odds.iter_mut().zip(total).zip(scores.iter().zip(small)) {
                *total = 1.0 + small;
                *odds = if *score < 0 { small } else { 1.0 };
            }
        }
        for (odds, total) in odds.iter_mut().zip(&total) {
            *odds /= *total;
        }
        put_all(&odds, &[1.0; ROWS], standings.excluded_in(cause), column, rows.clone());
    }
    for slot in comparator.get_mut(rows).unwrap_or_default() {
        *slot = T::of(Probability::EVEN.get());
    }
}

/// The odds of scores that are known to be near 0.
#[inline(always)]
fn each_near(scores: [i64; LANES]) -> [f64; LANES] {
    let mut all = [0.0; LANES];
    for (all, score) in all.iter_mut().zip(scores) {
        *all = odds_within(score);
    }
    all
}

/// The odds of scores against others. No `map` of arrays, which is a call of its own. What is worked on is copied first: so lanes become vectors, which they
/// would not while one slot might be another.
#[inline(always)]
fn each(scores: &[i64; LANES], bases: &[i64; LANES]) -> [f64; LANES] {
    let (scores, bases) = (*scores, *bases);
    let mut all = [0.0; LANES];
    for ((all, score), base) in all.iter_mut().zip(scores).zip(bases) {
        *all = odds(score.wrapping_sub(base));
    }
    all
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

/// Odds as shares of a total that was divided into 1, as [`Probability::saturating`] has them.
#[inline(always)]
fn share<T: Float>(odds: f64, each: f64) -> T {
    let share = odds * each;
    let share = if share < Probability::LEAST { Probability::LEAST } else { share };
    T::of(if share > Probability::MOST { Probability::MOST } else { share })
}

#[inline(always)]
fn shares<T: Float>(odds: &[f64; LANES], each: &[f64; LANES]) -> [T; LANES] {
    let mut shares = [T::of(0.0); LANES];
    for ((slot, odds), each) in shares.iter_mut().zip(odds).zip(each) {
        *slot = share(*odds, *each);
    }
    shares
}

/// Writes the values of a step into a column, up to its end.
#[inline(always)]
fn put<T: Float>(values: [T; LANES], column: &mut [T], row: usize, end: usize) {
    let slots = column.get_mut(row..end).unwrap_or_default();
    if let Some(slots) = slots.first_chunk_mut() {
        *slots = values;
    } else {
        slots.iter_mut().zip(values).for_each(|(slot, value)| *slot = value);
    }
}

/// Writes the shares of a block into a column: 0 where the cause is excluded.
#[inline(always)]
fn put_all<T: Float>(
    odds: &Odds,
    each: &Odds,
    excluded: Option<&Codes>,
    column: &mut [T],
    rows: std::ops::Range<usize>,
) {
    let column = column.get_mut(rows).unwrap_or_default();
    for ((slot, odds), each) in column.iter_mut().zip(odds).zip(each) {
        *slot = share(*odds, *each);
    }
    if let Some(excluded) = excluded {
        for (slot, excluded) in column.iter_mut().zip(excluded) {
            *slot = if *excluded == 0 { *slot } else { T::of(0.0) };
        }
    }
}
