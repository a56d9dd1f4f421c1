//! What answers weigh, computed anew from a document: with `belief` and the written document, and nothing else of the
//! library. From here on the checker has whole numbers only.

use std::collections::{BTreeMap, BTreeSet};

use aetia::written::{Against, Count, CountRule, Evidence, Group, Indicator};
use aetia::{
    Accuracy, BinKey, Condition, Counts, Document, IndicatorKind, LikelihoodRatio, Probability, Truth,
    Weight, exp10,
};

/// Answers by indicator; what is not there is unknown.
pub(super) type Sheet = BTreeMap<String, String>;

/// The keys of an indicator's answers.
pub(super) fn keys(indicator: &Indicator) -> Vec<String> {
    match indicator.kind {
        IndicatorKind::Boolean => vec!["absent".to_owned(), "present".to_owned()],
        IndicatorKind::Categorical | IndicatorKind::Ordinal => {
            indicator.answers.iter().map(|answer| answer.id.clone()).collect()
        }
        IndicatorKind::Numeric => {
            let cuts = &indicator.cut_points;
            let lowest = cuts.first().map(|cut| BinKey::Below(*cut));
            let between =
                cuts.iter().zip(cuts.iter().skip(1)).map(|(low, high)| BinKey::Between(*low, *high));
            let highest = cuts.last().map(|cut| BinKey::AtLeast(*cut));
            lowest.into_iter().chain(between).chain(highest).map(|bin| bin.to_string()).collect()
        }
    }
}

/// Whether two keys name one answer: `<40` and `<40.0` are one bin.
pub(super) fn same(one: &str, other: &str) -> bool {
    let bin = |key: &str| key.parse::<BinKey>().ok();
    one == other || bin(one).is_some_and(|one| bin(other) == Some(one))
}

pub(super) fn figure<T: Copy>(figures: &BTreeMap<String, T>, key: &str) -> Option<T> {
    figures.iter().find(|(written, _)| same(written, key)).map(|(_, figure)| *figure)
}

/// A condition with derived indicators written out. No valid document has derived indicators in a circle.
pub(super) fn plain(document: &Document, condition: &Condition) -> Condition {
    let derived = |name: &String| {
        let written: Condition = document.derived.get(name)?.condition.parse().ok()?;
        Some(plain(document, &written))
    };
    let all = |parts: &[Condition]| parts.iter().map(|part| plain(document, part)).collect();
    match condition {
        Condition::Present(name) => derived(name).unwrap_or_else(|| condition.clone()),
        Condition::Absent(name) => {
            derived(name).map_or_else(|| condition.clone(), |inner| Condition::Not(Box::new(inner)))
        }
        Condition::Not(inner) => Condition::Not(Box::new(plain(document, inner))),
        Condition::All(parts) => Condition::All(all(parts)),
        Condition::Any(parts) => Condition::Any(all(parts)),
        Condition::Several(needed, parts) => Condition::Several(*needed, all(parts)),
        Condition::AnswerIn(..) | Condition::AtLeast(..) | Condition::Below(..) => condition.clone(),
    }
}

/// What a text of the document means; none where it is no condition.
pub(super) fn meant(document: &Document, text: &str) -> Option<Condition> {
    text.parse().ok().map(|condition| plain(document, &condition))
}

/// The indicators a plain condition reads.
pub(super) fn reads(condition: &Condition, found: &mut BTreeSet<String>) {
    found.extend(condition.indicator().map(str::to_owned));
    condition.arguments().iter().for_each(|part| reads(part, found));
}

/// The three truths in the order in which *all* is the least and *any* the greatest.
pub(super) fn truth(condition: &Condition, sheet: &Sheet) -> Truth {
    truth_of(condition, &|name| sheet.get(name).map(String::as_str))
}

