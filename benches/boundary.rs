//! How many claims that are true or false by a nanodeciban are left undecided?

use aetia::{Document, Model, exp10};
use aetia_tests::synthetic::synthetic_of_all_kinds;
use aetia_verify::{Budget, Claim, Scope, Verdict, prove_within};

use crate::proofs::NODES;

/// Causes and indicators.
const SIZES: [(usize, usize); 3] = [(5, 21), (8, 49), (10, 90)];

/// So many boxes to find where a claim begins to hold.
const MANY: usize = 1_000_000;

/// How far a prior is lowered at most, in nanodecibans.
const FAR: i64 = 2_000_000_000_000;

/// Prints, for claims at the point where they begin to hold, how many are not decided with the boxes of a bench.
///
/// That point is found by lowering the prior of a claim's cause: the claim is true there, and false a nanodeciban before.
#[expect(clippy::print_stdout, reason = "a table for who asks for it")]
pub(crate) fn table() {
    println!("{:<44} {:>7} {:>10} {:>10}", "claims at their boundary", "claims", "undecided", "not found");
    for (causes, indicators) in SIZES {
        let document = synthetic_of_all_kinds(causes, indicators, 7);
        let ids: Vec<&String> = document.causes.keys().collect();
        let signs: Vec<&String> = document.indicators.keys().collect();
        let mut kinds: [(&str, Vec<(String, String)>); 4] =
            ["never_first", "never_first unless", "never_leads", "always_above"]
                .map(|kind| (kind, Vec::new()));
        for (at, cause) in ids.iter().enumerate() {
            let (next, sign) = (ids[(at + 1) % ids.len()], signs[at % signs.len()]);
            let texts = [
                format!("never_first({cause})"),
                format!("never_first({cause}) unless present({sign})"),
                format!("never_leads({cause})"),
                format!("always_above({next}, {cause}) when present({sign})"),
            ];
            for ((_, claims), text) in kinds.iter_mut().zip(texts) {
                claims.push(((*cause).clone(), text));
            }
        }
        for (kind, claims) in kinds {
            let (mut count, mut undecided, mut unknown) = (0, 0, 0);
            for (cause, text) in claims {
                let claim: Claim = text.parse().unwrap();
                let verdict = |down: i64, nodes: usize| {
                    let model = lowered(&document, &cause, down);
                    prove_within(&model, &claim, &Scope::default(), &Budget::of_nodes(nodes)).unwrap()
                };
                let Some(holds) = boundary(|down| verdict(down, MANY)) else {
                    unknown += 1;
                    continue;
                };
                for (down, is_true) in [(holds, true), (holds - 1, false)] {
                    count += 1;
                    let verdict = verdict(down, NODES);
                    if verdict.is_proved() || verdict.is_refuted() {
                        assert_eq!(verdict.is_proved(), is_true, "{text} at {down}: {verdict}");
                    } else {
                        undecided += 1;
                    }
                }
            }
            println!(
                "{:<44} {count:>7} {undecided:>10} {unknown:>10}",
                format!("{kind}, {indicators} indicators, {causes} causes")
            );
        }
    }
}

/// How far a prior has to be lowered for a claim to hold; none where it holds as it is, never does, or nobody knows.
fn boundary(verdict: impl Fn(i64) -> Verdict) -> Option<i64> {
    let holds = |down: i64| {
        let verdict = verdict(down);
        (verdict.is_proved() || verdict.is_refuted()).then(|| verdict.is_proved())
    };
    let (mut low, mut high) = (0, FAR);
    if holds(low)? || !holds(high)? {
        return None;
    }
    while high - low > 1 {
        let middle = low + (high - low) / 2;
        if holds(middle)? {
            high = middle;
        } else {
            low = middle;
        }
    }
    Some(high)
}

/// The model with the prior odds of a cause against the comparator lowered by so many nanodecibans, all others as they are.
fn lowered(document: &Document, cause: &str, down: i64) -> Model {
    let mut document = document.clone();
    let setting = document.knowledge_base.default_setting.clone();
    let named: f64 = document.causes.values().map(|it| it.prior[&setting].value).sum();
    let rest = 1.0 - named;
    let odds = |id: &str, value: f64| {
        let factor = if id == cause { exp10(-down) } else { 1.0 };
        value / rest * factor
    };
    let all: f64 = document.causes.iter().map(|(id, it)| odds(id, it.prior[&setting].value)).sum();
    for (id, it) in &mut document.causes {
        let prior = it.prior.get_mut(&setting).unwrap();
        prior.value = odds(id, prior.value) / (1.0 + all);
    }
    document.validate().unwrap().compile()
}
