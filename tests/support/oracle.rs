//! The slow twin of the engine: what a case means, written down straight from the mathematics.
//!
//! It is read beside `semantics.md` (cited by section title) and shares nothing with the engine but the
//! algebra of belief and the written [`Document`]. Nothing is compiled, cached or indexed: names are
//! strings, conditions are parsed where they are read, and joint states are enumerated. It assumes a valid
//! document and findings that suit it, and panics otherwise.
//!
//! An answer has one name whatever its kind: `present`, `absent`, the slug of an answer, or a bin such as
//! `40..45`. An indicator that is unknown or not assessable has no answer.

use std::collections::{BTreeMap, BTreeSet};

use aetia::{
    Accuracy, Against, AnswerValue, Condition, Count, CountRule, Counts, Document, Evidence, GateKind,
    GateMode, Group, Indicator, IndicatorKind, LikelihoodRatio, LikelihoodRatios, Link, LogOdds, Weight,
    exp10,
};

/// What was found, as a case writes it: by indicator.
pub type Findings = BTreeMap<String, AnswerValue>;

/// The named answers of a case: by indicator, the unanswered ones left out.
pub type Answers = BTreeMap<String, String>;

/// Kleene's three truth values, in the order that makes *all* a minimum and *any* a maximum.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Truth {
    /// Definitely false.
    False,
    /// It depends on something unknown or not assessable.
    Undetermined,
    /// Definitely true.
    True,
}

/// Everything the oracle says about a case.
#[derive(Clone, Debug, PartialEq)]
pub struct Verdict {
    /// The named causes.
    pub causes: BTreeMap<String, OracleCause>,
    /// The comparator's posterior after gates; the line 0.5 under the independent link.
    pub comparator_posterior: f64,
    /// The comparator's posterior before gates; the line 0.5 under the independent link.
    pub comparator_posterior_ungated: f64,
    /// What each flag's condition comes to.
    pub flags: BTreeMap<String, Truth>,
    /// The ranked causes, first first; excluded ones are not in it.
    pub order: Vec<String>,
    /// The answers that followed from others.
    pub inferred: BTreeMap<String, String>,
}

/// What the oracle says about a named cause. `prior`, `parts` and `gate` sum to `score`.
#[derive(Clone, Debug, PartialEq)]
pub struct OracleCause {
    /// Log-odds against the comparator before any finding.
    pub prior: LogOdds,
    /// The score before gates.
    pub raw: LogOdds,
    /// The score after caps and holds. An excluded cause keeps the score it would have had.
    pub score: LogOdds,
    /// The posterior after gates; 0 where the cause is excluded.
    pub posterior: f64,
    /// The posterior before gates.
    pub posterior_ungated: f64,
    /// The rank from 1; none where the cause is excluded.
    pub rank: Option<usize>,
    /// The rank from 1 before gates.
    pub rank_ungated: usize,
    /// The `requires` gates that are closed, whether or not they move the score.
    pub held_by: Vec<String>,
    /// The `caps` gates in force, whether or not they move the score.
    pub capped_by: Vec<String>,
    /// The `excludes` gates in force.
    pub excluded_by: Vec<String>,
    /// The evidence: the answered members a part speaks of, and its weight. Zeros are parts too.
    pub parts: Vec<(Vec<String>, Weight)>,
    /// What the gates take away: `score - raw`.
    pub gate: Weight,
}

/// Why a case cannot be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Contradiction {
    /// An implication gives an indicator another answer than it has.
    Implied {
        /// The indicator.
        indicator: String,
        /// The answer it has.
        answer: String,
        /// The answer it would be given.
        implied: String,
        /// The implication's condition.
        condition: String,
    },
    /// An impossible condition definitely holds.
    Impossible {
        /// The condition.
        condition: String,
    },
}

/// Assesses a case in a setting under a link.
///
/// # Errors
/// The [`Contradiction`] in the findings, if there is one.
pub fn assess(
    document: &Document,
    findings: &Findings,
    setting: &str,
    link: Link,
) -> Result<Verdict, Contradiction> {
    let (answers, inferred) = close(document, findings)?;
    let sheet = Sheet {
        document,
        setting,
        answers,
    };
    let mut causes: BTreeMap<String, OracleCause> = document
        .causes
        .keys()
        .map(|cause| (cause.clone(), sheet.score(cause)))
        .collect();
    sheet.gate(&mut causes);
    let order = rank(&mut causes);
    let (comparator_posterior, comparator_posterior_ungated) = judge(&mut causes, link);
    let flags = document
        .flags
        .iter()
        .map(|(id, flag)| (id.clone(), sheet.truth(&flag.condition)))
        .collect();
    Ok(Verdict {
        causes,
        comparator_posterior,
        comparator_posterior_ungated,
        flags,
        order,
        inferred,
    })
}

