//! The names, conditions and rules of a model, resolved to positions.

use std::collections::{BTreeMap, BTreeSet};

use aetia::{AnswerValue, Condition, Document, GateKind, GateMode, KnowledgeBase, Model, Truth};

use crate::faults::Fault;
use crate::formula::{Code, Formula};
use crate::refusal::Refusal;

/// A model as the solver reads it. Causes and indicators are positions in the byte order of their identifiers.
#[derive(Debug)]
pub(crate) struct Frame<'m> {
    pub(crate) model: &'m Model,
    pub(crate) causes: Vec<&'m str>,
    pub(crate) indicators: Vec<&'m str>,
    /// The keys of each indicator's answers.
    pub(crate) answers: Vec<Vec<&'m str>>,
    pub(crate) gates: Vec<Gate<'m>>,
    pub(crate) flags: BTreeMap<&'m str, Formula>,
    pub(crate) implies: Vec<Implication>,
    pub(crate) impossible: Vec<Formula>,
    pub(crate) groups: Vec<Group<'m>>,
}

#[derive(Debug)]
pub(crate) struct Gate<'m> {
    pub(crate) id: &'m str,
    pub(crate) cause: usize,
    pub(crate) rule: Rule,
    pub(crate) formula: Formula,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Rule {
    Requires(GateMode),
    /// The highest score, in nanodecibans.
    Caps(i64),
    Excludes,
}

#[derive(Debug)]
pub(crate) struct Implication {
    pub(crate) condition: Formula,
    pub(crate) then: Vec<(usize, Code)>,
}

#[derive(Debug)]
pub(crate) struct Group<'m> {
    pub(crate) name: &'m str,
    pub(crate) members: Vec<usize>,
    /// What is counted, where nothing but the counts weighs.
    pub(crate) tally: Option<Vec<Formula>>,
}

impl<'m> Frame<'m> {
    pub(crate) fn new(model: &'m Model) -> Result<Self, Refusal> {
        let kb = model.knowledge_base();
        let document = kb.document();
        let mut frame = Self {
            model,
            causes: kb.causes().map(|cause| cause.id().as_str()).collect(),
            indicators: kb.indicators().map(|indicator| indicator.id().as_str()).collect(),
            answers: kb
                .indicators()
                .map(|indicator| indicator.answers().iter().map(aetia::Answer::key).collect())
                .collect(),
            gates: Vec::new(),
            flags: BTreeMap::new(),
            implies: Vec::new(),
            impossible: Vec::new(),
            groups: Vec::new(),
        };
        frame.groups = groups(&frame, kb, document)?;
        for gate in kb.gates() {
            let id = gate.id().as_str();
            let Some(written) = document.gates.get(id) else { continue };
            let rule = match written.kind {
                GateKind::Requires => Rule::Requires(gate.mode().unwrap_or_default()),
                GateKind::Caps => Rule::Caps(gate.level().map_or(i64::MAX, aetia::LogOdds::nanodecibans)),
                GateKind::Excludes => Rule::Excludes,
            };
            let cause = frame.cause(&written.cause)?;
            frame.gates.push(Gate { id, cause, rule, formula: frame.condition(&written.condition)? });
        }
        for (id, flag) in &document.flags {
            frame.flags.insert(id, frame.condition(&flag.condition)?);
        }
        for implication in &document.implies {
            let then = implication.then.iter().map(|(name, value)| {
                let indicator = frame.indicator(name)?;
                Ok((indicator, frame.code(indicator, &key_of(value))?))
            });
            let then = then.collect::<Result<_, Refusal>>()?;
            frame.implies.push(Implication { condition: frame.condition(&implication.condition)?, then });
        }
        for impossible in &document.impossible {
            frame.impossible.push(frame.condition(&impossible.condition)?);
        }
        Ok(frame)
    }

