//! Texts from files, from the standard input, and from the library's own store.

use std::fs::File;
use std::io::{ErrorKind, Read};
use std::path::Path;

use aetia::{
    Case, CaseError, Document, Error, Expectation, KnowledgeBase, Limits, Model, Options, Problem, SettingId,
    SourceKind, SourceText,
};

use crate::arguments::Reading;
use crate::failure::Failure;
use crate::faults::Faults;

/// A text with its name.
#[derive(Clone, Debug)]
pub(crate) struct Text {
    /// The path of a file, or the name of an embedded knowledge base.
    pub(crate) name: String,
    /// What it says.
    pub(crate) source: SourceText,
}

/// A knowledge base that can be used.
#[derive(Debug)]
pub(crate) struct Base {
    /// What it means.
    pub(crate) kb: KnowledgeBase,
}

impl Base {
    /// The knowledge base of an argument: a file, or the name of an embedded one.
    pub(crate) fn read(argument: &Path) -> Result<Self, Failure> {
        Ok(Self { kb: Text::of_knowledge_base(argument)?.knowledge_base()? })
    }

    /// Compiled.
    pub(crate) fn model(&self) -> Model {
        self.kb.compile()
    }

    /// The setting and the link that were asked for, its own where none was.
    pub(crate) fn options(&self, model: &Model, reading: &Reading) -> Result<Options, Failure> {
        let mut options = model.options();
        if let Some(name) = &reading.setting {
            options.setting = self.setting(name)?;
        }
        if let Some(link) = reading.link {
            options.link = link.into();
        }
        Ok(options)
    }

    /// A setting by its name.
    pub(crate) fn setting(&self, name: &str) -> Result<SettingId, Failure> {
        let found = self.kb.settings().find(|setting| setting.id() == name);
        found.map(|setting| setting.id().clone()).ok_or_else(|| {
            let known = self.kb.settings().map(|setting| format!("`{}`", setting.id()));
            Failure::with_help(
                format!("`{name}` is no setting of `{}`", self.kb.id()),
                format!("there is {}", known.collect::<Vec<_>>().join(", ")),
            )
        })
    }
}

impl Text {
    /// The text of a knowledge base: of a file, or of an embedded one by name.
    ///
    /// A name has no dot and no slash, so that `./name` and `name.toml` are files.
    pub(crate) fn of_knowledge_base(argument: &Path) -> Result<Self, Failure> {
        let name = argument.to_string_lossy();
        if let Ok(embedded) = aetia_kb::embedded(&name) {
            let source = SourceText::new(SourceKind::Toml, embedded.document());
            return Ok(Self { name: name.into_owned(), source });
        }
        let is_name = !name.contains(['.', '/', '\\']);
        if is_name && !argument.exists() {
            return Err(Failure::with_help(
                format!("`{name}` is no file and no embedded knowledge base"),
                format!("a file ends in `.toml` or `.json`; embedded are {}", embedded_names()),
            ));
        }
        Self::of_file(argument, Limits::default().document_bytes)
    }

    /// The text of test cases: of a file, or of an embedded knowledge base its own.
    pub(crate) fn of_test_cases(knowledge_base: &Path, cases: Option<&Path>) -> Result<Self, Failure> {
        if let Some(file) = cases {
            return Self::of_file(file, Limits::default().document_bytes);
        }
        let name = knowledge_base.to_string_lossy();
        let embedded = aetia_kb::embedded(&name).map_err(|_| {
            Failure::with_help("which test cases?", "name their file after the knowledge base")
        })?;
        let source = SourceText::new(SourceKind::Toml, embedded.cases());
        Ok(Self { name: format!("{name}, cases"), source })
    }

    /// The text of a file in TOML or JSON, of so many bytes at most.
    pub(crate) fn of_file(path: &Path, most: usize) -> Result<Self, Failure> {
        let name = path.display().to_string();
        let kind = match path.extension().and_then(|extension| extension.to_str()) {
            Some("toml") => SourceKind::Toml,
            Some("json") => SourceKind::Json,
            Some(_) | None => {
                return Err(Failure::with_help(
                    format!("`{name}` is neither TOML nor JSON by its name"),
                    "let the file end in `.toml` or `.json`",
                ));
            }
        };
        let file = File::open(path).map_err(|error| unreadable(&name, &error))?;
        let text = read_within(file, &name, most)?;
        Ok(Self { name, source: SourceText::new(kind, &text) })
    }

