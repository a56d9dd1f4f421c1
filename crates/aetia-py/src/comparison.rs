//! Why one cause and not another.

use pyo3::prelude::*;
use pyo3::types::PyTuple;

use crate::candidate::Candidate;
use crate::difference::Difference;
use crate::display;
use crate::result::Result;
use crate::weight::Weight;

/// Why one cause and not another: the difference of their scores, part by part, exactly.
///
/// Attributes:
///     one (Candidate): the candidate asked about.
///     other (Candidate): the candidate it is compared with.
///     parts (tuple[Difference, ...]): the prior, each group of findings, and the gates.
///     total (Weight): the sum of the parts: exactly the difference of the two scores.
#[pyclass(frozen, module = "aetia", name = "Comparison")]
#[derive(Debug)]
pub(crate) struct Comparison {
    pub(crate) plain: aetia::Comparison,
    pub(crate) one: Py<Candidate>,
    pub(crate) other: Py<Candidate>,
}

#[pymethods]
impl Comparison {
    /// The candidate asked about.
    #[getter]
    fn one<'py>(&self, py: Python<'py>) -> Bound<'py, Candidate> {
        self.one.bind(py).clone()
    }

    /// The candidate it is compared with.
    #[getter]
    fn other<'py>(&self, py: Python<'py>) -> Bound<'py, Candidate> {
        self.other.bind(py).clone()
    }

    /// The prior, each group of findings, and the gates.
    #[getter]
    fn parts<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
        PyTuple::new(py, self.plain.parts.iter().cloned().map(Difference).collect::<Vec<_>>())
    }

    /// The sum of the parts: exactly the difference of the two scores.
    #[getter]
    fn total(&self) -> Weight {
        Weight(self.plain.total())
    }

    fn __eq__(&self, other: &Bound<'_, PyAny>) -> Py<PyAny> {
        let same = other.cast::<Self>().ok().map(|other| self.plain == other.get().plain);
        crate::value::equality(other.py(), same)
    }

    fn __hash__(&self, py: Python<'_>) -> PyResult<isize> {
        let (one, other) = (self.one.get().record()?, self.other.get().record()?);
        (&one.cause, &other.cause, self.plain.total().nanodecibans()).into_pyobject(py)?.hash()
    }

    /// The comparison as a person reads it in a terminal.
    fn __repr__(&self) -> String {
        self.plain.to_string()
    }

    fn _repr_html_(slf: &Bound<'_, Self>) -> PyResult<String> {
        display::html(slf, "comparison")
    }

    /// A comparison goes between processes as its result, and is made again there.
    fn __reduce__<'py>(&self, py: Python<'py>) -> PyResult<(Bound<'py, PyAny>, Bound<'py, PyTuple>)> {
        let compare = py.get_type::<Result>().getattr("compare")?;
        let (one, other) = (self.one.bind(py), self.other.bind(py));
        let ids = (one.getattr("result")?, one.getattr("cause")?, other.getattr("cause")?);
        Ok((compare, ids.into_pyobject(py)?))
    }
}
