//! Published tables, reproduced by the library to the tolerance each file of `tests/vectors` states.

use std::path::Path;

use aetia::written::{AccuracyRow, Count, CountRule, Evidence, Group, Item};
use aetia::{Accuracy, AnswerValue, Counts, Document, LikelihoodRatio, Link, Weight};
use aetia_tests::engine::{assess, model, options, posterior, raw_scores};
use aetia_tests::oracle::Findings;
use aetia_tests::sketch::{HERE, add_boolean, group, ratio_row, row, sketch};
use aetia_tests::synthetic::provenance;
use serde_json::Value;

const CAUSE: &str = "cause";

/// A file, which must have the tolerance and as many cases as this test was written for: so that a table cannot
/// shrink or loosen unseen.
fn table(name: &str, tolerance: &str, cases: (&str, usize)) -> Value {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("vectors").join(format!("{name}.json"));
    let text = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let table: Value = serde_json::from_str(&text).unwrap();
    let stated = table["tolerance"].as_str().unwrap();
    assert!(stated.contains(tolerance), "{name}: the tolerance is now {stated}");
    assert_eq!(table[cases.0].as_array().unwrap().len(), cases.1, "{name}: {}", cases.0);
    table
}

fn rows<'t>(table: &'t Value, list: &str) -> impl Iterator<Item = &'t Value> {
    table[list].as_array().unwrap().iter()
}

fn number(row: &Value, key: &str) -> f64 {
    row[key].as_f64().unwrap_or_else(|| panic!("{row} has no number `{key}`"))
}

fn near(what: &Value, value: f64, expected: f64, tolerance: f64) {
    assert!((value - expected).abs() <= tolerance, "{value} is not {expected} +- {tolerance}: {what}");
}

/// The posterior of one cause with this prior when each of these signs is present.
fn posterior_after(prior: f64, evidence: impl IntoIterator<Item = Evidence>) -> f64 {
    let mut document = sketch(&[(CAUSE, prior)]);
    let mut findings = Findings::new();
    for (position, row) in evidence.into_iter().enumerate() {
        let id = format!("sign_{position}");
        add_boolean(&mut document, &id);
        document.evidence.push(Evidence { indicator: id.clone(), ..row });
        findings.insert(id, AnswerValue::Boolean(true));
    }
    // With one cause both links give the same: Bayes' rule.
    let after = |link| posterior(assess(&model(&document), &findings, &options(HERE, link)).first());
    let (exclusive, independent) = (after(Link::Exclusive), after(Link::Independent));
    assert!((exclusive - independent).abs() < 1e-12);
    exclusive
}

/// A row that says what presence weighs, and nothing of absence.
fn ratio_of(present: f64) -> Evidence {
    ratio_row(CAUSE, "", present, None)
}

fn accuracy_row(sensitivity: f64, specificity: f64) -> Evidence {
    Evidence { accuracy: Some(AccuracyRow { sensitivity, specificity }), ..row(CAUSE, "") }
}

fn accuracy(row: &Value) -> Accuracy {
    Accuracy::new(number(row, "sens_pct") / 100.0, number(row, "spec_pct") / 100.0).unwrap()
}

/// Rudwaleit 2004, table 3: pretest probability and three ratios. The printed percents are not all consistent with the
/// printed ratios; the exact column is what is computed from them.
#[test]
fn diagnosing_spondyloarthritis_early_2004() {
    let table = table("rudwaleit2004_table3", "abs 1.0 percentage point vs published", ("cases", 7));
    for row in rows(&table, "cases") {
        let ratios = rows(row, "lrs").map(|ratio| ratio_of(ratio.as_f64().unwrap()));
        let percent = 100.0 * posterior_after(number(row, "pretest_pct") / 100.0, ratios);
        near(row, percent, number(row, "published_posttest_pct"), 1.0);
        let exact = number(row, "exact_posttest_pct");
        near(row, percent, exact, 1e-6 * exact);
    }
}

/// Rudwaleit 2006, table 1: sensitivity and specificity, and the ratios printed beside them. Where the authors ignore
/// a negative result, absence is declared neutral.
#[test]
fn easy_assessment_at_the_bedside_2006() {
    let table = table("axspa_lr_table_2006", "LR+ abs 0.06, LR- abs 0.011", ("cases", 8));
    for row in rows(&table, "cases") {
        let ratios = accuracy(row).likelihood_ratios();
        near(row, ratios.present.get(), number(row, "published_lr_pos"), 0.06);
        near(row, ratios.absent.get(), number(row, "published_lr_neg"), 0.011);
        near(row, ratios.present.get(), number(row, "exact_lr_pos"), 1e-6);
        near(row, ratios.absent.get(), number(row, "exact_lr_neg"), 1e-6);
        assert_eq!(weight_of_absence(row), absence_weighs(row), "{row}");
    }
    for row in rows(&table, "hla_b27_conditional") {
        let ratios = accuracy(row).likelihood_ratios();
        near(row, ratios.present.get(), number(row, "lr_pos"), 0.06);
        near(row, ratios.absent.get(), number(row, "lr_neg"), 0.011);
    }
    hla_b27_weighs_less_given_psoriasis(&table);
}

