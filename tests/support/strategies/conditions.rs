//! Random conditions and what hangs on them: implications, derived indicators, gates and flags.

use std::collections::BTreeMap;

use aetia::written::{Derived, Flag, Gate, Implies, Impossible};
use aetia::{GateKind, GateMode, IndicatorKind, Level};

use super::author::Author;
use super::draw::draw_answer;
use crate::oracle::answers_of;

impl Author {
    /// Implications from a member to a later one, at most one to each.
    pub(super) fn implies(&mut self, members: &[String]) {
        for (position, target) in members.iter().enumerate().skip(1) {
            if !self.tape.once_in(4) || self.document.indicators[target].kind == IndicatorKind::Numeric {
                continue;
            }
            let from = self.tape.pick(&members[..position]).clone();
            let condition = self.atom(&from);
            let value = draw_answer(&self.document.indicators[target], &mut self.tape);
            self.document.implies.push(Implies {
                condition,
                then: BTreeMap::from([(target.clone(), value)]),
                reason: "the one comes with the other".to_owned(),
            });
        }
    }

    pub(super) fn derived(&mut self) {
        for number in 0..self.tape.below(3) {
            let over = self.askable();
            if !over.is_empty() {
                let condition = self.condition(&over, 2);
                let derived = Derived { title: "A sum of signs".to_owned(), condition };
                self.document.derived.insert(format!("summary_{number}"), derived);
            }
        }
    }

    pub(super) fn impossible(&mut self) {
        let over: Vec<String> = self.document.indicators.keys().cloned().collect();
        if let [first, .., last] = over.as_slice()
            && self.tape.once_in(5)
        {
            let condition = format!("all({}, {})", self.atom(first), self.atom(last));
            self.document
                .impossible
                .push(Impossible { condition, reason: "the one excludes the other".to_owned() });
        }
    }

    /// Gates; one cause has neither a `requires` nor an `excludes`.
    pub(super) fn gates(&mut self) {
        let over = self.askable();
        let causes = self.causes_by_id();
        let open = self.tape.pick(&causes).clone();
        for number in 0..self.tape.below(6) {
            let cause = self.tape.pick(&causes).clone();
            let kinds = [GateKind::Caps, GateKind::Requires, GateKind::Requires, GateKind::Excludes];
            let kind = if cause == open { GateKind::Caps } else { *self.tape.pick(&kinds) };
            if over.is_empty() {
                continue;
            }
            let mut gate = Gate {
                title: "A rule".to_owned(),
                kind,
                cause,
                condition: self.condition(&over, 2),
                reason: "the source asks for it".to_owned(),
                source: vec!["src".to_owned()],
                ..Gate::default()
            };
            match kind {
                GateKind::Caps => gate.probability = Some(self.probability()),
                GateKind::Requires => {
                    gate.mode = *self.tape.pick(&[None, Some(GateMode::Strict), Some(GateMode::Lenient)]);
                }
                GateKind::Excludes => {}
            }
            self.document.gates.insert(format!("gate_{number}"), gate);
        }
    }

    pub(super) fn flags(&mut self) {
        for number in 0..self.tape.below(4) {
            let over = self.askable();
            if over.is_empty() {
                continue;
            }
            let flag = Flag {
                level: *self.tape.pick(&[Level::Routine, Level::Urgent, Level::Emergency]),
                title: "Look at this".to_owned(),
                condition: self.condition(&over, 2),
                action: "See somebody.".to_owned(),
                source: vec!["src".to_owned()],
                ..Flag::default()
            };
            self.document.flags.insert(format!("flag_{number}"), flag);
        }
    }

    /// A condition over these, at most so deep.
    pub(super) fn condition(&mut self, over: &[String], depth: usize) -> String {
        let shape = if depth == 0 { 0 } else { self.tape.below(8) };
        if shape < 4 {
            let id = self.tape.pick(over).clone();
            return self.atom(&id);
        }
        if shape == 4 {
            return format!("not({})", self.condition(over, depth - 1));
        }
        let parts: Vec<String> =
            (0..2 + self.tape.below(2)).map(|_| self.condition(over, depth - 1)).collect();
        let head = match shape {
            5 => "all(".to_owned(),
            6 => "any(".to_owned(),
            _ => format!("at_least({}, ", 1 + self.tape.below(parts.len())),
        };
        format!("{head}{})", parts.join(", "))
    }

    /// A condition over one indicator, derived or not.
    pub(super) fn atom(&mut self, id: &str) -> String {
        let Some(indicator) = self.document.indicators.get(id) else {
            return format!("{}({id})", self.tape.pick(&["present", "absent"]));
        };
        match indicator.kind {
            IndicatorKind::Boolean => format!("{}({id})", self.tape.pick(&["present", "absent"])),
            IndicatorKind::Categorical | IndicatorKind::Ordinal => {
                let answers = answers_of(indicator);
                let from = self.tape.below(answers.len());
                let count = 1 + self.tape.below((answers.len() - 1).min(answers.len() - from));
                format!("answer({id}) in [{}]", answers[from..from + count].join(", "))
            }
            IndicatorKind::Numeric => {
                format!("{id} {} {}", self.tape.pick(&[">=", "<"]), self.tape.pick(&indicator.cut_points))
            }
        }
    }
}
