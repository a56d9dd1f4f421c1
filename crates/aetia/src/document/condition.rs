//! Conditions as written: formulas over findings, and over nothing else.

mod parse;

use std::collections::BTreeSet;
use std::fmt;

pub use parse::ConditionError;
pub(crate) use parse::condition;

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

impl Condition {
    /// The indicators it names, derived ones included.
    pub fn names(&self) -> BTreeSet<&str> {
        let mut names = BTreeSet::new();
        self.visit(&mut |atom| {
            names.extend(atom.indicator());
        });
        names
    }

    /// How many atoms it has, repeated ones counted again.
    pub fn atoms(&self) -> usize {
        let mut atoms = 0;
        self.visit(&mut |_| atoms += 1);
        atoms
    }

    /// How deep it is nested: 1 for an atom.
    pub fn depth(&self) -> usize {
        1 + self.arguments().iter().map(Self::depth).max().unwrap_or(0)
    }

    /// The indicator an atom asks about.
    pub fn indicator(&self) -> Option<&str> {
        match self {
            Self::Present(indicator)
            | Self::Absent(indicator)
            | Self::AnswerIn(indicator, _)
            | Self::AtLeast(indicator, _)
            | Self::Below(indicator, _) => Some(indicator),
            Self::All(_) | Self::Any(_) | Self::Not(_) | Self::Several(..) => None,
        }
    }

    /// The conditions it is made of; none for an atom.
    pub fn arguments(&self) -> &[Self] {
        match self {
            Self::Present(_) | Self::Absent(_) | Self::AnswerIn(..) | Self::AtLeast(..) | Self::Below(..) => {
                &[]
            }
            Self::All(arguments) | Self::Any(arguments) | Self::Several(_, arguments) => arguments,
            Self::Not(argument) => std::slice::from_ref(argument),
        }
    }

    /// Shows every atom, from left to right.
    pub(crate) fn visit<'a>(&'a self, see: &mut impl FnMut(&'a Self)) {
        if self.indicator().is_some() {
            see(self);
        }
        for argument in self.arguments() {
            argument.visit(see);
        }
    }
}

/// Prints the text that reads back as this condition.
impl fmt::Display for Condition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Present(indicator) => write!(f, "present({indicator})"),
            Self::Absent(indicator) => write!(f, "absent({indicator})"),
            Self::AnswerIn(indicator, answers) => {
                write!(f, "answer({indicator}) in [{}]", answers.join(", "))
            }
            Self::AtLeast(indicator, number) => write!(f, "{indicator} >= {number}"),
            Self::Below(indicator, number) => write!(f, "{indicator} < {number}"),
            Self::All(arguments) => call(f, "all(", arguments),
            Self::Any(arguments) => call(f, "any(", arguments),
            Self::Not(argument) => write!(f, "not({argument})"),
            Self::Several(least, arguments) => call(f, &format!("at_least({least}, "), arguments),
        }
    }
}

fn call(f: &mut fmt::Formatter<'_>, opening: &str, arguments: &[Condition]) -> fmt::Result {
    f.write_str(opening)?;
    for (index, argument) in arguments.iter().enumerate() {
        let comma = if index == 0 { "" } else { ", " };
        write!(f, "{comma}{argument}")?;
    }
    f.write_str(")")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(text: &str) -> Condition {
        text.parse().unwrap()
    }

    #[test]
    fn what_a_condition_asks_can_be_asked() {
        let condition = parsed("all(present(b), any(not(age >= 45), answer(a) in [x, y]), age < 40)");
        assert_eq!(condition.names().into_iter().collect::<Vec<_>>(), ["a", "age", "b"]);
        assert_eq!(condition.atoms(), 4);
        assert_eq!(condition.depth(), 4);
        assert_eq!(parsed("present(a)").depth(), 1);
    }

    #[test]
    fn every_condition_reads_back() {
        for text in [
            "present(a)",
            "absent(a_1)",
            "answer(pain_pattern) in [most_days, constant]",
            "age >= 40",
            "age < -0.5",
            "crp >= 1000000000000000000000000",
            "all(present(a))",
            "any(present(a), not(not(absent(b))))",
            "at_least(2, present(a), present(b), age < 40)",
        ] {
            assert_eq!(parsed(text).to_string(), text);
            assert_eq!(parsed(&parsed(text).to_string()), parsed(text));
        }
        assert_eq!(parsed(" any(present ( a ),\n age>=4e1 ) ").to_string(), "any(present(a), age >= 40)");
    }
}
