//! Why a cause has its score, and why one cause stands above another: the parts of the sum itself.

use crate::assessment::{Assessment, Candidate};
use crate::belief::{LogOdds, Weight};
use crate::case::{Finding, UnknownName};
use crate::document::{Provenance, Tag};
use crate::index::{GroupIx, IndicatorIx};
use crate::knowledge::{Gate, GateRule, Group, Indicator, Knowledge};
use crate::model::Part;

/// The parts of a candidate's score, prior first, gates last.
///
/// Their weights sum to the score exactly, the prior counted from even odds:
/// `explanation.total() == candidate.score() - LogOdds::EVEN`. Prints as a table.
#[derive(Clone, Debug)]
pub struct Explanation<'a> {
    candidate: Candidate<'a>,
    parts: Vec<Contribution<'a>>,
}

/// One part of a score.
#[derive(Clone, Debug)]
pub struct Contribution<'a> {
    assessment: &'a Assessment,
    weight: Weight,
    origin: Origin<'a>,
}

/// Where a part comes from.
#[derive(Clone, Debug)]
enum Origin<'a> {
    Prior(&'a Provenance),
    Evidence {
        group: &'a Group,
        members: Vec<IndicatorIx>,
        sources: Vec<&'a Provenance>,
        reason: Option<&'a str>,
    },
    Gate(Vec<&'a Gate>),
}

/// The kinds of part.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ContributionKind {
    /// The pretest log-odds against the comparator.
    Prior,
    /// What a finding, or a group of findings, weighs.
    Evidence,
    /// What a gate took away.
    Gate,
}

/// Why a finding that is known weighs nothing.
const SILENT: &str = "nothing is stated for this cause; as in the comparator";

impl<'a> Candidate<'a> {
    /// Why the cause has its score: parts that sum to it exactly.
    pub fn explanation(self) -> Explanation<'a> {
        Explanation::of(self)
    }
}

impl Assessment {
    /// Why one cause and not another: the exact difference of their scores, part by part.
    ///
    /// # Errors
    /// [`UnknownName`] where the knowledge base has no such cause.
    pub fn compare(&self, one: &str, other: &str) -> Result<Comparison<'_>, UnknownName> {
        Ok(Comparison::of(self.cause(one)?, self.cause(other)?))
    }
}

impl<'a> Explanation<'a> {
    fn of(candidate: Candidate<'a>) -> Self {
        let assessment = candidate.assessment;
        let model = assessment.model();
        let kb = &*model.inner.kb.inner;
        let setting = assessment.setting();
        let (_, prior) = setting.priors[candidate.cause];
        let mut parts = Vec::with_capacity(assessment.case().active().len() + 2);
        let mut push = |weight, origin| parts.push(Contribution { assessment, weight, origin });
        if let Some(written) = candidate.cause().written.prior.get(setting.id().as_str()) {
            push(prior - LogOdds::EVEN, Origin::Prior(&written.provenance));
        }
        for (ix, state) in assessment.case().active() {
            let group = &kb.groups[*ix];
            let codes: Vec<_> = group.members.iter().map(|member| assessment.case().code(*member)).collect();
            let entry = model
                .inner
                .table(assessment.setting_ix(), *ix)
                .and_then(|table| table.entry(*state, candidate.cause));
            let said = entry.map_or_else(Vec::new, |(weight, voice)| voice.parts(kb, group, &codes, weight));
            for part in &said {
                push(part.weight, evidence(kb, candidate, group, part, assessment));
            }
            let known = codes.iter().enumerate().filter(|(_, code)| **code != crate::knowledge::UNKNOWN);
            for (seat, _) in known.filter(|(seat, _)| !said.iter().any(|part| part.seats.contains(seat))) {
                let members = group.members.get(seat).copied().into_iter().collect();
                push(
                    Weight::ZERO,
                    Origin::Evidence { group, members, sources: Vec::new(), reason: Some(SILENT) },
                );
            }
        }
        let standing = assessment.standing(candidate.cause);
        let capped = standing.capped - standing.raw;
        if capped != Weight::ZERO {
            let level = |gate: &Gate| matches!(gate.rule, GateRule::Caps(level) if level == standing.capped);
            let gates = candidate
                .capped_by()
                .into_iter()
                .map(|bar| bar.gate)
                .filter(|gate| level(gate))
                .take(1)
                .collect();
            push(capped, Origin::Gate(gates));
        }
        let held = standing.score - standing.capped;
        if held != Weight::ZERO {
            push(held, Origin::Gate(candidate.held_by().into_iter().map(|bar| bar.gate).collect()));
        }
        Self { candidate, parts }
    }

