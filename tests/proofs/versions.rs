//! Two versions of a knowledge base: equal for every case, or a case that differs; and whether a case is settled.

use std::collections::{BTreeMap, BTreeSet};

use aetia::written::{Implies, Impossible};
use aetia::{AnswerValue, Case, CaseBuilder, Document, FlagState, IndicatorKind, Level, Model};
use aetia_tests::exhaustive::{World, condition, small_document, value};
use aetia_tests::sketch::{add_booleans, flag, ratio_row, sketch};
use aetia_tests::synthetic::SplitMix;
use aetia_verify::{
    Because, Budget, Certificate, Change, Checker, Claim, Part, Prover, Readings, Refutation, Scope, Step,
    Verdict, check_document, diff, prove,
};

/// What can be changed between two versions.
const KINDS: [&str; 12] = [
    "a figure",
    "a gate",
    "a condition of a flag",
    "a prior",
    "a cut-point",
    "one cut-point more",
    "an impossible combination",
    "an implication",
    "an answer",
    "the default setting",
    "a level",
    "an indicator",
];

/// A document with one thing changed.
fn changed(document: &Document, kind: &str, random: &mut SplitMix) -> Option<Document> {
    let mut changed = document.clone();
    let of_kind = |kinds: &[IndicatorKind]| -> Vec<String> {
        let all = document.indicators.iter().filter(|(_, it)| kinds.contains(&it.kind));
        all.map(|(id, _)| id.clone()).collect()
    };
    let mut pick = |ids: Vec<String>| (!ids.is_empty()).then(|| ids[random.below(ids.len())].clone());
    match kind {
        "a figure" => {
            let count = changed.evidence.len().max(1);
            let row = changed.evidence.get_mut(random.below(count))?;
            row.likelihood_ratio.as_mut()?.present *= [1.05, 1.000_001, 0.9][random.below(3)];
        }
        "a gate" => {
            let id = changed.gates.keys().next()?.clone();
            changed.gates.remove(&id);
        }
        "a condition of a flag" => {
            let id = changed.flags.keys().next()?.clone();
            changed.flags.get_mut(&id)?.condition = document.flags["asked_1"].condition.clone();
        }
        "a prior" => {
            let cause = changed.causes.values_mut().next()?;
            cause.prior.values_mut().for_each(|prior| prior.value *= 0.97);
        }
        "a cut-point" => {
            let id = pick(of_kind(&[IndicatorKind::Numeric]))?;
            let cuts = &document.indicators[&id].cut_points;
            let at = random.below(cuts.len());
            let mut moved = cuts.clone();
            moved[at] += [-0.25, 0.25, 3.0, -7.0][random.below(4)];
            let (from, to) = (cuts[at], moved[at]);
            let mut text = document.to_toml();
            for form in ["\"<{}\"", "\"{}..", "..{}\"", "\">={}\"", "ID >= {}", "ID < {}"] {
                let form = form.replace("ID", &id);
                text = text
                    .replace(&form.replace("{}", &from.to_string()), &form.replace("{}", &to.to_string()));
            }
            changed = Document::from_toml(&text).ok()?;
            changed.indicators.get_mut(&id)?.cut_points = moved;
        }
        "one cut-point more" => {
            let id = pick(of_kind(&[IndicatorKind::Numeric]))?;
            let cuts = &mut changed.indicators.get_mut(&id)?.cut_points;
            let last = *cuts.last()?;
            let next = last + 2.5;
            cuts.push(next);
            let (whole, parts) = (format!(">={last}"), [format!("{last}..{next}"), format!(">={next}")]);
            // What was one bin is two with the same figures; shares are halved.
            let split = |figures: &mut BTreeMap<String, f64>, of: f64| {
                if let Some(figure) = figures.remove(&whole) {
                    figures.extend(parts.clone().map(|part| (part, figure / of)));
                }
            };
            split(&mut changed.indicators.get_mut(&id)?.base_rate, 2.0);
            for row in changed.evidence.iter_mut().filter(|row| row.indicator == id) {
                split(&mut row.likelihood_ratios, 1.0);
                if let Some(shares) = &mut row.probabilities {
                    split(&mut shares.cause, 2.0);
                    split(&mut shares.comparator, 2.0);
                }
            }
        }
        "an impossible combination" => {
            let condition = condition(random, document, 1);
            changed.impossible.push(Impossible { condition, reason: "it is never seen".to_owned() });
        }
        "an implication" => {
            let then = pick(of_kind(&[IndicatorKind::Boolean]))?;
            let condition = condition(random, document, 1);
            let then = [(then, AnswerValue::Boolean(random.below(2) == 0))].into();
            changed.implies.push(Implies { condition, then, reason: "it follows".to_owned() });
        }
        "an answer" => {
            let id = pick(of_kind(&[IndicatorKind::Categorical, IndicatorKind::Ordinal]))?;
            let answers = &document.indicators[&id].answers;
            let answer = &answers[random.below(answers.len())].id;
            changed = Document::from_toml(&renamed(&document.to_toml(), answer)).ok()?;
        }
        "the default setting" => {
            let default = &mut changed.knowledge_base.default_setting;
            *default = document.settings.keys().find(|setting| *setting != default)?.clone();
        }
        "a level" => {
            let id = pick(document.flags.keys().cloned().collect())?;
            let level = &mut changed.flags.get_mut(&id)?.level;
            *level = if *level == Level::Emergency { Level::Routine } else { Level::Emergency };
        }
        _ => {
            let id = pick(document.indicators.keys().cloned().collect())?;
            changed = Document::from_toml(&renamed(&document.to_toml(), &id)).ok()?;
        }
    }
    Some(changed)
}

