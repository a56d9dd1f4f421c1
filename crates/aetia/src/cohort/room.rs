//! Room for results that a caller owns, and the columns of a result as such: cut into pieces of rows, each of which can be
//! written on its own.

use super::CohortError;
use super::output::{Columns, Floats, Precision, Wanted};

/// Room for columns of floats.
#[derive(Debug)]
pub enum FloatsRoom<'r> {
    /// Of 32 bits.
    Single(Vec<&'r mut [f32]>),
    /// Of 64 bits.
    Double(Vec<&'r mut [f64]>),
}

impl Default for FloatsRoom<'_> {
    fn default() -> Self {
        Self::Double(Vec::new())
    }
}

/// Room for the results of a cohort in memory that a caller owns: as [`Columns`], with a slice for each column that was asked
/// for, as long as the cohort has rows. What stands there is written over.
///
/// ```
/// # fn main() -> Result<(), aetia::Error> {
/// # let model = aetia::Document::from_toml(include_str!("../../docs/tiny.toml"))?.validate()?.compile();
/// use aetia::cohort::{Cohort, Output, Room};
/// let scorer = model.scorer(&model.options(), [Output::First])?;
/// let night_pain = [true, false, true];
/// let cohort = Cohort::new(&model, 3).column("night_pain", &night_pain[..])?;
/// let (mut first, mut validity) = ([0; 3], [0]);
/// let nulls = scorer.score_to(&cohort, Room { first: &mut first, validity: &mut validity, ..Room::default() })?;
/// assert_eq!(nulls, 0);
/// assert_eq!(first[..], scorer.score(&cohort)?.first);
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Default)]
pub struct Room<'r> {
    /// A bit for each row, as Arrow has it: a byte for each eight rows or part of eight.
    pub validity: &'r mut [u8],
    /// [`Output::Score`](super::Output::Score), cause by cause.
    pub score: Vec<&'r mut [i64]>,
    /// [`Output::ScoreUngated`](super::Output::ScoreUngated), cause by cause.
    pub score_ungated: Vec<&'r mut [i64]>,
    /// [`Output::Posterior`](super::Output::Posterior), cause by cause, then the comparator.
    pub posterior: FloatsRoom<'r>,
    /// [`Output::PosteriorUngated`](super::Output::PosteriorUngated), cause by cause, then the comparator.
    pub posterior_ungated: FloatsRoom<'r>,
    /// [`Output::First`](super::Output::First).
    pub first: &'r mut [u32],
    /// [`Output::FirstUngated`](super::Output::FirstUngated).
    pub first_ungated: &'r mut [u32],
    /// [`Output::Order`](super::Output::Order), rank by rank.
    pub order: Vec<&'r mut [u32]>,
    /// [`Output::Margin`](super::Output::Margin).
    pub margin: &'r mut [i64],
    /// [`Output::Gates`](super::Output::Gates), gate by gate.
    pub gates: Vec<&'r mut [u8]>,
    /// [`Output::Flags`](super::Output::Flags), flag by flag.
    pub flags: Vec<&'r mut [u8]>,
    /// [`Output::Contributions`](super::Output::Contributions): what contributes, rank by rank.
    pub contributors: Vec<&'r mut [u32]>,
    /// [`Output::Contributions`](super::Output::Contributions): the weights, rank by rank.
    pub weights: Vec<&'r mut [i64]>,
}

