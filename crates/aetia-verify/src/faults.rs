//! Faults that tests put into the solver, to see that they are noticed. Without the feature `faults` there are none.

/// A fault of the solver.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// Equal scores go to the greater identifier.
    TiesGoTheOtherWay,
    /// A box has only states that no other is better than, though that one has other answers to what conditions ask about.
    PrunesAcrossConditions,
    /// A form whose greatest value is 0 is taken for one below 0.
    ClosesAtZero,
    /// The last part of a split is not looked at.
    DropsTheLastPart,
    /// A held cause is kept a nanodeciban too low.
    HoldsTooLow,
    /// `at_least` needs one more than it says.
    CountsOneTooMany,
    /// A lenient gate closes where its condition is undetermined.
    TakesLenientForStrict,
    /// Cases in which something is unknown are left out.
    LeavesOutUnknown,
    /// Caps are not applied.
    ForgetsCaps,
    /// Findings are not closed under what follows.
    ForgetsWhatFollows,
    /// Impossible combinations are possible.
    ForgetsTheImpossible,
    /// An excluded cause counts as open.
    LetsTheExcludedIn,
    /// Not at least 0 is taken for at most -2. (Taken for at most 0 it would be no fault that shows: each sum with it is
    /// at least what it is without, so fewer boxes are closed by sums and none wrongly, and a case is only named after the
    /// query was evaluated in it. It costs boxes.)
    NegatesByTwo,
    /// A sum whose greatest value is 0 is taken for one below 0.
    SumsToZero,
    /// Equal scores after gates are no tie to be broken.
    ForgetsTheLowerTie,
    /// The first cause in order is no rival of any other.
    MixesUpRivals,
    /// An answer with which a sum is 0 at most is ruled out.
    RulesOutTooMuch,
}

impl Fault {
    /// Every fault.
    pub const ALL: [Self; 17] = [
        Self::TiesGoTheOtherWay,
        Self::PrunesAcrossConditions,
        Self::ClosesAtZero,
        Self::DropsTheLastPart,
        Self::HoldsTooLow,
        Self::CountsOneTooMany,
        Self::TakesLenientForStrict,
        Self::LeavesOutUnknown,
        Self::ForgetsCaps,
        Self::ForgetsWhatFollows,
        Self::ForgetsTheImpossible,
        Self::LetsTheExcludedIn,
        Self::NegatesByTwo,
        Self::SumsToZero,
        Self::ForgetsTheLowerTie,
        Self::MixesUpRivals,
        Self::RulesOutTooMuch,
    ];

    /// Puts the fault into the solver on this thread, or takes every fault out.
    #[cfg(feature = "faults")]
    pub fn put(fault: Option<Self>) {
        CURRENT.with(|current| current.set(fault));
    }

    /// Whether it is in.
    #[cfg(feature = "faults")]
    pub(crate) fn is_in(self) -> bool {
        CURRENT.with(|current| current.get() == Some(self))
    }

    /// It never is.
    #[cfg(not(feature = "faults"))]
    #[expect(clippy::unused_self, reason = "with the feature, which fault it is matters")]
    pub(crate) const fn is_in(self) -> bool {
        false
    }
}

#[cfg(feature = "faults")]
thread_local! {
    static CURRENT: std::cell::Cell<Option<Fault>> = const { std::cell::Cell::new(None) };
}
