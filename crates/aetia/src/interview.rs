//! What to ask next, when to stop, and what would change the result: everything about answers nobody has given yet.

mod bound;
mod flip;
mod forecast;
mod questions;
mod search;
mod session;
mod settled;
mod stop;
mod sufficient;

use std::collections::BTreeSet;

pub use flip::{Alternative, Flip, WhyNot};
pub use forecast::{Forecast, Outlook};
pub use questions::{Question, Reason};
pub use session::{Interview, InterviewError, InterviewRecord, Progress, ResumeError};
pub use settled::{Reach, Settled, Witness};
pub use stop::{StopReason, StopRule};
pub use sufficient::{Essential, Sufficient};

use crate::assessment::Assessment;
use crate::case::{Case, Finding};
use crate::document::{AnswerValue, AskedBy, Level};
use crate::explanation::finding_text;
use crate::id::IndicatorId;
use crate::index::{CauseIx, IndicatorIx, SettingIx};
use crate::knowledge::{Answer, AnswerCode, Indicator, Knowledge, UNKNOWN, position};
use crate::model::{Compiled, Outcome, Space};

/// Who is asked, and what is asked first.
///
/// ```
/// use aetia::{Ask, Who};
/// let alone_at_home = Ask { who: Who::Oneself, ..Ask::default() };
/// assert_eq!(alone_at_home.least_cost, 0.1);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Ask {
    /// Who answers.
    pub who: Who,
    /// The least pressing level of flag whose findings are asked about before anything else; none where no flag goes
    /// first.
    pub flags_first: Option<Level>,
    /// Whether the gates of the cause that would be first without gates come before the gain of information.
    pub gates: GatesFirst,
    /// Costs below this count as this, so that nothing is asked for being nearly free.
    pub least_cost: f64,
}

impl Default for Ask {
    /// Anybody is asked; emergencies and urgent flags go first, then gates; the least cost is a tenth of the usual 1.
    fn default() -> Self {
        Self { who: Who::Anyone, flags_first: Some(Level::Urgent), gates: GatesFirst::Yes, least_cost: 0.1 }
    }
}

/// Who answers the questions.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Who {
    /// Whoever can: the person concerned, an examiner, a laboratory.
    #[default]
    Anyone,
    /// The person concerned alone; examinations and laboratory tests are left out.
    Oneself,
}

/// Whether gates come before the gain of information.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum GatesFirst {
    /// They do.
    #[default]
    Yes,
    /// They come after it.
    No,
}

impl Who {
    /// Whether this interview can ask about an indicator.
    fn can_tell(self, indicator: &Indicator) -> bool {
        match self {
            Self::Anyone => true,
            Self::Oneself => indicator.asked_by() == AskedBy::Oneself,
        }
    }
}

/// How long an exact answer may be looked for. What is not decided within it is said to be undecided.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Budget {
    /// Completions of the unanswered questions that are tried one by one, and steps towards a witness: 3^8 unless said
    /// otherwise.
    pub completions: usize,
    /// Sets of answers that are assessed in the search for the smallest one.
    pub nodes: usize,
}

impl Default for Budget {
    fn default() -> Self {
        Self { completions: 6_561, nodes: 20_000 }
    }
}

/// An answer that is changed or newly given.
#[derive(Clone, Debug, PartialEq)]
pub struct Change {
    indicator: IndicatorId,
    key: String,
    value: AnswerValue,
    words: String,
    was: Option<String>,
}

impl Change {
    fn new(kb: &Knowledge, case: &Case, (ix, code): (IndicatorIx, AnswerCode)) -> Option<Self> {
        let indicator = &kb.indicators[ix];
        let answer = position(code).and_then(|at| indicator.answers.get(at))?;
        let words = |answer: &Answer| {
            finding_text(indicator, Finding::Answer { answer, number: None, inferred: false })
        };
        let before = position(case.given_code(ix)).and_then(|at| indicator.answers.get(at));
        Some(Self {
            indicator: indicator.id.clone(),
            key: answer.key.clone(),
            value: indicator.example_at(position(code).unwrap_or(0)),
            words: words(answer),
            was: before.map(words),
        })
    }

    /// The indicator.
    pub fn indicator(&self) -> &IndicatorId {
        &self.indicator
    }

    /// The key of the answer: `present`, `absent`, the slug of an answer, or a bin.
    pub fn key(&self) -> &str {
        &self.key
    }

    /// The answer as a case takes it; for a bin, a number in it.
    pub fn value(&self) -> &AnswerValue {
        &self.value
    }

