//! What was said in a case: a code for each indicator, and the little that no code can tell.

use crate::index::{Dense, IndicatorIx};
use crate::knowledge::{AnswerCode, UNKNOWN};

/// What was said about one indicator.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Given {
    /// It could not be looked at.
    NotAssessable,
    /// An answer by its code, and the number where one was measured.
    Answer(AnswerCode, Option<f64>),
}

/// What was said about all indicators.
#[derive(Clone, Debug)]
pub(super) struct Said {
    /// The answer code of every indicator.
    codes: Box<[AnswerCode]>,
    /// In the order of the indicators: what was said where a number was measured, or nobody could look.
    beyond: Vec<(IndicatorIx, Given)>,
}

impl Said {
    /// Nothing about so many indicators.
    pub(super) fn nothing(indicators: usize) -> Self {
        // Memory that is asked for as zeros is slower to get by a few dozen bytes than memory that is written.
        Self { codes: std::iter::repeat_n(UNKNOWN, indicators).collect(), beyond: Vec::new() }
    }

    /// Puts in place of what was said about an indicator.
    #[inline]
    pub(super) fn put(&mut self, indicator: IndicatorIx, given: Option<Given>) {
        let (code, is_beyond) = match given {
            None => (UNKNOWN, false),
            Some(Given::NotAssessable) => (UNKNOWN, true),
            Some(Given::Answer(code, number)) => (code, number.is_some()),
        };
        if let Some(slot) = self.codes.get_mut(indicator.position()) {
            *slot = code;
        }
        if is_beyond || !self.beyond.is_empty() {
            self.put_beyond(indicator, given.filter(|_| is_beyond));
        }
    }

    fn put_beyond(&mut self, indicator: IndicatorIx, given: Option<Given>) {
        match (self.beyond.binary_search_by_key(&indicator, |(ix, _)| *ix), given) {
            (Ok(at), Some(given)) => {
                if let Some(slot) = self.beyond.get_mut(at) {
                    slot.1 = given;
                }
            }
            (Ok(at), None) => drop(self.beyond.remove(at)),
            (Err(at), Some(given)) => self.beyond.insert(at, (indicator, given)),
            (Err(_), None) => {}
        }
    }

    /// What was said about an indicator; what was inferred since is an answer like others.
    pub(super) fn get(&self, indicator: IndicatorIx) -> Option<Given> {
        let beyond = self.beyond.binary_search_by_key(&indicator, |(ix, _)| *ix).ok();
        let beyond = beyond.and_then(|at| self.beyond.get(at)).map(|(_, given)| *given);
        match (self.code(indicator), beyond) {
            (UNKNOWN, beyond) => beyond,
            (_, Some(number @ Given::Answer(..))) => Some(number),
            (code, Some(Given::NotAssessable) | None) => Some(Given::Answer(code, None)),
        }
    }

    /// Whether an indicator could not be looked at, whatever was inferred about it since.
    pub(super) fn is_not_assessable(&self, indicator: IndicatorIx) -> bool {
        self.beyond.contains(&(indicator, Given::NotAssessable))
    }

    /// The indicators about which something was said, in order.
    pub(super) fn indicators(&self) -> impl Iterator<Item = IndicatorIx> {
        (0..self.codes.len()).map(IndicatorIx::at).filter(|ix| self.get(*ix).is_some())
    }

    /// The answer code of an indicator.
    #[inline]
    pub(super) fn code(&self, indicator: IndicatorIx) -> AnswerCode {
        self.codes.get(indicator.position()).copied().unwrap_or(UNKNOWN)
    }

    /// An answer that follows from others.
    pub(super) fn infer(&mut self, indicator: IndicatorIx, answer: AnswerCode) {
        if let Some(slot) = self.codes.get_mut(indicator.position()) {
            *slot = answer;
        }
    }

    /// Does something with every known answer, in the order of the indicators.
    #[inline]
    pub(super) fn each_known(&self, mut act: impl FnMut(IndicatorIx, AnswerCode)) {
        // Most are unknown: eight at once are seen to be.
        for (codes, first) in self.codes.chunks(8).zip((0..).step_by(8)) {
            if codes.iter().fold(0, |any, code| any | code) == UNKNOWN {
                continue;
            }
            for (code, position) in codes.iter().zip(first..) {
                if *code != UNKNOWN {
                    act(IndicatorIx::at(position), *code);
                }
            }
        }
    }
}
