//! What **runs**: a knowledge base compiled to whole numbers in flat tables.

mod assess;
mod compile;
mod hash;
mod posterior;
mod tables;
mod touched;
mod voice;

use std::sync::Arc;

pub(crate) use assess::{HOLD, Outcome, Space, Standing};
pub(crate) use posterior::SUMS;
pub use tables::{GroupTable, Tables};
pub(crate) use touched::{Placed, Room};
pub(crate) use voice::{Part, Voice};

use crate::belief::Weight;
use crate::case::{Case, CaseBuilder, CaseError, UnknownName};
use crate::id::SettingId;
use crate::index::{CauseIx, Dense, GroupIx, Indexed, SettingIx};
use crate::knowledge::{KnowledgeBase, Setting};

/// A compiled knowledge base: immutable, shared between threads, cheap to clone.
///
/// It holds the weights of every setting; a case is assessed in the default one unless a caller names another.
#[derive(Clone, Debug)]
pub struct Model {
    pub(crate) inner: Arc<Compiled>,
}

/// The tables of a model.
#[derive(Debug)]
pub(crate) struct Compiled {
    pub(crate) kb: KnowledgeBase,
    /// For each setting and group, which table holds its weights.
    pub(crate) table_of: Indexed<SettingIx, Indexed<GroupIx, usize>>,
    pub(crate) tables: Vec<Table>,
    /// For each setting the causes in the order of their priors: the order of those that nothing touches.
    by_prior: Indexed<SettingIx, Box<[CauseIx]>>,
    source_hash: String,
    meaning_hash: String,
}

/// The weights of one group.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Table {
    /// The causes on which the group bears, in order; its weights come in this order for each state.
    pub(crate) causes: Box<[CauseIx]>,
    /// Whether these are all causes, so that a state's weights can be added without looking them up.
    pub(crate) is_dense: bool,
    /// Nanodecibans, state by state.
    pub(crate) weights: Box<[i64]>,
    /// How each cause's weights come about, in the order of `causes`.
    pub(crate) voices: Box<[Voice]>,
}

impl KnowledgeBase {
    /// Compiles the knowledge base: every ratio becomes a whole number of nanodecibans, once.
    pub fn compile(&self) -> Model {
        compile::compile(self)
    }
}

impl Model {
    /// The knowledge base it was compiled from.
    pub fn knowledge_base(&self) -> &KnowledgeBase {
        &self.inner.kb
    }

    /// An empty case, to be filled by name.
    pub fn case(&self) -> CaseBuilder {
        self.inner.kb.case()
    }

    /// Reads a case from TOML.
    ///
    /// # Errors
    /// As [`KnowledgeBase::case_from_toml`].
    pub fn case_from_toml(&self, text: &str) -> Result<Case, CaseError> {
        self.inner.kb.case_from_toml(text)
    }

    /// Reads a case from JSON.
    ///
    /// # Errors
    /// As [`KnowledgeBase::case_from_json`].
    pub fn case_from_json(&self, text: &str) -> Result<Case, CaseError> {
        self.inner.kb.case_from_json(text)
    }

    /// The same findings as a case of this model, as far as it has the indicators and answers;
    /// [`Case::dropped`] lists what it has not.
    pub fn adopt(&self, case: &Case) -> Case {
        if case.belongs_to(&self.inner.kb) { case.clone() } else { CaseBuilder::adopt(case, &self.inner.kb) }
    }

    /// The SHA-256 of the document in canonical JSON, texts and sources included.
    pub fn source_hash(&self) -> &str {
        &self.inner.source_hash
    }

    /// The SHA-256 of what the knowledge base means: compiled weights, priors, gates, flags and link.
    ///
    /// Two documents with one meaning hash give every case the same scores, ranking and flags.
    pub fn meaning_hash(&self) -> &str {
        &self.inner.meaning_hash
    }

    /// The index of a setting.
    pub(crate) fn setting(&self, id: &SettingId) -> Result<SettingIx, UnknownName> {
        let kb = &*self.inner.kb.inner;
        let known = || kb.settings.iter().map(|setting: &Setting| setting.id.as_str());
        kb.setting(id.as_str()).ok_or_else(|| UnknownName::new("setting", id.as_str(), known()))
    }
}

impl Compiled {
    /// The table of a group in a setting.
    pub(crate) fn table(&self, setting: SettingIx, group: GroupIx) -> Option<&Table> {
        self.tables.get(self.table_of[setting][group])
    }
}

impl Table {
    /// Adds the weights of a state to the scores.
    pub(crate) fn add(&self, state: usize, scores: &mut [i64]) {
        let width = self.causes.len();
        let Some(row) = self.weights.get(state * width..(state + 1) * width) else {
            return;
        };
        if self.is_dense {
            for (score, weight) in scores.iter_mut().zip(row) {
                *score += weight;
            }
        } else {
            for (cause, weight) in self.causes.iter().zip(row) {
                if let Some(score) = scores.get_mut(cause.position()) {
                    *score += weight;
                }
            }
        }
    }

    /// The weight of a state for a cause, and how it comes about; none where the group is silent about it.
    pub(crate) fn entry(&self, state: usize, cause: CauseIx) -> Option<(Weight, &Voice)> {
        let at = self.causes.binary_search(&cause).ok()?;
        let weight = self.weights.get(state * self.causes.len() + at)?;
        Some((Weight::from_nanodecibans(*weight), self.voices.get(at)?))
    }
}
