//! Findings of Python as a case of a model.

use std::borrow::Cow;

use aetia::{AnswerRef, AnswerValue, Case, CaseBuilder, CaseError, IndicatorKind, Model};
use pyo3::exceptions::{PyOverflowError, PyTypeError, PyValueError};
use pyo3::intern;
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::{PyBool, PyDict, PyFloat, PyInt, PySet, PyString};

use crate::errors;
use crate::guard::guarded;
use crate::text::Name;

/// What to do with findings that cannot all be true.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Contradictions {
    /// Refuse the case.
    Refuse,
    /// Treat them as unknown.
    Drop,
}

impl Contradictions {
    /// By its word.
    pub(crate) fn named(word: &str) -> PyResult<Self> {
        match word {
            "refuse" => Ok(Self::Refuse),
            "drop" => Ok(Self::Drop),
            word => {
                let message =
                    format!("`{word}` is no way to treat contradictions; expected `refuse` or `drop`");
                Err(errors::named(message, "contradictions", word, ["refuse", "drop"].into_iter()))
            }
        }
    }
}

/// A Python value as a finding, before its indicator is looked at.
enum Given<'v> {
    Truth(bool),
    Number(f64),
    Word(Cow<'v, str>),
}

/// The words by which any indicator may say that nothing is known.
const UNKNOWN: Given<'_> = Given::Word(Cow::Borrowed("unknown"));
const NOT_ASSESSABLE: Given<'_> = Given::Word(Cow::Borrowed("not_assessable"));

/// The case of some findings.
///
/// Every finding is looked at: the first that is refused is raised, and the others are noted on it.
pub(crate) fn case(
    model: &Model,
    findings: &Bound<'_, PyAny>,
    nullable: &[Name],
    contradictions: Contradictions,
) -> PyResult<Case> {
    let mut reader = Reader { model, nullable, builder: model.case(), refused: Vec::new() };
    for name in nullable {
        if let Err(error) = model.case().unknown(name.as_str()) {
            return Err(errors::case(&error, ""));
        }
    }
    guarded(|| reader.read_all(findings))??;
    reader.case(findings.py(), contradictions)
}

/// One finding as an answer, and what to say where it is none.
pub(crate) fn answer(
    model: &Model,
    name: &str,
    value: &Bound<'_, PyAny>,
) -> PyResult<(AnswerValue, &'static str)> {
    let Some(given) = given(value)? else { return Err(no_finding(name, value)?) };
    let (given, hint) = meant(model, &[], name, given);
    Ok((
        match given {
            Given::Truth(truth) => AnswerValue::Boolean(truth),
            Given::Number(number) => AnswerValue::Number(number),
            Given::Word(word) => AnswerValue::Named(word.into_owned()),
        },
        hint,
    ))
}

/// A value as a finding of no indicator in particular: what a list of meanings takes.
pub(crate) fn meaning(value: &Bound<'_, PyAny>) -> PyResult<AnswerValue> {
    match given(value)? {
        Some(Given::Truth(truth)) => Ok(AnswerValue::Boolean(truth)),
        Some(Given::Number(number)) => Ok(AnswerValue::Number(number)),
        Some(Given::Word(word)) => Ok(AnswerValue::Named(word.into_owned())),
        None => Err(no_finding("values", value)?),
    }
}

/// A value of a kind that is no finding.
fn no_finding(name: &str, value: &Bound<'_, PyAny>) -> PyResult<PyErr> {
    let kind = value.get_type().name()?;
    Ok(PyTypeError::new_err(format!(
        "`{name}`: a value of type {kind} is no finding; give True, False, None, aetia.NOT_ASSESSABLE, a number, or \
         the id of an answer"
    )))
}

/// The pairs of a mapping, or of what has such pairs, as a row of a data frame has.
fn items<'py>(findings: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
    let py = findings.py();
    match findings.getattr_opt(intern!(py, "items"))? {
        Some(items) if items.is_callable() => items.call0(),
        Some(_) | None => {
            let kind = findings.get_type().name()?;
            Err(PyTypeError::new_err(format!(
                "findings are a mapping from indicator ids to what was found, not {kind}"
            )))
        }
    }
}

