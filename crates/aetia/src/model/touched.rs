//! Scores, gates and ranks of what findings and gates touch, where all other causes stay where their priors put them.

use super::posterior::{self, Shares};
use super::{Compiled, HOLD, Table};
use crate::belief::{LogOdds, Probability};
use crate::case::Case;
use crate::document::{GateMode, Link};
use crate::index::{CauseIx, Dense, Indexed, SettingIx};
use crate::knowledge::{GateRule, Setting, Truth};

/// In the place of a cause that is not touched.
const UNTOUCHED: u32 = u32::MAX;
/// Up to how many ranks are found by putting causes in their places one after another.
const FEW: usize = 16;

/// A cause that a finding or a gate touches.
#[derive(Clone, Copy, Debug)]
struct Touched {
    cause: CauseIx,
    raw: LogOdds,
    capped: LogOdds,
    score: LogOdds,
    is_closed: bool,
    is_excluded: bool,
}

/// A cause and its numbers, as an assessment has them.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Placed {
    pub(crate) cause: CauseIx,
    pub(crate) score: LogOdds,
    pub(crate) raw: LogOdds,
    pub(crate) posterior: f64,
    pub(crate) posterior_ungated: f64,
    pub(crate) is_closed: bool,
}

/// Room for one case after another, in one setting by one link. Between two cases it is at rest: what it holds of every
/// cause is what the prior says, so that only what a case touches must be put back.
#[derive(Debug)]
pub(crate) struct Room {
    setting: SettingIx,
    link: Link,
    /// Where each cause stands among the touched ones.
    places: Box<[u32]>,
    touched: Vec<Touched>,
    /// The odds of each cause against the comparator; under `independent` its probability.
    rest: Box<[f64]>,
    /// The same in the present case.
    odds: Box<[f64]>,
    /// Whether these are against another base than the comparator, all of them.
    is_rebased: bool,
    /// Whether a gate changed a score or took a cause out.
    bites: bool,
    /// The best of the touched causes, as far as they are asked for.
    best: Vec<Touched>,
    placed: Vec<Placed>,
}

/// What a case comes to without its causes.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Comparator {
    pub(crate) posterior: f64,
    pub(crate) posterior_ungated: f64,
}

/// What makes odds probabilities.
#[derive(Clone, Copy, Debug)]
enum Scale {
    Exclusive(Shares),
    /// They are probabilities.
    Independent,
}

impl Scale {
    fn of(self, odds: f64) -> f64 {
        match self {
            Self::Exclusive(shares) => shares.of(odds).get(),
            Self::Independent => odds,
        }
    }

    fn of_comparator(self) -> f64 {
        match self {
            Self::Exclusive(shares) => shares.of_comparator().get(),
            Self::Independent => Probability::EVEN.get(),
        }
    }
}

/// What ranks a cause: the score, then the score without gates, then the identifier, whose order is the index.
type Key = (LogOdds, LogOdds, std::cmp::Reverse<CauseIx>);

impl Touched {
    fn key(&self) -> Key {
        (self.score, self.raw, std::cmp::Reverse(self.cause))
    }
}

/// Prior probabilities and their positions, cause by cause.
type Priors = Indexed<CauseIx, (Probability, LogOdds)>;

/// The causes of a setting in the order of their priors, the highest first.
pub(super) fn by_prior(setting: &Setting) -> Box<[CauseIx]> {
    let mut order: Box<[CauseIx]> = setting.priors.indices().collect();
    order.sort_unstable_by_key(|cause| (std::cmp::Reverse(setting.priors[*cause].1), *cause));
    order
}

impl Room {
    pub(crate) fn new(model: &Compiled, setting: SettingIx, link: Link) -> Self {
        let priors = model.kb.inner.settings[setting].priors.iter();
        let at_rest = |prior: LogOdds| match link {
            Link::Exclusive => posterior::against(prior, LogOdds::EVEN),
            Link::Independent => prior.probability().get(),
        };
        let rest: Box<[f64]> = priors.map(|(_, prior)| at_rest(*prior)).collect();
        Self {
            setting,
            link,
            places: rest.iter().map(|_| UNTOUCHED).collect(),
            touched: Vec::new(),
            odds: rest.clone(),
            rest,
            is_rebased: false,
            bites: false,
            best: Vec::new(),
            placed: Vec::new(),
        }
    }

