//! What can be wrong with a document or a case, and how it is said.

use std::fmt;

/// How bad a problem is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// The document or case cannot be used.
    Error,
    /// It can be used; somebody should look.
    Warning,
}

/// Where a kind of problem is found: in the shape of a text, or in what it means.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Catalogued {
    /// The text is not TOML or JSON, or too large: one error, and nothing else is looked at.
    Text,
    /// A JSON Schema could find it: a field is missing, unknown, or of the wrong type.
    Structural,
    /// Only the whole document can tell.
    Semantic,
}

/// A problem with its place, its reason and help.
///
/// Prints as `place: message`, then `help: …` on a line of its own where there is help.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Problem {
    code: Code,
    severity: Severity,
    place: String,
    message: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    help: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    line: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    column: Option<u32>,
}

impl Problem {
    /// A problem of a kind, at a place, with its reason.
    pub(crate) fn new(code: Code, place: impl Into<String>, message: impl Into<String>) -> Self {
        Self {
            code,
            severity: code.severity(),
            place: place.into(),
            message: message.into(),
            help: None,
            line: None,
            column: None,
        }
    }

    /// The same with help.
    pub(crate) fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// The same with its place in the source text.
    pub(crate) fn at(mut self, line: u32, column: u32) -> Self {
        self.line = Some(line);
        self.column = Some(column);
        self
    }

    /// The stable slug of its kind.
    pub fn code(&self) -> Code {
        self.code
    }

    /// How bad it is.
    pub fn severity(&self) -> Severity {
        self.severity
    }

    /// The path of the value it is about, such as `evidence[3].accuracy.specificity`; empty for the whole.
    pub fn place(&self) -> &str {
        &self.place
    }

    /// What is wrong, and what was expected.
    pub fn message(&self) -> &str {
        &self.message
    }

    /// What to do about it.
    pub fn help_text(&self) -> Option<&str> {
        self.help.as_deref()
    }

    /// Line and column (both from 1, columns in characters), where the source text is known.
    pub fn line_and_column(&self) -> Option<(u32, u32)> {
        self.line.zip(self.column)
    }

    /// The same without line and column: of a text that a program made and nobody reads.
    #[must_use]
    pub fn without_location(mut self) -> Self {
        (self.line, self.column) = (None, None);
        self
    }

    /// Every kind of problem there is.
    pub fn codes() -> &'static [Code] {
        Code::ALL
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let kind = match self.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
        };
        write!(f, "{kind}[{}]", self.code)?;
        if let Some((line, column)) = self.line_and_column() {
            write!(f, " line {line}, column {column}")?;
        }
        if !self.place.is_empty() {
            write!(f, ", {}", self.place)?;
        }
        write!(f, ": {}", self.message)?;
        if let Some(help) = &self.help {
            write!(f, "\n  help: {help}")?;
        }
        Ok(())
    }
}

/// A text that could not be read as a document or a case at all.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{problem}")]
pub struct DocumentError {
    problem: Box<Problem>,
}

impl DocumentError {
    pub(crate) fn new(problem: Problem) -> Self {
        Self { problem: Box::new(problem) }
    }

    /// What is wrong, where, and what to do.
    pub fn problem(&self) -> &Problem {
        &self.problem
    }
}

macro_rules! codes {
    ($($variant:ident = $slug:literal, $catalogued:ident, $severity:ident, $meaning:literal;)+) => {
        /// The stable slug of a kind of problem. `docs/format.md` has a heading for each.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[non_exhaustive]
        pub enum Code {
            $(#[doc = $meaning] $variant,)+
        }

        impl Code {
            /// Every code, in the order of the catalogue.
            const ALL: &'static [Self] = &[$(Self::$variant,)+];

            /// The slug.
            pub fn slug(self) -> &'static str {
                match self { $(Self::$variant => $slug,)+ }
            }

            /// What the kind means, in a sentence.
            pub fn meaning(self) -> &'static str {
                match self { $(Self::$variant => $meaning,)+ }
            }

            /// Where this kind is found.
            pub fn catalogued(self) -> Catalogued {
                match self { $(Self::$variant => Catalogued::$catalogued,)+ }
            }

            /// How bad this kind is.
            pub fn severity(self) -> Severity {
                match self { $(Self::$variant => Severity::$severity,)+ }
            }
        }
    };
}

