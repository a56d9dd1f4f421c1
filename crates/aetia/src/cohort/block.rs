//! The room in which a block of rows is worked on: made once, used for block after block.

/// How many rows are worked on at once: a multiple of 64, and few enough for what is between two steps to stay near.
pub(super) const ROWS: usize = 256;
/// How many rows one step of arithmetic takes.
pub(super) const LANES: usize = 8;

/// A byte for each row of a block: answer codes, truths, marks.
pub(super) type Codes = [u8; ROWS];
/// A score of each row.
pub(super) type Scores = [i64; ROWS];

/// What is known on the way about the rows of a block.
#[derive(Debug)]
pub(super) struct Block {
    /// Answer codes, indicator by indicator.
    pub(super) codes: Vec<Codes>,
    /// Rows that cannot be assessed are not 0.
    pub(super) bad: Codes,
    /// The state of each pack.
    pub(super) states: Vec<[u32; ROWS]>,
    /// Scores without gates, cause by cause; some more, so that causes come in eights.
    pub(super) raw: Vec<Scores>,
    /// Scores with gates.
    pub(super) gated: Vec<Scores>,
    /// For each cause, the rows in which a gate takes it out, not 0.
    pub(super) excluded: Vec<Codes>,
    /// For each cause, the rows in which a gate holds it, not 0.
    pub(super) closed: Vec<Codes>,
    /// The odds of each cause in the rows of one step.
    pub(super) odds: Vec<[f64; LANES]>,
}

impl Block {
    pub(super) fn new(indicators: usize, packs: usize, causes: usize, gates: bool) -> Self {
        let eights = causes.next_multiple_of(8);
        let gated = if gates { causes } else { 0 };
        Self {
            codes: vec![[0; ROWS]; indicators],
            bad: [0; ROWS],
            states: vec![[0; ROWS]; packs],
            raw: vec![[0; ROWS]; eights],
            gated: vec![[0; ROWS]; gated],
            excluded: vec![[0; ROWS]; gated],
            closed: vec![[0; ROWS]; gated],
            odds: vec![[0.0; LANES]; causes],
        }
    }
}

/// The lanes of a step.
#[inline(always)]
pub(super) fn lanes<T: Copy + Default>(rows: &[T], at: usize) -> [T; LANES] {
    rows.get(at..).and_then(|rows| rows.first_chunk()).copied().unwrap_or_else(|| [T::default(); LANES])
}
