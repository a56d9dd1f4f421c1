//! What is asked about next: which answers tell the truths of a condition apart.

use super::{Problem, Spot};
use crate::blocks::Key;
use crate::formula::{Formula, Truths};
use crate::query::Node;

impl Problem<'_> {
    /// The split that answers most of what a condition asks.
    pub(super) fn question(&self, spot: &Spot, condition: usize) -> Option<(usize, Key, Vec<Vec<u16>>)> {
        let formula = self.conditions.get(condition)?;
        let mut atoms = Vec::new();
        collect_atoms(formula, &mut atoms);
        let used = self.used.get(condition).filter(|_| atoms.len() == 1);
        for (place, answers) in atoms {
            let mask = spot.masks.get(place).copied().unwrap_or(1);
            let yes = u128::from(answers) << 1;
            // What nobody tells apart stays together.
            let mut parts: Vec<(Vec<bool>, u128)> = Vec::new();
            for (at, part) in [mask & yes, mask & !yes & !1, mask & 1].into_iter().enumerate() {
                let truths = formula.truths(&|_| part);
                let kind = used.map_or_else(
                    || (0..3).map(|other| other == at).collect(),
                    |used| used.iter().map(|used| truths.is_within(*used)).collect::<Vec<bool>>(),
                );
                match parts.iter_mut().find(|(known, _)| *known == kind) {
                    _ if part == 0 => {}
                    Some((_, known)) => *known |= part,
                    None => parts.push((kind, part)),
                }
            }
            let parts: Vec<Vec<u16>> = parts.into_iter().map(|(_, part)| mask_of(part).collect()).collect();
            if parts.len() > 1
                && let Some((block, slot)) = self.places.get(place).copied().flatten()
            {
                return Some((block, Key::Slot(slot), parts));
            }
        }
        None
    }
}

/// A condition with other names.
pub(super) fn renamed(formula: &Formula, name: &impl Fn(usize) -> usize) -> Formula {
    let all = |parts: &[Formula]| parts.iter().map(|part| renamed(part, name)).collect();
    match formula {
        Formula::Atom(indicator, answers) => Formula::Atom(name(*indicator), *answers),
        Formula::All(parts) => Formula::All(all(parts)),
        Formula::Any(parts) => Formula::Any(all(parts)),
        Formula::Not(inner) => Formula::Not(Box::new(renamed(inner, name))),
        Formula::Several(needed, parts) => Formula::Several(*needed, all(parts)),
    }
}

/// The codes of a mask.
fn mask_of(mask: u128) -> impl Iterator<Item = u16> {
    (0..=64).filter(move |code| mask >> code & 1 == 1)
}

/// The sets of truths a query asks about, by condition.
pub(super) fn used(node: &Node, found: &mut Vec<Vec<Truths>>) {
    match node {
        Node::Known(_) | Node::AtLeast(_) => {}
        Node::Is(condition, truths) => {
            if let Some(found) = found.get_mut(*condition).filter(|found| !found.contains(truths)) {
                found.push(*truths);
            }
        }
        Node::All(parts) | Node::Any(parts) => parts.iter().for_each(|part| used(part, found)),
    }
}

fn collect_atoms(formula: &Formula, atoms: &mut Vec<(usize, u64)>) {
    match formula {
        Formula::Atom(place, answers) => atoms.push((*place, *answers)),
        Formula::All(parts) | Formula::Any(parts) | Formula::Several(_, parts) => {
            for part in parts {
                collect_atoms(part, atoms);
            }
        }
        Formula::Not(inner) => collect_atoms(inner, atoms),
    }
}
