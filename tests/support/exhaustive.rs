//! Small knowledge bases with every case they have: what a rule is worth is read off a list.

use std::collections::BTreeMap;

use aetia::{
    AnswerValue, Assessment, Case, CaseBuilder, Document, FlagState, IndicatorKind, Link, Model, Options,
    Scratch,
};

use crate::engine::options;
use crate::strategies::{Weighing, document_of};
use crate::synthetic::SplitMix;

/// What a case is like in a setting.
#[derive(Clone, Debug)]
pub struct Row {
    /// Causes in the ranking, by position in the byte order of identifiers.
    pub order: Vec<usize>,
    /// The scores after gates.
    pub scores: Vec<i64>,
    /// Whether each cause stands above the comparator.
    pub leads: Vec<bool>,
    /// The posterior by each link; 0 where excluded.
    pub posteriors: [Vec<f64>; 2],
}

/// A knowledge base with every case it has.
#[derive(Debug)]
pub struct World {
    /// The document.
    pub document: Document,
    /// The model.
    pub model: Model,
    /// Causes, indicators and their answers (unknown first), and flags, by identifier.
    pub causes: Vec<String>,
    /// Indicators with the keys of their answers, `unknown` first.
    pub indicators: Vec<(String, Vec<String>)>,
    /// The settings.
    pub settings: Vec<String>,
    /// Every sheet of answers; none where they contradict each other. The first indicator moves fastest.
    pub cases: Vec<Option<Case>>,
    /// For each case and setting what it is like.
    pub rows: Vec<Vec<Row>>,
    /// For each flag, what its condition comes to in each case.
    pub flags: BTreeMap<String, Vec<FlagState>>,
}

/// How many sheets of answers a document has, unknown counted as an answer.
pub fn sheets(document: &Document) -> usize {
    document.indicators.values().map(|it| crate::oracle::answers_of(it).len() + 1).product()
}

/// A random document with conditions `asked_0` to `asked_2` among its flags; none where it has too many sheets.
pub fn small_document(random: &mut SplitMix, most: usize) -> Option<Document> {
    let weighing = if random.below(4) == 0 { Weighing::Real } else { Weighing::Ties };
    let numbers = (0..900).map(|_| (random.unit() * 4_294_967_296.0) as u32).collect();
    let mut document = document_of(numbers, weighing);
    if sheets(&document) > most || document.causes.len() < 2 || document.indicators.is_empty() {
        return None;
    }
    for number in 0..3 {
        let condition = condition(random, &document, 2);
        document.flags.insert(format!("asked_{number}"), crate::sketch::flag(&condition));
    }
    Some(document)
}

/// A random condition.
pub fn condition(random: &mut SplitMix, document: &Document, depth: usize) -> String {
    let kind = if depth == 0 { 0 } else { random.below(8) };
    if kind < 4 {
        let at = random.below(document.indicators.len());
        let (id, indicator) = document.indicators.iter().nth(at).unwrap();
        return match indicator.kind {
            IndicatorKind::Boolean => format!("{}({id})", ["present", "absent"][random.below(2)]),
            IndicatorKind::Categorical | IndicatorKind::Ordinal => {
                format!("answer({id}) in [{}]", indicator.answers[random.below(indicator.answers.len())].id)
            }
            IndicatorKind::Numeric => {
                let cut = indicator.cut_points[random.below(indicator.cut_points.len())];
                format!("{id} {} {cut}", [">=", "<"][random.below(2)])
            }
        };
    }
    let mut part = || condition(random, document, depth - 1);
    match kind {
        4 => format!("not({})", part()),
        5 => format!("all({}, {})", part(), part()),
        6 => format!("any({}, {})", part(), part()),
        _ => format!("at_least(2, {}, {}, {})", part(), part(), part()),
    }
}

impl World {
    /// Assesses every case of a document.
    pub fn of(document: Document) -> Self {
        let model = crate::engine::model(&document);
        let kb = model.knowledge_base();
        let causes: Vec<String> = kb.causes().map(|cause| cause.id().to_string()).collect();
        let indicators: Vec<(String, Vec<String>)> = kb
            .indicators()
            .map(|indicator| {
                let keys = indicator.answers().iter().map(|answer| answer.key().to_owned());
                (indicator.id().to_string(), std::iter::once("unknown".to_owned()).chain(keys).collect())
            })
            .collect();
        let settings: Vec<String> = kb.settings().map(|setting| setting.id().to_string()).collect();
        let mut every = Vec::new();
        fill(&model, &indicators, indicators.len(), model.case(), &mut every);
        let mut scratch = Scratch::new();
        let mut world = Self {
            flags: document.flags.keys().map(|id| (id.clone(), Vec::new())).collect(),
            document,
            causes,
            indicators,
            settings,
            rows: Vec::new(),
            cases: Vec::new(),
            model: model.clone(),
        };
        for case in every {
            let mut rows = Vec::new();
            for (at, setting) in world.settings.iter().enumerate() {
                let Some(case) = &case else { continue };
                let mut row = |link| {
                    let assessed = model.assess_with(case, &options(setting, link), &mut scratch).unwrap();
                    if at == 0 && link == Link::Exclusive {
                        for report in assessed.flags() {
                            world.flags.get_mut(report.flag.id().as_str()).unwrap().push(report.state);
                        }
                    }
                    row_of(&world.causes, assessed)
                };
                let (exclusive, independent) = (row(Link::Exclusive), row(Link::Independent));
                let posteriors = [exclusive.posteriors[0].clone(), independent.posteriors[0].clone()];
                rows.push(Row { posteriors, ..exclusive });
            }
            if case.is_none() {
                world.flags.values_mut().for_each(|states| states.push(FlagState::NotAssessed));
            }
            world.rows.push(rows);
            world.cases.push(case);
        }
        world
    }

