//! Lookup tables: groups and lone indicators in packs, each a table from joint state to weights.

use std::collections::BTreeSet;

use super::block::{Block, Codes, LANES, ROWS, Scores};
use super::truth::{self, Condition, Stack};
use crate::belief::{LEAST_ODDS, MOST_ODDS};
use crate::index::{Dense, GroupIx, IndicatorIx, SettingIx};
use crate::knowledge::{GateRule, Group, Shape};
use crate::model::{Compiled, HOLD, Table};

/// How many joint states a pack of several groups has at most: what a byte can name.
const STATES: usize = 256;
/// Fewer, to be tried in turn where the tables would be too large; 1 leaves every group alone.
const FEWER: [usize; 5] = [STATES, 81, 27, 9, 1];
/// How many bytes the tables of packs may have together. What is larger leaves every cache, and much larger ones the machine.
const BYTES: usize = 16 << 20;
/// From how many states on a table of all [`STATES`] is no waste of room.
const FULL: usize = STATES / 4;
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
    /// The items of a group of which nothing but how many are present and absent weighs.
    tally: Option<Vec<Condition>>,
    states: usize,
    groups: Vec<GroupIx>,
}

/// A row of weights for each state of a pack.
type Rows = Vec<Eight>;

/// What is added up for eight causes.
#[derive(Debug)]
struct Side {
    priors: Eight,
    /// Packs that weigh for any of them.
    tables: Vec<(usize, Rows)>,
}

/// The weights of a model in one setting, as tables of packs.
#[derive(Debug)]
pub(super) struct Packs {
    pub(super) each: Vec<Pack>,
    sides: Vec<Side>,
    /// Whether the odds of every score any case can have, gates included, are floats that need not be held.
    pub(super) is_near: bool,
}

/// The packs of which anything is known in a cohort.
#[derive(Debug)]
pub(super) struct Active<'p> {
    packs: Vec<(usize, &'p Pack)>,
    sides: Vec<ActiveSide<'p>>,
}

