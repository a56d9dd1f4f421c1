//! Conditions: names resolved, kinds checked, derived indicators written in.

use std::sync::Arc;

use super::checker::Checker;
use crate::document::Place;
use crate::document::suggest;
use crate::document::{Code, Condition, IndicatorKind};
use crate::index::IndicatorIx;
use crate::knowledge::Formula;

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
        if within.iter().any(|outer| outer == id) || within.len() > self.limits.condition_depth {
            let circle = within.iter().map(|outer| format!("`{outer}`")).collect::<Vec<_>>().join(" needs ");
            self.report(
                Code::DerivedCycle,
                &place,
                format!("derived indicators refer to each other in a circle: {circle} needs `{id}`"),
            );
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
        match text.parse::<Condition>() {
            Ok(condition) => Some(condition),
            Err(error) => {
                let code = if error.mentions_result() {
                    Code::ConditionMentionsResult
                } else {
                    Code::ConditionSyntax
                };
                match error.help() {
                    Some(help) => self.report_with_help(code, place, error.to_string(), help),
                    None => self.report(code, place, error.to_string()),
                }
                None
            }
        }
    }

    fn small_enough(&mut self, place: &Place, formula: &Formula) -> bool {
        let (depth, atoms) = formula.size();
        let (most_depth, most_atoms) = (self.limits.condition_depth, self.limits.condition_atoms);
        let fine = depth <= most_depth && atoms <= most_atoms;
        if !fine {
            let message = format!(
                "the condition has {depth} levels and {atoms} atoms, where at most {most_depth} and {most_atoms} are allowed"
            );
            self.report(Code::ConditionTooLarge, place, message);
        }
        fine
    }

    /// A parsed condition with its names resolved; every unknown name is reported.
    fn resolve(&mut self, place: &Place, condition: &Condition, within: &mut Vec<String>) -> Option<Formula> {
        match condition {
            Condition::Present(name) => self.boolean(place, name, 0b10, within),
            Condition::Absent(name) => self.boolean(place, name, 0b01, within),
            Condition::AnswerIn(name, keys) => {
                let indicator = self.asked(place, name)?;
                let kinds = [IndicatorKind::Categorical, IndicatorKind::Ordinal];
                self.of_kind(place, name, &kinds, "`present`, `absent` or a comparison")?;
                let answers = self.answers.get(&indicator).cloned().unwrap_or_default();
                let positions: Vec<_> = keys.iter().map(|key| self.answer_in(place, &answers, key)).collect();
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
        if self.document.derived.contains_key(name) {
            let inner = Formula::Derived(self.derived(name, within)?);
            return Some(if bits == 0b10 { inner } else { Formula::Not(Box::new(inner)) });
        }
        let indicator = self.asked(place, name)?;
        self.of_kind(place, name, &[IndicatorKind::Boolean], "`answer(...) in [...]` or a comparison")?;
        Some(Formula::Atom(indicator, bits))
    }

    fn comparison(&mut self, place: &Place, name: &str, cut: f64, at_least: bool) -> Option<Formula> {
        let indicator = self.asked(place, name)?;
        self.of_kind(
            place,
            name,
            &[IndicatorKind::Numeric],
            "`present`, `absent` or `answer(...) in [...]`",
        )?;
        let cut_points = &self.document.indicators.get(name)?.cut_points;
        let Some(below) = cut_points.iter().position(|point| (point - cut).abs() == 0.0) else {
            let known = cut_points.iter().map(f64::to_string).collect::<Vec<_>>().join(", ");
            let message = format!("`{name}` is compared with {cut}, which is none of its cut-points");
            self.report_with_help(
                Code::ComparisonOffCutPoint,
                place,
                message,
                format!("its cut-points are {known}"),
            );
            return None;
        };
        let lower = (1_u64 << (below + 1)) - 1;
        let all = u64::MAX >> (63 - cut_points.len().min(63));
        Some(Formula::Atom(indicator, if at_least { all & !lower } else { lower }))
    }

    /// The indicator a condition asks about; derived ones count among the suggestions.
    fn asked(&mut self, place: &Place, name: &str) -> Option<IndicatorIx> {
        let found = self.indicators.get(name).copied();
        if found.is_none() {
            if self.document.derived.contains_key(name) {
                let message =
                    format!("`{name}` is a derived indicator, which is present or absent and nothing else");
                self.report_with_help(
                    Code::ConditionKind,
                    place,
                    message,
                    format!("write `present({name})` or `absent({name})`"),
                );
                return None;
            }
            let known: Vec<&str> = self
                .indicators
                .keys()
                .copied()
                .chain(self.document.derived.keys().map(String::as_str))
                .collect();
            let message = format!("`{name}` is no indicator of this knowledge base");
            match suggest(name, known.iter().copied()) {
                Some(near) => self.report_with_help(
                    Code::UnknownIndicator,
                    place,
                    message,
                    format!("did you mean `{near}`?"),
                ),
                None => self.report(Code::UnknownIndicator, place, message),
            }
        }
        found
    }

    fn of_kind(&mut self, place: &Place, name: &str, kinds: &[IndicatorKind], instead: &str) -> Option<()> {
        let kind = self.document.indicators.get(name)?.kind;
        if kinds.contains(&kind) {
            return Some(());
        }
        let kind = format!("{kind:?}").to_lowercase();
        let message = format!("`{name}` is {kind}, which this cannot ask about");
        self.report_with_help(Code::ConditionKind, place, message, format!("ask with {instead}"));
        None
    }
}
