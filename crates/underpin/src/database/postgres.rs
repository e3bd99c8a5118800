//! A session on PostgreSQL. Everything goes through the simple query protocol: several statements
//! in one round trip, and every value as text.

use std::sync::Arc;

use async_trait::async_trait;
use sqlx::{
    AssertSqlSafe, ConnectOptions, Connection, PgConnection,
    postgres::{PgConnectOptions, PgDatabaseError, PgErrorPosition, PgQueryResult},
};
use tokio::sync::OnceCell;
use underpin_core::dialect::Flavour;

use super::{
    Canceller, DatabaseError, ErrorClass, Row, ScriptError, Server, Session, Watch, error::from_driver, text,
};

pub(crate) struct PostgresSession {
    connection: PgConnection,
    server: Server,
    canceller: Arc<PostgresCanceller>,
}

struct PostgresCanceller {
    options: PgConnectOptions,
    backend: OnceCell<i64>,
}

#[async_trait]
impl Canceller for PostgresCanceller {
    async fn cancel(&self) -> Result<(), DatabaseError> {
        let Some(backend) = self.backend.get() else { return Ok(()) };
        let mut connection = self.options.connect().await.map_err(error)?;
        let sql = format!("SELECT pg_cancel_backend({backend})");
        sqlx::raw_sql(AssertSqlSafe(sql)).execute(&mut connection).await.map_err(error)?;
        let _ = connection.close().await;
        Ok(())
    }
}

impl PostgresSession {
    pub(super) async fn connect(options: PgConnectOptions) -> Result<Self, DatabaseError> {
        let options = options.disable_statement_logging();
        let connection = options.connect().await.map_err(error)?;
        let version = connection.server_version_num().map(version_text).unwrap_or_default();
        Ok(Self {
            connection,
            server: Server { flavour: Flavour::Postgres, version },
            canceller: Arc::new(PostgresCanceller { options, backend: OnceCell::new() }),
        })
    }
}

/// `160004` is 16.4; before version 10 three numbers were used.
fn version_text(number: u32) -> String {
    if number >= 100_000 {
        format!("{}.{}", number / 10_000, number % 10_000)
    } else {
        format!("{}.{}.{}", number / 10_000, number / 100 % 100, number % 100)
    }
}

#[async_trait]
impl Session for PostgresSession {
    fn server(&self) -> &Server {
        &self.server
    }

    fn set_server(&mut self, server: Server) {
        self.server = server;
    }

    async fn fetch(&mut self, sql: &str) -> Result<Vec<Row>, DatabaseError> {
        text::fetch(&mut self.connection, sql, error).await
    }

    async fn execute_watched(&mut self, script: &str, watch: &mut Watch<'_>) -> Result<u64, ScriptError> {
        text::execute(&mut self.connection, script, watch, PgQueryResult::rows_affected, error).await
    }

    fn identify(&mut self, session: i64) {
        // The first answer stays: a backend keeps its number for life.
        let _ = self.canceller.backend.set(session);
    }

    fn canceller(&self) -> Arc<dyn Canceller> {
        Arc::clone(&self.canceller) as Arc<dyn Canceller>
    }

    async fn close(self: Box<Self>) {
        let _ = self.connection.close().await;
    }
}

/// Sorts an error by its SQLSTATE; "PostgreSQL Error Codes" in the manual's appendix A.
fn error(failure: sqlx::Error) -> DatabaseError {
    let Some(database) =
        failure.as_database_error().and_then(|error| error.try_downcast_ref::<PgDatabaseError>())
    else {
        return from_driver(&failure);
    };
    let class = match database.code() {
        "28P01" | "28000" => ErrorClass::Authentication,
        "3D000" => ErrorClass::DatabaseNotFound,
        "42501" => ErrorClass::Permission,
        "25006" => ErrorClass::ReadOnly,
        "42P01" | "3F000" => ErrorClass::UndefinedTable,
        "42P07" | "42710" | "42701" | "42P06" | "42723" => ErrorClass::AlreadyExists,
        "55P03" | "40P01" | "40001" => ErrorClass::Busy,
        "57014" => ErrorClass::Cancelled,
        "25001" => ErrorClass::NotInTransaction,
        "57P01" | "57P02" | "25P03" | "57P05" => ErrorClass::ConnectionLost,
        code if code.starts_with("08") || code.starts_with("53") || code == "57P03" => {
            ErrorClass::Unavailable
        }
        _ => ErrorClass::Statement,
    };
    let mut message = database.message().to_owned();
    if let Some(detail) = database.detail() {
        message = format!("{message}: {detail}");
    }
    let position = match database.position() {
        Some(PgErrorPosition::Original(position)) => position.checked_sub(1),
        Some(PgErrorPosition::Internal { .. }) | None => None,
    };
    DatabaseError { class, message, code: Some(format!("SQLSTATE {}", database.code())), position }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_written_as_the_server_writes_them() {
        assert_eq!(version_text(160_004), "16.4");
        assert_eq!(version_text(90_624), "9.6.24");
    }
}
