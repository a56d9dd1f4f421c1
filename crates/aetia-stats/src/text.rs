//! A report as a person reads it in a terminal, 100 columns wide.

use std::fmt;

use aetia::{Link, Probability, Tag};

use crate::report::{CauseReport, FigureReport, Report};

/// Columns of the page, and of a title where no gate changes a probability and where one does.
const PAGE: usize = 100;
const TITLE: usize = 38;
const TITLE_GATED: usize = 28;
/// How many deciding figures are told; the others are counted.
const TOLD: usize = 5;

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let is_gated = self.causes.iter().any(|cause| !cause.gates.is_empty() && is_changed(cause));
        writeln!(f, "How sure the ranking is: {}", self.knowledge_base)?;
        let link = match self.link {
            Link::Exclusive => "principal explanation",
            Link::Independent => "each against the comparator alone",
        };
        let draws = thousands(self.draws);
        writeln!(f, "{} · {link} · {draws} draws, seed {}", self.setting_title, self.seed)?;
        writeln!(f)?;
        let head = Row {
            rank: "",
            title: "",
            after: "after",
            interval: "95 % interval",
            ungated: "ungated",
            first: "first",
            two: "first two",
            sd: "sd",
        };
        head.write(f, is_gated)?;
        for cause in &self.causes {
            of_cause(f, cause, is_gated)?;
        }
        let comparator = &self.comparator;
        let interval = comparator.interval.map(between).unwrap_or_default();
        let is_a_line = self.link == Link::Independent;
        let row = Row {
            rank: "~",
            title: &comparator.title,
            after: &if is_a_line { "even".to_owned() } else { percent(comparator.posterior) },
            interval: &interval,
            ungated: &if is_a_line { String::new() } else { percent(comparator.posterior_ungated) },
            first: "",
            two: "",
            sd: "0.0 dB",
        };
        row.write(f, is_gated)?;
        writeln!(f)?;
        self.basis(f)?;
        if let Some(sentence) = &self.fit {
            wrapped(f, &format!("Note: {sentence}."), "", "  ")?;
        }
        writeln!(f)?;
        wrapped(f, &self.notice, "", "")
    }
}

impl Report {
    /// What the result rests on.
    fn basis(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let first = self.causes.first().map_or("", |cause| cause.title.as_str());
        let deciding: Vec<&FigureReport> = self.figures.iter().filter(|figure| figure.decides).collect();
        if self.is_stable {
            let text = format!("{first} stays first wherever in its interval each figure lies, all at once.");
            wrapped(f, &text, "", "  ")?;
        } else if deciding.is_empty() {
            let text = format!(
                "No figure alone takes {first} from the first place inside its interval; several together can."
            );
            wrapped(f, &text, "", "  ")?;
        } else {
            writeln!(f, "This result rests on")?;
            for figure in deciding.iter().take(TOLD) {
                wrapped(f, &self.told(figure), "  ", "      ")?;
            }
            if let Some(more) = deciding.len().checked_sub(TOLD).filter(|more| *more > 0) {
                writeln!(
                    f,
                    "  and {more} more, each of which could change the first cause inside its interval"
                )?;
            }
        }
        if self.declared > 0 {
            let text = format!(
                "{} of the figures have no interval of their own: their width is assumed.",
                self.declared
            );
            wrapped(f, &text, "", "  ")?;
        }
        Ok(())
    }

    /// A figure that decides, in a sentence.
    fn told(&self, figure: &FigureReport) -> String {
        let title = |id: &str| {
            let found = self.causes.iter().find(|cause| cause.cause == id);
            found.map_or_else(|| id.to_owned(), |cause| cause.title.clone())
        };
        let mark = match figure.tag {
            Tag::Assumption => "assumed; ",
            Tag::Seed => "seed; ",
            Tag::Recalled => "recalled; ",
            Tag::Verified => "",
        };
        let source = format!("{mark}{}", figure.citations.join(", "));
        let source = source.trim_end_matches([';', ' ']);
        let source = if source.is_empty() { String::new() } else { format!(" [{source}]") };
        let [low, high] = figure.interval.map(FigureReport::shown);
        let weight = FigureReport::shown(figure.weight);
        let flip = figure.flip.map(FigureReport::shown).unwrap_or_default();
        let then = figure.first_then.as_deref().map(title).unwrap_or_default();
        format!(
            "{} for {}: {weight}, 95 % {low} to {high}{source}; at {flip} {then} would be first",
            figure.subject,
            title(&figure.cause)
        )
    }
}

/// Whether a gate changed the probability of a cause.
fn is_changed(cause: &CauseReport) -> bool {
    cause.posterior.is_none_or(|posterior| (posterior - cause.posterior_ungated).abs() > 0.0)
}

fn of_cause(f: &mut fmt::Formatter<'_>, cause: &CauseReport, is_gated: bool) -> fmt::Result {
    let rank = cause.rank.map_or_else(|| "–".to_owned(), |rank| rank.to_string());
    let row = Row {
        rank: &rank,
        title: &cause.title,
        after: &cause.posterior.map_or_else(|| "excluded".to_owned(), percent),
        interval: &cause.interval.map(between).unwrap_or_default(),
        ungated: &percent(cause.posterior_ungated),
        first: &share(cause.first),
        two: &share(cause.first_two),
        sd: &format!("{:.1} dB", cause.sd),
    };
    row.write(f, is_gated)?;
    if !cause.gates.is_empty() && is_changed(cause) {
        let gates = cause.gates.join("\", \"");
        let text = format!(
            "gate \"{gates}\": by the evidence alone {} ({})",
            percent(cause.posterior_ungated),
            between(cause.interval_ungated)
        );
        wrapped(f, &text, "      ", "        ")?;
    }
    Ok(())
}

/// The cells of one line.
struct Row<'r> {
    rank: &'r str,
    title: &'r str,
    after: &'r str,
    interval: &'r str,
    ungated: &'r str,
    first: &'r str,
    two: &'r str,
    sd: &'r str,
}

impl Row<'_> {
    fn write(&self, f: &mut fmt::Formatter<'_>, is_gated: bool) -> fmt::Result {
        let Self { rank, after, interval, ungated, first, two, sd, .. } = self;
        let width = if is_gated { TITLE_GATED } else { TITLE };
        let title = clipped(self.title, width);
        let ungated = if is_gated { format!(" {ungated:>9}") } else { String::new() };
        let line = format!(
            "{rank:>3} {title:<width$} {after:>8} {interval:>16}{ungated} {first:>8} {two:>9} {sd:>8}"
        );
        writeln!(f, "{}", line.trim_end())
    }
}

/// A probability as it prints. Whoever fills in a report by hand may have put anything there.
fn percent(probability: f64) -> String {
    Probability::new(probability).map_or_else(|_| format!("{:.1} %", 100.0 * probability), |p| p.to_string())
}

/// An interval of probabilities.
fn between([low, high]: [f64; 2]) -> String {
    format!("{}–{}", percent(low).trim_end_matches(" %"), percent(high))
}

/// A share of draws, which may be none or all of them.
fn share(of: f64) -> String {
    format!("{:.1} %", 100.0 * of)
}

/// A whole number with its thousands apart.
fn thousands(number: u32) -> String {
    if number < 1_000 { number.to_string() } else { format!("{},{:03}", number / 1_000, number % 1_000) }
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
    let (mut line, mut is_empty) = (first.to_owned(), true);
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
