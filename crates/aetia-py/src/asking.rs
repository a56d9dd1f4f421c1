//! What to ask next and what would change a result, as the plain values of `aetia._asking`.

use aetia::{
    Alternative, AnswerValue, Ask, Assessment, Budget, Change, Flip, Link, Question, Reach, Reason, Settled,
};
use aetia::{Essential, Sufficient, Who, Witness};
use pyo3::IntoPyObjectExt as _;
use pyo3::prelude::*;
use pyo3::types::PyTuple;

use crate::errors;
use crate::guard::guarded;
use crate::weight::Weight;

/// Who answers, by its word.
pub(crate) fn who(word: &str) -> PyResult<Ask> {
    let who = match word {
        "anyone" => Who::Anyone,
        "oneself" => Who::Oneself,
        word => return Err(errors::word("who", word, &["anyone", "oneself"])),
    };
    Ok(Ask { who, ..Ask::default() })
}

/// How scores became probabilities, by its word.
pub(crate) fn link(link: Link) -> &'static str {
    match link {
        Link::Exclusive => "exclusive",
        Link::Independent => "independent",
    }
}

/// Of what a result is to be settled, by its word.
pub(crate) fn reach(word: &str) -> PyResult<Reach> {
    match word {
        "first" => Ok(Reach::First),
        "first_and_flags" => Ok(Reach::FirstAndFlags),
        word => Err(errors::word("reach", word, &["first", "first_and_flags"])),
    }
}

/// A value of the module that describes them.
fn made<'py, A>(py: Python<'py>, class: &str, parts: A) -> PyResult<Bound<'py, PyAny>>
where
    A: pyo3::call::PyCallArgs<'py>,
{
    py.import("aetia._asking")?.call_method1(class, parts)
}

/// The questions to ask next.
pub(crate) fn questions<'py>(
    py: Python<'py>,
    assessment: &Assessment,
    most: usize,
    ask: &Ask,
) -> PyResult<Bound<'py, PyTuple>> {
    let found = py.detach(|| guarded(|| assessment.next_questions(most, ask)))?;
    PyTuple::new(py, found.iter().map(|one| question(py, one)).collect::<PyResult<Vec<_>>>()?)
}

/// A question.
pub(crate) fn question<'py>(py: Python<'py>, question: &Question) -> PyResult<Bound<'py, PyAny>> {
    let reason = match question.reason() {
        Reason::Flag { .. } => "flag",
        Reason::Gate { .. } => "gate",
        Reason::Information => "information",
        Reason::OtherGate { .. } => "other_gate",
        Reason::NoBaseRate { .. } => "no_base_rate",
        Reason::OtherFlag { .. } | _ => "other_flag",
    };
    let outlooks = question.forecast().map(aetia::Forecast::outlooks).unwrap_or_default();
    let outlooks: Vec<(&str, &str, f64)> = outlooks
        .iter()
        .map(|outlook| (outlook.answer().key(), outlook.answer().title(), outlook.probability()))
        .collect();
    let parts = (
        question.indicator().id().as_str(),
        question.text(),
        reason,
        question.sentence(),
        question.cost(),
        question.information(),
        question.gain(),
        question.is_approximate(),
        outlooks,
    );
    made(py, "question", parts)
}

/// Whether the unanswered questions can still change a result.
pub(crate) fn settled<'py>(
    py: Python<'py>,
    assessment: &Assessment,
    reach: Reach,
    ask: &Ask,
    budget: &Budget,
) -> PyResult<Bound<'py, PyAny>> {
    let found = py.detach(|| guarded(|| assessment.settled(reach, ask, budget)))?;
    let (state, witness) = match &found {
        Settled::Proved => ("proved", None),
        Settled::Open(witness) => ("open", Some(witness)),
        Settled::Undecided => ("undecided", None),
    };
    let (changes, first, raised, sentence) = told(py, witness)?;
    made(py, "Settled", (state, changes, first, raised, sentence))
}

/// The answers of a witness, the first cause with them, the flag they raise, and the sentence.
type Told<'py> = (Bound<'py, PyTuple>, Option<String>, Option<String>, String);

