//! `aetia coverage`: what of a knowledge base no case tries.

use std::io::Write as _;

use aetia::{Case, Expectation};
use aetia_verify::coverage;

use crate::arguments::Coverage;
use crate::cases::Cases;
use crate::console::{Console, Sink};
use crate::failure::{Failure, Verdict};
use crate::text::{Base, Text};

/// How much of each kind is listed unless all is asked for.
const SHOWN: usize = 10;

/// Lists what is not tried.
pub(crate) fn run(arguments: &Coverage, console: &mut Console) -> Result<Verdict, Failure> {
    let base = Base::read(&arguments.knowledge_base)?;
    let cases = cases(&base, arguments)?;
    let found = coverage(&base.model(), &cases)?;
    let sink = &mut console.results;
    let used = found.all_weights - found.weights.len();
    writeln!(sink, "{} cases use {used} of {} weights", found.cases, found.all_weights)?;
    let most = if arguments.all { usize::MAX } else { SHOWN };
    list("weights", &found.weights, most, sink)?;
    list("gates", &found.gates, most, sink)?;
    list("flags", &found.flags, most, sink)?;
    let states =
        found.states.iter().map(|(group, seen, all)| format!("group `{group}`: {seen} of {all} states"));
    list("states of groups", &states.collect::<Vec<_>>(), usize::MAX, sink)?;
    Ok(Verdict::Fine)
}

/// Test cases, or cases a line each.
fn cases(base: &Base, arguments: &Coverage) -> Result<Vec<Case>, Failure> {
    let extension = arguments.cases.as_ref().and_then(|file| file.extension()).and_then(|it| it.to_str());
    match &arguments.cases {
        Some(file) if matches!(extension, Some("jsonl" | "ndjson")) => {
            let mut cases = Cases::open(file, true)?;
            let mut all = Vec::new();
            while let Some(entry) = cases.next(&base.kb) {
                all.push(entry.case?);
            }
            Ok(all)
        }
        file => {
            let text = Text::of_test_cases(&arguments.knowledge_base, file.as_deref())?;
            Ok(text.test_cases(&base.kb)?.iter().map(Expectation::case).cloned().collect())
        }
    }
}

fn list(what: &str, lines: &[String], most: usize, sink: &mut Sink) -> std::io::Result<()> {
    if lines.is_empty() {
        return Ok(());
    }
    writeln!(sink, "{what}:")?;
    for line in lines.iter().take(most) {
        sink.paragraph(line, "  ", "    ")?;
    }
    match lines.len().checked_sub(most).filter(|more| *more > 0) {
        Some(more) => writeln!(sink, "  and {more} more; --all lists them"),
        None => Ok(()),
    }
}
