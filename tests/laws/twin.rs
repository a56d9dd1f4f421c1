//! The law above the others: two programs, written apart, say the same.

use aetia_tests::engine::{any_answers, any_document, any_sample, cases, model, readings};
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
}
