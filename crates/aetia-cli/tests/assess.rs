//! Cases: one and many give the same results as the library; a bad one is named and stops nobody.

use std::fs;

use aetia::{Document, Model, Record};
use serde_json::Value;

use crate::binary::{Run, files, run};

fn door() -> Model {
    let text = fs::read_to_string(files().join("door.toml")).unwrap();
    Document::from_toml(&text).unwrap().validate().unwrap().compile()
}

/// The lines of the file of cases that hold one.
fn written() -> Vec<(usize, String)> {
    let text = fs::read_to_string(files().join("cases.jsonl")).unwrap();
    let lines = (1..).zip(text.lines()).filter(|(_, line)| !line.trim().is_empty());
    lines.map(|(number, line)| (number, line.to_owned())).collect()
}

fn lines(run: &Run) -> Vec<&str> {
    run.out.lines().collect()
}

/// The n-th line of the output belongs to the n-th case, whatever was wrong with others.
#[test]
fn many_cases_come_to_what_the_library_says_line_by_line() {
    let run = run(&["assess", "door.toml", "cases.jsonl", "--json"], "");
    assert_eq!(run.code, 2);
    let (written, printed) = (written(), lines(&run));
    assert_eq!(printed.len(), written.len());
    let (mut good, mut bad) = (0, 0);
    for ((number, text), line) in written.iter().zip(printed) {
        match door().case_from_json(text) {
            Ok(case) => {
                assert_eq!(line, door().assess(&case).to_json());
                Record::from_json(line).unwrap();
                good += 1;
            }
            Err(_) => {
                let error: Value = serde_json::from_str(line).unwrap();
                assert_eq!(error["error"]["line"], *number);
                assert!(!error["error"]["problems"].as_array().unwrap().is_empty());
                assert!(run.err.contains(&format!("cases.jsonl:{number}:")), "{}", run.err);
                bad += 1;
            }
        }
    }
    assert!(good >= 2 && bad >= 2);
}

#[test]
fn a_case_is_the_same_by_any_way() {
    let json =
        door().case_from_toml(&fs::read_to_string(files().join("case.toml")).unwrap()).unwrap().to_json();
    let expected = door().assess(&door().case_from_json(&json).unwrap()).to_json() + "\n";
    let pretty = serde_json::to_string_pretty(&serde_json::from_str::<Value>(&json).unwrap()).unwrap();
    let toml = fs::read_to_string(files().join("case.toml")).unwrap();
    assert_eq!(run(&["assess", "door.toml", "case.toml", "--json"], "").out, expected);
    for input in [&json, &pretty, &toml, &format!("\n\n{json}\n\n")] {
        let run = run(&["assess", "door.toml", "-", "--json"], input);
        assert_eq!((run.code, &run.out), (0, &expected), "{input}\n{}", run.err);
    }
    let twice = run(&["assess", "door.toml", "-", "--json"], &format!("{json}\n{json}\n"));
    assert_eq!(twice.out, expected.repeat(2));
}

#[test]
fn the_setting_and_the_link_are_those_asked_for() {
    for (setting, link) in [("home", "exclusive"), ("office", "independent")] {
        let run =
            run(&["assess", "door.toml", "case.toml", "--json", "--setting", setting, "--link", link], "");
        let record: Value = serde_json::from_str(&run.out).unwrap();
        assert_eq!((record["setting"].as_str(), record["link"].as_str()), (Some(setting), Some(link)));
    }
}

#[test]
fn a_line_beyond_the_limit_is_named() {
    let long = format!("{{\"findings\": {{}}}}\n{{\"findings\": {{}}, \"x\": \"{}\"}}\n", "x".repeat(70_000));
    let run = run(&["assess", "door.toml", "-"], &(long + "{\"findings\": {}}\n"));
    assert_eq!(run.code, 2);
    assert!(run.err.contains("standard input, line 2: it has more than 65536 bytes"), "{}", run.err);
    assert!(run.out.contains("Line 1\n") && run.out.contains("Line 3\n"), "{}", run.out);
}
