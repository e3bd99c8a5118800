//! Which rows stood in the way of a statement that failed: how many, and one of them by its key. Looked
//! up once everything else of the failed run is done, in a moment, and left out where it can't be told.

use std::time::Duration;

use underpin_core::{
    dialect::Dialect,
    name::{literal, quote},
    plan::Step,
    sql::{self, Requirement},
};

use super::{Execution, failure::Failure};
use crate::database::{Guard, Row};

/// How long looking may take: the lock is still held.
const LOOK: Duration = Duration::from_secs(5);
/// The characters of a value that are shown.
const SHOWN: usize = 60;

impl Execution<'_> {
    /// What stands in the way of the statement that failed, in words; nothing where the engine did not
    /// complain of rows.
    pub(super) async fn obstacle(&mut self, step: &Step, failure: &Failure) -> Option<String> {
        let engine = failure.violation.as_deref()?;
        let statement = &step.statements.get(failure.statement?)?.text;
        let mut asked = sql::requirements(self.dialect(), statement);
        if self.dialect() == Dialect::Sqlite {
            asked.extend(sql::copied(statement, engine));
        }
        for requirement in &asked {
            let Some(count) = self.look(&requirement.count()).await.and_then(|row| row.integer(0)) else {
                continue;
            };
            if count > 0 {
                let example = self.example(requirement).await;
                return Some(requirement.describe(count, example.as_deref()));
            }
        }
        None
    }

    /// `id = 17`, of a row that stands in the way.
    async fn example(&mut self, requirement: &Requirement) -> Option<String> {
        let key = self.primary_key(requirement.table()).await;
        let query = requirement.example(self.dialect(), &key)?;
        let row = self.look(&query).await?;
        let values = requirement.shown(&key).iter().enumerate();
        let pairs: Vec<String> =
            values.map(|(index, column)| format!("{} = {}", bare(column), shown(row.text(index)))).collect();
        Some(pairs.join(", "))
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
        let rows = self.look_all(&query).await.unwrap_or_default();
        rows.iter().map(|row| quote(dialect, row.text(place))).collect()
    }

    async fn look(&mut self, query: &str) -> Option<Row> {
        self.look_all(query).await?.into_iter().next()
    }

    async fn look_all(&mut self, query: &str) -> Option<Vec<Row>> {
        let canceller = self.session.canceller();
        match self.interrupt.guard(self.session.fetch(query), &canceller, Some(LOOK)).await {
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