/// Collects findings, and what is wrong with them.
struct Reader<'m> {
    model: &'m Model,
    nullable: &'m [Name],
    builder: CaseBuilder,
    refused: Vec<PyErr>,
}

impl Reader<'_> {
    fn read_all(&mut self, findings: &Bound<'_, PyAny>) -> PyResult<()> {
        if let Ok(findings) = findings.cast_exact::<PyDict>() {
            // Taken out first: looking at a value may run code, which may change the dictionary.
            let pairs: Vec<_> = findings.iter().collect();
            return pairs.iter().try_for_each(|(name, value)| self.read(name, value));
        }
        // A row of a table can have a name twice, as a dictionary cannot.
        let seen = PySet::empty(findings.py())?;
        for pair in items(findings)?.try_iter()? {
            let Ok((name, value)) = pair?.extract::<(Bound<'_, PyAny>, Bound<'_, PyAny>)>() else {
                return Err(PyTypeError::new_err(
                    "items() of findings yields pairs: an indicator and what was found",
                ));
            };
            if seen.contains(&name)? {
                return Err(errors::given_twice(&name.str()?.to_string_lossy()));
            }
            seen.add(&name)?;
            self.read(&name, &value)?;
        }
        Ok(())
    }

    fn read(&mut self, name: &Bound<'_, PyAny>, value: &Bound<'_, PyAny>) -> PyResult<()> {
        match given(value)? {
            Some(given) => self.take(name, given),
            None => {
                self.refused.push(no_finding(&name.str()?.to_string_lossy(), value)?);
                Ok(())
            }
        }
    }

    fn take(&mut self, name: &Bound<'_, PyAny>, given: Given<'_>) -> PyResult<()> {
        let Ok(text) = name.cast::<PyString>() else {
            let (name, kind) = (name.repr()?, name.get_type().name()?);
            self.refused.push(PyTypeError::new_err(format!("ids of indicators are texts; {name} is {kind}")));
            return Ok(());
        };
        // A lone surrogate is in no id, so that the replaced text is reported as unknown.
        let text = text.to_string_lossy();
        let (given, hint) = meant(self.model, self.nullable, &text, given);
        let answer = match &given {
            Given::Truth(truth) => AnswerRef::Boolean(*truth),
            Given::Number(number) => AnswerRef::Number(*number),
            Given::Word(word) => AnswerRef::Named(word),
        };
        if let Err(error) = self.builder.set(&text, answer) {
            self.refused.push(errors::case(&error, hint));
        }
        Ok(())
    }

    fn case(self, py: Python<'_>, contradictions: Contradictions) -> PyResult<Case> {
        let mut refused = self.refused.into_iter();
        if let Some(first) = refused.next() {
            for other in refused {
                first.add_note(py, other.value(py).str()?.to_string_lossy().as_ref())?;
            }
            return Err(first);
        }
        let builder = self.builder;
        match contradictions {
            Contradictions::Refuse => builder.build().map_err(|error: CaseError| errors::case(&error, "")),
            Contradictions::Drop => Ok(builder.build_leniently()),
        }
    }
}

/// What a number means for its indicator, and what to say where it means nothing.
fn meant<'v>(model: &Model, nullable: &[Name], name: &str, given: Given<'v>) -> (Given<'v>, &'static str) {
    let Given::Number(number) = given else { return (given, "") };
    let kind = model.knowledge_base().indicator(name).map(aetia::Indicator::kind);
    let is_measured = kind == Some(IndicatorKind::Numeric);
    if number.is_nan() && (!is_measured || nullable.iter().any(|one| one.as_str() == name)) {
        // Tables write a missing text or truth as NaN.
        (UNKNOWN, "")
    } else if number.is_nan() {
        (given, NAN)
    } else if kind == Some(IndicatorKind::Boolean) && [0.0, 1.0].contains(&number) {
        (Given::Truth(number > 0.5), "")
    } else {
        (given, "")
    }
}

