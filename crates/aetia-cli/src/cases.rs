//! Cases from a file or the standard input: one, or many as JSON lines.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Cursor, Read};
use std::path::Path;

use aetia::{Case, KnowledgeBase, Limits, SourceKind, SourceText};

use crate::failure::Failure;
use crate::faults::Faults;
use crate::text::{Text, read_within, unreadable};

/// The standard input as an argument.
const STDIN: &str = "-";

/// Where cases come from.
pub(crate) struct Cases {
    /// The path of a file, or what the standard input is called.
    name: String,
    form: Form,
}

/// In which form they come.
enum Form {
    /// One case in one text; none once it is read.
    One(Option<SourceText>),
    /// A case on each line.
    Lines { lines: Box<dyn BufRead>, line: usize },
}

/// A case, or why it cannot be used.
pub(crate) struct Entry {
    /// Its line among many, from 1; none where it is the only one.
    pub(crate) line: Option<usize>,
    /// The case.
    pub(crate) case: Result<Case, Failure>,
}

impl Cases {
    /// The cases of an argument: a file in TOML, JSON or JSON lines, or `-` for the standard input, where the first line
    /// that is not empty tells which it is: JSON lines if it is a whole object, JSON if one begins there, else TOML.
    pub(crate) fn open(argument: &Path, as_lines: bool) -> Result<Self, Failure> {
        let is_stdin = argument == Path::new(STDIN);
        let name = if is_stdin { "standard input".to_owned() } else { argument.display().to_string() };
        let stream: Box<dyn BufRead> = if is_stdin {
            Box::new(io::stdin().lock())
        } else {
            let file = File::open(argument).map_err(|error| unreadable(&name, &error))?;
            Box::new(BufReader::new(file))
        };
        let extension = argument.extension().and_then(|extension| extension.to_str());
        let form = match extension {
            _ if as_lines => lines(stream),
            Some("jsonl" | "ndjson") => lines(stream),
            Some("toml") => one(stream, &name, SourceKind::Toml)?,
            Some("json") => sniffed(stream, &name, Some(SourceKind::Json))?,
            _ if is_stdin => sniffed(stream, &name, None)?,
            Some(_) | None => {
                return Err(Failure::with_help(
                    format!("`{name}` is no case by its name"),
                    "let the file end in `.toml`, `.json` or `.jsonl`; `-` reads the standard input",
                ));
            }
        };
        Ok(Self { name, form })
    }

    /// What they are called.
    pub(crate) fn name(&self) -> &str {
        &self.name
    }

    /// Whether each stands on a line of its own.
    pub(crate) fn are_lines(&self) -> bool {
        matches!(self.form, Form::Lines { .. })
    }

    /// Whether there are no more; waits for the next.
    pub(crate) fn is_at_end(&mut self) -> bool {
        match &mut self.form {
            Form::One(text) => text.is_none(),
            Form::Lines { lines, .. } => lines.fill_buf().is_ok_and(|rest| rest.trim_ascii().is_empty()),
        }
    }

    /// The next case.
    pub(crate) fn next(&mut self, kb: &KnowledgeBase) -> Option<Entry> {
        let most = Limits::default().case_bytes;
        match &mut self.form {
            Form::One(text) => {
                let text = text.take()?;
                Some(Entry { line: None, case: case(kb, &self.name, text, 1) })
            }
            Form::Lines { lines, line } => loop {
                let read = next_line(lines, most);
                *line += 1;
                let name = format!("{}, line {line}", self.name);
                let text = match read {
                    Ok(None) => return None,
                    Ok(Some(text)) if text.trim().is_empty() => continue,
                    Ok(Some(text)) => SourceText::new(SourceKind::Json, text.trim_end()),
                    Err(why) => {
                        let failure = Failure::new(format!("{name}: {why}"));
                        return Some(Entry { line: Some(*line), case: Err(failure) });
                    }
                };
                return Some(Entry { line: Some(*line), case: case(kb, &self.name, text, *line) });
            },
        }
    }
}

