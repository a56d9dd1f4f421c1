//! Cohorts of random cases, with columns in every form a caller may have, and rows held against the case each of them is.

use aetia::cohort::{Bits, Cohort, Column, Columns, Floats, MissingNumber, NO_SCORE, NONE, Text, Values};
use aetia::written::Indicator;
use aetia::{
    AnswerRef, AnswerValue, Assessment, ContributionKind, Document, FlagState, IndicatorKind, Model,
    Probability,
};

use crate::oracle::{Findings, answers_of};
use crate::synthetic::SplitMix;

/// Words for presence and absence, and one for what nobody could look at, as a questionnaire may have them.
const MEANINGS: [(AnswerRef<'static>, AnswerRef<'static>); 3] = [
    (AnswerRef::Named("yes"), AnswerRef::Boolean(true)),
    (AnswerRef::Named("no"), AnswerRef::Boolean(false)),
    (AnswerRef::Named("n/a"), AnswerRef::Named("not_assessable")),
];
/// The same for numbers.
const CODED: [(AnswerRef<'static>, AnswerRef<'static>); 3] = [
    (AnswerRef::Number(1.0), AnswerRef::Boolean(true)),
    (AnswerRef::Number(2.0), AnswerRef::Boolean(false)),
    (AnswerRef::Number(9.0), AnswerRef::Named("not_assessable")),
];

/// What stands in one row of a column: nothing, a mark that nobody could look, or an answer.
#[derive(Clone, Debug, PartialEq)]
pub enum Cell {
    /// Unknown.
    Nothing,
    /// Not assessable.
    Refused,
    /// An answer.
    Answer(AnswerValue),
}

/// A column that owns what it shows.
#[derive(Debug)]
pub struct Owned {
    /// The indicator.
    pub indicator: String,
    form: Form,
    validity: Vec<u8>,
    refused: Vec<u8>,
    /// From which bit on the bits begin.
    first: usize,
    rows: usize,
}

#[derive(Debug)]
enum Form {
    Bits(Vec<u8>),
    Bools(Vec<bool>),
    I8(Vec<i8>),
    I16(Vec<i16>),
    I64(Vec<i64>),
    U8(Vec<u8>),
    Coded(Vec<f64>),
    F32(Vec<f32>),
    F64(Vec<f64>),
    /// `NaN` is unknown.
    Gaps(Vec<f64>),
    Slices(Vec<&'static str>),
    Small(Vec<i32>, Vec<u8>),
    Large(Vec<i64>, Vec<u8>),
    View(Vec<u8>, Vec<u8>),
    /// Keys, and the words with one null among them.
    Dictionary(Vec<u8>, Vec<i32>, Vec<u8>),
    Wide(Vec<i32>, Vec<i32>, Vec<u8>),
}

/// Cells for so many rows of an indicator; about one in three is unknown.
pub fn cells(indicator: &Indicator, rows: usize, random: &mut SplitMix) -> Vec<Cell> {
    (0..rows)
        .map(|_| match random.below(12) {
            0..4 => Cell::Nothing,
            4 => Cell::Refused,
            _ => Cell::Answer(match indicator.kind {
                IndicatorKind::Boolean => AnswerValue::Boolean(random.below(2) == 0),
                IndicatorKind::Categorical | IndicatorKind::Ordinal => {
                    let answers = answers_of(indicator);
                    AnswerValue::Named(answers[random.below(answers.len())].clone())
                }
                IndicatorKind::Numeric => {
                    let cut = indicator.cut_points[random.below(indicator.cut_points.len())];
                    AnswerValue::Number([cut, cut - 0.25, cut + 0.25, cut.floor()][random.below(4)])
                }
            }),
        })
        .collect()
}

impl Owned {
    /// The cells in one of the forms that can hold them.
    pub fn new(id: &str, indicator: &Indicator, cells: &[Cell], random: &mut SplitMix) -> Self {
        let first = random.below(11);
        let bits = |is_set: &dyn Fn(&Cell) -> bool| {
            let mut bytes = vec![0xa5; (first + cells.len()).div_ceil(8) + 1];
            for (row, cell) in cells.iter().enumerate() {
                let (byte, bit) = ((first + row) / 8, (first + row) % 8);
                bytes[byte] = bytes[byte] & !(1 << bit) | u8::from(is_set(cell)) << bit;
            }
            bytes
        };
        let validity = bits(&|cell| *cell != Cell::Nothing);
        let refused = bits(&|cell| *cell == Cell::Refused);
        let form = match indicator.kind {
            IndicatorKind::Boolean => boolean(cells, bits(&is_present), random),
            IndicatorKind::Categorical | IndicatorKind::Ordinal => named(indicator, cells, random),
            IndicatorKind::Numeric => numeric(cells, random),
        };
        Self { indicator: id.to_owned(), form, validity, refused, first, rows: cells.len() }
    }

