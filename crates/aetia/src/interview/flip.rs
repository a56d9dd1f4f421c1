//! The fewest answers that would change the first cause, and what it would take for a cause to be first.

use super::search::Found;
use super::{Answers, Budget, Change, Probe, Purse};
use crate::assessment::Assessment;
use crate::belief::Weight;
use crate::case::UnknownName;
use crate::explanation::lower_first;
use crate::id::{CauseId, GateId};
use crate::index::CauseIx;

/// Other answers, and the first cause they lead to: run by the engine, not inferred from a bound.
///
/// Prints as a sentence.
#[derive(Clone, Debug, PartialEq)]
pub struct Alternative {
    changes: Vec<Change>,
    first: CauseId,
    title: String,
    cost: f64,
}

/// The fewest changed or newly given answers that do something.
#[derive(Clone, Debug, PartialEq)]
pub enum Flip {
    /// These are the fewest; among sets as small, the cheapest that was met.
    Fewest(Alternative),
    /// No answers do it: proved.
    Never,
    /// The budget ran out.
    Undecided {
        /// No set of fewer answers does it.
        at_least: usize,
        /// The best that was found: none of its answers can be left out, but there may be a smaller set.
        best: Option<Alternative>,
    },
}

/// What it would take for a cause to be first.
///
/// Prints as a paragraph.
#[derive(Clone, Debug, PartialEq)]
pub struct WhyNot {
    cause: CauseId,
    title: String,
    first: CauseId,
    title_of_first: String,
    deficit: Weight,
    gates: Vec<Bar>,
    flip: Option<Flip>,
}

/// A gate that bars the cause, and the findings that decide it.
#[derive(Clone, Debug, PartialEq)]
struct Bar {
    gate: GateId,
    title: String,
    because: Vec<String>,
}

impl Alternative {
    /// The answers, changed or newly given.
    pub fn changes(&self) -> &[Change] {
        &self.changes
    }

    /// The first cause with them.
    pub fn first(&self) -> &CauseId {
        &self.first
    }

    /// What the answers cost together, in the author's unit.
    pub fn cost(&self) -> f64 {
        self.cost
    }

    /// The answers and what they do, in a sentence.
    pub fn sentence(&self) -> String {
        format!("{}, {} would be first.", supposed(&self.changes), self.title)
    }
}

impl Flip {
    /// The answers that were found, be they the fewest or not.
    pub fn alternative(&self) -> Option<&Alternative> {
        match self {
            Self::Fewest(alternative) => Some(alternative),
            Self::Undecided { best, .. } => best.as_ref(),
            Self::Never => None,
        }
    }

    /// What was found, in a sentence.
    pub fn sentence(&self) -> String {
        match self {
            Self::Fewest(alternative) => alternative.sentence(),
            Self::Never => "No answers would change this.".to_owned(),
            Self::Undecided { at_least, best: Some(best) } => {
                format!("{} Fewer answers may do; {} at least are needed.", best.sentence(), at_least)
            }
            Self::Undecided { at_least, best: None } => {
                format!("No answers were found that would change this; {at_least} at least are needed.")
            }
        }
    }
}

/// Changes as the beginning of a sentence.
pub(super) fn supposed(changes: &[Change]) -> String {
    let were = if changes.len() == 1 { "answer were" } else { "answers were" };
    format!("If the {were} {}", listed(changes))
}

/// Changes in a sentence.
fn listed(changes: &[Change]) -> String {
    let text = |change: &Change| {
        let words = lower_first(change.words());
        match change.was() {
            Some(was) => format!("\"{words}\" in place of \"{}\"", lower_first(was)),
            None => format!("\"{words}\""),
        }
    };
    changes.iter().map(text).collect::<Vec<_>>().join(", ")
}

impl WhyNot {
    /// The cause.
    pub fn cause(&self) -> &CauseId {
        &self.cause
    }

    /// The cause that is first instead; the cause itself where it is first.
    pub fn first(&self) -> &CauseId {
        &self.first
    }

    /// By how much the cause stands below the first without gates; negative where only gates keep it from being first.
    pub fn deficit(&self) -> Weight {
        self.deficit
    }

    /// The gates that bar it now.
    pub fn gates(&self) -> impl Iterator<Item = &GateId> {
        self.gates.iter().map(|bar| &bar.gate)
    }

    /// The fewest answers after which it would be first; none where it is.
    pub fn flip(&self) -> Option<&Flip> {
        self.flip.as_ref()
    }

    /// What keeps the cause from being first, and what it would take: one sentence for each.
    pub fn sentences(&self) -> Vec<String> {
        let Some(flip) = &self.flip else { return vec![format!("{} is first.", self.title)] };
        let mut sentences = Vec::new();
        if self.deficit > Weight::ZERO {
            sentences.push(format!(
                "{} stands {:.1} dB below {} by evidence and prior.",
                self.title,
                self.deficit.decibans(),
                self.title_of_first
            ));
        } else {
            sentences.push(format!(
                "{} does not stand below {} by evidence and prior; a gate keeps it from being first.",
                self.title, self.title_of_first
            ));
        }
        for bar in &self.gates {
            let because = bar.because.iter().map(|title| lower_first(title)).collect::<Vec<_>>().join(", ");
            sentences.push(format!("The gate \"{}\" bars it; what decides it: {because}.", bar.title));
        }
        sentences.push(flip.sentence());
        sentences
    }
}

