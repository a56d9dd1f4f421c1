//! Laws of gates and flags.
//!
//! Random documents have gates of their own. Where a law is about opening and closing, a *lock* is added: a strict
//! `requires` gate that reads a new indicator of no weight, its key, so that the test itself opens and closes it.

use std::collections::{BTreeMap, BTreeSet};

use aetia::written::Gate;
use aetia::{
    AnswerValue, Assessment, Code, Document, FlagState, GateKind, GateMode, Link, LogOdds, Options, Weight,
};
use aetia_tests::engine::{
    any_answers, any_document, any_sample, assess, assess_sample, by_cause, candidates, cases, errors, flags,
    is_open, model, options, order, posterior, raw_scores, readings, scores, try_case,
};
use aetia_tests::oracle::{Findings, answer_of, answers_of};
use aetia_tests::sketch::{add_boolean, flag, gate, lock, lockable, ratio, ratio_row};
use aetia_tests::strategies::Sample;
use proptest::prelude::*;
use proptest::sample::{Index, Selector, select};

/// A sample of which some causes are locked, the keys in the hands of the test.
#[derive(Clone, Debug)]
struct Locked {
    sample: Sample,
    /// The locked causes, each with its key and whether the key is given in the findings.
    locks: BTreeMap<String, (String, Given)>,
}

/// What a case says about a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Given {
    Present,
    Absent,
    NotAssessable,
    Unknown,
}

impl Given {
    fn value(self) -> AnswerValue {
        match self {
            Self::Present => AnswerValue::Boolean(true),
            Self::Absent => AnswerValue::Boolean(false),
            Self::NotAssessable => AnswerValue::Named("not_assessable".to_owned()),
            Self::Unknown => AnswerValue::Named("unknown".to_owned()),
        }
    }
}

fn any_given() -> impl Strategy<Value = Given> {
    select(vec![Given::Present, Given::Absent, Given::NotAssessable, Given::Unknown])
}

/// Samples with a lock on every cause that may have one, each opened or not.
fn any_locked() -> impl Strategy<Value = Locked> {
    (any_sample(), prop::collection::vec(any_given(), 6)).prop_map(|(mut sample, given)| {
        let causes = lockable(&sample.document);
        let mut locks = BTreeMap::new();
        for (cause, given) in causes.into_iter().zip(given) {
            let key = lock(&mut sample.document, &cause);
            sample.findings.insert(key.clone(), given.value());
            locks.insert(cause, (key, given));
        }
        Locked { sample, locks }
    })
}

fn options_of(sample: &Sample) -> Options {
    options(&sample.setting, sample.link)
}

/// The best score among the causes that no gate closes: what a held cause is measured by.
fn best_open(assessment: &Assessment) -> LogOdds {
    assessment.ranking().filter(|candidate| is_open(*candidate)).map(aetia::Candidate::score).max().unwrap()
}

