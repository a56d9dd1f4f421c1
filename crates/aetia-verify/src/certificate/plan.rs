//! Claims taken apart: which things they say, of which settings, and what a case would have to be like.

use std::collections::{BTreeMap, BTreeSet};

use aetia::{Claim, Condition, Document, Link, Target};

use super::check::CheckError;
use super::query::{Meaning, Sought};
use super::weigh::{keys, same};

/// One thing that is to be shown.
#[derive(PartialEq)]
pub(super) struct Item {
    pub(super) setting: String,
    pub(super) about: Option<String>,
    pub(super) what: What,
}

#[derive(Clone, PartialEq)]
pub(super) enum What {
    First { cause: String, unless: Option<Condition> },
    Leads { cause: String, unless: Option<Condition> },
    Above { cause: String, other: String, when: Option<Condition> },
    Passed { cause: String, rival: String },
    Lowered { cause: String },
    Exceeds { cause: String, bound: f64, when: Option<Condition> },
    Quiet { flag: String, whenever: Condition },
    BothFirst { cause: String, other: String },
    FlagApart { flag: String },
    NoneOpen,
}

/// A claim taken apart.
pub(super) struct Plan {
    pub(super) items: Vec<Item>,
    pub(super) is_possible: bool,
    /// An indicator whose answer changes, before and after.
    pub(super) change: Option<(String, Option<String>, Option<String>)>,
    /// What is given already: an answer, or that none can be.
    pub(super) given: BTreeMap<String, Option<String>>,
}

pub(super) fn plan(
    document: &Document,
    other: Option<&Document>,
    claim: &str,
    only: Option<&String>,
) -> Result<Plan, CheckError> {
    let default = document.knowledge_base.default_setting.clone();
    let only = only.cloned();
    let every: Vec<String> = match &only {
        Some(only) => vec![only.clone()],
        None => document.settings.keys().cloned().collect(),
    };
    let causes: Vec<String> = document.causes.keys().cloned().collect();
    let mut plan = Plan { items: Vec::new(), is_possible: false, change: None, given: BTreeMap::new() };
    let each = |settings: &[String], about: Option<String>, what: &What| -> Vec<Item> {
        let item =
            |setting: &String| Item { setting: setting.clone(), about: about.clone(), what: what.clone() };
        settings.iter().map(item).collect()
    };
    if let Some(case) = claim.strip_prefix("settled(").and_then(|rest| rest.strip_suffix(')')) {
        plan.given = findings(document, case)?;
        let setting = only.unwrap_or(default);
        let first = first_of(document, &setting, case)?;
        for cause in causes.iter().filter(|cause| **cause != first) {
            let what = What::First { cause: cause.clone(), unless: None };
            plan.items.extend(each(std::slice::from_ref(&setting), Some(cause.clone()), &what));
        }
        return Ok(plan);
    }
    if let Some(other) = other {
        plan.items = two(document, other, claim, &every)?;
        return Ok(plan);
    }
    let claim: Claim =
        claim.parse().map_err(|error: aetia::ClaimError| CheckError::new(error.to_string()))?;
    named(document, &claim)?;
    match claim {
        Claim::NeverFirst { cause, unless } => {
            plan.items = each(&every, None, &What::First { cause, unless });
        }
        Claim::NeverLeads { cause, unless } => {
            plan.items = each(&every, None, &What::Leads { cause, unless });
        }
        Claim::ReachableFirst { cause, ref setting } => {
            plan.is_possible = true;
            let setting = [setting.clone().or(only).unwrap_or(default)];
            for cause in targets(cause, &causes) {
                let what = What::First { cause: cause.clone(), unless: None };
                plan.items.extend(each(&setting, Some(cause), &what));
            }
        }
        Claim::ReachableLeads { cause, ref setting } => {
            plan.is_possible = true;
            let setting = [setting.clone().or(only).unwrap_or(default)];
            for cause in targets(cause, &causes) {
                let what = What::Leads { cause: cause.clone(), unless: None };
                plan.items.extend(each(&setting, Some(cause), &what));
            }
        }
        Claim::AlwaysAbove { upper, lower, when } => {
            plan.items = each(&every, None, &What::Above { cause: lower, other: upper, when });
        }
        Claim::Monotone { indicator, from, to, cause, on_score } => {
            let answer = |key: &str| {
                let written = document.indicators.get(&indicator).map(keys).unwrap_or_default();
                written.into_iter().find(|known| same(known, key))
            };
            plan.change = Some((indicator.clone(), answer(&from), answer(&to)));
            if on_score {
                plan.items = each(&every, None, &What::Lowered { cause });
            } else {
                let rivals = causes.iter().filter(|rival| **rival != cause);
                for setting in &every {
                    for rival in rivals.clone() {
                        let what = What::Passed { cause: cause.clone(), rival: rival.clone() };
                        plan.items.extend(each(std::slice::from_ref(setting), Some(rival.clone()), &what));
                    }
                }
            }
        }
        Claim::PosteriorAtMost { cause, bound, when } => {
            plan.items = each(&every, None, &What::Exceeds { cause, bound, when });
        }
        // Flags and gates do not know settings.
        Claim::Raised { flag, whenever } => {
            let one: Vec<String> = every.into_iter().take(1).collect();
            plan.items = each(&one, None, &What::Quiet { flag, whenever });
        }
        Claim::SomeNamedCauseOpen => {
            let one: Vec<String> = every.into_iter().take(1).collect();
            plan.items = each(&one, None, &What::NoneOpen);
        }
        _ => return Err(CheckError::new("this kind of claim is not known here")),
    }
    Ok(plan)
}

