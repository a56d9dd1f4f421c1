//! The smallest set of given answers that keeps the first cause, whatever the rest.

use super::settled::{Settled, Witness};
use super::{Ask, Budget, Probe, Purse, Who, is_answered};
use crate::assessment::Assessment;
use crate::case::Case;
use crate::explanation::{finding_text, lower_first};
use crate::id::IndicatorId;
use crate::index::IndicatorIx;
use crate::knowledge::UNKNOWN;

/// Given answers that suffice for the first cause.
///
/// Prints as a sentence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Essential {
    indicators: Vec<IndicatorId>,
    words: Vec<String>,
    title: String,
}

/// Whether given answers keep the first cause whatever the rest.
///
/// Prints as a sentence.
#[derive(Clone, Debug, PartialEq)]
pub enum Sufficient {
    /// These do, and no smaller set does.
    Smallest(Essential),
    /// Not even all of them do: unanswered questions can still change the first cause.
    NotSettled(Witness),
    /// The budget ran out.
    Undecided {
        /// The best that was found: it suffices, but there may be a smaller set. None where not even all given answers are
        /// known to suffice.
        best: Option<Essential>,
    },
}

impl Essential {
    /// The indicators whose answers are needed.
    pub fn indicators(&self) -> &[IndicatorId] {
        &self.indicators
    }

    /// What suffices, in a sentence.
    pub fn sentence(&self) -> String {
        match self.words.as_slice() {
            [] => format!("{} is first whatever is answered.", self.title),
            words => {
                let words: Vec<String> =
                    words.iter().map(|words| format!("\"{}\"", lower_first(words))).collect();
                let list = words.join(", ");
                format!("This result rests on {list}: with that, {} is first whatever the rest.", self.title)
            }
        }
    }
}

impl Sufficient {
    /// The answers that were found to suffice.
    pub fn essential(&self) -> Option<&Essential> {
        match self {
            Self::Smallest(essential) => Some(essential),
            Self::Undecided { best } => best.as_ref(),
            Self::NotSettled(_) => None,
        }
    }

    /// What was found, in a sentence.
    pub fn sentence(&self) -> String {
        match self {
            Self::Smallest(essential) => essential.sentence(),
            Self::Undecided { best: Some(best) } => format!("{} Fewer answers may do.", best.sentence()),
            Self::Undecided { best: None } => {
                "It is not known whether the given answers keep this result whatever the rest.".to_owned()
            }
            Self::NotSettled(witness) => {
                format!("The given answers do not keep this result. {}", witness.sentence())
            }
        }
    }
}

impl Assessment {
    /// The smallest set of given answers that keeps the first cause for every answer, or none, to all other questions.
    /// Questions that `ask` leaves out count as never answered, unless they are; findings that could not be assessed stay so.
    ///
    /// Answers are first left out one by one; then every smaller set is tried, as far as the budget reaches.
    ///
    /// ```
    /// # fn main() -> Result<(), aetia::Error> {
    /// # let model = aetia::Document::from_toml(include_str!("../../docs/tiny.toml"))?.validate()?.compile();
    /// use aetia::{Ask, Budget, Sufficient};
    /// let case = model.case().absent("night_pain")?.present("raised_crp")?.build()?;
    /// let Sufficient::Smallest(essential) = model.assess(&case).sufficient(&Ask::default(), &Budget::default()) else { panic!() };
    /// assert_eq!(essential.indicators()[0].as_str(), "night_pain");
    /// # Ok(())
    /// # }
    /// ```
    pub fn sufficient(&self, ask: &Ask, budget: &Budget) -> Sufficient {
        let mut probe = Probe::of(self);
        let Some(leader) = probe.first(self.case()) else { return Sufficient::Undecided { best: None } };
        let kb = probe.kb();
        let given: Vec<IndicatorIx> =
            kb.indicators.indices().filter(|ix| is_answered(self.case().given_code(*ix))).collect();
        let mut search = Keep { assessment: self, given: &given, leader, ask, budget, is_sure: true };
        match search.keeps(&given) {
            Settled::Proved => {}
            Settled::Open(witness) => return Sufficient::NotSettled(witness),
            Settled::Undecided => return Sufficient::Undecided { best: None },
        }
        let mut kept = given.clone();
        for ix in &given {
            let fewer: Vec<IndicatorIx> = kept.iter().copied().filter(|other| other != ix).collect();
            if search.keeps(&fewer) == Settled::Proved {
                kept = fewer;
            }
        }
        // Sets as small as the one that is known need not be tried.
        let mut purse = Purse(budget.nodes / 16);
        for size in 0..kept.len() {
            match search.of_size(size, 0, &mut Vec::new(), &mut purse) {
                Some(smaller) => {
                    kept = smaller;
                    break;
                }
                None if purse.0 == 0 => return Sufficient::Undecided { best: Some(search.essential(&kept)) },
                None => {}
            }
        }
        let essential = search.essential(&kept);
        if search.is_sure {
            Sufficient::Smallest(essential)
        } else {
            Sufficient::Undecided { best: Some(essential) }
        }
    }
}

