//! Intervals of every probability in closed form, and the chance that one cause stands above another.

use std::sync::OnceLock;

use aetia::{
    Assessment, Candidate, Contribution, Figure, Group, Link, LogOdds, Probability, UnknownName, Weight,
};

use crate::error::{Collector, Errors, Sources};
use crate::gates::{Gates, HOLD};
use crate::normal::{DECIBANS_PER_NAT, Z, cumulative, nanodecibans};
use crate::spread::Spread;
use crate::spreads::Spreads;

/// How sure an assessment is, if every figure behind it is off as its provenance says.
///
/// Scores are normal about those of the assessment. See the [maths](crate::_docs::maths).
///
/// ```
/// # use aetia::Document;
/// # fn main() -> Result<(), aetia::Error> {
/// use aetia_stats::Uncertainty;
/// # let model = Document::from_toml(include_str!("../../aetia/docs/tiny.toml"))?.validate()?.compile();
/// let case = model.case().present("night_pain")?.present("raised_crp")?.build()?;
/// let assessment = model.assess(&case);
/// let uncertainty = Uncertainty::of(&assessment);
/// let (low, high) = uncertainty.cause("inflammatory")?.interval().expect("nothing excludes it");
/// let posterior = assessment.cause("inflammatory")?.posterior().expect("nothing excludes it");
/// assert!(low < posterior && posterior < high);
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug)]
pub struct Uncertainty<'a> {
    pub(crate) assessment: &'a Assessment,
    /// The named causes, in the order of their identifiers.
    pub(crate) candidates: Vec<Candidate<'a>>,
    pub(crate) gates: Gates,
    /// Scores before gates and after them, in nanodecibans.
    pub(crate) raw: Vec<i64>,
    /// The best open cause.
    pub(crate) first: usize,
    pub(crate) errors: Errors,
    /// The figures, once they are asked for: intervals and draws need their errors only.
    figures: OnceLock<Vec<UncertainFigure<'a>>>,
    /// The intervals of competing probabilities with gates and without, once they are asked for.
    intervals: OnceLock<Vec<(Probability, Probability)>>,
    intervals_ungated: OnceLock<Vec<(Probability, Probability)>>,
}

/// A figure an assessment rests on, with how far it may be off.
#[derive(Clone, Debug)]
pub struct UncertainFigure<'a> {
    pub(crate) figure: Figure<'a>,
    pub(crate) spread: Spread,
    pub(crate) cause: usize,
    part: Contribution<'a>,
}

/// How sure the standing of one cause is.
#[derive(Clone, Copy, Debug)]
pub struct CauseUncertainty<'u, 'a> {
    uncertainty: &'u Uncertainty<'a>,
    candidate: Candidate<'a>,
    at: usize,
}

impl<'a> UncertainFigure<'a> {
    /// The figure.
    pub fn figure(&self) -> &Figure<'a> {
        &self.figure
    }

    /// How far its weight may be off.
    pub fn spread(&self) -> Spread {
        self.spread
    }

    /// What the part of the score is about that it belongs to, in words.
    pub fn subject(&self) -> String {
        self.part.subject()
    }

    /// The declared group in which it weighs, if any.
    pub(crate) fn group(&self) -> Option<&'a Group> {
        self.part.group()
    }

    /// Whether it weighs in one group with another figure of its cause.
    pub(crate) fn is_beside(&self, other: &Self) -> bool {
        let group = self.group().map(Group::id);
        self.cause == other.cause && group.is_some() && other.group().map(Group::id) == group
    }
}

impl<'a> Uncertainty<'a> {
    /// How sure an assessment is.
    ///
    /// Looks at every figure behind it. For many cases of one model, [`Uncertainty::with`] gives the same and is faster.
    pub fn of(assessment: &'a Assessment) -> Self {
        let figures = figures(assessment);
        let ids = assessment.model().knowledge_base().sources();
        let sources = Sources::of(ids.map(|source| source.id().as_str()));
        let causes = assessment.causes().len();
        let mut collector = Collector::of(causes, sources.len());
        let (mut figures_left, mut loads) = (figures.iter().peekable(), Vec::new());
        for cause in 0..causes {
            while let Some(used) = figures_left.next_if(|used| used.cause == cause) {
                loads.clear();
                sources.loads(&used.figure, used.spread.sd, &mut loads);
                loads.iter().for_each(|load| collector.add(load));
            }
            collector.end_cause();
        }
        let new = Self::new(assessment, collector.finish());
        Self { figures: OnceLock::from(figures), ..new }
    }