// ---------------------------------------------------------------------------------------------------------
// Answers and conditions ("Unknown, partial and noisy answers", "Gates")
// ---------------------------------------------------------------------------------------------------------

/// The names of an indicator's answers, in order: `present` first for a boolean, the lowest bin for a number.
pub fn answers_of(indicator: &Indicator) -> Vec<String> {
    match indicator.kind {
        IndicatorKind::Boolean => vec!["present".to_owned(), "absent".to_owned()],
        IndicatorKind::Categorical | IndicatorKind::Ordinal => {
            indicator.answers.iter().map(|answer| answer.id.clone()).collect()
        }
        IndicatorKind::Numeric => {
            let cuts = &indicator.cut_points;
            let lowest = format!("<{}", cuts[0]);
            let between = cuts.windows(2).map(|pair| format!("{}..{}", pair[0], pair[1]));
            let highest = format!(">={}", cuts[cuts.len() - 1]);
            [lowest].into_iter().chain(between).chain([highest]).collect()
        }
    }
}

/// The half-open interval a bin's key stands for: from the first number, up to but without the second.
fn bounds(key: &str) -> Option<(f64, f64)> {
    if let Some(high) = key.strip_prefix('<') {
        Some((f64::NEG_INFINITY, high.trim().parse().ok()?))
    } else if let Some(low) = key.strip_prefix(">=") {
        Some((low.trim().parse().ok()?, f64::INFINITY))
    } else {
        let (low, high) = key.split_once("..")?;
        Some((low.trim().parse().ok()?, high.trim().parse().ok()?))
    }
}

/// Whether two keys name one answer. Bins are compared as numbers: `<40` and `<40.0` are one bin.
fn same_answer(one: &str, other: &str) -> bool {
    one == other || bounds(one).is_some_and(|interval| bounds(other) == Some(interval))
}

/// What a table of figures says about an answer.
fn figure(figures: &BTreeMap<String, f64>, answer: &str) -> Option<f64> {
    figures
        .iter()
        .find(|(key, _)| same_answer(key, answer))
        .map(|(_, figure)| *figure)
}

/// The name of the answer that a finding gives; none where it is unknown or not assessable.
pub fn answer_of(indicator: &Indicator, value: &AnswerValue) -> Option<String> {
    match value {
        AnswerValue::Boolean(true) => Some("present".to_owned()),
        AnswerValue::Boolean(false) => Some("absent".to_owned()),
        AnswerValue::Named(name) if name == "unknown" || name == "not_assessable" => None,
        AnswerValue::Named(name) => Some(
            answers_of(indicator)
                .into_iter()
                .find(|answer| same_answer(answer, name))
                .expect("a known answer"),
        ),
        AnswerValue::Number(number) => Some(
            answers_of(indicator)
                .into_iter()
                .find(|bin| bounds(bin).is_some_and(|(low, high)| low <= *number && *number < high))
                .expect("a finite number for a numeric indicator"),
        ),
    }
}

/// Closes findings under `implies` to a fixpoint: all answers, and those among them that were inferred.
///
/// More answers never make a definite condition indefinite, so the fixpoint does not depend on the order.
///
/// # Errors
/// The first [`Contradiction`]: an implication against an answer, or an impossible combination.
pub fn close(document: &Document, findings: &Findings) -> Result<(Answers, Answers), Contradiction> {
    let mut answers: Answers = findings
        .iter()
        .filter_map(|(id, value)| Some((id.clone(), answer_of(&document.indicators[id], value)?)))
        .collect();
    let mut inferred = Answers::new();
    loop {
        let known = answers.len();
        for implication in &document.implies {
            if truth(document, &answers, &implication.condition) != Truth::True {
                continue;
            }
            for (indicator, value) in &implication.then {
                let implied = answer_of(&document.indicators[indicator], value).expect("an implied answer");
                match answers.get(indicator) {
                    None => {
                        answers.insert(indicator.clone(), implied.clone());
                        inferred.insert(indicator.clone(), implied);
                    }
                    Some(answer) if *answer == implied => {}
                    Some(answer) => {
                        return Err(Contradiction::Implied {
                            indicator: indicator.clone(),
                            answer: answer.clone(),
                            implied,
                            condition: implication.condition.clone(),
                        });
                    }
                }
            }
        }
        if answers.len() == known {
            break;
        }
    }
    match document
        .impossible
        .iter()
        .find(|rule| truth(document, &answers, &rule.condition) == Truth::True)
    {
        Some(rule) => Err(Contradiction::Impossible {
            condition: rule.condition.clone(),
        }),
        None => Ok((answers, inferred)),
    }
}

