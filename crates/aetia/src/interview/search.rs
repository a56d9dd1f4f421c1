//! Sets of answers that change the first cause: pushed towards a rival, made as small as will do, or searched in the
//! order of their size.

use std::collections::BTreeSet;

use super::bound::Room;
use super::{Answers, Budget, Probe, Purse, codes, is_answered};
use crate::belief::Weight;
use crate::case::Finding;
use crate::document::GateMode;
use crate::index::{CauseIx, GroupIx, IndicatorIx};
use crate::knowledge::{AnswerCode, GateRule, Truth};

/// How often a push goes over the questions.
const ROUNDS: usize = 2;

/// What a search for the fewest answers came to.
#[derive(Debug)]
pub(super) enum Found {
    /// These are the fewest, and of those the cheapest.
    Fewest(Answers),
    /// No answers do it.
    Nothing,
    /// Every set of fewer than so many was tried without success.
    Undecided(usize),
}

impl Probe<'_> {
    /// Gives every open question the answer that helps a cause most against the leader, one after another, gates first,
    /// as far as the purse reaches.
    pub(super) fn push(
        &mut self,
        target: CauseIx,
        leader: CauseIx,
        open: &[IndicatorIx],
        purse: &mut Purse,
    ) -> Answers {
        let mut answers: Answers = Vec::new();
        let mut best = self.favour(target, leader, &answers);
        for _ in 0..ROUNDS {
            for ix in open {
                let mut chosen = None;
                let rest: Answers = answers.iter().copied().filter(|(other, _)| other != ix).collect();
                for code in codes(self.kb(), *ix) {
                    if code == self.case.given_code(*ix) || !purse.pay() {
                        continue;
                    }
                    let mut tried = rest.clone();
                    tried.push((*ix, code));
                    let favour = self.favour(target, leader, &tried);
                    if favour > best {
                        best = favour;
                        chosen = Some(tried);
                    }
                }
                answers = chosen.unwrap_or(answers);
            }
        }
        answers
    }

    /// How well answers suit a cause: whether it is first, how its gates stand, how far it is above the leader. Nothing
    /// where they contradict each other.
    fn favour(&mut self, target: CauseIx, leader: CauseIx, answers: &Answers) -> Option<(bool, i32, i64)> {
        let case = self.case.with(answers)?;
        let gates = self.kb().gates.iter().filter(|gate| gate.cause == target || gate.cause == leader);
        let openness: i32 = gates
            .map(|gate| {
                let truth = match gate.truth(&case) {
                    Truth::True => 1,
                    Truth::Undetermined => 0,
                    Truth::False => -1,
                };
                let truth = match gate.rule {
                    // A lenient gate is as open undetermined as true.
                    GateRule::Requires(GateMode::Lenient) => truth.min(0),
                    GateRule::Requires(GateMode::Strict) => truth,
                    GateRule::Caps(_) | GateRule::Excludes => -truth.max(0),
                };
                if gate.cause == target { truth } else { 0 }
            })
            .sum();
        let outcome = self.look(&case);
        let is_first = outcome.order.first() == Some(&target);
        let score = |cause: CauseIx| outcome.standings[cause].raw.nanodecibans();
        Some((is_first, openness, score(target) - score(leader)))
    }

    /// As few of these answers as will do: none of those left can be left out.
    pub(super) fn shrunk(&mut self, mut answers: Answers, is_wanted: &dyn Fn(CauseIx) -> bool) -> Answers {
        // What could not be left out at first may be left out once something else has been.
        let mut is_smaller = true;
        while std::mem::take(&mut is_smaller) {
            let mut at = 0;
            while at < answers.len() {
                let mut fewer = answers.clone();
                fewer.remove(at);
                if self.first_with(&fewer).is_some_and(is_wanted) {
                    answers = fewer;
                    is_smaller = true;
                } else {
                    at += 1;
                }
            }
        }
        answers
    }

    /// The indicators whose answers may be changed: all but those that could not be assessed. One that weighs nothing is among
    /// them where its answer stands in the way of others: it would have to change with them.
    pub(super) fn changeable(&self) -> Vec<IndicatorIx> {
        let (kb, live) = (self.kb(), self.live());
        let follows = kb.implications.iter().flat_map(|it| it.then.iter().map(|(indicator, _)| *indicator));
        let excluded = kb.impossible.iter().flat_map(|it| it.condition.indicators());
        let bound: BTreeSet<IndicatorIx> = follows.chain(excluded).collect();
        let stands_in_the_way =
            |ix: &IndicatorIx| bound.contains(ix) && is_answered(self.case.given_code(*ix));
        let can_change = |ix: &IndicatorIx| {
            self.case.finding_at(*ix) != Finding::NotAssessable && !self.case.is_not_assessable(*ix)
        };
        let matters = |ix: &IndicatorIx| live.contains(ix) || stands_in_the_way(ix);
        kb.indicators.indices().filter(matters).filter(can_change).collect()
    }

    /// The fewest answers, changed or newly given, after which a cause is first: the target, or any but the leader.
    pub(super) fn fewest(&mut self, leader: CauseIx, target: Option<CauseIx>, budget: &Budget) -> Found {
        let candidates = self.candidates(leader, target);
        let mut search = Search {
            leader,
            target,
            level: 0,
            left: budget.nodes,
            // Sets that the bound excludes cost a fraction of an assessment.
            steps: budget.nodes.saturating_mul(32),
            best: None,
        };
        let indicators: BTreeSet<IndicatorIx> =
            candidates.list.iter().map(|candidate| candidate.ix).collect();
        for level in 1..=indicators.len() {
            search.level = level;
            if !candidates.may_do(&[], level) {
                continue;
            }
            let is_complete = self.search(&candidates, &mut search, 0, &mut Vec::new());
            if let Some((_, answers)) = search.best {
                return Found::Fewest(answers);
            }
            if !is_complete {
                return Found::Undecided(level);
            }
        }
        Found::Nothing
    }

    fn candidates(&mut self, leader: CauseIx, target: Option<CauseIx>) -> Candidates {
        let (kb, case, changeable) = (self.kb(), self.case, self.changeable());
        let rooms = self.rooms(leader, &kb.indicators.indices().collect());
        let outcome = self.look(case);
        let standings = &outcome.standings;
        let rivals = kb.causes.indices().filter(|rival| *rival != leader);
        let rivals = rivals.filter(|rival| target.is_none_or(|it| it == *rival));
        // A cap in force stays on the leader however far its evidence carries it: a rival then needs no more than to
        // reach the cap.
        let caps = kb.gates.iter().filter(|gate| gate.cause == leader && gate.truth(case) == Truth::True);
        let cap =
            caps.filter_map(|gate| if let GateRule::Caps(level) = gate.rule { Some(level) } else { None });
        let cap = cap.min();
        let races = rivals.flat_map(|rival| {
            let raw = standings[rival].raw;
            let past_leader = Race::new(rival, raw - standings[leader].raw, Room::gain_of, &rooms);
            let past_cap = cap.map(|cap| Race::new(rival, raw - cap, Room::rise_of, &rooms));
            std::iter::once(past_leader).chain(past_cap)
        });
        let races = races.collect();
        // Whatever the leader's gates read may take it down, and so may what implies that: all of its group.
        let gates = kb.gates.iter().filter(|gate| gate.cause == leader);
        let read: BTreeSet<IndicatorIx> = gates.flat_map(|gate| gate.formula.indicators()).collect();
        let read: BTreeSet<GroupIx> = read.into_iter().map(|ix| kb.indicators[ix].group).collect();
        let mut list = Vec::new();
        for ix in changeable {
            let group = kb.indicators[ix].group;
            let is_key = read.contains(&group);
            let given = self.case.given_code(ix);
            let others = codes(kb, ix).filter(|code| *code != given);
            list.extend(others.map(|code| Candidate { ix, code, group, is_key }));
        }
        let has_keys = list.iter().any(|candidate| candidate.is_key);
        Candidates { list, races, rooms, has_keys }
    }

    /// Tries every set of a size; says whether all of them were tried.
    fn search(
        &mut self,
        all: &Candidates,
        search: &mut Search,
        start: usize,
        chosen: &mut Vec<usize>,
    ) -> bool {
        let left = search.level - chosen.len();
        if search.steps == 0 || search.left == 0 {
            return false;
        }
        search.steps -= 1;
        if !all.may_do(chosen, left) {
            return true;
        }
        if left == 0 {
            search.left -= 1;
            let answers = all.answers(chosen);
            let first = self.first_with(&answers);
            let is_wanted = first.is_some_and(|first| match search.target {
                Some(target) => first == target,
                None => first != search.leader,
            });
            if is_wanted {
                let cost = self.cost(&answers);
                if search.best.as_ref().is_none_or(|(least, _)| cost < *least) {
                    search.best = Some((cost, answers));
                }
            }
            return true;
        }
        for at in start..all.list.len() {
            let is_taken = |other: &usize| all.indicator(*other) == all.indicator(at);
            if chosen.last().is_some_and(is_taken) {
                continue;
            }
            chosen.push(at);
            let is_complete = self.search(all, search, at + 1, chosen);
            chosen.pop();
            if !is_complete {
                return false;
            }
        }
        true
    }

    /// What answers cost together, in whole billionths so that sums do not depend on their order.
    pub(super) fn cost(&self, answers: &Answers) -> i64 {
        let kb = self.kb();
        answers
            .iter()
            .map(|(ix, _)| crate::belief::billionths(kb.indicators[*ix].cost()))
            .fold(0, i64::saturating_add)
    }
}

