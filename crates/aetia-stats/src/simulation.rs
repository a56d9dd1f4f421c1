//! The chances of ranks, by letting the errors of all sources loose at once, many times.

use std::cmp::Ordering;

use aetia::{CauseId, Link, LogOdds, Probability, exp10};
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::SeedableRng;
use rand_distr::{Distribution, StandardNormal};

use crate::gates::Gates;
use crate::normal::nanodecibans;
use crate::uncertainty::Uncertainty;

/// The most draws of one simulation.
const MOST: u32 = 100_000;
/// How many draws share a stream of the generator, and go to one thread: few enough to share out, enough to be worth it. Part of
/// what a seed means: another number gives other draws.
const BATCH: usize = 128;
/// How many causes are ranked by comparing them two by two.
const FEW: usize = 16;
/// Of so many draws one is looked at for a first idea of where a quantile lies.
const GLANCE: usize = 16;

/// How often to draw, and from which seed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Draws {
    count: u32,
    seed: u64,
}

/// A number of draws that is 0 or above 100,000.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DrawsError {
    count: u32,
}

impl std::fmt::Display for DrawsError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} draws were asked for, expected 1 to {MOST}", self.count)
    }
}

impl std::error::Error for DrawsError {}

impl Draws {
    /// So many draws, from a seed.
    ///
    /// # Errors
    /// [`DrawsError`] unless there are 1 to 100,000.
    ///
    /// ```
    /// use aetia_stats::Draws;
    /// assert_eq!(Draws::default(), Draws::new(4_000, 0)?);
    /// assert!(Draws::new(0, 0).is_err());
    /// # Ok::<(), aetia_stats::DrawsError>(())
    /// ```
    pub fn new(count: u32, seed: u64) -> Result<Self, DrawsError> {
        if (1..=MOST).contains(&count) { Ok(Self { count, seed }) } else { Err(DrawsError { count }) }
    }

    /// How many draws.
    pub const fn count(self) -> u32 {
        self.count
    }

    /// The seed.
    pub const fn seed(self) -> u64 {
        self.seed
    }
}

impl Default for Draws {
    /// 4,000 draws from seed 0: a chance is then off by 0.008 at most, at one standard error.
    fn default() -> Self {
        Self { count: 4_000, seed: 0 }
    }
}

/// How often each cause came to which rank.
#[derive(Clone, Debug, PartialEq)]
pub struct Simulation {
    draws: Draws,
    causes: Vec<CauseId>,
    /// How often each cause had each rank: cause by cause, from rank 1.
    ranks: Vec<u32>,
    intervals: Vec<Option<(Probability, Probability)>>,
}

impl Simulation {
    /// How often was drawn, and from which seed.
    pub fn draws(&self) -> Draws {
        self.draws
    }

    /// The named causes, in the order of their identifiers.
    pub fn causes(&self) -> &[CauseId] {
        &self.causes
    }

    /// The share of draws in which a cause is first; none where there is no such cause. Over all causes the shares sum to 1.
    pub fn first(&self, cause: &str) -> Option<f64> {
        self.within(cause, 1)
    }

    /// The share of draws in which a cause is among the first `k`; none where there is no such cause.
    pub fn within(&self, cause: &str, k: usize) -> Option<f64> {
        let at = self.at(cause)?;
        let n = self.causes.len();
        let ranks = self.ranks.get(at * n..(at + 1) * n)?;
        let hits: u32 = ranks.iter().take(k).sum();
        Some(f64::from(hits) / f64::from(self.draws.count))
    }

    /// The interval that holds the middle 95 % of the draws of a cause's probability after gates; none where there is no such
    /// cause, and where it is excluded.
    pub fn interval(&self, cause: &str) -> Option<(Probability, Probability)> {
        *self.intervals.get(self.at(cause)?)?
    }

    fn at(&self, cause: &str) -> Option<usize> {
        self.causes.binary_search_by(|id| id.as_str().cmp(cause)).ok()
    }
}

