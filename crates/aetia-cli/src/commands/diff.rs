//! `aetia diff`: what a new version of a knowledge base changes.

use std::io::Write as _;

use aetia_verify::{Change, Claim, Diff as Found, Difference, diff};

use super::prove::checker;
use crate::arguments::Diff;
use crate::console::{BAD, Console, DOUBTFUL, FAINT, GOOD, Sink};
use crate::failure::{Failure, Verdict};
use crate::text::Base;

/// Says what kind of step it is, with a case for each kind of change.
pub(crate) fn run(arguments: &Diff, console: &mut Console) -> Result<Verdict, Failure> {
    let (old, new) = (Base::read(&arguments.old)?, Base::read(&arguments.new)?);
    let found = diff(&old.model(), &new.model(), &arguments.search.budget())?;
    accepted(&old, &new, &found)?;
    let sink = &mut console.results;
    let (style, meaning, verdict) = match found.change {
        Change::Patch => (GOOD, "both mean the same; only texts and sources differ", Verdict::Fine),
        Change::Minor => (
            GOOD,
            "no case is refused by the new version, or has another first cause or flag there",
            Verdict::Fine,
        ),
        Change::Major => (
            BAD,
            "some case is refused by the new version, or has another first cause or flag there",
            Verdict::Fails,
        ),
        Change::Undecided => (DOUBTFUL, "nobody knows; treat it as major", Verdict::Fails),
    };
    sink.paragraph(&format!("{style}{}{style:#}: {meaning}", found.change), "", "  ")?;
    found.differences().try_for_each(|difference| show(difference, sink))?;
    for setting in &found.settings {
        sink.paragraph(&format!("the setting `{setting}` is gone"), "- ", "  ")?;
    }
    for sentence in found.notes.iter().chain(&found.undecided) {
        sink.paragraph(sentence, "- ", "  ")?;
    }
    if found.change == Change::Minor {
        let settings = found.certificates.iter().filter_map(|it| it.readings.setting.clone());
        let settings = settings.collect::<Vec<_>>().join(", ");
        let checked = format!("first causes in {settings}: proved, and the proof was checked");
        sink.paragraph(&checked, "- ", "  ")?;
        let searched =
            "flags, refused cases and another default setting: by the search, without a certificate";
        sink.paragraph(searched, "- ", "  ")?;
    }
    Ok(verdict)
}

/// Sees that the checker, which shares no code with the search, accepts what was found of first causes.
fn accepted(old: &Base, new: &Base, found: &Found) -> Result<(), Failure> {
    if found.certificates.is_empty() {
        return Ok(());
    }
    let claim = Claim::SameFirstAs(new.model()).to_string();
    let (old, new) = (checker(old)?, checker(new)?);
    for certificate in &found.certificates {
        old.check_pair(&new, &claim, &certificate.readings, certificate).map_err(|error| {
            Failure::with_help(
                format!("the checker does not accept the proof of `{claim}`: {error}"),
                "this is a fault of aetia; please report it with both versions",
            )
        })?;
    }
    Ok(())
}

fn show(difference: &Difference, sink: &mut Sink) -> std::io::Result<()> {
    sink.paragraph(&difference.sentence, "- ", "  ")?;
    writeln!(sink, "  {FAINT}{}{FAINT:#}", difference.case.to_json())
}
