//! The rules the embedded knowledge base declares about itself, proved and checked.

use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use aetia::{Case, Options, Scratch};
use aetia_tests::flagship::flagship;
use aetia_verify::{Budget, Checker, Claim, Prover, Refutation, Scope, Verdict};

/// Every invariant is proved, and its certificate accepted by the checker, which reads the document and nothing else.
#[test]
fn every_declared_invariant_is_proved() {
    let model = &flagship().model;
    let (prover, checker) = (Prover::new(model).unwrap(), Checker::new(&flagship().document).unwrap());
    let (mut proving, mut checking) = (Duration::ZERO, Duration::ZERO);
    let invariants = model.knowledge_base().invariants();
    assert_eq!(invariants.len(), 43, "the documents say how many there are");
    for invariant in invariants {
        let claim = Claim::from(invariant.claim().clone());
        let start = Instant::now();
        let verdict = prover.prove(&claim, &Scope::default(), &Budget::default()).unwrap();
        let search = start.elapsed();
        let Verdict::Proved { certificate, .. } = &verdict else {
            panic!("{}: {claim}: {verdict}", invariant.id())
        };
        let start = Instant::now();
        checker.check(&claim.to_string(), certificate).unwrap();
        let reading = start.elapsed();
        println!("{search:>10.1?} {reading:>10.1?} {:>4} {claim}: {verdict}", certificate.steps());
        (proving, checking) = (proving + search, checking + reading);
    }
    println!("{proving:.1?} to prove, {checking:.1?} to check");
}

/// Why the rule on night pain begins at an answer nobody has given: the lack of night pain says that nobody is woken by it,
/// and in a count one sign that is lacking beside one that is there may weigh more than one nobody has asked about.
#[test]
fn night_pain_after_its_absence_may_let_another_cause_pass() {
    let claim: Claim = "monotone(night_pain: absent -> present, inflammatory_back_pain)".parse().unwrap();
    let model = &flagship().model;
    let verdict = aetia_verify::prove(model, &claim, &Budget::default()).unwrap();
    let Verdict::Refuted { by: Refutation::Case(found), .. } = &verdict else { panic!("{verdict}") };
    let options = Options { setting: found.setting().parse().unwrap(), link: model.options().link };
    let below = |case: &Case| -> BTreeSet<String> {
        let mut scratch = Scratch::new();
        let assessed = model.assess_with(case, &options, &mut scratch).unwrap();
        let ranking: Vec<String> = assessed.ranking().map(|it| it.id().to_string()).collect();
        let own = ranking.iter().position(|id| id == "inflammatory_back_pain").unwrap();
        ranking.into_iter().skip(own + 1).collect()
    };
    let (before, after) = (below(found.shrunk()), below(found.after().unwrap()));
    assert!(!before.is_subset(&after), "{before:?} {after:?}");
}

/// The certificate that the documents explain is the one that is found, and the checker accepts it as it stands there.
#[test]
fn the_certificate_in_the_documents_is_the_one_that_is_found() {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let page = std::fs::read_to_string(root.join("crates/aetia-verify/docs/proofs.md")).unwrap();
    let kb = std::fs::read_to_string(root.join("crates/aetia/docs/tiny.toml")).unwrap();
    let printed = page.split("```json\n").nth(1).unwrap().split("```").next().unwrap().trim();
    let model = aetia::Document::from_toml(&kb).unwrap().validate().unwrap().compile();
    let claim = "never_first(inflammatory) unless present(night_pain)";
    let verdict = aetia_verify::prove(&model, &claim.parse().unwrap(), &Budget::default()).unwrap();
    let Verdict::Proved { certificate, .. } = verdict else { panic!("{verdict}") };
    assert_eq!(printed, certificate.to_json(), "\n{}", certificate.to_json());
    aetia_verify::check(&kb, claim, printed).unwrap();
}
