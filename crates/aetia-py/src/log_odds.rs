//! A position in log-odds.

use pyo3::IntoPyObjectExt as _;
use pyo3::exceptions::PyOverflowError;
use pyo3::prelude::*;

use crate::weight::Weight;

/// Log-odds against the comparator, in whole nanodecibans: a position, which weights move.
///
/// The difference of two positions is a weight. Two positions cannot be added. A sum that leaves 64 bits is an
/// OverflowError.
///
/// Attributes:
///     nanodecibans (int): the log-odds in whole nanodecibans.
///     decibans (float): the log-odds in decibans (dB), rounded to a float. 0 dB are even odds, 10 dB ten to one.
///     probability (float): the probability of the cause against the comparator alone, between 0 and 1, never either.
///
/// >>> import aetia
/// >>> even = aetia.LogOdds(0)
/// >>> even.probability
/// 0.5
/// >>> print(even + aetia.Weight.from_likelihood_ratio(4.0))
/// +6.0 dB
#[pyclass(frozen, eq, ord, hash, module = "aetia", name = "LogOdds")]
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct LogOdds(pub(crate) aetia::LogOdds);

#[pymethods]
impl LogOdds {
    /// Log-odds from their whole number of nanodecibans.
    ///
    /// Args:
    ///     nanodecibans (int): the number, of 64 bits.
    ///
    /// Raises:
    ///     OverflowError: the number has more.
    #[new]
    fn new(nanodecibans: i64) -> Self {
        Self(aetia::LogOdds::from_nanodecibans(nanodecibans))
    }

    /// The log-odds in whole nanodecibans.
    #[getter]
    fn nanodecibans(&self) -> i64 {
        self.0.nanodecibans()
    }

    /// The log-odds in decibans (dB), rounded to a float. 0 dB are even odds, 10 dB ten to one.
    #[getter]
    fn decibans(&self) -> f64 {
        self.0.decibans()
    }

    /// The probability of the cause against the comparator alone, between 0 and 1, never either.
    #[getter]
    fn probability(&self) -> f64 {
        self.0.probability().get()
    }

    fn __add__(&self, other: &Bound<'_, PyAny>) -> PyResult<Py<PyAny>> {
        let py = other.py();
        match other.cast::<Weight>() {
            Ok(weight) => {
                moved(py, self.nanodecibans().checked_add(weight.get().0.nanodecibans()), Self::new)
            }
            Err(_) => Ok(py.NotImplemented()),
        }
    }

    fn __sub__(&self, other: &Bound<'_, PyAny>) -> PyResult<Py<PyAny>> {
        let py = other.py();
        if let Ok(weight) = other.cast::<Weight>() {
            return moved(py, self.nanodecibans().checked_sub(weight.get().0.nanodecibans()), Self::new);
        }
        match other.cast::<Self>() {
            Ok(other) => moved(py, self.nanodecibans().checked_sub(other.get().nanodecibans()), |units| {
                Weight(aetia::Weight::from_nanodecibans(units))
            }),
            Err(_) => Ok(py.NotImplemented()),
        }
    }

    fn __repr__(&self) -> String {
        format!("LogOdds({})", self.0.nanodecibans())
    }

    fn __str__(&self) -> String {
        self.0.to_string()
    }

    fn __reduce__(&self, py: Python<'_>) -> (Py<PyAny>, (i64,)) {
        (py.get_type::<Self>().into_any().unbind(), (self.nanodecibans(),))
    }
}

/// A position or a difference, unless it left the whole numbers of 64 bits.
fn moved<'py, T: IntoPyObject<'py>>(
    py: Python<'py>,
    nanodecibans: Option<i64>,
    make: impl FnOnce(i64) -> T,
) -> PyResult<Py<PyAny>> {
    let nanodecibans = nanodecibans.ok_or_else(|| PyOverflowError::new_err("the sum leaves 64 bits"))?;
    make(nanodecibans).into_py_any(py)
}
