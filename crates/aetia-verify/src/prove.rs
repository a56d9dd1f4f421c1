//! From a claim to queries, and from what became of them to a verdict.

mod moved;
mod plan;
mod ready;
mod sought;

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use aetia::{Model, Options, Weight};

use crate::blocks::Block;
use crate::budget::{Budget, Meter, Unfinished};
use crate::certificate::{Because, CERTIFICATE_FORMAT, Certificate, Part};
use crate::claim::{Claim, Scope};
use crate::formula::Code;
use crate::frame::Frame;
pub(crate) use crate::prove::plan::{Plan, Query};
pub(crate) use crate::prove::ready::{Answer, Ready};
pub(crate) use crate::prove::sought::Sought;
use crate::refusal::Refusal;
use crate::verdict::{Counterexample, Refutation, Verdict};
use crate::witness::{Answers, Replay, link};

/// Proves a claim about a model, or finds a case that breaks it.
///
/// A claim is about every setting of the knowledge base; one that something is possible is about the default setting,
/// unless it names one.
///
/// ```
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// use aetia_verify::{Budget, prove};
/// let model = aetia::Document::from_toml(include_str!("../../aetia/docs/tiny.toml"))?.validate()?.compile();
/// let rule = "never_first(inflammatory) unless present(night_pain)".parse()?;
/// assert!(prove(&model, &rule, &Budget::default())?.is_proved());
/// # Ok(())
/// # }
/// ```
///
/// # Errors
/// [`Refusal`] where the claim names what the knowledge base has not.
pub fn prove(model: &Model, claim: &Claim, budget: &Budget) -> Result<Verdict, Refusal> {
    prove_within(model, claim, &Scope::default(), budget)
}

/// The same, for some readings of the knowledge base.
///
/// # Errors
/// [`Refusal`] where the claim or the scope names what the knowledge base has not, or asks what has no meaning there.
pub fn prove_within(
    model: &Model,
    claim: &Claim,
    scope: &Scope,
    budget: &Budget,
) -> Result<Verdict, Refusal> {
    Prover::new(model)?.prove(claim, scope, budget)
}

/// Proves one claim after another about a model, and keeps what they have in common.
#[derive(Debug)]
pub struct Prover<'m> {
    pub(crate) frame: Frame<'m>,
    blocks: RefCell<BTreeMap<Name, Rc<Vec<Rc<Block>>>>>,
}

/// What blocks are known by: the readings of the answers, a change of an answer, and what is told apart, by side.
type Name = (String, Option<(usize, Code, Code)>, BTreeSet<(usize, usize)>);

impl<'m> Prover<'m> {
    /// A prover for a model.
    ///
    /// # Errors
    /// [`Refusal`] where the knowledge base is too large to be looked at.
    pub fn new(model: &'m Model) -> Result<Self, Refusal> {
        Ok(Self { frame: Frame::new(model)?, blocks: RefCell::default() })
    }

    /// As [`prove_within`].
    ///
    /// # Errors
    /// As [`prove_within`].
    pub fn prove(&self, claim: &Claim, scope: &Scope, budget: &Budget) -> Result<Verdict, Refusal> {
        let plain = Scope { intervals: false, priors: None, ..scope.clone() };
        if *scope == plain {
            return self.prove_as(claim, scope, budget);
        }
        // Refused first, if at all.
        self.plan(claim, scope)?;
        let as_it_is = self.prove_as(claim, &plain, budget)?;
        if !as_it_is.is_proved() {
            return Ok(as_it_is);
        }
        let moved = match scope.priors {
            Some(most) => moved::shifted(&self.frame, claim, most),
            None => moved::moved(&self.frame, claim),
        };
        for (figures, model) in moved {
            let verdict = Prover::new(&model)?.prove_as(claim, &plain, budget)?;
            if let Verdict::Refuted { by: Refutation::Case(mut case), margin } = verdict {
                case.figures = Some((figures, model.knowledge_base().document().clone()));
                return Ok(Verdict::Refuted { by: Refutation::Case(case), margin });
            }
        }
        self.prove_as(claim, scope, budget)
    }

