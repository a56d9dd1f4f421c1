//! Questions, stops and changes as a person reads them.

use std::fmt;

use super::layout::wrapped;
use crate::interview::{Alternative, Essential, Flip, Question, StopReason, Sufficient, WhyNot, Witness};

impl fmt::Display for Question {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        wrapped(f, self.text(), "", "  ")?;
        wrapped(f, &self.sentence(), "  ", "  ")
    }
}

impl fmt::Display for WhyNot {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.sentences().iter().try_for_each(|sentence| wrapped(f, sentence, "", "  "))
    }
}

/// What is one sentence prints as one paragraph.
macro_rules! sentence {
    ($($name:ident),+) => {$(
        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                wrapped(f, &self.sentence(), "", "  ")
            }
        }
    )+};
}

sentence!(Alternative, Essential, Flip, StopReason, Sufficient, Witness);
