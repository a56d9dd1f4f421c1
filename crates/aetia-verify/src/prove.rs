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
use crate::certificate::{Because, CERTIFICATE_FORMAT, Certificate, Part, Readings};
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
        if !scope.intervals {
            return self.prove_as(claim, scope, budget);
        }
        // Refused first, if at all.
        self.plan(claim, scope)?;
        let plain = Scope { intervals: false, ..scope.clone() };
        let as_it_is = self.prove_as(claim, &plain, budget)?;
        if !as_it_is.is_proved() {
            return Ok(as_it_is);
        }
        for (figures, model) in moved::moved(&self.frame, claim) {
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
        let (mut parts, mut margin, mut undecided) = (Vec::new(), None, None);
        let mut sparing = |found: Option<i64>| {
            margin = match (margin, found) {
                (Some(least), Some(found)) => Some(i64::min(least, found)),
                (one, other) => one.or(other),
            };
        };
        for query in &plan.queries {
            meter.nodes = 0;
            let (because, outcome) = self.answer(&plan, query, scope, &mut meter)?;
            let part = |because| Part { setting: query.setting.clone(), about: query.about.clone(), because };
            match (outcome, plan.is_possible) {
                (Answer::Nothing(spare), false) => {
                    sparing(spare);
                    parts.push(part(because));
                }
                (Answer::Found(case, spare), true) => {
                    sparing(spare);
                    parts.push(part(Because::Example(self.named(&case))));
                }
                (Answer::Found(answers, spare), false) => {
                    match self.counterexample(&plan, query, scope, &answers) {
                        Some(case) => {
                            let margin = spare.map(Weight::from_nanodecibans);
                            return Ok(Verdict::Refuted { by: Refutation::Case(Box::new(case)), margin });
                        }
                        None => undecided = undecided.or(Some((None, Unfinished::Boundary))),
                    }
                }
                (Answer::Nothing(spare), true) => {
                    let certificate = self.certificate(claim, scope, &plan, vec![part(because)]);
                    let cause = query.about.clone().unwrap_or_default();
                    let setting = query.setting.clone();
                    return Ok(Verdict::Refuted {
                        by: Refutation::Impossible { cause, setting, certificate },
                        margin: spare.map(Weight::from_nanodecibans),
                    });
                }
                (Answer::Unfinished(bound, why), _) => undecided = undecided.or(Some((bound, why))),
            }
            // Bounds on free weights are not exact: what they leave open once they are likely to leave open again.
            if scope.intervals && undecided.is_some() {
                break;
            }
        }
        if let Some((bound, reason)) = undecided {
            let best_bound = bound.map(Weight::from_nanodecibans);
            return Ok(Verdict::Undecided { best_bound, nodes: meter.nodes, reason });
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
            readings: Readings {
                setting: scope.setting.clone(),
                link: scope.link,
                priors: scope.priors.map_or(0, |most| most.abs().nanodecibans()),
                intervals: scope.intervals,
            },
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

    /// A case that breaks the rule on the engine, in its three forms.
    fn counterexample(
        &self,
        plan: &Plan<'_>,
        query: &Query,
        scope: &Scope,
        answers: &Answers,
    ) -> Option<Counterexample> {
        let change = query.sought.change();
        let options =
            Options { setting: query.setting.parse().ok()?, link: link(self.frame.model, scope.link) };
        let replay = Replay {
            frame: &self.frame,
            model: self.frame.model,
            options,
            forbidden: query.forbidden.clone(),
            change,
            base: plan.base,
            common: plan.other.and_then(|other| self.common(other).ok()),
        };
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