    /// The column. Strings and buffers that have to be lists of slices stand in `buffers`.
    pub fn column<'o>(&'o self, buffers: &'o [&'o [u8]]) -> Column<'o> {
        let bits = |bytes| Bits::new(bytes, self.first, self.rows).expect("enough bits");
        let (validity, refused) = (bits(&self.validity), bits(&self.refused));
        let marked = |column: Column<'o>| column.validity(validity).not_assessable(refused);
        match &self.form {
            Form::Bits(bytes) => marked(Column::new(bits(bytes))),
            Form::Bools(values) => marked(Column::new(&values[..])),
            Form::I8(values) => Column::new(&values[..]).not_assessable(refused),
            Form::I16(values) => Column::new(&values[..]).not_assessable(refused),
            Form::I64(values) => marked(Column::new(&values[..])),
            Form::U8(values) => marked(Column::new(&values[..])),
            Form::Coded(values) => {
                Column::new(&values[..]).missing_numbers(MissingNumber::Unknown).meaning(&CODED)
            }
            Form::F32(values) => marked(Column::new(&values[..])),
            Form::F64(values) => marked(Column::new(&values[..])),
            Form::Gaps(values) => {
                Column::new(&values[..]).missing_numbers(MissingNumber::Unknown).not_assessable(refused)
            }
            Form::Slices(words) => Column::new(Text::Slices(words)).meaning(&MEANINGS),
            Form::Small(offsets, bytes) => marked(Column::new(Text::Small { offsets, bytes })),
            Form::Large(offsets, bytes) => marked(Column::new(Text::Large { offsets, bytes })),
            Form::View(views, _) => marked(Column::new(Text::View { views, buffers })),
            Form::Dictionary(keys, offsets, bytes) => {
                let words = Column::new(Text::Small { offsets, bytes }).meaning(&MEANINGS);
                marked(Column::new(Values::Dictionary {
                    keys: Box::new(Values::U8(keys)),
                    words: Box::new(words),
                }))
            }
            Form::Wide(keys, offsets, bytes) => {
                let words = Column::new(Text::Small { offsets, bytes }).meaning(&MEANINGS);
                marked(Column::new(Values::Dictionary {
                    keys: Box::new(Values::I32(keys)),
                    words: Box::new(words),
                }))
            }
        }
    }

    /// The buffers a column of views points into.
    pub fn buffers(&self) -> Vec<&[u8]> {
        if let Form::View(_, long) = &self.form { vec![&[], long] } else { Vec::new() }
    }
}

/// Whether a cell says that something is there.
fn is_present(cell: &Cell) -> bool {
    *cell == Cell::Answer(AnswerValue::Boolean(true))
}

/// What stands in a cell of a boolean column; what stands under a null must not matter.
fn pick<T: Copy>(cell: &Cell, nothing: T, refused: T, no: T, yes: T) -> T {
    match cell {
        Cell::Nothing => nothing,
        Cell::Refused => refused,
        Cell::Answer(value) => {
            if *value == AnswerValue::Boolean(true) {
                yes
            } else {
                no
            }
        }
    }
}

