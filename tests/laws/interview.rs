//! Laws of questions, stops and changes: what is said about answers nobody has given, held against all of them.

use std::collections::BTreeSet;

use aetia::{
    Ask, Assessment, Budget, Change, Document, Flip, Interview, Link, Model, Options, Reach, Reason, Settled,
    StopReason, StopRule, Sufficient, Who,
};
use aetia_tests::engine::{any_sample, assess, case, cases, flags, model, options};
use aetia_tests::interview::{
    answered, beliefs, changed, completions, count_completions, entropy, kept, questions, unasked, values_of,
};
use aetia_tests::oracle::{Findings, answer_of};
use aetia_tests::sketch::{HERE, add_boolean, flag, gate, ratio_row, row, sketch};
use aetia_tests::strategies::Sample;
use proptest::collection::vec;
use proptest::prelude::*;

/// How many completions a law tries one by one.
const FEW: usize = 250;

pub(super) fn here() -> Options {
    options(HERE, Link::Exclusive)
}

pub(super) fn first(assessment: &Assessment) -> String {
    assessment.first().id().to_string()
}

pub(super) fn first_of(model: &Model, findings: &Findings, options: &Options) -> String {
    first(&assess(model, findings, options))
}

/// Findings with some answers changed or added.
fn with(findings: &Findings, changes: &[Change]) -> Findings {
    let mut findings = findings.clone();
    findings.extend(changes.iter().map(|change| (change.indicator().to_string(), change.value().clone())));
    findings
}

/// Findings with the answer of an outlook.
fn answered_so(document: &Document, findings: &Findings, id: &str, outlook: &aetia::Outlook) -> Findings {
    let indicator = &document.indicators[id];
    let is_it =
        |value: &aetia::AnswerValue| answer_of(indicator, value).as_deref() == Some(outlook.answer().key());
    let value = values_of(indicator).into_iter().find(is_it).expect("one of its answers");
    let mut findings = findings.clone();
    findings.insert(id.to_owned(), value);
    findings
}

/// A sample with as many answers as it takes for its completions to be few, read in its setting.
fn tractable(sample: &Sample) -> (Model, Findings, Options) {
    let model = model(&sample.document);
    let mut findings = sample.findings.clone();
    while count_completions(&sample.document, &findings).is_none_or(|count| count > FEW) {
        let open = unasked(&sample.document, &findings);
        let values = values_of(&sample.document.indicators[&open[0]]);
        // Whatever fits; what never does could not be assessed.
        let fits = values.into_iter().find(|value| {
            let mut more = findings.clone();
            more.insert(open[0].clone(), value.clone());
            aetia_tests::oracle::close(&sample.document, &more).is_ok()
        });
        let refused = aetia::AnswerValue::Named("not_assessable".to_owned());
        findings.insert(open[0].clone(), fits.unwrap_or(refused));
    }
    (model, findings, options(&sample.setting, sample.link))
}

/// Coherent, two-sided evidence: every cause has a probability for each answer, and all rows of an indicator agree about
/// the comparator. Only for such do the laws of probability hold to the last digit: ratios of an answer whose absence is
/// declared neutral, and discounts, come from no joint distribution. Booleans and three answers; two indicators may share
/// a joint table.
#[derive(Clone, Debug)]
struct Coherent {
    document: Document,
    findings: Findings,
}

