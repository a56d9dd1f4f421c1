//! The room in which a block of rows is worked on: made once, used for block after block.

use crate::model::SUMS;

/// How many rows are worked on at once: a multiple of 64, and few enough for what is between two steps to stay near.
pub(super) const ROWS: usize = 512;
/// How many rows one step of arithmetic takes.
pub(super) const LANES: usize = 8;

/// A byte for each row of a block: answer codes, truths, marks.
pub(super) type Codes = [u8; ROWS];
/// A score of each row.
pub(super) type Scores = [i64; ROWS];

/// Odds of each row.
pub(super) type Odds = [f64; ROWS];

/// What is known on the way about the rows of a block.
#[derive(Debug)]
pub(super) struct Block {
    /// Answer codes, indicator by indicator.
    pub(super) codes: Vec<Codes>,
    /// Rows that cannot be assessed are not 0.
    pub(super) bad: Codes,
    /// The state of each pack whose states are bytes.
    pub(super) bytes: Vec<Codes>,
    /// The state of each other pack.
    pub(super) states: Vec<[u32; ROWS]>,
    /// Scores without gates of eight causes, row by row.
    pub(super) rows: Vec<[i64; 8]>,
    /// Scores without gates, cause by cause.
    pub(super) raw: Vec<Scores>,
    /// Scores with gates.
    pub(super) gated: Vec<Scores>,
    /// For each cause, the rows in which a gate takes it out, not 0, and whether there is any.
    pub(super) excluded: Vec<(bool, Codes)>,
    /// For each cause, the rows in which a gate holds it, not 0.
    pub(super) closed: Vec<Codes>,
    /// The parts of conditions.
    pub(super) stack: Vec<Codes>,
    /// The odds of each cause, against the likeliest one.
    pub(super) odds: Vec<Odds>,
    /// The sums of odds where there are more causes than sums.
    pub(super) sums: Vec<Odds>,
}

impl Block {
    pub(super) fn new(indicators: usize, packs: usize, causes: usize, gates: bool) -> Self {
        let held = if gates { causes } else { 0 };
        Self {
            codes: vec![[0; ROWS]; indicators],
            bad: [0; ROWS],
            bytes: vec![[0; ROWS]; packs],
            states: vec![[0; ROWS]; packs],
            rows: vec![[0; 8]; ROWS],
            raw: vec![[0; ROWS]; causes],
            gated: vec![[0; ROWS]; held],
            excluded: vec![(false, [0; ROWS]); held],
            closed: vec![[0; ROWS]; held],
            stack: Vec::new(),
            odds: vec![[0.0; ROWS]; causes],
            sums: vec![[0.0; ROWS]; if causes > SUMS { SUMS } else { 0 }],
        }
    }
}

/// The lanes of a step.
#[inline(always)]
pub(super) fn lanes<T: Copy + Default>(rows: &[T], at: usize) -> [T; LANES] {
    rows.get(at..).and_then(|rows| rows.first_chunk()).copied().unwrap_or_else(|| [T::default(); LANES])
}
