//! Models on every engine: the server takes them, what it then holds is what they say, and sqlx reads rows
//! into the very same structs. What each attribute is written as is tested where it is written.

mod create;
mod entities;
mod naming;
mod row;
mod shop;

use std::time::Duration;

use underpin::{
    Database, Models, SafeUrl, SchemaSource, Scope, ScratchServer,
    core::{
        dialect::Flavour,
        difference::{Renames, compare},
        schema::{ConstraintKind, ObjectId, Schema, Table},
    },
};
use underpin_tests::{Engine, TestDatabase, on_every_engine};

/// How long a server is tried.
const PATIENCE: Duration = Duration::from_secs(20);

fn wait<T>(work: impl Future<Output = T>) -> T {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    runtime.block_on(work)
}

fn flavour(engine: Engine) -> Flavour {
    match engine {
        Engine::Sqlite => Flavour::Sqlite,
        Engine::Postgres => Flavour::Postgres,
        Engine::Mysql => Flavour::Mysql,
        Engine::Mariadb => Flavour::Mariadb,
    }
}

fn place(database: &TestDatabase) -> Database {
    Database::url(database.url().parse::<SafeUrl>().expect("a URL"))
}

/// A database in which these models are.
fn made(engine: Engine, models: &Models) -> TestDatabase {
    let database = TestDatabase::create(engine);
    for statement in models.statements(flavour(engine)).expect("statements") {
        database.execute(&statement);
    }
    database
}

fn inspected(database: &TestDatabase) -> Schema {
    wait(place(database).inspect(&Scope::default(), PATIENCE)).expect("a schema")
}

/// The table of this name, with its id.
fn table<'a>(schema: &'a Schema, name: &str) -> (&'a ObjectId, &'a Table) {
    schema.tables().find(|(id, _)| id.name == name).unwrap_or_else(|| panic!("no table {name}"))
}

/// The names of a table's constraints and indexes, but for the primary key's.
fn names(table: &Table) -> Vec<&str> {
    let constraints = table
        .constraints
        .iter()
        .filter(|constraint| !matches!(constraint.kind, ConstraintKind::PrimaryKey { .. }))
        .filter(|constraint| !matches!(constraint.kind, ConstraintKind::NotNull { .. }))
        .filter_map(|constraint| constraint.name.as_deref());
    let mut names: Vec<&str> =
        constraints.chain(table.indexes.iter().map(|index| index.name.as_str())).collect();
    names.sort_unstable();
    names
}

on_every_engine! {
    fn a_database_of_models_is_what_the_models_say(engine) {
        let models = shop::models();
        let database = made(engine, &models);
        let schema = inspected(&database);
        for model in models.tables() {
            let (_, table) = table(&schema, &model.name.name);
            let columns: Vec<_> = table.columns.iter().map(|column| (&*column.name, column.nullable)).collect();
            let is_key = |name: &String| engine == Engine::Sqlite && model.primary_key.columns == [name.as_str()];
            let wanted: Vec<_> = model
                .columns
                .iter()
                .map(|column| (&*column.name, column.nullable))
                .collect();
            for ((name, nullable), (wanted_name, wanted_nullable)) in columns.iter().zip(&wanted) {
                assert_eq!(name, wanted_name);
                assert!(nullable == wanted_nullable || is_key(&(*name).to_owned()), "{name}");
            }
            assert_eq!(columns.len(), wanted.len(), "{}", model.name);
        }
        let (_, orders) = table(&schema, "orders");
        let mut expected = vec![
            "orders_customer_id_fkey",
            "orders_customer_id_placed_at_idx",
            "orders_follows_fkey",
            "orders_number_key",
            "total_positive",
        ];
        match engine {
            Engine::Sqlite => expected.extend(["orders_follows_idx", "orders_open_idx", "orders_status_check"]),
            Engine::Postgres => expected.extend(["orders_follows_idx", "orders_open_idx"]),
            Engine::Mysql | Engine::Mariadb => expected.push("orders_follows_idx"),
        }
        expected.sort_unstable();
        assert_eq!(names(orders), expected);
    }

    fn models_and_a_database_of_them_do_not_differ(engine) {
        let models = shop::models();
        let database = made(engine, &models);
        let difference = wait(async {
            let server = ScratchServer::of(place(&database)).patience(PATIENCE);
            let (from, to) = (SchemaSource::live(place(&database)), SchemaSource::desired(models));
            from.difference(&to, &server, &Scope::default()).await
        });
        let difference = difference.expect("a difference");
        assert!(difference.is_empty(), "{:?}", difference.statements());
    }

    fn models_can_be_written_from_the_database_again(engine) {
        let first = made(engine, &shop::models());
        let schema = inspected(&first);
        let second = TestDatabase::create(engine);
        let empty = inspected(&second);
        let difference = compare(&empty, &schema, &Renames::NONE);
        for statement in difference.statements().expect("statements") {
            second.execute(&statement.sql);
        }
        let difference = compare(&inspected(&second), &schema, &Renames::NONE);
        assert!(difference.is_empty(), "{:?}", difference.statements());
    }

    fn a_rename_keeps_the_rows_and_what_follows_from_the_name(engine) {
        let database = made(engine, &shop::before());
        database.execute("INSERT INTO clients (id, mail) VALUES (7, 'ada@example.com')");
        let difference = wait(async {
            let server = ScratchServer::of(place(&database)).patience(PATIENCE);
            let (from, to) = (SchemaSource::live(place(&database)), SchemaSource::desired(shop::after()));
            from.difference(&to, &server, &Scope::default()).await
        });
        let statements = difference.and_then(|difference| difference.statements()).expect("statements");
        for statement in &statements {
            database.execute(&statement.sql);
        }
        assert_eq!(database.value("SELECT email FROM customers WHERE id = 7"), "ada@example.com");
        let again = made(engine, &shop::after());
        let difference = compare(&inspected(&database), &inspected(&again), &Renames::NONE);
        assert!(difference.is_empty(), "{statements:?} left {:?}", difference.statements());
    }
}
