//! Verdicts against another solver: z3 on the queries as SMT-LIB 2, which are written from what the words mean.

use std::io::Write as _;
use std::process::{Command, Stdio};

use aetia_tests::exhaustive::{World, small_document};
use aetia_tests::flagship::flagship;
use aetia_tests::synthetic::SplitMix;
use aetia_verify::{Budget, Claim, Prover, Scope, Verdict, smt2};

use super::brute::claims;

/// How many queries are asked at least.
const LEAST: usize = 200;

/// What z3 answers to each query of a script. `AETIA_Z3` says where it is.
fn asked_of_z3(script: &str) -> Vec<String> {
    let z3 = std::env::var("AETIA_Z3").expect("`make test-z3` says where z3 is, by AETIA_Z3");
    let mut process = Command::new(z3)
        .args(["-smt2", "-in"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("z3 starts");
    process.stdin.take().expect("a pipe").write_all(script.as_bytes()).expect("z3 reads");
    let output = process.wait_with_output().expect("z3 ends");
    let answers: Vec<String> =
        String::from_utf8(output.stdout).expect("z3 answers in text").lines().map(str::to_owned).collect();
    assert!(
        answers.iter().all(|answer| ["sat", "unsat", "unknown"].contains(&answer.as_str())),
        "{answers:?}"
    );
    answers
}

/// Whether these answers say that a claim holds; none where z3 does not know.
fn holds(claim: &str, answers: &[String]) -> Option<bool> {
    let expected = if claim.starts_with("reachable") { "sat" } else { "unsat" };
    let is_against = |answer: &String| answer != expected && answer != "unknown";
    if answers.iter().any(is_against) {
        Some(false)
    } else {
        answers.iter().all(|answer| answer == expected).then_some(true)
    }
}

/// On random knowledge bases z3, the prover and the list of all cases say the same.
#[test]
#[ignore = "wants z3: `make test-z3`"]
fn another_solver_says_the_same() {
    let mut random = SplitMix::of(2026);
    let (mut worlds, mut queries, mut decided, mut unwritten) = (0, 0, 0, 0);
    while worlds < 15 {
        let Some(document) = small_document(&mut random, 600) else { continue };
        let world = World::of(document);
        worlds += 1;
        let prover = Prover::new(&world.model).unwrap();
        let (mut whole, mut asked) = (String::new(), Vec::new());
        for one in claims(&world, &mut random) {
            let claim: Claim = one.text.parse().unwrap();
            match smt2(&world.model, &claim, &one.scope) {
                Ok(script) => {
                    asked.push((claim, one, script.matches("(check-sat)").count()));
                    whole.push_str(&script);
                }
                Err(refusal) => {
                    assert!(one.text.starts_with("posterior") && refusal.help().is_some(), "{refusal}");
                    unwritten += 1;
                }
            }
        }
        let answers = asked_of_z3(&whole);
        let mut left = answers.as_slice();
        for (claim, one, count) in &asked {
            let (own, rest) = left.split_at(*count);
            left = rest;
            queries += own.len();
            let Some(theirs) = holds(&one.text, own) else { continue };
            assert_eq!(
                theirs,
                one.holds,
                "z3 and the list of all cases: {}\n{}",
                one.text,
                world.document.to_toml()
            );
            let verdict = prover.prove(claim, &one.scope, &Budget::of_nodes(20_000)).unwrap();
            match verdict {
                Verdict::Proved { .. } => assert!(theirs, "{}: {verdict}", one.text),
                Verdict::Refuted { .. } => assert!(!theirs, "{}: {verdict}", one.text),
                Verdict::Undecided { .. } | _ => continue,
            }
            decided += 1;
        }
        assert!(left.is_empty(), "an answer for each query");
    }
    assert!(queries >= LEAST && decided >= LEAST, "only {queries} queries, {decided} claims");
    println!(
        "z3: {queries} queries of {decided} decided claims, no disagreement; {unwritten} were no linear arithmetic"
    );
}

/// On the flagship z3 finds the declared rules about single cases to hold, too.
#[test]
#[ignore = "wants z3: `make test-z3`"]
fn another_solver_proves_the_rules_of_the_flagship() {
    let model = &flagship().model;
    let mut count = 0;
    for invariant in model.knowledge_base().invariants() {
        let claim = Claim::from(invariant.claim().clone());
        let text = claim.to_string();
        // A change is a case twice: minutes for z3.
        if text.starts_with("monotone") {
            continue;
        }
        match smt2(model, &claim, &Scope::default()) {
            Ok(script) => {
                assert_eq!(holds(&text, &asked_of_z3(&script)), Some(true), "{text}");
                count += 1;
            }
            Err(refusal) => assert!(text.starts_with("posterior"), "{text}: {refusal}"),
        }
    }
    assert!(count >= 10, "only {count} rules");
    println!("z3: {count} rules of the flagship hold");
}
