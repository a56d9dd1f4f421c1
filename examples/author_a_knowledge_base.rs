//! A knowledge base from nothing: a first draft, all its problems at once, the mended text, and a ranking.
#![expect(clippy::print_stdout, reason = "an example shows what it does")]

use std::error::Error;

use aetia::Document;

/// Why a car does not start. Three things in it are wrong.
const DRAFT: &str = r#"
format_version = 1

[knowledge_base]
id = "car"
version = "0.1.0"
title = "Why the car does not start"
notice = "Guesses of one driver, to show the format; ask a garage."
default_setting = "winter"

[comparator]                    # every weight is against this
id = "something_else"
title = "Something else"

[settings.winter]
title = "A winter morning"

[causes.flat_battery]
title = "Flat battery"
prior.winter = { value = 0.40, uncited = "a guess", tag = "assumption" }

[causes.empty_tank]
title = "Empty tank"
prior.winter = { value = 0.10, uncited = "a guess", tag = "assumption" }

[causes.worn_starter]
title = "Worn starter motor"
prior.winter = { value = 0.15, uncited = "a guess", tag = "assumption" }

[indicators.dim_lights]
title = "Dim lights"
kind = "boolean"

[indicators.engine_turns]
title = "The engine turns over"
kind = "boolean"

[indicators.single_click]
title = "A single click"
kind = "boolean"

[indicators.fuel_gauge]
title = "Fuel gauge"
kind = "ordinal"
answers = [{ id = "red", title = "in the red" }, { id = "above", title = "above it" }]

[indicators.frost]
title = "Temperature at dawn"
kind = "numeric"
unit = "°C"
cut_points = [-10, 0]

[[evidence]]
cause = "flat_batery"
indicator = "dim_lights"
likelihood_ratio = { present = 4.0, absent = 0.3 }
interval = { present = [2.0, 8.0], absent = [0.1, 0.6] }
uncited = "a guess"
tag = "assumption"

[[evidence]]
cause = "flat_battery"
indicator = "frost"
likelihood_ratios = { "<-10" = 3.0, "-10..0" = 1.5, ">=0" = 0.5 }
interval = { "<-10" = [1.5, 6.0], "-10..0" = [1.0, 2.0], ">=0" = [0.3, 0.8] }
uncited = "a guess"
tag = "assumption"

[[evidence]]
cause = "worn_starter"
indicator = "single_click"
likelihood_ratio = { present = 4.0 }
interval = { present = [2.0, 8.0], absent = [0.3, 0.8] }
uncited = "a guess"
tag = "assumption"

[[evidence]]
cause = "empty_tank"
indicator = "fuel_gauge"
likelihood_ratios = { red = 4.0, above = 0.25 }
interval = { red = [2.0, 8.0], above = [0.1, 0.5] }
uncited = "a guess"
tag = "assumption"

[[evidence]]
cause = "empty_tank"
indicator = "engine_turns"
accuracy = { sensitivity = 0.8, specificity = 0.7 }
interval = { present = [1.5, 4.5], absent = [0.1, 0.6] }
uncited = "a guess"
tag = "assumption"

[gates.silent_engine]           # one that turns over has power and a starter
title = "The engine is silent"
kind = "excludes"
cause = "worn_starter"
condition = "present(engine_turns) and present(dim_lights)"
reason = "a worn starter does not turn the engine"
uncited = "a guess"
"#;

fn main() -> Result<(), Box<dyn Error>> {
    println!("The draft has these problems:\n");
    if let Err(invalid) = Document::from_toml(DRAFT)?.validate() {
        for problem in invalid.problems() {
            let (line, _) = problem.line_and_column().unwrap_or_default();
            println!("line {line:<4} {}", problem.message());
            if let Some(help) = problem.help_text() {
                println!("          {help}");
            }
        }
    }

    let mended = DRAFT
        .replace("flat_batery", "flat_battery")
        .replace("{ present = 4.0 }", "{ present = 4.0, absent = 0.5 }")
        .replace("present(engine_turns) and present(dim_lights)", "present(engine_turns)");
    let model = Document::from_toml(&mended)?.validate()?.compile();

    let case = model
        .case()
        .present("dim_lights")?
        .absent("single_click")?
        .answer("fuel_gauge", "above")?
        .number("frost", -12.0)?
        .build()?;
    println!("\nMended, it ranks the causes:\n\n{}", model.assess(&case));
    Ok(())
}
