//! The signals that ask the shop to end, heard from the first moment on. What is under way then is
//! given the time to end well; how it does is its own business.

use std::time::Duration;

use tokio::{
    sync::watch,
    time::{sleep, timeout},
};
use underpin::{Diagnostic, ErrorKind, SpawnedStartup, StartupError, StartupReport, StopSwitch};

/// How long whatever is under way may take to end.
const PATIENCE: Duration = Duration::from_secs(8);

/// Knows whether the shop was asked to end. Clones know the same.
#[derive(Clone, Debug)]
pub(crate) struct Ending {
    asked: watch::Receiver<bool>,
    switch: StopSwitch,
}

impl Ending {
    /// Begins to listen.
    pub(crate) fn listen() -> Self {
        let (sender, asked) = watch::channel(false);
        let signal = signal();
        tokio::spawn(async move {
            signal.await;
            sender.send_replace(true);
            // Kept, so that nobody who waits takes its end for a signal.
            sender.closed().await;
        });
        Self { asked, switch: StopSwitch::default() }
    }

    /// What stops a run of the start-up.
    pub(crate) fn switch(&self) -> &StopSwitch {
        &self.switch
    }

    /// Waits until the shop is asked to end.
    pub(crate) async fn asked(mut self) {
        if self.asked.wait_for(|asked| *asked).await.is_err() {
            // Nobody listens any more: no signal will come.
            std::future::pending::<()>().await;
        }
    }

    /// Waits until the shop was asked to end and has had the time for it.
    pub(crate) async fn overdue(self) {
        self.asked().await;
        sleep(PATIENCE).await;
    }

    /// Waits for a start-up; one that is asked to end rolls back and unlocks first.
    pub(crate) async fn or<T>(&self, startup: impl Future<Output = T>) -> Result<T, Diagnostic> {
        let mut startup = std::pin::pin!(startup);
        tokio::select! {
            biased;
            result = &mut startup => return Ok(result),
            () = self.clone().asked() => {}
        }
        // Nobody polls the run between these two, so it is still listening if it is there.
        self.switch.stop();
        if self.switch.is_in_use()
            && let Ok(result) = timeout(PATIENCE, &mut startup).await
        {
            return Ok(result);
        }
        Err(too_early())
    }

    /// The same for a start-up that runs behind the shop.
    pub(crate) async fn or_spawned(
        &self,
        mut startup: SpawnedStartup,
    ) -> Result<Result<StartupReport, StartupError>, Diagnostic> {
        tokio::select! {
            biased;
            result = &mut startup => return Ok(result),
            () = self.clone().asked() => {}
        }
        self.switch.stop();
        timeout(PATIENCE, startup).await.map_err(|_| too_early())
    }
}

fn too_early() -> Diagnostic {
    Diagnostic::new(ErrorKind::Interrupted, "interrupted before the shop had started")
}

/// What a signal is waited for with. It is heard from here on, and not from the first wait on, before which it
/// would end the shop on the spot.
#[cfg(unix)]
fn signal() -> impl Future<Output = ()> {
    use tokio::signal::unix::{SignalKind, signal};
    let (interrupt, terminate) = (signal(SignalKind::interrupt()), signal(SignalKind::terminate()));
    let hangup = signal(SignalKind::hangup());
    async move {
        // Where none can be heard, none will come.
        let (Ok(mut interrupt), Ok(mut terminate), Ok(mut hangup)) = (interrupt, terminate, hangup) else {
            return std::future::pending().await;
        };
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
            _ = hangup.recv() => {}
        }
    }
}

#[cfg(not(unix))]
async fn signal() {
    let _ = tokio::signal::ctrl_c().await;
}
