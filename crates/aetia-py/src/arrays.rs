//! A mapping of numpy's arrays, or of anything else with Python's buffer protocol, as batches: copied piece by piece, so that
//! no more than a piece is ever there twice.

use std::sync::Arc;

use arrow_array::types::{
    ArrowPrimitiveType, Float32Type, Float64Type, Int8Type, Int16Type, Int32Type, Int64Type, UInt8Type,
    UInt16Type, UInt32Type, UInt64Type,
};
use arrow_array::{ArrayRef, PrimitiveArray, RecordBatch, RecordBatchOptions, RecordBatchReader};
use arrow_schema::{ArrowError, DataType, Field, Schema, SchemaRef};
use pyo3::buffer::{Element, PyBuffer};
use pyo3::exceptions::{PyTypeError, PyValueError};
use pyo3::intern;
use pyo3::prelude::*;
use pyo3::types::{PyMapping, PyString};

use crate::arrow::Reader;

/// How many rows are copied at once.
const PIECE: usize = 65_536;

/// Numbers that somebody else holds.
enum Numbers {
    I8(PyBuffer<i8>),
    I16(PyBuffer<i16>),
    I32(PyBuffer<i32>),
    I64(PyBuffer<i64>),
    U8(PyBuffer<u8>),
    U16(PyBuffer<u16>),
    U32(PyBuffer<u32>),
    U64(PyBuffer<u64>),
    F32(PyBuffer<f32>),
    F64(PyBuffer<f64>),
}

/// Calls a function with the buffer and the type Arrow has for it.
macro_rules! each {
    ($numbers:expr, $call:ident $(, $argument:expr)*) => {
        match $numbers {
            Numbers::I8(buffer) => $call::<Int8Type>(buffer $(, $argument)*),
            Numbers::I16(buffer) => $call::<Int16Type>(buffer $(, $argument)*),
            Numbers::I32(buffer) => $call::<Int32Type>(buffer $(, $argument)*),
            Numbers::I64(buffer) => $call::<Int64Type>(buffer $(, $argument)*),
            Numbers::U8(buffer) => $call::<UInt8Type>(buffer $(, $argument)*),
            Numbers::U16(buffer) => $call::<UInt16Type>(buffer $(, $argument)*),
            Numbers::U32(buffer) => $call::<UInt32Type>(buffer $(, $argument)*),
            Numbers::U64(buffer) => $call::<UInt64Type>(buffer $(, $argument)*),
            Numbers::F32(buffer) => $call::<Float32Type>(buffer $(, $argument)*),
            Numbers::F64(buffer) => $call::<Float64Type>(buffer $(, $argument)*),
        }
    };
}

