//! Cases that break a rule: built, assessed by the engine, and made as small or as likely as will do.

use std::collections::BTreeMap;

use aetia::{
    AnswerValue, Assessment, Case, FlagState, IndicatorKind, Link, LogOdds, Model, Options, Scratch, Truth,
    exp10,
};

use crate::formula::{Code, Formula};
use crate::frame::Frame;

/// Answers by indicator: none is 0.
pub(crate) type Answers = BTreeMap<usize, Code>;

/// What a rule forbids, as the engine is asked about it.
#[derive(Clone, Debug)]
pub(crate) enum Forbidden {
    First {
        cause: usize,
        unless: Option<Formula>,
    },
    Leads {
        cause: usize,
        unless: Option<Formula>,
    },
    NotBelow {
        cause: usize,
        other: usize,
        when: Option<Formula>,
    },
    /// The cause is above the rival, and is not after the change.
    Passed {
        cause: usize,
        rival: usize,
    },
    Lowered {
        cause: usize,
    },
    Exceeds {
        cause: usize,
        bound: f64,
        when: Option<Formula>,
    },
    Quiet {
        flag: String,
        whenever: Formula,
    },
    OtherFirst {
        model: Model,
    },
    FlagApart {
        flag: String,
        model: Model,
    },
    NotFirst {
        cause: usize,
    },
    NoneOpen,
}

/// Asks the engine about cases of a model in a setting.
pub(crate) struct Replay<'f, 'm> {
    pub(crate) frame: &'f Frame<'m>,
    pub(crate) model: &'f Model,
    pub(crate) options: Options,
    pub(crate) forbidden: Forbidden,
    /// The answer of an indicator before and after a change.
    pub(crate) change: Option<(usize, Code, Code)>,
    /// A case whose answers stay.
    pub(crate) base: Option<&'f Case>,
}

impl Replay<'_, '_> {
    /// The case with these answers given; none where they contradict each other.
    pub(crate) fn case(&self, answers: &Answers) -> Option<Case> {
        let mut builder = self.model.case();
        if let Some(base) = self.base {
            for (indicator, finding) in base.findings() {
                let value = match finding {
                    aetia::Finding::NotAssessable => AnswerValue::Named("not_assessable".to_owned()),
                    aetia::Finding::Answer { number: Some(number), inferred: false, .. } => {
                        AnswerValue::Number(number)
                    }
                    aetia::Finding::Answer { answer, inferred: false, .. } => {
                        let position = indicator.answers().iter().position(|other| other == answer)?;
                        value(indicator, Code::try_from(position + 1).ok()?)
                    }
                    aetia::Finding::Unknown | aetia::Finding::Answer { inferred: true, .. } => continue,
                };
                builder = builder.finding(indicator.id().as_str(), &value).ok()?;
            }
        }
        for (indicator, code) in answers.iter().filter(|(_, code)| **code != 0) {
            let id = self.frame.indicators.get(*indicator)?;
            let known = self.frame.model.knowledge_base().indicator(id)?;
            builder = builder.finding(id, &value(known, *code)).ok()?;
        }
        builder.build().ok()
    }

    fn assess(&self, case: &Case) -> Option<Assessment> {
        self.model.assess_with(case, &self.options, &mut Scratch::new()).ok().cloned()
    }

    /// The case before and after the change, if there is one.
    pub(crate) fn pair(&self, answers: &Answers) -> Option<(Case, Option<Case>)> {
        let Some((indicator, from, to)) = self.change else { return Some((self.case(answers)?, None)) };
        let mut answers = answers.clone();
        answers.insert(indicator, from);
        let before = self.case(&answers)?;
        answers.insert(indicator, to);
        Some((before, Some(self.case(&answers)?)))
    }

    /// Whether the engine finds what is forbidden in the case with these answers.
    pub(crate) fn breaks(&self, answers: &Answers) -> bool {
        self.pair(answers).and_then(|(case, after)| self.breaks_in(&case, after.as_ref())).unwrap_or(false)
    }

