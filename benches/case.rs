//! How long does it take to build a case by name, assess it afresh and read the ranking: all that a binding does?

use std::hint::black_box;

use aetia::Assessment;
use criterion::Criterion;

use crate::workload::{self, Workload};

/// The whole, and the building of the case alone.
pub(crate) fn bench(criterion: &mut Criterion, workload: &Workload) {
    let mut group = criterion.benchmark_group(format!("case_and_assess/{}", workload.name));
    let mut findings = workload.findings.iter().cycle();
    group.bench_function("12-findings", |bencher| {
        bencher.iter(|| {
            let case = workload::case(&workload.model, findings.next().unwrap());
            read(&workload.model.assess(&case));
        });
    });
    group.bench_function("12-findings/case", |bencher| {
        bencher.iter(|| workload::case(&workload.model, findings.next().unwrap()));
    });
    group.finish();
}

/// Reads what a binding hands on: name, rank and probability of every candidate.
pub(crate) fn read(assessment: &Assessment) {
    for candidate in assessment.ranking() {
        black_box((candidate.id().as_str(), candidate.rank(), candidate.posterior()));
    }
}
