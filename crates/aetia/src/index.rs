//! Dense indices, one type per collection, so that a cause index can never index indicators.

use std::marker::PhantomData;
use std::ops::{Index, IndexMut};

/// A position that only the collection it belongs to hands out.
pub(crate) trait Dense: Copy {
    /// The index at a position.
    fn at(position: usize) -> Self;
    /// The position of the index.
    fn position(self) -> usize;
}

macro_rules! dense {
    ($($name:ident),+) => {$(
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub(crate) struct $name(usize);

        impl Dense for $name {
            fn at(position: usize) -> Self {
                Self(position)
            }

            fn position(self) -> usize {
                self.0
            }
        }
    )+};
}

dense!(CauseIx, IndicatorIx, SettingIx, GroupIx, RowIx);

/// A vector indexed by one kind of index.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Indexed<I, T> {
    items: Box<[T]>,
    index: PhantomData<I>,
}

impl<I: Dense, T> Indexed<I, T> {
    /// The items with their indices.
    pub(crate) fn enumerate(&self) -> impl Iterator<Item = (I, &T)> {
        self.items.iter().enumerate().map(|(position, item)| (I::at(position), item))
    }

    /// Every index, in order.
    pub(crate) fn indices(&self) -> impl Iterator<Item = I> + use<I, T> {
        (0..self.items.len()).map(I::at)
    }

    /// The items in order.
    pub(crate) fn iter(&self) -> std::slice::Iter<'_, T> {
        self.items.iter()
    }

    /// The items in order, to be changed.
    pub(crate) fn iter_mut(&mut self) -> std::slice::IterMut<'_, T> {
        self.items.iter_mut()
    }

    /// How many there are.
    pub(crate) fn len(&self) -> usize {
        self.items.len()
    }

    /// The index of the first item for which a sorted key compares equal.
    pub(crate) fn find_by<K: Ord + ?Sized>(&self, key: &K, of: impl Fn(&T) -> &K) -> Option<I> {
        self.items.binary_search_by(|item| of(item).cmp(key)).ok().map(I::at)
    }
}

impl<I, T> FromIterator<T> for Indexed<I, T> {
    fn from_iter<S: IntoIterator<Item = T>>(items: S) -> Self {
        Self { items: items.into_iter().collect(), index: PhantomData }
    }
}

impl<I: Dense, T> Index<I> for Indexed<I, T> {
    type Output = T;

    #[expect(
        clippy::indexing_slicing,
        reason = "INVARIANT: an index is only made from a position of its own collection"
    )]
    fn index(&self, index: I) -> &T {
        &self.items[index.position()]
    }
}

impl<I: Dense, T> IndexMut<I> for Indexed<I, T> {
    #[expect(
        clippy::indexing_slicing,
        reason = "INVARIANT: an index is only made from a position of its own collection"
    )]
    fn index_mut(&mut self, index: I) -> &mut T {
        &mut self.items[index.position()]
    }
}
