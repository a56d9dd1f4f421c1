//! The slow twin of the engine: what a case means, written down straight from the mathematics.
//!
//! It is read beside `semantics.md` (cited by section title) and shares nothing with the engine but the
//! algebra of belief and the written [`Document`]. Nothing is compiled, cached or indexed: names are
//! strings, conditions are parsed where they are read, and joint states are enumerated. It assumes a valid
//! document and findings that suit it, and panics otherwise.
//!
//! An answer has one name whatever its kind: `present`, `absent`, the slug of an answer, or a bin such as
//! `40..45`. An indicator that is unknown or not assessable has no answer.

mod answers;
mod counts;
mod evidence;
mod groups;
mod ranking;

use std::collections::{BTreeMap, BTreeSet};

use aetia::written::Group;
use aetia::{AnswerValue, Document, LikelihoodRatio, Link, LogOdds, Weight};

pub use answers::{answer_of, answers_of, close, reads, truth};
use ranking::{judge, rank};

/// What was found, as a case writes it: by indicator.
pub type Findings = BTreeMap<String, AnswerValue>;

/// The named answers of a case: by indicator, the unanswered ones left out.
pub type Answers = BTreeMap<String, String>;

/// Kleene's three truth values, in the order that makes *all* a minimum and *any* a maximum.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Truth {
    /// Definitely false.
    False,
    /// It depends on something unknown or not assessable.
    Undetermined,
    /// Definitely true.
    True,
}

/// Everything the oracle says about a case.
#[derive(Clone, Debug, PartialEq)]
pub struct Verdict {
    /// The named causes.
    pub causes: BTreeMap<String, OracleCause>,
    /// The comparator's posterior after gates; the line 0.5 under the independent link.
    pub comparator_posterior: f64,
    /// The comparator's posterior before gates; the line 0.5 under the independent link.
    pub comparator_posterior_ungated: f64,
    /// What each flag's condition comes to.
    pub flags: BTreeMap<String, Truth>,
    /// The ranked causes, first first; excluded ones are not in it.
    pub order: Vec<String>,
    /// The answers that followed from others.
    pub inferred: BTreeMap<String, String>,
}

/// What the oracle says about a named cause. `prior`, `parts` and `gate` sum to `score`.
#[derive(Clone, Debug, PartialEq)]
pub struct OracleCause {
    /// Log-odds against the comparator before any finding.
    pub prior: LogOdds,
    /// The score before gates.
    pub raw: LogOdds,
    /// The score after caps and holds. An excluded cause keeps the score it would have had.
    pub score: LogOdds,
    /// The posterior after gates; 0 where the cause is excluded.
    pub posterior: f64,
    /// The posterior before gates.
    pub posterior_ungated: f64,
    /// The rank from 1; none where the cause is excluded.
    pub rank: Option<usize>,
    /// The rank from 1 before gates.
    pub rank_ungated: usize,
    /// The `requires` gates that are closed, whether or not they move the score.
    pub held_by: Vec<String>,
    /// The `caps` gates in force, whether or not they move the score.
    pub capped_by: Vec<String>,
    /// The `excludes` gates in force.
    pub excluded_by: Vec<String>,
    /// The evidence: the answered members a part speaks of, and its weight. Zeros are parts too.
    pub parts: Vec<(Vec<String>, Weight)>,
    /// What the gates take away: `score - raw`.
    pub gate: Weight,
}

/// Why a case cannot be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Contradiction {
    /// An implication gives an indicator another answer than it has.
    Implied {
        /// The indicator.
        indicator: String,
        /// The answer it has.
        answer: String,
        /// The answer it would be given.
        implied: String,
        /// The implication's condition.
        condition: String,
    },
    /// An impossible condition definitely holds.
    Impossible {
        /// The condition.
        condition: String,
    },
}

