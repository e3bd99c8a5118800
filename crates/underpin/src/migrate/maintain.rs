//! Changing the history without running revisions: stamp and resolve. Both read the ledger under
//! the lock, change it in one transaction, and compute its digest afresh from the rows.

use std::collections::BTreeMap;

use jiff::Timestamp;
use tokio::time::{Instant, timeout};
use underpin_core::{
    diagnostic::{Diagnostic, ErrorKind},
    dialect::{Dialect, Flavour},
    revision::{Applied, Direction, RevisionId, Target},
    sql::{self, Checksum, Digest},
};

use super::{
    CLOSING, Migrator,
    execute::failure,
    gate::Gate,
    run::{history_unreadable, reading, untouched},
    standing::Standing,
};
use crate::{
    database::{Access, Errand, Interrupt, Session, Stop},
    history::{
        Actor, Attempt, HistoryTables, JournalEntry, LedgerEntry, LedgerOrigin, LedgerRecord, Outcome,
        Progress, ProvisionalRecord, Snapshot, State, Timing,
    },
    lock::{Lock, LockSettings},
};

/// What a person says of a revision that a run has left half-way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Resolution {
    /// It counts as applied, as its file has it now.
    Applied(String),
    /// It counts as not applied.
    RolledBack(String),
    /// It goes on at a statement, counted from 1.
    Continue {
        /// The revision.
        revision: String,
        /// The statement that has not been done.
        statement: usize,
    },
}

/// A change of the history.
enum Change {
    Add { id: RevisionId, origin: LedgerOrigin, outcome: Outcome },
    Remove { id: RevisionId, outcome: Outcome },
    CloseJournal(String),
    MoveJournal { revision: String, statement: usize, total: usize, done_checksum: String },
}

/// The history as it stands under the lock.
struct History {
    ledger: Vec<LedgerEntry>,
    journal: Vec<JournalEntry>,
    standing: Standing,
    flavour: Flavour,
}

impl Migrator {
    /// Records revisions as applied or not, without running them.
    ///
    /// The target and all that it needs count as applied, and nothing that comes after it on its
    /// branch. `purge` forgets everything first, also what is not known here.
    ///
    /// # Errors
    /// If the target means nothing here, if a revision was left half-way, or if the history can't be
    /// written.
    pub async fn stamp(&self, targets: Vec<Target>, purge: bool) -> Result<Vec<RevisionId>, Diagnostic> {
        self.stamp_as(targets, purge, false).await
    }

    /// The same after forgetting everything, also how far a revision came that was left half-way: what
    /// that has done stays in the database, and nothing tells of it any more.
    ///
    /// # Errors
    /// If the target means nothing here, or if the history can't be written.
    pub async fn stamp_over(&self, targets: Vec<Target>) -> Result<Vec<RevisionId>, Diagnostic> {
        self.stamp_as(targets, true, true).await
    }

    async fn stamp_as(
        &self,
        targets: Vec<Target>,
        purge: bool,
        force: bool,
    ) -> Result<Vec<RevisionId>, Diagnostic> {
        // What forgets everything and records nothing has no use for revisions.
        if !purge || targets != [Target::Base] {
            self.check_revisions()?;
        }
        self.change_history(Errand::to("stamp"), |history| {
            if let Some(entry) = history.journal.first().filter(|_| !force) {
                // Recorded beside its journal, the revision could be neither finished nor resolved.
                let error = super::decide::half_done(entry);
                return Err(match purge {
                    true => error.hint("to forget that with the rest, add --force"),
                    false => error,
                });
            }
            let graph = self.revisions.graph()?;
            let nothing = Applied::default();
            let path = graph.stamp(if purge { &nothing } else { &history.standing.applied }, &targets)?;
            let mut changes: Vec<Change> = history
                .journal
                .iter()
                .filter(|_| purge)
                .map(|entry| Change::CloseJournal(entry.revision.clone()))
                .collect();
            let removed = if purge {
                history.standing.applied.iter().filter(|id| !path.add.contains(id)).cloned().collect()
            } else {
                path.remove
            };
            changes.extend(removed.into_iter().map(|id| Change::Remove { id, outcome: Outcome::Unstamped }));
            changes.extend(path.add.into_iter().map(|id| Change::Add {
                id,
                origin: LedgerOrigin::Stamp,
                outcome: Outcome::Stamped,
            }));
            Ok(changes)
        })
        .await
    }

