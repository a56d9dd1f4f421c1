//! What the errors of figures have in common: one error a source, however often the source is used.

use aetia::{Figure, Tag, Weight};

/// How the scores of causes move with errors that have nothing to do with each other, each of standard deviation 1.
#[derive(Clone, Debug, Default)]
pub(crate) struct Errors {
    /// Cause by cause, in the order of the errors: which error moves its score, and by how many decibans.
    loads: Vec<(usize, f64)>,
    /// Where those of each cause end.
    ends: Vec<usize>,
    /// How many errors there are.
    count: usize,
}

/// What one error does to a score: the number of the source whose error it is, none where it is the figure's own; and the
/// decibans at one standard deviation.
pub(crate) type Load = (Option<usize>, f64);

/// The sources of a knowledge base, numbered.
#[derive(Debug)]
pub(crate) struct Sources<'a>(Vec<&'a str>);

impl<'a> Sources<'a> {
    /// Of their identifiers, which are sorted.
    pub(crate) fn of(ids: impl Iterator<Item = &'a str>) -> Self {
        Self(ids.collect())
    }

    pub(crate) fn len(&self) -> usize {
        self.0.len()
    }

    /// Adds what the error of a figure does to the score of its cause, shared among its sources so that their squares sum
    /// to its square.
    ///
    /// What was read or remembered is as wrong as the source: two figures of one source are wrong together. The strength of a
    /// `seed` or an `assumption` is in no source, so its error is the figure's own; so is that of a figure that cites nothing.
    pub(crate) fn loads<'f>(&self, figure: &Figure<'f>, sd: f64, into: &mut Vec<Load>) {
        if sd <= 0.0 {
            return;
        }
        let decibans = sd * Weight::from_nanodecibans(figure.share()).decibans();
        let provenance = figure.provenance();
        // Without its locator: another table of a study is the same study.
        let study = |citation: &'f String| citation.split_once(':').map_or(citation.as_str(), |(key, _)| key);
        let mut cited: Vec<&str> = match provenance.tag {
            Tag::Verified | Tag::Recalled => provenance.source.iter().map(study).collect(),
            Tag::Seed | Tag::Assumption => Vec::new(),
        };
        cited.sort_unstable();
        cited.dedup();
        if cited.is_empty() {
            into.push((None, decibans));
            return;
        }
        let each = decibans / libm::sqrt(cited.iter().fold(0.0, |count, _| count + 1.0));
        // INVARIANT: validation leaves no citation without its source.
        into.extend(cited.into_iter().map(|source| (self.0.binary_search(&source).ok(), each)));
    }
}

/// Collects what errors do, cause by cause.
#[derive(Debug, Default)]
pub(crate) struct Collector {
    errors: Errors,
    /// For each source the number of its error and the position of its latest load, once it was met.
    met: Vec<Option<(usize, usize)>>,
}

impl Collector {
    /// Makes room for so many causes and sources, and forgets what was collected.
    pub(crate) fn clear(&mut self, causes: usize, sources: usize) {
        let Errors { loads, ends, count } = &mut self.errors;
        loads.clear();
        loads.reserve(16 * causes);
        ends.clear();
        ends.reserve(causes);
        *count = 0;
        self.met.clear();
        self.met.resize(sources, None);
    }

    /// Adds what an error does to the cause at hand. Loads of one source add up: it errs in one direction.
    pub(crate) fn add(&mut self, (source, decibans): &Load) {
        let Errors { loads, ends, count } = &mut self.errors;
        let mut met = source.and_then(|source| self.met.get_mut(source));
        let number = match met.as_deref().copied().flatten() {
            Some((number, at)) => {
                let is_of_this_cause = at >= ends.last().copied().unwrap_or(0);
                if let Some((_, load)) = loads.get_mut(at).filter(|_| is_of_this_cause) {
                    *load += decibans;
                    return;
                }
                number
            }
            None => {
                *count += 1;
                *count - 1
            }
        };
        if let Some(met) = &mut met {
            **met = Some((number, loads.len()));
        }
        loads.push((number, *decibans));
    }

    /// Goes on to the next cause.
    pub(crate) fn end_cause(&mut self) {
        let Errors { loads, ends, .. } = &mut self.errors;
        let start = ends.last().copied().unwrap_or(0);
        if let Some(own) = loads.get_mut(start..) {
            own.sort_unstable_by_key(|(number, _)| *number);
        }
        ends.push(loads.len());
    }

    pub(crate) fn errors(&self) -> &Errors {
        &self.errors
    }

    pub(crate) fn finish(self) -> Errors {
        self.errors
    }
}

impl Errors {
    /// What moves the score of a cause.
    fn of(&self, cause: usize) -> &[(usize, f64)] {
        let end = |cause: usize| self.ends.get(cause).copied().unwrap_or(self.loads.len());
        let start = cause.checked_sub(1).map_or(0, end);
        self.loads.get(start..end(cause)).unwrap_or_default()
    }

    /// The covariance of two scores, in squared decibans.
    ///
    /// # Formula
    /// ```text
    /// Cov(s_a, s_b) = sum_source L_a,source * L_b,source
    /// ```
    pub(crate) fn covariance(&self, one: usize, other: usize) -> f64 {
        let mut others = self.of(other).iter().peekable();
        let mut sum = 0.0;
        for (number, load) in self.of(one) {
            while others.next_if(|(other, _)| other < number).is_some() {}
            if let Some((_, other)) = others.next_if(|(other, _)| other == number) {
                sum += load * other;
            }
        }
        sum
    }

    /// The variance of a score, in squared decibans.
    pub(crate) fn variance(&self, cause: usize) -> f64 {
        self.of(cause).iter().fold(0.0, |sum, (_, load)| sum + load * load)
    }

    /// How many errors there are.
    pub(crate) fn count(&self) -> usize {
        self.count
    }

    /// Adds what moves the score of a cause, so many times, to what moves each error.
    pub(crate) fn add(&self, cause: usize, times: f64, into: &mut [f64]) {
        for (number, load) in self.of(cause) {
            if let Some(moved) = into.get_mut(*number) {
                *moved += times * load;
            }
        }
    }

    /// The covariances of all scores, row by row.
    pub(crate) fn covariances(&self) -> Vec<f64> {
        let n = self.ends.len();
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
