//! Content hashes: of what is written, and of what it means.

use std::fmt::Write as _;

use super::Table;
use crate::case::sha256;
use crate::document::{Document, Link};
use crate::index::{GroupIx, Indexed, IndicatorIx, SettingIx};
use crate::knowledge::{GateRule, Group, Knowledge};

/// The hash of a document in canonical JSON.
pub(super) fn of_source(document: &Document) -> String {
    sha256(document.to_json().as_bytes())
}

/// The hash of everything that can reach a score, a rank or a flag: names, weights, priors, conditions, link.
///
/// Texts, sources, intervals and the order of the document stay out.
pub(super) fn of_meaning(
    kb: &Knowledge,
    tables: &[Table],
    table_of: &Indexed<SettingIx, Indexed<GroupIx, usize>>,
) -> String {
    let mut text = String::new();
    let name = |indicator: IndicatorIx| kb.indicators[indicator].id.to_string();
    let link = match kb.document.knowledge_base.link {
        Link::Exclusive => "exclusive",
        Link::Independent => "independent",
    };
    // Writing to a String cannot fail.
    let _ = writeln!(text, "aetia meaning 1\nlink {link}\ncomparator {}", kb.comparator);
    let _ = writeln!(text, "default {}", kb.settings[kb.default_setting].id);
    for indicator in kb.indicators.iter() {
        let answers: Vec<&str> = indicator.answers.iter().map(|answer| answer.key.as_str()).collect();
        let _ = writeln!(text, "indicator {} {:?} {}", indicator.id, indicator.kind(), answers.join(" "));
    }
    for derived in &kb.derived {
        let _ = writeln!(text, "derived {} {}", derived.id, derived.formula.canonical(&name));
    }
    for (setting_ix, setting) in kb.settings.enumerate() {
        let _ = writeln!(text, "setting {}", setting.id);
        for (cause, (_, prior)) in kb.causes.iter().zip(setting.priors.iter()) {
            let _ = writeln!(text, "prior {} {}", cause.id, prior.nanodecibans());
        }
        for (group_ix, group) in kb.groups.enumerate() {
            if let Some(table) = tables.get(table_of[setting_ix][group_ix]) {
                write_table(&mut text, kb, group, table);
            }
        }
    }
    for implication in &kb.implications {
        let then: Vec<String> =
            implication.then.iter().map(|(ix, answer)| format!("{}={answer}", name(*ix))).collect();
        let _ = writeln!(text, "implies {} {}", implication.condition.canonical(&name), then.join(" "));
    }
    for impossible in &kb.impossible {
        let _ = writeln!(text, "impossible {}", impossible.condition.canonical(&name));
    }
    for gate in &kb.gates {
        let rule = match gate.rule {
            GateRule::Requires(mode) => format!("requires {mode:?}"),
            GateRule::Caps(level) => format!("caps {}", level.nanodecibans()),
            GateRule::Excludes => "excludes".to_owned(),
        };
        let _ = writeln!(
            text,
            "gate {} {} {rule} {}",
            gate.id,
            kb.causes[gate.cause].id,
            gate.formula.canonical(&name)
        );
    }
    for flag in &kb.flags {
        let _ = writeln!(text, "flag {} {:?} {}", flag.id, flag.level(), flag.formula.canonical(&name));
    }
    sha256(text.as_bytes())
}

/// The weights of a group, cause by cause. A cause about which nothing is said and one whose weights are all 0
/// mean the same.
fn write_table(text: &mut String, kb: &Knowledge, group: &Group, table: &Table) {
    let members: Vec<&str> = group.members.iter().map(|member| kb.indicators[*member].id.as_str()).collect();
    let items: Vec<String> = group
        .items
        .iter()
        .map(|item| item.formula.canonical(&|ix| kb.indicators[ix].id.to_string()))
        .collect();
    let tally = match group.shape {
        crate::knowledge::Shape::Joint { .. } => String::new(),
        crate::knowledge::Shape::Tally { .. } => items.join(" "),
    };
    for (at, cause) in table.causes.iter().enumerate() {
        let weights = table.weights.iter().skip(at).step_by(table.causes.len());
        if weights.clone().all(|weight| *weight == 0) {
            continue;
        }
        let _ = write!(text, "group {} {tally} cause {}", members.join(" "), kb.causes[*cause].id);
        weights.for_each(|weight| {
            let _ = write!(text, " {weight}");
        });
        text.push('\n');
    }
}
