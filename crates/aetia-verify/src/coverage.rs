//! What of a knowledge base no test case exercises.

use std::collections::BTreeSet;
use std::fmt;

use aetia::{Case, FlagState, Model, Truth};

use crate::formula::Code;
use crate::frame::{Frame, Rule};
use crate::refusal::Refusal;

/// What of a knowledge base some cases do not exercise.
///
/// Prints a line for each thing.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[non_exhaustive]
pub struct Coverage {
    /// How many cases there are.
    pub cases: usize,
    /// Weights no case uses: the row, and the answer.
    pub weights: Vec<String>,
    /// How many weights there are.
    pub all_weights: usize,
    /// Gates that no case makes act, or no case leaves alone.
    pub gates: Vec<String>,
    /// Flags that no case raises, or no case clears.
    pub flags: Vec<String>,
    /// Declared groups with the states some case is in, and all they can be in.
    pub states: Vec<(String, usize, usize)>,
}

impl fmt::Display for Coverage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let used = self.all_weights - self.weights.len();
        writeln!(f, "{} cases use {used} of {} weights", self.cases, self.all_weights)?;
        for unused in self.weights.iter().chain(&self.gates).chain(&self.flags) {
            writeln!(f, "{unused}")?;
        }
        for (group, seen, all) in &self.states {
            writeln!(f, "group `{group}`: {seen} of {all} states")?;
        }
        Ok(())
    }
}

/// Says which weights, gates, flags and group states no case exercises. A case of another knowledge base is carried over
/// by name.
///
/// # Errors
/// [`Refusal`] where the knowledge base cannot be read, which validation rules out.
pub fn coverage(model: &Model, cases: &[Case]) -> Result<Coverage, Refusal> {
    let frame = Frame::new(model)?;
    let cases: Vec<Case> = cases.iter().map(|case| model.adopt(case)).collect();
    let sheets: Vec<Vec<Code>> = cases.iter().map(|case| sheet(&frame, case)).collect();
    let mut coverage = Coverage { cases: cases.len(), ..Coverage::default() };
    for (at, row) in frame.document().evidence.iter().enumerate() {
        let indicator = frame.indicator(&row.indicator)?;
        let when = row.when.as_ref().and_then(|when| when.parse().ok());
        let when = when.map(|when| frame.resolve(&when)).transpose()?;
        for (position, key) in frame.answers.get(indicator).into_iter().flatten().enumerate() {
            coverage.all_weights += 1;
            let is_used = |sheet: &&Vec<Code>| {
                let code = |i: usize| sheet.get(i).copied().unwrap_or(0);
                usize::from(code(indicator)) == position + 1
                    && when.as_ref().is_none_or(|when| when.truth(&code) == Truth::True)
            };
            if !sheets.iter().any(|sheet| is_used(&sheet)) {
                let when = row.when.as_ref().map_or_else(String::new, |when| format!(" when {when}"));
                coverage.weights.push(format!(
                    "evidence[{at}]: no case has `{}` = {key}{when} (for `{}`)",
                    row.indicator, row.cause
                ));
            }
        }
    }
    for gate in &frame.gates {
        let acts = |sheet: &Vec<Code>| {
            let truth = gate.formula.truth(&|i| sheet.get(i).copied().unwrap_or(0));
            match gate.rule {
                Rule::Requires(aetia::GateMode::Strict) => truth != Truth::True,
                Rule::Requires(aetia::GateMode::Lenient) => truth == Truth::False,
                Rule::Caps(_) | Rule::Excludes => truth == Truth::True,
            }
        };
        let (does, rests) = match gate.rule {
            Rule::Requires(_) => ("closes", "opens"),
            Rule::Caps(_) | Rule::Excludes => ("makes act", "leaves alone"),
        };
        for (word, found) in [(does, sheets.iter().any(acts)), (rests, !sheets.iter().all(acts))] {
            if !found {
                coverage.gates.push(format!("gate `{}`: no case {word} it", gate.id));
            }
        }
    }
    for flag in model.knowledge_base().flags() {
        let states: BTreeSet<FlagState> = cases
            .iter()
            .filter_map(|case| {
                let assessment = model.assess(case);
                let report = assessment.flags().find(|report| report.flag.id() == flag.id());
                report.map(|report| report.state)
            })
            .collect();
        for (state, word) in [(FlagState::Raised, "raises"), (FlagState::Cleared, "clears")] {
            if !states.contains(&state) {
                coverage.flags.push(format!("flag `{}`: no case {word} it", flag.id()));
            }
        }
    }
    for (group, table) in frame.groups.iter().zip(model.knowledge_base().groups()) {
        if group.members.len() < 2 {
            continue;
        }
        let state = |sheet: &Vec<Code>| -> Vec<usize> {
            let code = |i: usize| sheet.get(i).copied().unwrap_or(0);
            match &group.tally {
                None => group.members.iter().map(|member| usize::from(code(*member))).collect(),
                Some(items) => {
                    let truths: Vec<Truth> = items.iter().map(|item| item.truth(&code)).collect();
                    let count = |sought: Truth| truths.iter().filter(|truth| **truth == sought).count();
                    vec![count(Truth::True), count(Truth::False)]
                }
            }
        };
        let seen: BTreeSet<Vec<usize>> = sheets.iter().map(state).collect();
        coverage.states.push((group.name.to_owned(), seen.len(), table.states()));
    }
    Ok(coverage)
}

/// The answers of a case, inferred ones included.
fn sheet(frame: &Frame<'_>, case: &Case) -> Vec<Code> {
    let code = |(id, keys): (&&str, &Vec<&str>)| match case.finding(id) {
        Some(aetia::Finding::Answer { answer, .. }) => {
            let position = keys.iter().position(|key| *key == answer.key());
            position.and_then(|at| Code::try_from(at + 1).ok()).unwrap_or(0)
        }
        Some(aetia::Finding::Unknown | aetia::Finding::NotAssessable) | None => 0,
    };
    frame.indicators.iter().zip(&frame.answers).map(code).collect()
}
