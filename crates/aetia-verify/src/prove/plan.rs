//! A claim taken apart into queries.

use aetia::{Case, Model, Options, Target};

use crate::claim::{Claim, Scope};
use crate::flag_pair::FlagPair;
use crate::frame::Frame;
use crate::prove::{Prover, Sought};
use crate::refusal::Refusal;
use crate::spread;
use crate::witness::Forbidden;

/// One query of a claim.
pub(crate) struct Query {
    pub(crate) setting: String,
    pub(crate) about: Option<String>,
    pub(crate) forbidden: Forbidden,
    /// What is looked for.
    pub(crate) sought: Sought,
}

/// A claim taken apart.
pub(crate) struct Plan<'c> {
    pub(crate) queries: Vec<Query>,
    /// Whether each query is to have a case.
    pub(crate) is_possible: bool,
    /// What is given already.
    pub(crate) base: Option<&'c Case>,
    /// The other knowledge base.
    pub(crate) other: Option<&'c Model>,
    /// The setting of the other; none for the one of the same name.
    pub(crate) theirs: Option<String>,
}

impl Prover<'_> {
    /// The settings a claim is about.
    fn settings(&self, scope: &Scope) -> Result<Vec<String>, Refusal> {
        let kb = self.frame.model.knowledge_base();
        let known: Vec<String> = kb.settings().map(|setting| setting.id().to_string()).collect();
        match &scope.setting {
            None => Ok(known),
            Some(only) if known.contains(only) => Ok(vec![only.clone()]),
            Some(other) => Err(Refusal::unknown("setting", other, known.iter())),
        }
    }

    /// Takes a claim apart, unless it cannot be asked of figures that may move and is.
    pub(crate) fn plan<'c>(&self, claim: &'c Claim, scope: &Scope) -> Result<Plan<'c>, Refusal> {
        if !scope.intervals && scope.priors.is_none() {
            return self.taken_apart(claim, scope);
        }
        self.free(claim, scope)?;
        let plan = self.taken_apart(claim, scope)?;
        for query in &plan.queries {
            spread::is_free(self.frame.document(), &query.setting)?;
        }
        Ok(plan)
    }

    fn taken_apart<'c>(&self, claim: &'c Claim, scope: &Scope) -> Result<Plan<'c>, Refusal> {
        let plain = |queries| Plan { queries, is_possible: false, base: None, other: None, theirs: None };
        match claim {
            Claim::Rule(rule) => self.rule(rule, scope),
            Claim::Settled { case } => {
                let setting = self.one_setting(scope, None)?;
                let options = Options { setting: parse(&setting)?, link: self.frame.model.options().link };
                let model = self.frame.model;
                let mut scratch = aetia::Scratch::new();
                let assessed = model.assess_with(case, &options, &mut scratch);
                let first = assessed.map_err(|error| Refusal::other(&error))?.first().id().to_string();
                let first = self.frame.cause(&first)?;
                let others = (0..self.frame.causes.len()).filter(|cause| *cause != first);
                let queries = others.map(|cause| Query {
                    setting: setting.clone(),
                    about: self.frame.causes.get(cause).map(|name| (*name).to_owned()),
                    forbidden: Forbidden::NotFirst { cause: first },
                    sought: Sought::First { cause, unless: None },
                });
                Ok(Plan { base: Some(case), ..plain(queries.collect()) })
            }
            Claim::SameFlagsAs(other) => {
                // Flags do not know settings.
                let setting = self.settings(scope)?.into_iter().take(1);
                let flags = FlagPair::all(&self.frame, &Frame::new(other)?);
                let queries = setting.flat_map(|setting| {
                    flags.iter().map(move |pair| Query {
                        setting: setting.clone(),
                        about: Some(pair.id.clone()),
                        forbidden: Forbidden::FlagApart { flag: pair.id.clone(), model: other.clone() },
                        sought: Sought::RaisedApart(pair.clone()),
                    })
                });
                Ok(Plan { other: Some(other), ..plain(queries.collect()) })
            }
            Claim::SameFirstAs(other) => {
                let frame = Frame::new(other)?;
                let mut queries = Vec::new();
                for setting in self.settings(scope)? {
                    for (cause, one) in self.frame.causes.iter().enumerate() {
                        for (second, two) in frame.causes.iter().enumerate().filter(|(_, two)| *two != one) {
                            queries.push(Query {
                                setting: setting.clone(),
                                about: Some(format!("{one} {two}")),
                                forbidden: Forbidden::OtherFirst { model: other.clone(), theirs: None },
                                sought: Sought::BothFirst { cause, other: second },
                            });
                        }
                    }
                }
                Ok(Plan { other: Some(other), ..plain(queries) })
            }
        }
    }

    /// Whether a claim can be asked of figures that may move.
    fn free(&self, claim: &Claim, scope: &Scope) -> Result<(), Refusal> {
        use aetia::Claim as Rule;
        let refused = |message: &str, help: &str| {
            Err(Refusal::Invalid { message: message.to_owned(), help: Some(help.to_owned()) })
        };
        let link = crate::witness::link(self.frame.model, scope.link);
        if let Claim::Rule(Rule::ReachableFirst { .. } | Rule::ReachableLeads { .. }) = claim {
            return refused(
                "that something is possible is claimed of the figures as they are, and not of all that may move",
                "claim it without intervals and without a range of priors",
            );
        }
        if !scope.intervals {
            return Ok(());
        }
        if scope.priors.is_some() {
            return refused(
                "priors move within so many decibans or within their intervals, and not both",
                "leave one of the two out",
            );
        }
        match claim {
            Claim::SameFirstAs(_) | Claim::SameFlagsAs(_) => refused(
                "two knowledge bases are compared with their figures as they are",
                "claim it without intervals",
            ),
            Claim::Rule(Rule::PosteriorAtMost { .. }) if link == aetia::Link::Exclusive => refused(
                "bounds on probabilities that compete are not proved of all figures in their intervals",
                "claim it without intervals, or by the independent link",
            ),
            Claim::Rule(_) | Claim::Settled { .. } => Ok(()),
        }
    }

    /// The setting of a claim that is about one.
    fn one_setting(&self, scope: &Scope, named: Option<&String>) -> Result<String, Refusal> {
        let default = self.frame.model.knowledge_base().default_setting().id().to_string();
        let setting = named.or(scope.setting.as_ref()).cloned().unwrap_or(default);
        let only = Scope { setting: Some(setting.clone()), ..Scope::default() };
        self.settings(&only).map(|_| setting)
    }

    fn rule<'c>(&self, rule: &aetia::Claim, scope: &Scope) -> Result<Plan<'c>, Refusal> {
        use aetia::Claim as Rule;
        let frame = &self.frame;
        let resolve = |condition: &Option<aetia::Condition>| {
            condition.as_ref().map(|condition| frame.resolve(condition)).transpose()
        };
        let mut is_possible = false;
        let mut settings = self.settings(scope)?;
        let mut found: Vec<(Option<usize>, Sought, Forbidden)> = Vec::new();
        match rule {
            Rule::NeverFirst { cause, unless } => {
                let (cause, unless) = (frame.cause(cause)?, resolve(unless)?);
                let forbidden = Forbidden::First { cause, unless: unless.clone() };
                found.push((None, Sought::First { cause, unless }, forbidden));
            }
            Rule::NeverLeads { cause, unless } => {
                let (cause, unless) = (frame.cause(cause)?, resolve(unless)?);
                let forbidden = Forbidden::Leads { cause, unless: unless.clone() };
                found.push((None, Sought::Leads { cause, unless }, forbidden));
            }
            Rule::ReachableFirst { cause, setting } | Rule::ReachableLeads { cause, setting } => {
                is_possible = true;
                settings = vec![self.one_setting(scope, setting.as_ref())?];
                for cause in self.targets(cause)? {
                    found.push(if matches!(rule, Rule::ReachableFirst { .. }) {
                        let sought = Sought::First { cause, unless: None };
                        (Some(cause), sought, Forbidden::First { cause, unless: None })
                    } else {
                        let sought = Sought::Leads { cause, unless: None };
                        (Some(cause), sought, Forbidden::Leads { cause, unless: None })
                    });
                }
            }
            Rule::AlwaysAbove { upper, lower, when } => {
                let (cause, other, when) = (frame.cause(lower)?, frame.cause(upper)?, resolve(when)?);
                let forbidden = Forbidden::NotBelow { cause, other, when: when.clone() };
                found.push((None, Sought::NotBelow { cause, other, when }, forbidden));
            }
            Rule::Monotone { indicator, from, to, cause, on_score } => {
                let (indicator, cause) = (frame.indicator(indicator)?, frame.cause(cause)?);
                let (from, to) = (frame.code(indicator, from)?, frame.code(indicator, to)?);
                if *on_score {
                    let sought = Sought::Lowered { indicator, from, to, cause };
                    found.push((None, sought, Forbidden::Lowered { cause }));
                } else {
                    for rival in (0..frame.causes.len()).filter(|rival| *rival != cause) {
                        let sought = Sought::Passed { indicator, from, to, cause, rival };
                        found.push((Some(rival), sought, Forbidden::Passed { cause, rival }));
                    }
                }
            }
            Rule::PosteriorAtMost { cause, bound, when } => {
                let (cause, bound, when) = (frame.cause(cause)?, *bound, resolve(when)?);
                let forbidden = Forbidden::Exceeds { cause, bound, when: when.clone() };
                found.push((None, Sought::Exceeds { cause, bound, when }, forbidden));
            }
            Rule::Raised { flag, whenever } => {
                let known = || frame.flags.keys();
                let formula = frame.flags.get(flag.as_str());
                let formula = formula.ok_or_else(|| Refusal::unknown("flag", flag, known()))?.clone();
                let whenever = frame.resolve(whenever)?;
                let forbidden = Forbidden::Quiet { flag: flag.clone(), whenever: whenever.clone() };
                // Flags do not know settings.
                settings.truncate(1);
                found.push((None, Sought::Quiet { flag: formula, whenever }, forbidden));
            }
            Rule::SomeNamedCauseOpen => {
                settings.truncate(1);
                found.push((None, Sought::NoneOpen, Forbidden::NoneOpen));
            }
            _ => return Err(Refusal::other(&"this kind of claim is not known here")),
        }
        let mut queries = Vec::new();
        for setting in &settings {
            queries.extend(found.iter().map(|(about, sought, forbidden)| Query {
                setting: setting.clone(),
                about: about.and_then(|cause| frame.causes.get(cause)).map(|name| (*name).to_owned()),
                forbidden: forbidden.clone(),
                sought: sought.clone(),
            }));
        }
        Ok(Plan { queries, is_possible, base: None, other: None, theirs: None })
    }

    fn targets(&self, target: &Target) -> Result<Vec<usize>, Refusal> {
        match target {
            Target::Every => Ok((0..self.frame.causes.len()).collect()),
            Target::Cause(cause) => self.frame.cause(cause).map(|cause| vec![cause]),
        }
    }
}

fn parse(setting: &str) -> Result<aetia::SettingId, Refusal> {
    setting.parse().map_err(|error: aetia::InvalidId| Refusal::other(&error))
}
