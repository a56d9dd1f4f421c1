//! What holds beside the weights, as written: implications, gates, flags and invariants.

use std::collections::BTreeMap;

use serde::Serialize;

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
    /// The rule, in the grammar of [`Claim`](crate::Claim).
    pub claim: String,
    /// Why it must hold.
    pub reason: String,
}
