//! The tape of random numbers, and findings drawn from it.

use aetia::written::Indicator;
use aetia::{AnswerValue, Document, IndicatorKind};

use crate::oracle::{Contradiction, Findings, answer_of, close, reads};

/// Random numbers, and zeros once they are used up. Zero is always the simplest choice.
pub(super) struct Tape(std::vec::IntoIter<u32>);

impl Tape {
    pub(super) fn new(numbers: Vec<u32>) -> Self {
        Self(numbers.into_iter())
    }

    /// A number in [0, 1).
    pub(super) fn unit(&mut self) -> f64 {
        f64::from(self.0.next().unwrap_or(0)) / 4_294_967_296.0
    }

    /// A number from 0 to `n - 1`.
    pub(super) fn below(&mut self, n: usize) -> usize {
        (self.unit() * n as f64) as usize
    }

    /// Yes, once in `n`.
    pub(super) fn once_in(&mut self, n: usize) -> bool {
        self.below(n) + 1 == n
    }

    pub(super) fn pick<'a, T>(&mut self, from: &'a [T]) -> &'a T {
        &from[self.below(from.len())]
    }
}

pub(super) fn draw_findings(document: &Document, tape: &mut Tape) -> Findings {
    let mut findings = Findings::new();
    for (id, indicator) in &document.indicators {
        let value = match tape.below(10) {
            0..=2 => continue,
            3 => AnswerValue::Named("unknown".to_owned()),
            4 => AnswerValue::Named("not_assessable".to_owned()),
            _ => draw_answer(indicator, tape),
        };
        findings.insert(id.clone(), value);
    }
    without_contradictions(document, findings)
}

pub(super) fn draw_answer(indicator: &Indicator, tape: &mut Tape) -> AnswerValue {
    match indicator.kind {
        IndicatorKind::Boolean => AnswerValue::Boolean(tape.below(2) == 0),
        IndicatorKind::Categorical | IndicatorKind::Ordinal => {
            AnswerValue::Named(tape.pick(&indicator.answers).id.clone())
        }
        IndicatorKind::Numeric => {
            let cut = *tape.pick(&indicator.cut_points);
            AnswerValue::Number(*tape.pick(&[cut, cut - 0.25, cut + 0.25]))
        }
    }
}

/// Takes findings away until nothing contradicts: the one an implication disagrees with, or the first that
/// an impossible condition reads.
pub(super) fn without_contradictions(document: &Document, mut findings: Findings) -> Findings {
    loop {
        let condition = match close(document, &findings) {
            Ok(_) => return findings,
            Err(Contradiction::Implied { indicator, .. }) if findings.remove(&indicator).is_some() => {
                continue;
            }
            Err(Contradiction::Implied { condition, .. } | Contradiction::Impossible { condition }) => {
                condition
            }
        };
        let is_answered = |id: &String| {
            findings.get(id).is_some_and(|value| answer_of(&document.indicators[id], value).is_some())
        };
        match reads(document, &condition).into_iter().find(is_answered) {
            Some(id) => drop(findings.remove(&id)),
            // What it reads was inferred: without findings nothing is.
            None => findings.clear(),
        }
    }
}
