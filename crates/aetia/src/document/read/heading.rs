//! Reads what comes first: the heading, the comparator, settings, sources, and the notes found everywhere.

use super::fields::{Fields, Value, text, texts};
use crate::document::{Comparator, Heading, Link, Note, Provenance, Setting, Source, Tag};

pub(super) fn heading(value: Value<'_>) -> Heading {
    value.table(|f| Heading {
        id: f.required("id", text),
        version: f.required("version", text),
        title: f.required("title", text),
        notice: f.required("notice", text),
        link: f.or_default("link", link),
        default_setting: f.required("default_setting", text),
        notes: f.or_default("notes", notes),
    })
}

pub(super) fn comparator(value: Value<'_>) -> Comparator {
    value.table(|f| Comparator {
        id: f.required("id", text),
        title: f.required("title", text),
        notes: f.or_default("notes", notes),
    })
}

pub(super) fn setting(value: Value<'_>) -> Setting {
    value.table(|f| Setting { title: f.required("title", text), notes: f.or_default("notes", notes) })
}

pub(super) fn source(value: Value<'_>) -> Source {
    value.table(|f| Source {
        text: f.required("text", text),
        pmid: f.optional("pmid", text),
        doi: f.optional("doi", text),
        url: f.optional("url", text),
    })
}

pub(super) fn notes(value: Value<'_>) -> Vec<Note> {
    value.list(|note| {
        note.table(|f| Note { text: f.required("text", text), source: f.or_default("source", texts) })
    })
}

/// The keys that stand beside every figure.
pub(super) fn provenance(f: &mut Fields<'_>) -> Provenance {
    Provenance {
        source: f.or_default("source", texts),
        uncited: f.optional("uncited", text),
        tag: f.required("tag", tag),
        n: f.optional("n", super::fields::people),
        population: f.optional("population", text),
        reference_standard: f.optional("reference_standard", text),
        note: f.optional("note", text),
    }
}

fn link(value: Value<'_>) -> Link {
    value.choice(&[("exclusive", Link::Exclusive), ("independent", Link::Independent)]).unwrap_or_default()
}

fn tag(value: Value<'_>) -> Tag {
    value
        .choice(&[
            ("verified", Tag::Verified),
            ("recalled", Tag::Recalled),
            ("seed", Tag::Seed),
            ("assumption", Tag::Assumption),
        ])
        .unwrap_or_default()
}
