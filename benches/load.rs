//! How long does a document take from text to what was written?

use std::hint::black_box;

use aetia::Document;
use criterion::Criterion;

use crate::workload::Workload;

/// TOML and JSON, and as a yardstick the TOML parsed into nothing but tables.
pub(crate) fn bench(criterion: &mut Criterion, workload: &Workload) {
    let json = workload.document.to_json();
    let (from_toml, from_json) =
        (Document::from_toml(&workload.toml).unwrap(), Document::from_json(&json).unwrap());
    assert_eq!((from_toml.to_json(), from_json.to_json()), (json.clone(), json.clone()));
    let mut group = criterion.benchmark_group(format!("load/{}", workload.name));
    group.sample_size(20);
    group.bench_function("toml", |bencher| bencher.iter(|| Document::from_toml(black_box(&workload.toml))));
    group.bench_function("json", |bencher| bencher.iter(|| Document::from_json(black_box(&json))));
    group.bench_function("toml-tables", |bencher| {
        bencher.iter(|| black_box(&workload.toml).parse::<toml::Table>());
    });
    group.finish();
}
