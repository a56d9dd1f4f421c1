//! x
#![forbid(unsafe_code)]
#![allow(dead_code)]
mod blocks;
mod budget;
mod certificate;
mod claim;
mod formula;
mod frame;
mod prove;
mod query;
mod record;
mod refusal;
mod robust;
mod share;
mod solve;
mod verdict;
mod witness;
pub use budget::{Budget, Unfinished};
pub use certificate::{Because, CERTIFICATE_FORMAT, Certificate, CheckError, Form, Key, Part, Readings, Share, Step, Term, check, check_document, check_pair};
pub use claim::{Claim, Scope, Weights};
pub use prove::{Prover, prove, prove_within};
pub use refusal::Refusal;
pub use verdict::{Counterexample, Refutation, Verdict};
