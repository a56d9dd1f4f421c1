//! The normal distribution, and the units between weights and floats.

use aetia::Weight;

/// How many standard deviations a 95 % interval reaches on either side.
pub(crate) const Z: f64 = 1.959_963_984_540_054;

/// Decibans in a nat: 10 / ln 10.
pub(crate) const DECIBANS_PER_NAT: f64 = 4.342_944_819_032_518;

/// A weight in decibans.
pub(crate) fn decibans(weight: Weight) -> f64 {
    weight.decibans()
}

/// Decibans as whole nanodecibans, half away from zero; what is beyond the range saturates.
#[expect(
    clippy::as_conversions,
    clippy::cast_possible_truncation,
    reason = "rounding on purpose, saturating"
)]
pub(crate) fn nanodecibans(decibans: f64) -> i64 {
    let units = decibans * 1e9;
    // `libm::round` is slower than the rest of a draw; away from the ends of the range this is the same.
    (if units < 0.0 { units - 0.5 } else { units + 0.5 }) as i64
}

/// `P(Z <= x)` of a standard normal variable.
///
/// # Formula
/// ```text
/// Phi(x) = erfc(-x / sqrt 2) / 2
/// ```
pub(crate) fn cumulative(x: f64) -> f64 {
    0.5 * libm::erfc(-x / core::f64::consts::SQRT_2)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_normal_distribution_of_known_constants() {
        for (x, value) in [(0.0, 0.5), (Z, 0.975), (-Z, 0.025), (1.0, 0.841_344_746_068_543)] {
            assert!((cumulative(x) - value).abs() < 1e-14, "{x}: {}", cumulative(x));
        }
    }

    #[test]
    fn decibans_round_half_away_from_zero() {
        assert_eq!([0.4e-9, 0.6e-9, -0.6e-9, 2.0].map(nanodecibans), [0, 1, -1, 2_000_000_000]);
    }
}
