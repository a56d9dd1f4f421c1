//! Reads a stored result back, and refuses what contradicts itself.

use std::collections::BTreeSet;

use super::certainty;
use super::field;
use super::odds;
use super::{CandidateRecord, Record};
use crate::assessment::Closeness;
use crate::belief::Weight;
use crate::case::sha256;
use crate::document::{DocumentError, FORMAT_VERSION, Tree, excerpt, read_json};
use crate::explanation::ContributionKind;
use crate::limits::Limits;

/// The most that a part can weigh, in nanodecibans: more than 64 findings of the strongest ratio there is.
const HEAVIEST: u64 = 10_000_000_000_000;

/// Why a text is no stored result: what is wrong, and where.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum RecordError {
    /// The text is no JSON, has a key twice, is too large, or is nested too deep.
    #[error(transparent)]
    Text(#[from] DocumentError),
    /// The result was written in another version of the format.
    #[error("format_version: {found} cannot be read, expected {FORMAT_VERSION}; assess the case again")]
    FormatVersion {
        /// The version found.
        found: i64,
    },
    /// A field is missing, of the wrong type, not part of a result, or at odds with the others.
    #[error("{}{message}", prefix(.place))]
    Field {
        /// The path of the field or of its table, such as `ranking[0].margin`; empty for the whole.
        place: String,
        /// What is wrong, and what was expected.
        message: String,
    },
    /// A number is no probability.
    #[error("{place}: {value} is not between 0 and 1")]
    Probability {
        /// The path of the number.
        place: String,
        /// The number.
        value: f64,
    },
    /// The parts of an explanation do not add up: somebody altered a weight or a score.
    #[error("{place}: the parts of `{cause}` sum to {sum} nanodecibans, expected its score {score}")]
    Sum {
        /// The path of the explanation.
        place: String,
        /// The cause it explains.
        cause: String,
        /// The sum of its weights, in nanodecibans.
        sum: i64,
        /// The score that they should sum to, in nanodecibans.
        score: i64,
    },
    /// The ranking is not in order of rank and score.
    #[error(
        "{place}: `{cause}` stands where it does not belong; expected the ranking in order of rank and score"
    )]
    Order {
        /// The path of the candidate.
        place: String,
        /// The first cause that is out of order.
        cause: String,
    },
}

fn prefix(place: &str) -> String {
    if place.is_empty() { String::new() } else { format!("{place}: ") }
}

impl RecordError {
    /// The path of what is wrong; none where the text could not be read at all, or all of it is meant.
    pub fn place(&self) -> Option<&str> {
        match self {
            Self::Text(_) => None,
            Self::FormatVersion { .. } => Some("format_version"),
            Self::Field { place, .. }
            | Self::Probability { place, .. }
            | Self::Sum { place, .. }
            | Self::Order { place, .. } => Some(place.as_str()).filter(|place| !place.is_empty()),
        }
    }
}

impl Record {
    /// Reads what [`Record::to_json`] wrote: the record read equals the one written.
    ///
    /// The text need not be trusted. The parts of every explanation must sum to its score, the ranking must be in
    /// order, the case must have its hash, and whatever is named must have its words. That the weights are those of
    /// a knowledge base only its model can tell.
    ///
    /// # Errors
    /// [`RecordError`] with what is wrong and where; at the first thing found.
    ///
    /// ```
    /// # use aetia::{Record, RecordError};
    /// let error = Record::from_json(r#"{"format_version": 2}"#).unwrap_err();
    /// assert_eq!(error, RecordError::FormatVersion { found: 2 });
    /// ```
    pub fn from_json(text: &str) -> Result<Self, RecordError> {
        Self::from_json_within(text, &Limits::default())
    }

    /// The same within limits of the caller's: [`Limits::document_bytes`] and [`Limits::depth`].
    ///
    /// # Errors
    /// As [`Record::from_json`].
    pub fn from_json_within(text: &str, limits: &Limits) -> Result<Self, RecordError> {
        let tree = read_json(text, limits)?;
        if let Some(found) = version(&tree).filter(|version| *version != FORMAT_VERSION) {
            return Err(RecordError::FormatVersion { found });
        }
        let record: Self = field::read(&tree)
            .map_err(|misfit| RecordError::Field { place: misfit.place, message: misfit.message })?;
        record.check()?;
        Ok(record)
    }

    /// Whether it contradicts itself.
    fn check(&self) -> Result<(), RecordError> {
        let hash = sha256(self.case.to_string().as_bytes());
        expect(
            self.case_hash == hash,
            "case_hash",
            "expected the hash of the case; one of the two was altered",
        )?;
        let comparator = &self.comparator;
        probability(comparator.prior, || "comparator.prior".to_owned())?;
        probability(comparator.posterior, || "comparator.posterior".to_owned())?;
        probability(comparator.posterior_ungated, || "comparator.posterior_ungated".to_owned())?;
        expect(
            !self.ranking.is_empty(),
            "ranking",
            "expected at least one cause, as every knowledge base has",
        )?;
        self.check_ranking()?;
        self.check_excluded()?;
        odds::check(self)?;
        certainty::check(self)?;
        let mut causes = BTreeSet::new();
        let all = self.ranking.iter().chain(&self.excluded);
        if let Some(twice) = all.map(|candidate| &candidate.cause).find(|cause| !causes.insert(*cause)) {
            let message = format!("`{}` stands twice, expected every cause once", excerpt(twice));
            return Err(RecordError::Field { place: "ranking".to_owned(), message });
        }
        let of_flags = self.flags.iter().flat_map(|flag| &flag.because);
        self.check_words(of_flags.chain(&self.not_asked).chain(self.inferred.keys()))
    }

