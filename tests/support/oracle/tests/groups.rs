//! Counts, discounts and tables.

use aetia::written::{Count, CountRule, Item, Neutral, Shares};

use super::*;

/// A count group over items `a`, `b`, ... that are booleans, for the cause `k`.
fn counted(items: &[&str], rule: CountRule) -> Document {
    let mut document = document(&[("k", 0.1)]);
    booleans(&mut document, items);
    let rule = CountRule { cause: "k".to_owned(), ..rule };
    let items =
        items.iter().map(|id| Item { condition: format!("present({id})"), ..Item::default() }).collect();
    let mut counting = group(&document.indicators.keys().map(String::as_str).collect::<Vec<_>>());
    counting.count = Some(Count { items, rules: vec![rule] });
    document.groups.insert("count".to_owned(), counting);
    document
}

/// The ratio of the one part that a count group gives.
fn count_of(document: &Document, present: &[&str], absent: &[&str]) -> f64 {
    let verdict = here(document, &booleans_found(present, absent));
    let [(members, weight)] = verdict.causes["k"].parts.as_slice() else { panic!("one part") };
    assert_eq!(members.len(), present.len() + absent.len());
    weight.likelihood_ratio().get()
}

/// The ASAS example of "Blocks", from the cut-offs of Sieper 2009 (validation, n = 648): sensitivity
/// 95.1, 79.6, 38.6 % and specificity 47.5, 72.4, 91.9 % at 3, 4, 5 items; below 3 items as Binomial(5, 0.4).
#[test]
fn the_asas_count_with_unknown_items() {
    let below_three = [0.077_76, 0.259_2, 0.345_6];
    let distribution = |low: f64, high: [f64; 3]| -> Vec<f64> {
        let sum: f64 = below_three.iter().sum();
        below_three.iter().map(|share| low * share / sum).chain(high).collect()
    };
    let shares = Shares {
        cause: distribution(0.049, [0.155, 0.410, 0.386]),
        comparator: distribution(0.475, [0.249, 0.195, 0.081]),
    };
    let asas =
        counted(&["a", "b", "c", "d", "e"], CountRule { distribution: Some(shares), ..CountRule::default() });
    assert!(here(&asas, &Findings::new()).causes["k"].parts.is_empty(), "nothing answered: no part");
    near(count_of(&asas, &["a", "b", "c"], &[]), 3.08, 0.005);
    near(count_of(&asas, &["a", "b", "c"], &["d"]), 1.53, 0.005);
    near(count_of(&asas, &["a", "b", "c", "d"], &["e"]), 2.10, 0.005);
    near(count_of(&asas, &["a", "b", "c", "d", "e"], &[]), 4.77, 0.005);
    near(count_of(&asas, &[], &["a"]), 0.37, 0.005);
}

/// evidence.md, "Recommended encoding of the flagship": the Berlin count from the margins of [B11].
#[test]
fn the_berlin_count_from_its_margins() {
    let margins =
        Shares { cause: vec![0.354, 0.779, 0.584, 0.248], comparator: vec![0.335, 0.603, 0.425, 0.115] };
    let items = ["a", "b", "c", "d"];
    let berlin = counted(&items, CountRule { margins: Some(margins), ..CountRule::default() });
    for (present, expected) in [0.33, 0.67, 1.20, 2.03, 4.05].into_iter().enumerate() {
        near(count_of(&berlin, &items[..present], &items[present..]), expected, 0.005);
    }
    // An item answered alone weighs its own ratio.
    near(count_of(&berlin, &["d"], &[]), 0.248 / 0.115, 1e-9);
    near(count_of(&berlin, &[], &["a"]), (1.0 - 0.354) / (1.0 - 0.335), 1e-9);
}

/// evidence.md, "Recommended encoding of the flagship": Berlin^0.54 renormalised is 0.70 / 1.87 / 4.69. Rudwaleit
/// 2006: specificity 81.2 % at two items and 97.3 % at three. By hand: 0.37^0.54 = 0.5846, 2.27^0.54 = 1.5569,
/// 12.4^0.54 = 3.8945, and their mean under the comparator is 0.8305.
#[test]
fn interval_ratios_are_shrunk_then_made_coherent() {
    let by_key = |figures: [f64; 3]| -> BTreeMap<String, f64> {
        ["<2", "2..3", ">=3"].map(str::to_owned).into_iter().zip(figures).collect()
    };
    let comparator = [0.812, 0.161, 0.027];
    let ratios = [0.37, 2.27, 12.4];
    let rule = CountRule {
        likelihood_ratios: by_key(ratios),
        comparator: by_key(comparator),
        shrink: Some(0.54),
        ..CountRule::default()
    };
    let items = ["a", "b", "c", "d"];
    let berlin = counted(&items, rule);
    for (present, expected) in [(0, 0.70), (1, 0.70), (2, 1.87), (3, 4.69), (4, 4.69)] {
        near(count_of(&berlin, &items[..present], &items[present..]), expected, 0.006);
    }
}

