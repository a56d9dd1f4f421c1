//! Takes values out of a tree and writes down what is wrong with them, so that reading never stops.

use std::cell::RefCell;
use std::collections::BTreeMap;

use crate::document::place::Place;
use crate::document::suggest::suggest;
use crate::document::tree::{Tree, excerpt};
use crate::document::{AnswerValue, Code, Problem};

/// How many problems of shape are listed: enough for any person, and a bound on what a hostile text can cost.
const MOST_PROBLEMS: usize = 1_000;

/// The problems found so far.
#[derive(Debug, Default)]
pub(super) struct Log(RefCell<Vec<Problem>>);

impl Log {
    pub(super) fn into_problems(self) -> Vec<Problem> {
        self.0.into_inner()
    }

    pub(super) fn add(&self, problem: Problem) {
        let mut problems = self.0.borrow_mut();
        if problems.len() < MOST_PROBLEMS {
            problems.push(problem);
        } else if problems.len() == MOST_PROBLEMS {
            let rest = format!("more than {MOST_PROBLEMS} problems were found; the others are not listed");
            problems.push(Problem::new(Code::TooMany, "", rest));
        }
    }
}

/// A value, and the way to it. The path is only written out where it is needed.
#[derive(Clone, Copy, Debug)]
pub(super) struct Value<'a> {
    tree: &'a Tree,
    parent: &'a Place,
    step: Step<'a>,
    log: &'a Log,
}

#[derive(Clone, Copy, Debug)]
enum Step<'a> {
    Whole,
    Key(&'a str),
    Position(usize),
}

impl<'a> Value<'a> {
    /// A whole document.
    pub(super) fn root(tree: &'a Tree, root: &'a Place, log: &'a Log) -> Self {
        Self { tree, parent: root, step: Step::Whole, log }
    }

