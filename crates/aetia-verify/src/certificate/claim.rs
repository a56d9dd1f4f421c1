//! From files to what is to be checked: which things a claim says, and of which settings.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use aetia::{Claim, Condition, Document, Link, Target};

use super::check::{CheckError, World};
use super::query::{Meaning, Sought};
use super::states::{Block, Side, anything, blocks, prior_blocks};
use super::weigh::{keys, same};
use super::{Because, CERTIFICATE_FORMAT, Certificate, Readings};

/// Checks a certificate from texts alone: that of a knowledge base (TOML or JSON), of a claim, and of the certificate.
///
/// The document is read and validated; everything else about it is computed anew.
///
/// ```
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// use aetia_verify::{Budget, Verdict, check, prove};
/// let text = include_str!("../../../aetia/docs/tiny.toml");
/// let model = aetia::Document::from_toml(text)?.validate()?.compile();
/// let claim = "never_first(inflammatory) unless present(night_pain)";
/// let Verdict::Proved { certificate, .. } = prove(&model, &claim.parse()?, &Budget::default())? else { panic!() };
/// check(text, claim, &certificate.to_json())?;
/// assert!(check(text, "never_first(inflammatory)", &certificate.to_json()).is_err());
/// # Ok(())
/// # }
/// ```
///
/// # Errors
/// [`CheckError`] where the certificate does not show the claim.
pub fn check(kb: &str, claim: &str, certificate: &str) -> Result<(), CheckError> {
    let certificate = Certificate::from_json(certificate)?;
    check_document(&read(kb)?, claim, &certificate)
}

/// The same for a claim about two knowledge bases.
///
/// # Errors
/// [`CheckError`] where the certificate does not show the claim.
pub fn check_pair(kb: &str, other: &str, claim: &str, certificate: &str) -> Result<(), CheckError> {
    let certificate = Certificate::from_json(certificate)?;
    let other = read(other)?;
    Checker::new(&read(kb)?)?.accept(Some(&Checker::new(&other)?), claim, &Readings::default(), &certificate)
}

/// The same for a document that was read before.
///
/// # Errors
/// [`CheckError`] where the certificate does not show the claim.
pub fn check_document(document: &Document, claim: &str, certificate: &Certificate) -> Result<(), CheckError> {
    Checker::new(document)?.check(claim, certificate)
}

/// Checks one certificate after another about a document, and keeps what they have in common: that the document is valid,
/// what it is recognised by, and the states of its groups.
///
/// ```
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// use aetia_verify::{Budget, Checker, Verdict, prove};
/// let document = aetia::Document::from_toml(include_str!("../../../aetia/docs/tiny.toml"))?;
/// let model = document.clone().validate()?.compile();
/// let checker = Checker::new(&document)?;
/// for invariant in model.knowledge_base().invariants() {
///     let claim = invariant.claim().clone();
///     let verdict = prove(&model, &claim.clone().into(), &Budget::default())?;
///     let Verdict::Proved { certificate, .. } = verdict else { panic!("{verdict}") };
///     checker.check(&claim.to_string(), &certificate)?;
/// }
/// # Ok(())
/// # }
/// ```
#[derive(Debug)]
pub struct Checker<'d> {
    document: &'d Document,
    /// The hash of what it means.
    meaning: String,
    /// By setting.
    sides: RefCell<BTreeMap<String, Side<'d>>>,
    /// The blocks of one side with nothing given: by setting, and by what is told apart of what is counted.
    blocks: RefCell<BTreeMap<Alone, Blocks>>,
    /// The last blocks of two sides between which an answer changes.
    changed: RefCell<Option<(Changed, Blocks)>>,
}

/// A setting, an indicator with its answers before and after, and what is told apart of what is counted.
type Changed = (String, bool, (String, Option<String>, Option<String>), BTreeSet<(usize, String)>);

/// A setting, whether figures are free, and what is told apart of what is counted.
type Alone = (String, bool, BTreeSet<String>);

type Blocks = Rc<Vec<Rc<Block>>>;

impl<'d> Checker<'d> {
    /// A checker for a document.
    ///
    /// # Errors
    /// [`CheckError`] where the document is not valid.
    pub fn new(document: &'d Document) -> Result<Self, CheckError> {
        // What is not valid means nothing.
        let kb = document.clone().validate().map_err(|error| CheckError::new(error.to_string()))?;
        let meaning = kb.compile().meaning_hash().to_owned();
        Ok(Self {
            document,
            meaning,
            sides: RefCell::default(),
            blocks: RefCell::default(),
            changed: RefCell::default(),
        })
    }

