//! What the errors behind a model's figures do to its scores, looked up: a state of a group is worked out once for all cases.

use std::sync::OnceLock;

use aetia::{Assessment, ContributionKind, Link, Model, Probability};

use crate::error::{Collector, Errors, Load, Sources};
use crate::footing::{Footing, Interval};
use crate::spread::Spread;
use crate::uncertainty::Uncertainty;

/// How far the figures of a model may be off: made once, shared between threads, and used for every case by
/// [`Uncertainty::with`](crate::Uncertainty::with).
///
/// What the figures behind a group of findings do to each score depends on the state of that group alone. It is worked out
/// where a state is first met, from the explanations of that case, and looked up from then on: the first cases pay for the later
/// ones. What is found does not depend on which case came first.
///
/// ```
/// # use aetia::Document;
/// # fn main() -> Result<(), aetia::Error> {
/// use aetia_stats::{Spreads, Uncertainty};
/// # let model = Document::from_toml(include_str!("../../aetia/docs/tiny.toml"))?.validate()?.compile();
/// let spreads = Spreads::of(&model);
/// for case in [model.case().present("night_pain")?.build()?, model.case().absent("night_pain")?.build()?] {
///     let assessment = model.assess(&case);
///     let (fast, slow) = (Uncertainty::with(&assessment, &spreads), Uncertainty::of(&assessment));
///     assert_eq!(fast.cause("inflammatory")?.interval(), slow.cause("inflammatory")?.interval());
/// }
/// # Ok(())
/// # }
/// ```
#[derive(Debug)]
pub struct Spreads {
    source_hash: String,
    sources: Vec<String>,
    /// The settings, each with what is known in it.
    settings: Vec<(String, Table)>,
}

/// Space for [`Spreads::intervals`], used again for one case after another.
#[derive(Debug, Default)]
pub struct Space {
    errors: Collector,
    footing: Footing,
    room: Vec<f64>,
    intervals: Vec<Option<Interval>>,
}

/// What the figures of one setting do.
#[derive(Debug)]
struct Table {
    priors: OnceLock<Loads>,
    /// For each group its states, once one of them was met.
    groups: Box<[OnceLock<States>]>,
}

/// What is known of the states of a group. Of a large group few are ever met, so each has a place and no more.
type States = Box<[OnceLock<Box<Loads>>]>;

/// What the figures behind a state of a group, or behind the priors, do to each score.
#[derive(Debug, Default)]
struct Loads {
    /// Cause by cause.
    all: Vec<Load>,
    /// Where those of each cause end.
    ends: Vec<usize>,
}

impl Loads {
    fn of(&self, cause: usize) -> &[Load] {
        let end = |cause: usize| self.ends.get(cause).copied().unwrap_or(self.all.len());
        let start = cause.checked_sub(1).map_or(0, end);
        self.all.get(start..end(cause)).unwrap_or_default()
    }
}

impl Spreads {
    /// Those of a model; what its figures do is worked out as cases need it.
    pub fn of(model: &Model) -> Self {
        let kb = model.knowledge_base();
        let table =
            || Table { priors: OnceLock::new(), groups: kb.groups().map(|_| OnceLock::new()).collect() };
        Self {
            source_hash: model.source_hash().to_owned(),
            sources: kb.sources().map(|source| source.id().to_string()).collect(),
            settings: kb.settings().map(|setting| (setting.id().to_string(), table())).collect(),
        }
    }

