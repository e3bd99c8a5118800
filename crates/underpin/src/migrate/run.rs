//! A run from connecting to the last check, on a task of its own: whoever waits for it may go
//! away, and it still cancels on the server, rolls back and unlocks before it ends.

use std::time::Duration;

use tokio::time::Instant;
use tracing::Instrument as _;
use underpin_core::diagnostic::{Diagnostic, ErrorKind};

use super::{
    Event, Migrator,
    backup::with_backup,
    decide::Holding,
    event::milliseconds,
    execute::{Patience, failure},
    gate::{Gate, Waiting},
    goal::Goal,
    locked::{End, Locked},
    native,
    report::{Ran, RunReport},
    stop::wait,
};
use crate::{
    database::{Access, Errand, ErrorClass, Interrupt, Session},
    history::{Actor, Snapshot},
    hook::Occasion,
    lock::LockSettings,
    point::{Point, reach},
    telemetry::{SUMMARY, Summary, WatchedState, metrics, span},
};

/// How long a session may take to end in order.
pub(crate) const CLOSING: Duration = Duration::from_secs(1);

/// What surrounds a run.
struct Around<'a> {
    actor: &'a Actor,
    occasion: &'a Occasion,
    interrupt: &'a Interrupt,
    start: Instant,
}

impl Migrator {
    /// Runs to a goal. Dropping the future that this returns interrupts the run.
    pub(crate) async fn run(&self, goal: Goal) -> Ran {
        let start = Instant::now();
        let (handle, interrupt) = Interrupt::new(Errand::RUN, start, self.limits.run);
        let migrator = self.clone();
        let actor = self.actor();
        let span = span::run(&self.service, &actor.run, goal.name());
        let work = async move { migrator.run_to_end(goal, &actor, start, &interrupt).await };
        let task = tokio::spawn(work.instrument(span));
        let ran = wait(task, handle, &self.stop)
            .await
            .unwrap_or_else(|error| Ran { report: RunReport::default(), error: Some(error) });
        if let Some(error) = &ran.error {
            self.events.send(&Event::Failed {
                kind: error.kind.name().to_owned(),
                message: error.message.clone(),
                state: error.state.clone(),
            });
        }
        ran
    }

    async fn run_to_end(self, goal: Goal, actor: &Actor, start: Instant, interrupt: &Interrupt) -> Ran {
        metrics::describe();
        let mut report = RunReport::default();
        let occasion = Occasion::new(&self.hooks, &self.service, &actor.run, self.database.to_string());
        let around = Around { actor, occasion: &occasion, interrupt, start };
        let reached = self.reach(&goal, &around, &mut report).await;
        report.duration = start.elapsed();
        let ended = match reached {
            Ok(()) => occasion.done(&report, interrupt).await.map_err(|error| after_the_end(error, &report)),
            error => error,
        };
        let error = ended.err().map(|error| self.database.redacted(error));
        if let Some(error) = &error {
            occasion.failed(error).await;
        }
        if error.is_none() {
            let (revisions, milliseconds) = (report.revisions.len(), milliseconds(report.duration));
            self.events.send(&Event::Done { revisions, milliseconds });
        }
        self.sum_up(goal.name(), actor, &report, error.as_ref());
        Ran { report, error }
    }

    /// Leaves the last line of a run, and its numbers. A start-up has a last line of its own.
    fn sum_up(&self, goal: &str, actor: &Actor, report: &RunReport, error: Option<&Diagnostic>) {
        if self.rolls_back {
            // Nothing was migrated.
            return;
        }
        let name = (self.service.as_str(), actor.run.as_str(), goal);
        let summary = Summary::of_run(name, self.database.to_string(), report, error);
        let failed = error.map(|error| WatchedState::of_run(report, Some(error.kind)));
        metrics::ended(report, summary.outcome(), failed);
        match self.summed_up_elsewhere {
            true => tracing::debug!(target: SUMMARY, "{}", summary.line()),
            false => tracing::info!(target: SUMMARY, "{}", summary.line()),
        }
    }

    async fn reach(
        &self,
        goal: &Goal,
        around: &Around<'_>,
        report: &mut RunReport,
    ) -> Result<(), Diagnostic> {
        self.check_revisions()?;
        self.check_goal(goal)?;
        let mut session = self.open(Access::Write, around.interrupt).await?;
        let result = self.reach_on(session.as_mut(), goal, around, report).await;
        // A session that does not end in order is broken off, which frees the lock as well.
        session.close().await;
        result
    }

    /// Connects for a run; an SQLite file is created.
    pub(super) async fn open(
        &self,
        access: Access,
        interrupt: &Interrupt,
    ) -> Result<Box<dyn Session>, Diagnostic> {
        let session = self.database.connect(access, self.limits.connect, interrupt).await?;
        session
            .ok_or_else(|| Diagnostic::new(ErrorKind::Internal, format!("{} was not created", self.database)))
    }