    /// As [`check`]: the claim is of every setting, under the knowledge base's own link. A certificate of less, such as one
    /// setting, is refused; one of more, such as every figure in its interval, shows the claim too.
    ///
    /// # Errors
    /// [`CheckError`] where the certificate does not show the claim.
    pub fn check(&self, claim: &str, certificate: &Certificate) -> Result<(), CheckError> {
        self.check_within(claim, &Readings::default(), certificate)
    }

    /// The same for a claim about some readings of the knowledge base.
    ///
    /// # Errors
    /// [`CheckError`] where the certificate does not show the claim of all these readings.
    pub fn check_within(
        &self,
        claim: &str,
        readings: &Readings,
        certificate: &Certificate,
    ) -> Result<(), CheckError> {
        self.accept(None, claim, readings, certificate)
    }

    fn side(&self, setting: &str) -> Side<'d> {
        let mut sides = self.sides.borrow_mut();
        sides.entry(setting.to_owned()).or_insert_with(|| Side::new(self.document, setting)).clone()
    }
}

fn read(text: &str) -> Result<Document, CheckError> {
    let is_json = text.trim_start().starts_with('{');
    let document = if is_json { Document::from_json(text) } else { Document::from_toml(text) };
    document.map_err(|error| CheckError::new(error.to_string()))
}

/// One thing that is to be shown.
#[derive(PartialEq)]
struct Item {
    setting: String,
    about: Option<String>,
    what: What,
}

#[derive(Clone, PartialEq)]
enum What {
    First { cause: String, unless: Option<Condition> },
    Leads { cause: String, unless: Option<Condition> },
    Above { cause: String, other: String, when: Option<Condition> },
    Passed { cause: String, rival: String },
    Lowered { cause: String },
    Exceeds { cause: String, bound: f64, when: Option<Condition> },
    Quiet { flag: String, whenever: Condition },
    BothFirst { cause: String, other: String },
    NoneOpen,
}

/// A claim taken apart.
struct Plan {
    items: Vec<Item>,
    is_possible: bool,
    /// An indicator whose answer changes, before and after.
    change: Option<(String, Option<String>, Option<String>)>,
    /// What is given already: an answer, or that none can be.
    given: BTreeMap<String, Option<String>>,
}

impl<'d> Checker<'d> {
    fn accept(
        &self,
        other: Option<&Checker<'d>>,
        claim: &str,
        wanted: &Readings,
        certificate: &Certificate,
    ) -> Result<(), CheckError> {
        let document = self.document;
        let fault = |message: &str| CheckError::new(message);
        if certificate.format != CERTIFICATE_FORMAT {
            return Err(fault("the certificate is of another format"));
        }
        if certificate.meaning != self.meaning {
            return Err(fault("the certificate is for another knowledge base"));
        }
        match (other, &certificate.other) {
            (None, None) => {}
            (Some(other), Some((_, hash))) if *hash == other.meaning => {}
            _ => return Err(fault("the certificate is for another pair of knowledge bases")),
        }
        if certificate.claim != claim {
            // The same rule may be written in two ways.
            let same = claim.parse::<Claim>().ok().zip(certificate.claim.parse::<Claim>().ok());
            if !same.is_some_and(|(one, other)| one == other) {
                return Err(fault("the certificate is for another claim"));
            }
        }
        if certificate.readings.priors < 0 {
            return Err(fault("a reach of priors is below 0"));
        }
        let theirs = other.map(|other| other.document);
        let plan = plan(document, theirs, claim, certificate.readings.setting.as_ref())?;
        self.covers(
            &plan,
            &self::plan(document, theirs, claim, wanted.setting.as_ref())?,
            wanted,
            certificate,
        )?;
        if plan.items.len() != certificate.parts.len() {
            return Err(fault("the certificate has not one part for each thing that is to be shown"));
        }
        for (item, part) in plan.items.iter().zip(&certificate.parts) {
            if item.setting != part.setting || item.about != part.about {
                return Err(fault("a part is about another thing than the one that is to be shown"));
            }
            self.show(other, &plan, item, &part.because, certificate)?;
        }
        Ok(())
    }

