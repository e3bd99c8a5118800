//! The table of the replicas that are alive: which service runs where, and which revisions it knows.
//! It is made by the first replica that registers; who never registers any never gets it.

use serde::Serialize;
use underpin_core::{dialect::Dialect, name::literal};

use super::{HistoryTables, clock, schema::Types};
use crate::database::{DatabaseError, ErrorClass, Row, Session};

/// After how many beats that were missed a replica counts as gone.
const MISSED: u64 = 3;

/// A replica of a service that is alive, as far as its last beat tells.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Replica {
    /// Its name among all that ever were.
    pub instance: String,
    /// The service.
    pub service: String,
    /// The host that it runs on.
    pub host: String,
    /// Its process there.
    pub process: i64,
    /// The program that it was built with, such as `underpin 0.1.0`.
    pub tool: String,
    /// The heads of the revisions that it knows.
    pub heads: Vec<String>,
    /// Since when it is there, RFC 3339 in UTC.
    pub started_at: String,
    /// When it was last heard of, RFC 3339 in UTC.
    pub seen_at: String,
}

impl HistoryTables {
    /// Creates the table, unless somebody else does at the same moment.
    pub(crate) async fn create_replicas(&self, session: &mut dyn Session) -> Result<(), DatabaseError> {
        let dialect = session.server().flavour.dialect();
        let Types { id, text, short, number, options, .. } = Types::of(dialect);
        let sql = format!(
            "CREATE TABLE IF NOT EXISTS {} (\n  instance {short} NOT NULL PRIMARY KEY,\n  service {id} NOT NULL,\n  \
             host {text} NOT NULL,\n  process {number} NOT NULL,\n  tool {short} NOT NULL,\n  heads {text} NOT NULL,\n  \
             started_at {short} NOT NULL,\n  seen_at {short} NOT NULL,\n  expires_at {short} NOT NULL\n){options}",
            self.replicas(dialect)
        );
        match session.execute(&sql).await {
            Ok(_) => Ok(()),
            // PostgreSQL's IF NOT EXISTS is no protection against a race.
            Err(failure)
                if failure.error.class == ErrorClass::AlreadyExists
                    || failure.error.code.as_deref() == Some("SQLSTATE 23505") =>
            {
                Ok(())
            }
            Err(failure) => Err(failure.error),
        }
    }

    /// Says that a replica is there, and for how long that holds.
    pub(crate) async fn beat(
        &self,
        session: &mut dyn Session,
        replica: &Replica,
        every: u64,
    ) -> Result<(), DatabaseError> {
        let dialect = session.server().flavour.dialect();
        let table = self.replicas(dialect);
        let text = |value: &str| literal(dialect, value);
        let (now, expires) = (clock::now(dialect), clock::later(dialect, every.max(1) * MISSED));
        let instance = text(&replica.instance);
        let update =
            format!("UPDATE {table} SET seen_at = {now}, expires_at = {expires} WHERE instance = {instance}");
        if session.execute(&update).await.map_err(|failure| failure.error)? > 0 {
            return Ok(());
        }
        let insert = format!(
            "DELETE FROM {table} WHERE expires_at < {now}; \
             INSERT INTO {table} (instance, service, host, process, tool, heads, started_at, seen_at, expires_at) \
             VALUES ({instance}, {}, {}, {}, {}, {}, {now}, {now}, {expires})",
            text(&replica.service),
            text(&replica.host),
            replica.process,
            text(&replica.tool),
            text(&serde_json::Value::from(replica.heads.clone()).to_string()),
        );
        session.execute(&insert).await.map(drop).map_err(|failure| failure.error)
    }

    /// Says that a replica is gone.
    pub(crate) async fn leave(&self, session: &mut dyn Session, instance: &str) -> Result<(), DatabaseError> {
        let dialect = session.server().flavour.dialect();
        let sql =
            format!("DELETE FROM {} WHERE instance = {}", self.replicas(dialect), literal(dialect, instance));
        session.execute(&sql).await.map(drop).map_err(|failure| failure.error)
    }

    /// The replicas that are alive, the oldest first; none where none has ever registered.
    pub(crate) async fn read_replicas(
        &self,
        session: &mut dyn Session,
    ) -> Result<Vec<Replica>, DatabaseError> {
        let dialect = session.server().flavour.dialect();
        let sql = format!(
            "SELECT instance, service, host, process, tool, heads, started_at, seen_at FROM {} WHERE expires_at >= {} \
             ORDER BY started_at, instance",
            self.replicas(dialect),
            clock::now(dialect)
        );
        let rows = session.fetch_if_there(&sql).await?.unwrap_or_default();
        Ok(rows.iter().map(replica).collect())
    }

    fn replicas(&self, dialect: Dialect) -> String {
        self.table(dialect, "replica")
    }
}

fn replica(row: &Row) -> Replica {
    Replica {
        instance: row.text(0).to_owned(),
        service: row.text(1).to_owned(),
        host: row.text(2).to_owned(),
        process: row.integer(3).unwrap_or_default(),
        tool: row.text(4).to_owned(),
        heads: serde_json::from_str(row.text(5)).unwrap_or_default(),
        started_at: row.text(6).to_owned(),
        seen_at: row.text(7).to_owned(),
    }
}

/// `shop on web-1, process 4711, seen 2026-11-21T10:00:00.000Z`.
impl std::fmt::Display for Replica {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} on {}, process {}, seen {}", self.service, self.host, self.process, self.seen_at)
    }
}