/// What is added up for eight causes in a cohort.
#[derive(Debug)]
struct ActiveSide<'p> {
    priors: Eight,
    /// Tables in which a byte always finds a row.
    full: Vec<(usize, &'p [Eight; STATES])>,
    other: Vec<(usize, &'p [Eight])>,
}

impl Pack {
    /// A pack of one group.
    pub(super) fn of(ix: GroupIx, group: &Group, model: &Compiled) -> Self {
        let answers = |member: &IndicatorIx| {
            let answers = model.kb.inner.indicators[*member].answers.len() + 1;
            (*member, u32::try_from(answers).unwrap_or(u32::MAX))
        };
        let tally = match &group.shape {
            Shape::Joint { .. } => None,
            Shape::Tally { .. } => {
                Some(group.items.iter().map(|item| Condition::new(&item.formula)).collect())
            }
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

    /// Whether a byte names every state, and the table has a row for every byte.
    fn is_full(&self) -> bool {
        self.tally.is_none() && (FULL..=STATES).contains(&self.states)
    }

    /// How many rows its tables have.
    fn rows(&self) -> usize {
        if self.is_full() { STATES } else { self.states }
    }

    /// Writes the state of each row of a block as a byte.
    #[inline(always)]
    fn find_bytes(&self, codes: &[Codes], states: &mut Codes) {
        let mut wide = [0_u16; ROWS];
        self.find_narrow(codes, &mut wide);
        for (state, wide) in states.iter_mut().zip(wide) {
            [*state, _] = wide.to_le_bytes();
        }
    }

    #[inline(always)]
    fn find_narrow(&self, codes: &[Codes], states: &mut [u16; ROWS]) {
        for (member, answers) in &self.members {
            let (Some(codes), [low, high, _, _]) = (codes.get(member.position()), answers.to_le_bytes())
            else {
                continue;
            };
            let answers = u16::from_le_bytes([low, high]);
            for (state, code) in states.iter_mut().zip(codes) {
                *state = state.wrapping_mul(answers).wrapping_add(u16::from(*code));
            }
        }
    }

    /// Writes the state of each row of a block.
    #[inline(always)]
    pub(super) fn find_states(&self, codes: &[Codes], stack: &mut Stack, states: &mut [u32; ROWS]) {
        if let Some(items) = &self.tally {
            tally(items, codes, stack, states);
        } else if u16::try_from(self.states).is_ok() {
            let mut narrow = [0_u16; ROWS];
            self.find_narrow(codes, &mut narrow);
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
#[inline(always)]
fn tally(items: &[Condition], codes: &[Codes], stack: &mut Stack, states: &mut [u32; ROWS]) {
    let (mut present, mut absent) = ([0_u32; ROWS], [0_u32; ROWS]);
    let mut truth = [0; ROWS];
    for item in items {
        item.evaluate(codes, stack, &mut truth);
        for ((present, absent), truth) in present.iter_mut().zip(&mut absent).zip(truth) {
            *present += u32::from(truth == truth::TRUE);
            *absent += u32::from(truth == truth::FALSE);
        }
    }
    let items = u32::try_from(items.len()).unwrap_or(u32::MAX);
    for ((state, present), absent) in states.iter_mut().zip(present).zip(absent) {
        // As `Shape::state` numbers them: row `present` begins after the rows above it.
        *state = present * (2 * items + 3 - present) / 2 + absent;
    }
}

/// A group's table in a setting, and the eights of causes it bears on.
fn sides(table: &Table) -> BTreeSet<usize> {
    table.causes.iter().map(|cause| cause.position() / SIDE).collect()
}

/// The groups of a model in packs of at most so many states, each with the eights of causes it bears on.
fn partition(model: &Compiled, setting: SettingIx, most: usize) -> Vec<(Pack, BTreeSet<usize>)> {
    let mut packs: Vec<(Pack, BTreeSet<usize>)> = Vec::new();
    for (ix, group) in model.kb.inner.groups.enumerate() {
        let Some(table) = model.table(setting, ix).filter(|table| !table.causes.is_empty()) else {
            continue;
        };
        let (pack, sides) = (Pack::of(ix, group, model), sides(table));
        let fits = |(open, about): &&mut (Pack, BTreeSet<usize>)| {
            let joint = open.states.saturating_mul(pack.states);
            let is_joint = open.tally.is_none() && pack.tally.is_none();
            is_joint && joint <= most && (sides.is_subset(about) || about.is_subset(&sides))
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
    packs
}

impl Packs {
    pub(super) fn new(model: &Compiled, setting: SettingIx) -> Self {
        let kb = &*model.kb.inner;
        let mut packs = Vec::new();
        for most in FEWER {
            packs = partition(model, setting, most);
            let bytes = packs.iter().map(|(pack, about)| pack.rows() * about.len() * size_of::<Eight>());
            if bytes.sum::<usize>() <= BYTES {
                break;
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
                    side.tables.push((at, vec![Eight::default(); pack.rows()]));
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
        let each = packs.into_iter().map(|(pack, _)| pack).collect();
        Self { each, sides: all, is_near: is_near(model, setting, priors) }
    }

    /// The packs of which something may be known.
    pub(super) fn active(&self, is_known: impl Fn(IndicatorIx) -> bool) -> Active<'_> {
        let known = |pack: &Pack| pack.members.iter().any(|(member, _)| is_known(*member));
        let packs: Vec<(usize, &Pack)> =
            self.each.iter().enumerate().filter(|(_, pack)| known(pack)).collect();
        let is_active = |at: &usize| packs.binary_search_by_key(at, |(at, _)| *at).is_ok();
        let sides = self.sides.iter().map(|side| {
            let mut active = ActiveSide { priors: side.priors, full: Vec::new(), other: Vec::new() };
            for (at, rows) in side.tables.iter().filter(|(at, _)| is_active(at)) {
                let is_full = self.each.get(*at).is_some_and(Pack::is_full);
                match rows.first_chunk().filter(|_| is_full) {
                    Some(rows) => active.full.push((*at, rows)),
                    None => active.other.push((*at, rows)),
                }
            }
            active
        });
        Active { sides: sides.collect(), packs }
    }
}

/// Whether all that any case can score lies where odds are followed: the prior of each cause with the least, and with the
/// most, that any state of each group weighs for it. A gate takes a cause to a cap at the lowest, or to the hold below
/// another cause.
fn is_near(model: &Compiled, setting: SettingIx, priors: Vec<i64>) -> bool {
    let (mut lowest, mut highest) = (priors.clone(), priors);
    for ix in model.kb.inner.groups.indices() {
        let Some(table) = model.table(setting, ix) else { continue };
        let width = table.causes.len();
        for (at, cause) in table.causes.iter().enumerate() {
            let weights = table.weights.iter().skip(at).step_by(width);
            let (least, most) = weights
                .fold((0, 0), |(least, most): (i64, i64), weight| (least.min(*weight), most.max(*weight)));
            let ends = (lowest.get_mut(cause.position()), highest.get_mut(cause.position()));
            if let (Some(lowest), Some(highest)) = ends {
                *lowest = lowest.saturating_add(least);
                *highest = highest.saturating_add(most);
            }
        }
    }
    let caps = model.kb.inner.gates.iter().filter_map(|gate| match gate.rule {
        GateRule::Caps(level) => Some(level.nanodecibans()),
        GateRule::Requires(_) | GateRule::Excludes => None,
    });
    let lowest = lowest.into_iter().chain(caps).fold(0, i64::min).saturating_sub(HOLD.nanodecibans());
    lowest > -LEAST_ODDS && highest.into_iter().all(|highest| highest <= MOST_ODDS)
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
    pub(super) fn score(&self, block: &mut Block) {
        for (at, pack) in &self.packs {
            if pack.is_full() {
                if let Some(states) = block.bytes.get_mut(*at) {
                    pack.find_bytes(&block.codes, states);
                }
            } else if let Some(states) = block.states.get_mut(*at) {
                pack.find_states(&block.codes, &mut block.stack, states);
            }
        }
        for (side, scores) in self.sides.iter().zip(block.raw.chunks_mut(SIDE)) {
            side.add(&block.bytes, &block.states, &mut block.rows);
            turn(&block.rows, scores);
        }
    }
}

impl ActiveSide<'_> {
    /// Adds up the weights of eight causes, some rows at a time.
    #[expect(
        clippy::indexing_slicing,
        reason = "counters below the lengths of arrays; so written, loops become vectors"
    )]
    #[inline(always)]
    fn add(&self, bytes: &[Codes], states: &[[u32; ROWS]], sums: &mut [[i64; SIDE]]) {
        let none = Eight::default();
        let (steps, _) = sums.as_chunks_mut::<STEP>();
        for (at, step) in (0..ROWS).step_by(STEP).zip(steps) {
            let mut sums = [self.priors.0; STEP];
            for (pack, table) in &self.full {
                let Some(states) = bytes.get(*pack) else { continue };
                for row in 0..STEP {
                    let weights = &table[usize::from(states[at + row])];
                    for (sum, weight) in sums[row].iter_mut().zip(&weights.0) {
                        *sum += *weight;
                    }
                }
            }
            for (pack, table) in &self.other {
                let Some(states) = states.get(*pack) else { continue };
                for row in 0..STEP {
                    // Only a row with a refused value has a state of no table.
                    let state = usize::try_from(states[at + row]).unwrap_or(usize::MAX);
                    let weights = table.get(state).unwrap_or(&none);
                    for (sum, weight) in sums[row].iter_mut().zip(&weights.0) {
                        *sum += *weight;
                    }
                }
            }
            *step = sums;
        }
    }
}

/// Turns rows of causes into causes of rows. Apart from the sums, which would else be made cause by cause.
#[expect(
    clippy::indexing_slicing,
    reason = "counters below the lengths of arrays; so written, loops become vectors"
)]
#[inline(always)]
fn turn(sums: &[[i64; SIDE]], scores: &mut [Scores]) {
    let (steps, _) = sums.as_chunks::<LANES>();
    for (rows, at) in steps.iter().zip((0..ROWS).step_by(LANES)) {
        for (cause, scores) in scores.iter_mut().enumerate().take(SIDE) {
            let mut turned = [0; LANES];
            for lane in 0..LANES {
                turned[lane] = rows[lane][cause % SIDE];
            }
            if let Some(slots) = scores.get_mut(at..).and_then(|slots| slots.first_chunk_mut()) {
                *slots = turned;
            }
        }
    }
}
