//! The rules the embedded knowledge base declares about itself, proved and checked.

use std::time::Instant;

use aetia_tests::flagship::flagship;
use aetia_verify::{Budget, Claim, Prover, Scope, Verdict, check_document};

/// Every invariant is proved, and its certificate accepted by the checker, which reads the document and nothing else.
#[test]
fn every_declared_invariant_is_proved() {
    let model = &flagship().model;
    let prover = Prover::new(model).unwrap();
    let mut proved = 0;
    for invariant in model.knowledge_base().invariants() {
        let claim = Claim::from(invariant.claim().clone());
        let start = Instant::now();
        let verdict = prover.prove(&claim, &Scope::default(), &Budget::default()).unwrap();
        let took = start.elapsed();
        let Verdict::Proved { certificate, .. } = &verdict else {
            panic!("{}: {claim}: {verdict}", invariant.id())
        };
        let start = Instant::now();
        check_document(&flagship().document, &claim.to_string(), certificate).unwrap();
        println!("{took:>10.1?} {:>10.1?} {:>4} {claim}: {verdict}", start.elapsed(), certificate.steps());
        proved += 1;
    }
    assert_eq!(proved, flagship().document.invariants.len());
    assert!(proved > 40);
}