    pub(crate) fn document(&self) -> &'m Document {
        self.model.knowledge_base().document()
    }

    pub(crate) fn cause(&self, id: &str) -> Result<usize, Refusal> {
        find(&self.causes, "cause", id)
    }

    pub(crate) fn indicator(&self, id: &str) -> Result<usize, Refusal> {
        find(&self.indicators, "indicator", id)
    }

    /// The code of an answer; `unknown` is one.
    pub(crate) fn code(&self, indicator: usize, key: &str) -> Result<Code, Refusal> {
        if key == "unknown" {
            return Ok(0);
        }
        let canonical = key.parse::<aetia::BinKey>().ok().map(|bin| bin.to_string());
        let answers = self.answers.get(indicator).map(Vec::as_slice).unwrap_or_default();
        let position =
            answers.iter().position(|answer| *answer == key || canonical.as_deref() == Some(answer));
        let code = position.and_then(|at| Code::try_from(at + 1).ok());
        code.ok_or_else(|| Refusal::unknown("answer", key, answers.iter().copied()))
    }

    /// A condition from its text.
    fn condition(&self, text: &str) -> Result<Formula, Refusal> {
        let condition: Condition = text.parse().map_err(|error| Refusal::other(&error))?;
        self.resolve(&condition)
    }

    /// A condition with its names resolved, derived indicators written in.
    pub(crate) fn resolve(&self, condition: &Condition) -> Result<Formula, Refusal> {
        let all = |parts: &[Condition]| parts.iter().map(|part| self.resolve(part)).collect::<Result<_, _>>();
        Ok(match condition {
            Condition::Present(name) => self.boolean(name, "present")?,
            Condition::Absent(name) if self.document().derived.contains_key(name) => {
                Formula::Not(Box::new(self.boolean(name, "present")?))
            }
            Condition::Absent(name) => self.boolean(name, "absent")?,
            Condition::AnswerIn(name, keys) => {
                let indicator = self.indicator(name)?;
                let mut bits = 0;
                for key in keys {
                    bits |= 1 << (self.code(indicator, key)? - 1);
                }
                Formula::Atom(indicator, bits)
            }
            Condition::AtLeast(name, cut) => Formula::Not(Box::new(self.below(name, *cut)?)),
            Condition::Below(name, cut) => self.below(name, *cut)?,
            Condition::All(parts) => Formula::All(all(parts)?),
            Condition::Any(parts) => Formula::Any(all(parts)?),
            Condition::Not(inner) => Formula::Not(Box::new(self.resolve(inner)?)),
            Condition::Several(needed, parts) => Formula::Several(*needed, all(parts)?),
        })
    }

    fn boolean(&self, name: &str, key: &str) -> Result<Formula, Refusal> {
        if let Some(derived) = self.document().derived.get(name) {
            return self.condition(&derived.condition);
        }
        let indicator = self.indicator(name)?;
        Ok(Formula::Atom(indicator, 1 << (self.code(indicator, key)? - 1)))
    }

    fn below(&self, name: &str, cut: f64) -> Result<Formula, Refusal> {
        let indicator = self.indicator(name)?;
        let cuts =
            self.document().indicators.get(name).map(|it| it.cut_points.as_slice()).unwrap_or_default();
        let position = cuts.iter().position(|point| (point - cut).abs() == 0.0);
        let position = position
            .ok_or_else(|| Refusal::unknown("cut-point", &cut.to_string(), std::iter::empty::<&str>()))?;
        Ok(Formula::Atom(indicator, (1 << (position + 1)) - 1))
    }

    /// Adds all that follows from answers; says whether they contradict each other. Only these implications are looked
    /// at.
    pub(crate) fn close(&self, codes: &mut [Code], implications: &[usize]) -> bool {
        let mut changed = !Fault::ForgetsWhatFollows.is_in();
        while std::mem::take(&mut changed) {
            for implication in implications.iter().filter_map(|at| self.implies.get(*at)) {
                let truth = implication.condition.truth(&|i| codes.get(i).copied().unwrap_or(0));
                if truth != Truth::True {
                    continue;
                }
                for (indicator, code) in &implication.then {
                    match codes.get_mut(*indicator) {
                        Some(known) if *known == 0 => {
                            *known = *code;
                            changed = true;
                        }
                        Some(known) if known != code => return false,
                        Some(_) | None => {}
                    }
                }
            }
        }
        true
    }

    /// Whether the group of an indicator weighs nothing but counts.
    pub(crate) fn counts(&self, indicator: usize) -> bool {
        self.groups.iter().any(|group| group.tally.is_some() && group.members.contains(&indicator))
    }

    /// The indicators that some gate or impossible combination reads.
    pub(crate) fn read_by_rules(&self) -> BTreeSet<usize> {
        let mut read = BTreeSet::new();
        self.gates.iter().for_each(|gate| gate.formula.collect(&mut read));
        self.impossible.iter().for_each(|formula| formula.collect(&mut read));
        read
    }
}

/// The key of an answer that is written as a value.
pub(crate) fn key_of(value: &AnswerValue) -> String {
    match value {
        AnswerValue::Boolean(true) => "present".to_owned(),
        AnswerValue::Boolean(false) => "absent".to_owned(),
        AnswerValue::Number(number) => number.to_string(),
        AnswerValue::Named(key) => key.clone(),
    }
}

fn find(names: &[&str], what: &'static str, id: &str) -> Result<usize, Refusal> {
    names.binary_search(&id).map_err(|_| Refusal::unknown(what, id, names.iter().copied()))
}

fn groups<'m>(
    frame: &Frame<'m>,
    kb: &'m KnowledgeBase,
    document: &'m Document,
) -> Result<Vec<Group<'m>>, Refusal> {
    let setting = kb.default_setting().id().as_str();
    let tables = frame.model.tables(setting).map_err(|error| Refusal::other(&error))?;
    tables
        .groups()
        .map(|table| {
            let members: Vec<&str> = table.members().map(|member| member.id().as_str()).collect();
            let name = table.group().id().map(aetia::GroupId::as_str);
            let written = name.and_then(|name| document.groups.get(name));
            let items = written.filter(|_| table.is_tally()).and_then(|group| group.count.as_ref());
            let tally = items
                .map(|count| count.items.iter().map(|item| frame.condition(&item.condition)).collect())
                .transpose()?;
            let positions = members.iter().map(|id| frame.indicator(id)).collect::<Result<_, _>>()?;
            let name = name.or_else(|| members.first().copied()).unwrap_or_default();
            Ok(Group { name, members: positions, tally })
        })
        .collect()
}
