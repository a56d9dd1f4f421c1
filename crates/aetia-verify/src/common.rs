//! What two knowledge bases can both be asked.
//!
//! A case holds the number and not the bin, so numeric answers are matched by the numbers they stand for: each pair of bins
//! that share numbers is one common answer, and a number that both have stands for it.

use aetia::{AnswerValue, IndicatorKind};

use crate::formula::Code;
use crate::frame::Frame;
use crate::witness::value;

/// What two knowledge bases can both be asked. Codes are positions among the common answers, counted from 1.
#[derive(Clone, Debug)]
pub(crate) struct Common {
    pub(crate) indicators: Vec<Shared>,
}

/// An indicator that both have.
#[derive(Clone, Debug)]
pub(crate) struct Shared {
    /// Its position in the first.
    pub(crate) here: usize,
    /// Its position in the second.
    pub(crate) there: usize,
    pub(crate) answers: Vec<Both>,
}

/// An answer that both take.
#[derive(Clone, Debug)]
pub(crate) struct Both {
    pub(crate) here: Code,
    pub(crate) there: Code,
    /// What is given in a case.
    pub(crate) value: AnswerValue,
}

impl Common {
    pub(crate) fn of(one: &Frame<'_>, other: &Frame<'_>) -> Self {
        let shared = |(here, id): (usize, &&str)| {
            let there = other.indicators.binary_search(id).ok()?;
            let own = one.model.knowledge_base().indicator(id)?;
            let their = other.model.knowledge_base().indicator(id)?;
            are_read_alike(own.kind(), their.kind()).then(|| Shared {
                here,
                there,
                answers: answers(own, their),
            })
        };
        Self { indicators: one.indicators.iter().enumerate().filter_map(shared).collect() }
    }

    /// How many common answers an indicator of the first has.
    pub(crate) fn count(&self, indicator: usize) -> usize {
        self.shared(indicator).map_or(0, |shared| shared.answers.len())
    }

    /// The common answer of an indicator of the first with this code.
    pub(crate) fn answer(&self, indicator: usize, code: Code) -> Option<&Both> {
        self.shared(indicator)?.answers.get(usize::from(code).checked_sub(1)?)
    }

    fn shared(&self, indicator: usize) -> Option<&Shared> {
        self.indicators.iter().find(|shared| shared.here == indicator)
    }
}

/// Whether a case writes answers of both kinds alike: ordered answers are named as those without an order are.
pub(crate) fn are_read_alike(one: IndicatorKind, other: IndicatorKind) -> bool {
    let named = |kind| matches!(kind, IndicatorKind::Categorical | IndicatorKind::Ordinal);
    one == other || (named(one) && named(other))
}

/// The common answers of two indicators of one kind.
fn answers(one: &aetia::Indicator, other: &aetia::Indicator) -> Vec<Both> {
    let code = |position: usize| Code::try_from(position + 1).unwrap_or(Code::MAX);
    let mut found = Vec::new();
    for (here, own) in one.answers().iter().enumerate() {
        for (there, their) in other.answers().iter().enumerate() {
            let both = if one.kind() == IndicatorKind::Numeric {
                number_in(bin(one.cut_points(), here), bin(other.cut_points(), there))
                    .map(AnswerValue::Number)
            } else {
                (own.key() == their.key()).then(|| value(one, code(here)))
            };
            found.extend(both.map(|value| Both { here: code(here), there: code(there), value }));
        }
    }
    found
}

/// The ends of a bin; the lower one is in it.
fn bin(cuts: &[f64], at: usize) -> (f64, f64) {
    let low = at.checked_sub(1).and_then(|at| cuts.get(at)).copied().unwrap_or(f64::NEG_INFINITY);
    (low, cuts.get(at).copied().unwrap_or(f64::INFINITY))
}

/// A number in both of two bins, if there is one.
fn number_in(one: (f64, f64), other: (f64, f64)) -> Option<f64> {
    let (low, high) = (one.0.max(other.0), one.1.min(other.1));
    if low >= high {
        None
    } else if low.is_finite() {
        Some(low)
    } else if high.is_finite() {
        Some((high - high.abs().max(1.0)).max(f64::MIN))
    } else {
        Some(0.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every number is in some pair of bins, and each pair has a number that is in both.
    #[test]
    fn every_number_is_in_a_pair_of_bins() {
        let (one, other) = ([10.0, 30.0], [-5.0, 10.0, 20.0, 40.0]);
        let place = |cuts: &[f64], number: f64| cuts.iter().filter(|cut| **cut <= number).count();
        let mut pairs = Vec::new();
        for here in 0..=one.len() {
            for there in 0..=other.len() {
                if let Some(number) = number_in(bin(&one, here), bin(&other, there)) {
                    assert_eq!((place(&one, number), place(&other, number)), (here, there), "{number}");
                    pairs.push((here, there));
                }
            }
        }
        for tenth in -200..600 {
            let number = f64::from(tenth) / 10.0;
            assert!(pairs.contains(&(place(&one, number), place(&other, number))), "{number}");
        }
        assert_eq!(pairs.len(), 6);
    }
}
