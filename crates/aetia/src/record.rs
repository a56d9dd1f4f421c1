//! A result as plain data: what is stored, sent, read back, compared and printed.
//!
//! Weights and scores are whole nanodecibans; probabilities are fractions strictly between 0 and 1.

mod certainty;
mod comparison;
mod field;
mod make;
mod odds;
mod read;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

pub use certainty::{Basis, CauseCertaintyRecord, CertaintyRecord, FigureRecord};
pub use comparison::{Comparison, Difference, Side};
pub use read::RecordError;

use crate::assessment::{Closeness, FlagState};
use crate::case::{Dropped, UnknownName};
use crate::document::{Level, Link, Tag};
use crate::explanation::ContributionKind;

/// An assessment as plain data, sufficient to print, explain and compare it without its model.
///
/// Made by [`Assessment::record`](crate::Assessment::record), written by [`Record::to_json`], read back by
/// [`Record::from_json`]. Prints as the assessment prints.
///
/// ```
/// use aetia::{Document, Record};
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let model = Document::from_toml(include_str!("../docs/tiny.toml"))?.validate()?.compile();
/// let assessment = model.assess(&model.case().present("raised_crp")?.build()?);
///
/// let stored = assessment.to_json();
/// let record = Record::from_json(&stored)?;
/// assert_eq!(record, assessment.record());
/// assert_eq!(record.to_string(), assessment.to_string());
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Record {
    /// The version of this library.
    pub engine: String,
    /// The version of the format.
    pub format_version: i64,
    /// Which knowledge base.
    pub knowledge_base: KnowledgeBaseRecord,
    /// The SHA-256 of the findings as given.
    pub case_hash: String,
    /// The findings as given.
    pub case: serde_json::Value,
    /// Findings that follow from those given, by indicator.
    pub inferred: BTreeMap<String, String>,
    /// Findings a lenient reader treated as unknown.
    pub dropped: Vec<Dropped>,
    /// The setting.
    pub setting: String,
    /// The setting's title.
    pub setting_title: String,
    /// The link.
    pub link: Link,
    /// The named causes, first first.
    pub ranking: Vec<CandidateRecord>,
    /// The causes a gate took out of the ranking.
    pub excluded: Vec<CandidateRecord>,
    /// The comparator.
    pub comparator: ComparatorRecord,
    /// The flags, emergencies first.
    pub flags: Vec<FlagRecord>,
    /// The indicators nobody has looked at.
    pub not_asked: Vec<String>,
    /// Every indicator of the knowledge base as this case has it, in words: the finding, or the title where nothing
    /// is known.
    pub words: BTreeMap<String, String>,
    /// The knowledge base's notice.
    pub notice: String,
    /// How sure the ranking is, where somebody asked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub certainty: Option<CertaintyRecord>,
}

/// Which knowledge base made a result.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct KnowledgeBaseRecord {
    /// Its identifier.
    pub id: String,
    /// Its title.
    pub title: String,
    /// Its version.
    pub version: String,
    /// The hash of what is written.
    pub source_hash: String,
    /// The hash of what it means.
    pub meaning_hash: String,
}

/// A candidate as plain data. Its weights sum to its score exactly.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct CandidateRecord {
    /// The cause.
    pub cause: String,
    /// Its title.
    pub title: String,
    /// Its short form where it has one, else its title.
    pub label: String,
    /// Its rank among the named causes; none where excluded.
    pub rank: Option<usize>,
    /// Its rank had no gate been there.
    pub rank_ungated: usize,
    /// Its pretest probability.
    pub prior: f64,
    /// Its probability after findings and gates; none where excluded.
    pub posterior: Option<f64>,
    /// Its probability had no gate been there.
    pub posterior_ungated: f64,
    /// Its log-odds against the comparator, in nanodecibans.
    pub score: i64,
    /// The same without gates.
    pub score_ungated: i64,
    /// Whether it stands above the comparator.
    pub leads: bool,
    /// By how many nanodecibans it stands below the one above.
    pub margin: Option<i64>,
    /// How close it stands to the one above.
    pub closeness: Closeness,
    /// The gates that keep it from leading.
    pub held_by: Vec<GateRecord>,
    /// The caps in force.
    pub capped_by: Vec<GateRecord>,
    /// The gates that took it out of the ranking.
    pub excluded_by: Vec<GateRecord>,
    /// The parts of its score.
    pub explanation: Vec<ContributionRecord>,
    /// How sure its standing is, where somebody asked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub certainty: Option<CauseCertaintyRecord>,
}

/// A gate at work, as plain data.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct GateRecord {
    /// The gate.
    pub gate: String,
    /// Its title.
    pub title: String,
    /// Its condition.
    pub condition: String,
    /// Whether the condition is only undetermined.
    pub is_undetermined: bool,
    /// The findings that decide it.
    pub because: Vec<String>,
    /// Why there is such a gate.
    pub reason: String,
}

/// A part of a score, as plain data.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct ContributionRecord {
    /// Its kind.
    pub kind: ContributionKind,
    /// What it is about, in words.
    pub subject: String,
    /// The findings it is about.
    pub indicators: Vec<String>,
    /// The declared group it belongs to.
    pub group: Option<String>,
    /// The gates it is about.
    pub gates: Vec<String>,
    /// What it weighs, in nanodecibans.
    pub weight: i64,
    /// Its citations.
    pub citations: Vec<String>,
    /// The least trusted of its tags.
    pub tag: Option<Tag>,
    /// Why it weighs nothing, where it is zero and a reason is known.
    pub reason: Option<String>,
    /// Whether the knowledge base says nothing about these findings and this cause.
    pub is_silent: bool,
}

/// The comparator, as plain data.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct ComparatorRecord {
    /// Its identifier.
    pub id: String,
    /// Its title.
    pub title: String,
    /// Its pretest probability.
    pub prior: f64,
    /// Its probability after findings and gates.
    pub posterior: f64,
    /// Its probability had no gate been there.
    pub posterior_ungated: f64,
}

/// A flag, as plain data.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct FlagRecord {
    /// The flag.
    pub id: String,
    /// Its level.
    pub level: Level,
    /// Its title.
    pub title: String,
    /// What is known about it.
    pub state: FlagState,
    /// The findings that decide it.
    pub because: Vec<String>,
    /// What to do when it is raised.
    pub action: String,
    /// Its citations.
    pub citations: Vec<String>,
}

impl Record {
    /// The record in canonical JSON: sorted keys, no white space, the same bytes everywhere.
    pub fn to_json(&self) -> String {
        crate::document::canonical_json(self)
    }

    /// A cause, ranked or excluded.
    ///
    /// # Errors
    /// [`UnknownName`] where the record has no such cause.
    pub fn cause(&self, id: &str) -> Result<&CandidateRecord, UnknownName> {
        let all = || self.ranking.iter().chain(&self.excluded);
        all().find(|candidate| candidate.cause == id).ok_or_else(|| {
            let mut known: Vec<&str> = all().map(|candidate| candidate.cause.as_str()).collect();
            known.sort_unstable();
            UnknownName::new("cause", id, known.into_iter())
        })
    }

    /// Why one cause and not another: the exact difference of their scores, part by part.
    ///
    /// # Errors
    /// [`UnknownName`] where the record has no such cause.
    pub fn compare(&self, one: &str, other: &str) -> Result<Comparison, UnknownName> {
        Ok(Comparison::of(self.cause(one)?, self.cause(other)?))
    }
}
