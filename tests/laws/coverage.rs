//! Law 37, the heart of it: in worlds whose truth is known, 95 % intervals hold the truth 95 times in a hundred.

use aetia::{Assessment, Candidate, Link, Probability};
use aetia_stats::{Draws, Uncertainty};
use aetia_tests::engine::{assess, cases, model, options};
use aetia_tests::sketch::HERE;
use aetia_tests::truth::{World, world};

/// How many worlds: 2,000 for the hundred cases of `make test`, and never fewer.
fn worlds() -> u32 {
    (20 * cases().cases).max(2_000)
}

fn assessed(world: &World, link: Link) -> Assessment {
    assess(&model(&world.document), &world.findings, &options(HERE, link))
}

/// The true probability of a cause.
fn truth(world: &World, cause: &str, link: Link) -> f64 {
    let odds = libm::exp(world.truth[cause]);
    match link {
        Link::Independent => odds / (1.0 + odds),
        Link::Exclusive => odds / (1.0 + world.truth.values().map(|odds| libm::exp(*odds)).sum::<f64>()),
    }
}

/// How often intervals hold the truth, and of how many, over all causes of all worlds.
fn coverage(
    link: Link,
    worlds: u32,
    interval: impl Fn(&Uncertainty<'_>, Candidate<'_>) -> (Probability, Probability),
) -> f64 {
    let (mut held, mut all) = (0_u32, 0_u32);
    for seed in 0..worlds {
        let world = world(u64::from(seed));
        let assessment = assessed(&world, link);
        let uncertainty = Uncertainty::of(&assessment);
        for candidate in assessment.ranking() {
            let (low, high) = interval(&uncertainty, candidate);
            let truth = truth(&world, candidate.id().as_str(), link);
            held += u32::from(low.get() <= truth && truth <= high.get());
            all += 1;
        }
    }
    f64::from(held) / f64::from(all)
}

/// 93 to 97 %; fewer worlds than the full count are allowed four of their standard errors, causes of one world counted as one.
fn is_nominal(coverage: f64, worlds: u32) -> bool {
    let slack = 4.0 * (0.95 * 0.05 / f64::from(worlds)).sqrt();
    (coverage - 0.95).abs() <= slack.max(0.02)
}

/// Both links, closed forms.
#[test]
fn intervals_hold_the_truth_as_often_as_they_say() {
    for link in [Link::Independent, Link::Exclusive] {
        let found = coverage(link, worlds(), |uncertainty, candidate| {
            uncertainty.cause(candidate.id().as_str()).unwrap().interval().unwrap()
        });
        assert!(is_nominal(found, worlds()), "{link:?}: {found} of {} worlds", worlds());
    }
}

/// Monte Carlo, in a tenth of the worlds.
#[test]
fn drawn_intervals_hold_the_truth_as_often_as_they_say() {
    let (worlds, draws) = (worlds() / 10, Draws::new(800, 1).unwrap());
    let found = coverage(Link::Exclusive, worlds, |uncertainty, candidate| {
        uncertainty.simulate(&draws).interval(candidate.id().as_str()).unwrap()
    });
    assert!(is_nominal(found, worlds), "{found} of {worlds} worlds");
}

/// Without what two uses of one source have in common, intervals would be too narrow: what the simulation can tell apart.
#[test]
fn intervals_that_forget_the_source_hold_the_truth_too_rarely() {
    let worlds = worlds();
    let (mut held, mut all) = (0_u32, 0_u32);
    for seed in 0..worlds {
        let mut world = world(u64::from(seed));
        // Every row cites a source of its own, though the errors are shared.
        for (number, row) in world.document.evidence.iter_mut().enumerate() {
            let own = format!("alone_{number}");
            let source = world.document.sources["src"].clone();
            world.document.sources.insert(own.clone(), source);
            row.provenance.source = vec![own];
        }
        let assessment = assessed(&world, Link::Independent);
        let uncertainty = Uncertainty::of(&assessment);
        for candidate in assessment.ranking() {
            let id = candidate.id().as_str();
            let (low, high) = uncertainty.cause(id).unwrap().interval().unwrap();
            let truth = truth(&world, id, Link::Independent);
            held += u32::from(low.get() <= truth && truth <= high.get());
            all += 1;
        }
    }
    let found = f64::from(held) / f64::from(all);
    assert!(found < 0.93, "{found}: the simulation cannot see what it is for");
}
