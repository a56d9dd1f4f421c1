//! Puts the checked pieces together: lone indicators become groups of one, and states are numbered.

use std::collections::{BTreeMap, BTreeSet};

use super::checker::Checker;
use super::groups::{DraftGroup, factors};
use super::priors::Priors;
use super::rules::Rules;
use crate::document::Place;
use crate::document::{Code, Document};
use crate::index::{CauseIx, Dense, GroupIx, Indexed, IndicatorIx, RowIx};
use crate::knowledge::{
    Cause, CountForm, Derived, Flag, Gate, Group, Indicator, Invariant, Knowledge, Lookup, Row, Seat,
    Setting, Shape, Source,
};

impl Checker<'_> {
    /// The knowledge, unless a group or the whole is too large.
    pub(super) fn assemble(
        &mut self,
        priors: Vec<Priors>,
        rows: Vec<Row>,
        drafts: Vec<DraftGroup>,
        rules: Rules,
    ) -> Option<Knowledge> {
        let document = self.document;
        let mut rows_about: BTreeMap<IndicatorIx, Vec<RowIx>> = BTreeMap::new();
        for (position, row) in rows.iter().enumerate() {
            rows_about.entry(row.indicator).or_default().push(RowIx::at(position));
        }
        let groups = self.all_groups(drafts, &rows, &rows_about)?;
        let mut group_of: BTreeMap<IndicatorIx, GroupIx> = BTreeMap::new();
        for (group, found) in groups.enumerate() {
            group_of.extend(found.members.iter().map(|member| (*member, group)));
        }
        let indicators: Option<Vec<Indicator>> = document
            .indicators
            .iter()
            .zip(self.indicators.values())
            .map(|((id, written), ix)| {
                let group = *group_of.get(ix)?;
                let answers = self.answers.get(ix)?.clone();
                Some(Indicator { id: id.parse().ok()?, answers, group, written: written.clone() })
            })
            .collect();
        let indicators: Indexed<IndicatorIx, Indicator> = indicators?.into_iter().collect();
        let settings =
            document.settings.iter().zip(priors).map(|((id, written), (comparator_prior, priors))| {
                Some(Setting { id: id.parse().ok()?, title: written.title.clone(), comparator_prior, priors })
            });
        let mut flags: Vec<Flag> = document
            .flags
            .iter()
            .zip(rules.flags)
            .map(|((id, written), formula)| {
                Some(Flag { id: id.parse().ok()?, formula, written: written.clone() })
            })
            .collect::<Option<_>>()?;
        flags.sort_by(|a, b| (a.written.level, &a.id).cmp(&(b.written.level, &b.id)));
        let gates = document.gates.iter().zip(rules.gates).map(|((id, written), (cause, rule, formula))| {
            Some(Gate { id: id.parse().ok()?, cause, rule, formula, written: written.clone() })
        });
        let invariants = document.invariants.iter().zip(rules.claims).map(|(written, claim)| {
            Some(Invariant { id: written.id.parse().ok()?, claim, reason: written.reason.clone() })
        });
        let derived = document.derived.iter().map(|(id, written)| {
            let formula = self.derived.get(id.as_str())?.clone()?;
            Some(Derived { id: id.parse().ok()?, title: written.title.clone(), formula })
        });
        let sources = document
            .sources
            .iter()
            .map(|(id, written)| Some(Source { id: id.parse().ok()?, written: written.clone() }));
        let causes = document
            .causes
            .iter()
            .map(|(id, written)| Some(Cause { id: id.parse().ok()?, written: written.clone() }));
        let mut knowledge = Knowledge {
            lifts: BTreeMap::new(),
            warnings: Vec::new(),
            comparator: document.comparator.id.parse().ok()?,
            default_setting: *self.settings.get(document.knowledge_base.default_setting.as_str())?,
            settings: settings.collect::<Option<Vec<_>>>()?.into_iter().collect(),
            sources: sources.collect::<Option<_>>()?,
            causes: causes.collect::<Option<Vec<_>>>()?.into_iter().collect(),
            derived: derived.collect::<Option<_>>()?,
            rows_about: self
                .indicators
                .values()
                .map(|ix| rows_about.remove(ix).unwrap_or_default())
                .collect(),
            lookup: Lookup::of(&indicators),
            seats: Seat::all(&indicators, &groups),
            indicators,
            rows: rows.into_iter().collect(),
            groups,
            implications: rules.implications,
            impossible: rules.impossible,
            gates: gates.collect::<Option<_>>()?,
            flags,
            invariants: invariants.collect::<Option<_>>()?,
            // The caller moves the document in once the borrow of the checker has ended.
            document: Document::default(),
        };
        knowledge.lifts = knowledge.comparator_lifts();
        Some(knowledge)
    }

    /// Declared groups and lone indicators, in the order of their first members.
    fn all_groups(
        &mut self,
        drafts: Vec<DraftGroup>,
        rows: &[Row],
        rows_about: &BTreeMap<IndicatorIx, Vec<RowIx>>,
    ) -> Option<Indexed<GroupIx, Group>> {
        let grouped: BTreeSet<IndicatorIx> =
            drafts.iter().flat_map(|draft| draft.members.iter().copied()).collect();
        let lone =
            self.indicators.iter().filter(|(_, ix)| !grouped.contains(ix)).map(|(name, ix)| DraftGroup {
                id: String::new(),
                title: self
                    .document
                    .indicators
                    .get(*name)
                    .map_or_else(String::new, |indicator| indicator.title.clone()),
                members: BTreeSet::from([*ix]),
                gamma: 1.0,
                table: Vec::new(),
                items: Vec::new(),
                rules: Vec::new(),
            });
        let mut drafts: Vec<DraftGroup> = lone.collect::<Vec<_>>().into_iter().chain(drafts).collect();
        drafts.sort_by(|a, b| a.members.first().cmp(&b.members.first()));
        let mut fine = true;
        let mut weights = 0_usize;
        let mut groups = Vec::new();
        for draft in drafts {
            let about: Vec<RowIx> =
                draft.members.iter().filter_map(|member| rows_about.get(member)).flatten().copied().collect();
            let about: Vec<&Row> = about.iter().filter_map(|row| rows.get(row.position())).collect();
            let Some(shape) = self.shape(&draft, !about.is_empty()) else {
                fine = false;
                continue;
            };
            let causes: BTreeSet<CauseIx> =
                about.iter().map(|row| row.cause).chain(draft.rules.iter().map(|rule| rule.cause)).collect();
            let special = about
                .iter()
                .any(|row| !row.settings.is_empty() || row.against == crate::document::Against::Rest)
                || draft.rules.iter().any(|rule| !rule.settings.is_empty());
            let settings = if special { self.settings.len() } else { 1 };
            weights =
                weights.saturating_add(shape.states().saturating_mul(causes.len()).saturating_mul(settings));
            groups.push(Group {
                id: draft.id.parse().ok(),
                title: draft.title,
                factors: factors(draft.gamma, draft.members.len()),
                members: draft.members.into_iter().collect(),
                table: draft.table,
                counted: draft.items.iter().flat_map(|item| item.formula.indicators()).collect(),
                items: draft.items,
                rules: draft.rules,
                shape,
            });
        }
        if weights > self.limits.weights {
            let message =
                format!("found {weights} compiled weights, expected at most {}", self.limits.weights);
            let help = "make groups smaller, or raise the limit";
            self.report_with_help(Code::TooMany, &Place::root().field("evidence"), message, help);
            return None;
        }
        fine.then(|| groups.into_iter().collect())
    }

    /// How the states of a group are numbered.
    fn shape(&mut self, draft: &DraftGroup, has_rows: bool) -> Option<Shape> {
        let place = Place::root().field("groups").field(&draft.id).field("members");
        let exchangeable = draft.rules.iter().all(|rule| matches!(rule.form, CountForm::Distribution { .. }));
        if !draft.items.is_empty() && !has_rows && exchangeable && draft.table.is_empty() {
            return Some(Shape::Tally { items: draft.items.len() });
        }
        if draft.members.len() > self.limits.discounted_members
            && draft.id.parse::<crate::id::GroupId>().is_ok()
        {
            let (found, most) = (draft.members.len(), self.limits.discounted_members);
            let message = format!("found {found} members, expected at most {most}");
            let help = "split the group; only one in which nothing but counts weigh may have more";
            self.report_with_help(Code::GroupTooLarge, &place, message, help);
            return None;
        }
        let answers: Vec<usize> =
            draft.members.iter().filter_map(|member| self.answers.get(member)).map(Vec::len).collect();
        let shape = Shape::joint(answers, self.limits.group_states);
        if shape.is_none() {
            let most = self.limits.group_states;
            let message =
                format!("found more than {most} joint states of the members, unknown counted as an answer");
            let help = "split the group, or give its members fewer answers";
            self.report_with_help(Code::GroupTooLarge, &place, message, help);
        }
        shape
    }
}
