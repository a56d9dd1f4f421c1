//! Memory for the results of a batch: written once, then shared with whoever takes its columns, without copying.

use arrow_buffer::Buffer;
use bytes::Bytes;
use memmap2::MmapMut;

/// The size of a large page.
const LARGE: usize = 2 << 20;

/// So many bytes, zeros until they are written. They begin where any number may.
#[derive(Debug)]
pub(crate) enum Memory {
    /// From the allocator.
    Small(Vec<u64>),
    /// From the system, in large pages where it has them. A page of 4 KiB costs two or three microseconds when it is first
    /// written, in which a hundred cases are scored.
    Large(MmapMut),
}

impl Memory {
    pub(crate) fn new(size: usize) -> Self {
        large(size).map_or_else(|| Self::Small(vec![0; size.div_ceil(8)]), Self::Large)
    }

    /// The bytes, and some more at their end.
    pub(crate) fn bytes_mut(&mut self) -> &mut [u8] {
        match self {
            Self::Small(words) => bytemuck::cast_slice_mut(words),
            Self::Large(pages) => pages.as_mut(),
        }
    }

    /// The bytes, from now on for reading.
    pub(crate) fn shared(self) -> Buffer {
        match self {
            Self::Small(words) => Buffer::from_vec(words),
            Self::Large(pages) => Buffer::from(Bytes::from_owner(pages)),
        }
    }
}

/// Memory from the system, if there is enough to fill a large page.
fn large(size: usize) -> Option<MmapMut> {
    if size < LARGE {
        return None;
    }
    // A length of whole pages is what makes the system begin at the start of one.
    let pages = MmapMut::map_anon(size.checked_next_multiple_of(LARGE)?).ok()?;
    // The last one is worth it where half of it is used. A system that has no large pages gives small ones.
    #[cfg(target_os = "linux")]
    let _is_advised =
        pages.advise_range(memmap2::Advice::HugePage, 0, (size + LARGE / 2) / LARGE * LARGE).is_ok();
    Some(pages)
}

#[cfg(test)]
mod tests {
    use super::{LARGE, Memory};

    /// What is written is what is shared, small or large, to the last byte, where it was.
    #[test]
    fn what_is_written_is_shared() {
        for size in [0, 1, 7, 1000, LARGE - 1, LARGE, LARGE + 3, 2 * LARGE + LARGE / 2 + 1] {
            let mut memory = Memory::new(size);
            let bytes = memory.bytes_mut();
            assert!(bytes.len() >= size && bytes.iter().all(|byte| *byte == 0), "{size}");
            bytes.iter_mut().zip((0..251).cycle()).for_each(|(slot, number)| *slot = number);
            let start = bytes.as_ptr();
            let shared = memory.shared();
            assert!(shared.iter().zip((0..251).cycle()).all(|(found, number)| *found == number), "{size}");
            assert!(shared.len() >= size && (size == 0 || shared.as_ptr() == start), "{size}: copied");
            assert_eq!(shared.as_ptr().align_offset(8), 0, "{size}");
        }
    }
}
