//! Why a cause has its score: the parts of the sum itself.

mod figure;

pub use figure::{Figure, FigureKind};

use crate::assessment::{Assessment, Bar, Candidate};
use crate::belief::{LogOdds, Weight};
use crate::case::Finding;
use crate::document::{Provenance, Tag};
use crate::index::{Dense, IndicatorIx, RowIx};
use crate::knowledge::{Formula, Gate, GateRule, Group, Indicator, Knowledge, Truth, UNKNOWN, position};
use crate::model::Voice;

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
    candidate: Candidate<'a>,
    weight: Weight,
    origin: Origin<'a>,
}

/// Where a part comes from. What a caller may ask about it is looked up when it is asked.
#[derive(Clone, Copy, Debug)]
enum Origin<'a> {
    Prior(&'a Provenance),
    /// A member that speaks for itself, by the row that applies.
    Alone {
        group: &'a Group,
        member: IndicatorIx,
        row: Option<RowIx>,
    },
    /// The members that weigh jointly: by a count rule, or else by a table.
    Joint {
        group: &'a Group,
        voice: &'a Voice,
        rule: Option<usize>,
    },
    Cap,
    Hold,
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

impl<'a> Explanation<'a> {
    fn of(candidate: Candidate<'a>) -> Self {
        let assessment = candidate.assessment;
        let (model, case) = (assessment.model(), assessment.case());
        let kb = &*model.inner.kb.inner;
        let setting = assessment.setting();
        let (_, prior) = setting.priors[candidate.cause];
        let mut parts = Vec::with_capacity(2 * case.active().len() + 3);
        let mut push = |weight, origin| parts.push(Contribution { candidate, weight, origin });
        if let Some(written) = candidate.cause().written.prior.get(setting.id().as_str()) {
            push(prior - LogOdds::EVEN, Origin::Prior(&written.provenance));
        }
        let (mut codes, mut said) = (Vec::new(), Vec::new());
        for (ix, state) in case.active() {
            let group = &kb.groups[*ix];
            codes.clear();
            codes.extend(group.members.iter().map(|member| case.code(*member)));
            said.clear();
            let table = model.inner.table(assessment.setting_ix(), *ix);
            let entry = table.and_then(|table| table.entry(*state, candidate.cause));
            if let Some((whole, voice)) = entry {
                voice.parts(kb, group, &codes, whole, &mut said);
                for part in &said {
                    let member = part.seat.and_then(|seat| group.members.get(seat));
                    let alone =
                        |member: &IndicatorIx| Origin::Alone { group, member: *member, row: part.row };
                    push(part.weight, member.map_or(Origin::Joint { group, voice, rule: part.rule }, alone));
                }
            }
            // An answer that nothing is said about weighs nothing, and is listed all the same.
            for (seat, member) in group.members.iter().enumerate() {
                let spoken = said.iter().any(|part| part.seat == Some(seat));
                let jointly =
                    || entry.is_some_and(|(_, voice)| voice.joint_seats(group, &codes).any(|at| at == seat));
                if case.code(*member) != UNKNOWN && !spoken && !jointly() {
                    push(Weight::ZERO, Origin::Alone { group, member: *member, row: None });
                }
            }
        }
        let standing = assessment.standing(candidate.cause);
        if standing.capped != standing.raw {
            push(standing.capped - standing.raw, Origin::Cap);
        }
        if standing.score != standing.capped {
            push(standing.score - standing.capped, Origin::Hold);
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

impl<'a> Contribution<'a> {
    /// The kind of part.
    pub fn kind(&self) -> ContributionKind {
        match self.origin {
            Origin::Prior(_) => ContributionKind::Prior,
            Origin::Alone { .. } | Origin::Joint { .. } => ContributionKind::Evidence,
            Origin::Cap | Origin::Hold => ContributionKind::Gate,
        }
    }

    /// What it adds to the score.
    pub fn weight(&self) -> Weight {
        self.weight
    }

    /// The findings it is about: one for a member that speaks for itself, several for a count or a table.
    pub fn indicators(&self) -> Vec<&'a Indicator> {
        let kb = self.knowledge();
        self.members().into_iter().map(|member| &kb.indicators[member]).collect()
    }

    /// The declared group it belongs to, if any.
    pub fn group(&self) -> Option<&'a Group> {
        match self.origin {
            Origin::Alone { group, .. } | Origin::Joint { group, .. } => {
                Some(group).filter(|group| group.id.is_some())
            }
            Origin::Prior(_) | Origin::Cap | Origin::Hold => None,
        }
    }

    /// The position in [`KnowledgeBase::groups`](crate::KnowledgeBase::groups) of the group whose state it comes from, lone
    /// indicators being groups of one; none for the prior and for gates.
    pub fn group_position(&self) -> Option<usize> {
        match self.origin {
            Origin::Alone { group, .. } | Origin::Joint { group, .. } => {
                let member = group.members.first()?;
                Some(self.knowledge().indicators[*member].group.position())
            }
            Origin::Prior(_) | Origin::Cap | Origin::Hold => None,
        }
    }

    /// The gates it is about.
    pub fn gates(&self) -> Vec<&'a Gate> {
        let gates = |bars: Vec<Bar<'a>>| bars.into_iter().map(|bar| bar.gate);
        match self.origin {
            Origin::Hold => gates(self.candidate.held_by()).collect(),
            Origin::Cap => {
                let capped = self.assessment().standing(self.candidate.cause).capped;
                let decides = |gate: &&Gate| matches!(gate.rule, GateRule::Caps(level) if level == capped);
                gates(self.candidate.capped_by()).filter(decides).take(1).collect()
            }
            Origin::Prior(_) | Origin::Alone { .. } | Origin::Joint { .. } => Vec::new(),
        }
    }

    /// Where its figures come from.
    pub fn provenance(&self) -> Vec<&'a Provenance> {
        let kb = self.knowledge();
        match self.origin {
            Origin::Prior(provenance) => vec![provenance],
            Origin::Alone { row, .. } => row.into_iter().map(|row| &kb.rows[row].provenance).collect(),
            Origin::Joint { group, rule: Some(rule), .. } => {
                group.rules.get(rule).into_iter().map(|rule| &rule.written.provenance).collect()
            }
            Origin::Joint { rule: None, .. } => {
                self.rows_of_table().into_iter().map(|row| &kb.rows[row].provenance).collect()
            }
            Origin::Cap | Origin::Hold => Vec::new(),
        }
    }

    /// The rows a joint table rests on: those that apply to its answered members. Where it is open whether a row
    /// applies, the answers it depends on are summed over, so their own rows count as well.
    fn rows_of_table(&self) -> Vec<RowIx> {
        let (kb, case) = (self.knowledge(), self.assessment().case());
        let mut members = self.members();
        let mut rows = Vec::new();
        let mut next = 0;
        while let Some(&member) = members.get(next) {
            next += 1;
            for ix in kb.rows_for(self.assessment().setting_ix(), self.candidate.cause, member) {
                let row = &kb.rows[ix];
                let truth = row.when.as_ref().map(|when| when.evaluate(&|indicator| case.code(indicator)));
                match truth {
                    Some(Truth::False) => continue,
                    Some(Truth::Undetermined) => {
                        let read = row.when.as_ref().map(Formula::indicators).unwrap_or_default();
                        let open = read.into_iter().filter(|indicator| case.code(*indicator) == UNKNOWN);
                        members.extend(
                            open.filter(|indicator| !members.contains(indicator)).collect::<Vec<_>>(),
                        );
                    }
                    Some(Truth::True) | None => {}
                }
                rows.push(ix);
                if truth == Some(Truth::True) {
                    break;
                }
            }
        }
        rows
    }

    /// The least trusted of its tags; none for a gate and for silence.
    pub fn tag(&self) -> Option<Tag> {
        self.provenance().iter().map(|provenance| provenance.tag).max()
    }

    /// Its citations: keys of sources, each perhaps with a locator.
    pub fn citations(&self) -> Vec<&'a str> {
        let mut found: Vec<&'a str> = Vec::new();
        let of_gates = self.gates().into_iter().flat_map(|gate| gate.written.source.iter());
        let of_figures = self.provenance().into_iter().flat_map(|provenance| provenance.source.iter());
        for citation in of_figures.chain(of_gates) {
            if !found.contains(&citation.as_str()) {
                found.push(citation);
            }
        }
        found
    }

    /// Why it weighs nothing, where it is zero and a reason is known.
    pub fn reason(&self) -> Option<&'a str> {
        match self.origin {
            Origin::Alone { row: None, .. } => Some(SILENT),
            Origin::Alone { row: Some(row), member, .. } if self.weight == Weight::ZERO => {
                let row = &self.knowledge().rows[row];
                let answer = position(self.assessment().case().code(member))?;
                let neutral = row.answers.get(answer).and_then(|said| said.neutral.as_deref());
                neutral.or(row.provenance.note.as_deref())
            }
            Origin::Alone { .. } | Origin::Joint { .. } | Origin::Prior(_) | Origin::Cap | Origin::Hold => {
                None
            }
        }
    }

    /// Whether the knowledge base says nothing about this finding and this cause.
    pub fn is_silent(&self) -> bool {
        matches!(self.origin, Origin::Alone { row: None, .. })
    }

    /// What it is about, in words: the findings with their answers, or the gate.
    pub fn subject(&self) -> String {
        match self.origin {
            Origin::Prior(_) => format!("prior, {}", lower_first(self.assessment().setting().title())),
            Origin::Cap | Origin::Hold => {
                let titles: Vec<&str> = self.gates().into_iter().map(Gate::title).collect();
                format!("gate: {}", titles.join(", "))
            }
            Origin::Alone { member, .. } => self.finding(member),
            Origin::Joint { group, .. } => {
                let said: Vec<String> =
                    self.members().into_iter().map(|member| self.finding(member)).collect();
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

    fn finding(&self, member: IndicatorIx) -> String {
        finding_text(&self.knowledge().indicators[member], self.assessment().case().finding_at(member))
    }

    fn assessment(&self) -> &'a Assessment {
        self.candidate.assessment
    }

    fn knowledge(&self) -> &'a Knowledge {
        &self.assessment().model().inner.kb.inner
    }

    /// The indicators it is about.
    fn members(&self) -> Vec<IndicatorIx> {
        match self.origin {
            Origin::Alone { member, .. } => vec![member],
            Origin::Joint { group, voice, .. } => {
                let codes: Vec<_> =
                    group.members.iter().map(|member| self.assessment().case().code(*member)).collect();
                voice.joint_seats(group, &codes).filter_map(|seat| group.members.get(seat)).copied().collect()
            }
            Origin::Prior(_) | Origin::Cap | Origin::Hold => Vec::new(),
        }
    }
}

/// An indicator with its answer, in words.
pub(crate) fn finding_text(indicator: &Indicator, finding: Finding<'_>) -> String {
    match finding {
        Finding::Unknown | Finding::NotAssessable => indicator.title().to_owned(),
        Finding::Answer { answer, number, inferred } => {
            let unit = indicator.unit().unwrap_or_default();
            let answer = match (answer.key(), number) {
                (_, Some(number)) => format!("{}: {number} {unit}", indicator.title()),
                ("present", None) => indicator.title().to_owned(),
                // A title may be a whole phrase, to which no word in front would fit.
                ("absent", None) => format!("{}: no", indicator.title()),
                (_, None) => format!("{}: {}", indicator.title(), lower_first(answer.title())),
            };
            if inferred { format!("{answer} (inferred)") } else { answer }
        }
    }
}

/// A title inside a sentence: its first letter small, unless it begins a name or an abbreviation.
pub(crate) fn lower_first(title: &str) -> String {
    let mut letters = title.chars();
    match (letters.next(), letters.next()) {
        (Some(first), Some(second)) if second.is_lowercase() || (first, second) == ('A', ' ') => {
            first.to_lowercase().chain(std::iter::once(second)).chain(letters).collect()
        }
        _ => title.to_owned(),
    }
}
