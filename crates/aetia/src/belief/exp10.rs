//! Ten to the power of a weight, the same bits everywhere and in every lane.
#![expect(clippy::inline_always, reason = "a call in a lane would be the end of its vector")]

/// `10 · log10(2)` in nanodecibans: the whole part, the rest, and one divided by both together.
const OCTAVE_WHOLE: f64 = 3_010_299_956.0;
const OCTAVE_REST: f64 = 0.639_811_952_137_389;
const OCTAVES_PER_UNIT: f64 = 1.0 / 3_010_299_956.639_812;
/// Beyond this the result has left the range of a float on either side.
const LIMIT: i64 = 3_300_000_000_000;
/// 307 decades: as far below 1 as odds are followed.
pub(crate) const LEAST: i64 = 3_070_000_000_000;
/// 250 decades: as far above 1 as odds are taken, so that a sum of any number of them is a float.
pub(crate) const MOST: i64 = 2_500_000_000_000;
/// Added to a number and taken away again, this leaves the nearest whole number: 1.5·2^52, for |x| < 2^51. While it is
/// added, the lowest bits of the sum are the whole number.
const MAGIC: f64 = 6_755_399_441_055_744.0;
const MAGIC_BITS: u64 = MAGIC.to_bits();
/// Coefficients of the odd and of the even powers of a number of nanodecibans, from the highest down: a polynomial fitted to
/// `10^(y/10^10)` over half an octave on either side, with 1 at 0, so that its largest relative error is least (Remez 1934). It
/// is under 2^-58, where as many terms of Taylor's series leave 2^-46. Two short chains, because one long one would wait
/// for each of its own steps.
const ODD: [f64; 6] = [
    2.410_814_152_480_148_2e-114,
    5.013_984_776_988_047e-93,
    6.808_936_368_641_129e-72,
    5.393_829_292_095_854e-51,
    2.034_678_592_293_421_3e-30,
    2.302_585_092_994_045_6e-10,
];
const EVEN: [f64; 6] = [
    1.157_588_023_276_589_6e-103,
    1.959_761_824_375_471_3e-82,
    2.069_958_495_532_916e-61,
    1.171_255_148_908_083e-40,
    2.650_949_055_239_205_7e-20,
    1.0,
];

/// `10^(nanodecibans / 10^10)`: the odds, or the likelihood ratio, of a whole number of nanodecibans.
///
/// The one exponential of the library. It uses additions, multiplications and bit patterns in a fixed
/// order and no fused operation, so that a lane of a vector computes what a single call computes.
/// Relative error below 4·2^-53 while the result is a normal float; 0 below and infinity above.
///
/// # Formula
/// ```text
/// n = nearest(u / OCTAVE),  y = u - n*OCTAVE,  result = 2^n * sum_k c_k y^k
/// ```
///
/// ```
/// assert_eq!(aetia::exp10(0), 1.0);
/// assert!((aetia::exp10(10_000_000_000) - 10.0).abs() < 1e-14);
/// ```
#[inline(always)]
pub fn exp10(nanodecibans: i64) -> f64 {
    let (power, shifted) = reduced(nanodecibans.clamp(-LIMIT, LIMIT));
    // Two steps keep results below the normal range correct and let the rest overflow to infinity. 2^12 keeps the
    // number above zero, so that half of it is a shift.
    let above = shifted.wrapping_sub(MAGIC_BITS).wrapping_add(1 << 12);
    let half = above >> 1;
    power * power_of_two(half) * power_of_two(above - half)
}

/// The same up to 10^250 and never below 10^-307: the odds of a cause against the comparator, or against a likelier
/// cause. What is that unlikely weighs nothing in a sum of odds, and no probability is smaller than a float can say;
/// without care for the ends of the range there is less to do.
#[inline(always)]
pub(crate) fn odds(nanodecibans: i64) -> f64 {
    odds_within(if nanodecibans > -LEAST { nanodecibans } else { -LEAST })
}

/// The same for what is known to lie between both ends. Beyond them it is some float.
#[inline(always)]
pub(crate) fn odds_within(nanodecibans: i64) -> f64 {
    let (power, shifted) = reduced(nanodecibans);
    // The lowest bits are the whole number, so that it goes straight into the exponent.
    f64::from_bits(power.to_bits().wrapping_add(shifted << 52))
}

