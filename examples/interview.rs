//! An interview: what to ask next and why, when to stop, and what would change the result. The answers are scripted.
#![expect(clippy::print_stdout, reason = "an example shows what it does")]

use std::error::Error;

use aetia::{AnswerValue, Ask, Budget, InterviewRecord, Reach, StopRule, Who};

fn main() -> Result<(), Box<dyn Error>> {
    let model = aetia_kb::load("morning_back_pain")?;
    // Somebody alone at home; flags are asked about only where they are emergencies.
    let ask = Ask { who: Who::Oneself, flags_first: Some(aetia::Level::Emergency), ..Ask::default() };
    let stop = StopRule {
        settled: Some(Reach::First),
        questions: Some(24),
        least_gain: Some(0.02),
        ..StopRule::default()
    };
    let mut interview = model.interview_with(&model.options(), ask, stop)?;

    let yes = AnswerValue::Boolean(true);
    let no = AnswerValue::Boolean(false);
    let named = |answer: &str| AnswerValue::Named(answer.to_owned());
    // What a letter of referral already says.
    let letter = [
        ("hla_b27", yes.clone()),
        ("age_at_onset", AnswerValue::Number(28.0)),
        ("age_now", AnswerValue::Number(33.0)),
        ("improves_with_exercise_not_rest", yes.clone()),
        ("alternating_buttock_pain", yes.clone()),
        ("buttock_pain", yes.clone()),
        ("uveitis", yes.clone()),
    ];
    for (indicator, answer) in &letter {
        interview.answer(indicator, answer)?;
    }
    let script = [
        ("night_pain", yes.clone()),
        ("morning_stiffness", AnswerValue::Number(60.0)),
        ("pain_extent", named("regional")),
        ("pain_pattern", named("constant")),
        ("nsaid_response", yes.clone()),
        ("lasts_3_months", yes),
        ("known_aaa", named("unknown")),
        ("new_incontinence", named("not_assessable")),
    ];
    while interview.stop_reason().is_none() {
        let Some(question) = interview.next() else { break };
        let indicator = question.indicator().id().to_string();
        let scripted = script.iter().find(|(id, _)| *id == indicator).map(|(_, answer)| answer);
        let answer = scripted.unwrap_or(&no);
        print!("{question}");
        println!("  > {}", shown(answer));
        interview.answer(&indicator, answer)?;
    }
    if let Some(reason) = interview.stop_reason() {
        println!();
        print!("{reason}");
    }
    let progress = interview.progress();
    println!(
        "Asked {}, answered {}, {} followed; {} questions are left, {} need somebody else.",
        progress.asked, progress.answered, progress.inferred, progress.left, progress.left_out
    );

    // It can be stored and taken up again.
    let stored = interview.record().to_json();
    let interview = model.resume(&InterviewRecord::from_json(&stored)?)?;

    let assessment = interview.assessment();
    println!();
    println!("{assessment}");
    let budget = Budget { nodes: 2_000, ..Budget::default() };
    println!("What would change it:");
    print!("{}", assessment.flip(&budget));
    println!();
    print!("{}", assessment.sufficient(&ask, &budget));
    println!();
    println!("Why not fibromyalgia?");
    print!("{}", assessment.why_not("fibromyalgia", &budget)?);
    Ok(())
}

fn shown(answer: &AnswerValue) -> String {
    match answer {
        AnswerValue::Boolean(true) => "yes".to_owned(),
        AnswerValue::Boolean(false) => "no".to_owned(),
        AnswerValue::Number(number) => number.to_string(),
        AnswerValue::Named(word) => word.clone(),
    }
}
