//! The commands, one a file.

mod assess;
mod check;
mod coverage;
mod diff;
mod interview;
mod kbs;
mod pages;
mod prove;
mod rule;
mod schema;
mod test;

use crate::arguments::Command;
use crate::console::Console;
use crate::failure::{Failure, Verdict};

/// Does what was asked for.
pub(crate) fn run(command: &Command, console: &mut Console) -> Result<Verdict, Failure> {
    match command {
        Command::Assess(arguments) => assess::run(arguments, console),
        Command::Check(arguments) => check::run(arguments, console),
        Command::Coverage(arguments) => coverage::run(arguments, console),
        Command::Diff(arguments) => diff::run(arguments, console),
        Command::Interview(arguments) => interview::run(arguments, console),
        Command::Kbs(arguments) => kbs::run(arguments, console),
        Command::Prove(arguments) => prove::run(arguments, console),
        Command::Schema(arguments) => schema::run(arguments, console),
        Command::Test(arguments) => test::run(arguments, console),
        Command::Completions(arguments) => pages::completions(arguments, console),
        Command::Man(arguments) => pages::man(arguments, console),
    }
}

/// A number of things.
fn counted(number: usize, one: &str, many: &str) -> String {
    format!("{number} {}", if number == 1 { one } else { many })
}
