//! Intervals of every probability in closed form, and the chance that one cause stands above another.

use aetia::{
    Assessment, Candidate, Contribution, Figure, Group, Link, LogOdds, Probability, UnknownName, Weight,
};

use crate::error::{Collector, Errors};
use crate::gates::{Gates, HOLD};
use crate::normal::{DECIBANS_PER_NAT, Z, cumulative, nanodecibans};
use crate::spread::Spread;

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
    figures: Vec<UncertainFigure<'a>>,
    /// For each cause: of which cause the error of its score is, where gates tie it to another; none where a cap fixes it.
    follows: Vec<Option<usize>>,
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
pub struct CauseUncertainty<'u> {
    uncertainty: &'u Uncertainty<'u>,
    candidate: Candidate<'u>,
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
    pub fn of(assessment: &'a Assessment) -> Self {
        let kb = assessment.model().knowledge_base();
        let mut candidates: Vec<Candidate<'a>> = assessment.ranking().chain(assessment.excluded()).collect();
        candidates.sort_by_key(|candidate| candidate.id());
        debug_assert_eq!(candidates.len(), kb.causes().len(), "each cause is ranked or excluded");
        let mut collector = Collector::of(candidates.len());
        let mut figures = Vec::new();
        for (cause, candidate) in candidates.iter().enumerate() {
            collect(cause, *candidate, &mut collector, &mut figures);
        }
        let gates = Gates::of(&candidates);
        let raw: Vec<i64> =
            candidates.iter().map(|candidate| candidate.score_ungated().nanodecibans()).collect();
        let scores: Vec<i64> = candidates.iter().map(|candidate| candidate.score().nanodecibans()).collect();
        let first = gates.first(&raw);
        // A cause at its cap does not move; one that is held moves with the cause it is held below.
        let moves = |at: usize| {
            let rule = gates.rules().get(at)?;
            let raw = raw.get(at)?;
            Some(at).filter(|_| *raw <= rule.cap)
        };
        let is_held = |at: usize| {
            let rule = gates.rules().get(at);
            rule.is_some_and(|rule| {
                rule.is_closed && scores.get(at) < raw.get(at).map(|raw| raw.min(&rule.cap))
            })
        };
        let follows = (0..candidates.len()).map(|at| moves(if is_held(at) { first } else { at })).collect();
        Self { assessment, candidates, gates, raw, errors: collector.finish(), figures, follows, first }
    }

    /// The assessment.
    pub fn assessment(&self) -> &'a Assessment {
        self.assessment
    }

    /// The named causes in the order of the ranking, then the excluded ones.
    pub fn causes(&self) -> impl Iterator<Item = CauseUncertainty<'_>> {
        self.assessment
            .ranking()
            .chain(self.assessment.excluded())
            .map(|candidate| self.of_candidate(candidate))
    }

    /// How sure the standing of a cause is.
    ///
    /// # Errors
    /// [`UnknownName`] where the knowledge base has no such cause.
    pub fn cause(&self, id: &str) -> Result<CauseUncertainty<'_>, UnknownName> {
        self.assessment.cause(id).map(|candidate| self.of_candidate(candidate))
    }

    fn of_candidate(&self, candidate: Candidate<'a>) -> CauseUncertainty<'_> {
        let found = self.candidates.binary_search_by(|other| other.id().cmp(candidate.id()));
        // INVARIANT: every named cause is among the candidates.
        CauseUncertainty { uncertainty: self, candidate, at: found.unwrap_or_default() }
    }

    /// The figures the scores rest on, cause by cause in the order of their identifiers; each moves its own cause only.
    pub fn figures(&self) -> &[UncertainFigure<'a>] {
        &self.figures
    }

    /// The 95 % interval of the comparator's probability; none under `independent`, where it is a line of reference.
    pub fn comparator(&self) -> Option<(Probability, Probability)> {
        match self.assessment.link() {
            Link::Exclusive => Some(self.delta(None, true)),
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

    /// The interval of a probability among competing ones by the delta method on its logit; of the comparator where no cause
    /// is given.
    ///
    /// # Formula
    /// ```text
    /// logit p_k = s_k - ln sum_{j != k} e^(s_j)        d logit p_k / d s_j = -q_j,  q_j = p_j / (1 - p_k)
    /// Var = V_k - 2 sum_j q_j Cov(k, j) + sum_i sum_j q_i q_j Cov(i, j)
    /// ```
    /// A held cause moves with the one it is held below.
    fn delta(&self, of: Option<usize>, is_gated: bool) -> (Probability, Probability) {
        let share = |candidate: &Candidate<'_>| {
            let gated = || candidate.posterior().map_or(0.0, Probability::get);
            if is_gated { gated() } else { candidate.posterior_ungated().get() }
        };
        let shares: Vec<f64> = self.candidates.iter().map(share).collect();
        let comparator = self.assessment.comparator();
        let comparator = if is_gated { comparator.posterior() } else { comparator.posterior_ungated() }.get();
        // What is left is summed, so that it keeps its digits where the share is near 1.
        let others = shares.iter().enumerate().filter(|(at, _)| Some(*at) != of).map(|(_, share)| *share);
        let rest: f64 = others.sum::<f64>() + if of.is_some() { comparator } else { 0.0 };
        let own = of.map_or(comparator, |at| shares.get(at).copied().unwrap_or_default());
        let slope = |(at, share): (usize, &f64)| (at, if Some(at) == of { 1.0 } else { -share / rest });
        let follows = |(at, slope): (usize, f64)| {
            let at = if is_gated { self.follows.get(at).copied().flatten() } else { Some(at) };
            at.map(|at| (at, slope))
        };
        let variance = self.errors.variance(shares.iter().enumerate().map(slope).filter_map(follows));
        let logit = libm::log(own / rest) * DECIBANS_PER_NAT;
        let reach = Z * libm::sqrt(variance);
        (probability(logit - reach), probability(logit + reach))
    }
}

/// The probability at a position in decibans.
fn probability(decibans: f64) -> Probability {
    LogOdds::from_nanodecibans(nanodecibans(decibans)).probability()
}

fn at(scores: &[i64], position: usize) -> i64 {
    scores.get(position).copied().unwrap_or_default()
}

/// The figures of a cause, with their errors.
fn collect<'a>(
    cause: usize,
    candidate: Candidate<'a>,
    collector: &mut Collector<'a>,
    into: &mut Vec<UncertainFigure<'a>>,
) {
    for part in candidate.explanation() {
        for figure in part.figures() {
            let spread = Spread::of(&figure);
            if spread.sd > 0.0 {
                let share = Weight::from_nanodecibans(figure.share()).decibans();
                collector.add(cause, &figure, spread.sd * share);
            }
            into.push(UncertainFigure { figure, spread, cause, part: part.clone() });
        }
    }
}

impl<'u> CauseUncertainty<'u> {
    /// The cause, as it stands in the assessment.
    pub fn candidate(self) -> Candidate<'u> {
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
            Link::Exclusive => self.uncertainty.delta(Some(self.at), true),
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
            Link::Exclusive => self.uncertainty.delta(Some(self.at), false),
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
