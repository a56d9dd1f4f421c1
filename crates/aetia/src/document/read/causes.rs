//! Reads causes and indicators: what may explain a case, and what can be observed.

use super::fields::{Value, interval, number, text, texts};
use super::heading::{notes, provenance};
use crate::document::{Answer, AskedBy, Cause, Codes, Derived, Indicator, IndicatorKind, Prior};

pub(super) fn cause(value: Value<'_>) -> Cause {
    value.table(|f| Cause {
        title: f.required("title", text),
        label: f.optional("label", text),
        prior: f.or_default("prior", |priors| priors.map(prior)),
        notes: f.or_default("notes", notes),
        guidance: f.or_default("guidance", notes),
        codes: f.or_default("codes", codes),
    })
}

fn prior(value: Value<'_>) -> Prior {
    value.table(|f| Prior {
        value: f.required("value", number),
        interval: f.optional("interval", interval),
        provenance: provenance(f),
    })
}

pub(super) fn indicator(value: Value<'_>) -> Indicator {
    value.table(|f| Indicator {
        title: f.required("title", text),
        question: f.optional("question", text),
        help: f.optional("help", text),
        kind: f.required("kind", kind),
        answers: f.or_default("answers", |answers| answers.list(answer)),
        cut_points: f.or_default("cut_points", |cuts| cuts.list(number)),
        unit: f.optional("unit", text),
        cost: f.optional("cost", number).unwrap_or(1.0),
        asked_by: f.or_default("asked_by", asked_by),
        base_rate: f.or_default("base_rate", |rates| rates.map(number)),
        notes: f.or_default("notes", notes),
        codes: f.or_default("codes", codes),
    })
}

pub(super) fn derived(value: Value<'_>) -> Derived {
    value.table(|f| Derived { title: f.required("title", text), condition: f.required("condition", text) })
}

fn answer(value: Value<'_>) -> Answer {
    value.table(|f| Answer { id: f.required("id", text), title: f.required("title", text) })
}

fn codes(value: Value<'_>) -> Codes {
    value.map(texts)
}

fn kind(value: Value<'_>) -> IndicatorKind {
    value
        .choice(&[
            ("boolean", IndicatorKind::Boolean),
            ("categorical", IndicatorKind::Categorical),
            ("ordinal", IndicatorKind::Ordinal),
            ("numeric", IndicatorKind::Numeric),
        ])
        .unwrap_or_default()
}

fn asked_by(value: Value<'_>) -> AskedBy {
    value
        .choice(&[
            ("self", AskedBy::Oneself),
            ("examination", AskedBy::Examination),
            ("laboratory", AskedBy::Laboratory),
        ])
        .unwrap_or_default()
}