    async fn reach_on(
        &self,
        session: &mut dyn Session,
        goal: &Goal,
        around: &Around<'_>,
        report: &mut RunReport,
    ) -> Result<(), Diagnostic> {
        let Around { actor, occasion, interrupt, start } = *around;
        let snapshot = reading(interrupt, self.look_since(session, start)).await.map_err(untouched)?;
        report.server = snapshot.server.title();
        metrics::connected(snapshot.server.flavour);
        if self.is_settled(goal, &snapshot)? {
            report.looked = true;
            report.current = self.revisions.head_ids()?;
            metrics::applied(self.revisions.len());
            self.events.send(&Event::Inspected { current: report.current.clone(), pending: 0 });
            return Ok(());
        }
        let adopted = !self.rolls_back && self.adopt_squashed(session, &snapshot, interrupt).await?;
        let snapshot = match adopted {
            true => reading(interrupt, self.look_at(session)).await.map_err(untouched)?,
            false => snapshot,
        };
        // Planned before the lock is taken, so that whatever is wrong with the files is told
        // without keeping anybody else waiting; and again under it, if the state has moved.
        let work = reading(interrupt, self.work(session, &snapshot, goal, Holding::Nothing, report))
            .await
            .map_err(untouched)?;
        let pending = report.pending.len();
        self.events.send(&Event::Inspected { current: report.current.clone(), pending });
        for deferred in &report.deferred {
            let replicas = deferred.replicas.iter().map(ToString::to_string).collect();
            self.events.send(&Event::Deferred { revision: deferred.revision.clone(), replicas });
        }
        if work.plan.is_empty() && snapshot.state.as_ref().is_none_or(|state| state.dirty.is_none()) {
            return Ok(());
        }
        reach(Point::Looked).await;
        let settings = LockSettings {
            service: self.service.clone(),
            run: actor.run.clone(),
            statement_timeout: self.limits.statement,
        };
        let lock = reading(interrupt, self.lock(session, &snapshot, &settings)).await.map_err(untouched)?;
        self.check_confined(&work.plan)?;
        native::check_plan(&self.revisions, &work.plan)?;
        self.check_pooled(&lock, &work.plan)?;
        lock.prepare_to_acquire(session, &settings).await.map_err(|error| {
            failure::database(&error, "the session could not be prepared").state("nothing was changed")
        })?;
        let locked = Locked { lock: &lock, actor, occasion, settings: &settings, interrupt };
        let leaves_transactions = !work.plan.steps.iter().all(|step| step.transactional);
        let mut before = Some((snapshot, work));
        let mut patience = match self.rolls_back {
            true => Patience::once(self.limits.table_lock),
            false => Patience::new(self.limits.table_lock),
        };
        loop {
            let waiting =
                Waiting { occasion: Some(occasion), leaves_transactions, ..self.waiting(&lock, interrupt) };
            let settled = |now: &Snapshot| self.is_settled(goal, now).unwrap_or(false);
            let now = match waiting.pass(session, settled).await? {
                Gate::Overtaken => {
                    report.current = self.revisions.head_ids()?;
                    report.pending.clear();
                    return Ok(());
                }
                Gate::Locked(now) => *now,
            };
            let ended =
                self.run_locked(session, &locked, (goal, &mut patience), before.take(), now, report).await;
            match &ended {
                Ok(End::Reached) => lock.committed(session).await,
                Ok(End::Nothing | End::Overtaken) | Err(_) => lock.release(session).await,
            }
            metrics::unlocked();
            // Whatever has failed since the backup was made.
            match ended.map_err(|error| with_backup(error, report))? {
                End::Overtaken => {}
                End::Reached | End::Nothing => return Ok(()),
            }
        }
    }

    /// The same look for what is no run, and is not told.
    pub(crate) async fn look_at(&self, session: &mut dyn Session) -> Result<Snapshot, Diagnostic> {
        self.look_patiently(session).await
    }

    pub(crate) async fn look(&self, session: &mut dyn Session) -> Result<Snapshot, Diagnostic> {
        self.look_since(session, Instant::now()).await
    }

    /// Looks, and tells how long that took since `start`, when connecting began.
    async fn look_since(&self, session: &mut dyn Session, start: Instant) -> Result<Snapshot, Diagnostic> {
        let snapshot = self.look_patiently(session).await?;
        self.events.send(&Event::Connected {
            database: self.database.to_string(),
            server: snapshot.server.title(),
            milliseconds: milliseconds(start.elapsed()),
        });
        Ok(snapshot)
    }
}

/// The error of a hook when everything else is done.
fn after_the_end(error: Diagnostic, report: &RunReport) -> Diagnostic {
    error.state(format!("the run is done, and the database is at {}", super::at(&report.current)))
}

/// Reads with the deadline of the run.
pub(super) async fn reading<T>(
    interrupt: &Interrupt,
    work: impl Future<Output = Result<T, Diagnostic>>,
) -> Result<T, Diagnostic> {
    interrupt.limit(work).await.unwrap_or_else(|stop| Err(stop.diagnostic("while the history was read")))
}

/// What went wrong before anything could be changed.
pub(super) fn untouched(mut diagnostic: Diagnostic) -> Diagnostic {
    diagnostic.state.get_or_insert_with(|| "nothing was changed".to_owned());
    diagnostic
}

pub(crate) fn history_unreadable(error: crate::database::DatabaseError) -> Diagnostic {
    if error.class == ErrorClass::UndefinedTable {
        return super::beginning::lost_table(&error);
    }
    failure::database(&error, "the history could not be read").state("nothing was changed")
}
