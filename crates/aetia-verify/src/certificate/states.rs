//! Every state the groups of a document can be in, found anew by going through all answers: what is given is closed
//! under what follows, and what contradicts itself is left out. Nothing is pruned.

use std::collections::{BTreeMap, BTreeSet};

use aetia::{Condition, Document, Truth};

use super::weigh::{Reader, Sheet, keys, reads, truth};

/// The most joint states of one set of indicators that are looked at.
const MOST_STATES: usize = 65_536;

/// One reading of the answers.
#[derive(Clone, Debug)]
pub(super) struct Side<'d> {
    pub(super) reader: Reader<'d>,
    /// An indicator whose answer is put in, and the answer.
    pub(super) put: Option<(String, Option<String>)>,
    pub(super) causes: Vec<String>,
}

/// Indicators that are looked at together, and their states.
#[derive(Clone, Debug, Default)]
pub(super) struct Block {
    pub(super) states: Vec<State>,
}

/// A state: answers by side and indicator, items present and absent by side and group, weights by side and cause.
#[derive(Clone, Debug, Default)]
pub(super) struct State {
    pub(super) answers: BTreeMap<(usize, String), Option<String>>,
    pub(super) counts: BTreeMap<(usize, String), (usize, usize)>,
    pub(super) weights: Vec<i64>,
}

/// A set of indicators that nothing takes apart.
type Class = BTreeSet<String>;

impl<'d> Side<'d> {
    pub(super) fn new(document: &'d Document, setting: &str) -> Self {
        let causes = document.causes.keys().cloned().collect();
        Self { reader: Reader::new(document, setting), put: None, causes }
    }

