//! What a case would have to be like to break a rule: conditions on its answers and inequalities between scores.
//!
//! A score is built from the least and the most of sums and constants, each of which may count or not: a cap counts while
//! its condition holds, the hold counts while a gate is closed. A comparison of two such scores is taken apart into
//! comparisons of sums by what least and most mean, so nothing here knows how gates and caps meet each other.

use std::collections::BTreeMap;

use aetia::GateMode;

use crate::blocks::Side;
use crate::faults::Fault;
use crate::formula::{Formula, Truths};
use crate::frame::{Gate, Rule};

/// How far a held cause is kept below the best open one, in nanodecibans.
pub(crate) const HOLD: i64 = 1_000_000_000;

/// A sum of scores without gates, times whole numbers, plus a constant; at least 0 is what is asked of it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Form {
    /// By dimension: causes, side after side.
    pub(crate) scores: BTreeMap<usize, i64>,
    pub(crate) plus: i64,
}

/// A formula over conditions and inequalities, in which no inequality is negated.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Node {
    Known(bool),
    /// The condition has one of these truths.
    Is(usize, Truths),
    /// The form is at least 0.
    AtLeast(usize),
    All(Vec<Self>),
    Any(Vec<Self>),
}

impl Node {
    pub(crate) fn all(parts: impl IntoIterator<Item = Self>) -> Self {
        let mut found = Vec::new();
        for part in parts {
            match part {
                Self::Known(true) => {}
                Self::Known(false) => return part,
                Self::All(parts) => found.extend(parts),
                Self::Is(..) | Self::AtLeast(_) | Self::Any(_) => found.push(part),
            }
        }
        match (found.len(), found.pop()) {
            (_, None) => Self::Known(true),
            (1, Some(only)) => only,
            (_, Some(last)) => {
                found.push(last);
                Self::All(found)
            }
        }
    }

    pub(crate) fn any(parts: impl IntoIterator<Item = Self>) -> Self {
        let mut found = Vec::new();
        for part in parts {
            match part {
                Self::Known(false) => {}
                Self::Known(true) => return part,
                Self::Any(parts) => found.extend(parts),
                Self::Is(..) | Self::AtLeast(_) | Self::All(_) => found.push(part),
            }
        }
        match (found.len(), found.pop()) {
            (_, None) => Self::Known(false),
            (1, Some(only)) => only,
            (_, Some(last)) => {
                found.push(last);
                Self::Any(found)
            }
        }
    }
}

/// Whether something counts, and whether it does not.
#[derive(Clone, Debug)]
pub(crate) struct Guard {
    pub(crate) yes: Node,
    pub(crate) no: Node,
}

impl Guard {
    fn always() -> Self {
        Self { yes: Node::Known(true), no: Node::Known(false) }
    }

    fn any(parts: Vec<Self>) -> Self {
        let (yes, no): (Vec<Node>, Vec<Node>) = parts.into_iter().map(|part| (part.yes, part.no)).unzip();
        Self { yes: Node::any(yes), no: Node::all(no) }
    }

    fn not(self) -> Self {
        Self { yes: self.no, no: self.yes }
    }
}

/// A score, as it comes about.
#[derive(Clone, Debug)]
pub(crate) enum Level {
    /// Prior and weights of a cause.
    Raw(usize),
    Constant(i64),
    /// The least of those that count; at least one does.
    Least(Vec<(Guard, Self)>),
    /// The best score of the open causes of a side; at least one is open.
    Best(usize),
    Plus(Box<Self>, i64),
}

/// Conditions and forms of a query, each kept once.
#[derive(Clone, Debug, Default)]
pub(crate) struct Pool {
    pub(crate) forms: Vec<Form>,
    pub(crate) conditions: Vec<(usize, Formula)>,
    /// The conditions from here on only say what is possible: they seldom matter, and are asked about late.
    pub(crate) late: usize,
}

/// Builds queries about some readings of the answers.
pub(crate) struct Asker<'s, 'f, 'm> {
    pub(crate) sides: &'s [Side<'f, 'm>],
    pub(crate) pool: Pool,
}

impl<'s, 'f, 'm> Asker<'s, 'f, 'm> {
    pub(crate) fn new(sides: &'s [Side<'f, 'm>]) -> Self {
        Self { sides, pool: Pool::default() }
    }

    fn dimension(&self, side: usize, cause: usize) -> usize {
        crate::blocks::offset(self.sides, side) + cause
    }