/// A condition as the document writes it.
fn parse(condition: &str) -> Condition {
    condition
        .parse()
        .unwrap_or_else(|error| panic!("{condition}: {error}"))
}

/// What a written condition comes to.
pub fn truth(document: &Document, answers: &Answers, condition: &str) -> Truth {
    evaluate(document, answers, &parse(condition))
}

/// Kleene's logic over answers ("Gates").
fn evaluate(document: &Document, answers: &Answers, condition: &Condition) -> Truth {
    let definite = |yes: bool| if yes { Truth::True } else { Truth::False };
    let atom = |id: &str, holds: &dyn Fn(&str) -> bool| {
        answers
            .get(id)
            .map_or(Truth::Undetermined, |answer| definite(holds(answer)))
    };
    let each = |parts: &[Condition]| -> Vec<Truth> {
        parts
            .iter()
            .map(|part| evaluate(document, answers, part))
            .collect()
    };
    match condition {
        Condition::Present(id) => match document.derived.get(id) {
            Some(derived) => truth(document, answers, &derived.condition),
            None => atom(id, &|answer| answer == "present"),
        },
        Condition::Absent(id) => match document.derived.get(id) {
            Some(derived) => negate(truth(document, answers, &derived.condition)),
            None => atom(id, &|answer| answer == "absent"),
        },
        Condition::AnswerIn(id, these) => atom(id, &|answer| these.iter().any(|this| this == answer)),
        // A cut-point never lies inside a bin, so the lower end of the bin decides.
        Condition::AtLeast(id, cut) => atom(id, &|answer| bounds(answer).is_some_and(|(low, _)| low >= *cut)),
        Condition::Below(id, cut) => atom(id, &|answer| bounds(answer).is_some_and(|(low, _)| low < *cut)),
        Condition::All(parts) => each(parts).into_iter().min().unwrap_or(Truth::True),
        Condition::Any(parts) => each(parts).into_iter().max().unwrap_or(Truth::False),
        Condition::Not(part) => negate(evaluate(document, answers, part)),
        Condition::Several(needed, parts) => {
            let verdicts = each(parts);
            let certain = verdicts.iter().filter(|verdict| **verdict == Truth::True).count();
            let possible = verdicts
                .iter()
                .filter(|verdict| **verdict != Truth::False)
                .count();
            match () {
                () if certain >= *needed => Truth::True,
                () if possible < *needed => Truth::False,
                () => Truth::Undetermined,
            }
        }
    }
}

fn negate(truth: Truth) -> Truth {
    match truth {
        Truth::False => Truth::True,
        Truth::Undetermined => Truth::Undetermined,
        Truth::True => Truth::False,
    }
}

/// The indicators a written condition reads, derived ones written out.
pub fn reads(document: &Document, condition: &str) -> BTreeSet<String> {
    fn collect(document: &Document, condition: &Condition, into: &mut BTreeSet<String>) {
        match condition {
            Condition::Present(id) | Condition::Absent(id) => match document.derived.get(id) {
                Some(derived) => collect(document, &parse(&derived.condition), into),
                None => drop(into.insert(id.clone())),
            },
            Condition::AnswerIn(id, _) | Condition::AtLeast(id, _) | Condition::Below(id, _) => {
                into.insert(id.clone());
            }
            Condition::Not(part) => collect(document, part, into),
            Condition::All(parts) | Condition::Any(parts) | Condition::Several(_, parts) => {
                for part in parts {
                    collect(document, part, into);
                }
            }
        }
    }
    let mut into = BTreeSet::new();
    collect(document, &parse(condition), &mut into);
    into
}

// ---------------------------------------------------------------------------------------------------------
// What a row says ("From published evidence to weights")
// ---------------------------------------------------------------------------------------------------------

/// Whether a row declares that an answer is no evidence.
fn is_neutral(row: &Evidence, answer: &str) -> bool {
    let listed = match &row.probabilities {
        Some(probabilities) => figure(&probabilities.cause, answer).is_some(),
        None => figure(&row.likelihood_ratios, answer).is_some(),
    };
    (answer == "absent" && row.absent.is_some()) || (row.unlisted.is_some() && !listed)
}

/// Sensitivity and specificity of a row that gives them, or the counts behind them.
fn accuracy_of(row: &Evidence) -> Option<Accuracy> {
    let given = row
        .accuracy
        .as_ref()
        .map(|it| Accuracy::new(it.sensitivity, it.specificity).unwrap());
    let counted = row.counts.as_ref().map(|it| {
        Counts::new(
            it.true_positive,
            it.false_negative,
            it.false_positive,
            it.true_negative,
        )
        .unwrap()
        .accuracy()
    });
    given.or(counted)
}

