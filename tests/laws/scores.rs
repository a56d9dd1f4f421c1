//! Laws of scores, probabilities and ranks.

use std::collections::{BTreeMap, BTreeSet};

use aetia::written::{Against, Evidence, Group, Probabilities};
use aetia::{
    AnswerValue, Code, ContributionKind, Document, GateKind, IndicatorKind, Link, LogOdds, Scratch, Weight,
};
use aetia_tests::engine::{
    any_answers, any_sample, assess, assess_sample, by_cause, candidates, case, cases, errors, flags, model,
    options, order, posterior, raw_scores, readings, scores,
};
use aetia_tests::oracle::{Findings, close};
use aetia_tests::sketch::{HERE, Plain, add_boolean, gate, plain, ratio, ratio_row, row, sketch, whole};
use proptest::prelude::*;
use proptest::sample::Index;

proptest! {
    #![proptest_config(cases())]

    /// Prior, evidence and gates are all a score is made of, also in the difference of two.
    #[test]
    fn parts_sum_to_the_whole(sample in any_sample()) {
        let assessment = assess_sample(&sample);
        let all = candidates(&assessment);
        prop_assert_eq!(all.len(), sample.document.causes.len());
        for candidate in &all {
            let explanation = candidate.explanation();
            prop_assert_eq!(LogOdds::EVEN + explanation.total(), candidate.score());
            let of_gates = |part: &&aetia::Contribution<'_>| part.kind() == ContributionKind::Gate;
            let gates: Weight = explanation.iter().filter(of_gates).map(aetia::Contribution::weight).sum();
            prop_assert_eq!(gates, candidate.gate_effect());
            prop_assert_eq!(explanation.parts()[0].kind(), ContributionKind::Prior);
        }
        for (one, other) in all.iter().flat_map(|one| all.iter().map(move |other| (one, other))) {
            let comparison = assessment.compare(one.id().as_str(), other.id().as_str()).unwrap();
            prop_assert_eq!(comparison.total(), one.score() - other.score());
        }
    }

    /// Scores are odds against the comparator: its own position is 0, and no gate may name it.
    #[test]
    fn the_comparator_stays_at_zero(sample in any_sample()) {
        let exclusive = assess(
            &model(&sample.document), &sample.findings, &options(&sample.setting, Link::Exclusive),
        );
        let waterline = exclusive.comparator();
        for candidate in exclusive.ranking() {
            let odds = posterior(candidate) / waterline.posterior().get();
            let expected = aetia::exp10(candidate.score().nanodecibans());
            prop_assert!((odds / expected - 1.0).abs() < 1e-12, "{} for {}", odds, expected);
            prop_assert_eq!(candidate.leads(), candidate.score() > LogOdds::EVEN);
            let ungated = candidate.posterior_ungated().get() / waterline.posterior_ungated().get();
            prop_assert!((ungated / aetia::exp10(candidate.score_ungated().nanodecibans()) - 1.0).abs() < 1e-12);
        }
        let mut named = sample.document;
        for kind in [GateKind::Requires, GateKind::Caps, GateKind::Excludes] {
            add_boolean(&mut named, "key");
            let mut gate = gate(kind, &named.comparator.id, "present(key)");
            gate.probability = (kind == GateKind::Caps).then_some(0.5);
            named.gates.insert("gate_on_it".to_owned(), gate);
            prop_assert!(errors(&named).contains(&Code::GateOnComparator));
        }
    }

    /// Not asked, said to be unknown and not assessable all weigh exactly nothing.
    #[test]
    fn unknown_findings_weigh_nothing(sample in any_sample(), word in prop::bool::ANY) {
        let model = model(&sample.document);
        for options in readings(&sample.document) {
            let nothing = assess(&model, &Findings::new(), &options);
            for candidate in candidates(&nothing) {
                let prior = candidate.prior().get();
                prop_assert!((candidate.posterior_ungated().get() - prior).abs() < 1e-9);
                let parts = candidate.explanation();
                prop_assert!(parts.iter().all(|part| part.kind() != ContributionKind::Evidence));
                if options.link == Link::Exclusive {
                    let written = sample.document.causes[candidate.id().as_str()].prior[options.setting.as_str()].value;
                    prop_assert!((prior - written).abs() < 1e-15);
                }
            }
        }
        let answered = close(&sample.document, &sample.findings).unwrap().0;
        let mut padded = sample.findings.clone();
        for id in sample.document.indicators.keys().filter(|id| !answered.contains_key(*id)) {
            let word = if word { "unknown" } else { "not_assessable" };
            padded.insert(id.clone(), AnswerValue::Named(word.to_owned()));
        }
        let bare: Findings =
            sample.findings.into_iter().filter(|(id, _)| answered.contains_key(id)).collect();
        let options = options(&sample.setting, sample.link);
        let (padded, bare) = (assess(&model, &padded, &options), assess(&model, &bare, &options));
        prop_assert_eq!(numbers(&padded), numbers(&bare));
        prop_assert_eq!(flags(&padded), flags(&bare));
        // What is explained is what was answered, each answer once.
        for candidate in candidates(&bare) {
            let explained: Vec<String> = candidate.explanation().iter()
                .flat_map(|part| part.indicators().into_iter().map(|it| it.id().to_string())).collect();
            let known: BTreeSet<&String> = answered.keys().collect();
            prop_assert_eq!(explained.iter().collect::<BTreeSet<_>>(), known);
            prop_assert_eq!(explained.len(), answered.len());
        }
    }

    /// Lists are sets where the format does not say otherwise.
    #[test]
    fn order_of_findings_does_not_matter(sample in any_sample(), cuts in prop::collection::vec(any::<Index>(), 8)) {
        let shuffled = reordered(&sample.document, &cuts);
        let (one, other) = (model(&sample.document), model(&shuffled));
        for options in readings(&sample.document) {
            let before = assess(&one, &sample.findings, &options);
            prop_assert_eq!(numbers(&before), numbers(&assess(&other, &sample.findings, &options)));
        }
        // Indicators and groups stand in the order of their names. (A table's floats are summed in that order.)
        let mut without_tables = sample.document.clone();
        without_tables.groups.values_mut().for_each(|group| group.table.clear());
        let (backward, answers) = with_names_backward(&without_tables, &sample.findings);
        let (straight, backward) = (model(&without_tables), model(&backward));
        for options in readings(&sample.document) {
            let before = assess(&straight, &sample.findings, &options);
            prop_assert_eq!(numbers(&before), numbers(&assess(&backward, &answers, &options)));
        }
        // The same findings, told in another order.
        let mut told: Vec<_> = sample.findings.iter().collect();
        told.reverse();
        let at = cuts[0].index(told.len() + 1);
        told.rotate_left(at);
        let builder = told.into_iter().fold(one.case(), |builder, (id, value)| builder.finding(id, value).unwrap());
        let other = builder.build().unwrap();
        prop_assert_eq!(case(&one, &sample.findings).to_json(), other.to_json());
        prop_assert_eq!(one.assess(&case(&one, &sample.findings)).to_json(), one.assess(&other).to_json());
    }

    /// New names in the old order change names only; names in another order change nothing but how ties go.
    #[test]
    fn renaming_causes_renames_the_result(sample in any_sample(), turn in any::<Index>()) {
        let ids: Vec<String> = sample.document.causes.keys().cloned().collect();
        let options = options(&sample.setting, sample.link);
        let before = assess(&model(&sample.document), &sample.findings, &options);
        let prefixed: BTreeMap<String, String> = ids.iter().map(|id| (id.clone(), format!("x_{id}"))).collect();
        let after = assess(&model(&renamed(&sample.document, &prefixed)), &sample.findings, &options);
        let expected: Vec<String> = order(&before).iter().map(|id| prefixed[id].clone()).collect();
        prop_assert_eq!(order(&after), expected);
        for (id, numbers_before) in numbers(&before) {
            prop_assert_eq!(&numbers(&after)[&prefixed[&id]], &numbers_before);
        }

        // Another order of names sums the priors in another order: whole 256ths add up exactly in any.
        let whole = with_whole_priors(&sample.document);
        let mut turned = ids.clone();
        turned.rotate_left(turn.index(ids.len()));
        let turned: BTreeMap<String, String> = ids.iter().cloned().zip(turned).collect();
        let before = assess(&model(&whole), &sample.findings, &options);
        let after = assess(&model(&renamed(&whole, &turned)), &sample.findings, &options);
        for (id, score) in scores(&before) {
            prop_assert_eq!(scores(&after)[&turned[&id]], score);
        }
        let mut expected: Vec<_> = before.ranking()
            .map(|it| (std::cmp::Reverse((it.score(), it.score_ungated())), turned[it.id().as_str()].clone())).collect();
        expected.sort();
        prop_assert_eq!(order(&after), expected.into_iter().map(|(_, id)| id).collect::<Vec<_>>());
    }

    /// Ratios of 1 and equal probabilities say nothing, alone or in a group.
    #[test]
    fn an_indicator_without_weight_changes_nothing(sample in any_sample(), in_group in any::<Index>(), yes in any::<bool>()) {
        let mut wider = sample.document.clone();
        add_boolean(&mut wider, "idle");
        let shares = || BTreeMap::from([("present".to_owned(), 0.3)]);
        for (position, cause) in sample.document.causes.keys().enumerate() {
            wider.evidence.push(if position % 2 == 0 {
                ratio_row(cause, "idle", 1.0, Some(1.0))
            } else {
                let probabilities = Some(Probabilities { cause: shares(), comparator: shares() });
                Evidence { probabilities, ..row(cause, "idle") }
            });
        }
        // A table takes no bare ratios, and a group of five may have as many states as it can.
        let has_room = |group: &&mut Group| group.table.is_empty() && group.members.len() < 5;
        let mut groups: Vec<_> = wider.groups.values_mut().filter(has_room).collect();
        if !groups.is_empty() {
            let at = in_group.index(groups.len());
            groups[at].members.push("idle".to_owned());
        }
        let mut findings = sample.findings.clone();
        findings.insert("idle".to_owned(), AnswerValue::Boolean(yes));
        let (narrow, wide) = (model(&sample.document), model(&wider));
        for options in readings(&sample.document) {
            let (before, after) = (assess(&narrow, &sample.findings, &options), assess(&wide, &findings, &options));
            prop_assert_eq!(numbers(&before), numbers(&after));
            prop_assert_eq!((order(&before), flags(&before)), (order(&after), flags(&after)));
        }
        prop_assert_ne!(narrow.source_hash(), wide.source_hash());
    }

    /// An answer given and taken back was never given.
    #[test]
    fn an_answer_taken_back_leaves_no_trace(
        (sample, more) in any_sample().prop_flat_map(|sample| {
            let more = any_answers(&sample.document);
            (Just(sample), more)
        }),
    ) {
        let model = model(&sample.document);
        let never = case(&model, &sample.findings);
        let mut builder = model.case();
        for (id, value) in sample.findings.iter().chain(&more) {
            builder = builder.finding(id, value).unwrap();
        }
        for id in more.keys() {
            builder = match sample.findings.get(id) {
                Some(value) => builder.finding(id, value).unwrap(),
                None => builder.unknown(id).unwrap(),
            };
        }
        let back = builder.build().unwrap();
        prop_assert_eq!(never.to_json(), back.to_json());
        prop_assert_eq!(never.hash(), back.hash());
        prop_assert_eq!(model.assess(&never).to_json(), model.assess(&back).to_json());
    }

    /// Space that has held other cases, settings, links and models is as good as new.
    #[test]
    fn a_used_scratch_changes_nothing(one in any_sample(), other in any_sample()) {
        let mut used = Scratch::new();
        let (first, second) = (model(&one.document), model(&other.document));
        for (model, sample) in [(&first, &one), (&second, &other), (&first, &one)] {
            for findings in [&sample.findings, &Findings::new()] {
                let case = case(model, findings);
                for options in readings(&sample.document) {
                    let fresh = model.assess_with(&case, &options, &mut Scratch::new()).unwrap().to_json();
                    prop_assert_eq!(&model.assess_with(&case, &options, &mut used).unwrap().to_json(), &fresh);
                    if options == model.options() {
                        prop_assert_eq!(model.assess(&case).to_json(), fresh);
                    }
                }
            }
        }
    }

    /// Competing causes share one certainty, however far the scores lie apart.
    #[test]
    fn posteriors_of_competing_causes_sum_to_one(sample in any_sample(), extreme in plain(6, 40, 59)) {
        let Plain { document, findings } = extreme;
        let pairs = [(sample.document, sample.findings), (document, findings)];
        for (document, findings) in pairs {
            let model = model(&document);
            for options in readings(&document) {
                let assessment = assess(&model, &findings, &options);
                let waterline = assessment.comparator();
                let (mut gated, mut ungated) = (waterline.posterior().get(), waterline.posterior_ungated().get());
                for candidate in candidates(&assessment) {
                    let (after, before) = (posterior(candidate), candidate.posterior_ungated().get());
                    prop_assert!((0.0..=1.0).contains(&after) && (0.0..=1.0).contains(&before));
                    gated += after;
                    ungated += before;
                }
                if options.link == Link::Exclusive {
                    prop_assert!((gated - 1.0).abs() < 1e-12 && (ungated - 1.0).abs() < 1e-12);
                }
            }
        }
    }

    /// Whoever sorts by probability finds the ranking, with gates and without.
    #[test]
    fn ranks_follow_posteriors(sample in any_sample()) {
        let model = model(&sample.document);
        for options in readings(&sample.document) {
            let assessment = assess(&model, &sample.findings, &options);
            let ranked: Vec<_> = assessment.ranking().collect();
            for (position, candidate) in ranked.iter().enumerate() {
                prop_assert_eq!(candidate.rank(), Some(position + 1));
            }
            for pair in ranked.windows(2) {
                let (upper, lower) = (posterior(pair[0]), posterior(pair[1]));
                prop_assert!(upper >= lower);
                // A difference of a millionth of a deciban shows, unless both are as good as certain.
                let apart = pair[0].score() - pair[1].score() > Weight::from_nanodecibans(1000);
                prop_assert!(!apart || upper > lower || upper > 1.0 - 1e-6);
                let margin = pair[1].margin();
                prop_assert_eq!(margin, Some(pair[0].score() - pair[1].score()));
            }
            let mut ungated = candidates(&assessment);
            ungated.sort_by_key(|candidate| candidate.rank_ungated());
            for (position, candidate) in ungated.iter().enumerate() {
                prop_assert_eq!(candidate.rank_ungated(), position + 1);
            }
            for pair in ungated.windows(2) {
                prop_assert!(pair[0].score_ungated() >= pair[1].score_ungated());
                prop_assert!(pair[0].posterior_ungated() >= pair[1].posterior_ungated());
            }
        }
    }

    /// How scores become probabilities is no part of the ranking.
    #[test]
    fn both_links_give_one_ranking(sample in any_sample()) {
        let model = model(&sample.document);
        let by = |link| assess(&model, &sample.findings, &options(&sample.setting, link));
        let (exclusive, independent) = (by(Link::Exclusive), by(Link::Independent));
        prop_assert_eq!(order(&exclusive), order(&independent));
        prop_assert_eq!(scores(&exclusive), scores(&independent));
        prop_assert_eq!(
            by_cause(&exclusive, |candidate| (candidate.rank_ungated(), candidate.leads(), candidate.closeness())),
            by_cause(&independent, |candidate| (candidate.rank_ungated(), candidate.leads(), candidate.closeness()))
        );
    }

    /// A setting in which everything named is so many times likelier moves everything named alike. (Ratios against
    /// the rest are left out: they depend on the priors. So are caps, which are levels.)
    #[test]
    fn a_common_factor_on_the_priors_keeps_the_order(sample in any_sample(), strength in -1.0..1.0_f64) {
        let mut before = sample.document;
        before.evidence.iter_mut().for_each(|row| row.against = Against::Comparator);
        before.gates.retain(|_, gate| gate.kind != GateKind::Caps);
        // At most as strong as leaves the comparator 0.06, which is a little more than it must have.
        let odds = |setting: &String| left_over(&before, setting) / (1.0 - left_over(&before, setting));
        let most = before.settings.keys().map(odds).fold(f64::INFINITY, f64::min) * 0.94 / 0.06;
        let shift = whole(strength * 1e10 * libm::log10(most).abs());
        let factor = ratio(shift);
        let mut after = before.clone();
        for setting in before.settings.keys() {
            let rest = left_over(&before, setting);
            let total = rest + factor * (1.0 - rest);
            for cause in after.causes.values_mut() {
                cause.prior.get_mut(setting).unwrap().value *= factor / total;
            }
        }
        let options = options(&sample.setting, sample.link);
        let (one, other) = (
            assess(&model(&before), &sample.findings, &options),
            assess(&model(&after), &sample.findings, &options),
        );
        for numbers in [scores, raw_scores] {
            let (one, other) = (numbers(&one), numbers(&other));
            for (id, score) in &one {
                // Each prior is rounded to the unit, before and after.
                prop_assert!((other[id] - score - shift).abs() <= 1, "{} by {}", id, other[id] - score);
            }
        }
        for pair in order(&one).windows(2) {
            let (upper, lower) = (other.cause(&pair[0]).unwrap(), other.cause(&pair[1]).unwrap());
            let apart = one.cause(&pair[1]).unwrap().margin().unwrap().nanodecibans();
            prop_assert!(apart <= 2 || upper.rank() < lower.rank());
        }
    }

    /// Bayes' rule, written out: with one cause both links are its posterior.
    #[test]
    fn one_cause_is_bayes_rule(
        prior in 0.001..0.9_f64,
        signs in prop::collection::vec((0.01..0.99_f64, 0.01..0.99_f64, any::<bool>()), 0..8),
    ) {
        let mut document = sketch(&[("cause", prior)]);
        let mut findings = Findings::new();
        let (mut with, mut without) = (prior, 1.0 - prior);
        for (number, (under_cause, under_comparator, yes)) in signs.into_iter().enumerate() {
            let id = format!("sign_{number}");
            add_boolean(&mut document, &id);
            let share = |p| BTreeMap::from([("present".to_owned(), p)]);
            let probabilities = Some(Probabilities { cause: share(under_cause), comparator: share(under_comparator) });
            document.evidence.push(Evidence { probabilities, ..row("cause", &id) });
            findings.insert(id, AnswerValue::Boolean(yes));
            with *= if yes { under_cause } else { 1.0 - under_cause };
            without *= if yes { under_comparator } else { 1.0 - under_comparator };
        }
        let model = model(&document);
        for options in readings(&document) {
            let assessment = assess(&model, &findings, &options);
            let posterior = posterior(assessment.first());
            prop_assert!((posterior - with / (with + without)).abs() < 1e-9, "{}", posterior);
        }
    }

    /// Rounding costs half a unit for the prior and for each answer, and no more.
    #[test]
    fn scores_stay_near_real_arithmetic(plain in plain(4, 30, 50)) {
        let Plain { document, findings } = plain;
        let model = model(&document);
        let assessment = assess(&model, &findings, &options(HERE, Link::Exclusive));
        for (cause, score) in scores(&assessment) {
            let mut real = 1e10 * libm::log10(document.causes[&cause].prior[HERE].value / left_over(&document, HERE));
            let mut roundings = 1.0;
            for row in document.evidence.iter().filter(|row| row.cause == cause) {
                let ratios = row.likelihood_ratio.as_ref().unwrap();
                let ratio = match findings.get(&row.indicator) {
                    Some(AnswerValue::Boolean(true)) => ratios.present,
                    Some(_) => ratios.absent.unwrap(),
                    None => continue,
                };
                real += 1e10 * libm::log10(ratio);
                roundings += 1.0;
            }
            // A thousandth of a unit for the floats of this sum.
            let score = LogOdds::from_nanodecibans(score).decibans() * 1e9;
            prop_assert!((score - real).abs() <= roundings / 2.0 + 0.01, "{} for {}", score, real);
        }
    }
}

