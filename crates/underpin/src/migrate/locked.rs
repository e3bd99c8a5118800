//! What a run does while the migration lock is its own: it decides once more, begins, carries the plan out, and looks
//! at what has become of it. Not how the lock is taken.

use std::sync::Arc;

use underpin_core::{
    diagnostic::Diagnostic,
    plan::Plan,
    revision::{Direction, RevisionId},
};

use super::{
    Event, Migrator,
    beginning::refuse_lost_state,
    decide::{Holding, Work, moved},
    execute::{Ended, Execution, Patience, Unwritten},
    goal::Goal,
    native,
    provisional::{Settlement, Surroundings},
    report::{RanRevision, RunReport},
    run::{history_unreadable, reading},
    standing::Standing,
    verify,
    working::{self, Lookout, Working},
};
use crate::{
    database::{Interrupt, Session},
    history::{Actor, HistoryTables, JournalEntry, Snapshot, State},
    hook::{Happening, Occasion},
    lock::{Lock, LockSettings},
    point::{Point, reach},
    telemetry::metrics,
};

/// What surrounds a run that holds the lock.
pub(super) struct Locked<'a> {
    pub(super) lock: &'a Lock,
    pub(super) actor: &'a Actor,
    pub(super) occasion: &'a Occasion,
    pub(super) settings: &'a LockSettings,
    pub(super) interrupt: &'a Interrupt,
}

/// How a run under the lock ended.
pub(super) enum End {
    /// There was nothing to do.
    Nothing,
    /// Everything that was planned is done and committed.
    Reached,
    /// Somebody came in between.
    Overtaken,
}

/// A run that may begin: the plan with what makes way for it, and the history that it is written into.
struct Begun {
    settlement: Settlement,
    state: State,
}

/// What is run, and from where.
struct Road<'a> {
    standing: &'a Standing,
    plan: &'a Plan,
    /// The journal of its first step, where a run was cut off in that.
    journal: Option<JournalEntry>,
}

impl Migrator {
    /// Does what is to be done for a goal. `before` is what was decided without the lock; `now` is what the database
    /// says under it.
    pub(super) async fn run_locked(
        &self,
        session: &mut dyn Session,
        locked: &Locked<'_>,
        (goal, patience): (&Goal, &mut Patience),
        before: Option<(Snapshot, Work)>,
        now: Snapshot,
        report: &mut RunReport,
    ) -> Result<End, Diagnostic> {
        reach(Point::Locked).await;
        let work = self.decide_locked(session, locked, goal, before, &now, report).await?;
        if work.plan.is_empty() {
            return Ok(End::Nothing);
        }
        let Begun { settlement, state } = self.begin(session, locked, goal, &work, &now, report).await?;
        let Work { standing, journal, .. } = work;
        let road = Road { standing: &standing, plan: &settlement.plan, journal };
        let ended =
            self.carry_out(session, locked, (goal, patience), road, (&now.tables, state), report).await;
        if let Some(error) = ended.error {
            return Err(error);
        }
        if ended.overtaken {
            return Ok(End::Overtaken);
        }
        self.conclude(session, locked, &now.tables, (&settlement, &standing), report).await
    }

