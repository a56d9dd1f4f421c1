//! A model made ready for tables: what is read from which column, and which results are wanted.

use aetia::cohort::{Cohort, Columns, MissingNumber, Output, Precision};
use aetia::{AnswerRef, AnswerValue};
use arrow_array::{ArrayRef, RecordBatch};
use arrow_schema::{Schema, SchemaRef};
use pyo3::exceptions::{PyTypeError, PyValueError};
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyTuple};

use crate::arrays;
use crate::arrow::{self, Reader};
use crate::columns::{buffers, column};
use crate::convert;
use crate::errors;
use crate::guard::guarded;
use crate::model::Model;
use crate::pool;
use crate::scores::Scores;
use crate::table::{self, Names};

/// How many rows are scored before Python is asked whether to go on.
const PIECE: usize = 262_144;

/// The words for results.
const OUTPUTS: [&str; 11] = [
    "first",
    "posterior",
    "score",
    "margin",
    "order",
    "gates",
    "flags",
    "contributions",
    "first_ungated",
    "posterior_ungated",
    "score_ungated",
];

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
#[pyclass(frozen, module = "aetia", name = "Scorer")]
#[derive(Debug)]
pub(crate) struct Scorer {
    model: Py<Model>,
    inner: aetia::cohort::Scorer,
    names: Names,
    reading: Reading,
    /// The arguments it was made with.
    arguments: Py<PyDict>,
}

/// Which results, by their words.
pub(crate) fn outputs(words: &[String], top: usize, precision: &str) -> PyResult<Vec<Output>> {
    let precision = match precision {
        "float32" => Precision::Single,
        "float64" => Precision::Double,
        word => return Err(errors::word("precision", word, &["float32", "float64"])),
    };
    let output = |word: &String| {
        Ok(match word.as_str() {
            "first" => Output::First,
            "first_ungated" => Output::FirstUngated,
            "posterior" => Output::Posterior(precision),
            "posterior_ungated" => Output::PosteriorUngated(precision),
            "score" => Output::Score,
            "score_ungated" => Output::ScoreUngated,
            "margin" => Output::Margin,
            "order" => Output::Order(top),
            "gates" => Output::Gates,
            "flags" => Output::Flags,
            "contributions" => Output::Contributions(top),
            word => return Err(errors::word("output", word, &OUTPUTS)),
        })
    };
    words.iter().map(output).collect()
}

/// What keeps a batch from being scored.
enum Trouble {
    /// The table is not what was said; the message says what to do.
    Table(String),
    /// A name that nobody knows: of an indicator, or of a column.
    Unknown {
        message: String,
        what: &'static str,
        name: String,
        near: Option<String>,
    },
    Cohort(aetia::cohort::CohortError),
    Bug(String),
}

