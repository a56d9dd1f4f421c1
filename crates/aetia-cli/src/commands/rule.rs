//! A rule that was typed: read, and held to what a rule of the knowledge base must be, before anything is searched.

use std::io::Write as _;

use aetia::written::Invariant;
use aetia::{Code, Problem};
use aetia_verify::Claim;
use annotate_snippets::Level;

use crate::console::Sink;
use crate::failure::Failure;
use crate::faults::{Picture, renderer, within_line};
use crate::text::Base;

/// What a typed rule is called in messages.
const NAME: &str = "RULE";

/// The rule; none where it was shown why this knowledge base could not declare it.
pub(super) fn read(rule: &str, base: &Base, errors: &mut Sink) -> Result<Option<Claim>, Failure> {
    let claim = match rule.parse::<Claim>() {
        Ok(claim) => claim,
        Err(error) => {
            let before = rule.char_indices().nth(error.character().saturating_sub(1));
            let start = before.map_or(rule.len(), |(at, _)| at);
            show(rule, Code::ClaimSyntax, error.message(), error.help(), (start, start), errors)?;
            return Ok(None);
        }
    };
    // The checker reads what a document could declare, and nothing else.
    let mut document = base.kb.document().clone();
    document.invariants =
        vec![Invariant { id: "rule".to_owned(), claim: rule.to_owned(), reason: "it was typed".to_owned() }];
    let Err(invalid) = document.validate() else { return Ok(Some(claim)) };
    for problem in invalid.problems().iter().filter(|problem| problem.place().starts_with("invariants")) {
        let span = about(rule, problem);
        show(rule, problem.code(), problem.message(), problem.help_text(), span, errors)?;
    }
    Ok(None)
}

/// The bytes of a rule that a problem is about: the first name in its message that the rule has, else all of it.
fn about(rule: &str, problem: &Problem) -> (usize, usize) {
    let named =
        problem.message().split('`').skip(1).step_by(2).find_map(|name| Some((rule.find(name)?, name)));
    named.map_or((0, rule.len()), |(start, name)| (start, start + name.len()))
}

fn show(
    rule: &str,
    code: Code,
    message: &str,
    help: Option<&str>,
    (start, end): (usize, usize),
    errors: &mut Sink,
) -> Result<(), Failure> {
    let picture = Picture {
        level: Level::ERROR,
        kind: code.slug(),
        message,
        source: rule,
        name: NAME,
        first_line: 1,
        span: Some(within_line(rule, start, end)),
        notes: Vec::new(),
        help,
    };
    Ok(writeln!(errors, "{}", picture.render(&renderer(errors.columns())))?)
}
