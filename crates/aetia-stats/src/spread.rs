//! How far a published figure may be off, in decibans: from its interval, its counts, its sample or its tag.

use aetia::written::{CountsRow, Evidence};
use aetia::{
    Accuracy, Basis, Figure, FigureKind, LikelihoodRatio, LikelihoodRatios, Probability, Tag, Weight,
};

use crate::count;
use crate::normal::{DECIBANS_PER_NAT, Z, decibans, nanodecibans};

/// How far a figure may be off: a normal distribution of its weight about the weight that is used.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Spread {
    /// The standard deviation of the weight, in decibans.
    pub sd: f64,
    /// The lower end of the 95 % interval of the weight.
    pub low: Weight,
    /// Its upper end.
    pub high: Weight,
    /// What this is known from.
    pub basis: Basis,
}

impl Spread {
    /// The spread of a figure.
    ///
    /// # Formula
    /// ```text
    /// interval   sd = (w(high) - w(low)) / (2 * 1.959964)
    /// counts     sd^2 = v(a, b) + v(c, d)         v(a, b) = psi'(a + 1/2) - psi'(a + b + 1), of nats
    /// sample     as counts, of n/2 * P(answer | cause) and n/2 * P(answer | comparator)
    /// declared   sd = w(factor) / 1.959964        factor 2, 2, 3, 4: verified, recalled, seed, assumption
    /// ```
    /// The log-normal is that of Simel 1991; `v` is the variance of the logarithm of a Beta variable with Jeffreys' prior,
    /// `psi'` the trigamma function.
    pub fn of(figure: &Figure<'_>) -> Self {
        let own = figure.weight();
        let written = match figure.kind() {
            FigureKind::Prior { written, .. } => {
                written.interval.and_then(|[low, high]| of_prior(own, written.value, low, high))
            }
            FigureKind::Row { written, answer, ratio, interval, .. } => {
                of_row(own, written, answer.key(), *ratio, *interval)
            }
            FigureKind::Rule { written, items, .. } => {
                let (sd, basis) = count::spread(written, items);
                Some(Self::about(own, sd, basis))
            }
        };
        written.unwrap_or_else(|| Self::declared(own, figure.provenance().tag))
    }

    /// A spread of the same size on both sides.
    fn about(own: Weight, sd: f64, basis: Basis) -> Self {
        let reach = Weight::from_nanodecibans(nanodecibans(Z * sd));
        Self { sd, low: own - reach, high: own + reach, basis }
    }

    fn declared(own: Weight, tag: Tag) -> Self {
        Self::about(own, declared_sd(tag), Basis::Declared)
    }
}

/// The factor by which a figure without interval, counts and sample may be off at the ends of its 95 % interval.
///
/// A ratio that was read or remembered without its interval comes from a study of some dozens of people at best, where
/// intervals reach a factor of two either way. Of a `seed` only the direction is known, and its strength is capped at 4: the
/// interval of a middling one reaches from nothing to the cap. An `assumption` of weight zero may be anything up to the
/// cap, on either side.
///
/// ```
/// use aetia::Tag;
/// assert_eq!(aetia_stats::declared_factor(Tag::Assumption), 4.0);
/// ```
pub const fn declared_factor(tag: Tag) -> f64 {
    match tag {
        Tag::Verified | Tag::Recalled => 2.0,
        Tag::Seed => 3.0,
        Tag::Assumption => 4.0,
    }
}

/// The standard deviation that goes with a declared factor, in decibans.
pub(crate) fn declared_sd(tag: Tag) -> f64 {
    libm::log(declared_factor(tag)) * DECIBANS_PER_NAT / Z
}

/// From the interval of a probability: normal on the logit, with the other causes' odds against the comparator as they are.
fn of_prior(own: Weight, value: f64, low: f64, high: f64) -> Option<Spread> {
    let logit = |p: f64| Probability::new(p).ok().map(Probability::log_odds);
    Some(between(own, logit(low)? - logit(value)?, logit(high)? - logit(value)?))
}

/// From the two ends of an interval, as they lie about the figure.
fn between(own: Weight, low: Weight, high: Weight) -> Spread {
    // A published figure may lie outside its own interval by a last digit.
    let (low, high) = (low.min(Weight::ZERO), high.max(Weight::ZERO));
    let sd = decibans(high - low) / (2.0 * Z);
    Spread { sd, low: own + low, high: own + high, basis: Basis::Interval }
}

