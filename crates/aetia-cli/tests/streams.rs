//! The two streams: colour where it shows, silence where nobody reads.

use std::process::Stdio;

use crate::binary::{command, files, run};

const ESCAPE: char = '\u{1b}';

/// What a terminal would show without its colours.
fn plain(text: &str) -> String {
    let mut parts = text.split("\u{1b}[");
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |shown, part| shown + part.split_once('m').map_or("", |(_, rest)| rest))
}

#[test]
fn colour_is_off_in_a_pipe_and_says_nothing_that_the_text_does_not() {
    let commands: [(&[&str], &str); 4] = [
        (&["kbs"], ""),
        (&["assess", "bad.toml", "case.toml"], ""),
        (&["assess", "door.toml", "cases.jsonl"], ""),
        (&["interview", "door.toml"], "y\nw\nq\n"),
    ];
    let mut colours = 0;
    for (arguments, input) in commands {
        let without = run(arguments, input);
        assert!(!without.out.contains(ESCAPE) && !without.err.contains(ESCAPE), "{arguments:?}");
        let with = run(&[arguments, &["--color", "always"]].concat(), input);
        assert_eq!((plain(&with.out), plain(&with.err)), (without.out, without.err), "{arguments:?}");
        colours += (with.out + &with.err).matches(ESCAPE).count();
        let never = run(&[arguments, &["--color", "never"]].concat(), input);
        assert!(!never.out.contains(ESCAPE) && !never.err.contains(ESCAPE), "{arguments:?}");
    }
    assert!(colours > 20, "only {colours} colours");
}

/// `aetia ... | head` ends quietly, with the exit code of what was found until then.
#[test]
fn a_reader_that_goes_away_is_no_error() {
    for (arguments, code) in [
        (["kbs", "morning_back_pain"].as_slice(), 0),
        (&["assess", "door.toml", "cases.jsonl"], 0),
        (&["assess", "door.toml", "cases_bad_first.jsonl"], 2),
        (&["interview", "door.toml"], 0),
    ] {
        let mut child = command(&files(), arguments)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        drop(child.stdout.take());
        let output = child.wait_with_output().unwrap();
        let err = String::from_utf8(output.stderr).unwrap();
        assert!(!err.contains("pipe") && !err.contains("panicked"), "{arguments:?}: {err}");
        assert_eq!(output.status.code(), Some(code), "{arguments:?}: {err}");
    }
}

/// What cannot be written is said where it can be.
#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_is_said() {
    for arguments in [["check", "door.toml"].as_slice(), &["kbs"], &["assess", "door.toml", "nowhere.toml"]] {
        let full = std::fs::File::options().write(true).open("/dev/full").unwrap();
        let output = command(&files(), arguments)
            .stdin(Stdio::null())
            .stdout(full)
            .stderr(Stdio::piped())
            .output()
            .unwrap();
        let err = String::from_utf8(output.stderr).unwrap();
        assert!(err.starts_with("error: "), "{arguments:?}: {err}");
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
    }
}

#[test]
fn results_and_errors_do_not_mix() {
    for arguments in [
        ["assess", "bad.toml", "case.toml"].as_slice(),
        &["assess", "door.toml", "bad_case.toml"],
        &["assess", "door.toml", "nowhere.toml"],
        &["assess", "nothing", "case.toml"],
        &["assess", "door.toml"],
        &["interview", "door.toml", "--resume", "nowhere.json"],
        &["kbs", "nothing"],
        &["nothing"],
    ] {
        let run = run(arguments, "");
        assert_eq!((run.code, run.out.as_str()), (2, ""), "{arguments:?}");
        assert!(run.err.starts_with("error"), "{arguments:?}: {}", run.err);
    }
}
