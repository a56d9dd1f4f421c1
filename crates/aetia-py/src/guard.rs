//! A panic of the core is a bug. It becomes an exception that says so, with the version in it, and nothing worse.

use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind};

/// What panicked, in its own words.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Bug(String);

impl Bug {
    fn of(payload: &(dyn Any + Send)) -> Self {
        let text = payload.downcast_ref::<String>().map(String::as_str);
        let text = text.or_else(|| payload.downcast_ref::<&str>().copied());
        Self(text.unwrap_or("no message").to_owned())
    }

    /// The report a user is asked to pass on.
    pub(crate) fn report(&self) -> String {
        format!(
            "this is a bug in aetia {}: {}; please report it with the call that led here",
            env!("CARGO_PKG_VERSION"),
            self.0
        )
    }
}

/// The value of a call into the core, or the report of its panic.
pub(crate) fn guarded<T>(call: impl FnOnce() -> T) -> Result<T, Bug> {
    // Nothing half-done is seen afterwards: the core's values are immutable, and the call's own are dropped.
    catch_unwind(AssertUnwindSafe(call)).map_err(|payload| Bug::of(&*payload))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_is_a_report_with_the_version() {
        let bug = guarded(|| panic!("row {} is gone", 7)).unwrap_err();
        assert_eq!(bug, Bug("row 7 is gone".to_owned()));
        let report = bug.report();
        assert!(report.contains(env!("CARGO_PKG_VERSION")) && report.contains("row 7 is gone"), "{report}");
        assert_eq!(guarded(|| panic!("plain")).unwrap_err(), Bug("plain".to_owned()));
    }

    #[test]
    fn a_value_passes_untouched() {
        assert_eq!(guarded(|| 7), Ok(7));
    }
}
