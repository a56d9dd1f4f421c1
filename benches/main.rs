//! Benches.
#![forbid(unsafe_code)]
fn main() {}
