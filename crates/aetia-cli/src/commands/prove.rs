//! `aetia prove`: does a rule hold in every possible case?

use std::io::Write as _;
use std::path::Path;
use std::{fs, io};

use aetia::{Case, Limits};
use aetia_verify::{
    Certificate, Checker, Claim, Prover, Readings, Refutation, Scope, Verdict as Found, smt2,
};

use super::{counted, rule};
use crate::arguments::Prove;
use crate::cases::Cases;
use crate::console::{BAD, Console, DOUBTFUL, FAINT, GOOD, Sink};
use crate::failure::{Failure, Verdict};
use crate::text::{Base, cannot, read_within, unreadable};

/// Proves a rule, refutes it, or says that nobody knows.
pub(crate) fn run(arguments: &Prove, console: &mut Console) -> Result<Verdict, Failure> {
    let base = Base::read(&arguments.knowledge_base)?;
    let model = base.model();
    let Some(claim) = claimed(arguments, &base, &mut console.errors)? else { return Ok(Verdict::Incomplete) };
    let sink = &mut console.results;
    let scope = Scope {
        setting: arguments
            .setting
            .as_ref()
            .map(|name| base.setting(name))
            .transpose()?
            .map(|id| id.to_string()),
        link: arguments.link.map(Into::into),
        priors: arguments.priors,
        intervals: arguments.intervals,
    };
    if let Some(file) = &arguments.check {
        return recheck(&base, &claim.to_string(), &(&scope).into(), file, sink);
    }
    if arguments.emit_smt2 {
        write!(sink, "{}", smt2(&model, &claim, &scope)?)?;
        return Ok(Verdict::Fine);
    }
    let found = Prover::new(&model)?.prove(&claim, &scope, &arguments.search.budget())?;
    headline(&found, sink)?;
    match &found {
        Found::Proved { certificate, .. }
        | Found::Refuted { by: Refutation::Impossible { certificate, .. }, .. } => {
            // That a rule does not hold for a cause is the proof of another rule, in one setting.
            let (rule, readings, of) = if found.is_proved() {
                (claim.to_string(), (&scope).into(), String::new())
            } else {
                let rule = &certificate.claim;
                (rule.clone(), certificate.readings.clone(), format!(" of `{rule}`"))
            };
            accepted(&checker(&base)?, &rule, &readings, certificate)?;
            let steps = counted(certificate.steps(), "step", "steps");
            writeln!(sink, "The certificate{of} has {steps}; the checker accepts it.")?;
            if let Some(file) = &arguments.certificate {
                write_certificate(certificate, file)?;
                writeln!(sink, "It is in {}.", file.display())?;
            }
        }
        Found::Refuted { by: Refutation::Case(found), .. } => {
            if let Some((figures, _)) = found.figures() {
                sink.paragraph(&format!("With {figures}."), "", "  ")?;
            }
            writeln!(sink, "In the setting {}, with as few answers as will do:", found.setting())?;
            show_case(found.shrunk(), sink)?;
            if let Some(after) = found.after() {
                writeln!(sink, "after the change:")?;
                show_case(after, sink)?;
            }
            if found.most_probable().to_json() != found.shrunk().to_json() {
                writeln!(sink, "the likeliest case that was met:")?;
                show_case(found.most_probable(), sink)?;
            }
        }
        Found::Refuted { .. } | Found::Undecided { .. } | _ => {}
    }
    Ok(if found.is_proved() { Verdict::Fine } else { Verdict::Fails })
}

/// What is claimed; none where it was said that it is nothing this knowledge base could keep.
fn claimed(arguments: &Prove, base: &Base, errors: &mut Sink) -> Result<Option<Claim>, Failure> {
    match (&arguments.rule, &arguments.settled) {
        (Some(rule), _) => rule::read(rule, base, errors),
        (None, Some(case)) => {
            let read = Cases::open(case, false)?.next(&base.kb);
            let read = read.ok_or_else(|| Failure::new(format!("`{}` has no case", case.display())))?;
            Ok(Some(Claim::Settled { case: read.case? }))
        }
        (None, None) => Ok(None),
    }
}

/// The verdict in a sentence, its first word marked.
pub(super) fn headline(found: &Found, sink: &mut Sink) -> io::Result<()> {
    let style = match found {
        Found::Proved { .. } => GOOD,
        Found::Refuted { .. } => BAD,
        Found::Undecided { .. } | _ => DOUBTFUL,
    };
    let text = found.to_string();
    let (word, rest) = text.split_at(text.find([',', ':']).unwrap_or(text.len()));
    sink.paragraph(&format!("{style}{word}{style:#}{rest}"), "", "  ")
}

/// A case as `assess` reads it.
fn show_case(case: &Case, sink: &mut Sink) -> io::Result<()> {
    writeln!(sink, "  {FAINT}{}{FAINT:#}", case.to_json())
}

/// A checker for a knowledge base.
pub(super) fn checker(base: &Base) -> Result<Checker<'_>, Failure> {
    Checker::new(base.kb.document()).map_err(|error| Failure::new(error.to_string()))
}

/// Sees that the checker, which shares no code with the prover, accepts a proof of a rule.
pub(super) fn accepted(
    checker: &Checker<'_>,
    rule: &str,
    readings: &Readings,
    certificate: &Certificate,
) -> Result<(), Failure> {
    checker.check_within(rule, readings, certificate).map_err(|error| {
        Failure::with_help(
            format!("the checker does not accept the proof of `{rule}`: {error}"),
            "this is a fault of aetia; please report it with the knowledge base",
        )
    })
}

/// Writes a certificate.
pub(super) fn write_certificate(certificate: &Certificate, file: &Path) -> Result<(), Failure> {
    fs::write(file, certificate.to_json() + "\n")
        .map_err(|error| Failure::new(format!("the certificate cannot be written: {}", cannot(file, &error))))
}

/// Checks a proof that was written before.
fn recheck(
    base: &Base,
    rule: &str,
    readings: &Readings,
    file: &Path,
    sink: &mut Sink,
) -> Result<Verdict, Failure> {
    let name = file.display().to_string();
    let opened = fs::File::open(file).map_err(|error| unreadable(&name, &error))?;
    let text = read_within(opened, &name, Limits::default().document_bytes)?;
    let certificate = Certificate::from_json(text.trim_end());
    let certificate = certificate.map_err(|error| Failure::new(format!("`{name}`: {error}")))?;
    match checker(base)?.check_within(rule, readings, &certificate) {
        Ok(()) => {
            let steps = counted(certificate.steps(), "step", "steps");
            writeln!(sink, "{GOOD}accepted{GOOD:#}: {name} proves the rule, in {steps}")?;
            Ok(Verdict::Fine)
        }
        Err(error) => {
            sink.paragraph(&format!("{BAD}not accepted{BAD:#}: {name}: {error}"), "", "  ")?;
            Ok(Verdict::Fails)
        }
    }
}
