//! Builds cases: by name in a program, from a mapping, or from a text.

use std::collections::{BTreeMap, BTreeSet};

use super::closure::Contradiction;
use super::{Case, Given};
use crate::document::{
    AnswerValue, Code, DocumentError, IndicatorKind, Problem, SourceKind, placed, read_case,
};
use crate::document::{Place, excerpt, suggest};
use crate::id::IndicatorId;
use crate::index::IndicatorIx;
use crate::knowledge::{Indicator, Invalid, KnowledgeBase, code};
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
#[error("`{name}` is no {what} of this knowledge base{}", .suggestion.as_ref().map(|near| format!("; did you mean `{near}`?")).unwrap_or_default())]
pub struct UnknownName {
    what: &'static str,
    name: String,
    suggestion: Option<String>,
}

impl UnknownName {
    pub(crate) fn new<'k, K: Iterator<Item = &'k str>>(what: &'static str, name: &str, known: K) -> Self {
        Self { what, name: name.to_owned(), suggestion: suggest(name, known).map(str::to_owned) }
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
    given: BTreeMap<IndicatorIx, Given>,
}

impl KnowledgeBase {
    /// An empty case of this knowledge base, to be filled by name.
    pub fn case(&self) -> CaseBuilder {
        CaseBuilder { kb: self.clone(), given: BTreeMap::new() }
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
        let mut builder = self.case();
        let place = Place::root().field("findings");
        // null in JSON says what leaving out says, though the name must still be one.
        let unknown = AnswerValue::Named("unknown".to_owned());
        for (name, value) in &read.findings {
            let place = place.field(name);
            if self.inner.derived.iter().any(|derived| derived.id.as_str() == name) {
                let message = format!("`{name}` is a derived indicator, which follows from others");
                let problem = Problem::new(Code::UnknownIndicator, place.to_string(), message);
                problems.push(problem.help("answer the indicators it is derived from"));
            } else if !unread.contains(&place.to_string()) {
                let set = builder.set(name, value.as_ref().unwrap_or(&unknown));
                problems.extend(set.err().into_iter().flat_map(|error| problems_of(&place, error)));
            }
        }
        if problems.is_empty() {
            match builder.build() {
                Ok(case) => return Ok(case),
                Err(error) => problems.extend(problems_of(&place, error)),
            }
        }
        Err(Invalid::new(placed(problems, Some(&source))).into())
    }

