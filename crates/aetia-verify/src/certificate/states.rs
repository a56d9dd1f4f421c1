//! Every state the groups of a document can be in, found anew by going through all answers: what is given is closed
//! under what follows, and what contradicts itself is left out. Nothing is pruned.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use aetia::{Condition, Document, Truth};

use super::Key;
use super::free::{Reach, sum};
use super::left::{Column, Left};
use super::weigh::{Reader, Sheet, keys, meant, reads, truth};

/// The most joint states of one set of indicators that are looked at.
const MOST_STATES: usize = 65_536;

/// One reading of the answers.
#[derive(Clone, Debug)]
pub(super) struct Side<'d> {
    pub(super) reader: Rc<Reader<'d>>,
    /// An indicator whose answer is put in, and the answer.
    pub(super) put: Option<(String, Option<String>)>,
    pub(super) causes: Vec<String>,
    /// Whether every figure is free inside its interval.
    pub(super) is_free: bool,
    /// What answers were found to weigh before: those of a class, named by its first indicator, for each cause.
    pub(super) known: Rc<RefCell<Weighed>>,
}

/// Weights by the first indicator of a class and by what each of its indicators is.
type Weighed = BTreeMap<(String, Vec<u16>), Vec<i64>>;

/// Indicators that are looked at together, and their states.
#[derive(Clone, Debug, Default)]
pub(super) struct Block {
    pub(super) class: Class,
    /// What the states may be split by.
    pub(super) columns: BTreeMap<Key, Column>,
    /// By state, side and cause.
    pub(super) weights: Vec<Vec<i64>>,
    /// How far each of these may move, and for each cause what the second side weighs more with the same figures; nothing
    /// where weights do not move.
    pub(super) reach: Vec<Vec<Reach>>,
    pub(super) change: Vec<Vec<Option<Reach>>>,
    /// Whether it was made for one side and is the same on the other: the same answers, and the same weights.
    pub(super) is_shared: bool,
    /// All its states.
    pub(super) whole: Rc<Left>,
}

/// An indicator on a side, with what it may be found to be: unknown, then its answers.
#[derive(Clone, Debug)]
struct Slot {
    side: usize,
    id: String,
    values: Rc<[String]>,
}

/// A state: what each slot is, items present and absent by tally, weights by side and cause.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct State {
    codes: Vec<u16>,
    counts: Vec<(usize, usize)>,
    weights: Vec<i64>,
    reach: Vec<Reach>,
    change: Vec<Option<Reach>>,
}

/// A set of indicators that nothing takes apart.
pub(super) type Class = BTreeSet<String>;

impl Block {
    fn new(class: Class, slots: &[Slot], tallies: &[(usize, String)], states: Vec<State>) -> Self {
        let mut columns = BTreeMap::<Key, Column>::new();
        for (at, slot) in slots.iter().enumerate() {
            let of = states.iter().filter_map(|state| state.codes.get(at).copied()).collect();
            let column = Column { values: slot.values.to_vec(), of };
            columns.insert(Key::Answer(super::query::name(slot.side, &slot.id)), column);
        }
        for (at, (side, group)) in tallies.iter().enumerate() {
            let column = |of: &dyn Fn(&(usize, usize)) -> usize| {
                let counts: Vec<usize> = states.iter().filter_map(|it| it.counts.get(at)).map(of).collect();
                let most = counts.iter().copied().max().unwrap_or(0);
                let number = |count: &usize| u16::try_from(*count).unwrap_or(u16::MAX);
                let values = (0..=most).map(|count| count.to_string()).collect();
                Column { values, of: counts.iter().map(number).collect() }
            };
            let name = super::query::name(*side, group);
            columns.insert(Key::Present(name.clone()), column(&|counts| counts.0));
            columns.insert(Key::Absent(name), column(&|counts| counts.1));
        }
        let (mut reach, mut change) = (Vec::new(), Vec::new());
        if states.iter().any(|state| !state.reach.is_empty()) {
            reach = states.iter().map(|state| state.reach.clone()).collect();
            change = states.iter().map(|state| state.change.clone()).collect();
        }
        let weights = states.into_iter().map(|state| state.weights).collect();
        Self { class, columns, reach, change, ..Self::of_weights(weights) }
    }

