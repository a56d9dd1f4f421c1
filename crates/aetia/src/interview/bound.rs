//! How far answers nobody has given yet can carry one cause past another: sums of the best of each group.

use std::collections::BTreeSet;

use super::{Probe, is_answered};
use crate::document::GateMode;
use crate::index::{CauseIx, Dense, GroupIx, IndicatorIx};
use crate::knowledge::{Formula, GateRule, Knowledge, Shape, Truth};

/// What a group can do at most when some of its members are free.
#[derive(Debug)]
pub(super) struct Room {
    /// For each cause, by how much it can gain on the leader, counted from the present state.
    gain: Vec<i64>,
    /// For each cause, by how much its own score can grow.
    rise: Vec<i64>,
}

impl Room {
    /// By how much a cause can gain on the leader.
    pub(super) fn gain_of(&self, cause: CauseIx) -> i64 {
        self.gain.get(cause.position()).copied().unwrap_or(0)
    }

    /// By how much a cause's own score can grow.
    pub(super) fn rise_of(&self, cause: CauseIx) -> i64 {
        self.rise.get(cause.position()).copied().unwrap_or(0)
    }
}

impl Knowledge {
    /// The indicators whose answers may change when these are asked: they, and all that may follow.
    pub(super) fn reach(&self, open: &BTreeSet<IndicatorIx>) -> BTreeSet<IndicatorIx> {
        let then = self.implications.iter().flat_map(|implication| &implication.then);
        open.iter().copied().chain(then.map(|(indicator, _)| *indicator)).collect()
    }
}

