//! Models on their way between processes: their canonical text, under its hash, with the format and the version that wrote it.

use std::collections::VecDeque;
use std::sync::Mutex;

use aetia::{Document, FORMAT_VERSION, Model};

use crate::limits;

/// What is sent: the version of the format, the version of the library, the model's hash, its canonical text.
pub(crate) type Sent = (i64, &'static str, String, String);

/// The version of this library.
const ENGINE: &str = env!("CARGO_PKG_VERSION");

/// How many models a process keeps that came to it from others: workers get the same few again and again.
const KEPT: usize = 4;

static RECENT: Mutex<VecDeque<Model>> = Mutex::new(VecDeque::new());

/// A model as it is sent.
pub(crate) fn sent(model: &Model) -> Sent {
    let text = model.knowledge_base().document().to_json();
    (FORMAT_VERSION, ENGINE, model.source_hash().to_owned(), text)
}

/// The model that was sent; one that came before is not compiled again. The reason where it is not what its hash says.
pub(crate) fn received(format: i64, engine: &str, hash: &str, text: &str) -> Result<Model, String> {
    if format != FORMAT_VERSION {
        return Err(format!(
            "the model was sent by aetia {engine} in format {format}; aetia {ENGINE} reads format {FORMAT_VERSION}: use \
             one version on both sides"
        ));
    }
    if let Some(model) = recent(|known| known.iter().find(|model| model.source_hash() == hash).cloned()) {
        return Ok(model);
    }
    let refused = |reason: String| {
        format!("the model, sent by aetia {engine}, cannot be read by aetia {ENGINE}: {reason}")
    };
    let limits = limits::none();
    let document = Document::from_json_within(text, &limits).map_err(|error| refused(error.to_string()))?;
    let model = document.validate_within(&limits).map_err(|error| refused(error.to_string()))?.compile();
    if model.source_hash() != hash {
        return Err(refused(format!(
            "it is {}, not {hash}, so that the versions differ",
            model.source_hash()
        )));
    }
    recent(|known| {
        known.truncate(KEPT - 1);
        known.push_front(model.clone());
        None
    });
    Ok(model)
}

/// Looks at the models that came before. A child whose parent was here while it forked finds them locked for ever: it goes
/// without.
fn recent(look: impl FnOnce(&mut VecDeque<Model>) -> Option<Model>) -> Option<Model> {
    RECENT.try_lock().ok().and_then(|mut known| look(&mut known))
}
