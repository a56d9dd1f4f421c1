//! Texts of Python, which may hold what no text of Rust can: half of a surrogate pair.

use std::borrow::Cow;

use pyo3::exceptions::PyTypeError;
use pyo3::prelude::*;
use pyo3::types::PyString;

use crate::errors;

/// A name to be looked up. Half a pair is in no name we know, so it is replaced, and the name reported as unknown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Name(Cow<'static, str>);

impl Name {
    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }
}

/// The default of an argument, which takes no room of its own.
impl From<&'static str> for Name {
    fn from(name: &'static str) -> Self {
        Self(Cow::Borrowed(name))
    }
}

impl<'a, 'py> FromPyObject<'a, 'py> for Name {
    type Error = PyErr;

    fn extract(object: Borrowed<'a, 'py, PyAny>) -> PyResult<Self> {
        let Ok(text) = object.cast::<PyString>() else {
            let kind = object.get_type().name()?;
            return Err(PyTypeError::new_err(format!("a name is a text, not a value of type {kind}")));
        };
        Ok(Self(Cow::Owned(text.to_string_lossy().into_owned())))
    }
}

/// Several names, of any iterable but a text, whose letters nobody means.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Names(pub(crate) Vec<Name>);

impl<'a, 'py> FromPyObject<'a, 'py> for Names {
    type Error = PyErr;

    fn extract(object: Borrowed<'a, 'py, PyAny>) -> PyResult<Self> {
        if object.is_instance_of::<PyString>() {
            return Err(PyTypeError::new_err(
                "several names are a tuple, a list or a set of texts, not one text",
            ));
        }
        object.try_iter()?.map(|name| name?.extract()).collect::<PyResult<_>>().map(Self)
    }
}

/// A text to be read: to replace anything in it would be to read another one.
pub(crate) fn whole<'t>(text: &'t Bound<'_, PyString>) -> PyResult<&'t str> {
    text.to_str().map_err(|_| errors::broken_text())
}
