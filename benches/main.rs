//! How fast a case is assessed and explained, many at once are scored, and a document loaded, validated and compiled.
#![forbid(unsafe_code)]
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "what cannot be ends the run")]

mod assess;
mod boundary;
mod case;
mod cohort;
mod compile;
mod explain;
mod f64_loop;
mod load;
mod proofs;
mod questions;
mod ratios;
mod sure;
mod validate;
mod wide;
mod workload;

use criterion::Criterion;

fn main() {
    let arguments: Vec<String> = std::env::args().collect();
    // As criterion has it: `cargo bench` says `--bench`, `cargo test` does not and runs everything once.
    let is_measuring = arguments.iter().any(|argument| argument == "--bench");
    let filters: Vec<&String> =
        arguments.iter().skip(1).filter(|argument| !argument.starts_with('-')).collect();
    let workloads = workload::all();
    if filters.iter().all(|filter| *filter == "ratios") {
        ratios::run(&workloads, if is_measuring { ratios::ROUNDS } else { 1 });
        sure::ratios(&workloads, if is_measuring { sure::ROUNDS } else { 1 });
    }
    if !filters.is_empty() && filters.iter().all(|filter| *filter == "sure-ratios") {
        sure::ratios(&workloads, if is_measuring { sure::ROUNDS } else { 1 });
        return;
    }
    if !filters.is_empty() && filters.iter().all(|filter| *filter == "prove-table") {
        proofs::table(if is_measuring { proofs::ROUNDS } else { 1 });
        return;
    }
    if filters.iter().any(|filter| *filter == "prove-boundary") {
        boundary::table();
        return;
    }
    if filters.iter().any(|filter| *filter == "wide-peers") {
        wide::peers();
        return;
    }
    if filters.is_empty() && !is_measuring || filters.iter().any(|filter| *filter == "wide-table") {
        wide::table(is_measuring);
        if !filters.is_empty() {
            return;
        }
    }
    if filters.is_empty() && !is_measuring || filters.iter().any(|filter| *filter == "cohort-growth") {
        cohort::growth(is_measuring);
        if !filters.is_empty() {
            return;
        }
    }
    if filters.is_empty() || filters.iter().any(|filter| *filter != "ratios") {
        let mut criterion = Criterion::default().without_plots().configure_from_args();
        for workload in &workloads {
            assess::bench(&mut criterion, workload);
            case::bench(&mut criterion, workload);
            explain::bench(&mut criterion, workload);
            sure::bench(&mut criterion, workload);
            compile::bench(&mut criterion, workload);
            validate::bench(&mut criterion, workload);
            load::bench(&mut criterion, workload);
            if workload.name == workload::FLAGSHIP {
                questions::bench(&mut criterion, workload);
            }
        }
        cohort::bench(&mut criterion, &workloads, is_measuring);
        proofs::bench(&mut criterion);
        criterion.final_summary();
    }
}
