//! Interviews: nothing is lost, nothing is asked twice, and what comes out is what the library says.

use std::fs;

use aetia::{AnswerValue, Document, InterviewRecord, Model, Record, StopReason};

use crate::binary::{files, room, run, run_in};

fn door() -> Model {
    let text = fs::read_to_string(files().join("door.toml")).unwrap();
    Document::from_toml(&text).unwrap().validate().unwrap().compile()
}

/// The lines that answer, in the order they were read.
fn asked(dialogue: &str) -> Vec<&str> {
    dialogue
        .lines()
        .filter(|line| line.split_once(". ").is_some_and(|(number, _)| number.parse::<usize>().is_ok()))
        .collect()
}

#[test]
fn a_script_comes_to_what_the_library_says() {
    let model = door();
    let mut interview = model.interview();
    let mut script = String::new();
    let answers = [
        ("smoke", "n", AnswerValue::Boolean(false)),
        ("handle_loose", "n", AnswerValue::Boolean(false)),
        ("handle_turns", "yes", AnswerValue::Boolean(true)),
        ("weather", "1", AnswerValue::Named("dry".to_owned())),
        ("age", "12.5", AnswerValue::Number(12.5)),
        ("bolt_out", "y", AnswerValue::Boolean(true)),
    ];
    while interview.stop_reason().is_none() {
        let question = interview.next().unwrap();
        let id = question.indicator().id().to_string();
        let (_, typed, value) =
            answers.iter().find(|(known, ..)| *known == id).unwrap_or_else(|| panic!("{id}"));
        script += typed;
        script += "\n";
        interview.answer(&id, value).unwrap();
    }
    let run = run(&["interview", "door.toml", "--json"], &script);
    assert_eq!(run.code, 0, "{}", run.err);
    assert_eq!(run.out.trim_end(), interview.assessment().to_json());
    assert_eq!(asked(&run.err).len(), interview.answers().len());
    let Some(reason) = interview.stop_reason() else { panic!("the library goes on") };
    assert!(run.err.contains(&reason.sentence()), "{reason}\n{}", run.err);
    assert_ne!(reason, StopReason::NothingLeft);
}

#[test]
fn an_interview_that_is_taken_up_ends_like_one_in_one_go() {
    let room = room("taken-up");
    let base = files().join("door.toml");
    let base = base.to_str().unwrap();
    let script = ["smoke = n\n", "weather = wet\n", "handle_turns = s\n", "age = 40\n", "handle_loose = n\n"];
    let whole = run(&["interview", base, "--until", "end", "--json"], &script.concat());
    assert_eq!(whole.code, 0, "{}", whole.err);
    for cut in 0..=script.len() {
        let file = format!("{cut}.json");
        let (before, after) = script.split_at(cut);
        let begun = ["interview", base, "--until", "end", "--save", &file];
        assert_eq!(run_in(&room, &begun, &(before.concat() + "q\n")).code, 0);
        let resumed = ["interview", base, "--save", &file, "--resume", &file, "--json"];
        let run = run_in(&room, &resumed, &after.concat());
        assert_eq!((run.code, &run.out), (0, &whole.out), "{}", run.err);
        let stored = InterviewRecord::from_json(&fs::read_to_string(room.join(&file)).unwrap()).unwrap();
        assert_eq!(stored.answers.len(), script.len());
        assert_eq!(door().resume(&stored).unwrap().assessment().to_json(), whole.out.trim_end());
        let left: Vec<_> = fs::read_dir(&room).unwrap().collect();
        assert_eq!(left.len(), cut + 1, "nothing but the interviews is left");
    }
}

#[test]
fn back_undoes_an_answer_and_nothing_else() {
    let once = run(&["interview", "door.toml", "--json"], "smoke = n\nweather = dry\n");
    let twice = run(&["interview", "door.toml", "--json"], "smoke = n\nweather = frost\nb\nweather = dry\n");
    assert_eq!((once.code, twice.code), (0, 0), "{}", twice.err);
    assert_eq!(once.out, twice.out);
}

