//! How sure a ranking is: a result with intervals and chances in it, and the plain values of `aetia._certainty`.

use aetia::Assessment;
use aetia_stats::{Draws, Uncertainty};
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;

use crate::guard::guarded;
use crate::result::Result;

/// Intervals, chances and the figures that decide.
pub(crate) fn certainty<'py>(
    py: Python<'py>,
    assessment: &Assessment,
    draws: u32,
    seed: u64,
) -> PyResult<Bound<'py, PyAny>> {
    let draws = Draws::new(draws, seed).map_err(|error| PyValueError::new_err(error.to_string()))?;
    let record = py.detach(|| guarded(|| Uncertainty::of(assessment).record(&draws)))?;
    Bound::new(py, Result::stored(record))?.getattr("certainty")
}