/// What absence should weigh: the ratio of the row, or nothing where the authors ignore it.
fn absence_weighs(row: &Value) -> Weight {
    if row["use_negative"].as_bool().unwrap() { accuracy(row).likelihood_ratios().absent.weight() } else { Weight::ZERO }
}

/// What absence does weigh in a document that says what the authors say.
fn weight_of_absence(row: &Value) -> Weight {
    let mut document = sketch(&[(CAUSE, 0.05)]);
    add_boolean(&mut document, "sign");
    let neutral = ratio_row(CAUSE, "sign", 1.0, None).absent;
    let accuracy = accuracy_row(number(row, "sens_pct") / 100.0, number(row, "spec_pct") / 100.0);
    let absent = if row["use_negative"].as_bool().unwrap() { None } else { neutral };
    document.evidence.push(Evidence { indicator: "sign".to_owned(), absent, ..accuracy });
    Weight::from_nanodecibans(weight(&document, &[("sign", false)]))
}

/// What findings weigh for the one cause of a document.
fn weight(document: &Document, found: &[(&str, bool)]) -> i64 {
    let model = model(document);
    let score = |findings: &Findings| raw_scores(&assess(&model, findings, &options(HERE, Link::Exclusive)))[CAUSE];
    score(&aetia_tests::sketch::booleans(found)) - score(&Findings::new())
}

/// The footnote of that table as the format says it: one row `when` psoriasis is present, and one without.
fn hla_b27_weighs_less_given_psoriasis(table: &Value) {
    let mut document = sketch(&[(CAUSE, 0.05)]);
    let members = ["hla_b27".to_owned(), "psoriasis".to_owned()];
    members.iter().for_each(|id| add_boolean(&mut document, id));
    document.groups.insert("heritable".to_owned(), group(&members));
    let contexts: Vec<&Value> = rows(table, "hla_b27_conditional").collect();
    for (context, when) in contexts.iter().zip([None, Some("present(psoriasis)".to_owned())]) {
        let row = accuracy_row(number(context, "sens_pct") / 100.0, number(context, "spec_pct") / 100.0);
        document.evidence.push(Evidence { indicator: "hla_b27".to_owned(), when, ..row });
    }
    let ratio = |found: &[(&str, bool)]| Weight::from_nanodecibans(weight(&document, found)).likelihood_ratio().get();
    near(contexts[0], ratio(&[("hla_b27", true)]), 9.0, 1e-8);
    near(contexts[0], ratio(&[("hla_b27", true), ("psoriasis", false)]), 9.0, 1e-8);
    near(contexts[1], ratio(&[("hla_b27", true), ("psoriasis", true)]), 5.0, 1e-8);
    near(contexts[1], ratio(&[("hla_b27", false), ("psoriasis", true)]), 0.56, 0.011);
}

/// Sieper and Rudwaleit 2005, table 1: one parameter at a time, from 5 %. Two printed ratios are not those of the
/// printed sensitivity and specificity, so a document states the ratio.
#[test]
fn screening_by_one_parameter_2005() {
    let table = table("axspa_screening_single_lr", "posttest: abs 0.6 pp from published_lr", ("cases", 8));
    let mut inconsistent = Vec::new();
    for row in rows(&table, "cases") {
        let published = number(row, "published_lr");
        let percent = 100.0 * posterior_after(number(row, "pretest_pct") / 100.0, [ratio_of(published)]);
        near(row, percent, number(row, "published_posttest_pct"), 0.6);
        near(row, percent, number(row, "posttest_from_published_lr_pct"), 1e-4);
        let exact = accuracy(row).likelihood_ratios().present.get();
        near(row, exact, number(row, "exact_lr"), 1e-9);
        if (exact - published).abs() > 1e-9 {
            inconsistent.push(row["parameter"].as_str().unwrap());
        }
    }
    assert_eq!(inconsistent, ["uveitis", "family history"]);
}

/// Two rules of thumb from 5 %: the product of the ratios, and sums of scores of 10 ln LR.
#[test]
fn thresholds_of_products_and_sums() {
    let table = table("axspa_thresholds", "abs 0.5 pp", ("product_cases", 2));
    let pretest = number(&table, "pretest_pct") / 100.0;
    for list in ["product_cases", "recalled_rule_of_thumb"] {
        for row in rows(&table, list) {
            let percent = 100.0 * posterior_after(pretest, [ratio_of(number(row, "lr_product"))]);
            near(row, percent, number(row, "exact_pct"), 1e-3);
        }
    }
    let printed = [90.0, 80.0];
    for (row, printed) in rows(&table, "product_cases").zip(printed) {
        near(row, 100.0 * posterior_after(pretest, [ratio_of(number(row, "lr_product"))]), printed, 0.5);
    }
    let by_score = |score: f64| 100.0 * posterior_after(pretest, [ratio_of(libm::exp(score / 10.0))]);
    assert_eq!(rows(&table, "score_cases").count(), 3);
    for row in rows(&table, "score_cases") {
        let score = number(row, "score");
        match row["exact_pct"].as_f64() {
            Some(exact) => near(row, by_score(score), exact, 1e-3),
            None => {
                near(row, by_score(score - 1.0), number(row, "exact_pct_at_12"), 1e-3);
                near(row, by_score(score), number(row, "exact_pct_at_13"), 1e-3);
            }
        }
    }
    // "> 51: > 90 %", "> 43: > 80 %", "< 13: < 15 %", to half a point at the next whole score.
    assert!(by_score(52.0) > 90.0 && by_score(44.0) > 80.0 && by_score(12.0) < 15.0);
    near(&table, by_score(51.0), 90.0, 0.5);
    near(&table, by_score(43.0), 80.0, 0.5);
}

