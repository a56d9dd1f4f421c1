//! Invariants as written: rules over every possible case.

mod parse;

use std::fmt;

pub use parse::ClaimError;

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

/// Prints the text that reads back as this claim.
impl fmt::Display for Claim {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NeverFirst { cause, unless } => {
                write!(f, "never_first({cause}){}", Suffix("unless", unless.as_ref()))
            }
            Self::NeverLeads { cause, unless } => {
                write!(f, "never_leads({cause}){}", Suffix("unless", unless.as_ref()))
            }
            Self::ReachableFirst { cause, setting } => {
                write!(f, "reachable_first({cause}){}", Suffix("in", setting.as_ref()))
            }
            Self::ReachableLeads { cause, setting } => {
                write!(f, "reachable_leads({cause}){}", Suffix("in", setting.as_ref()))
            }
            Self::AlwaysAbove { upper, lower, when } => {
                write!(f, "always_above({upper}, {lower}){}", Suffix("when", when.as_ref()))
            }
            Self::Monotone { indicator, from, to, cause, on_score } => {
                let suffix = if *on_score { " on score" } else { "" };
                write!(f, "monotone({indicator}: {from} -> {to}, {cause}){suffix}")
            }
            Self::PosteriorAtMost { cause, bound, when } => {
                write!(f, "posterior({cause}) <= {bound}{}", Suffix("when", when.as_ref()))
            }
            Self::Raised { flag, whenever } => write!(f, "raised({flag}) whenever {whenever}"),
            Self::SomeNamedCauseOpen => f.write_str("some_named_cause_open"),
        }
    }
}

impl fmt::Display for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Cause(cause) => f.pad(cause),
            Self::Every => f.pad("*"),
        }
    }
}

/// A word and what follows it, or nothing at all.
struct Suffix<'a, T>(&'static str, Option<&'a T>);

impl<T: fmt::Display> fmt::Display for Suffix<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.1 {
            Some(what) => write!(f, " {} {what}", self.0),
            None => Ok(()),
        }
    }
}
