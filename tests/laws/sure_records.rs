//! Laws of results that say how sure they are: stored, read back, printed and explained.

use aetia::Record;
use aetia_stats::Uncertainty;

use super::certainty::{draws, golden};

/// The record of a result takes intervals and chances in, reads back as it was, and prints within the page; without them it is
/// as it was.
#[test]
fn a_record_that_was_asked_says_how_sure_it_is() {
    for assessment in golden() {
        let uncertainty = Uncertainty::of(&assessment);
        let record = uncertainty.record(&draws(300, 3));
        let back = Record::from_json(&record.to_json()).unwrap();
        assert_eq!(back, record);
        let printed = back.to_string();
        assert!(printed.lines().all(|line| line.chars().count() <= 100), "{printed}");
        assert!(printed.contains("95 % interval") && printed.contains(&record.notice[..20]), "{printed}");
        let certainty = record.certainty.as_ref().unwrap();
        assert_eq!((certainty.draws, certainty.seed), (300, 3));
        assert_eq!(certainty.is_stable, uncertainty.stability().is_stable());
        let simulation = uncertainty.simulate(&draws(300, 3));
        let mut deciding = 0;
        for candidate in record.ranking.iter().chain(&record.excluded) {
            let (found, cause) =
                (candidate.certainty.as_ref().unwrap(), uncertainty.cause(&candidate.cause).unwrap());
            let pair = |(low, high): (aetia::Probability, aetia::Probability)| [low.get(), high.get()];
            assert_eq!(found.interval, cause.interval().map(pair));
            assert_eq!(Some(found.first), simulation.first(&candidate.cause));
            assert_eq!(Some(found.first_two), simulation.within(&candidate.cause, 2));
            let explained = candidate.explanation_text().to_string();
            assert!(explained.contains("% of the draws"), "{explained}");
            let own = found.figures.iter().filter(|figure| figure.decides).count();
            assert_eq!(
                own > 0 && candidate.rank == Some(1),
                explained.contains("this result rests on"),
                "{explained}"
            );
            deciding += own;
        }
        assert_eq!(deciding, uncertainty.sensitivity().deciding().count());
        assert_eq!(deciding > 0, printed.contains("This result rests on"), "{printed}");
        let swings: Vec<String> =
            uncertainty.sensitivity().swings().iter().map(|swing| swing.figure().figure().key()).collect();
        let mut told: Vec<String> =
            record.figures().iter().map(|(_, figure)| figure.figure.clone()).collect();
        assert_eq!(told.len(), swings.len());
        told.retain(|key| !swings.contains(key));
        assert!(told.is_empty(), "{told:?}");
        let plain = assessment.record();
        assert!(!plain.to_json().contains("certainty") && !plain.to_string().contains("95 %"));
    }
}

/// A stored record whose certainty contradicts it is refused, with the place.
#[test]
fn a_record_that_contradicts_its_certainty_is_refused() {
    let assessment = golden().remove(0);
    let record = Uncertainty::of(&assessment).record(&draws(100, 0));
    let refused = |place: &str, change: &dyn Fn(&mut Record)| {
        let mut changed = record.clone();
        change(&mut changed);
        let error = Record::from_json(&changed.to_json()).unwrap_err();
        assert_eq!(error.place(), Some(place), "{error}");
    };
    let of = |record: &mut Record| record.ranking[0].certainty.clone().unwrap();
    let first = |change: &dyn Fn(&mut aetia::CauseCertaintyRecord)| {
        let mut certainty = of(&mut record.clone());
        change(&mut certainty);
        move |record: &mut Record| record.ranking[0].certainty = Some(certainty.clone())
    };
    let at = "ranking[0].certainty";
    refused(&format!("{at}.interval"), &first(&|it| it.interval = Some([0.9, 0.95])));
    refused(&format!("{at}.interval"), &first(&|it| it.interval = None));
    refused(&format!("{at}.interval_ungated"), &first(&|it| it.interval_ungated = [0.0, 0.5]));
    refused(&format!("{at}.interval_drawn"), &first(&|it| it.interval_drawn = Some([0.5, 0.4])));
    refused(&format!("{at}.sd"), &first(&|it| it.sd = -1.0));
    refused(&format!("{at}.first"), &first(&|it| it.first_two = it.first - 0.01));
    refused("certainty", &first(&|it| it.first -= 0.01));
    refused(&format!("{at}.figures[0].interval"), &first(&|it| it.figures[0].interval = [1, 0]));
    refused(
        &format!("{at}.figures[0].first_then"),
        &first(&|it| it.figures[0].first_then = Some("zebra".into())),
    );
    refused(
        &format!("{at}.figures[0].decides"),
        &first(&|it| it.figures[0].decides = !it.figures[0].decides),
    );
    refused(at, &|record| record.ranking[0].certainty = None);
    refused(at, &|record| record.certainty = None);
    refused("certainty.draws", &|record| record.certainty.as_mut().unwrap().draws = 0);
    refused("certainty.comparator", &|record| {
        record.certainty.as_mut().unwrap().comparator = Some([0.001, 0.002])
    });
    let three = record.to_json().replacen("\"interval_ungated\":[", "\"interval_ungated\":[0.1,", 1);
    let error = Record::from_json(&three).unwrap_err();
    assert!(error.to_string().contains("found 3 items, expected 2"), "{error}");
}
