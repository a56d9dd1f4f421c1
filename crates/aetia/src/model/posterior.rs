//! From scores to probabilities: the only floats of an assessment.

use super::{Outcome, Standing};
use crate::belief::{LogOdds, Probability, odds_below};
use crate::document::Link;
use crate::index::{CauseIx, Indexed};

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
            let highest = highest(standings, |standing| Some(standing.raw));
            let relative = |score: LogOdds| odds_below((score - highest).nanodecibans());
            for (standing, odds) in standings.iter().zip(odds.iter_mut()) {
                *odds = relative(standing.raw);
            }
            let own = relative(LogOdds::EVEN);
            let total = total(own, odds);
            for (standing, odds) in standings.iter_mut().zip(odds.iter()) {
                standing.posterior_ungated = Probability::saturating(odds / total);
                standing.posterior = standing.posterior_ungated;
            }
            let ungated = Probability::saturating(own / total);
            let gated = if bites { gated(standings, highest, odds) } else { ungated };
            outcome.comparator = (gated, ungated);
        }
    }
}

/// Fills in the posteriors with gates, and gives the comparator's. `odds` are those without gates, relative to
/// `highest`: they stand wherever no gate moved a score, as long as the highest score stands.
fn gated(standings: &mut Indexed<CauseIx, Standing>, highest: LogOdds, odds: &mut [f64]) -> Probability {
    let score = |standing: &Standing| (!standing.is_excluded).then_some(standing.score);
    let now = self::highest(standings, score);
    let relative = |score: LogOdds| odds_below((score - now).nanodecibans());
    for (standing, odds) in standings.iter().zip(odds.iter_mut()) {
        match score(standing) {
            None => *odds = 0.0,
            Some(score) if score != standing.raw || now != highest => *odds = relative(score),
            Some(_) => {}
        }
    }
    let own = relative(LogOdds::EVEN);
    let total = total(own, odds);
    for (standing, odds) in standings.iter_mut().zip(odds.iter()) {
        standing.posterior = Probability::saturating(odds / total);
    }
    Probability::saturating(own / total)
}

/// The highest score, the comparator's 0 included: it is taken off first, so that nothing overflows.
fn highest(standings: &Indexed<CauseIx, Standing>, score: impl Fn(&Standing) -> Option<LogOdds>) -> LogOdds {
    standings.iter().filter_map(score).fold(LogOdds::EVEN, LogOdds::max)
}

/// The sum of the odds, in the order of the causes, the comparator's first.
fn total(own: f64, odds: &[f64]) -> f64 {
    odds.iter().fold(own, |sum, odds| sum + odds)
}