/// A text with another name for something.
fn renamed(text: &str, name: &str) -> String {
    let is_part = |letter: char| letter.is_ascii_alphanumeric() || letter == '_';
    let mut found = String::new();
    let mut word = String::new();
    for letter in text.chars().chain(['\n']) {
        if is_part(letter) {
            word.push(letter);
            continue;
        }
        found.push_str(&word);
        if word == name {
            found.push_str("_now");
        }
        word.clear();
        found.push(letter);
    }
    found
}

/// Every case of a world, with numbers on both sides of each cut-point of either version.
fn all_cases(world: &World, other: &Model) -> Vec<Case> {
    let values = |id: &String| -> Vec<AnswerValue> {
        let indicator = world.model.knowledge_base().indicator(id).unwrap();
        if indicator.kind() != IndicatorKind::Numeric {
            return (0..indicator.answers().len()).map(|at| value(indicator, at)).collect();
        }
        let twin = other.knowledge_base().indicator(id);
        let cuts =
            indicator.cut_points().iter().chain(twin.into_iter().flat_map(aetia::Indicator::cut_points));
        let near = |cut: &f64| [cut - 0.125, *cut, cut + 0.125].map(AnswerValue::Number);
        cuts.flat_map(near).collect()
    };
    let mut all = vec![world.model.case()];
    for (id, _) in &world.indicators {
        let given = |case: &CaseBuilder| {
            let with = |value| case.clone().finding(id, &value).unwrap();
            std::iter::once(case.clone()).chain(values(id).into_iter().map(with)).collect::<Vec<_>>()
        };
        all = all.iter().flat_map(given).collect();
    }
    all.into_iter().filter_map(|case| case.build().ok()).collect()
}

/// What a case comes to: the first cause by setting and by default, and the raised flags with their levels.
type Outcome = (BTreeMap<String, String>, String, Vec<(String, Level)>);

fn outcome(model: &Model, case: &Case, settings: &[String]) -> Outcome {
    let first = |setting: &String| {
        let options = aetia_tests::engine::options(setting, aetia::Link::Exclusive);
        let mut scratch = aetia::Scratch::new();
        let assessed = model.assess_with(case, &options, &mut scratch).unwrap();
        (setting.clone(), assessed.first().id().to_string())
    };
    let assessment = model.assess(case);
    let raised = assessment.flags().filter(|report| report.state == FlagState::Raised);
    let raised = raised.map(|report| (report.flag.id().to_string(), report.flag.level())).collect();
    (settings.iter().map(first).collect(), assessment.first().id().to_string(), raised)
}

/// A certificate that flags of two versions are equal, which says of each that nobody has to look.
fn without_steps(old: &Model, new: &Model) -> Certificate {
    let ids = |model: &Model| -> BTreeSet<String> {
        model.knowledge_base().flags().map(|flag| flag.id().to_string()).collect()
    };
    let setting = old.knowledge_base().settings().map(|it| it.id().to_string()).min().unwrap();
    let parts = ids(old).into_iter().chain(ids(new)).collect::<BTreeSet<_>>().into_iter().map(|flag| Part {
        setting: setting.clone(),
        about: Some(flag),
        because: Because::Steps(vec![Step::Closed]),
    });
    Certificate {
        format: aetia_verify::CERTIFICATE_FORMAT,
        source: old.source_hash().to_owned(),
        meaning: old.meaning_hash().to_owned(),
        claim: Claim::SameFlagsAs(new.clone()).to_string(),
        other: Some((new.source_hash().to_owned(), new.meaning_hash().to_owned())),
        readings: Readings::default(),
        parts: parts.collect(),
    }
}

