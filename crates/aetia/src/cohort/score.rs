//! Scores a cohort: block by block, in pieces, on one thread or on several.

use super::block::{Block, ROWS};
use super::closure::Closure;
use super::column::Column;
use super::contribution::{Contributions, Largest};
use super::decode::Decoder;
use super::gates::{Flags, Gates};
use super::output::{Columns, NO_SCORE, NONE, Output, Wanted};
use super::pack::{Active, Packs};
use super::rank::Ranking;
use super::room::{FloatsRoom, Room};
use super::{Cohort, CohortError, posterior, rank};
use crate::assessment::Options;
use crate::case::UnknownName;
use crate::document::Link;
use crate::index::{Dense, IndicatorIx, SettingIx};
use crate::model::Model;

/// How many rows a thread takes at once: a multiple of those of a block, and few beside those that pay, so that no thread is
/// left with much more than another.
const PIECE: usize = 32 * ROWS;
/// From how many rows on it pays to ask other threads.
#[cfg(feature = "parallel")]
const MANY: usize = 100_000;

/// A model made ready for cohorts, in one setting, under one link, for the columns a caller wants.
///
/// Making one costs about as much as scoring a few thousand rows; it is made once and used for batch after batch, from any
/// number of threads.
///
/// ```
/// # fn main() -> Result<(), aetia::Error> {
/// # let model = aetia::Document::from_toml(include_str!("../../docs/tiny.toml"))?.validate()?.compile();
/// use aetia::cohort::{Cohort, Output, Precision};
/// let scorer = model.scorer(&model.options(), [Output::First, Output::Posterior(Precision::Double)])?;
/// let night_pain = [true, false, true];
/// let age = [23.0, 61.0, f64::INFINITY];
/// let cohort = Cohort::new(&model, 3).column("night_pain", &night_pain[..])?.column("age_at_onset", &age[..])?;
/// let columns = scorer.score(&cohort)?;
/// assert_eq!(columns.nulls().collect::<Vec<_>>(), [2]);
/// // The same to the bit as case by case.
/// let assessment = model.assess(&cohort.case(0)?);
/// let first = assessment.first();
/// assert_eq!(columns.first[0] as usize, first.position());
/// let posterior = first.posterior().map(|posterior| posterior.get());
/// assert_eq!(columns.posterior[first.position()].get(0), posterior);
/// assert!(cohort.case(2).is_err_and(|error| error.to_string().starts_with("`inf` is no answer of `age_at_onset`")));
/// # Ok(())
/// # }
/// ```
#[derive(Debug)]
pub struct Scorer {
    model: Model,
    link: Link,
    wanted: Wanted,
    packs: Packs,
    contributions: Option<Contributions>,
    #[cfg_attr(not(feature = "simd"), expect(dead_code, reason = "all there is without the feature"))]
    is_portable: bool,
}

impl Model {
    /// This model made ready for cohorts.
    ///
    /// # Errors
    /// [`UnknownName`] where the knowledge base has no such setting.
    pub fn scorer(
        &self,
        options: &Options,
        outputs: impl IntoIterator<Item = Output>,
    ) -> Result<Scorer, UnknownName> {
        let setting: SettingIx = self.setting(&options.setting)?;
        let kb = &*self.inner.kb.inner;
        let contributors = kb.indicators.len() + kb.groups.len();
        let wanted = Wanted::new(outputs, kb.causes.len(), kb.gates.len(), kb.flags.len(), contributors);
        Ok(Scorer {
            model: self.clone(),
            link: options.link,
            packs: Packs::new(&self.inner, setting),
            contributions: (wanted.contributions > 0).then(|| Contributions::new(&self.inner, setting)),
            wanted,
            is_portable: false,
        })
    }
}

/// What one thread works with.
#[derive(Debug)]
struct Desk {
    block: Box<Block>,
    ranking: Ranking,
    firsts: Vec<u32>,
    largest: Largest,
}

