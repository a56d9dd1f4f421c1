//! Weights of evidence and positions on their scale, in whole nanodecibans.

use std::fmt;
use std::iter::Sum;
use std::ops::{Add, AddAssign, Neg, Sub, SubAssign};

use super::{LikelihoodRatio, Probability, exp10, odds};

/// Nanodecibans in one deciban.
const UNITS_PER_DECIBAN: i64 = 1_000_000_000;

/// A weight of evidence: `10 · log10(likelihood ratio)` in whole nanodecibans.
///
/// Weights add, subtract and negate exactly: they form an abelian group with [`Weight::ZERO`].
/// +10 dB multiplies odds by ten, +3 dB about doubles them; 1 dB is about the smallest change of
/// evidence a person notices (Good 1979).
///
/// ```
/// use aetia::{LikelihoodRatio, Weight};
/// let ten = LikelihoodRatio::new(10.0)?.weight();
/// assert_eq!(ten, Weight::from_nanodecibans(10_000_000_000));
/// assert_eq!(ten - ten, Weight::ZERO);
/// assert_eq!(format!("{ten:.1}"), "+10.0 dB");
/// # Ok::<(), aetia::BeliefError>(())
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Weight(i64);

/// A position on the deciban scale: the log-odds of a cause against the comparator.
///
/// Positions do not add; a position and a weight give a position, and two positions differ by a weight.
///
/// ```
/// use aetia::{LogOdds, Weight};
/// let prior = LogOdds::EVEN;
/// let posterior = prior + Weight::from_nanodecibans(3_000_000_000);
/// assert_eq!(posterior - prior, Weight::from_nanodecibans(3_000_000_000));
/// ```
///
/// ```compile_fail
/// use aetia::LogOdds;
/// let nonsense = LogOdds::EVEN + LogOdds::EVEN; // two positions have no sum
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LogOdds(i64);

/// Whole units as a float. Exact up to 2^53 units, nine million decibans; scores stay far below.
#[expect(clippy::as_conversions, clippy::cast_precision_loss, reason = "no From<i64> for f64 exists")]
pub(super) const fn float(units: i64) -> f64 {
    units as f64
}

/// A float as whole units, half away from zero; values beyond the range saturate.
#[expect(
    clippy::as_conversions,
    clippy::cast_possible_truncation,
    reason = "rounding on purpose, saturating"
)]
pub(super) fn units(nanodecibans: f64) -> i64 {
    libm::round(nanodecibans) as i64
}

/// A fraction in whole billionths, half away from zero.
pub(crate) fn billionths(fraction: f64) -> i64 {
    units(fraction * float(UNITS_PER_DECIBAN))
}

impl Weight {
    /// No evidence: likelihood ratio 1.
    pub const ZERO: Self = Self(0);
    /// One deciban.
    pub const DECIBAN: Self = Self(UNITS_PER_DECIBAN);

    /// A weight of so many nanodecibans.
    pub const fn from_nanodecibans(nanodecibans: i64) -> Self {
        Self(nanodecibans)
    }

    /// The weight in nanodecibans: exact.
    pub const fn nanodecibans(self) -> i64 {
        self.0
    }

    /// The weight in decibans, for display.
    pub fn decibans(self) -> f64 {
        float(self.0) / float(UNITS_PER_DECIBAN)
    }

    /// The likelihood ratio of this weight, for display.
    ///
    /// Beyond about ±3000 dB the ratio leaves the range of a float and is held at its ends.
    pub fn likelihood_ratio(self) -> LikelihoodRatio {
        LikelihoodRatio::saturating(exp10(self.0))
    }

    /// The size of the weight, whatever it speaks for.
    #[must_use]
    pub const fn abs(self) -> Self {
        Self(self.0.saturating_abs())
    }

    /// This weight times `factor / 10^9`, rounded to whole units, half away from zero.
    ///
    /// # Formula
    /// ```text
    /// part = round_half_away(w * factor / 10^9)
    /// ```
    #[must_use]
    pub fn scaled(self, factor: i64) -> Self {
        let billion = i128::from(UNITS_PER_DECIBAN);
        let product = i128::from(self.0) * i128::from(factor);
        let half = if product < 0 { -billion / 2 } else { billion / 2 };
        Self(i64::try_from((product + half) / billion).unwrap_or(if product < 0 {
            i64::MIN
        } else {
            i64::MAX
        }))
    }
}

impl LogOdds {
    /// Even odds: as likely as the comparator.
    pub const EVEN: Self = Self(0);

    /// A position of so many nanodecibans.
    pub const fn from_nanodecibans(nanodecibans: i64) -> Self {
        Self(nanodecibans)
    }

    /// The position in nanodecibans: exact.
    pub const fn nanodecibans(self) -> i64 {
        self.0
    }

    /// The position in decibans, for display.
    pub fn decibans(self) -> f64 {
        float(self.0) / float(UNITS_PER_DECIBAN)
    }

    /// The probability at these odds: `1 / (1 + 10^(-s/10))`.
    ///
    /// # Formula
    /// ```text
    /// p = 10^(s/10) / (1 + 10^(s/10))
    /// ```
    pub fn probability(self) -> Probability {
        // The smaller power is computed, so that nothing overflows on either side.
        let small = odds(-self.0.saturating_abs());
        let share = small / (1.0 + small);
        Probability::saturating(if self.0 < 0 { share } else { 1.0 / (1.0 + small) })
    }
}

