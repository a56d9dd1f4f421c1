//! The comparator in a result.

use std::hash::{Hash, Hasher};

use aetia::ComparatorRecord;
use pyo3::prelude::*;

use crate::display;
use crate::value::{self, Reduced};

/// The comparator in a result: what every score is against. It has no rank.
///
/// A cause below it is less likely than something else.
///
/// Attributes:
///     id (str): its id.
///     title (str): its title.
///     prior (float): its pretest probability: what the named causes leave over; 0.5 under `"independent"`.
///     posterior (float): its probability after findings and gates; 0.5 under `"independent"`.
///     posterior_ungated (float): its probability after findings, had no gate been there.
#[pyclass(frozen, eq, hash, module = "aetia", name = "Waterline")]
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Waterline(pub(crate) ComparatorRecord);

impl Hash for Waterline {
    fn hash<H: Hasher>(&self, state: &mut H) {
        (&self.0.id, self.0.posterior.to_bits()).hash(state);
    }
}

#[pymethods]
impl Waterline {
    /// Its id.
    #[getter]
    fn id(&self) -> &str {
        &self.0.id
    }

    /// Its title.
    #[getter]
    fn title(&self) -> &str {
        &self.0.title
    }

    /// Its pretest probability: what the named causes leave over; 0.5 under `"independent"`.
    #[getter]
    fn prior(&self) -> f64 {
        self.0.prior
    }

    /// Its probability after findings and gates; 0.5 under `"independent"`.
    #[getter]
    fn posterior(&self) -> f64 {
        self.0.posterior
    }

    /// Its probability after findings, had no gate been there.
    #[getter]
    fn posterior_ungated(&self) -> f64 {
        self.0.posterior_ungated
    }

    fn __repr__(&self) -> PyResult<String> {
        let (before, after) = (display::probability(self.0.prior)?, display::probability(self.0.posterior)?);
        Ok(format!("<Waterline {}: {before} before, {after} after>", self.0.id))
    }

    fn __reduce__<'py>(&self, py: Python<'py>) -> PyResult<Reduced<'py>> {
        value::reduce::<Self>(py, &self.0)
    }

    #[staticmethod]
    fn _from_json(text: &str) -> PyResult<Self> {
        Ok(Self(value::restore(text)?))
    }
}
