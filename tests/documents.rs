//! Documents and cases that are refused, each with exactly what its author reads; and documents that are good.
//!
//! `documents/invalid/CODE[-VARIANT].toml` (or `.json`) is a document with a problem of that code, and
//! `CODE-case[-VARIANT].toml` is such a case. The `.txt` beside it is what is said about it: the error, or
//! the warnings of a document that can be used. `make bless` writes these; the diff is the review.
//!
//! Comments on the first lines of a document say how it is read, where that matters:
//!
//! ```text
//! # case of: for_contradictions      a document in `documents/valid`, or `tiny`, which is `docs/tiny.toml`
//! # limits: causes = 1, depth = 3    tighter limits than the default ones
//! ```
//!
//! A line `# repeat 3: TEXT`, anywhere in a document, stands for three lines of that text, in which `{n}`
//! counts from 1. A case in JSON, which has no comments, is one of `tiny`.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use aetia::{CaseError, Code, Document, Error, KnowledgeBase, Limits, Problem, Severity};

const FEWEST: usize = 70;

fn folder(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("documents").join(name)
}

fn docs() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../crates/aetia/docs")
}

fn read(path: &Path) -> String {
    fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// The files of a folder by name; those of an editor are left out.
fn files(name: &str) -> BTreeMap<String, PathBuf> {
    let entries = fs::read_dir(folder(name)).unwrap();
    let paths = entries.map(|entry| entry.unwrap().path());
    let named = paths.map(|path| (path.file_name().unwrap().to_str().unwrap().to_owned(), path));
    named.filter(|(name, _)| !name.starts_with('.')).collect()
}

fn is(path: &Path, extension: &str) -> bool {
    path.extension().is_some_and(|found| found == extension)
}

/// The bad documents and cases, by the name of their files.
fn invalid() -> BTreeMap<String, PathBuf> {
    let documents = files("invalid").into_iter().filter(|(_, path)| !is(path, "txt"));
    documents.map(|(name, path)| (name.split_once('.').unwrap().0.to_owned(), path)).collect()
}

/// The code a file is named after: of those its name begins with, the longest.
fn code_of(name: &str) -> Option<Code> {
    let named =
        |slug: &str| name.strip_prefix(slug).is_some_and(|rest| rest.is_empty() || rest.starts_with('-'));
    let codes = Problem::codes().iter().copied().filter(|code| named(code.slug()));
    codes.max_by_key(|code| code.slug().len())
}

/// What the comments on the first lines say under a key.
fn said<'t>(text: &'t str, key: &str) -> Option<&'t str> {
    let mut comments = text.lines().map_while(|line| line.strip_prefix("# "));
    comments.find_map(|comment| comment.strip_prefix(key)?.strip_prefix(": "))
}

/// The default limits, tightened by what `# limits: ...` says.
fn limits(text: &str) -> Limits {
    let mut limits = Limits::default();
    for setting in said(text, "limits").into_iter().flat_map(|list| list.split(", ")) {
        let (name, number) = setting.split_once(" = ").unwrap();
        let limit = match name {
            "document_bytes" => &mut limits.document_bytes,
            "depth" => &mut limits.depth,
            "causes" => &mut limits.causes,
            "indicators" => &mut limits.indicators,
            "answers" => &mut limits.answers,
            "weights" => &mut limits.weights,
            "group_states" => &mut limits.group_states,
            "settings" => &mut limits.settings,
            "discounted_members" => &mut limits.discounted_members,
            "count_items" => &mut limits.count_items,
            "condition_depth" => &mut limits.condition_depth,
            "condition_atoms" => &mut limits.condition_atoms,
            "gates" => &mut limits.gates,
            "title_bytes" => &mut limits.title_bytes,
            "text_bytes" => &mut limits.text_bytes,
            other => panic!("`{other}` is no limit of a document"),
        };
        *limit = number.parse().unwrap();
    }
    limits
}

