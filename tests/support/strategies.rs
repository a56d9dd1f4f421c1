//! Random valid knowledge bases and cases.
//!
//! What is covered, each with a fair chance in every document:
//! - 1 to 6 causes, one or two settings, either link;
//! - 0 to 8 indicators of all kinds: 2 to 4 answers, 1 to 3 cut-points, sometimes with a base rate;
//! - all five forms of evidence, stated and neutral absence, unlisted answers, trends, rows with `when`
//!   (inside groups), rows of one setting (in place of a general row, or alone), `against = rest`;
//! - 0 to 3 groups of up to 5 members: discounted (gamma 0, 1, between, by phi, unsaid), counts in their three
//!   forms with conjunctions as items and uncounted members, tables with `when`s; several rules in one group;
//! - derived indicators, implications in chains (inside groups), impossible combinations, flags, and 0 to 5
//!   gates of all kinds and modes that leave at least one named cause open;
//! - findings that are left out, `unknown`, `not_assessable` or answered, numbers on and between cut-points.
//!
//! Valid by construction: two ratios of one boolean lie on both sides of 1, and those of a longer list reach
//! both sides; where `against = rest` is used the named causes have half of the prior at most and its ratios
//! stay under 2, so that the comparator's lift is above 0; an indicator with such rows has no `when`; an
//! implication leads from a member to a later one, and no two lead to the same one; a `when` reads earlier
//! members only. Cases lose the findings that contradict others, so no draw is thrown away.
//!
//! Not covered: a count rule only in some settings, `against = rest` in a table, unlisted answers of
//! `probabilities`, replacing rows of a setting that stand elsewhere than beside the row they replace.
//!
//! A document is built from a tape of random numbers. Smaller numbers are simpler choices, so proptest
//! shrinks a document by shrinking its tape.

use std::collections::BTreeMap;

use aetia::{
    AccuracyRow, Against, Answer, AnswerValue, Cause, Count, CountRule, CountsRow, Derived, Document,
    Evidence, Flag, Gate, GateKind, GateMode, Group, Implies, Impossible, Indicator, IndicatorKind, Item,
    Level, Link, Neutral, Prior, Probabilities, Ratios, Setting, Shares, Trend, Weight,
};
use proptest::collection::vec;
use proptest::prelude::{Strategy, any};

use crate::oracle::{Contradiction, Findings, answer_of, answers_of, close, reads};
use crate::synthetic::{heading, provenance};

/// Which weights a random document has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Weighing {
    /// Real numbers: ties are rare.
    Real,
    /// Whole decibans from -3 to 3, equal priors and few probabilities: ties are common.
    Ties,
}

/// A document with a case, a setting and a link.
#[derive(Clone, Debug)]
pub struct Sample {
    /// The document.
    pub document: Document,
    /// The findings of the case, without contradiction.
    pub findings: Findings,
    /// One of the document's settings.
    pub setting: String,
    /// A link, the document's or the other.
    pub link: Link,
}

/// Random valid documents.
pub fn documents(weighing: Weighing) -> impl Strategy<Value = Document> {
    vec(any::<u32>(), 900).prop_map(move |numbers| Author::new(numbers, weighing).write())
}

/// Random findings for a document, without contradiction.
pub fn findings(document: &Document) -> impl Strategy<Value = Findings> + use<> {
    let document = document.clone();
    vec(any::<u32>(), 2 * document.indicators.len())
        .prop_map(move |numbers| draw_findings(&document, &mut Tape::new(numbers)))
}

/// Random documents, each with a case, a setting and a link.
pub fn samples(weighing: Weighing) -> impl Strategy<Value = Sample> {
    (documents(weighing), vec(any::<u32>(), 20)).prop_map(|(document, numbers)| {
        let mut tape = Tape::new(numbers);
        let settings: Vec<&String> = document.settings.keys().collect();
        let setting = (*tape.pick(&settings)).clone();
        let link = *tape.pick(&[Link::Exclusive, Link::Independent]);
        let findings = draw_findings(&document, &mut tape);
        Sample {
            document,
            findings,
            setting,
            link,
        }
    })
}

