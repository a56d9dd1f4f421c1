//! Golden cases: what named people come to, in the flagship and in small knowledge bases; and what the flagship owes
//! to its sources.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use aetia::{Code, Document, FlagState, GateKind, Link, Model, Problem};
use aetia_tests::cases::{GoldenCase, GoldenFile, read_all};
use aetia_tests::engine::{assess, flags, model, options, order, readings, scores};
use aetia_tests::flagship::{ID, flagship};
use aetia_tests::oracle::{Truth, close, truth};
use aetia_tests::twin::differences;

fn folder(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(name)
}

fn read(path: &Path) -> Document {
    let text = std::fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    Document::from_toml(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// In what a case does not come to what is written about it, in the default link and against the oracle in every
/// setting and link.
fn mismatches(document: &Document, model: &Model, case: &GoldenCase) -> Vec<String> {
    let mut found = Vec::new();
    let setting = case.setting.as_ref().unwrap_or(&document.knowledge_base.default_setting);
    let assessment = assess(model, &case.findings, &options(setting, document.knowledge_base.link));
    let mut compare = |what: &str, is: String, expected: String| {
        if is != expected {
            found.push(format!("{}: {what} is {is}, expected {expected}", case.id));
        }
    };
    let first = assessment.first();
    compare("first", first.id().to_string(), case.first.clone());
    if let Some(leads) = case.leads {
        compare("leads", first.leads().to_string(), leads.to_string());
    }
    // Held down: a gate is closed and takes something away.
    let is_held = |candidate: &aetia::Candidate<'_>| {
        !candidate.held_by().is_empty()
            && candidate
                .explanation()
                .iter()
                .any(|part| part.gates().iter().any(|gate| gate.mode().is_some()))
    };
    let held: BTreeSet<String> = assessment.ranking().filter(is_held).map(|it| it.id().to_string()).collect();
    compare("held", format!("{held:?}"), format!("{:?}", case.held.keys().collect::<BTreeSet<_>>()));
    for (cause, gate) in &case.held {
        let bars = assessment.cause(cause).unwrap().held_by();
        let by: Vec<&str> = bars.iter().map(|bar| bar.gate.id().as_str()).collect();
        compare(&format!("{cause} held by"), by.contains(&gate.as_str()).to_string(), "true".to_owned());
    }
    let raised: BTreeSet<String> = flags(&assessment)
        .into_iter()
        .filter(|(_, state)| *state == FlagState::Raised)
        .map(|(id, _)| id)
        .collect();
    compare("raised", format!("{raised:?}"), format!("{:?}", case.raised.iter().collect::<BTreeSet<_>>()));
    for (cause, score) in &case.scores {
        compare(&format!("score of {cause}"), scores(&assessment)[cause].to_string(), score.to_string());
    }
    for options in readings(document) {
        let differences = differences(document, model, &case.findings, &options);
        found.extend(differences.into_iter().map(|text| format!("{}, {options:?}: {text}", case.id)));
    }
    found
}

/// The golden files of `tests/cases`, each with its knowledge base.
fn small() -> Vec<(GoldenFile, Document)> {
    let files = read_all(&folder("cases"));
    let with_document = |file: GoldenFile| {
        let path = file
            .knowledge_base
            .clone()
            .unwrap_or_else(|| panic!("{}: no knowledge_base", file.path.display()));
        (file, read(&path))
    };
    files.into_iter().map(with_document).collect()
}

#[test]
fn every_golden_case_comes_to_what_is_written() {
    let mut found: Vec<String> = Vec::new();
    for case in &flagship().cases {
        found.extend(mismatches(&flagship().document, &flagship().model, case));
    }
    for (file, document) in small() {
        let model = model(&document);
        for case in &file.cases {
            let of_case = mismatches(&document, &model, case);
            found.extend(of_case.into_iter().map(|text| format!("{}: {text}", file.path.display())));
        }
    }
    assert!(found.is_empty(), "{} mismatches\n{}", found.len(), found.join("\n"));
}

/// What the library says of a file of test cases is what is said of it here, and it sees a wrong expectation.
#[test]
fn the_library_reads_and_compares_golden_cases() {
    let path = |file: &GoldenFile| std::fs::read_to_string(&file.path).unwrap();
    let of_flagship = aetia_kb::embedded(ID).unwrap().cases().to_owned();
    let mut all = vec![(of_flagship, flagship().document.clone(), flagship().cases.clone())];
    all.extend(small().into_iter().map(|(file, document)| (path(&file), document, file.cases)));
    for (text, document, cases) in all {
        let model = model(&document);
        let kb = model.knowledge_base();
        let tests = kb.test_cases_from_toml(&text).unwrap();
        let ids: Vec<&str> = tests.iter().map(aetia::Expectation::id).collect();
        assert_eq!(ids, cases.iter().map(|case| case.id.as_str()).collect::<Vec<_>>());
        for test in &tests {
            assert_eq!(test.mismatches(&model), [], "{}", test.id());
        }
        // Another first cause, one more flag, another score: each is seen in every case.
        let other = |name: &str| {
            let mut others = document.causes.keys().filter(|cause| *cause != name);
            others.next().map_or_else(|| name.to_owned(), Clone::clone)
        };
        for (test, case) in tests.iter().zip(&cases) {
            let single = |wrong: &str| {
                let findings: serde_json::Value = serde_json::from_str(&test.case().to_json()).unwrap();
                let findings = &findings["findings"];
                let json = format!(
                    r#"{{"cases":[{{"id":"a","title":"a","why":"a","source":"a","setting":"{}","findings":{findings},{wrong}}}]}}"#,
                    test.setting()
                );
                kb.test_cases_from_json(&json).unwrap()[0].mismatches(&model).len()
            };
            let held = serde_json::to_string(&case.held).unwrap();
            let raised = serde_json::to_string(&case.raised).unwrap();
            let right = format!(r#""first":"{}","held":{held},"raised":{raised}"#, case.first);
            assert_eq!(single(&right), 0, "{}", case.id);
            let first = other(&case.first);
            assert_eq!(
                single(
                    &right.replace(&format!(r#""first":"{}""#, case.first), &format!(r#""first":"{first}""#))
                ),
                usize::from(first != case.first)
            );
            assert_eq!(single(&format!(r#"{right},"scores":{{"{}":1}}"#, case.first)), 1, "{}", case.id);
            let leads = assess(
                &model,
                &case.findings,
                &options(test.setting().as_str(), document.knowledge_base.link),
            )
            .first()
            .leads();
            assert_eq!(single(&format!(r#"{right},"leads":{}"#, !leads)), 1, "{}", case.id);
        }
    }
}

/// In a small knowledge base every score is written down, so that a wrong digit anywhere is seen.
#[test]
fn the_small_cases_state_their_scores() {
    let small = small();
    let cases: Vec<&GoldenCase> = small.iter().flat_map(|(file, _)| &file.cases).collect();
    assert!(cases.len() >= 12, "only {} cases", cases.len());
    for case in &cases {
        assert!(!case.scores.is_empty() && !case.why.is_empty() && !case.source.is_empty(), "{}", case.id);
    }
    let ids: BTreeSet<&String> =
        cases.iter().map(|case| &case.id).chain(flagship().cases.iter().map(|case| &case.id)).collect();
    assert_eq!(ids.len(), cases.len() + flagship().cases.len(), "two cases have one id");
    let used: BTreeSet<String> =
        small.iter().map(|(_, document)| document.knowledge_base.id.clone()).collect();
    for id in ["tiny", "counts", "table", "rest", "gates"] {
        assert!(used.contains(id), "no case uses {id}");
    }
}

/// A link is how one looks at scores: it moves no golden case.
#[test]
fn the_flagships_cases_rank_alike_under_both_links() {
    let flagship = flagship();
    for case in &flagship.cases {
        let setting = case.setting.as_ref().unwrap_or(&flagship.document.knowledge_base.default_setting);
        let by = |link| order(&assess(&flagship.model, &case.findings, &options(setting, link)));
        assert_eq!(by(Link::Exclusive), by(Link::Independent), "{}", case.id);
    }
}

#[test]
fn the_flagships_cases_cover_the_flagship() {
    let (document, cases) = (&flagship().document, &flagship().cases);
    assert!(cases.len() >= 40, "only {} cases", cases.len());
    let mut missing = Vec::new();
    let mut demand = |what: String, is_there: bool| {
        if !is_there {
            missing.push(what);
        }
    };
    for cause in document.causes.keys() {
        demand(format!("{cause} first"), cases.iter().any(|case| case.first == *cause));
    }
    for flag in document.flags.keys() {
        demand(format!("{flag} raised alone"), cases.iter().any(|case| case.raised == [flag.clone()]));
    }
    for (id, gate) in &document.gates {
        let holds = |case: &GoldenCase| {
            let setting = case.setting.as_ref().unwrap_or(&document.knowledge_base.default_setting);
            let assessment = assess(&flagship().model, &case.findings, &options(setting, Link::Exclusive));
            let bars = assessment.cause(&gate.cause).unwrap().held_by();
            bars.iter().any(|bar| bar.gate.id().as_str() == id)
        };
        demand(format!("{id} closed"), gate.kind != GateKind::Requires || cases.iter().any(holds));
    }
    for setting in document.settings.keys().filter(|id| **id != document.knowledge_base.default_setting) {
        demand(format!("setting {setting}"), cases.iter().any(|case| case.setting.as_ref() == Some(setting)));
    }
    demand("nothing asked".to_owned(), cases.iter().any(|case| case.findings.is_empty()));
    // The Berlin count, with all four items answered and 0 to 4 of them present.
    let berlin = &document.groups["inflammatory_pattern"].count.as_ref().unwrap().items;
    let count = |case: &GoldenCase| {
        let (answers, _) = close(document, &case.findings).unwrap();
        let truths = berlin.iter().map(|item| truth(document, &answers, &item.condition));
        let truths: Vec<Truth> = truths.collect();
        let is_answered = !truths.contains(&Truth::Undetermined);
        is_answered.then(|| truths.iter().filter(|truth| **truth == Truth::True).count())
    };
    for present in 0..=berlin.len() {
        demand(format!("{present} Berlin items"), cases.iter().any(|case| count(case) == Some(present)));
    }
    assert!(missing.is_empty(), "no golden case has: {}", missing.join(", "));
}

/// Every key of the format, and every word its keys may hold.
const FORMAT: &str = "format_version knowledge_base id version title notice link default_setting notes comparator settings \
    sources text pmid doi url source uncited tag n population reference_standard note causes label guidance codes prior \
    value interval indicators question help kind cost asked_by base_rate answers unit cut_points derived condition evidence \
    cause indicator when setting against likelihood_ratio likelihood_ratios accuracy sensitivity specificity counts \
    true_positive false_negative false_positive true_negative probabilities present absent neutral unlisted trend groups \
    members gamma phi count items rules margins distribution shrink table implies if then reason impossible gates mode \
    probability flags level action invariants claim \
    exclusive independent verified recalled seed assumption boolean categorical ordinal numeric self examination laboratory \
    rest increasing decreasing requires caps excludes lenient strict emergency urgent routine";

/// The good documents of the tests are small; together they are the whole format.
#[test]
fn the_small_documents_use_the_whole_format() {
    fn collect(value: &serde_json::Value, words: &mut BTreeSet<String>) {
        match value {
            serde_json::Value::String(text) => drop(words.insert(text.clone())),
            serde_json::Value::Array(items) => items.iter().for_each(|item| collect(item, words)),
            serde_json::Value::Object(fields) => fields.iter().for_each(|(key, value)| {
                words.insert(key.clone());
                collect(value, words);
            }),
            serde_json::Value::Null | serde_json::Value::Bool(_) | serde_json::Value::Number(_) => {}
        }
    }
    let mut words = BTreeSet::new();
    for (_, document) in small() {
        collect(&serde_json::from_str(&document.to_json()).unwrap(), &mut words);
    }
    let missing: Vec<&str> = FORMAT.split_whitespace().filter(|word| !words.contains(*word)).collect();
    assert!(missing.is_empty(), "no document in tests/cases has: {}", missing.join(", "));
}

// --------------------------------------------------------------------------- what the flagship owes to its sources

/// Every claim of the article is in the knowledge base, or `sources.md` says why not.
#[test]
fn every_claim_of_the_article_is_cited_or_left_out_with_a_reason() {
    let json = flagship().document.to_json();
    let sources = aetia_kb::embedded(ID).unwrap().sources();
    let left_out = sources.split_once("\n## Left out").expect("sources.md has no part `Left out`").1;
    let left_out = left_out.split("\n## ").next().unwrap_or_default();
    let claims = (1..=47).map(|number| format!("A{number:02}"));
    let lost: Vec<String> = claims
        .filter(|claim| !json.contains(&format!("\"article:{claim}\"")) && !left_out.contains(claim.as_str()))
        .collect();
    assert!(lost.is_empty(), "neither cited nor left out: {}", lost.join(", "));
}

/// What an author may leave as it is; anything else is to be mended.
const ALLOWED_WARNINGS: &[Code] = &[Code::IntervalMissing, Code::BaseRatesDisagree];

#[test]
fn the_flagship_is_valid_and_warns_only_of_what_is_known() {
    let kb = aetia_kb::embedded(ID).unwrap().knowledge_base().unwrap();
    let mut codes: BTreeMap<Code, usize> = BTreeMap::new();
    kb.warnings().iter().for_each(|warning| *codes.entry(warning.code()).or_default() += 1);
    let surprising: Vec<String> = kb
        .warnings()
        .iter()
        .filter(|it| !ALLOWED_WARNINGS.contains(&it.code()))
        .map(Problem::to_string)
        .collect();
    assert!(surprising.is_empty(), "{codes:?}\n{}", surprising.join("\n"));
}

#[test]
fn codes_are_of_known_vocabularies_and_look_like_it() {
    let is_digits = |text: &str| !text.is_empty() && text.chars().all(|c| c.is_ascii_digit());
    let looks_right = |vocabulary: &str, code: &str| match vocabulary {
        "hpo" => code.strip_prefix("HP:").is_some_and(|rest| rest.len() == 7 && is_digits(rest)),
        "mondo" => code.strip_prefix("MONDO:").is_some_and(|rest| rest.len() == 7 && is_digits(rest)),
        "snomed_ct" => is_digits(code),
        "icd10" | "icd10cm" | "icd11" => {
            code.len() >= 3 && code.chars().all(|c| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '.')
        }
        _ => false,
    };
    let document = &flagship().document;
    let of_causes = document.causes.iter().map(|(id, cause)| (id, &cause.codes));
    let of_indicators = document.indicators.iter().map(|(id, indicator)| (id, &indicator.codes));
    let (mut seen, mut wrong) = (0, Vec::new());
    for (id, codes) in of_causes.chain(of_indicators) {
        for (vocabulary, code) in
            codes.iter().flat_map(|(name, codes)| codes.iter().map(move |code| (name, code)))
        {
            seen += 1;
            if !looks_right(vocabulary, code) {
                wrong.push(format!("{id}: {vocabulary} = {code}"));
            }
        }
    }
    assert!(seen > 20, "only {seen} codes");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// The night-pain gate is what the issue asks for, and not merely some gate of that name.
#[test]
fn the_night_pain_gate_is_strict() {
    let gate = &flagship().document.gates["night_pain"];
    assert_eq!((gate.kind, gate.cause.as_str()), (GateKind::Requires, "inflammatory_back_pain"));
    assert_eq!(gate.condition, "present(night_pain)");
    assert_ne!(gate.mode, Some(aetia::GateMode::Lenient));
    assert!(flagship().document.flags.values().all(|flag| !flag.condition.contains("night_pain")));
    let claims: Vec<&str> = flagship().document.invariants.iter().map(|it| it.claim.as_str()).collect();
    assert!(claims.contains(&"never_first(inflammatory_back_pain) unless present(night_pain)"), "{claims:?}");
}
