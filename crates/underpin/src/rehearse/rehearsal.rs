//! Pending revisions run for real on a copy that is gone afterwards: on SQLite with all its rows, on a server on
//! what the revisions so far make of an empty database. The database itself is only looked at.

use std::time::Duration;

use serde::Serialize;
use tokio::time::Instant;
use underpin_core::{diagnostic::Diagnostic, dialect::Dialect, name::quote, revision::Target};

use super::{Obstacle, drift::replayable, named, obstacle};
use crate::{
    RanRevision, ScratchServer,
    backup::copy_sqlite,
    database::{Access, Database, Interrupt, Session},
    migrate::{Migrator, as_milliseconds, failed_to},
};

/// What came out of a rehearsal that went well.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Rehearsal {
    /// Whether the copy had the rows of the database; without, only the schema was tried.
    pub with_rows: bool,
    /// The revisions that were applied to the copy, in order.
    pub revisions: Vec<RanRevision>,
    /// The tables whose number of rows has changed, where the copy had rows.
    pub tables: Vec<RowChange>,
    /// Rows of the database itself that an earlier statement has to mend first, where the copy had none.
    pub obstacles: Vec<Obstacle>,
    /// How long making the copy took.
    #[serde(serialize_with = "as_milliseconds", rename = "copy_ms")]
    pub copying: Duration,
    /// How long the run on it took.
    #[serde(serialize_with = "as_milliseconds", rename = "duration_ms")]
    pub duration: Duration,
}

/// How many rows a table had before a rehearsal, and has after it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct RowChange {
    /// The table.
    pub table: String,
    /// Before; nothing where it was not there.
    pub before: Option<i64>,
    /// After; nothing where it is not there any more.
    pub after: Option<i64>,
}

impl Migrator {
    /// Applies what is pending up to these targets to a copy, which is gone afterwards, and leaves the database
    /// alone. On SQLite the copy has its rows; on a server it has what the revisions that are applied make of an
    /// empty database, and rows that a new constraint would refuse are counted in the database itself. Hooks are
    /// not called; observers hear of the run on the copy.
    ///
    /// ```no_run
    /// # async fn example(migrator: underpin::Migrator) -> Result<(), underpin::Error> {
    /// use underpin::{ScratchServer, Target};
    ///
    /// let server = ScratchServer::of(migrator.database().clone());
    /// let rehearsal = migrator.rehearse(vec![Target::Heads], &server).await?;
    /// for ran in &rehearsal.revisions {
    ///     println!("{} took {:?}", ran.revision, ran.duration);
    /// }
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// Those that the run itself would end with, which tell that only a copy was touched; a copy that can't be
    /// made; and rows in the way that nothing mends.
    pub async fn rehearse(
        &self,
        targets: Vec<Target>,
        server: &ScratchServer,
    ) -> Result<Rehearsal, Diagnostic> {
        let planned = self.plan_to(targets.clone()).await?;
        let with_rows = self.database.dialect() == Dialect::Sqlite;
        let obstacles = match with_rows {
            true => Vec::new(),
            false => self.obstacles(&planned).await?,
        };
        let scratch = server.create().await?;
        // Boxed, because every command would carry all of it on its stack.
        let rehearsed = Box::pin(scratch.with(async |copy| self.rehearse_on(copy, targets, with_rows).await));
        let rehearsal = rehearsed.await?;
        match obstacle::first_certain(&obstacles) {
            Some(error) => Err(error),
            None => Ok(Rehearsal { obstacles, ..rehearsal }),
        }
    }

    async fn rehearse_on(
        &self,
        copy: &Database,
        targets: Vec<Target>,
        with_rows: bool,
    ) -> Result<Rehearsal, Diagnostic> {
        let quiet = self.elsewhere(copy);
        let start = Instant::now();
        match with_rows {
            true => self.copy_file(copy).await?,
            false => {
                let status = self.status().await?;
                replayable(&status)?;
                if !status.current.is_empty() {
                    quiet.upgrade_to(named(&status.current)).await?;
                }
            }
        }
        let copying = start.elapsed();
        let before = quiet.row_counts(with_rows).await?;
        let start = Instant::now();
        let heard = Self { events: self.events.clone(), ..quiet.clone() };
        let report = heard.upgrade_to(targets).await?;
        let duration = start.elapsed();
        let after = quiet.row_counts(with_rows).await?;
        Ok(Rehearsal {
            with_rows,
            revisions: report.revisions,
            tables: changes(&before, &after),
            obstacles: Vec::new(),
            copying,
            duration,
        })
    }

