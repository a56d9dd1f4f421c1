//! From files to what is to be checked, and of which readings.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use aetia::written::Indicator;
use aetia::{Claim, Document, IndicatorKind, Link};

use super::check::{CheckError, World};
use super::plan::{self, Item, Plan, What};
use super::query::Meaning;
use super::states::{Block, Side, anything, blocks, prior_blocks};
use super::weigh::keys;
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
    let (kb, other) = (read(kb)?, read(other)?);
    Checker::new(&kb)?.check_pair(&Checker::new(&other)?, claim, &Readings::default(), &certificate)
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

    /// As [`check_pair`], of some readings of both.
    ///
    /// # Errors
    /// [`CheckError`] where the certificate does not show the claim.
    pub fn check_pair(
        &self,
        other: &Self,
        claim: &str,
        readings: &Readings,
        certificate: &Certificate,
    ) -> Result<(), CheckError> {
        self.accept(Some(other), claim, readings, certificate)
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
        let plan = plan::plan(document, theirs, claim, certificate.readings.setting.as_ref())?;
        self.covers(
            &plan,
            &plan::plan(document, theirs, claim, wanted.setting.as_ref())?,
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
        let is_bound = sides.iter().any(|side| side.reader.is_bound());
        if is_bound && certificate.readings.priors != 0 {
            return Err(CheckError::new(
                "weights depend on priors, and this is claimed of all priors in a range",
            ));
        }
        if certificate.readings.intervals {
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
        let sought = plan::sought(meaning, document, &item.what, link)?;
        let mut given = anything(document);
        if let Some(other) = other.map(|other| other.document) {
            given.retain(|id, answers| keep_common(document, other, id, answers));
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

/// Keeps of an indicator's answers what another document can be given as well; says whether it has the indicator.
fn keep_common(document: &Document, other: &Document, id: &str, answers: &mut Vec<Option<String>>) -> bool {
    let (Some(one), Some(two)) = (document.indicators.get(id), other.indicators.get(id)) else {
        return false;
    };
    let is_named = |it: &Indicator| matches!(it.kind, IndicatorKind::Categorical | IndicatorKind::Ordinal);
    if one.kind == IndicatorKind::Numeric && two.kind == IndicatorKind::Numeric {
        // A case holds the number, and not the bin.
        *answers = numbers(one, two);
        return true;
    }
    let theirs = keys(two);
    answers.retain(|answer| answer.as_ref().is_none_or(|answer| theirs.contains(answer)));
    // What a case writes as a word is read alike with an order and without.
    one.kind == two.kind || (is_named(one) && is_named(two))
}

/// No number, and one for each stretch that no cut-point of either divides. A number at a cut-point is above it.
fn numbers(one: &Indicator, other: &Indicator) -> Vec<Option<String>> {
    let mut cuts: Vec<f64> = one.cut_points.iter().chain(&other.cut_points).copied().collect();
    cuts.sort_by(f64::total_cmp);
    cuts.dedup();
    let below = cuts.first().map(|lowest| lowest.next_down());
    let numbers = below.into_iter().chain(cuts.iter().copied());
    std::iter::once(None).chain(numbers.map(|number| Some(number.to_string()))).collect()
}
