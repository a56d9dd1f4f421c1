//! The knowledge bases that the package carries.

use pyo3::prelude::*;
use pyo3::types::PyTuple;

use crate::errors;
use crate::guard::guarded;
use crate::model::Model;
use crate::text::Name;

/// An embedded knowledge base, compiled. `available` lists them.
///
/// Args:
///     name (str): its id.
///
/// Returns:
///     Model.
///
/// Raises:
///     UnknownName: there is none of this name.
#[pyfunction]
pub(crate) fn load(py: Python<'_>, name: Name) -> PyResult<Model> {
    let name = name.as_str();
    let loaded = py.detach(|| guarded(|| aetia_kb::load(name)))?;
    let inner = loaded.map_err(|error| match error {
        aetia_kb::LoadError::Unknown { .. } => {
            errors::named(error.to_string(), "knowledge base", name, aetia_kb::available())
        }
        aetia_kb::LoadError::Invalid(_) | _ => errors::internal(&error.to_string()),
    })?;
    Model::of(py, inner)
}

/// The ids of the embedded knowledge bases.
///
/// Returns:
///     tuple[str, ...].
#[pyfunction]
pub(crate) fn available(py: Python<'_>) -> PyResult<Bound<'_, PyTuple>> {
    PyTuple::new(py, aetia_kb::available().collect::<Vec<_>>())
}
