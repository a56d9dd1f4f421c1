//! Answers, conditions and closure ("Unknown, partial and noisy answers", "Gates").

use std::collections::{BTreeMap, BTreeSet};

use aetia::written::Indicator;
use aetia::{AnswerValue, Condition, Document, IndicatorKind};

use super::{Answers, Contradiction, Findings, Truth};

/// The names of an indicator's answers, in order: `present` first for a boolean, the lowest bin for a number.
pub fn answers_of(indicator: &Indicator) -> Vec<String> {
    match indicator.kind {
        IndicatorKind::Boolean => vec!["present".to_owned(), "absent".to_owned()],
        IndicatorKind::Categorical | IndicatorKind::Ordinal => {
            indicator.answers.iter().map(|answer| answer.id.clone()).collect()
        }
        IndicatorKind::Numeric => {
            let cuts = &indicator.cut_points;
            let lowest = format!("<{}", cuts[0]);
            let between = cuts.windows(2).map(|pair| format!("{}..{}", pair[0], pair[1]));
            let highest = format!(">={}", cuts[cuts.len() - 1]);
            [lowest].into_iter().chain(between).chain([highest]).collect()
        }
    }
}

/// The half-open interval a bin's key stands for: from the first number, up to but without the second.
pub(super) fn bounds(key: &str) -> Option<(f64, f64)> {
    if let Some(high) = key.strip_prefix('<') {
        Some((f64::NEG_INFINITY, high.trim().parse().ok()?))
    } else if let Some(low) = key.strip_prefix(">=") {
        Some((low.trim().parse().ok()?, f64::INFINITY))
    } else {
        let (low, high) = key.split_once("..")?;
        Some((low.trim().parse().ok()?, high.trim().parse().ok()?))
    }
}

/// Whether two keys name one answer. Bins are compared as numbers: `<40` and `<40.0` are one bin.
fn same_answer(one: &str, other: &str) -> bool {
    one == other || bounds(one).is_some_and(|interval| bounds(other) == Some(interval))
}

/// What a table of figures says about an answer.
pub(super) fn figure(figures: &BTreeMap<String, f64>, answer: &str) -> Option<f64> {
    figures.iter().find(|(key, _)| same_answer(key, answer)).map(|(_, figure)| *figure)
}

/// The name of the answer that a finding gives; none where it is unknown or not assessable.
pub fn answer_of(indicator: &Indicator, value: &AnswerValue) -> Option<String> {
    match value {
        AnswerValue::Boolean(true) => Some("present".to_owned()),
        AnswerValue::Boolean(false) => Some("absent".to_owned()),
        AnswerValue::Named(name) if name == "unknown" || name == "not_assessable" => None,
        AnswerValue::Named(name) => Some(
            answers_of(indicator)
                .into_iter()
                .find(|answer| same_answer(answer, name))
                .expect("a known answer"),
        ),
        AnswerValue::Number(number) => Some(
            answers_of(indicator)
                .into_iter()
                .find(|bin| bounds(bin).is_some_and(|(low, high)| low <= *number && *number < high))
                .expect("a finite number for a numeric indicator"),
        ),
    }
}

/// Closes findings under `implies` to a fixpoint: all answers, and those among them that were inferred.
///
/// More answers never make a definite condition indefinite, so the fixpoint does not depend on the order.
///
/// # Errors
/// The first [`Contradiction`]: an implication against an answer, or an impossible combination.
pub fn close(document: &Document, findings: &Findings) -> Result<(Answers, Answers), Contradiction> {
    let mut answers: Answers = findings
        .iter()
        .filter_map(|(id, value)| Some((id.clone(), answer_of(&document.indicators[id], value)?)))
        .collect();
    let mut inferred = Answers::new();
    loop {
        let known = answers.len();
        for implication in &document.implies {
            if truth(document, &answers, &implication.condition) != Truth::True {
                continue;
            }
            for (indicator, value) in &implication.then {
                let implied = answer_of(&document.indicators[indicator], value).expect("an implied answer");
                match answers.get(indicator) {
                    None => {
                        answers.insert(indicator.clone(), implied.clone());
                        inferred.insert(indicator.clone(), implied);
                    }
                    Some(answer) if *answer == implied => {}
                    Some(answer) => {
                        return Err(Contradiction::Implied {
                            indicator: indicator.clone(),
                            answer: answer.clone(),
                            implied,
                            condition: implication.condition.clone(),
                        });
                    }
                }
            }
        }
        if answers.len() == known {
            break;
        }
    }
    match document.impossible.iter().find(|rule| truth(document, &answers, &rule.condition) == Truth::True) {
        Some(rule) => Err(Contradiction::Impossible { condition: rule.condition.clone() }),
        None => Ok((answers, inferred)),
    }
}

