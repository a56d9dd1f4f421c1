//! Laws of stored results: what is read back is what was written, and nothing that was altered.

use aetia::{Code, Limits, Record, RecordError};
use aetia_tests::engine::{any_sample, assess, assess_sample, candidates, cases, model, readings};
use aetia_tests::flagship::flagship;
use proptest::prelude::*;
use proptest::sample::Index;
use serde_json::{Value, json};

proptest! {
    #![proptest_config(cases())]

    /// Stored and read back, a result is equal, prints alike, explains alike and compares alike, to the byte.
    #[test]
    fn a_stored_result_is_the_live_one(sample in any_sample()) {
        let model = model(&sample.document);
        for options in readings(&sample.document) {
            let assessment = assess(&model, &sample.findings, &options);
            let record = Record::from_json(&assessment.to_json()).unwrap();
            prop_assert_eq!(&record, &assessment.record());
            prop_assert_eq!(record.to_json(), assessment.to_json());
            prop_assert_eq!(record.to_string(), assessment.to_string());
            let all = candidates(&assessment);
            for one in &all {
                let stored = record.cause(one.id().as_str()).unwrap();
                prop_assert_eq!(stored, &one.record());
                prop_assert_eq!(stored.posterior, one.posterior().map(aetia::Probability::get));
                let explanation = one.explanation();
                prop_assert_eq!(stored.explanation_text().to_string(), explanation.to_string());
                for (stored, live) in stored.explanation.iter().zip(&explanation) {
                    prop_assert_eq!(stored, &live.record());
                    prop_assert_eq!(stored.to_string(), live.to_string());
                }
                for other in &all {
                    let live = assessment.compare(one.id().as_str(), other.id().as_str()).unwrap();
                    let stored = record.compare(one.id().as_str(), other.id().as_str()).unwrap();
                    prop_assert_eq!(&stored, &live);
                    prop_assert_eq!(live.total(), one.score() - other.score());
                }
            }
            for (stored, live) in record.flags.iter().zip(assessment.flags()) {
                prop_assert_eq!(stored, &live.record());
            }
        }
        let unknown = assess_sample(&sample).record().compare("no_such_cause", "no_such_cause").unwrap_err();
        prop_assert_eq!(unknown.what(), "cause");
    }

    /// The heading of a comparison says which cause stands above, as the ranking has it.
    #[test]
    fn a_comparison_says_which_cause_stands_above(sample in any_sample()) {
        let assessment = assess_sample(&sample);
        let all = candidates(&assessment);
        for (one, other) in all.iter().flat_map(|one| all.iter().map(move |other| (one, other))) {
            let text = assessment.compare(one.id().as_str(), other.id().as_str()).unwrap().to_string();
            let expected = match (one.rank(), other.rank()) {
                (Some(rank), Some(of_other)) if rank < of_other => "stands above",
                (Some(rank), Some(of_other)) if rank > of_other => "stands below",
                (Some(_), Some(_)) => "stands level",
                (None, None) => "both excluded",
                (None, Some(_)) | (Some(_), None) => "which is excluded",
            };
            let words = text.split_whitespace().collect::<Vec<_>>().join(" ");
            prop_assert!(words.contains(expected), "{}: {}", expected, text);
        }
    }

    /// One weight more or less, and the sum is not the score: the cause is named.
    #[test]
    fn an_altered_weight_is_refused(sample in any_sample(), which in any::<(Index, Index)>(), by in 1..1_000_i64) {
        let assessment = assess_sample(&sample);
        let written: Value = serde_json::from_str(&assessment.to_json()).unwrap();
        let places: Vec<String> = ["ranking", "excluded"].iter().flat_map(|list| {
            let count = written[list].as_array().unwrap().len();
            (0..count).map(move |at| format!("/{list}/{at}"))
        }).collect();
        let place = &places[which.0.index(places.len())];
        let candidate = written.pointer(place).unwrap();
        let cause = candidate["cause"].as_str().unwrap();
        let part = which.1.index(candidate["explanation"].as_array().unwrap().len());
        for field in [format!("{place}/explanation/{part}/weight"), format!("{place}/score"), format!("{place}/score_ungated")] {
            let mut altered = written.clone();
            let weight = altered.pointer_mut(&field).unwrap();
            *weight = json!(weight.as_i64().unwrap() + by);
            match Record::from_json(&altered.to_string()) {
                Err(RecordError::Sum { cause: named, .. }) => prop_assert_eq!(named, cause),
                other => prop_assert!(false, "{}: {:?}", field, other),
            }
        }
    }

    /// Every field of a result is needed and none is known besides; each refusal has its place.
    #[test]
    fn a_result_with_a_field_more_or_less_is_refused(sample in any_sample(), which in any::<(Index, Index)>()) {
        let written: Value = serde_json::from_str(&assess_sample(&sample).to_json()).unwrap();
        let mut tables = vec!["", "/knowledge_base", "/comparator", "/ranking/0", "/ranking/0/explanation/0"];
        tables.extend(written.pointer("/flags/0").map(|_| "/flags/0"));
        let table = tables[which.0.index(tables.len())];
        let keys: Vec<String> = written.pointer(table).unwrap().as_object().unwrap().keys().cloned().collect();
        let key = &keys[which.1.index(keys.len())];
        let refused = |change: &dyn Fn(&mut serde_json::Map<String, Value>)| {
            let mut altered = written.clone();
            change(altered.pointer_mut(table).unwrap().as_object_mut().unwrap());
            Record::from_json(&altered.to_string()).unwrap_err()
        };
        let place = table.trim_start_matches('/').replace("/0", "[0]").replace('/', ".");
        let field = |message: String| RecordError::Field { place: place.clone(), message };
        let missing = refused(&|fields| drop(fields.remove(key)));
        prop_assert_eq!(missing, field(format!("the field `{key}` is missing")));
        let stray = refused(&|fields| drop(fields.insert("luck".to_owned(), json!(7))));
        prop_assert_eq!(stray, field("`luck` is no field of a result".to_owned()));
    }
}

