//! Indicators as written, and named conditions.

use std::collections::BTreeMap;

use serde::Serialize;

use super::{Codes, Note};

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