// ---------------------------------------------------------------------------------------------------------
// The tape
// ---------------------------------------------------------------------------------------------------------

/// Random numbers, and zeros once they are used up. Zero is always the simplest choice.
struct Tape(std::vec::IntoIter<u32>);

impl Tape {
    fn new(numbers: Vec<u32>) -> Self {
        Self(numbers.into_iter())
    }

    /// A number in [0, 1).
    fn unit(&mut self) -> f64 {
        f64::from(self.0.next().unwrap_or(0)) / 4_294_967_296.0
    }

    /// A number from 0 to `n - 1`.
    fn below(&mut self, n: usize) -> usize {
        (self.unit() * n as f64) as usize
    }

    /// Yes, once in `n`.
    fn once_in(&mut self, n: usize) -> bool {
        self.below(n) + 1 == n
    }

    fn pick<'a, T>(&mut self, from: &'a [T]) -> &'a T {
        &from[self.below(from.len())]
    }
}

// ---------------------------------------------------------------------------------------------------------
// Cases
// ---------------------------------------------------------------------------------------------------------

fn draw_findings(document: &Document, tape: &mut Tape) -> Findings {
    let mut findings = Findings::new();
    for (id, indicator) in &document.indicators {
        let value = match tape.below(10) {
            0..=2 => continue,
            3 => AnswerValue::Named("unknown".to_owned()),
            4 => AnswerValue::Named("not_assessable".to_owned()),
            _ => draw_answer(indicator, tape),
        };
        findings.insert(id.clone(), value);
    }
    without_contradictions(document, findings)
}

fn draw_answer(indicator: &Indicator, tape: &mut Tape) -> AnswerValue {
    match indicator.kind {
        IndicatorKind::Boolean => AnswerValue::Boolean(tape.below(2) == 0),
        IndicatorKind::Categorical | IndicatorKind::Ordinal => {
            AnswerValue::Named(tape.pick(&indicator.answers).id.clone())
        }
        IndicatorKind::Numeric => {
            let cut = *tape.pick(&indicator.cut_points);
            AnswerValue::Number(*tape.pick(&[cut, cut - 0.25, cut + 0.25]))
        }
    }
}

/// Takes findings away until nothing contradicts: the one an implication disagrees with, or the first that
/// an impossible condition reads.
fn without_contradictions(document: &Document, mut findings: Findings) -> Findings {
    loop {
        let condition = match close(document, &findings) {
            Ok(_) => return findings,
            Err(Contradiction::Implied { indicator, .. }) if findings.remove(&indicator).is_some() => {
                continue;
            }
            Err(Contradiction::Implied { condition, .. } | Contradiction::Impossible { condition }) => {
                condition
            }
        };
        let is_answered = |id: &String| {
            findings
                .get(id)
                .is_some_and(|value| answer_of(&document.indicators[id], value).is_some())
        };
        match reads(document, &condition).into_iter().find(is_answered) {
            Some(id) => drop(findings.remove(&id)),
            // What it reads was inferred: without findings nothing is.
            None => findings.clear(),
        }
    }
}

// ---------------------------------------------------------------------------------------------------------
// Documents
// ---------------------------------------------------------------------------------------------------------

/// How a cause uses a group.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Role {
    Own,
    Count,
    Table,
}

/// Writes one document from a tape.
struct Author {
    tape: Tape,
    weighing: Weighing,
    /// Whether some evidence is against the rest.
    with_rest: bool,
    document: Document,
}

impl Author {
    fn new(numbers: Vec<u32>, weighing: Weighing) -> Self {
        Self {
            tape: Tape::new(numbers),
            weighing,
            with_rest: false,
            document: Document::default(),
        }
    }

