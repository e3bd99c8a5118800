//! Backups around the migrator's own work: before a run, because somebody asks for one, and brought back.
//! When one is wanted is policy; how it is made is in `backup`.

use std::{
    path::{Path, PathBuf},
    time::Duration,
};

use futures_util::future::BoxFuture;
use tokio::time::{Instant, timeout};
use underpin_core::{
    diagnostic::{Diagnostic, ErrorKind},
    dialect::Dialect,
    plan::PlannedLoss,
};

use super::{
    Event, Migrator, RunReport,
    event::milliseconds,
    execute::failure,
    run::{CLOSING, reading, untouched},
    stop::wait,
};
use crate::{
    backup::{Backup, Maker, Restorer},
    database::{Access, Errand, Interrupt, Session},
    history::{Actor, BackupEntry, BackupOccasion, HistoryTables},
    lock::Lock,
    point::{Point, reach},
};

/// How long writing a backup into the history may take.
const NOTING: Duration = Duration::from_secs(10);

impl Migrator {
    /// Makes a backup now, in the directory of backups.
    ///
    /// # Errors
    /// [`ErrorKind::BackupFailed`], with what keeps it from being made or read; a database in memory, which
    /// has nothing to keep, and one that is not there.
    pub async fn backup(&self) -> Result<Backup, Diagnostic> {
        self.backup_as(None).await
    }

    /// Makes a backup now, in a file that is not there yet. It counts for nothing where old ones are removed.
    ///
    /// # Errors
    /// As [`backup`](Self::backup).
    pub async fn backup_to(&self, file: impl AsRef<Path>) -> Result<Backup, Diagnostic> {
        self.backup_as(Some(file.as_ref().to_owned())).await
    }

    /// Puts a backup in the place of what is in the database, under the migration lock. On SQLite and on
    /// PostgreSQL all of it is one transaction; on MySQL and MariaDB it is loaded beside the database, and the
    /// tables are exchanged by one statement, where the user may make databases.
    ///
    /// # Errors
    /// A file that is no whole backup of this engine, and whatever keeps it from being brought back; the
    /// diagnostic says in which state the database is.
    pub async fn restore(&self, file: impl AsRef<Path>) -> Result<(), Diagnostic> {
        let (file, migrator) = (file.as_ref().to_owned(), self.clone());
        self.on_a_task(Errand::to("restore"), async move |interrupt| {
            migrator.restore_from(file, &interrupt).await
        })
        .await
    }

    /// The backups that the database remembers, oldest first.
    ///
    /// # Errors
    /// If the database can't be read.
    pub async fn backups(&self) -> Result<Vec<BackupEntry>, Diagnostic> {
        let Some((mut session, snapshot)) = self.open_to_read().await? else { return Ok(Vec::new()) };
        let backups = snapshot.tables.read_backups(session.as_mut()).await;
        session.close().await;
        backups.map_err(super::run::history_unreadable)
    }

