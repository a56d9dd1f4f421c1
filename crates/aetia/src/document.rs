//! What is **written**: a knowledge base as plain data, exactly as its author put it down.
//!
//! A [`Document`] is read from TOML or JSON, or filled in by a program: all its fields are public, and it
//! is its own builder. Nothing here is checked for meaning; [`Document::validate`] does that.

mod claim;
mod condition;
mod cursor;
mod interval_key;
mod json;
mod place;
mod problem;
mod read;
mod suggest;
mod toml_text;
mod tree;

use std::collections::BTreeMap;

use serde::Serialize;

pub use claim::{Claim, ClaimError, Target};
pub use condition::{Condition, ConditionError};
pub use interval_key::{BinKey, BinKeyError};
pub(crate) use json::canonical as canonical_json;
pub(crate) use place::Place;
pub use place::{Location, Source as SourceText, SourceKind};
pub use problem::{Catalogued, Code, DocumentError, Problem, Severity};
pub(crate) use read::{Reading, placed, read_case};
pub(crate) use suggest::suggest;

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
    /// PubMed identifier.
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

/// The kinds of indicator.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum IndicatorKind {
    /// Present or absent.
    #[default]
    Boolean,
    /// One of named answers.
    Categorical,
    /// One of named answers with an order.
    Ordinal,
    /// A number, falling into half-open bins between cut-points.
    Numeric,
}

/// Who can find an indicator out.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum AskedBy {
    /// The person concerned can tell.
    #[default]
    #[serde(rename = "self")]
    Oneself,
    /// Somebody has to examine.
    Examination,
    /// A laboratory or an imaging department has to measure.
    Laboratory,
}

/// Something that can be observed.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Indicator {
    /// Its title.
    pub title: String,
    /// How it is asked.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub question: Option<String>,
    /// What helps to answer.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub help: Option<String>,
    /// Its kind.
    pub kind: IndicatorKind,
    /// Its answers, for the kinds `categorical` and `ordinal`; in order for `ordinal`.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub answers: Vec<Answer>,
    /// Where its bins begin, for the kind `numeric`: a value at a cut-point belongs to the bin above.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub cut_points: Vec<f64>,
    /// Its unit, for the kind `numeric`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unit: Option<String>,
    /// What asking costs, in the author's own unit; 1 unless said otherwise.
    pub cost: f64,
    /// Who can find it out.
    pub asked_by: AskedBy,
    /// `P(answer | comparator)`, where known.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub base_rate: BTreeMap<String, f64>,
    /// Remarks, each with its source.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<Note>,
    /// Codes of other vocabularies.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub codes: Codes,
}

impl Default for Indicator {
    fn default() -> Self {
        Self {
            title: String::new(),
            question: None,
            help: None,
            kind: IndicatorKind::Boolean,
            answers: Vec::new(),
            cut_points: Vec::new(),
            unit: None,
            cost: 1.0,
            asked_by: AskedBy::Oneself,
            base_rate: BTreeMap::new(),
            notes: Vec::new(),
            codes: Codes::new(),
        }
    }
}

/// A named answer.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Answer {
    /// Its slug.
    pub id: String,
    /// Its title.
    pub title: String,
}

/// A named condition.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Derived {
    /// Its title.
    pub title: String,
    /// When it holds.
    pub condition: String,
}

/// What a likelihood ratio was measured against.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Against {
    /// The comparator.
    #[default]
    Comparator,
    /// Everybody without the cause: the other causes and the comparator, mixed as the priors say.
    Rest,
}

/// A direction in which weights move along the answers of an indicator.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Trend {
    /// Later answers never weigh less.
    Increasing,
    /// Later answers never weigh more.
    Decreasing,
}

