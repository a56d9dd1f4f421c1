//! Conditions over a block of rows: Kleene's logic, a byte a row.

use super::block::{Codes, ROWS};
use crate::index::{Dense, IndicatorIx};
use crate::knowledge::{Formula, Truth};

/// Truth as a byte, in the order in which conjunction is the minimum and disjunction the maximum.
pub(super) const FALSE: u8 = 0;
pub(super) const UNDETERMINED: u8 = 1;
pub(super) const TRUE: u8 = 2;

/// A truth as a byte.
pub(super) fn byte(truth: Truth) -> u8 {
    match truth {
        Truth::False => FALSE,
        Truth::Undetermined => UNDETERMINED,
        Truth::True => TRUE,
    }
}

/// One step of a condition: what it leaves takes the place of what it takes from the end of a stack.
#[derive(Clone, Debug)]
enum Step {
    Atom(IndicatorIx, u64),
    Not,
    All(usize),
    Any(usize),
    Several(usize, usize),
}

/// A condition as steps: no calls, so that it is compiled for vectors with all around it.
#[derive(Clone, Debug)]
pub(super) struct Condition {
    steps: Vec<Step>,
}

/// Room for the parts of a condition.
pub(super) type Stack = Vec<Codes>;

impl Condition {
    pub(super) fn new(formula: &Formula) -> Self {
        let mut steps = Vec::new();
        list(formula, &mut steps);
        Self { steps }
    }

    /// Writes the truth of the condition in every row of a block.
    #[inline(always)]
    pub(super) fn evaluate(&self, codes: &[Codes], stack: &mut Stack, truth: &mut Codes) {
        if let [Step::Atom(indicator, answers)] = &*self.steps {
            atom(*indicator, *answers, codes, truth);
            return;
        }
        let mut height = 0;
        for step in &self.steps {
            if stack.len() <= height {
                stack.push([0; ROWS]);
            }
            let (taken, several) = match step {
                Step::Atom(..) => (0, 0),
                Step::Not => (1, 0),
                Step::All(parts) | Step::Any(parts) => (*parts, 0),
                Step::Several(needed, parts) => (*parts, *needed),
            };
            let Some((whole, parts)) = stack.get_mut(height - taken..).and_then(<[Codes]>::split_first_mut)
            else {
                return;
            };
            let parts = parts.get(..taken.saturating_sub(1)).unwrap_or_default();
            match step {
                Step::Atom(indicator, answers) => atom(*indicator, *answers, codes, whole),
                Step::Not => {
                    for truth in whole {
                        *truth = TRUE.wrapping_sub(*truth);
                    }
                }
                Step::All(0) => whole.fill(TRUE),
                Step::Any(0) => whole.fill(FALSE),
                Step::All(_) => {
                    for part in parts {
                        for (truth, part) in whole.iter_mut().zip(part) {
                            *truth = if *part < *truth { *part } else { *truth };
                        }
                    }
                }
                Step::Any(_) => {
                    for part in parts {
                        for (truth, part) in whole.iter_mut().zip(part) {
                            *truth = if *part > *truth { *part } else { *truth };
                        }
                    }
                }
                Step::Several(_, 0) => whole.fill(if several == 0 { TRUE } else { FALSE }),
                Step::Several(..) => match (u8::try_from(several), u8::try_from(taken)) {
                    (Ok(needed), Ok(_)) => count(needed, whole, parts),
                    (_, Ok(_)) => whole.fill(FALSE),
                    _ => count(u32::try_from(several).unwrap_or(u32::MAX), whole, parts),
                },
            }
            height = height - taken + 1;
        }
        if let Some(whole) = stack.first() {
            *truth = *whole;
        }
    }
}

