//! The columns of a table, for other libraries.

use std::hash::{DefaultHasher, Hash, Hasher};

use arrow_schema::SchemaRef;
use pyo3::prelude::*;
use pyo3::types::{PyCapsule, PyTuple};

use crate::arrow;

/// The names and types of the columns of a table, in their order. `pyarrow.schema` takes it, as everything does that knows the
/// Arrow C interface.
///
/// Attributes:
///     names (tuple[str, ...]): the names of the columns.
#[pyclass(frozen, module = "aetia", name = "Schema")]
#[derive(Debug)]
pub(crate) struct Schema {
    pub(crate) inner: SchemaRef,
}

#[pymethods]
impl Schema {
    /// The schema by the Arrow C interface.
    fn __arrow_c_schema__<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyCapsule>> {
        arrow::schema_capsule(py, &self.inner)
    }

    /// The names of the columns.
    #[getter]
    fn names<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
        PyTuple::new(py, self.inner.fields().iter().map(|field| field.name().as_str()))
    }

    fn __len__(&self) -> usize {
        self.inner.fields().len()
    }

    fn __eq__(&self, other: &Bound<'_, PyAny>) -> Py<PyAny> {
        let same = other.cast::<Self>().ok().map(|other| self.inner == other.get().inner);
        crate::value::equality(other.py(), same)
    }

    fn __hash__(&self) -> u64 {
        let mut hasher = DefaultHasher::new();
        self.inner.hash(&mut hasher);
        hasher.finish()
    }

    fn __repr__(&self) -> String {
        let fields = self.inner.fields().iter();
        let columns: Vec<String> =
            fields.map(|field| format!("{}: {}", field.name(), field.data_type())).collect();
        format!("<Schema: {}>", columns.join(", "))
    }
}
