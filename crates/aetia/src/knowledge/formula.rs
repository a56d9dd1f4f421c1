//! Conditions with their names resolved, evaluated in Kleene's three-valued logic.

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::index::IndicatorIx;

/// The answer of an indicator in a case: 0 for unknown, else one more than the answer's position.
pub(crate) type AnswerCode = u8;

/// What an answer nobody knows is coded as.
pub(crate) const UNKNOWN: AnswerCode = 0;

/// The code of the answer at a position. Indicators have at most 64 answers.
pub(crate) fn code(position: usize) -> AnswerCode {
    u8::try_from(position + 1).unwrap_or(u8::MAX)
}

/// The position of the answer with a code, unless it is unknown.
pub(crate) fn position(code: AnswerCode) -> Option<usize> {
    usize::from(code).checked_sub(1)
}

/// The value of a condition in a case (Kleene's strong logic).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Truth {
    /// Definitely false, whatever the unknown findings are.
    False,
    /// It depends on findings that are unknown.
    Undetermined,
    /// Definitely true, whatever the unknown findings are.
    True,
}

/// A condition whose names are resolved.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Formula {
    /// The indicator's answer is one of these, as bits by answer position.
    Atom(IndicatorIx, u64),
    /// All hold.
    All(Vec<Self>),
    /// Any holds.
    Any(Vec<Self>),
    /// It does not hold.
    Not(Box<Self>),
    /// At least so many hold.
    Several(usize, Vec<Self>),
    /// A derived indicator, shared by all that ask about it.
    Derived(Arc<Self>),
}

impl Formula {
    /// The truth of the formula where `answer` gives each indicator's answer code.
    #[inline]
    pub(crate) fn evaluate(&self, answer: &impl Fn(IndicatorIx) -> AnswerCode) -> Truth {
        // Most conditions and most parts of them are atoms, which need no call.
        match self {
            Self::Atom(indicator, answers) => atom(answer(*indicator), *answers),
            Self::All(_) | Self::Any(_) | Self::Not(_) | Self::Several(..) | Self::Derived(_) => {
                self.evaluate_whole(answer)
            }
        }
    }

    fn evaluate_whole(&self, answer: &impl Fn(IndicatorIx) -> AnswerCode) -> Truth {
        match self {
            Self::Atom(indicator, answers) => atom(answer(*indicator), *answers),
            // In the order False < Undetermined < True, conjunction is the minimum and disjunction the maximum.
            Self::All(parts) => parts.iter().map(|part| part.evaluate(answer)).min().unwrap_or(Truth::True),
            Self::Any(parts) => parts.iter().map(|part| part.evaluate(answer)).max().unwrap_or(Truth::False),
            Self::Not(inner) => match inner.evaluate(answer) {
                Truth::True => Truth::False,
                Truth::False => Truth::True,
                Truth::Undetermined => Truth::Undetermined,
            },
            Self::Several(needed, parts) => {
                let (mut sure, mut possible) = (0, 0);
                for part in parts {
                    match part.evaluate(answer) {
                        Truth::True => sure += 1,
                        Truth::Undetermined => possible += 1,
                        Truth::False => {}
                    }
                }
                if sure >= *needed {
                    Truth::True
                } else if sure + possible >= *needed {
                    Truth::Undetermined
                } else {
                    Truth::False
                }
            }
            Self::Derived(inner) => inner.evaluate(answer),
        }
    }

    /// The indicators that make the formula have this truth: where it is undetermined, those it depends on.
    pub(crate) fn decisive(
        &self,
        truth: Truth,
        answer: &impl Fn(IndicatorIx) -> AnswerCode,
    ) -> BTreeSet<IndicatorIx> {
        match self {
            Self::Atom(indicator, _) => BTreeSet::from([*indicator]),
            // A part that has the truth of the whole is one that makes it so.
            Self::All(parts) | Self::Any(parts) | Self::Several(_, parts) => {
                let same = parts.iter().filter(|part| part.evaluate(answer) == truth);
                same.flat_map(|part| part.decisive(truth, answer)).collect()
            }
            Self::Not(inner) => {
                let flipped = match truth {
                    Truth::True => Truth::False,
                    Truth::False => Truth::True,
                    Truth::Undetermined => Truth::Undetermined,
                };
                inner.decisive(flipped, answer)
            }
            Self::Derived(inner) => inner.decisive(truth, answer),
        }
    }

