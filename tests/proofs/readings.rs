//! Of which readings of a knowledge base something is shown: settings, links, and priors that may move.

use aetia::written::Against;
use aetia::{Document, Weight, exp10};
use aetia_tests::exhaustive::{World, small_document};
use aetia_tests::synthetic::SplitMix;
use aetia_verify::{Budget, Checker, Claim, Prover, Readings, Refutation, Scope, Verdict};

use super::brute::{Asked, claims};

/// In so many worlds there is enough to look at.
const MOST: usize = 500;

/// Worlds, one after another.
fn worlds(seed: u64) -> impl Iterator<Item = (World, Vec<Asked>, SplitMix)> {
    let mut random = SplitMix::of(seed);
    std::iter::repeat_with(move || {
        let document = std::iter::repeat_with(|| small_document(&mut random, 200)).flatten().next().unwrap();
        let world = World::of(document);
        let claims = claims(&world, &mut random);
        (world, claims, SplitMix::of(random.below(1 << 30) as u64))
    })
}

/// A rule that holds in one setting and breaks in another: the certificate of the one says nothing of both.
#[test]
fn a_certificate_of_one_setting_does_not_show_a_rule_of_all() {
    let mut refused = 0;
    for (world, claims, _) in worlds(51).take(MOST) {
        let prover = Prover::new(&world.model).unwrap();
        let checker = Checker::new(&world.document).unwrap();
        let general = |asked: &&Asked| !asked.holds && asked.scope == Scope::default();
        for asked in claims.iter().filter(general) {
            let claim: Claim = asked.text.parse().unwrap();
            for setting in &world.settings {
                let scope = Scope { setting: Some(setting.clone()), ..Scope::default() };
                let verdict = prover.prove(&claim, &scope, &Budget::of_nodes(500)).unwrap();
                let Verdict::Proved { certificate, .. } = verdict else { continue };
                assert_eq!(checker.check_within(&asked.text, &(&scope).into(), &certificate), Ok(()));
                let error = checker.check(&asked.text, &certificate).unwrap_err().to_string();
                assert!(error.contains("shows less than is claimed"), "{error}");
                // Neither does it when it says of itself that it is of all.
                let mut hidden = certificate.clone();
                hidden.readings.setting = None;
                assert!(checker.check(&asked.text, &hidden).is_err(), "{}", asked.text);
                refused += 1;
            }
        }
        if refused >= 30 {
            return;
        }
    }
    panic!("only {refused} rules hold in one setting and not in all");
}

#[test]
fn a_certificate_of_less_is_refused_and_one_of_more_is_not() {
    let text = include_str!("../../crates/aetia/docs/tiny.toml");
    let document = Document::from_toml(text).unwrap();
    let model = document.clone().validate().unwrap().compile();
    let checker = Checker::new(&document).unwrap();
    let rule = "never_first(inflammatory) unless present(night_pain)";
    let two = Scope { priors: Some(Weight::from_nanodecibans(20_000_000_000)), ..Scope::default() };
    let certificate = |scope: &Scope| {
        let verdict = Prover::new(&model).unwrap().prove(&rule.parse().unwrap(), scope, &Budget::default());
        let Verdict::Proved { certificate, .. } = verdict.unwrap() else { panic!("{rule}") };
        certificate
    };
    let (plain, moved) = (certificate(&Scope::default()), certificate(&two));
    assert_eq!(checker.check(rule, &plain), Ok(()));
    assert_eq!(checker.check(rule, &moved), Ok(()));
    assert_eq!(checker.check_within(rule, &(&two).into(), &moved), Ok(()));
    assert!(checker.check_within(rule, &(&two).into(), &plain).is_err());
    let more = Readings { priors: moved.readings.priors + 1, ..moved.readings.clone() };
    assert!(checker.check_within(rule, &more, &moved).is_err());
    let intervals = Readings { intervals: true, ..Readings::default() };
    assert!(checker.check_within(rule, &intervals, &plain).is_err());
    // By another link than the one that is claimed.
    let apart = Scope { link: Some(aetia::Link::Independent), ..Scope::default() };
    assert_ne!(apart.link, Some(document.knowledge_base.link));
    let linked = certificate(&apart);
    assert_eq!(checker.check_within(rule, &(&apart).into(), &linked), Ok(()));
    assert!(checker.check(rule, &linked).unwrap_err().to_string().contains("another link"));
    assert!(checker.check_within(rule, &(&apart).into(), &plain).is_err());
}