/// A statement that an indicator bears on a cause.
///
/// Exactly one of the five forms is given: `likelihood_ratio`, `accuracy`, `counts`,
/// `likelihood_ratios` or `probabilities`.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Evidence {
    /// The cause.
    pub cause: String,
    /// The indicator.
    pub indicator: String,
    /// Only where this condition holds; it may read indicators of the same group.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub when: Option<String>,
    /// Only in these settings, where the row replaces the general one; in all when empty.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub setting: Vec<String>,
    /// What the ratios were measured against.
    #[serde(skip_serializing_if = "is_default")]
    pub against: Against,
    /// LR+ and LR- of a boolean indicator.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub likelihood_ratio: Option<Ratios>,
    /// Sensitivity and specificity of a boolean indicator.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub accuracy: Option<AccuracyRow>,
    /// The 2x2 table of a boolean indicator.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub counts: Option<CountsRow>,
    /// A likelihood ratio for each answer or bin.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub likelihood_ratios: BTreeMap<String, f64>,
    /// The probability of each answer or bin, under the cause and under the comparator.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub probabilities: Option<Probabilities>,
    /// Says that the absence of a boolean indicator is no evidence, and why.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub absent: Option<Neutral>,
    /// Says that the answers without a ratio are no evidence, and why.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unlisted: Option<Neutral>,
    /// The 95 % interval of the likelihood ratio, by answer (`present` and `absent` for a boolean).
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub interval: BTreeMap<String, [f64; 2]>,
    /// The direction the ratios must keep along the answers.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub trend: Option<Trend>,
    /// Where the figures come from.
    #[serde(flatten)]
    pub provenance: Provenance,
}

/// LR+ and LR- as written.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Ratios {
    /// LR+.
    pub present: f64,
    /// LR-, unless absence is declared neutral.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub absent: Option<f64>,
}

/// Sensitivity and specificity as written, as fractions.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct AccuracyRow {
    /// `P(present | cause)`.
    pub sensitivity: f64,
    /// `P(absent | comparator)`.
    pub specificity: f64,
}

/// A 2x2 table as written.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct CountsRow {
    /// With the cause, indicator present.
    pub true_positive: u32,
    /// With the cause, indicator absent.
    pub false_negative: u32,
    /// Without the cause, indicator present.
    pub false_positive: u32,
    /// Without the cause, indicator absent.
    pub true_negative: u32,
}

/// Probabilities of answers as written; `absent` may be left out for a boolean.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Probabilities {
    /// `P(answer | cause)`.
    pub cause: BTreeMap<String, f64>,
    /// `P(answer | comparator)`.
    pub comparator: BTreeMap<String, f64>,
}

/// A declaration that something is no evidence.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Neutral {
    /// Why.
    pub neutral: String,
}

/// Indicators that may not be counted as independent.
///
/// A cause named in `count` uses the count, a cause named in `table` the joint table; for every other
/// cause the members' own evidence is discounted by `gamma`.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Group {
    /// Its title.
    pub title: String,
    /// The indicators; each belongs to at most one group.
    pub members: Vec<String>,
    /// How much a further member of the same direction still weighs: 1 all of it, 0 nothing.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub gamma: Option<f64>,
    /// The members' correlation within a cause, from which `gamma = (1 - phi)^(5/2)`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub phi: Option<f64>,
    /// Causes for which the members' probabilities are multiplied along their `when`s into a joint table.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub table: Vec<String>,
    /// Causes for which the number of items present is the evidence.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub count: Option<Count>,
    /// Why these belong together, each with its source.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<Note>,
}

/// The count rule of a group.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Count {
    /// What is counted.
    pub items: Vec<Item>,
    /// What the count weighs, by cause and setting.
    pub rules: Vec<CountRule>,
}

/// One thing that is counted: a condition over members.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Item {
    /// Its title.
    pub title: String,
    /// When it is present.
    pub condition: String,
}