    /// The finding in words.
    pub fn words(&self) -> &str {
        &self.words
    }

    /// What was answered before, in words; none where it is newly given.
    pub fn was(&self) -> Option<&str> {
        self.was.as_deref()
    }
}

/// Answers as the engine takes them.
type Answers = Vec<(IndicatorIx, AnswerCode)>;

/// Asks the engine about cases like one that was assessed.
#[derive(Debug)]
struct Probe<'a> {
    model: &'a Compiled,
    setting: SettingIx,
    case: &'a Case,
    space: Space,
    outcome: Outcome,
}

impl<'a> Probe<'a> {
    fn of(assessment: &'a Assessment) -> Self {
        Self::on(&assessment.model().inner, assessment.setting_ix(), assessment.case())
    }

    fn on(model: &'a Compiled, setting: SettingIx, case: &'a Case) -> Self {
        Self { model, setting, case, space: Space::default(), outcome: Outcome::of(model) }
    }

    fn kb(&self) -> &'a Knowledge {
        &self.model.kb.inner
    }

    /// Where the causes stand in a case.
    fn look(&mut self, case: &Case) -> &Outcome {
        self.model.rank(case, self.setting, &mut self.space, &mut self.outcome);
        &self.outcome
    }

    /// The first cause of a case.
    fn first(&mut self, case: &Case) -> Option<CauseIx> {
        self.look(case).order.first().copied()
    }

    /// The scores without gates.
    fn raw(&mut self, case: &Case) -> Vec<i64> {
        self.look(case).standings.iter().map(|standing| standing.raw.nanodecibans()).collect()
    }

    /// The first cause with other answers; none where they contradict each other.
    fn first_with(&mut self, answers: &[(IndicatorIx, AnswerCode)]) -> Option<CauseIx> {
        let case = self.case.with(answers)?;
        self.first(&case)
    }

    fn changes(&self, answers: &[(IndicatorIx, AnswerCode)]) -> Vec<Change> {
        answers.iter().filter_map(|answer| Change::new(self.kb(), self.case, *answer)).collect()
    }

    /// The indicators on which anything can depend: a weight in this setting, a gate, a flag, or what follows.
    fn live(&self) -> BTreeSet<IndicatorIx> {
        let kb = self.kb();
        let mut live: BTreeSet<IndicatorIx> = BTreeSet::new();
        let conditions = kb
            .gates
            .iter()
            .map(|gate| &gate.formula)
            .chain(kb.flags.iter().map(|flag| &flag.formula))
            .chain(kb.implications.iter().map(|implication| &implication.condition))
            .chain(kb.rows.iter().filter_map(|row| row.when.as_ref()));
        live.extend(conditions.flat_map(crate::knowledge::Formula::indicators));
        for group in kb.groups.iter() {
            live.extend(group.counted.iter().copied());
        }
        for (row, written) in kb.rows.enumerate() {
            let group = &kb.groups[kb.indicators[written.indicator].group];
            let weighs = || {
                (0..written.answers.len())
                    .any(|answer| kb.weight(self.setting, row, answer) != crate::belief::Weight::ZERO)
            };
            if group.table.contains(&written.cause) || weighs() {
                live.insert(written.indicator);
            }
        }
        live
    }

    /// The indicators nobody has looked at and this interview can ask about, dead ones left out.
    fn open(&self, who: Who) -> Vec<IndicatorIx> {
        let (kb, live) = (self.kb(), self.live());
        let is_open = |(ix, indicator): (IndicatorIx, &Indicator)| {
            let unknown = self.case.finding_at(ix) == Finding::Unknown;
            (unknown && live.contains(&ix) && who.can_tell(indicator)).then_some(ix)
        };
        kb.indicators.enumerate().filter_map(is_open).collect()
    }
}

/// The codes of all answers of an indicator.
fn codes(kb: &Knowledge, indicator: IndicatorIx) -> impl DoubleEndedIterator<Item = AnswerCode> + use<> {
    (0..kb.indicators[indicator].answers.len()).map(crate::knowledge::code)
}

/// What a search may still spend.
#[derive(Debug)]
struct Purse(usize);

impl Purse {
    /// Spends one; says whether there was one.
    fn pay(&mut self) -> bool {
        let paid = self.0 > 0;
        self.0 = self.0.saturating_sub(1);
        paid
    }
}

/// Whether an answer code is an answer.
fn is_answered(code: AnswerCode) -> bool {
    code != UNKNOWN
}
