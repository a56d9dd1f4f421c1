//! The results of a table, as a table that other libraries take without copying.

use arrow_array::cast::AsArray;
use arrow_array::{Array, RecordBatch, RecordBatchIterator};
use arrow_schema::SchemaRef;
use pyo3::prelude::*;
use pyo3::types::{PyCapsule, PyTuple};

use crate::arrow;

/// How many rows that could not be assessed are listed.
const FIRST: usize = 10;

/// The results of a table, row by row in its order: a table that pyarrow, polars, DuckDB and pandas take without copying, by
/// the Arrow C interface. Probabilities are fractions of 1, `score`, `margin` and `contribution` columns whole nanodecibans; a
/// name in a column is the id of a cause, gate, flag or indicator. The last column is `error`. The columns of a batch, of up to
/// a million rows, share their memory, which stays as long as any of them does.
///
/// Attributes:
///     columns (tuple[str, ...]): the names of the columns.
///     errors (int): how many rows could not be assessed. Their results are null; the column `error` says why.
///     first_errors (tuple[tuple[int, str], ...]): the first ten of these rows, counted from 0, each with the reason.
///     notice (str): the knowledge base's notice.
#[pyclass(frozen, module = "aetia", name = "Scores")]
#[derive(Debug)]
pub(crate) struct Scores {
    pub(crate) schema: SchemaRef,
    pub(crate) batches: Vec<RecordBatch>,
    pub(crate) notice: String,
}

impl Scores {
    fn rows(&self) -> usize {
        self.batches.iter().map(RecordBatch::num_rows).sum()
    }

    fn refused(&self) -> usize {
        let of = |batch: &RecordBatch| {
            batch.columns().last().map_or(0, |errors| errors.len() - errors.null_count())
        };
        self.batches.iter().map(of).sum()
    }

    /// The rows that could not be assessed, with their reasons.
    fn reasons(&self) -> impl Iterator<Item = (usize, &str)> {
        let starts = self.batches.iter().scan(0, |from, batch| {
            let start = *from;
            *from += batch.num_rows();
            Some(start)
        });
        self.batches.iter().zip(starts).flat_map(|(batch, start)| {
            let reasons = batch.columns().last().and_then(|errors| errors.as_string_opt::<i32>());
            let rows = reasons.into_iter().flat_map(move |reasons| (start..).zip(reasons));
            rows.filter_map(|(row, reason)| Some((row, reason?)))
        })
    }
}

#[pymethods]
impl Scores {
    /// The table as a stream of batches, by the Arrow C interface.
    #[pyo3(signature = (requested_schema=None), text_signature = "($self, requested_schema=None)")]
    fn __arrow_c_stream__<'py>(
        &self,
        py: Python<'py>,
        requested_schema: Option<Bound<'py, PyAny>>,
    ) -> PyResult<Bound<'py, PyCapsule>> {
        // A wish, which the interface lets a producer leave unfulfilled.
        drop(requested_schema);
        let batches: Vec<_> = self.batches.iter().cloned().map(Ok).collect();
        arrow::capsule(py, Box::new(RecordBatchIterator::new(batches, self.schema.clone())))
    }

    /// The names of the columns.
    #[getter]
    fn columns<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
        PyTuple::new(py, self.schema.fields().iter().map(|field| field.name().as_str()))
    }

    /// How many rows could not be assessed. Their results are null; the column `error` says why.
    #[getter]
    fn errors(&self) -> usize {
        self.refused()
    }

    /// The first ten of these rows, counted from 0, each with the reason.
    #[getter]
    fn first_errors<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
        PyTuple::new(py, self.reasons().take(FIRST).collect::<Vec<_>>())
    }

    /// The knowledge base's notice.
    #[getter]
    fn notice(&self) -> &str {
        &self.notice
    }

    /// As a `pyarrow.Table`, which must be installed.
    fn to_arrow<'py>(slf: &Bound<'py, Self>) -> PyResult<Bound<'py, PyAny>> {
        // `pyarrow.table` would import pandas to see whether it is given one of its frames.
        let reader = slf.py().import("pyarrow")?.getattr("RecordBatchReader")?;
        reader.call_method1("from_stream", (slf,))?.call_method0("read_all")
    }

    /// As a `pandas.DataFrame`; pandas and pyarrow must be installed.
    fn to_pandas<'py>(slf: &Bound<'py, Self>) -> PyResult<Bound<'py, PyAny>> {
        Self::to_arrow(slf)?.call_method0("to_pandas")
    }

    /// As a `polars.DataFrame`, which must be installed.
    fn to_polars<'py>(slf: &Bound<'py, Self>) -> PyResult<Bound<'py, PyAny>> {
        slf.py().import("polars")?.call_method1("DataFrame", (slf,))
    }

    fn __len__(&self) -> usize {
        self.rows()
    }

    fn __repr__(&self) -> String {
        let columns = self.schema.fields().len();
        let refused = match self.refused() {
            0 => String::new(),
            refused => {
                let first = self.reasons().next();
                let first = first.map(|(row, reason)| format!(", the first in row {row}: {reason}"));
                format!(", {refused} without a result{}", first.unwrap_or_default())
            }
        };
        format!("<Scores: {} rows, {columns} columns{refused}>", self.rows())
    }
}
