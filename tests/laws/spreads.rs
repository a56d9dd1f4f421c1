//! How far figures and draws may be off, number by number: what the larger laws would let pass.

use aetia::written::{AccuracyRow, Evidence, Gate};
use aetia::{Assessment, Document, FigureKind, GateKind, Link, Provenance};
use aetia_stats::{Basis, Draws, Spread, Uncertainty};
use aetia_tests::engine::{assess, model, options};
use aetia_tests::sketch::{HERE, add_boolean, booleans, gate, ratio_row, row, sketch};

/// Causes whose priors nobody doubts, and a key that is present.
fn certain(causes: &[(&str, f64)]) -> Document {
    let mut document = sketch(causes);
    for prior in document.causes.values_mut().flat_map(|cause| cause.prior.values_mut()) {
        prior.interval = Some([prior.value, prior.value]);
    }
    add_boolean(&mut document, "key");
    document
}

/// A sign for a cause whose ratio of 2 may be anything from 0.5 to 8.
fn add_doubtful(document: &mut Document, cause: &str) {
    add_boolean(document, "sign");
    let interval = [("present".to_owned(), [0.5, 8.0])].into();
    document.evidence.push(Evidence { interval, ..ratio_row(cause, "sign", 2.0, None) });
}

fn assessed(document: &Document, present: &[&str]) -> Assessment {
    let findings: Vec<(&str, bool)> = present.iter().map(|id| (*id, true)).collect();
    assess(&model(document), &booleans(&findings), &options(HERE, Link::Exclusive))
}

fn capped(cause: &str) -> Gate {
    Gate { probability: Some(0.1), ..gate(GateKind::Caps, cause, "present(key)") }
}

/// How often each cause is first.
fn firsts(assessment: &Assessment) -> Vec<f64> {
    let simulation = Uncertainty::of(assessment).simulate(&Draws::new(300, 5).unwrap());
    simulation.causes().iter().map(|cause| simulation.first(cause.as_str()).unwrap()).collect()
}

/// The spread of the only row that speaks.
fn of_row(evidence: Evidence) -> Spread {
    let mut document = certain(&[("cause", 0.2)]);
    add_boolean(&mut document, "sign");
    document.evidence.push(evidence);
    let assessment = assessed(&document, &["sign"]);
    let uncertainty = Uncertainty::of(&assessment);
    let rows = uncertainty.figures().iter().filter(|it| matches!(it.figure().kind(), FigureKind::Row { .. }));
    let spreads: Vec<Spread> = rows.map(aetia_stats::UncertainFigure::spread).collect();
    assert_eq!(spreads.len(), 1);
    assert!((uncertainty.cause("cause").unwrap().sd() - spreads[0].sd).abs() < 1e-12);
    spreads[0]
}

/// The worked numbers of equations (1), (3), (5) and (8) of the mathematics of how sure.
#[test]
fn spreads_are_those_of_the_worked_numbers() {
    let interval = [("present".to_owned(), [1.0, 7.3])].into();
    let published = Evidence { interval, ..ratio_row("cause", "sign", 2.7, None) };
    let spread = of_row(published.clone());
    assert!((spread.sd - 2.2024).abs() < 5e-5 && spread.basis == Basis::Interval, "{spread:?}");

    let accuracy = Some(AccuracyRow { sensitivity: 0.37, specificity: 0.89 });
    let counted = row("cause", "sign");
    let provenance = Provenance { n: Some(200), ..counted.provenance.clone() };
    let spread = of_row(Evidence { accuracy, provenance, ..counted });
    assert!((spread.sd - 1.3594).abs() < 5e-5 && spread.basis == Basis::Sample, "{spread:?}");

    let mut document = sketch(&[("cause", 0.03)]);
    document.causes.get_mut("cause").unwrap().prior.get_mut(HERE).unwrap().interval = Some([0.0086, 0.10]);
    let assessment = assessed(&document, &[]);
    let sd = Uncertainty::of(&assessment).cause("cause").unwrap().sd();
    assert!((sd - 2.8253).abs() < 5e-5, "{sd}");

    // A figure from two studies is as uncertain as it says: each study has its share of the variance.
    let mut document = certain(&[("cause", 0.2)]);
    add_boolean(&mut document, "sign");
    let source = document.sources["src"].clone();
    document.sources.insert("other".to_owned(), source);
    let provenance =
        Provenance { source: vec!["src".to_owned(), "other".to_owned()], ..published.provenance.clone() };
    document.evidence.push(Evidence { provenance, ..published });
    let assessment = assessed(&document, &["sign"]);
    let sd = Uncertainty::of(&assessment).cause("cause").unwrap().sd();
    assert!((sd - 2.2024).abs() < 5e-5, "{sd}");
}