    fn prove_as(&self, claim: &Claim, scope: &Scope, budget: &Budget) -> Result<Verdict, Refusal> {
        let plan = self.plan(claim, scope)?;
        let mut meter = Meter::new(budget);
        let (mut parts, mut margin, mut nodes) = (Vec::new(), None, 0);
        let mut undecided: Option<(Option<i64>, Unfinished)> = None;
        // What is broken at most is the most of all that is open, and unknown where one of them is.
        let mut is_open = false;
        let mut left_open = |bound: Option<i64>, why| {
            let bound = bound.filter(|_| !plan.is_possible);
            undecided = Some(match undecided {
                None => (bound, why),
                Some((other, first)) => (other.zip(bound).map(|(one, other)| one.max(other)), first),
            });
            undecided.is_some()
        };
        let mut sparing = |found: Option<i64>| {
            margin = match (margin, found) {
                (Some(least), Some(found)) => Some(i64::min(least, found)),
                (one, other) => one.or(other),
            };
        };
        for query in &plan.queries {
            meter.nodes = 0;
            let (because, outcome) = self.answer(&plan, query, scope, &mut meter)?;
            nodes += meter.nodes;
            let part = |because| Part { setting: query.setting.clone(), about: query.about.clone(), because };
            match (outcome, plan.is_possible) {
                (Answer::Nothing(spare), false) => {
                    sparing(spare);
                    parts.push(part(because));
                }
                (Answer::Found(case, spare), true) => {
                    sparing(spare);
                    // Where the engine says so too, with as few answers as will do.
                    let replay = self.replay_of(&plan, query, scope).filter(|replay| replay.breaks(&case));
                    let shown = replay.map_or(case.clone(), |replay| replay.shrunk(&case));
                    parts.push(part(Because::Example(self.named(&shown))));
                }
                (Answer::Found(answers, spare), false) => {
                    match self.counterexample(&plan, query, scope, &answers) {
                        Some(case) => {
                            let margin = spare.map(Weight::from_nanodecibans);
                            return Ok(Verdict::Refuted { by: Refutation::Case(Box::new(case)), margin });
                        }
                        None if scope.intervals || scope.priors.is_some() => {
                            is_open = left_open(None, Unfinished::Moved);
                        }
                        None => is_open = left_open(None, Unfinished::Boundary),
                    }
                }
                (Answer::Nothing(spare), true) => {
                    let cause = query.about.clone().unwrap_or_default();
                    let setting = query.setting.clone();
                    // That it is never so, in the setting where it was to be possible.
                    let is_about_leading = matches!(query.sought, Sought::Leads { .. });
                    let never = if is_about_leading { "never_leads" } else { "never_first" };
                    let never = format!("{never}({cause})");
                    let never = never.parse().map_err(|error: aetia::ClaimError| Refusal::other(&error))?;
                    let scope = Scope { setting: Some(setting.clone()), ..scope.clone() };
                    let part = Part { about: None, ..part(because) };
                    let certificate = self.certificate(&never, &scope, &plan, vec![part]);
                    return Ok(Verdict::Refuted {
                        by: Refutation::Impossible { cause, setting, certificate },
                        margin: spare.map(Weight::from_nanodecibans),
                    });
                }
                (Answer::Unfinished(bound, why), _) => is_open = left_open(bound, why),
            }
            // Bounds on free weights are not exact: what they leave open once they are likely to leave open again.
            if scope.intervals && is_open {
                break;
            }
        }
        if let Some((bound, reason)) = undecided {
            let best_bound = bound.map(Weight::from_nanodecibans);
            return Ok(Verdict::Undecided { best_bound, nodes, reason });
        }
        let certificate = self.certificate(claim, scope, &plan, parts);
        Ok(Verdict::Proved { certificate, margin: margin.map(Weight::from_nanodecibans) })
    }

    fn certificate(&self, claim: &Claim, scope: &Scope, plan: &Plan<'_>, parts: Vec<Part>) -> Certificate {
        let model = self.frame.model;
        let hashes = |model: &Model| (model.source_hash().to_owned(), model.meaning_hash().to_owned());
        let (source, meaning) = hashes(model);
        Certificate {
            format: CERTIFICATE_FORMAT,
            source,
            meaning,
            claim: claim.to_string(),
            other: plan.other.map(hashes),
            readings: scope.into(),
            parts,
        }
    }

    /// Answers by name.
    fn named(&self, answers: &Answers) -> BTreeMap<String, String> {
        let named = answers.iter().filter_map(|(indicator, code)| {
            let keys = self.frame.answers.get(*indicator)?;
            let key = keys.get(usize::from(*code).checked_sub(1)?)?;
            Some(((*self.frame.indicators.get(*indicator)?).to_owned(), (*key).to_owned()))
        });
        named.collect()
    }

    /// Answers one query.
    fn answer(
        &self,
        plan: &Plan<'_>,
        query: &Query,
        scope: &Scope,
        meter: &mut Meter<'_>,
    ) -> Result<(Because, Answer), Refusal> {
        self.with_problem(plan, query, scope, |prepared| prepared.solve(query, meter))
    }

    /// Asks the engine about what a query looks for.
    fn replay_of<'r>(&'r self, plan: &Plan<'r>, query: &Query, scope: &Scope) -> Option<Replay<'r, 'm>> {
        let options =
            Options { setting: query.setting.parse().ok()?, link: link(self.frame.model, scope.link) };
        Some(Replay {
            frame: &self.frame,
            model: self.frame.model,
            options,
            forbidden: query.forbidden.clone(),
            change: query.sought.change(),
            base: plan.base,
            common: plan.other.and_then(|other| self.common(other).ok()),
        })
    }

    /// A case that breaks the rule on the engine, in its three forms.
    fn counterexample(
        &self,
        plan: &Plan<'_>,
        query: &Query,
        scope: &Scope,
        answers: &Answers,
    ) -> Option<Counterexample> {
        let replay = self.replay_of(plan, query, scope)?;
        if !replay.breaks(answers) {
            return None;
        }
        let shrunk = replay.shrunk(answers);
        let likeliest = replay.likeliest(&shrunk);
        let (small, after) = replay.pair(&shrunk)?;
        Some(Counterexample {
            case: replay.pair(answers)?.0,
            most_probable: replay.pair(&likeliest)?.0,
            sentence: replay.sentence(&shrunk),
            shrunk: small,
            after,
            setting: query.setting.clone(),
            figures: None,
        })
    }
}
