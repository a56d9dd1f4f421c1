//! Reads a condition from its text.

use std::str::FromStr;

use super::Condition;
use crate::document::cursor::{Cursor, Fault};
use crate::document::suggest::suggest;
use crate::document::tree::{Tree, excerpt};

/// The deepest nesting that is read: no stack may depend on an author. Limits are stricter.
const DEEPEST: usize = 128;

/// What a condition may be, for messages.
const EXPECTED: &str = "a condition such as `present(i)`, `absent(i)`, `answer(i) in [a, b]`, `i >= 40`, `i < 40`, \
                        `all(...)`, `any(...)`, `not(...)` or `at_least(2, ...)`";

/// The words that begin a call.
const CALLS: [&str; 7] = ["present", "absent", "answer", "all", "any", "not", "at_least"];

/// Words for results: a condition that used one could make gates depend on each other.
const RESULTS: [&str; 7] = ["score", "rank", "posterior", "first", "gate", "held", "prior"];

/// Why a text is not a condition.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(transparent)]
pub struct ConditionError(Fault);

impl ConditionError {
    /// What is wrong, and what was expected.
    pub fn message(&self) -> &str {
        &self.0.message
    }

    /// Where: the number of the character, from 1.
    pub fn character(&self) -> usize {
        self.0.character
    }

    /// What to do about it.
    pub fn help(&self) -> Option<&str> {
        self.0.help.as_deref()
    }

    /// Whether the condition speaks of a score, a rank, a posterior, a prior or a gate, which none may.
    pub fn mentions_result(&self) -> bool {
        self.0.mentions_result
    }
}

impl FromStr for Condition {
    type Err = ConditionError;

    fn from_str(text: &str) -> Result<Self, ConditionError> {
        let mut cursor = Cursor::new(text);
        condition(&mut cursor)
            .and_then(|condition| cursor.ends("the end of the condition").map(|()| condition))
            .map_err(ConditionError)
    }
}

/// Reads a condition that something may follow.
pub(crate) fn condition(cursor: &mut Cursor<'_>) -> Result<Condition, Fault> {
    Parser { cursor, depth: 0 }.condition()
}

struct Parser<'c, 'a> {
    cursor: &'c mut Cursor<'a>,
    depth: usize,
}

impl Parser<'_, '_> {
    fn condition(&mut self) -> Result<Condition, Fault> {
        if self.depth == DEEPEST {
            return Err(self.cursor.fault(format!("the condition is nested deeper than {DEEPEST} levels")));
        }
        self.depth += 1;
        let start = self.cursor.clone();
        let word = self.cursor.word(EXPECTED)?;
        let read =
            if self.cursor.takes("(") { self.call(word, &start) } else { self.comparison(word, &start) };
        self.depth -= 1;
        read
    }

    /// Reads what stands in the parentheses after a word.
    fn call(&mut self, word: &str, start: &Cursor<'_>) -> Result<Condition, Fault> {
        match word {
            "present" => self.indicator().map(Condition::Present),
            "absent" => self.indicator().map(Condition::Absent),
            "answer" => self.answer(),
            "all" => self.arguments(word, start).map(Condition::All),
            "any" => self.arguments(word, start).map(Condition::Any),
            "not" => {
                let argument = self.condition()?;
                self.closing_of_one("not")?;
                Ok(Condition::Not(Box::new(argument)))
            }
            "at_least" => self.several(start),
            other => Err(unknown(start, other)),
        }
    }

