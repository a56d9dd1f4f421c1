//! The yardstick: what somebody would write in an afternoon, without gates, groups, exactness or reasons.
#![expect(clippy::disallowed_methods, reason = "the yardstick takes the exponential that everybody takes")]

use aetia::{Document, Finding, Model};

use crate::workload;

/// `ln(10)` times one nanodeciban.
const NATS: f64 = std::f64::consts::LN_10 * 1e-10;

/// Weights in natural logarithms: by indicator, answer and cause.
#[derive(Debug)]
pub(crate) struct F64Loop {
    priors: Vec<f64>,
    weights: Vec<Vec<Vec<f64>>>,
}

/// Answers by position: indicator and answer.
pub(crate) type Answers = Vec<(usize, usize)>;

/// Room for one result, used again and again.
#[derive(Debug, Default)]
pub(crate) struct Ranking {
    scores: Vec<f64>,
    pub(crate) posteriors: Vec<f64>,
    pub(crate) order: Vec<usize>,
    pub(crate) parts: Vec<(usize, f64)>,
}

impl F64Loop {
    /// The weights of a knowledge base without gates and groups: what each single finding adds to each score.
    pub(crate) fn of(model: &Model) -> Self {
        let kb = model.knowledge_base();
        let scores = |assessment: &aetia::Assessment| -> Vec<f64> {
            let causes = kb.causes().map(|cause| assessment.cause(cause.id().as_str()).unwrap());
            causes.map(|candidate| nats(candidate.score_ungated() - aetia::LogOdds::EVEN)).collect()
        };
        let priors = scores(&model.assess(&model.case().build().unwrap()));
        let weights = kb.indicators().map(|indicator| {
            let answers = 0..indicator.answers().len();
            let of_answer = |answer: usize| {
                let value = workload::answer(indicator, answer);
                let case = model.case().finding(indicator.id().as_str(), &value).unwrap().build().unwrap();
                let after = scores(&model.assess(&case));
                after.iter().zip(&priors).map(|(after, prior)| after - prior).collect()
            };
            answers.map(of_answer).collect()
        });
        let weights = weights.collect();
        Self { priors, weights }
    }

    /// Scores, posteriors beside a comparator at 0, and the causes by score.
    #[inline(never)]
    pub(crate) fn assess(&self, answers: &[(usize, usize)], ranking: &mut Ranking) {
        let Ranking { scores, posteriors, order, .. } = ranking;
        scores.clear();
        scores.extend_from_slice(&self.priors);
        for (indicator, answer) in answers {
            for (score, weight) in scores.iter_mut().zip(&self.weights[*indicator][*answer]) {
                *score += weight;
            }
        }
        let highest = scores.iter().copied().fold(0.0, f64::max);
        posteriors.clear();
        posteriors.extend(scores.iter().map(|score| (score - highest).exp()));
        let total = posteriors.iter().sum::<f64>() + (-highest).exp();
        for posterior in posteriors.iter_mut() {
            *posterior /= total;
        }
        order.clear();
        order.extend(0..scores.len());
        order.sort_unstable_by(|one, other| scores[*other].total_cmp(&scores[*one]));
    }

    /// The parts of the first cause's score, the largest first.
    #[inline(never)]
    pub(crate) fn explain(&self, answers: &[(usize, usize)], ranking: &mut Ranking) {
        let first = ranking.order[0];
        ranking.parts.clear();
        let parts =
            answers.iter().map(|(indicator, answer)| (*indicator, self.weights[*indicator][*answer][first]));
        ranking.parts.extend(parts);
        ranking.parts.sort_unstable_by(|one, other| other.1.abs().total_cmp(&one.1.abs()));
    }

    /// Two quotients and two logarithms for each row, whatever its form: what compiling costs at least.
    #[inline(never)]
    pub(crate) fn compile(document: &Document) -> Vec<f64> {
        let mut weights = Vec::with_capacity(2 * document.evidence.len());
        for row in &document.evidence {
            let (sensitivity, specificity) = row
                .accuracy
                .as_ref()
                .map_or((0.8, 0.7), |accuracy| (accuracy.sensitivity, accuracy.specificity));
            weights.push((sensitivity / (1.0 - specificity)).ln());
            weights.push(((1.0 - sensitivity) / specificity).ln());
        }
        weights
    }
}

/// A weight in natural logarithms.
fn nats(weight: aetia::Weight) -> f64 {
    #[expect(clippy::as_conversions, clippy::cast_precision_loss, reason = "below 2^53")]
    let units = weight.nanodecibans() as f64;
    units * NATS
}

/// The answers of a case, by position.
pub(crate) fn answers(case: &aetia::Case) -> Answers {
    let kb = case.knowledge_base();
    let found = case.findings().filter_map(|(indicator, finding)| match finding {
        Finding::Answer { answer, .. } => {
            let at = kb.indicators().position(|other| other.id() == indicator.id()).unwrap();
            Some((at, indicator.answers().iter().position(|other| other == answer).unwrap()))
        }
        Finding::Unknown | Finding::NotAssessable => None,
    });
    found.collect()
}