    pub(super) fn document(&self) -> &'d Document {
        self.reader.document
    }

    fn conditions(texts: impl Iterator<Item = impl AsRef<str>>) -> Vec<Condition> {
        texts.filter_map(|text| text.as_ref().parse().ok()).collect()
    }

    /// What the tallies of this side count.
    fn tallies(&self) -> impl Iterator<Item = (&'d String, Vec<Condition>)> + '_ {
        let groups = self.document().groups.iter();
        groups.filter_map(|(id, group)| Some((id, self.reader.tally(group)?)))
    }

    fn read(&self, condition: &Condition) -> Class {
        let mut found = Class::new();
        reads(self.document(), condition, &mut found);
        found
    }

    /// The sets of indicators that must stay together on this side: first what shares states, then also what shares a
    /// tally.
    fn ties(&self, with_tallies: bool) -> Vec<Class> {
        let document = self.document();
        let mut ties = Vec::new();
        for group in document.groups.values() {
            match self.reader.tally(group) {
                Some(items) if !with_tallies => ties.extend(items.iter().map(|item| self.read(item))),
                Some(_) | None => ties.push(group.members.iter().cloned().collect()),
            }
        }
        for implication in &document.implies {
            let mut tie: Class = implication.then.keys().cloned().collect();
            let condition = Self::conditions(std::iter::once(&implication.condition));
            for condition in &condition {
                tie.extend(self.read(condition));
            }
            ties.push(tie);
        }
        ties
    }

    /// Adds what follows from answers; says whether they contradict each other.
    fn close(&self, sheet: &mut Sheet, implications: &[(Condition, Sheet)]) -> bool {
        loop {
            let known = sheet.len();
            for (condition, then) in implications {
                if truth(self.document(), condition, sheet) != Truth::True {
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
            Some((it.condition.parse().ok()?, then.collect()))
        };
        here.filter_map(read).collect()
    }

    /// The weights of the groups and lone indicators of a class, tallies left out.
    fn weights(&self, class: &Class, sheet: &Sheet) -> Vec<i64> {
        let document = self.document();
        let groups: Vec<_> = document
            .groups
            .values()
            .filter(|group| group.members.iter().any(|member| class.contains(member)))
            .collect();
        let is_lone = |id: &&String| {
            document.indicators.contains_key(*id)
                && !document.groups.values().any(|group| group.members.contains(*id))
        };
        let lone: Vec<&String> = class.iter().filter(is_lone).collect();
        let of = |cause: &String| {
            let joint = groups.iter().filter(|group| self.reader.tally(group).is_none());
            let joint = joint.map(|group| self.reader.group_weight(cause, group, sheet)).sum::<i64>();
            joint + lone.iter().map(|id| self.reader.lone_weight(cause, id, sheet)).sum::<i64>()
        };
        self.causes.iter().map(of).collect()
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
/// `told` are the indicators, by side, whose answers are asked about.
pub(super) fn blocks(
    sides: &[Side<'_>],
    given: &BTreeMap<String, Vec<Option<String>>>,
    told: &BTreeSet<(usize, String)>,
) -> Option<Vec<Block>> {
    let all = || {
        sides.iter().flat_map(|side| side.document().indicators.keys()).map(|id| Class::from([id.clone()]))
    };
    let parts = joined(all().chain(sides.iter().flat_map(|side| side.ties(false))));
    let wholes = joined(all().chain(sides.iter().flat_map(|side| side.ties(true))));
    wholes
        .iter()
        .map(|whole| {
            let mut block = vec![State { weights: vec![0; width(sides)], ..State::default() }];
            // Where nothing is counted a set has one part, and its states are all told apart.
            let is_counted = |side: &Side<'_>| {
                let groups =
                    side.document().groups.values().filter(|group| side.reader.tally(group).is_some());
                groups.flat_map(|group| &group.members).any(|member| whole.contains(member))
            };
            if !sides.iter().any(is_counted) {
                return Some(Block { states: states(sides, given, whole)? });
            }
            for part in parts.iter().filter(|part| part.is_subset(whole)) {
                block = product(&block, &states(sides, given, part)?, sides, told)?;
            }
            let states = block.into_iter().map(|state| with_tallies(sides, state));
            Some(Block { states: states.collect() })
        })
        .collect()
}

fn width(sides: &[Side<'_>]) -> usize {
    sides.iter().map(|side| side.causes.len()).sum()
}

/// Every state of a class.
fn states(
    sides: &[Side<'_>],
    given: &BTreeMap<String, Vec<Option<String>>>,
    class: &Class,
) -> Option<Vec<State>> {
    let choices: Vec<(&String, &Vec<Option<String>>)> =
        class.iter().filter_map(|id| given.get_key_value(id)).collect();
    let size = choices.iter().try_fold(1_usize, |size, (_, answers)| size.checked_mul(answers.len()))?;
    if size > MOST_STATES {
        return None;
    }
    let implications: Vec<_> = sides.iter().map(|side| side.implications(class)).collect();
    let mut seen = BTreeSet::new();
    let mut found = Vec::new();
    for number in 0..size {
        let mut left = number;
        let mut sheet = Sheet::new();
        for (id, answers) in &choices {
            if let Some(answer) = answers.get(left % answers.len()).cloned().flatten() {
                sheet.insert((*id).clone(), answer);
            }
            left /= answers.len();
        }
        let closed = sides.iter().zip(&implications).map(|(side, implications)| {
            let mut sheet = sheet.clone();
            sheet.retain(|id, _| side.document().indicators.contains_key(id));
            if let Some((id, answer)) = side.put.as_ref().filter(|(id, _)| class.contains(id)) {
                sheet.remove(id);
                sheet.extend(answer.clone().map(|answer| (id.clone(), answer)));
            }
            side.close(&mut sheet, implications).then_some(sheet)
        });
        let Some(closed) = closed.collect::<Option<Vec<Sheet>>>() else { continue };
        if seen.insert(closed.clone()) {
            found.push(state(sides, class, &closed));
        }
    }
    Some(found)
}

/// The state of a class in closed answers, one sheet a side.
fn state(sides: &[Side<'_>], class: &Class, sheets: &[Sheet]) -> State {
    let mut state = State::default();
    for (at, (side, sheet)) in sides.iter().zip(sheets).enumerate() {
        let here = class.iter().filter(|id| side.document().indicators.contains_key(*id));
        state.answers.extend(here.map(|id| ((at, id.clone()), sheet.get(id).cloned())));
        for (group, items) in side.tallies() {
            let here = items.iter().filter(|item| !side.read(item).is_disjoint(class));
            let truths: Vec<Truth> = here.map(|item| truth(side.document(), item, sheet)).collect();
            if !truths.is_empty() {
                let count = |sought: Truth| truths.iter().filter(|truth| **truth == sought).count();
                state.counts.insert((at, group.clone()), (count(Truth::True), count(Truth::False)));
            }
        }
        state.weights.extend(side.weights(class, sheet));
    }
    state
}

/// Both together; states that nothing tells apart are taken once.
fn product(
    one: &[State],
    other: &[State],
    sides: &[Side<'_>],
    told: &BTreeSet<(usize, String)>,
) -> Option<Vec<State>> {
    let counted: BTreeSet<(usize, &String)> = sides
        .iter()
        .enumerate()
        .flat_map(|(at, side)| {
            let groups = side.document().groups.values().filter(|group| side.reader.tally(group).is_some());
            groups.flat_map(move |group| group.members.iter().map(move |member| (at, member)))
        })
        .collect();
    let is_told = |key: &(usize, String)| told.contains(key) || !counted.contains(&(key.0, &key.1));
    let mut seen = BTreeSet::new();
    let mut found = Vec::new();
    for first in one {
        for second in other {
            let mut state = first.clone();
            state.answers.extend(second.answers.clone());
            for (tally, (present, absent)) in &second.counts {
                let sum = state.counts.entry(tally.clone()).or_default();
                *sum = (sum.0 + present, sum.1 + absent);
            }
            state.weights.iter_mut().zip(&second.weights).for_each(|(sum, weight)| *sum += weight);
            let apart: Vec<_> = state
                .answers
                .iter()
                .filter(|(key, _)| is_told(key))
                .map(|(_, answer)| answer.clone())
                .collect();
            if seen.insert((apart, state.counts.clone(), state.weights.clone())) {
                if found.len() >= MOST_STATES {
                    return None;
                }
                // What is not told apart is not there to be split by.
                state.answers.retain(|key, _| is_told(key));
                found.push(state);
            }
        }
    }
    Some(found)
}

/// Adds what counts weigh.
fn with_tallies(sides: &[Side<'_>], mut state: State) -> State {
    let mut offset = 0;
    for (at, side) in sides.iter().enumerate() {
        for ((_, group), (present, absent)) in state.counts.iter().filter(|((of, _), _)| *of == at) {
            let Some(group) = side.document().groups.get(group) else { continue };
            for (sum, cause) in state.weights.iter_mut().skip(offset).zip(&side.causes) {
                *sum += side.reader.tally_weight(cause, group, *present, *absent);
            }
        }
        offset += side.causes.len();
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
