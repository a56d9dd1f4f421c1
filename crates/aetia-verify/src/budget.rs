//! How long may be searched.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

/// How long a proof may be looked for. What is not decided within it is said to be undecided.
///
/// ```
/// use std::time::Duration;
/// use aetia_verify::Budget;
/// let budget = Budget::within(Duration::from_millis(500));
/// assert_eq!(budget.nodes, Budget::default().nodes);
/// ```
#[derive(Clone, Debug)]
pub struct Budget {
    /// Boxes of cases that are looked at for one query: 200,000 unless said otherwise.
    pub nodes: usize,
    /// After so many boxes of a query, 64 unless said otherwise, answers are ruled out one by one before a box is split. From
    /// then on fewer boxes are needed, proofs have more steps, and less is known of what there is to spare.
    pub thorough_after: usize,
    /// When to stop.
    pub deadline: Option<Instant>,
    /// Stops the search as soon as it is true.
    pub cancelled: Option<Arc<AtomicBool>>,
}

impl Default for Budget {
    fn default() -> Self {
        Self { nodes: 200_000, thorough_after: 64, deadline: None, cancelled: None }
    }
}

impl Budget {
    /// The default number of boxes, and a deadline so far from now.
    pub fn within(time: Duration) -> Self {
        Self { deadline: Instant::now().checked_add(time), ..Self::default() }
    }

    /// A number of boxes, and no deadline.
    pub fn of_nodes(nodes: usize) -> Self {
        Self { nodes, ..Self::default() }
    }
}

/// Why a search ended without a result.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Unfinished {
    /// As many boxes as allowed were looked at.
    Nodes,
    /// The deadline passed.
    Deadline,
    /// The caller cancelled.
    Cancelled,
    /// What is left lies so near the bound that neither side can be shown.
    Boundary,
    /// It holds with the figures as they are; with figures moved as far as they may be, a case that breaks it was not found,
    /// and it could not be shown that there is none.
    Moved,
}

/// Prints as the reason in a sentence.
impl fmt::Display for Unfinished {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Nodes => "as many boxes of cases were looked at as allowed",
            Self::Deadline => "the time was up",
            Self::Cancelled => "it was cancelled",
            Self::Boundary => "what is left lies on the boundary",
            Self::Moved => "it holds with the figures as they are; of all that may move nothing was shown",
        })
    }
}

/// Counts what is spent.
#[derive(Debug)]
pub(crate) struct Meter<'b> {
    budget: &'b Budget,
    /// Boxes looked at so far.
    pub(crate) nodes: usize,
}

impl<'b> Meter<'b> {
    pub(crate) fn new(budget: &'b Budget) -> Self {
        Self { budget, nodes: 0 }
    }

    /// Whether so many boxes were looked at that a closer look pays.
    pub(crate) fn is_thorough(&self) -> bool {
        self.nodes > self.budget.thorough_after
    }

    /// Spends one box.
    pub(crate) fn pay(&mut self) -> Result<(), Unfinished> {
        if self.nodes >= self.budget.nodes {
            return Err(Unfinished::Nodes);
        }
        self.nodes += 1;
        if self.budget.cancelled.as_ref().is_some_and(|flag| flag.load(Ordering::Relaxed)) {
            return Err(Unfinished::Cancelled);
        }
        if self.budget.deadline.is_some_and(|deadline| Instant::now() >= deadline) {
            return Err(Unfinished::Deadline);
        }
        Ok(())
    }
}