/// The same, by what the answer of an indicator is.
fn truth_of<'a>(condition: &Condition, answer: &dyn Fn(&str) -> Option<&'a str>) -> Truth {
    let atom = |name: &str, holds: &dyn Fn(&str) -> bool| match answer(name) {
        None => Truth::Undetermined,
        Some(answer) if holds(answer) => Truth::True,
        Some(_) => Truth::False,
    };
    let low = |key: &str| match key.parse::<BinKey>() {
        Ok(BinKey::Between(low, _) | BinKey::AtLeast(low) | BinKey::Exactly(low)) => low,
        Ok(BinKey::Below(_)) | Err(_) => f64::NEG_INFINITY,
    };
    let not = |truth| match truth {
        Truth::True => Truth::False,
        Truth::False => Truth::True,
        Truth::Undetermined => Truth::Undetermined,
    };
    let parts = || condition.arguments().iter().map(|part| truth_of(part, answer));
    match condition {
        Condition::Present(name) => atom(name, &|answer| answer == "present"),
        Condition::Absent(name) => atom(name, &|answer| answer == "absent"),
        Condition::AnswerIn(name, keys) => atom(name, &|answer| keys.iter().any(|key| key == answer)),
        Condition::AtLeast(name, cut) => atom(name, &|answer| low(answer) >= *cut),
        Condition::Below(name, cut) => atom(name, &|answer| low(answer) < *cut),
        Condition::All(_) => parts().min().unwrap_or(Truth::True),
        Condition::Any(_) => parts().max().unwrap_or(Truth::False),
        Condition::Not(_) => parts().next().map_or(Truth::Undetermined, not),
        Condition::Several(needed, _) => {
            let sure = parts().filter(|truth| *truth == Truth::True).count();
            let possible = parts().filter(|truth| *truth != Truth::False).count();
            if sure >= *needed {
                Truth::True
            } else if possible >= *needed {
                Truth::Undetermined
            } else {
                Truth::False
            }
        }
    }
}

/// The truths a condition may have where each indicator has one of some answers, its parts taken to be independent: there
/// may be truths too many, and never one too few.
pub(super) fn truths(
    condition: &Condition,
    answers: &dyn Fn(&str) -> BTreeSet<Option<String>>,
) -> BTreeSet<Truth> {
    let not = |found: BTreeSet<Truth>| {
        let turned = |truth| match truth {
            Truth::True => Truth::False,
            Truth::False => Truth::True,
            Truth::Undetermined => Truth::Undetermined,
        };
        found.into_iter().map(turned).collect()
    };
    match condition {
        Condition::Not(inner) => not(truths(inner, answers)),
        Condition::All(parts) | Condition::Any(parts) | Condition::Several(_, parts) => {
            // How many parts may be sure and possible, in every combination.
            let mut counts: BTreeSet<(usize, usize)> = [(0, 0)].into();
            for part in parts {
                let found = truths(part, answers);
                let with = |(sure, possible): &(usize, usize)| {
                    let (sure, possible) = (*sure, *possible);
                    found.clone().into_iter().map(move |truth| {
                        (
                            sure + usize::from(truth == Truth::True),
                            possible + usize::from(truth != Truth::False),
                        )
                    })
                };
                counts = counts.iter().flat_map(with).collect();
            }
            let needed = if let Condition::Several(needed, _) = condition {
                *needed
            } else if matches!(condition, Condition::All(_)) {
                parts.len()
            } else {
                1
            };
            let truth = |(sure, possible): (usize, usize)| match () {
                () if sure >= needed => Truth::True,
                () if possible >= needed => Truth::Undetermined,
                () => Truth::False,
            };
            counts.into_iter().map(truth).collect()
        }
        Condition::Present(name)
        | Condition::Absent(name)
        | Condition::AnswerIn(name, _)
        | Condition::AtLeast(name, _)
        | Condition::Below(name, _) => {
            answers(name).iter().map(|answer| truth_of(condition, &|_| answer.as_deref())).collect()
        }
    }
}

pub(super) fn weight_of(ratio: f64) -> i64 {
    let held = LikelihoodRatio::new(ratio.clamp(f64::MIN_POSITIVE, f64::MAX));
    held.map_or(0, |ratio| ratio.weight().nanodecibans())
}

/// What a row says about an answer: its ratio, none where it is declared to be no evidence, and its two shares.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Said {
    pub(super) ratio: Option<f64>,
    shares: Option<(f64, f64)>,
}

/// A document in a setting.
#[derive(Clone, Debug)]
pub(super) struct Reader<'d> {
    pub(super) document: &'d Document,
    pub(super) setting: String,
    /// The comparator's prior: what the named causes leave over, taken away one after another.
    rest: f64,
    /// The rows in force, by cause and indicator, in the order in which they are tried.
    rows: BTreeMap<&'d str, BTreeMap<&'d str, Vec<Row<'d>>>>,
    pub(super) groups: BTreeMap<&'d str, Grouped<'d>>,
}

/// A row of evidence with its condition, and by answer what it says and weighs.
#[derive(Clone, Debug)]
pub(super) struct Row<'d> {
    pub(super) written: &'d Evidence,
    pub(super) when: Option<Condition>,
    pub(super) said: BTreeMap<String, Said>,
    pub(super) weights: BTreeMap<String, i64>,
}

