//! Scores, gates, ranks and posteriors of one case: whole numbers until a probability is shown.

use super::touched::merge;
use super::{Compiled, posterior};
use crate::belief::{LogOdds, Probability, Weight};
use crate::case::Case;
use crate::document::{GateMode, Link};
use crate::index::{CauseIx, Indexed, SettingIx};
use crate::knowledge::{Gate, GateRule, Truth};

/// How far a held cause is kept below the best open one: the least change a person notices.
pub(crate) const HOLD: Weight = Weight::DECIBAN;

/// How many causes need no memory of their own on the way.
const FEW: usize = 16;

/// Room for numbers that are needed only on the way.
#[derive(Debug, Default)]
pub(crate) struct Space {
    scores: Vec<i64>,
    odds: Vec<f64>,
    order: Vec<CauseIx>,
}

/// Room for a number of each cause: taken from the stack for few, and from memory that is kept for many.
fn room<'r, T: Copy>(few: &'r mut [T; FEW], many: &'r mut Vec<T>, causes: usize) -> &'r mut [T] {
    let [zero, ..] = *few;
    if causes > FEW {
        many.resize(causes, zero);
    }
    match few.get_mut(..causes) {
        Some(few) => few,
        None => many,
    }
}

/// The numbers of an assessment.
#[derive(Clone, Debug)]
pub(crate) struct Outcome {
    pub(crate) standings: Indexed<CauseIx, Standing>,
    /// The causes in the ranking, first first; excluded ones are not in it.
    pub(crate) order: Vec<CauseIx>,
    /// The comparator's posterior with gates and without.
    pub(crate) comparator: (Probability, Probability),
}

/// Where a cause stands.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Standing {
    /// Prior and evidence.
    pub(crate) raw: LogOdds,
    /// After caps.
    pub(crate) capped: LogOdds,
    /// After caps and hold.
    pub(crate) score: LogOdds,
    pub(crate) posterior: Probability,
    pub(crate) posterior_ungated: Probability,
    /// From 1; 0 where excluded.
    pub(crate) rank: usize,
    pub(crate) rank_ungated: usize,
    pub(crate) is_closed: bool,
    pub(crate) is_excluded: bool,
}

impl Standing {
    fn unranked() -> Self {
        let even = Probability::EVEN;
        Self {
            raw: LogOdds::EVEN,
            capped: LogOdds::EVEN,
            score: LogOdds::EVEN,
            posterior: even,
            posterior_ungated: even,
            rank: 0,
            rank_ungated: 0,
            is_closed: false,
            is_excluded: false,
        }
    }
}

impl Outcome {
    /// Room for the numbers of a model.
    pub(crate) fn of(model: &Compiled) -> Self {
        let causes = &model.kb.inner.causes;
        let even = Probability::EVEN;
        Self {
            standings: causes.iter().map(|_| Standing::unranked()).collect(),
            order: Vec::with_capacity(causes.len()),
            comparator: (even, even),
        }
    }

    /// Ranks the causes by score, then by score without gates, then by identifier.
    fn rank(&mut self, bites: bool, untouched: Untouched<'_>, room: &mut Vec<CauseIx>) {
        let Self { standings, order, .. } = self;
        order.clear();
        let raw = |cause: CauseIx| standings[cause].raw;
        sort(order, room, standings.indices(), untouched, |cause| (raw(cause), raw(cause)));
        for (rank, cause) in (1..).zip(order.iter()) {
            standings[*cause].rank_ungated = rank;
            standings[*cause].rank = rank;
        }
        if bites {
            order.clear();
            let ranked = standings.indices().filter(|cause| !standings[*cause].is_excluded);
            let key = |cause: CauseIx| (standings[cause].score, standings[cause].raw);
            let is_in = |cause: CauseIx| !standings[cause].is_excluded;
            sort(order, room, ranked, Untouched { is_in: &is_in, ..untouched }, key);
            standings.iter_mut().for_each(|standing| standing.rank = 0);
            for (rank, cause) in (1..).zip(order.iter()) {
                standings[*cause].rank = rank;
            }
        }
    }
}

/// What is known about the order of causes that stand where their priors put them.
#[derive(Clone, Copy)]
struct Untouched<'u> {
    priors: &'u Indexed<CauseIx, (Probability, LogOdds)>,
    by_prior: &'u [CauseIx],
    is_in: &'u dyn Fn(CauseIx) -> bool,
}

