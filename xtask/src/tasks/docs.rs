//! Builds the documentation with every warning denied.
//! It does not open or publish it.

use std::process::ExitCode;

use anyhow::Result;

use crate::cargo;

/// Documents the workspace.
pub(crate) fn docs() -> Result<ExitCode> {
    let mut command = cargo::command(["doc", "--no-deps"]);
    command.args(cargo::WHOLE_WORKSPACE).env("RUSTDOCFLAGS", "-D warnings");
    Ok(cargo::exit_code(cargo::status(&mut command)?))
}