codes! {
    Syntax = "syntax", Text, Error, "The text is not well-formed TOML or JSON.";
    DuplicateKey = "duplicate-key", Text, Error, "A key stands twice in one table.";
    TooLarge = "too-large", Text, Error, "The text is larger than the limit.";
    TooDeep = "too-deep", Text, Error, "Tables and lists are nested deeper than the limit.";
    ByteOrderMark = "byte-order-mark", Text, Error, "The text begins with a byte-order mark.";
    MissingField = "missing-field", Structural, Error, "A required field is not there.";
    UnknownField = "unknown-field", Structural, Error, "A field is not part of the format.";
    WrongType = "wrong-type", Structural, Error, "A value has another type than its field.";
    UnknownChoice = "unknown-choice", Structural, Error, "A value is none of the words its field may hold.";
    FormatVersion = "format-version", Structural, Error, "The format version is not one this library reads.";
    NumberNotFinite = "number-not-finite", Semantic, Error, "A number is not finite.";
    BadId = "bad-id", Semantic, Error, "An identifier does not match `[a-z][a-z0-9_]{0,63}`.";
    ReservedId = "reserved-id", Semantic, Error, "An identifier is a word the format needs for itself.";
    NameClash = "name-clash", Semantic, Error, "Two things that share a name space have one identifier.";
    EmptyText = "empty-text", Semantic, Error, "A text that must say something is empty.";
    TextTooLong = "text-too-long", Semantic, Error, "A text is longer than the limit.";
    ControlCharacter = "control-character", Semantic, Error, "A text has a control or bidirectional character.";
    TooMany = "too-many", Semantic, Error, "There is more of something than the limit allows.";
    UnknownCause = "unknown-cause", Semantic, Error, "A name is no cause of this knowledge base.";
    UnknownIndicator = "unknown-indicator", Semantic, Error, "A name is no indicator of this knowledge base.";
    UnknownAnswer = "unknown-answer", Semantic, Error, "A name is no answer or bin of its indicator.";
    UnknownSetting = "unknown-setting", Semantic, Error, "A name is no setting of this knowledge base.";
    UnknownSource = "unknown-source", Semantic, Error, "A citation names no source of this knowledge base.";
    UnknownGate = "unknown-gate", Semantic, Error, "A name is no gate of this knowledge base.";
    UnknownFlag = "unknown-flag", Semantic, Error, "A name is no flag of this knowledge base.";
    SourceMissing = "source-missing", Semantic, Error, "A figure has neither a source nor a reason to be uncited.";
    ProbabilityOutOfRange = "probability-out-of-range", Semantic, Error, "A probability is not strictly between 0 and 1.";
    ProbabilitiesSum = "probabilities-sum", Semantic, Error, "Probabilities that exhaust the answers do not sum to 1.";
    LikelihoodRatioOutOfRange = "likelihood-ratio-out-of-range", Semantic, Error, "A likelihood ratio is outside its limits.";
    LikelihoodRatioIncoherent = "likelihood-ratio-incoherent", Semantic, Error, "No probabilities give these likelihood ratios.";
    TagTooStrong = "tag-too-strong", Semantic, Error, "A seed or an assumption weighs more than its cap.";
    IntervalInvalid = "interval-invalid", Semantic, Error, "An interval is reversed or does not hold its point.";
    CountsEmpty = "counts-empty", Semantic, Error, "A 2x2 table has nobody with the cause, or nobody without.";
    EvidenceForm = "evidence-form", Semantic, Error, "A row has none or several of the forms of evidence.";
    FormNotForKind = "form-not-for-kind", Semantic, Error, "A form of evidence does not suit the kind of indicator.";
    AbsenceNotStated = "absence-not-stated", Semantic, Error, "A row says nothing about absence.";
    AnswersNotStated = "answers-not-stated", Semantic, Error, "A row says nothing about some answers.";
    DuplicateEvidence = "duplicate-evidence", Semantic, Error, "Two rows say something about the same thing.";
    RestWithWhen = "rest-with-when", Semantic, Error, "A conditional row is measured against the rest.";
    TrendBroken = "trend-broken", Semantic, Error, "Likelihood ratios do not follow the declared trend.";
    PriorMissing = "prior-missing", Semantic, Error, "A cause has no prior in some setting.";
    PriorsSum = "priors-sum", Semantic, Error, "The priors leave too little for the comparator.";
    KindFields = "kind-fields", Semantic, Error, "An indicator has fields of another kind, or lacks those of its own.";
    CutPoints = "cut-points", Semantic, Error, "Cut-points do not increase.";
    NegativeCost = "negative-cost", Semantic, Error, "A cost is not a finite number above 0.";
    ConditionSyntax = "condition-syntax", Semantic, Error, "A condition is not written in the grammar of conditions.";
    ConditionMentionsResult = "condition-mentions-result", Semantic, Error, "A condition reads a score, a rank or a gate.";
    ConditionTooLarge = "condition-too-large", Semantic, Error, "A condition is deeper or longer than the limit.";
    ConditionKind = "condition-kind", Semantic, Error, "A condition asks an indicator what its kind cannot answer.";
    ComparisonOffCutPoint = "comparison-off-cut-point", Semantic, Error, "A number is compared with something that is no cut-point.";
    DerivedCycle = "derived-cycle", Semantic, Error, "Derived indicators refer to each other in a circle.";
    GroupOverlap = "group-overlap", Semantic, Error, "An indicator is named twice as a member of groups.";
    GroupRule = "group-rule", Semantic, Error, "A group's rules contradict each other or are incomplete.";
    GroupTooLarge = "group-too-large", Semantic, Error, "A group has more members, items or states than the limit.";
    TiedOutsideGroup = "tied-outside-group", Semantic, Error, "Indicators tied by a `when` or an `implies` are not in one group.";
    WeighedTwice = "weighed-twice", Semantic, Error, "A cause uses a composite and its items.";
    CountIncoherent = "count-incoherent", Semantic, Error, "The likelihood ratios of a count are not those of a distribution.";
    CountIntervals = "count-intervals", Semantic, Error, "The figures of a count do not cover 0 to all items, each count once.";
    TableNeedsProbabilities = "table-needs-probabilities", Semantic, Error, "A table is fed with bare likelihood ratios, or with figures against the rest.";
    TableIncomplete = "table-incomplete", Semantic, Error, "A table has no applicable row for some state, or a circle.";
    GateOnComparator = "gate-on-comparator", Semantic, Error, "A gate names the comparator.";
    GateFields = "gate-fields", Semantic, Error, "A gate has fields of another kind, or lacks those of its own.";
    NoOpenCause = "no-open-cause", Semantic, Error, "Every named cause can be closed, so that none would be first.";
    ImpliesContradiction = "implies-contradiction", Semantic, Error, "An implication contradicts itself or another.";
    ClaimSyntax = "claim-syntax", Semantic, Error, "An invariant is not written in the grammar of claims.";
    ContradictoryFindings = "contradictory-findings", Semantic, Error, "The findings of a case contradict each other.";
    AnswerKind = "answer-kind", Semantic, Error, "A finding's value does not suit the kind of its indicator.";
    DependenceAssumed = "dependence-assumed", Semantic, Warning, "A group's dependence is not stated; gamma 0.5 is taken.";
    WeightLarge = "weight-large", Semantic, Warning, "A weight is above 30 dB.";
    PriorsLeaveLittle = "priors-leave-little", Semantic, Warning, "The comparator's prior is below 0.10.";
    BaseRatesDisagree = "base-rates-disagree", Semantic, Warning, "Rows imply different base rates of one finding.";
    IntervalMissing = "interval-missing", Semantic, Warning, "A weight has no interval.";
    ZeroCell = "zero-cell", Semantic, Warning, "A 2x2 table has an empty cell; one half is added to all four.";
    Unused = "unused", Semantic, Warning, "Something is declared and never used.";
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.slug())
    }
}

impl serde::Serialize for Code {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.slug())
    }
}