/// Whether a case of one version comes to something else in another, or is none there.
fn is_apart(old: &Model, new: &Model, case: &Case) -> bool {
    let carried = new.adopt(case);
    if !carried.dropped().is_empty() {
        return true;
    }
    let of = |model: &Model| -> Vec<String> {
        model.knowledge_base().settings().map(|setting| setting.id().to_string()).collect()
    };
    let both: Vec<String> = of(old).into_iter().filter(|setting| of(new).contains(setting)).collect();
    outcome(old, case, &both) != outcome(new, &carried, &both)
}

/// What is called minor changes no case; what is called major comes with a case in which the engine says something else.
#[test]
fn a_minor_change_changes_no_case() {
    let mut random = SplitMix::of(44);
    let budget = Budget::of_nodes(20_000);
    let mut table: BTreeMap<&str, (usize, usize)> = BTreeMap::new();
    let mut checked = 0;
    for round in 0.. {
        let kind = KINDS[round % KINDS.len()];
        if table.len() == KINDS.len() && table.values().all(|(minor, major)| minor + major >= 10) {
            break;
        }
        assert!(round < 20_000, "{table:?}");
        if table.get(kind).is_some_and(|(minor, major)| minor + major >= 20) {
            continue;
        }
        let Some(document) = small_document(&mut random, 150) else { continue };
        let Some(other) = changed(&document, kind, &mut random) else { continue };
        // Either may be the older one.
        let (document, other) = if random.below(2) == 0 { (document, other) } else { (other, document) };
        let Some((kb, other)) = document.clone().validate().ok().zip(other.validate().ok()) else { continue };
        let (old, new) = (kb.compile(), other.compile());
        let place = || format!("{kind}\n{}\n{}", document.to_toml(), other.document().to_toml());
        let found = diff(&old, &new, &budget).unwrap();
        let world = World::of(document.clone());
        let cases = all_cases(&world, &new);
        let differs = cases.iter().any(|case| is_apart(&old, &new, case));
        let raised = |model: &Model, case: &Case| outcome(model, &model.adopt(case), &[]).2;
        let taken = |case: &&Case| new.adopt(case).dropped().is_empty();
        let flags_differ = cases.iter().filter(taken).any(|case| raised(&old, case) != raised(&new, case));
        let verdict = prove(&old, &Claim::SameFlagsAs(new.clone()), &budget).unwrap();
        assert_eq!((verdict.is_proved(), verdict.is_refuted()), (!flags_differ, flags_differ), "{}", place());
        if flags_differ {
            let forged = without_steps(&old, &new);
            let (one, two) = (Checker::new(&document).unwrap(), Checker::new(other.document()).unwrap());
            let shown = one.check_pair(&two, &forged.claim, &forged.readings, &forged);
            let error = shown.expect_err("nobody showed it").to_string();
            assert!(error.starts_with("conditions and bounds leave something open"), "{error}\n{}", place());
        }
        let (minor, major) = table.entry(kind).or_default();
        match found.change {
            Change::Major => {
                assert!(differs, "{found}\n{}", place());
                for difference in found.differences() {
                    assert!(is_apart(&old, &new, &difference.case), "{}\n{}", difference.sentence, place());
                }
                *major += 1;
            }
            Change::Minor | Change::Patch => {
                assert!(!differs, "{found}\n{}", place());
                *minor += 1;
                let firsts = Claim::SameFirstAs(new.clone()).to_string();
                let flags = Claim::SameFlagsAs(new.clone()).to_string();
                let (one, two) = (Checker::new(&document).unwrap(), Checker::new(other.document()).unwrap());
                let mut shown: BTreeMap<&str, usize> = BTreeMap::new();
                for certificate in &found.certificates {
                    let read = Certificate::from_json(&certificate.to_json()).unwrap();
                    let (claim, wrong) =
                        if read.claim == flags { (&flags, &firsts) } else { (&firsts, &flags) };
                    let check = |claim| one.check_pair(&two, claim, &certificate.readings, &read);
                    assert_eq!(check(claim), Ok(()), "{}", place());
                    assert!(check(wrong).is_err(), "{}", place());
                    *shown.entry(claim).or_default() += 1;
                    checked += 1;
                }
                if found.change == Change::Minor {
                    let of = |model: &Model| -> Vec<String> {
                        model.knowledge_base().settings().map(|it| it.id().to_string()).collect()
                    };
                    let both = of(&old).iter().filter(|setting| of(&new).contains(setting)).count();
                    assert_eq!((shown[&*firsts], shown[&*flags]), (both, 1), "{found}\n{}", place());
                }
            }
            Change::Undecided => panic!("{found}\n{}", place()),
        }
    }
    println!("{checked} certificates accepted; changes, minor and major:");
    for (kind, (minor, major)) in &table {
        println!("{kind:<28} {minor:>4} {major:>4}");
    }
    let never = ["a figure", "one cut-point more"];
    let both = ["a gate", "a prior", "one cut-point more", "an implication", "an impossible combination"];
    assert!(checked > 5);
    assert!(table.iter().all(|(kind, (_, major))| never.contains(kind) || *major > 0), "{table:?}");
    assert!(both.iter().all(|kind| table[kind].0 > 0), "{table:?}");
}

