//! Whether the findings go together, and whether any cause known here would give them.

use std::collections::BTreeMap;

use aetia::written::Evidence;
use aetia::{Candidate, CauseId, ContributionKind, FigureKind, Finding, Indicator, Weight, exp10};

use crate::normal::{DECIBANS_PER_NAT, nanodecibans};
use crate::spread::shares;
use crate::uncertainty::Uncertainty;

/// How many standard deviations below its expectation the fit of every cause must lie for the findings to fit none.
const UNUSUAL: f64 = -3.0;
/// Decibans of conflict that are worth a sentence: findings twice as unlikely together as they are one by one.
const CONFLICT: f64 = 3.0;
/// The highest probability an answer is given by a base rate and a ratio.
const NEAR_CERTAIN: f64 = 0.99;

/// How the findings go together, and with the causes.
#[derive(Clone, Debug, PartialEq)]
pub struct Fit {
    conflict: f64,
    causes: Vec<(CauseId, f64)>,
    known: usize,
    asked: usize,
}

impl Fit {
    /// How much unlikelier the findings are together than one by one, in decibans: above 0 they speak against each other whatever
    /// the cause, below 0 they support each other. From ratios alone.
    ///
    /// # Formula
    /// ```text
    /// conf = sum_g ln sum_k pi_k LR_gk - ln sum_k pi_k prod_g LR_gk        (Jensen; P(e_g | 0) cancels)
    /// ```
    pub fn conflict(&self) -> f64 {
        self.conflict
    }

    /// How usual the findings are for each cause and, last, for the comparator, in standard deviations from what the cause would
    /// give on average; empty where no probability of an answer is known.
    ///
    /// # Formula
    /// ```text
    /// z_k = (ln P(e | k) - E_k) / sd_k       E and sd over the answers of the indicators asked, one by one
    /// ```
    pub fn causes(&self) -> &[(CauseId, f64)] {
        &self.causes
    }

    /// Of how many findings the probability is known; only these are in the fit of a cause.
    pub fn known(&self) -> usize {
        self.known
    }

    /// How many findings there are.
    pub fn asked(&self) -> usize {
        self.asked
    }

    /// Whether the findings are unusual for every cause, the comparator included: more than three standard deviations below
    /// what it would give.
    pub fn is_surprising(&self) -> bool {
        !self.causes.is_empty() && self.causes.iter().all(|(_, z)| *z < UNUSUAL)
    }

    /// What there is to say, if anything.
    pub fn sentence(&self) -> Option<String> {
        let basis = format!("by the {} of {} findings whose frequency is known", self.known, self.asked);
        if self.is_surprising() {
            return Some(format!(
                "these answers do not fit any cause known here ({basis}): think of something else"
            ));
        }
        let conflict = Weight::from_nanodecibans(nanodecibans(self.conflict));
        (self.conflict > CONFLICT).then(|| {
            format!(
                "these answers speak against each other ({conflict}, from ratios alone), whatever the cause"
            )
        })
    }
}

