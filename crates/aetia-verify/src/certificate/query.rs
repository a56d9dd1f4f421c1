//! What a case would have to be like to break a claim, written down anew from what gates, caps and ranks are.

use std::collections::BTreeSet;

use aetia::{Condition, GateKind, GateMode, Probability, Truth};

use super::Form;
use super::states::Side;
use super::weigh::{meant, plain, reads};

/// One deciban: how far a held cause is kept below the best open one.
const HOLD: i64 = 1_000_000_000;

/// What is sought of a case. No inequality is negated.
#[derive(Clone, Debug)]
pub(super) enum Sought {
    /// On a side, a condition has one of these truths.
    Is(usize, Condition, Vec<Truth>),
    /// The form is at least 0.
    AtLeast(Form),
    All(Vec<Self>),
    Any(Vec<Self>),
}

/// What holds a score down: a bound, with what it is for it to count and not to count.
#[derive(Clone, Debug)]
struct Bound {
    counts: Sought,
    does_not: Sought,
    at: At,
}

#[derive(Clone, Debug)]
enum At {
    /// A score without gates, or a constant.
    Form(Form),
    /// A deciban below the best open cause of a side.
    Hold(usize),
}

impl Sought {
    pub(super) const YES: Self = Self::All(Vec::new());
    pub(super) const NO: Self = Self::Any(Vec::new());

    /// The conditions it asks about, by side.
    pub(super) fn conditions<'s>(&'s self, found: &mut Vec<(usize, &'s Condition)>) {
        match self {
            Self::Is(side, condition, _) => found.push((*side, condition)),
            Self::AtLeast(_) => {}
            Self::All(parts) | Self::Any(parts) => parts.iter().for_each(|part| part.conditions(found)),
        }
    }
}

/// The name of a cause on a side.
pub(super) fn name(side: usize, cause: &str) -> String {
    if side == 0 { cause.to_owned() } else { format!("{cause}'") }
}

impl Form {
    /// A score without gates.
    pub(super) fn score(side: usize, cause: &str) -> Self {
        Self { scores: [(name(side, cause), 1)].into(), plus: 0 }
    }

    pub(super) fn constant(plus: i64) -> Self {
        Self { scores: [].into(), plus }
    }

    /// This form less another, less a number; none where numbers become too large.
    pub(super) fn less(&self, other: &Self, number: i64) -> Option<Self> {
        let mut form = self.clone();
        form.plus = form.plus.checked_sub(other.plus)?.checked_sub(number)?;
        for (name, times) in &other.scores {
            let own = form.scores.entry(name.clone()).or_default();
            *own = own.checked_sub(*times)?;
        }
        form.scores.retain(|_, times| *times != 0);
        Some(form)
    }
}

const TRUE: [Truth; 1] = [Truth::True];
const NOT_TRUE: [Truth; 2] = [Truth::False, Truth::Undetermined];

impl Side<'_> {
    fn gates(&self, at: usize, cause: &str, kind: GateKind) -> Vec<(Sought, Sought, &aetia::written::Gate)> {
        let gates = self.document().gates.values().filter(|gate| gate.cause == cause && gate.kind == kind);
        gates
            .filter_map(|gate| {
                let condition = meant(self.document(), &gate.condition)?;
                let (acts, rests) = match (kind, gate.mode.unwrap_or_default()) {
                    (GateKind::Requires, GateMode::Strict) => (NOT_TRUE.to_vec(), TRUE.to_vec()),
                    (GateKind::Requires, GateMode::Lenient) => {
                        (vec![Truth::False], vec![Truth::Undetermined, Truth::True])
                    }
                    (GateKind::Caps | GateKind::Excludes, _) => (TRUE.to_vec(), NOT_TRUE.to_vec()),
                };
                Some((Sought::Is(at, condition.clone(), acts), Sought::Is(at, condition, rests), gate))
            })
            .collect()
    }

    /// That a gate of a kind acts on a cause, and that none does.
    pub(super) fn acts(&self, at: usize, cause: &str, kind: GateKind) -> (Sought, Sought) {
        let (acts, rests) =
            self.gates(at, cause, kind).into_iter().map(|(acts, rests, _)| (acts, rests)).unzip();
        (Sought::Any(acts), Sought::All(rests))
    }

    /// That nothing bars a cause from being first, and that something does.
    pub(super) fn open(&self, at: usize, cause: &str) -> (Sought, Sought) {
        let closed = self.acts(at, cause, GateKind::Requires);
        let excluded = self.acts(at, cause, GateKind::Excludes);
        (Sought::All(vec![closed.1, excluded.1]), Sought::Any(vec![closed.0, excluded.0]))
    }

    fn capped(&self, at: usize, cause: &str) -> Vec<Bound> {
        let raw = Bound { counts: Sought::YES, does_not: Sought::NO, at: At::Form(Form::score(at, cause)) };
        let caps = self.gates(at, cause, GateKind::Caps).into_iter().map(|(counts, does_not, gate)| {
            let level = gate.probability.and_then(|most| Probability::new(most).ok()).map_or(i64::MAX, level);
            Bound { counts, does_not, at: At::Form(Form::constant(level)) }
        });
        std::iter::once(raw).chain(caps).collect()
    }

    fn score(&self, at: usize, cause: &str) -> Vec<Bound> {
        let mut bounds = self.capped(at, cause);
        if self.document().gates.values().any(|gate| gate.cause == cause && gate.kind == GateKind::Requires) {
            let (counts, does_not) = self.acts(at, cause, GateKind::Requires);
            bounds.push(Bound { counts, does_not, at: At::Hold(at) });
        }
        bounds
    }
}

