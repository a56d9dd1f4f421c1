//! A named cause in a result.

use std::sync::{Arc, OnceLock};

use aetia::{CandidateRecord, GateRecord};
use pyo3::prelude::*;
use pyo3::types::{PyString, PyTuple};

use crate::bar::Bar;
use crate::contribution::Contribution;
use crate::display;
use crate::guard::guarded;
use crate::log_odds::LogOdds;
use crate::result::{Live, Result};
use crate::value;
use crate::weight::Weight;

/// A named cause in a result: where it stands, and why.
///
/// Attributes:
///     cause (str): its id.
///     title (str): its title.
///     label (str): a short title, for pictures.
///     rank (int | None): its rank among the named causes, from 1; None where a gate excludes it.
///     rank_ungated (int): its rank, had no gate been there.
///     prior (float): its pretest probability, between 0 and 1.
///     posterior (float | None): its probability after findings and gates; None where a gate excludes it.
///     posterior_ungated (float): its probability after findings, had no gate been there.
///     score (LogOdds): its log-odds against the comparator, gates included.
///     score_ungated (LogOdds): the same without gates.
///     gate_effect (Weight): by how much gates moved its score; never above zero.
///     leads (bool): whether it stands above the comparator.
///     margin (Weight | None): by how much it stands below the cause ranked just above it; None for the first.
///     closeness (str): `"tie"` (no further than rounding could explain), `"near_tie"` (less than a deciban) or
///         `"clear"`.
///     held_by (tuple[Bar, ...]): the gates that keep it from leading, each with what would open it.
///     capped_by (tuple[Bar, ...]): the caps in force.
///     excluded_by (tuple[Bar, ...]): the gates that took it out of the ranking.
///     explanation (Explanation): the parts of its score, made when asked for.
///     result (Result): the result it stands in.
#[pyclass(frozen, freelist = 32, module = "aetia", name = "Candidate")]
#[derive(Debug)]
pub(crate) struct Candidate {
    result: Py<Result>,
    source: Source,
}

/// Where the figures of a candidate come from. Records are large and rarely made, so they are boxed.
#[derive(Debug)]
enum Source {
    /// From an assessment; its plain data are made when asked for.
    Live(Arc<Live>, Seat, OnceLock<Box<CandidateRecord>>),
    /// From a stored result.
    Stored(Box<CandidateRecord>),
}

/// Where a candidate stands in an assessment.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Seat {
    /// In the ranking, from 0.
    Ranked(usize),
    /// Among the excluded, from 0.
    Excluded(usize),
}

impl Seat {
    fn candidate(self, assessment: &aetia::Assessment) -> aetia::Candidate<'_> {
        let found = match self {
            Self::Ranked(at) => assessment.ranking().nth(at),
            Self::Excluded(at) => assessment.excluded().nth(at),
        };
        // INVARIANT: a seat is counted in the assessment it is kept with, so there is somebody on it.
        found.unwrap_or_else(|| assessment.first())
    }
}

impl Candidate {
    /// A candidate of a result that was just assessed.
    pub(crate) fn live(result: Py<Result>, live: &Arc<Live>, seat: Seat) -> Self {
        Self { result, source: Source::Live(Arc::clone(live), seat, OnceLock::new()) }
    }

    /// A candidate of a result that was stored.
    pub(crate) fn stored(result: Py<Result>, candidate: &CandidateRecord) -> Self {
        Self { result, source: Source::Stored(Box::new(candidate.clone())) }
    }

    /// The candidate as plain data.
    pub(crate) fn record(&self) -> PyResult<&CandidateRecord> {
        match &self.source {
            Source::Live(live, seat, record) => match record.get() {
                Some(record) => Ok(record),
                None => {
                    let made = guarded(|| Box::new(seat.candidate(&live.assessment).record()))?;
                    Ok(record.get_or_init(|| made))
                }
            },
            Source::Stored(record) => Ok(record),
        }
    }

    /// A figure, read where it stands, so that reading a ranking makes nothing else.
    fn figure<'s, T>(
        &'s self,
        live: impl FnOnce(aetia::Candidate<'s>) -> T,
        stored: impl FnOnce(&'s CandidateRecord) -> T,
    ) -> T {
        match &self.source {
            Source::Live(made, seat, _) => live(seat.candidate(&made.assessment)),
            Source::Stored(record) => stored(record),
        }
    }

    fn bars<'py>(&self, py: Python<'py>, bars: &[GateRecord]) -> PyResult<Bound<'py, PyTuple>> {
        let result = self.result.get();
        let bar = |record: &GateRecord| {
            Ok(Bar { record: record.clone(), words: result.in_words(&record.because)? })
        };
        PyTuple::new(py, bars.iter().map(bar).collect::<PyResult<Vec<_>>>()?)
    }
}

