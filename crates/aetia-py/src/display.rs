//! HTML for notebooks: written in Python, from the same parts a user reads.

use pyo3::prelude::*;

/// A value by one of the functions of `aetia._html`.
pub(crate) fn html(value: &Bound<'_, PyAny>, function: &str) -> PyResult<String> {
    value.py().import("aetia._html")?.call_method1(function, (value,))?.extract()
}

/// A probability as the core prints it: never as 0 % or 100 %.
pub(crate) fn probability(value: f64) -> PyResult<String> {
    let probability = aetia::Probability::new(value);
    probability.map(|probability| probability.to_string()).map_err(|error| crate::errors::value_error(&error))
}