    /// Makes the backup that a run wants, once a run. What is done is in the report. It is on the heap from
    /// the beginning, so that a run is not larger for it.
    pub(super) fn back_up<'a>(
        &'a self,
        session: &'a mut dyn Session,
        (actor, interrupt): (&'a Actor, &'a Interrupt),
        losses: &'a [PlannedLoss],
        report: &'a mut RunReport,
    ) -> BoxFuture<'a, Result<(), Diagnostic>> {
        Box::pin(async move {
            if report.backup.is_some() || !self.backups.wanted(!losses.is_empty()) {
                return Ok(());
            }
            let unbegun = |error: Diagnostic| error.state("nothing was changed: the migration has not begun");
            let maker = self.maker(actor, interrupt);
            if maker.is_superfluous(session, None).await.map_err(unbegun)? {
                return Ok(());
            }
            self.events.send(&Event::BackingUp);
            let backup = maker.make(session, None).await.map_err(unbegun)?;
            self.tell(&backup);
            report.backup = Some(Box::new(backup));
            reach(Point::BackupMade).await;
            Ok(())
        })
    }

    /// Writes the backup of a run into the history, and then removes those that need not be kept. It is done
    /// in each round of a run, since the transaction of the one before may have been undone.
    pub(super) fn note_backed_up<'a>(
        &'a self,
        session: &'a mut dyn Session,
        tables: &'a HistoryTables,
        (actor, interrupt): (&'a Actor, &'a Interrupt),
        report: &'a RunReport,
    ) -> BoxFuture<'a, Result<(), Diagnostic>> {
        Box::pin(async move {
            let Some(backup) = report.backup.as_deref() else { return Ok(()) };
            let canceller = session.canceller();
            let record = self.record_backup(session, tables, BackupOccasion::Run, (backup, actor));
            let noted = interrupt
                .guarded(record, &canceller)
                .await
                .unwrap_or_else(|stop| Err(stop.diagnostic("while the backup was written into the history")));
            noted.map_err(|error| error.state("no revision was begun"))?;
            self.maker(actor, interrupt).clear_away(backup);
            Ok(())
        })
    }

    fn maker<'a>(&'a self, actor: &'a Actor, interrupt: &'a Interrupt) -> Maker<'a> {
        Maker { database: &self.database, backups: &self.backups, run: &actor.run, interrupt }
    }

    fn tell(&self, backup: &Backup) {
        self.events.send(&Event::BackedUp {
            place: backup.place(),
            bytes: backup.bytes,
            milliseconds: milliseconds(backup.duration),
        });
    }

    /// Writes a backup into the history; on SQLite and behind a pooler in the transaction that is the lock.
    async fn record_backup(
        &self,
        session: &mut dyn Session,
        tables: &HistoryTables,
        occasion: BackupOccasion,
        (backup, actor): (&Backup, &Actor),
    ) -> Result<(), Diagnostic> {
        let dialect = session.server().flavour.dialect();
        let script = tables.record_backup(dialect, occasion, backup, actor);
        session.execute(&script).await.map(drop).map_err(|failed| {
            failure::database(&failed.error, "the backup could not be written into the history")
        })
    }

    async fn backup_as(&self, to: Option<PathBuf>) -> Result<Backup, Diagnostic> {
        if self.database.is_missing_file() {
            let message = format!("{} is not there: there is nothing to back up", self.database);
            return Err(Diagnostic::new(ErrorKind::DatabaseNotFound, message).state("nothing was changed"));
        }
        let migrator = self.clone();
        let work = async move |interrupt: Interrupt| {
            let mut session = migrator.open(Access::Write, &interrupt).await?;
            let made = migrator.backup_on(session.as_mut(), to.as_deref(), &interrupt).await;
            session.close().await;
            made.map_err(|error| migrator.database.redacted(error))
        };
        self.on_a_task(Errand::to("back up"), work).await
    }

    async fn backup_on(
        &self,
        session: &mut dyn Session,
        to: Option<&Path>,
        interrupt: &Interrupt,
    ) -> Result<Backup, Diagnostic> {
        let actor = self.actor();
        let lock = self.take_lock(session, interrupt, true).await?;
        let maker = self.maker(&actor, interrupt);
        let made = match self.backup_with(&maker, session, to).await {
            Ok(backup) => {
                self.tell(&backup);
                self.note(session, &lock, BackupOccasion::Command, (&backup, &actor)).await.map(|()| backup)
            }
            Err(error) => Err(error.state("nothing was changed")),
        };
        self.unlock_after(session, &lock, made.is_ok()).await;
        let backup = made?;
        if to.is_none() && backup.path.is_some() {
            maker.clear_away(&backup);
        }
        Ok(backup)
    }

    async fn backup_with(
        &self,
        maker: &Maker<'_>,
        session: &mut dyn Session,
        to: Option<&Path>,
    ) -> Result<Backup, Diagnostic> {
        if maker.is_superfluous(session, to).await? {
            let message = format!("{} has nothing to back up: it is in memory, or empty", self.database);
            return Err(Diagnostic::new(ErrorKind::BackupFailed, message));
        }
        self.events.send(&Event::BackingUp);
        maker.make(session, to).await
    }

    /// Writes a backup into the history where there is one, and commits where the lock is the transaction.
    /// What goes wrong here leaves a backup that is made, or a database that is restored.
    async fn note(
        &self,
        session: &mut dyn Session,
        lock: &Lock,
        occasion: BackupOccasion,
        noted: (&Backup, &Actor),
    ) -> Result<(), Diagnostic> {
        let recorded = self.record_where_there_is_history(session, occasion, noted).await;
        if !lock.is_transaction() {
            return recorded.map_err(|error| unnoted(error, occasion, noted.0));
        }
        // What was restored is in the transaction, too, and stays whether it was noted or not.
        let committed = session.execute("COMMIT").await.map_err(|failed| {
            let error = failure::database(&failed.error, "the transaction could not be committed");
            match occasion {
                BackupOccasion::Restored => error.state("nothing was changed"),
                BackupOccasion::Run | BackupOccasion::Command => unnoted(error, occasion, noted.0),
            }
        });
        committed?;
        recorded.map_err(|error| unnoted(error, occasion, noted.0))
    }

    async fn record_where_there_is_history(
        &self,
        session: &mut dyn Session,
        occasion: BackupOccasion,
        noted: (&Backup, &Actor),
    ) -> Result<(), Diagnostic> {
        // What was done stays done, so that this has a patience of its own, whatever has become of the run's.
        let (_handle, interrupt) = Interrupt::new(Errand::PART, Instant::now(), Some(NOTING));
        let canceller = session.canceller();
        let record = async {
            let snapshot = self.look_at(session).await?;
            match snapshot.state {
                Some(_) => self.record_backup(session, &snapshot.tables, occasion, noted).await,
                None => Ok(()),
            }
        };
        let recorded = interrupt.guarded(record, &canceller).await;
        recorded.unwrap_or_else(|stop| Err(stop.diagnostic("while it was written into the history")))
    }

    /// Gives the lock back; `committed` where it was the transaction and went with it. A session that was
    /// given up in the middle of an answer is broken off, which frees the lock as well.
    pub(super) async fn unlock_after(&self, session: &mut dyn Session, lock: &Lock, committed: bool) {
        let unlocked = async {
            match committed {
                true => lock.committed(session).await,
                false => lock.release(session).await,
            }
        };
        let _ = timeout(CLOSING, unlocked).await;
        crate::telemetry::metrics::unlocked();
    }

    async fn restore_from(&self, file: PathBuf, interrupt: &Interrupt) -> Result<(), Diagnostic> {
        let restorer = Restorer {
            database: &self.database,
            backups: &self.backups,
            file,
            confined: self.confined,
            tables: &self.tables,
            events: &self.events,
            stop: &self.stop,
            interrupt,
        };
        restorer.look().map_err(|error| error.state("nothing was changed"))?;
        let mut session = self.open(Access::Write, interrupt).await?;
        let restored = self.restore_on(session.as_mut(), &restorer, interrupt).await;
        session.close().await;
        restored.map_err(|error| self.database.redacted(error))
    }

    async fn restore_on(
        &self,
        session: &mut dyn Session,
        restorer: &Restorer<'_>,
        interrupt: &Interrupt,
    ) -> Result<(), Diagnostic> {
        let (actor, started) = (self.actor(), Instant::now());
        let started_at = format!("{:.3}", jiff::Timestamp::now());
        // Asked now, so that the engine's family is known.
        reading(interrupt, self.look_at(session)).await.map_err(untouched)?;
        restorer.check(session).await.map_err(|error| error.state("nothing was changed"))?;
        let in_transaction = self.database.dialect() == Dialect::Sqlite;
        let lock = self.take_lock(session, interrupt, in_transaction).await?;
        let restored = match restorer.replace(session, &lock).await {
            Ok(()) => {
                let bytes = std::fs::metadata(&restorer.file).map_or(0, |metadata| metadata.len());
                let path = std::path::absolute(&restorer.file).unwrap_or_else(|_| restorer.file.clone());
                let duration: Duration = started.elapsed();
                let backup = Backup { path: Some(path), bytes, started_at, duration };
                self.note(session, &lock, BackupOccasion::Restored, (&backup, &actor)).await
            }
            Err(error) => Err(error),
        };
        self.unlock_after(session, &lock, restored.is_ok()).await;
        restored
    }

    /// Does something on a task of its own, which the time limit of a run and whoever stops runs end.
    pub(crate) async fn on_a_task<
        T: Send + 'static,
        F: Future<Output = Result<T, Diagnostic>> + Send + 'static,
    >(
        &self,
        errand: Errand,
        work: impl FnOnce(Interrupt) -> F,
    ) -> Result<T, Diagnostic> {
        let (handle, interrupt) = Interrupt::new(errand, Instant::now(), self.limits.run);
        wait(tokio::spawn(work(interrupt)), handle, &self.stop).await?
    }
}

/// What could not be written into the history, told as that: the backup is made, or back, all the same.
fn unnoted(mut error: Diagnostic, occasion: BackupOccasion, backup: &Backup) -> Diagnostic {
    let (what, state) = match occasion {
        BackupOccasion::Restored => (
            "the backup is restored",
            "the backup is restored; only its record in the history is missing".to_owned(),
        ),
        BackupOccasion::Run | BackupOccasion::Command => (
            "the backup is made",
            format!("the backup is in {}; only its record in the history is missing", backup.place()),
        ),
    };
    error.message = format!("{what}, and could not be noted: {}", error.message);
    error.state(state)
}

/// An error of a run before which a backup was made, with where that is.
pub(super) fn with_backup(error: Diagnostic, report: &RunReport) -> Diagnostic {
    match report.backup.as_ref().and_then(|backup| backup.path.as_ref()) {
        Some(path) => {
            let path = path.display();
            error.hint(format!("a backup of before is in {path}; `underpin restore {path}` brings it back"))
        }
        None => error,
    }
}
