//! What gates do to any scores of a case: their conditions read findings only, so they are the same in every draw.

use aetia::{Assessment, Candidate};

/// Nanodecibans a held cause is kept below the best open one.
pub(crate) const HOLD: i64 = 1_000_000_000;

/// What gates do to the causes of a case, in the order of the causes.
#[derive(Clone, Debug, Default)]
pub(crate) struct Gates {
    rules: Vec<Rule>,
    /// Whether there is anything to do.
    acts: bool,
}

/// What gates do to a cause.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Rule {
    pub(crate) is_closed: bool,
    pub(crate) is_excluded: bool,
    /// The highest score a cap leaves it.
    pub(crate) cap: i64,
}

impl Rule {
    /// Whether the cause can be first.
    pub(crate) fn is_open(self) -> bool {
        !self.is_closed && !self.is_excluded
    }
}

impl Gates {
    /// Makes these the gates at work on the causes of an assessment, in the same space.
    pub(crate) fn fill(&mut self, assessment: &Assessment) {
        let rule = |candidate: Candidate<'_>| Rule {
            is_closed: candidate.is_closed(),
            is_excluded: candidate.rank().is_none(),
            cap: candidate.cap().map_or(i64::MAX, aetia::LogOdds::nanodecibans),
        };
        self.rules.clear();
        self.rules.extend(assessment.causes().map(rule));
        self.acts = self.rules.iter().any(|rule| !rule.is_open() || rule.cap < i64::MAX);
    }

    pub(crate) fn rules(&self) -> &[Rule] {
        &self.rules
    }

    /// Whether no gate ever moves the score of a cause.
    pub(crate) fn is_plain(&self, cause: usize) -> bool {
        self.rules.get(cause).is_some_and(|rule| rule.is_open() && rule.cap == i64::MAX)
    }

    /// Puts the scores after gates in place of `gated`, and gives the score of the best open cause.
    ///
    /// # Formula
    /// As in the core: `s1 = min(s, cap)`; of a closed cause `s' = min(s1, M - 1 dB)`, `M` the best `s1` of an open one.
    pub(crate) fn apply(&self, raw: &[i64], gated: &mut [i64]) -> i64 {
        let mut best = i64::MIN;
        for ((score, gated), rule) in raw.iter().zip(gated.iter_mut()).zip(&self.rules) {
            *gated = *score.min(&rule.cap);
            if rule.is_open() {
                best = best.max(*gated);
            }
        }
        if self.acts {
            for (gated, rule) in gated.iter_mut().zip(&self.rules).filter(|(_, rule)| rule.is_closed) {
                // A closed cause that is excluded as well is in no ranking, whatever its score.
                *gated = if rule.is_excluded { *gated } else { (*gated).min(best.saturating_sub(HOLD)) };
            }
        }
        best
    }

    /// The same for many draws at once: scores cause by cause, the draws of a cause side by side; `best` takes the best score of
    /// each draw.
    pub(crate) fn apply_all(&self, raw: &[i64], gated: &mut [i64], best: &mut [i64]) {
        gated.copy_from_slice(raw);
        if !self.acts {
            return;
        }
        best.fill(i64::MIN);
        let draws = best.len();
        for (gated, rule) in gated.chunks_exact_mut(draws).zip(&self.rules) {
            for score in gated.iter_mut() {
                *score = (*score).min(rule.cap);
            }
            if rule.is_open() {
                for (best, score) in best.iter_mut().zip(&*gated) {
                    *best = (*best).max(*score);
                }
            }
        }
        let closed = |rule: &Rule| rule.is_closed && !rule.is_excluded;
        for (gated, _) in gated.chunks_exact_mut(draws).zip(&self.rules).filter(|(_, rule)| closed(rule)) {
            for (score, best) in gated.iter_mut().zip(&*best) {
                *score = (*score).min(best.saturating_sub(HOLD));
            }
        }
    }

    /// The position of the first cause by scores without gates: the best open one by `(s1, s, id)`.
    pub(crate) fn first(&self, raw: &[i64]) -> usize {
        let open = raw.iter().zip(&self.rules).enumerate().filter(|(_, (_, rule))| rule.is_open());
        let key = |(at, (score, rule)): (usize, (&i64, &Rule))| {
            ((*score.min(&rule.cap), *score), std::cmp::Reverse(at))
        };
        open.map(key).max().map_or(0, |(_, std::cmp::Reverse(at))| at)
    }
}
