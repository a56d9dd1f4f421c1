//! Interviews by brute force: all completions, all sets of answers, and the next question straight from its definition.
//!
//! Written to be read beside "Questions, stopping, flips, sensitivity". Probabilities are the oracle's; nothing of the
//! engine is used but documents and the exponential.

use std::collections::BTreeMap;

use aetia::written::{Evidence, Indicator};
use aetia::{AnswerValue, Document, IndicatorKind, Level, Link, exp10};

use crate::oracle::{Answers, Findings, Truth, Verdict, answer_of, answers_of, assess, close, reads, truth};

/// Bits of a decimal logarithm.
const BITS: f64 = std::f64::consts::LOG2_10;

/// A value a case takes for each answer of an indicator.
pub fn values_of(indicator: &Indicator) -> Vec<AnswerValue> {
    match indicator.kind {
        IndicatorKind::Boolean => vec![AnswerValue::Boolean(true), AnswerValue::Boolean(false)],
        IndicatorKind::Categorical | IndicatorKind::Ordinal => {
            answers_of(indicator).into_iter().map(AnswerValue::Named).collect()
        }
        IndicatorKind::Numeric => {
            let lowest = indicator.cut_points[0] - 1.0;
            std::iter::once(lowest)
                .chain(indicator.cut_points.iter().copied())
                .map(AnswerValue::Number)
                .collect()
        }
    }
}

/// Whether a finding says nothing: left out, or the word `unknown`.
fn is_unasked(findings: &Findings, indicator: &str) -> bool {
    findings.get(indicator).is_none_or(|value| *value == AnswerValue::Named("unknown".to_owned()))
}

/// The indicators nobody has looked at, and that do not follow.
pub fn unasked(document: &Document, findings: &Findings) -> Vec<String> {
    let (answers, _) = close(document, findings).expect("a case");
    let is_open = |id: &&String| is_unasked(findings, id) && !answers.contains_key(*id);
    document.indicators.keys().filter(is_open).cloned().collect()
}

/// How many completions there are, contradictions counted; none where there are too many to count.
pub fn count_completions(document: &Document, findings: &Findings) -> Option<usize> {
    unasked(document, findings)
        .iter()
        .try_fold(1_usize, |product, id| product.checked_mul(answers_of(&document.indicators[id]).len() + 1))
}

/// Every way to answer some or all of the unanswered questions, the case itself included; contradictions left out.
pub fn completions(document: &Document, findings: &Findings) -> Vec<Findings> {
    let mut all = vec![findings.clone()];
    for id in unasked(document, findings) {
        let with = |findings: &Findings, value: &AnswerValue| {
            let mut findings = findings.clone();
            findings.insert(id.clone(), value.clone());
            findings
        };
        let values = values_of(&document.indicators[&id]);
        let more: Vec<Findings> =
            all.iter().flat_map(|findings| values.iter().map(|value| with(findings, value))).collect();
        all.extend(more.into_iter().filter(|findings| close(document, findings).is_ok()));
    }
    all
}

/// Every case that differs from this one in exactly so many answers, changed or newly given; findings that could not be
/// assessed stay. Contradictions left out.
pub fn changed(document: &Document, findings: &Findings, size: usize) -> Vec<Findings> {
    let can_change =
        |id: &&String| findings.get(*id) != Some(&AnswerValue::Named("not_assessable".to_owned()));
    let ids: Vec<&String> = document.indicators.keys().filter(can_change).collect();
    let mut sets: Vec<(usize, usize, Findings)> = vec![(0, 0, findings.clone())];
    let mut found = Vec::new();
    while let Some((start, done, findings)) = sets.pop() {
        if done == size {
            found.push(findings);
            continue;
        }
        for (at, id) in ids.iter().enumerate().skip(start) {
            let indicator = &document.indicators[*id];
            let before = findings.get(*id).and_then(|value| answer_of(indicator, value));
            for value in values_of(indicator) {
                if answer_of(indicator, &value) != before {
                    let mut findings = findings.clone();
                    findings.insert((*id).clone(), value);
                    sets.push((at + 1, done + 1, findings));
                }
            }
        }
    }
    found.retain(|findings| close(document, findings).is_ok());
    found
}

/// The given answers that are answers: indicators whose value is neither `unknown` nor `not_assessable`.
pub fn answered(document: &Document, findings: &Findings) -> Vec<String> {
    let is_answer =
        |(id, value): &(&String, &AnswerValue)| answer_of(&document.indicators[*id], value).is_some();
    findings.iter().filter(is_answer).map(|(id, _)| id.clone()).collect()
}

