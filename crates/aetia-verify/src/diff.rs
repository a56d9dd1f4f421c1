//! Whether another version of a knowledge base gives any case another first cause or another flag.

use std::fmt;

use aetia::{Case, Model};

use crate::budget::Budget;
use crate::claim::{Claim, Scope};
use crate::prove::Prover;
use crate::refusal::Refusal;
use crate::verdict::{Refutation, Verdict};

/// What the step from one version to another is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Change {
    /// Both mean the same: only texts and sources differ.
    Patch,
    /// Proved: no case over the common indicators has another first cause or another raised flag.
    Minor,
    /// Some case has, or a flag or a setting came or went.
    Major,
    /// Nobody knows; to be treated as major.
    Undecided,
}

/// How two versions differ.
///
/// Prints the change, and a line for each difference.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Diff {
    /// What the step is.
    pub change: Change,
    /// A case with another first cause.
    pub first: Option<Difference>,
    /// For each flag that differs, a case in which it does; none where it came or went.
    pub flags: Vec<(String, Option<Difference>)>,
    /// Settings that only one of the two has.
    pub settings: Vec<String>,
    /// What could not be decided, in sentences.
    pub undecided: Vec<String>,
}

/// A case that differs.
#[derive(Clone, Debug)]
pub struct Difference {
    /// The case, with no answer that could be left out.
    pub case: Case,
    /// In which setting.
    pub setting: String,
    /// What differs, in a sentence.
    pub sentence: String,
}

impl fmt::Display for Change {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Patch => "patch",
            Self::Minor => "minor",
            Self::Major => "major",
            Self::Undecided => "undecided",
        })
    }
}

impl fmt::Display for Diff {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}", self.change)?;
        if let Some(first) = &self.first {
            writeln!(f, "{}", first.sentence)?;
        }
        for (flag, difference) in &self.flags {
            match difference {
                Some(difference) => writeln!(f, "{}", difference.sentence)?,
                None => writeln!(f, "the flag `{flag}` is in one of the two only")?,
            }
        }
        for setting in &self.settings {
            writeln!(f, "the setting `{setting}` is in one of the two only")?;
        }
        self.undecided.iter().try_for_each(|sentence| writeln!(f, "{sentence}"))
    }
}

/// Compares two versions of a knowledge base over their common indicators.
///
/// # Errors
/// [`Refusal`] where one is too large to be looked at.
pub fn diff(old: &Model, new: &Model, budget: &Budget) -> Result<Diff, Refusal> {
    let mut diff = Diff {
        change: Change::Patch,
        first: None,
        flags: Vec::new(),
        settings: Vec::new(),
        undecided: Vec::new(),
    };
    if old.meaning_hash() == new.meaning_hash() {
        return Ok(diff);
    }
    let prover = Prover::new(old)?;
    let names = |model: &Model| -> Vec<String> {
        model.knowledge_base().settings().map(|setting| setting.id().to_string()).collect()
    };
    let (ours, theirs) = (names(old), names(new));
    let apart = |own: &[String], other: &[String]| -> Vec<String> {
        own.iter().filter(|setting| !other.contains(setting)).cloned().collect()
    };
    diff.settings = [apart(&ours, &theirs), apart(&theirs, &ours)].concat();
    let claim = Claim::SameFirstAs(new.clone());
    for setting in ours.iter().filter(|setting| theirs.contains(setting)) {
        let scope = Scope { setting: Some(setting.clone()), ..Scope::default() };
        match prover.prove(&claim, &scope, budget)? {
            Verdict::Proved { .. } => {}
            Verdict::Refuted { by: Refutation::Case(found), .. } => {
                let (first, other) =
                    (first_of(old, found.shrunk(), setting), first_of(new, found.shrunk(), setting));
                let case = found.shrunk().clone();
                let given = case.to_json();
                let sentence = format!(
                    "with {given} in the setting `{setting}` the first cause was `{first}` and is `{other}`"
                );
                diff.first.get_or_insert(Difference { case, setting: setting.clone(), sentence });
            }
            other @ (Verdict::Refuted { .. } | Verdict::Undecided { .. }) => {
                diff.undecided.push(format!("the first cause in the setting `{setting}`: {other}"));
            }
        }
    }
    for (flag, difference) in prover.flags_apart(new, budget)? {
        match difference {
            Ok(difference) => diff.flags.push((flag, difference)),
            Err(why) => diff.undecided.push(format!("the flag `{flag}`: {why}")),
        }
    }
    let differs = diff.first.is_some() || !diff.flags.is_empty() || !diff.settings.is_empty();
    diff.change = match (differs, diff.undecided.is_empty()) {
        (true, _) => Change::Major,
        (false, true) => Change::Minor,
        (false, false) => Change::Undecided,
    };
    Ok(diff)
}

/// The first cause of a case by another model.
fn first_of(model: &Model, case: &Case, setting: &str) -> String {
    let options = model.options();
    let setting = setting.parse().unwrap_or(options.setting);
    let options = aetia::Options { setting, link: options.link };
    let case = model.adopt(case);
    let mut scratch = aetia::Scratch::new();
    let first =
        model.assess_with(&case, &options, &mut scratch).map(|assessed| assessed.first().id().to_string());
    first.unwrap_or_default()
}
