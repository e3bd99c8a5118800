//! A session on SQLite. The driver runs it on a thread of its own, so nothing here blocks the
//! runtime.

use std::{
    ops::DerefMut,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use async_trait::async_trait;
use sqlx::{
    ConnectOptions, Connection, SqliteConnection,
    pool::PoolConnection,
    sqlite::{SqliteConnectOptions, SqliteQueryResult},
};
use underpin_core::dialect::Flavour;

use super::{
    Canceller, DatabaseError, ErrorClass, Row, ScriptError, Server, Session, Watch, error::from_driver, text,
};
use crate::operation;

/// After how many instructions of SQLite's virtual machine a running statement looks whether it
/// was cancelled: some microseconds' worth.
const INSTRUCTIONS: i32 = 1_000;

/// How long SQLite waits by itself for a lock of somebody else's, which is that of a commit most of the time.
const BUSY: Duration = Duration::from_secs(1);

enum Handle {
    Owned(SqliteConnection),
    /// A connection of the application's pool, for a database in memory that only it can see.
    Pooled(PoolConnection<sqlx::Sqlite>),
}

impl Handle {
    fn connection(&mut self) -> &mut SqliteConnection {
        match self {
            Self::Owned(connection) => connection,
            Self::Pooled(connection) => connection.deref_mut(),
        }
    }
}

pub(crate) struct SqliteSession {
    handle: Handle,
    server: Server,
    cancelled: Arc<AtomicBool>,
}

struct SqliteCanceller(Arc<AtomicBool>);

#[async_trait]
impl Canceller for SqliteCanceller {
    async fn cancel(&self) -> Result<(), DatabaseError> {
        self.0.store(true, Ordering::Relaxed);
        Ok(())
    }
}

impl SqliteSession {
    pub(super) async fn connect(options: SqliteConnectOptions) -> Result<Self, DatabaseError> {
        // Foreign keys stay off while revisions run: with them on, the DROP TABLE of a rebuild
        // deletes the rows of other tables by cascade. The executor checks the keys instead.
        // Nothing cancels SQLite's own wait for a lock, so that it is short, and we wait ourselves.
        let options = options.foreign_keys(false).busy_timeout(BUSY).disable_statement_logging();
        let connection = options.connect().await.map_err(error)?;
        Self::on(Handle::Owned(connection)).await
    }

    pub(super) async fn borrow(connection: PoolConnection<sqlx::Sqlite>) -> Result<Self, DatabaseError> {
        let mut session = Self::on(Handle::Pooled(connection)).await?;
        session.execute("PRAGMA foreign_keys = OFF").await.map_err(|failure| failure.error)?;
        Ok(session)
    }

    async fn on(mut handle: Handle) -> Result<Self, DatabaseError> {
        let cancelled = Arc::new(AtomicBool::new(false));
        let flag = Arc::clone(&cancelled);
        handle
            .connection()
            .lock_handle()
            .await
            .map_err(error)?
            .set_progress_handler(INSTRUCTIONS, move || !flag.load(Ordering::Relaxed));
        let server = Server { flavour: Flavour::Sqlite, version: String::new() };
        Ok(Self { handle, server, cancelled })
    }
}

#[async_trait]
impl Session for SqliteSession {
    fn server(&self) -> &Server {
        &self.server
    }

    fn set_server(&mut self, server: Server) {
        self.server = server;
    }

    async fn fetch(&mut self, sql: &str) -> Result<Vec<Row>, DatabaseError> {
        self.cancelled.store(false, Ordering::Relaxed);
        text::fetch(self.handle.connection(), sql, error).await
    }

    async fn execute_watched(&mut self, script: &str, watch: &mut Watch<'_>) -> Result<u64, ScriptError> {
        self.cancelled.store(false, Ordering::Relaxed);
        text::execute(self.handle.connection(), script, watch, SqliteQueryResult::rows_affected, error).await
    }

    fn canceller(&self) -> Arc<dyn Canceller> {
        Arc::new(SqliteCanceller(Arc::clone(&self.cancelled)))
    }

    fn driver(&mut self) -> operation::Connection<'_> {
        operation::Connection::Sqlite(self.handle.connection())
    }

    async fn close(mut self: Box<Self>) {
        match self.handle {
            Handle::Owned(connection) => {
                // Closing is the last thing that is done with it: nothing is left to report to.
                let _ = connection.close().await;
            }
            Handle::Pooled(ref mut connection) => {
                if let Ok(mut handle) = connection.lock_handle().await {
                    handle.remove_progress_handler();
                }
                let _ = sqlx::raw_sql("PRAGMA foreign_keys = ON").execute(connection.deref_mut()).await;
            }
        }
    }
}

/// Sorts an error by SQLite's result code; "Result and Error Codes" in its documentation.
fn error(failure: sqlx::Error) -> DatabaseError {
    let Some(database) = failure.as_database_error() else {
        return from_driver(&failure);
    };
    let code: u32 = database.code().and_then(|code| code.parse().ok()).unwrap_or_default();
    let message = database.message().to_owned();
    let class = match code & 0xff {
        3 => ErrorClass::Permission,
        5 | 6 => ErrorClass::Busy,
        8 => ErrorClass::ReadOnly,
        9 => ErrorClass::Cancelled,
        10 | 14 => ErrorClass::Unavailable,
        13 => ErrorClass::Full,
        11 | 26 => ErrorClass::NotADatabase,
        // SQLITE_CONSTRAINT; and a required column that rows have nothing for has no code of its own.
        19 => ErrorClass::Violation,
        1 if message.starts_with("Cannot add a NOT NULL column") => ErrorClass::Violation,
        1 if message.starts_with("no such table") => ErrorClass::UndefinedTable,
        1 if message.ends_with("already exists") => ErrorClass::AlreadyExists,
        _ => ErrorClass::Statement,
    };
    DatabaseError { class, message, code: Some(format!("SQLite code {code}")), position: None }
}