/// The highest score a cap leaves: rounded down.
#[expect(clippy::as_conversions, clippy::cast_possible_truncation, reason = "a whole number well inside i64")]
fn level(most: Probability) -> i64 {
    libm::floor(1e10 * libm::log10(most.get() / (1.0 - most.get()))) as i64
}

/// Says what claims mean on some sides.
#[derive(Clone, Copy, Debug)]
pub(super) struct Meaning<'s, 'd> {
    pub(super) sides: &'s [Side<'d>],
}

impl Meaning<'_, '_> {
    fn causes(&self, at: usize) -> Vec<String> {
        self.sides.get(at).map(|side| side.causes.clone()).unwrap_or_default()
    }

    pub(super) fn open(&self, at: usize, cause: &str) -> (Sought, Sought) {
        self.sides.get(at).map_or((Sought::NO, Sought::YES), |side| side.open(at, cause))
    }

    /// That a cause is out of the ranking, and that it is in it.
    pub(super) fn excluded(&self, at: usize, cause: &str) -> (Sought, Sought) {
        self.sides.get(at).map_or((Sought::NO, Sought::YES), |side| side.acts(at, cause, GateKind::Excludes))
    }

    /// That the lowest of some bounds is at least the lowest of others and so much more.
    ///
    /// Least a ≥ least b exactly if each a that counts is at least some b that counts; most likewise.
    fn reaches(&self, upper: &[Bound], lower: &[Bound], more: i64) -> Sought {
        let each = |one: &Bound| {
            let some = |other: &Bound| {
                Sought::All(vec![other.counts.clone(), self.is_above(&one.at, &other.at, more)])
            };
            Sought::Any(vec![one.does_not.clone(), Sought::Any(lower.iter().map(some).collect())])
        };
        Sought::All(upper.iter().map(each).collect())
    }

    fn is_above(&self, one: &At, other: &At, more: i64) -> Sought {
        let only = |form: &Form| {
            vec![Bound { counts: Sought::YES, does_not: Sought::NO, at: At::Form(form.clone()) }]
        };
        match (one, other) {
            (At::Form(one), At::Form(other)) => one.less(other, more).map_or(Sought::NO, Sought::AtLeast),
            (At::Hold(one), At::Hold(other)) if one == other => {
                if more <= 0 {
                    Sought::YES
                } else {
                    Sought::NO
                }
            }
            (At::Hold(side), other) => {
                let some = |cause: &String| {
                    let capped = self.sides.get(*side).map(|it| it.capped(*side, cause)).unwrap_or_default();
                    let other = Bound { counts: Sought::YES, does_not: Sought::NO, at: other.clone() };
                    let above = self.reaches(&capped, &[other], more + HOLD);
                    Sought::All(vec![self.open(*side, cause).0, above])
                };
                Sought::Any(self.causes(*side).iter().map(some).collect())
            }
            (At::Form(one), At::Hold(side)) => {
                let all = |cause: &String| {
                    let capped = self.sides.get(*side).map(|it| it.capped(*side, cause)).unwrap_or_default();
                    let above = self.reaches(&only(one), &capped, more - HOLD);
                    Sought::Any(vec![self.open(*side, cause).1, above])
                };
                Sought::All(self.causes(*side).iter().map(all).collect())
            }
        }
    }

