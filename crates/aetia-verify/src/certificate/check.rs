//! The checker: reads a document, a claim and a certificate, and says whether the certificate shows the claim.
//!
//! It knows nothing of how certificates are made and shares no code with what makes them. Weights and states are computed
//! anew from the document, in `weigh` and `states`; what a claim means is written down anew in `query`. Then there are
//! whole numbers, sets and comparisons, in this file.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use aetia::{Condition, Truth};

use super::query::{Meaning, Sought};
use super::states::{Block, Side, State, blocks};
use super::weigh::reads;
use super::{Form, Key, Share, Step, Term};

/// How deep splits and decisions may be nested.
const DEEPEST: usize = 1_000;

/// Why a certificate does not show what it is to show.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message}{}", .step.map_or_else(String::new, |step| format!(" (step {step})")))]
pub struct CheckError {
    message: String,
    step: Option<usize>,
}

impl CheckError {
    pub(super) fn new(message: impl Into<String>) -> Self {
        Self { message: message.into(), step: None }
    }

    /// The step that is wrong, from 1; none where it is no step.
    pub fn step(&self) -> Option<usize> {
        self.step
    }
}

/// Everything a proof is about.
#[derive(Debug)]
pub(super) struct World<'s, 'd> {
    pub(super) meaning: Meaning<'s, 'd>,
    pub(super) sought: Sought,
    pub(super) blocks: Rc<Vec<Block>>,
    /// The position of each cause among the weights of a state.
    positions: BTreeMap<String, usize>,
    /// For claims about probabilities: the cause, and the bound.
    pub(super) bound: Option<(String, f64)>,
}

/// The blocks of the parts of one claim, by settings, by the indicators that are told apart, and by what may be given.
pub(super) type Known =
    BTreeMap<(Vec<String>, BTreeSet<(usize, String)>, BTreeMap<String, Vec<Option<String>>>), Rc<Vec<Block>>>;

/// The answers that are left, by side and indicator.
type Left = BTreeMap<(usize, String), BTreeSet<Option<String>>>;

/// A set of cases: for each block the states that are left, and the answers they leave.
#[derive(Clone, Debug)]
pub(super) struct Cases<'w> {
    states: Vec<Vec<&'w State>>,
    /// The answers that are left to an indicator, where somebody asked.
    answers: RefCell<Left>,
    /// What was decided to be at least 0.
    assumed: Vec<Form>,
    /// Whether conclusions are drawn from what was decided.
    concludes: bool,
}

