//! What a caller can ask the pieces of a knowledge base.

use super::{Answer, Cause, Derived, Flag, Gate, GateRule, Group, Indicator, Invariant, Setting, Source};
use crate::belief::{LogOdds, Probability, Weight};
use crate::document::{AnswerValue, AskedBy, Claim, Codes, GateMode, IndicatorKind, Level, Note};
use crate::id::{CauseId, FlagId, GateId, GroupId, IndicatorId, InvariantId, SettingId, SourceId};

impl Setting {
    /// Its identifier.
    pub fn id(&self) -> &SettingId {
        &self.id
    }

    /// Its title.
    pub fn title(&self) -> &str {
        &self.title
    }

    /// The comparator's prior: what the named causes leave over.
    pub fn comparator_prior(&self) -> Probability {
        self.comparator_prior
    }
}

impl Source {
    /// Its key.
    pub fn id(&self) -> &SourceId {
        &self.id
    }

    /// The reference, readable by a person.
    pub fn text(&self) -> &str {
        &self.written.text
    }

    /// Its `PubMed` identifier.
    pub fn pmid(&self) -> Option<&str> {
        self.written.pmid.as_deref()
    }

    /// Its digital object identifier.
    pub fn doi(&self) -> Option<&str> {
        self.written.doi.as_deref()
    }

    /// Its address.
    pub fn url(&self) -> Option<&str> {
        self.written.url.as_deref()
    }
}

impl Cause {
    /// Its identifier.
    pub fn id(&self) -> &CauseId {
        &self.id
    }

    /// Its title.
    pub fn title(&self) -> &str {
        &self.written.title
    }

    /// Its short form where it has one, else its title.
    pub fn label(&self) -> &str {
        self.written.label.as_deref().unwrap_or(&self.written.title)
    }

    /// Remarks, each with its source.
    pub fn notes(&self) -> &[Note] {
        &self.written.notes
    }

    /// What a person with this cause may do, each with its source.
    pub fn guidance(&self) -> &[Note] {
        &self.written.guidance
    }

    /// Codes of other vocabularies, by vocabulary.
    pub fn codes(&self) -> &Codes {
        &self.written.codes
    }
}

impl Indicator {
    /// Its identifier.
    pub fn id(&self) -> &IndicatorId {
        &self.id
    }

    /// Its title.
    pub fn title(&self) -> &str {
        &self.written.title
    }

    /// How it is asked, if the knowledge base says.
    pub fn question(&self) -> Option<&str> {
        self.written.question.as_deref()
    }

    /// What helps to answer.
    pub fn help(&self) -> Option<&str> {
        self.written.help.as_deref()
    }

    /// Its kind.
    pub fn kind(&self) -> IndicatorKind {
        self.written.kind
    }

    /// Its unit, for numbers.
    pub fn unit(&self) -> Option<&str> {
        self.written.unit.as_deref()
    }

    /// Where its bins begin, for numbers.
    pub fn cut_points(&self) -> &[f64] {
        &self.written.cut_points
    }

    /// Its answers: `absent` and `present`, named ones, or bins from low to high.
    pub fn answers(&self) -> &[Answer] {
        &self.answers
    }

    /// A value that a case takes for an answer: for a bin, a number in it. None where the indicator has no such answer.
    ///
    /// ```
    /// # let kb = aetia::Document::from_toml(include_str!("../../docs/tiny.toml"))?.validate()?;
    /// use aetia::AnswerValue;
    /// let age = kb.indicator("age_at_onset").and_then(|indicator| indicator.example(">=40"));
    /// assert_eq!(age, Some(AnswerValue::Number(40.0)));
    /// # Ok::<(), aetia::Error>(())
    /// ```
    pub fn example(&self, key: &str) -> Option<AnswerValue> {
        self.answers.iter().position(|answer| answer.key == key).map(|at| self.example_at(at))
    }

    /// The same for the answer at a position.
    pub(crate) fn example_at(&self, at: usize) -> AnswerValue {
        match self.kind() {
            IndicatorKind::Boolean => AnswerValue::Boolean(at == 1),
            IndicatorKind::Categorical | IndicatorKind::Ordinal => {
                AnswerValue::Named(self.answers.get(at).map_or_else(String::new, |answer| answer.key.clone()))
            }
            IndicatorKind::Numeric => {
                let cuts = self.cut_points();
                let below = || cuts.first().map_or(0.0, |first| first - first.abs().max(1.0));
                let number = at.checked_sub(1).and_then(|at| cuts.get(at)).copied().unwrap_or_else(below);
                AnswerValue::Number(number)
            }
        }
    }

