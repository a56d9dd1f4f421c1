//! What reading a document promises, by example.

use super::*;
use crate::document::{AnswerValue, Link};

/// Every field of the format once, and every word a field may hold.
const EVERYTHING: &str = include_str!("everything.toml");

fn toml(text: &str) -> Document {
    Document::from_toml(text).unwrap()
}

/// The smallest document without problems of shape, and more.
fn with(more: &str) -> Document {
    const LEAST: &str = r#"
        format_version = 1
        knowledge_base = { id = "a", version = "1", title = "A", notice = "N", default_setting = "s" }
        comparator = { id = "other", title = "Other" }
    "#;
    toml(&format!("{LEAST}{more}"))
}

fn only_problem(more: &str) -> String {
    let document = with(more);
    let [problem] = document.reading.problems() else {
        panic!("{more}: {:#?}", document.reading.problems());
    };
    problem.to_string()
}

#[test]
fn everything_is_read_and_nothing_is_wrong() {
    let document = toml(EVERYTHING);
    assert_eq!(document.reading.problems(), []);
    let [first, .., last] = document.evidence.as_slice() else { panic!("there are rows") };
    assert_eq!(first.accuracy.as_ref().map(|row| row.specificity.to_string()).as_deref(), Some("1"));
    assert_eq!(last.provenance.source, ["b11:table_4", "b12"]);
    assert_eq!(document.implies[0].then["pattern"], AnswerValue::Named("constant".to_owned()));
    assert_eq!(document.knowledge_base.link, Link::Independent);
    assert_eq!(document.indicators["age"].cut_points.len(), 2);
    assert_eq!(document.indicators["age"].codes["loinc"], ["1", "2"]);
}

#[test]
fn documents_read_back_equal_from_both_notations() {
    let document = toml(EVERYTHING);
    let json = document.to_json();
    let from_json = Document::from_json(&json).unwrap();
    assert_eq!(from_json.reading.problems(), []);
    assert_eq!(from_json, document);
    assert_eq!(from_json.to_json(), json);
    let text = document.to_toml();
    let from_toml = Document::from_toml(&text).unwrap();
    assert_eq!(from_toml.reading.problems(), []);
    assert_eq!(from_toml, document);
    assert_eq!(from_toml.to_toml(), text);
}

#[test]
fn texts_and_numbers_of_any_kind_read_back() {
    let mut document = with("");
    for text in [
        "",
        "a\nb",
        "a\r\nb",
        "\"\"\"'''\\",
        "\u{0}\u{7f}\u{1b}",
        "\u{feff}é\u{202e}\u{2028}",
        "\t",
        "'",
        "#",
        "\n",
    ] {
        document.knowledge_base.title = text.to_owned();
        document.sources.insert(text.to_owned(), crate::document::Source::default());
        let mut row = crate::document::Evidence::default();
        row.likelihood_ratios.insert(text.to_owned(), 0.1 + 0.2);
        row.interval.insert(text.to_owned(), [f64::MIN_POSITIVE, f64::MAX]);
        document.evidence.push(row);
    }
    for number in [0.0, -0.0, 1.0, 1e300, 5e-324, 45.0, 1_152_921_504_606_846_976.0, 0.1, f64::MAX] {
        document.implies.push(crate::document::Implies {
            then: std::iter::once(("x".to_owned(), AnswerValue::Number(number))).collect(),
            ..Default::default()
        });
    }
    assert_eq!(toml(&document.to_toml()), document);
    assert_eq!(Document::from_json(&document.to_json()).unwrap(), document);
}

#[test]
fn numbers_that_are_not_finite_are_kept_for_validation() {
    let document = with("causes.a = { title = \"A\", prior.s = { value = inf, tag = \"seed\" } }");
    assert_eq!(document.reading.problems(), []);
    assert!(document.causes["a"].prior["s"].value.is_infinite());
    assert_eq!(toml(&document.to_toml()), document);
}

