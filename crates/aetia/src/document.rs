//! What is **written**: a knowledge base as plain data, exactly as its author put it down.
//!
//! A [`Document`] is read from TOML or JSON, or filled in by a program: all its fields are public, and it
//! is its own builder. Nothing here is checked for meaning; [`Document::validate`] does that.

mod claim;
mod condition;
mod cursor;
mod evidence;
mod expected;
mod group;
mod indicator;
mod interval_key;
mod json;
mod place;
mod problem;
mod read;
mod rules;
mod suggest;
mod toml_text;
mod tree;

use std::collections::BTreeMap;

use serde::Serialize;

pub use claim::{Claim, ClaimError, Target};
pub use condition::{Condition, ConditionError};
pub use evidence::{AccuracyRow, Against, CountsRow, Evidence, Neutral, Probabilities, Ratios, Trend};
pub(crate) use expected::TestCase;
pub use group::{Count, CountRule, Group, Item, Shares};
pub use indicator::{Answer, AskedBy, Derived, Indicator, IndicatorKind};
pub use interval_key::{BinKey, BinKeyError};
pub(crate) use json::canonical as canonical_json;
pub(crate) use place::Place;
pub use place::{Location, Source as SourceText, SourceKind};
pub use problem::{Catalogued, Code, DocumentError, Problem, Severity};
pub(crate) use read::{Reading, placed, read_case, read_json, read_test_cases};
pub use rules::{AnswerValue, Flag, Gate, GateKind, GateMode, Implies, Impossible, Invariant, Level};
pub use suggest::suggest;
pub(crate) use tree::{Tree, excerpt};

/// The version of the format this library reads and writes.
pub const FORMAT_VERSION: i64 = 1;

/// A knowledge base as written.
///
/// Field names are the keys of the TOML and JSON forms; `docs/format.md` describes each.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Document {
    /// The version of the format: 1.
    pub format_version: i64,
    /// Name, version, notice and defaults.
    pub knowledge_base: Heading,
    /// Cause 0: what every weight is against.
    pub comparator: Comparator,
    /// Named sets of priors, and of weights where they differ.
    pub settings: BTreeMap<String, Setting>,
    /// What is cited.
    pub sources: BTreeMap<String, Source>,
    /// What may explain a case.
    pub causes: BTreeMap<String, Cause>,
    /// What can be observed.
    pub indicators: BTreeMap<String, Indicator>,
    /// Named conditions, usable wherever a boolean indicator may be asked about, never weighed.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub derived: BTreeMap<String, Derived>,
    /// Statements that an indicator bears on a cause. Order matters only among rows of one cause and
    /// indicator that have a `when`: the first that holds applies.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub evidence: Vec<Evidence>,
    /// Indicators that may not be counted as independent.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub groups: BTreeMap<String, Group>,
    /// Findings that follow from others.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub implies: Vec<Implies>,
    /// Combinations of findings that no case can have.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub impossible: Vec<Impossible>,
    /// What bars a rank.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub gates: BTreeMap<String, Gate>,
    /// What demands attention whatever the rank.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub flags: BTreeMap<String, Flag>,
    /// Rules the knowledge base promises to keep in every case.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub invariants: Vec<Invariant>,
    /// What reading found, to be reported together with what validation finds.
    #[serde(skip)]
    pub(crate) reading: Reading,
}

/// The `[knowledge_base]` table.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Heading {
    /// The slug of the knowledge base.
    pub id: String,
    /// Its version, as its authors count (semantic versioning is meant, not demanded).
    pub version: String,
    /// Its title.
    pub title: String,
    /// The sentence printed with every result.
    pub notice: String,
    /// How scores become probabilities unless a caller says otherwise.
    pub link: Link,
    /// The setting used unless a caller names another.
    pub default_setting: String,
    /// Remarks, each with its source.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<Note>,
}

/// The reference cause. Its prior is what the named causes leave over.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Comparator {
    /// Its slug; no cause may share it.
    pub id: String,
    /// Its title.
    pub title: String,
    /// Remarks, each with its source.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<Note>,
}

/// A named set of priors.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Setting {
    /// Its title.
    pub title: String,
    /// Remarks, each with its source.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<Note>,
}

/// Something that is cited.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Source {
    /// The reference, readable by a person.
    pub text: String,
    /// `PubMed` identifier.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pmid: Option<String>,
    /// Digital object identifier.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub doi: Option<String>,
    /// Address.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
}

/// A remark with its source.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Note {
    /// The remark.
    pub text: String,
    /// Citations: the key of a source, or `key:locator`.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub source: Vec<String>,
}

/// Codes of other vocabularies, by vocabulary: optional metadata.
pub type Codes = BTreeMap<String, Vec<String>>;

/// A named cause.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Cause {
    /// Its title.
    pub title: String,
    /// A short form of the title, where one is used.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub label: Option<String>,
    /// Its pretest probability, by setting.
    pub prior: BTreeMap<String, Prior>,
    /// Remarks, each with its source.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<Note>,
    /// What a person with this cause may do, each with its source.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub guidance: Vec<Note>,
    /// Codes of other vocabularies.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub codes: Codes,
}

/// A pretest probability.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Prior {
    /// The probability.
    pub value: f64,
    /// Its 95 % interval.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub interval: Option<[f64; 2]>,
    /// Where the figure comes from.
    #[serde(flatten)]
    pub provenance: Provenance,
}

/// Where a figure comes from and how far it is to be trusted.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Provenance {
    /// Citations: the key of a source, or `key:locator`.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub source: Vec<String>,
    /// Why nothing is cited.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub uncited: Option<String>,
    /// How far the figure is to be trusted.
    pub tag: Tag,
    /// How many people the figure rests on.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub n: Option<u32>,
    /// Whom they were, and against whom they were compared.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub population: Option<String>,
    /// How the cause was established in them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reference_standard: Option<String>,
    /// A remark.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
}

/// How far a figure is to be trusted.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, serde::Deserialize,
)]
#[serde(rename_all = "snake_case")]
pub enum Tag {
    /// Read in the cited source, or computed from figures read there.
    Verified,
    /// Remembered from the cited source, not read again.
    Recalled,
    /// Only the direction is stated by the source; the strength is a wide, capped proposal.
    Seed,
    /// No source gives the figure; a wide, capped proposal so that the knowledge base can run.
    #[default]
    Assumption,
}

/// How scores become probabilities.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, serde::Deserialize,
)]
#[serde(rename_all = "snake_case")]
pub enum Link {
    /// Causes compete: how likely each is the principal explanation, the comparator included; sums to 1.
    #[default]
    Exclusive,
    /// Each cause against the comparator alone; causes may coexist.
    Independent,
}

impl Document {
    /// The canonical JSON form: sorted keys, no white space.
    ///
    /// Reading it back gives an equal document.
    pub fn to_json(&self) -> String {
        json::canonical(self)
    }

    /// The TOML form. Reading it back gives an equal document; comments and layout of an original are not kept.
    pub fn to_toml(&self) -> String {
        toml_text::render(self)
    }
}
