//! A model: what ranks cases.

use aetia::{Budget, Scratch, StopRule};
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyString, PyTuple};

use crate::arguments;
use crate::asking;
use crate::certainty;
use crate::convert::{self, Contradictions};
use crate::display;
use crate::errors;
use crate::guard::guarded;
use crate::interview::Interview;
use crate::knowledge_base::{KnowledgeBase, summary};
use crate::result::{CauseIds, Result};
use crate::scorer::Scorer;
use crate::scores::Scores;
use crate::text::{Name, Names};
use crate::travel::{self, Sent};

/// A compiled knowledge base: immutable, shared between threads, picklable.
///
/// Attributes, beside those of its knowledge base:
///     knowledge_base (KnowledgeBase): what it was compiled from.
///     hash (str): the SHA-256 of the knowledge base in canonical JSON, texts and sources included.
///     meaning_hash (str): the SHA-256 of what it means. Two models of one meaning give every case the same scores,
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
    pub(crate) ids: CauseIds,
}

impl Model {
    pub(crate) fn of(py: Python<'_>, inner: aetia::Model) -> PyResult<Self> {
        let kb = Py::new(py, KnowledgeBase::from(inner.knowledge_base().clone()))?;
        Ok(Self::compiled(py, inner, kb))
    }

    /// A model of a knowledge base that Python has already.
    pub(crate) fn compiled(py: Python<'_>, inner: aetia::Model, kb: Py<KnowledgeBase>) -> Self {
        let causes = inner.knowledge_base().causes();
        let ids = causes.map(|cause| PyString::new(py, cause.id().as_str()).unbind()).collect();
        Self { inner, kb, ids }
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
    ///     findings (mapping): indicator ids to what was found: True, False, a number in the indicator's unit, the id
    ///         of an answer, None where nobody looked, `aetia.NOT_ASSESSABLE` where somebody could not. An indicator
    ///         that is not named is unknown, and weighs nothing. Scalars of numpy and pandas are taken for what they
    ///         hold, and `pandas.NA` for unknown.
    ///     setting (str | None): the setting whose priors and weights are used; the default one where None.
    ///     link (str | None): `"exclusive"`, how likely each cause is the principal explanation, or `"independent"`,
    ///         each against the comparator alone; the knowledge base's own where None.
    ///     nullable (Iterable[str]): measured indicators whose NaN means unknown. Elsewhere a measured NaN is an error.
    ///     contradictions (str): what to do with findings that cannot all be true: `"refuse"` the case, or `"drop"`
    ///         them as unknown and list them in `result.dropped`.
    ///
    /// Returns:
    ///     Result.
    ///
    /// Raises:
    ///     UnknownName: there is no such indicator, setting or link.
    ///     AnswerMismatch: an indicator cannot have such an answer.
    ///     ContradictoryFindings: findings cannot all be true.
    ///     TypeError: the findings are no mapping, or a value is of no kind that is a finding.
    ///
    /// >>> import aetia
    /// >>> model = aetia.load(aetia.available()[0])
    /// >>> result = model.assess({"night_pain": True, "age_at_onset": 32}, setting="rheumatology")
    /// >>> result.first.cause
    /// 'inflammatory_back_pain'
    /// >>> model.assess({"night_pian": True})
    /// Traceback (most recent call last):
    ///     ...
    /// aetia.errors.UnknownName: ...; did you mean `night_pain`?
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
        Ok(Result::live(assessment.map_err(|error| errors::unknown_name(&error))?, &self.ids))
    }

