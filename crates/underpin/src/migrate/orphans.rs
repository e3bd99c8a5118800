//! Rows of SQLite that refer to none. It does not enforce foreign keys while tables are changed, so they are counted
//! before and afterwards.

use underpin_core::{
    dialect::Dialect,
    name::{literal, quote},
};

use crate::database::{DatabaseError, Row, Session};

/// What is counted together.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Orphans {
    /// The rows of each foreign key.
    OfKeys,
    /// The rows of each table that refer to the same other one.
    OfTables,
}

/// What stands for a number of rows where a foreign key can't be checked.
const UNCHECKED: &str = "-1";

impl Orphans {
    /// A row for each: the table, the one it refers to, and how many rows refer to none.
    ///
    /// SQLite checks no foreign key whose columns are no key of the other table ("foreign key mismatch", in its
    /// documentation of foreign keys), which is told as [`Row::is_unchecked`].
    pub(crate) async fn count(self, session: &mut dyn Session) -> Result<Vec<Row>, DatabaseError> {
        match session.fetch(&self.query("pragma_foreign_key_check")).await {
            Err(error) if is_mismatch(&error) => self.count_by_table(session).await,
            counted => counted,
        }
    }

    /// The same, where one table can't be checked.
    async fn count_by_table(self, session: &mut dyn Session) -> Result<Vec<Row>, DatabaseError> {
        let tables = "SELECT DISTINCT m.name FROM sqlite_schema m, pragma_foreign_key_list(m.name) WHERE m.type = 'table'";
        let mut found = Vec::new();
        for table in session.fetch(tables).await? {
            let table = literal(Dialect::Sqlite, table.text(0));
            match session.fetch(&self.query(&format!("pragma_foreign_key_check({table})"))).await {
                Err(error) if is_mismatch(&error) => {
                    let parents = format!(
                        "SELECT DISTINCT {table}, \"table\", {UNCHECKED} FROM pragma_foreign_key_list({table})"
                    );
                    found.extend(session.fetch(&parents).await?);
                }
                counted => found.extend(counted?),
            }
        }
        Ok(found)
    }

    fn query(self, checked: &str) -> String {
        let together = match self {
            Self::OfKeys => "1, 2, fkid",
            Self::OfTables => "1, 2",
        };
        let table = quote(Dialect::Sqlite, "table");
        format!("SELECT {table}, parent, count(*) FROM {checked} GROUP BY {together} ORDER BY {together}")
    }
}

impl Row {
    /// Whether it is of a table with a foreign key that SQLite does not check.
    pub(crate) fn is_unchecked(&self) -> bool {
        self.text(2) == UNCHECKED
    }
}

fn is_mismatch(error: &DatabaseError) -> bool {
    error.message.contains("foreign key mismatch")
}
