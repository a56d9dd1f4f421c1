//! Laws of flips, settled results and sufficient reasons, with every case of a small knowledge base in a table.

use aetia::written::Implies;
use aetia::{Ask, Budget, Document, Flip, GateKind, GateMode, Model, Reach, Settled, Sufficient};
use aetia_tests::engine::{assess, cases, model};
use aetia_tests::oracle::Findings;
use aetia_tests::sketch::{add_boolean, booleans, gate, ratio_row, sketch};
use proptest::collection::vec;
use proptest::prelude::*;

use super::interview::{first, first_of, here};

/// Everything about a small knowledge base of boolean signs, looked up in a table of all its cases: 0 for unknown, 1 and 2
/// for the answers.
struct Exhaustive {
    signs: Vec<String>,
    first: Vec<String>,
}

impl Exhaustive {
    fn of(model: &Model, document: &Document) -> Self {
        let signs: Vec<String> = document.indicators.keys().cloned().collect();
        let states = 3_usize.pow(u32::try_from(signs.len()).unwrap());
        let mut first = Vec::with_capacity(states);
        for state in 0..states {
            let found = signs.iter().enumerate().filter_map(|(at, id)| {
                let code = digit(state, at);
                (code > 0).then_some((id.as_str(), code == 2))
            });
            let found: Vec<(&str, bool)> = found.collect();
            first.push(first_of(model, &booleans(&found), &here()));
        }
        Self { signs, first }
    }

    fn state(&self, findings: &Findings) -> usize {
        let code = |id: &String| match findings.get(id) {
            Some(aetia::AnswerValue::Boolean(present)) => 1 + usize::from(*present),
            _ => 0,
        };
        self.signs.iter().rev().fold(0, |state, id| 3 * state + code(id))
    }

    /// The fewest answers, changed or newly given, after which a cause is first that is wanted.
    fn fewest(&self, now: usize, is_wanted: impl Fn(&str) -> bool) -> Option<usize> {
        let cost = |state: usize| {
            let pairs = (0..self.signs.len()).map(|at| (digit(now, at), digit(state, at)));
            // Taking an answer back is no change that is looked for.
            pairs
                .map(|(before, after)| if before == after { Some(0) } else { (after > 0).then_some(1) })
                .sum::<Option<usize>>()
        };
        (0..self.first.len()).filter(|state| is_wanted(&self.first[*state])).filter_map(cost).min()
    }

    /// Whether some of the answers of a state, by bits, keep its first cause in every case that has them.
    fn keeps(&self, now: usize, kept: usize) -> bool {
        let agrees = |state: &usize| {
            (0..self.signs.len()).all(|at| kept >> at & 1 == 0 || digit(*state, at) == digit(now, at))
        };
        (0..self.first.len()).filter(agrees).all(|state| self.first[state] == self.first[now])
    }
}

fn digit(state: usize, at: usize) -> usize {
    state / 3_usize.pow(u32::try_from(at).unwrap()) % 3
}