impl Uncertainty<'_> {
    /// Draws every source's error, applies the gates, ranks, and counts.
    ///
    /// Draws come from a counter-based generator (`ChaCha8`) whose key is made of the knowledge base's meaning hash, the case's
    /// hash and the seed, 128 draws from each of its streams, numbered by the draw: the figures do not depend on the number of
    /// threads, nor on the order in which they work, and more draws begin with the same ones.
    ///
    /// # Formula
    /// ```text
    /// s = s_hat + C z      z standard normal, C C' = Cov (Cholesky)
    /// ```
    pub fn simulate(&self, draws: &Draws) -> Simulation {
        let n = self.candidates.len();
        let count = usize::try_from(draws.count).unwrap_or(usize::MAX);
        let plan = Plan {
            gates: &self.footing.gates,
            raw: &self.footing.raw,
            factor: cholesky(&self.errors.covariances(), n),
            link: self.assessment.link(),
            key: key(self.assessment.model().meaning_hash(), &self.assessment.case().hash(), draws.seed),
        };
        let mut shares = vec![0.0; count.next_multiple_of(BATCH) * n];
        let ranks = plan.run(&mut shares, count);
        let mut column = Vec::with_capacity(count);
        let intervals = self.footing.gates.rules().iter().enumerate().map(|(cause, rule)| {
            if rule.is_excluded {
                return None;
            }
            column.clear();
            for batch in shares.chunks_exact(BATCH * n) {
                column.extend_from_slice(lane(batch, cause));
            }
            column.truncate(count);
            middle(&mut column)
        });
        let intervals = intervals.collect();
        let causes = self.candidates.iter().map(|candidate| candidate.id().clone()).collect();
        Simulation { draws: *draws, causes, ranks, intervals }
    }
}

/// All that a draw needs.
struct Plan<'u> {
    gates: &'u Gates,
    raw: &'u [i64],
    /// The Cholesky factor of the covariance, row by row.
    factor: Vec<f64>,
    link: Link,
    key: [u8; 32],
}

/// Room for the numbers of one batch: cause by cause, the draws of a cause side by side.
struct Room {
    normals: Vec<f64>,
    raw: Vec<i64>,
    gated: Vec<i64>,
    /// Of each draw, the score of the best open cause, then the highest score that is shown.
    best: Vec<i64>,
    /// How often each cause has each rank.
    ranks: Vec<u32>,
    /// Room to sort the causes of one draw, where there are many.
    order: Vec<usize>,
}

/// The draws of one cause.
fn lane<T>(all: &[T], cause: usize) -> &[T] {
    all.get(cause * BATCH..(cause + 1) * BATCH).unwrap_or_default()
}

fn lane_mut<T>(all: &mut [T], cause: usize) -> &mut [T] {
    all.get_mut(cause * BATCH..(cause + 1) * BATCH).unwrap_or_default()
}