impl<'s, 'd> World<'s, 'd> {
    /// The world of a claim; none where there are too many states to look at. What was computed for another part of the
    /// claim is used again.
    pub(super) fn new(
        sides: &'s [Side<'d>],
        sought: Sought,
        given: &BTreeMap<String, Vec<Option<String>>>,
        priors: i64,
        known: &mut Known,
    ) -> Option<Self> {
        let meaning = Meaning { sides };
        let settings = sides.iter().map(|side| side.reader.setting.clone()).collect();
        let key = (settings, meaning.told(&sought), given.clone());
        let blocks = match known.get(&key) {
            Some(blocks) => blocks.clone(),
            None => {
                let mut blocks = blocks(sides, given, &key.1)?;
                blocks.extend(prior_blocks(sides, priors));
                let blocks = Rc::new(blocks);
                known.insert(key, blocks.clone());
                blocks
            }
        };
        let each = sides.iter().enumerate();
        let names =
            each.flat_map(|(at, side)| side.causes.iter().map(move |cause| super::query::name(at, cause)));
        let positions = names.enumerate().map(|(position, name)| (name, position)).collect();
        Some(Self { meaning, sought, blocks, positions, bound: None })
    }

    /// All cases.
    pub(super) fn cases(&self) -> Cases<'_> {
        let states = self.blocks.iter().map(|block| block.states.iter().collect()).collect();
        Cases { states, answers: RefCell::default(), assumed: Vec::new(), concludes: false }
    }

    /// Checks that the steps show that no case is what is sought.
    pub(super) fn check(&self, steps: &[Step]) -> Result<(), CheckError> {
        let mut next = 0;
        self.follow(steps, &mut next, &self.cases(), 0)
            .map_err(|error| CheckError { step: Some(next), ..error })?;
        if next == steps.len() { Ok(()) } else { Err(CheckError::new("there are steps nobody asks for")) }
    }

    fn follow(
        &self,
        steps: &[Step],
        next: &mut usize,
        cases: &Cases<'_>,
        depth: usize,
    ) -> Result<(), CheckError> {
        let step = steps.get(*next).ok_or_else(|| CheckError::new("the steps end too early"))?;
        *next += 1;
        if depth > DEEPEST {
            return Err(CheckError::new("the steps are nested too deep"));
        }
        // Where a block has no state left there is no case.
        if cases.states.iter().any(Vec::is_empty) && *step == Step::Closed {
            return Ok(());
        }
        match step {
            Step::Closed => match self.standing(&self.sought, cases) {
                Some(false) => Ok(()),
                Some(true) | None => Err(CheckError::new("conditions and bounds leave something open")),
            },
            Step::Sum(terms) => self.sum(terms, cases),
            Step::Split { on, parts } => {
                let kept: Vec<Cases<'_>> =
                    parts.iter().map(|part| Self::part(cases, on, part)).collect::<Result<_, _>>()?;
                Self::covers(cases, on, parts)?;
                kept.iter().try_for_each(|cases| self.follow(steps, next, cases, depth + 1))
            }
            Step::Decide(form) => [Some(form.clone()), form.negated()].into_iter().try_for_each(|assumed| {
                let assumed = assumed.ok_or_else(|| CheckError::new("a number is too large"))?;
                let mut cases = cases.clone();
                cases.assumed.push(assumed);
                self.follow(steps, next, &cases, depth + 1)
            }),
            Step::Entropy(shares) => self.entropy(shares, cases),
        }
    }

    /// Terms that must all be at least 0 and sum to less.
    fn sum(&self, terms: &[Term], cases: &Cases<'_>) -> Result<(), CheckError> {
        for term in terms {
            if term.times <= 0 {
                return Err(CheckError::new("a form is taken a number of times that is not above 0"));
            }
            let is_assumed = cases
                .assumed
                .iter()
                .any(|known| known.scores == term.of.scores && known.plus <= term.of.plus);
            if !is_assumed {
                let mut without = cases.clone();
                let negated = term.of.negated().ok_or_else(|| CheckError::new("a number is too large"))?;
                without.assumed.push(negated);
                if self.standing(&self.sought, &without) != Some(false) {
                    return Err(CheckError::new("a form need not be at least 0 in what is sought"));
                }
            }
        }
        let terms: Vec<(&Form, i128)> = terms.iter().map(|term| (&term.of, i128::from(term.times))).collect();
        match self.most(&terms, cases) {
            Some(most) if most < 0 => Ok(()),
            Some(_) => Err(CheckError::new("the forms do not sum to less than 0")),
            None => Err(CheckError::new("a number is too large, or a name is unknown")),
        }
    }

    /// The greatest value of a sum of forms: in each block the greatest on its own. None where a name is unknown or a
    /// number too large.
    pub(super) fn most(&self, terms: &[(&Form, i128)], cases: &Cases<'_>) -> Option<i128> {
        let mut sum: i128 = 0;
        let mut scores: BTreeMap<usize, i128> = BTreeMap::new();
        for (form, times) in terms {
            sum = sum.checked_add(i128::from(form.plus).checked_mul(*times)?)?;
            for (name, own) in &form.scores {
                let sum = scores.entry(*self.positions.get(name)?).or_default();
                *sum = sum.checked_add(i128::from(*own).checked_mul(*times)?)?;
            }
        }
        for states in &cases.states {
            let mut most = None;
            for state in states {
                let mut worth: i128 = 0;
                for (position, times) in &scores {
                    let weight = state.weights.get(*position).copied()?;
                    worth = worth.checked_add(times.checked_mul(i128::from(weight))?)?;
                }
                most = most.max(Some(worth));
            }
            sum = sum.checked_add(most.unwrap_or(0))?;
        }
        Some(sum)
    }

    /// Whether something is so in every case, or in none.
    pub(super) fn standing(&self, sought: &Sought, cases: &Cases<'_>) -> Option<bool> {
        match sought {
            Sought::Is(side, condition, truths) => {
                let found = self.truths(*side, condition, cases);
                if found.iter().all(|truth| truths.contains(truth)) {
                    Some(true)
                } else if found.iter().any(|truth| truths.contains(truth)) {
                    None
                } else {
                    Some(false)
                }
            }
            Sought::AtLeast(form) => self.sign(form, cases),
            Sought::All(parts) => {
                let mut all = Some(true);
                for part in parts {
                    match self.standing(part, cases) {
                        Some(false) => return Some(false),
                        None => all = None,
                        Some(true) => {}
                    }
                }
                all
            }
            Sought::Any(parts) => {
                let mut any = Some(false);
                for part in parts {
                    match self.standing(part, cases) {
                        Some(true) => return Some(true),
                        None => any = None,
                        Some(false) => {}
                    }
                }
                any
            }
        }
    }

    /// Whether a form is at least 0: by what was decided, or by its greatest and least value.
    fn sign(&self, form: &Form, cases: &Cases<'_>) -> Option<bool> {
        let is_opposite = |known: &&Form| {
            known.scores.len() == form.scores.len()
                && known
                    .scores
                    .iter()
                    .all(|(name, times)| form.scores.get(name) == times.checked_neg().as_ref())
                && i128::from(known.plus) + i128::from(form.plus) < 0
        };
        if cases.assumed.iter().any(|known| is_opposite(&known)) {
            return Some(false);
        }
        if cases.assumed.iter().any(|known| known.scores == form.scores && known.plus <= form.plus) {
            return Some(true);
        }
        if self.most(&[(form, 1)], cases)? < 0 {
            return Some(false);
        }
        if self.most(&[(form, -1)], cases)? <= 0 {
            return Some(true);
        }
        (cases.concludes && self.follows(form, cases)).then_some(true)
    }

    /// Whether a form is at least what one or two decided ones sum to.
    fn follows(&self, form: &Form, cases: &Cases<'_>) -> bool {
        let pairs = cases.assumed.iter().enumerate().flat_map(|(at, one)| {
            let others = cases.assumed.iter().skip(at + 1).map(Some);
            std::iter::once(None).chain(others).map(move |other| (one, other))
        });
        pairs.into_iter().any(|(one, other)| {
            let mut terms = vec![(form, -1), (one, 1)];
            terms.extend(other.map(|other| (other, 1)));
            self.most(&terms, cases).is_some_and(|most| most <= 0)
        })
    }

    /// The truths a condition may have, its parts taken to be independent.
    fn truths(&self, side: usize, condition: &Condition, cases: &Cases<'_>) -> BTreeSet<Truth> {
        let document = self.meaning.sides.get(side).map(Side::document);
        let Some(document) = document else { return BTreeSet::new() };
        let mut read = BTreeSet::new();
        reads(document, condition, &mut read);
        // A condition with few cases of its own is asked about in each of them.
        let mut sheets = vec![super::weigh::Sheet::new()];
        for id in read {
            let answers = cases.answers(&(side, id.clone()));
            let with = |sheet: &super::weigh::Sheet, answer: &Option<String>| {
                let mut sheet = sheet.clone();
                sheet.extend(answer.clone().map(|answer| (id.clone(), answer)));
                sheet
            };
            if sheets.len().saturating_mul(answers.len()) > MOST_SHEETS {
                return super::weigh::truths(document, condition, &|id| {
                    cases.answers(&(side, id.to_owned()))
                });
            }
            sheets =
                sheets.iter().flat_map(|sheet| answers.iter().map(|answer| with(sheet, answer))).collect();
        }
        sheets.iter().map(|sheet| super::weigh::truth(document, condition, sheet)).collect()
    }

    /// The cases of a part of a split.
    fn part<'w>(cases: &Cases<'w>, on: &Key, values: &[String]) -> Result<Cases<'w>, CheckError> {
        let mut kept = Cases { answers: RefCell::default(), ..cases.clone() };
        let mut is_known = false;
        for states in &mut kept.states {
            if states.first().is_some_and(|state| state.value(on).is_some()) {
                is_known = true;
                states.retain(|state| state.value(on).is_some_and(|value| values.contains(&value)));
            }
        }
        if is_known { Ok(kept) } else { Err(CheckError::new("a split is by what no state tells apart")) }
    }

    /// That no case falls between the parts.
    fn covers(cases: &Cases<'_>, on: &Key, parts: &[Vec<String>]) -> Result<(), CheckError> {
        let values = cases.states.iter().flatten().filter_map(|state| state.value(on));
        let missing = values.into_iter().find(|value| !parts.iter().any(|part| part.contains(value)));
        missing.map_or(Ok(()), |value| Err(CheckError::new(format!("`{value}` is in no part of a split"))))
    }

    fn entropy(&self, shares: &[Share], cases: &Cases<'_>) -> Result<(), CheckError> {
        super::posterior::check(self, shares, &Cases { concludes: true, ..cases.clone() })
    }
}

