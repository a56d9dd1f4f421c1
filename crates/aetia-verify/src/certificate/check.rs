//! The checker: reads a document, a claim and a certificate, and says whether the certificate shows the claim.
//!
//! It knows nothing of how certificates are made and shares no code with what makes them. Weights and states are computed
//! anew from the document, in `weigh` and `states`; what a claim means is written down anew in `query`. Then there are
//! whole numbers, sets and comparisons, in this file.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use aetia::{Condition, Truth};

use super::left::{Left, Worth};
use super::query::{Meaning, Sought};
use super::states::{Block, Side};
use super::weigh::{Sheet, reads, truth, truths};
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

/// Everything a proof is about. Forms and conditions are numbered as they are met.
#[derive(Debug)]
pub(super) struct World<'s, 'd> {
    pub(super) meaning: Meaning<'s, 'd>,
    sought: Node,
    blocks: Vec<Rc<Block>>,
    /// The position of each cause among the weights of a state.
    positions: BTreeMap<String, usize>,
    /// How many weights a state of a shared block has.
    width: usize,
    forms: RefCell<Vec<Rc<Scores>>>,
    conditions: RefCell<Vec<Rc<Asked>>>,
    /// The truths a condition may have in what is left of the blocks it reads, each kept at its address.
    known: RefCell<BTreeMap<(usize, Vec<usize>), Truths>>,
    /// For claims about probabilities: the cause, and the bound.
    pub(super) bound: Option<(String, f64)>,
}

/// Truths, with what they hold in.
type Truths = (Vec<Rc<Left>>, Rc<BTreeSet<Truth>>);

/// What is sought, with numbers for forms and conditions.
#[derive(Clone, Debug)]
enum Node {
    Is(usize, Vec<Truth>),
    AtLeast(usize),
    All(Vec<Node>),
    Any(Vec<Node>),
}

/// A form: what it takes of a state, of one that both sides share, and the number added.
#[derive(Debug, PartialEq, Eq)]
struct Scores {
    worth: Worth,
    negative: Worth,
    plus: i128,
}

/// A condition on a side, and what is read: indicators with their place, none where nobody can answer.
#[derive(Debug)]
struct Asked {
    side: usize,
    condition: Condition,
    read: Vec<(String, Option<(usize, Key)>)>,
    /// Whether something is read twice.
    is_entangled: bool,
}

/// A set of cases: the states that are left of each block.
#[derive(Clone, Debug)]
pub(super) struct Cases {
    left: Vec<Rc<Left>>,
    /// The forms that were decided to be at least 0.
    assumed: Vec<Rc<Scores>>,
    /// Whether conclusions are drawn from what was decided.
    concludes: bool,
}

