//! What stands on comparison: `diff` between any two places, generated revisions, `check` against a
//! `schema.sql`, drift, downgrades that are proven, baselines, and the scratch databases that all of it
//! needs. Whether a comparison itself is right is in the suite `comparison`.

use underpin_tests::{Engine, Output, Project, TestDatabase, on_every_engine};

/// A schema in an order that no server takes.
const SHOP: &str = "\
    CREATE VIEW big AS SELECT id, total FROM orders WHERE total > 100;\n\
    CREATE INDEX orders_by_customer ON orders (customer_id);\n\
    CREATE TABLE orders (\n  id INTEGER NOT NULL PRIMARY KEY,\n  customer_id INTEGER NOT NULL,\n  \
    total INTEGER NOT NULL DEFAULT 0,\n  \
    CONSTRAINT orders_customer FOREIGN KEY (customer_id) REFERENCES customers (id)\n);\n\
    CREATE TABLE customers (id INTEGER NOT NULL PRIMARY KEY, email VARCHAR(100) NOT NULL);\n";

struct Shop {
    project: Project,
    database: TestDatabase,
}

impl Shop {
    fn new(engine: Engine) -> Self {
        let shop = Self { project: Project::new(), database: TestDatabase::create(engine) };
        shop.schema(SHOP);
        shop
    }

    fn schema(&self, text: &str) {
        self.project.write("schema.sql", text);
    }

    fn run(&self, arguments: &[&str]) -> Output {
        self.project
            .underpin_on(&self.database)
            .env("UNDERPIN_SCHEMA_FILE", "schema.sql")
            .args(arguments)
            .run()
    }

    /// The text of the one file whose name has this in it.
    fn file(&self, part: &str) -> String {
        let files = std::fs::read_dir(self.project.migrations()).expect("a directory");
        let path = files
            .map(|file| file.expect("a file").path())
            .find(|path| path.to_string_lossy().contains(part))
            .unwrap_or_else(|| panic!("no file {part}"));
        std::fs::read_to_string(path).expect("a revision")
    }
}

/// No scratch database is left on a server.
fn assert_swept(database: &TestDatabase) {
    let sql = match database.engine() {
        Engine::Sqlite => return,
        Engine::Postgres => "SELECT datname FROM pg_database WHERE datname LIKE 'underpin_scratch_%'",
        Engine::Mysql | Engine::Mariadb => "SHOW DATABASES LIKE 'underpin_scratch_%'",
    };
    // Other suites may be at work on the same server: what is left over stays, theirs goes.
    for _ in 0..600 {
        if database.query(sql).is_empty() {
            return;
        }
        std::thread::sleep(std::time::Duration::from_millis(100));
    }
    panic!("scratch databases are left: {:?}", database.query(sql));
}

