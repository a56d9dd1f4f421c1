//! Conditions as written: formulas over findings, and over nothing else.

/// A formula over findings. Scores, ranks and gates cannot be spoken of, so no gate depends on another.
///
/// # Grammar
/// ```text
/// present(i)   absent(i)                 boolean and derived indicators
/// answer(i) in [a, b]                    categorical and ordinal indicators
/// i >= 40      i < 40                    numeric indicators, at a declared cut-point
/// all(C, ...)  any(C, ...)  not(C)  at_least(2, C, ...)
/// ```
///
/// ```
/// use aetia::Condition;
/// let condition: Condition = "all(present(night_pain), not(age >= 45))".parse()?;
/// assert_eq!(condition.to_string(), "all(present(night_pain), not(age >= 45))");
/// # Ok::<(), aetia::ConditionError>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub enum Condition {
    /// A boolean or derived indicator is present.
    Present(String),
    /// A boolean or derived indicator is absent.
    Absent(String),
    /// The answer of a categorical or ordinal indicator is one of these.
    AnswerIn(String, Vec<String>),
    /// A number is at least this cut-point.
    AtLeast(String, f64),
    /// A number is below this cut-point.
    Below(String, f64),
    /// All of these hold.
    All(Vec<Self>),
    /// At least one of these holds.
    Any(Vec<Self>),
    /// This does not hold.
    Not(Box<Self>),
    /// At least so many of these hold.
    Several(usize, Vec<Self>),
}