    fn score(&self, at: usize, cause: &str) -> Vec<Bound> {
        self.sides.get(at).map(|side| side.score(at, cause)).unwrap_or_default()
    }

    fn capped(&self, at: usize, cause: &str) -> Vec<Bound> {
        self.sides.get(at).map(|side| side.capped(at, cause)).unwrap_or_default()
    }

    /// By score, then by score without gates, then by identifier.
    fn before(&self, at: usize, (one, upper): (&str, &[Bound]), (other, lower): (&str, &[Bound])) -> Sought {
        let tie = i64::from(one > other);
        let raw = Form::score(at, one).less(&Form::score(at, other), tie);
        let raw = raw.map_or(Sought::NO, Sought::AtLeast);
        Sought::Any(vec![
            self.reaches(upper, lower, 1),
            Sought::All(vec![self.reaches(upper, lower, 0), raw]),
        ])
    }

    /// The same where neither has a cap. With `H` the level of the hold, `min(s, H)` and `min(t, H)` stand as `s` and `t`
    /// do, ties being broken by these. `min(s, H)` stands before `t` if `s` does and `t` is at most `H`; `s` stands before
    /// `min(t, H)` if it stands before `t`, or is above `H`.
    fn before_without_caps(&self, at: usize, one: &str, other: &str) -> Sought {
        let scores = (Form::score(at, one), Form::score(at, other));
        let raw = scores.0.less(&scores.1, i64::from(one > other)).map_or(Sought::NO, Sought::AtLeast);
        let acts = |cause: &str| {
            self.sides
                .get(at)
                .map_or((Sought::NO, Sought::YES), |side| side.acts(at, cause, GateKind::Requires))
        };
        let ((_, free), (other_held, _)) = (acts(one), acts(other));
        let under = self.is_above(&At::Hold(at), &At::Form(scores.1), 0);
        let over = self.is_above(&At::Form(scores.0), &At::Hold(at), 1);
        Sought::All(vec![
            Sought::Any(vec![free.clone(), other_held.clone(), under]),
            Sought::Any(vec![raw, Sought::All(vec![free, other_held, over])]),
        ])
    }

    /// That a cause has rank 1: it is open, and before every other open one. A closed cause never has rank 1, because its
    /// score is below that of some open one.
    pub(super) fn first(&self, at: usize, cause: &str) -> Sought {
        let own = self.capped(at, cause);
        let others = self.causes(at).into_iter().filter(|other| other != cause);
        let beaten = others.map(|other| {
            let before = self.before(at, (cause, &own), (&other, &self.capped(at, &other)));
            Sought::Any(vec![self.open(at, &other).1, before])
        });
        Sought::All(std::iter::once(self.open(at, cause).0).chain(beaten).collect())
    }

    /// That a cause is in the ranking with a score of at least so much.
    pub(super) fn at_least(&self, at: usize, cause: &str, least: i64) -> Sought {
        let level = Bound { counts: Sought::YES, does_not: Sought::NO, at: At::Form(Form::constant(least)) };
        Sought::All(vec![self.excluded(at, cause).1, self.reaches(&self.score(at, cause), &[level], 0)])
    }

    /// That a cause is in the ranking and another is below it or not in it.
    pub(super) fn above(&self, at: usize, cause: &str, other: &str) -> Sought {
        let is_capped = |cause: &str| self.capped(at, cause).len() > 1;
        let before = if is_capped(cause) || is_capped(other) {
            self.before(at, (cause, &self.score(at, cause)), (other, &self.score(at, other)))
        } else {
            self.before_without_caps(at, cause, other)
        };
        let out = self.excluded(at, other).0;
        Sought::All(vec![self.excluded(at, cause).1, Sought::Any(vec![out, before])])
    }

    /// That a cause's score is lower on the second side, or it is out of the ranking there.
    pub(super) fn lowered(&self, cause: &str) -> Sought {
        let lower = self.reaches(&self.score(0, cause), &self.score(1, cause), 1);
        let out = self.excluded(1, cause).0;
        Sought::All(vec![self.excluded(0, cause).1, Sought::Any(vec![out, lower])])
    }

