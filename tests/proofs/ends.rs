//! How a search ends early, and what it says then; and what is said of a case that was found.

use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::Instant;

use aetia_tests::exhaustive::{World, small_document};
use aetia_tests::flagship::flagship;
use aetia_tests::synthetic::SplitMix;
use aetia_verify::{Budget, Claim, Prover, Refutation, Scope, Unfinished, Verdict};

use super::brute::claims;

/// A budget that is spent decides nothing, and says by what it was spent.
#[test]
fn a_search_that_is_stopped_is_undecided_and_says_why() {
    let flagship = flagship();
    let prover = Prover::new(&flagship.model).unwrap();
    let claim: Claim = "never_first(inflammatory_back_pain)".parse().unwrap();
    let cancelled = Some(Arc::new(AtomicBool::new(true)));
    for (budget, expected) in [
        (Budget { cancelled, ..Budget::default() }, Unfinished::Cancelled),
        (Budget { deadline: Some(Instant::now()), ..Budget::default() }, Unfinished::Deadline),
        (Budget::of_nodes(0), Unfinished::Nodes),
    ] {
        let verdict = prover.prove(&claim, &Scope::default(), &budget).unwrap();
        let Verdict::Undecided { reason, .. } = &verdict else { panic!("{verdict}") };
        assert_eq!(*reason, expected);
        assert!(!verdict.is_proved() && !verdict.is_refuted());
    }
    assert!(prover.prove(&claim, &Scope::default(), &Budget::default()).unwrap().is_refuted());
}

/// What was looked at is counted over every setting.
#[test]
fn the_boxes_of_every_setting_are_counted() {
    let flagship = flagship();
    let settings = flagship.model.knowledge_base().settings().count();
    let claim: Claim = "never_first(inflammatory_back_pain) unless present(night_pain)".parse().unwrap();
    let prover = Prover::new(&flagship.model).unwrap();
    let verdict = prover.prove(&claim, &Scope::default(), &Budget::of_nodes(1)).unwrap();
    let Verdict::Undecided { nodes, .. } = verdict else { panic!("{verdict}") };
    assert_eq!(nodes, settings);
}

/// By how much a rule is broken at most is said of the setting where that is most.
#[test]
fn the_bound_of_all_settings_is_the_greatest_of_any() {
    let flagship = flagship();
    let claim: Claim = "never_first(inflammatory_back_pain) unless present(night_pain)".parse().unwrap();
    let prover = Prover::new(&flagship.model).unwrap();
    let bound = |setting: Option<String>| {
        let scope = Scope { setting, ..Scope::default() };
        let verdict = prover.prove(&claim, &scope, &Budget::of_nodes(1)).unwrap();
        let Verdict::Undecided { best_bound, .. } = verdict else { panic!("{verdict}") };
        best_bound.unwrap()
    };
    let settings = flagship.model.knowledge_base().settings();
    let each: Vec<_> = settings.map(|setting| bound(Some(setting.id().to_string()))).collect();
    assert_eq!(Some(bound(None)), each.iter().copied().max());
    assert_ne!(each.iter().min(), each.iter().max());
}

/// Of a shrunk case no answer can be left out.
#[test]
fn no_answer_of_a_shrunk_case_can_be_left_out() {
    let mut random = SplitMix::of(61);
    let (mut tried, mut several, mut worlds) = (0, 0, 0);
    while several < 100 {
        worlds += 1;
        assert!(worlds < 2_000, "only {several} cases of more than one answer");
        let Some(document) = small_document(&mut random, 500) else { continue };
        let world = World::of(document);
        let prover = Prover::new(&world.model).unwrap();
        for asked in claims(&world, &mut random) {
            let claim: Claim = asked.text.parse().unwrap();
            let verdict = prover.prove(&claim, &asked.scope, &Budget::of_nodes(2_000)).unwrap();
            let Verdict::Refuted { by: Refutation::Case(found), .. } = verdict else { continue };
            // A rule about a change keeps the answer that changes.
            if found.after().is_some() {
                continue;
            }
            let at = world.settings.iter().position(|setting| setting == found.setting()).unwrap();
            let text: serde_json::Value = serde_json::from_str(&found.shrunk().to_json()).unwrap();
            let given = text["findings"].as_object().unwrap();
            several += usize::from(given.len() > 1);
            for left_out in given.keys() {
                let mut fewer = text.clone();
                fewer["findings"].as_object_mut().unwrap().remove(left_out);
                let fewer = world.model.case_from_json(&fewer.to_string()).unwrap();
                let breaks = |number: usize| (asked.breaks)(&world, number, at);
                assert!(!world.numbers_of(&fewer).into_iter().any(breaks), "{}: {left_out}", asked.text);
                tried += 1;
            }
        }
    }
    assert!(tried >= 200, "{tried}");
}
