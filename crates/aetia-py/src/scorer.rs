//! A model made ready for tables: what is read from which column, and which results are wanted.

use std::sync::{Arc, OnceLock};

use aetia::cohort::{Cohort, Columns, MissingNumber, Output};
use aetia::{AnswerRef, AnswerValue};
use arrow_array::{ArrayRef, RecordBatch};
use arrow_schema::{Field, FieldRef, SchemaRef};
use pyo3::exceptions::{PyTypeError, PyValueError};
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyTuple};
use rayon::iter::{IntoParallelRefIterator, ParallelIterator};

use crate::arrays;
use crate::arrow::{self, Reader};
use crate::columns::{buffers, column};
use crate::guard::guarded;
use crate::model::Model;
use crate::pool;
use crate::results::Results;
use crate::schema::Schema;
use crate::scores::Scores;
use crate::table::{self, Names};
use crate::trouble::{self, Source, Trouble};

/// How many rows are scored at most before Python is asked whether to go on: so many that their results fill large pages,
/// and so few that no column of ids outgrows what 32 bits count.
const BATCH: usize = 1 << 20;
/// How many scores are computed at most, where there are many causes: some tenths of a second, and some tens of megabytes.
const SCORES: usize = 8 * BATCH;
/// How many rows at least.
const FEWEST: usize = 1 << 10;
/// How many reasons are there twice, on their way to their column.
const REASONS: usize = 1 << 14;

/// What is read from a table.
#[derive(Clone, Debug, Default)]
pub(crate) struct Reading {
    /// Indicators with the names of their columns; none where a column is named after its indicator.
    pub(crate) columns: Option<Vec<(String, String)>>,
    /// What values mean.
    pub(crate) values: Vec<(AnswerValue, AnswerValue)>,
    /// Indicators whose NaN says unknown.
    pub(crate) nullable: Vec<String>,
    /// Columns that are passed through.
    pub(crate) keep: Vec<String>,
    pub(crate) threads: Option<usize>,
}

/// A model made ready for tables: call it on one. Made by `Model.scorer`; picklable, for the workers of an engine.
///
/// Attributes:
///     model (Model): the model.
///     schema (Schema): the columns of the results, without those that are passed through, whose types the data say.
///
/// >>> import aetia
/// >>> scorer = aetia.load(aetia.available()[0]).scorer(outputs=["first", "margin"])
/// >>> scorer.schema.names
/// ('first', 'margin', 'error')
/// >>> scores = scorer({"night_pain": bytearray([1, 0])}, progress=print)
/// 2
/// >>> scores
/// <Scores: 2 rows, 3 columns>
#[pyclass(frozen, module = "aetia", name = "Scorer")]
#[derive(Debug)]
pub(crate) struct Scorer {
    model: Py<Model>,
    inner: aetia::cohort::Scorer,
    names: Names,
    /// The results of no rows.
    shape: Columns,
    reading: Reading,
    /// The columns of results: made when they are first asked for.
    results: OnceLock<SchemaRef>,
    /// The arguments it was made with.
    arguments: Py<PyDict>,
}

impl Scorer {
    pub(crate) fn new(
        model: &Bound<'_, Model>,
        inner: aetia::cohort::Scorer,
        reading: Reading,
        outputs: Vec<Output>,
        is_portable: bool,
        arguments: Py<PyDict>,
    ) -> Self {
        let kb = inner.model().knowledge_base();
        let names = Names {
            causes: kb.causes().map(|cause| cause.id().to_string()).collect(),
            comparator: kb.comparator().to_string(),
            gates: kb.gates().map(|gate| gate.id().to_string()).collect(),
            flags: kb.flags().map(|flag| flag.id().to_string()).collect(),
            contributors: inner.contributors().map(str::to_owned).collect(),
            outputs,
            is_portable,
        };
        // What a cohort of the scorer's own model is never refused for.
        let shape = inner.score(&Cohort::new(inner.model(), 0)).unwrap_or_default();
        let model = model.clone().unbind();
        Self { model, inner, names, shape, reading, results: OnceLock::new(), arguments }
    }

    /// The indicators that are read from a column of this name: those that `columns` names it for, else the one that is
    /// named so and is not read from another column.
    fn indicators<'s>(&'s self, name: &'s str) -> Vec<&'s str> {
        let renamed = self.reading.columns.as_deref().unwrap_or_default();
        let named = renamed.iter().filter(|(_, from)| from == name);
        let named: Vec<&str> = named.map(|(indicator, _)| indicator.as_str()).collect();
        let is_elsewhere = renamed.iter().any(|(indicator, _)| indicator == name);
        let is_indicator = self.inner.model().knowledge_base().indicator(name).is_some();
        if named.is_empty() && is_indicator && !is_elsewhere { vec![name] } else { named }
    }

