//! Why a claim cannot be asked of a model.

use std::fmt;

/// Why a claim cannot be asked of a model.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Refusal {
    /// The knowledge base has no such cause, indicator, answer, flag or setting.
    Unknown {
        /// What was looked for.
        what: &'static str,
        /// Its name.
        name: String,
        /// What is known instead, the nearest first.
        known: Vec<String>,
    },
    /// The claim is not right for this knowledge base; what is wrong, and what to do.
    Invalid {
        /// What is wrong.
        message: String,
        /// What to do about it.
        help: Option<String>,
    },
    /// A group, or groups that two knowledge bases tie together, have more joint states than are looked at.
    TooLarge {
        /// The indicators concerned.
        indicators: Vec<String>,
        /// How many states are looked at.
        most: usize,
    },
}

impl std::error::Error for Refusal {}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unknown { what, name, known } => {
                write!(f, "`{name}` is no {what} of this knowledge base")?;
                match known.as_slice() {
                    [] => Ok(()),
                    known => write!(f, "; there is {}", list(known)),
                }
            }
            Self::Invalid { message, .. } => f.write_str(message),
            Self::TooLarge { indicators, most } => write!(
                f,
                "{} have more than {most} joint states together, which is more than a proof looks at",
                list(indicators)
            ),
        }
    }
}

impl Refusal {
    pub(crate) fn unknown<N: AsRef<str>>(
        what: &'static str,
        name: &str,
        known: impl Iterator<Item = N>,
    ) -> Self {
        let mut known: Vec<String> = known.map(|name| name.as_ref().to_owned()).collect();
        known.sort_by_key(|other| distance(name, other));
        known.truncate(FEW);
        Self::Unknown { what, name: name.to_owned(), known }
    }

    pub(crate) fn other(error: &impl fmt::Display) -> Self {
        Self::Invalid { message: error.to_string(), help: None }
    }

    /// What to do about it, where something can be said.
    pub fn help(&self) -> Option<&str> {
        match self {
            Self::Invalid { help, .. } => help.as_deref(),
            Self::Unknown { .. } => None,
            Self::TooLarge { .. } => Some("split the group, or give its members fewer answers"),
        }
    }
}

/// How many names are named.
const FEW: usize = 5;

fn list(names: &[String]) -> String {
    names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")
}

/// How many letters two names differ by, from either end: enough to put the likely one first.
fn distance(one: &str, other: &str) -> usize {
    let same = one.bytes().zip(other.bytes()).take_while(|(a, b)| a == b).count();
    let tail = one.bytes().rev().zip(other.bytes().rev()).take_while(|(a, b)| a == b).count();
    one.len().max(other.len()).saturating_sub(same + tail)
}
