//! How long does it take to say how sure a ranking is: intervals, chances, a tornado, a report?

use std::hint::black_box;

use aetia::Scratch;
use aetia_stats::{Draws, Uncertainty};
use criterion::Criterion;

use crate::workload::Workload;

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
    let assessments: Vec<_> = workload.cases.iter().map(|case| workload.model.assess(case)).collect();
    let mut turns = assessments.iter().cycle();
    group.bench_function("intervals", |bencher| {
        bencher.iter(|| {
            let uncertainty = Uncertainty::of(turns.next().unwrap());
            for cause in uncertainty.causes() {
                black_box(cause.interval());
            }
        });
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
