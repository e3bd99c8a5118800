//! What stands around each of many small upgrades on PostgreSQL, as prepared statements: they are read
//! and planned once and not for each ("PREPARE" in the manual). They say what the plain ones say.

use underpin_core::{
    dialect::Dialect,
    name::{literal, quote},
    plan::Step,
    sql::Digest,
};

use super::{Actor, HistoryTables, LedgerRecord, Outcome, State, clock};

/// A value that fills PostgreSQL's buffer for answers, so that everything before it is sent. Otherwise
/// the server keeps what is done to itself until the whole script is (`PQ_SEND_BUFFER_SIZE` in its
/// `pqcomm.c`, 8 KiB), and nobody could tell which revision is under way.
pub(crate) const FLUSH: &str = "repeat(' ', 8192)";

/// Two prepared statements under names that no other run and no other script of this run uses.
#[derive(Debug)]
pub(crate) struct Prepared {
    open: String,
    record: String,
}

impl Prepared {
    /// Names for the script that begins with the step at `index`.
    pub(crate) fn new(actor: &Actor, index: usize) -> Self {
        let name = |what: &str| quote(Dialect::Postgres, &format!("underpin_{what}_{}_{index}", actor.run));
        Self { open: name("open"), record: name("record") }
    }

    /// The statements that prepare; `fence` is the expression that fails where the lock is lost.
    pub(crate) fn prepare(&self, tables: &HistoryTables, actor: &Actor, fence: &str) -> Vec<String> {
        let dialect = Dialect::Postgres;
        let open = format!(
            "PREPARE {} (text, text) AS SELECT set_config('application_name', $1, true), \
             set_config('synchronous_commit', $2, true), {}, {FLUSH}, {fence}",
            self.open,
            clock::remember_start()
        );
        let started = clock::Timing::InTransaction.started(dialect);
        let (run, name, host, tool) = (
            literal(dialect, &actor.run),
            literal(dialect, &actor.name),
            literal(dialect, &actor.host),
            literal(dialect, &actor.tool),
        );
        let ledger = tables.insert_into_ledger_what(
            dialect,
            &format!(
                "SELECT $1, $2, $3, $4, $5, $6, 'upgrade', $7, t.ended, t.milliseconds, {run}, {name}, {host}, {tool}, $8, $9 FROM t"
            ),
        );
        let log = tables.insert_into_log_what(
            dialect,
            &format!(
                "SELECT {run}, $1, 'upgrade', '{}', $3, {started}, t.ended, t.milliseconds, {name}, {host}, {tool}, \
                 NULL, NULL, NULL FROM t",
                Outcome::Applied.name()
            ),
        );
        let record = format!(
            "PREPARE {} (varchar, bigint, varchar, text, text, text, varchar, bigint, text, varchar, varchar) AS \
             WITH t AS (SELECT {} AS ended, {} AS milliseconds), ledger_row AS ({ledger}), log_row AS ({log}) \
             UPDATE {} AS s SET digest = $11, dirty = NULL, updated_at = t.ended FROM t \
             WHERE s.id = 1 / CAST(s.digest = $10 AS integer)",
            self.record,
            clock::now(dialect),
            clock::Timing::InTransaction.milliseconds(dialect),
            tables.state(dialect),
        );
        vec![open, record]
    }

    /// The statement that follows BEGIN. The commit waits for the disk only if `waits`.
    pub(crate) fn open(&self, session_name: &str, waits: bool) -> String {
        let commit = if waits { "current_setting('synchronous_commit')" } else { "'off'" };
        format!("EXECUTE {} ({}, {commit})", self.open, literal(Dialect::Postgres, session_name))
    }

    /// The statement that records an upgrade, and the state that it leads to.
    pub(crate) fn record(&self, step: &Step, record: &LedgerRecord<'_>, before: &Digest) -> (String, State) {
        let state = State::after(before, step);
        let sql = format!(
            "EXECUTE {} ({}, '{before}', '{}')",
            self.record,
            record.arguments(Dialect::Postgres),
            state.digest
        );
        (sql, state)
    }
}