/// Assesses a case in a setting under a link.
///
/// # Errors
/// The [`Contradiction`] in the findings, if there is one.
pub fn assess(
    document: &Document,
    findings: &Findings,
    setting: &str,
    link: Link,
) -> Result<Verdict, Contradiction> {
    let (answers, inferred) = close(document, findings)?;
    let sheet = Sheet { document, setting, answers };
    let mut causes: BTreeMap<String, OracleCause> =
        document.causes.keys().map(|cause| (cause.clone(), sheet.score(cause))).collect();
    sheet.gate(&mut causes);
    let order = rank(&mut causes);
    let (comparator_posterior, comparator_posterior_ungated) = judge(&mut causes, link);
    let flags = document.flags.iter().map(|(id, flag)| (id.clone(), sheet.truth(&flag.condition))).collect();
    Ok(Verdict { causes, comparator_posterior, comparator_posterior_ungated, flags, order, inferred })
}

/// A case in a setting: the document and the closed answers.
struct Sheet<'a> {
    document: &'a Document,
    setting: &'a str,
    answers: Answers,
}

impl Sheet<'_> {
    fn truth(&self, condition: &str) -> Truth {
        truth(self.document, &self.answers, condition)
    }

    fn is_answered(&self, indicator: &str) -> bool {
        self.answers.contains_key(indicator)
    }

    /// The prior of a cause ("Priors by setting").
    fn prior(&self, cause: &str) -> f64 {
        self.document.causes[cause].prior[self.setting].value
    }

    /// The comparator's prior: what the named causes leave over, taken away one after another by id.
    fn prior_of_comparator(&self) -> f64 {
        self.document.causes.keys().fold(1.0, |rest, cause| rest - self.prior(cause))
    }

    /// The score before gates: prior and parts ("Score").
    fn score(&self, cause: &str) -> OracleCause {
        let odds = LikelihoodRatio::new(self.prior(cause) / self.prior_of_comparator()).unwrap();
        let prior = LogOdds::EVEN + odds.weight();
        let parts = self.parts(cause);
        let raw = parts.iter().fold(prior, |score, (_, weight)| score + *weight);
        OracleCause {
            prior,
            raw,
            score: raw,
            posterior: 0.0,
            posterior_ungated: 0.0,
            rank: None,
            rank_ungated: 0,
            held_by: Vec::new(),
            capped_by: Vec::new(),
            excluded_by: Vec::new(),
            parts,
            gate: Weight::ZERO,
        }
    }

    /// The evidence for a cause, group after group, then the indicators that stand alone ("Blocks").
    fn parts(&self, cause: &str) -> Vec<(Vec<String>, Weight)> {
        let groups = self.document.groups.values();
        let grouped: BTreeSet<&String> = groups.clone().flat_map(|group| &group.members).collect();
        let alone =
            self.document.indicators.keys().filter(|id| !grouped.contains(id) && self.is_answered(id));
        let of_groups = groups.flat_map(|group| self.group(cause, group));
        of_groups.chain(alone.map(|id| (vec![id.clone()], self.weight(cause, id)))).collect()
    }

    /// A group's evidence by the cause's own rule: a count, a table, or else the discount.
    fn group(&self, cause: &str, group: &Group) -> Vec<(Vec<String>, Weight)> {
        let members: BTreeSet<String> = group.members.iter().cloned().collect();
        if let Some(count) = &group.count
            && let Some(rule) = self.count_rule(cause, count)
        {
            let counted = self.counted(count);
            let uncounted = members.difference(&counted).cloned().collect();
            let mut parts: Vec<_> = self.count(count, rule).into_iter().collect();
            parts.extend(self.discounted(cause, group, &uncounted));
            parts
        } else if group.table.iter().any(|named| named == cause) {
            self.table(cause, &members).into_iter().collect()
        } else {
            self.discounted(cause, group, &members)
        }
    }
}

fn real(count: usize) -> f64 {
    count as f64
}

#[cfg(test)]
mod tests;
