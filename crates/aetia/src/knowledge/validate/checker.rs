//! What all checks share: the document, its names, and the problems found so far.

use std::collections::{BTreeMap, BTreeSet};

use crate::document::{Code, Document, IndicatorKind, Problem, Provenance, Severity};
use crate::document::{Place, excerpt, suggest};
use crate::id::is_slug;
use crate::index::{CauseIx, Dense, IndicatorIx, SettingIx};
use crate::knowledge::{Answer, Formula, Knowledge};
use crate::limits::Limits;
use std::sync::Arc;

/// How many errors are listed, and how many warnings: enough for any person, and a bound on what a hostile
/// document can cost.
const MOST_LISTED: usize = 1_000;
/// How many names a message lists.
const MOST_NAMES: usize = 12;

/// Checks a document, collecting problems.
#[derive(Debug)]
pub(super) struct Checker<'d> {
    pub(super) document: &'d Document,
    pub(super) limits: &'d Limits,
    problems: Vec<Problem>,
    /// How many errors were found, and how many warnings, listed or not.
    errors: usize,
    warnings: usize,
    /// What was noted where, so that nothing is noted twice.
    noted: BTreeSet<(Code, String)>,
    /// The places of what could not be read.
    unread: BTreeSet<&'d str>,
    pub(super) causes: BTreeMap<&'d str, CauseIx>,
    pub(super) indicators: BTreeMap<&'d str, IndicatorIx>,
    pub(super) settings: BTreeMap<&'d str, SettingIx>,
    /// The answers of each indicator, by its position.
    pub(super) answers: BTreeMap<IndicatorIx, Vec<Answer>>,
    /// The conditions of derived indicators; none where they could not be read.
    pub(super) derived: BTreeMap<&'d str, Option<Arc<Formula>>>,
    /// Where the rows of evidence about each indicator stand.
    pub(super) rows_about: BTreeMap<&'d str, Vec<usize>>,
    /// The sources that are cited.
    pub(super) cited: BTreeSet<String>,
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
            errors: 0,
            warnings: 0,
            noted: BTreeSet::new(),
            unread: document.reading.places().collect(),
            causes: indices(&document.causes),
            indicators: indices(&document.indicators),
            settings: indices(&document.settings),
            answers: BTreeMap::new(),
            derived: BTreeMap::new(),
            cited: BTreeSet::new(),
            group_of: BTreeMap::new(),
        }
    }

    /// Runs every check; gives the knowledge where none found an error.
    pub(super) fn run(&mut self) -> Option<Knowledge> {
        // Where the whole could not be read, or not to its end, nothing is known of what it means.
        if self.unread.contains("") || !self.sizes() {
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
        if self.errors > 0 {
            return None;
        }
        let knowledge = self.assemble(priors?, rows, groups, rules)?;
        self.coherence(&knowledge);
        (self.errors == 0).then_some(knowledge)
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

    /// Notes a problem, unless it was noted before or enough are listed.
    fn note(&mut self, problem: Problem) {
        let (seen, what) = match problem.severity() {
            Severity::Error => (&mut self.errors, "problems"),
            Severity::Warning => (&mut self.warnings, "warnings"),
        };
        if *seen > MOST_LISTED {
            return;
        }
        let key = (problem.code(), problem.place().to_owned());
        if self.noted.contains(&key) && self.problems.contains(&problem) {
            return;
        }
        *seen += 1;
        if *seen > MOST_LISTED {
            let code = if what == "problems" { Code::TooMany } else { problem.code() };
            let message = format!("more than {MOST_LISTED} {what} were found; the others are not listed");
            self.problems.push(Problem::new(code, "", message));
            return;
        }
        self.noted.insert(key);
        self.problems.push(problem);
    }

    /// Whether so many errors were found that no further ones are listed.
    pub(super) fn is_full(&self) -> bool {
        self.errors > MOST_LISTED
    }

    /// Whether the value at a place could not be read, which is reported already.
    pub(super) fn unread(&self, place: &Place) -> bool {
        self.unread.contains(place.to_string().as_str())
    }

    /// What was found.
    pub(super) fn into_problems(self) -> Vec<Problem> {
        self.problems
    }

    /// Notes that a name is not known, with the nearest that is.
    pub(super) fn unknown(&mut self, code: Code, place: &Place, what: &str, name: &str, known: &[&str]) {
        let message = format!("`{}` is no {what} of this knowledge base", excerpt(name));
        let help = match suggest(name, known.iter().copied()) {
            Some(near) => format!("did you mean `{near}`?"),
            None if known.is_empty() => format!("no {what} is declared"),
            None => format!("declared: {}", listed(known.iter().copied())),
        };
        self.report_with_help(code, place, message, help);
    }

    /// The cause of a name.
    pub(super) fn cause(&mut self, place: &Place, name: &str) -> Option<CauseIx> {
        let found = self.causes.get(name).copied();
        if found.is_none() && name == self.document.comparator.id && !name.is_empty() {
            let message = format!("`{}` is the comparator, expected a named cause", excerpt(name));
            let help = "the comparator is what the named causes are measured against";
            self.report_with_help(Code::UnknownCause, place, message, help);
        } else if found.is_none() {
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
                let help = "name the indicators it is derived from";
                self.report_with_help(Code::UnknownIndicator, place, message, help);
            } else {
                let known: Vec<&str> = self.indicators.keys().copied().collect();
                self.unknown(Code::UnknownIndicator, place, "indicator", name, &known);
            }
        }
        found
    }

    /// The settings of a list of names; none where one is unknown.
    pub(super) fn settings(&mut self, place: &Place, names: &[String]) -> Option<Vec<SettingIx>> {
        let mut found = BTreeSet::new();
        for name in names {
            found.insert(self.setting(&place.field("setting"), name));
        }
        found.into_iter().collect()
    }

    /// The setting of a name.
    pub(super) fn setting(&mut self, place: &Place, name: &str) -> Option<SettingIx> {
        let found = self.settings.get(name).copied();
        if found.is_none() {
            let known: Vec<&str> = self.settings.keys().copied().collect();
            self.unknown(Code::UnknownSetting, place, "setting", name, &known);
        }
        found
    }

    /// Checks citations: each the key of a source, or `key:locator`.
    pub(super) fn citations(&mut self, place: &Place, source: &[String]) {
        for citation in source {
            let key = citation.split_once(':').map_or(citation.as_str(), |(key, _)| key);
            if self.document.sources.contains_key(key) {
                if !self.cited.contains(key) {
                    self.cited.insert(key.to_owned());
                }
                continue;
            }
            let place = place.field("source");
            if is_slug(key) {
                let known: Vec<&str> = self.document.sources.keys().map(String::as_str).collect();
                self.unknown(Code::UnknownSource, &place, "source", key, &known);
            } else {
                let message = format!("`{}` is no source of this knowledge base", excerpt(key));
                let help = "declare the reference as `[sources.KEY]`, and cite it as `KEY` or `KEY:locator`";
                self.report_with_help(Code::UnknownSource, &place, message, help);
            }
        }
    }

    /// Checks that a figure is cited, or says why not.
    pub(super) fn cited(&mut self, place: &Place, source: &[String], uncited: Option<&String>) {
        self.citations(place, source);
        if source.is_empty() && uncited.is_none() {
            let help = "give `source = \"key\"`, or `uncited = \"why there is none\"`";
            let message = "neither a source nor a reason to be uncited";
            self.report_with_help(Code::SourceMissing, place, message, help);
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
            let message = format!("{} is not between 0 and 1", rounded(value));
            let help = match value {
                x if x.is_nan() => "leave out what is not known".to_owned(),
                x if (2.0..100.0).contains(&x) => {
                    format!("{} % is written {}", rounded(x), rounded(x / 100.0))
                }
                x if (0.0..=1.0).contains(&x) => CERTAINTY.to_owned(),
                _ => "93 % is written 0.93".to_owned(),
            };
            self.report_with_help(Code::ProbabilityOutOfRange, place, message, help);
        }
        fine
    }
}