fn told<'py>(py: Python<'py>, witness: Option<&Witness>) -> PyResult<Told<'py>> {
    Ok(match witness {
        Some(witness) => (
            changes(py, witness.changes())?,
            Some(witness.first().to_string()),
            witness.raised().map(ToString::to_string),
            witness.sentence(),
        ),
        None => (PyTuple::empty(py), None, None, String::new()),
    })
}

/// The fewest answers that would change the first cause.
pub(crate) fn flip<'py>(
    py: Python<'py>,
    assessment: &Assessment,
    budget: &Budget,
) -> PyResult<Bound<'py, PyAny>> {
    let found = py.detach(|| guarded(|| assessment.flip(budget)))?;
    flipped(py, &found)
}

fn flipped<'py>(py: Python<'py>, flip: &Flip) -> PyResult<Bound<'py, PyAny>> {
    let (state, at_least) = match flip {
        Flip::Fewest(_) => ("fewest", None),
        Flip::Never => ("never", None),
        Flip::Undecided { at_least, .. } => ("undecided", Some(*at_least)),
    };
    let other = flip.alternative();
    let list = other.map(Alternative::changes).unwrap_or_default();
    let first = other.map(|other| other.first().to_string());
    let cost = other.map(Alternative::cost);
    made(py, "Flip", (state, changes(py, list)?, first, cost, at_least, flip.sentence()))
}

/// The smallest set of given answers that keeps the first cause.
pub(crate) fn sufficient<'py>(
    py: Python<'py>,
    assessment: &Assessment,
    ask: &Ask,
    budget: &Budget,
) -> PyResult<Bound<'py, PyAny>> {
    let found = py.detach(|| guarded(|| assessment.sufficient(ask, budget)))?;
    let (state, witness) = match &found {
        Sufficient::Smallest(_) => ("smallest", None),
        Sufficient::NotSettled(witness) => ("not_settled", Some(witness)),
        Sufficient::Undecided { .. } => ("undecided", None),
    };
    let essential = found.essential();
    let indicators = essential.map(Essential::indicators).unwrap_or_default();
    let indicators: Vec<&str> = indicators.iter().map(aetia::IndicatorId::as_str).collect();
    let (changes, first, _, open) = told(py, witness)?;
    let sentence = essential.map_or(open, Essential::sentence);
    made(py, "Sufficient", (state, PyTuple::new(py, indicators)?, changes, first, sentence))
}

/// What it would take for a cause to be first.
pub(crate) fn why_not<'py>(
    py: Python<'py>,
    assessment: &Assessment,
    cause: &str,
    budget: &Budget,
) -> PyResult<Bound<'py, PyAny>> {
    let found = py.detach(|| guarded(|| assessment.why_not(cause, budget)))?;
    let found = found.map_err(|error| errors::unknown_name(&error))?;
    let gates: Vec<String> = found.gates().map(ToString::to_string).collect();
    let flip = found.flip().map(|flip| flipped(py, flip)).transpose()?;
    let parts = (
        found.cause().as_str(),
        found.first().as_str(),
        Weight(found.deficit()),
        PyTuple::new(py, gates)?,
        flip,
        PyTuple::new(py, found.sentences())?,
    );
    made(py, "WhyNot", parts)
}

fn changes<'py>(py: Python<'py>, changes: &[Change]) -> PyResult<Bound<'py, PyTuple>> {
    let change = |change: &Change| {
        let given = value(py, change.value())?;
        made(py, "Change", (change.indicator().as_str(), given, change.words(), change.was()))
    };
    PyTuple::new(py, changes.iter().map(change).collect::<PyResult<Vec<_>>>()?)
}

/// An answer as `Model.assess` takes it.
pub(crate) fn value<'py>(py: Python<'py>, value: &AnswerValue) -> PyResult<Bound<'py, PyAny>> {
    match value {
        AnswerValue::Boolean(truth) => truth.into_bound_py_any(py),
        AnswerValue::Number(number) => number.into_bound_py_any(py),
        AnswerValue::Named(word) if word == "unknown" => Ok(py.None().into_bound(py)),
        AnswerValue::Named(word) if word == "not_assessable" => {
            py.import("aetia._not_assessable")?.getattr("NOT_ASSESSABLE")
        }
        AnswerValue::Named(word) => word.into_bound_py_any(py),
    }
}