fn boolean(cells: &[Cell], present_bits: Vec<u8>, random: &mut SplitMix) -> Form {
    match random.below(8) {
        0 => Form::Bits(present_bits),
        1 => Form::Bools(cells.iter().map(is_present).collect()),
        2 => Form::I8(cells.iter().map(|cell| pick(cell, -1, 77, 0, 1)).collect()),
        3 => Form::I64(cells.iter().map(|cell| pick(cell, i64::MIN, -1, 0, 1)).collect()),
        4 => Form::U8(cells.iter().map(|cell| pick(cell, 255, 255, 0, 1)).collect()),
        5 => Form::Coded(cells.iter().map(|cell| pick(cell, f64::NAN, 9.0, 2.0, 1.0)).collect()),
        6 => Form::Slices(cells.iter().map(|cell| pick(cell, "unknown", "n/a", "no", "yes")).collect()),
        _ => {
            let keys = cells.iter().map(|cell| pick(cell, 200, 2, 1, 0)).collect();
            Form::Dictionary(keys, vec![0, 3, 5, 8], b"yesnon/a".to_vec())
        }
    }
}

fn named(indicator: &Indicator, cells: &[Cell], random: &mut SplitMix) -> Form {
    let answers = answers_of(indicator);
    let position = |cell: &Cell| match cell {
        Cell::Answer(AnswerValue::Named(answer)) => answers.iter().position(|other| other == answer),
        Cell::Answer(_) | Cell::Nothing | Cell::Refused => None,
    };
    let narrow = |cell: &Cell| position(cell).map(|at| u8::try_from(at).expect("few answers"));
    let word = |cell: &Cell| position(cell).map_or("no answer at all", |at| answers[at].as_str());
    let texts = |words: &mut dyn Iterator<Item = &str>| {
        let (mut offsets, mut bytes) = (vec![0_i32], Vec::new());
        for word in words {
            bytes.extend(word.as_bytes());
            offsets.push(i32::try_from(bytes.len()).expect("short"));
        }
        (offsets, bytes)
    };
    match random.below(7) {
        0 => Form::I16(cells.iter().map(|cell| narrow(cell).map_or(-1, i16::from)).collect()),
        1 => Form::U8(cells.iter().map(|cell| narrow(cell).unwrap_or(254)).collect()),
        2 => {
            let (offsets, bytes) = texts(&mut cells.iter().map(word));
            Form::Small(offsets, bytes)
        }
        3 => {
            let (offsets, bytes) = texts(&mut cells.iter().map(word));
            Form::Large(offsets.into_iter().map(i64::from).collect(), bytes)
        }
        4 => {
            let (mut views, mut long) = (Vec::new(), Vec::new());
            for word in cells.iter().map(word) {
                views.extend(u32::try_from(word.len()).expect("short").to_ne_bytes());
                let mut rest = [0; 12];
                if word.len() <= 12 {
                    rest[..word.len()].copy_from_slice(word.as_bytes());
                } else {
                    rest[4..8].copy_from_slice(&1_u32.to_ne_bytes());
                    rest[8..].copy_from_slice(&u32::try_from(long.len()).expect("short").to_ne_bytes());
                    long.extend(word.as_bytes());
                }
                views.extend(rest);
            }
            Form::View(views, long)
        }
        // Words in the order of their bytes, as a dictionary may have them, and in the indicator's own.
        turn => {
            let mut words: Vec<&str> = answers.iter().map(String::as_str).collect();
            if turn == 5 {
                words.sort_unstable();
            }
            let at = |cell: &Cell| words.iter().position(|other| *other == word(cell)).unwrap_or(usize::MAX);
            let (offsets, bytes) = texts(&mut words.iter().copied());
            if random.below(2) == 0 {
                let keys = cells.iter().map(|cell| u8::try_from(at(cell)).unwrap_or(u8::MAX)).collect();
                Form::Dictionary(keys, offsets, bytes)
            } else {
                let keys = cells.iter().map(|cell| i32::try_from(at(cell)).unwrap_or(-1)).collect();
                Form::Wide(keys, offsets, bytes)
            }
        }
    }
}

