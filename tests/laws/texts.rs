//! Laws of texts: what is written and read, what is refused, and what comes out.

use std::fmt::Write as _;

use aetia::{CaseError, Claim, Code, Condition, Document, Limits, Problem, Record, Severity};
use aetia_tests::engine::{any_answers, any_document, any_sample, case, cases, model, readings};
use aetia_tests::flagship::flagship;
use aetia_tests::oracle::Findings;
use proptest::prelude::*;
use proptest::sample::{Index, select};
use serde_json::{Value, json};

/// JSON with its keys in another order, white space between its tokens, and perhaps one key twice.
struct Scribe<'a> {
    text: String,
    turns: &'a [Index],
    /// In which object, by the order of writing, the last key is written again.
    twice: Option<usize>,
    objects: usize,
}

impl Scribe<'_> {
    fn turn(&self, below: usize) -> usize {
        self.turns[self.text.len() % self.turns.len()].index(below)
    }

    fn space(&mut self) {
        let space = ["", " ", "\n", "\t  ", "\r\n"][self.turn(5)];
        self.text.push_str(space);
    }

    fn write(&mut self, value: &Value) {
        match value {
            Value::Array(items) => {
                self.text.push('[');
                for (position, item) in items.iter().enumerate() {
                    self.text.push_str(if position > 0 { "," } else { "" });
                    self.space();
                    self.write(item);
                }
                self.text.push(']');
            }
            Value::Object(fields) => {
                let mut keys: Vec<&String> = fields.keys().collect();
                let turn = self.turn(keys.len() + 1);
                keys.rotate_left(turn);
                if self.twice == Some(self.objects) {
                    keys.extend(keys.first().copied());
                }
                self.objects += 1;
                self.text.push('{');
                for (position, key) in keys.into_iter().enumerate() {
                    self.text.push_str(if position > 0 { "," } else { "" });
                    self.space();
                    write!(self.text, "{}", json!(key)).unwrap();
                    self.space();
                    self.text.push(':');
                    self.space();
                    self.write(&fields[key]);
                }
                self.space();
                self.text.push('}');
            }
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {
                write!(self.text, "{value}").unwrap();
            }
        }
    }
}

/// The same JSON, written another way.
fn rewritten(json: &str, turns: &[Index], twice: Option<usize>) -> String {
    let mut scribe = Scribe { text: String::new(), turns, twice, objects: 0 };
    scribe.write(&serde_json::from_str(json).unwrap());
    scribe.text
}

fn turns() -> impl Strategy<Value = Vec<Index>> {
    prop::collection::vec(any::<Index>(), 7)
}

/// A case as TOML.
fn case_toml(findings: &Findings) -> String {
    let lines = findings.iter().map(|(id, value)| format!("{id} = {}\n", json!(value)));
    format!("# A case.\nformat_version = 1\n\n[findings]\n{}", lines.collect::<String>())
}

