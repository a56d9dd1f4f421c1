//! Gates and flags over a block of rows.

use super::block::{Block, Codes, LANES, ROWS, Scores, lanes};
use super::truth::{self, Condition, Stack};
use crate::belief::Weight;
use crate::document::GateMode;
use crate::index::{Dense, IndicatorIx};
use crate::knowledge::{Formula, Gate, GateRule, UNKNOWN};
use crate::model::{Compiled, HOLD};

/// A condition in a cohort: of some nothing is known, so that they are the same in every row.
#[derive(Debug)]
struct Asked {
    condition: Condition,
    everywhere: Option<u8>,
}

/// The gates of a model in a cohort.
#[derive(Debug)]
pub(super) struct Gates<'m> {
    gates: Vec<(&'m Gate, Asked)>,
}

/// The flags of a model in a cohort.
#[derive(Debug)]
pub(super) struct Flags {
    flags: Vec<Asked>,
}

impl Asked {
    fn new(formula: &Formula, is_known: &impl Fn(IndicatorIx) -> bool) -> Self {
        let reads_any = formula.indicators().into_iter().any(is_known);
        let everywhere = (!reads_any).then(|| truth::byte(formula.evaluate(&|_| UNKNOWN)));
        Self { condition: Condition::new(formula), everywhere }
    }

    #[inline(always)]
    fn evaluate(&self, codes: &[Codes], stack: &mut Stack, truth: &mut Codes) {
        match self.everywhere {
            Some(everywhere) => truth.fill(everywhere),
            None => self.condition.evaluate(codes, stack, truth),
        }
    }
}

impl Flags {
    pub(super) fn new(model: &Compiled, is_known: impl Fn(IndicatorIx) -> bool) -> Self {
        let flags = &model.kb.inner.flags;
        Self { flags: flags.iter().map(|flag| Asked::new(&flag.formula, &is_known)).collect() }
    }

    /// Writes what is known about each flag into its column.
    #[inline(always)]
    pub(super) fn write(&self, block: &mut Block, columns: &mut [&mut [u8]], from: usize, rows: usize) {
        let mut truth = [0; ROWS];
        for (flag, column) in self.flags.iter().zip(columns) {
            flag.evaluate(&block.codes, &mut block.stack, &mut truth);
            copy(&truth, column, from, rows);
        }
    }
}

impl<'m> Gates<'m> {
    pub(super) fn new(model: &'m Compiled, is_known: impl Fn(IndicatorIx) -> bool) -> Self {
        let gates = &model.kb.inner.gates;
        Self { gates: gates.iter().map(|gate| (gate, Asked::new(&gate.formula, &is_known))).collect() }
    }

    /// Applies the gates to the scores of a block and writes which act; says whether any does.
    ///
    /// # Formula
    /// ```text
    /// M = max score of the open named causes
    /// s' = s                  of an open cause
    /// s' = min(s, M - 1 dB)   of a closed one
    /// ```
    #[inline(always)]
    pub(super) fn apply(
        &self,
        block: &mut Block,
        columns: &mut [&mut [u8]],
        from: usize,
        rows: usize,
    ) -> bool {
        let Block { codes, raw, gated, excluded, closed, stack, .. } = block;
        let (mut any, mut any_closed) = (false, false);
        let mut acts = [0; ROWS];
        let mut columns = columns.iter_mut();
        for (gate, asked) in &self.gates {
            asked.evaluate(codes, stack, &mut acts);
            let (from_truth, to_truth) = match gate.rule {
                GateRule::Requires(GateMode::Strict) => (truth::FALSE, truth::UNDETERMINED),
                GateRule::Requires(GateMode::Lenient) => (truth::FALSE, truth::FALSE),
                GateRule::Caps(_) | GateRule::Excludes => (truth::TRUE, truth::TRUE),
            };
            let mut some = 0;
            for act in &mut acts {
                *act = u8::from(*act >= from_truth && *act <= to_truth);
                some |= *act;
            }
            if let Some(column) = columns.next() {
                copy(&acts, column, from, rows);
            }
            if some == 0 {
                continue;
            }
            if !any {
                any = true;
                for (gated, raw) in gated.iter_mut().zip(raw.iter()) {
                    *gated = *raw;
                }
                for (excluded, closed) in excluded.iter_mut().zip(closed.iter_mut()) {
                    *excluded = (false, [0; ROWS]);
                    closed.fill(0);
                }
            }
            let cause = gate.cause.position();
            match gate.rule {
                GateRule::Caps(level) => {
                    if let Some(scores) = gated.get_mut(cause) {
                        cap(scores, &acts, level.nanodecibans());
                    }
                }
                GateRule::Excludes => {
                    if let Some((is_any, excluded)) = excluded.get_mut(cause) {
                        *is_any = true;
                        mark(Some(excluded), &acts);
                    }
                }
                GateRule::Requires(_) => {
                    any_closed = true;
                    mark(closed.get_mut(cause), &acts);
                }
            }
        }
        if any_closed {
            hold(gated, closed, excluded);
        }
        any
    }
}

/// Marks rows.
#[inline(always)]
fn mark(marks: Option<&mut Codes>, acts: &Codes) {
    for (mark, act) in marks.into_iter().flatten().zip(acts) {
        *mark |= act;
    }
}

/// Keeps scores at or below a level where a cap acts.
#[inline(always)]
fn cap(scores: &mut Scores, acts: &Codes, level: i64) {
    for (score, act) in scores.iter_mut().zip(acts) {
        let capped = if *score > level { level } else { *score };
        *score = if *act == 0 { *score } else { capped };
    }
}

/// Holds closed causes below the best open one.
#[inline(always)]
fn hold(gated: &mut [Scores], closed: &[Codes], excluded: &[(bool, Codes)]) {
    let hold = Weight::nanodecibans(HOLD);
    for at in (0..ROWS).step_by(LANES) {
        let mut best = [i64::MIN; LANES];
        for ((scores, closed), (_, excluded)) in gated.iter().zip(closed).zip(excluded) {
            let (scores, closed, excluded) = (lanes(scores, at), lanes(closed, at), lanes(excluded, at));
            for (((best, score), closed), excluded) in best.iter_mut().zip(scores).zip(closed).zip(excluded) {
                let is_better = (closed | excluded) == 0 && score > *best;
                *best = if is_better { score } else { *best };
            }
        }
        for (scores, closed) in gated.iter_mut().zip(closed) {
            let closed = lanes(closed, at);
            let Some(scores) = scores.get_mut(at..).and_then(|scores| scores.first_chunk_mut::<LANES>())
            else {
                continue;
            };
            for ((score, best), closed) in scores.iter_mut().zip(best).zip(closed) {
                // Rows of which nothing is to be read may have no open cause.
                let level = best.wrapping_sub(hold);
                let below = if *score > level { level } else { *score };
                *score = if closed == 0 { *score } else { below };
            }
        }
    }
}

/// Copies the rows of a block into a column.
#[inline(always)]
fn copy(block: &Codes, column: &mut [u8], from: usize, rows: usize) {
    let column = column.get_mut(from..from + rows).unwrap_or_default();
    for (slot, value) in column.iter_mut().zip(block) {
        *slot = *value;
    }
}
