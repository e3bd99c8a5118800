//! One connection to a database, as the rest of Underpin sees it: fetch, execute, cancel, close.
//! Not a pool and not a query builder; the dialects' differences live behind it.

use std::sync::Arc;

use async_trait::async_trait;
use underpin_core::{
    dialect::{Dialect, Flavour},
    schema::ServerVersion,
};

use super::{DatabaseError, ErrorClass, Row};
use crate::operation::Connection;

/// The server behind a session.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Server {
    pub(crate) flavour: Flavour,
    /// The version as the server writes it, such as `16.4` or `10.11.19-MariaDB`.
    pub(crate) version: String,
}

impl Server {
    /// SQLite behind a file that will be created.
    pub(crate) const fn not_yet_there() -> Self {
        Self { flavour: Flavour::Sqlite, version: String::new() }
    }

    /// `PostgreSQL 16.4`.
    pub(crate) fn title(&self) -> String {
        format!("{} {}", self.flavour.title(), self.short_version())
    }

    /// The first number of the version; 0 if it has none.
    pub(crate) fn major(&self) -> u32 {
        self.short_version().split('.').next().and_then(|number| number.parse().ok()).unwrap_or_default()
    }

    /// The version as numbers; zeros if it has none.
    pub(crate) fn parsed_version(&self) -> ServerVersion {
        ServerVersion::parse(&self.version).unwrap_or(ServerVersion::new(0, 0, 0))
    }

    /// The version without what a distribution puts behind it.
    pub(crate) fn short_version(&self) -> &str {
        let end = self.version.find(|c: char| c != '.' && !c.is_ascii_digit()).unwrap_or(self.version.len());
        if end == 0 { &self.version } else { &self.version[..end] }
    }
}

/// A script of several statements that failed after some of them.
#[derive(Clone, Debug)]
pub(crate) struct ScriptError {
    /// How many statements had completed before the one that failed.
    pub(crate) completed: usize,
    pub(crate) error: DatabaseError,
}

/// Who is told how many statements of a script are done.
pub(crate) type Watch<'a> = dyn FnMut(usize) + Send + 'a;

/// One connection. Dropping it breaks the connection off; `close` ends it in order.
#[async_trait]
pub(crate) trait Session: Send {
    /// What is known of the server since the connection was made.
    fn server(&self) -> &Server;

    /// Learns the flavour and version, where the connection itself did not tell.
    fn set_server(&mut self, server: Server);

    /// Learns the number that the server knows this session by, which cancelling needs; behind a
    /// pooler another one in each transaction.
    fn identify(&mut self, session: i64) {
        let _ = session;
    }

    /// Asks for that number, unless somebody between us and the server hands out its sessions: then it would be
    /// another client's soon.
    async fn introduce(&mut self) -> Result<(), DatabaseError> {
        let query = match self.server().flavour.dialect() {
            Dialect::Sqlite => return Ok(()),
            Dialect::Postgres => "SELECT pg_backend_pid()",
            Dialect::Mysql => "SELECT CONNECTION_ID()",
        };
        if self.is_pooled().await? {
            return Ok(());
        }
        let rows = self.fetch(query).await?;
        if let Some(number) = rows.first().and_then(|row| row.integer(0)) {
            self.identify(number);
        }
        Ok(())
    }

    /// That number, where there is one and it is known.
    fn number(&self) -> Option<i64> {
        None
    }

    /// Whether somebody between us and the server hands out its sessions, so that a lock or a setting
    /// of one would be found by others. Only a session that was made to change something can tell.
    async fn is_pooled(&mut self) -> Result<bool, DatabaseError> {
        Ok(false)
    }

    /// Learns whether a transaction is open that holds the lock, and that a query of what is not there
    /// must not spoil.
    fn shield(&mut self, open: bool) {
        let _ = open;
    }

    /// Runs one query; nothing where what it asks is not there.
    async fn fetch_if_there(&mut self, sql: &str) -> Result<Option<Vec<Row>>, DatabaseError> {
        match self.fetch(sql).await {
            Ok(rows) => Ok(Some(rows)),
            Err(error) if error.class == ErrorClass::UndefinedTable => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Runs one query and returns its rows as text.
    async fn fetch(&mut self, sql: &str) -> Result<Vec<Row>, DatabaseError>;

    /// Runs one statement or several, in one round trip where the engine has any, and returns the
    /// number of rows that the last of them changed.
    async fn execute(&mut self, script: &str) -> Result<u64, ScriptError> {
        self.execute_watched(script, &mut |_| {}).await
    }

    /// The same; `watch` is told after each statement how many are done, as the engine says so.
    async fn execute_watched(&mut self, script: &str, watch: &mut Watch<'_>) -> Result<u64, ScriptError>;

    /// What can stop the statement that this session runs.
    fn canceller(&self) -> Arc<dyn Canceller>;

    /// The driver's own connection, for what a revision in Rust does by itself.
    fn driver(&mut self) -> Connection<'_>;

    /// Ends the connection, or hands it back to the pool that it is from. A server that hears nothing any more
    /// is not waited for.
    async fn close(self: Box<Self>);
}

/// How long a server may take to take note that a session ends.
#[cfg(any(feature = "postgres", feature = "mysql"))]
pub(super) const CLOSING: std::time::Duration = std::time::Duration::from_secs(1);

/// Stops the running statement of one session, on the server.
#[async_trait]
pub(crate) trait Canceller: Send + Sync {
    /// Asks the server to stop the statement. Returning says that the server was asked, not that
    /// the statement has ended.
    async fn cancel(&self) -> Result<(), DatabaseError>;
}
