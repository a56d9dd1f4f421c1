//! Law 42: verdicts against every case of small knowledge bases.

use std::collections::BTreeMap;

use aetia::{FlagState, Link};
use aetia_tests::exhaustive::{World, small_document};
use aetia_tests::synthetic::SplitMix;
use aetia_verify::{Budget, Claim, Prover, Refutation, Scope, Verdict, check_document};

/// How many random knowledge bases, and how many sheets each has at most.
fn size() -> (usize, usize) {
    let cases = aetia_tests::engine::cases().cases as usize;
    (5 * cases, if cases <= 200 { 1_000 } else { 8_000 })
}

/// What a list of all cases says about a claim: whether it holds.
struct Truth<'w> {
    world: &'w World,
}

impl Truth<'_> {
    fn is_true(&self, flag: &str, number: usize) -> bool {
        self.world.flags[flag][number] == FlagState::Raised
    }

    /// Whether some case in some of these settings is so.
    fn some(&self, settings: &[usize], so: impl Fn(usize, usize) -> bool) -> bool {
        self.world.numbers().any(|number| settings.iter().any(|setting| so(number, *setting)))
    }
}

/// A claim with whether it holds.
struct Asked {
    text: String,
    holds: bool,
    scope: Scope,
    /// Whether rounding may leave it undecided.
    is_delicate: bool,
}

fn claims(world: &World, random: &mut SplitMix) -> Vec<Asked> {
    let truth = Truth { world };
    let all: Vec<usize> = (0..world.settings.len()).collect();
    let default = &world.document.knowledge_base.default_setting;
    let default = [world.settings.iter().position(|setting| setting == default).unwrap()];
    let asked: Vec<(String, String)> = (0..3)
        .map(|n| (format!("asked_{n}"), world.document.flags[&format!("asked_{n}")].condition.clone()))
        .collect();
    let causes = &world.causes;
    let mut found = Vec::new();
    let mut add = |text: String, holds: bool| {
        found.push(Asked { text, holds, scope: Scope::default(), is_delicate: false });
    };
    for c in 0..causes.len() {
        let name = &causes[c];
        let first = |n: usize, s: usize| world.rows[n][s].order[0] == c;
        add(format!("never_first({name})"), !truth.some(&all, first));
        add(format!("reachable_first({name})"), truth.some(&default, first));
        add(format!("never_leads({name})"), !truth.some(&all, |n, s| world.rows[n][s].leads[c]));
        let (flag, condition) = &asked[random.below(3)];
        let breaks = |n: usize, s: usize| first(n, s) && !truth.is_true(flag, n);
        add(format!("never_first({name}) unless {condition}"), !truth.some(&all, breaks));
        let breaks = |n: usize, s: usize| world.rows[n][s].leads[c] && !truth.is_true(flag, n);
        add(format!("never_leads({name}) unless {condition}"), !truth.some(&all, breaks));
    }
    for _ in 0..3 {
        let (a, b) = (random.below(causes.len()), random.below(causes.len()));
        if a == b {
            continue;
        }
        let (flag, condition) = &asked[random.below(3)];
        let breaks = |n: usize, s: usize| truth.is_true(flag, n) && world.rows[n][s].above(b, a);
        add(
            format!("always_above({}, {}) when {condition}", causes[a], causes[b]),
            !truth.some(&all, breaks),
        );
        let breaks = |n: usize, s: usize| world.rows[n][s].above(b, a);
        add(format!("always_above({}, {})", causes[a], causes[b]), !truth.some(&all, breaks));
    }
    for _ in 0..4 {
        let (i, c) = (random.below(world.indicators.len()), random.below(causes.len()));
        let (id, keys) = &world.indicators[i];
        let (from, to) = (random.below(keys.len()), random.below(keys.len()));
        let pair = |n: usize| {
            if world.answer(n, i) != from {
                return None;
            }
            let after = n - from * world.stride(i) + to * world.stride(i);
            world.cases[after].is_some().then_some(after)
        };
        let passed = |n: usize, s: usize| {
            pair(n).is_some_and(|after| {
                let (before, after) = (&world.rows[n][s], &world.rows[after][s]);
                (0..causes.len()).any(|rival| before.above(c, rival) && after.above(rival, c))
            })
        };
        let text = format!("monotone({id}: {} -> {}, {})", keys[from], keys[to], causes[c]);
        add(text.clone(), !truth.some(&all, passed));
        let lowered = |n: usize, s: usize| {
            pair(n).is_some_and(|after| {
                let (before, after) = (&world.rows[n][s], &world.rows[after][s]);
                before.rank(c).is_some() && (after.rank(c).is_none() || after.scores[c] < before.scores[c])
            })
        };
        add(format!("{text} on score"), !truth.some(&all, lowered));
    }
    for flag in world.document.flags.keys() {
        let (whenever, condition) = &asked[random.below(3)];
        let breaks = |n: usize, _: usize| truth.is_true(whenever, n) && !truth.is_true(flag, n);
        add(format!("raised({flag}) whenever {condition}"), !truth.some(&[0], breaks));
    }
    add("some_named_cause_open".to_owned(), true);
    for (at, link) in [Link::Exclusive, Link::Independent].into_iter().enumerate() {
        let c = random.below(causes.len());
        let (flag, condition) = &asked[random.below(3)];
        let when = random.below(2) == 0;
        let of = |n: usize, s: usize| world.rows[n][s].posteriors[at][c];
        let applies = |n: usize| !when || truth.is_true(flag, n);
        let numbers = world.numbers().filter(|n| applies(*n));
        let most = numbers.flat_map(|n| all.iter().map(move |s| of(n, *s))).fold(0.0, f64::max);
        let bound = most * [1.0, 1.0 + 1e-6, 0.999_999, 0.9, 1.1][random.below(5)];
        let bound = (bound * 1e9).round() / 1e9;
        if !(bound > 0.0 && bound < 1.0) {
            continue;
        }
        let condition = if when { format!(" when {condition}") } else { String::new() };
        found.push(Asked {
            text: format!("posterior({}) <= {bound}{condition}", causes[c]),
            holds: most <= bound,
            scope: Scope { link: Some(link), ..Scope::default() },
            is_delicate: (most / bound - 1.0).abs() < 1e-9,
        });
    }
    found
}

