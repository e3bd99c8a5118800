//! A run that is undone at its end: the pending revisions in one transaction of the database itself, verified and
//! rolled back. What the transaction does not hold is refused before it begins; sequences of PostgreSQL count on.

use std::time::Duration;

use serde::Serialize;
use underpin_core::{
    diagnostic::{Diagnostic, ErrorKind},
    dialect::Dialect,
    revision::Target,
};

use super::{Goal, Migrator, RanRevision, report::as_milliseconds};
use crate::{
    backup::Backups,
    hook::Hooks,
    policy::{Destructive, LockMode, TransactionMode},
};

const INSTEAD: &str = "use `underpin upgrade --rehearse`, which runs them on a copy; --from-backup and --sample give \
                       it rows of the database";

/// What came out of a run that went well and was rolled back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct RollbackCheck {
    /// The revisions that were applied and undone, in order.
    pub revisions: Vec<RanRevision>,
    /// The server, such as `PostgreSQL 16.4`.
    pub server: String,
    /// How long it took, from connecting on.
    #[serde(serialize_with = "as_milliseconds", rename = "duration_ms")]
    pub duration: Duration,
}

impl Migrator {
    /// Applies what is pending up to these targets in one transaction of the database itself, under the migration
    /// lock, verifies it and rolls it back. Rows, schema and history are as before; on PostgreSQL the numbers
    /// that sequences have given meanwhile are gone. Until it is rolled back, it holds the locks that the run
    /// would hold. Others who are in the way of it end it at once. Hooks are not called, no backup is made, and
    /// nothing is logged in the history.
    ///
    /// ```no_run
    /// # async fn example(migrator: underpin::Migrator) -> Result<(), underpin::Error> {
    /// let check = migrator.rollback_check(vec![underpin::Target::Head]).await?;
    /// println!("{} revisions can be applied", check.revisions.len());
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// Those that the run itself would end with; [`ErrorKind::Unsupported`] for MySQL and MariaDB, which commit
    /// each change of the schema, and for a revision that runs outside of a transaction; and an SQLite file
    /// that is not there.
    pub async fn rollback_check(&self, targets: Vec<Target>) -> Result<RollbackCheck, Diagnostic> {
        self.refuse_what_is_kept()?;
        let tried = Self {
            rolls_back: true,
            // On PostgreSQL the lock is then a part of the transaction, as on SQLite, and goes with it.
            lock_mode: LockMode::Transaction,
            transaction_mode: TransactionMode::All,
            destructive: Destructive::Allow,
            refused_hazards: None,
            backups: Backups::never(),
            hooks: Hooks::default(),
            summed_up_elsewhere: true,
            ..self.clone()
        };
        let report = tried.run(Goal::Upgrade(targets)).await.result().map_err(instead)?;
        Ok(RollbackCheck { revisions: report.revisions, server: report.server, duration: report.duration })
    }

    /// Refuses a database that can't be left as it is.
    fn refuse_what_is_kept(&self) -> Result<(), Diagnostic> {
        if self.database.dialect() == Dialect::Mysql {
            let message =
                "MySQL and MariaDB commit every change of the schema, so that no run can be rolled back";
            return Err(Diagnostic::new(ErrorKind::Unsupported, message)
                .state("nothing was changed")
                .hint(INSTEAD));
        }
        if self.database.is_missing_file() {
            let message =
                format!("{} is not there: there is nothing to run in and to leave as it is", self.database);
            return Err(Diagnostic::new(ErrorKind::DatabaseNotFound, message)
                .state("nothing was changed")
                .hint(INSTEAD));
        }
        Ok(())
    }
}

/// What no transaction holds can be tried on a copy.
fn instead(mut error: Diagnostic) -> Diagnostic {
    if error.kind == ErrorKind::Unsupported {
        error.hints = vec![INSTEAD.to_owned()];
    }
    error
}
