//! Takes results and their parts as plain data.

use std::collections::BTreeMap;

use super::{
    CandidateRecord, ComparatorRecord, Comparison, ContributionRecord, FlagRecord, GateRecord,
    KnowledgeBaseRecord, Record,
};
use crate::assessment::{Assessment, Bar, Candidate, FlagReport, Waterline};
use crate::belief::{Probability, Weight};
use crate::case::{Finding, UnknownName};
use crate::document::FORMAT_VERSION;
use crate::explanation::{Contribution, finding_text};
use crate::knowledge::{Indicator, Truth};

impl Assessment {
    /// The assessment as plain data.
    pub fn record(&self) -> Record {
        let model = self.model();
        let kb = model.knowledge_base();
        Record {
            engine: env!("CARGO_PKG_VERSION").to_owned(),
            format_version: FORMAT_VERSION,
            knowledge_base: KnowledgeBaseRecord {
                id: kb.id().to_owned(),
                title: kb.title().to_owned(),
                version: kb.version().to_owned(),
                source_hash: model.source_hash().to_owned(),
                meaning_hash: model.meaning_hash().to_owned(),
            },
            case_hash: self.case().hash(),
            case: self.case().given_json(),
            inferred: inferred(self),
            dropped: self.case().dropped().to_vec(),
            setting: self.setting().id().to_string(),
            setting_title: self.setting().title().to_owned(),
            link: self.link(),
            ranking: self.ranking().map(Candidate::record).collect(),
            excluded: self.excluded().map(Candidate::record).collect(),
            comparator: self.comparator().record(),
            flags: self.flags().map(|report| report.record()).collect(),
            not_asked: self.not_asked().map(|indicator| indicator.id().to_string()).collect(),
            words: words(self),
            notice: self.notice().to_owned(),
            certainty: None,
        }
    }

    /// The assessment in canonical JSON: sorted keys, no white space, the same bytes everywhere.
    pub fn to_json(&self) -> String {
        self.record().to_json()
    }

    /// Why one cause and not another: the exact difference of their scores, part by part.
    ///
    /// # Errors
    /// [`UnknownName`] where the knowledge base has no such cause.
    pub fn compare(&self, one: &str, other: &str) -> Result<Comparison, UnknownName> {
        Ok(Comparison::of(&self.cause(one)?.record(), &self.cause(other)?.record()))
    }
}

/// Findings that follow from those given.
fn inferred(assessment: &Assessment) -> BTreeMap<String, String> {
    let findings = assessment.case().findings();
    let inferred = findings.filter_map(|(indicator, finding)| match finding {
        Finding::Answer { answer, inferred: true, .. } => {
            Some((indicator.id().to_string(), answer.key().to_owned()))
        }
        Finding::Unknown | Finding::NotAssessable | Finding::Answer { inferred: false, .. } => None,
    });
    inferred.collect()
}

/// Every indicator, those nobody has looked at too, in words.
fn words(assessment: &Assessment) -> BTreeMap<String, String> {
    let unknown = assessment.not_asked().map(|indicator| (indicator, Finding::Unknown));
    let all = assessment.case().findings().chain(unknown);
    all.map(|(indicator, finding)| (indicator.id().to_string(), finding_text(indicator, finding))).collect()
}

impl Candidate<'_> {
    /// The candidate as plain data, its explanation included.
    pub fn record(self) -> CandidateRecord {
        CandidateRecord {
            cause: self.id().to_string(),
            title: self.title().to_owned(),
            label: self.cause().label().to_owned(),
            rank: self.rank(),
            rank_ungated: self.rank_ungated(),
            prior: self.prior().get(),
            posterior: self.posterior().map(Probability::get),
            posterior_ungated: self.posterior_ungated().get(),
            score: self.score().nanodecibans(),
            score_ungated: self.score_ungated().nanodecibans(),
            leads: self.leads(),
            margin: self.margin().map(Weight::nanodecibans),
            closeness: self.closeness(),
            held_by: self.held_by().iter().map(gate).collect(),
            capped_by: self.capped_by().iter().map(gate).collect(),
            excluded_by: self.excluded_by().iter().map(gate).collect(),
            explanation: self.explanation().iter().map(Contribution::record).collect(),
            certainty: None,
        }
    }
}

impl Contribution<'_> {
    /// The part as plain data.
    pub fn record(&self) -> ContributionRecord {
        ContributionRecord {
            kind: self.kind(),
            subject: self.subject(),
            indicators: ids(&self.indicators()),
            group: self.group().and_then(|group| group.id()).map(ToString::to_string),
            gates: self.gates().into_iter().map(|gate| gate.id().to_string()).collect(),
            weight: self.weight().nanodecibans(),
            citations: self.citations().into_iter().map(str::to_owned).collect(),
            tag: self.tag(),
            reason: self.reason().map(str::to_owned),
            is_silent: self.is_silent(),
        }
    }
}

impl Waterline<'_> {
    /// The comparator as plain data.
    pub fn record(self) -> ComparatorRecord {
        ComparatorRecord {
            id: self.id().to_string(),
            title: self.title().to_owned(),
            prior: self.prior().get(),
            posterior: self.posterior().get(),
            posterior_ungated: self.posterior_ungated().get(),
        }
    }
}

impl FlagReport<'_> {
    /// The flag as plain data.
    pub fn record(&self) -> FlagRecord {
        FlagRecord {
            id: self.flag.id().to_string(),
            level: self.flag.level(),
            title: self.flag.title().to_owned(),
            state: self.state,
            because: ids(&self.because),
            action: self.flag.action().to_owned(),
            citations: self.flag.citations().to_vec(),
        }
    }
}

fn gate(bar: &Bar<'_>) -> GateRecord {
    GateRecord {
        gate: bar.gate.id().to_string(),
        title: bar.gate.title().to_owned(),
        condition: bar.gate.condition().to_owned(),
        is_undetermined: bar.truth == Truth::Undetermined,
        because: ids(&bar.because),
        reason: bar.gate.reason().to_owned(),
    }
}

fn ids(indicators: &[&Indicator]) -> Vec<String> {
    indicators.iter().map(|indicator| indicator.id().to_string()).collect()
}
