//! The results of a batch of rows while they are written: one stretch of memory, a part for each column.

use std::marker::PhantomData;

use aetia::cohort::{Columns, Floats, FloatsRoom, Output, Room};
use arrow_buffer::{ArrowNativeType, Buffer, ScalarBuffer};
use bytemuck::Pod;

use crate::memory::Memory;
use crate::reasons::Reasons;

/// Where columns begin: at a multiple of so many bytes, as Arrow recommends.
const ALIGNED: usize = 64;

/// The results of so many rows.
#[derive(Debug)]
pub(crate) struct Results {
    memory: Memory,
    pub(crate) places: Places,
    /// How many rows have no result.
    pub(crate) null_count: usize,
    /// Why they have none.
    pub(crate) reasons: Reasons,
}

/// Where each column is, in the order in which they stand: as [`Columns`].
#[derive(Debug)]
pub(crate) struct Places {
    pub(crate) rows: usize,
    pub(crate) validity: Place<u8>,
    pub(crate) score: Vec<Place<i64>>,
    pub(crate) score_ungated: Vec<Place<i64>>,
    pub(crate) posterior: FloatPlaces,
    pub(crate) posterior_ungated: FloatPlaces,
    pub(crate) first: Place<u32>,
    pub(crate) first_ungated: Place<u32>,
    pub(crate) order: Vec<Place<u32>>,
    pub(crate) margin: Place<i64>,
    pub(crate) gates: Vec<Place<u8>>,
    pub(crate) flags: Vec<Place<u8>>,
    pub(crate) contributors: Vec<Place<u32>>,
    pub(crate) weights: Vec<Place<i64>>,
}

/// Where the numbers of a column are.
#[derive(Debug)]
pub(crate) struct Place<T> {
    from: usize,
    count: usize,
    kind: PhantomData<T>,
}

#[derive(Debug)]
pub(crate) enum FloatPlaces {
    Single(Vec<Place<f32>>),
    Double(Vec<Place<f64>>),
}

/// The memory of results, from now on for reading.
#[derive(Debug)]
pub(crate) struct Shared(Buffer);

impl Results {
    /// Memory for so many rows of what was asked for; the results of no rows say how many columns that is.
    pub(crate) fn new(shape: &Columns, outputs: &[Output], rows: usize) -> Self {
        let mut end = 0;
        let if_wanted = |output: Output| if outputs.contains(&output) { rows } else { 0 };
        let places = Places {
            rows,
            validity: place(&mut end, rows.div_ceil(8)),
            score: places(&mut end, shape.score.len(), rows),
            score_ungated: places(&mut end, shape.score_ungated.len(), rows),
            posterior: float_places(&mut end, &shape.posterior, rows),
            posterior_ungated: float_places(&mut end, &shape.posterior_ungated, rows),
            first: place(&mut end, if_wanted(Output::First)),
            first_ungated: place(&mut end, if_wanted(Output::FirstUngated)),
            order: places(&mut end, shape.order.len(), rows),
            margin: place(&mut end, if_wanted(Output::Margin)),
            gates: places(&mut end, shape.gates.len(), rows),
            flags: places(&mut end, shape.flags.len(), rows),
            contributors: places(&mut end, shape.contributors.len(), rows),
            weights: places(&mut end, shape.weights.len(), rows),
        };
        Self { memory: Memory::new(end), places, null_count: 0, reasons: Reasons::default() }
    }

    /// The room of all of them.
    pub(crate) fn room(&mut self) -> Room<'_> {
        let all = &self.places;
        let mut rest = Rest { bytes: self.memory.bytes_mut(), from: 0 };
        // In the order in which they stand.
        Room {
            validity: rest.part(&all.validity),
            score: rest.parts(&all.score),
            score_ungated: rest.parts(&all.score_ungated),
            posterior: rest.float_parts(&all.posterior),
            posterior_ungated: rest.float_parts(&all.posterior_ungated),
            first: rest.part(&all.first),
            first_ungated: rest.part(&all.first_ungated),
            order: rest.parts(&all.order),
            margin: rest.part(&all.margin),
            gates: rest.parts(&all.gates),
            flags: rest.parts(&all.flags),
            contributors: rest.parts(&all.contributors),
            weights: rest.parts(&all.weights),
        }
    }

    /// Which rows have no result.
    pub(crate) fn nulls(&mut self) -> Vec<usize> {
        if self.null_count == 0 {
            return Vec::new();
        }
        let rows = 0..self.places.rows;
        let validity = self.room().validity;
        rows.filter(|row| validity.get(row / 8).is_none_or(|byte| byte >> (row % 8) & 1 == 0)).collect()
    }

    pub(crate) fn shared(self) -> (Shared, Places, Reasons) {
        (Shared(self.memory.shared()), self.places, self.reasons)
    }
}

impl Shared {
    /// The numbers of a column.
    pub(crate) fn numbers<T: ArrowNativeType>(&self, place: &Place<T>) -> ScalarBuffer<T> {
        ScalarBuffer::from(self.0.slice_with_length(place.from, place.count * size_of::<T>()))
    }
}

/// A place for so many numbers behind what there is.
fn place<T>(end: &mut usize, count: usize) -> Place<T> {
    let from = end.next_multiple_of(ALIGNED);
    *end = from + count * size_of::<T>();
    Place { from, count, kind: PhantomData }
}

fn places<T>(end: &mut usize, columns: usize, count: usize) -> Vec<Place<T>> {
    (0..columns).map(|_| place(end, count)).collect()
}

fn float_places(end: &mut usize, columns: &[Floats], count: usize) -> FloatPlaces {
    match columns.first() {
        Some(Floats::Single(_)) => FloatPlaces::Single(places(end, columns.len(), count)),
        Some(Floats::Double(_)) | None => FloatPlaces::Double(places(end, columns.len(), count)),
    }
}

/// What was not handed out yet of some memory.
struct Rest<'m> {
    bytes: &'m mut [u8],
    from: usize,
}

impl<'m> Rest<'m> {
    /// A column.
    fn part<T: Pod>(&mut self, place: &Place<T>) -> &'m mut [T] {
        let gap = place.from.checked_sub(self.from);
        let bytes = std::mem::take(&mut self.bytes);
        let bytes = gap.and_then(|gap| bytes.get_mut(gap..)).unwrap_or_default();
        let size = place.count * size_of::<T>();
        let (own, rest) = bytes.split_at_mut_checked(size).unwrap_or_default();
        (self.bytes, self.from) = (rest, place.from + size);
        bytemuck::cast_slice_mut(own)
    }

    fn parts<T: Pod>(&mut self, places: &[Place<T>]) -> Vec<&'m mut [T]> {
        places.iter().map(|place| self.part(place)).collect()
    }

    fn float_parts(&mut self, places: &FloatPlaces) -> FloatsRoom<'m> {
        match places {
            FloatPlaces::Single(places) => FloatsRoom::Single(self.parts(places)),
            FloatPlaces::Double(places) => FloatsRoom::Double(self.parts(places)),
        }
    }
}
