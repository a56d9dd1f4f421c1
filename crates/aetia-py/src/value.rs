//! Plain values between processes: each goes as the JSON of its record.

use pyo3::prelude::*;
use pyo3::{IntoPyObjectExt as _, PyTypeInfo};
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::errors;

/// What `pickle` needs of a value: a function, and the text from which it makes the value again.
pub(crate) type Reduced<'py> = (Bound<'py, PyAny>, (String,));

/// A value as a call of its class's `_from_json`.
pub(crate) fn reduce<'py, C: PyTypeInfo>(py: Python<'py>, plain: &impl Serialize) -> PyResult<Reduced<'py>> {
    let text = serde_json::to_string(plain).map_err(|error| errors::unreadable(&error.to_string()))?;
    Ok((py.get_type::<C>().getattr("_from_json")?, (text,)))
}

/// The record in such a text.
pub(crate) fn restore<T: DeserializeOwned>(text: &str) -> PyResult<T> {
    serde_json::from_str(text).map_err(|error| errors::unreadable(&error.to_string()))
}

/// A tuple of texts.
pub(crate) fn texts<'py>(py: Python<'py>, texts: &[String]) -> PyResult<Bound<'py, PyAny>> {
    pyo3::types::PyTuple::new(py, texts)?.into_bound_py_any(py)
}

/// One of a few words, as the format spells it.
pub(crate) fn word(value: &impl Serialize) -> PyResult<String> {
    let text = serde_json::to_string(value).map_err(|error| errors::unreadable(&error.to_string()))?;
    Ok(text.trim_matches('"').to_owned())
}

/// What `==` answers: a truth, or that these kinds cannot be compared.
pub(crate) fn equality(py: Python<'_>, same: Option<bool>) -> Py<PyAny> {
    match same {
        Some(same) => pyo3::types::PyBool::new(py, same).to_owned().into_any().unbind(),
        None => py.NotImplemented(),
    }
}
