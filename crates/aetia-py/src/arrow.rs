//! The border to other libraries: tables come in and go out by the C interfaces of Arrow, nothing copied.
//!
//! The only file with `unsafe` code: a capsule holds an address, and only its name says what is there.
#![expect(unsafe_code, reason = "the C interfaces hand over addresses; each block says why they are right")]

use std::ffi::CStr;

use arrow_array::ffi::{FFI_ArrowArray, FFI_ArrowSchema, from_ffi};
use arrow_array::ffi_stream::{FFI_ArrowArrayStream, RecordBatchStreamReader};
use arrow_array::{RecordBatch, RecordBatchIterator, RecordBatchReader, StructArray};
use arrow_schema::{DataType, Schema};
use pyo3::exceptions::{PyTypeError, PyValueError};
use pyo3::intern;
use pyo3::prelude::*;
use pyo3::types::{PyCapsule, PyDict, PyTuple};

const STREAM: &CStr = c"arrow_array_stream";
const SCHEMA: &CStr = c"arrow_schema";
const ARRAY: &CStr = c"arrow_array";

/// What to say of a capsule whose content somebody took before.
const RELEASED: &str = "the table was taken already: give the table itself, not what was exported from it";

/// Batches as they arrive.
pub(crate) type Reader = Box<dyn RecordBatchReader + Send>;

/// The batches of a table of any library that speaks Arrow; none where the object does not.
pub(crate) fn reader(data: &Bound<'_, PyAny>) -> PyResult<Option<Reader>> {
    if data.hasattr("__arrow_c_stream__")? {
        let capsule = readable(data)?.call_method0("__arrow_c_stream__")?;
        return stream(&capsule).map(Some);
    }
    if data.hasattr("__arrow_c_array__")? {
        let capsules = data.call_method0("__arrow_c_array__")?;
        let batch = record_batch(capsules.cast::<PyTuple>()?)?;
        let schema = batch.schema();
        return Ok(Some(Box::new(RecordBatchIterator::new([Ok(batch)], schema))));
    }
    Ok(None)
}

/// A table whose every column can be read. Columns of polars that are of its type `Null` come with a buffer more than the
/// interface has for them, and would be refused; as truths that are all missing they say the same.
fn readable<'py>(data: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
    let py = data.py();
    let is_of_polars = data.get_type().module()?.to_string_lossy().starts_with("polars");
    let Some(kinds) = data.getattr_opt(intern!(py, "dtypes"))?.filter(|_| is_of_polars) else {
        return Ok(data.clone());
    };
    let polars = py.import("polars")?;
    let nothing = polars.getattr("Null")?;
    if !kinds.contains(&nothing)? {
        return Ok(data.clone());
    }
    let kinds = PyDict::new(py);
    kinds.set_item(nothing, polars.getattr("Boolean")?)?;
    data.call_method1("cast", (kinds,))
}

fn stream(capsule: &Bound<'_, PyAny>) -> PyResult<Reader> {
    let address = capsule.cast::<PyCapsule>()?.pointer_checked(Some(STREAM))?;
    // SAFETY: a capsule of this name holds an `ArrowArrayStream` that its maker keeps valid while the capsule lives, which
    // is until the end of this call. It is moved out: what is left is marked as released, as the interface demands.
    let reader = unsafe { RecordBatchStreamReader::from_raw(address.cast().as_ptr()) };
    let reader =
        reader.map_err(|error| PyValueError::new_err(format!("the table cannot be read: {error}")))?;
    Ok(Box::new(reader))
}

/// The columns an object with the Arrow C interface describes.
pub(crate) fn schema(data: &Bound<'_, PyAny>) -> PyResult<Schema> {
    if !data.hasattr("__arrow_c_schema__")? {
        let kind = data.get_type().name()?;
        return Err(PyTypeError::new_err(format!(
            "expected a schema with the Arrow C interface, not {kind}"
        )));
    }
    let capsule = data.call_method0("__arrow_c_schema__")?;
    let address = capsule.cast::<PyCapsule>()?.pointer_checked(Some(SCHEMA))?;
    // SAFETY: as in `record_batch`: a capsule of this name holds an `ArrowSchema`, valid until the end of this call, and what
    // is left of it is marked as released.
    let schema = unsafe { FFI_ArrowSchema::from_raw(address.cast().as_ptr()) };
    if schema.release().is_none() {
        return Err(PyValueError::new_err(RELEASED));
    }
    Schema::try_from(&schema)
        .map_err(|error| PyTypeError::new_err(format!("the schema cannot be read: {error}")))
}

fn record_batch(capsules: &Bound<'_, PyTuple>) -> PyResult<RecordBatch> {
    let (schema, array) = (capsules.get_item(0)?, capsules.get_item(1)?);
    let schema = schema.cast::<PyCapsule>()?.pointer_checked(Some(SCHEMA))?;
    let array = array.cast::<PyCapsule>()?.pointer_checked(Some(ARRAY))?;
    // SAFETY: capsules of these names hold an `ArrowSchema` and an `ArrowArray` that are valid while the capsules live,
    // which is until the end of this call. They are moved out: what is left is marked as released.
    let (schema, array) = unsafe {
        (FFI_ArrowSchema::from_raw(schema.cast().as_ptr()), FFI_ArrowArray::from_raw(array.cast().as_ptr()))
    };
    if schema.release().is_none() || array.is_released() {
        return Err(PyValueError::new_err(RELEASED));
    }
    // SAFETY: neither was released, and the array is of this schema, as the interface promises of a pair.
    let data = unsafe { from_ffi(array, &schema) };
    let data = data.map_err(|error| PyValueError::new_err(format!("the batch cannot be read: {error}")))?;
    if !matches!(data.data_type(), DataType::Struct(_)) || data.null_count() > 0 {
        return Err(PyTypeError::new_err(format!(
            "expected a record batch, a column for each indicator; this is {}",
            data.data_type()
        )));
    }
    Ok(StructArray::from(data).into())
}

/// Batches as a capsule that any library that speaks Arrow takes.
pub(crate) fn capsule(py: Python<'_>, batches: Reader) -> PyResult<Bound<'_, PyCapsule>> {
    PyCapsule::new_with_value(py, FFI_ArrowArrayStream::new(batches), STREAM)
}

/// A schema as a capsule.
pub(crate) fn schema_capsule<'py>(py: Python<'py>, schema: &Schema) -> PyResult<Bound<'py, PyCapsule>> {
    let schema =
        FFI_ArrowSchema::try_from(schema).map_err(|error| crate::errors::internal(&error.to_string()))?;
    PyCapsule::new_with_value(py, schema, SCHEMA)
}
