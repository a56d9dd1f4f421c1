//! Many cases at once are what each of them is alone, to the bit.

use std::fmt::Write as _;

use aetia::cohort::{
    Cohort, CohortError, Column, Columns, Floats, MissingNumber, NO_SCORE, NONE, Output, Precision, Text,
};
use aetia::{AnswerRef, Document, Model, Options, Scratch};
use aetia_tests::cohort::{cohort, differences, draw};
use aetia_tests::engine::{any_document, cases, model, readings, try_case};
use aetia_tests::flagship::flagship;
use proptest::prelude::*;

/// Everything there is.
fn all(precision: Precision) -> [Output; 11] {
    [
        Output::Score,
        Output::ScoreUngated,
        Output::Posterior(precision),
        Output::PosteriorUngated(precision),
        Output::First,
        Output::FirstUngated,
        Output::Order(usize::MAX),
        Output::Margin,
        Output::Gates,
        Output::Flags,
        Output::Contributions(3),
    ]
}

/// Columns as text, in which `NaN` is equal to itself and floats are written in full.
fn text(columns: &Columns) -> String {
    format!("{columns:?}")
}

/// In what any row of a random cohort differs from its case.
fn found(document: &Document, model: &Model, options: &Options, rows: usize, seed: u64) -> Vec<String> {
    let (owned, findings) = draw(document, rows, seed);
    let buffers: Vec<Vec<&[u8]>> = owned.iter().map(aetia_tests::cohort::Owned::buffers).collect();
    let cohort = cohort(model, rows, &owned, &buffers);
    let precision = if seed.is_multiple_of(2) { Precision::Single } else { Precision::Double };
    let scorer = model.scorer(options, all(precision)).unwrap();
    let columns = scorer.score(&cohort).unwrap();
    let mut scratch = Scratch::new();
    let (mut found, mut nulls) = (Vec::new(), 0);
    for (row, findings) in findings.iter().enumerate() {
        match (cohort.case(row), try_case(model, findings)) {
            (Ok(case), Ok(own)) => {
                if case.hash() != own.hash() {
                    found.push(format!("row {row} is {}, not {}", case.to_json(), own.to_json()));
                }
                if !columns.is_valid(row) {
                    found.push(format!("row {row} is null, its case is {}", case.to_json()));
                }
                let assessment = model.assess_with(&case, options, &mut scratch).unwrap();
                found.extend(differences(&columns, row, assessment));
            }
            (Err(refused), Err(own)) => {
                nulls += 1;
                if refused.to_string() != own.to_string() {
                    found.push(format!("row {row} is refused: {refused}; its case: {own}"));
                }
                found.extend(values_of_null(&columns, row));
            }
            (Ok(_), Err(own)) => found.push(format!("only the case of row {row} is refused: {own}")),
            (Err(refused), Ok(_)) => found.push(format!("only row {row} is refused: {refused}")),
        }
    }
    if nulls != columns.null_count {
        found.push(format!("{} null rows are counted, there are {nulls}", columns.null_count));
    }
    found
}

/// What stands in a row that could not be assessed and should not.
fn values_of_null(columns: &Columns, row: usize) -> Vec<String> {
    let mut found = Vec::new();
    let mut expect = |what: &str, is_empty: bool| {
        if !is_empty {
            found.push(format!("row {row} is null and has {what}"));
        }
    };
    expect("a bit", !columns.is_valid(row));
    let is_nan = |floats: &Floats| floats.get(row).is_some_and(f64::is_nan);
    expect("a posterior", columns.posterior.iter().chain(&columns.posterior_ungated).all(is_nan));
    let scores = columns.score.iter().chain(&columns.score_ungated);
    expect("a score", scores.chain([&columns.margin]).all(|column| column[row] == NO_SCORE));
    let causes = [&columns.first, &columns.first_ungated].into_iter().chain(&columns.order);
    expect("a cause", causes.chain(&columns.contributors).all(|column| column[row] == NONE));
    expect("a mark", columns.gates.iter().chain(&columns.flags).all(|column| column[row] == 0));
    expect("a weight", columns.weights.iter().all(|column| column[row] == 0));
    found
}

