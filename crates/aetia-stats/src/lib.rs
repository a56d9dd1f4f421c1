#![doc = include_str!("../docs/crate.md")]
#![forbid(unsafe_code)]

mod count;
mod error;
mod fit;
mod footing;
mod gates;
mod lever;
mod normal;
mod record;
mod sensitivity;
mod simulation;
mod spread;
mod spreads;
mod uncertainty;

pub use aetia::Basis;
pub use fit::Fit;
pub use sensitivity::{Flip, Sensitivity, Stability, Swing};
pub use simulation::{Draws, DrawsError, Simulation};
pub use spread::{Spread, declared_factor};
pub use spreads::{Space, Spreads};
pub use uncertainty::{CauseUncertainty, UncertainFigure, Uncertainty};

/// Documents beside the code.
pub mod _docs {
    #[doc = include_str!("../docs/maths.md")]
    pub mod maths {}
}
