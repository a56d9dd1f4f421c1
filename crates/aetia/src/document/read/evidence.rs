//! Reads evidence: which indicator bears on which cause, and how strongly.

use super::fields::{Value, interval, number, people, text, texts};
use super::heading::provenance;
use crate::document::{AccuracyRow, Against, CountsRow, Evidence, Neutral, Probabilities, Ratios, Trend};

pub(super) fn evidence(value: Value<'_>) -> Evidence {
    value.table(|f| Evidence {
        cause: f.required("cause", text),
        indicator: f.required("indicator", text),
        when: f.optional("when", text),
        setting: f.or_default("setting", texts),
        against: f.or_default("against", against),
        likelihood_ratio: f.optional("likelihood_ratio", ratios),
        accuracy: f.optional("accuracy", accuracy),
        counts: f.optional("counts", counts),
        likelihood_ratios: f.or_default("likelihood_ratios", |ratios| ratios.map(number)),
        probabilities: f.optional("probabilities", probabilities),
        absent: f.optional("absent", neutral),
        unlisted: f.optional("unlisted", neutral),
        interval: f.or_default("interval", |intervals| intervals.map(interval)),
        trend: f.optional("trend", trend).flatten(),
        provenance: provenance(f),
    })
}

fn ratios(value: Value<'_>) -> Ratios {
    value.table(|f| Ratios { present: f.required("present", number), absent: f.optional("absent", number) })
}

fn accuracy(value: Value<'_>) -> AccuracyRow {
    value.table(|f| AccuracyRow {
        sensitivity: f.required("sensitivity", number),
        specificity: f.required("specificity", number),
    })
}

fn counts(value: Value<'_>) -> CountsRow {
    value.table(|f| CountsRow {
        true_positive: f.required("true_positive", people),
        false_negative: f.required("false_negative", people),
        false_positive: f.required("false_positive", people),
        true_negative: f.required("true_negative", people),
    })
}

fn probabilities(value: Value<'_>) -> Probabilities {
    value.table(|f| Probabilities {
        cause: f.required("cause", |answers| answers.map(number)),
        comparator: f.required("comparator", |answers| answers.map(number)),
    })
}

fn neutral(value: Value<'_>) -> Neutral {
    value.table(|f| Neutral { neutral: f.required("neutral", text) })
}

fn against(value: Value<'_>) -> Against {
    value.choice(&[("comparator", Against::Comparator), ("rest", Against::Rest)]).unwrap_or_default()
}

fn trend(value: Value<'_>) -> Option<Trend> {
    value.choice(&[("increasing", Trend::Increasing), ("decreasing", Trend::Decreasing)])
}
