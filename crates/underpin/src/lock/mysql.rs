//! The lock of MySQL and MariaDB: a named lock, which ends with its session. Described under
//! "Locking Functions" in MySQL's manual and under GET_LOCK in MariaDB's. Only its own server knows it; in a cluster a
//! lease goes with it.

use underpin_core::{
    diagnostic::Diagnostic,
    dialect::{Dialect, Flavour},
    name::{self, literal},
    schema::ServerVersion,
};

use super::{
    LockHolder, LockSettings,
    cluster::{Cluster, several_primaries},
    hash,
    lease::{self, Lease, gave_way},
    only_error,
};
use crate::{
    database::{Database, DatabaseError, Server, Session},
    history::HistoryTables,
};

#[derive(Clone, Debug)]
pub(crate) struct MysqlLock {
    /// Names are shared by the whole server and have 64 characters at most, so the database's and
    /// the history's names go in as a hash.
    name: String,
    /// The database that the session is in.
    database: Option<String>,
    tables: HistoryTables,
    /// What keeps out those at other members of a cluster.
    lease: Option<Box<Lease>>,
}

impl MysqlLock {
    pub(super) fn new(database: &str, tables: &HistoryTables) -> Self {
        let hash: String = hash(tables, database)[..16].iter().map(|byte| format!("{byte:02x}")).collect();
        Self {
            name: format!("underpin:{hash}"),
            database: (!database.is_empty()).then(|| database.to_owned()),
            tables: tables.clone(),
            lease: None,
        }
    }

    /// The same lock, which keeps out those at other members too.
    pub(super) fn in_cluster(
        self,
        cluster: Cluster,
        database: &Database,
        settings: &LockSettings,
    ) -> Result<Self, Diagnostic> {
        match cluster {
            Cluster::Alone => Ok(self),
            Cluster::Group => Err(several_primaries()),
            Cluster::Galera(member) => {
                let lease = Lease::new(&self.tables, database, member, settings);
                Ok(Self { lease: Some(Box::new(lease)), ..self })
            }
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
        if let Some(lease) = &self.lease {
            lease.glance(session).await;
            // From here on each read and write waits until this member has what others have committed before it.
            script.push_str("; SET SESSION wsrep_sync_wait = 15");
        }
        let rows = session.fetch(&script).await?;
        if let Some(thread) = rows.first().and_then(|row| row.integer(0)) {
            session.identify(thread);
        }
        Ok(())
    }

    pub(super) async fn try_acquire(&self, session: &mut dyn Session) -> Result<bool, DatabaseError> {
        let Some(lease) = &self.lease else { return self.try_name(session).await };
        let entry = match lease.look(session).await {
            Ok(Some(entry)) => entry,
            Ok(None) => return Ok(false),
            Err(error) if gave_way(&error) => return Ok(false),
            Err(error) => return Err(error),
        };
        if !self.try_name(session).await? {
            return Ok(false);
        }
        let taken = lease.take(session, &entry).await;
        if !matches!(taken, Ok(true)) {
            self.release_name(session).await;
        }
        taken
    }

    async fn try_name(&self, session: &mut dyn Session) -> Result<bool, DatabaseError> {
        let rows = session.fetch(&format!("SELECT GET_LOCK('{}', 0)", self.name)).await?;
        Ok(rows.first().is_some_and(|row| row.truth(0)))
    }

    pub(super) async fn release(&self, session: &mut dyn Session) {
        if let Some(lease) = &self.lease {
            lease.free(session).await;
        }
        self.release_name(session).await;
    }

    async fn release_name(&self, session: &mut dyn Session) {
        let _ = session.fetch(&format!("SELECT RELEASE_LOCK('{}')", self.name)).await;
    }

    /// Who holds the lock: at this server, or else at another member of its cluster.
    pub(super) async fn holder(&self, session: &mut dyn Session) -> Option<LockHolder> {
        // Who waits in a cluster asks no more: any answer may have to wait for a schema change, past every limit.
        if self.lease.is_some() {
            return self.remembered();
        }
        match self.local_holder(session).await {
            Some(holder) => Some(holder),
            None => Some(lease::holder(&self.tables, session).await?.1),
        }
    }

    /// Who held the lock when it was looked at last, where that is remembered.
    pub(super) fn remembered(&self) -> Option<LockHolder> {
        self.lease.as_ref().and_then(|lease| lease.remembered())
    }

    /// Ends the session that holds the lock, where it is at this server; frees the lease, wherever its holder is.
    pub(super) async fn break_off(
        &self,
        session: &mut dyn Session,
    ) -> Result<Option<LockHolder>, DatabaseError> {
        let local = self.local_holder(session).await;
        if let Some(number) = local.as_ref().and_then(LockHolder::number) {
            session.execute(&format!("KILL CONNECTION {number}")).await.map_err(only_error)?;
        }
        let leased = lease::holder(&self.tables, session).await;
        if let Some((fence, _)) = &leased {
            session.execute(&self.tables.free_lease(*fence)).await.map_err(only_error)?;
        }
        Ok(local.or(leased.map(|(_, holder)| holder)))
    }

    async fn local_holder(&self, session: &mut dyn Session) -> Option<LockHolder> {
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

    pub(super) fn confirmation(&self) -> Option<String> {
        self.lease.as_ref().map(|lease| lease.confirmation())
    }

    pub(super) fn guard(&self) -> String {
        let named = format!("IS_USED_LOCK('{}') = CONNECTION_ID()", self.name);
        match &self.lease {
            Some(lease) => format!("{named} AND {}", lease.guard()),
            None => named,
        }
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
