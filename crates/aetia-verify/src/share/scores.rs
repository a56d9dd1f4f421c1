//! What is known of the scores on a box: what the gates do there, and which scores stand above which.

use std::collections::BTreeMap;

use aetia::GateMode;

use crate::blocks::State;
use crate::formula::{Formula, Truths};
use crate::frame::Rule;
use crate::query::{Form, HOLD, Node};
use crate::share::{Hunt, Spot};

/// What a gate does on a box; none where that is open.
pub(super) fn acts(rule: Rule, found: Truths) -> Option<bool> {
    let truths = match rule {
        Rule::Requires(GateMode::Strict) => Truths::NOT_TRUE,
        Rule::Requires(GateMode::Lenient) => Truths::FALSE,
        Rule::Caps(_) | Rule::Excludes => Truths::TRUE,
    };
    if found.is_within(truths) {
        Some(true)
    } else if found.meets(truths) {
        None
    } else {
        Some(false)
    }
}

pub(super) fn minus(one: &Form, other: &Form) -> Form {
    let mut form = one.clone();
    form.plus -= other.plus;
    for (at, times) in &other.scores {
        *form.scores.entry(*at).or_default() -= times;
    }
    form.scores.retain(|_, times| *times != 0);
    form
}

pub(super) fn negated(form: &Form) -> Form {
    Form { scores: form.scores.iter().map(|(at, times)| (*at, -times)).collect(), plus: -form.plus - 1 }
}

impl Hunt<'_, '_> {
    pub(super) fn truths(spot: &Spot, formula: &Formula) -> Truths {
        formula.truths(&|indicator| spot.masks.get(indicator).copied().unwrap_or(1))
    }