    /// The indicators the formula reads.
    pub(crate) fn indicators(&self) -> BTreeSet<IndicatorIx> {
        let mut found = BTreeSet::new();
        self.collect(&mut found);
        found
    }

    fn collect(&self, found: &mut BTreeSet<IndicatorIx>) {
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
            Self::Derived(inner) => inner.collect(found),
        }
    }

    /// Levels of nesting and number of atoms, derived indicators written out.
    pub(crate) fn size(&self) -> (usize, usize) {
        let of = |parts: &[Self]| {
            let sizes = parts.iter().map(Self::size);
            sizes.fold((0, 0), |(depth, atoms): (usize, usize), part| {
                (depth.max(part.0), atoms.saturating_add(part.1))
            })
        };
        let deeper = |(depth, atoms): (usize, usize)| (depth + 1, atoms);
        match self {
            Self::Atom(..) => (1, 1),
            Self::All(parts) | Self::Any(parts) | Self::Several(_, parts) => deeper(of(parts)),
            Self::Not(inner) => deeper(inner.size()),
            // A level of its own, so that no chain of derived indicators is longer than a condition may be deep.
            Self::Derived(inner) => deeper(inner.size()),
        }
    }

    /// The formula in canonical text, for the hash of what a knowledge base means.
    pub(crate) fn canonical(&self, name: &impl Fn(IndicatorIx) -> String) -> String {
        let list = |parts: &[Self]| parts.iter().map(|p| p.canonical(name)).collect::<Vec<_>>().join(",");
        match self {
            Self::Atom(indicator, answers) => format!("{}:{answers:x}", name(*indicator)),
            Self::All(parts) => format!("all({})", list(parts)),
            Self::Any(parts) => format!("any({})", list(parts)),
            Self::Not(inner) => format!("not({})", inner.canonical(name)),
            Self::Several(needed, parts) => format!("at_least({needed},{})", list(parts)),
            Self::Derived(inner) => inner.canonical(name),
        }
    }
}

/// The truth of an indicator's answer being one of these.
fn atom(code: AnswerCode, answers: u64) -> Truth {
    match position(code) {
        None => Truth::Undetermined,
        Some(at) if answers >> at & 1 == 1 => Truth::True,
        Some(_) => Truth::False,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::index::Dense;

    #[test]
    fn kleene_tables() {
        let atom = |at: usize| Formula::Atom(IndicatorIx::at(at), 0b10);
        // Indicator 0 is present, 1 absent, 2 unknown.
        let codes = [2, 1, 0];
        let answer = |i: IndicatorIx| codes[i.position()];
        let (t, f, u) = (atom(0), atom(1), atom(2));
        for (formula, expected) in [
            (Formula::All(vec![t.clone(), u.clone()]), Truth::Undetermined),
            (Formula::All(vec![f.clone(), u.clone()]), Truth::False),
            (Formula::Any(vec![t.clone(), u.clone()]), Truth::True),
            (Formula::Any(vec![f.clone(), u.clone()]), Truth::Undetermined),
            (Formula::Not(Box::new(u.clone())), Truth::Undetermined),
            (Formula::Not(Box::new(f.clone())), Truth::True),
            (Formula::Several(1, vec![t.clone(), f.clone(), u.clone()]), Truth::True),
            (Formula::Several(2, vec![t.clone(), f.clone(), u.clone()]), Truth::Undetermined),
            (Formula::Several(3, vec![t, f, u]), Truth::False),
        ] {
            assert_eq!(formula.evaluate(&answer), expected, "{formula:?}");
        }
    }
}