proptest! {
    // Each case is looked at in all its 3^8 completions.
    #![proptest_config(cases())]

    /// With up to eight findings flips, settled results and sufficient reasons are what looking at every case gives.
    #[test]
    fn flips_and_reasons_are_those_of_an_exhaustive_search(
        plain in aetia_tests::sketch::plain(4, 8, 6), kinds in vec(0..5_u8, 3),
    ) {
        let mut document = plain.document;
        // Gates of every kind on all causes but one, read off signs that also weigh.
        let lockable = aetia_tests::sketch::lockable(&document);
        let signs: Vec<String> = document.indicators.keys().cloned().collect();
        for ((cause, kind), sign) in lockable.iter().zip(kinds).zip(signs.iter().cycle()) {
            let mut bar = match kind {
                0 => continue,
                1 => gate(GateKind::Requires, cause, &format!("present({sign})")),
                2 => gate(GateKind::Requires, cause, &format!("not(present({sign}))")),
                3 => gate(GateKind::Caps, cause, &format!("present({sign})")),
                _ => gate(GateKind::Excludes, cause, &format!("present({sign})")),
            };
            bar.mode = (kind == 2).then_some(GateMode::Lenient);
            bar.probability = (kind == 3).then_some(0.25);
            document.gates.insert(format!("gate_of_{cause}"), bar);
        }
        let model = model(&document);
        let all = Exhaustive::of(&model, &document);
        let now = all.state(&plain.findings);
        let assessment = assess(&model, &plain.findings, &here());
        let leader = first(&assessment);
        let budget = Budget { completions: 6_561, nodes: 1_000_000 };

        let size = |flip: &Flip| match flip {
            Flip::Fewest(alternative) => Ok(Some(alternative.changes().len())),
            Flip::Never => Ok(None),
            Flip::Undecided { .. } => Err(()),
        };
        prop_assert_eq!(size(&assessment.flip(&budget)), Ok(all.fewest(now, |first| first != leader)));
        for cause in document.causes.keys().filter(|cause| **cause != leader) {
            let why_not = assessment.why_not(cause, &budget).unwrap();
            prop_assert_eq!(size(why_not.flip().unwrap()), Ok(all.fewest(now, |first| first == cause)), "{}", cause);
        }

        let given: usize = (0..all.signs.len()).filter(|at| digit(now, *at) > 0).map(|at| 1 << at).sum();
        let settled = assessment.settled(Reach::First, &Ask::default(), &budget);
        prop_assert_ne!(&settled, &Settled::Undecided);
        prop_assert_eq!(settled == Settled::Proved, all.keeps(now, given));
        let subsets = (0..=given).filter(|kept| kept & !given == 0 && all.keeps(now, *kept));
        let smallest = subsets.map(usize::count_ones).min();
        match assessment.sufficient(&Ask::default(), &budget) {
            Sufficient::Smallest(essential) => {
                prop_assert_eq!(u32::try_from(essential.indicators().len()).ok(), smallest);
                let bits = essential.indicators().iter().map(|id| {
                    1_usize << all.signs.iter().position(|sign| id == sign.as_str()).unwrap()
                });
                prop_assert!(all.keeps(now, bits.sum()));
            }
            Sufficient::NotSettled(_) => prop_assert_eq!(smallest, None),
            Sufficient::Undecided { .. } => prop_assert!(false, "nothing is beyond this budget"),
        }
    }
}

/// The answers that were found to do it, and are the fewest.
fn answers(flip: &Flip) -> Vec<(&str, &str)> {
    let Flip::Fewest(alternative) = flip else { panic!("some answers do it: {}", flip.sentence()) };
    alternative.changes().iter().map(|change| (change.indicator().as_str(), change.key())).collect()
}

/// A cap in force that does not bind yet: a finding that lifts the leader more than its rival still puts the rival first,
/// as the cap keeps the leader down.
#[test]
fn a_rival_passes_a_leader_that_its_cap_keeps_down() {
    let mut document = sketch(&[("alpha", 0.1), ("beta", 0.05)]);
    for sign in ["capping", "lifting"] {
        add_boolean(&mut document, sign);
    }
    document.evidence.extend([
        ratio_row("alpha", "lifting", 10.0, Some(0.1)),
        ratio_row("beta", "lifting", 8.0, Some(0.1)),
        ratio_row("alpha", "capping", 1.0, Some(1.0)),
        ratio_row("beta", "capping", 1.0, Some(1.0)),
    ]);
    let mut cap = gate(GateKind::Caps, "alpha", "present(capping)");
    cap.probability = Some(0.25);
    document.gates.insert("cap".to_owned(), cap);
    let model = model(&document);
    let assessment = assess(&model, &booleans(&[("capping", true)]), &here());
    assert_eq!(first(&assessment), "alpha");
    assert_eq!(answers(&assessment.flip(&Budget::default())), [("lifting", "present")]);
    let why_not = assessment.why_not("beta", &Budget::default()).unwrap();
    assert_eq!(answers(why_not.flip().unwrap()), [("lifting", "present")]);
}

