//! A fresh database on one of the engines, looked at and written to with plain SQL, and gone when dropped.
//! It connects by itself for every call and holds no connection, so that it never stands in a test's way.

mod address;
mod catalog;
mod connection;
mod dump;
mod holder;
mod session;
mod users;

use std::path::{Path, PathBuf};
use std::process;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU32, Ordering};
use std::thread;
use std::time::{SystemTime, UNIX_EPOCH};

use tempfile::TempDir;

use crate::Engine;
use crate::blocking::block_on;

pub(crate) use address::Address;
pub(crate) use connection::Connection;
pub use holder::Holder;
pub use session::Session;
pub use sqlx::Error;

/// The rows of a query: every value as text, `None` for NULL.
pub type Rows = Vec<Vec<Option<String>>>;

/// A database of its own for one test.
#[derive(Debug)]
pub struct TestDatabase {
    engine: Engine,
    place: Place,
    users: Mutex<Vec<String>>,
}

/// Where a database is.
#[derive(Debug)]
enum Place {
    File { directory: TempDir },
    Server { admin: Address, name: String, vanishes: bool },
}

impl TestDatabase {
    /// Makes a fresh database. On SQLite only its directory: the file appears with the first connection.
    ///
    /// # Panics
    /// When the engine is not at hand (see [`Engine::run`]) or refuses.
    #[track_caller]
    pub fn create(engine: Engine) -> Self {
        let Some(url) = engine.admin_url() else {
            assert!(!engine.is_server(), "{engine} is not at hand; ask Engine::is_available first");
            let directory =
                tempfile::tempdir().unwrap_or_else(|error| panic!("no temporary directory: {error}"));
            return Self { engine, place: Place::File { directory }, users: Mutex::default() };
        };
        Self::create_on(engine, &url, false)
    }

    /// Makes a fresh database on the server whose administrator's URL this is.
    ///
    /// # Panics
    /// When the server refuses.
    #[track_caller]
    pub fn create_at(engine: Engine, url: &str) -> Self {
        Self::create_on(engine, url, false)
    }

    /// Makes a fresh database on the server whose administrator's URL this is; it need not be dropped from one that
    /// vanishes itself.
    #[track_caller]
    pub(crate) fn create_on(engine: Engine, url: &str, vanishes: bool) -> Self {
        let admin = Address::parse(url);
        let name = unique_name("test");
        administer(engine, &admin, &[format!("CREATE DATABASE {name}")]);
        Self { engine, place: Place::Server { admin, name, vanishes }, users: Mutex::default() }
    }

    /// The same database, reached through another server; it is not dropped.
    pub(crate) fn at(&self, url: &str) -> Self {
        let name = self.name().to_owned();
        Self {
            engine: self.engine,
            place: Place::Server { admin: Address::parse(url), name, vanishes: true },
            users: Mutex::default(),
        }
    }

    /// Its engine.
    pub fn engine(&self) -> Engine {
        self.engine
    }

    /// Its URL, with the rights of an administrator.
    pub fn url(&self) -> String {
        match &self.place {
            Place::File { .. } => format!("sqlite://{}", self.file().display()),
            Place::Server { admin, name, .. } => admin.with_database(name).to_string(),
        }
    }

    /// Its URL with another user and password, percent-encoded; the user is not made. SQLite knows no users.
    pub fn url_as(&self, user: &str, password: &str) -> String {
        match &self.place {
            Place::File { .. } => self.url(),
            Place::Server { admin, name, .. } => {
                admin.with_database(name).with_user(user, password).to_string()
            }
        }
    }

    /// Its name on the server, or the name of its file.
    pub fn name(&self) -> &str {
        match &self.place {
            Place::File { .. } => FILE_NAME,
            Place::Server { name, .. } => name,
        }
    }

    /// Its file, on SQLite.
    pub fn path(&self) -> Option<PathBuf> {
        matches!(self.place, Place::File { .. }).then(|| self.file())
    }

    /// Runs a query and returns its rows; of several statements the rows of all.
    ///
    /// Values are the server's own text for them: cast in the query where that is not what is wanted. Bytes that
    /// are no text come as `\x` and hexadecimal digits.
    ///
    /// # Panics
    /// When the query fails.
    #[track_caller]
    pub fn query(&self, sql: &str) -> Rows {
        self.try_query(sql).unwrap_or_else(|error| panic!("{}: {sql}: {error}", self.engine))
    }

    /// Runs a query and returns its rows, or the server's error.
    ///
    /// # Errors
    /// What the server or the driver said.
    pub fn try_query(&self, sql: &str) -> Result<Rows, sqlx::Error> {
        block_on(async {
            let mut connection = Connection::open(self.engine, &self.url()).await?;
            let rows = connection.query(sql).await;
            connection.close().await;
            rows
        })
    }

