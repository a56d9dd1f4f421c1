//! Reads a line of text from left to right: what the parsers of conditions and claims share.

use super::tree::excerpt;

/// A text and how far it has been read.
#[derive(Clone, Debug)]
pub(crate) struct Cursor<'a> {
    text: &'a str,
    rest: &'a str,
}

/// Why a text could not be read, and where.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message}, at character {character}")]
pub(crate) struct Fault {
    pub(crate) message: String,
    pub(crate) character: usize,
    pub(crate) help: Option<String>,
    pub(crate) mentions_result: bool,
}

impl Fault {
    pub(crate) fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }
}

impl<'a> Cursor<'a> {
    pub(crate) fn new(text: &'a str) -> Self {
        Self { text, rest: text }
    }

    /// Takes a sign if it comes next.
    pub(crate) fn takes(&mut self, sign: &str) -> bool {
        match self.ahead().strip_prefix(sign) {
            Some(rest) => {
                self.rest = rest;
                true
            }
            None => false,
        }
    }

    /// Takes a sign that must come next.
    pub(crate) fn expects(&mut self, sign: &str) -> Result<(), Fault> {
        if self.takes(sign) { Ok(()) } else { Err(self.found_instead(&format!("`{sign}`"))) }
    }

    /// Takes a whole word if it comes next.
    pub(crate) fn takes_word(&mut self, word: &str) -> bool {
        let mut ahead = self.clone();
        let is_next = ahead.word_if() == Some(word);
        if is_next {
            *self = ahead;
        }
        is_next
    }

    /// Takes a word: a letter or underscore, then letters, digits and underscores.
    pub(crate) fn word(&mut self, expected: &str) -> Result<&'a str, Fault> {
        match self.word_if() {
            Some(word) => Ok(word),
            None => Err(self.found_instead(expected)),
        }
    }

    fn word_if(&mut self) -> Option<&'a str> {
        let ahead = self.ahead();
        let begins = ahead.starts_with(|first: char| first.is_ascii_alphabetic() || first == '_');
        if begins { self.take_while(|c| c.is_ascii_alphanumeric() || c == '_') } else { None }
    }

    /// Takes a finite number.
    pub(crate) fn number(&mut self, expected: &str) -> Result<f64, Fault> {
        let before = self.clone();
        // A letter ends the number only if it cannot be an exponent, so that `4x` is no 4.
        let text = self
            .take_while(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '+'))
            .unwrap_or_default();
        let plain = text.starts_with(|first: char| first.is_ascii_digit() || first == '-');
        match text.parse::<f64>() {
            // Adding zero turns -0 into 0.
            Ok(number) if plain && number.is_finite() => Ok(number + 0.0),
            Ok(_) | Err(_) => Err(before.clone().found_instead(expected)),
        }
    }

    /// Takes everything up to the first of some signs, which must come, without the space around it.
    pub(crate) fn until(&mut self, signs: &[&str], expected: &str) -> Result<&'a str, Fault> {
        let ahead = self.ahead();
        let end = signs.iter().filter_map(|sign| ahead.find(sign)).min();
        match end.and_then(|end| ahead.split_at_checked(end)) {
            Some((before, rest)) if !before.trim().is_empty() => {
                self.rest = rest;
                Ok(before.trim())
            }
            Some(_) | None => Err(self.found_instead(expected)),
        }
    }

    /// Demands that nothing is left.
    pub(crate) fn ends(&mut self, expected: &str) -> Result<(), Fault> {
        if self.ahead().is_empty() { Ok(()) } else { Err(self.found_instead(expected)) }
    }

    /// The fault that something else was expected here.
    pub(crate) fn found_instead(&mut self, expected: &str) -> Fault {
        let ahead = self.ahead();
        let message = match ahead.chars().next() {
            None => format!("the text ends, expected {expected}"),
            Some(first) => {
                let word = self.clone().take_while(|c| c.is_ascii_alphanumeric() || c == '_');
                let found = word.map_or_else(|| excerpt(first.encode_utf8(&mut [0; 4])), excerpt);
                format!("found `{found}`, expected {expected}")
            }
        };
        self.fault(message)
    }

    /// A fault at this place.
    pub(crate) fn fault(&self, message: impl Into<String>) -> Fault {
        let read = self.text.len() - self.rest.len();
        let before = self.text.get(..read).unwrap_or_default();
        Fault {
            message: message.into(),
            character: before.chars().count() + 1,
            help: None,
            mentions_result: false,
        }
    }

    /// What comes next, white space skipped.
    pub(crate) fn ahead(&mut self) -> &'a str {
        self.rest = self.rest.trim_start();
        self.rest
    }

    fn take_while(&mut self, belongs: impl Fn(char) -> bool) -> Option<&'a str> {
        let ahead = self.ahead();
        let end = ahead.find(|c| !belongs(c)).unwrap_or(ahead.len());
        let (taken, rest) = ahead.split_at_checked(end)?;
        self.rest = rest;
        (!taken.is_empty()).then_some(taken)
    }
}
