#![doc = include_str!("../docs/cohorts.md")]
#![expect(
    clippy::inline_always,
    reason = "what is not inlined into the work on a block is not compiled for the processor's own instructions"
)]

mod bits;
mod block;
mod closure;
mod column;
mod contribution;
mod decode;
mod gates;
mod output;
mod pack;
mod posterior;
mod rank;
mod read;
mod room;
mod score;
mod text;
mod truth;

use std::sync::Arc;

pub use bits::Bits;
pub use column::{Column, MissingNumber, Values};
pub use output::{Columns, Floats, NO_SCORE, NONE, Output, Precision};
pub use room::{FloatsRoom, Room};
pub use score::Scorer;
pub use text::Text;

use crate::case::{Case, CaseError, UnknownName};
use crate::document::IndicatorKind;
use crate::id::IndicatorId;
use crate::index::IndicatorIx;
use crate::knowledge::KnowledgeBase;
use crate::model::Model;

/// Why columns are no cohort of a model.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum CohortError {
    /// The knowledge base has no such indicator.
    #[error(transparent)]
    UnknownName(#[from] UnknownName),
    /// An indicator has two columns.
    #[error("`{indicator}` has a column already; leave one of the two out")]
    Repeated {
        /// The indicator.
        indicator: IndicatorId,
    },
    /// A column, or what is said beside it, has another number of rows than the cohort.
    #[error("{what} of `{indicator}` has {found} rows; expected {expected}")]
    Rows {
        /// The indicator.
        indicator: IndicatorId,
        /// What has another number of rows: the column, its validity, or its not-assessable rows.
        what: &'static str,
        /// How many rows there are.
        found: usize,
        /// How many the cohort has.
        expected: usize,
    },
    /// Room for results is not what was asked for.
    #[error(
        "the room for `{column}` has {found}; expected {expected}: a slice for each column that was asked for, as long as the \
         cohort has rows"
    )]
    Room {
        /// The column, by its name in [`Room`].
        column: &'static str,
        /// How much there is.
        found: String,
        /// How much is needed.
        expected: String,
    },
    /// Values of such a type are no answers of the indicator, and no list says what they mean.
    #[error(
        "the column of `{indicator}` holds {found}; a {kind} indicator takes {expected}, or a list of what values mean"
    )]
    Type {
        /// The indicator.
        indicator: IndicatorId,
        /// What the column holds.
        found: &'static str,
        /// The kind of the indicator, in a word.
        kind: &'static str,
        /// What it takes.
        expected: &'static str,
    },
    /// The cohort was made for another model.
    #[error("the cohort was made for another model; make it from the scorer's own")]
    OtherModel,
}

/// Many cases: a column for each indicator of which anything is known, a row for each case. Nothing is copied.
///
/// An indicator without a column is unknown in every row.
#[derive(Clone, Debug)]
pub struct Cohort<'a> {
    kb: KnowledgeBase,
    rows: usize,
    columns: Vec<(IndicatorIx, Column<'a>)>,
}

impl<'a> Cohort<'a> {
    /// So many cases of a model, of which nothing is known so far.
    pub fn new(model: &Model, rows: usize) -> Self {
        Self { kb: model.knowledge_base().clone(), rows, columns: Vec::new() }
    }

    /// The same with the column of an indicator.
    ///
    /// # Errors
    /// [`CohortError`] where the knowledge base has no such indicator, it has a column already, the column has another number
    /// of rows, or its values are of a type that the indicator does not take.
    pub fn column(mut self, indicator: &str, column: impl Into<Column<'a>>) -> Result<Self, CohortError> {
        self.add(indicator, column.into())?;
        Ok(self)
    }

    /// The same for a cohort that is kept.
    ///
    /// # Errors
    /// As [`Cohort::column`]; the cohort is then as it was.
    pub fn add(&mut self, indicator: &str, column: Column<'a>) -> Result<(), CohortError> {
        let ix = self.kb.lookup(indicator)?;
        let asked = &self.kb.inner.indicators[ix];
        if self.columns.iter().any(|(other, _)| *other == ix) {
            return Err(CohortError::Repeated { indicator: asked.id.clone() });
        }
        let counts = [
            ("the column", Some(column.rows())),
            ("the validity", column.validity.map(Bits::rows)),
            ("the not-assessable bits", column.not_assessable.map(Bits::rows)),
        ];
        for (what, found) in counts {
            if let Some(found) = found.filter(|found| *found != self.rows) {
                return Err(CohortError::Rows {
                    indicator: asked.id.clone(),
                    what,
                    found,
                    expected: self.rows,
                });
            }
        }
        if let Some(found) = column.misfit(asked.kind()) {
            let (kind, expected) = match asked.kind() {
                IndicatorKind::Boolean => ("boolean", "booleans, or whole numbers 1, 0 and -1"),
                IndicatorKind::Categorical => ("categorical", "texts, or whole numbers from 0 and -1"),
                IndicatorKind::Ordinal => ("ordinal", "texts, or whole numbers from 0 and -1"),
                IndicatorKind::Numeric => ("numeric", "floats or whole numbers"),
            };
            return Err(CohortError::Type { indicator: asked.id.clone(), found, kind, expected });
        }
        self.columns.push((ix, column));
        Ok(())
    }

    /// How many cases there are.
    pub fn rows(&self) -> usize {
        self.rows
    }

    /// One row as a case: for its explanation, its questions, or the reason why it is null.
    ///
    /// # Errors
    /// [`CaseError`] where a value is no answer of its indicator, or the findings cannot all be true. A row beyond the last
    /// has no findings.
    pub fn case(&self, row: usize) -> Result<Case, CaseError> {
        let mut case = self.kb.case();
        for (ix, column) in self.columns.iter().filter(|_| row < self.rows) {
            let indicator = &self.kb.inner.indicators[*ix];
            case.set(indicator.id.as_str(), column.told(indicator, row))?;
        }
        case.build()
    }

    fn columns(&self) -> &[(IndicatorIx, Column<'a>)] {
        &self.columns
    }

    /// Whether the cohort was made for this very model.
    fn belongs_to(&self, model: &Model) -> bool {
        Arc::ptr_eq(&self.kb.inner, &model.knowledge_base().inner)
    }
}
