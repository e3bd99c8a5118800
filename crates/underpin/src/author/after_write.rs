//! What is run after the file of a revision was written: formatters and linters of the team. They come
//! after the writing and undo nothing of it; what they leave has to be the revision still.

use std::{path::Path, process::Stdio, time::Duration};

use tokio::{io::AsyncReadExt as _, process::Command, time::Instant};
use underpin_core::{
    diagnostic::{Diagnostic, ErrorKind},
    dialect::Flavour,
    revision::{Direction, RevisionFile},
};

use super::WrittenRevision;
use crate::{
    database::{Errand, Interrupt},
    program::{ProgramFailure, Started},
    source::Revisions,
};

/// What stands for the file in the words of a command.
const FILE: &str = "{file}";

/// How much of what a command has written is shown when it fails.
const SHOWN_LINES: usize = 40;

/// The commands that are run after a file was written, one after the other and without a shell.
pub(crate) struct AfterWrite<'a> {
    /// The words of each.
    pub(crate) commands: &'a [Vec<String>],
    /// How long each may take.
    pub(crate) limit: Duration,
}

/// A command that failed, and what it had written until then.
pub(crate) struct CommandFailure {
    pub(crate) diagnostic: Diagnostic,
    pub(crate) output: String,
}

impl AfterWrite<'_> {
    /// Runs them for a file that is there. `directory` is the one that the revisions are read from.
    ///
    /// # Errors
    /// The first command that can't be run, ends with anything but success, takes too long, or leaves a
    /// file that is not the revision any more.
    pub(crate) async fn run(
        &self,
        directory: &Path,
        written: &WrittenRevision,
    ) -> Result<(), CommandFailure> {
        if self.commands.is_empty() {
            return Ok(());
        }
        let before = read(directory, written).map_err(silent)?;
        for words in self.commands {
            let path = written.path.display().to_string();
            let words: Vec<String> = words.iter().map(|word| word.replace(FILE, &path)).collect();
            self.command(&words, written).await?;
            read(directory, written).and_then(|after| refuse_unreadable(&before, &after)).map_err(
                |mut error| {
                    error.message =
                        format!("`{}` has broken {}: {}", words.join(" "), written.file, error.message);
                    silent(error.state(format!("{} is as the command has left it", written.file)).hint(HINT))
                },
            )?;
        }
        Ok(())
    }

    async fn command(&self, words: &[String], written: &WrittenRevision) -> Result<(), CommandFailure> {
        let Some((program, arguments)) = words.split_first() else { return Ok(()) };
        let shown = words.join(" ");
        let failed = |why: String, output: String| CommandFailure {
            diagnostic: Diagnostic::new(
                ErrorKind::HookFailed,
                format!("`{shown}`, which is run after a file was written, {why}"),
            )
            .state(format!("{} is written", written.file))
            .hint(HINT),
            output,
        };
        let (_handle, interrupt) = Interrupt::new(Errand::PART, Instant::now(), Some(self.limit));
        let mut command = Command::new(program);
        command.args(arguments).stdin(Stdio::null()).stdout(Stdio::piped());
        let mut started = Started::of(program, command)
            .map_err(|error| failed(format!("can't be started: {error}"), String::new()))?;
        let mut text = Vec::new();
        if let Some(mut output) = started.output() {
            // Why there is no more of it, its end tells.
            let _ = interrupt.limit(output.read_to_end(&mut text)).await;
        }
        let Err(error) = started.end(&interrupt).await else { return Ok(()) };
        Err(match error.reason {
            ProgramFailure::Stopped(_) => {
                let limit = crate::migrate::in_words(self.limit);
                failed(format!("took longer than {limit} and was ended"), String::new())
            }
            ProgramFailure::Failed(said) => {
                failed(said.ending(), last_lines(&[&text[..], said.bytes()].concat()))
            }
            ProgramFailure::Unusable(error) => failed(format!("can't be waited for: {error}"), String::new()),
            ProgramFailure::Missing(_) => failed("is not there".to_owned(), String::new()),
        })
    }
}

const HINT: &str = "the command stands in after_write; `underpin check` reads all the files again";

/// The revision as it is on the disk now, if the directory can be read with it.
fn read(directory: &Path, written: &WrittenRevision) -> Result<RevisionFile, Diagnostic> {
    let revisions = Revisions::read(directory)?;
    revisions.graph()?;
    revisions.file(&written.id)
}

/// Refuses a file in which a section can't be split any more, or is gone.
fn refuse_unreadable(before: &RevisionFile, after: &RevisionFile) -> Result<(), Diagnostic> {
    for direction in [Direction::Upgrade, Direction::Downgrade] {
        for flavour in Flavour::ALL {
            if before.statements(direction, flavour).is_ok() {
                after.statements(direction, flavour)?;
            }
        }
    }
    Ok(())
}

fn silent(diagnostic: Diagnostic) -> CommandFailure {
    CommandFailure { diagnostic, output: String::new() }
}

fn last_lines(output: &[u8]) -> String {
    let text = String::from_utf8_lossy(output);
    let lines: Vec<&str> = text.trim_end().lines().collect();
    lines[lines.len().saturating_sub(SHOWN_LINES)..].join("\n")
}

#[cfg(all(test, unix))]
#[path = "after_write/tests.rs"]
mod tests;
