//! The schemas say of the shape of a text what the reader says of it.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use aetia::{CaseError, Catalogued, Code, Document, Error, KnowledgeBase, Problem};
use jsonschema::Validator;
use serde_json::{Value, json};

use crate::binary::{files, run};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn schema(arguments: &[&str]) -> Value {
    let run = run(&[&["schema"], arguments].concat(), "");
    assert_eq!(run.code, 0, "{}", run.err);
    serde_json::from_str(&run.out).unwrap()
}

fn validator(schema: &Value) -> Validator {
    assert!(jsonschema::meta::is_valid(schema), "no schema");
    jsonschema::validator_for(schema).unwrap()
}

/// A text as plain data; none where it is no TOML or JSON.
fn data(path: &Path) -> Option<Value> {
    let text = fs::read_to_string(path).unwrap();
    if path.extension().is_some_and(|extension| extension == "json") {
        serde_json::from_str(&text).ok()
    } else {
        toml::from_str(&text).ok()
    }
}

/// The problems the reader finds in plain data, warnings left out.
fn errors(data: &Value) -> Vec<Problem> {
    let document = Document::from_json(&data.to_string()).map_err(Error::from);
    match document.and_then(|document| Ok(document.validate()?)) {
        Ok(_) => Vec::new(),
        Err(Error::Document(error)) => vec![error.problem().clone()],
        Err(Error::Invalid(invalid)) => invalid.problems().to_vec(),
        Err(other) => panic!("{other}"),
    }
}

fn is_structural(problem: &Problem) -> bool {
    problem.code().catalogued() == Catalogued::Structural
}

/// Every good knowledge base of the project.
fn good() -> Vec<PathBuf> {
    let mut paths = vec![files().join("door.toml"), root().join("crates/aetia/docs/tiny.toml")];
    let valid = fs::read_dir(root().join("tests/documents/valid")).unwrap();
    paths.extend(valid.map(|entry| entry.unwrap().path()));
    for name in aetia_kb::available() {
        paths.push(root().join("crates/aetia-kb/kb").join(name).join("kb.toml"));
    }
    paths.sort();
    paths
}

#[test]
fn every_good_knowledge_base_and_case_is_accepted() {
    let validator_of_kb = validator(&schema(&["kb"]));
    assert!(good().len() >= 8);
    for path in good() {
        let errors: Vec<String> =
            validator_of_kb.iter_errors(&data(&path).unwrap()).map(|error| error.to_string()).collect();
        assert!(errors.is_empty(), "{}: {errors:?}", path.display());
    }
    for name in aetia_kb::available() {
        let cases: Value = toml::from_str(aetia_kb::embedded(name).unwrap().cases()).unwrap();
        for tests in [schema(&["tests"]), schema(&["tests", name])] {
            let errors: Vec<String> =
                validator(&tests).iter_errors(&cases).map(|it| it.to_string()).collect();
            assert!(errors.is_empty(), "{errors:?}");
        }
        let of_case = [validator(&schema(&["case"])), validator(&schema(&["case", name]))];
        let mut count = 0;
        for case in cases["cases"].as_array().unwrap() {
            let case = json!({ "findings": case["findings"] });
            assert!(of_case.iter().all(|validator| validator.is_valid(&case)), "{case}");
            count += 1;
        }
        assert!(count >= 40);
    }
}

