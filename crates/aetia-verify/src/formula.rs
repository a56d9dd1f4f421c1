//! Conditions with their names resolved: their truth in one case, and the truths they may have in many.

use std::collections::BTreeSet;

use aetia::Truth;

use crate::faults::Fault;

/// The answer of an indicator: 0 for unknown, else one more than the answer's position.
pub(crate) type Code = u8;

/// A set of truth values.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Truths(u8);

impl Truths {
    pub(crate) const NONE: Self = Self(0);
    pub(crate) const FALSE: Self = Self(1);
    pub(crate) const UNDETERMINED: Self = Self(2);
    pub(crate) const TRUE: Self = Self(4);
    /// Anything but definitely true.
    pub(crate) const NOT_TRUE: Self = Self(1 | 2);
    /// Anything but definitely false.
    pub(crate) const NOT_FALSE: Self = Self(2 | 4);

    #[cfg(test)]
    fn of(truth: Truth) -> Self {
        match truth {
            Truth::False => Self::FALSE,
            Truth::Undetermined => Self::UNDETERMINED,
            Truth::True => Self::TRUE,
        }
    }

    pub(crate) fn and(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    pub(crate) fn meets(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }

    pub(crate) fn is_within(self, other: Self) -> bool {
        self.0 & !other.0 == 0
    }

    /// The values of the negation.
    fn negated(self) -> Self {
        Self((self.0 & 2) | (self.0 & 1) << 2 | (self.0 & 4) >> 2)
    }
}

/// A condition whose names are resolved.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Formula {
    /// The indicator's answer is one of these, as bits by answer position.
    Atom(usize, u64),
    All(Vec<Self>),
    Any(Vec<Self>),
    Not(Box<Self>),
    Several(usize, Vec<Self>),
}

impl Formula {
    /// The truth where `code` gives each indicator's answer.
    pub(crate) fn truth(&self, code: &impl Fn(usize) -> Code) -> Truth {
        match self {
            Self::Atom(indicator, answers) => match code(*indicator) {
                0 => Truth::Undetermined,
                code if answers >> (code - 1) & 1 == 1 => Truth::True,
                _ => Truth::False,
            },
            // In the order False < Undetermined < True, conjunction is the minimum and disjunction the maximum.
            Self::All(parts) => parts.iter().map(|part| part.truth(code)).min().unwrap_or(Truth::True),
            Self::Any(parts) => parts.iter().map(|part| part.truth(code)).max().unwrap_or(Truth::False),
            Self::Not(inner) => match inner.truth(code) {
                Truth::True => Truth::False,
                Truth::False => Truth::True,
                Truth::Undetermined => Truth::Undetermined,
            },
            Self::Several(needed, parts) => {
                let truths: Vec<Truth> = parts.iter().map(|part| part.truth(code)).collect();
                let sure = truths.iter().filter(|truth| **truth == Truth::True).count();
                let possible = truths.iter().filter(|truth| **truth != Truth::False).count();
                if sure >= *needed + usize::from(Fault::CountsOneTooMany.is_in()) {
                    Truth::True
                } else if possible >= *needed {
                    Truth::Undetermined
                } else {
                    Truth::False
                }
            }
        }
    }

