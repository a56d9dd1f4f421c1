//! What a row of a column says: the words a case would be told.

use super::column::{Column, MissingNumber, Values};
use crate::case::AnswerRef;
use crate::document::IndicatorKind;
use crate::knowledge::Indicator;

/// Nobody looked, as a case is told.
pub(super) const UNKNOWN: AnswerRef<'static> = AnswerRef::Named("unknown");
const NOT_ASSESSABLE: AnswerRef<'static> = AnswerRef::Named("not_assessable");
/// A text that cannot be read: the answer of no indicator.
const UNREADABLE: AnswerRef<'static> = AnswerRef::Named("\u{fffd}");

/// A value as it stands in a column.
#[derive(Clone, Copy, Debug)]
pub(super) enum Raw<'r> {
    Boolean(bool),
    Whole(i128),
    Float(f64),
    Word(&'r str),
}

impl<'r> Raw<'r> {
    /// The value as lists of meanings write it.
    fn written(self) -> AnswerRef<'r> {
        match self {
            Self::Boolean(value) => AnswerRef::Boolean(value),
            Self::Whole(value) => AnswerRef::Number(number(value)),
            Self::Float(value) => AnswerRef::Number(value),
            Self::Word(word) => AnswerRef::Named(word),
        }
    }

    /// What the value says about an indicator: by the column's own list, else by the indicator's kind.
    pub(super) fn says(self, indicator: &'r Indicator, column: &'r Column<'_>) -> AnswerRef<'r> {
        let written = self.written();
        if let Some((_, means)) = column.meanings.iter().find(|(stands, _)| *stands == written) {
            return *means;
        }
        let at = |value: i128| usize::try_from(value).ok();
        match (indicator.kind(), self) {
            (_, Self::Float(value)) if value.is_nan() && column.missing == MissingNumber::Unknown => UNKNOWN,
            (
                IndicatorKind::Boolean | IndicatorKind::Categorical | IndicatorKind::Ordinal,
                Self::Whole(-1),
            ) => UNKNOWN,
            (IndicatorKind::Boolean, Self::Whole(value @ 0..=1)) => AnswerRef::Boolean(value == 1),
            (IndicatorKind::Categorical | IndicatorKind::Ordinal, Self::Whole(value)) => {
                let answer = at(value).and_then(|at| indicator.answers().get(at));
                answer.map_or(written, |answer| AnswerRef::Named(answer.key()))
            }
            (_, Self::Boolean(_) | Self::Whole(_) | Self::Float(_) | Self::Word(_)) => written,
        }
    }
}

impl Column<'_> {
    /// What a row says about an indicator.
    pub(super) fn told<'r>(&'r self, indicator: &'r Indicator, row: usize) -> AnswerRef<'r> {
        if self.not_assessable.is_some_and(|bits| bits.get(row)) {
            return NOT_ASSESSABLE;
        }
        if self.validity.is_some_and(|bits| !bits.get(row)) {
            return UNKNOWN;
        }
        self.value(indicator, row)
    }

    /// What the value of a row says, whatever is said beside it.
    pub(super) fn value<'r>(&'r self, indicator: &'r Indicator, row: usize) -> AnswerRef<'r> {
        let raw = match &self.values {
            Values::Null(_) => return UNKNOWN,
            Values::Bits(bits) => Raw::Boolean(bits.get(row)),
            Values::Bools(values) => Raw::Boolean(values.get(row).copied().unwrap_or(false)),
            Values::F32(values) => Raw::Float(values.get(row).copied().map_or(f64::NAN, f64::from)),
            Values::F64(values) => Raw::Float(values.get(row).copied().unwrap_or(f64::NAN)),
            Values::Text(text) => match text.get(row).map(str::from_utf8) {
                Some(Ok(word)) => Raw::Word(word),
                Some(Err(_)) | None => return UNREADABLE,
            },
            Values::Dictionary { keys, words } => {
                let key = keys.whole(row).and_then(|key| usize::try_from(key).ok());
                return match key.filter(|key| *key < words.rows()) {
                    Some(key) => words.told(indicator, key),
                    None => UNREADABLE,
                };
            }
            whole @ (Values::I8(_)
            | Values::I16(_)
            | Values::I32(_)
            | Values::I64(_)
            | Values::U8(_)
            | Values::U16(_)
            | Values::U32(_)
            | Values::U64(_)) => Raw::Whole(whole.whole(row).unwrap_or(i128::MAX)),
        };
        raw.says(indicator, self)
    }

    /// Why a column cannot be one of an indicator: what is found instead. A column with a list of meanings may hold anything.
    pub(super) fn misfit(&self, kind: IndicatorKind) -> Option<&'static str> {
        let fits = match (&self.values, kind) {
            (Values::Null(_), _) => true,
            (Values::Dictionary { keys, words }, _) => {
                if keys.whole(0).is_none() && keys.rows() > 0 || matches!(**keys, Values::Dictionary { .. }) {
                    return Some("a dictionary whose keys are no whole numbers");
                }
                return if matches!(words.values, Values::Dictionary { .. }) {
                    Some("a dictionary of dictionaries")
                } else {
                    words.misfit(kind)
                };
            }
            _ if !self.meanings.is_empty() => true,
            (Values::Bits(_) | Values::Bools(_), _) => kind == IndicatorKind::Boolean,
            (Values::F32(_) | Values::F64(_), _) => kind == IndicatorKind::Numeric,
            (Values::Text(_), _) => matches!(kind, IndicatorKind::Categorical | IndicatorKind::Ordinal),
            _ => true,
        };
        (!fits).then(|| self.values.sort())
    }
}

/// A whole number as a float, rounded where it has more than 53 bits.
#[expect(clippy::as_conversions, clippy::cast_precision_loss, reason = "no From<i128> for f64 exists")]
fn number(whole: i128) -> f64 {
    whole as f64
}
