//! Blocks: indicators that must be looked at together, and every state they can be in.
//!
//! Groups do not meet in a score, so a sum over groups is greatest where each summand is. What cannot be taken apart is
//! inside a block: the members of a group, what implies what, and, where two readings of the answers are compared,
//! whatever either of them joins.

mod cells;

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use aetia::{GroupTable, Weight};

pub(crate) use crate::blocks::cells::{Cell, Key};
use crate::formula::Code;
use crate::frame::Frame;
use crate::refusal::Refusal;
use crate::spread::{Reach, Spread, plus};

/// The most joint states of one block that are looked at.
const MOST_STATES: usize = 65_536;

/// One reading of the answers: by a model in a setting, perhaps with one answer put in.
#[derive(Clone, Debug)]
pub(crate) struct Side<'f, 'm> {
    pub(crate) frame: &'f Frame<'m>,
    pub(crate) tables: Vec<GroupTable<'m>>,
    /// Nanodecibans.
    pub(crate) priors: Vec<i64>,
    /// The answer that is given to an indicator on this side, whatever is given otherwise.
    pub(crate) put: Option<(usize, Code)>,
    /// For each variable: the indicator it is here, and the code each of its codes has here.
    pub(crate) variables: Vec<(usize, Vec<Code>)>,
    /// How far weights may move, where they may.
    pub(crate) spread: Option<Rc<Spread>>,
    /// Whether answers that contradict each other on this side are kept: such a state weighs 1 in one dimension more,
    /// behind those of the causes.
    pub(crate) keeps_refused: bool,
}

/// What can be answered.
#[derive(Clone, Debug)]
pub(crate) struct Variable {
    /// The codes that may be given: 0 is to give none.
    pub(crate) codes: Vec<Code>,
}

/// How often each of a state's weights is taken, by place; none is taken 0 times.
pub(crate) type Worth = Vec<(usize, i64)>;

/// A set of indicators that are looked at together.
#[derive(Clone, Debug)]
pub(crate) struct Block {
    /// The indicators whose answers a state has, by side.
    pub(crate) slots: Vec<Slot>,
    /// The counts a state has: side and group.
    pub(crate) tallies: Vec<(usize, usize)>,
    pub(crate) states: Vec<State>,
    /// Whether it is that of one side, and what it is on every other: there it has the same answers and weights.
    pub(crate) is_shared: bool,
    /// All its states.
    pub(crate) whole: Rc<Cell>,
}

impl Block {
    pub(crate) fn new(slots: Vec<Slot>, tallies: Vec<(usize, usize)>, states: Vec<State>) -> Self {
        let all = 0..u32::try_from(states.len()).unwrap_or(u32::MAX);
        let whole = Rc::new(Cell::of(all.collect()));
        Self { slots, tallies, states, is_shared: false, whole }
    }