/// A group with what is counted in it.
#[derive(Clone, Debug)]
pub(super) struct Grouped<'d> {
    pub(super) members: BTreeSet<&'d String>,
    /// What is counted.
    pub(super) items: Vec<Condition>,
    /// Whether nothing but the numbers of items present and absent weighs.
    pub(super) is_tally: bool,
    /// Members that no item reads.
    alone: Vec<&'d String>,
    pub(super) written: &'d Group,
    /// By cause the rule of its count, and the probability of each number under the cause and under the comparator.
    pub(super) rules: BTreeMap<&'d str, (&'d CountRule, Vec<f64>, Vec<f64>)>,
}

impl<'d> Reader<'d> {
    pub(super) fn new(document: &'d Document, setting: &str) -> Self {
        let mut reader = Self {
            document,
            setting: setting.to_owned(),
            rest: 1.0,
            rows: BTreeMap::new(),
            groups: BTreeMap::new(),
        };
        for cause in document.causes.keys() {
            reader.rest -= reader.prior(cause);
        }
        for row in &document.evidence {
            let of = reader.rows.entry(&row.cause).or_default().entry(&row.indicator);
            of.or_default();
        }
        let pairs: Vec<(&str, &str)> =
            reader.rows.iter().flat_map(|(cause, rows)| rows.keys().map(|id| (*cause, *id))).collect();
        let mut weighed = BTreeMap::<&str, BTreeMap<&str, Vec<Row<'d>>>>::new();
        for (cause, id) in &pairs {
            let rows = reader.in_force(cause, id);
            reader.rows.entry(cause).or_default().insert(id, rows);
        }
        // A weight against the rest depends on what other rows say.
        for (cause, id) in pairs {
            let mut rows = reader.rows(cause, id).to_vec();
            for row in &mut rows {
                let each = row.said.keys().map(|key| (key.clone(), reader.weight(row, key)));
                row.weights = each.collect();
            }
            weighed.entry(cause).or_default().insert(id, rows);
        }
        reader.rows = weighed;
        let groups = document.groups.iter().map(|(id, group)| (id.as_str(), reader.grouped(group)));
        reader.groups = groups.collect();
        reader
    }

    fn grouped(&self, written: &'d Group) -> Grouped<'d> {
        let count = written.count.as_ref();
        let items = count.iter().flat_map(|count| &count.items);
        let items: Vec<Condition> = items.filter_map(|item| meant(self.document, &item.condition)).collect();
        let mut counted = BTreeSet::new();
        for item in &items {
            reads(item, &mut counted);
        }
        let rules = count.into_iter().flat_map(|count| {
            let of = |cause: &'d String| {
                let rule = self.rule(count, cause)?;
                let (own, other) = if rule.margins.is_some() {
                    Default::default()
                } else {
                    distributions(rule, items.len())
                };
                Some((cause.as_str(), (rule, own, other)))
            };
            self.document.causes.keys().filter_map(of).collect::<Vec<_>>()
        });
        let has_rows = self.document.evidence.iter().any(|row| written.members.contains(&row.indicator));
        let has_margins = count.is_some_and(|count| count.rules.iter().any(|rule| rule.margins.is_some()));
        Grouped {
            members: written.members.iter().collect(),
            is_tally: !items.is_empty() && !has_rows && !has_margins && written.table.is_empty(),
            alone: written.members.iter().filter(|member| !counted.contains(*member)).collect(),
            rules: rules.collect(),
            items,
            written,
        }
    }

    fn prior(&self, cause: &str) -> f64 {
        let priors = self.document.causes.get(cause).map(|cause| &cause.prior);
        priors.and_then(|priors| priors.get(&self.setting)).map_or(0.5, |prior| prior.value)
    }

    /// The prior log-odds of a cause, in nanodecibans.
    pub(super) fn prior_score(&self, cause: &str) -> i64 {
        weight_of(self.prior(cause) / self.rest)
    }

