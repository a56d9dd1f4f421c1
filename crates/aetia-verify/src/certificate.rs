//! Certificates: why a rule holds, in steps that can be checked one by one.

mod asked;
mod check;
mod claim;
mod free;
mod left;
mod plan;
mod posterior;
mod query;
mod states;
mod sums;
mod weigh;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

pub use check::CheckError;
pub use claim::{Checker, check, check_document, check_pair};

/// The version of the format of certificates.
pub const CERTIFICATE_FORMAT: u32 = 1;

/// Why a rule holds, in steps that can be checked one by one.
///
/// It says nothing about how they were found. [`check`](crate::check) reads the knowledge base, the claim and the
/// certificate, and nothing else.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Certificate {
    /// The version of this format.
    pub format: u32,
    /// The hash of the knowledge base as written.
    pub source: String,
    /// The hash of what it means.
    pub meaning: String,
    /// The claim, as text.
    pub claim: String,
    /// The other knowledge base, for a claim about two: the hashes of what is written and of what it means.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub other: Option<(String, String)>,
    /// What is different from the knowledge base as it is.
    #[serde(default, skip_serializing_if = "Readings::is_plain")]
    pub readings: Readings,
    /// One part for each thing that is to be shown.
    pub parts: Vec<Part>,
}

/// Of which readings of the knowledge base something was shown.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Readings {
    /// This setting and no other.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub setting: Option<String>,
    /// This link instead of the knowledge base's own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub link: Option<aetia::Link>,
    /// How far each prior may be moved, in nanodecibans.
    #[serde(default)]
    pub priors: i64,
    /// Whether every weight and every prior may be anywhere in its 95 % interval.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub intervals: bool,
}

impl Readings {
    fn is_plain(&self) -> bool {
        *self == Self::default()
    }
}

/// What shows one thing in one setting.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Part {
    /// The setting.
    pub setting: String,
    /// The cause it is about, where a claim is about several.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub about: Option<String>,
    /// Why it is so.
    pub because: Because,
}

/// Why something is so.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Because {
    /// No case is otherwise: the steps of a proof, a split or a decision before what it leads to.
    Steps(Vec<Step>),
    /// A case that is so: its answers by indicator, `present`, `absent`, the slug of an answer, or a bin.
    Example(BTreeMap<String, String>),
}

/// A step of a proof that no case of a set is what is sought.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Step {
    /// By its conditions, and by the greatest values of single forms, no case of the set is.
    Closed,
    /// In any case that is, each of these forms is at least 0. Multiplied and added they are below 0 in every case of the
    /// set.
    Sum(Vec<Term>),
    /// The set is split by an answer or a count: a list of values for each part, then the steps of each part.
    Split {
        /// What it is split by.
        on: Key,
        /// The values of each part: answers, `unknown` among them, or numbers of items.
        parts: Vec<Vec<String>>,
    },
    /// The set is split by whether a form is at least 0: first the steps where it is, then those where it is not.
    Decide(Form),
    /// For claims about probabilities: each form is at most what the score of a cause is above that of the claim's
    /// cause. Mixed in these proportions they leave too little for it.
    Entropy(Vec<Share>),
}

/// What a set of cases is split by.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Key {
    /// The answer of an indicator; with `'` in the second reading.
    Answer(String),
    /// How many items of a group's count are present.
    Present(String),
    /// How many are absent.
    Absent(String),
}

/// A form and how often it is taken.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Term {
    /// The form.
    pub of: Form,
    /// How often: above 0.
    pub times: i64,
}

/// A form with the cause whose score it is about, and its proportion.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Share {
    /// The cause; the comparator's identifier for the comparator.
    pub cause: String,
    /// What its score is above that of the claim's cause, at least.
    pub of: Form,
    /// Its proportion: above 0.
    pub times: i64,
}

/// A sum of scores without gates, in nanodecibans.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Form {
    /// How often the score of each cause is taken; a name with `'` is that of the second reading.
    pub scores: BTreeMap<String, i64>,
    /// What is added.
    pub plus: i64,
}

impl Certificate {
    /// The certificate as JSON, indented: a line for each step and number.
    pub fn to_json(&self) -> String {
        serde_json::to_string_pretty(self).unwrap_or_default()
    }

    /// Reads a certificate.
    ///
    /// # Errors
    /// [`CheckError`] where the text is no certificate.
    pub fn from_json(text: &str) -> Result<Self, CheckError> {
        serde_json::from_str(text).map_err(|error| CheckError::new(format!("no certificate: {error}")))
    }

    /// How many steps it has.
    pub fn steps(&self) -> usize {
        let steps = |part: &Part| match &part.because {
            Because::Steps(steps) => steps.len(),
            Because::Example(_) => 1,
        };
        self.parts.iter().map(steps).sum()
    }
}
