//! From a claim to queries, and from what became of them to a verdict.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use aetia::{Case, Finding, Link, Model, Options, Target, Weight};

use crate::blocks::{Block, Side, State, Variable, blocks};
use crate::budget::{Budget, Meter, Unfinished};
use crate::certificate::{Because, CERTIFICATE_FORMAT, Certificate, Part, Readings};
use crate::claim::{Claim, Scope};
use crate::faults::Fault;
use crate::formula::{Code, Formula, Truths};
use crate::frame::Frame;
use crate::query::{Asker, Node, Pool};
use crate::refusal::Refusal;
use crate::solve::{Outcome, Problem};
use crate::verdict::{Counterexample, Refutation, Verdict};
use crate::witness::{Answers, Forbidden, Replay, link};
use crate::{record, share};

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
    blocks: RefCell<BTreeMap<String, Rc<Vec<Block>>>>,
}

/// One query of a claim.
pub(crate) struct Query {
    pub(crate) setting: String,
    pub(crate) about: Option<String>,
    pub(crate) forbidden: Forbidden,
    /// What is looked for.
    pub(crate) sought: Sought,
}

/// What a query looks for.
#[derive(Clone, Debug)]
pub(crate) enum Sought {
    First {
        cause: usize,
        unless: Option<Formula>,
    },
    Leads {
        cause: usize,
        unless: Option<Formula>,
    },
    NotBelow {
        cause: usize,
        other: usize,
        when: Option<Formula>,
    },
    Passed {
        indicator: usize,
        from: Code,
        to: Code,
        cause: usize,
        rival: usize,
    },
    Lowered {
        indicator: usize,
        from: Code,
        to: Code,
        cause: usize,
    },
    Exceeds {
        cause: usize,
        bound: f64,
        when: Option<Formula>,
    },
    Quiet {
        flag: Formula,
        whenever: Formula,
    },
    BothFirst {
        cause: usize,
        other: usize,
    },
    NoneOpen,
    /// A condition has one of these truths.
    Is {
        formula: Formula,
        truths: Truths,
    },
    /// The cause is held back by at least so much.
    Fights {
        cause: usize,
        least: i64,
    },
    /// A condition of one knowledge base is true and that of the other is not.
    RaisedApart {
        one: Formula,
        other: Formula,
    },
}

impl Sought {
    /// The indicator whose answer changes, and from which answer to which; none where the query is about no change.
    pub(crate) fn change(&self) -> Option<(usize, Code, Code)> {
        match self {
            Self::Passed { indicator, from, to, .. } | Self::Lowered { indicator, from, to, .. } => {
                Some((*indicator, *from, *to))
            }
            Self::First { .. }
            | Self::Leads { .. }
            | Self::NotBelow { .. }
            | Self::Exceeds { .. }
            | Self::Quiet { .. }
            | Self::BothFirst { .. }
            | Self::NoneOpen
            | Self::Is { .. }
            | Self::Fights { .. }
            | Self::RaisedApart { .. } => None,
        }
    }
}

