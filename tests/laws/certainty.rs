//! Law 37 and what goes with it: how sure a ranking is, and which figures it rests on.

use std::collections::BTreeMap;

use aetia::written::{CountsRow, Evidence, Prior};
use aetia::{Assessment, Document, FigureKind, GateKind, Link, Provenance, Tag, Weight};
use aetia_stats::{Basis, Draws, Simulation, Spreads, UncertainFigure, Uncertainty};
use aetia_tests::engine::{any_sample, assess, assess_sample, candidates, cases, is_open, model, options};
use aetia_tests::flagship::flagship;
use aetia_tests::oracle::Findings;
use aetia_tests::sketch::{HERE, add_boolean, booleans, gate, group, ratio, ratio_row, row, sketch};
use aetia_tests::synthetic::SplitMix;
use aetia_tests::truth::world;
use proptest::prelude::*;

use super::spaces::same;

/// The assessment of a document's findings, all causes competing.
fn assessed(document: &Document, findings: &Findings) -> Assessment {
    assess(&model(document), findings, &options(HERE, Link::Exclusive))
}

pub(super) fn draws(count: u32, seed: u64) -> Draws {
    Draws::new(count, seed).unwrap()
}

/// The share of draws in which each cause is first.
fn firsts(simulation: &Simulation) -> Vec<f64> {
    simulation.causes().iter().map(|cause| simulation.first(cause.as_str()).unwrap()).collect()
}

/// All golden cases of the flagship, assessed.
pub(super) fn golden() -> Vec<Assessment> {
    let flagship = flagship();
    let options = flagship.model.options();
    flagship.cases.iter().map(|case| assess(&flagship.model, &case.findings, &options)).collect()
}

