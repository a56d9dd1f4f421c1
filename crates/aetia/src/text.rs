//! Rankings, explanations and comparisons as a person reads them in a terminal, 100 columns wide.

use std::fmt;

use crate::assessment::{Assessment, Bar, Candidate, Closeness, FlagReport, FlagState};
use crate::belief::{Probability, Weight};
use crate::case::Finding;
use crate::document::{Level, Link, Tag};
use crate::explanation::{
    Comparison, Contribution, ContributionKind, Explanation, finding_text, lower_first,
};
use crate::knowledge::{Indicator, Truth};

/// Columns of the page and of a bar; of a title, where no gate changes a probability and where one does.
const PAGE: usize = 100;
const BAR: usize = 10;
const TITLE: usize = 44;
const TITLE_GATED: usize = 34;

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
        let table = Table { is_gated: self.ranking().chain(self.excluded()).any(is_changed) };
        table.write(
            f,
            &Row { before: "before", after: "after", ungated: "ungated", score: "score", ..Row::default() },
        )?;
        let mut below = false;
        for candidate in self.ranking() {
            if !candidate.leads() && !below {
                waterline(self, &table, f)?;
                below = true;
            }
            row(candidate, &table, f)?;
        }
        if !below {
            waterline(self, &table, f)?;
        }
        for candidate in self.excluded() {
            writeln!(f, "  – {}", candidate.title())?;
            for bar in &candidate.excluded_by() {
                gate(candidate, bar, f)?;
            }
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
        let because = listed(assessment, &report.because);
        let text = format!("{level}: {} ({because}). {}", report.flag.title(), report.flag.action());
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

/// The columns of a ranking. Where a gate changes a probability, the one without gates stands beside it.
struct Table {
    is_gated: bool,
}

/// The cells of one line.
#[derive(Default)]
struct Row<'r> {
    rank: &'r str,
    title: &'r str,
    share: Option<Probability>,
    before: &'r str,
    after: &'r str,
    ungated: &'r str,
    score: &'r str,
    mark: &'r str,
}

impl Table {
    fn write(&self, f: &mut fmt::Formatter<'_>, row: &Row<'_>) -> fmt::Result {
        let width = if self.is_gated { TITLE_GATED } else { TITLE };
        let (title, bar) = (clipped(row.title, width), row.share.map(bar).unwrap_or_default());
        let Row { rank, before, after, ungated, score, mark, .. } = row;
        let ungated = if self.is_gated { format!(" {ungated:>9}") } else { String::new() };
        let line = format!(
            "{rank:>3} {title:<width$} {bar:BAR$} {before:>8} {after:>9}{ungated} {score:>10} {mark}"
        );
        writeln!(f, "{}", line.trim_end())
    }
}

/// Whether a gate changed what is shown of a candidate.
fn is_changed(candidate: Candidate<'_>) -> bool {
    candidate.posterior() != Some(candidate.posterior_ungated())
}

fn row(candidate: Candidate<'_>, table: &Table, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    let posterior = candidate.posterior().unwrap_or_else(|| candidate.posterior_ungated());
    let row = Row {
        rank: &candidate.rank().unwrap_or_default().to_string(),
        title: candidate.title(),
        share: Some(posterior),
        before: &candidate.prior().to_string(),
        after: &posterior.to_string(),
        ungated: &candidate.posterior_ungated().to_string(),
        score: &candidate.score().to_string(),
        mark: match candidate.closeness() {
            Closeness::Tie => "tie",
            Closeness::NearTie => "near-tie",
            Closeness::Clear => "",
        },
    };
    table.write(f, &row)?;
    for bar in candidate.held_by().iter().chain(&candidate.capped_by()) {
        gate(candidate, bar, f)?;
    }
    Ok(())
}

/// A gate at work: what it holds, what the cause would be without it, and what would open it.
fn gate(candidate: Candidate<'_>, bar: &Bar<'_>, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    let because = listed(candidate.assessment, &bar.because);
    let is_out = candidate.rank().is_none();
    let word = match (is_out, bar.gate.mode().is_some()) {
        (true, _) => "excluded",
        (false, true) => "held",
        (false, false) => "capped",
    };
    let effect = if !is_out && candidate.gate_effect() == Weight::ZERO {
        "no effect on this ranking".to_owned()
    } else {
        let rank = candidate.rank_ungated();
        format!("would rank {rank}{} at {}", ordinal(rank), candidate.posterior_ungated())
    };
    let remedy = match (bar.truth, bar.gate.mode().is_some()) {
        (Truth::Undetermined, _) => format!("; ask about {because}"),
        (Truth::False, _) => format!("; closed by {because}"),
        (Truth::True, true) => String::new(),
        (Truth::True, false) => format!("; because of {because}"),
    };
    wrapped(f, &format!("{word} by \"{}\": {effect}{remedy}", bar.gate.title()), "      ", "        ")
}

fn waterline(assessment: &Assessment, table: &Table, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    let comparator = assessment.comparator();
    let (title, score) = (comparator.title(), Weight::ZERO.to_string());
    let line = Row { rank: "~", title, score: &score, ..Row::default() };
    match assessment.link() {
        Link::Exclusive => {
            let (before, after) = (comparator.prior().to_string(), comparator.posterior().to_string());
            let ungated = comparator.posterior_ungated().to_string();
            let share = Some(comparator.posterior());
            table.write(f, &Row { share, before: &before, after: &after, ungated: &ungated, ..line })
        }
        Link::Independent => table.write(f, &Row { after: "even", ..line }),
    }
}

/// Findings in a sentence.
fn listed(assessment: &Assessment, indicators: &[&Indicator]) -> String {
    let text = |indicator: &&Indicator| {
        let finding = assessment.case().finding(indicator.id().as_str()).unwrap_or(Finding::Unknown);
        lower_first(&finding_text(indicator, finding))
    };
    indicators.iter().map(text).collect::<Vec<_>>().join(", ")
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
