//! Reads a claim from its text.

use std::str::FromStr;

use super::{Claim, Target};
use crate::document::condition::{Condition, condition};
use crate::document::cursor::{Cursor, Fault};
use crate::document::interval_key::BinKey;
use crate::document::suggest::suggest;
use crate::document::tree::excerpt;

/// The words that begin a claim.
const CLAIMS: [&str; 9] = [
    "never_first",
    "never_leads",
    "reachable_first",
    "reachable_leads",
    "always_above",
    "monotone",
    "posterior",
    "raised",
    "some_named_cause_open",
];

const CAUSE: &str = "the identifier of a cause";

/// Why a text is not a claim.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(transparent)]
pub struct ClaimError(Fault);

impl ClaimError {
    /// What is wrong, and what was expected.
    pub fn message(&self) -> &str {
        &self.0.message
    }

    /// Where: the number of the character, from 1.
    pub fn character(&self) -> usize {
        self.0.character
    }

    /// What to do about it.
    pub fn help(&self) -> Option<&str> {
        self.0.help.as_deref()
    }

    /// Whether a condition in the claim speaks of a score, a rank, a posterior, a prior or a gate.
    pub fn mentions_result(&self) -> bool {
        self.0.mentions_result
    }
}

impl FromStr for Claim {
    type Err = ClaimError;

    fn from_str(text: &str) -> Result<Self, ClaimError> {
        let mut cursor = Cursor::new(text);
        claim(&mut cursor)
            .and_then(|claim| cursor.ends("the end of the claim").map(|()| claim))
            .map_err(ClaimError)
    }
}

fn claim(cursor: &mut Cursor<'_>) -> Result<Claim, Fault> {
    let start = cursor.clone();
    match cursor.word("a claim such as `never_first(c) unless present(i)`")? {
        "never_first" => never(cursor, |cause, unless| Claim::NeverFirst { cause, unless }),
        "never_leads" => never(cursor, |cause, unless| Claim::NeverLeads { cause, unless }),
        "reachable_first" => reachable(cursor, |cause, setting| Claim::ReachableFirst { cause, setting }),
        "reachable_leads" => reachable(cursor, |cause, setting| Claim::ReachableLeads { cause, setting }),
        "always_above" => always_above(cursor),
        "monotone" => monotone(cursor),
        "posterior" => posterior(cursor),
        "raised" => raised(cursor),
        "some_named_cause_open" => Ok(Claim::SomeNamedCauseOpen),
        other => Err(unknown(&start, other)),
    }
}

fn never(
    cursor: &mut Cursor<'_>,
    make: impl FnOnce(String, Option<Condition>) -> Claim,
) -> Result<Claim, Fault> {
    cursor.expects("(")?;
    let cause = name(cursor, CAUSE)?;
    cursor.expects(")")?;
    Ok(make(cause, condition_after(cursor, "unless")?))
}

fn reachable(
    cursor: &mut Cursor<'_>,
    make: impl FnOnce(Target, Option<String>) -> Claim,
) -> Result<Claim, Fault> {
    cursor.expects("(")?;
    let target = if cursor.takes("*") {
        Target::Every
    } else {
        Target::Cause(name(cursor, "the identifier of a cause, or `*` for every one")?)
    };
    cursor.expects(")")?;
    let setting =
        if cursor.takes_word("in") { Some(name(cursor, "the identifier of a setting")?) } else { None };
    Ok(make(target, setting))
}

fn always_above(cursor: &mut Cursor<'_>) -> Result<Claim, Fault> {
    cursor.expects("(")?;
    let upper = name(cursor, CAUSE)?;
    cursor.expects(",")?;
    let lower = name(cursor, CAUSE)?;
    cursor.expects(")")?;
    Ok(Claim::AlwaysAbove { upper, lower, when: condition_after(cursor, "when")? })
}

fn monotone(cursor: &mut Cursor<'_>) -> Result<Claim, Fault> {
    cursor.expects("(")?;
    let indicator = name(cursor, "the identifier of an indicator")?;
    cursor.expects(":")?;
    let from = answer(cursor, &["->"])?;
    cursor.expects("->")?;
    let to = answer(cursor, &[",", ")"])?;
    cursor.expects(",")?;
    let cause = name(cursor, CAUSE)?;
    cursor.expects(")")?;
    let on_score = cursor.takes_word("on");
    if on_score && !cursor.takes_word("score") {
        return Err(cursor.found_instead("`score`"));
    }
    Ok(Claim::Monotone { indicator, from, to, cause, on_score })
}

fn posterior(cursor: &mut Cursor<'_>) -> Result<Claim, Fault> {
    cursor.expects("(")?;
    let cause = name(cursor, CAUSE)?;
    cursor.expects(")")?;
    cursor.expects("<=")?;
    cursor.ahead();
    let before = cursor.clone();
    let bound = cursor.number("a probability")?;
    if !(0.0 < bound && bound < 1.0) {
        return Err(before.fault(format!("{bound} is not between 0 and 1")).help("93 % is written 0.93"));
    }
    Ok(Claim::PosteriorAtMost { cause, bound, when: condition_after(cursor, "when")? })
}

