//! The table of how far the parts of a revision have come: one row for each part that can be cut off and
//! gone on with. It is made under the lock by the first that needs it; what a part is, and what its content
//! means, is the business of whoever writes it.

use underpin_core::{dialect::Dialect, name::literal};

use super::{HistoryTables, clock, schema::Types};
use crate::database::{DatabaseError, Row, Session};

/// How far a part of a revision has come.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct PartProgress {
    /// Which part: `statement 3`, `operation 2`.
    pub(crate) part: String,
    /// What its writer has to know to go on.
    pub(crate) content: String,
    /// When it was written, RFC 3339 in UTC.
    pub(crate) updated_at: String,
}

impl HistoryTables {
    /// The statement that creates the table where there is none.
    pub(crate) fn create_progress(&self, dialect: Dialect) -> String {
        let Types { id, text, short, options, .. } = Types::of(dialect);
        format!(
            "CREATE TABLE IF NOT EXISTS {} (\n  revision {id} NOT NULL,\n  part {id} NOT NULL,\n  \
             content {text} NOT NULL,\n  updated_at {short} NOT NULL,\n  PRIMARY KEY (revision, part)\n){options}",
            self.progress(dialect)
        )
    }

    /// The statement that writes how far a part has come, if `guard` (an SQL condition) still holds; it
    /// changes no row if the lock is not ours any more.
    pub(crate) fn put_progress(
        &self,
        dialect: Dialect,
        revision: &str,
        part: &str,
        content: &str,
        guard: &str,
    ) -> String {
        let content = literal(dialect, content);
        let now = clock::now(dialect);
        // MySQL: with VALUES() the manual warns, and MariaDB has no other name for the new row.
        let (from, conflict) = match dialect {
            Dialect::Sqlite | Dialect::Postgres => ("", "ON CONFLICT (revision, part) DO UPDATE SET"),
            Dialect::Mysql => (" FROM DUAL", "ON DUPLICATE KEY UPDATE"),
        };
        format!(
            "INSERT INTO {} (revision, part, content, updated_at) SELECT {}, {}, {content}, {now}{from} WHERE {guard} \
             {conflict} content = {content}, updated_at = {now}",
            self.progress(dialect),
            literal(dialect, revision),
            literal(dialect, part),
        )
    }

    /// The statement that forgets all parts of a revision.
    pub(crate) fn clear_progress(&self, dialect: Dialect, revision: &str) -> String {
        format!("DELETE FROM {} WHERE revision = {}", self.progress(dialect), literal(dialect, revision))
    }

    /// The statement that forgets one part of a revision.
    pub(crate) fn forget_part(&self, dialect: Dialect, revision: &str, part: &str) -> String {
        format!("{} AND part = {}", self.clear_progress(dialect, revision), literal(dialect, part))
    }

    /// The statement that forgets all of them, for when a journal is closed; nothing where the table was never made.
    pub(crate) async fn forget_progress(
        &self,
        session: &mut dyn Session,
        revision: &str,
    ) -> Result<Option<String>, DatabaseError> {
        let dialect = session.server().flavour.dialect();
        Ok(self.has_progress(session).await?.then(|| self.clear_progress(dialect, revision)))
    }

    /// How far a part of a revision has come, if it was ever written.
    pub(crate) async fn part_progress(
        &self,
        session: &mut dyn Session,
        revision: &str,
        part: &str,
    ) -> Result<Option<String>, DatabaseError> {
        let parts = self.read_progress(session, revision).await?;
        Ok(parts.into_iter().find(|known| known.part == part).map(|known| known.content))
    }

    /// How far the parts of a revision have come, the latest first; none where the table was never made.
    pub(crate) async fn read_progress(
        &self,
        session: &mut dyn Session,
        revision: &str,
    ) -> Result<Vec<PartProgress>, DatabaseError> {
        let dialect = session.server().flavour.dialect();
        if !self.has_progress(session).await? {
            return Ok(Vec::new());
        }
        let sql = format!(
            "SELECT part, content, updated_at FROM {} WHERE revision = {} ORDER BY updated_at DESC, part",
            self.progress(dialect),
            literal(dialect, revision)
        );
        Ok(session.fetch(&sql).await?.iter().map(part).collect())
    }

    /// Whether the table is there. The catalog tells, so that no error fills the server's log or spoils a
    /// transaction.
    pub(crate) async fn has_progress(&self, session: &mut dyn Session) -> Result<bool, DatabaseError> {
        let dialect = session.server().flavour.dialect();
        Ok(!session.fetch(&self.find(dialect, "progress")).await?.is_empty())
    }

    fn progress(&self, dialect: Dialect) -> String {
        self.table(dialect, "progress")
    }
}

fn part(row: &Row) -> PartProgress {
    PartProgress {
        part: row.text(0).to_owned(),
        content: row.text(1).to_owned(),
        updated_at: row.text(2).to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_part_is_written_under_its_guard() {
        let tables = HistoryTables::default();
        let sql = tables.put_progress(Dialect::Sqlite, "a", "statement 1", "{}", "1 = 1");
        assert!(
            sql.contains("WHERE 1 = 1 ON CONFLICT (revision, part) DO UPDATE SET content = '{}'"),
            "{sql}"
        );
        let sql = tables.put_progress(Dialect::Mysql, "a", "statement 1", "{}", "1 = 1");
        assert!(sql.contains("FROM DUAL WHERE 1 = 1 ON DUPLICATE KEY UPDATE content = '{}'"), "{sql}");
    }
}
