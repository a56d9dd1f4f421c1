//! The binary `aetia`: what the library does, for authors of knowledge bases and for shells.
//!
//! Results go to the standard output, errors to the standard error. The exit code is 0 where all is well, 1 where the
//! answer is no (a knowledge base with errors, a claim that is not proved, a test that fails), 2 where there is no answer:
//! wrong use, or a text that cannot be used. Nothing is inferred here: every figure comes from the library.
#![forbid(unsafe_code)]

mod arguments;
mod cases;
mod commands;
mod console;
mod failure;
mod faults;
mod text;

use std::process::ExitCode;

use clap::Parser as _;

use arguments::Arguments;
use console::Console;
use failure::{Failure, Verdict};

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let mut console = Console::new(arguments.color);
    let ended = commands::run(&arguments.command, &mut console);
    // What was found before stays readable above the error.
    let finished = console.results.finish().map_err(Failure::Output);
    let shown = match ended.and_then(|verdict| finished.map(|()| verdict)) {
        Ok(verdict) => Ok(verdict.code()),
        Err(failure) => failure.show(&mut console.errors),
    };
    ExitCode::from(shown.unwrap_or(Verdict::UNUSABLE))
}
