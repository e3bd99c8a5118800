//! A program that was started: told to end when it is time to stop, and killed where it does not, or where
//! nobody waits for it any more.

use std::{
    io,
    process::{ExitStatus, Stdio},
    time::Duration,
};

use tokio::{
    process::{Child, ChildStdin, ChildStdout, Command},
    task::JoinHandle,
    time::timeout,
};

use super::{ProgramError, ProgramFailure, Said, group::ProcessGroup, said::Saying};
use crate::database::Interrupt;

/// How long one that was told to end may take, before it is killed.
const GRACE: Duration = Duration::from_millis(1_500);

/// Where a program writes its complaints.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum StandardError {
    /// Its end is kept, for who tells how the program has ended.
    Kept,
    /// Where this program writes its own.
    Shared,
}

/// A program that runs; ended with what it has started where this is dropped.
#[derive(Debug)]
pub(crate) struct Started {
    name: String,
    child: Child,
    group: ProcessGroup,
    saying: Saying,
    listening: JoinHandle<()>,
}

impl Started {
    /// Starts a command whose standard input and output are decided, and keeps what it says to standard error.
    ///
    /// # Errors
    /// What the system says.
    pub(crate) fn of(name: &str, command: Command) -> io::Result<Self> {
        Self::with(name, command, StandardError::Kept)
    }

    /// Starts a command whose standard input and output are decided.
    ///
    /// # Errors
    /// What the system says.
    pub(crate) fn with(name: &str, mut command: Command, standard_error: StandardError) -> io::Result<Self> {
        ProcessGroup::lead(&mut command);
        command.stderr(match standard_error {
            StandardError::Kept => Stdio::piped(),
            StandardError::Shared => Stdio::inherit(),
        });
        let mut child = command.kill_on_drop(true).spawn()?;
        let (group, saying) = (ProcessGroup::of(&child), Saying::default());
        let listening = tokio::spawn(saying.clone().listen(child.stderr.take()));
        Ok(Self { name: name.to_owned(), child, group, saying, listening })
    }

    /// Its standard input, once, if it is a pipe.
    pub(crate) fn input(&mut self) -> Option<ChildStdin> {
        self.child.stdin.take()
    }

    /// Its standard output, once, if it is a pipe.
    pub(crate) fn output(&mut self) -> Option<ChildStdout> {
        self.child.stdout.take()
    }

    /// Waits for its end; how that was is for the caller.
    ///
    /// # Errors
    /// What the system says.
    pub(crate) async fn status(mut self) -> io::Result<ExitStatus> {
        let status = self.child.wait().await;
        self.group.let_go();
        status
    }

    /// Waits for its end, or ends it when it is time to stop.
    ///
    /// # Errors
    /// It has failed, or was stopped.
    pub(crate) async fn end(mut self, interrupt: &Interrupt) -> Result<(), ProgramError> {
        let status = tokio::select! {
            biased;
            status = self.child.wait() => status,
            stop = interrupt.stopped() => {
                self.stop().await;
                return Err(self.error(ProgramFailure::Stopped(stop)));
            }
        };
        self.group.let_go();
        let status = match status {
            Ok(status) if status.success() => return Ok(()),
            Ok(status) => status,
            Err(error) => return Err(self.error(ProgramFailure::Unusable(error))),
        };
        // What it has left behind may keep the pipe open.
        let _ = timeout(GRACE, &mut self.listening).await;
        let said = Said::new(self.saying.bytes(), status);
        Err(self.error(ProgramFailure::Failed(said)))
    }

    /// Asks it to end, and kills what has not shortly.
    pub(crate) async fn stop(&mut self) {
        self.group.interrupt();
        let _ = timeout(GRACE, self.child.wait()).await;
        self.group.kill();
        let _ = self.child.wait().await;
        self.group.let_go();
    }

    /// An error of this program.
    pub(crate) fn error(&self, reason: ProgramFailure) -> ProgramError {
        ProgramError { name: self.name.clone(), reason }
    }
}
