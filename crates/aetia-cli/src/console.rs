//! Where a command writes: results to one stream, errors to the other, each in colour only where it shows.

use std::io::{self, ErrorKind, IsTerminal, Write};

use anstream::{AutoStream, ColorChoice};
use anstyle::{AnsiColor, Style};
use clap::ValueEnum;

/// Columns of a page where there is no terminal, as the library prints; and the fewest that are used.
const PAGE: usize = 100;
const NARROWEST: usize = 40;

/// Marks what is asked, or what a line begins with.
pub(crate) const STRONG: Style = Style::new().bold();
/// Marks what matters less.
pub(crate) const FAINT: Style = Style::new().dimmed();
/// Marks what is in order.
pub(crate) const GOOD: Style = AnsiColor::Green.on_default().bold();
/// Marks what is not.
pub(crate) const BAD: Style = AnsiColor::Red.on_default().bold();
/// Marks what somebody should look at.
pub(crate) const DOUBTFUL: Style = AnsiColor::Yellow.on_default().bold();
/// Marks what can be typed.
pub(crate) const KEY: Style = AnsiColor::Cyan.on_default();

/// When to use colour.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum Color {
    /// On a terminal, unless `NO_COLOR` is set
    #[default]
    Auto,
    /// Always
    Always,
    /// Never
    Never,
}

impl From<Color> for ColorChoice {
    fn from(color: Color) -> Self {
        match color {
            Color::Auto => Self::Auto,
            Color::Always => Self::Always,
            Color::Never => Self::Never,
        }
    }
}

/// The two streams of a command.
pub(crate) struct Console {
    /// The standard output.
    pub(crate) results: Sink,
    /// The standard error.
    pub(crate) errors: Sink,
}

impl Console {
    /// The streams of this process.
    pub(crate) fn new(color: Color) -> Self {
        let (out, err) = (io::stdout(), io::stderr());
        let columns = |is_terminal: bool| if is_terminal { terminal_columns() } else { PAGE };
        Self {
            results: Sink {
                is_terminal: out.is_terminal(),
                columns: columns(out.is_terminal()),
                stream: Box::new(AutoStream::new(out, color.into())),
                is_closed: false,
            },
            errors: Sink {
                is_terminal: err.is_terminal(),
                columns: columns(err.is_terminal()),
                stream: Box::new(AutoStream::new(err, color.into())),
                is_closed: false,
            },
        }
    }
}

/// The columns of the terminal, within what is readable.
fn terminal_columns() -> usize {
    let width = terminal_size::terminal_size().map(|(width, _)| usize::from(width.0));
    width.unwrap_or(PAGE).clamp(NARROWEST, PAGE)
}

/// A stream that is quiet when nobody reads it any more: `aetia ... | head` is no error.
pub(crate) struct Sink {
    stream: Box<dyn Write>,
    is_terminal: bool,
    is_closed: bool,
    columns: usize,
}

impl Sink {
    /// Whether a person reads it in a terminal.
    pub(crate) fn is_terminal(&self) -> bool {
        self.is_terminal
    }

    /// Whether its reader has gone.
    pub(crate) fn is_closed(&self) -> bool {
        self.is_closed
    }

    /// How many columns a line has.
    pub(crate) fn columns(&self) -> usize {
        self.columns
    }

    /// Writes a paragraph broken at words, its first line and the others indented.
    pub(crate) fn paragraph(&mut self, text: &str, first: &str, others: &str) -> io::Result<()> {
        let options = textwrap::Options::new(self.columns)
            .initial_indent(first)
            .subsequent_indent(others)
            .word_separator(textwrap::WordSeparator::AsciiSpace)
            .word_splitter(textwrap::WordSplitter::NoHyphenation)
            .wrap_algorithm(textwrap::WrapAlgorithm::FirstFit)
            .break_words(false);
        for line in textwrap::wrap(text, options) {
            writeln!(self, "{line}")?;
        }
        Ok(())
    }

    /// Sees that all is written.
    pub(crate) fn finish(&mut self) -> io::Result<()> {
        self.flush()
    }

    fn unless_closed<T>(&mut self, result: io::Result<T>, otherwise: T) -> io::Result<T> {
        match result {
            Err(error) if error.kind() == ErrorKind::BrokenPipe => {
                self.is_closed = true;
                Ok(otherwise)
            }
            other => other,
        }
    }
}

impl Write for Sink {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.is_closed {
            return Ok(bytes.len());
        }
        let written = self.stream.write(bytes);
        self.unless_closed(written, bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        if self.is_closed {
            return Ok(());
        }
        let flushed = self.stream.flush();
        self.unless_closed(flushed, ())
    }
}
