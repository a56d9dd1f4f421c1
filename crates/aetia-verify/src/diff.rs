//! Whether another version of a knowledge base gives any case another first cause or another flag, or refuses it.

use std::collections::BTreeSet;
use std::fmt;

use aetia::{Case, Level, Model};

use crate::ask::Looked;
use crate::budget::Budget;
use crate::certificate::Certificate;
use crate::claim::{Claim, Scope};
use crate::common::{Common, are_read_alike};
use crate::flag_pair::FlagPair;
use crate::formula::{Formula, Truths};
use crate::frame::Frame;
use crate::prove::{Prover, Sought};
use crate::refusal::Refusal;
use crate::verdict::{Refutation, Verdict};
use crate::witness::Forbidden;

/// What the step from one version to another is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Change {
    /// Both mean the same: only texts and sources differ.
    Patch,
    /// Every case that the old version takes is taken by the new one, and has the same first cause in each of its settings
    /// and by default, and the same flags at the same levels.
    Minor,
    /// Some case has not, or a setting is gone.
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
    /// Cases with another first cause: one in a setting that both have, and one by default where the default setting is
    /// another.
    pub first: Vec<Difference>,
    /// For each flag that differs, a case in which it does: raised by one only, or at another level.
    pub flags: Vec<(String, Difference)>,
    /// For each indicator or answer that is gone a case with it, and one that the new version finds contradictory or
    /// impossible.
    pub refused: Vec<Difference>,
    /// Settings that the old version has and the new one has not.
    pub settings: Vec<String>,
    /// What else was changed by name, in sentences: by itself it changes no case.
    pub notes: Vec<String>,
    /// What could not be decided, in sentences.
    pub undecided: Vec<String>,
    /// Where no case differs: why first causes are equal, for each setting that both have, and why flags are.
    /// [`check_pair`](crate::check_pair) accepts each for its claim. That the new version takes every case, and that of two
    /// default settings both give the same, is found by the search alone: there is no certificate.
    pub certificates: Vec<Certificate>,
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
        for difference in self.differences() {
            writeln!(f, "{}", difference.sentence)?;
        }
        for setting in &self.settings {
            writeln!(f, "the setting `{setting}` is gone")?;
        }
        self.notes.iter().chain(&self.undecided).try_for_each(|sentence| writeln!(f, "{sentence}"))
    }
}

impl Diff {
    /// The cases that differ: first causes, then flags, then what is refused.
    pub fn differences(&self) -> impl Iterator<Item = &Difference> {
        self.first.iter().chain(self.flags.iter().map(|(_, difference)| difference)).chain(&self.refused)
    }
}

/// Compares two versions of a knowledge base for every case that the old one takes.
///
/// Numeric answers are compared by number, whatever bins they fall into.
///
/// # Errors
/// [`Refusal`] where one is too large to be looked at.
pub fn diff(old: &Model, new: &Model, budget: &Budget) -> Result<Diff, Refusal> {
    let mut diff = Diff {
        change: Change::Patch,
        first: Vec::new(),
        flags: Vec::new(),
        refused: Vec::new(),
        settings: Vec::new(),
        notes: Vec::new(),
        undecided: Vec::new(),
        certificates: Vec::new(),
    };
    if old.meaning_hash() == new.meaning_hash() {
        return Ok(diff);
    }
    let versions = Versions { old, new, prover: Prover::new(old)?, theirs: Frame::new(new)?, budget };
    versions.settings(&mut diff)?;
    versions.default_setting(&mut diff)?;
    versions.flags(&mut diff)?;
    versions.answers(&mut diff)?;
    versions.refusals(&mut diff)?;
    let differs = diff.differences().next().is_some() || !diff.settings.is_empty();
    diff.change = match (differs, diff.undecided.is_empty()) {
        (true, _) => Change::Major,
        (false, true) => Change::Minor,
        (false, false) => Change::Undecided,
    };
    if differs {
        diff.certificates.clear();
    }
    Ok(diff)
}

/// Two versions, and what is known of them.
struct Versions<'v> {
    old: &'v Model,
    new: &'v Model,
    prover: Prover<'v>,
    theirs: Frame<'v>,
    budget: &'v Budget,
}

