//! Groups: their members, and how far these depend on each other.

use std::collections::BTreeSet;

use super::checker::{Checker, rounded};
use crate::belief::billionths;
use crate::document::{Code, Group};
use crate::document::{Place, excerpt};
use crate::index::{CauseIx, IndicatorIx};
use crate::knowledge::{CountRule, Item};

/// What a discount takes where the dependence is not stated.
const ASSUMED_GAMMA: f64 = 0.5;

/// A group that was checked, before lone indicators join.
#[derive(Debug)]
pub(super) struct DraftGroup {
    pub(super) id: String,
    pub(super) title: String,
    pub(super) members: BTreeSet<IndicatorIx>,
    pub(super) gamma: f64,
    pub(super) table: Vec<CauseIx>,
    pub(super) items: Vec<Item>,
    pub(super) rules: Vec<CountRule>,
}

impl Checker<'_> {
    /// Notes to which group each indicator belongs.
    pub(super) fn members(&mut self) {
        let document = self.document;
        for (id, group) in &document.groups {
            let place = Place::root().field("groups").field(id).field("members");
            if group.members.is_empty() {
                self.report(Code::GroupRule, &place, "the group has no members");
            }
            for (position, name) in group.members.iter().enumerate() {
                let place = place.index(position);
                let Some(indicator) = self.indicator(&place, name) else {
                    continue;
                };
                if let Some(other) = self.group_of.insert(indicator, id) {
                    let message =
                        format!("`{}` is a member of `groups.{}` already", excerpt(name), excerpt(other));
                    let help = "an indicator belongs to one group, once";
                    self.report_with_help(Code::GroupOverlap, &place, message, help);
                }
            }
        }
    }

    /// The declared groups, checked.
    pub(super) fn groups(&mut self) -> Vec<DraftGroup> {
        let document = self.document;
        document.groups.iter().map(|(id, group)| self.group(id, group)).collect()
    }

    fn group(&mut self, id: &str, group: &Group) -> DraftGroup {
        let place = Place::root().field("groups").field(id);
        let members: BTreeSet<IndicatorIx> =
            group.members.iter().filter_map(|name| self.indicators.get(name.as_str()).copied()).collect();
        let gamma = self.gamma(&place, group, members.len());
        let mut table = Vec::new();
        for (position, name) in group.table.iter().enumerate() {
            table.extend(self.cause(&place.field("table").index(position), name));
        }
        table.sort_unstable();
        table.dedup();
        let (items, rules) = self.count(&place.field("count"), group, &members);
        for (position, name) in group.table.iter().enumerate() {
            let cause = self.causes.get(name.as_str());
            if rules.iter().any(|rule| Some(&rule.cause) == cause) {
                let message = format!("`{}` has both a table and a count", excerpt(name));
                let help = "keep one of the two";
                self.report_with_help(Code::GroupRule, &place.field("table").index(position), message, help);
            }
        }
        DraftGroup { id: id.to_owned(), title: group.title.clone(), members, gamma, table, items, rules }
    }

    fn gamma(&mut self, place: &Place, group: &Group, members: usize) -> f64 {
        let bounded = |checker: &mut Self, field: &str, value: f64| {
            if !(0.0..=1.0).contains(&value) {
                let message = format!("{} is not from 0 to 1", rounded(value));
                checker.report(Code::GroupRule, &place.field(field), message);
            }
            value
        };
        match (group.gamma, group.phi) {
            (Some(_), Some(_)) => {
                let message = "both `gamma` and `phi` are given";
                self.report_with_help(Code::GroupRule, &place.field("phi"), message, "keep one of the two");
                ASSUMED_GAMMA
            }
            (Some(gamma), None) => bounded(self, "gamma", gamma),
            (None, Some(phi)) => {
                let rest = 1.0 - bounded(self, "phi", phi);
                rest * rest * libm::sqrt(rest)
            }
            (None, None) => {
                if members > 1 {
                    let help = "give `gamma`, or `phi` where the correlation within a cause is known";
                    let message = "the dependence of the members is not stated; gamma 0.5 is taken";
                    self.report_with_help(Code::DependenceAssumed, place, message, help);
                }
                ASSUMED_GAMMA
            }
        }
    }
}

/// What the r-th strongest member of one direction weighs: `gamma^(r-1)` in units of 10^-9.
pub(super) fn factors(gamma: f64, members: usize) -> Vec<i64> {
    let powers = std::iter::successors(Some(1.0), |power| Some(power * gamma));
    powers.take(members).map(billionths).collect()
}
