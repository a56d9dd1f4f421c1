//! Bytes as a small random knowledge base and a case: the engine and its slow twin say the same.
#![no_main]

use aetia::written::Indicator;
use aetia::{AnswerValue, Document, IndicatorKind};
use aetia_tests::engine::{model, readings};
use aetia_tests::oracle::Findings;
use aetia_tests::strategies::{Weighing, document_of};
use aetia_tests::twin::differences;
use libfuzzer_sys::fuzz_target;

/// How many bytes answer the indicators; a random knowledge base has no more.
const ANSWERS: usize = 8;

fuzz_target!(|bytes: &[u8]| {
    let Some(([weighing, answers @ ..], tape)) = bytes.split_first_chunk::<{ 1 + ANSWERS }>() else { return };
    let weighing = if weighing % 2 == 0 { Weighing::Real } else { Weighing::Ties };
    // Two bytes a number: enough to tell any two weights apart, and few enough for the fuzzer to learn.
    let number = |pair: &[u8]| u32::from(pair[0]) << 24 | u32::from(pair[1]) << 16;
    let document = document_of(tape.chunks_exact(2).map(number).collect(), weighing);
    let findings = findings(&document, answers);
    let model = model(&document);
    for options in readings(&document) {
        let found = differences(&document, &model, &findings, &options);
        assert!(found.is_empty(), "{options:?}\n{findings:?}\n{}\n{}", found.join("\n"), document.to_toml());
    }
});

/// A byte for each indicator: left out, unknown, not assessable, or an answer. Contradictions are left in.
fn findings(document: &Document, answers: &[u8]) -> Findings {
    let mut findings = Findings::new();
    for ((id, indicator), byte) in document.indicators.iter().zip(answers) {
        let value = match byte % 10 {
            0 | 1 => continue,
            2 => AnswerValue::Named("unknown".to_owned()),
            3 => AnswerValue::Named("not_assessable".to_owned()),
            _ => answer(indicator, usize::from(byte / 10)),
        };
        findings.insert(id.clone(), value);
    }
    findings
}

/// One of an indicator's answers; a number lies on a cut-point or a little to either side.
fn answer(indicator: &Indicator, choice: usize) -> AnswerValue {
    match indicator.kind {
        IndicatorKind::Boolean => AnswerValue::Boolean(choice % 2 == 0),
        IndicatorKind::Categorical | IndicatorKind::Ordinal => {
            AnswerValue::Named(indicator.answers[choice % indicator.answers.len()].id.clone())
        }
        IndicatorKind::Numeric => {
            let cut = indicator.cut_points[choice / 3 % indicator.cut_points.len()];
            AnswerValue::Number(cut + [0.0, -0.25, 0.25][choice % 3])
        }
    }
}