proptest! {
    #![proptest_config(cases())]

    /// Written and read it is the same document and the same case, and means the same: whatever the order of keys, the
    /// white space, and the language.
    #[test]
    fn a_document_survives_a_round_trip(sample in any_sample(), turns in turns()) {
        let document = &sample.document;
        let (json, toml) = (document.to_json(), document.to_toml());
        let from_json = Document::from_json(&json).unwrap();
        let from_toml = Document::from_toml(&toml).unwrap();
        prop_assert_eq!(&from_json, document);
        prop_assert_eq!(&from_toml, document);
        prop_assert_eq!(from_json.to_json(), json.as_str());
        prop_assert_eq!(from_toml.to_toml(), toml.as_str());
        let other = Document::from_json(&rewritten(&json, &turns, None)).unwrap();
        let remarked = Document::from_toml(&toml.replace("\n[", "\n\n# what comes now\n[")).unwrap();
        let one = model(document);
        for same in [other, remarked, from_toml] {
            let model = model(&same);
            prop_assert_eq!((model.source_hash(), model.meaning_hash()), (one.source_hash(), one.meaning_hash()));
        }
        let mut renamed = document.clone();
        renamed.comparator.title.push('!');
        let renamed = model(&renamed);
        prop_assert_ne!(renamed.source_hash(), one.source_hash());
        prop_assert_eq!(renamed.meaning_hash(), one.meaning_hash());

        let told = case(&one, &sample.findings);
        let json = told.to_json();
        let rewritten = rewritten(&json, &turns, None);
        for read in [one.case_from_json(&json), one.case_from_json(&rewritten), one.case_from_toml(&case_toml(&sample.findings))] {
            let read = read.unwrap();
            prop_assert_eq!((read.to_json(), read.hash()), (json.clone(), told.hash()));
        }
    }

    /// Whatever the bytes, the answer is a value or an error with a place inside them.
    #[test]
    fn no_text_makes_the_reader_panic(
        document in any_document(),
        bytes in prop::collection::vec(any::<u8>(), 0..200),
        text in any::<String>(),
        words in prop::collection::vec(select(WORDS), 0..40),
        wounds in prop::collection::vec((any::<Index>(), any::<Index>(), select(WORDS)), 1..4),
        answers in any_answers(&flagship().document),
    ) {
        let soup = words.concat();
        for text in [&String::from_utf8_lossy(&bytes).into_owned(), &text, &soup] {
            everything_reads(text)?;
        }
        for whole in [document.to_toml(), document.to_json()] {
            everything_reads(&wounded(&whole, &wounds))?;
        }
        let result = model(&document).assess(&model(&document).case().build().unwrap()).to_json();
        for whole in [case_toml(&answers), json!({ "findings": answers }).to_string(), result] {
            everything_reads(&wounded(&whole, &wounds))?;
        }
    }

    /// A key twice, a key too many and a size too large are refused wherever they are, each by its code.
    #[test]
    fn what_exceeds_the_limits_is_refused(document in any_document(), turns in turns(), which in any::<Index>()) {
        let json = document.to_json();
        let parsed: Value = serde_json::from_str(&json).unwrap();
        let objects = count_objects(&parsed);
        let twice = rewritten(&json, &turns, Some(which.index(objects)));
        // An empty table has no key to write twice.
        if twice != rewritten(&json, &turns, None) {
            let error = Document::from_json(&twice).unwrap_err();
            prop_assert_eq!(error.problem().code(), Code::DuplicateKey);
        }

        let tables = tables(&parsed);
        let place = &tables[which.index(tables.len())];
        let mut with_more = parsed.clone();
        let table = with_more.pointer_mut(place).unwrap().as_object_mut().unwrap();
        table.insert("a_key_nobody_knows".to_owned(), json!(1));
        let read = Document::from_json(&with_more.to_string()).unwrap();
        prop_assert_eq!(codes(&read.validate().unwrap_err()), vec![Code::UnknownField], "{}", place);

        let exact = limits_of(&document, &json);
        prop_assert!(Document::from_json_within(&json, &exact).is_ok_and(|it| it.validate_within(&exact).is_ok()));
        let fewer = Limits { document_bytes: exact.document_bytes - 1, ..exact.clone() };
        prop_assert_eq!(Document::from_json_within(&json, &fewer).unwrap_err().problem().code(), Code::TooLarge);
        let too_many = |limits: Limits| document.clone().validate_within(&limits).is_err_and(|it| codes(&it).contains(&Code::TooMany));
        let mut smaller = vec![Limits { causes: exact.causes - 1, ..exact.clone() }];
        smaller.extend(exact.indicators.checked_sub(1).map(|indicators| Limits { indicators, ..exact.clone() }));
        smaller.extend(exact.gates.checked_sub(1).map(|gates| Limits { gates, ..exact.clone() }));
        smaller.push(Limits { settings: exact.settings - 1, ..exact });
        for limits in smaller {
            prop_assert!(too_many(limits));
        }
    }

    /// The same case gives the same bytes each time: told in whatever order, in new space or used, in another copy of
    /// the model. Read back, they are the same record.
    #[test]
    fn a_result_is_the_same_bytes_every_time(sample in any_sample()) {
        let (one, other) = (model(&sample.document), model(&sample.document));
        let told = case(&one, &sample.findings);
        let backward = sample.findings.iter().rev();
        let told_backward = backward.fold(other.case(), |builder, (id, value)| builder.finding(id, value).unwrap()).build().unwrap();
        let mut scratch = aetia::Scratch::new();
        for options in readings(&sample.document) {
            let first = one.assess_with(&told, &options, &mut scratch).unwrap().to_json();
            let again = one.assess_with(&told, &options, &mut scratch).unwrap().clone();
            prop_assert_eq!(&again.to_json(), &first);
            prop_assert_eq!(&other.assess_with(&told_backward, &options, &mut scratch).unwrap().to_json(), &first);
            let record: Record = serde_json::from_str(&first).unwrap();
            prop_assert_eq!(&record, &again.record());
            prop_assert_eq!(record.to_json(), first);
        }
    }
}