    fn write(mut self) -> Document {
        self.with_rest = self.tape.once_in(3);
        self.heading();
        self.causes();
        self.indicators();
        let grouped = self.groups();
        self.lone_indicators(&grouped);
        self.derived();
        self.impossible();
        self.gates();
        self.flags();
        self.document
    }

    fn heading(&mut self) {
        let link = *self.tape.pick(&[Link::Exclusive, Link::Independent]);
        self.document = heading("random", "home");
        let document = &mut self.document;
        document.knowledge_base.link = link;
        if self.tape.once_in(2) {
            let clinic = Setting {
                title: "Clinic".to_owned(),
                notes: Vec::new(),
            };
            document.settings.insert("clinic".to_owned(), clinic);
        }
    }

    /// Causes and priors: the comparator keeps a tenth, and half where something is against the rest.
    fn causes(&mut self) {
        let ids = ["alder", "birch", "cedar", "dogwood", "elm", "fir"];
        let ids = &ids[..=self.tape.below(ids.len())];
        for id in ids {
            self.document.causes.insert(
                (*id).to_owned(),
                Cause {
                    title: (*id).to_owned(),
                    ..Cause::default()
                },
            );
        }
        for setting in self.settings() {
            let named = if self.with_rest { 0.5 } else { 0.9 } * (1.0 - 0.9 * self.tape.unit());
            let shares = if self.weighing == Weighing::Ties && self.tape.below(2) == 0 {
                vec![1.0 / ids.len() as f64; ids.len()]
            } else {
                self.shares(ids.len())
            };
            for (cause, share) in self.document.causes.values_mut().zip(shares) {
                let prior = Prior {
                    value: named * share,
                    interval: None,
                    provenance: provenance(),
                };
                cause.prior.insert(setting.clone(), prior);
            }
        }
    }

    fn indicators(&mut self) {
        for number in 0..self.tape.below(9) {
            let id = format!("sign_{number}");
            let kinds = [
                IndicatorKind::Boolean,
                IndicatorKind::Categorical,
                IndicatorKind::Ordinal,
                IndicatorKind::Numeric,
            ];
            let mut indicator = Indicator {
                title: id.clone(),
                kind: *self.tape.pick(&kinds),
                ..Indicator::default()
            };
            match indicator.kind {
                IndicatorKind::Boolean => {}
                IndicatorKind::Categorical | IndicatorKind::Ordinal => {
                    let answers = ["none", "mild", "strong", "worst"];
                    let answers = answers.iter().take(2 + self.tape.below(3));
                    indicator.answers = answers
                        .map(|id| Answer {
                            id: (*id).to_owned(),
                            title: (*id).to_owned(),
                        })
                        .collect();
                }
                IndicatorKind::Numeric => {
                    indicator.unit = Some("units".to_owned());
                    let mut cut = self.tape.below(40) as f64 - 5.0;
                    for _ in 0..=self.tape.below(3) {
                        indicator.cut_points.push(cut);
                        cut += 0.5 * (1 + self.tape.below(20)) as f64;
                    }
                }
            }
            if self.tape.once_in(3) {
                let answers = answers_of(&indicator);
                let shares = self.shares(answers.len());
                indicator.base_rate = answers.into_iter().zip(shares).collect();
            }
            if self.tape.once_in(4) {
                indicator.cost = 0.5 + 4.0 * self.tape.unit();
            }
            self.document.indicators.insert(id, indicator);
        }
    }

    // -----------------------------------------------------------------------------------------------------
    // Groups and evidence
    // -----------------------------------------------------------------------------------------------------

