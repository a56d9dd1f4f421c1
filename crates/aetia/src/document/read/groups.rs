//! Reads groups: indicators that may not be counted as independent.

use super::fields::{Value, interval, number, text, texts};
use super::heading::{notes, provenance};
use crate::document::{Count, CountRule, Group, Item, Shares};

pub(super) fn group(value: Value<'_>) -> Group {
    value.table(|f| Group {
        title: f.required("title", text),
        members: f.required("members", |members| members.list(text)),
        gamma: f.optional("gamma", number),
        phi: f.optional("phi", number),
        table: f.or_default("table", |causes| causes.list(text)),
        count: f.optional("count", count),
        notes: f.or_default("notes", notes),
    })
}

fn count(value: Value<'_>) -> Count {
    value.table(|f| Count {
        items: f.required("items", |items| items.list(item)),
        rules: f.required("rules", |rules| rules.list(rule)),
    })
}

fn item(value: Value<'_>) -> Item {
    value.table(|f| Item { title: f.required("title", text), condition: f.required("condition", text) })
}

fn rule(value: Value<'_>) -> CountRule {
    value.table(|f| CountRule {
        cause: f.required("cause", text),
        setting: f.or_default("setting", texts),
        margins: f.optional("margins", shares),
        likelihood_ratios: f.or_default("likelihood_ratios", |ratios| ratios.map(number)),
        comparator: f.or_default("comparator", |shares| shares.map(number)),
        shrink: f.optional("shrink", number),
        distribution: f.optional("distribution", shares),
        interval: f.or_default("interval", |intervals| intervals.map(interval)),
        provenance: provenance(f),
    })
}

fn shares(value: Value<'_>) -> Shares {
    value.table(|f| Shares {
        cause: f.required("cause", |shares| shares.list(number)),
        comparator: f.required("comparator", |shares| shares.list(number)),
    })
}
