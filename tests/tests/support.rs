//! Proves that the ground of the other tests holds: databases are fresh, told apart, looked into, and gone afterwards.
//! It says nothing about Underpin.

use std::thread;
use std::time::{Duration, Instant};

use underpin_tests::{Engine, TestDatabase, on_every_engine};

/// A table, an index, a view and a row, as every engine understands them.
fn furnish(database: &TestDatabase) {
    database.execute("CREATE TABLE customers (id INTEGER PRIMARY KEY, name VARCHAR(80) NOT NULL)");
    database.execute("CREATE INDEX customers_by_name ON customers (name)");
    database.execute("CREATE VIEW names AS SELECT name FROM customers");
    database.execute("INSERT INTO customers (id, name) VALUES (1, 'Ada')");
}

/// Whether the server knows a database of this name, asked in another one.
fn is_known(from: &TestDatabase, name: &str) -> bool {
    let known = match from.engine() {
        Engine::Sqlite => return false,
        Engine::Postgres => "SELECT datname::text FROM pg_database",
        Engine::Mysql | Engine::Mariadb => "SELECT schema_name FROM information_schema.schemata",
    };
    from.query(known).iter().flatten().flatten().any(|each| each == name)
}

/// A query that the server works on for ten seconds.
fn slow_query(engine: Engine) -> &'static str {
    match engine {
        Engine::Sqlite => "SELECT 1",
        Engine::Postgres => "SELECT pg_sleep(10)",
        Engine::Mysql | Engine::Mariadb => "SELECT sleep(10)",
    }
}

/// Waits for something that happens soon on a machine that may be slow.
fn soon(mut holds: impl FnMut() -> bool) -> bool {
    let deadline = Instant::now() + Duration::from_secs(30);
    while Instant::now() < deadline {
        if holds() {
            return true;
        }
        thread::sleep(Duration::from_millis(20));
    }
    false
}

on_every_engine! {
    fn a_fresh_database_is_empty_and_its_own(engine) {
        let (one, other) = (TestDatabase::create(engine), TestDatabase::create(engine));
        assert!(one.tables().is_empty());
        furnish(&one);
        assert_eq!(one.tables(), ["customers", "names"]);
        assert!(one.has_table("customers") && !other.has_table("customers"));
        assert_eq!(other.schema_dump(), "");
    }

    fn a_dropped_database_is_gone(engine) {
        let (witness, database) = (TestDatabase::create(engine), TestDatabase::create(engine));
        furnish(&database);
        let (name, file) = (database.name().to_owned(), database.path());
        assert!(file.as_ref().is_none_or(|file| file.exists()));
        assert!(!engine.is_server() || is_known(&witness, &name));
        drop(database);
        assert!(file.is_none_or(|file| !file.exists()));
        assert!(!is_known(&witness, &name));
    }

    fn values_come_as_text_and_null_as_none(engine) {
        let database = TestDatabase::create(engine);
        furnish(&database);
        let rows = database.query("SELECT id, name, NULL, 2 + 3, 'ü' FROM customers");
        let text = |value: &str| Some(value.to_owned());
        assert_eq!(rows, [[text("1"), text("Ada"), None, text("5"), text("ü")]]);
        assert_eq!(database.value("SELECT count(*) FROM customers"), "1");
    }

    fn the_server_s_refusal_is_an_error(engine) {
        let database = TestDatabase::create(engine);
        let error = database.try_query("SELECT * FROM nowhere").unwrap_err().to_string();
        assert!(error.contains("nowhere"), "{error}");
    }

    fn equal_schemas_have_equal_dumps_whatever_their_data(engine) {
        let (one, other) = (TestDatabase::create(engine), TestDatabase::create(engine));
        furnish(&one);
        furnish(&other);
        one.execute("INSERT INTO customers (id, name) VALUES (7, 'Eve')");
        one.execute("CREATE TABLE underpin_history (id INTEGER PRIMARY KEY)");
        assert_eq!(one.schema_dump(), other.schema_dump());
        for part in ["customers_by_name", "names", "VARCHAR(80)"] {
            let dump = one.schema_dump().to_uppercase().replace("CHARACTER VARYING", "VARCHAR");
            assert!(dump.contains(&part.to_uppercase()), "{part} is not in {dump}");
        }
    }

    fn a_difference_in_one_column_shows_in_the_dump(engine) {
        let (one, other) = (TestDatabase::create(engine), TestDatabase::create(engine));
        one.execute("CREATE TABLE a (id INTEGER PRIMARY KEY, b INTEGER NOT NULL)");
        other.execute("CREATE TABLE a (id INTEGER PRIMARY KEY, b INTEGER)");
        assert_ne!(one.schema_dump(), other.schema_dump());
    }

    fn a_running_statement_of_another_is_seen_and_ended_with_the_database(engine) {
        let database = TestDatabase::create(engine);
        if !engine.is_server() {
            assert!(database.sessions().is_empty());
            return;
        }
        let witness = TestDatabase::create(engine);
        let name = database.name().to_owned();
        thread::scope(|scope| {
            let other = scope.spawn(|| database.try_query(slow_query(engine)));
            assert!(soon(|| database.busy_sessions().iter().any(|session| session.statement.contains("sleep"))));
            assert!(witness.busy_sessions().is_empty());
            // What a test leaves running must not keep its database from being dropped.
            end_from_outside(&database, &witness);
            other.join().unwrap().ok();
        });
        assert!(soon(|| database.sessions().is_empty()));
        drop(database);
        assert!(!is_known(&witness, &name));
    }

    fn a_database_is_dropped_while_somebody_is_connected(engine) {
        let database = TestDatabase::create(engine);
        let witness = TestDatabase::create(engine);
        let (name, url) = (database.name().to_owned(), database.url());
        let (ready, connected) = std::sync::mpsc::channel();
        let (end, ended) = std::sync::mpsc::channel::<()>();
        let other = thread::spawn(move || hold(engine, &url, &ready, &ended));
        connected.recv().unwrap();
        drop(database);
        assert!(!is_known(&witness, &name));
        end.send(()).unwrap();
        other.join().unwrap();
    }

    fn a_user_connects_with_a_password_full_of_signs(engine) {
        if !engine.is_server() {
            return;
        }
        const PASSWORD: &str = "p@ss:w/rd%'\\ü?#";
        let database = TestDatabase::create(engine);
        let url = database.user_with_password(PASSWORD);
        connect(engine, &url, "CREATE TABLE mine (id INTEGER PRIMARY KEY)").unwrap();
        assert!(database.has_table("mine"));
        let user = url.split_once("://").unwrap().1.split_once(':').unwrap().0.replace("%5F", "_");
        connect(engine, &database.url_as(&user, "wrong"), "SELECT 1").unwrap_err();
    }

    fn a_read_only_user_reads_and_does_not_write(engine) {
        let database = TestDatabase::create(engine);
        furnish(&database);
        let url = database.read_only_user();
        connect(engine, &url, "SELECT name FROM customers").unwrap();
        connect(engine, &url, "INSERT INTO customers (id, name) VALUES (2, 'Bob')").unwrap_err();
        connect(engine, &url, "CREATE TABLE more (id INTEGER PRIMARY KEY)").unwrap_err();
        assert_eq!(database.value("SELECT count(*) FROM customers"), "1");
    }

    fn it_works_inside_of_a_runtime(engine) {
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        runtime.block_on(async {
            let database = TestDatabase::create(engine);
            assert_eq!(database.value("SELECT 1"), "1");
        });
    }

    fn nobody_answers_at_the_unreachable_address(engine) {
        connect(engine, &engine.unreachable_url(), "SELECT 1").unwrap_err();
    }
}

