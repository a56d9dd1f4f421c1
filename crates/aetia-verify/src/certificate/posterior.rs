//! The checker of claims about probabilities that compete: the one place where it rounds.
//!
//! With `D_j` what the score of cause `j` is above that of the claim's cause, in nats, and `n_j / N` any proportions,
//! `ln sum_j exp(D_j) >= sum_j n_j/N D_j + H(n/N)` (Gibbs). The sum on the right is least where each block is least; that
//! is computed in whole numbers. The rest is rounded against the claim.

use std::collections::BTreeSet;

use super::Form;
use super::Share;
use super::check::{Cases, CheckError, World};

/// What all roundings here come to at most, in nats, with room: each operation errs by less than 10^-15 of numbers below
/// 1,000.
const ROUNDING: f64 = 1e-11;

#[expect(
    clippy::as_conversions,
    clippy::cast_precision_loss,
    reason = "errs by less than 10^-15 of the number"
)]
fn float(number: i128) -> f64 {
    number as f64
}

/// Checks that the shares leave the claim's cause no more than its bound.
pub(super) fn check(world: &World<'_, '_>, shares: &[Share], cases: &Cases) -> Result<(), CheckError> {
    let fault = |message: &str| Err(CheckError::new(message));
    let Some((cause, bound)) = &world.bound else {
        return fault("proportions are for claims about probabilities");
    };
    let comparator = world.meaning.sides.first().map(|side| side.document().comparator.id.clone());
    let mut seen = BTreeSet::new();
    for share in shares {
        if share.times <= 0 || share.cause == *cause || !seen.insert(&share.cause) {
            return fault("a proportion is not above 0, or a cause comes twice, or is the claim's own");
        }
        let is_comparator = Some(&share.cause) == comparator.as_ref();
        let is_known = world.meaning.sides.first().is_some_and(|side| side.causes.contains(&share.cause));
        if !is_comparator && !is_known {
            return fault("a cause is unknown");
        }
        if !is_comparator && world.standing(&world.meaning.excluded(0, &share.cause).1, cases) != Some(true) {
            return fault("a cause may be out of the ranking");
        }
        let differs = world.meaning.differs(&share.cause, cause, &share.of);
        if differs.and_then(|differs| world.standing(&differs, cases)) != Some(true) {
            return fault("a score may be less above that of the claim's cause than is said");
        }
    }
    let negative: Option<Vec<(Form, i128)>> = shares
        .iter()
        .map(|share| Some((Form::default().less(&share.of, 0)?, i128::from(share.times))))
        .collect();
    let terms = negative.as_deref().unwrap_or_default().iter().map(|(form, times)| (form, *times));
    let terms: Vec<(&Form, i128)> = terms.collect();
    let all: i128 = terms.iter().map(|(_, times)| times).sum();
    let Some(most) = world.most(&terms, cases).filter(|_| all > 0) else {
        return fault("a number is too large, or a name is unknown");
    };
    if holds(-most, all, shares.iter().map(|share| share.times), *bound) {
        Ok(())
    } else {
        fault("the proportions leave the cause more than the bound")
    }
}

/// Whether `sum / all` nanodecibans and the entropy of the proportions leave at most the bound.
fn holds(sum: i128, all: i128, times: impl Iterator<Item = i64>, bound: f64) -> bool {
    let entropy = times.fold(0.0, |entropy, times| {
        let share = float(i128::from(times)) / float(all);
        entropy - share * libm::log(share)
    });
    // ln(10) / 10^10 nats a nanodeciban.
    let nats = float(sum) / float(all) * (libm::log(10.0) / 1e10);
    let size = 1.0 + nats.abs();
    nats + entropy - ROUNDING * size >= libm::log((1.0 - bound) / bound)
}
