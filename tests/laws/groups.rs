//! Laws of groups: counts and discounts.

use std::collections::BTreeMap;

use aetia::written::{Count, CountRule, Evidence, Group, Item, Probabilities, Shares};
use aetia::{AnswerValue, Document, LikelihoodRatio, Link, Weight};
use aetia_tests::engine::{assess, cases, model, options, raw_scores};
use aetia_tests::oracle::Findings;
use aetia_tests::sketch::{HERE, add_boolean, add_booleans, group, ratio, ratio_row, real, row, sketch};
use aetia_tests::synthetic::provenance;
use proptest::prelude::*;
use proptest::sample::Index;

const CAUSE: &str = "cause";

/// What all findings together weigh for the one cause of a document.
fn weight(document: &Document, findings: &Findings) -> i64 {
    let model = model(document);
    let options = options(HERE, Link::Exclusive);
    let score = |findings| raw_scores(&assess(&model, findings, &options))[CAUSE];
    score(findings) - score(&Findings::new())
}

/// Positive shares that sum to 1.
fn shares(sizes: &[f64]) -> Vec<f64> {
    let sum: f64 = sizes.iter().sum();
    sizes.iter().map(|size| size / sum).collect()
}

// ------------------------------------------------------------------------------------------------------- counts

/// A count of booleans in one of its forms, with some of the items answered.
#[derive(Clone, Debug)]
struct Counted {
    rule: CountRule,
    /// For each item: present, absent or unknown.
    items: Vec<Option<bool>>,
    /// Whether the group also has a discounted cause, so that it is compiled as a joint table.
    is_mixed: bool,
}

fn any_count() -> impl Strategy<Value = Counted> {
    let answers = prop::collection::vec(prop::option::weighted(0.6, any::<bool>()), 1..=6);
    let sizes = || prop::collection::vec(0.05..1.0_f64, 7);
    (answers, sizes(), sizes(), 0..4, any::<Index>(), any::<bool>()).prop_map(
        |(items, one, other, form, cut, is_mixed)| {
            let n = items.len();
            let provenance = provenance();
            let mut rule = CountRule { cause: CAUSE.to_owned(), provenance, ..CountRule::default() };
            match form {
                0 => {
                    let margins = |sizes: &[f64]| sizes[..n].iter().map(|size| size * 0.95).collect();
                    rule.margins = Some(Shares { cause: margins(&one), comparator: margins(&other) });
                }
                1 => {
                    let (cause, comparator) = (shares(&one[..=n]), shares(&other[..=n]));
                    rule.distribution = Some(Shares { cause, comparator });
                }
                form => {
                    let cut = 1 + cut.index(n);
                    let keys = [format!("<{cut}"), format!(">={cut}")];
                    let (cause, comparator) = (shares(&one[..2]), shares(&other[..2]));
                    let ratios = cause.iter().zip(&comparator).map(|(p, q)| p / q);
                    rule.likelihood_ratios = keys.iter().cloned().zip(ratios).collect();
                    rule.comparator = keys.into_iter().zip(comparator).collect();
                    rule.shrink = (form == 3).then_some(0.6);
                }
            }
            Counted { rule, items, is_mixed }
        },
    )
}

impl Counted {
    fn document(&self) -> Document {
        let mut document = sketch(&[(CAUSE, 0.2), ("rival", 0.3)]);
        let members: Vec<String> = (0..self.items.len()).map(|number| format!("item_{number}")).collect();
        add_booleans(&mut document, &members);
        let items = members.iter().map(|id| Item { title: id.clone(), condition: format!("present({id})") });
        let count = Some(Count { items: items.collect(), rules: vec![self.rule.clone()] });
        if self.is_mixed {
            document.evidence.push(ratio_row("rival", &members[0], 2.0, Some(0.5)));
        }
        document.groups.insert("group".to_owned(), Group { count, ..group(&members) });
        document
    }

    fn findings(&self) -> Findings {
        let answered = self.items.iter().enumerate();
        answered
            .filter_map(|(number, answer)| Some((format!("item_{number}"), AnswerValue::Boolean((*answer)?))))
            .collect()
    }

    /// Every way to answer what is unknown.
    fn completions(&self) -> Vec<Vec<bool>> {
        let states = (0..1_u32 << self.items.len())
            .map(|bits| (0..self.items.len()).map(|item| bits >> item & 1 == 1).collect::<Vec<_>>());
        let agrees = |state: &Vec<bool>| {
            state.iter().zip(&self.items).all(|(state, item)| item.is_none_or(|it| it == *state))
        };
        states.filter(agrees).collect()
    }

