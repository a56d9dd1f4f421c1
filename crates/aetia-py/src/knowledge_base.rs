//! A knowledge base: what is meant by a text.

use std::fmt;

use aetia::{Document, DocumentError, Limits};
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::{PyMapping, PyString, PyTuple};

use crate::display;
use crate::errors;
use crate::guard::guarded;
use crate::limits;
use crate::model::Model;
use crate::problem::Problem;
use crate::text;

/// A knowledge base: causes, indicators and the evidence between them, checked as a whole.
///
/// Made from a text; every problem of it is reported at once. `compile` makes a model of it, which ranks cases.
///
/// Attributes:
///     id (str): its id.
///     version (str): its version, as its authors count.
///     title (str): its title.
///     notice (str): what every result must say.
///     link (str): `"exclusive"` or `"independent"`: how scores become probabilities unless a call says otherwise.
///     default_setting (str): the setting used unless a call names another.
///     comparator (Comparator): what every weight is against: its id and title.
///     causes (Catalogue[Cause]): what may explain a case.
///     indicators (Catalogue[Indicator]): what can be observed.
///     settings (Catalogue[Setting]): named sets of priors, and of weights where they differ.
///     groups (Catalogue[Group]): indicators that may not be counted as independent.
///     gates (Catalogue[Gate]): what bars a rank.
///     flags (Catalogue[FlagRule]): what demands attention, whatever the rank.
///     invariants (Catalogue[Invariant]): what its authors declare to hold for every case.
///     sources (Catalogue[Source]): what it cites.
///     warnings (tuple[Problem, ...]): what somebody should look at.
///
/// All of these collections are tuples that can also be asked by id: `kb.causes["fibromyalgia"]`.
#[pyclass(frozen, weakref, module = "aetia", name = "KnowledgeBase")]
pub(crate) struct KnowledgeBase {
    pub(crate) inner: aetia::KnowledgeBase,
    described: PyOnceLock<Py<PyAny>>,
}

impl fmt::Debug for KnowledgeBase {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.__repr__())
    }
}

impl From<aetia::KnowledgeBase> for KnowledgeBase {
    fn from(inner: aetia::KnowledgeBase) -> Self {
        Self { inner, described: PyOnceLock::new() }
    }
}

impl KnowledgeBase {
    /// A knowledge base from a text, read and checked without holding up other threads.
    fn read(
        py: Python<'_>,
        text: &str,
        read: fn(&str, &Limits) -> Result<Document, DocumentError>,
        limits: &Limits,
    ) -> PyResult<Self> {
        let check = |document: Document| document.validate_within(limits);
        let made = py.detach(|| guarded(|| read(text, limits).map(check)))?;
        let checked = made.map_err(|error| errors::document(error.problem()))?;
        Ok(checked.map_err(|error| errors::invalid(&error))?.into())
    }

    /// A knowledge base from JSON that nobody has seen, so that its problems have places and no lines.
    fn read_unseen(py: Python<'_>, text: &str, limits: &Limits) -> PyResult<Self> {
        let check = |document: Document| document.validate_within(limits);
        let made = py.detach(|| guarded(|| Document::from_json_within(text, limits).map(check)))?;
        let checked = made.map_err(|error| errors::document(&error.problem().clone().without_location()))?;
        Ok(checked.map_err(|error| errors::invalid(&error.without_locations()))?.into())
    }

    /// One of the collections of `aetia._knowledge.Description`, made when first asked for.
    pub(crate) fn described<'py>(&self, py: Python<'py>, what: &str) -> PyResult<Bound<'py, PyAny>> {
        let described = self.described.get_or_try_init(py, || {
            let text = self.inner.document().to_json();
            let describe = py.import("aetia._knowledge")?.getattr("describe")?;
            PyResult::Ok(describe.call1((text,))?.unbind())
        })?;
        described.bind(py).getattr(what)
    }
}

