//! Claims about every figure in its interval: what is proved holds for figures drawn from the intervals, ends included.

use std::collections::BTreeMap;

use aetia::written::{Against, Evidence};
use aetia::{Document, Tag};
use aetia_tests::exhaustive::{World, small_document};
use aetia_tests::flagship::flagship;
use aetia_tests::synthetic::SplitMix;
use aetia_verify::{Budget, Checker, Claim, Prover, Refutation, Scope, Verdict};

use super::brute::claims;

/// Gives each ratio an interval about it, wider or narrower, and some none.
fn spread(document: &mut Document, random: &mut SplitMix) {
    for row in &mut document.evidence {
        row.against = Against::Comparator;
        row.interval.clear();
        let width = [1.0, 1.05, 1.3, 2.0][random.below(4)];
        let keys: Vec<(String, f64)> = ratios(row).into_iter().filter(|_| random.below(5) > 0).collect();
        row.interval.extend(keys.into_iter().map(|(key, ratio)| (key, [ratio / width, ratio * width])));
    }
}

/// The ratios that a row writes as such.
fn ratios(row: &Evidence) -> BTreeMap<String, f64> {
    let mut found = row.likelihood_ratios.clone();
    if let Some(pair) = &row.likelihood_ratio {
        found.insert("present".to_owned(), pair.present);
        found.extend(pair.absent.map(|absent| ("absent".to_owned(), absent)));
    }
    found
}

/// The document with each ratio somewhere in its interval: at an end, more often than not.
fn drawn(document: &Document, random: &mut SplitMix) -> Document {
    let mut document = document.clone();
    for row in &mut document.evidence {
        let written = ratios(row);
        for (key, [low, high]) in std::mem::take(&mut row.interval) {
            let Some(ratio) = written.get(&key) else { continue };
            let drawn = [low, high, *ratio, low + (high - low) * random.unit()][random.below(4)];
            match (&mut row.likelihood_ratio, key.as_str()) {
                (Some(pair), "present") => pair.present = drawn,
                (Some(pair), _) => pair.absent = Some(drawn),
                (None, _) => drop(row.likelihood_ratios.insert(key, drawn)),
            }
        }
        row.trend = None;
        row.provenance.tag = Tag::Recalled;
    }
    document
}

#[test]
fn what_is_proved_of_intervals_holds_for_figures_drawn_from_them() {
    let bases = (aetia_tests::engine::cases().cases as usize / 2).max(20);
    let mut random = SplitMix::of(44);
    let (mut shown, mut broken, mut declined, mut open) = (0, 0, 0, 0);
    let (mut done, mut moved) = (0, 0);
    while done < bases {
        let Some(mut document) = small_document(&mut random, 300) else { continue };
        spread(&mut document, &mut random);
        if document.clone().validate().is_err() {
            continue;
        }
        done += 1;
        let world = World::of(document);
        let checker = Checker::new(&world.document).unwrap();
        let prover = Prover::new(&world.model).unwrap();
        let others: Vec<World> = (0..4)
            .map(|_| drawn(&world.document, &mut random))
            .filter(|document| document.clone().validate().is_ok())
            .map(World::of)
            .collect();
        for asked in claims(&world, &mut random) {
            let claim: Claim = asked.text.parse().unwrap();
            let scope = Scope { intervals: true, ..asked.scope.clone() };
            match prover.prove(&claim, &scope, &Budget::of_nodes(300)) {
                Err(_) => declined += 1,
                Ok(Verdict::Proved { certificate, .. }) => {
                    shown += 1;
                    checker.check_within(&asked.text, &(&scope).into(), &certificate).unwrap_or_else(
                        |error| {
                            panic!(
                                "{error}\n{}\n{}\n{}",
                                asked.text,
                                certificate.to_json(),
                                world.document.to_toml()
                            )
                        },
                    );
                    assert!(certificate.readings.intervals);
                    for other in std::iter::once(&world).chain(&others) {
                        let breaks = |number: usize| {
                            (0..other.settings.len()).any(|setting| (asked.breaks)(other, number, setting))
                        };
                        let found = other.numbers().find(|number| breaks(*number));
                        assert!(found.is_none(), "{}\n{}", asked.text, other.document.to_toml());
                    }
                }
                Ok(Verdict::Refuted { by: Refutation::Case(found), .. }) => {
                    broken += 1;
                    let figures = found.figures().map(|(_, document)| World::of(document.clone()));
                    moved += usize::from(figures.is_some());
                    let other = figures.as_ref().unwrap_or(&world);
                    let setting =
                        other.settings.iter().position(|setting| setting == found.setting()).unwrap();
                    let mut numbers = other.numbers_of(found.shrunk()).into_iter();
                    assert!(numbers.any(|number| (asked.breaks)(other, number, setting)), "{}", asked.text);
                }
                Ok(_) => open += 1,
            }
        }
    }
    println!(
        "{done} knowledge bases: {shown} proved, {broken} refuted ({moved} with figures moved), {open} undecided, \
         {declined} refused"
    );
    assert!(shown > 100 && moved > 0 && declined > 0);
}

/// What the flagship declares and what of it holds for every figure in its interval.
#[test]
fn some_rules_of_the_flagship_hold_for_all_figures_in_their_intervals() {
    let model = &flagship().model;
    let (prover, checker) = (Prover::new(model).unwrap(), Checker::new(&flagship().document).unwrap());
    let scope = Scope { intervals: true, ..Scope::default() };
    for (text, holds) in [
        ("never_first(inflammatory_back_pain) unless present(night_pain)", true),
        ("monotone(mri_sacroiliitis: absent -> present, inflammatory_back_pain)", true),
        // Its interval reaches below 1.
        ("monotone(enthesitis: absent -> present, inflammatory_back_pain)", false),
    ] {
        let verdict = prover.prove(&text.parse().unwrap(), &scope, &Budget::default()).unwrap();
        assert_eq!(verdict.is_proved(), holds, "{text}: {verdict}");
        match verdict {
            Verdict::Proved { certificate, .. } => {
                checker.check(text, &certificate).unwrap();
                // The same steps do not show the same of figures that stay, unless they do: the certificate says which.
                let mut plain = certificate.clone();
                plain.readings.intervals = false;
                checker.check(text, &plain).unwrap();
            }
            Verdict::Refuted { by: Refutation::Case(found), .. } => assert!(found.figures().is_some()),
            Verdict::Refuted { .. } | Verdict::Undecided { .. } | _ => unreachable!(),
        }
    }
    // What was shown of the figures as they are is not shown of all in their intervals.
    let text = "never_leads(inflammaging)";
    let verdict = prover.prove(&text.parse().unwrap(), &Scope::default(), &Budget::default()).unwrap();
    let Verdict::Proved { mut certificate, .. } = verdict else { panic!("{verdict}") };
    checker.check(text, &certificate).unwrap();
    certificate.readings.intervals = true;
    assert!(checker.check(text, &certificate).is_err());
}