/// The likelihood ratio a row gives to an answer; none where it declares the answer neutral.
fn ratio_of(row: &Evidence, answer: &str) -> Option<LikelihoodRatio> {
    if is_neutral(row, answer) {
        return None;
    }
    let of_two = |ratios: LikelihoodRatios| {
        if answer == "present" {
            ratios.present
        } else {
            ratios.absent
        }
    };
    if let Some(accuracy) = accuracy_of(row) {
        return Some(of_two(accuracy.likelihood_ratios()));
    }
    let ratio = if let Some(ratios) = &row.likelihood_ratio {
        if answer == "present" {
            ratios.present
        } else {
            ratios.absent.expect("LR- or neutral absence")
        }
    } else if row.probabilities.is_some() {
        let (cause, comparator) = probabilities_of(row, answer);
        cause / comparator
    } else {
        figure(&row.likelihood_ratios, answer).expect("a ratio for every answer that is not neutral")
    };
    Some(LikelihoodRatio::new(ratio).unwrap())
}

/// `P(answer)` under the cause and under the comparator, from a row that gives probabilities.
fn probabilities_of(row: &Evidence, answer: &str) -> (f64, f64) {
    if let Some(accuracy) = accuracy_of(row) {
        let (sensitivity, specificity) = (accuracy.sensitivity().get(), accuracy.specificity().get());
        return if answer == "present" {
            (sensitivity, 1.0 - specificity)
        } else {
            (1.0 - sensitivity, specificity)
        };
    }
    let given = row
        .probabilities
        .as_ref()
        .expect("probabilities, accuracy or counts");
    let share = |figures: &BTreeMap<String, f64>| match figure(figures, answer) {
        Some(probability) => probability,
        None if answer == "absent" => 1.0 - figures["present"],
        None => panic!("no probability of {answer}"),
    };
    (share(&given.cause), share(&given.comparator))
}

// ---------------------------------------------------------------------------------------------------------
// Scores
// ---------------------------------------------------------------------------------------------------------

/// A case in a setting: the document and the closed answers.
struct Sheet<'a> {
    document: &'a Document,
    setting: &'a str,
    answers: Answers,
}

