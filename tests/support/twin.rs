//! The engine and the oracle, side by side: everything in which they differ, in words.

use std::collections::BTreeMap;
use std::fmt::Debug;

use aetia::{Assessment, Candidate, ContributionKind, Document, Finding, FlagState, Model, Options};

use crate::engine::{posterior, try_case};
use crate::oracle::{self, Findings, OracleCause, Truth, Verdict};

/// How far a posterior of the one may lie from that of the other: floats, summed in two orders.
const TOLERANCE: f64 = 1e-12;

/// In what the engine and the oracle differ about a case; nothing where they agree.
pub fn differences(
    document: &Document,
    model: &Model,
    findings: &Findings,
    options: &Options,
) -> Vec<String> {
    let mut found = Differences(Vec::new());
    match oracle::assess(document, findings, options.setting.as_str(), options.link) {
        Err(contradiction) => {
            if try_case(model, findings).is_ok() {
                found.0.push(format!("only the oracle refuses: {contradiction:?}"));
            }
        }
        Ok(verdict) => match try_case(model, findings) {
            Err(error) => found.0.push(format!("only the engine refuses: {error}")),
            Ok(_) => found.assessment(&crate::engine::assess(model, findings, options), &verdict),
        },
    }
    found.0
}

struct Differences(Vec<String>);

impl Differences {
    fn same<T: PartialEq + Debug>(&mut self, what: &str, engine: &T, oracle: &T) {
        if engine != oracle {
            self.0.push(format!("{what}: engine {engine:?}, oracle {oracle:?}"));
        }
    }

    fn near(&mut self, what: &str, engine: f64, oracle: f64) {
        let is_near = (engine - oracle).abs() <= TOLERANCE;
        if !is_near {
            self.0.push(format!("{what}: engine {engine:e}, oracle {oracle:e}"));
        }
    }

    fn assessment(&mut self, engine: &Assessment, oracle: &Verdict) {
        self.same("order", &crate::engine::order(engine), &oracle.order);
        for (id, twin) in &oracle.causes {
            match engine.cause(id) {
                Ok(candidate) => self.cause(id, candidate, twin),
                Err(error) => self.0.push(error.to_string()),
            }
        }
        let waterline = engine.comparator();
        self.near("comparator", waterline.posterior().get(), oracle.comparator_posterior);
        let ungated = waterline.posterior_ungated().get();
        self.near("comparator, ungated", ungated, oracle.comparator_posterior_ungated);
        let flags: BTreeMap<String, Truth> =
            crate::engine::flags(engine).into_iter().map(|(id, state)| (id, truth_of(state))).collect();
        self.same("flags", &flags, &oracle.flags);
        self.same("inferred", &inferred(engine), &oracle.inferred);
    }

    fn cause(&mut self, id: &str, engine: Candidate<'_>, oracle: &OracleCause) {
        self.same(&format!("{id}: score"), &engine.score(), &oracle.score);
        self.same(&format!("{id}: score without gates"), &engine.score_ungated(), &oracle.raw);
        self.same(&format!("{id}: gates"), &engine.gate_effect(), &oracle.gate);
        self.same(&format!("{id}: rank"), &engine.rank(), &oracle.rank);
        self.same(&format!("{id}: rank without gates"), &engine.rank_ungated(), &oracle.rank_ungated);
        self.near(&format!("{id}: posterior"), posterior(engine), oracle.posterior);
        let ungated = engine.posterior_ungated().get();
        self.near(&format!("{id}: posterior without gates"), ungated, oracle.posterior_ungated);
        for (what, bars, ids) in [
            ("held", engine.held_by(), &oracle.held_by),
            ("capped", engine.capped_by(), &oracle.capped_by),
            ("excluded", engine.excluded_by(), &oracle.excluded_by),
        ] {
            let bars: Vec<String> = bars.iter().map(|bar| bar.gate.id().to_string()).collect();
            self.same(&format!("{id}: {what}"), &bars, ids);
        }
        let explanation = engine.explanation();
        let prior: i64 = explanation
            .iter()
            .filter(|part| part.kind() == ContributionKind::Prior)
            .map(|part| part.weight().nanodecibans())
            .sum();
        self.same(&format!("{id}: prior"), &prior, &oracle.prior.nanodecibans());
        let mut parts: Vec<(Vec<String>, i64)> = explanation
            .iter()
            .filter(|part| part.kind() == ContributionKind::Evidence)
            .map(|part| {
                let members = part.indicators().into_iter().map(|member| member.id().to_string());
                (members.collect(), part.weight().nanodecibans())
            })
            .collect();
        let mut twins: Vec<(Vec<String>, i64)> =
            oracle.parts.iter().map(|(ids, weight)| (ids.clone(), weight.nanodecibans())).collect();
        for (members, _) in parts.iter_mut().chain(&mut twins) {
            members.sort();
        }
        parts.sort();
        twins.sort();
        self.same(&format!("{id}: parts"), &parts, &twins);
    }
}

fn truth_of(state: FlagState) -> Truth {
    match state {
        FlagState::Raised => Truth::True,
        FlagState::Cleared => Truth::False,
        FlagState::NotAssessed => Truth::Undetermined,
    }
}

fn inferred(engine: &Assessment) -> BTreeMap<String, String> {
    let inferred = engine.case().findings().filter_map(|(indicator, finding)| match finding {
        Finding::Answer { answer, inferred: true, .. } => {
            Some((indicator.id().to_string(), answer.key().to_owned()))
        }
        Finding::Answer { .. } | Finding::NotAssessable | Finding::Unknown => None,
    });
    inferred.collect()
}
