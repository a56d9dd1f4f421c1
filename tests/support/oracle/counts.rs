//! Groups that are counted ("Blocks": count with unknowns).

use std::collections::{BTreeMap, BTreeSet};

use aetia::written::{Count, CountRule};
use aetia::{LikelihoodRatio, Weight, exp10};

use super::answers::{bounds, reads};
use super::{Sheet, Truth, real};

impl Sheet<'_> {
    /// The count rule of a cause: that of the setting, else the general one.
    pub(super) fn count_rule<'c>(&self, cause: &str, count: &'c Count) -> Option<&'c CountRule> {
        let of_cause = |rule: &&CountRule| rule.cause == cause;
        let is_here = |rule: &&CountRule| rule.setting.iter().any(|setting| setting == self.setting);
        let general = |rule: &&CountRule| rule.setting.is_empty();
        let mut rules = count.rules.iter().filter(of_cause);
        rules.clone().find(is_here).or_else(|| rules.find(general))
    }

    /// The indicators that the items of a count read.
    pub(super) fn counted(&self, count: &Count) -> BTreeSet<String> {
        count.items.iter().flat_map(|item| reads(self.document, &item.condition)).collect()
    }

    /// The one part of a count; none while no indicator it reads is answered.
    pub(super) fn count(&self, count: &Count, rule: &CountRule) -> Option<(Vec<String>, Weight)> {
        let answered: Vec<String> =
            self.counted(count).into_iter().filter(|id| self.is_answered(id)).collect();
        let items: Vec<Truth> = count.items.iter().map(|item| self.truth(&item.condition)).collect();
        let weight = if items.iter().all(|item| *item == Truth::Undetermined) {
            Weight::ZERO
        } else {
            LikelihoodRatio::new(count_ratio(rule, &items)).unwrap().weight()
        };
        (!answered.is_empty()).then_some((answered, weight))
    }
}

/// The likelihood ratio of a partly answered count.
fn count_ratio(rule: &CountRule, items: &[Truth]) -> f64 {
    let n = items.len();
    if let Some(margins) = &rule.margins {
        let present = items.iter().filter(|item| **item == Truth::True).count();
        let answered = |margins: &[f64]| -> Vec<f64> {
            let pairs = margins.iter().zip(items);
            pairs.filter(|(_, item)| **item != Truth::Undetermined).map(|(p, _)| *p).collect()
        };
        poisson_binomial(&answered(&margins.cause))[present]
            / poisson_binomial(&answered(&margins.comparator))[present]
    } else if let Some(distribution) = &rule.distribution {
        exchangeable(&distribution.cause, items) / exchangeable(&distribution.comparator, items)
    } else {
        exchangeable(&under_cause(rule, n), items) / exchangeable(&under_comparator(rule, n), items)
    }
}

/// `P(so many of these present)`, for independent items with these probabilities.
fn poisson_binomial(items: &[f64]) -> Vec<f64> {
    items.iter().fold(vec![1.0], |dist, p| {
        let at = |j: usize| dist.get(j).copied().unwrap_or(0.0);
        (0..=dist.len()).map(|j| at(j) * (1.0 - p) + if j == 0 { 0.0 } else { at(j - 1) * p }).collect()
    })
}

/// `P(p present, q absent) = sum over m = p..=p+u of P(m) * C(u, m - p) / C(n, m)`: exchangeable items, the
/// unknown ones summed out.
fn exchangeable(distribution: &[f64], items: &[Truth]) -> f64 {
    let n = items.len();
    let p = items.iter().filter(|item| **item == Truth::True).count();
    let u = items.iter().filter(|item| **item == Truth::Undetermined).count();
    (p..=p + u).fold(0.0, |sum, m| sum + distribution[m] * binomial(u, m - p) / binomial(n, m))
}

/// `C(n, k)`.
fn binomial(n: usize, k: usize) -> f64 {
    (1..=k).fold(1.0, |c, i| c * real(n - k + i) / real(i))
}

/// The key of the interval a count lies in, and how many counts lie in that interval.
fn interval_of(figures: &BTreeMap<String, f64>, m: usize, n: usize) -> (&String, usize) {
    let covers = |key: &str, m: usize| match bounds(key) {
        Some((low, high)) => low <= real(m) && real(m) < high,
        None => key.trim().parse() == Ok(m),
    };
    let key = figures.keys().find(|key| covers(key, m)).expect("the intervals cover every count");
    (key, (0..=n).filter(|m| covers(key, *m)).count())
}

/// `P_0(m)`: uniform inside an interval.
fn under_comparator(rule: &CountRule, n: usize) -> Vec<f64> {
    let share = |m| {
        let (key, size) = interval_of(&rule.comparator, m, n);
        rule.comparator[key] / real(size)
    };
    (0..=n).map(share).collect()
}

/// `P_k(m)`: in proportion to `LR^shrink * P_0(m)`.
fn under_cause(rule: &CountRule, n: usize) -> Vec<f64> {
    let ratio = |m| {
        let ratio = rule.likelihood_ratios[interval_of(&rule.likelihood_ratios, m, n).0];
        match rule.shrink {
            None => ratio,
            Some(power) => {
                let weight = LikelihoodRatio::new(ratio).unwrap().weight();
                exp10((weight.nanodecibans() as f64 * power).round() as i64)
            }
        }
    };
    let shares: Vec<f64> = under_comparator(rule, n).iter().enumerate().map(|(m, p)| ratio(m) * p).collect();
    let sum = shares.iter().fold(0.0, |sum, share| sum + share);
    shares.iter().map(|share| share / sum).collect()
}
