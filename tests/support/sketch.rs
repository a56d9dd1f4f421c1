//! Small knowledge bases drawn by hand, where a law needs to know every figure.

use std::collections::BTreeMap;

use aetia::written::{Cause, Evidence, Flag, Gate, Group, Indicator, Neutral, Prior, Ratios};
use aetia::{AnswerValue, Document, GateKind, Level, Weight};
use proptest::collection::vec;
use proptest::prelude::{Strategy, any};

use crate::oracle::Findings;
use crate::synthetic::{heading, provenance};

/// The setting of every sketch.
pub const HERE: &str = "here";

/// A document with these causes and priors.
pub fn sketch(priors: &[(&str, f64)]) -> Document {
    let mut document = heading("sketch", HERE);
    for (id, value) in priors {
        let prior = Prior { value: *value, interval: None, provenance: provenance() };
        let prior = BTreeMap::from([(HERE.to_owned(), prior)]);
        document
            .causes
            .insert((*id).to_owned(), Cause { title: (*id).to_owned(), prior, ..Cause::default() });
    }
    document
}

/// Adds a boolean indicator.
pub fn add_boolean(document: &mut Document, id: &str) {
    document.indicators.insert(id.to_owned(), Indicator { title: id.to_owned(), ..Indicator::default() });
}

/// Adds a boolean indicator for each of these.
pub fn add_booleans(document: &mut Document, ids: &[String]) {
    for id in ids {
        add_boolean(document, id);
    }
}

/// A row without figures.
pub fn row(cause: &str, indicator: &str) -> Evidence {
    let provenance = provenance();
    Evidence { cause: cause.to_owned(), indicator: indicator.to_owned(), provenance, ..Evidence::default() }
}

/// A row with LR+ and LR-; without LR-, absence is neutral.
pub fn ratio_row(cause: &str, indicator: &str, present: f64, absent: Option<f64>) -> Evidence {
    let neutral = || Neutral { neutral: "it may come later".to_owned() };
    Evidence {
        likelihood_ratio: Some(Ratios { present, absent }),
        absent: absent.is_none().then(neutral),
        ..row(cause, indicator)
    }
}

/// A group of these members.
pub fn group(members: &[String]) -> Group {
    Group {
        title: "Related signs".to_owned(),
        members: members.to_vec(),
        gamma: Some(1.0),
        ..Group::default()
    }
}

/// A gate.
pub fn gate(kind: GateKind, cause: &str, condition: &str) -> Gate {
    Gate {
        title: "A rule".to_owned(),
        kind,
        cause: cause.to_owned(),
        condition: condition.to_owned(),
        reason: "the source asks for it".to_owned(),
        source: vec!["src".to_owned()],
        ..Gate::default()
    }
}

/// A flag.
pub fn flag(condition: &str) -> Flag {
    Flag {
        level: Level::Routine,
        title: "Look at this".to_owned(),
        condition: condition.to_owned(),
        action: "See somebody.".to_owned(),
        source: vec!["src".to_owned()],
        ..Flag::default()
    }
}

/// These booleans, found to be so.
pub fn booleans(found: &[(&str, bool)]) -> Findings {
    found.iter().map(|(id, yes)| ((*id).to_owned(), AnswerValue::Boolean(*yes))).collect()
}

/// A count as a float.
pub fn real(count: usize) -> f64 {
    count as f64
}

/// The nearest whole number of units.
pub fn whole(units: f64) -> i64 {
    units.round() as i64
}

/// The ratio of so many nanodecibans.
pub fn ratio(nanodecibans: i64) -> f64 {
    Weight::from_nanodecibans(nanodecibans).likelihood_ratio().get()
}

/// Puts a lock on a cause: a `requires` gate that only a new indicator opens, whose id is returned.
pub fn lock(document: &mut Document, cause: &str) -> String {
    let key = format!("key_of_{cause}");
    add_boolean(document, &key);
    let gate = gate(GateKind::Requires, cause, &format!("present({key})"));
    document.gates.insert(format!("lock_of_{cause}"), gate);
    key
}

/// The causes that may be closed so that one cause no gate can close is left.
pub fn lockable(document: &Document) -> Vec<String> {
    let closes = |gate: &Gate| gate.kind != GateKind::Caps;
    let can_close = |cause: &String| document.gates.values().any(|gate| closes(gate) && gate.cause == *cause);
    let kept = document.causes.keys().find(|cause| !can_close(cause)).expect("a cause that stays open");
    document.causes.keys().filter(|cause| *cause != kept).cloned().collect()
}

/// A knowledge base in which nothing depends on anything, and a case that answers some of it.
#[derive(Clone, Debug)]
pub struct Plain {
    /// The document: boolean signs with LR+ and LR-, no groups, no gates, one setting.
    pub document: Document,
    /// Present and absent signs.
    pub findings: Findings,
}

/// Plain knowledge bases with so many causes and signs at most, and weights up to so many decibans.
///
/// Priors are whole 256ths, so that their sums are exact in any order. About a quarter of the pairs are silent.
pub fn plain(causes: usize, signs: usize, decibans: u32) -> impl Strategy<Value = Plain> {
    let ids: Vec<String> =
        (b'a'..=b'z').take(causes).map(|letter| format!("cause_{}", char::from(letter))).collect();
    let priors = vec(1..=200 / u32::try_from(causes).unwrap(), 1..=causes);
    let draws = vec(any::<(u32, u32, u32)>(), causes * signs);
    let answers = vec(0..4_u8, 0..=signs);
    (priors, draws, answers).prop_map(move |(priors, draws, answers)| {
        let priors: Vec<(&str, f64)> =
            ids.iter().zip(&priors).map(|(id, prior)| (id.as_str(), f64::from(*prior) / 256.0)).collect();
        let mut document = sketch(&priors);
        let weight = |draw: u32| i64::from(draw % (1000 * decibans) + 1) * 1_000_000;
        for sign in (0..answers.len()).map(|number| format!("sign_{number}")) {
            add_boolean(&mut document, &sign);
        }
        let pairs = (0..answers.len()).flat_map(|sign| priors.iter().map(move |(cause, _)| (sign, *cause)));
        for ((sign, cause), (up, down, kind)) in pairs.zip(draws) {
            let (up, down) = (ratio(weight(up)), ratio(-weight(down)));
            let (present, absent) = if kind % 3 == 0 { (down, up) } else { (up, down) };
            if kind % 4 != 3 {
                let row = ratio_row(cause, &format!("sign_{sign}"), present, Some(absent));
                document.evidence.push(row);
            }
        }
        let found = answers.iter().enumerate().filter(|(_, answer)| **answer != 3);
        let findings =
            found.map(|(sign, answer)| (format!("sign_{sign}"), AnswerValue::Boolean(*answer > 0))).collect();
        Plain { document, findings }
    })
}
