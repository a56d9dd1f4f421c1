//! Golden cases: what named people should come to, written by hand in TOML.
//!
//! ```toml
//! knowledge_base = "../documents/valid/small.toml"    # optional; beside the file's own place
//!
//! [[cases]]
//! id = "all_unknown"
//! title = "Nothing was asked"
//! why = "the priors alone decide"
//! setting = "primary_care"            # the default one unless said
//! findings = { night_pain = true, crp = "not_assessable", age_at_onset = 32 }
//! first = "myofascial"
//! held = { inflammatory_back_pain = "night_pain" }    # cause = gate
//! leads = false                       # whether the first stands above the comparator
//! raised = ["cauda_equina"]
//! scores = { myofascial = -7061000000 }               # nanodecibans after gates
//! source = "evidence.md, section 13"
//! ```
//! An unknown key is refused, so that a misspelt expectation cannot pass unseen.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use aetia::AnswerValue;
use toml::{Table, Value};

use crate::oracle::Findings;

/// A file of golden cases.
#[derive(Clone, Debug, PartialEq)]
pub struct GoldenFile {
    /// Where it is.
    pub path: PathBuf,
    /// The knowledge base its cases are about, where the file names it.
    pub knowledge_base: Option<PathBuf>,
    /// The cases.
    pub cases: Vec<GoldenCase>,
}

/// A case and what it should come to.
#[derive(Clone, Debug, PartialEq)]
pub struct GoldenCase {
    /// Its slug.
    pub id: String,
    /// Its title.
    pub title: String,
    /// Why it should come to that.
    pub why: String,
    /// The setting; the default one where none is named.
    pub setting: Option<String>,
    /// What was found.
    pub findings: Findings,
    /// The named cause of rank 1.
    pub first: String,
    /// The causes that are held, each with one of the gates that hold it.
    pub held: BTreeMap<String, String>,
    /// Whether the first cause stands above the comparator, where that is expected either way.
    pub leads: Option<bool>,
    /// The flags that are raised.
    pub raised: Vec<String>,
    /// Expected scores after gates, in nanodecibans.
    pub scores: BTreeMap<String, i64>,
    /// Where the expectation comes from.
    pub source: Vec<String>,
}

/// The golden cases of a file.
pub fn read(path: &Path) -> GoldenFile {
    let text = std::fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let (knowledge_base, cases) = parse(&text, &path.display().to_string());
    let beside = |name: String| path.parent().unwrap_or(Path::new("")).join(name);
    GoldenFile { path: path.to_owned(), knowledge_base: knowledge_base.map(beside), cases }
}

/// The golden cases in a text; `place` is what a complaint names.
pub fn read_text(text: &str, place: &str) -> Vec<GoldenCase> {
    parse(text, place).1
}

/// The golden files of a folder, by name. A folder that is not there has none.
pub fn read_all(folder: &Path) -> Vec<GoldenFile> {
    let Ok(entries) = std::fs::read_dir(folder) else {
        return Vec::new();
    };
    let mut paths: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
    paths.retain(|path| path.extension().is_some_and(|extension| extension == "toml"));
    paths.sort();
    paths.iter().map(|path| read(path)).collect()
}

fn parse(text: &str, place: &str) -> (Option<String>, Vec<GoldenCase>) {
    let table = text.parse().unwrap_or_else(|error| panic!("{place}: {error}"));
    let mut file = Fields { table, place: place.to_owned() };
    let knowledge_base = file.take("knowledge_base").map(|value| file.text(value));
    let Some(Value::Array(cases)) = file.take("cases") else { panic!("{place}: no [[cases]]") };
    file.finish();
    let case = |(index, case): (usize, Value)| {
        let Value::Table(table) = case else { panic!("{place}: case {} is no table", index + 1) };
        golden_case(Fields { table, place: format!("{place}: case {}", index + 1) })
    };
    (knowledge_base, cases.into_iter().enumerate().map(case).collect())
}

