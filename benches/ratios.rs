//! The engine against the yardstick in one run, in turns: medians and their ratios, which do not depend on the machine
//! as much as times do.
#![expect(clippy::print_stdout, reason = "printing is what it is for")]

use std::hint::black_box;
use std::time::Instant;

use aetia::{Assessment, Scratch};

use crate::case::read;
use crate::f64_loop::Ranking;
use crate::workload::{self, CASES, Workload};

/// How often each contender takes its turn.
pub(crate) const ROUNDS: usize = 301;
/// How long a turn is about, in nanoseconds: short enough for most to go undisturbed.
const TURN: f64 = 200_000.0;

/// What is done to every case once.
pub(crate) type Lap<'a> = Box<dyn FnMut() + 'a>;

/// Prints a table of medians and ratios.
pub(crate) fn run(workloads: &[Workload], rounds: usize) {
    println!(
        "Median ns a case of 12 findings over {rounds} rounds in turns; in brackets, times the f64 loop."
    );
    println!();
    println!("{:<44} {:>9} {:>17} {:>17} {:>17}", "", "f64 loop", "space reused", "fresh", "reused, ungated");
    for workload in workloads {
        let options = workload.model.options();
        let (mut scratch, mut plain_scratch, mut ranking) =
            (Scratch::new(), Scratch::new(), Ranking::default());
        let laps: Vec<Lap<'_>> = vec![
            Box::new(|| {
                for answers in &workload.answers {
                    workload.yardstick.assess(answers, &mut ranking);
                    black_box(ranking.order[0]);
                }
            }),
            Box::new(|| {
                for case in &workload.cases {
                    black_box(
                        workload.model.assess_with(case, &options, &mut scratch).unwrap().first().score(),
                    );
                }
            }),
            Box::new(|| {
                for case in &workload.cases {
                    black_box(workload.model.assess(case));
                }
            }),
            Box::new(|| {
                for case in &workload.plain_cases {
                    let model = &workload.plain_model;
                    black_box(model.assess_with(case, &options, &mut plain_scratch).unwrap().first().score());
                }
            }),
        ];
        print(&format!("assess/{}", workload.name), &medians(laps, rounds));
        let parts = |assessment: &Assessment| black_box(assessment.first().explanation().parts().len());
        let (mut scratch, mut plain_scratch, mut ranking) =
            (Scratch::new(), Scratch::new(), Ranking::default());
        let laps: Vec<Lap<'_>> = vec![
            Box::new(|| {
                for answers in &workload.answers {
                    workload.yardstick.assess(answers, &mut ranking);
                    workload.yardstick.explain(answers, &mut ranking);
                    black_box(ranking.parts[0]);
                }
            }),
            Box::new(|| {
                for case in &workload.cases {
                    parts(workload.model.assess_with(case, &options, &mut scratch).unwrap());
                }
            }),
            Box::new(|| {
                for case in &workload.cases {
                    parts(&workload.model.assess(case));
                }
            }),
            Box::new(|| {
                for case in &workload.plain_cases {
                    parts(workload.plain_model.assess_with(case, &options, &mut plain_scratch).unwrap());
                }
            }),
        ];
        print(&format!("assess+explain/{}", workload.name), &medians(laps, rounds));
        print(&format!("case+assess+read/{}", workload.name), &medians(by_name(workload), rounds));
    }
    println!();
}

/// From findings by name to the ranking that is read; the yardstick is given answers that were looked up before.
fn by_name(workload: &Workload) -> Vec<Lap<'_>> {
    let options = workload.model.options();
    let plain_options = options.clone();
    let (mut scratch, mut plain_scratch, mut ranking) = (Scratch::new(), Scratch::new(), Ranking::default());
    vec![
        Box::new(move || {
            for answers in &workload.answers {
                workload.yardstick.assess(answers, &mut ranking);
                black_box(ranking.order[0]);
            }
        }),
        Box::new(move || {
            for findings in &workload.findings {
                let case = workload::case(&workload.model, findings);
                read(workload.model.assess_with(&case, &options, &mut scratch).unwrap());
            }
        }),
        Box::new(move || {
            for findings in &workload.findings {
                read(&workload.model.assess(&workload::case(&workload.model, findings)));
            }
        }),
        Box::new(move || {
            for findings in &workload.findings {
                let model = &workload.plain_model;
                let case = workload::case(model, findings);
                read(model.assess_with(&case, &plain_options, &mut plain_scratch).unwrap());
            }
        }),
    ]
}

/// The median time of each contender in nanoseconds a case.
fn medians(laps: Vec<Lap<'_>>, rounds: usize) -> Vec<f64> {
    times(laps, rounds).into_iter().map(|times| times[times.len() / 2]).collect()
}

/// The least time of each contender in nanoseconds a case: what is left when nobody disturbs.
pub(crate) fn least(laps: Vec<Lap<'_>>, rounds: usize) -> Vec<f64> {
    times(laps, rounds).into_iter().map(|times| times[0]).collect()
}

/// The times of each contender in nanoseconds a case, sorted; they take turns, so that a disturbance meets all.
fn times(mut laps: Vec<Lap<'_>>, rounds: usize) -> Vec<Vec<f64>> {
    let cases = f64::from(u32::try_from(CASES).unwrap());
    let repeats: Vec<u32> = laps
        .iter_mut()
        .map(|lap| {
            let mut count = 0;
            let start = Instant::now();
            while rounds > 1 && start.elapsed().as_secs_f64() * 1e9 < TURN {
                lap();
                count += 1;
            }
            count.max(1)
        })
        .collect();
    let mut times = vec![Vec::with_capacity(rounds); laps.len()];
    for _ in 0..rounds {
        for ((lap, repeats), times) in laps.iter_mut().zip(&repeats).zip(&mut times) {
            let start = Instant::now();
            (0..*repeats).for_each(|_| lap());
            times.push(start.elapsed().as_secs_f64() * 1e9 / f64::from(*repeats) / cases);
        }
    }
    times.iter_mut().for_each(|times| times.sort_unstable_by(f64::total_cmp));
    times
}

/// A line of the table: the first is what the others are measured against.
fn print(name: &str, medians: &[f64]) {
    let (yardstick, engine) = medians.split_first().unwrap();
    let engine = engine.iter().map(|median| format!("{median:>9.0} ({:>4.1}x)", median / yardstick));
    println!("{name:<44} {yardstick:>9.0} {}", engine.collect::<Vec<_>>().join(" "));
}
