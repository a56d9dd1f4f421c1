//! What of a knowledge base no test case exercises.

use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use aetia::written::Evidence;
use aetia::{Case, FlagState, Model, SettingId, Truth};

use crate::formula::{Code, Formula};
use crate::frame::{Frame, Group, Rule};
use crate::prove::Prover;
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
    /// Declared groups with the states they can be in.
    pub states: Vec<GroupStates>,
}

/// The states of a declared group: what its members are, unknown included, or how many items of its count are present and
/// absent. Only those count that some case has: what follows is closed under, and nothing is impossible.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[non_exhaustive]
pub struct GroupStates {
    /// The group.
    pub group: String,
    /// How many states some case is in.
    pub seen: usize,
    /// The states that no case is in.
    pub missing: Vec<String>,
}

impl GroupStates {
    /// How many states there are.
    pub fn all(&self) -> usize {
        self.seen + self.missing.len()
    }
}

impl fmt::Display for Coverage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let used = self.all_weights - self.weights.len();
        let cases = if self.cases == 1 { "case uses" } else { "cases use" };
        writeln!(f, "{} {cases} {used} of {} weights", self.cases, self.all_weights)?;
        for unused in self.weights.iter().chain(&self.gates).chain(&self.flags) {
            writeln!(f, "{unused}")?;
        }
        for states in &self.states {
            writeln!(f, "group `{}`: {} of {} states", states.group, states.seen, states.all())?;
            states
                .missing
                .iter()
                .try_for_each(|state| writeln!(f, "group `{}`: no case has {state}", states.group))?;
        }
        Ok(())
    }
}

/// Says which weights, gates, flags and group states no case exercises, each case in the default setting. A case of another
/// knowledge base is carried over by name.
///
/// # Errors
/// [`Refusal`] where a group has more states than are looked at.
pub fn coverage(model: &Model, cases: &[Case]) -> Result<Coverage, Refusal> {
    let setting = model.options().setting;
    coverage_in(model, cases.iter().map(|case| (case, &setting)))
}

/// The same, each case in a setting of its own: a row of another setting is not used by it.
///
/// # Errors
/// As [`coverage`].
pub fn coverage_in<'c>(
    model: &Model,
    cases: impl IntoIterator<Item = (&'c Case, &'c SettingId)>,
) -> Result<Coverage, Refusal> {
    let prover = Prover::new(model)?;
    let frame = &prover.frame;
    let (cases, settings): (Vec<Case>, Vec<&str>) =
        cases.into_iter().map(|(case, setting)| (model.adopt(case), setting.as_str())).unzip();
    let sheets: Vec<Vec<Code>> = cases.iter().map(|case| sheet(frame, case)).collect();
    let mut coverage = Coverage { cases: cases.len(), ..Coverage::default() };
    weights(frame, &sheets, &settings, &mut coverage)?;
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
    states(&prover, &sheets, &mut coverage)?;
    Ok(coverage)
}

/// A row with its condition.
struct Row {
    at: usize,
    when: Option<Formula>,
}

/// The rows in force for a cause and an indicator in a setting, in the order in which they are tried: those with a
/// condition first. A row for the setting replaces the general one of the same condition.
fn rows(frame: &Frame<'_>, setting: &str, of: &Evidence) -> Result<Vec<Row>, Refusal> {
    let all = frame.document().evidence.iter().enumerate();
    let about: Vec<(usize, &Evidence)> =
        all.filter(|(_, row)| row.cause == of.cause && row.indicator == of.indicator).collect();
    let is_here = |row: &Evidence| row.setting.iter().any(|name| name == setting);
    let is_replaced =
        |row: &Evidence| about.iter().any(|(_, other)| is_here(other) && other.when == row.when);
    let mut found = Vec::new();
    for (at, row) in &about {
        if is_here(row) || (row.setting.is_empty() && !is_replaced(row)) {
            found.push(Row { at: *at, when: condition(frame, row)? });
        }
    }
    found.sort_by_key(|row| row.when.is_none());
    Ok(found)
}

fn condition(frame: &Frame<'_>, row: &Evidence) -> Result<Option<Formula>, Refusal> {
    let when = row.when.as_ref().and_then(|when| when.parse().ok());
    when.map(|when| frame.resolve(&when)).transpose()
}