/// What to do about a figure that leaves no doubt.
pub(super) const CERTAINTY: &str = "certainty is a gate (`requires`, `excludes`), not a number";

/// Names in backticks: the first of them, and how many more there are.
pub(super) fn listed<'n, N: ExactSizeIterator<Item = &'n str>>(names: N) -> String {
    let more = names.len().saturating_sub(MOST_NAMES);
    let first =
        names.take(MOST_NAMES).map(|name| format!("`{}`", excerpt(name))).collect::<Vec<_>>().join(", ");
    if more == 0 { first } else { format!("{first} and {more} more") }
}

/// A kind of indicator as documents write it.
pub(super) fn kind_word(kind: IndicatorKind) -> &'static str {
    match kind {
        IndicatorKind::Boolean => "boolean",
        IndicatorKind::Categorical => "categorical",
        IndicatorKind::Ordinal => "ordinal",
        IndicatorKind::Numeric => "numeric",
    }
}

/// A number as a message shows it: no more digits than tell it from what was expected.
pub(super) fn rounded(number: f64) -> String {
    match number {
        x if x.is_nan() => "nan".to_owned(),
        x if x.is_infinite() || x == 0.0 || (1e-3..1e9).contains(&x.abs()) => {
            let text = format!("{x:.7}");
            let short =
                if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.') } else { &text };
            short.to_owned()
        }
        x => format!("{x:e}"),
    }
}
