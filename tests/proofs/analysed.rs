//! What an analysis says: for each kind of remark a document in which it is made, and one like it in which it is not.

use aetia::written::Evidence;
use aetia::{Document, GateKind, GateMode, IndicatorKind};
use aetia_tests::sketch::{add_booleans, flag, gate, group, ratio_row, row, sketch};
use aetia_verify::{Analysis, Budget, RemarkKind, analyse};

/// Two causes and two findings that speak for one each.
fn document() -> Document {
    let mut document = sketch(&[("one", 0.3), ("two", 0.2)]);
    add_booleans(&mut document, &["a", "b"].map(str::to_owned));
    document.evidence = vec![ratio_row("one", "a", 4.0, Some(0.5)), ratio_row("two", "b", 6.0, Some(0.6))];
    document
}

fn with(change: impl FnOnce(&mut Document)) -> Document {
    let mut document = document();
    change(&mut document);
    document
}

fn analysed(document: &Document, budget: &Budget) -> Analysis {
    let kb = document.clone().validate().unwrap_or_else(|error| panic!("{error}\n{}", document.to_toml()));
    analyse(&kb.compile(), budget).unwrap()
}

/// What remarks of a kind are about.
fn subjects(document: &Document, kind: RemarkKind) -> Vec<String> {
    let analysis = analysed(document, &Budget::default());
    assert!(analysis.is_complete(), "{analysis}");
    analysis.remarks.into_iter().filter(|remark| remark.kind == kind).map(|remark| remark.subject).collect()
}

/// That a remark is made of the one document, about one thing, and not of the other.
fn told(kind: RemarkKind, subject: &str, document: &Document, other: &Document) {
    assert_eq!(subjects(document, kind), [subject], "{kind:?}");
    let none: [&str; 0] = [];
    assert_eq!(subjects(other, kind), none, "{kind:?}");
}

fn gated(kind: GateKind, mode: Option<GateMode>, condition: &str) -> Document {
    with(|document| {
        let mut gate = gate(kind, "two", condition);
        gate.mode = mode;
        gate.probability = (kind == GateKind::Caps).then_some(0.1);
        document.gates.insert("rule".to_owned(), gate);
    })
}

#[test]
fn causes_are_first_or_never() {
    let weak = with(|document| {
        let prior = document.causes.get_mut("two").unwrap().prior.values_mut();
        prior.for_each(|prior| prior.value = 0.01);
    });
    told(RemarkKind::NeverFirst, "two", &weak, &document());
    assert_eq!(subjects(&weak, RemarkKind::FirstIn), ["one"]);
    assert_eq!(subjects(&document(), RemarkKind::FirstIn), ["one", "two"]);
    let analysis = analysed(&document(), &Budget::default());
    let shown: Vec<String> = analysis
        .remarks
        .iter()
        .filter(|remark| remark.kind == RemarkKind::FirstIn)
        .map(|remark| {
            let model = document().validate().unwrap().compile();
            model.assess(&model.adopt(remark.case.as_ref().unwrap())).first().id().to_string()
        })
        .collect();
    assert_eq!(shown, ["one", "two"]);
}

#[test]
fn a_finding_is_dead_on_which_nothing_depends() {
    let dead = with(|document| add_booleans(document, &["c".to_owned()]));
    told(RemarkKind::DeadFinding, "c", &dead, &document());
    let read = with(|document| {
        add_booleans(document, &["c".to_owned()]);
        document.flags.insert("look".to_owned(), flag("present(c)"));
    });
    told(RemarkKind::DeadFinding, "c", &dead, &read);
}

#[test]
fn gates_of_each_kind_act_sometimes_never_or_always() {
    // Nothing is present and absent at once.
    let (never, sometimes) = ("all(present(a), absent(a))", "present(a)");
    for (kind, mode) in [
        (GateKind::Requires, Some(GateMode::Strict)),
        (GateKind::Requires, Some(GateMode::Lenient)),
        (GateKind::Caps, None),
        (GateKind::Excludes, None),
    ] {
        let open = gated(kind, mode, sometimes);
        match (kind, mode) {
            // It is open only where its condition holds.
            (GateKind::Requires, Some(GateMode::Strict)) => {
                told(RemarkKind::GateAlwaysActs, "rule", &gated(kind, mode, never), &open);
            }
            (GateKind::Requires, _) => {
                let lenient = gated(kind, mode, "any(present(a), absent(a))");
                told(RemarkKind::GateNeverActs, "rule", &lenient, &open);
            }
            (GateKind::Caps | GateKind::Excludes, _) => {
                told(RemarkKind::GateNeverActs, "rule", &gated(kind, mode, never), &open);
            }
        }
    }
}

