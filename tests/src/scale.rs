//! How much of a test that could go on for ever is done: a short form everywhere, the full one on demand.
//! It changes what is repeated and how often, never what is asserted.

use std::env;
use std::io::Write;

/// The variable that asks for the full form; `cargo xtask soak` sets it.
const VARIABLE: &str = "UNDERPIN_TEST_SOAK";

/// Whether the full form was asked for.
pub fn is_full() -> bool {
    env::var(VARIABLE).is_ok_and(|value| value == "full")
}

/// The number of rounds: the variable `name`, or what the form asks for.
///
/// # Panics
/// When the variable holds no number.
#[track_caller]
pub fn rounds(name: &str, short: usize, full: usize) -> usize {
    match env::var(name) {
        Ok(text) => text.parse().unwrap_or_else(|_| panic!("{name} must be a number, not {text:?}")),
        Err(_) if is_full() => full,
        Err(_) => short,
    }
}

/// The seed of what is random: the variable `UNDERPIN_SEED`, or a new one.
///
/// # Panics
/// When the variable holds no number.
#[track_caller]
pub fn seed() -> u64 {
    match env::var("UNDERPIN_SEED") {
        Ok(text) => text.parse().unwrap_or_else(|_| panic!("UNDERPIN_SEED must be a number, not {text:?}")),
        Err(_) => fastrand::u64(..1 << 32),
    }
}

/// Writes a line past the test runner's capture: the numbers of a run are worth having also when it passes.
pub fn report(line: &str) {
    let _ = writeln!(std::io::stderr(), "{line}");
}
