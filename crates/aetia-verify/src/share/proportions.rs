//! Proportions of rivals that close a box, and cases met while they are looked for.

use std::rc::Rc;

use crate::blocks::State;
use crate::certificate::{Share, Step};
use crate::query::Form;
use crate::record;
use crate::share::{Halt, Hunt, Spot};

/// Rounds in which proportions are improved.
const ROUNDS: u32 = 30;

/// Of how many parts a proportion is a number.
const PARTS: f64 = 1_048_576.0;

impl Hunt<'_, '_> {
    /// Tries to close a box by proportions of rivals, and to find a case in it. Gives the last proportions where it is not
    /// closed.
    pub(super) fn mix(&mut self, spot: &Spot, rivals: &[(usize, Form)]) -> Result<Option<Vec<f64>>, Halt> {
        let target = libm::log((1.0 - self.bound) / self.bound);
        // Per block and state the least each form is worth.
        let worth: Vec<Vec<Vec<f64>>> = spot
            .cells
            .iter()
            .enumerate()
            .map(|(at, cell)| {
                let states = cell.iter().filter_map(|state| self.block(at).states.get(*state));
                let of =
                    |state| rivals.iter().map(|(_, form)| nats(float(Self::worth(state, form)))).collect();
                states.map(of).collect()
            })
            .collect();
        let mut shares = vec![1.0 / float(i64::try_from(rivals.len()).unwrap_or(1)); rivals.len()];
        let mut states = Vec::new();
        for round in 1..=ROUNDS {
            states.clear();
            let mut at: Vec<f64> = rivals.iter().map(|(_, form)| nats(float(form.plus))).collect();
            let mut sum: f64 = at.iter().zip(&shares).map(|(plus, share)| plus * share).sum();
            for (cell, block) in worth.iter().zip(&spot.cells) {
                let mut best = (f64::INFINITY, 0);
                for (position, values) in cell.iter().enumerate() {
                    let value: f64 = values.iter().zip(&shares).map(|(value, share)| value * share).sum();
                    if value < best.0 {
                        best = (value, position);
                    }
                }
                sum += best.0;
                states.push(block.get(best.1).copied().unwrap_or(0));
                for (total, value) in at.iter_mut().zip(cell.get(best.1).into_iter().flatten()) {
                    *total += value;
                }
            }
            let entropy: f64 =
                shares.iter().filter(|share| **share > 0.0).map(|share| -share * libm::log(*share)).sum();
            if sum + entropy >= target && self.try_shares(spot, rivals, &shares) {
                return Ok(None);
            }
            self.try_states(&states)?;
            // The best proportions for these states, mixed with those before.
            let most = at.iter().copied().fold(f64::NEG_INFINITY, f64::max);
            let powers: Vec<f64> = at.iter().map(|value| libm::exp(value - most)).collect();
            let all: f64 = powers.iter().sum();
            let step = 2.0 / (1.0 + f64::from(round));
            for (share, power) in shares.iter_mut().zip(&powers) {
                *share += step.min(1.0) * (power / all - *share);
            }
        }
        Ok(Some(shares))
    }

    /// Whether whole proportions near these leave the cause at most its bound; if so the box is closed with them.
    fn try_shares(&mut self, spot: &Spot, rivals: &[(usize, Form)], shares: &[f64]) -> bool {
        let times: Vec<i64> = shares.iter().map(|share| whole(libm::round(share * PARTS))).collect();
        let all: i128 = times.iter().map(|times| i128::from(*times)).sum();
        let pairs = || rivals.iter().zip(&times).filter(|(_, times)| **times > 0);
        let mut sum: i128 =
            pairs().map(|((_, form), times)| i128::from(form.plus) * i128::from(*times)).sum();
        for (at, cell) in spot.cells.iter().enumerate() {
            let states = cell.iter().filter_map(|state| self.block(at).states.get(*state));
            let worth = |state: &State| -> i128 {
                pairs()
                    .map(|((_, form), times)| i128::from(Self::worth(state, form)) * i128::from(*times))
                    .sum()
            };
            sum += states.map(worth).min().unwrap_or(0);
        }
        if !holds(sum, all, pairs().map(|(_, times)| *times), self.bound) {
            return false;
        }
        let frame = self.ready.prover.frame.model.knowledge_base();
        let name = |cause: usize| {
            let named = self.ready.sides.first().and_then(|side| side.frame.causes.get(cause));
            named.map_or_else(|| frame.comparator().to_string(), |name| (*name).to_owned())
        };
        let shares = pairs()
            .map(|((cause, form), times)| Share {
                cause: name(*cause),
                of: record::form(self.ready.sides, form),
                times: *times,
            })
            .collect();
        self.steps.push(Step::Entropy(shares));
        true
    }

    /// Halts the search with these states if the cause is likelier in them than its bound.
    fn try_states(&self, states: &[usize]) -> Result<(), Halt> {
        let indicators = self.ready.sides.first().map_or(0, |side| side.frame.indicators.len());
        let cells = states.iter().map(|state| Rc::new(vec![*state])).collect();
        let mut spot = Spot { cells, masks: vec![1; indicators], assumed: Vec::new() };
        for at in 0..states.len() {
            self.see(&mut spot, at);
        }
        if self.standing(self.ready.node, &spot, &mut None) != Some(true) {
            return Ok(());
        }
        let value = |cause: usize| -> Option<f64> {
            let form = self.score(&spot, cause)?.ok()?;
            Some(nats(float(self.least(&spot, &form))))
        };
        let Some(own) = value(self.cause) else { return Ok(()) };
        let mut sum = libm::exp(-own);
        for cause in (0..self.causes).filter(|cause| *cause != self.cause) {
            if self.gates(&spot, cause).is_some_and(|(_, excluded, _)| !excluded) {
                sum += value(cause).map_or(0.0, |value| libm::exp(value - own));
            }
        }
        if 1.0 / (1.0 + sum) > self.bound * (1.0 + 1e-13) {
            return Err(Halt::Found(states.to_vec()));
        }
        Ok(())
    }
}

/// Whether `sum / all` nanodecibans and the entropy of the proportions leave at most the bound, with room to spare for a
/// checker that rounds otherwise.
fn holds(sum: i128, all: i128, times: impl Iterator<Item = i64>, bound: f64) -> bool {
    #[expect(clippy::as_conversions, clippy::cast_precision_loss, reason = "rounded, with room to spare")]
    let real = |number: i128| number as f64;
    let entropy: f64 =
        times.map(|times| real(i128::from(times)) / real(all)).map(|share| -share * libm::log(share)).sum();
    let level = nats(real(sum) / real(all));
    level + entropy >= libm::log((1.0 - bound) / bound) + 2e-11 * (1.0 + level.abs())
}

#[expect(clippy::as_conversions, clippy::cast_possible_truncation, reason = "a whole number well inside i64")]
fn whole(value: f64) -> i64 {
    value as i64
}

#[expect(clippy::as_conversions, clippy::cast_precision_loss, reason = "a hint, which need not be exact")]
pub(super) fn float(units: i64) -> f64 {
    units as f64
}

/// Natural logarithm of the ratio one nanodeciban stands for.
fn nats(units: f64) -> f64 {
    units * (libm::log(10.0) / 1e10)
}

/// The lowest score, in nanodecibans, whose probability against the comparator alone is above a bound, or may be.
pub(crate) fn least_above(bound: f64) -> i64 {
    whole(libm::floor(1e10 * libm::log10(bound / (1.0 - bound)) - 1e-3)) + 1
}
