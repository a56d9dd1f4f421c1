//! Big knowledge bases of any size, the same for the same seed: for benches and for tests of scale.

use std::collections::BTreeMap;

use aetia::written::{
    AccuracyRow, Cause, Comparator, Count, CountRule, Evidence, Flag, Gate, Group, Heading, Indicator, Item,
    Prior, Setting, Shares, Source,
};
use aetia::{AnswerValue, Document, GateKind, Level, Provenance, Tag};

use crate::oracle::Findings;

/// A knowledge base with so many causes and indicators.
///
/// Every indicator is a boolean and bears on about half of the causes by sensitivity and specificity. Three
/// neighbours make a discounted group with gamma 0.5. The last cause in every four has a gate: in turn it requires, caps
/// or excludes. There is a flag for every sixteenth indicator. Prior: 0.8 shared among the named causes.
pub fn synthetic(causes: usize, indicators: usize, seed: u64) -> Document {
    let mut random = SplitMix(seed);
    let mut document = heading("synthetic", "anywhere");
    for number in 0..causes {
        let share = 0.8 / causes as f64;
        document.causes.insert(cause_id(number), cause(number, share * (0.5 + 0.5 * random.unit())));
    }
    for number in 0..indicators {
        let indicator = Indicator { title: format!("Sign {number}"), ..Indicator::default() };
        document.indicators.insert(indicator_id(number), indicator);
        // One cause at least, so that nothing is unused.
        let certain = random.below(causes);
        for cause in (0..causes).filter(|cause| *cause == certain || random.below(2) == 0).collect::<Vec<_>>()
        {
            document.evidence.push(evidence(cause, number, &mut random));
        }
    }
    for number in 0..indicators / 3 {
        let group = Group {
            title: format!("Group {number}"),
            members: (3 * number..3 * number + 3).map(indicator_id).collect(),
            gamma: Some(0.5),
            ..Group::default()
        };
        document.groups.insert(format!("group_{number:05}"), group);
    }
    if indicators > 0 {
        for (turn, cause) in (0..causes).skip(3).step_by(4).enumerate() {
            let sign = indicator_id(random.below(indicators));
            let kind = [GateKind::Requires, GateKind::Caps, GateKind::Excludes][turn % 3];
            document.gates.insert(format!("gate_{turn:05}"), gate(kind, cause, &sign));
        }
    }
    for number in (0..indicators).step_by(16) {
        let flag = Flag {
            level: Level::Urgent,
            title: format!("Flag of sign {number}"),
            condition: format!("present({})", indicator_id(number)),
            action: "See somebody.".to_owned(),
            source: vec!["src".to_owned()],
            ..Flag::default()
        };
        document.flags.insert(format!("flag_{number:05}"), flag);
    }
    document
}

/// As [`synthetic`], with groups of every kind in turn: discounted; counted for half of the causes, item by item; a joint
/// table for half of the causes, in which every member depends on the one before; and nothing but a count.
pub fn synthetic_of_all_kinds(causes: usize, indicators: usize, seed: u64) -> Document {
    let mut document = synthetic(causes, indicators, seed);
    let mut random = SplitMix(!seed);
    let half: Vec<String> = (0..causes).step_by(2).map(cause_id).collect();
    for number in 0..indicators / 3 {
        let name = format!("group_{number:05}");
        let Some(mut group) = document.groups.remove(&name) else { continue };
        let members = group.members.clone();
        let items = members
            .iter()
            .map(|member| Item { title: format!("Item {member}"), condition: format!("present({member})") });
        let items: Vec<Item> = items.collect();
        let mut forget = |causes: &dyn Fn(&String) -> bool| {
            document.evidence.retain(|row| !(members.contains(&row.indicator) && causes(&row.cause)));
        };
        match number % 4 {
            0 => {}
            1 => {
                forget(&|cause| half.contains(cause));
                let rules = half.iter().map(|cause| CountRule {
                    margins: Some(Shares {
                        cause: items.iter().map(|_| 0.3 + 0.6 * random.unit()).collect(),
                        comparator: items.iter().map(|_| 0.05 + 0.45 * random.unit()).collect(),
                    }),
                    ..count_rule(cause)
                });
                group.count = Some(Count { rules: rules.collect(), items });
            }
            2 => {
                forget(&|cause| half.contains(cause));
                for (cause, id) in (0..causes).step_by(2).zip(&half) {
                    for (at, sign) in (3 * number..3 * number + 3).enumerate() {
                        let when = (at > 0).then(|| format!("present({})", indicator_id(sign - 1)));
                        document.evidence.extend(
                            when.map(|when| Evidence {
                                when: Some(when),
                                ..evidence(cause, sign, &mut random)
                            }),
                        );
                        document.evidence.push(evidence(cause, sign, &mut random));
                    }
                    group.table.push(id.clone());
                }
            }
            _ => {
                forget(&|_| true);
                group.gamma = None;
                let mut shares = |lean: f64| {
                    let each: Vec<f64> =
                        (0..4).map(|m| 0.1 + random.unit() * libm::pow(lean, f64::from(m))).collect();
                    let sum: f64 = each.iter().sum();
                    each.iter().map(|share| share / sum).collect()
                };
                let rules = (0..causes).map(|cause| CountRule {
                    distribution: Some(Shares { cause: shares(1.5), comparator: shares(0.5) }),
                    ..count_rule(&cause_id(cause))
                });
                group.count = Some(Count { rules: rules.collect(), items });
            }
        }
        document.groups.insert(name, group);
    }
    document
}

