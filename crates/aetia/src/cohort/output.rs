//! What a caller may ask of a cohort, and the columns it comes in.

/// A column, or one for each cause, gate or flag, that a caller wants.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Output {
    /// For each named cause its score: log-odds against the comparator in nanodecibans, gates included.
    Score,
    /// The same without gates: prior and evidence.
    ScoreUngated,
    /// For each named cause, and last for the comparator, the probability after findings and gates; 0 of an excluded cause.
    Posterior(Precision),
    /// The same, had no gate been there.
    PosteriorUngated(Precision),
    /// The cause of rank 1, by its position in [`KnowledgeBase::causes`](crate::KnowledgeBase::causes).
    First,
    /// The cause that would be first had no gate been there.
    FirstUngated,
    /// So many causes of the highest ranks, a column a rank. All where it is more than there are.
    Order(usize),
    /// By how much the first cause stands above the second, in nanodecibans.
    Margin,
    /// For each gate whether it acts on its cause, 1 or 0: a `requires` gate that acts holds its cause.
    Gates,
    /// For each flag what is known about it: 2 raised, 1 not assessed, 0 cleared.
    Flags,
    /// So many of the largest contributions of findings to the score of the first cause, two columns a rank: what
    /// contributes, by its position in [`Scorer::contributors`](super::Scorer::contributors), and its weight in nanodecibans. The
    /// largest is the one of the largest absolute weight; contributions of weight 0 are left out.
    Contributions(usize),
}

/// The width of a float.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Precision {
    /// 32 bits: rounded last, from the very float of 64 bits.
    Single,
    /// 64 bits: equal to those of one case, bit by bit.
    Double,
}

/// A column of floats.
#[derive(Clone, Debug, PartialEq)]
pub enum Floats {
    /// Of 32 bits.
    Single(Vec<f32>),
    /// Of 64 bits.
    Double(Vec<f64>),
}

impl Floats {
    /// The value of a row, widened where it is narrow.
    pub fn get(&self, row: usize) -> Option<f64> {
        match self {
            Self::Single(values) => values.get(row).copied().map(f64::from),
            Self::Double(values) => values.get(row).copied(),
        }
    }
}

/// What stands where there is no cause, rank or contribution.
pub const NONE: u32 = u32::MAX;
/// What stands where there is no score or margin.
pub const NO_SCORE: i64 = i64::MIN;

/// The results of a cohort, column by column; those that were not asked for are empty.
///
/// A row that could not be assessed is null: its bit in `validity` is 0, floats are `NaN`, causes [`NONE`], scores
/// [`NO_SCORE`] and bytes 0. The columns of one result can be given to the next call, which reuses their room.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Columns {
    /// How many rows there are.
    pub rows: usize,
    /// A bit for each row, as Arrow has it: 1 where the row was assessed.
    pub validity: Vec<u8>,
    /// How many rows could not be assessed.
    pub null_count: usize,
    /// [`Output::Score`], cause by cause.
    pub score: Vec<Vec<i64>>,
    /// [`Output::ScoreUngated`], cause by cause.
    pub score_ungated: Vec<Vec<i64>>,
    /// [`Output::Posterior`], cause by cause, then the comparator.
    pub posterior: Vec<Floats>,
    /// [`Output::PosteriorUngated`], cause by cause, then the comparator.
    pub posterior_ungated: Vec<Floats>,
    /// [`Output::First`].
    pub first: Vec<u32>,
    /// [`Output::FirstUngated`].
    pub first_ungated: Vec<u32>,
    /// [`Output::Order`], rank by rank; [`NONE`] where fewer causes are ranked.
    pub order: Vec<Vec<u32>>,
    /// [`Output::Margin`]; [`NO_SCORE`] where only one cause is ranked.
    pub margin: Vec<i64>,
    /// [`Output::Gates`], gate by gate.
    pub gates: Vec<Vec<u8>>,
    /// [`Output::Flags`], flag by flag.
    pub flags: Vec<Vec<u8>>,
    /// [`Output::Contributions`]: what contributes, rank by rank; [`NONE`] where fewer do.
    pub contributors: Vec<Vec<u32>>,
    /// [`Output::Contributions`]: the weights, rank by rank; 0 where fewer do.
    pub weights: Vec<Vec<i64>>,
}

impl Columns {
    /// Whether a row was assessed.
    pub fn is_valid(&self, row: usize) -> bool {
        row < self.rows && self.validity.get(row / 8).is_some_and(|byte| byte >> (row % 8) & 1 == 1)
    }

    /// The rows that could not be assessed, in order; [`Cohort::case`](super::Cohort::case) of such a row says why.
    pub fn nulls(&self) -> impl Iterator<Item = usize> {
        (0..self.rows).filter(|row| !self.is_valid(*row))
    }
}

/// How many columns there are of each kind.
#[derive(Clone, Debug, Default)]
pub(super) struct Wanted {
    pub(super) score: usize,
    pub(super) score_ungated: usize,
    pub(super) posterior: Option<Precision>,
    pub(super) posterior_ungated: Option<Precision>,
    pub(super) first: usize,
    pub(super) first_ungated: usize,
    pub(super) order: usize,
    pub(super) margin: usize,
    pub(super) gates: usize,
    pub(super) flags: usize,
    pub(super) contributions: usize,
}

impl Wanted {
    pub(super) fn new(
        outputs: impl IntoIterator<Item = Output>,
        causes: usize,
        gates: usize,
        flags: usize,
        contributors: usize,
    ) -> Self {
        let mut wanted = Self::default();
        for output in outputs {
            match output {
                Output::Score => wanted.score = causes,
                Output::ScoreUngated => wanted.score_ungated = causes,
                Output::Posterior(precision) => wanted.posterior = Some(precision),
                Output::PosteriorUngated(precision) => wanted.posterior_ungated = Some(precision),
                Output::First => wanted.first = 1,
                Output::FirstUngated => wanted.first_ungated = 1,
                Output::Order(ranks) => wanted.order = ranks.min(causes),
                Output::Margin => wanted.margin = 1,
                Output::Gates => wanted.gates = gates,
                Output::Flags => wanted.flags = flags,
                Output::Contributions(ranks) => wanted.contributions = ranks.min(contributors),
            }
        }
        wanted
    }
}
