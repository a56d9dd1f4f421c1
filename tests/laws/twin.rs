//! The law above the others: two programs, written apart, say the same.

use aetia_tests::engine::{any_answers, any_document, any_sample, cases, model, readings};
use aetia_tests::flagship::flagship;
use aetia_tests::twin::differences;
use proptest::prelude::*;

proptest! {
    #![proptest_config(cases())]

    /// Every integer, rank, gate, flag and inference is equal, and every posterior within 1e-12: in every setting,
    /// under both links. What the one refuses as a contradiction, the other refuses.
    #[test]
    fn the_engine_agrees_with_the_oracle(
        sample in any_sample(),
        (document, answers) in any_document().prop_flat_map(|document| {
            let answers = any_answers(&document);
            (Just(document), answers)
        }),
    ) {
        for (document, findings) in [(sample.document, sample.findings), (document, answers)] {
            let model = model(&document);
            for options in readings(&document) {
                let found = differences(&document, &model, &findings, &options);
                prop_assert!(found.is_empty(), "{:?}\n{}", options, found.join("\n"));
            }
        }
    }

    /// The same on the knowledge base people use, with any answers to its questions, contradictions included.
    #[test]
    fn the_engine_agrees_with_the_oracle_on_any_case_of_morning_back_pain(answers in any_answers(&flagship().document)) {
        for options in readings(&flagship().document) {
            let found = differences(&flagship().document, &flagship().model, &answers, &options);
            prop_assert!(found.is_empty(), "{:?}\n{}", options, found.join("\n"));
        }
    }
}

#[test]
fn the_engine_agrees_with_the_oracle_on_every_golden_case() {
    let flagship = flagship();
    let mut found = Vec::new();
    for case in &flagship.cases {
        for options in readings(&flagship.document) {
            let differences = differences(&flagship.document, &flagship.model, &case.findings, &options);
            found.extend(differences.into_iter().map(|text| format!("{}, {options:?}: {text}", case.id)));
        }
    }
    assert!(found.is_empty(), "\n{}", found.join("\n"));
}
