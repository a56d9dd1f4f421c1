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

/// Writes the truth of a condition in every row of a block.
#[inline(always)]
pub(super) fn evaluate(formula: &Formula, codes: &[Codes], truth: &mut Codes) {
    match formula {
        Formula::Atom(indicator, answers) => atom(*indicator, *answers, codes, truth),
        Formula::All(_) | Formula::Any(_) | Formula::Not(_) | Formula::Several(..) | Formula::Derived(_) => {
            whole(formula, codes, truth);
        }
    }
}

/// The same for conditions with parts. It calls itself, so it is compiled apart.
fn whole(formula: &Formula, codes: &[Codes], truth: &mut Codes) {
    match formula {
        Formula::Atom(indicator, answers) => atom(*indicator, *answers, codes, truth),
        Formula::All(parts) => join(parts, codes, truth, TRUE, u8::min),
        Formula::Any(parts) => join(parts, codes, truth, FALSE, u8::max),
        Formula::Not(inner) => {
            whole(inner, codes, truth);
            for truth in truth {
                *truth = TRUE.wrapping_sub(*truth);
            }
        }
        Formula::Several(needed, parts) => several(*needed, parts, codes, truth),
        Formula::Derived(inner) => whole(inner, codes, truth),
    }
}

fn join(parts: &[Formula], codes: &[Codes], truth: &mut Codes, of_none: u8, join: impl Fn(u8, u8) -> u8) {
    truth.fill(of_none);
    let mut part = [0; ROWS];
    for formula in parts {
        whole(formula, codes, &mut part);
        for (truth, part) in truth.iter_mut().zip(part) {
            *truth = join(*truth, part);
        }
    }
}

fn several(needed: usize, parts: &[Formula], codes: &[Codes], truth: &mut Codes) {
    let (mut sure, mut possible) = ([0_u32; ROWS], [0_u32; ROWS]);
    let mut part = [0; ROWS];
    for formula in parts {
        whole(formula, codes, &mut part);
        for ((sure, possible), part) in sure.iter_mut().zip(&mut possible).zip(part) {
            *sure += u32::from(part == TRUE);
            *possible += u32::from(part != FALSE);
        }
    }
    // More than there are parts can never hold, and neither can more than a number of 32 bits says.
    let needed = u32::try_from(needed).unwrap_or(u32::MAX);
    for ((truth, sure), possible) in truth.iter_mut().zip(sure).zip(possible) {
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
            Formula::Derived(std::sync::Arc::new(Formula::Several(1, parts()))),
        ];
        for formula in formulas {
            let mut truth = [9; ROWS];
            evaluate(&formula, &codes, &mut truth);
            for (row, truth) in truth.iter().enumerate() {
                let expected = formula.evaluate(&|indicator| codes[indicator.position()][row]);
                assert_eq!(*truth, byte(expected), "{formula:?} in row {row}");
            }
        }
    }
}