    fn causes(&self, side: usize) -> usize {
        self.sides.get(side).map_or(0, |side| side.priors.len())
    }

    /// That a condition has one of these truths.
    pub(crate) fn is(&mut self, side: usize, formula: &Formula, truths: Truths) -> Node {
        let known = self.pool.conditions.iter().position(|(at, other)| *at == side && other == formula);
        let at = known.unwrap_or_else(|| {
            self.pool.conditions.push((side, formula.clone()));
            self.pool.conditions.len() - 1
        });
        Node::Is(at, truths)
    }

    /// That a sum of scores is at least 0.
    pub(crate) fn form(&mut self, scores: &[(usize, i64)], plus: i64) -> Node {
        let mut sum: BTreeMap<usize, i64> = BTreeMap::new();
        for (dimension, times) in scores {
            *sum.entry(*dimension).or_default() += times;
        }
        sum.retain(|_, times| *times != 0);
        if sum.is_empty() {
            return Node::Known(plus >= 0);
        }
        let form = Form { scores: sum, plus };
        let known = self.pool.forms.iter().position(|other| *other == form);
        Node::AtLeast(known.unwrap_or_else(|| {
            self.pool.forms.push(form);
            self.pool.forms.len() - 1
        }))
    }

    /// A case can be so: nothing in it is impossible.
    pub(crate) fn possible(&mut self, side: usize) -> Node {
        let formulas = self.sides.get(side).map(|side| side.frame.impossible.clone()).unwrap_or_default();
        let parts: Vec<Node> =
            formulas.iter().map(|formula| self.is(side, formula, Truths::NOT_TRUE)).collect();
        if Fault::ForgetsTheImpossible.is_in() { Node::Known(true) } else { Node::all(parts) }
    }

    /// The opposite: something contradicts itself, or is impossible. The side keeps such states.
    pub(crate) fn refused(&mut self, side: usize) -> Node {
        let mark = crate::blocks::offset(self.sides, self.sides.len());
        let mut parts = vec![self.form(&[(mark, 1)], -1)];
        let formulas = self.sides.get(side).map(|side| side.frame.impossible.clone()).unwrap_or_default();
        parts.extend(formulas.iter().map(|formula| self.is(side, formula, Truths::TRUE)));
        Node::any(parts)
    }

    /// What the gates of a cause do by their conditions.
    fn gates(&mut self, side: usize, cause: usize, of: impl Fn(Rule) -> Option<(Truths, Truths)>) -> Guard {
        let gates = self.sides.get(side).map(|side| side.frame.gates.as_slice()).unwrap_or_default();
        let mut parts = Vec::new();
        for gate in gates.iter().filter(|gate| gate.cause == cause) {
            if let Some((yes, no)) = of(gate.rule) {
                parts.push(Guard {
                    yes: self.is(side, &gate.formula, yes),
                    no: self.is(side, &gate.formula, no),
                });
            }
        }
        Guard::any(parts)
    }

    /// Whether a `requires` gate holds the cause.
    pub(crate) fn closed(&mut self, side: usize, cause: usize) -> Guard {
        self.gates(side, cause, |rule| match rule {
            Rule::Requires(GateMode::Strict) => Some((Truths::NOT_TRUE, Truths::TRUE)),
            Rule::Requires(GateMode::Lenient) if Fault::TakesLenientForStrict.is_in() => {
                Some((Truths::NOT_TRUE, Truths::TRUE))
            }
            Rule::Requires(GateMode::Lenient) => Some((Truths::FALSE, Truths::NOT_FALSE)),
            Rule::Caps(_) | Rule::Excludes => None,
        })
    }

    /// Whether the cause is out of the ranking.
    pub(crate) fn excluded(&mut self, side: usize, cause: usize) -> Guard {
        self.gates(side, cause, |rule| match rule {
            Rule::Excludes => Some((Truths::TRUE, Truths::NOT_TRUE)),
            Rule::Requires(_) | Rule::Caps(_) => None,
        })
    }

    /// Whether nothing bars the cause from being first.
    pub(crate) fn open(&mut self, side: usize, cause: usize) -> Guard {
        let mut parts = vec![self.closed(side, cause), self.excluded(side, cause)];
        if Fault::LetsTheExcludedIn.is_in() {
            parts.truncate(1);
        }
        Guard::any(parts).not()
    }

