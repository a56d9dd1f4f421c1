//! What intervals stand on: the scores of a case, what its gates do to them, and the errors behind them.

use aetia::{Assessment, LogOdds, Probability};

use crate::error::Errors;
use crate::gates::{Gates, HOLD};
use crate::normal::{DECIBANS_PER_NAT, Z, nanodecibans};

/// The scores of a case and what moves them.
#[derive(Clone, Debug, Default)]
pub(crate) struct Footing {
    pub(crate) gates: Gates,
    /// Scores before gates, in nanodecibans.
    pub(crate) raw: Vec<i64>,
    /// The best open cause.
    pub(crate) first: usize,
    /// For each cause, with whose score it moves once gates are applied; none where nothing moves it.
    leaders: Vec<Option<usize>>,
}

/// The 95 % interval of a probability: its ends.
pub(crate) type Interval = (Probability, Probability);

impl Footing {
    pub(crate) fn of(assessment: &Assessment) -> Self {
        let mut footing = Self::default();
        footing.fill(assessment);
        footing
    }

    /// Makes this the footing of another assessment, in the same space.
    pub(crate) fn fill(&mut self, assessment: &Assessment) {
        self.gates.fill(assessment);
        self.raw.clear();
        self.raw.extend(assessment.causes().map(|candidate| candidate.score_ungated().nanodecibans()));
        self.first = self.gates.first(&self.raw);
        self.leaders.clear();
        let Self { gates, raw, first, leaders } = self;
        // A cause at its cap does not move; one that is held moves with the cause it is held below.
        let leader = |(at, score): (usize, i64)| {
            let rule = gates.rules().get(at)?;
            let is_held = rule.is_closed && score < *raw.get(at)?.min(&rule.cap);
            let leader = if is_held { *first } else { at };
            let cap = gates.rules().get(leader)?.cap;
            Some(leader).filter(|leader| raw.get(*leader).is_some_and(|raw| *raw <= cap))
        };
        let scores = assessment.causes().map(|candidate| candidate.score().nanodecibans());
        leaders.extend(scores.enumerate().map(leader));
    }

    /// Adds what moves the score of a cause, so many times, to what moves each error.
    pub(crate) fn add(&self, errors: &Errors, into: &mut [f64], at: usize, times: f64, is_gated: bool) {
        let at = if is_gated { self.leaders.get(at).copied().flatten() } else { Some(at) };
        if let Some(at) = at {
            errors.add(at, times, into);
        }
    }

    /// The intervals of all causes' probabilities among competing ones by the delta method on the logit; `room` is for
    /// numbers on the way.
    ///
    /// # Formula
    /// ```text
    /// logit p_k = s_k - ln sum_{j != k} e^(s_j)        d logit p_k / d s_j = -q_j,  q_j = p_j / (1 - p_k)
    /// Var = V_k - 2 sum_j q_j Cov(k, j) + sum_i sum_j q_i q_j Cov(i, j) = sum_source (L_k - sum_{j != k} q_j L_j)^2
    /// ```
    /// A held cause moves with the one it is held below. Sums over the others are those before and after a cause, so that no
    /// digits are lost where its own share is near 1.
    pub(crate) fn competing<'r>(
        &'r self,
        errors: &'r Errors,
        assessment: &Assessment,
        is_gated: bool,
        room: &'r mut Vec<f64>,
    ) -> impl Iterator<Item = Interval> + use<'r> {
        let (causes, count) = (self.raw.len(), errors.count());
        room.clear();
        room.extend(shares(assessment, is_gated));
        // Row by row what the causes from that one on do; then what those before one do, and what moves it.
        room.resize(causes + 1 + (causes + 3) * count, 0.0);
        let (shares, rows) = room.split_at_mut(causes + 1);
        let shares = &*shares;
        let (after, here) = rows.split_at_mut((causes + 1) * count);
        let (before, moved) = here.split_at_mut(count);
        let share = move |at: usize| shares.get(at).copied().unwrap_or_default();
        for at in (0..causes).rev() {
            after.copy_within((at + 1) * count..(at + 2) * count, at * count);
            let row = after.get_mut(at * count..(at + 1) * count);
            self.add(errors, row.unwrap_or_default(), at, share(at), is_gated);
        }
        let mut shares_before = 0.0;
        (0..causes).map(move |at| {
            let later = after.get((at + 1) * count..(at + 2) * count).unwrap_or_default();
            let later_shares = shares.get(at + 1..).unwrap_or_default();
            let rest = later_shares.iter().fold(shares_before, |sum, share| sum + share);
            let each = -1.0 / rest;
            for ((moved, before), later) in moved.iter_mut().zip(&*before).zip(later) {
                *moved = (before + later) * each;
            }
            self.add(errors, moved, at, 1.0, is_gated);
            self.add(errors, before, at, share(at), is_gated);
            shares_before += share(at);
            about(share(at) / rest, moved)
        })
    }
}

