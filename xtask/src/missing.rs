//! What a task does about something that could not be had: it says so loudly, and fails in CI.
//! It decides nothing about the tests that wanted it; they skip themselves, as loudly.

use std::env;

use anyhow::{Result, bail};

/// Whether this runs in CI, where nothing may be missing.
fn in_ci() -> bool {
    env::var("CI").is_ok_and(|value| value == "true")
}

/// Reports what is missing; an error with `CI=true`.
pub(crate) fn report(what: &str, reason: &str) -> Result<()> {
    if in_ci() {
        bail!("{what} is missing, and CI=true: {reason}");
    }
    eprintln!("\n!!! {what} is missing, its tests will be skipped: {reason}\n");
    Ok(())
}

/// What could be had; reports what could not.
pub(crate) fn accept<T>(what: &str, had: Result<T>) -> Result<Option<T>> {
    match had {
        Ok(had) => Ok(Some(had)),
        Err(error) => report(what, &format!("{error:#}")).map(|()| None),
    }
}
