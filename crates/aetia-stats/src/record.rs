//! How sure a ranking is, put into the record of its assessment.

use aetia::{Basis, CauseCertaintyRecord, CertaintyRecord, FigureRecord, Probability, Record};

use crate::sensitivity::{Flip, Sensitivity, Swing};
use crate::simulation::{Draws, Simulation};
use crate::uncertainty::{CauseUncertainty, Uncertainty};

impl Uncertainty<'_> {
    /// The record of the assessment, with all there is to say about how sure it is: intervals, chances, and the figures it rests
    /// on. It is printed, explained, stored and read back as any record.
    ///
    /// ```
    /// # use aetia::Document;
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// use aetia::Record;
    /// use aetia_stats::{Draws, Uncertainty};
    /// # let model = Document::from_toml(include_str!("../../aetia/docs/tiny.toml"))?.validate()?.compile();
    /// let assessment = model.assess(&model.case().present("raised_crp")?.build()?);
    /// let record = Uncertainty::of(&assessment).record(&Draws::default());
    /// assert!(record.to_string().contains("95 % interval"));
    /// assert_eq!(Record::from_json(&record.to_json())?, record);
    /// # Ok(())
    /// # }
    /// ```
    pub fn record(&self, draws: &Draws) -> Record {
        let (simulation, sensitivity, fit) = (self.simulate(draws), self.sensitivity(), self.fit());
        let mut record = self.assessment().record();
        let candidates = record.ranking.iter_mut().chain(&mut record.excluded);
        for (candidate, cause) in candidates.zip(self.causes()) {
            candidate.certainty = Some(of_cause(cause, &simulation, &sensitivity));
        }
        record.certainty = Some(CertaintyRecord {
            draws: draws.count(),
            seed: draws.seed(),
            comparator: self.comparator().map(pair),
            is_stable: self.stability().is_stable(),
            declared: self.figures().iter().filter(|figure| figure.spread().basis == Basis::Declared).count(),
            conflict: fit.conflict(),
            fit: fit.sentence(),
        });
        record
    }
}

fn of_cause(
    cause: CauseUncertainty<'_, '_>,
    simulation: &Simulation,
    sensitivity: &Sensitivity<'_>,
) -> CauseCertaintyRecord {
    let id = cause.candidate().id();
    let swings = sensitivity.swings().iter().filter(|swing| swing.figure().figure().cause() == id);
    CauseCertaintyRecord {
        interval: cause.interval().map(pair),
        interval_drawn: simulation.interval(id.as_str()).map(pair),
        interval_ungated: pair(cause.interval_ungated()),
        sd: cause.sd(),
        first: simulation.first(id.as_str()).unwrap_or_default(),
        first_two: simulation.within(id.as_str(), 2).unwrap_or_default(),
        figures: swings.map(of_figure).collect(),
    }
}

fn of_figure(swing: &Swing<'_>) -> FigureRecord {
    let (used, flip) = (swing.figure(), swing.flip());
    let (figure, spread) = (used.figure(), used.spread());
    let provenance = figure.provenance();
    FigureRecord {
        figure: figure.key(),
        subject: used.subject(),
        citations: provenance.source.clone(),
        tag: provenance.tag,
        basis: spread.basis,
        weight: figure.weight().nanodecibans(),
        interval: [spread.low.nanodecibans(), spread.high.nanodecibans()],
        lead: [swing.at_low().nanodecibans(), swing.at_high().nanodecibans()],
        flip: flip.map(|flip| flip.weight().nanodecibans()),
        first_then: flip.map(|flip| flip.first().to_string()),
        decides: flip.is_some_and(Flip::is_inside),
    }
}

fn pair((low, high): (Probability, Probability)) -> [f64; 2] {
    [low.get(), high.get()]
}
