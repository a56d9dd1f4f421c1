//! Ranks the likely causes of a case from weighted evidence, exactly, with its reasons.
#![forbid(unsafe_code)]

mod belief;
mod document;
mod id;
mod limits;

pub use belief::{
    Accuracy, BeliefError, Counts, LikelihoodRatio, LikelihoodRatios, LogOdds, Probability, Weight, exp10,
};
pub use document::*;
pub use id::{CauseId, FlagId, GateId, GroupId, IndicatorId, InvalidId, InvariantId, SettingId, SourceId};
pub use limits::Limits;
