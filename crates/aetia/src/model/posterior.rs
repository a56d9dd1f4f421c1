//! From scores to probabilities: the only floats of an assessment.

use super::{Outcome, Standing};
use crate::belief::{LogOdds, MOST_ODDS, Probability, odds};
use crate::document::Link;
use crate::index::{CauseIx, Indexed};

/// How many sums run side by side: each takes every eighth cause.
pub(crate) const SUMS: usize = 8;

/// Fills in the posteriors with gates and without, by a link.
///
/// # Formula
/// ```text
/// exclusive:    p_k = 10^(s_k/10) / sum_j 10^(s_j/10)     the comparator at s = 0 included
/// independent:  p_k = 10^(s_k/10) / (1 + 10^(s_k/10))
/// ```
pub(super) fn fill(link: Link, outcome: &mut Outcome, bites: bool, odds: &mut [f64]) {
    let standings = &mut outcome.standings;
    match link {
        Link::Independent => {
            for standing in standings.iter_mut() {
                standing.posterior = standing.score.probability();
                standing.posterior_ungated = standing.raw.probability();
            }
            outcome.comparator = (Probability::EVEN, Probability::EVEN);
        }
        Link::Exclusive => {
            let base = base(standings.iter().map(|standing| standing.raw));
            for (standing, odds) in standings.iter().zip(odds.iter_mut()) {
                *odds = against(standing.raw, base);
            }
            let shares = Shares::new(base, odds);
            for (standing, odds) in standings.iter_mut().zip(odds.iter()) {
                standing.posterior_ungated = shares.of(*odds);
                standing.posterior = standing.posterior_ungated;
            }
            let ungated = shares.of_comparator();
            let gated = if bites { gated(standings, base, odds) } else { ungated };
            outcome.comparator = (gated, ungated);
        }
    }
}

/// Fills in the posteriors with gates, and gives the comparator's. `odds` are those without gates, against `ungated`: they
/// stand wherever no gate moved a score, as long as they are taken against the same.
fn gated(standings: &mut Indexed<CauseIx, Standing>, ungated: LogOdds, odds: &mut [f64]) -> Probability {
    let score = |standing: &Standing| (!standing.is_excluded).then_some(standing.score);
    let base = base(standings.iter().filter_map(score));
    for (standing, odds) in standings.iter().zip(odds.iter_mut()) {
        match score(standing) {
            None => *odds = 0.0,
            Some(score) if score != standing.raw || base != ungated => *odds = against(score, base),
            Some(_) => {}
        }
    }
    let shares = Shares::new(base, odds);
    for (standing, odds) in standings.iter_mut().zip(odds.iter()) {
        standing.posterior = shares.of(*odds);
    }
    shares.of_comparator()
}

/// Against what odds are taken: the comparator's 0, or the highest score where odds against 0 might leave the range of a
/// float. So odds are the same from case to case as long as their scores are.
pub(crate) fn base(scores: impl Iterator<Item = LogOdds>) -> LogOdds {
    let highest = scores.fold(LogOdds::EVEN, LogOdds::max);
    if highest.nanodecibans() > MOST_ODDS { highest } else { LogOdds::EVEN }
}

/// The odds of a score against a base.
pub(crate) fn against(score: LogOdds, base: LogOdds) -> f64 {
    odds((score - base).nanodecibans())
}

/// What makes odds probabilities of causes that compete.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Shares {
    own: f64,
    each: f64,
}

impl Shares {
    /// The sum is made in eight, each of every eighth cause in order, and these are added to the comparator's odds one after
    /// another: so many additions need not wait for each other.
    pub(crate) fn new(base: LogOdds, odds: &[f64]) -> Self {
        let own = against(LogOdds::EVEN, base);
        let mut sums = [0.0; SUMS];
        let (eights, rest) = odds.as_chunks::<SUMS>();
        for eight in eights {
            for (sum, odds) in sums.iter_mut().zip(eight) {
                *sum += odds;
            }
        }
        for (sum, odds) in sums.iter_mut().zip(rest) {
            *sum += odds;
        }
        let total = sums.iter().fold(own, |total, sum| total + sum);
        Self { own, each: 1.0 / total }
    }

    /// The probability of a cause.
    #[inline]
    pub(crate) fn of(self, odds: f64) -> Probability {
        Probability::saturating(odds * self.each)
    }

    /// The probability of the comparator.
    pub(crate) fn of_comparator(self) -> Probability {
        self.of(self.own)
    }
}
