//! What the tests share: the oracle, random knowledge bases and cases, big ones, and golden cases.
#![forbid(unsafe_code)]
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::missing_panics_doc,
    reason = "test code: what cannot be, panics"
)]
#![expect(
    clippy::as_conversions,
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "small whole numbers and floats, back and forth"
)]

pub mod cases;
pub mod cohort;
pub mod engine;
pub mod exhaustive;
pub mod flagship;
pub mod interview;
pub mod oracle;
pub mod sketch;
pub mod strategies;
pub mod synthetic;
pub mod truth;
pub mod twin;

/// The page a visitor reads first; its Rust runs as doctests.
#[cfg(doctest)]
#[doc = include_str!("../../README.md")]
#[derive(Debug)]
pub struct Readme;
