//! The journal: how far a revision has come that runs outside a transaction, written so that a
//! run killed at any instant can be continued at the statement that it had reached.

use underpin_core::{
    dialect::Dialect,
    name::{literal, optional_literal},
};

use super::{HistoryTables, clock, has_journal_from_the_start, schema::Types};
use crate::database::{DatabaseError, Row, Session};

/// What is known of the statement that a revision has reached.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum JournalState {
    /// All before it is done, and it has not been sent.
    Ready,
    /// It has been sent, and nothing is known of its fate.
    Started,
}

impl JournalState {
    const fn name(self) -> &'static str {
        match self {
            Self::Ready => "ready",
            Self::Started => "started",
        }
    }
}

/// A revision that is being run, or was when its run was cut off.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct JournalEntry {
    pub(crate) revision: String,
    /// `upgrade` or `downgrade`.
    pub(crate) direction: String,
    /// The statement that it has reached, counted from 0.
    pub(crate) statement: usize,
    pub(crate) total: usize,
    pub(crate) state: JournalState,
    /// The checksum of the statements before that one.
    pub(crate) done_checksum: String,
    /// The checksum of that statement, once it has been sent.
    pub(crate) statement_checksum: Option<String>,
    /// What the catalog said of the objects that the statement names before it was sent.
    pub(crate) fingerprint: Option<String>,
    /// The names that the fingerprint was taken of, as a JSON array.
    pub(crate) objects: Option<String>,
    pub(crate) started_at: String,
}

impl JournalEntry {
    /// What is known of a revision whose row is gone: that it was begun.
    pub(crate) fn lost(revision: &str) -> Self {
        Self {
            revision: revision.to_owned(),
            direction: String::new(),
            statement: 0,
            total: 0,
            state: JournalState::Started,
            done_checksum: String::new(),
            statement_checksum: None,
            fingerprint: None,
            objects: None,
            started_at: String::new(),
        }
    }

    /// Whether its row is gone.
    pub(crate) fn is_lost(&self) -> bool {
        self.direction.is_empty()
    }
}

/// A step forward in the journal.
#[derive(Debug)]
pub(crate) struct Progress<'a> {
    pub(crate) revision: &'a str,
    pub(crate) statement: usize,
    /// The number of statements that the revision has now.
    pub(crate) total: usize,
    pub(crate) state: JournalState,
    pub(crate) done_checksum: &'a str,
    pub(crate) statement_checksum: Option<&'a str>,
    pub(crate) fingerprint: Option<&'a str>,
    pub(crate) objects: Option<&'a str>,
}

impl<'a> Progress<'a> {
    /// That everything before this statement is done, and it has not been sent.
    pub(crate) const fn ready(
        revision: &'a str,
        statement: usize,
        total: usize,
        done_checksum: &'a str,
    ) -> Self {
        Self {
            revision,
            statement,
            total,
            state: JournalState::Ready,
            done_checksum,
            statement_checksum: None,
            fingerprint: None,
            objects: None,
        }
    }

    /// The statement that records this step, if `guard` (an SQL condition) still holds; it changes
    /// no row if the lock is not ours any more.
    pub(crate) fn update(&self, tables: &HistoryTables, dialect: Dialect, guard: &str) -> String {
        format!(
            "UPDATE {} SET statement = {}, total = {}, state = '{}', done_checksum = '{}', statement_checksum = {}, fingerprint = {}, \
             objects = {}, updated_at = {} WHERE revision = {} AND {guard}",
            tables.journal(dialect),
            self.statement,
            self.total,
            self.state.name(),
            self.done_checksum,
            optional_literal(dialect, self.statement_checksum),
            optional_literal(dialect, self.fingerprint),
            optional_literal(dialect, self.objects),
            clock::now(dialect),
            literal(dialect, self.revision),
        )
    }
}

impl HistoryTables {
    /// The statement that creates the journal where there is none.
    pub(crate) fn create_journal(&self, dialect: Dialect) -> String {
        let Types { id, text, short, number, options, .. } = Types::of(dialect);
        format!(
            "CREATE TABLE IF NOT EXISTS {} (\n  revision {id} NOT NULL PRIMARY KEY,\n  direction {short} NOT NULL,\n  \
             run {short} NOT NULL,\n  statement {number} NOT NULL,\n  total {number} NOT NULL,\n  state {short} NOT NULL,\n  \
             done_checksum {short} NOT NULL,\n  statement_checksum {short},\n  fingerprint {short},\n  objects {text},\n  \
             started_at {short} NOT NULL,\n  updated_at {short} NOT NULL\n){options}",
            self.journal(dialect)
        )
    }

    /// Whether the journal is there. The catalog tells, so that no error spoils a transaction.
    pub(crate) async fn has_journal(&self, session: &mut dyn Session) -> Result<bool, DatabaseError> {
        let dialect = session.server().flavour.dialect();
        Ok(has_journal_from_the_start(dialect)
            || !session.fetch(&self.find(dialect, "journal")).await?.is_empty())
    }

    /// The statement that opens a revision's journal at its first statement.
    pub(crate) fn open_journal(
        &self,
        dialect: Dialect,
        revision: &str,
        direction: &str,
        run: &str,
        total: usize,
        done_checksum: &str,
    ) -> String {
        let now = clock::now(dialect);
        format!(
            "INSERT INTO {} (revision, direction, run, statement, total, state, done_checksum, started_at, updated_at) \
             VALUES ({}, {}, {}, 0, {total}, 'ready', '{done_checksum}', {now}, {now})",
            self.journal(dialect),
            literal(dialect, revision),
            literal(dialect, direction),
            literal(dialect, run),
        )
    }

    /// The statement that closes a revision's journal.
    pub(crate) fn close_journal(&self, dialect: Dialect, revision: &str) -> String {
        format!("DELETE FROM {} WHERE revision = {}", self.journal(dialect), literal(dialect, revision))
    }

    /// Reads the revisions that a run has not finished; more than one only if somebody wrote there, and none
    /// where the journal was never made.
    pub(crate) async fn read_journal(
        &self,
        session: &mut dyn Session,
    ) -> Result<Vec<JournalEntry>, DatabaseError> {
        let dialect = session.server().flavour.dialect();
        if !self.has_journal(session).await? {
            return Ok(Vec::new());
        }
        let sql = format!(
            "SELECT revision, direction, statement, total, state, done_checksum, statement_checksum, fingerprint, objects, \
             started_at FROM {} ORDER BY started_at",
            self.journal(dialect)
        );
        Ok(session.fetch(&sql).await?.iter().map(entry).collect())
    }
}

fn entry(row: &Row) -> JournalEntry {
    let optional = |index: usize| row.optional(index).map(str::to_owned);
    let count =
        |index: usize| row.integer(index).and_then(|count| usize::try_from(count).ok()).unwrap_or_default();
    JournalEntry {
        revision: row.text(0).to_owned(),
        direction: row.text(1).to_owned(),
        statement: count(2),
        total: count(3),
        // What is not known to be ready may have been sent.
        state: if row.text(4) == "ready" { JournalState::Ready } else { JournalState::Started },
        done_checksum: row.text(5).to_owned(),
        statement_checksum: optional(6),
        fingerprint: optional(7),
        objects: optional(8),
        started_at: row.text(9).to_owned(),
    }
}