    fn check_ranking(&self) -> Result<(), RecordError> {
        let mut above: Option<&CandidateRecord> = None;
        for (at, candidate) in self.ranking.iter().enumerate() {
            let place = format!("ranking[{at}]");
            self.check_candidate(candidate, &place)?;
            let is_lower = above.is_none_or(|above| above.score >= candidate.score);
            if candidate.rank != Some(at + 1) || !is_lower {
                return Err(RecordError::Order { place, cause: candidate.cause.clone() });
            }
            let is_margin =
                candidate.margin == above.map(|above| above.score.saturating_sub(candidate.score));
            let is_ranked = candidate.posterior.is_some();
            let leads = candidate.leads == (candidate.score > 0);
            expect(is_margin, &format!("{place}.margin"), "expected what the score lacks to the one above")?;
            expect(is_ranked, &format!("{place}.posterior"), "expected a probability for a ranked cause")?;
            expect(leads, &format!("{place}.leads"), "expected `true` for a score above 0, else `false`")?;
            let is_close = candidate.margin.is_some_and(|margin| margin < Weight::DECIBAN.nanodecibans());
            expect(
                is_close == (candidate.closeness != Closeness::Clear),
                &format!("{place}.closeness"),
                "expected `clear` from a margin of a deciban on, and nothing else below",
            )?;
            above = Some(candidate);
        }
        Ok(())
    }

    fn check_excluded(&self) -> Result<(), RecordError> {
        let absent = "expected `null` for an excluded cause";
        for (at, candidate) in self.excluded.iter().enumerate() {
            let place = format!("excluded[{at}]");
            self.check_candidate(candidate, &place)?;
            expect(candidate.rank.is_none(), &format!("{place}.rank"), absent)?;
            expect(candidate.margin.is_none(), &format!("{place}.margin"), absent)?;
            expect(candidate.posterior.is_none(), &format!("{place}.posterior"), absent)?;
            expect(!candidate.leads, &format!("{place}.leads"), "expected `false` for an excluded cause")?;
        }
        Ok(())
    }

    fn check_candidate(&self, candidate: &CandidateRecord, place: &str) -> Result<(), RecordError> {
        probability(candidate.prior, || format!("{place}.prior"))?;
        probability(candidate.posterior_ungated, || format!("{place}.posterior_ungated"))?;
        if let Some(posterior) = candidate.posterior {
            probability(posterior, || format!("{place}.posterior"))?;
        }
        let (mut ungated, mut gates) = (0, 0);
        for (at, part) in candidate.explanation.iter().enumerate() {
            expect(
                part.weight.unsigned_abs() <= HEAVIEST,
                &format!("{place}.explanation[{at}].weight"),
                "expected a weight of at most 10,000 decibans",
            )?;
            let sum = match part.kind {
                ContributionKind::Prior | ContributionKind::Evidence => &mut ungated,
                ContributionKind::Gate => &mut gates,
            };
            *sum += i128::from(part.weight);
        }
        for (sum, score) in [(ungated + gates, candidate.score), (ungated, candidate.score_ungated)] {
            if sum != i128::from(score) {
                return Err(RecordError::Sum {
                    place: format!("{place}.explanation"),
                    cause: candidate.cause.clone(),
                    sum: i64::try_from(sum).unwrap_or(if sum < 0 { i64::MIN } else { i64::MAX }),
                    score,
                });
            }
        }
        let gates = candidate.held_by.iter().chain(&candidate.capped_by).chain(&candidate.excluded_by);
        let of_parts = candidate.explanation.iter().flat_map(|part| &part.indicators);
        self.check_words(gates.flat_map(|gate| &gate.because).chain(of_parts))
    }

    /// Whether there are words for indicators.
    fn check_words<'r, N: Iterator<Item = &'r String>>(&self, mut named: N) -> Result<(), RecordError> {
        match named.find(|indicator| !self.words.contains_key(*indicator)) {
            Some(indicator) => {
                let message = format!("`{}` is named and has no words", excerpt(indicator));
                Err(RecordError::Field { place: "words".to_owned(), message })
            }
            None => Ok(()),
        }
    }
}

/// The version a result says it is written in, if it says so.
fn version(tree: &Tree) -> Option<i64> {
    let Tree::Table(fields) = tree else {
        return None;
    };
    fields.get("format_version").and_then(Tree::whole)
}

fn probability(value: f64, place: impl Fn() -> String) -> Result<(), RecordError> {
    if value > 0.0 && value < 1.0 { Ok(()) } else { Err(RecordError::Probability { place: place(), value }) }
}

/// A field that must be what the others make of it.
pub(super) fn expect(is_so: bool, place: &str, message: &str) -> Result<(), RecordError> {
    if is_so {
        Ok(())
    } else {
        Err(RecordError::Field { place: place.to_owned(), message: message.to_owned() })
    }
}