    /// Puts indicators into groups and writes their evidence; returns the ones in a group.
    fn groups(&mut self) -> Vec<String> {
        let groups = self.tape.below(4);
        let mut members: Vec<Vec<String>> = vec![Vec::new(); groups];
        for id in self.document.indicators.keys() {
            let choice = self.tape.below(groups + 1);
            if choice > 0 && members[choice - 1].len() < 5 {
                members[choice - 1].push(id.clone());
            }
        }
        for (number, members) in members
            .iter()
            .enumerate()
            .filter(|(_, members)| !members.is_empty())
        {
            self.group(number, members);
        }
        members.concat()
    }

    fn group(&mut self, number: usize, members: &[String]) {
        let mut group = Group {
            title: "Related signs".to_owned(),
            members: members.to_vec(),
            ..Group::default()
        };
        if self.tape.once_in(3) {
            group.members.reverse();
        }
        match self.tape.below(6) {
            0 => group.gamma = Some(1.0),
            1 => group.gamma = Some(0.0),
            2 => group.phi = Some(0.05 + 0.9 * self.tape.unit()),
            3 => {}
            _ => group.gamma = Some(*self.tape.pick(&[0.5, 0.25])),
        }
        if self.weighing == Weighing::Real && group.gamma == Some(0.25) {
            group.gamma = Some(self.tape.unit());
        }
        let (items, counted) = if self.tape.below(2) == 0 {
            (Vec::new(), Vec::new())
        } else {
            self.items(members)
        };
        let with_rest: Vec<String> = members
            .iter()
            .filter(|_| self.with_rest && self.tape.once_in(3))
            .cloned()
            .collect();
        let mut rules = Vec::new();
        for cause in self.causes_by_id() {
            let choices = [Role::Own, Role::Own, Role::Table, Role::Count];
            let role = *self.tape.pick(&choices[..if items.is_empty() { 3 } else { 4 }]);
            // A table multiplies probabilities against the comparator, along `when`s.
            let role = if role == Role::Table && !with_rest.is_empty() {
                Role::Own
            } else {
                role
            };
            match role {
                Role::Table => group.table.push(cause.clone()),
                Role::Count => {
                    rules.push(self.count_rule(&cause, None, items.len()));
                    if let Some(setting) = self.some_setting(3) {
                        rules.push(self.count_rule(&cause, Some(setting), items.len()));
                    }
                }
                Role::Own => {}
            }
            for (position, member) in members.iter().enumerate() {
                let is_counted = role == Role::Count && counted.contains(member);
                if is_counted || self.tape.once_in(4) {
                    continue;
                }
                if with_rest.contains(member) {
                    self.plain_evidence(&cause, member, true);
                } else {
                    self.evidence(&cause, member, &members[..position], role);
                }
            }
        }
        if !rules.is_empty() {
            group.count = Some(Count { items, rules });
        }
        self.implies(members);
        self.document.groups.insert(format!("group_{number}"), group);
    }

    /// Evidence of the indicators that are in no group.
    fn lone_indicators(&mut self, grouped: &[String]) {
        let lone = self.document.indicators.keys().filter(|id| !grouped.contains(id));
        for indicator in lone.cloned().collect::<Vec<_>>() {
            let with_rest = self.with_rest && self.tape.below(2) == 0;
            for cause in self.causes_by_id() {
                if !self.tape.once_in(4) {
                    self.plain_evidence(&cause, &indicator, with_rest);
                }
            }
        }
    }

    /// A row without `when`, perhaps with one of its own in a setting, or in a setting only.
    fn plain_evidence(&mut self, cause: &str, indicator: &str, with_rest: bool) {
        let only = self.some_setting(6);
        let replaced_in = if only.is_some() {
            None
        } else {
            self.some_setting(3)
        };
        for setting in [Some(only), replaced_in.map(Some)].into_iter().flatten() {
            let against_rest = with_rest && self.tape.below(3) > 0;
            let row = self.row(cause, indicator, None, setting, Role::Own, against_rest);
            self.document.evidence.push(row);
        }
    }