/// These findings without the answers to all but some indicators.
pub fn kept(document: &Document, findings: &Findings, keep: &[String]) -> Findings {
    let given = answered(document, findings);
    let stays = |id: &String| keep.contains(id) || !given.contains(id);
    findings.iter().filter(|(id, _)| stays(id)).map(|(id, value)| (id.clone(), value.clone())).collect()
}

/// The entropy of a distribution, in bits.
pub fn entropy(shares: impl IntoIterator<Item = f64>) -> f64 {
    shares.into_iter().filter(|share| *share > 0.0).map(|share| -share * libm::log10(share) * BITS).sum()
}

/// What the oracle believes before gates: the named causes by id, the comparator under the empty name.
pub fn beliefs(document: &Document, findings: &Findings, setting: &str) -> BTreeMap<String, f64> {
    let verdict = verdict(document, findings, setting);
    let named = verdict.causes.iter().map(|(id, cause)| (id.clone(), cause.posterior_ungated));
    named.chain([(String::new(), verdict.comparator_posterior_ungated)]).collect()
}

fn verdict(document: &Document, findings: &Findings, setting: &str) -> Verdict {
    assess(document, findings, setting, Link::Exclusive).expect("a case without contradictions")
}

/// A question as the oracle sees it.
#[derive(Clone, Debug, PartialEq)]
pub struct OracleQuestion {
    /// The indicator.
    pub indicator: String,
    /// Its place among the reasons: 0 a pressing flag, 1 a gate of the first, 2 information, 3 another gate, 4 no base
    /// rate, 5 another flag; and how pressing the flag is.
    pub stage: (u8, Level),
    /// What orders questions of one stage, the larger first.
    pub worth: f64,
    /// Expected information in bits, where it can be expected.
    pub bits: Option<f64>,
}

/// The questions of a case in the order in which they should be asked.
pub fn questions(document: &Document, findings: &Findings, setting: &str) -> Vec<OracleQuestion> {
    let now = verdict(document, findings, setting);
    let (answers, _) = close(document, findings).expect("a case");
    let asked = unasked(document, findings);
    let mut found: Vec<OracleQuestion> =
        asked.iter().filter_map(|id| question(document, findings, setting, &now, &answers, id)).collect();
    found.sort_by(|one, other| one.stage.cmp(&other.stage).then(other.worth.total_cmp(&one.worth)));
    found
}

fn question(
    document: &Document,
    findings: &Findings,
    setting: &str,
    now: &Verdict,
    answers: &Answers,
    id: &str,
) -> Option<OracleQuestion> {
    let indicator = &document.indicators[id];
    let cost = indicator.cost.max(0.1);
    let decides = |condition: &str| decides(document, answers, condition, id);
    let flags = document.flags.values().filter(|flag| decides(&flag.condition)).map(|flag| flag.level);
    let flag = flags.min();
    let gates = || document.gates.values().filter(|gate| decides(&gate.condition));
    let is_raw_first = |cause: &String| now.causes[cause].rank_ungated == 1;
    let (bits, swing) = expected(document, findings, setting, now, id);
    let at =
        |stage, level, worth| OracleQuestion { indicator: id.to_owned(), stage: (stage, level), worth, bits };
    let emergency = Level::Emergency;
    match (flag, bits) {
        (Some(level), _) if level <= Level::Urgent => Some(at(0, level, -cost)),
        _ if gates().any(|gate| is_raw_first(&gate.cause)) => Some(at(1, emergency, -cost)),
        (_, Some(bits)) if bits > 1e-12 => Some(at(2, emergency, bits / cost)),
        _ if gates().next().is_some() => Some(at(3, emergency, -cost)),
        (_, None) if swing > 0.0 => Some(at(4, emergency, swing / cost)),
        (Some(level), _) => Some(at(5, level, -cost)),
        (None, _) => None,
    }
}

/// Whether an undetermined condition can come to depend on an indicator, whatever the others it reads turn out to be.
fn decides(document: &Document, answers: &Answers, condition: &str, id: &str) -> bool {
    let reads = reads(document, condition);
    if truth(document, answers, condition) != Truth::Undetermined || !reads.contains(id) {
        return false;
    }
    let mut states = vec![answers.clone()];
    for other in reads.iter().filter(|other| *other != id && !answers.contains_key(*other)) {
        let with = |state: &Answers, answer: String| {
            let mut state = state.clone();
            state.insert(other.clone(), answer);
            state
        };
        let names = answers_of(&document.indicators[other]);
        states = states.iter().flat_map(|state| names.iter().map(|name| with(state, name.clone()))).collect();
    }
    states.into_iter().any(|state| {
        let each = answers_of(&document.indicators[id]).into_iter().map(|answer| {
            let mut state = state.clone();
            state.insert(id.to_owned(), answer);
            truth(document, &state, condition)
        });
        let each: Vec<Truth> = each.collect();
        each.iter().any(|truth| *truth != each[0])
    })
}

