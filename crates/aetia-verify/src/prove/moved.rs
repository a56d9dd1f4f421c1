//! Figures moved to the ends of their intervals, and priors to the ends of their reach: what a rule that need not hold for
//! all of them may break for.

use std::collections::BTreeMap;

use aetia::written::{Evidence, Ratios};
use aetia::{Document, Model, Tag, Weight, exp10};

use crate::claim::Claim;
use crate::frame::Frame;

/// Which end a figure goes to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum End {
    Low,
    High,
}

/// Nanodecibans by which a moved prior stays inside its reach: a document writes probabilities, whose odds are rounded.
const INSIDE: i64 = 3;

/// Knowledge bases with priors moved so far, each with what was moved, where moving makes them break a rule sooner.
pub(crate) fn shifted(frame: &Frame<'_>, claim: &Claim, most: Weight) -> Vec<(String, Model)> {
    use aetia::Claim as Rule;
    let Claim::Rule(rule) = claim else { return Vec::new() };
    let (Rule::NeverFirst { cause: up, .. }
    | Rule::NeverLeads { cause: up, .. }
    | Rule::PosteriorAtMost { cause: up, .. }
    | Rule::AlwaysAbove { lower: up, .. }) = rule
    else {
        return Vec::new();
    };
    let most = most.abs();
    let size = format!("{most:.2}");
    let words = format!(
        "the odds of `{up}` {} higher than its prior, those of every other cause as much lower",
        size.trim_start_matches('+')
    );
    let reach = (most.nanodecibans() - INSIDE).max(0);
    let mut document = frame.document().clone();
    for setting in frame.document().settings.keys() {
        let mut odds: BTreeMap<String, f64> = BTreeMap::new();
        let value = |id: &String| Some(frame.document().causes.get(id)?.prior.get(setting)?.value);
        let named: f64 = document.causes.keys().filter_map(value).sum();
        for id in document.causes.keys() {
            let Some(prior) = value(id) else { return Vec::new() };
            let times = exp10(if id == up { reach } else { -reach });
            odds.insert(id.clone(), prior / (1.0 - named) * times);
        }
        let comparator = 1.0 / (1.0 + odds.values().sum::<f64>());
        for (id, odds) in odds {
            let prior = document.causes.get_mut(&id).and_then(|cause| cause.prior.get_mut(setting));
            if let Some(prior) = prior {
                (prior.value, prior.interval) = (odds * comparator, None);
            }
        }
    }
    let model = document.validate().ok().map(|kb| kb.compile());
    model.map(|model| (words, model)).into_iter().collect()
}

/// Knowledge bases with figures moved, each with what was moved, where moving makes them break a rule sooner.
pub(crate) fn moved(frame: &Frame<'_>, claim: &Claim) -> Vec<(String, Model)> {
    use aetia::Claim as Rule;
    let Claim::Rule(rule) = claim else { return Vec::new() };
    let apart = |up: &str| {
        let words =
            format!("every figure of `{up}` at the upper end of its interval, every other at the lower");
        let end = |row: &Evidence, _: &str| Some(if row.cause == up { End::High } else { End::Low });
        (words, with(frame, &end))
    };
    let found = match rule {
        Rule::NeverFirst { cause, .. }
        | Rule::NeverLeads { cause, .. }
        | Rule::PosteriorAtMost { cause, .. } => {
            vec![apart(cause)]
        }
        Rule::AlwaysAbove { lower, .. } => vec![apart(lower)],
        Rule::Monotone { indicator, from, to, cause, .. } => {
            let words = format!(
                "the figures of `{indicator}` moved to where the change helps `{cause}` least and the others most"
            );
            let end = |row: &Evidence, key: &str| {
                let is_own = row.cause == *cause;
                let is_high = match () {
                    () if row.indicator != *indicator => return None,
                    () if key == from => is_own,
                    () if key == to => !is_own,
                    () => return None,
                };
                Some(if is_high { End::High } else { End::Low })
            };
            vec![(words, with(frame, &end))]
        }
        Rule::ReachableFirst { .. }
        | Rule::ReachableLeads { .. }
        | Rule::Raised { .. }
        | Rule::SomeNamedCauseOpen
        | _ => Vec::new(),
    };
    found
        .into_iter()
        .filter_map(|(words, document)| Some((words, document.validate().ok()?.compile())))
        .collect()
}

/// The document with figures at the ends named. A figure of a joint table stays: its probabilities must sum to one.
fn with(frame: &Frame<'_>, end: &dyn Fn(&Evidence, &str) -> Option<End>) -> Document {
    let mut document = frame.document().clone();
    let tables: Vec<(String, Vec<String>)> =
        document.groups.values().map(|group| (group.members.join(" "), group.table.clone())).collect();
    for row in &mut document.evidence {
        let is_joint = tables.iter().any(|(members, causes)| {
            causes.contains(&row.cause) && members.split(' ').any(|member| member == row.indicator)
        });
        if is_joint || row.interval.is_empty() {
            continue;
        }
        let ends: BTreeMap<String, f64> = row
            .interval
            .iter()
            .filter_map(|(key, [low, high])| {
                Some((key.clone(), if end(row, key)? == End::Low { *low } else { *high }))
            })
            .collect();
        if ends.is_empty() {
            continue;
        }
        if let Some(pair) = &mut row.likelihood_ratio {
            let Ratios { present, absent } = pair;
            *present = ends.get("present").copied().unwrap_or(*present);
            *absent = absent.map(|absent| ends.get("absent").copied().unwrap_or(absent));
        } else if !row.likelihood_ratios.is_empty() {
            row.likelihood_ratios.extend(ends);
        } else {
            continue;
        }
        // The end of an interval is no seed, whose strength is capped.
        row.interval.clear();
        row.trend = None;
        row.provenance.tag = Tag::Recalled;
    }
    document
}