    /// That the score of one cause is at least that of another and so much more; for claims about probabilities.
    pub(super) fn differs(&self, cause: &str, other: &str, by: &Form) -> Option<Sought> {
        let zero = Bound { counts: Sought::YES, does_not: Sought::NO, at: At::Form(Form::constant(0)) };
        let is_named = self.causes(0).iter().any(|known| known == cause);
        let own = if is_named { self.score(0, cause) } else { vec![zero] };
        let theirs = self.score(0, other);
        let each = own.iter().map(|bound| {
            let above = match &bound.at {
                At::Form(form) => {
                    let form = Bound { at: At::Form(form.less(by, 0)?), ..bound.clone() };
                    self.reaches(&[Bound { counts: Sought::YES, does_not: Sought::NO, ..form }], &theirs, 0)
                }
                At::Hold(_) => {
                    let some = |other: &Bound| {
                        let above = match &other.at {
                            // Moved to the other side.
                            At::Form(form) => {
                                let moved = form.less(&Form::default().less(by, 0)?, 0)?;
                                self.is_above(&bound.at, &At::Form(moved), 0)
                            }
                            // Both holds are the same level.
                            At::Hold(_) => Sought::AtLeast(Form::default().less(by, 0)?),
                        };
                        Some(Sought::All(vec![other.counts.clone(), above]))
                    };
                    Sought::Any(theirs.iter().map(some).collect::<Option<_>>()?)
                }
            };
            Some(Sought::Any(vec![bound.does_not.clone(), above]))
        });
        each.collect::<Option<Vec<Sought>>>().map(Sought::All)
    }

    /// That a side's case is possible.
    pub(super) fn possible(&self, at: usize) -> Sought {
        let document = self.sides.get(at).map(Side::document);
        let rules = document.into_iter().flat_map(|document| &document.impossible);
        let parts = rules
            .filter_map(|rule| Some(Sought::Is(at, meant(document?, &rule.condition)?, NOT_TRUE.to_vec())));
        Sought::All(parts.collect())
    }

    /// That a condition is true, or is not.
    pub(super) fn when(&self, condition: &Condition, holds: bool) -> Sought {
        self.when_on(0, condition, holds)
    }

    fn when_on(&self, at: usize, condition: &Condition, holds: bool) -> Sought {
        let condition =
            self.sides.get(at).map_or(condition.clone(), |side| plain(side.document(), condition));
        Sought::Is(at, condition, if holds { TRUE.to_vec() } else { NOT_TRUE.to_vec() })
    }

    /// That a flag is raised on one side and not on the other, or on either where its levels differ.
    pub(super) fn flag_apart(&self, flag: &str) -> Sought {
        let on = |at: usize| self.sides.get(at).and_then(|side| side.document().flags.get(flag));
        let is_moved = on(0).zip(on(1)).is_some_and(|(one, other)| one.level != other.level);
        let raised = |at: usize, holds: bool| match on(at).map(|flag| flag.condition.parse()) {
            Some(Ok(condition)) => self.when_on(at, &condition, holds),
            // What is not there is not raised; what cannot be read may be anything.
            None if holds => Sought::NO,
            None | Some(Err(_)) => Sought::YES,
        };
        let only = |at: usize| {
            let quiet = if is_moved { Sought::YES } else { raised(1 - at, false) };
            Sought::All(vec![raised(at, true), quiet])
        };
        Sought::Any(vec![only(0), only(1)])
    }

    /// The indicators that gates, impossible combinations and a formula read, by side.
    pub(super) fn told(&self, sought: &Sought) -> BTreeSet<(usize, String)> {
        let mut found = BTreeSet::new();
        let mut add = |at: usize, condition: &Condition| {
            let mut read = BTreeSet::new();
            reads(condition, &mut read);
            found.extend(read.into_iter().map(|id| (at, id)));
        };
        for (at, side) in self.sides.iter().enumerate() {
            let document = side.document();
            let gates = document.gates.values().map(|gate| &gate.condition);
            let texts = gates.chain(document.impossible.iter().map(|rule| &rule.condition));
            texts.filter_map(|text| meant(document, text)).for_each(|condition| add(at, &condition));
        }
        let mut conditions = Vec::new();
        sought.conditions(&mut conditions);
        for (at, condition) in conditions {
            add(at, condition);
        }
        found
    }
}
