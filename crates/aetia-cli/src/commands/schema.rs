//! `aetia schema`: JSON Schemas, by which editors complete and check knowledge bases and cases.

use std::io::Write as _;

use aetia::{AskedBy, Indicator, IndicatorKind, KnowledgeBase};
use serde_json::{Map, Value, json};

use crate::arguments::{Format, Schema};
use crate::console::Console;
use crate::failure::{Failure, Verdict};
use crate::text::Base;

const KNOWLEDGE_BASE: &str = include_str!("../../schemas/knowledge_base.schema.json");
const CASE: &str = include_str!("../../schemas/case.schema.json");
const TEST_CASES: &str = include_str!("../../schemas/test_cases.schema.json");

/// Prints a schema.
pub(crate) fn run(arguments: &Schema, console: &mut Console) -> Result<Verdict, Failure> {
    let general = match arguments.format {
        Format::Kb => KNOWLEDGE_BASE,
        Format::Case => CASE,
        Format::Tests => TEST_CASES,
    };
    let Some(name) = &arguments.knowledge_base else {
        console.results.write_all(general.as_bytes())?;
        return Ok(Verdict::Fine);
    };
    // Where the findings stand in the schema.
    let place = match arguments.format {
        Format::Kb => {
            return Err(Failure::with_help(
                "the schema of knowledge bases depends on none",
                "`aetia schema case KB` is that of its cases",
            ));
        }
        Format::Case => "/properties/findings",
        Format::Tests => "/properties/cases/items/properties/findings",
    };
    let kb = Base::read(name)?.kb;
    let mut schema: Value = serde_json::from_str(general).unwrap_or_default();
    if let Some(findings) = schema.pointer_mut(place) {
        *findings = findings_of(&kb);
    }
    let text = serde_json::to_string_pretty(&schema).unwrap_or_default();
    writeln!(console.results, "{text}")?;
    Ok(Verdict::Fine)
}

/// The findings a case of a knowledge base can have.
fn findings_of(kb: &KnowledgeBase) -> Value {
    let properties: Map<String, Value> =
        kb.indicators().map(|indicator| (indicator.id().to_string(), finding_of(indicator))).collect();
    json!({
        "description": format!("Answers by indicator, of {} {}.", kb.id(), kb.version()),
        "type": "object",
        "additionalProperties": false,
        "properties": properties,
    })
}

fn finding_of(indicator: &Indicator) -> Value {
    let answer = match indicator.kind() {
        IndicatorKind::Boolean => json!({ "type": "boolean" }),
        IndicatorKind::Numeric => json!({ "type": "number" }),
        IndicatorKind::Categorical | IndicatorKind::Ordinal => {
            let keys: Vec<&str> = indicator.answers().iter().map(aetia::Answer::key).collect();
            json!({ "enum": keys })
        }
    };
    json!({ "description": describe(indicator), "anyOf": [answer, { "enum": ["not_assessable", "unknown", null] }] })
}

/// What an editor shows beside an indicator.
fn describe(indicator: &Indicator) -> String {
    let mut parts = vec![indicator.title().to_owned()];
    parts.extend(indicator.question().map(str::to_owned));
    parts.extend(indicator.help().map(str::to_owned));
    match indicator.kind() {
        IndicatorKind::Boolean => {}
        IndicatorKind::Numeric => parts.extend(indicator.unit().map(|unit| format!("In {unit}."))),
        IndicatorKind::Categorical | IndicatorKind::Ordinal => {
            let answers =
                indicator.answers().iter().map(|answer| format!("{}: {}", answer.key(), answer.title()));
            parts.push(answers.collect::<Vec<_>>().join("; "));
        }
    }
    match indicator.asked_by() {
        AskedBy::Oneself => {}
        AskedBy::Examination => parts.push("Takes an examination.".to_owned()),
        AskedBy::Laboratory => parts.push("Takes a laboratory.".to_owned()),
    }
    parts.join("\n\n")
}
