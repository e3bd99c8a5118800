//! A run from connecting to the last check, on a task of its own: whoever waits for it may go
//! away, and it still cancels on the server, rolls back and unlocks before it ends.

use std::{sync::Arc, time::Duration};

use tokio::time::Instant;
use tracing::Instrument as _;
use underpin_core::{
    diagnostic::{Diagnostic, ErrorKind},
    plan::Plan,
    revision::{Direction, RevisionId},
};

use super::{
    Event, Migrator,
    backup::with_backup,
    beginning::refuse_lost_state,
    decide::{Holding, Work, moved},
    event::milliseconds,
    execute::{Execution, Patience, Unwritten, failure},
    gate::{Gate, Waiting},
    goal::Goal,
    native,
    provisional::{Settlement, Surroundings},
    report::{Ran, RanRevision, RunReport},
    standing::Standing,
    stop::wait,
    verify,
    working::{self, Lookout, Working},
};
use crate::{
    database::{Access, ErrorClass, Interrupt, Session},
    history::{Actor, Snapshot},
    hook::{Happening, Occasion},
    lock::{Lock, LockSettings},
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

/// What surrounds a run that holds the lock.
struct Locked<'a> {
    lock: &'a Lock,
    actor: &'a Actor,
    occasion: &'a Occasion,
    settings: &'a LockSettings,
    interrupt: &'a Interrupt,
}

/// How a run under the lock ended.
enum End {
    /// There was nothing to do.
    Nothing,
    /// Everything that was planned is done and committed.
    Reached,
    /// Somebody came in between.
    Overtaken,
}

