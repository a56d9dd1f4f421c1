//! What became of a claim.

use std::fmt;

use aetia::{Case, Document, Weight};

use crate::budget::Unfinished;
use crate::certificate::Certificate;

/// What became of a claim.
///
/// Prints as a sentence.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum Verdict {
    /// It holds in every possible case, or there is a case where one was claimed to be.
    Proved {
        /// Why.
        certificate: Certificate,
        /// By how much at least: how far every difference of scores that matters could move against the claim. 0 where no
        /// more is known, as for rules about a change of an answer; none where no score matters.
        margin: Option<Weight>,
    },
    /// It does not hold.
    Refuted {
        /// What shows it.
        by: Refutation,
        /// By how much at least the case breaks the rule as it was found; with fewer answers it may be another distance. None
        /// where no score matters.
        margin: Option<Weight>,
    },
    /// Nobody knows. This is never success.
    Undecided {
        /// By how much the rule is broken at most, if it is; none where that is not known, and for what is to be possible.
        best_bound: Option<Weight>,
        /// How many boxes of cases were looked at, over all that the claim says.
        nodes: usize,
        /// Why the search ended.
        reason: Unfinished,
    },
}

/// What shows that a claim does not hold.
#[derive(Clone, Debug)]
#[non_exhaustive]
#[expect(
    clippy::large_enum_variant,
    reason = "there is one of a claim, and it stands beside a whole certificate"
)]
pub enum Refutation {
    /// A case that breaks the rule, assessed by the engine.
    Case(Box<Counterexample>),
    /// A proof that no case is what the claim says one to be.
    Impossible {
        /// The cause that is never so.
        cause: String,
        /// In which setting.
        setting: String,
        /// Why: a certificate of `never_first` or `never_leads` of this cause, in this setting.
        certificate: Certificate,
    },
}

/// A case that breaks a rule, in three forms. The engine was asked about each.
#[derive(Clone, Debug)]
pub struct Counterexample {
    pub(crate) case: Case,
    pub(crate) shrunk: Case,
    pub(crate) most_probable: Case,
    pub(crate) after: Option<Case>,
    pub(crate) setting: String,
    pub(crate) sentence: String,
    pub(crate) figures: Option<(String, Document)>,
}

impl Counterexample {
    /// The case as it was found.
    pub fn case(&self) -> &Case {
        &self.case
    }

    /// The case with as few answers as will do: none of them can be left out.
    pub fn shrunk(&self) -> &Case {
        &self.shrunk
    }

    /// The likeliest case that was met on the way, under the model; answers of which the knowledge base does not say how
    /// frequent they are count as equally frequent.
    pub fn most_probable(&self) -> &Case {
        &self.most_probable
    }

    /// The shrunk case after the change, for a claim about a change.
    pub fn after(&self) -> Option<&Case> {
        self.after.as_ref()
    }

    /// The setting in which it breaks the rule.
    pub fn setting(&self) -> &str {
        &self.setting
    }

    /// For a claim about every figure in its interval: which figures were moved, in words, and the document with them there.
    /// None where the rule breaks with the figures as they are.
    pub fn figures(&self) -> Option<(&str, &Document)> {
        self.figures.as_ref().map(|(words, document)| (words.as_str(), document))
    }

    /// What the engine says about the shrunk case, in a sentence.
    pub fn sentence(&self) -> &str {
        &self.sentence
    }
}

impl Verdict {
    /// Whether the claim is proved. Neither is undecided.
    pub fn is_proved(&self) -> bool {
        matches!(self, Self::Proved { .. })
    }

    /// Whether the claim is refuted. Neither is undecided.
    pub fn is_refuted(&self) -> bool {
        matches!(self, Self::Refuted { .. })
    }
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let size = |margin: Weight| {
            let text = format!("{margin:.2}");
            text.trim_start_matches('+').to_owned()
        };
        match self {
            Self::Proved { margin: Some(Weight::ZERO), .. } => {
                f.write_str("proved; how much there is to spare is not known")
            }
            Self::Proved { margin: Some(margin), .. } => write!(f, "proved, with {} to spare", size(*margin)),
            Self::Proved { margin: None, .. } => f.write_str("proved, whatever the weights are"),
            Self::Refuted { by: Refutation::Case(case), margin } => {
                write!(f, "refuted: {}", case.sentence)?;
                if case.figures.is_some() {
                    f.write_str(", with figures moved")?;
                }
                match margin {
                    // The sentence is about the case with as few answers as will do.
                    Some(margin) if case.case().to_json() == case.shrunk().to_json() => {
                        write!(f, " (by {})", size(*margin))
                    }
                    Some(_) | None => Ok(()),
                }
            }
            Self::Refuted { by: Refutation::Impossible { cause, setting, .. }, margin } => {
                write!(f, "refuted: no case does it for `{cause}` in the setting `{setting}`")?;
                match margin {
                    Some(margin) => write!(f, "; {} are lacking at least", size(*margin)),
                    None => f.write_str(", whatever the weights are"),
                }
            }
            Self::Undecided { best_bound, nodes, reason } => {
                write!(f, "undecided: {reason} ({nodes} boxes)")?;
                match best_bound {
                    Some(bound) => write!(f, "; it is broken by {} at most, if at all", size(*bound)),
                    None => Ok(()),
                }
            }
        }
    }
}
