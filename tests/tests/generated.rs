//! What `generate --rust` writes for all four engines at once: operations, compiled into this test from
//! `tests/generated` and run. That the files are what is generated is a test as well, which writes them anew
//! with `UNDERPIN_UPDATE_DOCS=1`.
#![allow(dead_code, reason = "nobody reads what is only described")]

use std::{fs, path::Path, time::Duration};

use underpin::{
    Database, Enum, Migrator, Models, NewRevision, SafeUrl, SchemaSource, Scope, ScratchServer, Table,
    core::{
        difference::{Renames, compare},
        revision::Language,
        schema::Schema,
    },
    models,
};
use underpin_tests::{Engine, Project, TestDatabase, on_every_engine};

static MIGRATIONS: underpin::Embedded = underpin::embed!("generated");

const PATIENCE: Duration = Duration::from_secs(20);

/// What there is first, and what is there later.
mod first {
    use super::{Enum, Table};

    #[derive(Enum)]
    pub(super) enum Status {
        Open,
        Sent,
    }

    #[derive(Table)]
    #[table(name = "customers", comment = "who buys")]
    pub(super) struct Customer {
        #[column(primary_key, auto_increment)]
        pub(super) id: i64,
        #[column(type = varchar(200), unique)]
        pub(super) email: String,
        #[column(default = true)]
        pub(super) is_active: bool,
        pub(super) name: Option<String>,
    }

    #[derive(Table)]
    #[table(name = "orders", index(columns(customer_id)), check(name = "orders_count", "count > 0"))]
    pub(super) struct Order {
        #[column(primary_key, auto_increment)]
        pub(super) id: i64,
        #[column(references = Customer::id, on_delete = cascade)]
        pub(super) customer_id: i64,
        #[column(default = 1)]
        pub(super) count: i32,
        #[column(default = Status::Open)]
        pub(super) status: Status,
        #[column(type = text)]
        pub(super) note: Option<String>,
    }
}

mod second {
    use super::{Table, first::Status};

    #[derive(Table)]
    #[table(name = "customers", comment = "who buys")]
    pub(super) struct Customer {
        #[column(primary_key, auto_increment)]
        pub(super) id: i64,
        #[column(type = varchar(200), unique)]
        pub(super) email: String,
        #[column(default = true)]
        pub(super) is_active: bool,
        #[column(default = "'nobody'")]
        pub(super) name: String,
    }

    #[derive(Table)]
    #[table(name = "orders", index(columns(customer_id)), check(name = "orders_count", "count > 0"))]
    pub(super) struct Order {
        #[column(primary_key, auto_increment)]
        pub(super) id: i64,
        #[column(references = Customer::id, on_delete = cascade)]
        pub(super) customer_id: i64,
        #[column(default = 1)]
        pub(super) count: i32,
        #[column(default = Status::Open)]
        pub(super) status: Status,
        #[column(type = varchar(40))]
        pub(super) reference: Option<String>,
    }
}

fn wait<T>(work: impl Future<Output = T>) -> T {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    runtime.block_on(work)
}

fn place(database: &TestDatabase) -> Database {
    Database::url(database.url().parse::<SafeUrl>().expect("a URL"))
}

fn inspected(database: &TestDatabase) -> Schema {
    let scope = Scope::default().exclude("underpin_*");
    wait(place(database).inspect(&scope, PATIENCE)).expect("a schema")
}