    /// What asking costs, in the author's unit.
    pub fn cost(&self) -> f64 {
        self.written.cost
    }

    /// Who can find it out.
    pub fn asked_by(&self) -> AskedBy {
        self.written.asked_by
    }

    /// Remarks, each with its source.
    pub fn notes(&self) -> &[Note] {
        &self.written.notes
    }

    /// Codes of other vocabularies, by vocabulary.
    pub fn codes(&self) -> &Codes {
        &self.written.codes
    }

    /// The position of the bin a finite number falls into: a value at a cut-point belongs to the bin above.
    pub(crate) fn bin(&self, number: f64) -> usize {
        self.written.cut_points.iter().take_while(|cut| number >= **cut).count()
    }
}

impl Answer {
    /// Its key: `absent`, `present`, the slug of a named answer, or a bin such as `40..45`.
    pub fn key(&self) -> &str {
        &self.key
    }

    /// How it reads to a person.
    pub fn title(&self) -> &str {
        &self.title
    }
}

impl Derived {
    /// Its identifier.
    pub fn id(&self) -> &IndicatorId {
        &self.id
    }

    /// Its title.
    pub fn title(&self) -> &str {
        &self.title
    }
}

impl Group {
    /// Its identifier; none for a lone indicator.
    pub fn id(&self) -> Option<&GroupId> {
        self.id.as_ref()
    }

    /// Its title; a lone indicator's own.
    pub fn title(&self) -> &str {
        &self.title
    }

    /// What these weights of members weigh in the group, for a cause that discounts: weights of one sign are sorted by
    /// size and count by their rank; equal ones in the order given, which is that of the members' identifiers.
    ///
    /// # Formula
    /// ```text
    /// part_r = round(gamma^(r-1) * w_(r)),  |w_(1)| >= |w_(2)| >= ... within one sign
    /// ```
    pub fn discounted(&self, weights: &[Weight]) -> Vec<Weight> {
        let mut parts: Vec<(usize, Weight)> = weights.iter().copied().enumerate().collect();
        self.discount(&mut parts, |part| part.1, |part, weight| part.1 = weight);
        parts.sort_by_key(|part| part.0);
        parts.into_iter().map(|part| part.1).collect()
    }

    /// How many joint states it has, unknown counted as an answer.
    pub fn states(&self) -> usize {
        self.shape.states()
    }
}

impl Gate {
    /// Its identifier.
    pub fn id(&self) -> &GateId {
        &self.id
    }

    /// Its title.
    pub fn title(&self) -> &str {
        &self.written.title
    }

    /// Its condition, as written.
    pub fn condition(&self) -> &str {
        &self.written.condition
    }

    /// Why there is such a gate.
    pub fn reason(&self) -> &str {
        &self.written.reason
    }

    /// Its citations.
    pub fn citations(&self) -> &[String] {
        &self.written.source
    }

    /// The highest score a `caps` gate leaves its cause; none for other kinds.
    pub fn level(&self) -> Option<LogOdds> {
        match self.rule {
            GateRule::Caps(level) => Some(level),
            GateRule::Requires(_) | GateRule::Excludes => None,
        }
    }

    /// What a `requires` gate does while its condition is undetermined.
    pub fn mode(&self) -> Option<GateMode> {
        match self.rule {
            GateRule::Requires(mode) => Some(mode),
            GateRule::Caps(_) | GateRule::Excludes => None,
        }
    }
}

impl Flag {
    /// Its identifier.
    pub fn id(&self) -> &FlagId {
        &self.id
    }

    /// How soon it wants attention.
    pub fn level(&self) -> Level {
        self.written.level
    }

    /// Its title.
    pub fn title(&self) -> &str {
        &self.written.title
    }

    /// What to do when it is raised.
    pub fn action(&self) -> &str {
        &self.written.action
    }

    /// Its condition, as written.
    pub fn condition(&self) -> &str {
        &self.written.condition
    }

    /// Its citations.
    pub fn citations(&self) -> &[String] {
        &self.written.source
    }
}

impl Invariant {
    /// Its identifier.
    pub fn id(&self) -> &InvariantId {
        &self.id
    }

    /// The rule.
    pub fn claim(&self) -> &Claim {
        &self.claim
    }

    /// Why it must hold.
    pub fn reason(&self) -> &str {
        &self.reason
    }
}
