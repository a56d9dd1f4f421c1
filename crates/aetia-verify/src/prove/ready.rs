//! A query made ready to be solved: the sides it reads, their blocks and its formula.

use std::collections::BTreeSet;
use std::rc::Rc;

use aetia::{Case, Finding, Link, Weight};

use crate::blocks::{Block, Side, State, Variable, blocks};
use crate::budget::{Meter, Unfinished};
use crate::certificate::Because;
use crate::claim::Scope;
use crate::common::{Both, Common, Shared};
use crate::faults::Fault;
use crate::formula::Code;
use crate::frame::Frame;
use crate::prove::sought::node;
use crate::prove::{Name, Plan, Prover, Query, Sought};
use crate::query::{Asker, Node, Pool};
use crate::refusal::Refusal;
use crate::solve::{Outcome, Problem};
use crate::spread::{Reach, Spread};
use crate::witness::{Answers, link};
use crate::{record, share};

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

    /// What is given in these states, by indicator of the first side. Where two knowledge bases are compared codes are
    /// those of common answers.
    fn answers(&self, states: &[usize]) -> Answers {
        let mut answers = Answers::new();
        for (state, block) in states.iter().zip(self.blocks.iter().copied()) {
            let given = block.states.get(*state).map(|state| state.given.as_slice()).unwrap_or_default();
            for (variable, code) in given {
                let first = self.sides.first().and_then(|side| side.variables.get(*variable));
                if let Some((indicator, _)) = first {
                    answers.insert(*indicator, *code);
                }
            }
        }
        answers.retain(|_, code| *code != 0);
        answers
    }
}

impl<'m> Prover<'m> {
    /// One reading of the answers by this model.
    fn side(
        &self,
        setting: &str,
        put: Option<(usize, Code)>,
        scope: &Scope,
    ) -> Result<Side<'_, 'm>, Refusal> {
        let spread = scope.intervals.then(|| Spread::of(&self.frame, setting).map(Rc::new)).transpose()?;
        Ok(Side { spread, ..side(&self.frame, setting, put)? })
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

    /// Every state of everything in the default setting. Answers that only counts read are told apart where gates or what
    /// is impossible read them.
    pub(crate) fn all_blocks(&self) -> Result<Rc<Vec<Rc<Block>>>, Refusal> {
        let side = side(&self.frame, &self.default_setting(), None)?;
        let read = self.frame.read_by_rules();
        let told = read.into_iter().filter(|it| self.frame.counts(*it)).map(|it| (0, it)).collect();
        self.blocks(&[side], &self.variables(None), None, &told)
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
            let theirs = match &plan.theirs {
                Some(theirs) => theirs.clone(),
                None if known => setting.clone(),
                None => other.model.options().setting.to_string(),
            };
            let common = Common::of(&self.frame, other);
            let (mut sides, variables) = pair(&common, (&self.frame, setting), (other, &theirs))?;
            let is_refusal = matches!(query.sought, Sought::Refused);
            if let Some(second) = sides.last_mut() {
                second.keeps_refused = is_refusal;
            }
            let key = format!("{setting} {theirs} {} {is_refusal}", other.model.meaning_hash());
            return self.ready(&sides, &variables, Some(&key), query, scope, then);
        }
        let sides = match change {
            None => vec![self.side(setting, None, scope)?],
            Some((indicator, from, to)) => {
                vec![
                    self.side(setting, Some((indicator, from)), scope)?,
                    self.side(setting, Some((indicator, to)), scope)?,
                ]
            }
        };
        let variables = self.variables(plan.base);
        let name = if scope.intervals { format!("{setting} intervals") } else { setting.clone() };
        let cached = plan.base.is_none().then_some(name.as_str());
        self.ready(&sides, &variables, cached, query, scope, then)
    }

    /// `cached` names the blocks where others may want them too.
    fn ready<T>(
        &self,
        sides: &[Side<'_, '_>],
        variables: &[Variable],
        cached: Option<&str>,
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
        for (side, formula) in &pool.conditions {
            told.extend(formula.indicators().into_iter().map(|indicator| (*side, indicator)));
        }
        // Only what is counted may be told apart or not.
        told.retain(|(side, indicator)| sides.get(*side).is_some_and(|side| side.frame.counts(*indicator)));
        let priors = prior_blocks(sides, scope.priors);
        let made;
        let blocks = if let (Some(change), Some(first)) = (query.sought.change(), sides.first()) {
            made = self.changed(first, sides, variables, cached, &told, change)?;
            &made
        } else {
            made = self.blocks(sides, variables, cached, &told)?;
            &made
        };
        let all: Vec<&Block> = blocks.iter().map(Rc::as_ref).chain(&priors).collect();
        Ok(then(Ready { prover: self, sides, blocks: &all, pool: &pool, node: &node, link }))
    }

