//! Which figures decide: what each does to the lead of the first cause, and what it would have to be to change it.

use aetia::{CauseId, LikelihoodRatio, Weight};

use crate::lever::{Lever, lever, together};
use crate::uncertainty::{UncertainFigure, Uncertainty};

/// The furthest a figure is moved: ratios are accepted from 10^-6 to 10^6, which is 60 dB either way.
const REACH: i64 = 120_000_000_000;
const BOUND: i64 = 60_000_000_000;

/// What each figure does to the lead of the first cause over the second: a tornado, the widest first.
#[derive(Clone, Debug)]
pub struct Sensitivity<'u> {
    swings: Vec<Swing<'u>>,
    second: Option<CauseId>,
}

/// What one figure does to the lead of the first cause, while all others stay as they are.
#[derive(Clone, Debug)]
pub struct Swing<'u> {
    figure: &'u UncertainFigure<'u>,
    low: Weight,
    high: Weight,
    flip: Option<Flip>,
}

/// What a figure would have to be for another cause to be first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Flip {
    weight: Weight,
    by: Weight,
    first: CauseId,
    is_inside: bool,
}

impl Flip {
    /// The weight the figure would have: the nearest one that changes the first cause, exact to the unit. Of a row measured
    /// against the rest, its weight against the comparator.
    pub fn weight(&self) -> Weight {
        self.weight
    }

    /// How far that is from the weight it has.
    pub fn by(&self) -> Weight {
        self.by
    }

    /// The likelihood ratio of that weight; of a prior, the odds against the comparator.
    pub fn ratio(&self) -> LikelihoodRatio {
        self.weight.likelihood_ratio()
    }

    /// The cause that would be first.
    pub fn first(&self) -> &CauseId {
        &self.first
    }

    /// Whether the figure's own 95 % interval reaches that far: then the figure decides.
    pub fn is_inside(&self) -> bool {
        self.is_inside
    }
}

impl<'u> Swing<'u> {
    /// The figure.
    pub fn figure(&self) -> &'u UncertainFigure<'u> {
        self.figure
    }

    /// The lead of the first cause over the second where the figure is at the lower end of its interval, gates included.
    pub fn at_low(&self) -> Weight {
        self.low
    }

    /// The same at the upper end.
    pub fn at_high(&self) -> Weight {
        self.high
    }

    /// How far the lead moves from end to end.
    pub fn width(&self) -> Weight {
        (self.high - self.low).abs()
    }

    /// The nearest weight that changes the first cause; none where no ratio from 10^-6 to 10^6 does.
    pub fn flip(&self) -> Option<&Flip> {
        self.flip.as_ref()
    }
}

impl<'u> Sensitivity<'u> {
    /// The figures, the one that moves the lead furthest first; those that cannot move it are left out.
    pub fn swings(&self) -> &[Swing<'u>] {
        &self.swings
    }

    /// The figures whose own interval reaches a weight that changes the first cause.
    pub fn deciding(&self) -> impl Iterator<Item = &Swing<'u>> {
        self.swings.iter().filter(|swing| swing.flip.as_ref().is_some_and(Flip::is_inside))
    }

    /// The second cause of the ranking, if there is one: the lead is over it.
    pub fn second(&self) -> Option<&CauseId> {
        self.second.as_ref()
    }
}

/// Whether the first cause stays first wherever in its interval each figure lies, all at once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stability {
    rivals: Vec<(CauseId, Weight, bool)>,
}

impl Stability {
    /// Whether it stays first. Figures move each on its own here, and not by source: what is stable so is stable.
    pub fn is_stable(&self) -> bool {
        self.rivals.iter().all(|(_, _, stays)| *stays)
    }

    /// The causes that could be first in its place, with the lead it has over each where all is worst: its own figures at
    /// their lower ends, those of the rival at their upper ends.
    pub fn rivals(&self) -> impl Iterator<Item = (&CauseId, Weight)> {
        self.rivals.iter().map(|(cause, lead, _)| (cause, *lead))
    }
}

