//! Backups for real: made before a run that deletes data, brought back by the command, and what keeps a run from
//! beginning because none can be made (REQUIREMENTS row 65). What counts as deleting data is in `destructive.rs`.

mod before;
mod broken;
mod command;
mod dressed;
mod exchange;
mod failure;
mod kill;
mod loaded;
mod names;
mod paths;
mod postgres;
mod record;
mod rust;
mod shared;
mod sqlite;

use std::fs;
use std::path::{Path, PathBuf};

use underpin_tests::database::Rows;
use underpin_tests::{Engine, Program, Project, TestDatabase};

/// A database with data in it that the next revision deletes, and where its backups go.
struct Shop {
    project: Project,
    database: TestDatabase,
}

impl Shop {
    /// The first revision and its rows, and the second, which deletes some of them and then fails.
    fn new(engine: Engine) -> Self {
        let shop = Self { project: Project::new(), database: TestDatabase::create(engine) };
        shop.project.revision("0001", &[], "begin", begin(engine), None);
        shop.upgrade().run().expect_success();
        shop.database.execute(ROWS);
        shop
    }

    /// Writes the revision that deletes a column; one that fails then has done so outside of any transaction.
    fn deleting(&self, fails: bool) {
        let sql = "ALTER TABLE orders DROP COLUMN note;\n";
        let failing = "INSERT INTO nowhere VALUES (1);\n";
        let (sql, header): (String, &[&str]) = match fails {
            true => (format!("{sql}{failing}"), &["destructive: reviewed", "transaction: off"]),
            false => (sql.to_owned(), &["destructive: reviewed"]),
        };
        self.project.revision_with("0002", &["0001"], "drop notes", header, &[("upgrade", &sql)]);
    }

    fn program(&self) -> Program {
        self.project.underpin_on(&self.database).env("UNDERPIN_BACKUP_DIRECTORY", self.directory())
    }

    fn upgrade(&self) -> Program {
        self.program().arg("upgrade")
    }

    fn directory(&self) -> PathBuf {
        self.project.path().join("kept")
    }

    /// The files in the directory of backups.
    fn files(&self) -> Vec<PathBuf> {
        let entries = fs::read_dir(self.directory()).into_iter().flatten().flatten();
        let mut files: Vec<_> = entries.map(|entry| entry.path()).collect();
        files.sort();
        files
    }

    /// Whether a backup is under way of which there is something already.
    fn is_begun(&self) -> bool {
        let places =
            self.files().into_iter().filter(|file| file.extension().is_some_and(|end| end == "part"));
        let files = places.flat_map(|place| fs::read_dir(place).into_iter().flatten().flatten());
        files.filter_map(|file| file.metadata().ok()).any(|file| file.len() > 0)
    }

    /// Every row of every table of ours, and the facts of the catalog.
    fn picture(&self) -> (Vec<Rows>, Vec<String>) {
        let tables = ["customers", "orders", "loose"];
        let rows = tables.map(|table| self.database.query(&format!("SELECT * FROM {table} ORDER BY 1")));
        let mut facts = self.database.catalog();
        // The history has its own tests, and remembers the backup.
        facts.retain(|fact| !fact.contains("underpin_"));
        (rows.to_vec(), facts)
    }

    /// That the revision that deletes data has not begun, and has left nothing.
    fn assert_untouched(&self, picture: &(Vec<Rows>, Vec<String>)) {
        assert_eq!(self.picture(), *picture);
        assert_eq!(self.database.value("SELECT count(*) FROM underpin_history"), "1");
        assert!(!self.database.is_locked());
        let left = self.files();
        assert!(left.is_empty(), "{left:?}");
    }
}

/// Text of several scripts, an empty one, none, and quotes.
const ROWS: &str = "\
    INSERT INTO customers (name) VALUES ('Zoë O''Hara'), ('山田'), ('');\
    INSERT INTO orders (id, customer, note) VALUES (1, 1, 'a;b -- c'), (2, 1, NULL), (3, 2, '\"x\" \\ y');\
    INSERT INTO loose (word) VALUES ('b'), ('a');";

fn begin(engine: Engine) -> &'static str {
    match engine {
        Engine::Sqlite => {
            "CREATE TABLE customers (id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL);\n\
             CREATE TABLE orders (id INTEGER PRIMARY KEY, customer INTEGER NOT NULL REFERENCES customers (id), note TEXT, \
             twice INTEGER GENERATED ALWAYS AS (id * 2) VIRTUAL);\n\
             CREATE TABLE loose (word TEXT);\n\
             CREATE INDEX orders_customer ON orders (customer);\n\
             CREATE VIEW busy AS SELECT name FROM customers WHERE id IN (SELECT customer FROM orders);\n\
             CREATE VIRTUAL TABLE search USING fts5(body);\n\
             INSERT INTO search (body) VALUES ('one two'), ('two three');\n\
             CREATE TRIGGER loud AFTER INSERT ON loose BEGIN UPDATE loose SET word = upper(word) WHERE word = new.word; END;"
        }
        Engine::Postgres => {
            "CREATE SCHEMA extra;\n\
             CREATE TYPE mood AS ENUM ('good', 'bad');\n\
             CREATE TABLE customers (id integer PRIMARY KEY GENERATED BY DEFAULT AS IDENTITY, name text NOT NULL, mood mood DEFAULT 'good');\n\
             CREATE TABLE orders (id serial PRIMARY KEY, customer integer NOT NULL REFERENCES customers (id), note text);\n\
             CREATE TABLE loose (word text);\n\
             CREATE TABLE extra.counts (n integer CHECK (n > 0));\n\
             CREATE INDEX orders_customer ON orders (customer) WHERE note IS NOT NULL;\n\
             CREATE FUNCTION loud() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW.word = upper(NEW.word); RETURN NEW; END $$;\n\
             CREATE TRIGGER loud BEFORE INSERT ON loose FOR EACH ROW EXECUTE FUNCTION loud();\n\
             CREATE VIEW busy AS SELECT name FROM customers WHERE id IN (SELECT customer FROM orders);\n\
             CREATE MATERIALIZED VIEW still AS SELECT count(*) AS n FROM customers;"
        }
        Engine::Mysql | Engine::Mariadb => {
            "CREATE TABLE customers (id integer PRIMARY KEY AUTO_INCREMENT, name varchar(100) NOT NULL);\n\
             CREATE TABLE orders (id integer PRIMARY KEY, customer integer NOT NULL, note text, \
             FOREIGN KEY (customer) REFERENCES customers (id));\n\
             CREATE TABLE loose (word varchar(20));\n\
             CREATE TRIGGER loud BEFORE INSERT ON loose FOR EACH ROW SET NEW.word = upper(NEW.word);\n\
             CREATE VIEW busy AS SELECT name FROM customers WHERE id IN (SELECT customer FROM orders);\n\
             CREATE PROCEDURE quiet() BEGIN SELECT 1; SELECT 2; END;"
        }
    }
}

/// A program of a name that is a script of the shell.
fn script(directory: &Path, name: &str, text: &str) {
    use std::os::unix::fs::PermissionsExt;
    fs::create_dir_all(directory).unwrap();
    let path = directory.join(name);
    fs::write(&path, format!("#!/bin/sh\n{text}\n")).unwrap();
    fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
}
