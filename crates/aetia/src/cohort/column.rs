//! Columns of answers, as a caller holds them: borrowed, typed, in the layouts of Arrow and of numpy.

use super::{Bits, Text};
use crate::case::AnswerRef;

/// The values of a column.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum Values<'a> {
    /// So many rows of which nothing is known.
    Null(usize),
    /// Booleans as bits.
    Bits(Bits<'a>),
    /// Booleans as bytes.
    Bools(&'a [bool]),
    /// Whole numbers.
    I8(&'a [i8]),
    /// Whole numbers.
    I16(&'a [i16]),
    /// Whole numbers.
    I32(&'a [i32]),
    /// Whole numbers.
    I64(&'a [i64]),
    /// Whole numbers.
    U8(&'a [u8]),
    /// Whole numbers.
    U16(&'a [u16]),
    /// Whole numbers.
    U32(&'a [u32]),
    /// Whole numbers.
    U64(&'a [u64]),
    /// Numbers.
    F32(&'a [f32]),
    /// Numbers.
    F64(&'a [f64]),
    /// Texts.
    Text(Text<'a>),
    /// For each row the position of its value in another column. The column of values speaks for itself: its nulls are
    /// unknown, and what it says values mean holds.
    Dictionary {
        /// Positions: whole numbers, of any type.
        keys: Box<Values<'a>>,
        /// The values, each of which may occur in many rows.
        words: Box<Column<'a>>,
    },
}

/// What a missing number is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum MissingNumber {
    /// `NaN` is an error of its row, as it is in a case.
    #[default]
    Refused,
    /// `NaN` is how the column writes *unknown*, as pandas does.
    Unknown,
}

/// One column of a cohort: values, which of them are missing, and what they mean.
///
/// What a value means without being told, by the kind of the indicator:
///
/// | kind | booleans | whole numbers | floats | texts |
/// |---|---|---|---|---|
/// | boolean | present, absent | 1 present, 0 absent, −1 unknown | – | – |
/// | categorical, ordinal | – | position of the answer from 0, −1 unknown | – | an answer, `unknown`, `not_assessable` |
/// | numeric | – | the number | the number; `NaN` as [`MissingNumber`] says | – |
///
/// Where there is a dash, [`Column::meaning`] must say what values mean; any other value is an error of its row.
#[derive(Clone, Debug)]
pub struct Column<'a> {
    pub(super) values: Values<'a>,
    pub(super) validity: Option<Bits<'a>>,
    pub(super) not_assessable: Option<Bits<'a>>,
    pub(super) missing: MissingNumber,
    pub(super) meanings: &'a [(AnswerRef<'a>, AnswerRef<'a>)],
}

impl<'a> Column<'a> {
    /// A column in which every value is known.
    pub fn new(values: impl Into<Values<'a>>) -> Self {
        Self {
            values: values.into(),
            validity: None,
            not_assessable: None,
            missing: MissingNumber::Refused,
            meanings: &[],
        }
    }

    /// Which rows have a value (1) and which are unknown (0), as Arrow has it.
    #[must_use]
    pub fn validity(self, validity: Bits<'a>) -> Self {
        Self { validity: Some(validity), ..self }
    }

    /// In which rows nobody could look (1), whatever the value there.
    #[must_use]
    pub fn not_assessable(self, rows: Bits<'a>) -> Self {
        Self { not_assessable: Some(rows), ..self }
    }

    /// What `NaN` is.
    #[must_use]
    pub fn missing_numbers(self, missing: MissingNumber) -> Self {
        Self { missing, ..self }
    }

    /// What values mean: what stands in the column, and what a case would be told. Values that are not listed mean what they
    /// would without a list. Whole numbers and floats are listed as [`AnswerRef::Number`], texts as [`AnswerRef::Named`].
    ///
    /// ```
    /// use aetia::AnswerRef::{Boolean, Named};
    /// use aetia::cohort::{Column, Text, Values};
    /// let meanings = [(Named("yes"), Boolean(true)), (Named("no"), Boolean(false)), (Named("n/a"), Named("not_assessable"))];
    /// let column = Column::new(Values::Text(Text::Slices(&["yes", "n/a", "no"]))).meaning(&meanings);
    /// assert_eq!(column.rows(), 3);
    /// ```
    #[must_use]
    pub fn meaning(self, meanings: &'a [(AnswerRef<'a>, AnswerRef<'a>)]) -> Self {
        Self { meanings, ..self }
    }

    /// How many rows there are.
    pub fn rows(&self) -> usize {
        self.values.rows()
    }
}

impl Values<'_> {
    /// How many rows there are.
    pub fn rows(&self) -> usize {
        match self {
            Self::Null(rows) => *rows,
            Self::Bits(bits) => bits.rows(),
            Self::Bools(values) => values.len(),
            Self::I8(values) => values.len(),
            Self::I16(values) => values.len(),
            Self::I32(values) => values.len(),
            Self::I64(values) => values.len(),
            Self::U8(values) => values.len(),
            Self::U16(values) => values.len(),
            Self::U32(values) => values.len(),
            Self::U64(values) => values.len(),
            Self::F32(values) => values.len(),
            Self::F64(values) => values.len(),
            Self::Text(text) => text.rows(),
            Self::Dictionary { keys, .. } => keys.rows(),
        }
    }

    /// What the values are, in a word for messages.
    pub(super) fn sort(&self) -> &'static str {
        match self {
            Self::Null(_) => "nulls",
            Self::Bits(_) | Self::Bools(_) => "booleans",
            Self::I8(_)
            | Self::I16(_)
            | Self::I32(_)
            | Self::I64(_)
            | Self::U8(_)
            | Self::U16(_)
            | Self::U32(_)
            | Self::U64(_) => "whole numbers",
            Self::F32(_) | Self::F64(_) => "floats",
            Self::Text(_) => "texts",
            Self::Dictionary { .. } => "a dictionary",
        }
    }

    /// A whole number of a row, where the column has such.
    #[inline(always)]
    pub(super) fn whole(&self, row: usize) -> Option<i128> {
        match self {
            Self::I8(values) => values.get(row).copied().map(i128::from),
            Self::I16(values) => values.get(row).copied().map(i128::from),
            Self::I32(values) => values.get(row).copied().map(i128::from),
            Self::I64(values) => values.get(row).copied().map(i128::from),
            Self::U8(values) => values.get(row).copied().map(i128::from),
            Self::U16(values) => values.get(row).copied().map(i128::from),
            Self::U32(values) => values.get(row).copied().map(i128::from),
            Self::U64(values) => values.get(row).copied().map(i128::from),
            Self::Null(_)
            | Self::Bits(_)
            | Self::Bools(_)
            | Self::F32(_)
            | Self::F64(_)
            | Self::Text(_)
            | Self::Dictionary { .. } => None,
        }
    }
}

macro_rules! from {
    ($($of:ty => $variant:ident),+ $(,)?) => {$(
        impl<'a> From<$of> for Values<'a> {
            fn from(values: $of) -> Self {
                Self::$variant(values)
            }
        }

        impl<'a> From<$of> for Column<'a> {
            fn from(values: $of) -> Self {
                Self::new(values)
            }
        }
    )+};
}

from! {
    Bits<'a> => Bits, &'a [bool] => Bools, Text<'a> => Text,
    &'a [i8] => I8, &'a [i16] => I16, &'a [i32] => I32, &'a [i64] => I64,
    &'a [u8] => U8, &'a [u16] => U16, &'a [u32] => U32, &'a [u64] => U64,
    &'a [f32] => F32, &'a [f64] => F64,
}

impl<'a> From<Values<'a>> for Column<'a> {
    fn from(values: Values<'a>) -> Self {
        Self::new(values)
    }
}
