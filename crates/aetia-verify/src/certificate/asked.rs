//! Conditions: what they may be in the cases that are left.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use aetia::{Condition, Truth};

use super::Key;
use super::check::{Cases, World};
use super::left::Left;
use super::states::Block;
use super::weigh::{Sheet, reads, truth, truths};

/// How many sheets a condition is evaluated on.
const MOST_SHEETS: usize = 4_096;

/// A condition on a side, and what is read: indicators with their place, none where nobody can answer.
#[derive(Debug)]
pub(super) struct Asked {
    pub(super) side: usize,
    pub(super) condition: Condition,
    read: Vec<(String, Option<(usize, Key)>)>,
    /// Whether something is read twice.
    is_entangled: bool,
}

/// Truths, with what they hold in.
pub(super) type Truths = (Vec<Rc<Left>>, Rc<BTreeSet<Truth>>);

impl World<'_, '_> {
    pub(super) fn asked(&self, side: usize, condition: &Condition) -> Asked {
        let mut read = BTreeSet::new();
        reads(condition, &mut read);
        let place = |id: &String| {
            let key = Key::Answer(super::query::name(side, id));
            let has = |block: &Rc<Block>| block.column(&key).is_some();
            self.blocks.iter().position(has).map(|at| (at, key.clone()))
        };
        let read: Vec<_> = read
            .into_iter()
            .map(|id| {
                let place = place(&id);
                (id, place)
            })
            .collect();
        let is_entangled = read.len() < atoms(condition);
        Asked { side, condition: condition.clone(), read, is_entangled }
    }

    /// The truths a condition may have.
    pub(super) fn truths(&self, condition: usize, cases: &Cases) -> Rc<BTreeSet<Truth>> {
        let Some(asked) = self.conditions.borrow().get(condition).cloned() else { return Rc::default() };
        let read = asked.read.iter().filter_map(|(_, place)| cases.left.get(place.as_ref()?.0).cloned());
        let read: Vec<Rc<Left>> = read.collect();
        let key = (condition, read.iter().map(|left| Rc::as_ptr(left).addr()).collect());
        if let Some((_, known)) = self.known.borrow().get(&key) {
            return known.clone();
        }
        let found = Rc::new(self.truths_of(&asked, cases));
        self.known.borrow_mut().insert(key, (read, found.clone()));
        found
    }

    fn truths_of(&self, asked: &Asked, cases: &Cases) -> BTreeSet<Truth> {
        let answers: BTreeMap<&str, BTreeSet<Option<String>>> =
            asked.read.iter().map(|(id, place)| (id.as_str(), self.answers(place.as_ref(), cases))).collect();
        let of = |id: &str| answers.get(id).cloned().unwrap_or_default();
        // Its parts are independent where no two read the same. Else it is asked about in each of its cases, if they are few.
        let size = answers.values().try_fold(1_usize, |size, left| size.checked_mul(left.len()));
        if !asked.is_entangled || size.is_none_or(|size| size > MOST_SHEETS) {
            return truths(&asked.condition, &of);
        }
        let mut sheets = vec![Sheet::new()];
        for (id, left) in &answers {
            let with = |sheet: &Sheet, answer: &Option<String>| {
                let mut sheet = sheet.clone();
                sheet.extend(answer.clone().map(|answer| ((*id).to_owned(), answer)));
                sheet
            };
            sheets = sheets.iter().flat_map(|sheet| left.iter().map(|answer| with(sheet, answer))).collect();
        }
        sheets.iter().map(|sheet| truth(&asked.condition, sheet)).collect()
    }

    /// The answers that are left to an indicator; none but unknown where nobody can answer.
    fn answers(&self, place: Option<&(usize, Key)>, cases: &Cases) -> BTreeSet<Option<String>> {
        let found = place.and_then(|(at, key)| {
            let column = self.blocks.get(*at)?.column(key)?;
            let values = cases.left.get(*at)?.values(column).into_iter();
            Some(values.map(|value| Some(value.clone()).filter(|value| value != "unknown")).collect())
        });
        found.filter(|found: &BTreeSet<_>| !found.is_empty()).unwrap_or_else(|| [None].into())
    }
}

/// How many indicators a condition reads, one read twice counted twice.
fn atoms(condition: &Condition) -> usize {
    usize::from(condition.indicator().is_some()) + condition.arguments().iter().map(atoms).sum::<usize>()
}
