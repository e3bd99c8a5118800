//! The ledger: a row for each applied revision.

use std::collections::HashMap;

use serde::Serialize;
use underpin_core::{
    dialect::Dialect,
    name::literal,
    revision::{Phase, RevisionId},
    sql::Checksum,
};

use super::{Actor, HistoryTables, Timing, values::Values};
use crate::database::{DatabaseError, Row, Session};

/// How a revision came to count as applied.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum LedgerOrigin {
    Upgrade,
    Stamp,
    Resolve,
}

impl LedgerOrigin {
    const fn name(self) -> &'static str {
        match self {
            Self::Upgrade => "upgrade",
            Self::Stamp => "stamp",
            Self::Resolve => "resolve",
        }
    }
}

/// An applied revision, as the database remembers it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct LedgerEntry {
    /// Its id.
    pub revision: RevisionId,
    /// Its place in the order of application, from 1.
    pub position: i64,
    /// The checksum of its upgrade, as it was applied.
    pub checksum: String,
    /// Its parents.
    pub parents: Vec<String>,
    /// What it depends on.
    pub depends_on: Vec<String>,
    /// What it does.
    pub message: String,
    /// `upgrade`, `stamp` or `resolve`.
    pub origin: String,
    /// Its place in a rolling deploy, `expand` or `contract`.
    pub phase: Option<String>,
    /// When it was applied, RFC 3339 in UTC.
    pub applied_at: String,
    /// How long it took, in milliseconds.
    pub duration_ms: i64,
    /// The run that applied it.
    pub run: String,
    /// Who applied it.
    pub actor: String,
    /// From which host.
    pub host: String,
    /// With which program.
    pub tool: String,
    /// Whether its downgrade runs in a transaction.
    pub transactional: bool,
}

/// What is written when a revision counts as applied.
pub(crate) struct LedgerRecord<'a> {
    pub(crate) revision: &'a RevisionId,
    pub(crate) position: i64,
    pub(crate) checksum: Checksum,
    pub(crate) parents: &'a [RevisionId],
    pub(crate) depends_on: &'a [String],
    pub(crate) message: &'a str,
    pub(crate) phase: Option<Phase>,
    pub(crate) transactional: bool,
    pub(crate) downgrade: Option<&'a str>,
    pub(crate) origin: LedgerOrigin,
}

impl LedgerRecord<'_> {
    /// The statement that adds this row.
    pub(crate) fn insert(
        &self,
        tables: &HistoryTables,
        dialect: Dialect,
        actor: &Actor,
        timing: Timing,
    ) -> String {
        tables.insert_into_ledger(dialect, &[self.row(dialect, actor, timing)])
    }

    const fn phase_name(&self) -> Option<&'static str> {
        match self.phase {
            Some(Phase::Expand) => Some("expand"),
            Some(Phase::Contract) => Some("contract"),
            None => None,
        }
    }

    /// What is different in each row: revision, position, checksum, parents, dependencies, message, phase,
    /// transactional and downgrade.
    pub(super) fn arguments(&self, dialect: Dialect) -> String {
        let mut values = Values::new(dialect);
        self.what_it_is(&mut values);
        values.optional(self.phase_name()).sql(i32::from(self.transactional)).optional(self.downgrade);
        values.list()
    }

    /// The row, in parentheses.
    pub(crate) fn row(&self, dialect: Dialect, actor: &Actor, timing: Timing) -> String {
        let mut values = Values::new(dialect);
        self.what_it_is(&mut values);
        values.text(self.origin.name()).optional(self.phase_name());
        values.sql(timing.ended(dialect)).sql(timing.milliseconds(dialect));
        values.text(&actor.run).text(&actor.name).text(&actor.host).text(&actor.tool);
        values.sql(i32::from(self.transactional)).optional(self.downgrade);
        values.row()
    }

    /// Revision, position, checksum, parents, dependencies and message.
    fn what_it_is(&self, values: &mut Values) {
        values.text(self.revision).sql(self.position).text(&self.checksum.to_string());
        values.text(&json_list(self.parents.iter().map(|id| id.as_str())));
        values.text(&json_list(self.depends_on.iter().map(String::as_str))).text(self.message);
    }
}

impl HistoryTables {
    /// The statement that adds rows. A second row for one revision violates the primary key, which
    /// is the last guard against applying anything twice.
    pub(crate) fn insert_into_ledger(&self, dialect: Dialect, rows: &[String]) -> String {
        self.insert_into_ledger_what(dialect, &format!("VALUES {}", rows.join(", ")))
    }