/// Serial tests in glaucoma: independent tests multiply.
#[test]
fn serial_tests_in_glaucoma() {
    let table = table("glaucoma_serial_lr", "1e-6", ("cases", 3));
    for row in rows(&table, "cases") {
        let pairs: Vec<(f64, f64)> =
            rows(row, "tests").map(|pair| (pair[0].as_f64().unwrap(), pair[1].as_f64().unwrap())).collect();
        let after = posterior_after(number(row, "pretest"), pairs.iter().map(|(p, q)| accuracy_row(*p, *q)));
        near(row, after, number(row, "exact_posttest"), 1e-6);
        let product: f64 =
            pairs.iter().map(|(p, q)| Accuracy::new(*p, *q).unwrap().likelihood_ratios().present.get()).product();
        near(row, product, number(row, "lr"), 1e-6 * number(row, "lr"));
        if let Some(odds) = row["posttest_odds"].as_f64() {
            near(row, after / (1.0 - after), odds, 1e-6 * odds.max(1.0));
            near(row, after, number(row, "posttest"), 1e-6);
        }
    }
}

/// A criterion that counts items, with the sensitivity and specificity of each published threshold: a count whose
/// intervals are below the threshold and from it up weighs just the ratio of the criterion.
#[test]
fn inflammatory_back_pain_as_a_count() {
    let table = table("ibp_k_of_n", "LR abs 0.1", ("cases", 8));
    let mut published = 0;
    for row in rows(&table, "cases").filter(|row| row["sens_pct"].is_number()) {
        // ">=2 of 4", ">=3/5", "5/5".
        let criteria = row["criteria"].as_str().unwrap().rsplit_once(' ').map_or("", |_| row["criteria"].as_str().unwrap());
        let digits: Vec<usize> =
            criteria.chars().filter_map(|c| c.to_digit(10)).map(|digit| usize::try_from(digit).unwrap()).collect();
        let [least, items] = digits.as_slice() else { panic!("{criteria}: not k of n") };
        let ratios = accuracy(row).likelihood_ratios();
        let [below, from] = [0, *least].map(|present| ratio_of_count(row, *least, *items, present));
        near(row, from, ratios.present.get(), 1e-8);
        near(row, below, ratios.absent.get(), 1e-8);
        if let Some(printed) = row["published_lr_pos"].as_f64() {
            near(row, from, printed, 0.1);
            near(row, from, number(row, "exact_lr_pos"), 1e-4);
            published += 1;
        }
    }
    assert_eq!(published, 1);
    // The study of 101 and 112 people behind it: 71 of 101 and 91 of 112 are the nearest whole people.
    let counts = Counts::new(71, 30, 21, 91).unwrap();
    near(&table["cases"][0], counts.accuracy().likelihood_ratios().present.get(), 3.7, 0.1);
    let (low, high) = counts.interval_present();
    assert!(low < LikelihoodRatio::new(3.7).unwrap() && LikelihoodRatio::new(3.7).unwrap() < high);
}

/// What so many of the items, all answered, weigh by a count with these two intervals.
fn ratio_of_count(row: &Value, least: usize, items: usize, present: usize) -> f64 {
    let (sensitivity, specificity) = (number(row, "sens_pct") / 100.0, number(row, "spec_pct") / 100.0);
    let ratios = accuracy(row).likelihood_ratios();
    let mut document = sketch(&[(CAUSE, 0.05)]);
    let members: Vec<String> = (0..items).map(|item| format!("item_{item}")).collect();
    members.iter().for_each(|id| add_boolean(&mut document, id));
    let keys = [format!("<{least}"), format!(">={least}")];
    let pair = |values: [f64; 2]| keys.iter().cloned().zip(values).collect();
    let rule = CountRule {
        cause: CAUSE.to_owned(),
        likelihood_ratios: pair([ratios.absent.get(), ratios.present.get()]),
        comparator: pair([specificity, 1.0 - specificity]),
        provenance: provenance(),
        ..CountRule::default()
    };
    assert!(sensitivity > 0.0);
    let count = Count {
        items: members.iter().map(|id| Item { title: id.clone(), condition: format!("present({id})") }).collect(),
        rules: vec![rule],
    };
    document.groups.insert("criteria".to_owned(), Group { count: Some(count), ..group(&members) });
    let answers: Vec<(&str, bool)> =
        members.iter().enumerate().map(|(item, id)| (id.as_str(), item < present)).collect();
    Weight::from_nanodecibans(weight(&document, &answers)).likelihood_ratio().get()
}
