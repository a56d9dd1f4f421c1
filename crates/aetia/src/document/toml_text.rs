//! TOML, read with its nesting measured first and written so that it reads back equal.

use std::collections::BTreeMap;

use toml::de::{DeFloat, DeInteger, DeTable, DeValue};
use toml_parser::decoder::Encoding;
use toml_parser::parser::{EventReceiver, parse_document};
use toml_parser::{ErrorSink, Source, Span};

use super::place::{Ruler, SourceKind};
use super::tree::{DEEPEST, Tree};
use super::{Code, Document, DocumentError, Problem};

/// Reads TOML: nothing nested deeper than `depth`.
pub(crate) fn parse(text: &str, depth: usize) -> Result<Tree, DocumentError> {
    Ok(table(&spanned(text, depth)?))
}

/// Reads TOML into the table of `toml` that knows where each value stands.
pub(crate) fn spanned(text: &str, depth: usize) -> Result<DeTable<'_>, DocumentError> {
    let depth = depth.min(DEEPEST);
    // Dotted keys within inline tables multiply, so that `toml` lets six thousand levels pass: enough to exhaust
    // a small stack when they are dropped. Hence nesting is measured before any table is built.
    if let Some(start) = Nesting::beyond(text, depth) {
        let (line, column) = Ruler::new(text).at(start);
        return Err(DocumentError::new(
            Problem::new(Code::TooDeep, "", "tables and lists are nested too deep")
                .help(format!("at most {depth} levels of tables and lists are read"))
                .at(line, column),
        ));
    }
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
        // Not every path of `toml` names the key, so it is read from the text.
        let key = error.span().and_then(|span| text.get(span)).unwrap_or_default();
        let key = super::tree::excerpt(key.trim());
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

/// Follows the lexer through a text and counts the tables and lists that enclose each key and value.
///
/// The enclosing lists of tables that a header passes through are not counted: at most twice the depth allowed
/// gets by, and the count over the tree itself is exact where it matters, because headers do not nest.
struct Nesting {
    /// How many levels are allowed.
    allowed: usize,
    /// Levels the last header opened, the root included.
    header: usize,
    /// Whether a header is being read.
    in_header: bool,
    /// Levels that enclose each open bracket's content.
    open: Vec<usize>,
    /// Keys read since the last value.
    keys: usize,
    /// Where the limit was first passed.
    passed: Option<usize>,
}

impl Nesting {
    /// Where a text nests deeper than allowed.
    fn beyond(text: &str, allowed: usize) -> Option<usize> {
        let tokens = Source::new(text).lex().into_vec();
        let mut nesting =
            Self { allowed, header: 1, in_header: false, open: Vec::new(), keys: 0, passed: None };
        parse_document(&tokens, &mut nesting, &mut ());
        nesting.passed
    }

    /// The levels around the value whose keys are being read.
    fn levels(&self) -> usize {
        self.open.last().copied().unwrap_or(self.header) + self.keys.saturating_sub(1)
    }

    fn note(&mut self, levels: usize, span: Span) {
        if levels > self.allowed {
            self.passed.get_or_insert(span.start());
        }
    }

    /// Opens a bracket; one beyond the limit is not entered.
    fn enter(&mut self, span: Span) -> bool {
        let levels = self.levels() + 1;
        self.note(levels, span);
        self.open.push(levels);
        self.keys = 0;
        self.passed.is_none()
    }

    fn leave(&mut self) {
        self.open.pop();
        self.keys = 0;
    }

    fn header(&mut self, levels: usize) {
        self.header = levels;
        self.in_header = true;
        self.open.clear();
        self.keys = 0;
    }
}

impl EventReceiver for Nesting {
    fn std_table_open(&mut self, _span: Span, _error: &mut dyn ErrorSink) {
        self.header(1);
    }

    fn array_table_open(&mut self, _span: Span, _error: &mut dyn ErrorSink) {
        self.header(2);
    }

    fn inline_table_open(&mut self, span: Span, _error: &mut dyn ErrorSink) -> bool {
        self.enter(span)
    }

    fn inline_table_close(&mut self, _span: Span, _error: &mut dyn ErrorSink) {
        self.leave();
    }

    fn array_open(&mut self, span: Span, _error: &mut dyn ErrorSink) -> bool {
        self.enter(span)
    }

    fn array_close(&mut self, _span: Span, _error: &mut dyn ErrorSink) {
        self.leave();
    }

    fn simple_key(&mut self, span: Span, _kind: Option<Encoding>, _error: &mut dyn ErrorSink) {
        if self.in_header {
            self.header += 1;
        } else {
            self.keys += 1;
        }
        self.note(self.levels(), span);
    }

    fn value_sep(&mut self, _span: Span, _error: &mut dyn ErrorSink) {
        self.keys = 0;
    }

    fn newline(&mut self, _span: Span, _error: &mut dyn ErrorSink) {
        self.keys = 0;
        self.in_header = false;
    }
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
            ("a = { ä = 1, \"ä\" = 2 }", (1, 14)),
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
        assert_eq!(refused(&"a = {b = ".repeat(10_000)).code(), Code::TooDeep);
        assert_eq!(refused(&format!("{}b = 1", "a.".repeat(10_000))).code(), Code::TooDeep);
        assert_eq!(refused(&format!("[{}b]", "a.".repeat(10_000))).code(), Code::TooDeep);
        assert_eq!(refused(&format!("[{}b]", "a.".repeat(31))).code(), Code::TooDeep);
        assert!(parse(&format!("[{}b]", "a.".repeat(30)), 32).is_ok());
        let dotted = format!("{} = {{", vec!["a"; 70].join("."));
        let bomb = format!("{}x = 1{}", dotted.repeat(70), "}".repeat(70));
        assert_eq!(parse(&bomb, usize::MAX).unwrap_err().problem().code(), Code::TooDeep);
    }

    #[test]
    fn many_keys_side_by_side_are_not_deep() {
        let text = "a = [\n 1.5, 2.5, [1.5],\n {x = 1, y = 2}, {x.y = 1}\n]\n".to_owned()
            + &(0..100).map(|n| format!("k{n}.a.b = 1.5\n[[t{n}]]\n")).collect::<String>();
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
