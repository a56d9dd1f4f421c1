//! What test cases leave untried, against a list made by hand.

use aetia::written::{Implies, Impossible};
use aetia::{AnswerValue, Case, Document, Model};
use aetia_tests::sketch::{HERE, add_booleans, group, ratio_row, sketch};
use aetia_verify::{coverage, coverage_in};

/// Three signs: `b` follows from `a`, `a` and `c` together are impossible, `a` and `b` are in a group. Rows about `b`: one
/// where `a` is there, one for another setting, and the general one.
fn document() -> Document {
    let mut document = sketch(&[("one", 0.3), ("two", 0.2)]);
    let signs = ["a", "b", "c"].map(str::to_owned);
    add_booleans(&mut document, &signs);
    document.settings.insert("there".to_owned(), document.settings[HERE].clone());
    for cause in document.causes.values_mut() {
        let prior = cause.prior[HERE].clone();
        cause.prior.insert("there".to_owned(), prior);
    }
    let mut conditional = ratio_row("one", "b", 2.0, Some(0.5));
    conditional.when = Some("present(a)".to_owned());
    let mut special = ratio_row("one", "b", 3.0, Some(0.5));
    special.setting = vec!["there".to_owned()];
    let general = ratio_row("one", "b", 4.0, Some(0.5));
    document.evidence = vec![conditional, special, general];
    document.groups.insert("pair".to_owned(), group(&signs[..2]));
    document.implies.push(Implies {
        condition: "present(a)".to_owned(),
        then: [("b".to_owned(), AnswerValue::Boolean(true))].into(),
        reason: "it follows".to_owned(),
    });
    document.impossible.push(Impossible {
        condition: "all(absent(a), absent(b))".to_owned(),
        reason: "one of the two is always there".to_owned(),
    });
    document
}

fn case(model: &Model, findings: &[(&str, bool)]) -> Case {
    let mut case = model.case();
    for (id, present) in findings {
        case = case.finding(id, &AnswerValue::Boolean(*present)).unwrap();
    }
    case.build().unwrap()
}

/// Of several rows the one that applies is used, and no other; rows of other settings are not.
#[test]
fn a_weight_is_used_where_its_row_applies() {
    let model = document().validate().unwrap().compile();
    let unused = |cases: &[Case], setting: Option<&str>| -> Vec<usize> {
        let setting = setting.map(|name| name.parse().unwrap());
        let found = match &setting {
            None => coverage(&model, cases).unwrap(),
            Some(setting) => coverage_in(&model, cases.iter().map(|case| (case, setting))).unwrap(),
        };
        assert_eq!(found.all_weights, 6);
        // The row is in the brackets.
        found.weights.iter().map(|line| line["evidence[".len()..][..1].parse().unwrap()).collect()
    };
    let with_a = case(&model, &[("a", true)]);
    let without = case(&model, &[("b", true)]);
    // `b` follows from `a`: the first row applies, and not the general one.
    assert_eq!(unused(std::slice::from_ref(&with_a), None), [0, 1, 1, 2, 2]);
    assert_eq!(unused(std::slice::from_ref(&without), None), [0, 0, 1, 1, 2]);
    assert_eq!(unused(std::slice::from_ref(&without), Some("there")), [0, 0, 1, 2, 2]);
    assert_eq!(unused(&[with_a, without], Some(HERE)), [0, 1, 1, 2]);
}

/// States that contradict themselves or are impossible are none, and those that no case is in are named.
#[test]
fn the_states_of_a_group_are_those_of_possible_cases() {
    let model = document().validate().unwrap().compile();
    let found = coverage(&model, &[case(&model, &[]), case(&model, &[("a", true)])]).unwrap();
    let [states] = found.states.as_slice() else { panic!("{found}") };
    // Of nine: `a` without `b` contradicts what follows (two), and neither is impossible (one).
    assert_eq!((states.group.as_str(), states.seen, states.all()), ("pair", 2, 6));
    let missing = [
        "`a` = unknown, `b` = absent",
        "`a` = unknown, `b` = present",
        "`a` = absent, `b` = unknown",
        "`a` = absent, `b` = present",
    ];
    assert_eq!(states.missing, missing);
}