    /// Its knowledge base, warnings apart.
    pub(crate) fn knowledge_base(&self) -> Result<KnowledgeBase, Faults> {
        let text = self.source.text();
        let document = match self.source.kind() {
            SourceKind::Toml => Document::from_toml(text),
            SourceKind::Json => Document::from_json(text),
        };
        let kb = document.map_err(Error::from).and_then(|document| Ok(document.validate()?));
        kb.map_err(|error| self.with(problems(&error)))
    }

    /// Its case.
    pub(crate) fn case(&self, kb: &KnowledgeBase) -> Result<Case, Faults> {
        let text = self.source.text();
        let read = match self.source.kind() {
            SourceKind::Toml => kb.case_from_toml(text),
            SourceKind::Json => kb.case_from_json(text),
        };
        read.map_err(|error| self.with(problems(&error.into())))
    }

    /// Its test cases.
    pub(crate) fn test_cases(&self, kb: &KnowledgeBase) -> Result<Vec<Expectation>, Faults> {
        let text = self.source.text();
        let read = match self.source.kind() {
            SourceKind::Toml => kb.test_cases_from_toml(text),
            SourceKind::Json => kb.test_cases_from_json(text),
        };
        read.map_err(|error| self.with(problems(&error.into())))
    }

    /// It, and what is wrong with it.
    pub(crate) fn with(&self, problems: Vec<Problem>) -> Faults {
        Faults { name: self.name.clone(), source: self.source.clone(), first_line: 1, problems }
    }
}

/// The problems in an error about a text; none where it is about something else.
fn problems(error: &Error) -> Vec<Problem> {
    if let Error::Document(error) | Error::Case(CaseError::Document(error)) = error {
        vec![error.problem().clone()]
    } else if let Error::Invalid(invalid) | Error::Case(CaseError::Invalid(invalid)) = error {
        invalid.problems().to_vec()
    } else {
        Vec::new()
    }
}

/// Why a file cannot be read.
pub(crate) fn unreadable(name: &str, error: &std::io::Error) -> Failure {
    if error.kind() == ErrorKind::NotFound {
        return Failure::new(format!("there is no file `{name}`"));
    }
    Failure::new(cannot(Path::new(name), error))
}

/// What is wrong with a file, in words.
pub(crate) fn cannot(file: &Path, error: &std::io::Error) -> String {
    let name = file.display();
    let is = |kind: ErrorKind| error.kind() == kind;
    if is(ErrorKind::NotFound) {
        format!("there is no folder for `{name}`")
    } else if is(ErrorKind::IsADirectory) {
        format!("`{name}` is a folder, not a file")
    } else if is(ErrorKind::PermissionDenied) {
        format!("`{name}`: permission denied")
    } else {
        format!("`{name}`: {error}")
    }
}

/// All of a stream, if it is text and no longer than that: more than the reader takes is never held in memory.
pub(crate) fn read_within(stream: impl Read, name: &str, most: usize) -> Result<String, Failure> {
    let mut bytes = Vec::new();
    let limit = u64::try_from(most).unwrap_or(u64::MAX).saturating_add(1);
    stream.take(limit).read_to_end(&mut bytes).map_err(|error| unreadable(name, &error))?;
    if bytes.len() > most {
        return Err(too_long(name, most));
    }
    String::from_utf8(bytes).map_err(|error| no_text(name, error.utf8_error().valid_up_to()))
}

fn no_text(name: &str, at: usize) -> Failure {
    Failure::with_help(format!("`{name}` is no text: byte {} is not UTF-8", at + 1), "save it as UTF-8")
}

fn too_long(name: &str, most: usize) -> Failure {
    Failure::new(format!("`{name}` has more than {most} bytes, which is the limit"))
}

/// The embedded knowledge bases, for an error.
pub(crate) fn embedded_names() -> String {
    aetia_kb::available().map(|id| format!("`{id}`")).collect::<Vec<_>>().join(", ")
}