/// A claim taken apart.
pub(crate) struct Plan<'c> {
    pub(crate) queries: Vec<Query>,
    /// Whether each query is to have a case.
    pub(crate) is_possible: bool,
    /// What is given already.
    pub(crate) base: Option<&'c Case>,
    /// The other knowledge base.
    pub(crate) other: Option<&'c Model>,
}

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

    /// The settings a claim is about.
    fn settings(&self, scope: &Scope) -> Result<Vec<String>, Refusal> {
        let kb = self.frame.model.knowledge_base();
        let known: Vec<String> = kb.settings().map(|setting| setting.id().to_string()).collect();
        match &scope.setting {
            None => Ok(known),
            Some(only) if known.contains(only) => Ok(vec![only.clone()]),
            Some(other) => Err(Refusal::unknown("setting", other, known.iter())),
        }
    }

    /// Takes a claim apart.
    pub(crate) fn plan<'c>(&self, claim: &'c Claim, scope: &Scope) -> Result<Plan<'c>, Refusal> {
        let plain = |queries| Plan { queries, is_possible: false, base: None, other: None };
        match claim {
            Claim::Rule(rule) => self.rule(rule, scope),
            Claim::Settled { case } => {
                let setting = self.one_setting(scope, None)?;
                let options = Options { setting: parse(&setting)?, link: self.frame.model.options().link };
                let model = self.frame.model;
                let mut scratch = aetia::Scratch::new();
                let assessed = model.assess_with(case, &options, &mut scratch);
                let first = assessed.map_err(|error| Refusal::other(&error))?.first().id().to_string();
                let first = self.frame.cause(&first)?;
                let others = (0..self.frame.causes.len()).filter(|cause| *cause != first);
                let queries = others.map(|cause| Query {
                    setting: setting.clone(),
                    about: self.frame.causes.get(cause).map(|name| (*name).to_owned()),
                    forbidden: Forbidden::NotFirst { cause: first },
                    sought: Sought::First { cause, unless: None },
                });
                Ok(Plan { base: Some(case), ..plain(queries.collect()) })
            }
            Claim::SameFirstAs(other) => {
                let frame = Frame::new(other)?;
                let mut queries = Vec::new();
                for setting in self.settings(scope)? {
                    for (cause, one) in self.frame.causes.iter().enumerate() {
                        for (second, two) in frame.causes.iter().enumerate().filter(|(_, two)| *two != one) {
                            queries.push(Query {
                                setting: setting.clone(),
                                about: Some(format!("{one} {two}")),
                                forbidden: Forbidden::OtherFirst { model: other.clone() },
                                sought: Sought::BothFirst { cause, other: second },
                            });
                        }
                    }
                }
                Ok(Plan { other: Some(other), ..plain(queries) })
            }
        }
    }

    /// The setting of a claim that is about one.
    fn one_setting(&self, scope: &Scope, named: Option<&String>) -> Result<String, Refusal> {
        let default = self.frame.model.knowledge_base().default_setting().id().to_string();
        let setting = named.or(scope.setting.as_ref()).cloned().unwrap_or(default);
        let only = Scope { setting: Some(setting.clone()), ..Scope::default() };
        self.settings(&only).map(|_| setting)
    }

    fn rule<'c>(&self, rule: &aetia::Claim, scope: &Scope) -> Result<Plan<'c>, Refusal> {
        use aetia::Claim as Rule;
        let frame = &self.frame;
        let resolve = |condition: &Option<aetia::Condition>| {
            condition.as_ref().map(|condition| frame.resolve(condition)).transpose()
        };
        let mut is_possible = false;
        let mut settings = self.settings(scope)?;
        let mut found: Vec<(Option<usize>, Sought, Forbidden)> = Vec::new();
        match rule {
            Rule::NeverFirst { cause, unless } => {
                let (cause, unless) = (frame.cause(cause)?, resolve(unless)?);
                let forbidden = Forbidden::First { cause, unless: unless.clone() };
                found.push((None, Sought::First { cause, unless }, forbidden));
            }
            Rule::NeverLeads { cause, unless } => {
                let (cause, unless) = (frame.cause(cause)?, resolve(unless)?);
                let forbidden = Forbidden::Leads { cause, unless: unless.clone() };
                found.push((None, Sought::Leads { cause, unless }, forbidden));
            }
            Rule::ReachableFirst { cause, setting } | Rule::ReachableLeads { cause, setting } => {
                is_possible = true;
                settings = vec![self.one_setting(scope, setting.as_ref())?];
                for cause in self.targets(cause)? {
                    found.push(if matches!(rule, Rule::ReachableFirst { .. }) {
                        let sought = Sought::First { cause, unless: None };
                        (Some(cause), sought, Forbidden::First { cause, unless: None })
                    } else {
                        let sought = Sought::Leads { cause, unless: None };
                        (Some(cause), sought, Forbidden::Leads { cause, unless: None })
                    });
                }
            }
            Rule::AlwaysAbove { upper, lower, when } => {
                let (cause, other, when) = (frame.cause(lower)?, frame.cause(upper)?, resolve(when)?);
                let forbidden = Forbidden::NotBelow { cause, other, when: when.clone() };
                found.push((None, Sought::NotBelow { cause, other, when }, forbidden));
            }
            Rule::Monotone { indicator, from, to, cause, on_score } => {
                let (indicator, cause) = (frame.indicator(indicator)?, frame.cause(cause)?);
                let (from, to) = (frame.code(indicator, from)?, frame.code(indicator, to)?);
                if *on_score {
                    let sought = Sought::Lowered { indicator, from, to, cause };
                    found.push((None, sought, Forbidden::Lowered { cause }));
                } else {
                    for rival in (0..frame.causes.len()).filter(|rival| *rival != cause) {
                        let sought = Sought::Passed { indicator, from, to, cause, rival };
                        found.push((Some(rival), sought, Forbidden::Passed { cause, rival }));
                    }
                }
            }
            Rule::PosteriorAtMost { cause, bound, when } => {
                let (cause, bound, when) = (frame.cause(cause)?, *bound, resolve(when)?);
                let forbidden = Forbidden::Exceeds { cause, bound, when: when.clone() };
                found.push((None, Sought::Exceeds { cause, bound, when }, forbidden));
            }
            Rule::Raised { flag, whenever } => {
                let known = || frame.flags.keys();
                let formula = frame.flags.get(flag.as_str());
                let formula = formula.ok_or_else(|| Refusal::unknown("flag", flag, known()))?.clone();
                let whenever = frame.resolve(whenever)?;
                let forbidden = Forbidden::Quiet { flag: flag.clone(), whenever: whenever.clone() };
                // Flags do not know settings.
                settings.truncate(1);
                found.push((None, Sought::Quiet { flag: formula, whenever }, forbidden));
            }
            Rule::SomeNamedCauseOpen => {
                settings.truncate(1);
                found.push((None, Sought::NoneOpen, Forbidden::NoneOpen));
            }
            _ => return Err(Refusal::other(&"this kind of claim is not known here")),
        }
        let mut queries = Vec::new();
        for setting in &settings {
            queries.extend(found.iter().map(|(about, sought, forbidden)| Query {
                setting: setting.clone(),
                about: about.and_then(|cause| frame.causes.get(cause)).map(|name| (*name).to_owned()),
                forbidden: forbidden.clone(),
                sought: sought.clone(),
            }));
        }
        Ok(Plan { queries, is_possible, base: None, other: None })
    }

    fn targets(&self, target: &Target) -> Result<Vec<usize>, Refusal> {
        match target {
            Target::Every => Ok((0..self.frame.causes.len()).collect()),
            Target::Cause(cause) => self.frame.cause(cause).map(|cause| vec![cause]),
        }
    }

    /// One reading of the answers by this model.
    fn side(&self, setting: &str, put: Option<(usize, Code)>) -> Result<Side<'_, 'm>, Refusal> {
        side(&self.frame, setting, put)
    }

    /// What each variable may be given.
    fn variables(&self, base: Option<&Case>) -> Vec<Variable> {
        let each = self.frame.indicators.iter().zip(&self.frame.answers);
        each.map(|(id, answers)| {
            let least = Code::from(Fault::LeavesOutUnknown.is_in());
            let all = least..=Code::try_from(answers.len()).unwrap_or(Code::MAX);
            let codes = match base.and_then(|base| base.finding(id)) {
                Some(Finding::Answer { answer, inferred: false, .. }) => {
                    let position = answers.iter().position(|key| *key == answer.key());
                    position.and_then(|at| Code::try_from(at + 1).ok()).into_iter().collect()
                }
                Some(Finding::NotAssessable) => vec![0],
                Some(Finding::Unknown | Finding::Answer { .. }) | None => all.collect(),
            };
            Variable { codes }
        })
        .collect()
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

    /// Makes sides, blocks and the formula of a query ready, and hands them on.
    pub(crate) fn with_problem<T>(
        &self,
        plan: &Plan<'_>,
        query: &Query,
        scope: &Scope,
        then: impl FnOnce(Ready<'_, 'm>) -> T,
    ) -> Result<T, Refusal> {
        let setting = &query.setting;
        let other_frame = plan.other.map(Frame::new).transpose()?;
        let change = query.sought.change();
        if let Some(other) = &other_frame {
            if scope.priors.is_some() {
                return Err(Refusal::other(&"two knowledge bases are compared as they are"));
            }
            let known = other.model.knowledge_base().settings().any(|it| it.id().as_str() == setting);
            let theirs = if known { setting.clone() } else { other.model.options().setting.to_string() };
            let (sides, variables) = common(&self.frame, other, setting, &theirs)?;
            let key = format!("{setting} {}", other.model.meaning_hash());
            return self.ready(&sides, &variables, Some(&key), query, scope, then);
        }
        let sides = match change {
            None => vec![self.side(setting, None)?],
            Some((indicator, from, to)) => {
                vec![self.side(setting, Some((indicator, from)))?, self.side(setting, Some((indicator, to)))?]
            }
        };
        let mut variables = self.variables(plan.base);
        if let Some((indicator, ..)) = change
            && let Some(variable) = variables.get_mut(indicator)
        {
            variable.codes = vec![0];
        }
        let key = change.map_or_else(|| setting.clone(), |change| format!("{setting} {change:?}"));
        let cache = plan.base.is_none().then_some(&key);
        self.ready(&sides, &variables, cache, query, scope, then)
    }

    fn ready<T>(
        &self,
        sides: &[Side<'_, '_>],
        variables: &[Variable],
        cache: Option<&String>,
        query: &Query,
        scope: &Scope,
        then: impl FnOnce(Ready<'_, 'm>) -> T,
    ) -> Result<T, Refusal> {
        let mut asker = Asker::new(sides);
        let link = link(self.frame.model, scope.link);
        let node = node(&mut asker, query, link);
        let pool = asker.pool;
        let mut told: BTreeSet<(usize, usize)> = BTreeSet::new();
        for (at, side) in sides.iter().enumerate() {
            told.extend(side.frame.read_by_rules().into_iter().map(|indicator| (at, indicator)));
        }
        let usual = told.clone();
        for (side, formula) in &pool.conditions {
            told.extend(formula.indicators().into_iter().map(|indicator| (*side, indicator)));
        }
        let kept = cache.filter(|_| told == usual);
        let known = kept.and_then(|setting| self.blocks.borrow().get(setting).cloned());
        let blocks = match known {
            Some(known) => known,
            None => {
                let made = Rc::new(blocks(sides, variables, &told)?);
                if let Some(setting) = kept {
                    let mut cache = self.blocks.borrow_mut();
                    // Of the blocks with a change those of one are kept: they are asked for by one claim.
                    cache.retain(|other, _| !other.contains(' '));
                    cache.insert(setting.clone(), made.clone());
                }
                made
            }
        };
        let priors = prior_blocks(sides, scope.priors);
        let all: Vec<&Block> = blocks.iter().chain(&priors).collect();
        Ok(then(Ready { prover: self, sides, blocks: &all, pool: &pool, node: &node, link }))
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
        })
    }
}

