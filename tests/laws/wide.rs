//! Thousands of causes: the first ranks without the others, and knowledge bases beyond the default limits.

use std::collections::BTreeMap;

use aetia::cohort::{Cohort, Output, Precision};
use aetia::{
    AnswerValue, Assessment, Code, Document, GateKind, Limits, Link, Model, Options, Probability, Ranker,
};
use aetia_tests::engine::{any_document, assess, cases, errors, model, options, readings};
use aetia_tests::oracle::Findings;
use aetia_tests::strategies::findings;
use aetia_tests::synthetic::{SplitMix, gate, no_limits, synthetic_case, wide};
use aetia_tests::twin::differences;
use proptest::prelude::*;

/// In what the first ranks of a case, or its posteriors, differ from its assessment.
fn found(ranker: &mut Ranker, assessment: &Assessment, ranks: usize) -> Vec<String> {
    let mut found = Vec::new();
    let bits = |probability: Probability| probability.get().to_bits();
    let top = ranker.top(assessment.case(), ranks);
    let expected: Vec<_> = assessment.ranking().take(ranks).collect();
    if top.iter().len() != expected.len() {
        found.push(format!("{} ranks, not {}", top.iter().len(), expected.len()));
    }
    for (ranked, candidate) in top.iter().zip(expected) {
        let is = (
            (ranked.position(), ranked.id(), ranked.title(), Some(ranked.rank())),
            (ranked.score(), ranked.score_ungated(), ranked.is_closed()),
            (Some(bits(ranked.posterior())), bits(ranked.posterior_ungated())),
        );
        let is_expected = (
            (candidate.position(), candidate.id(), candidate.title(), candidate.rank()),
            (candidate.score(), candidate.score_ungated(), candidate.is_closed()),
            (candidate.posterior().map(bits), bits(candidate.posterior_ungated())),
        );
        if is != is_expected {
            found.push(format!("{is:?}, not {is_expected:?}"));
        }
    }
    let waterline = assessment.comparator();
    let comparator = (bits(top.comparator()), bits(top.comparator_ungated()));
    if comparator != (bits(waterline.posterior()), bits(waterline.posterior_ungated())) {
        found.push(format!("comparator {comparator:?}"));
    }
    let all: Vec<f64> = assessment
        .causes()
        .map(|candidate| candidate.posterior().map_or(0.0, Probability::get))
        .chain([waterline.posterior().get()])
        .collect();
    let posteriors = ranker.posteriors(assessment.case());
    if posteriors.iter().map(|it| it.to_bits()).ne(all.iter().map(|it| it.to_bits())) {
        found.push(format!("posteriors {posteriors:?}, not {all:?}"));
    }
    found
}

/// The same for one case after another in one ranker, for few ranks, many and all.
fn found_in_turns(model: &Model, options: &Options, cases: &[Findings]) -> Vec<String> {
    let mut ranker = model.ranker(options).unwrap();
    let mut all = Vec::new();
    for findings in cases {
        let assessment = assess(model, findings, options);
        for ranks in [0, 1, 3, 10, 17, usize::MAX] {
            let found = found(&mut ranker, &assessment, ranks);
            all.extend(found.into_iter().map(|text| format!("{ranks} ranks of {findings:?}: {text}")));
        }
    }
    all
}

/// One of so many.
fn share(of: usize) -> f64 {
    1.0 / f64::from(u32::try_from(of).unwrap())
}

/// A knowledge base of so many causes, with many equal priors and gates of all kinds.
fn tied(causes: usize, seed: u64) -> Document {
    let mut document = wide(causes, 30, 4, seed);
    let mut random = SplitMix::of(seed);
    for cause in document.causes.values_mut() {
        for prior in cause.prior.values_mut() {
            prior.value = 0.8 * share(causes) * share(1 + random.below(3));
        }
    }
    // The first cause stays open.
    for cause in (1..causes).filter(|_| random.below(6) == 0).collect::<Vec<_>>() {
        let kind = [GateKind::Requires, GateKind::Caps, GateKind::Excludes][random.below(3)];
        let sign = format!("sign_{:05}", random.below(30));
        let mut gate = gate(kind, cause, &sign);
        // A level that some scores lie above.
        gate.probability = gate.probability.map(|_| 0.3 * share(causes));
        document.gates.insert(format!("gate_{cause:05}"), gate);
    }
    document
}

proptest! {
    #![proptest_config(cases())]

    /// Whatever the knowledge base, the first ranks are the first of the assessment, number by number and bit by bit.
    #[test]
    fn the_first_ranks_are_the_first_of_the_assessment(
        (document, cases) in any_document().prop_flat_map(|document| {
            let cases = proptest::collection::vec(findings(&document), 1..4);
            (Just(document), cases)
        })
    ) {
        let model = model(&document);
        for options in readings(&document) {
            let found = found_in_turns(&model, &options, &cases);
            prop_assert!(found.is_empty(), "{:?}\n{}", options, found.join("\n"));
        }
    }

    /// So they are where most causes stand where their priors put them, many of them equal; and the assessment, which sorts
    /// no more than it must, is what the oracle says.
    #[test]
    fn the_first_ranks_of_many_causes_are_the_first_of_the_assessment(
        causes in 2_usize..70,
        findings in 0_usize..8,
        seed in any::<u64>(),
    ) {
        let document = tied(causes, seed);
        let model = model(&document);
        let cases: Vec<Findings> = (0..3).map(|turn| synthetic_case(&document, findings, seed ^ turn)).collect();
        for options in readings(&document) {
            let found = found_in_turns(&model, &options, &cases);
            prop_assert!(found.is_empty(), "{:?}\n{}", options, found.join("\n"));
            let differences = differences(&document, &model, &cases[0], &options);
            prop_assert!(differences.is_empty(), "{:?}\n{}", options, differences.join("\n"));
        }
    }
}