    /// The same, with what is known of the model's figures: to the bit what [`Uncertainty::of`] gives, without looking at
    /// figures again. Figures are looked at when something asks for them, as [`Uncertainty::sensitivity`] does.
    ///
    /// Where `spreads` are those of another model, this is [`Uncertainty::of`].
    pub fn with(assessment: &'a Assessment, spreads: &Spreads) -> Self {
        match spreads.errors(assessment) {
            Some(errors) => Self::new(assessment, errors),
            None => Self::of(assessment),
        }
    }

    fn new(assessment: &'a Assessment, errors: Errors) -> Self {
        let candidates: Vec<Candidate<'a>> = assessment.causes().collect();
        let gates = Gates::of(&candidates);
        let raw: Vec<i64> =
            candidates.iter().map(|candidate| candidate.score_ungated().nanodecibans()).collect();
        let first = gates.first(&raw);
        let (figures, intervals, intervals_ungated) = (OnceLock::new(), OnceLock::new(), OnceLock::new());
        Self { assessment, candidates, gates, raw, errors, figures, intervals, intervals_ungated, first }
    }

    /// The assessment.
    pub fn assessment(&self) -> &'a Assessment {
        self.assessment
    }

    /// The named causes in the order of the ranking, then the excluded ones.
    pub fn causes(&self) -> impl Iterator<Item = CauseUncertainty<'_, 'a>> {
        self.assessment
            .ranking()
            .chain(self.assessment.excluded())
            .map(|candidate| self.of_candidate(candidate))
    }

    /// How sure the standing of a cause is.
    ///
    /// # Errors
    /// [`UnknownName`] where the knowledge base has no such cause.
    pub fn cause(&self, id: &str) -> Result<CauseUncertainty<'_, 'a>, UnknownName> {
        self.assessment.cause(id).map(|candidate| self.of_candidate(candidate))
    }

    fn of_candidate(&self, candidate: Candidate<'a>) -> CauseUncertainty<'_, 'a> {
        CauseUncertainty { uncertainty: self, candidate, at: candidate.position() }
    }

    /// The figures the scores rest on, cause by cause in the order of their identifiers; each moves its own cause only.
    pub fn figures(&self) -> &[UncertainFigure<'a>] {
        self.figures.get_or_init(|| figures(self.assessment))
    }

    /// The 95 % interval of the comparator's probability; none under `independent`, where it is a line of reference.
    pub fn comparator(&self) -> Option<(Probability, Probability)> {
        match self.assessment.link() {
            Link::Exclusive => {
                let shares = self.shares(true);
                let mut moved = vec![0.0; self.errors.count()];
                let (own, named) = shares.split_last()?;
                let rest: f64 = named.iter().sum();
                named
                    .iter()
                    .enumerate()
                    .for_each(|(at, share)| self.add(&mut moved, at, -share / rest, true));
                Some(about(own / rest, &moved))
            }
            Link::Independent => None,
        }
    }

    /// The chance that the evidence puts one cause above another, gates aside.
    ///
    /// # Formula
    /// ```text
    /// P(s_a > s_b) = Phi((s_a - s_b) / sd),   sd^2 = V_a + V_b - 2 Cov(a, b)
    /// ```
    /// Where nothing is uncertain it is 1, 0, or 1/2 for a tie. Exact, for scores as they are before gates.
    ///
    /// # Errors
    /// [`UnknownName`] where the knowledge base has no such cause.
    pub fn above(&self, one: &str, other: &str) -> Result<f64, UnknownName> {
        let (one, other) = (self.cause(one)?.at, self.cause(other)?.at);
        let of = |a, b| self.errors.covariance(a, b);
        let variance = (of(one, one) + of(other, other) - 2.0 * of(one, other)).max(0.0);
        let (one, other) = (at(&self.raw, one), at(&self.raw, other));
        let apart = Weight::from_nanodecibans(one.saturating_sub(other));
        if variance < 1e-18 {
            return Ok(match apart.cmp(&Weight::ZERO) {
                std::cmp::Ordering::Less => 0.0,
                std::cmp::Ordering::Equal => 0.5,
                std::cmp::Ordering::Greater => 1.0,
            });
        }
        Ok(cumulative(apart.decibans() / libm::sqrt(variance)))
    }

    /// The interval of a cause's probability among competing ones.
    fn delta(&self, at: usize, is_gated: bool) -> (Probability, Probability) {
        let all = if is_gated { &self.intervals } else { &self.intervals_ungated };
        let all = all.get_or_init(|| self.deltas(is_gated));
        // INVARIANT: there is one for each cause.
        all.get(at).copied().unwrap_or((Probability::EVEN, Probability::EVEN))
    }

    /// The intervals of all causes' probabilities among competing ones by the delta method on the logit.
    ///
    /// # Formula
    /// ```text
    /// logit p_k = s_k - ln sum_{j != k} e^(s_j)        d logit p_k / d s_j = -q_j,  q_j = p_j / (1 - p_k)
    /// Var = V_k - 2 sum_j q_j Cov(k, j) + sum_i sum_j q_i q_j Cov(i, j) = sum_source (L_k - sum_{j != k} q_j L_j)^2
    /// ```
    /// A held cause moves with the one it is held below. Sums over the others are those before and after a cause, so that no
    /// digits are lost where its own share is near 1.
    fn deltas(&self, is_gated: bool) -> Vec<(Probability, Probability)> {
        let (causes, errors) = (self.candidates.len(), self.errors.count());
        let shares = self.shares(is_gated);
        let share = |at: usize| shares.get(at).copied().unwrap_or_default();
        // Row by row what the causes from that one on do; then what those before one do, and what moves it.
        let mut room = vec![0.0; (causes + 3) * errors];
        let (after, here) = room.split_at_mut((causes + 1) * errors);
        let (before, moved) = here.split_at_mut(errors);
        for at in (0..causes).rev() {
            after.copy_within((at + 1) * errors..(at + 2) * errors, at * errors);
            let row = after.get_mut(at * errors..(at + 1) * errors);
            self.add(row.unwrap_or_default(), at, share(at), is_gated);
        }
        let mut shares_before = 0.0;
        let mut intervals = Vec::with_capacity(causes);
        for at in 0..causes {
            let later = after.get((at + 1) * errors..(at + 2) * errors).unwrap_or_default();
            let later_shares = shares.get(at + 1..).unwrap_or_default();
            let rest = later_shares.iter().fold(shares_before, |sum, share| sum + share);
            let each = -1.0 / rest;
            for ((moved, before), later) in moved.iter_mut().zip(&*before).zip(later) {
                *moved = (before + later) * each;
            }
            self.add(moved, at, 1.0, is_gated);
            intervals.push(about(share(at) / rest, moved));
            self.add(before, at, share(at), is_gated);
            shares_before += share(at);
        }
        intervals
    }

    /// The probabilities with gates or without, the comparator's last.
    fn shares(&self, is_gated: bool) -> Vec<f64> {
        let comparator = self.assessment.comparator();
        let share = |it: &Candidate<'_>| {
            if is_gated { it.posterior().map_or(0.0, Probability::get) } else { it.posterior_ungated().get() }
        };
        let last = if is_gated { comparator.posterior() } else { comparator.posterior_ungated() };
        let mut shares = Vec::with_capacity(self.candidates.len() + 1);
        shares.extend(self.candidates.iter().map(share));
        shares.push(last.get());
        shares
    }

    /// Adds what moves the score of a cause, so many times, to what moves each error.
    fn add(&self, into: &mut [f64], at: usize, times: f64, is_gated: bool) {
        let at = if is_gated { self.follows(at) } else { Some(at) };
        if let Some(at) = at {
            self.errors.add(at, times, into);
        }
    }

    /// Of which cause the error of a score is once gates are applied: a cause at its cap does not move; one that is held moves
    /// with the cause it is held below.
    fn follows(&self, at: usize) -> Option<usize> {
        let (rule, candidate) = (self.gates.rules().get(at)?, self.candidates.get(at)?);
        let capped = candidate.score_ungated().nanodecibans().min(rule.cap);
        let is_held = rule.is_closed && candidate.score().nanodecibans() < capped;
        let leader = if is_held { self.first } else { at };
        let cap = self.gates.rules().get(leader)?.cap;
        Some(leader).filter(|leader| self.raw.get(*leader).is_some_and(|raw| *raw <= cap))
    }
}

