//! A claim as SMT-LIB 2, for whoever would have another solver look at it.
//!
//! Written from what the words mean, and not from how the prover goes about them: answers, what follows from them, the
//! compiled weights, caps, holds and the order. No block, no form, no bound of the prover is in it.

mod side;
mod term;

use std::fmt::Write as _;

use aetia::{Finding, Link, Model};

use crate::claim::{Claim, Scope};
use crate::formula::{Code, Formula};
use crate::prove::{Plan, Prover, Query, Sought};
use crate::refusal::Refusal;
use crate::share;
use crate::witness::link;
use side::Side;
use term::{all, any, none_of, number};

/// Writes the queries of a claim as SMT-LIB 2: one script of linear integer arithmetic, each query followed by
/// `(check-sat)` and `(reset)`.
///
/// The head of the script says what each answer means: for a rule every query must be `unsat`, and what `sat` gives is a
/// case that breaks it; for `reachable_first` and `reachable_leads` every query must be `sat`. Scores are whole nanodecibans.
///
/// ```
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let model = aetia::Document::from_toml(include_str!("../../aetia/docs/tiny.toml"))?.validate()?.compile();
/// let claim = "never_first(inflammatory) unless present(night_pain)".parse()?;
/// let script = aetia_verify::smt2(&model, &claim, &aetia_verify::Scope::default())?;
/// assert!(script.contains("(declare-const given.night_pain Int)"));
/// assert_eq!(script.matches("(check-sat)").count(), model.knowledge_base().settings().len());
/// # Ok(())
/// # }
/// ```
///
/// # Errors
/// [`Refusal`] where the claim cannot be asked of the model, or is not written: a posterior among competing causes, which is
/// no matter of linear arithmetic, a comparison of two knowledge bases, and figures free in their intervals.
pub fn smt2(model: &Model, claim: &Claim, scope: &Scope) -> Result<String, Refusal> {
    if scope.intervals {
        return Err(Refusal::Invalid {
            message: "a script says what figures are, and not where they may be".to_owned(),
            help: Some("write it without intervals".to_owned()),
        });
    }
    let prover = Prover::new(model)?;
    let plan = prover.plan(claim, scope)?;
    if plan.other.is_some() {
        return Err(Refusal::Invalid {
            message: "a comparison of two knowledge bases is not written as SMT-LIB".to_owned(),
            help: Some("use `aetia diff`, which compares them itself".to_owned()),
        });
    }
    let kb = model.knowledge_base();
    let mut script = String::new();
    let expected = if plan.is_possible { "sat" } else { "unsat" };
    let answers = match plan.queries.len() {
        1 => "the answer below is".to_owned(),
        count => format!("each of the {count} answers below is"),
    };
    let head = [
        format!("{claim}"),
        format!("of {} {}, scores in nanodecibans against {}", kb.id(), kb.version(), kb.comparator()),
        format!("It holds if and only if {answers} {expected}."),
        "What is given is a number: 0 for unknown, 1 for the first answer listed, and so on.".to_owned(),
    ];
    for line in head {
        let _ = writeln!(script, "; {line}");
    }
    for query in &plan.queries {
        script.push_str(&prover.script(&plan, query, scope)?);
    }
    Ok(script)
}

