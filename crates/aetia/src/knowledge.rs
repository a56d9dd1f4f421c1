//! What is **meant**: a checked knowledge base, in which every name resolves and every number is in range.

mod access;
mod formula;
mod likelihood;
mod lookup;
mod seat;
mod shape;
mod validate;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

pub use formula::Truth;
pub(crate) use formula::{AnswerCode, Formula, UNKNOWN, code, position};
pub(crate) use likelihood::{CountForm, JointTable};
pub(crate) use lookup::Lookup;
pub(crate) use seat::Seat;
pub(crate) use shape::Shape;
pub use validate::Invalid;

use crate::belief::{LikelihoodRatio, LogOdds, Probability, Weight};
use crate::document::{Against, Claim, Document, GateMode, Link, Problem, Provenance};
use crate::id::{CauseId, FlagId, GateId, GroupId, IndicatorId, InvariantId, SettingId, SourceId};
use crate::index::{CauseIx, GroupIx, Indexed, IndicatorIx, RowIx, SettingIx};

/// A checked knowledge base.
///
/// Made by [`Document::validate`]; cheap to clone. Causes, indicators, settings and sources come in the
/// byte order of their identifiers, so the order of a document never reaches a result.
#[derive(Clone, Debug)]
pub struct KnowledgeBase {
    pub(crate) inner: Arc<Knowledge>,
}

/// The contents of a knowledge base.
#[derive(Debug)]
pub(crate) struct Knowledge {
    pub(crate) document: Document,
    pub(crate) warnings: Vec<Problem>,
    pub(crate) comparator: CauseId,
    pub(crate) default_setting: SettingIx,
    pub(crate) settings: Indexed<SettingIx, Setting>,
    pub(crate) sources: Vec<Source>,
    pub(crate) causes: Indexed<CauseIx, Cause>,
    pub(crate) indicators: Indexed<IndicatorIx, Indicator>,
    pub(crate) lookup: Lookup,
    pub(crate) seats: Indexed<IndicatorIx, Seat>,
    pub(crate) derived: Vec<Derived>,
    pub(crate) rows: Indexed<RowIx, Row>,
    /// The rows about each indicator, as written.
    pub(crate) rows_about: Indexed<IndicatorIx, Vec<RowIx>>,
    /// For ratios against the rest: how much likelier each answer is under the comparator than on average.
    pub(crate) lifts: BTreeMap<(SettingIx, IndicatorIx), Vec<f64>>,
    pub(crate) groups: Indexed<GroupIx, Group>,
    pub(crate) implications: Vec<Implication>,
    pub(crate) impossible: Vec<Impossibility>,
    pub(crate) gates: Vec<Gate>,
    pub(crate) flags: Vec<Flag>,
    pub(crate) invariants: Vec<Invariant>,
}

/// A named set of priors.
#[derive(Clone, Debug)]
pub struct Setting {
    pub(crate) id: SettingId,
    pub(crate) title: String,
    pub(crate) comparator_prior: Probability,
    pub(crate) priors: Indexed<CauseIx, (Probability, LogOdds)>,
}

/// Something that is cited.
#[derive(Clone, Debug)]
pub struct Source {
    pub(crate) id: SourceId,
    pub(crate) written: crate::document::Source,
}

/// A named cause.
#[derive(Clone, Debug)]
pub struct Cause {
    pub(crate) id: CauseId,
    pub(crate) written: crate::document::Cause,
}

/// Something that can be observed.
#[derive(Clone, Debug)]
pub struct Indicator {
    pub(crate) id: IndicatorId,
    pub(crate) answers: Vec<Answer>,
    pub(crate) group: GroupIx,
    pub(crate) written: crate::document::Indicator,
}

/// One answer of an indicator: `absent` or `present`, a named answer, or a bin.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    pub(crate) key: String,
    pub(crate) title: String,
}

/// A named condition.
#[derive(Clone, Debug)]
pub struct Derived {
    pub(crate) id: IndicatorId,
    pub(crate) title: String,
    pub(crate) formula: Arc<Formula>,
}

/// One row of evidence: what the answers of an indicator say about a cause.
#[derive(Clone, Debug)]
pub(crate) struct Row {
    pub(crate) cause: CauseIx,
    pub(crate) indicator: IndicatorIx,
    pub(crate) when: Option<Formula>,
    pub(crate) when_text: Option<String>,
    /// The settings it is for; all where empty.
    pub(crate) settings: Vec<SettingIx>,
    pub(crate) against: Against,
    /// What each answer says, by answer position.
    pub(crate) answers: Vec<Said>,
    pub(crate) provenance: Provenance,
}

/// What one answer says about a cause.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Said {
    /// The likelihood ratio; 1 where the answer is declared neutral.
    pub(crate) ratio: LikelihoodRatio,
    /// `P(answer | cause)` and `P(answer | comparator)`, where the row gives them.
    pub(crate) shares: Option<(f64, f64)>,
    /// Why the answer weighs nothing, where that is declared.
    pub(crate) neutral: Option<Arc<str>>,
    /// The 95 % interval of the ratio.
    pub(crate) interval: Option<(LikelihoodRatio, LikelihoodRatio)>,
}

