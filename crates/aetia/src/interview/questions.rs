//! Which question comes next, and why.

use std::collections::{BTreeMap, BTreeSet};

use super::forecast::Forecast;
use super::{Ask, GatesFirst, Probe};
use crate::assessment::Assessment;
use crate::belief::{Weight, billionths};
use crate::case::{Case, Finding};
use crate::document::Level;
use crate::explanation::lower_first;
use crate::id::{CauseId, FlagId, GateId};
use crate::index::IndicatorIx;
use crate::knowledge::{Formula, Indicator, KnowledgeBase, Truth};
use crate::model::Model;

/// A question worth asking, and why.
///
/// Prints as the question and its reason.
#[derive(Clone, Debug)]
pub struct Question {
    kb: KnowledgeBase,
    indicator: IndicatorIx,
    reason: Reason,
    forecast: Option<Forecast>,
    least_cost: f64,
    /// What the reason is about, in words.
    subject: String,
}

/// Why a question is asked, in the order in which questions are asked.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Reason {
    /// A red flag depends on it.
    Flag {
        /// How soon the flag wants attention.
        level: Level,
        /// The flag.
        flag: FlagId,
    },
    /// It decides a gate of the cause that would be first without gates.
    Gate {
        /// The cause.
        cause: CauseId,
        /// The gate.
        gate: GateId,
    },
    /// Its answer is expected to tell something about the cause.
    Information,
    /// It decides a gate of another cause.
    OtherGate {
        /// The cause.
        cause: CauseId,
        /// The gate.
        gate: GateId,
    },
    /// It bears on a cause, but nothing says how often its answers are given: no information can be expected in figures.
    NoBaseRate {
        /// The most that an answer would move a score.
        swing: Weight,
    },
    /// A flag that does not press depends on it.
    OtherFlag {
        /// How soon the flag wants attention.
        level: Level,
        /// The flag.
        flag: FlagId,
    },
}

impl Question {
    /// The indicator it asks about, with its texts and answers.
    pub fn indicator(&self) -> &Indicator {
        &self.kb.inner.indicators[self.indicator]
    }

    /// How it is asked: in the words of the knowledge base, else by the title.
    pub fn text(&self) -> &str {
        let indicator = self.indicator();
        indicator.question().unwrap_or_else(|| indicator.title())
    }

    /// Why it is asked.
    pub fn reason(&self) -> &Reason {
        &self.reason
    }

    /// What it costs, in the author's unit; never less than the least cost of [`Ask`].
    pub fn cost(&self) -> f64 {
        self.indicator().cost().max(self.least_cost)
    }

    /// How much the answer is expected to tell, in bits; none where no base rate is known.
    pub fn information(&self) -> Option<f64> {
        self.forecast.as_ref().map(Forecast::information)
    }

    /// How it may turn out; none where no base rate is known.
    pub fn forecast(&self) -> Option<&Forecast> {
        self.forecast.as_ref()
    }

    /// Expected information for each unit of cost, in bits; none where no base rate is known.
    pub fn gain(&self) -> Option<f64> {
        self.information().map(|bits| bits / self.cost())
    }

    /// Whether the figure of information is only near.
    pub fn is_approximate(&self) -> bool {
        self.forecast.as_ref().is_some_and(Forecast::is_approximate)
    }

    /// Why it is asked, in a sentence with its figure.
    pub fn sentence(&self) -> String {
        let subject = &self.subject;
        match &self.reason {
            Reason::Flag { level, .. } | Reason::OtherFlag { level, .. } => {
                let level = match level {
                    Level::Emergency => "an emergency",
                    Level::Urgent => "an urgent matter",
                    Level::Routine => "a routine matter",
                };
                format!("A flag depends on it, {level}: {subject}.")
            }
            Reason::Gate { .. } => {
                format!("It decides a gate of the cause that would be first without gates: {subject}.")
            }
            Reason::OtherGate { .. } => format!("It decides a gate of another cause: {subject}."),
            Reason::Information => {
                let about = if self.is_approximate() { "about " } else { "" };
                let bits = self.information().unwrap_or_default();
                let cost = self.cost();
                format!("The answer is expected to tell {about}{bits:.3} bits, at a cost of {cost}.")
            }
            Reason::NoBaseRate { swing } => format!(
                "An answer would move a score by up to {:.1} dB; how often it is given is not known, so it comes after those that can be predicted.",
                swing.decibans()
            ),
        }
    }

    /// What orders questions with equal reasons: the better first.
    fn worth(&self) -> i64 {
        match &self.reason {
            Reason::Information => billionths(self.gain().unwrap_or_default()),
            Reason::NoBaseRate { swing } => billionths(swing.decibans() / self.cost()),
            Reason::Flag { .. }
            | Reason::Gate { .. }
            | Reason::OtherGate { .. }
            | Reason::OtherFlag { .. } => -billionths(self.cost()),
        }
    }
}

impl Model {
    /// The questions to ask next about a case, in the default setting: [`Assessment::next_questions`].
    pub fn next_questions(&self, case: &Case, most: usize, ask: &Ask) -> Vec<Question> {
        self.assess(case).next_questions(most, ask)
    }
}

