//! Everything a user could observe, in one binary.
#![forbid(unsafe_code)]

#[cfg(test)]
mod architecture;
#[cfg(test)]
mod documents;
#[cfg(test)]
mod laws;
