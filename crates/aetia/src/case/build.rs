//! Builds cases: by name in a program, from a mapping, or from a text.

use std::collections::{BTreeMap, BTreeSet};

use super::closure::Contradiction;
use super::{Case, Given, Said};
use crate::document::{
    AnswerValue, Code, DocumentError, IndicatorKind, Problem, SourceKind, placed, read_case,
};
use crate::document::{Place, excerpt, suggest};
use crate::id::IndicatorId;
use crate::index::IndicatorIx;
use crate::knowledge::{AnswerCode, Indicator, Invalid, Knowledge, KnowledgeBase, UNKNOWN, code};
use crate::limits::Limits;

/// Why a finding or a case was refused.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum CaseError {
    /// The knowledge base has no such indicator.
    #[error(transparent)]
    UnknownName(#[from] UnknownName),
    /// The indicator cannot have such an answer.
    #[error(transparent)]
    AnswerMismatch(#[from] AnswerMismatch),
    /// The findings contradict each other.
    #[error(transparent)]
    ContradictoryFindings(#[from] ContradictoryFindings),
    /// The text of a case could not be read at all.
    #[error(transparent)]
    Document(#[from] DocumentError),
    /// The text of a case was read and cannot be used; holds every problem.
    #[error(transparent)]
    Invalid(#[from] Invalid),
}

/// A name that the knowledge base does not know.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{name}` is no {what} of this knowledge base{}", hint(.suggestion.as_deref(), .few))]
pub struct UnknownName {
    what: &'static str,
    name: String,
    suggestion: Option<String>,
    /// Every name there is, where they are few and none is near.
    few: Vec<String>,
}

/// How many names are few enough to be listed.
const FEW: usize = 8;

/// What may be meant.
fn hint(near: Option<&str>, few: &[String]) -> String {
    match (near, few) {
        (Some(near), _) => format!("; did you mean `{near}`?"),
        (None, []) => String::new(),
        (None, few) => {
            let few: Vec<String> = few.iter().map(|name| format!("`{name}`")).collect();
            format!("; there is {}", few.join(", "))
        }
    }
}

impl UnknownName {
    pub(crate) fn new<'k, K: Iterator<Item = &'k str>>(what: &'static str, name: &str, known: K) -> Self {
        let known: Vec<&str> = known.collect();
        let suggestion = suggest(name, known.iter().copied()).map(str::to_owned);
        let is_listed = suggestion.is_none() && known.len() <= FEW;
        let few = if is_listed { known.into_iter().map(str::to_owned).collect() } else { Vec::new() };
        Self { what, name: name.to_owned(), suggestion, few }
    }

    /// What was looked for: `indicator`, `cause` or `setting`.
    pub fn what(&self) -> &'static str {
        self.what
    }

    /// The name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The nearest name that is known, where one is near.
    pub fn suggestion(&self) -> Option<&str> {
        self.suggestion.as_deref()
    }
}

/// An answer that its indicator cannot have.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{given}` is no answer of `{indicator}`; expected {expected}")]
pub struct AnswerMismatch {
    indicator: IndicatorId,
    given: String,
    expected: String,
    code: Code,
}

impl AnswerMismatch {
    /// The indicator.
    pub fn indicator(&self) -> &IndicatorId {
        &self.indicator
    }

    /// What was given.
    pub fn given(&self) -> &str {
        &self.given
    }

    /// What would have been accepted.
    pub fn expected(&self) -> &str {
        &self.expected
    }
}

/// Findings that cannot all be true.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{} contradict each other: {reason}", list(.findings))]
pub struct ContradictoryFindings {
    findings: Vec<(IndicatorId, String)>,
    reason: String,
}

impl ContradictoryFindings {
    /// The indicators concerned, each with its answer.
    pub fn findings(&self) -> &[(IndicatorId, String)] {
        &self.findings
    }

    /// Why they contradict each other, as the knowledge base says.
    pub fn reason(&self) -> &str {
        &self.reason
    }
}

fn list(findings: &[(IndicatorId, String)]) -> String {
    findings
        .iter()
        .map(|(indicator, answer)| format!("`{indicator}` = {answer}"))
        .collect::<Vec<_>>()
        .join(" and ")
}

/// Collects findings by name. Findings may come in any order; a later one about the same indicator replaces
/// an earlier one.
///
/// ```
/// # let text = include_str!("../../docs/tiny.toml");
/// # let kb = aetia::Document::from_toml(text)?.validate()?;
/// let case = kb.case().present("night_pain")?.number("age_at_onset", 32.0)?.build()?;
/// assert_eq!(case.findings().count(), 2);
/// # Ok::<(), aetia::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct CaseBuilder {
    kb: KnowledgeBase,
    said: Said,
}

impl KnowledgeBase {
    /// An empty case of this knowledge base, to be filled by name.
    pub fn case(&self) -> CaseBuilder {
        CaseBuilder { kb: self.clone(), said: Said::nothing(self.inner.indicators.len()) }
    }

    /// Reads a case from TOML.
    ///
    /// # Errors
    /// [`CaseError::Document`] where the text is no TOML, [`CaseError::Invalid`] with every problem at once otherwise.
    pub fn case_from_toml(&self, text: &str) -> Result<Case, CaseError> {
        self.read(text, SourceKind::Toml, &Limits::default())
    }

    /// Reads a case from JSON.
    ///
    /// # Errors
    /// [`CaseError::Document`] where the text is no JSON, [`CaseError::Invalid`] with every problem at once otherwise.
    pub fn case_from_json(&self, text: &str) -> Result<Case, CaseError> {
        self.read(text, SourceKind::Json, &Limits::default())
    }

    fn read(&self, text: &str, kind: SourceKind, limits: &Limits) -> Result<Case, CaseError> {
        let (read, source) = read_case(text, kind, limits)?;
        let mut problems = read.problems;
        let unread: BTreeSet<String> = problems.iter().map(|problem| problem.place().to_owned()).collect();
        match self.case_of(&read.findings, &Place::root().field("findings"), &unread) {
            Ok(case) if problems.is_empty() => return Ok(case),
            Ok(_) => {}
            Err(found) => problems.extend(found),
        }
        Err(Invalid::new(placed(problems, Some(&source))).into())
    }

    /// The case of findings that stand at a place, or what is wrong with them; nothing is said about those that could not
    /// be read.
    pub(crate) fn case_of(
        &self,
        findings: &BTreeMap<String, Option<AnswerValue>>,
        place: &Place,
        unread: &BTreeSet<String>,
    ) -> Result<Case, Vec<Problem>> {
        let mut problems = Vec::new();
        let mut builder = self.case();
        // null in JSON says what leaving out says, though the name must still be one.
        let unknown = AnswerRef::Named("unknown");
        for (name, value) in findings {
            let place = place.field(name);
            if self.inner.derived.iter().any(|derived| derived.id.as_str() == name) {
                let message = format!("`{name}` is a derived indicator, which follows from others");
                let problem = Problem::new(Code::UnknownIndicator, place.to_string(), message);
                problems.push(problem.help("answer the indicators it is derived from"));
            } else if !unread.contains(&place.to_string()) {
                let set = builder.set(name, value.as_ref().map_or(unknown, AnswerRef::from));
                problems.extend(set.err().into_iter().flat_map(|error| problems_of(&place, error)));
            }
        }
        if !problems.is_empty() {
            return Err(problems);
        }
        builder.build().map_err(|error| problems_of(place, error))
    }

    /// The indicator of a name.
    pub(crate) fn lookup(&self, name: &str) -> Result<IndicatorIx, UnknownName> {
        let known = || self.inner.indicators.iter().map(|indicator| indicator.id.as_str());
        self.inner.indicator(name).ok_or_else(|| UnknownName::new("indicator", name, known()))
    }
}

/// A refused finding as problems of the catalogue.
fn problems_of(place: &Place, error: CaseError) -> Vec<Problem> {
    let (code, message, help) = match error {
        CaseError::UnknownName(unknown) => {
            let help = unknown.suggestion.as_ref().map(|near| format!("did you mean `{near}`?"));
            (
                Code::UnknownIndicator,
                format!("`{}` is no {} of this knowledge base", excerpt(&unknown.name), unknown.what),
                help,
            )
        }
        CaseError::AnswerMismatch(mismatch) => {
            let message = format!("`{}` is no answer of `{}`", excerpt(&mismatch.given), mismatch.indicator);
            (mismatch.code, message, Some(format!("expected {}", mismatch.expected)))
        }
        CaseError::ContradictoryFindings(findings) => {
            let help = Some("leave out the finding that is in doubt".to_owned());
            (Code::ContradictoryFindings, findings.to_string(), help)
        }
        CaseError::Document(error) => return vec![error.problem().clone()],
        CaseError::Invalid(invalid) => return invalid.problems().to_vec(),
    };
    let problem = Problem::new(code, place.to_string(), message);
    vec![match help {
        Some(help) => problem.help(help),
        None => problem,
    }]
}

impl CaseBuilder {
    /// A boolean indicator is present.
    ///
    /// # Errors
    /// [`CaseError`] where there is no such indicator, or it is no boolean.
    pub fn present(mut self, indicator: &str) -> Result<Self, CaseError> {
        self.set(indicator, AnswerRef::Boolean(true))?;
        Ok(self)
    }

    /// A boolean indicator is absent.
    ///
    /// # Errors
    /// [`CaseError`] where there is no such indicator, or it is no boolean.
    pub fn absent(mut self, indicator: &str) -> Result<Self, CaseError> {
        self.set(indicator, AnswerRef::Boolean(false))?;
        Ok(self)
    }

    /// A categorical or ordinal indicator has an answer, given by its identifier; any indicator takes the words
    /// `unknown` and `not_assessable`, as in case files. With [`CaseBuilder::present`], [`CaseBuilder::absent`] and
    /// [`CaseBuilder::number`] this says all that [`CaseBuilder::finding`] can, without an owned value.
    ///
    /// # Errors
    /// [`CaseError`] where there is no such indicator, or it has no such answer.
    ///
    /// ```
    /// # let text = include_str!("../../docs/tiny.toml");
    /// # let kb = aetia::Document::from_toml(text)?.validate()?;
    /// let case = kb.case().present("night_pain")?.answer("night_pain", "not_assessable")?.build()?;
    /// assert_eq!(case.finding("night_pain"), Some(aetia::Finding::NotAssessable));
    /// # Ok::<(), aetia::Error>(())
    /// ```
    pub fn answer(mut self, indicator: &str, answer: &str) -> Result<Self, CaseError> {
        self.set(indicator, AnswerRef::Named(answer))?;
        Ok(self)
    }

    /// A numeric indicator was measured, in its unit.
    ///
    /// # Errors
    /// [`CaseError`] where there is no such indicator, it is not numeric, or the number is not finite.
    pub fn number(mut self, indicator: &str, number: f64) -> Result<Self, CaseError> {
        self.set(indicator, AnswerRef::Number(number))?;
        Ok(self)
    }

    /// An indicator could not be looked at.
    ///
    /// # Errors
    /// [`CaseError`] where there is no such indicator.
    pub fn not_assessable(mut self, indicator: &str) -> Result<Self, CaseError> {
        self.set(indicator, AnswerRef::Named("not_assessable"))?;
        Ok(self)
    }

    /// Nobody has looked at an indicator: the same as never naming it, and takes back what was said before.
    ///
    /// # Errors
    /// [`CaseError`] where there is no such indicator.
    pub fn unknown(mut self, indicator: &str) -> Result<Self, CaseError> {
        self.set(indicator, AnswerRef::Named("unknown"))?;
        Ok(self)
    }

    /// A finding in the form case files use.
    ///
    /// # Errors
    /// [`CaseError`] where there is no such indicator, or it cannot have such an answer.
    pub fn finding(mut self, indicator: &str, value: &AnswerValue) -> Result<Self, CaseError> {
        self.set(indicator, value.into())?;
        Ok(self)
    }

    /// The same for a builder that is kept, as a reader keeps it that goes on after a refusal.
    ///
    /// # Errors
    /// [`CaseError`] where there is no such indicator, or it cannot have such an answer; the builder is then as it was.
    ///
    /// ```
    /// # let text = include_str!("../../docs/tiny.toml");
    /// # let kb = aetia::Document::from_toml(text)?.validate()?;
    /// use aetia::AnswerRef;
    /// let mut builder = kb.case();
    /// builder.set("night_pain", AnswerRef::Boolean(true))?;
    /// assert!(builder.set("age_at_onset", AnswerRef::Named("young")).is_err());
    /// assert_eq!(builder.build()?.findings().count(), 1);
    /// # Ok::<(), aetia::Error>(())
    /// ```
    pub fn set(&mut self, indicator: &str, value: AnswerRef<'_>) -> Result<(), CaseError> {
        let ix = self.kb.lookup(indicator)?;
        let given = match value {
            AnswerRef::Named("unknown") => None,
            AnswerRef::Named("not_assessable") => Some(Given::NotAssessable),
            AnswerRef::Boolean(_) | AnswerRef::Number(_) | AnswerRef::Named(_) => {
                Some(given(&self.kb.inner, ix, value)?)
            }
        };
        self.said.put(ix, given);
        Ok(())
    }

    /// The case.
    ///
    /// # Errors
    /// [`CaseError::ContradictoryFindings`] where the findings cannot all be true.
    pub fn build(self) -> Result<Case, CaseError> {
        Case::close(self.kb, self.said).map_err(|(kb, contradiction)| kb.contradictory(&contradiction).into())
    }

    /// The case, with answers that contradict each other treated as unknown; [`Case::dropped`] lists them.
    pub fn build_leniently(self) -> Case {
        Case::close_leniently(self.kb, self.said, Vec::new())
    }

    /// The same findings in another knowledge base, as far as it has the indicators and answers.
    pub(crate) fn adopt(case: &Case, kb: &KnowledgeBase) -> Case {
        let mut builder = kb.case();
        let mut dropped = case.dropped().to_vec();
        for (indicator, finding) in case.findings() {
            let value = match finding {
                super::Finding::Unknown | super::Finding::Answer { inferred: true, .. } => continue,
                super::Finding::NotAssessable => AnswerRef::Named("not_assessable"),
                super::Finding::Answer { number: Some(number), .. } => AnswerRef::Number(number),
                super::Finding::Answer { answer, .. } => match answer.key() {
                    "present" => AnswerRef::Boolean(true),
                    "absent" => AnswerRef::Boolean(false),
                    key => AnswerRef::Named(key),
                },
            };
            if let Err(error) = builder.set(indicator.id().as_str(), value) {
                dropped.push(super::Dropped::new(indicator.id(), error.to_string()));
            }
        }
        Case::close_leniently(builder.kb, builder.said, dropped)
    }
}

/// A value as an answer of an indicator.
#[inline]
fn given(kb: &Knowledge, ix: IndicatorIx, value: AnswerRef<'_>) -> Result<Given, AnswerMismatch> {
    read(kb, ix, value).ok_or_else(|| mismatch(&kb.indicators[ix], value))
}

/// The same without the reason where it is none.
#[inline]
fn read(kb: &Knowledge, ix: IndicatorIx, value: AnswerRef<'_>) -> Option<Given> {
    match (kb.seats[ix].kind, value) {
        (IndicatorKind::Boolean, AnswerRef::Boolean(present)) => {
            Some(Given::Answer(code(usize::from(present)), None))
        }
        (IndicatorKind::Categorical | IndicatorKind::Ordinal, AnswerRef::Named(key)) => {
            let at = kb.indicators[ix].answers.iter().position(|answer| answer.key == key);
            at.map(|at| Given::Answer(code(at), None))
        }
        (IndicatorKind::Numeric, AnswerRef::Number(number)) if number.is_finite() => {
            // -0 and 0 are one number, and must have one hash.
            let number = if number == 0.0 { 0.0 } else { number };
            Some(Given::Answer(code(kb.indicators[ix].bin(number)), Some(number)))
        }
        (_, AnswerRef::Boolean(_) | AnswerRef::Number(_) | AnswerRef::Named(_)) => None,
    }
}

impl Knowledge {
    /// The code a case would have for a value, by the rules of [`CaseBuilder::set`]; none where it would refuse it.
    pub(crate) fn code_of(&self, ix: IndicatorIx, value: AnswerRef<'_>) -> Option<AnswerCode> {
        match value {
            AnswerRef::Named("unknown" | "not_assessable") => Some(UNKNOWN),
            AnswerRef::Boolean(_) | AnswerRef::Number(_) | AnswerRef::Named(_) => {
                match read(self, ix, value)? {
                    Given::Answer(code, _) => Some(code),
                    Given::NotAssessable => Some(UNKNOWN),
                }
            }
        }
    }
}

/// Why a value is no answer of an indicator.
#[cold]
fn mismatch(indicator: &Indicator, value: AnswerRef<'_>) -> AnswerMismatch {
    let (given, code) = match (indicator.kind(), value) {
        (IndicatorKind::Categorical | IndicatorKind::Ordinal, AnswerRef::Named(key)) => {
            (key.to_owned(), Code::UnknownAnswer)
        }
        (IndicatorKind::Numeric, AnswerRef::Number(number)) => {
            (number.to_string().to_lowercase(), Code::NumberNotFinite)
        }
        (_, AnswerRef::Boolean(value)) => (value.to_string(), Code::AnswerKind),
        (_, AnswerRef::Number(value)) => (value.to_string(), Code::AnswerKind),
        (_, AnswerRef::Named(value)) => (value.to_owned(), Code::AnswerKind),
    };
    AnswerMismatch { indicator: indicator.id.clone(), given, expected: expected(indicator), code }
}

/// An [`AnswerValue`] that somebody else holds: nothing that would have to be allocated.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum AnswerRef<'v> {
    /// A boolean indicator is present (`true`) or absent (`false`).
    Boolean(bool),
    /// A numeric indicator was measured, in its unit.
    Number(f64),
    /// The identifier of an answer, or `unknown`, or `not_assessable`.
    Named(&'v str),
}

impl<'v> From<&'v AnswerValue> for AnswerRef<'v> {
    fn from(value: &'v AnswerValue) -> Self {
        match value {
            AnswerValue::Boolean(present) => Self::Boolean(*present),
            AnswerValue::Number(number) => Self::Number(*number),
            AnswerValue::Named(word) => Self::Named(word),
        }
    }
}

/// What an indicator accepts.
fn expected(indicator: &Indicator) -> String {
    match indicator.kind() {
        IndicatorKind::Boolean => "true or false".to_owned(),
        IndicatorKind::Numeric => format!("a finite number of {}", indicator.unit().unwrap_or("units")),
        IndicatorKind::Categorical | IndicatorKind::Ordinal => {
            indicator.answers.iter().map(|answer| format!("`{}`", answer.key)).collect::<Vec<_>>().join(", ")
        }
    }
}

impl KnowledgeBase {
    fn contradictory(&self, contradiction: &Contradiction) -> ContradictoryFindings {
        let named = |(indicator, answer): &(IndicatorIx, u8)| {
            let indicator = &self.inner.indicators[*indicator];
            let answer = crate::knowledge::position(*answer).and_then(|at| indicator.answers.get(at));
            (indicator.id.clone(), answer.map_or_else(|| "unknown".to_owned(), |answer| answer.title.clone()))
        };
        ContradictoryFindings {
            findings: contradiction.findings.iter().map(named).collect(),
            reason: contradiction.reason.clone(),
        }
    }
}
