//! Likelihoods: of counts with unknown items, of joint tables, and of ratios measured against the rest.

use std::collections::{BTreeMap, BTreeSet};

use super::{AnswerCode, Knowledge, Row, Truth, UNKNOWN, position};
use crate::belief::{LikelihoodRatio, Weight};
use crate::document::Against;
use crate::index::{CauseIx, IndicatorIx, RowIx, SettingIx};

/// How the probability of a count is known, under a cause and under the comparator.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum CountForm {
    /// `P(item)` for each item: the number present among the answered items is Poisson-binomial.
    Margins {
        /// Under the cause.
        cause: Vec<f64>,
        /// Under the comparator.
        comparator: Vec<f64>,
    },
    /// `P(count = m)`: items are exchangeable, and unknown ones are summed out.
    Distribution {
        /// Under the cause.
        cause: Vec<f64>,
        /// Under the comparator.
        comparator: Vec<f64>,
    },
}

impl CountForm {
    /// The likelihood ratio of a partly answered count.
    ///
    /// # Formula
    /// ```text
    /// margins:       PB_cause(p) / PB_comparator(p)           over the answered items
    /// distribution:  P(p,q | k) = sum_{m=p..p+u} P_k(m) * C(u, m-p) / C(n, m)
    /// ```
    pub(crate) fn ratio(&self, items: &[Truth]) -> LikelihoodRatio {
        let present = items.iter().filter(|item| **item == Truth::True).count();
        let absent = items.iter().filter(|item| **item == Truth::False).count();
        match self {
            Self::Margins { cause, comparator } => {
                let of = |margins: &[f64]| poisson_binomial(margins, items, present);
                LikelihoodRatio::saturating(of(cause) / of(comparator))
            }
            Self::Distribution { .. } => self.tally_ratio(present, absent),
        }
    }

    /// The likelihood ratio of so many items present and absent; 1 for margins, which need to know which.
    pub(crate) fn tally_ratio(&self, present: usize, absent: usize) -> LikelihoodRatio {
        match self {
            Self::Margins { .. } => LikelihoodRatio::NEUTRAL,
            Self::Distribution { cause, comparator } => {
                let of = |counts: &[f64]| exchangeable(counts, present, absent);
                LikelihoodRatio::saturating(of(cause) / of(comparator))
            }
        }
    }
}

/// The probability that exactly `present` of the answered items are present, items being independent.
fn poisson_binomial(margins: &[f64], items: &[Truth], present: usize) -> f64 {
    let mut counts = vec![1.0];
    for (margin, item) in margins.iter().zip(items) {
        if *item == Truth::Undetermined {
            continue;
        }
        let shifted = std::iter::once(0.0).chain(counts.iter().copied());
        let kept = counts.iter().copied().chain(std::iter::once(0.0));
        counts =
            kept.zip(shifted).map(|(same, one_less)| same * (1.0 - margin) + one_less * margin).collect();
    }
    counts.get(present).copied().unwrap_or(0.0)
}

/// The probability of one pattern with so many items present and absent, items being exchangeable.
fn exchangeable(counts: &[f64], present: usize, absent: usize) -> f64 {
    let n = counts.len().saturating_sub(1);
    let unknown = n.saturating_sub(present + absent);
    let ways = |m: usize| choose(unknown, m - present) / choose(n, m);
    let possible = counts.iter().enumerate().skip(present).take(unknown + 1);
    possible.fold(0.0, |sum, (m, probability)| sum + probability * ways(m))
}

/// The binomial coefficient, as a float.
fn choose(n: usize, k: usize) -> f64 {
    let float = |n: usize| u32::try_from(n).map_or(f64::INFINITY, f64::from);
    (1..=k).fold(1.0, |product, i| product * float(n - k + i) / float(i))
}

impl Knowledge {
    /// The weight of an answer by a row, in a setting: as measured, or converted where it was measured
    /// against the rest.
    pub(crate) fn weight(&self, setting: SettingIx, row: RowIx, answer: usize) -> Weight {
        let row = &self.rows[row];
        let Some(said) = row.answers.get(answer).filter(|said| said.neutral.is_none()) else {
            return Weight::ZERO;
        };
        match row.against {
            Against::Comparator => said.ratio.weight(),
            Against::Rest => {
                let prior = self.settings[setting].priors[row.cause].0.get();
                let own = lift(prior, said.ratio.get());
                LikelihoodRatio::saturating(own / self.comparator_lift(setting, row.indicator, answer))
                    .weight()
            }
        }
    }

    /// How much likelier an answer is under the comparator than on average, as computed when the knowledge base
    /// was put together.
    pub(crate) fn comparator_lift(&self, setting: SettingIx, indicator: IndicatorIx, answer: usize) -> f64 {
        let lifts = self.lifts.get(&(setting, indicator));
        lifts.and_then(|lifts| lifts.get(answer)).copied().unwrap_or(1.0)
    }

