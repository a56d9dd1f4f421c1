#![doc = include_str!("../docs/crate.md")]
#![forbid(unsafe_code)]

mod assessment;
mod belief;
mod case;
pub mod cohort;
mod document;
mod error;
mod expectation;
mod explanation;
mod id;
mod index;
mod interview;
mod knowledge;
mod limits;
mod model;
mod ranker;
mod record;
mod text;

pub use assessment::{
    Assessment, Bar, Candidate, Closeness, FlagReport, FlagState, Options, Scratch, Waterline,
};
pub use belief::{
    Accuracy, BeliefError, Counts, LikelihoodRatio, LikelihoodRatios, LogOdds, Probability, Weight, exp10,
};
pub use case::{
    AnswerMismatch, AnswerRef, Case, CaseBuilder, CaseError, ContradictoryFindings, Dropped, Finding,
    UnknownName,
};
pub use document::{
    AnswerValue, AskedBy, BinKey, BinKeyError, Catalogued, Claim, ClaimError, Code, Codes, Condition,
    ConditionError, Document, DocumentError, FORMAT_VERSION, GateKind, GateMode, IndicatorKind, Level, Link,
    Location, Note, Problem, Provenance, Severity, SourceKind, SourceText, Tag, Target, Trend, suggest,
};
pub use error::Error;
pub use expectation::{Expectation, Mismatch};
pub use explanation::{Contribution, ContributionKind, Explanation, Figure, FigureKind};
pub use id::{CauseId, FlagId, GateId, GroupId, IndicatorId, InvalidId, InvariantId, SettingId, SourceId};
pub use interview::{
    Alternative, Ask, Budget, Change, Essential, Flip, Forecast, GatesFirst, Interview, InterviewError,
    InterviewRecord, Outlook, Progress, Question, Reach, Reason, ResumeError, Settled, StopReason, StopRule,
    Sufficient, Who, WhyNot, Witness,
};
pub use knowledge::{
    Answer, Cause, Derived, Flag, Gate, Group, Indicator, Invalid, Invariant, KnowledgeBase, Setting, Source,
    Truth,
};
pub use limits::Limits;
pub use model::{GroupTable, Model, Tables};
pub use ranker::{Ranked, Ranker, Top};
pub use record::{
    Basis, CandidateRecord, CauseCertaintyRecord, CertaintyRecord, ComparatorRecord, Comparison,
    ContributionRecord, Difference, FigureRecord, FlagRecord, GateRecord, KnowledgeBaseRecord, Record,
    RecordError, Side,
};

pub mod written {
    //! The parts of a [`Document`](crate::Document) as plain data, under the names of the format.
    pub use crate::document::{
        AccuracyRow, Against, Answer, Cause, Comparator, Count, CountRule, CountsRow, Derived, Evidence,
        Flag, Gate, Group, Heading, Implies, Impossible, Indicator, Invariant, Item, Neutral, Prior,
        Probabilities, Ratios, Setting, Shares, Source,
    };
}

/// Documents beside the code: mathematics, format, guarantees, design and words.
pub mod _docs {
    #[expect(clippy::doc_markdown, reason = "symbols of formulas are no code")]
    #[doc = include_str!("../docs/maths.md")]
    pub mod maths {}
    #[doc = include_str!("../docs/format.md")]
    pub mod format {}
    #[doc = include_str!("../docs/guarantees.md")]
    pub mod guarantees {}
    #[doc = include_str!("../docs/design.md")]
    pub mod design {}
    #[doc = include_str!("../docs/glossary.md")]
    pub mod glossary {}
}
