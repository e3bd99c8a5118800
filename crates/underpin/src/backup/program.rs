//! Running the programs of others: found by name, ended with the run, their last words kept without
//! credentials. What they are told is the caller's.

use std::{
    io,
    path::{Path, PathBuf},
    process::Stdio,
};

#[cfg(feature = "mysql")]
use tokio::io::{AsyncWriteExt as _, BufWriter};
use tokio::process::Command;

/// How many characters of what a program has said are repeated.
const WORDS: usize = 600;

/// Why a program did not do its work.
#[derive(Debug)]
pub(super) enum ProgramError {
    /// It is not there.
    Missing,
    /// It can't be started.
    Unstartable(io::Error),
    /// It ended with an error, and these words.
    Failed(String),
}

/// A command of the user's, for the shell.
pub(crate) fn shell(command: &str) -> Command {
    let (shell, flag) = if cfg!(windows) { ("cmd", "/C") } else { ("sh", "-c") };
    let mut shell = Command::new(shell);
    shell.arg(flag).arg(command);
    shell
}

/// The program by this name, in a directory or wherever the system looks for programs.
pub(super) fn named(directory: Option<&Path>, name: &str) -> PathBuf {
    match directory {
        Some(directory) => directory.join(name),
        None => PathBuf::from(name),
    }
}

/// Runs the first of these programs that is there, to its end. It is killed where the future is dropped.
///
/// # Errors
/// None of them is there, or the one that is has failed.
pub(super) async fn run(
    directory: Option<&Path>,
    names: &[&str],
    prepare: impl Fn(&mut Command),
) -> Result<(), ProgramError> {
    for name in names {
        let mut command = Command::new(named(directory, name));
        prepare(&mut command);
        command.stdin(Stdio::null()).stdout(Stdio::null());
        match ended(command).await {
            Err(ProgramError::Missing) => {}
            other => return other,
        }
    }
    Err(ProgramError::Missing)
}

/// Runs a command whose standard input and output are decided, to its end.
pub(super) async fn ended(mut command: Command) -> Result<(), ProgramError> {
    command.stderr(Stdio::piped()).kill_on_drop(true);
    let child = command.spawn().map_err(unstartable)?;
    let output = child.wait_with_output().await.map_err(ProgramError::Unstartable)?;
    match output.status.success() {
        true => Ok(()),
        false => Err(ProgramError::Failed(last_words(&output.stderr, &output.status.to_string()))),
    }
}

/// Runs a command that reads these pieces, to its end. What ends the pieces ends it.
#[cfg(feature = "mysql")]
pub(super) async fn fed(
    mut command: Command,
    pieces: impl Iterator<Item = io::Result<Vec<u8>>>,
) -> Result<(), ProgramError> {
    command.stdin(Stdio::piped()).stderr(Stdio::piped()).kill_on_drop(true);
    let mut child = command.spawn().map_err(unstartable)?;
    let input = child.stdin.take();
    let feeding = async move {
        let Some(input) = input else { return Ok(()) };
        let mut input = BufWriter::new(input);
        for piece in pieces {
            input.write_all(&piece?).await?;
        }
        input.flush().await
    };
    let (fed, output) = tokio::join!(feeding, child.wait_with_output());
    let output = output.map_err(ProgramError::Unstartable)?;
    match (output.status.success(), fed) {
        (true, Ok(())) => Ok(()),
        // What was wrong with the pieces is why it has read no more of them.
        (_, Err(error)) if error.kind() == io::ErrorKind::Other => {
            Err(ProgramError::Failed(error.to_string()))
        }
        (true, Err(error)) => Err(ProgramError::Unstartable(error)),
        (false, _) => Err(ProgramError::Failed(last_words(&output.stderr, &output.status.to_string()))),
    }
}

/// Why a program could not be started.
pub(super) fn unstartable(error: io::Error) -> ProgramError {
    match error.kind() {
        io::ErrorKind::NotFound => ProgramError::Missing,
        _ => ProgramError::Unstartable(error),
    }
}

/// The end of what a program has said, in one line, or how it ended.
pub(super) fn last_words(said: &[u8], status: &str) -> String {
    let text = String::from_utf8_lossy(said);
    let lines: Vec<&str> = text.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    let text = lines.join("; ");
    let skipped = text.chars().count().saturating_sub(WORDS);
    match text.is_empty() {
        true => status.to_owned(),
        false => text.chars().skip(skipped).collect(),
    }
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_program_that_fails_is_told_by_its_last_words() {
        let script = |text: &'static str| async move {
            run(None, &["no-such-program", "sh"], |command| {
                command.args(["-c", text]);
            })
            .await
        };
        assert!(script("exit 0").await.is_ok());
        assert!(
            matches!(script("echo a >&2; echo b >&2; exit 3").await, Err(ProgramError::Failed(words)) if words == "a; b")
        );
        assert!(
            matches!(script("exit 3").await, Err(ProgramError::Failed(words)) if words == "exit status: 3")
        );
        assert!(matches!(run(None, &["no-such-program"], |_| {}).await, Err(ProgramError::Missing)));
        let nowhere = Some(Path::new("/nowhere"));
        assert!(matches!(run(nowhere, &["sh"], |_| {}).await, Err(ProgramError::Missing)));
    }
}