    /// `P(count = m)` under the cause and under the comparator, where items are exchangeable.
    fn distributions(&self) -> Option<(Vec<f64>, Vec<f64>)> {
        let n = self.items.len();
        if let Some(distribution) = &self.rule.distribution {
            return Some((distribution.cause.clone(), distribution.comparator.clone()));
        }
        let key = |m: usize| {
            self.rule.comparator.keys().find(|key| match key.strip_prefix('<') {
                Some(cut) => m < cut.parse().unwrap(),
                None => m >= key.trim_start_matches(">=").parse().unwrap(),
            })
        };
        let size = |m: usize| real((0..=n).filter(|other| key(*other) == key(m)).count());
        let comparator: Option<Vec<f64>> =
            (0..=n).map(|m| Some(self.rule.comparator[key(m)?] / size(m))).collect();
        let comparator = comparator?;
        let power = self.rule.shrink.unwrap_or(1.0);
        let cause =
            |(m, p): (usize, &f64)| p * libm::pow(self.rule.likelihood_ratios[key(m).unwrap()], power);
        let cause: Vec<f64> = comparator.iter().enumerate().map(cause).collect();
        Some((shares(&cause), comparator))
    }
}

/// How many sets of `k` there are among `n`, counted.
fn sets(n: usize, k: usize) -> f64 {
    real((0..1_u32 << n).filter(|bits| usize::try_from(bits.count_ones()) == Ok(k)).count())
}

