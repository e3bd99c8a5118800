//! The lease of the migration lock, for clusters whose members don't know of each other's named locks: one row, which
//! one member at a time can change. Only MySQL's dialect has such clusters.

use underpin_core::{
    dialect::Dialect,
    name::{literal, optional_literal},
};

use super::{HistoryTables, schema::Types};
use crate::database::{DatabaseError, Row, Session};

const DIALECT: Dialect = Dialect::Mysql;

/// The row as it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct LeaseEntry {
    /// One more for each time that somebody has taken it.
    pub(crate) fence: i64,
    /// One more for each sign of life of its holder.
    pub(crate) beat: i64,
    /// Who holds it; nobody where it is free.
    pub(crate) tenant: Option<Tenant>,
}

/// Who holds the lease.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Tenant {
    pub(crate) run: String,
    pub(crate) service: String,
    /// Where its program runs.
    pub(crate) host: String,
    /// The number of its session at its member.
    pub(crate) session: Option<i64>,
    /// The member of the cluster that its session is at, by the cluster's own number for it.
    pub(crate) member: String,
    /// The member's name for people.
    pub(crate) member_name: String,
}

impl HistoryTables {
    /// The statements that make the lease, free, unless somebody else does at the same moment.
    pub(crate) fn create_lease(&self) -> [String; 2] {
        let Types { text, short, number, options, .. } = Types::of(DIALECT);
        let table = self.lease();
        [
            format!(
                "CREATE TABLE IF NOT EXISTS {table} (\n  id {number} NOT NULL PRIMARY KEY,\n  fence {number} NOT NULL,\n  \
                 beat {number} NOT NULL,\n  run {short},\n  service {text},\n  host {text},\n  session {number},\n  \
                 member {short},\n  member_name {text}\n){options}"
            ),
            format!("INSERT IGNORE INTO {table} (id, fence, beat) VALUES (1, 0, 0)"),
        ]
    }

    /// Reads the lease; nothing where none was ever made.
    pub(crate) async fn read_lease(
        &self,
        session: &mut dyn Session,
    ) -> Result<Option<LeaseEntry>, DatabaseError> {
        let sql = format!(
            "SELECT fence, beat, run, service, host, session, member, member_name FROM {} WHERE id = 1",
            self.lease()
        );
        let rows = session.fetch_if_there(&sql).await?.unwrap_or_default();
        Ok(rows.first().map(entry))
    }

    /// The statement that takes the lease, as it was read; it changes no row where that is not how it is any more.
    pub(crate) fn take_lease(&self, read: &LeaseEntry, tenant: &Tenant) -> String {
        let text = |value: &str| literal(DIALECT, value);
        let session = tenant.session.map(|session| session.to_string());
        format!(
            "UPDATE {} SET fence = {}, beat = 0, run = {}, service = {}, host = {}, session = {}, member = {}, \
             member_name = {} WHERE id = 1 AND fence = {} AND beat = {}",
            self.lease(),
            read.fence + 1,
            text(&tenant.run),
            text(&tenant.service),
            text(&tenant.host),
            optional_literal(DIALECT, session.as_deref()),
            text(&tenant.member),
            text(&tenant.member_name),
            read.fence,
            read.beat,
        )
    }

    /// The statement with which the holder shows that it lives; it changes no row once the lease is not its own.
    pub(crate) fn beat_lease(&self, fence: i64) -> String {
        format!("UPDATE {} SET beat = beat + 1 WHERE id = 1 AND fence = {fence}", self.lease())
    }

    /// The statement that frees the lease of this fence, so that its holder, if it lives, writes no more.
    pub(crate) fn free_lease(&self, fence: i64) -> String {
        format!(
            "UPDATE {} SET fence = fence + 1, beat = 0, run = NULL, service = NULL, host = NULL, session = NULL, \
             member = NULL, member_name = NULL WHERE id = 1 AND fence = {fence}",
            self.lease()
        )
    }

    /// A condition that holds while the lease is that of this fence.
    pub(crate) fn guard_lease(&self, fence: i64) -> String {
        format!("EXISTS (SELECT 1 FROM {} WHERE id = 1 AND fence = {fence})", self.lease())
    }

    fn lease(&self) -> String {
        self.table(DIALECT, "lease")
    }
}

fn entry(row: &Row) -> LeaseEntry {
    let text = |index: usize| row.optional(index).unwrap_or_default().to_owned();
    LeaseEntry {
        fence: row.integer(0).unwrap_or_default(),
        beat: row.integer(1).unwrap_or_default(),
        tenant: row.optional(2).map(|run| Tenant {
            run: run.to_owned(),
            service: text(3),
            host: text(4),
            session: row.integer(5),
            member: text(6),
            member_name: text(7),
        }),
    }
}
