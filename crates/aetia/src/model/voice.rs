//! How the weights of one cause in one group come about: the parts, and their sum.

use crate::belief::Weight;
use crate::index::{CauseIx, IndicatorIx, RowIx, SettingIx};
use crate::knowledge::{AnswerCode, CountRule, Group, Knowledge, Truth, UNKNOWN, position};

/// What a group says about one cause.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Voice {
    /// For each member that speaks for itself: its rows in the order they are tried, with their weights by answer.
    members: Box<[MemberVoice]>,
    /// What weighs jointly.
    joint: Joint,
}

/// A member that speaks for itself.
#[derive(Clone, Debug, PartialEq)]
struct MemberVoice {
    seat: usize,
    rows: Box<[(RowIx, Box<[Weight]>)]>,
}

/// What a group weighs as a whole for a cause.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Joint {
    /// Nothing: all members speak for themselves.
    None,
    /// The number of items present, by the rule at a position.
    Count(usize),
    /// The joint table of the members' rows.
    Table,
}

/// One part of a group's weight.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Part {
    /// The seat of the member it is about; none for what weighs jointly.
    pub(crate) seat: Option<usize>,
    /// What it weighs.
    pub(crate) weight: Weight,
    /// The row it rests on.
    pub(crate) row: Option<RowIx>,
    /// The count rule it rests on.
    pub(crate) rule: Option<usize>,
}

impl Voice {
    /// The voice of a group about a cause in a setting; none where it says nothing.
    pub(crate) fn of(kb: &Knowledge, setting: SettingIx, group: &Group, cause: CauseIx) -> Option<Self> {
        let rule = count_rule(group, setting, cause);
        let joint = match rule {
            Some(at) => Joint::Count(at),
            None if group.table.contains(&cause) => Joint::Table,
            None => Joint::None,
        };
        let speaks_alone = |member: &IndicatorIx| match joint {
            Joint::None => true,
            Joint::Count(_) => !group.counts(*member),
            Joint::Table => false,
        };
        let weights = |row: RowIx| {
            let answers = kb.rows[row].answers.len();
            (row, (0..answers).map(|answer| kb.weight(setting, row, answer)).collect())
        };
        let members: Box<[MemberVoice]> = group
            .members
            .iter()
            .enumerate()
            .filter(|(_, member)| speaks_alone(member))
            .map(|(seat, member)| MemberVoice {
                seat,
                rows: kb.rows_for(setting, cause, *member).into_iter().map(weights).collect(),
            })
            .filter(|member| !member.rows.is_empty())
            .collect();
        (joint != Joint::None || !members.is_empty()).then_some(Self { members, joint })
    }

    /// The weight of a joint state.
    pub(crate) fn weight(
        &self,
        kb: &Knowledge,
        setting: SettingIx,
        group: &Group,
        cause: CauseIx,
        codes: &[AnswerCode],
    ) -> Weight {
        let mut parts = Vec::with_capacity(self.members.len());
        self.alone(kb, group, codes, &mut parts);
        let alone: Weight = parts.into_iter().map(|part| part.weight).sum();
        alone + self.joint_weight(kb, setting, group, cause, codes)
    }

    /// The weight of a state of a tally.
    pub(crate) fn tally_weight(&self, group: &Group, present: usize, absent: usize) -> Weight {
        match self.joint {
            Joint::Count(at) => group
                .rules
                .get(at)
                .map_or(Weight::ZERO, |rule| rule.form.tally_ratio(present, absent).weight()),
            Joint::None | Joint::Table => Weight::ZERO,
        }
    }

    fn joint_weight(
        &self,
        kb: &Knowledge,
        setting: SettingIx,
        group: &Group,
        cause: CauseIx,
        codes: &[AnswerCode],
    ) -> Weight {
        match self.joint {
            Joint::None => Weight::ZERO,
            Joint::Count(at) => {
                let answer = in_group(group, codes);
                let items: Vec<Truth> =
                    group.items.iter().map(|item| item.formula.evaluate(&answer)).collect();
                group.rules.get(at).map_or(Weight::ZERO, |rule| rule.form.ratio(&items).weight())
            }
            Joint::Table => kb.joint_table(group, cause, setting).ratio(codes).weight(),
        }
    }

