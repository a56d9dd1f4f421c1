//! How long is an assessment: scores, gates, ranks, posteriors?

use std::hint::black_box;

use aetia::Scratch;
use criterion::Criterion;

use crate::f64_loop::Ranking;
use crate::workload::Workload;

/// With space used again, with fresh space, without gates and groups, and the yardstick.
pub(crate) fn bench(criterion: &mut Criterion, workload: &Workload) {
    let mut group = criterion.benchmark_group(format!("assess/{}", workload.name));
    let options = workload.model.options();
    let mut scratch = Scratch::new();
    let mut cases = workload.cases.iter().cycle();
    group.bench_function("reused", |bencher| {
        bencher.iter(|| {
            let case = cases.next().unwrap();
            black_box(workload.model.assess_with(case, &options, &mut scratch).unwrap().first().score())
        });
    });
    group.bench_function("fresh", |bencher| {
        bencher.iter(|| workload.model.assess(cases.next().unwrap()));
    });
    let mut plain_cases = workload.plain_cases.iter().cycle();
    group.bench_function("ungated", |bencher| {
        bencher.iter(|| {
            let case = plain_cases.next().unwrap();
            black_box(workload.plain_model.assess_with(case, &options, &mut scratch).unwrap().first().score())
        });
    });
    let mut answers = workload.answers.iter().cycle();
    let mut ranking = Ranking::default();
    group.bench_function("f64-loop", |bencher| {
        bencher.iter(|| {
            workload.yardstick.assess(answers.next().unwrap(), &mut ranking);
            black_box(ranking.order[0])
        });
    });
    group.finish();
}
