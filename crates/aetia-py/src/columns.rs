//! Arrays of Arrow as columns of a cohort: borrowed, nothing copied.
#![expect(
    clippy::wildcard_enum_match_arm,
    reason = "Arrow has forty types; those that hold no answers are one arm"
)]

use aetia::AnswerRef;
use aetia::cohort::{Bits, Column, MissingNumber, Text, Values};
use arrow_array::cast::AsArray;
use arrow_array::types::{
    ArrowDictionaryKeyType, Float32Type, Float64Type, Int8Type, Int16Type, Int32Type, Int64Type, UInt8Type,
    UInt16Type, UInt32Type, UInt64Type,
};
use arrow_array::{Array, ArrayRef};
use arrow_buffer::{Buffer, NullBuffer};
use arrow_schema::DataType;

/// What values mean, as the core takes it.
pub(crate) type Meanings<'a> = &'a [(AnswerRef<'a>, AnswerRef<'a>)];

/// The long texts of an array of views, which a column points into.
pub(crate) type Buffers<'a> = Vec<&'a [u8]>;

/// The buffers of an array of views, or of the words of a dictionary; empty for every other array.
pub(crate) fn buffers(array: &ArrayRef) -> Buffers<'_> {
    match array.data_type() {
        DataType::Utf8View => array.as_string_view().data_buffers().iter().map(Buffer::as_slice).collect(),
        DataType::Dictionary(..) => buffers(array.as_any_dictionary().values()),
        _ => Vec::new(),
    }
}

/// An array as a column; the reason in words where it is of a type that holds no answers.
pub(crate) fn column<'a>(
    array: &'a ArrayRef,
    buffers: &'a Buffers<'a>,
    missing: MissingNumber,
    meanings: Meanings<'a>,
) -> Result<Column<'a>, String> {
    let column = Column::new(values(array, buffers, missing, meanings)?);
    let column = column.missing_numbers(missing).meaning(meanings);
    Ok(match array.nulls().and_then(bits) {
        Some(validity) => column.validity(validity),
        None => column,
    })
}

fn bits(nulls: &NullBuffer) -> Option<Bits<'_>> {
    Bits::new(nulls.validity(), nulls.offset(), nulls.len())
}

fn values<'a>(
    array: &'a ArrayRef,
    buffers: &'a Buffers<'a>,
    missing: MissingNumber,
    meanings: Meanings<'a>,
) -> Result<Values<'a>, String> {
    let words = |values: &'a ArrayRef| column(values, buffers, missing, meanings);
    Ok(match array.data_type() {
        DataType::Null => Values::Null(array.len()),
        DataType::Boolean => {
            let values = array.as_boolean().values();
            let bits = Bits::new(values.values(), values.offset(), values.len());
            Values::Bits(bits.ok_or("its bits are fewer than its rows")?)
        }
        DataType::Int8 => Values::I8(array.as_primitive::<Int8Type>().values()),
        DataType::Int16 => Values::I16(array.as_primitive::<Int16Type>().values()),
        DataType::Int32 => Values::I32(array.as_primitive::<Int32Type>().values()),
        DataType::Int64 => Values::I64(array.as_primitive::<Int64Type>().values()),
        DataType::UInt8 => Values::U8(array.as_primitive::<UInt8Type>().values()),
        DataType::UInt16 => Values::U16(array.as_primitive::<UInt16Type>().values()),
        DataType::UInt32 => Values::U32(array.as_primitive::<UInt32Type>().values()),
        DataType::UInt64 => Values::U64(array.as_primitive::<UInt64Type>().values()),
        DataType::Float32 => Values::F32(array.as_primitive::<Float32Type>().values()),
        DataType::Float64 => Values::F64(array.as_primitive::<Float64Type>().values()),
        DataType::Utf8 => {
            let texts = array.as_string::<i32>();
            Values::Text(Text::Small { offsets: texts.value_offsets(), bytes: texts.value_data() })
        }
        DataType::LargeUtf8 => {
            let texts = array.as_string::<i64>();
            Values::Text(Text::Large { offsets: texts.value_offsets(), bytes: texts.value_data() })
        }
        DataType::Utf8View => {
            let views = array.as_string_view().views().inner().as_slice();
            Values::Text(Text::View { views, buffers })
        }
        DataType::Dictionary(key, _) => match &**key {
            DataType::Int8 => dictionary::<Int8Type>(array, Values::I8, words)?,
            DataType::Int16 => dictionary::<Int16Type>(array, Values::I16, words)?,
            DataType::Int32 => dictionary::<Int32Type>(array, Values::I32, words)?,
            DataType::Int64 => dictionary::<Int64Type>(array, Values::I64, words)?,
            DataType::UInt8 => dictionary::<UInt8Type>(array, Values::U8, words)?,
            DataType::UInt16 => dictionary::<UInt16Type>(array, Values::U16, words)?,
            DataType::UInt32 => dictionary::<UInt32Type>(array, Values::U32, words)?,
            DataType::UInt64 => dictionary::<UInt64Type>(array, Values::U64, words)?,
            other => return Err(format!("a dictionary with keys of {other}")),
        },
        other => return Err(other.to_string()),
    })
}

fn dictionary<'a, K: ArrowDictionaryKeyType>(
    array: &'a ArrayRef,
    keys: impl Fn(&'a [K::Native]) -> Values<'a>,
    words: impl Fn(&'a ArrayRef) -> Result<Column<'a>, String>,
) -> Result<Values<'a>, String> {
    let array = array.as_dictionary::<K>();
    Ok(Values::Dictionary {
        keys: Box::new(keys(array.keys().values())),
        words: Box::new(words(array.values())?),
    })
}

/// The first values of an array that are there, with their rows, as Python writes them; none of a type that holds no answers.
pub(crate) fn first_values(array: &ArrayRef, most: usize) -> Vec<(usize, String)> {
    let rows = (0..array.len()).filter(|row| !array.is_null(*row));
    rows.filter_map(|row| Some((row, written(array, row)?))).take(most).collect()
}

/// A value as Python writes it.
fn written(array: &ArrayRef, row: usize) -> Option<String> {
    Some(match array.data_type() {
        DataType::Boolean if array.as_boolean().value(row) => "True".to_owned(),
        DataType::Boolean => "False".to_owned(),
        DataType::Float32 => array.as_primitive::<Float32Type>().value(row).to_string(),
        DataType::Float64 => array.as_primitive::<Float64Type>().value(row).to_string(),
        DataType::Utf8 => format!("{:?}", array.as_string::<i32>().value(row)),
        DataType::LargeUtf8 => format!("{:?}", array.as_string::<i64>().value(row)),
        DataType::Utf8View => format!("{:?}", array.as_string_view().value(row)),
        DataType::Dictionary(..) => {
            let dictionary = array.as_any_dictionary();
            let key = *dictionary.normalized_keys().get(row)?;
            written(dictionary.values(), key)?
        }
        _ => return None,
    })
}
