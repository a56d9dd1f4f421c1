//! `aetia coverage`: what of a knowledge base no case tries.

use std::io::Write as _;

use aetia::{Case, Expectation, SettingId};
use aetia_verify::coverage_in;

use super::counted;
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
    let found = coverage_in(&base.model(), cases.iter().map(|(case, setting)| (case, setting)))?;
    let sink = &mut console.results;
    let used = found.all_weights - found.weights.len();
    let cases = counted(found.cases, "case uses", "cases use");
    writeln!(sink, "{cases} {used} of {} weights", found.all_weights)?;
    let most = if arguments.all { usize::MAX } else { SHOWN };
    list("weights", &found.weights, most, sink)?;
    list("gates", &found.gates, most, sink)?;
    list("flags", &found.flags, most, sink)?;
    for states in &found.states {
        writeln!(sink, "group `{}`: {} of {} states", states.group, states.seen, states.all())?;
        list("states no case has", &states.missing, most, sink)?;
    }
    Ok(Verdict::Fine)
}

/// Test cases in their settings, or cases a line each in the default setting.
fn cases(base: &Base, arguments: &Coverage) -> Result<Vec<(Case, SettingId)>, Failure> {
    let extension = arguments.cases.as_ref().and_then(|file| file.extension()).and_then(|it| it.to_str());
    match &arguments.cases {
        Some(file) if matches!(extension, Some("jsonl" | "ndjson")) => {
            let mut cases = Cases::open(file, true)?;
            let mut all = Vec::new();
            let setting = base.kb.default_setting().id();
            while let Some(entry) = cases.next(&base.kb) {
                all.push((entry.case?, setting.clone()));
            }
            Ok(all)
        }
        file => {
            let text = Text::of_test_cases(&arguments.knowledge_base, file.as_deref())?;
            let expected = text.test_cases(&base.kb)?;
            let taken = |it: &Expectation| (it.case().clone(), it.setting().clone());
            Ok(expected.iter().map(taken).collect())
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
