//! Many cases at once: the shape, the flagship, and how the cost of a case grows.

use std::fmt::Write as _;
use std::hint::black_box;
use std::time::{Duration, Instant};

use aetia::cohort::{Cohort, Columns, Output, Precision, Scorer};
use aetia::written::AccuracyRow;
use aetia::{Document, IndicatorKind, Model};
use aetia_tests::synthetic::{SplitMix, provenance, synthetic};
use criterion::{Criterion, Throughput};

use crate::workload::{FLAGSHIP, Workload};

/// Rows of a cohort that is measured, and of one that is only tried.
const ROWS: usize = 1_000_000;
const FEW: usize = 2_000;
/// Rounds of the growth table; the least time counts.
const ROUNDS: usize = 5;
const SEED: u64 = 20_261_123;

/// A model and a column of codes for each of its indicators: the position of an answer, or -1.
struct Drawn {
    model: Model,
    columns: Vec<(String, Vec<i8>)>,
}

/// Every indicator a boolean that bears on every cause; no gates, groups or flags.
fn dense(causes: usize, indicators: usize) -> Model {
    let mut document: Document = synthetic(causes, indicators, SEED);
    document.gates.clear();
    document.groups.clear();
    document.flags.clear();
    document.evidence.clear();
    let mut random = SplitMix::of(SEED);
    for cause in document.causes.keys() {
        for indicator in document.indicators.keys() {
            let accuracy = AccuracyRow {
                sensitivity: 0.3 + 0.6 * random.unit(),
                specificity: 0.5 + 0.45 * random.unit(),
            };
            document.evidence.push(aetia::written::Evidence {
                cause: cause.clone(),
                indicator: indicator.clone(),
                accuracy: Some(accuracy),
                provenance: provenance(),
                ..aetia::written::Evidence::default()
            });
        }
    }
    let limits = aetia::Limits {
        causes: 1_024,
        weights: 1 << 22,
        document_bytes: 1 << 28,
        ..aetia::Limits::default()
    };
    document.validate_within(&limits).unwrap().compile()
}

impl Drawn {
    /// Six of ten answers are known, as in the measurements before the project.
    fn new(model: Model, rows: usize) -> Self {
        let mut random = SplitMix::of(SEED);
        let columns = model.knowledge_base().indicators().map(|indicator| {
            let answers = indicator.answers().len();
            let is_numeric = indicator.kind() == IndicatorKind::Numeric;
            let value = |random: &mut SplitMix| match random.unit() {
                known if known < 0.6 => i8::try_from(random.below(answers)).unwrap(),
                // A number has no code for unknown: it is one more number.
                _ if is_numeric => 60,
                _ => -1,
            };
            (indicator.id().to_string(), (0..rows).map(|_| value(&mut random)).collect())
        });
        let columns = columns.collect();
        Self { model, columns }
    }

    fn cohort(&self, rows: usize) -> Cohort<'_> {
        let empty = Cohort::new(&self.model, rows);
        self.columns.iter().fold(empty, |cohort, (id, codes)| cohort.column(id, &codes[..rows]).unwrap())
    }

    fn scorer(&self, outputs: &[Output]) -> Scorer {
        self.model.scorer(&self.model.options(), outputs.iter().copied()).unwrap()
    }
}

/// What is asked for in the goals.
const GOAL: [Output; 2] = [Output::First, Output::Posterior(Precision::Single)];