/// Lists the steps of a condition, parts first.
fn list(formula: &Formula, steps: &mut Vec<Step>) {
    let mut all = |parts: &[Formula]| {
        for part in parts {
            list(part, steps);
        }
        parts.len()
    };
    let step = match formula {
        Formula::Atom(indicator, answers) => Step::Atom(*indicator, *answers),
        Formula::All(parts) => Step::All(all(parts)),
        Formula::Any(parts) => Step::Any(all(parts)),
        Formula::Several(needed, parts) => Step::Several(*needed, all(parts)),
        Formula::Not(inner) => {
            list(inner, steps);
            Step::Not
        }
        Formula::Derived(inner) => return list(inner, steps),
    };
    steps.push(step);
}

/// Puts in place of the first part whether so many parts hold. A byte counts up to 255 parts.
#[inline(always)]
fn count<T>(needed: T, first: &mut Codes, others: &[Codes])
where
    T: Copy + From<u8> + PartialOrd + std::ops::AddAssign,
{
    let (mut sure, mut possible) = ([T::from(0); ROWS], [T::from(0); ROWS]);
    for part in std::iter::once(&*first).chain(others) {
        for (sure, part) in sure.iter_mut().zip(part) {
            *sure += T::from(u8::from(*part == TRUE));
        }
        for (possible, part) in possible.iter_mut().zip(part) {
            *possible += T::from(u8::from(*part != FALSE));
        }
    }
    for ((truth, sure), possible) in first.iter_mut().zip(sure).zip(possible) {
        *truth = u8::from(sure >= needed) + u8::from(possible >= needed);
    }
}

/// Whether the answer of an indicator is one of these.
#[inline(always)]
fn atom(indicator: IndicatorIx, answers: u64, codes: &[Codes], truth: &mut Codes) {
    let Some(codes) = codes.get(indicator.position()) else { return };
    for (truth, code) in truth.iter_mut().zip(codes) {
        *truth = u8::from(*code == 0);
    }
    let mut left = answers;
    while left != 0 {
        let position = left.trailing_zeros();
        left &= left - 1;
        let wanted = u8::try_from(position + 1).unwrap_or(u8::MAX);
        for (truth, code) in truth.iter_mut().zip(codes) {
            *truth |= u8::from(*code == wanted) << 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every combination of three indicators with three answers each, for formulas of every form.
    #[test]
    fn a_block_says_what_each_row_says() {
        let atom = |at: usize, answers: u64| Formula::Atom(IndicatorIx::at(at), answers);
        let mut codes = vec![[0; ROWS]; 3];
        for row in 0..ROWS {
            for (at, codes) in codes.iter_mut().enumerate() {
                codes[row] =
                    u8::try_from(row / 4_usize.pow(u32::try_from(at).expect("small")) % 4).expect("a code");
            }
        }
        let parts = || vec![atom(0, 0b1), atom(1, 0b110), atom(2, 0b101)];
        let formulas = [
            atom(1, 0b11),
            atom(1, 0),
            Formula::All(parts()),
            Formula::All(Vec::new()),
            Formula::Any(parts()),
            Formula::Any(Vec::new()),
            Formula::Not(Box::new(Formula::Any(parts()))),
            Formula::Several(0, parts()),
            Formula::Several(2, parts()),
            Formula::Several(4, parts()),
            Formula::Several(300, parts()),
            Formula::Several(0, Vec::new()),
            Formula::Several(1, Vec::new()),
            Formula::Several(200, vec![atom(0, 0b11); 300]),
            Formula::All(vec![Formula::Several(1, vec![]), atom(2, 0b1), Formula::Any(parts())]),
            Formula::Derived(std::sync::Arc::new(Formula::Several(1, parts()))),
        ];
        let mut stack = Stack::new();
        for formula in formulas {
            let mut truth = [9; ROWS];
            Condition::new(&formula).evaluate(&codes, &mut stack, &mut truth);
            for (row, truth) in truth.iter().enumerate() {
                let expected = formula.evaluate(&|indicator| codes[indicator.position()][row]);
                assert_eq!(*truth, byte(expected), "{formula:?} in row {row}");
            }
        }
    }
}