/// What a claim about two documents says.
fn two(
    document: &Document,
    other: &Document,
    claim: &str,
    settings: &[String],
) -> Result<Vec<Item>, CheckError> {
    let named = format!("{}@{}", other.knowledge_base.id, other.knowledge_base.version);
    let item = |setting: &String, about: String, what: What| Item {
        setting: setting.clone(),
        about: Some(about),
        what,
    };
    let mut items = Vec::new();
    if claim == format!("same_flags_as({named})") {
        let flags: BTreeSet<&String> = document.flags.keys().chain(other.flags.keys()).collect();
        // Flags do not know settings.
        for setting in settings.iter().take(1) {
            let apart = flags.iter().map(|flag| What::FlagApart { flag: (*flag).clone() });
            items.extend(flags.iter().zip(apart).map(|(flag, what)| item(setting, (*flag).clone(), what)));
        }
    } else if claim == format!("same_first_as({named})") {
        for setting in settings {
            for one in document.causes.keys() {
                for two in other.causes.keys().filter(|two| *two != one) {
                    let what = What::BothFirst { cause: one.clone(), other: two.clone() };
                    items.push(item(setting, format!("{one} {two}"), what));
                }
            }
        }
    } else {
        return Err(CheckError::new(format!("`{claim}` is no claim about `{named}`")));
    }
    Ok(items)
}

/// That every name of a claim is known: the claim must be one the document could declare.
fn named(document: &Document, claim: &Claim) -> Result<(), CheckError> {
    // What the document declares was validated with it.
    if document.invariants.iter().any(|declared| declared.claim.parse().ok().as_ref() == Some(claim)) {
        return Ok(());
    }
    let mut document = document.clone();
    document.invariants = vec![aetia::written::Invariant {
        id: "claimed".to_owned(),
        claim: claim.to_string(),
        reason: "it is claimed".to_owned(),
    }];
    document.validate().map(|_| ()).map_err(|error| CheckError::new(error.to_string()))
}

fn targets(target: Target, causes: &[String]) -> Vec<String> {
    match target {
        Target::Every => causes.to_vec(),
        Target::Cause(cause) => vec![cause],
    }
}

