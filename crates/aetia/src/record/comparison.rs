//! Why one cause and not another: the difference of two scores, made from the parts of both.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{CandidateRecord, ContributionRecord};
use crate::belief::Weight;
use crate::explanation::ContributionKind;

/// Why one cause and not another: the difference of their scores, part by part, exactly.
///
/// Made by [`Assessment::compare`](crate::Assessment::compare) and [`Record::compare`](crate::Record::compare).
/// Prints as a table.
///
/// ```
/// # use aetia::Document;
/// # fn main() -> Result<(), aetia::Error> {
/// # let model = Document::from_toml(include_str!("../../docs/tiny.toml"))?.validate()?.compile();
/// let assessment = model.assess(&model.case().present("raised_crp")?.build()?);
/// let comparison = assessment.compare("inflammatory", "posture")?;
/// assert_eq!(comparison, assessment.record().compare("inflammatory", "posture")?);
/// assert_eq!(comparison.total().nanodecibans(), comparison.one.score - comparison.other.score);
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Comparison {
    /// The cause asked about.
    pub one: Side,
    /// The cause it is compared with.
    pub other: Side,
    /// The parts: the prior, each group of findings, the gates.
    pub parts: Vec<Difference>,
}

/// One of the two causes of a comparison.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Side {
    /// The cause.
    pub cause: String,
    /// Its title.
    pub title: String,
    /// Its short form where it has one, else its title.
    pub label: String,
    /// Its rank among the named causes; none where excluded.
    pub rank: Option<usize>,
    /// Its log-odds against the comparator, in nanodecibans.
    pub score: i64,
}

/// One part of a difference: what the same findings weigh for either cause.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Difference {
    /// What it is about, in words.
    pub subject: String,
    /// The findings it is about; none for the prior and the gates.
    pub indicators: Vec<String>,
    /// What it weighs for the cause asked about, in nanodecibans.
    pub one: i64,
    /// What it weighs for the cause it is compared with, in nanodecibans.
    pub other: i64,
}

impl Comparison {
    /// Compares two candidates of one result.
    pub(super) fn of(one: &CandidateRecord, other: &CandidateRecord) -> Self {
        let (first, second) = (one.explanation.as_slice(), other.explanation.as_slice());
        let of_kind = |subject: &str, kind| Difference {
            subject: subject.to_owned(),
            indicators: Vec::new(),
            one: sum(first, kind),
            other: sum(second, kind),
        };
        let mut parts = vec![of_kind("prior", ContributionKind::Prior)];
        parts.extend(evidence_differences(first, second));
        let gates = of_kind("gates", ContributionKind::Gate);
        if (gates.one, gates.other) != (0, 0) {
            parts.push(gates);
        }
        Self { one: Side::of(one), other: Side::of(other), parts }
    }

    /// The sum of the differences: exactly the difference of the two scores.
    pub fn total(&self) -> Weight {
        self.parts.iter().map(Difference::weight).sum()
    }
}

impl Side {
    fn of(candidate: &CandidateRecord) -> Self {
        Self {
            cause: candidate.cause.clone(),
            title: candidate.title.clone(),
            label: candidate.label.clone(),
            rank: candidate.rank,
            score: candidate.score,
        }
    }
}

impl Difference {
    /// What it weighs for the one over the other.
    pub fn weight(&self) -> Weight {
        Weight::from_nanodecibans(self.one) - Weight::from_nanodecibans(self.other)
    }

    /// This part and one about some of the same findings, as one: in the words of what is about more of them.
    fn joined(mut self, known: Self) -> Self {
        if known.indicators.len() > self.indicators.len() {
            self.subject = known.subject;
        }
        let new: Vec<String> =
            known.indicators.into_iter().filter(|indicator| !self.indicators.contains(indicator)).collect();
        self.indicators.extend(new);
        self.one = self.one.saturating_add(known.one);
        self.other = self.other.saturating_add(known.other);
        self
    }
}

fn sum(parts: &[ContributionRecord], kind: ContributionKind) -> i64 {
    let of_kind = parts.iter().filter(|part| part.kind == kind);
    of_kind.map(|part| Weight::from_nanodecibans(part.weight)).sum::<Weight>().nanodecibans()
}

/// What weighs together: a declared group, or an indicator in none.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Block<'r> {
    Group(&'r str),
    Alone(Option<&'r str>),
}

impl<'r> Block<'r> {
    fn of(part: &'r ContributionRecord) -> Self {
        match &part.group {
            Some(group) => Self::Group(group),
            None => Self::Alone(part.indicators.first().map(String::as_str)),
        }
    }
}

/// What the findings weigh for either cause, group by group in the order of the explanations.
fn evidence_differences(first: &[ContributionRecord], second: &[ContributionRecord]) -> Vec<Difference> {
    let (mut order, mut blocks) = (Vec::new(), BTreeMap::<Block<'_>, Vec<Difference>>::new());
    let of_one = first.iter().map(|part| (part, part.weight, 0));
    let of_other = second.iter().map(|part| (part, 0, part.weight));
    for (part, one, other) in of_one.chain(of_other) {
        if part.kind == ContributionKind::Evidence {
            let block = blocks.entry(Block::of(part)).or_insert_with(|| {
                order.push(Block::of(part));
                Vec::new()
            });
            let (subject, indicators) = (part.subject.clone(), part.indicators.clone());
            block.push(Difference { subject, indicators, one, other });
        }
    }
    order.into_iter().filter_map(|block| blocks.remove(&block)).flat_map(merged).collect()
}

/// The parts of one block: finding by finding where both causes are weighed so, else as a whole.
fn merged(parts: Vec<Difference>) -> Vec<Difference> {
    let mut differences: Vec<Difference> = Vec::new();
    for part in parts {
        let overlaps = |known: &Difference| known.indicators.iter().any(|it| part.indicators.contains(it));
        let (overlapping, rest): (Vec<_>, Vec<_>) = differences.into_iter().partition(overlaps);
        differences = rest;
        differences.push(overlapping.into_iter().fold(part, Difference::joined));
    }
    for difference in &mut differences {
        difference.indicators.sort_unstable();
    }
    differences
}
