//! The algebra of belief: probabilities, likelihood ratios, weights and log-odds, and nothing else.
//!
//! A [`Weight`] is the weight of evidence of a finding, `10 · log10(likelihood ratio)`, in decibans
//! (I. J. Good 1950, 1979), held as a whole number of **nanodecibans**. A [`LogOdds`] is a position on
//! the same scale. Logarithms are taken once, when evidence is compiled; from there on belief is
//! integer arithmetic, so sums are exact, free of order, and equal on every machine.

mod accuracy;
mod exp10;
mod likelihood;
mod probability;
mod weight;

pub use accuracy::{Accuracy, Counts};
pub use exp10::exp10;
pub(crate) use exp10::{LEAST as LEAST_ODDS, MOST as MOST_ODDS, odds, odds_within};
pub use likelihood::{LikelihoodRatio, LikelihoodRatios};
pub use probability::Probability;
pub(crate) use weight::billionths;
pub use weight::{LogOdds, Weight};

/// Why a number is not the belief it was meant to be.
#[derive(Clone, Copy, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum BeliefError {
    /// A probability, sensitivity or specificity outside the open interval (0, 1).
    #[error("{0} is not between 0 and 1; certainty is a gate, not a number")]
    NotAProbability(f64),
    /// A likelihood ratio that is not a finite number above 0.
    #[error("{0} is not a likelihood ratio; expected a finite number above 0")]
    NotALikelihoodRatio(f64),
    /// A 2x2 table in which one of the two columns has nobody in it.
    #[error("a 2x2 table needs at least one person with the cause and one without")]
    EmptyTable,
}
