//! Any text as a stored result: refused with its reason, or printed, compared and written again as it was.
#![no_main]

use aetia::Record;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let record = match Record::from_json(text) {
        Ok(record) => record,
        Err(error) => {
            assert!(!error.to_string().is_empty());
            return;
        }
    };
    let again = Record::from_json(&record.to_json()).expect("what was written can be read");
    assert_eq!(again, record);
    assert_eq!(again.to_string(), record.to_string());
    let causes = || record.ranking.iter().chain(&record.excluded);
    for one in causes() {
        assert!(!one.explanation_text().to_string().is_empty());
        for other in causes() {
            let comparison = record.compare(&one.cause, &other.cause).expect("both are in it");
            assert!(!comparison.to_string().is_empty());
        }
    }
});
