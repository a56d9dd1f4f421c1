//! Questions an analysis has that are no claims.

use std::collections::BTreeMap;

use aetia::{Case, GateMode, Link, Model};

use crate::budget::{Budget, Meter};
use crate::certificate::{Because, Certificate};
use crate::claim::Scope;
use crate::diff::Difference;
use crate::formula::Truths;
use crate::frame::{Frame, Gate, Rule};
use crate::prove::{Answer, Plan, Prover, Query, Sought};
use crate::refusal::Refusal;
use crate::witness::{Answers, Forbidden, Replay};

/// How often a bound is halved.
const HALVINGS: usize = 8;

impl Prover<'_> {
    /// The example of a certificate, as a case.
    pub(crate) fn example(&self, certificate: &Certificate) -> Option<Case> {
        let Because::Example(named) = &certificate.parts.first()?.because else { return None };
        let answers: Answers = named
            .iter()
            .filter_map(|(id, key)| {
                let indicator = self.frame.indicator(id).ok()?;
                Some((indicator, self.frame.code(indicator, key).ok()?))
            })
            .collect();
        self.replay(&self.default_setting(), Forbidden::NoneOpen)?.case(&answers)
    }

    fn default_setting(&self) -> String {
        self.frame.model.knowledge_base().default_setting().id().to_string()
    }

    fn replay(&self, setting: &str, forbidden: Forbidden) -> Option<Replay<'_, '_>> {
        let model = self.frame.model;
        let options = aetia::Options { setting: setting.parse().ok()?, link: Link::Exclusive };
        Some(Replay { frame: &self.frame, model, options, forbidden, change: None, base: None })
    }

    /// What became of a question about every case of a setting.
    fn ask(
        &self,
        setting: &str,
        sought: Sought,
        other: Option<&Model>,
        budget: &Budget,
    ) -> Result<Answer, Refusal> {
        let plan = Plan { queries: Vec::new(), is_possible: false, base: None, other };
        let query =
            Query { setting: setting.to_owned(), about: None, forbidden: Forbidden::NoneOpen, sought };
        let mut meter = Meter::new(budget);
        self.with_problem(&plan, &query, &Scope::default(), |ready| ready.solve(&query, &mut meter).1)
    }

    /// Whether a gate acts in some case, or rests in some case; none where that was not decided.
    pub(crate) fn gate_acts(
        &self,
        gate: &Gate<'_>,
        acts: bool,
        budget: &Budget,
    ) -> Result<Option<bool>, Refusal> {
        let (does, rests) = match gate.rule {
            Rule::Requires(GateMode::Strict) => (Truths::NOT_TRUE, Truths::TRUE),
            Rule::Requires(GateMode::Lenient) => (Truths::FALSE, Truths::NOT_FALSE),
            Rule::Caps(_) | Rule::Excludes => (Truths::TRUE, Truths::NOT_TRUE),
        };
        let sought = Sought::Is { formula: gate.formula.clone(), truths: if acts { does } else { rests } };
        Ok(match self.ask(&self.default_setting(), sought, None, budget)? {
            Answer::Found(..) => Some(true),
            Answer::Nothing(_) => Some(false),
            Answer::Unfinished(..) => None,
        })
    }

    /// A case in which a hold takes at least so much from a cause, and how much one was found to take.
    pub(crate) fn fight(
        &self,
        cause: usize,
        least: i64,
        budget: &Budget,
    ) -> Result<Option<(Case, i64)>, Refusal> {
        let mut best: Option<(Answers, i64, String)> = None;
        let settings = self.frame.model.knowledge_base().settings().map(|it| it.id().to_string());
        for setting in settings.collect::<Vec<_>>() {
            let mut low = best.as_ref().map_or(least, |(_, most, _)| most + 1);
            let mut high: Option<i64> = None;
            for _ in 0..HALVINGS {
                match self.ask(&setting, Sought::Fights { cause, least: low }, None, budget)? {
                    Answer::Found(answers, more) => {
                        let most = low + more.unwrap_or(0);
                        best = Some((answers, most, setting.clone()));
                        // Half of what is left, or twice as much where nobody knows what is.
                        low = high.map_or(most.saturating_mul(2), |high| most + (high - most) / 2 + 1);
                    }
                    Answer::Nothing(_) | Answer::Unfinished(..) => {
                        let Some((_, most, _)) = best.as_ref().filter(|(.., at)| *at == setting) else {
                            break;
                        };
                        high = Some(low);
                        low = most + (low - most) / 2;
                    }
                }
                if high.is_some_and(|high| low >= high) {
                    break;
                }
            }
        }
        let Some((answers, most, setting)) = best else { return Ok(None) };
        let replay = self.replay(&setting, Forbidden::NoneOpen);
        Ok(replay.and_then(|replay| replay.case(&answers)).map(|found| (found, most)))
    }

    /// The flags in which two knowledge bases differ: with a case, or without where one has no such flag; or why that was
    /// not decided.
    pub(crate) fn flags_apart(
        &self,
        new: &Model,
        budget: &Budget,
    ) -> Result<BTreeMap<String, Result<Option<Difference>, String>>, Refusal> {
        let theirs = Frame::new(new)?;
        let mut found = BTreeMap::new();
        for id in self.frame.flags.keys().chain(theirs.flags.keys()) {
            let pair = self.frame.flags.get(id).zip(theirs.flags.get(id));
            let Some((one, other)) = pair else {
                found.insert((*id).to_owned(), Ok(None));
                continue;
            };
            let sought = Sought::RaisedApart { one: one.clone(), other: other.clone() };
            let setting = self.default_setting();
            match self.ask(&setting, sought, Some(new), budget)? {
                Answer::Nothing(_) => {}
                Answer::Unfinished(_, why) => {
                    found.insert((*id).to_owned(), Err(format!("undecided ({why:?})")));
                }
                Answer::Found(answers, _) => {
                    let forbidden = Forbidden::FlagApart { flag: (*id).to_owned(), model: new.clone() };
                    let replay = self.replay(&setting, forbidden);
                    let Some(replay) = replay.filter(|replay| replay.breaks(&answers)) else {
                        found.insert((*id).to_owned(), Err("the engine did not follow".to_owned()));
                        continue;
                    };
                    let shrunk = replay.shrunk(&answers);
                    let Some(case) = replay.case(&shrunk) else { continue };
                    let sentence = format!(
                        "with {} the flag `{id}` is raised by one and not by the other",
                        case.to_json()
                    );
                    found.insert((*id).to_owned(), Ok(Some(Difference { case, setting, sentence })));
                }
            }
        }
        Ok(found)
    }
}
