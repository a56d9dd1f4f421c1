//! Identifiers: the authors' slugs, and nothing else.

use std::borrow::Borrow;
use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

/// Why a text is not an identifier.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "`{text}` is not an identifier; expected a lowercase letter, then up to 63 lowercase letters, digits or underscores"
)]
pub struct InvalidId {
    text: String,
}

impl InvalidId {
    /// The text that was refused.
    pub fn text(&self) -> &str {
        &self.text
    }
}

/// Whether a text matches `[a-z][a-z0-9_]{0,63}`.
pub(crate) fn is_slug(text: &str) -> bool {
    let bytes = text.as_bytes();
    bytes.first().is_some_and(u8::is_ascii_lowercase)
        && bytes.len() <= 64
        && bytes.iter().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || *b == b'_')
}

macro_rules! slug {
    ($name:ident, $what:literal) => {
        #[doc = concat!("The identifier of ", $what, ": `[a-z][a-z0-9_]{0,63}`, so that it is also a good column name.")]
        ///
        /// Ordered by bytes; cheap to clone.
        #[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(Arc<str>);

        impl $name {
            /// The identifier as text.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl FromStr for $name {
            type Err = InvalidId;

            fn from_str(text: &str) -> Result<Self, InvalidId> {
                if is_slug(text) {
                    Ok(Self(Arc::from(text)))
                } else {
                    Err(InvalidId { text: text.to_owned() })
                }
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.pad(&self.0)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{:?}", &*self.0)
            }
        }

        impl Borrow<str> for $name {
            fn borrow(&self) -> &str {
                &self.0
            }
        }

        impl AsRef<str> for $name {
            fn as_ref(&self) -> &str {
                &self.0
            }
        }

        impl PartialEq<str> for $name {
            fn eq(&self, other: &str) -> bool {
                &*self.0 == other
            }
        }

        impl PartialEq<&str> for $name {
            fn eq(&self, other: &&str) -> bool {
                &*self.0 == *other
            }
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(&self.0)
            }
        }
    };
}

slug!(CauseId, "a cause");
slug!(IndicatorId, "an indicator, declared or derived");
slug!(SettingId, "a setting");
slug!(GroupId, "a group of indicators");
slug!(GateId, "a gate");
slug!(FlagId, "a flag");
slug!(SourceId, "a source");
slug!(InvariantId, "a declared invariant");

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slugs_are_lowercase_ascii_and_short() {
        for good in ["a", "night_pain", "a1", &"a".repeat(64)] {
            assert!(good.parse::<CauseId>().is_ok(), "{good}");
        }
        for bad in ["", "_a", "1a", "A", "night-pain", "é", "a b", &"a".repeat(65)] {
            assert!(bad.parse::<CauseId>().is_err(), "{bad}");
        }
    }
}
