//! The module `aetia._aetia`: the library as Python classes, one a file.
//!
//! Nothing is computed here. Classes hold values of the core and hand out their parts; `convert` turns findings
//! into a case, `errors` turns what the core refuses into exceptions, and `guard` turns a panic, which would be a
//! bug, into one more of them.
#![deny(unsafe_code)]
#![expect(rustdoc::broken_intra_doc_links, reason = "docstrings index tuples, as Python does")]
#![expect(clippy::doc_link_with_quotes, reason = "docstrings ask by name, as Python does")]
#![expect(clippy::doc_markdown, reason = "docstrings are read in Python, whose style has no backticks there")]
#![expect(clippy::needless_pass_by_value, reason = "what arrives from Python is the method's own")]
#![expect(clippy::trivially_copy_pass_by_ref, reason = "methods of Python borrow their object")]
#![expect(clippy::unsafe_derive_deserialize, reason = "what is unsafe beside the derived code is pyo3's own")]

mod arguments;
mod arrays;
mod arrow;
mod asking;
mod bar;
mod call;
mod candidate;
mod certainty;
mod columns;
mod comparison;
mod contribution;
mod convert;
mod difference;
mod display;
mod embedded;
mod errors;
mod flag;
mod guard;
mod interview;
mod knowledge_base;
mod limits;
mod log_odds;
mod memory;
mod model;
mod pool;
mod problem;
mod reasons;
mod result;
mod results;
mod schema;
mod scorer;
mod scores;
mod table;
mod text;
mod travel;
mod trouble;
mod value;
mod waterline;
mod weight;

/// Causes ranked from weighted evidence, exactly: what the package `aetia` is made of.
#[pyo3::pymodule(gil_used = false)]
mod _aetia {
    #[pymodule_export]
    use crate::bar::Bar;
    #[pymodule_export]
    use crate::candidate::Candidate;
    #[pymodule_export]
    use crate::comparison::Comparison;
    #[pymodule_export]
    use crate::contribution::Contribution;
    #[pymodule_export]
    use crate::difference::Difference;
    #[pymodule_export]
    use crate::display::{percent, ratio, suggest};
    #[pymodule_export]
    use crate::embedded::{available, load};
    #[pymodule_export]
    use crate::flag::Flag;
    #[pymodule_export]
    use crate::interview::Interview;
    #[pymodule_export]
    use crate::knowledge_base::KnowledgeBase;
    #[pymodule_export]
    use crate::log_odds::LogOdds;
    #[pymodule_export]
    use crate::model::Model;
    #[pymodule_export]
    use crate::problem::Problem;
    #[pymodule_export]
    use crate::result::Result;
    #[pymodule_export]
    use crate::schema::Schema;
    #[pymodule_export]
    use crate::scorer::Scorer;
    #[pymodule_export]
    use crate::scores::Scores;
    #[pymodule_export]
    use crate::waterline::Waterline;
    #[pymodule_export]
    use crate::weight::Weight;

    /// The version of the library and of the package.
    #[pymodule_export]
    #[expect(non_upper_case_globals, reason = "the name by which Python knows a version")]
    const __version__: &str = env!("CARGO_PKG_VERSION");

    /// The version of the format of knowledge bases, cases and results.
    #[pymodule_export]
    const FORMAT_VERSION: i64 = aetia::FORMAT_VERSION;
}