#[pymethods]
impl KnowledgeBase {
    /// A knowledge base from TOML, the form authors write.
    ///
    /// Args:
    ///     text (str): the text.
    ///     limits (Mapping[str, int] | None): how much there may be of what, where it is other than what suits a knowledge base
    ///         that a person writes: 256 `causes`, 4,096 `indicators`, 64 `settings`, 4 MiB in `document_bytes`, and others,
    ///         all of which the error for a wrong name lists.
    ///
    /// Returns:
    ///     KnowledgeBase.
    ///
    /// Raises:
    ///     DocumentError: the text is no TOML, or too large.
    ///     InvalidKnowledgeBase: it was read and cannot be used; `.problems` lists everything.
    ///
    /// >>> import aetia
    /// >>> aetia.KnowledgeBase.from_toml("format_version = 1\nfrmat = 2")
    /// Traceback (most recent call last):
    ///     ...
    /// aetia.errors.InvalidKnowledgeBase: ...
    #[staticmethod]
    #[pyo3(signature = (text, *, limits=None))]
    fn from_toml(text: &Bound<'_, PyString>, limits: Option<&Bound<'_, PyMapping>>) -> PyResult<Self> {
        Self::read(text.py(), text::whole(text)?, Document::from_toml_within, &limits::limits(limits)?)
    }

    /// A knowledge base from JSON, the form programs exchange.
    ///
    /// Args:
    ///     text (str): the text.
    ///     limits (Mapping[str, int] | None): as for `from_toml`.
    ///
    /// Returns:
    ///     KnowledgeBase.
    ///
    /// Raises:
    ///     DocumentError: the text is no JSON, or too large.
    ///     InvalidKnowledgeBase: it was read and cannot be used; `.problems` lists everything.
    #[staticmethod]
    #[pyo3(signature = (text, *, limits=None))]
    fn from_json(text: &Bound<'_, PyString>, limits: Option<&Bound<'_, PyMapping>>) -> PyResult<Self> {
        Self::read(text.py(), text::whole(text)?, Document::from_json_within, &limits::limits(limits)?)
    }

    /// A knowledge base from dictionaries of the same shape, as a program fills them in.
    ///
    /// Args:
    ///     document (Mapping[str, Any]): the dictionaries.
    ///     limits (Mapping[str, int] | None): as for `from_toml`.
    ///
    /// Returns:
    ///     KnowledgeBase.
    ///
    /// Raises:
    ///     DocumentError: it is too large, or nested too deep.
    ///     InvalidKnowledgeBase: it cannot be used; `.problems` lists everything.
    ///     TypeError: it holds what JSON cannot: keys that are no texts, or objects.
    #[staticmethod]
    #[pyo3(signature = (document, *, limits=None))]
    fn from_dict(
        py: Python<'_>,
        document: &Bound<'_, PyAny>,
        limits: Option<&Bound<'_, PyMapping>>,
    ) -> PyResult<Self> {
        let limits = limits::limits(limits)?;
        let text = py.import("aetia._files")?.call_method1("dumped", (document,))?;
        Self::read_unseen(py, text::whole(text.cast::<PyString>()?)?, &limits)
    }

    /// A knowledge base from a file whose name ends in `.toml` or `.json`.
    ///
    /// Args:
    ///     path (str | os.PathLike[str]): the file.
    ///     limits (Mapping[str, int] | None): as for `from_toml`.
    ///
    /// Returns:
    ///     KnowledgeBase.
    ///
    /// Raises:
    ///     OSError: the file cannot be read.
    ///     DocumentError: its text is no TOML or JSON, too large, or not UTF-8.
    ///     InvalidKnowledgeBase: it was read and cannot be used; `.problems` lists everything.
    #[staticmethod]
    #[pyo3(signature = (path, *, limits=None))]
    fn from_file(
        py: Python<'_>,
        path: &Bound<'_, PyAny>,
        limits: Option<&Bound<'_, PyMapping>>,
    ) -> PyResult<Self> {
        let read = py.import("aetia._files")?.call_method1("read", (path,))?;
        let (text, form): (Bound<'_, PyString>, String) = read.extract()?;
        if form == "json" { Self::from_json(&text, limits) } else { Self::from_toml(&text, limits) }
    }

    /// What was a knowledge base before, within whatever limits.
    #[staticmethod]
    fn _restore(text: &Bound<'_, PyString>) -> PyResult<Self> {
        Self::read(text.py(), text::whole(text)?, Document::from_json_within, &limits::none())
    }

    /// The model that ranks cases: every ratio becomes a whole number of nanodecibans, once.
    ///
    /// Returns:
    ///     Model.
    fn compile(slf: &Bound<'_, Self>) -> PyResult<Model> {
        let kb = &slf.get().inner;
        let inner = slf.py().detach(|| guarded(|| kb.compile()))?;
        Ok(Model::compiled(slf.py(), inner, slf.clone().unbind()))
    }

    /// The knowledge base in canonical JSON: sorted keys, no white space. Reading it back gives an equal one.
    ///
    /// Returns:
    ///     str.
    fn to_json(&self) -> PyResult<String> {
        Ok(guarded(|| self.inner.document().to_json())?)
    }

    /// The knowledge base in TOML. Comments and layout of an original are not kept.
    ///
    /// Returns:
    ///     str.
    fn to_toml(&self) -> PyResult<String> {
        Ok(guarded(|| self.inner.document().to_toml())?)
    }

    /// The knowledge base as dictionaries, lists, numbers and texts: what `to_json` writes.
    ///
    /// Returns:
    ///     dict[str, Any].
    fn to_dict<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        py.import("json")?.call_method1("loads", (self.to_json()?,))
    }

