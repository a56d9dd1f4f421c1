//! The shape of the house: what each room may use, and what is nowhere in it.
//!
//! Every guard fails when its subject disappears, so that none of them passes over an empty room.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

/// What each member of the workspace may depend on: exactly this, normal, dev and build dependencies together.
const DEPENDENCIES: [(&str, &[&str]); 9] = [
    ("aetia", &["libm", "pulp", "rayon", "serde", "serde_json", "sha2", "thiserror", "toml", "toml_parser"]),
    (
        "aetia-benches",
        &["aetia", "aetia-kb", "aetia-stats", "aetia-tests", "aetia-verify", "criterion", "toml"],
    ),
    (
        "aetia-cli",
        &[
            "aetia",
            "aetia-kb",
            "aetia-stats",
            "aetia-verify",
            "annotate-snippets",
            "anstream",
            "anstyle",
            "clap",
            "clap_complete",
            "clap_mangen",
            "jsonschema",
            "serde_json",
            "terminal_size",
            "textwrap",
            "toml",
        ],
    ),
    ("aetia-examples", &["aetia", "aetia-kb", "aetia-stats", "aetia-verify"]),
    ("aetia-kb", &["aetia"]),
    (
        "aetia-py",
        &[
            "aetia",
            "aetia-kb",
            "aetia-stats",
            "arrow-array",
            "arrow-buffer",
            "arrow-schema",
            "bytemuck",
            "bytes",
            "memmap2",
            "pyo3",
            "rayon",
            "serde",
            "serde_json",
        ],
    ),
    ("aetia-stats", &["aetia", "libm", "rand_chacha", "rand_distr", "rayon", "serde"]),
    (
        "aetia-tests",
        &[
            "aetia",
            "aetia-kb",
            "aetia-stats",
            "aetia-verify",
            "libm",
            "proptest",
            "rayon",
            "serde_json",
            "sha2",
            "toml",
        ],
    ),
    ("aetia-verify", &["aetia", "libm", "serde", "serde_json", "thiserror"]),
];

/// The modules of the core in their order: each may use itself and what stands before it.
const ROOMS: [&str; 14] = [
    "belief",
    "id",
    "index",
    "limits",
    "document",
    "knowledge",
    "case",
    "model",
    "assessment",
    "ranker",
    "explanation",
    "expectation",
    "interview",
    "cohort",
];

/// Modules that may exist besides, and may use every room; no room may use them.
const LAST: [&str; 3] = ["record", "text", "error"];

/// What the core does without: hash order, the clock, the file system, the environment, threads, a terminal.
const ABSENT_FROM_THE_CORE: [&str; 7] =
    ["HashMap", "HashSet", "std::time", "std::fs", "std::env", "std::thread", "println!"];

/// The only file with `unsafe` code: the border where other libraries hand over addresses. Its crate denies what others forbid.
const UNSAFE: (&str, &str) = ("aetia-py", "crates/aetia-py/src/arrow.rs");

/// The longest a file of code may be.
const LINES: usize = 600;

/// The longest the file may be that follows the steps of a certificate.
const CHECKER_LINES: usize = 300;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

fn core_sources() -> PathBuf {
    root().join("crates/aetia/src")
}

