//! A case: what was found, what was not looked at, and what follows.

mod build;
mod closure;
mod said;

use std::fmt::Write as _;
use std::sync::Arc;

use serde_json::{Map, Value};
use sha2::{Digest, Sha256};

pub use build::{AnswerMismatch, AnswerRef, CaseBuilder, CaseError, ContradictoryFindings, UnknownName};
pub use closure::Dropped;
use said::{Given, Said};

use crate::index::{GroupIx, IndicatorIx};
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
    /// What was said, and what follows from it.
    said: Said,
    /// What was not said but follows, in order.
    inferred: Vec<IndicatorIx>,
    /// The groups in which something is known, with their states.
    active: Vec<(GroupIx, usize)>,
    dropped: Vec<Dropped>,
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
        match self.inner.said.get(indicator) {
            None => Finding::Unknown,
            Some(Given::NotAssessable) => Finding::NotAssessable,
            Some(Given::Answer(code, number)) => {
                let answers = &self.inner.kb.inner.indicators[indicator].answers;
                let inferred = self.inner.inferred.binary_search(&indicator).is_ok();
                position(code)
                    .and_then(|at| answers.get(at))
                    .map_or(Finding::Unknown, |answer| Finding::Answer { answer, number, inferred })
            }
        }
    }

    /// The answer code of an indicator, after closure.
    pub(crate) fn code(&self, indicator: IndicatorIx) -> AnswerCode {
        self.inner.said.code(indicator)
    }

    /// The groups in which something is known, with their states.
    pub(crate) fn active(&self) -> &[(GroupIx, usize)] {
        &self.inner.active
    }

    /// Whether the case was built against this very knowledge base.
    pub(crate) fn belongs_to(&self, kb: &KnowledgeBase) -> bool {
        Arc::ptr_eq(&self.inner.kb.inner, &kb.inner)
    }

    /// The same case with other answers to some indicators, an unknown one taken back; none where they contradict
    /// what else is known. What only followed from others follows anew.
    pub(crate) fn with(&self, answers: &[(IndicatorIx, AnswerCode)]) -> Option<Self> {
        let mut said = self.inner.said.clone();
        for indicator in &self.inner.inferred {
            said.infer(*indicator, UNKNOWN);
        }
        for (indicator, answer) in answers {
            said.put(*indicator, (*answer != UNKNOWN).then_some(Given::Answer(*answer, None)));
        }
        Self::close(self.inner.kb.clone(), said).ok()
    }

    /// The answer code an indicator was given; unknown where it only follows from others.
    pub(crate) fn given_code(&self, indicator: IndicatorIx) -> AnswerCode {
        let inferred = self.inner.inferred.binary_search(&indicator).is_ok();
        if inferred { UNKNOWN } else { self.code(indicator) }
    }

    /// Whether somebody wanted to look and could not.
    pub(crate) fn is_not_assessable(&self, indicator: IndicatorIx) -> bool {
        self.inner.said.is_not_assessable(indicator)
    }

    /// The findings as given, in canonical JSON: indicators in byte order, inferred findings left out.
    pub fn to_json(&self) -> String {
        self.given_json().to_string()
    }

    pub(crate) fn given_json(&self) -> Value {
        let kb = &*self.inner.kb.inner;
        let mut findings = Map::new();
        for ix in self.inner.said.indicators() {
            let indicator = &kb.indicators[ix];
            let inferred = self.inner.inferred.binary_search(&ix).is_ok();
            let given = self.inner.said.get(ix).filter(|_| !inferred);
            let value = match given {
                // An answer may be inferred where nobody could look.
                None if self.inner.said.is_not_assessable(ix) => Value::from("not_assessable"),
                None => continue,
                Some(Given::NotAssessable) => Value::from("not_assessable"),
                Some(Given::Answer(_, Some(number))) => Value::from(number),
                Some(Given::Answer(code, None)) => {
                    let key = position(code)
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
