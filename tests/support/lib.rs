//! What the tests share.
#![forbid(unsafe_code)]

/// The page a visitor reads first; its Rust runs as doctests.
#[cfg(doctest)]
#[doc = include_str!("../../README.md")]
#[derive(Debug)]
pub struct Readme;
