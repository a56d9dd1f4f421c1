//! Knowledge bases for [`aetia`], as data. This crate lists and loads them, and does nothing else.
//!
//! ```
//! let model = aetia_kb::load("morning_back_pain")?;
//! let case = model.case().present("night_pain")?.build()?;
//! println!("{}", model.assess(&case));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
#![forbid(unsafe_code)]

use std::fmt;

use aetia::{Document, KnowledgeBase, Model};

/// A knowledge base as it lies in this crate.
#[derive(Clone, Copy, Debug)]
pub struct Embedded {
    id: &'static str,
    document: &'static str,
    cases: &'static str,
    sources: &'static str,
}

/// Every knowledge base of this crate.
const ALL: &[Embedded] = &[Embedded {
    id: "morning_back_pain",
    document: include_str!("../kb/morning_back_pain/kb.toml"),
    cases: include_str!("../kb/morning_back_pain/cases.toml"),
    sources: include_str!("../kb/morning_back_pain/sources.md"),
}];

/// Why a knowledge base could not be loaded.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum LoadError {
    /// There is none of this name.
    Unknown {
        /// The name.
        name: String,
    },
    /// It is not valid: a bug of this crate, which its tests rule out.
    Invalid(aetia::Error),
}

impl fmt::Display for LoadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unknown { name } => {
                let known: Vec<String> = available().map(|id| format!("`{id}`")).collect();
                write!(f, "`{name}` is no embedded knowledge base; there is {}", known.join(", "))
            }
            Self::Invalid(error) => error.fmt(f),
        }
    }
}

impl std::error::Error for LoadError {}

impl From<aetia::Error> for LoadError {
    fn from(error: aetia::Error) -> Self {
        Self::Invalid(error)
    }
}

/// The identifiers of the embedded knowledge bases.
pub fn available() -> impl Iterator<Item = &'static str> {
    ALL.iter().map(|embedded| embedded.id)
}

/// An embedded knowledge base as text.
///
/// # Errors
/// [`LoadError::Unknown`] where there is none of this name.
pub fn embedded(id: &str) -> Result<Embedded, LoadError> {
    let found = ALL.iter().find(|embedded| embedded.id == id);
    found.copied().ok_or_else(|| LoadError::Unknown { name: id.to_owned() })
}

/// An embedded knowledge base, compiled.
///
/// # Errors
/// [`LoadError::Unknown`] where there is none of this name.
pub fn load(id: &str) -> Result<Model, LoadError> {
    Ok(embedded(id)?.knowledge_base()?.compile())
}

impl Embedded {
    /// Its identifier.
    pub fn id(self) -> &'static str {
        self.id
    }

    /// The document, in TOML.
    pub fn document(self) -> &'static str {
        self.document
    }

    /// Its test cases, in TOML: findings with the expected first cause and flags, and why.
    pub fn cases(self) -> &'static str {
        self.cases
    }

    /// How its figures were chosen, and what was left out, in Markdown.
    pub fn sources(self) -> &'static str {
        self.sources
    }

    /// The checked knowledge base.
    ///
    /// # Errors
    /// [`LoadError::Invalid`] never, as the tests of this crate show.
    pub fn knowledge_base(self) -> Result<KnowledgeBase, LoadError> {
        let document = Document::from_toml(self.document).map_err(aetia::Error::from)?;
        Ok(document.validate().map_err(aetia::Error::from)?)
    }
}