/// The findings of a case in JSON: an answer, or none where it could not be assessed.
fn findings(document: &Document, case: &str) -> Result<BTreeMap<String, Option<String>>, CheckError> {
    let unreadable = || CheckError::new("the case of the claim cannot be read");
    let value: serde_json::Value = serde_json::from_str(case).map_err(|_| unreadable())?;
    let given = value.get("findings").and_then(serde_json::Value::as_object).ok_or_else(unreadable)?;
    let mut found = BTreeMap::new();
    for (id, value) in given {
        let keys = keys(document.indicators.get(id).ok_or_else(unreadable)?);
        let answer = match value {
            serde_json::Value::Bool(true) => Some("present".to_owned()),
            serde_json::Value::Bool(false) => Some("absent".to_owned()),
            serde_json::Value::String(word) if word == "not_assessable" => None,
            serde_json::Value::String(word) => Some(word.clone()),
            serde_json::Value::Number(number) => {
                let number = number.as_f64().ok_or_else(unreadable)?;
                let holds =
                    |key: &&String| key.parse::<aetia::BinKey>().is_ok_and(|bin| bin.contains(number));
                Some(keys.iter().find(holds).cloned().ok_or_else(unreadable)?)
            }
            serde_json::Value::Null | serde_json::Value::Array(_) | serde_json::Value::Object(_) => {
                return Err(unreadable());
            }
        };
        if answer.as_ref().is_some_and(|answer| !keys.contains(answer)) {
            return Err(unreadable());
        }
        found.insert(id.clone(), answer);
    }
    Ok(found)
}

/// The first cause of a case. Which one is claimed to be settled is a matter of the claim, so the engine says it.
fn first_of(document: &Document, setting: &str, case: &str) -> Result<String, CheckError> {
    let unreadable = |error: &dyn std::fmt::Display| CheckError::new(error.to_string());
    let model = document.clone().validate().map_err(|error| unreadable(&error))?.compile();
    let case = model.case_from_json(case).map_err(|error| unreadable(&error))?;
    let setting = setting.parse().map_err(|error: aetia::InvalidId| unreadable(&error))?;
    let options = aetia::Options { setting, link: model.options().link };
    let mut scratch = aetia::Scratch::new();
    let assessed = model.assess_with(&case, &options, &mut scratch).map_err(|error| unreadable(&error))?;
    Ok(assessed.first().id().to_string())
}

/// What a case would have to be like: to break the claim, or to be the one it says there is.
pub(super) fn sought(
    meaning: Meaning<'_, '_>,
    document: &Document,
    what: &What,
    link: Link,
) -> Result<Sought, CheckError> {
    let mut parts: Vec<Sought> = (0..meaning.sides.len()).map(|at| meaning.possible(at)).collect();
    let mut only = |condition: &Option<Condition>, holds: bool| {
        parts.extend(condition.as_ref().map(|condition| meaning.when(condition, holds)));
    };
    let own = match what {
        What::First { cause, unless } => {
            only(unless, false);
            meaning.first(0, cause)
        }
        What::Leads { cause, unless } => {
            only(unless, false);
            meaning.at_least(0, cause, 1)
        }
        What::Above { cause, other, when } => {
            only(when, true);
            if cause == other { meaning.excluded(0, cause).1 } else { meaning.above(0, cause, other) }
        }
        What::Passed { cause, rival } => {
            Sought::All(vec![meaning.above(0, cause, rival), meaning.above(1, rival, cause)])
        }
        What::Lowered { cause } => meaning.lowered(cause),
        What::Exceeds { cause, bound, when } => {
            only(when, true);
            match link {
                Link::Independent => meaning.at_least(0, cause, least_above(*bound)),
                Link::Exclusive => meaning.excluded(0, cause).1,
            }
        }
        What::Quiet { flag, whenever } => {
            only(&Some(whenever.clone()), true);
            let written = document.flags.get(flag).and_then(|flag| flag.condition.parse().ok());
            let condition: Condition = written.ok_or_else(|| CheckError::new("the flag is unknown"))?;
            meaning.when(&condition, false)
        }
        What::BothFirst { cause, other } => {
            Sought::All(vec![meaning.first(0, cause), meaning.first(1, other)])
        }
        What::FlagApart { flag } => meaning.flag_apart(flag),
        What::NoneOpen => {
            let causes = document.causes.keys();
            Sought::All(causes.map(|cause| meaning.open(0, cause).1).collect())
        }
    };
    parts.push(own);
    Ok(Sought::All(parts))
}

/// The lowest score whose probability against the comparator alone may be above a bound: rounded against the claim.
#[expect(clippy::as_conversions, clippy::cast_possible_truncation, reason = "a whole number well inside i64")]
fn least_above(bound: f64) -> i64 {
    libm::floor(1e10 * libm::log10(bound / (1.0 - bound)) - 1e-3) as i64 + 1
}
