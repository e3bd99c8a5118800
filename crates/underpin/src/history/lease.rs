//! The lease of the migration lock, for clusters whose members don't know of each other's named locks. Only MySQL's
//! dialect has such clusters.
//!
//! It is two rows, because certification lets one member at a time change a row: the first says who holds the lease, and
//! is written to by its holder's transactions; the second is for signs of life, which come from another session.

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
    /// One more for each sign of life of its holder, and for each of its transactions.
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
            format!("INSERT IGNORE INTO {table} (id, fence, beat) VALUES (1, 0, 0), (2, 0, 0)"),
        ]
    }

    /// Reads the lease; nothing where none was ever made.
    pub(crate) async fn read_lease(
        &self,
        session: &mut dyn Session,
    ) -> Result<Option<LeaseEntry>, DatabaseError> {
        let sql = format!(
            "SELECT fence, beat, run, service, host, session, member, member_name FROM {} ORDER BY id",
            self.lease()
        );
        let rows = session.fetch_if_there(&sql).await?.unwrap_or_default();
        let Some(mut lease) = rows.first().map(entry) else { return Ok(None) };
        if let Some(signs) = rows.get(1).map(entry).filter(|signs| signs.fence == lease.fence) {
            lease.beat += signs.beat;
        }
        Ok(Some(lease))
    }

    /// The statement that takes the lease, as it was read; it changes no row where that is not how it is any more.
    pub(crate) fn take_lease(&self, read: &LeaseEntry, tenant: &Tenant) -> String {
        let text = |value: &str| literal(DIALECT, value);
        let session = tenant.session.map(|session| session.to_string());
        format!(
            "UPDATE {} SET fence = {}, beat = 0, run = {}, service = {}, host = {}, session = {}, member = {}, \
             member_name = {} WHERE id = 1 AND fence = {}",
            self.lease(),
            read.fence + 1,
            text(&tenant.run),
            text(&tenant.service),
            text(&tenant.host),
            optional_literal(DIALECT, session.as_deref()),
            text(&tenant.member),
            text(&tenant.member_name),
            read.fence,
        )
    }

    /// The statement that lets signs of life of this fence count; it changes no row where they do already.
    pub(crate) fn begin_beats(&self, fence: i64) -> String {
        format!("UPDATE {} SET fence = {fence}, beat = 0 WHERE id = 2 AND fence < {fence}", self.lease())
    }

    /// A sign of life; it changes no row once somebody else gives them.
    pub(crate) fn beat_lease(&self, fence: i64) -> String {
        format!("UPDATE {} SET beat = beat + 1 WHERE id = 2 AND fence = {fence}", self.lease())
    }

    /// The last statement of the holder's transactions. It fails if the lease is not that of this fence, whatever the
    /// session's mode, since numbers of eight bytes end there ("Out-of-Range and Overflow Handling" in MySQL's manual);
    /// and where somebody takes the lease at the same moment, certification fails one of the two.
    pub(crate) fn confirm_lease(&self, fence: i64) -> String {
        let most = i64::MAX;
        format!(
            "UPDATE {} SET beat = beat + IF(fence = {fence}, 1, {most} + fence) WHERE id = 1",
            self.lease()
        )
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