/// Indicators that are weighed together; an indicator in no declared group is a group of one.
#[derive(Clone, Debug)]
pub struct Group {
    pub(crate) id: Option<GroupId>,
    pub(crate) title: String,
    pub(crate) members: Vec<IndicatorIx>,
    /// What the r-th strongest member of one direction weighs, in units of 10^-9.
    pub(crate) factors: Vec<i64>,
    pub(crate) table: Vec<CauseIx>,
    pub(crate) items: Vec<Item>,
    /// The members that an item reads.
    pub(crate) counted: BTreeSet<IndicatorIx>,
    pub(crate) rules: Vec<CountRule>,
    pub(crate) shape: Shape,
}

/// One thing that is counted.
#[derive(Clone, Debug)]
pub(crate) struct Item {
    pub(crate) formula: Formula,
}

/// What a count weighs for a cause.
#[derive(Clone, Debug)]
pub(crate) struct CountRule {
    pub(crate) cause: CauseIx,
    pub(crate) settings: Vec<SettingIx>,
    pub(crate) form: CountForm,
    pub(crate) written: crate::document::CountRule,
}

/// A finding that follows from others.
#[derive(Clone, Debug)]
pub(crate) struct Implication {
    pub(crate) condition: Formula,
    pub(crate) then: Vec<(IndicatorIx, AnswerCode)>,
    pub(crate) reason: String,
}

/// A combination that no case can have.
#[derive(Clone, Debug)]
pub(crate) struct Impossibility {
    pub(crate) condition: Formula,
    pub(crate) reason: String,
}

/// What bars a rank.
#[derive(Clone, Debug)]
pub struct Gate {
    pub(crate) id: GateId,
    pub(crate) cause: CauseIx,
    pub(crate) rule: GateRule,
    pub(crate) formula: Formula,
    pub(crate) written: crate::document::Gate,
}

/// What a gate does.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum GateRule {
    /// Holds the cause unless the condition is true (strict), or only if it is false (lenient).
    Requires(GateMode),
    /// Keeps the score at or below a level while the condition is true.
    Caps(LogOdds),
    /// Takes the cause out of the ranking while the condition is true.
    Excludes,
}

/// What demands attention whatever the rank.
#[derive(Clone, Debug)]
pub struct Flag {
    pub(crate) id: FlagId,
    pub(crate) formula: Formula,
    pub(crate) written: crate::document::Flag,
}

/// A rule the knowledge base promises to keep in every case.
#[derive(Clone, Debug)]
pub struct Invariant {
    pub(crate) id: InvariantId,
    pub(crate) claim: Claim,
    pub(crate) reason: String,
}

impl KnowledgeBase {
    /// Its identifier.
    pub fn id(&self) -> &str {
        &self.inner.document.knowledge_base.id
    }

    /// Its version, as its authors count.
    pub fn version(&self) -> &str {
        &self.inner.document.knowledge_base.version
    }

    /// Its title.
    pub fn title(&self) -> &str {
        &self.inner.document.knowledge_base.title
    }

    /// The sentence printed with every result.
    pub fn notice(&self) -> &str {
        &self.inner.document.knowledge_base.notice
    }

    /// How scores become probabilities unless a caller says otherwise.
    pub fn link(&self) -> Link {
        self.inner.document.knowledge_base.link
    }

    /// The setting used unless a caller names another.
    pub fn default_setting(&self) -> &Setting {
        &self.inner.settings[self.inner.default_setting]
    }

    /// The identifier of the comparator: what every weight is against.
    pub fn comparator(&self) -> &CauseId {
        &self.inner.comparator
    }

    /// The title of the comparator.
    pub fn comparator_title(&self) -> &str {
        &self.inner.document.comparator.title
    }

    /// The named causes.
    pub fn causes(&self) -> impl ExactSizeIterator<Item = &Cause> {
        self.inner.causes.iter()
    }

    /// The indicators, derived ones apart.
    pub fn indicators(&self) -> impl ExactSizeIterator<Item = &Indicator> {
        self.inner.indicators.iter()
    }

    /// The indicator of an identifier, if there is one.
    pub fn indicator(&self, id: &str) -> Option<&Indicator> {
        self.inner.indicator(id).map(|ix| &self.inner.indicators[ix])
    }

    /// The derived indicators.
    pub fn derived(&self) -> impl ExactSizeIterator<Item = &Derived> {
        self.inner.derived.iter()
    }

    /// The settings.
    pub fn settings(&self) -> impl ExactSizeIterator<Item = &Setting> {
        self.inner.settings.iter()
    }

    /// The sources.
    pub fn sources(&self) -> impl ExactSizeIterator<Item = &Source> {
        self.inner.sources.iter()
    }

