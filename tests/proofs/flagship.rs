//! The rules the embedded knowledge base declares about itself, proved and checked.

use std::time::Instant;

use aetia_tests::flagship::flagship;
use aetia_verify::{Budget, Claim, Prover, Scope, Verdict, check_document};

/// Every invariant is proved, and its certificate accepted by the checker, which reads the document and nothing else. Rules
/// on changes of an answer take minutes, and have a test of their own.
#[test]
fn every_declared_invariant_about_single_cases_is_proved() {
    prove_all(|claim| !claim.starts_with("monotone"), 15);
}

/// The same for rules on changes of an answer.
#[test]
#[ignore = "takes many minutes: `make certificates RULES=all` proves them"]
fn every_declared_invariant_about_changes_is_proved() {
    prove_all(|claim| claim.starts_with("monotone"), 15);
}

fn prove_all(is_asked: impl Fn(&str) -> bool, least: usize) {
    let model = &flagship().model;
    let prover = Prover::new(model).unwrap();
    let mut count = 0;
    for invariant in model.knowledge_base().invariants() {
        let claim = Claim::from(invariant.claim().clone());
        if !is_asked(&claim.to_string()) {
            continue;
        }
        let start = Instant::now();
        let verdict = prover.prove(&claim, &Scope::default(), &Budget::default()).unwrap();
        let took = start.elapsed();
        let Verdict::Proved { certificate, .. } = &verdict else {
            panic!("{}: {claim}: {verdict}", invariant.id())
        };
        let start = Instant::now();
        check_document(&flagship().document, &claim.to_string(), certificate).unwrap();
        println!("{took:>10.1?} {:>10.1?} {:>4} {claim}: {verdict}", start.elapsed(), certificate.steps());
        count += 1;
    }
    assert!(count >= least, "only {count} invariants");
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
