//! What a case needs of each indicator, side by side: an indicator with its texts is too large to be walked over.

use super::{Group, Indicator, Shape};
use crate::document::IndicatorKind;
use crate::index::{GroupIx, Indexed, IndicatorIx};

/// Where the answers of an indicator go.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Seat {
    /// Its kind.
    pub(crate) kind: IndicatorKind,
    /// Its group.
    pub(crate) group: GroupIx,
    /// What a step of its answer code adds to the state of its group; none where the group is a tally.
    pub(crate) stride: Option<usize>,
}

impl Seat {
    /// The seats of all indicators.
    pub(super) fn all(
        indicators: &Indexed<IndicatorIx, Indicator>,
        groups: &Indexed<GroupIx, Group>,
    ) -> Indexed<IndicatorIx, Self> {
        let seat = |(ix, indicator): (IndicatorIx, &Indicator)| {
            let group = &groups[indicator.group];
            let at = group.members.binary_search(&ix).ok();
            let stride = match &group.shape {
                Shape::Joint { strides, .. } => at.and_then(|at| strides.get(at)).copied(),
                Shape::Tally { .. } => None,
            };
            Self { kind: indicator.kind(), group: indicator.group, stride }
        };
        indicators.enumerate().map(seat).collect()
    }
}
