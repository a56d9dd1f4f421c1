//! A case: what was found, what was not looked at, and what follows.

mod build;
mod closure;

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::sync::Arc;

use serde_json::{Map, Value};
use sha2::{Digest, Sha256};

pub use build::{AnswerMismatch, CaseBuilder, CaseError, ContradictoryFindings, UnknownName};
pub use closure::Dropped;

use crate::index::{Dense, GroupIx, IndicatorIx};
use crate::knowledge::{Answer, AnswerCode, Indicator, KnowledgeBase, UNKNOWN, position};

/// The findings of one situation, closed under what follows from them.
///
/// Made by [`KnowledgeBase::case`] or read by [`KnowledgeBase::case_from_toml`]; it belongs to that knowledge
/// base. Whatever is not named is unknown, and weighs exactly nothing. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Case {
    inner: Arc<Closed>,
}

/// What a case holds.
#[derive(Debug)]
struct Closed {
    kb: KnowledgeBase,
    given: BTreeMap<IndicatorIx, Given>,
    /// The answer code of every indicator, after closure.
    codes: Box<[AnswerCode]>,
    inferred: Vec<IndicatorIx>,
    /// The groups in which something is known, with their states.
    active: Vec<(GroupIx, usize)>,
    dropped: Vec<Dropped>,
}

/// What was said about one indicator.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Given {
    /// It could not be looked at.
    NotAssessable,
    /// An answer by its code, and the number where one was measured.
    Answer(AnswerCode, Option<f64>),
}

/// What is known about an indicator in a case.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Finding<'c> {
    /// Nobody looked.
    Unknown,
    /// Somebody wanted to look and could not.
    NotAssessable,
    /// The answer, with the number where one was measured.
    Answer {
        /// The answer, or the bin the number falls into.
        answer: &'c Answer,
        /// The number, in the indicator's unit.
        number: Option<f64>,
        /// Whether it was not given but follows from what was.
        inferred: bool,
    },
}

impl Case {
    /// The knowledge base it belongs to.
    pub fn knowledge_base(&self) -> &KnowledgeBase {
        &self.inner.kb
    }

    /// What is known about an indicator; none where the knowledge base has no such indicator.
    pub fn finding(&self, indicator: &str) -> Option<Finding<'_>> {
        Some(self.finding_at(self.inner.kb.inner.indicator(indicator)?))
    }

    /// Every indicator about which something was said or follows, with the finding.
    pub fn findings(&self) -> impl Iterator<Item = (&Indicator, Finding<'_>)> {
        let all = self.inner.kb.inner.indicators.enumerate();
        all.map(|(ix, indicator)| (indicator, self.finding_at(ix)))
            .filter(|(_, finding)| *finding != Finding::Unknown)
    }

    /// The indicators nobody has looked at.
    pub fn not_asked(&self) -> impl Iterator<Item = &Indicator> {
        let all = self.inner.kb.inner.indicators.enumerate();
        all.filter(|(ix, _)| self.finding_at(*ix) == Finding::Unknown).map(|(_, indicator)| indicator)
    }

    /// What a lenient reader treated as unknown, and why.
    pub fn dropped(&self) -> &[Dropped] {
        &self.inner.dropped
    }

    /// What is known about an indicator.
    pub(crate) fn finding_at(&self, indicator: IndicatorIx) -> Finding<'_> {
        let given = self.inner.given.get(&indicator).copied();
        match position(self.code(indicator)) {
            Some(at) => match self.inner.kb.inner.indicators[indicator].answers.get(at) {
                Some(answer) => {
                    let number = match given {
                        Some(Given::Answer(_, number)) => number,
                        Some(Given::NotAssessable) | None => None,
                    };
                    Finding::Answer { answer, number, inferred: self.inner.inferred.contains(&indicator) }
                }
                None => Finding::Unknown,
            },
            None if given == Some(Given::NotAssessable) => Finding::NotAssessable,
            None => Finding::Unknown,
        }
    }

    /// The answer code of an indicator, after closure.
    pub(crate) fn code(&self, indicator: IndicatorIx) -> AnswerCode {
        self.inner.codes.get(indicator.position()).copied().unwrap_or(UNKNOWN)
    }

    /// The groups in which something is known, with their states.
    pub(crate) fn active(&self) -> &[(GroupIx, usize)] {
        &self.inner.active
    }

    /// Whether the case was built against this very knowledge base.
    pub(crate) fn belongs_to(&self, kb: &KnowledgeBase) -> bool {
        Arc::ptr_eq(&self.inner.kb.inner, &kb.inner)
    }

    /// The findings as given, in canonical JSON: indicators in byte order, inferred findings left out.
    pub fn to_json(&self) -> String {
        self.given_json().to_string()
    }

    pub(crate) fn given_json(&self) -> Value {
        let kb = &*self.inner.kb.inner;
        let mut findings = Map::new();
        for (ix, given) in &self.inner.given {
            let indicator = &kb.indicators[*ix];
            let value = match given {
                Given::NotAssessable => Value::from("not_assessable"),
                Given::Answer(_, Some(number)) => Value::from(*number),
                Given::Answer(code, None) => {
                    let key = position(*code)
                        .and_then(|at| indicator.answers.get(at))
                        .map_or("", |answer| &answer.key);
                    match key {
                        "present" => Value::from(true),
                        "absent" => Value::from(false),
                        key => Value::from(key),
                    }
                }
            };
            findings.insert(indicator.id.to_string(), value);
        }
        serde_json::json!({ "findings": findings })
    }

    /// The SHA-256 of [`Case::to_json`], in hexadecimal.
    pub fn hash(&self) -> String {
        sha256(self.to_json().as_bytes())
    }
}

/// The SHA-256 of some bytes, in hexadecimal.
pub(crate) fn sha256(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(64);
    for byte in Sha256::digest(bytes) {
        // Writing to a String cannot fail.
        let _ = write!(text, "{byte:02x}");
    }
    text
}
