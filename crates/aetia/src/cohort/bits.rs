//! Bits as Arrow packs them: the lowest bit of a byte first, from any bit on.

/// So many bits of some bytes, from a bit on. Row `i` is bit `(first + i) % 8` of byte `(first + i) / 8`.
///
/// ```
/// use aetia::cohort::Bits;
/// let bits = Bits::new(&[0b0000_0110], 1, 3).ok_or("too few bytes")?;
/// assert_eq!((bits.get(0), bits.get(1), bits.get(2)), (true, true, false));
/// assert!(Bits::new(&[0], 1, 8).is_none());
/// # Ok::<(), &str>(())
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Bits<'a> {
    bytes: &'a [u8],
    first: usize,
    rows: usize,
}

impl<'a> Bits<'a> {
    /// So many bits from a first one on; none where the bytes do not hold them.
    pub fn new(bytes: &'a [u8], first: usize, rows: usize) -> Option<Self> {
        let bytes_needed = first.checked_add(rows)?.div_ceil(8);
        (bytes_needed <= bytes.len()).then_some(Self { bytes, first, rows })
    }

    /// How many bits there are.
    pub fn rows(self) -> usize {
        self.rows
    }

    /// The bit of a row; false beyond the last.
    pub fn get(self, row: usize) -> bool {
        let at = self.first + row;
        row < self.rows && self.bytes.get(at / 8).is_some_and(|byte| byte >> (at % 8) & 1 == 1)
    }

    /// Eight bits from a row on, the first one lowest; zeros beyond the last byte.
    fn eight(self, row: usize) -> u8 {
        let at = self.first + row;
        let byte = |position: usize| u16::from(self.bytes.get(position).copied().unwrap_or(0));
        let both = byte(at / 8) | byte(at / 8 + 1) << 8;
        let [low, _] = (both >> (at % 8)).to_le_bytes();
        low
    }

    /// Writes a byte of 0 or 1 for each row from `from` on.
    #[inline(always)]
    pub(super) fn spread(self, from: usize, into: &mut [u8]) {
        let (eights, rest) = into.as_chunks_mut::<8>();
        let mut row = from;
        for eight in eights {
            *eight = spread_byte(self.eight(row));
            row += 8;
        }
        for (byte, row) in rest.iter_mut().zip(row..) {
            *byte = u8::from(self.get(row));
        }
    }
}

/// The bits of a byte as bytes of 0 or 1.
#[inline(always)]
fn spread_byte(byte: u8) -> [u8; 8] {
    // The byte in every byte of a word, one bit of it kept in each, and that bit made 1.
    const EVERY: u64 = 0x0101_0101_0101_0101;
    let kept = (u64::from(byte) * EVERY) & 0x8040_2010_0804_0201;
    let ones = ((kept + 0x7f7f_7f7f_7f7f_7f7f) >> 7) & EVERY;
    // A kept bit of 0x80 carries nothing into its own top bit when 0x7f is added: 0x80 + 0x7f = 0xff.
    ones.to_le_bytes()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_byte_is_spread_bit_by_bit() {
        for byte in 0..=u8::MAX {
            let expected: [u8; 8] = std::array::from_fn(|at| byte >> at & 1);
            assert_eq!(spread_byte(byte), expected, "{byte:#b}");
        }
    }

    #[test]
    fn rows_are_bits_from_any_first_one() {
        let bytes = [0b1011_0010, 0b0110_1101, 0b1110_0001];
        for first in 0..9 {
            let rows = 24 - first;
            let bits = Bits::new(&bytes, first, rows).expect("enough bytes");
            let one_by_one: Vec<u8> = (0..rows).map(|row| u8::from(bits.get(row))).collect();
            for from in 0..rows {
                let mut spread = vec![9; rows - from];
                bits.spread(from, &mut spread);
                assert_eq!(spread, one_by_one[from..], "first {first}, from {from}");
            }
        }
        assert!(Bits::new(&bytes, 0, 24).is_some_and(|bits| !bits.get(24)));
        assert!(Bits::new(&bytes, usize::MAX, 1).is_none());
    }
}
