//! Random documents hold what the strategies promise.

use std::collections::BTreeSet;

use aetia::written::Against;
use aetia::{AnswerValue, GateMode, LogOdds, Weight};
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;

use super::draw::{draw_answer, without_contradictions};
use super::*;
use crate::oracle::{Truth, Verdict, assess, close};

fn verdict(sample: &Sample) -> Verdict {
    assess(&sample.document, &sample.findings, &sample.setting, sample.link).expect("no contradiction")
}

fn weighings() -> impl Strategy<Value = Weighing> {
    prop_oneof![Just(Weighing::Real), Just(Weighing::Ties)]
}

proptest! {
    /// "Concrete proptest invariants", 1, 11, 12, 17, 24: of the oracle itself.
    #[test]
    fn a_verdict_holds_together(sample in weighings().prop_flat_map(samples)) {
        let verdict = verdict(&sample);
        for cause in verdict.causes.values() {
            let sum = cause.parts.iter().fold(cause.prior, |sum, (_, weight)| sum + *weight);
            prop_assert_eq!(sum, cause.raw);
            prop_assert_eq!(cause.raw + cause.gate, cause.score);
            prop_assert!(cause.gate <= Weight::ZERO);
            prop_assert_eq!(cause.rank.is_none(), !cause.excluded_by.is_empty());
            prop_assert!((0.0..=1.0).contains(&cause.posterior) && (0.0..=1.0).contains(&cause.posterior_ungated));
        }
        prop_assert!(verdict.causes[&verdict.order[0]].held_by.is_empty(), "a held cause is first");
        for pair in verdict.order.windows(2) {
            let [upper, lower] = [&verdict.causes[&pair[0]], &verdict.causes[&pair[1]]];
            prop_assert!(upper.score >= lower.score && upper.posterior >= lower.posterior);
        }
        if sample.link == Link::Exclusive {
            let sum: f64 = verdict.causes.values().map(|cause| cause.posterior).sum();
            prop_assert!((sum + verdict.comparator_posterior - 1.0).abs() < 1e-12);
        }
    }

    /// "Concrete proptest invariants", 3: nothing known, so the prior stands.
    #[test]
    fn without_findings_the_priors_stand(document in weighings().prop_flat_map(documents)) {
        for setting in document.settings.keys() {
            let verdict = assess(&document, &Findings::new(), setting, Link::Exclusive).expect("no contradiction");
            for (id, cause) in &verdict.causes {
                prop_assert!((cause.posterior_ungated - document.causes[id].prior[setting].value).abs() < 1e-9);
            }
        }
    }
}

/// Everything the strategies promise turns up in a few hundred draws.
#[test]
fn everything_turns_up() {
    let mut runner = TestRunner::deterministic();
    let mut seen = BTreeSet::new();
    let (mut draws, mut ties, mut tallies) = (0, 0, 0);
    for weighing in [Weighing::Real, Weighing::Ties] {
        for _ in 0..400 {
            let sample = samples(weighing).new_tree(&mut runner).unwrap().current();
            let verdict = verdict(&sample);
            note(&sample, &verdict, &mut seen);
            tallies += u32::from(has_tally(&sample.document));
            let scores: Vec<LogOdds> = verdict.causes.values().map(|cause| cause.raw).collect();
            if weighing == Weighing::Ties && scores.len() > 1 {
                draws += 1;
                ties += u32::from(scores.iter().collect::<BTreeSet<_>>().len() < scores.len());
            }
        }
    }
    let expected = [
        "6 causes",
        "8 indicators",
        "0 indicators",
        "5 gates",
        "3 groups",
        "two settings",
        "derived",
        "implies",
        "inferred",
        "impossible",
        "flag raised",
        "flag undetermined",
        "when",
        "row of a setting",
        "rest",
        "trend",
        "unlisted",
        "neutral absence",
        "likelihood_ratio",
        "accuracy",
        "counts",
        "likelihood_ratios",
        "probabilities",
        "gamma 0",
        "gamma 1",
        "phi",
        "gamma unsaid",
        "table",
        "table part",
        "margins",
        "distribution",
        "intervals",
        "shrink",
        "count part",
        "uncounted beside a count",
        "held",
        "capped",
        "excluded",
        "lenient",
        "not assessable",
        "number on a cut-point",
        "base rate",
        "contradiction mended",
    ];
    if contradictions_are_mended(&mut runner) {
        seen.insert("contradiction mended");
    }
    let missing: Vec<&str> = expected.into_iter().filter(|feature| !seen.contains(feature)).collect();
    assert!(missing.is_empty(), "never drawn: {missing:?}");
    assert!(ties * 10 > draws, "{ties} ties in {draws} draws");
    assert!(tallies > 50, "{tallies} documents with a group in which only a count weighs, of 800");
}