    /// The slot of an indicator on a side.
    pub(crate) fn slot(&self, side: usize, indicator: usize) -> Option<usize> {
        self.slots
            .iter()
            .position(|slot| slot.indicator == indicator && (self.is_shared || slot.side == side))
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Slot {
    pub(crate) side: usize,
    pub(crate) indicator: usize,
    /// Whether states differ wherever these answers do. Otherwise the answer is only an example.
    pub(crate) is_told_apart: bool,
}

/// A state of a block.
#[derive(Clone, Debug)]
pub(crate) struct State {
    /// The answers, slot by slot.
    pub(crate) codes: Vec<Code>,
    /// What is given to variables to get there.
    pub(crate) given: Vec<(usize, Code)>,
    /// How many items are present and absent, tally by tally.
    pub(crate) counts: Vec<(u16, u16)>,
    /// What it weighs for each cause, side after side, in nanodecibans.
    pub(crate) weights: Vec<i64>,
    /// How far each of these may move; nothing where they may not.
    pub(crate) reach: Vec<Reach>,
    /// For each cause, what it weighs more on the second side than on the first with the same figures, where that is known;
    /// nothing where weights may not move.
    pub(crate) change: Vec<Option<Reach>>,
}

/// A union-find.
struct Classes(Vec<usize>);

impl Classes {
    fn find(&mut self, mut at: usize) -> usize {
        while let Some(up) = self.0.get(at).copied().filter(|up| *up != at) {
            at = up;
        }
        at
    }

    fn join(&mut self, members: impl IntoIterator<Item = usize>) {
        let mut members = members.into_iter();
        let Some(first) = members.next() else { return };
        for member in members {
            let (one, other) = (self.find(first), self.find(member));
            if let Some(up) = self.0.get_mut(one.max(other)) {
                *up = one.min(other);
            }
        }
    }
}

/// The parts of a block before counts join them.
struct Part {
    variables: Vec<usize>,
    /// Indicators by side.
    slots: Vec<(usize, usize)>,
}

/// Takes the sides apart into blocks. `told` are the indicators, by side, whose answers somebody else asks about. Where
/// a variable is named, its block is the only one.
pub(crate) fn blocks(
    sides: &[Side<'_, '_>],
    variables: &[Variable],
    told: &BTreeSet<(usize, usize)>,
    only: Option<usize>,
) -> Result<Vec<Rc<Block>>, Refusal> {
    let parts = parts(sides, variables);
    let part_of: BTreeMap<(usize, usize), usize> = parts
        .iter()
        .enumerate()
        .flat_map(|(at, part)| part.slots.iter().map(move |slot| (*slot, at)))
        .collect();
    // Tallies join parts.
    let mut classes = Classes((0..parts.len()).collect());
    for (at, side) in sides.iter().enumerate() {
        for group in &side.frame.groups {
            classes.join(group.members.iter().filter_map(|member| part_of.get(&(at, *member)).copied()));
        }
    }
    let mut joined: BTreeMap<usize, Vec<&Part>> = BTreeMap::new();
    for (at, part) in parts.iter().enumerate() {
        joined.entry(classes.find(at)).or_default().push(part);
    }
    let has =
        |parts: &&Vec<&Part>, variable: usize| parts.iter().any(|part| part.variables.contains(&variable));
    let asked = joined.values().filter(|parts| only.is_none_or(|variable| has(parts, variable)));
    asked.map(|parts| block(sides, variables, told, parts).map(Rc::new)).collect()
}

fn parts(sides: &[Side<'_, '_>], variables: &[Variable]) -> Vec<Part> {
    let mut offsets = Vec::new();
    let mut size = variables.len();
    for side in sides {
        offsets.push(size);
        size += side.frame.indicators.len();
    }
    let mut classes = Classes((0..size).collect());
    for (side, offset) in sides.iter().zip(&offsets) {
        let node = |indicator: &usize| offset + indicator;
        for (variable, (indicator, _)) in side.variables.iter().enumerate() {
            classes.join([variable, node(indicator)]);
        }
        for group in &side.frame.groups {
            match &group.tally {
                None => classes.join(group.members.iter().map(node)),
                Some(items) => {
                    for item in items {
                        classes.join(item.indicators().iter().map(node));
                    }
                }
            }
        }
        for implication in &side.frame.implies {
            let mut read = implication.condition.indicators();
            read.extend(implication.then.iter().map(|(indicator, _)| *indicator));
            classes.join(read.iter().map(node));
        }
    }
    let mut parts: BTreeMap<usize, Part> = BTreeMap::new();
    let empty = || Part { variables: Vec::new(), slots: Vec::new() };
    for variable in 0..variables.len() {
        parts.entry(classes.find(variable)).or_insert_with(empty).variables.push(variable);
    }
    for (at, (side, offset)) in sides.iter().zip(&offsets).enumerate() {
        for indicator in 0..side.frame.indicators.len() {
            let class = classes.find(offset + indicator);
            parts.entry(class).or_insert_with(empty).slots.push((at, indicator));
        }
    }
    // Where nothing can be answered nothing can be known.
    parts.into_values().filter(|part| !part.variables.is_empty()).collect()
}

/// No reach, for each weight of a state; nothing where weights may not move.
fn no_reach(sides: &[Side<'_, '_>]) -> Vec<Reach> {
    let is_free = sides.iter().any(|side| side.spread.is_some());
    if is_free { vec![(0, 0); offset(sides, sides.len())] } else { Vec::new() }
}

/// No change, for each cause, where two sides have the same figures.
fn no_change(sides: &[Side<'_, '_>]) -> Vec<Option<Reach>> {
    match sides {
        [first, _] if first.spread.is_some() => vec![Some((0, 0)); first.priors.len()],
        _ => Vec::new(),
    }
}

/// A state of a block on its way: before counts become weights.
type Draft = State;

fn block(
    sides: &[Side<'_, '_>],
    variables: &[Variable],
    told: &BTreeSet<(usize, usize)>,
    parts: &[&Part],
) -> Result<Block, Refusal> {
    let members: BTreeSet<(usize, usize)> =
        parts.iter().flat_map(|part| part.slots.iter().copied()).collect();
    let mut tallies = Vec::new();
    for (at, side) in sides.iter().enumerate() {
        for (ix, group) in side.frame.groups.iter().enumerate() {
            if group.tally.is_some() && group.members.iter().any(|member| members.contains(&(at, *member))) {
                tallies.push((at, ix));
            }
        }
    }
    let marks = sides.iter().filter(|side| side.keeps_refused).count();
    let dimensions = offset(sides, sides.len()) + marks;
    let mut slots: Vec<Slot> = Vec::new();
    let mut drafts = vec![Draft {
        codes: Vec::new(),
        given: Vec::new(),
        counts: vec![(0, 0); tallies.len()],
        weights: vec![0; dimensions],
        reach: no_reach(sides),
        change: no_change(sides),
    }];
    for part in parts {
        // What only counts read need not be told apart.
        let is_counted_only = |(side, indicator): &(usize, usize)| {
            let group = sides
                .get(*side)
                .and_then(|side| side.frame.groups.iter().find(|group| group.members.contains(indicator)));
            group.is_some_and(|group| group.tally.is_some())
        };
        let all_counted = part.slots.iter().all(is_counted_only);
        let fresh: Vec<Slot> = part
            .slots
            .iter()
            .map(|slot| Slot {
                side: slot.0,
                indicator: slot.1,
                is_told_apart: !all_counted || told.contains(slot),
            })
            .collect();
        let states = states_of(sides, variables, part, &fresh, &tallies, dimensions)?;
        slots.extend(fresh);
        drafts = product(&drafts, &states, &slots).ok_or_else(|| too_large(sides, parts))?;
    }
    for state in &mut drafts {
        for ((side, group), (present, absent)) in tallies.iter().zip(&state.counts) {
            let table = sides.get(*side).and_then(|side| side.tables.get(*group));
            let weights = table.map(|table| table.tally_weights(usize::from(*present), usize::from(*absent)));
            add(&mut state.weights, offset(sides, *side), &weights.unwrap_or_default());
            let spread = sides.get(*side).and_then(|side| side.spread.as_ref());
            let reach = state.reach.iter_mut().skip(offset(sides, *side)).enumerate();
            if let Some(spread) = spread.filter(|_| present + absent > 0) {
                for (cause, reach) in reach.take(sides.get(*side).map_or(0, |side| side.priors.len())) {
                    *reach = plus(*reach, spread.count(cause, *group));
                    // What a count weighs more is not known apart from its figures.
                    if spread.count(cause, *group) != (0, 0)
                        && let Some(change) = state.change.get_mut(cause)
                    {
                        *change = None;
                    }
                }
            }
        }
        for cause in 0..state.change.len() {
            let of = |at: usize| state.reach.get(at).copied().unwrap_or_default();
            let counted = |at: usize| state.weights.get(at).copied().unwrap_or(0);
            if of(cause) == (0, 0) && of(cause + state.change.len()) == (0, 0) {
                let change = counted(cause + state.change.len()) - counted(cause);
                if let Some(place) = state.change.get_mut(cause) {
                    *place = Some((change, change));
                }
            } else if !tallies.is_empty()
                && let Some(place) = state.change.get_mut(cause)
            {
                *place = None;
            }
        }
    }
    Ok(Block { is_shared: sides.len() == 1, ..Block::new(slots, tallies, drafts) })
}

/// Where the causes of a side begin.
pub(crate) fn offset(sides: &[Side<'_, '_>], side: usize) -> usize {
    sides.iter().take(side).map(|side| side.priors.len()).sum()
}

fn add(to: &mut [i64], offset: usize, weights: &[Weight]) {
    for (to, weight) in to.iter_mut().skip(offset).zip(weights) {
        *to += weight.nanodecibans();
    }
}

fn too_large(sides: &[Side<'_, '_>], parts: &[&Part]) -> Refusal {
    let slots = parts.iter().flat_map(|part| &part.slots).filter(|slot| slot.0 == 0);
    let name = |slot: &(usize, usize)| sides.first().and_then(|side| side.frame.indicators.get(slot.1));
    let indicators = slots.filter_map(name).map(|name| (*name).to_owned()).collect();
    Refusal::TooLarge { indicators, most: MOST_STATES }
}

/// Every state of a part.
fn states_of(
    sides: &[Side<'_, '_>],
    variables: &[Variable],
    part: &Part,
    slots: &[Slot],
    tallies: &[(usize, usize)],
    dimensions: usize,
) -> Result<Vec<Draft>, Refusal> {
    let choices: Vec<&[Code]> = part
        .variables
        .iter()
        .map(|variable| variables.get(*variable).map(|it| it.codes.as_slice()).unwrap_or_default())
        .collect();
    let size = choices.iter().try_fold(1_usize, |size, codes| size.checked_mul(codes.len()));
    if size.is_none_or(|size| size > MOST_STATES) {
        return Err(too_large(sides, &[part]));
    }
    let rules: Vec<Rules> =
        sides.iter().enumerate().map(|(at, side)| Rules::of(side, at, part, tallies)).collect();
    let mut sheets: Vec<Vec<Code>> = sides.iter().map(|side| vec![0; side.frame.indicators.len()]).collect();
    let mut seen = BTreeSet::new();
    let mut states = Vec::new();
    let mut turn = vec![0_usize; choices.len()];
    loop {
        let given: Vec<(usize, Code)> = part
            .variables
            .iter()
            .zip(&choices)
            .zip(&turn)
            .filter_map(|((variable, codes), at)| Some((*variable, *codes.get(*at)?)))
            .collect();
        let mut is_refused = false;
        let is_valid = sides.iter().zip(&mut sheets).zip(&rules).all(|((side, sheet), rules)| {
            rules.members.iter().for_each(|member| {
                if let Some(code) = sheet.get_mut(*member) {
                    *code = 0;
                }
            });
            for (variable, code) in &given {
                if let Some((indicator, codes)) = side.variables.get(*variable)
                    && let Some(place) = sheet.get_mut(*indicator)
                {
                    *place = codes.get(usize::from(*code)).copied().unwrap_or(0);
                }
            }
            if let Some((indicator, code)) = side.put
                && rules.members.contains(&indicator)
                && let Some(place) = sheet.get_mut(indicator)
            {
                *place = code;
            }
            let is_consistent = side.frame.close(sheet, &rules.implications);
            is_refused |= !is_consistent && side.keeps_refused;
            is_consistent || side.keeps_refused
        });
        if is_valid {
            let code =
                |slot: &Slot| sheets.get(slot.side).and_then(|sheet| sheet.get(slot.indicator)).copied();
            let codes: Vec<Code> = slots.iter().filter_map(code).collect();
            if seen.insert((codes.clone(), is_refused)) {
                let mut weights = vec![0; dimensions];
                if let Some(mark) = weights.last_mut().filter(|_| is_refused) {
                    *mark = 1;
                }
                let mut counts = vec![(0, 0); tallies.len()];
                let (mut reach, mut change) = (no_reach(sides), no_change(sides));
                for (at, ((side, sheet), rules)) in sides.iter().zip(&sheets).zip(&rules).enumerate() {
                    rules.weigh(side, sheet, offset(sides, at), &mut weights);
                    rules.count(side, sheet, tallies, &mut counts);
                    rules.reach(side, sheet, reach.get_mut(offset(sides, at)..).unwrap_or_default());
                }
                if let ([first, second], [one, other]) = (sides, sheets.as_slice())
                    && let Some(rules) = rules.first().filter(|_| !change.is_empty())
                {
                    rules.change(first, second, (one, other), &mut change);
                }
                let given = given.into_iter().filter(|(_, code)| *code != 0).collect();
                states.push(Draft { codes, given, counts, weights, reach, change });
            }
        }
        if !advance(&mut turn, &choices) {
            return Ok(states);
        }
    }
}

/// The next choice of each, the first moving fastest.
fn advance(turn: &mut [usize], choices: &[&[Code]]) -> bool {
    for (at, codes) in turn.iter_mut().zip(choices) {
        *at += 1;
        if *at < codes.len() {
            return true;
        }
        *at = 0;
    }
    false
}

/// What is to be evaluated on one side of a part.
struct Rules {
    members: BTreeSet<usize>,
    implications: Vec<usize>,
    /// Groups whose members' answers weigh jointly.
    joint: Vec<usize>,
    /// For each tally that has items here: its place, and the items.
    items: Vec<(usize, usize)>,
}

impl Rules {
    fn of(side: &Side<'_, '_>, at: usize, part: &Part, tallies: &[(usize, usize)]) -> Self {
        let members: BTreeSet<usize> =
            part.slots.iter().filter(|slot| slot.0 == at).map(|slot| slot.1).collect();
        let reads = |read: &BTreeSet<usize>| read.iter().any(|indicator| members.contains(indicator));
        let implications = side.frame.implies.iter().enumerate();
        let implications =
            implications.filter(|(_, it)| it.then.iter().any(|(indicator, _)| members.contains(indicator)));
        let groups = side.frame.groups.iter().enumerate();
        let joint = groups.filter(|(_, group)| {
            group.tally.is_none() && group.members.iter().any(|member| members.contains(member))
        });
        let mut items = Vec::new();
        for (place, (of, group)) in tallies.iter().enumerate().filter(|(_, tally)| tally.0 == at) {
            let _ = of;
            let written = side.frame.groups.get(*group).and_then(|group| group.tally.as_ref());
            let here = written.into_iter().flatten().enumerate();
            items.extend(here.filter(|(_, item)| reads(&item.indicators())).map(|(item, _)| (place, item)));
        }
        Self {
            implications: implications.map(|(at, _)| at).collect(),
            joint: joint.map(|(at, _)| at).collect(),
            members,
            items,
        }
    }

    fn weigh(&self, side: &Side<'_, '_>, sheet: &[Code], offset: usize, weights: &mut [i64]) {
        for group in &self.joint {
            let (Some(group), Some(table)) = (side.frame.groups.get(*group), side.tables.get(*group)) else {
                continue;
            };
            let codes: Vec<Code> =
                group.members.iter().map(|member| sheet.get(*member).copied().unwrap_or(0)).collect();
            add(weights, offset, &table.weights(&codes));
        }
    }

    /// How far the weights of joint groups may move.
    fn reach(&self, side: &Side<'_, '_>, sheet: &[Code], reach: &mut [Reach]) {
        let Some(spread) = &side.spread else { return };
        for (cause, reach) in reach.iter_mut().take(side.priors.len()).enumerate() {
            for (at, codes, members) in self.joint_codes(side, sheet) {
                *reach = plus(*reach, spread.group(cause, at, members, &codes));
            }
        }
    }

    /// What the joint groups weigh more on the second side.
    fn change(
        &self,
        first: &Side<'_, '_>,
        second: &Side<'_, '_>,
        (one, other): (&[Code], &[Code]),
        change: &mut [Option<Reach>],
    ) {
        let Some(spread) = &first.spread else { return };
        for (cause, change) in change.iter_mut().enumerate() {
            let pairs = self.joint_codes(first, one).zip(self.joint_codes(second, other));
            for ((at, before, members), (_, after, _)) in pairs {
                let own = first
                    .tables
                    .get(at)
                    .and_then(|table| spread.change(cause, at, members, table, (&before, &after)));
                *change = change.zip(own).map(|(one, other)| plus(one, other));
            }
        }
    }

    /// The joint groups with the answers of their members.
    fn joint_codes<'s>(
        &'s self,
        side: &'s Side<'_, '_>,
        sheet: &'s [Code],
    ) -> impl Iterator<Item = (usize, Vec<Code>, &'s [usize])> + 's {
        self.joint.iter().filter_map(move |at| {
            let group = side.frame.groups.get(*at)?;
            let code = |member: &usize| sheet.get(*member).copied().unwrap_or(0);
            Some((*at, group.members.iter().map(code).collect(), group.members.as_slice()))
        })
    }

    fn count(
        &self,
        side: &Side<'_, '_>,
        sheet: &[Code],
        tallies: &[(usize, usize)],
        counts: &mut [(u16, u16)],
    ) {
        for (place, item) in &self.items {
            let group = tallies.get(*place).and_then(|tally| side.frame.groups.get(tally.1));
            let item = group.and_then(|group| group.tally.as_ref()).and_then(|items| items.get(*item));
            let truth = item.map(|item| item.truth(&|i| sheet.get(i).copied().unwrap_or(0)));
            if let Some((present, absent)) = counts.get_mut(*place) {
                match truth {
                    Some(aetia::Truth::True) => *present += 1,
                    Some(aetia::Truth::False) => *absent += 1,
                    Some(aetia::Truth::Undetermined) | None => {}
                }
            }
        }
    }
}

/// Both together, states that nothing tells apart taken once; none where there are too many.
fn product(one: &[Draft], other: &[Draft], slots: &[Slot]) -> Option<Vec<Draft>> {
    let mut seen = BTreeSet::new();
    let mut found = Vec::new();
    for first in one {
        for second in other {
            let codes: Vec<Code> = first.codes.iter().chain(&second.codes).copied().collect();
            let counts: Vec<(u16, u16)> =
                first.counts.iter().zip(&second.counts).map(|(a, b)| (a.0 + b.0, a.1 + b.1)).collect();
            let weights: Vec<i64> = first.weights.iter().zip(&second.weights).map(|(a, b)| a + b).collect();
            let told: Vec<Code> = codes
                .iter()
                .zip(slots)
                .filter(|(_, slot)| slot.is_told_apart)
                .map(|(code, _)| *code)
                .collect();
            let reach: Vec<Reach> =
                first.reach.iter().zip(&second.reach).map(|(a, b)| plus(*a, *b)).collect();
            let change = first.change.iter().zip(&second.change);
            let change: Vec<Option<Reach>> =
                change.map(|(a, b)| a.zip(*b).map(|(a, b)| plus(a, b))).collect();
            if seen.insert((told, counts.clone(), weights.clone(), reach.clone(), change.clone())) {
                if found.len() >= MOST_STATES {
                    return None;
                }
                let given = first.given.iter().chain(&second.given).copied().collect();
                found.push(Draft { codes, given, counts, weights, reach, change });
            }
        }
    }
    Some(found)
}
