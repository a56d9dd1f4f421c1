//! Law 42: verdicts against every case of small knowledge bases.

use std::collections::BTreeMap;

use aetia::{FlagState, Link};
use aetia_tests::exhaustive::{World, sheets, small_document};
use aetia_tests::synthetic::SplitMix;
use aetia_verify::{Budget, Certificate, Checker, Claim, Prover, Readings, Refutation, Scope, Verdict};

/// How many random knowledge bases there are, how many cases together at least, and how many sheets one has at most.
fn size() -> (usize, usize, usize) {
    let cases = aetia_tests::engine::cases().cases as usize;
    if cases <= 200 { (5 * cases, 0, 1_000) } else { (5 * cases, 12_500 * cases, 8_000) }
}

/// Whether a sheet breaks a rule, or is what one says to be possible, in a setting.
type Breaks = Box<dyn Fn(&World, usize, usize) -> bool>;

/// A claim with whether it holds.
pub(super) struct Asked {
    pub(super) text: String,
    pub(super) holds: bool,
    pub(super) scope: Scope,
    /// Whether rounding may leave it undecided.
    pub(super) is_delicate: bool,
    pub(super) breaks: Breaks,
}

fn is_true(world: &World, flag: &str, number: usize) -> bool {
    world.flags[flag][number] == FlagState::Raised
}

/// Claims about a world, each with whether a list of all its cases says that it holds.
pub(super) fn claims(world: &World, random: &mut SplitMix) -> Vec<Asked> {
    let all: Vec<usize> = (0..world.settings.len()).collect();
    let default = &world.document.knowledge_base.default_setting;
    let default = vec![world.settings.iter().position(|setting| setting == default).unwrap()];
    let asked: Vec<(String, String)> = (0..3)
        .map(|n| (format!("asked_{n}"), world.document.flags[&format!("asked_{n}")].condition.clone()))
        .collect();
    let causes = &world.causes;
    let mut found = Vec::new();
    let mut add = |text: String, settings: &[usize], breaks: Breaks| {
        let some =
            world.numbers().any(|number| settings.iter().any(|setting| breaks(world, number, *setting)));
        let holds = some == text.starts_with("reachable");
        found.push(Asked { text, holds, scope: Scope::default(), is_delicate: false, breaks });
    };
    for (c, name) in causes.iter().enumerate() {
        let first = move |w: &World, n: usize, s: usize| w.rows[n][s].order[0] == c;
        let leads = move |w: &World, n: usize, s: usize| w.rows[n][s].leads[c];
        add(format!("never_first({name})"), &all, Box::new(first));
        add(format!("reachable_first({name})"), &default, Box::new(first));
        add(format!("reachable_leads({name})"), &default, Box::new(leads));
        add(format!("never_leads({name})"), &all, Box::new(leads));
        let (flag, condition) = asked[random.below(3)].clone();
        let text = format!("never_first({name}) unless {condition}");
        let own = flag.clone();
        add(text, &all, Box::new(move |w, n, s| first(w, n, s) && !is_true(w, &own, n)));
        let text = format!("never_leads({name}) unless {condition}");
        add(text, &all, Box::new(move |w, n, s| leads(w, n, s) && !is_true(w, &flag, n)));
    }
    for _ in 0..3 {
        let (a, b) = (random.below(causes.len()), random.below(causes.len()));
        if a == b {
            continue;
        }
        let (flag, condition) = asked[random.below(3)].clone();
        let text = format!("always_above({}, {})", causes[a], causes[b]);
        let above = move |w: &World, n: usize, s: usize| w.rows[n][s].above(b, a);
        add(
            format!("{text} when {condition}"),
            &all,
            Box::new(move |w, n, s| is_true(w, &flag, n) && above(w, n, s)),
        );
        add(text, &all, Box::new(above));
    }
    for _ in 0..4 {
        let (i, c) = (random.below(world.indicators.len()), random.below(causes.len()));
        let (id, keys) = &world.indicators[i];
        let (from, to) = (random.below(keys.len()), random.below(keys.len()));
        let pair = move |w: &World, n: usize| {
            if w.answer(n, i) != from {
                return None;
            }
            let after = n - from * w.stride(i) + to * w.stride(i);
            w.cases[after].is_some().then_some(after)
        };
        let passed = move |w: &World, n: usize, s: usize| {
            pair(w, n).is_some_and(|after| {
                let (before, after) = (&w.rows[n][s], &w.rows[after][s]);
                (0..w.causes.len()).any(|rival| before.above(c, rival) && after.above(rival, c))
            })
        };
        let lowered = move |w: &World, n: usize, s: usize| {
            pair(w, n).is_some_and(|after| {
                let (before, after) = (&w.rows[n][s], &w.rows[after][s]);
                before.rank(c).is_some() && (after.rank(c).is_none() || after.scores[c] < before.scores[c])
            })
        };
        let text = format!("monotone({id}: {} -> {}, {})", keys[from], keys[to], causes[c]);
        add(format!("{text} on score"), &all, Box::new(lowered));
        add(text, &all, Box::new(passed));
    }
    for id in world.document.flags.keys() {
        let (flag, (whenever, condition)) = (id.clone(), asked[random.below(3)].clone());
        let text = format!("raised({flag}) whenever {condition}");
        add(text, &[0], Box::new(move |w, n, _| is_true(w, &whenever, n) && !is_true(w, &flag, n)));
    }
    add("some_named_cause_open".to_owned(), &[0], Box::new(|_, _, _| false));
    for (at, link) in [Link::Exclusive, Link::Independent].into_iter().enumerate() {
        let c = random.below(causes.len());
        let (flag, condition) = asked[random.below(3)].clone();
        let when = random.below(2) == 0;
        let of = |n: usize, s: usize| world.rows[n][s].posteriors[at][c];
        let numbers = world.numbers().filter(|n| !when || is_true(world, &flag, *n));
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
            breaks: Box::new(move |w, n, s| {
                (!when || is_true(w, &flag, n)) && w.rows[n][s].posteriors[at][c] > bound
            }),
        });
    }
    found
}