    /// The same for the rows of a query.
    pub(super) fn insert_into_ledger_what(&self, dialect: Dialect, what: &str) -> String {
        format!(
            "INSERT INTO {} (revision, position, checksum, parents, depends_on, message, origin, phase, applied_at, \
             duration_ms, run, actor, host, tool, transactional, downgrade) {what}",
            self.ledger(dialect),
        )
    }

    /// The statement that takes a revision out of the ledger.
    pub(crate) fn forget(&self, dialect: Dialect, revision: &str) -> String {
        format!("DELETE FROM {} WHERE revision = {}", self.ledger(dialect), literal(dialect, revision))
    }

    /// Reads no more of the ledger than which revisions are applied, with their checksums.
    pub(crate) async fn read_checksums(
        &self,
        session: &mut dyn Session,
    ) -> Result<Vec<(String, String)>, DatabaseError> {
        let dialect = session.server().flavour.dialect();
        let sql = format!("SELECT revision, checksum FROM {}", self.ledger(dialect));
        let rows = session.fetch(&sql).await?;
        Ok(rows.iter().map(|row| (row.text(0).to_owned(), row.text(1).to_owned())).collect())
    }

    /// Reads the same, and the digest of the state, in one look at both.
    pub(crate) async fn read_checksums_and_digest(
        &self,
        session: &mut dyn Session,
    ) -> Result<(Vec<(String, String)>, Option<String>), DatabaseError> {
        let dialect = session.server().flavour.dialect();
        // A row of the ledger always names its revision.
        let sql = format!(
            "SELECT revision, checksum FROM {} UNION ALL SELECT NULL, digest FROM {} WHERE id = 1",
            self.ledger(dialect),
            self.state(dialect)
        );
        let (mut checksums, mut digest) = (Vec::new(), None);
        for row in session.fetch(&sql).await? {
            match row.optional(0) {
                Some(revision) => checksums.push((revision.to_owned(), row.text(1).to_owned())),
                None => digest = row.optional(1).map(str::to_owned),
            }
        }
        Ok((checksums, digest))
    }

    /// Reads how the revisions are taken back that have a downgrade.
    pub(crate) async fn read_downgrades(
        &self,
        session: &mut dyn Session,
    ) -> Result<HashMap<RevisionId, String>, DatabaseError> {
        let dialect = session.server().flavour.dialect();
        let sql =
            format!("SELECT revision, downgrade FROM {} WHERE downgrade IS NOT NULL", self.ledger(dialect));
        let rows = session.fetch(&sql).await?;
        let row = |row: &Row| Some((RevisionId::new(row.text(0)).ok()?, row.text(1).to_owned()));
        Ok(rows.iter().filter_map(row).collect())
    }

    /// Reads the ledger in the order of application.
    pub(crate) async fn read_ledger(
        &self,
        session: &mut dyn Session,
    ) -> Result<Vec<LedgerEntry>, DatabaseError> {
        let dialect = session.server().flavour.dialect();
        let sql = format!(
            "SELECT revision, position, checksum, parents, depends_on, message, origin, phase, applied_at, duration_ms, \
             run, actor, host, tool, transactional FROM {} ORDER BY position, revision",
            self.ledger(dialect)
        );
        let rows = session.fetch(&sql).await?;
        Ok(rows.iter().filter_map(entry).collect())
    }
}

/// A row whose revision is no id was not written by us; it is left out here and found by the
/// digest, which then does not fit.
fn entry(row: &Row) -> Option<LedgerEntry> {
    Some(LedgerEntry {
        revision: RevisionId::new(row.text(0)).ok()?,
        position: row.integer(1).unwrap_or_default(),
        checksum: row.text(2).to_owned(),
        parents: list(row.text(3)),
        depends_on: list(row.text(4)),
        message: row.text(5).to_owned(),
        origin: row.text(6).to_owned(),
        phase: row.optional(7).map(str::to_owned),
        applied_at: row.text(8).to_owned(),
        duration_ms: row.integer(9).unwrap_or_default(),
        run: row.text(10).to_owned(),
        actor: row.text(11).to_owned(),
        host: row.text(12).to_owned(),
        tool: row.text(13).to_owned(),
        transactional: row.truth(14),
    })
}

fn json_list<'a>(values: impl Iterator<Item = &'a str>) -> String {
    serde_json::Value::from(values.collect::<Vec<_>>()).to_string()
}

fn list(text: &str) -> Vec<String> {
    serde_json::from_str(text).unwrap_or_default()
}
