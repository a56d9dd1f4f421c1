//! A mapping of numpy's arrays, or of anything else with Python's buffer protocol, as batches: copied piece by piece, so that
//! no more than a piece is ever there twice.

use std::sync::Arc;

use arrow_array::types::{
    ArrowPrimitiveType, Float32Type, Float64Type, Int8Type, Int16Type, Int32Type, Int64Type, UInt8Type,
    UInt16Type, UInt32Type, UInt64Type,
};
use arrow_array::{ArrayRef, PrimitiveArray, RecordBatch, RecordBatchOptions, RecordBatchReader};
use arrow_schema::{ArrowError, DataType, Field, Schema, SchemaRef};
use pyo3::buffer::{Element, PyBuffer, PyUntypedBuffer};
use pyo3::exceptions::{PyTypeError, PyValueError};
use pyo3::intern;
use pyo3::prelude::*;
use pyo3::types::{PyMapping, PySlice, PyString};

use crate::arrow::Reader;

/// How many bytes are copied at once, about.
const BYTES: usize = 20 << 20;
/// How many rows at most: enough for several threads.
const PIECE: usize = 1 << 18;

/// What an array is of.
#[derive(Clone, Copy, Debug)]
enum Kind {
    I8,
    I16,
    I32,
    I64,
    U8,
    U16,
    U32,
    U64,
    F32,
    F64,
}

/// Calls a function with the type Arrow has for a kind.
macro_rules! each {
    ($kind:expr, $call:ident $(, $argument:expr)*) => {
        match $kind {
            Kind::I8 => $call::<Int8Type>($($argument),*),
            Kind::I16 => $call::<Int16Type>($($argument),*),
            Kind::I32 => $call::<Int32Type>($($argument),*),
            Kind::I64 => $call::<Int64Type>($($argument),*),
            Kind::U8 => $call::<UInt8Type>($($argument),*),
            Kind::U16 => $call::<UInt16Type>($($argument),*),
            Kind::U32 => $call::<UInt32Type>($($argument),*),
            Kind::U64 => $call::<UInt64Type>($($argument),*),
            Kind::F32 => $call::<Float32Type>($($argument),*),
            Kind::F64 => $call::<Float64Type>($($argument),*),
        }
    };
}

/// The kinds in the order in which they are tried.
const KINDS: [Kind; 10] = [
    Kind::I8,
    Kind::U8,
    Kind::F64,
    Kind::F32,
    Kind::I64,
    Kind::I32,
    Kind::I16,
    Kind::U16,
    Kind::U32,
    Kind::U64,
];

/// An array that somebody else holds.
struct Numbers {
    array: Py<PyAny>,
    kind: Kind,
}

