//! How sure a ranking is, as plain data that can be stored, and as a person reads it.

use aetia::{Link, LogOdds, Probability, Tag};
use serde::{Deserialize, Serialize};

use crate::sensitivity::Swing;
use crate::simulation::Draws;
use crate::spread::Basis;
use crate::uncertainty::{CauseUncertainty, Uncertainty};

/// How sure a ranking is, as plain data: intervals, chances, and the figures it rests on.
///
/// Weights and scores are whole nanodecibans, probabilities are fractions, standard deviations decibans. Prints as a table of
/// 100 columns.
///
/// ```
/// # use aetia::Document;
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// use aetia_stats::{Draws, Uncertainty};
/// # let model = Document::from_toml(include_str!("../../aetia/docs/tiny.toml"))?.validate()?.compile();
/// let case = model.case().present("raised_crp")?.build()?;
/// let assessment = model.assess(&case);
/// let report = Uncertainty::of(&assessment).report(&Draws::default());
/// assert_eq!(report.causes[0].cause, "posture");
/// println!("{report}");
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Report {
    /// The title of the knowledge base.
    pub knowledge_base: String,
    /// The hash of what it means.
    pub meaning_hash: String,
    /// The hash of the case.
    pub case_hash: String,
    /// The setting.
    pub setting: String,
    /// Its title.
    pub setting_title: String,
    /// How scores became probabilities.
    pub link: Link,
    /// How often was drawn.
    pub draws: u32,
    /// From which seed.
    pub seed: u64,
    /// The named causes in the order of the ranking, then the excluded ones.
    pub causes: Vec<CauseReport>,
    /// The comparator.
    pub comparator: ComparatorReport,
    /// Whether the first cause stays first for all weights inside their intervals at once.
    pub is_stable: bool,
    /// What moves the lead of the first cause over the second, the widest first.
    pub figures: Vec<FigureReport>,
    /// How many figures have only the width that is declared for their tag.
    pub declared: usize,
    /// How much unlikelier the findings are together than one by one, in decibans.
    pub conflict: f64,
    /// What there is to say about findings that do not go together or fit nothing, if anything.
    pub fit: Option<String>,
    /// The knowledge base's notice, which belongs to every result.
    pub notice: String,
}

/// How sure the standing of one cause is.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CauseReport {
    /// The cause.
    pub cause: String,
    /// Its title.
    pub title: String,
    /// Its rank from 1; none where it is excluded.
    pub rank: Option<usize>,
    /// Its probability after findings and gates; none where it is excluded.
    pub posterior: Option<f64>,
    /// The 95 % interval of that.
    pub interval: Option<[f64; 2]>,
    /// The same by Monte Carlo.
    pub interval_drawn: Option<[f64; 2]>,
    /// Its probability after findings, had no gate been there.
    pub posterior_ungated: f64,
    /// The 95 % interval of that.
    pub interval_ungated: [f64; 2],
    /// Its score after gates, in nanodecibans.
    pub score: i64,
    /// The standard deviation of its score before gates, in decibans.
    pub sd: f64,
    /// The share of draws in which it is first.
    pub first: f64,
    /// The share of draws in which it is first or second.
    pub first_two: f64,
    /// The titles of the gates that hold, cap or exclude it.
    pub gates: Vec<String>,
}

/// The comparator beside its interval.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ComparatorReport {
    /// Its title.
    pub title: String,
    /// Its probability after findings and gates.
    pub posterior: f64,
    /// Its probability after findings, had no gate been there.
    pub posterior_ungated: f64,
    /// The 95 % interval of `posterior`; none under `independent`, where it is a line of reference.
    pub interval: Option<[f64; 2]>,
}