/// Words of the formats and of their grammars, from which broken texts are made.
const WORDS: &[&str] = &[
    "{",
    "}",
    "[",
    "]",
    "[[",
    "]]",
    "(",
    ")",
    "\"",
    "'",
    "\"\"\"",
    "=",
    ":",
    ",",
    ".",
    "\n",
    " ",
    "\t",
    "\\",
    "\\u",
    "#",
    "null",
    "true",
    "false",
    "nan",
    "inf",
    "-",
    "+",
    "0",
    "1",
    "9",
    "1e999",
    "0x",
    "1979-05-27",
    "present",
    "absent",
    "answer",
    "in",
    "all",
    "any",
    "not",
    "at_least",
    ">=",
    "<",
    "..",
    "unless",
    "whenever",
    "when",
    "never_first",
    "raised",
    "monotone",
    "->",
    "causes",
    "evidence",
    "sign_0",
    "alder",
    "findings",
    "format_version",
    "\u{feff}",
    "\u{202e}",
    "\u{0}",
    "é",
    "𝄞",
    "e\u{301}",
];

/// The text with a few pieces cut out or put in.
fn wounded(text: &str, wounds: &[(Index, Index, &str)]) -> String {
    let mut text = text.to_owned();
    for (from, length, word) in wounds {
        let starts: Vec<usize> = text.char_indices().map(|(at, _)| at).chain([text.len()]).collect();
        let from = from.index(starts.len());
        // Half of the wounds cut nothing out, a few cut far.
        let to = (from + length.index(12).saturating_sub(6)).min(starts.len() - 1);
        text.replace_range(starts[from]..starts[to], word);
    }
    text
}

/// Reads a text as everything that is ever read, and checks what comes of it.
fn everything_reads(text: &str) -> Result<(), TestCaseError> {
    for read in [Document::from_toml(text), Document::from_json(text)] {
        match read {
            Err(error) => lies_inside(text, error.problem())?,
            Ok(document) => match document.validate() {
                Err(invalid) => {
                    prop_assert!(
                        invalid.problems().iter().any(|problem| problem.severity() == Severity::Error)
                    );
                    invalid.problems().iter().try_for_each(|problem| lies_inside(text, problem))?;
                }
                // What is valid can be assessed.
                Ok(kb) => {
                    let assessment = kb.compile().assess(&kb.case().build().unwrap());
                    prop_assert!(!assessment.to_string().is_empty());
                }
            },
        }
    }
    let model = &flagship().model;
    for read in [model.case_from_toml(text), model.case_from_json(text)] {
        match read {
            Err(CaseError::Document(error)) => lies_inside(text, error.problem())?,
            Err(CaseError::Invalid(invalid)) => {
                invalid.problems().iter().try_for_each(|problem| lies_inside(text, problem))?;
            }
            Err(other) => prop_assert!(false, "{}", other),
            Ok(case) => prop_assert!(!model.assess(&case).to_string().is_empty()),
        }
    }
    // A stored result that is read can be printed.
    if let Ok(record) = Record::from_json(text) {
        prop_assert!(!record.to_string().is_empty());
    }
    // A grammar that reads a text writes it so that it reads it again.
    if let Ok(condition) = text.parse::<Condition>() {
        prop_assert_eq!(condition.to_string().parse::<Condition>(), Ok(condition));
    }
    if let Ok(claim) = text.parse::<Claim>() {
        prop_assert_eq!(claim.to_string().parse::<Claim>(), Ok(claim));
    }
    Ok(())
}

/// A problem names a line of the text and a column of that line, or the place after its end.
fn lies_inside(text: &str, problem: &Problem) -> Result<(), TestCaseError> {
    prop_assert!(!problem.to_string().is_empty());
    if let Some((line, column)) = problem.line_and_column() {
        let lines: Vec<&str> = text.split('\n').collect();
        let (line, column) = (usize::try_from(line).unwrap(), usize::try_from(column).unwrap());
        prop_assert!((1..=lines.len()).contains(&line), "line {} of {}: {}", line, lines.len(), problem);
        let end = lines[line - 1].chars().count() + 1;
        prop_assert!((1..=end).contains(&column), "column {} of {}: {}", column, end, problem);
    }
    Ok(())
}

fn count_objects(value: &Value) -> usize {
    match value {
        Value::Array(items) => items.iter().map(count_objects).sum(),
        Value::Object(fields) => 1 + fields.values().map(count_objects).sum::<usize>(),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => 0,
    }
}