/// What is wrong with a verdict, if anything; else what kind it is.
pub(super) fn judged(world: &World, asked: &Asked, verdict: &Verdict) -> Result<&'static str, String> {
    let check = |claim: &str, readings: &Readings, certificate: &Certificate| {
        Checker::new(&world.document)
            .and_then(|checker| checker.check_within(claim, readings, certificate))
            .map_err(|error| format!("refused by the checker: {error}\n{}", certificate.to_json()))
    };
    match verdict {
        Verdict::Proved { certificate, .. } => {
            check(&asked.text, &(&asked.scope).into(), certificate)?;
            if asked.holds { Ok("proved") } else { Err("proved, and does not hold".to_owned()) }
        }
        Verdict::Refuted { .. } if asked.holds => Err("refuted, and holds".to_owned()),
        Verdict::Refuted { by: Refutation::Case(found), .. } => {
            let setting = world.settings.iter().position(|setting| setting == found.setting()).unwrap();
            for case in [found.case(), found.shrunk(), found.most_probable()] {
                if !world.numbers_of(case).into_iter().any(|number| (asked.breaks)(world, number, setting)) {
                    return Err(format!("given a case that does not break it: {}", case.to_json()));
                }
            }
            Ok("refuted by a case")
        }
        Verdict::Refuted { by: Refutation::Impossible { certificate, .. }, .. } => {
            // What shows that a cause is never first shows the rule that says so, in that setting.
            let never = asked.text.replace("reachable_", "never_");
            check(&never, &certificate.readings, certificate).map(|()| "refuted by a proof")
        }
        Verdict::Undecided { .. } if asked.is_delicate => Ok("undecided"),
        Verdict::Refuted { .. } | Verdict::Undecided { .. } | _ => Err("undecided".to_owned()),
    }
}

/// Every verdict is what the list of all cases says, every certificate is accepted, and every case given is in the list as
/// one that breaks the rule.
#[test]
fn every_verdict_is_what_a_list_of_all_cases_says() {
    let (bases, least_cases, most) = size();
    let mut random = SplitMix::of(42);
    let (mut worlds, mut cases, mut steps) = (0, 0, 0);
    let mut verdicts: BTreeMap<&str, usize> = BTreeMap::new();
    while worlds < bases || cases < least_cases {
        let Some(document) = small_document(&mut random, most) else { continue };
        // Few are large unless they are looked for.
        if most > 1_000 && worlds % 2 == 1 && sheets(&document) < most / 3 {
            continue;
        }
        let world = World::of(document);
        worlds += 1;
        cases += world.numbers().count();
        let prover = Prover::new(&world.model).unwrap();
        // Searches of small knowledge bases are short: every other time all of them count as long.
        let thorough_after = if worlds % 2 == 0 { 0 } else { Budget::default().thorough_after };
        let budget = Budget { thorough_after, ..Budget::of_nodes(20_000) };
        for asked in claims(&world, &mut random) {
            let claim: Claim = asked.text.parse().unwrap();
            let verdict = prover.prove(&claim, &asked.scope, &budget).unwrap();
            if let Verdict::Proved { certificate, .. } = &verdict {
                steps += certificate.steps();
            }
            let kind = judged(&world, &asked, &verdict).unwrap_or_else(|wrong| {
                panic!(
                    "{wrong}\n{}\nholds: {}\n{verdict}\n{}",
                    asked.text,
                    asked.holds,
                    world.document.to_toml()
                )
            });
            *verdicts.entry(kind).or_default() += 1;
        }
    }
    println!("{worlds} knowledge bases, {cases} cases, {verdicts:?}, {steps} steps of proofs");
    assert!(
        verdicts["proved"] > 0 && verdicts["refuted by a case"] > 0 && verdicts["refuted by a proof"] > 0
    );
}
