//! How long is a proof: every kind of claim, on knowledge bases of several sizes, and a list of all cases beside it where
//! that ends?

use std::hint::black_box;
use std::time::{Duration, Instant};

use aetia::{AnswerValue, Document, Link, Model, Scratch};
use aetia_tests::synthetic::synthetic_of_all_kinds;
use aetia_verify::{Budget, Checker, Claim, Prover, Scope, Verdict};
use criterion::Criterion;

/// Causes and indicators.
const SIZES: [(usize, usize); 5] = [(5, 8), (5, 21), (8, 49), (10, 90), (10, 192)];

/// So many boxes a query, as the prototype of the specification had.
pub(crate) const NODES: usize = 3_000;

/// Rounds of which the least time is taken.
pub(crate) const ROUNDS: usize = 5;

/// A knowledge base with claims about it, by kind.
struct Subject {
    name: String,
    document: Document,
    model: Model,
    claims: Vec<(&'static str, Claim, Scope)>,
}

fn subject(causes: usize, indicators: usize) -> Subject {
    let document = synthetic_of_all_kinds(causes, indicators, 7);
    let model = document.clone().validate().unwrap().compile();
    let ids: Vec<&String> = document.causes.keys().collect();
    let signs: Vec<&String> = document.indicators.keys().collect();
    let mut claims: Vec<(&'static str, Claim, Scope)> = Vec::new();
    let mut add = |kind, text: String, scope| claims.push((kind, text.parse().unwrap(), scope));
    for (at, cause) in ids.iter().enumerate() {
        let next = ids[(at + 1) % ids.len()];
        let sign = signs[at % signs.len()];
        add("never_first", format!("never_first({cause})"), Scope::default());
        add("never_first unless", format!("never_first({cause}) unless present({sign})"), Scope::default());
        add("reachable_first", format!("reachable_first({cause})"), Scope::default());
        add("never_leads", format!("never_leads({cause})"), Scope::default());
        add("always_above", format!("always_above({cause}, {next}) when present({sign})"), Scope::default());
        let change = format!("monotone({sign}: absent -> present, {cause})");
        add("monotone, by rank", change.clone(), Scope::default());
        add("monotone, on score", format!("{change} on score"), Scope::default());
        let intervals = Scope { intervals: true, ..Scope::default() };
        add("monotone, for all in their intervals", change, intervals);
        for (kind, link) in
            [("posterior, competing", Link::Exclusive), ("posterior, apart", Link::Independent)]
        {
            let scope = Scope { link: Some(link), ..Scope::default() };
            add(kind, format!("posterior({cause}) <= 0.5 when absent({sign})"), scope);
        }
    }
    for gate in document.gates.values().filter(|gate| gate.kind == aetia::GateKind::Requires) {
        let rule = format!("never_first({}) unless {}", gate.cause, gate.condition);
        add("never_first unless its gate", rule, Scope::default());
    }
    for (id, flag) in &document.flags {
        add("raised", format!("raised({id}) whenever {}", flag.condition), Scope::default());
    }
    add("some_named_cause_open", "some_named_cause_open".to_owned(), Scope::default());
    // Three of four answers given.
    let given = signs.iter().enumerate().filter(|(at, _)| at % 4 != 0);
    let mut case = model.case();
    for (at, sign) in given {
        case = case.finding(sign, &AnswerValue::Boolean(at % 3 == 0)).unwrap();
    }
    claims.push(("settled", Claim::Settled { case: case.build().unwrap() }, Scope::default()));
    Subject { name: format!("{indicators}-indicators-{causes}-causes"), document, model, claims }
}

/// One claim of each kind, the prover made before, as `aetia check` has it; and the list of all cases of the smallest.
pub(crate) fn bench(criterion: &mut Criterion) {
    for (causes, indicators) in SIZES {
        let subject = subject(causes, indicators);
        let mut group = criterion.benchmark_group(format!("prove/{}", subject.name));
        group
            .sample_size(10)
            .warm_up_time(Duration::from_millis(200))
            .measurement_time(Duration::from_secs(1));
        let prover = Prover::new(&subject.model).unwrap();
        let mut done: Vec<&str> = Vec::new();
        for (kind, claim, scope) in &subject.claims {
            if done.contains(kind) {
                continue;
            }
            done.push(kind);
            group.bench_function(*kind, |bencher| {
                bencher.iter(|| black_box(prover.prove(claim, scope, &Budget::of_nodes(NODES)).unwrap()));
            });
        }
        if indicators <= 8 {
            group.bench_function("a list of all cases", |bencher| {
                bencher.iter(|| black_box(listed(&subject)));
            });
        }
        group.finish();
    }
}

/// Assesses every case, as a list of all cases would for any claim; how many have the first cause first.
fn listed(subject: &Subject) -> usize {
    let signs: Vec<&String> = subject.document.indicators.keys().collect();
    let options = subject.model.options();
    let (mut scratch, mut count) = (Scratch::new(), 0);
    for number in 0..3_usize.pow(u32::try_from(signs.len()).unwrap()) {
        let mut case = subject.model.case();
        let mut left = number;
        for sign in &signs {
            if left % 3 > 0 {
                case = case.finding(sign, &AnswerValue::Boolean(left % 3 == 2)).unwrap();
            }
            left /= 3;
        }
        let case = case.build().unwrap();
        let first = subject.model.assess_with(&case, &options, &mut scratch).unwrap().first().id().clone();
        count +=
            usize::from(Some(first.as_str()) == subject.document.causes.keys().next().map(String::as_str));
    }
    count
}

/// Prints, for every size and kind, what became of all claims of it, and how long finding and checking took.
#[expect(clippy::print_stdout, reason = "a table for who asks for it")]
pub(crate) fn table(rounds: usize) {
    for (causes, indicators) in SIZES {
        let subject = subject(causes, indicators);
        let (prover, checker) =
            (Prover::new(&subject.model).unwrap(), Checker::new(&subject.document).unwrap());
        println!("\n{}, {} claims", subject.name, subject.claims.len());
        println!(
            "{:<38} {:>7} {:>7} {:>9} {:>12} {:>12} {:>12}",
            "claim", "proved", "refuted", "undecided", "median, ms", "most, ms", "checked, ms"
        );
        let mut kinds: Vec<&str> = Vec::new();
        for (kind, ..) in &subject.claims {
            if !kinds.contains(kind) {
                kinds.push(kind);
            }
        }
        for kind in kinds {
            let (mut times, mut checks, mut counts) = (Vec::new(), Vec::new(), [0_usize; 3]);
            for (_, claim, scope) in subject.claims.iter().filter(|(own, ..)| *own == kind) {
                let mut least = Duration::MAX;
                let mut verdict = None;
                for _ in 0..rounds {
                    let start = Instant::now();
                    verdict = Some(prover.prove(claim, scope, &Budget::of_nodes(NODES)).unwrap());
                    least = least.min(start.elapsed());
                }
                times.push(least);
                let verdict = verdict.unwrap();
                counts[if verdict.is_proved() { 0 } else { usize::from(!verdict.is_refuted()) + 1 }] += 1;
                if let Verdict::Proved { certificate, .. } = &verdict {
                    let mut least = Duration::MAX;
                    for _ in 0..rounds {
                        let start = Instant::now();
                        checker.check_within(&claim.to_string(), &scope.into(), certificate).unwrap();
                        least = least.min(start.elapsed());
                    }
                    checks.push(least);
                }
            }
            times.sort_unstable();
            checks.sort_unstable();
            let ms = |time: Option<&Duration>| {
                time.map_or_else(|| "-".to_owned(), |time| format!("{:.2}", time.as_secs_f64() * 1e3))
            };
            let (median, most, reading) =
                (times.get(times.len() / 2), times.last(), checks.get(checks.len() / 2));
            let [shown, broken, open] = counts;
            println!(
                "{kind:<38} {shown:>7} {broken:>7} {open:>9} {:>12} {:>12} {:>12}",
                ms(median),
                ms(most),
                ms(reading)
            );
        }
        if indicators <= 8 {
            let start = Instant::now();
            let cases = black_box(listed(&subject));
            println!(
                "a list of all 6,561 cases: {:.2} ms ({cases} with the first)",
                start.elapsed().as_secs_f64() * 1e3
            );
        }
    }
}
