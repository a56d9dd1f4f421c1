//! Rows of evidence: names, forms, ranges, and what each says about every answer.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::checker::{CERTAINTY, Checker, kind_word, listed, rounded};
use super::counts::holds;
use crate::belief::{Accuracy, BeliefError, Counts, LikelihoodRatio, Probability};
use crate::document::{
    AccuracyRow, Against, Code, CountsRow, Evidence, IndicatorKind, Neutral, Probabilities, Tag, Trend,
};
use crate::document::{Place, excerpt};
use crate::index::IndicatorIx;
use crate::knowledge::{Answer, Row, Said};

/// Likelihood ratios are accepted between one over this and this.
const LARGEST_RATIO: f64 = 1e6;
/// Ratios tagged `seed` or `assumption` are accepted between one over this and this.
const LARGEST_UNSOURCED: f64 = 4.0;
/// 30 dB: a weight that wants a second look.
const LARGE_RATIO: f64 = 1_000.0;
/// How far probabilities that exhaust the answers may sum from 1.
const SUM_TOLERANCE: f64 = 1e-6;

/// The 95 % interval of a ratio.
pub(super) type Interval = (LikelihoodRatio, LikelihoodRatio);

/// What a row says about an answer before it is checked: nothing, or a ratio and perhaps its two shares.
type Draft = Option<(f64, Option<(f64, f64)>)>;