    /// The rows in force for a cause and an indicator, those with a `when` first.
    fn in_force(&self, cause: &str, indicator: &str) -> Vec<Row<'d>> {
        let about = |row: &&Evidence| row.cause == cause && row.indicator == indicator;
        let all: Vec<&Evidence> = self.document.evidence.iter().filter(about).collect();
        let here = |row: &Evidence| row.setting.contains(&self.setting);
        let when = |row: &Evidence| row.when.as_deref().and_then(|text| meant(self.document, text));
        let replaced = |row: &Evidence| all.iter().any(|other| here(other) && when(other) == when(row));
        let in_force = |row: &&Evidence| here(row) || (row.setting.is_empty() && !replaced(row));
        let (mut first, plain): (Vec<&Evidence>, Vec<&Evidence>) =
            all.iter().copied().filter(in_force).partition(|row| row.when.is_some());
        first.extend(plain);
        let answers = self.document.indicators.get(indicator).map(keys).unwrap_or_default();
        let row = |written: &'d Evidence| {
            let said = answers.iter().map(|key| (key.clone(), self.said(written, key)));
            Row { written, when: when(written), said: said.collect(), weights: BTreeMap::new() }
        };
        first.into_iter().map(row).collect()
    }

    pub(super) fn rows(&self, cause: &str, indicator: &str) -> &[Row<'d>] {
        let rows = self.rows.get(cause).and_then(|rows| rows.get(indicator));
        rows.map(Vec::as_slice).unwrap_or_default()
    }

    /// The row that applies to a sheet.
    fn row<'r>(rows: &'r [Row<'d>], sheet: &Sheet) -> Option<&'r Row<'d>> {
        rows.iter().find(|row| row.when.as_ref().is_none_or(|when| truth(when, sheet) == Truth::True))
    }

    fn said(&self, row: &Evidence, key: &str) -> Said {
        let is_boolean =
            self.document.indicators.get(&row.indicator).map(|it| it.kind) == Some(IndicatorKind::Boolean);
        let (present, absent) = (is_boolean && key == "present", is_boolean && key == "absent");
        let counts = row.counts.as_ref().and_then(|it| {
            Counts::new(it.true_positive, it.false_negative, it.false_positive, it.true_negative).ok()
        });
        let accuracy =
            row.accuracy.as_ref().and_then(|it| Accuracy::new(it.sensitivity, it.specificity).ok());
        let mut said = Said::default();
        if let Some(pair) = &row.likelihood_ratio {
            said.ratio = if present { Some(pair.present) } else { pair.absent };
        } else if let Some(accuracy) = accuracy.or_else(|| counts.map(Counts::accuracy)) {
            let ratios = accuracy.likelihood_ratios();
            let (sensitivity, specificity) = (accuracy.sensitivity(), accuracy.specificity());
            let not = |p: Probability| 1.0 - p.get();
            said.ratio = Some(if present { ratios.present.get() } else { ratios.absent.get() });
            said.shares = Some(if present {
                (sensitivity.get(), not(specificity))
            } else {
                (not(sensitivity), specificity.get())
            });
        } else if let Some(written) = &row.probabilities {
            let share = |figures: &BTreeMap<String, f64>| {
                figure(figures, key).unwrap_or_else(|| 1.0 - figures.values().fold(0.0, |sum, p| sum + p))
            };
            let (own, other) = (share(&written.cause), share(&written.comparator));
            said = Said { ratio: Some(own / other), shares: Some((own, other)) };
        } else {
            said.ratio = figure(&row.likelihood_ratios, key);
        }
        if absent && row.absent.is_some() {
            said.ratio = None;
        }
        said
    }

    /// The weight of an answer by a row.
    fn weight(&self, row: &Row<'_>, key: &str) -> i64 {
        let Some(ratio) = row.said.get(key).and_then(|said| said.ratio) else { return 0 };
        match row.written.against {
            Against::Comparator => weight_of(ratio),
            Against::Rest => {
                let own = lift(self.prior(&row.written.cause), ratio);
                weight_of(own / self.lift_of_comparator(&row.written.indicator, key))
            }
        }
    }

    /// How much likelier an answer is under the comparator than on average.
    fn lift_of_comparator(&self, indicator: &str, key: &str) -> f64 {
        let comparator = self.rest.clamp(f64::MIN_POSITIVE, 1.0 - f64::EPSILON / 2.0);
        let (mut left, mut shared) = (1.0, comparator);
        for cause in self.document.causes.keys() {
            let rows = self.rows(cause, indicator);
            let row = rows.last().filter(|row| row.when.is_none());
            let prior = self.prior(cause);
            match row.and_then(|row| Some((row.written.against, row.said.get(key)?.ratio?))) {
                Some((Against::Rest, ratio)) => left -= prior * lift(prior, ratio),
                Some((Against::Comparator, ratio)) => shared += prior * ratio,
                None => shared += prior,
            }
        }
        left / shared
    }

    /// What a group's answers weigh for a cause. Where nothing is known nothing is weighed.
    pub(super) fn group_weight(&self, cause: &str, group: &Grouped<'_>, sheet: &Sheet) -> i64 {
        if group.members.iter().all(|member| !sheet.contains_key(*member)) {
            return 0;
        }
        if let Some((rule, own, other)) = group.rules.get(cause) {
            let items: Vec<Truth> = group.items.iter().map(|item| truth(item, sheet)).collect();
            return self.discounted(cause, group.written, group.alone.iter(), sheet)
                + weight_of(count_ratio(rule, own, other, &items));
        }
        if group.written.table.iter().any(|named| named == cause) {
            return self.table(cause, &group.members, sheet);
        }
        self.discounted(cause, group.written, group.members.iter(), sheet)
    }

    /// What a lone indicator's answer weighs for a cause.
    pub(super) fn lone_weight(&self, cause: &str, indicator: &str, sheet: &Sheet) -> i64 {
        let Some(key) = sheet.get(indicator) else { return 0 };
        let row = Self::row(self.rows(cause, indicator), sheet);
        row.and_then(|row| row.weights.get(key)).copied().unwrap_or(0)
    }

    /// Weights of one sign, sorted by size, weigh `gamma^(rank - 1)` of themselves.
    fn discounted<S: AsRef<str>>(
        &self,
        cause: &str,
        group: &Group,
        members: impl Iterator<Item = S>,
        sheet: &Sheet,
    ) -> i64 {
        let gamma = match (group.gamma, group.phi) {
            (Some(gamma), _) => gamma,
            (None, Some(phi)) => (1.0 - phi) * (1.0 - phi) * libm::sqrt(1.0 - phi),
            (None, None) => 0.5,
        };
        let mut weights: Vec<i64> =
            members.map(|member| self.lone_weight(cause, member.as_ref(), sheet)).collect();
        weights.sort_by_key(|weight| std::cmp::Reverse(weight.abs()));
        let mut sum = 0;
        for sign in [1, -1] {
            let mut power = 1.0;
            for weight in weights.iter().filter(|weight| weight.signum() == sign) {
                let factor = billionths(power);
                sum += Weight::from_nanodecibans(*weight).scaled(factor).nanodecibans();
                power *= gamma;
            }
        }
        sum
    }

    /// A joint table: the members' probabilities multiplied along their rows, unknown members summed out.
    fn table(&self, cause: &str, members: &BTreeSet<&String>, sheet: &Sheet) -> i64 {
        let rows: Vec<(&String, &[Row<'d>])> =
            members.iter().map(|member| (*member, self.rows(cause, member))).collect();
        let choices: Vec<Vec<String>> = rows
            .iter()
            .map(|(member, rows)| {
                let all = self.document.indicators.get(*member).map(keys).unwrap_or_default();
                match sheet.get(*member) {
                    Some(known) => vec![known.clone()],
                    // Without rows it is as in the comparator, whatever it is.
                    None if rows.is_empty() => all.into_iter().take(1).collect(),
                    None => all,
                }
            })
            .collect();
        let (mut own, mut other) = (0.0, 0.0);
        let mut turn = vec![0; choices.len()];
        loop {
            let pairs = rows.iter().zip(&choices).zip(&turn);
            let state: Sheet = pairs
                .filter_map(|(((member, _), keys), at)| Some(((*member).clone(), keys.get(*at)?.clone())))
                .collect();
            let (mut p, mut q) = (1.0, 1.0);
            for (member, rows) in &rows {
                let Some((row, key)) = Self::row(rows, &state).zip(state.get(*member)) else { continue };
                let said = row.said.get(key).copied().unwrap_or_default();
                let (share, base) = said.shares.unwrap_or((1.0, 1.0));
                let is_silenced = said.ratio.is_none() && sheet.contains_key(*member);
                p *= if is_silenced { base } else { share };
                q *= base;
            }
            own += p;
            other += q;
            // The last member moves fastest: sums of floats have an order.
            if !turn.iter_mut().zip(&choices).rev().any(|(at, keys)| {
                *at = (*at + 1) % keys.len().max(1);
                *at != 0
            }) {
                return weight_of(own / other);
            }
        }
    }

    /// The rule of a count for a cause: that of the setting, else the general one.
    fn rule<'c>(&self, count: &'c Count, cause: &str) -> Option<&'c CountRule> {
        let rules = || count.rules.iter().filter(|rule| rule.cause == cause);
        rules()
            .find(|rule| rule.setting.contains(&self.setting))
            .or_else(|| rules().find(|rule| rule.setting.is_empty()))
    }

    /// What so many items present and absent weigh for a cause.
    pub(super) fn tally_weight(cause: &str, group: &Grouped<'_>, present: usize, absent: usize) -> i64 {
        let Some((rule, own, other)) = group.rules.get(cause).filter(|_| present + absent > 0) else {
            return 0;
        };
        let unknown = group.items.len().saturating_sub(present + absent);
        let truths = [(Truth::True, present), (Truth::False, absent), (Truth::Undetermined, unknown)];
        let items: Vec<Truth> =
            truths.into_iter().flat_map(|(truth, n)| std::iter::repeat_n(truth, n)).collect();
        weight_of(count_ratio(rule, own, other, &items))
    }
}

