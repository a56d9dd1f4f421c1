//! Groups: members, discounts, counts and tables.

use std::collections::{BTreeMap, BTreeSet};

use super::checker::Checker;
use crate::belief::{LikelihoodRatio, billionths, exp10};
use crate::document::Place;
use crate::document::{BinKey, Code, CountRule as Written, Group};
use crate::index::{CauseIx, IndicatorIx};
use crate::knowledge::{CountForm, CountRule, Item};

/// What a discount takes where the dependence is not stated.
const ASSUMED_GAMMA: f64 = 0.5;
/// How far the distribution of a count may sum from 1 before it is normalised.
const COUNT_TOLERANCE: f64 = 0.02;

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
                    let message = format!("`{name}` is a member of `groups.{other}` already");
                    self.report_with_help(
                        Code::GroupOverlap,
                        &place,
                        message,
                        "an indicator belongs to one group, once",
                    );
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
        for rule in rules.iter().filter(|rule| table.contains(&rule.cause)) {
            let cause = self.cause_name(rule.cause);
            self.report(
                Code::GroupRule,
                &place.field("table"),
                format!("`{cause}` has both a table and a count"),
            );
        }
        DraftGroup { id: id.to_owned(), title: group.title.clone(), members, gamma, table, items, rules }
    }

    pub(super) fn cause_name(&self, cause: CauseIx) -> String {
        let found = self.causes.iter().find(|(_, ix)| **ix == cause);
        found.map_or_else(String::new, |(name, _)| (*name).to_owned())
    }

    fn gamma(&mut self, place: &Place, group: &Group, members: usize) -> f64 {
        let bounded = |checker: &mut Self, field: &str, value: f64| {
            if !(0.0..=1.0).contains(&value) {
                checker.report(
                    Code::GroupRule,
                    &place.field(field),
                    format!("{value} is not between 0 and 1"),
                );
            }
            value
        };
        match (group.gamma, group.phi) {
            (Some(_), Some(_)) => {
                self.report(
                    Code::GroupRule,
                    &place.field("phi"),
                    "both `gamma` and `phi` are given; keep one",
                );
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
                    self.report_with_help(
                        Code::DependenceAssumed,
                        place,
                        "the dependence is not stated; gamma 0.5 is taken",
                        help,
                    );
                }
                ASSUMED_GAMMA
            }
        }
    }

    /// The items and rules of a count.
    fn count(
        &mut self,
        place: &Place,
        group: &Group,
        members: &BTreeSet<IndicatorIx>,
    ) -> (Vec<Item>, Vec<CountRule>) {
        let Some(count) = &group.count else {
            return (Vec::new(), Vec::new());
        };
        if count.items.is_empty() || count.rules.is_empty() {
            self.report(Code::GroupRule, place, "a count needs items and rules");
        }
        let mut items = Vec::new();
        for (position, item) in count.items.iter().enumerate() {
            let place = place.field("items").index(position).field("condition");
            let Some(formula) = self.condition(&place, &item.condition) else {
                continue;
            };
            for stranger in formula.indicators().difference(members) {
                let message =
                    format!("the item reads `{}`, which is no member of the group", self.name_of(*stranger));
                self.report_with_help(Code::TiedOutsideGroup, &place, message, "add it to the members");
            }
            items.push(Item { formula });
        }
        let counted: BTreeSet<IndicatorIx> =
            items.iter().flat_map(|item| item.formula.indicators()).collect();
        let mut rules = Vec::new();
        let mut seen = BTreeMap::new();
        for (position, written) in count.rules.iter().enumerate() {
            let place = place.field("rules").index(position);
            self.provenance(&place, &written.provenance);
            let cause = self.cause(&place.field("cause"), &written.cause);
            let settings = self.settings(&place, &written.setting);
            let form = self.count_form(&place, written, count.items.len());
            let (Some(cause), Some(form)) = (cause, form) else {
                continue;
            };
            let general = settings.is_empty().then_some(None);
            for setting in general.into_iter().chain(settings.iter().copied().map(Some)) {
                if seen.insert((cause, setting), position).is_some() {
                    self.report(
                        Code::DuplicateEvidence,
                        &place,
                        "an earlier rule already counts for this cause and setting",
                    );
                    break;
                }
            }
            self.weighed_twice(&written.cause, &counted);
            rules.push(CountRule { cause, settings, form, provenance: written.provenance.clone() });
        }
        for rule in &rules {
            if !rules.iter().any(|other| other.cause == rule.cause && other.settings.is_empty()) {
                let covered =
                    rules.iter().filter(|other| other.cause == rule.cause).flat_map(|other| &other.settings);
                if covered.collect::<BTreeSet<_>>().len() < self.settings.len() {
                    let message = format!("`{}` has no rule in some setting", self.cause_name(rule.cause));
                    self.report_with_help(
                        Code::GroupRule,
                        &place.field("rules"),
                        message,
                        "add a rule without `setting`",
                    );
                    break;
                }
            }
        }
        (items, rules)
    }

    /// One composite or its items, never both.
    fn weighed_twice(&mut self, cause: &str, counted: &BTreeSet<IndicatorIx>) {
        for name in counted.iter().map(|indicator| self.name_of(*indicator)).collect::<Vec<_>>() {
            for position in self.rows_about.get(name.as_str()).cloned().unwrap_or_default() {
                let place = Place::root().field("evidence").index(position);
                let same_cause = self.document.evidence.get(position).is_some_and(|row| row.cause == cause);
                if same_cause && !self.found(Code::WeighedTwice, &place) {
                    let message = format!("`{name}` is counted for `{cause}`, and would weigh twice");
                    self.report_with_help(
                        Code::WeighedTwice,
                        &place,
                        message,
                        "use one composite or its items, never both",
                    );
                }
            }
        }
    }

    fn count_form(&mut self, place: &Place, written: &Written, items: usize) -> Option<CountForm> {
        let intervals = !written.likelihood_ratios.is_empty();
        let given = [written.margins.is_some(), intervals, written.distribution.is_some()];
        if given.iter().filter(|given| **given).count() != 1 {
            let help = "give exactly one of margins, likelihood_ratios and distribution";
            self.report_with_help(Code::EvidenceForm, place, "a count rule has one form of figures", help);
            return None;
        }
        if !intervals && (written.shrink.is_some() || !written.comparator.is_empty()) {
            self.report(Code::EvidenceForm, place, "`shrink` and `comparator` belong to `likelihood_ratios`");
        }
        if let Some(margins) = &written.margins {
            let place = place.field("margins");
            let cause = self.list(&place.field("cause"), &margins.cause, items)?;
            let comparator = self.list(&place.field("comparator"), &margins.comparator, items)?;
            return Some(CountForm::Margins { cause, comparator });
        }
        if let Some(distribution) = &written.distribution {
            let place = place.field("distribution");
            let cause = self.list(&place.field("cause"), &distribution.cause, items + 1)?;
            let comparator = self.list(&place.field("comparator"), &distribution.comparator, items + 1)?;
            let fine = self.sums_to_one(&place.field("cause"), &cause, 1e-6)
                & self.sums_to_one(&place.field("comparator"), &comparator, 1e-6);
            return fine.then_some(CountForm::Distribution { cause, comparator });
        }
        self.interval_form(place, written, items)
    }

    /// Probabilities in a row, of which there must be so many.
    fn list(&mut self, place: &Place, values: &[f64], expected: usize) -> Option<Vec<f64>> {
        if values.len() != expected {
            let message = format!("{} probabilities, where {expected} were expected", values.len());
            self.report(Code::CountIntervals, place, message);
            return None;
        }
        let fine: Vec<bool> =
            values.iter().enumerate().map(|(at, value)| self.probability(&place.index(at), *value)).collect();
        fine.into_iter().all(|fine| fine).then(|| values.to_vec())
    }

    fn sums_to_one(&mut self, place: &Place, values: &[f64], tolerance: f64) -> bool {
        let sum: f64 = values.iter().sum();
        let fine = (sum - 1.0).abs() <= tolerance;
        if !fine {
            self.report(
                Code::ProbabilitiesSum,
                place,
                format!("the probabilities sum to {sum}, where 1 was expected"),
            );
        }
        fine
    }

    /// Ratios of intervals, spread evenly inside each and made coherent.
    ///
    /// # Formula
    /// ```text
    /// P_0(m) = P_0(I) / |I|,   P_k(m) = LR_I^a * P_0(m) / sum
    /// ```
    fn interval_form(&mut self, place: &Place, written: &Written, items: usize) -> Option<CountForm> {
        let comparator = self.spread(&place.field("comparator"), &written.comparator, items)?;
        let ratios = self.spread(&place.field("likelihood_ratios"), &written.likelihood_ratios, items)?;
        let mut fine = true;
        for (key, share) in &written.comparator {
            fine &= self.probability(&place.field("comparator").field(key), *share);
        }
        let same = written.comparator.keys().eq(written.likelihood_ratios.keys());
        if !same {
            let help = "use the same keys in both";
            self.report_with_help(
                Code::CountIntervals,
                place,
                "`comparator` and `likelihood_ratios` have different intervals",
                help,
            );
        }
        for (key, ratio) in &written.likelihood_ratios {
            fine &= self.ratio(&place.field("likelihood_ratios"), key, *ratio, written.provenance.tag);
        }
        let shrink = written.shrink.unwrap_or(1.0);
        if !(shrink > 0.0 && shrink <= 1.0) {
            self.report(
                Code::GroupRule,
                &place.field("shrink"),
                format!("{shrink} is not above 0 and at most 1"),
            );
            fine = false;
        }
        if !fine || !same {
            return None;
        }
        let base: Vec<f64> = comparator.iter().map(|(share, width)| share / width).collect();
        if !self.sums_to_one(&place.field("comparator"), &base, 1e-6) {
            return None;
        }
        let power_of = |ratio: f64| match written.shrink {
            None => ratio,
            Some(power) => {
                exp10(LikelihoodRatio::saturating(ratio).weight().scaled(billionths(power)).nanodecibans())
            }
        };
        let raised: Vec<f64> =
            ratios.iter().zip(&base).map(|((ratio, _), base)| power_of(*ratio) * base).collect();
        let sum: f64 = raised.iter().sum();
        if written.shrink.is_none() && (sum - 1.0).abs() > COUNT_TOLERANCE {
            let message =
                format!("the ratios and the comparator's shares give {sum:.4} in sum, where 1 was expected");
            let help = "they are not from one study; give a `shrink`, or the `distribution` itself";
            self.report_with_help(Code::CountIncoherent, place, message, help);
            return None;
        }
        let cause = raised.into_iter().map(|share| share / sum).collect();
        Some(CountForm::Distribution { cause, comparator: base })
    }

    /// For each count from 0 to all: the value of the interval it lies in, and how many counts share it.
    fn spread(
        &mut self,
        place: &Place,
        intervals: &BTreeMap<String, f64>,
        items: usize,
    ) -> Option<Vec<(f64, f64)>> {
        let mut parsed = Vec::new();
        for (key, value) in intervals {
            match key.parse::<BinKey>() {
                Ok(bin) => parsed.push((bin, *value)),
                Err(error) => {
                    self.report(Code::CountIntervals, &place.field(key), error.to_string());
                    return None;
                }
            }
        }
        let holds = |bin: &BinKey, m: f64| match *bin {
            BinKey::Below(high) => m < high,
            BinKey::Between(low, high) => low <= m && m < high,
            BinKey::AtLeast(low) => m >= low,
            BinKey::Exactly(value) => (m - value).abs() == 0.0,
        };
        let counts = || (0..=items).filter_map(|m| u32::try_from(m).ok()).map(f64::from);
        let mut found = Vec::new();
        for m in counts() {
            let mut here = parsed.iter().filter(|(bin, _)| holds(bin, m));
            let (Some((bin, value)), None) = (here.next(), here.next()) else {
                let message = format!("the count {m} is in none or in several of the intervals");
                self.report_with_help(
                    Code::CountIntervals,
                    place,
                    message,
                    "cover 0 to the number of items, each once",
                );
                return None;
            };
            let width = counts().filter(|other| holds(bin, *other)).fold(0.0, |width, _| width + 1.0);
            found.push((*value, width));
        }
        Some(found)
    }
}

/// What the r-th strongest member of one direction weighs: `gamma^(r-1)` in units of 10^-9.
pub(super) fn factors(gamma: f64, members: usize) -> Vec<i64> {
    let powers = std::iter::successors(Some(1.0), |power| Some(power * gamma));
    powers.take(members).map(billionths).collect()
}