/// The weights that no case uses: of the rows about a cause and an indicator the first whose condition holds applies.
fn weights(
    frame: &Frame<'_>,
    sheets: &[Vec<Code>],
    settings: &[&str],
    coverage: &mut Coverage,
) -> Result<(), Refusal> {
    let mut in_force: BTreeMap<(&str, &str, &str), Vec<Row>> = BTreeMap::new();
    // Cases share settings, and rows share causes and indicators: each is looked at once.
    let named: BTreeSet<&str> = settings.iter().copied().collect();
    for row in &frame.document().evidence {
        for setting in &named {
            if let Entry::Vacant(place) = in_force.entry((*setting, &row.cause, &row.indicator)) {
                place.insert(rows(frame, setting, row)?);
            }
        }
    }
    for (at, row) in frame.document().evidence.iter().enumerate() {
        let indicator = frame.indicator(&row.indicator)?;
        for (position, key) in frame.answers.get(indicator).into_iter().flatten().enumerate() {
            coverage.all_weights += 1;
            let is_used = |(sheet, setting): (&Vec<Code>, &&str)| {
                let code = |i: usize| sheet.get(i).copied().unwrap_or(0);
                let rows = in_force.get(&(*setting, row.cause.as_str(), row.indicator.as_str()));
                let holds = |row: &&Row| row.when.as_ref().is_none_or(|it| it.truth(&code) == Truth::True);
                let applied = rows.into_iter().flatten().find(holds);
                usize::from(code(indicator)) == position + 1 && applied.is_some_and(|row| row.at == at)
            };
            if !sheets.iter().zip(settings).any(is_used) {
                let when = row.when.as_ref().map_or_else(String::new, |when| format!(" when {when}"));
                let here = match row.setting.as_slice() {
                    [] => String::new(),
                    settings => format!(" in {}", settings.join(", ")),
                };
                coverage.weights.push(format!(
                    "evidence[{at}]: no case has `{}` = {key}{when}{here} (for `{}`)",
                    row.indicator, row.cause
                ));
            }
        }
    }
    Ok(())
}

/// The states of groups that some case can have and none of these has.
fn states(prover: &Prover<'_>, sheets: &[Vec<Code>], coverage: &mut Coverage) -> Result<(), Refusal> {
    let frame = &prover.frame;
    let blocks = prover.all_blocks()?;
    for (at, group) in frame.groups.iter().enumerate().filter(|(_, group)| group.members.len() > 1) {
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
        let Some(member) = group.members.first() else { continue };
        let Some(block) = blocks.iter().find(|block| block.slot(0, *member).is_some()) else { continue };
        let tally = block.tallies.iter().position(|(_, of)| *of == at);
        let mut possible = BTreeSet::new();
        for found in &block.states {
            let mut sheet = vec![0; frame.indicators.len()];
            for (slot, code) in block.slots.iter().zip(&found.codes) {
                if let Some(place) = sheet.get_mut(slot.indicator) {
                    *place = *code;
                }
            }
            // What is true with everything else unknown stays true whatever becomes known.
            let is = |formula: &Formula| formula.truth(&|i| sheet.get(i).copied().unwrap_or(0));
            if frame.impossible.iter().any(|formula| is(formula) == Truth::True) {
                continue;
            }
            possible.insert(match tally.and_then(|tally| found.counts.get(tally)) {
                Some((present, absent)) => vec![usize::from(*present), usize::from(*absent)],
                None => state(&sheet),
            });
        }
        let missing = possible.difference(&seen).map(|state| told(frame, group, state)).collect();
        coverage.states.push(GroupStates { group: group.name.to_owned(), seen: seen.len(), missing });
    }
    Ok(())
}

/// A state in words.
fn told(frame: &Frame<'_>, group: &Group<'_>, state: &[usize]) -> String {
    if let (Some(_), [present, absent]) = (&group.tally, state) {
        return format!("{present} present and {absent} absent");
    }
    let member = |(member, code): (&usize, &usize)| {
        let id = frame.indicators.get(*member).copied().unwrap_or_default();
        let keys = frame.answers.get(*member).map(Vec::as_slice).unwrap_or_default();
        let key = code.checked_sub(1).and_then(|at| keys.get(at)).copied().unwrap_or("unknown");
        format!("`{id}` = {key}")
    };
    group.members.iter().zip(state).map(member).collect::<Vec<_>>().join(", ")
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