/// `P(e | k) / P(e)` from a ratio against everybody without the cause.
fn lift(prior: f64, ratio: f64) -> f64 {
    ratio / (1.0 - prior + prior * ratio)
}

/// A fraction in whole billionths, half away from zero.
#[expect(clippy::as_conversions, clippy::cast_possible_truncation, reason = "at most a billion")]
fn billionths(fraction: f64) -> i64 {
    libm::round(fraction * 1e9) as i64
}

fn float(n: usize) -> f64 {
    u32::try_from(n).map_or(f64::INFINITY, f64::from)
}

/// The likelihood ratio of a partly answered count.
fn count_ratio(rule: &CountRule, own: &[f64], other: &[f64], items: &[Truth]) -> f64 {
    let present = items.iter().filter(|item| **item == Truth::True).count();
    let unknown = items.iter().filter(|item| **item == Truth::Undetermined).count();
    if let Some(margins) = &rule.margins {
        let of = |margins: &[f64]| {
            let mut counts = vec![1.0];
            for (margin, _) in margins.iter().zip(items).filter(|(_, item)| **item != Truth::Undetermined) {
                let at = |m: usize| counts.get(m).copied().unwrap_or(0.0);
                let one_less = |m: usize| m.checked_sub(1).map_or(0.0, at);
                counts = (0..=counts.len()).map(|m| at(m) * (1.0 - margin) + one_less(m) * margin).collect();
            }
            counts.get(present).copied().unwrap_or(0.0)
        };
        return of(&margins.cause) / of(&margins.comparator);
    }
    let of = |counts: &[f64]| {
        let ways = |m: usize| choose(unknown, m - present) / choose(items.len(), m);
        let possible = counts.iter().enumerate().skip(present).take(unknown + 1);
        possible.fold(0.0, |sum, (m, probability)| sum + probability * ways(m))
    };
    of(own) / of(other)
}

