//! What a run tells while it is under way. Plain data for progress bars, logs, metrics and JSON;
//! nobody who listens can change what happens.

use std::{sync::Arc, time::Duration};

use serde::Serialize;
use underpin_core::{
    plan::Step,
    revision::{Direction, RevisionId},
};

use crate::telemetry::metrics;

/// Something that happened in a run.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(tag = "event", rename_all = "snake_case")]
#[non_exhaustive]
pub enum Event {
    /// A session is there.
    Connected {
        /// The database, without credentials.
        database: String,
        /// The server and its version.
        server: String,
        /// How long connecting and the first look took.
        milliseconds: u64,
    },
    /// The history was read.
    Inspected {
        /// The heads of what is applied.
        current: Vec<RevisionId>,
        /// How many revisions are not.
        pending: usize,
    },
    /// A contract revision waits for replicas that still need what it takes away.
    Deferred {
        /// The revision.
        revision: RevisionId,
        /// The replicas, described.
        replicas: Vec<String>,
    },
    /// Somebody else holds the migration lock; told once a second at first, then every ten.
    Waiting {
        /// Who, as far as the engine tells.
        holder: Option<String>,
        /// For how long the wait has lasted.
        milliseconds: u64,
    },
    /// The migration lock is ours.
    Locked {
        /// How long that took.
        milliseconds: u64,
    },
    /// It is decided what will be done.
    Planned {
        /// The number of revisions.
        revisions: usize,
        /// The heads before.
        from: Vec<RevisionId>,
        /// The heads after.
        to: Vec<RevisionId>,
    },
    /// A backup is being made, before anything is changed.
    BackingUp,
    /// A backup is made.
    BackedUp {
        /// Where it is: a file, or words where a command of the user's has put it elsewhere.
        place: String,
        /// Its size.
        bytes: u64,
        /// How long it took.
        milliseconds: u64,
    },
    /// A backup is loaded in place, after everything is dropped, because there can be no second database beside
    /// it. No transaction holds that.
    RestoringInPlace {
        /// Why.
        reason: String,
    },
    /// A table that an earlier start-up made without revisions makes way for one of the plan.
    ProvisionalTable {
        /// Its name.
        table: String,
        /// The revision that takes it over as it is; without one, it was empty and is dropped.
        adopted_by: Option<RevisionId>,
    },
    /// A revision begins.
    RevisionStarted {
        /// Its id.
        revision: RevisionId,
        /// What it does.
        message: String,
        /// Which way it is run.
        direction: Direction,
        /// Its place in the plan, from 1.
        number: usize,
        /// The number of revisions in the plan.
        of: usize,
    },
    /// A revision that an earlier run was cut off in goes on.
    Resumed {
        /// Its id.
        revision: RevisionId,
        /// What it does.
        message: String,
        /// Which way it is run.
        direction: Direction,
        /// The statement that it goes on at, from 1; one more than there are if all are done.
        statement: usize,
        /// The number of its statements.
        of: usize,
    },
    /// Revisions that were told of as done are undone: one transaction held them and what failed behind them. Where
    /// the run tries again, they are told of once more.
    RevisionsUndone {
        /// Their ids, in the order in which they were done.
        revisions: Vec<RevisionId>,
    },
    /// A revision is taken back whose file was edited after it was applied: by what the file says now, which need
    /// not be the reverse of what was done.
    EditedDowngrade {
        /// Its id.
        revision: RevisionId,
        /// Its file.
        file: String,
    },
    /// Somebody else has the migration lock, and it is waited for from now on.
    Queued,
    /// The server says how far the statement is that is under way, on an engine that tells.
    Working {
        /// The share of it that is done, of a hundred.
        percent: u8,
        /// What the server does, in its own words.
        stage: String,
    },
    /// Others hold a lock that a revision needs: a try was given up and comes again, or a statement waits.
    Blocked {
        /// Why a try was given up: `lock_timeout`, `deadlock` or `serialization`; nothing while one waits.
        reason: Option<&'static str>,
        /// How many tries were given up so far.
        tries: u32,
        /// Who they are, as far as the engine tells; never what they run.
        blockers: Vec<String>,
        /// For how long this has lasted.
        milliseconds: u64,
    },
    /// A statement is sent.
    Statement {
        /// The revision.
        revision: RevisionId,
        /// The statement's place in it, from 1.
        statement: usize,
        /// The number of its statements.
        of: usize,
        /// What is sent.
        sql: String,
    },
    /// A batch of a statement is done, and kept.
    Batch {
        /// The revision.
        revision: RevisionId,
        /// The part of it that is done in batches: `statement 3`.
        part: String,
        /// How many rows its batches have changed so far.
        rows: u64,
        /// The key that they have come to, in words: `id = 4711`.
        reached: String,
        /// The share that is done, of a hundred, where that can be told.
        percent: Option<u8>,
        /// How long this batch took.
        milliseconds: u64,
    },
    /// A revision is done.
    RevisionApplied {
        /// Its id.
        revision: RevisionId,
        /// What it does.
        message: String,
        /// Which way it was run.
        direction: Direction,
        /// The number of its statements.
        statements: usize,
        /// How long it took.
        milliseconds: u64,
        /// Whether it was one transaction with its record.
        transaction: bool,
    },
    /// A fresh look says that the history is what the plan says.
    Verified,
    /// The run is over, and all is well.
    Done {
        /// The number of revisions that were run.
        revisions: usize,
        /// How long the whole run took.
        milliseconds: u64,
    },
    /// The run is over, and it is not.
    Failed {
        /// The kind of the error, as in its JSON.
        kind: String,
        /// What happened.
        message: String,
        /// The state that the database was left in.
        state: Option<String>,
    },
}

