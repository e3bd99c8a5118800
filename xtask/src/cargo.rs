//! Runs cargo, always with the same features, so that one task never builds again what another has built.
//! It knows nothing of what the commands are for; the tasks do.

use std::env;
use std::ffi::OsStr;
use std::process::{Command, ExitCode, ExitStatus, Stdio};

use anyhow::{Context, Result, bail};

use crate::paths;

/// What every command over the whole workspace is given.
pub(crate) const WHOLE_WORKSPACE: [&str; 2] = ["--workspace", "--all-features"];

/// A cargo command in the root of the workspace.
pub(crate) fn command<A: AsRef<OsStr>>(arguments: impl IntoIterator<Item = A>) -> Command {
    let mut command = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.args(arguments).current_dir(paths::workspace());
    command
}

/// Builds programs and tests in one go: apart, they would be built with the features of different dependencies,
/// and the driver twice.
pub(crate) fn build() -> Command {
    let mut command = command(["build", "--bins", "--examples", "--tests"]);
    command.args(WHOLE_WORKSPACE);
    command
}

/// Runs a command and returns how it ended; killed by a signal counts as a failure of its own kind.
pub(crate) fn status(command: &mut Command) -> Result<ExitStatus> {
    command.status().with_context(|| format!("cannot run {}", described(command)))
}

/// Runs a command that has to succeed.
pub(crate) fn success(command: &mut Command) -> Result<()> {
    let status = status(command)?;
    if !status.success() {
        bail!("{} failed: {status}", described(command));
    }
    Ok(())
}

/// The exit code to hand on for how a child ended.
pub(crate) fn exit_code(status: ExitStatus) -> ExitCode {
    status.code().and_then(|code| u8::try_from(code).ok()).map_or(ExitCode::FAILURE, ExitCode::from)
}

/// Whether `cargo nextest` is at hand.
pub(crate) fn has_nextest() -> bool {
    command(["nextest", "--version"])
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .is_ok_and(|status| status.success())
}

fn described(command: &Command) -> String {
    let words: Vec<_> = command.get_args().map(OsStr::to_string_lossy).collect();
    format!("{} {}", command.get_program().to_string_lossy(), words.join(" "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_child_that_was_killed_counts_as_failed() {
        let status = Command::new("sh").args(["-c", "kill -9 $$"]).status().unwrap();
        assert_eq!(format!("{:?}", exit_code(status)), format!("{:?}", ExitCode::FAILURE));
    }

    #[test]
    fn the_exit_code_of_a_child_is_handed_on() {
        let status = Command::new("sh").args(["-c", "exit 101"]).status().unwrap();
        assert_eq!(format!("{:?}", exit_code(status)), format!("{:?}", ExitCode::from(101)));
    }
}
