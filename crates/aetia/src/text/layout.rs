//! Bars, clipped titles and broken paragraphs: a page of 100 columns.

use std::fmt;

use crate::belief::Probability;

/// Columns of the page and of a bar.
const PAGE: usize = 100;
pub(super) const BAR: usize = 10;

/// A bar as long as the probability.
pub(super) fn bar(probability: Probability) -> String {
    let cells = u32::try_from(BAR).unwrap_or(10);
    let filled =
        (1..=cells).filter(|cell| f64::from(*cell) - 0.5 <= probability.get() * f64::from(cells)).count();
    "█".repeat(filled)
}

/// A text cut to so many characters, with an ellipsis where something is missing.
pub(super) fn clipped(text: &str, most: usize) -> String {
    if text.chars().count() <= most {
        text.to_owned()
    } else {
        text.chars().take(most - 1).chain(std::iter::once('…')).collect()
    }
}

/// A paragraph broken at words, its first line and the others indented.
pub(super) fn wrapped(f: &mut fmt::Formatter<'_>, text: &str, first: &str, others: &str) -> fmt::Result {
    let mut line = first.to_owned();
    let mut is_empty = true;
    for word in text.split_whitespace() {
        if !is_empty && line.chars().count() + 1 + word.chars().count() > PAGE {
            writeln!(f, "{line}")?;
            others.clone_into(&mut line);
            is_empty = true;
        }
        if !is_empty {
            line.push(' ');
        }
        line.push_str(word);
        is_empty = false;
    }
    writeln!(f, "{line}")
}
