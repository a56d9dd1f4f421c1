//! A model: what ranks cases.

use std::collections::VecDeque;
use std::sync::{Mutex, PoisonError};

use aetia::{Document, Link, Options, Scratch};
use pyo3::prelude::*;

use crate::convert::{self, Contradictions};
use crate::display;
use crate::errors;
use crate::guard::guarded;
use crate::knowledge_base::{KnowledgeBase, summary};
use crate::result::Result;
use crate::text::{Name, Names};

/// A compiled knowledge base: immutable, shared between threads, picklable.
///
/// Attributes, beside those of its knowledge base:
///     knowledge_base: what it was compiled from.
///     hash: the SHA-256 of the knowledge base in canonical JSON, texts and sources included.
///     meaning_hash: the SHA-256 of what it means. Two models of one meaning give every case the same scores,
///         ranking and flags.
///
/// >>> import aetia
/// >>> model = aetia.load(aetia.available()[0])
/// >>> model
/// <Model ...: 5 causes, 80 indicators, 3 settings>
/// >>> model.indicators["night_pain"].kind
/// 'boolean'
#[pyclass(frozen, weakref, module = "aetia", name = "Model")]
#[derive(Debug)]
pub(crate) struct Model {
    pub(crate) inner: aetia::Model,
    pub(crate) kb: Py<KnowledgeBase>,
}

/// An embedded knowledge base, compiled. `available` lists them.
///
/// Raises:
///     UnknownName: there is none of this name.
#[pyfunction]
pub(crate) fn load(py: Python<'_>, name: Name) -> PyResult<Model> {
    let name = name.as_str();
    let loaded = py.detach(|| guarded(|| aetia_kb::load(name)))?;
    let inner = loaded.map_err(|error| match error {
        aetia_kb::LoadError::Unknown { .. } => {
            errors::named(error.to_string(), "knowledge base", name, aetia_kb::available())
        }
        aetia_kb::LoadError::Invalid(_) | _ => errors::internal(&error.to_string()),
    })?;
    Model::of(py, inner)
}

/// The ids of the embedded knowledge bases.
#[pyfunction]
pub(crate) fn available(py: Python<'_>) -> PyResult<Bound<'_, pyo3::types::PyTuple>> {
    pyo3::types::PyTuple::new(py, aetia_kb::available().collect::<Vec<_>>())
}

impl Model {
    pub(crate) fn of(py: Python<'_>, inner: aetia::Model) -> PyResult<Self> {
        let kb = Py::new(py, KnowledgeBase::from(inner.knowledge_base().clone()))?;
        Ok(Self { inner, kb })
    }

    fn described<'py>(&self, py: Python<'py>, what: &str) -> PyResult<Bound<'py, PyAny>> {
        self.kb.get().described(py, what)
    }
}