/// Runs one statement over a URL, as a program under test would.
fn connect(engine: Engine, url: &str, sql: &str) -> Result<(), sqlx::Error> {
    use sqlx::{AssertSqlSafe, Connection, Executor};
    let sql = AssertSqlSafe(sql);
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        match engine {
            Engine::Sqlite => sqlx::SqliteConnection::connect(url).await?.execute(sql).await.map(drop),
            Engine::Postgres => sqlx::PgConnection::connect(url).await?.execute(sql).await.map(drop),
            Engine::Mysql | Engine::Mariadb => {
                sqlx::MySqlConnection::connect(url).await?.execute(sql).await.map(drop)
            }
        }
    })
}

/// Keeps a connection open until told otherwise.
fn hold(
    engine: Engine,
    url: &str,
    ready: &std::sync::mpsc::Sender<()>,
    ended: &std::sync::mpsc::Receiver<()>,
) {
    use sqlx::Connection;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        match engine {
            Engine::Sqlite => wait(None::<sqlx::SqliteConnection>, ready, ended),
            Engine::Postgres => wait(sqlx::PgConnection::connect(url).await.ok(), ready, ended),
            Engine::Mysql | Engine::Mariadb => {
                wait(sqlx::MySqlConnection::connect(url).await.ok(), ready, ended)
            }
        }
    });
}

fn wait<C>(
    connection: Option<C>,
    ready: &std::sync::mpsc::Sender<()>,
    ended: &std::sync::mpsc::Receiver<()>,
) {
    ready.send(()).unwrap();
    ended.recv().unwrap();
    drop(connection);
}

/// Ends the sessions of a database, asked in another one.
fn end_from_outside(database: &TestDatabase, witness: &TestDatabase) {
    for session in database.sessions() {
        witness.execute(&match database.engine() {
            Engine::Sqlite | Engine::Postgres => format!("SELECT pg_terminate_backend({})", session.id),
            Engine::Mysql | Engine::Mariadb => format!("KILL {}", session.id),
        });
    }
}
