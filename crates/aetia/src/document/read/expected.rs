//! Reads a file of test cases, not yet held against any knowledge base.

use super::case::finding;
use super::fields::{Log, Value, text, texts};
use super::tree_of;
use crate::document::expected::TestCase;
use crate::document::place::{Place, Source, SourceKind};
use crate::document::tree::Tree;
use crate::document::{DocumentError, Problem};
use crate::limits::Limits;

/// A file of test cases as written.
#[derive(Clone, Debug, Default)]
pub(crate) struct TestCases {
    /// The cases, in their order.
    pub(crate) cases: Vec<TestCase>,
    /// What is wrong with the shape of the file. Not placed yet.
    pub(crate) problems: Vec<Problem>,
}

/// Reads test cases from TOML or JSON.
pub(crate) fn read_test_cases(
    text: &str,
    kind: SourceKind,
    limits: &Limits,
) -> Result<(TestCases, Source), DocumentError> {
    let tree = tree_of(text, kind, limits.document_bytes, limits)?;
    let (root, log) = (Place::root(), Log::default());
    let cases = Value::root(&tree, &root, &log).table(|f| {
        f.optional("knowledge_base", super::fields::text);
        f.required("cases", |cases| cases.list(test_case))
    });
    Ok((TestCases { cases, problems: log.into_problems() }, Source::new(kind, text)))
}

fn test_case(value: Value<'_>) -> TestCase {
    value.table(|f| TestCase {
        id: f.required("id", text),
        title: f.required("title", text),
        why: f.required("why", text),
        setting: f.optional("setting", text),
        findings: f.or_default("findings", |findings| findings.map(finding)),
        first: f.required("first", text),
        leads: f.optional("leads", boolean),
        held: f.or_default("held", |held| held.map(text)),
        raised: f.or_default("raised", |raised| raised.list(text)),
        scores: f.or_default("scores", |scores| scores.map(whole)),
        source: f.required("source", texts),
    })
}

fn boolean(value: Value<'_>) -> bool {
    if let Tree::Boolean(truth) = value.tree() { *truth } else { value.wrong("`true` or `false`") }
}

fn whole(value: Value<'_>) -> i64 {
    value.tree().whole().unwrap_or_else(|| value.wrong("a whole number"))
}
