//! A look at the rows of a table: how many don't give what a statement asks of them, and the key of one. What
//! is asked is told by `core::sql`; nothing is changed.

use std::time::Duration;

use underpin_core::{
    dialect::Dialect,
    name::{literal, quote},
    sql::{self, Requirement},
};

use crate::database::{Guard, Interrupt, Row, Session};

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
    /// How many rows are in the way of what is asked, if that can be told.
    pub(crate) async fn count(&mut self, requirement: &Requirement) -> Option<i64> {
        self.one(&requirement.count()).await?.integer(0)
    }

    /// `id = 17`, of a row that is in the way.
    pub(crate) async fn example(&mut self, requirement: &Requirement) -> Option<String> {
        let key = self.primary_key(requirement.table()).await;
        let query = requirement.example(self.dialect(), &key)?;
        let row = self.one(&query).await?;
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

    async fn one(&mut self, query: &str) -> Option<Row> {
        self.all(query).await?.into_iter().next()
    }

    async fn all(&mut self, query: &str) -> Option<Vec<Row>> {
        let canceller = self.session.canceller();
        match self.interrupt.guard(self.session.fetch(query), &canceller, self.limit).await {
            Ok(Guard::Done(rows)) => Some(rows),
            Ok(Guard::DoneLate(..)) | Err(_) => None,
        }
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
