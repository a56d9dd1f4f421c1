//! Intervals for one case after another, with what is known of the model and in a space that is used again, are those of
//! each case alone.

use aetia::{Assessment, Link, Probability};
use aetia_stats::{Draws, Space, Spreads, Uncertainty};
use aetia_tests::engine::{any_sample, assess, assess_sample, cases, model, options};
use aetia_tests::flagship::flagship;
use aetia_tests::sketch::sketch;
use proptest::prelude::*;

/// What is looked up for a model is what its figures say, to the bit, whichever case came first.
#[test]
fn intervals_from_a_table_are_those_from_the_figures() {
    let (flagship, mut space) = (flagship(), Space::default());
    for link in [Link::Exclusive, Link::Independent] {
        let setting = flagship.model.options().setting;
        let options = options(setting.as_str(), link);
        let all: Vec<Assessment> =
            flagship.cases.iter().map(|case| assess(&flagship.model, &case.findings, &options)).collect();
        let (forth, back) = (Spreads::of(&flagship.model), Spreads::of(&flagship.model));
        let others = Spreads::of(&model(&sketch(&[("cause", 0.2)])));
        all.iter().rev().for_each(|assessment| drop(Uncertainty::with(assessment, &back)));
        for assessment in &all {
            same(&Uncertainty::of(assessment), &Uncertainty::with(assessment, &forth));
            same(&Uncertainty::of(assessment), &Uncertainty::with(assessment, &back));
            let slow = by_position(&Uncertainty::of(assessment));
            assert_eq!(forth.intervals(assessment, &mut space), slow);
            assert_eq!(others.intervals(assessment, &mut space), slow, "spreads of another model");
        }
    }
}

/// The intervals in the order of the causes.
fn by_position(uncertainty: &Uncertainty<'_>) -> Vec<Option<(Probability, Probability)>> {
    let mut intervals: Vec<_> =
        uncertainty.causes().map(|it| (it.candidate().position(), it.interval())).collect();
    intervals.sort_by_key(|(position, _)| *position);
    intervals.into_iter().map(|(_, interval)| interval).collect()
}

proptest! {
    #![proptest_config(cases())]

    /// Intervals in a space that was used before are those of the case alone, excluded causes without any.
    #[test]
    fn a_used_space_changes_no_interval(samples in proptest::collection::vec(any_sample(), 1..4)) {
        let mut space = Space::default();
        for sample in &samples {
            let assessment = assess_sample(sample);
            let spreads = Spreads::of(assessment.model());
            let slow = by_position(&Uncertainty::of(&assessment));
            let excluded = assessment.excluded().count();
            prop_assert_eq!(slow.iter().filter(|interval| interval.is_none()).count(), excluded);
            prop_assert_eq!(spreads.intervals(&assessment, &mut space), slow);
        }
    }
}

/// Whether two ways to the same uncertainty agree in everything that is computed from errors.
pub(super) fn same(slow: &Uncertainty<'_>, fast: &Uncertainty<'_>) {
    assert_eq!(slow.comparator(), fast.comparator());
    assert_eq!(slow.simulate(&draws()), fast.simulate(&draws()));
    for (slow, fast) in slow.causes().zip(fast.causes()) {
        assert_eq!(slow.sd().to_bits(), fast.sd().to_bits());
        assert_eq!(slow.interval(), fast.interval());
        assert_eq!(slow.interval_ungated(), fast.interval_ungated());
    }
    assert_eq!(slow.figures().len(), fast.figures().len());
}

fn draws() -> Draws {
    Draws::new(200, 1).unwrap()
}
