//! The command line as a user meets it: the built binary, its outputs compared whole.
//!
//! `BLESS=1` writes what is printed now into the files of `sessions`; then read the diff.
#![forbid(unsafe_code)]

#[cfg(test)]
mod assess;
#[cfg(test)]
mod binary;
#[cfg(test)]
mod certificates;
#[cfg(test)]
mod conversation;
#[cfg(test)]
mod pages;
#[cfg(test)]
mod schema;
#[cfg(test)]
mod sessions;
#[cfg(test)]
mod streams;
