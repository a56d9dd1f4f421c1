//! How long does it take to say how sure a ranking is: intervals, chances, a tornado, a report?

#![expect(clippy::print_stdout, reason = "printing ratios is what one of them is for")]

use std::hint::black_box;

use aetia::Scratch;
use aetia_stats::{Draws, Space, Spreads, Uncertainty};
use criterion::Criterion;

use crate::ratios::{Lap, least};
use crate::workload::Workload;

/// How often each contender takes its turn: few, since draws take long.
pub(crate) const ROUNDS: usize = 31;

/// Each beside a plain assessment of the same cases.
pub(crate) fn bench(criterion: &mut Criterion, workload: &Workload) {
    let mut group = criterion.benchmark_group(format!("sure/{}", workload.name));
    let options = workload.model.options();
    let mut scratch = Scratch::new();
    let mut cases = workload.cases.iter().cycle();
    group.bench_function("assess", |bencher| {
        bencher.iter(|| {
            let case = cases.next().unwrap();
            black_box(workload.model.assess_with(case, &options, &mut scratch).unwrap().first().score())
        });
    });
    let spreads = Spreads::of(&workload.model);
    let assessments: Vec<_> = workload.cases.iter().map(|case| workload.model.assess(case)).collect();
    let (mut turns, mut space) = (assessments.iter().cycle(), Space::default());
    group.bench_function("intervals", |bencher| {
        bencher.iter(|| black_box(spreads.intervals(turns.next().unwrap(), &mut space)).len());
    });
    let mut turns = assessments.iter().cycle();
    group.bench_function("intervals-of-one", |bencher| {
        bencher.iter(|| intervals(&Uncertainty::with(turns.next().unwrap(), &spreads)));
    });
    let mut turns = assessments.iter().cycle();
    group.bench_function("intervals-from-figures", |bencher| {
        bencher.iter(|| intervals(&Uncertainty::of(turns.next().unwrap())));
    });
    let uncertainties: Vec<Uncertainty<'_>> = assessments.iter().map(Uncertainty::of).collect();
    let mut turns = uncertainties.iter().cycle();
    group.bench_function("4000-draws", |bencher| {
        bencher.iter(|| turns.next().unwrap().simulate(&Draws::default()));
    });
    group.bench_function("sensitivity", |bencher| {
        bencher.iter(|| turns.next().unwrap().sensitivity().swings().len());
    });
    group.bench_function("stability", |bencher| {
        bencher.iter(|| turns.next().unwrap().stability().is_stable());
    });
    group.bench_function("fit", |bencher| {
        bencher.iter(|| turns.next().unwrap().fit());
    });
    group.finish();
}

/// The intervals of all causes.
fn intervals(uncertainty: &Uncertainty<'_>) {
    for cause in uncertainty.causes() {
        black_box(cause.interval());
    }
}

/// Prints least times, and how many assessments each takes.
pub(crate) fn ratios(workloads: &[Workload], rounds: usize) {
    println!(
        "Least ns a case of 12 findings over {rounds} rounds in turns; in brackets, times an assessment."
    );
    println!();
    let heads = ["assess", "intervals", "of one case", "from figures", "4000 draws"];
    println!(
        "{:<32} {:>9} {:>18} {:>20} {:>20} {:>20}",
        "", heads[0], heads[1], heads[2], heads[3], heads[4]
    );
    for workload in workloads {
        let options = workload.model.options();
        let (mut scratch, spreads) = (Scratch::new(), Spreads::of(&workload.model));
        let mut space = Space::default();
        let assessments: Vec<_> = workload.cases.iter().map(|case| workload.model.assess(case)).collect();
        let uncertainties: Vec<Uncertainty<'_>> =
            assessments.iter().map(|assessment| Uncertainty::with(assessment, &spreads)).collect();
        let laps: Vec<Lap<'_>> = vec![
            Box::new(|| {
                for case in &workload.cases {
                    black_box(
                        workload.model.assess_with(case, &options, &mut scratch).unwrap().first().score(),
                    );
                }
            }),
            Box::new(|| {
                for assessment in &assessments {
                    black_box(spreads.intervals(assessment, &mut space));
                }
            }),
            Box::new(|| {
                for assessment in &assessments {
                    intervals(&Uncertainty::with(assessment, &spreads));
                }
            }),
            Box::new(|| assessments.iter().for_each(|assessment| intervals(&Uncertainty::of(assessment)))),
            Box::new(|| {
                for uncertainty in &uncertainties {
                    black_box(uncertainty.simulate(&Draws::default()));
                }
            }),
        ];
        let least = least(laps, rounds);
        let [assess, again, one, figures, draws] = least.as_slice() else { return };
        let times = |time: &f64, width: usize| format!("{time:>width$.0} ({:>4.1}x)", time / assess);
        let draws = format!("{draws:>13.0} ({:.2} ms)", draws / 1e6);
        let intervals = [times(again, 10), times(one, 12), times(figures, 12)].join(" ");
        println!("{:<32} {assess:>9.0} {intervals} {draws}", workload.name);
    }
    println!();
}
