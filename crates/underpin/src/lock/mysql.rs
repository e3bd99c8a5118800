//! The lock of MySQL and MariaDB: a named lock, which ends with its session. Described under
//! "Locking Functions" in MySQL's manual and under GET_LOCK in MariaDB's.

use underpin_core::{
    dialect::{Dialect, Flavour},
    name::{self, literal},
    schema::ServerVersion,
};

use super::{LockHolder, LockSettings, hash};
use crate::{
    database::{DatabaseError, Server, Session},
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
        let rows = session.fetch(&format!("SELECT IS_USED_LOCK('{}')", self.name)).await.ok()?;
        let number = rows.first()?.optional(0)?.to_owned();
        // Who that is, not everybody may know.
        let sessions = sessions(session.server());
        let about =
            format!("SELECT USER, HOST FROM {sessions} WHERE ID = {}", literal(Dialect::Mysql, &number));
        let about = session.fetch(&about).await.unwrap_or_default();
        let about = |index| about.first().and_then(|row| row.optional(index));
        Some(LockHolder {
            program: about(0).map(|user| format!("user {user}")),
            host: about(1).map(str::to_owned),
            session: Some(number),
            since: None,
        })
    }

    pub(super) fn guard(&self) -> String {
        format!("IS_USED_LOCK('{}') = CONNECTION_ID()", self.name)
    }
}
/// The table of the sessions of a server. MySQL's old one can't be read while anybody runs a statement with a letter of
/// four bytes (measured on 9.7: error 3854); the new one is there since 8.0.22.
fn sessions(server: &Server) -> &'static str {
    match server.flavour {
        Flavour::Mysql if server.parsed_version() >= ServerVersion::new(8, 0, 22) => {
            "performance_schema.processlist"
        }
        Flavour::Mysql | Flavour::Mariadb | Flavour::Sqlite | Flavour::Postgres => {
            "information_schema.PROCESSLIST"
        }
    }
}