    /// Says of a revision that was left half-way what it counts as; also takes the file of an
    /// applied revision as it is now.
    ///
    /// # Errors
    /// If the revision is neither half-way nor applied, or the history can't be written.
    pub async fn resolve(&self, resolution: Resolution) -> Result<Vec<RevisionId>, Diagnostic> {
        self.change_history(Errand::to("resolve"), |history| match &resolution {
            Resolution::Applied(name) => self.resolve_applied(history, name),
            Resolution::RolledBack(name) => resolve_rolled_back(history, name),
            Resolution::Continue { revision, statement } => {
                self.resolve_continue(history, revision, *statement)
            }
        })
        .await
    }

    /// Records, in place of the revisions that others were made of, those others.
    pub(super) async fn record_squashed(
        &self,
        session: &mut dyn Session,
        interrupt: &Interrupt,
    ) -> Result<(), Diagnostic> {
        let graph = self.revisions.graph()?;
        let decide = |history: &History| {
            let replaced = super::squashed::replaced(&history.ledger, graph);
            let whole = graph.iter().filter(|revision| {
                replaced.iter().any(|id| super::squashed::replaces(graph, revision.id(), id))
            });
            let mut changes: Vec<Change> = whole
                .map(|revision| Change::Add {
                    id: revision.id().clone(),
                    origin: LedgerOrigin::Stamp,
                    outcome: Outcome::Stamped,
                })
                .collect();
            changes.extend(replaced.into_iter().map(|id| Change::Remove { id, outcome: Outcome::Unstamped }));
            Ok(changes)
        };
        self.change_history_on(session, interrupt, decide).await.map(drop)
    }

    fn resolve_applied(&self, history: &History, name: &str) -> Result<Vec<Change>, Diagnostic> {
        let id = history.named(name, self)?;
        let add = Change::Add { id: id.clone(), origin: LedgerOrigin::Resolve, outcome: Outcome::Resolved };
        let half_done = history.journal.iter().any(|entry| *entry.revision == *id);
        match (half_done, history.standing.applied.contains(&id)) {
            (true, _) => Ok(vec![Change::CloseJournal(id.to_string()), add]),
            (false, true) => Ok(vec![add]),
            (false, false) => Err(Diagnostic::new(
                ErrorKind::NotReachable,
                format!("revision {id} is neither half-way nor applied"),
            )
            .state("nothing was changed")
            .hint(format!("to record it as applied without running it: `underpin stamp {id}`"))),
        }
    }

    fn resolve_continue(
        &self,
        history: &History,
        name: &str,
        number: usize,
    ) -> Result<Vec<Change>, Diagnostic> {
        let entry = history.half_done(name)?;
        let direction =
            if entry.direction == "downgrade" { Direction::Downgrade } else { Direction::Upgrade };
        if entry.is_lost() {
            return Err(super::decide::lost_journal(&entry.revision));
        }
        let file = self.revisions.file(&entry.revision)?;
        let statements = file.statements(direction, history.flavour)?;
        if number == 0 || number > statements.len() + 1 {
            let count = statements.len();
            let has = if count == 1 { "1 statement".to_owned() } else { format!("{count} statements") };
            return Err(Diagnostic::new(
                ErrorKind::Usage,
                format!("revision {} has {has}; it can't go on at {number}", entry.revision),
            )
            .state("nothing was changed")
            .hint(format!("name the first that is not done; {} means that all are", count + 1)));
        }
        let mut texts = Vec::new();
        for statement in statements.iter().take(number - 1) {
            texts.push(statement.text.as_str());
        }
        let done_checksum = super::execute::done_checksum(history.flavour, &texts)?;
        let total = statements.len();
        Ok(vec![Change::MoveJournal {
            revision: entry.revision.clone(),
            statement: number - 1,
            total,
            done_checksum,
        }])
    }

