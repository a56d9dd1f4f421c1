//! How sure the ranking is: intervals, how often the first cause is first, and the figures it rests on.
#![expect(clippy::print_stdout, reason = "an example shows its result")]

use std::error::Error;

use aetia_stats::{Draws, Uncertainty};

fn main() -> Result<(), Box<dyn Error>> {
    let model = aetia_kb::load("morning_back_pain")?;

    // The case of `quickstart`. Nobody has asked about the nights.
    let builder = model
        .case()
        .number("age_now", 38.0)?
        .number("age_at_onset", 37.0)?
        .present("male")?
        .answer("pain_pattern", "most_days")?
        .number("morning_stiffness", 45.0)?
        .present("improves_with_exercise_not_rest")?
        .present("alternating_buttock_pain")?
        .present("nsaid_response")?
        .present("hla_b27")?
        .absent("trigger_points")?
        .absent("saddle_numbness")?;
    let assessment = model.assess(&builder.clone().build()?);

    // Everything at once, as a person reads it: the usual record, with intervals and chances in it.
    let record = Uncertainty::of(&assessment).record(&Draws::default());
    println!("{record}");
    println!("{}", record.cause(assessment.first().id().as_str())?.explanation_text());

    // The same after the answer that opens the gate, one question at a time.
    let assessment = model.assess(&builder.present("night_pain")?.build()?);
    let uncertainty = Uncertainty::of(&assessment);
    let (first, second) = (assessment.first(), assessment.ranking().nth(1).ok_or("one cause only")?);
    println!("With night pain:");
    if let Some((low, high)) = uncertainty.cause(first.id().as_str())?.interval() {
        println!("  {}: {low} to {high}", first.title());
    }
    let above = uncertainty.above(first.id().as_str(), second.id().as_str())?;
    println!("  above {}: {:.1} %", second.title(), 100.0 * above);
    let simulation = uncertainty.simulate(&Draws::new(4_000, 1)?);
    println!(
        "  first in {:.1} % of 4,000 draws",
        100.0 * simulation.first(first.id().as_str()).unwrap_or_default()
    );
    println!("  stays first wherever the figures lie: {}", uncertainty.stability().is_stable());

    println!(
        "\nIts lead over the second where one figure is at an end of its interval, and where the lead is gone:"
    );
    for swing in uncertainty.sensitivity().swings().iter().take(6) {
        let used = swing.figure();
        let (cause, key) =
            (assessment.cause(used.figure().cause().as_str())?.cause().label(), used.figure().key());
        let flip = swing.flip().map_or_else(|| "never".to_owned(), |flip| flip.weight().to_string());
        println!("  {:>9} to {:>9}  gone at {flip:>9}  {cause}: {key}", swing.at_low(), swing.at_high());
    }
    Ok(())
}
