//! How long does it take to say what to ask next, and whether anything can still change?

use std::hint::black_box;

use aetia::{Ask, Budget, Reach, Scratch};
use criterion::Criterion;

use crate::workload::Workload;

/// All questions of a case, and whether its first cause is settled.
pub(crate) fn bench(criterion: &mut Criterion, workload: &Workload) {
    let mut group = criterion.benchmark_group(format!("questions/{}", workload.name));
    let (ask, budget, options) = (Ask::default(), Budget::default(), workload.model.options());
    let mut scratch = Scratch::new();
    let assess = |case| workload.model.assess_with(case, &options, &mut Scratch::new()).unwrap().clone();
    let assessments: Vec<_> = workload.cases.iter().map(assess).collect();
    let mut turn = assessments.iter().cycle();
    group.bench_function("next", |bencher| {
        bencher.iter(|| black_box(turn.next().unwrap().next_questions(1, &ask).len()));
    });
    let mut turn = assessments.iter().cycle();
    group.bench_function("settled", |bencher| {
        bencher.iter(|| black_box(turn.next().unwrap().settled(Reach::First, &ask, &budget)));
    });
    let mut cases = workload.cases.iter().cycle();
    group.bench_function("assess", |bencher| {
        bencher.iter(|| {
            let case = cases.next().unwrap();
            black_box(workload.model.assess_with(case, &options, &mut scratch).unwrap().first().rank())
        });
    });
    group.finish();
}