proptest! {
    #![proptest_config(cases())]

    /// Neither the ranking nor whoever takes the largest probability puts a closed cause first.
    #[test]
    fn a_closed_cause_is_never_first(locked in any_locked()) {
        let model = model(&locked.sample.document);
        for options in readings(&locked.sample.document) {
            let assessment = assess(&model, &locked.sample.findings, &options);
            prop_assert!(is_open(assessment.first()));
            let largest = assessment.ranking().map(posterior).fold(0.0, f64::max);
            for (cause, (key, given)) in &locked.locks {
                let candidate = assessment.cause(cause).unwrap();
                let bars = candidate.held_by();
                let bar = bars.iter().find(|bar| bar.gate.id().as_str() == format!("lock_of_{cause}"));
                prop_assert_eq!(bar.is_some(), *given != Given::Present);
                let Some(bar) = bar else { continue };
                prop_assert_eq!(bar.because.iter().map(|it| it.id().as_str()).collect::<Vec<_>>(), [key.as_str()]);
                prop_assert_ne!(candidate.rank(), Some(1));
                // As likely as the first only where both are as good as certain.
                let is_certain = options.link == Link::Independent && largest > 1.0 - 1e-12;
                prop_assert!(posterior(candidate) < largest || is_certain);
            }
        }
    }

    /// Taking all `requires` away leaves the scores of open causes as they are, so also the odds among them.
    #[test]
    fn a_hold_changes_only_closed_causes(locked in any_locked()) {
        let with = &locked.sample.document;
        let mut without = with.clone();
        without.gates.retain(|_, gate| gate.kind != GateKind::Requires);
        let options = options_of(&locked.sample);
        let held = assess(&model(with), &locked.sample.findings, &options);
        let free = assess(&model(&without), &locked.sample.findings, &options);
        for candidate in held.ranking().filter(|candidate| candidate.held_by().is_empty()) {
            let same = free.cause(candidate.id().as_str()).unwrap();
            prop_assert_eq!(candidate.score(), same.score());
            let waterlines = [&held, &free].map(|it| it.comparator().posterior().get());
            let odds = [posterior(candidate) / waterlines[0], posterior(same) / waterlines[1]];
            prop_assert!((odds[0] - odds[1]).abs() <= 1e-12 * odds[1], "{:?}", odds);
        }
        prop_assert_eq!(raw_scores(&held), raw_scores(&free));
    }

    /// Gates take away or leave alone.
    #[test]
    fn a_gate_never_raises_a_score(locked in any_locked()) {
        let assessment = assess_sample(&locked.sample);
        for candidate in candidates(&assessment) {
            prop_assert!(candidate.gate_effect() <= Weight::ZERO);
            if candidate.held_by().is_empty() && candidate.capped_by().is_empty() {
                prop_assert_eq!(candidate.gate_effect(), Weight::ZERO);
                prop_assert_eq!(candidate.score(), candidate.score_ungated());
            }
        }
    }

    /// A held cause stands where it stood, or as high as a hold allows: one unit more would be too much.
    #[test]
    fn a_hold_is_the_least_change(locked in any_locked()) {
        let assessment = assess_sample(&locked.sample);
        let highest = best_open(&assessment) - Weight::DECIBAN;
        for candidate in candidates(&assessment).into_iter().filter(|it| !it.held_by().is_empty()) {
            prop_assert!(candidate.score() <= highest);
            let is_capped = !candidate.capped_by().is_empty();
            prop_assert!(candidate.score() == highest || is_capped || candidate.score() == candidate.score_ungated());
        }
        // A cap on the way takes its own part, and no more.
        let mut without = locked.sample.document.clone();
        without.gates.retain(|_, gate| gate.kind != GateKind::Requires);
        let capped = assess(&model(&without), &locked.sample.findings, &options_of(&locked.sample));
        for (id, score) in scores(&assessment) {
            let is_held = !assessment.cause(&id).unwrap().held_by().is_empty();
            let expected = if is_held { scores(&capped)[&id].min(highest.nanodecibans()) } else { scores(&capped)[&id] };
            prop_assert_eq!(score, expected);
        }
    }

    /// Where the raw scores are what gates leave, the same gates leave them alone.
    #[test]
    fn gates_applied_twice_change_nothing_more(locked in any_locked()) {
        let Sample { document, findings, setting, .. } = &locked.sample;
        let options = options_of(&locked.sample);
        let once = scores(&assess(&model(document), findings, &options));
        let (carrier, with_carriers) = carrying(document, setting, &once, findings);
        let again = assess(&model(&carrier), &with_carriers, &options);
        prop_assert_eq!(raw_scores(&again), once.clone());
        prop_assert_eq!(scores(&again), once);
    }

    /// To the holder of the key: opening lifts the cause or leaves it where it was, and closing never lifts it.
    #[test]
    fn opening_a_gate_never_lowers_its_cause(locked in any_locked(), which in any::<Selector>()) {
        let Some((cause, (key, _))) = which.try_select(&locked.locks) else { return Ok(()) };
        let model = model(&locked.sample.document);
        for options in readings(&locked.sample.document) {
            let with = |given: Given| {
                let mut findings = locked.sample.findings.clone();
                findings.insert(key.clone(), given.value());
                let assessment = assess(&model, &findings, &options);
                // An excluded cause stands after all others.
                let ranks = by_cause(&assessment, |candidate| candidate.rank().unwrap_or(usize::MAX));
                (scores(&assessment), ranks)
            };
            let open = with(Given::Present);
            for given in [Given::Absent, Given::NotAssessable, Given::Unknown] {
                let closed = with(given);
                prop_assert!(open.0[cause] >= closed.0[cause]);
                prop_assert!(open.1[cause] <= closed.1[cause], "{:?} {:?}", open, closed);
            }
        }
    }

    /// A cap in force bounds the posterior, however strong the evidence and whatever other gates do.
    #[test]
    fn a_cap_bounds_the_posterior(sample in any_sample(), most in 0.001..0.999_f64, which in any::<Index>()) {
        let mut document = sample.document;
        add_boolean(&mut document, "key");
        let ids: Vec<&String> = document.causes.keys().collect();
        let cause = ids[which.index(ids.len())].clone();
        let cap = Gate { probability: Some(most), ..gate(GateKind::Caps, &cause, "present(key)") };
        document.gates.insert("cap".to_owned(), cap);
        let model = model(&document);
        let mut findings = sample.findings;
        findings.insert("key".to_owned(), AnswerValue::Boolean(true));
        let probability = |gate: &str| document.gates[gate].probability.unwrap();
        for options in readings(&document) {
            let assessment = assess(&model, &findings, &options);
            for candidate in candidates(&assessment) {
                for bar in candidate.capped_by() {
                    prop_assert!(posterior(candidate) <= probability(bar.gate.id().as_str()) + 1e-12);
                }
            }
            let capped = assessment.cause(&cause).unwrap();
            prop_assert!(capped.capped_by().iter().any(|bar| bar.gate.id().as_str() == "cap"));
            // No lower than it must be: a millionth of a deciban higher would be too high by itself.
            let level = capped.score().nanodecibans();
            let higher = LogOdds::from_nanodecibans(level + 1_000).probability().get();
            let is_lower_anyway = capped.score() == capped.score_ungated()
                || !capped.held_by().is_empty() || capped.capped_by().len() > 1;
            prop_assert!(is_lower_anyway || higher > most, "{} for {}", higher, most);
        }
    }

    /// An excluded cause leaves the ranking, not the answer.
    #[test]
    fn an_excluded_cause_is_listed_with_its_reason(sample in any_sample(), which in any::<Selector>()) {
        let mut document = sample.document.clone();
        if let Some(cause) = which.try_select(lockable(&document)) {
            add_boolean(&mut document, "key");
            let mut gate = gate(GateKind::Excludes, &cause, "present(key)");
            "it cannot be, with this key".clone_into(&mut gate.reason);
            document.gates.insert("out".to_owned(), gate);
        }
        let mut findings = sample.findings.clone();
        if document.gates.contains_key("out") {
            findings.insert("key".to_owned(), AnswerValue::Boolean(true));
        }
        let model = model(&document);
        for options in readings(&document) {
            let assessment = assess(&model, &findings, &options);
            let excluded: BTreeSet<String> = assessment.excluded().map(|it| it.id().to_string()).collect();
            let ranked: BTreeSet<String> = order(&assessment).into_iter().collect();
            prop_assert!(excluded.is_disjoint(&ranked));
            prop_assert_eq!(excluded.len() + ranked.len(), document.causes.len());
            if let Some(out) = document.gates.get("out") {
                prop_assert!(excluded.contains(&out.cause));
                let candidate = assessment.cause(&out.cause).unwrap();
                let reasons: Vec<String> =
                    candidate.excluded_by().iter().map(|bar| bar.gate.reason().to_owned()).collect();
                prop_assert!(reasons.contains(&out.reason));
            }
            for candidate in assessment.excluded() {
                prop_assert!(candidate.posterior().is_none() && candidate.rank().is_none() && !candidate.leads());
                prop_assert!(!candidate.excluded_by().is_empty());
            }
            // What it had is shared among the others.
            let rest: f64 = assessment.ranking().map(posterior).sum();
            let whole = rest + assessment.comparator().posterior().get();
            prop_assert!(options.link == Link::Independent || (whole - 1.0).abs() < 1e-12);
        }
    }

    /// If every cause could be closed, none would be first: such a knowledge base is refused.
    #[test]
    fn some_named_cause_is_always_open(
        sample in any_sample(),
        excludes in prop::collection::vec(any::<bool>(), 6),
    ) {
        prop_assert!(errors(&sample.document).is_empty());
        prop_assert!(is_open(assess_sample(&sample).first()));
        let mut closable = sample.document;
        add_boolean(&mut closable, "key");
        let causes: Vec<String> = closable.causes.keys().cloned().collect();
        for (cause, excludes) in causes.iter().zip(excludes) {
            let kind = if excludes { GateKind::Excludes } else { GateKind::Requires };
            closable.gates.insert(format!("on_{cause}"), gate(kind, cause, "present(key)"));
        }
        prop_assert!(errors(&closable).contains(&Code::NoOpenCause));
        // Caps close nothing: all causes may have one.
        for gate in closable.gates.values_mut() {
            gate.kind = GateKind::Caps;
            gate.mode = None;
            gate.probability = Some(0.5);
        }
        prop_assert!(errors(&closable).is_empty());
    }

    /// Among themselves closed causes stand as they would without gates. (Caps are left out: they reorder.)
    #[test]
    fn closed_causes_keep_their_order(locked in any_locked()) {
        let mut sample = locked.sample;
        sample.document.gates.retain(|_, gate| gate.kind != GateKind::Caps);
        let assessment = assess_sample(&sample);
        let closed: Vec<_> = assessment.ranking().filter(|candidate| !candidate.held_by().is_empty()).collect();
        for pair in closed.windows(2) {
            prop_assert!(pair[0].rank_ungated() < pair[1].rank_ungated());
        }
    }

    /// Forgetting answers closes strict gates or leaves them as they are, whatever they ask.
    #[test]
    fn a_closed_gate_never_opens_by_forgetting(sample in any_sample(), kept in prop::collection::vec(any::<bool>(), 8)) {
        let document = with_a_gate_for_every_condition(&sample.document);
        let model = model(&document);
        let fewer: Findings = sample.findings.iter().zip(kept.iter().cycle())
            .filter(|(_, keep)| **keep).map(|((id, value), _)| (id.clone(), value.clone())).collect();
        let options = options_of(&sample);
        let (more, less) = (assess(&model, &sample.findings, &options), assess(&model, &fewer, &options));
        for candidate in candidates(&more) {
            let still: BTreeSet<String> = less.cause(candidate.id().as_str()).unwrap()
                .held_by().iter().map(|bar| bar.gate.id().to_string()).collect();
            for bar in candidate.held_by().iter().filter(|bar| bar.gate.mode() == Some(GateMode::Strict)) {
                prop_assert!(still.contains(bar.gate.id().as_str()), "{} opened", bar.gate.id());
            }
        }
    }

    /// What is definite on a partly filled sheet is so on every completion of it that is no contradiction.
    #[test]
    fn a_definite_condition_stays_definite(
        (sample, answers) in any_sample().prop_flat_map(|sample| {
            let answers = any_answers(&sample.document);
            (Just(sample), answers)
        }),
    ) {
        let document = with_a_flag_for_every_condition(&sample.document);
        let model = model(&document);
        let options = options_of(&sample);
        let partly = flags(&assess(&model, &sample.findings, &options));
        let open = |id: &String| {
            sample.findings.get(id).is_none_or(|value| answer_of(&document.indicators[id], value).is_none())
        };
        let mut fuller = sample.findings.clone();
        for (id, value) in answers.into_iter().filter(|(id, _)| open(id)) {
            let before = fuller.insert(id.clone(), value);
            // An answer that contradicts is taken back; the others still fill the sheet.
            if try_case(&model, &fuller).is_err() {
                match before {
                    Some(value) => fuller.insert(id, value),
                    None => fuller.remove(&id),
                };
            }
        }
        let fully = flags(&assess(&model, &fuller, &options));
        for (id, state) in partly.iter().filter(|(_, state)| **state != FlagState::NotAssessed) {
            prop_assert_eq!(&fully[id], state, "{}", &document.flags[id].condition);
        }
    }

    /// Flags read findings and nothing else; a flag that asks only for presence is not taken back by more of it.
    #[test]
    fn flags_do_not_depend_on_the_ranking(sample in any_sample(), other in any_document(), which in any::<Index>()) {
        let mut document = sample.document.clone();
        let booleans: Vec<String> = document.indicators.iter()
            .filter(|(_, it)| it.kind == aetia::IndicatorKind::Boolean).map(|(id, _)| format!("present({id})")).collect();
        if booleans.len() > 1 {
            let signs = booleans.join(", ");
            document.flags.insert("any".to_owned(), flag(&format!("any({signs})")));
            document.flags.insert("two".to_owned(), flag(&format!("at_least(2, {signs})")));
            document.flags.insert("all".to_owned(), flag(&format!("all({signs})")));
        }
        let before = flags(&assess(&model(&document), &sample.findings, &options_of(&sample)));

        // Other weights, priors, gates, setting and link.
        let mut changed = document.clone();
        changed.evidence.clear();
        changed.gates.clear();
        changed.groups.values_mut().for_each(|group| (group.count, group.table) = (None, Vec::new()));
        let priors: Vec<f64> = other.causes.values().flat_map(|it| it.prior.values()).map(|it| it.value).collect();
        for prior in changed.causes.values_mut().flat_map(|cause| cause.prior.values_mut()) {
            prior.value = priors[which.index(priors.len())] / 10.0;
        }
        let model_of_changed = model(&changed);
        for options in readings(&document) {
            prop_assert_eq!(&flags(&assess(&model_of_changed, &sample.findings, &options)), &before);
            prop_assert_eq!(&flags(&assess(&model(&document), &sample.findings, &options)), &before);
        }

        // One more present answer.
        let absent = |id: &&String| !matches!(sample.findings.get(*id), Some(AnswerValue::Boolean(true)));
        let askable: Vec<&String> = document.indicators.keys()
            .filter(|id| document.indicators[*id].kind == aetia::IndicatorKind::Boolean).filter(absent).collect();
        if askable.is_empty() {
            return Ok(());
        }
        let mut more = sample.findings.clone();
        more.insert(askable[which.index(askable.len())].clone(), AnswerValue::Boolean(true));
        // Without implications: a further answer that takes an inferred presence back is a contradiction.
        document.implies.clear();
        document.impossible.clear();
        let model = model(&document);
        let raised = |findings: &Findings| flags(&assess(&model, findings, &options_of(&sample)));
        let (few, many) = (raised(&sample.findings), raised(&more));
        for (id, state) in few {
            let condition = &document.flags[&id].condition;
            let asks_for_presence = ["absent", "not(", "answer(", ">=", "<", "summary"].iter().all(|word| !condition.contains(word));
            prop_assert!(!asks_for_presence || state != FlagState::Raised || many[&id] == FlagState::Raised);
        }
    }
}

