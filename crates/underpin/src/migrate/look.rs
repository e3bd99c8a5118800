//! A look at the rows of a table: how many don't give what a statement asks of them, and the key of one. What
//! is asked is told by `core::sql`; nothing is changed.

use std::time::Duration;

use underpin_core::{
    dialect::Dialect,
    name::{literal, quote},
    sql::{self, Requirement},
};

use crate::database::{DatabaseError, ErrorClass, Guard, Guarded, Interrupt, Row, Session};

/// The characters of a value that are shown.
const SHOWN: usize = 60;

/// Somebody who looks, on a session, and gives up after a time.
pub(crate) struct Look<'a> {
    pub(crate) session: &'a mut dyn Session,
    pub(crate) interrupt: &'a Interrupt,
    /// How long one question may take.
    pub(crate) limit: Option<Duration>,
}

impl Look<'_> {
    /// How many rows are in the way of what is asked, if that can be told: what it is asked of may not be there
    /// yet, and time may be over.
    ///
    /// # Errors
    /// What has nothing to do with the question: rows that may not be read, a connection that broke.
    pub(crate) async fn count(&mut self, requirement: &Requirement) -> Result<Option<i64>, DatabaseError> {
        let rows = self.all(&requirement.count()).await?;
        Ok(rows.first().and_then(|row| row.integer(0)))
    }

    /// `id = 17`, of a row that is in the way.
    pub(crate) async fn example(&mut self, requirement: &Requirement) -> Option<String> {
        let key = self.primary_key(requirement.table()).await;
        let query = requirement.example(self.dialect(), &key)?;
        let rows = self.all(&query).await.ok()?;
        let row = rows.first()?;
        let values = requirement.shown(&key).iter().enumerate();
        let pairs: Vec<String> =
            values.map(|(index, column)| format!("{} = {}", bare(column), shown(row.text(index)))).collect();
        Some(pairs.join(", "))
    }

    fn dialect(&self) -> Dialect {
        self.session.server().flavour.dialect()
    }

    /// The columns of a table's primary key, quoted. `table` is a name as a statement writes it.
    async fn primary_key(&mut self, table: &str) -> Vec<String> {
        let dialect = self.dialect();
        let query = match dialect {
            // The name is a piece of SQL, which regclass reads by the rules of SQL.
            Dialect::Postgres => format!(
                "SELECT a.attname FROM pg_index AS i \
                 CROSS JOIN LATERAL unnest(i.indkey::int2[]) WITH ORDINALITY AS k (number, place) \
                 JOIN pg_attribute AS a ON a.attrelid = i.indrelid AND a.attnum = k.number \
                 WHERE i.indrelid = {}::regclass AND i.indisprimary ORDER BY k.place",
                literal(dialect, table)
            ),
            Dialect::Mysql => format!("SHOW KEYS FROM {table} WHERE Key_name = 'PRIMARY'"),
            Dialect::Sqlite => {
                let name = sql::object_names(dialect, table).pop().unwrap_or_default();
                format!(
                    "SELECT name FROM pragma_table_info({}) WHERE pk > 0 ORDER BY pk",
                    literal(dialect, &name)
                )
            }
        };
        // "Column_name" is the fifth column of SHOW KEYS ("SHOW INDEX Statement" in MySQL's manual).
        let place = if dialect == Dialect::Mysql { 4 } else { 0 };
        let rows = self.all(&query).await.unwrap_or_default();
        rows.iter().map(|row| quote(dialect, row.text(place))).collect()
    }

    async fn all(&mut self, query: &str) -> Result<Vec<Row>, DatabaseError> {
        let canceller = self.session.canceller();
        match self.interrupt.guard(self.session.fetch(query), &canceller, self.limit).await {
            Ok(Guard::Done(rows)) => Ok(rows),
            Err(Guarded::Failed(error)) if !about_the_question(error.class) => Err(error),
            Ok(Guard::DoneLate(..)) | Err(_) => Ok(Vec::new()),
        }
    }
}

/// Whether an error of this class is one of the question, such as a column or a function that is not there.
const fn about_the_question(class: ErrorClass) -> bool {
    match class {
        ErrorClass::UndefinedTable
        | ErrorClass::Statement
        | ErrorClass::AlreadyExists
        | ErrorClass::Violation
        | ErrorClass::NotInTransaction => true,
        ErrorClass::Unavailable
        | ErrorClass::Untrusted
        | ErrorClass::Authentication
        | ErrorClass::DatabaseNotFound
        | ErrorClass::NotADatabase
        | ErrorClass::Permission
        | ErrorClass::ReadOnly
        | ErrorClass::Full
        | ErrorClass::Busy
        | ErrorClass::Cancelled
        | ErrorClass::ConnectionLost => false,
    }
}

/// A name without the quotes that it needs in SQL.
fn bare(name: &str) -> &str {
    name.trim_matches(['"', '`'])
}

/// A value as a message may hold it: on one line, and not all of a long one.
fn shown(value: &str) -> String {
    let mut shown: String = value.chars().take(SHOWN).map(|c| if c.is_control() { ' ' } else { c }).collect();
    if value.chars().nth(SHOWN).is_some() {
        shown.push('…');
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::shown;

    #[test]
    fn a_value_is_shown_on_one_line_and_not_for_ever() {
        assert_eq!(shown("a\nb"), "a b");
        assert_eq!(shown(&"ä".repeat(100)).chars().count(), 61);
    }
}
