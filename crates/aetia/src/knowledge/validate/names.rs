//! Sizes, texts, identifiers, kinds of indicators, citations and priors.

use std::collections::{BTreeMap, BTreeSet};

use super::checker::Checker;
use crate::belief::{LikelihoodRatio, LogOdds, Probability};
use crate::document::Place;
use crate::document::{BinKey, Code, IndicatorKind, Note, Prior};
use crate::id::is_slug;
use crate::index::{CauseIx, Dense, Indexed, IndicatorIx};
use crate::knowledge::Answer;

/// Words the format needs for itself, which no answer may be called.
const RESERVED: [&str; 6] = ["unknown", "not_assessable", "present", "absent", "true", "false"];
/// Words of results, which no indicator may be called: a condition must not speak of them.
const RESULTS: [&str; 7] = ["score", "rank", "posterior", "prior", "first", "gate", "held"];
/// The least the comparator may keep, and what it should keep.
const LEAST_COMPARATOR: f64 = 0.05;
const LITTLE_COMPARATOR: f64 = 0.10;

/// The priors of a setting: the comparator's, and each cause's with its log-odds.
pub(super) type Priors = (Probability, Indexed<CauseIx, (Probability, LogOdds)>);

impl Checker<'_> {
    /// Whether there is no more of anything than the limits allow. Checked before anything is allocated.
    pub(super) fn sizes(&mut self) -> bool {
        let (document, limits) = (self.document, self.limits);
        let root = Place::root();
        let mut fine = true;
        let mut check = |checker: &mut Self, place: Place, what: &str, found: usize, most: usize| {
            if found > most {
                fine = false;
                checker.report(
                    Code::TooMany,
                    &place,
                    format!("{found} {what}, where at most {most} are allowed"),
                );
            }
        };
        check(self, root.field("causes"), "causes", document.causes.len(), limits.causes);
        check(self, root.field("settings"), "settings", document.settings.len(), limits.settings);
        let indicators = document.indicators.len() + document.derived.len();
        check(self, root.field("indicators"), "indicators", indicators, limits.indicators);
        let rules = document.gates.len() + document.flags.len();
        check(self, root.field("gates"), "gates and flags", rules, limits.gates);
        for (id, indicator) in &document.indicators {
            let answers = indicator.answers.len().max(indicator.cut_points.len() + 1);
            // A condition keeps answers as bits of a 64-bit word, whatever the limits say.
            check(self, root.field("indicators").field(id), "answers", answers, limits.answers.min(64));
        }
        for (id, group) in &document.groups {
            let items = group.count.as_ref().map_or(0, |count| count.items.len());
            check(self, root.field("groups").field(id), "items", items, limits.count_items);
        }
        fine
    }

    /// Checks every text: not empty, not too long, without control characters.
    pub(super) fn texts(&mut self) {
        if let Ok(value) = serde_json::to_value(self.document) {
            self.text(&Place::root(), "", &value);
        }
    }

    fn text(&mut self, place: &Place, key: &str, value: &serde_json::Value) {
        match value {
            serde_json::Value::String(text) => self.one_text(place, key, text),
            serde_json::Value::Array(items) => {
                for (position, item) in items.iter().enumerate() {
                    self.text(&place.index(position), key, item);
                }
            }
            serde_json::Value::Object(fields) => {
                for (field, item) in fields {
                    self.text(&place.field(field), field, item);
                }
            }
            serde_json::Value::Null | serde_json::Value::Bool(_) | serde_json::Value::Number(_) => {}
        }
    }

    fn one_text(&mut self, place: &Place, key: &str, text: &str) {
        let most =
            if matches!(key, "title" | "label") { self.limits.title_bytes } else { self.limits.text_bytes };
        if text.trim().is_empty() {
            self.report_with_help(
                Code::EmptyText,
                place,
                "this text is empty",
                "say something, or leave the field out",
            );
        }
        if text.len() > most {
            let message = format!("{} bytes of text, where at most {most} are allowed", text.len());
            self.report(Code::TextTooLong, place, message);
        }
        if let Some(bad) = text.chars().find(|c| is_control(*c)) {
            let message = format!("the text has the control character U+{:04X}", u32::from(bad));
            self.report_with_help(Code::ControlCharacter, place, message, "only the line feed is allowed");
        }
    }

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
                self.report(
                    Code::NameClash,
                    &place,
                    format!("`{}` is the name of an earlier invariant", invariant.id),
                );
            }
        }
        for (id, setting) in &document.settings {
            self.notes(&root.field("settings").field(id), "notes", &setting.notes);
        }
        for (id, cause) in &document.causes {
            let place = root.field("causes").field(id);
            self.notes(&place, "notes", &cause.notes);
            self.notes(&place, "guidance", &cause.guidance);
        }
        for (id, indicator) in &document.indicators {
            self.notes(&root.field("indicators").field(id), "notes", &indicator.notes);
        }
        for (id, group) in &document.groups {
            self.notes(&root.field("groups").field(id), "notes", &group.notes);
        }
        if document.causes.contains_key(&document.comparator.id) {
            let message =
                format!("`{}` is a cause, and cannot be the comparator too", document.comparator.id);
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
            let message = format!("`{id}` is an indicator, and cannot be derived too");
            self.report(Code::NameClash, &root.field("derived").field(id), message);
        }
    }

    fn keys<T>(&mut self, place: &Place, table: &BTreeMap<String, T>) {
        for key in table.keys() {
            self.id(&place.field(key), key);
        }
    }

    fn id(&mut self, place: &Place, id: &str) {
        if !is_slug(id) {
            let help = "use a lowercase letter, then up to 63 lowercase letters, digits or underscores";
            self.report_with_help(Code::BadId, place, format!("`{id}` is not an identifier"), help);
        }
    }

    fn notes(&mut self, place: &Place, field: &str, notes: &[Note]) {
        for (position, note) in notes.iter().enumerate() {
            self.citations(&place.field(field).index(position), &note.source);
        }
    }

    /// Checks each indicator's fields against its kind, and lists its answers.
    pub(super) fn indicator_kinds(&mut self) {
        let document = self.document;
        for (position, (id, indicator)) in document.indicators.iter().enumerate() {
            let place = Place::root().field("indicators").field(id);
            let named = matches!(indicator.kind, IndicatorKind::Categorical | IndicatorKind::Ordinal);
            let numeric = indicator.kind == IndicatorKind::Numeric;
            if named && indicator.answers.len() < 2 {
                let help = "give `answers = [{ id = \"...\", title = \"...\" }, ...]`, at least two";
                self.report_with_help(Code::KindFields, &place, "this kind of indicator needs answers", help);
            }
            if !named && !indicator.answers.is_empty() {
                self.report(
                    Code::KindFields,
                    &place.field("answers"),
                    "only categorical and ordinal indicators have named answers",
                );
            }
            if numeric && (indicator.cut_points.is_empty() || indicator.unit.is_none()) {
                let help = "give `cut_points = [40, 45]` and `unit = \"years\"`";
                self.report_with_help(
                    Code::KindFields,
                    &place,
                    "a numeric indicator needs cut-points and a unit",
                    help,
                );
            }
            if !numeric && (!indicator.cut_points.is_empty() || indicator.unit.is_some()) {
                self.report(Code::KindFields, &place, "only numeric indicators have cut-points and a unit");
            }
            self.cut_points(&place.field("cut_points"), &indicator.cut_points);
            if !(indicator.cost > 0.0 && indicator.cost.is_finite()) {
                let message = format!("{} is no cost; expected a finite number above 0", indicator.cost);
                self.report(Code::NegativeCost, &place.field("cost"), message);
            }
            let answers = self.answers_of(&place, indicator);
            self.base_rates(&place.field("base_rate"), indicator, &answers);
            self.answers.insert(IndicatorIx::at(position), answers);
        }
    }

    fn cut_points(&mut self, place: &Place, cut_points: &[f64]) {
        for (position, cut) in cut_points.iter().enumerate() {
            if !cut.is_finite() {
                self.report(
                    Code::NumberNotFinite,
                    &place.index(position),
                    format!("{cut} is not a finite number"),
                );
            }
        }
        if cut_points.iter().zip(cut_points.iter().skip(1)).any(|(low, high)| low >= high) {
            self.report_with_help(
                Code::CutPoints,
                place,
                "the cut-points do not increase",
                "write them from low to high, each once",
            );
        }
    }

    fn answers_of(&mut self, place: &Place, indicator: &crate::document::Indicator) -> Vec<Answer> {
        let answer = |key: String, title: String| Answer { key, title };
        match indicator.kind {
            IndicatorKind::Boolean => {
                ["absent", "present"].map(|key| answer(key.to_owned(), key.to_owned())).to_vec()
            }
            IndicatorKind::Categorical | IndicatorKind::Ordinal => {
                for (position, written) in indicator.answers.iter().enumerate() {
                    let place = place.field("answers").index(position).field("id");
                    self.id(&place, &written.id);
                    if RESERVED.contains(&written.id.as_str()) {
                        let message = format!("`{}` is a word the format needs for itself", written.id);
                        self.report(Code::ReservedId, &place, message);
                    }
                    if indicator.answers.iter().take(position).any(|other| other.id == written.id) {
                        self.report(
                            Code::NameClash,
                            &place,
                            format!("`{}` is the name of an earlier answer", written.id),
                        );
                    }
                }
                indicator
                    .answers
                    .iter()
                    .map(|written| answer(written.id.clone(), written.title.clone()))
                    .collect()
            }
            IndicatorKind::Numeric => {
                let unit = indicator.unit.as_deref().unwrap_or_default();
                bins(&indicator.cut_points)
                    .into_iter()
                    .map(|bin| answer(bin.to_string(), describe(bin, unit)))
                    .collect()
            }
        }
    }

    fn base_rates(&mut self, place: &Place, indicator: &crate::document::Indicator, answers: &[Answer]) {
        let mut sum = 0.0;
        for (key, rate) in &indicator.base_rate {
            let place = place.field(key);
            if self.answer_in(&place, answers, key).is_some() && self.probability(&place, *rate) {
                sum += rate;
            }
        }
        let complete = indicator.base_rate.len() == answers.len();
        if !indicator.base_rate.is_empty() && ((complete && (sum - 1.0).abs() > 1e-6) || sum > 1.0 + 1e-6) {
            self.report(
                Code::ProbabilitiesSum,
                place,
                format!("the base rates sum to {sum}, where 1 was expected"),
            );
        }
    }

    /// The position of an answer among these, by its key; a bin may be written with other digits.
    pub(super) fn answer_in(&mut self, place: &Place, answers: &[Answer], key: &str) -> Option<usize> {
        let canonical = key.parse::<BinKey>().ok().map(|bin| bin.to_string());
        let found =
            answers.iter().position(|answer| answer.key == key || Some(&answer.key) == canonical.as_ref());
        if found.is_none() {
            let known: Vec<&str> = answers.iter().map(|answer| answer.key.as_str()).collect();
            let list = known.iter().map(|key| format!("`{key}`")).collect::<Vec<_>>().join(", ");
            let message = format!("`{key}` is no answer of this indicator");
            self.report_with_help(Code::UnknownAnswer, place, message, format!("its answers are {list}"));
        }
        found
    }

    /// The priors of every setting; none where they cannot be computed.
    pub(super) fn priors(&mut self) -> Option<Vec<Priors>> {
        let document = self.document;
        if document.causes.is_empty() {
            self.report(Code::NoOpenCause, &Place::root().field("causes"), "there is no cause to rank");
        }
        let default = &document.knowledge_base.default_setting;
        if !document.settings.contains_key(default) {
            let known: Vec<&str> = document.settings.keys().map(String::as_str).collect();
            let place = Place::root().field("knowledge_base").field("default_setting");
            self.unknown(Code::UnknownSetting, &place, "setting", default, &known);
        }
        for (id, cause) in &document.causes {
            let place = Place::root().field("causes").field(id).field("prior");
            for (setting, prior) in &cause.prior {
                if document.settings.contains_key(setting) {
                    self.prior(&place.field(setting), prior);
                } else {
                    let known: Vec<&str> = document.settings.keys().map(String::as_str).collect();
                    self.unknown(Code::UnknownSetting, &place.field(setting), "setting", setting, &known);
                }
            }
        }
        document.settings.keys().map(|setting| self.priors_of(setting)).collect()
    }

    fn prior(&mut self, place: &Place, prior: &Prior) {
        self.provenance(place, &prior.provenance);
        self.probability(&place.field("value"), prior.value);
        if let Some([low, high]) = prior.interval {
            let inside = self.probability(&place.field("interval"), low)
                && self.probability(&place.field("interval"), high);
            if inside && !(low <= prior.value && prior.value <= high) {
                let message = format!("the interval {low} to {high} does not hold {}", prior.value);
                self.report(Code::IntervalInvalid, &place.field("interval"), message);
            }
        }
    }

    fn priors_of(&mut self, setting: &str) -> Option<Priors> {
        let document = self.document;
        let mut rest = 1.0;
        let mut found = Vec::new();
        for (id, cause) in &document.causes {
            match cause.prior.get(setting) {
                Some(prior) => {
                    rest -= prior.value;
                    found.push(Probability::new(prior.value).ok());
                }
                None => {
                    let place = Place::root().field("causes").field(id).field("prior");
                    let help = format!("give `[causes.{id}.prior.{setting}]`");
                    self.report_with_help(
                        Code::PriorMissing,
                        &place,
                        format!("no prior in the setting `{setting}`"),
                        help,
                    );
                    found.push(None);
                }
            }
        }
        let found: Vec<Probability> = found.into_iter().collect::<Option<_>>()?;
        let place = Place::root().field("settings").field(setting);
        if rest < LEAST_COMPARATOR - 1e-12 {
            let message = format!(
                "the priors leave {rest:.3} for the comparator, where at least {LEAST_COMPARATOR} is needed"
            );
            self.report_with_help(
                Code::PriorsSum,
                &place,
                message,
                "a knowledge base must leave room for something else",
            );
            return None;
        }
        if rest < LITTLE_COMPARATOR {
            self.report(
                Code::PriorsLeaveLittle,
                &place,
                format!("the priors leave only {rest:.3} for the comparator"),
            );
        }
        let odds =
            |prior: Probability| LogOdds::EVEN + LikelihoodRatio::saturating(prior.get() / rest).weight();
        Some((Probability::saturating(rest), found.into_iter().map(|prior| (prior, odds(prior))).collect()))
    }
}

/// Characters that could hide or reorder what a text says.
fn is_control(c: char) -> bool {
    let bidi =
        matches!(c, '\u{200E}' | '\u{200F}' | '\u{061C}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}');
    (c.is_control() && c != '\n') || bidi || c == '\u{FEFF}'
}

/// The bins between cut-points, from low to high.
fn bins(cut_points: &[f64]) -> Vec<BinKey> {
    let below = cut_points.first().map(|first| BinKey::Below(*first));
    let between =
        cut_points.iter().zip(cut_points.iter().skip(1)).map(|(low, high)| BinKey::Between(*low, *high));
    let above = cut_points.last().map(|last| BinKey::AtLeast(*last));
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
