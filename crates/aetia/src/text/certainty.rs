//! How sure a ranking is, as a person reads it: intervals, chances, and the figures a result rests on.

use std::fmt;

use super::layout::wrapped;
use super::shown;
use crate::belief::Weight;
use crate::document::Tag;
use crate::record::{CandidateRecord, FigureRecord, Record};

/// How many deciding figures are told; the others are counted.
const TOLD: usize = 5;

/// How far a figure is to be trusted, where that is less than read in its source.
pub(super) fn mark(tag: Option<Tag>) -> &'static str {
    match tag {
        Some(Tag::Assumption) => "assumed",
        Some(Tag::Seed) => "seed",
        Some(Tag::Recalled) => "recalled",
        Some(Tag::Verified) | None => "",
    }
}

/// Where a figure comes from and how far it is to be trusted, in brackets; nothing where nothing is known.
pub(super) fn source(tag: Option<Tag>, citations: &[String]) -> String {
    let parts = [mark(tag).to_owned(), citations.join(", ")];
    let parts: Vec<String> = parts.into_iter().filter(|part| !part.is_empty()).collect();
    if parts.is_empty() { String::new() } else { format!(" [{}]", parts.join("; ")) }
}

/// An interval of probabilities.
pub(super) fn between([low, high]: [f64; 2]) -> String {
    format!("{}–{}", shown(low).to_string().trim_end_matches(" %"), shown(high))
}

/// A share of draws, which may be none or all of them.
pub(super) fn share(of: f64) -> String {
    format!("{:.1} %", 100.0 * of)
}

/// A whole number with its thousands apart.
fn thousands(number: u32) -> String {
    if number < 1_000 { number.to_string() } else { format!("{},{:03}", number / 1_000, number % 1_000) }
}

/// What stands below a ranking when somebody asked how sure it is; else nothing.
pub(super) fn basis(record: &Record, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    let Some(certainty) = &record.certainty else { return Ok(()) };
    writeln!(f)?;
    let (draws, seed) = (thousands(certainty.draws), certainty.seed);
    let text = format!(
        "first: how often it is first in {draws} draws of all figures inside their uncertainty, seed {seed}"
    );
    wrapped(f, &text, "  ", "    ")?;
    writeln!(f)?;
    let first = record.ranking.first().map_or("", |candidate| candidate.title.as_str());
    let figures = record.figures();
    let deciding: Vec<_> = figures.iter().filter(|(_, figure)| figure.decides).collect();
    if certainty.is_stable {
        let text = format!("{first} stays first wherever in its interval each figure lies, all at once.");
        wrapped(f, &text, "", "  ")?;
    } else if deciding.is_empty() {
        let text = format!(
            "No figure alone takes {first} from the first place inside its interval; several together can."
        );
        wrapped(f, &text, "", "  ")?;
    } else {
        writeln!(f, "This result rests on")?;
        for (candidate, figure) in deciding.iter().take(TOLD) {
            let title = |id: &str| record.cause(id).map_or_else(|_| id.to_owned(), |it| it.title.clone());
            wrapped(f, &told(figure, Some(&candidate.title), title), "  ", "      ")?;
        }
        if let Some(more) = deciding.len().checked_sub(TOLD).filter(|more| *more > 0) {
            let text =
                format!("and {more} more, each of which could change the first cause inside its interval");
            wrapped(f, &text, "  ", "      ")?;
        }
    }
    match certainty.declared {
        0 => {}
        1 => writeln!(f, "1 of the figures has no interval of its own: its width is assumed.")?,
        many => writeln!(f, "{many} of the figures have no interval of their own: their width is assumed.")?,
    }
    match &certainty.fit {
        Some(sentence) => wrapped(f, &format!("Note: {sentence}."), "", "  "),
        None => Ok(()),
    }
}

/// What stands below the parts of a score when somebody asked how sure the ranking is; else nothing.
pub(super) fn of_cause(candidate: &CandidateRecord, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    let Some(certainty) = &candidate.certainty else { return Ok(()) };
    let interval = certainty.interval.map_or_else(
        || format!("95 % interval without gates {}", between(certainty.interval_ungated)),
        |interval| format!("95 % interval {}", between(interval)),
    );
    let text = format!("{interval}; first in {} of the draws", share(certainty.first));
    wrapped(f, &text, "            ", "              ")?;
    let deciding: Vec<_> = certainty.figures.iter().filter(|figure| figure.decides).collect();
    if !deciding.is_empty() {
        let heading = match candidate.rank {
            Some(1) => "Of these parts this result rests on",
            Some(_) | None => "Of these parts each could change the first cause inside its interval:",
        };
        writeln!(f, "{heading}")?;
    }
    for figure in deciding {
        // A candidate alone does not know the titles of the others.
        let then =
            |id: &str| if id == candidate.cause { "it".to_owned() } else { "another cause".to_owned() };
        wrapped(f, &told(figure, None, then), "  ", "      ")?;
    }
    Ok(())
}

/// A figure that decides, in a sentence.
fn told(figure: &FigureRecord, of: Option<&str>, title: impl Fn(&str) -> String) -> String {
    let weight = |units: i64| Weight::from_nanodecibans(units);
    let [low, high] = figure.interval.map(weight);
    let of = of.map(|of| format!(" for {of}")).unwrap_or_default();
    let source = source(Some(figure.tag), &figure.citations);
    let flip = figure.flip.map(weight).unwrap_or_default();
    let then = figure.first_then.as_deref().map(title).unwrap_or_default();
    format!(
        "{}{of}: {}, 95 % {low} to {high}{source}; at {flip} {then} would be first",
        figure.subject,
        weight(figure.weight)
    )
}
