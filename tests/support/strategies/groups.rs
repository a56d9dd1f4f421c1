//! Random groups and the evidence of their members.

use std::collections::BTreeMap;

use aetia::written::{
    AccuracyRow, Against, Count, CountRule, CountsRow, Evidence, Group, Item, Neutral, Probabilities, Ratios,
    Shares,
};
use aetia::{IndicatorKind, Trend};

use super::Weighing;
use super::author::{Author, Role};
use crate::oracle::answers_of;
use crate::synthetic::provenance;

impl Author {
    /// Puts indicators into groups and writes their evidence; returns the ones in a group.
    pub(super) fn groups(&mut self) -> Vec<String> {
        let groups = self.tape.below(4);
        let mut members: Vec<Vec<String>> = vec![Vec::new(); groups];
        for id in self.document.indicators.keys() {
            let choice = self.tape.below(groups + 1);
            if choice > 0 && members[choice - 1].len() < 5 {
                members[choice - 1].push(id.clone());
            }
        }
        for (number, members) in members.iter().enumerate().filter(|(_, members)| !members.is_empty()) {
            self.group(number, members);
        }
        members.concat()
    }

    fn group(&mut self, number: usize, members: &[String]) {
        let mut group =
            Group { title: "Related signs".to_owned(), members: members.to_vec(), ..Group::default() };
        if self.tape.once_in(3) {
            group.members.reverse();
        }
        match self.tape.below(6) {
            0 => group.gamma = Some(1.0),
            1 => group.gamma = Some(0.0),
            2 => group.phi = Some(0.05 + 0.9 * self.tape.unit()),
            3 => {}
            _ => group.gamma = Some(*self.tape.pick(&[0.5, 0.25])),
        }
        if self.weighing == Weighing::Real && group.gamma == Some(0.25) {
            group.gamma = Some(self.tape.unit());
        }
        let (items, counted) =
            if self.tape.below(2) == 0 { (Vec::new(), Vec::new()) } else { self.items(members) };
        let with_rest: Vec<String> =
            members.iter().filter(|_| self.with_rest && self.tape.once_in(3)).cloned().collect();
        let mut rules = Vec::new();
        // Nothing but the count weighs: its distribution, and no row about a member.
        let is_tally = !items.is_empty() && self.tape.once_in(2);
        for cause in self.causes_by_id() {
            if is_tally {
                // One rule at least, or nothing would weigh.
                if rules.is_empty() || self.tape.below(3) > 0 {
                    rules.push(self.count_rule(&cause, None, items.len(), is_tally));
                    if let Some(setting) = self.some_setting(3) {
                        rules.push(self.count_rule(&cause, Some(setting), items.len(), is_tally));
                    }
                }
                continue;
            }
            let choices = [Role::Own, Role::Own, Role::Table, Role::Count];
            let role = *self.tape.pick(&choices[..if items.is_empty() { 3 } else { 4 }]);
            // A table multiplies probabilities against the comparator, along `when`s.
            let role = if role == Role::Table && !with_rest.is_empty() { Role::Own } else { role };
            match role {
                Role::Count => {
                    rules.push(self.count_rule(&cause, None, items.len(), is_tally));
                    if let Some(setting) = self.some_setting(3) {
                        rules.push(self.count_rule(&cause, Some(setting), items.len(), is_tally));
                    }
                }
                Role::Own | Role::Table => {}
            }
            // What a `when` may read: earlier members, in a table those that have rows themselves.
            let mut readable = Vec::new();
            for member in members {
                let is_counted = role == Role::Count && counted.contains(member);
                if is_counted || self.tape.once_in(4) {
                    if role != Role::Table {
                        readable.push(member.clone());
                    }
                    continue;
                }
                if with_rest.contains(member) {
                    self.plain_evidence(&cause, member, true);
                } else {
                    self.evidence(&cause, member, &readable, role);
                }
                readable.push(member.clone());
            }
            // A table without rows is refused.
            if role == Role::Table && !readable.is_empty() {
                group.table.push(cause);
            }
        }
        if !rules.is_empty() {
            group.count = Some(Count { items, rules });
        }
        self.implies(members);
        self.document.groups.insert(format!("group_{number}"), group);
    }

