//! Rankings as a person reads them in a terminal, 100 columns wide unless another width is asked for: always made from the
//! record of a result, so that a stored one prints as a live one.

mod certainty;
mod interview;
mod layout;
mod parts;

use std::fmt;

use layout::{BAR, bar, clipped, page_of_table, wrapped};

use crate::assessment::{Assessment, Closeness, FlagState};
use crate::belief::{LogOdds, Probability, Weight};
use crate::document::{Level, Link};
use crate::explanation::lower_first;
use crate::record::{CandidateRecord, GateRecord, Record};

/// What marks a finding that nobody gave.
const INFERRED: &str = " (inferred)";

/// Columns of a table beside its titles and bars, of the probabilities without gates, where one changes them, and of intervals and
/// chances, where somebody asked.
const FIGURES: usize = 45;
const UNGATED: usize = 10;
const SURE: usize = 22;
/// The narrowest page that has room for bars.
const WITH_BARS: usize = 90;
/// The least that is shown of a title.
const LEAST_TITLE: usize = 12;

impl fmt::Display for Assessment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.record().fmt(f)
    }
}

impl fmt::Display for Record {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        wrapped(f, &self.knowledge_base.title, "", "  ")?;
        let meaning = match self.link {
            Link::Exclusive => "how likely each is the principal explanation",
            Link::Independent => "each against the comparator alone; causes may coexist",
        };
        wrapped(f, &format!("{} · {meaning}", self.setting_title), "", "  ")?;
        writeln!(f)?;
        flags(self, f)?;
        let table = Table {
            is_gated: self.ranking.iter().chain(&self.excluded).any(is_changed),
            is_sure: self.certainty.is_some(),
        };
        let head = Row {
            before: "before",
            after: "after",
            interval: "95 % interval",
            ungated: "ungated",
            score: "score",
            first: "first",
            ..Row::default()
        };
        table.write(f, &head)?;
        let mut below = false;
        for candidate in &self.ranking {
            if !candidate.leads && !below {
                waterline(self, &table, f)?;
                below = true;
            }
            row(self, candidate, &table, f)?;
        }
        if !below {
            waterline(self, &table, f)?;
        }
        for candidate in &self.excluded {
            writeln!(f, "  – {}", candidate.title)?;
            for gate in &candidate.excluded_by {
                Effect::Excluded.write(self, candidate, gate, f)?;
            }
        }
        for dropped in &self.dropped {
            let words = self.words.get(dropped.indicator()).map_or(dropped.indicator(), String::as_str);
            wrapped(f, &format!("not used: {words}: {}", dropped.reason()), "  ", "    ")?;
        }
        findings(self, f)?;
        certainty::basis(self, f)?;
        writeln!(f)?;
        wrapped(f, &self.notice, "", "")?;
        edition(self, f)
    }
}

/// What was not simply answered: what follows from answers, what could not be assessed, what was not asked.
fn findings(record: &Record, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    let words = |ids: &mut dyn Iterator<Item = &String>| {
        let said = ids.filter_map(|id| record.words.get(id));
        said.map(|words| words.trim_end_matches(INFERRED).to_owned()).collect::<Vec<_>>().join("; ")
    };
    let given = record.case.get("findings").and_then(serde_json::Value::as_object);
    let refused = given.into_iter().flatten().filter(|(_, value)| value.as_str() == Some("not_assessable"));
    let follows = words(&mut record.inferred.keys());
    let refused = words(&mut refused.map(|(id, _)| id));
    for (what, said) in [("follows from the answers", follows), ("could not be assessed", refused)] {
        if !said.is_empty() {
            wrapped(f, &format!("{what}: {said}"), "  ", "    ")?;
        }
    }
    match record.not_asked.len() {
        0 => Ok(()),
        1 => writeln!(f, "  not asked: 1 indicator"),
        many => writeln!(f, "  not asked: {many} indicators"),
    }
}