    /// Runs statements one by one on one connection, up to the first that fails.
    ///
    /// # Errors
    /// The place of the statement that failed, and what the server said.
    pub fn try_each(&self, statements: &[&str]) -> Result<(), (usize, sqlx::Error)> {
        block_on(async {
            let mut connection =
                Connection::open(self.engine, &self.url()).await.map_err(|error| (0, error))?;
            for (place, statement) in statements.iter().enumerate() {
                connection.query(statement).await.map_err(|error| (place, error))?;
            }
            connection.close().await;
            Ok(())
        })
    }

    /// Runs statements one by one on one connection, whether they fail or not, and returns what the server said of
    /// those that did.
    pub fn each_possible(&self, statements: &[&str]) -> Vec<String> {
        block_on(async {
            let mut connection = match Connection::open(self.engine, &self.url()).await {
                Ok(connection) => connection,
                Err(error) => return vec![error.to_string()],
            };
            let mut failed = Vec::new();
            for statement in statements {
                if let Err(error) = connection.query(statement).await {
                    failed.push(format!("{error} in {}", statement.chars().take(80).collect::<String>()));
                }
            }
            connection.close().await;
            failed
        })
    }

    /// The first value of the first row, as text.
    ///
    /// # Panics
    /// When the query fails, or there is no row, or the value is NULL.
    #[track_caller]
    pub fn value(&self, sql: &str) -> String {
        let first = self.query(sql).into_iter().next().and_then(|row| row.into_iter().next());
        first.flatten().unwrap_or_else(|| panic!("{}: {sql}: no value", self.engine))
    }

    /// Runs statements.
    ///
    /// # Panics
    /// When one fails.
    #[track_caller]
    pub fn execute(&self, sql: &str) {
        self.query(sql);
    }

    /// Whether a table or a view of this name exists.
    pub fn has_table(&self, name: &str) -> bool {
        self.tables().iter().any(|table| table == name)
    }

    /// The names of the tables and views, sorted; on PostgreSQL those of the schema `public`.
    pub fn tables(&self) -> Vec<String> {
        let sql = match self.engine {
            Engine::Sqlite => {
                "SELECT name FROM sqlite_schema WHERE type IN ('table', 'view') AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'"
            }
            Engine::Postgres => {
                "SELECT table_name::text FROM information_schema.tables WHERE table_schema = 'public'"
            }
            Engine::Mysql | Engine::Mariadb => {
                "SELECT table_name FROM information_schema.tables WHERE table_schema = database()"
            }
        };
        let mut names: Vec<_> = self.query(sql).into_iter().flatten().flatten().collect();
        names.sort_unstable();
        names
    }

    /// The schema as text that is the same for the same schema, also in another database: tables with columns,
    /// indexes and constraints, views, triggers, routines. Tables that begin with `underpin_` are left out.
    pub fn schema_dump(&self) -> String {
        dump::schema(self)
    }

    /// What the catalog says of this database, one line a fact, sorted: the same for the same schema, and without
    /// what no statement can change.
    pub fn catalog(&self) -> Vec<String> {
        catalog::facts(self)
    }

    fn file(&self) -> PathBuf {
        match &self.place {
            Place::File { directory } => directory.path().join(FILE_NAME),
            Place::Server { .. } => Path::new(FILE_NAME).to_path_buf(),
        }
    }
}

impl Drop for TestDatabase {
    fn drop(&mut self) {
        let Place::Server { admin, name, vanishes: false } = &self.place else { return };
        let users = self.users.get_mut().map(std::mem::take).unwrap_or_default();
        let result = block_on(remove(self.engine, admin, name, &users));
        if let Err(error) = result
            && !thread::panicking()
        {
            panic!("{}: cannot drop {name}: {error}", self.engine);
        }
    }
}

const FILE_NAME: &str = "database.db";

/// Runs statements as the server's administrator.
#[track_caller]
fn administer(engine: Engine, admin: &Address, statements: &[String]) {
    block_on(try_administer(engine, admin, statements)).unwrap_or_else(|error| panic!("{engine}: {error}"));
}

async fn try_administer(engine: Engine, admin: &Address, statements: &[String]) -> Result<(), sqlx::Error> {
    let mut connection = Connection::open(engine, &admin.to_string()).await?;
    for statement in statements {
        connection.query(statement).await?;
    }
    connection.close().await;
    Ok(())
}

/// Drops a database, whoever is still connected to it, and its users.
async fn remove(engine: Engine, admin: &Address, name: &str, users: &[String]) -> Result<(), sqlx::Error> {
    let mut connection = Connection::open(engine, &admin.to_string()).await?;
    session::end_all(engine, name, &mut connection).await?;
    connection.query(&format!("DROP DATABASE {name}")).await?;
    for user in users {
        connection.query(&users::drop_statement(engine, user)).await?;
    }
    connection.close().await;
    Ok(())
}

/// A name that no other database or user of the server has, also in another process: under 32 bytes, MySQL's
/// limit for users.
fn unique_name(prefix: &str) -> String {
    static COUNT: AtomicU32 = AtomicU32::new(0);
    let count = COUNT.fetch_add(1, Ordering::Relaxed);
    let now = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_millis());
    format!("{prefix}_{:x}_{now:x}_{count:x}", process::id())
}
