//! One reading of the answers: what follows from them, what they weigh, what gates do, in which order causes stand.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use aetia::{GateMode, GroupTable, Weight};

use super::term::{all, any, ite, least, none_of, number, sum};
use crate::formula::{Code, Formula};
use crate::frame::{Frame, Rule};
use crate::refusal::Refusal;

/// How far below the best open cause a closed one is held, in nanodecibans.
const HOLD: i64 = 1_000_000_000;

/// The most joint states of a group that are written out.
const MOST_STATES: usize = 65_536;

/// Whose definitions are written, by the names they begin with.
pub(super) struct Side<'f, 'm> {
    frame: &'f Frame<'m>,
    name: &'f str,
    /// The term of each indicator's answer, with all that follows.
    answers: Vec<String>,
}

impl<'f, 'm> Side<'f, 'm> {
    /// Writes the definitions of a side, on which one answer may be put in.
    pub(super) fn write(
        frame: &'f Frame<'m>,
        setting: &str,
        name: &'f str,
        put: Option<(usize, Code)>,
        out: &mut String,
    ) -> Result<Self, Refusal> {
        let given = frame.indicators.iter().enumerate().map(|(indicator, id)| match put {
            Some((changed, code)) if changed == indicator => code.to_string(),
            Some(_) | None => format!("given.{id}"),
        });
        let mut side = Self { frame, name, answers: given.collect() };
        for round in 1..=rounds(frame) {
            side.follow(round, out);
        }
        side.forbid_contradictions(out);
        let tables = frame.model.tables(setting).map_err(|error| Refusal::other(&error))?;
        let groups = frame.groups.iter().zip(tables.groups());
        let mut parts: Vec<Vec<String>> = frame.causes.iter().map(|id| vec![format!("prior.{id}")]).collect();
        for (group, table) in groups {
            let weights = match &group.tally {
                Some(items) => side.of_tally(items, &table),
                None => side.of_answers(&group.members, &table)?,
            };
            for ((cause, weight), parts) in frame.causes.iter().zip(weights).zip(&mut parts) {
                if weight != "0" {
                    let term = format!("{name}weight.{}.{cause}", group.name);
                    let _ = writeln!(out, "(define-fun {term} () Int {weight})");
                    parts.push(term);
                }
            }
        }
        for (cause, parts) in frame.causes.iter().zip(parts) {
            let _ = writeln!(out, "(define-fun {name}raw.{cause} () Int {})", sum(parts));
        }
        side.gates(out);
        Ok(side)
    }

    /// Writes what follows in one step: an answer that is known stays.
    fn follow(&mut self, round: usize, out: &mut String) {
        let mut next = self.answers.clone();
        let targets: BTreeSet<usize> = targets(self.frame).collect();
        for target in targets {
            let (Some(id), Some(known)) = (self.frame.indicators.get(target), self.answers.get(target))
            else {
                continue;
            };
            let mut follows = known.clone();
            for implication in &self.frame.implies {
                for (indicator, code) in &implication.then {
                    if *indicator == target {
                        let condition = self.is_true(&implication.condition);
                        follows =
                            ite(&all([format!("(= {known} 0)"), condition]), &code.to_string(), &follows);
                    }
                }
            }
            let term = format!("{}step{round}.{id}", self.name);
            let _ = writeln!(out, "(define-fun {term} () Int {follows})");
            if let Some(next) = next.get_mut(target) {
                *next = term;
            }
        }
        self.answers = next;
    }

    fn forbid_contradictions(&self, out: &mut String) {
        for implication in &self.frame.implies {
            let then = implication
                .then
                .iter()
                .map(|(indicator, code)| format!("(= {} {code})", self.answer(*indicator)));
            let condition = self.is_true(&implication.condition);
            let _ = writeln!(out, "(assert (=> {condition} {}))", all(then));
        }
        for formula in &self.frame.impossible {
            let _ = writeln!(out, "(assert {})", none_of([self.is_true(formula)]));
        }
    }

    fn answer(&self, indicator: usize) -> &str {
        self.answers.get(indicator).map_or("0", String::as_str)
    }

    /// That a condition is definitely true.
    pub(super) fn is_true(&self, formula: &Formula) -> String {
        match formula {
            Formula::Atom(indicator, answers) => {
                let answer = self.answer(*indicator);
                let codes = (0..64_u32).filter(|at| answers >> at & 1 == 1);
                any(codes.map(|at| format!("(= {answer} {})", at + 1)))
            }
            Formula::All(parts) => all(parts.iter().map(|part| self.is_true(part))),
            Formula::Any(parts) => any(parts.iter().map(|part| self.is_true(part))),
            Formula::Not(inner) => self.is_false(inner),
            Formula::Several(needed, parts) => {
                let ones = parts.iter().map(|part| ite(&self.is_true(part), "1", "0"));
                format!("(>= {} {needed})", sum(ones))
            }
        }
    }