proptest! {
    #![proptest_config(cases())]

    /// Every column of every row is that of the row's case: scores, posteriors bit by bit, ranks, margins, gates, flags,
    /// contributions. What a case refuses, with what reason, the row refuses. For columns of every form, any of them left out.
    #[test]
    fn a_cohort_is_its_cases_one_by_one(document in any_document(), rows in 0_usize..40, seed in any::<u64>()) {
        let model = model(&document);
        for options in readings(&document) {
            let found = found(&document, &model, &options, rows, seed);
            prop_assert!(found.is_empty(), "{:?}\n{}", options, found.join("\n"));
        }
    }

    /// Pieces, threads, instructions and reused room change no bit.
    #[test]
    fn threads_and_instructions_change_no_bit(
        document in any_document(),
        rows in prop_oneof![Just(0_usize), Just(1), 250..262_usize, 500..1_100_usize],
        piece in 1_usize..900,
        seed in any::<u64>(),
    ) {
        let model = model(&document);
        let (owned, _) = draw(&document, rows, seed);
        let buffers: Vec<Vec<&[u8]>> = owned.iter().map(aetia_tests::cohort::Owned::buffers).collect();
        let cohort = cohort(&model, rows, &owned, &buffers);
        let options = &readings(&document)[0];
        let scorer = model.scorer(options, all(Precision::Double)).unwrap();
        let expected = text(&scorer.score(&cohort).unwrap());
        let mut reused = model.scorer(options, all(Precision::Single)).unwrap().score(&cohort).unwrap();
        for threads in [1, 2, 3] {
            spoil(&mut reused);
            let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
            pool.install(|| scorer.score_in_pieces(&cohort, &mut reused, piece)).unwrap();
            prop_assert_eq!(&text(&reused), &expected, "{} threads", threads);
            spoil(&mut reused);
            pool.install(|| scorer.score_parallel(&cohort, &mut reused)).unwrap();
            prop_assert_eq!(&text(&reused), &expected, "{} threads, whole", threads);
            spoil(&mut reused);
            reused.null_count = pool.install(|| scorer.score_to_parallel(&cohort, reused.room())).unwrap();
            prop_assert_eq!(&text(&reused), &expected, "{} threads, lent room", threads);
        }
        spoil(&mut reused);
        reused.null_count = scorer.score_to(&cohort, reused.room()).unwrap();
        prop_assert_eq!(&text(&reused), &expected, "lent room");
        let portable = model.scorer(options, all(Precision::Double)).unwrap().portable();
        prop_assert_eq!(&text(&portable.score(&cohort).unwrap()), &expected, "portable");
        // Each column alone is what it is among all.
        for output in all(Precision::Double) {
            let alone = model.scorer(options, [output]).unwrap().score(&cohort).unwrap();
            let mut whole = scorer.score(&cohort).unwrap();
            keep(&mut whole, output);
            prop_assert_eq!(text(&alone), text(&whole), "{:?}", output);
        }
    }

    /// The same on the knowledge base people use.
    #[test]
    fn a_cohort_of_morning_back_pain_is_its_cases_one_by_one(rows in 0_usize..60, seed in any::<u64>()) {
        let flagship = flagship();
        for options in readings(&flagship.document) {
            let found = found(&flagship.document, &flagship.model, &options, rows, seed);
            prop_assert!(found.is_empty(), "{:?}\n{}", options, found.join("\n"));
        }
    }
}

/// What is done to columns, and what is said of it.
type Spoilt<'s> = (&'s dyn Fn(&mut Columns), String);