    fn comparison(&mut self, word: &str, start: &Cursor<'_>) -> Result<Condition, Fault> {
        if RESULTS.contains(&word) {
            return Err(mention(start, word));
        }
        let operator = self.cursor.clone();
        let indicator = word.to_owned();
        if self.cursor.takes(">=") {
            return Ok(Condition::AtLeast(indicator, self.number()?));
        }
        if self.cursor.takes("<=") {
            return Err(wrong_operator(operator, "<="));
        }
        if self.cursor.takes("<") {
            return Ok(Condition::Below(indicator, self.number()?));
        }
        for wrong in [">", "==", "=", "!="] {
            if self.cursor.takes(wrong) {
                return Err(wrong_operator(operator, wrong));
            }
        }
        let shown = excerpt(word);
        let fault = self.cursor.found_instead(&format!("`(`, `>=` or `<` after `{shown}`"));
        Err(if CALLS.contains(&word) {
            fault
        } else {
            fault.help(format!("of a finding one writes `present({shown})`"))
        })
    }

    fn number(&mut self) -> Result<f64, Fault> {
        self.cursor.number("a number")
    }

    /// Reads `i)`.
    fn indicator(&mut self) -> Result<String, Fault> {
        let indicator = self.cursor.word("the identifier of an indicator")?.to_owned();
        self.cursor.expects(")")?;
        Ok(indicator)
    }

    /// Reads `i) in [a, b]`.
    fn answer(&mut self) -> Result<Condition, Fault> {
        let indicator = self.indicator()?;
        if !self.cursor.takes_word("in") {
            return Err(self.cursor.found_instead("`in [...]` with the answers that are meant"));
        }
        self.cursor.expects("[")?;
        let mut answers = Vec::new();
        loop {
            answers.push(self.cursor.word("the identifier of an answer")?.to_owned());
            if self.cursor.takes("]") {
                return Ok(Condition::AnswerIn(indicator, answers));
            }
            if !self.cursor.takes(",") {
                return Err(self.cursor.found_instead("`,` or `]`"));
            }
        }
    }

    /// Reads `C, ...)`.
    fn arguments(&mut self, word: &str, start: &Cursor<'_>) -> Result<Vec<Condition>, Fault> {
        if self.cursor.takes(")") {
            return Err(start.fault(format!("`{word}()` is empty, expected at least one condition in it")));
        }
        let mut arguments = Vec::new();
        loop {
            arguments.push(self.condition()?);
            if self.cursor.takes(")") {
                return Ok(arguments);
            }
            if !self.cursor.takes(",") {
                return Err(self.cursor.found_instead("`,` or `)`"));
            }
        }
    }

    /// Reads `2, C, ...)`.
    fn several(&mut self, start: &Cursor<'_>) -> Result<Condition, Fault> {
        let written = self.number_of_conditions()?;
        self.cursor.expects(",")?;
        let arguments = self.arguments("at_least", start)?;
        match usize::try_from(written) {
            Ok(least) if (1..=arguments.len()).contains(&least) => Ok(Condition::Several(least, arguments)),
            Ok(_) | Err(_) => Err(start.fault(format!(
                "`at_least({written}, ...)` asks for {written}, expected from 1 to the number of its conditions, {}",
                arguments.len()
            ))),
        }
    }

    fn number_of_conditions(&mut self) -> Result<i64, Fault> {
        let start = self.cursor.clone();
        let number = self.number()?;
        Tree::Float(number)
            .whole()
            .ok_or_else(|| start.fault(format!("{number} is not a whole number of conditions")))
    }

    fn closing_of_one(&mut self, word: &str) -> Result<(), Fault> {
        if self.cursor.takes(")") {
            return Ok(());
        }
        let fault = self.cursor.found_instead("`)`");
        Err(fault.help(format!("`{word}` takes one condition; combine several with `all` or `any`")))
    }
}

fn mention(start: &Cursor<'_>, word: &str) -> Fault {
    let message = format!("`{word}` is a result, and a condition reads findings only");
    Fault { mentions_result: true, ..start.fault(message) }.help(format!("expected {EXPECTED}"))
}

fn unknown(start: &Cursor<'_>, word: &str) -> Fault {
    if RESULTS.contains(&word) {
        return mention(start, word);
    }
    let fault = start.fault(format!("`{}` is no word of conditions, expected {EXPECTED}", excerpt(word)));
    match suggest(word, CALLS) {
        Some(meant) => fault.help(format!("did you mean `{meant}`?")),
        None => fault,
    }
}