    /// The candidate it explains.
    pub fn candidate(&self) -> Candidate<'a> {
        self.candidate
    }

    /// The parts: the prior, then evidence in the order of the groups, then gates.
    pub fn parts(&self) -> &[Contribution<'a>] {
        &self.parts
    }

    /// The parts, one by one.
    pub fn iter(&self) -> std::slice::Iter<'_, Contribution<'a>> {
        self.parts.iter()
    }

    /// The sum of the parts: the score, counted from even odds.
    pub fn total(&self) -> Weight {
        self.parts.iter().map(Contribution::weight).sum()
    }
}

impl<'e, 'a> IntoIterator for &'e Explanation<'a> {
    type Item = &'e Contribution<'a>;
    type IntoIter = std::slice::Iter<'e, Contribution<'a>>;

    fn into_iter(self) -> Self::IntoIter {
        self.parts.iter()
    }
}

impl<'a> IntoIterator for Explanation<'a> {
    type Item = Contribution<'a>;
    type IntoIter = std::vec::IntoIter<Contribution<'a>>;

    fn into_iter(self) -> Self::IntoIter {
        self.parts.into_iter()
    }
}

/// The origin of one part of a group.
fn evidence<'a>(
    kb: &'a Knowledge,
    candidate: Candidate<'a>,
    group: &'a Group,
    part: &Part,
    assessment: &'a Assessment,
) -> Origin<'a> {
    let members: Vec<IndicatorIx> =
        part.seats.iter().filter_map(|seat| group.members.get(*seat)).copied().collect();
    let mut sources: Vec<&Provenance> = part.rows.iter().map(|row| &kb.rows[*row].provenance).collect();
    sources.extend(part.rule.and_then(|rule| group.rules.get(rule)).map(|rule| &rule.provenance));
    // A joint table rests on the rows of all its answered members.
    if part.rows.is_empty() && part.rule.is_none() {
        for member in &members {
            let rows = kb.rows_for(assessment.setting_ix(), candidate.cause, *member);
            sources.extend(rows.into_iter().map(|row| &kb.rows[row].provenance));
        }
    }
    let neutral = || {
        let [member] = members.as_slice() else { return None };
        let answer = crate::knowledge::position(assessment.case().code(*member))?;
        let row = &kb.rows[*part.rows.first()?];
        let said = row.answers.get(answer)?;
        said.neutral.as_deref().or(row.provenance.note.as_deref())
    };
    let reason = if part.weight != Weight::ZERO {
        None
    } else if part.rows.is_empty() && part.rule.is_none() && sources.is_empty() {
        Some(SILENT)
    } else {
        neutral()
    };
    Origin::Evidence { group, members, sources, reason }
}

impl<'a> Contribution<'a> {
    /// The kind of part.
    pub fn kind(&self) -> ContributionKind {
        match self.origin {
            Origin::Prior(_) => ContributionKind::Prior,
            Origin::Evidence { .. } => ContributionKind::Evidence,
            Origin::Gate(_) => ContributionKind::Gate,
        }
    }

    /// What it adds to the score.
    pub fn weight(&self) -> Weight {
        self.weight
    }

