//! What can be typed: commands, their arguments and their options.

use std::path::PathBuf;
use std::time::Duration;

use aetia::{Level, Link, Weight};
use aetia_verify::Budget;
use clap::{Args, Parser, Subcommand, ValueEnum};

use crate::console::Color;

/// Ranks the likely causes of a case from weighted evidence, with its reasons
///
/// KB is a knowledge base: a file that ends in .toml or .json, or the name of an embedded one (`aetia kbs` lists them).
#[derive(Debug, Parser)]
#[command(name = "aetia", version, max_term_width = 100, after_help = EXIT_CODES)]
pub(crate) struct Arguments {
    /// What to do
    #[command(subcommand)]
    pub(crate) command: Command,
    /// When to use colour; it never says anything that the text does not
    #[arg(
        long,
        global = true,
        value_name = "WHEN",
        default_value = "auto",
        hide_possible_values = true,
        display_order = 900
    )]
    pub(crate) color: Color,
}

/// What the exit codes mean.
const EXIT_CODES: &str = "Exit codes: 0 all is well; 1 the answer is no: a knowledge base has errors, a claim is not \
proved, a test fails; 2 there is no answer, or not to all: wrong use, or a text that cannot be used.";

/// The commands.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    Assess(Assess),
    Check(Check),
    Coverage(Coverage),
    Diff(Diff),
    Interview(Interview),
    Kbs(Kbs),
    Prove(Prove),
    Schema(Schema),
    Test(Test),
    Completions(Completions),
    Man(Man),
}

/// In which setting a case is assessed, and how scores become probabilities.
#[derive(Debug, Args)]
pub(crate) struct Reading {
    /// The setting; the knowledge base's own unless said
    #[arg(long, value_name = "SETTING")]
    pub(crate) setting: Option<String>,
    /// How scores become probabilities; as the knowledge base says unless said
    #[arg(long, value_name = "LINK")]
    pub(crate) link: Option<LinkName>,
}

/// A link by its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum LinkName {
    /// Causes compete: how likely each is the principal explanation
    Exclusive,
    /// Each cause against the comparator alone; causes may coexist
    Independent,
}

impl From<LinkName> for Link {
    fn from(name: LinkName) -> Self {
        match name {
            LinkName::Exclusive => Self::Exclusive,
            LinkName::Independent => Self::Independent,
        }
    }
}

/// Assess a case, or many: rank the causes, report the red flags
///
/// Many cases come as JSON lines. One that cannot be used does not stop the others: it is reported with its line, and the
/// exit code is 2.
#[derive(Debug, Args)]
pub(crate) struct Assess {
    /// The knowledge base
    #[arg(value_name = "KB")]
    pub(crate) knowledge_base: PathBuf,
    /// The case: a file that ends in .toml or .json, many in .jsonl, or - for the standard input
    #[arg(value_name = "CASE")]
    pub(crate) case: PathBuf,
    #[command(flatten)]
    pub(crate) reading: Reading,
    /// Say why the first cause stands where it does, or this one
    #[arg(
        long,
        value_name = "CAUSE",
        num_args = 0..=1,
        require_equals = true,
        default_missing_value = "",
        conflicts_with = "json"
    )]
    pub(crate) why: Option<String>,
    /// Say how sure the ranking is: 95 % intervals, how often each cause is first, what the result rests on
    #[arg(long)]
    pub(crate) sure: bool,
    /// How often to draw for it
    #[arg(long, value_name = "NUMBER", requires = "sure", default_value_t = 4_000)]
    pub(crate) draws: u32,
    /// From which seed to draw
    #[arg(long, value_name = "NUMBER", requires = "sure", default_value_t = 1)]
    pub(crate) seed: u64,
    /// Print JSON, a case on a line; a case that cannot be used has its line too, with the key `error`
    #[arg(long)]
    pub(crate) json: bool,
    /// Read JSON lines, whatever the name of the file
    #[arg(long)]
    pub(crate) lines: bool,
}

/// Ask in the terminal, the most informative question first, and stop when nothing can change the result
///
/// Red flags come first, then what decides a gate of the cause that would be first without gates, then whatever is
/// expected to tell most for its cost. Where the input is no terminal, answers are read line by line.
#[derive(Debug, Args)]
pub(crate) struct Interview {
    /// The knowledge base
    #[arg(value_name = "KB")]
    pub(crate) knowledge_base: PathBuf,
    #[command(flatten)]
    pub(crate) reading: Reading,
    /// Begin with the findings of this case: a file, as for `assess`
    #[arg(long, value_name = "CASE")]
    pub(crate) case: Option<PathBuf>,
    /// Leave out what takes an examination or a laboratory
    #[arg(long = "self")]
    pub(crate) oneself: bool,
    /// When to stop by itself; when nothing can change the first cause or raise a flag unless said
    #[arg(long, value_name = "WHEN")]
    pub(crate) until: Option<Until>,
    /// Stop after so many questions
    #[arg(long, value_name = "NUMBER")]
    pub(crate) questions: Option<usize>,
    /// Stop when the best question is expected to tell less than this for each unit of cost
    #[arg(long, value_name = "BITS", value_parser = not_negative)]
    pub(crate) least_gain: Option<f64>,
    /// Which flags are asked about before anything else: of this level and more pressing ones; urgent unless said
    #[arg(long, value_name = "LEVEL")]
    pub(crate) flags_first: Option<FlagsFirst>,
    /// Keep the interview in this file, written anew after every answer
    #[arg(long, value_name = "FILE")]
    pub(crate) save: Option<PathBuf>,
    /// Take up the interview in this file; options given here replace those it was begun with
    #[arg(long, value_name = "FILE")]
    pub(crate) resume: Option<PathBuf>,
    /// Take it up even if the knowledge base has changed since: carry the answers over by name
    #[arg(long, requires = "resume")]
    pub(crate) adopt: bool,
    /// Print the result as JSON; the conversation goes to the standard error
    #[arg(long)]
    pub(crate) json: bool,
}

