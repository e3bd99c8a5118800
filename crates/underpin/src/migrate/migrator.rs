//! The migrator: one database and one set of revisions, and everything that can be asked of the
//! two together.

use std::path::PathBuf;

use serde::Serialize;
use underpin_core::{
    diagnostic::{Diagnostic, ErrorKind},
    lint::LintSettings,
    revision::{RevisionId, Target},
};

use super::{Events, Goal, Limits, MigratorBuilder, PlannedRun, RunReport, Status, StopSwitch, Witness};
use crate::{
    backup::Backups,
    database::{Access, Database, Errand, Interrupt, Session},
    history::{Actor, HistoryTables, LedgerEntry, LogEntry, Replica},
    hook::Hooks,
    lock::{Lock, LockHolder},
    policy::{Destructive, LockMode, OnNewer, TransactionMode},
    source::Revisions,
};

/// One database and one set of revisions. Cheap to clone; connects when it is asked something.
///
/// ```no_run
/// # async fn example() -> Result<(), underpin::Error> {
/// let migrator = underpin::Migrator::builder()
///     .url("sqlite://app.db")
///     .directory("migrations")
///     .build()
///     .await?;
/// let report = migrator.upgrade_to_head().await?;
/// println!("{} revisions applied", report.revisions.len());
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug)]
pub struct Migrator {
    pub(crate) database: Database,
    pub(crate) revisions: Revisions,
    pub(crate) tables: HistoryTables,
    pub(crate) limits: Limits,
    pub(crate) on_newer: OnNewer,
    /// Whether contract revisions wait for nobody.
    pub(crate) ignore_replicas: bool,
    /// Whether a statement that leaves the database is refused, as it must be in a scratch database.
    pub(crate) confined: bool,
    pub(crate) transaction_mode: TransactionMode,
    pub(crate) lock_mode: LockMode,
    pub(crate) destructive: Destructive,
    /// How bad lint's rules are taken to be, where its errors are refused.
    pub(crate) refused_hazards: Option<LintSettings>,
    pub(crate) backups: Backups,
    /// Whether what it generates is in stages.
    pub(crate) online: bool,
    pub(crate) service: String,
    pub(crate) events: Events,
    pub(crate) hooks: Hooks,
    /// Whether a run is undone at its end, because it was only to be tried.
    pub(crate) rolls_back: bool,
    /// Who sees the locks of a run, where somebody asks for them.
    pub(crate) witness: Option<Witness>,
    /// Whether somebody else has the last line.
    pub(crate) summed_up_elsewhere: bool,
    pub(crate) stop: StopSwitch,
}

/// A revision that is not applied.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PendingRevision {
    /// Its id.
    pub id: RevisionId,
    /// What it does.
    pub message: String,
}

/// What [`Migrator::ensure_ready`] had to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Action {
    /// Nothing: the database was up to date.
    NoneRequired,
    /// Revisions were applied.
    Applied(RunReport),
}

impl Migrator {
    /// Begins to put a migrator together.
    pub fn builder() -> MigratorBuilder {
        MigratorBuilder::default()
    }

    /// The revisions at hand.
    pub fn revisions(&self) -> &Revisions {
        &self.revisions
    }

    /// The database, without its credentials.
    pub fn database(&self) -> &Database {
        &self.database
    }

    /// The service that is brought up, as other sessions see it.
    pub fn service(&self) -> &str {
        &self.service
    }

    /// The same, which applies contract revisions even while replicas are alive that don't know them.
    #[must_use]
    pub fn ignoring_replicas(mut self) -> Self {
        self.ignore_replicas = true;
        self
    }

    /// The same, which applies revisions that delete data though nobody has reviewed them.
    #[must_use]
    pub fn allowing_destructive(mut self) -> Self {
        self.destructive = Destructive::Allow;
        self
    }

    /// The same, whose [`restore`](Self::restore) may drop everything before it loads the backup, where there can be no
    /// second database to load it into ([`Backups::restored_in_place`]).
    #[must_use]
    pub fn restoring_in_place(mut self) -> Self {
        self.backups = self.backups.restored_in_place();
        self
    }

    /// The same, which makes no backups.
    #[must_use]
    pub fn without_backups(mut self) -> Self {
        self.backups = Backups::never();
        self
    }

    /// The same revisions on a scratch database: nobody listens, nobody is asked, nobody is waited for.
    pub(crate) fn elsewhere(&self, scratch: &Database) -> Self {
        Self {
            database: scratch.clone(),
            tables: self.tables.in_scratch(scratch.dialect()),
            confined: true,
            events: Events::default(),
            hooks: Hooks::default(),
            ignore_replicas: true,
            summed_up_elsewhere: true,
            rolls_back: false,
            witness: None,
            lock_mode: LockMode::Auto,
            destructive: Destructive::Allow,
            refused_hazards: None,
            backups: Backups::never(),
            online: true,
            ..self.clone()
        }
    }