fn coherent() -> impl Strategy<Value = Coherent> {
    let shares = vec((1..40_u32, 1..40_u32, 1..40_u32), 25);
    (1..4_usize, 1..5_usize, shares, any::<bool>(), vec(0..4_usize, 5), vec(1..30_u32, 3)).prop_map(
        |(causes, signs, shares, has_table, picks, priors)| {
            let ids = ["cause_a", "cause_b", "cause_c"];
            let priors: Vec<(&str, f64)> = ids
                .iter()
                .zip(priors)
                .take(causes)
                .map(|(id, prior)| (*id, f64::from(prior) / 100.0))
                .collect();
            let mut document = sketch(&priors);
            let mut shares = shares.into_iter();
            for sign in 0..signs {
                let id = format!("sign_{sign}");
                add_boolean(&mut document, &id);
                let has_three = sign % 2 == 1;
                let mut draw = || {
                    let (one, two, three) = shares.next().unwrap();
                    let three = if has_three { three } else { 0 };
                    let total = f64::from(one + two + three);
                    let of = |part: u32| f64::from(part) / total;
                    if has_three {
                        // The last is what the others leave over, so that they sum to 1.
                        let rest = 1.0 - of(one) - of(two);
                        [("low", of(one)), ("middle", of(two)), ("high", rest)]
                            .map(|(key, share)| (key.to_owned(), share))
                            .into()
                    } else {
                        std::collections::BTreeMap::from([("present".to_owned(), of(one))])
                    }
                };
                let comparator = draw();
                for (cause, _) in &priors {
                    let probabilities =
                        aetia::written::Probabilities { cause: draw(), comparator: comparator.clone() };
                    let row =
                        aetia::written::Evidence { probabilities: Some(probabilities), ..row(cause, &id) };
                    document.evidence.push(row);
                }
                if has_three {
                    let indicator = document.indicators.get_mut(&id).unwrap();
                    indicator.kind = aetia::IndicatorKind::Ordinal;
                    indicator.answers = ["low", "middle", "high"]
                        .map(|id| aetia::written::Answer { id: id.to_owned(), title: id.to_owned() })
                        .to_vec();
                }
            }
            if has_table && signs > 1 {
                let mut group = aetia_tests::sketch::group(&["sign_0".to_owned(), "sign_1".to_owned()]);
                group.gamma = None;
                group.table = priors.iter().map(|(cause, _)| (*cause).to_owned()).collect();
                document.groups.insert("pair".to_owned(), group);
            }
            let mut findings = Findings::new();
            for (sign, pick) in picks.iter().enumerate().take(signs) {
                let id = format!("sign_{sign}");
                let values = values_of(&document.indicators[&id]);
                if let Some(value) = values.get(*pick).filter(|_| sign > 0) {
                    findings.insert(id, value.clone());
                }
            }
            Coherent { document, findings }
        },
    )
}

