//! Whether the questions that are left can still change the result.

use std::collections::BTreeSet;

use super::bound::Fate;
use super::{Answers, Ask, Budget, Change, Probe, Purse, codes};
use crate::assessment::Assessment;
use crate::case::{Case, Finding};
use crate::id::{CauseId, FlagId};
use crate::index::{CauseIx, IndicatorIx};
use crate::knowledge::{Formula, Truth};

/// Of what a result is to be settled.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reach {
    /// Which cause is first.
    #[default]
    First,
    /// Which cause is first, and which flags are raised.
    FirstAndFlags,
}

/// Whether the unanswered questions can still change a result.
#[derive(Clone, Debug, PartialEq)]
pub enum Settled {
    /// They cannot, whatever is answered to some or all of them: proved.
    Proved,
    /// They can; here is how.
    Open(Witness),
    /// Neither was found within the budget.
    Undecided,
}

/// Answers that change a result.
///
/// Prints as a sentence.
#[derive(Clone, Debug, PartialEq)]
pub struct Witness {
    pub(super) changes: Vec<Change>,
    pub(super) first: CauseId,
    pub(super) title: String,
    pub(super) raised: Option<FlagId>,
}

impl Witness {
    /// The answers: none of them can be left out.
    pub fn changes(&self) -> &[Change] {
        &self.changes
    }

    /// The first cause with these answers.
    pub fn first(&self) -> &CauseId {
        &self.first
    }

    /// The flag they raise, where it is a flag that changes.
    pub fn raised(&self) -> Option<&FlagId> {
        self.raised.as_ref()
    }

    /// The answers and what they do, in a sentence.
    pub fn sentence(&self) -> String {
        let supposed = super::flip::supposed(&self.changes);
        match &self.raised {
            Some(flag) => format!("{supposed}, the flag `{flag}` would be raised."),
            None => format!("{supposed}, {} would be first.", self.title),
        }
    }
}

impl Assessment {
    /// Whether any answers to the unanswered questions could change the first cause, or the raised flags where `reach`
    /// says so. Questions that `ask` leaves out count as never answered; findings that could not be assessed stay so.
    ///
    /// First each rival is compared with the first cause on its own, group by group: where none can catch up, that is
    /// a proof. Otherwise all completions are tried if there are no more than the budget allows. A witness is always run
    /// by the engine.
    ///
    /// ```
    /// # fn main() -> Result<(), aetia::Error> {
    /// # let model = aetia::Document::from_toml(include_str!("../../docs/tiny.toml"))?.validate()?.compile();
    /// use aetia::{Ask, Budget, Reach, Settled};
    /// let case = model.case().absent("night_pain")?.build()?;
    /// let (ask, budget) = (Ask::default(), Budget::default());
    /// // Without night pain inflammatory back pain cannot be first, whatever else is found.
    /// assert_eq!(model.assess(&case).settled(Reach::First, &ask, &budget), Settled::Proved);
    /// # Ok(())
    /// # }
    /// ```
    pub fn settled(&self, reach: Reach, ask: &Ask, budget: &Budget) -> Settled {
        let mut probe = Probe::of(self);
        let open = probe.open(ask.who);
        let first = probe.settle(&open, budget);
        match (reach, &first) {
            (Reach::First, _) | (Reach::FirstAndFlags, Settled::Open(_)) => first,
            (Reach::FirstAndFlags, Settled::Proved) => probe.settle_flags(&open, budget),
            (Reach::FirstAndFlags, Settled::Undecided) => match probe.settle_flags(&open, budget) {
                Settled::Proved => Settled::Undecided,
                other @ (Settled::Open(_) | Settled::Undecided) => other,
            },
        }
    }