    /// Up to two rows with a `when` over earlier members, then a plain one, each perhaps replaced in a setting.
    fn evidence(&mut self, cause: &str, indicator: &str, earlier: &[String], role: Role) {
        let mut whens: Vec<Option<String>> = Vec::new();
        if !earlier.is_empty() {
            for _ in 0..self.tape.below(3) {
                let when = Some(self.condition(earlier, 1));
                if !whens.contains(&when) {
                    whens.push(when);
                }
            }
        }
        // A table needs a row in every state; elsewhere a cause may be silent outside its conditions.
        if whens.is_empty() || role == Role::Table || self.tape.below(3) > 0 {
            let place = if self.tape.once_in(3) { 0 } else { whens.len() };
            whens.insert(place, None);
        }
        for when in whens {
            let row = self.row(cause, indicator, when.clone(), None, role, false);
            self.document.evidence.push(row);
            if let Some(setting) = self.some_setting(4) {
                let row = self.row(cause, indicator, when, Some(setting), role, false);
                self.document.evidence.push(row);
            }
        }
    }

    fn row(
        &mut self,
        cause: &str,
        indicator: &str,
        when: Option<String>,
        setting: Option<String>,
        role: Role,
        against_rest: bool,
    ) -> Evidence {
        let mut row = Evidence {
            cause: cause.to_owned(),
            indicator: indicator.to_owned(),
            when,
            setting: setting.into_iter().collect(),
            against: if against_rest {
                Against::Rest
            } else {
                Against::Comparator
            },
            provenance: provenance(),
            ..Evidence::default()
        };
        let answers = answers_of(&self.document.indicators[indicator]);
        // Bare ratios are kept mild; a table takes probabilities only.
        let form = match (role, against_rest) {
            (Role::Table, _) => 1 + self.tape.below(3),
            (Role::Own | Role::Count, true) => 0,
            (Role::Own | Role::Count, false) => self.tape.below(4),
        };
        if self.document.indicators[indicator].kind == IndicatorKind::Boolean {
            match form {
                0 => {
                    let (present, absent) = self.pair(against_rest);
                    row.likelihood_ratio = Some(Ratios {
                        present,
                        absent: Some(absent),
                    });
                }
                1 => {
                    let present = self.probability();
                    let mut pair = [BTreeMap::from([("present".to_owned(), present)]), BTreeMap::new()];
                    pair[1].insert("present".to_owned(), self.probability());
                    if self.tape.below(2) == 0 {
                        for shares in &mut pair {
                            let absent = 1.0 - shares["present"];
                            shares.insert("absent".to_owned(), absent);
                        }
                    }
                    let [cause, comparator] = pair;
                    row.probabilities = Some(Probabilities { cause, comparator });
                }
                2 => {
                    row.accuracy = Some(AccuracyRow {
                        sensitivity: self.probability(),
                        specificity: self.probability(),
                    });
                }
                _ => {
                    let largest = if self.weighing == Weighing::Ties { 3 } else { 80 };
                    let mut people = |least| u32::try_from(least + self.tape.below(largest)).unwrap();
                    row.counts = Some(CountsRow {
                        true_positive: people(1),
                        false_negative: people(0),
                        false_positive: people(0),
                        true_negative: people(1),
                    });
                }
            }
            if self.tape.once_in(4) {
                row.absent = Some(Neutral {
                    neutral: "it may come later".to_owned(),
                });
                if let Some(ratios) = &mut row.likelihood_ratio {
                    ratios.absent = None;
                }
            }
        } else if form == 0 || (form > 1 && role != Role::Table) {
            self.ratios(&mut row, &answers, against_rest);
        } else {
            let mut shares = || answers.iter().cloned().zip(self.shares(answers.len())).collect();
            row.probabilities = Some(Probabilities {
                cause: shares(),
                comparator: shares(),
            });
        }
        row
    }

