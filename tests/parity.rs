//! The canonical JSON of every golden case, to the byte: `cases/results.sha256` holds the hash of each, and the tests
//! in Python compare theirs with the same file. `make bless` writes it.

use std::fmt::Write as _;
use std::path::Path;
use std::{env, fs};

use aetia::{Document, Model};
use aetia_tests::cases::{GoldenCase, read_all};
use aetia_tests::engine::{assess, model, options};
use aetia_tests::flagship::{ID, flagship};
use sha2::{Digest, Sha256};

/// The line of a case: the file it stands in, its name, and the hash of its result.
fn line(file: &str, document: &Document, model: &Model, case: &GoldenCase) -> String {
    let setting = case.setting.as_ref().unwrap_or(&document.knowledge_base.default_setting);
    let json = assess(model, &case.findings, &options(setting, document.knowledge_base.link)).to_json();
    let mut line = format!("{file}/{} ", case.id);
    for byte in Sha256::digest(json.as_bytes()) {
        write!(line, "{byte:02x}").unwrap();
    }
    line.push('\n');
    line
}

#[test]
fn golden_cases_are_written_as_recorded() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("cases");
    let mut lines = Vec::new();
    for file in read_all(&folder) {
        let path = file.knowledge_base.unwrap();
        let document = Document::from_toml(&fs::read_to_string(path).unwrap()).unwrap();
        let model = model(&document);
        let name = file.path.file_stem().unwrap().to_str().unwrap();
        lines.extend(file.cases.iter().map(|case| line(name, &document, &model, case)));
    }
    let flagship = flagship();
    lines.extend(flagship.cases.iter().map(|case| line(ID, &flagship.document, &flagship.model, case)));
    assert!(lines.len() > flagship.cases.len(), "no small cases in {}", folder.display());
    let (recorded, written) = (folder.join("results.sha256"), lines.concat());
    if env::var_os("BLESS").is_some() {
        fs::write(&recorded, &written).unwrap();
    }
    let expected = fs::read_to_string(&recorded).unwrap_or_default();
    let is_new = |line: &&str| !expected.lines().any(|known| known == *line);
    let new: Vec<&str> = written.lines().filter(is_new).collect();
    assert!(expected == written, "not as recorded:\n{}\n`make bless` accepts", new.join("\n"));
}
