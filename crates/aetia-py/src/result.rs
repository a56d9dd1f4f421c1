//! The result of a case.

use std::sync::{Arc, OnceLock};

use aetia::{CandidateRecord, Record};
use pyo3::exceptions::PyTypeError;
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyIterator, PyString, PyTuple};

use crate::candidate::{Candidate, Seat};
use crate::comparison::Comparison;
use crate::errors;
use crate::flag::Flag;
use crate::guard::guarded;
use crate::text::Name;
use crate::waterline::Waterline;
use crate::{display, value};

/// The result of assessing a case: one ranking, its reasons, and the red flags. It is not a diagnosis.
///
/// Made by `Model.assess`, or read back by `Result.from_json`. Prints as a ranking; a notebook shows a table.
///
/// Attributes:
///     ranking (tuple[Candidate, ...]): the named causes, first first.
///     first (Candidate): the cause of rank 1.
///     excluded (tuple[Candidate, ...]): the causes that a gate took out of the ranking.
///     comparator (Waterline): what every score is against.
///     flags (tuple[Flag, ...]): every red flag, emergencies first: raised, cleared or not assessed.
///     not_asked (tuple[str, ...]): the indicators nobody has looked at.
///     case (dict[str, Any]): the findings as given.
///     case_hash (str): the SHA-256 of the findings as given.
///     inferred (dict[str, str]): findings that follow from those given, by indicator.
///     dropped (dict[str, str]): findings that were treated as unknown, each with the reason.
///     setting (str): the setting whose priors and weights were used.
///     setting_title (str): its title.
///     link (str): `"exclusive"` or `"independent"`: how scores became probabilities.
///     knowledge_base (Edition): which edition of which knowledge base made it.
///     engine (str): the version of the library that made it.
///     notice (str): the knowledge base's notice, which belongs to every result.
///     words (dict[str, str]): every indicator's finding in words; its title where nothing is known.
///     certainty (Certainty | None): how sure the ranking is, in the result of a `Certainty`, also once it is read back; else
///         None.
///
/// >>> import aetia
/// >>> model = aetia.load(aetia.available()[0])
/// >>> result = model.assess({"night_pain": True, "age_at_onset": 32})
/// >>> result.first.cause
/// 'myofascial_pain_syndrome'
/// >>> result["fibromyalgia"].rank
/// 3
/// >>> aetia.Result.from_json(result.to_json()) == result
/// True
#[pyclass(frozen, module = "aetia", name = "Result")]
#[derive(Debug)]
pub(crate) struct Result(Origin);

/// Where a result comes from. Records are large and rarely made, so they are boxed.
#[derive(Debug)]
enum Origin {
    /// It was just made; its plain data are made when asked for.
    Live(Arc<Live>, OnceLock<Box<Record>>),
    /// It was read back.
    Stored(Box<Record>),
}

/// An assessment, and the ids of its model's causes as Python has them.
#[derive(Debug)]
pub(crate) struct Live {
    pub(crate) assessment: aetia::Assessment,
    ids: CauseIds,
}

/// The ids of a model's causes, in their order: made once, because a ranking is read more often than anything else.
pub(crate) type CauseIds = Arc<[Py<PyString>]>;

impl Live {
    /// The id of a candidate's cause.
    pub(crate) fn id<'py>(&self, py: Python<'py>, candidate: aetia::Candidate<'_>) -> Bound<'py, PyString> {
        let known = self.ids.get(candidate.position());
        // INVARIANT: the ids are those of the assessment's model, so each of its causes has its place.
        known.map_or_else(|| PyString::new(py, candidate.id().as_str()), |id| id.bind(py).clone())
    }
}

impl Result {
    /// The result of an assessment, with the ids of its model's causes.
    pub(crate) fn live(assessment: aetia::Assessment, ids: &CauseIds) -> Self {
        Self(Origin::Live(Arc::new(Live { assessment, ids: Arc::clone(ids) }), OnceLock::new()))
    }