    fn lookup(&self, name: &str) -> Result<IndicatorIx, UnknownName> {
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
    pub fn present(self, indicator: &str) -> Result<Self, CaseError> {
        self.finding(indicator, &AnswerValue::Boolean(true))
    }

    /// A boolean indicator is absent.
    ///
    /// # Errors
    /// [`CaseError`] where there is no such indicator, or it is no boolean.
    pub fn absent(self, indicator: &str) -> Result<Self, CaseError> {
        self.finding(indicator, &AnswerValue::Boolean(false))
    }

    /// A categorical or ordinal indicator has an answer, given by its identifier.
    ///
    /// # Errors
    /// [`CaseError`] where there is no such indicator, or it has no such answer.
    pub fn answer(self, indicator: &str, answer: &str) -> Result<Self, CaseError> {
        self.finding(indicator, &AnswerValue::Named(answer.to_owned()))
    }

    /// A numeric indicator was measured, in its unit.
    ///
    /// # Errors
    /// [`CaseError`] where there is no such indicator, it is not numeric, or the number is not finite.
    pub fn number(self, indicator: &str, number: f64) -> Result<Self, CaseError> {
        self.finding(indicator, &AnswerValue::Number(number))
    }

    /// An indicator could not be looked at.
    ///
    /// # Errors
    /// [`CaseError`] where there is no such indicator.
    pub fn not_assessable(mut self, indicator: &str) -> Result<Self, CaseError> {
        let indicator = self.kb.lookup(indicator)?;
        self.given.insert(indicator, Given::NotAssessable);
        Ok(self)
    }

    /// Nobody has looked at an indicator: the same as never naming it, and takes back what was said before.
    ///
    /// # Errors
    /// [`CaseError`] where there is no such indicator.
    pub fn unknown(mut self, indicator: &str) -> Result<Self, CaseError> {
        let indicator = self.kb.lookup(indicator)?;
        self.given.remove(&indicator);
        Ok(self)
    }

    /// A finding in the form case files use.
    ///
    /// # Errors
    /// [`CaseError`] where there is no such indicator, or it cannot have such an answer.
    pub fn finding(mut self, indicator: &str, value: &AnswerValue) -> Result<Self, CaseError> {
        self.set(indicator, value)?;
        Ok(self)
    }

    fn set(&mut self, indicator: &str, value: &AnswerValue) -> Result<(), CaseError> {
        let ix = self.kb.lookup(indicator)?;
        let given = match value {
            AnswerValue::Named(word) if word == "unknown" => None,
            AnswerValue::Named(word) if word == "not_assessable" => Some(Given::NotAssessable),
            AnswerValue::Boolean(_) | AnswerValue::Number(_) | AnswerValue::Named(_) => {
                Some(given(&self.kb.inner.indicators[ix], value)?)
            }
        };
        match given {
            Some(given) => self.given.insert(ix, given),
            None => self.given.remove(&ix),
        };
        Ok(())
    }

    /// The case.
    ///
    /// # Errors
    /// [`CaseError::ContradictoryFindings`] where the findings cannot all be true.
    pub fn build(self) -> Result<Case, CaseError> {
        match Case::close(self.kb.clone(), self.given) {
            Ok(case) => Ok(case),
            Err(contradiction) => Err(self.kb.contradictory(&contradiction).into()),
        }
    }

    /// The case, with answers that contradict each other treated as unknown; [`Case::dropped`] lists them.
    pub fn build_leniently(self) -> Case {
        Case::close_leniently(self.kb, self.given, Vec::new())
    }

    /// The same findings in another knowledge base, as far as it has the indicators and answers.
    pub(crate) fn adopt(case: &Case, kb: &KnowledgeBase) -> Case {
        let mut builder = kb.case();
        let mut dropped = case.dropped().to_vec();
        for (indicator, finding) in case.findings() {
            let value = match finding {
                super::Finding::Unknown | super::Finding::Answer { inferred: true, .. } => continue,
                super::Finding::NotAssessable => AnswerValue::Named("not_assessable".to_owned()),
                super::Finding::Answer { number: Some(number), .. } => AnswerValue::Number(number),
                super::Finding::Answer { answer, .. } => match answer.key() {
                    "present" => AnswerValue::Boolean(true),
                    "absent" => AnswerValue::Boolean(false),
                    key => AnswerValue::Named(key.to_owned()),
                },
            };
            if let Err(error) = builder.set(indicator.id().as_str(), &value) {
                dropped.push(super::Dropped::new(indicator.id(), error.to_string()));
            }
        }
        Case::close_leniently(builder.kb, builder.given, dropped)
    }
}

/// A value as an answer of an indicator.
fn given(indicator: &Indicator, value: &AnswerValue) -> Result<Given, AnswerMismatch> {
    let mismatch = |given: String, code: Code| AnswerMismatch {
        indicator: indicator.id.clone(),
        given,
        expected: expected(indicator),
        code,
    };
    match (indicator.kind(), value) {
        (IndicatorKind::Boolean, AnswerValue::Boolean(present)) => {
            Ok(Given::Answer(code(usize::from(*present)), None))
        }
        (IndicatorKind::Categorical | IndicatorKind::Ordinal, AnswerValue::Named(key)) => {
            let at = indicator.answers.iter().position(|answer| answer.key == *key);
            at.map(|at| Given::Answer(code(at), None))
                .ok_or_else(|| mismatch(key.clone(), Code::UnknownAnswer))
        }
        (IndicatorKind::Numeric, AnswerValue::Number(number)) if number.is_finite() => {
            // -0 and 0 are one number, and must have one hash.
            let number = if *number == 0.0 { 0.0 } else { *number };
            Ok(Given::Answer(code(indicator.bin(number)), Some(number)))
        }
        (IndicatorKind::Numeric, AnswerValue::Number(number)) => {
            Err(mismatch(number.to_string().to_lowercase(), Code::NumberNotFinite))
        }
        (_, AnswerValue::Boolean(value)) => Err(mismatch(value.to_string(), Code::AnswerKind)),
        (_, AnswerValue::Number(value)) => Err(mismatch(value.to_string(), Code::AnswerKind)),
        (_, AnswerValue::Named(value)) => Err(mismatch(value.clone(), Code::AnswerKind)),
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