#[pymethods]
impl Model {
    /// Ranks the causes of a case, with reasons and red flags.
    ///
    /// Args:
    ///     findings: indicator ids to what was found: True, False, a number in the indicator's unit, the id of an
    ///         answer, None where nobody looked, `aetia.NOT_ASSESSABLE` where somebody could not. An indicator that
    ///         is not named is unknown, and weighs nothing. Scalars of numpy and pandas are taken for what they
    ///         hold, and `pandas.NA` for unknown.
    ///     setting: the setting whose priors and weights are used; the default one where None.
    ///     link: `"exclusive"`, how likely each cause is the principal explanation, or `"independent"`, each against
    ///         the comparator alone; the knowledge base's own where None.
    ///     nullable: measured indicators whose NaN means unknown. Elsewhere a measured NaN is an error.
    ///     contradictions: what to do with findings that cannot all be true: `"refuse"` the case, or `"drop"` them
    ///         as unknown and list them in `result.dropped`.
    ///
    /// Raises:
    ///     UnknownName: there is no such indicator, setting or link.
    ///     AnswerMismatch: an indicator cannot have such an answer.
    ///     ContradictoryFindings: findings cannot all be true.
    ///     TypeError: the findings are no mapping, or a value is of no kind that is a finding.
    ///
    /// >>> import aetia
    /// >>> model = aetia.load(aetia.available()[0])
    /// >>> result = model.assess({"widespread_pain": True}, setting="primary_care")
    /// Traceback (most recent call last):
    ///     ...
    /// aetia.errors.UnknownName: ...
    #[pyo3(
        signature = (findings, *, setting=None, link=None, nullable=Names::default(), contradictions=Name::from("refuse")),
        text_signature = "($self, findings, *, setting=None, link=None, nullable=(), contradictions='refuse')"
    )]
    fn assess(
        &self,
        findings: &Bound<'_, PyAny>,
        setting: Option<Name>,
        link: Option<Name>,
        nullable: Names,
        contradictions: Name,
    ) -> PyResult<Result> {
        let contradictions = Contradictions::named(contradictions.as_str())?;
        let options = self.options(setting.as_ref().map(Name::as_str), link.as_ref().map(Name::as_str))?;
        let case = convert::case(&self.inner, findings, &nullable.0, contradictions)?;
        let assessment = guarded(|| match &options {
            None => Ok(self.inner.assess(&case)),
            Some(options) => self.inner.assess_with(&case, options, &mut Scratch::new()).cloned(),
        })?;
        Ok(Result::live(assessment.map_err(|error| errors::unknown_name(&error))?))
    }

    #[getter]
    fn knowledge_base<'py>(&self, py: Python<'py>) -> Bound<'py, KnowledgeBase> {
        self.kb.bind(py).clone()
    }

    #[getter]
    fn hash(&self) -> &str {
        self.inner.source_hash()
    }

    #[getter]
    fn meaning_hash(&self) -> &str {
        self.inner.meaning_hash()
    }

    #[getter]
    fn id(&self) -> &str {
        self.inner.knowledge_base().id()
    }

    #[getter]
    fn version(&self) -> &str {
        self.inner.knowledge_base().version()
    }

    #[getter]
    fn title(&self) -> &str {
        self.inner.knowledge_base().title()
    }

    #[getter]
    fn notice(&self) -> &str {
        self.inner.knowledge_base().notice()
    }

    #[getter]
    fn link(&self) -> PyResult<String> {
        crate::value::word(&self.inner.knowledge_base().link())
    }

    #[getter]
    fn default_setting(&self) -> &str {
        self.inner.knowledge_base().default_setting().id().as_str()
    }

    #[getter]
    fn comparator<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        self.described(py, "comparator")
    }

    #[getter]
    fn causes<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        self.described(py, "causes")
    }

    #[getter]
    fn indicators<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        self.described(py, "indicators")
    }

    #[getter]
    fn settings<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        self.described(py, "settings")
    }

    #[getter]
    fn groups<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        self.described(py, "groups")
    }

    #[getter]
    fn gates<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        self.described(py, "gates")
    }

    #[getter]
    fn flags<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        self.described(py, "flags")
    }

    #[getter]
    fn invariants<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        self.described(py, "invariants")
    }

    #[getter]
    fn sources<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        self.described(py, "sources")
    }

    fn __eq__(&self, other: &Bound<'_, PyAny>) -> Py<PyAny> {
        let same = other.cast::<Self>().ok().map(|other| self.hash() == other.get().hash());
        crate::value::equality(other.py(), same)
    }

    fn __hash__(&self, py: Python<'_>) -> PyResult<isize> {
        self.hash().into_pyobject(py)?.hash()
    }

    fn __repr__(&self) -> String {
        format!("<Model {}>", summary(self.inner.knowledge_base()))
    }

    fn _repr_html_(slf: &Bound<'_, Self>) -> PyResult<String> {
        display::html(slf, "knowledge_base")
    }

    /// A model goes between processes as its canonical text, under its hash.
    fn __reduce__<'py>(&self, py: Python<'py>) -> PyResult<(Bound<'py, PyAny>, (String, String))> {
        let restore = py.get_type::<Self>().getattr("_restore")?;
        Ok((restore, (self.hash().to_owned(), self.inner.knowledge_base().document().to_json())))
    }

    #[staticmethod]
    fn _restore(py: Python<'_>, hash: &str, text: &str) -> PyResult<Self> {
        let inner = py.detach(|| guarded(|| restored(hash, text)))?;
        Self::of(py, inner.map_err(|reason| errors::unreadable(&reason))?)
    }
}

impl Model {
    /// The setting and link of a call; none where both are the knowledge base's own.
    fn options(&self, setting: Option<&str>, link: Option<&str>) -> PyResult<Option<Options>> {
        if setting.is_none() && link.is_none() {
            return Ok(None);
        }
        let mut options = self.inner.options();
        if let Some(setting) = setting {
            options.setting = setting.parse().map_err(|_| {
                errors::named(
                    format!("`{setting}` is no setting of this knowledge base"),
                    "setting",
                    setting,
                    std::iter::empty(),
                )
            })?;
        }
        options.link = match link {
            None => options.link,
            Some("exclusive") => Link::Exclusive,
            Some("independent") => Link::Independent,
            Some(link) => return Err(errors::word("link", link, &["exclusive", "independent"])),
        };
        Ok(Some(options))
    }
}

/// How many models a process keeps that came to it from others: workers get the same few again and again.
const KEPT: usize = 4;

static RECENT: Mutex<VecDeque<aetia::Model>> = Mutex::new(VecDeque::new());

/// The model of a text whose hash is known; one that came before is not compiled again.
fn restored(hash: &str, text: &str) -> std::result::Result<aetia::Model, String> {
    let recent = || RECENT.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(model) = recent().iter().find(|model| model.source_hash() == hash) {
        return Ok(model.clone());
    }
    let document = Document::from_json(text).map_err(|error| error.to_string())?;
    let model = document.validate().map_err(|error| error.to_string())?.compile();
    if model.source_hash() != hash {
        let (is, version) = (model.source_hash(), env!("CARGO_PKG_VERSION"));
        return Err(format!("aetia {version} reads this model as {is}, not as {hash}: the versions differ"));
    }
    let mut recent = recent();
    recent.truncate(KEPT - 1);
    recent.push_front(model.clone());
    Ok(model)
}