    /// The replicas that are alive, as far as they have registered.
    ///
    /// # Errors
    /// If the database can't be read.
    pub async fn replicas(&self) -> Result<Vec<Replica>, Diagnostic> {
        let Some((mut session, snapshot)) = self.open_to_read().await? else { return Ok(Vec::new()) };
        let replicas = snapshot.tables.read_replicas(session.as_mut()).await;
        session.close().await;
        replicas.map_err(super::run::history_unreadable)
    }

    /// Where the database stands. Writes nothing, takes no lock, and creates no file.
    ///
    /// # Errors
    /// If the database or its history can't be read. A database that is behind, ahead or dirty is
    /// no error here: the status says so.
    pub async fn status(&self) -> Result<Status, Diagnostic> {
        super::status::read(self).await
    }

    /// The heads of what is applied: one, unless branches are not merged; none on an empty database.
    ///
    /// # Errors
    /// If the database or its history can't be read.
    pub async fn current(&self) -> Result<Vec<RevisionId>, Diagnostic> {
        Ok(self.status().await?.current)
    }

    /// The revisions that are not applied, oldest first.
    ///
    /// # Errors
    /// If the database or its history can't be read.
    pub async fn pending(&self) -> Result<Vec<PendingRevision>, Diagnostic> {
        let status = self.status().await?;
        let graph = self.revisions.graph()?;
        let message = |id: &RevisionId| graph.get(id).map(|revision| revision.header.message.clone());
        Ok(status
            .pending
            .into_iter()
            .map(|id| PendingRevision { message: message(&id).unwrap_or_default(), id })
            .collect())
    }

    /// Upgrades to the one head.
    ///
    /// # Errors
    /// As [`upgrade`](Self::upgrade); also if there are several heads.
    pub async fn upgrade_to_head(&self) -> Result<RunReport, Diagnostic> {
        self.upgrade(Target::Head).await
    }

    /// The same as [`upgrade_to_head`](Self::upgrade_to_head).
    ///
    /// # Errors
    /// As [`upgrade`](Self::upgrade).
    pub async fn run_migrations(&self) -> Result<RunReport, Diagnostic> {
        self.upgrade_to_head().await
    }

    /// Upgrades to a target. Dropping the future stops the run: the statement is cancelled on the
    /// server, its transaction rolled back and the lock released.
    ///
    /// # Errors
    /// Whatever keeps the target from being reached; the diagnostic says in which state the
    /// database is.
    pub async fn upgrade(&self, target: Target) -> Result<RunReport, Diagnostic> {
        self.upgrade_to(vec![target]).await
    }

    /// Upgrades to several targets at once.
    ///
    /// # Errors
    /// As [`upgrade`](Self::upgrade).
    pub async fn upgrade_to(&self, targets: Vec<Target>) -> Result<RunReport, Diagnostic> {
        self.run(Goal::Upgrade(targets)).await.result()
    }

    /// Downgrades to a target.
    ///
    /// # Errors
    /// As [`upgrade`](Self::upgrade); also if a revision on the way has no downgrade.
    pub async fn downgrade(&self, target: Target) -> Result<RunReport, Diagnostic> {
        self.run(Goal::Downgrade(target)).await.result()
    }

    /// Plans an upgrade without doing anything; [`PlannedRun::apply`] does exactly what it shows.
    ///
    /// # Errors
    /// Whatever would keep the target from being reached.
    pub async fn plan(&self, target: Target) -> Result<PlannedRun, Diagnostic> {
        self.plan_to(vec![target]).await
    }

    /// Plans an upgrade to several targets at once without doing anything.
    ///
    /// # Errors
    /// As [`plan`](Self::plan).
    pub async fn plan_to(&self, targets: Vec<Target>) -> Result<PlannedRun, Diagnostic> {
        super::planned::upgrade(self, targets).await
    }

    /// Plans a downgrade without doing anything.
    ///
    /// # Errors
    /// Whatever would keep the target from being reached.
    pub async fn plan_downgrade(&self, target: Target) -> Result<PlannedRun, Diagnostic> {
        super::planned::downgrade(self, target).await
    }

    /// Looks whether the database is up to date, and brings it there if it is not.
    ///
    /// # Errors
    /// As [`upgrade_to_head`](Self::upgrade_to_head).
    pub async fn ensure_ready(&self) -> Result<Action, Diagnostic> {
        let report = self.upgrade_to_head().await?;
        Ok(if report.changed() { Action::Applied(report) } else { Action::NoneRequired })
    }

