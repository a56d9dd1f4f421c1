//! Probabilities strictly inside (0, 1).

use std::fmt;

use super::weight::{pad, units};
use super::{BeliefError, LogOdds};

/// A probability strictly between 0 and 1 (Cromwell's rule: certainty is a gate, not a number).
///
/// Prints as a percentage that never reads 0 % or 100 %.
///
/// ```
/// use aetia::Probability;
/// let p = Probability::new(0.043)?;
/// assert_eq!(p.to_string(), "4.3 %");
/// assert_eq!(Probability::new(0.999_999)?.to_string(), "> 99.9 %");
/// assert!(Probability::new(1.0).is_err());
/// # Ok::<(), aetia::BeliefError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, PartialOrd)]
pub struct Probability(f64);

impl Probability {
    /// As likely as not.
    pub const EVEN: Self = Self(0.5);

    /// The ends of what a float can say.
    pub(crate) const LEAST: f64 = f64::MIN_POSITIVE;
    pub(crate) const MOST: f64 = 1.0 - f64::EPSILON / 2.0;

    /// A probability.
    ///
    /// # Errors
    /// [`BeliefError::NotAProbability`] unless `0 < value < 1`.
    pub fn new(value: f64) -> Result<Self, BeliefError> {
        if value > 0.0 && value < 1.0 { Ok(Self(value)) } else { Err(BeliefError::NotAProbability(value)) }
    }

    /// The nearest probability to a float in [0, 1] that rounding carried onto an end.
    #[inline]
    pub(crate) fn saturating(value: f64) -> Self {
        Self(value.clamp(Self::LEAST, Self::MOST))
    }

    /// The probability as a float.
    pub const fn get(self) -> f64 {
        self.0
    }

    /// The log-odds `10 · log10(p / (1 - p))` in whole nanodecibans.
    pub fn log_odds(self) -> LogOdds {
        LogOdds::from_nanodecibans(units(1e10 * libm::log10(self.0 / (1.0 - self.0))))
    }

    /// The same, rounded down: the highest position whose probability is at most this.
    pub(crate) fn log_odds_floor(self) -> LogOdds {
        LogOdds::from_nanodecibans(units(libm::floor(1e10 * libm::log10(self.0 / (1.0 - self.0)))))
    }
}

impl fmt::Display for Probability {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let digits = f.precision().unwrap_or(1);
        let smallest = (0..digits).fold(1.0, |unit, _| unit / 10.0);
        let percent = self.0 * 100.0;
        let text = if percent < smallest {
            format!("< {smallest:.digits$} %")
        } else if percent > 100.0 - smallest {
            format!("> {:.digits$} %", 100.0 - smallest)
        } else {
            format!("{percent:.digits$} %")
        };
        pad(f, &text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn never_prints_certainty() {
        assert_eq!(Probability(1e-9).to_string(), "< 0.1 %");
        assert_eq!(Probability(0.999_6).to_string(), "> 99.9 %");
        assert_eq!(Probability(0.999).to_string(), "99.9 %");
        assert_eq!(Probability(0.001).to_string(), "0.1 %");
        assert_eq!(format!("{:>8}", Probability(0.5)), "  50.0 %");
        assert_eq!(format!("{:.2}", Probability(0.123_45)), "12.35 %");
    }

    #[test]
    fn log_odds_of_high_precision_constants() {
        // 10*log10(p/(1-p)) from 60-digit arithmetic.
        for (p, units) in [(0.05, -12_787_536_010), (0.9, 9_542_425_094), (0.000_1, -39_999_565_684)] {
            assert_eq!(Probability(p).log_odds().nanodecibans(), units, "{p}");
        }
        assert_eq!(Probability(0.9).log_odds_floor().nanodecibans(), 9_542_425_094);
        assert_eq!(Probability(0.0001).log_odds_floor().nanodecibans(), -39_999_565_684);
        assert_eq!(Probability(0.2).log_odds_floor().nanodecibans(), -6_020_599_914);
    }
}