/// The numbers of every cause: scores, parts, ranks and posteriors to the last bit, and who gates it.
fn numbers(assessment: &aetia::Assessment) -> BTreeMap<String, Numbers> {
    by_cause(assessment, |candidate| {
        let ids =
            |bars: Vec<aetia::Bar<'_>>| bars.iter().map(|bar| bar.gate.id().to_string()).collect::<Vec<_>>();
        Numbers {
            scores: (candidate.score().nanodecibans(), candidate.score_ungated().nanodecibans()),
            ranks: (candidate.rank(), candidate.rank_ungated()),
            posteriors: [posterior(candidate), candidate.posterior_ungated().get(), candidate.prior().get()]
                .map(f64::to_bits),
            gates: [ids(candidate.held_by()), ids(candidate.capped_by()), ids(candidate.excluded_by())],
        }
    })
}

#[derive(Clone, Debug, PartialEq)]
struct Numbers {
    scores: (i64, i64),
    ranks: (Option<usize>, usize),
    posteriors: [u64; 3],
    gates: [Vec<String>; 3],
}

/// What the named causes leave to the comparator.
fn left_over(document: &Document, setting: &str) -> f64 {
    document.causes.values().fold(1.0, |rest, cause| rest - cause.prior[setting].value)
}

/// The document with every list of things that have no order in another one.
fn reordered(document: &Document, cuts: &[Index]) -> Document {
    fn turn<T>(list: &mut [T], cut: Index) {
        if !list.is_empty() {
            list.rotate_left(cut.index(list.len()));
        }
    }
    let mut document = document.clone();
    // Rows of one cause and indicator keep their order: it says which `when` is asked first.
    let mut about: BTreeMap<(String, String), Vec<Evidence>> = BTreeMap::new();
    for row in document.evidence.drain(..) {
        about.entry((row.cause.clone(), row.indicator.clone())).or_default().push(row);
    }
    let mut rows: Vec<Vec<Evidence>> = about.into_values().collect();
    rows.reverse();
    turn(&mut rows, cuts[0]);
    document.evidence = rows.concat();
    turn(&mut document.implies, cuts[1]);
    turn(&mut document.impossible, cuts[2]);
    let mut in_tables = BTreeSet::new();
    for group in document.groups.values_mut() {
        turn(&mut group.members, cuts[3]);
        turn(&mut group.table, cuts[4]);
        if let Some(count) = &mut group.count {
            turn(&mut count.rules, cuts[5]);
        }
        if !group.table.is_empty() {
            in_tables.extend(group.members.iter().cloned());
        }
    }
    // The sum over a table's states runs in the order of answers, in floats.
    let trends: BTreeSet<&String> =
        document.evidence.iter().filter(|row| row.trend.is_some()).map(|row| &row.indicator).collect();
    for (id, indicator) in &mut document.indicators {
        if indicator.kind != IndicatorKind::Numeric && !trends.contains(id) && !in_tables.contains(id) {
            turn(&mut indicator.answers, cuts[6]);
        }
    }
    document
}