/// `P(count = m)` under the cause and under the comparator.
fn distributions(rule: &CountRule, items: usize) -> (Vec<f64>, Vec<f64>) {
    if let Some(given) = &rule.distribution {
        return (given.cause.clone(), given.comparator.clone());
    }
    let covers = |key: &str, m: usize| key.parse::<BinKey>().is_ok_and(|bin| bin.contains(float(m)));
    let spread = |figures: &BTreeMap<String, f64>| -> Vec<(f64, f64)> {
        let of = |m: usize| figures.iter().find(|(key, _)| covers(key, m));
        let width = |key: &str| float((0..=items).filter(|m| covers(key, *m)).count());
        (0..=items).filter_map(of).map(|(key, figure)| (*figure, width(key))).collect()
    };
    let base: Vec<f64> = spread(&rule.comparator).iter().map(|(share, width)| share / width).collect();
    let raised = spread(&rule.likelihood_ratios).into_iter().zip(&base).map(|((ratio, _), base)| {
        let power = rule.shrink.map(|power| {
            let weight = Weight::from_nanodecibans(weight_of(ratio));
            exp10(weight.scaled(billionths(power)).nanodecibans())
        });
        power.unwrap_or(ratio) * base
    });
    let raised: Vec<f64> = raised.collect();
    let sum = raised.iter().fold(0.0, |sum, share| sum + share);
    (raised.into_iter().map(|share| share / sum).collect(), base)
}

/// The binomial coefficient.
fn choose(n: usize, k: usize) -> f64 {
    (1..=k).fold(1.0, |product, i| product * float(n - k + i) / float(i))
}