proptest! {
    #![proptest_config(cases())]

    /// The doubt after a question, averaged over its answers, is what it was before less the information expected; and
    /// information is never negative. Coherent evidence only, see the generator.
    #[test]
    fn a_question_is_never_expected_to_leave_more_doubt(sample in coherent()) {
        let assessment = assess(&model(&sample.document), &sample.findings, &here());
        let before = entropy(beliefs(&sample.document, &sample.findings, HERE).into_values());
        for id in unasked(&sample.document, &sample.findings) {
            let forecast = assessment.forecast(&id).unwrap().expect("its shares are known");
            let mut after = 0.0;
            for outlook in forecast.outlooks() {
                let findings = answered_so(&sample.document, &sample.findings, &id, outlook);
                after += outlook.probability() * entropy(beliefs(&sample.document, &findings, HERE).into_values());
            }
            prop_assert!(!forecast.is_approximate(), "{id}");
            prop_assert!(after <= before + 1e-9, "{id}: {after} after {before}");
            prop_assert!((before - after - forecast.information()).abs() < 1e-7, "{id}");
        }
    }

    /// The posterior after a question, averaged over its answers, is the posterior before it: nobody can expect to change
    /// their mind in a known direction. Coherent evidence only, see the generator.
    #[test]
    fn the_posterior_is_expected_to_stay_where_it_is(sample in coherent()) {
        let model = model(&sample.document);
        let assessment = assess(&model, &sample.findings, &here());
        for id in unasked(&sample.document, &sample.findings) {
            let forecast = assessment.forecast(&id).unwrap().unwrap();
            let total: f64 = forecast.outlooks().iter().map(aetia::Outlook::probability).sum();
            prop_assert!((total - 1.0).abs() < 1e-8);
            for candidate in assessment.ranking() {
                let mut after = 0.0;
                for outlook in forecast.outlooks() {
                    let findings = answered_so(&sample.document, &sample.findings, &id, outlook);
                    let then = assess(&model, &findings, &here());
                    after += outlook.probability() * then.cause(candidate.id().as_str()).unwrap().posterior_ungated().get();
                }
                prop_assert!((after - candidate.posterior_ungated().get()).abs() < 1e-8, "{id}");
            }
        }
    }

    /// Nothing is expected of a question that is answered, refused, inferred or dead, and none of them is asked.
    #[test]
    fn an_answered_or_dead_question_tells_nothing(sample in any_sample()) {
        let mut document = sample.document.clone();
        add_boolean(&mut document, "dead");
        document.evidence.push(ratio_row(document.causes.keys().next().unwrap(), "dead", 1.0, Some(1.0)));
        let assessment = assess(&model(&document), &sample.findings, &options(&sample.setting, sample.link));
        let asked: BTreeSet<String> = assessment
            .next_questions(usize::MAX, &Ask::default())
            .iter()
            .map(|question| question.indicator().id().to_string())
            .collect();
        let open = unasked(&document, &sample.findings);
        for id in document.indicators.keys() {
            let forecast = assessment.forecast(id).unwrap();
            if !open.contains(id) {
                prop_assert!(forecast.is_none() && !asked.contains(id), "{id}");
            }
            let bits = forecast.map(|forecast| forecast.information());
            prop_assert!(bits.is_none_or(|bits| bits >= 0.0 && bits.is_finite()));
        }
        prop_assert!(!asked.contains("dead"));
        prop_assert!(assessment.forecast("dead").unwrap().is_none_or(|forecast| forecast.information() <= 0.0));
    }

    /// Where a result is called settled, no completion of the open questions changes the first cause, or raises another
    /// flag; where it is called open, the witness changes it, and none of its answers can be left out.
    #[test]
    fn no_completion_changes_what_is_settled(sample in any_sample()) {
        let (model, findings, options) = tractable(&sample);
        let assessment = assess(&model, &findings, &options);
        let budget = Budget { completions: FEW, ..Budget::default() };
        let of = |findings: &Findings, reach: Reach| {
            let assessment = assess(&model, findings, &options);
            let raised = flags(&assessment).into_iter().filter(|(_, state)| *state == aetia::FlagState::Raised);
            let raised: Vec<String> = raised.map(|(id, _)| id).filter(|_| reach == Reach::FirstAndFlags).collect();
            (first(&assessment), raised)
        };
        for reach in [Reach::First, Reach::FirstAndFlags] {
            let now = of(&findings, reach);
            match assessment.settled(reach, &Ask::default(), &budget) {
                Settled::Proved => {
                    for completion in completions(&sample.document, &findings) {
                        prop_assert_eq!(&of(&completion, reach), &now, "{:?}", completion);
                    }
                }
                Settled::Open(witness) => {
                    let then = with(&findings, witness.changes());
                    prop_assert_ne!(&of(&then, reach), &now, "{:?}", witness);
                    prop_assert_eq!(of(&then, reach).0, witness.first().to_string());
                    for left_out in 0..witness.changes().len() {
                        let mut fewer = witness.changes().to_vec();
                        fewer.remove(left_out);
                        let then = with(&findings, &fewer);
                        let is_case = aetia_tests::engine::try_case(&model, &then).is_ok();
                        prop_assert!(!is_case || of(&then, Reach::First).0 == now.0, "{:?}", witness);
                    }
                }
                Settled::Undecided => {
                    prop_assert!(reach == Reach::FirstAndFlags, "{:?}", findings);
                }
            }
        }
    }

    /// The changes that are reported make another cause first, and no smaller set does.
    #[test]
    fn no_smaller_set_of_answers_flips_the_first(sample in any_sample()) {
        let (model, findings, options) = tractable(&sample);
        let assessment = assess(&model, &findings, &options);
        let now = first(&assessment);
        let causes: Vec<String> = assessment.ranking().map(|it| it.id().to_string()).collect();
        // Any other cause, and then the second in particular.
        let target = causes.get(1).filter(|_| causes.len() > 2);
        for target in [None, target] {
            let budget = Budget { nodes: 3_000, ..Budget::default() };
            let flip = match target {
                None => assessment.flip(&budget),
                Some(cause) => assessment.why_not(cause, &budget).unwrap().flip().unwrap().clone(),
            };
            let does = |findings: &Findings| {
                let then = first_of(&model, findings, &options);
                target.map_or(then != now, |target| then == *target)
            };
            let none_of = |size: usize| changed(&sample.document, &findings, size).iter().all(|it| !does(it));
            let tried = match &flip {
                Flip::Fewest(alternative) => alternative.changes().len() - 1,
                Flip::Never => sample.document.indicators.len(),
                Flip::Undecided { at_least, .. } => at_least - 1,
            };
            if let Some(alternative) = flip.alternative() {
                let then = with(&findings, alternative.changes());
                prop_assert!(does(&then), "{:?}", alternative);
                prop_assert_eq!(first_of(&model, &then, &options), alternative.first().to_string());
            }
            for size in 0..=tried.min(2) {
                prop_assert!(none_of(size), "{} answers do, {:?}", size, flip);
            }
        }
    }

    /// With the answers that are called sufficient every completion keeps the first cause; without any one of them some
    /// completion does not; and no smaller set of them is sufficient.
    #[test]
    fn a_sufficient_reason_keeps_the_first_whatever_the_rest(sample in any_sample()) {
        let (model, findings, options) = tractable(&sample);
        let now = first_of(&model, &findings, &options);
        let budget = Budget { completions: 2_000, nodes: 2_000 };
        let found = assess(&model, &findings, &options).sufficient(&Ask::default(), &budget);
        let keeps = |keep: &[String]| {
            let findings = kept(&sample.document, &findings, keep);
            let few = count_completions(&sample.document, &findings).is_some_and(|count| count <= 2_000);
            few.then(|| {
                let all = completions(&sample.document, &findings);
                all.iter().all(|completion| first_of(&model, completion, &options) == now)
            })
        };
        if let Some(essential) = found.essential() {
            let keep: Vec<String> = essential.indicators().iter().map(ToString::to_string).collect();
            prop_assert_ne!(keeps(&keep), Some(false), "{:?}", keep);
        }
        match &found {
            Sufficient::Smallest(essential) => {
                let keep: Vec<String> = essential.indicators().iter().map(ToString::to_string).collect();
                for left_out in 0..keep.len() {
                    let mut fewer = keep.clone();
                    fewer.remove(left_out);
                    prop_assert_ne!(keeps(&fewer), Some(true), "{:?} without {}", keep, keep[left_out]);
                }
                let given = answered(&sample.document, &findings);
                for one in given.iter().filter(|_| keep.len() > 1) {
                    prop_assert_ne!(keeps(std::slice::from_ref(one)), Some(true), "{} alone, not {:?}", one, keep);
                }
            }
            Sufficient::NotSettled(witness) => {
                let then = with(&findings, witness.changes());
                prop_assert_ne!(first_of(&model, &then, &options), now);
            }
            Sufficient::Undecided { .. } => {}
        }
    }

    /// An interview that follows its own questions asks each once, holds a valid case after every answer, survives being
    /// stored at any point, and goes back the way it came.
    #[test]
    fn an_interview_never_asks_twice_and_goes_back_the_way_it_came(
        sample in any_sample(), picks in vec(0..6_usize, 12),
    ) {
        let model = model(&sample.document);
        let rules = StopRule { settled: None, ..StopRule::default() };
        let options = options(&sample.setting, sample.link);
        let mut interview = model.interview_with(&options, Ask::default(), rules).unwrap();
        let mut asked = BTreeSet::new();
        let mut before = vec![interview.record()];
        let mut picks = picks.into_iter().cycle();
        while let Some(question) = interview.next() {
            let id = question.indicator().id().to_string();
            prop_assert!(asked.insert(id.clone()), "{} is asked twice", id);
            prop_assert_eq!(interview.stop_reason(), None);
            let mut values = values_of(&sample.document.indicators[&id]);
            values.extend(["not_assessable", "unknown"].map(|word| aetia::AnswerValue::Named(word.to_owned())));
            let start = picks.next().unwrap() % values.len();
            values.rotate_left(start);
            let was = interview.case().to_json();
            for value in values {
                if interview.answer(&id, &value).is_ok() {
                    break;
                }
                prop_assert_eq!(interview.case().to_json(), was.clone());
            }
            prop_assert!(interview.answer(&id, &aetia::AnswerValue::Named("unknown".to_owned())).is_err());
            let stored = aetia::InterviewRecord::from_json(&interview.record().to_json()).unwrap();
            prop_assert_eq!(&stored, &interview.record());
            let resumed = model.resume(&stored).unwrap();
            prop_assert_eq!(resumed.case().to_json(), interview.case().to_json());
            prop_assert_eq!(resumed.progress(), interview.progress());
            before.push(interview.record());
        }
        prop_assert_eq!(interview.stop_reason(), Some(StopReason::NothingLeft));
        prop_assert_eq!(interview.progress().asked, asked.len());
        while before.pop().is_some_and(|record| record == interview.record()) && !before.is_empty() {
            interview.back();
        }
        prop_assert!(before.is_empty() && interview.back().is_none());
    }

    /// The probability of the same decision is the sum over all ways to answer everything.
    #[test]
    fn the_same_decision_is_summed_over_all_completions(sample in coherent()) {
        let model = model(&sample.document);
        let assessment = assess(&model, &sample.findings, &here());
        let same = assessment.same_decision(&Ask::default(), &Budget::default());
        // The probability of a full set of answers, by the chain rule over the oracle's own beliefs.
        let open = unasked(&sample.document, &sample.findings);
        let mut paths = vec![(sample.findings.clone(), 1.0)];
        for id in open {
            let mut next = Vec::new();
            for (findings, probability) in paths {
                let here = assess(&model, &findings, &here());
                let forecast = here.forecast(&id).unwrap().unwrap();
                for outlook in forecast.outlooks() {
                    let findings = answered_so(&sample.document, &findings, &id, outlook);
                    next.push((findings, probability * outlook.probability()));
                }
            }
            paths = next;
        }
        let now = first(&assessment);
        let kept = paths.iter().filter(|(findings, _)| first_of(&model, findings, &here()) == now);
        let expected: f64 = kept.map(|(_, probability)| probability).sum();
        prop_assert!((same.unwrap() - expected).abs() < 1e-7, "{:?} and {}", same, expected);
    }
}

