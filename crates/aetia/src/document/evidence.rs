//! Rows of evidence as written: five forms, and what is declared to be no evidence.

use std::collections::BTreeMap;

use serde::Serialize;

use super::Provenance;

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

/// Whether a value is its type's default, for fields that are written only where they say something.
fn is_default<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}
