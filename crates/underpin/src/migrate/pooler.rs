//! Which lock a run takes where a pooler may stand between it and the server, or where the server is one of a
//! cluster, and what can't be run behind a pooler. A pooler in transaction mode gives each transaction another
//! session: a lock of the session would be found by others, and so would a setting, a temporary table or a prepared
//! statement.

use underpin_core::{
    diagnostic::{Diagnostic, ErrorKind},
    dialect::Dialect,
    plan::{Plan, PlannedStatement, Step},
    sql,
};

use super::{Migrator, execute::failure};
use crate::{
    database::{DatabaseError, Session},
    history::Snapshot,
    lock::{Cluster, Lock, LockSettings},
    policy::LockMode,
};

const DIRECT: &str =
    "give migrations a direct connection, past the pooler: UNDERPIN_DATABASE_URL or --database-url";
const SESSIONS: &str = "if the pooler keeps a session for each client, say so: UNDERPIN_LOCK_MODE=session";

impl Migrator {
    /// The lock that fits this session, and the session made ready for it.
    pub(super) async fn prepared_lock(
        &self,
        session: &mut dyn Session,
        snapshot: &Snapshot,
        settings: &LockSettings,
    ) -> Result<Lock, Diagnostic> {
        let lock = self.lock(session, snapshot, settings).await?;
        lock.prepare_to_acquire(session, settings).await.map_err(|error| {
            failure::database(&error, "the session could not be prepared").state("nothing was changed")
        })?;
        Ok(lock)
    }

    /// Refuses a plan that needs a session of its own where there is none; a run that is undone leaves nothing in
    /// one.
    pub(super) fn check_pooled(&self, lock: &Lock, plan: &Plan) -> Result<(), Diagnostic> {
        if self.rolls_back { Ok(()) } else { check_plan(lock, plan) }
    }

    /// The lock of a run on this session.
    pub(super) async fn lock(
        &self,
        session: &mut dyn Session,
        snapshot: &Snapshot,
        settings: &LockSettings,
    ) -> Result<Lock, Diagnostic> {
        let lock = Lock::new(snapshot, self.sqlite_file());
        let within = match (self.lock_mode, snapshot.server.flavour.dialect()) {
            (LockMode::Session, _) | (_, Dialect::Sqlite) => false,
            (LockMode::Auto, Dialect::Mysql) => {
                let cluster = Cluster::of(session).await.map_err(unseen)?;
                return lock.in_cluster(cluster, &self.database, settings);
            }
            (LockMode::Transaction, Dialect::Postgres) => true,
            (LockMode::Transaction, Dialect::Mysql) => return Err(only_on_postgres()),
            (LockMode::Auto, Dialect::Postgres) => session.is_pooled().await.map_err(unseen)?,
        };
        if !within {
            return Ok(lock);
        }
        tracing::info!(
            target: "underpin::lock",
            mode = self.lock_mode.name(),
            "the migration lock is held for each transaction, as a pooler needs it"
        );
        Ok(lock.within_transactions(settings))
    }
}

/// Refuses a plan that needs a session of its own where there is none, before any of it is run.
fn check_plan(lock: &Lock, plan: &Plan) -> Result<(), Diagnostic> {
    if !lock.gives_way() {
        return Ok(());
    }
    plan.steps.iter().try_for_each(check_step)
}

pub(super) fn check_step(step: &Step) -> Result<(), Diagnostic> {
    if !step.transactional {
        let what = "runs outside of a transaction, where a pooler keeps no lock for it";
        return Err(refusal(step, step.statements.first(), what));
    }
    for statement in &step.statements {
        if sql::session_setting(Dialect::Postgres, &statement.text) {
            let what = "changes its session, which a pooler gives to other clients afterwards";
            return Err(refusal(step, Some(statement), what)
                .hint("SET LOCAL, or set_config(…, true) in an expression, ends with the transaction"));
        }
        if leaves_table(&statement.text) {
            let what = "creates a temporary table, which other clients of a pooler would find";
            return Err(
                refusal(step, Some(statement), what).hint("ON COMMIT DROP ends it with the transaction")
            );
        }
    }
    Ok(())
}

fn leaves_table(statement: &str) -> bool {
    let temporary = sql::created_table(Dialect::Postgres, statement).is_some_and(|table| table.temporary);
    temporary && !statement.to_ascii_uppercase().contains("ON COMMIT DROP")
}

fn refusal(step: &Step, statement: Option<&PlannedStatement>, what: &str) -> Diagnostic {
    let diagnostic = Diagnostic::new(ErrorKind::Unsupported, format!("revision {} {what}", step.title()))
        .state("nothing was changed")
        .hint(DIRECT)
        .hint(SESSIONS);
    match statement {
        Some(statement) => diagnostic.at(statement.place.clone()),
        None => diagnostic,
    }
}

fn unseen(error: DatabaseError) -> Diagnostic {
    failure::database(&error, "the session could not be looked at").state("nothing was changed")
}

fn only_on_postgres() -> Diagnostic {
    Diagnostic::new(ErrorKind::Unsupported, "lock_mode = transaction is for PostgreSQL")
        .state("nothing was changed")
        .hint("leave lock_mode at auto: the lock of MySQL and MariaDB is the session's, and a lease goes with it in a cluster")
}