/// Six signs and a test: base rates given, implied and unknown, a strict gate, a group, an implication, two flags, costs.
fn small() -> Document {
    let mut document = sketch(&[("alpha", 0.2), ("beta", 0.15), ("gamma", 0.05)]);
    for id in ["ache", "burn", "cough", "itch", "jolt", "fever", "gain"] {
        add_boolean(&mut document, id);
    }
    document.indicators.get_mut("ache").unwrap().base_rate.insert("present".to_owned(), 0.3);
    document.indicators.get_mut("burn").unwrap().cost = 2.0;
    document.indicators.get_mut("cough").unwrap().base_rate.insert("present".to_owned(), 0.35);
    let accuracy = |cause: &str, id: &str, sensitivity, specificity| aetia::written::Evidence {
        accuracy: Some(aetia::written::AccuracyRow { sensitivity, specificity }),
        ..row(cause, id)
    };
    document.evidence.extend([
        ratio_row("alpha", "ache", 2.0, Some(0.7)),
        accuracy("beta", "ache", 0.5, 0.7),
        accuracy("alpha", "burn", 0.8, 0.75),
        accuracy("gamma", "burn", 0.4, 0.75),
        ratio_row("beta", "cough", 3.0, None),
        ratio_row("beta", "itch", 3.0, None),
        ratio_row("gamma", "fever", 1.5, Some(0.5)),
    ]);
    let members = ["ache", "burn", "cough"].map(str::to_owned);
    let mut together = aetia_tests::sketch::group(&members);
    together.gamma = Some(0.5);
    document.groups.insert("together".to_owned(), together);
    document.implies.push(aetia::written::Implies {
        condition: "present(cough)".to_owned(),
        then: [("ache".to_owned(), aetia::AnswerValue::Boolean(true))].into(),
        reason: "coughing aches".to_owned(),
    });
    document.gates.insert("alone".to_owned(), gate(aetia::GateKind::Requires, "alpha", "present(gain)"));
    let mut strange = gate(aetia::GateKind::Excludes, "gamma", "all(present(itch), absent(burn))");
    strange.title = "Strange".to_owned();
    document.gates.insert("strange".to_owned(), strange);
    let mut urgent = flag("any(present(fever), all(present(jolt), present(itch)))");
    urgent.level = aetia::Level::Urgent;
    document.flags.insert("hot".to_owned(), urgent);
    document.flags.insert("idle".to_owned(), flag("present(jolt)"));
    document
}

