//! From meaning to numbers: a table of weights for each group and setting.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::{Compiled, Model, Table, Voice, hash, touched};
use crate::index::{CauseIx, GroupIx, Indexed, SettingIx};
use crate::knowledge::{Group, Knowledge, KnowledgeBase, Shape};

/// Compiles a knowledge base. Nothing is left that could fail.
pub(super) fn compile(kb: &KnowledgeBase) -> Model {
    let knowledge = &*kb.inner;
    let mut tables: Vec<Table> = Vec::new();
    let mut columns: Vec<Vec<usize>> = knowledge.settings.indices().map(|_| Vec::new()).collect();
    for (ix, group) in knowledge.groups.enumerate() {
        let first_of_group = tables.len();
        let special = knowledge.depends_on_setting(group);
        for (setting, column) in knowledge.settings.indices().zip(&mut columns) {
            if !special && tables.len() > first_of_group {
                column.push(first_of_group);
                continue;
            }
            let table = table(knowledge, setting, ix, group);
            // Settings that agree about a group share its table.
            let same = tables.iter().skip(first_of_group).position(|other| *other == table);
            column.push(same.map_or(tables.len(), |at| first_of_group + at));
            if same.is_none() {
                tables.push(table);
            }
        }
    }
    let table_of: Indexed<SettingIx, Indexed<GroupIx, usize>> =
        columns.into_iter().map(|column| column.into_iter().collect()).collect();
    let source_hash = hash::of_source(&knowledge.document);
    let meaning_hash = hash::of_meaning(knowledge, &tables, &table_of);
    let by_prior = knowledge.settings.iter().map(touched::by_prior).collect();
    let kb = kb.clone();
    Model { inner: Arc::new(Compiled { kb, table_of, tables, by_prior, source_hash, meaning_hash }) }
}

/// The weights of a group in a setting.
fn table(kb: &Knowledge, setting: SettingIx, ix: GroupIx, group: &Group) -> Table {
    let about =
        group.members.iter().flat_map(|member| &kb.rows_about[*member]).map(|row| kb.rows[*row].cause);
    let causes: BTreeSet<CauseIx> = about.chain(group.rules.iter().map(|rule| rule.cause)).collect();
    let voices = causes.into_iter().filter_map(|cause| Some((cause, Voice::of(kb, setting, group, cause)?)));
    let (causes, voices): (Vec<CauseIx>, Vec<Voice>) = voices.unzip();
    debug_assert!(
        group.members.iter().all(|member| kb.indicators[*member].group == ix),
        "seats belong to their group"
    );
    let states = group.shape.states();
    let mut weights = Vec::with_capacity(states * causes.len());
    for state in 0..states {
        let codes = group.shape.codes(state);
        for (cause, voice) in causes.iter().zip(&voices) {
            // Where nothing is known, nothing is weighed: exactly, and not only up to rounding.
            let weight = match &group.shape {
                _ if state == 0 => crate::belief::Weight::ZERO,
                Shape::Joint { .. } => voice.weight(kb, setting, group, *cause, &codes),
                Shape::Tally { .. } => {
                    let (present, absent) = group.shape.tally(state).unwrap_or_default();
                    voice.tally_weight(group, present, absent)
                }
            };
            weights.push(weight.nanodecibans());
        }
    }
    Table {
        is_dense: causes.len() == kb.causes.len(),
        causes: causes.into(),
        weights: weights.into(),
        voices: voices.into(),
    }
}