/// The places of tables whose keys are those of the format, as JSON pointers.
fn tables(document: &Value) -> Vec<String> {
    let mut places = vec![String::new(), "/knowledge_base".to_owned(), "/comparator".to_owned()];
    for room in ["settings", "sources", "causes", "indicators", "derived", "groups", "gates", "flags"] {
        let entries = document[room].as_object().into_iter().flatten();
        places.extend(entries.map(|(id, _)| format!("/{room}/{id}")));
    }
    for list in ["evidence", "implies", "impossible"] {
        let count = document[list].as_array().map_or(0, Vec::len);
        places.extend((0..count).map(|position| format!("/{list}/{position}")));
    }
    places
}

/// Limits that just hold a document.
fn limits_of(document: &Document, json: &str) -> Limits {
    Limits {
        document_bytes: json.len(),
        causes: document.causes.len(),
        indicators: document.indicators.len() + document.derived.len(),
        settings: document.settings.len(),
        gates: document.gates.len() + document.flags.len(),
        ..Limits::default()
    }
}

/// The codes of the errors, in order.
fn codes(invalid: &aetia::Invalid) -> Vec<Code> {
    let errors = invalid.problems().iter().filter(|problem| problem.severity() == Severity::Error);
    errors.map(Problem::code).collect()
}

/// The flagship, too, is what it is in either language.
#[test]
fn the_flagship_survives_a_round_trip() {
    let document = &flagship().document;
    assert_eq!(&Document::from_json(&document.to_json()).unwrap(), document);
    assert_eq!(&Document::from_toml(&document.to_toml()).unwrap(), document);
    let copy = model(&Document::from_toml(&document.to_toml()).unwrap());
    assert_eq!(copy.source_hash(), flagship().model.source_hash());
    assert_eq!(copy.meaning_hash(), flagship().model.meaning_hash());
}

/// Cases are held to their limits as documents are.
#[test]
fn a_case_that_exceeds_the_limits_is_refused() {
    let model = &flagship().model;
    let code = |read: Result<aetia::Case, CaseError>| match read {
        Err(CaseError::Document(error)) => error.problem().code(),
        Err(CaseError::Invalid(invalid)) => codes(&invalid)[0],
        Ok(_) | Err(_) => panic!("neither unreadable nor invalid"),
    };
    assert_eq!(code(model.case_from_json(r#"{"findings": {"crp": 4, "crp": 5}}"#)), Code::DuplicateKey);
    assert_eq!(code(model.case_from_toml("findings.crp = 4\nfindings.crp = 5\n")), Code::DuplicateKey);
    assert_eq!(code(model.case_from_json(r#"{"findings": {}, "finding": {}}"#)), Code::UnknownField);
    let large = " ".repeat(Limits::default().case_bytes + 1);
    assert_eq!(code(model.case_from_toml(&large)), Code::TooLarge);
    let deep = format!(r#"{{"findings": {}{}}}"#, "[".repeat(40), "]".repeat(40));
    assert_eq!(code(model.case_from_json(&deep)), Code::TooDeep);
}

/// A ranking and its reasons are as wide as is asked for, 100 columns unless said, and say the same at any width.
#[test]
fn texts_are_as_wide_as_is_asked_for() {
    let flagship = flagship();
    // A figure stands before its unit, wherever the line is broken.
    let figures = |text: &str| -> Vec<String> {
        let words: Vec<&str> = text.split_whitespace().collect();
        let pairs = words.windows(2).filter(|pair| ["%", "dB"].contains(&pair[1]));
        pairs.map(|pair| pair.join(" ")).collect()
    };
    for golden in flagship.cases.iter().step_by(8) {
        let setting = golden.setting.as_ref().unwrap_or(&flagship.document.knowledge_base.default_setting);
        for reading in
            readings(&flagship.document).iter().filter(|reading| reading.setting == setting.as_str())
        {
            let assessment = aetia_tests::engine::assess(&flagship.model, &golden.findings, reading);
            let first = assessment.first().explanation();
            assert_eq!(format!("{assessment:100}{first:100}"), format!("{assessment}{first}"));
            for columns in [80, 90, 100, 140] {
                let text = format!("{assessment:columns$}{first:columns$}");
                let wide = text.lines().find(|line| line.chars().count() > columns);
                assert_eq!(wide, None, "{}: more than {columns} columns", golden.id);
                assert_eq!(figures(&text), figures(&format!("{assessment}{first}")), "{}", golden.id);
            }
        }
    }
}
