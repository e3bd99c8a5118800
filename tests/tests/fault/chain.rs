//! The revisions that the faults are done to, and what they leave when nobody disturbs them: one of schema and rows, one
//! of rows alone, one outside of a transaction with every kind of statement, and one more.

use underpin_tests::database::Rows;
use underpin_tests::{Engine, History, Program, Project, TestDatabase};

/// A project with the chain, and what a run leaves.
pub(crate) struct Chain {
    engine: Engine,
    pub(crate) project: Project,
    undisturbed: Content,
}

#[derive(Debug, PartialEq, Eq)]
struct Content {
    schema: String,
    rows: Rows,
    ledger: Vec<(String, String)>,
    digest: String,
}

/// The statements of the revision that runs outside of a transaction.
const OUTSIDE: usize = 6;

impl Chain {
    pub(crate) fn new(engine: Engine) -> Self {
        let project = Project::new();
        project.revision(
            "0001",
            &[],
            "begin",
            "CREATE TABLE items (id INTEGER NOT NULL PRIMARY KEY, total INTEGER NOT NULL);\n\
             CREATE TABLE facts (revision VARCHAR(10) NOT NULL);\n\
             INSERT INTO items (id, total) VALUES (1, 0), (2, 0), (3, 0);\n\
             INSERT INTO facts (revision) VALUES ('0001');",
            None,
        );
        project.revision(
            "0002",
            &["0001"],
            "rows",
            "UPDATE items SET total = total + 1;\nDELETE FROM items WHERE id = 3;\n\
             INSERT INTO facts (revision) VALUES ('0002');",
            None,
        );
        let concurrently = if engine == Engine::Postgres { "CONCURRENTLY" } else { "" };
        let outside = format!(
            "CREATE TABLE more (id INTEGER NOT NULL PRIMARY KEY);\nINSERT INTO more (id) VALUES (1);\n\
             ALTER TABLE items ADD COLUMN note VARCHAR(20);\nUPDATE items SET total = total + 1;\n\
             CREATE INDEX {concurrently} items_total ON items (total);\n\
             INSERT INTO facts (revision) VALUES ('0003');"
        );
        project.revision_with("0003", &["0002"], "outside", &["transaction: off"], &[("upgrade", &outside)]);
        project.revision(
            "0004",
            &["0003"],
            "end",
            "CREATE TABLE last (id INTEGER);\nINSERT INTO facts (revision) VALUES ('0004');",
            None,
        );
        let database = TestDatabase::create(engine);
        project.underpin_on(&database).arg("upgrade").run().expect_success();
        let undisturbed = Content::of(&database);
        Self { engine, project, undisturbed }
    }

    /// Every point at which a run can be held here, with how often it is passed before.
    pub(crate) fn points(&self) -> Vec<(&'static str, usize)> {
        let mut points = vec![("looked", 0), ("locked", 0), ("history-created", 0), ("between-revisions", 0)];
        points.extend([("journal-opened", 0), ("statements-done", 0), ("between-revisions", 1)]);
        // On MySQL every other revision has a journal as well.
        for passes in 0..OUTSIDE {
            points.extend([("statement-started", passes), ("statement-done", passes)]);
            points.push(("between-statements", passes));
        }
        if self.engine != Engine::Postgres {
            // There a revision and its commit are one round trip.
            points.push(("before-commit", 0));
        }
        if !matches!(self.engine, Engine::Mysql | Engine::Mariadb) {
            // A statement fewer stands between two.
            points.retain(|point| *point != ("between-statements", OUTSIDE - 1));
        }
        points.push(("before-unlock", 0));
        points
    }

    pub(crate) fn upgrade(&self, database: &TestDatabase) -> Program {
        self.project.underpin_on(database).arg("upgrade")
    }

    /// Runs a normal start, after which nothing may tell that a fault came before.
    #[track_caller]
    pub(crate) fn finish(&self, database: &TestDatabase, program: &Program, context: &str) {
        let next = program.run();
        assert_eq!(next.code(), Some(0), "{}: {context}: the next start: {next}", self.engine);
        self.assert_whole(database, context);
    }

    /// Asserts that everything is there, once.
    #[track_caller]
    pub(crate) fn assert_whole(&self, database: &TestDatabase, context: &str) {
        let context = format!("{}: {context}", self.engine);
        assert_eq!(Content::of(database), self.undisturbed, "{context}");
        let history = History::of(database);
        assert_eq!((history.journal, history.dirty), (Vec::new(), None), "{context}");
        let applied: Vec<_> = history.log.iter().filter(|(_, outcome)| outcome == "applied").collect();
        assert_eq!(applied.len(), 4, "{context}: {:?}", history.log);
        assert!(!database.is_locked(), "{context}: the migration lock is still held");
    }
}

impl Content {
    fn of(database: &TestDatabase) -> Self {
        let mut rows = database.query("SELECT id, total FROM items ORDER BY id");
        rows.extend(
            database.query("SELECT revision, count(*) FROM facts GROUP BY revision ORDER BY revision"),
        );
        rows.extend(database.query("SELECT id, 0 FROM more ORDER BY id"));
        let History { ledger, digest, .. } = History::of(database);
        Self { schema: database.schema_dump(), rows, ledger, digest }
    }
}