    /// Takes the lock, decides with `decide`, and writes; returns the heads afterwards.
    async fn change_history(
        &self,
        errand: Errand,
        decide: impl Fn(&History) -> Result<Vec<Change>, Diagnostic>,
    ) -> Result<Vec<RevisionId>, Diagnostic> {
        let (_handle, interrupt) = Interrupt::new(errand, Instant::now(), self.limits.run);
        let session = self.database.connect(Access::Write, self.limits.connect, &interrupt).await?;
        let mut session =
            session.ok_or_else(|| Diagnostic::new(ErrorKind::Internal, "no session was made"))?;
        let result = self.change_history_on(session.as_mut(), &interrupt, decide).await;
        session.close().await;
        result
    }

    async fn change_history_on(
        &self,
        session: &mut dyn Session,
        interrupt: &Interrupt,
        decide: impl Fn(&History) -> Result<Vec<Change>, Diagnostic>,
    ) -> Result<Vec<RevisionId>, Diagnostic> {
        let snapshot = reading(interrupt, self.look(session)).await.map_err(untouched)?;
        // Decided once before the lock, so that what can't be is refused without leaving a trace.
        decide(&reading(interrupt, self.read_history(session, &snapshot)).await.map_err(untouched)?)?;
        let actor = self.actor();
        let settings =
            LockSettings { service: self.service.clone(), run: actor.run.clone(), statement_timeout: None };
        let prepared = reading(interrupt, self.prepared_lock(session, &snapshot, &settings));
        let lock = prepared.await.map_err(untouched)?;
        let waiting = self.waiting(&lock, interrupt);
        let Gate::Locked(now) = waiting.pass(session, |_| false).await? else { return Ok(Vec::new()) };
        let result = self.write(session, &lock, (&actor, interrupt), &now, decide).await;
        self.unlock_after(session, &lock, result.is_ok()).await;
        result
    }

    async fn write(
        &self,
        session: &mut dyn Session,
        lock: &Lock,
        (actor, interrupt): (&Actor, &Interrupt),
        now: &Snapshot,
        decide: impl Fn(&History) -> Result<Vec<Change>, Diagnostic>,
    ) -> Result<Vec<RevisionId>, Diagnostic> {
        let canceller = session.canceller();
        let stopped = |stop: Stop| Err(untouched(stop.diagnostic("while the history was written")));
        if now.state.is_none() {
            let created = interrupt.guarded(self.create_history(session, lock, now), &canceller).await;
            created.unwrap_or_else(stopped)?;
        }
        let history = interrupt.guarded(self.read_history(session, now), &canceller).await;
        let history =
            history.unwrap_or_else(|stop| Err(untouched(stop.diagnostic("while the history was read"))))?;
        let changes = decide(&history)?;
        let dialect = history.flavour.dialect();
        let (mut script, ledger, dirty) = self.script(&history, &changes, &now.tables, actor)?;
        script.extend(self.taken_over(session, &history, &changes, &now.tables).await?);
        script.extend(forgotten_progress(session, &changes, &now.tables).await?);
        let mut digest = Digest::EMPTY;
        for (id, checksum) in &ledger {
            digest.toggle(id, checksum);
        }
        script.push(State { digest, dirty }.update(&now.tables, dialect));
        if !lock.is_transaction() {
            script
                .insert(0, if dialect == Dialect::Mysql { "START TRANSACTION" } else { "BEGIN" }.to_owned());
        }
        script.extend(lock.commit());
        let written = interrupt.guarded(session.execute(&script.join(";\n")), &canceller).await;
        let failed =
            match written {
                Ok(Ok(_)) => None,
                Ok(Err(failed)) => Some(
                    failure::database(&failed.error, "the history could not be written")
                        .state("nothing was changed"),
                ),
                // Cancelled too late, it is done all the same.
                Err(stop) => Some(stop.diagnostic("while the history was written").state(
                    "rolled back, unless the time was over behind the commit: `underpin current` tells",
                )),
            };
        if let Some(error) = failed {
            let _ = timeout(CLOSING, session.execute("ROLLBACK")).await;
            return Err(error);
        }
        Ok(Applied::new(ledger.into_keys()).heads(self.revisions.graph()?))
    }