/// The batches of a mapping from names to arrays.
pub(crate) fn reader(data: &Bound<'_, PyMapping>) -> PyResult<Reader> {
    let (mut fields, mut columns, mut rows) = (Vec::new(), Vec::new(), None);
    for pair in data.items()? {
        let (name, array): (String, Bound<'_, PyAny>) = pair.extract()?;
        let (numbers, found) = numbers(&name, &array)?;
        let expected = *rows.get_or_insert(found);
        if found != expected {
            return Err(PyValueError::new_err(format!(
                "the array `{name}` has {found} rows; those before it have {expected}"
            )));
        }
        fields.push(Field::new(name, each!(numbers.kind, data_type), false));
        columns.push(numbers);
    }
    let schema = Arc::new(Schema::new(fields));
    let row: usize = columns.iter().map(|numbers: &Numbers| each!(numbers.kind, size)).sum();
    let piece = (BYTES / row.max(1)).clamp(1, PIECE);
    Ok(Box::new(Pieces { schema, columns, rows: rows.unwrap_or(0), from: 0, piece }))
}

fn data_type<T: ArrowPrimitiveType>() -> DataType {
    T::DATA_TYPE
}

fn size<T: ArrowPrimitiveType>() -> usize {
    size_of::<T::Native>()
}

fn is_of<T: ArrowPrimitiveType>(array: &Bound<'_, PyAny>) -> bool
where
    T::Native: Element,
{
    PyBuffer::<T::Native>::get(array).is_ok()
}

/// An array of numbers, and how many; truths of numpy are bytes of 0 and 1.
fn numbers(name: &str, array: &Bound<'_, PyAny>) -> PyResult<(Numbers, usize)> {
    let dtype = array.getattr_opt(intern!(array.py(), "dtype"))?;
    let is_truths = dtype.is_some_and(|dtype| dtype.str().is_ok_and(|text| text.to_string_lossy() == "bool"));
    let array = if is_truths { array.call_method1("view", ("uint8",))? } else { array.clone() };
    let no_numbers = || {
        let kind = array.get_type().name().map_or_else(|_| "object".to_owned(), |kind| kind.to_string());
        PyTypeError::new_err(format!(
            "the column `{name}` is of type {kind}; give an array of numbers or truths, or a table for texts"
        ))
    };
    let (dimensions, rows) = match PyUntypedBuffer::get(&array) {
        Ok(buffer) => (buffer.dimensions(), buffer.item_count()),
        Err(_) => return Err(no_numbers()),
    };
    if dimensions != 1 {
        return Err(PyTypeError::new_err(format!("the array `{name}` has {dimensions} dimensions, not one")));
    }
    let kind = KINDS.into_iter().find(|kind| each!(kind, is_of, &array)).ok_or_else(no_numbers)?;
    Ok((Numbers { array: array.unbind(), kind }, rows))
}

/// Arrays on their way.
struct Pieces {
    schema: SchemaRef,
    columns: Vec<Numbers>,
    rows: usize,
    from: usize,
    /// How many rows at once.
    piece: usize,
}

impl Iterator for Pieces {
    type Item = Result<RecordBatch, ArrowError>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.from >= self.rows {
            return None;
        }
        let (from, rows) = (self.from, self.piece.min(self.rows - self.from));
        self.from += rows;
        let arrays: PyResult<Vec<ArrayRef>> = Python::attach(|py| {
            let pieces = self.columns.iter().map(|numbers| {
                let piece = numbers.array.bind(py).get_item(slice(py, from, from + rows)?)?;
                each!(numbers.kind, copied, &piece, rows)
            });
            pieces.collect()
        });
        let options = RecordBatchOptions::new().with_row_count(Some(rows));
        Some(match arrays {
            Ok(arrays) => RecordBatch::try_new_with_options(self.schema.clone(), arrays, &options),
            Err(error) => Err(ArrowError::CDataInterface(error.to_string())),
        })
    }
}

impl RecordBatchReader for Pieces {
    fn schema(&self) -> SchemaRef {
        self.schema.clone()
    }
}

fn slice(py: Python<'_>, from: usize, to: usize) -> PyResult<Bound<'_, PySlice>> {
    Ok(PySlice::new(py, isize::try_from(from)?, isize::try_from(to)?, 1))
}

/// A copy of an array. Others may hold the same memory, so that nothing of ours ever points into it.
fn copied<T: ArrowPrimitiveType>(array: &Bound<'_, PyAny>, rows: usize) -> PyResult<ArrayRef>
where
    T::Native: Element,
{
    let values = PyBuffer::<T::Native>::get(array)?.to_vec(array.py())?;
    if values.len() != rows {
        return Err(PyValueError::new_err("an array is no longer as long as it was"));
    }
    Ok(Arc::new(PrimitiveArray::<T>::new(values.into(), None)))
}

/// Whether something is a mapping and no table.
pub(crate) fn mapping<'a, 'py>(data: &'a Bound<'py, PyAny>) -> Option<&'a Bound<'py, PyMapping>> {
    data.cast::<PyMapping>().ok().filter(|_| !data.is_instance_of::<PyString>())
}