    /// The comparator's lifts of every indicator about which a row is measured against the rest.
    pub(crate) fn comparator_lifts(&self) -> BTreeMap<(SettingIx, IndicatorIx), Vec<f64>> {
        let against_rest =
            self.rows.iter().filter(|row| row.against == Against::Rest).map(|row| row.indicator);
        let indicators: BTreeSet<IndicatorIx> = against_rest.collect();
        let pairs = indicators
            .into_iter()
            .flat_map(|indicator| self.settings.indices().map(move |setting| (setting, indicator)));
        let lifts = |(setting, indicator): (SettingIx, IndicatorIx)| {
            let answers = self.indicators[indicator].answers.len();
            let lifts =
                (0..answers).map(|answer| self.lift_of_comparator(setting, indicator, answer)).collect();
            ((setting, indicator), lifts)
        };
        pairs.map(lifts).collect()
    }

    /// How much likelier an answer is under the comparator than on average, from what the rows of all causes
    /// say. Not above 0 where the rows contradict each other.
    ///
    /// # Formula
    /// ```text
    /// lift_k = LR_k / (1 - pi_k + pi_k * LR_k)                            rows against the rest
    /// lift_0 = (1 - sum_rest pi_k * lift_k) / (pi_0 + sum_others pi_j * LR_j)   LR_j = 1 where silent
    /// ```
    fn lift_of_comparator(&self, setting: SettingIx, indicator: IndicatorIx, answer: usize) -> f64 {
        let priors = &self.settings[setting].priors;
        let mut left = 1.0;
        let mut shared = self.settings[setting].comparator_prior.get();
        for (cause, (prior, _)) in priors.enumerate() {
            let prior = prior.get();
            let said = self.unconditional(setting, cause, indicator).and_then(|row| {
                let said = row.answers.get(answer).filter(|said| said.neutral.is_none());
                said.map(|said| (row.against, said.ratio.get()))
            });
            match said {
                Some((Against::Rest, ratio)) => left -= prior * lift(prior, ratio),
                Some((Against::Comparator, ratio)) => shared += prior * ratio,
                None => shared += prior,
            }
        }
        left / shared
    }

    /// The row of a cause about an indicator that needs no context.
    fn unconditional(&self, setting: SettingIx, cause: CauseIx, indicator: IndicatorIx) -> Option<&Row> {
        let rows = self.rows_for(setting, cause, indicator);
        rows.last().map(|&row| &self.rows[row]).filter(|row| row.when.is_none())
    }
}

/// `P(e | k) / P(e)` from the ratio of an answer against everybody without the cause.
fn lift(prior: f64, ratio: f64) -> f64 {
    ratio / (1.0 - prior + prior * ratio)
}

/// A joint table of a cause: its members' rows multiplied along their conditions.
#[derive(Debug)]
pub(crate) struct JointTable<'k> {
    /// For each member in order: its number of answers and the rows that speak about it, as they are tried.
    pub(crate) members: Vec<(IndicatorIx, usize, Vec<&'k Row>)>,
}

