//! Rows of evidence: names, forms, ranges, and what each says about every answer.

use std::collections::BTreeMap;

use super::checker::Checker;
use crate::belief::{Accuracy, BeliefError, Counts, LikelihoodRatio, Probability};
use crate::document::Place;
use crate::document::{
    AccuracyRow, Against, Code, CountsRow, Evidence, IndicatorKind, Probabilities, Tag, Trend,
};
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
        let (cause, indicator) = (cause?, indicator?);
        if let Some(Some(formula)) = &when {
            let read = formula.indicators().into_iter().collect::<Vec<_>>();
            self.tied(&when_place, "when", indicator, &read);
        }
        let answers = self.answers.get(&indicator).cloned().unwrap_or_default();
        let said = self.said(&place, written, &answers)?;
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
        for other in read.iter().filter(|other| **other != indicator) {
            if home.is_none() || self.group_of.get(other).copied() != home {
                let (one, two) = (self.name_of(indicator), self.name_of(*other));
                let message = format!("`{by}` ties `{one}` and `{two}`, which are not in one group");
                let help = match home {
                    Some(group) => format!("add `{two}` to the members of `groups.{group}`"),
                    None => format!("declare a group with the members `{one}` and `{two}`"),
                };
                self.report_with_help(Code::TiedOutsideGroup, place, message, help);
            }
        }
    }

    /// The identifier of an indicator.
    pub(super) fn name_of(&self, indicator: IndicatorIx) -> String {
        let found = self.indicators.iter().find(|(_, ix)| **ix == indicator);
        found.map_or_else(String::new, |(name, _)| (*name).to_owned())
    }

    /// What a row says about each answer of its indicator.
    fn said(&mut self, place: &Place, written: &Evidence, answers: &[Answer]) -> Option<Vec<Said>> {
        let drafts = self.drafts(place, written, answers)?;
        let intervals = self.intervals(place, &written.interval, answers, written);
        let neutral = self.neutral(place, written, &drafts)?;
        let mut said = Vec::new();
        let mut fine = true;
        for (((draft, neutral), interval), answer) in
            drafts.into_iter().zip(neutral).zip(intervals).zip(answers)
        {
            let Some((ratio, shares)) = draft else {
                said.push(Said { ratio: LikelihoodRatio::NEUTRAL, shares: None, neutral, interval: None });
                continue;
            };
            if neutral.is_some() {
                said.push(Said { ratio: LikelihoodRatio::NEUTRAL, shares, neutral, interval: None });
                continue;
            }
            fine &= self.ratio(place, &answer.key, ratio, written.provenance.tag);
            if let Some((low, high)) =
                interval.filter(|(low, high)| !(low.get() <= ratio + 1e-9 && ratio <= high.get() + 1e-9))
            {
                let message = format!("the interval {low} to {high} does not hold the ratio {ratio:.4}");
                self.report(Code::IntervalInvalid, &place.field("interval").field(&answer.key), message);
            }
            let weighs = (ratio - 1.0).abs() > 0.0;
            if weighs && interval.is_none() {
                let help = format!("give `interval = {{ {} = [low, high] }}`", toml_key(&answer.key));
                self.report_with_help(
                    Code::IntervalMissing,
                    place,
                    format!("the ratio of `{}` has no interval", answer.key),
                    help,
                );
            }
            said.push(Said { ratio: LikelihoodRatio::saturating(ratio), shares, neutral: None, interval });
        }
        fine &= self.coherent(place, &said);
        fine &= self.trend(place, written.trend, &said);
        fine.then_some(said)
    }

    /// The ratios as the row's form gives them, before checks.
    fn drafts(&mut self, place: &Place, written: &Evidence, answers: &[Answer]) -> Option<Vec<Draft>> {
        let forms = [
            ("likelihood_ratio", written.likelihood_ratio.is_some()),
            ("accuracy", written.accuracy.is_some()),
            ("counts", written.counts.is_some()),
            ("likelihood_ratios", !written.likelihood_ratios.is_empty()),
            ("probabilities", written.probabilities.is_some()),
        ];
        let given: Vec<&str> = forms.iter().filter(|(_, given)| *given).map(|(form, _)| *form).collect();
        let [form] = given.as_slice() else {
            let message = match given.len() {
                0 => "the row has no figures".to_owned(),
                _ => format!("the row has several forms of figures: {}", given.join(", ")),
            };
            let all = forms.map(|(form, _)| form).join(", ");
            self.report_with_help(Code::EvidenceForm, place, message, format!("give exactly one of {all}"));
            return None;
        };
        let boolean = self.document.indicators.get(&written.indicator)?.kind == IndicatorKind::Boolean;
        let for_boolean = matches!(*form, "likelihood_ratio" | "accuracy" | "counts");
        if *form != "probabilities" && boolean != for_boolean {
            let (is, instead) =
                if boolean { ("boolean", "likelihood_ratio") } else { ("no boolean", "likelihood_ratios") };
            let message = format!("`{form}` does not suit `{}`, which is {is}", written.indicator);
            self.report_with_help(
                Code::FormNotForKind,
                &place.field(form),
                message,
                format!("give `{instead}`"),
            );
            return None;
        }
        if let Some(pair) = &written.likelihood_ratio {
            return Some(vec![pair.absent.map(|ratio| (ratio, None)), Some((pair.present, None))]);
        }
        if let Some(accuracy) = &written.accuracy {
            return self.accuracy(&place.field("accuracy"), accuracy).map(shares_of);
        }
        if let Some(counts) = &written.counts {
            return self.counts(&place.field("counts"), counts).map(|counts| shares_of(counts.accuracy()));
        }
        if let Some(probabilities) = &written.probabilities {
            return self.probabilities(&place.field("probabilities"), probabilities, answers, boolean);
        }
        let mut drafts: Vec<Draft> = vec![None; answers.len()];
        for (key, ratio) in &written.likelihood_ratios {
            let at = self.answer_in(&place.field("likelihood_ratios").field(key), answers, key)?;
            if let Some(draft) = drafts.get_mut(at) {
                *draft = Some((*ratio, None));
            }
        }
        Some(drafts)
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
                    self.report(
                        Code::ZeroCell,
                        place,
                        "a cell of the table is 0, so one half is added to all four",
                    );
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
        written: &Probabilities,
        answers: &[Answer],
        boolean: bool,
    ) -> Option<Vec<Draft>> {
        let cause = self.shares(&place.field("cause"), &written.cause, answers, boolean)?;
        let comparator = self.shares(&place.field("comparator"), &written.comparator, answers, boolean)?;
        Some(cause.into_iter().zip(comparator).map(|(c, o)| Some((c / o, Some((c, o))))).collect())
    }

    /// A probability for each answer; a boolean may leave one of its two out.
    fn shares(
        &mut self,
        place: &Place,
        written: &BTreeMap<String, f64>,
        answers: &[Answer],
        boolean: bool,
    ) -> Option<Vec<f64>> {
        let mut shares: Vec<Option<f64>> = vec![None; answers.len()];
        let mut fine = true;
        for (key, value) in written {
            let place = place.field(key);
            let at = self.answer_in(&place, answers, key);
            fine &= at.is_some() && self.probability(&place, *value);
            if let Some(share) = at.and_then(|at| shares.get_mut(at)) {
                *share = Some(*value);
            }
        }
        if !fine {
            return None;
        }
        if boolean && written.len() == 1 {
            let other = 1.0 - shares.iter().flatten().sum::<f64>();
            shares.iter_mut().filter(|share| share.is_none()).for_each(|share| *share = Some(other));
        }
        let missing: Vec<String> = answers
            .iter()
            .zip(&shares)
            .filter(|(_, share)| share.is_none())
            .map(|(a, _)| format!("`{}`", a.key))
            .collect();
        if !missing.is_empty() {
            let message = format!("no probability for {}", missing.join(", "));
            self.report_with_help(Code::AnswersNotStated, place, message, "give one for every answer");
            return None;
        }
        let shares: Vec<f64> = shares.into_iter().flatten().collect();
        let sum: f64 = shares.iter().sum();
        if (sum - 1.0).abs() > SUM_TOLERANCE {
            self.report(
                Code::ProbabilitiesSum,
                place,
                format!("the probabilities sum to {sum}, where 1 was expected"),
            );
            return None;
        }
        Some(shares)
    }

    /// Why each answer is neutral, where it is; answers about which nothing is said are reported.
    fn neutral(
        &mut self,
        place: &Place,
        written: &Evidence,
        drafts: &[Draft],
    ) -> Option<Vec<Option<String>>> {
        let boolean = self.document.indicators.get(&written.indicator)?.kind == IndicatorKind::Boolean;
        let reason = |neutral: &Option<crate::document::Neutral>| neutral.as_ref().map(|n| n.neutral.clone());
        if boolean {
            if written.unlisted.is_some() {
                let message = "`unlisted` is for answers with names; a boolean has `absent`";
                self.report(Code::FormNotForKind, &place.field("unlisted"), message);
            }
            if written.absent.is_some()
                && written.likelihood_ratio.as_ref().is_some_and(|pair| pair.absent.is_some())
            {
                let message = "absence is given a ratio and declared neutral as well";
                self.report_with_help(
                    Code::EvidenceForm,
                    &place.field("absent"),
                    message,
                    "keep one of the two",
                );
                return None;
            }
            if written.absent.is_none() && drafts.first().is_some_and(Option::is_none) {
                let help =
                    "give `absent` a ratio, or `absent = { neutral = \"why absence is no evidence\" }`";
                self.report_with_help(
                    Code::AbsenceNotStated,
                    place,
                    "the row says nothing about absence",
                    help,
                );
                return None;
            }
            return Some(vec![reason(&written.absent), None]);
        }
        if written.absent.is_some() {
            let message = "`absent` is for booleans; answers with names have `unlisted`";
            self.report(Code::FormNotForKind, &place.field("absent"), message);
        }
        let unsaid = drafts.iter().filter(|draft| draft.is_none()).count();
        if unsaid > 0 && written.unlisted.is_none() {
            let help = "give each a ratio, or `unlisted = { neutral = \"why they are no evidence\" }`";
            self.report_with_help(
                Code::AnswersNotStated,
                place,
                format!("the row says nothing about {unsaid} of the answers"),
                help,
            );
            return None;
        }
        Some(
            drafts
                .iter()
                .map(|draft| if draft.is_none() { reason(&written.unlisted) } else { None })
                .collect(),
        )
    }

    /// The intervals of the answers; those of counts are computed.
    fn intervals(
        &mut self,
        place: &Place,
        written: &BTreeMap<String, [f64; 2]>,
        answers: &[Answer],
        row: &Evidence,
    ) -> Vec<Option<(LikelihoodRatio, LikelihoodRatio)>> {
        let mut intervals = vec![None; answers.len()];
        for (key, [low, high]) in written {
            let place = place.field("interval").field(key);
            let at = self.answer_in(&place, answers, key);
            match (LikelihoodRatio::new(*low), LikelihoodRatio::new(*high)) {
                (Ok(low), Ok(high)) if low <= high => {
                    if let Some(interval) = at.and_then(|at| intervals.get_mut(at)) {
                        *interval = Some((low, high));
                    }
                }
                _ => self.report(
                    Code::IntervalInvalid,
                    &place,
                    format!("{low} to {high} is no interval of a likelihood ratio"),
                ),
            }
        }
        let counts = row.counts.as_ref().filter(|_| written.is_empty()).and_then(|c| {
            Counts::new(c.true_positive, c.false_negative, c.false_positive, c.true_negative).ok()
        });
        if let Some(counts) = counts {
            intervals = vec![Some(counts.interval_absent()), Some(counts.interval_present())];
        }
        intervals
    }

    /// Checks one ratio against the limits, its tag's cap, and what is worth a second look.
    pub(super) fn ratio(&mut self, place: &Place, key: &str, ratio: f64, tag: Tag) -> bool {
        let within = |most: f64| ratio <= most * (1.0 + 1e-9) && ratio * most * (1.0 + 1e-9) >= 1.0;
        if !(ratio.is_finite() && within(LARGEST_RATIO)) {
            let message = format!("the ratio of `{key}` is {ratio}, where 0.000001 to 1000000 is allowed");
            self.report_with_help(
                Code::LikelihoodRatioOutOfRange,
                place,
                message,
                "certainty is a gate (`requires`, `excludes`), not a number",
            );
            return false;
        }
        if matches!(tag, Tag::Seed | Tag::Assumption) && !within(LARGEST_UNSOURCED) {
            let tag = if tag == Tag::Seed { "seed" } else { "assumption" };
            let message =
                format!("the ratio of `{key}` is {ratio:.4}, where a figure tagged `{tag}` lies in 1/4 to 4");
            self.report_with_help(
                Code::TagTooStrong,
                place,
                message,
                "find a source, or move the ratio to the cap and say so in the note",
            );
            return false;
        }
        if !within(LARGE_RATIO) {
            self.report(Code::WeightLarge, place, format!("the ratio of `{key}` is {ratio}, above 30 dB"));
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
            let side = if above { "above" } else { "below" };
            let message = format!("ratios {side} 1 and none on the other side: no probabilities give these");
            self.report_with_help(
                Code::LikelihoodRatioIncoherent,
                place,
                message,
                "declare the answer without evidence neutral",
            );
        }
        above == below
    }

    fn trend(&mut self, place: &Place, trend: Option<Trend>, said: &[Said]) -> bool {
        let rising = |(one, next): (&Said, &Said)| match trend {
            None => true,
            Some(Trend::Increasing) => one.ratio <= next.ratio,
            Some(Trend::Decreasing) => one.ratio >= next.ratio,
        };
        let kept = said.iter().zip(said.iter().skip(1)).all(rising);
        if !kept {
            self.report(
                Code::TrendBroken,
                &place.field("trend"),
                "the ratios do not follow this trend along the answers",
            );
        }
        kept
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
                        format!("evidence[{first}] already speaks of this cause, indicator and condition");
                    self.report_with_help(
                        Code::DuplicateEvidence,
                        &place,
                        message,
                        "keep one, or give one a `when` or a `setting`",
                    );
                    break;
                }
            }
        }
    }
}

/// A key as TOML writes it.
fn toml_key(key: &str) -> String {
    if crate::id::is_slug(key) { key.to_owned() } else { format!("\"{key}\"") }
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
