//! A weight of evidence.

use pyo3::IntoPyObjectExt as _;
use pyo3::prelude::*;
use pyo3::types::PyInt;

use crate::errors::value_error;

/// A weight of evidence: ten times the decimal logarithm of a likelihood ratio, in whole nanodecibans.
///
/// Weights add up, without rounding. `sum()` of weights is a weight. A sum that leaves 64 bits, which would be a ratio of
/// 10 to the 922 millionth, is an OverflowError.
///
/// Attributes:
///     nanodecibans (int): the weight in whole nanodecibans: the number that was added.
///     decibans (float): the weight in decibans (dB), rounded to a float.
///     likelihood_ratio (float): the factor by which it multiplies odds; the nearest finite one above 0 where a float
///         has no room for it.
///
/// Source: Good (1950), Probability and the Weighing of Evidence, for the name and the unit.
///
/// >>> import aetia
/// >>> weight = aetia.Weight.from_likelihood_ratio(7.3)
/// >>> weight.nanodecibans
/// 8633228601
/// >>> print(weight, round(weight.decibans, 3))
/// +8.6 dB 8.633
/// >>> weight - weight == aetia.Weight(0)
/// True
#[pyclass(frozen, eq, ord, hash, module = "aetia", name = "Weight")]
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Weight(pub(crate) aetia::Weight);

#[pymethods]
impl Weight {
    /// A weight from its whole number of nanodecibans.
    ///
    /// Args:
    ///     nanodecibans (int): the number, of 64 bits.
    ///
    /// Raises:
    ///     OverflowError: the number has more.
    #[new]
    fn new(nanodecibans: i64) -> Self {
        Self(aetia::Weight::from_nanodecibans(nanodecibans))
    }

    /// The weight of a likelihood ratio.
    ///
    /// Args:
    ///     likelihood_ratio (float): a finite number above 0.
    ///
    /// Returns:
    ///     Weight.
    ///
    /// Raises:
    ///     ValueError: the number is no such ratio.
    #[staticmethod]
    fn from_likelihood_ratio(likelihood_ratio: f64) -> PyResult<Self> {
        let ratio = aetia::LikelihoodRatio::new(likelihood_ratio).map_err(|error| value_error(&error))?;
        Ok(Self(ratio.weight()))
    }

    /// The weight in whole nanodecibans: the number that was added.
    #[getter]
    fn nanodecibans(&self) -> i64 {
        self.0.nanodecibans()
    }

    /// The weight in decibans (dB), rounded to a float. Ten decibans are a factor of ten in odds.
    #[getter]
    fn decibans(&self) -> f64 {
        self.0.decibans()
    }

    /// The likelihood ratio it stands for: the factor by which it multiplies odds.
    #[getter]
    fn likelihood_ratio(&self) -> f64 {
        self.0.likelihood_ratio().get()
    }

    fn __add__(&self, other: &Bound<'_, PyAny>) -> PyResult<Py<PyAny>> {
        let py = other.py();
        if let Ok(other) = other.cast::<Self>() {
            return checked(py, self.nanodecibans().checked_add(other.get().nanodecibans()));
        }
        Ok(py.NotImplemented())
    }

    /// `sum()` begins with the number 0.
    fn __radd__(&self, other: &Bound<'_, PyAny>) -> PyResult<Py<PyAny>> {
        let py = other.py();
        let is_zero =
            other.is_exact_instance_of::<PyInt>() && other.extract::<i64>().is_ok_and(|units| units == 0);
        if is_zero { (*self).into_py_any(py) } else { Ok(py.NotImplemented()) }
    }

    fn __sub__(&self, other: &Bound<'_, PyAny>) -> PyResult<Py<PyAny>> {
        let py = other.py();
        if let Ok(other) = other.cast::<Self>() {
            return checked(py, self.nanodecibans().checked_sub(other.get().nanodecibans()));
        }
        Ok(py.NotImplemented())
    }

    fn __neg__(&self, py: Python<'_>) -> PyResult<Py<PyAny>> {
        checked(py, self.nanodecibans().checked_neg())
    }

    fn __abs__(&self, py: Python<'_>) -> PyResult<Py<PyAny>> {
        checked(py, self.nanodecibans().checked_abs())
    }

    fn __bool__(&self) -> bool {
        self.0 != aetia::Weight::ZERO
    }

    fn __repr__(&self) -> String {
        format!("Weight({})", self.0.nanodecibans())
    }

    fn __str__(&self) -> String {
        self.0.to_string()
    }

    fn __reduce__(&self, py: Python<'_>) -> (Py<PyAny>, (i64,)) {
        (py.get_type::<Self>().into_any().unbind(), (self.nanodecibans(),))
    }
}

/// A weight, unless it left the whole numbers of 64 bits.
fn checked(py: Python<'_>, nanodecibans: Option<i64>) -> PyResult<Py<PyAny>> {
    match nanodecibans {
        Some(nanodecibans) => Weight::new(nanodecibans).into_py_any(py),
        None => Err(pyo3::exceptions::PyOverflowError::new_err("the sum of weights leaves 64 bits")),
    }
}