    /// Which column each indicator is read from, by position.
    fn sources(&self, schema: &arrow_schema::Schema) -> Result<Vec<Source>, Trouble> {
        let there = || schema.fields().iter().map(|field| field.name().as_str());
        let position = |name: &str| {
            there().position(|other| other == name).ok_or_else(|| {
                let known: Vec<&str> = there().take(20).collect();
                let message = format!("the table has no column `{name}`; it has {}", known.join(", "));
                Trouble::Unknown { message, what: "column", name: name.to_owned(), near: None }
            })
        };
        for name in &self.reading.keep {
            position(name)?;
            if self.results()?.column_with_name(name).is_some() {
                return Err(Trouble::Table(format!(
                    "`{name}` is the name of a result: a column that is passed through needs another"
                )));
            }
        }
        let renamed = self.reading.columns.as_deref().unwrap_or_default();
        for (_, name) in renamed {
            position(name)?;
        }
        let mut found = Vec::new();
        for (at, name) in there().enumerate() {
            let own = self.indicators(name);
            let is_used =
                !own.is_empty() || is_index(name) || self.reading.keep.iter().any(|kept| kept == name);
            found.extend(own.into_iter().map(|indicator| Source {
                indicator: indicator.to_owned(),
                name: name.to_owned(),
                at,
            }));
            // Who says which column is which may have columns of other matters.
            if !is_used && self.reading.columns.is_none() {
                let near = self.inner.model().case().unknown(name).err();
                let near = near.and_then(|error| {
                    let aetia::CaseError::UnknownName(error) = error else { return None };
                    error.suggestion().map(str::to_owned)
                });
                let hint =
                    near.as_ref().map(|near| format!("did you mean `{near}`? Else ")).unwrap_or_default();
                let message = format!(
                    "the column `{name}` is no indicator of this knowledge base; {hint}pass it through by `keep`, or say by \
                     `columns` which column is which indicator"
                );
                return Err(Trouble::Unknown { message, what: "indicator", name: name.to_owned(), near });
            }
        }
        Ok(found)
    }

    /// Scores a batch, whose first row has such a number in its table.
    fn score(
        &self,
        batch: &RecordBatch,
        sources: &[Source],
        from: usize,
    ) -> Result<Vec<RecordBatch>, Trouble> {
        let meanings: Vec<(AnswerRef<'_>, AnswerRef<'_>)> =
            self.reading.values.iter().map(|(from, to)| (from.into(), to.into())).collect();
        let arrays: Vec<(&Source, &ArrayRef)> =
            sources.iter().filter_map(|source| Some((source, batch.columns().get(source.at)?))).collect();
        let long: Vec<Vec<&[u8]>> = arrays.iter().map(|(_, array)| buffers(array)).collect();
        let mut cohort = Cohort::new(self.inner.model(), batch.num_rows());
        for ((source, array), long) in arrays.iter().zip(&long) {
            let missing = if self.reading.nullable.contains(&source.indicator) {
                MissingNumber::Unknown
            } else {
                MissingNumber::Refused
            };
            let column = column(array, long, missing, &meanings).map_err(|kind| source.no_answers(&kind))?;
            let added = cohort.add(&source.indicator, column);
            added.map_err(|error| source.refused(error, array, from))?;
        }
        let mut results = Results::new(&self.shape, &self.names.outputs, batch.num_rows());
        let pool = pool::of(self.reading.threads);
        let scored = match &pool {
            Some(pool) => pool.install(|| self.inner.score_to_parallel(&cohort, results.room())),
            None => self.inner.score_to(&cohort, results.room()),
        };
        results.null_count = scored.map_err(Trouble::Cohort)?;
        // A reason takes as long as many a row's score: it is that of a case, made anew.
        let reason = |row: &usize| Some((*row, trouble::reason(&cohort.case(*row).err()?, sources)));
        for some in results.nulls().chunks(REASONS) {
            let reasons: Vec<(usize, String)> = match &pool {
                Some(pool) => pool.install(|| some.par_iter().filter_map(reason).collect()),
                None => some.iter().filter_map(reason).collect(),
            };
            for (row, reason) in &reasons {
                results.reasons.push(*row, reason);
            }
        }
        let schema = batch.schema();
        let kept = self.reading.keep.iter().filter_map(|name| {
            let (at, _) = schema.column_with_name(name)?;
            Some((name.clone(), batch.columns().get(at)?.clone()))
        });
        table::batches(kept.collect(), results, &self.names).map_err(|error| Trouble::Bug(error.to_string()))
    }

