//! What a knowledge base is like: what in it can never matter, and what fights with what.

use std::collections::BTreeSet;
use std::fmt;

use aetia::{Case, Model, Weight};

use crate::ask::Fight;
use crate::budget::Budget;
use crate::claim::{Claim, Scope};
use crate::formula::{Code, Formula};
use crate::frame::{Frame, Rule};
use crate::prove::Prover;
use crate::refusal::Refusal;
use crate::verdict::{Refutation, Verdict};

/// What an analysis found.
///
/// Prints a line for each remark.
#[derive(Clone, Debug, Default)]
pub struct Analysis {
    /// The remarks, by kind and subject.
    pub remarks: Vec<Remark>,
}

/// One thing an analysis found.
#[derive(Clone, Debug)]
pub struct Remark {
    /// What kind of thing.
    pub kind: RemarkKind,
    /// The cause, indicator, gate, flag or row it is about.
    pub subject: String,
    /// What was found, in a sentence.
    pub message: String,
    /// A case that shows it, where one does.
    pub case: Option<Case>,
}

/// The kinds of remark.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum RemarkKind {
    /// A cause that is first in no case.
    NeverFirst,
    /// A cause with a case in which it is first.
    FirstIn,
    /// A finding on which nothing depends.
    DeadFinding,
    /// A gate that never does anything.
    GateNeverActs,
    /// A gate that does what it does in every case.
    GateAlwaysActs,
    /// A gate that takes more than 6 dB from its cause in some case: then a weight is missing, and not only a rule.
    GateFightsWeights,
    /// A flag that is raised whenever another is.
    FlagImplied,
    /// A row of evidence that weighs nothing, whatever is answered.
    SilentEvidence,
    /// A cut-point with the same weights on both sides.
    IdleCutPoint,
    /// Two rows of one cause and one source with the same figures, about indicators that are in no group together.
    DuplicateEvidence,
    /// Something that could not be decided.
    Undecided,
}

impl RemarkKind {
    /// Whether an author should look at it; a case in which a cause is first is only shown.
    pub fn is_concern(self) -> bool {
        self != Self::FirstIn
    }
}

impl fmt::Display for Analysis {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for remark in &self.remarks {
            writeln!(f, "{}: {}", remark.subject, remark.message)?;
        }
        Ok(())
    }
}

/// From which on a gate is said to fight the weights, in nanodecibans.
const FIGHT: i64 = 6_000_000_000;

/// Looks for what can never matter, and for what fights.
///
/// # Errors
/// [`Refusal`] where the knowledge base is too large to be looked at.
pub fn analyse(model: &Model, budget: &Budget) -> Result<Analysis, Refusal> {
    let prover = Prover::new(model)?;
    let mut analysis = Analysis::default();
    causes(&prover, budget, &mut analysis)?;
    findings(&prover, &mut analysis)?;
    gates(&prover, budget, &mut analysis)?;
    flags(&prover, budget, &mut analysis)?;
    evidence(&prover.frame, &mut analysis);
    cut_points(&prover, &mut analysis)?;
    Ok(analysis)
}

impl Analysis {
    /// Whether everything was decided that was asked.
    pub fn is_complete(&self) -> bool {
        self.remarks.iter().all(|remark| remark.kind != RemarkKind::Undecided)
    }

    fn add(&mut self, kind: RemarkKind, subject: &str, message: String, case: Option<Case>) {
        self.remarks.push(Remark { kind, subject: subject.to_owned(), message, case });
    }
}

fn causes(prover: &Prover<'_>, budget: &Budget, analysis: &mut Analysis) -> Result<(), Refusal> {
    for cause in &prover.frame.causes {
        let target = aetia::Target::Cause((*cause).to_owned());
        let claim = Claim::Rule(aetia::Claim::ReachableFirst { cause: target, setting: None });
        match prover.prove(&claim, &Scope::default(), budget)? {
            Verdict::Proved { certificate, .. } => {
                let case = prover.example(&certificate);
                let shown = case.as_ref().map_or_else(String::new, Case::to_json);
                analysis.add(RemarkKind::FirstIn, cause, format!("can be first: {shown}"), case);
            }
            Verdict::Refuted { by: Refutation::Impossible { setting, .. }, margin } => {
                let lacking = margin.map_or_else(String::new, |margin| format!("; {margin:.1} are lacking"));
                let message = format!("can never be first in the setting `{setting}`{lacking}");
                analysis.add(RemarkKind::NeverFirst, cause, message, None);
            }
            other @ (Verdict::Refuted { .. } | Verdict::Undecided { .. }) => {
                analysis.add(RemarkKind::Undecided, cause, format!("whether it can be first: {other}"), None);
            }
        }
    }
    Ok(())
}