/// In every reachable state the next question is the oracle's, for the same reason and with the same figure.
#[test]
fn the_next_question_is_the_best_one_in_every_state() {
    let document = small();
    let model = model(&document);
    let states = completions(&document, &Findings::new());
    assert!(states.len() >= 729, "{} states", states.len());
    let mut seen = BTreeSet::new();
    for findings in &states {
        let expected = questions(&document, findings, HERE);
        let assessment = assess(&model, findings, &here());
        let found = assessment.next_questions(usize::MAX, &Ask::default());
        let ids = |found: &[aetia::Question]| -> Vec<String> {
            found.iter().map(|question| question.indicator().id().to_string()).collect()
        };
        let twins: Vec<String> = expected.iter().map(|question| question.indicator.clone()).collect();
        assert_eq!(ids(&found), twins, "{findings:?}\n{expected:#?}");
        for (question, twin) in found.iter().zip(&expected) {
            let stage = match question.reason() {
                Reason::Flag { .. } => 0,
                Reason::Gate { .. } => 1,
                Reason::Information => 2,
                Reason::OtherGate { .. } => 3,
                Reason::NoBaseRate { .. } => 4,
                Reason::OtherFlag { .. } => 5,
                other => panic!("{other:?}"),
            };
            assert_eq!(stage, twin.stage.0, "{question}");
            seen.insert(stage);
            match (question.information(), twin.bits) {
                (Some(bits), Some(twin)) => assert!((bits - twin).abs() < 1e-7, "{question}: {bits}, {twin}"),
                (bits, twin) => assert_eq!(bits, twin, "{question}"),
            }
        }
    }
    assert_eq!(seen.into_iter().collect::<Vec<_>>(), [0, 1, 2, 3, 4, 5], "every reason is met");
}

