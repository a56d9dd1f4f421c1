//! Any text as a stored interview: refused with its reason, or written again as it was, and taken up or refused by a model.
#![no_main]

use std::sync::LazyLock;

use aetia::{InterviewRecord, Model};
use libfuzzer_sys::fuzz_target;

static MODEL: LazyLock<Model> = LazyLock::new(aetia_fuzz::tiny);

/// Of long interviews the first questions tell enough.
const STEPS: usize = 6;

fuzz_target!(|text: &str| {
    let record = match InterviewRecord::from_json(text) {
        Ok(record) => record,
        Err(error) => {
            assert!(!error.to_string().is_empty());
            return;
        }
    };
    let again = InterviewRecord::from_json(&record.to_json()).expect("what was written can be read");
    assert_eq!(again, record);
    if let Err(error) = MODEL.resume(&record) {
        assert!(!error.to_string().is_empty());
    }
    // Answers of another knowledge base are adopted by name, as far as they go.
    let Ok((mut interview, dropped)) = MODEL.resume_adopting(&record) else { return };
    let settings = usize::from(record.setting != interview.record().setting);
    assert_eq!(interview.answers().len() + dropped.len(), record.answers.len() + settings);
    for _ in 0..STEPS {
        assert!(!interview.assessment().to_string().is_empty());
        let Some(question) = interview.next() else { break };
        let indicator = question.indicator().id().to_string();
        assert!(interview.answers().iter().all(|(asked, _)| asked.as_str() != indicator), "{indicator} is asked twice");
        let pass = aetia::AnswerValue::Named("unknown".to_owned());
        interview.answer(&indicator, &pass).expect("passing over contradicts nothing");
    }
    let stored = interview.record();
    let resumed = MODEL.resume(&stored).expect("what an interview stores it takes up");
    assert_eq!(resumed.record(), stored);
});