    /// That a condition is definitely false.
    fn is_false(&self, formula: &Formula) -> String {
        match formula {
            Formula::Atom(indicator, _) => {
                let is_known = none_of([format!("(= {} 0)", self.answer(*indicator))]);
                all([is_known, none_of([self.is_true(formula)])])
            }
            Formula::All(parts) => any(parts.iter().map(|part| self.is_false(part))),
            Formula::Any(parts) => all(parts.iter().map(|part| self.is_false(part))),
            Formula::Not(inner) => self.is_true(inner),
            Formula::Several(needed, parts) => {
                let possible = parts.iter().map(|part| ite(&self.is_false(part), "0", "1"));
                format!("(< {} {needed})", sum(possible))
            }
        }
    }

    /// What a group of which nothing but counts weighs, for each cause.
    fn of_tally(&self, items: &[Formula], table: &GroupTable<'_>) -> Vec<String> {
        let count = |truths: Vec<String>| sum(truths.into_iter().map(|truth| ite(&truth, "1", "0")));
        let present = count(items.iter().map(|item| self.is_true(item)).collect());
        let absent = count(items.iter().map(|item| self.is_false(item)).collect());
        let of = |cause: usize| {
            let mut terms = "0".to_owned();
            for p in 0..=items.len() {
                for q in 0..=items.len() - p {
                    let weight =
                        table.tally_weights(p, q).get(cause).map_or(0, |it| Weight::nanodecibans(*it));
                    let here = all([format!("(= {present} {p})"), format!("(= {absent} {q})")]);
                    terms = ite(&here, &number(weight), &terms);
                }
            }
            terms
        };
        (0..self.causes()).map(of).collect()
    }

    /// What the answers of a group weigh, for each cause.
    fn of_answers(&self, members: &[usize], table: &GroupTable<'_>) -> Result<Vec<String>, Refusal> {
        let counts: Vec<usize> = members
            .iter()
            .map(|member| self.frame.answers.get(*member).map_or(1, |all| all.len() + 1))
            .collect();
        let states = counts.iter().try_fold(1_usize, |product, count| {
            product.checked_mul(*count).filter(|product| *product <= MOST_STATES)
        });
        if states.is_none() {
            let names = members.iter().filter_map(|member| self.frame.indicators.get(*member));
            return Err(Refusal::TooLarge {
                indicators: names.map(|name| (*name).to_owned()).collect(),
                most: MOST_STATES,
            });
        }
        Ok(self.under(members, &counts, &mut Vec::new(), table))
    }

    /// The same once some of the answers are chosen: equal weights are written once.
    fn under(
        &self,
        members: &[usize],
        counts: &[usize],
        chosen: &mut Vec<Code>,
        table: &GroupTable<'_>,
    ) -> Vec<String> {
        let at = chosen.len();
        let (Some(member), Some(count)) = (members.get(at), counts.get(at)) else {
            return table.weights(chosen).into_iter().map(|weight| number(weight.nanodecibans())).collect();
        };
        let mut terms: Vec<String> = Vec::new();
        for code in (0..Code::try_from(*count).unwrap_or(Code::MAX)).rev() {
            chosen.push(code);
            let here = self.under(members, counts, chosen, table);
            chosen.pop();
            let condition = format!("(= {} {code})", self.answer(*member));
            terms = match terms.as_slice() {
                [] => here,
                rest => here.iter().zip(rest).map(|(here, rest)| ite(&condition, here, rest)).collect(),
            };
        }
        terms
    }