    /// Puts in place of `parts` those of a state whose whole weight is known: one for each member that speaks for
    /// itself and is answered, and one for what weighs jointly, if a member it reads is answered.
    pub(crate) fn parts(
        &self,
        kb: &Knowledge,
        group: &Group,
        codes: &[AnswerCode],
        whole: Weight,
        parts: &mut Vec<Part>,
    ) {
        parts.clear();
        // A lone indicator is most of them: its part is the whole.
        if let ([member], [_], Joint::None) = (&*self.members, &*group.members, &self.joint) {
            let row = member.rows.first().map(|(row, _)| *row);
            parts.push(Part { seat: Some(member.seat), weight: whole, row, rule: None });
            return;
        }
        self.alone(kb, group, codes, parts);
        if self.joint != Joint::None && self.joint_seats(group, codes).next().is_some() {
            let alone: Weight = parts.iter().map(|part| part.weight).sum();
            let rule = match self.joint {
                Joint::Count(at) => Some(at),
                Joint::None | Joint::Table => None,
            };
            parts.push(Part { seat: None, weight: whole - alone, row: None, rule });
        }
    }

    /// The seats of the answered members that weigh jointly.
    pub(crate) fn joint_seats<'s>(
        &'s self,
        group: &'s Group,
        codes: &'s [AnswerCode],
    ) -> impl Iterator<Item = usize> + 's {
        let answered = codes.iter().enumerate().filter(|(_, code)| **code != UNKNOWN).map(|(seat, _)| seat);
        answered.filter(|seat| match self.joint {
            Joint::None => false,
            Joint::Count(_) => group.members.get(*seat).is_some_and(|member| group.counts(*member)),
            Joint::Table => true,
        })
    }

    /// The parts of members that speak for themselves, each discounted by its rank among those of its direction.
    ///
    /// # Formula
    /// ```text
    /// part_r = round(gamma^(r-1) * w_(r)),  |w_(1)| >= |w_(2)| >= ... within one sign, ties by indicator id
    /// ```
    fn alone(&self, kb: &Knowledge, group: &Group, codes: &[AnswerCode], parts: &mut Vec<Part>) {
        for member in &self.members {
            let Some(answer) = codes.get(member.seat).copied().and_then(position) else { continue };
            let applies = |row: &&(RowIx, Box<[Weight]>)| {
                let when = kb.rows[row.0].when.as_ref();
                when.is_none_or(|when| when.evaluate(&in_group(group, codes)) == Truth::True)
            };
            let found = member.rows.iter().find(applies);
            let weight = found.and_then(|(_, weights)| weights.get(answer)).copied().unwrap_or(Weight::ZERO);
            parts.push(Part { seat: Some(member.seat), weight, row: found.map(|(row, _)| *row), rule: None });
        }
        if parts.len() > 1 {
            group.discount(parts, |part| part.weight, |part, weight| part.weight = weight);
            parts.sort_by_key(|part| part.seat);
        }
    }
}

/// The answers of a group's members, for formulas that read nothing else.
fn in_group<'a>(group: &'a Group, codes: &'a [AnswerCode]) -> impl Fn(IndicatorIx) -> AnswerCode + 'a {
    move |indicator| {
        let seat = group.members.binary_search(&indicator).ok();
        seat.and_then(|seat| codes.get(seat)).copied().unwrap_or(UNKNOWN)
    }
}

/// The position of the count rule of a cause in a setting: its own, else the general one.
fn count_rule(group: &Group, setting: SettingIx, cause: CauseIx) -> Option<usize> {
    let for_cause = |rule: &CountRule| rule.cause == cause;
    let own = group.rules.iter().position(|rule| for_cause(rule) && rule.settings.contains(&setting));
    own.or_else(|| group.rules.iter().position(|rule| for_cause(rule) && rule.settings.is_empty()))
}
