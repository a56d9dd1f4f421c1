//! Costs, deficits and stored choices of an interview, one by one: what the larger laws would let pass.

use aetia::{AnswerValue, Ask, Budget, Document, GateKind, Level, Link, Options, Reach, StopRule, Who};
use aetia_tests::engine::{assess, model, options};
use aetia_tests::sketch::{HERE, add_boolean, booleans, flag, gate, ratio_row, sketch};

/// Two causes, and signs for the second with these costs.
fn with_signs(signs: &[(&str, f64, f64)]) -> Document {
    let mut document = sketch(&[("alpha", 0.4), ("beta", 0.1)]);
    for (id, ratio, cost) in signs {
        add_boolean(&mut document, id);
        document.indicators.get_mut(*id).unwrap().cost = *cost;
        document.evidence.push(ratio_row("beta", id, *ratio, None));
    }
    document
}

fn asked(document: &Document) -> Vec<(String, f64)> {
    let assessment = assess(&model(document), &booleans(&[]), &options(HERE, Link::Exclusive));
    let questions = assessment.next_questions(usize::MAX, &Ask::default());
    questions.iter().map(|question| (question.indicator().id().to_string(), question.cost())).collect()
}

/// Where no base rate is known, and among flags of a level, the cheaper question comes first; what is nearly free costs the
/// least cost.
#[test]
fn a_dear_question_waits() {
    let same = with_signs(&[("dear", 3.0, 10.0), ("free", 2.0, 0.01)]);
    assert_eq!(asked(&same), [("free".to_owned(), 0.1), ("dear".to_owned(), 10.0)]);
    // Costs aside, the stronger sign tells more.
    let cheap = with_signs(&[("dear", 2.0, 1.0), ("free", 3.0, 1.0)]);
    assert_eq!(asked(&cheap)[0].0, "free");

    let mut flagged = with_signs(&[("a_dear", 2.0, 5.0), ("b_cheap", 2.0, 1.0)]);
    for id in ["a_dear", "b_cheap"] {
        let mut urgent = flag(&format!("present({id})"));
        urgent.level = Level::Urgent;
        flagged.flags.insert(format!("flag_{id}"), urgent);
    }
    assert_eq!(asked(&flagged), [("b_cheap".to_owned(), 1.0), ("a_dear".to_owned(), 5.0)]);
}

/// A change costs what its questions cost; the deficit of a cause is that of its evidence, whatever a gate does to it.
#[test]
fn a_change_costs_what_its_questions_cost() {
    let mut document = with_signs(&[("sign", 20.0, 3.0)]);
    let here = options(HERE, Link::Exclusive);
    let flip = assess(&model(&document), &booleans(&[]), &here).flip(&Budget::default());
    let alternative = flip.alternative().expect("the sign does it");
    assert!((alternative.cost() - 3.0).abs() < 1e-12 && alternative.first() == "beta", "{alternative:?}");

    add_boolean(&mut document, "key");
    document.gates.insert("gate".to_owned(), gate(GateKind::Requires, "beta", "present(key)"));
    let assessment = assess(&model(&document), &booleans(&[("sign", true)]), &here);
    let why_not = assessment.why_not("beta", &Budget::default()).unwrap();
    let raw = |id: &str| assessment.cause(id).unwrap().score_ungated();
    assert_eq!(why_not.deficit(), raw("alpha") - raw("beta"));
    assert!(why_not.deficit() < aetia::Weight::ZERO);
    assert!(why_not.sentences()[0].contains("a gate keeps it from being first"), "{why_not:?}");
}

/// A stored interview keeps who is asked, when to stop, how long to look and under which link; going back takes the answer out of
/// the case.
#[test]
fn a_stored_interview_keeps_every_choice() {
    let model = model(&with_signs(&[("one", 2.0, 1.0), ("two", 3.0, 1.0)]));
    let ask = Ask { who: Who::Oneself, flags_first: None, ..Ask::default() };
    let stop = StopRule { settled: Some(Reach::First), questions: Some(7), ..StopRule::default() };
    let choices: Options = options(HERE, Link::Independent);
    let mut interview = model.interview_with(&choices, ask, stop).unwrap();
    interview.set_budget(Budget { completions: 11, nodes: 13 });
    interview.answer("one", &AnswerValue::Boolean(true)).unwrap();
    let one = interview.case().to_json();
    interview.answer("two", &AnswerValue::Boolean(false)).unwrap();
    let record = interview.record();
    let resumed = model.resume(&record).unwrap();
    assert_eq!(resumed.record(), record);
    assert_eq!((record.link, record.ask, record.stop), (Link::Independent, ask, stop));
    assert_eq!(record.budget, Budget { completions: 11, nodes: 13 });
    assert_eq!(resumed.assessment().link(), Link::Independent);
    interview.back();
    assert_eq!(interview.case().to_json(), one);
}