impl Sheet<'_> {
    fn truth(&self, condition: &str) -> Truth {
        truth(self.document, &self.answers, condition)
    }

    fn is_answered(&self, indicator: &str) -> bool {
        self.answers.contains_key(indicator)
    }

    /// The prior of a cause ("Priors by setting").
    fn prior(&self, cause: &str) -> f64 {
        self.document.causes[cause].prior[self.setting].value
    }

    /// The comparator's prior: what the named causes leave over, taken away one after another by id.
    fn prior_of_comparator(&self) -> f64 {
        self.document
            .causes
            .keys()
            .fold(1.0, |rest, cause| rest - self.prior(cause))
    }

    /// The score before gates: prior and parts ("Score").
    fn score(&self, cause: &str) -> OracleCause {
        let odds = LikelihoodRatio::new(self.prior(cause) / self.prior_of_comparator()).unwrap();
        let prior = LogOdds::EVEN + odds.weight();
        let parts = self.parts(cause);
        let raw = parts.iter().fold(prior, |score, (_, weight)| score + *weight);
        OracleCause {
            prior,
            raw,
            score: raw,
            posterior: 0.0,
            posterior_ungated: 0.0,
            rank: None,
            rank_ungated: 0,
            held_by: Vec::new(),
            capped_by: Vec::new(),
            excluded_by: Vec::new(),
            parts,
            gate: Weight::ZERO,
        }
    }

    /// The evidence for a cause, group after group, then the indicators that stand alone ("Blocks").
    fn parts(&self, cause: &str) -> Vec<(Vec<String>, Weight)> {
        let groups = self.document.groups.values();
        let grouped: BTreeSet<&String> = groups.clone().flat_map(|group| &group.members).collect();
        let alone = self
            .document
            .indicators
            .keys()
            .filter(|id| !grouped.contains(id) && self.is_answered(id));
        let of_groups = groups.flat_map(|group| self.group(cause, group));
        of_groups
            .chain(alone.map(|id| (vec![id.clone()], self.weight(cause, id))))
            .collect()
    }

    /// A group's evidence by the cause's own rule: a count, a table, or else the discount.
    fn group(&self, cause: &str, group: &Group) -> Vec<(Vec<String>, Weight)> {
        let members: BTreeSet<String> = group.members.iter().cloned().collect();
        if let Some(count) = &group.count
            && let Some(rule) = self.count_rule(cause, count)
        {
            let counted = self.counted(count);
            let uncounted = members.difference(&counted).cloned().collect();
            let mut parts: Vec<_> = self.count(count, rule).into_iter().collect();
            parts.extend(self.discounted(cause, group, &uncounted));
            parts
        } else if group.table.iter().any(|named| named == cause) {
            self.table(cause, &members).into_iter().collect()
        } else {
            self.discounted(cause, group, &members)
        }
    }

    // -----------------------------------------------------------------------------------------------------
    // One answer
    // -----------------------------------------------------------------------------------------------------

    /// The row in force for a cause and an indicator: of those that apply in the setting, the first whose
    /// `when` definitely holds, else the one without `when`.
    fn row(&self, cause: &str, indicator: &str) -> Option<&Evidence> {
        let about: Vec<&Evidence> = self
            .document
            .evidence
            .iter()
            .filter(|row| row.cause == cause && row.indicator == indicator)
            .collect();
        let is_here = |row: &Evidence| row.setting.iter().any(|setting| setting == self.setting);
        let is_replaced = |row: &Evidence| about.iter().any(|other| is_here(other) && other.when == row.when);
        let applicable: Vec<&Evidence> = about
            .iter()
            .copied()
            .filter(|row| is_here(row) || (row.setting.is_empty() && !is_replaced(row)))
            .collect();
        let holds = |row: &&&Evidence| {
            row.when
                .as_ref()
                .is_some_and(|when| self.truth(when) == Truth::True)
        };
        let plain = |row: &&&Evidence| row.when.is_none();
        applicable
            .iter()
            .find(holds)
            .or_else(|| applicable.iter().find(plain))
            .copied()
    }

    /// The ratio an answer has for a cause and what it is against; none where the cause is silent.
    fn ratio(&self, cause: &str, indicator: &str) -> Option<(LikelihoodRatio, Against)> {
        let row = self.row(cause, indicator)?;
        Some((ratio_of(row, &self.answers[indicator])?, row.against))
    }

    /// The weight of an answered indicator for a cause, before any discount; silence weighs nothing.
    fn weight(&self, cause: &str, indicator: &str) -> Weight {
        match self.ratio(cause, indicator) {
            None => Weight::ZERO,
            Some((ratio, Against::Comparator)) => ratio.weight(),
            Some((ratio, Against::Rest)) => {
                let lift = self.lift(cause, ratio) / self.lift_of_comparator(indicator);
                LikelihoodRatio::new(lift).expect("coherent ratios").weight()
            }
        }
    }

    /// `P(answer | cause) / P(answer)` from a ratio against everybody without the cause
    /// ("From published evidence to weights", exact conversion).
    fn lift(&self, cause: &str, ratio: LikelihoodRatio) -> f64 {
        let prior = self.prior(cause);
        ratio.get() / (1.0 - prior + prior * ratio.get())
    }

    /// `P(answer | comparator) / P(answer)`: what is left when the causes measured against the rest have
    /// taken their shares, divided among the comparator and the others in proportion to their ratios.
    fn lift_of_comparator(&self, indicator: &str) -> f64 {
        let (mut taken, mut sharing) = (0.0, self.prior_of_comparator());
        for cause in self.document.causes.keys() {
            match self.ratio(cause, indicator) {
                Some((ratio, Against::Rest)) => taken += self.prior(cause) * self.lift(cause, ratio),
                Some((ratio, Against::Comparator)) => sharing += self.prior(cause) * ratio.get(),
                None => sharing += self.prior(cause),
            }
        }
        (1.0 - taken) / sharing
    }

    // -----------------------------------------------------------------------------------------------------
    // Groups
    // -----------------------------------------------------------------------------------------------------

    /// `discounted(gamma)`: the weights of one sign, sorted by size, weigh `gamma^(rank - 1)` of themselves.
    fn discounted(
        &self,
        cause: &str,
        group: &Group,
        members: &BTreeSet<String>,
    ) -> Vec<(Vec<String>, Weight)> {
        let gamma = gamma(group);
        let answered = members.iter().filter(|id| self.is_answered(id));
        let weights: Vec<(&String, Weight)> = answered.map(|id| (id, self.weight(cause, id))).collect();
        let rank_among_its_sign = |id: &String, weight: Weight| {
            let ahead = |other: &String, rival: Weight| {
                rival.nanodecibans().signum() == weight.nanodecibans().signum()
                    && (rival.abs() > weight.abs() || (rival.abs() == weight.abs() && other < id))
            };
            weights
                .iter()
                .filter(|(other, rival)| ahead(other, *rival))
                .count()
        };
        weights
            .iter()
            .map(|(id, weight)| {
                (
                    vec![(*id).clone()],
                    weight.scaled(factor(gamma, rank_among_its_sign(id, *weight))),
                )
            })
            .collect()
    }

    /// The count rule of a cause: that of the setting, else the general one.
    fn count_rule<'c>(&self, cause: &str, count: &'c Count) -> Option<&'c CountRule> {
        let of_cause = |rule: &&CountRule| rule.cause == cause;
        let is_here = |rule: &&CountRule| rule.setting.iter().any(|setting| setting == self.setting);
        let general = |rule: &&CountRule| rule.setting.is_empty();
        let mut rules = count.rules.iter().filter(of_cause);
        rules.clone().find(is_here).or_else(|| rules.find(general))
    }

    /// The indicators that the items of a count read.
    fn counted(&self, count: &Count) -> BTreeSet<String> {
        count
            .items
            .iter()
            .flat_map(|item| reads(self.document, &item.condition))
            .collect()
    }

    /// The one part of a count; none while no indicator it reads is answered.
    fn count(&self, count: &Count, rule: &CountRule) -> Option<(Vec<String>, Weight)> {
        let answered: Vec<String> = self
            .counted(count)
            .into_iter()
            .filter(|id| self.is_answered(id))
            .collect();
        let items: Vec<Truth> = count
            .items
            .iter()
            .map(|item| self.truth(&item.condition))
            .collect();
        let weight = if items.iter().all(|item| *item == Truth::Undetermined) {
            Weight::ZERO
        } else {
            LikelihoodRatio::new(count_ratio(rule, &items)).unwrap().weight()
        };
        (!answered.is_empty()).then_some((answered, weight))
    }

    /// The one part of a joint table; none while no member is answered.
    ///
    /// The probability of what is known is a sum over the complete states it leaves open; the probability
    /// of a state is a product along the members' rows.
    fn table(&self, cause: &str, members: &BTreeSet<String>) -> Option<(Vec<String>, Weight)> {
        let answered: Vec<String> = members
            .iter()
            .filter(|id| self.is_answered(id))
            .cloned()
            .collect();
        if answered.is_empty() {
            return None;
        }
        let (mut under_cause, mut under_comparator) = (0.0, 0.0);
        for answers in self.completions(members) {
            let state = Sheet {
                document: self.document,
                setting: self.setting,
                answers,
            };
            let (mut product_cause, mut product_comparator) = (1.0, 1.0);
            for member in members {
                let (p, q) = state.share(cause, member, self.is_answered(member));
                product_cause *= p;
                product_comparator *= q;
            }
            under_cause += product_cause;
            under_comparator += product_comparator;
        }
        Some((
            answered,
            LikelihoodRatio::new(under_cause / under_comparator)
                .unwrap()
                .weight(),
        ))
    }

    /// Every complete state of the members that agrees with what is known, the last member fastest.
    fn completions(&self, members: &BTreeSet<String>) -> Vec<Answers> {
        let mut states = vec![Answers::new()];
        for member in members {
            let open = match self.answers.get(member) {
                Some(answer) => vec![answer.clone()],
                None => answers_of(&self.document.indicators[member]),
            };
            let with = |state: &Answers, answer: &String| {
                let mut state = state.clone();
                state.insert(member.clone(), answer.clone());
                state
            };
            states = states
                .iter()
                .flat_map(|state| open.iter().map(move |answer| with(state, answer)))
                .collect();
        }
        states
    }

    /// In a complete state: `P(answer of a member)` under the cause and under the comparator.
    ///
    /// A member without rows is as in the comparator, whatever that is: the same share under both. An answer
    /// that was given and is declared neutral is as in the comparator too.
    fn share(&self, cause: &str, member: &str, is_given: bool) -> (f64, f64) {
        let answer = &self.answers[member];
        let Some(row) = self.row(cause, member) else {
            let share = 1.0 / real(answers_of(&self.document.indicators[member]).len());
            return (share, share);
        };
        let (p, q) = probabilities_of(row, answer);
        if is_given && is_neutral(row, answer) {
            (q, q)
        } else {
            (p, q)
        }
    }

    // -----------------------------------------------------------------------------------------------------
    // Gates ("Gates", "Theorem (hold operator)")
    // -----------------------------------------------------------------------------------------------------

    /// Caps, then exclusions, then holds at one deciban below the best open named cause.
    fn gate(&self, causes: &mut BTreeMap<String, OracleCause>) {
        for (id, gate) in &self.document.gates {
            let truth = self.truth(&gate.condition);
            let cause = causes.get_mut(&gate.cause).expect("a named cause");
            match gate.kind {
                GateKind::Caps if truth == Truth::True => {
                    cause.capped_by.push(id.clone());
                    cause.score = cause
                        .score
                        .min(cap(gate.probability.expect("the probability of a cap")));
                }
                GateKind::Excludes if truth == Truth::True => cause.excluded_by.push(id.clone()),
                GateKind::Requires if is_closed(gate.mode.unwrap_or_default(), truth) => {
                    cause.held_by.push(id.clone());
                }
                GateKind::Caps | GateKind::Excludes | GateKind::Requires => {}
            }
        }
        let is_open = |cause: &&OracleCause| cause.held_by.is_empty() && cause.excluded_by.is_empty();
        let best_open = causes
            .values()
            .filter(is_open)
            .map(|cause| cause.score)
            .max()
            .expect("an open named cause");
        for cause in causes.values_mut() {
            if !cause.held_by.is_empty() {
                cause.score = cause.score.min(best_open - Weight::DECIBAN);
            }
            cause.gate = cause.score - cause.raw;
        }
    }
}