/// What became of a query.
pub(crate) enum Answer {
    Nothing(Option<i64>),
    Found(Answers, Option<i64>),
    Unfinished(Option<i64>, Unfinished),
}

/// A query made ready to be solved.
pub(crate) struct Ready<'r, 'm> {
    pub(crate) prover: &'r Prover<'m>,
    pub(crate) sides: &'r [Side<'r, 'r>],
    pub(crate) blocks: &'r [&'r Block],
    pub(crate) pool: &'r Pool,
    pub(crate) node: &'r Node,
    pub(crate) link: Link,
}

impl Ready<'_, '_> {
    pub(crate) fn solve(&self, query: &Query, meter: &mut Meter<'_>) -> (Because, Answer) {
        // Probabilities that compete are no matter of sums.
        let (steps, outcome) = if let Sought::Exceeds { cause, bound, .. } = &query.sought
            && self.link == Link::Exclusive
        {
            share::solve(self, *cause, *bound, meter)
        } else {
            let outcome = Problem::new(self.pool, self.node, self.blocks).solve(meter);
            let steps = match &outcome {
                Outcome::Nothing { steps, .. } => record::steps(self.sides, self.pool, self.blocks, steps),
                Outcome::Found { .. } | Outcome::Unfinished { .. } => Vec::new(),
            };
            (steps, outcome)
        };
        let answer = match outcome {
            Outcome::Nothing { margin, .. } => Answer::Nothing(margin),
            Outcome::Found { states, margin } => Answer::Found(self.answers(&states), margin),
            Outcome::Unfinished { bound, why } => Answer::Unfinished(bound, why),
        };
        (Because::Steps(steps), answer)
    }