proptest! {
    #![proptest_config(cases())]

    /// With gates and without, under both links, on documents of every kind.
    #[test]
    fn an_interval_holds_the_point_estimate(sample in any_sample()) {
        let assessment = assess_sample(&sample);
        let uncertainty = Uncertainty::of(&assessment);
        for cause in uncertainty.causes() {
            let candidate = cause.candidate();
            let (low, high) = cause.interval_ungated();
            let point = candidate.posterior_ungated().get();
            prop_assert!(low.get() <= point + 1e-9 && point <= high.get() + 1e-9, "{low} {point} {high}");
            prop_assert_eq!(cause.interval().is_some(), candidate.posterior().is_some());
            if let (Some((low, high)), Some(point)) = (cause.interval(), candidate.posterior()) {
                let point = point.get();
                prop_assert!(low.get() <= point + 1e-9 && point <= high.get() + 1e-9, "{low} {point} {high}");
            }
            prop_assert!(cause.sd().is_finite());
        }
        if let Some((low, high)) = uncertainty.comparator() {
            let point = assessment.comparator().posterior().get();
            prop_assert!(low.get() <= point + 1e-9 && point <= high.get() + 1e-9, "{low} {point} {high}");
        }
        for figure in uncertainty.figures() {
            let (spread, own) = (figure.spread(), figure.figure().weight());
            prop_assert!(spread.low <= own && own <= spread.high && spread.sd >= 0.0, "{figure:?}");
        }
    }

    /// On documents of every kind, met for the first time and again; spreads of another model are not used.
    #[test]
    fn a_table_of_spreads_changes_nothing(sample in any_sample()) {
        let assessment = assess_sample(&sample);
        let spreads = Spreads::of(assessment.model());
        let uncertainty = Uncertainty::of(&assessment);
        same(&uncertainty, &Uncertainty::with(&assessment, &spreads));
        same(&uncertainty, &Uncertainty::with(&assessment, &spreads));
        let other = Spreads::of(&flagship().model);
        same(&uncertainty, &Uncertainty::with(&assessment, &other));
    }

    /// Chances are shares of draws: of ranks they sum to 1, and a closed or excluded cause is first in no draw.
    #[test]
    fn chances_of_being_first_sum_to_one(sample in any_sample(), seed in any::<u64>()) {
        let assessment = assess_sample(&sample);
        let simulation = Uncertainty::of(&assessment).simulate(&draws(200, seed));
        let firsts = firsts(&simulation);
        prop_assert!(firsts.iter().all(|share| (0.0..=1.0).contains(share)));
        prop_assert!((firsts.iter().sum::<f64>() - 1.0).abs() < 1e-12, "{firsts:?}");
        for candidate in candidates(&assessment) {
            let id = candidate.id().as_str();
            let within = |k: usize| simulation.within(id, k).unwrap();
            prop_assert!((1..firsts.len()).all(|k| within(k) <= within(k + 1)));
            let all = if candidate.rank().is_some() { 1.0 } else { 0.0 };
            prop_assert!((within(firsts.len()) - all).abs() < 1e-12);
            prop_assert!(is_open(candidate) || within(1) == 0.0, "{id} is closed, and first");
            prop_assert_eq!(simulation.interval(id).is_some(), candidate.rank().is_some());
        }
    }

    /// More people behind a figure make every interval of its cause narrower, and keep it inside the old one.
    #[test]
    fn an_interval_shrinks_when_more_people_were_seen(
        seen in prop::array::uniform4(3..60_u32), factor in 2..10_u32, is_present: bool,
    ) {
        let interval = |times: u32| {
            let mut document = sketch(&[("cause", 0.2), ("rival", 0.3)]);
            certain_priors(&mut document);
            add_boolean(&mut document, "sign");
            let [true_positive, false_negative, false_positive, true_negative] = seen.map(|n| n * times);
            let counts = Some(CountsRow { true_positive, false_negative, false_positive, true_negative });
            document.evidence.push(Evidence { counts, ..row("cause", "sign") });
            let assessment = assessed(&document, &booleans(&[("sign", is_present)]));
            let uncertainty = Uncertainty::of(&assessment);
            assert!(uncertainty.figures().iter().any(|figure| figure.spread().basis == Basis::Counts));
            let cause = uncertainty.cause("cause").unwrap();
            (cause.interval().unwrap(), cause.sd())
        };
        let (((low, high), sd), ((inner_low, inner_high), inner_sd)) = (interval(1), interval(factor));
        prop_assert!(inner_sd < sd && low < inner_low && inner_high < high);
    }

    /// Two causes: the chance in closed form is that of the draws.
    #[test]
    fn pairwise_chances_agree_with_monte_carlo(seed in any::<u64>()) {
        let mut world = world(seed);
        // Two causes are left, so that being first is being above the other.
        let kept = ["cause_0", "cause_1"];
        world.document.causes.retain(|id, _| kept.contains(&id.as_str()));
        world.document.evidence.retain(|row| kept.contains(&row.cause.as_str()));
        world.document.indicators.retain(|id, _| world.document.evidence.iter().any(|row| row.indicator == *id));
        world.findings.retain(|id, _| world.document.indicators.contains_key(id));
        let assessment = assessed(&world.document, &world.findings);
        let uncertainty = Uncertainty::of(&assessment);
        let exact = uncertainty.above("cause_0", "cause_1").unwrap();
        let drawn = uncertainty.simulate(&draws(1_000, seed)).first("cause_0").unwrap();
        prop_assert!((exact - drawn).abs() < 5.0 * (0.25_f64 / 1_000.0).sqrt(), "{exact} {drawn}");
        let other = uncertainty.above("cause_1", "cause_0").unwrap();
        prop_assert!((exact + other - 1.0).abs() < 1e-12);
    }
}

/// Priors that nobody doubts.
fn certain_priors(document: &mut Document) {
    for prior in document.causes.values_mut().flat_map(|cause| cause.prior.values_mut()) {
        prior.interval = Some([prior.value, prior.value]);
    }
}

/// One, two and eight threads, and one draw after another.
#[test]
fn the_number_of_threads_changes_no_figure() {
    let assessments = golden();
    assert!(assessments.len() > 5, "no golden cases");
    for assessment in &assessments {
        let uncertainty = Uncertainty::of(assessment);
        let with = |threads: usize| {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
            pool.install(|| uncertainty.simulate(&draws(1_000, 7)))
        };
        let one = with(1);
        assert_eq!(one, with(2));
        assert_eq!(one, with(8));
        assert_eq!(one, with(1), "the same again");
        assert_ne!(one, uncertainty.simulate(&draws(1_000, 8)), "another seed, other draws");
    }
}

