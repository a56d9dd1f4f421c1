//! What follows from findings, and findings that cannot all be true.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::{Case, Closed, Said};
use crate::index::{GroupIx, IndicatorIx};
use crate::knowledge::{AnswerCode, Formula, Knowledge, KnowledgeBase, Seat, Truth, UNKNOWN};

/// How many active groups there is room for at first.
const ROOM: usize = 16;

/// A finding that was treated as unknown, and why.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Dropped {
    indicator: String,
    reason: String,
}

impl Dropped {
    pub(crate) fn new(indicator: &impl ToString, reason: String) -> Self {
        Self { indicator: indicator.to_string(), reason }
    }

    /// The indicator.
    pub fn indicator(&self) -> &str {
        &self.indicator
    }

    /// Why the finding was not used.
    pub fn reason(&self) -> &str {
        &self.reason
    }
}

/// Findings that cannot all be true: the answers concerned, and why.
#[derive(Debug)]
pub(super) struct Contradiction {
    pub(super) findings: Vec<(IndicatorIx, AnswerCode)>,
    pub(super) reason: String,
}

impl Case {
    /// Closes findings under all implications.
    pub(super) fn close(kb: KnowledgeBase, mut said: Said) -> Result<Self, (KnowledgeBase, Contradiction)> {
        match kb.inner.closure(&mut said) {
            Ok(inferred) => Ok(Self::closed(kb, said, inferred, Vec::new())),
            Err(contradiction) => Err((kb, contradiction)),
        }
    }

    /// The same, with contradicting answers treated as unknown until none is left.
    pub(super) fn close_leniently(kb: KnowledgeBase, mut said: Said, mut dropped: Vec<Dropped>) -> Self {
        loop {
            let mut closed = said.clone();
            match kb.inner.closure(&mut closed) {
                Ok(inferred) => return Self::closed(kb, closed, inferred, dropped),
                Err(contradiction) => {
                    let concerned: BTreeSet<IndicatorIx> =
                        contradiction.findings.iter().map(|(ix, _)| *ix).collect();
                    let groups: BTreeSet<GroupIx> =
                        concerned.iter().map(|ix| kb.inner.indicators[*ix].group).collect();
                    // Where only inferred answers contradict each other, all they can follow from goes.
                    let direct = said.indicators().any(|ix| concerned.contains(&ix));
                    let goes = |ix: &IndicatorIx| {
                        if direct {
                            concerned.contains(ix)
                        } else {
                            groups.contains(&kb.inner.indicators[*ix].group)
                        }
                    };
                    let reason = format!("contradicts another finding: {}", contradiction.reason);
                    let gone: Vec<IndicatorIx> = said.indicators().filter(goes).collect();
                    for ix in &gone {
                        said.put(*ix, None);
                        dropped.push(Dropped::new(&kb.inner.indicators[*ix].id, reason.clone()));
                    }
                    if gone.is_empty() {
                        said = Said::nothing(kb.inner.indicators.len());
                    }
                }
            }
        }
    }

    fn closed(kb: KnowledgeBase, said: Said, inferred: Vec<IndicatorIx>, dropped: Vec<Dropped>) -> Self {
        let active = kb.inner.active(&said);
        Self { inner: Arc::new(Closed { kb, said, inferred, active, dropped }) }
    }
}

impl Knowledge {
    /// Adds all that follows from what was said, to a fixed point; gives what was inferred.
    fn closure(&self, said: &mut Said) -> Result<Vec<IndicatorIx>, Contradiction> {
        let mut inferred = Vec::new();
        let mut changed = true;
        while changed {
            changed = false;
            for implication in &self.implications {
                if evaluate(&implication.condition, said) != Truth::True {
                    continue;
                }
                for (indicator, answer) in &implication.then {
                    match said.code(*indicator) {
                        UNKNOWN => {
                            said.infer(*indicator, *answer);
                            inferred.push(*indicator);
                            changed = true;
                        }
                        known if known != *answer => {
                            let mut findings = known_of(&implication.condition, said);
                            findings.push((*indicator, known));
                            return Err(Contradiction { findings, reason: implication.reason.clone() });
                        }
                        _ => {}
                    }
                }
            }
        }
        for impossible in &self.impossible {
            if evaluate(&impossible.condition, said) == Truth::True {
                let findings = known_of(&impossible.condition, said);
                return Err(Contradiction { findings, reason: impossible.reason.clone() });
            }
        }
        inferred.sort_unstable();
        Ok(inferred)
    }

    /// The groups in which something is known, in order, with their states.
    fn active(&self, said: &Said) -> Vec<(GroupIx, usize)> {
        let mut active: Vec<(GroupIx, usize)> = Vec::with_capacity(ROOM);
        said.each_known(|indicator, code| {
            let Seat { group, stride, .. } = self.seats[indicator];
            let new = || stride.map_or_else(|| self.tally(group, said), |stride| usize::from(code) * stride);
            // Groups come in the order of their first members, so that most are new and come last.
            if active.last().is_none_or(|(last, _)| *last < group) {
                active.push((group, new()));
                return;
            }
            match (active.binary_search_by_key(&group, |(known, _)| *known), stride) {
                (Ok(at), Some(stride)) => {
                    active
                        .get_mut(at)
                        .into_iter()
                        .for_each(|(_, state)| *state += usize::from(code) * stride);
                }
                // A tally was counted when its first known member was met.
                (Ok(_), None) => {}
                (Err(at), _) => active.insert(at, (group, new())),
            }
        });
        active
    }

    /// The state of a tally.
    fn tally(&self, group: GroupIx, said: &Said) -> usize {
        let group = &self.groups[group];
        let items = group.items.iter().map(|item| evaluate(&item.formula, said));
        group.shape.state(std::iter::empty(), items)
    }
}

fn evaluate(formula: &Formula, said: &Said) -> Truth {
    formula.evaluate(&|indicator| said.code(indicator))
}

/// The known answers a formula reads.
fn known_of(formula: &Formula, said: &Said) -> Vec<(IndicatorIx, AnswerCode)> {
    let answers = formula.indicators().into_iter().map(|ix| (ix, said.code(ix)));
    answers.filter(|(_, answer)| *answer != UNKNOWN).collect()
}
