//! What is measured: knowledge bases of several sizes, eight cases each, and the same without gates and groups.

use aetia::{AnswerValue, Case, Document, Indicator, IndicatorKind, Link, Model};
use aetia_tests::oracle::{self, Findings};
use aetia_tests::synthetic::{synthetic, synthetic_case};

use crate::f64_loop::{self, Answers, F64Loop, Ranking};

/// How many cases take turns, so that no branch predictor learns one by heart.
pub(crate) const CASES: usize = 8;
/// How many findings a case has.
const FINDINGS: usize = 12;
/// From which the synthetic knowledge bases and cases are drawn.
const SEED: u64 = 20_261_122;

/// The name of the knowledge base of morning back pain here.
pub(crate) const FLAGSHIP: &str = "flagship";

/// A knowledge base and its cases.
#[derive(Debug)]
pub(crate) struct Workload {
    /// As the identifiers of benches have it.
    pub(crate) name: String,
    /// As a file would hold it.
    pub(crate) toml: String,
    pub(crate) document: Document,
    pub(crate) model: Model,
    /// What the cases are built from, by name.
    pub(crate) findings: Vec<Findings>,
    pub(crate) cases: Vec<Case>,
    /// The same without gates, groups, conditions and implications.
    pub(crate) plain_model: Model,
    pub(crate) plain_cases: Vec<Case>,
    /// The same as `plain_model` in floats.
    pub(crate) yardstick: F64Loop,
    pub(crate) answers: Vec<Answers>,
}

/// The flagship, and three sizes of made-up knowledge bases.
pub(crate) fn all() -> Vec<Workload> {
    let flagship = aetia_kb::embedded("morning_back_pain").unwrap();
    let model = flagship.knowledge_base().unwrap().compile();
    let findings: Vec<Findings> = (0..CASES).map(|turn| drawn(&model, turn)).collect();
    let mut workloads = vec![Workload::new(FLAGSHIP.to_owned(), flagship.document(), &findings)];
    for (causes, indicators) in [(6, 25), (30, 120), (100, 400)] {
        let document = synthetic(causes, indicators, SEED);
        let findings = |seed: u64| synthetic_case(&document, FINDINGS, seed);
        let findings: Vec<Findings> = (SEED..).take(CASES).map(findings).collect();
        let name = format!("{causes}-causes/{indicators}-indicators");
        workloads.push(Workload::new(name, &document.to_toml(), &findings));
    }
    workloads
}

impl Workload {
    fn new(name: String, toml: &str, findings: &[Findings]) -> Self {
        let document = Document::from_toml(toml).unwrap();
        let model = document.clone().validate().unwrap().compile();
        let plain_model = plain(&document).validate().unwrap().compile();
        let cases = findings.iter().map(|findings| case(&model, findings)).collect();
        let plain_cases: Vec<Case> = findings.iter().map(|findings| case(&plain_model, findings)).collect();
        let workload = Self {
            toml: toml.to_owned(),
            findings: findings.to_vec(),
            cases,
            yardstick: F64Loop::of(&plain_model),
            answers: plain_cases.iter().map(f64_loop::answers).collect(),
            plain_cases,
            plain_model,
            model,
            document,
            name,
        };
        workload.agrees_with_the_oracle(findings);
        workload.agrees_with_the_yardstick();
        workload
    }

    /// What is measured is right: every score, rank and first cause as the slow twin has it.
    fn agrees_with_the_oracle(&self, findings: &[Findings]) {
        let setting = &self.document.knowledge_base.default_setting;
        for (case, findings) in self.cases.iter().zip(findings) {
            let assessment = self.model.assess(case);
            let verdict = oracle::assess(&self.document, findings, setting, Link::Exclusive).unwrap();
            let order: Vec<&str> = assessment.ranking().map(|candidate| candidate.id().as_str()).collect();
            assert_eq!(order, verdict.order, "{}", self.name);
            for candidate in assessment.ranking() {
                assert_eq!(candidate.score(), verdict.causes[candidate.id().as_str()].score, "{}", self.name);
            }
        }
    }

    /// The yardstick measures the same work: without gates and groups it gives the same posteriors and order.
    fn agrees_with_the_yardstick(&self) {
        let mut ranking = Ranking::default();
        for (case, answers) in self.plain_cases.iter().zip(&self.answers) {
            assert_eq!(answers.len(), FINDINGS, "{}", self.name);
            self.yardstick.assess(answers, &mut ranking);
            self.yardstick.explain(answers, &mut ranking);
            assert_eq!(ranking.parts.len(), FINDINGS, "{}", self.name);
            let assessment = self.plain_model.assess(case);
            let causes: Vec<&str> =
                self.plain_model.knowledge_base().causes().map(|cause| cause.id().as_str()).collect();
            let order: Vec<&str> = assessment.ranking().map(|candidate| candidate.id().as_str()).collect();
            assert_eq!(
                order,
                ranking.order.iter().map(|at| causes[*at]).collect::<Vec<_>>(),
                "{}",
                self.name
            );
            for (cause, posterior) in causes.iter().zip(&ranking.posteriors) {
                let exact = assessment.cause(cause).unwrap().posterior().unwrap().get();
                // A nanodeciban is 2.3e-10; twelve findings are rounded once each.
                assert!((exact - posterior).abs() < 3e-9, "{}: {cause}", self.name);
            }
        }
    }
}

/// A case built from findings by name.
pub(crate) fn case(model: &Model, findings: &Findings) -> Case {
    let each = findings.iter();
    let case = each.fold(model.case(), |case, (indicator, value)| case.finding(indicator, value).unwrap());
    case.build().unwrap()
}

/// A document without anything but independent evidence.
fn plain(document: &Document) -> Document {
    let mut plain = document.clone();
    plain.gates.clear();
    plain.groups.clear();
    plain.implies.clear();
    plain.impossible.clear();
    plain.invariants.clear();
    plain.evidence.retain(|row| row.when.is_none());
    plain
}

/// Twelve findings of a knowledge base, spread over its indicators by fixed steps.
fn drawn(model: &Model, turn: usize) -> Findings {
    let indicators: Vec<&Indicator> = model.knowledge_base().indicators().collect();
    let mut findings = Findings::new();
    let mut case = model.case();
    for step in 0.. {
        if findings.len() == FINDINGS {
            break;
        }
        let indicator = indicators[(turn * 11 + step * 17) % indicators.len()];
        let value = answer(indicator, (turn + step * step) % indicator.answers().len());
        let next = case.clone().finding(indicator.id().as_str(), &value).unwrap();
        // What contradicts an earlier finding is left out.
        if next.clone().build().is_ok() {
            case = next;
            findings.insert(indicator.id().to_string(), value);
        }
    }
    findings
}

/// A value that is an indicator's answer at a position.
pub(crate) fn answer(indicator: &Indicator, position: usize) -> AnswerValue {
    match indicator.kind() {
        IndicatorKind::Boolean => AnswerValue::Boolean(position == 1),
        IndicatorKind::Categorical | IndicatorKind::Ordinal => {
            AnswerValue::Named(indicator.answers()[position].key().to_owned())
        }
        IndicatorKind::Numeric => {
            let cuts = indicator.cut_points();
            let lowest = || cuts[0] - 1.0;
            AnswerValue::Number(position.checked_sub(1).map_or_else(lowest, |at| cuts[at]))
        }
    }
}