impl Room<'_> {
    /// Whether there is as much room as is needed, and no more.
    pub(super) fn check(&self, wanted: &Wanted, causes: usize, rows: usize) -> Result<(), CohortError> {
        let bytes = rows.div_ceil(8);
        if self.validity.len() != bytes {
            return refused("validity", format!("{} bytes", self.validity.len()), format!("{bytes} bytes"));
        }
        all("score", &self.score, wanted.score, rows)?;
        all("score_ungated", &self.score_ungated, wanted.score_ungated, rows)?;
        for (what, room, wanted) in [
            ("posterior", &self.posterior, wanted.posterior),
            ("posterior_ungated", &self.posterior_ungated, wanted.posterior_ungated),
        ] {
            let count = |precision| if wanted == Some(precision) { causes + 1 } else { 0 };
            let (single, double) = match room {
                FloatsRoom::Single(columns) => (columns.as_slice(), [].as_slice()),
                FloatsRoom::Double(columns) => ([].as_slice(), columns.as_slice()),
            };
            for (found, expected, bits) in
                [(single.len(), count(Precision::Single), 32), (double.len(), count(Precision::Double), 64)]
            {
                if found != expected {
                    let columns = |count: usize| format!("{count} columns of {bits} bits");
                    return refused(what, columns(found), columns(expected));
                }
            }
            all(what, single, single.len(), rows)?;
            all(what, double, double.len(), rows)?;
        }
        one("first", self.first.len(), wanted.first * rows)?;
        one("first_ungated", self.first_ungated.len(), wanted.first_ungated * rows)?;
        all("order", &self.order, wanted.order, rows)?;
        one("margin", self.margin.len(), wanted.margin * rows)?;
        all("gates", &self.gates, wanted.gates, rows)?;
        all("flags", &self.flags, wanted.flags, rows)?;
        all("contributors", &self.contributors, wanted.contributions, rows)?;
        all("weights", &self.weights, wanted.contributions, rows)
    }

    /// Pieces of so many rows, the last one of what is left. The number is a multiple of 8, so that no byte of bits is
    /// in two pieces.
    pub(super) fn pieces(self, rows: usize) -> Vec<Self> {
        let count = self.validity.len().div_ceil(rows / 8);
        let mut pieces: Vec<Self> = (0..count).map(|_| Self::default()).collect();
        cut(self.validity, rows / 8, &mut pieces, |piece, part| piece.validity = part);
        cut_all(self.score, rows, &mut pieces, |piece, part| piece.score.push(part));
        cut_all(self.score_ungated, rows, &mut pieces, |piece, part| piece.score_ungated.push(part));
        cut_floats(self.posterior, rows, &mut pieces, |piece| &mut piece.posterior);
        cut_floats(self.posterior_ungated, rows, &mut pieces, |piece| &mut piece.posterior_ungated);
        cut(self.first, rows, &mut pieces, |piece, part| piece.first = part);
        cut(self.first_ungated, rows, &mut pieces, |piece, part| piece.first_ungated = part);
        cut_all(self.order, rows, &mut pieces, |piece, part| piece.order.push(part));
        cut(self.margin, rows, &mut pieces, |piece, part| piece.margin = part);
        cut_all(self.gates, rows, &mut pieces, |piece, part| piece.gates.push(part));
        cut_all(self.flags, rows, &mut pieces, |piece, part| piece.flags.push(part));
        cut_all(self.contributors, rows, &mut pieces, |piece, part| piece.contributors.push(part));
        cut_all(self.weights, rows, &mut pieces, |piece, part| piece.weights.push(part));
        pieces
    }
}

fn refused(column: &'static str, found: String, expected: String) -> Result<(), CohortError> {
    Err(CohortError::Room { column, found, expected })
}

/// Whether there are so many columns of so many rows.
fn all<T>(what: &'static str, columns: &[&mut [T]], count: usize, rows: usize) -> Result<(), CohortError> {
    if columns.len() != count {
        return refused(what, format!("{} columns", columns.len()), format!("{count} columns"));
    }
    columns.iter().try_for_each(|column| one(what, column.len(), rows))
}

/// Whether a column has so many rows.
fn one(what: &'static str, found: usize, rows: usize) -> Result<(), CohortError> {
    if found == rows { Ok(()) } else { refused(what, format!("{found} rows"), format!("{rows} rows")) }
}

/// Gives each piece its part of a column.
fn cut<'r, T>(
    column: &'r mut [T],
    rows: usize,
    pieces: &mut [Room<'r>],
    give: impl Fn(&mut Room<'r>, &'r mut [T]),
) {
    for (piece, part) in pieces.iter_mut().zip(column.chunks_mut(rows)) {
        give(piece, part);
    }
}

fn cut_all<'r, T>(
    columns: Vec<&'r mut [T]>,
    rows: usize,
    pieces: &mut [Room<'r>],
    give: impl Fn(&mut Room<'r>, &'r mut [T]),
) {
    for column in columns {
        cut(column, rows, pieces, &give);
    }
}

