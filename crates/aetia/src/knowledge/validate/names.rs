//! Identifiers, and the kinds of indicators with their answers.

use std::collections::{BTreeMap, BTreeSet};

use super::checker::{Checker, kind_word, listed, rounded};
use crate::document::{BinKey, Code, Codes, Indicator, IndicatorKind, Note};
use crate::document::{Place, excerpt};
use crate::id::is_slug;
use crate::index::{Dense, IndicatorIx};
use crate::knowledge::Answer;

/// Words the format needs for itself, which no answer may be called.
const RESERVED: [&str; 6] = ["unknown", "not_assessable", "present", "absent", "true", "false"];
/// Words of results, which no indicator may be called: a condition must not speak of them.
const RESULTS: [&str; 7] = ["score", "rank", "posterior", "prior", "first", "gate", "held"];
impl Checker<'_> {
    /// Checks every identifier, and every citation that stands beside a remark.
    pub(super) fn identifiers(&mut self) {
        let document = self.document;
        let root = Place::root();
        self.id(&root.field("knowledge_base").field("id"), &document.knowledge_base.id);
        self.notes(&root.field("knowledge_base"), "notes", &document.knowledge_base.notes);
        self.id(&root.field("comparator").field("id"), &document.comparator.id);
        self.notes(&root.field("comparator"), "notes", &document.comparator.notes);
        self.keys(&root.field("settings"), &document.settings);
        self.keys(&root.field("sources"), &document.sources);
        self.keys(&root.field("causes"), &document.causes);
        self.keys(&root.field("indicators"), &document.indicators);
        self.keys(&root.field("derived"), &document.derived);
        self.keys(&root.field("groups"), &document.groups);
        self.keys(&root.field("gates"), &document.gates);
        self.keys(&root.field("flags"), &document.flags);
        let mut invariants = BTreeSet::new();
        for (position, invariant) in document.invariants.iter().enumerate() {
            let place = root.field("invariants").index(position).field("id");
            self.id(&place, &invariant.id);
            if !invariants.insert(&invariant.id) {
                let message = format!("`{}` is the name of an earlier invariant", excerpt(&invariant.id));
                self.report(Code::NameClash, &place, message);
            }
        }
        for (id, setting) in &document.settings {
            self.notes(&root.field("settings").field(id), "notes", &setting.notes);
        }
        for (id, cause) in &document.causes {
            let place = root.field("causes").field(id);
            self.notes(&place, "notes", &cause.notes);
            self.notes(&place, "guidance", &cause.guidance);
            self.codes(&place, &cause.codes);
        }
        for (id, indicator) in &document.indicators {
            let place = root.field("indicators").field(id);
            self.notes(&place, "notes", &indicator.notes);
            self.codes(&place, &indicator.codes);
        }
        for (id, group) in &document.groups {
            self.notes(&root.field("groups").field(id), "notes", &group.notes);
        }
        if document.causes.contains_key(&document.comparator.id) {
            let name = excerpt(&document.comparator.id);
            let message = format!("`{name}` is a cause, and cannot be the comparator too");
            self.report(Code::NameClash, &root.field("comparator").field("id"), message);
        }
        let asked = document.indicators.keys().map(|id| ("indicators", id));
        for (table, id) in asked.chain(document.derived.keys().map(|id| ("derived", id))) {
            if RESULTS.contains(&id.as_str()) {
                let message = format!("`{id}` is a word of results, of which no condition may speak");
                self.report_with_help(
                    Code::ReservedId,
                    &root.field(table).field(id),
                    message,
                    "choose another name",
                );
            }
        }
        for id in document.derived.keys().filter(|id| document.indicators.contains_key(*id)) {
            let message = format!("`{}` is an indicator, and cannot be derived too", excerpt(id));
            self.report(Code::NameClash, &root.field("derived").field(id), message);
        }
    }

    fn keys<T>(&mut self, place: &Place, table: &BTreeMap<String, T>) {
        for key in table.keys() {
            self.id(&place.field(key), key);
        }
    }

    /// The names of vocabularies are identifiers too.
    fn codes(&mut self, place: &Place, codes: &Codes) {
        self.keys(&place.field("codes"), codes);
    }

    fn id(&mut self, place: &Place, id: &str) {
        if !is_slug(id) {
            let help = "use a lowercase letter, then up to 63 lowercase letters, digits or underscores";
            self.report_with_help(
                Code::BadId,
                place,
                format!("`{}` is not an identifier", excerpt(id)),
                help,
            );
        }
    }

    fn notes(&mut self, place: &Place, field: &str, notes: &[Note]) {
        for (position, note) in notes.iter().enumerate() {
            self.citations(&place.field(field).index(position), &note.source);
        }
    }

    /// Checks each indicator's fields against its kind, and lists its answers, unless they make no sense.
    pub(super) fn indicator_kinds(&mut self) {
        let document = self.document;
        for (position, (id, indicator)) in document.indicators.iter().enumerate() {
            let place = Place::root().field("indicators").field(id);
            let fields = self.kind_fields(&place, indicator);
            let cut_points = self.cut_points(&place.field("cut_points"), &indicator.cut_points);
            if !(indicator.cost > 0.0 && indicator.cost.is_finite()) {
                let message = format!("{} is no cost, expected a number above 0", rounded(indicator.cost));
                self.report(Code::NegativeCost, &place.field("cost"), message);
            }
            let answers = self.answers_of(&place, indicator).filter(|_| fields && cut_points);
            if let Some(answers) = answers {
                self.base_rates(&place.field("base_rate"), id, indicator, &answers);
                self.answers.insert(IndicatorIx::at(position), answers);
            }
        }
    }

    /// Whether an indicator has the fields its kind needs; those of other kinds are reported.
    fn kind_fields(&mut self, place: &Place, indicator: &Indicator) -> bool {
        let numeric = indicator.kind == IndicatorKind::Numeric;
        let named = matches!(indicator.kind, IndicatorKind::Categorical | IndicatorKind::Ordinal);
        let needed = [
            (
                named && indicator.answers.len() < 2,
                "at least two `answers`",
                "`answers = [{ id = \"...\", title = \"...\" }, ...]`",
            ),
            (numeric && indicator.cut_points.is_empty(), "`cut_points`", "`cut_points = [40, 45]`"),
            (numeric && indicator.unit.is_none(), "a `unit`", "`unit = \"years\"`"),
        ];
        let kind = kind_word(indicator.kind);
        for (_, what, example) in needed.iter().filter(|(missing, ..)| *missing) {
            let message = format!("the kind `{kind}` needs {what}");
            self.report_with_help(Code::KindFields, place, message, format!("give {example}"));
        }
        let extra = [
            (
                !named && !indicator.answers.is_empty(),
                "answers",
                "the kinds `categorical` and `ordinal` have",
            ),
            (!numeric && !indicator.cut_points.is_empty(), "cut_points", "the kind `numeric` has"),
            (!numeric && indicator.unit.is_some(), "unit", "the kind `numeric` has"),
        ];
        for (_, field, owners) in extra.iter().filter(|(given, ..)| *given) {
            let message = format!("the kind `{kind}` has no `{field}`, only {owners}");
            self.report(Code::KindFields, &place.field(field), message);
        }
        needed.iter().all(|(missing, ..)| !missing)
    }

    fn cut_points(&mut self, place: &Place, cut_points: &[f64]) -> bool {
        let mut fine = true;
        for (position, cut) in cut_points.iter().enumerate().filter(|(_, cut)| !cut.is_finite()) {
            let message = format!("{} is no cut-point, expected a finite number", rounded(*cut));
            self.report(Code::NumberNotFinite, &place.index(position), message);
            fine = false;
        }
        if cut_points.iter().zip(cut_points.iter().skip(1)).any(|(low, high)| low >= high) {
            let help = "write them from low to high, each once";
            self.report_with_help(Code::CutPoints, place, "the cut-points do not increase", help);
            fine = false;
        }
        fine
    }

    /// The answers of an indicator; none where they cannot be told apart.
    fn answers_of(&mut self, place: &Place, indicator: &Indicator) -> Option<Vec<Answer>> {
        let answer = |key: String, title: String| Answer { key, title };
        match indicator.kind {
            IndicatorKind::Boolean => {
                Some(["absent", "present"].map(|key| answer(key.to_owned(), key.to_owned())).to_vec())
            }
            IndicatorKind::Categorical | IndicatorKind::Ordinal => {
                let mut fine = true;
                for (position, written) in indicator.answers.iter().enumerate() {
                    let place = place.field("answers").index(position).field("id");
                    self.id(&place, &written.id);
                    let mut refuse = |code: Code, why: &str| {
                        self.report(code, &place, format!("`{}` is {why}", excerpt(&written.id)));
                        fine = false;
                    };
                    if RESERVED.contains(&written.id.as_str()) {
                        refuse(Code::ReservedId, "a word the format needs for itself");
                    }
                    if indicator.answers.iter().take(position).any(|other| other.id == written.id) {
                        refuse(Code::NameClash, "the name of an earlier answer");
                    }
                }
                let answers = indicator.answers.iter();
                fine.then(|| {
                    answers.map(|written| answer(written.id.clone(), written.title.clone())).collect()
                })
            }
            IndicatorKind::Numeric => {
                let unit = indicator.unit.as_deref().unwrap_or_default();
                let bins = bins(&indicator.cut_points).into_iter();
                Some(bins.map(|bin| answer(bin.to_string(), describe(bin, unit))).collect())
            }
        }
    }

    fn base_rates(&mut self, place: &Place, name: &str, indicator: &Indicator, answers: &[Answer]) {
        let mut sum = 0.0;
        let mut fine = true;
        for (key, rate) in &indicator.base_rate {
            let place = place.field(key);
            fine &= self.answer_in(&place, name, answers, key).is_some() & self.probability(&place, *rate);
            sum += rate;
        }
        let complete = indicator.base_rate.len() == answers.len();
        if fine && ((complete && (sum - 1.0).abs() > 1e-6) || sum > 1.0 + 1e-6) {
            let most = if complete { "1" } else { "at most 1" };
            let message = format!("the base rates sum to {}, expected {most}", rounded(sum));
            self.report(Code::ProbabilitiesSum, place, message);
        }
    }

    /// The position of an answer among those of an indicator, by its key; a bin may be written with other digits.
    pub(super) fn answer_in(
        &mut self,
        place: &Place,
        indicator: &str,
        answers: &[Answer],
        key: &str,
    ) -> Option<usize> {
        let canonical = key.parse::<BinKey>().ok().map(|bin| bin.to_string());
        let found =
            answers.iter().position(|answer| answer.key == key || Some(&answer.key) == canonical.as_ref());
        if found.is_none() {
            let message = format!("`{}` is no answer of `{}`", excerpt(key), excerpt(indicator));
            let help = format!("its answers are {}", listed(answers.iter().map(Answer::key)));
            self.report_with_help(Code::UnknownAnswer, place, message, help);
        }
        found
    }
}

/// The bins between cut-points, from low to high.
fn bins(cut_points: &[f64]) -> Vec<BinKey> {
    // Adding zero turns -0 into 0, so that a bin has the key its author would write.
    let cuts: Vec<f64> = cut_points.iter().map(|cut| cut + 0.0).collect();
    let below = cuts.first().map(|first| BinKey::Below(*first));
    let between = cuts.iter().zip(cuts.iter().skip(1)).map(|(low, high)| BinKey::Between(*low, *high));
    let above = cuts.last().map(|last| BinKey::AtLeast(*last));
    below.into_iter().chain(between).chain(above).collect()
}

/// A bin as a person reads it.
fn describe(bin: BinKey, unit: &str) -> String {
    match bin {
        BinKey::Below(high) => format!("below {high} {unit}"),
        BinKey::Between(low, high) => format!("{low} to below {high} {unit}"),
        BinKey::AtLeast(low) => format!("{low} {unit} or more"),
        BinKey::Exactly(value) => format!("{value} {unit}"),
    }
}