impl From<Trouble> for PyErr {
    fn from(trouble: Trouble) -> Self {
        match trouble {
            Trouble::Table(message) => PyTypeError::new_err(message),
            Trouble::Unknown { message, what, name, near } => {
                errors::named(message, what, &name, near.as_deref().into_iter())
            }
            Trouble::Cohort(aetia::cohort::CohortError::UnknownName(error)) => errors::unknown_name(&error),
            Trouble::Cohort(error) => PyTypeError::new_err(error.to_string()),
            Trouble::Bug(message) => errors::internal(&message),
        }
    }
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
        Self { model: model.clone().unbind(), inner, names, reading, arguments }
    }

    /// Which column each indicator is read from, by position.
    fn sources(&self, schema: &Schema) -> Result<Vec<(String, usize)>, Trouble> {
        let kb = self.inner.model().knowledge_base();
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
        }
        if let Some(columns) = &self.reading.columns {
            return columns
                .iter()
                .map(|(indicator, name)| Ok((indicator.clone(), position(name)?)))
                .collect();
        }
        let mut found = Vec::new();
        for (at, name) in there().enumerate() {
            if kb.indicator(name).is_some() {
                found.push((name.to_owned(), at));
            } else if !self.reading.keep.iter().any(|kept| kept == name) {
                let near = self.inner.model().case().unknown(name).err().and_then(|error| match error {
                    aetia::CaseError::UnknownName(error) => error.suggestion().map(str::to_owned),
                    _ => None,
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

    /// Scores a batch.
    fn score(&self, batch: &RecordBatch, sources: &[(String, usize)]) -> Result<RecordBatch, Trouble> {
        let meanings: Vec<(AnswerRef<'_>, AnswerRef<'_>)> =
            self.reading.values.iter().map(|(from, to)| (from.into(), to.into())).collect();
        let arrays: Vec<(&String, &ArrayRef)> = sources
            .iter()
            .filter_map(|(indicator, at)| Some((indicator, batch.columns().get(*at)?)))
            .collect();
        let long: Vec<Vec<&[u8]>> = arrays.iter().map(|(_, array)| buffers(array)).collect();
        let mut cohort = Cohort::new(self.inner.model(), batch.num_rows());
        for ((indicator, array), long) in arrays.iter().zip(&long) {
            let missing = if self.reading.nullable.contains(indicator) {
                MissingNumber::Unknown
            } else {
                MissingNumber::Refused
            };
            let column = column(array, long, missing, &meanings).map_err(|kind| {
                Trouble::Table(format!(
                    "the column of `{indicator}` is of type {kind}; give booleans, numbers, texts or a dictionary of them"
                ))
            })?;
            cohort.add(indicator, column).map_err(Trouble::Cohort)?;
        }
        let mut columns = Columns::default();
        let scored = match pool::of(self.reading.threads) {
            Some(pool) => pool.install(|| self.inner.score_parallel(&cohort, &mut columns)),
            None => self.inner.score_into(&cohort, &mut columns),
        };
        scored.map_err(Trouble::Cohort)?;
        let mut errors = vec![None; batch.num_rows()];
        for row in columns.nulls() {
            if let Some(error) = errors.get_mut(row) {
                *error = cohort.case(row).err().map(|error| error.to_string());
            }
        }
        let schema = batch.schema();
        let kept = self.reading.keep.iter().filter_map(|name| {
            let (at, _) = schema.column_with_name(name)?;
            Some((name.clone(), batch.columns().get(at)?.clone()))
        });
        table::batch(kept.collect(), columns, errors, &self.names)
            .map_err(|error| Trouble::Bug(error.to_string()))
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
        let mut scored = Vec::new();
        // A table without rows has results without rows.
        let mut is_empty = true;
        loop {
            let next = py.detach(|| reader.next());
            let batch = match next {
                Some(batch) => batch
                    .map_err(|error| PyValueError::new_err(format!("the table cannot be read: {error}")))?,
                None if is_empty => RecordBatch::new_empty(schema.clone()),
                None => return Ok(scored),
            };
            let mut from = 0;
            while from < batch.num_rows() || (is_empty && batch.num_rows() == 0) {
                let rows = PIECE.min(batch.num_rows() - from);
                let piece = batch.slice(from, rows);
                scored.push(py.detach(|| guarded(|| self.score(&piece, &sources)))??);
                from += rows;
                is_empty = false;
                py.check_signals()?;
                if let Some(progress) = progress {
                    progress.call1((rows,))?;
                }
            }
        }
    }

    fn scores(&self, batches: Vec<RecordBatch>) -> PyResult<Scores> {
        let schema = batches.first().map(RecordBatch::schema).ok_or_else(|| errors::internal("no batch"))?;
        let notice = self.inner.model().knowledge_base().notice().to_owned();
        Ok(Scores { schema, batches, notice })
    }
}

#[pymethods]
impl Scorer {
    /// Scores a table.
    ///
    /// Args:
    ///     data (object): a table of any library with the Arrow C interface (pyarrow, polars, DuckDB, pandas), a mapping of
    ///         numpy's arrays, or an iterable of tables of one schema.
    ///     progress (Callable[[int], object] | None): called with the number of rows done since the last call, as the
    ///         `update` of a tqdm bar is.
    ///
    /// Returns:
    ///     Scores.
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

    /// The model.
    #[getter]
    fn model<'py>(&self, py: Python<'py>) -> Bound<'py, Model> {
        self.model.bind(py).clone()
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

/// The scorer that arguments of Python describe.
pub(crate) fn made(model: &Bound<'_, Model>, arguments: Option<&Bound<'_, PyDict>>) -> PyResult<Scorer> {
    let py = model.py();
    let arguments = arguments.map_or_else(|| Ok(PyDict::new(py)), Bound::copy)?;
    let mut said = Said { outputs: vec!["first".to_owned(), "posterior".to_owned()], ..Said::default() };
    for (key, value) in &arguments {
        said.take(model, &key.extract::<String>()?, &value)?;
    }
    let own = model.get();
    let options = own.options(said.setting.as_deref(), said.link.as_deref())?;
    let options = options.unwrap_or_else(|| own.inner.options());
    let precision = said.precision.as_deref().unwrap_or("float32");
    let outputs = outputs(&said.outputs, said.top.unwrap_or(3), precision)?;
    let inner = guarded(|| own.inner.scorer(&options, outputs.iter().copied()))?;
    let inner = inner.map_err(|error| errors::unknown_name(&error))?;
    Ok(Scorer::new(model, inner, said.reading, outputs, said.is_portable, arguments.unbind()))
}

/// Arguments as they were said.
#[derive(Debug, Default)]
struct Said {
    outputs: Vec<String>,
    setting: Option<String>,
    link: Option<String>,
    top: Option<usize>,
    precision: Option<String>,
    is_portable: bool,
    reading: Reading,
}

impl Said {
    fn take(&mut self, model: &Bound<'_, Model>, key: &str, value: &Bound<'_, PyAny>) -> PyResult<()> {
        match key {
            "outputs" => self.outputs = texts(value)?,
            "setting" => self.setting = value.extract()?,
            "link" => self.link = value.extract()?,
            "top" => self.top = value.extract()?,
            "precision" => self.precision = value.extract()?,
            "portable" => self.is_portable = value.extract()?,
            "threads" => self.reading.threads = value.extract()?,
            "keep" => self.reading.keep = texts(value)?,
            "nullable" => {
                self.reading.nullable = texts(value)?;
                self.reading.nullable.iter().try_for_each(|name| known(model, name))?;
            }
            "columns" if value.is_none() => self.reading.columns = None,
            "columns" => {
                let mut columns = Vec::new();
                for (indicator, name) in value.cast::<PyDict>()? {
                    let indicator: String = indicator.extract()?;
                    known(model, &indicator)?;
                    columns.push((indicator, name.extract()?));
                }
                self.reading.columns = Some(columns);
            }
            "values" if value.is_none() => self.reading.values.clear(),
            "values" => {
                for (from, to) in value.cast::<PyDict>()? {
                    self.reading.values.push((convert::meaning(&from)?, convert::meaning(&to)?));
                }
            }
            other => {
                return Err(PyTypeError::new_err(format!(
                    "scorer() got an unexpected keyword argument '{other}'"
                )));
            }
        }
        Ok(())
    }
}

fn texts(value: &Bound<'_, PyAny>) -> PyResult<Vec<String>> {
    let names: crate::text::Names = value.extract()?;
    Ok(names.0.iter().map(|name| name.as_str().to_owned()).collect())
}

/// That a knowledge base has an indicator.
fn known(model: &Bound<'_, Model>, indicator: &str) -> PyResult<()> {
    match model.get().inner.case().unknown(indicator) {
        Ok(_) => Ok(()),
        Err(error) => Err(errors::case(&error, "")),
    }
}
