//! The published figures a part of a score rests on: what a reader of uncertainty needs to know of each.

use super::{Contribution, Origin};
use crate::belief::{LikelihoodRatio, Weight, billionths};
use crate::document::{CountRule, Evidence, Prior, Provenance};
use crate::id::{CauseId, GroupId, SettingId};
use crate::index::{Dense, RowIx};
use crate::knowledge::{Answer, Group, Indicator, Truth, UNKNOWN, position};

/// A published figure, as a part of a score uses it.
///
/// A figure belongs to one cause: no figure moves the score of another, except by the shared lift of rows measured
/// against the rest.
#[derive(Clone, Debug)]
pub struct Figure<'a> {
    kind: FigureKind<'a>,
    cause: &'a CauseId,
    group: Option<&'a GroupId>,
    weight: Weight,
    share: i64,
    is_joint: bool,
}

/// The kinds of figure, each with what is written about it.
#[derive(Clone, Debug)]
pub enum FigureKind<'a> {
    /// A pretest probability.
    Prior {
        /// What is written.
        written: &'a Prior,
        /// The setting it is for.
        setting: &'a SettingId,
    },
    /// A row of evidence.
    Row {
        /// What is written.
        written: &'a Evidence,
        /// Its position in [`Document::evidence`](crate::Document::evidence).
        position: usize,
        /// The indicator it is about.
        indicator: &'a Indicator,
        /// The answer whose ratio is used. Where the indicator is unknown and a table sums over it, the last one.
        answer: &'a Answer,
        /// That ratio, as published: against the comparator or against the rest.
        ratio: LikelihoodRatio,
        /// The 95 % interval of that ratio, as written or from counts.
        interval: Option<(LikelihoodRatio, LikelihoodRatio)>,
    },
    /// The rule of a count.
    Rule {
        /// What is written.
        written: &'a CountRule,
        /// Its position in the rules of its group.
        position: usize,
        /// What is known of each item, in their order.
        items: Vec<Truth>,
    },
}

impl<'a> Figure<'a> {
    /// The figure, with what is written about it.
    pub fn kind(&self) -> &FigureKind<'a> {
        &self.kind
    }

    /// The cause whose score it is a part of.
    pub fn cause(&self) -> &'a CauseId {
        self.cause
    }

    /// The declared group in which it weighs, if any.
    pub fn group(&self) -> Option<&'a GroupId> {
        self.group
    }

    /// Where it comes from.
    pub fn provenance(&self) -> &'a Provenance {
        match &self.kind {
            FigureKind::Prior { written, .. } => &written.provenance,
            FigureKind::Row { written, .. } => &written.provenance,
            FigureKind::Rule { written, .. } => &written.provenance,
        }
    }

    /// What it would weigh alone, before any discount; of a row in a table, what its own ratio weighs.
    pub fn weight(&self) -> Weight {
        self.weight
    }

    /// How far the part moves when the weight of the figure moves by one, in billionths, to first order: its discount
    /// where it speaks for itself, the chance that its row is the applicable one in a joint table, else a whole.
    pub fn share(&self) -> i64 {
        self.share
    }

    /// Whether it weighs jointly with others, in a count or a table.
    pub fn is_joint(&self) -> bool {
        self.is_joint
    }

    /// A name that no other figure of the knowledge base has: `prior:CAUSE:SETTING`, `evidence:POSITION` or
    /// `group:GROUP:POSITION`.
    pub fn key(&self) -> String {
        match &self.kind {
            FigureKind::Prior { setting, .. } => format!("prior:{}:{setting}", self.cause),
            FigureKind::Row { position, .. } => format!("evidence:{position}"),
            FigureKind::Rule { position, .. } => {
                let group = self.group.map(GroupId::as_str).unwrap_or_default();
                format!("group:{group}:{position}")
            }
        }
    }
}

/// A whole, in billionths.
const WHOLE: i64 = 1_000_000_000;

