//! A gate at work.

use std::hash::{Hash, Hasher};

use aetia::GateRecord;
use pyo3::prelude::*;
use serde::{Deserialize, Serialize};

use crate::value::{self, Reduced};

/// A gate at work on a candidate: what it is, and what would open it.
///
/// Attributes:
///     gate (str): its id.
///     title (str): its title.
///     condition (str): its condition, in the language of knowledge bases.
///     is_undetermined (bool): whether its condition only lacks a finding.
///     because (tuple[str, ...]): the indicators that decide it: those to ask about where it is undetermined.
///     words (tuple[str, ...]): the findings of `because` in words.
///     reason (str): why there is such a gate.
#[pyclass(frozen, eq, hash, module = "aetia", name = "Bar")]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Bar {
    pub(crate) record: GateRecord,
    pub(crate) words: Vec<String>,
}

impl Hash for Bar {
    fn hash<H: Hasher>(&self, state: &mut H) {
        (&self.record.gate, self.record.is_undetermined).hash(state);
    }
}

#[pymethods]
impl Bar {
    /// Its id.
    #[getter]
    fn gate(&self) -> &str {
        &self.record.gate
    }

    /// Its title.
    #[getter]
    fn title(&self) -> &str {
        &self.record.title
    }

    /// Its condition, in the language of knowledge bases.
    #[getter]
    fn condition(&self) -> &str {
        &self.record.condition
    }

    /// Whether its condition only lacks a finding.
    #[getter]
    fn is_undetermined(&self) -> bool {
        self.record.is_undetermined
    }

    /// The indicators that decide it: those to ask about where it is undetermined.
    #[getter]
    fn because<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        value::texts(py, &self.record.because)
    }

    /// The findings of `because` in words.
    #[getter]
    fn words<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        value::texts(py, &self.words)
    }

    /// Why there is such a gate.
    #[getter]
    fn reason(&self) -> &str {
        &self.record.reason
    }

    fn __repr__(&self) -> String {
        let state = if self.record.is_undetermined { "undetermined" } else { "decided" };
        format!("<Bar {}: {}, {state}>", self.record.gate, self.record.condition)
    }

    fn __reduce__<'py>(&self, py: Python<'py>) -> PyResult<Reduced<'py>> {
        value::reduce::<Self>(py, self)
    }

    #[staticmethod]
    fn _from_json(text: &str) -> PyResult<Self> {
        value::restore(text)
    }
}
