//! How an unanswered question may turn out, and how much the answer would tell.

use super::{Probe, codes, is_answered};
use crate::assessment::Assessment;
use crate::belief::{LikelihoodRatio, Weight, exp10};
use crate::case::{Finding, UnknownName};
use crate::document::{Against, BinKey, IndicatorKind};
use crate::id::{CauseId, IndicatorId};
use crate::index::IndicatorIx;
use crate::knowledge::{Answer, AnswerCode, Knowledge, Row, position};

/// Decibans in one bit: `10 * log10(2)`.
const DECIBANS_PER_BIT: f64 = 3.010_299_956_639_812;

/// How far the probabilities of all answers may sum beside 1 and still count as coherent: well above the rounding of
/// weights, 10^-10, and well below what an author rounds.
const COHERENT: f64 = 1e-6;

/// The highest probability that is predicted for a finding whose absence is no evidence.
const NEARLY_SURE: f64 = 0.99;

/// How a question may turn out.
#[derive(Clone, Debug, PartialEq)]
pub struct Forecast {
    pub(super) indicator: IndicatorId,
    pub(super) outlooks: Vec<Outlook>,
    pub(super) bits: f64,
    pub(super) is_approximate: bool,
}

/// One answer that may be given.
#[derive(Clone, Debug, PartialEq)]
pub struct Outlook {
    pub(super) answer: Answer,
    pub(super) code: AnswerCode,
    pub(super) probability: f64,
    /// `P(answer | cause)`, the comparator first.
    pub(super) under: Vec<f64>,
    /// The causes, in the same order.
    causes: Vec<CauseId>,
}

impl Forecast {
    /// The indicator.
    pub fn indicator(&self) -> &IndicatorId {
        &self.indicator
    }

    /// The answers that do not contradict the case.
    pub fn outlooks(&self) -> &[Outlook] {
        &self.outlooks
    }

    /// How much the answer is expected to tell about the cause, in bits.
    pub fn information(&self) -> f64 {
        self.bits
    }

    /// Whether the knowledge base's figures do not say exactly how often each answer is given: absence declared neutral,
    /// base rates that disagree, or a group whose joint weight is a rule of thumb.
    pub fn is_approximate(&self) -> bool {
        self.is_approximate
    }
}

impl Outlook {
    /// The answer.
    pub fn answer(&self) -> &Answer {
        &self.answer
    }

    /// How probable it is that this will be the answer.
    pub fn probability(&self) -> f64 {
        self.probability
    }

    /// `P(answer | cause, what is known)`, for a named cause or the comparator; none for any other name.
    pub fn under(&self, cause: &str) -> Option<f64> {
        let at = self.causes.iter().position(|id| id == cause)?;
        self.under.get(at).copied()
    }
}

impl Assessment {
    /// How a question would turn out; none where it is answered, cannot be assessed, or the knowledge base does not
    /// say how often its answers are given.
    ///
    /// Predictions read the scores without gates exclusively, whatever the link of the assessment: causes that may
    /// coexist have no joint distribution to predict from. The ranking it is about is the same under both.
    ///
    /// # Errors
    /// [`UnknownName`] where the knowledge base has no such indicator.
    ///
    /// ```
    /// # fn main() -> Result<(), aetia::Error> {
    /// # let model = aetia::Document::from_toml(include_str!("../../docs/tiny.toml"))?.validate()?.compile();
    /// let assessment = model.assess(&model.case().build()?);
    /// let forecast = assessment.forecast("raised_crp")?.expect("its accuracy is known");
    /// let raised = &forecast.outlooks()[1];
    /// // 0.05 of the patients have the cause and 0.95 not: 0.05 * 0.50 + 0.95 * 0.20
    /// assert_eq!(format!("{} {:.3}", raised.answer().key(), raised.probability()), "present 0.215");
    /// # Ok(())
    /// # }
    /// ```
    pub fn forecast(&self, indicator: &str) -> Result<Option<Forecast>, UnknownName> {
        let kb = &*self.model().inner.kb.inner;
        let known = || kb.indicators.iter().map(|indicator| indicator.id.as_str());
        let ix = kb.indicator(indicator).ok_or_else(|| UnknownName::new("indicator", indicator, known()))?;
        if self.case().finding_at(ix) != Finding::Unknown {
            return Ok(None);
        }
        Ok(Probe::of(self).look_ahead(ix).forecast)
    }
}

/// What lies behind a question: where its answers would move the scores, and a forecast where base rates are known.
#[derive(Debug)]
pub(super) struct LookAhead {
    pub(super) forecast: Option<Forecast>,
    /// The most that an answer would move a score without gates.
    pub(super) swing: Weight,
}