    /// The first causes of a case, as many as asked for and in the order of their ranks, and the comparator.
    pub(crate) fn top(&mut self, model: &Compiled, case: &Case, ranks: usize) -> (&[Placed], Comparator) {
        self.score(model, case);
        self.place(model, ranks);
        let ungated = self.weigh(model, false);
        for placed in &mut self.placed {
            let odds = self.odds.get(placed.cause.position()).copied().unwrap_or(0.0);
            placed.posterior_ungated = ungated.of(odds);
            placed.posterior = placed.posterior_ungated;
        }
        let mut gated = ungated;
        if self.bites {
            gated = self.weigh(model, true);
            for placed in &mut self.placed {
                let odds = self.odds.get(placed.cause.position()).copied().unwrap_or(0.0);
                placed.posterior = gated.of(odds);
            }
        }
        self.settle();
        let posterior_ungated = ungated.of_comparator();
        (&self.placed, Comparator { posterior: gated.of_comparator(), posterior_ungated })
    }

    /// The posteriors of a case, cause by cause, 0 for an excluded one, and the comparator's last.
    pub(crate) fn posteriors(&mut self, model: &Compiled, case: &Case, into: &mut Vec<f64>) {
        self.score(model, case);
        let scale = self.weigh(model, self.bites);
        into.clear();
        match scale {
            Scale::Exclusive(shares) => into.extend(self.odds.iter().map(|odds| shares.of(*odds).get())),
            Scale::Independent => into.extend_from_slice(&self.odds),
        }
        for touched in self.touched.iter().filter(|touched| touched.is_excluded) {
            into.get_mut(touched.cause.position()).into_iter().for_each(|slot| *slot = 0.0);
        }
        into.push(scale.of_comparator());
        self.settle();
    }

    /// Finds the first causes: the best of the touched ones among the others, which stand in the order of their priors.
    fn place(&mut self, model: &Compiled, ranks: usize) {
        let Self { touched, best, placed, places, .. } = self;
        best.clear();
        let before = |a: &Touched, b: &Touched| a.key() > b.key();
        for touched in touched.iter().filter(|touched| !touched.is_excluded) {
            if ranks > FEW {
                best.push(*touched);
            } else if best.len() < ranks || best.last().is_some_and(|last| before(touched, last)) {
                best.truncate(ranks.saturating_sub(1));
                let place =
                    best.iter().rposition(|other| before(other, touched)).map_or(0, |other| other + 1);
                best.insert(place, *touched);
            }
        }
        if ranks > FEW {
            best.sort_unstable_by_key(|touched| std::cmp::Reverse(touched.key()));
        }
        let priors = &model.kb.inner.settings[self.setting].priors;
        let is_untouched = |cause: &&CauseIx| places.get(cause.position()) == Some(&UNTOUCHED);
        let others = model.by_prior[self.setting].iter().filter(is_untouched).map(|cause| {
            let prior = priors[*cause].1;
            let (is_closed, is_excluded) = (false, false);
            Touched { cause: *cause, raw: prior, capped: prior, score: prior, is_closed, is_excluded }
        });
        placed.clear();
        placed.extend(merge(best.iter().copied(), others, before).take(ranks).map(|touched| Placed {
            cause: touched.cause,
            score: touched.score,
            raw: touched.raw,
            posterior: 0.0,
            posterior_ungated: 0.0,
            is_closed: touched.is_closed,
        }));
    }

    /// Whether a cause is touched.
    fn is_touched(&self, cause: CauseIx) -> bool {
        self.places.get(cause.position()).is_some_and(|place| *place != UNTOUCHED)
    }

    /// A cause that is touched from now on.
    #[inline]
    fn touch(&mut self, cause: CauseIx, priors: &Priors) -> Option<&mut Touched> {
        let place = self.places.get_mut(cause.position())?;
        if *place == UNTOUCHED {
            *place = u32::try_from(self.touched.len()).unwrap_or(UNTOUCHED);
            let prior = priors[cause].1;
            let (is_closed, is_excluded) = (false, false);
            self.touched.push(Touched {
                cause,
                raw: prior,
                capped: prior,
                score: prior,
                is_closed,
                is_excluded,
            });
        }
        self.touched.get_mut(usize::try_from(*place).ok()?)
    }

    /// Adds the weights of a state.
    fn add(&mut self, table: &Table, state: usize, priors: &Priors) {
        let width = table.causes.len();
        let row = table.weights.get(state * width..(state + 1) * width).unwrap_or_default();
        for (cause, weight) in table.causes.iter().zip(row) {
            if let Some(touched) = self.touch(*cause, priors) {
                touched.raw = LogOdds::from_nanodecibans(touched.raw.nanodecibans() + weight);
            }
        }
    }