fn golden_case(mut fields: Fields) -> GoldenCase {
    let case = GoldenCase {
        id: fields.required("id"),
        title: fields.required("title"),
        why: fields.required("why"),
        setting: fields.take("setting").map(|value| fields.text(value)),
        findings: fields.by_name("findings", Fields::answer),
        first: fields.required("first"),
        held: fields.by_name("held", Fields::text),
        leads: fields.take("leads").map(|value| value.as_bool().expect("leads is true or false")),
        raised: match fields.take("raised") {
            None => Vec::new(),
            Some(Value::Array(flags)) => flags.into_iter().map(|flag| fields.text(flag)).collect(),
            Some(other) => panic!("{}: raised is {other}, not a list", fields.place),
        },
        scores: fields.by_name("scores", |_, value| value.as_integer().expect("a score is a whole number")),
        source: match fields.take("source") {
            Some(Value::Array(sources)) => sources.into_iter().map(|source| fields.text(source)).collect(),
            Some(source) => vec![fields.text(source)],
            None => panic!("{}: no source", fields.place),
        },
    };
    fields.finish();
    case
}

/// The keys of a table that have not been read yet.
struct Fields {
    table: Table,
    place: String,
}

impl Fields {
    fn take(&mut self, key: &str) -> Option<Value> {
        self.table.remove(key)
    }

    fn required(&mut self, key: &str) -> String {
        let value = self.take(key).unwrap_or_else(|| panic!("{}: no {key}", self.place));
        self.text(value)
    }

    fn by_name<T>(&mut self, key: &str, read: impl Fn(&Self, Value) -> T) -> BTreeMap<String, T> {
        match self.take(key) {
            None => BTreeMap::new(),
            Some(Value::Table(table)) => {
                table.into_iter().map(|(id, value)| (id, read(self, value))).collect()
            }
            Some(other) => panic!("{}: {key} is {other}, not a table", self.place),
        }
    }

    fn text(&self, value: Value) -> String {
        let Value::String(text) = value else { panic!("{}: {value} is not a text", self.place) };
        text
    }

    fn answer(&self, value: Value) -> AnswerValue {
        match value {
            Value::Boolean(yes) => AnswerValue::Boolean(yes),
            Value::String(name) => AnswerValue::Named(name),
            Value::Integer(number) => AnswerValue::Number(number as f64),
            Value::Float(number) => AnswerValue::Number(number),
            Value::Datetime(_) | Value::Array(_) | Value::Table(_) => {
                panic!("{}: {value} is no answer", self.place)
            }
        }
    }

    fn finish(self) {
        assert!(
            self.table.is_empty(),
            "{}: unknown keys {:?}",
            self.place,
            self.table.keys().collect::<Vec<_>>()
        );
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_case_is_read_as_it_is_written() {
        let text = r#"
            knowledge_base = "kb.toml"
            [[cases]]
            id = "held"
            title = "Night pain was not asked"
            why = "a strict gate holds"
            findings = { stiffness = 45, exercise = true, pattern = "constant" }
            first = "posture"
            held = { ibp = "night_pain" }
            leads = false
            scores = { posture = -1610000000 }
            source = "semantics.md"
        "#;
        let (knowledge_base, cases) = parse(text, "test");
        assert_eq!(knowledge_base.as_deref(), Some("kb.toml"));
        let [case] = cases.as_slice() else { panic!("one case") };
        assert_eq!(case.findings["stiffness"], AnswerValue::Number(45.0));
        assert_eq!(case.findings["exercise"], AnswerValue::Boolean(true));
        assert_eq!(case.findings["pattern"], AnswerValue::Named("constant".to_owned()));
        assert_eq!((case.first.as_str(), case.held["ibp"].as_str()), ("posture", "night_pain"));
        assert_eq!((case.leads, case.scores["posture"], case.raised.len()), (Some(false), -1_610_000_000, 0));
        assert_eq!(case.setting, None);
    }

    #[test]
    #[should_panic(expected = "unknown keys")]
    fn a_misspelt_key_is_refused() {
        parse("[[cases]]\nid='a'\ntitle='a'\nwhy='a'\nfirst='a'\nsource='a'\nleeds=true\n", "test");
    }
}