/// Whether a `requires` gate is closed: a strict one unless its condition definitely holds, a lenient one
/// only where it definitely does not.
fn is_closed(mode: GateMode, truth: Truth) -> bool {
    match mode {
        GateMode::Strict => truth != Truth::True,
        GateMode::Lenient => truth == Truth::False,
    }
}

/// The highest position whose probability is at most that of a cap: rounded down.
fn cap(probability: f64) -> LogOdds {
    LogOdds::from_nanodecibans(libm::floor(1e10 * libm::log10(probability / (1.0 - probability))) as i64)
}

/// A group's gamma: given, or from phi, or one half ("Correlated findings, measured").
fn gamma(group: &Group) -> f64 {
    match (group.gamma, group.phi) {
        (Some(gamma), _) => gamma,
        (None, Some(phi)) => (1.0 - phi) * (1.0 - phi) * (1.0 - phi).sqrt(),
        (None, None) => 0.5,
    }
}

/// `gamma^rank` in whole billionths, half away from zero.
fn factor(gamma: f64, rank: usize) -> i64 {
    ((0..rank).fold(1.0, |power, _| power * gamma) * 1e9).round() as i64
}

fn real(count: usize) -> f64 {
    count as f64
}

// ---------------------------------------------------------------------------------------------------------
// Counts ("Blocks": count with unknowns)
// ---------------------------------------------------------------------------------------------------------

