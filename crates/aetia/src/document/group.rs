//! Groups as written: discounts, counts and tables.

use std::collections::BTreeMap;

use serde::Serialize;

use super::{Note, Provenance};

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
