//! What can end a run before its time: a deadline, a signal, or its caller going away. Not a way
//! to abandon a statement: whoever is interrupted cancels on the server and waits for the answer.

use std::{future::Future, pin::pin, sync::Arc, time::Duration};

use tokio::{
    sync::watch,
    time::{Instant, sleep, sleep_until, timeout},
};

use super::Canceller;

/// How long a cancelled statement may take to say so, before its connection is broken off.
const GRACE: Duration = Duration::from_millis(1_500);
/// How often the server is asked again while a cancelled statement has not ended.
const REPEAT: Duration = Duration::from_millis(300);

/// What is done, for whoever is told that it had to stop.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Errand {
    /// What could not be done then: "run migrations".
    pub(crate) words: Option<&'static str>,
    /// Whether what was done stays, so that doing it again goes on from there.
    pub(crate) goes_on: bool,
}

impl Errand {
    /// Revisions are run.
    pub(crate) const RUN: Self = Self { words: Some("run migrations"), goes_on: true };
    /// Revisions are run on a copy.
    pub(crate) const REHEARSE: Self = Self::to("rehearse");
    /// A part of something that tells itself what could not be done.
    pub(crate) const PART: Self = Self { words: None, goes_on: false };

    /// Something that begins anew when it is done again, such as "stamp".
    pub(crate) const fn to(words: &'static str) -> Self {
        Self { words: Some(words), goes_on: false }
    }
}

/// That something has to stop, and why.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Stop {
    pub(crate) errand: Errand,
    pub(crate) cause: Cause,
}

/// Why something has to stop.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Cause {
    /// The time limit of the whole expired.
    Timeout(Duration),
    /// The time limit of one statement expired.
    StatementTimeout(Duration),
    /// A signal, or the future that waited for the run was dropped.
    Interrupted,
}

/// The receiving side: asked before each step, and raced against each statement.
#[derive(Clone, Debug)]
pub(crate) struct Interrupt {
    errand: Errand,
    stopped: watch::Receiver<bool>,
    deadline: Option<(Instant, Duration)>,
}

/// The sending side. Dropping it interrupts, so a run can't outlive the future that wants it.
#[derive(Debug)]
pub(crate) struct InterruptHandle(watch::Sender<bool>);

impl Drop for InterruptHandle {
    fn drop(&mut self) {
        self.0.send_replace(true);
    }
}

impl Interrupt {
    /// An interrupt of an errand that expires `limit` after `start`, or never.
    pub(crate) fn new(errand: Errand, start: Instant, limit: Option<Duration>) -> (InterruptHandle, Self) {
        let (sender, stopped) = watch::channel(false);
        let deadline = limit.map(|limit| (start + limit, limit));
        (InterruptHandle(sender), Self { errand, stopped, deadline })
    }

    /// That the errand has to stop.
    pub(crate) const fn stop(&self, cause: Cause) -> Stop {
        Stop { errand: self.errand, cause }
    }

    /// Fails if it is time to stop.
    pub(crate) fn check(&self) -> Result<(), Stop> {
        if *self.stopped.borrow() {
            return Err(self.stop(Cause::Interrupted));
        }
        match self.deadline {
            Some((deadline, limit)) if Instant::now() >= deadline => Err(self.stop(Cause::Timeout(limit))),
            _ => Ok(()),
        }
    }

    /// What is left until the deadline, and the whole time that there was; nothing where there is none.
    pub(crate) fn left(&self) -> Option<(Duration, Duration)> {
        let (deadline, limit) = self.deadline?;
        Some((deadline.saturating_duration_since(Instant::now()), limit))
    }

    /// Waits until it is time to stop.
    pub(crate) async fn stopped(&self) -> Stop {
        let mut stopped = self.stopped.clone();
        let signalled = async move {
            // An error means that the handle is gone, which sends first; both mean: stop.
            let _ = stopped.wait_for(|stopped| *stopped).await;
        };
        let cause = match self.deadline {
            Some((deadline, limit)) => tokio::select! {
                () = signalled => Cause::Interrupted,
                () = sleep_until(deadline) => Cause::Timeout(limit),
            },
            None => {
                signalled.await;
                Cause::Interrupted
            }
        };
        self.stop(cause)
    }

    /// Waits for `duration`, or until it is time to stop.
    pub(crate) async fn pause(&self, duration: Duration) -> Result<(), Stop> {
        tokio::select! {
            stop = self.stopped() => Err(stop),
            () = sleep(duration) => Ok(()),
        }
    }

    /// Waits for something that changes nothing, or until it is time to stop. What is given up
    /// leaves its session in the middle of an answer, so that it can only be broken off.
    pub(crate) async fn limit<T>(&self, work: impl Future<Output = T>) -> Result<T, Stop> {
        tokio::select! {
            biased;
            result = work => Ok(result),
            stop = self.stopped() => Err(stop),
        }
    }

