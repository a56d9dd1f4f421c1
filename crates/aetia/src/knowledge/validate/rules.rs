//! Implications, impossible combinations, gates, flags and declared invariants.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::checker::{Checker, kind_word, listed};
use crate::belief::Probability;
use crate::document::Place;
use crate::document::{
    AnswerValue, Claim, Code, Condition, Gate as WrittenGate, GateKind, GateMode, IndicatorKind, Target,
};
use crate::index::{CauseIx, Dense, IndicatorIx};
use crate::knowledge::{
    Answer, AnswerCode, Formula, GateRule, Implication, Impossibility, Truth, UNKNOWN, code,
};

/// What holds beside the weights.
#[derive(Debug)]
pub(super) struct Rules {
    pub(super) implications: Vec<Implication>,
    pub(super) impossible: Vec<Impossibility>,
    /// Gates in the order of their identifiers.
    pub(super) gates: Vec<(CauseIx, GateRule, Formula)>,
    /// Flags in the order of their identifiers.
    pub(super) flags: Vec<Formula>,
    pub(super) claims: Vec<Claim>,
}

impl Checker<'_> {
    /// Everything that holds beside the weights, checked.
    pub(super) fn rules(&mut self) -> Rules {
        Rules {
            implications: self.implications(),
            impossible: self.impossible(),
            gates: self.gates(),
            flags: self.flags(),
            claims: self.claims(),
        }
    }

    fn implications(&mut self) -> Vec<Implication> {
        let document = self.document;
        let mut found: Vec<Implication> = Vec::new();
        let mut given: BTreeMap<(Arc<str>, IndicatorIx), (usize, AnswerCode)> = BTreeMap::new();
        for (position, written) in document.implies.iter().enumerate() {
            let place = Place::root().field("implies").index(position);
            let condition = self.condition(&place.field("if"), &written.condition);
            let then_place = place.field("then");
            if written.then.is_empty() {
                let help = "give `then = { indicator = answer }`";
                self.report_with_help(Code::MissingField, &then_place, "nothing follows from this", help);
            }
            let mut then = Vec::new();
            for (name, value) in &written.then {
                let place = then_place.field(name);
                let Some(indicator) = self.indicator(&place, name) else {
                    continue;
                };
                then.extend(self.answer_code(&place, name, indicator, value).map(|code| (indicator, code)));
            }
            let Some(condition) = condition else { continue };
            let named: Vec<IndicatorIx> =
                condition.indicators().into_iter().chain(then.iter().map(|(other, _)| *other)).collect();
            if let Some((first, _)) = then.first() {
                self.tied(&then_place, "implies", *first, &named);
            }
            let text: Arc<str> =
                condition.canonical(&|asked: IndicatorIx| asked.position().to_string()).into();
            for (indicator, code) in &then {
                // With nothing known but what follows, the condition must not be refuted by it.
                let only = |asked: IndicatorIx| if asked == *indicator { *code } else { UNKNOWN };
                let name = self.name_of(*indicator);
                let place = then_place.field(&name);
                if condition.evaluate(&only) == Truth::False {
                    let message =
                        format!("this answer of `{name}` makes the condition it follows from false");
                    self.report(Code::ImpliesContradiction, &place, message);
                }
                let first = given.entry((text.clone(), *indicator)).or_insert((position, *code));
                if first.1 != *code {
                    let first = first.0;
                    let message =
                        format!("`implies[{first}]` gives `{name}` another answer on the same condition");
                    self.report(Code::ImpliesContradiction, &place, message);
                }
            }
            found.push(Implication { condition, then, reason: written.reason.clone() });
        }
        found
    }

    /// The code of an answer that is written as a value.
    fn answer_code(
        &mut self,
        place: &Place,
        name: &str,
        indicator: IndicatorIx,
        value: &AnswerValue,
    ) -> Option<AnswerCode> {
        let kind = self.document.indicators.get(name)?.kind;
        let answers = self.answers.get(&indicator)?.clone();
        match (kind, value) {
            (IndicatorKind::Boolean, AnswerValue::Boolean(present)) => Some(code(usize::from(*present))),
            (IndicatorKind::Categorical | IndicatorKind::Ordinal, AnswerValue::Named(key)) => {
                self.answer_in(place, name, &answers, key).map(code)
            }
            (IndicatorKind::Numeric, _) => {
                let message = format!("`{name}` is numeric, and no number follows from a condition");
                let help = "let a condition on the number imply something else, or declare it impossible";
                self.report_with_help(Code::AnswerKind, place, message, help);
                None
            }
            (kind, _) => {
                let message = format!("`{name}` is {}, and cannot have this answer", kind_word(kind));
                let keys = if kind == IndicatorKind::Boolean {
                    "`true`, `false`".to_owned()
                } else {
                    listed(answers.iter().map(Answer::key))
                };
                let help = format!("expected one of {keys}");
                self.report_with_help(Code::AnswerKind, place, message, help);
                None
            }
        }
    }

    fn impossible(&mut self) -> Vec<Impossibility> {
        let document = self.document;
        let mut found = Vec::new();
        for (position, written) in document.impossible.iter().enumerate() {
            let place = Place::root().field("impossible").index(position).field("condition");
            let condition = self.condition(&place, &written.condition);
            found.extend(
                condition.map(|condition| Impossibility { condition, reason: written.reason.clone() }),
            );
        }
        found
    }

    fn gates(&mut self) -> Vec<(CauseIx, GateRule, Formula)> {
        let document = self.document;
        let mut found = Vec::new();
        for (id, gate) in &document.gates {
            let place = Place::root().field("gates").field(id);
            self.cited(&place, &gate.source, gate.uncited.as_ref());
            let rule = self.gate_rule(&place, gate);
            let formula = self.condition(&place.field("condition"), &gate.condition);
            let cause = if gate.cause == document.comparator.id {
                let help = "the comparator is the waterline; gate a named cause";
                let message = "the comparator is never gated";
                self.report_with_help(Code::GateOnComparator, &place.field("cause"), message, help);
                None
            } else {
                self.cause(&place.field("cause"), &gate.cause)
            };
            if let (Some(cause), Some(rule), Some(formula)) = (cause, rule, formula) {
                found.push((cause, rule, formula));
            }
        }
        let closable = |cause: &str| {
            document.gates.values().any(|gate| gate.cause == cause && gate.kind != GateKind::Caps)
        };
        if !document.causes.is_empty() && document.causes.keys().all(|cause| closable(cause)) {
            let help = "leave at least one cause without `requires` and `excludes`";
            let message = "every named cause can be closed, so that none would be first";
            self.report_with_help(Code::NoOpenCause, &Place::root().field("gates"), message, help);
        }
        found
    }

    fn gate_rule(&mut self, place: &Place, gate: &WrittenGate) -> Option<GateRule> {
        if gate.mode.is_some() && gate.kind != GateKind::Requires {
            self.report(Code::GateFields, &place.field("mode"), "only a `requires` gate has a mode");
        }
        if gate.probability.is_some() && gate.kind != GateKind::Caps {
            let message = "only a `caps` gate has a probability";
            self.report(Code::GateFields, &place.field("probability"), message);
        }
        match gate.kind {
            GateKind::Requires => Some(GateRule::Requires(gate.mode.unwrap_or(GateMode::Strict))),
            GateKind::Excludes => Some(GateRule::Excludes),
            GateKind::Caps => {
                let Some(most) = gate.probability else {
                    let help = "give `probability = 0.25`";
                    self.report_with_help(Code::GateFields, place, "a `caps` gate needs a probability", help);
                    return None;
                };
                self.probability(&place.field("probability"), most);
                Probability::new(most).ok().map(|most| GateRule::Caps(most.log_odds_floor()))
            }
        }
    }

    fn flags(&mut self) -> Vec<Formula> {
        let document = self.document;
        let mut found = Vec::new();
        for (id, flag) in &document.flags {
            let place = Place::root().field("flags").field(id);
            self.cited(&place, &flag.source, flag.uncited.as_ref());
            found.extend(self.condition(&place.field("condition"), &flag.condition));
        }
        found
    }

    fn claims(&mut self) -> Vec<Claim> {
        let document = self.document;
        let mut found = Vec::new();
        for (position, invariant) in document.invariants.iter().enumerate() {
            let place = Place::root().field("invariants").index(position).field("claim");
            if invariant.claim.len() > self.limits.text_bytes {
                // Reported as too long a text already.
                continue;
            }
            match invariant.claim.parse::<Claim>() {
                Ok(claim) => {
                    self.claim(&place, &claim);
                    found.push(claim);
                }
                Err(error) => {
                    let result = error.mentions_result();
                    let code = if result { Code::ConditionMentionsResult } else { Code::ClaimSyntax };
                    match error.help() {
                        Some(help) => self.report_with_help(code, &place, error.to_string(), help),
                        None => self.report(code, &place, error.to_string()),
                    }
                }
            }
        }
        found
    }

    /// Resolves every name of a claim.
    fn claim(&mut self, place: &Place, claim: &Claim) {
        match claim {
            Claim::NeverFirst { cause, unless: condition }
            | Claim::NeverLeads { cause, unless: condition }
            | Claim::PosteriorAtMost { cause, when: condition, .. } => {
                self.cause(place, cause);
                self.optional(place, condition.as_ref());
            }
            Claim::ReachableFirst { cause, setting } | Claim::ReachableLeads { cause, setting } => {
                if let Target::Cause(cause) = cause {
                    self.cause(place, cause);
                }
                if let Some(setting) = setting {
                    self.setting(place, setting);
                }
            }
            Claim::AlwaysAbove { upper, lower, when } => {
                self.cause(place, upper);
                self.cause(place, lower);
                self.optional(place, when.as_ref());
            }
            Claim::Monotone { indicator, from, to, cause, .. } => {
                self.cause(place, cause);
                let Some(answers) = self.indicator(place, indicator).and_then(|ix| self.answers.get(&ix))
                else {
                    return;
                };
                let answers = answers.clone();
                for key in [from, to].into_iter().filter(|key| *key != "unknown") {
                    self.answer_in(place, indicator, &answers, key);
                }
            }
            Claim::Raised { flag, whenever } => {
                if !self.document.flags.contains_key(flag) {
                    let known: Vec<&str> = self.document.flags.keys().map(String::as_str).collect();
                    self.unknown(Code::UnknownFlag, place, "flag", flag, &known);
                }
                self.parsed_condition(place, whenever);
            }
            Claim::SomeNamedCauseOpen => {}
        }
    }

    fn optional(&mut self, place: &Place, condition: Option<&Condition>) {
        if let Some(condition) = condition {
            self.parsed_condition(place, condition);
        }
    }
}