pub(crate) fn bench(criterion: &mut Criterion, workloads: &[Workload], is_measuring: bool) {
    let rows = if is_measuring { ROWS } else { FEW };
    let plain = Drawn::new(dense(6, 25), rows);
    let flagship = workloads.iter().find(|workload| workload.name == FLAGSHIP).unwrap();
    let flagship = Drawn::new(flagship.model.clone(), rows);
    let wide = [Output::First, Output::Posterior(Precision::Double)];
    let gates = [GOAL[0], GOAL[1], Output::Gates, Output::Flags];
    let mut group = criterion.benchmark_group("cohort");
    group.sample_size(10).measurement_time(Duration::from_secs(5));
    group.throughput(Throughput::Elements(u64::try_from(rows).unwrap()));
    let mut run = |name: &str, drawn: &Drawn, scorer: Scorer| {
        let cohort = drawn.cohort(rows);
        let mut columns = Columns::default();
        group.bench_function(name, |bencher| {
            bencher.iter(|| scorer.score_into(black_box(&cohort), &mut columns).unwrap());
        });
        // A filter may have left it out.
        assert!([0, rows].contains(&columns.rows));
    };
    run("6x25/first+f32", &plain, plain.scorer(&GOAL));
    run("6x25/first+f32/portable", &plain, plain.scorer(&GOAL).portable());
    run("6x25/first+f64", &plain, plain.scorer(&wide));
    run("6x25/first", &plain, plain.scorer(&[Output::First]));
    run("6x25/contributions", &plain, plain.scorer(&[Output::Contributions(3)]));
    run("flagship/first+f32", &flagship, flagship.scorer(&GOAL));
    run("flagship/first+f32+gates+flags", &flagship, flagship.scorer(&gates));
    let cohort = plain.cohort(rows);
    let scorer = plain.scorer(&GOAL);
    let mut columns = Columns::default();
    group.bench_function("6x25/first+f32/parallel", |bencher| {
        bencher.iter(|| scorer.score_parallel(black_box(&cohort), &mut columns).unwrap());
    });
    // New room costs what the system takes to hand it out.
    group.bench_function("6x25/first+f32/new-room", |bencher| {
        bencher.iter(|| scorer.score(black_box(&cohort)).unwrap());
    });
    group.bench_function("6x25/first+f32/new-room/parallel", |bencher| {
        bencher.iter(|| {
            let mut columns = Columns::default();
            scorer.score_parallel(black_box(&cohort), &mut columns).unwrap();
            columns
        });
    });
    group.finish();
}

/// Prints what a case costs as rows, indicators and causes grow: least wall time of some rounds, one thread, room reused.
pub(crate) fn growth(is_measuring: bool) {
    let (rounds, most) = if is_measuring { (ROUNDS, 10 * ROWS) } else { (1, FEW) };
    let mut text = String::new();
    let time = |drawn: &Drawn, rows: usize, scorer: &Scorer| {
        let cohort = drawn.cohort(rows);
        let mut columns = Columns::default();
        // A short cohort is scored often enough to be timed.
        let turns = (50_000 / rows.max(1)).max(1);
        let mut least = Duration::MAX;
        for _ in 0..=rounds {
            let start = Instant::now();
            for _ in 0..turns {
                scorer.score_into(black_box(&cohort), &mut columns).unwrap();
            }
            least = least.min(start.elapsed());
        }
        #[expect(clippy::as_conversions, clippy::cast_precision_loss, reason = "a number to be read")]
        let cases = (rows * turns) as f64;
        least.as_secs_f64() * 1e9 / cases
    };
    let plain = Drawn::new(dense(6, 25), most);
    let scorer = plain.scorer(&GOAL);
    writeln!(text, "\n| rows (6 causes, 25 indicators) | ns a case |\n|---:|---:|").unwrap();
    for rows in [1, 8, 64, 512, 4_096, 32_768, 262_144, ROWS, 10 * ROWS] {
        if rows <= most {
            writeln!(text, "| {rows} | {:.1} |", time(&plain, rows, &scorer)).unwrap();
        }
    }
    let rows = most.min(ROWS / 10);
    drop(plain);
    writeln!(text, "\n| causes | indicators | ns a case |\n|---:|---:|---:|").unwrap();
    let shapes = [10, 25, 50, 100, 200, 400].map(|indicators| (6, indicators));
    for (causes, indicators) in shapes.into_iter().chain([2, 16, 32, 64, 128, 512].map(|causes| (causes, 25)))
    {
        let drawn = Drawn::new(dense(causes, indicators), rows);
        let ns = time(&drawn, rows, &drawn.scorer(&GOAL));
        writeln!(text, "| {causes} | {indicators} | {ns:.1} |").unwrap();
    }
    #[expect(clippy::print_stdout, reason = "the table is what it is run for")]
    {
        println!("{text}");
    }
}
