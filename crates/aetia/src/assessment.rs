//! The result of a case: the one ranking, what gates did to it, and the flags.

use std::sync::Arc;

use crate::belief::{LogOdds, Probability, Weight};
use crate::case::{Case, UnknownName};
use crate::document::Link;
use crate::id::{CauseId, SettingId};
use crate::index::{CauseIx, Dense, IndicatorIx, SettingIx};
use crate::knowledge::{Cause, Flag, Gate, GateRule, Indicator, Setting, Truth};
use crate::model::{Model, Outcome, Space, Standing};

/// The result of assessing a case.
///
/// Prints as a ranking a person can read, the notice included.
#[derive(Clone, Debug)]
pub struct Assessment {
    model: Model,
    case: Case,
    setting: SettingIx,
    link: Link,
    outcome: Outcome,
}

/// A named cause in an assessment.
#[derive(Clone, Copy, Debug)]
pub struct Candidate<'a> {
    pub(crate) assessment: &'a Assessment,
    pub(crate) cause: CauseIx,
}

/// How far a candidate stands below the one ranked just above it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Closeness {
    /// No further than rounding could explain: one nanodeciban for each group, and one.
    Tie,
    /// Less than a deciban: less than a person would notice.
    NearTie,
    /// A deciban or more, or nobody is above.
    Clear,
}

/// A gate at work on a candidate.
#[derive(Clone, Debug)]
pub struct Bar<'a> {
    /// The gate.
    pub gate: &'a Gate,
    /// The truth of its condition.
    pub truth: Truth,
    /// The findings that decide it: those it depends on where it is undetermined.
    pub because: Vec<&'a Indicator>,
}

/// The comparator in an assessment: a waterline, not a candidate.
#[derive(Clone, Copy, Debug)]
pub struct Waterline<'a> {
    assessment: &'a Assessment,
}

/// What is known about a flag.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FlagState {
    /// Its condition is definitely true.
    Raised,
    /// Its condition is definitely false.
    Cleared,
    /// Its condition depends on findings nobody has.
    NotAssessed,
}

/// A flag in an assessment.
#[derive(Clone, Debug)]
pub struct FlagReport<'a> {
    /// The flag.
    pub flag: &'a Flag,
    /// What is known about it.
    pub state: FlagState,
    /// The findings that decide it: those it depends on where it is not assessed.
    pub because: Vec<&'a Indicator>,
}

/// In which setting a case is assessed, and how scores become probabilities.
///
/// [`Model::options`] gives those of the knowledge base.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Options {
    /// The setting.
    pub setting: SettingId,
    /// The link.
    pub link: Link,
}

/// Space for one assessment after another, so that none needs a new allocation.
#[derive(Debug, Default)]
pub struct Scratch {
    space: Space,
    last: Option<Assessment>,
}

impl Scratch {
    /// Empty space.
    pub fn new() -> Self {
        Self::default()
    }
}

impl Model {
    /// The default setting and link of the knowledge base.
    pub fn options(&self) -> Options {
        let kb = &self.inner.kb;
        Options { setting: kb.default_setting().id().clone(), link: kb.link() }
    }

    /// Assesses a case in the default setting, by the default link.
    ///
    /// A case of another knowledge base is carried over by name first; [`Case::dropped`] of the result's case
    /// lists what this one has not.
    pub fn assess(&self, case: &Case) -> Assessment {
        let kb = &self.inner.kb;
        self.assess_into(case, kb.inner.default_setting, kb.link(), &mut Space::default(), None)
    }

    /// Assesses a case in a setting and by a link of the caller's choice, reusing space.
    ///
    /// # Errors
    /// [`UnknownName`] where the knowledge base has no such setting.
    pub fn assess_with<'s>(
        &self,
        case: &Case,
        options: &Options,
        scratch: &'s mut Scratch,
    ) -> Result<&'s Assessment, UnknownName> {
        let setting = self.setting(&options.setting)?;
        let last = scratch.last.take().filter(|last| Arc::ptr_eq(&last.model.inner, &self.inner));
        let assessment = self.assess_into(case, setting, options.link, &mut scratch.space, last);
        Ok(scratch.last.insert(assessment))
    }

    /// Assesses a case, in the room of an earlier assessment by this model where there is one.
    fn assess_into(
        &self,
        case: &Case,
        setting: SettingIx,
        link: Link,
        space: &mut Space,
        last: Option<Assessment>,
    ) -> Assessment {
        let case = self.adopt(case);
        let mut outcome = last.map_or_else(|| Outcome::of(&self.inner), |last| last.outcome);
        self.inner.evaluate(&case, setting, link, space, &mut outcome);
        Assessment { model: self.clone(), case, setting, link, outcome }
    }
}

impl Assessment {
    pub(crate) fn setting_ix(&self) -> SettingIx {
        self.setting
    }

    pub(crate) fn standing(&self, cause: CauseIx) -> &Standing {
        &self.outcome.standings[cause]
    }

    /// The model that made it.
    pub fn model(&self) -> &Model {
        &self.model
    }

    /// The case, its findings closed under what follows from them.
    pub fn case(&self) -> &Case {
        &self.case
    }