/// A self-interview asks nothing that needs an examiner or a laboratory, and names what it left out.
#[test]
fn a_self_interview_says_what_it_left_out() {
    let mut document = small();
    document.indicators.get_mut("burn").unwrap().asked_by = aetia::AskedBy::Examination;
    let model = model(&document);
    let alone = Ask { who: Who::Oneself, ..Ask::default() };
    for findings in completions(&document, &Findings::new()).iter().step_by(7) {
        let assessment = assess(&model, findings, &here());
        let asked = assessment.next_questions(usize::MAX, &alone);
        let left_out = assessment.left_out(&alone);
        assert!(asked.iter().all(|question| question.indicator().id() != "burn"));
        let open = unasked(&document, findings).contains(&"burn".to_owned());
        assert_eq!(left_out.iter().map(|question| question.indicator().id().as_str()).eq(["burn"]), open);
    }
}

/// A stored interview is taken up by the knowledge base that began it; another refuses it, or adopts it by name and lists
/// what it dropped.
#[test]
fn an_interview_is_resumed_by_its_own_knowledge_base_only() {
    let document = small();
    let begun = model(&document);
    let mut interview: Interview = begun.interview();
    for (id, value) in [("itch", true), ("gain", false)] {
        interview.answer(id, &aetia::AnswerValue::Boolean(value)).unwrap();
    }
    let error = interview.answer("cough", &aetia::AnswerValue::Number(1.0)).unwrap_err();
    assert!(error.to_string().contains("`1` is no answer of `cough`"), "{error}");
    interview.answer("cough", &aetia::AnswerValue::Boolean(true)).unwrap();
    let error = interview.answer("ache", &aetia::AnswerValue::Boolean(false)).unwrap_err();
    assert!(error.to_string().contains("follows from other answers"), "{error}");

    let mut other = document;
    other.indicators.remove("itch");
    other.evidence.retain(|row| row.indicator != "itch");
    other.gates.remove("strange");
    other.flags.remove("hot");
    let other = model(&other);
    let record = interview.record();
    let error = other.resume(&record).unwrap_err();
    assert!(matches!(error, aetia::ResumeError::OtherModel { .. }), "{error}");
    let (adopted, dropped) = other.resume_adopting(&record).unwrap();
    assert_eq!(dropped.iter().map(aetia::Dropped::indicator).collect::<Vec<_>>(), ["itch"]);
    assert_eq!(adopted.answers().len(), 2);
    assert!(aetia::InterviewRecord::from_json("{}").is_err());
}

