//! The results of a cohort as a batch of Arrow: a column for each thing that was asked for, named after it.

use std::sync::Arc;

use aetia::cohort::{NO_SCORE, NONE, Output};
use arrow_array::types::{ArrowPrimitiveType, Float32Type, Float64Type, Int64Type, UInt8Type, UInt32Type};
use arrow_array::{
    Array, ArrayRef, BooleanArray, DictionaryArray, Int64Array, PrimitiveArray, RecordBatch, StringArray,
    UInt8Array, UInt32Array,
};
use arrow_buffer::{BooleanBuffer, NullBuffer, ScalarBuffer};
use arrow_schema::{ArrowError, DataType, Field, Schema};

use crate::results::{FloatPlaces, Place, Places, Results, Shared};

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

/// Batches of these columns: those that are passed through, the results, and why a row has none. One, unless the reasons
/// are too long for one.
pub(crate) fn batches(
    kept: Vec<Named>,
    results: Results,
    names: &Names,
) -> Result<Vec<RecordBatch>, ArrowError> {
    let mut all = kept;
    let has_nulls = results.null_count > 0;
    let (shared, places, reasons) = results.shared();
    all.extend(columns(&shared, &places, has_nulls, names));
    let field = |(name, array): &Named| Field::new(name, array.data_type().clone(), true);
    let mut fields: Vec<Field> = all.iter().map(field).collect();
    fields.push(Field::new("error", DataType::Utf8, true));
    let schema = Arc::new(Schema::new(fields));
    let mut from = 0;
    let batch = |reasons: StringArray| {
        let rows = reasons.len();
        let mut own: Vec<ArrayRef> = all.iter().map(|(_, array)| array.slice(from, rows)).collect();
        own.push(Arc::new(reasons));
        from += rows;
        RecordBatch::try_new(schema.clone(), own)
    };
    reasons.finish(places.rows).into_iter().map(batch).collect()
}

fn columns(shared: &Shared, places: &Places, has_nulls: bool, names: &Names) -> Vec<Named> {
    let rows = places.rows;
    let valid = BooleanBuffer::new(shared.numbers(&places.validity).into_inner(), 0, rows);
    let nulls = has_nulls.then(|| NullBuffer::new(valid));
    let mut all: Vec<Named> = Vec::new();
    let firsts = [
        ("first", Output::First, &places.first),
        ("first_ungated", Output::FirstUngated, &places.first_ungated),
    ];
    for (name, output, place) in firsts {
        if names.outputs.contains(&output) {
            all.push((name.to_owned(), words(shared.numbers(place), &names.causes, names)));
        }
    }
    for (rank, place) in (1..).zip(&places.order) {
        all.push((format!("rank_{rank}"), words(shared.numbers(place), &names.causes, names)));
    }
    for (kind, list) in [("posterior", &places.posterior), ("posterior_ungated", &places.posterior_ungated)] {
        let columns = floats(shared, list, nulls.as_ref());
        for (cause, values) in names.causes.iter().chain([&names.comparator]).zip(columns) {
            all.push((format!("{kind}.{cause}"), values));
        }
    }
    for (kind, list) in [("score", &places.score), ("score_ungated", &places.score_ungated)] {
        let columns = numbers::<Int64Type>(shared, list, nulls.as_ref());
        for (cause, values) in names.causes.iter().zip(columns) {
            all.push((format!("{kind}.{cause}"), values));
        }
    }
    if names.outputs.contains(&Output::Margin) {
        let margin = shared.numbers(&places.margin);
        let is_there = BooleanBuffer::collect_bool(rows, |at| margin.get(at) != Some(&NO_SCORE));
        let margin = Int64Array::new(margin, Some(is_there.into()));
        all.push(("margin".to_owned(), Arc::new(margin)));
    }
    for (gate, place) in names.gates.iter().zip(&places.gates) {
        let acts: BooleanBuffer = shared.numbers(place).iter().map(|acts| *acts == 1).collect();
        all.push((format!("gate.{gate}"), Arc::new(BooleanArray::new(acts, nulls.clone()))));
    }
    for (flag, place) in names.flags.iter().zip(&places.flags) {
        let states = states(shared.numbers(place), nulls.clone(), names.is_portable);
        all.push((format!("flag.{flag}"), states));
    }
    for (rank, (who, weights)) in (1..).zip(places.contributors.iter().zip(&places.weights)) {
        let who = shared.numbers(who);
        let weights = Int64Array::new(shared.numbers(weights), present(&who));
        all.push((format!("contribution_{rank}"), words(who, &names.contributors, names)));
        all.push((format!("contribution_{rank}.weight"), Arc::new(weights)));
    }
    all
}

fn floats(shared: &Shared, places: &FloatPlaces, nulls: Option<&NullBuffer>) -> Vec<ArrayRef> {
    match places {
        FloatPlaces::Single(places) => numbers::<Float32Type>(shared, places, nulls),
        FloatPlaces::Double(places) => numbers::<Float64Type>(shared, places, nulls),
    }
}

fn numbers<T: ArrowPrimitiveType>(
    shared: &Shared,
    places: &[Place<T::Native>],
    nulls: Option<&NullBuffer>,
) -> Vec<ArrayRef> {
    let column =
        |place| -> ArrayRef { Arc::new(PrimitiveArray::<T>::new(shared.numbers(place), nulls.cloned())) };
    places.iter().map(column).collect()
}

/// Which positions are none of `NONE`; none where all are.
fn present(positions: &[u32]) -> Option<NullBuffer> {
    let is_there = |at: usize| positions.get(at) != Some(&NONE);
    positions.contains(&NONE).then(|| BooleanBuffer::collect_bool(positions.len(), is_there).into())
}

/// Positions as words; null where there is none.
fn words(positions: ScalarBuffer<u32>, words: &[String], names: &Names) -> ArrayRef {
    if names.is_portable {
        let word = |at: &u32| usize::try_from(*at).ok().and_then(|at| words.get(at)).map(String::as_str);
        return Arc::new(positions.iter().map(word).collect::<StringArray>());
    }
    let nulls = present(&positions);
    let keys = if nulls.is_none() {
        positions
    } else {
        // A key of a null is not looked up, unless somebody forgets to look whether it is null.
        positions.iter().map(|at| if *at == NONE { 0 } else { *at }).collect()
    };
    let words = StringArray::from_iter_values(words);
    Arc::new(DictionaryArray::<UInt32Type>::new(UInt32Array::new(keys, nulls), Arc::new(words)))
}

/// What is known about a flag.
fn states(values: ScalarBuffer<u8>, nulls: Option<NullBuffer>, is_portable: bool) -> ArrayRef {
    const STATES: [&str; 3] = ["cleared", "not_assessed", "raised"];
    let keys = UInt8Array::new(values, nulls);
    if is_portable {
        let word = |key: Option<u8>| key.and_then(|key| STATES.get(usize::from(key)).copied());
        return Arc::new(keys.iter().map(word).collect::<StringArray>());
    }
    let words = StringArray::from_iter_values(STATES);
    Arc::new(DictionaryArray::<UInt8Type>::new(keys, Arc::new(words)))
}