/// The indicators that some condition reads.
fn read(frame: &Frame<'_>) -> BTreeSet<usize> {
    let mut read = frame.read_by_rules();
    frame.flags.values().for_each(|formula| formula.collect(&mut read));
    for implication in &frame.implies {
        implication.condition.collect(&mut read);
    }
    for group in &frame.groups {
        group.tally.iter().flatten().for_each(|item| item.collect(&mut read));
    }
    read
}

fn findings(prover: &Prover<'_>, analysis: &mut Analysis) -> Result<(), Refusal> {
    let frame = &prover.frame;
    let read = read(frame);
    for (indicator, id) in frame.indicators.iter().enumerate() {
        if !read.contains(&indicator) && !weighs(frame, indicator, None)? {
            let message = "nothing depends on it: no weight, no gate, no flag, no other finding".to_owned();
            analysis.add(RemarkKind::DeadFinding, id, message, None);
        }
    }
    Ok(())
}

/// Whether the weights of an indicator's group depend on it, in any setting; if two answers are named, whether they
/// differ.
fn weighs(frame: &Frame<'_>, indicator: usize, pair: Option<(Code, Code)>) -> Result<bool, Refusal> {
    let Some((at, group)) =
        frame.groups.iter().enumerate().find(|(_, group)| group.members.contains(&indicator))
    else {
        return Ok(false);
    };
    let Some(seat) = group.members.iter().position(|member| *member == indicator) else { return Ok(false) };
    let sizes: Vec<usize> = group
        .members
        .iter()
        .map(|member| frame.answers.get(*member).map_or(1, |keys| keys.len() + 1))
        .collect();
    let own = sizes.get(seat).copied().unwrap_or(1);
    let states: usize = if group.tally.is_some() { 0 } else { sizes.iter().product() };
    for setting in frame.model.knowledge_base().settings() {
        let tables = frame.model.tables(setting.id().as_str()).map_err(|error| Refusal::other(&error))?;
        let Some(table) = tables.groups().nth(at) else { continue };
        for state in 0..states {
            let mut left = state;
            let mut codes: Vec<Code> = Vec::new();
            for size in &sizes {
                codes.push(Code::try_from(left % size).unwrap_or(0));
                left /= size;
            }
            let with = |code: Code| {
                let mut codes = codes.clone();
                codes.iter_mut().skip(seat).take(1).for_each(|place| *place = code);
                table.weights(&codes)
            };
            let differs = match pair {
                Some((one, other)) => with(one) != with(other),
                None => (1..own).any(|code| with(Code::try_from(code).unwrap_or(0)) != with(0)),
            };
            if codes.get(seat) == Some(&0) && differs {
                return Ok(true);
            }
        }
    }
    Ok(false)
}

fn gates(prover: &Prover<'_>, budget: &Budget, analysis: &mut Analysis) -> Result<(), Refusal> {
    let frame = &prover.frame;
    for (at, gate) in frame.gates.iter().enumerate() {
        let (acts, rests) = (prover.gate_acts(gate, true, budget)?, prover.gate_acts(gate, false, budget)?);
        let (never, always) = match gate.rule {
            Rule::Requires(_) => ("it never closes", "it never opens"),
            Rule::Caps(_) => ("it never caps", "it caps in every case"),
            Rule::Excludes => ("it never excludes", "it excludes in every case"),
        };
        match (acts, rests) {
            (Some(false), _) => analysis.add(RemarkKind::GateNeverActs, gate.id, never.to_owned(), None),
            (_, Some(false)) => analysis.add(RemarkKind::GateAlwaysActs, gate.id, always.to_owned(), None),
            (Some(true), Some(true)) => {}
            _ => {
                analysis.add(RemarkKind::Undecided, gate.id, "what it does was not decided".to_owned(), None);
            }
        }
        let cause = frame.causes.get(gate.cause).copied().unwrap_or_default();
        match prover.fight(at, FIGHT, budget)? {
            Fight::By(shown, most) => {
                let most = Weight::from_nanodecibans(most);
                let what = match gate.rule {
                    Rule::Requires(_) => format!("it holds `{cause}` back by as much as {most:.1}"),
                    Rule::Caps(_) => format!("it takes as much as {most:.1} from `{cause}`"),
                    Rule::Excludes => {
                        format!("it excludes `{cause}` where that stands as much as {most:.1} above the rest")
                    }
                };
                let message = format!("{what} in some case: a weight may be missing");
                analysis.add(RemarkKind::GateFightsWeights, gate.id, message, Some(*shown));
            }
            Fight::Nowhere => {}
            Fight::Undecided(why) => {
                let message =
                    format!("by how much it fights the weights of `{cause}` was not decided ({why})");
                analysis.add(RemarkKind::Undecided, gate.id, message, None);
            }
        }
    }
    Ok(())
}