/// In every draw a closed cause is held and a capped one capped, and equals keep the order of the ranking.
#[test]
fn draws_are_ranked_as_the_engine_ranks() {
    let mut document = certain(&[("cause", 0.2), ("rival", 0.4)]);
    add_boolean(&mut document, "open");
    document.gates.insert("gate".to_owned(), gate(GateKind::Requires, "rival", "present(open)"));
    assert_eq!(firsts(&assessed(&document, &[])), [1.0, 0.0], "held");
    assert_eq!(firsts(&assessed(&document, &["open"])), [0.0, 1.0], "open");

    let twins = certain(&[("cause", 0.2), ("rival", 0.2)]);
    assert_eq!(firsts(&assessed(&twins, &[])), [1.0, 0.0], "equal scores: the smaller identifier");

    // At one cap their scores before gates decide, as in the ranking.
    for (one, other, first) in [(0.2, 0.4, "rival"), (0.4, 0.2, "cause")] {
        let mut document = certain(&[("cause", one), ("least", 0.01), ("rival", other)]);
        document.gates.insert("one".to_owned(), capped("cause"));
        document.gates.insert("other".to_owned(), capped("rival"));
        let assessment = assessed(&document, &["key"]);
        assert_eq!(assessment.first().id().as_str(), first);
        let expected = [f64::from(first == "cause"), 0.0, f64::from(first == "rival")];
        assert_eq!(firsts(&assessment), expected, "equal caps");
    }
}

/// A held cause moves with the one it is held below, and one at its cap does not move: where nothing else is uncertain their
/// intervals have no width, though the evidence for them is doubtful.
#[test]
fn gates_take_uncertainty_away() {
    let width = |document: &Document, present: &[&str]| {
        let assessment = assessed(document, present);
        let uncertainty = Uncertainty::of(&assessment);
        let rival = uncertainty.cause("rival").unwrap();
        let width = |(low, high): (aetia::Probability, aetia::Probability)| high.get() - low.get();
        (width(rival.interval().unwrap()), width(rival.interval_ungated()))
    };
    let mut document = certain(&[("cause", 0.2), ("rival", 0.4)]);
    add_doubtful(&mut document, "rival");
    let (free, ungated) = width(&document, &["sign"]);
    assert!(free > 0.2 && (free - ungated).abs() < 1e-12, "{free} {ungated}");
    let mut held = document.clone();
    held.gates.insert("gate".to_owned(), gate(GateKind::Requires, "rival", "absent(key)"));
    let (gated, ungated) = width(&held, &["sign", "key"]);
    assert!(gated < 1e-8 && ungated > 0.2, "{gated} {ungated}");
    document.gates.insert("gate".to_owned(), capped("rival"));
    let (gated, ungated) = width(&document, &["sign", "key"]);
    assert!(gated < 1e-8 && ungated > 0.2, "{gated} {ungated}");
}

/// Findings that contradict each other are told in a sentence, from three decibans on.
#[test]
fn a_conflict_is_told() {
    let mut document = certain(&[("cause", 0.3), ("rival", 0.3)]);
    for (sign, cause, other) in [("one", "cause", "rival"), ("two", "rival", "cause")] {
        add_boolean(&mut document, sign);
        document.evidence.push(ratio_row(cause, sign, 20.0, None));
        document.evidence.push(ratio_row(other, sign, 0.05, None));
    }
    let sentence = |present: &[&str]| Uncertainty::of(&assessed(&document, present)).fit().sentence();
    assert_eq!(sentence(&["one"]), None);
    assert!(sentence(&["one", "two"]).unwrap().contains("speak against each other"));
}
