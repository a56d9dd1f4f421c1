//! Counts: their items, and the distributions their rules give.

use std::collections::{BTreeMap, BTreeSet};

use super::checker::{Checker, listed, rounded};
use crate::belief::{LikelihoodRatio, billionths, exp10};
use crate::document::{BinKey, Code, CountRule as Written, Group, Shares};
use crate::document::{Place, excerpt};
use crate::index::{CauseIx, IndicatorIx, SettingIx};
use crate::knowledge::{CountForm, CountRule, Item};

/// How far the distribution of a count may sum from 1 before it is normalised.
const COUNT_TOLERANCE: f64 = 0.02;
/// How far probabilities that exhaust the counts may sum from 1.
const SUM_TOLERANCE: f64 = 1e-6;

impl Checker<'_> {
    /// The items and rules of a count.
    pub(super) fn count(
        &mut self,
        place: &Place,
        group: &Group,
        members: &BTreeSet<IndicatorIx>,
    ) -> (Vec<Item>, Vec<CountRule>) {
        let Some(count) = &group.count else {
            return (Vec::new(), Vec::new());
        };
        for (field, missing) in [("items", count.items.is_empty()), ("rules", count.rules.is_empty())] {
            if missing {
                self.report(Code::GroupRule, &place.field(field), format!("the count has no {field}"));
            }
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
        let rules = self.rules_of(&place.field("rules"), &count.rules, count.items.len());
        let counted: BTreeSet<IndicatorIx> =
            items.iter().flat_map(|item| item.formula.indicators()).collect();
        for cause in rules.iter().map(|rule| rule.cause).collect::<BTreeSet<_>>() {
            self.weighed_twice(cause, &counted);
        }
        (items, rules)
    }

    /// The rules of a count: each cause has one for every setting.
    fn rules_of(&mut self, place: &Place, written: &[Written], items: usize) -> Vec<CountRule> {
        let mut rules = Vec::new();
        let mut seen: BTreeMap<CauseIx, BTreeMap<Option<SettingIx>, usize>> = BTreeMap::new();
        for (position, written) in written.iter().enumerate() {
            let place = place.index(position);
            self.provenance(&place, &written.provenance);
            let cause = self.cause(&place.field("cause"), &written.cause);
            let settings = self.settings(&place, &written.setting);
            let form = self.count_form(&place, written, items);
            let (Some(cause), Some(settings)) = (cause, settings) else {
                continue;
            };
            let of_cause = seen.entry(cause).or_default();
            let general = settings.is_empty().then_some(None);
            let all = general.into_iter().chain(settings.iter().copied().map(Some));
            let taken = all.filter_map(|setting| of_cause.insert(setting, position)).min();
            if let Some(first) = taken {
                let message = format!("`rules[{first}]` counts for the same cause and setting");
                let help = "keep one, or give one a `setting`";
                self.report_with_help(Code::DuplicateEvidence, &place, message, help);
            }
            if let Some(form) = form {
                rules.push(CountRule { cause, settings, form, written: written.clone() });
            }
        }
        for (cause, of_cause) in seen {
            if !of_cause.contains_key(&None) && of_cause.len() < self.settings.len() {
                let covered = |setting: &SettingIx| of_cause.contains_key(&Some(*setting));
                let missing = self.settings.iter().filter(|(_, setting)| !covered(setting));
                let missing: Vec<&str> = missing.map(|(name, _)| *name).collect();
                let cause = self.cause_name(cause);
                let message = format!("`{cause}` has no rule for {}", listed(missing.into_iter()));
                self.report_with_help(Code::GroupRule, place, message, "add a rule without `setting`");
            }
        }
        rules
    }

    fn cause_name(&self, cause: CauseIx) -> String {
        let found = self.causes.iter().find(|(_, ix)| **ix == cause);
        found.map_or_else(String::new, |(name, _)| excerpt(name))
    }

    /// One composite or its items, never both.
    fn weighed_twice(&mut self, cause: CauseIx, counted: &BTreeSet<IndicatorIx>) {
        let cause = self.cause_name(cause);
        for name in counted.iter().map(|indicator| self.name_of(*indicator)).collect::<Vec<_>>() {
            for position in self.rows_about.get(name.as_str()).cloned().unwrap_or_default() {
                let place = Place::root().field("evidence").index(position);
                if self.document.evidence.get(position).is_some_and(|row| row.cause == cause) {
                    let message = format!("`{name}` is counted for `{cause}`, and would weigh twice");
                    let help = "use a composite or its items: take away the row, or the count rule";
                    self.report_with_help(Code::WeighedTwice, &place, message, help);
                }
            }
        }
    }

    fn count_form(&mut self, place: &Place, written: &Written, items: usize) -> Option<CountForm> {
        let forms = [
            ("margins", written.margins.is_some()),
            ("likelihood_ratios", !written.likelihood_ratios.is_empty()),
            ("distribution", written.distribution.is_some()),
        ];
        let given: Vec<&str> = forms.iter().filter(|(_, given)| *given).map(|(form, _)| *form).collect();
        match given.as_slice() {
            ["likelihood_ratios"] => return self.interval_form(place, written, items),
            [form] => {
                let strange = [
                    ("shrink", written.shrink.is_some()),
                    ("comparator", !written.comparator.is_empty()),
                    ("interval", !written.interval.is_empty()),
                ];
                for (field, _) in strange.iter().filter(|(_, given)| *given) {
                    let message =
                        format!("`{field}` belongs to `likelihood_ratios`, and the rule has `{form}`");
                    self.report(Code::EvidenceForm, &place.field(field), message);
                }
            }
            // Figures that could not be read are reported as such.
            [] if self.unread(&place.field("likelihood_ratios")) => {}
            [] => {
                let help = format!("give one of {}", listed(forms.iter().map(|(form, _)| *form)));
                self.report_with_help(Code::EvidenceForm, place, "the rule has no figures", help);
            }
            several => {
                let message =
                    format!("the rule has several forms of figures: {}", listed(several.iter().copied()));
                self.report_with_help(Code::EvidenceForm, place, message, "keep one of them");
            }
        }
        if let Some(margins) = written.margins.as_ref().filter(|_| given.len() == 1) {
            return self.margins(&place.field("margins"), margins, written, items);
        }
        let distribution = written.distribution.as_ref().filter(|_| given.len() == 1)?;
        self.distribution(&place.field("distribution"), distribution, written, items)
    }

    /// The probability of each item, under the cause and under the comparator.
    fn margins(
        &mut self,
        place: &Place,
        shares: &Shares,
        written: &Written,
        items: usize,
    ) -> Option<CountForm> {
        let cause = self.list(&place.field("cause"), &shares.cause, items, "item");
        let comparator = self.list(&place.field("comparator"), &shares.comparator, items, "item");
        let (cause, comparator) = (cause?, comparator?);
        let mut fine = true;
        for (at, (own, other)) in cause.iter().zip(&comparator).enumerate() {
            let place = place.field("cause").index(at);
            for (word, ratio) in [("presence", own / other), ("absence", (1.0 - own) / (1.0 - other))] {
                fine &=
                    self.ratio(&place, &format!("the {word} of this item"), ratio, written.provenance.tag);
            }
        }
        fine.then_some(CountForm::Margins { cause, comparator })
    }

    /// The probability of each count, under the cause and under the comparator.
    fn distribution(
        &mut self,
        place: &Place,
        shares: &Shares,
        written: &Written,
        items: usize,
    ) -> Option<CountForm> {
        let places = (place.field("cause"), place.field("comparator"));
        let cause = self.list(&places.0, &shares.cause, items + 1, "count from 0 to all items");
        let comparator = self.list(&places.1, &shares.comparator, items + 1, "count from 0 to all items");
        let (cause, comparator) = (cause?, comparator?);
        let mut fine = self.sums_to_one(&places.0, &cause) & self.sums_to_one(&places.1, &comparator);
        for (count, (own, other)) in cause.iter().zip(&comparator).enumerate() {
            let place = places.0.index(count);
            fine &= self.ratio(&place, &format!("the count {count}"), own / other, written.provenance.tag);
        }
        fine.then_some(CountForm::Distribution { cause, comparator })
    }

    /// Probabilities in a row, of which there must be so many.
    fn list(&mut self, place: &Place, values: &[f64], expected: usize, each: &str) -> Option<Vec<f64>> {
        if values.len() != expected {
            let numbers = if values.len() == 1 { "number" } else { "numbers" };
            let message =
                format!("found {} {numbers}, expected {expected}: one for each {each}", values.len());
            self.report(Code::CountIntervals, place, message);
            return None;
        }
        let fine: Vec<bool> =
            values.iter().enumerate().map(|(at, value)| self.probability(&place.index(at), *value)).collect();
        fine.into_iter().all(|fine| fine).then(|| values.to_vec())
    }

    fn sums_to_one(&mut self, place: &Place, values: &[f64]) -> bool {
        let sum: f64 = values.iter().sum();
        let fine = (sum - 1.0).abs() <= SUM_TOLERANCE;
        if !fine {
            let message = format!("the probabilities sum to {}, expected 1", rounded(sum));
            self.report(Code::ProbabilitiesSum, place, message);
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
        let fine = self.interval_figures(place, written);
        let ratios = self.spread(&place.field("likelihood_ratios"), &written.likelihood_ratios, items)?;
        let comparator = place.field("comparator");
        if !written.comparator.keys().eq(written.likelihood_ratios.keys()) {
            let keys = listed(written.likelihood_ratios.keys().map(String::as_str));
            let found = if written.comparator.is_empty() { "no intervals" } else { "other intervals" };
            let message = format!("`comparator` has {found}, expected those of `likelihood_ratios`: {keys}");
            let help = "give the probability of each interval under the comparator";
            self.report_with_help(Code::GroupRule, &comparator, message, help);
            return None;
        }
        let shares = self.spread(&comparator, &written.comparator, items).filter(|_| fine)?;
        let base: Vec<f64> = shares.iter().map(|(share, width)| share / width).collect();
        if !self.sums_to_one(&comparator, &base) {
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
            let sum = rounded(sum);
            let message =
                format!("ratios times the comparator's probabilities sum to {sum}, expected 0.98 to 1.02");
            let help = "they are not from one study: give a `shrink`, or the `distribution` itself";
            self.report_with_help(Code::CountIncoherent, place, message, help);
            return None;
        }
        let cause = raised.into_iter().map(|share| share / sum).collect();
        Some(CountForm::Distribution { cause, comparator: base })
    }

    /// Checks each figure of a rule with ratios by interval.
    fn interval_figures(&mut self, place: &Place, written: &Written) -> bool {
        let mut fine = true;
        for (key, ratio) in &written.likelihood_ratios {
            let place = place.field("likelihood_ratios").field(key);
            fine &= self.ratio(&place, &format!("`{}`", excerpt(key)), *ratio, written.provenance.tag);
        }
        for (key, share) in &written.comparator {
            fine &= self.probability(&place.field("comparator").field(key), *share);
        }
        for (key, ends) in &written.interval {
            let place = place.field("interval").field(key);
            let Some(ratio) = written.likelihood_ratios.get(key) else {
                let keys = listed(written.likelihood_ratios.keys().map(String::as_str));
                let message = format!("`{}` is none of the intervals of the count", excerpt(key));
                self.report_with_help(Code::CountIntervals, &place, message, format!("they are {keys}"));
                fine = false;
                continue;
            };
            if self.interval(&place, *ends).is_some() && !holds(*ends, *ratio) {
                self.does_not_hold(&place, *ends, *ratio);
                fine = false;
            }
        }
        if let Some(shrink) = written.shrink.filter(|shrink| !(*shrink > 0.0 && *shrink <= 1.0)) {
            let message =
                format!("{} is no power to shrink by, expected one above 0 and at most 1", rounded(shrink));
            self.report(Code::GroupRule, &place.field("shrink"), message);
            fine = false;
        }
        fine
    }

    /// For each count from 0 to all: the value of the interval it lies in, and how many counts share it.
    fn spread(
        &mut self,
        place: &Place,
        intervals: &BTreeMap<String, f64>,
        items: usize,
    ) -> Option<Vec<(f64, f64)>> {
        let counts = || (0..=items).filter_map(|m| u32::try_from(m).ok()).map(f64::from);
        let mut parsed = Vec::new();
        let mut fine = true;
        for (key, value) in intervals {
            let place = place.field(key);
            match key.parse::<BinKey>() {
                Ok(bin) => {
                    let width = counts().filter(|m| bin.contains(*m)).fold(0.0, |width, _| width + 1.0);
                    if width == 0.0 {
                        let message = format!("no count from 0 to {items} lies in `{}`", excerpt(key));
                        self.report(Code::CountIntervals, &place, message);
                        fine = false;
                    }
                    parsed.push((bin, key.as_str(), (*value, width)));
                }
                Err(error) => {
                    let help = error.help().unwrap_or("intervals are written `0`, `<2`, `2..4` and `>=4`");
                    self.report_with_help(Code::CountIntervals, &place, error.to_string(), help);
                    fine = false;
                }
            }
        }
        let mut found = Vec::new();
        for m in counts().filter(|_| fine) {
            let here: Vec<_> = parsed.iter().filter(|(bin, ..)| bin.contains(m)).collect();
            let message = match here.as_slice() {
                [(_, _, value)] => {
                    found.push(*value);
                    continue;
                }
                [] => format!("the count {m} is in none of the intervals"),
                several => {
                    format!("the count {m} is in {}", listed(several.iter().map(|(_, key, _)| *key)))
                }
            };
            let help = format!("each count from 0 to {items} belongs to one interval");
            self.report_with_help(Code::CountIntervals, place, message, help);
        }
        (found.len() == items + 1).then_some(found)
    }
}

/// Whether an interval holds a ratio, up to the rounding of published figures.
pub(super) fn holds([low, high]: [f64; 2], ratio: f64) -> bool {
    low <= ratio + 1e-9 && ratio <= high + 1e-9
}
