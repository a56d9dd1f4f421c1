//! Law 17 for the knowledge base it was made for.

use aetia::{AnswerValue, Case, Finding, Link, Options, Scratch, Tag};
use aetia_tests::engine::{any_answers, cases, posterior, readings};
use aetia_tests::flagship::flagship;
use aetia_tests::oracle::Findings;
use proptest::prelude::*;

const IBP: &str = "inflammatory_back_pain";

/// What a case can say about night pain.
fn night_pains() -> [AnswerValue; 4] {
    let word = |word: &str| AnswerValue::Named(word.to_owned());
    [word("unknown"), word("not_assessable"), AnswerValue::Boolean(false), AnswerValue::Boolean(true)]
}

/// Findings as a case; those that contradict others are left unknown.
fn mended(findings: &Findings) -> Case {
    let add = |builder: aetia::CaseBuilder, (id, value): (&String, &AnswerValue)| {
        builder.finding(id, value).unwrap()
    };
    findings.iter().fold(flagship().model.case(), add).build_leniently()
}

fn has_night_pain(case: &Case) -> bool {
    matches!(case.finding("night_pain"), Some(Finding::Answer { answer, .. }) if answer.key() == "present")
}

/// The strong inflammatory picture of the golden cases, without what it says about the night.
fn strong_picture() -> Findings {
    let mut findings = flagship().case("strong_picture_night_pain").findings.clone();
    findings.remove("night_pain");
    findings
}

/// Where a cause stands: its rank with gates and without, and whether its posterior is the largest of all.
fn standing(case: &Case, options: &Options) -> (Option<usize>, usize, bool) {
    let mut scratch = Scratch::new();
    let assessment = flagship().model.assess_with(case, options, &mut scratch).unwrap();
    let ibp = assessment.cause(IBP).unwrap();
    let others = assessment.ranking().filter(|it| it.id().as_str() != IBP).map(posterior);
    let is_largest =
        others.chain([assessment.comparator().posterior().get()]).all(|other| other <= posterior(ibp));
    (ibp.rank(), ibp.rank_ungated(), is_largest)
}

proptest! {
    #![proptest_config(cases())]

    /// Unknown, not assessable and absent night pain all hold it, whatever else is found: it is neither of rank 1 nor
    /// has it the largest posterior, in any setting, under either link.
    #[test]
    fn inflammatory_back_pain_is_never_first_unless_night_pain_is_present(
        noise in any_answers(&flagship().document),
        is_strong in prop::bool::weighted(0.7),
    ) {
        let mut findings = noise;
        if is_strong {
            findings.extend(strong_picture());
        }
        for night_pain in night_pains() {
            findings.insert("night_pain".to_owned(), night_pain);
            let case = mended(&findings);
            for options in readings(&flagship().document) {
                let (rank, _, is_largest) = standing(&case, &options);
                prop_assert!(rank != Some(1) && !is_largest || has_night_pain(&case), "{:?}: {}", options, case.to_json());
            }
        }
    }
}

/// The law is about something: the gate is all that keeps the strong picture from being first.
#[test]
fn a_strong_picture_is_first_with_night_pain_and_would_be_without() {
    for options in readings(&flagship().document) {
        for night_pain in night_pains() {
            let is_present = night_pain == AnswerValue::Boolean(true);
            let mut findings = strong_picture();
            findings.insert("night_pain".to_owned(), night_pain);
            let (rank, ungated, is_largest) = standing(&mended(&findings), &options);
            assert_eq!(ungated, 1, "{options:?}");
            assert_eq!(rank == Some(1), is_present, "{options:?}");
            assert!(!is_largest || is_present, "{options:?}");
        }
    }
}

/// Being woken by the pain implies night pain, which opens the gate though nobody asked about it.
#[test]
fn who_is_woken_by_the_pain_has_night_pain() {
    let mut findings = strong_picture();
    findings.insert("wakes_second_half_of_night".to_owned(), AnswerValue::Boolean(true));
    let case = mended(&findings);
    assert!(has_night_pain(&case));
    let options = Options { link: Link::Exclusive, ..flagship().model.options() };
    assert_eq!(standing(&case, &options).0, Some(1));
}

/// A weight that is a sum over answers nobody gave rests on their figures too, and is trusted no more than they are.
#[test]
fn a_sum_over_an_unknown_answer_cites_it() {
    let model = &flagship().model;
    let part = |findings: &[(&str, bool)]| {
        let value = |present: &bool| AnswerValue::Boolean(*present);
        let add = |case: aetia::CaseBuilder, (id, present): &(&str, bool)| {
            case.finding(id, &value(present)).unwrap()
        };
        let case = findings.iter().fold(model.case(), add).build().unwrap();
        let assessment = model.assess(&case);
        let record = assessment.cause(IBP).unwrap().record();
        let first = findings[0].0.to_owned();
        let part = record.explanation.into_iter().find(|part| part.indicators.contains(&first)).unwrap();
        (part.citations, part.tag)
    };
    // The family says what it says by way of the marker, whose figures given psoriasis are assumed.
    let (citations, tag) = part(&[("family_history_spa", true)]);
    assert!(
        ["f17", "b11"].iter().all(|source| citations.iter().any(|cited| cited == source)),
        "{citations:?}"
    );
    assert_eq!(tag, Some(Tag::Assumption));
    // Once nothing is open, nothing else counts.
    let (citations, tag) = part(&[("hla_b27", true), ("psoriasis", false), ("ibd", false)]);
    assert!(!citations.is_empty());
    assert_eq!(tag, Some(Tag::Verified), "{citations:?}");
}