    /// Runs `statement` to its end, or cancels it on the server when it is time to stop and then
    /// waits for the server's answer, so that nothing of it runs on.
    ///
    /// # Errors
    /// `Guarded::Cancelled` if the statement was cancelled, `Guarded::Abandoned` if the server did
    /// not answer the cancellation in time, `Guarded::NotSent` if it was time to stop before the
    /// statement began, and the statement's own error otherwise; never `Guarded::Late`.
    pub(crate) async fn guard<T, E>(
        &self,
        statement: impl Future<Output = Result<T, E>>,
        canceller: &Arc<dyn Canceller>,
        limit: Option<Duration>,
    ) -> Result<Guard<T>, Guarded<E>> {
        self.check().map_err(Guarded::NotSent)?;
        let mut statement = pin!(statement);
        let limited = async {
            match limit {
                Some(limit) => {
                    sleep(limit).await;
                    self.stop(Cause::StatementTimeout(limit))
                }
                None => std::future::pending().await,
            }
        };
        let stop = tokio::select! {
            biased;
            result = &mut statement => return result.map(Guard::Done).map_err(Guarded::Failed),
            stop = self.stopped() => stop,
            stop = limited => stop,
        };
        let ended = async {
            loop {
                let (_, result) = tokio::join!(canceller.cancel(), timeout(REPEAT, &mut statement));
                if let Ok(result) = result {
                    return result;
                }
            }
        };
        match timeout(GRACE, ended).await {
            Ok(Ok(value)) => Ok(Guard::DoneLate(value, stop)),
            Ok(Err(error)) => Err(Guarded::Cancelled(stop, error)),
            Err(_) => Err(Guarded::Abandoned(stop)),
        }
    }

    /// The same for what needs no closer look: its own result, or why it was stopped. What was cancelled and
    /// says that it is done is not believed.
    pub(crate) async fn guarded<T, E>(
        &self,
        statement: impl Future<Output = Result<T, E>>,
        canceller: &Arc<dyn Canceller>,
    ) -> Result<Result<T, E>, Stop> {
        match self.guard(statement, canceller, None).await {
            Ok(Guard::Done(value)) => Ok(Ok(value)),
            Err(Guarded::Failed(error)) => Ok(Err(error)),
            Ok(Guard::DoneLate(_, stop))
            | Err(
                Guarded::Cancelled(stop, _)
                | Guarded::Abandoned(stop)
                | Guarded::NotSent(stop)
                | Guarded::Late(stop),
            ) => Err(stop),
        }
    }
}

/// How a guarded statement ended, if the server says that it is done.
#[derive(Debug)]
pub(crate) enum Guard<T> {
    /// In time.
    Done(T),
    /// After it was cancelled: either the cancellation came too late, or the server took it for
    /// the end of a part, as MySQL does with SLEEP() inside of a statement ("Miscellaneous
    /// Functions" in its manual).
    DoneLate(T, Stop),
}

/// How a guarded statement ended, if not well.
#[derive(Debug)]
pub(crate) enum Guarded<E> {
    /// It failed by itself.
    Failed(E),
    /// It was cancelled, and this is how the server said so.
    Cancelled(Stop, E),
    /// It was cancelled, and the server has not said so; the connection can't be used any more.
    Abandoned(Stop),
    /// It was never sent.
    NotSent(Stop),
    /// It was cancelled, and the server says that it is done all the same.
    Late(Stop),
}

impl<E> Guarded<E> {
    /// The same end, with another form of its error.
    pub(crate) fn map<F>(self, change: impl FnOnce(E) -> F) -> Guarded<F> {
        match self {
            Self::Failed(error) => Guarded::Failed(change(error)),
            Self::Cancelled(stop, error) => Guarded::Cancelled(stop, change(error)),
            Self::Abandoned(stop) => Guarded::Abandoned(stop),
            Self::NotSent(stop) => Guarded::NotSent(stop),
            Self::Late(stop) => Guarded::Late(stop),
        }
    }
}

#[cfg(test)]
mod tests {
    use async_trait::async_trait;

    use super::*;
    use crate::database::DatabaseError;

    struct Nobody;

    #[async_trait]
    impl Canceller for Nobody {
        async fn cancel(&self) -> Result<(), DatabaseError> {
            Ok(())
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_statement_that_ignores_its_cancellation_is_abandoned() {
        let (_handle, interrupt) = Interrupt::new(Errand::RUN, Instant::now(), Some(Duration::from_secs(2)));
        let canceller: Arc<dyn Canceller> = Arc::new(Nobody);
        let forever = std::future::pending::<Result<(), ()>>();
        let result = interrupt.guard(forever, &canceller, None).await;
        let over = interrupt.stop(Cause::Timeout(Duration::from_secs(2)));
        assert!(matches!(result, Err(Guarded::Abandoned(stop)) if stop == over));
    }

    #[tokio::test(start_paused = true)]
    async fn dropping_the_handle_interrupts() {
        let (handle, interrupt) = Interrupt::new(Errand::RUN, Instant::now(), None);
        assert!(interrupt.check().is_ok());
        drop(handle);
        assert_eq!(interrupt.check(), Err(interrupt.stop(Cause::Interrupted)));
        assert_eq!(interrupt.stopped().await.cause, Cause::Interrupted);
    }

    #[tokio::test(start_paused = true)]
    async fn a_statement_that_fails_by_itself_keeps_its_error() {
        let (_handle, interrupt) = Interrupt::new(Errand::RUN, Instant::now(), Some(Duration::from_secs(2)));
        let canceller: Arc<dyn Canceller> = Arc::new(Nobody);
        let result = interrupt.guard(async { Err::<(), _>(7) }, &canceller, None).await;
        assert!(matches!(result, Err(Guarded::Failed(7))));
    }
}
