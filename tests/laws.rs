//! The laws of the engine, as promised in `crates/aetia/docs/guarantees.md`: each on random knowledge bases and
//! cases, real-valued ones and ones that tie. `AETIA_CASES` says how many, 100 unless said.

mod asking;
mod certainty;
mod cohort;
mod coverage;
mod evidence;
mod exhaustive;
mod figures;
mod flagship;
mod gates;
mod groups;
mod interview;
mod records;
mod scores;
mod spaces;
mod spreads;
mod sure_records;
mod texts;
mod twin;
mod wide;