fn numeric(cells: &[Cell], random: &mut SplitMix) -> Form {
    let number = |cell: &Cell, other: f64| match cell {
        Cell::Answer(AnswerValue::Number(number)) => *number,
        Cell::Answer(_) | Cell::Nothing | Cell::Refused => other,
    };
    let numbers = |other: f64| -> Vec<f64> { cells.iter().map(|cell| number(cell, other)).collect() };
    let single: Vec<f32> = numbers(f64::NAN).into_iter().map(|number| number as f32).collect();
    let is_exact = numbers(0.0)
        .iter()
        .zip(&single)
        .all(|(wide, narrow)| narrow.is_nan() || f64::from(*narrow).to_bits() == wide.to_bits());
    let is_whole = numbers(0.0).iter().all(|number| number.fract() == 0.0);
    match random.below(4) {
        0 if is_exact => Form::F32(single),
        1 if is_whole => Form::I64(numbers(7.0).into_iter().map(|number| number as i64).collect()),
        2 => Form::F64(numbers(f64::INFINITY)),
        _ => Form::Gaps(numbers(f64::NAN)),
    }
}

/// A random cohort: the columns of some of a document's indicators, and the findings of each row.
pub fn draw(document: &Document, rows: usize, seed: u64) -> (Vec<Owned>, Vec<Findings>) {
    let mut random = SplitMix::of(seed);
    let mut findings = vec![Findings::new(); rows];
    let mut columns = Vec::new();
    for (id, indicator) in &document.indicators {
        if random.below(6) == 0 {
            continue;
        }
        let cells = cells(indicator, rows, &mut random);
        columns.push(Owned::new(id, indicator, &cells, &mut random));
        for (findings, cell) in findings.iter_mut().zip(cells) {
            let value = match cell {
                Cell::Nothing => continue,
                Cell::Refused => AnswerValue::Named("not_assessable".to_owned()),
                Cell::Answer(value) => value,
            };
            findings.insert(id.clone(), value);
        }
    }
    (columns, findings)
}

/// The cohort of such columns.
pub fn cohort<'o>(
    model: &Model,
    rows: usize,
    columns: &'o [Owned],
    buffers: &'o [Vec<&'o [u8]>],
) -> Cohort<'o> {
    let mut cohort = Cohort::new(model, rows);
    for (owned, buffers) in columns.iter().zip(buffers) {
        cohort
            .add(&owned.indicator, owned.column(buffers))
            .unwrap_or_else(|error| panic!("{error}: {owned:?}"));
    }
    cohort
}