/// When an interview stops by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Until {
    /// When no answers can change the first cause or raise a flag
    Settled,
    /// When no answers can change the first cause
    FirstSettled,
    /// When there is nothing left to ask
    End,
}

/// Which flags are asked about before anything else.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum FlagsFirst {
    /// Emergencies
    Emergency,
    /// Emergencies and urgent ones
    Urgent,
    /// All
    Routine,
    /// None
    None,
}

impl From<FlagsFirst> for Option<Level> {
    fn from(first: FlagsFirst) -> Self {
        match first {
            FlagsFirst::Emergency => Some(Level::Emergency),
            FlagsFirst::Urgent => Some(Level::Urgent),
            FlagsFirst::Routine => Some(Level::Routine),
            FlagsFirst::None => None,
        }
    }
}

/// A weight from 0, exactly as it is written.
fn decibans(text: &str) -> Result<Weight, String> {
    let refused = || "a number of decibans from 0 to 1000 is expected, such as 3 or 0.5".to_owned();
    let (whole, part) = text.split_once('.').unwrap_or((text, "0"));
    let is_number = |digits: &str| !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    if !is_number(whole) || !is_number(part) || part.len() > 9 {
        return Err(refused());
    }
    let whole = whole.parse::<i64>().ok().filter(|whole| *whole < 1_000).ok_or_else(refused)?;
    let part = format!("{part:0<9}").parse::<i64>().map_err(|_| refused())?;
    Ok(Weight::from_nanodecibans(whole * 1_000_000_000 + part))
}

/// A number from 0.
fn not_negative(text: &str) -> Result<f64, String> {
    let number = text.parse::<f64>().map_err(|_| "a number is expected".to_owned())?;
    if number.is_finite() && number >= 0.0 {
        Ok(number)
    } else {
        Err("a number from 0 is expected".to_owned())
    }
}

/// Check a knowledge base: its problems with their lines, its invariants in every possible case, what in it never matters
///
/// Every proof of an invariant is checked anew by a checker that shares no code with the prover.
#[derive(Debug, Args)]
pub(crate) struct Check {
    /// The knowledge base
    #[arg(value_name = "KB")]
    pub(crate) knowledge_base: PathBuf,
    /// Show every warning and every remark, and name every invariant
    #[arg(long)]
    pub(crate) all: bool,
    #[command(flatten)]
    pub(crate) search: Search,
    /// Write the certificate of each invariant into this folder
    #[arg(long, value_name = "FOLDER")]
    pub(crate) certificates: Option<PathBuf>,
}

/// How long may be searched.
#[derive(Debug, Args)]
pub(crate) struct Search {
    /// How many boxes of cases may be looked at for each query
    #[arg(long, value_name = "NUMBER", default_value_t = 200_000)]
    pub(crate) budget: usize,
    /// After how many seconds to give up a rule; what is not decided then is no success
    #[arg(long, value_name = "SECONDS", value_parser = not_negative)]
    pub(crate) deadline: Option<f64>,
}

impl Search {
    /// As the prover takes it.
    pub(crate) fn budget(&self) -> Budget {
        let deadline = self.deadline.map(|seconds| {
            let time = Duration::try_from_secs_f64(seconds).unwrap_or(Duration::MAX);
            Budget::within(time).deadline
        });
        Budget { deadline: deadline.flatten(), ..Budget::of_nodes(self.budget) }
    }
}

