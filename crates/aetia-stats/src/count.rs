//! How far the weight of a count may be off, in decibans: by the form of its rule, for the items that are answered.

use aetia::written::CountRule;
use aetia::{Basis, BinKey, Truth};

use crate::normal::{DECIBANS_PER_NAT, Z};
use crate::spread::{declared_sd, log_variance};

/// The standard deviation of what a count weighs, and what it is known from: where a rule gives neither intervals nor a number of
/// people, the width declared for its tag.
pub(crate) fn spread(rule: &CountRule, items: &[Truth]) -> (f64, Basis) {
    let tag = rule.provenance.tag;
    let (sd, basis) = written(rule, items).unwrap_or_else(|| (declared_sd(tag), Basis::Declared));
    // Where nothing is counted yet nothing can be off; rounding would leave some nanodecibans of a variance of zero.
    let is_open = items.iter().all(|item| *item == Truth::Undetermined);
    (if is_open { 0.0 } else { sd }, basis)
}

/// The same from what is written; none where that is neither intervals nor a number of people.
fn written(rule: &CountRule, items: &[Truth]) -> Option<(f64, Basis)> {
    let half = rule.provenance.n.map(|n| f64::from(n) / 2.0);
    let nats = if let Some(margins) = &rule.margins {
        margin_sd(&margins.cause, &margins.comparator, items, half?)
    } else if let Some(distribution) = &rule.distribution {
        let ways = ways(items);
        let of = |shares: &[f64]| mixture_variance(shares, &ways, half.unwrap_or_default());
        half?;
        libm::sqrt(of(&distribution.cause) + of(&distribution.comparator))
    } else {
        return interval_sd(rule, items, half);
    };
    Some((nats * DECIBANS_PER_NAT, Basis::Sample))
}

/// For each count from 0 to all, the share of its patterns that agree with what is answered.
///
/// # Formula
/// ```text
/// c_m = C(u, m - p) / C(n, m)
/// ```
fn ways(items: &[Truth]) -> Vec<f64> {
    let count = |truth: Truth| items.iter().filter(|item| **item == truth).count();
    let (present, unknown) = (count(Truth::True), count(Truth::Undetermined));
    let share = |m: usize| match m.checked_sub(present).filter(|more| *more <= unknown) {
        Some(more) => choose(unknown, more) / choose(items.len(), m),
        None => 0.0,
    };
    (0..=items.len()).map(share).collect()
}

/// The binomial coefficient, as a float.
fn choose(n: usize, k: usize) -> f64 {
    let float = |n: usize| u32::try_from(n).map_or(f64::INFINITY, f64::from);
    (1..=k).fold(1.0, |product, i| product * float(n - k + i) / float(i))
}

/// The variance of the logarithm of a sum of shares, of which so many people were seen.
///
/// # Formula
/// ```text
/// N = sum_m c_m p_m      Var(ln N) = (sum_m c_m^2 p_m / N^2 - 1) / (n + 1)      Dirichlet, to first order
/// ```
fn mixture_variance(shares: &[f64], ways: &[f64], people: f64) -> f64 {
    let pairs = || shares.iter().zip(ways);
    let sum: f64 = pairs().map(|(share, way)| share * way).sum();
    let squares: f64 = pairs().map(|(share, way)| share * way * way).sum();
    ((squares / (sum * sum) - 1.0) / (people + 1.0)).max(0.0)
}

/// The standard deviation of a Poisson-binomial ratio, items' shares being off on their own.
///
/// # Formula
/// ```text
/// Var = sum_i (d ln PB / d logit m_i)^2 / (n m_i (1 - m_i))      under the cause, and under the comparator
/// d ln PB(p) / d logit m_i = P(i present | p present) - m_i
/// ```
fn margin_sd(cause: &[f64], comparator: &[f64], items: &[Truth], people: f64) -> f64 {
    let present = items.iter().filter(|item| **item == Truth::True).count();
    let of = |margins: &[f64]| -> f64 {
        let answered =
            || margins.iter().zip(items).filter(|(_, item)| **item != Truth::Undetermined).map(|(m, _)| *m);
        let all: Vec<f64> = answered().collect();
        let whole = at(&counts(all.iter().copied()), Some(present));
        let one = |(skip, margin): (usize, &f64)| {
            let others = all.iter().enumerate().filter(|(at, _)| *at != skip).map(|(_, margin)| *margin);
            let given = margin * at(&counts(others), present.checked_sub(1)) / whole;
            (given - margin) * (given - margin) / ((people + 1.0) * margin * (1.0 - margin))
        };
        all.iter().enumerate().map(one).sum()
    };
    libm::sqrt(of(cause) + of(comparator))
}

/// The chances of each number present among independent items.
fn counts(margins: impl Iterator<Item = f64>) -> Vec<f64> {
    margins.fold(vec![1.0], |counts, margin| {
        let shifted = std::iter::once(0.0).chain(counts.iter().copied());
        let kept = counts.iter().copied().chain(std::iter::once(0.0));
        kept.zip(shifted).map(|(same, one_less)| same * (1.0 - margin) + one_less * margin).collect()
    })
}

fn at(counts: &[f64], position: Option<usize>) -> f64 {
    position.and_then(|position| counts.get(position)).copied().unwrap_or(0.0)
}

