//! Pending revisions run for real on a copy that is gone afterwards. The database itself is only looked at; what the
//! copy is made of is in `copied`.

use std::time::Duration;

use serde::Serialize;
use tokio::time::Instant;
use underpin_core::{
    diagnostic::Diagnostic, dialect::Dialect, forecast::Forecast, lint::LintSettings, plan::Plan,
};

use super::{
    Obstacle, RehearsalOptions, RehearsedLock, RowChange,
    copied::{Intended, RehearsalCopy},
    lock, obstacle,
    row_count::changes,
};
use crate::{
    Deferred, RanRevision,
    database::{Access, Database, Errand, Interrupt},
    migrate::{Migrator, Witness, as_milliseconds, failed_to},
    point::{Point, reach},
};

/// What came out of a rehearsal that went well.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Rehearsal {
    /// Whether the copy had rows of the database; without, only the schema was tried.
    pub with_rows: bool,
    /// What the copy was made of.
    pub copy: RehearsalCopy,
    /// The revisions that were applied to the copy, in order.
    pub revisions: Vec<RanRevision>,
    /// The locks that they take on what was there before, by revision.
    pub locks: Vec<RehearsedLock>,
    /// The contract revisions among them that the run itself would leave out for now, because replicas are
    /// alive that are too old for them.
    pub deferred: Vec<Deferred>,
    /// The tables whose number of rows has changed, where the copy had rows.
    pub tables: Vec<RowChange>,
    /// Rows of the database itself that an earlier statement has to mend first; on a server, where the copy has
    /// not all of them.
    pub obstacles: Vec<Obstacle>,
    /// How long making the copy took.
    #[serde(serialize_with = "as_milliseconds", rename = "copy_ms")]
    pub copying: Duration,
    /// How long the run on it took.
    #[serde(serialize_with = "as_milliseconds", rename = "duration_ms")]
    pub duration: Duration,
}

impl Migrator {
    /// Applies what is pending to a copy, which is gone afterwards, and leaves the database alone. On SQLite the
    /// copy has all rows; on a server it has what the revisions that are applied make of an empty database, or
    /// what the options say: a backup, or a sample of the rows. On a server, rows that a new constraint would
    /// refuse are counted in the database itself. Hooks are not called; observers hear of the run on the copy.
    ///
    /// ```no_run
    /// # async fn example(migrator: underpin::Migrator) -> Result<(), underpin::Error> {
    /// use underpin::{RehearsalOptions, ScratchServer};
    ///
    /// let server = ScratchServer::of(migrator.database().clone());
    /// let rehearsal = migrator.rehearse(&RehearsalOptions::on(server).sample(1_000)).await?;
    /// for ran in &rehearsal.revisions {
    ///     println!("{} took {:?}", ran.revision, ran.duration);
    /// }
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// Those that the run itself would end with, which tell that only a copy was touched, and among them that
    /// something is deleted that nobody has reviewed; a copy that can't be made; a backup that is of another
    /// state; and rows in the way that nothing mends.
    pub async fn rehearse(&self, options: &RehearsalOptions) -> Result<Rehearsal, Diagnostic> {
        let intended = self.intended_copy(&options.rows)?;
        let planned = self.plan_to(options.targets.clone()).await?;
        self.refuse_planned(&planned).await?;
        let obstacles = match self.database.dialect() {
            Dialect::Sqlite => Vec::new(),
            Dialect::Postgres | Dialect::Mysql => self.obstacles(&planned).await?,
        };
        let scratch = options.server.create().await?;
        // Boxed, because every command would carry all of it on its stack.
        let work = async |copy: &Database| self.rehearse_on(copy, &intended, options).await;
        let rehearsal = Box::pin(scratch.with(work)).await?;
        match obstacle::first_certain(&obstacles) {
            Some(error) => Err(error),
            None => Ok(Rehearsal { obstacles, deferred: planned.deferred().to_vec(), ..rehearsal }),
        }
    }

    async fn rehearse_on(
        &self,
        database: &Database,
        intended: &Intended,
        options: &RehearsalOptions,
    ) -> Result<Rehearsal, Diagnostic> {
        let quiet = self.elsewhere(database);
        let start = Instant::now();
        let copy = self.make_copy(database, intended).await?;
        reach(Point::Copied).await;
        let (with_rows, copying) = (copy.has_rows(), start.elapsed());
        let before = if with_rows { quiet.row_counts().await? } else { Vec::new() };
        let (witness, foretold) = (quiet.witness().await?, quiet.foretold(options).await);
        let start = Instant::now();
        let heard = Self { events: self.events.clone(), witness: witness.clone(), ..quiet.clone() };
        let report = heard.upgrade_to(options.targets.clone()).await?;
        let duration = start.elapsed();
        let seen = witness.map(|witness| witness.seen()).unwrap_or_default();
        let locks = foretold.map(|(plan, forecast)| lock::rehearsed(&plan, &forecast, &seen));
        let after = if with_rows { quiet.row_counts().await? } else { Vec::new() };
        Ok(Rehearsal {
            with_rows,
            copy,
            revisions: report.revisions,
            locks: locks.unwrap_or_default(),
            deferred: Vec::new(),
            tables: changes(&before, &after),
            obstacles: Vec::new(),
            copying,
            duration,
        })
    }

    /// Who sees the locks of the run on the copy, where the server shows them.
    async fn witness(&self) -> Result<Option<Witness>, Diagnostic> {
        if self.database.dialect() != Dialect::Postgres {
            return Ok(None);
        }
        let (_handle, interrupt) = Interrupt::new(Errand::REHEARSE, Instant::now(), self.limits.run);
        let session = self.database.connect(Access::Read, self.limits.connect, &interrupt).await?;
        let Some(mut session) = session else { return Ok(None) };
        let witness = interrupt.limit(Witness::of(session.as_mut(), |name| self.tables.owns(name))).await;
        session.close().await;
        witness
            .map_err(|stop| stop.diagnostic("while the tables of the copy were read"))?
            .map(Some)
            .map_err(|error| failed_to(&error, "the tables of the copy could not be read"))
    }

    /// What the plan of the run on the copy will do. Where it can't be made, the run itself tells why.
    async fn foretold(&self, options: &RehearsalOptions) -> Option<(Plan, Forecast)> {
        let planned = self.plan_to(options.targets.clone()).await.ok()?;
        let forecast = self.forecast(planned.plan(), &LintSettings::default()).await.ok()?;
        Some((planned.plan().clone(), forecast))
    }
}