fn raised(cursor: &mut Cursor<'_>) -> Result<Claim, Fault> {
    cursor.expects("(")?;
    let flag = name(cursor, "the identifier of a flag")?;
    cursor.expects(")")?;
    match condition_after(cursor, "whenever")? {
        Some(whenever) => Ok(Claim::Raised { flag, whenever }),
        None => Err(cursor.found_instead("`whenever` and a condition")),
    }
}

fn name(cursor: &mut Cursor<'_>, expected: &str) -> Result<String, Fault> {
    cursor.word(expected).map(str::to_owned)
}

fn condition_after(cursor: &mut Cursor<'_>, word: &str) -> Result<Option<Condition>, Fault> {
    if cursor.takes_word(word) { condition(cursor).map(Some) } else { Ok(None) }
}

/// Reads one side of a change: a word, or the key of a bin.
fn answer(cursor: &mut Cursor<'_>, ends: &[&str]) -> Result<String, Fault> {
    const EXPECTED: &str = "an answer such as `present`, `unknown`, or a bin such as `40..45`";
    let mut start = cursor.clone();
    let text = cursor.until(ends, EXPECTED)?;
    let mut word = Cursor::new(text);
    let is_word = word.word(EXPECTED).is_ok() && word.ends(EXPECTED).is_ok();
    if is_word || text.parse::<BinKey>().is_ok() {
        Ok(text.to_owned())
    } else {
        Err(start.found_instead(EXPECTED))
    }
}

fn unknown(start: &Cursor<'_>, word: &str) -> Fault {
    let fault = start.fault(format!("`{}` begins no claim", excerpt(word)));
    match suggest(word, CLAIMS) {
        Some(meant) => fault.help(format!("did you mean `{meant}`?")),
        None => fault.help(format!("a claim begins with one of `{}`", CLAIMS.join("`, `"))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SAMPLES: [&str; 20] = [
        "never_first(ibp)",
        "never_first(ibp) unless present(night_pain)",
        "never_leads(ibp)",
        "never_leads(ibp) unless all(present(a), age >= 40)",
        "reachable_first(ibp)",
        "reachable_first(*) in rheumatology",
        "reachable_leads(*)",
        "reachable_leads(ibp) in primary_care",
        "always_above(a, b)",
        "always_above(a, b) when present(c)",
        "monotone(night_pain: absent -> present, ibp)",
        "monotone(night_pain: unknown -> present, ibp) on score",
        "monotone(age: <40 -> 40..45, ibp)",
        "monotone(age: 40..45 -> >=45, ibp) on score",
        "monotone(age: -5..-4 -> >=-4, ibp)",
        "posterior(ibp) <= 0.1",
        "posterior(ibp) <= 0.1 when absent(a)",
        "raised(cauda) whenever any(present(a), present(b))",
        "raised(cauda) whenever answer(a) in [b]",
        "some_named_cause_open",
    ];

    #[test]
    fn every_claim_reads_back() {
        for text in SAMPLES {
            let claim: Claim = text.parse().unwrap();
            assert_eq!(claim.to_string(), text);
        }
    }

    #[test]
    fn a_fault_says_what_was_expected_and_where() {
        for (text, message, character) in [
            ("never_frist(a)", "`never_frist` begins no claim", 1),
            ("never_first(a) when present(b)", "found `when`, expected the end of the claim", 16),
            ("raised(a)", "the text ends, expected `whenever` and a condition", 10),
            ("posterior(a) <= 1.5", "1.5 is not between 0 and 1", 17),
            ("posterior(a) < 0.5", "found `<`, expected `<=`", 14),
            ("always_above(a)", "found `)`, expected `,`", 15),
            (
                "never_first(a) unless score(b)",
                "`score` is a result, and a condition reads findings only",
                22,
            ),
            ("reachable_first(a) in", "the text ends, expected the identifier of a setting", 22),
            ("monotone(a: b -> c)", "found `)`, expected `,`", 19),
        ] {
            let fault = text.parse::<Claim>().unwrap_err();
            assert_eq!((fault.message(), fault.character()), (message, character), "{text}");
        }
        assert_eq!(
            "never_frist(a)".parse::<Claim>().unwrap_err().help(),
            Some("did you mean `never_first`?")
        );
        assert!("never_first(a) unless score(b)".parse::<Claim>().unwrap_err().mentions_result());
    }

    #[test]
    fn garbage_is_refused_calmly() {
        for good in SAMPLES {
            for (cut, _) in good.char_indices() {
                let (head, tail) = good.split_at(cut);
                for text in [head, tail, &format!("{head}é{tail}"), &format!("{head}({tail}")] {
                    drop(text.parse::<Claim>());
                }
            }
        }
        let deep = format!("never_first(a) unless {}", "not(".repeat(1_000_000));
        assert!(deep.parse::<Claim>().is_err());
    }
}