fn case(kb: &KnowledgeBase, name: &str, source: SourceText, first_line: usize) -> Result<Case, Failure> {
    let text = Text { name: name.to_owned(), source };
    text.case(kb).map_err(|faults| Faults { first_line, ..faults }.into())
}

fn lines(stream: Box<dyn BufRead>) -> Form {
    Form::Lines { lines: stream, line: 0 }
}

/// One case in one text.
fn one(stream: impl Read, name: &str, kind: SourceKind) -> Result<Form, Failure> {
    let text = read_within(stream, name, Limits::default().case_bytes)?;
    Ok(Form::One(Some(SourceText::new(kind, &text))))
}

/// JSON lines, JSON or TOML, by the first line that is not empty.
fn sniffed(mut stream: Box<dyn BufRead>, name: &str, kind: Option<SourceKind>) -> Result<Form, Failure> {
    let mut head = Vec::new();
    let most = u64::try_from(Limits::default().case_bytes).unwrap_or(u64::MAX);
    while head.trim_ascii().is_empty() {
        let read = stream.by_ref().take(most).read_until(b'\n', &mut head);
        if read.map_err(|error| unreadable(name, &error))? == 0 {
            break;
        }
    }
    let first = head.trim_ascii();
    let is_object = first.starts_with(b"{");
    let is_whole = is_object && first.ends_with(b"}");
    let kind = kind.unwrap_or(if is_object { SourceKind::Json } else { SourceKind::Toml });
    let whole = Cursor::new(head).chain(stream);
    if is_whole { Ok(lines(Box::new(whole))) } else { one(whole, name, kind) }
}

/// The next line without its end, if it is text and no longer than that; the rest of a longer one is passed over.
fn next_line(lines: &mut dyn BufRead, most: usize) -> Result<Option<String>, String> {
    let mut bytes = Vec::new();
    let limit = u64::try_from(most).unwrap_or(u64::MAX).saturating_add(1);
    let read = lines.take(limit).read_until(b'\n', &mut bytes).map_err(|error| error.to_string())?;
    if read == 0 {
        return Ok(None);
    }
    if bytes.len() > most && bytes.last() != Some(&b'\n') {
        lines.skip_until(b'\n').map_err(|error| error.to_string())?;
        return Err(format!("it has more than {most} bytes, which is the limit of a case"));
    }
    let text = String::from_utf8(bytes).map_err(|_| "it is not UTF-8".to_owned())?;
    Ok(Some(text))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_that_is_too_long_or_no_text_does_not_stop_the_next() {
        let mut text = b"{}\n".to_vec();
        text.extend([b'x'; 20]);
        text.extend(b"\n\xff\nlast");
        let mut lines = Cursor::new(text);
        let mut next = || next_line(&mut lines, 10);
        assert_eq!(next(), Ok(Some("{}\n".to_owned())));
        assert_eq!(next(), Err("it has more than 10 bytes, which is the limit of a case".to_owned()));
        assert_eq!(next(), Err("it is not UTF-8".to_owned()));
        assert_eq!(next(), Ok(Some("last".to_owned())));
        assert_eq!(next(), Ok(None));
    }

    #[test]
    fn the_first_line_tells_the_form() {
        let form = |text: &str| match sniffed(Box::new(Cursor::new(text.as_bytes().to_vec())), "test", None) {
            Ok(Form::Lines { .. }) => "lines",
            Ok(Form::One(Some(text))) if text.kind() == SourceKind::Json => "json",
            Ok(Form::One(_)) => "toml",
            Err(_) => "refused",
        };
        assert_eq!(form("\n\n{\"findings\": {}}\n{\"findings\": {}}"), "lines");
        assert_eq!(form("{\"findings\":\n {}}"), "json");
        assert_eq!(form("# a case\n[findings]\n"), "toml");
        assert_eq!(form(""), "toml");
    }
}