/// How many sheets a condition is evaluated on.
const MOST_SHEETS: usize = 4_096;

impl Cases<'_> {
    /// The answers that are left to an indicator.
    pub(super) fn answers(&self, key: &(usize, String)) -> BTreeSet<Option<String>> {
        if let Some(known) = self.answers.borrow().get(key) {
            return known.clone();
        }
        let here =
            |states: &&Vec<&State>| states.first().is_some_and(|state| state.answers.contains_key(key));
        let states = self.states.iter().find(here).into_iter().flatten();
        let mut found: BTreeSet<_> = states.filter_map(|state| state.answers.get(key).cloned()).collect();
        if found.is_empty() {
            found.insert(None);
        }
        self.answers.borrow_mut().insert(key.clone(), found.clone());
        found
    }
}

impl State {
    /// What a split finds in it.
    fn value(&self, key: &Key) -> Option<String> {
        let place = |name: &String| match name.strip_suffix('\'') {
            Some(second) => (1, second.to_owned()),
            None => (0, name.clone()),
        };
        match key {
            Key::Answer(name) => {
                let answer = self.answers.get(&place(name))?;
                Some(answer.clone().unwrap_or_else(|| "unknown".to_owned()))
            }
            Key::Present(name) => self.counts.get(&place(name)).map(|counts| counts.0.to_string()),
            Key::Absent(name) => self.counts.get(&place(name)).map(|counts| counts.1.to_string()),
        }
    }
}