fn wrong_operator(mut operator: Cursor<'_>, found: &str) -> Fault {
    // Skips to the operator itself, so that the fault points at it.
    let fault = operator.found_instead("");
    Fault { message: format!("found `{found}`, expected `>=` or `<`"), ..fault }.help(
        "numbers are compared with `>=` and `<` at declared cut-points; answers are asked for with `answer(i) in [...]`",
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fault(text: &str) -> ConditionError {
        text.parse::<Condition>().unwrap_err()
    }

    #[test]
    fn a_fault_says_what_was_expected_and_where() {
        for (text, message, character) in [
            ("present(a", "the text ends, expected `)`", 10),
            ("all()", "`all()` is empty, expected at least one condition in it", 1),
            ("any(present(a) present(b))", "found `present`, expected `,` or `)`", 16),
            (
                "at_least(0, present(a))",
                "`at_least(0, ...)` asks for 0, expected from 1 to the number of its conditions, 1",
                1,
            ),
            (
                "at_least(2, present(a))",
                "`at_least(2, ...)` asks for 2, expected from 1 to the number of its conditions, 1",
                1,
            ),
            ("at_least(1.5, present(a))", "1.5 is not a whole number of conditions", 10),
            ("answer(a) in []", "found `]`, expected the identifier of an answer", 15),
            ("age > 40", "found `>`, expected `>=` or `<`", 5),
            ("age <= 40", "found `<=`, expected `>=` or `<`", 5),
            ("age >= forty", "found `forty`, expected a number", 8),
            ("age >= 4x", "found `4x`, expected a number", 8),
            ("present(a))", "found `)`, expected the end of the condition", 11),
            ("present(ä)", "found `ä`, expected the identifier of an indicator", 9),
        ] {
            let fault = fault(text);
            assert_eq!((fault.message(), fault.character()), (message, character), "{text}");
        }
        assert_eq!(fault("presnt(a)").help(), Some("did you mean `present`?"));
        assert_eq!(fault("night_pain").help(), Some("of a finding one writes `present(night_pain)`"));
        assert_eq!(fault("age > 4").to_string(), "found `>`, expected `>=` or `<`, at character 5");
    }

    #[test]
    fn results_cannot_be_spoken_of() {
        for text in [
            "score(a) >= 3",
            "score >= 3",
            "all(present(a), rank(b) < 2)",
            "posterior(c)",
            "not(first(a))",
            "gate(g)",
            "held(g)",
            "prior(a)",
        ] {
            assert!(fault(text).mentions_result(), "{text}");
        }
        assert!(!fault("scores(a)").mentions_result());
        assert!("present(first)".parse::<Condition>().is_ok());
    }

    #[test]
    fn nesting_is_counted_not_suffered() {
        let nested = |depth: usize| "not(".repeat(depth) + "present(a)" + &")".repeat(depth);
        assert!(nested(127).parse::<Condition>().is_ok());
        assert!(fault(&nested(128)).message().contains("deeper"));
        assert!(fault(&nested(1_000_000)).message().contains("deeper"));
    }

    #[test]
    fn garbage_is_refused_calmly() {
        let good = "at_least(2, present(a), answer(ä) in [b, c], not(age >= 4.5e1))";
        for (cut, _) in good.char_indices() {
            let (head, tail) = good.split_at(cut);
            for text in [
                head,
                tail,
                &format!("{head}\u{0}{tail}"),
                &format!("{head}({tail}"),
                &format!("{head}é{tail}"),
            ] {
                drop(text.parse::<Condition>());
            }
        }
        for text in
            ["", " ", "(", ")", ",", "[", "-", "1", "é", "a >= -", "a >= 1e999", "a >= inf", "a < nan"]
        {
            assert!(text.parse::<Condition>().is_err(), "{text}");
        }
    }
}
