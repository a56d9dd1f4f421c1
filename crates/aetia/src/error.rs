//! Everything that can go wrong on the way from a text to a ranking, under one roof.

use crate::belief::BeliefError;
use crate::case::{CaseError, UnknownName};
use crate::cohort::CohortError;
use crate::document::{ClaimError, ConditionError, DocumentError};
use crate::id::InvalidId;
use crate::interview::{InterviewError, ResumeError};
use crate::knowledge::Invalid;
use crate::record::RecordError;

/// Any error of this library, for callers who pass them all on.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// A text could not be read at all.
    #[error(transparent)]
    Document(#[from] DocumentError),
    /// A text was read and cannot be used; holds every problem.
    #[error(transparent)]
    Invalid(#[from] Invalid),
    /// A finding or a case was refused.
    #[error(transparent)]
    Case(#[from] CaseError),
    /// Columns are no cohort of a model.
    #[error(transparent)]
    Cohort(#[from] CohortError),
    /// A name is not known.
    #[error(transparent)]
    UnknownName(#[from] UnknownName),
    /// A text is not an identifier.
    #[error(transparent)]
    Id(#[from] InvalidId),
    /// A number is not the belief it was meant to be.
    #[error(transparent)]
    Belief(#[from] BeliefError),
    /// A text is not a condition.
    #[error(transparent)]
    Condition(#[from] ConditionError),
    /// A text is not a claim.
    #[error(transparent)]
    Claim(#[from] ClaimError),
    /// An answer was refused in an interview.
    #[error(transparent)]
    Interview(#[from] InterviewError),
    /// An interview could not be taken up.
    #[error(transparent)]
    Resume(#[from] ResumeError),
    /// A text is no stored result.
    #[error(transparent)]
    Record(#[from] RecordError),
}