impl Plan<'_> {
    /// Draws batch by batch; each has its share of the result, so that it does not matter who takes which.
    #[cfg(not(feature = "parallel"))]
    fn run(&self, shares: &mut [f64], count: usize) -> Vec<u32> {
        let n = self.raw.len();
        let batches = shares.chunks_mut(BATCH * n).enumerate();
        batches.map(|(at, shares)| self.batch(at, shares, count)).fold(vec![0; n * n], add)
    }

    /// The same on several threads: batches are what they are whoever takes them, and whole numbers add in any order.
    #[cfg(feature = "parallel")]
    fn run(&self, shares: &mut [f64], count: usize) -> Vec<u32> {
        use rayon::iter::{IndexedParallelIterator, ParallelIterator};
        use rayon::slice::ParallelSliceMut;
        let n = self.raw.len();
        let batches = shares.par_chunks_mut(BATCH * n).enumerate();
        batches.map(|(at, shares)| self.batch(at, shares, count)).reduce(|| vec![0; n * n], add)
    }

    /// One batch of draws, of which the last may be more than are wanted.
    fn batch(&self, at: usize, shares: &mut [f64], count: usize) -> Vec<u32> {
        let n = self.raw.len();
        let wanted = count.saturating_sub(at * BATCH).min(BATCH);
        let mut room = Room {
            normals: vec![0.0; n * BATCH],
            raw: vec![0; n * BATCH],
            gated: vec![0; n * BATCH],
            best: vec![0; BATCH],
            ranks: vec![0; n * n],
            order: (0..n).collect(),
        };
        let mut random = ChaCha8Rng::from_seed(self.key);
        random.set_stream(u64::try_from(at).unwrap_or(u64::MAX));
        // A draw takes its numbers one after the other, so that more draws begin with the same ones.
        for draw in 0..wanted {
            for normal in room.normals.iter_mut().skip(draw).step_by(BATCH) {
                *normal = StandardNormal.sample(&mut random);
            }
        }
        self.scores(&room.normals, &mut room.raw);
        self.gates.apply_all(&room.raw, &mut room.gated, &mut room.best);
        if n <= FEW {
            self.rank_by_pairs(&mut room, wanted);
        } else {
            self.rank_by_sorting(&mut room, wanted);
        }
        self.shares(&room.gated, &mut room.best, shares);
        room.ranks
    }

    /// The scores of all draws before gates.
    fn scores(&self, normals: &[f64], raw: &mut [i64]) {
        let n = self.raw.len();
        let mut moved = [0.0; BATCH];
        for ((cause, mean), row) in self.raw.iter().enumerate().zip(self.factor.chunks_exact(n)) {
            moved.fill(0.0);
            // Beyond the diagonal the factor is zero.
            for (of, factor) in row.iter().enumerate().take(cause + 1) {
                for (moved, normal) in moved.iter_mut().zip(lane(normals, of)) {
                    *moved += factor * normal;
                }
            }
            for (score, moved) in lane_mut(raw, cause).iter_mut().zip(&moved) {
                *score = mean.saturating_add(nanodecibans(*moved));
            }
        }
    }

    fn is_excluded(&self, cause: usize) -> bool {
        self.gates.rules().get(cause).is_some_and(|rule| rule.is_excluded)
    }

    /// Counts ranks by comparing causes two by two: without a branch that nobody can foretell.
    fn rank_by_pairs(&self, room: &mut Room, wanted: usize) {
        let n = self.raw.len();
        let mut ranks = [[0_u8; BATCH]; FEW];
        for one in (0..n).filter(|cause| !self.is_excluded(*cause)) {
            for other in (one + 1..n).filter(|cause| !self.is_excluded(*cause)) {
                let (Some([mine, .., theirs]), true) = (ranks.get_mut(one..=other), one < other) else {
                    continue;
                };
                let of = |cause: usize| lane(&room.gated, cause).iter().zip(lane(&room.raw, cause));
                let pairs = of(one).zip(of(other)).zip(mine.iter_mut().zip(theirs));
                // Of equals the one with the smaller identifier stands first. Where neither is barred scores before gates say no more.
                let is_plain = self.gates.is_plain(one) && self.gates.is_plain(other);
                for ((mine, theirs), (below_mine, below_theirs)) in pairs {
                    let is_above = if is_plain { mine.0 >= theirs.0 } else { mine >= theirs };
                    *below_mine += u8::from(!is_above);
                    *below_theirs += u8::from(is_above);
                }
            }
        }
        for (cause, ranks) in ranks.iter().enumerate().take(n).filter(|(cause, _)| !self.is_excluded(*cause))
        {
            for rank in ranks.iter().take(wanted) {
                if let Some(times) = room.ranks.get_mut(cause * n + usize::from(*rank)) {
                    *times += 1;
                }
            }
        }
    }

    /// Counts ranks by sorting the causes of each draw: for many causes.
    fn rank_by_sorting(&self, room: &mut Room, wanted: usize) {
        let Room { raw, gated, order, ranks, .. } = room;
        let n = order.len();
        for draw in 0..wanted {
            let of =
                |scores: &[i64], cause: usize| scores.get(cause * BATCH + draw).copied().unwrap_or(i64::MIN);
            let key =
                |at: &usize| (!self.is_excluded(*at), of(gated, *at), of(raw, *at), std::cmp::Reverse(*at));
            order.sort_unstable_by_key(|at| std::cmp::Reverse(key(at)));
            for (rank, cause) in order.iter().enumerate().take_while(|(_, cause)| !self.is_excluded(**cause))
            {
                if let Some(times) = ranks.get_mut(cause * n + rank) {
                    *times += 1;
                }
            }
        }
    }

    /// The probabilities of all draws, as the core has them.
    fn shares(&self, gated: &[i64], highest: &mut [i64], shares: &mut [f64]) {
        let n = self.raw.len();
        match self.link {
            Link::Independent => {
                for (share, score) in shares.iter_mut().zip(gated) {
                    *share = LogOdds::from_nanodecibans(*score).probability().get();
                }
            }
            Link::Exclusive => {
                let ranked = || (0..n).filter(|cause| !self.is_excluded(*cause));
                highest.fill(0);
                for cause in ranked() {
                    for (highest, score) in highest.iter_mut().zip(lane(gated, cause)) {
                        *highest = (*highest).max(*score);
                    }
                }
                let mut totals = [0.0; BATCH];
                for (total, highest) in totals.iter_mut().zip(highest.iter()) {
                    *total = exp10(-highest);
                }
                for cause in ranked() {
                    let scores = lane(gated, cause).iter().zip(highest.iter());
                    let into = lane_mut(shares, cause).iter_mut().zip(&mut totals);
                    for ((share, total), (score, highest)) in into.zip(scores) {
                        *share = exp10(score.saturating_sub(*highest));
                        *total += *share;
                    }
                }
                for cause in ranked() {
                    for (share, total) in lane_mut(shares, cause).iter_mut().zip(&totals) {
                        *share /= total;
                    }
                }
            }
        }
    }
}