impl Prover<'_> {
    /// A query that can be asked on its own.
    fn script(&self, plan: &Plan<'_>, query: &Query, scope: &Scope) -> Result<String, Refusal> {
        let about = query.about.as_ref().map(|about| format!(", {about}")).unwrap_or_default();
        let mut out = format!("\n; in the setting {}{about}\n(set-logic QF_LIA)\n", query.setting);
        let change = query.sought.change();
        for (indicator, (id, answers)) in self.frame.indicators.iter().zip(&self.frame.answers).enumerate() {
            if change.is_some_and(|(changed, ..)| changed == indicator) {
                continue;
            }
            let _ = writeln!(out, "(declare-const given.{id} Int) ; {}", answers.join(" "));
            let _ = writeln!(out, "(assert (<= 0 given.{id} {}))", answers.len());
            if let Some(code) = self.fixed(plan, indicator) {
                let _ = writeln!(out, "(assert (= given.{id} {code}))");
            }
        }
        // Where priors may move, they move on both sides alike.
        let tables = self.frame.model.tables(&query.setting).map_err(|error| Refusal::other(&error))?;
        for (id, prior) in self.frame.causes.iter().zip(tables.priors()) {
            let _ = writeln!(out, "(declare-const prior.{id} Int)");
            let reach = scope.priors.map_or(0, |reach| reach.abs().nanodecibans());
            let (low, high) = (prior.nanodecibans() - reach, prior.nanodecibans() + reach);
            let _ = writeln!(out, "(assert (<= {} prior.{id} {}))", number(low), number(high));
        }
        let sides = match change {
            None => vec![Side::write(&self.frame, &query.setting, "", None, &mut out)?],
            Some((indicator, from, to)) => {
                let mut side = |name, put| {
                    Side::write(&self.frame, &query.setting, name, Some((indicator, put)), &mut out)
                };
                vec![side("before.", from)?, side("after.", to)?]
            }
        };
        let sought = sought(&sides, query, link(self.frame.model, scope.link))?;
        let _ = writeln!(out, "(assert {sought})\n(check-sat)\n(reset)");
        Ok(out)
    }

    /// The answer that is given already, where the claim is about a case: none where it is open.
    fn fixed(&self, plan: &Plan<'_>, indicator: usize) -> Option<Code> {
        let id = self.frame.indicators.get(indicator)?;
        match plan.base?.finding(id)? {
            Finding::Answer { answer, inferred: false, .. } => self.frame.code(indicator, answer.key()).ok(),
            Finding::NotAssessable => Some(0),
            Finding::Unknown | Finding::Answer { .. } => None,
        }
    }
}

/// What a query looks for.
fn sought(sides: &[Side<'_, '_>], query: &Query, link: Link) -> Result<String, Refusal> {
    let [first, .., last] = sides else {
        let [only] = sides else { return Err(Refusal::other(&"a query reads the answers once or twice")) };
        return on(only, only, query, link);
    };
    on(first, last, query, link)
}

/// The same, before a change and after it.
fn on(before: &Side<'_, '_>, after: &Side<'_, '_>, query: &Query, link: Link) -> Result<String, Refusal> {
    let is = |formula: &Option<Formula>| formula.as_ref().map(|formula| before.is_true(formula));
    let is_not = |formula: &Option<Formula>| is(formula).map(|truth| none_of([truth]));
    Ok(match &query.sought {
        Sought::First { cause, unless } => all(is_not(unless).into_iter().chain([before.first(*cause)])),
        Sought::Leads { cause, unless } => all(is_not(unless).into_iter().chain([before.leads(*cause)])),
        Sought::NotBelow { cause, other, when } => {
            let above = if cause == other { before.ranked(*cause) } else { before.not_below(*cause, *other) };
            all(is(when).into_iter().chain([above]))
        }
        Sought::Passed { cause, rival, .. } => {
            all([before.not_below(*cause, *rival), after.not_below(*rival, *cause)])
        }
        Sought::Lowered { cause, .. } => {
            let lower = format!("(< {} {})", after.score(*cause), before.score(*cause));
            all([before.ranked(*cause), any([none_of([after.ranked(*cause)]), lower])])
        }
        Sought::Exceeds { cause, bound, when } if link == Link::Independent => {
            let least = number(share::least_above(*bound));
            let exceeds = [before.ranked(*cause), format!("(>= {} {least})", before.score(*cause))];
            all(is(when).into_iter().chain(exceeds))
        }
        Sought::Exceeds { .. } => {
            return Err(Refusal::Invalid {
                message: "the posterior of one of competing causes is no matter of linear arithmetic"
                    .to_owned(),
                help: Some("ask under the link `independent`, or ask about ranks".to_owned()),
            });
        }
        Sought::Quiet { flag, whenever } => all([before.is_true(whenever), none_of([before.is_true(flag)])]),
        Sought::NoneOpen => none_of((0..before.causes()).map(|cause| before.open(cause))),
        Sought::Is { .. }
        | Sought::Fights { .. }
        | Sought::RaisedApart { .. }
        | Sought::Refused
        | Sought::BothFirst { .. } => {
            return Err(Refusal::other(&"this is no claim"));
        }
    })
}
