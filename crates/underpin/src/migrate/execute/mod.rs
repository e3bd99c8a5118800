//! Carrying out a plan on a session that holds the lock: each step in a transaction together with
//! its record, or statement by statement with the journal. Nothing is decided here but how to stop.

mod announce;
mod as_one;
mod batches;
mod code;
mod dirty;
mod ending;
mod failed;
pub(super) mod failure;
mod journal;
mod lasting;
mod obstacle;
mod own;
mod patience;
mod record;
mod road;
mod script;
mod together;
mod transaction;
mod turn;

pub(super) use journal::done_checksum;
pub(super) use patience::{Patience, keeps_others_out, mysql_limit, sets_own_limit};
pub(super) use record::Unwritten;

use std::{
    borrow::Cow,
    time::{Duration, Instant},
};

use jiff::Timestamp;
use tracing::Instrument as _;
use underpin_core::{
    diagnostic::{Diagnostic, ErrorKind},
    dialect::{Dialect, Flavour},
    plan::{Plan, Step},
    revision::{Direction, Language, RevisionId},
    sql,
};

use road::Road;

use super::{Event, Events, Limits, Witness, working::Lookout};
use crate::{
    database::{Cause, DatabaseError, ErrorClass, Guard, Guarded, Interrupt, ScriptError, Session},
    history::{Actor, HistoryTables, JournalEntry, State},
    hook::Occasion,
    lock::{Lock, LockSettings},
    point::{Point, reach},
    policy::TransactionMode,
    source::Revisions,
    telemetry::span,
};

/// A run on a session that holds the lock.
pub(crate) struct Execution<'a> {
    pub(crate) session: &'a mut dyn Session,
    /// Who has the functions of the steps in Rust.
    pub(crate) revisions: &'a Revisions,
    /// Whether a statement that leaves the database is refused.
    pub(crate) confined: bool,
    pub(crate) lock: &'a Lock,
    pub(crate) tables: &'a HistoryTables,
    pub(crate) actor: &'a Actor,
    pub(crate) interrupt: &'a Interrupt,
    pub(crate) limits: Limits,
    pub(crate) settings: &'a LockSettings,
    pub(crate) mode: TransactionMode,
    /// Whether it is undone at its end.
    pub(crate) rolls_back: bool,
    /// Who sees which locks it holds.
    pub(crate) witness: Option<&'a Witness>,
    pub(crate) events: &'a Events,
    pub(crate) occasion: &'a Occasion,
    /// What the state table says now, as far as this run has come.
    pub(crate) state: State,
    /// The place in the order of application that the next revision gets.
    pub(crate) position: i64,
    /// The heads now, as far as this run has come.
    pub(crate) heads: Vec<RevisionId>,
    /// The steps that were done and that the failed transaction has taken with it.
    pub(crate) undone: Vec<RevisionId>,
    /// The records that the run's one transaction has not got yet.
    pub(crate) unwritten: Unwritten,
    /// How often what is under way was tried.
    pub(crate) patience: &'a mut Patience,
    /// Who watches those who are in the way.
    pub(crate) lookout: &'a Lookout,
    /// How long the session waits for a lock, as far as this run has set it.
    pub(crate) session_limit: Option<Option<Duration>>,
    /// Whether each step is committed for itself where the lock goes with the transaction, so that
    /// others may come in between.
    pub(crate) gives_way: bool,
}

/// How a plan ended.
pub(crate) struct Ended {
    /// The steps that were done and stayed done.
    pub(crate) done: Vec<Finished>,
    pub(crate) error: Option<Diagnostic>,
    /// Whether somebody came in between two steps; what is left has to be decided again.
    pub(crate) overtaken: bool,
}

impl Ended {
    const fn failed(done: Vec<Finished>, error: Diagnostic) -> Self {
        Self { done, error: Some(error), overtaken: false }
    }
}

/// What stays whatever becomes of the transaction that is open.
#[derive(Clone)]
struct Kept {
    heads: Vec<RevisionId>,
    state: State,
    /// The number of steps before it.
    done: usize,
}

/// The next part of the road: what of it was done, and why no more.
struct Stretch {
    done: Vec<Finished>,
    failure: Option<failure::Failure>,
}

impl Stretch {
    const fn failed(failure: failure::Failure) -> Self {
        Self { done: Vec::new(), failure: Some(failure) }
    }
}

