//! An interview: answers one at a time, with a way back, to be stored and taken up again.

use serde::{Deserialize, Serialize};

use super::{Ask, Budget, Question, StopReason, StopRule};
use crate::assessment::{Assessment, Options, Scratch};
use crate::case::{Case, CaseBuilder, CaseError, Dropped, Finding, UnknownName};
use crate::document::{AnswerValue, Link};
use crate::id::IndicatorId;
use crate::model::Model;

/// An interview on its way. Cheap to clone.
///
/// After every answer it holds a valid case; what was asked is never asked again, whether it was answered, refused
/// (`not_assessable`) or passed over (`unknown`).
///
/// ```
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let model = aetia::Document::from_toml(include_str!("../../docs/tiny.toml"))?.validate()?.compile();
/// use aetia::AnswerValue;
/// let mut interview = model.interview();
/// interview.answer("raised_crp", &AnswerValue::Boolean(true))?;
/// interview.answer("age_at_onset", &AnswerValue::Number(30.0))?;
/// // The gate of the cause that would be first comes next.
/// assert_eq!(interview.next().map(|question| question.text().to_owned()).as_deref(), Some("Do you have back pain at night?"));
/// interview.answer("night_pain", &AnswerValue::Boolean(false))?;
/// assert!(interview.stop_reason().is_some());
///
/// assert_eq!(interview.back().map(|(indicator, _)| indicator.to_string()).as_deref(), Some("night_pain"));
/// let stored = interview.record().to_json();
/// let resumed = model.resume(&aetia::InterviewRecord::from_json(&stored)?)?;
/// assert_eq!(resumed.record(), interview.record());
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug)]
pub struct Interview {
    model: Model,
    options: Options,
    ask: Ask,
    stop: StopRule,
    budget: Budget,
    given: Vec<(IndicatorId, AnswerValue)>,
    case: Case,
}

/// How far an interview has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Progress {
    /// Questions that were asked, refused and passed over ones included.
    pub asked: usize,
    /// Questions that were answered.
    pub answered: usize,
    /// Findings that followed from answers.
    pub inferred: usize,
    /// Questions that may still be asked, as things stand.
    pub left: usize,
    /// Questions that would be asked if anybody could answer them.
    pub left_out: usize,
}

/// An interview as plain data: what is stored and sent.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct InterviewRecord {
    /// The knowledge base.
    pub knowledge_base: String,
    /// Its version.
    pub version: String,
    /// The hash of what is written.
    pub source_hash: String,
    /// The hash of what it means.
    pub meaning_hash: String,
    /// The setting.
    pub setting: String,
    /// The link.
    pub link: Link,
    /// Who is asked, and what first.
    pub ask: Ask,
    /// When to stop.
    pub stop: StopRule,
    /// How long to look for exact answers.
    pub budget: Budget,
    /// The answers in the order they were given, in the form case files use.
    pub answers: Vec<(String, serde_json::Value)>,
}

/// Why an answer was refused. The interview is as it was.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum InterviewError {
    /// The question was asked before; go back to change the answer.
    #[error("`{0}` was asked before; go back to change the answer")]
    AskedBefore(IndicatorId),
    /// The answer follows from others; go back to change those.
    #[error("`{indicator}` follows from other answers, which say {answer}; go back to change them")]
    Follows {
        /// The indicator.
        indicator: IndicatorId,
        /// The answer that follows, in words.
        answer: String,
    },
    /// The answer is none, or contradicts others.
    #[error(transparent)]
    Case(#[from] CaseError),
}

