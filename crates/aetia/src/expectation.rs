//! Test cases: what named findings should come to, and in what they do not.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use crate::assessment::{Assessment, Candidate, FlagState, Options, Scratch};
use crate::belief::LogOdds;
use crate::case::{Case, CaseError};
use crate::document::{
    Code, Place, Problem, SourceKind, TestCase, excerpt, placed, read_test_cases, suggest,
};
use crate::id::SettingId;
use crate::knowledge::{Invalid, KnowledgeBase};
use crate::limits::Limits;
use crate::model::Model;

/// A case and what it should come to, as an author wrote it down.
///
/// ```
/// # let model = aetia::Document::from_toml(include_str!("../docs/tiny.toml"))?.validate()?.compile();
/// let tests = model.knowledge_base().test_cases_from_toml(r#"
/// [[cases]]
/// id = "held"
/// title = "Nobody asked about the night"
/// why = "a strict gate holds what is not known"
/// findings = { raised_crp = true, age_at_onset = 30 }
/// first = "posture"
/// held = { inflammatory = "night_pain" }
/// source = "made up"
/// "#)?;
/// assert!(tests[0].mismatches(&model).is_empty());
/// # Ok::<(), aetia::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct Expectation {
    written: TestCase,
    case: Case,
    setting: SettingId,
}

/// In what a case does not come to what is expected.
///
/// Prints as a sentence without a full stop.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mismatch {
    what: String,
    found: String,
    expected: String,
}

impl KnowledgeBase {
    /// Reads test cases from TOML; what each names must be in this knowledge base.
    ///
    /// # Errors
    /// [`CaseError::Document`] where the text is no TOML, [`CaseError::Invalid`] with every problem at once otherwise.
    pub fn test_cases_from_toml(&self, text: &str) -> Result<Vec<Expectation>, CaseError> {
        self.test_cases(text, SourceKind::Toml)
    }

    /// Reads test cases from JSON, as [`KnowledgeBase::test_cases_from_toml`] reads TOML.
    ///
    /// # Errors
    /// [`CaseError::Document`] where the text is no JSON, [`CaseError::Invalid`] with every problem at once otherwise.
    pub fn test_cases_from_json(&self, text: &str) -> Result<Vec<Expectation>, CaseError> {
        self.test_cases(text, SourceKind::Json)
    }

    fn test_cases(&self, text: &str, kind: SourceKind) -> Result<Vec<Expectation>, CaseError> {
        let (read, source) = read_test_cases(text, kind, &Limits::default())?;
        let unread: BTreeSet<String> =
            read.problems.iter().map(|problem| problem.place().to_owned()).collect();
        let mut checker =
            Checker { kb: self, unread: &unread, problems: read.problems, ids: BTreeMap::new() };
        let place = Place::root().field("cases");
        let cases = (0..).zip(read.cases);
        let expectations: Vec<Option<Expectation>> =
            cases.map(|(at, written)| checker.expectation(written, &place.index(at), at)).collect();
        match expectations.into_iter().collect() {
            Some(expectations) if checker.problems.is_empty() => Ok(expectations),
            _ => Err(Invalid::new(placed(checker.problems, Some(&source))).into()),
        }
    }
}

/// Holds test cases against a knowledge base.
struct Checker<'k> {
    kb: &'k KnowledgeBase,
    /// The places whose values could not be read.
    unread: &'k BTreeSet<String>,
    problems: Vec<Problem>,
    /// Where each identifier stood first.
    ids: BTreeMap<String, usize>,
}

impl Checker<'_> {
    fn expectation(&mut self, written: TestCase, place: &Place, at: usize) -> Option<Expectation> {
        if let Some(first) = self.ids.insert(written.id.clone(), at)
            && !self.unread.contains(&place.field("id").to_string())
        {
            let message = format!("`{}` is the id of case {}, too", excerpt(&written.id), first + 1);
            self.problems.push(Problem::new(Code::NameClash, place.field("id"), message));
        }
        let kb = &*self.kb.inner;
        let causes: Vec<&str> = kb.causes.iter().map(|cause| cause.id.as_str()).collect();
        let gates: Vec<&str> = kb.gates.iter().map(|gate| gate.id.as_str()).collect();
        let flags: Vec<&str> = kb.flags.iter().map(|flag| flag.id.as_str()).collect();
        let settings: Vec<&str> = kb.settings.iter().map(|setting| setting.id.as_str()).collect();
        self.name(Code::UnknownCause, "cause", &written.first, &causes, &place.field("first"));
        if let Some(setting) = &written.setting {
            self.name(Code::UnknownSetting, "setting", setting, &settings, &place.field("setting"));
        }
        for (cause, gate) in &written.held {
            let place = place.field("held").field(cause);
            self.name(Code::UnknownCause, "cause", cause, &causes, &place);
            self.name(Code::UnknownGate, "gate", gate, &gates, &place);
        }
        for cause in written.scores.keys() {
            self.name(Code::UnknownCause, "cause", cause, &causes, &place.field("scores").field(cause));
        }
        for (at, flag) in (0..).zip(&written.raised) {
            self.name(Code::UnknownFlag, "flag", flag, &flags, &place.field("raised").index(at));
        }
        let setting = match &written.setting {
            Some(name) => kb.setting(name).map(|ix| &kb.settings[ix]),
            None => Some(&kb.settings[kb.default_setting]),
        };
        let case = self.kb.case_of(&written.findings, &place.field("findings"), self.unread);
        let case = case.map_err(|problems| self.problems.extend(problems)).ok();
        Some(Expectation { case: case?, setting: setting?.id.clone(), written })
    }

    fn name(&mut self, code: Code, what: &str, name: &str, known: &[&str], place: &Place) {
        if known.contains(&name) || self.unread.contains(&place.to_string()) {
            return;
        }
        let message = format!("`{}` is no {what} of this knowledge base", excerpt(name));
        let problem = Problem::new(code, place, message);
        self.problems.push(match suggest(name, known.iter().copied()) {
            Some(near) => problem.help(format!("did you mean `{near}`?")),
            None => problem,
        });
    }
}