/// One answer that suffices is found though answers left out one by one, in order, leave two.
#[test]
fn the_smallest_reason_is_not_the_first_that_cannot_be_shortened() {
    let mut document = sketch(&[("alpha", 0.25), ("beta", 0.2)]);
    for (sign, present, absent) in [("alone", 100.0, 0.9), ("joint_1", 3.0, 0.2), ("joint_2", 3.0, 0.2)] {
        add_boolean(&mut document, sign);
        document.evidence.push(ratio_row("alpha", sign, present, Some(absent)));
        document.evidence.push(ratio_row("beta", sign, 1.0, Some(1.0)));
    }
    let model = model(&document);
    let all = Exhaustive::of(&model, &document);
    let findings = booleans(&[("alone", true), ("joint_1", true), ("joint_2", true)]);
    let now = all.state(&findings);
    let kept = |signs: &[usize]| all.keeps(now, signs.iter().map(|at| 1 << at).sum());
    assert!(kept(&[0]) && kept(&[1, 2]) && !kept(&[1]) && !kept(&[2]), "the case is what it is made for");
    let sufficient = assess(&model, &findings, &here()).sufficient(&Ask::default(), &Budget::default());
    let Sufficient::Smallest(essential) = &sufficient else { panic!("{}", sufficient.sentence()) };
    assert_eq!(essential.indicators().iter().map(aetia::IndicatorId::as_str).collect::<Vec<_>>(), ["alone"]);
}

/// Where the budget does not decide which cause stays first, that no flag can be raised does not settle the result.
#[test]
fn flags_do_not_settle_a_first_cause_that_is_undecided() {
    let mut document = sketch(&[("alpha", 0.3), ("beta", 0.1)]);
    for sign in ["sign_1", "sign_2", "sign_3"] {
        add_boolean(&mut document, sign);
        document.evidence.push(ratio_row("alpha", sign, 0.5, Some(1.2)));
        document.evidence.push(ratio_row("beta", sign, 1.0, Some(1.0)));
    }
    let assessment = assess(&model(&document), &booleans(&[]), &here());
    for reach in [Reach::First, Reach::FirstAndFlags] {
        let with = |completions| {
            assessment.settled(reach, &Ask::default(), &Budget { completions, ..Budget::default() })
        };
        assert_eq!(with(1), Settled::Undecided, "{reach:?}");
        assert!(matches!(with(100), Settled::Open(_)), "{reach:?}");
    }
}

/// An answer that weighs nothing and contradicts the one that would do it has to change with it.
#[test]
fn an_answer_in_the_way_is_changed_with_the_one_that_flips() {
    let mut document = sketch(&[("alpha", 0.3), ("beta", 0.25)]);
    for sign in ["quiet", "telling"] {
        add_boolean(&mut document, sign);
    }
    document.evidence.extend([
        ratio_row("alpha", "telling", 0.5, Some(1.2)),
        ratio_row("beta", "telling", 1.0, Some(1.0)),
    ]);
    let both = ["quiet".to_owned(), "telling".to_owned()];
    document.groups.insert("both".to_owned(), aetia_tests::sketch::group(&both));
    document.implies.push(Implies {
        condition: "present(telling)".to_owned(),
        then: [("quiet".to_owned(), aetia::AnswerValue::Boolean(false))].into(),
        reason: "the one comes without the other".to_owned(),
    });
    let assessment = assess(&model(&document), &booleans(&[("telling", false), ("quiet", true)]), &here());
    let flip = assessment.flip(&Budget::default());
    assert_eq!(answers(&flip), [("quiet", "absent"), ("telling", "present")]);
}
