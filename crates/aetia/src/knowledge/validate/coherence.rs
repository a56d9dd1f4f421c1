//! What only the whole can tell: ratios against the rest, joint tables, base rates, and what is never used.

use std::collections::BTreeSet;

use super::checker::{Checker, listed};
use crate::document::Place;
use crate::document::{Against, Code};
use crate::index::{CauseIx, Dense, IndicatorIx, RowIx, SettingIx};
use crate::knowledge::{Answer, AnswerCode, Formula, Group, JointTable, Knowledge, Row, UNKNOWN, position};

/// How far apart two base rates of one finding may lie before somebody should look.
const BASE_RATE_TOLERANCE: f64 = 0.15;

impl Checker<'_> {
    /// Checks what needs the whole knowledge base.
    pub(super) fn coherence(&mut self, knowledge: &Knowledge) {
        self.against_rest(knowledge);
        for group in knowledge.groups.iter() {
            for cause in &group.table {
                for setting in knowledge.settings.indices() {
                    self.table(knowledge, group, *cause, setting);
                }
            }
        }
        self.base_rates_agree(knowledge);
        self.unused(knowledge);
    }

    /// Ratios against the rest must leave the comparator something.
    fn against_rest(&mut self, knowledge: &Knowledge) {
        for (ix, row) in knowledge.rows.enumerate().filter(|(_, row)| row.against == Against::Rest) {
            for (setting, named) in knowledge.settings.enumerate() {
                let applies = knowledge.rows_for(setting, row.cause, row.indicator).contains(&ix);
                let weighed =
                    row.answers.iter().enumerate().filter(|(_, said)| applies && said.neutral.is_none());
                for (answer, _) in weighed {
                    if knowledge.comparator_lift(setting, row.indicator, answer) <= 0.0 {
                        let answers = &knowledge.indicators[row.indicator].answers;
                        let (key, setting) =
                            (answers.get(answer).map_or("", |answer| &answer.key), &named.id);
                        let message = format!(
                            "in `{setting}` the ratios of `{key}` against the rest leave the comparator no chance of it"
                        );
                        let help = "check the priors, or state the ratios against the comparator";
                        self.report_with_help(Code::LikelihoodRatioIncoherent, &place_of(ix), message, help);
                    }
                }
            }
        }
    }

    /// A joint table needs probabilities, and an applicable row for every member in every complete state.
    fn table(&mut self, knowledge: &Knowledge, group: &Group, cause: CauseIx, setting: SettingIx) {
        let rows = |member: IndicatorIx| knowledge.rows_for(setting, cause, member);
        if group.members.iter().all(|member| rows(*member).is_empty()) {
            let place = group_place(group).field("table");
            let message =
                format!("`{}` has a table here, and no rows about its members", knowledge.causes[cause].id);
            let help = "give the members' probabilities, or take the cause off the list";
            self.report_with_help(Code::TableIncomplete, &place, message, help);
            return;
        }
        let mut fed = true;
        for row in group.members.iter().flat_map(|member| rows(*member)) {
            let place = place_of(row);
            let name = &knowledge.causes[cause].id;
            if knowledge.rows[row].against == Against::Rest {
                fed = false;
                let message = format!("the table of `{name}` cannot be made of figures against the rest");
                let help = "give them against the comparator";
                self.report_with_help(Code::TableNeedsProbabilities, &place, message, help);
            } else if knowledge.rows[row].answers.iter().any(|said| said.shares.is_none()) {
                fed = false;
                let message = format!("the table of `{name}` cannot be made of bare ratios");
                let help = "give `probabilities`, `accuracy` or `counts`";
                self.report_with_help(Code::TableNeedsProbabilities, &place, message, help);
            }
        }
        if fed && !self.circular(knowledge, group, cause, setting) {
            self.complete(knowledge, group, cause, setting);
        }
    }

    /// Whether the conditions of a table's members read each other in a circle, or a member without rows.
    fn circular(&mut self, knowledge: &Knowledge, group: &Group, cause: CauseIx, setting: SettingIx) -> bool {
        let reads = |member: IndicatorIx| {
            let rows = knowledge.rows_for(setting, cause, member);
            let read = rows.into_iter().filter_map(|row| knowledge.rows[row].when.as_ref());
            read.flat_map(Formula::indicators).collect::<BTreeSet<_>>()
        };
        let mut settled: BTreeSet<IndicatorIx> = BTreeSet::new();
        let mut left: Vec<IndicatorIx> = group.members.clone();
        loop {
            let (next, waiting): (Vec<_>, Vec<_>) =
                left.iter().partition(|member| reads(**member).is_subset(&settled));
            if waiting.is_empty() {
                break;
            }
            if next.is_empty() {
                let names = waiting.iter().map(|member| knowledge.indicators[*member].id.as_str());
                let message = format!("the rows of {} depend on each other in a circle", listed(names));
                let help = "let each `when` read members whose own rows do not read back";
                self.report_with_help(
                    Code::TableIncomplete,
                    &group_place(group).field("table"),
                    message,
                    help,
                );
                return true;
            }
            settled.extend(next);
            left = waiting;
        }
        for member in group.members.iter().flat_map(|member| reads(*member)).collect::<BTreeSet<_>>() {
            if knowledge.rows_for(setting, cause, member).is_empty() {
                let place = group_place(group).field("table");
                let (name, read) = (&knowledge.causes[cause].id, &knowledge.indicators[member].id);
                let message = format!("for `{name}` a `when` reads `{read}`, about which there is no row");
                self.report_with_help(Code::TableIncomplete, &place, message, "give its probabilities too");
                return true;
            }
        }
        false
    }

    /// Whether every member that has rows has an applicable one in every complete state.
    fn complete(&mut self, knowledge: &Knowledge, group: &Group, cause: CauseIx, setting: SettingIx) {
        let table = knowledge.joint_table(group, cause, setting);
        for state in 0..group.shape.states() {
            let codes: Vec<AnswerCode> = group.shape.codes(state);
            if codes.contains(&UNKNOWN) {
                continue;
            }
            for (member, _, rows) in table.members.iter().filter(|(_, _, rows)| !rows.is_empty()) {
                if table.applicable(rows, &codes).is_none() {
                    let place = group_place(group).field("table");
                    let (name, about) = (&knowledge.causes[cause].id, &knowledge.indicators[*member].id);
                    let read = rows.iter().filter_map(|row| row.when.as_ref()).flat_map(Formula::indicators);
                    let state = read.collect::<BTreeSet<_>>().into_iter().map(|ix| {
                        let code = table.members.iter().zip(&codes).find(|((seat, ..), _)| *seat == ix);
                        let answer = code.and_then(|(_, code)| position(*code));
                        let indicator = &knowledge.indicators[ix];
                        let answer = answer.and_then(|at| indicator.answers.get(at)).map_or("", Answer::key);
                        format!("`{}` is `{answer}`", indicator.id)
                    });
                    let state = state.collect::<Vec<_>>().join(" and ");
                    let message = format!("for `{name}` no row about `{about}` applies where {state}");
                    self.report_with_help(Code::TableIncomplete, &place, message, "add a row without `when`");
                    return;
                }
            }
        }
    }

    /// Two rows that imply very different base rates of one finding under the comparator contradict each other.
    fn base_rates_agree(&mut self, knowledge: &Knowledge) {
        for (indicator, rows) in knowledge.indicators.indices().map(|ix| (ix, &knowledge.rows_about[ix])) {
            let rates = |row: &RowIx| {
                let row = &knowledge.rows[*row];
                let plain =
                    row.when.is_none() && row.settings.is_empty() && row.against == Against::Comparator;
                row.answers
                    .last()
                    .filter(|_| plain)
                    .and_then(|said| said.shares)
                    .map(|(_, comparator)| comparator)
            };
            let found: Vec<(RowIx, f64)> =
                rows.iter().filter_map(|row| rates(row).map(|rate| (*row, rate))).collect();
            let Some((before, first)) = found.first() else { continue };
            if let Some((row, rate)) =
                found.iter().find(|(_, rate)| (rate - first).abs() > BASE_RATE_TOLERANCE)
            {
                let answers = &knowledge.indicators[indicator].answers;
                let (name, key) =
                    (&knowledge.indicators[indicator].id, answers.last().map_or("", Answer::key));
                let before = place_of(*before);
                let message = format!(
                    "under the comparator, this row gives `{key}` of `{name}` {rate:.2}, `{before}` gives it {first:.2}"
                );
                let help =
                    "one of them may come from other people: check the figures, and say so in a `note`";
                self.report_with_help(Code::BaseRatesDisagree, &place_of(*row), message, help);
            }
        }
    }

    /// Sources nobody cites, and indicators nobody weighs or asks about.
    fn unused(&mut self, knowledge: &Knowledge) {
        let document = self.document;
        let idle: Vec<&String> =
            document.sources.keys().filter(|id| !self.cited.contains(id.as_str())).collect();
        for id in idle {
            let place = Place::root().field("sources").field(id);
            self.report_with_help(
                Code::Unused,
                &place,
                format!("nothing cites `{id}`"),
                "cite it, or take it away",
            );
        }
        let mut read: BTreeSet<IndicatorIx> = BTreeSet::new();
        let formulas = knowledge
            .gates
            .iter()
            .map(|gate| &gate.formula)
            .chain(knowledge.flags.iter().map(|flag| &flag.formula));
        let items = knowledge.groups.iter().flat_map(|group| group.items.iter().map(|item| &item.formula));
        let implied = knowledge.implications.iter().map(|implication| &implication.condition);
        let impossible = knowledge.impossible.iter().map(|impossible| &impossible.condition);
        let whens = knowledge.rows.iter().filter_map(|row: &Row| row.when.as_ref());
        formulas
            .chain(items)
            .chain(implied)
            .chain(impossible)
            .chain(whens)
            .for_each(|formula| read.extend(formula.indicators()));
        read.extend(
            knowledge
                .implications
                .iter()
                .flat_map(|implication| implication.then.iter().map(|(indicator, _)| *indicator)),
        );
        for (ix, indicator) in knowledge.indicators.enumerate() {
            if !read.contains(&ix) && knowledge.rows_about[ix].is_empty() {
                let place = Place::root().field("indicators").field(indicator.id.as_str());
                let message = format!("nothing weighs `{}` or asks about it", indicator.id);
                self.report_with_help(Code::Unused, &place, message, "use it, or take it away");
            }
        }
    }
}

impl Knowledge {
    /// The joint table of a cause in a group.
    pub(crate) fn joint_table(&self, group: &Group, cause: CauseIx, setting: SettingIx) -> JointTable<'_> {
        let member = |member: &IndicatorIx| {
            let rows =
                self.rows_for(setting, cause, *member).into_iter().map(|row| &self.rows[row]).collect();
            (*member, self.indicators[*member].answers.len(), rows)
        };
        JointTable { members: group.members.iter().map(member).collect() }
    }
}

/// The place of a declared group.
fn group_place(group: &Group) -> Place {
    group.id.as_ref().map_or_else(Place::root, |id| Place::root().field("groups").field(id.as_str()))
}

/// The place of a row. Rows are numbered as written, since a document with an unreadable row has errors.
fn place_of(row: RowIx) -> Place {
    Place::root().field("evidence").index(row.position())
}
