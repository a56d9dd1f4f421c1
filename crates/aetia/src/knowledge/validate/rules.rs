//! Implications, impossible combinations, gates, flags and declared invariants.

use super::checker::Checker;
use crate::belief::Probability;
use crate::document::Place;
use crate::document::{
    AnswerValue, Claim, Code, Condition, Gate as WrittenGate, GateKind, GateMode, IndicatorKind, Target,
};
use crate::index::{CauseIx, IndicatorIx};
use crate::knowledge::{AnswerCode, Formula, GateRule, Implication, Impossibility, Truth, UNKNOWN, code};

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
        for (position, written) in document.implies.iter().enumerate() {
            let place = Place::root().field("implies").index(position);
            let condition = self.condition(&place.field("if"), &written.condition);
            let then_place = place.field("then");
            if written.then.is_empty() {
                self.report(Code::MissingField, &then_place, "nothing follows from this implication");
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
            for (indicator, code) in &then {
                let read: Vec<IndicatorIx> =
                    condition.indicators().into_iter().chain(then.iter().map(|(other, _)| *other)).collect();
                self.tied(&then_place, "implies", *indicator, &read);
                // With nothing known but what follows, the condition must not be refuted by it.
                let only = |asked: IndicatorIx| if asked == *indicator { *code } else { UNKNOWN };
                let same_if = |other: &&Implication| other.condition == condition;
                let other_answer = |(i, c): &(IndicatorIx, AnswerCode)| i == indicator && c != code;
                let against = found.iter().filter(same_if).any(|other| other.then.iter().any(other_answer));
                if condition.evaluate(&only) == Truth::False || against {
                    let message = format!(
                        "what follows about `{}` contradicts what it follows from",
                        self.name_of(*indicator)
                    );
                    self.report(Code::ImpliesContradiction, &then_place, message);
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
        let answers = self.answers.get(&indicator).cloned().unwrap_or_default();
        match (kind, value) {
            (IndicatorKind::Boolean, AnswerValue::Boolean(present)) => Some(code(usize::from(*present))),
            (IndicatorKind::Categorical | IndicatorKind::Ordinal, AnswerValue::Named(key)) => {
                self.answer_in(place, &answers, key).map(code)
            }
            _ => {
                let help = "write true or false for a boolean, or the id of an answer";
                self.report_with_help(
                    Code::AnswerKind,
                    place,
                    format!("this value does not suit `{name}`"),
                    help,
                );
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
                self.report_with_help(
                    Code::GateOnComparator,
                    &place.field("cause"),
                    "the comparator is never gated",
                    help,
                );
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
            self.report_with_help(
                Code::NoOpenCause,
                &Place::root().field("gates"),
                "every named cause can be closed, so that none would be first",
                help,
            );
        }
        found
    }

    fn gate_rule(&mut self, place: &Place, gate: &WrittenGate) -> Option<GateRule> {
        if gate.mode.is_some() && gate.kind != GateKind::Requires {
            self.report(Code::GateFields, &place.field("mode"), "only a `requires` gate has a mode");
        }
        if gate.probability.is_some() && gate.kind != GateKind::Caps {
            self.report(
                Code::GateFields,
                &place.field("probability"),
                "only a `caps` gate has a probability",
            );
        }
        match gate.kind {
            GateKind::Requires => Some(GateRule::Requires(gate.mode.unwrap_or(GateMode::Strict))),
            GateKind::Excludes => Some(GateRule::Excludes),
            GateKind::Caps => {
                let Some(most) = gate.probability else {
                    self.report_with_help(
                        Code::GateFields,
                        place,
                        "a `caps` gate needs a probability",
                        "give `probability = 0.25`",
                    );
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
            match invariant.claim.parse::<Claim>() {
                Ok(claim) => {
                    self.claim(&place, &claim);
                    found.push(claim);
                }
                Err(error) => match error.help() {
                    Some(help) => self.report_with_help(Code::ClaimSyntax, &place, error.to_string(), help),
                    None => self.report(Code::ClaimSyntax, &place, error.to_string()),
                },
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
                if let Claim::PosteriorAtMost { bound, .. } = claim {
                    self.probability(place, *bound);
                }
            }
            Claim::ReachableFirst { cause, setting } | Claim::ReachableLeads { cause, setting } => {
                if let Target::Cause(cause) = cause {
                    self.cause(place, cause);
                }
                if let Some(setting) =
                    setting.as_ref().filter(|setting| !self.settings.contains_key(setting.as_str()))
                {
                    let known: Vec<&str> = self.settings.keys().copied().collect();
                    self.unknown(Code::UnknownSetting, place, "setting", setting, &known);
                }
            }
            Claim::AlwaysAbove { upper, lower, when } => {
                self.cause(place, upper);
                self.cause(place, lower);
                self.optional(place, when.as_ref());
            }
            Claim::Monotone { indicator, from, to, cause, .. } => {
                self.cause(place, cause);
                let Some(indicator) = self.indicator(place, indicator) else {
                    return;
                };
                let answers = self.answers.get(&indicator).cloned().unwrap_or_default();
                for key in [from, to].into_iter().filter(|key| *key != "unknown") {
                    self.answer_in(place, &answers, key);
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
