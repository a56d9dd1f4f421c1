//! Problems of a text as an author reads them: the line, the place in it marked, the reason and the help.

use std::collections::BTreeMap;
use std::io::{self, Write};
use std::ops::Range;

use aetia::{Code, Problem, Severity, SourceText};
use annotate_snippets::{AnnotationKind, Level, Renderer, Snippet};

use crate::console::{BAD, DOUBTFUL, Sink};

/// A text and what is wrong with it.
#[derive(Debug)]
pub(crate) struct Faults {
    /// What the text is called: the path of a file, or a name.
    pub(crate) name: String,
    /// The text.
    pub(crate) source: SourceText,
    /// The line at which it begins: that of a case among many, else 1.
    pub(crate) first_line: usize,
    /// What is wrong.
    pub(crate) problems: Vec<Problem>,
}

impl Faults {
    /// Writes every problem, and how many there are.
    pub(crate) fn show(&self, sink: &mut Sink) -> io::Result<()> {
        self.draw(sink)?;
        writeln!(sink, "{}", self.count())
    }

    /// Writes every error, and of the warnings of each kind so many; then how many there are.
    pub(crate) fn show_some(&self, sink: &mut Sink, most: usize) -> io::Result<()> {
        let mut seen: BTreeMap<Code, usize> = BTreeMap::new();
        for (problem, picture) in self.problems.iter().zip(self.pictures(sink.columns())) {
            let number = seen.entry(problem.code()).or_default();
            *number += 1;
            if problem.severity() == Severity::Error || *number <= most {
                writeln!(sink, "{picture}\n")?;
            }
        }
        let hidden = |(code, number): (Code, usize)| {
            let more = number.checked_sub(most).filter(|more| *more > 0)?;
            (code.severity() == Severity::Warning).then(|| format!("{more} more `{code}`"))
        };
        let hidden: Vec<String> = seen.into_iter().filter_map(hidden).collect();
        writeln!(sink, "{}", self.count())?;
        if hidden.is_empty() {
            return Ok(());
        }
        sink.paragraph(&format!("not shown: {}; --all shows them", hidden.join(", ")), "  ", "    ")
    }

    /// Writes every problem.
    pub(crate) fn draw(&self, sink: &mut Sink) -> io::Result<()> {
        self.pictures(sink.columns()).iter().try_for_each(|picture| writeln!(sink, "{picture}\n"))
    }

    /// How many problems and warnings the text has, in a sentence.
    pub(crate) fn count(&self) -> String {
        let of = |severity| self.problems.iter().filter(|problem| problem.severity() == severity).count();
        let (errors, warnings) = (of(Severity::Error), of(Severity::Warning));
        let name = &self.name;
        let errors = match errors {
            0 => format!("{name}: no errors"),
            1 => format!("{BAD}{name}: 1 error{BAD:#}"),
            many => format!("{BAD}{name}: {many} errors{BAD:#}"),
        };
        match warnings {
            0 => errors,
            1 => format!("{errors}, {DOUBTFUL}1 warning{DOUBTFUL:#}"),
            many => format!("{errors}, {DOUBTFUL}{many} warnings{DOUBTFUL:#}"),
        }
    }

    /// Each problem as it is shown, in the order of the text.
    pub(crate) fn pictures(&self, columns: usize) -> Vec<String> {
        let renderer = renderer(columns);
        let spans = self.spans();
        let pictures = self.problems.iter().zip(spans);
        pictures.map(|(problem, span)| self.picture(&renderer, problem, span)).collect()
    }

    fn picture(&self, renderer: &Renderer, problem: &Problem, span: Option<Range<usize>>) -> String {
        let place = (!problem.place().is_empty()).then(|| format!("at {}", problem.place()));
        let picture = Picture {
            level: match problem.severity() {
                Severity::Error => Level::ERROR,
                Severity::Warning => Level::WARNING,
            },
            kind: problem.code().slug(),
            message: problem.message(),
            source: self.source.text(),
            name: &self.name,
            first_line: self.first_line,
            span,
            notes: place.into_iter().collect(),
            help: problem.help_text(),
        };
        picture.render(renderer)
    }