/// Room that is not what was asked for is refused, by the name of the column, and nothing is written.
#[test]
fn other_room_than_was_asked_for_is_refused() {
    let model = tiny();
    let cohort = Cohort::new(&model, 9);
    let causes = model.knowledge_base().causes().len();
    for precision in [Precision::Single, Precision::Double] {
        let scorer = model.scorer(&model.options(), all(precision)).unwrap();
        let other = if precision == Precision::Single { Precision::Double } else { Precision::Single };
        let others = model.scorer(&model.options(), all(other)).unwrap().score(&cohort).unwrap();
        let bits = if precision == Precision::Single { 32 } else { 64 };
        let shorter = |column: &mut Vec<Vec<i64>>| column[0].truncate(8);
        let spoilt: [Spoilt<'_>; 12] = [
            (&|it| it.validity.truncate(1), "`validity` has 1 bytes; expected 2 bytes".to_owned()),
            (&|it| drop(it.score.pop()), format!("`score` has {} columns; expected {causes}", causes - 1)),
            (&|it| shorter(&mut it.score_ungated), "`score_ungated` has 8 rows; expected 9 rows".to_owned()),
            (
                &|it| drop(it.posterior.pop()),
                format!("`posterior` has {causes} columns of {bits} bits; expected {}", causes + 1),
            ),
            (
                &|it| it.posterior_ungated.clone_from(&others.posterior_ungated),
                format!("`posterior_ungated` has {}", if bits == 32 { 0 } else { causes + 1 }),
            ),
            (&|it| it.first.truncate(8), "`first` has 8 rows".to_owned()),
            (&|it| it.first_ungated.push(0), "`first_ungated` has 10 rows".to_owned()),
            (&|it| drop(it.order.pop()), "`order` has".to_owned()),
            (&|it| it.margin.clear(), "`margin` has 0 rows; expected 9".to_owned()),
            (&|it| it.gates.push(vec![0; 9]), "`gates` has".to_owned()),
            (&|it| it.flags.push(vec![0; 9]), "`flags` has".to_owned()),
            (&|it| shorter(&mut it.weights), "`weights` has 8 rows; expected 9 rows".to_owned()),
        ];
        let right = scorer.score(&cohort).unwrap();
        for (spoil, message) in spoilt {
            let mut columns = right.clone();
            spoil(&mut columns);
            let before = columns.clone();
            let refused = scorer.score_to(&cohort, columns.room()).unwrap_err().to_string();
            assert!(refused.contains(&message), "{refused}\n{message}");
            assert_eq!(text(&columns), text(&before));
        }
    }
}

/// Writes something else over every result: what is given to another call has to be written again.
fn spoil(columns: &mut Columns) {
    let Columns { validity, score, score_ungated, posterior, posterior_ungated, .. } = columns;
    validity.fill(0x5a);
    score.iter_mut().chain(score_ungated).for_each(|column| column.fill(77));
    for column in posterior.iter_mut().chain(posterior_ungated) {
        match column {
            Floats::Single(column) => column.fill(0.77),
            Floats::Double(column) => column.fill(0.77),
        }
    }
    columns.first.fill(77);
    columns.first_ungated.fill(77);
    columns.margin.fill(77);
    columns.order.iter_mut().chain(&mut columns.contributors).for_each(|column| column.fill(77));
    columns.gates.iter_mut().chain(&mut columns.flags).for_each(|column| column.fill(77));
    columns.weights.iter_mut().for_each(|column| column.fill(77));
}

/// Leaves nothing but one output.
fn keep(columns: &mut Columns, output: Output) {
    let all = std::mem::take(columns);
    *columns =
        Columns { rows: all.rows, validity: all.validity, null_count: all.null_count, ..Columns::default() };
    match output {
        Output::Score => columns.score = all.score,
        Output::ScoreUngated => columns.score_ungated = all.score_ungated,
        Output::Posterior(_) => columns.posterior = all.posterior,
        Output::PosteriorUngated(_) => columns.posterior_ungated = all.posterior_ungated,
        Output::First => columns.first = all.first,
        Output::FirstUngated => columns.first_ungated = all.first_ungated,
        Output::Order(_) => columns.order = all.order,
        Output::Margin => columns.margin = all.margin,
        Output::Gates => columns.gates = all.gates,
        Output::Flags => columns.flags = all.flags,
        Output::Contributions(_) => (columns.contributors, columns.weights) = (all.contributors, all.weights),
        other => panic!("an output nobody listed: {other:?}"),
    }
}

/// A knowledge base with one indicator of each kind.
fn tiny() -> Model {
    let text = include_str!("../../crates/aetia/docs/tiny.toml");
    Document::from_toml(text).unwrap().validate().unwrap().compile()
}

