//! Sensitivity and specificity, and the 2x2 counts behind them.

use super::{BeliefError, LikelihoodRatio, LikelihoodRatios, Probability};

/// Sensitivity and specificity of a boolean indicator for a cause.
///
/// ```
/// use aetia::Accuracy;
/// let ratios = Accuracy::new(0.75, 0.76)?.likelihood_ratios();
/// assert!((ratios.present.get() - 3.125).abs() < 1e-12);
/// assert!((ratios.absent.get() - 0.328_947_368).abs() < 1e-9);
/// # Ok::<(), aetia::BeliefError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Accuracy {
    sensitivity: Probability,
    specificity: Probability,
}

/// A 2x2 table of people, kept as counts.
///
/// Points are the raw fractions; if a cell is 0, one half is added to all four and
/// [`Counts::is_continuity_corrected`] says so. Intervals use the log method (Simel 1991).
///
/// ```
/// use aetia::Counts;
/// let counts = Counts::new(40, 73, 70, 139)?;
/// assert!((counts.accuracy().sensitivity().get() - 40.0 / 113.0).abs() < 1e-15);
/// let (low, high) = counts.interval_present();
/// assert!(low.get() < 1.06 && 1.06 < high.get());
/// # Ok::<(), aetia::BeliefError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Counts {
    true_positive: u32,
    false_negative: u32,
    false_positive: u32,
    true_negative: u32,
}

impl Accuracy {
    /// From sensitivity `P(present | cause)` and specificity `P(absent | comparator)`.
    ///
    /// # Errors
    /// [`BeliefError::NotAProbability`] unless both are strictly between 0 and 1.
    pub fn new(sensitivity: f64, specificity: f64) -> Result<Self, BeliefError> {
        Ok(Self { sensitivity: Probability::new(sensitivity)?, specificity: Probability::new(specificity)? })
    }

    /// The accuracy that a pair of likelihood ratios implies.
    ///
    /// # Formula
    /// ```text
    /// specificity = (LR+ - 1) / (LR+ - LR-),  sensitivity = LR+ * (1 - specificity)
    /// ```
    ///
    /// # Errors
    /// [`BeliefError::NotAProbability`] where no accuracy gives this pair: both on one side of 1, or both 1.
    pub fn from_likelihood_ratios(ratios: LikelihoodRatios) -> Result<Self, BeliefError> {
        let (present, absent) = (ratios.present.get(), ratios.absent.get());
        let specificity = (present - 1.0) / (present - absent);
        Self::new(present * (1.0 - specificity), specificity)
    }

    /// `P(present | cause)`.
    pub const fn sensitivity(self) -> Probability {
        self.sensitivity
    }

    /// `P(absent | comparator)`.
    pub const fn specificity(self) -> Probability {
        self.specificity
    }

    /// LR+ and LR-.
    ///
    /// # Formula
    /// ```text
    /// LR+ = sensitivity / (1 - specificity),  LR- = (1 - sensitivity) / specificity
    /// ```
    pub fn likelihood_ratios(self) -> LikelihoodRatios {
        let (sensitivity, specificity) = (self.sensitivity.get(), self.specificity.get());
        LikelihoodRatios {
            present: LikelihoodRatio::saturating(sensitivity / (1.0 - specificity)),
            absent: LikelihoodRatio::saturating((1.0 - sensitivity) / specificity),
        }
    }
}

impl Counts {
    /// A table of people with the cause (positive, negative) and without it (positive, negative).
    ///
    /// # Errors
    /// [`BeliefError::EmptyTable`] where nobody has the cause, or nobody is without it.
    pub fn new(
        true_positive: u32,
        false_negative: u32,
        false_positive: u32,
        true_negative: u32,
    ) -> Result<Self, BeliefError> {
        if (true_positive == 0 && false_negative == 0) || (false_positive == 0 && true_negative == 0) {
            return Err(BeliefError::EmptyTable);
        }
        Ok(Self { true_positive, false_negative, false_positive, true_negative })
    }