fn read(path: &Path) -> String {
    fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// Names in a folder; none where there is no such folder.
fn names(folder: &Path) -> BTreeSet<String> {
    let entries = fs::read_dir(folder).into_iter().flatten();
    entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect()
}

fn has_extension(file: &str, extension: &str) -> bool {
    Path::new(file).extension().is_some_and(|found| found == extension)
}

/// Every Rust file below a folder.
fn rust_files(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for name in names(folder) {
        let path = folder.join(&name);
        if path.is_dir() {
            files.extend(rust_files(&path));
        } else if has_extension(&name, "rs") {
            files.push(path);
        }
    }
    files
}

/// The lines of code with their numbers, comments left out.
fn code(text: &str) -> impl Iterator<Item = (usize, &str)> {
    (1..).zip(text.lines()).filter(|(_, line)| !line.trim_start().starts_with("//"))
}

/// What cargo says about the members of the workspace.
fn packages() -> Vec<Value> {
    let output = Command::new(env!("CARGO"))
        .args(["metadata", "--format-version", "1", "--no-deps", "--offline"])
        .current_dir(root())
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let metadata: Value = serde_json::from_slice(&output.stdout).unwrap();
    metadata["packages"].as_array().unwrap().clone()
}

/// The files git knows, or would take: everything that `.gitignore` does not name.
fn tracked() -> Vec<String> {
    let output = Command::new("git")
        .args(["-c", "safe.directory=*", "ls-files", "-z", "--cached", "--others", "--exclude-standard"])
        .current_dir(root())
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let text = String::from_utf8(output.stdout).unwrap();
    let files: Vec<String> = text.split_terminator('\0').map(str::to_owned).collect();
    assert!(files.iter().any(|file| file == "Cargo.toml"), "git lists no Cargo.toml");
    // A file may be deleted and not yet committed.
    files.into_iter().filter(|file| root().join(file).is_file()).collect()
}

#[test]
fn every_member_depends_on_exactly_what_the_table_says() {
    let found: BTreeMap<String, BTreeSet<String>> = packages()
        .iter()
        .map(|package| {
            let dependencies = package["dependencies"].as_array().unwrap();
            let names = dependencies.iter().map(|d| d["name"].as_str().unwrap().to_owned());
            (package["name"].as_str().unwrap().to_owned(), names.collect())
        })
        .collect();
    let allowed: BTreeMap<String, BTreeSet<String>> = DEPENDENCIES
        .iter()
        .map(|(member, names)| ((*member).to_owned(), names.iter().map(|&name| name.to_owned()).collect()))
        .collect();
    assert_eq!(found, allowed, "found, then allowed");
}

/// The module of the core a file belongs to, and how many modules deep the file is.
fn room_of(file: &Path) -> (String, usize) {
    let inside = file.strip_prefix(core_sources()).unwrap().with_extension("");
    let parts: Vec<&str> = inside.iter().map(|part| part.to_str().unwrap()).collect();
    (parts[0].to_owned(), parts.iter().filter(|&&part| part != "mod").count())
}

/// The first names of the paths that begin with `crate::` in a line; a brace where a list begins.
fn crate_paths(line: &str) -> impl Iterator<Item = &str> {
    line.split("crate::").skip(1).map(|rest| {
        let end = rest.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(rest.len());
        if end == 0 { rest.get(..1).unwrap_or_default() } else { &rest[..end] }
    })
}

/// The longest chain of `super::` in a line.
fn supers(line: &str) -> usize {
    (1..line.len()).take_while(|&n| line.contains(&"super::".repeat(n))).count()
}

#[test]
fn the_rooms_of_the_core_are_the_ones_listed() {
    let found: BTreeSet<String> = rust_files(&core_sources())
        .iter()
        .map(|file| room_of(file).0)
        .filter(|room| room != "lib" && !LAST.contains(&room.as_str()))
        .collect();
    assert_eq!(found, ROOMS.map(str::to_owned).into(), "found, then listed");
}

#[test]
fn each_room_uses_only_what_stands_before_it() {
    let order: Vec<&str> = ROOMS.into_iter().chain(LAST).collect();
    let position = |name: &str| order.iter().position(|room| *room == name);
    let (mut paths, mut wrong) = (0, Vec::new());
    for file in rust_files(&core_sources()) {
        let (room, depth) = room_of(&file);
        if room == "lib" {
            continue;
        }
        let here = position(&room).unwrap_or_else(|| panic!("{room} is not in the list of rooms"));
        let text = read(&file);
        let mut in_tests = false;
        for (number, line) in code(&text) {
            let place = format!("{}:{number}", file.strip_prefix(root()).unwrap().display());
            in_tests |= line.starts_with("#[cfg(test)]");
            if supers(line) >= depth + usize::from(in_tests) {
                wrong.push(format!("{place}: reaches the crate root by `super`; write `crate::module::`"));
            }
            for name in crate_paths(line) {
                paths += 1;
                match position(name) {
                    Some(there) if there <= here => {}
                    Some(_) => {
                        wrong.push(format!("{place}: {room} may not use {name}, which stands after it"));
                    }
                    None => {
                        wrong.push(format!("{place}: `crate::{name}` is no module; write `crate::module::`"));
                    }
                }
            }
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
    assert!(paths > 0, "no `crate::` path found: the guard looks in the wrong place");
}

#[test]
fn the_core_knows_no_hash_order_no_clock_and_no_outside() {
    let files = rust_files(&core_sources());
    assert!(!files.is_empty(), "the core has no files");
    let mut wrong = Vec::new();
    for file in files {
        let text = read(&file);
        for (number, line) in code(&text) {
            // A list of imports would hide `std::fs` from the search for it.
            let listed = line.trim_start().strip_prefix("use std::{").unwrap_or_default();
            for word in ABSENT_FROM_THE_CORE {
                let hidden = word.strip_prefix("std::").is_some_and(|module| listed.contains(module));
                if hidden || line.contains(word) {
                    wrong.push(format!("{}:{number}: {word}", file.strip_prefix(root()).unwrap().display()));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

#[test]
fn no_source_but_that_of_aetia_kb_names_a_knowledge_base() {
    let crates = root().join("crates");
    let bases: BTreeSet<String> = names(&crates.join("aetia-kb/kb"))
        .into_iter()
        .filter(|name| crates.join("aetia-kb/kb").join(name).is_dir())
        .collect();
    assert!(!bases.is_empty(), "crates/aetia-kb/kb holds no knowledge base");
    for member in names(&crates).into_iter().filter(|name| name != "aetia-kb") {
        let files = rust_files(&crates.join(&member).join("src"));
        assert!(!files.is_empty(), "{member} has no src");
        for file in files {
            let text = read(&file);
            for base in &bases {
                assert!(!text.contains(base.as_str()), "{} names `{base}`", file.display());
            }
        }
    }
}

/// Examples are left out: they are written to be read, and the workspace's lints deny `unsafe` there too.
#[test]
fn every_crate_root_forbids_unsafe_code() {
    let mut roots = 0;
    for package in packages() {
        let word = if package["name"] == UNSAFE.0 { "deny" } else { "forbid" };
        for target in package["targets"].as_array().unwrap() {
            if target["kind"][0] == "example" {
                continue;
            }
            let path = target["src_path"].as_str().unwrap();
            let line = format!("\n#![{word}(unsafe_code)]");
            assert!(read(Path::new(path)).contains(&line), "{path} has no `{}`", line.trim_start());
            roots += 1;
        }
    }
    assert!(roots >= 5, "only {roots} crate roots found");
}

/// Whether a line of code begins something unsafe. The word is in two pieces from what follows it, so that this file does not
/// match itself.
fn leaves_the_rules(line: &str) -> bool {
    [" {", " fn ", " impl", " extern", " trait", "("]
        .iter()
        .any(|rest| line.contains(&format!("unsafe{rest}")))
}

#[test]
fn unsafe_code_stands_in_one_file_and_says_why_it_is_right() {
    let mut files = BTreeSet::new();
    for file in tracked().into_iter().filter(|file| has_extension(file, "rs")) {
        let text = read(&root().join(&file));
        let lines: Vec<&str> = text.lines().collect();
        for (number, _) in code(&text).filter(|(_, line)| leaves_the_rules(line)) {
            let above = lines[..number - 1].iter().rev();
            let mut comment = above.take_while(|line| line.trim_start().starts_with("//"));
            assert!(comment.any(|line| line.contains("// SAFETY: ")), "{file}:{number} has no `// SAFETY: `");
            files.insert(file.clone());
        }
    }
    assert_eq!(files, BTreeSet::from([UNSAFE.1.to_owned()]), "found, then allowed");
}

#[test]
fn no_file_names_a_machine_or_a_registry() {
    // In two pieces each, so that this file does not match itself.
    let patterns =
        [("/ro", "ot/"), ("/ho", "me/"), ("/wo", "rk/"), ("artif", "actory"), ("index.", "crates.io")]
            .map(|(front, back)| format!("{front}{back}"));
    let mut texts = 0;
    for file in tracked() {
        let bytes = fs::read(root().join(&file)).unwrap();
        // The corpus of a fuzzer need not be text.
        let Ok(text) = String::from_utf8(bytes) else {
            continue;
        };
        texts += 1;
        for pattern in &patterns {
            assert!(!text.contains(pattern.as_str()), "{file} contains `{pattern}`");
        }
    }
    assert!(texts > 0, "no text file found");
}

#[test]
fn every_file_of_code_is_short() {
    let is_code = |file: &String| {
        ["rs", "py", "sh"].iter().any(|extension| has_extension(file, extension))
            || ["Makefile", ".ci/run"].contains(&file.as_str())
    };
    let files: Vec<String> = tracked().into_iter().filter(is_code).collect();
    assert!(files.iter().any(|file| has_extension(file, "rs")), "no code found");
    let long: Vec<String> = files
        .into_iter()
        .map(|file| (read(&root().join(&file)).lines().count(), file))
        .filter(|(lines, _)| *lines >= LINES)
        .map(|(lines, file)| format!("{file}: {lines} lines"))
        .collect();
    assert!(long.is_empty(), "\n{}", long.join("\n"));
}

/// The checker takes nothing from the search, and no weight from the engine: not by a path, and not by a view of its tables.
#[test]
fn the_checker_of_certificates_shares_nothing_with_the_solver() {
    let folder = root().join("crates/aetia-verify/src/certificate");
    let files = rust_files(&folder);
    assert!(files.len() >= 5, "only {} files in {}", files.len(), folder.display());
    for file in files {
        let text = read(&file);
        for word in ["crate::", "super::super", "Tables", "GroupTable", ".tables("] {
            assert!(!text.contains(word), "{}: {word}", file.display());
        }
    }
}

#[test]
fn what_follows_the_steps_of_a_certificate_is_small() {
    let checker = read(&root().join("crates/aetia-verify/src/certificate/check.rs"));
    assert!(checker.contains("fn follow("), "steps are followed in another file");
    assert!(checker.lines().count() < CHECKER_LINES, "{} lines", checker.lines().count());
}

/// The tests a table of `guarantees.md` names: the last cell of each row, in backticks.
fn promised(text: &str) -> BTreeSet<String> {
    let rows = text.lines().filter(|line| line.starts_with('|') && line.ends_with("` |"));
    rows.flat_map(|row| row.rsplit('|').nth(1).unwrap_or_default().split('`').skip(1).step_by(2))
        .map(str::to_owned)
        .collect()
}

#[test]
fn every_guarantee_names_a_test_that_exists() {
    let promises = promised(&read(&root().join("crates/aetia/docs/guarantees.md")));
    assert!(promises.len() > 30, "guarantees.md names only {} tests", promises.len());
    let mut sources: Vec<PathBuf> = rust_files(&root().join("tests"));
    sources.extend(rust_files(&core_sources()));
    let text: String = sources.iter().map(|file| read(file)).collect();
    let broken: Vec<&String> =
        promises.iter().filter(|name| !text.contains(&format!("fn {name}("))).collect();
    assert!(broken.is_empty(), "guarantees without a test: {broken:#?}");
}