    /// The setting whose priors and weights were used.
    pub fn setting(&self) -> &Setting {
        &self.model.inner.kb.inner.settings[self.setting]
    }

    /// How scores became probabilities.
    pub fn link(&self) -> Link {
        self.link
    }

    /// The knowledge base's notice, which belongs to every result.
    pub fn notice(&self) -> &str {
        self.model.inner.kb.notice()
    }

    /// The named causes, first first: by score, then by score without gates, then by identifier.
    /// Excluded causes are not in it.
    pub fn ranking(&self) -> impl ExactSizeIterator<Item = Candidate<'_>> + DoubleEndedIterator {
        self.outcome.order.iter().map(|cause| Candidate { assessment: self, cause: *cause })
    }

    /// The cause of rank 1.
    pub fn first(&self) -> Candidate<'_> {
        // INVARIANT: validation leaves a cause that no gate can close, so the ranking is never empty.
        let cause = self.outcome.order.first().copied().unwrap_or_else(|| CauseIx::at(0));
        Candidate { assessment: self, cause }
    }

    /// The causes that a gate took out of the ranking.
    pub fn excluded(&self) -> impl Iterator<Item = Candidate<'_>> {
        let all = self.outcome.standings.enumerate();
        all.filter(|(_, standing)| standing.is_excluded)
            .map(|(cause, _)| Candidate { assessment: self, cause })
    }

    /// A cause, ranked or excluded.
    ///
    /// # Errors
    /// [`UnknownName`] where the knowledge base has no such cause.
    pub fn cause(&self, id: &str) -> Result<Candidate<'_>, UnknownName> {
        let kb = &*self.model.inner.kb.inner;
        let known = || kb.causes.iter().map(|cause| cause.id.as_str());
        let cause = kb.cause(id).ok_or_else(|| UnknownName::new("cause", id, known()))?;
        Ok(Candidate { assessment: self, cause })
    }

    /// Every named cause, ranked or excluded, in the order of the identifiers.
    pub fn causes(&self) -> impl ExactSizeIterator<Item = Candidate<'_>> {
        let causes = 0..self.outcome.standings.len();
        causes.map(|at| Candidate { assessment: self, cause: CauseIx::at(at) })
    }

    /// The groups in which something is known: their positions in [`KnowledgeBase::groups`](crate::KnowledgeBase::groups), each
    /// with the number of its joint state, below [`Group::states`](crate::Group::states). In one setting equal states of a group
    /// weigh the same by the same figures; state 0 weighs nothing.
    pub fn states(&self) -> impl Iterator<Item = (usize, usize)> {
        self.case.active().iter().map(|(group, state)| (group.position(), *state))
    }

    /// The comparator: what every score is against.
    pub fn comparator(&self) -> Waterline<'_> {
        Waterline { assessment: self }
    }

    /// Every flag, emergencies first, with what is known about it.
    pub fn flags(&self) -> impl Iterator<Item = FlagReport<'_>> {
        self.model.inner.kb.inner.flags.iter().map(|flag| {
            let (truth, because) = self.decide(&flag.formula);
            let state = match truth {
                Truth::True => FlagState::Raised,
                Truth::False => FlagState::Cleared,
                Truth::Undetermined => FlagState::NotAssessed,
            };
            FlagReport { flag, state, because }
        })
    }

    /// The indicators nobody has looked at.
    pub fn not_asked(&self) -> impl Iterator<Item = &Indicator> {
        self.case.not_asked()
    }

    /// The truth of a formula in the case, and the findings that decide it.
    fn decide(&self, formula: &crate::knowledge::Formula) -> (Truth, Vec<&Indicator>) {
        let answer = |indicator: IndicatorIx| self.case.code(indicator);
        let truth = formula.evaluate(&answer);
        let decisive = formula.decisive(truth, &answer);
        (truth, decisive.into_iter().map(|ix| &self.model.inner.kb.inner.indicators[ix]).collect())
    }
}

