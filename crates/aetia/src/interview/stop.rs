//! When enough has been asked.

use super::{Ask, Budget, Reach, Reason, Settled};
use crate::assessment::Assessment;
use crate::belief::billionths;

/// When an interview stops. Rules that are none never stop it; where several say stop, the strongest is named.
///
/// ```
/// use aetia::{Reach, StopRule};
/// let brief = StopRule { questions: Some(10), ..StopRule::default() };
/// assert_eq!(brief.settled, Some(Reach::FirstAndFlags));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StopRule {
    /// When no answers can change this any more.
    pub settled: Option<Reach>,
    /// When the first cause will be the same after all questions with this probability or more. It is computed over all
    /// completions; where they are more than the budget allows, this rule is silent.
    pub same_decision: Option<f64>,
    /// When the best question tells less than this for each unit of cost, in bits, and no flag or gate of the first cause
    /// is waiting.
    pub least_gain: Option<f64>,
    /// After so many questions.
    pub questions: Option<usize>,
}

impl Default for StopRule {
    /// When the first cause and the flags are settled.
    fn default() -> Self {
        Self { settled: Some(Reach::FirstAndFlags), same_decision: None, least_gain: None, questions: None }
    }
}

/// Why an interview stopped.
///
/// Prints as a sentence.
#[derive(Clone, Debug, PartialEq)]
pub enum StopReason {
    /// There is nothing left to ask.
    NothingLeft,
    /// No answers can change this any more.
    Settled(Reach),
    /// The first cause will be the same with this probability.
    SameDecision(f64),
    /// The best question would tell only so many bits for each unit of cost.
    LittleToGain(f64),
    /// So many questions were asked.
    QuestionLimit(usize),
}

impl StopReason {
    /// Why the interview stopped, in a sentence.
    pub fn sentence(&self) -> String {
        match self {
            Self::NothingLeft => "There is nothing left to ask.".to_owned(),
            Self::Settled(Reach::First) => "No further answers can change which cause is first.".to_owned(),
            Self::Settled(Reach::FirstAndFlags) => {
                "No further answers can change which cause is first, or raise a flag.".to_owned()
            }
            Self::SameDecision(same) => {
                format!(
                    "With all questions answered the same cause would be first with {:.1} %.",
                    same * 100.0
                )
            }
            Self::LittleToGain(gain) => {
                format!("The best question would tell only {gain:.3} bits for each unit of cost.")
            }
            Self::QuestionLimit(questions) => format!("The limit of {questions} questions is reached."),
        }
    }
}

impl StopRule {
    /// Whether to stop after so many questions, and why.
    ///
    /// ```
    /// # fn main() -> Result<(), aetia::Error> {
    /// # let model = aetia::Document::from_toml(include_str!("../../docs/tiny.toml"))?.validate()?.compile();
    /// use aetia::{Ask, Budget, Reach, StopReason, StopRule};
    /// let assessment = model.assess(&model.case().absent("night_pain")?.build()?);
    /// let stop = StopRule::default().applies(&assessment, 1, &Ask::default(), &Budget::default());
    /// assert_eq!(stop, Some(StopReason::Settled(Reach::FirstAndFlags)));
    /// # Ok(())
    /// # }
    /// ```
    pub fn applies(
        &self,
        assessment: &Assessment,
        asked: usize,
        ask: &Ask,
        budget: &Budget,
    ) -> Option<StopReason> {
        let Some(next) = assessment.next_questions(1, ask).into_iter().next() else {
            return Some(StopReason::NothingLeft);
        };
        if let Some(reach) = self.settled
            && assessment.settled(reach, ask, budget) == Settled::Proved
        {
            return Some(StopReason::Settled(reach));
        }
        if let Some(wanted) = self.same_decision
            && let Some(same) = assessment.same_decision(ask, budget)
            && billionths(same) >= billionths(wanted)
        {
            return Some(StopReason::SameDecision(same));
        }
        if let Some(least) = self.least_gain {
            match next.reason() {
                Reason::Flag { .. } | Reason::Gate { .. } => {}
                Reason::Information
                | Reason::OtherGate { .. }
                | Reason::NoBaseRate { .. }
                | Reason::OtherFlag { .. } => {
                    let gain = next.gain().unwrap_or_default();
                    if billionths(gain) < billionths(least) {
                        return Some(StopReason::LittleToGain(gain));
                    }
                }
            }
        }
        self.questions.filter(|limit| asked >= *limit).map(StopReason::QuestionLimit)
    }
}
