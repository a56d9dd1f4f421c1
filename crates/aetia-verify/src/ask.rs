//! Questions an analysis has that are no claims.

use aetia::{Case, GateMode, Link, Model};

use crate::budget::{Budget, Meter, Unfinished};
use crate::certificate::{Because, Certificate};
use crate::claim::Scope;
use crate::common::Common;
use crate::formula::{Code, Formula, Truths};
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

    pub(crate) fn default_setting(&self) -> String {
        self.frame.model.knowledge_base().default_setting().id().to_string()
    }

    fn replay(&self, setting: &str, forbidden: Forbidden) -> Option<Replay<'_, '_>> {
        let model = self.frame.model;
        let options = aetia::Options { setting: setting.parse().ok()?, link: Link::Exclusive };
        Some(Replay { frame: &self.frame, model, options, forbidden, change: None, base: None, common: None })
    }

    /// What became of a question about every case of a setting.
    fn ask(&self, setting: &str, sought: Sought, budget: &Budget) -> Result<Answer, Refusal> {
        let plan = Plan { queries: Vec::new(), is_possible: false, base: None, other: None, theirs: None };
        self.ask_as(&plan, setting, sought, budget)
    }

    fn ask_as(
        &self,
        plan: &Plan<'_>,
        setting: &str,
        sought: Sought,
        budget: &Budget,
    ) -> Result<Answer, Refusal> {
        let query =
            Query { setting: setting.to_owned(), about: None, forbidden: Forbidden::NoneOpen, sought };
        let mut meter = Meter::new(budget);
        self.with_problem(plan, &query, &Scope::default(), |ready| ready.solve(&query, &mut meter).1)
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
        Ok(match self.ask(&self.default_setting(), sought, budget)? {
            Answer::Found(..) => Some(true),
            Answer::Nothing(_) => Some(false),
            Answer::Unfinished(..) => None,
        })
    }

    /// A case in which a gate, by its position, takes at least so much from its cause, and how much it was found to take.
    pub(crate) fn fight(&self, gate: usize, least: i64, budget: &Budget) -> Result<Fight, Refusal> {
        let mut best: Option<(Answers, i64, String)> = None;
        let mut undecided = None;
        let settings = self.frame.model.knowledge_base().settings().map(|it| it.id().to_string());
        for setting in settings.collect::<Vec<_>>() {
            let mut low = best.as_ref().map_or(least, |(_, most, _)| most + 1);
            let mut high: Option<i64> = None;
            for _ in 0..HALVINGS {
                let answer = self.ask(&setting, Sought::Fights { gate, least: low }, budget)?;
                if let Answer::Found(answers, more) = answer {
                    let most = low + more.unwrap_or(0);
                    best = Some((answers, most, setting.clone()));
                    // Half of what is left, or twice as much where nobody knows what is.
                    low = high.map_or(most.saturating_mul(2), |high| most + (high - most) / 2 + 1);
                } else {
                    let Some((_, most, _)) = best.as_ref().filter(|(.., at)| *at == setting) else {
                        if let Answer::Unfinished(_, why) = answer {
                            undecided = Some(why);
                        }
                        break;
                    };
                    high = Some(low);
                    low = most + (low - most) / 2;
                }
                if high.is_some_and(|high| low >= high) {
                    break;
                }
            }
        }
        let Some((answers, most, setting)) = best else {
            return Ok(undecided.map_or(Fight::Nowhere, Fight::Undecided));
        };
        let replay = self.replay(&setting, Forbidden::NoneOpen);
        let shown = replay.and_then(|replay| replay.case(&answers));
        Ok(shown.map_or(Fight::Undecided(Unfinished::Boundary), |shown| Fight::By(Box::new(shown), most)))
    }

    /// What another knowledge base can be asked like this one.
    pub(crate) fn common(&self, other: &Model) -> Result<Common, Refusal> {
        Ok(Common::of(&self.frame, &Frame::new(other)?))
    }

    /// A case in which another knowledge base differs, as small as will do. Without `theirs` it is asked in the setting of
    /// the same name.
    pub(crate) fn apart(
        &self,
        (setting, theirs): (&str, Option<&str>),
        sought: Sought,
        forbidden: Forbidden,
        other: Option<&Model>,
        budget: &Budget,
    ) -> Result<Looked, Refusal> {
        let theirs = theirs.map(str::to_owned);
        let plan = Plan { queries: Vec::new(), is_possible: false, base: None, other, theirs };
        let mut replay = self.replay(setting, forbidden);
        if let (Some(replay), Some(other)) = (&mut replay, other) {
            replay.common = Some(self.common(other)?);
        }
        // Where an answer of this one alone is sought, what follows from others is given too.
        let mut told = None;
        if let Sought::Is { formula: Formula::Atom(indicator, bits), .. } = &sought {
            told = Code::try_from(bits.trailing_zeros() + 1).ok().map(|code| (*indicator, code));
        }
        Ok(match self.ask_as(&plan, setting, sought, budget)? {
            Answer::Nothing(_) => Looked::Nothing,
            Answer::Unfinished(_, why) => Looked::Undecided(format!("undecided ({why})")),
            Answer::Found(mut answers, _) => {
                answers.extend(told);
                let replay = replay.filter(|replay| replay.breaks(&answers));
                match replay.and_then(|replay| replay.case(&replay.shrunk(&answers))) {
                    Some(case) => Looked::Case(case),
                    None => Looked::Undecided("the engine did not follow".to_owned()),
                }
            }
        })
    }
}

/// What a gate takes from its cause.
pub(crate) enum Fight {
    /// So much in this case: no less than asked for.
    By(Box<Case>, i64),
    /// Less in every case.
    Nowhere,
    /// Nobody knows.
    Undecided(Unfinished),
}

/// What became of a question about two knowledge bases.
pub(crate) enum Looked {
    /// No case differs.
    Nothing,
    /// This one does.
    Case(Case),
    /// Why nobody knows.
    Undecided(String),
}
