//! The text a document was read from, and where in it a value stands.

use std::ops::Range;
use std::sync::Arc;

use super::spans::Spans;
use super::{Ruler, Steps};

/// The notation of a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum SourceKind {
    /// TOML.
    Toml,
    /// JSON.
    Json,
}

impl SourceKind {
    /// What to do about a text that is not well formed.
    pub(crate) fn advice(self) -> &'static str {
        match self {
            Self::Toml => "the text must be TOML 1.1, in which a key stands once in each table",
            Self::Json => "the text must be JSON, in which a key stands once in each object",
        }
    }
}

/// A text that was read.
///
/// ```
/// use aetia::{SourceKind, SourceText};
/// let text = SourceText::new(SourceKind::Toml, "[findings]\nnight_pain = \"often\"\n");
/// let found = text.locate("findings.night_pain");
/// assert_eq!((found.line, found.column, &text.text()[found.bytes]), (2, 14, "\"often\""));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Source {
    kind: SourceKind,
    text: Arc<str>,
}

/// Where a value stands in a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Location {
    /// Its line, from 1.
    pub line: u32,
    /// Its column, from 1, in characters.
    pub column: u32,
    /// Its bytes. Of a table under a TOML header these are the header's.
    pub bytes: Range<usize>,
}

impl Source {
    /// A text and its notation.
    pub fn new(kind: SourceKind, text: &str) -> Self {
        Self { kind, text: Arc::from(text) }
    }

    /// Its notation.
    pub fn kind(&self) -> SourceKind {
        self.kind
    }

    /// The text.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Where the value of a path such as `evidence[3].accuracy.specificity` stands.
    ///
    /// A path that leads to nothing, such as a field that is missing, stands where its last existing part does.
    /// The text is read anew at every call; `locate_all` reads it once for many paths.
    pub fn locate(&self, path: &str) -> Location {
        Self::measured(&mut Ruler::new(&self.text), self.spans().find(Steps::of(path)))
    }

    /// Where the value of each path stands, as `locate` finds it.
    pub fn locate_all(&self, paths: impl Iterator<Item = impl AsRef<str>>) -> Vec<Location> {
        let (spans, mut ruler) = (self.spans(), Ruler::new(&self.text));
        let found = paths.map(|path| spans.find(Steps::of(path.as_ref())));
        found.map(|bytes| Self::measured(&mut ruler, bytes)).collect()
    }

    fn measured(ruler: &mut Ruler<'_>, bytes: Range<usize>) -> Location {
        let (line, column) = ruler.at(bytes.start);
        Location { line, column, bytes }
    }

    /// The first byte of the value of each path, as [`Source::locate`] finds it.
    pub(crate) fn find_all(&self, paths: impl Iterator<Item = impl AsRef<str>>) -> Vec<usize> {
        let spans = self.spans();
        paths.map(|path| spans.find(Steps::of(path.as_ref())).start).collect()
    }

    fn spans(&self) -> Spans {
        Spans::of(self.kind, &self.text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TOML: &str = "format_version = 1\n\n[causes.\"ä\"]\ntitle = \"é\"\n\n[[evidence]]\ncause = \"a\"\n\
        likelihood_ratios = { \"<40\" = 1.84, \">=45\" = 0.11 }\n\n[[evidence]]\naccuracy.specificity = 1.3\n";

    #[test]
    fn values_are_found_in_toml() {
        let source = Source::new(SourceKind::Toml, TOML);
        let at = |path: &str| {
            let found = source.locate(path);
            (found.line, found.column, &TOML[found.bytes])
        };
        assert_eq!(at("format_version"), (1, 18, "1"));
        assert_eq!(at("causes.\"ä\".title"), (4, 9, "\"é\""));
        assert_eq!(at("causes.\"ä\".prior.primary_care"), (3, 1, "[causes.\"ä\"]"));
        assert_eq!(at("evidence[0].likelihood_ratios.\">=45\""), (8, 46, "0.11"));
        assert_eq!(at("evidence[1]"), (10, 1, "[[evidence]]"));
        assert_eq!(at("evidence[1].accuracy.specificity"), (11, 24, "1.3"));
        assert_eq!(at("evidence[7]").0, 6);
        assert_eq!(at("").0, 1);
        assert_eq!(at("indicators.x").0, 1);
    }

    #[test]
    fn values_are_found_in_json() {
        let text = "{\"causes\": {\"\\u00e4\": {\"title\": \"é\"}},\n \"é\": [1, {\"x\": -2.5}]}";
        let source = Source::new(SourceKind::Json, text);
        let at = |path: &str| {
            let found = source.locate(path);
            (found.line, found.column, &text[found.bytes])
        };
        assert_eq!(at("causes.\"ä\".title"), (1, 33, "\"é\""));
        assert_eq!(at("\"é\"[1].x"), (2, 17, "-2.5"));
        assert_eq!(at("\"é\"[1].y"), (2, 11, "{\"x\": -2.5}"));
        assert_eq!(at("\"é\"[2]"), (2, 7, "[1, {\"x\": -2.5}]"));
        assert_eq!(at("").0, 1);
    }

    #[test]
    fn a_text_that_cannot_be_read_is_still_a_place() {
        let source = Source::new(SourceKind::Json, "{\"a\": ");
        assert_eq!((source.locate("a").line, source.locate("a").column), (1, 1));
    }
}