/// A search for answers that keep the first cause.
struct Keep<'a> {
    assessment: &'a Assessment,
    given: &'a [IndicatorIx],
    leader: crate::index::CauseIx,
    ask: &'a Ask,
    budget: &'a Budget,
    /// Whether every set that was tried was decided.
    is_sure: bool,
}

impl Keep<'_> {
    /// Whether these answers alone keep the first cause.
    fn keeps(&mut self, kept: &[IndicatorIx]) -> Settled {
        let assessment = self.assessment;
        let dropped = self.given.iter().filter(|ix| !kept.contains(ix)).map(|ix| (*ix, UNKNOWN));
        // Fewer answers contradict nothing.
        let Some(case) = assessment.case().with(&dropped.collect::<Vec<_>>()) else {
            return Settled::Undecided;
        };
        let settled = self.settle(&case);
        self.is_sure &= settled != Settled::Undecided;
        settled
    }

    fn settle(&self, case: &Case) -> Settled {
        let mut probe = Probe::on(&self.assessment.model().inner, self.assessment.setting_ix(), case);
        if probe.first(case) != Some(self.leader) {
            return probe.witness(&Vec::new());
        }
        // What was answered could be answered otherwise, whoever is asked.
        let askable = probe.open(self.ask.who);
        let is_free = |ix: &IndicatorIx| askable.contains(ix) || self.given.contains(ix);
        let open: Vec<IndicatorIx> = probe.open(Who::Anyone).into_iter().filter(is_free).collect();
        probe.settle(&open, self.budget)
    }

    /// The first set of a size, in order, that keeps the first cause.
    fn of_size(
        &mut self,
        size: usize,
        start: usize,
        chosen: &mut Vec<IndicatorIx>,
        purse: &mut Purse,
    ) -> Option<Vec<IndicatorIx>> {
        if chosen.len() == size {
            let is_kept = purse.pay() && self.keeps(chosen) == Settled::Proved;
            return is_kept.then(|| chosen.clone());
        }
        for (at, ix) in self.given.iter().enumerate().skip(start) {
            if purse.0 == 0 {
                return None;
            }
            chosen.push(*ix);
            let found = self.of_size(size, at + 1, chosen, purse);
            chosen.pop();
            if found.is_some() {
                return found;
            }
        }
        None
    }

    fn essential(&self, kept: &[IndicatorIx]) -> Essential {
        let kb = &*self.assessment.model().inner.kb.inner;
        let words =
            |ix: &IndicatorIx| finding_text(&kb.indicators[*ix], self.assessment.case().finding_at(*ix));
        Essential {
            indicators: kept.iter().map(|ix| kb.indicators[*ix].id.clone()).collect(),
            words: kept.iter().map(words).collect(),
            title: kb.causes[self.leader].title().to_owned(),
        }
    }
}
