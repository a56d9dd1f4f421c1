//! Law 44: a certificate with any number or branch changed is refused, or still shows what it shows; none ever shows what
//! does not hold.

use aetia::Link;
use aetia_tests::engine::cases;
use aetia_tests::exhaustive::{World, small_document};
use aetia_tests::synthetic::SplitMix;
use aetia_verify::{
    Because, Budget, Certificate, Checker, Claim, Form, Key, Prover, Refutation, Step, Verdict,
};
use proptest::prelude::*;

use super::brute::{Asked, claims};

/// Changes one number, name, value or step.
fn tamper(certificate: &mut Certificate, random: &mut SplitMix) {
    if random.below(6) == 0 {
        return tamper_with_what_it_is_of(certificate, random);
    }
    let count = certificate.parts.len();
    let part = &mut certificate.parts[random.below(count)];
    let steps = match &mut part.because {
        Because::Steps(steps) if !steps.is_empty() => steps,
        Because::Steps(_) => return,
        Because::Example(answers) => {
            let Some(id) = answers.keys().nth(random.below(answers.len().max(1))).cloned() else { return };
            answers.remove(&id);
            return;
        }
    };
    let (at, coefficient) = (random.below(steps.len()), random.below(60));
    let shift = [1, -1, 1_000_000_000, -1_000_000_000, i64::MAX][random.below(5)];
    let mut number = |number: &mut i64| *number = number.wrapping_add(shift);
    match random.below(4) {
        0 => drop(steps.remove(at)),
        1 => {
            let copy = steps[at].clone();
            steps.insert(at, copy);
        }
        2 => steps[at] = Step::Closed,
        _ => {
            let mut form = |form: &mut Form, which: usize| match which {
                0 => number(&mut form.plus),
                _ => {
                    let at = coefficient % form.scores.len().max(1);
                    form.scores.values_mut().skip(at).take(1).for_each(&mut number);
                }
            };
            match &mut steps[at] {
                Step::Closed => steps.swap(0, at),
                Step::Decide(decided) => form(decided, random.below(2)),
                Step::Sum(terms) if terms.is_empty() => {}
                Step::Entropy(shares) if shares.is_empty() => {}
                Step::Split { parts, .. } if parts.is_empty() => {}
                Step::Sum(terms) => {
                    let term = random.below(terms.len());
                    match random.below(3) {
                        0 => drop(terms.remove(term)),
                        1 => form(&mut terms[term].of, random.below(2)),
                        _ => number(&mut terms[term].times),
                    }
                }
                Step::Entropy(shares) => {
                    let share = random.below(shares.len());
                    match random.below(3) {
                        0 => drop(shares.remove(share)),
                        1 => form(&mut shares[share].of, random.below(2)),
                        _ => number(&mut shares[share].times),
                    }
                }
                Step::Split { on, .. } if random.below(4) == 0 => {
                    let (Key::Answer(name) | Key::Present(name) | Key::Absent(name)) = on.clone();
                    let other = [Key::Answer, Key::Present, Key::Absent][random.below(3)];
                    *on = other(if random.below(2) == 0 { name } else { format!("{name}'") });
                }
                Step::Split { parts, .. } => {
                    let part = random.below(parts.len());
                    if parts[part].is_empty() || random.below(2) == 0 {
                        parts.remove(part);
                    } else {
                        parts[part].remove(0);
                    }
                }
            }
        }
    }
}

/// Changes of which readings it says it is, or what a part of it is about.
fn tamper_with_what_it_is_of(certificate: &mut Certificate, random: &mut SplitMix) {
    let setting = certificate.parts.last().map(|part| part.setting.clone());
    let count = certificate.parts.len();
    match random.below(6) {
        0 => {
            certificate.parts.retain(|part| Some(&part.setting) == setting.as_ref());
            certificate.readings.setting = setting;
        }
        1 => certificate.readings.link = Some([Link::Exclusive, Link::Independent][random.below(2)]),
        2 => certificate.readings.priors += 1_000_000_000,
        3 => certificate.readings.intervals = !certificate.readings.intervals,
        4 => certificate.parts[random.below(count)].setting = "elsewhere".to_owned(),
        _ => certificate.parts[random.below(count)].about = Some("c1".to_owned()),
    }
}

/// Certificates of the claims about a world that hold, and the claims that do not.
fn proofs(world: &World, random: &mut SplitMix) -> (Vec<(Asked, Certificate)>, Vec<Asked>) {
    let prover = Prover::new(&world.model).unwrap();
    let (mut proofs, mut wrong) = (Vec::new(), Vec::new());
    for asked in claims(world, random) {
        let claim: Claim = asked.text.parse().unwrap();
        match prover.prove(&claim, &asked.scope, &Budget::of_nodes(5_000)).unwrap() {
            Verdict::Proved { certificate, .. } => proofs.push((asked, certificate)),
            Verdict::Refuted { by: Refutation::Case(_), .. } => wrong.push(asked),
            Verdict::Refuted { .. } | Verdict::Undecided { .. } | _ => {}
        }
    }
    (proofs, wrong)
}

proptest! {
    #![proptest_config(cases())]

    /// Whatever is changed, in a certificate of a right claim or in one put forward for a wrong claim, the checker answers,
    /// and it accepts nothing for a wrong claim.
    #[test]
    fn no_tampered_certificate_shows_what_does_not_hold(seed in any::<u64>()) {
        let mut random = SplitMix::of(seed);
        let document = std::iter::repeat_with(|| small_document(&mut SplitMix::of(random.below(1 << 30) as u64), 300))
            .flatten()
            .next()
            .unwrap();
        let mut random = SplitMix::of(seed ^ 1);
        let world = World::of(document);
        let (proofs, wrong) = proofs(&world, &mut random);
        let checker = Checker::new(&world.document).unwrap();
        let check = |asked: &Asked, certificate: &Certificate| {
            checker.check_within(&asked.text, &(&asked.scope).into(), certificate)
        };
        for (asked, certificate) in proofs.iter().take(8) {
            prop_assert_eq!(check(asked, certificate), Ok(()));
            for _ in 0..8 {
                let mut changed = certificate.clone();
                tamper(&mut changed, &mut random);
                // Accepted or refused: the claim holds, and the checker comes to an end.
                drop(check(asked, &changed));
            }
        }
        for asked in wrong.iter().take(8) {
            for (_, certificate) in proofs.iter().take(12) {
                let mut forged = certificate.clone();
                forged.claim.clone_from(&asked.text);
                forged.readings.setting.clone_from(&asked.scope.setting);
                forged.readings.link = asked.scope.link;
                for _ in 0..3 {
                    prop_assert!(check(asked, &forged).is_err(), "{}", asked.text);
                    tamper(&mut forged, &mut random);
                }
            }
        }
    }
}

/// Most changes are noticed: a checker that accepts everything would pass the law above for right claims.
#[test]
fn a_changed_number_is_noticed() {
    let mut random = SplitMix::of(7);
    let (mut refused, mut all) = (0, 0);
    while all < 300 {
        let Some(document) = small_document(&mut random, 300) else { continue };
        let world = World::of(document);
        let checker = Checker::new(&world.document).unwrap();
        for (asked, certificate) in proofs(&world, &mut random).0 {
            let mut changed = certificate.clone();
            tamper(&mut changed, &mut random);
            if changed != certificate {
                all += 1;
                refused +=
                    usize::from(checker.check_within(&asked.text, &(&asked.scope).into(), &changed).is_err());
            }
        }
    }
    println!("{refused} of {all} changes are refused");
    assert!(3 * refused > all, "{refused} of {all}");
}
