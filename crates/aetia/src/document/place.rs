//! Where in a document something stands, written as a path such as `evidence[3].accuracy.specificity`.

mod ruler;
mod source;
mod spans;

use std::fmt::{self, Write as _};

pub(crate) use ruler::Ruler;
pub use source::{Location, Source, SourceKind};

use crate::id::is_slug;

/// The longest key a path shows: a path must stay short whatever the keys are.
const LONGEST_KEY: usize = 64;

/// A path through a document: keys joined by dots, positions in brackets, keys that are no slugs in quotes.
///
/// `evidence[3].likelihood_ratios."<40"` is `Place::root().field("evidence").index(3).field("likelihood_ratios")
/// .field("<40")`. Keys longer than 64 characters are cut.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Place(String);

impl Place {
    /// The whole document.
    pub(crate) fn root() -> Self {
        Self::default()
    }

    /// The value of a key.
    #[must_use]
    pub(crate) fn field(&self, key: &str) -> Self {
        let mut path = self.with_room_for(key.len() + 3);
        if !path.is_empty() {
            path.push('.');
        }
        if is_slug(key) {
            path.push_str(key);
        } else {
            quote(key, &mut path);
        }
        Self(path)
    }

    /// The element at a position, from 0.
    #[must_use]
    pub(crate) fn index(&self, position: usize) -> Self {
        let mut path = self.with_room_for(8);
        // Writing to a text cannot fail.
        _ = write!(path, "[{position}]");
        Self(path)
    }

    /// The path as text; empty for the whole document.
    #[cfg(test)]
    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }

    fn with_room_for(&self, more: usize) -> String {
        let mut path = String::with_capacity(self.0.len() + more.min(LONGEST_KEY + 3));
        path.push_str(&self.0);
        path
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

impl From<Place> for String {
    fn from(place: Place) -> Self {
        place.0
    }
}

impl From<&Place> for String {
    fn from(place: &Place) -> Self {
        place.0.clone()
    }
}

/// Writes a key in quotes, with escapes that [`Steps`] reads back.
fn quote(key: &str, path: &mut String) {
    path.push('"');
    for (index, character) in key.chars().enumerate() {
        if index == LONGEST_KEY {
            path.push('…');
            break;
        }
        match character {
            '\'' => path.push('\''),
            other => path.extend(other.escape_debug()),
        }
    }
    path.push('"');
}

/// One step of a path.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Step {
    Field(String),
    Index(usize),
}

/// The steps of a path, as far as it can be read: one that cannot ends it.
struct Steps<'a> {
    rest: &'a str,
}

impl<'a> Steps<'a> {
    fn of(path: &'a str) -> Self {
        Self { rest: path }
    }

    fn index(&mut self, inside: &'a str) -> Option<Step> {
        let (position, rest) = inside.split_once(']')?;
        self.rest = rest;
        position.parse().ok().map(Step::Index)
    }

    fn quoted(&mut self, inside: &'a str) -> Option<Step> {
        let mut key = String::new();
        let mut characters = inside.chars();
        loop {
            match characters.next()? {
                '"' => break,
                '\\' => key.push(escaped(&mut characters)?),
                plain => key.push(plain),
            }
        }
        self.rest = characters.as_str();
        Some(Step::Field(key))
    }

    fn slug(&mut self, path: &'a str) -> Option<Step> {
        let end = path.find(['.', '[']).unwrap_or(path.len());
        let (key, rest) = path.split_at_checked(end)?;
        self.rest = rest;
        (!key.is_empty()).then(|| Step::Field(key.to_owned()))
    }
}

impl Iterator for Steps<'_> {
    type Item = Step;

    fn next(&mut self) -> Option<Step> {
        if let Some(inside) = self.rest.strip_prefix('[') {
            return self.index(inside);
        }
        let path = self.rest.strip_prefix('.').unwrap_or(self.rest);
        match path.strip_prefix('"') {
            Some(inside) => self.quoted(inside),
            None => self.slug(path),
        }
    }
}

/// Reads what follows a backslash, as `char::escape_debug` writes it.
fn escaped(characters: &mut std::str::Chars<'_>) -> Option<char> {
    match characters.next()? {
        'n' => Some('\n'),
        'r' => Some('\r'),
        't' => Some('\t'),
        '0' => Some('\0'),
        'u' => {
            let (digits, rest) = characters.as_str().strip_prefix('{')?.split_once('}')?;
            *characters = rest.chars();
            u32::from_str_radix(digits, 16).ok().and_then(char::from_u32)
        }
        plain => Some(plain),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_read_as_one_would_write_them() {
        let place = Place::root().field("evidence").index(3).field("likelihood_ratios").field("<40");
        assert_eq!(place.to_string(), r#"evidence[3].likelihood_ratios."<40""#);
        assert_eq!(Place::root().to_string(), "");
        assert_eq!(Place::root().field("A b").to_string(), r#""A b""#);
        assert!(Place::root().field(&"é".repeat(10_000)).as_str().len() < 150);
    }

    #[test]
    fn every_path_is_read_back() {
        for key in ["a", "<40", "40..45", "", "a.b", "a\"b", "a\\b", "[3]", "a\n\u{202e}\0'é", "x]y"] {
            let place = Place::root().field("causes").field(key).index(12).field(key);
            let steps: Vec<Step> = Steps::of(place.as_str()).collect();
            let key = || Step::Field(key.to_owned());
            assert_eq!(steps, [Step::Field("causes".to_owned()), key(), Step::Index(12), key()], "{place}");
        }
    }

    #[test]
    fn a_path_that_is_none_ends_where_it_stops_making_sense() {
        for path in [
            "[",
            "[x]",
            "a[1",
            "\"",
            "a.\"\\",
            "a.\"\\u{110000}\"",
            "..",
            "a..b",
            "a]b",
            "[99999999999999999999999]",
        ] {
            assert!(Steps::of(path).count() <= 2, "{path}");
        }
    }
}