    fn breaks_in(&self, case: &Case, after: Option<&Case>) -> Option<bool> {
        let assessment = self.assess(case)?;
        let name = |cause: usize| self.frame.causes.get(cause).copied().unwrap_or_default();
        let is_first = |cause: usize| assessment.first().id().as_str() == name(cause);
        let truth = |formula: &Formula| formula.truth(&|indicator| self.code(case, indicator));
        let applies = |when: &Option<Formula>| when.as_ref().is_none_or(|when| truth(when) == Truth::True);
        let is_excused =
            |unless: &Option<Formula>| unless.as_ref().is_some_and(|unless| truth(unless) == Truth::True);
        Some(match &self.forbidden {
            Forbidden::First { cause, unless } => is_first(*cause) && !is_excused(unless),
            Forbidden::NotFirst { cause } => !is_first(*cause),
            Forbidden::Leads { cause, unless } => {
                assessment.cause(name(*cause)).ok()?.leads() && !is_excused(unless)
            }
            Forbidden::NotBelow { cause, other, when } => {
                applies(when) && is_above(&assessment, name(*cause), name(*other))?
            }
            Forbidden::Passed { cause, rival } => {
                let after = self.assess(after?)?;
                is_above(&assessment, name(*cause), name(*rival))?
                    && is_above(&after, name(*rival), name(*cause))?
            }
            Forbidden::Lowered { cause } => {
                let after = self.assess(after?)?;
                let (before, after) = (assessment.cause(name(*cause)).ok()?, after.cause(name(*cause)).ok()?);
                before.rank().is_some() && (after.rank().is_none() || after.score() < before.score())
            }
            Forbidden::Exceeds { cause, bound, when } => {
                let candidate = assessment.cause(name(*cause)).ok()?;
                applies(when) && candidate.posterior().is_some_and(|posterior| posterior.get() > *bound)
            }
            Forbidden::Quiet { flag, whenever } => {
                let report = assessment.flags().find(|report| report.flag.id().as_str() == flag)?;
                truth(whenever) == Truth::True && report.state != FlagState::Raised
            }
            Forbidden::OtherFirst { model } => {
                let other = model.adopt(case);
                let setting = self.options.setting.as_str();
                let known = model.knowledge_base().settings().any(|it| it.id().as_str() == setting);
                let setting = if known { self.options.setting.clone() } else { model.options().setting };
                let options = Options { setting, link: self.options.link };
                let other = model.assess_with(&other, &options, &mut Scratch::new()).ok()?.clone();
                case.dropped().is_empty()
                    && other.case().dropped().is_empty()
                    && other.first().id() != assessment.first().id()
            }
            Forbidden::FlagApart { flag, model } => {
                let other = model.assess(&model.adopt(case));
                let raised = |assessment: &Assessment| {
                    let report = assessment.flags().find(|report| report.flag.id().as_str() == flag);
                    report.is_some_and(|report| report.state == FlagState::Raised)
                };
                case.dropped().is_empty()
                    && other.case().dropped().is_empty()
                    && raised(&assessment) != raised(&other)
            }
            Forbidden::NoneOpen => {
                let first = assessment.first();
                !first.held_by().is_empty() || !first.excluded_by().is_empty()
            }
        })
    }

    /// The answer of an indicator in a case, inferred ones included.
    fn code(&self, case: &Case, indicator: usize) -> Code {
        let id = self.frame.indicators.get(indicator).copied().unwrap_or_default();
        match case.finding(id) {
            Some(aetia::Finding::Answer { answer, .. }) => {
                let answers = self.frame.answers.get(indicator).map(Vec::as_slice).unwrap_or_default();
                let position = answers.iter().position(|key| *key == answer.key());
                position.and_then(|at| Code::try_from(at + 1).ok()).unwrap_or(0)
            }
            Some(aetia::Finding::Unknown | aetia::Finding::NotAssessable) | None => 0,
        }
    }