/// A stored result of the knowledge base of morning back pain.
fn stored() -> Value {
    let model = &flagship().model;
    let case =
        model.case().present("hla_b27").unwrap().number("age_at_onset", 28.0).unwrap().build().unwrap();
    serde_json::from_str(&model.assess(&case).to_json()).unwrap()
}

/// Why it is refused once a value is another.
fn refusal(place: &str, value: Value) -> RecordError {
    let mut altered = stored();
    *altered.pointer_mut(place).unwrap_or_else(|| panic!("no {place}")) = value;
    Record::from_json(&altered.to_string()).expect_err(place)
}

#[test]
fn what_no_assessment_can_have_written_is_refused() {
    for bad in [0.0, 1.0, -0.5, 1e300] {
        for place in ["/comparator/prior", "/ranking/1/posterior", "/ranking/0/posterior_ungated"] {
            let error = refusal(place, json!(bad));
            assert!(matches!(error, RecordError::Probability { .. }), "{place}: {error}");
        }
    }
    assert_eq!(refusal("/format_version", json!(7)), RecordError::FormatVersion { found: 7 });
    for (place, value, expected) in [
        ("/format_version", json!(7), "format_version: 7 cannot be read, expected 1; assess the case again"),
        ("/ranking/0/posterior", json!(1), "ranking[0].posterior: 1 is not between 0 and 1"),
        ("/ranking/2/title", json!(null), "ranking[2].title: found `null`, expected a text"),
        (
            "/ranking/0/rank",
            json!(-1),
            "ranking[0].rank: found the number -1, expected a whole number from 0",
        ),
        (
            "/ranking/0/explanation/0/weight",
            json!("3 dB"),
            "ranking[0].explanation[0].weight: found the text `3 dB`, expected a whole number",
        ),
        ("/link", json!("chain"), "link: found `chain`, expected one of `exclusive`, `independent`"),
        ("/ranking/0/margin", json!(5), "ranking[0].margin: expected what the score lacks to the one above"),
        (
            "/case/findings/age_at_onset",
            json!(29.0),
            "case_hash: expected the hash of the case; one of the two was altered",
        ),
        ("/ranking", json!([]), "ranking: expected at least one cause, as every knowledge base has"),
        (
            "/ranking/0/posterior",
            json!(0.99),
            "ranking[0].posterior: expected the probability that follows from the score",
        ),
        (
            "/ranking/1/prior",
            json!(0.5),
            "ranking[1].prior: expected the probability that follows from the score",
        ),
        (
            "/comparator/posterior_ungated",
            json!(0.2),
            "ranking[0].posterior_ungated: expected the probability that follows from the score",
        ),
        (
            "/ranking/0/closeness",
            json!("tie"),
            "ranking[0].closeness: expected `clear` from a margin of a deciban on, and nothing else below",
        ),
        (
            "/ranking/0/explanation/0/weight",
            json!(9_000_000_000_000_000_000_i64),
            "ranking[0].explanation[0].weight: expected a weight of at most 10,000 decibans",
        ),
        ("/not_asked/0", json!("weather"), "words: `weather` is named and has no words"),
        ("/words", json!([]), "words: found a list, expected a table"),
    ] {
        assert_eq!(refusal(place, value).to_string(), expected);
    }
    let first = stored()["ranking"][0]["cause"].clone();
    let expected = format!("ranking: `{}` stands twice, expected every cause once", first.as_str().unwrap());
    assert_eq!(refusal("/ranking/1/cause", first).to_string(), expected);
}