on_every_engine! {
    fn a_revision_is_generated_applied_and_found_to_be_what_was_wanted(engine) {
        let shop = Shop::new(engine);
        let generated = shop.run(&["generate", "the shop"]).expect_success();
        for part in ["create table", "customers", "create view", "Proven"] {
            assert!(generated.stderr.contains(part), "{part}: {generated}");
        }
        let text = shop.file("the_shop");
        assert!(text.find("customers").expect("customers") < text.find("big").expect("the view"), "{text}");
        assert!(shop.run(&["generate", "again"]).expect_success().stderr.contains("nothing"));
        shop.run(&["check"]).expect_code(1);
        shop.run(&["upgrade"]).expect_success();
        shop.run(&["check"]).expect_success();
        shop.run(&["verify"]).expect_success();
        let tested = shop.run(&["test"]).expect_success();
        assert!(tested.stdout.contains("proven") && tested.stderr.contains("up, down and up again"), "{tested}");
        let same = shop.run(&["diff", "--exit-code"]).expect_success();
        assert!(same.stdout.is_empty(), "{same}");
        for place in ["revisions", "rev:head", "db", "schema.sql"] {
            let same = shop.run(&["diff", "--from", place, "--to", "db", "--exit-code"]).expect_success();
            assert!(same.stdout.is_empty(), "{place}: {same}");
        }
        shop.run(&["downgrade", "base"]).expect_success();
        shop.run(&["diff", "--from", "db", "--to", "rev:base", "--exit-code"]).expect_success();
        assert_swept(&shop.database);
    }

    fn a_renamed_column_keeps_its_rows(engine) {
        let shop = Shop::new(engine);
        shop.run(&["generate", "the shop"]).expect_success();
        shop.run(&["upgrade"]).expect_success();
        shop.database.execute("INSERT INTO customers (id, email) VALUES (1, 'a@example.com')");
        shop.database.execute("INSERT INTO orders (id, customer_id, total) VALUES (1, 1, 7)");
        let renamed = SHOP.replace("  total INTEGER", "  -- renamed_from: total\n  amount INTEGER");
        shop.schema(&renamed.replace("id, total FROM orders WHERE total", "id, amount FROM orders WHERE amount"));
        let check = shop.run(&["check"]).expect_code(1);
        assert!(check.stdout.contains("amount: was total"), "{check}");
        let generated = shop.run(&["generate", "rename total"]).expect_success();
        assert!(generated.stderr.contains("breaks who reads it"), "{generated}");
        shop.run(&["upgrade"]).expect_success();
        assert_eq!(shop.database.value("SELECT amount FROM orders"), "7");
        shop.run(&["check"]).expect_success();
        shop.run(&["downgrade", "-1"]).expect_success();
        assert_eq!(shop.database.value("SELECT total FROM orders"), "7");
        shop.run(&["verify"]).expect_success();
    }

    fn drift_is_named(engine) {
        let shop = Shop::new(engine);
        shop.run(&["generate", "the shop"]).expect_success();
        shop.run(&["upgrade"]).expect_success();
        shop.database.execute("ALTER TABLE customers ADD COLUMN note VARCHAR(10)");
        let drift = shop.run(&["verify"]).expect_code(1);
        assert!(drift.stdout.contains("customers.note") && drift.stderr.contains("customers.note"), "{drift}");
        let start = |policy: &str| {
            shop.project
                .underpin_on(&shop.database)
                .env("UNDERPIN_VERIFY_ON_STARTUP", policy)
                .arg("startup")
                .run()
        };
        start("off").expect_success();
        let warned = start("warn").expect_success();
        assert!(warned.text().contains("customers.note"), "{warned}");
        assert!(start("fail").expect_code(1).text().contains("customers.note"));
        // The way back is what diff says.
        let pushed = shop.run(&["push", "--yes"]).expect_success();
        assert!(pushed.stdout.contains("drop column"), "{pushed}");
        shop.run(&["verify"]).expect_success();
    }

    fn push_is_refused_in_production(engine) {
        let shop = Shop::new(engine);
        let refused =
            shop.project.underpin_on(&shop.database).env("UNDERPIN_ENVIRONMENT", "production").arg("push").run();
        refused.expect_code(8);
        assert!(!shop.database.has_table("orders"));
    }

    fn a_downgrade_that_leaves_something_behind_is_found(engine) {
        let project = Project::new();
        let database = TestDatabase::create(engine);
        project.revision("0001", &[], "one", "CREATE TABLE a (i INTEGER);", Some("DROP TABLE a;"));
        let up = "CREATE TABLE b (i INTEGER);\nALTER TABLE a ADD COLUMN j INTEGER;";
        project.revision("0002", &["0001"], "two", up, Some("DROP TABLE b;"));
        let found = project.underpin_on(&database).arg("test").run();
        // Applied again, the column is there already, or the comparison says so.
        assert_ne!(found.code(), Some(0), "{found}");
        assert!(database.tables().is_empty(), "only a scratch database is touched");
        project.revision("0002", &["0001"], "two", up, Some("ALTER TABLE a DROP COLUMN j;"));
        let found = project.underpin_on(&database).arg("test").run();
        assert_ne!(found.code(), Some(0), "{found}");
    }

    fn a_baseline_brings_an_empty_database_to_the_same_schema(engine) {
        let old = Shop::new(engine);
        for statement in SHOP.split(";\n").collect::<Vec<_>>().iter().rev().filter(|sql| !sql.is_empty()) {
            old.database.execute(statement);
        }
        let baseline = old.run(&["baseline", "-m", "baseline"]).expect_success();
        assert!(baseline.stderr.contains("Stamped"), "{baseline}");
        old.run(&["upgrade"]).expect_success();
        old.run(&["verify"]).expect_success();
        let fresh = TestDatabase::create(engine);
        old.project.underpin_on(&fresh).arg("upgrade").run().expect_success();
        let (one, other) = (old.database.url(), fresh.url());
        let same = old.project.underpin().args(["diff", "--from", &one, "--to", &other, "--exit-code"]).run();
        assert!(same.expect_success().stdout.is_empty());
        let again = old.run(&["baseline"]).expect_code(8);
        assert!(again.stderr.contains("already"), "{again}");
    }

    fn the_revision_of_a_database_without_a_history_is_detected(engine) {
        let project = Project::new();
        let database = TestDatabase::create(engine);
        project.revision("0001", &[], "one", "CREATE TABLE a (i INTEGER);", None);
        project.revision("0002", &["0001"], "two", "CREATE TABLE b (i INTEGER);", None);
        project.revision("0003", &["0002"], "three", "CREATE TABLE c (i INTEGER);", None);
        database.execute("CREATE TABLE a (i INTEGER)");
        database.execute("CREATE TABLE b (i INTEGER)");
        project.underpin_on(&database).args(["stamp", "--detect"]).run().expect_success();
        assert!(project.underpin_on(&database).arg("current").run().stdout.starts_with("0002"));
        project.underpin_on(&database).arg("upgrade").run().expect_success();
        database.execute("DROP TABLE b");
        let other = project.underpin_on(&database).args(["stamp", "--detect"]).run().expect_code(1);
        assert!(other.stderr.contains("drop table") && other.stderr.contains("0003"), "{other}");
    }

    fn what_the_server_does_not_take_is_told_with_its_place(engine) {
        let shop = Shop::new(engine);
        shop.schema("CREATE TABLE a (i INTEGER);\n\nCREATE INDEX i ON nowhere (i);\n");
        let refused = shop.run(&["diff"]).expect_code(2);
        assert!(refused.stderr.contains("schema.sql:3:1"), "{refused}");
        assert_swept(&shop.database);
    }

    fn several_revisions_become_one_and_nobody_notices(engine) {
        let project = Project::new();
        let (whole, part) = (TestDatabase::create(engine), TestDatabase::create(engine));
        let down = |table: &str| format!("DROP TABLE {table};");
        project.revision("0001", &[], "one", "CREATE TABLE a (i INTEGER);", Some(&down("a")));
        let two = "CREATE TABLE b (i INTEGER);\nINSERT INTO b (i) VALUES (1);";
        project.revision("0002", &["0001"], "two", two, Some(&down("b")));
        project.revision("0003", &["0002"], "three", "CREATE TABLE c (i INTEGER);", Some(&down("c")));
        project.revision("0004", &["0003"], "four", "CREATE TABLE d (i INTEGER);", Some(&down("d")));
        project.underpin_on(&whole).args(["upgrade", "0003"]).run().expect_success();
        project.underpin_on(&part).args(["upgrade", "0001"]).run().expect_success();
        project.underpin().args(["squash", "base:0003", "-m", "the beginning", "--yes"]).run().expect_success();
        let status = project.underpin_on(&whole).args(["status", "--json"]).run().expect_success();
        assert!(status.stdout.contains("\"current\":[\"0003\"]") && status.stdout.contains("\"pending\":[\"0004\"]"), "{status}");
        let refused = project.underpin_on(&part).arg("upgrade").run().expect_code(7);
        assert!(refused.stderr.contains("0003 replaces 0001"), "{refused}");
        project.underpin_on(&whole).arg("upgrade").run().expect_success();
        assert_eq!(whole.value("SELECT count(*) FROM b"), "1", "nothing is run a second time");
        assert_eq!(underpin_tests::History::of(&whole).applied(), vec!["0003", "0004"]);
        let fresh = TestDatabase::create(engine);
        project.underpin_on(&fresh).arg("upgrade").run().expect_success();
        assert_eq!(fresh.value("SELECT count(*) FROM b"), "1");
        assert_eq!(fresh.tables(), whole.tables());
        project.underpin_on(&whole).args(["downgrade", "base"]).run().expect_success();
        assert!(!whole.has_table("a") && !whole.has_table("d"));
    }

    fn what_a_killed_program_leaves_is_dropped_by_the_next(engine) {
        let wait = match engine {
            Engine::Sqlite => return,
            Engine::Postgres => "SELECT pg_sleep(5);",
            Engine::Mysql | Engine::Mariadb => "DO SLEEP(5);",
        };
        let project = Project::new();
        let database = TestDatabase::create(engine);
        project.revision("0001", &[], "slow", wait, None);
        let mut running = project.underpin_on(&database).arg("test").spawn();
        let sql = match engine {
            Engine::Sqlite | Engine::Postgres => "SELECT datname FROM pg_database WHERE datname LIKE 'underpin_scratch_%'",
            Engine::Mysql | Engine::Mariadb => "SHOW DATABASES LIKE 'underpin_scratch_%'",
        };
        assert!(running.wait_until(|_| !database.query(sql).is_empty()), "no scratch database was made");
        let left: Vec<_> = database.query(sql);
        running.kill();
        project.write("schema.sql", "CREATE TABLE a (i INTEGER);");
        let gone = (0..60).any(|_| {
            project.underpin_on(&database).args(["diff", "--from", "rev:base", "--to", "schema.sql"]).run().expect_success();
            std::thread::sleep(std::time::Duration::from_millis(200));
            let now = database.query(sql);
            left.iter().all(|name| !now.contains(name))
        });
        assert!(gone, "{left:?} is still there");
    }
}
