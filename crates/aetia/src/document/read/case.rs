//! Reads a case: findings by indicator, not yet held against any knowledge base.

use std::collections::BTreeMap;

use super::fields::{Log, Value, answer};
use super::{format_version, tree_of};
use crate::document::place::{Place, Source, SourceKind};
use crate::document::tree::Tree;
use crate::document::{AnswerValue, DocumentError, Problem};
use crate::limits::Limits;

/// A case as written.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct CaseText {
    /// Answers by indicator; none where JSON says `null`.
    pub(crate) findings: BTreeMap<String, Option<AnswerValue>>,
    /// What is wrong with its shape, each where it stands in `findings` and the like. Not placed yet.
    pub(crate) problems: Vec<Problem>,
}

/// Reads a case from TOML or JSON.
pub(crate) fn read_case(
    text: &str,
    kind: SourceKind,
    limits: &Limits,
) -> Result<(CaseText, Source), DocumentError> {
    let tree = tree_of(text, kind, limits.case_bytes, limits)?;
    let (root, log) = (Place::root(), Log::default());
    let findings = Value::root(&tree, &root, &log).table(|f| {
        f.optional("format_version", format_version);
        f.required("findings", |findings| findings.map(finding))
    });
    Ok((CaseText { findings, problems: log.into_problems() }, Source::new(kind, text)))
}

/// A finding, or `null`.
pub(super) fn finding(value: Value<'_>) -> Option<AnswerValue> {
    (*value.tree() != Tree::Null).then(|| answer(value))
}
