//! Any bytes as a document: refused with problems that stand in it, or a knowledge base that can be used.
#![no_main]

use aetia::{Document, DocumentError};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    read(text, Document::from_toml);
    read(text, Document::from_json);
});

fn read(text: &str, read: fn(&str) -> Result<Document, DocumentError>) {
    let document = match read(text) {
        Ok(document) => document,
        Err(error) => return aetia_fuzz::check_problems(text, std::slice::from_ref(error.problem())),
    };
    let kb = match document.validate() {
        Ok(kb) => kb,
        Err(invalid) => return aetia_fuzz::check_problems(text, invalid.problems()),
    };
    let model = kb.compile();
    let nothing = model.case().build().expect("nothing contradicts nothing");
    aetia_fuzz::check_assessments(&model, &nothing);
    for again in [Document::from_toml(&kb.document().to_toml()), Document::from_json(&kb.document().to_json())] {
        let again = again.expect("what was written can be read");
        assert_eq!(again.to_json(), kb.document().to_json());
        let hash = again.validate().expect("what was valid stays so").compile();
        assert_eq!(hash.meaning_hash(), model.meaning_hash());
    }
}
