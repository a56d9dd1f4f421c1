//! A value as it stands in a document, whether TOML or JSON wrote it.

use std::collections::BTreeMap;
use std::fmt;

/// The deepest nesting any limit may allow: below the recursion guards of `serde_json` (128) and `toml` (80),
/// so that ours is the one that speaks, and shallow enough for any stack.
pub(crate) const DEEPEST: usize = 64;

/// A value of either notation.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Tree {
    /// Nothing; only JSON can write it.
    Null,
    /// Yes or no.
    Boolean(bool),
    /// A number written without fraction or exponent.
    Integer(i64),
    /// Any other number; TOML can write infinities and NaN.
    Float(f64),
    /// A text.
    Text(String),
    /// Values in order.
    List(Vec<Self>),
    /// Values by key.
    Table(BTreeMap<String, Self>),
    /// Something the format has no use for, by its name.
    Other(&'static str),
}

impl Tree {
    /// The number this is, if it is one.
    pub(crate) fn number(&self) -> Option<f64> {
        match self {
            Self::Integer(whole) => Some(nearest(*whole)),
            Self::Float(number) => Some(*number),
            Self::Null
            | Self::Boolean(_)
            | Self::Text(_)
            | Self::List(_)
            | Self::Table(_)
            | Self::Other(_) => None,
        }
    }

    /// The whole number this is, if it is one; `3.0` counts.
    pub(crate) fn whole(&self) -> Option<i64> {
        match self {
            Self::Integer(whole) => Some(*whole),
            Self::Float(number) => whole(*number),
            Self::Null
            | Self::Boolean(_)
            | Self::Text(_)
            | Self::List(_)
            | Self::Table(_)
            | Self::Other(_) => None,
        }
    }
}

/// What was found, in the words of a message.
impl fmt::Display for Tree {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Null => f.write_str("`null`"),
            Self::Boolean(value) => write!(f, "`{value}`"),
            Self::Integer(number) => write!(f, "the number {number}"),
            Self::Float(number) => write!(f, "the number {number:?}"),
            Self::Text(text) => write!(f, "the text `{}`", excerpt(text)),
            Self::List(_) => f.write_str("a list"),
            Self::Table(_) => f.write_str("a table"),
            Self::Other(name) => f.write_str(name),
        }
    }
}

/// The first characters of an author's text, safe to print: a message must not grow with the text it is about.
pub(crate) fn excerpt(text: &str) -> String {
    const LONGEST: usize = 64;
    let mut shown = String::new();
    for (index, character) in text.chars().enumerate() {
        if index == LONGEST {
            shown.push('…');
            break;
        }
        match character {
            '\'' | '"' | '\\' => shown.push(character),
            other => shown.extend(other.escape_debug()),
        }
    }
    shown
}

/// The nearest float.
#[expect(clippy::as_conversions, clippy::cast_precision_loss, reason = "no From<i64> for f64 exists")]
pub(crate) fn nearest(whole: i64) -> f64 {
    whole as f64
}

/// The whole number a float is, where every float is exact.
#[expect(clippy::as_conversions, clippy::cast_possible_truncation, reason = "whole and below 2^53")]
fn whole(number: f64) -> Option<i64> {
    const EXACT: f64 = 9_007_199_254_740_992.0;
    (number.fract() == 0.0 && number.abs() < EXACT).then_some(number as i64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whole_numbers_are_exact_or_refused() {
        assert_eq!(Tree::Float(3.0).whole(), Some(3));
        assert_eq!(Tree::Float(-2.0).whole(), Some(-2));
        for bad in [3.5, f64::NAN, f64::INFINITY, 1e300] {
            assert_eq!(Tree::Float(bad).whole(), None, "{bad}");
        }
    }

    #[test]
    fn excerpts_are_short_and_printable() {
        assert_eq!(excerpt("a\nb"), "a\\nb");
        assert_eq!(excerpt("it's \"so\""), "it's \"so\"");
        assert_eq!(excerpt(&"x".repeat(1_000)).chars().count(), 65);
    }
}