/// Every bad document with a problem of shape is refused, and whatever is refused has some error.
#[test]
fn every_structural_problem_is_refused() {
    let [of_kb, of_case, of_tests] = ["kb", "case", "tests"].map(|format| validator(&schema(&[format])));
    let mut seen: BTreeSet<Code> = BTreeSet::new();
    let tiny = fs::read_to_string(root().join("crates/aetia/docs/tiny.toml")).unwrap();
    let tiny = Document::from_toml(&tiny).unwrap().validate().unwrap();
    for entry in fs::read_dir(root().join("tests/documents/invalid")).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_stem().unwrap().to_str().unwrap().to_owned();
        if path.extension().is_some_and(|extension| extension == "txt") {
            continue;
        }
        let Some(data) = data(&path) else { continue };
        let (problems, accepted) = match name.as_str() {
            name if name.contains("-case") => (errors_of_case(&tiny, &data), of_case.is_valid(&data)),
            name if name.contains("-test") => (errors_of_tests(&tiny, &data), of_tests.is_valid(&data)),
            _ => (errors(&data), of_kb.is_valid(&data)),
        };
        let structural: BTreeSet<Code> =
            problems.iter().filter(|problem| is_structural(problem)).map(Problem::code).collect();
        assert!(structural.is_empty() || !accepted, "{name} is accepted with {structural:?}");
        let about_size = fs::read_to_string(&path).unwrap().contains("# limits:");
        assert!(accepted || !problems.is_empty() || about_size, "{name} is refused for nothing");
        seen.extend(structural);
    }
    let all: BTreeSet<Code> =
        Problem::codes().iter().copied().filter(|code| code.catalogued() == Catalogued::Structural).collect();
    assert_eq!(seen, all, "seen, then all");
}

fn errors_of_case(kb: &KnowledgeBase, data: &Value) -> Vec<Problem> {
    kb.case_from_json(&data.to_string()).err().as_ref().map(problems_of).unwrap_or_default()
}

fn errors_of_tests(kb: &KnowledgeBase, data: &Value) -> Vec<Problem> {
    kb.test_cases_from_json(&data.to_string()).err().as_ref().map(problems_of).unwrap_or_default()
}

fn problems_of(error: &CaseError) -> Vec<Problem> {
    if let CaseError::Invalid(invalid) = error {
        invalid.problems().to_vec()
    } else if let CaseError::Document(error) = error {
        vec![error.problem().clone()]
    } else {
        panic!("{error}")
    }
}

