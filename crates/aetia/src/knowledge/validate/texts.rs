//! Sizes and texts: what is checked before anything else.

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::Value;

use super::checker::Checker;
use crate::document::Place;
use crate::document::{Code, Document};

impl Checker<'_> {
    /// Whether there is no more of anything than the limits allow. Checked before anything is allocated.
    pub(super) fn sizes(&mut self) -> bool {
        let (document, limits) = (self.document, self.limits);
        let root = Place::root();
        let mut fine = true;
        let mut check = |checker: &mut Self, place: Place, what: &str, found: usize, most: usize| {
            if found > most {
                fine = false;
                checker.report(
                    Code::TooMany,
                    &place,
                    format!("found {found} {what}, expected at most {most}"),
                );
            }
        };
        check(self, root.field("causes"), "causes", document.causes.len(), limits.causes);
        check(self, root.field("settings"), "settings", document.settings.len(), limits.settings);
        let indicators = document.indicators.len() + document.derived.len();
        check(self, root.field("indicators"), "indicators", indicators, limits.indicators);
        let rules = document.gates.len() + document.flags.len();
        check(self, root.field("gates"), "gates and flags", rules, limits.gates);
        for (id, indicator) in &document.indicators {
            let answers = indicator.answers.len().max(indicator.cut_points.len() + 1);
            // A condition keeps answers as bits of a 64-bit word, whatever the limits say.
            check(self, root.field("indicators").field(id), "answers", answers, limits.answers.min(64));
        }
        for (id, group) in &document.groups {
            let items = group.count.as_ref().map_or(0, |count| count.items.len());
            check(
                self,
                root.field("groups").field(id).field("count").field("items"),
                "items",
                items,
                limits.count_items,
            );
        }
        fine
    }

    /// Checks every text: not empty, not too long, without control characters.
    ///
    /// Part by part, since the parts of a large document take much more room as values than as they are.
    pub(super) fn texts(&mut self) {
        let document = self.document;
        // Every field is named, so that a new one is not forgotten.
        let Document {
            format_version: _,
            knowledge_base,
            comparator,
            settings,
            sources,
            causes,
            indicators,
            derived,
            evidence,
            groups,
            implies,
            impossible,
            gates,
            flags,
            invariants,
            reading: _,
        } = document;
        let root = Place::root();
        self.part(&root.field("knowledge_base"), knowledge_base);
        self.part(&root.field("comparator"), comparator);
        self.parts(&root.field("settings"), settings);
        self.parts(&root.field("sources"), sources);
        self.parts(&root.field("causes"), causes);
        self.parts(&root.field("indicators"), indicators);
        self.parts(&root.field("derived"), derived);
        self.rows(&root.field("evidence"), evidence);
        self.parts(&root.field("groups"), groups);
        self.rows(&root.field("implies"), implies);
        self.rows(&root.field("impossible"), impossible);
        self.parts(&root.field("gates"), gates);
        self.parts(&root.field("flags"), flags);
        self.rows(&root.field("invariants"), invariants);
    }

    fn parts<T: Serialize>(&mut self, place: &Place, parts: &BTreeMap<String, T>) {
        for (id, part) in parts {
            self.part(&place.field(id), part);
        }
    }

    fn rows<T: Serialize>(&mut self, place: &Place, parts: &[T]) {
        parts.iter().enumerate().for_each(|(position, part)| self.part(&place.index(position), part));
    }

    fn part(&mut self, place: &Place, part: &impl Serialize) {
        if let Ok(value) = serde_json::to_value(part) {
            self.text(place, "", &value);
        }
    }

    fn text(&mut self, place: &Place, key: &str, value: &Value) {
        match value {
            Value::String(text) => self.one_text(place, key, text),
            Value::Array(items) => {
                for (position, item) in items.iter().enumerate() {
                    self.text(&place.index(position), key, item);
                }
            }
            Value::Object(fields) => {
                for (field, item) in fields {
                    self.text(&place.field(field), field, item);
                }
            }
            Value::Null | Value::Bool(_) | Value::Number(_) => {}
        }
    }

    fn one_text(&mut self, place: &Place, key: &str, text: &str) {
        let most =
            if matches!(key, "title" | "label") { self.limits.title_bytes } else { self.limits.text_bytes };
        // An empty identifier is reported as none.
        if text.trim().is_empty() && key != "id" {
            let help = "say something, or leave the field out if it may be left out";
            self.report_with_help(Code::EmptyText, place, "this text is empty", help);
        }
        if text.len() > most {
            let message = format!("found {} bytes of text, expected at most {most}", text.len());
            self.report(Code::TextTooLong, place, message);
        }
        if let Some(bad) = text.chars().find(|c| is_control(*c)) {
            let message = format!("the text has the control character U+{:04X}", u32::from(bad));
            self.report_with_help(Code::ControlCharacter, place, message, "only the line feed is allowed");
        }
    }
}

/// Characters that could hide or reorder what a text says.
fn is_control(c: char) -> bool {
    let bidi =
        matches!(c, '\u{200E}' | '\u{200F}' | '\u{061C}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}');
    (c.is_control() && c != '\n') || bidi || c == '\u{FEFF}'
}
