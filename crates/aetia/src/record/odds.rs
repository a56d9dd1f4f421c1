//! Whether the probabilities of a stored result follow from its scores.

use super::{CandidateRecord, Record, RecordError};
use crate::belief::{LikelihoodRatio, LogOdds};
use crate::document::Link;
use crate::explanation::ContributionKind;

/// How far log-odds taken back from two probabilities may lie beside the score, in nanodecibans. Rounding costs less than
/// one; a millionth of a deciban is far less than anybody sees.
const SLACK: u64 = 1_000;

/// Below this a probability was held at the least there is, and its log-odds say nothing.
const LEAST: f64 = 1e-290;

/// How far probabilities may sum beside 1.
const SUM: f64 = 1e-9;

/// A column of probabilities: its name, the comparator's, and for a cause its probability and log-odds.
struct Column {
    name: &'static str,
    comparator: f64,
    of: fn(&CandidateRecord) -> Option<(f64, i64)>,
}

/// Every probability must be what its link makes of the scores, and all must sum to 1 where causes compete.
pub(super) fn check(record: &Record) -> Result<(), RecordError> {
    let comparator = &record.comparator;
    let columns = [
        Column {
            name: "prior",
            comparator: comparator.prior,
            of: |candidate| Some((candidate.prior, prior_weight(candidate))),
        },
        Column {
            name: "posterior",
            comparator: comparator.posterior,
            of: |candidate| Some((candidate.posterior?, candidate.score)),
        },
        Column {
            name: "posterior_ungated",
            comparator: comparator.posterior_ungated,
            of: |candidate| Some((candidate.posterior_ungated, candidate.score_ungated)),
        },
    ];
    columns.iter().try_for_each(|column| column.check(record))
}

impl Column {
    fn check(&self, record: &Record) -> Result<(), RecordError> {
        let misfit =
            |place: String, message: &str| Err(RecordError::Field { place, message: message.to_owned() });
        let mut sum = self.comparator;
        let ranked = record.ranking.iter().enumerate().map(|(at, one)| (format!("ranking[{at}]"), one));
        let excluded = record.excluded.iter().enumerate().map(|(at, one)| (format!("excluded[{at}]"), one));
        for (place, candidate) in ranked.chain(excluded) {
            let Some((probability, log_odds)) = (self.of)(candidate) else { continue };
            sum += probability;
            if !self.follows(record.link, probability, log_odds) {
                return misfit(
                    format!("{place}.{}", self.name),
                    "expected the probability that follows from the score",
                );
            }
        }
        let is_whole = match record.link {
            Link::Exclusive => (sum - 1.0).abs() <= SUM,
            Link::Independent => self.comparator.to_bits() == 0.5_f64.to_bits(),
        };
        if is_whole {
            Ok(())
        } else {
            misfit(format!("comparator.{}", self.name), "expected what the causes leave over")
        }
    }

    /// # Formula
    /// ```text
    /// exclusive:    p_k / p_0 = 10^(s_k/10)
    /// independent:  p_k = 10^(s_k/10) / (1 + 10^(s_k/10)), to the bit
    /// ```
    fn follows(&self, link: Link, probability: f64, log_odds: i64) -> bool {
        match link {
            Link::Independent => {
                LogOdds::from_nanodecibans(log_odds).probability().get().to_bits() == probability.to_bits()
            }
            Link::Exclusive if probability < LEAST || self.comparator < LEAST => true,
            Link::Exclusive => LikelihoodRatio::new(probability / self.comparator)
                .is_ok_and(|odds| odds.weight().nanodecibans().abs_diff(log_odds) <= SLACK),
        }
    }
}

/// The prior's part of a score.
fn prior_weight(candidate: &CandidateRecord) -> i64 {
    let priors = candidate.explanation.iter().filter(|part| part.kind == ContributionKind::Prior);
    priors.fold(0_i64, |sum, part| sum.saturating_add(part.weight))
}
