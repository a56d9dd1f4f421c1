//! A part of a score.

use std::hash::{Hash, Hasher};

use aetia::ContributionRecord;
use pyo3::prelude::*;

use crate::value::{self, Reduced};
use crate::weight::Weight;

/// A part of a score: the prior, what a finding or a group of findings weighs, or what gates took away.
///
/// The parts of a candidate add up to its score, to the nanodeciban.
///
/// Attributes:
///     kind (str): `"prior"`, `"evidence"` or `"gate"`.
///     subject (str): what it is about, in words.
///     indicators (tuple[str, ...]): the indicators it is about; several for a group that speaks as one.
///     group (str | None): the declared group it belongs to, or None.
///     gates (tuple[str, ...]): the gates it is about.
///     weight (Weight): what it adds to the score.
///     citation (str): where its figures come from, as one text; empty where nothing is cited.
///     citations (tuple[str, ...]): the same one by one: keys of sources, each perhaps with a locator.
///     tag (str | None): how far it is to be trusted: `"verified"`, `"recalled"`, `"seed"`, `"assumption"`, or None.
///     reason (str | None): why it weighs nothing, or None.
///     is_silent (bool): whether the knowledge base says nothing about this finding and this cause.
#[pyclass(frozen, eq, hash, module = "aetia", name = "Contribution")]
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Contribution(pub(crate) ContributionRecord);

impl Hash for Contribution {
    fn hash<H: Hasher>(&self, state: &mut H) {
        (&self.0.subject, self.0.weight).hash(state);
    }
}

#[pymethods]
impl Contribution {
    /// `"prior"`, `"evidence"` or `"gate"`.
    #[getter]
    fn kind(&self) -> PyResult<String> {
        value::word(&self.0.kind)
    }

    /// What it is about, in words.
    #[getter]
    fn subject(&self) -> &str {
        &self.0.subject
    }

    /// The indicators it is about; several for a group that speaks as one.
    #[getter]
    fn indicators<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        value::texts(py, &self.0.indicators)
    }

    /// The declared group it belongs to, or None.
    #[getter]
    fn group(&self) -> Option<&str> {
        self.0.group.as_deref()
    }

    /// The gates it is about.
    #[getter]
    fn gates<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        value::texts(py, &self.0.gates)
    }

    /// What it adds to the score.
    #[getter]
    fn weight(&self) -> Weight {
        Weight(aetia::Weight::from_nanodecibans(self.0.weight))
    }

    /// Where its figures come from, as one text; empty where nothing is cited.
    #[getter]
    fn citation(&self) -> String {
        self.0.citations.join(", ")
    }

    /// The same one by one: keys of sources, each perhaps with a locator.
    #[getter]
    fn citations<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        value::texts(py, &self.0.citations)
    }

    /// How far it is to be trusted: `"verified"`, `"recalled"`, `"seed"`, `"assumption"`, or None.
    #[getter]
    fn tag(&self) -> PyResult<Option<String>> {
        self.0.tag.as_ref().map(value::word).transpose()
    }

    /// Why it weighs nothing, or None.
    #[getter]
    fn reason(&self) -> Option<&str> {
        self.0.reason.as_deref()
    }

    /// Whether the knowledge base says nothing about this finding and this cause.
    #[getter]
    fn is_silent(&self) -> bool {
        self.0.is_silent
    }

    fn __repr__(&self) -> PyResult<String> {
        Ok(format!("<Contribution {}: {}, {}>", self.kind()?, self.weight().0, self.0.subject))
    }

    /// The part in a line: its weight, what it is about, and where that comes from.
    fn __str__(&self) -> String {
        self.0.to_string()
    }

    fn __reduce__<'py>(&self, py: Python<'py>) -> PyResult<Reduced<'py>> {
        value::reduce::<Self>(py, &self.0)
    }

    #[staticmethod]
    fn _from_json(text: &str) -> PyResult<Self> {
        Ok(Self(value::restore(text)?))
    }
}