    /// What is to be done, decided anew where the state has moved since it was decided without the lock.
    async fn decide_locked(
        &self,
        session: &mut dyn Session,
        locked: &Locked<'_>,
        goal: &Goal,
        before: Option<(Snapshot, Work)>,
        now: &Snapshot,
        report: &mut RunReport,
    ) -> Result<Work, Diagnostic> {
        let dirty = now.state.as_ref().is_some_and(|state| state.dirty.is_some());
        // Who registers while the lock is held sees that it is, and looks again when it is free.
        let still = before.filter(|(before, work)| now.state == before.state && !dirty && !work.contracts);
        let holding = Holding::Lock { transaction: locked.lock.is_transaction() };
        let work = match still {
            Some((_, work)) => work,
            None => reading(locked.interrupt, self.work(session, now, goal, holding, report)).await?,
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
        Ok(work)
    }

    /// All that comes before the first revision: hooks have their say, a backup is made, tables make way, and the
    /// history is there.
    async fn begin(
        &self,
        session: &mut dyn Session,
        locked: &Locked<'_>,
        goal: &Goal,
        work: &Work,
        now: &Snapshot,
        report: &mut RunReport,
    ) -> Result<Begun, Diagnostic> {
        self.events.send(&Event::Planned {
            revisions: work.plan.steps.len(),
            from: work.plan.heads_before.clone(),
            to: work.plan.heads_after.clone(),
        });
        for step in &work.plan.steps {
            if step.direction == Direction::Downgrade && work.standing.edited.contains(step.revision()) {
                let (revision, file) = (step.revision().clone(), step.file.clone());
                self.events.send(&Event::EditedDowngrade { revision, file });
            }
        }
        match &now.state {
            Some(state) => work.standing.check_digest(state)?,
            None => refuse_lost_state(session, locked.lock, &now.tables).await?,
        }
        self.call_before(locked, &work.plan).await?;
        self.back_up(session, (locked.actor, locked.interrupt), &work.losses, report).await?;
        let settlement = self.settle(session, locked, goal, work, now).await?;
        let state = match now.state.clone() {
            Some(state) => state,
            None => {
                let state = self.create_history(session, locked.lock, now).await?;
                reach(Point::HistoryCreated).await;
                state
            }
        };
        self.note_backed_up(session, &now.tables, (locked.actor, locked.interrupt), report).await?;
        Ok(Begun { settlement, state })
    }

    /// Runs the revisions, and reports how far they came.
    async fn carry_out(
        &self,
        session: &mut dyn Session,
        locked: &Locked<'_>,
        (goal, patience): (&Goal, &mut Patience),
        road: Road<'_>,
        (tables, state): (&HistoryTables, State),
        report: &mut RunReport,
    ) -> Ended {
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
            session,
            revisions: &self.revisions,
            confined: self.confined,
            lock: locked.lock,
            tables,
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
            position: road.standing.next_position,
            heads: road.standing.current.clone(),
            undone: Vec::new(),
            unwritten: Unwritten::default(),
            patience,
            lookout: &lookout,
            session_limit: None,
            gives_way: locked.lock.gives_way() && self.may_be_planned_again(goal),
        };
        let run = execution.run(road.plan, road.journal);
        let mut ended = working::accompanied(run, watcher, &self.events).await;
        report.current = execution.heads;
        report.revisions.extend(ended.done.drain(..).map(RanRevision::from));
        let ran =
            |id| report.revisions.iter().any(|ran| ran.revision == id && ran.direction == Direction::Upgrade);
        report.pending = road.standing.pending.iter().filter(|&id| !ran(id.clone())).cloned().collect();
        ended
    }

    /// What follows the last revision: the report is completed, and what is there is compared with the plan.
    async fn conclude(
        &self,
        session: &mut dyn Session,
        locked: &Locked<'_>,
        tables: &HistoryTables,
        (settlement, standing): (&Settlement, &Standing),
        report: &mut RunReport,
    ) -> Result<End, Diagnostic> {
        let plan = &settlement.plan;
        if self.rolls_back {
            reading(locked.interrupt, verify::history(session, tables, plan)).await?;
            self.events.send(&Event::Verified);
            // Whoever gives the lock back rolls back.
            return Ok(End::Nothing);
        }
        metrics::applied(applied_after(standing, report));
        report.current.clone_from(&plan.heads_after);
        let taken_back = report.revisions.iter().filter(|ran| ran.direction == Direction::Downgrade);
        let taken_back: Vec<RevisionId> = taken_back.map(|ran| ran.revision.clone()).collect();
        report.unknown.retain(|id| !taken_back.contains(id));
        let graph = self.revisions.graph()?;
        report.pending.extend(taken_back.into_iter().filter(|id| graph.contains(id)));
        reading(locked.interrupt, verify::after(session, locked.lock, tables, plan)).await?;
        settlement.forget_adopted(session, tables).await;
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
}

/// How many revisions are applied after a run that went well.
fn applied_after(standing: &Standing, report: &RunReport) -> usize {
    let taken_back = report.revisions.iter().filter(|ran| ran.direction == Direction::Downgrade).count();
    let added = report.revisions.len() - taken_back;
    (standing.applied.len() + added).saturating_sub(taken_back)
}
