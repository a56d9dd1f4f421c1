//! Checks the outline of a TOML text, its brackets and keys, before anything is built from it.
//!
//! `toml` guards its own recursion, but not well enough for hostile texts: in a malformed one, closing brackets
//! that open nothing let it go as deep as the text is long; in a well-formed one, dotted keys within inline
//! tables multiply to six thousand levels, enough to exhaust a small stack when they are dropped. It is therefore
//! only given texts whose brackets match and whose nesting is known.

use std::cell::Cell;

use toml_parser::decoder::Encoding;
use toml_parser::parser::{EventReceiver, parse_document};
use toml_parser::{ErrorSink, Expected, ParseError, Source, Span};

use crate::document::place::{Ruler, SourceKind};
use crate::document::{Code, Problem};

/// Says what is wrong with the outline of a text, if anything is.
pub(super) fn check(text: &str, depth: usize) -> Result<(), Problem> {
    let tokens = Source::new(text).lex().into_vec();
    let is_broken = Cell::new(false);
    let mut errors = FirstError { is_broken: &is_broken, error: None };
    let mut nesting = Nesting::new(depth, &is_broken);
    parse_document(&tokens, &mut nesting, &mut errors);
    let mut ruler = Ruler::new(text);
    if let Some(start) = nesting.passed {
        let (line, column) = ruler.at(start);
        return Err(Problem::new(Code::TooDeep, "", "tables and lists are nested too deep")
            .help(format!("at most {depth} levels of tables and lists are read"))
            .at(line, column));
    }
    let Some(error) = errors.error else {
        return Ok(());
    };
    let (line, column) = ruler.at(error.unexpected().map_or(text.len(), |span| span.start()));
    Err(Problem::new(Code::Syntax, "", message(&error)).help(SourceKind::Toml.advice()).at(line, column))
}

/// What was found, and what was expected.
fn message(error: &ParseError) -> String {
    let expected: Vec<String> = error
        .expected()
        .unwrap_or_default()
        .iter()
        .filter_map(|expected| match expected {
            Expected::Literal("\n") => Some("a new line".to_owned()),
            Expected::Literal(sign) => Some(format!("`{sign}`")),
            Expected::Description(what) => Some((*what).to_owned()),
            // `toml_parser` may learn to expect other things, which then go unsaid.
            _ => None,
        })
        .collect();
    if expected.is_empty() {
        error.description().to_owned()
    } else {
        format!("{}, expected {}", error.description(), expected.join(" or "))
    }
}

/// Keeps the first error, and tells everybody that there is one.
struct FirstError<'a> {
    is_broken: &'a Cell<bool>,
    error: Option<ParseError>,
}

impl ErrorSink for FirstError<'_> {
    fn report_error(&mut self, error: ParseError) {
        self.is_broken.set(true);
        self.error.get_or_insert(error);
    }
}

/// Counts the tables and lists that enclose each key and value.
///
/// The lists of tables that a header passes through are not counted, so that headers may nest up to twice as deep
/// as allowed. They cannot multiply, and whatever is so deep is an unknown field in the end.
struct Nesting<'a> {
    /// How many levels are allowed.
    allowed: usize,
    /// Whether the text has already turned out malformed: from there on, brackets need not match.
    is_broken: &'a Cell<bool>,
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

impl<'a> Nesting<'a> {
    fn new(allowed: usize, is_broken: &'a Cell<bool>) -> Self {
        Self { allowed, is_broken, header: 1, in_header: false, open: Vec::new(), keys: 0, passed: None }
    }

    /// The levels around the value whose keys are being read.
    fn levels(&self) -> usize {
        self.open.last().copied().unwrap_or(self.header) + self.keys.saturating_sub(1)
    }

    fn note(&mut self, levels: usize, span: Span) {
        if levels > self.allowed && !self.is_broken.get() {
            self.passed.get_or_insert(span.start());
        }
    }

    /// Opens a bracket, and says whether the parser may enter it: not beyond the limit, and not after an error.
    fn enter(&mut self, span: Span) -> bool {
        let levels = self.levels() + 1;
        self.note(levels, span);
        self.open.push(levels);
        self.keys = 0;
        self.passed.is_none() && !self.is_broken.get()
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

impl EventReceiver for Nesting<'_> {
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