impl JointTable<'_> {
    /// The likelihood ratio of a partly known state: both joint probabilities, unknown members summed out.
    ///
    /// An answer that is known and declared neutral takes the comparator's probability on both sides: it says
    /// nothing itself, yet decides the conditions of others.
    pub(crate) fn ratio(&self, known: &[AnswerCode]) -> LikelihoodRatio {
        let (mut cause, mut comparator) = (0.0, 0.0);
        let mut state: Vec<AnswerCode> = known.iter().map(|code| (*code).max(1)).collect();
        loop {
            let (under_cause, under_comparator) = self.probability(&state, known);
            cause += under_cause;
            comparator += under_comparator;
            if !self.advance(&mut state, known) {
                return LikelihoodRatio::saturating(cause / comparator);
            }
        }
    }

    /// How far the logarithm of the ratio moves with that of a row's ratio for an answer, the other answers of the row
    /// giving way in proportion.
    ///
    /// # Formula
    /// ```text
    /// share = P(row applies, answer | known, cause) - p / (1 - p) * P(row applies, another answer | known, cause)
    /// ```
    pub(crate) fn share(&self, known: &[AnswerCode], row: &Row, answer: usize) -> f64 {
        let Some(seat) = self.members.iter().position(|member| member.0 == row.indicator) else {
            return 0.0;
        };
        let said = row.answers.get(answer);
        let is_known = known.get(seat).is_some_and(|code| *code != UNKNOWN);
        if is_known && said.is_some_and(|said| said.neutral.is_some()) {
            return 0.0;
        }
        let (mut all, mut with, mut without) = (0.0, 0.0, 0.0);
        let mut state: Vec<AnswerCode> = known.iter().map(|code| (*code).max(1)).collect();
        loop {
            let (under_cause, _) = self.probability(&state, known);
            all += under_cause;
            let rows = self.members.get(seat).map(|member| member.2.as_slice()).unwrap_or_default();
            if self.applicable(rows, &state).is_some_and(|found| std::ptr::eq(found, row)) {
                let here = state.get(seat).copied().and_then(position);
                if here == Some(answer) { with += under_cause } else { without += under_cause }
            }
            if !self.advance(&mut state, known) {
                break;
            }
        }
        let own = said.and_then(|said| said.shares).map_or(0.5, |(under_cause, _)| under_cause);
        (with - own / (1.0 - own) * without) / all
    }

    /// The next complete state that agrees with what is known, the last member moving fastest.
    fn advance(&self, state: &mut [AnswerCode], known: &[AnswerCode]) -> bool {
        for ((code, fixed), (_, answers, rows)) in state.iter_mut().zip(known).zip(&self.members).rev() {
            if *fixed != UNKNOWN || rows.is_empty() {
                continue;
            }
            if usize::from(*code) < *answers {
                *code += 1;
                return true;
            }
            *code = 1;
        }
        false
    }

    /// The probability of a complete state under the cause and under the comparator.
    fn probability(&self, state: &[AnswerCode], known: &[AnswerCode]) -> (f64, f64) {
        let mut joint = (1.0, 1.0);
        for ((member, code), given) in self.members.iter().zip(state).zip(known) {
            let Some(row) = self.applicable(&member.2, state) else {
                continue;
            };
            let Some(said) = position(*code).and_then(|at| row.answers.get(at)) else {
                continue;
            };
            let (under_cause, under_comparator) = said.shares.unwrap_or((1.0, 1.0));
            let silenced = *given != UNKNOWN && said.neutral.is_some();
            joint.0 *= if silenced { under_comparator } else { under_cause };
            joint.1 *= under_comparator;
        }
        joint
    }

    /// The row about a member that applies in a complete state.
    pub(crate) fn applicable<'r>(&self, rows: &[&'r Row], state: &[AnswerCode]) -> Option<&'r Row> {
        let answer = |indicator: IndicatorIx| {
            let seat = self.members.iter().position(|member| member.0 == indicator);
            seat.and_then(|seat| state.get(seat)).copied().unwrap_or(UNKNOWN)
        };
        rows.iter()
            .copied()
            .find(|row| row.when.as_ref().is_none_or(|when| when.evaluate(&answer) == Truth::True))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// ASAS experts' criteria (Sieper 2009), interval ratios <=2: 0.10, 3: 0.62, 4: 2.10, 5: 4.77, with a binomial
    /// reference; the figures of semantics.md, "Blocks", are for that paper's own reference distribution.
    #[test]
    fn a_count_with_unknown_items_is_the_average_over_its_completions() {
        let form =
            CountForm::Distribution { cause: vec![0.1, 0.2, 0.3, 0.4], comparator: vec![0.4, 0.3, 0.2, 0.1] };
        let (t, f, u) = (Truth::True, Truth::False, Truth::Undetermined);
        // One present, one absent, one unknown: patterns with 1 or 2 of 3 present, each a third of its count.
        let expected = (0.2 / 3.0 + 0.3 / 3.0) / (0.3 / 3.0 + 0.2 / 3.0);
        assert!((form.ratio(&[t, f, u]).get() - expected).abs() < 1e-15);
        assert!((form.ratio(&[u, u, u]).get() - 1.0).abs() < 1e-15);
        assert!((form.ratio(&[t, t, t]).get() - 4.0).abs() < 1e-15);
    }

    /// Berlin criteria by the margins of Braun 2011: evidence page, section 13.
    #[test]
    fn a_count_by_margins_gives_the_published_composite() {
        let form = CountForm::Margins {
            cause: vec![0.354, 0.779, 0.584, 0.248],
            comparator: vec![0.335, 0.603, 0.425, 0.115],
        };
        for (present, published) in [(0, 0.33), (1, 0.67), (2, 1.20), (3, 2.03), (4, 4.05)] {
            let items: Vec<Truth> =
                (0..4).map(|i| if i < present { Truth::True } else { Truth::False }).collect();
            assert!(
                (form.ratio(&items).get() - published).abs() < 0.006,
                "{present}: {}",
                form.ratio(&items)
            );
        }
        let alone = form.ratio(&[Truth::Undetermined, Truth::Undetermined, Truth::True, Truth::Undetermined]);
        assert!((alone.get() - 0.584 / 0.425).abs() < 1e-15, "an item answered alone weighs its own ratio");
    }

    #[test]
    fn binomials_are_exact_where_they_fit() {
        assert!((choose(5, 2) - 10.0).abs() < 1e-12);
        assert!((choose(64, 32) / 1_832_624_140_942_590_534.0 - 1.0).abs() < 1e-12);
    }
}