/// In what a row of all columns differs from the assessment of its case; nothing where they agree to the bit.
pub fn differences(columns: &Columns, row: usize, assessment: &Assessment) -> Vec<String> {
    let mut found = Vec::new();
    let mut same = |what: String, cohort: String, case: String| {
        if cohort != case {
            found.push(format!("row {row}, {what}: cohort {cohort}, case {case}"));
        }
    };
    let bits = |floats: &Floats| match floats {
        Floats::Single(values) => format!("{:08x}", values[row].to_bits()),
        Floats::Double(values) => format!("{:016x}", values[row].to_bits()),
    };
    let as_wide = |floats: &Floats, probability: f64| match floats {
        Floats::Single(_) => format!("{:08x}", (probability as f32).to_bits()),
        Floats::Double(_) => format!("{:016x}", probability.to_bits()),
    };
    for candidate in assessment.causes() {
        let at = candidate.position();
        let id = candidate.id();
        same(
            format!("score of {id}"),
            columns.score[at][row].to_string(),
            candidate.score().nanodecibans().to_string(),
        );
        let ungated = candidate.score_ungated().nanodecibans();
        same(
            format!("ungated score of {id}"),
            columns.score_ungated[at][row].to_string(),
            ungated.to_string(),
        );
        let posterior = candidate.posterior().map_or(0.0, Probability::get);
        let column = &columns.posterior[at];
        same(format!("posterior of {id}"), bits(column), as_wide(column, posterior));
        let column = &columns.posterior_ungated[at];
        same(
            format!("ungated posterior of {id}"),
            bits(column),
            as_wide(column, candidate.posterior_ungated().get()),
        );
    }
    let comparator = assessment.comparator();
    let last = columns.posterior.last().expect("the comparator");
    same("comparator".to_owned(), bits(last), as_wide(last, comparator.posterior().get()));
    let last = columns.posterior_ungated.last().expect("the comparator");
    same("comparator, ungated".to_owned(), bits(last), as_wide(last, comparator.posterior_ungated().get()));
    let order: Vec<usize> = assessment.ranking().map(aetia::Candidate::position).collect();
    let ranked = |at: usize| order.get(at).map_or(NONE, |cause| u32::try_from(*cause).expect("few causes"));
    same("first".to_owned(), columns.first[row].to_string(), ranked(0).to_string());
    for (at, column) in columns.order.iter().enumerate() {
        same(format!("rank {at}"), column[row].to_string(), ranked(at).to_string());
    }
    let ungated =
        assessment.causes().find(|candidate| candidate.rank_ungated() == 1).map(aetia::Candidate::position);
    same(
        "first, ungated".to_owned(),
        columns.first_ungated[row].to_string(),
        ungated.unwrap_or(usize::MAX).to_string(),
    );
    let margin = assessment.ranking().nth(1).and_then(aetia::Candidate::margin);
    let margin = margin.map_or(NO_SCORE, aetia::Weight::nanodecibans);
    same("margin".to_owned(), columns.margin[row].to_string(), margin.to_string());
    let model = assessment.model();
    let mut acting: Vec<String> = Vec::new();
    for candidate in assessment.causes() {
        let bars = [candidate.held_by(), candidate.capped_by(), candidate.excluded_by()];
        acting.extend(bars.into_iter().flatten().map(|bar| bar.gate.id().to_string()));
    }
    for (gate, column) in model.knowledge_base().gates().zip(&columns.gates) {
        let acts = u8::from(acting.contains(&gate.id().to_string()));
        same(format!("gate {}", gate.id()), column[row].to_string(), acts.to_string());
    }
    for (report, column) in assessment.flags().zip(&columns.flags) {
        let state = match report.state {
            FlagState::Cleared => 0,
            FlagState::NotAssessed => 1,
            FlagState::Raised => 2,
        };
        same(format!("flag {}", report.flag.id()), column[row].to_string(), state.to_string());
    }
    let expected = contributions(assessment, columns.weights.len());
    for (at, (contributors, weights)) in columns.contributors.iter().zip(&columns.weights).enumerate() {
        let (allowed, weight) = expected.get(at).cloned().unwrap_or((vec![NONE], 0));
        let contributor = contributors[row];
        same(format!("weight of contribution {at}"), weights[row].to_string(), weight.to_string());
        let is_allowed = allowed.contains(&contributor);
        same(
            format!("contribution {at}: {contributor}, not {allowed:?}"),
            is_allowed.to_string(),
            "true".to_owned(),
        );
    }
    found
}

/// The largest contributions to the score of the first cause, from its explanation: by what each may be called, and its
/// weight. A part about one finding is that indicator's, or its group's where a group weighs one answered member jointly.
fn contributions(assessment: &Assessment, most: usize) -> Vec<(Vec<u32>, i64)> {
    let kb = assessment.model().knowledge_base();
    let explanation = assessment.first().explanation();
    let evidence = explanation.parts().iter().filter(|part| part.kind() == ContributionKind::Evidence);
    let mut parts: Vec<(Vec<u32>, i64)> = evidence
        .filter(|part| part.weight() != aetia::Weight::ZERO)
        .map(|part| {
            let group = kb.indicators().len() + part.group_position().expect("evidence has a group");
            let lone = match part.indicators()[..] {
                [indicator] => kb.indicators().position(|other| other.id() == indicator.id()),
                _ => None,
            };
            let called = lone.into_iter().chain((lone.is_none() || part.group().is_some()).then_some(group));
            (called.map(|at| u32::try_from(at).expect("few")).collect(), part.weight().nanodecibans())
        })
        .collect();
    parts.sort_by_key(|(_, weight)| std::cmp::Reverse(weight.unsigned_abs()));
    parts.truncate(most);
    parts
}
