//! Groups whose members weigh by the discount or by a joint table ("Blocks", "Correlated findings, measured").

use std::collections::BTreeSet;

use aetia::written::Group;
use aetia::{LikelihoodRatio, Weight};

use super::answers::answers_of;
use super::evidence::{is_neutral, probabilities_of};
use super::{Answers, Sheet, real};

impl Sheet<'_> {
    /// `discounted(gamma)`: the weights of one sign, sorted by size, weigh `gamma^(rank - 1)` of themselves.
    pub(super) fn discounted(
        &self,
        cause: &str,
        group: &Group,
        members: &BTreeSet<String>,
    ) -> Vec<(Vec<String>, Weight)> {
        let gamma = gamma(group);
        let answered = members.iter().filter(|id| self.is_answered(id));
        let weights: Vec<(&String, Weight)> = answered.map(|id| (id, self.weight(cause, id))).collect();
        let rank_among_its_sign = |id: &String, weight: Weight| {
            let ahead = |other: &String, rival: Weight| {
                rival.nanodecibans().signum() == weight.nanodecibans().signum()
                    && (rival.abs() > weight.abs() || (rival.abs() == weight.abs() && other < id))
            };
            weights.iter().filter(|(other, rival)| ahead(other, *rival)).count()
        };
        weights
            .iter()
            .map(|(id, weight)| {
                (vec![(*id).clone()], weight.scaled(factor(gamma, rank_among_its_sign(id, *weight))))
            })
            .collect()
    }

    /// The one part of a joint table; none while no member is answered.
    ///
    /// The probability of what is known is a sum over the complete states it leaves open; the probability
    /// of a state is a product along the members' rows.
    pub(super) fn table(&self, cause: &str, members: &BTreeSet<String>) -> Option<(Vec<String>, Weight)> {
        let answered: Vec<String> = members.iter().filter(|id| self.is_answered(id)).cloned().collect();
        if answered.is_empty() {
            return None;
        }
        let (mut under_cause, mut under_comparator) = (0.0, 0.0);
        for answers in self.completions(members) {
            let state = Sheet { document: self.document, setting: self.setting, answers };
            let (mut product_cause, mut product_comparator) = (1.0, 1.0);
            for member in members {
                let (p, q) = state.share(cause, member, self.is_answered(member));
                product_cause *= p;
                product_comparator *= q;
            }
            under_cause += product_cause;
            under_comparator += product_comparator;
        }
        Some((answered, LikelihoodRatio::new(under_cause / under_comparator).unwrap().weight()))
    }

    /// Every complete state of the members that agrees with what is known, the last member fastest.
    fn completions(&self, members: &BTreeSet<String>) -> Vec<Answers> {
        let mut states = vec![Answers::new()];
        for member in members {
            let open = match self.answers.get(member) {
                Some(answer) => vec![answer.clone()],
                None => answers_of(&self.document.indicators[member]),
            };
            let with = |state: &Answers, answer: &String| {
                let mut state = state.clone();
                state.insert(member.clone(), answer.clone());
                state
            };
            states =
                states.iter().flat_map(|state| open.iter().map(move |answer| with(state, answer))).collect();
        }
        states
    }

    /// In a complete state: `P(answer of a member)` under the cause and under the comparator.
    ///
    /// A member without rows is as in the comparator, whatever that is: the same share under both. An answer
    /// that was given and is declared neutral is as in the comparator too.
    fn share(&self, cause: &str, member: &str, is_given: bool) -> (f64, f64) {
        let answer = &self.answers[member];
        let Some(row) = self.row(cause, member) else {
            let share = 1.0 / real(answers_of(&self.document.indicators[member]).len());
            return (share, share);
        };
        let (p, q) = probabilities_of(row, answer);
        if is_given && is_neutral(row, answer) { (q, q) } else { (p, q) }
    }
}

/// A group's gamma: given, or from phi, or one half ("Correlated findings, measured").
fn gamma(group: &Group) -> f64 {
    match (group.gamma, group.phi) {
        (Some(gamma), _) => gamma,
        (None, Some(phi)) => (1.0 - phi) * (1.0 - phi) * (1.0 - phi).sqrt(),
        (None, None) => 0.5,
    }
}

/// `gamma^rank` in whole billionths, half away from zero.
fn factor(gamma: f64, rank: usize) -> i64 {
    ((0..rank).fold(1.0, |power, _| power * gamma) * 1e9).round() as i64
}
