//! The figures a part of a score rests on: each is found, and moves its part as it says.

use aetia::{Contribution, ContributionKind, Document, Figure, FigureKind, Weight};
use aetia_tests::engine::{any_sample, assess, assess_sample, candidates, cases};
use aetia_tests::flagship::flagship;
use proptest::prelude::*;

/// How far a figure is moved: little, so that ranks inside a group stay.
const STEP: f64 = 1e-4;

/// The document with the ratio of one row a little larger, for one answer; none where the row has another form.
fn moved(document: &Document, position: usize, answer: &str) -> Option<Document> {
    let mut changed = document.clone();
    let row = &mut changed.evidence[position];
    row.interval.clear();
    row.trend = None;
    if let Some(pair) = &mut row.likelihood_ratio {
        let ratio = if answer == "present" { Some(&mut pair.present) } else { pair.absent.as_mut() };
        *ratio? *= 1.0 + STEP;
    } else if let Some(shares) = &mut row.probabilities {
        let present =
            shares.cause.get_mut("present").filter(|_| shares.comparator.contains_key("present"))?;
        // The other answer gives way.
        *present =
            if answer == "present" { *present * (1.0 + STEP) } else { 1.0 - (1.0 - *present) * (1.0 + STEP) };
    } else {
        *row.likelihood_ratios.get_mut(answer)? *= 1.0 + STEP;
    }
    Some(changed)
}

/// The engine, compiled with a figure a little larger, moves the score by the share the figure names.
#[test]
fn a_figure_moves_its_score_by_its_share() {
    let flagship = flagship();
    let options = flagship.model.options();
    let (mut rows, mut of_tables) = (0, 0);
    for case in flagship.cases.iter().step_by(4) {
        let assessment = assess(&flagship.model, &case.findings, &options);
        for candidate in candidates(&assessment) {
            let explanation = candidate.explanation();
            let figures: Vec<Figure<'_>> = explanation.iter().flat_map(Contribution::figures).collect();
            for figure in &figures {
                let FigureKind::Row { position, answer, .. } = figure.kind() else { continue };
                // Of two equal members the one that grows comes first, which is another rank.
                if figures.iter().filter(|other| other.weight() == figure.weight()).count() > 1 {
                    continue;
                }
                let Some(changed) = moved(&flagship.document, *position, answer.key()) else { continue };
                // Some rows are at their cap, or a pair would lie on one side of 1.
                let Ok(valid) = changed.validate() else { continue };
                let again = assess(&valid.compile(), &case.findings, &options);
                let id = candidate.id().as_str();
                let found = again.cause(id).unwrap().score_ungated() - candidate.score_ungated();
                let whole = 10.0 * libm::log10(1.0 + STEP);
                let expected = whole * Weight::from_nanodecibans(figure.share()).decibans();
                assert!(
                    (found.decibans() - expected).abs() < 2e-4 * whole,
                    "{}: {} {found:?}",
                    case.id,
                    figure.key()
                );
                rows += 1;
                of_tables += i32::from(figure.is_joint());
            }
        }
    }
    assert!(rows > 30 && of_tables > 3, "{rows} rows, {of_tables} of tables");
}

/// The figures of a part say no more and no less than its provenance, and each has a name of its own in a score.
fn check(figures: &[Figure<'_>], provenance: usize) -> Result<(), TestCaseError> {
    prop_assert!(figures.len() <= provenance);
    let mut keys: Vec<String> = figures.iter().map(Figure::key).collect();
    keys.sort();
    keys.dedup();
    prop_assert_eq!(keys.len(), figures.len());
    Ok(())
}

proptest! {
    #![proptest_config(cases())]

    /// A part of a lone figure that weighs is that figure's weight by its share; gates and silence rest on none.
    #[test]
    fn a_part_rests_on_the_figures_that_apply(sample in any_sample()) {
        let assessment = assess_sample(&sample);
        for candidate in candidates(&assessment) {
            for part in &candidate.explanation() {
                let figures = part.figures();
                check(&figures, part.provenance().len())?;
                prop_assert!(part.kind() != ContributionKind::Gate && !part.is_silent() || figures.is_empty());
                if let [figure] = figures.as_slice() {
                    prop_assert_eq!(figure.cause(), candidate.id());
                    prop_assert!(figure.is_joint() || figure.weight().scaled(figure.share()) == part.weight());
                } else if figures.is_empty() {
                    prop_assert!(part.kind() == ContributionKind::Gate || part.weight() == Weight::ZERO);
                }
            }
        }
    }
}
