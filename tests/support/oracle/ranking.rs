//! Gates, ranks and posteriors ("Gates", "Links (probabilities)").

use std::collections::BTreeMap;

use aetia::{GateKind, GateMode, Link, LogOdds, Weight, exp10};

use super::{OracleCause, Sheet, Truth};

impl Sheet<'_> {
    /// Caps, then exclusions, then holds at one deciban below the best open named cause.
    pub(super) fn gate(&self, causes: &mut BTreeMap<String, OracleCause>) {
        for (id, gate) in &self.document.gates {
            let truth = self.truth(&gate.condition);
            let cause = causes.get_mut(&gate.cause).expect("a named cause");
            match gate.kind {
                GateKind::Caps if truth == Truth::True => {
                    cause.capped_by.push(id.clone());
                    cause.score = cause.score.min(cap(gate.probability.expect("the probability of a cap")));
                }
                GateKind::Excludes if truth == Truth::True => cause.excluded_by.push(id.clone()),
                GateKind::Requires if is_closed(gate.mode.unwrap_or_default(), truth) => {
                    cause.held_by.push(id.clone());
                }
                GateKind::Caps | GateKind::Excludes | GateKind::Requires => {}
            }
        }
        let is_open = |cause: &&OracleCause| cause.held_by.is_empty() && cause.excluded_by.is_empty();
        let best_open =
            causes.values().filter(is_open).map(|cause| cause.score).max().expect("an open named cause");
        for cause in causes.values_mut() {
            if !cause.held_by.is_empty() {
                cause.score = cause.score.min(best_open - Weight::DECIBAN);
            }
            cause.gate = cause.score - cause.raw;
        }
    }
}

/// Whether a `requires` gate is closed: a strict one unless its condition definitely holds, a lenient one
/// only where it definitely does not.
fn is_closed(mode: GateMode, truth: Truth) -> bool {
    match mode {
        GateMode::Strict => truth != Truth::True,
        GateMode::Lenient => truth == Truth::False,
    }
}

/// The highest position whose probability is at most that of a cap: rounded down.
fn cap(probability: f64) -> LogOdds {
    LogOdds::from_nanodecibans(libm::floor(1e10 * libm::log10(probability / (1.0 - probability))) as i64)
}

/// Ranks the causes by (score, raw score, id), before and after gates; returns the order after.
pub(super) fn rank(causes: &mut BTreeMap<String, OracleCause>) -> Vec<String> {
    let sorted = |position: &dyn Fn(&OracleCause) -> (LogOdds, LogOdds)| -> Vec<String> {
        let mut ids: Vec<String> = causes.keys().cloned().collect();
        // The sort is stable, so ties stay in the order of ids.
        ids.sort_by(|one, other| position(&causes[other]).cmp(&position(&causes[one])));
        ids
    };
    let ungated = sorted(&|cause| (cause.raw, cause.raw));
    let mut order = sorted(&|cause| (cause.score, cause.raw));
    order.retain(|id| causes[id].excluded_by.is_empty());
    for (id, cause) in causes {
        cause.rank = order.iter().position(|other| other == id).map(|index| index + 1);
        cause.rank_ungated = ungated.iter().position(|other| other == id).expect("every cause") + 1;
    }
    order
}

/// Fills in the posteriors; returns the comparator's, after gates and before.
pub(super) fn judge(causes: &mut BTreeMap<String, OracleCause>, link: Link) -> (f64, f64) {
    let ungated: BTreeMap<String, LogOdds> =
        causes.iter().map(|(id, cause)| (id.clone(), cause.raw)).collect();
    let ranked = causes.iter().filter(|(_, cause)| cause.excluded_by.is_empty());
    let gated: BTreeMap<String, LogOdds> = ranked.map(|(id, cause)| (id.clone(), cause.score)).collect();
    let (before, after) = (posteriors(&ungated, link), posteriors(&gated, link));
    for (id, cause) in causes {
        cause.posterior = after.0.get(id).copied().unwrap_or(0.0);
        cause.posterior_ungated = before.0[id];
    }
    (after.1, before.1)
}

/// The posteriors of causes at these positions, and the comparator's, whose position is 0.
fn posteriors(scores: &BTreeMap<String, LogOdds>, link: Link) -> (BTreeMap<String, f64>, f64) {
    match link {
        Link::Independent => {
            (scores.iter().map(|(id, score)| (id.clone(), score.probability().get())).collect(), 0.5)
        }
        Link::Exclusive => {
            let highest = scores.values().copied().fold(LogOdds::EVEN, LogOdds::max);
            let mass = |score: LogOdds| exp10((score - highest).nanodecibans());
            let total = scores.values().fold(mass(LogOdds::EVEN), |sum, score| sum + mass(*score));
            let share = |score| mass(score) / total;
            (scores.iter().map(|(id, score)| (id.clone(), share(*score))).collect(), share(LogOdds::EVEN))
        }
    }
}