/// A step that was done.
#[derive(Clone, Debug)]
pub(crate) struct Finished {
    pub(crate) revision: RevisionId,
    pub(crate) message: String,
    pub(crate) direction: Direction,
    pub(crate) statements: usize,
    pub(crate) duration: Duration,
}

impl Execution<'_> {
    fn flavour(&self) -> Flavour {
        self.session.server().flavour
    }

    fn dialect(&self) -> Dialect {
        self.flavour().dialect()
    }

    /// Runs every step of the plan; `resumed` is the journal of its first step, if a run was cut
    /// off in it.
    pub(crate) async fn run(&mut self, plan: &Plan, mut resumed: Option<JournalEntry>) -> Ended {
        let mut kept = self.standing(0);
        let mut done = Vec::new();
        if let Err(error) = self.begin_run().await {
            return Ended::failed(done, error);
        }
        let mut road = Road::of(plan, self.session.server().parsed_version());
        let mut index = 0;
        let mut refused = None;
        while index < plan.steps.len() {
            let stretch = match (refused.take(), self.may_go_on()) {
                (Some(diagnostic), _) | (None, Err(diagnostic)) => {
                    Stretch::failed(failure::Failure::before(diagnostic))
                }
                (None, Ok(())) => {
                    self.next_stretch(&plan.steps[index..], index, &mut road, &mut resumed).await
                }
            };
            refused = self.called_after(&plan.steps[index..], &stretch.done).await.err();
            index += stretch.done.len();
            if !stretch.done.is_empty() {
                self.got_through();
            }
            done.extend(stretch.done);
            if let Some(failure) = stretch.failure {
                if self.may_repeat(&failure, index == kept.done).await {
                    road.alone_until = road.alone_until.max(index + 1);
                    if failure.everything_undone {
                        self.go_back(kept.clone(), &mut done);
                        index = kept.done;
                        if let Err(error) = self.begin_run().await {
                            return Ended::failed(done, error);
                        }
                    }
                    continue;
                }
                let failure = match failure.begun {
                    true => failure,
                    false => self.stopped_behind(done.last(), failure).await,
                };
                let failure = self.write_or_undo(failure).await;
                let attempted = ending::attempted(&plan.steps, index, kept.done, &failure);
                if failure.everything_undone {
                    self.go_back(kept, &mut done);
                }
                let step = &plan.steps[index.min(plan.steps.len() - 1)];
                let error = self.end_failed_run((step, attempted), failure).await;
                return Ended::failed(done, error);
            }
            if index < plan.steps.len() {
                reach(Point::BetweenRevisions).await;
            }
            if self.gives_way && index < plan.steps.len() {
                match self.next_turn().await {
                    Ok(true) => kept = self.standing(done.len()),
                    Ok(false) => return Ended { done, error: None, overtaken: true },
                    Err(turn) => {
                        if turn.committed {
                            return Ended::failed(done, turn.error);
                        }
                        self.go_back(kept, &mut done);
                        let error = self.uncommitted(&plan.steps[index - 1], turn.error).await;
                        return Ended::failed(done, error);
                    }
                }
            }
        }
        if let Err(error) = self.commit_run().await {
            self.go_back(kept, &mut done);
            if self.may_begin_anew(&error).await {
                return Ended { done, error: None, overtaken: true };
            }
            let error = match plan.steps.last() {
                Some(step) if self.lock.gives_way() => self.uncommitted(step, error).await,
                Some(_) | None => error,
            };
            return Ended::failed(done, error);
        }
        // Who refuses after the last revision has nothing left to stop.
        let error = refused.map(|error| error.state(ending::everything_done(&self.heads)));
        Ended { done, error, overtaken: false }
    }

    fn standing(&self, done: usize) -> Kept {
        Kept { heads: self.heads.clone(), state: self.state.clone(), done }
    }

    /// Takes note that what came after is undone.
    fn go_back(&mut self, kept: Kept, done: &mut Vec<Finished>) {
        self.undone = done.drain(kept.done..).map(|finished| finished.revision).collect();
        if !self.undone.is_empty() {
            self.events.send(&Event::RevisionsUndone { revisions: self.undone.clone() });
        }
        self.heads = kept.heads;
        self.state = kept.state;
    }

    /// Runs the next step, or the next few where they travel together.
    async fn next_stretch(
        &mut self,
        steps: &[Step],
        index: usize,
        road: &mut Road,
        resumed: &mut Option<JournalEntry>,
    ) -> Stretch {
        let step = &steps[0];
        if index >= road.announced {
            announce::started(self.events, step, index, road.of);
            road.announced = index + 1;
        }
        if index >= road.asked {
            road.asked = index + 1;
            let asked = self.occasion.before(step, (index + 1, road.of), self.interrupt).await;
            if let Err(diagnostic) = asked {
                return Stretch::failed(failure::Failure::before(diagnostic));
            }
        }
        let fellows = if index < road.alone_until { 1 } else { self.fellows(steps) };
        let as_one = road.newcomers(index, fellows);
        if as_one > 1 {
            return self.run_as_one(&steps[..as_one], index, road).await;
        }
        if fellows > 1 {
            return self.run_together(&steps[..fellows], index, road).await;
        }
        let started = Instant::now();
        let last = Some(index) == road.last_transactional;
        let ran = self.run_alone(step, last, resumed).instrument(span::revision(step)).await;
        match ran {
            Ok(ran) => Stretch {
                done: vec![announce::finished(self.events, &ran, started.elapsed())],
                failure: None,
            },
            Err(failure) => Stretch::failed(failure),
        }
    }

    /// Runs a step; returns it with the statements that were sent.
    async fn run_alone<'s>(
        &mut self,
        step: &'s Step,
        last: bool,
        resumed: &mut Option<JournalEntry>,
    ) -> Result<Cow<'s, Step>, failure::Failure> {
        if step.language == Language::Rust {
            // Boxed: what no revision of SQL needs is not on its stack.
            let ran = Box::pin(self.run_code(step, last, resumed.take())).await?;
            self.restore_settings(&ran).await?;
            return Ok(Cow::Owned(ran));
        }
        let whole = self.is_one_transaction(step).await;
        if whole.map_err(|error| failure::Failure::new(error, Timestamp::now()))? {
            self.run_in_transaction(step, last).await?;
        } else {
            self.run_with_journal(step, resumed.take()).await?;
        }
        self.restore_settings(step).await?;
        Ok(Cow::Borrowed(step))
    }

    /// Has the locks of the transaction that is open seen, where somebody asks for them.
    async fn be_seen(&mut self, step: &Step) -> Result<(), Diagnostic> {
        let Some(witness) = self.witness else { return Ok(()) };
        let seen = witness.look(self.session, step.revision(), self.mode == TransactionMode::All).await;
        seen.map_err(|error| failure::database(&error, "the locks of the revision could not be looked at"))
    }

    fn changes_settings(&self, step: &Step) -> bool {
        let dialect = self.dialect();
        step.statements.iter().any(|statement| sql::session_setting(dialect, &statement.text))
    }

    /// Every revision begins with the same settings, whatever the one before it has set.
    async fn restore_settings(&mut self, step: &Step) -> Result<(), failure::Failure> {
        if !self.changes_settings(step) {
            return Ok(());
        }
        self.session_limit = None;
        let restored = match self.rolls_back {
            true => self.lock.prepare_within(self.session, self.settings).await,
            false => self.lock.prepare(self.session, self.settings).await,
        };
        restored.map_err(|error| {
            let diagnostic = failure::database(&error, "the settings of the session could not be restored");
            failure::Failure::new(diagnostic, Timestamp::now())
        })
    }

    /// Opens what spans the whole run.
    async fn begin_run(&mut self) -> Result<(), Diagnostic> {
        if self.mode == TransactionMode::All && !self.lock.is_transaction() {
            self.plain("BEGIN").await?;
        }
        Ok(())
    }

    /// Ends what spans the whole run.
    async fn commit_run(&mut self) -> Result<(), Diagnostic> {
        if self.mode == TransactionMode::All || self.lock.is_transaction() {
            // The records that are left travel with the commit.
            let mut words = self.take_records();
            words.extend(self.last_words());
            reach(Point::BeforeCommit).await;
            let committed = match words.is_empty() {
                true => Ok(()),
                false => self.plain(&words.join(";\n")).await,
            };
            let Err(mut error) = committed else { return Ok(()) };
            self.name_reader(&mut error);
            self.lock.release(self.session).await;
            let state = match error.kind {
                // The answer was lost, and what it would have said.
                ErrorKind::Unavailable if self.dialect() != Dialect::Sqlite => failure::COMMIT_UNKNOWN,
                _ => "rolled back; nothing of this run was kept",
            };
            return Err(error.state(state));
        }
        Ok(())
    }

    /// Sends a statement of our own.
    async fn plain(&mut self, sql: &str) -> Result<(), Diagnostic> {
        match self.send(sql, None).await {
            Ok(_) => Ok(()),
            Err(guarded) => Err(failure::own(&guarded, "the history could not be written")),
        }
    }

    /// Sends a script, to be cancelled on the server when it is time to stop. What is done is
    /// done, even if it was cancelled too late; the next look at the clock ends the run.
    async fn send(&mut self, script: &str, limit: Option<Duration>) -> Result<u64, Guarded<ScriptError>> {
        let canceller = self.session.canceller();
        match self.interrupt.guard(self.session.execute(script), &canceller, limit).await? {
            Guard::Done(changed) | Guard::DoneLate(changed, _) => Ok(changed),
        }
    }

    /// A statement that the server has ended because of the limit that we gave it: PostgreSQL always
    /// comes before us, MariaDB sometimes.
    fn by_our_limit(&self, guarded: Guarded<DatabaseError>) -> Guarded<DatabaseError> {
        match (guarded, self.limits.statement) {
            (Guarded::Failed(error), Some(limit)) if error.class == ErrorClass::Cancelled => {
                Guarded::Cancelled(self.interrupt.stop(Cause::StatementTimeout(limit)), error)
            }
            (guarded, _) => guarded,
        }
    }

    /// Sends a statement of a revision, whose own word on being done does not count once it was
    /// cancelled; returns how many rows it has changed.
    async fn send_statement(&mut self, statement: &str) -> Result<u64, Guarded<ScriptError>> {
        let canceller = self.session.canceller();
        let limit = self.limits.statement;
        match self.interrupt.guard(self.session.execute(statement), &canceller, limit).await? {
            Guard::Done(changed) => Ok(changed),
            Guard::DoneLate(_, stop) => Err(Guarded::Late(stop)),
        }
    }

    /// Sends a script that ends a failed run. It runs even though it is time to stop.
    async fn send_regardless(&mut self, script: &str) -> Result<u64, ScriptError> {
        const PATIENCE: Duration = Duration::from_secs(2);
        match tokio::time::timeout(PATIENCE, self.session.execute(script)).await {
            Ok(result) => result,
            Err(_) => Err(ScriptError {
                completed: 0,
                error: crate::database::DatabaseError::new(
                    ErrorClass::ConnectionLost,
                    "the server does not answer",
                ),
            }),
        }
    }

    /// Takes note that a step and its record are done.
    fn advance(&mut self, step: &Step, state: State) {
        self.state = state;
        let revision = step.revision();
        match step.direction {
            Direction::Upgrade => {
                self.position += 1;
                self.heads.retain(|head| {
                    !step.header.parents.contains(head)
                        && !step.header.depends_on.iter().any(|dependency| **dependency == **head)
                });
                self.heads.push(revision.clone());
            }
            Direction::Downgrade => {
                self.heads.retain(|head| head != revision);
                for parent in &step.header.parents {
                    if !self.heads.contains(parent) {
                        self.heads.push(parent.clone());
                    }
                }
            }
        }
    }

    /// Whether it is not time to stop.
    fn may_go_on(&self) -> Result<(), Diagnostic> {
        self.interrupt.check().map_err(|stop| stop.diagnostic("between two revisions"))
    }

    /// Calls the hooks that watch revisions; for them, each travels alone.
    async fn called_after(&mut self, steps: &[Step], done: &[Finished]) -> Result<(), Diagnostic> {
        for (step, finished) in steps.iter().zip(done) {
            self.occasion.after(step, finished.duration, self.interrupt).await?;
        }
        Ok(())
    }

    /// Whether the lock is still ours, where no fence travels with the step itself.
    async fn check_lock(&mut self) -> Result<(), Diagnostic> {
        if self.lock.is_transaction() {
            return Ok(());
        }
        let sql = format!("SELECT 1 WHERE {}", self.lock.guard());
        match self.session.fetch(&sql).await {
            Ok(rows) if !rows.is_empty() => Ok(()),
            Ok(_) => Err(failure::lock_lost()),
            Err(error) => Err(failure::database(&error, "the lock could not be verified")),
        }
    }
}