#[test]
fn each_problem_of_shape_is_told() {
    for (more, expected) in [
        ("settings.s = {}", "error[missing-field], settings.s.title: the field `title` is missing"),
        (
            "settings.s = { title = \"S\", titel = \"S\" }",
            "error[unknown-field], settings.s.titel: `titel` is no field of this table\n  help: did you mean `title`?",
        ),
        (
            "settings.s = { title = \"S\", xyz = 1 }",
            "error[unknown-field], settings.s.xyz: `xyz` is no field of this table\n  help: its fields are `title`, `notes`",
        ),
        (
            "settings.s = { title = 3 }",
            "error[wrong-type], settings.s.title: found the number 3, expected a text",
        ),
        ("settings = []", "error[wrong-type], settings: found a list, expected a table"),
        (
            "settings.S = { title = 2020-01-01 }",
            "error[wrong-type], settings.\"S\".title: found a date or time, expected a text",
        ),
        (
            "indicators.i = { title = \"I\", kind = \"bolean\" }",
            "error[unknown-choice], indicators.i.kind: found `bolean`, expected one of `boolean`, `categorical`, \
             `ordinal`, `numeric`\n  help: did you mean `boolean`?",
        ),
        (
            "evidence = [{ cause = \"c\", indicator = \"i\", tag = \"seed\", n = 2.5 }]",
            "error[wrong-type], evidence[0].n: found the number 2.5, expected a whole number from 0 to 4294967295",
        ),
        (
            "evidence = [{ cause = \"c\", indicator = \"i\", tag = \"seed\", n = -1 }]",
            "error[wrong-type], evidence[0].n: found the number -1, expected a whole number from 0 to 4294967295",
        ),
        (
            "evidence = [{ cause = \"c\", indicator = \"i\", tag = \"seed\", interval.\"<4\" = [1] }]",
            "error[wrong-type], evidence[0].interval.\"<4\": found a list of 1, expected a list of two numbers",
        ),
        (
            "implies = [{ if = \"x\", then = { i = [] }, reason = \"r\" }]",
            "error[wrong-type], implies[0].then.i: found a list, expected `true`, `false`, a number or a text",
        ),
    ] {
        assert_eq!(only_problem(more), expected);
    }
    let document = toml("format_version = 2");
    let codes: Vec<Code> = document.reading.problems().iter().map(Problem::code).collect();
    assert_eq!(codes, [Code::FormatVersion, Code::MissingField, Code::MissingField]);
}

#[test]
fn a_whole_number_may_be_written_with_a_fraction() {
    let row = "cause = \"c\", indicator = \"i\", tag = \"seed\", n = 3.0, likelihood_ratios.x = 2";
    let document = with(&format!("evidence = [{{ {row} }}]"));
    assert_eq!(document.reading.problems(), []);
    assert_eq!(document.evidence[0].provenance.n, Some(3));
    assert!(document.evidence[0].likelihood_ratios["x"] > 1.9);
}

#[test]
fn a_value_that_cannot_be_read_is_stood_in_for() {
    let document =
        with("indicators.i = { title = 1, kind = 2, cost = \"x\" }\nevidence = [{ accuracy = 3 }]");
    assert_eq!(document.indicators.len(), 1);
    assert!(document.evidence[0].accuracy.is_some());
    assert_eq!(document.reading.problems().len(), 7);
}

#[test]
fn problems_stand_in_the_order_of_the_text() {
    let text = "comparator = 1\n[causes.b]\n[causes.a]\ntitel = 1\n";
    let document = toml(text);
    let later = [("causes.b.prior", Code::PriorMissing), ("causes.a.title", Code::EmptyText)];
    let later = later.map(|(place, code)| Problem::new(code, place, "later"));
    let placed = document.reading.place_all(later.to_vec());
    let seen: Vec<_> = placed.iter().map(|p| (p.place(), p.line_and_column().unwrap())).collect();
    assert_eq!(
        seen,
        [
            ("format_version", (1, 1)),
            ("knowledge_base", (1, 1)),
            ("comparator", (1, 14)),
            ("causes.b.title", (2, 1)),
            ("causes.b.prior", (2, 1)),
            ("causes.a.title", (3, 1)),
            ("causes.a.titel", (4, 9)),
        ]
    );
}