    /// The truths it may have where `codes` gives the answers each indicator may have, as bits by code. Parts are taken
    /// to be independent, so there may be truths too many and never one too few; with one answer each it is exact.
    pub(crate) fn truths(&self, codes: &impl Fn(usize) -> u128) -> Truths {
        match self {
            Self::Atom(indicator, answers) => {
                let (codes, yes) = (codes(*indicator), u128::from(*answers) << 1);
                let mut found = Truths::NONE;
                for (bits, truth) in
                    [(1, Truths::UNDETERMINED), (yes, Truths::TRUE), (!yes & !1, Truths::FALSE)]
                {
                    if codes & bits != 0 {
                        found = found.and(truth);
                    }
                }
                found
            }
            Self::All(parts) => least(parts.iter().map(|part| part.truths(codes))),
            Self::Any(parts) => least(parts.iter().map(|part| part.truths(codes).negated())).negated(),
            Self::Not(inner) => inner.truths(codes).negated(),
            Self::Several(needed, parts) => {
                let truths: Vec<Truths> = parts.iter().map(|part| part.truths(codes)).collect();
                let count =
                    |test: &dyn Fn(Truths) -> bool| truths.iter().filter(|truths| test(**truths)).count();
                let (least_sure, most_sure) =
                    (count(&|truths| truths == Truths::TRUE), count(&|truths| truths.meets(Truths::TRUE)));
                let least_possible = count(&|truths| truths.is_within(Truths::NOT_FALSE));
                let most_possible = count(&|truths| truths.meets(Truths::NOT_FALSE));
                let mut found = Truths::NONE;
                if most_sure >= *needed + usize::from(Fault::CountsOneTooMany.is_in()) {
                    found = found.and(Truths::TRUE);
                }
                if least_possible < *needed {
                    found = found.and(Truths::FALSE);
                }
                let open = truths.iter().any(|truths| truths.meets(Truths::UNDETERMINED));
                if open && least_sure < *needed && most_possible >= *needed {
                    found = found.and(Truths::UNDETERMINED);
                }
                found
            }
        }
    }

    /// The indicators it reads.
    pub(crate) fn collect(&self, found: &mut BTreeSet<usize>) {
        match self {
            Self::Atom(indicator, _) => {
                found.insert(*indicator);
            }
            Self::All(parts) | Self::Any(parts) | Self::Several(_, parts) => {
                for part in parts {
                    part.collect(found);
                }
            }
            Self::Not(inner) => inner.collect(found),
        }
    }

    pub(crate) fn indicators(&self) -> BTreeSet<usize> {
        let mut found = BTreeSet::new();
        self.collect(&mut found);
        found
    }
}

/// The truths the least of several may be.
fn least(parts: impl Iterator<Item = Truths>) -> Truths {
    let (mut is_true, mut is_false) = (true, false);
    let (mut all_may_be_open, mut one_may_be_open) = (true, false);
    for part in parts {
        is_true &= part.meets(Truths::TRUE);
        is_false |= part.meets(Truths::FALSE);
        all_may_be_open &= part.meets(Truths::NOT_FALSE);
        one_may_be_open |= part.meets(Truths::UNDETERMINED);
    }
    let mut found = Truths::NONE;
    for (may_be, truth) in [
        (is_true, Truths::TRUE),
        (is_false, Truths::FALSE),
        (all_may_be_open && one_may_be_open, Truths::UNDETERMINED),
    ] {
        if may_be {
            found = found.and(truth);
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Where every indicator occurs once, the truths over a box are those of its cases, no more and no fewer.
    #[test]
    fn truths_over_a_box_are_those_of_its_cases() {
        let atom = |indicator| Formula::Atom(indicator, 0b10);
        let formulas = [
            atom(0),
            Formula::Not(Box::new(atom(1))),
            Formula::All(vec![atom(0), Formula::Any(vec![atom(1), Formula::Not(Box::new(atom(2)))])]),
            Formula::Any(vec![atom(0), atom(1), atom(2)]),
            Formula::Several(2, vec![atom(0), atom(1), atom(2)]),
            Formula::Several(1, vec![Formula::Not(Box::new(atom(0))), atom(1), atom(2)]),
        ];
        for formula in &formulas {
            for boxes in 0..512_u32 {
                let allowed: Vec<u128> = (0..3).map(|i| u128::from(boxes >> (3 * i) & 7)).collect();
                if allowed.contains(&0) {
                    continue;
                }
                let mut seen = Truths::NONE;
                for case in 0..27_u32 {
                    let codes: Vec<u8> =
                        (0..3).map(|i| u8::try_from(case / 3_u32.pow(i) % 3).unwrap()).collect();
                    if codes.iter().zip(&allowed).all(|(code, allowed)| allowed >> code & 1 == 1) {
                        seen = seen.and(Truths::of(formula.truth(&|i| codes[i])));
                    }
                }
                assert_eq!(formula.truths(&|i| allowed[i]), seen, "{formula:?} {allowed:?}");
            }
        }
    }
}
