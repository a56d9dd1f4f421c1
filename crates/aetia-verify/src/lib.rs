#![doc = include_str!("../docs/crate.md")]
#![forbid(unsafe_code)]

mod analyse;
mod ask;
mod blocks;
mod budget;
mod certificate;
mod claim;
mod common;
mod coverage;
mod diff;
mod faults;
mod flag_pair;
mod formula;
mod frame;
mod prove;
mod query;
mod record;
mod refusal;
mod share;
mod smt2;
mod solve;
mod spread;
mod verdict;
mod witness;

pub use analyse::{Analysis, Remark, RemarkKind, analyse};
pub use budget::{Budget, Unfinished};
pub use certificate::{
    Because, CERTIFICATE_FORMAT, Certificate, CheckError, Checker, Form, Key, Part, Readings, Share, Step,
    Term, check, check_document, check_pair,
};
pub use claim::{Claim, Scope};
pub use coverage::{Coverage, GroupStates, coverage, coverage_in};
pub use diff::{Change, Diff, Difference, diff};
#[doc(hidden)]
pub use faults::Fault;
pub use prove::{Prover, prove, prove_within};
pub use refusal::Refusal;
pub use smt2::smt2;
pub use verdict::{Counterexample, Refutation, Verdict};

/// Documents beside the code.
pub mod _docs {
    #[doc = include_str!("../docs/proofs.md")]
    pub mod proofs {}
}
