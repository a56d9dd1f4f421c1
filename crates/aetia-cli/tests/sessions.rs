//! Sessions: commands after `$ `, and what follows them, whole.
//!
//! `< file` is the input. What goes to the standard error stands below `[stderr]`, an exit code but 0 below that.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use crate::binary::{Run, files, run_in};

/// The words of a command; quotes keep words together.
fn words(line: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut is_quoted = false;
    for character in line.chars() {
        match character {
            '"' => is_quoted = !is_quoted,
            ' ' if !is_quoted => words.push(String::new()),
            other => words.last_mut().unwrap().push(other),
        }
    }
    words
}

/// Runs one command line.
fn run_line(folder: &Path, line: &str) -> Run {
    let (command, input) = match line.split_once(" < ") {
        Some((command, file)) => (command, fs::read_to_string(folder.join(file)).unwrap()),
        None => (line, String::new()),
    };
    let words = words(command);
    let (program, arguments) = words.split_first().unwrap();
    assert_eq!(program, "aetia", "a session runs nothing else: {line}");
    run_in(folder, &arguments.iter().map(String::as_str).collect::<Vec<_>>(), &input)
}

/// A session run anew: its commands, and what each comes to.
pub(crate) fn rerun(folder: &Path, session: &str) -> String {
    let mut text = String::new();
    for command in session.lines().filter_map(|line| line.strip_prefix("$ ")) {
        let run = run_line(folder, command);
        if !text.is_empty() {
            text.push('\n');
        }
        write!(text, "$ {command}\n{}", run.out).unwrap();
        if !run.err.is_empty() {
            write!(text, "[stderr]\n{}", run.err).unwrap();
        }
        if run.code != 0 {
            writeln!(text, "[exit {}]", run.code).unwrap();
        }
    }
    text
}

/// The pages whose sessions are run among the files of `examples/command_line`.
const PAGES: [&str; 2] = ["crates/aetia-cli/docs/command-line.md", "README.md"];

/// The sessions of the pages are real.
#[test]
fn pages_show_what_is_printed() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let bless = std::env::var_os("BLESS").is_some();
    let mut wrong = String::new();
    for name in PAGES {
        let page = fs::read_to_string(root.join(name)).unwrap();
        let mut parts = page.split("```console\n");
        let mut printed = parts.next().unwrap_or_default().to_owned();
        let mut sessions = 0;
        for part in parts {
            let (session, rest) = part.split_once("```").unwrap();
            write!(printed, "```console\n{}```{rest}", rerun(&root.join("examples/command_line"), session))
                .unwrap();
            sessions += 1;
        }
        assert!(sessions > 0, "{name} has no sessions");
        if bless {
            fs::write(root.join(name), &printed).unwrap();
        } else if page != printed {
            writeln!(wrong, "== {name}\n{printed}").unwrap();
        }
    }
    assert!(wrong.is_empty(), "{wrong}\n`make bless` accepts");
}

fn sessions() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/sessions");
    let mut paths: Vec<PathBuf> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.retain(|path| path.extension().is_some_and(|extension| extension == "txt"));
    paths.sort();
    paths
}

#[test]
fn sessions_print_what_is_written() {
    let sessions = sessions();
    assert!(!sessions.is_empty(), "no sessions");
    let bless = std::env::var_os("BLESS").is_some();
    let mut wrong = String::new();
    for path in sessions {
        let written = fs::read_to_string(&path).unwrap();
        let printed = rerun(&files(), &written);
        assert!(!printed.is_empty(), "{} has no commands", path.display());
        if bless {
            fs::write(&path, &printed).unwrap();
        } else if written != printed {
            writeln!(wrong, "== {}\n{printed}", path.display()).unwrap();
        }
    }
    assert!(wrong.is_empty(), "{wrong}\n`make bless` accepts");
}
