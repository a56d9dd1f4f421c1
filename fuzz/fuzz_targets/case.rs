//! Any text as a case of the flagship: refused with problems that stand in it, or assessed.
#![no_main]

use std::sync::LazyLock;

use aetia::{Case, CaseError, Model};
use libfuzzer_sys::fuzz_target;

static MODEL: LazyLock<Model> =
    LazyLock::new(|| aetia_kb::load("morning_back_pain").expect("its tests say it is valid"));

fuzz_target!(|text: &str| {
    read(text, Model::case_from_toml);
    read(text, Model::case_from_json);
});

fn read(text: &str, read: fn(&Model, &str) -> Result<Case, CaseError>) {
    match read(&MODEL, text) {
        Err(CaseError::Document(error)) => {
            aetia_fuzz::check_problems(text, std::slice::from_ref(error.problem()));
        }
        Err(CaseError::Invalid(invalid)) => aetia_fuzz::check_problems(text, invalid.problems()),
        Err(other) => panic!("a text is refused by its problems, not by {other:?}"),
        Ok(case) => {
            aetia_fuzz::check_assessments(&MODEL, &case);
            let again = MODEL.case_from_json(&case.to_json()).expect("what was written can be read");
            assert_eq!(again.hash(), case.hash());
        }
    }
}
