//! From what is written to what is meant: every problem found at once, each with its place.

mod assemble;
mod checker;
mod coherence;
mod conditions;
mod counts;
mod evidence;
mod groups;
mod names;
mod priors;
mod rules;
mod texts;

use std::fmt;
use std::sync::Arc;

use super::KnowledgeBase;
use crate::document::{Document, Problem, Severity};
use crate::limits::Limits;
use checker::Checker;

/// A document or a case that was read and cannot be used: all its problems, in document order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Invalid {
    problems: Vec<Problem>,
}

impl Invalid {
    /// From problems of which at least one is an error.
    pub(crate) fn new(problems: Vec<Problem>) -> Self {
        Self { problems }
    }

    /// The same problems without line and column: of a text that a program made and nobody reads.
    #[must_use]
    pub fn without_locations(self) -> Self {
        Self { problems: self.problems.into_iter().map(Problem::without_location).collect() }
    }

    /// The problems, warnings included, in document order.
    pub fn problems(&self) -> &[Problem] {
        &self.problems
    }
}

impl fmt::Display for Invalid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let count = |severity: Severity, one: &str, many: &str| {
            let count = self.problems.iter().filter(|problem| problem.severity() == severity).count();
            format!("{count} {}", if count == 1 { one } else { many })
        };
        f.write_str(&count(Severity::Error, "problem", "problems"))?;
        if self.problems.iter().any(|problem| problem.severity() == Severity::Warning) {
            write!(f, ", {}", count(Severity::Warning, "warning", "warnings"))?;
        }
        self.problems.iter().try_for_each(|problem| write!(f, "\n{problem}"))
    }
}

impl std::error::Error for Invalid {}

impl Document {
    /// Checks what the document means, within the default limits.
    ///
    /// # Errors
    /// [`Invalid`] with every problem at once, in document order.
    pub fn validate(self) -> Result<KnowledgeBase, Invalid> {
        self.validate_within(&Limits::default())
    }

    /// Checks what the document means, within these limits.
    ///
    /// # Errors
    /// [`Invalid`] with every problem at once, in document order.
    pub fn validate_within(self, limits: &Limits) -> Result<KnowledgeBase, Invalid> {
        let mut checker = Checker::new(&self, limits);
        let knowledge = checker.run();
        let found = checker.into_problems();
        let problems = self.reading.place_all(found);
        match knowledge {
            Some(mut knowledge) if problems.iter().all(|problem| problem.severity() == Severity::Warning) => {
                knowledge.warnings = problems;
                knowledge.document = self;
                Ok(KnowledgeBase { inner: Arc::new(knowledge) })
            }
            _ => Err(Invalid::new(problems)),
        }
    }
}
