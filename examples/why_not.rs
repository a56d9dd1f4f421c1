//! Why one cause and not another: what holds the cause that would be first, what would open it, and the rest in full.
#![expect(clippy::print_stdout, reason = "an example shows what it does")]

use std::error::Error;

use aetia::CaseBuilder;

fn main() -> Result<(), Box<dyn Error>> {
    let model = aetia_kb::load("morning_back_pain")?;
    // A strong inflammatory picture, but nobody has asked about the nights.
    let picture = || -> Result<CaseBuilder, Box<dyn Error>> {
        Ok(model
            .case()
            .number("age_at_onset", 28.0)?
            .number("morning_stiffness", 60.0)?
            .present("improves_with_exercise_not_rest")?
            .present("alternating_buttock_pain")?
            .present("hla_b27")?
            .present("uveitis")?)
    };

    let assessment = model.assess(&picture()?.build()?);
    let first = assessment.first();
    println!("{}", assessment.compare("inflammatory_back_pain", first.id().as_str())?);

    let held = assessment.cause("inflammatory_back_pain")?;
    for bar in held.held_by() {
        let questions: Vec<&str> = bar.because.iter().filter_map(|indicator| indicator.question()).collect();
        println!("The gate \"{}\" wants {}.", bar.gate.title(), bar.gate.condition());
        println!("Without it: rank {} at {}.", held.rank_ungated(), held.posterior_ungated());
        println!("To open it, ask: {}", questions.join(" "));
    }

    for (answer, case) in
        [("yes", picture()?.present("night_pain")?), ("no", picture()?.absent("night_pain")?)]
    {
        let assessment = model.assess(&case.build()?);
        let cause = assessment.cause("inflammatory_back_pain")?;
        let posterior = cause.posterior().ok_or("no gate of this cause excludes it")?;
        println!("  {answer}: rank {} at {posterior}.", cause.rank().unwrap_or_default());
    }
    Ok(())
}