fn cut_floats<'r>(
    columns: FloatsRoom<'r>,
    rows: usize,
    pieces: &mut [Room<'r>],
    of: impl for<'p> Fn(&'p mut Room<'r>) -> &'p mut FloatsRoom<'r>,
) {
    match columns {
        FloatsRoom::Single(columns) => cut_all(columns, rows, pieces, |piece, part| match of(piece) {
            FloatsRoom::Single(parts) => parts.push(part),
            double @ FloatsRoom::Double(_) => *double = FloatsRoom::Single(vec![part]),
        }),
        FloatsRoom::Double(columns) => cut_all(columns, rows, pieces, |piece, part| match of(piece) {
            FloatsRoom::Double(parts) => parts.push(part),
            single @ FloatsRoom::Single(_) => *single = FloatsRoom::Double(vec![part]),
        }),
    }
}

impl Columns {
    /// Makes room for so many rows of what is wanted. What stands there is written over, row by row; so new room is zeros,
    /// which the system hands out without writing them.
    pub(super) fn make_room(&mut self, rows: usize, wanted: &Wanted, causes: usize) {
        self.rows = rows;
        self.null_count = 0;
        room(&mut self.validity, rows.div_ceil(8));
        table(&mut self.score, wanted.score, rows);
        table(&mut self.score_ungated, wanted.score_ungated, rows);
        floats(&mut self.posterior, wanted.posterior, causes + 1, rows);
        floats(&mut self.posterior_ungated, wanted.posterior_ungated, causes + 1, rows);
        room(&mut self.first, wanted.first * rows);
        room(&mut self.first_ungated, wanted.first_ungated * rows);
        table(&mut self.order, wanted.order, rows);
        room(&mut self.margin, wanted.margin * rows);
        table(&mut self.gates, wanted.gates, rows);
        table(&mut self.flags, wanted.flags, rows);
        table(&mut self.contributors, wanted.contributions, rows);
        table(&mut self.weights, wanted.contributions, rows);
    }

    /// The room of these columns, to be written over by [`Scorer::score_to`](super::Scorer::score_to).
    pub fn room(&mut self) -> Room<'_> {
        fn all<T>(columns: &mut [Vec<T>]) -> Vec<&mut [T]> {
            columns.iter_mut().map(Vec::as_mut_slice).collect()
        }
        Room {
            validity: &mut self.validity,
            score: all(&mut self.score),
            score_ungated: all(&mut self.score_ungated),
            posterior: floats_room(&mut self.posterior),
            posterior_ungated: floats_room(&mut self.posterior_ungated),
            first: &mut self.first,
            first_ungated: &mut self.first_ungated,
            order: all(&mut self.order),
            margin: &mut self.margin,
            gates: all(&mut self.gates),
            flags: all(&mut self.flags),
            contributors: all(&mut self.contributors),
            weights: all(&mut self.weights),
        }
    }
}

fn floats_room(columns: &mut [Floats]) -> FloatsRoom<'_> {
    let mut room = FloatsRoom::default();
    for column in columns {
        match (&mut room, column) {
            (FloatsRoom::Single(room), Floats::Single(column)) => room.push(column),
            (FloatsRoom::Double(room), Floats::Double(column)) => room.push(column),
            // All are of one kind, that of the first.
            (_, Floats::Single(column)) => room = FloatsRoom::Single(vec![column]),
            (_, Floats::Double(column)) => room = FloatsRoom::Double(vec![column]),
        }
    }
    room
}

/// Room for so many columns.
fn table<T: Copy + Default>(columns: &mut Vec<Vec<T>>, count: usize, rows: usize) {
    columns.resize_with(count, Vec::new);
    for column in columns {
        room(column, rows);
    }
}

fn floats(columns: &mut Vec<Floats>, wanted: Option<Precision>, count: usize, rows: usize) {
    let Some(precision) = wanted else {
        columns.clear();
        return;
    };
    let empty = || match precision {
        Precision::Single => Floats::Single(Vec::new()),
        Precision::Double => Floats::Double(Vec::new()),
    };
    columns.resize_with(count, empty);
    for column in columns {
        match (&mut *column, precision) {
            (Floats::Single(values), Precision::Single) => room(values, rows),
            (Floats::Double(values), Precision::Double) => room(values, rows),
            (_, Precision::Single) => *column = Floats::Single(vec![0.0; rows]),
            (_, Precision::Double) => *column = Floats::Double(vec![0.0; rows]),
        }
    }
}

/// Room for so many rows: what there is, or all of it anew.
fn room<T: Copy + Default>(column: &mut Vec<T>, rows: usize) {
    if column.len() < rows {
        *column = vec![T::default(); rows];
    } else {
        column.truncate(rows);
    }
}
