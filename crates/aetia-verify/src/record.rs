//! The steps of a search, written with names.

use crate::blocks::{Block, Side};
use crate::certificate::{Form, Key, Step, Term};
use crate::query::Pool;
use crate::solve::{self, Literal};

/// The mark of the second reading of the answers.
const SECOND: &str = "'";

/// A name on a side.
pub(crate) fn name(side: usize, name: &str) -> String {
    if side == 0 { name.to_owned() } else { format!("{name}{SECOND}") }
}

/// The steps of a search, written with names.
pub(crate) fn steps(
    sides: &[Side<'_, '_>],
    pool: &Pool,
    blocks: &[&Block],
    steps: &[solve::Step],
) -> Vec<Step> {
    let term =
        |(literal, times): &(Literal, i64)| Term { of: literal_form(sides, pool, *literal), times: *times };
    steps
        .iter()
        .map(|step| match step {
            solve::Step::Closed => Step::Closed,
            solve::Step::Sum(terms) => Step::Sum(terms.iter().map(term).collect()),
            solve::Step::Decide(form) => {
                Step::Decide(literal_form(sides, pool, Literal { form: *form, holds: true }))
            }
            solve::Step::Split(block, key, parts) => split(sides, blocks.get(*block).copied(), *key, parts),
        })
        .collect()
}

/// A form with the names of its causes.
pub(crate) fn form(sides: &[Side<'_, '_>], form: &crate::query::Form) -> Form {
    let scores = form.scores.iter().map(|(dimension, times)| (cause(sides, *dimension), *times));
    Form { scores: scores.collect(), plus: form.plus }
}

fn literal_form(sides: &[Side<'_, '_>], pool: &Pool, literal: Literal) -> Form {
    let found = pool.forms.get(literal.form).map(|it| form(sides, it)).unwrap_or_default();
    if literal.holds {
        return found;
    }
    // Not at least 0 is at most -1.
    Form {
        scores: found.scores.into_iter().map(|(name, times)| (name, -times)).collect(),
        plus: -found.plus - 1,
    }
}

fn cause(sides: &[Side<'_, '_>], dimension: usize) -> String {
    let mut left = dimension;
    for (at, side) in sides.iter().enumerate() {
        if let Some(id) = side.frame.causes.get(left) {
            return name(at, id);
        }
        left -= side.frame.causes.len();
    }
    String::new()
}

pub(crate) fn split(
    sides: &[Side<'_, '_>],
    block: Option<&Block>,
    key: crate::blocks::Key,
    parts: &[Vec<u16>],
) -> Step {
    let group = |tally: usize| {
        let tally = block.and_then(|block| block.tallies.get(tally)).copied().unwrap_or_default();
        let group = sides.get(tally.0).and_then(|side| side.frame.groups.get(tally.1));
        name(tally.0, group.map_or("", |group| group.name))
    };
    let numbers = || parts.iter().map(|part| part.iter().map(u16::to_string).collect()).collect();
    match key {
        crate::blocks::Key::Present(tally) => {
            Step::Split { on: Key::Present(group(tally)), parts: numbers() }
        }
        crate::blocks::Key::Absent(tally) => Step::Split { on: Key::Absent(group(tally)), parts: numbers() },
        crate::blocks::Key::Slot(slot) => {
            let Some(slot) = block.and_then(|block| block.slots.get(slot)) else { return Step::Closed };
            let frame = sides.get(slot.side).map(|side| side.frame);
            let id =
                frame.and_then(|frame| frame.indicators.get(slot.indicator)).copied().unwrap_or_default();
            let keys = frame.and_then(|frame| frame.answers.get(slot.indicator));
            let word = |code: &u16| match usize::from(*code).checked_sub(1) {
                None => "unknown".to_owned(),
                Some(at) => {
                    keys.and_then(|keys| keys.get(at)).map_or_else(String::new, |key| (*key).to_owned())
                }
            };
            let parts = parts.iter().map(|part| part.iter().map(word).collect()).collect();
            Step::Split { on: Key::Answer(name(slot.side, id)), parts }
        }
    }
}
