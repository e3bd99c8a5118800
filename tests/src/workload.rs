//! A chain of revisions for races and crashes: tables, rows, indexes, columns and views, with something in every
//! statement that shows when it was done twice or not at all. It is no example of good revisions.

use crate::database::Rows;
use crate::{Engine, History, Project, TestDatabase};

/// The chain, as an engine has it.
#[derive(Debug, Clone, Copy)]
pub struct Workload {
    engine: Engine,
    length: usize,
}

/// Everything that a run leaves in a database.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Picture {
    /// The schema.
    pub schema: String,
    /// The history.
    pub history: History,
    /// The rows that tell how often each statement was done.
    pub rows: Rows,
}

impl Workload {
    /// A chain of this length.
    pub fn new(engine: Engine, length: usize) -> Self {
        Self { engine, length }
    }

    /// The ids, first to last.
    pub fn ids(self) -> Vec<String> {
        (1..=self.length).map(id).collect()
    }

    /// Writes the files.
    pub fn write(self, project: &Project) {
        for number in 1..=self.length {
            let parent = id(number.saturating_sub(1));
            let parents = if number == 1 { Vec::new() } else { vec![parent.as_str()] };
            // A run that was killed is gone on with where the columns that go are old already.
            let reviewed = "destructive: reviewed";
            let header: &[&str] =
                if self.is_outside(number) { &[reviewed, "transaction: off"] } else { &[reviewed] };
            let sql = self.statements(number).join(";\n") + ";";
            project.revision_with(&id(number), &parents, "step", header, &[("upgrade", &sql)]);
        }
    }

    /// Whether a revision's file asks for no transaction.
    fn is_outside(self, number: usize) -> bool {
        number > 2 && number % 6 == 2
    }

    fn statements(self, number: usize) -> Vec<String> {
        let mut statements = match (number, number % 6) {
            (1, _) => vec![
                "CREATE TABLE facts (revision VARCHAR(20) NOT NULL, place INTEGER NOT NULL)".to_owned(),
                "CREATE TABLE counters (name VARCHAR(20) NOT NULL PRIMARY KEY, n INTEGER NOT NULL)"
                    .to_owned(),
                "INSERT INTO counters (name, n) VALUES ('steps', 0)".to_owned(),
            ],
            (2, _) => vec![
                "CREATE TABLE items (id INTEGER NOT NULL PRIMARY KEY, total INTEGER NOT NULL)".to_owned(),
                "INSERT INTO items (id, total) WITH RECURSIVE n(i) AS \
                 (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 900) SELECT i, 0 FROM n"
                    .to_owned(),
                "INSERT INTO items (id, total) SELECT id + 900, total FROM items".to_owned(),
            ],
            (_, 0) => vec![
                format!("CREATE TABLE extra_{number} (id INTEGER NOT NULL, note VARCHAR(40))"),
                format!("INSERT INTO extra_{number} (id, note) VALUES (1, 'a;b'), (2, 'it''s'), (3, NULL)"),
                format!("CREATE INDEX extra_{number}_id ON extra_{number} (id)"),
            ],
            (_, 1) => vec![
                format!("ALTER TABLE items ADD COLUMN c_{number} INTEGER"),
                format!("UPDATE items SET c_{number} = id + {number}, total = total + 1"),
            ],
            (_, 2) => self.outside(number),
            (_, 3) => vec![
                format!("CREATE VIEW seen_{number} AS SELECT id, total FROM items WHERE total > {number}"),
                format!("INSERT INTO counters (name, n) VALUES ('c_{number}', 1)"),
                format!("UPDATE counters SET n = n + 1 WHERE name = 'c_{number}'"),
            ],
            (_, 4) => vec![
                format!("DROP VIEW seen_{}", number - 1),
                format!("ALTER TABLE items ADD COLUMN d_{number} INTEGER"),
                format!("UPDATE items SET d_{number} = {number}"),
            ],
            (_, _) => vec![
                "UPDATE items SET total = total + 1 WHERE id < 100".to_owned(),
                format!("ALTER TABLE items DROP COLUMN d_{}", number - 1),
            ],
        };
        // Nothing would tell that one of these was done twice, if not the rows themselves.
        let middle = statements.len() - 1;
        if number > 1 {
            statements.insert(middle, fact(number, middle));
        }
        statements.push("UPDATE counters SET n = n + 1 WHERE name = 'steps'".to_owned());
        statements.push(fact(number, statements.len()));
        statements
    }