    /// Every case there is, with its number.
    pub fn numbers(&self) -> impl Iterator<Item = usize> + '_ {
        (0..self.cases.len()).filter(|number| self.cases[*number].is_some())
    }

    /// The position of a cause.
    pub fn cause(&self, id: &str) -> usize {
        self.causes.iter().position(|cause| cause == id).unwrap()
    }

    /// What numbers of sheets differ by where an indicator goes from one answer to the next.
    pub fn stride(&self, indicator: usize) -> usize {
        self.indicators[..indicator].iter().map(|(_, keys)| keys.len()).product()
    }

    /// The answer of an indicator in a sheet, as a position among its keys.
    pub fn answer(&self, number: usize, indicator: usize) -> usize {
        number / self.stride(indicator) % self.indicators[indicator].1.len()
    }

    /// The numbers of the sheets a case stands for: the one with the answers that were given, and the one on which what
    /// follows from them is given as well. They are assessed alike, and differ once an answer is changed.
    pub fn numbers_of(&self, case: &Case) -> [usize; 2] {
        [false, true].map(|follows| {
            let position = |(indicator, (id, keys)): (usize, &(String, Vec<String>))| {
                let at = match case.finding(id).unwrap() {
                    aetia::Finding::Answer { answer, inferred, .. } if follows || !inferred => {
                        keys.iter().position(|key| key == answer.key()).unwrap()
                    }
                    aetia::Finding::Answer { .. }
                    | aetia::Finding::Unknown
                    | aetia::Finding::NotAssessable => 0,
                };
                at * self.stride(indicator)
            };
            self.indicators.iter().enumerate().map(position).sum()
        })
    }
}

impl Row {
    /// The rank of a cause; none where it is excluded.
    pub fn rank(&self, cause: usize) -> Option<usize> {
        self.order.iter().position(|other| *other == cause)
    }

    /// Whether one cause is in the ranking and another is below it or not in it.
    pub fn above(&self, cause: usize, other: usize) -> bool {
        self.rank(cause).is_some_and(|rank| self.rank(other).is_none_or(|below| rank < below))
    }
}

fn row_of(causes: &[String], assessed: &Assessment) -> Row {
    let of = |cause: &String| assessed.cause(cause).unwrap();
    let at = |id: &str| causes.iter().position(|cause| cause == id).unwrap();
    let posterior = |cause: &String| of(cause).posterior().map_or(0.0, aetia::Probability::get);
    Row {
        order: assessed.ranking().map(|candidate| at(candidate.id().as_str())).collect(),
        scores: causes.iter().map(|cause| of(cause).score().nanodecibans()).collect(),
        leads: causes.iter().map(|cause| of(cause).leads()).collect(),
        posteriors: [causes.iter().map(posterior).collect(), Vec::new()],
    }
}

/// Every sheet over the first so many indicators.
fn fill(
    model: &Model,
    indicators: &[(String, Vec<String>)],
    left: usize,
    case: CaseBuilder,
    cases: &mut Vec<Option<Case>>,
) {
    let Some(at) = left.checked_sub(1) else {
        cases.push(case.build().ok());
        return;
    };
    let (id, keys) = &indicators[at];
    let indicator = model.knowledge_base().indicator(id).unwrap();
    for position in 0..keys.len() {
        let case = case.clone();
        let case = match position {
            0 => case,
            position => case.finding(id, &value(indicator, position - 1)).unwrap(),
        };
        fill(model, indicators, at, case, cases);
    }
}

/// A value that a case takes for the answer at a position.
pub fn value(indicator: &aetia::Indicator, position: usize) -> AnswerValue {
    match indicator.kind() {
        IndicatorKind::Boolean => AnswerValue::Boolean(position == 1),
        IndicatorKind::Categorical | IndicatorKind::Ordinal => {
            AnswerValue::Named(indicator.answers()[position].key().to_owned())
        }
        IndicatorKind::Numeric => {
            let cuts = indicator.cut_points();
            AnswerValue::Number(position.checked_sub(1).map_or(cuts[0] - 0.5, |at| cuts[at]))
        }
    }
}

/// A setting and a link.
pub fn reading(setting: &str, link: Link) -> Options {
    options(setting, link)
}
