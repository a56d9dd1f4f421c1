//! The keys of bins and of intervals of a count: `"<40"`, `"40..45"`, `">=45"`, `"2"`.

use std::fmt;
use std::str::FromStr;

use super::tree::excerpt;

/// A part of the number line, as the key of a bin or of an interval of a count writes it.
///
/// ```
/// use aetia::BinKey;
/// assert_eq!("40..45".parse::<BinKey>()?, BinKey::Between(40.0, 45.0));
/// assert_eq!(BinKey::AtLeast(45.0).to_string(), ">=45");
/// # Ok::<(), aetia::BinKeyError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum BinKey {
    /// Everything below a number: `"<40"`.
    Below(f64),
    /// From a number up to, but without, a greater one: `"40..45"`.
    Between(f64, f64),
    /// A number and everything above: `">=45"`.
    AtLeast(f64),
    /// One number: `"2"`.
    Exactly(f64),
}

/// Why a text is not the key of a bin or interval.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct BinKeyError {
    message: String,
    help: Option<&'static str>,
}

impl BinKeyError {
    /// What to do about it.
    pub fn help(&self) -> Option<&'static str> {
        self.help
    }

    fn new(message: String) -> Self {
        Self { message, help: None }
    }
}

impl BinKey {
    /// Whether a number falls into this part.
    pub fn contains(self, number: f64) -> bool {
        match self {
            Self::Below(bound) => number < bound,
            Self::Between(low, high) => low <= number && number < high,
            Self::AtLeast(bound) => bound <= number,
            // Written so because a bin of one number is that number, bit for bit but for the sign of zero.
            Self::Exactly(only) => only <= number && number <= only,
        }
    }
}

impl FromStr for BinKey {
    type Err = BinKeyError;

    fn from_str(text: &str) -> Result<Self, BinKeyError> {
        if let Some(bound) = text.strip_prefix(">=") {
            return number(text, bound).map(Self::AtLeast);
        }
        if let Some((operator, help)) = MISTAKES.iter().find(|(operator, _)| text.starts_with(operator)) {
            let message = format!("`{}` begins with `{operator}`, expected `<` or `>=`", excerpt(text));
            return Err(BinKeyError { message, help: Some(help) });
        }
        if let Some(bound) = text.strip_prefix('<') {
            return number(text, bound).map(Self::Below);
        }
        let Some((low, high)) = text.split_once("..") else {
            return number(text, text).map(Self::Exactly);
        };
        let (low, high) = (number(text, low)?, number(text, high)?);
        if low < high {
            Ok(Self::Between(low, high))
        } else {
            Err(BinKeyError::new(format!("`{}` is empty, expected the smaller number first", excerpt(text))))
        }
    }
}

/// Ways of writing a key that the half-open bins leave no room for.
const MISTAKES: [(&str, &str); 4] = [
    ("<=", "a number at a cut-point belongs to the bin above: write `<` and the cut-point"),
    (">", "a number at a cut-point belongs to the bin above: write `>=` and the cut-point"),
    ("=", "a single number is written without a sign"),
    ("≥", "write `>=`"),
];

/// A finite number, as the author of a key writes it.
fn number(key: &str, text: &str) -> Result<f64, BinKeyError> {
    // `parse` would also take `inf`, `NaN` and `+1`, which no cut-point is written as.
    let plain = text.starts_with(|first: char| first.is_ascii_digit() || first == '-');
    match text.parse::<f64>() {
        // Adding zero turns -0 into 0, so that one bin has one key.
        Ok(value) if plain && value.is_finite() => Ok(value + 0.0),
        Ok(_) | Err(_) => Err(BinKeyError::new(format!(
            "`{}` is not a bin, expected a key such as `<40`, `40..45`, `>=45` or `2`",
            excerpt(key)
        ))),
    }
}

impl fmt::Display for BinKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Below(bound) => write!(f, "<{bound}"),
            Self::Between(low, high) => write!(f, "{low}..{high}"),
            Self::AtLeast(bound) => write!(f, ">={bound}"),
            Self::Exactly(only) => write!(f, "{only}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn canonical_keys_print_as_they_are_read() {
        for key in ["<40", "40..45", ">=45", "2", "0", "-1.5..-0.25", "<0.1", ">=1000000", "0.1..0.2"] {
            assert_eq!(key.parse::<BinKey>().unwrap().to_string(), key);
        }
        for (written, canonical) in [("<40.0", "<40"), ("-0", "0"), ("1e1..2e1", "10..20"), ("0.10", "0.1")] {
            assert_eq!(written.parse::<BinKey>().unwrap().to_string(), canonical);
        }
    }

    #[test]
    fn other_texts_are_refused_with_a_reason() {
        for bad in
            ["", "<", "..", "40..", "..45", "a", "<inf", "nan", "<<4", "4 5", " 4", "+4", "1..2..3", "<1e999"]
        {
            let error = bad.parse::<BinKey>().unwrap_err();
            assert!(error.to_string().contains("is not a bin"), "{error}");
        }
        assert_eq!(
            "45..40".parse::<BinKey>().unwrap_err().to_string(),
            "`45..40` is empty, expected the smaller number first"
        );
        assert!(">45".parse::<BinKey>().unwrap_err().help().is_some());
        assert!("<=45".parse::<BinKey>().unwrap_err().help().is_some());
    }

    #[test]
    fn bins_are_half_open() {
        assert!(BinKey::Between(40.0, 45.0).contains(40.0));
        assert!(!BinKey::Between(40.0, 45.0).contains(45.0));
        assert!(BinKey::AtLeast(45.0).contains(45.0) && !BinKey::Below(45.0).contains(45.0));
        assert!(BinKey::Exactly(2.0).contains(2.0) && !BinKey::Exactly(2.0).contains(2.5));
        assert!(!BinKey::AtLeast(45.0).contains(f64::NAN));
    }
}