#[test]
fn a_person_alone_is_asked_nothing_that_takes_an_examination() {
    let script = "smoke = n\nweather = dry\nhandle_loose = n\nhandle_turns = y\nage = 5\n";
    let alone = run(&["interview", "door.toml", "--self", "--until", "end"], script);
    assert_eq!(alone.code, 0, "{}", alone.err);
    assert!(!alone.out.contains("examination of the gap"), "{}", alone.out);
    assert!(alone.out.contains("1 question is left out, because an examination"), "{}", alone.out);
    assert!(alone.out.contains("There is nothing left to ask."), "{}", alone.out);
    let anybody = run(&["interview", "door.toml", "--until", "end"], script);
    assert!(anybody.out.contains("examination of the gap"), "{}", anybody.out);
}

#[test]
fn what_is_raised_is_said_at_once() {
    let run = run(&["interview", "door.toml"], "y\n# a comment, and an empty line\n\nq\n");
    let (at_once, later) = run.out.split_once("2. ").unwrap();
    assert!(at_once.contains("! EMERGENCY: It may burn behind the door. Leave the house"), "{at_once}");
    assert!(later.contains("! EMERGENCY"), "{later}");
}

/// An answer that does not fit would move all that follow to other questions.
#[test]
fn a_script_that_goes_astray_stops_with_its_line() {
    for (script, line, why) in [
        ("n\nperhaps\nn\n", 2, "`perhaps` is no answer"),
        ("# once\nsmoke = y\nweather = frost\n", 3, "contradict each other"),
        ("handle_lose = y\n", 1, "did you mean `handle_loose`?"),
        ("handle_loose = y\nhandle_turns = n\n", 2, "follows from other answers"),
        ("smoke = n\nsmoke = y\n", 2, "was asked before"),
        ("b\n", 1, "no answer to take back"),
    ] {
        let run = run(&["interview", "door.toml", "--until", "end"], script);
        assert_eq!(run.code, 2, "{script}\n{}", run.out);
        let said = run.err.replace("\n  ", " ");
        assert!(said.contains(&format!("line {line} of the answers")) && said.contains(why), "{said}");
    }
}

#[test]
fn no_file_is_overwritten_but_the_interview_taken_up() {
    let room = room("overwritten");
    fs::write(room.join("letter.txt"), "dear").unwrap();
    let base = files().join("door.toml");
    let base = base.to_str().unwrap();
    let refused = run_in(&room, &["interview", base, "--save", "letter.txt"], "n\n");
    assert_eq!((refused.code, refused.out.as_str()), (2, ""));
    assert!(refused.err.contains("is there already"), "{}", refused.err);
    assert_eq!(fs::read_to_string(room.join("letter.txt")).unwrap(), "dear");
    assert_eq!(run_in(&room, &["interview", base, "--save", "nowhere/a.json"], "n\n").code, 2);
}

#[test]
fn an_interview_of_another_knowledge_base_is_adopted_only_when_asked() {
    let room = room("adopted");
    let base = files().join("door.toml");
    let other = fs::read_to_string(&base).unwrap().replace("sensitivity = 0.80", "sensitivity = 0.70");
    let other = other.replace("{ id = \"frost\", title = \"Frost\" }", "{ id = \"ice\", title = \"Ice\" }");
    let other = other.replace("frost", "ice");
    fs::write(room.join("other.toml"), other).unwrap();
    let begun = ["interview", base.to_str().unwrap(), "--save", "begun.json"];
    assert_eq!(run_in(&room, &begun, "smoke = n\nweather = frost\nq\n").code, 0);
    let refused = run_in(&room, &["interview", "other.toml", "--resume", "begun.json"], "q\n");
    assert_eq!(refused.code, 2);
    assert!(refused.err.contains("--adopt"), "{}", refused.err);
    let adopted =
        run_in(&room, &["interview", "other.toml", "--resume", "begun.json", "--adopt", "--json"], "q\n");
    assert_eq!(adopted.code, 0, "{}", adopted.err);
    assert!(adopted.err.contains("not taken over: `weather`"), "{}", adopted.err);
    let record = Record::from_json(adopted.out.trim_end()).unwrap();
    assert_eq!(record.case, serde_json::json!({ "findings": { "smoke": false } }));
}