    /// The groups, lone indicators included as groups of one.
    pub fn groups(&self) -> impl ExactSizeIterator<Item = &Group> {
        self.inner.groups.iter()
    }

    /// The gates.
    pub fn gates(&self) -> impl ExactSizeIterator<Item = &Gate> {
        self.inner.gates.iter()
    }

    /// The flags, emergencies first.
    pub fn flags(&self) -> impl ExactSizeIterator<Item = &Flag> {
        self.inner.flags.iter()
    }

    /// The declared invariants.
    pub fn invariants(&self) -> impl ExactSizeIterator<Item = &Invariant> {
        self.inner.invariants.iter()
    }

    /// What somebody should look at, though the knowledge base can be used.
    pub fn warnings(&self) -> &[Problem] {
        &self.inner.warnings
    }

    /// The pairs of a cause and an indicator about which no row says anything: there the finding weighs
    /// nothing, as if the cause were like the comparator.
    pub fn silent_pairs(&self) -> impl Iterator<Item = (&CauseId, &IndicatorId)> {
        let kb = &*self.inner;
        kb.indicators.enumerate().flat_map(move |(indicator, i)| {
            kb.causes
                .enumerate()
                .filter(move |(cause, _)| !kb.speaks(*cause, indicator))
                .map(move |(_, c)| (&c.id, &i.id))
        })
    }

    /// The document it was made from.
    pub fn document(&self) -> &Document {
        &self.inner.document
    }
}

impl Knowledge {
    /// Whether anything is said about a cause by an indicator, alone or through its group.
    fn speaks(&self, cause: CauseIx, indicator: IndicatorIx) -> bool {
        let group = &self.groups[self.indicators[indicator].group];
        let counted = group.rules.iter().any(|rule| rule.cause == cause) && group.counts(indicator);
        counted || self.rows_about[indicator].iter().any(|&row| self.rows[row].cause == cause)
    }

    /// Whether a group may weigh differently in different settings.
    pub(crate) fn depends_on_setting(&self, group: &Group) -> bool {
        let rows =
            group.members.iter().flat_map(|member| &self.rows_about[*member]).map(|row| &self.rows[*row]);
        rows.into_iter().any(|row| !row.settings.is_empty() || row.against == Against::Rest)
            || group.rules.iter().any(|rule| !rule.settings.is_empty())
    }

    /// The index of a cause.
    pub(crate) fn cause(&self, id: &str) -> Option<CauseIx> {
        self.causes.find_by(id, |cause| cause.id.as_str())
    }

    /// The index of an indicator.
    pub(crate) fn indicator(&self, id: &str) -> Option<IndicatorIx> {
        self.lookup.find(&self.indicators, id)
    }

    /// The index of a setting.
    pub(crate) fn setting(&self, id: &str) -> Option<SettingIx> {
        self.settings.find_by(id, |setting| setting.id.as_str())
    }

    /// The rows that speak for a cause about an indicator in a setting, in the order in which they are tried:
    /// conditional rows as written, then the row without a condition. A row made for the setting replaces the
    /// general row of the same condition.
    pub(crate) fn rows_for(&self, setting: SettingIx, cause: CauseIx, indicator: IndicatorIx) -> Vec<RowIx> {
        let all = self.rows_about[indicator].iter().map(|&ix| (ix, &self.rows[ix]));
        let here: Vec<(RowIx, &Row)> = all.filter(|(_, row)| row.cause == cause).collect();
        let special = |row: &Row| row.settings.contains(&setting);
        let mut chosen: Vec<(RowIx, &Row)> = Vec::new();
        for &(ix, row) in &here {
            let replaced = row.settings.is_empty()
                && here.iter().any(|(_, other)| special(other) && other.when_text == row.when_text);
            if special(row) || (row.settings.is_empty() && !replaced) {
                chosen.push((ix, row));
            }
        }
        chosen.sort_by_key(|(_, row)| row.when.is_none());
        chosen.into_iter().map(|(ix, _)| ix).collect()
    }
}

impl Group {
    /// Whether an item of the count reads this member.
    pub(crate) fn counts(&self, member: IndicatorIx) -> bool {
        self.counted.contains(&member)
    }

    /// Discounts parts of one direction by their rank, and leaves them in the order of their ranks. The sort is stable,
    /// so ties go to the earlier part.
    pub(crate) fn discount<T>(
        &self,
        parts: &mut [T],
        of: impl Fn(&T) -> Weight,
        set: impl Fn(&mut T, Weight),
    ) {
        parts.sort_by_key(|part| std::cmp::Reverse(of(part).abs()));
        let (mut up, mut down) = (self.factors.iter(), self.factors.iter());
        for part in parts.iter_mut() {
            let weight = of(part);
            let ranks = match weight.cmp(&Weight::ZERO) {
                std::cmp::Ordering::Greater => &mut up,
                std::cmp::Ordering::Less => &mut down,
                std::cmp::Ordering::Equal => continue,
            };
            set(part, weight.scaled(ranks.next().copied().unwrap_or(0)));
        }
    }
}
