//! Everything a user could observe, in one binary.
#![forbid(unsafe_code)]

#[cfg(test)]
mod architecture;
#[cfg(test)]
mod documents;
#[cfg(test)]
mod examples;
#[cfg(test)]
mod golden;
#[cfg(test)]
mod laws;
#[cfg(test)]
mod parity;
#[cfg(test)]
mod vectors;