/// A condition as the document writes it.
fn parse(condition: &str) -> Condition {
    condition.parse().unwrap_or_else(|error| panic!("{condition}: {error}"))
}

/// What a written condition comes to.
pub fn truth(document: &Document, answers: &Answers, condition: &str) -> Truth {
    evaluate(document, answers, &parse(condition))
}

/// Kleene's logic over answers ("Gates").
fn evaluate(document: &Document, answers: &Answers, condition: &Condition) -> Truth {
    let definite = |yes: bool| if yes { Truth::True } else { Truth::False };
    let atom = |id: &str, holds: &dyn Fn(&str) -> bool| {
        answers.get(id).map_or(Truth::Undetermined, |answer| definite(holds(answer)))
    };
    let each = |parts: &[Condition]| -> Vec<Truth> {
        parts.iter().map(|part| evaluate(document, answers, part)).collect()
    };
    match condition {
        Condition::Present(id) => match document.derived.get(id) {
            Some(derived) => truth(document, answers, &derived.condition),
            None => atom(id, &|answer| answer == "present"),
        },
        Condition::Absent(id) => match document.derived.get(id) {
            Some(derived) => negate(truth(document, answers, &derived.condition)),
            None => atom(id, &|answer| answer == "absent"),
        },
        Condition::AnswerIn(id, these) => atom(id, &|answer| these.iter().any(|this| this == answer)),
        // A cut-point never lies inside a bin, so the lower end of the bin decides.
        Condition::AtLeast(id, cut) => atom(id, &|answer| bounds(answer).is_some_and(|(low, _)| low >= *cut)),
        Condition::Below(id, cut) => atom(id, &|answer| bounds(answer).is_some_and(|(low, _)| low < *cut)),
        Condition::All(parts) => each(parts).into_iter().min().unwrap_or(Truth::True),
        Condition::Any(parts) => each(parts).into_iter().max().unwrap_or(Truth::False),
        Condition::Not(part) => negate(evaluate(document, answers, part)),
        Condition::Several(needed, parts) => {
            let verdicts = each(parts);
            let certain = verdicts.iter().filter(|verdict| **verdict == Truth::True).count();
            let possible = verdicts.iter().filter(|verdict| **verdict != Truth::False).count();
            match () {
                () if certain >= *needed => Truth::True,
                () if possible < *needed => Truth::False,
                () => Truth::Undetermined,
            }
        }
    }
}

fn negate(truth: Truth) -> Truth {
    match truth {
        Truth::False => Truth::True,
        Truth::Undetermined => Truth::Undetermined,
        Truth::True => Truth::False,
    }
}

/// The indicators a written condition reads, derived ones written out.
pub fn reads(document: &Document, condition: &str) -> BTreeSet<String> {
    fn collect(document: &Document, condition: &Condition, into: &mut BTreeSet<String>) {
        match condition {
            Condition::Present(id) | Condition::Absent(id) => match document.derived.get(id) {
                Some(derived) => collect(document, &parse(&derived.condition), into),
                None => drop(into.insert(id.clone())),
            },
            Condition::AnswerIn(id, _) | Condition::AtLeast(id, _) | Condition::Below(id, _) => {
                into.insert(id.clone());
            }
            Condition::Not(part) => collect(document, part, into),
            Condition::All(parts) | Condition::Any(parts) | Condition::Several(_, parts) => {
                for part in parts {
                    collect(document, part, into);
                }
            }
        }
    }
    let mut into = BTreeSet::new();
    collect(document, &parse(condition), &mut into);
    into
}
