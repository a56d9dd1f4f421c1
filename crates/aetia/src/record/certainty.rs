//! How sure a ranking is, as plain data: filled by whoever has the statistics, stored, printed and checked here.

use serde::{Deserialize, Serialize};

use super::{CandidateRecord, Record, RecordError};
use crate::document::{Link, Tag};

/// How sure a ranking is, as plain data: what is not about one cause.
///
/// The core computes none of this. The crate `aetia-stats` fills it in, so unlike other records it can be made by hand.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CertaintyRecord {
    /// How often was drawn.
    pub draws: u32,
    /// From which seed.
    pub seed: u64,
    /// The 95 % interval of the comparator's `posterior`; none under `independent`, where it is a line of reference.
    pub comparator: Option<[f64; 2]>,
    /// Whether the first cause stays first for all weights inside their intervals at once.
    pub is_stable: bool,
    /// How many figures have only the width that is declared for their tag.
    pub declared: usize,
    /// How much unlikelier the findings are together than one by one, in decibans.
    pub conflict: f64,
    /// What there is to say about findings that do not go together or fit nothing, if anything.
    pub fit: Option<String>,
}

/// How sure the standing of one cause is, as plain data.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CauseCertaintyRecord {
    /// The 95 % interval of its `posterior`; none where it is excluded.
    pub interval: Option<[f64; 2]>,
    /// The same by Monte Carlo.
    pub interval_drawn: Option<[f64; 2]>,
    /// The 95 % interval of its `posterior_ungated`.
    pub interval_ungated: [f64; 2],
    /// The standard deviation of its score before gates, in decibans.
    pub sd: f64,
    /// The share of draws in which it is first.
    pub first: f64,
    /// The share of draws in which it is first or second.
    pub first_two: f64,
    /// Its figures that move the lead of the first cause over the second, the widest first.
    pub figures: Vec<FigureRecord>,
}

/// What one published figure does to the lead of the first cause over the second, as plain data.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct FigureRecord {
    /// Its name: `prior:CAUSE:SETTING`, `evidence:POSITION` or `group:GROUP:POSITION`.
    pub figure: String,
    /// What it is about, in words.
    pub subject: String,
    /// Its citations.
    pub citations: Vec<String>,
    /// How far it is to be trusted.
    pub tag: Tag,
    /// What its spread is known from.
    pub basis: Basis,
    /// Its weight, in nanodecibans.
    pub weight: i64,
    /// The ends of its 95 % interval.
    pub interval: [i64; 2],
    /// The lead of the first cause over the second at either end.
    pub lead: [i64; 2],
    /// The nearest weight that changes the first cause; none where nothing does.
    pub flip: Option<i64>,
    /// The cause that would be first then.
    pub first_then: Option<String>,
    /// Whether the figure's own interval reaches that far.
    pub decides: bool,
}

/// What the uncertainty of a figure is known from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Basis {
    /// A 95 % interval is written.
    Interval,
    /// The four counts of a 2x2 table are written.
    Counts,
    /// The number of people is written; half of them are taken to have the cause.
    Sample,
    /// Nothing is written: the width that is declared for the tag of the figure.
    Declared,
}

impl FigureRecord {
    /// How far it moves the lead, in nanodecibans.
    pub fn width(&self) -> i64 {
        let [low, high] = self.lead;
        high.saturating_sub(low).saturating_abs()
    }
}

impl Record {
    /// The figures of all causes that move the lead of the first over the second, the widest first, each with its cause; none
    /// where nobody asked how sure the ranking is.
    pub fn figures(&self) -> Vec<(&CandidateRecord, &FigureRecord)> {
        let all = self.ranking.iter().chain(&self.excluded);
        let of = |candidate| figures(candidate).iter().map(move |figure| (candidate, figure));
        let mut figures: Vec<_> = all.flat_map(of).collect();
        figures.sort_by_key(|(_, figure)| std::cmp::Reverse(figure.width()));
        figures
    }
}

fn figures(candidate: &CandidateRecord) -> &[FigureRecord] {
    candidate.certainty.as_ref().map(|certainty| certainty.figures.as_slice()).unwrap_or_default()
}