    /// States that nothing splits.
    pub(super) fn of_weights(weights: Vec<Vec<i64>>) -> Self {
        let states = (0..u32::try_from(weights.len()).unwrap_or(u32::MAX)).collect();
        Self { weights, whole: Rc::new(Left::of(states)), ..Self::default() }
    }

    /// What a split by a key finds; a shared block has one column for both sides.
    pub(super) fn column(&self, key: &Key) -> Option<&Column> {
        let first = |name: &String| name.strip_suffix('\'').unwrap_or(name).to_owned();
        match key {
            Key::Answer(name) if self.is_shared => self.columns.get(&Key::Answer(first(name))),
            Key::Present(name) if self.is_shared => self.columns.get(&Key::Present(first(name))),
            Key::Absent(name) if self.is_shared => self.columns.get(&Key::Absent(first(name))),
            Key::Answer(_) | Key::Present(_) | Key::Absent(_) => self.columns.get(key),
        }
    }
}

impl<'d> Side<'d> {
    pub(super) fn new(document: &'d Document, setting: &str) -> Self {
        let causes = document.causes.keys().cloned().collect();
        let reader = Rc::new(Reader::new(document, setting));
        Self { reader, put: None, causes, is_free: false, known: Rc::default() }
    }

    pub(super) fn document(&self) -> &'d Document {
        self.reader.document
    }

    fn read(condition: &Condition) -> Class {
        let mut found = Class::new();
        reads(condition, &mut found);
        found
    }

    /// The sets of indicators that must stay together on this side: first what shares states, then also what shares a
    /// tally.
    fn ties(&self, with_tallies: bool) -> Vec<Class> {
        let document = self.document();
        let mut ties = Vec::new();
        for group in self.reader.groups.values() {
            if group.is_tally && !with_tallies {
                ties.extend(group.items.iter().map(Self::read));
            } else {
                ties.push(group.members.iter().map(|member| (*member).clone()).collect());
            }
        }
        for implication in &document.implies {
            let mut tie: Class = implication.then.keys().cloned().collect();
            tie.extend(meant(document, &implication.condition).iter().flat_map(Self::read));
            ties.push(tie);
        }
        ties
    }

    /// Adds what follows from answers; says whether they contradict each other.
    fn close(sheet: &mut Sheet, implications: &[(Condition, Sheet)]) -> bool {
        loop {
            let known = sheet.len();
            for (condition, then) in implications {
                if truth(condition, sheet) != Truth::True {
                    continue;
                }
                for (indicator, answer) in then {
                    if sheet.entry(indicator.clone()).or_insert_with(|| answer.clone()) != answer {
                        return false;
                    }
                }
            }
            if sheet.len() == known {
                return true;
            }
        }
    }

    /// The implications that give one of these an answer.
    fn implications(&self, class: &Class) -> Vec<(Condition, Sheet)> {
        let here = self.document().implies.iter().filter(|it| it.then.keys().any(|id| class.contains(id)));
        let read = |it: &aetia::written::Implies| {
            let then = it.then.iter().map(|(id, value)| {
                let answer = match value {
                    aetia::AnswerValue::Boolean(true) => "present".to_owned(),
                    aetia::AnswerValue::Boolean(false) => "absent".to_owned(),
                    aetia::AnswerValue::Number(number) => number.to_string(),
                    aetia::AnswerValue::Named(key) => key.clone(),
                };
                (id.clone(), answer)
            });
            Some((meant(self.document(), &it.condition)?, then.collect()))
        };
        here.filter_map(read).collect()
    }

    /// The weights of the groups and lone indicators of a class, tallies left out. The sheet has answers of no other class.
    fn weights(&self, class: &Class, sheet: &Sheet) -> Vec<i64> {
        let groups = self.reader.groups.values();
        let groups: Vec<_> =
            groups.filter(|it| it.members.iter().any(|member| class.contains(*member))).collect();
        let is_lone = |id: &&String| !groups.iter().any(|group| group.members.contains(*id));
        let lone: Vec<&String> = class.iter().filter(is_lone).collect();
        let of = |cause: &String| {
            let joint = groups.iter().filter(|group| !group.is_tally);
            let joint = joint.map(|group| self.reader.group_weight(cause, group, sheet)).sum::<i64>();
            joint + lone.iter().map(|id| self.reader.lone_weight(cause, id, sheet)).sum::<i64>()
        };
        self.causes.iter().map(of).collect()
    }

    /// The indicators of groups in which nothing but counts weighs.
    pub(super) fn counted(&self) -> Class {
        let tallies = self.reader.groups.values().filter(|group| group.is_tally);
        tallies.flat_map(|group| group.members.iter().map(|member| (*member).clone())).collect()
    }
}

