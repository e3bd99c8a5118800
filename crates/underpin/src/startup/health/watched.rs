//! The database of a service as it is now: looked at when somebody asks, by one at a time, with a
//! time limit, and not more often than once a second. What is found is judged in `status`.

use std::{
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use tokio::{
    sync::watch,
    time::{Instant, timeout},
};

use super::status::{DatabaseHealth, Expectation, HealthStatus, database_of};
use crate::{
    migrate::{Events, Migrator, read_untold},
    replica::Heartbeat,
    startup::StartupReport,
    telemetry::metrics,
};

/// How long an answer is good for.
const FRESH: Duration = Duration::from_secs(1);
/// How long a look at the database may take.
const LIMIT: Duration = Duration::from_secs(2);

/// A database that is looked at.
#[derive(Debug)]
pub(super) struct Watched {
    migrator: Migrator,
    expectation: Expectation,
    /// What the start-up did; nothing where there was none.
    pub(super) report: Option<StartupReport>,
    knowledge: Mutex<Knowledge>,
    /// What keeps the service in the table of the replicas, until it leaves.
    registration: Registration,
}

/// Where the answer of a look will be.
type Answer = watch::Receiver<Option<Arc<HealthStatus>>>;

/// What is known of the database, or who is finding out.
#[derive(Debug, Default)]
enum Knowledge {
    #[default]
    Nothing,
    Asking(Answer),
    Known(Instant, Arc<HealthStatus>),
}

/// A registration that outlives whoever could end it: a service that has no use for its health is still
/// alive.
#[derive(Debug, Default)]
struct Registration(Mutex<Option<Heartbeat>>);

impl Drop for Registration {
    fn drop(&mut self) {
        if let Some(heartbeat) = self.0.get_mut().unwrap_or_else(PoisonError::into_inner).take() {
            heartbeat.detach();
        }
    }
}

impl Watched {
    pub(super) fn new(
        mut migrator: Migrator,
        expectation: Expectation,
        report: Option<StartupReport>,
    ) -> Self {
        // One attempt: a probe wants to know now. And whoever listened to the start-up does not want
        // to hear of every probe.
        migrator.limits.connect = Duration::ZERO;
        migrator.events = Events::default();
        Self {
            migrator,
            expectation,
            report,
            knowledge: Mutex::default(),
            registration: Registration::default(),
        }
    }

    /// The same, for a service that is registered.
    pub(super) fn registered(self, heartbeat: Option<Heartbeat>) -> Self {
        Self { registration: Registration(Mutex::new(heartbeat)), ..self }
    }

    /// Takes the service out of the table of the replicas.
    pub(super) async fn leave(&self) {
        let heartbeat = self.registration.0.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(heartbeat) = heartbeat {
            heartbeat.leave().await;
        }
    }

    /// How the database is, at most a second ago.
    pub(super) async fn check(self: &Arc<Self>) -> HealthStatus {
        let mut answer = match self.known_or_asked() {
            Ok(known) => return (*known).clone(),
            Err(answer) => answer,
        };
        // An error is a look that was cut off.
        let found = answer.wait_for(Option::is_some).await.ok().and_then(|found| found.clone());
        match found {
            Some(status) => (*status).clone(),
            None => self.expectation.unseen(DatabaseHealth::Unreachable),
        }
    }

    /// What is known; or, if that is nothing or too old, where the answer will be. However many want
    /// to know, one looks.
    fn known_or_asked(self: &Arc<Self>) -> Result<Arc<HealthStatus>, Answer> {
        let mut knowledge = self.knowledge.lock().unwrap_or_else(PoisonError::into_inner);
        match &*knowledge {
            Knowledge::Known(at, status) if at.elapsed() < FRESH => return Ok(Arc::clone(status)),
            // Who was looking and is gone without an answer has been cut off.
            Knowledge::Asking(answer) if answer.has_changed().is_ok() => return Err(answer.clone()),
            Knowledge::Nothing | Knowledge::Asking(_) | Knowledge::Known(..) => {}
        }
        let (sender, answer) = watch::channel(None);
        *knowledge = Knowledge::Asking(answer.clone());
        // On a task of its own: a probe that goes away must not take the answer for the next one
        // with it, or a database that is slower than a probe's patience would never be known.
        let watched = Arc::clone(self);
        tokio::spawn(async move {
            let status = Arc::new(watched.look().await);
            let known = Knowledge::Known(Instant::now(), Arc::clone(&status));
            *watched.knowledge.lock().unwrap_or_else(PoisonError::into_inner) = known;
            sender.send_replace(Some(status));
        });
        Err(answer)
    }

    async fn look(&self) -> HealthStatus {
        let start = Instant::now();
        let status = match timeout(LIMIT, read_untold(&self.migrator)).await {
            // The file of an SQLite database is gone, so that nobody could tell a version.
            Ok(Ok(status)) if status.server_version.is_empty() => {
                return self.unseen(DatabaseHealth::Unreachable);
            }
            Ok(Ok(status)) => status,
            Ok(Err(error)) => {
                tracing::warn!(target: "underpin::health", error = %error.message, "the database could not be looked at");
                return self.unseen(database_of(error.kind));
            }
            Err(_) => {
                tracing::warn!(target: "underpin::health", "the database did not answer within {} seconds", LIMIT.as_secs());
                return self.unseen(DatabaseHealth::Unreachable);
            }
        };
        metrics::judged(&status, self.expectation.failed(&status));
        let mut health = self.expectation.seen(status);
        health.latency = Some(start.elapsed());
        health
    }

    /// What is told where nobody could look.
    fn unseen(&self, database: DatabaseHealth) -> HealthStatus {
        metrics::unseen();
        self.expectation.unseen(database)
    }
}