/// How far rounding may put a probability outside its own interval, and shares of draws beside 1.
const SLACK: f64 = 1e-9;

/// Whether what is said about certainty contradicts itself or the ranking.
pub(super) fn check(record: &Record) -> Result<(), RecordError> {
    let ranked = record.ranking.iter().enumerate().map(|(at, one)| (format!("ranking[{at}].certainty"), one));
    let excluded =
        record.excluded.iter().enumerate().map(|(at, one)| (format!("excluded[{at}].certainty"), one));
    let mut firsts = 0.0;
    for (place, candidate) in ranked.chain(excluded) {
        match (&record.certainty, &candidate.certainty) {
            (Some(_), Some(certainty)) => {
                firsts += certainty.first;
                of_cause(record, candidate, certainty, &place)?;
            }
            (None, None) => {}
            (Some(_), None) | (None, Some(_)) => {
                expect(false, &place, "expected it for the whole and for every cause, or nowhere")?;
            }
        }
    }
    let Some(certainty) = &record.certainty else { return Ok(()) };
    expect(certainty.draws > 0, "certainty.draws", "expected at least one draw")?;
    let shown = Some(record.comparator.posterior).filter(|_| record.link == Link::Exclusive);
    interval(certainty.comparator, shown, "certainty.comparator")?;
    expect((firsts - 1.0).abs() <= SLACK, "certainty", "expected shares of being first that sum to 1")
}

fn of_cause(
    record: &Record,
    candidate: &CandidateRecord,
    certainty: &CauseCertaintyRecord,
    place: &str,
) -> Result<(), RecordError> {
    interval(certainty.interval, candidate.posterior, &format!("{place}.interval"))?;
    let ungated = Some(candidate.posterior_ungated);
    interval(Some(certainty.interval_ungated), ungated, &format!("{place}.interval_ungated"))?;
    let drawn = certainty.interval_drawn;
    // Draws lie where they fall: what they leave out may be the estimate itself.
    interval(
        drawn,
        drawn.map(|[low, _]| low).filter(|_| candidate.posterior.is_some()),
        &format!("{place}.interval_drawn"),
    )?;
    expect(certainty.sd >= 0.0, &format!("{place}.sd"), "expected a standard deviation from 0")?;
    let is_share = 0.0 <= certainty.first
        && certainty.first <= certainty.first_two
        && certainty.first_two <= 1.0 + SLACK;
    expect(
        is_share,
        &format!("{place}.first"),
        "expected a share from 0 up to `first_two`, and that up to 1",
    )?;
    for (at, figure) in certainty.figures.iter().enumerate() {
        let place = format!("{place}.figures[{at}]");
        let [low, high] = figure.interval;
        let is_inside = low <= figure.weight && figure.weight <= high;
        expect(is_inside, &format!("{place}.interval"), "expected an interval around the weight")?;
        let then = figure.first_then.as_deref();
        let is_known = then.is_none_or(|cause| record.cause(cause).is_ok());
        expect(
            is_known && then.is_some() == figure.flip.is_some(),
            &format!("{place}.first_then"),
            "expected a cause of this result where there is a `flip`, else `null`",
        )?;
        let decides = figure.flip.is_some_and(|flip| low <= flip && flip <= high);
        expect(
            decides == figure.decides,
            &format!("{place}.decides"),
            "expected whether the interval holds the flip",
        )?;
    }
    Ok(())
}

/// An interval strictly between 0 and 1 that holds its estimate; none where there is no estimate.
fn interval(ends: Option<[f64; 2]>, estimate: Option<f64>, place: &str) -> Result<(), RecordError> {
    let is_fine = match (ends, estimate) {
        (Some([low, high]), Some(inside)) => {
            0.0 < low && low <= inside + SLACK && inside <= high + SLACK && low <= high && high < 1.0
        }
        (None, None) => true,
        (Some(_), None) | (None, Some(_)) => false,
    };
    expect(is_fine, place, "expected an interval between 0 and 1 around the probability, where there is one")
}

fn expect(is_so: bool, place: &str, message: &str) -> Result<(), RecordError> {
    super::read::expect(is_so, place, message)
}
