//! What all checks share: the document, its names, and the problems found so far.

use std::collections::{BTreeMap, BTreeSet};

use crate::document::Place;
use crate::document::suggest;
use crate::document::{Code, Document, Problem, Provenance};
use crate::index::{CauseIx, Dense, IndicatorIx, SettingIx};
use crate::knowledge::{Answer, Formula, Knowledge};
use crate::limits::Limits;
use std::sync::Arc;

/// Checks a document, collecting problems.
#[derive(Debug)]
pub(super) struct Checker<'d> {
    pub(super) document: &'d Document,
    pub(super) limits: &'d Limits,
    problems: Vec<Problem>,
    /// What was noted where, so that nothing is noted twice.
    noted: BTreeSet<(Code, String)>,
    pub(super) causes: BTreeMap<&'d str, CauseIx>,
    pub(super) indicators: BTreeMap<&'d str, IndicatorIx>,
    pub(super) settings: BTreeMap<&'d str, SettingIx>,
    /// The answers of each indicator, by its position.
    pub(super) answers: BTreeMap<IndicatorIx, Vec<Answer>>,
    /// The conditions of derived indicators; none where they could not be read.
    pub(super) derived: BTreeMap<&'d str, Option<Arc<Formula>>>,
    /// Where the rows of evidence about each indicator stand.
    pub(super) rows_about: BTreeMap<&'d str, Vec<usize>>,
    /// The declared group of each indicator that has one.
    pub(super) group_of: BTreeMap<IndicatorIx, &'d str>,
}

/// The indices of the keys of a table, in byte order.
fn indices<I: Dense, T>(table: &BTreeMap<String, T>) -> BTreeMap<&str, I> {
    table.keys().enumerate().map(|(position, key)| (key.as_str(), I::at(position))).collect()
}

impl<'d> Checker<'d> {
    /// A checker of a document.
    pub(super) fn new(document: &'d Document, limits: &'d Limits) -> Self {
        let mut rows_about: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
        for (position, row) in document.evidence.iter().enumerate() {
            rows_about.entry(&row.indicator).or_default().push(position);
        }
        Self {
            document,
            limits,
            rows_about,
            problems: Vec::new(),
            noted: BTreeSet::new(),
            causes: indices(&document.causes),
            indicators: indices(&document.indicators),
            settings: indices(&document.settings),
            answers: BTreeMap::new(),
            derived: BTreeMap::new(),
            group_of: BTreeMap::new(),
        }
    }

    /// Runs every check; gives the knowledge where none found an error.
    pub(super) fn run(&mut self) -> Option<Knowledge> {
        if !self.sizes() {
            return None;
        }
        self.texts();
        self.identifiers();
        self.indicator_kinds();
        self.derived_conditions();
        self.members();
        let priors = self.priors();
        let rows = self.evidence();
        let groups = self.groups();
        let rules = self.rules();
        if self.problems.iter().any(|problem| problem.severity() == crate::document::Severity::Error) {
            return None;
        }
        let knowledge = self.assemble(priors?, rows, groups, rules)?;
        self.coherence(&knowledge);
        Some(knowledge)
    }

    /// Notes a problem.
    pub(super) fn report(&mut self, code: Code, place: &Place, message: impl Into<String>) {
        self.note(Problem::new(code, place.to_string(), message));
    }

    /// Notes a problem that has a remedy.
    pub(super) fn report_with_help(
        &mut self,
        code: Code,
        place: &Place,
        message: impl Into<String>,
        help: impl Into<String>,
    ) {
        self.note(Problem::new(code, place.to_string(), message).help(help));
    }

    fn note(&mut self, problem: Problem) {
        self.noted.insert((problem.code(), problem.place().to_owned()));
        self.problems.push(problem);
    }

    /// Whether a problem of this kind was noted at a place.
    pub(super) fn found(&self, code: Code, place: &Place) -> bool {
        self.noted.contains(&(code, place.to_string()))
    }

    /// What was found.
    pub(super) fn into_problems(self) -> Vec<Problem> {
        self.problems
    }