impl<'a> Candidate<'a> {
    fn standing(self) -> &'a Standing {
        self.assessment.standing(self.cause)
    }

    /// The cause.
    pub fn cause(self) -> &'a Cause {
        &self.assessment.model.inner.kb.inner.causes[self.cause]
    }

    /// The cause's identifier.
    pub fn id(self) -> &'a CauseId {
        &self.cause().id
    }

    /// The cause's title.
    pub fn title(self) -> &'a str {
        self.cause().title()
    }

    /// The pretest probability in this setting: the prior itself under `exclusive`, against the comparator
    /// alone under `independent`.
    pub fn prior(self) -> Probability {
        let (prior, log_odds) = self.assessment.setting().priors[self.cause];
        match self.assessment.link {
            Link::Exclusive => prior,
            Link::Independent => log_odds.probability(),
        }
    }

    /// The score: log-odds against the comparator, gates included.
    pub fn score(self) -> LogOdds {
        self.standing().score
    }

    /// The score without gates: prior and evidence.
    pub fn score_ungated(self) -> LogOdds {
        self.standing().raw
    }

    /// The probability after findings and gates; none where the cause is excluded.
    pub fn posterior(self) -> Option<Probability> {
        (!self.standing().is_excluded).then_some(self.standing().posterior)
    }

    /// The probability after findings, had no gate been there.
    pub fn posterior_ungated(self) -> Probability {
        self.standing().posterior_ungated
    }

    /// Where its cause stands among [`KnowledgeBase::causes`](crate::KnowledgeBase::causes), from 0: a place for what a
    /// caller keeps beside each cause.
    pub fn position(self) -> usize {
        self.cause.position()
    }

    /// The rank among the named causes, from 1; none where the cause is excluded.
    pub fn rank(self) -> Option<usize> {
        Some(self.standing().rank).filter(|rank| *rank > 0)
    }

    /// The rank among the named causes, had no gate been there.
    pub fn rank_ungated(self) -> usize {
        self.standing().rank_ungated
    }

    /// Whether the cause stands above the comparator: likelier than something else.
    pub fn leads(self) -> bool {
        !self.standing().is_excluded && self.score() > LogOdds::EVEN
    }

    /// By how much the cause stands below the one ranked just above it; none for the first.
    pub fn margin(self) -> Option<Weight> {
        let above = self.rank()?.checked_sub(2)?;
        let above = self.assessment.outcome.order.get(above)?;
        Some(self.assessment.standing(*above).score - self.score())
    }

    /// How close the cause stands to the one ranked just above it.
    pub fn closeness(self) -> Closeness {
        let groups = self.assessment.model.inner.kb.inner.groups.len();
        let tie = Weight::from_nanodecibans(i64::try_from(groups + 1).unwrap_or(i64::MAX));
        match self.margin() {
            Some(margin) if margin <= tie => Closeness::Tie,
            Some(margin) if margin < Weight::DECIBAN => Closeness::NearTie,
            Some(_) | None => Closeness::Clear,
        }
    }

    /// By how much gates moved the score; never above zero.
    pub fn gate_effect(self) -> Weight {
        self.score() - self.score_ungated()
    }

    /// The gates that keep the cause from leading: closed `requires`, whether or not they move it now.
    pub fn held_by(self) -> Vec<Bar<'a>> {
        self.bars(|rule| matches!(rule, GateRule::Requires(_)))
    }

    /// Whether a gate keeps the cause from leading, whether or not it moves it now: whether [`Candidate::held_by`] names one.
    pub fn is_closed(self) -> bool {
        self.standing().is_closed
    }

    /// The highest score that the caps in force leave the cause; none where there is none.
    pub fn cap(self) -> Option<LogOdds> {
        let gates = self.assessment.model.inner.kb.inner.gates.iter();
        let of_cause = gates.filter(|gate| gate.cause == self.cause);
        let in_force =
            |gate: &Gate| gate.level().filter(|_| gate.truth(&self.assessment.case) == Truth::True);
        of_cause.filter_map(in_force).min()
    }

    /// The caps in force.
    pub fn capped_by(self) -> Vec<Bar<'a>> {
        self.bars(|rule| matches!(rule, GateRule::Caps(_)))
    }

    /// The gates that took the cause out of the ranking.
    pub fn excluded_by(self) -> Vec<Bar<'a>> {
        self.bars(|rule| matches!(rule, GateRule::Excludes))
    }

    /// The gates of a kind that act on the cause.
    fn bars(self, kind: impl Fn(GateRule) -> bool) -> Vec<Bar<'a>> {
        let gates = self.assessment.model.inner.kb.inner.gates.iter();
        gates
            .filter(|gate| gate.cause == self.cause && kind(gate.rule))
            .map(|gate| {
                let (truth, because) = self.assessment.decide(&gate.formula);
                Bar { gate, truth, because }
            })
            .filter(Bar::acts)
            .collect()
    }
}

impl Bar<'_> {
    /// Whether a gate with such a condition acts.
    fn acts(&self) -> bool {
        match self.gate.rule {
            GateRule::Requires(crate::document::GateMode::Strict) => self.truth != Truth::True,
            GateRule::Requires(crate::document::GateMode::Lenient) => self.truth == Truth::False,
            GateRule::Caps(_) | GateRule::Excludes => self.truth == Truth::True,
        }
    }
}

impl<'a> Waterline<'a> {
    /// The comparator's identifier.
    pub fn id(self) -> &'a CauseId {
        self.assessment.model.inner.kb.comparator()
    }

    /// The comparator's title.
    pub fn title(self) -> &'a str {
        self.assessment.model.inner.kb.comparator_title()
    }

    /// Its pretest probability: what the named causes leave over. A reference line of 50 % under `independent`.
    pub fn prior(self) -> Probability {
        match self.assessment.link {
            Link::Exclusive => self.assessment.setting().comparator_prior(),
            Link::Independent => Probability::EVEN,
        }
    }

    /// Its probability after findings and gates; the reference line under `independent`.
    pub fn posterior(self) -> Probability {
        self.assessment.outcome.comparator.0
    }

    /// Its probability after findings, had no gate been there.
    pub fn posterior_ungated(self) -> Probability {
        self.assessment.outcome.comparator.1
    }
}