/// Whether there is a group of several items in which nothing weighs but how many are present and absent.
fn has_tally(document: &Document) -> bool {
    document.groups.values().any(|group| {
        let count = group.count.as_ref().filter(|count| count.items.len() > 1);
        let is_weighed = document.evidence.iter().any(|row| group.members.contains(&row.indicator));
        count.is_some_and(|count| count.rules.iter().all(|rule| rule.distribution.is_some())) && !is_weighed
    })
}

/// Whether some case that answers everything contradicts itself, and no longer does once mended.
fn contradictions_are_mended(runner: &mut TestRunner) -> bool {
    (0..400).any(|_| {
        let document = documents(Weighing::Real).new_tree(runner).unwrap().current();
        let mut nothing = Tape::new(Vec::new());
        let answered = document.indicators.iter();
        let findings: Findings =
            answered.map(|(id, indicator)| (id.clone(), draw_answer(indicator, &mut nothing))).collect();
        close(&document, &findings).is_err()
            && close(&document, &without_contradictions(&document, findings)).is_ok()
    })
}

fn note(sample: &Sample, verdict: &Verdict, seen: &mut BTreeSet<&'static str>) {
    let document = &sample.document;
    let mut see = |feature: &'static str, is_seen: bool| {
        if is_seen {
            seen.insert(feature);
        }
    };
    see("6 causes", document.causes.len() == 6);
    see("8 indicators", document.indicators.len() == 8);
    see("0 indicators", document.indicators.is_empty());
    see("5 gates", document.gates.len() == 5);
    see("3 groups", document.groups.len() == 3);
    see("two settings", document.settings.len() == 2);
    see("derived", !document.derived.is_empty());
    see("implies", !document.implies.is_empty());
    see("inferred", !verdict.inferred.is_empty());
    see("impossible", !document.impossible.is_empty());
    see("flag raised", verdict.flags.values().any(|truth| *truth == Truth::True));
    see("flag undetermined", verdict.flags.values().any(|truth| *truth == Truth::Undetermined));
    for row in &document.evidence {
        see("when", row.when.is_some());
        see("row of a setting", !row.setting.is_empty());
        see("rest", row.against == Against::Rest);
        see("trend", row.trend.is_some());
        see("unlisted", row.unlisted.is_some());
        see("neutral absence", row.absent.is_some());
        see("likelihood_ratio", row.likelihood_ratio.is_some());
        see("accuracy", row.accuracy.is_some());
        see("counts", row.counts.is_some());
        see("likelihood_ratios", !row.likelihood_ratios.is_empty());
        see("probabilities", row.probabilities.is_some());
    }
    for group in document.groups.values() {
        see("gamma 0", group.gamma == Some(0.0));
        see("gamma 1", group.gamma == Some(1.0));
        see("phi", group.phi.is_some());
        see("gamma unsaid", group.gamma.is_none() && group.phi.is_none());
        see("table", !group.table.is_empty());
        let size_of_part = |cause: &str| {
            let parts = &verdict.causes[cause].parts;
            parts
                .iter()
                .filter(|(ids, _)| ids.iter().all(|id| group.members.contains(id)))
                .map(|(ids, _)| ids.len())
        };
        see("table part", group.table.iter().any(|cause| size_of_part(cause).any(|size| size > 1)));
        for rule in group.count.iter().flat_map(|count| &count.rules) {
            see("margins", rule.margins.is_some());
            see("distribution", rule.distribution.is_some());
            see("intervals", !rule.likelihood_ratios.is_empty() && rule.shrink.is_none());
            see("shrink", rule.shrink.is_some());
            see("count part", size_of_part(&rule.cause).any(|size| size > 1));
            see("uncounted beside a count", size_of_part(&rule.cause).count() > 1);
        }
    }
    for cause in verdict.causes.values() {
        see("held", !cause.held_by.is_empty());
        see("capped", !cause.capped_by.is_empty());
        see("excluded", !cause.excluded_by.is_empty());
    }
    see("lenient", document.gates.values().any(|gate| gate.mode == Some(GateMode::Lenient)));
    see("base rate", document.indicators.values().any(|indicator| !indicator.base_rate.is_empty()));
    for (id, value) in &sample.findings {
        see("not assessable", *value == AnswerValue::Named("not_assessable".to_owned()));
        let cuts = &document.indicators[id].cut_points;
        see("number on a cut-point", cuts.iter().any(|cut| *value == AnswerValue::Number(*cut)));
    }
}
