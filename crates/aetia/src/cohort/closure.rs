//! What follows from the findings of a block of rows, and rows whose findings cannot all be true.

use super::block::{Codes, ROWS};
use super::truth::{self, Condition, Stack};
use crate::index::{Dense, IndicatorIx};
use crate::knowledge::{Implication, UNKNOWN};
use crate::model::Compiled;

/// The implications and impossible combinations that findings of a cohort can meet.
#[derive(Debug)]
pub(super) struct Closure<'m> {
    implications: Vec<(Condition, &'m Implication)>,
    impossible: Vec<Condition>,
    /// What has no column and may follow: known of no row before its block is closed.
    inferred: Vec<IndicatorIx>,
}

impl<'m> Closure<'m> {
    /// Those that can be met where only these indicators are known; marks the ones that may follow as known, too.
    pub(super) fn new(model: &'m Compiled, known: &mut [bool]) -> Self {
        let kb = &*model.kb.inner;
        let mut inferred = Vec::new();
        let is_known = |known: &[bool], ix: IndicatorIx| known.get(ix.position()).copied().unwrap_or(false);
        let mut changed = true;
        while changed {
            changed = false;
            for implication in &kb.implications {
                let mut read = implication.condition.indicators().into_iter();
                // A condition that reads nothing may hold of itself.
                let can_hold =
                    implication.condition.indicators().is_empty() || read.any(|ix| is_known(known, ix));
                for (indicator, _) in implication.then.iter().filter(|_| can_hold) {
                    if let Some(known) = known.get_mut(indicator.position()).filter(|known| !**known) {
                        (*known, changed) = (true, true);
                        inferred.push(*indicator);
                    }
                }
            }
        }
        let meets = |indicators: std::collections::BTreeSet<IndicatorIx>| {
            indicators.is_empty() || indicators.into_iter().any(|ix| is_known(known, ix))
        };
        let implications = kb.implications.iter().filter(|rule| meets(rule.condition.indicators()));
        let impossible = kb.impossible.iter().filter(|rule| meets(rule.condition.indicators()));
        Self {
            implications: implications.map(|rule| (Condition::new(&rule.condition), rule)).collect(),
            impossible: impossible.map(|rule| Condition::new(&rule.condition)).collect(),
            inferred,
        }
    }

    /// Adds to the codes of a block all that follows from them, to a fixed point, and marks the rows that contradict
    /// themselves. In every row implications are tried in the order and as often as for one case, and those tried once
    /// more change nothing; so every row comes to what its case comes to.
    #[inline(always)]
    pub(super) fn close(&self, codes: &mut [Codes], stack: &mut Stack, bad: &mut Codes) {
        let mut truth = [0; ROWS];
        for indicator in &self.inferred {
            // What followed in the block before is still there.
            codes.get_mut(indicator.position()).into_iter().for_each(|codes| codes.fill(UNKNOWN));
        }
        let mut changed = !self.implications.is_empty();
        while changed {
            changed = false;
            for (condition, implication) in &self.implications {
                condition.evaluate(codes, stack, &mut truth);
                for (indicator, answer) in &implication.then {
                    if let Some(codes) = codes.get_mut(indicator.position()) {
                        changed |= infer(codes, *answer, &truth, bad);
                    }
                }
            }
        }
        for impossible in &self.impossible {
            impossible.evaluate(codes, stack, &mut truth);
            for (bad, truth) in bad.iter_mut().zip(truth) {
                *bad |= u8::from(truth == truth::TRUE);
            }
        }
    }
}

/// Puts an answer where a condition holds and the answer is unknown; marks rows where another one is known.
#[inline(always)]
fn infer(codes: &mut Codes, answer: u8, truth: &Codes, bad: &mut Codes) -> bool {
    let mut changed = 0;
    for ((code, truth), bad) in codes.iter_mut().zip(truth).zip(bad) {
        let holds = *truth == truth::TRUE;
        let is_new = u8::from(holds) & u8::from(*code == UNKNOWN);
        *bad |= u8::from(holds) & u8::from(*code != UNKNOWN) & u8::from(*code != answer);
        *code = if is_new == 0 { *code } else { answer };
        changed |= is_new;
    }
    changed != 0
}
