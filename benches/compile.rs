//! How long does a checked knowledge base take to become whole numbers in tables, hashes included?

use std::hint::black_box;

use criterion::Criterion;

use crate::f64_loop::F64Loop;
use crate::workload::Workload;

/// Compilation, and as a yardstick two logarithms for each row of evidence.
pub(crate) fn bench(criterion: &mut Criterion, workload: &Workload) {
    let kb = workload.model.knowledge_base();
    assert_eq!(kb.compile().meaning_hash(), workload.model.meaning_hash());
    let mut group = criterion.benchmark_group(format!("compile/{}", workload.name));
    group.sample_size(20);
    group.bench_function("model", |bencher| bencher.iter(|| black_box(kb).compile()));
    group.bench_function("f64-loop", |bencher| {
        bencher.iter(|| F64Loop::compile(black_box(&workload.document)));
    });
    group.finish();
}
