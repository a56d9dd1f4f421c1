//! Conditions: names resolved, kinds checked, derived indicators written in.

use std::sync::Arc;

use super::checker::{Checker, kind_word, rounded};
use crate::document::{Code, Condition, ConditionError, IndicatorKind};
use crate::document::{Place, excerpt};
use crate::index::IndicatorIx;
use crate::knowledge::Formula;

/// The longest chain of derived indicators, whatever the limits say: no stack may depend on an author.
const DEEPEST: usize = 128;

impl Checker<'_> {
    /// Resolves the conditions of all derived indicators.
    pub(super) fn derived_conditions(&mut self) {
        let document = self.document;
        for id in document.derived.keys() {
            self.derived(id, &mut Vec::new());
        }
    }

    /// The condition of a derived indicator, resolved once; `within` are those being resolved around it.
    fn derived(&mut self, id: &str, within: &mut Vec<String>) -> Option<Arc<Formula>> {
        if let Some(known) = self.derived.get(id) {
            return known.clone();
        }
        let (id, written) = self.document.derived.get_key_value(id)?;
        let place = Place::root().field("derived").field(id).field("condition");
        if let Some(start) = within.iter().position(|outer| outer == id) {
            let circle: Vec<String> =
                within.iter().skip(start).chain([id]).map(|name| format!("`{name}`")).collect();
            let message = format!("derived indicators need each other: {}", circle.join(" needs "));
            self.report_with_help(Code::DerivedCycle, &place, message, "let one of them read findings only");
            self.derived.insert(id, None);
            return None;
        }
        let most = self.limits.condition_depth.min(DEEPEST);
        if within.len() > most {
            let message = format!("the condition leads through more than {most} derived indicators");
            self.report(Code::ConditionTooLarge, &place, message);
            self.derived.insert(id, None);
            return None;
        }
        within.push(id.clone());
        let formula = self
            .parse(&place, &written.condition)
            .and_then(|condition| self.resolve(&place, &condition, within));
        within.pop();
        let formula = formula.filter(|formula| self.small_enough(&place, formula)).map(Arc::new);
        self.derived.entry(id).or_insert(formula).clone()
    }

    /// A condition, parsed and resolved.
    pub(super) fn condition(&mut self, place: &Place, text: &str) -> Option<Formula> {
        let condition = self.parse(place, text)?;
        let formula = self.resolve(place, &condition, &mut Vec::new())?;
        self.small_enough(place, &formula).then_some(formula)
    }

    /// A condition inside a claim: names resolved and kinds checked, though only the text is kept.
    pub(super) fn parsed_condition(&mut self, place: &Place, condition: &Condition) {
        if let Some(formula) = self.resolve(place, condition, &mut Vec::new()) {
            self.small_enough(place, &formula);
        }
    }

    fn parse(&mut self, place: &Place, text: &str) -> Option<Condition> {
        if text.len() > self.limits.text_bytes {
            // Reported as too long a text already.
            return None;
        }
        text.parse::<Condition>().map_err(|error| self.unreadable(place, &error)).ok()
    }

    fn unreadable(&mut self, place: &Place, error: &ConditionError) {
        let code =
            if error.mentions_result() { Code::ConditionMentionsResult } else { Code::ConditionSyntax };
        match error.help() {
            Some(help) => self.report_with_help(code, place, error.to_string(), help),
            None => self.report(code, place, error.to_string()),
        }
    }

    fn small_enough(&mut self, place: &Place, formula: &Formula) -> bool {
        let (depth, atoms) = formula.size();
        let most_depth = self.limits.condition_depth.min(DEEPEST);
        let most_atoms = self.limits.condition_atoms;
        for (what, found, most) in [("levels", depth, most_depth), ("atoms", atoms, most_atoms)] {
            if found > most {
                let message = format!(
                    "the condition has {found} {what}, derived indicators written out, expected at most {most}"
                );
                self.report(Code::ConditionTooLarge, place, message);
            }
        }
        depth <= most_depth && atoms <= most_atoms
    }

    /// A parsed condition with its names resolved; every unknown name is reported.
    fn resolve(&mut self, place: &Place, condition: &Condition, within: &mut Vec<String>) -> Option<Formula> {
        match condition {
            Condition::Present(name) => self.boolean(place, name, 0b10, within),
            Condition::Absent(name) => self.boolean(place, name, 0b01, within),
            Condition::AnswerIn(name, keys) => {
                let indicator = self.asked(place, name)?;
                let kinds = [IndicatorKind::Categorical, IndicatorKind::Ordinal];
                self.of_kind(place, name, &kinds, "answer")?;
                let answers = self.answers.get(&indicator)?.clone();
                let positions: Vec<_> =
                    keys.iter().map(|key| self.answer_in(place, name, &answers, key)).collect();
                let bits = positions.into_iter().collect::<Option<Vec<_>>>()?;
                Some(Formula::Atom(indicator, bits.into_iter().fold(0, |bits, at| bits | 1 << at)))
            }
            Condition::AtLeast(name, cut) => self.comparison(place, name, *cut, true),
            Condition::Below(name, cut) => self.comparison(place, name, *cut, false),
            Condition::All(parts) => self.resolve_all(place, parts, within).map(Formula::All),
            Condition::Any(parts) => self.resolve_all(place, parts, within).map(Formula::Any),
            Condition::Not(inner) => Some(Formula::Not(Box::new(self.resolve(place, inner, within)?))),
            Condition::Several(needed, parts) => {
                self.resolve_all(place, parts, within).map(|parts| Formula::Several(*needed, parts))
            }
        }
    }

    fn resolve_all(
        &mut self,
        place: &Place,
        parts: &[Condition],
        within: &mut Vec<String>,
    ) -> Option<Vec<Formula>> {
        let resolved: Vec<_> = parts.iter().map(|part| self.resolve(place, part, within)).collect();
        resolved.into_iter().collect()
    }

    /// `present` or `absent` of a boolean or derived indicator.
    fn boolean(&mut self, place: &Place, name: &str, bits: u64, within: &mut Vec<String>) -> Option<Formula> {
        if self.document.derived.contains_key(name) && !self.indicators.contains_key(name) {
            let inner = Formula::Derived(self.derived(name, within)?);
            return Some(if bits == 0b10 { inner } else { Formula::Not(Box::new(inner)) });
        }
        let indicator = self.asked(place, name)?;
        let question = if bits == 0b10 { "present" } else { "absent" };
        self.of_kind(place, name, &[IndicatorKind::Boolean], question)?;
        Some(Formula::Atom(indicator, bits))
    }

    fn comparison(&mut self, place: &Place, name: &str, cut: f64, at_least: bool) -> Option<Formula> {
        let indicator = self.asked(place, name)?;
        self.of_kind(place, name, &[IndicatorKind::Numeric], if at_least { ">=" } else { "<" })?;
        let answers = self.answers.get(&indicator)?.len();
        let cut_points = &self.document.indicators.get(name)?.cut_points;
        let Some(below) = cut_points.iter().position(|point| (point - cut).abs() == 0.0) else {
            let known = cut_points.iter().map(|point| rounded(*point)).collect::<Vec<_>>();
            let message = format!("`{name}` is compared with {}, which is no cut-point of it", rounded(cut));
            let help = format!("its cut-points are {}", known.join(", "));
            self.report_with_help(Code::ComparisonOffCutPoint, place, message, help);
            return None;
        };
        let lower = (1_u64 << (below + 1)) - 1;
        let all = u64::MAX >> (64 - answers.clamp(1, 64));
        Some(Formula::Atom(indicator, if at_least { all & !lower } else { lower }))
    }

    /// The indicator a condition asks about; derived ones count among the suggestions.
    fn asked(&mut self, place: &Place, name: &str) -> Option<IndicatorIx> {
        let found = self.indicators.get(name).copied();
        if found.is_none() && self.document.derived.contains_key(name) {
            let message =
                format!("`{name}` is a derived indicator, which is present or absent and nothing else");
            let help = format!("write `present({name})` or `absent({name})`");
            self.report_with_help(Code::ConditionKind, place, message, help);
        } else if found.is_none() {
            let derived = self.document.derived.keys().map(String::as_str);
            let known: Vec<&str> = self.indicators.keys().copied().chain(derived).collect();
            self.unknown(Code::UnknownIndicator, place, "indicator", name, &known);
        }
        found
    }

    /// Reports a question that the kind of an indicator cannot answer, and one that it can.
    fn of_kind(&mut self, place: &Place, name: &str, kinds: &[IndicatorKind], question: &str) -> Option<()> {
        let indicator = self.document.indicators.get(name)?;
        if kinds.contains(&indicator.kind) {
            return Some(());
        }
        let example = match indicator.kind {
            IndicatorKind::Boolean => format!("`present({name})` or `absent({name})`"),
            IndicatorKind::Categorical | IndicatorKind::Ordinal => {
                let answer = indicator.answers.first().map_or("...", |answer| answer.id.as_str());
                format!("`answer({name}) in [{}]`", excerpt(answer))
            }
            IndicatorKind::Numeric => {
                let cut = indicator.cut_points.first().map_or_else(|| "...".to_owned(), |cut| rounded(*cut));
                format!("`{name} >= {cut}` or `{name} < {cut}`")
            }
        };
        let kind = kind_word(indicator.kind);
        let message = format!("`{name}` is {kind}, and cannot be asked about with `{question}`");
        self.report_with_help(Code::ConditionKind, place, message, format!("write {example}"));
        None
    }
}
