//! What follows from findings, and findings that cannot all be true.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::{Case, Closed, Given};
use crate::id::IndicatorId;
use crate::index::{Dense, GroupIx, IndicatorIx};
use crate::knowledge::{AnswerCode, Formula, Knowledge, KnowledgeBase, Shape, Truth, UNKNOWN};

/// A finding that was treated as unknown, and why.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Dropped {
    indicator: String,
    reason: String,
}

impl Dropped {
    pub(super) fn new(indicator: &IndicatorId, reason: String) -> Self {
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
    pub(super) fn close(
        kb: KnowledgeBase,
        given: BTreeMap<IndicatorIx, Given>,
    ) -> Result<Self, Contradiction> {
        let (codes, inferred) = kb.inner.closure(&given)?;
        Ok(Self::closed(kb, given, codes, inferred, Vec::new()))
    }

    /// The same, with contradicting answers treated as unknown until none is left.
    pub(super) fn close_leniently(
        kb: KnowledgeBase,
        mut given: BTreeMap<IndicatorIx, Given>,
        mut dropped: Vec<Dropped>,
    ) -> Self {
        loop {
            match kb.inner.closure(&given) {
                Ok((codes, inferred)) => return Self::closed(kb, given, codes, inferred, dropped),
                Err(contradiction) => {
                    let concerned: BTreeSet<IndicatorIx> =
                        contradiction.findings.iter().map(|(ix, _)| *ix).collect();
                    let groups: BTreeSet<GroupIx> =
                        concerned.iter().map(|ix| kb.inner.indicators[*ix].group).collect();
                    // Where only inferred answers contradict each other, all they can follow from goes.
                    let direct = given.keys().any(|ix| concerned.contains(ix));
                    let goes = |ix: &IndicatorIx| {
                        if direct {
                            concerned.contains(ix)
                        } else {
                            groups.contains(&kb.inner.indicators[*ix].group)
                        }
                    };
                    let reason = format!("contradicts another finding: {}", contradiction.reason);
                    let gone: Vec<IndicatorIx> = given.keys().copied().filter(goes).collect();
                    for ix in &gone {
                        given.remove(ix);
                        dropped.push(Dropped::new(&kb.inner.indicators[*ix].id, reason.clone()));
                    }
                    if gone.is_empty() {
                        given.clear();
                    }
                }
            }
        }
    }

    fn closed(
        kb: KnowledgeBase,
        given: BTreeMap<IndicatorIx, Given>,
        codes: Box<[AnswerCode]>,
        inferred: Vec<IndicatorIx>,
        dropped: Vec<Dropped>,
    ) -> Self {
        let active = kb.inner.active(&given, &inferred, &codes);
        Self { inner: Arc::new(Closed { kb, given, codes, inferred, active, dropped }) }
    }
}

/// Answer codes by indicator, and which of them were inferred.
type Closure = (Box<[AnswerCode]>, Vec<IndicatorIx>);

impl Knowledge {
    /// The answer codes of a case: what was given and all that follows, to a fixed point.
    fn closure(&self, given: &BTreeMap<IndicatorIx, Given>) -> Result<Closure, Contradiction> {
        let mut codes = vec![UNKNOWN; self.indicators.len()].into_boxed_slice();
        for (indicator, given) in given {
            if let (Given::Answer(answer, _), Some(slot)) = (given, codes.get_mut(indicator.position())) {
                *slot = *answer;
            }
        }
        let mut inferred = Vec::new();
        let mut changed = true;
        while changed {
            changed = false;
            for implication in &self.implications {
                if evaluate(&implication.condition, &codes) != Truth::True {
                    continue;
                }
                for (indicator, answer) in &implication.then {
                    match codes.get(indicator.position()).copied() {
                        Some(UNKNOWN) => {
                            if let Some(slot) = codes.get_mut(indicator.position()) {
                                *slot = *answer;
                            }
                            inferred.push(*indicator);
                            changed = true;
                        }
                        Some(known) if known != *answer => {
                            let mut findings = known_of(&implication.condition, &codes);
                            findings.push((*indicator, known));
                            return Err(Contradiction { findings, reason: implication.reason.clone() });
                        }
                        _ => {}
                    }
                }
            }
        }
        for impossible in &self.impossible {
            if evaluate(&impossible.condition, &codes) == Truth::True {
                let findings = known_of(&impossible.condition, &codes);
                return Err(Contradiction { findings, reason: impossible.reason.clone() });
            }
        }
        inferred.sort_unstable();
        Ok((codes, inferred))
    }

    /// The groups in which something is known, with their states.
    fn active(
        &self,
        given: &BTreeMap<IndicatorIx, Given>,
        inferred: &[IndicatorIx],
        codes: &[AnswerCode],
    ) -> Vec<(GroupIx, usize)> {
        let mut groups: Vec<GroupIx> =
            given.keys().chain(inferred).map(|indicator| self.indicators[*indicator].group).collect();
        groups.sort_unstable();
        groups.dedup();
        let state = |ix: GroupIx| {
            let group = &self.groups[ix];
            let members =
                group.members.iter().map(|member| codes.get(member.position()).copied().unwrap_or(UNKNOWN));
            match &group.shape {
                Shape::Joint { .. } => group.shape.state(members, std::iter::empty()),
                Shape::Tally { .. } => {
                    let items = group.items.iter().map(|item| evaluate(&item.formula, codes));
                    group.shape.state(members, items)
                }
            }
        };
        // A tally is in state 0 also where members are answered and no item is decided: that is no evidence, yet said.
        let known = |member: &IndicatorIx| codes.get(member.position()).is_some_and(|code| *code != UNKNOWN);
        groups.retain(|ix| self.groups[*ix].members.iter().any(known));
        groups.into_iter().map(|ix| (ix, state(ix))).collect()
    }
}

fn evaluate(formula: &Formula, codes: &[AnswerCode]) -> Truth {
    formula.evaluate(&|indicator| codes.get(indicator.position()).copied().unwrap_or(UNKNOWN))
}

/// The known answers a formula reads.
fn known_of(formula: &Formula, codes: &[AnswerCode]) -> Vec<(IndicatorIx, AnswerCode)> {
    let answers =
        formula.indicators().into_iter().map(|ix| (ix, codes.get(ix.position()).copied().unwrap_or(UNKNOWN)));
    answers.filter(|(_, answer)| *answer != UNKNOWN).collect()
}