#[test]
fn a_stored_result_says_every_finding_in_words() {
    let words = &stored()["words"];
    assert_eq!(words["age_at_onset"], "Age when the pain began: 28 years");
    assert_eq!(words["hla_b27"], "HLA-B27");
    assert_eq!(words["night_pain"], "Night pain");
    assert_eq!(words.as_object().unwrap().len(), flagship().document.indicators.len());
}

#[test]
fn a_ranking_out_of_order_is_refused() {
    let mut swapped = stored();
    swapped["ranking"].as_array_mut().unwrap().swap(0, 1);
    let place =
        |altered: &Value| Record::from_json(&altered.to_string()).unwrap_err().place().map(str::to_owned);
    assert!(matches!(Record::from_json(&swapped.to_string()), Err(RecordError::Order { .. })));
    assert_eq!(place(&swapped).as_deref(), Some("ranking[0]"));
    // Ranks to match do not help: the scores are out of order still.
    swapped["ranking"][0]["rank"] = json!(1);
    swapped["ranking"][0]["margin"] = json!(null);
    swapped["ranking"][0]["closeness"] = json!("clear");
    swapped["ranking"][1]["rank"] = json!(2);
    assert!(matches!(Record::from_json(&swapped.to_string()), Err(RecordError::Order { .. })));
    assert_eq!(place(&swapped).as_deref(), Some("ranking[1]"));
}

#[test]
fn a_result_that_exceeds_the_limits_is_refused() {
    let code = |text: &str| match Record::from_json(text) {
        Err(RecordError::Text(error)) => error.problem().code(),
        other => panic!("{other:?}"),
    };
    assert_eq!(code("{"), Code::Syntax);
    assert_eq!(code(r#"{"engine": "", "engine": ""}"#), Code::DuplicateKey);
    assert_eq!(code(&"[".repeat(100_000)), Code::TooDeep);
    assert_eq!(code(&" ".repeat(Limits::default().document_bytes + 1)), Code::TooLarge);
    let text = stored().to_string();
    let exact = Limits { document_bytes: text.len(), ..Limits::default() };
    assert!(Record::from_json_within(&text, &exact).is_ok());
    let less = Limits { document_bytes: text.len() - 1, ..exact };
    assert!(Record::from_json_within(&text, &less).is_err());
}