#[test]
fn a_gate_fights_weights_that_speak_for_what_it_holds() {
    for (kind, mode, words) in [
        (GateKind::Requires, Some(GateMode::Strict), "it holds `two` back by as much as"),
        (GateKind::Requires, Some(GateMode::Lenient), "it holds `two` back by as much as"),
        (GateKind::Caps, None, "it takes as much as"),
        (GateKind::Excludes, None, "it excludes `two` where that stands as much as"),
    ] {
        let with_ratio = |present: f64| {
            let mut document = gated(kind, mode, "present(a)");
            document.evidence[1].likelihood_ratio.as_mut().unwrap().present = present;
            document
        };
        let (quiet, fought) = (with_ratio(1.05), with_ratio(500.0));
        told(RemarkKind::GateFightsWeights, "rule", &fought, &quiet);
        // By how much, in the case it shows: what the engine takes there, or the lead of what is excluded.
        let analysis = analysed(&fought, &Budget::default());
        let remark = analysis.remarks.iter().find(|it| it.kind == RemarkKind::GateFightsWeights).unwrap();
        assert!(remark.message.starts_with(words), "{}", remark.message);
        let model = fought.validate().unwrap().compile();
        let assessment = model.assess(&model.adopt(remark.case.as_ref().unwrap()));
        let two = assessment.cause("two").unwrap();
        let taken = match kind {
            GateKind::Requires | GateKind::Caps => two.score_ungated() - two.score(),
            GateKind::Excludes => two.score_ungated() - assessment.first().score(),
        };
        assert!(remark.message.contains(&format!(" {taken:.1} ")), "{}: {taken}", remark.message);
        assert!(taken.decibans() > 6.0);
    }
}

#[test]
fn a_flag_is_implied_by_a_narrower_one() {
    let flags = |narrow: &str| {
        with(|document| {
            document.flags.insert("narrow".to_owned(), flag(narrow));
            document.flags.insert("wide".to_owned(), flag("present(a)"));
        })
    };
    told(RemarkKind::FlagImplied, "wide", &flags("all(present(a), present(b))"), &flags("present(b)"));
}

#[test]
fn evidence_is_silent_where_it_weighs_nothing() {
    let silent = with(|document| document.evidence.push(ratio_row("one", "b", 1.0, Some(1.0))));
    let speaks = with(|document| document.evidence.push(ratio_row("one", "b", 1.1, Some(0.9))));
    told(RemarkKind::SilentEvidence, "evidence[2]", &silent, &speaks);
}

#[test]
fn a_cut_point_is_idle_between_equal_weights() {
    let cut = |middle: f64, is_read: bool| {
        with(|document| {
            document.indicators.insert(
                "age".to_owned(),
                aetia::written::Indicator {
                    title: "Age".to_owned(),
                    kind: IndicatorKind::Numeric,
                    unit: Some("years".to_owned()),
                    cut_points: vec![10.0, 30.0],
                    ..Default::default()
                },
            );
            let ratios = [("<10", 0.5), ("10..30", middle), (">=30", 2.0)];
            let likelihood_ratios = ratios.map(|(bin, ratio)| (bin.to_owned(), ratio)).into();
            document.evidence.push(Evidence { likelihood_ratios, ..row("one", "age") });
            if is_read {
                document.flags.insert("old".to_owned(), flag("age >= 30"));
            }
        })
    };
    told(RemarkKind::IdleCutPoint, "age", &cut(2.0, false), &cut(1.0, false));
    told(RemarkKind::IdleCutPoint, "age", &cut(2.0, false), &cut(2.0, true));
}

#[test]
fn evidence_is_duplicate_with_one_source_and_equal_figures() {
    let twice = with(|document| document.evidence.push(ratio_row("one", "b", 4.0, Some(0.5))));
    let grouped = with(|document| {
        document.evidence.push(ratio_row("one", "b", 4.0, Some(0.5)));
        document.groups.insert("pair".to_owned(), group(&["a", "b"].map(str::to_owned)));
    });
    told(RemarkKind::DuplicateEvidence, "evidence[0]", &twice, &grouped);
    told(RemarkKind::DuplicateEvidence, "evidence[0]", &twice, &document());
}

/// What the search did not come to the end of is said, of each kind of question.
#[test]
fn what_is_undecided_is_said() {
    let mut document = gated(GateKind::Requires, Some(GateMode::Strict), "any(present(a), present(b))");
    document.flags.insert("narrow".to_owned(), flag("any(present(a), all(present(b), absent(a)))"));
    document.flags.insert("wide".to_owned(), flag("present(a)"));
    let analysis = analysed(&document, &Budget::of_nodes(0));
    assert!(!analysis.is_complete());
    let undecided = analysis.remarks.iter().filter(|remark| remark.kind == RemarkKind::Undecided);
    let said: Vec<String> = undecided.map(|it| format!("{}: {}", it.subject, it.message)).collect();
    for part in [
        "one: whether it can be first",
        "rule: what it does was not decided",
        "rule: by how much it fights the weights of `two` was not decided",
        "narrow: whether it is raised whenever `wide` is",
    ] {
        assert!(said.iter().any(|line| line.starts_with(part)), "{part}: {said:#?}");
    }
}