    /// Scores a case: what is touched, and nothing else.
    fn score(&mut self, model: &Compiled, case: &Case) {
        let priors = &model.kb.inner.settings[self.setting].priors;
        for (group, state) in case.active() {
            if let Some(table) = model.table(self.setting, *group) {
                self.add(table, *state, priors);
            }
        }
        for touched in &mut self.touched {
            (touched.capped, touched.score) = (touched.raw, touched.raw);
        }
        self.bites = false;
        let mut any = false;
        for gate in &model.kb.inner.gates {
            let truth = gate.truth(case);
            let acts = match gate.rule {
                GateRule::Caps(_) | GateRule::Excludes => truth == Truth::True,
                GateRule::Requires(GateMode::Strict) => truth != Truth::True,
                GateRule::Requires(GateMode::Lenient) => truth == Truth::False,
            };
            let Some(touched) = acts.then(|| self.touch(gate.cause, priors)).flatten() else { continue };
            any = true;
            match gate.rule {
                GateRule::Caps(level) => {
                    touched.capped = touched.capped.min(level);
                    touched.score = touched.capped;
                }
                GateRule::Excludes => touched.is_excluded = true,
                GateRule::Requires(_) => touched.is_closed = true,
            }
        }
        if any {
            self.hold(model);
        }
    }

    /// Holds closed causes below the best open one.
    fn hold(&mut self, model: &Compiled) {
        let open = self.touched.iter().filter(|touched| !touched.is_closed && !touched.is_excluded);
        let best = open.map(|touched| touched.capped).chain(self.best_untouched(model)).max();
        for touched in &mut self.touched {
            if let (true, Some(best)) = (touched.is_closed, best) {
                touched.score = touched.capped.min(best - HOLD);
            }
            self.bites |= touched.is_excluded || touched.score != touched.raw;
        }
    }

    /// The highest prior of the causes that are not touched.
    fn best_untouched(&self, model: &Compiled) -> Option<LogOdds> {
        let first = model.by_prior[self.setting].iter().find(|cause| !self.is_touched(**cause))?;
        Some(model.kb.inner.settings[self.setting].priors[*first].1)
    }

    /// Makes odds those of a case, with gates or without, and gives what makes them probabilities.
    fn weigh(&mut self, model: &Compiled, is_gated: bool) -> Scale {
        let priors = &model.kb.inner.settings[self.setting].priors;
        let score = |touched: &Touched| if is_gated { touched.score } else { touched.raw };
        let is_out = |touched: &Touched| is_gated && touched.is_excluded;
        // No prior is so high that odds would be taken against it.
        let base = posterior::base(self.touched.iter().filter(|touched| !is_out(touched)).map(score));
        if self.link == Link::Exclusive && base != LogOdds::EVEN {
            self.is_rebased = true;
            for ((_, prior), odds) in priors.iter().zip(&mut self.odds) {
                *odds = posterior::against(*prior, base);
            }
        } else {
            self.unbase();
        }
        for touched in &self.touched {
            if let Some(odds) = self.odds.get_mut(touched.cause.position()) {
                *odds = match self.link {
                    _ if is_out(touched) => 0.0,
                    Link::Exclusive => posterior::against(score(touched), base),
                    Link::Independent => score(touched).probability().get(),
                };
            }
        }
        match self.link {
            Link::Exclusive => Scale::Exclusive(Shares::new(base, &self.odds)),
            Link::Independent => Scale::Independent,
        }
    }

    /// Puts back odds that are against another base than the comparator.
    fn unbase(&mut self) {
        if self.is_rebased {
            self.odds.copy_from_slice(&self.rest);
            self.is_rebased = false;
        }
    }

    /// Puts back what a case touched.
    fn settle(&mut self) {
        self.unbase();
        for touched in self.touched.drain(..) {
            let at = touched.cause.position();
            if let (Some(place), Some(odds), Some(rest)) =
                (self.places.get_mut(at), self.odds.get_mut(at), self.rest.get(at))
            {
                (*place, *odds) = (UNTOUCHED, *rest);
            }
        }
    }
}

/// Two sorted sequences as one.
pub(super) fn merge<T>(
    first: impl Iterator<Item = T>,
    second: impl Iterator<Item = T>,
    before: impl Fn(&T, &T) -> bool,
) -> impl Iterator<Item = T> {
    let (mut first, mut second) = (first.peekable(), second.peekable());
    std::iter::from_fn(move || match (first.peek(), second.peek()) {
        (Some(one), Some(other)) if before(other, one) => second.next(),
        (Some(_), _) => first.next(),
        (None, _) => second.next(),
    })
}
