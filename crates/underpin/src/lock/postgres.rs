//! PostgreSQL's lock: a session-level advisory lock, which ends with its session, or behind a pooler
//! a transaction-level one. They exclude each other. Described under "Advisory Locks" in the manual's
//! chapter on concurrency control.

use underpin_core::{dialect::Dialect, name::literal};

use super::{LockHolder, LockSettings, hash};
use crate::{
    database::{DatabaseError, Session},
    history::HistoryTables,
};

#[derive(Clone, Debug)]
pub(crate) struct PostgresLock {
    key: i64,
    /// What each transaction begins with, where the lock is held for transactions.
    transactions: Option<LockSettings>,
}

impl PostgresLock {
    pub(super) fn new(database: &str, tables: &HistoryTables) -> Self {
        let hash = hash(tables, database);
        let mut first = [0; 8];
        first.copy_from_slice(&hash[..8]);
        Self { key: i64::from_be_bytes(first), transactions: None }
    }

    pub(super) fn within_transactions(self, settings: &LockSettings) -> Self {
        Self { transactions: Some(settings.clone()), ..self }
    }

    pub(super) const fn is_transaction(&self) -> bool {
        self.transactions.is_some()
    }

    pub(super) async fn prepare(
        &self,
        session: &mut dyn Session,
        settings: &LockSettings,
    ) -> Result<(), DatabaseError> {
        if self.is_transaction() {
            // Whatever were set now, another client of the pooler would have it next.
            return Ok(());
        }
        // What a revision may have set for the whole session goes back to where it was.
        let mut script = format!(
            "RESET ALL; RESET ROLE; SET application_name = {}; SET idle_in_transaction_session_timeout = 0; \
             SET statement_timeout = {}; SET client_min_messages = warning",
            literal(Dialect::Postgres, &settings.session_name(None)),
            settings.statement_timeout.map_or(0, |limit| limit.as_millis()),
        );
        let major: u32 =
            session.server().short_version().split('.').next().and_then(|n| n.parse().ok()).unwrap_or(0);
        if major >= 14 {
            // A client that is gone frees the lock in the middle of a statement; an idle session
            // that holds it is not idle to us.
            script.push_str("; SET idle_session_timeout = 0; SET client_connection_check_interval = '5s'");
        }
        if major >= 12 {
            script.push_str("; SET tcp_user_timeout = 30000");
        }
        script.push_str(
            "; SET tcp_keepalives_idle = 10; SET tcp_keepalives_interval = 5; SET tcp_keepalives_count = 3",
        );
        script.push_str("; SELECT pg_backend_pid()");
        let rows = session.fetch(&script).await?;
        if let Some(backend) = rows.first().and_then(|row| row.integer(0)) {
            session.identify(backend);
        }
        Ok(())
    }

    pub(super) async fn try_acquire(&self, session: &mut dyn Session) -> Result<bool, DatabaseError> {
        if let Some(settings) = &self.transactions {
            return self.try_begin(session, settings).await;
        }
        let rows = session.fetch(&format!("SELECT pg_try_advisory_lock({})", self.key)).await?;
        Ok(rows.first().is_some_and(|row| row.truth(0)))
    }

    /// Begins a transaction that holds the lock. Every setting ends with it.
    async fn try_begin(
        &self,
        session: &mut dyn Session,
        settings: &LockSettings,
    ) -> Result<bool, DatabaseError> {
        // Each statement has to see what was committed before the lock was ours, whatever the default.
        let script = format!(
            "BEGIN ISOLATION LEVEL READ COMMITTED; SELECT pg_try_advisory_xact_lock({}), pg_backend_pid(), {}",
            self.key,
            local_settings(settings)
        );
        let rows = session.fetch(&script).await?;
        session.shield(true);
        let row = rows.first();
        if let Some(backend) = row.and_then(|row| row.integer(1)) {
            session.identify(backend);
        }
        if row.is_some_and(|row| row.truth(0)) {
            return Ok(true);
        }
        self.release(session).await;
        Ok(false)
    }

    /// Puts the settings back that the transaction began with. All of it is undone with the transaction.
    pub(super) async fn prepare_within(
        &self,
        session: &mut dyn Session,
        settings: &LockSettings,
    ) -> Result<(), DatabaseError> {
        let script = format!("RESET ROLE; RESET ALL; SELECT {}", local_settings(settings));
        session.fetch(&script).await.map(drop)
    }

    pub(super) async fn release(&self, session: &mut dyn Session) {
        if self.is_transaction() {
            let _ = session.execute("ROLLBACK").await;
            session.shield(false);
            return;
        }
        let _ = session.fetch(&format!("SELECT pg_advisory_unlock({})", self.key)).await;
    }

    pub(super) async fn holder(&self, session: &mut dyn Session) -> Option<LockHolder> {
        let sql = format!(
            "SELECT a.pid, a.application_name, coalesce(host(a.client_addr), 'a local socket'), \
             to_char(a.backend_start AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS\"Z\"') \
             FROM pg_catalog.pg_locks l JOIN pg_catalog.pg_stat_activity a USING (pid) WHERE l.granted AND {}",
            self.condition("l")
        );
        let rows = session.fetch(&sql).await.ok()?;
        let row = rows.first()?;
        Some(LockHolder {
            session: row.optional(0).map(str::to_owned),
            program: row.optional(1).filter(|name| !name.is_empty()).map(str::to_owned),
            host: row.optional(2).map(str::to_owned),
            since: row.optional(3).map(str::to_owned),
        })
    }

    /// Divides by zero where another session has the lock. Where it is ours, this takes it once more
    /// for the transaction; where it was lost and is free, it becomes ours for the transaction, and
    /// the digest tells whether somebody had it in between. `pg_locks` would tell more, but reading
    /// it costs as much as a small revision.
    pub(super) fn fence(&self, also: &[String]) -> String {
        let fence = self.fence_expression();
        let terms: Vec<&str> = also.iter().map(String::as_str).chain([fence.as_str()]).collect();
        format!("SELECT {}", terms.join(", "))
    }

    pub(super) fn fence_expression(&self) -> String {
        format!("1 / CAST(pg_try_advisory_xact_lock({}) AS integer)", self.key)
    }

    pub(super) fn guard(&self) -> String {
        format!(
            "EXISTS (SELECT 1 FROM pg_catalog.pg_locks l WHERE l.granted AND l.pid = pg_backend_pid() AND {})",
            self.condition("l")
        )
    }

    /// How `pg_locks` shows a lock with one 64-bit key: its halves in `classid` and `objid`, and 1
    /// in `objsubid` ("pg_locks" in the manual).
    fn condition(&self, alias: &str) -> String {
        #[allow(clippy::cast_sign_loss, reason = "the halves are shown as unsigned numbers")]
        let key = self.key as u64;
        format!(
            "{alias}.locktype = 'advisory' AND {alias}.objsubid = 1 AND {alias}.classid = {} AND {alias}.objid = {} \
             AND {alias}.database = (SELECT oid FROM pg_catalog.pg_database WHERE datname = current_database())",
            key >> 32,
            key & 0xffff_ffff
        )
    }
}

/// The settings of a transaction that holds the lock, as expressions.
fn local_settings(settings: &LockSettings) -> String {
    format!(
        "set_config('application_name', {}, true), set_config('idle_in_transaction_session_timeout', '0', true), \
         set_config('statement_timeout', '{}', true), set_config('client_min_messages', 'warning', true)",
        literal(Dialect::Postgres, &settings.session_name(None)),
        settings.statement_timeout.map_or(0, |limit| limit.as_millis()),
    )
}