impl Checker<'_> {
    /// The rows, in the order of the document.
    pub(super) fn evidence(&mut self) -> Vec<Row> {
        let rows: Vec<Option<Row>> = self
            .document
            .evidence
            .iter()
            .enumerate()
            .map(|(position, written)| self.row(position, written))
            .collect();
        self.duplicates(&rows);
        rows.into_iter().flatten().collect()
    }

    fn row(&mut self, position: usize, written: &Evidence) -> Option<Row> {
        let place = Place::root().field("evidence").index(position);
        let cause = self.cause(&place.field("cause"), &written.cause);
        let indicator = self.indicator(&place.field("indicator"), &written.indicator);
        let settings = self.settings(&place, &written.setting);
        self.provenance(&place, &written.provenance);
        let when_place = place.field("when");
        let when = written.when.as_ref().map(|text| self.condition(&when_place, text));
        if written.against == Against::Rest && when.is_some() {
            let help = "state conditional ratios against the comparator";
            self.report_with_help(
                Code::RestWithWhen,
                &when_place,
                "a row against the rest has no `when`",
                help,
            );
        }
        let indicator = indicator?;
        if let Some(Some(formula)) = &when {
            let read = formula.indicators().into_iter().collect::<Vec<_>>();
            self.tied(&when_place, "when", indicator, &read);
        }
        let answers = self.answers.get(&indicator)?.clone();
        let said = self.said(&place, written, &answers)?;
        let (cause, settings) = (cause?, settings?);
        let when = when.map_or(Some(None), |formula| formula.map(Some))?;
        let canonical = |text: &String| {
            text.parse().map_or_else(|_| text.clone(), |c: crate::document::Condition| c.to_string())
        };
        Some(Row {
            cause,
            indicator,
            when,
            when_text: written.when.as_ref().map(canonical),
            settings,
            against: written.against,
            answers: said,
            provenance: written.provenance.clone(),
        })
    }

    /// Indicators that a condition ties to another must share a declared group with it.
    pub(super) fn tied(&mut self, place: &Place, by: &str, indicator: IndicatorIx, read: &[IndicatorIx]) {
        let home = self.group_of.get(&indicator).copied();
        let apart = |other: &IndicatorIx| home.is_none() || self.group_of.get(other).copied() != home;
        let strangers: Vec<IndicatorIx> =
            read.iter().copied().filter(|other| *other != indicator && apart(other)).collect();
        if strangers.is_empty() || self.is_full() {
            return;
        }
        let one = self.name_of(indicator);
        let names: Vec<String> = strangers.iter().map(|other| self.name_of(*other)).collect();
        let others = listed(names.iter().map(String::as_str));
        let message = format!("`{by}` ties `{one}` to {others}, and they are not in one group");
        let help = match home {
            Some(group) => format!("add {others} to the members of `groups.{group}`"),
            None => format!("declare a group with the members `{one}`, {others}"),
        };
        self.report_with_help(Code::TiedOutsideGroup, place, message, help);
    }

    /// The identifier of an indicator.
    pub(super) fn name_of(&self, indicator: IndicatorIx) -> String {
        let found = self.indicators.iter().find(|(_, ix)| **ix == indicator);
        found.map_or_else(String::new, |(name, _)| (*name).to_owned())
    }

    /// What a row says about each answer of its indicator.
    fn said(&mut self, place: &Place, written: &Evidence, answers: &[Answer]) -> Option<Vec<Said>> {
        let form = self.form(place, written)?;
        let drafts = self.drafts(&place.field(form), written, answers);
        let intervals = self.intervals(place, written, answers);
        let drafts = drafts?;
        let neutral = self.neutral(place, form, written, answers, &drafts)?;
        let mut said = Vec::new();
        let mut fine = true;
        for (at, ((draft, neutral), answer)) in drafts.into_iter().zip(neutral).zip(answers).enumerate() {
            let Some((ratio, shares)) = draft.filter(|_| neutral.is_none()) else {
                let shares = draft.and_then(|(_, shares)| shares);
                said.push(Said { ratio: LikelihoodRatio::NEUTRAL, shares, neutral, interval: None });
                continue;
            };
            let stands = match form {
                "likelihood_ratio" | "likelihood_ratios" => place.field(form).field(&answer.key),
                _ => place.field(form),
            };
            let acceptable =
                self.ratio(&stands, &format!("`{}`", excerpt(&answer.key)), ratio, written.provenance.tag);
            fine &= acceptable;
            let interval = intervals.as_ref().and_then(|intervals| intervals.get(at).copied().flatten());
            if acceptable && intervals.is_some() {
                self.interval_of(place, &answer.key, ratio, interval);
            }
            said.push(Said { ratio: LikelihoodRatio::saturating(ratio), shares, neutral: None, interval });
        }
        (fine && self.coherent(place, &said) & self.trend(place, written.trend, answers, &said))
            .then_some(said)
    }

    /// Checks that a ratio has an interval, and lies in it.
    fn interval_of(
        &mut self,
        place: &Place,
        key: &str,
        ratio: f64,
        interval: Option<(LikelihoodRatio, LikelihoodRatio)>,
    ) {
        match interval {
            Some((low, high)) if !holds([low.get(), high.get()], ratio) => {
                self.does_not_hold(&place.field("interval").field(key), [low.get(), high.get()], ratio);
            }
            None if (ratio - 1.0).abs() > 0.0 => {
                let message = format!("the ratio of `{}` has no interval", excerpt(key));
                let help = format!("give `interval = {{ {} = [low, high] }}`", toml_key(key));
                self.report_with_help(Code::IntervalMissing, place, message, help);
            }
            Some(_) | None => {}
        }
    }

    /// Reports a ratio outside its interval.
    pub(super) fn does_not_hold(&mut self, place: &Place, [low, high]: [f64; 2], ratio: f64) {
        let (low, high, ratio) = (rounded(low), rounded(high), rounded(ratio));
        let message = format!("the interval {low} to {high} does not hold the ratio {ratio}");
        self.report(Code::IntervalInvalid, place, message);
    }

    /// The one form of figures a row has.
    fn form(&mut self, place: &Place, written: &Evidence) -> Option<&'static str> {
        let kind = self.document.indicators.get(&written.indicator)?.kind;
        let forms = [
            ("likelihood_ratio", written.likelihood_ratio.is_some()),
            ("accuracy", written.accuracy.is_some()),
            ("counts", written.counts.is_some()),
            ("likelihood_ratios", !written.likelihood_ratios.is_empty()),
            ("probabilities", written.probabilities.is_some()),
        ];
        let given: Vec<&str> = forms.iter().filter(|(_, given)| *given).map(|(form, _)| *form).collect();
        let suiting = match kind {
            IndicatorKind::Boolean => ["likelihood_ratio", "accuracy", "counts", "probabilities"].as_slice(),
            IndicatorKind::Categorical | IndicatorKind::Ordinal | IndicatorKind::Numeric => {
                &["likelihood_ratios", "probabilities"]
            }
        };
        let help = format!("give one of {}", listed(suiting.iter().copied()));
        match given.as_slice() {
            [form] => {
                let form = suiting.iter().find(|suits| *suits == form).copied();
                if form.is_none() {
                    let form = given.concat();
                    let (name, kind) = (excerpt(&written.indicator), kind_word(kind));
                    let message = format!("`{form}` does not suit `{name}`, which is {kind}");
                    self.report_with_help(Code::FormNotForKind, &place.field(&form), message, help);
                }
                return form;
            }
            // Figures that could not be read are reported as such.
            [] if self.unread(&place.field("likelihood_ratios")) => {}
            [] => self.report_with_help(Code::EvidenceForm, place, "the row has no figures", help),
            several => {
                let message =
                    format!("the row has several forms of figures: {}", listed(several.iter().copied()));
                self.report_with_help(Code::EvidenceForm, place, message, "keep one of them");
            }
        }
        None
    }

    /// The ratios as the row's form gives them, before checks.
    fn drafts(&mut self, place: &Place, written: &Evidence, answers: &[Answer]) -> Option<Vec<Draft>> {
        if let Some(pair) = &written.likelihood_ratio {
            return Some(vec![pair.absent.map(|ratio| (ratio, None)), Some((pair.present, None))]);
        }
        if let Some(accuracy) = &written.accuracy {
            return self.accuracy(place, accuracy).map(shares_of);
        }
        if let Some(counts) = &written.counts {
            return self.counts(place, counts).map(|counts| shares_of(counts.accuracy()));
        }
        if let Some(probabilities) = &written.probabilities {
            return self.probabilities(place, &written.indicator, probabilities, answers);
        }
        let ratios = self.by_answer(place, &written.indicator, answers, &written.likelihood_ratios)?;
        Some(ratios.into_iter().map(|ratio| ratio.map(|ratio| (ratio, None))).collect())
    }

    fn accuracy(&mut self, place: &Place, written: &AccuracyRow) -> Option<Accuracy> {
        let sensitivity = self.probability(&place.field("sensitivity"), written.sensitivity);
        let specificity = self.probability(&place.field("specificity"), written.specificity);
        (sensitivity && specificity).then(|| Accuracy::new(written.sensitivity, written.specificity).ok())?
    }

    fn counts(&mut self, place: &Place, written: &CountsRow) -> Option<Counts> {
        let CountsRow { true_positive, false_negative, false_positive, true_negative } = *written;
        match Counts::new(true_positive, false_negative, false_positive, true_negative) {
            Ok(counts) => {
                if counts.is_continuity_corrected() {
                    let message = "a cell of the table is 0, so one half is added to all four";
                    self.report(Code::ZeroCell, place, message);
                }
                Some(counts)
            }
            Err(
                error @ (BeliefError::EmptyTable
                | BeliefError::NotAProbability(_)
                | BeliefError::NotALikelihoodRatio(_)),
            ) => {
                self.report(Code::CountsEmpty, place, error.to_string());
                None
            }
        }
    }

    fn probabilities(
        &mut self,
        place: &Place,
        indicator: &str,
        written: &Probabilities,
        answers: &[Answer],
    ) -> Option<Vec<Draft>> {
        let cause = self.shares(&place.field("cause"), indicator, &written.cause, answers);
        let comparator = self.shares(&place.field("comparator"), indicator, &written.comparator, answers);
        Some(cause?.into_iter().zip(comparator?).map(|(c, o)| Some((c / o, Some((c, o))))).collect())
    }

    /// A probability for each answer; a boolean may leave one of its two out.
    fn shares(
        &mut self,
        place: &Place,
        indicator: &str,
        written: &BTreeMap<String, f64>,
        answers: &[Answer],
    ) -> Option<Vec<f64>> {
        let boolean = self.document.indicators.get(indicator)?.kind == IndicatorKind::Boolean;
        let mut fine = true;
        for (key, value) in written {
            fine &= self.probability(&place.field(key), *value);
        }
        let mut shares = self.by_answer(place, indicator, answers, written).filter(|_| fine)?;
        if boolean && written.len() == 1 {
            let other = 1.0 - shares.iter().flatten().sum::<f64>();
            shares.iter_mut().filter(|share| share.is_none()).for_each(|share| *share = Some(other));
        }
        let unsaid = unsaid(answers, &shares);
        if !unsaid.is_empty() {
            let message = format!("no probability for {}", listed(unsaid.into_iter()));
            self.report_with_help(Code::AnswersNotStated, place, message, "give one for every answer");
            return None;
        }
        let shares: Vec<f64> = shares.into_iter().flatten().collect();
        let sum: f64 = shares.iter().sum();
        if (sum - 1.0).abs() > SUM_TOLERANCE {
            let message = format!("the probabilities sum to {}, expected 1", rounded(sum));
            self.report(Code::ProbabilitiesSum, place, message);
            return None;
        }
        Some(shares)
    }

    /// Values by the position of the answer that is their key; none where a key is unknown or comes twice.
    fn by_answer<T: Copy>(
        &mut self,
        place: &Place,
        indicator: &str,
        answers: &[Answer],
        written: &BTreeMap<String, T>,
    ) -> Option<Vec<Option<T>>> {
        let mut values = vec![None; answers.len()];
        let mut fine = true;
        for (key, value) in written {
            let place = place.field(key);
            let slot = self.answer_in(&place, indicator, answers, key).and_then(|at| values.get_mut(at));
            fine &= slot.as_ref().is_some_and(|slot| slot.is_none());
            if slot.as_ref().is_some_and(|slot| slot.is_some()) {
                let message =
                    format!("`{}` is another way to write a bin that was named before", excerpt(key));
                self.report_with_help(Code::DuplicateEvidence, &place, message, "keep one of the two");
            }
            if let Some(slot) = slot {
                *slot = Some(*value);
            }
        }
        fine.then_some(values)
    }

    /// Why each answer is neutral, where it is; answers about which nothing is said are reported.
    fn neutral(
        &mut self,
        place: &Place,
        form: &str,
        written: &Evidence,
        answers: &[Answer],
        drafts: &[Draft],
    ) -> Option<Vec<Option<Arc<str>>>> {
        let boolean = self.document.indicators.get(&written.indicator)?.kind == IndicatorKind::Boolean;
        let (own, other, field) = if boolean {
            (&written.absent, &written.unlisted, "unlisted")
        } else {
            (&written.unlisted, &written.absent, "absent")
        };
        if other.is_some() {
            let message = if boolean {
                "`unlisted` is for other kinds, expected `absent` for a boolean"
            } else {
                "`absent` is for booleans, expected `unlisted` for other kinds"
            };
            self.report(Code::FormNotForKind, &place.field(field), message);
        }
        let unsaid = unsaid(answers, drafts);
        if boolean && own.is_some() && form == "likelihood_ratio" && unsaid.is_empty() {
            let message = "absence is given a ratio and declared neutral as well";
            self.report_with_help(Code::EvidenceForm, &place.field("absent"), message, "keep one of the two");
            return None;
        }
        if own.is_none() && !unsaid.is_empty() {
            let place = place.field(form);
            if boolean {
                let help =
                    "give `absent` a ratio, or `absent = { neutral = \"why absence is no evidence\" }`";
                self.report_with_help(
                    Code::AbsenceNotStated,
                    &place,
                    "the row says nothing about absence",
                    help,
                );
            } else {
                let message = format!("the row says nothing about {}", listed(unsaid.into_iter()));
                let help = "give each a ratio, or `unlisted = { neutral = \"why they are no evidence\" }`";
                self.report_with_help(Code::AnswersNotStated, &place, message, help);
            }
            return None;
        }
        // Declaring absence neutral wins over what `accuracy`, `counts` or `probabilities` say about it.
        let reason: Option<Arc<str>> = own.as_ref().map(|own: &Neutral| own.neutral.as_str().into());
        let silenced = |(at, draft): (usize, &Draft)| draft.is_none() || (boolean && at == 0);
        Some(
            drafts
                .iter()
                .enumerate()
                .map(|each| if silenced(each) { reason.clone() } else { None })
                .collect(),
        )
    }

    /// The intervals of the answers, those of counts computed; none where one makes no sense.
    fn intervals(
        &mut self,
        place: &Place,
        row: &Evidence,
        answers: &[Answer],
    ) -> Option<Vec<Option<Interval>>> {
        let counts = row.counts.as_ref().filter(|_| row.interval.is_empty()).and_then(|c| {
            Counts::new(c.true_positive, c.false_negative, c.false_positive, c.true_negative).ok()
        });
        if let Some(counts) = counts {
            return Some(vec![Some(counts.interval_absent()), Some(counts.interval_present())]);
        }
        let place = place.field("interval");
        let mut fine = true;
        for (key, ends) in &row.interval {
            fine &= self.interval(&place.field(key), *ends).is_some();
        }
        let ends = self.by_answer(&place, &row.indicator, answers, &row.interval).filter(|_| fine)?;
        let ratio = |end: f64| LikelihoodRatio::saturating(end);
        Some(ends.into_iter().map(|ends| ends.map(|[low, high]| (ratio(low), ratio(high)))).collect())
    }

    /// Checks that an interval is one of ratios.
    pub(super) fn interval(&mut self, place: &Place, [low, high]: [f64; 2]) -> Option<Interval> {
        let ends = LikelihoodRatio::new(low).ok().zip(LikelihoodRatio::new(high).ok());
        let interval = ends.filter(|(low, high)| low <= high);
        if interval.is_none() {
            let message = format!("{} to {} is no interval of a ratio", rounded(low), rounded(high));
            let help = "give its lower and its upper end, both above 0";
            self.report_with_help(Code::IntervalInvalid, place, message, help);
        }
        interval
    }

    /// Checks one ratio against the limits, its tag's cap, and what is worth a second look.
    pub(super) fn ratio(&mut self, place: &Place, what: &str, ratio: f64, tag: Tag) -> bool {
        let within = |most: f64| ratio <= most * (1.0 + 1e-9) && ratio * most * (1.0 + 1e-9) >= 1.0;
        let shown = rounded(ratio);
        if !(ratio.is_finite() && within(LARGEST_RATIO)) {
            let message = format!("the ratio of {what} is {shown}, expected 0.000001 to 1000000");
            let help = match ratio {
                x if x.is_nan() => "leave out what is not known",
                x if x < 0.0 => "evidence against a cause has a ratio below 1, but above 0",
                _ => CERTAINTY,
            };
            self.report_with_help(Code::LikelihoodRatioOutOfRange, place, message, help);
            return false;
        }
        if matches!(tag, Tag::Seed | Tag::Assumption) && !within(LARGEST_UNSOURCED) {
            let tag = if tag == Tag::Seed { "seed" } else { "assumption" };
            let message =
                format!("the ratio of {what} is {shown}, expected 1/4 to 4 for a figure tagged `{tag}`");
            let help = "find a source, or move the figure to the cap and say so in the note";
            self.report_with_help(Code::TagTooStrong, place, message, help);
            return false;
        }
        if !within(LARGE_RATIO) {
            let message = format!("the ratio of {what} is {shown}, a weight above 30 dB");
            let help = "check the figure; what is certain belongs into a gate";
            self.report_with_help(Code::WeightLarge, place, message, help);
        }
        true
    }

    /// Ratios all on one side of 1 come from no probabilities, unless an answer is declared neutral.
    fn coherent(&mut self, place: &Place, said: &[Said]) -> bool {
        if said.iter().any(|said| said.neutral.is_some() || said.shares.is_some()) {
            return true;
        }
        let above = said.iter().any(|said| said.ratio > LikelihoodRatio::NEUTRAL);
        let below = said.iter().any(|said| said.ratio < LikelihoodRatio::NEUTRAL);
        if above != below {
            let (side, other) = if above { ("above", "below") } else { ("below", "above") };
            let message = format!("there are ratios {side} 1 and none {other}: no probabilities give these");
            let help = "check the figures, or declare the answer that is no evidence neutral";
            self.report_with_help(Code::LikelihoodRatioIncoherent, place, message, help);
        }
        above == below
    }

    fn trend(&mut self, place: &Place, trend: Option<Trend>, answers: &[Answer], said: &[Said]) -> bool {
        let broken = |((_, one), (_, next)): &((&Answer, &Said), (&Answer, &Said))| match trend {
            None => false,
            Some(Trend::Increasing) => one.ratio > next.ratio,
            Some(Trend::Decreasing) => one.ratio < next.ratio,
        };
        let mut pairs = answers.iter().zip(said).zip(answers.iter().zip(said).skip(1));
        let Some(((one, low), (next, high))) = pairs.find(broken) else { return true };
        let (low, high) = (rounded(low.ratio.get()), rounded(high.ratio.get()));
        let message = format!("`{}` has {low} and `{}` has {high}, against this trend", one.key, next.key);
        self.report(Code::TrendBroken, &place.field("trend"), message);
        false
    }

    /// Two rows of one cause, indicator and condition, both general or both for one setting, are one too many.
    fn duplicates(&mut self, rows: &[Option<Row>]) {
        let mut seen: BTreeMap<(_, _, Option<&str>, _), usize> = BTreeMap::new();
        for (position, row) in rows.iter().enumerate() {
            let Some(row) = row else { continue };
            let general = row.settings.is_empty().then_some(None);
            for setting in general.into_iter().chain(row.settings.iter().copied().map(Some)) {
                let key = (row.cause, row.indicator, row.when_text.as_deref(), setting);
                if let Some(first) = seen.insert(key, position) {
                    let place = Place::root().field("evidence").index(position);
                    let message =
                        format!("`evidence[{first}]` speaks of the same cause, indicator and condition");
                    let help = "keep one, or give one a `when` or a `setting`";
                    self.report_with_help(Code::DuplicateEvidence, &place, message, help);
                    break;
                }
            }
        }
    }
}

/// The keys of the answers without a value.
fn unsaid<'a, T>(answers: &'a [Answer], values: &[Option<T>]) -> Vec<&'a str> {
    let pairs = answers.iter().zip(values).filter(|(_, value)| value.is_none());
    pairs.map(|(answer, _)| answer.key.as_str()).collect()
}

/// A key as TOML writes it.
fn toml_key(key: &str) -> String {
    if crate::id::is_slug(key) { key.to_owned() } else { format!("\"{}\"", excerpt(key)) }
}

/// What sensitivity and specificity say about absence and presence.
fn shares_of(accuracy: Accuracy) -> Vec<Draft> {
    let ratios = accuracy.likelihood_ratios();
    let (sensitivity, specificity) = (accuracy.sensitivity(), accuracy.specificity());
    let not = |p: Probability| 1.0 - p.get();
    vec![
        Some((ratios.absent.get(), Some((not(sensitivity), specificity.get())))),
        Some((ratios.present.get(), Some((sensitivity.get(), not(specificity))))),
    ]
}