    /// How probable it is that the first cause is still first when every question has been answered; none where there are
    /// more completions than the budget allows, or where the knowledge base does not say how often answers are given.
    ///
    /// ```
    /// # fn main() -> Result<(), aetia::Error> {
    /// # let model = aetia::Document::from_toml(include_str!("../../docs/tiny.toml"))?.validate()?.compile();
    /// use aetia::{Ask, Budget};
    /// let case = model.case().absent("night_pain")?.number("age_at_onset", 50.0)?.build()?;
    /// let same = model.assess(&case).same_decision(&Ask::default(), &Budget::default());
    /// assert_eq!(same.map(|same| format!("{same:.3}")), Some("1.000".to_owned()));
    /// # Ok(())
    /// # }
    /// ```
    pub fn same_decision(&self, ask: &Ask, budget: &Budget) -> Option<f64> {
        let mut probe = Probe::of(self);
        let open = probe.open(ask.who);
        probe.kb().completions(&open, 0, budget)?;
        let raw = probe.raw(self.case());
        let beliefs = super::forecast::beliefs(&raw);
        let first = probe.first(self.case())?;
        same_decision(&Probe::of(self), self.case(), &open, &beliefs, first)
    }
}

/// The probability that `first` is first after all open questions, summed along a tree of answers. `paths` are the
/// probabilities of the causes together with the answers so far, the comparator's first.
fn same_decision(
    root: &Probe<'_>,
    case: &Case,
    open: &[IndicatorIx],
    paths: &[f64],
    first: CauseIx,
) -> Option<f64> {
    let mut probe = Probe::on(root.model, root.setting, case);
    let Some((next, rest)) = open.split_first() else {
        let is_same = probe.first(case) == Some(first);
        return Some(if is_same { paths.iter().fold(0.0, |sum, path| sum + path) } else { 0.0 });
    };
    // What follows from other answers is not asked.
    if case.finding_at(*next) != Finding::Unknown {
        return same_decision(root, case, rest, paths, first);
    }
    let forecast = probe.look_ahead(*next).forecast?;
    let mut same = 0.0;
    for (code, under) in forecast.each() {
        let case = case.with(&[(*next, code)])?;
        let paths: Vec<f64> = paths.iter().zip(under).map(|(path, share)| path * share).collect();
        same += same_decision(root, &case, rest, &paths, first)?;
    }
    Some(same)
}

impl crate::knowledge::Knowledge {
    /// How many completions open questions have, `more` ways for each beside its answers; none where there are more
    /// than the budget allows.
    fn completions(&self, open: &[IndicatorIx], more: usize, budget: &Budget) -> Option<usize> {
        open.iter().try_fold(1_usize, |product, ix| {
            // An indicator with one answer counts too, so that there are never many of them.
            let ways = (self.indicators[*ix].answers.len() + more).max(2);
            product.checked_mul(ways).filter(|product| *product <= budget.completions)
        })
    }
}