/// A number of each cause, the comparator under the empty name.
type ByCause = BTreeMap<String, f64>;

/// The expected information of a question in bits, where base rates are known, and the most it moves a score, in dB.
fn expected(
    document: &Document,
    findings: &Findings,
    setting: &str,
    now: &Verdict,
    id: &str,
) -> (Option<f64>, f64) {
    let indicator = &document.indicators[id];
    let before = beliefs(document, findings, setting);
    let mut swing: f64 = 0.0;
    // For each answer that is possible: the comparator's share, the factors on the odds, and the beliefs after it.
    let mut ways: Vec<(Option<f64>, ByCause, ByCause)> = Vec::new();
    for (answer, value) in answers_of(indicator).into_iter().zip(values_of(indicator)) {
        let mut findings = findings.clone();
        findings.insert(id.to_owned(), value);
        if close(document, &findings).is_err() {
            continue;
        }
        let then = verdict(document, &findings, setting);
        let mut factors = BTreeMap::from([(String::new(), 1.0)]);
        for (cause, after) in &then.causes {
            let moved = after.raw - now.causes[cause].raw;
            swing = swing.max(moved.decibans().abs());
            factors.insert(cause.clone(), exp10(moved.nanodecibans()));
        }
        ways.push((rate(document, id, &answer), factors, beliefs(document, &findings, setting)));
    }
    let Some(shares) = ways.iter().map(|(share, ..)| *share).collect::<Option<Vec<f64>>>() else {
        return (None, swing);
    };
    let all: f64 = shares.iter().sum();
    let mut probabilities = vec![0.0; ways.len()];
    for (cause, belief) in &before {
        let mut under: Vec<f64> =
            ways.iter().zip(&shares).map(|((_, factors, _), share)| share / all * factors[cause]).collect();
        let sum: f64 = under.iter().sum();
        if (sum - 1.0).abs() > 1e-6 {
            if indicator.kind == IndicatorKind::Boolean && under.len() == 2 {
                under = vec![under[0].min(0.99), 1.0 - under[0].min(0.99)];
            } else {
                under = under.into_iter().map(|share| share / sum).collect();
            }
        }
        for (probability, share) in probabilities.iter_mut().zip(under) {
            *probability += belief * share;
        }
    }
    // The divergence of what is believed after from what is believed before, on average.
    let bits = ways.iter().zip(&probabilities).map(|((.., after), probability)| {
        let divergence: f64 =
            after.iter().map(|(cause, share)| share * libm::log10(share / before[cause]) * BITS).sum();
        probability * divergence
    });
    (Some(bits.sum()), swing)
}

/// The comparator's share of an answer: the declared base rate, else what rows without context say.
fn rate(document: &Document, id: &str, answer: &str) -> Option<f64> {
    let rates = &document.indicators[id].base_rate;
    if let Some(rate) = rates.get(answer) {
        return Some(*rate);
    }
    if !rates.is_empty() {
        return Some(1.0 - rates.values().sum::<f64>());
    }
    let rows = document.evidence.iter().filter(|row| row.indicator == id && row.when.is_none());
    let implied: Vec<f64> = rows.filter_map(|row| implied(row, answer)).collect();
    let count = f64::from(u32::try_from(implied.len()).ok()?);
    (count > 0.0).then(|| implied.iter().sum::<f64>() / count)
}

fn implied(row: &Evidence, answer: &str) -> Option<f64> {
    let side = |present: f64| if answer == "present" { present } else { 1.0 - present };
    if let Some(accuracy) = &row.accuracy {
        return Some(side(1.0 - accuracy.specificity));
    }
    if let Some(probabilities) = &row.probabilities {
        let shares = &probabilities.comparator;
        return shares.get(answer).copied().or_else(|| shares.get("present").map(|present| 1.0 - present));
    }
    let ratios = row.likelihood_ratio.as_ref()?;
    let absent = ratios.absent?;
    let share = (1.0 - absent) / (ratios.present - absent);
    (share > 0.0 && share < 1.0).then(|| side(share))
}