    /// Writes what gates do: caps, whether a cause is open, the best open score, and the score that is ranked.
    fn gates(&self, out: &mut String) {
        let name = self.name;
        for (cause, id) in self.frame.causes.iter().enumerate() {
            let (mut capped, mut closed, mut excluded) = (format!("{name}raw.{id}"), Vec::new(), Vec::new());
            for gate in self.frame.gates.iter().filter(|gate| gate.cause == cause) {
                let is_true = self.is_true(&gate.formula);
                match gate.rule {
                    Rule::Requires(GateMode::Strict) => closed.push(none_of([is_true])),
                    Rule::Requires(GateMode::Lenient) => closed.push(self.is_false(&gate.formula)),
                    Rule::Excludes => excluded.push(is_true),
                    Rule::Caps(level) => capped = ite(&is_true, &least(&capped, &number(level)), &capped),
                }
            }
            let _ = writeln!(out, "(define-fun {name}capped.{id} () Int {capped})");
            let _ = writeln!(out, "(define-fun {name}closed.{id} () Bool {})", any(closed));
            let _ = writeln!(out, "(define-fun {name}excluded.{id} () Bool {})", any(excluded));
            let barred = [format!("{name}closed.{id}"), format!("{name}excluded.{id}")];
            let _ = writeln!(out, "(define-fun {name}open.{id} () Bool {})", none_of(barred));
        }
        let each = || 0..self.causes();
        let is_best =
            each().map(|cause| all([self.open(cause), format!("(= {name}best {})", self.capped(cause))]));
        let is_above =
            each().map(|cause| format!("(=> {} (>= {name}best {}))", self.open(cause), self.capped(cause)));
        let best = all([any(is_best)].into_iter().chain(is_above));
        let _ = writeln!(
            out,
            "(define-fun {name}any.open () Bool {})",
            any(each().map(|cause| self.open(cause)))
        );
        let _ = writeln!(out, "(declare-const {name}best Int)\n(assert (=> {name}any.open {best}))");
        for (cause, id) in self.frame.causes.iter().enumerate() {
            let capped = self.capped(cause);
            let held = least(&capped, &format!("(- {name}best {HOLD})"));
            let holds = all([format!("{name}closed.{id}"), format!("{name}any.open")]);
            let _ = writeln!(out, "(define-fun {name}score.{id} () Int {})", ite(&holds, &held, &capped));
        }
    }

    pub(super) fn causes(&self) -> usize {
        self.frame.causes.len()
    }

    fn of(&self, what: &str, cause: usize) -> String {
        format!("{}{what}.{}", self.name, self.frame.causes.get(cause).copied().unwrap_or_default())
    }

    fn capped(&self, cause: usize) -> String {
        self.of("capped", cause)
    }

    /// The score after gates.
    pub(super) fn score(&self, cause: usize) -> String {
        self.of("score", cause)
    }

    /// That nothing bars a cause from being first.
    pub(super) fn open(&self, cause: usize) -> String {
        self.of("open", cause)
    }

    /// That a cause is in the ranking.
    pub(super) fn ranked(&self, cause: usize) -> String {
        none_of([self.of("excluded", cause)])
    }

    /// That a cause stands above the comparator.
    pub(super) fn leads(&self, cause: usize) -> String {
        all([self.ranked(cause), format!("(> {} 0)", self.score(cause))])
    }

    /// That a cause is in the ranking and another is not above it: by score, then by score without gates, then by name.
    pub(super) fn not_below(&self, cause: usize, other: usize) -> String {
        let (own, rival) = (self.score(cause), self.score(other));
        let (raw, against) = (self.of("raw", cause), self.of("raw", other));
        let by_name = if cause < other { format!("(= {raw} {against})") } else { "false".to_owned() };
        let is_level = all([format!("(= {own} {rival})"), any([format!("(> {raw} {against})"), by_name])]);
        let before = any([format!("(> {own} {rival})"), is_level]);
        all([self.ranked(cause), any([none_of([self.ranked(other)]), before])])
    }

    /// That a cause has rank 1.
    pub(super) fn first(&self, cause: usize) -> String {
        let others = (0..self.causes()).filter(|other| *other != cause);
        all(others.map(|other| self.not_below(cause, other)).chain([self.ranked(cause)]))
    }
}

/// The indicators whose answers may follow from others.
fn targets(frame: &Frame<'_>) -> impl Iterator<Item = usize> {
    frame.implies.iter().flat_map(|implication| implication.then.iter().map(|(indicator, _)| *indicator))
}

/// After how many steps nothing more follows: the longest chain of implications, or as many as there are where they run
/// in a circle.
fn rounds(frame: &Frame<'_>) -> usize {
    let most = frame.implies.len();
    let mut depth = vec![0_usize; frame.indicators.len()];
    for _ in 0..most {
        for implication in &frame.implies {
            let read = implication.condition.indicators();
            let below = read.iter().filter_map(|indicator| depth.get(*indicator)).max().copied().unwrap_or(0);
            for (indicator, _) in &implication.then {
                if let Some(depth) = depth.get_mut(*indicator) {
                    *depth = (*depth).max(below + 1).min(most);
                }
            }
        }
    }
    depth.into_iter().max().unwrap_or(0)
}
