//! The skeleton of a source text: which bytes each of its values takes up.

use std::collections::BTreeMap;
use std::ops::Range;

use serde_json::value::RawValue;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::{SourceKind, Step};
use crate::document::toml_text;
use crate::document::tree::DEEPEST;

/// The bytes of a value, and of the values in it.
#[derive(Debug, Default)]
pub(super) struct Spans {
    bytes: Range<usize>,
    inner: Inner,
}

#[derive(Debug, Default)]
enum Inner {
    #[default]
    Nothing,
    Items(Vec<Spans>),
    Fields(BTreeMap<String, Spans>),
}

impl Spans {
    /// The skeleton of a text; of one that cannot be read, only the whole.
    pub(super) fn of(kind: SourceKind, text: &str) -> Self {
        let read = match kind {
            SourceKind::Toml => toml_text::spanned(text, DEEPEST).ok().map(|root| toml(0..text.len(), &root)),
            SourceKind::Json => {
                serde_json::from_str::<&RawValue>(text).ok().map(|root| json(text, root, DEEPEST))
            }
        };
        read.unwrap_or(Self { bytes: 0..text.len(), inner: Inner::Nothing })
    }

    /// The bytes of the value at the end of a path, or of the last value on it that is there.
    pub(super) fn find(&self, path: impl Iterator<Item = Step>) -> Range<usize> {
        let mut here = self;
        for step in path {
            match here.inner.get(&step) {
                Some(next) => here = next,
                None => break,
            }
        }
        here.bytes.clone()
    }
}

impl Inner {
    fn get(&self, step: &Step) -> Option<&Spans> {
        match (self, step) {
            (Self::Items(items), Step::Index(position)) => items.get(*position),
            (Self::Fields(fields), Step::Field(key)) => fields.get(key),
            (Self::Nothing | Self::Items(_) | Self::Fields(_), Step::Index(_) | Step::Field(_)) => None,
        }
    }
}

fn toml(bytes: Range<usize>, table: &DeTable<'_>) -> Spans {
    let fields = table.iter().map(|(key, value)| (key.get_ref().to_string(), toml_value(value)));
    Spans { bytes, inner: Inner::Fields(fields.collect()) }
}

fn toml_value(value: &Spanned<DeValue<'_>>) -> Spans {
    let bytes = value.span();
    match value.get_ref() {
        DeValue::Table(table) => toml(bytes, table),
        DeValue::Array(values) => {
            Spans { bytes, inner: Inner::Items(values.iter().map(toml_value).collect()) }
        }
        DeValue::String(_)
        | DeValue::Integer(_)
        | DeValue::Float(_)
        | DeValue::Boolean(_)
        | DeValue::Datetime(_) => Spans { bytes, inner: Inner::Nothing },
    }
}

/// A raw value is a slice of the text, so that its address tells where it stands. `left` bounds the recursion.
fn json(text: &str, raw: &RawValue, left: usize) -> Spans {
    let slice = raw.get();
    let start = slice.as_ptr().addr().saturating_sub(text.as_ptr().addr());
    let bytes = start..start + slice.len();
    let Some(left) = left.checked_sub(1) else {
        return Spans { bytes, inner: Inner::Nothing };
    };
    let inner = match slice.as_bytes().first() {
        Some(b'[') => serde_json::from_str::<Vec<&RawValue>>(slice)
            .map(|items| Inner::Items(items.into_iter().map(|item| json(text, item, left)).collect())),
        Some(b'{') => serde_json::from_str::<BTreeMap<String, &RawValue>>(slice).map(|fields| {
            Inner::Fields(fields.into_iter().map(|(key, value)| (key, json(text, value, left))).collect())
        }),
        Some(_) | None => Ok(Inner::Nothing),
    };
    Spans { bytes, inner: inner.unwrap_or_default() }
}