    /// Whether a formula of conditions holds on a box; the first open one is handed out.
    pub(super) fn standing<'n>(
        &'n self,
        node: &Node,
        spot: &Spot,
        open: &mut Option<&'n Formula>,
    ) -> Option<bool> {
        match node {
            Node::Known(known) => Some(*known),
            Node::AtLeast(_) => None,
            Node::Is(condition, truths) => {
                let formula = &self.ready.pool.conditions.get(*condition)?.1;
                let found = Self::truths(spot, formula);
                if found.is_within(*truths) {
                    Some(true)
                } else if found.meets(*truths) {
                    *open = open.or(Some(formula));
                    None
                } else {
                    Some(false)
                }
            }
            Node::All(parts) => {
                let each: Vec<Option<bool>> =
                    parts.iter().map(|part| self.standing(part, spot, open)).collect();
                if each.contains(&Some(false)) {
                    Some(false)
                } else {
                    each.iter().all(|it| *it == Some(true)).then_some(true)
                }
            }
            Node::Any(parts) => {
                let each: Vec<Option<bool>> =
                    parts.iter().map(|part| self.standing(part, spot, open)).collect();
                if each.contains(&Some(true)) {
                    Some(true)
                } else {
                    each.iter().all(|it| *it == Some(false)).then_some(false)
                }
            }
        }
    }

    /// What the gates of a cause do: whether each kind acts, none where that is open, and the lowest cap in force.
    pub(super) fn gates(&self, spot: &Spot, cause: usize) -> Option<(bool, bool, Option<i64>)> {
        let frame = self.ready.sides.first()?.frame;
        let (mut closed, mut excluded, mut cap) = (false, false, None::<i64>);
        for gate in frame.gates.iter().filter(|gate| gate.cause == cause) {
            let acts = acts(gate.rule, Self::truths(spot, &gate.formula))?;
            match gate.rule {
                Rule::Requires(_) => closed |= acts,
                Rule::Excludes => excluded |= acts,
                Rule::Caps(level) if acts => cap = Some(cap.map_or(level, |lower| lower.min(level))),
                Rule::Caps(_) => {}
            }
        }
        Some((closed, excluded, cap))
    }

    /// The least a form is worth in a state.
    pub(super) fn worth(state: &State, form: &Form) -> i64 {
        let each = form.scores.iter().map(|(at, times)| times * state.weights.get(*at).copied().unwrap_or(0));
        each.sum()
    }

    /// The least value of a form on a box.
    pub(super) fn least(&self, spot: &Spot, form: &Form) -> i64 {
        let each = spot.cells.iter().enumerate().map(|(at, cell)| {
            let block = self.block(at);
            let states = cell.iter().filter_map(|state| block.states.get(*state));
            states.map(|state| Self::worth(state, form)).min().unwrap_or(0)
        });
        form.plus + each.sum::<i64>()
    }

    /// Whether a form is at least 0, by what was decided or by its bounds.
    fn sign(&self, spot: &Spot, form: &Form) -> Option<bool> {
        let opposite = negated(form);
        if spot.assumed.iter().any(|known| known.scores == form.scores && known.plus <= form.plus)
            || self.least(spot, form) >= 0
        {
            return Some(true);
        }
        let is_false =
            spot.assumed.iter().any(|known| known.scores == opposite.scores && known.plus <= opposite.plus);
        (is_false || self.least(spot, &opposite) >= 0).then_some(false)
    }

    pub(super) fn raw(cause: usize) -> Form {
        Form { scores: BTreeMap::from([(cause, 1)]), plus: 0 }
    }

    /// The score after caps, as a form; else a form to decide first.
    fn capped(&self, spot: &Spot, cause: usize, cap: Option<i64>) -> Result<Form, Form> {
        let raw = Self::raw(cause);
        let Some(level) = cap else { return Ok(raw) };
        let level = Form { scores: BTreeMap::new(), plus: level };
        let below = minus(&level, &raw);
        match self.sign(spot, &below) {
            Some(true) => Ok(raw),
            Some(false) => Ok(level),
            None => Err(below),
        }
    }

    /// The best score of the open causes, as a form; else a form to decide first. None where a gate is open either way.
    fn best(&self, spot: &Spot) -> Option<Result<Form, Form>> {
        let mut contenders = Vec::new();
        for cause in 0..self.causes {
            let (closed, excluded, cap) = self.gates(spot, cause)?;
            if !closed && !excluded {
                match self.capped(spot, cause, cap) {
                    Ok(form) => contenders.push(form),
                    Err(form) => return Some(Err(form)),
                }
            }
        }
        let mut champion = contenders.first()?.clone();
        // Every other is compared with the champion itself: the checker draws no conclusions.
        let mut at = 0;
        let mut turns = 0;
        while let Some(other) = contenders.get(at) {
            let ahead = minus(&champion, other);
            match self.sign(spot, &ahead) {
                Some(true) => at += 1,
                Some(false) => {
                    champion = other.clone();
                    (at, turns) = (0, turns + 1);
                    // Decisions may contradict each other; then nothing is best.
                    if turns > contenders.len() {
                        return None;
                    }
                }
                None => return Some(Err(ahead)),
            }
        }
        Some(Ok(champion))
    }

    /// The score after caps and hold of a cause in the ranking; none where gates are open either way.
    pub(super) fn score(&self, spot: &Spot, cause: usize) -> Option<Result<Form, Form>> {
        let (closed, _, cap) = self.gates(spot, cause)?;
        let capped = match self.capped(spot, cause, cap) {
            Ok(form) => form,
            Err(form) => return Some(Err(form)),
        };
        if !closed {
            return Some(Ok(capped));
        }
        let hold = match self.best(spot)? {
            Ok(mut best) => {
                best.plus -= HOLD;
                best
            }
            Err(form) => return Some(Err(form)),
        };
        let above = minus(&hold, &capped);
        Some(match self.sign(spot, &above) {
            Some(true) => Ok(capped),
            Some(false) => Ok(hold),
            None => Err(above),
        })
    }
}
