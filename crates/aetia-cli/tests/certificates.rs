//! Proofs that are written and checked again: of what was asked, and of no more.

use std::fs;

use crate::binary::{Run, files, room, run_in};

const RULE: &str = "always_above(locked, broken) when absent(handle_loose)";

/// Runs `aetia prove door.toml` in a folder that has it.
fn prove(folder: &std::path::Path, arguments: &[&str]) -> Run {
    run_in(folder, &[["prove", "door.toml"].as_slice(), arguments].concat(), "")
}

#[test]
fn a_proof_of_one_setting_is_no_proof_of_all() {
    let folder = room("a_proof_of_one_setting");
    fs::copy(files().join("door.toml"), folder.join("door.toml")).unwrap();
    let written = prove(&folder, &[RULE, "--setting", "home", "--certificate", "home.json"]);
    assert_eq!(written.code, 0, "{}{}", written.out, written.err);

    let of_home = prove(&folder, &[RULE, "--check", "home.json", "--setting", "home"]);
    assert_eq!((of_home.code, of_home.out.starts_with("accepted: ")), (0, true), "{}", of_home.out);
    for narrower in [[].as_slice(), &["--setting", "office"], &["--setting", "home", "--priors", "1"]] {
        let other = prove(&folder, &[[RULE, "--check", "home.json"].as_slice(), narrower].concat());
        assert_eq!(other.code, 1, "{narrower:?}: {}", other.out);
        let said = other.out.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(said.contains("shows less than is claimed"), "{narrower:?}: {said}");
    }
    let nowhere = prove(&folder, &[RULE, "--check", "home.json", "--setting", "shed"]);
    assert!(nowhere.code == 2 && nowhere.err.contains("`shed` is no setting"), "{}", nowhere.err);
}

/// That no case is possible has a proof, too: of the rule that says so.
#[test]
fn what_is_impossible_has_a_proof_that_can_be_checked() {
    let folder = room("what_is_impossible");
    let text = fs::read_to_string(files().join("door.toml")).unwrap();
    // A latch that nothing speaks for.
    let text = text.replace("prior.home = { value = 0.10", "prior.home = { value = 0.000001");
    let text = text.replace("prior.office = { value = 0.10", "prior.office = { value = 0.000001");
    fs::write(folder.join("door.toml"), text).unwrap();
    let refuted = prove(&folder, &["reachable_first(broken)", "--certificate", "never.json"]);
    assert_eq!(refuted.code, 1, "{}{}", refuted.out, refuted.err);
    assert!(refuted.out.contains("The certificate of `never_first(broken)` has "), "{}", refuted.out);
    let checked = prove(&folder, &["never_first(broken)", "--check", "never.json", "--setting", "home"]);
    assert_eq!(checked.code, 0, "{}{}", checked.out, checked.err);
}