/// Every verdict is what the list of all cases says, and every case given is in the list as one that breaks the rule.
#[test]
fn every_verdict_is_what_a_list_of_all_cases_says() {
    let (bases, most) = size();
    let budget = Budget::of_nodes(20_000);
    let mut random = SplitMix::of(42);
    let (mut worlds, mut cases) = (0, 0);
    let mut verdicts: BTreeMap<&str, usize> = BTreeMap::new();
    while worlds < bases {
        let Some(document) = small_document(&mut random, most) else { continue };
        let world = World::of(document);
        worlds += 1;
        cases += world.numbers().count();
        let prover = Prover::new(&world.model).unwrap();
        for asked in claims(&world, &mut random) {
            let claim: Claim = asked.text.parse().unwrap();
            let verdict = prover.prove(&claim, &asked.scope, &budget).unwrap();
            let place =
                || format!("{}\nholds: {}\n{verdict}\n{}", asked.text, asked.holds, world.document.to_toml());
            let kind = match &verdict {
                Verdict::Proved { certificate, .. } => {
                    assert!(asked.holds, "{}", place());
                    let checked = check_document(&world.document, &asked.text, certificate);
                    assert_eq!(checked, Ok(()), "{}\n{}", certificate.to_json(), place());
                    "proved"
                }
                Verdict::Refuted { by, .. } => {
                    assert!(!asked.holds, "{}", place());
                    match by {
                        Refutation::Case(_) => "refuted by a case",
                        Refutation::Impossible { cause, certificate, .. } => {
                            let _ = (cause, certificate);
                            "refuted by a proof"
                        }
                        _ => unreachable!(),
                    }
                }
                Verdict::Undecided { .. } => {
                    assert!(asked.is_delicate, "{}", place());
                    "undecided"
                }
                _ => unreachable!(),
            };
            *verdicts.entry(kind).or_default() += 1;
        }
    }
    println!("{worlds} knowledge bases, {cases} cases, {verdicts:?}");
    assert!(verdicts["proved"] > 0 && verdicts["refuted by a case"] > 0);
}