impl Expectation {
    /// Its slug.
    pub fn id(&self) -> &str {
        &self.written.id
    }

    /// Its title.
    pub fn title(&self) -> &str {
        &self.written.title
    }

    /// Why it should come to that.
    pub fn why(&self) -> &str {
        &self.written.why
    }

    /// Where the expectation comes from.
    pub fn sources(&self) -> &[String] {
        &self.written.source
    }

    /// The case.
    pub fn case(&self) -> &Case {
        &self.case
    }

    /// The setting it is assessed in.
    pub fn setting(&self) -> &SettingId {
        &self.setting
    }

    /// In what the case does not come to what is expected, by a model and its own link; empty where it does.
    ///
    /// The first cause, the causes held down and the flags raised are compared exactly; whether the first leads and the
    /// scores, where they are stated.
    pub fn mismatches(&self, model: &Model) -> Vec<Mismatch> {
        let options = Options { setting: self.setting.clone(), link: model.knowledge_base().link() };
        let mut scratch = Scratch::new();
        match model.assess_with(&self.case, &options, &mut scratch) {
            Ok(assessment) => self.compared(assessment),
            Err(error) => vec![Mismatch::new("the setting", error.to_string(), self.setting.to_string())],
        }
    }

    fn compared(&self, assessment: &Assessment) -> Vec<Mismatch> {
        let (written, first) = (&self.written, assessment.first());
        let mut found = vec![Mismatch::new("first", first.id().to_string(), written.first.clone())];
        if let Some(leads) = written.leads {
            let says = |leads: bool| if leads { "above the comparator" } else { "not above the comparator" };
            found.push(Mismatch::new("the first cause", says(first.leads()), says(leads)));
        }
        let held = assessment.ranking().filter(|candidate| is_held_down(*candidate));
        let held = listed(&held.map(|candidate| candidate.id().as_str()).collect());
        found.push(Mismatch::new("held", held, listed(&written.held.keys().map(String::as_str).collect())));
        for (cause, gate) in &written.held {
            let bars = assessment.cause(cause).map(Candidate::held_by).unwrap_or_default();
            let by: BTreeSet<&str> = bars.iter().map(|bar| bar.gate.id().as_str()).collect();
            // A cause that is not held at all was told above.
            if !by.is_empty() && !by.contains(gate.as_str()) {
                let by = listed(&by);
                found.push(Mismatch::new(format!("what holds {cause}"), by, gate.clone()));
            }
        }
        let raised = assessment.flags().filter(|report| report.state == FlagState::Raised);
        let raised = listed(&raised.map(|report| report.flag.id().as_str()).collect());
        found.push(Mismatch::new(
            "raised",
            raised,
            listed(&written.raised.iter().map(String::as_str).collect()),
        ));
        for (cause, score) in &written.scores {
            let is = assessment.cause(cause).map(|candidate| candidate.score().nanodecibans());
            let shown = |units: i64| format!("{units} ({})", LogOdds::from_nanodecibans(units));
            let is = is.map_or_else(|error| error.to_string(), shown);
            found.push(Mismatch::new(format!("the score of {cause}"), is, shown(*score)));
        }
        found.retain(|mismatch| mismatch.found != mismatch.expected);
        found
    }
}

/// Whether a closed gate takes something away from the cause; one that is low anyway is not held down.
fn is_held_down(candidate: Candidate<'_>) -> bool {
    let explanation = candidate.explanation();
    let mut gates = explanation.iter().flat_map(crate::explanation::Contribution::gates);
    !candidate.held_by().is_empty() && gates.any(|gate| gate.mode().is_some())
}

/// Names in byte order; `none` where there is none.
fn listed(names: &BTreeSet<&str>) -> String {
    if names.is_empty() { "none".to_owned() } else { names.iter().copied().collect::<Vec<_>>().join(", ") }
}

impl Mismatch {
    fn new(what: impl Into<String>, found: impl Into<String>, expected: impl Into<String>) -> Self {
        Self { what: what.into(), found: found.into(), expected: expected.into() }
    }

    /// What was compared.
    pub fn what(&self) -> &str {
        &self.what
    }

    /// What it is.
    pub fn found(&self) -> &str {
        &self.found
    }

    /// What it should be.
    pub fn expected(&self) -> &str {
        &self.expected
    }
}

impl fmt::Display for Mismatch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: expected {}, found {}", self.what, self.expected, self.found)
    }
}
