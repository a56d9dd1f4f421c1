//! The main job in one screen: a real-looking case, its ranking, and the reason for every deciban.
#![expect(clippy::print_stdout, reason = "an example shows its result")]

use std::error::Error;

fn main() -> Result<(), Box<dyn Error>> {
    let model = aetia_kb::load("morning_back_pain")?;

    // A man of 38 with nine months of back pain in the morning. Nobody has asked about the nights.
    let case = model
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
        .absent("saddle_numbness")?
        .build()?;

    let assessment = model.assess(&case);
    println!("{assessment}");
    println!("{}", assessment.cause("inflammatory_back_pain")?.explanation());
    Ok(())
}
