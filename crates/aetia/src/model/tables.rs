//! The numbers a model adds up, for whoever wants to know what they imply for every case at once.
//!
//! A prover must reason about the integers the engine uses, and not about others that ought to be equal. So it reads
//! them here. Names, conditions and rules it takes from the document, as anybody can.

use super::{Compiled, Model, Table};
use crate::belief::{LogOdds, Weight};
use crate::case::UnknownName;
use crate::index::{GroupIx, SettingIx};
use crate::knowledge::{Group, Indicator, Shape};

/// The compiled numbers of a model in one setting.
#[derive(Clone, Copy, Debug)]
pub struct Tables<'m> {
    model: &'m Compiled,
    setting: SettingIx,
}

/// The compiled weights of one group in one setting.
#[derive(Clone, Copy, Debug)]
pub struct GroupTable<'m> {
    model: &'m Compiled,
    group: &'m Group,
    table: Option<&'m Table>,
}

impl Model {
    /// The compiled numbers of a setting.
    ///
    /// ```
    /// # fn main() -> Result<(), aetia::Error> {
    /// # let model = aetia::Document::from_toml(include_str!("../../docs/tiny.toml"))?.validate()?.compile();
    /// let setting = model.options().setting;
    /// let tables = model.tables(setting.as_str())?;
    /// assert_eq!(tables.priors().len(), model.knowledge_base().causes().len());
    /// // A score is the prior and one weight of each group.
    /// let unknown = tables.groups().map(|group| group.weights(&vec![0; group.members().len()]));
    /// assert!(unknown.flatten().all(|weight| weight == aetia::Weight::ZERO));
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`UnknownName`] where the knowledge base has no such setting.
    pub fn tables(&self, setting: &str) -> Result<Tables<'_>, UnknownName> {
        let known = || self.inner.kb.settings().map(|setting| setting.id().as_str());
        let ix = self.inner.kb.inner.setting(setting);
        let setting = ix.ok_or_else(|| UnknownName::new("setting", setting, known()))?;
        Ok(Tables { model: &self.inner, setting })
    }
}

impl<'m> Tables<'m> {
    /// The prior log-odds of each cause against the comparator, in the order of
    /// [`KnowledgeBase::causes`](crate::KnowledgeBase::causes).
    pub fn priors(&self) -> impl ExactSizeIterator<Item = LogOdds> + use<'m> {
        self.model.kb.inner.settings[self.setting].priors.iter().map(|(_, log_odds)| *log_odds)
    }

    /// The groups, lone indicators included, in the order of [`KnowledgeBase::groups`](crate::KnowledgeBase::groups).
    pub fn groups(&self) -> impl Iterator<Item = GroupTable<'m>> + use<'m> {
        let Self { model, setting } = *self;
        let each = model.kb.inner.groups.enumerate();
        each.map(move |(ix, group): (GroupIx, _)| GroupTable {
            model,
            group,
            table: model.table(setting, ix),
        })
    }
}

impl<'m> GroupTable<'m> {
    /// The group.
    pub fn group(&self) -> &'m Group {
        self.group
    }

    /// Its members, in the byte order of their identifiers.
    pub fn members(&self) -> impl ExactSizeIterator<Item = &'m Indicator> + use<'m> {
        let model = self.model;
        self.group.members.iter().map(move |member| &model.kb.inner.indicators[*member])
    }

    /// Whether nothing but the numbers of items present and absent weighs.
    pub fn is_tally(&self) -> bool {
        matches!(self.group.shape, Shape::Tally { .. })
    }

    /// What these answers of its members weigh for each cause: 0 for an unknown answer, else one more than the answer's
    /// position. Nothing for a tally, which [`GroupTable::tally_weights`] is for.
    pub fn weights(&self, answers: &[u8]) -> Vec<Weight> {
        match &self.group.shape {
            Shape::Joint { .. } => {
                self.row(self.group.shape.state(answers.iter().copied(), std::iter::empty()))
            }
            Shape::Tally { .. } => self.row(0),
        }
    }

    /// What so many items present and absent weigh for each cause. Nothing where the group is no tally.
    pub fn tally_weights(&self, present: usize, absent: usize) -> Vec<Weight> {
        use crate::knowledge::Truth::{False, True};
        match self.group.shape {
            Shape::Joint { .. } => self.row(0),
            Shape::Tally { .. } => {
                let items = std::iter::repeat_n(True, present).chain(std::iter::repeat_n(False, absent));
                self.row(self.group.shape.state(std::iter::empty(), items))
            }
        }
    }

    /// The weights of a state, for each cause.
    fn row(&self, state: usize) -> Vec<Weight> {
        let causes = self.model.kb.inner.causes.indices();
        let of = |cause| self.table.and_then(|table| table.entry(state, cause));
        causes.map(|cause| of(cause).map_or(Weight::ZERO, |(weight, _)| weight)).collect()
    }
}