impl Add for Weight {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        Self(self.0.saturating_add(other.0))
    }
}

impl AddAssign for Weight {
    fn add_assign(&mut self, other: Self) {
        *self = *self + other;
    }
}

impl Sub for Weight {
    type Output = Self;
    fn sub(self, other: Self) -> Self {
        Self(self.0.saturating_sub(other.0))
    }
}

impl SubAssign for Weight {
    fn sub_assign(&mut self, other: Self) {
        *self = *self - other;
    }
}

impl Neg for Weight {
    type Output = Self;
    fn neg(self) -> Self {
        Self(self.0.saturating_neg())
    }
}

impl Sum for Weight {
    fn sum<I: Iterator<Item = Self>>(weights: I) -> Self {
        weights.fold(Self::ZERO, Add::add)
    }
}

impl<'a> Sum<&'a Self> for Weight {
    fn sum<I: Iterator<Item = &'a Self>>(weights: I) -> Self {
        weights.copied().sum()
    }
}

impl Add<Weight> for LogOdds {
    type Output = Self;
    fn add(self, weight: Weight) -> Self {
        Self(self.0.saturating_add(weight.0))
    }
}

impl AddAssign<Weight> for LogOdds {
    fn add_assign(&mut self, weight: Weight) {
        *self = *self + weight;
    }
}

impl Sub<Weight> for LogOdds {
    type Output = Self;
    fn sub(self, weight: Weight) -> Self {
        Self(self.0.saturating_sub(weight.0))
    }
}

impl Sub for LogOdds {
    type Output = Weight;
    fn sub(self, other: Self) -> Weight {
        Weight(self.0.saturating_sub(other.0))
    }
}

/// Decibans with a sign and the unit; one decimal unless the format says otherwise.
fn write_decibans(units: i64, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    let digits = f.precision().unwrap_or(1);
    let text = format!("{:+.digits$}", float(units) / float(UNITS_PER_DECIBAN));
    // A rounded zero has no sign: "-0.0 dB" would suggest evidence against.
    let rounded_to_zero = text.bytes().skip(1).all(|b| matches!(b, b'0' | b'.'));
    let text =
        if rounded_to_zero { text.replacen(['+', '-'], " ", 1) } else { text.replace('-', "\u{2212}") };
    pad(f, &format!("{} dB", text.trim_start()))
}

/// Writes a text with the width, fill and alignment of a format, to the right unless it says otherwise.
/// (`Formatter::pad` would take the precision for a length, `pad_integral` counts bytes.)
pub(super) fn pad(f: &mut fmt::Formatter<'_>, text: &str) -> fmt::Result {
    let missing = f.width().unwrap_or(0).saturating_sub(text.chars().count());
    let before = match f.align() {
        Some(fmt::Alignment::Left) => 0,
        Some(fmt::Alignment::Center) => missing / 2,
        Some(fmt::Alignment::Right) | None => missing,
    };
    let fill = |n: usize| String::from(f.fill()).repeat(n);
    let (before, after) = (fill(before), fill(missing - before));
    write!(f, "{before}{text}{after}")
}

impl fmt::Display for Weight {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_decibans(self.0, f)
    }
}

impl fmt::Display for LogOdds {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_decibans(self.0, f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scaling_rounds_half_away_from_zero() {
        let half = 500_000_000;
        assert_eq!(Weight(3).scaled(half), Weight(2));
        assert_eq!(Weight(-3).scaled(half), Weight(-2));
        assert_eq!(Weight(1).scaled(half - 1), Weight(0));
        assert_eq!(Weight(7).scaled(UNITS_PER_DECIBAN), Weight(7));
        assert_eq!(Weight(i64::MAX).scaled(2 * UNITS_PER_DECIBAN), Weight(i64::MAX));
    }

    #[test]
    fn decibans_print_with_sign_and_unit() {
        assert_eq!(Weight(9_294_000_000).to_string(), "+9.3 dB");
        assert_eq!(LogOdds(-12_800_000_000).to_string(), "\u{2212}12.8 dB");
        assert_eq!(Weight(-4).to_string(), "0.0 dB");
        assert_eq!(format!("{:>9}", Weight(1_000_000_000)), "  +1.0 dB");
        assert_eq!(format!("{:9}", Weight(-1_000_000_000)), "  \u{2212}1.0 dB");
        assert_eq!(format!("{:<9}|", Weight(-1_000_000_000)), "\u{2212}1.0 dB  |");
        assert_eq!(format!("{:.3}", Weight(1_234_567_890)), "+1.235 dB");
    }

    #[test]
    fn probability_of_a_position_is_symmetric_and_strictly_inside() {
        assert!((LogOdds(0).probability().get() - 0.5).abs() < 1e-15);
        let (up, down) = (LogOdds(9_542_425_094).probability(), LogOdds(-9_542_425_094).probability());
        assert!((up.get() - 0.9).abs() < 1e-10 && (down.get() - 0.1).abs() < 1e-10);
        assert!(LogOdds(i64::MIN).probability().get() > 0.0);
        assert!(LogOdds(i64::MAX).probability().get() < 1.0);
    }
}
