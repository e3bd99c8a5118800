//! Every operation of the reference page on real servers: what was planned is what runs, what it changes is
//! what was reviewed (`effects/`, written anew with `UNDERPIN_UPDATE_DOCS=1`), and its reverse leads back.

mod board;
#[path = "../../../crates/underpin-core/tests/operations/examples.rs"]
#[allow(dead_code, reason = "the page of the reference needs more of it")]
mod examples;

use std::{
    fmt::Write as _,
    fs,
    path::Path,
    sync::{Arc, Mutex},
    time::Duration,
};

use underpin::{
    Database, Event, Migrator, SafeUrl, Scope, ScratchServer,
    core::{
        diagnostic::Diagnostic,
        dialect::Dialect,
        difference::{Renames, Statement, compare},
        operation::{Known, Reverse, WrittenOperation},
        revision::Target,
        schema::{ObjectId, Schema, Table},
    },
};
use underpin_tests::{Engine, TestDatabase, on_every_engine};

use board::Entry;
use examples::Example;

#[allow(deprecated, reason = "one of the two heads is run")]
static MIGRATIONS: underpin::Embedded = underpin::embed!("performed");

const PATIENCE: Duration = Duration::from_secs(20);

/// Rows that a table which is made anew has to keep, and that none of the examples has anything against.
pub(crate) const ROWS: &str = "INSERT INTO customers (email, name) VALUES \
    ('ada@example.com', 'Ada'), ('mel@example.com', NULL);\n\
    INSERT INTO orders (customer_id, parent_id, total, status, note, paid_on) VALUES \
    (1, NULL, 10.5, 'open', '7', NULL), (2, 1, 20, 'done', '12', '2026-11-01');\n\
    INSERT INTO visits (page, seen_at) VALUES ('/orders', '2026-11-01 10:00:00');";

fn wait<T>(work: impl Future<Output = T>) -> T {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    runtime.block_on(work)
}

/// A database in which examples are tried, with what they change.
struct Stage {
    database: TestDatabase,
    migrator: Migrator,
    sent: Arc<Mutex<Vec<String>>>,
    before: Schema,
    rows: Option<Vec<String>>,
}

impl Stage {
    fn new(engine: Engine) -> Self {
        let database = TestDatabase::create(engine);
        let sent = Arc::new(Mutex::new(Vec::new()));
        let told = Arc::clone(&sent);
        let observer = move |event: &Event| {
            if let Event::Statement { sql, .. } = event {
                told.lock().expect("nobody panicked").push(sql.clone());
            }
        };
        let migrator = Migrator::builder().url(database.url()).migrations(&MIGRATIONS);
        let migrator = wait(migrator.observer(Arc::new(observer)).build()).expect("a migrator");
        let migrator = migrator.allowing_destructive().without_backups();
        wait(migrator.upgrade(target("0001"))).expect("what the examples change");
        let mut stage = Self { before: schema(&database), database, migrator, sent, rows: None };
        stage.rows = stage.rows();
        assert!(stage.rows.is_some(), "every table can be read");
        stage
    }

    /// Does an example and takes it back; what that changed, or why it can't be.
    fn try_example(&mut self, example: &Example, in_scratch: bool) -> String {
        let written = match example.operation.write(Known::Schema(&self.before)) {
            Ok(written) => written,
            Err(refused) => {
                self.write_on_board(example, None);
                let error = wait(self.migrator.upgrade(target("inside"))).expect_err(example.title);
                assert!(error.message.contains(&refused.message), "{}: {error}", example.title);
                return format!("  refused: {}\n", refused.message);
            }
        };
        let back = back(&written);
        self.write_on_board(example, back.clone());
        let revision = revision(&written);
        if in_scratch && example.operation.needs_schema(self.before.flavour) {
            assert_eq!(self.planned(revision), texts(&written.statements), "{} in scratch", example.title);
        }
        self.sent.lock().expect("nobody panicked").clear();
        if let Err(error) = wait(self.migrator.upgrade(target(revision))) {
            return format!("  fails: {}\n", failure(&error));
        }
        let sent = self.sent.lock().expect("nobody panicked").clone();
        assert_eq!(sent, texts(&written.statements), "what {} sends", example.title);
        let mut text = self.changes();
        let is_back = back.is_some() && self.go_back();
        if !is_back {
            let left = if back.is_some() { self.differences() } else { Vec::new() };
            assert_eq!(left, Vec::<String>::new(), "{} is not taken back", example.title);
            text.push_str(if back.is_some() { "  back without its rows\n" } else { "  no way back\n" });
            *self = Self::new(self.database.engine());
        }
        text
    }

    fn write_on_board(&self, example: &Example, back: Option<Vec<String>>) {
        let entry = Entry { operation: example.operation.clone(), back: back.unwrap_or_default() };
        board::write(self.before.flavour, entry);
    }

    /// The statements of a plan that asks a scratch database.
    fn planned(&self, revision: &str) -> Vec<String> {
        let server = ScratchServer::of(place(&self.database)).patience(PATIENCE);
        let planned = wait(async {
            let planned = self.migrator.plan(target(revision)).await?;
            self.migrator.foretell(&server, planned).await
        });
        let planned = planned.expect("a plan");
        planned.plan().steps[0].statements.iter().map(|statement| statement.text.clone()).collect()
    }

    /// Takes the example back. Whether the rows are what they were; that the schema is, the next example shows, which
    /// finds the difference of both otherwise.
    fn go_back(&self) -> bool {
        wait(self.migrator.downgrade(target("0001"))).expect("the way back");
        self.rows() == self.rows
    }

    /// What of the schema is otherwise than before.
    fn differences(&self) -> Vec<String> {
        compare(&self.before, &schema(&self.database), &Renames::NONE).summary()
    }