/// Scores so high that odds against the comparator are no float: taken against the highest one instead, in one case, in the
/// first ranks and in a cohort alike.
#[test]
fn scores_beyond_the_range_of_floats_are_ranked_alike() {
    let mut document = wide(20, 120, 100, 3);
    for row in &mut document.evidence {
        // Up to 60 dB each: some scores reach 5,000 dB either way.
        row.accuracy = None;
        row.likelihood_ratio = Some(aetia::written::Ratios { present: 9e5, absent: Some(2e-6) });
    }
    // And some stay where their priors put them, whatever the others reach.
    document.evidence.retain(|row| !row.cause.ends_with('5'));
    document.gates.insert("gate".to_owned(), gate(GateKind::Excludes, 3, "sign_00000"));
    document.gates.insert("hold".to_owned(), gate(GateKind::Requires, 4, "sign_00001"));
    let model = model(&document);
    let value = |turn: usize, at: usize| match turn {
        0 => true,
        1 => false,
        2 => at.is_multiple_of(2),
        _ => at < 60,
    };
    let columns: Vec<(String, Vec<bool>)> = document
        .indicators
        .keys()
        .enumerate()
        .map(|(at, id)| (id.clone(), (0..4).map(|turn| value(turn, at)).collect()))
        .collect();
    let cases: Vec<Findings> = (0..4)
        .map(|turn| {
            let boolean = |column: &[bool]| AnswerValue::Boolean(column[turn]);
            columns.iter().map(|(id, column)| (id.clone(), boolean(column))).collect::<BTreeMap<_, _>>()
        })
        .collect();
    let empty = Cohort::new(&model, 4);
    let cohort = columns.iter().fold(empty, |cohort, (id, column)| cohort.column(id, &column[..]).unwrap());
    for link in [Link::Exclusive, Link::Independent] {
        let options = options("anywhere", link);
        let highest = cases.iter().map(|findings| assess(&model, findings, &options).first().score());
        assert!(highest.max().is_some_and(|score| score.decibans() > 4_000.0));
        let found = found_in_turns(&model, &options, &cases);
        assert!(found.is_empty(), "{link:?}\n{}", found.join("\n"));
        let outputs = [
            Output::Score,
            Output::ScoreUngated,
            Output::Posterior(Precision::Double),
            Output::PosteriorUngated(Precision::Double),
            Output::First,
            Output::FirstUngated,
            Output::Order(30),
            Output::Margin,
            Output::Gates,
            Output::Flags,
        ];
        let columns = model.scorer(&options, outputs).unwrap().score(&cohort).unwrap();
        for (row, findings) in cases.iter().enumerate() {
            let assessment = assess(&model, findings, &options);
            assert_eq!(aetia_tests::cohort::differences(&columns, row, &assessment), Vec::<String>::new());
            assert_eq!(differences(&document, &model, findings, &options), Vec::<String>::new());
        }
    }
}

/// What is too large for the default limits is refused, and read, checked and compiled within limits of the caller's.
fn loads_and_ranks(causes: usize, indicators: usize) {
    let json = wide(causes, indicators, 20, 1).to_json();
    let limits = Limits { document_bytes: json.len(), causes, indicators, ..Limits::default() };
    let document = Document::from_json_within(&json, &limits).unwrap();
    let codes = errors(&document);
    assert!(codes.contains(&Code::TooMany), "{codes:?}");
    let model = document.clone().validate_within(&limits).unwrap().compile();
    let drawn: Vec<Findings> = (0..3).map(|turn| synthetic_case(&document, 10, turn)).collect();
    for link in [Link::Exclusive, Link::Independent] {
        let found = found_in_turns(&model, &options("anywhere", link), &drawn);
        assert!(found.is_empty(), "{}", found.join("\n"));
    }
    let assessment = assess(&model, &drawn[0], &options("anywhere", Link::Exclusive));
    let whole: f64 = assessment.causes().filter_map(aetia::Candidate::posterior).map(Probability::get).sum();
    assert!((whole + assessment.comparator().posterior().get() - 1.0).abs() < 1e-12);
    assert_eq!(assessment.ranking().len(), causes);
    assert!(assessment.ranking().zip(assessment.ranking().skip(1)).all(|(a, b)| a.score() >= b.score()));
    // As JSON it is what it was.
    assert_eq!(Document::from_json_within(&json, &no_limits()).unwrap(), wide(causes, indicators, 20, 1));
}

#[test]
fn a_knowledge_base_beyond_the_default_limits_loads_and_ranks() {
    loads_and_ranks(600, 750);
}

/// Takes some seconds with optimisation, and long without: `make test-deep` runs it.
#[test]
#[ignore = "large: make test-deep runs it"]
fn a_knowledge_base_of_thousands_of_causes_loads_and_ranks() {
    loads_and_ranks(8_000, 10_000);
}
