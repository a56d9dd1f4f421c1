//! What a row of evidence says ("From published evidence to weights").

use std::collections::BTreeMap;

use aetia::written::{Against, Evidence};
use aetia::{Accuracy, Counts, LikelihoodRatio, LikelihoodRatios, Weight};

use super::answers::figure;
use super::{Sheet, Truth};

/// Whether a row declares that an answer is no evidence.
pub(super) fn is_neutral(row: &Evidence, answer: &str) -> bool {
    let listed = match &row.probabilities {
        Some(probabilities) => figure(&probabilities.cause, answer).is_some(),
        None => figure(&row.likelihood_ratios, answer).is_some(),
    };
    (answer == "absent" && row.absent.is_some()) || (row.unlisted.is_some() && !listed)
}

/// Sensitivity and specificity of a row that gives them, or the counts behind them.
fn accuracy_of(row: &Evidence) -> Option<Accuracy> {
    let given = row.accuracy.as_ref().map(|it| Accuracy::new(it.sensitivity, it.specificity).unwrap());
    let counted = row.counts.as_ref().map(|it| {
        Counts::new(it.true_positive, it.false_negative, it.false_positive, it.true_negative)
            .unwrap()
            .accuracy()
    });
    given.or(counted)
}

/// The likelihood ratio a row gives to an answer; none where it declares the answer neutral.
fn ratio_of(row: &Evidence, answer: &str) -> Option<LikelihoodRatio> {
    if is_neutral(row, answer) {
        return None;
    }
    let of_two = |ratios: LikelihoodRatios| {
        if answer == "present" { ratios.present } else { ratios.absent }
    };
    if let Some(accuracy) = accuracy_of(row) {
        return Some(of_two(accuracy.likelihood_ratios()));
    }
    let ratio = if let Some(ratios) = &row.likelihood_ratio {
        if answer == "present" { ratios.present } else { ratios.absent.expect("LR- or neutral absence") }
    } else if row.probabilities.is_some() {
        let (cause, comparator) = probabilities_of(row, answer);
        cause / comparator
    } else {
        figure(&row.likelihood_ratios, answer).expect("a ratio for every answer that is not neutral")
    };
    Some(LikelihoodRatio::new(ratio).unwrap())
}

/// `P(answer)` under the cause and under the comparator, from a row that gives probabilities.
pub(super) fn probabilities_of(row: &Evidence, answer: &str) -> (f64, f64) {
    if let Some(accuracy) = accuracy_of(row) {
        let (sensitivity, specificity) = (accuracy.sensitivity().get(), accuracy.specificity().get());
        return if answer == "present" {
            (sensitivity, 1.0 - specificity)
        } else {
            (1.0 - sensitivity, specificity)
        };
    }
    let given = row.probabilities.as_ref().expect("probabilities, accuracy or counts");
    let share = |figures: &BTreeMap<String, f64>| match figure(figures, answer) {
        Some(probability) => probability,
        None if answer == "absent" => 1.0 - figures["present"],
        None => panic!("no probability of {answer}"),
    };
    (share(&given.cause), share(&given.comparator))
}

impl Sheet<'_> {
    /// The row in force for a cause and an indicator: of those that apply in the setting, the first whose
    /// `when` definitely holds, else the one without `when`.
    pub(super) fn row(&self, cause: &str, indicator: &str) -> Option<&Evidence> {
        let about: Vec<&Evidence> = self
            .document
            .evidence
            .iter()
            .filter(|row| row.cause == cause && row.indicator == indicator)
            .collect();
        let is_here = |row: &Evidence| row.setting.iter().any(|setting| setting == self.setting);
        let is_replaced = |row: &Evidence| about.iter().any(|other| is_here(other) && other.when == row.when);
        let applicable: Vec<&Evidence> = about
            .iter()
            .copied()
            .filter(|row| is_here(row) || (row.setting.is_empty() && !is_replaced(row)))
            .collect();
        let holds = |row: &&&Evidence| row.when.as_ref().is_some_and(|when| self.truth(when) == Truth::True);
        let plain = |row: &&&Evidence| row.when.is_none();
        applicable.iter().find(holds).or_else(|| applicable.iter().find(plain)).copied()
    }

    /// The ratio an answer has for a cause and what it is against; none where the cause is silent.
    fn ratio(&self, cause: &str, indicator: &str) -> Option<(LikelihoodRatio, Against)> {
        let row = self.row(cause, indicator)?;
        Some((ratio_of(row, &self.answers[indicator])?, row.against))
    }

    /// The weight of an answered indicator for a cause, before any discount; silence weighs nothing.
    pub(super) fn weight(&self, cause: &str, indicator: &str) -> Weight {
        match self.ratio(cause, indicator) {
            None => Weight::ZERO,
            Some((ratio, Against::Comparator)) => ratio.weight(),
            Some((ratio, Against::Rest)) => {
                let lift = self.lift(cause, ratio) / self.lift_of_comparator(indicator);
                LikelihoodRatio::new(lift).expect("coherent ratios").weight()
            }
        }
    }

    /// `P(answer | cause) / P(answer)` from a ratio against everybody without the cause
    /// ("From published evidence to weights", exact conversion).
    fn lift(&self, cause: &str, ratio: LikelihoodRatio) -> f64 {
        let prior = self.prior(cause);
        ratio.get() / (1.0 - prior + prior * ratio.get())
    }

    /// `P(answer | comparator) / P(answer)`: what is left when the causes measured against the rest have
    /// taken their shares, divided among the comparator and the others in proportion to their ratios.
    fn lift_of_comparator(&self, indicator: &str) -> f64 {
        let (mut taken, mut sharing) = (0.0, self.prior_of_comparator());
        for cause in self.document.causes.keys() {
            match self.ratio(cause, indicator) {
                Some((ratio, Against::Rest)) => taken += self.prior(cause) * self.lift(cause, ratio),
                Some((ratio, Against::Comparator)) => sharing += self.prior(cause) * ratio.get(),
                None => sharing += self.prior(cause),
            }
        }
        (1.0 - taken) / sharing
    }
}
