//! `aetia prove`: does a rule hold in every possible case?

use std::io::Write as _;
use std::path::Path;
use std::{fs, io};

use aetia::{Case, ClaimError, Limits};
use aetia_verify::{Certificate, Checker, Claim, Prover, Refutation, Scope, Verdict as Found, smt2};
use annotate_snippets::Level;

use crate::arguments::Prove;
use crate::console::{BAD, Console, DOUBTFUL, FAINT, GOOD, Sink};
use crate::failure::{Failure, Verdict};
use crate::faults::{Picture, renderer, within_line};
use crate::text::{Base, cannot, read_within, unreadable};

/// Proves a rule, refutes it, or says that nobody knows.
pub(crate) fn run(arguments: &Prove, console: &mut Console) -> Result<Verdict, Failure> {
    let base = Base::read(&arguments.knowledge_base)?;
    let model = base.model();
    let rule = match arguments.rule.parse::<Claim>() {
        Ok(rule) => rule,
        Err(error) => {
            show_mistake(&arguments.rule, &error, &mut console.errors)?;
            return Ok(Verdict::Incomplete);
        }
    };
    let sink = &mut console.results;
    if let Some(file) = &arguments.check {
        return recheck(&base, &arguments.rule, file, sink);
    }
    let options = base.options(&model, &arguments.reading)?;
    let scope = Scope {
        setting: arguments.reading.setting.as_ref().map(|_| options.setting.to_string()),
        link: arguments.reading.link.map(|_| options.link),
        priors: arguments.priors,
        intervals: arguments.intervals,
    };
    if arguments.emit_smt2 {
        write!(sink, "{}", smt2(&model, &rule, &scope)?)?;
        return Ok(Verdict::Fine);
    }
    let found = Prover::new(&model)?.prove(&rule, &scope, &arguments.search.budget())?;
    headline(&found, sink)?;
    match &found {
        Found::Proved { certificate, .. }
        | Found::Refuted { by: Refutation::Impossible { certificate, .. }, .. } => {
            accepted(&checker(&base)?, &arguments.rule, certificate)?;
            writeln!(sink, "The certificate has {} steps; the checker accepts it.", certificate.steps())?;
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

/// Sees that the checker, which shares no code with the prover, accepts a proof.
pub(super) fn accepted(checker: &Checker<'_>, rule: &str, certificate: &Certificate) -> Result<(), Failure> {
    checker.check(rule, certificate).map_err(|error| {
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
fn recheck(base: &Base, rule: &str, file: &Path, sink: &mut Sink) -> Result<Verdict, Failure> {
    let name = file.display().to_string();
    let opened = fs::File::open(file).map_err(|error| unreadable(&name, &error))?;
    let text = read_within(opened, &name, Limits::default().document_bytes)?;
    let certificate = Certificate::from_json(text.trim_end());
    let certificate = certificate.map_err(|error| Failure::new(format!("`{name}`: {error}")))?;
    match checker(base)?.check(rule, &certificate) {
        Ok(()) => {
            let steps = certificate.steps();
            writeln!(sink, "{GOOD}accepted{GOOD:#}: {name} proves the rule, in {steps} steps")?;
            Ok(Verdict::Fine)
        }
        Err(error) => {
            sink.paragraph(&format!("{BAD}not accepted{BAD:#}: {name}: {error}"), "", "  ")?;
            Ok(Verdict::Fails)
        }
    }
}

/// A rule that is none, with the place marked.
fn show_mistake(rule: &str, error: &ClaimError, errors: &mut Sink) -> io::Result<()> {
    let before = rule.char_indices().nth(error.character().saturating_sub(1));
    let start = before.map_or(rule.len(), |(at, _)| at);
    let picture = Picture {
        level: Level::ERROR,
        kind: aetia::Code::ClaimSyntax.slug(),
        message: error.message(),
        source: rule,
        name: "RULE",
        first_line: 1,
        span: Some(within_line(rule, start, start)),
        notes: Vec::new(),
        help: error.help(),
    };
    writeln!(errors, "{}", picture.render(&renderer(errors.columns())))
}