    /// Notes that a name is not known, with the nearest that is.
    pub(super) fn unknown(&mut self, code: Code, place: &Place, what: &str, name: &str, known: &[&str]) {
        let message = format!("`{name}` is no {what} of this knowledge base");
        match suggest(name, known.iter().copied()) {
            Some(near) => self.report_with_help(code, place, message, format!("did you mean `{near}`?")),
            None => {
                let known: Vec<String> = known.iter().take(12).map(|name| format!("`{name}`")).collect();
                let help = if known.is_empty() {
                    format!("there is no {what}")
                } else {
                    format!("known: {}", known.join(", "))
                };
                self.report_with_help(code, place, message, help);
            }
        }
    }

    /// The cause of a name.
    pub(super) fn cause(&mut self, place: &Place, name: &str) -> Option<CauseIx> {
        let found = self.causes.get(name).copied();
        if found.is_none() {
            let known: Vec<&str> = self.causes.keys().copied().collect();
            self.unknown(Code::UnknownCause, place, "cause", name, &known);
        }
        found
    }

    /// The indicator of a name; a derived one is none.
    pub(super) fn indicator(&mut self, place: &Place, name: &str) -> Option<IndicatorIx> {
        let found = self.indicators.get(name).copied();
        if found.is_none() {
            if self.document.derived.contains_key(name) {
                let message = format!("`{name}` is a derived indicator, which is never weighed or answered");
                self.report_with_help(
                    Code::UnknownIndicator,
                    place,
                    message,
                    "name the indicators it is derived from",
                );
            } else {
                let known: Vec<&str> = self.indicators.keys().copied().collect();
                self.unknown(Code::UnknownIndicator, place, "indicator", name, &known);
            }
        }
        found
    }

    /// The settings of a list of names.
    pub(super) fn settings(&mut self, place: &Place, names: &[String]) -> Vec<SettingIx> {
        let mut found = Vec::new();
        for name in names {
            match self.settings.get(name.as_str()) {
                Some(setting) => found.push(*setting),
                None => {
                    let known: Vec<&str> = self.settings.keys().copied().collect();
                    self.unknown(Code::UnknownSetting, &place.field("setting"), "setting", name, &known);
                }
            }
        }
        found.sort_unstable();
        found.dedup();
        found
    }

    /// Checks citations: each the key of a source, or `key:locator`.
    pub(super) fn citations(&mut self, place: &Place, source: &[String]) {
        for citation in source {
            let key = citation.split_once(':').map_or(citation.as_str(), |(key, _)| key);
            if !self.document.sources.contains_key(key) {
                let known: Vec<&str> = self.document.sources.keys().map(String::as_str).collect();
                self.unknown(Code::UnknownSource, &place.field("source"), "source", key, &known);
            }
        }
    }

    /// Checks that a figure is cited, or says why not.
    pub(super) fn cited(&mut self, place: &Place, source: &[String], uncited: Option<&String>) {
        self.citations(place, source);
        if source.is_empty() && uncited.is_none() {
            let help = "give `source = \"key\"`, or `uncited = \"why there is none\"`";
            self.report_with_help(
                Code::SourceMissing,
                place,
                "neither a source nor a reason to be uncited",
                help,
            );
        }
    }

    /// Checks the provenance of a figure.
    pub(super) fn provenance(&mut self, place: &Place, provenance: &Provenance) {
        self.cited(place, &provenance.source, provenance.uncited.as_ref());
    }

    /// Checks that a number is strictly between 0 and 1.
    pub(super) fn probability(&mut self, place: &Place, value: f64) -> bool {
        let fine = value > 0.0 && value < 1.0;
        if !fine {
            let message = format!("{value} is not between 0 and 1");
            let help = match value {
                x if x > 1.0 && x < 100.0 => format!("{x} % is written {}", x / 100.0),
                x if x.is_nan() => "leave out what is not known".to_owned(),
                _ => "certainty is a gate (`requires`, `excludes`), not a number".to_owned(),
            };
            self.report_with_help(Code::ProbabilityOutOfRange, place, message, help);
        }
        fine
    }
}
