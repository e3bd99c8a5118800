//! Databases for tests: made fresh for each, brought up to date by the program's own revisions, gone
//! afterwards. Nothing here is for a service that runs.
//!
//! ```ignore
//! static MIGRATIONS: underpin::Embedded = underpin::embed!("migrations");
//!
//! #[underpin::test(migrations = MIGRATIONS, databases(sqlite, postgres, mysql))]
//! async fn an_order_needs_a_customer(database: TestDatabase) {
//!     let pool = database.sqlite_pool();
//!     // whatever the test is about
//! }
//! ```

mod assert;
mod engine;

use std::sync::Arc;

use underpin_core::diagnostic::Diagnostic;

pub use assert::{assert_no_diff, assert_round_trip};
pub use engine::{Engine, Outcome, run};

use crate::{Database, Embedded, Migrator, Revisions, ScratchServer, scratch::Scratch};

/// A database of a test, which is gone with the last clone of this.
#[derive(Clone)]
pub struct TestDatabase {
    migrator: Migrator,
    server: ScratchServer,
    // Only kept: dropping it drops the database.
    scratch: Arc<tokio::sync::Mutex<Option<Scratch>>>,
}

impl TestDatabase {
    /// A database that all of these revisions have been applied to.
    ///
    /// # Errors
    /// If none can be made there, or a revision fails.
    pub async fn new(server: &ScratchServer, migrations: &'static Embedded) -> Result<Self, Diagnostic> {
        Self::with(server, Revisions::embedded(migrations)).await
    }

    /// The same with revisions from elsewhere.
    ///
    /// # Errors
    /// As [`new`](Self::new).
    pub async fn with(server: &ScratchServer, revisions: Revisions) -> Result<Self, Diagnostic> {
        let test = Self::empty(server, revisions).await?;
        if !test.migrator.revisions().is_empty()
            && let Err(error) = test.migrator.upgrade(underpin_core::revision::Target::Heads).await
        {
            test.remove().await;
            return Err(error);
        }
        Ok(test)
    }

    /// A database with nothing in it, for tests of the revisions themselves.
    ///
    /// # Errors
    /// If none can be made there.
    pub async fn empty(server: &ScratchServer, revisions: Revisions) -> Result<Self, Diagnostic> {
        let scratch = server.create().await?;
        let migrator = Migrator::builder()
            .database(scratch.database().clone())
            .revisions(revisions)
            .service("test")
            .destructive(crate::Destructive::Allow)
            .backups(crate::Backups::never())
            .assemble()?;
        Ok(Self {
            migrator,
            server: server.clone(),
            scratch: Arc::new(tokio::sync::Mutex::new(Some(scratch))),
        })
    }

    /// The database.
    pub fn database(&self) -> &Database {
        self.migrator.database()
    }

    /// The migrator of its revisions.
    pub fn migrator(&self) -> &Migrator {
        &self.migrator
    }

    /// The server that it was made on, for further ones.
    pub fn server(&self) -> &ScratchServer {
        &self.server
    }

    /// Drops the database now; without this, a task does it after the last clone is gone.
    pub async fn remove(self) {
        if let Some(scratch) = self.scratch.lock().await.take() {
            scratch.remove().await;
        }
    }

    /// A pool of connections, with foreign keys enforced; of a database of SQLite.
    ///
    /// # Panics
    /// If it is of another kind.
    #[cfg(feature = "sqlite")]
    pub fn sqlite_pool(&self) -> sqlx::SqlitePool {
        let options = self.url().sqlite_options().unwrap_or_else(|error| panic!("{error}"));
        sqlx::SqlitePool::connect_lazy_with(options.foreign_keys(true))
    }

    /// A pool of connections; of a database of PostgreSQL.
    ///
    /// # Panics
    /// If it is of another kind.
    #[cfg(feature = "postgres")]
    pub fn postgres_pool(&self) -> sqlx::PgPool {
        let options = self.url().postgres_options().unwrap_or_else(|error| panic!("{error}"));
        sqlx::PgPool::connect_lazy_with(options)
    }

    /// A pool of connections; of a database of MySQL or MariaDB.
    ///
    /// # Panics
    /// If it is of another kind.
    #[cfg(feature = "mysql")]
    pub fn mysql_pool(&self) -> sqlx::MySqlPool {
        let options = self.url().mysql_options().unwrap_or_else(|error| panic!("{error}"));
        sqlx::MySqlPool::connect_lazy_with(options)
    }

    fn url(&self) -> &crate::SafeUrl {
        self.database().as_url().unwrap_or_else(|| panic!("a database of a test without a URL"))
    }
}

impl std::fmt::Debug for TestDatabase {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "TestDatabase({})", self.database())
    }
}
