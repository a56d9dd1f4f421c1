//! Laws of evidence: from what was published to what is weighed.

use std::collections::BTreeMap;

use aetia::written::{Against, Count, CountRule, Evidence, Group, Indicator, Item, Neutral};
use aetia::{
    Accuracy, AnswerValue, CaseError, Code, Document, Finding, IndicatorKind, LikelihoodRatio, Link,
    Probability, Trend,
};
use aetia_tests::engine::{any_document, assess, case, cases, errors, model, options, posterior, raw_scores};
use aetia_tests::oracle::{Findings, answers_of};
use aetia_tests::sketch::{HERE, add_boolean, add_booleans, group, ratio, ratio_row, row, sketch};
use aetia_tests::synthetic::provenance;
use proptest::prelude::*;
use proptest::sample::Index;

const CAUSE: &str = "cause";

/// A document with one numeric indicator, whose bins weigh so many millidecibans.
fn binned(cut_points: &[f64], weights: &[i64], trend: Option<Trend>) -> Document {
    let mut document = sketch(&[(CAUSE, 0.2)]);
    let indicator = Indicator {
        title: "A number".to_owned(),
        kind: IndicatorKind::Numeric,
        cut_points: cut_points.to_vec(),
        unit: Some("years".to_owned()),
        ..Indicator::default()
    };
    let ratios = weights.iter().map(|weight| ratio(weight * 1_000_000));
    let likelihood_ratios = answers_of(&indicator).into_iter().zip(ratios).collect();
    document.evidence.push(Evidence { likelihood_ratios, trend, ..row(CAUSE, "number") });
    document.indicators.insert("number".to_owned(), indicator);
    document
}

/// What a number weighs in such a document.
fn weight_of(document: &Document, number: f64) -> i64 {
    let findings = Findings::from([("number".to_owned(), AnswerValue::Number(number))]);
    let model = model(document);
    let options = options(HERE, Link::Exclusive);
    let score = |findings| raw_scores(&assess(&model, findings, &options))[CAUSE];
    score(&findings) - score(&Findings::new())
}

/// Cut-points in ascending order, all different, whole or not.
fn cut_points() -> impl Strategy<Value = Vec<f64>> {
    let steps = prop::collection::vec(1..400_u32, 1..=5);
    (-1_000..1_000_i32, steps, any::<bool>()).prop_map(|(from, steps, whole)| {
        let unit = if whole { 1.0 } else { 1.0 / 7.0 };
        let mut at = f64::from(from);
        let step = |step: &u32| {
            at += f64::from(*step) * unit;
            at
        };
        steps.iter().map(step).collect()
    })
}

/// Different weights on both sides of 0, in ascending order; steps are of at least 2.
fn ascending(count: usize, step: i64) -> Vec<i64> {
    (0..i64::try_from(count).unwrap()).map(|position| (position - 1) * step + step / 2).collect()
}