    /// What only runs outside of a transaction, where the engine has such a thing.
    fn outside(self, number: usize) -> Vec<String> {
        let index = format!("ON items (total, id, c_{})", number - 1);
        match self.engine {
            Engine::Sqlite => vec![
                format!("PRAGMA user_version = {number}"),
                format!("CREATE INDEX items_{number} {index}"),
                "UPDATE items SET total = total + 1".to_owned(),
                "VACUUM".to_owned(),
            ],
            Engine::Postgres => vec![
                "SET lock_timeout = '30s'".to_owned(),
                format!("CREATE INDEX CONCURRENTLY items_{number} {index}"),
                "UPDATE items SET total = total + 1".to_owned(),
                "VACUUM items".to_owned(),
            ],
            Engine::Mysql | Engine::Mariadb => vec![
                format!("SET @number = {number}"),
                format!("CREATE INDEX items_{number} {index}"),
                "UPDATE items SET total = total + 1".to_owned(),
                "ANALYZE TABLE items".to_owned(),
            ],
        }
    }

    /// Everything that a revision does which its row in the ledger does not tell of, or the reverse.
    ///
    /// To be asked when no session is left: a revision that is half-way, as the journal says, may have some of its
    /// rows.
    pub fn contradictions(self, database: &TestDatabase) -> Vec<String> {
        let history = History::of(database);
        let tables = database.tables();
        let has = |name: &str| tables.iter().any(|table| table == name);
        let facts = if has("facts") {
            database.query("SELECT revision, count(*) FROM facts GROUP BY revision")
        } else {
            Rows::new()
        };
        let count = |revision: &str| {
            let row =
                facts.iter().find(|row| row.first().is_some_and(|value| value.as_deref() == Some(revision)));
            row.and_then(|row| row.get(1)?.as_deref()?.parse().ok()).unwrap_or(0_usize)
        };
        let mut contradictions = Vec::new();
        for number in 1..=self.length {
            let revision = id(number);
            let expected = if number == 1 { 1 } else { 2 };
            let found = count(&revision);
            let applied = history.applied().contains(&revision.as_str());
            let half_way = history.dirty.as_deref() == Some(revision.as_str());
            let right = match (applied, half_way) {
                (true, false) => found == expected,
                (false, false) => found == 0,
                (false, true) => found <= expected,
                (true, true) => false,
            };
            if !right {
                contradictions
                    .push(format!("{revision}: applied {applied}, half-way {half_way}, {found} rows"));
            }
        }
        let half_way: Vec<_> = history.journal.iter().map(|(revision, _)| revision.as_str()).collect();
        if half_way != history.dirty.iter().map(String::as_str).collect::<Vec<_>>() {
            contradictions.push(format!("the journal has {half_way:?} and the state {:?}", history.dirty));
        }
        contradictions
    }
}

impl Picture {
    /// What a database holds now.
    ///
    /// # Panics
    /// When the workload was not run to its end.
    #[track_caller]
    pub fn of(database: &TestDatabase) -> Self {
        let text =
            "SELECT CONCAT(revision, ' ', place), count(*) FROM facts GROUP BY revision, place ORDER BY 1";
        let text = if database.engine() == Engine::Sqlite {
            text.replace("CONCAT(revision, ' ', place)", "revision || ' ' || place")
        } else {
            text.to_owned()
        };
        let mut rows = database.query(&text);
        rows.extend(database.query("SELECT name, n FROM counters ORDER BY name"));
        rows.extend(database.query("SELECT count(*), sum(total) FROM items"));
        Self { schema: database.schema_dump(), history: History::of(database), rows }
    }
}

fn id(number: usize) -> String {
    format!("{number:04}")
}

/// A row that is there once when the statement was done once.
fn fact(number: usize, place: usize) -> String {
    format!("INSERT INTO facts (revision, place) VALUES ('{}', {place})", id(number))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_of_revision_is_among_the_first_eight() {
        let workload = Workload::new(Engine::Postgres, 8);
        let all: Vec<_> = (1..=8).flat_map(|number| workload.statements(number)).collect();
        for part in [
            "CREATE TABLE extra",
            "ADD COLUMN c_7",
            "CONCURRENTLY",
            "CREATE VIEW",
            "DROP VIEW",
            "DROP COLUMN",
        ] {
            assert!(all.iter().any(|statement| statement.contains(part)), "{part}");
        }
        assert!(workload.is_outside(8) && !workload.is_outside(2));
    }

    #[test]
    fn a_statement_that_was_done_twice_shows() {
        let database = TestDatabase::create(Engine::Sqlite);
        let workload = Workload::new(Engine::Sqlite, 2);
        for statement in (1..=2).flat_map(|number| workload.statements(number)) {
            database.execute(&statement);
        }
        let before = Picture::of(&database);
        database.execute("UPDATE counters SET n = n + 1 WHERE name = 'steps'");
        assert_ne!(Picture::of(&database), before);
        assert_eq!(workload.contradictions(&database).len(), 2, "two revisions without a row of theirs");
    }
}