/// A cohort made ready: what is known in it, and how.
#[derive(Debug)]
struct Run<'r> {
    scorer: &'r Scorer,
    rows: usize,
    decoders: Vec<Decoder<'r>>,
    closure: Closure<'r>,
    packs: Active<'r>,
    gates: Gates<'r>,
    flags: Flags,
    causes: usize,
}

impl Scorer {
    /// The same without instructions that not every processor of a kind has. Its results are the same; it is for comparing.
    #[must_use]
    pub fn portable(self) -> Self {
        Self { is_portable: true, ..self }
    }

    /// The model.
    pub fn model(&self) -> &Model {
        &self.model
    }

    /// What can contribute to a score: every indicator, then for each group its members weighed jointly, by title.
    pub fn contributors(&self) -> impl ExactSizeIterator<Item = &str> {
        let kb = &*self.model.inner.kb.inner;
        let indicators = kb.indicators.len();
        (0..indicators + kb.groups.len()).map(move |at| match at.checked_sub(indicators) {
            None => kb.indicators[IndicatorIx::at(at)].id.as_str(),
            Some(group) => {
                let group = &kb.groups[crate::index::GroupIx::at(group)];
                group.id.as_ref().map_or_else(|| group.title(), |id| id.as_str())
            }
        })
    }

    /// Scores a cohort on this thread.
    ///
    /// # Errors
    /// [`CohortError::OtherModel`] where the cohort was made for another model. A row that cannot be assessed is no error: it
    /// is null, and [`Cohort::case`] says why.
    pub fn score(&self, cohort: &Cohort<'_>) -> Result<Columns, CohortError> {
        let mut columns = Columns::default();
        self.score_into(cohort, &mut columns)?;
        Ok(columns)
    }

    /// The same into columns of an earlier call, whose room is reused.
    ///
    /// # Errors
    /// As [`Scorer::score`].
    pub fn score_into(&self, cohort: &Cohort<'_>, columns: &mut Columns) -> Result<(), CohortError> {
        let run = self.run(cohort)?;
        columns.make_room(cohort.rows(), &self.wanted, run.causes);
        columns.null_count = run.score(columns.room());
        Ok(())
    }

    /// The same into memory of the caller's, in which there is just room for what was asked for. Says how many rows could not
    /// be assessed.
    ///
    /// # Errors
    /// As [`Scorer::score`], and [`CohortError::Room`] where there is less room or more.
    pub fn score_to(&self, cohort: &Cohort<'_>, room: Room<'_>) -> Result<usize, CohortError> {
        let run = self.run(cohort)?;
        room.check(&self.wanted, run.causes, cohort.rows())?;
        Ok(run.score(room))
    }

    /// The same on the threads of the current pool of rayon, where there are rows enough. The number of threads changes no
    /// bit of any result.
    ///
    /// # Errors
    /// As [`Scorer::score`].
    #[cfg(feature = "parallel")]
    pub fn score_parallel(&self, cohort: &Cohort<'_>, columns: &mut Columns) -> Result<(), CohortError> {
        if cohort.rows() < MANY {
            return self.score_into(cohort, columns);
        }
        self.score_in_pieces(cohort, columns, PIECE)
    }

    /// The same in pieces of so many rows, rounded up to whole blocks, however few rows there are.
    ///
    /// # Errors
    /// As [`Scorer::score`].
    #[cfg(feature = "parallel")]
    pub fn score_in_pieces(
        &self,
        cohort: &Cohort<'_>,
        columns: &mut Columns,
        rows: usize,
    ) -> Result<(), CohortError> {
        let run = self.run(cohort)?;
        columns.make_room(cohort.rows(), &self.wanted, run.causes);
        columns.null_count = run.score_in_pieces(columns.room(), rows.max(1).next_multiple_of(ROWS));
        Ok(())
    }

    /// As [`Scorer::score_to`], on the threads of [`Scorer::score_parallel`].
    ///
    /// # Errors
    /// As [`Scorer::score_to`].
    #[cfg(feature = "parallel")]
    pub fn score_to_parallel(&self, cohort: &Cohort<'_>, room: Room<'_>) -> Result<usize, CohortError> {
        if cohort.rows() < MANY {
            return self.score_to(cohort, room);
        }
        let run = self.run(cohort)?;
        room.check(&self.wanted, run.causes, cohort.rows())?;
        Ok(run.score_in_pieces(room, PIECE))
    }

