//! TOML, read only when its outline is sound, and written so that it reads back equal.

mod outline;

use std::collections::BTreeMap;

use toml::de::{DeFloat, DeInteger, DeTable, DeValue};

use super::place::{Ruler, SourceKind};
use super::tree::{DEEPEST, Tree, excerpt};
use super::{Code, Document, DocumentError, Problem};

/// Reads TOML: nothing nested deeper than `depth`.
pub(crate) fn parse(text: &str, depth: usize) -> Result<Tree, DocumentError> {
    Ok(table(&spanned(text, depth)?))
}

/// Reads TOML into the table of `toml` that knows where each value stands.
pub(crate) fn spanned(text: &str, depth: usize) -> Result<DeTable<'_>, DocumentError> {
    let depth = depth.min(DEEPEST);
    outline::check(text, depth).map_err(DocumentError::new)?;
    match DeTable::parse(text) {
        Ok(table) => Ok(table.into_inner()),
        Err(error) => Err(DocumentError::new(refusal(text, &error))),
    }
}

/// The TOML form of a document.
pub(crate) fn render(document: &Document) -> String {
    // Fails only on values TOML has no word for, such as nothing: a document is made of texts, numbers, truth
    // values, lists and tables, and what is not there is left out.
    toml::to_string(document).unwrap_or_default()
}

/// Says what `toml` refused, and where.
fn refusal(text: &str, error: &toml::de::Error) -> Problem {
    let start = error.span().map_or(text.len(), |span| span.start);
    let (line, column) = Ruler::new(text).at(start);
    if error.message() == "duplicate key" {
        // `toml` does not name the key, so it is read from the text.
        let key = error.span().and_then(|span| text.get(span)).unwrap_or_default();
        let key = excerpt(key.trim());
        return Problem::new(Code::DuplicateKey, "", format!("the key `{key}` stands twice"))
            .help(SourceKind::Toml.advice())
            .at(line, column);
    }
    Problem::new(Code::Syntax, "", error.message()).help(SourceKind::Toml.advice()).at(line, column)
}

fn table(table: &DeTable<'_>) -> Tree {
    let entries: BTreeMap<String, Tree> =
        table.iter().map(|(key, entry)| (key.get_ref().to_string(), value(entry.get_ref()))).collect();
    Tree::Table(entries)
}

fn value(written: &DeValue<'_>) -> Tree {
    match written {
        DeValue::String(text) => Tree::Text(text.to_string()),
        DeValue::Integer(number) => integer(number),
        DeValue::Float(number) => float(number),
        DeValue::Boolean(value) => Tree::Boolean(*value),
        DeValue::Datetime(_) => Tree::Other("a date or time"),
        DeValue::Array(values) => Tree::List(values.iter().map(|entry| value(entry.get_ref())).collect()),
        DeValue::Table(entries) => table(entries),
    }
}

/// Integers beyond 64 bits become floats, as in JSON.
fn integer(number: &DeInteger<'_>) -> Tree {
    match i64::from_str_radix(number.as_str(), number.radix()) {
        Ok(whole) => Tree::Integer(whole),
        Err(_) if number.radix() == 10 => {
            number.as_str().parse().map_or(Tree::Other("a number"), Tree::Float)
        }
        Err(_) => Tree::Other("a number too large to read"),
    }
}

