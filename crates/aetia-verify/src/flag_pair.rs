//! The flags of two knowledge bases, side by side.

use std::collections::BTreeSet;

use aetia::{Flag, Level, Model};

use crate::formula::Formula;
use crate::frame::Frame;

/// A flag that either of two knowledge bases has.
#[derive(Clone, Debug)]
pub(crate) struct FlagPair {
    pub(crate) id: String,
    /// When each raises it: never, where it has no such flag.
    pub(crate) raised: [Formula; 2],
    /// At which level; none where it has no such flag.
    pub(crate) levels: [Option<Level>; 2],
}

impl FlagPair {
    /// Every flag of either, by identifier.
    pub(crate) fn all(one: &Frame<'_>, other: &Frame<'_>) -> Vec<Self> {
        let ids: BTreeSet<&str> = one.flags.keys().chain(other.flags.keys()).copied().collect();
        let both = [one, other];
        let pair = |id: &str| Self {
            id: id.to_owned(),
            raised: both
                .map(|frame| frame.flags.get(id).cloned().unwrap_or_else(|| Formula::Any(Vec::new()))),
            levels: both.map(|frame| level(frame.model, id)),
        };
        ids.into_iter().map(pair).collect()
    }

    /// Whether both have it at different levels: then it differs wherever one of them raises it.
    pub(crate) fn is_moved(&self) -> bool {
        let [was, is] = self.levels;
        was.is_some() && is.is_some() && was != is
    }
}

fn level(model: &Model, id: &str) -> Option<Level> {
    model.knowledge_base().flags().find(|flag| flag.id().as_str() == id).map(Flag::level)
}
