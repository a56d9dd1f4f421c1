//! Reads the rules over findings: what follows, what contradicts, gates, flags and invariants.

use super::fields::{Value, answer, number, text, texts};
use crate::document::{Flag, Gate, GateKind, GateMode, Implies, Impossible, Invariant, Level};

pub(super) fn implies(value: Value<'_>) -> Implies {
    value.table(|f| Implies {
        condition: f.required("if", text),
        then: f.required("then", |answers| answers.map(answer)),
        reason: f.required("reason", text),
    })
}

pub(super) fn impossible(value: Value<'_>) -> Impossible {
    value.table(|f| Impossible {
        condition: f.required("condition", text),
        reason: f.required("reason", text),
    })
}

pub(super) fn gate(value: Value<'_>) -> Gate {
    value.table(|f| Gate {
        title: f.required("title", text),
        kind: f.required("kind", kind),
        cause: f.required("cause", text),
        condition: f.required("condition", text),
        mode: f.optional("mode", mode).flatten(),
        probability: f.optional("probability", number),
        reason: f.required("reason", text),
        source: f.or_default("source", texts),
        uncited: f.optional("uncited", text),
    })
}

pub(super) fn flag(value: Value<'_>) -> Flag {
    value.table(|f| Flag {
        level: f.required("level", level),
        title: f.required("title", text),
        condition: f.required("condition", text),
        action: f.required("action", text),
        source: f.or_default("source", texts),
        uncited: f.optional("uncited", text),
        note: f.optional("note", text),
    })
}

pub(super) fn invariant(value: Value<'_>) -> Invariant {
    value.table(|f| Invariant {
        id: f.required("id", text),
        claim: f.required("claim", text),
        reason: f.required("reason", text),
    })
}

fn kind(value: Value<'_>) -> GateKind {
    value
        .choice(&[
            ("requires", GateKind::Requires),
            ("caps", GateKind::Caps),
            ("excludes", GateKind::Excludes),
        ])
        .unwrap_or_default()
}

fn mode(value: Value<'_>) -> Option<GateMode> {
    value.choice(&[("strict", GateMode::Strict), ("lenient", GateMode::Lenient)])
}

fn level(value: Value<'_>) -> Level {
    value
        .choice(&[("emergency", Level::Emergency), ("urgent", Level::Urgent), ("routine", Level::Routine)])
        .unwrap_or_default()
}