impl<'a> Contribution<'a> {
    /// The published figures this part rests on: one for a prior, a row or a count; those of all rows that apply for
    /// a joint table; none for gates, for silence and for an answer declared neutral.
    ///
    /// ```
    /// # use aetia::Document;
    /// # fn main() -> Result<(), aetia::Error> {
    /// # let model = Document::from_toml(include_str!("../../docs/tiny.toml"))?.validate()?.compile();
    /// let assessment = model.assess(&model.case().present("raised_crp")?.build()?);
    /// let explanation = assessment.cause("inflammatory")?.explanation();
    /// let keys: Vec<String> = explanation.iter().flat_map(|part| part.figures()).map(|figure| figure.key()).collect();
    /// assert_eq!(keys, ["prior:inflammatory:clinic", "evidence:0"]);
    /// # Ok(())
    /// # }
    /// ```
    pub fn figures(&self) -> Vec<Figure<'a>> {
        let kb = self.knowledge();
        let case = self.assessment().case();
        match self.origin {
            Origin::Prior(_) => {
                let setting = self.assessment().setting().id();
                let written = self.candidate.cause().written.prior.get(setting.as_str());
                let kind = |written| FigureKind::Prior { written, setting };
                written
                    .map(|written| self.figure(kind(written), None, self.weight, WHOLE))
                    .into_iter()
                    .collect()
            }
            Origin::Alone { row: None, .. } | Origin::Cap | Origin::Hold => Vec::new(),
            Origin::Alone { group, member, row: Some(row) } => {
                let Some(answer) = position(case.code(member)) else { return Vec::new() };
                let own = kb.weight(self.assessment().setting_ix(), row, answer);
                let share = self.discount(group, own);
                self.of_row(group, row, answer, own, share).into_iter().collect()
            }
            Origin::Joint { group, rule: Some(at), .. } => {
                let Some(rule) = group.rules.get(at) else { return Vec::new() };
                let items =
                    group.items.iter().map(|item| item.formula.evaluate(&|ix| case.code(ix))).collect();
                let kind = FigureKind::Rule { written: &rule.written, position: at, items };
                vec![self.figure(kind, Some(group), self.weight, WHOLE)]
            }
            Origin::Joint { group, rule: None, .. } => self.of_joint_table(group),
        }
    }

    fn figure(
        &self,
        kind: FigureKind<'a>,
        group: Option<&'a Group>,
        weight: Weight,
        share: i64,
    ) -> Figure<'a> {
        let group = group.and_then(|group| group.id.as_ref());
        let is_joint = matches!(self.origin, Origin::Joint { .. });
        Figure { kind, cause: self.candidate.id(), group, weight, share, is_joint }
    }

    /// The figure of a row about one answer; none where the answer is declared neutral.
    fn of_row(
        &self,
        group: &'a Group,
        row: RowIx,
        answer: usize,
        weight: Weight,
        share: i64,
    ) -> Option<Figure<'a>> {
        let kb = self.knowledge();
        let position = row.position();
        let (row, written) = (&kb.rows[row], kb.document.evidence.get(position)?);
        let said = row.answers.get(answer).filter(|said| said.neutral.is_none())?;
        let indicator = &kb.indicators[row.indicator];
        let answer = indicator.answers.get(answer)?;
        let kind = FigureKind::Row {
            written,
            position,
            indicator,
            answer,
            ratio: said.ratio,
            interval: said.interval,
        };
        Some(self.figure(kind, Some(group), weight, share))
    }

    /// What of its own weight a member's part is: its discount. A weight of zero keeps the whole, since its rank is open.
    fn discount(&self, group: &Group, own: Weight) -> i64 {
        if own == Weight::ZERO {
            return WHOLE;
        }
        // The factor whose part this is; several factors give the same part only where that makes no difference.
        group.factors.iter().copied().find(|factor| own.scaled(*factor) == self.weight).unwrap_or(WHOLE)
    }

    fn of_joint_table(&self, group: &'a Group) -> Vec<Figure<'a>> {
        let (kb, case) = (self.knowledge(), self.assessment().case());
        let setting = self.assessment().setting_ix();
        let known: Vec<_> = group.members.iter().map(|member| case.code(*member)).collect();
        let table = kb.joint_table(group, self.candidate.cause, setting);
        let mut figures = Vec::new();
        for ix in self.rows_of_table() {
            let row = &kb.rows[ix];
            let code = case.code(row.indicator);
            let answer = match position(code) {
                Some(answer) if code != UNKNOWN => answer,
                Some(_) | None => row.answers.len().saturating_sub(1),
            };
            let share = billionths(table.share(&known, row, answer));
            let own = kb.weight(setting, ix, answer);
            figures.extend(self.of_row(group, ix, answer, own, share));
        }
        figures
    }
}
