//! How large a document or a case may be: checked before anything is allocated for it.

/// The limits for knowledge bases and cases from untrusted hands.
///
/// The defaults suit any knowledge base a person can write; raise them for generated ones.
///
/// ```
/// use aetia::Limits;
/// let wide = Limits { causes: 10_000, ..Limits::default() };
/// assert_eq!(wide.indicators, 4_096);
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of a knowledge base.
    pub document_bytes: usize,
    /// Bytes of a case.
    pub case_bytes: usize,
    /// Nesting of tables and lists; more than 64 levels are never read.
    pub depth: usize,
    /// Named causes.
    pub causes: usize,
    /// Indicators, derived ones included.
    pub indicators: usize,
    /// Settings.
    pub settings: usize,
    /// Answers or bins of one indicator; never more than 64, whatever is said here.
    pub answers: usize,
    /// Weights after compilation: for each group, its states times the causes it bears on, over all settings.
    pub weights: usize,
    /// Joint states of a group with a table, a discount or both kinds of rule.
    pub group_states: usize,
    /// Members of a discounted group.
    pub discounted_members: usize,
    /// Items of a count.
    pub count_items: usize,
    /// Nesting of a condition.
    pub condition_depth: usize,
    /// Atoms of a condition, derived indicators written out.
    pub condition_atoms: usize,
    /// Gates and flags together.
    pub gates: usize,
    /// Bytes of a title or label.
    pub title_bytes: usize,
    /// Bytes of any other text.
    pub text_bytes: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            document_bytes: 4 << 20,
            case_bytes: 64 << 10,
            depth: 32,
            causes: 256,
            indicators: 4_096,
            settings: 64,
            answers: 64,
            weights: 1 << 20,
            group_states: 4_096,
            discounted_members: 16,
            count_items: 64,
            condition_depth: 16,
            condition_atoms: 1_024,
            gates: 1_024,
            title_bytes: 256,
            text_bytes: 4 << 10,
        }
    }
}