impl Versions<'_> {
    /// First causes in the settings that both have; settings that came and went.
    fn settings(&self, diff: &mut Diff) -> Result<(), Refusal> {
        let (ours, theirs) = (settings_of(self.old), settings_of(self.new));
        let added = theirs.difference(&ours);
        diff.notes.extend(added.map(|setting| format!("the setting `{setting}` is new")));
        diff.settings = ours.difference(&theirs).cloned().collect();
        let claim = Claim::SameFirstAs(self.new.clone());
        for setting in ours.intersection(&theirs) {
            let scope = Scope { setting: Some(setting.clone()), ..Scope::default() };
            match self.prover.prove(&claim, &scope, self.budget)? {
                Verdict::Proved { certificate, .. } => diff.certificates.push(certificate),
                Verdict::Refuted { by: Refutation::Case(found), .. } => {
                    if diff.first.is_empty() {
                        diff.first.push(self.other_first(found.shrunk().clone(), setting, setting));
                    }
                }
                other @ (Verdict::Refuted { .. } | Verdict::Undecided { .. }) => {
                    diff.undecided.push(format!("the first cause in the setting `{setting}`: {other}"));
                }
            }
        }
        Ok(())
    }

    fn other_first(&self, case: Case, setting: &str, theirs: &str) -> Difference {
        let (first, other) = (first_of(self.old, &case, setting), first_of(self.new, &case, theirs));
        let given = case.to_json();
        let place = if setting == theirs {
            format!("in the setting `{setting}`")
        } else {
            format!("by default, in the setting `{setting}` and now `{theirs}`,")
        };
        let sentence = format!("with {given} {place} the first cause was `{first}` and is `{other}`");
        Difference { case, setting: setting.to_owned(), sentence }
    }

    /// Who names no setting is now answered in another.
    fn default_setting(&self, diff: &mut Diff) -> Result<(), Refusal> {
        let of = |model: &Model| model.knowledge_base().default_setting().id().to_string();
        let (ours, theirs) = (of(self.old), of(self.new));
        if ours == theirs {
            return Ok(());
        }
        diff.notes.push(format!("the default setting was `{ours}` and is `{theirs}`"));
        for (cause, one) in self.prover.frame.causes.iter().enumerate() {
            for (other, two) in self.theirs.causes.iter().enumerate().filter(|(_, two)| *two != one) {
                let forbidden =
                    Forbidden::OtherFirst { model: self.new.clone(), theirs: Some(theirs.clone()) };
                let sought = Sought::BothFirst { cause, other };
                let place = (ours.as_str(), Some(theirs.as_str()));
                match self.prover.apart(place, sought, forbidden, Some(self.new), self.budget)? {
                    Looked::Nothing => {}
                    Looked::Case(case) => {
                        diff.first.push(self.other_first(case, &ours, &theirs));
                        return Ok(());
                    }
                    Looked::Undecided(why) => diff.undecided.push(format!(
                        "whether by default `{one}` is first in the one and `{two}` in the other: {why}"
                    )),
                }
            }
        }
        Ok(())
    }

    /// Flags that one raises and the other does not, or at another level.
    fn flags(&self, diff: &mut Diff) -> Result<(), Refusal> {
        let pairs = FlagPair::all(&self.prover.frame, &self.theirs);
        diff.notes.extend(pairs.iter().filter_map(noted));
        let claim = Claim::SameFlagsAs(self.new.clone());
        let verdict = self.prover.prove(&claim, &Scope::default(), self.budget)?;
        if let Verdict::Proved { certificate, .. } = verdict {
            diff.certificates.push(certificate);
            return Ok(());
        }
        let setting = self.prover.default_setting();
        for pair in pairs {
            let FlagPair { id, .. } = &pair;
            let what = noted(&pair).filter(|_| pair.is_moved()).unwrap_or_else(|| {
                let [was, is] = pair.levels.map(|level| level.is_some());
                let whose = if was && is {
                    ""
                } else if is {
                    ", which is new,"
                } else {
                    ", which is gone,"
                };
                format!("the flag `{id}`{whose} is raised by one and not by the other")
            });
            let forbidden = Forbidden::FlagApart { flag: id.clone(), model: self.new.clone() };
            let sought = Sought::RaisedApart(pair.clone());
            match self.prover.apart((&setting, None), sought, forbidden, Some(self.new), self.budget)? {
                Looked::Nothing => {}
                Looked::Undecided(why) => diff.undecided.push(format!("the flag `{id}`: {why}")),
                Looked::Case(case) => {
                    let sentence = format!("with {} {what}", case.to_json());
                    diff.flags.push((id.clone(), Difference { case, setting: setting.clone(), sentence }));
                }
            }
        }
        Ok(())
    }

    /// Answers that a case of the old version may have and the new version cannot read.
    fn answers(&self, diff: &mut Diff) -> Result<(), Refusal> {
        let common = Common::of(&self.prover.frame, &self.theirs);
        let written = |frame: &Frame<'_>, id: &str| frame.document().indicators.get(id).cloned();
        for (indicator, id) in self.prover.frame.indicators.iter().enumerate() {
            let Some(own) = written(&self.prover.frame, id) else { continue };
            let their = written(&self.theirs, id);
            let keys = self.prover.frame.answers.get(indicator).map(Vec::as_slice).unwrap_or_default();
            let kept: BTreeSet<usize> = common
                .indicators
                .iter()
                .filter(|shared| shared.here == indicator)
                .flat_map(|shared| shared.answers.iter().map(|both| usize::from(both.here)))
                .collect();
            let gone = |at: usize| !kept.contains(&(at + 1));
            let mut is_told = false;
            for (at, key) in keys.iter().enumerate().filter(|(at, _)| gone(*at)) {
                let what = match &their {
                    None => format!("the indicator `{id}` is gone"),
                    Some(their) if !are_read_alike(own.kind, their.kind) => {
                        format!("the indicator `{id}` is of another kind")
                    }
                    Some(_) => format!("the answer `{key}` of `{id}` is gone"),
                };
                let is_whole = kept.is_empty();
                if is_whole && is_told {
                    break;
                }
                let atom = Formula::Atom(indicator, 1 << at);
                let sought = Sought::Is { formula: atom, truths: Truths::TRUE };
                let forbidden = Forbidden::RefusedBy { model: self.new.clone() };
                let setting = self.prover.default_setting();
                match self.prover.apart((&setting, None), sought, forbidden, None, self.budget)? {
                    Looked::Nothing if is_whole => {}
                    Looked::Nothing => diff.notes.push(format!("{what}; no case could have it")),
                    Looked::Undecided(why) => diff.undecided.push(format!("{what}: {why}")),
                    Looked::Case(case) => {
                        let sentence = format!("with {} nothing can be said: {what}", case.to_json());
                        diff.refused.push(Difference { case, setting, sentence });
                        is_told = true;
                    }
                }
            }
            if let Some(their) = their
                && own.unit != their.unit
            {
                let name = |unit: &Option<String>| unit.clone().unwrap_or_else(|| "none".to_owned());
                let (was, is) = (name(&own.unit), name(&their.unit));
                diff.notes.push(format!(
                    "the unit of `{id}` was {was} and is {is}; numbers are compared as they are"
                ));
            }
        }
        Ok(())
    }

    /// A case that the new version finds contradictory or impossible.
    fn refusals(&self, diff: &mut Diff) -> Result<(), Refusal> {
        let forbidden = Forbidden::RefusedBy { model: self.new.clone() };
        let setting = self.prover.default_setting();
        match self.prover.apart((&setting, None), Sought::Refused, forbidden, Some(self.new), self.budget)? {
            Looked::Nothing => {}
            Looked::Undecided(why) => {
                diff.undecided.push(format!("whether each case of the old version is one of the new: {why}"));
            }
            Looked::Case(case) => {
                let adopted = self.new.adopt(&case);
                let why = adopted.dropped().first().map_or_else(String::new, |it| it.reason().to_owned());
                let sentence = format!("{} is refused by the new version: {why}", case.to_json());
                diff.refused.push(Difference { case, setting, sentence });
            }
        }
        Ok(())
    }
}

/// What is changed by name about a flag, in a sentence.
fn noted(FlagPair { id, levels, .. }: &FlagPair) -> Option<String> {
    match *levels {
        [None, _] => Some(format!("the flag `{id}` is new")),
        [_, None] => Some(format!("the flag `{id}` is gone")),
        [Some(was), Some(is)] if was != is => {
            Some(format!("the flag `{id}` was {} and is {}", word(was), word(is)))
        }
        [Some(_), Some(_)] => None,
    }
}

fn word(level: Level) -> &'static str {
    match level {
        Level::Emergency => "an emergency",
        Level::Urgent => "urgent",
        Level::Routine => "routine",
    }
}

fn settings_of(model: &Model) -> BTreeSet<String> {
    model.knowledge_base().settings().map(|setting| setting.id().to_string()).collect()
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