fn of_row(
    own: Weight,
    written: &Evidence,
    answer: &str,
    ratio: LikelihoodRatio,
    interval: Option<(LikelihoodRatio, LikelihoodRatio)>,
) -> Option<Spread> {
    let is_present = answer == "present";
    if let Some(counts) = written.counts.as_ref().filter(|_| written.interval.is_empty()) {
        return Some(Spread::about(own, of_counts(counts, is_present), Basis::Counts));
    }
    if let Some((low, high)) = interval {
        let shift = |end: LikelihoodRatio| end.weight() - ratio.weight();
        return Some(between(own, shift(low), shift(high)));
    }
    let (cause, comparator) = shares(written, answer)?;
    let half = f64::from(written.provenance.n?) / 2.0;
    let variance = [cause, comparator].map(|share| log_variance(half * share, half * (1.0 - share)));
    let sd = libm::sqrt(variance.iter().sum()) * DECIBANS_PER_NAT;
    Some(Spread::about(own, sd, Basis::Sample))
}

/// The standard deviation of the weight of a 2x2 table.
fn of_counts(counts: &CountsRow, is_present: bool) -> f64 {
    let [a, b, c, d] =
        [counts.true_positive, counts.false_negative, counts.false_positive, counts.true_negative]
            .map(f64::from);
    let variance = if is_present {
        log_variance(a, b) + log_variance(c, d)
    } else {
        log_variance(b, a) + log_variance(d, c)
    };
    libm::sqrt(variance) * DECIBANS_PER_NAT
}

/// `P(answer | cause)` and `P(answer | comparator)`, where a row gives them or a pair of ratios implies them.
pub(crate) fn shares(written: &Evidence, answer: &str) -> Option<(f64, f64)> {
    let of_accuracy = |sensitivity: f64, specificity: f64| match answer {
        "present" => (sensitivity, 1.0 - specificity),
        _ => (1.0 - sensitivity, specificity),
    };
    if let Some(row) = &written.accuracy {
        return Some(of_accuracy(row.sensitivity, row.specificity));
    }
    if let Some(counts) = &written.counts {
        let [a, b, c, d] =
            [counts.true_positive, counts.false_negative, counts.false_positive, counts.true_negative]
                .map(|n| f64::from(n) + 0.5);
        return Some(of_accuracy(a / (a + b), d / (c + d)));
    }
    if let Some(rows) = &written.probabilities {
        let of = |given: &std::collections::BTreeMap<String, f64>| {
            let rest = || 1.0 - given.values().sum::<f64>();
            given.get(answer).copied().unwrap_or_else(rest)
        };
        return Some((of(&rows.cause), of(&rows.comparator)));
    }
    let pair = written.likelihood_ratio.as_ref()?;
    let ratios = LikelihoodRatios {
        present: LikelihoodRatio::new(pair.present).ok()?,
        absent: LikelihoodRatio::new(pair.absent?).ok()?,
    };
    let accuracy = Accuracy::from_likelihood_ratios(ratios).ok()?;
    Some(of_accuracy(accuracy.sensitivity().get(), accuracy.specificity().get()))
}

/// The variance of the logarithm of a share, of which so many were seen and so many not, in nats.
pub(crate) fn log_variance(seen: f64, unseen: f64) -> f64 {
    trigamma(seen + 0.5) - trigamma(seen + unseen + 1.0)
}

/// The trigamma function, for positive numbers: the recurrence up to 8, then the asymptotic series (Abramowitz and Stegun
/// 6.4.6, 6.4.12).
fn trigamma(x: f64) -> f64 {
    let (mut x, mut sum) = (x, 0.0);
    while x < 8.0 {
        sum += 1.0 / (x * x);
        x += 1.0;
    }
    let y = 1.0 / (x * x);
    let series = 1.0 / 6.0 - y * (1.0 / 30.0 - y * (1.0 / 42.0 - y * (1.0 / 30.0 - y * 5.0 / 66.0)));
    sum + 1.0 / x + y / 2.0 + series * y / x
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn trigamma_of_known_constants() {
        let pi2 = core::f64::consts::PI * core::f64::consts::PI;
        for (x, value) in [(1.0, pi2 / 6.0), (0.5, pi2 / 2.0), (2.0, pi2 / 6.0 - 1.0)] {
            assert!((trigamma(x) - value).abs() < 1e-12, "{x}: {}", trigamma(x));
        }
    }

    #[test]
    fn a_table_of_counts_is_as_sure_as_the_log_method_says() {
        // maths.md (8): 45, 346, 18, 240 have a standard error of 0.2671 nats; Jeffreys' prior takes a little away.
        let row =
            CountsRow { true_positive: 45, false_negative: 346, false_positive: 18, true_negative: 240 };
        let nats = of_counts(&row, true) / DECIBANS_PER_NAT;
        assert!((nats - 0.2671).abs() < 0.005, "{nats}");
    }

    #[test]
    fn declared_widths_grow_with_distrust() {
        let sds = [Tag::Verified, Tag::Recalled, Tag::Seed, Tag::Assumption].map(declared_sd);
        assert!(sds.is_sorted() && (sds[3] - 3.0718).abs() < 1e-4, "{sds:?}");
    }
}