    /// Whether what a certificate is about is all that is claimed.
    fn covers(
        &self,
        plan: &Plan,
        claimed: &Plan,
        wanted: &Readings,
        certificate: &Certificate,
    ) -> Result<(), CheckError> {
        let had = &certificate.readings;
        let own = self.document.knowledge_base.link;
        let less = |what: String| {
            Err(CheckError::new(format!("the certificate is of {what} and shows less than is claimed")))
        };
        if let Some(missing) = claimed.items.iter().find(|item| !plan.items.contains(item)) {
            let settings: BTreeSet<&String> = plan.items.iter().map(|item| &item.setting).collect();
            let named =
                settings.into_iter().map(|setting| format!("`{setting}`")).collect::<Vec<_>>().join(", ");
            return less(format!("the setting {named}, not of `{}`,", missing.setting));
        }
        if had.link.unwrap_or(own) != wanted.link.unwrap_or(own) {
            return less("another link".to_owned());
        }
        if had.priors < wanted.priors {
            return less("priors that move less far".to_owned());
        }
        if wanted.intervals && !had.intervals {
            return less("figures as they are, not of all in their intervals,".to_owned());
        }
        Ok(())
    }

    /// Checks one part.
    fn show(
        &self,
        other: Option<&Checker<'d>>,
        plan: &Plan,
        item: &Item,
        because: &Because,
        certificate: &Certificate,
    ) -> Result<(), CheckError> {
        let document = self.document;
        let link = certificate.readings.link.unwrap_or(document.knowledge_base.link);
        let mut sides = vec![self.side(&item.setting)];
        if certificate.readings.intervals {
            let is_bound = sides.iter().any(|side| side.reader.is_bound());
            let is_about_shares = matches!(item.what, What::Exceeds { .. }) && link == Link::Exclusive;
            if is_bound
                || is_about_shares
                || plan.is_possible
                || other.is_some()
                || certificate.readings.priors != 0
            {
                return Err(CheckError::new("this is not claimed of all figures in their intervals"));
            }
            for side in &mut sides {
                side.is_free = true;
            }
        }
        if let Some(other) = other {
            let known = other.document.settings.contains_key(&item.setting);
            let default = &other.document.knowledge_base.default_setting;
            sides.push(other.side(if known { &item.setting } else { default }));
        }
        if let Some((indicator, from, to)) = &plan.change {
            sides.push(sides.first().cloned().ok_or_else(|| CheckError::new("no side"))?);
            for (side, answer) in sides.iter_mut().zip([from, to]) {
                side.put = Some((indicator.clone(), answer.clone()));
            }
        }
        let meaning = Meaning { sides: &sides };
        let sought = sought(meaning, document, &item.what, link)?;
        let mut given = anything(document);
        if let Some(other) = other.map(|other| other.document) {
            let theirs = anything(other);
            given.retain(|id, answers| {
                let kind = |document: &Document| document.indicators.get(id).map(|written| written.kind);
                let twin = theirs.get(id).filter(|_| kind(document) == kind(other));
                answers.retain(|answer| twin.is_some_and(|twin| twin.contains(answer)));
                twin.is_some()
            });
        }
        for (id, answer) in &plan.given {
            given.insert(id.clone(), vec![answer.clone()]);
        }
        if let Some((indicator, ..)) = &plan.change {
            given.insert(indicator.clone(), vec![None]);
        }
        if let Because::Example(answers) = because {
            if !plan.is_possible {
                return Err(CheckError::new("one case does not show what is claimed of all"));
            }
            // The case is the only one: each indicator is given its answer, and none where it has none.
            for (id, choices) in &mut given {
                let answer = answers.get(id).cloned();
                if !choices.contains(&answer) {
                    return Err(CheckError::new(format!("`{id}` has no such answer")));
                }
                *choices = vec![answer];
            }
            if answers.keys().any(|id| !given.contains_key(id)) {
                return Err(CheckError::new("the example answers what nobody can ask"));
            }
        } else if plan.is_possible {
            return Err(CheckError::new("that something is possible takes a case"));
        }
        let blocks = self.blocks(&sides, &meaning.told(&sought), &given, plan, because);
        let mut blocks =
            blocks.ok_or_else(|| CheckError::new("a group has more states than are looked at"))?;
        blocks.extend(prior_blocks(&sides, certificate.readings.priors).into_iter().map(Rc::new));
        let mut world = World::new(&sides, &sought, blocks)
            .ok_or_else(|| CheckError::new("a number is too large, or a name is unknown"))?;
        if let (What::Exceeds { cause, bound, .. }, Link::Exclusive) = (&item.what, link) {
            world.bound = Some((cause.clone(), *bound));
        }
        match because {
            Because::Steps(steps) => world.check(steps),
            Because::Example(_) => {
                if world.is_one_case() && world.standing(&sought, &world.cases()) == Some(true) {
                    Ok(())
                } else {
                    Err(CheckError::new("the example is not what is claimed to be possible"))
                }
            }
        }
    }