fn score(model: &Model, cohort: &Cohort<'_>) -> Columns {
    model
        .scorer(&model.options(), [Output::First, Output::Posterior(Precision::Double)])
        .unwrap()
        .score(cohort)
        .unwrap()
}

/// Of so many causes and indicators the tables of full packs would be too large, so that packs are smaller.
#[test]
fn a_cohort_of_a_large_knowledge_base_is_its_cases_one_by_one() {
    let document = aetia_tests::synthetic::synthetic(100, 400, 3);
    let model = model(&document);
    for options in readings(&document) {
        let found = found(&document, &model, &options, 20, 5);
        assert!(found.is_empty(), "{options:?}\n{}", found.join("\n"));
    }
}

/// Of more rows than a block has: what followed from the findings of one block is not there in the next.
#[test]
fn a_cohort_of_several_blocks_is_its_cases_one_by_one() {
    let flagship = flagship();
    for (options, seed) in readings(&flagship.document).iter().zip(1..) {
        let found = found(&flagship.document, &flagship.model, options, 1_300, seed);
        assert!(found.is_empty(), "{options:?}\n{}", found.join("\n"));
    }
}

/// What a small knowledge base begins with.
const HEADING: &str = r#"
format_version = 1
[knowledge_base]
id = "x"
version = "1.0.0"
title = "X"
notice = "n"
default_setting = "s"
[comparator]
id = "other"
title = "o"
[settings.s]
title = "s"
[sources.r]
text = "t"
"#;

/// Of a group in which only a count weighs, its states are how many items are present and absent.
#[test]
fn a_cohort_of_a_count_is_its_cases_one_by_one() {
    let mut text = HEADING.to_owned();
    for sign in ["p", "q", "r", "t"] {
        writeln!(text, "[indicators.{sign}]\ntitle = \"{sign}\"\nkind = \"boolean\"").unwrap();
    }
    text += r#"
[causes.a]
title = "a"
prior.s = { value = 0.3, source = "r", tag = "verified" }
[groups.g]
title = "G"
members = ["p", "q", "r", "t"]
gamma = 0.5
[groups.g.count]
items = [
  { title = "p", condition = "present(p)" },
  { title = "q and r", condition = "all(present(q), present(r))" },
  { title = "t", condition = "present(t)" },
]
[[groups.g.count.rules]]
cause = "a"
distribution = { cause = [0.1, 0.2, 0.3, 0.4], comparator = [0.4, 0.3, 0.2, 0.1] }
source = "r"
tag = "verified"
"#;
    let document = Document::from_toml(&text).unwrap();
    let model = model(&document);
    for seed in 0..8 {
        let found = found(&document, &model, &readings(&document)[0], 60, seed);
        assert!(found.is_empty(), "{}", found.join("\n"));
    }
}

/// What follows from the findings of some rows is no finding of the rows worked on after them, where it has no column.
#[test]
fn what_followed_in_one_block_of_rows_is_gone_in_the_next() {
    let mut text = HEADING.to_owned();
    for sign in ["p", "q"] {
        write!(
            text,
            "[indicators.{sign}]\ntitle = \"{sign}\"\nkind = \"boolean\"\n\
             [[evidence]]\ncause = \"a\"\nindicator = \"{sign}\"\nsource = \"r\"\ntag = \"verified\"\n\
             likelihood_ratio = {{ present = 20.0, absent = 0.5 }}\n"
        )
        .unwrap();
    }
    text += "[causes.a]\ntitle = \"a\"\nprior.s = { value = 0.3, source = \"r\", tag = \"verified\" }\n\
             [groups.g]\ntitle = \"G\"\nmembers = [\"p\", \"q\"]\ngamma = 0.5\n\
             [[implies]]\nif = \"present(p)\"\nthen = { q = true }\nreason = \"the one comes with the other\"\n";
    let document = Document::from_toml(&text).unwrap();
    let model = model(&document);
    let present: Vec<bool> = (0..3_000).map(|row| row % 1_500 < 700).collect();
    let cohort = Cohort::new(&model, present.len()).column("p", &present[..]).unwrap();
    let columns = model.scorer(&model.options(), all(Precision::Double)).unwrap().score(&cohort).unwrap();
    for row in 0..present.len() {
        let assessment = model.assess(&cohort.case(row).unwrap());
        assert_eq!(differences(&columns, row, &assessment), Vec::<String>::new());
    }
}