proptest! {
    #![proptest_config(cases())]

    /// What is not answered is summed out, state by state.
    #[test]
    fn a_partial_count_is_the_sum_of_its_completions(count in any_count()) {
        let n = count.items.len();
        let answered = count.items.iter().flatten().count();
        let present = count.items.iter().flatten().filter(|yes| **yes).count();
        let expected = if let Some(margins) = &count.rule.margins {
            // The number present among the answered items, whatever the others are: all states with this number.
            let is_answered = |item: &usize| count.items[*item].is_some();
            let states = (0..1_u32 << n).filter(|bits| (0..n).filter(is_answered).filter(|item| bits >> item & 1 == 1).count() == present);
            let sum = |margins: &[f64]| -> f64 {
                let of = |bits: u32| (0..n).map(|item| if bits >> item & 1 == 1 { margins[item] } else { 1.0 - margins[item] }).product::<f64>();
                states.clone().map(of).sum()
            };
            sum(&margins.cause) / sum(&margins.comparator)
        } else {
            // Given how many are present of all, each set of so many is as likely as any other.
            let (cause, comparator) = count.distributions().unwrap();
            let sum = |counts: &[f64]| -> f64 {
                let ones = |state: &Vec<bool>| state.iter().filter(|yes| **yes).count();
                count.completions().iter().map(|state| counts[ones(state)] / sets(n, ones(state))).sum()
            };
            sum(&cause) / sum(&comparator)
        };
        let expected = LikelihoodRatio::new(expected).unwrap().weight().nanodecibans();
        let weight = weight(&count.document(), &count.findings());
        // Two orders of floats, before one rounding.
        prop_assert!((weight - expected).abs() <= 1, "{} for {}", weight, expected);
        prop_assert!(answered > 0 || weight == 0);
    }

    /// An item answered alone weighs its own ratio, where the count gives each item its margins.
    #[test]
    fn a_lone_item_of_a_count_weighs_its_own_ratio(count in any_count(), item in any::<Index>(), yes in any::<bool>()) {
        let Some(margins) = count.rule.margins.clone() else { return Ok(()) };
        let item = item.index(count.items.len());
        let (p, q) = (margins.cause[item], margins.comparator[item]);
        let own = if yes { p / q } else { (1.0 - p) / (1.0 - q) };
        let findings = Findings::from([(format!("item_{item}"), AnswerValue::Boolean(yes))]);
        let expected = LikelihoodRatio::new(own).unwrap().weight().nanodecibans();
        prop_assert!((weight(&count.document(), &findings) - expected).abs() <= 1);
    }

    /// No further supporting answer lowers a discounted group, no order of its items matters, and gamma leads from
    /// the strongest alone to the plain sum.
    #[test]
    fn a_further_supporting_item_never_lowers_a_discounted_group(
        weights in prop::collection::vec(-3_000..15_000_i64, 1..=5),
        ties in any::<bool>(),
        gamma in 0.0..=1.0_f64,
        next in any::<Index>(),
        turn in any::<Index>(),
    ) {
        // Millidecibans, or whole decibans that often tie.
        let unit = if ties { 1_000_000_000 } else { 1_000_000 };
        let weights: Vec<i64> = weights.iter().map(|weight| weight % if ties { 4 } else { 15_000 } * unit).collect();
        let group = Discounted { weights: weights.clone(), gamma };
        let all = group.weight(0..weights.len());

        let mut turned = weights.clone();
        turned.rotate_left(turn.index(weights.len()));
        let same = Discounted { weights: turned, gamma };
        prop_assert_eq!(same.weight(0..weights.len()), all);

        let next = next.index(weights.len());
        let without = group.weight((0..weights.len()).filter(|item| *item != next));
        // Each part is rounded to the unit.
        let slack = i64::try_from(weights.len()).unwrap();
        let change = (all - without) * if weights[next] < 0 { -1 } else { 1 };
        prop_assert!(change >= -slack, "{} to {}", without, all);

        let plain: i64 = weights.iter().sum();
        prop_assert_eq!(Discounted { gamma: 1.0, ..group.clone() }.weight(0..weights.len()), plain);
        let ends = weights.iter().max().unwrap().max(&0) + weights.iter().min().unwrap().min(&0);
        prop_assert_eq!(Discounted { gamma: 0.0, ..group }.weight(0..weights.len()), ends);
    }

    /// However many copies of one sign are asked, they weigh what the geometric series allows.
    #[test]
    fn a_group_of_clones_weighs_at_most_what_gamma_allows(
        weight in -15_000_000_000..15_000_000_000_i64,
        copies in 1..=6_usize,
        gamma in 0.0..0.99_f64,
        others in prop::collection::vec(-15_000_000_000..15_000_000_000_i64, 5),
    ) {
        let clones = Discounted { weights: vec![weight; copies], gamma };
        let together = clones.weight(0..copies);
        let units = |weight: i64| Weight::from_nanodecibans(weight).abs().decibans() * 1e9;
        // Each part is rounded to the unit, and each factor to the billionth.
        let rounding = real(copies) * (1.0 + units(weight) / 2e9);
        prop_assert!(units(together) <= units(weight) / (1.0 - gamma) + rounding);
        prop_assert!(together.abs() >= weight.abs() && together.signum() == weight.signum());

        // And any group at most its items together.
        let group = Discounted { weights: others.clone(), gamma };
        prop_assert!(group.weight(0..5).abs() <= others.iter().map(|weight| weight.abs()).sum());
        let positive = |weight: &&i64| **weight > 0;
        let up: i64 = others.iter().filter(positive).sum();
        let down: i64 = others.iter().filter(|weight| !positive(weight)).sum();
        prop_assert!((down..=up).contains(&group.weight(0..5)));
    }

    /// A joint table without conditions is a product, so each member weighs what it weighs alone.
    #[test]
    fn a_table_of_independent_members_is_their_product(
        members in prop::collection::vec((0.02..0.98_f64, 0.02..0.98_f64, prop::option::of(any::<bool>())), 1..=5),
    ) {
        let mut document = sketch(&[(CAUSE, 0.2)]);
        let mut findings = Findings::new();
        for (number, (under_cause, under_comparator, answer)) in members.iter().enumerate() {
            let id = format!("item_{number}");
            add_boolean(&mut document, &id);
            let present = |share: f64| BTreeMap::from([("present".to_owned(), share)]);
            let probabilities = Some(Probabilities { cause: present(*under_cause), comparator: present(*under_comparator) });
            document.evidence.push(Evidence { probabilities, ..row(CAUSE, &id) });
            findings.extend(answer.map(|yes| (id, AnswerValue::Boolean(yes))));
        }
        let alone = weight(&document, &findings);
        let ids: Vec<String> = document.indicators.keys().cloned().collect();
        document.groups.insert("group".to_owned(), Group { table: vec![CAUSE.to_owned()], ..group(&ids) });
        let together = weight(&document, &findings);
        // One rounding instead of one for each member.
        prop_assert!((together - alone).abs() <= 3, "{} for {}", together, alone);
    }
}

// ----------------------------------------------------------------------------------------------------- discounts

/// A discounted group of booleans, with what each weighs when present.
#[derive(Clone, Debug)]
struct Discounted {
    weights: Vec<i64>,
    gamma: f64,
}

impl Discounted {
    /// What these items, present, weigh together.
    fn weight(&self, present: impl IntoIterator<Item = usize>) -> i64 {
        let mut document = sketch(&[(CAUSE, 0.2)]);
        for (number, weight) in self.weights.iter().enumerate() {
            let id = format!("item_{number}");
            add_boolean(&mut document, &id);
            document.evidence.push(ratio_row(CAUSE, &id, ratio(*weight), None));
        }
        let ids: Vec<String> = document.indicators.keys().cloned().collect();
        document.groups.insert("group".to_owned(), Group { gamma: Some(self.gamma), ..group(&ids) });
        let present =
            present.into_iter().map(|number| (format!("item_{number}"), AnswerValue::Boolean(true)));
        weight(&document, &present.collect())
    }
}
