//! What CI runs, in the order in which a mistake is cheapest to find.
//! It is the same on a developer's machine, but that there nothing missing is fatal.

use std::process::ExitCode;

use anyhow::Result;

use super::{TestOptions, docs, test};
use crate::cargo;
use crate::phases::Phases;

/// Formatting, lints, documentation, tests.
pub(crate) fn ci(options: &TestOptions) -> Result<ExitCode> {
    let mut phases = Phases::default();
    phases.run("formatting", || cargo::success(&mut cargo::command(["fmt", "--all", "--check"])))?;
    phases.run("lints", || {
        let mut clippy = cargo::command(["clippy", "--all-targets"]);
        cargo::success(clippy.args(cargo::WHOLE_WORKSPACE).args(["--", "-D", "warnings"]))
    })?;
    let documented = phases.run("documentation", docs)?;
    if documented != ExitCode::SUCCESS {
        return Ok(documented);
    }
    eprintln!("{}", phases.summary());
    test(options)
}
