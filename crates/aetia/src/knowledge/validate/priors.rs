//! The priors of each setting, and what they leave for the comparator.

use super::checker::{Checker, rounded};
use crate::belief::{LikelihoodRatio, LogOdds, Probability};
use crate::document::{Code, Prior};
use crate::document::{Place, excerpt};
use crate::index::{CauseIx, Indexed};

/// The least the comparator may keep, and what it should keep.
const LEAST_COMPARATOR: f64 = 0.05;
const LITTLE_COMPARATOR: f64 = 0.10;

/// The priors of a setting: the comparator's, and each cause's with its log-odds.
pub(super) type Priors = (Probability, Indexed<CauseIx, (Probability, LogOdds)>);

impl Checker<'_> {
    /// The priors of every setting; none where they cannot be computed.
    pub(super) fn priors(&mut self) -> Option<Vec<Priors>> {
        let document = self.document;
        if document.causes.is_empty() {
            self.report_with_help(
                Code::NoOpenCause,
                &Place::root().field("causes"),
                "there is no cause to rank",
                "declare one as `[causes.ID]`",
            );
        }
        let default = &document.knowledge_base.default_setting;
        self.setting(&Place::root().field("knowledge_base").field("default_setting"), default);
        for (id, cause) in &document.causes {
            let place = Place::root().field("causes").field(id).field("prior");
            for (setting, prior) in &cause.prior {
                if self.setting(&place.field(setting), setting).is_some() {
                    self.prior(&place.field(setting), prior);
                }
            }
        }
        document.settings.keys().map(|setting| self.priors_of(setting)).collect()
    }

    fn prior(&mut self, place: &Place, prior: &Prior) {
        self.provenance(place, &prior.provenance);
        self.probability(&place.field("value"), prior.value);
        if let Some([low, high]) = prior.interval {
            let place = place.field("interval");
            let ends = self.probability(&place.index(0), low) & self.probability(&place.index(1), high);
            if ends && !(low <= prior.value && prior.value <= high) {
                let (low, high, value) = (rounded(low), rounded(high), rounded(prior.value));
                let message = format!("the interval {low} to {high} does not hold {value}");
                self.report(Code::IntervalInvalid, &place, message);
            }
        }
    }

    fn priors_of(&mut self, setting: &str) -> Option<Priors> {
        let document = self.document;
        let mut rest = 1.0;
        let mut found = Vec::new();
        for (id, cause) in &document.causes {
            match cause.prior.get(setting) {
                Some(prior) => {
                    rest -= prior.value;
                    found.push(Probability::new(prior.value).ok());
                }
                None => {
                    let place = Place::root().field("causes").field(id).field("prior");
                    let (id, setting) = (excerpt(id), excerpt(setting));
                    let message = format!("no prior in the setting `{setting}`");
                    let help = format!("give `[causes.{id}.prior.{setting}]`");
                    self.report_with_help(Code::PriorMissing, &place, message, help);
                    found.push(None);
                }
            }
        }
        let found: Vec<Probability> = found.into_iter().collect::<Option<_>>()?;
        let place = Place::root().field("settings").field(setting);
        if rest < LEAST_COMPARATOR - 1e-12 {
            let left = rounded(rest);
            let message =
                format!("the priors leave {left} for the comparator, expected at least {LEAST_COMPARATOR}");
            let help = "lower them: something else must remain possible";
            self.report_with_help(Code::PriorsSum, &place, message, help);
            return None;
        }
        if rest < LITTLE_COMPARATOR {
            let message = format!("the priors leave only {} for the comparator", rounded(rest));
            let help = "ask whether something else is as rare as that in this setting";
            self.report_with_help(Code::PriorsLeaveLittle, &place, message, help);
        }
        let odds =
            |prior: Probability| LogOdds::EVEN + LikelihoodRatio::saturating(prior.get() / rest).weight();
        Some((Probability::saturating(rest), found.into_iter().map(|prior| (prior, odds(prior))).collect()))
    }
}
