//! The beginning of a history: its tables are created where there are none, and what has only lost its
//! state is not taken for a database that nobody has migrated.

use underpin_core::{
    diagnostic::{Diagnostic, ErrorKind},
    dialect::Dialect,
};

use super::{Migrator, execute::failure, run::history_unreadable};
use crate::{
    database::{DatabaseError, ErrorClass, Session},
    history::{HistoryTables, Snapshot, State, create_tables, find_and_create_schema},
    lock::Lock,
};

impl Migrator {
    /// Creates the history's tables, or finishes their creation.
    pub(crate) async fn create_history(
        &self,
        session: &mut dyn Session,
        lock: &Lock,
        snapshot: &Snapshot,
    ) -> Result<State, Diagnostic> {
        let state = State { digest: underpin_core::sql::Digest::EMPTY, dirty: None };
        let dialect = snapshot.server.flavour.dialect();
        let failed = |error: &DatabaseError| {
            failure::database(error, "the history could not be created").state("nothing was changed")
        };
        let mut script = create_tables(&snapshot.tables, dialect, &state.digest.to_string());
        if let Some((find, create)) =
            self.tables.schema().and_then(|schema| find_and_create_schema(schema, dialect))
            && session.fetch(&find).await.map_err(|error| failed(&error))?.is_empty()
        {
            script.insert(0, create);
        }
        if snapshot.server.flavour.transactional_ddl() && !lock.is_transaction() {
            if dialect == Dialect::Postgres {
                // The next commit that waits for the disk takes it along, as it does revisions.
                script.insert(0, "SET LOCAL synchronous_commit = off".to_owned());
            }
            script.insert(0, "BEGIN".to_owned());
            script.push("COMMIT".to_owned());
        }
        session.execute(&script.join(";\n")).await.map_err(|failure| failed(&failure.error))?;
        Ok(state)
    }
}

/// Refuses a history that has rows and no state: everything in it would be run once more. Where the lock
/// is a transaction of PostgreSQL, a table that is not there would end it, and nobody looks.
pub(super) async fn refuse_lost_state(
    session: &mut dyn Session,
    lock: &Lock,
    tables: &HistoryTables,
) -> Result<(), Diagnostic> {
    if lock.is_transaction() && !matches!(lock, Lock::Sqlite(_)) {
        return Ok(());
    }
    refuse_rows_without_state(session, tables).await
}

/// The same where no lock is held.
pub(super) async fn refuse_rows_without_state(
    session: &mut dyn Session,
    tables: &HistoryTables,
) -> Result<(), Diagnostic> {
    match tables.read_checksums(session).await {
        Ok(rows) if rows.is_empty() => Ok(()),
        Err(error) if error.class == ErrorClass::UndefinedTable => Ok(()),
        Err(error) => Err(history_unreadable(error)),
        Ok(rows) => Err(Diagnostic::new(
            ErrorKind::VerificationFailed,
            format!(
                "the history has lost its state: applied revisions are in it ({}), and no row that says so",
                rows.len()
            ),
        )
        .state("nothing was changed")
        .hint("restore the row of the state table with the rest of the history, from the same backup")
        .hint("if what it says is still there, `underpin stamp head` writes the state anew")),
    }
}

/// A history that has its state and not all of its other tables: somebody has dropped one.
pub(super) fn lost_table(error: &DatabaseError) -> Diagnostic {
    Diagnostic::new(
        ErrorKind::VerificationFailed,
        format!("a table of the history is gone: {}", error.with_code()),
    )
    .state("nothing was changed now; the history's other tables are still there")
    .hint("restore the tables of the history together, from one backup")
    .hint("or drop those that are left, and record what the database has with `underpin stamp ID`")
}
