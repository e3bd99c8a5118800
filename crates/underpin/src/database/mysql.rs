//! A session on MySQL or MariaDB. Everything goes through the text protocol, as with the servers'
//! own clients.

use std::sync::Arc;

use async_trait::async_trait;
use sqlx::{
    AssertSqlSafe, ConnectOptions, Connection, MySqlConnection, Row as _,
    mysql::{MySqlConnectOptions, MySqlDatabaseError, MySqlQueryResult, MySqlRow},
};
use tokio::sync::OnceCell;
use underpin_core::dialect::Flavour;

use super::{
    Canceller, DatabaseError, ErrorClass, Row, ScriptError, Server, Session, Watch, error::from_driver, text,
};
use crate::operation;

pub(crate) struct MysqlSession {
    connection: MySqlConnection,
    server: Server,
    canceller: Arc<MysqlCanceller>,
}

/// Kills through a second connection: the first is busy, and `max_execution_time` does not stop DDL.
struct MysqlCanceller {
    options: MySqlConnectOptions,
    thread: OnceCell<i64>,
}

#[async_trait]
impl Canceller for MysqlCanceller {
    async fn cancel(&self) -> Result<(), DatabaseError> {
        let Some(thread) = self.thread.get() else { return Ok(()) };
        let mut connection = self.options.connect().await.map_err(error)?;
        let sql = format!("KILL QUERY {thread}");
        sqlx::raw_sql(AssertSqlSafe(sql)).execute(&mut connection).await.map_err(error)?;
        let _ = connection.close().await;
        Ok(())
    }
}

impl MysqlSession {
    pub(super) async fn connect(options: MySqlConnectOptions) -> Result<Self, DatabaseError> {
        // `||` and engine substitution stay as the server has them: a revision must mean here what
        // it means in the server's own client.
        let options =
            options.pipes_as_concat(false).no_engine_substitution(false).disable_statement_logging();
        let connection = options.connect().await.map_err(error)?;
        Ok(Self {
            connection,
            server: Server { flavour: Flavour::Mysql, version: String::new() },
            canceller: Arc::new(MysqlCanceller { options, thread: OnceCell::new() }),
        })
    }
}

#[async_trait]
impl Session for MysqlSession {
    fn server(&self) -> &Server {
        &self.server
    }

    fn set_server(&mut self, server: Server) {
        self.server = server;
    }

    async fn fetch(&mut self, sql: &str) -> Result<Vec<Row>, DatabaseError> {
        text::fetch_with(&mut self.connection, sql, of_statement, value).await
    }

    async fn execute_watched(&mut self, script: &str, watch: &mut Watch<'_>) -> Result<u64, ScriptError> {
        text::execute(&mut self.connection, script, watch, MySqlQueryResult::rows_affected, of_statement)
            .await
    }

    fn identify(&mut self, session: i64) {
        // The first answer stays: a connection keeps its number for life.
        let _ = self.canceller.thread.set(session);
    }

    fn number(&self) -> Option<i64> {
        self.canceller.thread.get().copied()
    }

    fn canceller(&self) -> Arc<dyn Canceller> {
        Arc::clone(&self.canceller) as Arc<dyn Canceller>
    }

    fn driver(&mut self) -> operation::Connection<'_> {
        operation::Connection::Mysql(&mut self.connection)
    }

    async fn close(self: Box<Self>) {
        let _ = tokio::time::timeout(super::session::CLOSING, self.connection.close()).await;
    }
}

/// A value as text. MariaDB's `SHOW CREATE TABLE` holds the bytes of a binary default as they are: what
/// is no text in there gets marks in its place.
fn value(row: &MySqlRow, index: usize) -> Result<Option<String>, sqlx::Error> {
    row.try_get_unchecked(index).or_else(|_| {
        let bytes: Option<Vec<u8>> = row.try_get_unchecked(index)?;
        Ok(bytes.map(|bytes| String::from_utf8_lossy(&bytes).into_owned()))
    })
}

/// The error of a statement, which says of the database in front of a name what others say of the table: that
/// it is not there. (1046, no database at all, is about the connection as ever.)
fn of_statement(failure: sqlx::Error) -> DatabaseError {
    let error = error(failure);
    match error.code.as_deref() {
        Some("error 1049") => DatabaseError { class: ErrorClass::UndefinedTable, ..error },
        _ => error,
    }
}

/// Sorts an error by its number; "Server Error Message Reference" in MySQL's manual and "MariaDB
/// Error Codes" in MariaDB's.
pub(super) fn error(failure: sqlx::Error) -> DatabaseError {
    let Some(database) =
        failure.as_database_error().and_then(|error| error.try_downcast_ref::<MySqlDatabaseError>())
    else {
        return from_driver(&failure);
    };
    let number = database.number();
    let class = match number {
        1045 | 1698 | 1130 | 1862 => ErrorClass::Authentication,
        1046 | 1049 => ErrorClass::DatabaseNotFound,
        1044 | 1142 | 1143 | 1227 | 1370 => ErrorClass::Permission,
        1290 | 1792 | 1836 => ErrorClass::ReadOnly,
        1146 => ErrorClass::UndefinedTable,
        1050 | 1060 | 1061 | 1304 | 1359 | 1826 => ErrorClass::AlreadyExists,
        1205 | 1213 | 3572 => ErrorClass::Busy,
        1021 | 1114 => ErrorClass::Full,
        1317 | 3024 | 1969 => ErrorClass::Cancelled,
        // Nulls, duplicates, keys without a counterpart, checks (3819 of MySQL, 4025 of MariaDB). 1265 and
        // 1138 are how the two call a null in a column that may hold none any more.
        1048 | 1062 | 1138 | 1216 | 1265 | 1364 | 1452 | 1586 | 3819 | 4025 => ErrorClass::Violation,
        1040 | 1203 | 1226 => ErrorClass::Unavailable,
        1053 | 1927 | 4031 => ErrorClass::ConnectionLost,
        _ => ErrorClass::Statement,
    };
    let message = database.message().to_owned();
    DatabaseError { class, message, code: Some(format!("error {number}")), position: None }
}
