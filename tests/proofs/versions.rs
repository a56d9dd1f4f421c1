//! Two versions of a knowledge base: equal for every case, or a case that differs; and whether a case is settled.

use aetia::{FlagState, Model};
use aetia_tests::exhaustive::{World, small_document};
use aetia_tests::synthetic::SplitMix;
use aetia_verify::{
    Budget, Change, Claim, Prover, Refutation, Scope, Verdict, check_document, check_pair, diff, prove,
};

/// A document with one figure, gate or flag changed.
fn changed(world: &World, random: &mut SplitMix) -> Option<Model> {
    let mut document = world.document.clone();
    match random.below(4) {
        0 => {
            let count = document.evidence.len().max(1);
            let row = document.evidence.get_mut(random.below(count))?;
            row.likelihood_ratio.as_mut()?.present *= [1.05, 1.000_001, 0.9][random.below(3)];
        }
        1 => {
            let id = document.gates.keys().next()?.clone();
            document.gates.remove(&id);
        }
        2 => {
            let id = document.flags.keys().next()?.clone();
            document.flags.get_mut(&id)?.condition = world.document.flags["asked_1"].condition.clone();
        }
        _ => {
            let cause = document.causes.values_mut().next()?;
            cause.prior.values_mut().for_each(|prior| prior.value *= 0.97);
        }
    }
    Some(document.validate().ok()?.compile())
}

/// What is called minor changes no first cause and no raised flag in any case; what is called major comes with a case in
/// which the engine has another.
#[test]
fn a_minor_change_changes_no_case() {
    let mut random = SplitMix::of(44);
    let budget = Budget::of_nodes(20_000);
    let (mut minor, mut major, mut checked) = (0, 0, 0);
    while minor + major < 60 {
        let Some(document) = small_document(&mut random, 300) else { continue };
        let world = World::of(document);
        let Some(new) = changed(&world, &mut random) else { continue };
        let place = || world.document.to_toml();
        let found = diff(&world.model, &new, &budget).unwrap();
        let raised = |model: &Model, case: &aetia::Case| -> Vec<String> {
            let assessment = model.assess(&model.adopt(case));
            let raised = assessment.flags().filter(|report| report.state == FlagState::Raised);
            raised.map(|report| report.flag.id().to_string()).collect()
        };
        let differs = world.numbers().any(|number| {
            let case = world.cases[number].as_ref().unwrap();
            let first = |setting: &str| {
                let options = aetia_tests::engine::options(setting, aetia::Link::Exclusive);
                let mut scratch = aetia::Scratch::new();
                new.assess_with(case, &options, &mut scratch).unwrap().first().id().to_string()
            };
            let rows = world.settings.iter().zip(&world.rows[number]);
            let other = rows.into_iter().any(|(setting, row)| first(setting) != world.causes[row.order[0]]);
            other || raised(&world.model, case) != raised(&new, case)
        });
        match found.change {
            Change::Major => {
                assert!(differs, "{found}\n{}", place());
                major += 1;
            }
            Change::Minor | Change::Patch => {
                assert!(!differs, "{found}\n{}", place());
                minor += 1;
                let claim = Claim::SameFirstAs(new.clone());
                let verdict = prove(&world.model, &claim, &budget).unwrap();
                let Verdict::Proved { certificate, .. } = verdict else { panic!("{verdict}") };
                let (old, new) = (world.document.to_toml(), new.knowledge_base().document().to_toml());
                assert_eq!(check_pair(&old, &new, &claim.to_string(), &certificate.to_json()), Ok(()));
                checked += 1;
            }
            Change::Undecided => panic!("{found}\n{}", place()),
        }
    }
    println!("{minor} minor changes, {major} major ones, {checked} certificates accepted");
    assert!(minor > 5 && major > 5);
}

/// A case that is called settled keeps its first cause in every completion; one that is not has a completion that changes
/// it, by the engine.
#[test]
fn no_completion_changes_a_settled_case() {
    let mut random = SplitMix::of(45);
    let (mut settled, mut open) = (0, 0);
    while settled + open < 200 {
        let Some(document) = small_document(&mut random, 300) else { continue };
        let world = World::of(document);
        let numbers: Vec<usize> = world.numbers().collect();
        let prover = Prover::new(&world.model).unwrap();
        let default = &world.document.knowledge_base.default_setting;
        let setting = world.settings.iter().position(|setting| setting == default).unwrap();
        for _ in 0..5 {
            let number = numbers[random.below(numbers.len())];
            let case = world.cases[number].clone().unwrap();
            let first = |number: usize| world.rows[number][setting].order[0];
            let completes = |other: usize| {
                (0..world.indicators.len()).all(|i| {
                    world.answer(number, i) == 0 || world.answer(other, i) == world.answer(number, i)
                })
            };
            let changes = numbers.iter().any(|other| completes(*other) && first(*other) != first(number));
            let claim = Claim::Settled { case };
            let verdict = prover.prove(&claim, &Scope::default(), &Budget::of_nodes(20_000)).unwrap();
            match &verdict {
                Verdict::Proved { certificate, .. } => {
                    assert!(!changes, "{claim}\n{}", world.document.to_toml());
                    assert_eq!(check_document(&world.document, &claim.to_string(), certificate), Ok(()));
                    settled += 1;
                }
                Verdict::Refuted { by: Refutation::Case(found), .. } => {
                    assert!(
                        changes && first(world.numbers_of(found.shrunk())[0]) != first(number),
                        "{claim}"
                    );
                    open += 1;
                }
                Verdict::Refuted { .. } | Verdict::Undecided { .. } | _ => panic!("{verdict}"),
            }
        }
    }
    println!("{settled} settled cases, {open} open ones");
    assert!(settled > 10 && open > 10);
}