    /// What is given in these states, by indicator of the first side.
    fn answers(&self, states: &[usize]) -> Answers {
        let mut answers = Answers::new();
        for (state, block) in states.iter().zip(self.blocks.iter().copied()) {
            let given = block.states.get(*state).map(|state| state.given.as_slice()).unwrap_or_default();
            for (variable, code) in given {
                let first = self.sides.first().and_then(|side| side.variables.get(*variable));
                if let Some((indicator, codes)) = first {
                    answers.insert(*indicator, codes.get(usize::from(*code)).copied().unwrap_or(0));
                }
            }
        }
        answers.retain(|_, code| *code != 0);
        answers
    }
}

/// The formula of a query.
fn node(asker: &mut Asker<'_, '_, '_>, query: &Query, link: Link) -> Node {
    // What is possible comes last: questions are asked in this order.
    let mut parts = Vec::new();
    let mut when = |asker: &mut Asker<'_, '_, '_>, formula: &Option<Formula>, truths: Truths| {
        let node = formula.as_ref().map(|formula| asker.is(0, formula, truths));
        parts.extend(node);
    };
    let sought = match &query.sought {
        Sought::First { cause, unless } => {
            when(asker, unless, Truths::NOT_TRUE);
            asker.first(0, *cause)
        }
        Sought::Leads { cause, unless } => {
            when(asker, unless, Truths::NOT_TRUE);
            asker.leads(0, *cause)
        }
        Sought::NotBelow { cause, other, when: condition } => {
            when(asker, condition, Truths::TRUE);
            if cause == other { asker.excluded(0, *cause).no } else { asker.not_below(0, *cause, *other) }
        }
        Sought::Passed { cause, rival, .. } => {
            let above = asker.not_below(0, *cause, *rival);
            Node::all([above, asker.not_below(1, *rival, *cause)])
        }
        Sought::Lowered { cause, .. } => asker.lowered(*cause),
        Sought::Exceeds { cause, bound, when: condition } => {
            when(asker, condition, Truths::TRUE);
            match link {
                Link::Independent => asker.reaches(0, *cause, share::least_above(*bound)),
                Link::Exclusive => asker.excluded(0, *cause).no,
            }
        }
        Sought::Quiet { flag, whenever } => {
            when(asker, &Some(whenever.clone()), Truths::TRUE);
            asker.is(0, flag, Truths::NOT_TRUE)
        }
        Sought::BothFirst { cause, other } => {
            let first = asker.first(0, *cause);
            Node::all([first, asker.first(1, *other)])
        }
        Sought::Is { formula, truths } => asker.is(0, formula, *truths),
        Sought::Fights { cause, least } => asker.fights(0, *cause, *least),
        Sought::RaisedApart { one, other } => {
            let mut only = |raised: usize| {
                let truths = |side: usize| if side == raised { Truths::TRUE } else { Truths::NOT_TRUE };
                let first = asker.is(0, one, truths(0));
                Node::all([first, asker.is(1, other, truths(1))])
            };
            Node::any([only(0), only(1)])
        }
        Sought::NoneOpen => {
            let causes = asker.sides.first().map_or(0, |side| side.priors.len());
            let closed: Vec<Node> = (0..causes).map(|cause| asker.open(0, cause).no).collect();
            Node::all(closed)
        }
    };
    parts.push(sought);
    asker.pool.late = asker.pool.conditions.len();
    parts.extend((0..asker.sides.len()).map(|side| asker.possible(side)).collect::<Vec<_>>());
    Node::all(parts)
}

