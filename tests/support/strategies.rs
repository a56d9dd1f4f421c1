//! Random valid knowledge bases and cases.
//!
//! What is covered, each with a fair chance in every document:
//! - 1 to 6 causes, one or two settings, either link;
//! - 0 to 8 indicators of all kinds: 2 to 4 answers, 1 to 3 cut-points, sometimes with a base rate;
//! - all five forms of evidence, stated and neutral absence, unlisted answers, trends, rows with `when`
//!   (inside groups), rows of one setting (in place of a general row, or alone), `against = rest`;
//! - 0 to 3 groups of up to 5 members: discounted (gamma 0, 1, between, by phi, unsaid), counts in their three
//!   forms with conjunctions as items and uncounted members, or with nothing beside the count, tables with
//!   `when`s; several rules in one group;
//! - derived indicators, implications in chains (inside groups), impossible combinations, flags, and 0 to 5
//!   gates of all kinds and modes that leave at least one named cause open;
//! - findings that are left out, `unknown`, `not_assessable` or answered, numbers on and between cut-points.
//!
//! Valid by construction: two ratios of one boolean lie on both sides of 1, and those of a longer list reach
//! both sides; where `against = rest` is used the named causes have half of the prior at most and its ratios
//! stay under 2, so that the comparator's lift is above 0; an indicator with such rows has no `when`; an
//! implication leads from a member to a later one, and no two lead to the same one; a `when` reads earlier
//! members only, and in a table only such as have rows for the cause. Cases lose the findings that contradict others, so no draw is thrown away.
//!
//! Not covered: a count rule only in some settings, `against = rest` in a table, unlisted answers of
//! `probabilities`, replacing rows of a setting that stand elsewhere than beside the row they replace.
//!
//! A document is built from a tape of random numbers. Smaller numbers are simpler choices, so proptest
//! shrinks a document by shrinking its tape.

mod author;
mod conditions;
mod draw;
mod groups;

use aetia::{Document, Link};
use proptest::collection::vec;
use proptest::prelude::{Strategy, any};

use crate::oracle::Findings;

use author::Author;
use draw::{Tape, draw_findings};

/// Which weights a random document has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Weighing {
    /// Real numbers: ties are rare.
    Real,
    /// Whole decibans from -3 to 3, equal priors and few probabilities: ties are common.
    Ties,
}

/// A document with a case, a setting and a link.
#[derive(Clone, Debug)]
pub struct Sample {
    /// The document.
    pub document: Document,
    /// The findings of the case, without contradiction.
    pub findings: Findings,
    /// One of the document's settings.
    pub setting: String,
    /// A link, the document's or the other.
    pub link: Link,
}

/// Random valid documents.
pub fn documents(weighing: Weighing) -> impl Strategy<Value = Document> {
    vec(any::<u32>(), 900).prop_map(move |numbers| document_of(numbers, weighing))
}

/// The document that a tape of numbers stands for; a tape that is too short goes on with zeros.
pub fn document_of(numbers: Vec<u32>, weighing: Weighing) -> Document {
    Author::new(numbers, weighing).write()
}

/// Random findings for a document, without contradiction.
pub fn findings(document: &Document) -> impl Strategy<Value = Findings> + use<> {
    let document = document.clone();
    vec(any::<u32>(), 2 * document.indicators.len())
        .prop_map(move |numbers| draw_findings(&document, &mut Tape::new(numbers)))
}

/// Random documents, each with a case, a setting and a link.
pub fn samples(weighing: Weighing) -> impl Strategy<Value = Sample> {
    (documents(weighing), vec(any::<u32>(), 20)).prop_map(|(document, numbers)| {
        let mut tape = Tape::new(numbers);
        let settings: Vec<&String> = document.settings.keys().collect();
        let setting = (*tape.pick(&settings)).clone();
        let link = *tape.pick(&[Link::Exclusive, Link::Independent]);
        let findings = draw_findings(&document, &mut tape);
        Sample { document, findings, setting, link }
    })
}

#[cfg(test)]
mod tests;