fn steps() -> [(&'static str, Models); 2] {
    [("0001", models![first::Customer, first::Order]), ("0002", models![second::Customer, second::Order])]
}

/// A file without the time at which it was made.
fn timeless(text: &str) -> String {
    text.lines().filter(|line| !line.starts_with("//! created:")).map(|line| format!("{line}\n")).collect()
}

#[test]
fn the_files_are_what_is_generated() {
    let engines = [Engine::Sqlite, Engine::Postgres, Engine::Mysql, Engine::Mariadb];
    let databases: Vec<TestDatabase> = engines.into_iter().map(TestDatabase::create).collect();
    let servers: Vec<ScratchServer> =
        databases.iter().map(|database| ScratchServer::of(place(database)).patience(PATIENCE)).collect();
    let project = Project::new();
    let kept = Path::new(env!("CARGO_MANIFEST_DIR")).join("generated");
    for (id, models) in steps() {
        let migrator = Migrator::builder().url(databases[0].url()).directory(project.migrations());
        let migrator = wait(migrator.online(false).build()).expect("a migrator");
        let scope = Scope::default().short_names();
        let generated = wait(async {
            let wanted = SchemaSource::desired(models);
            let generated = migrator.generate(&wanted, &[], &servers, &scope).await?;
            migrator.write_operations(generated, &[], &servers, &scope).await
        });
        let revision = NewRevision::new("as generated").id(id).language(Language::Rust);
        let generated = generated.expect("a revision");
        let [revision] = &generated.fill(revision)[..] else { panic!("not one revision") };
        let written = revision.write(&project.migrations()).expect("a file");
        let text = timeless(&fs::read_to_string(&written.path).expect("the file"));
        let kept = kept.join(written.path.file_name().expect("a name"));
        if std::env::var_os("UNDERPIN_UPDATE_DOCS").is_some() {
            fs::write(&kept, &text).expect("a file that is written");
        }
        assert_eq!(fs::read_to_string(&kept).unwrap_or_default(), text, "{}", kept.display());
        assert!(!text.contains("Sql::new"), "operations say all of it: {text}");
        // What comes next begins behind this one, which is here as SQL: nothing compiles a file on the way.
        fs::remove_file(&written.path).expect("a file that goes");
        generated.fill(NewRevision::new("as generated").id(id))[0]
            .write(&project.migrations())
            .expect("a file");
    }
}

/// Tables in use get a column that is never null, a foreign key, an index and a view.
const IN_USE: &str = "CREATE TABLE customers (id INT NOT NULL PRIMARY KEY);\n\
    CREATE TABLE orders (id INT NOT NULL PRIMARY KEY, customer_id INT, total INT);";
const WANTED: &str = "CREATE TABLE customers (id INT NOT NULL PRIMARY KEY);\n\
    CREATE TABLE orders (id INT NOT NULL PRIMARY KEY, customer_id INT, total INT, note VARCHAR(20),\n\
    CONSTRAINT orders_customer FOREIGN KEY (customer_id) REFERENCES customers (id));\n\
    CREATE INDEX orders_total ON orders (total);\n\
    CREATE VIEW dear AS SELECT id FROM orders WHERE total > 10;";

/// The files of `generate --rust`, by what their stage is called.
fn generated(engine: Engine, flags: &[&str]) -> Vec<(String, String)> {
    let database = TestDatabase::create(engine);
    let project = Project::new();
    project.revision("0001", &[], "tables", IN_USE, None);
    project.write("wanted.sql", WANTED);
    let arguments = ["generate", "--rust", "--to", "wanted.sql", "more"];
    project.underpin_on(&database).args(arguments).args(flags).run().expect_success();
    let mut files: Vec<(String, String)> = fs::read_dir(project.migrations())
        .expect("a directory")
        .map(|entry| entry.expect("a file").path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "rs"))
        .map(|path| fs::read_to_string(path).expect("a text"))
        .map(|text| {
            let message = text.lines().find_map(|line| line.strip_prefix("//! message: "));
            (message.expect("a message").to_owned(), text)
        })
        .collect();
    files.sort();
    files
}

on_every_engine! {
    fn stages_are_written_in_rust_and_stay_sql_where_no_operation_does_the_same(engine) {
        let files = generated(engine, &[]);
        let names: Vec<&str> = files.iter().map(|(name, _)| name.as_str()).collect();
        let text = |name: &str| &files.iter().find(|(known, _)| known == name).expect("this stage").1;
        let says = |name: &str, parts: &[&str]| {
            for part in parts {
                assert!(text(name).contains(part), "{engine}, {name}: no {part} in\n{}", text(name));
            }
        };
        // A view is no operation that `generate` writes.
        says("more", &["op.execute(Sql::new(r#\"", "CREATE VIEW"]);
        let validate = "more: validate constraints";
        match engine {
            Engine::Sqlite => assert_eq!(names, ["more"]),
            Engine::Postgres => {
                assert_eq!(names, ["more", "more: build indexes", validate]);
                let concurrently = ".create_index(Index::on(\"orders\", [\"total\"]).name(\"orders_total\").concurrently())";
                says("more: build indexes", &["//! transaction: off", concurrently]);
                says(validate, &["VALIDATE CONSTRAINT \"orders_customer\""]);
            }
            Engine::Mysql | Engine::Mariadb => {
                assert_eq!(names, ["more", validate]);
                says("more", &[", LOCK=NONE"]);
                // The server never looks at the rows that were there: what does is no part of any schema.
                says(validate, &["rows of orders that refer to no row of customers"]);
            }
        }
    }

    fn without_stages_it_is_one_revision_of_operations_and_a_view(engine) {
        let files = generated(engine, &["--no-online"]);
        let [(name, text)] = &files[..] else { panic!("{engine}: {files:?}") };
        assert_eq!(name, "more");
        assert!(text.contains("CREATE VIEW"), "{engine}: {text}");
    }

    fn what_was_generated_makes_what_is_wanted_and_takes_it_back(engine) {
        let database = TestDatabase::create(engine);
        let migrator = wait(Migrator::builder().url(database.url()).migrations(&MIGRATIONS).build());
        let migrator = migrator.expect("a migrator");
        let migrator = migrator.allowing_destructive().without_backups();
        let empty = inspected(&database);
        let mut reached = Vec::new();
        for (id, models) in steps() {
            wait(migrator.upgrade_to(vec![id.parse().expect("a target")])).expect("an upgrade");
            let wanted = TestDatabase::create(engine);
            for statement in models.statements(empty.flavour).expect("statements") {
                wanted.execute(&statement);
            }
            let left = compare(&inspected(&database), &inspected(&wanted), &Renames::NONE);
            assert_eq!(left.summary(), Vec::<String>::new(), "{engine} at {id}");
            reached.push(inspected(&database));
        }
        wait(migrator.downgrade("0001".parse().expect("a target"))).expect("a downgrade");
        let left = compare(&inspected(&database), &reached[0], &Renames::NONE);
        assert_eq!(left.summary(), Vec::<String>::new(), "{engine} back at 0001");
        wait(migrator.downgrade("base".parse().expect("a target"))).expect("a downgrade");
        assert_eq!(compare(&inspected(&database), &empty, &Renames::NONE).summary(), Vec::<String>::new());
    }
}
