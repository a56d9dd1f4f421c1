//! How large a document may be, as Python says it: by name.

use aetia::Limits;
use pyo3::exceptions::{PyTypeError, PyValueError};
use pyo3::prelude::*;
use pyo3::types::{PyBool, PyMapping};

use crate::errors;
use crate::text::Name;

/// The names of all limits.
const NAMES: [&str; 15] = [
    "document_bytes",
    "depth",
    "causes",
    "indicators",
    "settings",
    "answers",
    "weights",
    "group_states",
    "discounted_members",
    "count_items",
    "condition_depth",
    "condition_atoms",
    "gates",
    "title_bytes",
    "text_bytes",
];

/// The default limits, but those of a mapping from names to numbers.
pub(crate) fn limits(given: Option<&Bound<'_, PyMapping>>) -> PyResult<Limits> {
    let mut limits = Limits::default();
    let Some(given) = given else { return Ok(limits) };
    for item in given.items()? {
        let (name, number): (Bound<'_, PyAny>, Bound<'_, PyAny>) = item.extract()?;
        let name: Name = name.extract()?;
        let name = name.as_str();
        let Some(slot) = limit(&mut limits, name) else {
            return Err(errors::word("limit", name, &NAMES));
        };
        if number.is_instance_of::<PyBool>() || !number.hasattr("__index__")? {
            let kind = number.get_type().name()?;
            return Err(PyTypeError::new_err(format!("a limit is a whole number; `{name}` is {kind}")));
        }
        *slot = number.extract().map_err(|_| {
            PyValueError::new_err(format!(
                "a limit is a whole number from 0 on that fits 64 bits; `{name}` is {number}"
            ))
        })?;
    }
    Ok(limits)
}

/// No limits but those of the format, for what was read before, within limits that somebody set.
pub(crate) fn none() -> Limits {
    let mut limits = Limits::default();
    for name in NAMES {
        if let Some(slot) = limit(&mut limits, name) {
            *slot = usize::MAX;
        }
    }
    limits
}

fn limit<'l>(limits: &'l mut Limits, name: &str) -> Option<&'l mut usize> {
    Some(match name {
        "document_bytes" => &mut limits.document_bytes,
        "depth" => &mut limits.depth,
        "causes" => &mut limits.causes,
        "indicators" => &mut limits.indicators,
        "settings" => &mut limits.settings,
        "answers" => &mut limits.answers,
        "weights" => &mut limits.weights,
        "group_states" => &mut limits.group_states,
        "discounted_members" => &mut limits.discounted_members,
        "count_items" => &mut limits.count_items,
        "condition_depth" => &mut limits.condition_depth,
        "condition_atoms" => &mut limits.condition_atoms,
        "gates" => &mut limits.gates,
        "title_bytes" => &mut limits.title_bytes,
        "text_bytes" => &mut limits.text_bytes,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use aetia::Limits;

    use super::{NAMES, limit, none};

    /// Each name is a field, each field has its name, but the size of cases, which no call of Python reads as a text.
    #[test]
    fn every_limit_of_a_document_has_its_name() {
        let mut limits = Limits { case_bytes: 0, ..Limits::default() };
        for name in NAMES {
            *limit(&mut limits, name).unwrap() = 0;
        }
        let all_zero = format!("{limits:?}");
        assert!(!all_zero.contains(|digit: char| ('1'..='9').contains(&digit)), "{all_zero}");
        assert_eq!(all_zero.matches(": 0").count(), NAMES.len() + 1);
        assert_eq!(none().causes, usize::MAX);
    }
}