/// The document with the odds of every cause somewhere within so many nanodecibans of its prior: at an end, mostly.
fn drawn(document: &Document, most: i64, random: &mut SplitMix) -> Document {
    let mut moved = document.clone();
    for setting in document.settings.keys() {
        let prior = |id: &String| document.causes[id].prior[setting].value;
        let comparator = 1.0 - document.causes.keys().map(prior).sum::<f64>();
        let inside = most - 5;
        let odds: Vec<f64> = document
            .causes
            .keys()
            .map(|id| prior(id) / comparator * exp10([inside, -inside, 0, inside / 2][random.below(4)]))
            .collect();
        let share = 1.0 / (1.0 + odds.iter().sum::<f64>());
        for (cause, odds) in moved.causes.values_mut().zip(odds) {
            let prior = cause.prior.get_mut(setting).unwrap();
            (prior.value, prior.interval) = (odds * share, None);
        }
    }
    moved
}

/// What is proved of priors that may move holds for priors drawn from there; what is refuted breaks for some that were.
#[test]
fn what_is_proved_of_moving_priors_holds_for_priors_drawn_there() {
    let most = Weight::from_nanodecibans(20_000_000_000);
    let (mut held, mut broken, mut open) = (0, 0, 0);
    for (world, claims, mut random) in worlds(52).take(MOST) {
        let prover = Prover::new(&world.model).unwrap();
        let checker = Checker::new(&world.document).unwrap();
        let others: Vec<World> = (0..4)
            .map(|_| drawn(&world.document, most.nanodecibans(), &mut random))
            .filter(|document| document.clone().validate().is_ok())
            .map(World::of)
            .collect();
        let settled = |asked: &&Asked| asked.holds && !asked.text.starts_with("reachable");
        for asked in claims.iter().filter(settled) {
            let claim: Claim = asked.text.parse().unwrap();
            let scope = Scope { priors: Some(most), ..asked.scope.clone() };
            let verdict = prover.prove(&claim, &scope, &Budget::of_nodes(500));
            let depends = world.document.evidence.iter().any(|row| row.against == Against::Rest);
            assert_eq!(verdict.is_err(), depends, "{}", asked.text);
            let Ok(verdict) = verdict else { break };
            match verdict {
                Verdict::Proved { certificate, .. } => {
                    let shown = checker.check_within(&asked.text, &(&scope).into(), &certificate);
                    assert_eq!(shown, Ok(()), "{}", asked.text);
                    for other in &others {
                        let settings = 0..other.settings.len();
                        let breaks = |number| settings.clone().any(|at| (asked.breaks)(other, number, at));
                        assert!(!other.numbers().any(breaks), "{}", asked.text);
                    }
                    held += 1;
                }
                Verdict::Refuted { by: Refutation::Case(found), .. } => {
                    let (_, document) = found.figures().expect("as it is, the rule holds");
                    let other = World::of(document.clone());
                    let at = other.settings.iter().position(|setting| setting == found.setting()).unwrap();
                    for case in [found.case(), found.shrunk(), found.most_probable()] {
                        let breaks = |number| (asked.breaks)(&other, number, at);
                        assert!(other.numbers_of(case).into_iter().any(breaks), "{}", asked.text);
                    }
                    broken += 1;
                }
                Verdict::Refuted { .. } | Verdict::Undecided { .. } | _ => open += 1,
            }
        }
        if held >= 100 && broken >= 10 {
            println!("of priors that move by {most}: {held} proved, {broken} refuted, {open} undecided");
            return;
        }
    }
    panic!("only {held} proved and {broken} refuted");
}

