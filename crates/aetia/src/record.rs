//! A result as plain data: what is stored, sent and read back.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::assessment::{Assessment, Bar, Candidate, Closeness, FlagState};
use crate::belief::Probability;
use crate::case::Dropped;
use crate::document::{FORMAT_VERSION, Link, Tag};
use crate::explanation::{Contribution, ContributionKind};
use crate::knowledge::Truth;

/// An assessment as plain data. Weights are whole nanodecibans, probabilities fractions rounded to 10^-9.
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
    /// The knowledge base's notice.
    pub notice: String,
}

/// Which knowledge base made a result.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct KnowledgeBaseRecord {
    /// Its identifier.
    pub id: String,
    /// Its version.
    pub version: String,
    /// The hash of what is written.
    pub source_hash: String,
    /// The hash of what it means.
    pub meaning_hash: String,
}

/// A candidate as plain data.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct CandidateRecord {
    /// The cause.
    pub cause: String,
    /// Its title.
    pub title: String,
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
    /// The group it belongs to.
    pub group: Option<String>,
    /// What it weighs, in nanodecibans.
    pub weight: i64,
    /// Its citations.
    pub citations: Vec<String>,
    /// The least trusted of its tags.
    pub tag: Option<Tag>,
    /// Why it weighs nothing.
    pub reason: Option<String>,
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
    pub level: crate::document::Level,
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

/// A probability rounded to 10^-9, so that the text is one on every platform.
fn rounded(probability: Probability) -> f64 {
    libm::round(probability.get() * 1e9) / 1e9
}

impl Assessment {
    /// The assessment as plain data.
    pub fn record(&self) -> Record {
        let model = self.model();
        let kb = model.knowledge_base();
        let ids = |indicators: &[&crate::knowledge::Indicator]| {
            indicators.iter().map(|i| i.id().to_string()).collect()
        };
        let inferred = self.case().findings().filter_map(|(indicator, finding)| match finding {
            crate::case::Finding::Answer { answer, inferred: true, .. } => {
                Some((indicator.id().to_string(), answer.key().to_owned()))
            }
            crate::case::Finding::Unknown
            | crate::case::Finding::NotAssessable
            | crate::case::Finding::Answer { inferred: false, .. } => None,
        });
        let comparator = self.comparator();
        Record {
            engine: env!("CARGO_PKG_VERSION").to_owned(),
            format_version: FORMAT_VERSION,
            knowledge_base: KnowledgeBaseRecord {
                id: kb.id().to_owned(),
                version: kb.version().to_owned(),
                source_hash: model.source_hash().to_owned(),
                meaning_hash: model.meaning_hash().to_owned(),
            },
            case_hash: self.case().hash(),
            case: self.case().given_json(),
            inferred: inferred.collect(),
            dropped: self.case().dropped().to_vec(),
            setting: self.setting().id().to_string(),
            link: self.link(),
            ranking: self.ranking().map(candidate).collect(),
            excluded: self.excluded().map(candidate).collect(),
            comparator: ComparatorRecord {
                id: comparator.id().to_string(),
                title: comparator.title().to_owned(),
                prior: rounded(comparator.prior()),
                posterior: rounded(comparator.posterior()),
                posterior_ungated: rounded(comparator.posterior_ungated()),
            },
            flags: self
                .flags()
                .map(|report| FlagRecord {
                    id: report.flag.id().to_string(),
                    level: report.flag.level(),
                    title: report.flag.title().to_owned(),
                    state: report.state,
                    because: ids(&report.because),
                    action: report.flag.action().to_owned(),
                    citations: report.flag.citations().to_vec(),
                })
                .collect(),
            not_asked: self.not_asked().map(|indicator| indicator.id().to_string()).collect(),
            notice: self.notice().to_owned(),
        }
    }

    /// The assessment in canonical JSON: sorted keys, no white space, the same bytes everywhere.
    pub fn to_json(&self) -> String {
        self.record().to_json()
    }
}

impl Record {
    /// The record in canonical JSON.
    pub fn to_json(&self) -> String {
        crate::document::canonical_json(self)
    }
}

fn candidate(candidate: Candidate<'_>) -> CandidateRecord {
    CandidateRecord {
        cause: candidate.id().to_string(),
        title: candidate.title().to_owned(),
        rank: candidate.rank(),
        rank_ungated: candidate.rank_ungated(),
        prior: rounded(candidate.prior()),
        posterior: candidate.posterior().map(rounded),
        posterior_ungated: rounded(candidate.posterior_ungated()),
        score: candidate.score().nanodecibans(),
        score_ungated: candidate.score_ungated().nanodecibans(),
        leads: candidate.leads(),
        margin: candidate.margin().map(crate::belief::Weight::nanodecibans),
        closeness: candidate.closeness(),
        held_by: candidate.held_by().iter().map(gate).collect(),
        capped_by: candidate.capped_by().iter().map(gate).collect(),
        excluded_by: candidate.excluded_by().iter().map(gate).collect(),
        explanation: candidate.explanation().iter().map(contribution).collect(),
    }
}

fn gate(bar: &Bar<'_>) -> GateRecord {
    GateRecord {
        gate: bar.gate.id().to_string(),
        title: bar.gate.title().to_owned(),
        condition: bar.gate.condition().to_owned(),
        is_undetermined: bar.truth == Truth::Undetermined,
        because: bar.because.iter().map(|indicator| indicator.id().to_string()).collect(),
        reason: bar.gate.reason().to_owned(),
    }
}

fn contribution(part: &Contribution<'_>) -> ContributionRecord {
    ContributionRecord {
        kind: part.kind(),
        subject: part.subject(),
        indicators: part.indicators().iter().map(|indicator| indicator.id().to_string()).collect(),
        group: part.group().and_then(|group| group.id()).map(ToString::to_string),
        weight: part.weight().nanodecibans(),
        citations: part.citations().into_iter().map(str::to_owned).collect(),
        tag: part.tag(),
        reason: part.reason().map(str::to_owned),
    }
}
