//! How far weights may be from what they are, where every figure is free inside its 95 % interval.
//!
//! A box of weights: each row's weight of each answer moves on its own, and so does each prior. What a group makes of its
//! members' weights is bounded, and not computed: a discounted sum moves by no more than its members' weights do together, a
//! joint table by no more than its rows do, and a partly answered count, made coherent, by no more than its ratios do twice.

use std::collections::{BTreeMap, BTreeSet};

use aetia::written::{Against, Evidence};
use aetia::{Accuracy, Counts, Document, GroupTable, IndicatorKind, LikelihoodRatio, Probability};

use crate::formula::Code;
use crate::frame::Frame;
use crate::refusal::Refusal;

/// How far down, at most 0, and how far up, at least 0: nanodecibans.
pub(crate) type Reach = (i64, i64);

/// How far the figures of a knowledge base may move in a setting.
#[derive(Debug)]
pub(crate) struct Spread {
    /// By cause, then by indicator: for each answer code.
    rows: Vec<BTreeMap<usize, Vec<Reach>>>,
    /// By cause: groups whose rule is a table, whose rule is a count with how far its ratios go, and groups in which some
    /// row depends on another answer.
    tables: Vec<BTreeSet<usize>>,
    counts: Vec<BTreeMap<usize, Reach>>,
    conditional: Vec<BTreeSet<usize>>,
    pub(crate) priors: Vec<Reach>,
}

pub(crate) fn plus(one: Reach, other: Reach) -> Reach {
    (one.0 + other.0, one.1 + other.1)
}

/// Refuses a setting in which the weights of rows hang together, by priors: there neither may move on its own.
pub(crate) fn is_free(document: &Document, setting: &str) -> Result<(), Refusal> {
    let is_here = |row: &Evidence| row.setting.is_empty() || row.setting.iter().any(|it| it == setting);
    let bound = document.evidence.iter().position(|row| row.against == Against::Rest && is_here(row));
    let Some((at, row)) = bound.and_then(|at| Some((at, document.evidence.get(at)?))) else { return Ok(()) };
    Err(Refusal::Invalid {
        message: format!(
            "evidence[{at}] is against everybody without `{}`: its weight depends on priors and other rows, so that \
             neither is free on its own in the setting `{setting}`",
            row.cause
        ),
        help: Some(
            "claim it without intervals and without a range of priors, or give the figure against the comparator"
                .to_owned(),
        ),
    })
}

impl Spread {
    pub(crate) fn of(frame: &Frame<'_>, setting: &str) -> Result<Self, Refusal> {
        let document = frame.document();
        let causes = frame.causes.len();
        let mut spread = Self {
            rows: vec![BTreeMap::new(); causes],
            tables: vec![BTreeSet::new(); causes],
            counts: vec![BTreeMap::new(); causes],
            conditional: vec![BTreeSet::new(); causes],
            priors: Vec::new(),
        };
        for row in &document.evidence {
            if !row.setting.is_empty() && !row.setting.iter().any(|known| known == setting) {
                continue;
            }
            let (cause, indicator) = (frame.cause(&row.cause)?, frame.indicator(&row.indicator)?);
            let group = frame.groups.iter().position(|group| group.members.contains(&indicator));
            if row.when.is_some()
                && let Some((conditional, group)) = spread.conditional.get_mut(cause).zip(group)
            {
                conditional.insert(group);
            }
            let keys = frame.answers.get(indicator).map(Vec::as_slice).unwrap_or_default();
            let Some(rows) = spread.rows.get_mut(cause) else { continue };
            let own = rows.entry(indicator).or_insert_with(|| vec![(0, 0); keys.len() + 1]);
            for (reach, key) in own.iter_mut().skip(1).zip(keys) {
                let found = reach_of(frame, row, key);
                *reach = (reach.0.min(found.0), reach.1.max(found.1));
            }
        }
        for (at, group) in frame.groups.iter().enumerate() {
            let Some(written) = document.groups.get(group.name) else { continue };
            for cause in &written.table {
                spread.tables.get_mut(frame.cause(cause)?).map(|tables| tables.insert(at));
            }
            for rule in written.count.iter().flat_map(|count| &count.rules) {
                let ends = rule.interval.iter().filter_map(|(key, [low, high])| {
                    Some(between(*rule.likelihood_ratios.get(key)?, *low, *high))
                });
                let (down, up) = ends.fold((0, 0), |(down, up), end| (down.min(end.0), up.max(end.1)));
                // Made coherent again they may all be divided by what they were multiplied by.
                let counts = spread.counts.get_mut(frame.cause(&rule.cause)?);
                let known = counts.map(|counts| counts.entry(at).or_default());
                if let Some(known) = known {
                    let rounding = if (down, up) == (0, 0) { 0 } else { 2 };
                    *known = (known.0.min(down - up - rounding), known.1.max(up - down + rounding));
                }
            }
        }
        for id in &frame.causes {
            let prior = document.causes.get(*id).and_then(|cause| cause.prior.get(setting));
            let ends = prior.and_then(|prior| Some((prior.value, prior.interval?)));
            let logit = |p: f64| Probability::new(p).map_or(0, |p| p.log_odds().nanodecibans());
            spread.priors.push(ends.map_or((0, 0), |(value, [low, high])| {
                ((logit(low) - logit(value)).min(0), (logit(high) - logit(value)).max(0))
            }));
        }
        Ok(spread)
    }

