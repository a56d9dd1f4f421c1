//! Invariants as written: rules over every possible case.

use super::Condition;

/// A rule that is to hold in every possible case.
///
/// # Grammar
/// ```text
/// never_first(c)            never_first(c) unless COND
/// never_leads(c)            never_leads(c) unless COND
/// reachable_first(c)        reachable_first(*)            either may end in: in SETTING
/// reachable_leads(c)        reachable_leads(*)            either may end in: in SETTING
/// always_above(a, b)        always_above(a, b) when COND
/// monotone(i: from -> to, c)                              may end in: on score
/// posterior(c) <= 0.10      posterior(c) <= 0.10 when COND
/// raised(flag) whenever COND
/// some_named_cause_open
/// ```
/// `from` and `to` are `present`, `absent`, `unknown`, an answer, or a bin such as `40..45`.
///
/// ```
/// use aetia::Claim;
/// let claim: Claim = "never_first(ibp) unless present(night_pain)".parse()?;
/// assert_eq!(claim.to_string(), "never_first(ibp) unless present(night_pain)");
/// # Ok::<(), aetia::ClaimError>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum Claim {
    /// The cause never has rank 1, unless the condition holds.
    NeverFirst {
        /// The cause.
        cause: String,
        /// The exception.
        unless: Option<Condition>,
    },
    /// The cause never stands above the comparator, unless the condition holds.
    NeverLeads {
        /// The cause.
        cause: String,
        /// The exception.
        unless: Option<Condition>,
    },
    /// Some case gives the cause rank 1.
    ReachableFirst {
        /// The cause, or every one.
        cause: Target,
        /// The setting; the default one unless said.
        setting: Option<String>,
    },
    /// Some case lifts the cause above the comparator.
    ReachableLeads {
        /// The cause, or every one.
        cause: Target,
        /// The setting; the default one unless said.
        setting: Option<String>,
    },
    /// One cause always ranks above another, where the condition holds.
    AlwaysAbove {
        /// The upper cause.
        upper: String,
        /// The lower cause.
        lower: String,
        /// Where it is claimed.
        when: Option<Condition>,
    },
    /// Changing one answer never lowers the cause.
    Monotone {
        /// The indicator whose answer changes.
        indicator: String,
        /// The answer before.
        from: String,
        /// The answer after.
        to: String,
        /// The cause.
        cause: String,
        /// Whether the score is meant, and not the rank.
        on_score: bool,
    },
    /// The posterior never exceeds a bound, where the condition holds.
    PosteriorAtMost {
        /// The cause.
        cause: String,
        /// The bound.
        bound: f64,
        /// Where it is claimed.
        when: Option<Condition>,
    },
    /// The flag is raised whenever the condition holds.
    Raised {
        /// The flag.
        flag: String,
        /// The condition.
        whenever: Condition,
    },
    /// At least one named cause is open in every case.
    SomeNamedCauseOpen,
}

/// A cause, or every one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Target {
    /// One cause.
    Cause(String),
    /// Every named cause, written `*`.
    Every,
}
