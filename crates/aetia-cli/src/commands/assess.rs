//! `aetia assess`: one case or many.

use std::io::Write as _;

use aetia::{Assessment, Options, Scratch};
use aetia_stats::{Draws, Uncertainty};
use serde_json::json;

use super::counted;
use crate::arguments::Assess;
use crate::cases::Cases;
use crate::console::{Console, STRONG, Sink};
use crate::failure::{Failure, Verdict, error_line};
use crate::text::Base;

/// Assesses every case, and says which could not be used.
pub(crate) fn run(arguments: &Assess, console: &mut Console) -> Result<Verdict, Failure> {
    let base = Base::read(&arguments.knowledge_base)?;
    let model = base.model();
    let work = Work::new(&base, base.options(&model, &arguments.reading)?, arguments)?;
    let mut cases = Cases::open(&arguments.case, arguments.lines)?;
    let is_text_of_many = cases.are_lines() && !arguments.json;
    let (mut scratch, mut count, mut bad) = (Scratch::new(), 0_usize, Vec::new());
    while let Some(read) = cases.next(&base.kb) {
        count += 1;
        let line = read.line;
        let case = match (read.case, line) {
            (Ok(case), _) => case,
            (Err(failure), None) => return Err(failure),
            (Err(failure), Some(line)) => {
                bad.push(line);
                refused(&failure, line, arguments.json, console)?;
                continue;
            }
        };
        if is_text_of_many && (count > 1 || !cases.is_at_end()) {
            let blank = if count > 1 { "\n" } else { "" };
            let line = line.unwrap_or_default();
            writeln!(console.results, "{blank}{STRONG}Line {line}{STRONG:#}")?;
        }
        let assessed = model.assess_with(&case, &work.options, &mut scratch);
        work.show(assessed.map_err(|error| Failure::new(error.to_string()))?, &mut console.results)?;
        if console.results.is_closed() {
            break;
        }
    }
    if bad.is_empty() {
        return Ok(Verdict::Fine);
    }
    let lines: Vec<String> = bad.iter().map(ToString::to_string).collect();
    let which = if bad.len() == 1 { "line" } else { "lines" };
    let of = counted(count, "case", "cases");
    let text =
        format!("{}: {} of {of} could not be used: {which} {}", cases.name(), bad.len(), lines.join(", "));
    error_line(&mut console.errors, &text, None)?;
    Ok(Verdict::Incomplete)
}

/// Says why a case among many cannot be used; in JSON it has its line among the results too, so that the n-th line belongs
/// to the n-th case.
fn refused(failure: &Failure, line: usize, is_json: bool, console: &mut Console) -> std::io::Result<()> {
    failure.show_one(&mut console.errors)?;
    if !is_json {
        return Ok(());
    }
    let error = match failure {
        Failure::Faulty(faults) => {
            json!({ "line": line, "problems": faults.problems.iter().cloned().map(aetia::Problem::without_location).collect::<Vec<_>>() })
        }
        Failure::Refused { message, .. } => json!({ "line": line, "message": message }),
        Failure::Output(error) => json!({ "line": line, "message": error.to_string() }),
    };
    writeln!(console.results, "{}", json!({ "error": error }))
}

/// What is wanted of every case.
struct Work {
    options: Options,
    is_json: bool,
    /// The cause to be explained; empty for the first.
    why: Option<String>,
    sure: Option<Draws>,
}

impl Work {
    fn new(base: &Base, options: Options, arguments: &Assess) -> Result<Self, Failure> {
        if let Some(cause) = &arguments.why
            && !cause.is_empty()
            && !base.kb.causes().any(|known| known.id() == cause.as_str())
        {
            let known: Vec<String> = base.kb.causes().map(|cause| format!("`{}`", cause.id())).collect();
            return Err(Failure::with_help(
                format!("`{cause}` is no cause of `{}`", base.kb.id()),
                format!("there is {}", known.join(", ")),
            ));
        }
        let draws = Draws::new(arguments.draws, arguments.seed);
        let draws = draws.map_err(|error| Failure::new(format!("--draws: {error}")))?;
        Ok(Self {
            options,
            is_json: arguments.json,
            why: arguments.why.clone(),
            sure: arguments.sure.then_some(draws),
        })
    }

    fn show(&self, assessment: &Assessment, sink: &mut Sink) -> Result<(), Failure> {
        let record = match self.sure {
            None => assessment.record(),
            Some(draws) => Uncertainty::of(assessment).record(&draws),
        };
        if self.is_json {
            writeln!(sink, "{}", record.to_json())?;
            return Ok(());
        }
        let columns = sink.columns();
        write!(sink, "{record:columns$}")?;
        if let Some(cause) = &self.why {
            let named = assessment.cause(cause).ok().unwrap_or_else(|| assessment.first());
            if let Ok(named) = record.cause(named.id().as_str()) {
                write!(sink, "\n{:columns$}", named.explanation_text())?;
            }
        }
        Ok(())
    }
}