/// The delta method beside Monte Carlo: ends of intervals under both links, over worlds without gates.
#[test]
fn the_delta_method_is_near_monte_carlo() {
    for (link, mean_bound, worst_bound) in [(Link::Independent, 0.005, 0.05), (Link::Exclusive, 0.012, 0.12)]
    {
        let (mut sum, mut worst, mut ends) = (0.0, 0.0_f64, 0.0);
        for seed in 0..40 {
            let world = world(seed);
            let assessment = assess(&model(&world.document), &world.findings, &options(HERE, link));
            let uncertainty = Uncertainty::of(&assessment);
            let simulation = uncertainty.simulate(&draws(4_000, seed));
            for cause in uncertainty.causes() {
                let (low, high) = cause.interval().unwrap();
                let drawn = simulation.interval(cause.candidate().id().as_str()).unwrap();
                for error in [low.get() - drawn.0.get(), high.get() - drawn.1.get()] {
                    sum += error.abs();
                    worst = worst.max(error.abs());
                    ends += 1.0;
                }
            }
        }
        assert!(
            sum / ends < mean_bound && worst < worst_bound,
            "{link:?}: mean {}, worst {worst}",
            sum / ends
        );
    }
}

/// A study used for two findings is wrong once: its errors add up, while those of two studies partly cancel. Between two causes
/// the same error cancels instead.
#[test]
fn a_source_used_twice_is_one_error() {
    let sd = |sources: [&str; 2], causes: [&str; 2], tag: Tag| {
        let mut document = sketch(&[("cause", 0.2), ("rival", 0.3)]);
        certain_priors(&mut document);
        for ((source, cause), sign) in sources.into_iter().zip(causes).zip(["one", "two"]) {
            add_boolean(&mut document, sign);
            let text = document.sources["src"].clone();
            document.sources.insert(source.to_owned(), text);
            let provenance =
                Provenance { source: vec![format!("{source}:table_{sign}")], tag, ..Provenance::default() };
            let interval = [("present".to_owned(), [1.0, 4.0])].into();
            document.evidence.push(Evidence { interval, provenance, ..ratio_row(cause, sign, 2.0, None) });
        }
        let assessment = assessed(&document, &booleans(&[("one", true), ("two", true)]));
        let uncertainty = Uncertainty::of(&assessment);
        let above = uncertainty.above("cause", "rival").unwrap();
        (uncertainty.cause("cause").unwrap().sd(), above)
    };
    let alone = ["cause", "rival"];
    let (one, _) = sd(["a", "a"], alone, Tag::Verified);
    let both = ["cause", "cause"];
    let (same, _) = sd(["a", "a"], both, Tag::Verified);
    let (two, _) = sd(["a", "b"], both, Tag::Verified);
    assert!((same / one - 2.0).abs() < 1e-12, "{same} {one}");
    assert!((two / one - 2.0_f64.sqrt()).abs() < 1e-12, "{two} {one}");
    // The strength of an assumption is in no source.
    let (assumed, _) = sd(["a", "a"], both, Tag::Assumption);
    assert!((assumed / two - 1.0).abs() < 1e-12, "{assumed} {two}");
    // Priors 0.2 and 0.3, the same ratio for both: with one error for both nothing is left that could turn the order.
    assert!(sd(["a", "a"], alone, Tag::Verified).1.abs() < 1e-300);
    let (_, apart) = sd(["a", "b"], alone, Tag::Verified);
    assert!(0.2 < apart && apart < 0.5, "{apart}");
}