/// An answer that is not given now.
#[derive(Debug)]
struct Candidate {
    ix: IndicatorIx,
    code: AnswerCode,
    group: GroupIx,
    /// Whether a gate of the leader reads its group.
    is_key: bool,
}

/// What a search may choose from, and what the choice can do at most.
#[derive(Debug)]
struct Candidates {
    list: Vec<Candidate>,
    races: Vec<Race>,
    rooms: Vec<(GroupIx, Room)>,
    has_keys: bool,
}

/// What a rival has to pass without gates: the leader, or the cap the leader is under.
#[derive(Debug)]
struct Race {
    rival: CauseIx,
    /// How far it is ahead now; mostly negative.
    ahead: i64,
    /// What a group can do for it at most.
    help: fn(&Room, CauseIx) -> i64,
    /// What the groups can do, the best first.
    best: Vec<i64>,
}

impl Race {
    fn new(
        rival: CauseIx,
        ahead: Weight,
        help: fn(&Room, CauseIx) -> i64,
        rooms: &[(GroupIx, Room)],
    ) -> Self {
        let mut best: Vec<i64> = rooms.iter().map(|(_, room)| help(room, rival)).collect();
        best.sort_unstable_by(|one, other| other.cmp(one));
        Self { rival, ahead: ahead.nanodecibans(), help, best }
    }
}