    /// Scores all batches of a reader, piece by piece.
    fn score_all(
        &self,
        py: Python<'_>,
        mut reader: Reader,
        progress: Option<&Bound<'_, PyAny>>,
    ) -> PyResult<Vec<RecordBatch>> {
        let schema: SchemaRef = reader.schema();
        let sources = self.sources(&schema)?;
        let most = (SCORES / self.names.causes.len().max(1)).clamp(FEWEST, BATCH);
        let (mut scored, mut done) = (Vec::new(), 0);
        let mut score = |batch: &RecordBatch| {
            let rows = batch.num_rows();
            scored.extend(py.detach(|| guarded(|| self.score(batch, &sources, done)))??);
            done += rows;
            py.check_signals()?;
            progress.map_or(Ok(()), |progress| progress.call1((rows,)).map(drop))
        };
        let mut is_empty = true;
        while let Some(batch) = py.detach(|| reader.next()) {
            let batch =
                batch.map_err(|error| PyValueError::new_err(format!("the table cannot be read: {error}")))?;
            for from in (0..batch.num_rows()).step_by(most) {
                score(&batch.slice(from, most.min(batch.num_rows() - from)))?;
                is_empty = false;
            }
        }
        if is_empty {
            // A table without rows has results without rows.
            score(&RecordBatch::new_empty(schema))?;
        }
        Ok(scored)
    }

    /// The columns of the results, without those that are passed through.
    fn results(&self) -> Result<&SchemaRef, Trouble> {
        if let Some(known) = self.results.get() {
            return Ok(known);
        }
        let nothing = RecordBatch::new_empty(Arc::new(arrow_schema::Schema::empty()));
        let results = self.score(&nothing, &[], 0)?.pop();
        let results = results.ok_or_else(|| Trouble::Bug("no results of no rows".to_owned()))?.schema();
        Ok(self.results.get_or_init(|| results))
    }

    /// The columns of the results of a table of these columns.
    fn schema_for(&self, data: &arrow_schema::Schema) -> Result<SchemaRef, Trouble> {
        // To look for the sources is to check the names.
        self.sources(data)?;
        let results = self.results()?.fields().iter().cloned();
        let kept = self.reading.keep.iter().filter_map(|name| data.field_with_name(name).ok());
        let kept = kept.map(|field| Field::new(field.name(), field.data_type().clone(), true));
        let fields: Vec<FieldRef> = kept.map(Arc::new).chain(results).collect();
        Ok(Arc::new(arrow_schema::Schema::new(fields)))
    }

    fn scores(&self, batches: Vec<RecordBatch>) -> PyResult<Scores> {
        let schema = match batches.first() {
            Some(batch) => batch.schema(),
            None if self.reading.keep.is_empty() => guarded(|| self.results().cloned())??,
            None => {
                return Err(PyValueError::new_err(
                    "there is no table, so that nothing says of which types the columns of `keep` are",
                ));
            }
        };
        if let Some(other) = batches.iter().map(RecordBatch::schema).find(|other| *other != schema) {
            let differ = schema.fields().iter().zip(other.fields()).find(|(one, other)| one != other);
            let name = differ.map_or("", |(field, _)| field.name());
            return Err(PyTypeError::new_err(format!(
                "the tables differ in the type of the column `{name}`, which is passed through; give it one type"
            )));
        }
        let notice = self.inner.model().knowledge_base().notice().to_owned();
        Ok(Scores { schema, batches, notice })
    }
}

/// Whether a column is what pandas makes of the numbers of its rows, which nobody wrote.
fn is_index(name: &str) -> bool {
    name.starts_with("__index_level_") && name.ends_with("__")
}

