//! Pages for notebooks, which are written in Python from the same parts a user reads, and numbers as the core prints
//! them.

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

/// A probability in percent, with one decimal, as results print it.
///
/// It is never certain: `< 0.1 %` and `> 99.9 %` stand at the ends. None, the posterior of an excluded cause, reads
/// `excluded`.
///
/// Returns:
///     str.
///
/// Raises:
///     ValueError: the number is no probability.
///
/// >>> import aetia
/// >>> aetia.percent(0.117), aetia.percent(0.99999)
/// ('11.7 %', '> 99.9 %')
#[pyfunction(name = "percent")]
#[pyo3(signature = (probability, /))]
pub(crate) fn percent(probability: Option<f64>) -> PyResult<String> {
    match probability {
        None => Ok("excluded".to_owned()),
        // A share of draws can be all or nothing, which is still no certainty.
        Some(share @ (0.0 | 1.0)) => self::probability(share.clamp(f64::MIN_POSITIVE, 1.0 - f64::EPSILON)),
        Some(probability) => self::probability(probability),
    }
}

/// A likelihood ratio, or odds, with three significant digits, as explanations print it.
///
/// Returns:
///     str.
///
/// Raises:
///     ValueError: the number is no likelihood ratio.
#[pyfunction(name = "ratio")]
#[pyo3(signature = (likelihood_ratio, /))]
pub(crate) fn ratio(likelihood_ratio: f64) -> PyResult<String> {
    let ratio = aetia::LikelihoodRatio::new(likelihood_ratio);
    ratio.map(|ratio| ratio.to_string()).map_err(|error| crate::errors::value_error(&error))
}

/// The name that was probably meant, of those there are; None where none is near.
///
/// Returns:
///     str | None.
#[pyfunction(name = "suggest")]
#[pyo3(signature = (name, names, /))]
pub(crate) fn suggest(name: crate::text::Name, names: crate::text::Names) -> Option<String> {
    aetia::suggest(name.as_str(), names.0.iter().map(crate::text::Name::as_str)).map(str::to_owned)
}