    /// The findings it is about: one for a member that speaks for itself, several for a count or a table.
    pub fn indicators(&self) -> Vec<&'a Indicator> {
        let kb = &*self.assessment.model().inner.kb.inner;
        match &self.origin {
            Origin::Evidence { members, .. } => {
                members.iter().map(|member| &kb.indicators[*member]).collect()
            }
            Origin::Prior(_) | Origin::Gate(_) => Vec::new(),
        }
    }

    /// The declared group it belongs to, if any.
    pub fn group(&self) -> Option<&'a Group> {
        match &self.origin {
            Origin::Evidence { group, .. } => Some(*group).filter(|group| group.id.is_some()),
            Origin::Prior(_) | Origin::Gate(_) => None,
        }
    }

    /// The gates it is about.
    pub fn gates(&self) -> &[&'a Gate] {
        match &self.origin {
            Origin::Gate(gates) => gates,
            Origin::Prior(_) | Origin::Evidence { .. } => &[],
        }
    }

    /// Where its figures come from.
    pub fn provenance(&self) -> &[&'a Provenance] {
        match &self.origin {
            Origin::Prior(provenance) => std::slice::from_ref(provenance),
            Origin::Evidence { sources, .. } => sources,
            Origin::Gate(_) => &[],
        }
    }

    /// The least trusted of its tags; none for a gate and for silence.
    pub fn tag(&self) -> Option<Tag> {
        self.provenance().iter().map(|provenance| provenance.tag).max()
    }

    /// Its citations: keys of sources, each perhaps with a locator.
    pub fn citations(&self) -> Vec<&'a str> {
        let mut found: Vec<&'a str> = Vec::new();
        let of_gates = self.gates().iter().flat_map(|gate| gate.written.source.iter());
        let of_figures = self.provenance().iter().flat_map(|provenance| provenance.source.iter());
        for citation in of_figures.chain(of_gates) {
            if !found.contains(&citation.as_str()) {
                found.push(citation);
            }
        }
        found
    }

    /// Why it weighs nothing, where it is zero and a reason is known.
    pub fn reason(&self) -> Option<&'a str> {
        match &self.origin {
            Origin::Evidence { reason, .. } => *reason,
            Origin::Prior(_) | Origin::Gate(_) => None,
        }
    }

    /// Whether the knowledge base says nothing about this finding and this cause.
    pub fn is_silent(&self) -> bool {
        self.reason() == Some(SILENT)
    }

    /// What it is about, in words: the findings with their answers, or the gate.
    pub fn subject(&self) -> String {
        match &self.origin {
            Origin::Prior(_) => format!("prior, {}", self.assessment.setting().title()),
            Origin::Gate(gates) => {
                let titles: Vec<&str> = gates.iter().map(|gate| gate.title()).collect();
                format!("gate: {}", titles.join(", "))
            }
            Origin::Evidence { group, members, .. } => {
                let said: Vec<String> = members.iter().map(|member| self.finding(*member)).collect();
                match said.as_slice() {
                    [alone] => alone.clone(),
                    several => {
                        let several: Vec<String> =
                            several.iter().map(|finding| lower_first(finding)).collect();
                        format!("{}: {}", group.title(), several.join("; "))
                    }
                }
            }
        }
    }

    /// An indicator with its answer.
    fn finding(&self, member: IndicatorIx) -> String {
        let indicator = &self.assessment.model().inner.kb.inner.indicators[member];
        match self.assessment.case().finding_at(member) {
            Finding::Unknown | Finding::NotAssessable => indicator.title().to_owned(),
            Finding::Answer { answer, number, inferred } => {
                let answer = match (answer.key(), number) {
                    (_, Some(number)) => {
                        format!("{} {number} {}", indicator.title(), indicator.unit().unwrap_or_default())
                    }
                    ("present", None) => indicator.title().to_owned(),
                    ("absent", None) => format!("no {}", lower_first(indicator.title())),
                    (_, None) => format!("{}: {}", indicator.title(), answer.title()),
                };
                if inferred { format!("{answer} (inferred)") } else { answer }
            }
        }
    }
}

/// A title inside a sentence: its first letter small, unless it begins a name or an abbreviation.
fn lower_first(title: &str) -> String {
    let mut letters = title.chars();
    match (letters.next(), letters.next()) {
        (Some(first), Some(second)) if second.is_lowercase() => {
            first.to_lowercase().chain(std::iter::once(second)).chain(letters).collect()
        }
        _ => title.to_owned(),
    }
}

/// Why one cause and not another: the difference of their scores, part by part, exactly.
#[derive(Clone, Debug)]
pub struct Comparison<'a> {
    one: Candidate<'a>,
    other: Candidate<'a>,
    parts: Vec<Difference<'a>>,
}

/// One part of a difference: what the same findings weigh for either cause.
#[derive(Clone, Debug)]
pub struct Difference<'a> {
    subject: String,
    one: Weight,
    other: Weight,
    indicators: Vec<&'a Indicator>,
}

