//! What a line that was typed means.

use aetia::{AnswerValue, Indicator, IndicatorKind};

/// What a line says.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Reply {
    /// An answer to the question asked, or to another indicator.
    Answer {
        /// The indicator; none for the one asked about.
        other: Option<String>,
        /// What was typed as its answer.
        text: String,
    },
    /// Take back the last answer.
    Back,
    /// What each answer would do.
    Why,
    /// The ranking as things stand.
    Ranking,
    /// The answers so far.
    List,
    /// What can be typed.
    Help,
    /// Nothing was typed.
    Nothing,
    /// Stop.
    Quit,
}

impl Reply {
    /// What a line says. Words are taken in any case.
    pub(super) fn read(line: &str) -> Self {
        let line = line.trim();
        if let Some((indicator, text)) = line.split_once('=') {
            return Self::Answer { other: Some(indicator.trim().to_owned()), text: text.trim().to_owned() };
        }
        match line.to_lowercase().as_str() {
            "" => Self::Nothing,
            "b" | "back" => Self::Back,
            "w" | "why" => Self::Why,
            "r" | "ranking" => Self::Ranking,
            "l" | "list" => Self::List,
            "?" | "h" | "help" => Self::Help,
            "q" | "quit" => Self::Quit,
            _ => Self::Answer { other: None, text: line.to_owned() },
        }
    }
}

/// The words that pass over a question, and those that say that it cannot be answered.
const SKIP: [&str; 3] = ["s", "skip", "unknown"];
const CANNOT: [&str; 3] = ["c", "cannot", "not_assessable"];

/// The answer of an indicator that a text means.
pub(super) fn answer(indicator: &Indicator, text: &str) -> Result<AnswerValue, String> {
    let word = text.to_lowercase();
    if SKIP.contains(&word.as_str()) {
        return Ok(AnswerValue::Named("unknown".to_owned()));
    }
    if CANNOT.contains(&word.as_str()) {
        return Ok(AnswerValue::Named("not_assessable".to_owned()));
    }
    let refused = || format!("`{}` is no answer; type {}", text.escape_debug(), expected(indicator));
    match indicator.kind() {
        IndicatorKind::Boolean => match word.as_str() {
            "y" | "yes" | "true" => Ok(AnswerValue::Boolean(true)),
            "n" | "no" | "false" => Ok(AnswerValue::Boolean(false)),
            _ => Err(refused()),
        },
        IndicatorKind::Numeric => {
            let number = word.parse::<f64>().ok().filter(|number| number.is_finite());
            number.map(AnswerValue::Number).ok_or_else(refused)
        }
        IndicatorKind::Categorical | IndicatorKind::Ordinal => {
            let answers = indicator.answers();
            let by_number = word.parse::<usize>().ok().and_then(|number| answers.get(number.checked_sub(1)?));
            let by_name = || {
                let is_named = |key: &str, title: &str| key == word || title.to_lowercase() == word;
                answers.iter().find(|answer| is_named(answer.key(), answer.title()))
            };
            let found = by_number.or_else(by_name);
            found.map(|answer| AnswerValue::Named(answer.key().to_owned())).ok_or_else(refused)
        }
    }
}

/// What can be typed as an answer, in words.
fn expected(indicator: &Indicator) -> String {
    match indicator.kind() {
        IndicatorKind::Boolean => "y for yes or n for no".to_owned(),
        IndicatorKind::Numeric => match indicator.unit() {
            Some(unit) => format!("a number of {unit}, with a point for decimals"),
            None => "a number, with a point for decimals".to_owned(),
        },
        IndicatorKind::Categorical | IndicatorKind::Ordinal => {
            format!("a number from 1 to {}", indicator.answers().len())
        }
    }
}

/// What stands before the cursor.
pub(super) fn prompt(indicator: &Indicator) -> String {
    match indicator.kind() {
        IndicatorKind::Boolean => "y/n".to_owned(),
        IndicatorKind::Numeric => indicator.unit().unwrap_or("number").to_owned(),
        IndicatorKind::Categorical | IndicatorKind::Ordinal => format!("1-{}", indicator.answers().len()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(kind: &str) -> aetia::KnowledgeBase {
        let text =
            format!("{}\n[indicators.asked]\ntitle = \"Asked\"\n{kind}\n", include_str!("heading.toml"));
        aetia::Document::from_toml(&text).unwrap().validate().unwrap()
    }

    fn said(kind: &str, text: &str) -> Result<AnswerValue, String> {
        answer(of(kind).indicator("asked").unwrap(), text)
    }

    const CHOICE: &str = "kind = \"categorical\"\nanswers = [{ id = \"back\", title = \"At the back\" }, { id = \"two\", title = \"2\" }]";

    #[test]
    fn each_kind_takes_its_own_answers_and_no_others() {
        let named = |word: &str| Ok(AnswerValue::Named(word.to_owned()));
        for kind in ["kind = \"boolean\"", "kind = \"numeric\"\nunit = \"years\"\ncut_points = [1]", CHOICE] {
            assert_eq!(said(kind, "S"), named("unknown"));
            assert_eq!(said(kind, "cannot"), named("not_assessable"));
            assert!(said(kind, "perhaps").is_err());
        }
        assert_eq!(said("kind = \"boolean\"", "Yes"), Ok(AnswerValue::Boolean(true)));
        assert_eq!(said("kind = \"boolean\"", "n"), Ok(AnswerValue::Boolean(false)));
        assert!(said("kind = \"boolean\"", "1").is_err());
        let number = "kind = \"numeric\"\nunit = \"years\"\ncut_points = [1]";
        assert_eq!(said(number, "-3.5"), Ok(AnswerValue::Number(-3.5)));
        for bad in ["inf", "nan", "3,5", "3 years", "yes"] {
            assert!(said(number, bad).is_err(), "{bad}");
        }
        assert_eq!(said(CHOICE, "2"), named("two"), "a number is a place in the list before it is a title");
        assert_eq!(said(CHOICE, "at the BACK"), named("back"));
        for bad in ["0", "3", "-1", "1.0"] {
            assert!(said(CHOICE, bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn commands_are_words_and_letters() {
        assert_eq!(Reply::read("  B "), Reply::Back);
        assert_eq!(Reply::read("?"), Reply::Help);
        assert_eq!(Reply::read("\t"), Reply::Nothing);
        let answer = |other: Option<&str>, text: &str| Reply::Answer {
            other: other.map(str::to_owned),
            text: text.to_owned(),
        };
        assert_eq!(Reply::read("At the back"), answer(None, "At the back"));
        assert_eq!(Reply::read("age = 40"), answer(Some("age"), "40"));
    }
}
