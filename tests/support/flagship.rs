//! The knowledge base of morning back pain, read once.

use std::sync::OnceLock;

use aetia::{Document, Model};

use crate::cases::{GoldenCase, read_text};

/// Its name in `aetia-kb`.
pub const ID: &str = "morning_back_pain";

/// What the tests use of it.
#[derive(Debug)]
pub struct Flagship {
    /// As written.
    pub document: Document,
    /// As loaded by `aetia_kb::load`.
    pub model: Model,
    /// Its golden cases.
    pub cases: Vec<GoldenCase>,
}

/// The flagship.
pub fn flagship() -> &'static Flagship {
    static READ: OnceLock<Flagship> = OnceLock::new();
    READ.get_or_init(|| {
        let embedded = aetia_kb::embedded(ID).unwrap();
        Flagship {
            document: Document::from_toml(embedded.document()).unwrap(),
            model: aetia_kb::load(ID).unwrap(),
            cases: read_text(embedded.cases(), "cases.toml"),
        }
    })
}

impl Flagship {
    /// One of its golden cases.
    pub fn case(&self, id: &str) -> &GoldenCase {
        self.cases.iter().find(|case| case.id == id).unwrap_or_else(|| panic!("no golden case {id}"))
    }
}
