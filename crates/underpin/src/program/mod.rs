//! Running the programs of others: found by name, ended with what wants them, their last words kept. What
//! they are told, and what becomes of what they write, is the caller's.

mod group;
mod said;
mod started;

pub(crate) use said::Said;
pub(crate) use started::{StandardError, Started};

use std::{
    io,
    path::{Path, PathBuf},
    process::Stdio,
};

use tokio::{io::AsyncReadExt as _, process::Command};

use crate::database::{Interrupt, Stop};

/// A program that did not do its work.
#[derive(Debug)]
pub(crate) struct ProgramError {
    /// What it is called.
    pub(crate) name: String,
    pub(crate) reason: ProgramFailure,
}

impl ProgramError {
    /// Whether the program ended with this status.
    pub(crate) fn is_status(&self, code: i32) -> bool {
        matches!(&self.reason, ProgramFailure::Failed(said) if said.is_status(code))
    }
}

/// Why a program did not do its work.
#[derive(Debug)]
pub(crate) enum ProgramFailure {
    /// It is not in this directory, or nowhere where the system looks for programs.
    Missing(Option<PathBuf>),
    /// It can't be started, or not be talked to.
    Unusable(io::Error),
    /// It ended with an error.
    Failed(Said),
    /// It was ended because it was time to stop.
    Stopped(Stop),
}

/// Where programs are looked for, and what ends them before their time.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Programs<'a> {
    /// Their directory; wherever the system looks for programs, if none is named.
    pub(crate) directory: Option<&'a Path>,
    pub(crate) interrupt: &'a Interrupt,
}

impl Programs<'_> {
    /// Runs the first of these programs that is there, to its end, without input and output.
    ///
    /// # Errors
    /// None of them is there, or the one that is has failed.
    pub(crate) async fn run(
        &self,
        names: &[&str],
        prepare: impl Fn(&mut Command),
    ) -> Result<(), ProgramError> {
        let started = self.start(names, |command| {
            command.stdin(Stdio::null()).stdout(Stdio::null());
            prepare(command);
        })?;
        started.end(self.interrupt).await
    }

    /// What the first of these programs that is there writes to its output.
    ///
    /// # Errors
    /// As [`run`](Self::run).
    pub(crate) async fn output(
        &self,
        names: &[&str],
        prepare: impl Fn(&mut Command),
    ) -> Result<Vec<u8>, ProgramError> {
        let mut started = self.start(names, |command| {
            command.stdin(Stdio::null()).stdout(Stdio::piped());
            prepare(command);
        })?;
        let mut text = Vec::new();
        if let Some(mut output) = started.output() {
            // Why it was stopped, its end tells.
            if let Ok(Err(error)) = self.interrupt.limit(output.read_to_end(&mut text)).await {
                return Err(started.error(ProgramFailure::Unusable(error)));
            }
        }
        started.end(self.interrupt).await.map(|()| text)
    }

    /// Starts the first of these programs that is there.
    ///
    /// # Errors
    /// None of them is there, or the one that is can't be started. The error is about the first.
    pub(crate) fn start(
        &self,
        names: &[&str],
        prepare: impl Fn(&mut Command),
    ) -> Result<Started, ProgramError> {
        for name in names {
            let path = self.directory.map_or_else(|| PathBuf::from(name), |directory| directory.join(name));
            let mut command = Command::new(path);
            prepare(&mut command);
            match Started::of(name, command) {
                Ok(started) => return Ok(started),
                Err(error) if error.kind() == io::ErrorKind::NotFound => {}
                Err(error) => {
                    let reason = ProgramFailure::Unusable(error);
                    return Err(ProgramError { name: (*name).to_owned(), reason });
                }
            }
        }
        let name = names.first().copied().unwrap_or_default().to_owned();
        Err(ProgramError { name, reason: ProgramFailure::Missing(self.directory.map(Path::to_owned)) })
    }
}

/// A command of the user's, for the shell.
pub(crate) fn shell(command: &str) -> Command {
    let (shell, flag) = if cfg!(windows) { ("cmd", "/C") } else { ("sh", "-c") };
    let mut shell = Command::new(shell);
    shell.arg(flag).arg(command);
    shell
}

#[cfg(all(test, unix))]
mod tests {
    use std::time::Duration;

    use tokio::time::Instant;

    use super::*;
    use crate::database::{Cause, Errand};

    async fn run(
        directory: Option<&Path>,
        names: &[&str],
        text: &str,
        limit: Option<Duration>,
    ) -> Result<(), ProgramError> {
        let (_handle, interrupt) = Interrupt::new(Errand::PART, Instant::now(), limit);
        let programs = Programs { directory, interrupt: &interrupt };
        let run = programs.run(names, |command| {
            command.args(["-c", text]);
        });
        run.await
    }

    fn words(ended: Result<(), ProgramError>) -> String {
        match ended.map_err(|error| error.reason) {
            Err(ProgramFailure::Failed(said)) => said.words(str::to_owned),
            other => format!("{other:?}"),
        }
    }

    #[tokio::test]
    async fn a_program_that_fails_is_told_by_its_last_words() {
        let names = ["no-such-program", "sh"];
        assert!(run(None, &names, "exit 0", None).await.is_ok());
        assert_eq!(words(run(None, &names, "echo a >&2; echo b >&2; exit 3", None).await), "a; b");
        assert_eq!(words(run(None, &names, "exit 3", None).await), "exit status: 3");
    }

    #[tokio::test]
    async fn one_that_is_not_there_is_named_with_where_it_was_looked_for() {
        let error = run(Some(Path::new("/nowhere")), &["sh", "bash"], "", None).await.expect_err("missing");
        let place = Some(PathBuf::from("/nowhere"));
        assert!(
            error.name == "sh" && matches!(error.reason, ProgramFailure::Missing(found) if found == place)
        );
    }

    #[tokio::test]
    async fn what_it_has_started_ends_with_it_when_time_is_over() {
        let directory = tempfile::tempdir().expect("a directory");
        let file = directory.path().join("late");
        // The shell waits for both; neither is told by itself.
        let text = format!("(sleep 2; echo late > '{}') | cat; true", file.display());
        let ended = run(None, &["sh"], &text, Some(Duration::from_millis(200))).await;
        let reason = ended.map_err(|error| error.reason);
        assert!(
            matches!(reason, Err(ProgramFailure::Stopped(Stop { cause: Cause::Timeout(_), .. }))),
            "{reason:?}"
        );
        tokio::time::sleep(Duration::from_millis(2_500)).await;
        assert!(!file.exists());
    }

    #[tokio::test]
    async fn what_it_has_started_ends_where_nobody_waits_any_more() {
        let directory = tempfile::tempdir().expect("a directory");
        let file = directory.path().join("late");
        let text = format!("trap '' INT; (sleep 1; echo late > '{}') | cat; true", file.display());
        let given_up =
            tokio::time::timeout(Duration::from_millis(200), run(None, &["sh"], &text, None)).await;
        assert!(given_up.is_err());
        tokio::time::sleep(Duration::from_millis(1_500)).await;
        assert!(!file.exists());
    }
}