impl Assessment {
    /// The questions to ask next, the best first, `most` at most: findings of red flags, emergencies first; findings that
    /// decide a gate of the cause that would be first without gates; then whatever is expected to tell most for its cost.
    ///
    /// Nothing is asked that was answered, could not be assessed, follows from other answers, or cannot change anything.
    /// Equally good questions come in the byte order of their indicators.
    ///
    /// ```
    /// # fn main() -> Result<(), aetia::Error> {
    /// # let model = aetia::Document::from_toml(include_str!("../../docs/tiny.toml"))?.validate()?.compile();
    /// use aetia::{Ask, Reason};
    /// let assessment = model.assess(&model.case().present("raised_crp")?.number("age_at_onset", 30.0)?.build()?);
    /// // Inflammatory back pain would be first, were it not for its gate.
    /// let next = assessment.next_questions(1, &Ask::default());
    /// assert_eq!(next[0].indicator().id(), "night_pain");
    /// assert!(matches!(next[0].reason(), Reason::Gate { .. }));
    /// # Ok(())
    /// # }
    /// ```
    pub fn next_questions(&self, most: usize, ask: &Ask) -> Vec<Question> {
        let mut questions = self.questions(ask, &|indicator| ask.who.can_tell(indicator));
        questions.truncate(most);
        questions
    }

    /// The questions that would be asked if anybody could answer them, and are left out because of who is asked.
    ///
    /// ```
    /// # fn main() -> Result<(), aetia::Error> {
    /// # let model = aetia::Document::from_toml(include_str!("../../docs/tiny.toml"))?.validate()?.compile();
    /// use aetia::{Ask, Who};
    /// let assessment = model.assess(&model.case().build()?);
    /// let left_out = assessment.left_out(&Ask { who: Who::Oneself, ..Ask::default() });
    /// assert_eq!(left_out[0].indicator().id(), "raised_crp");
    /// # Ok(())
    /// # }
    /// ```
    pub fn left_out(&self, ask: &Ask) -> Vec<Question> {
        self.questions(ask, &|indicator| !ask.who.can_tell(indicator))
    }

    fn questions(&self, ask: &Ask, is_asked: &dyn Fn(&Indicator) -> bool) -> Vec<Question> {
        let mut probe = Probe::of(self);
        let kb = probe.kb();
        let mut questions: Vec<Question> = Vec::new();
        let mut by_condition = self.by_condition(ask);
        for (ix, indicator) in kb.indicators.enumerate() {
            if self.case().finding_at(ix) != Finding::Unknown || !is_asked(indicator) {
                continue;
            }
            let ahead = probe.look_ahead(ix);
            let by_condition = by_condition.remove(&ix);
            let reason = match (by_condition, &ahead.forecast) {
                (Some((reason @ (Reason::Flag { .. } | Reason::Gate { .. }), subject)), _) => {
                    (reason, subject)
                }
                (_, Some(forecast)) if forecast.bits > 0.0 => (Reason::Information, String::new()),
                (Some((reason @ Reason::OtherGate { .. }, subject)), _) => (reason, subject),
                (_, None) if ahead.swing > Weight::ZERO => {
                    (Reason::NoBaseRate { swing: ahead.swing }, String::new())
                }
                (Some(reason), _) => reason,
                (None, _) => continue,
            };
            questions.push(Question {
                kb: self.model().knowledge_base().clone(),
                indicator: ix,
                reason: reason.0,
                forecast: ahead.forecast,
                least_cost: ask.least_cost,
                subject: reason.1,
            });
        }
        // Indicators come in the byte order of their identifiers, and the sort is stable.
        questions.sort_by_key(|question| (question.reason.pressing(), std::cmp::Reverse(question.worth())));
        questions
    }

    /// What each unanswered finding decides: the most pressing condition, and its title.
    fn by_condition(&self, ask: &Ask) -> BTreeMap<IndicatorIx, (Reason, String)> {
        let kb = &*self.model().inner.kb.inner;
        let answer = |indicator: IndicatorIx| self.case().code(indicator);
        let decisive = |formula: &Formula| match formula.evaluate(&answer) {
            Truth::Undetermined => formula.decisive(Truth::Undetermined, &answer),
            Truth::True | Truth::False => BTreeSet::new(),
        };
        let mut found: BTreeMap<IndicatorIx, (Reason, String)> = BTreeMap::new();
        let mut note = |indicators: BTreeSet<IndicatorIx>, reason: &Reason, subject: &str| {
            for ix in indicators {
                let known = found.get(&ix);
                if known.is_none_or(|(known, _)| reason.pressing() < known.pressing()) {
                    found.insert(ix, (reason.clone(), subject.to_owned()));
                }
            }
        };
        // Flags come emergencies first; of equally pressing conditions the first stays.
        for flag in &kb.flags {
            let (level, id) = (flag.level(), flag.id.clone());
            let reason = if ask.flags_first.is_some_and(|least| level <= least) {
                Reason::Flag { level, flag: id }
            } else {
                Reason::OtherFlag { level, flag: id }
            };
            note(decisive(&flag.formula), &reason, &lower_first(flag.title()));
        }
        for gate in &kb.gates {
            let (cause, id) = (kb.causes[gate.cause].id.clone(), gate.id.clone());
            let subject = format!("{}, by \"{}\"", kb.causes[gate.cause].title(), gate.title());
            let is_first = self.standing(gate.cause).rank_ungated == 1;
            let reason = if is_first && ask.gates == GatesFirst::Yes {
                Reason::Gate { cause, gate: id }
            } else {
                Reason::OtherGate { cause, gate: id }
            };
            note(decisive(&gate.formula), &reason, &subject);
        }
        found
    }
}

impl Reason {
    /// The place of the reason in the order of questions, and of a flag among flags.
    fn pressing(&self) -> (u8, Level) {
        match self {
            Self::Flag { level, .. } => (0, *level),
            Self::Gate { .. } => (1, Level::Emergency),
            Self::Information => (2, Level::Emergency),
            Self::OtherGate { .. } => (3, Level::Emergency),
            Self::NoBaseRate { .. } => (4, Level::Emergency),
            Self::OtherFlag { level, .. } => (5, *level),
        }
    }
}