impl Form {
    /// At least 0 exactly where this form is not.
    pub(super) fn negated(&self) -> Option<Self> {
        let scores = self.scores.iter().map(|(name, times)| Some((name.clone(), times.checked_neg()?)));
        Some(Self { scores: scores.collect::<Option<_>>()?, plus: self.plus.checked_neg()?.checked_sub(1)? })
    }
}

/// The priors: one block, or one for each cause where they may move. A sum of forms is greatest at an end.
fn prior_blocks(sides: &[Side<'_>], reach: i64) -> Vec<Block> {
    let each = || {
        sides.iter().flat_map(|side| side.causes.iter().map(|cause| (cause, side.reader.prior_score(cause))))
    };
    let state = |of: &dyn Fn(&String, i64) -> i64| State {
        weights: each().map(|(cause, prior)| of(cause, prior)).collect(),
        ..State::default()
    };
    if reach == 0 {
        return vec![Block { states: vec![state(&|_, prior| prior)] }];
    }
    let causes = sides.first().map(|side| side.causes.as_slice()).unwrap_or_default();
    let moved = |own: &String, by: i64| state(&|cause, prior| if cause == own { prior + by } else { 0 });
    causes.iter().map(|own| Block { states: vec![moved(own, -reach), moved(own, reach)] }).collect()
}