    /// The score after caps.
    pub(crate) fn capped(&mut self, side: usize, cause: usize) -> Level {
        let raw = Level::Raw(self.dimension(side, cause));
        let gates = self.sides.get(side).map(|side| side.frame.gates.as_slice()).unwrap_or_default();
        let mut parts = Vec::new();
        for gate in gates.iter().filter(|gate| gate.cause == cause) {
            if let Rule::Caps(level) = gate.rule {
                let guard = Guard {
                    yes: self.is(side, &gate.formula, Truths::TRUE),
                    no: self.is(side, &gate.formula, Truths::NOT_TRUE),
                };
                parts.push((guard, Level::Constant(level)));
            }
        }
        if parts.is_empty() || Fault::ForgetsCaps.is_in() {
            return raw;
        }
        parts.insert(0, (Guard::always(), raw));
        Level::Least(parts)
    }

    /// The scores after caps of all causes of a side, each with whether it is open.
    fn contenders(&mut self, side: usize) -> Vec<(Guard, Level)> {
        (0..self.causes(side)).map(|cause| (self.open(side, cause), self.capped(side, cause))).collect()
    }

    /// The score after caps and hold.
    pub(crate) fn score(&mut self, side: usize, cause: usize) -> Level {
        let capped = self.capped(side, cause);
        let closed = self.closed(side, cause);
        if closed.yes == Node::Known(false) {
            return capped;
        }
        let below = if Fault::HoldsTooLow.is_in() { HOLD + 1 } else { HOLD };
        let held = Level::Plus(Box::new(Level::Best(side)), -below);
        Level::Least(vec![(Guard::always(), capped), (closed, held)])
    }

    /// That one level is at least another and so much more.
    pub(crate) fn at_least(&mut self, upper: &Level, lower: &Level, more: i64) -> Node {
        match (upper, lower) {
            (Level::Plus(inner, plus), _) => self.at_least(inner, lower, more - plus),
            (_, Level::Plus(inner, plus)) => self.at_least(upper, inner, more + plus),
            (Level::Least(parts), _) => {
                let parts: Vec<Node> = parts
                    .iter()
                    .map(|(guard, part)| Node::any([guard.no.clone(), self.at_least(part, lower, more)]))
                    .collect();
                Node::all(parts)
            }
            (_, Level::Least(parts)) => {
                let parts: Vec<Node> = parts
                    .iter()
                    .map(|(guard, part)| Node::all([guard.yes.clone(), self.at_least(upper, part, more)]))
                    .collect();
                Node::any(parts)
            }
            (Level::Best(one), Level::Best(other)) if one == other => Node::Known(more <= 0),
            (Level::Best(side), _) => {
                let parts: Vec<Node> = self
                    .contenders(*side)
                    .into_iter()
                    .map(|(guard, part)| Node::all([guard.yes, self.at_least(&part, lower, more)]))
                    .collect();
                Node::any(parts)
            }
            (_, Level::Best(side)) => {
                let parts: Vec<Node> = self
                    .contenders(*side)
                    .into_iter()
                    .map(|(guard, part)| Node::any([guard.no, self.at_least(upper, &part, more)]))
                    .collect();
                Node::all(parts)
            }
            (Level::Raw(one), Level::Raw(other)) => self.form(&[(*one, 1), (*other, -1)], -more),
            (Level::Raw(one), Level::Constant(level)) => self.form(&[(*one, 1)], -level - more),
            (Level::Constant(level), Level::Raw(other)) => self.form(&[(*other, -1)], level - more),
            (Level::Constant(one), Level::Constant(other)) => Node::Known(*one - *other >= more),
        }
    }

    /// That one cause ranks before another, both being in the ranking with these scores: by score, then by score without
    /// gates, then by identifier.
    fn before(
        &mut self,
        side: usize,
        (one, upper): (usize, &Level),
        (other, lower): (usize, &Level),
    ) -> Node {
        let tie = i64::from((one > other) != Fault::TiesGoTheOtherWay.is_in());
        let raw = [(self.dimension(side, one), 1), (self.dimension(side, other), -1)];
        let raw = self.form(&raw, -tie);
        if let (Level::Raw(_), Level::Raw(_)) = (upper, lower) {
            return raw;
        }
        // Above, or level and before by the rest: written so that the weaker of the two must hold whatever else does.
        let above = self.at_least(upper, lower, 1);
        let level = self.at_least(upper, lower, 0);
        if Fault::ForgetsTheLowerTie.is_in() {
            return above;
        }
        Node::all([level, Node::any([above, raw])])
    }