/// Two causes under one cap have one score; the one that evidence puts higher is first, whatever they are called.
#[test]
fn the_score_without_gates_decides_between_equal_scores() {
    let mut text = HEADING.to_owned() + "[indicators.fever]\ntitle = \"Fever\"\nkind = \"boolean\"\n";
    for (cause, ratio) in [("a", 20), ("z", 50)] {
        write!(
            text,
            "[causes.{cause}]\ntitle = \"{cause}\"\nprior.s = {{ value = 0.3, source = \"r\", tag = \"verified\" }}\n\
             [gates.cap_{cause}]\ntitle = \"Cap\"\nkind = \"caps\"\ncause = \"{cause}\"\ncondition = \"present(fever)\"\n\
             probability = 0.5\nreason = \"to tie\"\nsource = \"r\"\n\
             [[evidence]]\ncause = \"{cause}\"\nindicator = \"fever\"\nsource = \"r\"\ntag = \"verified\"\n\
             likelihood_ratio = {{ present = {ratio}.0, absent = 0.5 }}\n"
        )
        .unwrap();
    }
    let model = Document::from_toml(&text).unwrap().validate().unwrap().compile();
    let cohort = Cohort::new(&model, 2).column("fever", &[true, false][..]).unwrap();
    let columns = model.scorer(&model.options(), all(Precision::Double)).unwrap().score(&cohort).unwrap();
    assert_eq!((columns.score[0][0], columns.margin[0], columns.first[0]), (columns.score[1][0], 0, 1));
    for row in 0..2 {
        let assessment = model.assess(&cohort.case(row).unwrap());
        assert_eq!(differences(&columns, row, &assessment), Vec::<String>::new());
    }
}

#[test]
fn cohorts_of_no_row_and_of_rows_without_a_finding_are_scored() {
    let model = tiny();
    let none = score(&model, &Cohort::new(&model, 0));
    assert_eq!((none.rows, none.null_count, none.validity.len()), (0, 0, 0));
    let nulls = Column::new(aetia::cohort::Values::Null(3));
    for cohort in [Cohort::new(&model, 3), Cohort::new(&model, 3).column("night_pain", nulls).unwrap()] {
        let columns = score(&model, &cohort);
        let empty = model.assess(&model.case().build().unwrap());
        for candidate in empty.causes() {
            let expected = candidate.posterior().map(aetia::Probability::get);
            assert!((0..3).all(|row| columns.posterior[candidate.position()].get(row) == expected));
        }
        assert_eq!(columns.nulls().count(), 0);
    }
}

#[test]
fn numbers_that_are_none_make_their_row_null_and_no_other() {
    let model = tiny();
    let ages = [30.0, f64::NAN, f64::INFINITY, f64::NEG_INFINITY, -0.0, f64::MAX];
    let cohort = Cohort::new(&model, 6).column("age_at_onset", &ages[..]).unwrap();
    assert_eq!(score(&model, &cohort).nulls().collect::<Vec<_>>(), [1, 2, 3]);
    let gaps = Column::new(&ages[..]).missing_numbers(MissingNumber::Unknown);
    let cohort = Cohort::new(&model, 6).column("age_at_onset", gaps).unwrap();
    assert_eq!(score(&model, &cohort).nulls().collect::<Vec<_>>(), [2, 3]);
    assert_eq!(cohort.case(1).unwrap().findings().count(), 0);
    let error = cohort.case(2).unwrap_err().to_string();
    assert!(error.contains("`inf` is no answer of `age_at_onset`"), "{error}");
}

