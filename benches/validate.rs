//! How long does a document take to be checked?

use std::hint::black_box;

use aetia::Document;
use criterion::{BatchSize, Criterion};

use crate::workload::Workload;

/// Validation, and as a yardstick a copy of the document, which a checked knowledge base holds.
pub(crate) fn bench(criterion: &mut Criterion, workload: &Workload) {
    assert_eq!(workload.document.clone().validate().unwrap().id(), workload.document.knowledge_base.id);
    let mut group = criterion.benchmark_group(format!("validate/{}", workload.name));
    group.sample_size(20);
    group.bench_function("document", |bencher| {
        bencher.iter_batched(|| workload.document.clone(), Document::validate, BatchSize::LargeInput);
    });
    group.bench_function("copy", |bencher| bencher.iter(|| black_box(&workload.document).clone()));
    group.finish();
}