    /// What is applied, in the order of application.
    ///
    /// # Errors
    /// If the database or its history can't be read.
    pub async fn ledger(&self) -> Result<Vec<LedgerEntry>, Diagnostic> {
        let Some((mut session, snapshot)) = self.open_to_read().await? else { return Ok(Vec::new()) };
        let ledger = match snapshot.state {
            Some(_) => snapshot.tables.read_ledger(session.as_mut()).await,
            None => Ok(Vec::new()),
        };
        session.close().await;
        ledger.map_err(super::run::history_unreadable)
    }

    /// Every attempt to change what is applied, oldest first.
    ///
    /// # Errors
    /// If the database or its history can't be read.
    pub async fn log(&self) -> Result<Vec<LogEntry>, Diagnostic> {
        let Some((mut session, snapshot)) = self.open_to_read().await? else { return Ok(Vec::new()) };
        let log = match snapshot.state {
            Some(_) => snapshot.tables.read_log(session.as_mut()).await,
            None => Ok(Vec::new()),
        };
        session.close().await;
        log.map_err(super::run::history_unreadable)
    }

    /// Connects, asks one question and goes away; returns the server, such as `PostgreSQL 16.4`.
    ///
    /// # Errors
    /// If the server can't be reached.
    pub async fn ping(&self) -> Result<String, Diagnostic> {
        match self.open_to_read().await? {
            Some((session, snapshot)) => {
                session.close().await;
                Ok(snapshot.server.title())
            }
            None => Err(Diagnostic::new(
                ErrorKind::DatabaseNotFound,
                format!("{} does not exist yet", self.database),
            )
            .hint("`underpin upgrade` creates it")),
        }
    }

    /// Who holds the migration lock.
    ///
    /// # Errors
    /// If the server can't be reached.
    pub async fn lock_holder(&self) -> Result<Option<LockHolder>, Diagnostic> {
        let Some((mut session, snapshot)) = self.open_to_read().await? else { return Ok(None) };
        let holder = Lock::new(&snapshot, self.sqlite_file()).holder(session.as_mut()).await;
        session.close().await;
        Ok(holder)
    }

    /// Ends the session that holds the migration lock, and says which it was. On SQLite nothing can
    /// be ended: the lock goes with the process that is named.
    ///
    /// # Errors
    /// If the server can't be reached, or does not let us.
    pub async fn unlock(&self) -> Result<Option<LockHolder>, Diagnostic> {
        let Some((mut session, snapshot)) = self.open_to_read().await? else { return Ok(None) };
        let broken = Lock::new(&snapshot, self.sqlite_file()).break_off(session.as_mut()).await;
        session.close().await;
        broken.map_err(|error| super::execute::failure::database(&error, "the session could not be ended"))
    }

    /// A session for looking, with what the first look told; nothing for an SQLite file that is
    /// not there.
    pub(crate) async fn open_to_read(
        &self,
    ) -> Result<Option<(Box<dyn Session>, crate::history::Snapshot)>, Diagnostic> {
        let (_handle, interrupt) =
            Interrupt::new(Errand::to("look at the database"), tokio::time::Instant::now(), self.limits.run);
        let Some(mut session) = self.database.connect(Access::Read, self.limits.connect, &interrupt).await?
        else {
            return Ok(None);
        };
        let look = interrupt.limit(self.look(session.as_mut())).await;
        let look = look.unwrap_or_else(|stop| Err(stop.diagnostic("while the history was read")));
        let snapshot = look.map_err(|error| self.database.redacted(error))?;
        Ok(Some((session, snapshot)))
    }

    /// Refuses to run with no revisions: an empty directory is a mistake in deploying, not a wish.
    pub(crate) fn check_revisions(&self) -> Result<(), Diagnostic> {
        if self.revisions.is_empty() {
            return Err(Diagnostic::new(
                ErrorKind::NoRevisions,
                format!("there are no revisions in {}", self.revisions.location()),
            )
            .state("nothing was changed")
            .hint("write the first one with `underpin revision -m \"…\"`, or point --dir at the right directory"));
        }
        Ok(())
    }

    pub(crate) fn sqlite_file(&self) -> Option<PathBuf> {
        #[cfg(feature = "sqlite")]
        return self.database.sqlite_file();
        #[cfg(not(feature = "sqlite"))]
        None
    }

    pub(crate) fn actor(&self) -> Actor {
        let mut bytes = [0_u8; 6];
        // Without randomness, runs are told apart by their times only.
        let _ = getrandom::fill(&mut bytes);
        let run = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
        let identity = crate::config::identity();
        Actor {
            run,
            name: format!("{} ({})", identity.user, self.service),
            host: identity.host,
            tool: concat!("underpin ", env!("CARGO_PKG_VERSION")).to_owned(),
        }
    }
}
