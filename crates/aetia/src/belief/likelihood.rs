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
/// assert_eq!(ratio.to_string(), "8.50");
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
    /// Three significant digits; below a thousandth and from ten thousand on as a power of ten.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Rounded first: 9.996 is 10.0, not 10.00.
        let rounded = format!("{:.2e}", self.0);
        let (digits, power) = rounded.split_once('e').unwrap_or((&rounded, "0"));
        let text = match power.parse::<i8>() {
            Ok(power @ -3..=3) => {
                let decimals = usize::try_from(2 - power).unwrap_or(0);
                format!("{:.decimals$}", self.0)
            }
            Ok(_) | Err(_) => format!("{digits} · 10{}", power.chars().map(superscript).collect::<String>()),
        };
        pad(f, &text)
    }
}

/// A digit or a minus, raised.
fn superscript(letter: char) -> char {
    let digits = ['⁰', '¹', '²', '³', '⁴', '⁵', '⁶', '⁷', '⁸', '⁹'];
    let digit = letter.to_digit(10).and_then(|digit| usize::try_from(digit).ok());
    digit.and_then(|digit| digits.get(digit).copied()).unwrap_or('⁻')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prints_three_significant_digits() {
        let table = [
            (7.3, "7.30"),
            (0.0492, "0.0492"),
            (1.0, "1.00"),
            (9.996, "10.0"),
            (99.96, "100"),
            (999.6, "1000"),
            (1234.0, "1234"),
            (0.001, "0.00100"),
            (12_345.0, "1.23 · 10⁴"),
            (9_999.6, "1.00 · 10⁴"),
            (2.5e-15, "2.50 · 10⁻¹⁵"),
        ];
        for (ratio, text) in table {
            assert_eq!(LikelihoodRatio(ratio).to_string(), text);
        }
    }

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
}
