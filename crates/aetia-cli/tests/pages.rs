//! Completions and man pages know every command.

use std::fs;

use crate::binary::{room, run, run_in};

/// The commands, as the help lists them.
fn commands() -> Vec<String> {
    let help = run(&["--help"], "").out;
    let (_, list) = help.split_once("Commands:\n").unwrap();
    let (list, _) = list.split_once("\n\n").unwrap();
    let names = list.lines().filter(|line| line.starts_with("  ") && !line.starts_with("   "));
    names
        .map(|line| line.split_whitespace().next().unwrap().to_owned())
        .filter(|name| name != "help")
        .collect()
}

#[test]
fn every_shell_completes_every_command() {
    let commands = commands();
    assert!(commands.len() >= 7, "{commands:?}");
    for shell in ["bash", "elvish", "fish", "powershell", "zsh"] {
        let run = run(&["completions", shell], "");
        assert_eq!(run.code, 0, "{shell}: {}", run.err);
        for command in &commands {
            assert!(run.out.contains(command), "{shell} does not know {command}");
        }
    }
}

#[test]
fn every_command_has_a_page() {
    let page = run(&["man"], "");
    assert_eq!(page.code, 0);
    assert!(page.out.contains(".TH aetia 1"), "{}", page.out);
    let room = room("man");
    assert_eq!(run_in(&room, &["man", "--into", "pages"], "").code, 0);
    for command in commands() {
        assert!(page.out.contains(&format!("aetia\\-{command}(1)")), "{command} is not on the page");
        let text = fs::read_to_string(room.join(format!("pages/aetia-{command}.1"))).unwrap();
        assert!(text.contains("SYNOPSIS"), "{command}");
    }
}