proptest! {
    #![proptest_config(cases())]

    /// At the cut the upper bin, a hair below it the lower one; what is no finite number is no answer.
    #[test]
    fn a_cut_point_belongs_to_the_bin_above(cuts in cut_points(), step in 2..900_i64, which in any::<Index>()) {
        let weights = ascending(cuts.len() + 1, step);
        let document = binned(&cuts, &weights, None);
        let at = which.index(cuts.len());
        let exact = |bin: usize| weights[bin] * 1_000_000;
        prop_assert_eq!(weight_of(&document, cuts[at]), exact(at + 1));
        prop_assert_eq!(weight_of(&document, cuts[at].next_down()), exact(at));
        prop_assert_eq!(weight_of(&document, cuts[at].next_up()), exact(at + 1));
        prop_assert_eq!(weight_of(&document, f64::MIN), exact(0));
        prop_assert_eq!(weight_of(&document, f64::MAX), exact(cuts.len()));

        let model = model(&document);
        let key = &answers_of(&document.indicators["number"])[at + 1];
        let found = case(&model, &Findings::from([("number".to_owned(), AnswerValue::Number(cuts[at]))]));
        let is_above = matches!(found.finding("number"), Some(Finding::Answer { answer, number: Some(_), .. }) if answer.key() == key);
        prop_assert!(is_above, "{:?} is not {}", found.finding("number"), key);
        for no_number in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
            let refused = model.case().number("number", no_number);
            prop_assert!(matches!(refused, Err(CaseError::AnswerMismatch(_))));
        }
        // A condition at the cut-point divides the numbers at the same place.
        let mut flagged = document;
        let condition = format!("number >= {}", cuts[at]);
        flagged.flags.insert("above".to_owned(), aetia_tests::sketch::flag(&condition));
        let flagged = aetia_tests::engine::model(&flagged);
        for (number, expected) in [(cuts[at], aetia::FlagState::Raised), (cuts[at].next_down(), aetia::FlagState::Cleared)] {
            let findings = Findings::from([("number".to_owned(), AnswerValue::Number(number))]);
            let assessment = assess(&flagged, &findings, &options(HERE, Link::Exclusive));
            prop_assert_eq!(aetia_tests::engine::flags(&assessment)["above"], expected);
        }
    }

    /// A trend that is declared is in the weights, or the document is refused.
    #[test]
    fn a_declared_trend_is_kept(
        cuts in cut_points(),
        weights in prop::collection::vec(1..9_000_i64, 6),
        downward in any::<bool>(),
        swap in any::<Index>(),
    ) {
        // On both sides of 0 and never level, so that any exchange breaks the trend.
        let mut weights: Vec<i64> = weights[..=cuts.len()].iter().scan(-9_000, |at, step| {
            *at += step + 1;
            Some(*at)
        }).collect();
        weights[0] = -10_000;
        *weights.last_mut().unwrap() = weights.last().unwrap().max(&0) + 1;
        let mut trend = Trend::Increasing;
        if downward {
            weights.reverse();
            trend = Trend::Decreasing;
        }
        let document = binned(&cuts, &weights, Some(trend));
        let below = [cuts[0] - 1.0].into_iter().chain(cuts.iter().copied());
        let compiled: Vec<i64> = below.map(|number| weight_of(&document, number)).collect();
        let is_kept = compiled.is_sorted_by(|one, next| if downward { one >= next } else { one <= next });
        prop_assert!(is_kept, "{:?}", compiled);

        let at = swap.index(cuts.len());
        weights.swap(at, at + 1);
        prop_assert!(errors(&binned(&cuts, &weights, Some(trend))).contains(&Code::TrendBroken));
        prop_assert!(errors(&binned(&cuts, &weights, None)).is_empty());
    }

    /// Figures go into ratios and come back; a ratio against everybody else moves the odds by what was published.
    #[test]
    fn a_converted_ratio_reproduces_the_published_one(
        sensitivity in 0.01..0.99_f64,
        specificity in 0.01..0.99_f64,
        priors in prop::collection::vec(0.01..0.12_f64, 2..=4),
        ratios in prop::collection::vec(1.0..2.0_f64, 8),
        yes in any::<bool>(),
    ) {
        let there = Accuracy::new(sensitivity, specificity).unwrap();
        // Near sensitivity = 1 - specificity both ratios are 1, from which nothing comes back.
        if (sensitivity + specificity - 1.0).abs() > 1e-3 {
            let back = Accuracy::from_likelihood_ratios(there.likelihood_ratios()).unwrap();
            prop_assert!((back.sensitivity().get() - sensitivity).abs() < 1e-9);
            prop_assert!((back.specificity().get() - specificity).abs() < 1e-9);
        }

        let ids = ["alder", "birch", "cedar", "dogwood"];
        let causes: Vec<(&str, f64)> = ids.into_iter().zip(priors).collect();
        let mut document = sketch(&causes);
        add_boolean(&mut document, "sign");
        let published = |position: usize, present: bool| {
            let ratio = ratios[2 * position + usize::from(!present)];
            // Half of the causes lean the other way.
            if present == position.is_multiple_of(2) { ratio } else { 1.0 / ratio }
        };
        // The last cause is silent: as in the comparator.
        let measured = causes.len() - 1;
        for (position, (cause, _)) in causes.iter().enumerate().take(measured) {
            let row = ratio_row(cause, "sign", published(position, true), Some(published(position, false)));
            document.evidence.push(Evidence { against: Against::Rest, ..row });
        }
        let findings = Findings::from([("sign".to_owned(), AnswerValue::Boolean(yes))]);
        let assessment = assess(&model(&document), &findings, &options(HERE, Link::Exclusive));
        let odds = |p: f64| p / (1.0 - p);
        for (position, (cause, prior)) in causes.iter().enumerate().take(measured) {
            let after = odds(posterior(assessment.cause(cause).unwrap()));
            let moved = after / odds(*prior);
            prop_assert!((moved / published(position, yes) - 1.0).abs() < 1e-7, "{} moved by {}", cause, moved);
        }
        let silent = assessment.cause(causes[measured].0).unwrap();
        let odds_against_comparator = posterior(silent) / assessment.comparator().posterior().get();
        let before = causes[measured].1 / (1.0 - causes.iter().map(|(_, prior)| prior).sum::<f64>());
        prop_assert!((odds_against_comparator / before - 1.0).abs() < 1e-7);
    }

    /// Ratios that no probabilities give: all on one side of 1, leaving the comparator nothing, or of no distribution.
    #[test]
    fn incoherent_ratios_are_refused(
        weights in prop::collection::vec(1..9_000_i64, 6),
        cuts in cut_points(),
        below in any::<bool>(),
        prior in 0.3..0.45_f64,
        miss in 0.021..0.5_f64,
    ) {
        let side = if below { -1 } else { 1 };
        let one_sided: Vec<i64> = weights.iter().map(|weight| side * weight).collect();
        let incoherent = Code::LikelihoodRatioIncoherent;
        prop_assert!(errors(&binned(&cuts, &one_sided, None)).contains(&incoherent));
        let mut boolean = sketch(&[(CAUSE, 0.2)]);
        add_boolean(&mut boolean, "sign");
        boolean.evidence.push(ratio_row(CAUSE, "sign", ratio(one_sided[0] * 1_000_000), Some(ratio(one_sided[1] * 1_000_000))));
        prop_assert!(errors(&boolean).contains(&incoherent));

        // Two causes, each so much likelier with the sign than all others that together they leave less than nothing.
        let mut rest = sketch(&[("alder", prior), ("birch", prior)]);
        add_boolean(&mut rest, "sign");
        // lift = r / (1 - p + p r) above 1 / (2 p) for both.
        let least = (1.0 - prior) / prior;
        for cause in ["alder", "birch"] {
            let row = ratio_row(cause, "sign", least * (1.0 + miss), Some(0.5));
            rest.evidence.push(Evidence { against: Against::Rest, ..row });
        }
        prop_assert!(errors(&rest).contains(&incoherent));
        for row in &mut rest.evidence {
            row.likelihood_ratio.as_mut().unwrap().present = (least * (1.0 - miss)).max(1.01);
        }
        prop_assert!(errors(&rest).is_empty());

        // A count whose ratios do not average to 1 under the comparator.
        for (sum, is_refused) in [(1.0 + miss, true), (1.0 - miss, true), (1.0, false), (1.0 + miss.min(0.03) / 2.0, false)] {
            prop_assert_eq!(errors(&counted(sum)).contains(&Code::CountIncoherent), is_refused, "{}", sum);
        }
    }

    /// A neutral answer weighs nothing, whatever the figures beside it say.
    #[test]
    fn what_is_declared_neutral_weighs_nothing(document in any_document()) {
        let model = model(&document);
        for (setting, row) in document.settings.keys().flat_map(|setting| document.evidence.iter().map(move |row| (setting, row))) {
            let declares = row.absent.is_some();
            let is_lone = document.groups.values().all(|group| !group.members.contains(&row.indicator));
            let is_replaced = document.evidence.iter().any(|other| {
                (&other.cause, &other.indicator) == (&row.cause, &row.indicator) && other != row
            });
            if !declares || !is_lone || is_replaced {
                continue;
            }
            let findings = Findings::from([(row.indicator.clone(), AnswerValue::Boolean(false))]);
            // A finding may imply another, but only in a group.
            let options = options(setting, Link::Exclusive);
            let Ok(case) = aetia_tests::engine::try_case(&model, &findings) else { continue };
            let assessment = model.assess_with(&case, &options, &mut aetia::Scratch::new()).unwrap().clone();
            let nothing = raw_scores(&assess(&model, &Findings::new(), &options));
            prop_assert_eq!(raw_scores(&assessment)[&row.cause], nothing[&row.cause]);
        }
    }

    /// The weight of a ratio, and of odds, is the formula on the page: `round(10^10 log10 r)`.
    #[test]
    fn a_weight_is_the_rounded_logarithm(exponent in -5.9..5.9_f64, p in 0.0001..0.9999_f64) {
        let ratio = libm::pow(10.0, exponent);
        let weight = LikelihoodRatio::new(ratio).unwrap().weight();
        prop_assert!((weight.decibans() - 10.0 * libm::log10(ratio)).abs() <= 0.5e-9 + 1e-13);
        let back = weight.likelihood_ratio().get() / ratio;
        prop_assert!((back - 1.0).abs() < 1.2e-10);
        let probability = Probability::new(p).unwrap();
        prop_assert!((probability.log_odds().probability().get() - p).abs() < 1e-10);
    }
}

