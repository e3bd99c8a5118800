//! The lock of MySQL and MariaDB: a named lock, which ends with its session. Described under
//! "Locking Functions" in MySQL's manual and under GET_LOCK in MariaDB's.

use underpin_core::{
    dialect::{Dialect, Flavour},
    name,
};

use super::{LockHolder, LockSettings, hash};
use crate::{
    database::{DatabaseError, Session},
    history::HistoryTables,
};

#[derive(Clone, Debug)]
pub(crate) struct MysqlLock {
    /// Names are shared by the whole server and have 64 characters at most, so the database's and
    /// the history's names go in as a hash.
    name: String,
    /// The database that the session is in.
    database: Option<String>,
}

impl MysqlLock {
    pub(super) fn new(database: &str, tables: &HistoryTables) -> Self {
        let hash: String = hash(tables, database)[..16].iter().map(|byte| format!("{byte:02x}")).collect();
        Self {
            name: format!("underpin:{hash}"),
            database: (!database.is_empty()).then(|| database.to_owned()),
        }
    }

    pub(super) async fn prepare(
        &self,
        session: &mut dyn Session,
        settings: &LockSettings,
    ) -> Result<(), DatabaseError> {
        // Strict, so that no value is silently changed to fit; and a bounded wait for metadata
        // locks, which by default is a year. The rest goes back to where a revision may have moved
        // it from.
        let mut script = "SET SESSION wait_timeout = 28800, lock_wait_timeout = 50, innodb_lock_wait_timeout = 50, \
             foreign_key_checks = @@GLOBAL.foreign_key_checks, unique_checks = @@GLOBAL.unique_checks, autocommit = 1, time_zone = '+00:00', \
             sql_mode = CONCAT(@@GLOBAL.sql_mode, ',STRICT_TRANS_TABLES')"
            .to_owned();
        if let (Some(limit), Flavour::Mariadb) = (settings.statement_timeout, session.server().flavour) {
            script.push_str(&format!(", max_statement_time = {}", limit.as_secs_f64()));
        }
        if let Some(database) = &self.database {
            script.push_str(&format!("; USE {}", name::quote(Dialect::Mysql, database)));
        }
        script.push_str("; SELECT CONNECTION_ID()");
        let rows = session.fetch(&script).await?;
        if let Some(thread) = rows.first().and_then(|row| row.integer(0)) {
            session.identify(thread);
        }
        Ok(())
    }

    pub(super) async fn try_acquire(&self, session: &mut dyn Session) -> Result<bool, DatabaseError> {
        let rows = session.fetch(&format!("SELECT GET_LOCK('{}', 0)", self.name)).await?;
        Ok(rows.first().is_some_and(|row| row.truth(0)))
    }

    pub(super) async fn release(&self, session: &mut dyn Session) {
        let _ = session.fetch(&format!("SELECT RELEASE_LOCK('{}')", self.name)).await;
    }

    pub(super) async fn holder(&self, session: &mut dyn Session) -> Option<LockHolder> {
        let sql = format!(
            "SELECT u.id, p.USER, p.HOST FROM (SELECT IS_USED_LOCK('{}') AS id) AS u \
             LEFT JOIN information_schema.PROCESSLIST AS p ON p.ID = u.id WHERE u.id IS NOT NULL",
            self.name
        );
        let rows = session.fetch(&sql).await.ok()?;
        let row = rows.first()?;
        Some(LockHolder {
            session: row.optional(0).map(str::to_owned),
            program: row.optional(1).map(|user| format!("user {user}")),
            host: row.optional(2).map(str::to_owned),
            since: None,
        })
    }

    pub(super) fn guard(&self) -> String {
        format!("IS_USED_LOCK('{}') = CONNECTION_ID()", self.name)
    }
}