    fn row(&self, cause: usize, indicator: usize, code: Code) -> Reach {
        let codes = self.rows.get(cause).and_then(|rows| rows.get(&indicator));
        codes.and_then(|codes| codes.get(usize::from(code))).copied().unwrap_or_default()
    }

    /// How far a group's weight may move for a cause, in these answers of its members.
    pub(crate) fn group(&self, cause: usize, at: usize, members: &[usize], codes: &[Code]) -> Reach {
        if codes.iter().all(|code| *code == 0) {
            return (0, 0);
        }
        let is_table = self.tables.get(cause).is_some_and(|tables| tables.contains(&at));
        let mut reach = self.count(cause, at);
        for (member, code) in members.iter().zip(codes) {
            if *code == 0 && is_table {
                let all = self.rows.get(cause).and_then(|rows| rows.get(member)).into_iter().flatten();
                let widest = all.fold((0, 0), |(down, up), reach| (down.min(reach.0), up.max(reach.1)));
                reach = plus(reach, widest);
            } else {
                reach = plus(reach, self.row(cause, *member, *code));
            }
        }
        if reach == (0, 0) { reach } else { plus(reach, rounding(members.len())) }
    }

    /// How far the weight of a count may move.
    pub(crate) fn count(&self, cause: usize, at: usize) -> Reach {
        self.counts.get(cause).and_then(|counts| counts.get(&at)).copied().unwrap_or_default()
    }

    /// What a group may weigh more for a cause in some answers than in others, its figures being the same; none where that is
    /// not known.
    pub(crate) fn change(
        &self,
        cause: usize,
        at: usize,
        members: &[usize],
        table: &GroupTable<'_>,
        (from, to): (&[Code], &[Code]),
    ) -> Option<Reach> {
        let weight = |codes: &[Code]| table.weights(codes).get(cause).map_or(0, |it| it.nanodecibans());
        let is_fixed = |codes| self.group(cause, at, members, codes) == (0, 0);
        if is_fixed(from) && is_fixed(to) {
            let change = weight(to) - weight(from);
            return Some((change, change));
        }
        let is_sum = |sets: &[BTreeSet<usize>]| sets.get(cause).is_some_and(|set| !set.contains(&at));
        if !is_sum(&self.tables) || !is_sum(&self.conditional) || self.counts.get(cause)?.contains_key(&at) {
            return None;
        }
        let mut sum = (0, 0);
        for (seat, member) in members.iter().enumerate() {
            let (before, after) = (from.get(seat).copied()?, to.get(seat).copied()?);
            if before == after {
                continue;
            }
            let alone = |code: Code| {
                let mut codes = vec![0; members.len()];
                codes.iter_mut().skip(seat).take(1).for_each(|place| *place = code);
                let (own, reach) = (weight(&codes), self.row(cause, *member, code));
                (own + reach.0, own + reach.1)
            };
            let (before, after) = (alone(before), alone(after));
            let change = (after.0 - before.1, after.1 - before.0);
            // A discounted sum follows each of its members, and no further.
            let change = if members.len() == 1 {
                change
            } else {
                let rounding = rounding(members.len());
                (
                    if change.0 >= 0 { 0 } else { change.0 + rounding.0 },
                    if change.1 <= 0 { 0 } else { change.1 + rounding.1 },
                )
            };
            sum = plus(sum, change);
        }
        Some(sum)
    }
}

