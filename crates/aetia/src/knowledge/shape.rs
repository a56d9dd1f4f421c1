//! The joint states of a group, numbered.

use super::{AnswerCode, Truth};

/// How the states of a group are numbered. State 0 is the one in which nothing is known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Shape {
    /// One state for each combination of answers, unknown counted as an answer.
    Joint {
        /// What a step of each member's answer code is worth.
        strides: Vec<usize>,
        /// How many states there are.
        states: usize,
    },
    /// One state for each number of items present and absent: all a count of exchangeable items can tell.
    Tally {
        /// How many items there are.
        items: usize,
    },
}

impl Shape {
    /// Joint states of members with these numbers of answers; none where there are more than `most`.
    pub(crate) fn joint(answers: impl IntoIterator<Item = usize>, most: usize) -> Option<Self> {
        let (mut strides, mut states) = (Vec::new(), 1_usize);
        for count in answers {
            strides.push(states);
            states = states.checked_mul(count + 1).filter(|states| *states <= most)?;
        }
        Some(Self::Joint { strides, states })
    }

    /// How many states there are.
    pub(crate) fn states(&self) -> usize {
        match self {
            Self::Joint { states, .. } => *states,
            Self::Tally { items } => (items + 1) * (items + 2) / 2,
        }
    }

    /// The state in which the members have these answer codes; items are evaluated only by a tally.
    pub(crate) fn state(
        &self,
        codes: impl Iterator<Item = AnswerCode>,
        items: impl Iterator<Item = Truth>,
    ) -> usize {
        match self {
            Self::Joint { strides, .. } => {
                codes.zip(strides).map(|(code, stride)| usize::from(code) * stride).sum()
            }
            Self::Tally { items: n } => {
                let (mut present, mut absent) = (0, 0);
                for item in items {
                    match item {
                        Truth::True => present += 1,
                        Truth::False => absent += 1,
                        Truth::Undetermined => {}
                    }
                }
                // Row `present` begins after the rows above it, which have n+1, n, … states.
                present * (2 * n + 3 - present) / 2 + absent
            }
        }
    }

    /// The answer codes of a joint state, member by member.
    pub(crate) fn codes(&self, state: usize) -> Vec<AnswerCode> {
        match self {
            Self::Joint { strides, states } => {
                let ends = strides.iter().skip(1).chain(std::iter::once(states));
                strides
                    .iter()
                    .zip(ends)
                    .map(|(stride, end)| AnswerCode::try_from(state % end / stride).unwrap_or(0))
                    .collect()
            }
            Self::Tally { .. } => Vec::new(),
        }
    }

    /// The numbers of items present and absent in a state of a tally.
    pub(crate) fn tally(&self, state: usize) -> Option<(usize, usize)> {
        match self {
            Self::Joint { .. } => None,
            Self::Tally { items } => {
                let (mut present, mut rest) = (0, state);
                while rest > items - present {
                    rest -= items - present + 1;
                    present += 1;
                }
                Some((present, rest))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn joint_states_are_numbered_both_ways() {
        let shape = Shape::joint([2, 3, 1], 4_096).expect("24 states");
        assert_eq!(shape.states(), 24);
        for state in 0..24 {
            let codes = shape.codes(state);
            assert_eq!(shape.state(codes.into_iter(), std::iter::empty()), state);
        }
        assert!(Shape::joint([15, 15, 15], 4_095).is_none());
        assert!(Shape::joint([usize::MAX - 1, 3], 4_095).is_none());
    }

    #[test]
    fn tallies_are_numbered_both_ways() {
        let shape = Shape::Tally { items: 5 };
        let mut seen = Vec::new();
        for present in 0..=5 {
            for absent in 0..=5 - present {
                let items = [
                    (Truth::True, present),
                    (Truth::False, absent),
                    (Truth::Undetermined, 5 - present - absent),
                ];
                let items = items.into_iter().flat_map(|(truth, n)| std::iter::repeat_n(truth, n));
                let state = shape.state(std::iter::empty(), items);
                assert_eq!(shape.tally(state), Some((present, absent)));
                seen.push(state);
            }
        }
        assert_eq!(seen, (0..shape.states()).collect::<Vec<_>>());
    }
}
