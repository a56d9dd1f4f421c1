//! Explanations and comparisons as a person reads them: the parts of a score, of a difference, and their sums.

use std::cmp::{Ordering, Reverse};
use std::fmt;

use super::layout::{clipped, wrapped};
use super::{certainty, shown};
use crate::belief::{LogOdds, Weight};
use crate::explanation::{Contribution, ContributionKind, Explanation};
use crate::record::{CandidateRecord, Comparison, ContributionRecord, Side};

/// What a part is about, why it is zero if it is, and where it comes from.
fn part_text(part: &ContributionRecord) -> String {
    let source = certainty::source(part.tag, &part.citations);
    let reason = part.reason.as_ref().map(|reason| format!(" ({reason})")).unwrap_or_default();
    format!("{}{reason}{source}", part.subject)
}

impl fmt::Display for Contribution<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.record().fmt(f)
    }
}

impl fmt::Display for ContributionRecord {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:>10}  {}", Weight::from_nanodecibans(self.weight), part_text(self))
    }
}

impl fmt::Display for Explanation<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.candidate().record().explanation_text().fmt(f)
    }
}

impl CandidateRecord {
    /// Why the cause has its score, as a table to be printed: what a live
    /// [`Explanation`] prints.
    ///
    /// ```
    /// # use aetia::Document;
    /// # fn main() -> Result<(), aetia::Error> {
    /// # let model = Document::from_toml(include_str!("../../docs/tiny.toml"))?.validate()?.compile();
    /// let assessment = model.assess(&model.case().present("raised_crp")?.build()?);
    /// let first = assessment.first();
    /// assert_eq!(first.record().explanation_text().to_string(), first.explanation().to_string());
    /// # Ok(())
    /// # }
    /// ```
    pub fn explanation_text(&self) -> impl fmt::Display {
        ExplanationText(self)
    }
}

/// The parts of a candidate's score as a table.
struct ExplanationText<'r>(&'r CandidateRecord);

impl fmt::Display for ExplanationText<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let candidate = self.0;
        let score = LogOdds::from_nanodecibans(candidate.score);
        wrapped(f, &format!("Why {} stands at {score} against the comparator:", candidate.title), "", "  ")?;
        let parts = candidate.explanation.as_slice();
        let mut order: Vec<_> = parts.iter().filter(|part| !part.is_silent).collect();
        // The prior first, then evidence by its size, gates last.
        order.sort_by_key(|part| (part.kind, Reverse(part.weight.saturating_abs())));
        writeln!(f, "{}", lead("weight", "likelihood ratio", "running sum").trim_end())?;
        let others = " ".repeat(lead("", "", "").len());
        let mut running = Weight::ZERO;
        for part in order {
            let weight = Weight::from_nanodecibans(part.weight);
            running += weight;
            let ratio = match part.kind {
                ContributionKind::Prior => odds(weight),
                ContributionKind::Evidence => weight.likelihood_ratio().to_string(),
                ContributionKind::Gate => "gate".to_owned(),
            };
            wrapped(f, &part_text(part), &lead(&weight.to_string(), &ratio, &running.to_string()), &others)?;
        }
        let silent = parts.iter().filter(|part| part.is_silent).count();
        if silent > 0 {
            let findings = if silent == 1 { "finding says" } else { "findings say" };
            let text = format!("{silent} further {findings} nothing about this cause");
            wrapped(f, &text, &lead(&Weight::ZERO.to_string(), "", ""), &others)?;
        }
        let is_gated = parts.iter().any(|part| part.kind == ContributionKind::Gate);
        let posterior = candidate
            .posterior
            .map_or_else(|| excluded(candidate), |probability| shown(probability).to_string());
        let ungated = shown(candidate.posterior_ungated);
        let without = if is_gated { format!(", {ungated} without gates") } else { String::new() };
        let total: Weight = parts.iter().map(|part| Weight::from_nanodecibans(part.weight)).sum();
        let sum = lead(&total.to_string(), &odds(total), &total.to_string());
        wrapped(f, &format!("in sum, the score: {posterior}{without}"), &sum, &others)?;
        certainty::of_cause(candidate, f)
    }
}

/// The figures of a part, in columns before what it is about.
fn lead(weight: &str, ratio: &str, sum: &str) -> String {
    format!("{weight:>10} {ratio:>17} {sum:>12}  ")
}

/// A weight as the odds it makes of even odds.
fn odds(weight: Weight) -> String {
    format!("odds {}", weight.likelihood_ratio())
}

/// That a cause is excluded, and by which gates.
fn excluded(candidate: &CandidateRecord) -> String {
    let gates: Vec<String> = candidate.excluded_by.iter().map(|gate| format!("\"{}\"", gate.title)).collect();
    format!("excluded by {}", gates.join(" and "))
}

/// How one cause stands to the other: by score, then by rank. An excluded cause stands nowhere.
fn heading(one: &Side, other: &Side) -> String {
    let (first, second) = (&one.title, &other.title);
    let (Some(rank), Some(rank_of_other)) = (one.rank, other.rank) else {
        return match (one.rank, other.rank) {
            (None, Some(_)) => format!("How {first}, which is excluded, compares with {second}:"),
            (Some(_), None) => format!("How {first} compares with {second}, which is excluded:"),
            (None, None) | (Some(_), Some(_)) => {
                format!("How {first} compares with {second}, both excluded:")
            }
        };
    };
    match (one.score.cmp(&other.score), rank.cmp(&rank_of_other)) {
        (Ordering::Greater, _) => format!("Why {first} stands above {second}:"),
        (Ordering::Less, _) => format!("Why {first} stands below {second}:"),
        (Ordering::Equal, Ordering::Less) => {
            format!("Why {first} stands above {second} with an equal score:")
        }
        (Ordering::Equal, Ordering::Greater) => {
            format!("Why {first} stands below {second} with an equal score:")
        }
        (Ordering::Equal, Ordering::Equal) => format!("Why {first} stands level with {second}:"),
    }
}

impl fmt::Display for Comparison {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (one, other) = (&self.one, &self.other);
        wrapped(f, &heading(one, other), "", "  ")?;
        let (first, second) = (clipped(&one.label, 14), clipped(&other.label, 14));
        writeln!(f, "{:>10} {first:>14} {second:>14}", "")?;
        let mut order: Vec<_> = self.parts.iter().filter(|part| (part.one, part.other) != (0, 0)).collect();
        order.sort_by_key(|part| Reverse(part.weight().abs()));
        for part in order {
            let (first, second) =
                (Weight::from_nanodecibans(part.one), Weight::from_nanodecibans(part.other));
            let lead = format!("{:>10} {first:>14} {second:>14}  ", part.weight());
            wrapped(f, &part.subject, &lead, &" ".repeat(44))?;
        }
        let (first, second) =
            (LogOdds::from_nanodecibans(one.score), LogOdds::from_nanodecibans(other.score));
        writeln!(f, "{:>10} {first:>14} {second:>14}  in sum", self.total())
    }
}