#[pymethods]
impl Scorer {
    /// Scores a table.
    ///
    /// Args:
    ///     data (object): a table of any library with the Arrow C interface (pyarrow, polars, DuckDB, pandas), a mapping of
    ///         arrays, or an iterable of tables. A row for each case, a column for each indicator of which anything is known.
    ///     progress (Callable[[int], object] | None): called with the number of rows done since the last call, as the
    ///         `update` of a tqdm bar is.
    ///
    /// Returns:
    ///     Scores: a row for each row of the data, in its order.
    ///
    /// Raises:
    ///     UnknownName: a column is no indicator, and nothing says what it is.
    ///     UnknownName: the table lacks a column that was named.
    ///     TypeError: the data is no table, or a column holds what is no answer.
    #[pyo3(signature = (data, *, progress=None))]
    pub(crate) fn __call__(
        &self,
        py: Python<'_>,
        data: &Bound<'_, PyAny>,
        progress: Option<&Bound<'_, PyAny>>,
    ) -> PyResult<Scores> {
        if let Some(reader) = arrow::reader(data)? {
            return self.scores(self.score_all(py, reader, progress)?);
        }
        if let Some(mapping) = arrays::mapping(data) {
            return self.scores(self.score_all(py, arrays::reader(mapping)?, progress)?);
        }
        let Ok(parts) = data.try_iter() else {
            let kind = data.get_type().name()?;
            return Err(PyTypeError::new_err(format!(
                "expected a table with the Arrow C interface (pyarrow, polars, DuckDB, pandas with pyarrow), a mapping of \
                 arrays, or an iterable of such tables, not {kind}"
            )));
        };
        let mut batches = Vec::new();
        for part in parts {
            let part = part?;
            let Some(reader) = arrow::reader(&part)? else {
                let kind = part.get_type().name()?;
                return Err(PyTypeError::new_err(format!(
                    "expected tables with the Arrow C interface, not {kind}"
                )));
            };
            batches.extend(self.score_all(py, reader, progress)?);
        }
        self.scores(batches)
    }

    /// Scores tables one after the other, none of them before its results are asked for: for streams, and for engines that
    /// take a function from batches to batches.
    ///
    /// Args:
    ///     data (object): an iterable of tables, or one table whose batches are read as they are needed.
    ///     progress (Callable[[int], object] | None): as for a call.
    ///
    /// Returns:
    ///     Iterator[object]: batches of results, each a `pyarrow.RecordBatch`.
    ///
    /// Raises:
    ///     ImportError: pyarrow is not installed.
    ///     AetiaError: as a call, when the batch is asked for.
    #[pyo3(signature = (data, *, progress=None))]
    fn batches<'py>(
        slf: &Bound<'py, Self>,
        data: &Bound<'py, PyAny>,
        progress: Option<&Bound<'py, PyAny>>,
    ) -> PyResult<Bound<'py, PyAny>> {
        slf.py().import("aetia._scorer")?.call_method1("batches", (slf, data, progress))
    }

    /// The columns of the results of a table, with those that are passed through; and whether the table can be scored, before
    /// any of it is read.
    ///
    /// Args:
    ///     data (object): the schema of the table, with the Arrow C interface, as `pyarrow.Schema` has it.
    ///
    /// Returns:
    ///     Schema.
    ///
    /// Raises:
    ///     UnknownName: as a call.
    ///     TypeError: the object is no schema.
    #[pyo3(name = "schema_for")]
    fn schema_of(&self, data: &Bound<'_, PyAny>) -> PyResult<Schema> {
        let data = arrow::schema(data)?;
        Ok(Schema { inner: guarded(|| self.schema_for(&data))?? })
    }

    /// The columns of the results, without those that are passed through, whose types the data say.
    #[getter]
    fn schema(&self) -> PyResult<Schema> {
        Ok(Schema { inner: guarded(|| self.results().cloned())?? })
    }

    /// The model.
    #[getter]
    fn model<'py>(&self, py: Python<'py>) -> Bound<'py, Model> {
        self.model.bind(py).clone()
    }

    /// Which columns of a table of these columns are read or passed through, in their order: all where `columns` says nothing,
    /// so that those nobody knows are refused with the table.
    fn _read(&self, names: Vec<String>) -> Vec<String> {
        let is_wanted = |name: &String| {
            self.reading.columns.is_none()
                || self.reading.keep.contains(name)
                || !self.indicators(name).is_empty()
        };
        names.into_iter().filter(is_wanted).collect()
    }

    fn __reduce__<'py>(slf: &Bound<'py, Self>) -> PyResult<(Bound<'py, PyAny>, Bound<'py, PyTuple>)> {
        let py = slf.py();
        let make = py.import("aetia._scorer")?.getattr("scorer")?;
        let own = slf.get();
        Ok((make, PyTuple::new(py, [own.model.bind(py).as_any(), own.arguments.bind(py).as_any()])?))
    }

    fn __repr__(&self) -> String {
        let kb = self.inner.model().knowledge_base();
        format!("<Scorer of {} {}>", kb.id(), kb.version())
    }
}