fn flags(prover: &Prover<'_>, budget: &Budget, analysis: &mut Analysis) -> Result<(), Refusal> {
    let written = &prover.frame.document().flags;
    for one in written.keys() {
        for (other, flag) in written.iter().filter(|(other, _)| *other != one) {
            let Ok(whenever) = flag.condition.parse() else { continue };
            let claim = Claim::Rule(aetia::Claim::Raised { flag: one.clone(), whenever });
            match prover.prove(&claim, &Scope::default(), budget)? {
                Verdict::Proved { .. } => {
                    let message = format!("it is raised whenever `{other}` is");
                    analysis.add(RemarkKind::FlagImplied, one, message, None);
                }
                Verdict::Refuted { .. } => {}
                undecided @ Verdict::Undecided { .. } => {
                    let message = format!("whether it is raised whenever `{other}` is: {undecided}");
                    analysis.add(RemarkKind::Undecided, one, message, None);
                }
            }
        }
    }
    Ok(())
}

fn evidence(frame: &Frame<'_>, analysis: &mut Analysis) {
    let rows = &frame.document().evidence;
    let is_one = |ratio: f64| (ratio - 1.0).abs() < 1e-12;
    for (at, row) in rows.iter().enumerate() {
        let subject = format!("evidence[{at}]");
        let says_nothing = match (&row.likelihood_ratio, &row.probabilities, &row.accuracy) {
            (Some(pair), ..) => is_one(pair.present) && pair.absent.is_none_or(is_one),
            (_, Some(shares), _) => shares
                .cause
                .iter()
                .all(|(key, share)| shares.comparator.get(key).is_some_and(|other| is_one(share / other))),
            (.., Some(accuracy)) => is_one(accuracy.sensitivity / (1.0 - accuracy.specificity)),
            (None, None, None) => {
                row.counts.is_none() && row.likelihood_ratios.values().all(|ratio| is_one(*ratio))
            }
        };
        if says_nothing {
            let message = format!("`{}` says nothing about `{}`", row.indicator, row.cause);
            analysis.add(RemarkKind::SilentEvidence, &subject, message, None);
            continue;
        }
        let together = |one: &str, other: &str| {
            let groups = frame.document().groups.values();
            groups
                .into_iter()
                .any(|group| [one, other].iter().all(|id| group.members.iter().any(|it| it == id)))
        };
        let same = rows.iter().enumerate().skip(at + 1).find(|(_, other)| {
            row.cause == other.cause
                && row.indicator != other.indicator
                && !row.provenance.source.is_empty()
                && row.provenance.source == other.provenance.source
                && row.likelihood_ratio == other.likelihood_ratio
                && row.accuracy == other.accuracy
                && row.counts == other.counts
                && row.likelihood_ratios == other.likelihood_ratios
                && row.probabilities == other.probabilities
                && !together(&row.indicator, &other.indicator)
        });
        if let Some((twin, other)) = same {
            let message = format!(
                "`{}` and `{}` have the same figures from the same source for `{}` (evidence[{twin}]), and are in no \
                 group together",
                row.indicator, other.indicator, row.cause
            );
            analysis.add(RemarkKind::DuplicateEvidence, &subject, message, None);
        }
    }
}

fn cut_points(prover: &Prover<'_>, analysis: &mut Analysis) -> Result<(), Refusal> {
    let frame = &prover.frame;
    let mut conditions: Vec<&Formula> = frame.flags.values().chain(&frame.impossible).collect();
    conditions.extend(frame.gates.iter().map(|gate| &gate.formula));
    conditions.extend(frame.implies.iter().map(|it| &it.condition));
    for (indicator, id) in frame.indicators.iter().enumerate() {
        let Some(written) = frame.document().indicators.get(*id) else { continue };
        let tally =
            frame.groups.iter().any(|group| group.tally.is_some() && group.members.contains(&indicator));
        for (at, cut) in written.cut_points.iter().enumerate() {
            let code = |position: usize| Code::try_from(position + 1).unwrap_or(Code::MAX);
            let pair = (code(at), code(at + 1));
            // A condition that tells the two bins apart makes the cut-point matter.
            let tells = |formula: &&Formula| {
                formula.indicators().contains(&indicator) && separates(formula, indicator, at)
            };
            if !tally && !conditions.iter().any(tells) && !weighs(frame, indicator, Some(pair))? {
                let message = format!("the cut-point {cut} separates nothing: both sides weigh the same");
                analysis.add(RemarkKind::IdleCutPoint, id, message, None);
            }
        }
    }
    Ok(())
}

/// Whether some atom of a formula has one of two neighbouring bins and not the other.
fn separates(formula: &Formula, indicator: usize, at: usize) -> bool {
    match formula {
        Formula::Atom(own, bits) => *own == indicator && (bits >> at & 1) != (bits >> (at + 1) & 1),
        Formula::All(parts) | Formula::Any(parts) | Formula::Several(_, parts) => {
            parts.iter().any(|part| separates(part, indicator, at))
        }
        Formula::Not(inner) => separates(inner, indicator, at),
    }
}