/// The text with its `# repeat` lines written out.
fn expanded(text: &str) -> String {
    let mut whole = String::new();
    for line in text.split_inclusive('\n') {
        match line.strip_prefix("# repeat ").and_then(|rest| rest.split_once(": ")) {
            Some((times, line)) => {
                (1..=times.parse::<usize>().unwrap())
                    .for_each(|n| whole += &line.replace("{n}", &n.to_string()));
            }
            None => whole += line,
        }
    }
    whole
}

fn knowledge_base(name: &str) -> KnowledgeBase {
    let path =
        if name == "tiny" { docs().join("tiny.toml") } else { folder("valid").join(format!("{name}.toml")) };
    Document::from_toml(&read(&path)).unwrap().validate().unwrap()
}

/// What is said about a document or case: its problems, and the text a user reads.
fn verdict(name: &str, path: &Path) -> (Vec<Problem>, String) {
    let text = read(path);
    let limits = limits(&text);
    let text_read = expanded(&text);
    let json = is(path, "json");
    let is = |kind: &str| code_of(name).is_some_and(|code| name[code.slug().len()..].starts_with(kind));
    let refusal: Error = if is("-test") {
        let kb = knowledge_base(said(&text, "test cases of").unwrap_or("tiny"));
        match kb.test_cases_from_toml(&text_read) {
            Ok(_) => return (Vec::new(), "the test cases are accepted\n".to_owned()),
            Err(refusal) => refusal.into(),
        }
    } else if is("-case") {
        let kb = knowledge_base(said(&text, "case of").unwrap_or("tiny"));
        let case = if json { kb.case_from_json(&text_read) } else { kb.case_from_toml(&text_read) };
        match case {
            Ok(_) => return (Vec::new(), "the case is accepted\n".to_owned()),
            Err(refusal) => refusal.into(),
        }
    } else {
        let document = if json {
            Document::from_json_within(&text_read, &limits)
        } else {
            Document::from_toml_within(&text_read, &limits)
        };
        match document.map_err(Error::from).and_then(|document| Ok(document.validate_within(&limits)?)) {
            Ok(kb) => {
                let problems = kb.warnings().to_vec();
                let lines: Vec<String> = problems.iter().map(ToString::to_string).collect();
                return (problems, lines.join("\n") + "\n");
            }
            Err(refusal) => refusal,
        }
    };
    let problems = match &refusal {
        Error::Document(error) | Error::Case(CaseError::Document(error)) => vec![error.problem().clone()],
        Error::Invalid(invalid) | Error::Case(CaseError::Invalid(invalid)) => invalid.problems().to_vec(),
        Error::Case(_)
        | Error::UnknownName(_)
        | Error::Id(_)
        | Error::Belief(_)
        | Error::Condition(_)
        | Error::Claim(_)
        | _ => panic!("{name}: {refusal:?}"),
    };
    (problems, format!("{refusal}\n"))
}

#[test]
fn every_bad_document_is_refused_in_exactly_these_words() {
    let bless = std::env::var_os("BLESS").is_some_and(|value| value == "1");
    let mut wrong = String::new();
    for (name, path) in invalid() {
        let (problems, said) = verdict(&name, &path);
        let code = code_of(&name).unwrap_or_else(|| panic!("{name} begins with no code"));
        if !problems.iter().any(|problem| problem.code() == code) {
            writeln!(wrong, "== {name}: no problem of that code\n{said}").unwrap();
        }
        let places: Vec<_> = problems.iter().map(Problem::line_and_column).collect();
        if !places.is_sorted() {
            writeln!(wrong, "== {name}: not in the order of the document\n{said}").unwrap();
        }
        let expected = path.with_extension("txt");
        if bless {
            fs::write(&expected, &said).unwrap();
        } else if fs::read_to_string(&expected).ok().as_ref() != Some(&said) {
            let before = fs::read_to_string(&expected).unwrap_or_else(|_| "no .txt\n".to_owned());
            writeln!(wrong, "== {name}: expected\n{before}-- found\n{said}").unwrap();
        }
    }
    assert!(wrong.is_empty(), "\n{wrong}\n`make bless` accepts what was found");
}