/// What one figure does to the lead of the first cause over the second.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct FigureReport {
    /// Its name: `prior:CAUSE:SETTING`, `evidence:POSITION` or `group:GROUP:POSITION`.
    pub figure: String,
    /// The cause whose score it moves.
    pub cause: String,
    /// What it is about, in words.
    pub subject: String,
    /// Its citations.
    pub citations: Vec<String>,
    /// How far it is to be trusted.
    pub tag: Tag,
    /// What its spread is known from.
    pub basis: Basis,
    /// Its weight, and the ends of its 95 % interval, in nanodecibans.
    pub weight: i64,
    /// The lower and the upper end of its 95 % interval.
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

fn pair((low, high): (Probability, Probability)) -> [f64; 2] {
    [low.get(), high.get()]
}

impl Uncertainty<'_> {
    /// All there is to say about how sure the ranking is.
    pub fn report(&self, draws: &Draws) -> Report {
        let (assessment, simulation) = (self.assessment(), self.simulate(draws));
        let model = assessment.model();
        let comparator = assessment.comparator();
        let fit = self.fit();
        let of_cause = |cause: CauseUncertainty<'_>| {
            let candidate = cause.candidate();
            let id = candidate.id().as_str();
            let bars = [candidate.held_by(), candidate.capped_by(), candidate.excluded_by()];
            CauseReport {
                cause: id.to_owned(),
                title: candidate.title().to_owned(),
                rank: candidate.rank(),
                posterior: candidate.posterior().map(Probability::get),
                interval: cause.interval().map(pair),
                interval_drawn: simulation.interval(id).map(pair),
                posterior_ungated: candidate.posterior_ungated().get(),
                interval_ungated: pair(cause.interval_ungated()),
                score: candidate.score().nanodecibans(),
                sd: cause.sd(),
                first: simulation.first(id).unwrap_or_default(),
                first_two: simulation.within(id, 2).unwrap_or_default(),
                gates: bars.into_iter().flatten().map(|bar| bar.gate.title().to_owned()).collect(),
            }
        };
        Report {
            knowledge_base: model.knowledge_base().title().to_owned(),
            meaning_hash: model.meaning_hash().to_owned(),
            case_hash: assessment.case().hash(),
            setting: assessment.setting().id().to_string(),
            setting_title: assessment.setting().title().to_owned(),
            link: assessment.link(),
            draws: draws.count(),
            seed: draws.seed(),
            causes: self.causes().map(of_cause).collect(),
            comparator: ComparatorReport {
                title: comparator.title().to_owned(),
                posterior: comparator.posterior().get(),
                posterior_ungated: comparator.posterior_ungated().get(),
                interval: self.comparator().map(pair),
            },
            is_stable: self.stability().is_stable(),
            figures: self.sensitivity().swings().iter().map(FigureReport::of).collect(),
            declared: self.figures().iter().filter(|figure| figure.spread().basis == Basis::Declared).count(),
            conflict: fit.conflict(),
            fit: fit.sentence(),
            notice: assessment.notice().to_owned(),
        }
    }
}

impl FigureReport {
    fn of(swing: &Swing<'_>) -> Self {
        let (used, flip) = (swing.figure(), swing.flip());
        let (figure, spread) = (used.figure(), used.spread());
        let provenance = figure.provenance();
        Self {
            figure: figure.key(),
            cause: figure.cause().to_string(),
            subject: used.subject(),
            citations: provenance.source.clone(),
            tag: provenance.tag,
            basis: spread.basis,
            weight: figure.weight().nanodecibans(),
            interval: [spread.low.nanodecibans(), spread.high.nanodecibans()],
            lead: [swing.at_low().nanodecibans(), swing.at_high().nanodecibans()],
            flip: flip.map(|flip| flip.weight().nanodecibans()),
            first_then: flip.map(|flip| flip.first().to_string()),
            decides: flip.is_some_and(crate::Flip::is_inside),
        }
    }

    /// Its weight, as it prints.
    pub(crate) fn shown(units: i64) -> LogOdds {
        LogOdds::from_nanodecibans(units)
    }
}