    /// Whether a cell is 0, so that one half was added to all four.
    pub const fn is_continuity_corrected(self) -> bool {
        self.true_positive == 0
            || self.false_negative == 0
            || self.false_positive == 0
            || self.true_negative == 0
    }

    /// The four cells as floats, corrected where a cell is 0.
    fn cells(self) -> [f64; 4] {
        let extra = if self.is_continuity_corrected() { 0.5 } else { 0.0 };
        [self.true_positive, self.false_negative, self.false_positive, self.true_negative]
            .map(|n| f64::from(n) + extra)
    }

    /// Sensitivity and specificity.
    pub fn accuracy(self) -> Accuracy {
        let [a, b, c, d] = self.cells();
        Accuracy {
            sensitivity: Probability::saturating(a / (a + b)),
            specificity: Probability::saturating(d / (c + d)),
        }
    }

    /// The 95 % interval of LR+ by the log method.
    ///
    /// # Formula
    /// ```text
    /// ln LR+ +/- 1.959964 * sqrt(1/a - 1/(a+b) + 1/c - 1/(c+d))
    /// ```
    pub fn interval_present(self) -> (LikelihoodRatio, LikelihoodRatio) {
        let [a, b, c, d] = self.cells();
        log_interval(self.accuracy().likelihood_ratios().present, [a, a + b, c, c + d])
    }

    /// The 95 % interval of LR- by the log method.
    pub fn interval_absent(self) -> (LikelihoodRatio, LikelihoodRatio) {
        let [a, b, c, d] = self.cells();
        log_interval(self.accuracy().likelihood_ratios().absent, [b, a + b, d, c + d])
    }
}

/// The 95 % interval of a ratio of two proportions `(x/m) / (y/n)`, given `[x, m, y, n]`.
fn log_interval(ratio: LikelihoodRatio, [x, m, y, n]: [f64; 4]) -> (LikelihoodRatio, LikelihoodRatio) {
    let spread = 1.959_963_984_540_054 * libm::sqrt((1.0 / x - 1.0 / m + 1.0 / y - 1.0 / n).max(0.0));
    let factor = libm::exp(spread);
    (LikelihoodRatio::saturating(ratio.get() / factor), LikelihoodRatio::saturating(ratio.get() * factor))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_zero_cell_is_corrected_and_says_so() -> Result<(), BeliefError> {
        let counts = Counts::new(10, 0, 2, 8)?;
        assert!(counts.is_continuity_corrected());
        assert!((counts.accuracy().sensitivity().get() - 10.5 / 11.0).abs() < 1e-15);
        assert!(!Counts::new(10, 1, 2, 8)?.is_continuity_corrected());
        assert_eq!(Counts::new(0, 0, 2, 8), Err(BeliefError::EmptyTable));
        Ok(())
    }

    /// Uveitis row of the ASAS cohort (Rudwaleit 2009): 11.5 % of 391 against 7.0 % of 258, LR+ 1.65 (0.98-2.78).
    #[test]
    fn the_log_method_gives_the_published_interval() -> Result<(), BeliefError> {
        let counts = Counts::new(45, 346, 18, 240)?;
        let (low, high) = counts.interval_present();
        assert!((low.get() - 0.98).abs() < 0.01 && (high.get() - 2.78).abs() < 0.01, "{low} to {high}");
        Ok(())
    }

    #[test]
    fn accuracy_and_ratios_are_two_views_of_one_thing() -> Result<(), BeliefError> {
        let there = Accuracy::new(0.37, 0.89)?;
        let back = Accuracy::from_likelihood_ratios(there.likelihood_ratios())?;
        assert!((back.sensitivity().get() - 0.37).abs() < 1e-12);
        assert!((back.specificity().get() - 0.89).abs() < 1e-12);
        let neutral =
            LikelihoodRatios { present: LikelihoodRatio::NEUTRAL, absent: LikelihoodRatio::NEUTRAL };
        assert!(Accuracy::from_likelihood_ratios(neutral).is_err());
        Ok(())
    }
}
