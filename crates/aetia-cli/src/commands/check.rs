//! `aetia check`: what is wrong with a knowledge base, whether it keeps its invariants in every possible case, and what in
//! it never matters.

use std::fs;
use std::io::Write as _;

use aetia::Model;
use aetia_verify::{
    Analysis, Claim, Prover, Readings, Refutation, RemarkKind, Scope, Verdict as Found, analyse,
};
use annotate_snippets::Level;

use super::counted;
use super::prove::{accepted, checker, write_certificate};
use crate::arguments::Check;
use crate::console::{BAD, Console, DOUBTFUL, GOOD, STRONG, Sink};
use crate::failure::{Failure, Verdict};
use crate::faults::{Picture, renderer, within_line};
use crate::text::{Base, Text, cannot};

/// How many warnings of one kind are shown unless all are asked for.
const SHOWN: usize = 3;

/// Shows problems, then invariants, then the analysis.
pub(crate) fn run(arguments: &Check, console: &mut Console) -> Result<Verdict, Failure> {
    let text = Text::of_knowledge_base(&arguments.knowledge_base)?;
    let sink = &mut console.results;
    let kb = match text.knowledge_base() {
        Ok(kb) => kb,
        Err(faults) => {
            faults.show(sink)?;
            return Ok(Verdict::Fails);
        }
    };
    let warnings = text.with(kb.warnings().to_vec());
    warnings.show_some(sink, if arguments.all { usize::MAX } else { SHOWN })?;
    let base = Base { kb };
    let model = base.model();
    let verdict = invariants(&base, &text, &model, arguments, sink)?;
    let analysis = analyse(&model, &arguments.search.budget())?;
    remarks(&analysis, arguments.all, sink)?;
    // What nobody looked at to the end is not fine; what is known to be wrong stays so.
    Ok(if verdict == Verdict::Fine && !analysis.is_complete() { Verdict::Incomplete } else { verdict })
}

/// Proves every invariant and has the proof checked, or shows where it is written and what breaks it.
fn invariants(
    base: &Base,
    text: &Text,
    model: &Model,
    arguments: &Check,
    sink: &mut Sink,
) -> Result<Verdict, Failure> {
    let rules = Prover::new(model)?;
    let checker = checker(base)?;
    if let Some(folder) = &arguments.certificates {
        fs::create_dir_all(folder).map_err(|error| {
            Failure::new(format!("no certificate can be written: {}", cannot(folder, &error)))
        })?;
    }
    let (mut proved, mut broken) = (0_usize, 0_usize);
    for (at, invariant) in base.kb.invariants().enumerate() {
        let rule = invariant.claim().to_string();
        // The time is each one's own: a hard one takes nothing from those after it.
        let budget = arguments.search.budget();
        let found = rules.prove(&Claim::Rule(invariant.claim().clone()), &Scope::default(), &budget)?;
        if let Found::Proved { certificate, .. } = &found {
            accepted(&checker, &rule, &Readings::default(), certificate)?;
            if let Some(folder) = &arguments.certificates {
                write_certificate(certificate, &folder.join(format!("{}.json", invariant.id())))?;
            }
            proved += 1;
            if arguments.all {
                sink.paragraph(&format!("{}: {found}", invariant.id()), "  ", "    ")?;
            }
        } else {
            broken += 1;
            let mut notes = vec![found.to_string()];
            notes.extend(shown(&found));
            notes.push(format!("it must hold because {}", invariant.reason()));
            let picture = at_invariant(text, at, &rule, &found, notes);
            writeln!(sink, "{}\n", picture.render(&renderer(sink.columns())))?;
        }
    }
    match (proved, broken) {
        (0, 0) => writeln!(sink, "no invariants are declared")?,
        (_, 0) => {
            let all = counted(proved, "invariant holds", "invariants hold");
            writeln!(sink, "{GOOD}{all} in every possible case{GOOD:#}; each proof was checked")?;
        }
        _ => {
            let all = counted(proved + broken, "invariant", "invariants");
            writeln!(sink, "{BAD}{broken} of {all} not proved{BAD:#}")?;
        }
    }
    Ok(if broken == 0 { Verdict::Fine } else { Verdict::Fails })
}

/// The cases that show why, as `assess` reads them.
fn shown(found: &Found) -> Vec<String> {
    let Found::Refuted { by: Refutation::Case(found), .. } = found else { return Vec::new() };
    let mut notes = vec![format!("in the setting {}: {}", found.setting(), found.shrunk().to_json())];
    notes.extend(found.after().map(|after| format!("after the change: {}", after.to_json())));
    notes
}

/// What became of an invariant, where it is written.
fn at_invariant<'p>(
    text: &'p Text,
    at: usize,
    rule: &'p str,
    found: &'p Found,
    notes: Vec<String>,
) -> Picture<'p> {
    let place = text.source.locate(&format!("invariants[{at}].claim"));
    // Undecided is no success.
    let kind = if found.is_refuted() { "refuted" } else { "undecided" };
    let source = text.source.text();
    Picture {
        level: Level::ERROR,
        kind,
        message: rule,
        source,
        name: &text.name,
        first_line: 1,
        span: Some(within_line(source, place.bytes.start, place.bytes.end)),
        notes,
        help: None,
    }
}

/// What an author should look at; what is only shown, when all is asked for.
fn remarks(analysis: &Analysis, all: bool, sink: &mut Sink) -> std::io::Result<()> {
    let shown = analysis.remarks.iter().filter(|remark| all || remark.kind.is_concern());
    let mut count = 0_usize;
    for remark in shown {
        let style = if remark.kind == RemarkKind::Undecided { DOUBTFUL } else { STRONG };
        sink.paragraph(&format!("{style}{}{style:#}: {}", remark.subject, remark.message), "  ", "    ")?;
        count += 1;
    }
    writeln!(
        sink,
        "{}",
        match count {
            0 => "nothing in it is without effect".to_owned(),
            count => format!("{} to look at", counted(count, "remark", "remarks")),
        }
    )?;
    let undecided = analysis.remarks.iter().filter(|it| it.kind == RemarkKind::Undecided).count();
    if undecided > 0 {
        let questions = counted(undecided, "question was", "questions were");
        let line = format!("{questions} not decided: a greater --budget or a longer --deadline may do");
        sink.paragraph(&format!("{DOUBTFUL}{line}{DOUBTFUL:#}"), "", "  ")?;
    }
    Ok(())
}
