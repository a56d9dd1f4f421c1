//! `aetia check`: what is wrong with a knowledge base.

use crate::arguments::Check;
use crate::console::Console;
use crate::failure::{Failure, Verdict};
use crate::text::Text;

/// How many warnings of one kind are shown unless all are asked for.
const SHOWN: usize = 3;

/// Shows every problem with its line.
pub(crate) fn run(arguments: &Check, console: &mut Console) -> Result<Verdict, Failure> {
    let text = Text::of_knowledge_base(&arguments.knowledge_base)?;
    let sink = &mut console.results;
    let kb = match text.knowledge_base() {
        Ok(kb) => kb,
        Err(faults) => {
            faults.show(sink)?;
            return Ok(Verdict::Fails);
        }
    };
    let warnings = text.with(kb.warnings().to_vec());
    warnings.show_some(sink, if arguments.all { usize::MAX } else { SHOWN })?;
    Ok(Verdict::Fine)
}
