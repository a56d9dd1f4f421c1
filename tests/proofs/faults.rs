//! Faults put into the solver: each must be noticed, by a wrong verdict or by the checker.

use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};

use aetia_tests::exhaustive::{World, small_document};
use aetia_tests::synthetic::SplitMix;
use aetia_verify::{Budget, Claim, Fault, Prover, Verdict};

use super::brute::{Asked, claims, judged};

/// Knowledge bases that are tried until a fault is noticed.
const BASES: usize = 400;

/// What may be spent: searches of small knowledge bases are too short for a fault of long ones.
fn budget(fault: Fault) -> Budget {
    let budget = Budget::of_nodes(2_000);
    if fault == Fault::RulesOutTooMuch { Budget { thorough_after: 0, ..budget } } else { budget }
}

/// What notices a fault in a claim.
fn noticed(world: &World, asked: &Asked, fault: Fault) -> Option<&'static str> {
    Fault::put(Some(fault));
    let verdict = catch_unwind(AssertUnwindSafe(|| {
        let claim: Claim = asked.text.parse().unwrap();
        Prover::new(&world.model).unwrap().prove(&claim, &asked.scope, &budget(fault)).unwrap()
    }));
    Fault::put(None);
    let Ok(verdict) = verdict else { return Some("a panic") };
    let wrong = judged(world, asked, &verdict).err()?;
    Some(match verdict {
        Verdict::Proved { .. } if wrong.starts_with("refused") && !asked.holds => {
            "the checker, of a wrong proof"
        }
        Verdict::Proved { .. } if wrong.starts_with("refused") => "the checker, of a right claim",
        Verdict::Undecided { .. } => "the engine, which does not follow",
        _ if wrong.starts_with("refused") => "the checker, of a wrong proof",
        Verdict::Proved { .. } | Verdict::Refuted { .. } | _ => "the list of all cases",
    })
}

/// A claim that holds is not proved wrongly, and one that does not is never proved past the checker: no fault gets a wrong
/// proof accepted.
#[test]
fn every_fault_put_into_the_solver_is_noticed() {
    let mut table: BTreeMap<String, (usize, &str)> = BTreeMap::new();
    let mut random = SplitMix::of(43);
    for base in 1..=BASES {
        let Some(document) = small_document(&mut random, 400) else { continue };
        let world = World::of(document);
        let mut all = claims(&world, &mut random);
        // What is wrong or undecided without a fault shows nothing about one.
        all.retain(|asked| {
            let claim: Claim = asked.text.parse().unwrap();
            let verdict =
                Prover::new(&world.model).unwrap().prove(&claim, &asked.scope, &Budget::of_nodes(2_000));
            judged(&world, asked, &verdict.unwrap()).is_ok()
        });
        for fault in Fault::ALL {
            let name = format!("{fault:?}");
            if table.contains_key(&name) {
                continue;
            }
            if let Some(by) = all.iter().find_map(|asked| noticed(&world, asked, fault)) {
                table.insert(name, (base, by));
            }
        }
        if table.len() == Fault::ALL.len() {
            break;
        }
    }
    println!("{:<28} {:>14}  noticed by", "fault", "knowledge base");
    for fault in Fault::ALL {
        let name = format!("{fault:?}");
        match table.get(&name) {
            Some((base, by)) => println!("{name:<28} {base:>14}  {by}"),
            None => println!("{name:<28} {:>14}  nothing", "-"),
        }
    }
    let missing = Fault::ALL.iter().filter(|fault| !table.contains_key(&format!("{fault:?}")));
    let missing: Vec<&Fault> = missing.collect();
    assert!(missing.is_empty(), "faults that nothing notices: {missing:?}");
}