fn count_rule(cause: &str) -> CountRule {
    CountRule { cause: cause.to_owned(), provenance: provenance(), ..CountRule::default() }
}

/// A knowledge base in which most causes are silent on most indicators: each bears on so many of them, and every indicator
/// on about as many causes as any other. Booleans by sensitivity and specificity; no groups, gates or flags. Prior: 0.8 shared
/// among the named causes, few of which are equal.
pub fn wide(causes: usize, indicators: usize, weights: usize, seed: u64) -> Document {
    let mut random = SplitMix(seed);
    let mut document = heading("wide", "anywhere");
    for number in 0..causes {
        let share = 0.8 / causes as f64;
        let prior = share * (1 + random.below(1_000)) as f64 / 1_000.0;
        document.causes.insert(cause_id(number), cause(number, prior));
    }
    for number in 0..indicators {
        let indicator = Indicator { title: format!("Sign {number}"), ..Indicator::default() };
        document.indicators.insert(indicator_id(number), indicator);
    }
    // Indicators are dealt like cards, again and again from the whole pack.
    let mut pack: Vec<usize> = Vec::new();
    for cause in 0..causes {
        let mut hand: Vec<usize> = Vec::new();
        while hand.len() < weights.min(indicators) {
            if pack.is_empty() {
                pack = (0..indicators).collect();
            }
            let sign = pack.swap_remove(random.below(pack.len()));
            if !hand.contains(&sign) {
                hand.push(sign);
            }
        }
        for sign in hand {
            document.evidence.push(evidence(cause, sign, &mut random));
        }
    }
    document
}

/// A cause with its prior.
fn cause(number: usize, value: f64) -> Cause {
    let prior = Prior { value, interval: None, provenance: provenance() };
    Cause {
        title: format!("Cause {number}"),
        prior: BTreeMap::from([("anywhere".to_owned(), prior)]),
        ..Cause::default()
    }
}

/// A row about a boolean by sensitivity and specificity.
fn evidence(cause: usize, sign: usize, random: &mut SplitMix) -> Evidence {
    let accuracy =
        AccuracyRow { sensitivity: 0.3 + 0.6 * random.unit(), specificity: 0.5 + 0.45 * random.unit() };
    Evidence {
        cause: cause_id(cause),
        indicator: indicator_id(sign),
        accuracy: Some(accuracy),
        provenance: provenance(),
        ..Evidence::default()
    }
}

/// Limits within which knowledge bases of any size are read.
pub fn no_limits() -> aetia::Limits {
    let most = usize::MAX;
    aetia::Limits {
        document_bytes: most,
        causes: most,
        indicators: most,
        weights: most,
        gates: most,
        ..aetia::Limits::default()
    }
}

/// A gate of a cause that asks for a sign.
pub fn gate(kind: GateKind, cause: usize, sign: &str) -> Gate {
    Gate {
        title: format!("Gate of cause {cause}"),
        kind,
        cause: cause_id(cause),
        condition: format!("present({sign})"),
        probability: (kind == GateKind::Caps).then_some(0.25),
        reason: "to have gates".to_owned(),
        source: vec!["src".to_owned()],
        ..Gate::default()
    }
}

/// A case that answers so many of a synthetic document's indicators, drawn without repetition.
pub fn synthetic_case(document: &Document, answered: usize, seed: u64) -> Findings {
    let mut random = SplitMix(seed);
    let mut open: Vec<&String> = document.indicators.keys().collect();
    let mut findings = Findings::new();
    while findings.len() < answered && !open.is_empty() {
        let indicator = open.swap_remove(random.below(open.len()));
        findings.insert(indicator.clone(), AnswerValue::Boolean(random.below(2) == 0));
    }
    findings
}