/// What rounding part by part may come to.
fn rounding(members: usize) -> Reach {
    let units = if members > 1 { i64::try_from(members).unwrap_or(i64::MAX) } else { 0 };
    (-units, units)
}

fn weight(ratio: f64) -> i64 {
    LikelihoodRatio::new(ratio).map_or(0, |ratio| ratio.weight().nanodecibans())
}

/// How far the ends of an interval are from a ratio.
fn between(ratio: f64, low: f64, high: f64) -> Reach {
    let own = weight(ratio);
    ((weight(low) - own).min(0), (weight(high) - own).max(0))
}

/// The figure of an answer; a bin may be written in two ways.
fn of<'v, T>(figures: &'v BTreeMap<String, T>, key: &str) -> Option<&'v T> {
    let canonical =
        |key: &str| key.parse::<aetia::BinKey>().map_or_else(|_| key.to_owned(), |bin| bin.to_string());
    figures.iter().find(|(other, _)| canonical(other) == canonical(key)).map(|(_, figure)| figure)
}

/// How far a row's weight of an answer may move.
fn reach_of(frame: &Frame<'_>, row: &Evidence, key: &str) -> Reach {
    let document = frame.document();
    let is_boolean =
        document.indicators.get(&row.indicator).is_some_and(|it| it.kind == IndicatorKind::Boolean);
    let is_present = is_boolean && key == "present";
    if is_boolean && !is_present && row.absent.is_some() {
        return (0, 0);
    }
    let counts = row.counts.as_ref().and_then(|it| {
        Counts::new(it.true_positive, it.false_negative, it.false_positive, it.true_negative).ok()
    });
    let accuracy = row.accuracy.as_ref().and_then(|it| Accuracy::new(it.sensitivity, it.specificity).ok());
    let ends = match (counts, of(&row.interval, key)) {
        (_, Some([low, high])) => Some((*low, *high)),
        (Some(counts), None) if row.interval.is_empty() => {
            let (low, high) = if is_present { counts.interval_present() } else { counts.interval_absent() };
            Some((low.get(), high.get()))
        }
        (_, None) => None,
    };
    let Some((low, high)) = ends else { return (0, 0) };
    let ratio = if let Some(pair) = &row.likelihood_ratio {
        if is_present { Some(pair.present) } else { pair.absent }
    } else if let Some(accuracy) = accuracy.or_else(|| counts.map(Counts::accuracy)) {
        let ratios = accuracy.likelihood_ratios();
        Some(if is_present { ratios.present.get() } else { ratios.absent.get() })
    } else if let Some(shares) = &row.probabilities {
        let share = |figures: &BTreeMap<String, f64>| {
            of(figures, key).copied().unwrap_or_else(|| 1.0 - figures.values().sum::<f64>())
        };
        Some(share(&shares.cause) / share(&shares.comparator))
    } else {
        of(&row.likelihood_ratios, key).copied()
    };
    ratio.map_or((0, 0), |ratio| between(ratio, low, high))
}
