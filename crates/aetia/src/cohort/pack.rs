//! Lookup tables: groups and lone indicators in packs, each a table from joint state to weights.

use std::collections::BTreeSet;

use super::block::{Block, Codes, ROWS, Scores};
use super::truth;
use crate::index::{Dense, GroupIx, IndicatorIx, SettingIx};
use crate::knowledge::{Group, Shape};
use crate::model::{Compiled, Table};

/// How many joint states a pack of several groups has at most.
const STATES: usize = 256;
/// How many causes stand side by side in a row of a table.
const SIDE: usize = 8;
/// How many rows are added up at once.
const STEP: usize = 4;

/// The weights of eight causes in one state.
#[derive(Clone, Copy, Debug, Default)]
#[repr(align(64))]
struct Eight([i64; SIDE]);

/// Groups whose joint state is looked up at once.
#[derive(Debug)]
pub(super) struct Pack {
    /// Its members, the one that counts most first, each with how many answers it has, unknown counted.
    members: Vec<(IndicatorIx, u32)>,
    /// A group of which nothing but the numbers of items present and absent weighs.
    tally: Option<GroupIx>,
    states: usize,
    groups: Vec<GroupIx>,
}

/// What is added up for eight causes.
#[derive(Debug)]
struct Side {
    priors: Eight,
    /// Packs that weigh for any of them, with a row of weights for each state.
    tables: Vec<(usize, Vec<Eight>)>,
}

/// The weights of a model in one setting, as tables of packs.
#[derive(Debug)]
pub(super) struct Packs {
    pub(super) packs: Vec<Pack>,
    sides: Vec<Side>,
}

/// The packs of which anything is known in a cohort.
#[derive(Debug)]
pub(super) struct Active<'p> {
    packs: Vec<(usize, &'p Pack)>,
    sides: Vec<(Eight, Vec<(usize, &'p [Eight])>)>,
}

impl Pack {
    /// A pack of one group.
    fn of(ix: GroupIx, group: &Group, model: &Compiled) -> Self {
        let answers = |member: &IndicatorIx| {
            let answers = model.kb.inner.indicators[*member].answers.len() + 1;
            (*member, u32::try_from(answers).unwrap_or(u32::MAX))
        };
        let tally = match &group.shape {
            Shape::Joint { .. } => None,
            Shape::Tally { .. } => Some(ix),
        };
        // Of a joint state the last member counts most.
        let members = group.members.iter().rev().map(answers).collect();
        Self { members, tally, states: group.shape.states(), groups: vec![ix] }
    }

    /// Takes in another pack, whose states count more.
    fn join(&mut self, mut other: Self) {
        other.members.append(&mut self.members);
        self.members = other.members;
        self.states *= other.states;
        self.groups.append(&mut other.groups);
    }

    /// Writes the state of each row of a block.
    #[inline(always)]
    fn find_states(&self, model: &Compiled, codes: &[Codes], states: &mut [u32; ROWS]) {
        if let Some(group) = self.tally {
            tally(&model.kb.inner.groups[group], codes, states);
        } else if self.states <= usize::from(u16::MAX) {
            let mut narrow = [0_u16; ROWS];
            for (member, answers) in &self.members {
                let (Some(codes), [low, high, _, _]) = (codes.get(member.position()), answers.to_le_bytes())
                else {
                    continue;
                };
                let answers = u16::from_le_bytes([low, high]);
                for (state, code) in narrow.iter_mut().zip(codes) {
                    *state = state.wrapping_mul(answers).wrapping_add(u16::from(*code));
                }
            }
            for (state, narrow) in states.iter_mut().zip(narrow) {
                *state = u32::from(narrow);
            }
        } else {
            states.fill(0);
            for (member, answers) in &self.members {
                let Some(codes) = codes.get(member.position()) else { continue };
                for (state, code) in states.iter_mut().zip(codes) {
                    *state = state.wrapping_mul(*answers).wrapping_add(u32::from(*code));
                }
            }
        }
    }
}

/// Writes the state of a tally in each row of a block.
fn tally(group: &Group, codes: &[Codes], states: &mut [u32; ROWS]) {
    let (mut present, mut absent) = ([0_u32; ROWS], [0_u32; ROWS]);
    let mut truth = [0; ROWS];
    for item in &group.items {
        truth::evaluate(&item.formula, codes, &mut truth);
        for ((present, absent), truth) in present.iter_mut().zip(&mut absent).zip(truth) {
            *present += u32::from(truth == truth::TRUE);
            *absent += u32::from(truth == truth::FALSE);
        }
    }
    let items = u32::try_from(group.items.len()).unwrap_or(u32::MAX);
    for ((state, present), absent) in states.iter_mut().zip(present).zip(absent) {
        // As `Shape::state` numbers them: row `present` begins after the rows above it.
        *state = present * (2 * items + 3 - present) / 2 + absent;
    }
}

/// A group's table in a setting, and the eights of causes it bears on.
fn sides(table: &Table) -> BTreeSet<usize> {
    table.causes.iter().map(|cause| cause.position() / SIDE).collect()
}

impl Packs {
    pub(super) fn new(model: &Compiled, setting: SettingIx) -> Self {
        let kb = &*model.kb.inner;
        let mut packs: Vec<(Pack, BTreeSet<usize>)> = Vec::new();
        for (ix, group) in kb.groups.enumerate() {
            let Some(table) = model.table(setting, ix).filter(|table| !table.causes.is_empty()) else {
                continue;
            };
            let (pack, sides) = (Pack::of(ix, group, model), sides(table));
            let fits = |(open, about): &&mut (Pack, BTreeSet<usize>)| {
                let joint = open.states * pack.states;
                let is_joint = open.tally.is_none() && pack.tally.is_none();
                is_joint && joint <= STATES && (sides.is_subset(about) || about.is_subset(&sides))
            };
            // Where causes are many and groups bear on few, packs hardly ever fit: only the last ones are tried.
            match packs.iter_mut().rev().take(SIDE).find(fits) {
                Some((open, about)) => {
                    open.join(pack);
                    about.extend(sides);
                }
                None => packs.push((pack, sides)),
            }
        }
        let priors: Vec<i64> =
            kb.settings[setting].priors.iter().map(|(_, prior)| prior.nanodecibans()).collect();
        let mut all: Vec<Side> = priors
            .chunks(SIDE)
            .map(|priors| {
                let mut eight = Eight::default();
                eight.0.iter_mut().zip(priors).for_each(|(slot, prior)| *slot = *prior);
                Side { priors: eight, tables: Vec::new() }
            })
            .collect();
        for (at, (pack, about)) in packs.iter().enumerate() {
            for side in about {
                if let Some(side) = all.get_mut(*side) {
                    side.tables.push((at, vec![Eight::default(); pack.states]));
                }
            }
            let mut stride = 1;
            for ix in &pack.groups {
                let states = kb.groups[*ix].shape.states();
                if let Some(table) = model.table(setting, *ix) {
                    add_group(table, stride, states, &mut all);
                }
                stride *= states;
            }
        }
        Self { packs: packs.into_iter().map(|(pack, _)| pack).collect(), sides: all }
    }

    /// The packs of which something may be known.
    pub(super) fn active(&self, is_known: impl Fn(IndicatorIx) -> bool) -> Active<'_> {
        let known = |pack: &Pack| pack.members.iter().any(|(member, _)| is_known(*member));
        let packs: Vec<(usize, &Pack)> =
            self.packs.iter().enumerate().filter(|(_, pack)| known(pack)).collect();
        let is_active = |at: &usize| packs.binary_search_by_key(at, |(at, _)| *at).is_ok();
        let side = |side: &'_ Side| side.priors;
        let sides = self.sides.iter().map(|of| {
            let tables = of.tables.iter().filter(|(at, _)| is_active(at));
            (side(of), tables.map(|(at, table)| (*at, table.as_slice())).collect())
        });
        Active { sides: sides.collect(), packs }
    }
}

/// Adds the weights of a group to the last table of each eight it bears on.
fn add_group(table: &Table, stride: usize, states: usize, sides: &mut [Side]) {
    let width = table.causes.len();
    for (at, cause) in table.causes.iter().enumerate() {
        let Some((_, rows)) = sides.get_mut(cause.position() / SIDE).and_then(|side| side.tables.last_mut())
        else {
            continue;
        };
        for (joint, row) in rows.iter_mut().enumerate() {
            let state = joint / stride % states;
            let weight = table.weights.get(state * width + at).copied().unwrap_or(0);
            if let Some(slot) = row.0.get_mut(cause.position() % SIDE) {
                *slot += weight;
            }
        }
    }
}

impl Active<'_> {
    /// Writes the scores without gates of a block.
    #[inline(always)]
    pub(super) fn score(&self, model: &Compiled, block: &mut Block) {
        for (at, pack) in &self.packs {
            if let Some(states) = block.states.get_mut(*at) {
                pack.find_states(model, &block.codes, states);
            }
        }
        let (eights, _) = block.raw.as_chunks_mut::<SIDE>();
        for ((priors, tables), scores) in self.sides.iter().zip(eights) {
            add(priors, tables, &block.states, scores);
        }
    }
}