/// Probabilities from scores, the comparator's first.
pub(super) fn beliefs(raw: &[i64]) -> Vec<f64> {
    let highest = raw.iter().copied().fold(0, i64::max);
    let odds = || std::iter::once(0).chain(raw.iter().copied()).map(|score| exp10(score - highest));
    let total: f64 = odds().fold(0.0, |sum, odds| sum + odds);
    odds().map(|odds| odds / total).collect()
}

impl Probe<'_> {
    /// What the answers to a question would do.
    ///
    /// # Formula
    /// ```text
    /// P(v|k) = q(v) * 10^((s_k(v) - s_k) / 10)        q(v) = P(v | comparator, what is known)
    /// P(v)   = sum_k p_k P(v|k)
    /// I      = sum_v P(v) sum_k p_k(v) log2(p_k(v) / p_k)
    /// ```
    pub(super) fn look_ahead(&mut self, indicator: IndicatorIx) -> LookAhead {
        let (kb, case) = (self.kb(), self.case);
        let before = self.raw(case);
        let mut after: Vec<(AnswerCode, Vec<i64>)> = Vec::new();
        let mut cases = Vec::new();
        for code in codes(kb, indicator) {
            if let Some(case) = case.with(&[(indicator, code)]) {
                // Moves, not positions: all that follows needs differences.
                let scores = self.raw(&case).into_iter().zip(&before);
                after.push((code, scores.map(|(after, before)| after - before).collect()));
                cases.push(case);
            }
        }
        let swing = after.iter().flat_map(|(_, moves)| moves).map(|units| units.saturating_abs()).max();
        let swing = Weight::from_nanodecibans(swing.unwrap_or(0));
        let rates = kb.rates_in_group(self, indicator, &cases).or_else(|| kb.base_rates(self, indicator));
        let forecast = rates.map(|rates| {
            let present: Vec<f64> = after
                .iter()
                .map(|(code, _)| position(*code).and_then(|at| rates.shares.get(at)).copied().unwrap_or(0.0))
                .collect();
            forecast(kb, indicator, &before, &after, &present, rates.is_approximate)
        });
        LookAhead { forecast, swing }
    }
}

/// A forecast from the comparator's share of each answer that is possible.
fn forecast(
    kb: &Knowledge,
    indicator: IndicatorIx,
    before: &[i64],
    after: &[(AnswerCode, Vec<i64>)],
    shares: &[f64],
    mut is_approximate: bool,
) -> Forecast {
    let total: f64 = shares.iter().fold(0.0, |sum, share| sum + share);
    let now = beliefs(before);
    let move_of =
        |moves: &[i64], at: usize| at.checked_sub(1).and_then(|at| moves.get(at)).copied().unwrap_or(0);
    let causes: Vec<CauseId> = std::iter::once(kb.comparator.clone())
        .chain(kb.causes.iter().map(|cause| cause.id.clone()))
        .collect();
    let mut outlooks: Vec<Outlook> = after
        .iter()
        .filter_map(|(code, _)| {
            let answer = position(*code).and_then(|at| kb.indicators[indicator].answers.get(at))?.clone();
            Some(Outlook {
                answer,
                code: *code,
                probability: 0.0,
                under: Vec::with_capacity(now.len()),
                causes: causes.clone(),
            })
        })
        .collect();
    let is_boolean = kb.indicators[indicator].kind() == IndicatorKind::Boolean;
    for (at, belief) in now.iter().enumerate() {
        let mut under: Vec<f64> = after
            .iter()
            .zip(shares)
            .map(|((_, moves), share)| share / total * exp10(move_of(moves, at)))
            .collect();
        let sum: f64 = under.iter().fold(0.0, |sum, share| sum + share);
        if (sum - 1.0).abs() > COHERENT {
            is_approximate = true;
            match under.as_mut_slice() {
                [absent, present] if is_boolean => {
                    *present = present.min(NEARLY_SURE);
                    *absent = 1.0 - *present;
                }
                _ => under.iter_mut().for_each(|share| *share /= sum),
            }
        }
        for (outlook, share) in outlooks.iter_mut().zip(under) {
            outlook.probability += belief * share;
            outlook.under.push(share);
        }
    }
    let mut bits = 0.0;
    for (outlook, (_, moves)) in outlooks.iter().zip(after) {
        if moves.iter().all(|units| *units == 0) {
            continue;
        }
        let odds = || now.iter().enumerate().map(|(at, belief)| belief * exp10(move_of(moves, at)));
        let mean: f64 = odds().fold(0.0, |sum, odds| sum + odds);
        let centre = LikelihoodRatio::saturating(mean).weight();
        let gain = odds().enumerate().fold(0.0, |sum, (at, odds)| {
            sum + odds / mean * (Weight::from_nanodecibans(move_of(moves, at)) - centre).decibans()
        });
        bits += outlook.probability * gain / DECIBANS_PER_BIT;
    }
    // A sum of divergences; what is below zero is rounding.
    Forecast { indicator: kb.indicators[indicator].id.clone(), outlooks, bits: bits.max(0.0), is_approximate }
}

