//! `aetia diff`: what a new version of a knowledge base changes.

use std::io::Write as _;

use aetia_verify::{Certificate, Change, Claim, Diff as Found, Difference, Readings, diff};

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
        let checked = format!("first causes in {settings}, and flags: proved, and the proofs were checked");
        sink.paragraph(&checked, "- ", "  ")?;
        let searched = "refused cases and another default setting: by the search, without a certificate";
        sink.paragraph(searched, "- ", "  ")?;
    }
    Ok(verdict)
}

/// Sees that the checker, which shares no code with the search, accepts what was found.
fn accepted(old: &Base, new: &Base, found: &Found) -> Result<(), Failure> {
    if found.change != Change::Minor {
        return Ok(());
    }
    let claims = claims(old, new);
    let (old, new) = (checker(old)?, checker(new)?);
    for (claim, readings) in claims {
        let fault = |what: String| {
            Failure::with_help(what, "this is a fault of aetia; please report it with both versions")
        };
        let shows = |it: &&Certificate| it.claim == claim && it.readings == readings;
        let certificate = found.certificates.iter().find(shows);
        let certificate = certificate.ok_or_else(|| fault(format!("there is no proof of `{claim}`")))?;
        old.check_pair(&new, &claim, &readings, certificate)
            .map_err(|error| fault(format!("the checker does not accept the proof of `{claim}`: {error}")))?;
    }
    Ok(())
}

/// What is claimed of a new version that changes no case, and of which readings.
fn claims(old: &Base, new: &Base) -> Vec<(String, Readings)> {
    let (old, new) = (old.model(), new.model());
    let has = |setting: &aetia::Setting| new.knowledge_base().settings().any(|it| it.id() == setting.id());
    let first = Claim::SameFirstAs(new.clone()).to_string();
    let both = old.knowledge_base().settings().filter(|setting| has(setting));
    let of = |setting: &aetia::Setting| Readings {
        setting: Some(setting.id().to_string()),
        ..Readings::default()
    };
    let firsts = both.map(|setting| (first.clone(), of(setting)));
    firsts.chain([(Claim::SameFlagsAs(new.clone()).to_string(), Readings::default())]).collect()
}

fn show(difference: &Difference, sink: &mut Sink) -> std::io::Result<()> {
    sink.paragraph(&difference.sentence, "- ", "  ")?;
    writeln!(sink, "  {FAINT}{}{FAINT:#}", difference.case.to_json())
}