/// What to do about a NaN.
const NAN: &str = "; None says unknown, and `nullable` names the indicators whose NaN does";

/// A value of Python's own types as a finding; none where it is of another type. Runs no code of Python.
fn builtin<'v>(value: &'v Bound<'_, PyAny>) -> PyResult<Option<Given<'v>>> {
    if value.is_none() {
        return Ok(Some(UNKNOWN));
    }
    if let Ok(truth) = value.cast_exact::<PyBool>() {
        return Ok(Some(Given::Truth(truth.is_true())));
    }
    if let Ok(number) = value.cast_exact::<PyFloat>() {
        return Ok(Some(Given::Number(number.value())));
    }
    if let Ok(number) = value.cast_exact::<PyInt>() {
        return Ok(Some(Given::Number(match number.extract() {
            Ok(number) => number,
            // Beyond a float there is no measurement; the core refuses infinities in its own words.
            Err(_) if number.lt(0)? => f64::NEG_INFINITY,
            Err(_) => f64::INFINITY,
        })));
    }
    if let Ok(word) = value.cast_exact::<PyString>() {
        return Ok(Some(Given::Word(word.to_string_lossy())));
    }
    if value.is(not_assessable(value.py())?) {
        return Ok(Some(NOT_ASSESSABLE));
    }
    Ok(None)
}

/// Any value as a finding: scalars of numpy and pandas as what they hold, and other kinds of numbers as floats.
fn given<'v>(value: &'v Bound<'_, PyAny>) -> PyResult<Option<Given<'v>>> {
    if let Some(given) = builtin(value)? {
        return Ok(Some(given));
    }
    let py = value.py();
    if matches!(value.get_type().name()?.to_string_lossy().as_ref(), "NAType" | "NaTType" | "MaskedConstant")
    {
        return Ok(Some(UNKNOWN));
    }
    if let Ok(word) = value.cast::<PyString>() {
        return Ok(Some(Given::Word(word.to_string_lossy())));
    }
    if let Ok(number) = value.cast::<PyFloat>() {
        return Ok(Some(Given::Number(number.value())));
    }
    // A scalar of numpy says what it holds: a truth or a number. A date or an array is no finding.
    if let Some(dtype) = value.getattr_opt(intern!(py, "dtype"))? {
        let is_scalar =
            value.getattr_opt(intern!(py, "ndim"))?.is_some_and(|ndim| ndim.eq(0).unwrap_or(false));
        let kind = dtype.getattr_opt(intern!(py, "kind"))?.and_then(|kind| kind.extract::<char>().ok());
        return Ok(match kind {
            Some('b') if is_scalar => Some(Given::Truth(value.is_truthy()?)),
            Some('i' | 'u' | 'f') if is_scalar => number(value)?,
            Some(_) | None => None,
        });
    }
    if value.hasattr(intern!(py, "__float__"))? || value.hasattr(intern!(py, "__index__"))? {
        return number(value);
    }
    Ok(None)
}

/// A number of any kind. One that is none after all is no finding; whatever else goes wrong in its code is not ours.
fn number<'v>(value: &Bound<'_, PyAny>) -> PyResult<Option<Given<'v>>> {
    match value.extract() {
        Ok(number) => Ok(Some(Given::Number(number))),
        Err(error) if is_no_number(value.py(), &error) => Ok(None),
        Err(error) => Err(error),
    }
}

fn is_no_number(py: Python<'_>, error: &PyErr) -> bool {
    error.is_instance_of::<PyTypeError>(py)
        || error.is_instance_of::<PyValueError>(py)
        || error.is_instance_of::<PyOverflowError>(py)
}

/// The constant `aetia.NOT_ASSESSABLE`.
fn not_assessable(py: Python<'_>) -> PyResult<&Bound<'_, PyAny>> {
    static CONSTANT: PyOnceLock<Py<PyAny>> = PyOnceLock::new();
    let constant = CONSTANT.get_or_try_init(py, || {
        PyResult::Ok(py.import("aetia._not_assessable")?.getattr("NOT_ASSESSABLE")?.unbind())
    })?;
    Ok(constant.bind(py))
}
