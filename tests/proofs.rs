//! Laws 42 to 44: what is proved or refuted for every case is what a list of all cases says, and no certificate shows
//! what does not hold. A binary of its own, so that work on the verifier builds nothing else.
#![forbid(unsafe_code)]
#![cfg(test)]
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::as_conversions,
    reason = "test code: what cannot be, panics"
)]

#[path = "proofs/brute.rs"]
mod brute;
#[path = "proofs/faults.rs"]
mod faults;
#[path = "proofs/flagship.rs"]
mod flagship;
#[path = "proofs/tampered.rs"]
mod tampered;
#[path = "proofs/versions.rs"]
mod versions;