/// A weaker tag is a wider declared interval, and an interval that is written wins.
#[test]
fn a_figure_without_an_interval_has_the_width_of_its_tag() {
    let widths = [Tag::Verified, Tag::Recalled, Tag::Seed, Tag::Assumption].map(|tag| {
        let mut document = sketch(&[("cause", 0.2)]);
        certain_priors(&mut document);
        add_boolean(&mut document, "sign");
        document.evidence.push(ratio_row("cause", "sign", 2.0, None));
        document.evidence[0].provenance.tag = tag;
        let of = |document: &Document| {
            let assessment = assessed(document, &booleans(&[("sign", true)]));
            let uncertainty = Uncertainty::of(&assessment);
            let figure =
                uncertainty.figures().iter().find(|it| matches!(it.figure().kind(), FigureKind::Row { .. }));
            (figure.unwrap().spread(), uncertainty.cause("cause").unwrap().sd())
        };
        let (declared, sd) = of(&document);
        assert_eq!(declared.basis, Basis::Declared);
        assert!((sd - declared.sd).abs() < 1e-12);
        document.evidence[0].interval = [("present".to_owned(), [1.5, 2.5])].into();
        assert_eq!(of(&document).0.basis, Basis::Interval);
        declared.sd
    });
    assert!(widths.is_sorted() && widths[1] < widths[2] && widths[2] < widths[3], "{widths:?}");
}

/// A discounted member is uncertain by its discount.
#[test]
fn the_error_of_a_discounted_figure_is_discounted() {
    let mut document = sketch(&[("cause", 0.2)]);
    certain_priors(&mut document);
    let members = ["one".to_owned(), "two".to_owned()];
    for (sign, interval) in members.iter().zip([[4.0, 4.0], [1.0, 4.0]]) {
        add_boolean(&mut document, sign);
        let strength = interval[1] / if sign == "one" { 1.0 } else { 2.0 };
        let interval = [("present".to_owned(), interval)].into();
        document.evidence.push(Evidence { interval, ..ratio_row("cause", sign, strength, None) });
    }
    let sd = |document: &Document| {
        let assessment = assessed(document, &booleans(&[("one", true), ("two", true)]));
        Uncertainty::of(&assessment).cause("cause").unwrap().sd()
    };
    let whole = sd(&document);
    document
        .groups
        .insert("group".to_owned(), aetia::written::Group { gamma: Some(0.25), ..group(&members) });
    assert!((sd(&document) / whole - 0.25).abs() < 1e-9);
}

/// What a small made-up knowledge base has: all figures are rows or priors with intervals, some signs in a group, some causes gated.
fn small(seed: u64) -> (Document, Findings) {
    let mut random = SplitMix::of(seed);
    let names = ["a", "b", "c"];
    let count = 2 + random.below(2);
    let priors: Vec<(&str, f64)> =
        names[..count].iter().map(|name| (*name, 0.05 + 0.2 * random.unit())).collect();
    let mut document = sketch(&priors);
    certain_priors(&mut document);
    for prior in document.causes.values_mut().flat_map(|cause| cause.prior.values_mut()) {
        if random.below(2) == 0 {
            prior.interval =
                Some([prior.value * (0.5 + 0.4 * random.unit()), prior.value * (1.1 + random.unit())]);
        }
    }
    let signs: Vec<String> = (0..3).map(|number| format!("sign_{number}")).collect();
    for sign in &signs {
        add_boolean(&mut document, sign);
        for cause in &names[..count] {
            if random.below(3) == 0 {
                continue;
            }
            let strength = libm::exp(1.6 * random.unit() - 0.8);
            let ends = [strength * (0.5 + 0.45 * random.unit()), strength * (1.05 + 0.8 * random.unit())];
            let interval = [("present".to_owned(), ends)].into();
            document.evidence.push(Evidence { interval, ..ratio_row(cause, sign, strength, None) });
        }
    }
    // An indicator that nothing bears on is a warning, no error; a group of two may be discounted.
    if random.below(2) == 0 {
        document
            .groups
            .insert("group".to_owned(), aetia::written::Group { gamma: Some(0.5), ..group(&signs[..2]) });
    }
    let mut findings: Findings = booleans(&[("sign_0", true), ("sign_1", true), ("sign_2", true)]);
    add_boolean(&mut document, "key");
    match random.below(4) {
        0 => drop(document.gates.insert("gate".to_owned(), gate(GateKind::Requires, "b", "present(key)"))),
        1 => {
            findings.extend(booleans(&[("key", true)]));
            let probability = Some(0.1 + 0.3 * random.unit());
            let cap = aetia::written::Gate { probability, ..gate(GateKind::Caps, "a", "present(key)") };
            document.gates.insert("gate".to_owned(), cap);
        }
        2 => {
            findings.extend(booleans(&[("key", true)]));
            document.gates.insert("gate".to_owned(), gate(GateKind::Excludes, "b", "present(key)"));
        }
        _ => {}
    }
    (document, findings)
}