    /// Evidence of the indicators that are in no group.
    pub(super) fn lone_indicators(&mut self, grouped: &[String]) {
        let lone = self.document.indicators.keys().filter(|id| !grouped.contains(id));
        for indicator in lone.cloned().collect::<Vec<_>>() {
            let with_rest = self.with_rest && self.tape.below(2) == 0;
            for cause in self.causes_by_id() {
                if !self.tape.once_in(4) {
                    self.plain_evidence(&cause, &indicator, with_rest);
                }
            }
        }
    }

    /// A row without `when`, perhaps with one of its own in a setting, or in a setting only.
    fn plain_evidence(&mut self, cause: &str, indicator: &str, with_rest: bool) {
        let only = self.some_setting(6);
        let replaced_in = if only.is_some() { None } else { self.some_setting(3) };
        for setting in [Some(only), replaced_in.map(Some)].into_iter().flatten() {
            let against_rest = with_rest && self.tape.below(3) > 0;
            let row = self.row(cause, indicator, None, setting, Role::Own, against_rest);
            self.document.evidence.push(row);
        }
    }

    /// Up to two rows with a `when` over earlier members, then a plain one, each perhaps replaced in a setting.
    fn evidence(&mut self, cause: &str, indicator: &str, earlier: &[String], role: Role) {
        let mut whens: Vec<Option<String>> = Vec::new();
        if !earlier.is_empty() {
            for _ in 0..self.tape.below(3) {
                let when = Some(self.condition(earlier, 1));
                if !whens.contains(&when) {
                    whens.push(when);
                }
            }
        }
        // A table needs a row in every state; elsewhere a cause may be silent outside its conditions.
        if whens.is_empty() || role == Role::Table || self.tape.below(3) > 0 {
            let place = if self.tape.once_in(3) { 0 } else { whens.len() };
            whens.insert(place, None);
        }
        for when in whens {
            let row = self.row(cause, indicator, when.clone(), None, role, false);
            self.document.evidence.push(row);
            if let Some(setting) = self.some_setting(4) {
                let row = self.row(cause, indicator, when, Some(setting), role, false);
                self.document.evidence.push(row);
            }
        }
    }

    fn row(
        &mut self,
        cause: &str,
        indicator: &str,
        when: Option<String>,
        setting: Option<String>,
        role: Role,
        against_rest: bool,
    ) -> Evidence {
        let mut row = Evidence {
            cause: cause.to_owned(),
            indicator: indicator.to_owned(),
            when,
            setting: setting.into_iter().collect(),
            against: if against_rest { Against::Rest } else { Against::Comparator },
            provenance: provenance(),
            ..Evidence::default()
        };
        let answers = answers_of(&self.document.indicators[indicator]);
        // Bare ratios are kept mild; a table takes probabilities only.
        let form = match (role, against_rest) {
            (Role::Table, _) => 1 + self.tape.below(3),
            (Role::Own | Role::Count, true) => 0,
            (Role::Own | Role::Count, false) => self.tape.below(4),
        };
        if self.document.indicators[indicator].kind == IndicatorKind::Boolean {
            match form {
                0 => {
                    let (present, absent) = self.pair(against_rest);
                    row.likelihood_ratio = Some(Ratios { present, absent: Some(absent) });
                }
                1 => {
                    let present = self.probability();
                    let mut pair = [BTreeMap::from([("present".to_owned(), present)]), BTreeMap::new()];
                    pair[1].insert("present".to_owned(), self.probability());
                    if self.tape.below(2) == 0 {
                        for shares in &mut pair {
                            let absent = 1.0 - shares["present"];
                            shares.insert("absent".to_owned(), absent);
                        }
                    }
                    let [cause, comparator] = pair;
                    row.probabilities = Some(Probabilities { cause, comparator });
                }
                2 => {
                    row.accuracy = Some(AccuracyRow {
                        sensitivity: self.probability(),
                        specificity: self.probability(),
                    });
                }
                _ => {
                    let largest = if self.weighing == Weighing::Ties { 3 } else { 80 };
                    let mut people = |least| u32::try_from(least + self.tape.below(largest)).unwrap();
                    row.counts = Some(CountsRow {
                        true_positive: people(1),
                        false_negative: people(0),
                        false_positive: people(0),
                        true_negative: people(1),
                    });
                }
            }
            if self.tape.once_in(4) {
                row.absent = Some(Neutral { neutral: "it may come later".to_owned() });
                if let Some(ratios) = &mut row.likelihood_ratio {
                    ratios.absent = None;
                }
            }
        } else if form == 0 || (form > 1 && role != Role::Table) {
            self.ratios(&mut row, &answers, against_rest);
        } else {
            let mut shares = || answers.iter().cloned().zip(self.shares(answers.len())).collect();
            row.probabilities = Some(Probabilities { cause: shares(), comparator: shares() });
        }
        row
    }