/// The standard deviation of a count whose ratios are given by interval. The study makes one error: it separates better or
/// worse than it says, so ratios above 1 and below it move apart or together, and nothing answered still weighs nothing.
///
/// # Formula
/// ```text
/// R = sum_I a_I LR_I      a_I = P_0(I | answers)      share_I = a_I LR_I / R      P_k(I) = P_0(I) LR_I / T
/// sd = |sum_I (share_I - u/n * P_k(I)) * sign(ln LR_I) * tau_I| * shrink
/// ```
/// The term with `u/n`, the share of items that are unknown, is a convention: it is 0 where all items are answered, so that the
/// published interval comes back, and takes everything away where none is, since there the ratio is 1 whatever the study says.
fn interval_sd(rule: &CountRule, items: &[Truth], half: Option<f64>) -> Option<(f64, Basis)> {
    let ways = ways(items);
    let power = rule.shrink.unwrap_or(1.0);
    let (mut basis, mut all, mut agreeing, mut terms) = (Basis::Interval, 0.0, 0.0, Vec::new());
    for (key, ratio) in &rule.likelihood_ratios {
        let bin: BinKey = key.parse().ok()?;
        let share = rule.comparator.get(key)?;
        let inside: Vec<f64> =
            (0..).zip(&ways).filter(|(m, _)| bin.contains(f64::from(*m))).map(|(_, way)| *way).collect();
        let width = inside.iter().fold(0.0, |width, _| width + 1.0);
        let raised = libm::pow(*ratio, power);
        let (prior, likelihood) = (share * raised, share * raised * inside.iter().sum::<f64>() / width);
        let tau = match (rule.interval.get(key), half) {
            (Some([low, high]), _) => libm::log(high / low) / (2.0 * Z),
            (None, Some(half)) => {
                basis = basis.max(Basis::Sample);
                let variance = |p: f64| log_variance(half * p, half * (1.0 - p).max(0.0));
                libm::sqrt(variance((share * ratio).min(1.0)) + variance(*share))
            }
            (None, None) => {
                basis = Basis::Declared;
                declared_sd(rule.provenance.tag) / DECIBANS_PER_NAT
            }
        };
        all += prior;
        agreeing += likelihood;
        terms.push((prior, likelihood, if *ratio < 1.0 { -tau } else { tau }));
    }
    let count =
        |which: &dyn Fn(&Truth) -> bool| items.iter().filter(|item| which(item)).fold(0.0, |n, _| n + 1.0);
    let open = count(&|item| *item == Truth::Undetermined) / count(&|_| true);
    let moved =
        |(prior, likelihood, tau): &(f64, f64, f64)| (likelihood / agreeing - open * prior / all) * tau;
    let moved: f64 = terms.iter().map(moved).sum();
    Some((moved.abs() * power * DECIBANS_PER_NAT, basis))
}

#[cfg(test)]
mod tests {
    use super::*;
    use aetia::written::Shares;
    use std::collections::BTreeMap;

    const ITEMS: [Truth; 3] = [Truth::True, Truth::False, Truth::Undetermined];
    const NOTHING: [Truth; 3] = [Truth::Undetermined; 3];

    fn of_people(n: u32) -> CountRule {
        let mut rule = CountRule::default();
        rule.provenance.n = Some(n);
        rule
    }

    #[test]
    fn a_count_nobody_answered_is_certain() {
        let shares =
            |cause: &[f64], comparator: &[f64]| Shares { cause: cause.into(), comparator: comparator.into() };
        let margins =
            CountRule { margins: Some(shares(&[0.8, 0.6, 0.7], &[0.5, 0.4, 0.2])), ..of_people(200) };
        let distribution = CountRule {
            distribution: Some(shares(&[0.1, 0.3, 0.3, 0.3], &[0.3, 0.4, 0.2, 0.1])),
            ..of_people(200)
        };
        let pair = |one: f64, other: f64| BTreeMap::from([("<2".to_owned(), one), (">=2".to_owned(), other)]);
        let intervals =
            CountRule { likelihood_ratios: pair(0.59, 1.41), comparator: pair(0.5, 0.5), ..of_people(200) };
        for rule in [margins, distribution, intervals] {
            let (none, some) = (spread(&rule, &NOTHING), spread(&rule, &ITEMS));
            assert!(none.0.abs() < f64::MIN_POSITIVE && some.0 > 1e-3, "{none:?} {some:?}");
            // The formulas say so themselves, but for what rounding leaves of a variance of zero.
            assert!(written(&rule, &NOTHING).unwrap().0 < 1e-6);
            let more = CountRule { provenance: of_people(800).provenance, ..rule };
            assert!(spread(&more, &ITEMS).0 < some.0);
        }
    }

    #[test]
    fn a_full_count_is_as_sure_as_the_interval_of_its_ratio() {
        let pair = |one: f64, other: f64| BTreeMap::from([("<2".to_owned(), one), (">=2".to_owned(), other)]);
        let interval = [("<2".to_owned(), [0.43, 0.81]), (">=2".to_owned(), [1.1, 1.8])].into();
        let rule = CountRule {
            likelihood_ratios: pair(0.59, 1.41),
            comparator: pair(0.5, 0.5),
            interval,
            ..of_people(9)
        };
        let (sd, basis) = spread(&rule, &[Truth::True; 3]);
        let published = libm::log(1.8 / 1.1) / (2.0 * Z) * DECIBANS_PER_NAT;
        assert_eq!(basis, Basis::Interval);
        assert!((sd / published - 1.0).abs() < 1e-12, "{sd} {published}");
    }
}
