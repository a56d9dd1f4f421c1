//! An interview: answers one at a time.

use std::sync::{Mutex, MutexGuard, PoisonError};

use aetia::{InterviewError, InterviewRecord, ResumeError};
use pyo3::prelude::*;
use pyo3::types::PyTuple;

use crate::asking;
use crate::convert;
use crate::errors;
use crate::guard::guarded;
use crate::model::Model;
use crate::result::Result;
use crate::text::Name;

/// An interview on its way: it is asked for the next question and told the answer, one at a time, with a way back.
///
/// Every state of it is a valid case. What was asked is never asked again, whether it was answered, refused
/// (`aetia.NOT_ASSESSABLE`) or passed over (None). Made by `Model.interview`, taken up again by `Model.resume`.
///
/// Attributes:
///     model (Model): the model.
///     answers (tuple[tuple[str, bool | float | str | NotAssessable | None], ...]): the answers so far, in the order
///         they were given.
///     result (Result): the case so far, assessed.
///     stop_reason (str | None): why it should stop, in a sentence; None where it should go on.
///     progress (Progress): how far it has come.
///
/// >>> import aetia
/// >>> interview = aetia.load(aetia.available()[0]).interview(who="oneself", questions=2)
/// >>> interview.next().reason
/// 'flag'
/// >>> interview.answer("night_pain", True)
/// >>> interview.answer("age_now", 34)
/// >>> interview.stop_reason
/// 'The limit of 2 questions is reached.'
/// >>> interview.back()
/// ('age_now', 34.0)
#[pyclass(frozen, module = "aetia", name = "Interview")]
#[derive(Debug)]
pub(crate) struct Interview {
    model: Py<Model>,
    inner: Mutex<aetia::Interview>,
}

impl Interview {
    pub(crate) fn new(model: Py<Model>, inner: aetia::Interview) -> Self {
        Self { model, inner: Mutex::new(inner) }
    }

    /// Takes up a stored interview.
    pub(crate) fn resumed(model: &Bound<'_, Model>, text: &str) -> PyResult<Self> {
        let kept = guarded(|| {
            InterviewRecord::from_json(text).and_then(|record| model.get().inner.resume(&record))
        })?;
        Ok(Self::new(model.clone().unbind(), kept.map_err(|error| resume_error(&error))?))
    }

    fn inner(&self) -> MutexGuard<'_, aetia::Interview> {
        // A panic leaves an interview as it was: its answers change last.
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A copy to look at, so that nobody waits for what takes long.
    fn seen(&self) -> aetia::Interview {
        self.inner().clone()
    }
}

fn interview_error(error: &InterviewError) -> PyErr {
    match error {
        InterviewError::Case(error) => errors::case(error, ""),
        InterviewError::AskedBefore(indicator) | InterviewError::Follows { indicator, .. } => {
            errors::already_answered(&error.to_string(), indicator.as_str())
        }
        error => errors::unreadable(&error.to_string()),
    }
}

fn resume_error(error: &ResumeError) -> PyErr {
    match error {
        ResumeError::UnknownName(error) => errors::unknown_name(error),
        ResumeError::Answer(error) => interview_error(error),
        ResumeError::Unreadable(_) | ResumeError::OtherModel { .. } | _ => {
            errors::unreadable(&error.to_string())
        }
    }
}

#[pymethods]
impl Interview {
    /// The question to ask next; None where there is nothing left to ask, whether or not a rule says stop.
    ///
    /// Returns:
    ///     Question | None.
    fn next<'py>(&self, py: Python<'py>) -> PyResult<Option<Bound<'py, PyAny>>> {
        let seen = self.seen();
        let found = py.detach(|| guarded(|| seen.next()))?;
        found.map(|question| asking::question(py, &question)).transpose()
    }

    /// Takes an answer, to the question asked or to any other.
    ///
    /// Raises:
    ///     AlreadyAnswered: it was asked before, or follows from other answers; go back to change them.
    ///     UnknownName: there is no such indicator.
    ///     AnswerMismatch: the indicator cannot have such an answer.
    ///     ContradictoryFindings: it contradicts other answers.
    fn answer(&self, indicator: Name, value: &Bound<'_, PyAny>) -> PyResult<()> {
        let name = indicator.as_str();
        let (answer, hint) = convert::answer(&self.model.get().inner, name, value)?;
        let mut inner = self.inner();
        guarded(|| inner.answer(name, &answer))?.map_err(|error| match &error {
            InterviewError::Case(error) => errors::case(error, hint),
            InterviewError::AskedBefore(_) | InterviewError::Follows { .. } | _ => interview_error(&error),
        })
    }

    /// Takes back the last answer and gives it, with its indicator; None where nothing was answered.
    ///
    /// Returns:
    ///     tuple[str, bool | float | str | NotAssessable | None] | None.
    fn back<'py>(&self, py: Python<'py>) -> PyResult<Option<(String, Bound<'py, PyAny>)>> {
        let taken = self.inner().back();
        taken.map(|(indicator, value)| Ok((indicator.to_string(), asking::value(py, &value)?))).transpose()
    }

    /// The model.
    #[getter]
    fn model<'py>(&self, py: Python<'py>) -> Bound<'py, Model> {
        self.model.bind(py).clone()
    }

    /// The answers so far, in the order they were given.
    #[getter]
    fn answers<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
        let seen = self.seen();
        let pairs = seen.answers().iter();
        let pairs = pairs.map(|(indicator, value)| Ok((indicator.to_string(), asking::value(py, value)?)));
        PyTuple::new(py, pairs.collect::<PyResult<Vec<_>>>()?)
    }

    /// The case so far, assessed.
    #[getter]
    fn result(&self) -> PyResult<Result> {
        let seen = self.seen();
        Ok(Result::live(guarded(|| seen.assessment())?, &self.model.get().ids))
    }

    /// Why it should stop, in a sentence; None where it should go on.
    #[getter]
    fn stop_reason(&self, py: Python<'_>) -> PyResult<Option<String>> {
        let seen = self.seen();
        Ok(py.detach(|| guarded(|| seen.stop_reason()))?.map(|reason| reason.sentence()))
    }

    /// How far it has come.
    #[getter]
    fn progress<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        let seen = self.seen();
        let progress = py.detach(|| guarded(|| seen.progress()))?;
        let parts = (progress.asked, progress.answered, progress.inferred, progress.left, progress.left_out);
        py.import("aetia._asking")?.call_method1("Progress", parts)
    }

    /// The interview as JSON, to be taken up by `Model.resume`.
    ///
    /// Returns:
    ///     str.
    fn to_json(&self) -> String {
        self.seen().record().to_json()
    }

    fn __eq__(&self, other: &Bound<'_, PyAny>) -> Py<PyAny> {
        let same = other.cast::<Self>().ok().map(|other| self.seen().record() == other.get().seen().record());
        crate::value::equality(other.py(), same)
    }

    fn __repr__(&self) -> String {
        let seen = self.seen();
        let kb = seen.model().knowledge_base();
        format!("<Interview about {}: {} asked>", kb.id(), seen.answers().len())
    }

    fn __reduce__<'py>(&self, py: Python<'py>) -> PyResult<(Bound<'py, PyAny>, Bound<'py, PyTuple>)> {
        let parts = (self.model(py), self.to_json());
        Ok((py.get_type::<Model>().getattr("resume")?, parts.into_pyobject(py)?))
    }
}
