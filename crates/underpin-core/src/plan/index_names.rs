//! Index names that a plan uses twice, told before anything is run. What a plan does not show (names of
//! indexes that are there already, what a procedure does) the engine tells.

use std::collections::HashMap;

use super::{Plan, PlannedStatement};
use crate::{
    diagnostic::{Diagnostic, ErrorKind},
    dialect::Dialect,
    revision::Direction,
    sql::{TableName, table_name, words::Words},
};

/// An index name within its scope: the schema on PostgreSQL, the table on MySQL and MariaDB ("CREATE
/// INDEX" in the manuals), the database on SQLite.
type Scoped = (Option<String>, String);

/// Refuses a plan that creates two indexes of one name in one place.
///
/// # Errors
/// [`ErrorKind::DuplicateIndex`], at the second of them.
pub fn check_index_names(plan: &Plan) -> Result<(), Diagnostic> {
    let upgrades = plan.steps.iter().filter(|step| step.direction == Direction::Upgrade);
    let statements: Vec<&PlannedStatement> = upgrades.flat_map(|step| &step.statements).collect();
    // Most plans have none or one, and are not read a second time.
    if statements.iter().filter(|statement| begins_with_an_index(&statement.text)).count() < 2 {
        return Ok(());
    }
    let dialect = plan.flavour.dialect();
    let mut created = Created { dialect, places: HashMap::new() };
    statements.into_iter().try_for_each(|statement| created.follow(statement))
}

/// Whether the first words of a statement, however they are written, could create an index.
fn begins_with_an_index(statement: &str) -> bool {
    const FIRST_WORDS: usize = 64;
    let beginning = &statement.as_bytes()[..statement.len().min(FIRST_WORDS)];
    beginning.windows(5).any(|window| window.eq_ignore_ascii_case(b"INDEX"))
}

/// The indexes that were created so far, with their tables and places.
struct Created<'a> {
    dialect: Dialect,
    places: HashMap<Scoped, (TableName, &'a PlannedStatement)>,
}

impl<'a> Created<'a> {
    fn follow(&mut self, statement: &'a PlannedStatement) -> Result<(), Diagnostic> {
        let words = Words::new(self.dialect, &statement.text);
        if words.is(0, "CREATE") {
            return self.create(&words, statement);
        }
        if words.start_with(&["DROP", "INDEX"]) || words.start_with(&["DROP", "TABLE"]) {
            self.drop(&words);
        } else if !is_harmless(&words) {
            // Names may mean something else from here on.
            self.places.clear();
        }
        Ok(())
    }

    fn create(&mut self, words: &Words<'_>, statement: &'a PlannedStatement) -> Result<(), Diagnostic> {
        let kind = 1 + usize::from(words.is_one_of(1, &["UNIQUE", "FULLTEXT", "SPATIAL"]));
        if !words.is(kind, "INDEX") {
            return Ok(());
        }
        let mut at = kind + 1 + usize::from(words.is(kind + 1, "CONCURRENTLY"));
        let if_not_exists = words.is(at, "IF");
        at += if if_not_exists { 3 } else { 0 };
        let Some(on) = words.codes().iter().skip(at).position(|code| code.is("ON")) else { return Ok(()) };
        let on = at + on + 1 + usize::from(words.is(at + on + 1, "ONLY"));
        // PostgreSQL makes up a name where there is none.
        let named = (!words.is(at, "ON")).then(|| table_name(self.dialect, words.codes(), at)).flatten();
        let (Some(index), Some(table)) = (named, table_name(self.dialect, words.codes(), on)) else {
            return Ok(());
        };
        let scoped = self.scoped(&index, &table);
        match self.places.get(&scoped) {
            Some((_, first)) if !if_not_exists => Err(self.refusal(&index.name, first, statement)),
            Some(_) => Ok(()),
            None => {
                self.places.insert(scoped, (table, statement));
                Ok(())
            }
        }
    }

    fn scoped(&self, index: &TableName, table: &TableName) -> Scoped {
        let same_case = |name: &str| self.dialect.fold(name);
        let scope = match self.dialect {
            Dialect::Postgres => table.schema.clone(),
            Dialect::Sqlite => index.schema.as_deref().map(same_case),
            Dialect::Mysql => Some(format!("{}.{}", table.schema.as_deref().unwrap_or_default(), table.name)),
        };
        (scope, same_case(&index.name))
    }

