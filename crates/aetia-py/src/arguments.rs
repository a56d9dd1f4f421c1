//! What a scorer is asked for, in arguments of Python.

use aetia::cohort::{Output, Precision};
use pyo3::exceptions::PyTypeError;
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyTuple};

use crate::convert;
use crate::errors;
use crate::guard::guarded;
use crate::model::Model;
use crate::scorer::{Reading, Scorer};

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

/// The scorer that arguments of Python describe.
pub(crate) fn scorer(model: &Bound<'_, Model>, arguments: Option<&Bound<'_, PyDict>>) -> PyResult<Scorer> {
    let py = model.py();
    let arguments = arguments.map_or_else(|| Ok(PyDict::new(py)), Bound::copy)?;
    let mut said = Said { outputs: vec!["first".to_owned(), "posterior".to_owned()], ..Said::default() };
    for (key, value) in arguments.copy()? {
        let key: String = key.extract()?;
        // Kept as it was read: who gives an iterator, or changes a dictionary afterwards, sends the same to other processes.
        arguments.set_item(&key, said.take(model, &key, &value)?)?;
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
    /// Takes an argument; what is returned means the same and never changes.
    fn take<'py>(
        &mut self,
        model: &Bound<'py, Model>,
        key: &str,
        value: &Bound<'py, PyAny>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let py = model.py();
        match key {
            "outputs" => {
                self.outputs = texts(value)?;
                return Ok(PyTuple::new(py, &self.outputs)?.into_any());
            }
            "setting" => self.setting = value.extract()?,
            "link" => self.link = value.extract()?,
            "top" => self.top = value.extract()?,
            "precision" => self.precision = value.extract()?,
            "portable" => self.is_portable = value.extract()?,
            "threads" => self.reading.threads = value.extract()?,
            "keep" => {
                self.reading.keep = texts(value)?;
                return Ok(PyTuple::new(py, &self.reading.keep)?.into_any());
            }
            "nullable" => {
                self.reading.nullable = texts(value)?;
                self.reading.nullable.iter().try_for_each(|name| known(model, name))?;
                return Ok(PyTuple::new(py, &self.reading.nullable)?.into_any());
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
                return Ok(value.cast::<PyDict>()?.copy()?.into_any());
            }
            "values" if value.is_none() => self.reading.values.clear(),
            "values" => {
                for (from, to) in value.cast::<PyDict>()? {
                    self.reading.values.push((convert::meaning(&from)?, convert::meaning(&to)?));
                }
                return Ok(value.cast::<PyDict>()?.copy()?.into_any());
            }
            other => {
                return Err(PyTypeError::new_err(format!(
                    "scorer() got an unexpected keyword argument '{other}'"
                )));
            }
        }
        Ok(value.clone())
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

/// Which results, by their words.
fn outputs(words: &[String], top: usize, precision: &str) -> PyResult<Vec<Output>> {
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