/// "Correlated findings": three signs of +8, +4, +4 dB and two of -2, -6 dB at gamma 1/2: each sign sorted by
/// size, ties by id, ranks weighing 1, 1/2, 1/4.
#[test]
fn discounted_weights_by_hand() {
    let mut half = document(&[("k", 0.1), ("silent", 0.1)]);
    let weight = [("p", 4.0), ("q", 8.0), ("r", 4.0), ("s", -2.0), ("t", -6.0), ("u", 0.0)];
    booleans(&mut half, &weight.map(|(id, _)| id));
    half.evidence = weight.iter().map(|(id, weight)| row("k", id, decibans(*weight), 1.0)).collect();
    let all = weight.map(|(id, _)| id);
    half.groups.insert("g".to_owned(), Group { gamma: Some(0.5), ..group(&all) });
    let with = |gamma: Option<f64>, phi: Option<f64>| {
        let mut document = half.clone();
        let group = document.groups.get_mut("g").unwrap();
        (group.gamma, group.phi) = (gamma, phi);
        weights(&here(&document, &yes(&all)), "k")
    };
    let db = 1_000_000_000;
    let expected = named(&[("p", 2 * db), ("q", 8 * db), ("r", db), ("s", -db), ("t", -6 * db), ("u", 0)]);
    assert_eq!(with(Some(0.5), None), expected);
    assert_eq!(with(None, None), expected, "one half unless said");
    let naive =
        named(&[("p", 4 * db), ("q", 8 * db), ("r", 4 * db), ("s", -2 * db), ("t", -6 * db), ("u", 0)]);
    assert_eq!(with(Some(1.0), None), naive);
    assert_eq!(
        with(Some(0.0), None),
        named(&[("p", 0), ("q", 8 * db), ("r", 0), ("s", 0), ("t", -6 * db), ("u", 0)])
    );
    // (1 - 0.36)^(5/2) = 0.8^5 = 0.32768.
    let phi = with(None, Some(0.36));
    assert_eq!((phi["p"], phi["r"], phi["s"]), (1_310_720_000, 429_496_728, -655_360_000));
    // A silent cause has its zeros too.
    assert_eq!(here(&half, &yes(&["p", "t"])).causes["silent"].parts.len(), 2);
}

/// decisions.md, "Conditional evidence": B27 given psoriasis, with both unknown members summed out.
#[test]
fn a_table_sums_out_what_is_unknown() {
    let mut heritable = document(&[("k", 0.1)]);
    booleans(&mut heritable, &["b27", "psoriasis", "unrelated"]);
    heritable.evidence = vec![
        shares("k", "psoriasis", 0.2, 0.05),
        given(shares("k", "b27", 0.3, 0.107), "present(psoriasis)"),
        shares("k", "b27", 0.6, 0.109),
    ];
    heritable.groups.insert(
        "g".to_owned(),
        Group { table: vec!["k".to_owned()], ..group(&["b27", "psoriasis", "unrelated"]) },
    );
    let ratio = |document: &Document, present: &[&str], absent: &[&str]| {
        let verdict = here(document, &booleans_found(present, absent));
        let [(_, weight)] = verdict.causes["k"].parts.as_slice() else { panic!("one part") };
        weight.likelihood_ratio().get()
    };
    near(ratio(&heritable, &["psoriasis"], &[]), 4.0, 1e-8);
    near(ratio(&heritable, &["b27", "psoriasis"], &[]), 4.0 * 0.3 / 0.107, 1e-8);
    near(ratio(&heritable, &["b27"], &["psoriasis"]), (0.8 / 0.95) * (0.6 / 0.109), 1e-8);
    // 0.2 * 0.3 + 0.8 * 0.6 = 0.54 against 0.05 * 0.107 + 0.95 * 0.109 = 0.1089.
    near(ratio(&heritable, &["b27"], &[]), 0.54 / 0.108_9, 1e-8);
    near(ratio(&heritable, &["unrelated"], &[]), 1.0, 1e-8);
    // Neutral absence of psoriasis weighs nothing, yet it decides B27's row.
    heritable.evidence[0].absent = Some(Neutral { neutral: "it comes later".to_owned() });
    near(ratio(&heritable, &["b27"], &["psoriasis"]), 0.6 / 0.109, 1e-8);
}
