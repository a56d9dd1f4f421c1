//! The results of a cohort as a batch of Arrow: a column for each thing that was asked for, named after it.

use std::sync::Arc;

use aetia::cohort::{Columns, Floats, NO_SCORE, NONE, Output};
use arrow_array::builder::StringBuilder;
use arrow_array::types::UInt8Type;
use arrow_array::types::UInt32Type;
use arrow_array::{
    Array, ArrayRef, BooleanArray, DictionaryArray, Float32Array, Float64Array, Int64Array, RecordBatch,
    StringArray, UInt8Array, UInt32Array,
};
use arrow_buffer::{BooleanBuffer, Buffer, NullBuffer};
use arrow_schema::{ArrowError, Field, Schema};

/// What columns are named after.
#[derive(Debug)]
pub(crate) struct Names {
    pub(crate) causes: Vec<String>,
    pub(crate) comparator: String,
    pub(crate) gates: Vec<String>,
    pub(crate) flags: Vec<String>,
    pub(crate) contributors: Vec<String>,
    /// What was asked for: a table without rows has its columns, too.
    pub(crate) outputs: Vec<Output>,
    /// Whether words are written out in every row, for engines that know no dictionaries.
    pub(crate) is_portable: bool,
}

/// A column with its name.
pub(crate) type Named = (String, ArrayRef);

/// A batch of these columns: those that are passed through, the results, and why a row has none.
pub(crate) fn batch(
    kept: Vec<Named>,
    columns: Columns,
    refused: &[(usize, String)],
    names: &Names,
) -> Result<RecordBatch, ArrowError> {
    let (mut all, rows) = (kept, columns.rows);
    all.extend(results(columns, names));
    all.push(("error".to_owned(), reasons(refused, rows)));
    let fields: Vec<Field> =
        all.iter().map(|(name, array)| Field::new(name, array.data_type().clone(), true)).collect();
    let arrays = all.into_iter().map(|(_, array)| array).collect();
    RecordBatch::try_new(Arc::new(Schema::new(fields)), arrays)
}

/// Why rows have no result: of most, nothing.
fn reasons(refused: &[(usize, String)], rows: usize) -> ArrayRef {
    let mut reasons = StringBuilder::with_capacity(rows, 0);
    let mut next = 0;
    for (row, reason) in refused {
        reasons.append_nulls(row - next);
        reasons.append_value(reason);
        next = row + 1;
    }
    reasons.append_nulls(rows - next);
    Arc::new(reasons.finish())
}

fn results(columns: Columns, names: &Names) -> Vec<Named> {
    let rows = columns.rows;
    let valid = NullBuffer::new(BooleanBuffer::new(Buffer::from_vec(columns.validity), 0, rows));
    let nulls = (columns.null_count > 0).then_some(valid);
    let mut all: Vec<Named> = Vec::new();
    let firsts = [
        ("first", Output::First, columns.first),
        ("first_ungated", Output::FirstUngated, columns.first_ungated),
    ];
    for (name, output, list) in firsts {
        if names.outputs.contains(&output) {
            all.push((name.to_owned(), words(list, &names.causes, names)));
        }
    }
    for (rank, list) in (1..).zip(columns.order) {
        all.push((format!("rank_{rank}"), words(list, &names.causes, names)));
    }
    let with_comparator = || names.causes.iter().chain([&names.comparator]);
    for (kind, list) in [("posterior", columns.posterior), ("posterior_ungated", columns.posterior_ungated)] {
        for (cause, values) in with_comparator().zip(list) {
            all.push((format!("{kind}.{cause}"), floats(values, nulls.clone())));
        }
    }
    for (kind, list) in [("score", columns.score), ("score_ungated", columns.score_ungated)] {
        for (cause, values) in names.causes.iter().zip(list) {
            all.push((format!("{kind}.{cause}"), Arc::new(Int64Array::new(values.into(), nulls.clone()))));
        }
    }
    if names.outputs.contains(&Output::Margin) {
        let is_there = BooleanBuffer::collect_bool(rows, |at| columns.margin.get(at) != Some(&NO_SCORE));
        let margin = Int64Array::new(columns.margin.into(), Some(is_there.into()));
        all.push(("margin".to_owned(), Arc::new(margin)));
    }
    for (gate, values) in names.gates.iter().zip(columns.gates) {
        let acts: BooleanBuffer = values.into_iter().map(|acts| acts == 1).collect();
        all.push((format!("gate.{gate}"), Arc::new(BooleanArray::new(acts, nulls.clone()))));
    }
    for (flag, values) in names.flags.iter().zip(columns.flags) {
        all.push((format!("flag.{flag}"), states(values, nulls.clone(), names.is_portable)));
    }
    for (rank, (who, weights)) in (1..).zip(columns.contributors.into_iter().zip(columns.weights)) {
        let is_there = present(&who);
        all.push((format!("contribution_{rank}"), words(who, &names.contributors, names)));
        let weights = Int64Array::new(weights.into(), is_there);
        all.push((format!("contribution_{rank}.weight"), Arc::new(weights)));
    }
    all
}

fn floats(values: Floats, nulls: Option<NullBuffer>) -> ArrayRef {
    match values {
        Floats::Single(values) => Arc::new(Float32Array::new(values.into(), nulls)),
        Floats::Double(values) => Arc::new(Float64Array::new(values.into(), nulls)),
    }
}

/// Which positions are none of `NONE`; none where all are.
fn present(positions: &[u32]) -> Option<NullBuffer> {
    let is_there = |at: usize| positions.get(at) != Some(&NONE);
    positions.contains(&NONE).then(|| BooleanBuffer::collect_bool(positions.len(), is_there).into())
}

/// Positions as words; null where there is none.
fn words(mut positions: Vec<u32>, words: &[String], names: &Names) -> ArrayRef {
    if names.is_portable {
        let word = |at: &u32| usize::try_from(*at).ok().and_then(|at| words.get(at)).map(String::as_str);
        return Arc::new(positions.iter().map(word).collect::<StringArray>());
    }
    let nulls = present(&positions);
    if nulls.is_some() {
        // A key of a null is not looked up, unless somebody forgets to look whether it is null.
        positions.iter_mut().filter(|at| **at == NONE).for_each(|at| *at = 0);
    }
    let keys = UInt32Array::new(positions.into(), nulls);
    let words = StringArray::from_iter_values(words);
    Arc::new(DictionaryArray::<UInt32Type>::new(keys, Arc::new(words)))
}

/// What is known about a flag.
fn states(values: Vec<u8>, nulls: Option<NullBuffer>, is_portable: bool) -> ArrayRef {
    const STATES: [&str; 3] = ["cleared", "not_assessed", "raised"];
    let keys = UInt8Array::new(values.into(), nulls);
    if is_portable {
        let word = |key: Option<u8>| key.and_then(|key| STATES.get(usize::from(key)).copied());
        return Arc::new(keys.iter().map(word).collect::<StringArray>());
    }
    let words = StringArray::from_iter_values(STATES);
    Arc::new(DictionaryArray::<UInt8Type>::new(keys, Arc::new(words)))
}
