//! Reads a document from TOML or JSON and collects everything that is wrong with its shape, all at once.

mod case;
mod causes;
mod evidence;
mod expected;
mod fields;
mod groups;
mod heading;
mod placing;
mod rules;
#[cfg(test)]
mod tests;

pub(crate) use case::read_case;
pub(crate) use expected::read_test_cases;
use fields::{Log, Value};
pub(crate) use placing::placed;

use super::place::{Place, Ruler, Source, SourceKind};
use super::tree::Tree;
use super::{Code, Document, DocumentError, FORMAT_VERSION, Problem, json, toml_text};
use crate::limits::Limits;

/// What reading a document found. Equal to every other, so that documents compare by their content.
#[derive(Clone, Debug, Default)]
pub(crate) struct Reading {
    problems: Vec<Problem>,
    source: Option<Source>,
}

impl PartialEq for Reading {
    fn eq(&self, _other: &Self) -> bool {
        true
    }
}

impl Reading {
    /// The problems of shape, in the order they were found and without line and column.
    #[cfg(test)]
    pub(crate) fn problems(&self) -> &[Problem] {
        &self.problems
    }

    /// The text that was read; none for a document made by a program.
    pub(crate) fn source(&self) -> Option<&Source> {
        self.source.as_ref()
    }

    /// The places of the problems of shape.
    pub(crate) fn places(&self) -> impl Iterator<Item = &str> {
        self.problems.iter().map(Problem::place)
    }

    /// Adds the problems of shape to those found later, and puts all into document order, each with its line
    /// and column where the text is known.
    ///
    /// What was found later about a value that could not be read is left out: it speaks of the default that
    /// stands in for it.
    pub(crate) fn place_all(&self, found: Vec<Problem>) -> Vec<Problem> {
        let unread =
            |place: &str| self.problems.iter().any(|problem| placing::is_within(place, problem.place()));
        let later =
            found.into_iter().filter(|problem| problem.place().is_empty() || !unread(problem.place()));
        placed(self.problems.iter().cloned().chain(later).collect(), self.source())
    }
}

impl Document {
    /// Reads TOML.
    ///
    /// The error is one of the text: that it is not TOML, has a key twice, or is too large. What is wrong with the
    /// shape or the meaning is kept, and reported with all the rest by [`Document::validate`].
    ///
    /// # Errors
    /// When the text is no TOML or exceeds the default limits.
    pub fn from_toml(text: &str) -> Result<Self, DocumentError> {
        Self::from_toml_within(text, &Limits::default())
    }

    /// Reads JSON, as [`Document::from_toml`] reads TOML.
    ///
    /// # Errors
    /// When the text is no JSON or exceeds the default limits.
    pub fn from_json(text: &str) -> Result<Self, DocumentError> {
        Self::from_json_within(text, &Limits::default())
    }

    /// Reads TOML within limits of the caller's.
    ///
    /// # Errors
    /// When the text is no TOML or exceeds the limits.
    pub fn from_toml_within(text: &str, limits: &Limits) -> Result<Self, DocumentError> {
        read(text, SourceKind::Toml, limits)
    }

    /// Reads JSON within limits of the caller's.
    ///
    /// # Errors
    /// When the text is no JSON or exceeds the limits.
    pub fn from_json_within(text: &str, limits: &Limits) -> Result<Self, DocumentError> {
        read(text, SourceKind::Json, limits)
    }

    /// The text this document was read from; none for one made by a program.
    pub fn source_text(&self) -> Option<&Source> {
        self.reading.source()
    }
}

fn read(text: &str, kind: SourceKind, limits: &Limits) -> Result<Document, DocumentError> {
    let tree = tree_of(text, kind, limits.document_bytes, limits)?;
    let (root, log) = (Place::root(), Log::default());
    let document = document(Value::root(&tree, &root, &log));
    let reading = Reading { problems: log.into_problems(), source: Some(Source::new(kind, text)) };
    Ok(Document { reading, ..document })
}

/// Reads JSON that is no document into a tree, within the limits of one.
pub(crate) fn read_json(text: &str, limits: &Limits) -> Result<Tree, DocumentError> {
    tree_of(text, SourceKind::Json, limits.document_bytes, limits)
}

/// Reads a text into a tree, if it may be read at all.
fn tree_of(text: &str, kind: SourceKind, most_bytes: usize, limits: &Limits) -> Result<Tree, DocumentError> {
    if text.len() > most_bytes {
        let message = format!("the text has {} bytes, expected at most {most_bytes}", text.len());
        return Err(DocumentError::new(Problem::new(Code::TooLarge, "", message)));
    }
    if text.starts_with('\u{feff}') {
        let (line, column) = Ruler::new(text).at(0);
        let problem = Problem::new(Code::ByteOrderMark, "", "the text begins with a byte-order mark")
            .help("save it as UTF-8 without a byte-order mark");
        return Err(DocumentError::new(problem.at(line, column)));
    }
    match kind {
        SourceKind::Toml => toml_text::parse(text, limits.depth),
        SourceKind::Json => json::parse(text, limits.depth),
    }
}

fn document(value: Value<'_>) -> Document {
    value.table(|f| Document {
        format_version: f.required("format_version", format_version),
        knowledge_base: f.required("knowledge_base", heading::heading),
        comparator: f.required("comparator", heading::comparator),
        settings: f.or_default("settings", |settings| settings.map(heading::setting)),
        sources: f.or_default("sources", |sources| sources.map(heading::source)),
        causes: f.or_default("causes", |causes| causes.map(causes::cause)),
        indicators: f.or_default("indicators", |indicators| indicators.map(causes::indicator)),
        derived: f.or_default("derived", |derived| derived.map(causes::derived)),
        evidence: f.or_default("evidence", |rows| rows.list(evidence::evidence)),
        groups: f.or_default("groups", |groups| groups.map(groups::group)),
        implies: f.or_default("implies", |rules| rules.list(rules::implies)),
        impossible: f.or_default("impossible", |rules| rules.list(rules::impossible)),
        gates: f.or_default("gates", |gates| gates.map(rules::gate)),
        flags: f.or_default("flags", |flags| flags.map(rules::flag)),
        invariants: f.or_default("invariants", |invariants| invariants.list(rules::invariant)),
        reading: Reading::default(),
    })
}

fn format_version(value: Value<'_>) -> i64 {
    match value.tree().whole() {
        Some(FORMAT_VERSION) => FORMAT_VERSION,
        Some(other) => {
            let message = format!("found version {other} of the format, expected {FORMAT_VERSION}");
            value.report(value.problem(Code::FormatVersion, message));
            other
        }
        None => value.wrong("the number 1"),
    }
}