    /// Its id.
    #[getter]
    fn id(&self) -> &str {
        self.inner.id()
    }

    /// Its version, as its authors count.
    #[getter]
    fn version(&self) -> &str {
        self.inner.version()
    }

    /// Its title.
    #[getter]
    fn title(&self) -> &str {
        self.inner.title()
    }

    /// What every result must say.
    #[getter]
    fn notice(&self) -> &str {
        self.inner.notice()
    }

    /// `"exclusive"` or `"independent"`: how scores become probabilities unless a call says otherwise.
    #[getter]
    fn link(&self) -> PyResult<String> {
        crate::value::word(&self.inner.link())
    }

    /// The setting used unless a call names another.
    #[getter]
    fn default_setting(&self) -> &str {
        self.inner.default_setting().id().as_str()
    }

    /// What every weight is against: its id and title.
    #[getter]
    fn comparator<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        self.described(py, "comparator")
    }

    /// What may explain a case.
    #[getter]
    fn causes<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        self.described(py, "causes")
    }

    /// What can be observed.
    #[getter]
    fn indicators<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        self.described(py, "indicators")
    }

    /// Named sets of priors, and of weights where they differ.
    #[getter]
    fn settings<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        self.described(py, "settings")
    }

    /// Indicators that may not be counted as independent.
    #[getter]
    fn groups<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        self.described(py, "groups")
    }

    /// What bars a rank.
    #[getter]
    fn gates<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        self.described(py, "gates")
    }

    /// What demands attention, whatever the rank.
    #[getter]
    fn flags<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        self.described(py, "flags")
    }

    /// What its authors declare to hold for every case.
    #[getter]
    fn invariants<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        self.described(py, "invariants")
    }

    /// What it cites.
    #[getter]
    fn sources<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        self.described(py, "sources")
    }

    /// What somebody should look at.
    #[getter]
    fn warnings<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
        PyTuple::new(py, self.inner.warnings().iter().map(Problem::from).collect::<Vec<_>>())
    }

    fn __eq__(&self, other: &Bound<'_, PyAny>) -> Py<PyAny> {
        let same =
            other.cast::<Self>().ok().map(|other| self.inner.document() == other.get().inner.document());
        crate::value::equality(other.py(), same)
    }

    fn __hash__(&self, py: Python<'_>) -> PyResult<isize> {
        (self.inner.id(), self.inner.version(), self.inner.title()).into_pyobject(py)?.hash()
    }

    fn __repr__(&self) -> String {
        format!("<KnowledgeBase {}>", summary(&self.inner))
    }

    /// All that the page of a notebook shows, as text.
    fn __str__(slf: &Bound<'_, Self>) -> PyResult<String> {
        display::html(slf, "knowledge_base_text")
    }

    fn _repr_html_(slf: &Bound<'_, Self>) -> PyResult<String> {
        display::html(slf, "knowledge_base")
    }

    fn __reduce__<'py>(&self, py: Python<'py>) -> PyResult<crate::value::Reduced<'py>> {
        Ok((py.get_type::<Self>().getattr("_restore")?, (self.to_json()?,)))
    }
}

/// A knowledge base in half a line.
pub(crate) fn summary(kb: &aetia::KnowledgeBase) -> String {
    let (causes, indicators, settings) = (kb.causes().len(), kb.indicators().len(), kb.settings().len());
    format!("{} {}: {causes} causes, {indicators} indicators, {settings} settings", kb.id(), kb.version())
}