    /// A result that is plain data already.
    pub(crate) fn stored(record: Record) -> Self {
        Self(Origin::Stored(Box::new(record)))
    }

    /// The result as plain data.
    pub(crate) fn record(&self) -> PyResult<&Record> {
        match &self.0 {
            Origin::Live(live, record) => match record.get() {
                Some(record) => Ok(record),
                None => {
                    let made = guarded(|| Box::new(live.assessment.record()))?;
                    Ok(record.get_or_init(|| made))
                }
            },
            Origin::Stored(record) => Ok(record),
        }
    }

    /// Findings in words.
    pub(crate) fn in_words(&self, indicators: &[String]) -> PyResult<Vec<String>> {
        let words = &self.record()?.words;
        Ok(indicators.iter().map(|id| words.get(id).unwrap_or(id).clone()).collect())
    }

    /// Whether two results are one, to the letter.
    pub(crate) fn is_same(&self, other: &Self) -> PyResult<bool> {
        Ok(std::ptr::eq(self, other) || self.record()? == other.record()?)
    }

    fn ranked(slf: &Bound<'_, Self>) -> Vec<Candidate> {
        let result = || slf.clone().unbind();
        match &slf.get().0 {
            Origin::Live(live, _) => {
                let seats = (0..live.assessment.ranking().len()).map(Seat::Ranked);
                seats.map(|seat| Candidate::live(result(), live, seat)).collect()
            }
            Origin::Stored(record) => {
                record.ranking.iter().map(|one| Candidate::stored(result(), one)).collect()
            }
        }
    }

    fn barred(slf: &Bound<'_, Self>) -> Vec<Candidate> {
        let result = || slf.clone().unbind();
        match &slf.get().0 {
            Origin::Live(live, _) => {
                let seats = (0..live.assessment.excluded().count()).map(Seat::Excluded);
                seats.map(|seat| Candidate::live(result(), live, seat)).collect()
            }
            Origin::Stored(record) => {
                record.excluded.iter().map(|one| Candidate::stored(result(), one)).collect()
            }
        }
    }

    fn find(slf: &Bound<'_, Self>, cause: &str) -> PyResult<Candidate> {
        let record = slf.get().record()?;
        let wanted = record.cause(cause).map_err(|error| errors::unknown_name(&error))?;
        let place = |all: &[CandidateRecord]| all.iter().position(|one| one.cause == wanted.cause);
        let (all, at) = match place(&record.ranking) {
            Some(at) => (Self::ranked(slf), Some(at)),
            None => (Self::barred(slf), place(&record.excluded)),
        };
        // INVARIANT: the record has what the result has, in its order; so the stored form is never needed.
        let found = at.and_then(|at| all.into_iter().nth(at));
        Ok(found.unwrap_or_else(|| Candidate::stored(slf.clone().unbind(), wanted)))
    }
}

#[pymethods]
impl Result {
    /// A result from the JSON that `to_json` wrote.
    ///
    /// Returns:
    ///     Result.
    ///
    /// Raises:
    ///     Unreadable: the text is no result, or its parts do not add up.
    #[staticmethod]
    fn from_json(text: &Bound<'_, PyString>) -> PyResult<Self> {
        let whole =
            text.to_str().map_err(|_| errors::unreadable("the text holds half of a surrogate pair"))?;
        let py = text.py();
        let read = py.detach(|| guarded(|| Record::from_json(whole)))?;
        let record = read.map_err(|error| errors::unreadable(&error.to_string()))?;
        Ok(Self(Origin::Stored(Box::new(record))))
    }

    /// The result in canonical JSON: sorted keys, no white space, the same bytes everywhere.
    ///
    /// Returns:
    ///     str.
    fn to_json(&self, py: Python<'_>) -> PyResult<String> {
        py.detach(|| guarded(|| self.record().map(Record::to_json))?)
    }