/// A document without causes, with one setting and one source.
pub(crate) fn heading(id: &str, setting: &str) -> Document {
    let mut document = Document::default();
    document.format_version = aetia::FORMAT_VERSION;
    document.knowledge_base = Heading {
        id: id.to_owned(),
        version: "1.0.0".to_owned(),
        title: "Made-up causes".to_owned(),
        notice: "Made up; not advice.".to_owned(),
        default_setting: setting.to_owned(),
        ..Heading::default()
    };
    document.comparator =
        Comparator { id: "other".to_owned(), title: "Other causes".to_owned(), ..Comparator::default() };
    document.settings.insert(setting.to_owned(), Setting { title: setting.to_owned(), notes: Vec::new() });
    let source = Source { text: "Drawn by a generator.".to_owned(), ..Source::default() };
    document.sources.insert("src".to_owned(), source);
    document
}

/// Where a made-up figure comes from.
pub fn provenance() -> Provenance {
    Provenance { source: vec!["src".to_owned()], tag: Tag::Verified, ..Provenance::default() }
}

fn cause_id(number: usize) -> String {
    format!("cause_{number:05}")
}

fn indicator_id(number: usize) -> String {
    format!("sign_{number:05}")
}

/// The generator splitmix64 (Steele, Lea, Flood 2014).
#[derive(Clone, Debug)]
pub struct SplitMix(u64);

impl SplitMix {
    /// The generator of a seed.
    pub fn of(seed: u64) -> Self {
        Self(seed)
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let z = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// A number in [0, 1), of 53 bits.
    pub fn unit(&mut self) -> f64 {
        (self.next() >> 11) as f64 / 9_007_199_254_740_992.0
    }

    /// A number from 0 to `n - 1`.
    pub fn below(&mut self, n: usize) -> usize {
        (self.unit() * n as f64) as usize
    }

    /// A standard normal number (Box and Muller 1958).
    pub fn normal(&mut self) -> f64 {
        let (radius, angle) = (1.0 - self.unit(), self.unit());
        (-2.0 * libm::log(radius)).sqrt() * libm::cos(core::f64::consts::TAU * angle)
    }
}

#[cfg(test)]
mod tests {
    use aetia::Link;

    use super::*;
    use crate::oracle::assess;

    /// First outputs of splitmix64 from 0 (Vigna's reference).
    #[test]
    fn the_generator_is_splitmix64() {
        let mut random = SplitMix(0);
        assert_eq!(random.next(), 0xe220_a839_7b1d_cdaf);
        assert_eq!(random.next(), 0x6e78_9e6a_a1b9_65f4);
    }

    /// Groups of every kind, and a document that is valid as the engine and the oracle see it.
    #[test]
    fn groups_of_every_kind_are_made() {
        for (causes, indicators) in [(5, 8), (5, 21), (8, 49), (10, 90)] {
            let document = synthetic_of_all_kinds(causes, indicators, 7);
            let kb = document.clone().validate().unwrap_or_else(|error| panic!("{error}"));
            let model = kb.compile();
            for seed in 0..20 {
                let findings = synthetic_case(&document, indicators / 2, seed);
                let verdict = assess(&document, &findings, "anywhere", Link::Exclusive).unwrap();
                let mut case = model.case();
                for (indicator, value) in &findings {
                    case = case.finding(indicator, value).unwrap();
                }
                let assessment = model.assess(&case.build().unwrap());
                for (id, oracle) in &verdict.causes {
                    let own = assessment.cause(id).unwrap().posterior().map_or(0.0, aetia::Probability::get);
                    assert!((own - oracle.posterior).abs() < 1e-6, "{id}: {own} {}", oracle.posterior);
                }
            }
            let has = |kind: &dyn Fn(&Group) -> bool| document.groups.values().any(kind);
            let is_large = indicators >= 21;
            assert!(has(&|group| group.count.is_none() && group.table.is_empty()));
            assert!(has(&|group| group.count.is_some() && group.gamma.is_some()));
            assert_eq!(has(&|group| !group.table.is_empty()), is_large);
            assert_eq!(has(&|group| group.count.is_some() && group.gamma.is_none()), is_large);
        }
    }

    #[test]
    fn a_seed_gives_one_document_and_it_can_be_assessed() {
        let document = synthetic(20, 31, 7);
        assert_eq!(document, synthetic(20, 31, 7));
        assert_ne!(document, synthetic(20, 31, 8));
        assert_eq!((document.causes.len(), document.indicators.len(), document.groups.len()), (20, 31, 10));
        let findings = synthetic_case(&document, 15, 1);
        assert_eq!(findings.len(), 15);
        let verdict = assess(&document, &findings, "anywhere", Link::Exclusive).unwrap();
        let sum: f64 = verdict.causes.values().map(|cause| cause.posterior).sum();
        assert!((sum + verdict.comparator_posterior - 1.0).abs() < 1e-12);
    }
}