/// A search on its way.
#[derive(Debug)]
struct Search {
    leader: CauseIx,
    target: Option<CauseIx>,
    level: usize,
    left: usize,
    steps: usize,
    best: Option<(i64, Answers)>,
}

impl Candidates {
    fn indicator(&self, at: usize) -> Option<IndicatorIx> {
        self.list.get(at).map(|candidate| candidate.ix)
    }

    fn answers(&self, chosen: &[usize]) -> Answers {
        let chosen = chosen.iter().filter_map(|at| self.list.get(*at));
        chosen.map(|candidate| (candidate.ix, candidate.code)).collect()
    }

    /// Whether these answers and so many more may do what is wanted: a gate of the leader may turn, or a rival may catch
    /// up with it or with its cap, the groups of the answers and as many others as are left each giving the best they
    /// have.
    fn may_do(&self, chosen: &[usize], left: usize) -> bool {
        let chosen = || chosen.iter().filter_map(|at| self.list.get(*at));
        if chosen().any(|candidate| candidate.is_key) || (left > 0 && self.has_keys) {
            return true;
        }
        // Candidates come by indicator and not by group, so that a group may come twice.
        let groups: BTreeSet<GroupIx> = chosen().map(|candidate| candidate.group).collect();
        self.races.iter().any(|race| {
            let of_group = |group: &GroupIx| {
                let at = self.rooms.binary_search_by_key(group, |(ix, _)| *ix).ok();
                at.and_then(|at| self.rooms.get(at)).map_or(0, |(_, room)| (race.help)(room, race.rival))
            };
            let here: i64 = groups.iter().map(of_group).sum();
            let more: i64 = race.best.iter().take(left).sum();
            race.ahead + here + more >= 0
        })
    }
}