/// Which knowledge base, case and library made the result; of hashes enough to tell two apart.
fn edition(record: &Record, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    let short = |hash: &str| hash.chars().take(12).collect::<String>();
    let kb = &record.knowledge_base;
    let (hash, case) = (short(&kb.source_hash), short(&record.case_hash));
    let engine = &record.engine;
    let text = format!("{} {} · hash {hash} · case {case} · aetia {engine}", kb.id, kb.version);
    wrapped(f, &text, "", "  ")
}

/// The flags: raised ones in full, the others counted, so that none is silently missing.
fn flags(record: &Record, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    if record.flags.is_empty() {
        return Ok(());
    }
    for flag in record.flags.iter().filter(|flag| flag.state == FlagState::Raised) {
        let level = match flag.level {
            Level::Emergency => "EMERGENCY",
            Level::Urgent => "URGENT",
            Level::Routine => "routine",
        };
        let because = listed(record, &flag.because);
        wrapped(f, &format!("{level}: {} ({because}). {}", flag.title, flag.action), "! ", "  ")?;
    }
    let count = |state: FlagState| record.flags.iter().filter(|flag| flag.state == state).count();
    let (raised, cleared, open) =
        (count(FlagState::Raised), count(FlagState::Cleared), count(FlagState::NotAssessed));
    writeln!(f, "Red flags: {raised} raised, {cleared} cleared, {open} not assessed")?;
    let is_pressing = |state, level| state == FlagState::NotAssessed && level == Level::Emergency;
    let pressing = record.flags.iter().filter(|flag| is_pressing(flag.state, flag.level));
    let titles: Vec<&str> = pressing.map(|flag| flag.title.as_str()).collect();
    if !titles.is_empty() {
        wrapped(f, &format!("of these, emergencies: {}", titles.join("; ")), "  ", "    ")?;
    }
    writeln!(f)
}

/// The columns of a ranking. Where a gate changes a probability, the one without gates stands beside it; where somebody asked how
/// sure it is, intervals and chances do.
struct Table {
    is_gated: bool,
    is_sure: bool,
}

/// The cells of one line.
#[derive(Default)]
struct Row<'r> {
    rank: &'r str,
    title: &'r str,
    share: Option<Probability>,
    before: &'r str,
    after: &'r str,
    interval: &'r str,
    ungated: &'r str,
    score: &'r str,
    first: &'r str,
    mark: &'r str,
}

impl Table {
    fn write(&self, f: &mut fmt::Formatter<'_>, row: &Row<'_>) -> fmt::Result {
        let page = page_of_table(f);
        // Bars say nothing that the figures do not.
        let bars = if page < WITH_BARS || self.is_sure { 0 } else { BAR + 1 };
        let others =
            FIGURES + bars + if self.is_gated { UNGATED } else { 0 } + if self.is_sure { SURE } else { 0 };
        let width = page.saturating_sub(others).max(LEAST_TITLE);
        let title = clipped(row.title, width);
        let bar = row.share.filter(|_| bars > 0).map(bar).unwrap_or_default();
        let bar = format!("{bar:bars$}");
        let Row { rank, before, after, interval, ungated, score, first, mark, .. } = row;
        let ungated = if self.is_gated { format!(" {ungated:>9}") } else { String::new() };
        let (interval, first) = if self.is_sure {
            (format!(" {interval:>13}"), format!(" {first:>7}"))
        } else {
            Default::default()
        };
        let line = format!(
            "{rank:>3} {title:<width$} {bar}{before:>8} {after:>9}{interval}{ungated} {score:>10}{first} {mark}"
        );
        writeln!(f, "{}", line.trim_end())
    }
}

/// A probability as it is shown. Whoever fills in a record by hand may have put anything there.
fn shown(probability: f64) -> Probability {
    Probability::saturating(probability)
}

/// Whether a gate changed what is shown of a candidate.
fn is_changed(candidate: &CandidateRecord) -> bool {
    candidate.posterior.map(shown) != Some(shown(candidate.posterior_ungated))
}