    pub(super) fn tree(&self) -> &'a Tree {
        self.tree
    }

    pub(super) fn place(&self) -> Place {
        match self.step {
            Step::Whole => self.parent.clone(),
            Step::Key(key) => self.parent.field(key),
            Step::Position(position) => self.parent.index(position),
        }
    }

    /// Writes down a problem with this value.
    pub(super) fn problem(&self, code: Code, message: impl Into<String>) -> Problem {
        Problem::new(code, self.place(), message)
    }

    pub(super) fn report(&self, problem: Problem) {
        self.log.add(problem);
    }

    /// Writes down that this value should have been something else, and stands in for it.
    pub(super) fn wrong<T: Default>(&self, expected: &str) -> T {
        self.report(self.problem(Code::WrongType, format!("found {}, expected {expected}", self.tree)));
        T::default()
    }

    /// Reads a table with known fields; the unknown ones are reported.
    pub(super) fn table<T: Default>(self, read: impl FnOnce(&mut Fields<'_>) -> T) -> T {
        let Tree::Table(table) = self.tree else {
            return self.wrong("a table");
        };
        let place = self.place();
        let mut fields = Fields { table, place: &place, log: self.log, known: Vec::new() };
        let made = read(&mut fields);
        fields.finish();
        made
    }

    /// Reads a table whose keys the author chose.
    pub(super) fn map<T>(self, read: impl Fn(Value<'_>) -> T) -> BTreeMap<String, T> {
        let Tree::Table(table) = self.tree else {
            return self.wrong("a table");
        };
        let place = self.place();
        let entry = |(key, tree): (&String, &Tree)| {
            (key.clone(), read(Value { tree, parent: &place, step: Step::Key(key), log: self.log }))
        };
        table.iter().map(entry).collect()
    }

    /// Reads a list.
    pub(super) fn list<T>(self, read: impl Fn(Value<'_>) -> T) -> Vec<T> {
        let Tree::List(list) = self.tree else {
            return self.wrong("a list");
        };
        let place = self.place();
        let item = |(position, tree): (usize, &Tree)| {
            read(Value { tree, parent: &place, step: Step::Position(position), log: self.log })
        };
        list.iter().enumerate().map(item).collect()
    }

    /// Reads one of the words a field may hold.
    pub(super) fn choice<T: Copy>(self, choices: &[(&'static str, T)]) -> Option<T> {
        let words = choices.iter().map(|(word, _)| *word);
        let listed = words.clone().map(|word| format!("`{word}`")).collect::<Vec<_>>().join(", ");
        let Tree::Text(text) = self.tree else {
            return self.wrong(&format!("one of {listed}"));
        };
        let found = choices.iter().find(|(word, _)| word == text).map(|(_, choice)| *choice);
        if found.is_none() {
            let message = format!("found `{}`, expected one of {listed}", excerpt(text));
            let problem = self.problem(Code::UnknownChoice, message);
            self.report(match suggest(text, words) {
                Some(meant) => problem.help(format!("did you mean `{meant}`?")),
                None => problem,
            });
        }
        found
    }
}

/// Reads a text.
pub(super) fn text(value: Value<'_>) -> String {
    if let Tree::Text(text) = value.tree { text.clone() } else { value.wrong("a text") }
}

/// Reads a text or a list of texts.
pub(super) fn texts(value: Value<'_>) -> Vec<String> {
    if let Tree::Text(text) = value.tree {
        vec![text.clone()]
    } else if let Tree::List(_) = value.tree {
        value.list(text)
    } else {
        value.wrong("a text or a list of texts")
    }
}

/// Reads a number.
pub(super) fn number(value: Value<'_>) -> f64 {
    value.tree.number().unwrap_or_else(|| value.wrong("a number"))
}

/// Reads a number of people.
pub(super) fn people(value: Value<'_>) -> u32 {
    let whole = value.tree.whole().and_then(|whole| u32::try_from(whole).ok());
    whole.unwrap_or_else(|| value.wrong("a whole number from 0 to 4294967295"))
}

/// Reads the two ends of an interval.
pub(super) fn interval(value: Value<'_>) -> [f64; 2] {
    let Tree::List(ends) = value.tree else {
        return value.wrong("a list of two numbers");
    };
    if ends.len() != 2 {
        let message = format!("found a list of {}, expected a list of two numbers", ends.len());
        value.report(value.problem(Code::WrongType, message));
        return <[f64; 2]>::default();
    }
    value.list(number).try_into().unwrap_or_default()
}

/// Reads an answer: a truth value, a number, or a text.
pub(super) fn answer(value: Value<'_>) -> AnswerValue {
    if let Tree::Boolean(present) = value.tree {
        return AnswerValue::Boolean(*present);
    }
    if let Tree::Text(answer) = value.tree {
        return AnswerValue::Named(answer.clone());
    }
    match value.tree.number() {
        Some(number) => AnswerValue::Number(number),
        None => AnswerValue::Named(value.wrong("`true`, `false`, a number or a text")),
    }
}

/// The fields of a table, which remembers those it was asked for.
#[derive(Debug)]
pub(super) struct Fields<'a> {
    table: &'a BTreeMap<String, Tree>,
    place: &'a Place,
    log: &'a Log,
    known: Vec<&'static str>,
}

impl<'a> Fields<'a> {
    /// A field that must be there.
    pub(super) fn required<T: Default>(
        &mut self,
        name: &'static str,
        read: impl FnOnce(Value<'a>) -> T,
    ) -> T {
        self.optional(name, read).unwrap_or_else(|| {
            let message = format!("the field `{name}` is missing");
            self.log.add(Problem::new(Code::MissingField, self.place.field(name), message));
            T::default()
        })
    }

    /// A field that may be left out.
    pub(super) fn optional<T>(&mut self, name: &'static str, read: impl FnOnce(Value<'a>) -> T) -> Option<T> {
        self.known.push(name);
        let tree = self.table.get(name)?;
        Some(read(Value { tree, parent: self.place, step: Step::Key(name), log: self.log }))
    }

    /// A field that means its type's default if it is left out.
    pub(super) fn or_default<T: Default>(
        &mut self,
        name: &'static str,
        read: impl FnOnce(Value<'a>) -> T,
    ) -> T {
        self.optional(name, read).unwrap_or_default()
    }

    /// Reports the fields nobody asked for.
    fn finish(self) {
        for key in self.table.keys().filter(|key| !self.known.contains(&key.as_str())) {
            let message = format!("`{}` is no field of this table", excerpt(key));
            let help = match suggest(key, self.known.iter().copied()) {
                Some(meant) => format!("did you mean `{meant}`?"),
                None => format!("its fields are `{}`", self.known.join("`, `")),
            };
            self.log.add(Problem::new(Code::UnknownField, self.place.field(key), message).help(help));
        }
    }
}