    /// The 95 % intervals of all probabilities of an assessment, in the order of [`Assessment::causes`]; none of an excluded
    /// cause. What [`CauseUncertainty::interval`](crate::CauseUncertainty::interval) says, to the bit, and faster for one case
    /// after another, as it uses `space` again.
    ///
    /// Where these are the spreads of another model, the figures of this one are looked at.
    ///
    /// ```
    /// # use aetia::Document;
    /// # fn main() -> Result<(), aetia::Error> {
    /// use aetia_stats::{Space, Spreads};
    /// # let model = Document::from_toml(include_str!("../../aetia/docs/tiny.toml"))?.validate()?.compile();
    /// let (spreads, mut space) = (Spreads::of(&model), Space::default());
    /// for case in [model.case().present("night_pain")?.build()?, model.case().absent("night_pain")?.build()?] {
    ///     let assessment = model.assess(&case);
    ///     let intervals = spreads.intervals(&assessment, &mut space);
    ///     for (candidate, interval) in assessment.causes().zip(intervals) {
    ///         let (low, high) = interval.expect("nothing excludes it");
    ///         assert!(low <= candidate.posterior().unwrap_or(low) && low < high);
    ///     }
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn intervals<'s>(
        &self,
        assessment: &Assessment,
        space: &'s mut Space,
    ) -> &'s [Option<(Probability, Probability)>] {
        let Space { errors, footing, room, intervals } = space;
        intervals.clear();
        if self.collect(assessment, errors).is_none() {
            let uncertainty = Uncertainty::of(assessment);
            intervals
                .extend(assessment.causes().map(|candidate| uncertainty.of_candidate(candidate).interval()));
            return intervals;
        }
        footing.fill(assessment);
        let is_there = assessment.causes().map(|candidate| candidate.rank().is_some());
        match assessment.link() {
            Link::Exclusive => {
                let all = footing.competing(errors.errors(), assessment, true, room);
                intervals.extend(all.zip(is_there).map(|(interval, is_there)| is_there.then_some(interval)));
            }
            Link::Independent => intervals.extend(
                is_there
                    .enumerate()
                    .map(|(at, is_there)| is_there.then(|| footing.alone(errors.errors(), at, true))),
            ),
        }
        intervals
    }

    /// The errors of an assessment's scores; none where another model made it.
    pub(crate) fn errors(&self, assessment: &Assessment) -> Option<Errors> {
        let mut collector = Collector::default();
        self.collect(assessment, &mut collector)?;
        Some(collector.finish())
    }

    /// Collects the errors of an assessment's scores; nothing where another model made it.
    fn collect(&self, assessment: &Assessment, collector: &mut Collector) -> Option<()> {
        if self.source_hash != assessment.model().source_hash() {
            return None;
        }
        let setting = assessment.setting().id().as_str();
        let (_, table) = self.settings.iter().find(|(id, _)| id == setting)?;
        let known = table.look(assessment).or_else(|| {
            self.learn(table, assessment);
            table.look(assessment)
        })?;
        let causes = assessment.causes().len();
        collector.clear(causes, self.sources.len());
        for cause in 0..causes {
            for load in known.iter().flat_map(|loads| loads.of(cause)) {
                collector.add(load);
            }
            collector.end_cause();
        }
        Some(())
    }

    /// Works out the states of an assessment.
    fn learn(&self, table: &Table, assessment: &Assessment) {
        let sources = Sources::of(self.sources.iter().map(String::as_str));
        let states: Vec<(usize, usize)> = assessment.states().collect();
        let mut priors = Loads::default();
        let mut found: Vec<Loads> = states.iter().map(|_| Loads::default()).collect();
        for candidate in assessment.causes() {
            for part in &candidate.explanation() {
                let loads = match part.kind() {
                    ContributionKind::Prior => Some(&mut priors),
                    ContributionKind::Evidence => {
                        let at = part
                            .group_position()
                            .and_then(|group| states.binary_search_by_key(&group, |(group, _)| *group).ok());
                        at.and_then(|at| found.get_mut(at))
                    }
                    ContributionKind::Gate => None,
                };
                if let Some(loads) = loads {
                    for figure in part.figures() {
                        sources.loads(&figure, Spread::of(&figure).sd, &mut loads.all);
                    }
                }
            }
            for loads in std::iter::once(&mut priors).chain(&mut found) {
                loads.ends.push(loads.all.len());
            }
        }
        // Whoever comes second finds the same, and drops it.
        drop(table.priors.set(priors));
        let groups: Vec<_> = assessment.model().knowledge_base().groups().collect();
        for ((group, state), loads) in states.into_iter().zip(found) {
            if let (Some(cells), Some(group)) = (table.groups.get(group), groups.get(group)) {
                let cells = cells.get_or_init(|| (0..group.states()).map(|_| OnceLock::new()).collect());
                if let Some(cell) = cells.get(state) {
                    drop(cell.set(Box::new(loads)));
                }
            }
        }
    }
}

impl Table {
    /// What is known of the states of an assessment, priors first; none where one of them was not met yet.
    fn look(&self, assessment: &Assessment) -> Option<Vec<&Loads>> {
        let mut known = Vec::with_capacity(32);
        known.push(self.priors.get()?);
        for (group, state) in assessment.states() {
            known.push(self.groups.get(group)?.get()?.get(state)?.get()?);
        }
        Some(known)
    }
}