fn add(mut sum: Vec<u32>, more: Vec<u32>) -> Vec<u32> {
    for (sum, more) in sum.iter_mut().zip(more) {
        *sum += more;
    }
    sum
}

/// The middle 95 % of some numbers, which change their order: of 4,000 the 101st and the 3,900th.
fn middle(numbers: &mut [f64]) -> Option<(Probability, Probability)> {
    let tail = numbers.len() / 40;
    let low = smallest(numbers, tail, f64::total_cmp)?;
    let high = smallest(numbers, tail, |one, other| other.total_cmp(one))?;
    // A draw may round to an end of [0, 1].
    let inside = |share: f64| Probability::new(share.clamp(f64::MIN_POSITIVE, 1.0 - f64::EPSILON / 2.0)).ok();
    Some((inside(low)?, inside(high)?))
}

/// The number before which so many others come. Few are wanted, so most numbers are put aside first, by a look at some of them.
fn smallest(numbers: &mut [f64], at: usize, order: impl Fn(&f64, &f64) -> Ordering) -> Option<f64> {
    let mut some: Vec<f64> = numbers.iter().copied().step_by(GLANCE).collect();
    // Twice as far into the sample as into the whole, and a little more, so that enough is left in all likelihood.
    let far = (2 * at / GLANCE + 2).min(some.len().checked_sub(1)?);
    let (_, bound, _) = some.select_nth_unstable_by(far, &order);
    let bound = *bound;
    let mut left = Vec::with_capacity(numbers.len() / 4);
    left.extend(numbers.iter().copied().filter(|number| order(number, &bound).is_le()));
    let all = if left.len() > at { left.as_mut_slice() } else { numbers };
    Some(*all.select_nth_unstable_by(at.min(all.len().checked_sub(1)?), order).1)
}

/// The key of the generator: 12 bytes of each hash, and the seed.
fn key(kb: &str, case: &str, seed: u64) -> [u8; 32] {
    let bytes = |hash: &str| -> Vec<u8> {
        let digit = |digit: u8| {
            char::from(digit).to_digit(16).and_then(|digit| u8::try_from(digit).ok()).unwrap_or(0)
        };
        hash.as_bytes()
            .chunks(2)
            .map(|pair| pair.iter().fold(0, |byte, of| byte << 4 | digit(*of)))
            .take(12)
            .collect()
    };
    let mut key = [0; 32];
    let all = bytes(kb).into_iter().chain(bytes(case)).chain(seed.to_le_bytes());
    for (to, from) in key.iter_mut().zip(all) {
        *to = from;
    }
    key
}

