//! From the values of a column to answer codes, a block of rows at a time.

use super::block::{Codes, ROWS};
use super::column::{Column, MissingNumber, Values};
use super::read::Raw;
use super::{Bits, Text};
use crate::case::AnswerRef;
use crate::document::IndicatorKind;
use crate::index::IndicatorIx;
use crate::knowledge::{Answer, AnswerCode, Indicator, Knowledge, UNKNOWN};

/// The code of a value that is no answer: above that of every answer.
const REFUSED: AnswerCode = AnswerCode::MAX;
/// How many whole numbers from -1 on are looked up instead of being read one by one.
const LISTED: usize = 128;

/// A column made ready: what can be looked up stands in tables.
#[derive(Debug)]
pub(super) struct Decoder<'c> {
    indicator: IndicatorIx,
    /// The highest code of an answer.
    highest: AnswerCode,
    column: &'c Column<'c>,
    way: Way<'c>,
}

/// How the values of a column become codes.
#[derive(Debug)]
enum Way<'c> {
    /// Nothing is known.
    Nothing,
    /// The codes of false and true.
    Bits(Bits<'c>, [AnswerCode; 2]),
    Bools(&'c [bool], [AnswerCode; 2]),
    /// A number and one code: what is `low` at least is the code less `step`.
    Step8 {
        values: Bytes<'c>,
        step: u8,
        low: AnswerCode,
    },
    Table8(Bytes<'c>, Box<[AnswerCode; 256]>),
    /// The codes of -1, 0, 1, ...; other numbers are read one by one.
    Table(&'c Values<'c>, Box<[AnswerCode; LISTED]>),
    /// Cut-points; the code of what is not a number.
    Bins32(&'c [f32], &'c [f64], AnswerCode),
    Bins64(&'c [f64], &'c [f64], AnswerCode),
    /// The code of each word, in the order of their bytes.
    Words(Text<'c>, Vec<(&'c [u8], AnswerCode)>),
    /// The codes of a dictionary's words.
    Keys(&'c Values<'c>, Vec<AnswerCode>),
    /// Row by row, as a case is told.
    Told,
}

/// Whole numbers of one byte.
#[derive(Clone, Copy, Debug)]
enum Bytes<'c> {
    Signed(&'c [i8]),
    Unsigned(&'c [u8]),
}

impl<'c> Decoder<'c> {
    pub(super) fn new(kb: &'c Knowledge, indicator: IndicatorIx, column: &'c Column<'c>) -> Self {
        let asked = &kb.indicators[indicator];
        let highest = crate::knowledge::code(asked.answers.len()) - 1;
        let code = |value: AnswerRef<'_>| kb.code_of(indicator, value).unwrap_or(REFUSED);
        let says = |raw: Raw<'c>| code(raw.says(asked, column));
        let is_plain = column.meanings.is_empty() && asked.kind() != IndicatorKind::Numeric;
        let pair = || [says(Raw::Boolean(false)), says(Raw::Boolean(true))];
        let way = match &column.values {
            Values::Null(_) => Way::Nothing,
            Values::Bits(bits) => Way::Bits(*bits, pair()),
            Values::Bools(values) => Way::Bools(values, pair()),
            // What a code means without being told is one step, and needs no table to be seen.
            Values::I8(values) if is_plain => {
                Way::Step8 { values: Bytes::Signed(values), step: 1, low: UNKNOWN }
            }
            Values::U8(values) if is_plain => {
                Way::Step8 { values: Bytes::Unsigned(values), step: 1, low: UNKNOWN + 1 }
            }
            Values::I8(values) => Way::bytes(Bytes::Signed(values), highest, |byte| {
                says(Raw::Whole(i128::from(byte.cast_signed())))
            }),
            Values::U8(values) => {
                Way::bytes(Bytes::Unsigned(values), highest, |byte| says(Raw::Whole(i128::from(byte))))
            }
            Values::F32(values) if column.meanings.is_empty() => {
                Way::Bins32(values, asked.cut_points(), Self::missing(column))
            }
            Values::F64(values) if column.meanings.is_empty() => {
                Way::Bins64(values, asked.cut_points(), Self::missing(column))
            }
            Values::F32(_) | Values::F64(_) => Way::Told,
            Values::Text(text) => Way::Words(*text, words(asked, column, code)),
            Values::Dictionary { keys, words } => {
                let of: Vec<AnswerCode> = (0..words.rows()).map(|row| code(words.told(asked, row))).collect();
                let at = |key: Option<usize>| key.and_then(|key| of.get(key)).copied().unwrap_or(REFUSED);
                if let Values::I8(keys) = &**keys {
                    let signed = |byte: u8| at(usize::try_from(byte.cast_signed()).ok());
                    Way::bytes(Bytes::Signed(keys), highest, signed)
                } else if let Values::U8(keys) = &**keys {
                    Way::bytes(Bytes::Unsigned(keys), highest, |byte| at(Some(usize::from(byte))))
                } else {
                    Way::Keys(keys, of)
                }
            }
            whole @ (Values::I16(_)
            | Values::I32(_)
            | Values::I64(_)
            | Values::U16(_)
            | Values::U32(_)
            | Values::U64(_)) => {
                let from_minus_one = (-1..).map(|value| says(Raw::Whole(value)));
                let mut table = Box::new([REFUSED; LISTED]);
                table.iter_mut().zip(from_minus_one).for_each(|(slot, code)| *slot = code);
                Way::Table(whole, table)
            }
        };
        Self { indicator, highest, column, way }
    }

    fn missing(column: &Column<'_>) -> AnswerCode {
        match column.missing {
            MissingNumber::Unknown => UNKNOWN,
            MissingNumber::Refused => REFUSED,
        }
    }

    /// The indicator it is about.
    pub(super) fn indicator(&self) -> IndicatorIx {
        self.indicator
    }

    /// Writes the codes of so many rows from `from` on, and marks rows whose value is no answer.
    #[inline(always)]
    pub(super) fn decode(
        &self,
        kb: &Knowledge,
        from: usize,
        rows: usize,
        codes: &mut Codes,
        bad: &mut Codes,
    ) {
        let all = codes;
        let Some(codes) = all.get_mut(..rows) else { return };
        self.values(kb, from, codes);
        if let Some(validity) = self.column.validity {
            let mut known = [0; ROWS];
            if let Some(known) = known.get_mut(..rows) {
                validity.spread(from, known);
            }
            for (code, known) in codes.iter_mut().zip(known) {
                *code &= 0_u8.wrapping_sub(known);
            }
        }
        if let Some(refused) = self.column.not_assessable {
            let mut hidden = [0; ROWS];
            if let Some(hidden) = hidden.get_mut(..rows) {
                refused.spread(from, hidden);
            }
            for (code, hidden) in codes.iter_mut().zip(hidden) {
                *code &= hidden.wrapping_sub(1);
            }
        }
        let mut worst = 0;
        for code in codes.iter() {
            worst |= code.saturating_sub(self.highest);
        }
        if worst != 0 {
            for (bad, code) in bad.iter_mut().zip(codes.iter()) {
                *bad |= code.saturating_sub(self.highest);
            }
        }
    }

    /// Writes the codes of values, whatever is said beside them.
    #[inline(always)]
    fn values(&self, kb: &Knowledge, from: usize, codes: &mut [AnswerCode]) {
        match &self.way {
            Way::Nothing => codes.fill(UNKNOWN),
            Way::Bits(bits, [no, yes]) => {
                bits.spread(from, codes);
                for code in codes {
                    *code = if *code == 0 { *no } else { *yes };
                }
            }
            Way::Bools(values, [no, yes]) => {
                each(values, from, codes, |value| if value { *yes } else { *no });
            }
            Way::Step8 { values, step, low } => {
                let span = self.highest - low;
                let code = |byte: u8| {
                    let code = byte.wrapping_add(*step);
                    if code.wrapping_sub(*low) > span { REFUSED } else { code }
                };
                match values {
                    Bytes::Signed(values) => {
                        each(values, from, codes, |value: i8| code(value.cast_unsigned()));
                    }
                    Bytes::Unsigned(values) => each(values, from, codes, code),
                }
            }
            Way::Table8(values, table) => {
                let code = |byte: u8| table.get(usize::from(byte)).copied().unwrap_or(REFUSED);
                match values {
                    Bytes::Signed(values) => {
                        each(values, from, codes, |value: i8| code(value.cast_unsigned()));
                    }
                    Bytes::Unsigned(values) => each(values, from, codes, code),
                }
            }
            Way::Bins32(values, cuts, missing) => {
                each(values, from, codes, |value: f32| bin(f64::from(value), cuts, *missing));
            }
            Way::Bins64(values, cuts, missing) => {
                each(values, from, codes, |value| bin(value, cuts, *missing));
            }
            Way::Table(..) | Way::Words(..) | Way::Keys(..) | Way::Told => self.one_by_one(kb, from, codes),
        }
    }

    /// The same for what is looked up row by row.
    #[inline(never)]
    fn one_by_one(&self, kb: &Knowledge, from: usize, codes: &mut [AnswerCode]) {
        let told = |row: usize| {
            let value = self.column.value(&kb.indicators[self.indicator], row);
            kb.code_of(self.indicator, value).unwrap_or(REFUSED)
        };
        match &self.way {
            Way::Table(values, table) => {
                looked_up(values, from, codes, |value| {
                    let at = usize::try_from(value + 1).ok();
                    at.and_then(|at| table.get(at)).copied().unwrap_or(REFUSED)
                });
                for (code, row) in codes.iter_mut().zip(from..).filter(|(code, _)| **code == REFUSED) {
                    *code = told(row);
                }
            }
            Way::Words(text, words) => fill(from, codes, |row| {
                let word =
                    text.get(row).and_then(|word| words.binary_search_by_key(&word, |(word, _)| word).ok());
                word.and_then(|at| words.get(at)).map_or(REFUSED, |(_, code)| *code)
            }),
            Way::Keys(keys, words) => looked_up(keys, from, codes, |key| {
                let key = usize::try_from(key).ok();
                key.and_then(|key| words.get(key)).copied().unwrap_or(REFUSED)
            }),
            Way::Nothing
            | Way::Bits(..)
            | Way::Bools(..)
            | Way::Step8 { .. }
            | Way::Table8(..)
            | Way::Bins32(..)
            | Way::Bins64(..)
            | Way::Told => fill(from, codes, told),
        }
    }
}

impl<'c> Way<'c> {
    /// A table of all bytes, or one step where the table is one.
    fn bytes(values: Bytes<'c>, highest: AnswerCode, code: impl Fn(u8) -> AnswerCode) -> Self {
        let mut table = Box::new([REFUSED; 256]);
        table.iter_mut().zip(0..=u8::MAX).for_each(|(slot, byte)| *slot = code(byte));
        let step = table.iter().zip(0..=u8::MAX).find(|(code, _)| **code == highest);
        if let Some(step) = step.map(|(code, byte)| code.wrapping_sub(byte)) {
            for low in [UNKNOWN, UNKNOWN + 1] {
                let stepped = |byte: u8| {
                    let code = byte.wrapping_add(step);
                    if (low..=highest).contains(&code) { code } else { REFUSED }
                };
                if table.iter().zip(0..=u8::MAX).all(|(code, byte)| *code == stepped(byte)) {
                    return Self::Step8 { values, step, low };
                }
            }
        }
        Self::Table8(values, table)
    }
}

/// The codes of all words that mean something, in the order of their bytes.
fn words<'c>(
    asked: &'c Indicator,
    column: &'c Column<'c>,
    code: impl Fn(AnswerRef<'_>) -> AnswerCode,
) -> Vec<(&'c [u8], AnswerCode)> {
    let listed = column.meanings.iter().filter_map(|(stands, means)| match stands {
        AnswerRef::Named(word) => Some((*word, *means)),
        AnswerRef::Boolean(_) | AnswerRef::Number(_) => None,
    });
    let own = asked.answers().iter().map(Answer::key);
    let own = own.chain(["unknown", "not_assessable"]).map(|word| (word, AnswerRef::Named(word)));
    let mut words: Vec<(&[u8], AnswerCode)> =
        listed.chain(own).map(|(word, means)| (word.as_bytes(), code(means))).collect();
    // The sort is stable, so what is listed first for a word stays first, and lists come before the indicator's own.
    words.sort_by_key(|(word, _)| *word);
    words.dedup_by_key(|(word, _)| *word);
    words
}

/// The code of a number.
#[inline(always)]
fn bin(number: f64, cuts: &[f64], missing: AnswerCode) -> AnswerCode {
    let mut code = UNKNOWN + 1;
    for cut in cuts {
        code += u8::from(number >= *cut);
    }
    let code = if number.is_finite() { code } else { REFUSED };
    if number.is_nan() { missing } else { code }
}

/// Writes the code of each value.
#[inline(always)]
fn each<T: Copy>(values: &[T], from: usize, codes: &mut [AnswerCode], code: impl Fn(T) -> AnswerCode) {
    let values = values.get(from..).unwrap_or_default();
    for (slot, value) in codes.iter_mut().zip(values) {
        *slot = code(*value);
    }
}

/// Writes the code of each row.
fn fill(from: usize, codes: &mut [AnswerCode], code: impl Fn(usize) -> AnswerCode) {
    for (slot, row) in codes.iter_mut().zip(from..) {
        *slot = code(row);
    }
}

/// Writes the code of each whole number.
fn looked_up(values: &Values<'_>, from: usize, codes: &mut [AnswerCode], code: impl Fn(i128) -> AnswerCode) {
    match values {
        Values::I8(values) => each(values, from, codes, |value| code(value.into())),
        Values::I16(values) => each(values, from, codes, |value| code(value.into())),
        Values::I32(values) => each(values, from, codes, |value| code(value.into())),
        Values::I64(values) => each(values, from, codes, |value| code(value.into())),
        Values::U8(values) => each(values, from, codes, |value| code(value.into())),
        Values::U16(values) => each(values, from, codes, |value| code(value.into())),
        Values::U32(values) => each(values, from, codes, |value| code(value.into())),
        Values::U64(values) => each(values, from, codes, |value| code(value.into())),
        Values::Null(_)
        | Values::Bits(_)
        | Values::Bools(_)
        | Values::F32(_)
        | Values::F64(_)
        | Values::Text(_)
        | Values::Dictionary { .. } => codes.fill(REFUSED),
    }
}