fn row(
    record: &Record,
    candidate: &CandidateRecord,
    table: &Table,
    f: &mut fmt::Formatter<'_>,
) -> fmt::Result {
    let ungated = shown(candidate.posterior_ungated);
    let posterior = candidate.posterior.map_or(ungated, shown);
    let certainty = candidate.certainty.as_ref();
    let interval = certainty.and_then(|certainty| certainty.interval).map(certainty::between);
    let first = certainty.map(|certainty| certainty::share(certainty.first));
    let row = Row {
        interval: interval.as_deref().unwrap_or_default(),
        first: first.as_deref().unwrap_or_default(),
        rank: &candidate.rank.unwrap_or_default().to_string(),
        title: &candidate.title,
        share: Some(posterior),
        before: &shown(candidate.prior).to_string(),
        after: &posterior.to_string(),
        ungated: &ungated.to_string(),
        score: &LogOdds::from_nanodecibans(candidate.score).to_string(),
        mark: match candidate.closeness {
            Closeness::Tie => "tie",
            Closeness::NearTie => "near-tie",
            Closeness::Clear => "",
        },
    };
    table.write(f, &row)?;
    for gate in &candidate.held_by {
        Effect::Held.write(record, candidate, gate, f)?;
    }
    for gate in &candidate.capped_by {
        Effect::Capped.write(record, candidate, gate, f)?;
    }
    Ok(())
}

/// What a gate does to a cause.
#[derive(Clone, Copy)]
enum Effect {
    Held,
    Capped,
    Excluded,
}

impl Effect {
    /// A gate at work: what it holds, what the cause would be without it, and what would open it.
    fn write(
        self,
        record: &Record,
        candidate: &CandidateRecord,
        gate: &GateRecord,
        f: &mut fmt::Formatter<'_>,
    ) -> fmt::Result {
        let because = listed(record, &gate.because);
        let is_unmoved = candidate.score == candidate.score_ungated;
        let effect = match self {
            Self::Held | Self::Capped if is_unmoved => "no effect on this ranking".to_owned(),
            Self::Held | Self::Capped | Self::Excluded => {
                let rank = candidate.rank_ungated;
                let interval = candidate.certainty.as_ref().map(|certainty| certainty.interval_ungated);
                let interval = interval.map(|ends| format!(" ({})", certainty::between(ends)));
                let share = shown(candidate.posterior_ungated);
                format!("would rank {rank}{} at {share}{}", ordinal(rank), interval.unwrap_or_default())
            }
        };
        let (word, remedy) = match self {
            Self::Held if gate.is_undetermined => ("held", "ask about"),
            Self::Held => ("held", "closed by"),
            Self::Capped => ("capped", "because of"),
            Self::Excluded => ("excluded", "because of"),
        };
        let text = format!("{word} by \"{}\": {effect}; {remedy} {because}", gate.title);
        wrapped(f, &text, "      ", "        ")
    }
}

fn waterline(record: &Record, table: &Table, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    let comparator = &record.comparator;
    let line =
        Row { rank: "~", title: &comparator.title, score: &Weight::ZERO.to_string(), ..Row::default() };
    match record.link {
        Link::Exclusive => {
            let after = shown(comparator.posterior);
            let interval = record.certainty.as_ref().and_then(|certainty| certainty.comparator);
            let row = Row {
                interval: &interval.map(certainty::between).unwrap_or_default(),
                share: Some(after),
                before: &shown(comparator.prior).to_string(),
                after: &after.to_string(),
                ungated: &shown(comparator.posterior_ungated).to_string(),
                ..line
            };
            table.write(f, &row)
        }
        Link::Independent => table.write(f, &Row { after: "even", ..line }),
    }
}

/// Findings in a sentence.
fn listed(record: &Record, indicators: &[String]) -> String {
    let text = |indicator: &String| lower_first(record.words.get(indicator).unwrap_or(indicator));
    indicators.iter().map(text).collect::<Vec<_>>().join(", ")
}

fn ordinal(n: usize) -> &'static str {
    match (n % 10, n % 100) {
        (_, 11..=13) => "th",
        (1, _) => "st",
        (2, _) => "nd",
        (3, _) => "rd",
        _ => "th",
    }
}
