//! The chances of ranks, by letting the errors of all sources loose at once, many times.

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
            gates: &self.gates,
            raw: &self.raw,
            factor: cholesky(&self.errors.covariances(), n),
            link: self.assessment.link(),
            key: key(self.assessment.model().meaning_hash(), &self.assessment.case().hash(), draws.seed),
        };
        let mut shares = vec![0.0; count * n];
        let ranks = plan.run(&mut shares);
        let mut column = vec![0.0; count];
        let intervals = self.gates.rules().iter().enumerate().map(|(cause, rule)| {
            if rule.is_excluded {
                return None;
            }
            for (share, row) in column.iter_mut().zip(shares.chunks_exact(n)) {
                *share = row.get(cause).copied().unwrap_or_default();
            }
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

/// Room for one draw.
struct Room {
    normals: Vec<f64>,
    raw: Vec<i64>,
    gated: Vec<i64>,
    order: Vec<usize>,
    ranks: Vec<u32>,
}

impl Plan<'_> {
    /// Fills in the probabilities, draw by draw, and gives how often each cause had each rank.
    #[cfg(not(feature = "parallel"))]
    fn run(&self, shares: &mut [f64]) -> Vec<u32> {
        let n = self.raw.len();
        let batches = shares.chunks_mut(BATCH * n).enumerate();
        batches.map(|(at, shares)| self.batch(at, shares)).fold(vec![0; n * n], add)
    }

    /// The same on several threads: batches are what they are whoever takes them, and whole numbers add in any order.
    #[cfg(feature = "parallel")]
    fn run(&self, shares: &mut [f64]) -> Vec<u32> {
        use rayon::iter::{IndexedParallelIterator, ParallelIterator};
        use rayon::slice::ParallelSliceMut;
        let n = self.raw.len();
        let batches = shares.par_chunks_mut(BATCH * n).enumerate();
        batches.map(|(at, shares)| self.batch(at, shares)).reduce(|| vec![0; n * n], add)
    }

    /// One batch of draws.
    fn batch(&self, at: usize, shares: &mut [f64]) -> Vec<u32> {
        let n = self.raw.len();
        let mut room = Room {
            normals: vec![0.0; n],
            raw: vec![0; n],
            gated: vec![0; n],
            order: (0..n).collect(),
            ranks: vec![0; n * n],
        };
        let mut random = ChaCha8Rng::from_seed(self.key);
        random.set_stream(u64::try_from(at).unwrap_or(u64::MAX));
        for shares in shares.chunks_exact_mut(n) {
            self.draw(&mut random, &mut room, shares);
        }
        room.ranks
    }

    /// One draw; it asks for no memory.
    fn draw(&self, random: &mut ChaCha8Rng, room: &mut Room, shares: &mut [f64]) {
        let n = self.raw.len();
        for normal in &mut room.normals {
            *normal = StandardNormal.sample(random);
        }
        for ((score, mean), row) in room.raw.iter_mut().zip(self.raw).zip(self.factor.chunks_exact(n)) {
            let moved: f64 = row.iter().zip(&room.normals).map(|(factor, normal)| factor * normal).sum();
            *score = mean.saturating_add(nanodecibans(moved));
        }
        self.gates.apply(&room.raw, &mut room.gated);
        self.rank(room);
        self.share(&room.gated, shares);
    }

    /// Counts the ranks of a draw.
    fn rank(&self, room: &mut Room) {
        let Room { raw, gated, order, ranks, .. } = room;
        let of = |scores: &[i64], at: usize| scores.get(at).copied().unwrap_or(i64::MIN);
        let is_excluded = |at: usize| self.gates.rules().get(at).is_some_and(|rule| rule.is_excluded);
        let key = |at: &usize| (!is_excluded(*at), of(gated, *at), of(raw, *at), std::cmp::Reverse(*at));
        order.sort_unstable_by_key(|at| std::cmp::Reverse(key(at)));
        let n = order.len();
        for (rank, cause) in order.iter().enumerate().take_while(|(_, cause)| !is_excluded(**cause)) {
            if let Some(times) = ranks.get_mut(cause * n + rank) {
                *times += 1;
            }
        }
    }

    /// The probabilities of a draw, as the core has them.
    fn share(&self, gated: &[i64], shares: &mut [f64]) {
        match self.link {
            Link::Independent => {
                for (share, score) in shares.iter_mut().zip(gated) {
                    *share = LogOdds::from_nanodecibans(*score).probability().get();
                }
            }
            Link::Exclusive => {
                let rules = self.gates.rules();
                let ranked = gated.iter().zip(rules).filter(|(_, rule)| !rule.is_excluded);
                let highest = ranked.map(|(score, _)| *score).fold(0, i64::max);
                let mut total = exp10(-highest);
                for ((share, score), rule) in shares.iter_mut().zip(gated).zip(rules) {
                    *share = if rule.is_excluded { 0.0 } else { exp10(score.saturating_sub(highest)) };
                    total += *share;
                }
                for share in shares {
                    *share /= total;
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
    let last = numbers.len().checked_sub(1)?;
    let low = *numbers.select_nth_unstable_by(tail.min(last), f64::total_cmp).1;
    let high = *numbers.select_nth_unstable_by(last - tail.min(last), f64::total_cmp).1;
    // A draw may round to an end of [0, 1].
    let inside = |share: f64| Probability::new(share.clamp(f64::MIN_POSITIVE, 1.0 - f64::EPSILON / 2.0)).ok();
    Some((inside(low)?, inside(high)?))
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

    #[test]
    fn the_middle_leaves_a_fortieth_on_either_side() {
        let mut numbers: Vec<f64> = (1..=4000).map(|n| f64::from(n) / 5000.0).rev().collect();
        let (low, high) = middle(&mut numbers).unwrap();
        assert!((low.get() - 101.0 / 5000.0).abs() < 1e-15 && (high.get() - 3900.0 / 5000.0).abs() < 1e-15);
    }
}
