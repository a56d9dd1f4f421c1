//! How far weights may be from what they are, where every figure is free inside its 95 % interval: computed anew from the
//! document. Nothing here knows what the weights are; it says by how much they may move.
//!
//! A row moves on its own. A discounted sum moves by no more than its members do together, and one unit of rounding for each;
//! a joint table by no more than the rows of its members, the widest of those that are unknown; a count, whose ratios are
//! made coherent again, by no more than its ratios do twice.

use std::collections::BTreeSet;

use aetia::written::{Against, CountRule, Evidence};
use aetia::{Counts, LikelihoodRatio, Probability};

use super::states::{Class, Side};
use super::weigh::{Grouped, Reader, Row, Sheet, figure};

/// How far down, at most 0, and how far up, at least 0.
pub(super) type Reach = (i64, i64);

pub(super) fn sum(one: Reach, other: Reach) -> Reach {
    (one.0.saturating_add(other.0), one.1.saturating_add(other.1))
}

fn weight(ratio: f64) -> i64 {
    LikelihoodRatio::new(ratio).map_or(0, |ratio| ratio.weight().nanodecibans())
}

fn about(ratio: f64, low: f64, high: f64) -> Reach {
    let own = weight(ratio);
    ((weight(low) - own).min(0), (weight(high) - own).max(0))
}

/// The interval of a row's ratio of an answer: as written, or that of its counts.
fn interval(row: &Evidence, key: &str) -> Option<(f64, f64)> {
    if let Some([low, high]) = figure(&row.interval, key) {
        return Some((low, high));
    }
    let it = row.counts.as_ref().filter(|_| row.interval.is_empty())?;
    let counts =
        Counts::new(it.true_positive, it.false_negative, it.false_positive, it.true_negative).ok()?;
    let (low, high) = if key == "present" { counts.interval_present() } else { counts.interval_absent() };
    Some((low.get(), high.get()))
}

fn of_row(row: &Row<'_>, key: &str) -> Reach {
    let ratio = row.said.get(key).and_then(|said| said.ratio);
    let ends = ratio.zip(interval(row.written, key));
    ends.map_or((0, 0), |(ratio, (low, high))| about(ratio, low, high))
}

fn of_rule(rule: &CountRule) -> Reach {
    let ends = rule
        .interval
        .iter()
        .filter_map(|(key, [low, high])| Some(about(*rule.likelihood_ratios.get(key)?, *low, *high)));
    let (down, up) = ends.fold((0, 0), |(down, up), end| (down.min(end.0), up.max(end.1)));
    if (down, up) == (0, 0) { (0, 0) } else { (down - up - 2, up - down + 2) }
}

/// The widest of several.
fn widest(each: impl Iterator<Item = Reach>) -> Reach {
    each.fold((0, 0), |(down, up), reach| (down.min(reach.0), up.max(reach.1)))
}