/// A power of ten as `2^n` times a number near 1: that number, and the bits of `n` with [`MAGIC`] added.
#[inline(always)]
fn reduced(clamped: i64) -> (f64, u64) {
    // A whole number below 2^51 as a float, without a conversion that vectors of some machines do not have.
    let units = f64::from_bits(MAGIC_BITS.wrapping_add_signed(clamped)) - MAGIC;
    let shifted = units * OCTAVES_PER_UNIT + MAGIC;
    let octaves = shifted - MAGIC;
    // The first product and the first difference are exact.
    let rest = (units - octaves * OCTAVE_WHOLE) - octaves * OCTAVE_REST;
    let square = rest * rest;
    (chain(EVEN, square) + rest * chain(ODD, square), shifted.to_bits())
}

/// The sum of the powers of a square, from the highest coefficient down.
#[inline(always)]
fn chain([highest, rest @ ..]: [f64; 6], square: f64) -> f64 {
    rest.iter().fold(highest, |sum, coefficient| sum * square + coefficient)
}

/// `2^(n - 2^11)` by its bit pattern.
#[inline(always)]
fn power_of_two(n: u64) -> f64 {
    f64::from_bits(n.wrapping_sub((1 << 11) - 1_023) << 52)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Values of 10^(u/10^10) from 60-digit arithmetic (decimal), rounded to the nearest float.
    #[test]
    fn agrees_with_high_precision_constants() {
        let table: [(i64, f64); 8] = [
            (10_000_000_000, 10.0),
            (-10_000_000_000, 0.1),
            (3_010_299_957, 2.000_000_000_165_872_6),
            (-3_010_299_957, 0.499_999_999_958_531_84),
            (1, 1.000_000_000_230_258_5),
            (12_345_678_901, 17.161_999_702_212_565),
            (-98_765_432_109, 1.328_791_340_097_263_4e-10),
            (300_000_000_000, 1e30),
        ];
        for (units, expected) in table {
            let got = exp10(units);
            assert!(
                (got / expected - 1.0).abs() < 4.0 * f64::EPSILON,
                "{units}: {got:e} is not {expected:e}"
            );
        }
    }

    /// `10^(u/10^10)` in units of 2^-60, for less than an octave either side: Taylor's series in whole numbers, until a
    /// term is nothing.
    fn power_of_ten(u: i64) -> i128 {
        // ln(10) in units of 2^-60.
        const LN_10: i128 = 2_654_699_869_899_991_813;
        let x = i128::from(u) * LN_10 / 10_000_000_000;
        let (mut sum, mut term, mut k) = (1_i128 << 60, 1_i128 << 60, 1);
        while term != 0 {
            term = term * x / (k << 60);
            sum += term;
            k += 1;
        }
        sum
    }

    #[test]
    #[expect(
        clippy::as_conversions,
        clippy::cast_possible_truncation,
        reason = "exact: 53 bits and an exponent"
    )]
    fn the_error_is_below_its_bound_over_an_octave() {
        for step in 0..301_029 {
            let u = 10_000 * step - 1_505_149_979 + step % 9_973;
            let exact = power_of_ten(u);
            let got = (exp10(u) * libm::exp2(60.0)) as i128;
            // Four units of 2^-53, and what the series itself may be off.
            assert!((got - exact).abs() <= (exact >> 51) + 32, "{u}: {got} is not {exact}");
        }
    }

    #[test]
    fn odds_are_powers_as_far_as_they_are_followed() {
        for step in -2_500_000..3_070_000 {
            let units = -1_000_000 * step - step % 7;
            if (-LEAST..=MOST).contains(&units) {
                assert_eq!(odds(units).to_bits(), exp10(units).to_bits(), "{units}");
                assert_eq!(odds_within(units).to_bits(), exp10(units).to_bits(), "{units}");
            }
        }
        for units in [-LEAST, -LEAST - 1, -LIMIT, i64::MIN] {
            assert_eq!(odds(units).to_bits(), exp10(-LEAST).to_bits(), "{units}");
        }
    }

    #[test]
    fn grows_with_its_argument_and_ends_at_zero_and_infinity() {
        assert_eq!(exp10(i64::MIN).to_bits(), 0.0_f64.to_bits());
        assert!(exp10(i64::MAX).is_infinite());
        let mut last = 0.0;
        for step in -3_200..3_080 {
            let now = exp10(step * 1_000_000_000 + 7);
            assert!(now > last, "step {step}");
            last = now;
        }
    }
}