/// A document with the same gates in which new answered indicators alone give every cause these scores, and the
/// findings that answer them.
fn carrying(
    document: &Document,
    setting: &str,
    scores: &BTreeMap<String, i64>,
    findings: &Findings,
) -> (Document, Findings) {
    let (mut carrier, mut findings) = (document.clone(), findings.clone());
    carrier.evidence.clear();
    for group in carrier.groups.values_mut() {
        (group.count, group.table) = (None, Vec::new());
    }
    let nothing = assess(&model(&carrier), &Findings::new(), &options(setting, Link::Independent));
    let priors = raw_scores(&nothing);
    for (cause, score) in scores {
        // A ratio lies within 60 dB, so a long way takes several steps.
        let way = score - priors[cause];
        let steps = way.abs() / 50_000_000_000 + 1;
        for step in 0..steps {
            let id = format!("carrier_{cause}_{step}");
            add_boolean(&mut carrier, &id);
            let part = way / steps + if step == 0 { way % steps } else { 0 };
            carrier.evidence.push(ratio_row(cause, &id, ratio(part), None));
            findings.insert(id, AnswerValue::Boolean(true));
        }
    }
    (carrier, findings)
}

/// Every condition written in a document, of whatever part.
fn conditions(document: &Document) -> BTreeSet<String> {
    let items = document.groups.values().flat_map(|group| &group.count).flat_map(|count| &count.items);
    let gates = document.gates.values().map(|gate| &gate.condition);
    let flags = document.flags.values().map(|flag| &flag.condition);
    let derived = document.derived.values().map(|derived| &derived.condition);
    let whens = document.evidence.iter().filter_map(|row| row.when.as_ref());
    let rules = document.implies.iter().map(|rule| &rule.condition);
    gates
        .chain(flags)
        .chain(derived)
        .chain(whens)
        .chain(rules)
        .chain(items.map(|item| &item.condition))
        .cloned()
        .collect()
}