    /// A ratio for every answer, on both sides of 1; perhaps along a trend; perhaps without the last ones.
    fn ratios(&mut self, row: &mut Evidence, answers: &[String], mild: bool) {
        let (up, down) = (self.above_one(mild), 1.0 / self.above_one(mild));
        let mut ratios = vec![down, up];
        while ratios.len() < answers.len() {
            let ratio = self.above_one(mild);
            ratios.push(if self.tape.below(2) == 0 { ratio } else { 1.0 / ratio });
        }
        let is_ordered = self.document.indicators[&row.indicator].kind != IndicatorKind::Categorical;
        if is_ordered && self.tape.once_in(3) {
            ratios.sort_by(f64::total_cmp);
            row.trend = Some(Trend::Increasing);
            if self.tape.below(2) == 0 {
                ratios.reverse();
                row.trend = Some(Trend::Decreasing);
            }
        }
        if answers.len() > 2 && row.trend.is_none() && self.tape.once_in(3) {
            row.unlisted = Some(Neutral { neutral: "nobody counted it".to_owned() });
            ratios.truncate(2);
        }
        row.likelihood_ratios = answers.iter().cloned().zip(ratios).collect();
    }

    /// Items over one or two members each, leaving some uncounted; and the members they read.
    fn items(&mut self, members: &[String]) -> (Vec<Item>, Vec<String>) {
        let mut items = Vec::new();
        let mut counted = Vec::new();
        let mut rest = members;
        while !rest.is_empty() && items.len() < 4 {
            let (read, others) = rest.split_at(if rest.len() > 1 && self.tape.once_in(3) { 2 } else { 1 });
            rest = others;
            if !items.is_empty() && self.tape.once_in(4) {
                continue;
            }
            let atoms: Vec<String> = read.iter().map(|member| self.atom(member)).collect();
            let condition = match atoms.as_slice() {
                [one] => one.clone(),
                several => format!("{}({})", self.tape.pick(&["all", "any"]), several.join(", ")),
            };
            items.push(Item { title: "Something counted".to_owned(), condition });
            counted.extend(read.iter().cloned());
        }
        (items, counted)
    }

    fn count_rule(
        &mut self,
        cause: &str,
        setting: Option<String>,
        items: usize,
        is_tally: bool,
    ) -> CountRule {
        let mut rule = CountRule {
            cause: cause.to_owned(),
            setting: setting.into_iter().collect(),
            provenance: provenance(),
            ..CountRule::default()
        };
        match if is_tally { 1 } else { self.tape.below(4) } {
            0 => {
                let mut margins = || (0..items).map(|_| self.probability()).collect();
                rule.margins = Some(Shares { cause: margins(), comparator: margins() });
            }
            1 => {
                rule.distribution =
                    Some(Shares { cause: self.shares(items + 1), comparator: self.shares(items + 1) });
            }
            form => {
                let keys = self.intervals(items);
                rule.comparator = keys.iter().cloned().zip(self.shares(keys.len())).collect();
                let ratios: Vec<f64> = if form == 2 {
                    let under_cause = self.shares(keys.len());
                    keys.iter().zip(under_cause).map(|(key, share)| share / rule.comparator[key]).collect()
                } else {
                    rule.shrink = Some(*self.tape.pick(&[0.5, 0.8]));
                    let count = keys.len();
                    let mut ratio = |rank| {
                        if rank == 0 { 1.0 / self.above_one(false) } else { self.above_one(false) }
                    };
                    (0..count).map(&mut ratio).collect()
                };
                rule.likelihood_ratios = keys.into_iter().zip(ratios).collect();
            }
        }
        rule
    }

    /// Intervals that cover 0 to `items` once.
    fn intervals(&mut self, items: usize) -> Vec<String> {
        match self.tape.below(3) {
            0 if items > 1 => vec!["0".to_owned(), format!("1..{items}"), format!(">={items}")],
            1 => (0..=items).map(|m| m.to_string()).collect(),
            _ => {
                let cut = 1 + self.tape.below(items);
                vec![format!("<{cut}"), format!(">={cut}")]
            }
        }
    }
}