/// The document with other weights of some figures: rows for what is present, priors by odds against the comparator.
fn with(document: &Document, weights: &[(&UncertainFigure<'_>, Weight)]) -> Document {
    let mut changed = document.clone();
    let named: f64 = document.causes.values().map(|cause| cause.prior[HERE].value).sum();
    let mut odds: BTreeMap<String, f64> = document
        .causes
        .iter()
        .map(|(id, cause)| (id.clone(), cause.prior[HERE].value / (1.0 - named)))
        .collect();
    for (used, weight) in weights {
        let to = ratio(weight.nanodecibans());
        match used.figure().kind() {
            FigureKind::Prior { .. } => drop(odds.insert(used.figure().cause().to_string(), to)),
            FigureKind::Row { position, .. } => {
                changed.evidence[*position].likelihood_ratio.as_mut().unwrap().present = to;
                changed.evidence[*position].interval.clear();
            }
            FigureKind::Rule { .. } => panic!("no counts here"),
        }
    }
    let total: f64 = 1.0 + odds.values().sum::<f64>();
    for (id, cause) in &mut changed.causes {
        let prior = Prior { value: odds[id] / total, interval: None, ..cause.prior[HERE].clone() };
        cause.prior.insert(HERE.to_owned(), prior);
    }
    changed
}

fn first(assessment: &Assessment) -> String {
    assessment.first().id().to_string()
}

/// Every corner of the box of all intervals, compiled and assessed by the engine: up to 2^12 knowledge bases for each.
#[test]
fn stable_is_what_every_corner_says() {
    let (mut stable, mut unstable) = (0, 0);
    for seed in 0..u64::from(cases().cases.min(400) / 4).max(8) {
        let (document, findings) = small(seed);
        let assessment = assessed(&document, &findings);
        let uncertainty = Uncertainty::of(&assessment);
        let stability = uncertainty.stability();
        // Corners go through floats and back, so that leads of a few units may fall on either side.
        if stability.rivals().any(|(_, lead)| lead.abs() < Weight::from_nanodecibans(100)) {
            continue;
        }
        let open: Vec<&UncertainFigure<'_>> =
            uncertainty.figures().iter().filter(|it| it.spread().low < it.spread().high).collect();
        assert!(open.len() <= 12, "{} figures", open.len());
        let corner = |bits: u32| {
            let end = |(at, used): (usize, &&'_ UncertainFigure<'_>)| {
                if bits >> at & 1 == 1 { used.spread().high } else { used.spread().low }
            };
            let weights: Vec<_> = open.iter().enumerate().map(|each| (*each.1, end(each))).collect();
            first(&assessed(&with(&document, &weights), &findings))
        };
        // All corners of the figures of two causes decide; to go through all is what makes this a check.
        let all = 1_u32 << open.len();
        let step = if all > 512 { 7 } else { 1 };
        let worst = corners_of_pairs(&uncertainty, &open);
        let mut corners = (0..all).step_by(step).chain(worst);
        let stays = corners.all(|bits| corner(bits) == first(&assessment));
        assert_eq!(stability.is_stable(), stays, "seed {seed}");
        if stays { stable += 1 } else { unstable += 1 }
    }
    assert!(stable > 1 && unstable > 1, "{stable} stable, {unstable} not");
}

/// The corners that are worst for the first cause against each rival, as bits.
fn corners_of_pairs(uncertainty: &Uncertainty<'_>, open: &[&UncertainFigure<'_>]) -> Vec<u32> {
    let first = uncertainty.assessment().first().id().clone();
    let high = |used: &UncertainFigure<'_>| *used.figure().cause() != first;
    vec![open.iter().enumerate().map(|(at, used)| u32::from(high(used)) << at).sum()]
}

/// What the tornado says about a figure, the engine does when it is compiled with that figure: a unit on either side of a flip.
#[test]
fn a_flip_changes_the_first_cause_and_nothing_nearer_does() {
    let (mut flips, mut never) = (0, 0);
    for seed in 0..u64::from(cases().cases.clamp(40, 1_000)) {
        let (document, findings) = small(seed);
        let assessment = assessed(&document, &findings);
        let uncertainty = Uncertainty::of(&assessment);
        let sensitivity = uncertainty.sensitivity();
        let second = assessment.ranking().nth(1);
        for swing in sensitivity.swings() {
            let used = swing.figure();
            let leads = [(used.spread().low, swing.at_low()), (used.spread().high, swing.at_high())];
            for (end, lead) in leads {
                let changed = assessed(&with(&document, &[(used, end)]), &findings);
                let score = |id: &str| changed.cause(id).unwrap().score();
                let below = sensitivity.second().map_or(aetia::LogOdds::EVEN, |id| score(id.as_str()));
                let found = score(assessment.first().id().as_str()) - below;
                assert!(
                    (found - lead).abs() < Weight::from_nanodecibans(20),
                    "seed {seed}: {found:?} {lead:?}"
                );
            }
            let Some(flip) = swing.flip() else {
                never += 1;
                continue;
            };
            flips += 1;
            // A ratio and a prior go through floats, which moves a weight by some units.
            let slack = Weight::from_nanodecibans(if flip.by() > Weight::ZERO { 20 } else { -20 });
            let beyond = assessed(&with(&document, &[(used, flip.weight() + slack)]), &findings);
            assert_eq!(first(&beyond), flip.first().as_str(), "seed {seed}: {used:?} {flip:?}");
            let before = assessed(&with(&document, &[(used, flip.weight() - slack)]), &findings);
            assert_eq!(first(&before), first(&assessment), "seed {seed}: {used:?} {flip:?}");
            let inside = used.spread().low <= flip.weight() && flip.weight() <= used.spread().high;
            assert_eq!(flip.is_inside(), inside);
        }
        assert!(second.is_none() || sensitivity.second().is_some());
    }
    assert!(flips > 20 && never > 5, "{flips} flips, {never} figures without");
}

/// What moves the lead by less than anybody notices, and can never change the first cause, is in the tornado all the same, with the
/// lead at both ends; what moves nothing is not.
#[test]
fn a_tornado_has_small_figures_and_those_that_never_flip() {
    let mut document = sketch(&[("cause", 0.2), ("held", 0.01)]);
    certain_priors(&mut document);
    for (cause, sign, ends) in
        [("held", "small", [1.9, 2.1]), ("held", "wide", [1.0, 4.0]), ("held", "sure", [2.0, 2.0])]
    {
        add_boolean(&mut document, sign);
        let interval = [("present".to_owned(), ends)].into();
        document.evidence.push(Evidence { interval, ..ratio_row(cause, sign, 2.0, None) });
    }
    add_boolean(&mut document, "key");
    document.gates.insert("gate".to_owned(), gate(GateKind::Requires, "held", "present(key)"));
    let low = |signs: &[(&str, bool)]| assessed(&document, &booleans(signs));
    let assessment = low(&[("small", true), ("sure", true)]);
    assert_eq!(first(&assessment), "cause");
    let uncertainty = Uncertainty::of(&assessment);
    let sensitivity = uncertainty.sensitivity();
    let [small] = sensitivity.swings() else { panic!("{:?}", sensitivity.swings()) };
    assert!(small.flip().is_none() && small.figure().subject().starts_with("small"), "{small:?}");
    let weigh = |ratio: f64| aetia::LikelihoodRatio::new(ratio).unwrap().weight();
    let lead = assessment.first().score() - assessment.cause("held").unwrap().score();
    // The better for the rival, the smaller the lead.
    assert_eq!(small.at_low() - lead, weigh(2.0) - weigh(1.9));
    assert_eq!(small.at_high() - lead, weigh(2.0) - weigh(2.1));
    assert!(Weight::ZERO < small.width() && small.width() < Weight::DECIBAN, "{small:?}");
    // The widest stands first.
    let wide = low(&[("small", true), ("wide", true)]);
    let wide = Uncertainty::of(&wide);
    let widths: Vec<Weight> = wide.sensitivity().swings().iter().map(aetia_stats::Swing::width).collect();
    assert!(widths.len() == 2 && widths[0] > Weight::DECIBAN && widths[1] < Weight::DECIBAN, "{widths:?}");
}

/// The row of a joint table moves the lead by its share.
#[test]
fn a_row_of_a_table_moves_the_lead_by_its_share() {
    let mut rows = 0;
    for assessment in golden() {
        let (first, second) = (assessment.first(), assessment.ranking().nth(1).unwrap());
        if [first, second].iter().any(|it| it.score() != it.score_ungated()) {
            continue;
        }
        let uncertainty = Uncertainty::of(&assessment);
        for swing in uncertainty.sensitivity().swings() {
            let (used, figure) = (swing.figure(), swing.figure().figure());
            let is_row = figure.is_joint() && matches!(figure.kind(), FigureKind::Row { .. });
            if is_row && figure.cause() == first.id() {
                let moved = (used.spread().high - figure.weight()).scaled(figure.share());
                assert_eq!(swing.at_high() - (first.score() - second.score()), moved, "{}", figure.key());
                rows += i32::from(figure.share() < 1_000_000_000);
            }
        }
    }
    assert!(rows > 0, "no row of a table that counts in part");
}

/// Where the first cause is stable, no single figure decides, and no draw that stays inside changes it.
#[test]
fn what_is_stable_rests_on_no_single_figure() {
    for assessment in golden() {
        let uncertainty = Uncertainty::of(&assessment);
        let is_stable = uncertainty.stability().is_stable();
        assert!(!is_stable || uncertainty.sensitivity().deciding().count() == 0);
    }
}

/// Findings that no cause would give are told so; findings that any cause would give are not.
#[test]
fn findings_that_fit_nothing_are_said_to_fit_nothing() {
    let signs: Vec<String> = (0..12).map(|number| format!("sign_{number}")).collect();
    let mut document = sketch(&[("cause", 0.2), ("rival", 0.3)]);
    for sign in &signs {
        add_boolean(&mut document, sign);
        for (cause, sensitivity) in [("cause", 0.06), ("rival", 0.08)] {
            let accuracy = Some(aetia::written::AccuracyRow { sensitivity, specificity: 0.95 });
            document.evidence.push(Evidence { accuracy, ..row(cause, sign) });
        }
    }
    let fit = |present: usize| {
        let findings =
            signs.iter().enumerate().map(|(at, sign)| (sign.as_str(), at < present)).collect::<Vec<_>>();
        let assessment = assessed(&document, &booleans(&findings));
        Uncertainty::of(&assessment).fit()
    };
    assert!(!fit(1).is_surprising() && fit(1).sentence().is_none());
    let strange = fit(8);
    assert!(strange.is_surprising() && strange.known() == 12 && strange.causes().len() == 3, "{strange:?}");
    // The worked number of equation (16), of the comparator, which comes last.
    assert!((strange.causes()[2].1 + 9.80).abs() < 0.005, "{strange:?}");
    assert!(strange.sentence().unwrap().contains("do not fit any cause known here"));
}

/// Jensen's measure: 0 for one finding, below 0 where findings support each other, above where they contradict.
#[test]
fn findings_that_speak_against_each_other_are_in_conflict() {
    let mut document = sketch(&[("cause", 0.3), ("rival", 0.3)]);
    for (sign, cause, other) in
        [("one", "cause", "rival"), ("two", "cause", "rival"), ("three", "rival", "cause")]
    {
        add_boolean(&mut document, sign);
        document.evidence.push(ratio_row(cause, sign, 20.0, None));
        document.evidence.push(ratio_row(other, sign, 0.05, None));
    }
    let conflict = |signs: &[&str]| {
        let findings = booleans(&signs.iter().map(|sign| (*sign, true)).collect::<Vec<_>>());
        Uncertainty::of(&assessed(&document, &findings)).fit().conflict()
    };
    assert!(conflict(&["one"]).abs() < 1e-9);
    assert!(conflict(&["one", "two"]) < -1.0, "{}", conflict(&["one", "two"]));
    // The worked number of equation (15).
    assert!((conflict(&["one", "three"]) - 16.14).abs() < 0.005, "{}", conflict(&["one", "three"]));
}
