//! Bars, clipped titles and broken paragraphs on a page: 100 columns, or as many as the caller asks for as the width of the
//! format, as in `{record:80}`.

use std::fmt;

use crate::belief::Probability;

/// Columns of the page, of the narrowest page on which a table is still one, and of a bar.
const PAGE: usize = 100;
const NARROWEST: usize = 66;
pub(super) const BAR: usize = 10;

/// Columns of the page that is asked for.
pub(super) fn page(f: &fmt::Formatter<'_>) -> usize {
    f.width().unwrap_or(PAGE)
}

/// The same where there is a table.
pub(super) fn page_of_table(f: &fmt::Formatter<'_>) -> usize {
    page(f).max(NARROWEST)
}

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
        if !is_empty && line.chars().count() + 1 + word.chars().count() > page(f) {
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