/// Prove a rule for every possible case, or show a case that breaks it
///
/// The rule is written as an invariant of a knowledge base is: `never_first(c) unless present(i)`. Without --setting it is
/// proved in every setting; one that something is possible, in the default setting.
#[derive(Debug, Args)]
pub(crate) struct Prove {
    /// The knowledge base
    #[arg(value_name = "KB")]
    pub(crate) knowledge_base: PathBuf,
    /// The rule
    #[arg(value_name = "RULE", required_unless_present = "settled")]
    pub(crate) rule: Option<String>,
    /// Instead of a rule: that no answers to what is unknown in this case change its first cause; a file, or - for the input
    #[arg(long, value_name = "CASE", conflicts_with_all = ["rule", "check", "emit_smt2"])]
    pub(crate) settled: Option<PathBuf>,
    /// In this setting and no other
    #[arg(long, value_name = "SETTING")]
    pub(crate) setting: Option<String>,
    /// How scores become probabilities; as the knowledge base says unless said
    #[arg(long, value_name = "LINK")]
    pub(crate) link: Option<LinkName>,
    /// Let every prior be so many decibans higher or lower than it is, each on its own
    #[arg(long, value_name = "DECIBANS", value_parser = decibans)]
    pub(crate) priors: Option<Weight>,
    /// Let every weight and every prior be anywhere in its 95 % interval, each on its own
    #[arg(long, conflicts_with = "priors")]
    pub(crate) intervals: bool,
    #[command(flatten)]
    pub(crate) search: Search,
    /// Write the proof into this file
    #[arg(long, value_name = "FILE")]
    pub(crate) certificate: Option<PathBuf>,
    /// Prove nothing: check the proof in this file, which must be of all that is asked here
    #[arg(long, value_name = "FILE", conflicts_with_all = ["certificate", "budget", "deadline"])]
    pub(crate) check: Option<PathBuf>,
    /// Prove nothing: write the question as SMT-LIB 2 for another solver; its head says what an answer means
    #[arg(long, conflicts_with_all = ["certificate", "check", "budget", "deadline"])]
    pub(crate) emit_smt2: bool,
}

/// Compare two versions of a knowledge base: has any possible case another first cause or another flag?
///
/// Says whether the step is a patch, minor or major. The exit code is 1 for a major step, or where nobody knows.
#[derive(Debug, Args)]
pub(crate) struct Diff {
    /// The old version
    #[arg(value_name = "OLD")]
    pub(crate) old: PathBuf,
    /// The new version
    #[arg(value_name = "NEW")]
    pub(crate) new: PathBuf,
    #[command(flatten)]
    pub(crate) search: Search,
}

/// Say which weights, gates, flags and states of groups no case tries
#[derive(Debug, Args)]
pub(crate) struct Coverage {
    /// The knowledge base
    #[arg(value_name = "KB")]
    pub(crate) knowledge_base: PathBuf,
    /// Test cases, or cases as JSON lines; those of an embedded knowledge base are its own unless said
    #[arg(value_name = "CASES")]
    pub(crate) cases: Option<PathBuf>,
    /// List everything that is not tried
    #[arg(long)]
    pub(crate) all: bool,
}

/// List the embedded knowledge bases, or print one
#[derive(Debug, Args)]
pub(crate) struct Kbs {
    /// Print the text of this one instead
    pub(crate) name: Option<String>,
    /// Print its test cases
    #[arg(long, requires = "name", conflicts_with = "sources")]
    pub(crate) cases: bool,
    /// Print how its figures were chosen
    #[arg(long, requires = "name")]
    pub(crate) sources: bool,
}

/// Run the test cases of a knowledge base: does each come to what is expected?
#[derive(Debug, Args)]
pub(crate) struct Test {
    /// The knowledge base
    #[arg(value_name = "KB")]
    pub(crate) knowledge_base: PathBuf,
    /// The test cases: a file in TOML or JSON; those of an embedded knowledge base are its own unless said
    #[arg(value_name = "CASES")]
    pub(crate) cases: Option<PathBuf>,
    /// List the cases that come to what is expected, too
    #[arg(long)]
    pub(crate) all: bool,
}

/// Print the JSON Schema of a format, by which editors complete and check
///
/// With a knowledge base, the schema of cases knows its indicators and their answers.
#[derive(Debug, Args)]
pub(crate) struct Schema {
    /// Of which format
    #[arg(value_name = "FORMAT")]
    pub(crate) format: Format,
    /// The knowledge base the cases are about
    #[arg(value_name = "KB")]
    pub(crate) knowledge_base: Option<PathBuf>,
}

/// A format.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// Knowledge bases
    Kb,
    /// Cases
    Case,
    /// Files of test cases
    Tests,
}

/// Print completions for a shell
#[derive(Debug, Args)]
pub(crate) struct Completions {
    /// The shell
    pub(crate) shell: clap_complete::Shell,
}

/// Print the man page, or write one for each command into a folder
#[derive(Debug, Args)]
pub(crate) struct Man {
    /// The folder
    #[arg(long, value_name = "FOLDER")]
    pub(crate) into: Option<PathBuf>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decibans_are_read_to_the_last_digit() {
        let units = |text: &str| decibans(text).map(Weight::nanodecibans).ok();
        assert_eq!(units("3"), Some(3_000_000_000));
        assert_eq!(units("0.5"), Some(500_000_000));
        assert_eq!(units("12.000000001"), Some(12_000_000_001));
        for bad in ["", ".", "-1", "1.", ".5", "1e3", "1000", "0.0000000001", "x"] {
            assert_eq!(units(bad), None, "{bad}");
        }
    }

    #[test]
    fn the_arguments_do_not_contradict_each_other() {
        use clap::CommandFactory as _;
        Arguments::command().debug_assert();
    }
}