    /// The blocks of some sides. Those of one side with nothing given are kept; where an answer changes, they are those of
    /// every block but the one it is in.
    fn blocks(
        &self,
        sides: &[Side<'d>],
        told: &BTreeSet<(usize, String)>,
        given: &BTreeMap<String, Vec<Option<String>>>,
        plan: &Plan,
        because: &Because,
    ) -> Option<Vec<Rc<Block>>> {
        let side = sides.first()?;
        let is_plain = plan.given.is_empty() && matches!(because, Because::Steps(_));
        if !is_plain || (sides.len() > 1 && plan.change.is_none()) {
            return blocks(sides, given, told, None);
        }
        let counted = side.counted();
        let apart: BTreeSet<String> =
            told.iter().filter(|(_, id)| counted.contains(id)).map(|(_, id)| id.clone()).collect();
        let key = (side.reader.setting.clone(), side.is_free, apart.clone());
        let known = self.blocks.borrow().get(&key).cloned();
        let alone = match known {
            Some(known) => known,
            None => {
                let unchanged = Side { put: None, ..side.clone() };
                let told = apart.into_iter().map(|id| (0, id)).collect();
                let made = Rc::new(blocks(&[unchanged], &anything(self.document), &told, None)?);
                self.blocks.borrow_mut().insert(key, made.clone());
                made
            }
        };
        let Some(change) = &plan.change else { return Some(alone.to_vec()) };
        let apart = told.iter().filter(|(_, id)| counted.contains(id)).cloned().collect();
        let key = (side.reader.setting.clone(), side.is_free, change.clone(), apart);
        if let Some((of, known)) = self.changed.borrow().as_ref()
            && *of == key
        {
            return Some(known.to_vec());
        }
        let changed = &change.0;
        let mut all: Vec<Rc<Block>> =
            alone.iter().filter(|block| !block.class.contains(changed)).cloned().collect();
        let class = alone.iter().map(|block| &block.class).find(|class| class.contains(changed));
        all.extend(blocks(sides, given, told, class)?);
        *self.changed.borrow_mut() = Some((key, Rc::new(all.clone())));
        Some(all)
    }
}

fn plan(
    document: &Document,
    other: Option<&Document>,
    claim: &str,
    only: Option<&String>,
) -> Result<Plan, CheckError> {
    let default = document.knowledge_base.default_setting.clone();
    let only = only.cloned();
    let every: Vec<String> = match &only {
        Some(only) => vec![only.clone()],
        None => document.settings.keys().cloned().collect(),
    };
    let causes: Vec<String> = document.causes.keys().cloned().collect();
    let mut plan = Plan { items: Vec::new(), is_possible: false, change: None, given: BTreeMap::new() };
    let each = |settings: &[String], about: Option<String>, what: &What| -> Vec<Item> {
        let item =
            |setting: &String| Item { setting: setting.clone(), about: about.clone(), what: what.clone() };
        settings.iter().map(item).collect()
    };
    if let Some(case) = claim.strip_prefix("settled(").and_then(|rest| rest.strip_suffix(')')) {
        plan.given = findings(document, case)?;
        let setting = only.unwrap_or(default);
        let first = first_of(document, &setting, case)?;
        for cause in causes.iter().filter(|cause| **cause != first) {
            let what = What::First { cause: cause.clone(), unless: None };
            plan.items.extend(each(std::slice::from_ref(&setting), Some(cause.clone()), &what));
        }
        return Ok(plan);
    }
    if let Some(other) = other {
        for setting in &every {
            for one in &causes {
                for two in other.causes.keys().filter(|two| *two != one) {
                    let what = What::BothFirst { cause: one.clone(), other: two.clone() };
                    plan.items.extend(each(
                        std::slice::from_ref(setting),
                        Some(format!("{one} {two}")),
                        &what,
                    ));
                }
            }
        }
        return Ok(plan);
    }
    let claim: Claim =
        claim.parse().map_err(|error: aetia::ClaimError| CheckError::new(error.to_string()))?;
    named(document, &claim)?;
    match claim {
        Claim::NeverFirst { cause, unless } => {
            plan.items = each(&every, None, &What::First { cause, unless });
        }
        Claim::NeverLeads { cause, unless } => {
            plan.items = each(&every, None, &What::Leads { cause, unless });
        }
        Claim::ReachableFirst { cause, ref setting } => {
            plan.is_possible = true;
            let setting = [setting.clone().or(only).unwrap_or(default)];
            for cause in targets(cause, &causes) {
                let what = What::First { cause: cause.clone(), unless: None };
                plan.items.extend(each(&setting, Some(cause), &what));
            }
        }
        Claim::ReachableLeads { cause, ref setting } => {
            plan.is_possible = true;
            let setting = [setting.clone().or(only).unwrap_or(default)];
            for cause in targets(cause, &causes) {
                let what = What::Leads { cause: cause.clone(), unless: None };
                plan.items.extend(each(&setting, Some(cause), &what));
            }
        }
        Claim::AlwaysAbove { upper, lower, when } => {
            plan.items = each(&every, None, &What::Above { cause: lower, other: upper, when });
        }
        Claim::Monotone { indicator, from, to, cause, on_score } => {
            let answer = |key: &str| {
                let written = document.indicators.get(&indicator).map(keys).unwrap_or_default();
                written.into_iter().find(|known| same(known, key))
            };
            plan.change = Some((indicator.clone(), answer(&from), answer(&to)));
            if on_score {
                plan.items = each(&every, None, &What::Lowered { cause });
            } else {
                let rivals = causes.iter().filter(|rival| **rival != cause);
                for setting in &every {
                    for rival in rivals.clone() {
                        let what = What::Passed { cause: cause.clone(), rival: rival.clone() };
                        plan.items.extend(each(std::slice::from_ref(setting), Some(rival.clone()), &what));
                    }
                }
            }
        }
        Claim::PosteriorAtMost { cause, bound, when } => {
            plan.items = each(&every, None, &What::Exceeds { cause, bound, when });
        }
        // Flags and gates do not know settings.
        Claim::Raised { flag, whenever } => {
            let one: Vec<String> = every.into_iter().take(1).collect();
            plan.items = each(&one, None, &What::Quiet { flag, whenever });
        }
        Claim::SomeNamedCauseOpen => {
            let one: Vec<String> = every.into_iter().take(1).collect();
            plan.items = each(&one, None, &What::NoneOpen);
        }
        _ => return Err(CheckError::new("this kind of claim is not known here")),
    }
    Ok(plan)
}

/// That every name of a claim is known: the claim must be one the document could declare.
fn named(document: &Document, claim: &Claim) -> Result<(), CheckError> {
    // What the document declares was validated with it.
    if document.invariants.iter().any(|declared| declared.claim.parse().ok().as_ref() == Some(claim)) {
        return Ok(());
    }
    let mut document = document.clone();
    document.invariants = vec![aetia::written::Invariant {
        id: "claimed".to_owned(),
        claim: claim.to_string(),
        reason: "it is claimed".to_owned(),
    }];
    document.validate().map(|_| ()).map_err(|error| CheckError::new(error.to_string()))
}

fn targets(target: Target, causes: &[String]) -> Vec<String> {
    match target {
        Target::Every => causes.to_vec(),
        Target::Cause(cause) => vec![cause],
    }
}

/// The findings of a case in JSON: an answer, or none where it could not be assessed.
fn findings(document: &Document, case: &str) -> Result<BTreeMap<String, Option<String>>, CheckError> {
    let unreadable = || CheckError::new("the case of the claim cannot be read");
    let value: serde_json::Value = serde_json::from_str(case).map_err(|_| unreadable())?;
    let given = value.get("findings").and_then(serde_json::Value::as_object).ok_or_else(unreadable)?;
    let mut found = BTreeMap::new();
    for (id, value) in given {
        let keys = keys(document.indicators.get(id).ok_or_else(unreadable)?);
        let answer = match value {
            serde_json::Value::Bool(true) => Some("present".to_owned()),
            serde_json::Value::Bool(false) => Some("absent".to_owned()),
            serde_json::Value::String(word) if word == "not_assessable" => None,
            serde_json::Value::String(word) => Some(word.clone()),
            serde_json::Value::Number(number) => {
                let number = number.as_f64().ok_or_else(unreadable)?;
                let holds =
                    |key: &&String| key.parse::<aetia::BinKey>().is_ok_and(|bin| bin.contains(number));
                Some(keys.iter().find(holds).cloned().ok_or_else(unreadable)?)
            }
            serde_json::Value::Null | serde_json::Value::Array(_) | serde_json::Value::Object(_) => {
                return Err(unreadable());
            }
        };
        if answer.as_ref().is_some_and(|answer| !keys.contains(answer)) {
            return Err(unreadable());
        }
        found.insert(id.clone(), answer);
    }
    Ok(found)
}

/// The first cause of a case. Which one is claimed to be settled is a matter of the claim, so the engine says it.
fn first_of(document: &Document, setting: &str, case: &str) -> Result<String, CheckError> {
    let unreadable = |error: &dyn std::fmt::Display| CheckError::new(error.to_string());
    let model = document.clone().validate().map_err(|error| unreadable(&error))?.compile();
    let case = model.case_from_json(case).map_err(|error| unreadable(&error))?;
    let setting = setting.parse().map_err(|error: aetia::InvalidId| unreadable(&error))?;
    let options = aetia::Options { setting, link: model.options().link };
    let mut scratch = aetia::Scratch::new();
    let assessed = model.assess_with(&case, &options, &mut scratch).map_err(|error| unreadable(&error))?;
    Ok(assessed.first().id().to_string())
}

/// What a case would have to be like: to break the claim, or to be the one it says there is.
fn sought(
    meaning: Meaning<'_, '_>,
    document: &Document,
    what: &What,
    link: Link,
) -> Result<Sought, CheckError> {
    let mut parts: Vec<Sought> = (0..meaning.sides.len()).map(|at| meaning.possible(at)).collect();
    let mut only = |condition: &Option<Condition>, holds: bool| {
        parts.extend(condition.as_ref().map(|condition| meaning.when(condition, holds)));
    };
    let own = match what {
        What::First { cause, unless } => {
            only(unless, false);
            meaning.first(0, cause)
        }
        What::Leads { cause, unless } => {
            only(unless, false);
            meaning.at_least(0, cause, 1)
        }
        What::Above { cause, other, when } => {
            only(when, true);
            if cause == other { meaning.excluded(0, cause).1 } else { meaning.above(0, cause, other) }
        }
        What::Passed { cause, rival } => {
            Sought::All(vec![meaning.above(0, cause, rival), meaning.above(1, rival, cause)])
        }
        What::Lowered { cause } => meaning.lowered(cause),
        What::Exceeds { cause, bound, when } => {
            only(when, true);
            match link {
                Link::Independent => meaning.at_least(0, cause, least_above(*bound)),
                Link::Exclusive => meaning.excluded(0, cause).1,
            }
        }
        What::Quiet { flag, whenever } => {
            only(&Some(whenever.clone()), true);
            let written = document.flags.get(flag).and_then(|flag| flag.condition.parse().ok());
            let condition: Condition = written.ok_or_else(|| CheckError::new("the flag is unknown"))?;
            meaning.when(&condition, false)
        }
        What::BothFirst { cause, other } => {
            Sought::All(vec![meaning.first(0, cause), meaning.first(1, other)])
        }
        What::NoneOpen => {
            let causes = document.causes.keys();
            Sought::All(causes.map(|cause| meaning.open(0, cause).1).collect())
        }
    };
    parts.push(own);
    Ok(Sought::All(parts))
}

/// The lowest score whose probability against the comparator alone may be above a bound: rounded against the claim.
#[expect(clippy::as_conversions, clippy::cast_possible_truncation, reason = "a whole number well inside i64")]
fn least_above(bound: f64) -> i64 {
    libm::floor(1e10 * libm::log10(bound / (1.0 - bound)) - 1e-3) as i64 + 1
}