/// The batches of a mapping from names to arrays.
pub(crate) fn reader(data: &Bound<'_, PyMapping>) -> PyResult<Reader> {
    let (mut names, mut columns, mut rows) = (Vec::new(), Vec::new(), None);
    for pair in data.items()? {
        let (name, array): (String, Bound<'_, PyAny>) = pair.extract()?;
        let numbers = numbers(&name, &array)?;
        let found = each!(&numbers, count);
        let expected = *rows.get_or_insert(found);
        if found != expected {
            return Err(PyValueError::new_err(format!(
                "the array `{name}` has {found} rows; those before it have {expected}"
            )));
        }
        names.push(name);
        columns.push(numbers);
    }
    let field = |(name, numbers): (&String, &Numbers)| Field::new(name, each!(numbers, kind), false);
    let schema = Arc::new(Schema::new(names.iter().zip(&columns).map(field).collect::<Vec<_>>()));
    Ok(Box::new(Pieces { schema, columns, rows: rows.unwrap_or(0), from: 0 }))
}

fn count<T: ArrowPrimitiveType>(buffer: &PyBuffer<T::Native>) -> usize
where
    T::Native: Element,
{
    buffer.item_count()
}

fn kind<T: ArrowPrimitiveType>(_: &PyBuffer<T::Native>) -> DataType
where
    T::Native: Element,
{
    T::DATA_TYPE
}

/// An array of numbers, one after another; truths of numpy are bytes of 0 and 1.
fn numbers(name: &str, array: &Bound<'_, PyAny>) -> PyResult<Numbers> {
    let py = array.py();
    let dtype = array.getattr_opt(intern!(py, "dtype"))?;
    let is_truths = dtype.is_some_and(|dtype| dtype.str().is_ok_and(|text| text.to_string_lossy() == "bool"));
    let array = if is_truths { array.call_method1("view", ("uint8",))? } else { array.clone() };
    let contiguous = |array: &Bound<'_, PyAny>| {
        let buffer = pyo3::buffer::PyUntypedBuffer::get(array)?;
        PyResult::Ok((buffer.dimensions() == 1, buffer.is_c_contiguous()))
    };
    let no_numbers = |_: PyErr| {
        let kind = array.get_type().name().map_or_else(|_| "object".to_owned(), |kind| kind.to_string());
        PyTypeError::new_err(format!(
            "the column `{name}` is of type {kind}; give an array of numbers or truths, or a table for texts"
        ))
    };
    let (is_flat, is_contiguous) = contiguous(&array).map_err(no_numbers)?;
    if !is_flat {
        return Err(PyTypeError::new_err(format!("the array `{name}` has more than one dimension")));
    }
    let array = if is_contiguous { array.clone() } else { array.call_method0("copy")? };
    let typed = |array: &Bound<'_, PyAny>| -> PyResult<Numbers> {
        PyBuffer::get(array)
            .map(Numbers::I8)
            .or_else(|_| PyBuffer::get(array).map(Numbers::U8))
            .or_else(|_| PyBuffer::get(array).map(Numbers::F64))
            .or_else(|_| PyBuffer::get(array).map(Numbers::F32))
            .or_else(|_| PyBuffer::get(array).map(Numbers::I64))
            .or_else(|_| PyBuffer::get(array).map(Numbers::I32))
            .or_else(|_| PyBuffer::get(array).map(Numbers::I16))
            .or_else(|_| PyBuffer::get(array).map(Numbers::U16))
            .or_else(|_| PyBuffer::get(array).map(Numbers::U32))
            .or_else(|_| PyBuffer::get(array).map(Numbers::U64))
    };
    typed(&array).map_err(no_numbers)
}

/// Arrays on their way.
struct Pieces {
    schema: SchemaRef,
    columns: Vec<Numbers>,
    rows: usize,
    from: usize,
}

impl Iterator for Pieces {
    type Item = Result<RecordBatch, ArrowError>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.from >= self.rows {
            return None;
        }
        let (from, rows) = (self.from, PIECE.min(self.rows - self.from));
        self.from += rows;
        let arrays: Option<Vec<ArrayRef>> = Python::attach(|py| {
            self.columns.iter().map(|numbers| each!(numbers, piece, py, from, rows)).collect()
        });
        let options = RecordBatchOptions::new().with_row_count(Some(rows));
        let schema = self.schema.clone();
        Some(match arrays {
            Some(arrays) => RecordBatch::try_new_with_options(schema, arrays, &options),
            None => Err(ArrowError::CDataInterface("an array is no longer what it was".to_owned())),
        })
    }
}

impl RecordBatchReader for Pieces {
    fn schema(&self) -> SchemaRef {
        self.schema.clone()
    }
}

fn piece<T: ArrowPrimitiveType>(
    buffer: &PyBuffer<T::Native>,
    py: Python<'_>,
    from: usize,
    rows: usize,
) -> Option<ArrayRef>
where
    T::Native: Element,
{
    let cells = buffer.as_slice(py)?.get(from..from + rows)?;
    let values: Vec<T::Native> = cells.iter().map(pyo3::buffer::ReadOnlyCell::get).collect();
    Some(Arc::new(PrimitiveArray::<T>::new(values.into(), None)))
}

/// Whether something is a mapping and no table.
pub(crate) fn mapping<'a, 'py>(data: &'a Bound<'py, PyAny>) -> Option<&'a Bound<'py, PyMapping>> {
    data.cast::<PyMapping>().ok().filter(|_| !data.is_instance_of::<PyString>())
}