/// Why an interview could not be taken up.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum ResumeError {
    /// The text is no stored interview.
    #[error("this is no stored interview: {0}")]
    Unreadable(String),
    /// It was begun with a knowledge base that means something else.
    #[error(
        "the interview was begun with {began}, this is {here}; adopt it to carry the answers over by name"
    )]
    OtherModel {
        /// The knowledge base it was begun with.
        began: String,
        /// The knowledge base at hand.
        here: String,
    },
    /// A name is not known.
    #[error(transparent)]
    UnknownName(#[from] UnknownName),
    /// An answer cannot be taken.
    #[error(transparent)]
    Answer(#[from] InterviewError),
}

impl Model {
    /// An interview in the default setting, by the default link, rules and budget.
    pub fn interview(&self) -> Interview {
        self.interview_with(&self.options(), Ask::default(), StopRule::default())
            .unwrap_or_else(|_| self.empty_interview(self.options()))
    }

    /// An interview of the caller's choice.
    ///
    /// # Errors
    /// [`UnknownName`] where the knowledge base has no such setting.
    pub fn interview_with(
        &self,
        options: &Options,
        ask: Ask,
        stop: StopRule,
    ) -> Result<Interview, UnknownName> {
        self.setting(&options.setting)?;
        Ok(Interview { ask, stop, ..self.empty_interview(options.clone()) })
    }

    fn empty_interview(&self, options: Options) -> Interview {
        Interview {
            model: self.clone(),
            options,
            ask: Ask::default(),
            stop: StopRule::default(),
            budget: Budget::default(),
            given: Vec::new(),
            case: self.case().build_leniently(),
        }
    }

    /// Takes up a stored interview that was begun with this very knowledge base.
    ///
    /// # Errors
    /// [`ResumeError::OtherModel`] where it was begun with a knowledge base that means something else, and whatever the
    /// answers are refused for.
    pub fn resume(&self, record: &InterviewRecord) -> Result<Interview, ResumeError> {
        if record.meaning_hash != self.meaning_hash() {
            let kb = self.knowledge_base();
            return Err(ResumeError::OtherModel {
                began: format!("`{}` {}", record.knowledge_base, record.version),
                here: format!("`{}` {}", kb.id(), kb.version()),
            });
        }
        let (mut interview, dropped) = self.prepared(record)?;
        if let Some(setting) = dropped {
            return Err(setting.into());
        }
        for (indicator, value) in &record.answers {
            interview.answer(indicator, &answer_value(value)?)?;
        }
        Ok(interview)
    }

    /// Takes up a stored interview of another knowledge base by name; what this one has not, or refuses, is dropped and
    /// listed. Where it has not the setting, the default one is used, and that is listed too.
    ///
    /// # Errors
    /// [`ResumeError`] where an answer is of no form a case could have.
    pub fn resume_adopting(
        &self,
        record: &InterviewRecord,
    ) -> Result<(Interview, Vec<Dropped>), ResumeError> {
        let (mut interview, setting) = self.prepared(record)?;
        let mut dropped: Vec<Dropped> =
            setting.iter().map(|error| Dropped::new(&record.setting, error.to_string())).collect();
        for (indicator, value) in &record.answers {
            if let Err(error) = interview.answer(indicator, &answer_value(value)?) {
                dropped.push(Dropped::new(indicator, error.to_string()));
            }
        }
        Ok((interview, dropped))
    }

    /// An interview without answers as a record wants it, and why its setting could not be used.
    fn prepared(&self, record: &InterviewRecord) -> Result<(Interview, Option<UnknownName>), ResumeError> {
        let kb = self.knowledge_base();
        let known = || kb.settings().map(|setting| setting.id().as_str());
        let setting = kb.settings().find(|setting| setting.id().as_str() == record.setting);
        let unknown = setting.is_none().then(|| UnknownName::new("setting", &record.setting, known()));
        let setting = setting.unwrap_or_else(|| kb.default_setting()).id().clone();
        let mut interview =
            self.interview_with(&Options { setting, link: record.link }, record.ask, record.stop)?;
        interview.budget = record.budget;
        Ok((interview, unknown))
    }
}

impl Interview {
    /// The model.
    pub fn model(&self) -> &Model {
        &self.model
    }

    /// The case so far.
    pub fn case(&self) -> &Case {
        &self.case
    }

    /// Who is asked, and what first.
    pub fn ask(&self) -> &Ask {
        &self.ask
    }

    /// Sets how long to look for exact answers.
    pub fn set_budget(&mut self, budget: Budget) {
        self.budget = budget;
    }

    /// The answers so far, in the order they were given.
    pub fn answers(&self) -> &[(IndicatorId, AnswerValue)] {
        &self.given
    }

    /// The case so far, assessed.
    pub fn assessment(&self) -> Assessment {
        let mut scratch = Scratch::new();
        // The setting was checked when the interview was made.
        let assessed = self.model.assess_with(&self.case, &self.options, &mut scratch).cloned();
        assessed.unwrap_or_else(|_| self.model.assess(&self.case))
    }

    /// The question to ask next; none where there is nothing left to ask, whether or not a rule says stop.
    pub fn next(&self) -> Option<Question> {
        self.outlook().next_questions(1, &self.ask).into_iter().next()
    }

    /// The case as this interview will leave it, assessed: what was passed over is not asked again, and so is as good as
    /// not assessable, which weighs and decides as little.
    fn outlook(&self) -> Assessment {
        let passed = |(indicator, value): &(IndicatorId, AnswerValue)| match value {
            AnswerValue::Named(word) if word == "unknown" => Some(indicator.clone()),
            AnswerValue::Named(_) | AnswerValue::Boolean(_) | AnswerValue::Number(_) => None,
        };
        let assessment = self.assessment();
        let mut builder = self.builder(&self.given);
        for indicator in self.given.iter().filter_map(passed) {
            let is_open = self.case.finding(indicator.as_str()) == Some(Finding::Unknown);
            if is_open {
                builder = builder.and_then(|builder| Ok(builder.not_assessable(indicator.as_str())?));
            }
        }
        let Ok(case) = builder.and_then(|builder| Ok(builder.build()?)) else { return assessment };
        let mut scratch = Scratch::new();
        let assessed = self.model.assess_with(&case, &self.options, &mut scratch).cloned();
        assessed.unwrap_or(assessment)
    }

    fn was_asked(&self, indicator: &str) -> bool {
        self.given.iter().any(|(asked, _)| asked == indicator)
    }

    /// Takes an answer, to the question asked or to any other: `unknown` passes over, `not_assessable` refuses.
    ///
    /// # Errors
    /// [`InterviewError`] where it was asked before, follows from other answers, is no answer or contradicts others; the
    /// interview is then as it was.
    pub fn answer(&mut self, indicator: &str, value: &AnswerValue) -> Result<(), InterviewError> {
        let builder = self.builder(&self.given)?.finding(indicator, value)?;
        let id = indicator.parse::<IndicatorId>().map_err(|_| {
            let known = self.model.knowledge_base().indicators().map(|indicator| indicator.id().as_str());
            CaseError::from(UnknownName::new("indicator", indicator, known))
        })?;
        if self.was_asked(indicator) {
            return Err(InterviewError::AskedBefore(id));
        }
        if let Some(Finding::Answer { answer, inferred: true, .. }) = self.case.finding(indicator) {
            return Err(InterviewError::Follows { indicator: id, answer: answer.title().to_owned() });
        }
        self.case = builder.build()?;
        self.given.push((id, value.clone()));
        Ok(())
    }

    /// Takes back the last answer and gives it; none where nothing was answered.
    pub fn back(&mut self) -> Option<(IndicatorId, AnswerValue)> {
        let last = self.given.pop()?;
        if let Ok(case) = self.builder(&self.given).and_then(|builder| Ok(builder.build()?)) {
            self.case = case;
        }
        Some(last)
    }

    fn builder(&self, given: &[(IndicatorId, AnswerValue)]) -> Result<CaseBuilder, InterviewError> {
        let add = |builder: CaseBuilder, (indicator, value): &(IndicatorId, AnswerValue)| {
            builder.finding(indicator.as_str(), value)
        };
        Ok(given.iter().try_fold(self.model.case(), add)?)
    }

    /// Why the interview should stop; none where it should go on.
    pub fn stop_reason(&self) -> Option<StopReason> {
        self.stop.applies(&self.outlook(), self.given.len(), &self.ask, &self.budget)
    }

    /// How far it has come.
    pub fn progress(&self) -> Progress {
        let outlook = self.outlook();
        let is_inferred = |finding: Finding<'_>| matches!(finding, Finding::Answer { inferred: true, .. });
        let is_answer = |value: &AnswerValue| !matches!(value, AnswerValue::Named(word) if word == "unknown" || word == "not_assessable");
        Progress {
            asked: self.given.len(),
            answered: self.given.iter().filter(|(_, value)| is_answer(value)).count(),
            inferred: self.case.findings().filter(|(_, finding)| is_inferred(*finding)).count(),
            left: outlook.next_questions(usize::MAX, &self.ask).len(),
            left_out: outlook.left_out(&self.ask).len(),
        }
    }

    /// The interview as plain data.
    pub fn record(&self) -> InterviewRecord {
        let kb = self.model.knowledge_base();
        InterviewRecord {
            knowledge_base: kb.id().to_owned(),
            version: kb.version().to_owned(),
            source_hash: self.model.source_hash().to_owned(),
            meaning_hash: self.model.meaning_hash().to_owned(),
            setting: self.options.setting.to_string(),
            link: self.options.link,
            ask: self.ask,
            stop: self.stop,
            budget: self.budget,
            answers: self.given.iter().map(|(id, value)| (id.to_string(), json_value(value))).collect(),
        }
    }
}

impl InterviewRecord {
    /// The record as JSON, the same bytes everywhere.
    pub fn to_json(&self) -> String {
        // Plain data with text keys: it can be written.
        serde_json::to_string(self).unwrap_or_default()
    }

    /// Reads a record from JSON.
    ///
    /// # Errors
    /// [`ResumeError::Unreadable`] where the text is no stored interview.
    pub fn from_json(text: &str) -> Result<Self, ResumeError> {
        serde_json::from_str(text).map_err(|error| ResumeError::Unreadable(error.to_string()))
    }
}

fn json_value(value: &AnswerValue) -> serde_json::Value {
    match value {
        AnswerValue::Boolean(value) => (*value).into(),
        AnswerValue::Number(value) => (*value).into(),
        AnswerValue::Named(value) => value.as_str().into(),
    }
}

fn answer_value(value: &serde_json::Value) -> Result<AnswerValue, ResumeError> {
    let none = || ResumeError::Unreadable(format!("`{value}` is no answer"));
    match value {
        serde_json::Value::Bool(value) => Ok(AnswerValue::Boolean(*value)),
        serde_json::Value::Number(value) => value.as_f64().map(AnswerValue::Number).ok_or_else(none),
        serde_json::Value::String(value) => Ok(AnswerValue::Named(value.clone())),
        serde_json::Value::Null | serde_json::Value::Array(_) | serde_json::Value::Object(_) => Err(none()),
    }
}