impl Footing {
    /// The interval of a cause's score before gates.
    fn ends(&self, errors: &Errors, at: usize) -> (i64, i64) {
        let raw = self.raw.get(at).copied().unwrap_or_default();
        let reach = nanodecibans(Z * libm::sqrt(errors.variance(at)));
        (raw.saturating_sub(reach), raw.saturating_add(reach))
    }

    /// The interval of a cause's probability against the comparator alone.
    pub(crate) fn alone(&self, errors: &Errors, at: usize, is_gated: bool) -> Interval {
        let (mut low, mut high) = self.ends(errors, at);
        if is_gated {
            let rules = self.gates.rules();
            let capped = |at: usize, (low, high): (i64, i64)| {
                let cap = rules.get(at).map_or(i64::MAX, |rule| rule.cap);
                (low.min(cap), high.min(cap))
            };
            (low, high) = capped(at, (low, high));
            if rules.get(at).is_some_and(|rule| rule.is_closed) {
                let (first_low, first_high) = capped(self.first, self.ends(errors, self.first));
                (low, high) =
                    (low.min(first_low.saturating_sub(HOLD)), high.min(first_high.saturating_sub(HOLD)));
            }
        }
        (LogOdds::from_nanodecibans(low).probability(), LogOdds::from_nanodecibans(high).probability())
    }
}

/// The probabilities with gates or without, the comparator's last.
pub(crate) fn shares(assessment: &Assessment, is_gated: bool) -> impl Iterator<Item = f64> {
    let comparator = assessment.comparator();
    let last = if is_gated { comparator.posterior() } else { comparator.posterior_ungated() };
    let named = assessment.causes().map(move |it| {
        if is_gated { it.posterior().map_or(0.0, Probability::get) } else { it.posterior_ungated().get() }
    });
    named.chain(std::iter::once(last.get()))
}

/// The 95 % interval of a probability of such odds, whose logit moves so with each error.
pub(crate) fn about(odds: f64, moved: &[f64]) -> Interval {
    let logit = libm::log(odds) * DECIBANS_PER_NAT;
    let reach = Z * libm::sqrt(squares(moved));
    (probability(logit - reach), probability(logit + reach))
}

/// The sum of squares, in four sums side by side, since one would wait for each of its steps.
fn squares(numbers: &[f64]) -> f64 {
    let (fours, rest) = numbers.as_chunks::<4>();
    let mut sums = [0.0; 4];
    for four in fours {
        for (sum, number) in sums.iter_mut().zip(four) {
            *sum += number * number;
        }
    }
    sums.iter().sum::<f64>() + rest.iter().map(|number| number * number).sum::<f64>()
}

/// The probability at a position in decibans.
fn probability(decibans: f64) -> Probability {
    LogOdds::from_nanodecibans(nanodecibans(decibans)).probability()
}
