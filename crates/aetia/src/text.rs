//! Rankings, explanations and comparisons as a person reads them in a terminal, 100 columns wide.

use std::fmt;

use crate::assessment::{Assessment, Bar, Candidate, Closeness, FlagReport, FlagState};
use crate::belief::{Probability, Weight};
use crate::document::{Level, Link, Tag};
use crate::explanation::{Comparison, Contribution, ContributionKind, Explanation};
use crate::knowledge::Truth;

/// Columns of the page, of a title, and of a bar.
const PAGE: usize = 100;
const TITLE: usize = 44;
const BAR: usize = 10;

impl fmt::Display for Assessment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let kb = self.model().knowledge_base();
        writeln!(f, "{}", kb.title())?;
        let meaning = match self.link() {
            Link::Exclusive => "how likely each is the principal explanation",
            Link::Independent => "each against the comparator alone; causes may coexist",
        };
        writeln!(f, "{} · {meaning}", self.setting().title())?;
        writeln!(f)?;
        flags(self, f)?;
        let heading =
            format!("    {:<TITLE$} {:BAR$} {:>8} {:>9} {:>10}", "", "", "before", "after", "score");
        writeln!(f, "{}", heading.trim_end())?;
        let mut below = false;
        for candidate in self.ranking() {
            if !candidate.leads() && !below {
                waterline(self, f)?;
                below = true;
            }
            row(candidate, f)?;
        }
        if !below {
            waterline(self, f)?;
        }
        for candidate in self.excluded() {
            let gates: Vec<&str> = candidate.excluded_by().iter().map(|bar| bar.gate.title()).collect();
            writeln!(f, "  – {} is excluded: {}", candidate.title(), gates.join(", "))?;
        }
        for dropped in self.case().dropped() {
            wrapped(f, &format!("not used: {}: {}", dropped.indicator(), dropped.reason()), "  ", "    ")?;
        }
        writeln!(f)?;
        wrapped(f, self.notice(), "", "")
    }
}

/// The flags: raised ones in full, the others counted, so that none is silently missing.
fn flags(assessment: &Assessment, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    let reports: Vec<FlagReport<'_>> = assessment.flags().collect();
    if reports.is_empty() {
        return Ok(());
    }
    for report in reports.iter().filter(|report| report.state == FlagState::Raised) {
        let level = match report.flag.level() {
            Level::Emergency => "EMERGENCY",
            Level::Urgent => "URGENT",
            Level::Routine => "routine",
        };
        let because: Vec<&str> = report.because.iter().map(|indicator| indicator.title()).collect();
        let text = format!(
            "{level}: {} ({}). {}",
            report.flag.title(),
            because.join(", ").to_lowercase(),
            report.flag.action()
        );
        wrapped(f, &text, "! ", "  ")?;
    }
    let count = |state: FlagState| reports.iter().filter(|report| report.state == state).count();
    let (raised, cleared, open) =
        (count(FlagState::Raised), count(FlagState::Cleared), count(FlagState::NotAssessed));
    writeln!(f, "Red flags: {raised} raised, {cleared} cleared, {open} not assessed")?;
    let pressing = reports
        .iter()
        .filter(|report| report.state == FlagState::NotAssessed && report.flag.level() == Level::Emergency);
    let titles: Vec<&str> = pressing.map(|report| report.flag.title()).collect();
    if !titles.is_empty() {
        wrapped(f, &format!("of these, emergencies: {}", titles.join("; ")), "  ", "    ")?;
    }
    writeln!(f)
}

fn row(candidate: Candidate<'_>, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    let rank = candidate.rank().unwrap_or_default();
    let posterior = candidate.posterior().unwrap_or_else(|| candidate.posterior_ungated());
    let close = match candidate.closeness() {
        Closeness::Tie => " tie",
        Closeness::NearTie => " near-tie",
        Closeness::Clear => "",
    };
    let (title, bar) = (clipped(candidate.title(), TITLE), bar(posterior));
    writeln!(
        f,
        "{rank:>3} {title:<TITLE$} {bar:BAR$} {:>8} {posterior:>9} {:>10}{close}",
        candidate.prior(),
        candidate.score()
    )?;
    for bar in candidate.held_by().iter().chain(&candidate.capped_by()) {
        gate(candidate, bar, f)?;
    }
    Ok(())
}

/// A gate at work: what it holds, what the cause would be without it, and what would open it.
fn gate(candidate: Candidate<'_>, bar: &Bar<'_>, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    let because: Vec<String> = bar.because.iter().map(|indicator| indicator.title().to_lowercase()).collect();
    let because = because.join(", ");
    let word = if bar.gate.mode().is_some() { "held" } else { "capped" };
    let effect = if candidate.gate_effect() == Weight::ZERO {
        "no effect on this ranking".to_owned()
    } else {
        let rank = candidate.rank_ungated();
        format!("would rank {rank}{} at {}", ordinal(rank), candidate.posterior_ungated())
    };
    let remedy = match (bar.truth, bar.gate.mode().is_some()) {
        (Truth::Undetermined, _) => format!("; ask about {because}"),
        (Truth::False, _) => format!("; {because}: does not meet the gate"),
        (Truth::True, true) => String::new(),
        (Truth::True, false) => format!("; because of {because}"),
    };
    wrapped(f, &format!("{word} by \"{}\": {effect}{remedy}", bar.gate.title()), "      ", "        ")
}

