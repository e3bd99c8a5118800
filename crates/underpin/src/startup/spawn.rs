//! A start-up on a task of its own, so that the service can bind and answer while its database is
//! brought up to date. What runs there is the same start-up as everywhere.

use std::{
    future::Future,
    pin::Pin,
    task::{Context, Poll},
};

use tokio::{runtime::Handle, task::JoinHandle, time::Instant};
use underpin_core::diagnostic::{Diagnostic, ErrorKind};

use super::{
    Decided, Health, Startup, StartupError, StartupHandle, StartupReport, contact::Contact, handle::End,
    not_begun,
};

/// A start-up that runs behind the service. Awaiting it gives what [`Startup::run`] would have given;
/// dropping it does not stop it, because whatever was made of its [handle](Self::handle) still waits
/// for it.
#[derive(Debug)]
#[must_use = "whether the service may serve is known when it is awaited"]
pub struct SpawnedStartup {
    handle: StartupHandle,
    task: Task,
}

#[derive(Debug)]
enum Task {
    Running(JoinHandle<Result<StartupReport, StartupError>>),
    /// There is no runtime to run it.
    NotBegun(Option<StartupError>),
}

impl Startup {
    /// Runs the start-up on a task of its own and returns at once: the service binds first and
    /// migrates behind. With the feature `http`, the
    /// [readiness layer](SpawnedStartup::readiness_layer) answers 503 meanwhile.
    ///
    /// Outside of a Tokio runtime it ends at once with an error that says so.
    ///
    /// ```no_run
    /// # async fn example(migrations: &'static underpin::Embedded) -> Result<(), underpin::StartupError> {
    /// let startup = underpin::Startup::new("shop").migrations(migrations).spawn();
    /// let handle = startup.handle();
    /// // Bind and answer here; `handle.is_ready()` says whether the database is ready.
    /// let report = startup.await?;
    /// println!("{report}");
    /// # Ok(())
    /// # }
    /// ```
    pub fn spawn(self) -> SpawnedStartup {
        let handle = StartupHandle::new(&self.app_name, &self.stop);
        let startup = self.observer(handle.observer());
        let task = match Handle::try_current() {
            Ok(runtime) => Task::Running(runtime.spawn(run(startup, Ending(handle.clone())))),
            Err(_) => {
                let error = not_begun(&startup.app_name, no_runtime(), Instant::now());
                handle.finish(End { report: (*error.report).clone(), health: None });
                Task::NotBegun(Some(error))
            }
        };
        SpawnedStartup { handle, task }
    }
}

impl SpawnedStartup {
    /// What tells how far it is.
    pub fn handle(&self) -> StartupHandle {
        self.handle.clone()
    }

    /// What tells how the service's database is, while it runs and afterwards.
    pub fn health(&self) -> Health {
        self.handle.health()
    }

    /// A layer that answers requests with 503 and a `Retry-After` until the service may serve; see
    /// [`ReadinessLayer`](crate::http::ReadinessLayer).
    #[cfg(feature = "http")]
    pub fn readiness_layer(&self) -> crate::http::ReadinessLayer {
        crate::http::ReadinessLayer::new(self.handle())
    }
}

impl Future for SpawnedStartup {
    type Output = Result<StartupReport, StartupError>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        let joined = match &mut self.task {
            Task::Running(task) => std::task::ready!(Pin::new(task).poll(context)),
            Task::NotBegun(error) => {
                return error.take().map_or(Poll::Pending, |error| Poll::Ready(Err(error)));
            }
        };
        Poll::Ready(joined.unwrap_or_else(|error| {
            let what = if error.is_panic() { "the start-up panicked" } else { CUT_OFF };
            Err(not_begun(self.handle.app_name(), broken(what), Instant::now()))
        }))
    }
}

const CUT_OFF: &str = "the runtime was shut down during the start-up";

/// Tells the end of a start-up, also if it never comes to one.
struct Ending(StartupHandle);

impl Drop for Ending {
    fn drop(&mut self) {
        if self.0.end().is_none() {
            let mut report = *not_begun(self.0.app_name(), broken(CUT_OFF), Instant::now()).report;
            // It may have been asked, and answers nobody here any more.
            report.contact = Contact::Unanswered;
            self.0.finish(End { report, health: None });
        }
    }
}

async fn run(startup: Startup, ending: Ending) -> Result<StartupReport, StartupError> {
    let start = Instant::now();
    let ended = match decided(startup, start).await {
        Ok(decided) => {
            ending.0.know_latest(decided.report().latest);
            decided.run(start).await
        }
        Err(error) => Err(error),
    };
    match ended {
        Ok((report, health)) => {
            ending.0.finish(End { report: report.clone(), health: Some(health) });
            Ok(report)
        }
        Err(error) => {
            ending.0.finish(End { report: (*error.report).clone(), health: None });
            Err(error)
        }
    }
}

/// Reads the settings and the revisions, both from files, without keeping the service's own tasks
/// waiting.
async fn decided(startup: Startup, start: Instant) -> Result<Decided, StartupError> {
    let app_name = startup.app_name.clone();
    let decided = tokio::task::spawn_blocking(move || startup.decided(start)).await;
    decided.unwrap_or_else(|_| Err(not_begun(&app_name, broken("reading the settings panicked"), start)))
}

fn no_runtime() -> Diagnostic {
    Diagnostic::new(ErrorKind::Usage, "Startup::spawn was called where no Tokio runtime runs")
        .state("nothing was changed")
        .hint("call it inside of the runtime that serves; a program without one has underpin::blocking")
}

fn broken(what: &str) -> Diagnostic {
    Diagnostic::new(ErrorKind::Internal, what)
        .state("the transaction that was open is rolled back")
        .hint("please report this with the output of `underpin status`")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::startup::StartupPhase;

    #[test]
    fn without_a_runtime_it_ends_with_an_error() {
        let spawned = Startup::new("shop").spawn();
        assert_eq!(spawned.handle().phase(), StartupPhase::Failed);
        let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime");
        let error = runtime.block_on(spawned).expect_err("there was no runtime");
        assert_eq!(error.kind(), ErrorKind::Usage);
        assert!(error.hint().is_some_and(|hint| hint.contains("underpin::blocking")));
    }

    #[test]
    fn a_runtime_that_is_shut_down_is_an_end_too() {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
        let handle = {
            let _entered = runtime.enter();
            Startup::new("shop").spawn().handle()
        };
        drop(runtime);
        assert_eq!(handle.phase(), StartupPhase::Failed);
    }
}