    /// The result as dictionaries, lists, numbers and texts: what `to_json` writes.
    ///
    /// Returns:
    ///     dict[str, Any].
    fn to_dict<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        py.import("json")?.call_method1("loads", (self.to_json(py)?,))
    }

    /// The ranking as a list of rows, ready for a data frame: probabilities from 0 to 1, scores in decibans.
    ///
    /// The comparator stands among the causes, where its score is 0, without a rank.
    ///
    /// Returns:
    ///     list[dict[str, Any]].
    fn to_dicts<'py>(slf: &Bound<'py, Self>) -> PyResult<Bound<'py, PyAny>> {
        slf.py().import("aetia._tables")?.call_method1("ranking", (slf,))
    }

    /// The named causes, first first.
    #[getter]
    fn ranking<'py>(slf: &Bound<'py, Self>) -> PyResult<Bound<'py, PyTuple>> {
        PyTuple::new(slf.py(), Self::ranked(slf))
    }

    /// The cause of rank 1.
    #[getter]
    fn first<'py>(slf: &Bound<'py, Self>) -> PyResult<Bound<'py, PyAny>> {
        Self::ranking(slf)?.get_item(0)
    }

    /// The causes that a gate took out of the ranking.
    #[getter]
    fn excluded<'py>(slf: &Bound<'py, Self>) -> PyResult<Bound<'py, PyTuple>> {
        PyTuple::new(slf.py(), Self::barred(slf))
    }

    /// What every score is against.
    #[getter]
    fn comparator(&self) -> PyResult<Waterline> {
        Ok(Waterline(match &self.0 {
            Origin::Live(live, _) => guarded(|| live.assessment.comparator().record())?,
            Origin::Stored(record) => record.comparator.clone(),
        }))
    }

    /// Every red flag, emergencies first: raised, cleared or not assessed.
    #[getter]
    fn flags<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
        let flags = self.record()?.flags.iter();
        let flags = flags.map(|flag| Ok(Flag { record: flag.clone(), words: self.in_words(&flag.because)? }));
        PyTuple::new(py, flags.collect::<PyResult<Vec<_>>>()?)
    }

    /// The indicators nobody has looked at.
    #[getter]
    fn not_asked<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        value::texts(py, &self.record()?.not_asked)
    }

    /// The findings as given.
    #[getter]
    fn case<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        let text = self.record()?.case.to_string();
        py.import("aetia._tables")?.call_method1("findings", (text,))
    }

    /// The SHA-256 of the findings as given.
    #[getter]
    fn case_hash(&self) -> PyResult<&str> {
        Ok(&self.record()?.case_hash)
    }

    /// Findings that follow from those given, by indicator.
    #[getter]
    fn inferred<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
        let inferred = PyDict::new(py);
        for (indicator, answer) in &self.record()?.inferred {
            inferred.set_item(indicator, answer)?;
        }
        Ok(inferred)
    }

    /// Findings that were treated as unknown, each with the reason.
    #[getter]
    fn dropped<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
        let dropped = PyDict::new(py);
        for one in &self.record()?.dropped {
            dropped.set_item(one.indicator(), one.reason())?;
        }
        Ok(dropped)
    }

    /// The setting whose priors and weights were used.
    #[getter]
    fn setting(&self) -> PyResult<&str> {
        Ok(&self.record()?.setting)
    }

    /// Its title.
    #[getter]
    fn setting_title(&self) -> PyResult<&str> {
        Ok(&self.record()?.setting_title)
    }

    /// `"exclusive"` or `"independent"`: how scores became probabilities.
    #[getter]
    fn link(&self) -> PyResult<String> {
        value::word(&self.record()?.link)
    }

    /// Which edition of which knowledge base made it.
    #[getter]
    fn knowledge_base<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        let one = &self.record()?.knowledge_base;
        let edition = (&one.id, &one.version, &one.title, &one.source_hash, &one.meaning_hash);
        py.import("aetia._knowledge")?.call_method1("Edition", edition)
    }

    /// The version of the library that made it.
    #[getter]
    fn engine(&self) -> PyResult<&str> {
        Ok(&self.record()?.engine)
    }

    /// The knowledge base's notice, which belongs to every result.
    #[getter]
    fn notice(&self) -> PyResult<&str> {
        Ok(&self.record()?.notice)
    }

    /// Every indicator's finding in words; its title where nothing is known.
    #[getter]
    fn words<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
        let words = PyDict::new(py);
        for (indicator, text) in &self.record()?.words {
            words.set_item(indicator, text)?;
        }
        Ok(words)
    }

    /// How sure the ranking is, in the result of a `Certainty`, also once it is read back; else None.
    #[getter]
    fn certainty<'py>(slf: &Bound<'py, Self>) -> PyResult<Option<Bound<'py, PyAny>>> {
        if slf.get().record()?.certainty.is_none() {
            return Ok(None);
        }
        slf.py().import("aetia._certainty")?.call_method1("certainty", (slf,)).map(Some)
    }

    /// Why one cause and not another, part by part, exactly.
    ///
    /// Args:
    ///     one (str): the id of the cause asked about.
    ///     other (str): the id of the cause it is compared with.
    ///
    /// Returns:
    ///     Comparison.
    ///
    /// Raises:
    ///     UnknownName: there is no such cause.
    fn compare(slf: &Bound<'_, Self>, one: Name, other: Name) -> PyResult<Comparison> {
        let (one, other) = (one.as_str(), other.as_str());
        let record = slf.get().record()?;
        let plain = guarded(|| record.compare(one, other))?.map_err(|error| errors::unknown_name(&error))?;
        let (one, other) = (Self::find(slf, one)?, Self::find(slf, other)?);
        let py = slf.py();
        Ok(Comparison { plain, one: Py::new(py, one)?, other: Py::new(py, other)? })
    }

    /// The candidate of a cause, ranked or excluded.
    fn __getitem__(slf: &Bound<'_, Self>, cause: &Bound<'_, PyAny>) -> PyResult<Candidate> {
        let Ok(cause) = cause.extract::<Name>() else {
            return Err(PyTypeError::new_err(
                "a result is asked by the id of a cause; `result.ranking[0]` is the cause of rank 1",
            ));
        };
        Self::find(slf, cause.as_str())
    }

    /// Whether it has such a cause, by its id or as a candidate.
    fn __contains__(slf: &Bound<'_, Self>, cause: &Bound<'_, PyAny>) -> PyResult<bool> {
        match cause.extract::<Name>() {
            Ok(cause) => Ok(slf.get().record()?.cause(cause.as_str()).is_ok()),
            Err(_) => {
                let all = (Self::ranking(slf)?, Self::excluded(slf)?);
                Ok(all.0.contains(cause)? || all.1.contains(cause)?)
            }
        }
    }

    /// The ranking, one by one.
    fn __iter__<'py>(slf: &Bound<'py, Self>) -> PyResult<Bound<'py, PyIterator>> {
        Self::ranking(slf)?.try_iter()
    }

    fn __len__(&self) -> usize {
        match &self.0 {
            Origin::Live(live, _) => live.assessment.ranking().len(),
            Origin::Stored(record) => record.ranking.len(),
        }
    }

    fn __eq__(&self, other: &Bound<'_, PyAny>) -> PyResult<Py<PyAny>> {
        let same = other.cast::<Self>().ok().map(|other| self.is_same(other.get())).transpose()?;
        Ok(value::equality(other.py(), same))
    }

    fn __hash__(&self, py: Python<'_>) -> PyResult<isize> {
        let record = self.record()?;
        (&record.case_hash, &record.knowledge_base.source_hash, &record.setting).into_pyobject(py)?.hash()
    }

    /// The ranking as a person reads it in a terminal, the notice included.
    fn __repr__(&self) -> PyResult<String> {
        let record = self.record()?;
        Ok(guarded(|| record.to_string())?)
    }

    fn _repr_html_(slf: &Bound<'_, Self>) -> PyResult<String> {
        display::html(slf, "result")
    }

    fn __reduce__<'py>(&self, py: Python<'py>) -> PyResult<value::Reduced<'py>> {
        Ok((py.get_type::<Self>().getattr("from_json")?, (self.to_json(py)?,)))
    }
}