impl Assessment {
    /// The fewest answers, changed or newly given, with which another cause would be first. Findings that could not be
    /// assessed stay so.
    ///
    /// Sets are tried in the order of their size, those that a bound excludes left out; the first size that does it is
    /// the smallest. Within it the cheapest set is taken.
    ///
    /// ```
    /// # fn main() -> Result<(), aetia::Error> {
    /// # let model = aetia::Document::from_toml(include_str!("../../docs/tiny.toml"))?.validate()?.compile();
    /// use aetia::Budget;
    /// let assessment = model.assess(&model.case().present("raised_crp")?.number("age_at_onset", 30.0)?.build()?);
    /// let flip = assessment.flip(&Budget::default());
    /// let change = &flip.alternative().expect("a gate is not open yet").changes()[0];
    /// assert_eq!((change.indicator().as_str(), change.key()), ("night_pain", "present"));
    /// assert_eq!(flip.sentence(), "If the answer were \"night pain\", Inflammatory back pain would be first.");
    /// # Ok(())
    /// # }
    /// ```
    pub fn flip(&self, budget: &Budget) -> Flip {
        Probe::of(self).flip(None, budget)
    }

    /// What it would take for a cause to be first: how far it is below by evidence and prior, the gates that bar it, and
    /// the fewest answers that would do it.
    ///
    /// # Errors
    /// [`UnknownName`] where the knowledge base has no such cause.
    ///
    /// ```
    /// # fn main() -> Result<(), aetia::Error> {
    /// # let model = aetia::Document::from_toml(include_str!("../../docs/tiny.toml"))?.validate()?.compile();
    /// let assessment = model.assess(&model.case().present("raised_crp")?.build()?);
    /// let why_not = assessment.why_not("inflammatory", &aetia::Budget::default())?;
    /// assert_eq!(why_not.gates().count(), 1);
    /// # Ok(())
    /// # }
    /// ```
    pub fn why_not(&self, cause: &str, budget: &Budget) -> Result<WhyNot, UnknownName> {
        let (candidate, first) = (self.cause(cause)?, self.first());
        let bars =
            candidate.held_by().into_iter().chain(candidate.capped_by()).chain(candidate.excluded_by());
        let gates = bars.map(|bar| Bar {
            gate: bar.gate.id().clone(),
            title: bar.gate.title().to_owned(),
            because: bar.because.iter().map(|indicator| indicator.title().to_owned()).collect(),
        });
        let is_first = candidate.id() == first.id();
        Ok(WhyNot {
            cause: candidate.id().clone(),
            title: candidate.title().to_owned(),
            first: first.id().clone(),
            title_of_first: first.title().to_owned(),
            deficit: first.score_ungated() - candidate.score_ungated(),
            gates: gates.collect(),
            flip: (!is_first).then(|| Probe::of(self).flip(Some(candidate.cause), budget)),
        })
    }
}

impl Probe<'_> {
    fn flip(&mut self, target: Option<CauseIx>, budget: &Budget) -> Flip {
        let Some(leader) = self.first(self.case) else { return Flip::Never };
        match self.fewest(leader, target, budget) {
            Found::Fewest(answers) => {
                self.alternative(&answers).map_or(Flip::Undecided { at_least: 1, best: None }, Flip::Fewest)
            }
            Found::Nothing => Flip::Never,
            Found::Undecided(at_least) => {
                let best = self.nearby(leader, target, budget);
                Flip::Undecided { at_least, best: best.and_then(|answers| self.alternative(&answers)) }
            }
        }
    }

    /// A set that a push for the target, or for one rival after another, comes to: the smallest of them.
    fn nearby(&mut self, leader: CauseIx, target: Option<CauseIx>, budget: &Budget) -> Option<Answers> {
        let mut purse = Purse(budget.nodes);
        let changeable = self.changeable();
        let rivals = self.kb().causes.indices().filter(|it| *it != leader && target.is_none_or(|t| t == *it));
        let mut best: Option<Answers> = None;
        for rival in rivals {
            let answers = self.push(rival, leader, &changeable, &mut purse);
            let is_wanted = |first: CauseIx| target.map_or(first != leader, |target| first == target);
            if self.first_with(&answers).is_some_and(is_wanted) {
                let answers = self.shrunk(answers, &is_wanted);
                let is_better =
                    |best: &Answers| (answers.len(), self.cost(&answers)) < (best.len(), self.cost(best));
                if best.as_ref().is_none_or(is_better) {
                    best = Some(answers);
                }
            }
        }
        best
    }

    fn alternative(&mut self, answers: &Answers) -> Option<Alternative> {
        let first = self.first_with(answers)?;
        let cause = &self.kb().causes[first];
        Some(Alternative {
            changes: self.changes(answers),
            first: cause.id.clone(),
            title: cause.title().to_owned(),
            cost: answers.iter().map(|(ix, _)| self.kb().indicators[*ix].cost()).sum(),
        })
    }
}