#[test]
fn a_text_that_cannot_be_read_at_all_is_one_error() {
    let refused = |result: Result<Document, DocumentError>| result.unwrap_err().problem().code();
    assert_eq!(refused(Document::from_toml("\u{feff}a = 1")), Code::ByteOrderMark);
    assert_eq!(refused(Document::from_json("\u{feff}{}")), Code::ByteOrderMark);
    assert_eq!(refused(Document::from_toml("a =")), Code::Syntax);
    assert_eq!(refused(Document::from_json("{")), Code::Syntax);
    assert_eq!(refused(Document::from_toml("a = 1\na = 1")), Code::DuplicateKey);
    assert_eq!(refused(Document::from_json(r#"{"a": 1, "a": 1}"#)), Code::DuplicateKey);
    assert_eq!(refused(Document::from_json(&"[".repeat(10_000))), Code::TooDeep);
    let narrow = Limits { document_bytes: 10, ..Limits::default() };
    assert_eq!(refused(Document::from_toml_within("a = 1234567890", &narrow)), Code::TooLarge);
    assert_eq!(refused(Document::from_json_within("[1, 2, 3, 4]", &narrow)), Code::TooLarge);
}

#[test]
fn a_hostile_text_costs_little() {
    let key = "k".repeat(100_000);
    let entries: Vec<String> = (0..100_000).map(|n| format!("\"{n}\": 0")).collect();
    let entries = entries.join(",");
    let document = Document::from_json(&format!("{{\"causes\": {{\"{key}\": {{{entries}}}}}}}")).unwrap();
    let problems = document.reading.place_all(Vec::new());
    assert_eq!(problems.len(), 1_001);
    assert!(problems.iter().all(|problem| problem.to_string().len() < 500));
}

#[test]
fn garbage_never_panics() {
    let mut state = 1_u32;
    let json = toml(EVERYTHING).to_json();
    for round in 0..400 {
        for text in [EVERYTHING, &json] {
            let mut damaged: Vec<char> = text.chars().collect();
            for _ in 0..=(round % 3) {
                // A linear congruence: arbitrary, the same on every run.
                state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                let at = usize::try_from(state >> 8).unwrap() % damaged.len();
                let sign = "\"'[]{}=,.:\\\n#0-aé\u{0}".chars().nth(usize::try_from(state >> 4).unwrap() % 19);
                damaged[at] = sign.unwrap_or('x');
            }
            let damaged: String = damaged.into_iter().collect();
            for document in
                [Document::from_toml(&damaged), Document::from_json(&damaged)].into_iter().flatten()
            {
                drop(document.reading.place_all(Vec::new()));
            }
        }
    }
}

#[test]
fn cases_are_read() {
    let limits = Limits::default();
    let case = |text: &str, kind| read_case(text, kind, &limits).unwrap().0;
    let toml = case("[findings]\na = true\nb = \"constant\"\nc = 32\nd = \"unknown\"", SourceKind::Toml);
    assert_eq!(toml.problems, []);
    assert_eq!(toml.findings["a"], Some(AnswerValue::Boolean(true)));
    assert_eq!(toml.findings["c"], Some(AnswerValue::Number(32.0)));
    assert_eq!(toml.findings["d"], Some(AnswerValue::Named("unknown".to_owned())));
    let json = case(r#"{"format_version": 1, "findings": {"a": null}}"#, SourceKind::Json);
    assert_eq!((json.problems.as_slice(), &json.findings["a"]), ([].as_slice(), &None));
    let wrong = case("format_version = 3\nfinding = {}\nfindings.a = []", SourceKind::Toml);
    let codes: Vec<Code> = wrong.problems.iter().map(Problem::code).collect();
    assert_eq!(codes, [Code::FormatVersion, Code::WrongType, Code::UnknownField]);
    let large = "x".repeat(limits.case_bytes + 1);
    assert_eq!(read_case(&large, SourceKind::Toml, &limits).unwrap_err().problem().code(), Code::TooLarge);
}