/// A count whose ratios sum to so much under the comparator.
fn counted(sum: f64) -> Document {
    let mut document = sketch(&[(CAUSE, 0.2)]);
    let members = ["a".to_owned(), "b".to_owned()];
    add_booleans(&mut document, &members);
    let items = members.iter().map(|id| Item { title: id.clone(), condition: format!("present({id})") });
    let by_key = |few: f64, many: f64| BTreeMap::from([("<1".to_owned(), few), (">=1".to_owned(), many)]);
    let rule = CountRule {
        cause: CAUSE.to_owned(),
        likelihood_ratios: by_key(0.5 * sum, 1.5 * sum),
        comparator: by_key(0.5, 0.5),
        provenance: provenance(),
        ..CountRule::default()
    };
    let count = Some(Count { items: items.collect(), rules: vec![rule] });
    document.groups.insert("group".to_owned(), Group { count, ..group(&members) });
    document
}

/// Silence about absence is a problem, declared neutrality is none.
#[test]
fn silence_about_absence_is_refused() {
    let mut document = sketch(&[(CAUSE, 0.2)]);
    add_boolean(&mut document, "sign");
    document.evidence.push(ratio_row(CAUSE, "sign", 2.0, None));
    assert!(errors(&document).is_empty());
    let declared: Option<Neutral> = document.evidence[0].absent.take();
    assert!(declared.is_some());
    assert!(errors(&document).contains(&Code::AbsenceNotStated));
}