    /// Copies an SQLite database as it is at one moment, whoever writes to it meanwhile ("VACUUM INTO" in its
    /// documentation). One that is not there yet has nothing to be copied.
    async fn copy_file(&self, copy: &Database) -> Result<(), Diagnostic> {
        let (_handle, interrupt) = Interrupt::new(Instant::now(), self.limits.run);
        let session = self.database.connect(Access::Read, self.limits.connect, &interrupt).await?;
        let (Some(mut session), Some(file)) = (session, copy.sqlite_file()) else { return Ok(()) };
        let copied = copy_sqlite(session.as_mut(), &file, &interrupt).await;
        session.close().await;
        copied
            .map_err(|stop| stop.diagnostic("while the database was copied").state("nothing was changed"))?
            .map_err(|error| {
                failed_to(&error, "the database could not be copied").state("nothing was changed")
            })
    }

    /// How many rows each table has, without the history's.
    async fn row_counts(&self, with_rows: bool) -> Result<Vec<(String, i64)>, Diagnostic> {
        let (_handle, interrupt) = Interrupt::new(Instant::now(), self.limits.run);
        if !with_rows {
            return Ok(Vec::new());
        }
        let session = self.database.connect(Access::Read, self.limits.connect, &interrupt).await?;
        let Some(mut session) = session else { return Ok(Vec::new()) };
        let counts = interrupt.limit(count_rows(session.as_mut(), self.tables.prefix())).await;
        session.close().await;
        counts
            .map_err(|stop| stop.diagnostic("while rows were counted"))?
            .map_err(|error| failed_to(&error, "the rows of the copy could not be counted"))
    }
}

async fn count_rows(
    session: &mut dyn Session,
    prefix: &str,
) -> Result<Vec<(String, i64)>, crate::database::DatabaseError> {
    let sql = "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' \
               AND sql NOT LIKE 'CREATE VIRTUAL%' ORDER BY name";
    let own = format!("{prefix}_");
    let mut counts = Vec::new();
    for row in session.fetch(sql).await? {
        let table = row.text(0);
        if !table.starts_with(&own) {
            let count = format!("SELECT count(*) FROM {}", quote(Dialect::Sqlite, table));
            let rows = session.fetch(&count).await?;
            counts.push((table.to_owned(), rows.first().and_then(|row| row.integer(0)).unwrap_or_default()));
        }
    }
    Ok(counts)
}

/// The tables that have another number of rows than before, in the order of their names.
fn changes(before: &[(String, i64)], after: &[(String, i64)]) -> Vec<RowChange> {
    let of = |counts: &[(String, i64)], table: &str| {
        counts.iter().find(|(name, _)| name == table).map(|(_, count)| *count)
    };
    let mut names: Vec<&str> = before.iter().chain(after).map(|(name, _)| name.as_str()).collect();
    names.sort_unstable();
    names.dedup();
    let change = |table: &str| RowChange {
        table: table.to_owned(),
        before: of(before, table),
        after: of(after, table),
    };
    names.into_iter().map(change).filter(|change| change.before != change.after).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tables_are_told_of_whose_number_of_rows_has_changed() {
        let counts = |pairs: &[(&str, i64)]| -> Vec<(String, i64)> {
            pairs.iter().map(|(name, count)| ((*name).to_owned(), *count)).collect()
        };
        let before = counts(&[("gone", 3), ("less", 5), ("same", 7)]);
        let after = counts(&[("less", 4), ("new", 0), ("same", 7)]);
        let told: Vec<_> = changes(&before, &after)
            .into_iter()
            .map(|change| (change.table, change.before, change.after))
            .collect();
        let expected = [("gone", Some(3), None), ("less", Some(5), Some(4)), ("new", None, Some(0))];
        assert_eq!(told, expected.map(|(table, before, after)| (table.to_owned(), before, after)));
    }
}
