//! The examples run, and print what `examples/expected` says. `make bless` writes what they print now.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs};

/// The longest line a terminal shows unbroken.
const COLUMNS: usize = 100;

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../examples")
}

/// The names of the files of a folder that end so, without the ending.
fn names(folder: &Path, extension: &str) -> BTreeSet<String> {
    let paths = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let named = paths.filter(|path| path.extension().is_some_and(|found| found == extension));
    named.map(|path| path.file_stem().unwrap().to_str().unwrap().to_owned()).collect()
}

/// What an example prints; its failure fails the test.
fn printed(name: &str) -> String {
    let mut command = Command::new(env!("CARGO"));
    command.args(["run", "--quiet", "--package", "aetia-examples", "--example", name]);
    let output = command.current_dir(folder()).output().unwrap();
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "example {name} fails:\n{errors}");
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn examples_print_what_is_expected() {
    let bless = env::var_os("BLESS").is_some();
    let examples = names(&folder(), "rs");
    assert!(examples.contains("quickstart"), "no examples in {}", folder().display());
    let mut wrong = Vec::new();
    for name in &examples {
        let expected = folder().join("expected").join(format!("{name}.txt"));
        let printed = printed(name);
        if bless {
            fs::write(&expected, &printed).unwrap();
        } else if fs::read_to_string(&expected).unwrap_or_default() != printed {
            wrong.push(format!("{name} prints:\n{printed}"));
        }
        let wide = printed.lines().filter(|line| line.chars().count() > COLUMNS);
        wrong.extend(wide.map(|line| format!("{name}: more than {COLUMNS} columns: {line}")));
    }
    assert!(wrong.is_empty(), "{}\n`make bless` accepts", wrong.join("\n"));
    assert_eq!(names(&folder().join("expected"), "txt"), examples, "expected outputs and examples");
}

#[test]
fn every_example_is_listed() {
    let manifest = fs::read_to_string(folder().join("Cargo.toml")).unwrap();
    let page = fs::read_to_string(folder().join("README.md")).unwrap();
    for name in names(&folder(), "rs") {
        assert!(manifest.contains(&format!("name = \"{name}\"")), "{name} is not in examples/Cargo.toml");
        assert!(page.contains(&format!("[`{name}`]({name}.rs)")), "{name} is not in examples/README.md");
    }
}