/// The steps that show that a flag is the same do not show it of one at another level.
#[test]
fn a_certificate_of_equal_flags_is_of_their_levels_too() {
    let mut document = sketch(&[("one", 0.3), ("two", 0.2)]);
    add_booleans(&mut document, &["a".to_owned()]);
    document.evidence = vec![ratio_row("one", "a", 4.0, Some(0.5))];
    document.flags.insert("look".to_owned(), flag("present(a)"));
    let mut other = document.clone();
    let level = &mut other.flags.get_mut("look").unwrap().level;
    *level = if *level == Level::Emergency { Level::Routine } else { Level::Emergency };
    let model = |document: &Document| document.clone().validate().unwrap().compile();
    let (old, new) = (model(&document), model(&other));
    let verdict = prove(&old, &Claim::SameFlagsAs(old.clone()), &Budget::default()).unwrap();
    let Verdict::Proved { certificate, .. } = verdict else { panic!("{verdict}") };
    let shown = |other: &Document, certificate: &Certificate| {
        let (one, two) = (Checker::new(&document).unwrap(), Checker::new(other).unwrap());
        one.check_pair(&two, &certificate.claim, &Readings::default(), certificate)
    };
    assert_eq!(shown(&document, &certificate), Ok(()));
    let hashes = (new.source_hash().to_owned(), new.meaning_hash().to_owned());
    let moved = Certificate { other: Some(hashes), ..certificate };
    let error = shown(&other, &moved).unwrap_err().to_string();
    assert!(error.starts_with("conditions and bounds leave something open"), "{error}");
}

/// A case that is called settled keeps its first cause in every completion; one that is not has a completion that changes
/// it, by the engine.
#[test]
fn no_completion_changes_a_settled_case() {
    let mut random = SplitMix::of(45);
    let (mut settled, mut open) = (0, 0);
    while settled + open < 200 {
        let Some(document) = small_document(&mut random, 300) else { continue };
        let world = World::of(document);
        let numbers: Vec<usize> = world.numbers().collect();
        let prover = Prover::new(&world.model).unwrap();
        let default = &world.document.knowledge_base.default_setting;
        let setting = world.settings.iter().position(|setting| setting == default).unwrap();
        for _ in 0..5 {
            let number = numbers[random.below(numbers.len())];
            let case = world.cases[number].clone().unwrap();
            let first = |number: usize| world.rows[number][setting].order[0];
            let completes = |other: usize| {
                (0..world.indicators.len()).all(|i| {
                    world.answer(number, i) == 0 || world.answer(other, i) == world.answer(number, i)
                })
            };
            let changes = numbers.iter().any(|other| completes(*other) && first(*other) != first(number));
            let claim = Claim::Settled { case };
            let verdict = prover.prove(&claim, &Scope::default(), &Budget::of_nodes(20_000)).unwrap();
            match &verdict {
                Verdict::Proved { certificate, .. } => {
                    assert!(!changes, "{claim}\n{}", world.document.to_toml());
                    assert_eq!(check_document(&world.document, &claim.to_string(), certificate), Ok(()));
                    settled += 1;
                }
                Verdict::Refuted { by: Refutation::Case(found), .. } => {
                    assert!(
                        changes && first(world.numbers_of(found.shrunk())[0]) != first(number),
                        "{claim}"
                    );
                    open += 1;
                }
                Verdict::Refuted { .. } | Verdict::Undecided { .. } | _ => panic!("{verdict}"),
            }
        }
    }
    println!("{settled} settled cases, {open} open ones");
    assert!(settled > 10 && open > 10);
}
