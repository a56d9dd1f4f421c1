//! `aetia completions` and `aetia man`: what shells and readers of manuals want, made from the arguments.

use std::fs;
use std::io::Write as _;

use clap::CommandFactory as _;

use crate::arguments::{Arguments, Completions, Man};
use crate::console::Console;
use crate::failure::{Failure, Verdict};
use crate::text::cannot;

/// Prints completions.
pub(crate) fn completions(arguments: &Completions, console: &mut Console) -> Result<Verdict, Failure> {
    let mut script = Vec::new();
    clap_complete::generate(arguments.shell, &mut Arguments::command(), "aetia", &mut script);
    console.results.write_all(&script)?;
    Ok(Verdict::Fine)
}

/// Prints the man page of the whole, or writes it and one for each command into a folder.
pub(crate) fn man(arguments: &Man, console: &mut Console) -> Result<Verdict, Failure> {
    let command = Arguments::command();
    match &arguments.into {
        None => {
            let mut page = Vec::new();
            clap_mangen::Man::new(command).render(&mut page)?;
            console.results.write_all(&page)?;
        }
        Some(folder) => {
            fs::create_dir_all(folder).and_then(|()| clap_mangen::generate_to(command, folder)).map_err(
                |error| Failure::new(format!("no page can be written: {}", cannot(folder, &error))),
            )?;
        }
    }
    Ok(Verdict::Fine)
}
