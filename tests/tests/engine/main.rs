//! The engine through its Rust interface, on every engine: upgrade, downgrade, failure, resumption,
//! limits. What only a process can show (kills, races, exit codes) is in the other suites.

mod concurrently;
mod dirty;
mod failure;
mod hook;
mod lasting;
mod limits;
mod missing;
mod obstacle;
mod offline;
mod pool;
mod resume;
mod together;
mod upgrade;
mod working;

use underpin::{Migrator, RunReport, Target};
use underpin_tests::{Engine, Project, TestDatabase};

/// Runs a check with a runtime, a database and a project of its own on every engine at hand.
fn on_every_engine(check: impl AsyncFn(Bench)) {
    for engine in Engine::available() {
        on(engine, &check);
    }
}

fn on(engine: Engine, check: impl AsyncFn(Bench)) {
    let bench = Bench { engine, database: TestDatabase::create(engine), project: Project::new() };
    runtime().block_on(check(bench));
}

fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().expect("a runtime")
}

/// What a test works with.
struct Bench {
    engine: Engine,
    database: TestDatabase,
    project: Project,
}

impl Bench {
    /// A migrator on the revisions as they are in the project now.
    async fn migrator(&self) -> Migrator {
        Migrator::builder()
            .url(self.database.url())
            .directory(self.project.migrations())
            .build()
            .await
            .expect("a migrator")
    }

    async fn upgrade(&self, target: &str) -> Result<RunReport, underpin::Error> {
        self.migrator().await.upgrade(parse(target)).await
    }

    async fn downgrade(&self, target: &str) -> Result<RunReport, underpin::Error> {
        self.migrator().await.downgrade(parse(target)).await
    }

    async fn current(&self) -> Vec<String> {
        let current = self.migrator().await.current().await.expect("the current revision");
        current.into_iter().map(String::from).collect()
    }

    /// Three revisions with data in them.
    fn three_revisions(&self) {
        self.project.revision(
            "0001",
            &[],
            "create customers",
            "CREATE TABLE customers (id INTEGER NOT NULL PRIMARY KEY, name VARCHAR(100) NOT NULL);\n\
             INSERT INTO customers (id, name) VALUES (1, 'Ada; Lovelace'), (2, 'it''s Bob');",
            Some("DROP TABLE customers;"),
        );
        self.project.revision(
            "0002",
            &["0001"],
            "add orders",
            "CREATE TABLE orders (id INTEGER NOT NULL PRIMARY KEY, customer_id INTEGER NOT NULL);\n\
             CREATE INDEX orders_customer ON orders (customer_id); -- found by customer\n\
             INSERT INTO orders (id, customer_id) SELECT id, id FROM customers",
            Some("DROP TABLE orders;"),
        );
        self.project.revision(
            "0003",
            &["0002"],
            "add a note",
            "ALTER TABLE orders ADD COLUMN note VARCHAR(100);\nUPDATE orders SET note = 'none';",
            Some("ALTER TABLE orders DROP COLUMN note;"),
        );
    }
}

fn parse(target: &str) -> Target {
    target.parse().expect("a target")
}
