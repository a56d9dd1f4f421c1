//! A red flag in a result.

use std::hash::{Hash, Hasher};

use aetia::FlagRecord;
use pyo3::prelude::*;
use serde::{Deserialize, Serialize};

use crate::value::{self, Reduced};

/// A red flag in a result: raised, cleared or not assessed, whatever the ranking says.
///
/// Attributes:
///     id (str): its id.
///     level (str): `"emergency"`, `"urgent"` or `"routine"`.
///     title (str): its title.
///     state (str): `"raised"`, `"cleared"` or `"not_assessed"`.
///     because (tuple[str, ...]): the indicators that decide it: those to ask about where it is not assessed.
///     words (tuple[str, ...]): the findings of `because` in words.
///     action (str): what to do when it is raised.
///     citations (tuple[str, ...]): keys of sources, each perhaps with a locator.
#[pyclass(frozen, eq, hash, module = "aetia", name = "Flag")]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Flag {
    pub(crate) record: FlagRecord,
    pub(crate) words: Vec<String>,
}

impl Hash for Flag {
    fn hash<H: Hasher>(&self, state: &mut H) {
        (&self.record.id, self.record.state).hash(state);
    }
}

#[pymethods]
impl Flag {
    /// Its id.
    #[getter]
    fn id(&self) -> &str {
        &self.record.id
    }

    /// `"emergency"`, `"urgent"` or `"routine"`.
    #[getter]
    fn level(&self) -> PyResult<String> {
        value::word(&self.record.level)
    }

    /// Its title.
    #[getter]
    fn title(&self) -> &str {
        &self.record.title
    }

    /// `"raised"`, `"cleared"` or `"not_assessed"`.
    #[getter]
    fn state(&self) -> PyResult<String> {
        value::word(&self.record.state)
    }

    /// The indicators that decide it: those to ask about where it is not assessed.
    #[getter]
    fn because<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        value::texts(py, &self.record.because)
    }

    /// The findings of `because` in words.
    #[getter]
    fn words<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        value::texts(py, &self.words)
    }

    /// What to do when it is raised.
    #[getter]
    fn action(&self) -> &str {
        &self.record.action
    }

    /// Keys of sources, each perhaps with a locator.
    #[getter]
    fn citations<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        value::texts(py, &self.record.citations)
    }

    fn __repr__(&self) -> PyResult<String> {
        Ok(format!("<Flag {}: {}, {}>", self.record.id, self.level()?, self.state()?))
    }

    /// The flag in a line: its level, its state, its title and the findings that decide it.
    fn __str__(&self) -> PyResult<String> {
        let (level, state) = (self.level()?, self.state()?.replace('_', " "));
        Ok(format!("{level}, {state}: {} ({})", self.record.title, self.words.join(", ")))
    }

    fn __reduce__<'py>(&self, py: Python<'py>) -> PyResult<Reduced<'py>> {
        value::reduce::<Self>(py, self)
    }

    #[staticmethod]
    fn _from_json(text: &str) -> PyResult<Self> {
        value::restore(text)
    }
}