fn waterline(assessment: &Assessment, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    let comparator = assessment.comparator();
    let title = clipped(comparator.title(), TITLE);
    let (before, after) = (comparator.prior(), comparator.posterior());
    match assessment.link() {
        Link::Exclusive => {
            writeln!(f, "  ~ {title:<TITLE$} {:BAR$} {before:>8} {after:>9} {:>10}", bar(after), Weight::ZERO)
        }
        Link::Independent => {
            writeln!(f, "  ~ {title:<TITLE$} {:BAR$} {:>8} {:>9} {:>10}", "", "", "even", Weight::ZERO)
        }
    }
}

fn ordinal(n: usize) -> &'static str {
    match (n % 10, n % 100) {
        (_, 11..=13) => "th",
        (1, _) => "st",
        (2, _) => "nd",
        (3, _) => "rd",
        _ => "th",
    }
}

/// A bar as long as the probability.
fn bar(probability: Probability) -> String {
    let cells = u32::try_from(BAR).unwrap_or(10);
    let filled =
        (1..=cells).filter(|cell| f64::from(*cell) - 0.5 <= probability.get() * f64::from(cells)).count();
    "█".repeat(filled)
}

/// A text cut to so many characters, with an ellipsis where something is missing.
fn clipped(text: &str, most: usize) -> String {
    if text.chars().count() <= most {
        text.to_owned()
    } else {
        text.chars().take(most - 1).chain(std::iter::once('…')).collect()
    }
}

/// A paragraph broken at words, its first line and the others indented.
fn wrapped(f: &mut fmt::Formatter<'_>, text: &str, first: &str, others: &str) -> fmt::Result {
    let mut line = first.to_owned();
    let mut is_empty = true;
    for word in text.split_whitespace() {
        if !is_empty && line.chars().count() + 1 + word.chars().count() > PAGE {
            writeln!(f, "{line}")?;
            others.clone_into(&mut line);
            is_empty = true;
        }
        if !is_empty {
            line.push(' ');
        }
        line.push_str(word);
        is_empty = false;
    }
    writeln!(f, "{line}")
}

/// How far a figure is to be trusted, where that is less than read in its source.
fn mark(tag: Option<Tag>) -> &'static str {
    match tag {
        Some(Tag::Assumption) => "assumed",
        Some(Tag::Seed) => "seed",
        Some(Tag::Recalled) => "recalled",
        Some(Tag::Verified) | None => "",
    }
}

/// The weight of a part, what it is about, why it is zero if it is, and where it comes from.
fn part_line(part: &Contribution<'_>) -> (String, String) {
    let citations = part.citations().join(", ");
    let mark = mark(part.tag());
    let source = match (citations.is_empty(), mark.is_empty()) {
        (true, true) => String::new(),
        (true, false) => format!(" [{mark}]"),
        (false, true) => format!(" [{citations}]"),
        (false, false) => format!(" [{mark}; {citations}]"),
    };
    let reason = part.reason().map(|reason| format!(" ({reason})")).unwrap_or_default();
    (format!("{:>10}  ", part.weight()), format!("{}{reason}{source}", part.subject()))
}

impl fmt::Display for Contribution<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (lead, text) = part_line(self);
        write!(f, "{lead}{text}")
    }
}

impl fmt::Display for Explanation<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let candidate = self.candidate();
        writeln!(f, "Why {} stands at {} against the comparator:", candidate.title(), candidate.score())?;
        let mut order: Vec<_> = self.iter().filter(|part| !part.is_silent()).collect();
        // The prior first, then evidence by its size, gates last.
        order.sort_by_key(|part| (part.kind(), std::cmp::Reverse(part.weight().abs())));
        for part in order {
            let (lead, text) = part_line(part);
            wrapped(f, &text, &lead, "              ")?;
        }
        let silent = self.iter().filter(|part| part.is_silent()).count();
        if silent > 0 {
            let findings = if silent == 1 { "finding says" } else { "findings say" };
            writeln!(f, "{:>10}  {silent} further {findings} nothing about this cause", Weight::ZERO)?;
        }
        let gated = self.iter().any(|part| part.kind() == ContributionKind::Gate);
        let posterior =
            candidate.posterior().map_or_else(|| "excluded".to_owned(), |posterior| posterior.to_string());
        let without =
            if gated { format!(", {} without gates", candidate.posterior_ungated()) } else { String::new() };
        writeln!(f, "{:>10}  in sum, the score: {posterior}{without}", self.total())
    }
}

impl fmt::Display for Comparison<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (one, other) = (self.one(), self.other());
        writeln!(f, "Why {} and not {}:", one.title(), other.title())?;
        let (first, second) = (clipped(one.cause().label(), 14), clipped(other.cause().label(), 14));
        writeln!(f, "{:>10} {first:>14} {second:>14}", "")?;
        let mut order: Vec<_> = self
            .parts()
            .iter()
            .filter(|part| part.one() != Weight::ZERO || part.other() != Weight::ZERO)
            .collect();
        order.sort_by_key(|part| std::cmp::Reverse(part.weight().abs()));
        for part in order {
            let lead = format!("{:>10} {:>14} {:>14}  ", part.weight(), part.one(), part.other());
            wrapped(f, part.subject(), &lead, &" ".repeat(44))?;
        }
        writeln!(f, "{:>10} {:>14} {:>14}  in sum", self.total(), one.score(), other.score())
    }
}
