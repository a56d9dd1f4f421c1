//! Red flags: raised, cleared or not assessed, whatever the ranking says, and each with the findings that decide it.
#![expect(clippy::print_stdout, reason = "an example shows what it does")]

use std::error::Error;

use aetia::{Assessment, FlagReport, FlagState};

fn main() -> Result<(), Box<dyn Error>> {
    let model = aetia_kb::load("morning_back_pain")?;

    println!("Red flags stand beside the ranking: they neither move it nor are moved by it.");

    // Most people with back pain have some warning sign, and most signs mean nothing alone.
    let case = model.case().present("night_pain")?;
    print("Night pain, and nothing else was asked:", &model.assess(&case.build()?));

    // A combination: weight loss counts with a second sign, which nobody has asked about yet.
    let case = model.case().present("unexplained_weight_loss")?.number("age_now", 44.0)?;
    let assessment = model.assess(&case.clone().build()?);
    print("Weight loss at 44:", &assessment);
    for report in assessment.flags().filter(|report| report.flag.id().as_str() == "malignancy") {
        println!("  {} is open; it depends on:", report.flag.id());
        println!("    {}", titles(&report));
    }
    let case = case.present("no_improvement_with_treatment")?.absent("fever")?;
    print("Weight loss at 44, no better after treatment, no fever:", &model.assess(&case.build()?));

    // A flag does not move the ranking, and no ranking silences a flag.
    let case = model.case().present("trigger_points")?.present("muscle_overuse")?;
    print(
        "Trigger points after overuse, no numbness in the saddle:",
        &model.assess(&case.clone().absent("saddle_numbness")?.build()?),
    );
    print("The same with numbness in the saddle:", &model.assess(&case.present("saddle_numbness")?.build()?));
    Ok(())
}

fn print(heading: &str, assessment: &Assessment) {
    println!("\n{heading}");
    let first = assessment.first();
    println!("  first: {} ({})", first.title(), first.score());
    let count = |state| assessment.flags().filter(|report| report.state == state).count();
    let (raised, cleared) = (count(FlagState::Raised), count(FlagState::Cleared));
    println!("  flags: {raised} raised, {cleared} cleared, {} not assessed", count(FlagState::NotAssessed));
    for report in assessment.flags() {
        match report.state {
            FlagState::Raised => {
                println!("  RAISED: {}", report.flag.title());
                println!("    because of: {}", titles(&report));
                println!("    {}", report.flag.action());
            }
            FlagState::Cleared => println!("  cleared: {} ({})", report.flag.title(), titles(&report)),
            FlagState::NotAssessed => {}
        }
    }
}

fn titles(report: &FlagReport<'_>) -> String {
    let titles: Vec<&str> = report.because.iter().map(|indicator| indicator.title()).collect();
    titles.join(", ").to_lowercase()
}