#[test]
fn values_that_are_no_answers_make_their_row_null_and_say_which() {
    let model = tiny();
    let codes = [1_i16, 0, -1, 2, -2, 300];
    let cohort = Cohort::new(&model, 6).column("night_pain", &codes[..]).unwrap();
    assert_eq!(score(&model, &cohort).nulls().collect::<Vec<_>>(), [3, 4, 5]);
    let error = cohort.case(5).unwrap_err().to_string();
    assert_eq!(error, "`300` is no answer of `night_pain`; expected true or false");
    let narrow = [1_i8, 0, -1, 2, -2, 127];
    let cohort = Cohort::new(&model, 6).column("night_pain", &narrow[..]).unwrap();
    assert_eq!(score(&model, &cohort).nulls().collect::<Vec<_>>(), [3, 4, 5]);
    let bytes = [1_u8, 0, 255, 2, 254, 128];
    let cohort = Cohort::new(&model, 6).column("night_pain", &bytes[..]).unwrap();
    assert_eq!(score(&model, &cohort).nulls().collect::<Vec<_>>(), [2, 3, 4, 5]);
    let words = ["yes", "perhaps", ""];
    let meanings = [
        (AnswerRef::Named("yes"), AnswerRef::Boolean(true)),
        (AnswerRef::Named(""), AnswerRef::Named("unknown")),
    ];
    let column = Column::new(Text::Slices(&words)).meaning(&meanings);
    let cohort = Cohort::new(&model, 3).column("night_pain", column).unwrap();
    assert_eq!(score(&model, &cohort).nulls().collect::<Vec<_>>(), [1]);
    let error = cohort.case(1).unwrap_err().to_string();
    assert_eq!(error, "`perhaps` is no answer of `night_pain`; expected true or false");
    // Offsets that lead nowhere, and bytes that are no text.
    let broken = Text::Small { offsets: &[0, 9, 1, 2], bytes: b"y\xff" };
    let column = Column::new(broken).meaning(&meanings);
    let cohort = Cohort::new(&model, 3).column("night_pain", column).unwrap();
    assert_eq!(score(&model, &cohort).nulls().count(), 3);
    assert!((0..3).all(|row| cohort.case(row).is_err()));
}

#[test]
fn columns_that_fit_no_indicator_are_refused_with_their_reason() {
    let model = tiny();
    let refused = |indicator: &str, column: Column<'_>| {
        Cohort::new(&model, 2).column(indicator, column).map(|_| ()).unwrap_err().to_string()
    };
    let floats = [1.0, 0.0];
    assert_eq!(
        refused("nigth_pain", Column::new(&floats[..])),
        "`nigth_pain` is no indicator of this knowledge base; did you mean `night_pain`?"
    );
    assert_eq!(
        refused("night_pain", Column::new(&floats[..])),
        "the column of `night_pain` holds floats; a boolean indicator takes booleans, or whole numbers 1, 0 and -1, or a \
         list of what values mean"
    );
    assert_eq!(
        refused("age_at_onset", Column::new(Text::Slices(&["a", "b"]))),
        "the column of `age_at_onset` holds texts; a numeric indicator takes floats or whole numbers, or a list of what \
         values mean"
    );
    assert_eq!(
        refused("night_pain", Column::new(&[true][..])),
        "the column of `night_pain` has 1 rows; expected 2"
    );
    let validity = aetia::cohort::Bits::new(&[1], 0, 3).unwrap();
    assert_eq!(
        refused("night_pain", Column::new(&[true, false][..]).validity(validity)),
        "the validity of `night_pain` has 3 rows; expected 2"
    );
    let cohort = Cohort::new(&model, 2).column("night_pain", &[true, false][..]).unwrap();
    let twice = cohort.clone().column("night_pain", &[true, false][..]).map(|_| ()).unwrap_err();
    assert_eq!(twice.to_string(), "`night_pain` has a column already; leave one of the two out");
    let keys = aetia::cohort::Values::Dictionary {
        keys: Box::new(aetia::cohort::Values::F64(&floats)),
        words: Box::new(Column::new(&[true][..])),
    };
    assert_eq!(
        refused("night_pain", keys.into()),
        "the column of `night_pain` holds a dictionary whose keys are no whole numbers; a boolean indicator takes booleans, \
         or whole numbers 1, 0 and -1, or a list of what values mean"
    );
    let other = tiny();
    let scorer = other.scorer(&other.options(), [Output::First]).unwrap();
    assert_eq!(scorer.score(&cohort), Err(CohortError::OtherModel));
}