    /// The blocks of some sides, those that were made before used again.
    fn blocks(
        &self,
        sides: &[Side<'_, '_>],
        variables: &[Variable],
        cached: Option<&str>,
        told: &BTreeSet<(usize, usize)>,
    ) -> Result<Rc<Vec<Rc<Block>>>, Refusal> {
        let key = cached.map(|name| (name.to_owned(), None, told.clone()));
        self.made(key, || blocks(sides, variables, told, None))
    }

    /// The blocks of two sides between which one answer changes. A block without it is the same on both.
    fn changed(
        &self,
        first: &Side<'_, '_>,
        sides: &[Side<'_, '_>],
        variables: &[Variable],
        cached: Option<&str>,
        told: &BTreeSet<(usize, usize)>,
        change: (usize, Code, Code),
    ) -> Result<Rc<Vec<Rc<Block>>>, Refusal> {
        let key = cached.map(|name| (name.to_owned(), Some(change), told.clone()));
        self.made(key, || {
            let either: BTreeSet<(usize, usize)> =
                told.iter().map(|(_, indicator)| (0, *indicator)).collect();
            let plain = Side { put: None, ..first.clone() };
            let alone = self.blocks(std::slice::from_ref(&plain), variables, cached, &either)?;
            let mut found: Vec<Rc<Block>> =
                alone.iter().filter(|block| block.slot(0, change.0).is_none()).cloned().collect();
            let mut variables = variables.to_vec();
            if let Some(variable) = variables.get_mut(change.0) {
                variable.codes = vec![0];
            }
            found.extend(blocks(sides, &variables, told, Some(change.0))?);
            Ok(found)
        })
    }

    /// What was made under a name, or what is made now.
    fn made(
        &self,
        key: Option<Name>,
        of: impl FnOnce() -> Result<Vec<Rc<Block>>, Refusal>,
    ) -> Result<Rc<Vec<Rc<Block>>>, Refusal> {
        let known = key.as_ref().and_then(|key| self.blocks.borrow().get(key).cloned());
        if let Some(known) = known {
            return Ok(known);
        }
        let made = Rc::new(of()?);
        if let Some(key) = key {
            let mut known = self.blocks.borrow_mut();
            // Of the blocks with a change those of one are kept: they are asked for by one claim.
            known.retain(|(_, change, _), _| key.1.is_none() || change.is_none() || *change == key.1);
            known.insert(key, made.clone());
        }
        Ok(made)
    }
}

/// A block for the priors, one for each cause where they may move.
fn prior_blocks(sides: &[Side<'_, '_>], most: Option<Weight>) -> Vec<Block> {
    let own: Vec<i64> = sides.iter().flat_map(|side| side.priors.iter().copied()).collect();
    let mut reach: Vec<Reach> = Vec::new();
    for spread in sides.iter().filter_map(|side| side.spread.as_ref()) {
        reach.extend(spread.priors.iter().copied());
    }
    let change =
        if sides.len() == 2 && !reach.is_empty() { vec![Some((0, 0)); own.len() / 2] } else { Vec::new() };
    let state = |weights| State {
        codes: Vec::new(),
        given: Vec::new(),
        counts: Vec::new(),
        weights,
        reach: reach.clone(),
        change: change.clone(),
    };
    let block =
        |states: Vec<Vec<i64>>| Block::new(Vec::new(), Vec::new(), states.into_iter().map(state).collect());
    let Some(most) = most.map(|most| most.abs().nanodecibans()) else { return vec![block(vec![own])] };
    let causes = sides.first().map_or(0, |side| side.priors.len());
    let moved = |cause: usize, by: i64| {
        let each = own.iter().enumerate();
        // A cause has one prior, on whichever side it is read.
        each.map(|(at, prior)| if at % causes == cause { prior + by } else { 0 }).collect()
    };
    (0..causes).map(|cause| block(vec![moved(cause, -most), moved(cause, most)])).collect()
}

fn side<'f, 'm>(
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
        spread: None,
        keeps_refused: false,
    })
}

/// Two knowledge bases, with what both can be asked.
fn pair<'f, 'm>(
    common: &Common,
    one: (&'f Frame<'m>, &str),
    other: (&'f Frame<'m>, &str),
) -> Result<(Vec<Side<'f, 'm>>, Vec<Variable>), Refusal> {
    let codes = |of: &dyn Fn(&Both) -> Code, answers: &[Both]| -> Vec<Code> {
        std::iter::once(0).chain(answers.iter().map(of)).collect()
    };
    let all = common.indicators.iter();
    let here = all.clone().map(|it| (it.here, codes(&|both| both.here, &it.answers)));
    let there = all.clone().map(|it| (it.there, codes(&|both| both.there, &it.answers)));
    let sides = vec![
        Side { variables: here.collect(), ..side(one.0, one.1, None)? },
        Side { variables: there.collect(), ..side(other.0, other.1, None)? },
    ];
    let count = |it: &Shared| Code::try_from(it.answers.len()).unwrap_or(Code::MAX);
    Ok((sides, all.map(|it| Variable { codes: (0..=count(it)).collect() }).collect()))
}
