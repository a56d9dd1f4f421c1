//! The columns of a result cut into pieces of rows, each of which can be written on its own.

use super::output::{Columns, Floats, Precision, Wanted};

/// Columns of floats in a piece.
#[derive(Debug)]
pub(super) enum FloatsView<'v> {
    Single(Vec<&'v mut [f32]>),
    Double(Vec<&'v mut [f64]>),
}

impl Default for FloatsView<'_> {
    fn default() -> Self {
        Self::Double(Vec::new())
    }
}

/// The same rows of every column.
#[derive(Debug, Default)]
pub(super) struct View<'v> {
    pub(super) validity: &'v mut [u8],
    pub(super) score: Vec<&'v mut [i64]>,
    pub(super) score_ungated: Vec<&'v mut [i64]>,
    pub(super) posterior: FloatsView<'v>,
    pub(super) posterior_ungated: FloatsView<'v>,
    pub(super) first: &'v mut [u32],
    pub(super) first_ungated: &'v mut [u32],
    pub(super) order: Vec<&'v mut [u32]>,
    pub(super) margin: &'v mut [i64],
    pub(super) gates: Vec<&'v mut [u8]>,
    pub(super) flags: Vec<&'v mut [u8]>,
    pub(super) contributors: Vec<&'v mut [u32]>,
    pub(super) weights: Vec<&'v mut [i64]>,
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

    /// Pieces of so many rows, the last one of what is left. The number is a multiple of 8, so that no byte of bits is
    /// in two pieces.
    pub(super) fn pieces(&mut self, rows: usize) -> Vec<View<'_>> {
        let count = self.rows.div_ceil(rows);
        let mut views: Vec<View<'_>> = (0..count).map(|_| View::default()).collect();
        cut(&mut self.validity, rows / 8, &mut views, |view, piece| view.validity = piece);
        for column in &mut self.score {
            cut(column, rows, &mut views, |view, piece| view.score.push(piece));
        }
        for column in &mut self.score_ungated {
            cut(column, rows, &mut views, |view, piece| view.score_ungated.push(piece));
        }
        cut_floats(&mut self.posterior, rows, &mut views, |view| &mut view.posterior);
        cut_floats(&mut self.posterior_ungated, rows, &mut views, |view| &mut view.posterior_ungated);
        cut(&mut self.first, rows, &mut views, |view, piece| view.first = piece);
        cut(&mut self.first_ungated, rows, &mut views, |view, piece| view.first_ungated = piece);
        for column in &mut self.order {
            cut(column, rows, &mut views, |view, piece| view.order.push(piece));
        }
        cut(&mut self.margin, rows, &mut views, |view, piece| view.margin = piece);
        for column in &mut self.gates {
            cut(column, rows, &mut views, |view, piece| view.gates.push(piece));
        }
        for column in &mut self.flags {
            cut(column, rows, &mut views, |view, piece| view.flags.push(piece));
        }
        for column in &mut self.contributors {
            cut(column, rows, &mut views, |view, piece| view.contributors.push(piece));
        }
        for column in &mut self.weights {
            cut(column, rows, &mut views, |view, piece| view.weights.push(piece));
        }
        views
    }
}

/// Gives each view its piece of a column.
fn cut<'v, T>(
    column: &'v mut [T],
    rows: usize,
    views: &mut [View<'v>],
    give: impl Fn(&mut View<'v>, &'v mut [T]),
) {
    for (view, piece) in views.iter_mut().zip(column.chunks_mut(rows)) {
        give(view, piece);
    }
}

fn cut_floats<'v>(
    columns: &'v mut [Floats],
    rows: usize,
    views: &mut [View<'v>],
    of: impl for<'b> Fn(&'b mut View<'v>) -> &'b mut FloatsView<'v>,
) {
    for column in columns {
        match column {
            Floats::Single(column) => cut(column, rows, views, |view, piece| match of(view) {
                FloatsView::Single(pieces) => pieces.push(piece),
                double @ FloatsView::Double(_) => *double = FloatsView::Single(vec![piece]),
            }),
            Floats::Double(column) => cut(column, rows, views, |view, piece| match of(view) {
                FloatsView::Double(pieces) => pieces.push(piece),
                single @ FloatsView::Single(_) => *single = FloatsView::Double(vec![piece]),
            }),
        }
    }
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