impl Uncertainty<'_> {
    /// Whether the findings go together, and with the causes.
    pub fn fit(&self) -> Fit {
        let case = self.assessment.case();
        let asked: Vec<(&Indicator, &str)> = case
            .findings()
            .filter_map(|(indicator, finding)| match finding {
                Finding::Answer { answer, .. } => Some((indicator, answer.key())),
                Finding::Unknown | Finding::NotAssessable => None,
            })
            .collect();
        let known: Vec<Known<'_>> =
            asked.iter().filter_map(|(indicator, key)| self.known(indicator, key)).collect();
        let causes = self.candidates.iter().map(|candidate| candidate.id()).map(Some).chain([None]);
        let comparator = self.assessment.comparator().id();
        let z = |cause: Option<&CauseId>| {
            let id = cause.unwrap_or(comparator);
            let (mut seen, mut mean, mut variance) = (0.0, 0.0, 0.0);
            for known in &known {
                let shares = known.under(cause.map(CauseId::as_str));
                let logs = shares.iter().map(|share| (*share, libm::log(*share)));
                let expected: f64 = logs.clone().map(|(share, log)| share * log).sum();
                variance +=
                    logs.clone().map(|(share, log)| share * (log - expected) * (log - expected)).sum::<f64>();
                mean += expected;
                seen += logs.map(|(_, log)| log).nth(known.answer).unwrap_or_default();
            }
            (variance > 1e-12).then(|| (id.clone(), (seen - mean) / libm::sqrt(variance)))
        };
        let causes: Option<Vec<(CauseId, f64)>> = causes.map(z).collect();
        Fit {
            conflict: self.conflict(),
            causes: causes.unwrap_or_default(),
            known: known.len(),
            asked: asked.len(),
        }
    }

    /// Jensen's measure, in decibans.
    fn conflict(&self) -> f64 {
        // The comparator's weights are all 0.
        let mut priors = vec![1.0];
        let mut groups: BTreeMap<String, Vec<Weight>> = BTreeMap::new();
        let causes = self.candidates.len();
        for (at, candidate) in self.candidates.iter().enumerate() {
            for part in &candidate.explanation() {
                match part.kind() {
                    ContributionKind::Prior => priors.push(exp10(part.weight().nanodecibans())),
                    ContributionKind::Evidence => {
                        let lone = || part.indicators().first().map(|indicator| indicator.id().to_string());
                        let name = part
                            .group()
                            .and_then(|group| group.id())
                            .map(|id| format!("group {id}"))
                            .or_else(lone);
                        let weights = groups
                            .entry(name.unwrap_or_default())
                            .or_insert_with(|| vec![Weight::ZERO; causes]);
                        if let Some(weight) = weights.get_mut(at) {
                            *weight += part.weight();
                        }
                    }
                    ContributionKind::Gate => {}
                }
            }
        }
        let total: f64 = priors.iter().sum();
        let mixed = |weights: &mut dyn Iterator<Item = Weight>| {
            let weights = std::iter::once(Weight::ZERO).chain(weights);
            let sum: f64 =
                priors.iter().zip(weights).map(|(prior, weight)| prior * exp10(weight.nanodecibans())).sum();
            libm::log(sum / total)
        };
        let apart: f64 = groups.values().map(|weights| mixed(&mut weights.iter().copied())).sum();
        let evidence = |candidate: &Candidate<'_>| {
            let parts = candidate.explanation();
            parts
                .iter()
                .filter(|part| part.kind() == ContributionKind::Evidence)
                .map(aetia::Contribution::weight)
                .sum()
        };
        let together = mixed(&mut self.candidates.iter().map(evidence));
        (apart - together) * DECIBANS_PER_NAT
    }

    /// The probabilities of an indicator's answers, where a base rate or a row gives them for the comparator.
    fn known(&self, indicator: &Indicator, answer: &str) -> Option<Known<'_>> {
        let document = self.assessment.model().knowledge_base().document();
        let id = indicator.id().as_str();
        let written = document.indicators.get(id)?;
        let keys: Vec<&str> = indicator.answers().iter().map(aetia::Answer::key).collect();
        let rows: Vec<&Evidence> =
            document.evidence.iter().filter(|row| row.indicator == id && row.when.is_none()).collect();
        let by_rate = |key: &&str| match (written.base_rate.get(*key), *key) {
            (Some(share), _) => Some(*share),
            (None, "absent") => written.base_rate.get("present").map(|share| 1.0 - share),
            (None, "present") => written.base_rate.get("absent").map(|share| 1.0 - share),
            (None, _) => None,
        };
        let of_rates: Option<Vec<f64>> = keys.iter().map(by_rate).collect();
        let of_rows =
            || rows.iter().find_map(|row| keys.iter().map(|key| Some(shares(row, key)?.1)).collect());
        let comparator: Vec<f64> = of_rates.or_else(of_rows)?;
        let mut causes = BTreeMap::new();
        for used in self.figures() {
            if let FigureKind::Row { indicator: about, .. } = used.figure().kind()
                && about.id() == indicator.id()
            {
                let setting = self.assessment.setting().id().as_str();
                let cause = used.figure().cause().as_str();
                let special = |row: &&&Evidence| row.setting.iter().any(|of| of == setting);
                let mine = || rows.iter().filter(|row| row.cause == cause);
                let row = mine().find(special).or_else(|| mine().find(|row| row.setting.is_empty()));
                if let Some(row) = row {
                    causes.insert(cause, under(row, &keys, &comparator));
                }
            }
        }
        Some(Known { answer: keys.iter().position(|key| *key == answer)?, comparator, causes })
    }
}

/// The probabilities of the answers of an indicator.
struct Known<'u> {
    /// The answer that was given.
    answer: usize,
    comparator: Vec<f64>,
    /// By cause; a cause that is not in it is as the comparator.
    causes: BTreeMap<&'u str, Vec<f64>>,
}

impl Known<'_> {
    fn under(&self, cause: Option<&str>) -> &[f64] {
        cause.and_then(|cause| self.causes.get(cause)).unwrap_or(&self.comparator)
    }
}

/// The probabilities of the answers under a cause: as a row gives them, else the comparator's times the row's ratios, made to sum
/// to 1.
fn under(row: &Evidence, keys: &[&str], comparator: &[f64]) -> Vec<f64> {
    let given: Option<Vec<f64>> = keys.iter().map(|key| Some(shares(row, key)?.0)).collect();
    if let Some(given) = given {
        return given;
    }
    let ratio = |key: &str| match (&row.likelihood_ratio, key) {
        (Some(pair), "present") => Some(pair.present),
        (Some(pair), _) => pair.absent,
        (None, key) => row.likelihood_ratios.get(key).copied(),
    };
    if let (&[_, present], Some(plus)) = (comparator, ratio("present").filter(|_| ratio("absent").is_none()))
    {
        // Absence is neutral: what the ratio says of presence is all there is.
        let share = (present * plus).min(NEAR_CERTAIN);
        return vec![1.0 - share, share];
    }
    let raised: Vec<f64> =
        keys.iter().zip(comparator).map(|(key, share)| share * ratio(key).unwrap_or(1.0)).collect();
    let sum: f64 = raised.iter().sum();
    raised.into_iter().map(|share| share / sum).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_under_a_cause_sum_to_one() {
        let mut row = Evidence {
            likelihood_ratio: Some(aetia::written::Ratios { present: 2.0, absent: Some(0.5) }),
            ..Evidence::default()
        };
        let both = under(&row, &["absent", "present"], &[0.6, 0.4]);
        // The pair implies its own probabilities: specificity 1/1.5.
        assert!((both[1] - 2.0 / 3.0).abs() < 1e-12 && (both[0] + both[1] - 1.0).abs() < 1e-12, "{both:?}");
        row.likelihood_ratio = Some(aetia::written::Ratios { present: 2.0, absent: None });
        let both = under(&row, &["absent", "present"], &[0.6, 0.4]);
        assert!((both[1] - 0.8).abs() < 1e-12 && (both[0] - 0.2).abs() < 1e-12, "{both:?}");
    }
}
