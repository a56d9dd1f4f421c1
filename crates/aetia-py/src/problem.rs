//! A problem of a text.

use pyo3::prelude::*;
use pyo3::types::PyTuple;

/// A problem of a knowledge base: what is wrong, where, and what to do about it.
///
/// Attributes:
///     code (str): the stable slug of its kind, such as `"likelihood-ratio-incoherent"`.
///     severity (str): `"error"` where the text cannot be used, `"warning"` where somebody should look.
///     place (str): the path of the value, such as `"evidence[3].accuracy.specificity"`; empty for the whole.
///     message (str): what is wrong, and what was expected.
///     help (str | None): what to do, or None.
///     line (int | None): the line in the text, from 1, or None where there is no text.
///     column (int | None): the column in characters, from 1, or None.
///     text (str): the whole of it, as a person reads it.
#[pyclass(frozen, eq, hash, get_all, module = "aetia", name = "Problem")]
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Problem {
    code: String,
    severity: String,
    place: String,
    message: String,
    help: Option<String>,
    line: Option<u32>,
    column: Option<u32>,
    text: String,
}

impl Problem {
    /// A problem of a text as a whole, found before the core sees it.
    pub(crate) fn of_text(code: &str, message: &str, help: &str) -> Self {
        Self {
            code: code.to_owned(),
            severity: "error".to_owned(),
            place: String::new(),
            message: message.to_owned(),
            help: Some(help.to_owned()),
            line: None,
            column: None,
            text: format!("error[{code}]: {message}\n  help: {help}"),
        }
    }

    /// The problem as a person reads it.
    pub(crate) fn said(&self) -> String {
        self.text.clone()
    }
}

impl From<&aetia::Problem> for Problem {
    fn from(problem: &aetia::Problem) -> Self {
        let (line, column) = problem.line_and_column().unzip();
        Self {
            code: problem.code().to_string(),
            severity: match problem.severity() {
                aetia::Severity::Error => "error",
                aetia::Severity::Warning => "warning",
            }
            .to_owned(),
            place: problem.place().to_owned(),
            message: problem.message().to_owned(),
            help: problem.help_text().map(str::to_owned),
            line,
            column,
            text: problem.to_string(),
        }
    }
}

#[pymethods]
impl Problem {
    #[new]
    #[expect(clippy::too_many_arguments, reason = "one for each attribute, for pickle")]
    fn new(
        code: String,
        severity: String,
        place: String,
        message: String,
        help: Option<String>,
        line: Option<u32>,
        column: Option<u32>,
        text: String,
    ) -> Self {
        Self { code, severity, place, message, help, line, column, text }
    }

    fn __repr__(&self) -> String {
        format!("Problem({:?}, {:?}, {:?})", self.code, self.place, self.message)
    }

    /// The problem as a person reads it, with its place and its help.
    fn __str__(&self) -> &str {
        &self.text
    }

    fn __reduce__<'py>(&self, py: Python<'py>) -> PyResult<(Bound<'py, PyAny>, Bound<'py, PyTuple>)> {
        let Self { code, severity, place, message, help, line, column, text } = self.clone();
        let parts = (code, severity, place, message, help, line, column, text);
        Ok((py.get_type::<Self>().into_any(), parts.into_pyobject(py)?))
    }
}