/// Warnings do not refuse a document, and whatever is an error does.
#[test]
fn only_documents_with_warnings_alone_can_be_used() {
    for (name, path) in invalid() {
        let (problems, said) = verdict(&name, &path);
        let errors = problems.iter().filter(|problem| problem.severity() == Severity::Error).count();
        let refused = said.starts_with("error[")
            || said.split_once(" problem").is_some_and(|(n, _)| n.parse() == Ok(errors));
        assert_eq!(refused, errors > 0, "{name}\n{said}");
    }
}

#[test]
fn every_code_has_a_bad_document_and_every_bad_document_a_code() {
    let documents = invalid();
    assert!(documents.len() >= FEWEST, "only {} bad documents", documents.len());
    let named: BTreeSet<Code> = documents.keys().filter_map(|name| code_of(name)).collect();
    let missing: Vec<&str> =
        Problem::codes().iter().filter(|code| !named.contains(code)).map(|code| code.slug()).collect();
    assert!(missing.is_empty(), "codes without a bad document: {missing:?}");
    for (file, path) in files("invalid") {
        let name = file.split_once('.').unwrap().0;
        assert!(code_of(name).is_some(), "{file} begins with no code");
        assert!(documents.contains_key(name), "{file} has no document");
        assert!(is(&path, "txt") || is(&path, "toml") || is(&path, "json"), "{file} is of no known kind");
    }
}

#[test]
fn words_are_those_of_the_style_guide() {
    for (name, path) in invalid() {
        for problem in verdict(&name, &path).0 {
            let texts = [Some(problem.message()), problem.help_text()];
            for text in texts.into_iter().flatten() {
                assert!(!text.ends_with('.') || text.ends_with("..."), "{name}: full stop: {text}");
                assert!(
                    !text.starts_with(|first: char| first.is_uppercase()),
                    "{name}: begins large: {text}"
                );
                assert!(text.chars().count() <= 400, "{name}: long: {text}");
                assert!(!text.chars().any(char::is_control), "{name}: control character: {text:?}");
                for word in ["Some(", "None", "f64", "i64", "u32", "usize", "String", "Option", "Err("] {
                    assert!(!text.contains(word), "{name}: `{word}` in: {text}");
                }
            }
        }
    }
}

#[test]
fn the_format_page_explains_every_code() {
    let page = read(&docs().join("format.md"));
    let (_, problems) = page.split_once("\n## Problems\n").expect("a section on problems");
    let section = problems.split_once("\n## ").map_or(problems, |(section, _)| section);
    let mut parts = section.split("\n### ").skip(1);
    for code in Problem::codes() {
        let part = parts.next().unwrap_or_default();
        let (heading, text) = part.split_once('\n').unwrap_or((part, ""));
        assert_eq!(heading, code.slug(), "headings stand in the order of the catalogue");
        let meaning = if code.severity() == Severity::Warning {
            format!("*Warning.* {} ", code.meaning())
        } else {
            format!("{} ", code.meaning())
        };
        let advice = text.trim().strip_prefix(&meaning);
        assert!(
            advice.is_some_and(|advice| advice.len() > 20),
            "{code}: expected `{meaning}`, then advice, found{text}"
        );
    }
    assert_eq!(parts.next(), None, "a heading that is no code");
}

#[test]
fn every_good_document_is_accepted() {
    let documents: Vec<PathBuf> =
        files("valid").into_values().filter(|path| is(path, "toml") || is(path, "json")).collect();
    assert!(!documents.is_empty(), "no good document");
    for path in documents {
        let text = read(&path);
        let document =
            if is(&path, "json") { Document::from_json(&text) } else { Document::from_toml(&text) };
        let kb = document.unwrap_or_else(|error| panic!("{}: {error}", path.display())).validate();
        kb.unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    }
}
