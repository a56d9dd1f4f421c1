//! The first ranks of a case without those below: for knowledge bases of thousands of causes.
//!
//! Findings bear on few of many causes. The others stand where their priors put them, in an order that is made once; so only
//! what is touched is added up and sorted, and the rest of the order is read off. What comes out is what
//! [`Model::assess`](crate::Model::assess) gives, to the bit.

use crate::assessment::Options;
use crate::belief::{LogOdds, Probability};
use crate::case::{Case, UnknownName};
use crate::id::CauseId;
use crate::index::Dense;
use crate::knowledge::Cause;
use crate::model::{Model, Placed, Room};

/// A model made ready to rank one case after another, in one setting, under one link, in room of its own.
///
/// The work of a case grows with the weights its findings touch, with the gates, and with the ranks asked for. Of all
/// causes together it takes nothing but one sum of numbers that are there, for the posteriors.
///
/// ```
/// # fn main() -> Result<(), aetia::Error> {
/// # let model = aetia::Document::from_toml(include_str!("../docs/tiny.toml"))?.validate()?.compile();
/// let mut ranker = model.ranker(&model.options())?;
/// let case = model.case().present("night_pain")?.build()?;
/// let (assessment, top) = (model.assess(&case), ranker.top(&case, 1));
/// for (ranked, candidate) in top.iter().zip(assessment.ranking()) {
///     assert_eq!((ranked.id(), ranked.score()), (candidate.id(), candidate.score()));
///     assert_eq!(Some(ranked.posterior()), candidate.posterior());
/// }
/// # Ok(())
/// # }
/// ```
#[derive(Debug)]
pub struct Ranker {
    model: Model,
    room: Room,
    posteriors: Vec<f64>,
}

impl Model {
    /// This model made ready to give the first ranks of one case after another.
    ///
    /// # Errors
    /// [`UnknownName`] where the knowledge base has no such setting.
    pub fn ranker(&self, options: &Options) -> Result<Ranker, UnknownName> {
        let room = Room::new(&self.inner, self.setting(&options.setting)?, options.link);
        Ok(Ranker { model: self.clone(), room, posteriors: Vec::new() })
    }
}

/// The first ranks of a case.
#[derive(Clone, Copy, Debug)]
pub struct Top<'r> {
    model: &'r Model,
    placed: &'r [Placed],
    comparator: (f64, f64),
}

/// A cause among the first of a case: what the [`Candidate`](crate::Candidate) of the same rank says about itself.
#[derive(Clone, Copy, Debug)]
pub struct Ranked<'r> {
    model: &'r Model,
    placed: &'r Placed,
    rank: usize,
}

impl Ranker {
    /// The model.
    pub fn model(&self) -> &Model {
        &self.model
    }

    /// The first so many ranks of a case, fewer where not so many causes are ranked: exactly the first of
    /// [`Assessment::ranking`](crate::Assessment::ranking), with the same scores and, bit by bit, the same posteriors.
    ///
    /// A case of another knowledge base is carried over by name first.
    pub fn top(&mut self, case: &Case, ranks: usize) -> Top<'_> {
        let case = self.model.adopt(case);
        let (placed, comparator) = self.room.top(&self.model.inner, &case, ranks);
        let comparator = (comparator.posterior, comparator.posterior_ungated);
        Top { model: &self.model, placed, comparator }
    }

    /// The posteriors of a case, in the order of [`KnowledgeBase::causes`](crate::KnowledgeBase::causes), 0 for an
    /// excluded cause, and the comparator's last: those of an assessment, bit by bit, without its ranks.
    pub fn posteriors(&mut self, case: &Case) -> &[f64] {
        let case = self.model.adopt(case);
        self.room.posteriors(&self.model.inner, &case, &mut self.posteriors);
        &self.posteriors
    }
}

impl<'r> Top<'r> {
    /// The causes, first first.
    pub fn iter(self) -> impl ExactSizeIterator<Item = Ranked<'r>> + use<'r> {
        let Self { model, placed, .. } = self;
        placed.iter().enumerate().map(move |(at, placed)| Ranked { model, placed, rank: at + 1 })
    }

    /// The comparator's probability after findings and gates.
    pub fn comparator(self) -> Probability {
        Probability::saturating(self.comparator.0)
    }

    /// The comparator's probability after findings, had no gate been there.
    pub fn comparator_ungated(self) -> Probability {
        Probability::saturating(self.comparator.1)
    }
}

impl<'r> Ranked<'r> {
    /// The cause.
    pub fn cause(self) -> &'r Cause {
        &self.model.inner.kb.inner.causes[self.placed.cause]
    }

    /// The cause's identifier.
    pub fn id(self) -> &'r CauseId {
        &self.cause().id
    }

    /// The cause's title.
    pub fn title(self) -> &'r str {
        self.cause().title()
    }

    /// Where its cause stands among [`KnowledgeBase::causes`](crate::KnowledgeBase::causes), from 0.
    pub fn position(self) -> usize {
        self.placed.cause.position()
    }

    /// The rank among the named causes, from 1.
    pub fn rank(self) -> usize {
        self.rank
    }

    /// The score: log-odds against the comparator, gates included.
    pub fn score(self) -> LogOdds {
        self.placed.score
    }

    /// The score without gates: prior and evidence.
    pub fn score_ungated(self) -> LogOdds {
        self.placed.raw
    }

    /// The probability after findings and gates.
    pub fn posterior(self) -> Probability {
        Probability::saturating(self.placed.posterior)
    }

    /// The probability after findings, had no gate been there.
    pub fn posterior_ungated(self) -> Probability {
        Probability::saturating(self.placed.posterior_ungated)
    }

    /// Whether a gate keeps the cause from leading, whether or not it moves it now.
    pub fn is_closed(self) -> bool {
        self.placed.is_closed
    }
}
