//! What the core refuses, as the exceptions of `aetia.errors`: one match for each of its errors.

use aetia::{CaseError, Invalid, UnknownName};
use pyo3::exceptions::PyValueError;
use pyo3::import_exception;
use pyo3::prelude::*;

use crate::guard::Bug;
use crate::problem::Problem;

mod python {
    use super::import_exception;
    import_exception!(aetia.errors, AlreadyAnswered);
    import_exception!(aetia.errors, AnswerMismatch);
    import_exception!(aetia.errors, ContradictoryFindings);
    import_exception!(aetia.errors, DocumentError);
    import_exception!(aetia.errors, InternalError);
    import_exception!(aetia.errors, InvalidKnowledgeBase);
    import_exception!(aetia.errors, Unreadable);
    import_exception!(aetia.errors, UnknownName);
}

impl From<Bug> for PyErr {
    fn from(bug: Bug) -> Self {
        python::InternalError::new_err((bug.report(),))
    }
}

/// What the tests of this library rule out.
pub(crate) fn internal(text: &str) -> PyErr {
    python::InternalError::new_err((format!("this is a bug in aetia {}: {text}", env!("CARGO_PKG_VERSION")),))
}

/// A number outside its range.
pub(crate) fn value_error(error: &aetia::BeliefError) -> PyErr {
    PyValueError::new_err(error.to_string())
}

/// A text that is no stored result or value.
pub(crate) fn unreadable(reason: &str) -> PyErr {
    python::Unreadable::new_err((reason.to_owned(),))
}

/// A question that was asked before, or whose answer follows from others.
pub(crate) fn already_answered(message: &str, indicator: &str) -> PyErr {
    python::AlreadyAnswered::new_err((message.to_owned(), indicator.to_owned()))
}

/// A name nobody knows.
pub(crate) fn unknown_name(error: &UnknownName) -> PyErr {
    named(error.to_string(), error.what(), error.name(), error.suggestion().into_iter())
}

/// The same for names that the core never sees.
pub(crate) fn named<'n, N: Iterator<Item = &'n str>>(
    message: String,
    what: &str,
    name: &str,
    near: N,
) -> PyErr {
    let suggestions: Vec<String> = near.map(str::to_owned).collect();
    python::UnknownName::new_err((message, what.to_owned(), name.to_owned(), suggestions))
}

/// A word that must be one of a few.
pub(crate) fn word(what: &str, name: &str, known: &[&str]) -> PyErr {
    let all: Vec<String> = known.iter().map(|word| format!("`{word}`")).collect();
    named(format!("`{name}` is no {what}; expected {}", all.join(" or ")), what, name, known.iter().copied())
}

/// A finding that is given twice.
pub(crate) fn given_twice(name: &str) -> PyErr {
    let reason = "give one answer to an indicator";
    let message = format!("`{name}` is given twice: {reason}");
    python::ContradictoryFindings::new_err((message, Vec::<(String, String)>::new(), reason))
}

/// A text that could not be read at all.
pub(crate) fn document(problem: &aetia::Problem) -> PyErr {
    python::DocumentError::new_err((problem.to_string(), Problem::from(problem)))
}

/// A text that holds half of a surrogate pair, as texts of Python can.
pub(crate) fn broken_text() -> PyErr {
    let problem =
        Problem::of_text("text-encoding", "the text holds half of a surrogate pair", "read it as UTF-8");
    python::DocumentError::new_err((problem.said(), problem))
}

/// A text that was read and is no knowledge base.
pub(crate) fn invalid(error: &Invalid) -> PyErr {
    let problems: Vec<Problem> = error.problems().iter().map(Problem::from).collect();
    python::InvalidKnowledgeBase::new_err((error.to_string(), problems))
}

/// An answer an indicator cannot have; `hint` says what to do where the core does not know the way of Python.
pub(crate) fn mismatch(error: &aetia::AnswerMismatch, hint: &str) -> PyErr {
    let indicator = error.indicator().to_string();
    let (given, expected) = (error.given().to_owned(), error.expected().to_owned());
    python::AnswerMismatch::new_err((format!("{error}{hint}"), indicator, given, expected))
}

/// A finding or a case that was refused.
pub(crate) fn case(error: &CaseError, hint: &str) -> PyErr {
    match error {
        CaseError::UnknownName(error) => unknown_name(error),
        CaseError::AnswerMismatch(error) => mismatch(error, hint),
        CaseError::ContradictoryFindings(error) => {
            let findings: Vec<(String, String)> = error
                .findings()
                .iter()
                .map(|(indicator, answer)| (indicator.to_string(), answer.clone()))
                .collect();
            python::ContradictoryFindings::new_err((error.to_string(), findings, error.reason().to_owned()))
        }
        CaseError::Document(error) => document(error.problem()),
        CaseError::Invalid(error) => invalid(error),
        // The enum may grow; what it grows by is still said in its own words.
        error => PyValueError::new_err(error.to_string()),
    }
}