    /// That the cause has rank 1. A closed one never has: it stands below an open one.
    pub(crate) fn first(&mut self, side: usize, cause: usize) -> Node {
        let mut parts = vec![self.open(side, cause).yes];
        let own = self.capped(side, cause);
        let skipped = usize::from(Fault::MixesUpRivals.is_in());
        for other in (skipped..self.causes(side)).filter(|other| *other != cause) {
            let level = self.capped(side, other);
            let out = self.open(side, other).no;
            let before = self.before(side, (cause, &own), (other, &level));
            parts.push(Node::any([out, before]));
        }
        Node::all(parts)
    }

    /// That the cause stands above the comparator.
    pub(crate) fn leads(&mut self, side: usize, cause: usize) -> Node {
        let score = self.score(side, cause);
        let excluded = self.excluded(side, cause);
        Node::all([excluded.no, self.at_least(&score, &Level::Constant(0), 1)])
    }

    /// That one cause is in the ranking and another is not above it.
    pub(crate) fn not_below(&mut self, side: usize, cause: usize, other: usize) -> Node {
        let ranked = self.excluded(side, cause).no;
        let gone = self.excluded(side, other).yes;
        let before =
            if let (Level::Raw(_), Level::Raw(_)) = (self.capped(side, cause), self.capped(side, other)) {
                self.before_uncapped(side, cause, other)
            } else {
                let (own, level) = (self.score(side, cause), self.score(side, other));
                self.before(side, (cause, &own), (other, &level))
            };
        Node::all([ranked, Node::any([gone, before])])
    }

    /// That one cause ranks before another, no cap being on either. Two that are held, or two that are not, stand as they
    /// would without gates. A held one is before one that is not exactly if it would be without gates, and the other is
    /// not above the level it is held at.
    fn before_uncapped(&mut self, side: usize, cause: usize, other: usize) -> Node {
        let capped = (self.capped(side, cause), self.capped(side, other));
        let raw = self.before(side, (cause, &capped.0), (other, &capped.1));
        let (held, holds) = (self.closed(side, cause), self.closed(side, other));
        let below = if Fault::HoldsTooLow.is_in() { HOLD + 1 } else { HOLD };
        let level = Level::Plus(Box::new(Level::Best(side)), -below);
        let stays = self.at_least(&level, &capped.1, 0);
        let passes = self.at_least(&capped.0, &level, 1);
        Node::all([
            Node::any([held.no.clone(), holds.yes.clone(), stays]),
            Node::any([raw, Node::all([holds.yes, held.no, passes])]),
        ])
    }

    /// That a cause's score is at least so much, and it is in the ranking.
    pub(crate) fn reaches(&mut self, side: usize, cause: usize, level: i64) -> Node {
        let score = self.score(side, cause);
        let ranked = self.excluded(side, cause).no;
        Node::all([ranked, self.at_least(&score, &Level::Constant(level), 0)])
    }

    /// That a gate takes so much from its cause: from the score of one it holds, or from the sum of weights of one it caps.
    /// One it excludes would stand so far above every open cause.
    pub(crate) fn fights(&mut self, side: usize, gate: &Gate<'_>, least: i64) -> Node {
        let cause = gate.cause;
        let (acts, above) = match gate.rule {
            Rule::Requires(_) => {
                let capped = self.capped(side, cause);
                (self.closed(side, cause).yes, self.at_least(&capped, &Level::Best(side), least - HOLD))
            }
            Rule::Caps(level) => {
                let raw = Level::Raw(self.dimension(side, cause));
                let acts = self.is(side, &gate.formula, Truths::TRUE);
                (acts, self.at_least(&raw, &Level::Constant(level), least))
            }
            Rule::Excludes => {
                let capped = self.capped(side, cause);
                let acts = self.is(side, &gate.formula, Truths::TRUE);
                (acts, self.at_least(&capped, &Level::Best(side), least))
            }
        };
        Node::all([acts, above])
    }

    /// That a cause's score is lower on the second side than on the first, or it is out of the ranking there.
    pub(crate) fn lowered(&mut self, cause: usize) -> Node {
        let (before, after) = (self.score(0, cause), self.score(1, cause));
        let ranked = self.excluded(0, cause).no;
        let gone = self.excluded(1, cause).yes;
        Node::all([ranked, Node::any([gone, self.at_least(&before, &after, 1)])])
    }
}