/// The likelihood ratio of a partly answered count.
fn count_ratio(rule: &CountRule, items: &[Truth]) -> f64 {
    let n = items.len();
    if let Some(margins) = &rule.margins {
        let present = items.iter().filter(|item| **item == Truth::True).count();
        let answered = |margins: &[f64]| -> Vec<f64> {
            let pairs = margins.iter().zip(items);
            pairs
                .filter(|(_, item)| **item != Truth::Undetermined)
                .map(|(p, _)| *p)
                .collect()
        };
        poisson_binomial(&answered(&margins.cause))[present]
            / poisson_binomial(&answered(&margins.comparator))[present]
    } else if let Some(distribution) = &rule.distribution {
        exchangeable(&distribution.cause, items) / exchangeable(&distribution.comparator, items)
    } else {
        exchangeable(&under_cause(rule, n), items) / exchangeable(&under_comparator(rule, n), items)
    }
}

/// `P(so many of these present)`, for independent items with these probabilities.
fn poisson_binomial(items: &[f64]) -> Vec<f64> {
    items.iter().fold(vec![1.0], |dist, p| {
        let at = |j: usize| dist.get(j).copied().unwrap_or(0.0);
        (0..=dist.len())
            .map(|j| at(j) * (1.0 - p) + if j == 0 { 0.0 } else { at(j - 1) * p })
            .collect()
    })
}

/// `P(p present, q absent) = sum over m = p..=p+u of P(m) * C(u, m - p) / C(n, m)`: exchangeable items, the
/// unknown ones summed out.
fn exchangeable(distribution: &[f64], items: &[Truth]) -> f64 {
    let n = items.len();
    let p = items.iter().filter(|item| **item == Truth::True).count();
    let u = items.iter().filter(|item| **item == Truth::Undetermined).count();
    (p..=p + u).fold(0.0, |sum, m| {
        sum + distribution[m] * binomial(u, m - p) / binomial(n, m)
    })
}

/// `C(n, k)`.
fn binomial(n: usize, k: usize) -> f64 {
    (1..=k).fold(1.0, |c, i| c * real(n - k + i) / real(i))
}

