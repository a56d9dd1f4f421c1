//! What the errors of figures have in common: one error a source, however often the source is used.

use std::collections::BTreeMap;

use aetia::{Figure, Tag};

/// How the scores of causes move with errors that have nothing to do with each other, each of standard deviation 1.
#[derive(Clone, Debug, Default)]
pub(crate) struct Errors {
    /// For each cause, in order of the errors: which error moves it, and by how many decibans.
    loads: Vec<Vec<(usize, f64)>>,
    /// How many errors there are.
    count: usize,
}

/// Collects the errors of figures.
#[derive(Debug, Default)]
pub(crate) struct Collector<'a> {
    /// The cited sources, with the numbers of their errors.
    numbers: BTreeMap<&'a str, usize>,
    /// How many errors there are.
    count: usize,
    loads: Vec<Vec<(usize, f64)>>,
}

/// The sources whose error the error of a figure is, without their locators; none where the error is the figure's own.
///
/// What was read or remembered is as wrong as the source: two figures of one source are wrong together. The strength of a `seed`
/// or an `assumption` is in no source, so its error is the figure's own; so is that of a figure that cites nothing.
fn sources<'a>(figure: &Figure<'a>) -> Vec<&'a str> {
    let provenance = figure.provenance();
    let key = |citation: &'a String| citation.split_once(':').map_or(citation.as_str(), |(key, _)| key);
    let mut cited: Vec<&str> = match provenance.tag {
        Tag::Verified | Tag::Recalled => provenance.source.iter().map(key).collect(),
        Tag::Seed | Tag::Assumption => Vec::new(),
    };
    cited.sort_unstable();
    cited.dedup();
    cited
}

impl<'a> Collector<'a> {
    /// Room for so many causes.
    pub(crate) fn of(causes: usize) -> Self {
        Self { numbers: BTreeMap::new(), count: 0, loads: vec![Vec::new(); causes] }
    }

    /// Adds what the error of a figure does to its cause: decibans at one standard deviation, shared among the sources so that
    /// their squares sum to its square.
    pub(crate) fn add(&mut self, cause: usize, figure: &Figure<'a>, decibans: f64) {
        let Some(loads) = self.loads.get_mut(cause) else { return };
        let sources = sources(figure);
        if sources.is_empty() {
            loads.push((self.count, decibans));
            self.count += 1;
            return;
        }
        let each = decibans / libm::sqrt(sources.iter().fold(0.0, |count, _| count + 1.0));
        for source in sources {
            let count = &mut self.count;
            let number = *self.numbers.entry(source).or_insert_with(|| {
                *count += 1;
                *count - 1
            });
            match loads.iter_mut().find(|(other, _)| *other == number) {
                Some((_, load)) => *load += each,
                None => loads.push((number, each)),
            }
        }
    }

    pub(crate) fn finish(self) -> Errors {
        let mut loads = self.loads;
        for loads in &mut loads {
            loads.sort_unstable_by_key(|(number, _)| *number);
        }
        Errors { loads, count: self.count }
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

    /// The variance of a sum of scores, each with its slope.
    ///
    /// # Formula
    /// ```text
    /// Var = sum_source (sum_k slope_k * L_k,source)^2
    /// ```
    pub(crate) fn variance(&self, slopes: impl Iterator<Item = (usize, f64)>) -> f64 {
        let mut moved = vec![0.0; self.count];
        for (cause, slope) in slopes {
            for (number, load) in self.loads.get(cause).map(Vec::as_slice).unwrap_or_default() {
                if let Some(moved) = moved.get_mut(*number) {
                    *moved += slope * load;
                }
            }
        }
        moved.iter().map(|moved| moved * moved).sum()
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
