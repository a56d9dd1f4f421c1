//! Test cases as written: findings, and what they should come to.

use std::collections::BTreeMap;

use super::AnswerValue;

/// A case of a file of test cases, and what it should come to.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct TestCase {
    /// Its slug.
    pub(crate) id: String,
    /// Its title.
    pub(crate) title: String,
    /// Why it should come to that.
    pub(crate) why: String,
    /// The setting; the default one where none is named.
    pub(crate) setting: Option<String>,
    /// What was found; none where JSON says `null`.
    pub(crate) findings: BTreeMap<String, Option<AnswerValue>>,
    /// The named cause of rank 1.
    pub(crate) first: String,
    /// Whether it stands above the comparator, where that is expected either way.
    pub(crate) leads: Option<bool>,
    /// The causes that gates hold down, each with one of the gates.
    pub(crate) held: BTreeMap<String, String>,
    /// The flags that are raised.
    pub(crate) raised: Vec<String>,
    /// Scores after gates, in nanodecibans.
    pub(crate) scores: BTreeMap<String, i64>,
    /// Where the expectation comes from.
    pub(crate) source: Vec<String>,
}
