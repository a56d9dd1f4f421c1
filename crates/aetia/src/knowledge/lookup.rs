//! Indicators by name, found in one step.

use super::Indicator;
use crate::index::{Dense, Indexed, IndicatorIx};

/// How many slots are tried before the name is searched for among all.
const TRIES: usize = 4;
/// An odd number near 2^64 divided by the golden ratio: spreads the bits of a product (Knuth, vol. 3, 6.4).
const SPREAD: u64 = 0x9e37_79b9_7f4a_7c15;

/// A shortcut to the indicators: a table with at least two slots for each, never read in its own order. What finds no
/// slot within a few tries is left to the search, so that no choice of names makes it slow.
#[derive(Debug)]
pub(crate) struct Lookup {
    /// One more than a position; 0 where the slot is free.
    slots: Box<[u32]>,
    /// How far a hash is shifted to give a slot.
    shift: u32,
}

impl Lookup {
    /// A table of these indicators.
    pub(super) fn of(indicators: &Indexed<IndicatorIx, Indicator>) -> Self {
        let bits = (2 * indicators.len()).next_power_of_two().trailing_zeros().max(1);
        let mut lookup = Self { slots: std::iter::repeat_n(0, 1 << bits).collect(), shift: 64 - bits };
        for (position, indicator) in (1..).zip(indicators.iter()) {
            let mut tries = lookup.tries(indicator.id.as_str());
            let free = tries.find(|at| lookup.slots.get(*at) == Some(&0));
            if let Some(slot) = free.and_then(|at| lookup.slots.get_mut(at)) {
                *slot = position;
            }
        }
        lookup
    }

    /// The indicator of a name.
    #[inline]
    pub(super) fn find(
        &self,
        indicators: &Indexed<IndicatorIx, Indicator>,
        name: &str,
    ) -> Option<IndicatorIx> {
        for at in self.tries(name) {
            let taken = self.slots.get(at).and_then(|slot| usize::try_from(*slot).ok()?.checked_sub(1));
            let Some(ix) = taken.map(IndicatorIx::at) else { break };
            if indicators[ix].id.as_str() == name {
                return Some(ix);
            }
        }
        indicators.find_by(name, |indicator| indicator.id.as_str())
    }

    /// The slots of a name, in the order in which they are tried.
    #[inline]
    fn tries(&self, name: &str) -> impl Iterator<Item = usize> + use<> {
        let (first, last) = (usize::try_from(hash(name) >> self.shift).unwrap_or(0), self.slots.len() - 1);
        (first..first + TRIES).map(move |at| at & last)
    }
}

/// Mixes a name, eight bytes at a time; the last eight may overlap the others.
#[inline]
fn hash(name: &str) -> u64 {
    let mix = |hash: u64, word: u64| (hash.rotate_left(5) ^ word).wrapping_mul(SPREAD);
    let bytes = name.as_bytes();
    let Some(last) = bytes.last_chunk::<8>() else {
        return bytes.iter().fold(0, |hash, byte| mix(hash, u64::from(*byte)));
    };
    let (words, _) = bytes.as_chunks::<8>();
    let whole = words.iter().fold(0, |hash, word| mix(hash, u64::from_le_bytes(*word)));
    mix(whole, u64::from_le_bytes(*last))
}

#[cfg(test)]
mod tests {
    use crate::document::Document;
    use crate::index::Dense;

    /// Names with one hash fill the tries and leave the rest to the search; none is lost.
    #[test]
    fn finds_every_name_and_no_other() {
        let mut document = Document::from_toml(include_str!("../../docs/tiny.toml")).expect("a document");
        let sample = document.indicators.values().next().expect("an indicator").clone();
        for number in 0..500 {
            document.indicators.insert(format!("more_{number}"), sample.clone());
        }
        let kb = document.validate().expect("a knowledge base");
        for (ix, indicator) in kb.inner.indicators.enumerate() {
            assert_eq!(kb.inner.indicator(indicator.id.as_str()), Some(ix));
        }
        for other in ["", "a", "more_", "more_500", "more_1 ", "a_rather_long_name_of_no_indicator"] {
            assert_eq!(kb.inner.indicator(other).map(Dense::position), None, "{other}");
        }
        let mut crowded = super::Lookup::of(&kb.inner.indicators);
        crowded.slots.iter_mut().for_each(|slot| *slot = 1);
        for (ix, indicator) in kb.inner.indicators.enumerate() {
            assert_eq!(crowded.find(&kb.inner.indicators, indicator.id.as_str()), Some(ix));
        }
    }
}
