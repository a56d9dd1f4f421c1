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
        Self { codes: vec![UNKNOWN; indicators].into_boxed_slice(), beyond: Vec::new() }
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
        let (eights, rest) = self.codes.as_chunks::<8>();
        for (eight, first) in eights.iter().zip((0..).step_by(8)) {
            let mut left = u64::from_le_bytes(*eight);
            while left != 0 {
                let seat = left.trailing_zeros() / 8;
                let [code, ..] = (left >> (8 * seat)).to_le_bytes();
                left &= !(0xff << (8 * seat));
                act(IndicatorIx::at(first + usize::try_from(seat).unwrap_or(0)), code);
            }
        }
        for (code, position) in rest.iter().zip(8 * eights.len()..) {
            if *code != UNKNOWN {
                act(IndicatorIx::at(position), *code);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_known_answer_is_met_once_in_order() {
        let mut said = Said::nothing(21);
        let known = [(0, 1), (7, 64), (8, 2), (10, 1), (15, 64), (16, 3), (20, 64)];
        for (position, code) in known {
            said.put(IndicatorIx::at(position), Some(Given::Answer(code, None)));
        }
        said.put(IndicatorIx::at(3), Some(Given::NotAssessable));
        let mut met = Vec::new();
        said.each_known(|indicator, code| met.push((indicator.position(), code)));
        assert_eq!(met, known);
    }

    #[test]
    fn what_was_said_last_counts() {
        let ix = IndicatorIx::at(1);
        let mut said = Said::nothing(2);
        let given = [
            Some(Given::Answer(2, Some(40.0))),
            Some(Given::Answer(1, None)),
            Some(Given::NotAssessable),
            Some(Given::Answer(3, Some(41.0))),
            Some(Given::NotAssessable),
            None,
        ];
        for given in given {
            said.put(ix, given);
            assert_eq!(said.get(ix), given);
            assert_eq!(said.indicators().count(), usize::from(given.is_some()));
            assert_eq!(said.is_not_assessable(ix), given == Some(Given::NotAssessable));
        }
    }
}