    /// The questions to ask next about a case, the best first: findings of red flags, emergencies first; findings that
    /// decide a gate of the cause that would be first without gates; then what is expected to tell most for its cost.
    ///
    /// Args:
    ///     findings (mapping | Result): what `assess` takes, or a result, whose case, setting and link are used.
    ///     most (int): how many questions at most.
    ///     setting (str | None): as for `assess`.
    ///     link (str | None): as for `assess`.
    ///     who (str): `"anyone"`, or `"oneself"`, which leaves out examinations and laboratory tests.
    ///
    /// Returns:
    ///     tuple[Question, ...].
    ///
    /// Raises:
    ///     AetiaError: as `assess`.
    ///
    /// >>> import aetia
    /// >>> model = aetia.load(aetia.available()[0])
    /// >>> for question in model.next_questions({}, most=2, who="oneself"):
    /// ...     print(question.reason, question.indicator)
    /// flag ...
    /// flag ...
    #[pyo3(
        signature = (findings, most=5, *, setting=None, link=None, who=Name::from("anyone")),
        text_signature = "($self, findings, most=5, *, setting=None, link=None, who='anyone')"
    )]
    fn next_questions<'py>(
        &self,
        findings: &Bound<'py, PyAny>,
        most: usize,
        setting: Option<Name>,
        link: Option<Name>,
        who: Name,
    ) -> PyResult<Bound<'py, PyTuple>> {
        let ask = asking::who(who.as_str())?;
        let assessment = self.assessment(findings, setting, link)?;
        asking::questions(findings.py(), &assessment, most, &ask)
    }

    /// Whether the unanswered questions can still change the result: proved, or open with an example.
    ///
    /// Args:
    ///     findings (mapping | Result): what `assess` takes, or a result, whose case, setting and link are used.
    ///     setting (str | None): as for `assess`.
    ///     link (str | None): as for `assess`.
    ///     reach (str): `"first_and_flags"`, or `"first"` where only the first cause matters.
    ///     who (str): `"anyone"`, or `"oneself"`, which leaves out examinations and laboratory tests.
    ///     completions (int): how many completions are tried one by one where no bound decides.
    ///
    /// Returns:
    ///     Settled.
    ///
    /// Raises:
    ///     AetiaError: as `assess`.
    #[pyo3(
        signature = (
            findings, *, setting=None, link=None, reach=Name::from("first_and_flags"), who=Name::from("anyone"),
            completions=Budget::default().completions
        ),
        text_signature = "($self, findings, *, setting=None, link=None, reach='first_and_flags', who='anyone', completions=6561)"
    )]
    fn settled<'py>(
        &self,
        findings: &Bound<'py, PyAny>,
        setting: Option<Name>,
        link: Option<Name>,
        reach: Name,
        who: Name,
        completions: usize,
    ) -> PyResult<Bound<'py, PyAny>> {
        let (reach, ask) = (asking::reach(reach.as_str())?, asking::who(who.as_str())?);
        let assessment = self.assessment(findings, setting, link)?;
        let budget = Budget { completions, ..Budget::default() };
        asking::settled(findings.py(), &assessment, reach, &ask, &budget)
    }

    /// The fewest changed or newly given answers that change the first cause.
    ///
    /// Args:
    ///     findings (mapping | Result): what `assess` takes, or a result, whose case, setting and link are used.
    ///     setting (str | None): as for `assess`.
    ///     link (str | None): as for `assess`.
    ///     nodes (int): how many sets of answers are assessed at most; beyond, the answer is `"undecided"`.
    ///
    /// Returns:
    ///     Flip.
    ///
    /// Raises:
    ///     AetiaError: as `assess`.
    #[pyo3(
        signature = (findings, *, setting=None, link=None, nodes=Budget::default().nodes),
        text_signature = "($self, findings, *, setting=None, link=None, nodes=20000)"
    )]
    fn flip<'py>(
        &self,
        findings: &Bound<'py, PyAny>,
        setting: Option<Name>,
        link: Option<Name>,
        nodes: usize,
    ) -> PyResult<Bound<'py, PyAny>> {
        let assessment = self.assessment(findings, setting, link)?;
        asking::flip(findings.py(), &assessment, &Budget { nodes, ..Budget::default() })
    }

    /// The smallest set of given answers that keeps the first cause, whatever the rest.
    ///
    /// Args:
    ///     findings (mapping | Result): what `assess` takes, or a result, whose case, setting and link are used.
    ///     setting (str | None): as for `assess`.
    ///     link (str | None): as for `assess`.
    ///     who (str): whose questions may still be answered: `"anyone"`, or `"oneself"`.
    ///     nodes (int): how many sets of answers are assessed at most; beyond, the answer is `"undecided"`.
    ///
    /// Returns:
    ///     Sufficient.
    ///
    /// Raises:
    ///     AetiaError: as `assess`.
    #[pyo3(
        signature = (findings, *, setting=None, link=None, who=Name::from("anyone"), nodes=Budget::default().nodes),
        text_signature = "($self, findings, *, setting=None, link=None, who='anyone', nodes=20000)"
    )]
    fn sufficient<'py>(
        &self,
        findings: &Bound<'py, PyAny>,
        setting: Option<Name>,
        link: Option<Name>,
        who: Name,
        nodes: usize,
    ) -> PyResult<Bound<'py, PyAny>> {
        let ask = asking::who(who.as_str())?;
        let assessment = self.assessment(findings, setting, link)?;
        let budget = Budget { nodes, ..Budget::default() };
        asking::sufficient(findings.py(), &assessment, &ask, &budget)
    }

    /// What it would take for a cause to be first: the gates to open, the answers to change.
    ///
    /// Args:
    ///     findings (mapping | Result): what `assess` takes, or a result, whose case, setting and link are used.
    ///     cause (str): the cause's id.
    ///     setting (str | None): as for `assess`.
    ///     link (str | None): as for `assess`.
    ///     nodes (int): how many sets of answers are assessed at most; beyond, the answer is `"undecided"`.
    ///
    /// Returns:
    ///     WhyNot.
    ///
    /// Raises:
    ///     UnknownName: there is no such cause.
    ///     AetiaError: as `assess`.
    #[pyo3(
        signature = (findings, cause, *, setting=None, link=None, nodes=Budget::default().nodes),
        text_signature = "($self, findings, cause, *, setting=None, link=None, nodes=20000)"
    )]
    fn why_not<'py>(
        &self,
        findings: &Bound<'py, PyAny>,
        cause: Name,
        setting: Option<Name>,
        link: Option<Name>,
        nodes: usize,
    ) -> PyResult<Bound<'py, PyAny>> {
        let assessment = self.assessment(findings, setting, link)?;
        let budget = Budget { nodes, ..Budget::default() };
        asking::why_not(findings.py(), &assessment, cause.as_str(), &budget)
    }

    /// How far the ranking can be trusted: 95 % intervals, how often the first cause is first when the weights' own
    /// uncertainty is let loose, and the published figures that decide.
    ///
    /// Args:
    ///     findings (mapping | Result): what `assess` takes, or a result, whose case, setting and link are used.
    ///     setting (str | None): as for `assess`.
    ///     link (str | None): as for `assess`.
    ///     draws (int): how often is drawn, from 1 to 100000.
    ///     seed (int): from which seed; the same seed gives the same figures on every machine.
    ///
    /// Returns:
    ///     Certainty.
    ///
    /// Raises:
    ///     ValueError: that many draws are not made.
    ///     AetiaError: as `assess`.
    ///
    /// >>> import aetia
    /// >>> certainty = aetia.load(aetia.available()[0]).certainty({"night_pain": True, "hla_b27": True})
    /// >>> len(certainty.causes), round(sum(cause.first for cause in certainty.causes), 9)
    /// (5, 1.0)
    #[pyo3(
        signature = (findings, *, setting=None, link=None, draws=4000, seed=0),
        text_signature = "($self, findings, *, setting=None, link=None, draws=4000, seed=0)"
    )]
    fn certainty<'py>(
        &self,
        findings: &Bound<'py, PyAny>,
        setting: Option<Name>,
        link: Option<Name>,
        draws: u32,
        seed: u64,
    ) -> PyResult<Bound<'py, PyAny>> {
        let assessment = self.assessment(findings, setting, link)?;
        certainty::certainty(findings.py(), &assessment, draws, seed)
    }

    /// An interview: it asks, one question at a time, and is told the answers.
    ///
    /// Args:
    ///     setting (str | None): as for `assess`.
    ///     link (str | None): as for `assess`.
    ///     who (str): `"anyone"`, or `"oneself"`, which leaves out examinations and laboratory tests.
    ///     questions (int | None): stop after so many questions; None for as many as there are.
    ///     least_gain (float | None): stop when the best question tells less than this, in bits for each unit of cost.
    ///     same_decision (float | None): stop when the first cause stays the same with this probability.
    ///
    /// Returns:
    ///     Interview.
    ///
    /// Raises:
    ///     UnknownName: there is no such setting or link.
    #[pyo3(
        signature = (*, setting=None, link=None, who=Name::from("anyone"), questions=None, least_gain=None, same_decision=None),
        text_signature = "($self, *, setting=None, link=None, who='anyone', questions=None, least_gain=None, same_decision=None)"
    )]
    fn interview(
        slf: &Bound<'_, Self>,
        setting: Option<Name>,
        link: Option<Name>,
        who: Name,
        questions: Option<usize>,
        least_gain: Option<f64>,
        same_decision: Option<f64>,
    ) -> PyResult<Interview> {
        let model = slf.get();
        let ask = asking::who(who.as_str())?;
        let options = model.options(setting.as_ref().map(Name::as_str), link.as_ref().map(Name::as_str))?;
        let options = options.unwrap_or_else(|| model.inner.options());
        let stop = StopRule { questions, least_gain, same_decision, ..StopRule::default() };
        let begun = model.inner.interview_with(&options, ask, stop);
        Ok(Interview::new(slf.clone().unbind(), begun.map_err(|error| errors::unknown_name(&error))?))
    }

    /// Scores many cases at once: a table in, a table out, each row what `assess` makes of it, to the bit. For many tables
    /// make a `scorer` once; for Parquet larger than memory take `aetia.score_parquet`.
    ///
    /// Args:
    ///     data (object): a table of any library with the Arrow C interface (pyarrow, polars, DuckDB, pandas), a mapping of
    ///         names to arrays of numbers or truths as numpy has them, or an iterable of tables: a column for each indicator of
    ///         which anything is known, a row for each case. What has no column, and what is null, is unknown.
    ///     progress (Callable[[int], object] | None): called with the number of rows done since the last call.
    ///     **arguments: as for `scorer`.
    ///
    /// Returns:
    ///     Scores: a row for each case, in its order.
    ///
    /// Raises:
    ///     AetiaError: as `scorer`, and as calling it.
    ///     TypeError: the data is no table, or a column holds what is no answer.
    ///
    /// >>> import aetia
    /// >>> model = aetia.load(aetia.available()[0])
    /// >>> scores = model.score({"q1": bytearray([1, 0, 1])}, columns={"night_pain": "q1"}, outputs=["first", "margin"])
    /// >>> len(scores), scores.columns, scores.errors
    /// (3, ('first', 'margin', 'error'), 0)
    #[pyo3(
        signature = (data, *, progress=None, **arguments),
        text_signature = "($self, data, *, progress=None, **arguments)"
    )]
    fn score(
        slf: &Bound<'_, Self>,
        data: &Bound<'_, PyAny>,
        progress: Option<&Bound<'_, PyAny>>,
        arguments: Option<&Bound<'_, PyDict>>,
    ) -> PyResult<Scores> {
        arguments::scorer(slf, arguments)?.__call__(slf.py(), data, progress)
    }

    /// This model made ready for tables: what is read from which column, and which results are wanted.
    ///
    /// Args:
    ///     outputs (Iterable[str]): of `"first"`, `"posterior"`, `"score"`, `"margin"`, `"order"`, `"gates"`, `"flags"`,
    ///         `"contributions"`, `"first_ungated"`, `"posterior_ungated"` and `"score_ungated"`.
    ///     setting (str | None): as for `assess`.
    ///     link (str | None): as for `assess`.
    ///     columns (dict[str, str] | None): indicators with the names of their columns. Every other indicator is read from the
    ///         column of its own name, if there is one; other columns are left alone. Where None, a column that is neither an
    ///         indicator nor in `keep` is refused.
    ///     values (dict[Any, Any] | None): what values mean, such as `{"yes": True, "n/a": aetia.NOT_ASSESSABLE}`.
    ///     nullable (Iterable[str]): measured indicators whose NaN means unknown.
    ///     keep (Iterable[str]): columns that are passed through.
    ///     top (int): how many ranks `"order"` has, and how many parts `"contributions"`.
    ///     precision (str): of probabilities: `"float32"`, rounded last, or `"float64"`, those of `assess` to the bit.
    ///     portable (bool): whether words are written out in every row, for engines that know no dictionaries.
    ///     threads (int | None): how many threads; as many as there are where None. Results are the same.
    ///
    /// Returns:
    ///     Scorer.
    ///
    /// Raises:
    ///     UnknownName: there is no such output, setting, link or indicator.
    #[pyo3(
        signature = (**arguments),
        text_signature = "($self, *, outputs=('first', 'posterior'), setting=None, link=None, columns=None, values=None, nullable=(), keep=(), top=3, precision='float32', portable=False, threads=None)"
    )]
    fn scorer(slf: &Bound<'_, Self>, arguments: Option<&Bound<'_, PyDict>>) -> PyResult<Scorer> {
        arguments::scorer(slf, arguments)
    }

    /// Takes up an interview that was stored by `Interview.to_json`.
    ///
    /// Returns:
    ///     Interview.
    ///
    /// Raises:
    ///     Unreadable: the text is no interview, or was begun with a knowledge base that means something else.
    fn resume(slf: &Bound<'_, Self>, text: &Bound<'_, PyString>) -> PyResult<Interview> {
        let text =
            text.to_str().map_err(|_| errors::unreadable("the text holds half of a surrogate pair"))?;
        Interview::resumed(slf, text)
    }

    /// What it was compiled from.
    #[getter]
    fn knowledge_base<'py>(&self, py: Python<'py>) -> Bound<'py, KnowledgeBase> {
        self.kb.bind(py).clone()
    }

    /// The SHA-256 of the knowledge base in canonical JSON, texts and sources included.
    #[getter]
    fn hash(&self) -> &str {
        self.inner.source_hash()
    }

    /// The SHA-256 of what it means. Two models of one meaning give every case the same scores, ranking and
    /// flags.
    #[getter]
    fn meaning_hash(&self) -> &str {
        self.inner.meaning_hash()
    }

    /// Its id.
    #[getter]
    fn id(&self) -> &str {
        self.inner.knowledge_base().id()
    }

    /// Its version, as its authors count.
    #[getter]
    fn version(&self) -> &str {
        self.inner.knowledge_base().version()
    }

    /// Its title.
    #[getter]
    fn title(&self) -> &str {
        self.inner.knowledge_base().title()
    }

    /// What every result must say.
    #[getter]
    fn notice(&self) -> &str {
        self.inner.knowledge_base().notice()
    }

    /// `"exclusive"` or `"independent"`: how scores become probabilities unless a call says otherwise.
    #[getter]
    fn link(&self) -> PyResult<String> {
        crate::value::word(&self.inner.knowledge_base().link())
    }

    /// The setting used unless a call names another.
    #[getter]
    fn default_setting(&self) -> &str {
        self.inner.knowledge_base().default_setting().id().as_str()
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

    /// All that the page of a notebook shows, as text.
    fn __str__(slf: &Bound<'_, Self>) -> PyResult<String> {
        display::html(slf, "knowledge_base_text")
    }

    fn _repr_html_(slf: &Bound<'_, Self>) -> PyResult<String> {
        display::html(slf, "knowledge_base")
    }

    /// A model goes between processes as its canonical text, under its hash, with what wrote it.
    fn __reduce__<'py>(&self, py: Python<'py>) -> PyResult<(Bound<'py, PyAny>, Sent)> {
        Ok((py.get_type::<Self>().getattr("_restore")?, travel::sent(&self.inner)))
    }

    #[staticmethod]
    fn _restore(py: Python<'_>, format: i64, engine: &str, hash: &str, text: &str) -> PyResult<Self> {
        let inner = py.detach(|| guarded(|| travel::received(format, engine, hash, text)))?;
        Self::of(py, inner.map_err(|reason| errors::unreadable(&reason))?)
    }
}