    /// Forgets whatever has a name that a DROP statement says: rather one too many.
    fn drop(&mut self, words: &Words<'_>) {
        let dialect = self.dialect;
        let named: Vec<String> = (2..words.codes().len())
            .filter_map(|at| table_name(dialect, &words.codes()[at..=at], 0))
            .map(|name| name.name.to_lowercase())
            .collect();
        self.places.retain(|(_, index), (table, _)| {
            !named.contains(&index.to_lowercase()) && !named.contains(&table.name.to_lowercase())
        });
    }

    fn refusal(&self, index: &str, first: &PlannedStatement, second: &PlannedStatement) -> Diagnostic {
        let scope = match self.dialect {
            Dialect::Postgres => "a schema of PostgreSQL",
            Dialect::Sqlite => "a database of SQLite",
            Dialect::Mysql => "a table of MySQL or MariaDB",
        };
        let message =
            format!("index {index} is created twice: here and at {}:{}", first.place.file, first.place.line);
        Diagnostic::new(ErrorKind::DuplicateIndex, message)
            .at(second.place.clone())
            .state("nothing was changed")
            .hint(format!("{scope} has each name once: give one of them another, or drop the first before"))
    }
}

/// Whether a statement certainly leaves the names of tables and indexes as they are.
fn is_harmless(words: &Words<'_>) -> bool {
    const ROWS_AND_RIGHTS: &[&str] =
        &["INSERT", "UPDATE", "DELETE", "SELECT", "COMMENT", "GRANT", "REVOKE", "ANALYZE", "REPLACE"];
    let alters = words.start_with(&["ALTER", "TABLE"])
        && !["RENAME", "SCHEMA", "INDEX", "KEY", "CHANGE"].iter().any(|word| words.any(2, word));
    alters || words.is_one_of(0, ROWS_AND_RIGHTS)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{diagnostic::Place, dialect::Flavour, plan::sample};

    fn refused(flavour: Flavour, statements: &[&str]) -> bool {
        check_index_names(&sample::plan(flavour, &[("0001", statements)])).is_err()
    }

    #[test]
    fn a_name_counts_within_the_scope_of_its_engine() {
        let two = ["CREATE INDEX i ON a (x)", "CREATE UNIQUE INDEX I ON b (y)"];
        assert!(refused(Flavour::Sqlite, &two));
        assert!(refused(Flavour::Postgres, &two));
        assert!(!refused(Flavour::Mysql, &two));
        assert!(refused(Flavour::Mariadb, &["CREATE INDEX i ON a (x)", "CREATE INDEX I ON a (y)"]));
        assert!(!refused(Flavour::Postgres, &["CREATE INDEX i ON s.a (x)", "CREATE INDEX i ON r.a (x)"]));
        assert!(!refused(Flavour::Postgres, &["CREATE INDEX i ON a (x)", "CREATE INDEX \"I\" ON a (x)"]));
    }

    #[test]
    fn what_went_in_between_makes_room() {
        for between in ["DROP INDEX i", "DROP TABLE a", "ALTER TABLE a RENAME TO b", "DO $$ BEGIN END $$"] {
            let statements = ["CREATE INDEX i ON a (x)", between, "CREATE INDEX i ON a (x)"];
            assert!(!refused(Flavour::Postgres, &statements), "{between}");
        }
        for between in
            ["INSERT INTO a VALUES (1)", "ALTER TABLE a ADD COLUMN y int", "CREATE TABLE b (i int)"]
        {
            let statements = ["CREATE INDEX i ON a (x)", between, "CREATE INDEX i ON a (x)"];
            assert!(refused(Flavour::Postgres, &statements), "{between}");
        }
        let twice = "CREATE INDEX IF NOT EXISTS i ON a (x)";
        assert!(!refused(Flavour::Sqlite, &[twice, twice]));
        assert!(!refused(Flavour::Postgres, &["CREATE INDEX ON a (x)", "CREATE INDEX ON a (y)"]));
    }

    #[test]
    fn the_refusal_names_both_places() {
        let statements = ["CREATE INDEX i ON a (x)", "CREATE INDEX i ON b (x)"];
        let plan = sample::plan(Flavour::Sqlite, &[("0001", &statements)]);
        let error = check_index_names(&plan).unwrap_err();
        assert_eq!(error.message, "index i is created twice: here and at a.sql:1");
        assert_eq!(error.place.as_deref().map(|place: &Place| place.line), Some(2));
    }
}
