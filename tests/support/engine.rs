//! The engine as the tests ask it: documents and findings in, plain maps out.

use std::collections::{BTreeMap, BTreeSet};

use aetia::{
    Assessment, Candidate, Case, CaseError, Code, Document, FlagState, Link, Model, Options, Scratch,
    Severity,
};
use proptest::prelude::{Just, ProptestConfig, Strategy};
use proptest::prop_oneof;
use proptest::sample::select;

use crate::oracle::{Findings, answers_of};
use crate::strategies::{Sample, Weighing, documents, samples};

/// How many random cases a law gets: the environment's `AETIA_CASES`, else 100. A failure is printed and
/// turned into a golden case by hand, so no seed is kept in a file.
pub fn cases() -> ProptestConfig {
    let given = std::env::var("AETIA_CASES").ok();
    let cases = given.map_or(100, |text| text.parse().expect("AETIA_CASES is a whole number"));
    ProptestConfig { cases, failure_persistence: None, ..ProptestConfig::default() }
}

/// Random documents of both kinds: real weights, and weights that tie.
pub fn any_document() -> impl Strategy<Value = Document> {
    weighings().prop_flat_map(documents)
}

/// Random documents of both kinds, each with a case, a setting and a link.
pub fn any_sample() -> impl Strategy<Value = Sample> {
    weighings().prop_flat_map(samples)
}

fn weighings() -> impl Strategy<Value = Weighing> {
    prop_oneof![Just(Weighing::Real), Just(Weighing::Ties)]
}

/// Any answer, or none, for every indicator of a document: contradictions are left in.
pub fn any_answers(document: &Document) -> impl Strategy<Value = Findings> + use<> {
    use aetia::{AnswerValue, IndicatorKind};
    let one = |(id, indicator): (&String, &aetia::written::Indicator)| {
        let values: Vec<AnswerValue> = match indicator.kind {
            IndicatorKind::Boolean => vec![AnswerValue::Boolean(true), AnswerValue::Boolean(false)],
            IndicatorKind::Categorical | IndicatorKind::Ordinal => {
                answers_of(indicator).into_iter().map(AnswerValue::Named).collect()
            }
            IndicatorKind::Numeric => {
                let around = |cut: &f64| [AnswerValue::Number(*cut), AnswerValue::Number(cut - 0.25)];
                indicator.cut_points.iter().flat_map(around).collect()
            }
        };
        let word = |word: &str| Some(AnswerValue::Named(word.to_owned()));
        let answer = prop_oneof![
            5 => select(values).prop_map(Some),
            2 => Just(None),
            1 => Just(word("unknown")),
            1 => Just(word("not_assessable")),
        ];
        (Just(id.clone()), answer)
    };
    let each: Vec<_> = document.indicators.iter().map(one).collect();
    each.prop_map(|pairs| pairs.into_iter().filter_map(|(id, value)| Some((id, value?))).collect())
}

/// A document as a model; one that is not valid fails the test with its problems.
pub fn model(document: &Document) -> Model {
    let valid = document.clone().validate();
    valid.unwrap_or_else(|invalid| panic!("{invalid}\n{}", document.to_toml())).compile()
}

/// The codes of the errors in a document; none where it is valid.
pub fn errors(document: &Document) -> BTreeSet<Code> {
    let problems = document.clone().validate().err();
    let problems = problems.iter().flat_map(aetia::Invalid::problems);
    problems.filter(|problem| problem.severity() == Severity::Error).map(aetia::Problem::code).collect()
}

/// Findings as a case of a model.
///
/// # Errors
/// Whatever the builder refuses.
pub fn try_case(model: &Model, findings: &Findings) -> Result<Case, CaseError> {
    findings.iter().try_fold(model.case(), |builder, (id, value)| builder.finding(id, value))?.build()
}

/// Findings that do not contradict each other, as a case of a model.
pub fn case(model: &Model, findings: &Findings) -> Case {
    try_case(model, findings).unwrap_or_else(|error| panic!("{error}: {findings:?}"))
}

/// A setting and a link.
pub fn options(setting: &str, link: Link) -> Options {
    Options { setting: setting.parse().expect("the id of a setting"), link }
}

/// Every setting of a document under both links.
pub fn readings(document: &Document) -> Vec<Options> {
    let both = |setting: &String| [Link::Exclusive, Link::Independent].map(|link| options(setting, link));
    document.settings.keys().flat_map(both).collect()
}

/// The assessment of a case, in space of its own.
pub fn assess(model: &Model, findings: &Findings, options: &Options) -> Assessment {
    let case = case(model, findings);
    model.assess_with(&case, options, &mut Scratch::new()).expect("a known setting").clone()
}

/// The assessment of a sample, as drawn.
pub fn assess_sample(sample: &Sample) -> Assessment {
    assess(&model(&sample.document), &sample.findings, &options(&sample.setting, sample.link))
}

/// All named causes: those in the ranking, then the excluded ones.
pub fn candidates(assessment: &Assessment) -> Vec<Candidate<'_>> {
    assessment.ranking().chain(assessment.excluded()).collect()
}

/// The ids of the ranking, first first.
pub fn order(assessment: &Assessment) -> Vec<String> {
    assessment.ranking().map(|candidate| candidate.id().to_string()).collect()
}

/// Some number of every named cause, by id.
pub fn by_cause<T>(assessment: &Assessment, of: impl Fn(Candidate<'_>) -> T) -> BTreeMap<String, T> {
    candidates(assessment).into_iter().map(|candidate| (candidate.id().to_string(), of(candidate))).collect()
}

/// The scores after gates, in nanodecibans.
pub fn scores(assessment: &Assessment) -> BTreeMap<String, i64> {
    by_cause(assessment, |candidate| candidate.score().nanodecibans())
}

/// The scores before gates, in nanodecibans.
pub fn raw_scores(assessment: &Assessment) -> BTreeMap<String, i64> {
    by_cause(assessment, |candidate| candidate.score_ungated().nanodecibans())
}

/// The flags with what is known about each.
pub fn flags(assessment: &Assessment) -> BTreeMap<String, FlagState> {
    assessment.flags().map(|report| (report.flag.id().to_string(), report.state)).collect()
}

/// Whether no gate closes or excludes a cause.
pub fn is_open(candidate: Candidate<'_>) -> bool {
    candidate.held_by().is_empty() && candidate.excluded_by().is_empty()
}

/// The posterior as a float; 0 where the cause is excluded.
pub fn posterior(candidate: Candidate<'_>) -> f64 {
    candidate.posterior().map_or(0.0, aetia::Probability::get)
}