#[pymethods]
impl Candidate {
    /// Its id.
    #[getter]
    fn cause<'py>(&self, py: Python<'py>) -> Bound<'py, PyString> {
        match &self.source {
            Source::Live(live, seat, _) => live.id(py, seat.candidate(&live.assessment)),
            Source::Stored(record) => PyString::new(py, &record.cause),
        }
    }

    /// Its title.
    #[getter]
    fn title(&self) -> &str {
        self.figure(aetia::Candidate::title, |stored| &stored.title)
    }

    /// A short title, for pictures.
    #[getter]
    fn label(&self) -> &str {
        self.figure(|live| live.cause().label(), |stored| &stored.label)
    }

    /// Its rank among the named causes, from 1; None where a gate excludes it.
    #[getter]
    fn rank(&self) -> Option<usize> {
        self.figure(aetia::Candidate::rank, |stored| stored.rank)
    }

    /// Its rank, had no gate been there.
    #[getter]
    fn rank_ungated(&self) -> usize {
        self.figure(aetia::Candidate::rank_ungated, |stored| stored.rank_ungated)
    }

    /// Its pretest probability, between 0 and 1.
    #[getter]
    fn prior(&self) -> f64 {
        self.figure(|live| live.prior().get(), |stored| stored.prior)
    }

    /// Its probability after findings and gates; None where a gate excludes it.
    #[getter]
    fn posterior(&self) -> Option<f64> {
        self.figure(|live| live.posterior().map(aetia::Probability::get), |stored| stored.posterior)
    }

    /// Its probability after findings, had no gate been there.
    #[getter]
    fn posterior_ungated(&self) -> f64 {
        self.figure(|live| live.posterior_ungated().get(), |stored| stored.posterior_ungated)
    }

    /// Its log-odds against the comparator, gates included.
    #[getter]
    fn score(&self) -> LogOdds {
        self.figure(
            |live| LogOdds(live.score()),
            |stored| LogOdds(aetia::LogOdds::from_nanodecibans(stored.score)),
        )
    }

    /// The same without gates.
    #[getter]
    fn score_ungated(&self) -> LogOdds {
        self.figure(
            |live| LogOdds(live.score_ungated()),
            |stored| LogOdds(aetia::LogOdds::from_nanodecibans(stored.score_ungated)),
        )
    }

    /// By how much gates moved its score; never above zero.
    #[getter]
    fn gate_effect(&self) -> Weight {
        Weight(self.score().0 - self.score_ungated().0)
    }

    /// Whether it stands above the comparator.
    #[getter]
    fn leads(&self) -> bool {
        self.figure(aetia::Candidate::leads, |stored| stored.leads)
    }

    /// By how much it stands below the cause ranked just above it; None for the first.
    #[getter]
    fn margin(&self) -> Option<Weight> {
        self.figure(aetia::Candidate::margin, |stored| stored.margin.map(aetia::Weight::from_nanodecibans))
            .map(Weight)
    }

    /// `"tie"` (no further than rounding could explain), `"near_tie"` (less than a deciban) or `"clear"`.
    #[getter]
    fn closeness(&self) -> PyResult<String> {
        value::word(&self.figure(aetia::Candidate::closeness, |stored| stored.closeness))
    }

    /// The gates that keep it from leading, each with what would open it.
    #[getter]
    fn held_by<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
        self.bars(py, &self.record()?.held_by)
    }

    /// The caps in force.
    #[getter]
    fn capped_by<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
        self.bars(py, &self.record()?.capped_by)
    }

    /// The gates that took it out of the ranking.
    #[getter]
    fn excluded_by<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
        self.bars(py, &self.record()?.excluded_by)
    }

    /// The parts of its score, made when asked for.
    #[getter]
    fn explanation<'py>(slf: &Bound<'py, Self>) -> PyResult<Bound<'py, PyAny>> {
        let py = slf.py();
        let parts: Vec<Contribution> =
            slf.get().record()?.explanation.iter().cloned().map(Contribution).collect();
        py.import("aetia._explanation")?.call_method1("Explanation", (slf, PyTuple::new(py, parts)?))
    }

    /// The explanation as a person reads it in a terminal.
    fn _explained(&self) -> PyResult<String> {
        let record = self.record()?;
        Ok(guarded(|| record.explanation_text().to_string())?)
    }

    /// The result it stands in.
    #[getter]
    fn result<'py>(&self, py: Python<'py>) -> Bound<'py, Result> {
        self.result.bind(py).clone()
    }

    fn __eq__(&self, other: &Bound<'_, PyAny>) -> PyResult<Py<PyAny>> {
        let same = |other: &Self| {
            PyResult::Ok(self.record()? == other.record()? && self.result.get().is_same(other.result.get())?)
        };
        let same = other.cast::<Self>().ok().map(|other| same(other.get())).transpose()?;
        Ok(value::equality(other.py(), same))
    }

    fn __hash__(&self, py: Python<'_>) -> PyResult<isize> {
        (self.cause(py), self.score().0.nanodecibans(), self.rank_ungated()).into_pyobject(py)?.hash()
    }

    fn __repr__(&self) -> PyResult<String> {
        let record = self.record()?;
        let rank = record.rank.map_or_else(|| "excluded".to_owned(), |rank| format!("rank {rank}"));
        let posterior = match record.posterior {
            Some(posterior) => display::probability(posterior)?,
            None => format!("{} without gates", display::probability(record.posterior_ungated)?),
        };
        let gates: Vec<&str> = record.held_by.iter().map(|bar| bar.gate.as_str()).collect();
        let held = if gates.is_empty() { String::new() } else { format!(", held by {}", gates.join(", ")) };
        Ok(format!("<Candidate {}: {rank}, {posterior}, {}{held}>", record.cause, self.score().0))
    }

    fn _repr_html_(slf: &Bound<'_, Self>) -> PyResult<String> {
        display::html(&slf.getattr("explanation")?, "explanation")
    }

    /// A candidate goes between processes with its result.
    fn __reduce__<'py>(&self, py: Python<'py>) -> PyResult<(Bound<'py, PyAny>, Bound<'py, PyTuple>)> {
        let getitem = py.import("operator")?.getattr("getitem")?;
        Ok((getitem, (self.result(py), self.cause(py)).into_pyobject(py)?))
    }
}
