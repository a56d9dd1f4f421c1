//! `aetia kbs`: the embedded knowledge bases.

use std::io::Write as _;

use aetia::KnowledgeBase;

use super::counted;
use crate::arguments::Kbs;
use crate::console::{Console, FAINT, STRONG, Sink};
use crate::failure::{Failure, Verdict};
use crate::text::embedded_names;

/// Lists the embedded knowledge bases, or prints a text of one.
pub(crate) fn run(arguments: &Kbs, console: &mut Console) -> Result<Verdict, Failure> {
    let Some(name) = &arguments.name else {
        for id in aetia_kb::available() {
            let embedded = aetia_kb::embedded(id).and_then(aetia_kb::Embedded::knowledge_base);
            let kb = embedded.map_err(|error| Failure::new(error.to_string()))?;
            entry(&kb, &mut console.results)?;
        }
        return Ok(Verdict::Fine);
    };
    let embedded = aetia_kb::embedded(name).map_err(|_| {
        Failure::with_help(
            format!("`{name}` is no embedded knowledge base"),
            format!("there is {}", embedded_names()),
        )
    })?;
    let text = if arguments.cases {
        embedded.cases()
    } else if arguments.sources {
        embedded.sources()
    } else {
        embedded.document()
    };
    console.results.write_all(text.as_bytes())?;
    Ok(Verdict::Fine)
}

fn entry(kb: &KnowledgeBase, sink: &mut Sink) -> std::io::Result<()> {
    writeln!(sink, "{STRONG}{}{STRONG:#} {}", kb.id(), kb.version())?;
    sink.paragraph(kb.title(), "  ", "    ")?;
    let default = kb.default_setting().id();
    let settings = kb.settings().map(|setting| match setting.id() {
        id if id == default => format!("{id} (unless said)"),
        id => id.to_string(),
    });
    let settings = settings.collect::<Vec<_>>().join(", ");
    let counts = [
        counted(kb.causes().len(), "cause", "causes"),
        counted(kb.indicators().len(), "indicator", "indicators"),
        counted(kb.gates().len(), "gate", "gates"),
        counted(kb.flags().len(), "flag", "flags"),
        counted(kb.invariants().len(), "invariant", "invariants"),
    ];
    sink.paragraph(&counts.join(", "), "  ", "    ")?;
    sink.paragraph(&format!("settings: {settings}"), "  ", "    ")?;
    sink.paragraph(&format!("{FAINT}{}{FAINT:#}", kb.notice()), "  ", "  ")
}