    /// Makes a cohort ready.
    fn run<'r>(&'r self, cohort: &'r Cohort<'r>) -> Result<Run<'r>, CohortError> {
        let model = &*self.model.inner;
        if !cohort.belongs_to(&self.model) {
            return Err(CohortError::OtherModel);
        }
        let kb = &*model.kb.inner;
        let decoder = |(ix, column): &'r (IndicatorIx, Column<'r>)| Decoder::new(kb, *ix, column);
        let decoders: Vec<Decoder<'r>> = cohort.columns().iter().map(decoder).collect();
        let mut known = vec![false; kb.indicators.len()];
        for (ix, _) in cohort.columns() {
            known.get_mut(ix.position()).into_iter().for_each(|known| *known = true);
        }
        let closure = Closure::new(model, &mut known);
        let is_known = |ix: IndicatorIx| known.get(ix.position()).copied().unwrap_or(false);
        Ok(Run {
            scorer: self,
            rows: cohort.rows(),
            decoders,
            closure,
            packs: self.packs.active(is_known),
            gates: Gates::new(model, is_known),
            flags: Flags::new(model, is_known),
            causes: kb.causes.len(),
        })
    }
}

impl Run<'_> {
    fn desk(&self) -> Desk {
        let kb = &*self.scorer.model.inner.kb.inner;
        let packs = self.scorer.packs.each.len();
        Desk {
            block: Box::new(Block::new(kb.indicators.len(), packs, self.causes, !kb.gates.is_empty())),
            ranking: Ranking::default(),
            firsts: Vec::new(),
            largest: Largest::default(),
        }
    }

    /// Scores all rows, and says how many are null.
    fn score(&self, room: Room<'_>) -> usize {
        let mut desk = self.desk();
        let pieces = room.pieces(PIECE).into_iter().enumerate();
        pieces.map(|(at, mut room)| self.piece(at * PIECE, PIECE, &mut room, &mut desk)).sum()
    }

    /// The same on the threads of the current pool, in pieces of so many rows.
    #[cfg(feature = "parallel")]
    fn score_in_pieces(&self, room: Room<'_>, rows: usize) -> usize {
        use rayon::iter::{IndexedParallelIterator, IntoParallelIterator, ParallelIterator};
        let pieces = room.pieces(rows).into_par_iter().enumerate();
        let score =
            |desk: &mut Desk, (at, mut room): (usize, Room<'_>)| self.piece(at * rows, rows, &mut room, desk);
        pieces.map_init(|| self.desk(), score).sum()
    }

    /// Scores the rows of a piece, so many or as many as are left, with the best instructions there are. Says how many are
    /// null.
    fn piece(&self, from: usize, rows: usize, room: &mut Room<'_>, desk: &mut Desk) -> usize {
        let rows = rows.min(self.rows - from);
        let work = Work { run: self, from, rows, room: &mut *room, desk };
        #[cfg(feature = "simd")]
        if self.scorer.is_portable {
            work.run();
        } else {
            pulp::Arch::new().dispatch(work);
        }
        #[cfg(not(feature = "simd"))]
        work.run();
        let valid: u32 = room.validity.iter().map(|byte| byte.count_ones()).sum();
        rows - usize::try_from(valid).unwrap_or(0)
    }

    /// Scores the rows of a block.
    #[inline(always)]
    fn block(&self, from: usize, within: std::ops::Range<usize>, room: &mut Room<'_>, desk: &mut Desk) {
        let model = &*self.scorer.model.inner;
        let Desk { block, ranking, firsts, largest } = desk;
        let rows = within.len();
        block.bad = [0; ROWS];
        let Block { codes, bad, stack, .. } = &mut **block;
        for decoder in &self.decoders {
            if let Some(codes) = codes.get_mut(decoder.indicator().position()) {
                decoder.decode(&model.kb.inner, from, rows, codes, bad);
            }
        }
        self.closure.close(codes, stack, bad);
        self.packs.score(block);
        let is_gated = self.gates.apply(block, &mut room.gates, within.start, rows);
        self.flags.write(block, &mut room.flags, within.start, rows);
        let (link, is_near) = (self.scorer.link, self.scorer.packs.is_near);
        posterior::write(block, is_gated, is_near, link, self.causes, &mut room.posterior, within.clone());
        let ungated = &mut room.posterior_ungated;
        posterior::write(block, false, is_near, link, self.causes, ungated, within.clone());
        let raw = block.raw.get(..self.causes).unwrap_or_default();
        scores(if is_gated { &block.gated } else { raw }, &mut room.score, within.clone());
        scores(raw, &mut room.score_ungated, within.clone());
        rank::write(block, is_gated, self.causes, ranking, room, within.clone());
        if let Some(contributions) = &self.scorer.contributions {
            firsts.clear();
            firsts.resize(rows, NONE);
            rank::first_only(block, is_gated, self.causes, firsts);
            contributions.write(model, block, firsts, largest, room, within.clone());
        }
        let mut any_bad = 0;
        for bad in block.bad.iter().take(rows) {
            any_bad |= bad;
        }
        let bytes = room.validity.get_mut(within.start / 8..within.end.div_ceil(8)).unwrap_or_default();
        bytes.fill(u8::MAX);
        // The bits after the last row are 0.
        if let (Some(last), rest @ 1..) = (bytes.last_mut(), rows % 8) {
            *last = (1 << rest) - 1;
        }
        if any_bad != 0 {
            for (_, row) in block.bad.iter().zip(within).filter(|(bad, _)| **bad != 0) {
                if let Some(byte) = room.validity.get_mut(row / 8) {
                    *byte &= !(1 << (row % 8));
                }
                empty(room, row);
            }
        }
    }
}

