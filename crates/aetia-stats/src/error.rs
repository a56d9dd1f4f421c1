//! What the errors of figures have in common: one error a source, however often the source is used.

use std::collections::{BTreeMap, BTreeSet};

use aetia::{Figure, Tag};

/// How the scores of causes move with errors that have nothing to do with each other, each of standard deviation 1.
#[derive(Clone, Debug, Default)]
pub(crate) struct Errors {
    /// For each cause, in order of the errors: which error moves it, and by how many decibans.
    loads: Vec<Vec<(usize, f64)>>,
}

/// Collects the errors of figures.
#[derive(Debug, Default)]
pub(crate) struct Collector {
    numbers: BTreeMap<String, usize>,
    loads: Vec<BTreeMap<usize, f64>>,
}

/// Whose error the error of a figure is.
///
/// What was read or remembered is as wrong as the source: two figures of one source are wrong together. The strength of a `seed`
/// or an `assumption` is in no source, so its error is the figure's own; so is that of a figure that cites nothing.
pub(crate) fn sources(figure: &Figure<'_>) -> BTreeSet<String> {
    let provenance = figure.provenance();
    let key = |citation: &String| citation.split(':').next().unwrap_or_default().to_owned();
    let cited: BTreeSet<String> = match provenance.tag {
        Tag::Verified | Tag::Recalled => provenance.source.iter().map(key).collect(),
        Tag::Seed | Tag::Assumption => BTreeSet::new(),
    };
    // A source is a slug and has no colon; the name of a figure has one.
    if cited.is_empty() { BTreeSet::from([figure.key()]) } else { cited }
}

impl Collector {
    /// Room for so many causes.
    pub(crate) fn of(causes: usize) -> Self {
        Self { numbers: BTreeMap::new(), loads: vec![BTreeMap::new(); causes] }
    }

    /// Adds what the error of a figure does to its cause: decibans at one standard deviation, shared among the sources so that
    /// their squares sum to its square.
    pub(crate) fn add(&mut self, cause: usize, sources: &BTreeSet<String>, decibans: f64) {
        let each = decibans / libm::sqrt(sources.iter().fold(0.0, |count, _| count + 1.0));
        for source in sources {
            let next = self.numbers.len();
            let number = *self.numbers.entry(source.clone()).or_insert(next);
            if let Some(loads) = self.loads.get_mut(cause) {
                *loads.entry(number).or_insert(0.0) += each;
            }
        }
    }

    pub(crate) fn finish(self) -> Errors {
        Errors { loads: self.loads.into_iter().map(|loads| loads.into_iter().collect()).collect() }
    }
}

impl Errors {
    /// The covariance of two scores, in squared decibans.
    ///
    /// # Formula
    /// ```text
    /// Cov(s_a, s_b) = sum_source L_a,source * L_b,source
    /// ```
    pub(crate) fn covariance(&self, one: usize, other: usize) -> f64 {
        let of = |cause: usize| self.loads.get(cause).map(Vec::as_slice).unwrap_or_default();
        let mut others = of(other).iter().peekable();
        let mut sum = 0.0;
        for (number, load) in of(one) {
            while others.next_if(|(other, _)| other < number).is_some() {}
            if let Some((_, other)) = others.next_if(|(other, _)| other == number) {
                sum += load * other;
            }
        }
        sum
    }

    /// The covariances of all scores, row by row.
    pub(crate) fn covariances(&self) -> Vec<f64> {
        let n = self.loads.len();
        let mut all = vec![0.0; n * n];
        for one in 0..n {
            for other in 0..=one {
                let covariance = self.covariance(one, other);
                for at in [one * n + other, other * n + one] {
                    if let Some(cell) = all.get_mut(at) {
                        *cell = covariance;
                    }
                }
            }
        }
        all
    }
}