/// The document with a strict gate for each of its conditions and for each answer of its indicators, on a cause
/// that may be closed.
fn with_a_gate_for_every_condition(document: &Document) -> Document {
    let causes = lockable(document);
    let mut document = document.clone();
    for (number, condition) in conditions(&document).iter().chain(&one_for_each_answer(&document)).enumerate()
    {
        if let Some(cause) = causes.get(number % causes.len().max(1)) {
            document.gates.insert(format!("strict_{number}"), gate(GateKind::Requires, cause, condition));
        }
    }
    document
}

/// The document with a flag for each of its conditions and for each answer of its indicators.
fn with_a_flag_for_every_condition(document: &Document) -> Document {
    let mut document = document.clone();
    for (number, condition) in conditions(&document).iter().chain(&one_for_each_answer(&document)).enumerate()
    {
        document.flags.insert(format!("probe_{number}"), flag(condition));
    }
    document
}

/// A condition that holds for each answer, and its negation.
fn one_for_each_answer(document: &Document) -> Vec<String> {
    let of = |(id, indicator): (&String, &aetia::written::Indicator)| match indicator.kind {
        aetia::IndicatorKind::Boolean => vec![format!("present({id})"), format!("absent({id})")],
        aetia::IndicatorKind::Numeric => {
            indicator.cut_points.iter().map(|cut| format!("{id} >= {cut}")).collect()
        }
        aetia::IndicatorKind::Categorical | aetia::IndicatorKind::Ordinal => {
            answers_of(indicator).into_iter().map(|answer| format!("answer({id}) in [{answer}]")).collect()
        }
    };
    let atoms: Vec<String> = document.indicators.iter().flat_map(of).collect();
    let negations: Vec<String> = atoms.iter().map(|atom| format!("not({atom})")).collect();
    [atoms, negations].concat()
}
