//! The checker: reads a document, a claim and a certificate, and says whether the certificate shows the claim.
//!
//! It knows nothing of how certificates are made and shares no code with what makes them. Weights and states are computed
//! anew from the document, in `weigh` and `states`; what a claim means is written down anew in `query`. Then there are
//! whole numbers, sets and comparisons, in this file.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;

use aetia::Truth;

use super::asked::{Asked, Truths};
use super::left::Left;
use super::query::{Meaning, Sought};
use super::states::{Block, Side};
use super::sums::Scores;
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
    pub(super) blocks: Vec<Rc<Block>>,
    /// The position of each cause among the weights of a state.
    pub(super) positions: BTreeMap<String, usize>,
    /// How many weights a state of a shared block has.
    pub(super) width: usize,
    forms: RefCell<Vec<Rc<Scores>>>,
    pub(super) conditions: RefCell<Vec<Rc<Asked>>>,
    /// The truths a condition may have in what is left of the blocks it reads, each kept at its address.
    pub(super) known: RefCell<BTreeMap<(usize, Vec<usize>), Truths>>,
    /// For claims about probabilities: the cause, and the bound.
    pub(super) bound: Option<(String, f64)>,
}

/// What is sought, with numbers for forms and conditions.
#[derive(Clone, Debug)]
enum Node {
    Is(usize, Vec<Truth>),
    AtLeast(usize),
    All(Vec<Node>),
    Any(Vec<Node>),
}

/// A set of cases: the states that are left of each block.
#[derive(Clone, Debug)]
pub(super) struct Cases {
    pub(super) left: Vec<Rc<Left>>,
    /// The forms that were decided to be at least 0.
    pub(super) assumed: Vec<Rc<Scores>>,
    /// Whether conclusions are drawn from what was decided.
    pub(super) concludes: bool,
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
            let is_assumed = cases.assumed.iter().any(|known| scores.is_at_least(known));
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

fn unusable() -> CheckError {
    CheckError::new("a number is too large, or a name is unknown")
}
