//! Sums of scores: the forms of a certificate, their greatest values, and what follows from those that were decided.

use std::rc::Rc;

use super::Form;
use super::check::{Cases, World};
use super::left::Worth;

/// A form: what it takes of a state, of one that both sides share, and the number added.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Scores {
    worth: Worth,
    negative: Worth,
    plus: i128,
}

impl Scores {
    /// Whether it is at least another form of the same scores.
    pub(super) fn is_at_least(&self, other: &Self) -> bool {
        self.worth == other.worth && other.plus <= self.plus
    }
}

impl World<'_, '_> {
    pub(super) fn scores(&self, form: &Form) -> Option<Scores> {
        let mut worth = Worth::new();
        for (name, times) in &form.scores {
            worth.insert(*self.positions.get(name)?, i128::from(*times));
        }
        worth.retain(|_, times| *times != 0);
        let negative = worth.iter().map(|(at, times)| (*at, -times)).collect();
        Some(Scores { worth, negative, plus: i128::from(form.plus) })
    }

    /// The greatest value of a sum of forms. None where a name is unknown or a number too large.
    pub(super) fn most(&self, terms: &[(&Form, i128)], cases: &Cases) -> Option<i128> {
        let scores: Vec<(Scores, i128)> =
            terms.iter().map(|(form, times)| Some((self.scores(form)?, *times))).collect::<Option<_>>()?;
        self.greatest(&scores.iter().map(|(scores, times)| (scores, *times)).collect::<Vec<_>>(), cases)
    }

    /// The greatest value of a sum: in each block the greatest on its own. In a block that both sides share a state has
    /// the same weights on both, so that what one side takes and the other gives back is nothing.
    pub(super) fn greatest(&self, terms: &[(&Scores, i128)], cases: &Cases) -> Option<i128> {
        let (mut sum, mut worth, mut shared) = (0_i128, Worth::new(), Worth::new());
        for (scores, times) in terms {
            sum = sum.checked_add(scores.plus.checked_mul(*times)?)?;
            for (at, own) in &scores.worth {
                let own = own.checked_mul(*times)?;
                for (worth, at) in [(&mut worth, *at), (&mut shared, at % self.width.max(1))] {
                    let sum = worth.entry(at).or_default();
                    *sum = sum.checked_add(own)?;
                }
            }
        }
        for (block, left) in self.blocks.iter().zip(&cases.left) {
            let worth = if block.is_shared { &mut shared } else { &mut worth };
            worth.retain(|_, times| *times != 0);
            if !worth.is_empty() {
                sum = sum.checked_add(left.greatest(block, worth)?)?;
            }
        }
        Some(sum)
    }

    /// Whether a form is at least 0: by what was decided, or by its greatest and least value.
    pub(super) fn sign(&self, form: &Scores, cases: &Cases, closely: bool) -> Option<bool> {
        for known in &cases.assumed {
            if known.worth == form.negative && known.plus + form.plus < 0 {
                return Some(false);
            }
            if form.is_at_least(known) {
                return Some(true);
            }
        }
        if !closely {
            return None;
        }
        if self.greatest(&[(form, 1)], cases)? < 0 {
            return Some(false);
        }
        if self.greatest(&[(form, -1)], cases)? <= 0 {
            return Some(true);
        }
        (cases.concludes && self.follows(form, cases)).then_some(true)
    }

    /// Whether a form is at least what one or two decided ones sum to.
    fn follows(&self, form: &Scores, cases: &Cases) -> bool {
        let pairs = cases.assumed.iter().enumerate().flat_map(|(at, one)| {
            let others = cases.assumed.iter().skip(at + 1).map(Some);
            std::iter::once(None).chain(others).map(move |other| (one, other))
        });
        pairs.into_iter().any(|(one, other)| {
            let mut terms = vec![(form, -1), (&**one, 1)];
            terms.extend(other.map(|other| (&**other, 1)));
            self.greatest(&terms, cases).is_some_and(|most| most <= 0)
        })
    }
}

impl Cases {
    /// The same cases, where a form is at least 0.
    pub(super) fn with(&self, form: Scores) -> Self {
        let mut cases = self.clone();
        cases.assumed.push(Rc::new(form));
        cases
    }
}

impl Form {
    /// At least 0 exactly where this form is not.
    pub(super) fn negated(&self) -> Option<Self> {
        let scores = self.scores.iter().map(|(name, times)| Some((name.clone(), times.checked_neg()?)));
        Some(Self { scores: scores.collect::<Option<_>>()?, plus: self.plus.checked_neg()?.checked_sub(1)? })
    }
}
