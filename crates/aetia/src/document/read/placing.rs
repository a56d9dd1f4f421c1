//! Puts problems into the order of the text they are about.

use crate::document::Problem;
use crate::document::place::{Ruler, Source};

/// Sorts problems into document order and gives each its line and column; without a text, they stay as they are.
pub(crate) fn placed(problems: Vec<Problem>, source: Option<&Source>) -> Vec<Problem> {
    let Some(source) = source else {
        return problems;
    };
    let starts = source.find_all(problems.iter().map(Problem::place));
    let mut found: Vec<(usize, Problem)> = starts.into_iter().zip(problems).collect();
    // The sort is stable: problems of one place stay in the order they were found.
    found.sort_by_key(|(start, _)| *start);
    let mut ruler = Ruler::new(source.text());
    found
        .into_iter()
        .map(|(start, problem)| {
            let (line, column) = ruler.at(start);
            problem.at(line, column)
        })
        .collect()
}

/// Whether a place is another, or inside it.
pub(super) fn is_within(place: &str, outer: &str) -> bool {
    !outer.is_empty()
        && place
            .strip_prefix(outer)
            .is_some_and(|rest| rest.is_empty() || rest.starts_with('.') || rest.starts_with('['))
}
