//! How a command ends: with a verdict, or without an answer.

use std::io;

use aetia_verify::Refusal;

use crate::console::{BAD, STRONG, Sink};
use crate::faults::Faults;

/// What a command found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// All is well.
    Fine,
    /// The answer is no.
    Fails,
    /// Part of what was given could not be used, and that was said.
    Incomplete,
}

impl Verdict {
    /// The exit code where there is no answer, or not a whole one.
    pub(crate) const UNUSABLE: u8 = 2;

    /// The exit code.
    pub(crate) fn code(self) -> u8 {
        match self {
            Self::Fine => 0,
            Self::Fails => 1,
            Self::Incomplete => Self::UNUSABLE,
        }
    }
}

/// Why there is no answer.
#[derive(Debug)]
pub(crate) enum Failure {
    /// Something cannot be done as it was asked for.
    Refused {
        /// What and why.
        message: String,
        /// What to do about it.
        help: Option<String>,
    },
    /// A text cannot be used.
    Faulty(Box<Faults>),
    /// The output could not be written.
    Output(io::Error),
}

impl Failure {
    /// A refusal.
    pub(crate) fn new(message: impl Into<String>) -> Self {
        Self::Refused { message: message.into(), help: None }
    }

    /// A refusal with what to do about it.
    pub(crate) fn with_help(message: impl Into<String>, help: impl Into<String>) -> Self {
        Self::Refused { message: message.into(), help: Some(help.into()) }
    }

    /// Says it, and gives the exit code.
    pub(crate) fn show(&self, errors: &mut Sink) -> io::Result<u8> {
        match self {
            Self::Refused { .. } | Self::Output(_) => self.show_one(errors)?,
            Self::Faulty(faults) => faults.show(errors)?,
        }
        errors.finish()?;
        Ok(Verdict::UNUSABLE)
    }

    /// Says it where more may come: of a text that cannot be used, without how many problems it has.
    pub(crate) fn show_one(&self, errors: &mut Sink) -> io::Result<()> {
        match self {
            Self::Refused { message, help } => error_line(errors, message, help.as_deref()),
            Self::Faulty(faults) => faults.draw(errors),
            Self::Output(error) => {
                error_line(errors, &format!("the output cannot be written: {error}"), None)
            }
        }
    }
}

/// An error and its help, in the form in which wrong arguments are reported.
pub(crate) fn error_line(errors: &mut Sink, message: &str, help: Option<&str>) -> io::Result<()> {
    errors.paragraph(&format!("{BAD}error{BAD:#}: {message}"), "", "  ")?;
    match help {
        Some(help) => errors.paragraph(&format!("{STRONG}help{STRONG:#}: {help}"), "  ", "    "),
        None => Ok(()),
    }
}

impl From<Refusal> for Failure {
    fn from(refusal: Refusal) -> Self {
        Self::Refused { message: refusal.to_string(), help: refusal.help().map(str::to_owned) }
    }
}

impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        Self::Output(error)
    }
}

impl From<Faults> for Failure {
    fn from(faults: Faults) -> Self {
        Self::Faulty(Box::new(faults))
    }
}