impl Probe<'_> {
    /// What each group can do at most to the distance between the leader and the others, when `free` members may have
    /// any answer or none and the others keep theirs. A superset of what contradiction-free answers can do.
    pub(super) fn rooms(&self, leader: CauseIx, free: &BTreeSet<IndicatorIx>) -> Vec<(GroupIx, Room)> {
        let kb = self.kb();
        let mut rooms = Vec::new();
        for (ix, group) in kb.groups.enumerate() {
            if !group.members.iter().any(|member| free.contains(member)) {
                continue;
            }
            let Some(table) = self.model.table(self.setting, ix) else { continue };
            let active = self.case.active();
            let at = active.binary_search_by_key(&ix, |(group, _)| *group).ok();
            let now = at.and_then(|at| active.get(at)).map_or(0, |(_, state)| *state);
            let causes = kb.causes.len();
            let weights = |state: usize| {
                let mut weights = vec![0; causes];
                table.add(state, &mut weights);
                weights
            };
            let here = weights(now);
            let own = |weights: &[i64]| weights.get(leader.position()).copied().unwrap_or(0);
            let mut room = Room { gain: vec![0; causes], rise: vec![0; causes] };
            for state in self.states(ix, now, free) {
                let there = weights(state);
                let moved = own(&there) - own(&here);
                for (((gain, rise), there), here) in
                    room.gain.iter_mut().zip(&mut room.rise).zip(&there).zip(&here)
                {
                    *gain = (*gain).max(there - here - moved);
                    *rise = (*rise).max(there - here);
                }
            }
            rooms.push((ix, room));
        }
        rooms
    }

    /// The states a group may come to.
    fn states(&self, ix: GroupIx, now: usize, free: &BTreeSet<IndicatorIx>) -> Vec<usize> {
        let kb = self.kb();
        let group = &kb.groups[ix];
        match &group.shape {
            Shape::Joint { strides, .. } => {
                let mut states = vec![
                    group
                        .members
                        .iter()
                        .zip(strides)
                        .filter(|(member, _)| !free.contains(member))
                        .map(|(member, stride)| usize::from(self.case.code(*member)) * stride)
                        .sum(),
                ];
                for (member, stride) in group.members.iter().zip(strides) {
                    if free.contains(member) {
                        let answers = kb.indicators[*member].answers.len();
                        let with = |state: &usize| {
                            let state = *state;
                            (0..=answers).map(move |code| state + code * stride)
                        };
                        states = states.iter().flat_map(with).collect();
                    }
                }
                states
            }
            Shape::Tally { .. } => {
                // An item that is decided by what stays as it is stays decided.
                let answer = |indicator: IndicatorIx| {
                    if free.contains(&indicator) {
                        crate::knowledge::UNKNOWN
                    } else {
                        self.case.code(indicator)
                    }
                };
                let truths = || group.items.iter().map(|item| item.formula.evaluate(&answer));
                let sure = |truth: Truth| truths().filter(|other| *other == truth).count();
                let (present, absent) = (sure(Truth::True), sure(Truth::False));
                let all = (0..group.shape.states()).filter(|state| {
                    group.shape.tally(*state).is_some_and(|(p, q)| p >= present && q >= absent)
                });
                all.chain(std::iter::once(now)).collect()
            }
        }
    }

    /// Whether no answers to open questions can change the first cause, as far as a comparison with one rival at a time
    /// can tell. Gates are read in three-valued logic: a definite one stays.
    pub(super) fn is_bound(&mut self, leader: CauseIx, open: &BTreeSet<IndicatorIx>) -> bool {
        let free = self.kb().reach(open);
        let free: BTreeSet<IndicatorIx> =
            free.into_iter().filter(|ix| !is_answered(self.case.code(*ix))).collect();
        let rooms = self.rooms(leader, &free);
        let kb = self.kb();
        let mut cap = None;
        for gate in kb.gates.iter().filter(|gate| gate.cause == leader) {
            match (gate.rule, self.fate(&gate.formula, &free)) {
                // The leader is open now; it stays so unless the condition may still turn.
                (GateRule::Requires(_) | GateRule::Excludes, Fate::Open) => return false,
                (GateRule::Caps(level), Fate::Open | Fate::Stays(Truth::True)) => {
                    cap = Some(cap.map_or(level, |lower: crate::belief::LogOdds| lower.min(level)));
                }
                (GateRule::Requires(_) | GateRule::Excludes | GateRule::Caps(_), Fate::Stays(_)) => {}
            }
        }
        let raw = self.raw(self.case);
        let score = |cause: CauseIx| raw.get(cause.position()).copied().unwrap_or(0);
        let sum = |of: &dyn Fn(&Room) -> i64| rooms.iter().map(|(_, room)| of(room)).sum::<i64>();
        kb.causes.indices().filter(|rival| *rival != leader).all(|rival| {
            let at = |of: &[i64]| of.get(rival.position()).copied().unwrap_or(0);
            let ahead = score(rival) - score(leader) + sum(&|room| at(&room.gain));
            let is_behind = ahead < 0 || (ahead == 0 && leader < rival && cap.is_none());
            let highest = score(rival) + sum(&|room| at(&room.rise));
            let is_below_cap = cap.is_none_or(|cap| highest < cap.nanodecibans());
            self.is_out(rival, &free) || (is_behind && is_below_cap)
        })
    }

    /// Whether a cause is barred from leading whatever is answered.
    fn is_out(&self, cause: CauseIx, free: &BTreeSet<IndicatorIx>) -> bool {
        let gates = self.kb().gates.iter().filter(|gate| gate.cause == cause);
        gates.into_iter().any(|gate| match (gate.rule, self.fate(&gate.formula, free)) {
            (GateRule::Requires(GateMode::Strict), Fate::Stays(truth)) => truth != Truth::True,
            (GateRule::Requires(GateMode::Lenient), Fate::Stays(truth)) => truth == Truth::False,
            (GateRule::Excludes, Fate::Stays(truth)) => truth == Truth::True,
            (GateRule::Caps(_), _) | (_, Fate::Open) => false,
        })
    }

    /// Whether a condition keeps its truth.
    pub(super) fn fate(&self, formula: &Formula, free: &BTreeSet<IndicatorIx>) -> Fate {
        let truth = formula.evaluate(&|indicator| self.case.code(indicator));
        let is_definite = truth != Truth::Undetermined;
        if is_definite || formula.indicators().is_disjoint(free) { Fate::Stays(truth) } else { Fate::Open }
    }
}

/// What may become of a condition.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fate {
    /// It keeps this truth.
    Stays(Truth),
    /// It may turn.
    Open,
}
