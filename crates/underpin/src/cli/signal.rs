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

/// How often it is looked whether a run has finished what it has to.
const STEP: Duration = Duration::from_millis(100);
/// After which time it is said that a run has something to finish first.
const QUIET: Duration = Duration::from_secs(2);

/// Waits for a command, or for a signal and then for the end of its run. What a run has to finish, or to undo,
/// before it stops, has the time that it needs; `say` is told where that is long.
pub(super) async fn until<T>(
    command: impl Future<Output = T>,
    switch: &StopSwitch,
    say: impl Fn(&str),
) -> Result<T, Diagnostic> {
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
    let finishing = async {
        sleep(QUIET).await;
        if switch.is_finishing() {
            say("what has begun is finished, or undone, first; a second signal ends it where it stands");
        }
        sleep(PATIENCE.saturating_sub(QUIET)).await;
        if switch.is_finishing() {
            while switch.is_finishing() {
                sleep(STEP).await;
            }
            // Cleaning up and unlocking follow.
            sleep(PATIENCE).await;
        }
    };
    tokio::select! {
        result = &mut command => Ok(result),
        () = signals.next() => Err(unfinished(switch.is_finishing())),
        () = finishing => Err(unfinished(false)),
    }
}

fn interrupted() -> Diagnostic {
    Diagnostic::new(ErrorKind::Interrupted, "interrupted")
}

/// A run that has not ended. What becomes of its last statement the server alone knows: a transaction is rolled back
/// with its connection, and a statement that no transaction holds may still be carried out.
fn unfinished(in_the_middle: bool) -> Diagnostic {
    let interrupted = interrupted();
    match in_the_middle {
        true => interrupted
            .state("unknown: tables were being exchanged, and nobody has waited for the end")
            .hint("look with `underpin status`, and at the tables; then run it again: it begins anew"),
        false => interrupted
            .state("unknown: the run did not end in time; a transaction that is open is rolled back when its connection ends, and a statement outside of one may still be carried out")
            .hint("`underpin status` shows where the database is"),
    }
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