/// The 95 % interval of a probability of such odds, whose logit moves so with each error.
fn about(odds: f64, moved: &[f64]) -> (Probability, Probability) {
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

fn at(scores: &[i64], position: usize) -> i64 {
    scores.get(position).copied().unwrap_or_default()
}

/// The figures of all causes, in their order.
fn figures(assessment: &Assessment) -> Vec<UncertainFigure<'_>> {
    let mut figures = Vec::new();
    for (cause, candidate) in assessment.causes().enumerate() {
        for part in candidate.explanation() {
            for figure in part.figures() {
                let spread = Spread::of(&figure);
                figures.push(UncertainFigure { figure, spread, cause, part: part.clone() });
            }
        }
    }
    figures
}

impl<'a> CauseUncertainty<'_, 'a> {
    /// The cause, as it stands in the assessment.
    pub fn candidate(self) -> Candidate<'a> {
        self.candidate
    }

    /// The standard deviation of its score before gates, in decibans.
    ///
    /// # Formula
    /// ```text
    /// V_k = sum_source (sum_figures of the source  share * sd / sqrt(number of its sources))^2
    /// ```
    pub fn sd(self) -> f64 {
        libm::sqrt(self.variance())
    }

    /// The 95 % interval of its probability after findings and gates; none where it is excluded.
    ///
    /// Of a held cause it says where the cause is kept, not what the evidence says of it: that is
    /// [`CauseUncertainty::interval_ungated`].
    ///
    /// # Formula
    /// ```text
    /// independent  sigma(min(s +- 1.96 sd, cap, M +- 1.96 sd_M - 1 dB))       exact where no hold binds
    /// exclusive    the delta method on the logit, a held cause moving with the one it is held below
    /// ```
    pub fn interval(self) -> Option<(Probability, Probability)> {
        self.candidate.posterior()?;
        Some(match self.uncertainty.assessment.link() {
            Link::Exclusive => self.uncertainty.delta(self.at, true),
            Link::Independent => self.of_score(),
        })
    }

    /// The 95 % interval of its probability after findings, had no gate been there.
    ///
    /// # Formula
    /// ```text
    /// independent  sigma(s +- 1.96 sd)       exact
    /// exclusive    the delta method on the logit
    /// ```
    pub fn interval_ungated(self) -> (Probability, Probability) {
        match self.uncertainty.assessment.link() {
            Link::Exclusive => self.uncertainty.delta(self.at, false),
            Link::Independent => {
                let (low, high) = self.ends();
                (
                    LogOdds::from_nanodecibans(low).probability(),
                    LogOdds::from_nanodecibans(high).probability(),
                )
            }
        }
    }

    fn variance(self) -> f64 {
        self.uncertainty.errors.covariance(self.at, self.at).max(0.0)
    }

    /// The ends of the interval of the score before gates.
    fn ends(self) -> (i64, i64) {
        let (score, reach) = (at(&self.uncertainty.raw, self.at), nanodecibans(Z * self.sd()));
        (score.saturating_sub(reach), score.saturating_add(reach))
    }

    /// The interval of the probability against the comparator alone, after gates.
    fn of_score(self) -> (Probability, Probability) {
        let gates = self.uncertainty.gates.rules();
        let capped = |of: Self| {
            let cap = gates.get(of.at).map_or(i64::MAX, |rule| rule.cap);
            let (low, high) = of.ends();
            (low.min(cap), high.min(cap))
        };
        let (mut low, mut high) = capped(self);
        if gates.get(self.at).is_some_and(|rule| rule.is_closed) {
            let first = Self { at: self.uncertainty.first, ..self };
            let (first_low, first_high) = capped(first);
            (low, high) =
                (low.min(first_low.saturating_sub(HOLD)), high.min(first_high.saturating_sub(HOLD)));
        }
        (LogOdds::from_nanodecibans(low).probability(), LogOdds::from_nanodecibans(high).probability())
    }
}