impl<'s, 'd> World<'s, 'd> {
    /// What is sought, on these blocks; none where a name is unknown or a number too large.
    pub(super) fn new(sides: &'s [Side<'d>], sought: &Sought, blocks: Vec<Rc<Block>>) -> Option<Self> {
        let each = sides.iter().enumerate();
        let names =
            each.flat_map(|(at, side)| side.causes.iter().map(move |cause| super::query::name(at, cause)));
        let mut world = Self {
            meaning: Meaning { sides },
            sought: Node::All(Vec::new()),
            blocks,
            positions: names.enumerate().map(|(position, name)| (name, position)).collect(),
            width: sides.first().map_or(0, |side| side.causes.len()),
            forms: RefCell::default(),
            conditions: RefCell::default(),
            known: RefCell::default(),
            bound: None,
        };
        world.sought = world.numbered(sought)?;
        Some(world)
    }

    /// Whether every block has one state.
    pub(super) fn is_one_case(&self) -> bool {
        self.blocks.iter().all(|block| block.weights.len() == 1)
    }

    fn numbered(&self, sought: &Sought) -> Option<Node> {
        let all = |parts: &[Sought]| parts.iter().map(|part| self.numbered(part)).collect::<Option<_>>();
        Some(match sought {
            Sought::Is(side, condition, truths) => {
                let mut known = self.conditions.borrow_mut();
                let at = known.iter().position(|it| it.side == *side && it.condition == *condition);
                let at = at.unwrap_or_else(|| {
                    known.push(Rc::new(self.asked(*side, condition)));
                    known.len() - 1
                });
                Node::Is(at, truths.clone())
            }
            Sought::AtLeast(form) => {
                let scores = self.scores(form)?;
                let mut known = self.forms.borrow_mut();
                let at = known.iter().position(|it| **it == scores).unwrap_or_else(|| {
                    known.push(Rc::new(scores));
                    known.len() - 1
                });
                Node::AtLeast(at)
            }
            Sought::All(parts) => Node::All(all(parts)?),
            Sought::Any(parts) => Node::Any(all(parts)?),
        })
    }

    fn asked(&self, side: usize, condition: &Condition) -> Asked {
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

    fn scores(&self, form: &Form) -> Option<Scores> {
        let mut worth = Worth::new();
        for (name, times) in &form.scores {
            worth.insert(*self.positions.get(name)?, i128::from(*times));
        }
        worth.retain(|_, times| *times != 0);
        let negative = worth.iter().map(|(at, times)| (*at, -times)).collect();
        Some(Scores { worth, negative, plus: i128::from(form.plus) })
    }

    /// All cases.
    pub(super) fn cases(&self) -> Cases {
        let left = self.blocks.iter().map(|block| block.whole.clone()).collect();
        Cases { left, assumed: Vec::new(), concludes: false }
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
        cases: &Cases,
        depth: usize,
    ) -> Result<(), CheckError> {
        let step = steps.get(*next).ok_or_else(|| CheckError::new("the steps end too early"))?;
        *next += 1;
        if depth > DEEPEST {
            return Err(CheckError::new("the steps are nested too deep"));
        }
        // Where a block has no state left there is no case.
        if cases.left.iter().any(|left| left.states.is_empty()) && *step == Step::Closed {
            return Ok(());
        }
        match step {
            Step::Closed => match self.stands(&self.sought, cases) {
                Some(false) => Ok(()),
                Some(true) | None => Err(CheckError::new("conditions and bounds leave something open")),
            },
            Step::Sum(terms) => self.sum(terms, cases),
            Step::Split { on, parts } => {
                let kept = self.parts(cases, on, parts)?;
                kept.iter().try_for_each(|cases| self.follow(steps, next, cases, depth + 1))
            }
            Step::Decide(form) => [Some(form.clone()), form.negated()].into_iter().try_for_each(|assumed| {
                let assumed = assumed.and_then(|form| self.scores(&form)).ok_or_else(unusable)?;
                self.follow(steps, next, &cases.with(assumed), depth + 1)
            }),
            Step::Entropy(shares) => self.entropy(shares, cases),
        }
    }

    /// Terms that must all be at least 0 and sum to less.
    fn sum(&self, terms: &[Term], cases: &Cases) -> Result<(), CheckError> {
        for term in terms {
            if term.times <= 0 {
                return Err(CheckError::new("a form is taken a number of times that is not above 0"));
            }
            let scores = self.scores(&term.of).ok_or_else(unusable)?;
            let is_assumed =
                cases.assumed.iter().any(|known| known.worth == scores.worth && known.plus <= scores.plus);
            if !is_assumed {
                let negated = term.of.negated().and_then(|form| self.scores(&form)).ok_or_else(unusable)?;
                if self.stands(&self.sought, &cases.with(negated)) != Some(false) {
                    return Err(CheckError::new("a form need not be at least 0 in what is sought"));
                }
            }
        }
        let terms: Vec<(&Form, i128)> = terms.iter().map(|term| (&term.of, i128::from(term.times))).collect();
        match self.most(&terms, cases) {
            Some(most) if most < 0 => Ok(()),
            Some(_) => Err(CheckError::new("the forms do not sum to less than 0")),
            None => Err(unusable()),
        }
    }

    /// The greatest value of a sum of forms. None where a name is unknown or a number too large.
    pub(super) fn most(&self, terms: &[(&Form, i128)], cases: &Cases) -> Option<i128> {
        let scores: Vec<(Scores, i128)> =
            terms.iter().map(|(form, times)| Some((self.scores(form)?, *times))).collect::<Option<_>>()?;
        self.greatest(&scores.iter().map(|(scores, times)| (scores, *times)).collect::<Vec<_>>(), cases)
    }

    /// The greatest value of a sum: in each block the greatest on its own. In a block that both sides share a state has
    /// the same weights on both, so that what one side takes and the other gives back is nothing.
    fn greatest(&self, terms: &[(&Scores, i128)], cases: &Cases) -> Option<i128> {
        let (mut sum, mut worth, mut shared) = (0_i128, Worth::new(), Worth::new());
        for (scores, times) in terms {
            sum = sum.checked_add(scores.plus.checked_mul(*times)?)?;
            for (at, own) in &scores.worth {
                let own = own.checked_mul(*times)?;
                for (worth, at) in [(&mut worth, *at), (&mut shared, at % self.width.max(1))] {
                    let sum = worth.entry(at).or_default();
                    *sum = sum.checked_add(own)?;
                }
            }
        }
        for (block, left) in self.blocks.iter().zip(&cases.left) {
            let worth = if block.is_shared { &mut shared } else { &mut worth };
            worth.retain(|_, times| *times != 0);
            if !worth.is_empty() {
                sum = sum.checked_add(left.greatest(block, worth)?)?;
            }
        }
        Some(sum)
    }

    /// Whether something is so in every case, or in none.
    pub(super) fn standing(&self, sought: &Sought, cases: &Cases) -> Option<bool> {
        self.stands(&self.numbered(sought)?, cases)
    }

    /// The same: first by conditions and by what was decided, and only then by greatest and least values.
    fn stands(&self, node: &Node, cases: &Cases) -> Option<bool> {
        self.look(node, cases, false).or_else(|| self.look(node, cases, true))
    }

    fn look(&self, node: &Node, cases: &Cases, closely: bool) -> Option<bool> {
        match node {
            Node::Is(condition, sought) => {
                let found = self.truths(*condition, cases);
                if found.iter().all(|truth| sought.contains(truth)) {
                    Some(true)
                } else if found.iter().any(|truth| sought.contains(truth)) {
                    None
                } else {
                    Some(false)
                }
            }
            Node::AtLeast(form) => {
                let form = self.forms.borrow().get(*form).cloned()?;
                self.sign(&form, cases, closely)
            }
            Node::All(parts) => {
                let mut all = Some(true);
                for part in parts {
                    match self.look(part, cases, closely) {
                        Some(false) => return Some(false),
                        None => all = None,
                        Some(true) => {}
                    }
                }
                all
            }
            Node::Any(parts) => {
                let mut any = Some(false);
                for part in parts {
                    match self.look(part, cases, closely) {
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
    fn sign(&self, form: &Scores, cases: &Cases, closely: bool) -> Option<bool> {
        for known in &cases.assumed {
            if known.worth == form.negative && known.plus + form.plus < 0 {
                return Some(false);
            }
            if known.worth == form.worth && known.plus <= form.plus {
                return Some(true);
            }
        }
        if !closely {
            return None;
        }
        if self.greatest(&[(form, 1)], cases)? < 0 {
            return Some(false);
        }
        if self.greatest(&[(form, -1)], cases)? <= 0 {
            return Some(true);
        }
        (cases.concludes && self.follows(form, cases)).then_some(true)
    }

    /// Whether a form is at least what one or two decided ones sum to.
    fn follows(&self, form: &Scores, cases: &Cases) -> bool {
        let pairs = cases.assumed.iter().enumerate().flat_map(|(at, one)| {
            let others = cases.assumed.iter().skip(at + 1).map(Some);
            std::iter::once(None).chain(others).map(move |other| (one, other))
        });
        pairs.into_iter().any(|(one, other)| {
            let mut terms = vec![(form, -1), (&**one, 1)];
            terms.extend(other.map(|other| (&**other, 1)));
            self.greatest(&terms, cases).is_some_and(|most| most <= 0)
        })
    }

    /// The truths a condition may have.
    fn truths(&self, condition: usize, cases: &Cases) -> Rc<BTreeSet<Truth>> {
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

    /// The cases of each part of a split; no case falls between the parts.
    fn parts(&self, cases: &Cases, on: &Key, parts: &[Vec<String>]) -> Result<Vec<Cases>, CheckError> {
        let mut place = self.blocks.iter().zip(&cases.left).enumerate();
        let place = place.find_map(|(at, (block, left))| Some((at, block.column(on)?, left)));
        let Some((at, column, left)) = place else {
            return Err(CheckError::new("a split is by what no state tells apart"));
        };
        let is_in = |value: &String| parts.iter().any(|part| part.contains(value));
        if let Some(value) = left.values(column).into_iter().find(|value| !is_in(value)) {
            return Err(CheckError::new(format!("`{value}` is in no part of a split")));
        }
        let kept = parts.iter().map(|part| {
            let mut cases = cases.clone();
            if let Some(place) = cases.left.get_mut(at) {
                *place = left.part(column, on, part);
            }
            cases
        });
        Ok(kept.collect())
    }

    fn entropy(&self, shares: &[Share], cases: &Cases) -> Result<(), CheckError> {
        super::posterior::check(self, shares, &Cases { concludes: true, ..cases.clone() })
    }
}

/// How many sheets a condition is evaluated on.
const MOST_SHEETS: usize = 4_096;

impl Cases {
    /// The same cases, where a form is at least 0.
    fn with(&self, form: Scores) -> Self {
        let mut cases = self.clone();
        cases.assumed.push(Rc::new(form));
        cases
    }
}

/// How many indicators a condition reads, one read twice counted twice.
fn atoms(condition: &Condition) -> usize {
    usize::from(condition.indicator().is_some()) + condition.arguments().iter().map(atoms).sum::<usize>()
}

fn unusable() -> CheckError {
    CheckError::new("a number is too large, or a name is unknown")
}

impl Form {
    /// At least 0 exactly where this form is not.
    pub(super) fn negated(&self) -> Option<Self> {
        let scores = self.scores.iter().map(|(name, times)| Some((name.clone(), times.checked_neg()?)));
        Some(Self { scores: scores.collect::<Option<_>>()?, plus: self.plus.checked_neg()?.checked_sub(1)? })
    }
}