/// The key of the interval a count lies in, and how many counts lie in that interval.
fn interval_of(figures: &BTreeMap<String, f64>, m: usize, n: usize) -> (&String, usize) {
    let covers = |key: &str, m: usize| match bounds(key) {
        Some((low, high)) => low <= real(m) && real(m) < high,
        None => key.trim().parse() == Ok(m),
    };
    let key = figures
        .keys()
        .find(|key| covers(key, m))
        .expect("the intervals cover every count");
    (key, (0..=n).filter(|m| covers(key, *m)).count())
}

/// `P_0(m)`: uniform inside an interval.
fn under_comparator(rule: &CountRule, n: usize) -> Vec<f64> {
    let share = |m| {
        let (key, size) = interval_of(&rule.comparator, m, n);
        rule.comparator[key] / real(size)
    };
    (0..=n).map(share).collect()
}

/// `P_k(m)`: in proportion to `LR^shrink * P_0(m)`.
fn under_cause(rule: &CountRule, n: usize) -> Vec<f64> {
    let ratio = |m| {
        let ratio = rule.likelihood_ratios[interval_of(&rule.likelihood_ratios, m, n).0];
        match rule.shrink {
            None => ratio,
            Some(power) => {
                let weight = LikelihoodRatio::new(ratio).unwrap().weight();
                exp10((weight.nanodecibans() as f64 * power).round() as i64)
            }
        }
    };
    let shares: Vec<f64> = under_comparator(rule, n)
        .iter()
        .enumerate()
        .map(|(m, p)| ratio(m) * p)
        .collect();
    let sum = shares.iter().fold(0.0, |sum, share| sum + share);
    shares.iter().map(|share| share / sum).collect()
}

// ---------------------------------------------------------------------------------------------------------
// Ranks and posteriors ("Links (probabilities)")
// ---------------------------------------------------------------------------------------------------------

/// Ranks the causes by (score, raw score, id), before and after gates; returns the order after.
fn rank(causes: &mut BTreeMap<String, OracleCause>) -> Vec<String> {
    let sorted = |position: &dyn Fn(&OracleCause) -> (LogOdds, LogOdds)| -> Vec<String> {
        let mut ids: Vec<String> = causes.keys().cloned().collect();
        // The sort is stable, so ties stay in the order of ids.
        ids.sort_by(|one, other| position(&causes[other]).cmp(&position(&causes[one])));
        ids
    };
    let ungated = sorted(&|cause| (cause.raw, cause.raw));
    let mut order = sorted(&|cause| (cause.score, cause.raw));
    order.retain(|id| causes[id].excluded_by.is_empty());
    for (id, cause) in causes {
        cause.rank = order.iter().position(|other| other == id).map(|index| index + 1);
        cause.rank_ungated = ungated.iter().position(|other| other == id).expect("every cause") + 1;
    }
    order
}

/// Fills in the posteriors; returns the comparator's, after gates and before.
fn judge(causes: &mut BTreeMap<String, OracleCause>, link: Link) -> (f64, f64) {
    let ungated: BTreeMap<String, LogOdds> =
        causes.iter().map(|(id, cause)| (id.clone(), cause.raw)).collect();
    let ranked = causes.iter().filter(|(_, cause)| cause.excluded_by.is_empty());
    let gated: BTreeMap<String, LogOdds> = ranked.map(|(id, cause)| (id.clone(), cause.score)).collect();
    let (before, after) = (posteriors(&ungated, link), posteriors(&gated, link));
    for (id, cause) in causes {
        cause.posterior = after.0.get(id).copied().unwrap_or(0.0);
        cause.posterior_ungated = before.0[id];
    }
    (after.1, before.1)
}

/// The posteriors of causes at these positions, and the comparator's, whose position is 0.
fn posteriors(scores: &BTreeMap<String, LogOdds>, link: Link) -> (BTreeMap<String, f64>, f64) {
    match link {
        Link::Independent => (
            scores
                .iter()
                .map(|(id, score)| (id.clone(), score.probability().get()))
                .collect(),
            0.5,
        ),
        Link::Exclusive => {
            let highest = scores.values().copied().fold(LogOdds::EVEN, LogOdds::max);
            let mass = |score: LogOdds| exp10((score - highest).nanodecibans());
            let total = scores
                .values()
                .fold(mass(LogOdds::EVEN), |sum, score| sum + mass(*score));
            let share = |score| mass(score) / total;
            (
                scores
                    .iter()
                    .map(|(id, score)| (id.clone(), share(*score)))
                    .collect(),
                share(LogOdds::EVEN),
            )
        }
    }
}

#[cfg(test)]
mod tests;
