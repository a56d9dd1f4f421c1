//! Columns of texts, in the layouts of Arrow and as Rust's own strings.

/// How many bytes a view has, and how many of a text fit in it.
const VIEW: usize = 16;
const INSIDE: usize = 12;

/// A column of texts. Nothing is copied; texts that are no UTF-8 are the words of no answer.
#[derive(Clone, Copy, Debug)]
pub enum Text<'a> {
    /// Rust's own strings.
    Slices(&'a [&'a str]),
    /// Arrow's `utf8`: row `i` is `bytes[offsets[i]..offsets[i + 1]]`.
    Small {
        /// One more than there are rows.
        offsets: &'a [i32],
        /// The texts, one after another.
        bytes: &'a [u8],
    },
    /// Arrow's `large_utf8`: the same with wide offsets.
    Large {
        /// One more than there are rows.
        offsets: &'a [i64],
        /// The texts, one after another.
        bytes: &'a [u8],
    },
    /// Arrow's `utf8_view`: four bytes of length; then the text itself where it has at most twelve bytes, else four bytes
    /// of its beginning, the number of its buffer and where it begins there.
    View {
        /// Sixteen bytes for each row.
        views: &'a [u8],
        /// What long views point into.
        buffers: &'a [&'a [u8]],
    },
}

impl<'a> Text<'a> {
    /// How many rows there are.
    pub(super) fn rows(self) -> usize {
        match self {
            Self::Slices(slices) => slices.len(),
            Self::Small { offsets, .. } => offsets.len().saturating_sub(1),
            Self::Large { offsets, .. } => offsets.len().saturating_sub(1),
            Self::View { views, .. } => views.len() / VIEW,
        }
    }

    /// The bytes of a row; none where offsets lead nowhere.
    #[inline(always)]
    pub(super) fn get(self, row: usize) -> Option<&'a [u8]> {
        match self {
            Self::Slices(slices) => slices.get(row).map(|text| text.as_bytes()),
            Self::Small { offsets, bytes } => {
                let (start, end) = (*offsets.get(row)?, *offsets.get(row + 1)?);
                bytes.get(usize::try_from(start).ok()?..usize::try_from(end).ok()?)
            }
            Self::Large { offsets, bytes } => {
                let (start, end) = (*offsets.get(row)?, *offsets.get(row + 1)?);
                bytes.get(usize::try_from(start).ok()?..usize::try_from(end).ok()?)
            }
            Self::View { views, buffers } => view(views.get(VIEW * row..VIEW * (row + 1))?, buffers),
        }
    }
}

/// The bytes of a view.
fn view<'a>(view: &'a [u8], buffers: &[&'a [u8]]) -> Option<&'a [u8]> {
    let number = |at: usize| {
        let four = view.get(at..at + 4)?.first_chunk::<4>()?;
        usize::try_from(u32::from_ne_bytes(*four)).ok()
    };
    let length = number(0)?;
    if length <= INSIDE {
        return view.get(4..4 + length);
    }
    let (buffer, start) = (number(8)?, number(12)?);
    buffers.get(buffer)?.get(start..start.checked_add(length)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_layout_gives_the_same_texts() {
        let words = ["", "yes", "twelve bytes", "thirteen bytes"];
        let bytes: Vec<u8> = words.concat().into_bytes();
        let (small, large) = ([0, 0, 3, 15, 29], [0, 0, 3, 15, 29]);
        let mut views = Vec::new();
        for word in words {
            let length = u32::try_from(word.len()).expect("short");
            views.extend(length.to_ne_bytes());
            let mut rest = [0_u8; INSIDE];
            if word.len() <= INSIDE {
                rest[..word.len()].copy_from_slice(word.as_bytes());
            } else {
                rest[..4].copy_from_slice(&word.as_bytes()[..4]);
                rest[4..8].copy_from_slice(&1_u32.to_ne_bytes());
                rest[8..].copy_from_slice(&2_u32.to_ne_bytes());
            }
            views.extend(rest);
        }
        let buffers: [&[u8]; 2] = [b"", b"..thirteen bytes."];
        let layouts = [
            Text::Slices(&words),
            Text::Small { offsets: &small, bytes: &bytes },
            Text::Large { offsets: &large, bytes: &bytes },
            Text::View { views: &views, buffers: &buffers },
        ];
        for layout in layouts {
            assert_eq!(layout.rows(), words.len());
            for (row, word) in words.iter().enumerate() {
                assert_eq!(layout.get(row), Some(word.as_bytes()), "{layout:?}");
            }
            assert_eq!(layout.get(words.len()), None);
        }
    }

    #[test]
    fn offsets_that_lead_nowhere_give_nothing() {
        let broken = [
            Text::Small { offsets: &[0, -1], bytes: b"a" },
            Text::Small { offsets: &[1, 0], bytes: b"a" },
            Text::Large { offsets: &[0, 2], bytes: b"a" },
            Text::Large { offsets: &[i64::MIN, i64::MAX], bytes: b"a" },
            Text::View { views: &[255; 16], buffers: &[] },
        ];
        assert!(broken.into_iter().all(|text| text.rows() == 1 && text.get(0).is_none()));
        assert_eq!(Text::Small { offsets: &[], bytes: b"" }.rows(), 0);
    }
}
