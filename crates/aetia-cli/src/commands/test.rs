//! `aetia test`: do the cases of a knowledge base come to what is written about them?

use std::io::Write as _;

use aetia::Expectation;

use super::counted;
use crate::arguments::Test;
use crate::console::{BAD, Console, FAINT, Sink};
use crate::failure::{Failure, Verdict};
use crate::text::{Base, Text};

/// Runs every test case, and shows those that fail.
pub(crate) fn run(arguments: &Test, console: &mut Console) -> Result<Verdict, Failure> {
    let kb = Base::read(&arguments.knowledge_base)?.kb;
    let text = Text::of_test_cases(&arguments.knowledge_base, arguments.cases.as_deref())?;
    let tests = text.test_cases(&kb)?;
    let model = kb.compile();
    let places: Vec<String> = (0..tests.len()).map(|at| format!("cases[{at}]")).collect();
    let lines = text.source.locate_all(places.iter()).into_iter().map(|location| location.line);
    let sink = &mut console.results;
    let mut failed = 0_usize;
    for (test, line) in tests.iter().zip(lines) {
        let mismatches = test.mismatches(&model);
        if mismatches.is_empty() {
            if arguments.all {
                writeln!(sink, "ok    {}", test.id())?;
            }
            continue;
        }
        failed += 1;
        let place = format!("{}:{line}", text.name);
        show(test, &place, &mismatches.iter().map(ToString::to_string).collect::<Vec<_>>(), sink)?;
    }
    let all = counted(tests.len(), "case", "cases");
    if failed == 0 {
        writeln!(sink, "{}: {all}, each as expected", text.name)?;
        return Ok(Verdict::Fine);
    }
    writeln!(sink, "{BAD}{}: {failed} of {all} not as expected{BAD:#}", text.name)?;
    Ok(Verdict::Fails)
}

fn show(test: &Expectation, place: &str, mismatches: &[String], sink: &mut Sink) -> Result<(), Failure> {
    writeln!(sink, "{BAD}FAIL{BAD:#}  {}", test.id())?;
    sink.paragraph(test.title(), "      ", "      ")?;
    for mismatch in mismatches {
        sink.paragraph(mismatch, "      - ", "        ")?;
    }
    sink.paragraph(&format!("{FAINT}why: {}{FAINT:#}", test.why()), "      ", "      ")?;
    writeln!(sink, "      {FAINT}at {place}{FAINT:#}\n")?;
    Ok(())
}
