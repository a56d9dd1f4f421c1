//! Interviews in files: begun, taken up, written anew after every answer.

use std::fs;
use std::path::{Path, PathBuf};

use aetia::{
    AnswerValue, Ask, Dropped, Finding, Interview, InterviewError, InterviewRecord, Limits, Model, Reach,
    ResumeError, StopRule, Who,
};

use crate::arguments::{self, Until};
use crate::failure::Failure;
use crate::text::{Base, Text, cannot, read_within, unreadable};

/// An interview as it begins here: where it was taken up from, and what could not be taken over.
pub(super) struct Begun {
    pub(super) interview: Interview,
    pub(super) dropped: Vec<Dropped>,
    /// How many answers a case gave.
    pub(super) known: usize,
}

/// Begins an interview, or takes one up.
pub(super) fn begin(base: &Base, model: &Model, arguments: &arguments::Interview) -> Result<Begun, Failure> {
    if let Some(file) = &arguments.save {
        is_free(file, arguments.resume.as_deref())?;
    }
    let mut begun = begin_or_resume(base, model, arguments)?;
    if let Some(case) = &arguments.case {
        let before = begun.interview.answers().len();
        tell(&mut begun.interview, &Text::of_file(case, Limits::default().case_bytes)?, base)?;
        begun.known = begun.interview.answers().len() - before;
        if let Some(questions) = arguments.questions {
            // The limit is one of questions; these were none.
            let mut record = begun.interview.record();
            record.stop.questions = Some(questions.saturating_add(begun.known));
            begun.interview = model.resume(&record).map_err(|error| not_taken_up(case, &error))?;
        }
    }
    Ok(begun)
}

/// Answers what a case says.
fn tell(interview: &mut Interview, text: &Text, base: &Base) -> Result<(), Failure> {
    for (indicator, finding) in text.case(&base.kb)?.findings() {
        let Finding::Answer { answer, number, inferred: false } = finding else { continue };
        let value = number.map(AnswerValue::Number).or_else(|| indicator.example(answer.key()));
        let Some(value) = value else { continue };
        match interview.answer(indicator.id().as_str(), &value) {
            // What the case says follows from what it said before.
            Ok(()) | Err(InterviewError::Follows { .. }) => {}
            Err(error) => return Err(Failure::new(format!("`{}`: {error}", text.name))),
        }
    }
    Ok(())
}

fn begin_or_resume(base: &Base, model: &Model, arguments: &arguments::Interview) -> Result<Begun, Failure> {
    let Some(file) = &arguments.resume else {
        let (mut ask, mut stop) = (Ask::default(), StopRule::default());
        adjust(arguments, &mut ask, &mut stop);
        let options = base.options(model, &arguments.reading)?;
        let begun = model.interview_with(&options, ask, stop);
        let interview = begun.map_err(|error| Failure::new(error.to_string()))?;
        return Ok(Begun { interview, dropped: Vec::new(), known: 0 });
    };
    let mut record = read(file)?;
    adjust(arguments, &mut record.ask, &mut record.stop);
    if let Some(setting) = &arguments.reading.setting {
        record.setting = base.setting(setting)?.to_string();
    }
    if let Some(link) = arguments.reading.link {
        record.link = link.into();
    }
    let taken_up = if arguments.adopt {
        model.resume_adopting(&record)
    } else {
        model.resume(&record).map(|interview| (interview, Vec::new()))
    };
    let (interview, dropped) = taken_up.map_err(|error| not_taken_up(file, &error))?;
    Ok(Begun { interview, dropped, known: 0 })
}

fn not_taken_up(file: &Path, error: &ResumeError) -> Failure {
    let name = file.display();
    if let ResumeError::OtherModel { began, here } = error {
        return Failure::with_help(
            format!(
                "the interview in `{name}` was begun with {began}, which means something else than {here}"
            ),
            "--adopt carries its answers over by name",
        );
    }
    Failure::new(format!("`{name}`: {error}"))
}

/// Sets what was said on the command line, and leaves the rest as it is.
fn adjust(arguments: &arguments::Interview, ask: &mut Ask, stop: &mut StopRule) {
    if arguments.oneself {
        ask.who = Who::Oneself;
    }
    if let Some(first) = arguments.flags_first {
        ask.flags_first = first.into();
    }
    match arguments.until {
        Some(Until::Settled) => stop.settled = Some(Reach::FirstAndFlags),
        Some(Until::FirstSettled) => stop.settled = Some(Reach::First),
        Some(Until::End) => stop.settled = None,
        None => {}
    }
    if arguments.questions.is_some() {
        stop.questions = arguments.questions;
    }
    if arguments.least_gain.is_some() {
        stop.least_gain = arguments.least_gain;
    }
}

/// A stored interview.
fn read(file: &Path) -> Result<InterviewRecord, Failure> {
    let name = file.display().to_string();
    let opened = fs::File::open(file).map_err(|error| unreadable(&name, &error))?;
    let text = read_within(opened, &name, Limits::default().document_bytes)?;
    InterviewRecord::from_json(&text).map_err(|error| Failure::new(format!("`{name}`: {error}")))
}

/// Sees that nothing is overwritten but the interview that is taken up.
fn is_free(file: &Path, resumed: Option<&Path>) -> Result<(), Failure> {
    let is_resumed =
        resumed.is_some_and(|resumed| match (fs::canonicalize(file), fs::canonicalize(resumed)) {
            (Ok(file), Ok(resumed)) => file == resumed,
            _ => false,
        });
    if file.exists() && !is_resumed {
        let name = file.display();
        return Err(Failure::with_help(
            format!("`{name}` is there already"),
            format!("--resume {name} takes it up; or name another file"),
        ));
    }
    Ok(())
}

/// Writes the interview, whole or not at all: a reader never sees half of it.
pub(super) fn write(interview: &Interview, file: &Path) -> Result<(), Failure> {
    let part = beside(file);
    let text = interview.record().to_json() + "\n";
    let written = fs::write(&part, text).and_then(|()| fs::rename(&part, file));
    written.map_err(|error| Failure::new(format!("the interview cannot be saved: {}", cannot(file, &error))))
}

/// A name beside a file for what is not yet whole.
fn beside(file: &Path) -> PathBuf {
    let mut name = file.file_name().unwrap_or_default().to_owned();
    name.push(".part");
    file.with_file_name(name)
}