/// Copies the scores of a block into their columns.
#[inline(always)]
fn scores(scores: &[super::block::Scores], columns: &mut [&mut [i64]], rows: std::ops::Range<usize>) {
    for (scores, column) in scores.iter().zip(columns) {
        for (slot, score) in column.get_mut(rows.clone()).unwrap_or_default().iter_mut().zip(scores) {
            *slot = *score;
        }
    }
}

/// Makes a row null.
#[cold]
fn empty(room: &mut Room<'_>, row: usize) {
    fn put<T: Copy>(columns: &mut [&mut [T]], row: usize, empty: T) {
        columns.iter_mut().filter_map(|column| column.get_mut(row)).for_each(|slot| *slot = empty);
    }
    for columns in [&mut room.posterior, &mut room.posterior_ungated] {
        match columns {
            FloatsRoom::Single(columns) => put(columns, row, f32::NAN),
            FloatsRoom::Double(columns) => put(columns, row, f64::NAN),
        }
    }
    put(&mut room.score, row, NO_SCORE);
    put(&mut room.score_ungated, row, NO_SCORE);
    put(&mut [&mut *room.first, &mut *room.first_ungated], row, NONE);
    put(&mut room.order, row, NONE);
    put(&mut [&mut *room.margin], row, NO_SCORE);
    put(&mut room.gates, row, 0);
    put(&mut room.flags, row, 0);
    put(&mut room.contributors, row, NONE);
    put(&mut room.weights, row, 0);
}

/// The rows of a piece, to be scored.
struct Work<'w, 'r, 'v> {
    run: &'w Run<'r>,
    from: usize,
    rows: usize,
    room: &'w mut Room<'v>,
    desk: &'w mut Desk,
}

impl Work<'_, '_, '_> {
    #[inline(always)]
    fn run(self) {
        for start in (0..self.rows).step_by(ROWS) {
            let end = self.rows.min(start + ROWS);
            self.run.block(self.from + start, start..end, self.room, self.desk);
        }
    }
}

/// Compiled for every set of instructions: so the same operations, in the same order, become longer vectors.
#[cfg(feature = "simd")]
impl pulp::NullaryFnOnce for Work<'_, '_, '_> {
    type Output = ();

    #[inline(always)]
    fn call(self) {
        self.run();
    }
}
