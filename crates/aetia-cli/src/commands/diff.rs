//! `aetia diff`: what a new version of a knowledge base changes.

use std::io::Write as _;

use aetia_verify::{Change, Difference, diff};

use crate::arguments::Diff;
use crate::console::{BAD, Console, DOUBTFUL, FAINT, GOOD, Sink};
use crate::failure::{Failure, Verdict};
use crate::text::Base;

/// Says what kind of step it is, with a case for each kind of change.
pub(crate) fn run(arguments: &Diff, console: &mut Console) -> Result<Verdict, Failure> {
    let (old, new) = (Base::read(&arguments.old)?, Base::read(&arguments.new)?);
    let found = diff(&old.model(), &new.model(), &arguments.search.budget())?;
    let sink = &mut console.results;
    let (style, meaning, verdict) = match found.change {
        Change::Patch => (GOOD, "both mean the same; only texts and sources differ", Verdict::Fine),
        Change::Minor => (
            GOOD,
            "proved: no case over the common indicators has another first cause or flag",
            Verdict::Fine,
        ),
        Change::Major => (BAD, "some case has another first cause or another flag", Verdict::Fails),
        Change::Undecided => (DOUBTFUL, "nobody knows; treat it as major", Verdict::Fails),
    };
    sink.paragraph(&format!("{style}{}{style:#}: {meaning}", found.change), "", "  ")?;
    if let Some(difference) = &found.first {
        show(difference, sink)?;
    }
    for (flag, difference) in &found.flags {
        match difference {
            Some(difference) => show(difference, sink)?,
            None => sink.paragraph(&format!("the flag `{flag}` is in one of the two only"), "- ", "  ")?,
        }
    }
    for setting in &found.settings {
        sink.paragraph(&format!("the setting `{setting}` is in one of the two only"), "- ", "  ")?;
    }
    for sentence in &found.undecided {
        sink.paragraph(sentence, "- ", "  ")?;
    }
    Ok(verdict)
}

fn show(difference: &Difference, sink: &mut Sink) -> std::io::Result<()> {
    sink.paragraph(&difference.sentence, "- ", "  ")?;
    writeln!(sink, "  {FAINT}{}{FAINT:#}", difference.case.to_json())
}