    /// The statements of some changes, and the ledger and the dirty revision that they lead to.
    #[allow(clippy::type_complexity, reason = "three values that are made together and used once")]
    fn script(
        &self,
        history: &History,
        changes: &[Change],
        tables: &HistoryTables,
        actor: &Actor,
    ) -> Result<(Vec<String>, BTreeMap<RevisionId, Checksum>, Option<String>), Diagnostic> {
        let dialect = history.flavour.dialect();
        let timing = Timing::Measured { started: Timestamp::now(), milliseconds: 0 };
        let mut ledger = history.standing.checksums.clone();
        let mut dirty = history.journal.first().map(|entry| entry.revision.clone());
        let mut position = history.standing.next_position;
        let mut script = Vec::new();
        for change in changes {
            let (id, outcome, checksum) = match change {
                Change::CloseJournal(revision) => {
                    // Where its row is gone, the table may be, too.
                    if history.journal.iter().any(|entry| entry.revision == *revision && !entry.is_lost()) {
                        script.push(tables.close_journal(dialect, revision));
                    }
                    dirty = dirty.filter(|dirty| dirty != revision);
                    continue;
                }
                Change::MoveJournal { revision, statement, total, done_checksum } => {
                    let progress = Progress::ready(revision, *statement, *total, done_checksum);
                    script.push(progress.update(tables, dialect, "1 = 1"));
                    continue;
                }
                Change::Remove { id, outcome } => {
                    script.push(tables.forget(dialect, id));
                    (id, *outcome, ledger.remove(id))
                }
                Change::Add { id, origin, outcome } => {
                    let file = self.revisions.file(id)?;
                    let checksum = self.revisions.checksum(id, history.flavour)?;
                    let place =
                        history.ledger.iter().find(|entry| entry.revision == *id).map(|entry| entry.position);
                    let record = LedgerRecord {
                        revision: id,
                        position: place.unwrap_or(position),
                        checksum,
                        parents: &file.header.parents,
                        depends_on: &file.header.depends_on,
                        message: &file.header.message,
                        phase: file.header.phase,
                        transactional: file.header.transaction,
                        downgrade: file.section_text(Direction::Downgrade, history.flavour),
                        origin: *origin,
                    };
                    script.push(tables.forget(dialect, id));
                    script.push(record.insert(tables, dialect, actor, timing));
                    position += i64::from(place.is_none());
                    ledger.insert(id.clone(), checksum);
                    (id, *outcome, Some(checksum))
                }
            };
            let attempt = Attempt {
                revision: id,
                direction: if matches!(outcome, Outcome::Resolved) { "resolve" } else { "stamp" },
                outcome,
                checksum: checksum.map(|checksum| checksum.to_string()),
                statement: None,
                error_code: None,
                error: None,
            };
            script.push(attempt.insert(tables, dialect, actor, timing));
        }
        Ok((script, ledger, dirty))
    }

