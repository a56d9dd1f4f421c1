//! What can be claimed, and of which readings of a knowledge base.

use std::fmt;
use std::str::FromStr;

use aetia::{Case, ClaimError, Link, Model, Weight};

use crate::certificate::Readings;

/// Something that is to hold in every possible case, or to be possible in one.
///
/// ```
/// use aetia_verify::Claim;
/// let claim: Claim = "never_first(ibp) unless present(night_pain)".parse()?;
/// assert_eq!(claim.to_string(), "never_first(ibp) unless present(night_pain)");
/// # Ok::<(), aetia::ClaimError>(())
/// ```
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum Claim {
    /// A rule in the grammar of knowledge bases.
    Rule(aetia::Claim),
    /// No answers to what is unknown in this case change its first cause. What could not be assessed stays so.
    Settled {
        /// The case.
        case: Case,
    },
    /// Every case over the common indicators has the same first cause in another knowledge base.
    SameFirstAs(Model),
    /// Every case over the common indicators raises the same flags, at the same levels, in another knowledge base.
    SameFlagsAs(Model),
}

impl From<aetia::Claim> for Claim {
    fn from(rule: aetia::Claim) -> Self {
        Self::Rule(rule)
    }
}

/// Reads a rule. A case or another knowledge base has no name here: such claims are made in a program.
impl FromStr for Claim {
    type Err = ClaimError;

    fn from_str(text: &str) -> Result<Self, ClaimError> {
        text.parse().map(Self::Rule)
    }
}

/// Prints the text of a rule, or what is claimed.
impl fmt::Display for Claim {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Rule(rule) => rule.fmt(f),
            Self::Settled { case } => write!(f, "settled({})", case.to_json()),
            Self::SameFirstAs(model) => write!(f, "same_first_as({})", named(model)),
            Self::SameFlagsAs(model) => write!(f, "same_flags_as({})", named(model)),
        }
    }
}

/// What another knowledge base is called in a claim.
fn named(model: &Model) -> String {
    let kb = model.knowledge_base();
    format!("{}@{}", kb.id(), kb.version())
}

/// Of which readings of a knowledge base something is claimed.
///
/// As it is by default: every setting the knowledge base has (what may be possible, and what becomes of a case, is asked
/// in its default setting), its own link and its priors.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Scope {
    /// This setting and no other.
    pub setting: Option<String>,
    /// How scores become probabilities, for claims about these.
    pub link: Option<Link>,
    /// Every prior may be so much higher or lower than it is, each on its own.
    pub priors: Option<Weight>,
    /// Every weight of a row and every prior may be anywhere in its 95 % interval, each on its own. A figure without an
    /// interval stays as it is.
    pub intervals: bool,
}

/// What a certificate of a scope says that it is of.
impl From<&Scope> for Readings {
    fn from(scope: &Scope) -> Self {
        Self {
            setting: scope.setting.clone(),
            link: scope.link,
            priors: scope.priors.map_or(0, |most| most.abs().nanodecibans()),
            intervals: scope.intervals,
        }
    }
}