/// The lower triangle `C` with `C C' = covariance`; a direction without variance gets zeros.
fn cholesky(covariance: &[f64], n: usize) -> Vec<f64> {
    let mut factor = vec![0.0; n * n];
    let read = |of: &[f64], row: usize, column: usize| of.get(row * n + column).copied().unwrap_or_default();
    for row in 0..n {
        for column in 0..=row {
            let done: f64 = (0..column).map(|k| read(&factor, row, k) * read(&factor, column, k)).sum();
            let left = read(covariance, row, column) - done;
            let value = if row == column {
                // What rounding leaves of a zero is no variance.
                let own = read(covariance, row, row);
                if left > 1e-12 * own { libm::sqrt(left) } else { 0.0 }
            } else {
                let pivot = read(&factor, column, column);
                if pivot > 0.0 { left / pivot } else { 0.0 }
            };
            if let Some(cell) = factor.get_mut(row * n + column) {
                *cell = value;
            }
        }
    }
    factor
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_factor_gives_back_its_covariance_even_without_full_rank() {
        // Two equal scores, and one on its own.
        let covariance = [4.0, 4.0, 1.0, 4.0, 4.0, 1.0, 1.0, 1.0, 9.0];
        let factor = cholesky(&covariance, 3);
        for (row, one) in factor.chunks(3).enumerate() {
            for (column, other) in factor.chunks(3).enumerate() {
                let product: f64 = one.iter().zip(other).map(|(a, b)| a * b).sum();
                assert!((product - covariance[row * 3 + column]).abs() < 1e-12, "{factor:?}");
            }
        }
    }

    #[test]
    fn the_key_is_made_of_both_hashes_and_the_seed() {
        let key = key("0123456789abcdef0123456789abcdef", "ff00ff00ff00ff00ff00ff00ff00ff00", 7);
        assert_eq!(key[..4], [0x01, 0x23, 0x45, 0x67]);
        assert_eq!(key[12..14], [0xff, 0]);
        assert_eq!(key[24], 7);
    }

    /// However the numbers lie, also where the look at some of them misleads: those looked at are all small, all large, or equal.
    #[test]
    fn a_quantile_is_that_of_sorted_numbers() {
        let glanced =
            |at: usize, small: f64, large: f64| if at.is_multiple_of(GLANCE) { small } else { large };
        let kinds: [&dyn Fn(usize) -> f64; 4] = [
            &|at| glanced(at, 0.1, 0.9) + 1e-6 * f64::from(u16::try_from(at).unwrap()),
            &|at| glanced(at, 0.9, 0.1) + 1e-6 * f64::from(u16::try_from(at).unwrap()),
            &|_| 0.5,
            &|at| f64::from(u32::try_from(at * 7_919 % 4_001).unwrap()) / 4_001.0,
        ];
        for (kind, count) in kinds.into_iter().zip([4_000; 4]).chain(kinds.into_iter().zip([1, 2, 39, 40])) {
            let mut numbers: Vec<f64> = (0..count).map(kind).collect();
            let mut sorted = numbers.clone();
            sorted.sort_unstable_by(f64::total_cmp);
            let tail = count / 40;
            let found = middle(&mut numbers).map(|(low, high)| (low.get(), high.get()));
            let inside = |share: f64| share.clamp(f64::MIN_POSITIVE, 1.0 - f64::EPSILON / 2.0);
            assert_eq!(found, Some((inside(sorted[tail]), inside(sorted[count - 1 - tail]))), "{count}");
        }
    }

    #[test]
    fn the_middle_leaves_a_fortieth_on_either_side() {
        let mut numbers: Vec<f64> = (1..=4000).map(|n| f64::from(n) / 5000.0).rev().collect();
        let (low, high) = middle(&mut numbers).unwrap();
        assert!((low.get() - 101.0 / 5000.0).abs() < 1e-15 && (high.get() - 3900.0 / 5000.0).abs() < 1e-15);
    }
}
