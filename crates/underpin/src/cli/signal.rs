//! Ctrl-C and the signal to end. The run that is under way is told to stop, and given the time to
//! roll back and unlock; a second signal ends the wait.

use std::{future::Future, io, pin::pin, time::Duration};

use tokio::time::sleep;
use underpin_core::diagnostic::{Diagnostic, ErrorKind};

use crate::migrate::StopSwitch;

/// How long a run may take to stop: cancelling on the server, rolling back, unlocking.
const PATIENCE: Duration = Duration::from_secs(8);

/// Waits for a command, or for a signal and then for the end of its run.
pub(super) async fn until<T>(command: impl Future<Output = T>, switch: &StopSwitch) -> Result<T, Diagnostic> {
    let mut command = pin!(command);
    let mut signals = Signals::new();
    tokio::select! {
        biased;
        result = &mut command => return Ok(result),
        () = signals.next() => {}
    }
    switch.stop();
    if !switch.is_in_use() {
        return Err(interrupted().state("nothing was changed"));
    }
    tokio::select! {
        result = &mut command => Ok(result),
        () = signals.next() => Err(unfinished()),
        () = sleep(PATIENCE) => Err(unfinished()),
    }
}

fn interrupted() -> Diagnostic {
    Diagnostic::new(ErrorKind::Interrupted, "interrupted")
}

fn unfinished() -> Diagnostic {
    interrupted()
        .state(
            "the run did not end in time; what it had not committed is rolled back when its connection ends",
        )
        .hint("`underpin status` shows where the database is")
}

/// The signals that ask a program to end.
struct Signals {
    #[cfg(unix)]
    terminate: Option<tokio::signal::unix::Signal>,
}

impl Signals {
    fn new() -> Self {
        Self {
            #[cfg(unix)]
            terminate: tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()).ok(),
        }
    }

    async fn next(&mut self) {
        let terminated = async {
            #[cfg(unix)]
            if let Some(terminate) = &mut self.terminate {
                terminate.recv().await;
                return;
            }
            std::future::pending::<()>().await;
        };
        tokio::select! {
            result = tokio::signal::ctrl_c() => unless_deaf(result).await,
            () = terminated => {}
        }
    }
}

/// Where no signal can be heard, none will come.
async fn unless_deaf(result: io::Result<()>) {
    if result.is_err() {
        std::future::pending::<()>().await;
    }
}