/// Adds up the weights of eight causes, some rows at a time, and turns rows of causes into causes of rows.
#[inline(always)]
fn add(priors: &Eight, tables: &[(usize, &[Eight])], states: &[[u32; ROWS]], scores: &mut [Scores; SIDE]) {
    let none = Eight::default();
    for at in (0..ROWS).step_by(STEP) {
        let mut sums = [priors.0; STEP];
        for (pack, table) in tables {
            let found = states.get(*pack).and_then(|states| states.get(at..)?.first_chunk::<STEP>());
            let Some(found) = found else { continue };
            for (sum, state) in sums.iter_mut().zip(found) {
                // Only a row with a refused value has a state of no table.
                let row = usize::try_from(*state).ok().and_then(|state| table.get(state)).unwrap_or(&none);
                for (sum, weight) in sum.iter_mut().zip(&row.0) {
                    *sum += weight;
                }
            }
        }
        for (cause, scores) in scores.iter_mut().enumerate() {
            let Some(scores) = scores.get_mut(at..).and_then(|scores| scores.first_chunk_mut::<STEP>())
            else {
                continue;
            };
            for (score, sum) in scores.iter_mut().zip(&sums) {
                *score = sum.get(cause).copied().unwrap_or(0);
            }
        }
    }
}

/// The state of one group in a row of a block.
pub(super) fn state_of(group: &Group, codes: &[Codes], row: usize) -> usize {
    let code = |indicator: IndicatorIx| {
        codes.get(indicator.position()).and_then(|codes| codes.get(row)).copied().unwrap_or(0)
    };
    let items = group.items.iter().map(|item| item.formula.evaluate(&code));
    group.shape.state(group.members.iter().map(|member| code(*member)), items)
}
