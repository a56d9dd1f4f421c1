//! From scores to probabilities: the only floats of an assessment.

use super::{Outcome, Standing};
use crate::belief::{LogOdds, Probability, exp10};
use crate::document::Link;
use crate::index::{CauseIx, Indexed};

/// Fills in the posteriors with gates and without, by a link.
///
/// # Formula
/// ```text
/// exclusive:    p_k = 10^(s_k/10) / sum_j 10^(s_j/10)     the comparator at s = 0 included
/// independent:  p_k = 10^(s_k/10) / (1 + 10^(s_k/10))
/// ```
pub(super) fn fill(link: Link, outcome: &mut Outcome, bites: bool, odds: &mut Vec<f64>) {
    let standings = &mut outcome.standings;
    match link {
        Link::Independent => {
            for standing in standings.iter_mut() {
                standing.posterior = standing.score.probability();
                standing.posterior_ungated = standing.raw.probability();
            }
            let even = LogOdds::EVEN.probability();
            outcome.comparator = (even, even);
        }
        Link::Exclusive => {
            let ungated = shares(standings, odds, |standing| Some(standing.raw));
            for (standing, share) in standings.iter_mut().zip(odds.iter()) {
                standing.posterior_ungated = Probability::saturating(*share);
                standing.posterior = standing.posterior_ungated;
            }
            let mut gated = ungated;
            if bites {
                gated = shares(standings, odds, |standing| (!standing.is_excluded).then_some(standing.score));
                for (standing, share) in standings.iter_mut().zip(odds.iter()) {
                    standing.posterior = Probability::saturating(*share);
                }
            }
            outcome.comparator = (gated, ungated);
        }
    }
}

/// Puts each cause's share of the odds into `shares`, and gives the comparator's, whose score is 0. The largest
/// score is taken off first, so that nothing overflows; sums run in the order of the causes.
fn shares(
    standings: &Indexed<CauseIx, Standing>,
    shares: &mut Vec<f64>,
    score: impl Fn(&Standing) -> Option<LogOdds>,
) -> Probability {
    let highest = standings.iter().filter_map(&score).fold(LogOdds::EVEN, LogOdds::max);
    let odds = |score: LogOdds| exp10((score - highest).nanodecibans());
    shares.clear();
    shares.extend(standings.iter().map(|standing| score(standing).map_or(0.0, odds)));
    let own = odds(LogOdds::EVEN);
    let total = shares.iter().fold(own, |sum, odds| sum + odds);
    for share in shares.iter_mut() {
        *share /= total;
    }
    Probability::saturating(own / total)
}