/// Joins sets that overlap.
fn joined(ties: impl IntoIterator<Item = Class>) -> Vec<Class> {
    let mut classes: Vec<Class> = Vec::new();
    for mut tie in ties {
        let (overlapping, apart): (Vec<Class>, Vec<Class>) =
            classes.into_iter().partition(|class| !class.is_disjoint(&tie));
        for class in overlapping {
            tie.extend(class);
        }
        classes = apart;
        classes.push(tie);
    }
    classes
}

/// The states of everything, block by block. `given` says which answers each indicator may be given, none for unknown;
/// `told` are the indicators, by side, whose answers are asked about. Where a class is named, its block is the only one.
pub(super) fn blocks(
    sides: &[Side<'_>],
    given: &BTreeMap<String, Vec<Option<String>>>,
    told: &BTreeSet<(usize, String)>,
    only: Option<&Class>,
) -> Option<Vec<Rc<Block>>> {
    let all = || {
        sides.iter().flat_map(|side| side.document().indicators.keys()).map(|id| Class::from([id.clone()]))
    };
    let counted: Vec<Class> = sides.iter().map(Side::counted).collect();
    let wholes = match only {
        Some(class) => vec![class.clone()],
        None => joined(all().chain(sides.iter().flat_map(|side| side.ties(true)))),
    };
    let of = |whole: Class| {
        let slots = slots(sides, &whole);
        // Where nothing is counted a set has one part, and its states are all told apart.
        if counted.iter().all(|counted| counted.is_disjoint(&whole)) {
            let states = states(sides, given, &whole, &slots, &[])?;
            return Some(Block::new(whole, &slots, &[], states));
        }
        let tallies = tallies(sides, &whole);
        let none = State {
            codes: Vec::new(),
            counts: vec![(0, 0); tallies.len()],
            weights: vec![0; width(sides)],
            reach: if is_free(sides) { vec![(0, 0); width(sides)] } else { Vec::new() },
            change: if is_pair(sides) { vec![Some((0, 0)); width(sides) / 2] } else { Vec::new() },
        };
        let (mut names, mut block) = (Vec::new(), vec![none]);
        for part in joined(all().chain(sides.iter().flat_map(|side| side.ties(false)))) {
            if part.is_subset(&whole) {
                let own = self::slots(sides, &part);
                let states = states(sides, given, &part, &own, &tallies)?;
                // What is not told apart is not there to be split by.
                let is_told = |slot: &Slot| {
                    let is_counted = counted.get(slot.side).is_some_and(|counted| counted.contains(&slot.id));
                    !is_counted || told.contains(&(slot.side, slot.id.clone()))
                };
                block = product(&block, &states, &own.iter().map(is_told).collect::<Vec<_>>())?;
                names.extend(own.into_iter().filter(is_told));
            }
        }
        let states = block.into_iter().map(|state| with_tallies(sides, &tallies, state)).collect();
        Some(Block::new(whole, &names, &tallies, states))
    };
    let shared = |block| Rc::new(Block { is_shared: sides.len() == 1, ..block });
    wholes.into_iter().map(|whole| of(whole).map(shared)).collect()
}

/// The indicators of a class, side by side.
fn slots(sides: &[Side<'_>], class: &Class) -> Vec<Slot> {
    let of = |(side, it): (usize, &Side<'_>)| {
        let document = it.document();
        let slot = |id: &String| {
            let unknown = std::iter::once("unknown".to_owned());
            let values = unknown.chain(keys(document.indicators.get(id)?)).collect();
            Some(Slot { side, id: id.clone(), values })
        };
        class.iter().filter_map(slot).collect::<Vec<_>>()
    };
    sides.iter().enumerate().flat_map(of).collect()
}

/// The tallies of a class, by side and group.
fn tallies(sides: &[Side<'_>], class: &Class) -> Vec<(usize, String)> {
    let of = |(at, side): (usize, &Side<'_>)| {
        let groups = side.reader.groups.iter().filter(|(_, group)| group.is_tally);
        let groups = groups.filter(|(_, group)| group.members.iter().any(|member| class.contains(*member)));
        groups.map(|(id, _)| (at, (*id).to_owned())).collect::<Vec<_>>()
    };
    sides.iter().enumerate().flat_map(of).collect()
}

/// Whether weights may move.
fn is_free(sides: &[Side<'_>]) -> bool {
    sides.iter().any(|side| side.is_free)
}

/// Whether they may, and both sides have the same figures.
fn is_pair(sides: &[Side<'_>]) -> bool {
    sides.len() == 2 && is_free(sides)
}

fn width(sides: &[Side<'_>]) -> usize {
    sides.iter().map(|side| side.causes.len()).sum()
}

/// Every state of a class.
fn states(
    sides: &[Side<'_>],
    given: &BTreeMap<String, Vec<Option<String>>>,
    class: &Class,
    slots: &[Slot],
    tallies: &[(usize, String)],
) -> Option<Vec<State>> {
    let choices: Vec<(&String, &Vec<Option<String>>)> =
        class.iter().filter_map(|id| given.get_key_value(id)).collect();
    let size = choices.iter().try_fold(1_usize, |size, (_, answers)| size.checked_mul(answers.len()))?;
    if size > MOST_STATES {
        return None;
    }
    let code = |slot: &Slot, answer: Option<&String>| {
        let at = answer.and_then(|answer| slot.values.iter().position(|value| is_answer(value, answer)));
        u16::try_from(at.unwrap_or(0)).unwrap_or(0)
    };
    // What each slot is by the number of what is chosen: one indicator is chosen once for all sides.
    let by_choice: Vec<(usize, Vec<u16>)> = slots
        .iter()
        .map(|slot| {
            let put =
                sides.get(slot.side).and_then(|side| side.put.as_ref()).filter(|(id, _)| *id == slot.id);
            if let Some((_, answer)) = put {
                return (0, vec![code(slot, answer.as_ref())]);
            }
            let chosen = choices.iter().position(|(id, _)| **id == slot.id);
            let answers = chosen.and_then(|at| choices.get(at)).map(|(_, answers)| answers.iter());
            let codes = answers.map(|answers| answers.map(|answer| code(slot, answer.as_ref())).collect());
            (chosen.unwrap_or(0), codes.unwrap_or_else(|| vec![0]))
        })
        .collect();
    let implications: Vec<_> = sides.iter().map(|side| side.implications(class)).collect();
    let first = class.first().cloned().unwrap_or_default();
    let (mut seen, mut found) = (BTreeSet::new(), Vec::new());
    for number in 0..size {
        let mut left = number;
        let digits: Vec<usize> = choices
            .iter()
            .map(|(_, answers)| {
                let digit = left % answers.len();
                left /= answers.len();
                digit
            })
            .collect();
        let of = |(at, codes): &(usize, Vec<u16>)| {
            let digit = if codes.len() == 1 { 0 } else { digits.get(*at).copied().unwrap_or(0) };
            codes.get(digit).copied().unwrap_or(0)
        };
        let mut codes: Vec<u16> = by_choice.iter().map(of).collect();
        let is_possible = implications.iter().enumerate().all(|(side, implications)| {
            if implications.is_empty() {
                return true;
            }
            let mut sheet = sheet(slots, &codes, side);
            let is_possible = Side::close(&mut sheet, implications);
            for (slot, place) in slots.iter().zip(&mut codes).filter(|(slot, _)| slot.side == side) {
                *place = code(slot, sheet.get(&slot.id));
            }
            is_possible
        });
        if !is_possible || !seen.insert(codes.clone()) {
            continue;
        }
        let (mut weights, mut counts) = (Vec::with_capacity(width(sides)), vec![(0, 0); tallies.len()]);
        for (at, side) in sides.iter().enumerate() {
            let own = || slots.iter().zip(&codes).filter(|(slot, _)| slot.side == at);
            let key = (first.clone(), own().map(|(_, code)| *code).collect());
            let known = side.known.borrow().get(&key).cloned();
            weights.extend(known.unwrap_or_else(|| {
                let found = side.weights(class, &sheet(slots, &codes, at));
                side.known.borrow_mut().insert(key, found.clone());
                found
            }));
            for ((_, group), counts) in tallies.iter().zip(&mut counts).filter(|((of, _), _)| *of == at) {
                let items = side.reader.groups.get(group.as_str()).map(|group| group.items.iter());
                let sheet = sheet(slots, &codes, at);
                for item in items.into_iter().flatten().filter(|item| !Side::read(item).is_disjoint(class)) {
                    match truth(item, &sheet) {
                        Truth::True => counts.0 += 1,
                        Truth::False => counts.1 += 1,
                        Truth::Undetermined => {}
                    }
                }
            }
        }
        let (mut reach, mut change) = (Vec::new(), Vec::new());
        if is_free(sides) {
            let sheets: Vec<Sheet> = (0..sides.len()).map(|at| sheet(slots, &codes, at)).collect();
            reach = sides.iter().zip(&sheets).flat_map(|(side, sheet)| side.reach(class, sheet)).collect();
            if let ([side, _], [from, to]) = (sides, sheets.as_slice()) {
                change = side.change(class, (from, to));
            }
        }
        found.push(State { codes, counts, weights, reach, change });
    }
    Some(found)
}

/// Whether what is given is this answer: the answer itself, or a number in the bin.
fn is_answer(value: &str, given: &str) -> bool {
    let is_in = |bin: aetia::BinKey| given.parse().is_ok_and(|number| bin.contains(number));
    value == given || value.parse().is_ok_and(is_in)
}

/// The answers of a side.
fn sheet(slots: &[Slot], codes: &[u16], side: usize) -> Sheet {
    let known = slots.iter().zip(codes).filter(|(slot, code)| slot.side == side && **code != 0);
    let pair =
        |(slot, code): (&Slot, &u16)| Some((slot.id.clone(), slot.values.get(usize::from(*code)).cloned()?));
    known.filter_map(pair).collect()
}

/// Both together, with what is told apart of the second; states that nothing tells apart are taken once.
fn product(one: &[State], other: &[State], is_told: &[bool]) -> Option<Vec<State>> {
    let (mut seen, mut found) = (BTreeSet::new(), Vec::new());
    for first in one {
        for second in other {
            let told = second.codes.iter().zip(is_told).filter(|(_, is_told)| **is_told);
            let counts = first.counts.iter().zip(&second.counts);
            let state = State {
                codes: first.codes.iter().chain(told.map(|(code, _)| code)).copied().collect(),
                counts: counts.map(|(one, other)| (one.0 + other.0, one.1 + other.1)).collect(),
                weights: first.weights.iter().zip(&second.weights).map(|(one, other)| one + other).collect(),
                reach: first.reach.iter().zip(&second.reach).map(|(one, other)| sum(*one, *other)).collect(),
                change: first
                    .change
                    .iter()
                    .zip(&second.change)
                    .map(|(one, other)| Some(sum((*one)?, (*other)?)))
                    .collect(),
            };
            if seen.insert(state.clone()) {
                if found.len() >= MOST_STATES {
                    return None;
                }
                found.push(state);
            }
        }
    }
    Some(found)
}

/// Adds what counts weigh.
fn with_tallies(sides: &[Side<'_>], tallies: &[(usize, String)], mut state: State) -> State {
    for ((at, group), (present, absent)) in tallies.iter().zip(&state.counts) {
        let Some(side) = sides.get(*at) else { continue };
        let Some(group) = side.reader.groups.get(group.as_str()) else { continue };
        let offset = width(sides.get(..*at).unwrap_or_default());
        for (sum, cause) in state.weights.iter_mut().skip(offset).zip(&side.causes) {
            *sum += Reader::tally_weight(cause, group, *present, *absent);
        }
        for (n, cause) in side.causes.iter().enumerate().filter(|_| present + absent > 0) {
            if let Some(reach) = state.reach.get_mut(offset + n) {
                *reach = sum(*reach, Reader::count_reach(cause, group));
            }
        }
    }
    // With tallies nothing is known of a change, but where nothing moves.
    let causes = state.change.len();
    for (cause, change) in state.change.iter_mut().enumerate() {
        let is_fixed = |at: usize| state.reach.get(at) == Some(&(0, 0));
        let weight = |at: usize| state.weights.get(at).copied().unwrap_or(0);
        *change = (is_fixed(cause) && is_fixed(cause + causes)).then(|| {
            let more = weight(cause + causes) - weight(cause);
            (more, more)
        });
    }
    state
}

/// What may be given: every answer, and none.
pub(super) fn anything(document: &Document) -> BTreeMap<String, Vec<Option<String>>> {
    let all = |(id, indicator): (&String, &aetia::written::Indicator)| {
        let answers = std::iter::once(None).chain(keys(indicator).into_iter().map(Some));
        (id.clone(), answers.collect())
    };
    document.indicators.iter().map(all).collect()
}

/// The priors: one block, or one for each cause where they may move. A sum of forms is greatest at an end.
pub(super) fn prior_blocks(sides: &[Side<'_>], reach: i64) -> Vec<Block> {
    let each = || {
        sides.iter().flat_map(|side| side.causes.iter().map(|cause| (cause, side.reader.prior_score(cause))))
    };
    let state = |of: &dyn Fn(&String, i64) -> i64| each().map(|(cause, prior)| of(cause, prior)).collect();
    let causes = sides.first().map(|side| side.causes.as_slice()).unwrap_or_default();
    if is_free(sides) {
        let of =
            |side: &Side<'_>| side.causes.iter().map(|it| side.reader.prior_reach(it)).collect::<Vec<_>>();
        let reach = vec![sides.iter().flat_map(of).collect()];
        let change = vec![if is_pair(sides) { vec![Some((0, 0)); causes.len()] } else { Vec::new() }];
        return vec![Block { reach, change, ..Block::of_weights(vec![state(&|_, prior| prior)]) }];
    }
    if reach == 0 {
        return vec![Block::of_weights(vec![state(&|_, prior| prior)])];
    }
    let moved = |own: &String, by: i64| state(&|cause, prior| if cause == own { prior + by } else { 0 });
    causes.iter().map(|own| Block::of_weights(vec![moved(own, -reach), moved(own, reach)])).collect()
}