impl<'a> Comparison<'a> {
    fn of(one: Candidate<'a>, other: Candidate<'a>) -> Self {
        let (first, second) = (one.explanation(), other.explanation());
        let mut parts: Vec<Difference<'a>> = Vec::new();
        let prior = |explanation: &Explanation<'_>| kind_sum(explanation, ContributionKind::Prior);
        let priors = Difference {
            subject: "prior".to_owned(),
            one: prior(&first),
            other: prior(&second),
            indicators: Vec::new(),
        };
        parts.push(priors);
        let kb = &*one.assessment.model().inner.kb.inner;
        for (ix, _) in one.assessment.case().active() {
            parts.extend(group_differences(kb, *ix, &first, &second));
        }
        let gates = |explanation: &Explanation<'_>| kind_sum(explanation, ContributionKind::Gate);
        if gates(&first) != Weight::ZERO || gates(&second) != Weight::ZERO {
            let subject = "gates".to_owned();
            parts.push(Difference {
                subject,
                one: gates(&first),
                other: gates(&second),
                indicators: Vec::new(),
            });
        }
        Self { one, other, parts }
    }

    /// The cause asked about.
    pub fn one(&self) -> Candidate<'a> {
        self.one
    }

    /// The cause it is compared with.
    pub fn other(&self) -> Candidate<'a> {
        self.other
    }

    /// The parts: the prior, each group of findings, the gates.
    pub fn parts(&self) -> &[Difference<'a>] {
        &self.parts
    }

    /// The sum of the differences: exactly the difference of the two scores.
    pub fn total(&self) -> Weight {
        self.parts.iter().map(Difference::weight).sum()
    }
}

impl<'a> Difference<'a> {
    /// What it is about, in words.
    pub fn subject(&self) -> &str {
        &self.subject
    }

    /// What it weighs for the cause asked about.
    pub fn one(&self) -> Weight {
        self.one
    }

    /// What it weighs for the cause it is compared with.
    pub fn other(&self) -> Weight {
        self.other
    }

    /// What it weighs for the one over the other.
    pub fn weight(&self) -> Weight {
        self.one - self.other
    }

    /// The findings it is about.
    pub fn indicators(&self) -> &[&'a Indicator] {
        &self.indicators
    }
}

fn kind_sum(explanation: &Explanation<'_>, kind: ContributionKind) -> Weight {
    explanation.iter().filter(|part| part.kind() == kind).map(Contribution::weight).sum()
}

/// The differences within a group: finding by finding where both causes are weighed so, else as a whole.
fn group_differences<'a>(
    kb: &'a Knowledge,
    ix: GroupIx,
    first: &Explanation<'a>,
    second: &Explanation<'a>,
) -> Vec<Difference<'a>> {
    let mut differences: Vec<(Vec<IndicatorIx>, String, Weight, Weight)> = Vec::new();
    for (explanation, is_one) in [(first, true), (second, false)] {
        for part in explanation {
            let Origin::Evidence { members, .. } = &part.origin else {
                continue;
            };
            if members.first().is_none_or(|member| kb.indicators[*member].group != ix) {
                continue;
            }
            let (one, other) = if is_one { (part.weight, Weight::ZERO) } else { (Weight::ZERO, part.weight) };
            let overlaps = |known: &Vec<IndicatorIx>| known.iter().any(|member| members.contains(member));
            let (mut merged, rest): (Vec<_>, Vec<_>) =
                differences.into_iter().partition(|(known, ..)| overlaps(known));
            differences = rest;
            let mut joined = (members.clone(), part.subject(), one, other);
            for (known, subject, one, other) in merged.drain(..) {
                if known.len() > joined.0.len() {
                    joined.1 = subject;
                }
                joined.0.extend(known.iter().filter(|member| !members.contains(member)));
                joined.2 += one;
                joined.3 += other;
            }
            differences.push(joined);
        }
    }
    let named = |(mut members, subject, one, other): (Vec<IndicatorIx>, String, Weight, Weight)| {
        members.sort_unstable();
        let indicators = members.iter().map(|member| &kb.indicators[*member]).collect();
        Difference { subject, one, other, indicators }
    };
    differences.into_iter().map(named).collect()
}
