//! Terms of SMT-LIB.

/// A whole number: negative ones have no literal.
pub(super) fn number(value: i64) -> String {
    if value < 0 { format!("(- {})", value.unsigned_abs()) } else { value.to_string() }
}

/// That all of these hold.
pub(super) fn all(parts: impl IntoIterator<Item = String>) -> String {
    applied("and", "true", parts)
}

/// That one of these holds.
pub(super) fn any(parts: impl IntoIterator<Item = String>) -> String {
    applied("or", "false", parts)
}

/// That none of these holds.
pub(super) fn none_of(parts: impl IntoIterator<Item = String>) -> String {
    format!("(not {})", any(parts))
}

/// A sum.
pub(super) fn sum(parts: impl IntoIterator<Item = String>) -> String {
    applied("+", "0", parts)
}

/// One of two terms.
pub(super) fn ite(condition: &str, yes: &str, no: &str) -> String {
    if yes == no { yes.to_owned() } else { format!("(ite {condition} {yes} {no})") }
}

/// The smaller of two terms.
pub(super) fn least(one: &str, other: &str) -> String {
    format!("(ite (<= {one} {other}) {one} {other})")
}

fn applied(operator: &str, of_none: &str, parts: impl IntoIterator<Item = String>) -> String {
    let parts: Vec<String> = parts.into_iter().collect();
    match parts.as_slice() {
        [] => of_none.to_owned(),
        [only] => only.clone(),
        several => format!("({operator} {})", several.join(" ")),
    }
}
