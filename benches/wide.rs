//! Thousands of causes of which most are silent on most indicators: how long does it take to load them, and to rank them?

use std::fmt::Write as _;
use std::hint::black_box;
use std::time::{Duration, Instant};

use aetia::{Case, Document, Model, Scratch};
use aetia_tests::synthetic::{SplitMix, no_limits, wide};

/// Causes, indicators, weights a cause, findings: what is measured; and what is only tried.
const SHAPES: [[usize; 4]; 5] = [
    [8_000, 10_000, 20, 10],
    [8_000, 10_000, 20, 1],
    [8_000, 10_000, 20, 100],
    [1_000, 1_250, 20, 10],
    [50_000, 62_500, 20, 10],
];
const TRIED: [[usize; 4]; 1] = [[80, 100, 20, 10]];
/// Rounds of each step of a case; the least time counts.
const ROUNDS: usize = 200;
const SEED: u64 = 20_261_123;
/// How many cases take turns, so that none is learnt by heart.
const CASES: usize = 64;

/// The least time of a step on one case, over rounds in which every case has its turn.
fn least(cases: &[Case], rounds: usize, mut step: impl FnMut(&Case)) -> Duration {
    let mut least = Duration::MAX;
    for _ in 0..rounds {
        let start = Instant::now();
        for case in cases {
            step(black_box(case));
        }
        least = least.min(start.elapsed());
    }
    least / u32::try_from(cases.len()).unwrap()
}

fn timed<T>(step: impl FnOnce() -> T) -> (T, Duration) {
    let start = Instant::now();
    let made = step();
    (made, start.elapsed())
}

/// Cases of so many present findings.
fn cases(model: &Model, findings: usize) -> Vec<Case> {
    let mut random = SplitMix::of(SEED);
    let ids: Vec<String> = model.knowledge_base().indicators().map(|it| it.id().to_string()).collect();
    let case = |_| {
        let present = (0..findings).map(|_| &ids[random.below(ids.len())]);
        present.fold(model.case(), |case, id| case.present(id).unwrap()).build().unwrap()
    };
    (0..CASES).map(case).collect()
}

/// Prints what loading and ranking take.
pub(crate) fn table(is_measuring: bool) {
    let (shapes, rounds) = if is_measuring { (&SHAPES[..], ROUNDS) } else { (&TRIED[..], 1) };
    print(shapes, rounds);
}

/// Prints them for the shape that `side_by_side/wide.py` gives to other tools.
pub(crate) fn peers() {
    print(&SHAPES[..1], ROUNDS);
}

fn print(shapes: &[[usize; 4]], rounds: usize) {
    let mut text = String::from(
        "\n| causes x indicators x weights a cause | JSON, MB | read, ms | validate, ms | compile, ms |\n|---|---:|---:|---:|---:|\n",
    );
    let mut ranking = String::from(
        "\n| causes, findings | ten best, us | all posteriors, us | assess, us | weights touched |\n|---|---:|---:|---:|---:|\n",
    );
    let ms = |time: Duration| format!("{:.0}", time.as_secs_f64() * 1e3);
    let us = |time: Duration| format!("{:.2}", time.as_secs_f64() * 1e6);
    let mut loaded: Option<([usize; 3], Model)> = None;
    for [causes, indicators, weights, findings] in shapes.iter().copied() {
        let shape = [causes, indicators, weights];
        let model = match loaded.take().filter(|(last, _)| *last == shape) {
            Some((_, model)) => model,
            None => {
                let json = wide(causes, indicators, weights, SEED).to_json();
                let (document, read) = timed(|| Document::from_json_within(&json, &no_limits()).unwrap());
                let (kb, validated) = timed(|| document.validate_within(&no_limits()).unwrap());
                let (model, compiled) = timed(|| kb.compile());
                let megabytes = json.len() / 1_000_000;
                let (read, validated, compiled) = (ms(read), ms(validated), ms(compiled));
                let shape = format!("{causes} x {indicators} x {weights}");
                writeln!(text, "| {shape} | {megabytes} | {read} | {validated} | {compiled} |").unwrap();
                model
            }
        };
        let cases = cases(&model, findings);
        let options = model.options();
        let mut ranker = model.ranker(&options).unwrap();
        let ten = least(&cases, rounds, |case| {
            black_box(ranker.top(case, 10).iter().next());
        });
        let all = least(&cases, rounds, |case| {
            black_box(ranker.posteriors(case).first());
        });
        let mut scratch = Scratch::new();
        let whole = least(&cases, rounds.div_ceil(20), |case| {
            black_box(model.assess_with(case, &options, &mut scratch).unwrap());
        });
        for case in cases.iter().take(2) {
            let assessment = model.assess(case);
            let first = |at: usize| assessment.ranking().nth(at).unwrap().posterior();
            let top = ranker.top(case, 10);
            assert!(top.iter().enumerate().all(|(at, ranked)| Some(ranked.posterior()) == first(at)));
        }
        let tables = model.tables(options.setting.as_str()).unwrap();
        let present: usize = cases
            .iter()
            .flat_map(|case| model.assess(case).states().map(|(group, _)| group).collect::<Vec<_>>())
            .filter_map(|group| tables.groups().nth(group))
            .map(|group| group.weights(&[2]).iter().filter(|weight| **weight != aetia::Weight::ZERO).count())
            .sum();
        let touched = present / cases.len();
        let (ten, all, whole) = (us(ten), us(all), us(whole));
        writeln!(ranking, "| {causes}, {findings} | {ten} | {all} | {whole} | {touched} |").unwrap();
        loaded = Some((shape, model));
    }
    #[expect(clippy::print_stdout, reason = "the table is what it is run for")]
    {
        println!("{text}{ranking}");
    }
}