impl Migrator {
    /// Runs to a goal. Dropping the future that this returns interrupts the run.
    pub(crate) async fn run(&self, goal: Goal) -> Ran {
        let start = Instant::now();
        let (handle, interrupt) = Interrupt::new(start, self.limits.run);
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
        lock.prepare(session, &settings).await.map_err(|error| {
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

    async fn run_locked(
        &self,
        session: &mut dyn Session,
        locked: &Locked<'_>,
        (goal, patience): (&Goal, &mut Patience),
        before: Option<(Snapshot, Work)>,
        now: Snapshot,
        report: &mut RunReport,
    ) -> Result<End, Diagnostic> {
        reach(Point::Locked).await;
        let dirty = now.state.as_ref().is_some_and(|state| state.dirty.is_some());
        // Who registers while the lock is held sees that it is, and looks again when it is free.
        let still = before.filter(|(before, work)| now.state == before.state && !dirty && !work.contracts);
        let holding = Holding::Lock { transaction: locked.lock.is_transaction() };
        let work = match still {
            Some((_, work)) => work,
            None => reading(locked.interrupt, self.work(session, &now, goal, holding, report)).await?,
        };
        self.check_confined(&work.plan)?;
        native::check_plan(&self.revisions, &work.plan)?;
        self.check_pooled(locked.lock, &work.plan)?;
        if let Lock::Sqlite(lock) = locked.lock
            && !work.plan.steps.iter().all(|step| step.transactional)
            && !lock.try_hold_file().map_err(history_unreadable)?
        {
            return Err(moved());
        }
        if work.plan.is_empty() {
            return Ok(End::Nothing);
        }
        self.events.send(&Event::Planned {
            revisions: work.plan.steps.len(),
            from: work.plan.heads_before.clone(),
            to: work.plan.heads_after.clone(),
        });
        match &now.state {
            Some(state) => work.standing.check_digest(state)?,
            None => refuse_lost_state(session, locked.lock, &now.tables).await?,
        }
        self.call_before(locked, &work.plan).await?;
        self.back_up(session, (locked.actor, locked.interrupt), &work.losses, report).await?;
        let settlement = self.settle(session, locked, goal, &work, &now).await?;
        let plan = Arc::clone(&settlement.plan);
        let state = match now.state.clone() {
            Some(state) => state,
            None => {
                let state = self.create_history(session, locked.lock, &now).await?;
                reach(Point::HistoryCreated).await;
                state
            }
        };
        self.note_backed_up(session, &now.tables, (locked.actor, locked.interrupt), report).await?;
        let lookout = Arc::new(Lookout::default());
        // Who is in the way of the only try is asked from its beginning on.
        lookout.sharpen(self.rolls_back);
        // One transaction is one session, behind a pooler too.
        let pooled = locked.lock.gives_way() && !self.rolls_back;
        let watcher = Working::of(&self.database, session, pooled, &lookout);
        let events = match &watcher {
            Some(watcher) => watcher.heard_by(&self.events),
            None => self.events.clone(),
        };
        let mut execution = Execution {
            session: &mut *session,
            revisions: &self.revisions,
            confined: self.confined,
            lock: locked.lock,
            tables: &now.tables,
            actor: locked.actor,
            interrupt: locked.interrupt,
            limits: self.limits,
            settings: locked.settings,
            mode: self.transaction_mode,
            rolls_back: self.rolls_back,
            witness: self.witness.as_ref(),
            events: &events,
            occasion: locked.occasion,
            state,
            position: work.standing.next_position,
            heads: work.standing.current.clone(),
            unwritten: Unwritten::default(),
            patience: &mut *patience,
            lookout: &lookout,
            session_limit: None,
            gives_way: locked.lock.gives_way() && self.may_be_planned_again(goal),
        };
        let ended = working::accompanied(execution.run(&plan, work.journal), watcher, &self.events).await;
        report.current = execution.heads;
        report.revisions.extend(ended.done.into_iter().map(RanRevision::from));
        let ran =
            |id| report.revisions.iter().any(|ran| ran.revision == id && ran.direction == Direction::Upgrade);
        let pending = work.standing.pending.iter().filter(|&id| !ran(id.clone())).cloned().collect();
        report.pending = pending;
        if let Some(error) = ended.error {
            return Err(error);
        }
        if ended.overtaken {
            return Ok(End::Overtaken);
        }
        if self.rolls_back {
            reading(locked.interrupt, verify::history(session, &now.tables, &plan)).await?;
            self.events.send(&Event::Verified);
            // Whoever gives the lock back rolls back.
            return Ok(End::Nothing);
        }
        metrics::applied(applied_after(&work.standing, report));
        report.current.clone_from(&plan.heads_after);
        let taken_back = report.revisions.iter().filter(|ran| ran.direction == Direction::Downgrade);
        let taken_back: Vec<RevisionId> = taken_back.map(|ran| ran.revision.clone()).collect();
        report.unknown.retain(|id| !taken_back.contains(id));
        let graph = self.revisions.graph()?;
        report.pending.extend(taken_back.into_iter().filter(|id| graph.contains(id)));
        reading(locked.interrupt, verify::after(session, locked.lock, &now.tables, &plan)).await?;
        settlement.forget_adopted(session, &now.tables).await;
        self.events.send(&Event::Verified);
        reach(Point::BeforeUnlock).await;
        Ok(End::Reached)
    }

    /// Calls the hooks that want to know of a run before anything is changed.
    async fn call_before(&self, locked: &Locked<'_>, plan: &Plan) -> Result<(), Diagnostic> {
        let happening = Happening::BeforeRun {
            revisions: plan.steps.iter().map(|step| step.revision().clone()).collect(),
            from: plan.heads_before.clone(),
            to: plan.heads_after.clone(),
        };
        let called = locked.occasion.ask(happening, locked.interrupt).await;
        called.map_err(|error| error.state("nothing was changed"))
    }

    /// Makes way for the plan where tables are there that an earlier start made without revisions.
    async fn settle(
        &self,
        session: &mut dyn Session,
        locked: &Locked<'_>,
        goal: &Goal,
        work: &Work,
        now: &Snapshot,
    ) -> Result<Settlement, Diagnostic> {
        // A plan that somebody was shown is run as it is, or not at all.
        let adopting = !matches!(goal, Goal::Planned(..));
        let applied = |id: &str| work.standing.applied.iter().any(|applied| applied.as_str() == id);
        let weighed =
            Settlement::weigh(session, &now.tables, &work.plan, work.journal.as_ref(), adopting, applied);
        let settlement = reading(locked.interrupt, weighed).await?;
        if now.state.is_none() {
            self.refuse_untracked(session, &settlement.plan, &settlement.leaving()).await?;
        }
        let around = Surroundings {
            lock: locked.lock,
            tables: &now.tables,
            interrupt: locked.interrupt,
            events: &self.events,
        };
        settlement.carry_out(session, &around).await?;
        Ok(settlement)
    }

    /// The same look for what is no run, and is not told.
    pub(crate) async fn look_at(&self, session: &mut dyn Session) -> Result<Snapshot, Diagnostic> {
        super::gate::look_patiently(session, &self.tables).await
    }

    pub(crate) async fn look(&self, session: &mut dyn Session) -> Result<Snapshot, Diagnostic> {
        self.look_since(session, Instant::now()).await
    }

    /// Looks, and tells how long that took since `start`, when connecting began.
    async fn look_since(&self, session: &mut dyn Session, start: Instant) -> Result<Snapshot, Diagnostic> {
        let snapshot = super::gate::look_patiently(session, &self.tables).await?;
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

/// How many revisions are applied after a run that went well.
fn applied_after(standing: &Standing, report: &RunReport) -> usize {
    let taken_back = report.revisions.iter().filter(|ran| ran.direction == Direction::Downgrade).count();
    let added = report.revisions.len() - taken_back;
    (standing.applied.len() + added).saturating_sub(taken_back)
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