/// What a count weighs for one cause: exactly one of `margins`, `likelihood_ratios` and `distribution`.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct CountRule {
    /// The cause.
    pub cause: String,
    /// Only in these settings, where the rule replaces the general one; in all when empty.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub setting: Vec<String>,
    /// `P(item)` for each item, under the cause and under the comparator.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub margins: Option<Shares>,
    /// A likelihood ratio for each interval of the count, which together cover 0 to all.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub likelihood_ratios: BTreeMap<String, f64>,
    /// `P(interval | comparator)`, by the same keys as `likelihood_ratios`.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub comparator: BTreeMap<String, f64>,
    /// The power the ratios are raised to before they are made coherent again.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub shrink: Option<f64>,
    /// `P(count = m)` for m = 0 to all, under the cause and under the comparator.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub distribution: Option<Shares>,
    /// The 95 % interval of the likelihood ratio, by interval of the count.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub interval: BTreeMap<String, [f64; 2]>,
    /// Where the figures come from.
    #[serde(flatten)]
    pub provenance: Provenance,
}

/// Probabilities in a row, under the cause and under the comparator.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Shares {
    /// Under the cause.
    pub cause: Vec<f64>,
    /// Under the comparator.
    pub comparator: Vec<f64>,
}

/// A finding that follows from others.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Implies {
    /// When the finding follows.
    #[serde(rename = "if")]
    pub condition: String,
    /// What follows: answers by indicator.
    pub then: BTreeMap<String, AnswerValue>,
    /// Why.
    pub reason: String,
}

/// An answer as a document or a case writes it.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(untagged)]
pub enum AnswerValue {
    /// `true` for present, `false` for absent.
    Boolean(bool),
    /// A measured number.
    Number(f64),
    /// The slug of an answer, or `"unknown"`, or `"not_assessable"`.
    Named(String),
}

/// A combination of findings that no case can have.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Impossible {
    /// The combination.
    pub condition: String,
    /// Why.
    pub reason: String,
}

/// The kinds of gate.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum GateKind {
    /// The cause may lead only while the condition holds.
    #[default]
    Requires,
    /// The cause's probability is at most `probability` while the condition holds.
    Caps,
    /// The cause leaves the ranking while the condition holds.
    Excludes,
}

/// What a `requires` gate does while its condition is undetermined.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum GateMode {
    /// It holds: missing data cannot open it.
    #[default]
    Strict,
    /// It stays open: only a condition that is definitely false closes it.
    Lenient,
}

/// What bars a rank.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Gate {
    /// Its title.
    pub title: String,
    /// Its kind.
    pub kind: GateKind,
    /// The cause it is about.
    pub cause: String,
    /// The condition, over findings only.
    pub condition: String,
    /// For `requires`: what an undetermined condition means; strict unless said otherwise.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mode: Option<GateMode>,
    /// For `caps`: the highest probability while the condition holds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub probability: Option<f64>,
    /// Why there is such a gate.
    pub reason: String,
    /// Citations: the key of a source, or `key:locator`.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub source: Vec<String>,
    /// Why nothing is cited.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub uncited: Option<String>,
}

/// How soon a raised flag wants attention.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, serde::Deserialize,
)]
#[serde(rename_all = "snake_case")]
pub enum Level {
    /// Now.
    Emergency,
    /// Within days.
    Urgent,
    /// At the next occasion.
    #[default]
    Routine,
}

/// What demands attention whatever the rank.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Flag {
    /// How soon.
    pub level: Level,
    /// Its title.
    pub title: String,
    /// When it is raised.
    pub condition: String,
    /// What to do.
    pub action: String,
    /// Citations: the key of a source, or `key:locator`.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub source: Vec<String>,
    /// Why nothing is cited.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub uncited: Option<String>,
    /// A remark.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
}

/// A rule the knowledge base promises to keep in every case.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Invariant {
    /// Its slug.
    pub id: String,
    /// The rule, in the grammar of [`Claim`].
    pub claim: String,
    /// Why it must hold.
    pub reason: String,
}

/// Whether a value is its type's default, for fields that are written only where they say something.
fn is_default<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
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
