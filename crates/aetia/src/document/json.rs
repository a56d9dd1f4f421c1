//! JSON, read strictly and written canonically.

use std::cell::Cell;
use std::collections::BTreeMap;
use std::fmt;

use serde::Serialize;
use serde::de::{DeserializeSeed, Deserializer, Error as _, MapAccess, SeqAccess, Visitor};

use super::place::{Ruler, SourceKind};
use super::tree::{DEEPEST, Tree, excerpt};
use super::{Code, DocumentError, Problem};

/// Reads JSON: no key twice, nothing after the value, nothing nested deeper than `depth`.
pub(crate) fn parse(text: &str, depth: usize) -> Result<Tree, DocumentError> {
    let depth = depth.min(DEEPEST);
    let refusal = Cell::new(Code::Syntax);
    let mut json = serde_json::Deserializer::from_str(text);
    let seed = TreeSeed { left: depth, refusal: &refusal };
    seed.deserialize(&mut json).and_then(|tree| json.end().map(|()| tree)).map_err(|error| {
        let (line, column) = Ruler::characters(text, error.line(), error.column());
        let problem = Problem::new(refusal.get(), "", without_position(&error)).at(line, column);
        DocumentError::new(if refusal.get() == Code::TooDeep {
            problem.help(format!("at most {depth} levels of tables and lists are read"))
        } else {
            problem.help(SourceKind::Json.advice())
        })
    })
}

/// The canonical form: keys sorted, no white space.
pub(crate) fn canonical(value: &impl Serialize) -> String {
    // Neither step can fail on our types, whose keys are all texts; `to_value` sorts, because its map is a BTreeMap.
    serde_json::to_value(value).map(|value| value.to_string()).unwrap_or_default()
}

/// The message without the ` at line 1 column 2` that `serde_json` adds: problems carry their position apart.
fn without_position(error: &serde_json::Error) -> String {
    let message = error.to_string();
    match message.rsplit_once(" at line ") {
        Some((before, _)) => before.to_owned(),
        None => message,
    }
}

/// Reads one value; `left` levels of nesting are still allowed.
#[derive(Clone, Copy)]
struct TreeSeed<'a> {
    left: usize,
    /// Says to `parse` which of our own refusals an error was: `serde_json` errors carry only a text.
    refusal: &'a Cell<Code>,
}

impl TreeSeed<'_> {
    fn deeper<E: serde::de::Error>(self) -> Result<Self, E> {
        if let Some(left) = self.left.checked_sub(1) {
            return Ok(Self { left, ..self });
        }
        self.refusal.set(Code::TooDeep);
        Err(E::custom("tables and lists are nested too deep"))
    }
}

impl<'de> DeserializeSeed<'de> for TreeSeed<'_> {
    type Value = Tree;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Tree, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for TreeSeed<'_> {
    type Value = Tree;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value")
    }

    fn visit_unit<E>(self) -> Result<Tree, E> {
        Ok(Tree::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Tree, E> {
        Ok(Tree::Boolean(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Tree, E> {
        Ok(Tree::Integer(value))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Tree, E> {
        Ok(i64::try_from(value).map_or_else(|_| Tree::Float(nearest(value)), Tree::Integer))
    }

    fn visit_f64<E>(self, value: f64) -> Result<Tree, E> {
        Ok(Tree::Float(value))
    }

    fn visit_str<E>(self, value: &str) -> Result<Tree, E> {
        Ok(Tree::Text(value.to_owned()))
    }

    fn visit_string<E>(self, value: String) -> Result<Tree, E> {
        Ok(Tree::Text(value))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut values: A) -> Result<Tree, A::Error> {
        let inner = self.deeper()?;
        let mut list = Vec::new();
        while let Some(value) = values.next_element_seed(inner)? {
            list.push(value);
        }
        Ok(Tree::List(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Tree, A::Error> {
        let inner = self.deeper()?;
        let mut table = BTreeMap::new();
        while let Some(key) = entries.next_key::<String>()? {
            if table.contains_key(&key) {
                self.refusal.set(Code::DuplicateKey);
                return Err(A::Error::custom(format_args!("the key `{}` stands twice", excerpt(&key))));
            }
            let value = entries.next_value_seed(inner)?;
            table.insert(key, value);
        }
        Ok(Tree::Table(table))
    }
}

/// The nearest float.
#[expect(clippy::as_conversions, clippy::cast_precision_loss, reason = "no From<u64> for f64 exists")]
fn nearest(whole: u64) -> f64 {
    whole as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(text: &str) -> Problem {
        parse(text, 32).unwrap_err().problem().clone()
    }

    #[test]
    fn numbers_keep_their_kind() {
        let tree = parse("[1, 1.0, -3, 18446744073709551615, 1e2]", 32).unwrap();
        let Tree::List(numbers) = tree else { panic!("a list was written") };
        assert_eq!(numbers[0], Tree::Integer(1));
        assert_eq!(numbers[1], Tree::Float(1.0));
        assert_eq!(numbers[2], Tree::Integer(-3));
        assert_eq!(numbers[3], Tree::Float(18_446_744_073_709_551_615.0));
        assert_eq!(numbers[4], Tree::Float(100.0));
    }

    #[test]
    fn a_key_that_stands_twice_is_refused() {
        let problem = refused("{\"a\": 1,\n \"ä\": {\"b\": 1, \"b\": 2}}");
        assert_eq!(problem.code(), Code::DuplicateKey);
        assert_eq!(problem.message(), "the key `b` stands twice");
        assert_eq!(problem.line_and_column().map(|(line, _)| line), Some(2));
        assert_eq!(refused(r#"{"a": 1, "\u0061": 2}"#).code(), Code::DuplicateKey);
    }

    #[test]
    fn depth_is_counted_not_suffered() {
        assert!(parse(&nested(32), 32).is_ok());
        assert_eq!(refused(&nested(33)).code(), Code::TooDeep);
        assert_eq!(refused(&nested(10_000)).code(), Code::TooDeep);
        assert_eq!(parse(&nested(10_000), usize::MAX).unwrap_err().problem().code(), Code::TooDeep);
        assert_eq!(refused(&"[".repeat(1_000_000)).code(), Code::TooDeep);
        assert_eq!(refused(&"{\"a\":".repeat(100_000)).code(), Code::TooDeep);
    }

    fn nested(depth: usize) -> String {
        "[".repeat(depth) + &"]".repeat(depth)
    }

    #[test]
    fn anything_after_the_value_is_refused() {
        let problem = refused("{}\n x");
        assert_eq!(problem.code(), Code::Syntax);
        assert_eq!(problem.message(), "trailing characters");
        assert_eq!(problem.line_and_column(), Some((2, 2)));
        for bad in ["", "{", "[1,]", "nul", "\"\u{0}\"", "1e999", "NaN", "{a: 1}", "// x\n{}"] {
            assert_eq!(refused(bad).code(), Code::Syntax, "{bad}");
        }
    }

    #[test]
    fn the_canonical_form_is_sorted_and_compact() {
        #[derive(Serialize)]
        struct Sample {
            b: f64,
            a: Vec<u32>,
        }
        assert_eq!(canonical(&Sample { b: 45.0, a: vec![1, 2] }), r#"{"a":[1,2],"b":45.0}"#);
    }
}
