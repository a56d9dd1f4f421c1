#![doc = include_str!("../docs/crate.md")]
#![forbid(unsafe_code)]

mod count;
mod error;
mod fit;
mod gates;
mod lever;
mod normal;
mod report;
mod sensitivity;
mod simulation;
mod spread;
mod text;
mod uncertainty;

pub use fit::Fit;
pub use report::{CauseReport, ComparatorReport, FigureReport, Report};
pub use sensitivity::{Flip, Sensitivity, Stability, Swing};
pub use simulation::{Draws, DrawsError, Simulation};
pub use spread::{Basis, Spread, declared_factor};
pub use uncertainty::{CauseUncertainty, UncertainFigure, Uncertainty};

/// Documents beside the code.
pub mod _docs {
    #[doc = include_str!("../docs/maths.md")]
    pub mod maths {}
}