fn float(number: &DeFloat<'_>) -> Tree {
    number.as_str().parse().map_or(Tree::Other("a number"), Tree::Float)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(text: &str) -> Problem {
        parse(text, 32).unwrap_err().problem().clone()
    }

    #[test]
    fn values_keep_their_kind() {
        let tree =
            parse("a = 1\nb = 1.0\nc = 0x10\nd = nan\ne = 2020-01-01\nf = 99999999999999999999", 32).unwrap();
        let Tree::Table(table) = tree else { panic!("a table was written") };
        assert_eq!(table["a"], Tree::Integer(1));
        assert_eq!(table["b"], Tree::Float(1.0));
        assert_eq!(table["c"], Tree::Integer(16));
        assert!(matches!(table["d"], Tree::Float(number) if number.is_nan()));
        assert_eq!(table["e"], Tree::Other("a date or time"));
        assert_eq!(table["f"], Tree::Float(1e20));
    }

    #[test]
    fn a_key_that_stands_twice_is_refused() {
        for (text, at) in [
            ("a = 1\na = 2", (2, 1)),
            ("[x]\na = 1\n[x]\nb = 1", (3, 2)),
            ("a = { \"ä\" = 1, 'ä' = 2 }", (1, 16)),
            ("a.b = 1\na.b = 2", (2, 3)),
        ] {
            let problem = refused(text);
            assert_eq!(problem.code(), Code::DuplicateKey, "{text}");
            assert!(problem.message().ends_with("stands twice"), "{problem}");
            assert_eq!(problem.line_and_column(), Some(at), "{text}");
        }
    }

    #[test]
    fn depth_is_counted_not_suffered() {
        let nested = |depth: usize| format!("a = {}{}", "[".repeat(depth), "]".repeat(depth));
        assert!(parse(&nested(31), 32).is_ok());
        assert_eq!(refused(&nested(32)).code(), Code::TooDeep);
        assert_eq!(refused(&nested(10_000)).code(), Code::TooDeep);
        assert_eq!(refused(&format!("a = {}", "[".repeat(1_000_000))).code(), Code::TooDeep);
        assert_eq!(refused(&format!("a = {}", "{a = ".repeat(10_000))).code(), Code::TooDeep);
        assert_eq!(refused(&format!("{}b = 1", "a.".repeat(10_000))).code(), Code::TooDeep);
        assert_eq!(refused(&format!("[{}b]", "a.".repeat(10_000))).code(), Code::TooDeep);
        assert_eq!(refused(&format!("[{}b]", "a.".repeat(31))).code(), Code::TooDeep);
        assert!(parse(&format!("[{}b]", "a.".repeat(30)), 32).is_ok());
        let dotted = format!("{} = {{", vec!["a"; 70].join("."));
        let bomb = format!("{}x = 1{}", dotted.repeat(70), "}".repeat(70));
        assert_eq!(parse(&bomb, usize::MAX).unwrap_err().problem().code(), Code::TooDeep);
    }

    #[test]
    fn brackets_that_open_nothing_do_not_hide_nesting() {
        // Two thousand of these exhaust a stack of 2 MiB in `toml` 1.2.1.
        let text = "={],".to_owned() + &"={[]1,".repeat(100_000);
        assert_eq!(refused(&text).code(), Code::Syntax);
        for unit in ["]", "}", "[}", "{]", "={[]1,", "a={]", "[[]", "a=[}{"] {
            assert!(parse(&unit.repeat(100_000), 32).is_err(), "{unit}");
        }
    }

    #[test]
    fn many_keys_side_by_side_are_not_deep() {
        let tables: Vec<String> = (0..100).map(|n| format!("k{n}.a.b = 1.5\n[[t{n}]]\n")).collect();
        let lists = "a = [\n 1.5, 2.5, [1.5],\n {x = 1, y = 2}, {x.y = 1}\n]\n";
        let text = format!("{lists}{}", tables.concat());
        assert!(parse(&text, 6).is_ok());
    }

    #[test]
    fn syntax_errors_have_a_place() {
        let problem = refused("a = 1\nü = \"x");
        assert_eq!(problem.code(), Code::Syntax);
        assert_eq!(problem.line_and_column().map(|(line, _)| line), Some(2));
        for bad in ["a", "a =", "= 1", "[", "a = 'x", "a = 1 b = 2", "\u{0}", "a = \"\\q\""] {
            assert_eq!(refused(bad).code(), Code::Syntax, "{bad}");
        }
    }
}