impl Uncertainty<'_> {
    /// What each figure does to the lead of the first cause over the second, and what it would have to be to change the first
    /// cause: figures one at a time, scores in whole units, discounts and gates as the engine has them.
    ///
    /// The row of a joint table moves its part by its share, to first order; the ratio of a count moves as a whole.
    ///
    /// # Formula
    /// ```text
    /// lead(w) = s'_first(w) - s'_second(w)        flip: the w nearest to the figure's own with first(w) != first
    /// ```
    /// Where a figure weighs in full, that is `w - lead` of the first cause and `w + lead` of the other, up to a unit for ties. A
    /// discounted one is found by bisection, since no discounted group falls when one of its members rises.
    pub fn sensitivity(&self) -> Sensitivity<'_> {
        let second = self.assessment.ranking().nth(1).map(|candidate| candidate.id().clone());
        let rival = second.as_ref().and_then(|id| self.candidates.iter().position(|it| it.id() == id));
        let mut swings: Vec<Swing<'_>> = self
            .figures()
            .iter()
            .map(|figure| {
                let beside: Vec<&UncertainFigure<'_>> =
                    self.figures().iter().filter(|other| other.is_beside(figure)).collect();
                let lever = lever(figure, &beside);
                let own = figure.figure.weight();
                let lead = |end: Weight| {
                    let gated = self.gated_with(figure, &lever, end - own);
                    let score = |at: usize| gated.get(at).copied().unwrap_or_default();
                    let below = rival.map_or(0, score);
                    Weight::from_nanodecibans(score(self.footing.first).saturating_sub(below))
                };
                Swing {
                    figure,
                    low: lead(figure.spread.low),
                    high: lead(figure.spread.high),
                    flip: self.flip(figure, &lever),
                }
            })
            .collect();
        swings.retain(|swing| swing.flip.is_some() || swing.width() > Weight::ZERO);
        swings.sort_by_key(|swing| std::cmp::Reverse(swing.width()));
        Sensitivity { swings, second }
    }

    /// Whether the first cause stays first for all weights inside their intervals.
    ///
    /// Exact interval arithmetic in whole units: no cause shares a figure with another, and no score falls when a figure rises,
    /// so the worst case for a pair is at the ends (up to a unit for each member of a discounted group). Rows measured
    /// against the rest are taken as weights against the comparator, and joint tables to first order.
    ///
    /// # Formula
    /// ```text
    /// stable  <=>  for every other open cause j:  s1_first(all low) before s1_j(all high)
    /// ```
    pub fn stability(&self) -> Stability {
        let rules = self.footing.gates.rules();
        let ends = |cause: usize, is_high: bool| {
            let raw = self.footing.raw.get(cause).copied().unwrap_or_default();
            let moved = raw.saturating_add(self.all_at_an_end(cause, is_high).nanodecibans());
            let cap = rules.get(cause).map_or(i64::MAX, |rule| rule.cap);
            ((moved.min(cap), moved), std::cmp::Reverse(cause))
        };
        let worst = ends(self.footing.first, false);
        let open = rules.iter().enumerate().filter(|(at, rule)| rule.is_open() && *at != self.footing.first);
        let rivals = open.filter_map(|(at, _)| {
            let best = ends(at, true);
            let lead = worst.0.0.saturating_sub(best.0.0);
            Some((self.candidates.get(at)?.id().clone(), Weight::from_nanodecibans(lead), worst > best))
        });
        Stability { rivals: rivals.collect() }
    }

    /// The scores after gates when one figure's weight moves.
    fn gated_with(&self, figure: &UncertainFigure<'_>, lever: &Lever<'_>, by: Weight) -> Vec<i64> {
        let raw = self.raw_with(figure, lever, by);
        let mut gated = raw.clone();
        self.footing.gates.apply(&raw, &mut gated);
        gated
    }

    fn raw_with(&self, figure: &UncertainFigure<'_>, lever: &Lever<'_>, by: Weight) -> Vec<i64> {
        let mut raw = self.footing.raw.clone();
        if let Some(score) = raw.get_mut(figure.cause) {
            *score = score.saturating_add(lever.change(by).nanodecibans());
        }
        raw
    }

    /// The nearest weight of a figure that changes the first cause.
    fn flip(&self, figure: &UncertainFigure<'_>, lever: &Lever<'_>) -> Option<Flip> {
        let own = figure.figure.weight();
        let first =
            |by: i64| self.footing.gates.first(&self.raw_with(figure, lever, Weight::from_nanodecibans(by)));
        let is_changed = |by: i64| first(by) != self.footing.first;
        let ends =
            [-BOUND - own.nanodecibans(), BOUND - own.nanodecibans()].map(|end| end.clamp(-REACH, REACH));
        let nearest = |end: i64| {
            if !is_changed(end) {
                return None;
            }
            // Changed at `far`, unchanged at `near`.
            let (mut near, mut far) = (0, end);
            while (far - near).abs() > 1 {
                let middle = near + (far - near) / 2;
                if is_changed(middle) { far = middle } else { near = middle }
            }
            Some(far)
        };
        let by = ends.into_iter().filter_map(nearest).min_by_key(|by: &i64| by.abs())?;
        let weight = own + Weight::from_nanodecibans(by);
        let is_inside = figure.spread.low <= weight && weight <= figure.spread.high;
        let first = self.candidates.get(first(by))?.id().clone();
        Some(Flip { weight, by: Weight::from_nanodecibans(by), first, is_inside })
    }

    /// By how much the score of a cause moves when all its figures go to the end that lowers it, or raises it.
    fn all_at_an_end(&self, cause: usize, is_high: bool) -> Weight {
        let mut of_cause = self.figures().iter().filter(|figure| figure.cause == cause).peekable();
        let mut sum = Weight::ZERO;
        while let Some(figure) = of_cause.next() {
            let group = figure.group();
            let mut together_with = vec![figure];
            // The figures of a declared group stand side by side.
            while let Some(next) = of_cause.next_if(|other| other.is_beside(figure)) {
                together_with.push(next);
            }
            let moved = together_with.into_iter().map(|figure| {
                // The row of a table may speak against what it is about, by way of what it sums over.
                let wants_high = is_high == (!figure.figure.is_joint() || figure.figure.share() >= 0);
                let end = if wants_high { figure.spread.high } else { figure.spread.low };
                (figure.figure.clone(), end - figure.figure.weight())
            });
            sum += together(group, &moved.collect::<Vec<_>>());
        }
        sum
    }
}
