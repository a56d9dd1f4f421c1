//! How long is an assessment with the reasons of its first cause?

use std::hint::black_box;

use aetia::{LogOdds, Scratch};
use criterion::Criterion;

use crate::f64_loop::Ranking;
use crate::workload::Workload;

/// With space used again, and the yardstick.
pub(crate) fn bench(criterion: &mut Criterion, workload: &Workload) {
    let mut group = criterion.benchmark_group(format!("assess+explain/{}", workload.name));
    let options = workload.model.options();
    let mut scratch = Scratch::new();
    for case in &workload.cases {
        let first = workload.model.assess_with(case, &options, &mut scratch).unwrap().first();
        assert_eq!(first.explanation().total(), first.score() - LogOdds::EVEN);
    }
    let mut cases = workload.cases.iter().cycle();
    group.bench_function("reused", |bencher| {
        bencher.iter(|| {
            let case = cases.next().unwrap();
            let assessment = workload.model.assess_with(case, &options, &mut scratch).unwrap();
            black_box(assessment.first().explanation().parts().len())
        });
    });
    let mut answers = workload.answers.iter().cycle();
    let mut ranking = Ranking::default();
    group.bench_function("f64-loop", |bencher| {
        bencher.iter(|| {
            let answers = answers.next().unwrap();
            workload.yardstick.assess(answers, &mut ranking);
            workload.yardstick.explain(answers, &mut ranking);
            black_box(ranking.parts[0])
        });
    });
    group.finish();
}
