//! Memory for the results of a batch: written once, then shared with whoever takes its columns, without copying.

use std::sync::Mutex;

use arrow_buffer::Buffer;
use bytes::Bytes;
use memmap2::MmapMut;

/// The size of a large page.
const LARGE: usize = 2 << 20;

/// How much memory is kept, when nobody has its columns any more, for the results that come next. It need not be handed out
/// and made zeros again, which takes a tenth of the time of a call.
const KEPT: usize = 40 << 20;

static SPARE: Mutex<Vec<MmapMut>> = Mutex::new(Vec::new());

/// So many bytes, which begin where any number may. What stands in them is to be written over.
#[derive(Debug)]
pub(crate) enum Memory {
    /// From the allocator.
    Small(Vec<u64>),
    /// From the system, in large pages where it has them. A page of 4 KiB costs two or three microseconds when it is first
    /// written, in which a hundred cases are scored.
    Large(Pages),
}

/// Pages that are kept when they are not needed any more.
#[derive(Debug)]
pub(crate) struct Pages(Option<MmapMut>);

impl Memory {
    pub(crate) fn new(size: usize) -> Self {
        large(size).map_or_else(|| Self::Small(vec![0; size.div_ceil(8)]), Self::Large)
    }

    /// The bytes, and some more at their end.
    pub(crate) fn bytes_mut(&mut self) -> &mut [u8] {
        match self {
            Self::Small(words) => bytemuck::cast_slice_mut(words),
            Self::Large(pages) => pages.0.as_deref_mut().unwrap_or_default(),
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

impl AsRef<[u8]> for Pages {
    fn as_ref(&self) -> &[u8] {
        self.0.as_deref().unwrap_or_default()
    }
}

impl Drop for Pages {
    fn drop(&mut self) {
        let Some(pages) = self.0.take().filter(|pages| pages.len() <= KEPT) else { return };
        spare(|spare| {
            spare.push(pages);
            // The oldest go first.
            while spare.iter().map(|pages| pages.len()).sum::<usize>() > KEPT {
                spare.remove(0);
            }
        });
    }
}

/// Memory from the system, if there is enough to fill a large page.
fn large(size: usize) -> Option<Pages> {
    if size < LARGE {
        return None;
    }
    // What is much too large is for others.
    let fits = |pages: &MmapMut| (size..=size.saturating_mul(2)).contains(&pages.len());
    let kept = spare(|spare| spare.iter().position(fits).map(|at| spare.remove(at)));
    if let Some(pages) = kept.flatten() {
        return Some(Pages(Some(pages)));
    }
    // A length of whole pages is what makes the system begin at the start of one.
    let pages = MmapMut::map_anon(size.checked_next_multiple_of(LARGE)?).ok()?;
    // The last one is worth it where half of it is used. A system that has no large pages gives small ones.
    #[cfg(target_os = "linux")]
    let _is_advised =
        pages.advise_range(memmap2::Advice::HugePage, 0, (size + LARGE / 2) / LARGE * LARGE).is_ok();
    Some(Pages(Some(pages)))
}

/// Looks at what is kept. A child whose parent was here while it forked finds it locked for ever: it goes without.
fn spare<T>(look: impl FnOnce(&mut Vec<MmapMut>) -> T) -> Option<T> {
    SPARE.try_lock().ok().map(|mut spare| look(&mut spare))
}

#[cfg(test)]
mod tests {
    use super::{KEPT, LARGE, Memory, spare};

    /// What is written is what is shared, small or large, to the last byte, where it was; and no memory is another's before
    /// it is let go.
    #[test]
    fn what_is_written_is_shared() {
        let sizes = [0, 1, 7, 1000, LARGE - 1, LARGE, LARGE + 3, 2 * LARGE + LARGE / 2 + 1, KEPT, KEPT + 1];
        for _ in 0..2 {
            let mut all = Vec::new();
            for (size, mark) in sizes.iter().flat_map(|size| [*size; 2]).zip(1_u8..) {
                let mut memory = Memory::new(size);
                let bytes = memory.bytes_mut();
                assert!(bytes.len() >= size, "{size}");
                bytes.fill(mark);
                let start = bytes.as_ptr();
                let shared = memory.shared();
                assert!(shared.len() >= size && (size == 0 || shared.as_ptr() == start), "{size}: copied");
                assert_eq!(shared.as_ptr().align_offset(8), 0, "{size}");
                all.push((mark, shared));
            }
            for (mark, shared) in all {
                assert!(shared.as_slice() == vec![mark; shared.len()], "{mark}");
            }
            // Some of it is kept, and no more than that.
            let kept = spare(|spare| spare.iter().map(|pages| pages.len()).sum::<usize>()).unwrap();
            assert!((LARGE..=KEPT).contains(&kept), "{kept}");
        }
    }
}
