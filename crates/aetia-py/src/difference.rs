//! A part of a comparison.

use std::hash::{Hash, Hasher};

use pyo3::prelude::*;

use crate::value::{self, Reduced};
use crate::weight::Weight;

/// A part of a comparison: what the same findings weigh for either cause.
///
/// Attributes:
///     subject (str): what it is about, in words.
///     indicators (tuple[str, ...]): the indicators it is about.
///     one (Weight): what it weighs for the cause asked about.
///     other (Weight): what it weighs for the cause it is compared with.
///     weight (Weight): what it weighs for the one over the other: `one - other`.
#[pyclass(frozen, eq, hash, module = "aetia", name = "Difference")]
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Difference(pub(crate) aetia::Difference);

impl Hash for Difference {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.0.subject.hash(state);
    }
}

#[pymethods]
impl Difference {
    /// What it is about, in words.
    #[getter]
    fn subject(&self) -> &str {
        &self.0.subject
    }

    /// The indicators it is about.
    #[getter]
    fn indicators<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        value::texts(py, &self.0.indicators)
    }

    /// What it weighs for the cause asked about.
    #[getter]
    fn one(&self) -> Weight {
        Weight(aetia::Weight::from_nanodecibans(self.0.one))
    }

    /// What it weighs for the cause it is compared with.
    #[getter]
    fn other(&self) -> Weight {
        Weight(aetia::Weight::from_nanodecibans(self.0.other))
    }

    /// What it weighs for the one over the other: `one - other`.
    #[getter]
    fn weight(&self) -> Weight {
        Weight(self.0.weight())
    }

    fn __repr__(&self) -> String {
        format!("<Difference {}: {}>", self.0.weight(), self.0.subject)
    }

    fn __reduce__<'py>(&self, py: Python<'py>) -> PyResult<Reduced<'py>> {
        value::reduce::<Self>(py, &self.0)
    }

    #[staticmethod]
    fn _from_json(text: &str) -> PyResult<Self> {
        Ok(Self(value::restore(text)?))
    }
}