    /// A ratio for every answer, on both sides of 1; perhaps along a trend; perhaps without the last ones.
    fn ratios(&mut self, row: &mut Evidence, answers: &[String], mild: bool) {
        let (up, down) = (self.above_one(mild), 1.0 / self.above_one(mild));
        let mut ratios = vec![down, up];
        while ratios.len() < answers.len() {
            let ratio = self.above_one(mild);
            ratios.push(if self.tape.below(2) == 0 {
                ratio
            } else {
                1.0 / ratio
            });
        }
        let is_ordered = self.document.indicators[&row.indicator].kind != IndicatorKind::Categorical;
        if is_ordered && self.tape.once_in(3) {
            ratios.sort_by(f64::total_cmp);
            row.trend = Some(Trend::Increasing);
            if self.tape.below(2) == 0 {
                ratios.reverse();
                row.trend = Some(Trend::Decreasing);
            }
        }
        if answers.len() > 2 && row.trend.is_none() && self.tape.once_in(3) {
            row.unlisted = Some(Neutral {
                neutral: "nobody counted it".to_owned(),
            });
            ratios.truncate(2);
        }
        row.likelihood_ratios = answers.iter().cloned().zip(ratios).collect();
    }

    /// Items over one or two members each, leaving some uncounted; and the members they read.
    fn items(&mut self, members: &[String]) -> (Vec<Item>, Vec<String>) {
        let mut items = Vec::new();
        let mut counted = Vec::new();
        let mut rest = members;
        while !rest.is_empty() && items.len() < 4 {
            let (read, others) = rest.split_at(if rest.len() > 1 && self.tape.once_in(3) {
                2
            } else {
                1
            });
            rest = others;
            if !items.is_empty() && self.tape.once_in(4) {
                continue;
            }
            let atoms: Vec<String> = read.iter().map(|member| self.atom(member)).collect();
            let condition = match atoms.as_slice() {
                [one] => one.clone(),
                several => format!("{}({})", self.tape.pick(&["all", "any"]), several.join(", ")),
            };
            items.push(Item {
                title: "Something counted".to_owned(),
                condition,
            });
            counted.extend(read.iter().cloned());
        }
        (items, counted)
    }

    fn count_rule(&mut self, cause: &str, setting: Option<String>, items: usize) -> CountRule {
        let mut rule = CountRule {
            cause: cause.to_owned(),
            setting: setting.into_iter().collect(),
            provenance: provenance(),
            ..CountRule::default()
        };
        match self.tape.below(4) {
            0 => {
                let mut margins = || (0..items).map(|_| self.probability()).collect();
                rule.margins = Some(Shares {
                    cause: margins(),
                    comparator: margins(),
                });
            }
            1 => {
                rule.distribution = Some(Shares {
                    cause: self.shares(items + 1),
                    comparator: self.shares(items + 1),
                });
            }
            form => {
                let keys = self.intervals(items);
                rule.comparator = keys.iter().cloned().zip(self.shares(keys.len())).collect();
                let ratios: Vec<f64> = if form == 2 {
                    let under_cause = self.shares(keys.len());
                    keys.iter()
                        .zip(under_cause)
                        .map(|(key, share)| share / rule.comparator[key])
                        .collect()
                } else {
                    rule.shrink = Some(*self.tape.pick(&[0.5, 0.8]));
                    let count = keys.len();
                    let mut ratio = |rank| {
                        if rank == 0 {
                            1.0 / self.above_one(false)
                        } else {
                            self.above_one(false)
                        }
                    };
                    (0..count).map(&mut ratio).collect()
                };
                rule.likelihood_ratios = keys.into_iter().zip(ratios).collect();
            }
        }
        rule
    }

    /// Intervals that cover 0 to `items` once.
    fn intervals(&mut self, items: usize) -> Vec<String> {
        match self.tape.below(3) {
            0 if items > 1 => vec!["0".to_owned(), format!("1..{items}"), format!(">={items}")],
            1 => (0..=items).map(|m| m.to_string()).collect(),
            _ => {
                let cut = 1 + self.tape.below(items);
                vec![format!("<{cut}"), format!(">={cut}")]
            }
        }
    }