impl Probe<'_> {
    /// Whether answers to open questions can change the first cause.
    pub(super) fn settle(&mut self, open: &[IndicatorIx], budget: &Budget) -> Settled {
        let Some(leader) = self.first(self.case) else { return Settled::Undecided };
        let free: BTreeSet<IndicatorIx> = open.iter().copied().collect();
        if self.is_bound(leader, &free) {
            return Settled::Proved;
        }
        if let Some(answers) = self.pushed(leader, open, budget) {
            return self.open_by(&answers, leader);
        }
        // Unknown is a way to complete, too.
        if self.kb().completions(open, 1, budget).is_none() {
            return Settled::Undecided;
        }
        match self.enumerate(leader, open, &mut Vec::new()) {
            Some(answers) => self.open_by(&answers, leader),
            None => Settled::Proved,
        }
    }

    /// Answers that a push for one rival after another finds, if they change the first cause.
    fn pushed(&mut self, leader: CauseIx, open: &[IndicatorIx], budget: &Budget) -> Option<Answers> {
        let mut purse = Purse(budget.completions);
        let rivals = self.kb().causes.indices().filter(|rival| *rival != leader);
        for rival in rivals {
            let answers = self.push(rival, leader, open, &mut purse);
            if self.first_with(&answers) != Some(leader) {
                return Some(answers);
            }
        }
        None
    }

    /// The first answers in order that change the first cause.
    fn enumerate(&mut self, leader: CauseIx, open: &[IndicatorIx], answers: &mut Answers) -> Option<Answers> {
        if self.first_with(answers)? != leader {
            return Some(answers.clone());
        }
        for (at, ix) in open.iter().enumerate() {
            for code in codes(self.kb(), *ix) {
                answers.push((*ix, code));
                let found = self.enumerate(leader, open.get(at + 1..).unwrap_or_default(), answers);
                answers.pop();
                if found.is_some() {
                    return found;
                }
            }
        }
        None
    }

    /// A witness from answers that change the first cause: as few of them as will do.
    fn open_by(&mut self, answers: &Answers, leader: CauseIx) -> Settled {
        let kept = self.shrunk(answers.clone(), &|first| first != leader);
        self.witness(&kept)
    }

    /// Answers as a witness.
    pub(super) fn witness(&mut self, kept: &Answers) -> Settled {
        let Some(first) = self.first_with(kept) else { return Settled::Undecided };
        let cause = &self.kb().causes[first];
        Settled::Open(Witness {
            changes: self.changes(kept),
            first: cause.id.clone(),
            title: cause.title().to_owned(),
            raised: None,
        })
    }

    /// Whether answers to open questions can raise a flag that is not raised.
    fn settle_flags(&mut self, open: &[IndicatorIx], budget: &Budget) -> Settled {
        let free = self.kb().reach(&open.iter().copied().collect());
        let mut purse = Purse(budget.completions);
        for flag in &self.kb().flags {
            if self.fate(&flag.formula, &free) != Fate::Open {
                continue;
            }
            let deciding = self.deciding(&flag.formula, open);
            if let Some(answers) = self.raise(&flag.formula, &deciding, &mut Vec::new(), &mut purse) {
                let first = self.first_with(&answers);
                let Some(cause) = first.map(|first| &self.kb().causes[first]) else { continue };
                return Settled::Open(Witness {
                    changes: self.changes(&answers),
                    first: cause.id.clone(),
                    title: cause.title().to_owned(),
                    raised: Some(flag.id.clone()),
                });
            }
        }
        if purse.0 == 0 { Settled::Undecided } else { Settled::Proved }
    }

    /// The first answers in order that make a condition true.
    fn raise(
        &self,
        formula: &Formula,
        open: &[IndicatorIx],
        answers: &mut Answers,
        purse: &mut Purse,
    ) -> Option<Answers> {
        if !purse.pay() {
            return None;
        }
        let case = self.case.with(answers)?;
        match formula.evaluate(&|indicator| case.code(indicator)) {
            Truth::True => return Some(answers.clone()),
            Truth::False => return None,
            Truth::Undetermined => {}
        }
        for (at, ix) in open.iter().enumerate() {
            for code in codes(self.kb(), *ix).rev() {
                answers.push((*ix, code));
                let found = self.raise(formula, open.get(at + 1..).unwrap_or_default(), answers, purse);
                answers.pop();
                if found.is_some() {
                    return found;
                }
            }
        }
        None
    }

    /// The open questions that may decide a condition: those it reads, and those that imply what it reads.
    fn deciding(&self, formula: &Formula, open: &[IndicatorIx]) -> Vec<IndicatorIx> {
        let kb = self.kb();
        let read = formula.indicators();
        // What implies a finding shares its group.
        let implies = |ix: &IndicatorIx| {
            let is_read = kb.implications.iter().any(|it| it.condition.indicators().contains(ix));
            is_read && read.iter().any(|other| kb.indicators[*other].group == kb.indicators[*ix].group)
        };
        open.iter().copied().filter(|ix| read.contains(ix) || implies(ix)).collect()
    }
}
