//! Laws 42 to 44: what is proved or refuted for every case is what a list of all cases says, and no certificate shows
//! what does not hold. A binary of its own, so that work on the verifier builds nothing else.
#![forbid(unsafe_code)]
#![cfg(test)]
#![expect(clippy::as_conversions, reason = "test code: the numbers are small")]
#![expect(clippy::print_stdout, reason = "what was gone through is shown to who asks for it")]

#[path = "proofs/analysed.rs"]
mod analysed;
#[path = "proofs/brute.rs"]
mod brute;
#[path = "proofs/ends.rs"]
mod ends;
#[path = "proofs/faults.rs"]
mod faults;
#[path = "proofs/flagship.rs"]
mod flagship;
#[path = "proofs/outside.rs"]
mod outside;
#[path = "proofs/readings.rs"]
mod readings;
#[path = "proofs/robust.rs"]
mod robust;
#[path = "proofs/tampered.rs"]
mod tampered;
#[path = "proofs/untried.rs"]
mod untried;
#[path = "proofs/versions.rs"]
mod versions;