/// A block for the priors, one for each cause where they may move.
fn prior_blocks(sides: &[Side<'_, '_>], reach: Option<Weight>) -> Vec<Block> {
    let own: Vec<i64> = sides.iter().flat_map(|side| side.priors.iter().copied()).collect();
    let block = |states: Vec<Vec<i64>>| Block {
        slots: Vec::new(),
        tallies: Vec::new(),
        states: states
            .into_iter()
            .map(|weights| State { codes: Vec::new(), given: Vec::new(), counts: Vec::new(), weights })
            .collect(),
    };
    let Some(reach) = reach.map(|reach| reach.abs().nanodecibans()) else { return vec![block(vec![own])] };
    let causes = sides.first().map_or(0, |side| side.priors.len());
    let moved = |cause: usize, by: i64| {
        let each = own.iter().enumerate();
        // A cause has one prior, on whichever side it is read.
        each.map(|(at, prior)| if at % causes == cause { prior + by } else { 0 }).collect()
    };
    (0..causes).map(|cause| block(vec![moved(cause, -reach), moved(cause, reach)])).collect()
}

pub(crate) fn side<'f, 'm>(
    frame: &'f Frame<'m>,
    setting: &str,
    put: Option<(usize, Code)>,
) -> Result<Side<'f, 'm>, Refusal> {
    let tables = frame.model.tables(setting).map_err(|error| Refusal::other(&error))?;
    let identity = |(indicator, answers): (usize, &Vec<&str>)| {
        (indicator, (0..=Code::try_from(answers.len()).unwrap_or(Code::MAX)).collect())
    };
    Ok(Side {
        frame,
        tables: tables.groups().collect(),
        priors: tables.priors().map(aetia::LogOdds::nanodecibans).collect(),
        put,
        variables: frame.answers.iter().enumerate().map(identity).collect(),
    })
}