/// The path of every value, as JSON pointers.
fn pointers(value: &Value, here: &str, found: &mut Vec<String>) {
    found.push(here.to_owned());
    match value {
        Value::Object(fields) => {
            fields.iter().for_each(|(key, value)| pointers(value, &format!("{here}/{key}"), found));
        }
        Value::Array(items) => {
            (0..)
                .zip(items)
                .for_each(|(at, item): (usize, _)| pointers(item, &format!("{here}/{at}"), found));
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

/// A field taken away, a field too many, a value of another type: each as the reader sees it.
#[test]
fn a_document_that_is_wounded_is_refused_where_the_reader_refuses_its_shape() {
    let of_kb = validator(&schema(&["kb"]));
    let mut kinds: BTreeMap<Code, usize> = BTreeMap::new();
    for name in ["tests/documents/valid/counts.toml"] {
        let whole = data(&root().join(name)).unwrap();
        let mut places = Vec::new();
        pointers(&whole, "", &mut places);
        // Of the places in lists that differ in their position alone, the first.
        let mut kinds_of_place = BTreeSet::new();
        let kind = |place: &str| {
            place.split('/').filter(|step| step.parse::<usize>().is_err()).collect::<Vec<_>>().join("/")
        };
        places.retain(|place| !place.is_empty() && kinds_of_place.insert(kind(place)));
        for place in &places {
            let mut wounds: Vec<Value> = Vec::new();
            for other in [Value::Null, json!(7), json!("text"), json!({ "zz": 7 }), json!({})] {
                let mut wounded = whole.clone();
                *wounded.pointer_mut(place).unwrap() = other;
                wounds.push(wounded);
            }
            let (parent, key) = place.rsplit_once('/').unwrap();
            let mut wounded = whole.clone();
            if let Some(Value::Object(fields)) = wounded.pointer_mut(parent) {
                fields.remove(key);
                wounds.push(wounded);
            }
            for wounded in wounds {
                let problems = errors(&wounded);
                let structural: Vec<&Problem> =
                    problems.iter().filter(|problem| is_structural(problem)).collect();
                let is_valid = of_kb.is_valid(&wounded);
                assert!(
                    structural.is_empty() || !is_valid,
                    "{name} {place}: accepted in spite of {structural:?}"
                );
                assert!(
                    is_valid || !problems.is_empty(),
                    "{name} {place}: {} refused for nothing",
                    wounded.pointer(place).unwrap_or(&Value::Null)
                );
                for problem in structural {
                    *kinds.entry(problem.code()).or_default() += 1;
                }
            }
        }
    }
    assert!(kinds.len() >= 5, "{kinds:?}");
}

/// Every table of the format has in the schema the fields it has for the reader, no more and no fewer.
#[test]
fn the_fields_are_those_of_the_reader() {
    const STRANGE: &str = "qqqqqqqqqqqq";
    let schema = schema(&["kb"]);
    let mut tables: BTreeSet<BTreeSet<String>> = BTreeSet::new();
    for path in good() {
        let mut whole = data(&path).unwrap();
        let mut expected: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        plant(&mut whole, "", &schema, &schema, STRANGE, &mut expected);
        let document = Document::from_json(&whole.to_string()).unwrap();
        let problems = document.validate().unwrap_err();
        let found: BTreeMap<String, BTreeSet<String>> = problems
            .problems()
            .iter()
            .filter(|problem| problem.place().ends_with(STRANGE))
            .map(|problem| {
                let help = problem.help_text().unwrap();
                let fields = help.split('`').skip(1).step_by(2).map(str::to_owned).collect();
                (problem.place().trim_end_matches(STRANGE).trim_end_matches('.').to_owned(), fields)
            })
            .collect();
        assert_eq!(found, expected, "{}: the reader, then the schema", path.display());
        tables.extend(expected.into_values());
    }
    assert!(tables.len() >= 24, "only {} kinds of table seen", tables.len());
}

/// Puts a strange field into every table whose fields the schema lists, and notes these.
fn plant(
    value: &mut Value,
    place: &str,
    part: &Value,
    whole: &Value,
    strange: &str,
    found: &mut BTreeMap<String, BTreeSet<String>>,
) {
    let part = resolved(part, whole);
    let below = |key: &str| if place.is_empty() { key.to_owned() } else { format!("{place}.{key}") };
    match value {
        Value::Object(fields) => {
            let listed = part.get("properties").and_then(Value::as_object);
            for (key, value) in fields.iter_mut() {
                let next =
                    listed.and_then(|listed| listed.get(key)).or_else(|| part.get("additionalProperties"));
                plant(value, &below(key), next.unwrap_or(&Value::Null), whole, strange, found);
            }
            if let Some(listed) = listed {
                found.insert(place.to_owned(), listed.keys().cloned().collect());
                fields.insert(strange.to_owned(), json!(1));
            }
        }
        Value::Array(items) => {
            for (at, item) in items.iter_mut().enumerate() {
                let next = part.get("items").unwrap_or(&Value::Null);
                plant(item, &format!("{place}[{at}]"), next, whole, strange, found);
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

/// A part of a schema, references followed.
fn resolved<'s>(part: &'s Value, whole: &'s Value) -> &'s Value {
    let reference = part.get("$ref").or_else(|| part.pointer("/allOf/0/$ref")).and_then(Value::as_str);
    match reference {
        Some(reference) => resolved(whole.pointer(reference.trim_start_matches('#')).unwrap(), whole),
        None => part,
    }
}

/// A schema made for a knowledge base knows its indicators and their answers.
#[test]
fn cases_are_held_against_their_knowledge_base() {
    let path = files().join("door.toml");
    let of_case = validator(&schema(&["case", path.to_str().unwrap()]));
    let is_valid = |findings: Value| of_case.is_valid(&json!({ "findings": findings }));
    assert!(is_valid(
        json!({ "handle_turns": true, "weather": "wet", "age": 3.5, "smoke": "not_assessable", "bolt_out": null })
    ));
    for bad in [
        json!({ "handle": true }),
        json!({ "weather": "moist" }),
        json!({ "weather": 1 }),
        json!({ "age": "old" }),
    ] {
        assert!(!is_valid(bad.clone()), "{bad}");
    }
}
