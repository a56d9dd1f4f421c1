//! Intervals of every probability in closed form, and the chance that one cause stands above another.

use std::sync::OnceLock;

use aetia::{Assessment, Candidate, Contribution, Figure, Group, Link, Probability, UnknownName, Weight};

use crate::error::{Collector, Errors, Sources};
use crate::footing::{Footing, Interval, about, shares};
use crate::normal::cumulative;
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
    pub(crate) footing: Footing,
    pub(crate) errors: Errors,
    /// The figures, once they are asked for: intervals and draws need their errors only.
    figures: OnceLock<Vec<UncertainFigure<'a>>>,
    /// The intervals of competing probabilities with gates and without, once they are asked for.
    intervals: OnceLock<Vec<Interval>>,
    intervals_ungated: OnceLock<Vec<Interval>>,
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
        let mut collector = Collector::default();
        collector.clear(causes, sources.len());
        let (mut figures_left, mut loads) = (figures.iter().peekable(), Vec::new());
        for cause in 0..causes {
            while let Some(used) = figures_left.next_if(|used| used.cause == cause) {
                loads.clear();
                sources.loads(&used.figure, used.spread.sd, &mut loads);
                for load in &loads {
                    collector.add(load);
                }
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
        let footing = Footing::of(assessment);
        let (figures, intervals, intervals_ungated) = (OnceLock::new(), OnceLock::new(), OnceLock::new());
        Self { assessment, candidates, footing, errors, figures, intervals, intervals_ungated }
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

    pub(crate) fn of_candidate(&self, candidate: Candidate<'a>) -> CauseUncertainty<'_, 'a> {
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
                let shares: Vec<f64> = shares(self.assessment, true).collect();
                let mut moved = vec![0.0; self.errors.count()];
                let (own, named) = shares.split_last()?;
                let rest: f64 = named.iter().sum();
                for (at, share) in named.iter().enumerate() {
                    self.footing.add(&self.errors, &mut moved, at, -share / rest, true);
                }
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
        let raw = |at: usize| self.footing.raw.get(at).copied().unwrap_or_default();
        let (one, other) = (raw(one), raw(other));
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
        let all = all.get_or_init(|| {
            self.footing.competing(&self.errors, self.assessment, is_gated, &mut Vec::new()).collect()
        });
        // INVARIANT: there is one for each cause.
        all.get(at).copied().unwrap_or((Probability::EVEN, Probability::EVEN))
    }
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
        libm::sqrt(self.uncertainty.errors.variance(self.at))
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
            Link::Independent => self.alone(true),
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
            Link::Independent => self.alone(false),
        }
    }

    fn alone(self, is_gated: bool) -> Interval {
        self.uncertainty.footing.alone(&self.uncertainty.errors, self.at, is_gated)
    }
}
