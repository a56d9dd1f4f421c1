//! Why rows have no result: a column of texts, most of which are not there.

use arrow_array::builder::StringBuilder;
use arrow_array::{Array, StringArray};

/// How many bytes a column of texts may have.
const MOST: usize = 0x7fff_ffff;

/// The reasons of the rows of a batch, in order. Several columns, one behind the other, where they grow too long for one.
#[derive(Debug)]
pub(crate) struct Reasons {
    full: Vec<StringArray>,
    last: StringBuilder,
    most: usize,
}

impl Default for Reasons {
    fn default() -> Self {
        Self { full: Vec::new(), last: StringBuilder::with_capacity(0, 0), most: MOST }
    }
}

impl Reasons {
    /// Notes the reason of a row behind those noted before.
    pub(crate) fn push(&mut self, row: usize, reason: &str) {
        let bytes = self.last.values_slice().len();
        self.fill(row);
        if bytes > 0 && bytes + reason.len() > self.most {
            self.full.push(self.last.finish());
        }
        self.last.append_value(reason);
    }

    /// The columns, of so many rows together.
    pub(crate) fn finish(mut self, rows: usize) -> Vec<StringArray> {
        if self.full.is_empty() && self.last.values_slice().is_empty() {
            // Zeros that nobody writes, so that they take no memory until they are read.
            return vec![StringArray::new_null(rows)];
        }
        self.fill(rows);
        self.full.push(self.last.finish());
        self.full
    }

    /// Says that the rows up to this one have no reason.
    fn fill(&mut self, row: usize) {
        let full: usize = self.full.iter().map(Array::len).sum();
        let there = full + arrow_array::builder::ArrayBuilder::len(&self.last);
        self.last.append_nulls(row.saturating_sub(there));
    }
}

#[cfg(test)]
mod tests {
    use arrow_array::Array;

    use super::Reasons;

    /// Every reason is at its row, and no column has too many bytes unless one reason has.
    #[test]
    fn reasons_are_cut_where_they_grow_too_long() {
        let given =
            [(0, 3), (2, 3), (3, 9), (7, 2), (8, 4), (9, 1)].map(|(row, long)| (row, "x".repeat(long)));
        for (most, expected) in [(100, [12].as_slice()), (6, &[3, 4, 2, 3])] {
            let mut reasons = Reasons { most, ..Reasons::default() };
            for (row, reason) in &given {
                reasons.push(*row, reason);
            }
            let found = reasons.finish(12);
            assert!(found.iter().map(Array::len).eq(expected.iter().copied()), "{found:?}");
            for (row, reason) in found.iter().flatten().enumerate() {
                let expected = given.iter().find(|(at, _)| *at == row);
                assert_eq!(reason, expected.map(|(_, reason)| reason.as_str()));
            }
        }
        assert!(Reasons::default().finish(5).iter().flatten().eq([None; 5]));
    }
}