/// What is to be possible is claimed of the figures as they are.
#[test]
fn nothing_is_said_to_be_possible_of_priors_that_move() {
    let (world, ..) = worlds(53).next().unwrap();
    let scope = Scope { priors: Some(Weight::ZERO), ..Scope::default() };
    let claim = "reachable_first(every)".parse::<Claim>().unwrap();
    let refusal = Prover::new(&world.model).unwrap().prove(&claim, &scope, &Budget::default()).unwrap_err();
    assert!(refusal.to_string().contains("as they are"), "{refusal}");
}

/// What there is to spare is there: with every prior moved by less than half of it no difference of two scores moves by
/// all of it, and the rule still holds.
#[test]
fn what_there_is_to_spare_is_there() {
    let mut tried = 0;
    let thorough = Budget { thorough_after: 0, ..Budget::of_nodes(500) };
    for (world, claims, _) in worlds(54).take(MOST) {
        let prover = Prover::new(&world.model).unwrap();
        for asked in claims.iter().filter(|it| it.holds && it.text.starts_with("never_first")) {
            let claim: Claim = asked.text.parse().unwrap();
            let verdict = prover.prove(&claim, &Scope::default(), &thorough).unwrap();
            let Verdict::Proved { margin: Some(margin), .. } = verdict else { continue };
            let half = (margin.nanodecibans() - 2) / 2;
            if half <= 0 {
                continue;
            }
            let scope = Scope { priors: Some(Weight::from_nanodecibans(half)), ..Scope::default() };
            // Where weights are against everybody else they depend on priors.
            let Ok(moved) = prover.prove(&claim, &scope, &thorough) else { continue };
            assert!(
                !moved.is_refuted(),
                "{} with {margin}: {moved}\n{}",
                asked.text,
                world.document.to_toml()
            );
            tried += 1;
        }
        if tried >= 400 {
            return;
        }
    }
    panic!("only {tried} rules hold with something to spare");
}

/// Weights against everybody else depend on priors: nothing is proved of priors that move, and nothing that says so is accepted.
#[test]
fn weights_that_depend_on_priors_are_not_taken_for_ones_that_stay() {
    let (mut refused, mut forged) = (0, 0);
    for (world, claims, _) in worlds(55).take(MOST) {
        let depends = world.document.evidence.iter().any(|row| row.against == Against::Rest);
        let prover = Prover::new(&world.model).unwrap();
        let checker = Checker::new(&world.document).unwrap();
        for asked in claims.iter().filter(|it| it.holds && it.text.starts_with("never_first")) {
            let claim: Claim = asked.text.parse().unwrap();
            let verdict = prover.prove(&claim, &Scope::default(), &Budget::of_nodes(500)).unwrap();
            let Verdict::Proved { mut certificate, margin: Some(margin) } = verdict else { continue };
            if margin < Weight::from_nanodecibans(100) {
                continue;
            }
            let scope = Scope { priors: Some(Weight::from_nanodecibans(10)), ..Scope::default() };
            let moved = prover.prove(&claim, &scope, &Budget::of_nodes(500));
            certificate.readings.priors = 10;
            let shown = checker.check_within(&asked.text, &(&scope).into(), &certificate);
            if depends {
                assert!(moved.unwrap_err().to_string().contains("depends on priors"), "{}", asked.text);
                assert!(shown.unwrap_err().to_string().contains("depend on priors"), "{}", asked.text);
                refused += 1;
            } else {
                // What there is to spare is more than priors move: the same steps show it.
                assert_eq!(shown, Ok(()), "{}", asked.text);
                forged += 1;
            }
        }
        if refused >= 20 && forged >= 20 {
            return;
        }
    }
    panic!("only {refused} refused and {forged} accepted");
}