impl Event {
    /// The phase of the run that the event belongs to.
    pub const fn phase(&self) -> Phase {
        match self {
            Self::Connected { .. } => Phase::Connect,
            Self::Inspected { .. } => Phase::Inspect,
            Self::Queued | Self::Waiting { .. } | Self::Locked { .. } => Phase::Lock,
            Self::Planned { .. }
            | Self::Deferred { .. }
            | Self::BackingUp
            | Self::BackedUp { .. }
            | Self::ProvisionalTable { .. }
            | Self::EditedDowngrade { .. } => Phase::Plan,
            Self::RestoringInPlace { .. }
            | Self::RevisionStarted { .. }
            | Self::Resumed { .. }
            | Self::Statement { .. }
            | Self::Working { .. }
            | Self::Blocked { .. }
            | Self::Batch { .. }
            | Self::RevisionApplied { .. }
            | Self::RevisionsUndone { .. } => Phase::Apply,
            Self::Verified => Phase::Verify,
            Self::Done { .. } | Self::Failed { .. } => Phase::Done,
        }
    }
}

/// The phases of a run, in their order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Phase {
    /// Making a session.
    Connect,
    /// Reading the history.
    Inspect,
    /// Taking the lock.
    Lock,
    /// Deciding what to do.
    Plan,
    /// Doing it.
    Apply,
    /// Looking whether it is done.
    Verify,
    /// Over.
    Done,
}

/// Listens to a run. Called from the task that runs it, so it should not take long.
pub type Observer = Arc<dyn Fn(&Event) + Send + Sync>;

/// Everyone who listens; always also `tracing`.
#[derive(Clone, Default)]
pub(crate) struct Events(Vec<Observer>);

impl Events {
    pub(crate) fn add(&mut self, observer: Observer) {
        self.0.push(observer);
    }

    pub(crate) fn send(&self, event: &Event) {
        trace(event);
        metrics::note(event);
        for observer in &self.0 {
            observer(event);
        }
    }

    /// Tells that a step goes on, at a statement that is counted from 0.
    pub(crate) fn resumed(&self, step: &Step, statement: usize) {
        self.send(&Event::Resumed {
            revision: step.revision().clone(),
            message: step.header.message.clone(),
            direction: step.direction,
            statement: statement + 1,
            of: step.statements.len(),
        });
    }
}