    /// As few of these answers as will do: none of those left can be left out.
    pub(crate) fn shrunk(&self, answers: &Answers) -> Answers {
        let mut kept: Answers =
            answers.iter().filter(|(_, code)| **code != 0).map(|(i, c)| (*i, *c)).collect();
        let mut is_smaller = true;
        // What could not be left out at first may be left out once something else has been.
        while std::mem::take(&mut is_smaller) {
            let given: Vec<usize> = kept.keys().copied().collect();
            // Most answers say nothing about the rule, so runs of them are tried at once: twice as many after each
            // that could go, half of them after one that could not.
            let (mut at, mut run) = (0, 1);
            while at < given.len() {
                let tried = given.iter().skip(at).take(run);
                let mut fewer = kept.clone();
                for indicator in tried.clone() {
                    fewer.remove(indicator);
                }
                if self.breaks(&fewer) {
                    kept = fewer;
                    is_smaller = true;
                    at += tried.len();
                    run *= 2;
                } else if tried.len() == 1 {
                    at += 1;
                } else {
                    run = tried.len() / 2;
                }
            }
        }
        kept
    }

    /// From these answers, the likeliest that is found by leaving out and by exchanging single answers.
    pub(crate) fn likeliest(&self, answers: &Answers) -> Answers {
        let mut best = answers.clone();
        let mut likelihood = self.likelihood(&best);
        loop {
            let mut next: Option<(f64, Answers)> = None;
            for indicator in best.keys().copied().collect::<Vec<_>>() {
                let count = self.frame.answers.get(indicator).map_or(0, Vec::len);
                for code in 0..=Code::try_from(count).unwrap_or(Code::MAX) {
                    let mut changed = best.clone();
                    match code {
                        0 => drop(changed.remove(&indicator)),
                        code => drop(changed.insert(indicator, code)),
                    }
                    if changed == best {
                        continue;
                    }
                    let now = self.likelihood(&changed);
                    if now > next.as_ref().map_or(likelihood, |(most, _)| *most) && self.breaks(&changed) {
                        next = Some((now, changed));
                    }
                }
            }
            let Some((now, changed)) = next else { return best };
            (likelihood, best) = (now, changed);
        }
    }

    /// How probable answers are under the model, as a logarithm up to a constant: that of the comparator's share of
    /// people, times what the scores without gates say about everybody.
    fn likelihood(&self, answers: &Answers) -> f64 {
        let document = self.frame.document();
        let mut log = 0.0;
        for (indicator, code) in answers.iter().filter(|(_, code)| **code != 0) {
            let keys = self.frame.answers.get(*indicator).map(Vec::as_slice).unwrap_or_default();
            let id = self.frame.indicators.get(*indicator).copied().unwrap_or_default();
            let rates = document.indicators.get(id).map(|written| &written.base_rate);
            let key = keys.get(usize::from(*code) - 1).copied().unwrap_or_default();
            let even = 1.0 / f64::from(u32::try_from(keys.len()).unwrap_or(1).max(1));
            let rate = rates.and_then(|rates| match (rates.get(key), key, rates.len()) {
                (Some(rate), ..) => Some(*rate),
                (None, "absent", 1) => rates.get("present").map(|rate| 1.0 - rate),
                (None, ..) => None,
            });
            log += libm::log(rate.unwrap_or(even).max(1e-12));
        }
        let assessment = self.pair(answers).and_then(|(case, _)| self.assess(&case));
        let Some(assessment) = assessment else { return f64::NEG_INFINITY };
        let all = assessment.ranking().chain(assessment.excluded());
        let scores: Vec<i64> = all.map(|candidate| candidate.score_ungated().nanodecibans()).collect();
        let most = scores.iter().copied().max().unwrap_or(0).max(LogOdds::EVEN.nanodecibans());
        let sum = scores.iter().fold(exp10(-most), |sum, score| sum + exp10(score - most));
        // ln(10) / 10^10 nats a nanodeciban.
        log + libm::log(sum) + libm::log(10.0) * aetia::Weight::from_nanodecibans(most).decibans() / 10.0
    }

