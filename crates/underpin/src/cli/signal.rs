//! Ctrl-C, the signal to end and a terminal that goes away. The run that is under way is told to stop, and given the time to
//! roll back and unlock; a second signal ends the wait.

use std::{future::Future, pin::pin, time::Duration};

#[cfg(unix)]
use tokio::signal::unix::{Signal, SignalKind, signal};
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

/// The signals that ask a program to end. They are heard from here on: a signal that comes before the
/// first wait would otherwise end the program on the spot.
#[cfg(unix)]
struct Signals {
    interrupt: Option<Signal>,
    terminate: Option<Signal>,
    hangup: Option<Signal>,
}

#[cfg(unix)]
impl Signals {
    fn new() -> Self {
        Self {
            interrupt: signal(SignalKind::interrupt()).ok(),
            terminate: signal(SignalKind::terminate()).ok(),
            // `nohup` wants it ignored, and it stays so.
            hangup: if ignores_hangup() { None } else { signal(SignalKind::hangup()).ok() },
        }
    }

    async fn next(&mut self) {
        tokio::select! {
            () = heard(&mut self.interrupt) => {}
            () = heard(&mut self.terminate) => {}
            () = heard(&mut self.hangup) => {}
        }
    }
}

/// Whether whoever started us wants us to outlive the terminal: the mask `SigIgn` in proc(5), where
/// signal 1 is the lowest bit.
#[cfg(unix)]
fn ignores_hangup() -> bool {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let mask = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
    mask.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok()).is_some_and(|mask| mask & 1 == 1)
}

/// Where a signal can't be heard, none will come.
#[cfg(unix)]
async fn heard(signal: &mut Option<Signal>) {
    if let Some(signal) = signal
        && signal.recv().await.is_some()
    {
        return;
    }
    std::future::pending::<()>().await;
}

/// Ctrl-C, where there are no signals.
#[cfg(not(unix))]
struct Signals;

#[cfg(not(unix))]
impl Signals {
    fn new() -> Self {
        Self
    }

    async fn next(&mut self) {
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    }
}
