//! What must hold of any text and any assessment, shared by the targets.
#![forbid(unsafe_code)]

use aetia::{Assessment, Case, Link, LogOdds, Model, Options, Problem, Scratch};

/// There are problems; each has words, and stands inside the text if it says where it stands.
pub fn check_problems(text: &str, problems: &[Problem]) {
    assert!(!problems.is_empty());
    problems.iter().for_each(|problem| check_place(text, problem));
}

/// A line that the text has, and a column of that line or the one after it.
fn check_place(text: &str, problem: &Problem) {
    assert!(!problem.message().is_empty(), "{problem:?}");
    let Some((line, column)) = problem.line_and_column() else { return };
    assert!(line > 0 && column > 0, "{problem:?}");
    let found = text.split('\n').nth(usize::try_from(line - 1).expect("32 bits"));
    let letters = found.unwrap_or_else(|| panic!("no such line: {problem:?}")).chars().count();
    assert!(usize::try_from(column).expect("32 bits") <= letters + 1, "no such column: {problem:?}");
}

/// What holds of every assessment of a case, in every setting and under both links.
pub fn check_assessments(model: &Model, case: &Case) {
    let mut scratch = Scratch::new();
    for setting in model.knowledge_base().settings() {
        for link in [Link::Exclusive, Link::Independent] {
            let options = Options { setting: setting.id().clone(), link };
            check(model.assess_with(case, &options, &mut scratch).expect("a setting of the model"));
        }
    }
}

fn check(assessment: &Assessment) {
    let mut sum = assessment.comparator().posterior().get();
    let mut last = None;
    for candidate in assessment.ranking() {
        let explanation = candidate.explanation();
        assert_eq!(explanation.total(), candidate.score() - LogOdds::EVEN, "parts sum to the score");
        assert!(!explanation.to_string().is_empty());
        assert!(last.is_none_or(|above| above >= candidate.score()), "ranked by score");
        last = Some(candidate.score());
        sum += candidate.posterior().expect("a ranked cause has a posterior").get();
    }
    if assessment.link() == Link::Exclusive {
        assert!((sum - 1.0).abs() < 1e-9, "posteriors sum to {sum}");
    }
    assert!(assessment.to_string().contains(assessment.notice().split_whitespace().next().unwrap_or_default()));
}

/// The small knowledge base of the core's documentation.
pub fn tiny() -> Model {
    let document = aetia::Document::from_toml(include_str!("../crates/aetia/docs/tiny.toml")).expect("it is read");
    document.validate().expect("it is valid").compile()
}