impl Reader<'_> {
    /// Whether weights hang together here, by priors, so that neither is free on its own.
    pub(super) fn is_bound(&self) -> bool {
        let is_here = |row: &&Evidence| row.setting.is_empty() || row.setting.contains(&self.setting);
        self.document.evidence.iter().filter(is_here).any(|row| row.against == Against::Rest)
    }

    /// How far a cause's prior may move.
    pub(super) fn prior_reach(&self, cause: &str) -> Reach {
        let written = self.document.causes.get(cause).and_then(|cause| cause.prior.get(&self.setting));
        let ends = written.and_then(|prior| Some((prior.value, prior.interval?)));
        let logit = |p: f64| Probability::new(p).map_or(0, |p| p.log_odds().nanodecibans());
        ends.map_or((0, 0), |(value, [low, high])| {
            ((logit(low) - logit(value)).min(0), (logit(high) - logit(value)).max(0))
        })
    }

    /// How far the weight of an answer may move, by whichever row applies.
    fn answer(&self, cause: &str, id: &str, answer: Option<&String>) -> Reach {
        answer.map_or((0, 0), |key| widest(self.rows(cause, id).iter().map(|row| of_row(row, key))))
    }

    /// How far the weight of a count may move for a cause.
    pub(super) fn count_reach(cause: &str, group: &Grouped<'_>) -> Reach {
        group.rules.get(cause).map_or((0, 0), |(rule, ..)| of_rule(rule))
    }

    /// How far a group's weight may move for a cause.
    fn group(&self, cause: &str, group: &Grouped<'_>, sheet: &Sheet) -> Reach {
        if group.members.iter().all(|member| !sheet.contains_key(*member)) {
            return (0, 0);
        }
        let is_table = group.written.table.iter().any(|named| named == cause);
        let each = group.members.iter().map(|member| match sheet.get(*member) {
            None if is_table => {
                let rows = self.rows(cause, member).iter();
                widest(rows.flat_map(|row| row.said.keys().map(move |key| of_row(row, key))))
            }
            known => self.answer(cause, member, known),
        });
        let reach = each.fold(Self::count_reach(cause, group), sum);
        let units = i64::try_from(group.members.len()).unwrap_or(i64::MAX);
        if reach == (0, 0) { reach } else { sum(reach, (-units, units)) }
    }

    /// What a discounted group or a lone indicator weighs more for a cause in some answers than in others, its figures being
    /// the same: a discounted sum follows each of its members, and no further. None where another rule makes it.
    fn change(
        &self,
        cause: &str,
        members: &[&String],
        group: Option<&Grouped<'_>>,
        (from, to): (&Sheet, &Sheet),
    ) -> Option<Reach> {
        let has_other_rule = group.is_some_and(|group| {
            group.rules.contains_key(cause) || group.written.table.iter().any(|named| named == cause)
        });
        let mut change = (0, 0);
        for member in members.iter().copied() {
            let rows = self.rows(cause, member);
            if has_other_rule || rows.iter().any(|row| row.when.is_some()) {
                return None;
            }
            let (before, after) = (from.get(member), to.get(member));
            if before == after {
                continue;
            }
            let free = |answer: Option<&String>| {
                let row = rows.first();
                let own = answer.and_then(|key| row?.weights.get(key)).copied().unwrap_or(0);
                let reach = self.answer(cause, member, answer);
                (own + reach.0, own + reach.1)
            };
            let (before, after) = (free(before), free(after));
            let (least, most) = (after.0 - before.1, after.1 - before.0);
            // One member alone weighs what it weighs. Among several it is discounted and rounded: the sum moves as the
            // member does, and no further.
            let units = i64::try_from(members.len()).unwrap_or(i64::MAX);
            let ends = match members.len() {
                1 => (least, most),
                _ => (if least < 0 { least - units } else { 0 }, if most > 0 { most + units } else { 0 }),
            };
            change = sum(change, ends);
        }
        Some(change)
    }
}

impl Side<'_> {
    /// The groups of a class, and its lone indicators.
    fn parts<'s>(&'s self, class: &'s Class) -> (Vec<&'s Grouped<'s>>, Vec<&'s String>) {
        let groups = self.reader.groups.values().filter(|group| !group.is_tally);
        let groups: Vec<_> =
            groups.filter(|group| group.members.iter().any(|member| class.contains(*member))).collect();
        let grouped: BTreeSet<&String> =
            self.reader.groups.values().flat_map(|group| group.members.iter().copied()).collect();
        (groups, class.iter().filter(|id| !grouped.contains(*id)).collect())
    }

    /// How far the weights of a class may move, tallies left out.
    pub(super) fn reach(&self, class: &Class, sheet: &Sheet) -> Vec<Reach> {
        let (groups, lone) = self.parts(class);
        let of = |cause: &String| {
            let groups = groups.iter().map(|group| self.reader.group(cause, group, sheet));
            groups
                .chain(lone.iter().map(|id| self.reader.answer(cause, id, sheet.get(*id))))
                .fold((0, 0), sum)
        };
        self.causes.iter().map(of).collect()
    }

    /// For each cause what a class weighs more in some answers than in others.
    pub(super) fn change(&self, class: &Class, sheets: (&Sheet, &Sheet)) -> Vec<Option<Reach>> {
        let (groups, lone) = self.parts(class);
        let of = |cause: &String| {
            let add = |one: Option<Reach>, other: Option<Reach>| Some(sum(one?, other?));
            let groups = groups.iter().map(|group| {
                let members: Vec<&String> = group.members.iter().copied().collect();
                let is_fixed = |sheet| self.reader.group(cause, group, sheet) == (0, 0);
                if is_fixed(sheets.0) && is_fixed(sheets.1) {
                    let weight = |sheet| self.reader.group_weight(cause, group, sheet);
                    let change = weight(sheets.1) - weight(sheets.0);
                    return Some((change, change));
                }
                self.reader.change(cause, &members, Some(group), sheets)
            });
            let lone = lone.iter().map(|id| self.reader.change(cause, &[*id], None, sheets));
            groups.chain(lone).fold(Some((0, 0)), add)
        };
        self.causes.iter().map(of).collect()
    }
}