impl std::fmt::Debug for Events {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Events({} observers)", self.0.len())
    }
}

/// A duration as events count it.
pub(crate) fn milliseconds(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}

/// The same to `tracing`, with stable targets and fields, which docs/guide/observability.md lists.
fn trace(event: &Event) {
    use tracing::{debug, info, warn};
    const TARGET: &str = "underpin::migrate";
    match event {
        Event::Connected { database, server, milliseconds } => {
            debug!(target: TARGET, %database, %server, elapsed_ms = milliseconds, "connected");
        }
        Event::Inspected { current, pending } => {
            debug!(target: TARGET, ?current, pending, "inspected the history")
        }
        Event::Waiting { holder, milliseconds } => {
            warn!(target: TARGET, holder = holder.as_deref(), waited_ms = milliseconds, "waiting for the migration lock");
        }
        Event::Deferred { revision, replicas } => {
            warn!(target: TARGET, %revision, ?replicas, "deferred: replicas are alive that don't know it");
        }
        Event::Locked { milliseconds } => debug!(target: TARGET, waited_ms = milliseconds, "locked"),
        Event::Planned { revisions, from, to } => debug!(target: TARGET, revisions, ?from, ?to, "planned"),
        Event::BackingUp => debug!(target: TARGET, "making a backup"),
        Event::BackedUp { place, bytes, milliseconds } => {
            info!(target: TARGET, place, bytes, elapsed_ms = milliseconds, "made a backup");
        }
        Event::RestoringInPlace { reason } => {
            warn!(target: TARGET, reason, "a backup is loaded in place, and what is there is dropped first");
        }
        Event::ProvisionalTable { table, adopted_by: None } => {
            warn!(target: TARGET, table, "dropped a provisional table, which was empty");
        }
        Event::ProvisionalTable { table, adopted_by: Some(revision) } => {
            warn!(target: TARGET, table, %revision, "adopted a provisional table");
        }
        Event::RevisionStarted { revision, message, direction, number, of } => {
            debug!(target: TARGET, %revision, %direction, title = message, number, of, "revision started");
        }
        Event::Resumed { revision, message, direction, statement, of } => {
            info!(target: TARGET, %revision, %direction, title = message, statement, of, "revision resumed");
        }
        Event::Queued => debug!(target: TARGET, "somebody else has the migration lock"),
        Event::Working { percent, stage } => debug!(target: TARGET, percent, stage, "statement under way"),
        Event::Blocked { reason, tries, blockers, milliseconds } => {
            warn!(target: TARGET, reason, tries, ?blockers, waited_ms = milliseconds, "others hold a lock that the revision needs");
        }
        Event::Statement { revision, statement, of, sql } => {
            debug!(target: TARGET, %revision, statement, of, sql, "statement");
        }
        Event::Batch { revision, part, rows, reached, percent, milliseconds } => {
            debug!(target: TARGET, %revision, part, rows, reached, percent, elapsed_ms = milliseconds, "batch");
        }
        Event::RevisionApplied { revision, message, direction, statements, milliseconds, transaction } => {
            info!(target: TARGET, %revision, %direction, title = message, statements, elapsed_ms = milliseconds, transaction, "revision done");
        }
        Event::EditedDowngrade { revision, file } => {
            warn!(target: TARGET, %revision, file, "the revision was edited after it was applied");
        }
        Event::RevisionsUndone { revisions } => {
            warn!(target: TARGET, ?revisions, "revisions are undone with what failed behind them");
        }
        Event::Verified => debug!(target: TARGET, "history and plan agree"),
        // The summary says it, and more.
        Event::Done { .. } => {}
        Event::Failed { kind, message, state } => {
            // The error itself goes to the caller, who says it once.
            debug!(target: TARGET, kind, state = state.as_deref(), "failed: {message}");
        }
    }
}