/// Two knowledge bases with what both can be asked: indicators of one name and kind, and their common answers.
fn common<'f, 'm>(
    one: &'f Frame<'m>,
    other: &'f Frame<'m>,
    setting: &str,
    theirs: &str,
) -> Result<(Vec<Side<'f, 'm>>, Vec<Variable>), Refusal> {
    let mut sides = [side(one, setting, None)?, side(other, theirs, None)?];
    let (mut first, mut second, mut variables) = (Vec::new(), Vec::new(), Vec::new());
    for (indicator, id) in one.indicators.iter().enumerate() {
        let Ok(twin) = other.indicators.binary_search(id) else { continue };
        let kind = |frame: &Frame<'_>| frame.document().indicators.get(*id).map(|written| written.kind);
        if kind(one) != kind(other) {
            continue;
        }
        let keys = |frame: &Frame<'m>, at: usize| frame.answers.get(at).cloned().unwrap_or_default();
        let (own, their) = (keys(one, indicator), keys(other, twin));
        let place = |position: usize| Code::try_from(position + 1).unwrap_or(Code::MAX);
        let (mut here, mut there) = (vec![0], vec![0]);
        for (position, key) in own.iter().enumerate() {
            if let Some(at) = their.iter().position(|other| other == key) {
                here.push(place(position));
                there.push(place(at));
            }
        }
        variables
            .push(Variable { codes: (0..=Code::try_from(here.len() - 1).unwrap_or(Code::MAX)).collect() });
        first.push((indicator, here));
        second.push((twin, there));
    }
    let [left, right] = &mut sides;
    (left.variables, right.variables) = (first, second);
    Ok((sides.into(), variables))
}

fn parse(setting: &str) -> Result<aetia::SettingId, Refusal> {
    setting.parse().map_err(|error: aetia::InvalidId| Refusal::other(&error))
}