/// The document and the findings with indicators and groups named so that they sort the other way round.
fn with_names_backward(document: &Document, findings: &Findings) -> (Document, Findings) {
    let rename = |text: &str| {
        (0..9).fold(text.to_owned(), |text, number| {
            let text = text.replace(&format!("sign_{number}"), &format!("mark_{}", 9 - number));
            text.replace(&format!("group_{number}"), &format!("block_{}", 9 - number))
        })
    };
    let document = Document::from_json(&rename(&document.to_json())).unwrap();
    (document, findings.iter().map(|(id, value)| (rename(id), value.clone())).collect())
}

/// The document with other names for its causes.
fn renamed(document: &Document, names: &BTreeMap<String, String>) -> Document {
    let mut document = document.clone();
    let new = |id: &String| names[id].clone();
    document.causes = document.causes.into_iter().map(|(id, cause)| (new(&id), cause)).collect();
    document.evidence.iter_mut().for_each(|row| row.cause = new(&row.cause));
    document.gates.values_mut().for_each(|gate| gate.cause = new(&gate.cause));
    for group in document.groups.values_mut() {
        group.table.iter_mut().for_each(|cause| *cause = new(cause));
        group
            .count
            .iter_mut()
            .flat_map(|count| &mut count.rules)
            .for_each(|rule| rule.cause = new(&rule.cause));
    }
    document
}

/// The document with priors in whole 256ths, and no ratios against the rest, which mix them.
fn with_whole_priors(document: &Document) -> Document {
    let mut document = document.clone();
    document.evidence.iter_mut().for_each(|row| row.against = Against::Comparator);
    for prior in document.causes.values_mut().flat_map(|cause| cause.prior.values_mut()) {
        prior.value = (prior.value * 256.0).round().max(1.0) / 256.0;
    }
    document
}
