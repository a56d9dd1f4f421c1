//! A made-up world whose true ratios and priors are known, and a knowledge base that saw it through studies.

use std::collections::BTreeMap;

use aetia::written::{CountsRow, Evidence, Prior, Source};
use aetia::{AnswerValue, Document, Provenance};

use crate::oracle::Findings;
use crate::sketch::{HERE, add_boolean, ratio_row, row, sketch};
use crate::synthetic::{SplitMix, provenance};

/// How far a 95 % interval reaches, in standard errors.
const Z: f64 = 1.959_963_984_540_054;
/// How many studies publish ratios with intervals. Each is used several times, and is wrong in one direction.
const STUDIES: usize = 3;

/// What studies saw of a world, and what is true in it.
#[derive(Clone, Debug)]
pub struct World {
    /// The knowledge base made of the studies.
    pub document: Document,
    /// The findings of a case.
    pub findings: Findings,
    /// The true log-odds of each cause against the comparator, given the findings, in nats.
    pub truth: BTreeMap<String, f64>,
}

/// The world of a seed.
///
/// Two to four causes and four to eight boolean signs. Half of the signs were counted in 60 to 200 people with the cause and as many
/// without it, each in a study of its own; of the other half three studies published the ratio with an interval, each off by one
/// normal error in all its ratios. Priors were seen with a normal error on the logit.
pub fn world(seed: u64) -> World {
    let mut random = SplitMix::of(seed);
    let causes: Vec<String> = (0..2 + random.below(3)).map(|number| format!("cause_{number}")).collect();
    let mut truth = BTreeMap::new();
    let mut odds = Vec::new();
    for cause in &causes {
        let own = -2.5 + 2.0 * random.unit();
        truth.insert(cause.clone(), own);
        odds.push(libm::exp(own + 0.4 * random.normal().clamp(-4.0, 4.0)));
    }
    let total: f64 = 1.0 + odds.iter().sum::<f64>();
    let priors: Vec<(&str, f64)> =
        causes.iter().zip(&odds).map(|(cause, odds)| (cause.as_str(), odds / total)).collect();
    let mut document = sketch(&priors);
    for (cause, value) in &priors {
        let logit = libm::log(value / (1.0 - value));
        let end = |by: f64| 1.0 / (1.0 + libm::exp(-(logit + by)));
        let prior = Prior {
            value: *value,
            interval: Some([end(-0.4 * Z), end(0.4 * Z)]),
            provenance: Provenance::default(),
        };
        let prior = Prior { provenance: of(&mut document, &format!("prior_of_{cause}")), ..prior };
        document.causes.get_mut(*cause).unwrap().prior.insert(HERE.to_owned(), prior);
    }
    let errors: Vec<f64> = (0..STUDIES).map(|_| random.normal()).collect();
    let mut findings = Findings::new();
    for number in 0..4 + random.below(5) {
        let sign = format!("sign_{number}");
        add_boolean(&mut document, &sign);
        let is_counted = random.below(2) == 0;
        let is_present = !is_counted || random.below(2) == 0;
        findings.insert(sign.clone(), AnswerValue::Boolean(is_present));
        let certain = random.below(causes.len());
        for (at, cause) in causes.iter().enumerate() {
            if at != certain && random.below(4) == 0 {
                continue;
            }
            let (written, log_ratio) = if is_counted {
                counted(&mut random, &mut document, (cause, &sign), is_present)
            } else {
                published(&mut random, &mut document, (cause, &sign), &errors)
            };
            document.evidence.push(written);
            *truth.get_mut(cause).unwrap() += log_ratio;
        }
    }
    World { document, findings, truth }
}

/// A source of its own, declared where it is new.
fn of(document: &mut Document, source: &str) -> Provenance {
    let text = Source { text: "Made up.".to_owned(), ..Source::default() };
    document.sources.entry(source.to_owned()).or_insert(text);
    Provenance { source: vec![source.to_owned()], ..provenance() }
}

/// A sign counted in people, with its true log-ratio for what was found.
fn counted(
    random: &mut SplitMix,
    document: &mut Document,
    (cause, sign): (&str, &str),
    is_present: bool,
) -> (Evidence, f64) {
    let share = |random: &mut SplitMix| 0.15 + 0.7 * random.unit();
    let (with, without) = (share(random), share(random));
    let mut seen = |share: f64| {
        let people = 60 + random.below(141);
        let present = (0..people).filter(|_| random.unit() < share).count();
        (u32::try_from(present).unwrap(), u32::try_from(people - present).unwrap())
    };
    let ((true_positive, false_negative), (false_positive, true_negative)) = (seen(with), seen(without));
    let counts = Some(CountsRow { true_positive, false_negative, false_positive, true_negative });
    let provenance = of(document, &format!("study_of_{cause}_{sign}"));
    let log_ratio =
        if is_present { libm::log(with / without) } else { libm::log((1.0 - with) / (1.0 - without)) };
    (Evidence { counts, provenance, ..row(cause, sign) }, log_ratio)
}

/// A sign whose ratio a study published, with its true log-ratio.
fn published(
    random: &mut SplitMix,
    document: &mut Document,
    (cause, sign): (&str, &str),
    errors: &[f64],
) -> (Evidence, f64) {
    let (log_ratio, spread, study) =
        (2.4 * random.unit() - 1.2, 0.2 + 0.3 * random.unit(), random.below(STUDIES));
    let seen = log_ratio + spread * errors[study];
    let end = |by: f64| libm::exp(seen + by * spread);
    let provenance = of(document, &format!("study_{study}"));
    let interval = [("present".to_owned(), [end(-Z), end(Z)])].into();
    (Evidence { interval, provenance, ..ratio_row(cause, sign, end(0.0), None) }, log_ratio)
}