/// Each stop rule fires when it should, and says so.
#[test]
fn a_stop_rule_says_which_one_it_is() {
    let model = model(&small());
    let never = StopRule { settled: None, ..StopRule::default() };
    let (ask, budget) = (Ask { flags_first: None, ..Ask::default() }, Budget::default());
    let assessment = assess(&model, &Findings::new(), &here());
    let fired = |rule: StopRule, asked: usize| rule.applies(&assessment, asked, &ask, &budget);
    assert_eq!(fired(never, 3), None);
    assert_eq!(fired(StopRule { questions: Some(3), ..never }, 2), None);
    assert_eq!(fired(StopRule { questions: Some(3), ..never }, 3), Some(StopReason::QuestionLimit(3)));
    let gated = fired(StopRule { least_gain: Some(10.0), ..never }, 0);
    assert_eq!(gated, None, "a gate of the first is waiting");
    let open = assess(&model, &aetia_tests::sketch::booleans(&[("gain", true)]), &here());
    let little = StopRule { least_gain: Some(10.0), ..never }.applies(&open, 0, &ask, &budget);
    assert!(matches!(little, Some(StopReason::LittleToGain(gain)) if gain < 10.0), "{little:?}");
    let all = ["ache", "burn", "cough", "itch", "jolt", "fever", "gain"].map(|id| (id, true));
    let done = assess(&model, &aetia_tests::sketch::booleans(&all), &here());
    assert_eq!(never.applies(&done, 7, &ask, &budget), Some(StopReason::NothingLeft));
    let case = case(&model, &aetia_tests::sketch::booleans(&all[..6]));
    assert_eq!(model.next_questions(&case, 5, &ask).len(), 1);
}