/// The comparator's share of each answer, and whether it is only near.
#[derive(Debug)]
struct Rates {
    shares: Vec<f64>,
    is_approximate: bool,
}

impl Knowledge {
    /// The shares of the answers under the comparator given what is known of their group, where a joint table says so.
    /// `cases` are those with each possible answer.
    fn rates_in_group(
        &self,
        probe: &Probe<'_>,
        indicator: IndicatorIx,
        cases: &[crate::case::Case],
    ) -> Option<Rates> {
        let group = &self.groups[self.indicators[indicator].group];
        let speaks =
            |cause: &&crate::index::CauseIx| !self.rows_for(probe.setting, **cause, indicator).is_empty();
        let cause = group.table.iter().find(speaks)?;
        let table = self.joint_table(group, *cause, probe.setting);
        let known = |case: &crate::case::Case| -> Vec<AnswerCode> {
            group.members.iter().map(|member| case.code(*member)).collect()
        };
        let (_, now) = table.probabilities(&known(probe.case));
        let mut shares = vec![0.0; self.indicators[indicator].answers.len()];
        for case in cases {
            let (_, then) = table.probabilities(&known(case));
            if let Some(slot) = position(case.code(indicator)).and_then(|at| shares.get_mut(at)) {
                *slot = then / now;
            }
        }
        Some(Rates { shares, is_approximate: false })
    }

    /// The shares of the answers under the comparator: the indicator's base rates, else what its rows imply. Where
    /// several rows imply different shares, their mean.
    fn base_rates(&self, probe: &Probe<'_>, indicator: IndicatorIx) -> Option<Rates> {
        if let Some(shares) = self.declared_rates(indicator) {
            return Some(Rates { shares, is_approximate: false });
        }
        let rows = self.causes.indices().filter_map(|cause| {
            let row = *self.rows_for(probe.setting, cause, indicator).last()?;
            Some(&self.rows[row]).filter(|row| row.when.is_none() && row.against == Against::Comparator)
        });
        let implied: Vec<Vec<f64>> = rows.filter_map(Row::implied_shares).collect();
        let first = implied.first()?;
        let differs = |one: &f64, other: &f64| (one - other).abs() > COHERENT;
        let is_approximate =
            implied.iter().any(|other| other.iter().zip(first).any(|(one, other)| differs(one, other)));
        let count = implied.iter().fold(0.0, |count, _| count + 1.0);
        let mean = |at: usize| implied.iter().filter_map(|shares| shares.get(at)).sum::<f64>() / count;
        Some(Rates { shares: (0..first.len()).map(mean).collect(), is_approximate })
    }

    /// The declared base rates of an indicator; one that is left out is what the others leave over.
    fn declared_rates(&self, indicator: IndicatorIx) -> Option<Vec<f64>> {
        let indicator = &self.indicators[indicator];
        let rates = &indicator.written.base_rate;
        let rate = |answer: &Answer| {
            let same = |key: &String| {
                *key == answer.key || key.parse::<BinKey>().is_ok_and(|bin| bin.to_string() == answer.key)
            };
            rates.iter().find(|(key, _)| same(key)).map(|(_, rate)| *rate)
        };
        let found: Vec<Option<f64>> = indicator.answers.iter().map(rate).collect();
        let left = 1.0 - found.iter().flatten().sum::<f64>();
        match found.iter().filter(|rate| rate.is_none()).count() {
            0 => Some(found.into_iter().flatten().collect()),
            1 if rates.len() == found.len() - 1 && left > 0.0 => {
                Some(found.into_iter().map(|rate| rate.unwrap_or(left)).collect())
            }
            _ => None,
        }
    }
}

impl Row {
    /// `P(answer | comparator)` of every answer: as the row gives it, or as a pair of ratios implies it.
    fn implied_shares(&self) -> Option<Vec<f64>> {
        let given: Vec<f64> =
            self.answers.iter().filter_map(|said| said.shares.map(|(_, comparator)| comparator)).collect();
        if given.len() == self.answers.len() {
            return Some(given);
        }
        match self.answers.as_slice() {
            [absent, present] if absent.neutral.is_none() && present.neutral.is_none() => {
                let (high, low) = (present.ratio.get(), absent.ratio.get());
                // P(present | k) = high * q and P(absent | k) = low * (1 - q) sum to 1.
                let share = (1.0 - low) / (high - low);
                (share > 0.0 && share < 1.0).then(|| vec![1.0 - share, share])
            }
            _ => None,
        }
    }
}

/// The answers of a forecast as codes, those that can be given.
impl Forecast {
    pub(super) fn each(&self) -> impl Iterator<Item = (AnswerCode, &[f64])> {
        self.outlooks
            .iter()
            .filter(|outlook| is_answered(outlook.code))
            .map(|outlook| (outlook.code, outlook.under.as_slice()))
    }
}
