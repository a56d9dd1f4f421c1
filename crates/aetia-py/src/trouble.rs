//! What keeps a table from being scored, with the column and the rows where it shows.

use aetia::CaseError;
use aetia::cohort::CohortError;
use arrow_array::ArrayRef;
use pyo3::exceptions::PyTypeError;
use pyo3::prelude::*;

use crate::columns;
use crate::errors;

/// Where an indicator is read from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Source {
    pub(crate) indicator: String,
    /// The name of the column.
    pub(crate) name: String,
    /// Its position.
    pub(crate) at: usize,
}

impl Source {
    /// The column in words: by its name and, where it has another, its indicator.
    fn said(&self) -> String {
        let Self { indicator, name, .. } = self;
        if indicator == name {
            format!("the column `{name}`")
        } else {
            format!("the column `{name}` (of `{indicator}`)")
        }
    }

    /// Why an array of a type that holds no answers is refused.
    pub(crate) fn no_answers(&self, kind: &str) -> Trouble {
        let said = self.said();
        Trouble::Table(format!(
            "{said} is of type {kind}; give booleans, numbers, texts or a dictionary of them"
        ))
    }

    /// Why a column is refused, with the first values that stand in it; `from` is the number of the batch's first row.
    pub(crate) fn refused(&self, error: CohortError, array: &ArrayRef, from: usize) -> Trouble {
        let CohortError::Type { found, kind, expected, .. } = error else {
            return Trouble::Cohort(error);
        };
        let shown = columns::first_values(array, 3).into_iter();
        let shown: Vec<String> = shown.map(|(row, value)| format!("{value} in row {}", from + row)).collect();
        let shown = if shown.is_empty() { String::new() } else { format!(": {}", shown.join(", ")) };
        let (said, indicator) = (self.said(), &self.indicator);
        Trouble::Table(format!(
            "{said} holds {found}{shown}; a {kind} indicator as `{indicator}` takes {expected}, or say by `values` what they \
             mean, as in values={{\"yes\": True, \"no\": False}}"
        ))
    }
}

/// Why a row has no result; where its indicator is read from a column of another name, with that name.
pub(crate) fn reason(error: &CaseError, sources: &[Source]) -> String {
    let CaseError::AnswerMismatch(mismatch) = error else { return error.to_string() };
    let source = sources.iter().find(|source| source.indicator == mismatch.indicator().as_str());
    match source.filter(|source| source.name != source.indicator) {
        Some(source) => format!("{error} (column `{}`)", source.name),
        None => error.to_string(),
    }
}

/// What keeps a batch from being scored.
#[derive(Debug)]
pub(crate) enum Trouble {
    /// The table is not what was said; the message says what to do.
    Table(String),
    /// A name that nobody knows: of an indicator, or of a column.
    Unknown {
        message: String,
        what: &'static str,
        name: String,
        near: Option<String>,
    },
    Cohort(CohortError),
    Bug(String),
}

impl From<Trouble> for PyErr {
    fn from(trouble: Trouble) -> Self {
        match trouble {
            Trouble::Table(message) => PyTypeError::new_err(message),
            Trouble::Unknown { message, what, name, near } => {
                errors::named(message, what, &name, near.as_deref().into_iter())
            }
            Trouble::Cohort(CohortError::UnknownName(error)) => errors::unknown_name(&error),
            Trouble::Cohort(error) => PyTypeError::new_err(error.to_string()),
            Trouble::Bug(message) => errors::internal(&message),
        }
    }
}