    // -----------------------------------------------------------------------------------------------------
    // Conditions and what hangs on them
    // -----------------------------------------------------------------------------------------------------

    /// Implications from a member to a later one, at most one to each.
    fn implies(&mut self, members: &[String]) {
        for (position, target) in members.iter().enumerate().skip(1) {
            if !self.tape.once_in(4) || self.document.indicators[target].kind == IndicatorKind::Numeric {
                continue;
            }
            let from = self.tape.pick(&members[..position]).clone();
            let condition = self.atom(&from);
            let value = draw_answer(&self.document.indicators[target], &mut self.tape);
            self.document.implies.push(Implies {
                condition,
                then: BTreeMap::from([(target.clone(), value)]),
                reason: "the one comes with the other".to_owned(),
            });
        }
    }

    fn derived(&mut self) {
        for number in 0..self.tape.below(3) {
            let over = self.askable();
            if !over.is_empty() {
                let condition = self.condition(&over, 2);
                let derived = Derived {
                    title: "A sum of signs".to_owned(),
                    condition,
                };
                self.document.derived.insert(format!("summary_{number}"), derived);
            }
        }
    }

    fn impossible(&mut self) {
        let over: Vec<String> = self.document.indicators.keys().cloned().collect();
        if let [first, .., last] = over.as_slice()
            && self.tape.once_in(5)
        {
            let condition = format!("all({}, {})", self.atom(first), self.atom(last));
            self.document.impossible.push(Impossible {
                condition,
                reason: "the one excludes the other".to_owned(),
            });
        }
    }

    /// Gates; one cause has neither a `requires` nor an `excludes`.
    fn gates(&mut self) {
        let over = self.askable();
        let causes = self.causes_by_id();
        let open = self.tape.pick(&causes).clone();
        for number in 0..self.tape.below(6) {
            let cause = self.tape.pick(&causes).clone();
            let kinds = [
                GateKind::Caps,
                GateKind::Requires,
                GateKind::Requires,
                GateKind::Excludes,
            ];
            let kind = if cause == open {
                GateKind::Caps
            } else {
                *self.tape.pick(&kinds)
            };
            if over.is_empty() {
                continue;
            }
            let mut gate = Gate {
                title: "A rule".to_owned(),
                kind,
                cause,
                condition: self.condition(&over, 2),
                reason: "the source asks for it".to_owned(),
                source: vec!["src".to_owned()],
                ..Gate::default()
            };
            match kind {
                GateKind::Caps => gate.probability = Some(self.probability()),
                GateKind::Requires => {
                    gate.mode = *self
                        .tape
                        .pick(&[None, Some(GateMode::Strict), Some(GateMode::Lenient)]);
                }
                GateKind::Excludes => {}
            }
            self.document.gates.insert(format!("gate_{number}"), gate);
        }
    }

    fn flags(&mut self) {
        for number in 0..self.tape.below(4) {
            let over = self.askable();
            if over.is_empty() {
                continue;
            }
            let flag = Flag {
                level: *self.tape.pick(&[Level::Routine, Level::Urgent, Level::Emergency]),
                title: "Look at this".to_owned(),
                condition: self.condition(&over, 2),
                action: "See somebody.".to_owned(),
                source: vec!["src".to_owned()],
                ..Flag::default()
            };
            self.document.flags.insert(format!("flag_{number}"), flag);
        }
    }

    /// A condition over these, at most so deep.
    fn condition(&mut self, over: &[String], depth: usize) -> String {
        let shape = if depth == 0 { 0 } else { self.tape.below(8) };
        if shape < 4 {
            let id = self.tape.pick(over).clone();
            return self.atom(&id);
        }
        if shape == 4 {
            return format!("not({})", self.condition(over, depth - 1));
        }
        let parts: Vec<String> = (0..2 + self.tape.below(2))
            .map(|_| self.condition(over, depth - 1))
            .collect();
        let head = match shape {
            5 => "all(".to_owned(),
            6 => "any(".to_owned(),
            _ => format!("at_least({}, ", 1 + self.tape.below(parts.len())),
        };
        format!("{head}{})", parts.join(", "))
    }

