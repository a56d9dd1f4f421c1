//! What good questions are worth: simulated patients, five questions each, by expected information and in declared order.
//!
//! Patients are drawn from the knowledge base itself: a cause by the priors, then the answers one after another from
//! what the knowledge base says about people with that cause. So the figures say how well questions are chosen, and
//! nothing about real people. `-- 4000` takes 4,000 patients instead of 100.
#![expect(clippy::print_stdout, reason = "an example shows what it does")]

use std::error::Error;

use aetia::{AnswerValue, Ask, Assessment, Case, GatesFirst, IndicatorKind, Model, Outlook, Who};

/// How many patients unless an argument says otherwise.
const PATIENTS: u32 = 100;
const QUESTIONS: usize = 5;

/// `SplitMix64`: the same patients everywhere.
struct Random(u64);

impl Random {
    fn unit(&mut self) -> f64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        let high = u32::try_from((mixed ^ (mixed >> 31)) >> 32).unwrap_or_default();
        f64::from(high) / (f64::from(u32::MAX) + 1.0)
    }

    /// One of several things, by their probabilities.
    fn pick<T>(&mut self, ways: impl IntoIterator<Item = (T, f64)>) -> Option<T> {
        let mut left = self.unit();
        let mut last = None;
        for (way, share) in ways {
            left -= share;
            last = Some(way);
            if left < 0.0 {
                break;
            }
        }
        last
    }
}

type Sheet = Vec<(String, AnswerValue)>;

/// The answers somebody with a cause would give, each in the light of those before.
fn patient(
    model: &Model,
    cause: &str,
    order: &[String],
    random: &mut Random,
) -> Result<Sheet, Box<dyn Error>> {
    let mut sheet = Sheet::new();
    for indicator in order {
        let assessment = model.assess(&case(model, &sheet)?);
        let Some(forecast) = assessment.forecast(indicator)? else { continue };
        let ways = forecast.outlooks().iter().filter_map(|outlook| Some((outlook, outlook.under(cause)?)));
        if let Some(outlook) = random.pick(ways) {
            sheet.push((indicator.clone(), value(model, indicator, outlook)));
        }
    }
    Ok(sheet)
}

/// An answer as a case takes it; for a bin, a number in it.
fn value(model: &Model, indicator: &str, outlook: &Outlook) -> AnswerValue {
    let key = outlook.answer().key();
    let declared = model.knowledge_base().indicator(indicator);
    match declared.map(aetia::Indicator::kind) {
        Some(IndicatorKind::Boolean) => AnswerValue::Boolean(key == "present"),
        Some(IndicatorKind::Numeric) => {
            let from = key.trim_start_matches(">=").split("..").next().and_then(|low| low.parse().ok());
            AnswerValue::Number(from.unwrap_or(0.0))
        }
        Some(IndicatorKind::Categorical | IndicatorKind::Ordinal) | None => {
            AnswerValue::Named(key.to_owned())
        }
    }
}

fn case(model: &Model, sheet: &[(String, AnswerValue)]) -> Result<Case, Box<dyn Error>> {
    let add = |builder: aetia::CaseBuilder, (id, value): &(String, AnswerValue)| builder.finding(id, value);
    Ok(sheet.iter().try_fold(model.case(), add)?.build()?)
}

/// The cause with the largest probability by evidence alone, the comparator among them.
fn likeliest(assessment: &Assessment) -> String {
    let named = assessment.ranking().map(|it| (it.id().to_string(), it.posterior_ungated().get()));
    let comparator = assessment.comparator();
    let other = (comparator.id().to_string(), comparator.posterior_ungated().get());
    named.fold(other, |best, it| if it.1 > best.1 { it } else { best }).0
}

/// The named cause that stands highest by evidence alone.
fn first(assessment: &Assessment) -> String {
    let first = assessment.ranking().find(|candidate| candidate.rank_ungated() == 1);
    first.map_or_else(String::new, |candidate| candidate.id().to_string())
}

fn main() -> Result<(), Box<dyn Error>> {
    let patients = std::env::args().nth(1).map_or(Ok(PATIENTS), |number| number.parse())?;
    let model = aetia_kb::load("morning_back_pain")?;
    let embedded = aetia_kb::embedded("morning_back_pain")?;
    // The order in which an author wrote the questions down; a knowledge base itself has none.
    let headings =
        embedded.document().lines().filter_map(|line| line.strip_prefix("[indicators.")?.strip_suffix(']'));
    let declared: Vec<String> = headings.map(str::to_owned).collect();
    // Red flags and gates are asked for safety, not for information.
    let ask = Ask { who: Who::Oneself, flags_first: None, gates: GatesFirst::No, ..Ask::default() };
    let empty = model.assess(&model.case().build()?);
    let useful = empty.next_questions(usize::MAX, &ask);
    let predictable = useful.iter().filter(|question| question.information().is_some_and(|bits| bits > 0.0));
    let predictable: Vec<String> =
        predictable.map(|question| question.indicator().id().to_string()).collect();
    let in_order: Vec<String> = declared.iter().filter(|id| predictable.contains(id)).cloned().collect();
    println!("{} of {} questions can be predicted for a person alone.", in_order.len(), declared.len());

    let mut random = Random(6);
    let causes: Vec<(String, f64)> = empty
        .ranking()
        .map(|it| (it.id().to_string(), it.prior().get()))
        .chain([(empty.comparator().id().to_string(), empty.comparator().prior().get())])
        .collect();
    let (mut all, mut named) = ([0_u32; 4], [0_u32; 4]);
    let mut with_cause = 0;
    for _ in 0..patients {
        let cause = random.pick(causes.iter().map(|(id, share)| (id.clone(), *share))).ok_or("a cause")?;
        let sheet = patient(&model, &cause, &in_order, &mut random)?;
        let answer = |id: &str| sheet.iter().find(|(other, _)| other == id).cloned();

        let mut best = Sheet::new();
        while best.len() < QUESTIONS {
            let assessment = model.assess(&case(&model, &best)?);
            let questions = assessment.next_questions(usize::MAX, &ask);
            let Some(next) = questions.iter().find_map(|it| answer(it.indicator().id().as_str())) else {
                break;
            };
            best.push(next);
        }
        let fixed: Sheet = sheet.iter().take(QUESTIONS).cloned().collect();
        let is_named = cause != empty.comparator().id().as_str();
        with_cause += u32::from(is_named);
        for (at, sheet) in [Sheet::new(), best, fixed, sheet.clone()].iter().enumerate() {
            let assessment = model.assess(&case(&model, sheet)?);
            if let (Some(all), Some(named)) = (all.get_mut(at), named.get_mut(at)) {
                *all += u32::from(likeliest(&assessment) == cause);
                *named += u32::from(is_named && first(&assessment) == cause);
            }
        }
    }
    let share = |count: u32, of: u32| f64::from(count) / f64::from(of);
    println!(
        "{patients} simulated patients, {with_cause} of them with a named cause. How often the true cause is found:"
    );
    println!();
    println!("{:<38} {:>14} {:>18}", "", "likeliest of all", "first of the named");
    let rows = ["no question", "five by expected information", "five in the order written", "all of them"];
    for ((row, all), named) in rows.iter().zip(all).zip(named) {
        println!("{row:<38} {:>16.2} {:>18.2}", share(all, patients), share(named, with_cause));
    }
    Ok(())
}
