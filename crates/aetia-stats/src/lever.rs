//! What moving one figure does to the score of its cause: exact, in whole nanodecibans.

use aetia::{Figure, Group, Weight};

use crate::uncertainty::UncertainFigure;

/// How the score of a cause follows one of its figures.
#[derive(Clone, Debug)]
pub(crate) enum Lever<'a> {
    /// Unit for unit.
    Whole,
    /// Through the discount of its group, where its rank may change.
    Discounted {
        group: &'a Group,
        /// The weights of the group's members that speak for themselves, in order.
        weights: Vec<Weight>,
        /// Which of them is the figure's.
        at: usize,
    },
    /// By a share in billionths: the row of a joint table, to first order.
    Share(i64),
}

impl Lever<'_> {
    /// By how much the score moves when the weight of the figure moves by so much.
    pub(crate) fn change(&self, by: Weight) -> Weight {
        match self {
            Self::Whole => by,
            Self::Share(share) => by.scaled(*share),
            Self::Discounted { group, weights, at } => {
                let sum = |weights: &[Weight]| group.discounted(weights).into_iter().sum::<Weight>();
                let mut moved = weights.clone();
                if let Some(weight) = moved.get_mut(*at) {
                    *weight += by;
                }
                sum(&moved) - sum(weights)
            }
        }
    }
}

/// The lever of a figure, given all figures of its cause that weigh in its group, itself among them.
pub(crate) fn lever<'a>(used: &UncertainFigure<'a>, beside: &[&UncertainFigure<'a>]) -> Lever<'a> {
    match (used.figure.is_joint(), used.group()) {
        (true, _) => Lever::Share(used.figure.share()),
        (false, None) => Lever::Whole,
        (false, Some(group)) => {
            let alone = || beside.iter().filter(|other| !other.figure.is_joint());
            let at = alone().position(|other| std::ptr::eq(*other, used)).unwrap_or_default();
            Lever::Discounted { group, weights: alone().map(|other| other.figure.weight()).collect(), at }
        }
    }
}

/// By how much the score of a cause moves when all its figures of one group move to one end of their intervals.
pub(crate) fn together(group: Option<&Group>, figures: &[(Figure<'_>, Weight)]) -> Weight {
    let joint = figures.iter().filter(|(figure, _)| figure.is_joint());
    let joint: Weight = joint.map(|(figure, by)| by.scaled(figure.share())).sum();
    let alone = || figures.iter().filter(|(figure, _)| !figure.is_joint());
    let before: Vec<Weight> = alone().map(|(figure, _)| figure.weight()).collect();
    let after: Vec<Weight> = alone().map(|(figure, by)| figure.weight() + *by).collect();
    let sum = |weights: &[Weight]| match group {
        Some(group) => group.discounted(weights).into_iter().sum::<Weight>(),
        None => weights.iter().sum(),
    };
    joint + (sum(&after) - sum(&before))
}