    /// What the engine says, in a sentence.
    pub(crate) fn sentence(&self, answers: &Answers) -> String {
        let Some((case, after)) = self.pair(answers) else { return String::new() };
        let Some(assessment) = self.assess(&case) else { return String::new() };
        let name = |cause: usize| self.frame.causes.get(cause).copied().unwrap_or_default();
        let setting = assessment.setting().id();
        let given = case.to_json();
        let rank = |assessment: &Assessment, cause: usize| {
            let rank = assessment.cause(name(cause)).ok().and_then(aetia::Candidate::rank);
            rank.map_or_else(|| "out of the ranking".to_owned(), |rank| format!("of rank {rank}"))
        };
        let score = |assessment: &Assessment, cause: usize| {
            assessment.cause(name(cause)).map_or_else(|_| String::new(), |it| it.score().to_string())
        };
        let after = after.and_then(|after| self.assess(&after));
        let what = match (&self.forbidden, &after) {
            (Forbidden::First { cause, .. }, _) => format!("`{}` is first", name(*cause)),
            (Forbidden::NotFirst { .. } | Forbidden::OtherFirst { .. }, _) => {
                format!("`{}` is first", assessment.first().id())
            }
            (Forbidden::Leads { cause, .. }, _) => {
                format!("`{}` stands at {}", name(*cause), score(&assessment, *cause))
            }
            (Forbidden::NotBelow { cause, other, .. }, _) => format!(
                "`{}` is {} and `{}` is {}",
                name(*cause),
                rank(&assessment, *cause),
                name(*other),
                rank(&assessment, *other)
            ),
            (Forbidden::Passed { cause, rival }, Some(after)) => format!(
                "`{}` stands above `{}`, and after the change `{}` is {} and `{}` {}",
                name(*cause),
                name(*rival),
                name(*cause),
                rank(after, *cause),
                name(*rival),
                rank(after, *rival)
            ),
            (Forbidden::Lowered { cause }, Some(after)) => format!(
                "`{}` stands at {}, and after the change at {}",
                name(*cause),
                score(&assessment, *cause),
                score(after, *cause)
            ),
            (Forbidden::Passed { .. } | Forbidden::Lowered { .. }, None) => String::new(),
            (Forbidden::Exceeds { cause, .. }, _) => {
                let posterior = assessment.cause(name(*cause)).ok().and_then(aetia::Candidate::posterior);
                let posterior = posterior.map_or(0.0, aetia::Probability::get);
                format!("`{}` has the probability {posterior}", name(*cause))
            }
            (Forbidden::FlagApart { flag, .. }, _) => format!("`{flag}` differs"),
            (Forbidden::Quiet { flag, .. }, _) => format!("`{flag}` is not raised"),
            (Forbidden::NoneOpen, _) => "no cause is open".to_owned(),
        };
        format!("with {given} in the setting `{setting}` {what}")
    }
}

/// Whether one cause is in the ranking and another is below it or not in it.
fn is_above(assessment: &Assessment, cause: &str, other: &str) -> Option<bool> {
    let rank = assessment.cause(cause).ok()?.rank();
    let below = assessment.cause(other).ok()?.rank();
    Some(rank.is_some_and(|rank| below.is_none_or(|below| rank < below || cause == other)))
}

/// A value that a case takes for an answer; for a bin, a number in it.
pub(crate) fn value(indicator: &aetia::Indicator, code: Code) -> AnswerValue {
    let at = usize::from(code).saturating_sub(1);
    match indicator.kind() {
        IndicatorKind::Boolean => AnswerValue::Boolean(at == 1),
        IndicatorKind::Categorical | IndicatorKind::Ordinal => AnswerValue::Named(
            indicator.answers().get(at).map_or_else(String::new, |answer| answer.key().to_owned()),
        ),
        IndicatorKind::Numeric => {
            let cuts = indicator.cut_points();
            let below = || cuts.first().map_or(0.0, |first| first - first.abs().max(1.0));
            AnswerValue::Number(at.checked_sub(1).and_then(|at| cuts.get(at)).copied().unwrap_or_else(below))
        }
    }
}

/// The link of a claim.
pub(crate) fn link(model: &Model, link: Option<Link>) -> Link {
    link.unwrap_or_else(|| model.knowledge_base().link())
}