    /// The bytes each problem is about, within one line; none where the problem is about no place.
    fn spans(&self) -> Vec<Option<Range<usize>>> {
        let text = self.source.text();
        let values = self.source.locate_all(self.problems.iter().map(Problem::place));
        let starts = line_starts(text);
        let of_problem = |(problem, value): (&Problem, aetia::Location)| {
            let (line, column) = problem.line_and_column()?;
            // A mistake inside a value, or in a text that could not be read, is a point.
            let is_value = (value.line, value.column) == (line, column) && !problem.place().is_empty();
            let start = if is_value { value.bytes.start } else { offset(text, &starts, line, column)? };
            let end = if is_value { value.bytes.end } else { start };
            Some(within_line(text, start, end))
        };
        self.problems.iter().zip(values).map(of_problem).collect()
    }
}

/// What draws pictures of this width.
pub(crate) fn renderer(columns: usize) -> Renderer {
    Renderer::styled().term_width(columns)
}

/// A message about a place in a text.
pub(crate) struct Picture<'p> {
    pub(crate) level: Level<'static>,
    /// The slug of its kind.
    pub(crate) kind: &'p str,
    pub(crate) message: &'p str,
    /// The text, what it is called, and the line at which it begins.
    pub(crate) source: &'p str,
    pub(crate) name: &'p str,
    pub(crate) first_line: usize,
    /// The bytes that are marked; none where it is about no place.
    pub(crate) span: Option<Range<usize>>,
    pub(crate) notes: Vec<String>,
    pub(crate) help: Option<&'p str>,
}

impl Picture<'_> {
    /// The message as it is shown.
    pub(crate) fn render(self, renderer: &Renderer) -> String {
        let snippet = self.span.map(|span| {
            Snippet::source(self.source)
                .path(self.name)
                .line_start(self.first_line)
                .annotation(AnnotationKind::Primary.span(span))
        });
        let title = self.level.primary_title(self.message).id(self.kind);
        let group = title
            .elements(snippet)
            .elements(self.notes.iter().map(|note| Level::NOTE.message(note)))
            .elements(self.help.map(|help| Level::HELP.message(help)));
        renderer.render(&[group])
    }
}

/// Where each line of a text begins.
fn line_starts(text: &str) -> Vec<usize> {
    std::iter::once(0).chain(text.match_indices('\n').map(|(at, _)| at + 1)).collect()
}

/// The byte at a line and a column, both from 1, the column in characters.
fn offset(text: &str, starts: &[usize], line: u32, column: u32) -> Option<usize> {
    let number = |figure: u32| usize::try_from(figure).ok()?.checked_sub(1);
    let start = *starts.get(number(line)?)?;
    let rest = text.get(start..)?;
    let line = rest.split('\n').next().unwrap_or_default();
    let inside = line.char_indices().nth(number(column)?).map_or(line.len(), |(at, _)| at);
    Some(start + inside)
}

/// As much of a range as stands on its first line: one character at least, where the line has one.
pub(crate) fn within_line(text: &str, start: usize, end: usize) -> Range<usize> {
    let rest = text.get(start..).unwrap_or_default();
    let line = rest.find(['\r', '\n']).unwrap_or(rest.len());
    let least = rest.chars().next().filter(|_| line > 0).map_or(0, char::len_utf8);
    start..end.min(start + line).max(start + least)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_is_found_by_characters_and_marked_within_its_line() {
        let text = "a = 1\nß = [ 2,\n3]\r\n";
        let starts = line_starts(text);
        let at = |line, column| offset(text, &starts, line, column);
        assert_eq!(at(1, 5), Some(4));
        assert_eq!(at(2, 5), Some(11));
        assert_eq!(at(2, 99), Some(15), "past the end of a line is its end");
        assert_eq!(at(9, 1), None);
        assert_eq!(at(0, 0), None);
        assert_eq!(
            &text[within_line(text, 11, 20)],
            "[ 2,",
            "a list that goes on is marked on its first line"
        );
        assert_eq!(&text[within_line(text, 6, 6)], "ß", "a point is one character");
        assert_eq!(within_line(text, text.len(), text.len()), text.len()..text.len());
    }
}