/// Puts causes in order, the highest first. Causes are indexed in the order of their identifiers, so the index is the last
/// tie-breaker. Many are sorted only as far as they do not stand where their priors put them.
fn sort(
    order: &mut Vec<CauseIx>,
    room: &mut Vec<CauseIx>,
    causes: impl Iterator<Item = CauseIx>,
    untouched: Untouched<'_>,
    key: impl Fn(CauseIx) -> (LogOdds, LogOdds),
) {
    let before = |a: CauseIx, b: CauseIx| key(b).cmp(&key(a)).then(a.cmp(&b));
    if untouched.by_prior.len() > FEW {
        let is_untouched = |cause: CauseIx| {
            let prior = untouched.priors[cause].1;
            key(cause) == (prior, prior)
        };
        room.clear();
        room.extend(causes.filter(|cause| !is_untouched(*cause)));
        room.sort_unstable_by(|a, b| before(*a, *b));
        let rest = untouched.by_prior.iter().copied();
        let rest = rest.filter(|cause| is_untouched(*cause) && (untouched.is_in)(*cause));
        order.extend(merge(room.iter().copied(), rest, |a, b| before(*a, *b).is_lt()));
        return;
    }
    order.extend(causes);
    for end in 1..order.len() {
        let mut at = end;
        while let Some([above, below]) = at.checked_sub(1).and_then(|start| order.get_mut(start..=at)) {
            if before(*above, *below).is_lt() {
                break;
            }
            std::mem::swap(above, below);
            at -= 1;
        }
    }
}

impl Compiled {
    /// The whole assessment of a case of this model.
    pub(crate) fn evaluate(
        &self,
        case: &Case,
        setting: SettingIx,
        link: Link,
        space: &mut Space,
        outcome: &mut Outcome,
    ) {
        let bites = self.rank(case, setting, space, outcome);
        let mut few = [0.0; FEW];
        let odds = room(&mut few, &mut space.odds, self.kb.inner.causes.len());
        posterior::fill(link, outcome, bites, odds);
    }

    /// Scores, gates and ranks, without posteriors; says whether any gate changed a score or took a cause out.
    pub(crate) fn rank(
        &self,
        case: &Case,
        setting: SettingIx,
        space: &mut Space,
        outcome: &mut Outcome,
    ) -> bool {
        let kb = &*self.kb.inner;
        let mut few = [0; FEW];
        let scores = room(&mut few, &mut space.scores, kb.causes.len());
        for (score, (_, prior)) in scores.iter_mut().zip(kb.settings[setting].priors.iter()) {
            *score = prior.nanodecibans();
        }
        for (group, state) in case.active() {
            if let Some(table) = self.table(setting, *group) {
                table.add(*state, scores);
            }
        }
        for (standing, score) in outcome.standings.iter_mut().zip(scores.iter()) {
            let raw = LogOdds::from_nanodecibans(*score);
            *standing = Standing { raw, capped: raw, score: raw, ..Standing::unranked() };
        }
        let bites = self.gate(case, outcome);
        let untouched = Untouched {
            priors: &kb.settings[setting].priors,
            by_prior: &self.by_prior[setting],
            is_in: &|_| true,
        };
        outcome.rank(bites, untouched, &mut space.order);
        bites
    }

    /// Applies the gates; says whether any changed a score or took a cause out.
    ///
    /// # Formula
    /// ```text
    /// M = max score of the open named causes
    /// s' = s                  of an open cause
    /// s' = min(s, M - 1 dB)   of a closed one
    /// ```
    fn gate(&self, case: &Case, outcome: &mut Outcome) -> bool {
        let gates = &self.kb.inner.gates;
        let mut any = false;
        for gate in gates {
            let standing = &mut outcome.standings[gate.cause];
            match (gate.rule, gate.truth(case)) {
                (GateRule::Caps(level), Truth::True) => {
                    standing.capped = standing.capped.min(level);
                    standing.score = standing.capped;
                }
                (GateRule::Excludes, Truth::True) => standing.is_excluded = true,
                (GateRule::Requires(GateMode::Strict), Truth::False | Truth::Undetermined)
                | (GateRule::Requires(GateMode::Lenient), Truth::False) => standing.is_closed = true,
                _ => continue,
            }
            any = true;
        }
        if !any {
            return false;
        }
        let open = outcome.standings.iter().filter(|standing| !standing.is_closed && !standing.is_excluded);
        // INVARIANT: validation leaves at least one cause that no gate can close, so the best always exists.
        let Some(best) = open.map(|standing| standing.capped).max() else {
            return true;
        };
        for standing in outcome.standings.iter_mut().filter(|standing| standing.is_closed) {
            standing.score = standing.capped.min(best - HOLD);
        }
        outcome.standings.iter().any(|standing| standing.is_excluded || standing.score != standing.raw)
    }
}

impl Gate {
    /// The truth of the gate's condition in a case.
    pub(crate) fn truth(&self, case: &Case) -> Truth {
        self.formula.evaluate(&|indicator| case.code(indicator))
    }
}
