//! Likelihood ratios.

use std::fmt;

use super::weight::{pad, units};
use super::{BeliefError, Weight};

/// A likelihood ratio: how many times likelier a finding is under a cause than under what it is
/// compared with. Finite and above 0.
///
/// ```
/// use aetia::LikelihoodRatio;
/// let ratio = LikelihoodRatio::new(8.5)?;
/// assert_eq!(ratio.to_string(), "8.5");
/// assert_eq!(format!("{:.1}", ratio.weight()), "+9.3 dB");
/// # Ok::<(), aetia::BeliefError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, PartialOrd)]
pub struct LikelihoodRatio(f64);

/// The two likelihood ratios of a boolean indicator.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct LikelihoodRatios {
    /// LR+, of the finding when present.
    pub present: LikelihoodRatio,
    /// LR-, of the finding when absent.
    pub absent: LikelihoodRatio,
}

impl LikelihoodRatio {
    /// Says nothing.
    pub const NEUTRAL: Self = Self(1.0);

    /// A likelihood ratio.
    ///
    /// # Errors
    /// [`BeliefError::NotALikelihoodRatio`] unless the value is finite and above 0.
    pub fn new(value: f64) -> Result<Self, BeliefError> {
        if value > 0.0 && value.is_finite() {
            Ok(Self(value))
        } else {
            Err(BeliefError::NotALikelihoodRatio(value))
        }
    }

    /// The nearest likelihood ratio to a float that may have left the range.
    pub(crate) fn saturating(value: f64) -> Self {
        Self(value.clamp(f64::MIN_POSITIVE, f64::MAX))
    }

    /// The ratio as a float.
    pub const fn get(self) -> f64 {
        self.0
    }

    /// The same evidence seen from the other side.
    #[must_use]
    pub fn recip(self) -> Self {
        Self::saturating(1.0 / self.0)
    }

    /// The weight of evidence, `round(10^10 · log10 LR)` nanodecibans: the one place where a ratio
    /// becomes an integer.
    ///
    /// # Formula
    /// ```text
    /// w = round_half_away(10 * log10(LR) * 10^9)
    /// ```
    pub fn weight(self) -> Weight {
        Weight::from_nanodecibans(units(1e10 * libm::log10(self.0)))
    }
}

impl fmt::Display for LikelihoodRatio {
    /// Three significant digits, without trailing zeros.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = match self.0 {
            x if !(1e-3..1e6).contains(&x) => format!("{x:.1e}"),
            x if x >= 100.0 => format!("{x:.0}"),
            x if x >= 10.0 => format!("{x:.1}"),
            x if x >= 1.0 => format!("{x:.2}"),
            x => format!("{x:.3}"),
        };
        let text = if text.contains('.') && !text.contains('e') {
            text.trim_end_matches('0').trim_end_matches('.').to_owned()
        } else {
            text
        };
        pad(f, &text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn weights_of_high_precision_constants() {
        // 10^10 * log10(LR) from 60-digit arithmetic.
        let table = [
            (7.3, 8_633_228_601),
            (0.11, -9_586_073_148),
            (1.254, 982_975_365),
            (2.0, 3_010_299_957),
            (1.0, 0),
        ];
        for (ratio, units) in table {
            assert_eq!(LikelihoodRatio(ratio).weight().nanodecibans(), units, "{ratio}");
        }
    }

    #[test]
    fn prints_three_digits() {
        for (value, text) in
            [(12.4, "12.4"), (171.0, "171"), (0.329, "0.329"), (2.0, "2"), (1.25e-5, "1.3e-5")]
        {
            assert_eq!(LikelihoodRatio(value).to_string(), text);
        }
    }
}
