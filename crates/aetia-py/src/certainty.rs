//! How sure a ranking is, as the plain values of `aetia._certainty`.

use aetia::Assessment;
use aetia_stats::{Draws, Uncertainty};
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;

use crate::errors;
use crate::guard::guarded;

/// Intervals, chances and the figures that decide.
pub(crate) fn certainty<'py>(
    py: Python<'py>,
    assessment: &Assessment,
    draws: u32,
    seed: u64,
) -> PyResult<Bound<'py, PyAny>> {
    let draws = Draws::new(draws, seed).map_err(|error| PyValueError::new_err(error.to_string()))?;
    let (report, printed) = py.detach(|| {
        guarded(|| {
            let report = Uncertainty::of(assessment).report(&draws);
            let printed = report.to_string();
            (serde_json::to_string(&report), printed)
        })
    })?;
    let report = report.map_err(|error| errors::internal(&error.to_string()))?;
    py.import("aetia._certainty")?.call_method1("certainty", (report, printed))
}