    /// A condition over one indicator, derived or not.
    fn atom(&mut self, id: &str) -> String {
        let Some(indicator) = self.document.indicators.get(id) else {
            return format!("{}({id})", self.tape.pick(&["present", "absent"]));
        };
        match indicator.kind {
            IndicatorKind::Boolean => format!("{}({id})", self.tape.pick(&["present", "absent"])),
            IndicatorKind::Categorical | IndicatorKind::Ordinal => {
                let answers = answers_of(indicator);
                let from = self.tape.below(answers.len());
                let count = 1 + self.tape.below((answers.len() - 1).min(answers.len() - from));
                format!("answer({id}) in [{}]", answers[from..from + count].join(", "))
            }
            IndicatorKind::Numeric => {
                format!(
                    "{id} {} {}",
                    self.tape.pick(&[">=", "<"]),
                    self.tape.pick(&indicator.cut_points)
                )
            }
        }
    }

    // -----------------------------------------------------------------------------------------------------
    // Figures
    // -----------------------------------------------------------------------------------------------------

    /// A ratio above 1: up to 3 dB where it must be mild or tie, up to 15 dB otherwise.
    fn above_one(&mut self, mild: bool) -> f64 {
        let units = match self.weighing {
            Weighing::Ties => 1_000_000_000 * (1 + self.tape.below(3)),
            Weighing::Real if mild => 1 + self.tape.below(3_000_000_000),
            Weighing::Real => 1 + self.tape.below(15_000_000_000),
        };
        Weight::from_nanodecibans(i64::try_from(units).unwrap())
            .likelihood_ratio()
            .get()
    }

    /// LR+ and LR- on both sides of 1.
    fn pair(&mut self, mild: bool) -> (f64, f64) {
        let (up, down) = (self.above_one(mild), 1.0 / self.above_one(mild));
        if self.tape.once_in(3) {
            (down, up)
        } else {
            (up, down)
        }
    }

    fn probability(&mut self) -> f64 {
        match self.weighing {
            Weighing::Real => 0.02 + 0.96 * self.tape.unit(),
            Weighing::Ties => *self.tape.pick(&[0.5, 0.2, 0.8, 0.4]),
        }
    }

    /// Probabilities that sum to 1.
    fn shares(&mut self, count: usize) -> Vec<f64> {
        let sizes: Vec<f64> = (0..count)
            .map(|_| match self.weighing {
                Weighing::Real => 0.05 + self.tape.unit(),
                Weighing::Ties => *self.tape.pick(&[1.0, 2.0, 4.0]),
            })
            .collect();
        let sum: f64 = sizes.iter().sum();
        sizes.iter().map(|size| size / sum).collect()
    }

    // -----------------------------------------------------------------------------------------------------
    // Names
    // -----------------------------------------------------------------------------------------------------

    fn settings(&self) -> Vec<String> {
        self.document.settings.keys().cloned().collect()
    }

    fn causes_by_id(&self) -> Vec<String> {
        self.document.causes.keys().cloned().collect()
    }

    /// One of two settings, once in `n`.
    fn some_setting(&mut self, n: usize) -> Option<String> {
        let settings = self.settings();
        (settings.len() > 1 && self.tape.once_in(n)).then(|| self.tape.pick(&settings).clone())
    }

    /// What a condition may ask about: indicators, and derived ones so far.
    fn askable(&self) -> Vec<String> {
        self.document
            .indicators
            .keys()
            .chain(self.document.derived.keys())
            .cloned()
            .collect()
    }
}

#[cfg(test)]
mod tests;