    /// What is otherwise than before.
    fn changes(&self) -> String {
        let changes = self.differences();
        let mut text = String::new();
        for change in changes {
            let _ = writeln!(text, "  {change}");
        }
        match text.is_empty() {
            true if self.rows() != self.rows => "  rows\n".to_owned(),
            true => "  nothing\n".to_owned(),
            false => text,
        }
    }

    /// The rows of every table, whatever the order of its columns; nothing where one of them is gone. One query,
    /// because each is a connection of its own.
    fn rows(&self) -> Option<Vec<String>> {
        let most = self.before.tables().map(|(_, table)| table.columns.len()).max().unwrap_or_default();
        let text = if self.before.flavour.dialect() == Dialect::Mysql { "char" } else { "text" };
        let of_table = |(id, table): (&ObjectId, &Table)| {
            let columns = table.columns.iter().map(|column| format!("CAST({} AS {text})", column.name));
            let columns: Vec<String> =
                columns.chain(std::iter::repeat("NULL".to_owned())).take(most).collect();
            let namespace = id.schema.as_ref().map(|schema| format!("{schema}.")).unwrap_or_default();
            format!("SELECT '{}', {} FROM {namespace}{}", id.name, columns.join(", "), id.name)
        };
        let query: Vec<String> = self.before.tables().map(of_table).collect();
        let rows = self.database.try_query(&query.join(" UNION ALL ")).ok()?;
        let mut rows: Vec<String> = rows.into_iter().map(|row| format!("{row:?}")).collect();
        rows.sort();
        Some(rows)
    }
}

fn target(name: &str) -> Target {
    name.parse().expect("a target")
}

fn place(database: &TestDatabase) -> Database {
    Database::url(database.url().parse::<SafeUrl>().expect("a URL"))
}

fn schema(database: &TestDatabase) -> Schema {
    let scope = Scope::default().exclude("underpin_*").short_names();
    wait(place(database).inspect(&scope, PATIENCE)).expect("a schema")
}

fn texts(statements: &[Statement]) -> Vec<String> {
    statements.iter().map(|statement| statement.sql.clone()).collect()
}

/// What the server has against it, in its words.
fn failure(error: &Diagnostic) -> String {
    let label = error.place.as_ref().and_then(|place| place.label.clone()).unwrap_or_default();
    label.lines().next().unwrap_or_default().to_owned()
}

/// The statements that take it back, if there are such.
fn back(written: &WrittenOperation) -> Option<Vec<String>> {
    match &written.reverse {
        Reverse::Statements(back) => Some(texts(back)),
        Reverse::Irreversible(_) => None,
    }
}

/// Where it can run.
fn revision(written: &WrittenOperation) -> &'static str {
    let back = match &written.reverse {
        Reverse::Statements(back) => back.as_slice(),
        Reverse::Irreversible(_) => &[],
    };
    let fits = written.statements.iter().chain(back).all(|statement| statement.in_transaction);
    if fits { "inside" } else { "outside" }
}

/// The examples of some chapters, which are all that are in a file of `effects`.
fn perform(engine: Engine, part: &str, headings: &[&str]) {
    let mut stage = Stage::new(engine);
    let mut text = String::new();
    for chapter in examples::chapters().into_iter().filter(|chapter| headings.contains(&chapter.heading)) {
        let _ = writeln!(text, "# {}", chapter.heading);
        for (at, example) in chapter.examples.iter().enumerate() {
            // A database for each plan takes a server its time; what it is asked is the same for all.
            let in_scratch = !engine.is_server() || at % 8 == 0;
            let _ = write!(text, "\n{}\n{}", example.title, stage.try_example(example, in_scratch));
        }
        text.push('\n');
    }
    assert_eq!(stage.differences(), Vec::<String>::new(), "the last one is not taken back");
    let kept = format!("tests/performed/effects/{part} on {engine}.txt");
    let kept = Path::new(env!("CARGO_MANIFEST_DIR")).join(kept);
    if std::env::var_os("UNDERPIN_UPDATE_DOCS").is_some() {
        fs::write(&kept, &text).expect("a file that is written");
    }
    assert_eq!(fs::read_to_string(&kept).unwrap_or_default(), text, "{}", kept.display());
}

const TABLES: [&str; 1] = ["Tables"];
const COLUMNS: [&str; 1] = ["Columns"];
const KEYS: [&str; 2] = ["Indexes", "Constraints"];
const OBJECTS: [&str; 6] =
    ["Enums", "Sequences", "Views", "Functions and triggers", "Rows and statements", "Batches"];
const NAMESPACES: [&str; 1] = ["In a schema of PostgreSQL"];

on_every_engine! {
    fn operations_on_tables_do_what_was_reviewed_and_are_taken_back(engine) {
        perform(engine, "tables", &TABLES);
    }

    fn operations_on_columns_do_what_was_reviewed_and_are_taken_back(engine) {
        perform(engine, "columns", &COLUMNS);
    }

    fn operations_on_keys_do_what_was_reviewed_and_are_taken_back(engine) {
        perform(engine, "keys", &KEYS);
    }

    fn operations_on_everything_else_do_what_was_reviewed_and_are_taken_back(engine) {
        perform(engine, "objects", &OBJECTS);
    }

    fn operations_in_a_namespace_do_what_was_reviewed_and_are_taken_back(engine) {
        perform(engine, "namespaces", &NAMESPACES);
    }
}

#[test]
fn no_chapter_is_left_out() {
    let known = [&TABLES[..], &COLUMNS, &KEYS, &OBJECTS, &NAMESPACES].concat();
    let headings: Vec<&str> = examples::chapters().iter().map(|chapter| chapter.heading).collect();
    assert_eq!(headings, known);
}