    /// Forgets the provisional tables that revisions bring which count as applied now: whoever says so
    /// says that the tables are what the revisions make.
    async fn taken_over(
        &self,
        session: &mut dyn Session,
        history: &History,
        changes: &[Change],
        tables: &HistoryTables,
    ) -> Result<Vec<String>, Diagnostic> {
        let dialect = history.flavour.dialect();
        let records = tables.read_provisional(session).await.map_err(history_unreadable)?;
        let mut script = Vec::new();
        for change in changes {
            let Change::Add { id, .. } = change else { continue };
            for statement in self.revisions.file(id)?.statements(Direction::Upgrade, history.flavour)? {
                let table = sql::created_table(dialect, &statement.text).map(|table| table.name);
                let created = table.or_else(|| Some(sql::created_enum(dialect, &statement.text)?.name));
                let brought = |record: &&ProvisionalRecord| {
                    created.as_ref().is_some_and(|name| name.eq_ignore_ascii_case(&record.name))
                };
                script.extend(
                    records.iter().filter(brought).map(|record| tables.forget_provisional(dialect, record)),
                );
            }
        }
        Ok(script)
    }

    async fn read_history(
        &self,
        session: &mut dyn Session,
        snapshot: &Snapshot,
    ) -> Result<History, Diagnostic> {
        let (ledger, mut journal) = match snapshot.state {
            None => (Vec::new(), Vec::new()),
            Some(_) => (
                snapshot.tables.read_ledger(session).await.map_err(history_unreadable)?,
                snapshot.tables.read_journal(session).await.map_err(history_unreadable)?,
            ),
        };
        if let Some(dirty) = snapshot.state.as_ref().and_then(|state| state.dirty.as_ref())
            && !journal.iter().any(|entry| entry.revision == *dirty)
        {
            journal.push(JournalEntry::lost(dirty));
        }
        let flavour = snapshot.server.flavour;
        let standing = Standing::of(&ledger, &self.revisions, flavour)?;
        Ok(History { ledger, journal, standing, flavour })
    }
}

/// Forgets how far the parts of revisions had come whose journal is closed. Where it goes on at another
/// statement they stay: what a part has done is done all the same.
async fn forgotten_progress(
    session: &mut dyn Session,
    changes: &[Change],
    tables: &HistoryTables,
) -> Result<Vec<String>, Diagnostic> {
    let mut script = Vec::new();
    for change in changes {
        let Change::CloseJournal(revision) = change else { continue };
        script.extend(tables.forget_progress(session, revision).await.map_err(history_unreadable)?);
    }
    Ok(script)
}

fn resolve_rolled_back(history: &History, name: &str) -> Result<Vec<Change>, Diagnostic> {
    let entry = history.half_done(name)?;
    let mut changes = vec![Change::CloseJournal(entry.revision.clone())];
    let id = RevisionId::new(&entry.revision)
        .map_err(|error| Diagnostic::new(ErrorKind::Usage, error.to_string()))?;
    changes.push(Change::Remove { id, outcome: Outcome::Resolved });
    Ok(changes)
}

impl History {
    fn named(&self, name: &str, migrator: &Migrator) -> Result<RevisionId, Diagnostic> {
        if let Ok(entry) = self.half_done(name)
            && let Ok(id) = RevisionId::new(&entry.revision)
        {
            return Ok(id);
        }
        let target: Target = name.parse()?;
        let ids = migrator.revisions.graph()?.resolve(&self.standing.applied, &target)?;
        match &ids[..] {
            [id] => Ok(id.clone()),
            _ => Err(Diagnostic::new(ErrorKind::Usage, format!("{name:?} is not one revision"))),
        }
    }

    /// The revision that was left half-way, if `name` is its id or the start of it.
    fn half_done(&self, name: &str) -> Result<&JournalEntry, Diagnostic> {
        self.journal.iter().find(|entry| entry.revision.starts_with(name)).ok_or_else(|| {
            let diagnostic =
                Diagnostic::new(ErrorKind::NotReachable, format!("revision {name} was not left half-way"))
                    .state("nothing was changed");
            match self.journal.first() {
                Some(entry) => diagnostic.hint(format!("{} was", entry.revision)),
                None => diagnostic.hint("no revision was; see `underpin status`"),
            }
        })
    }
}
