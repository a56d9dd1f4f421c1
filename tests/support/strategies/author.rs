//! The author of random documents: causes, indicators and figures.

use aetia::written::{Answer, Cause, Indicator, Prior, Setting};
use aetia::{Document, IndicatorKind, Link, Weight};

use super::Weighing;
use super::draw::Tape;
use crate::oracle::answers_of;
use crate::synthetic::{heading, provenance};

/// How a cause uses a group.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    Own,
    Count,
    Table,
}

/// Writes one document from a tape.
pub(super) struct Author {
    pub(super) tape: Tape,
    pub(super) weighing: Weighing,
    /// Whether some evidence is against the rest.
    pub(super) with_rest: bool,
    pub(super) document: Document,
}

impl Author {
    pub(super) fn new(numbers: Vec<u32>, weighing: Weighing) -> Self {
        Self { tape: Tape::new(numbers), weighing, with_rest: false, document: Document::default() }
    }

    pub(super) fn write(mut self) -> Document {
        self.with_rest = self.tape.once_in(3);
        self.heading();
        self.causes();
        self.indicators();
        let grouped = self.groups();
        self.lone_indicators(&grouped);
        self.derived();
        self.impossible();
        self.gates();
        self.flags();
        self.document
    }

    fn heading(&mut self) {
        let link = *self.tape.pick(&[Link::Exclusive, Link::Independent]);
        self.document = heading("random", "home");
        let document = &mut self.document;
        document.knowledge_base.link = link;
        if self.tape.once_in(2) {
            let clinic = Setting { title: "Clinic".to_owned(), notes: Vec::new() };
            document.settings.insert("clinic".to_owned(), clinic);
        }
    }

    /// Causes and priors: the comparator keeps a tenth, and half where something is against the rest.
    fn causes(&mut self) {
        let ids = ["alder", "birch", "cedar", "dogwood", "elm", "fir"];
        let ids = &ids[..=self.tape.below(ids.len())];
        for id in ids {
            self.document
                .causes
                .insert((*id).to_owned(), Cause { title: (*id).to_owned(), ..Cause::default() });
        }
        for setting in self.settings() {
            let named = if self.with_rest { 0.5 } else { 0.9 } * (1.0 - 0.9 * self.tape.unit());
            let shares = if self.weighing == Weighing::Ties && self.tape.below(2) == 0 {
                vec![1.0 / ids.len() as f64; ids.len()]
            } else {
                self.shares(ids.len())
            };
            for (cause, share) in self.document.causes.values_mut().zip(shares) {
                let prior = Prior { value: named * share, interval: None, provenance: provenance() };
                cause.prior.insert(setting.clone(), prior);
            }
        }
    }

    fn indicators(&mut self) {
        for number in 0..self.tape.below(9) {
            let id = format!("sign_{number}");
            let kinds = [
                IndicatorKind::Boolean,
                IndicatorKind::Categorical,
                IndicatorKind::Ordinal,
                IndicatorKind::Numeric,
            ];
            let mut indicator =
                Indicator { title: id.clone(), kind: *self.tape.pick(&kinds), ..Indicator::default() };
            match indicator.kind {
                IndicatorKind::Boolean => {}
                IndicatorKind::Categorical | IndicatorKind::Ordinal => {
                    let answers = ["none", "mild", "strong", "worst"];
                    let answers = answers.iter().take(2 + self.tape.below(3));
                    indicator.answers =
                        answers.map(|id| Answer { id: (*id).to_owned(), title: (*id).to_owned() }).collect();
                }
                IndicatorKind::Numeric => {
                    indicator.unit = Some("units".to_owned());
                    let mut cut = self.tape.below(40) as f64 - 5.0;
                    for _ in 0..=self.tape.below(3) {
                        indicator.cut_points.push(cut);
                        cut += 0.5 * (1 + self.tape.below(20)) as f64;
                    }
                }
            }
            if self.tape.once_in(3) {
                let answers = answers_of(&indicator);
                let shares = self.shares(answers.len());
                indicator.base_rate = answers.into_iter().zip(shares).collect();
            }
            if self.tape.once_in(4) {
                indicator.cost = 0.5 + 4.0 * self.tape.unit();
            }
            self.document.indicators.insert(id, indicator);
        }
    }

    // Figures.

    /// A ratio above 1: up to 3 dB where it must be mild or tie, up to 15 dB otherwise.
    pub(super) fn above_one(&mut self, mild: bool) -> f64 {
        let units = match self.weighing {
            Weighing::Ties => 1_000_000_000 * (1 + self.tape.below(3)),
            Weighing::Real if mild => 1 + self.tape.below(3_000_000_000),
            Weighing::Real => 1 + self.tape.below(15_000_000_000),
        };
        Weight::from_nanodecibans(i64::try_from(units).unwrap()).likelihood_ratio().get()
    }

    /// LR+ and LR- on both sides of 1.
    pub(super) fn pair(&mut self, mild: bool) -> (f64, f64) {
        let (up, down) = (self.above_one(mild), 1.0 / self.above_one(mild));
        if self.tape.once_in(3) { (down, up) } else { (up, down) }
    }

    pub(super) fn probability(&mut self) -> f64 {
        match self.weighing {
            Weighing::Real => 0.02 + 0.96 * self.tape.unit(),
            Weighing::Ties => *self.tape.pick(&[0.5, 0.2, 0.8, 0.4]),
        }
    }

    /// Probabilities that sum to 1.
    pub(super) fn shares(&mut self, count: usize) -> Vec<f64> {
        let sizes: Vec<f64> = (0..count)
            .map(|_| match self.weighing {
                Weighing::Real => 0.05 + self.tape.unit(),
                Weighing::Ties => *self.tape.pick(&[1.0, 2.0, 4.0]),
            })
            .collect();
        let sum: f64 = sizes.iter().sum();
        sizes.iter().map(|size| size / sum).collect()
    }

    // Names.

    fn settings(&self) -> Vec<String> {
        self.document.settings.keys().cloned().collect()
    }

    pub(super) fn causes_by_id(&self) -> Vec<String> {
        self.document.causes.keys().cloned().collect()
    }

    /// One of two settings, once in `n`.
    pub(super) fn some_setting(&mut self, n: usize) -> Option<String> {
        let settings = self.settings();
        (settings.len() > 1 && self.tape.once_in(n)).then(|| self.tape.pick(&settings).clone())
    }

    /// What a condition may ask about: indicators, and derived ones so far.
    pub(super) fn askable(&self) -> Vec<String> {
        self.document.indicators.keys().chain(self.document.derived.keys()).cloned().collect()
    }
}
