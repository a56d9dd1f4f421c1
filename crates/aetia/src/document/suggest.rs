//! What an author probably meant by a name that is none.

/// The candidate nearest to a name, if one is near; of several equally near, the first in byte order. Near is one slip
/// for a short name, and up to three for a long one; case, spaces and hyphens are none.
///
/// ```
/// assert_eq!(aetia::suggest("Night-pian", ["age_at_onset", "night_pain"]), Some("night_pain"));
/// assert_eq!(aetia::suggest("fever", ["age_at_onset", "night_pain"]), None);
/// ```
pub fn suggest<'c>(name: &str, candidates: impl IntoIterator<Item = &'c str>) -> Option<&'c str> {
    // Names are written small, with underscores; that much is forgiven before anything is counted.
    let small = |letter: char| if letter == ' ' || letter == '-' { '_' } else { letter.to_ascii_lowercase() };
    let name: Vec<char> = name.chars().take(LONGEST + 1).map(small).collect();
    if name.len() > LONGEST {
        return None;
    }
    // One slip is always near, a second from four letters on, a third from eight, but never the whole name.
    let near = (1 + name.len() / 4).min(3).min(name.len().saturating_sub(1));
    candidates
        .into_iter()
        .filter_map(|candidate| distance(&name, candidate, near).map(|slips| (slips, candidate)))
        .min()
        .map(|(_, candidate)| candidate)
}

/// The longest name that is compared: identifiers are no longer.
const LONGEST: usize = 64;

/// How many characters must be inserted, removed or replaced to make one text of the other, if at most `near`.
fn distance(name: &[char], candidate: &str, near: usize) -> Option<usize> {
    let length = candidate.chars().take(LONGEST + 1).count();
    if length.abs_diff(name.len()) > near {
        return None;
    }
    // A row of the table of Wagner and Fischer: entry i is the distance to the first i characters of the name.
    let mut row: Vec<usize> = (0..=name.len()).collect();
    for (index, character) in candidate.chars().enumerate() {
        let mut diagonal = index;
        let mut left = index + 1;
        let mut best = left;
        let (first, rest) = row.split_first_mut()?;
        *first = left;
        for (entry, letter) in rest.iter_mut().zip(name) {
            let replaced = diagonal + usize::from(*letter != character);
            diagonal = *entry;
            left = replaced.min(left + 1).min(*entry + 1);
            *entry = left;
            best = best.min(left);
        }
        if best > near {
            return None;
        }
    }
    row.last().copied().filter(|slips| *slips <= near)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_is_recognised() {
        let fields = ["title", "label", "prior", "notes", "likelihood_ratio", "likelihood_ratios"];
        for (slip, meant) in [
            ("titel", Some("title")),
            ("titles", Some("title")),
            ("likelihoodratios", Some("likelihood_ratios")),
            ("Label", Some("label")),
            ("probability", None),
            ("", None),
            ("x", None),
        ] {
            assert_eq!(suggest(slip, fields), meant, "{slip}");
        }
    }

    #[test]
    fn distances_are_exact_within_reach() {
        let measured = |a: &str, b: &str| distance(&a.chars().collect::<Vec<_>>(), b, 3);
        assert_eq!(measured("kitten", "sitting"), Some(3));
        assert_eq!(measured("abc", "abc"), Some(0));
        assert_eq!(measured("", "ab"), Some(2));
        assert_eq!(measured("abcdef", "uvwxyz"), None);
    }

    #[test]
    fn long_names_cost_nothing() {
        assert_eq!(suggest(&"x".repeat(1_000_000), ["title"]), None);
        let long = "x".repeat(1_000_000);
        assert_eq!(suggest("title", [long.as_str()]), None);
    }
}
