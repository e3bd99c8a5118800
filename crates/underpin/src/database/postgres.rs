//! A session on PostgreSQL. Everything goes through the simple query protocol: several statements
//! in one round trip, and every value as text.

use std::sync::{
    Arc,
    atomic::{AtomicBool, AtomicI64, Ordering},
};

use async_trait::async_trait;
use sqlx::{
    AssertSqlSafe, ConnectOptions, Connection, PgConnection,
    postgres::{PgConnectOptions, PgDatabaseError, PgErrorPosition, PgQueryResult},
};
use underpin_core::dialect::Flavour;

use super::{
    Access, Canceller, DatabaseError, ErrorClass, Row, ScriptError, Server, Session, Watch,
    error::from_driver, text,
};
use crate::operation;

/// The setting that a connection is marked with when it is made: what a pooler does not hand on.
const MARK: &str = "underpin.connection";

pub(crate) struct PostgresSession {
    connection: PgConnection,
    server: Server,
    canceller: Arc<PostgresCanceller>,
    mark: Mark,
    /// Whether a query that fails must not spoil the transaction that is open.
    shielded: bool,
}

/// What the server was told about a connection when it was made.
enum Mark {
    /// Nothing.
    None,
    /// This, which a backend of ours alone can repeat.
    Set(String),
    /// This was refused, as poolers do.
    Refused,
}

struct PostgresCanceller {
    options: PgConnectOptions,
    /// The backend that runs what is to be cancelled; 0 while it is not known.
    backend: AtomicI64,
    /// Whether the backend is ours for a transaction only.
    shared: AtomicBool,
}

#[async_trait]
impl Canceller for PostgresCanceller {
    async fn cancel(&self) -> Result<(), DatabaseError> {
        let backend = self.backend.load(Ordering::Relaxed);
        if backend == 0 {
            return Ok(());
        }
        let mut connection = self.options.connect().await.map_err(error)?;
        let sql = match self.shared.load(Ordering::Relaxed) {
            false => format!("SELECT pg_cancel_backend({backend})"),
            // It may be at work for somebody else by now; the name that a run gives itself behind a
            // pooler ends with its transaction.
            true => format!(
                "SELECT pg_cancel_backend(pid) FROM pg_catalog.pg_stat_activity \
                 WHERE pid = {backend} AND application_name LIKE 'underpin:%'"
            ),
        };
        sqlx::raw_sql(AssertSqlSafe(sql)).execute(&mut connection).await.map_err(error)?;
        let _ = connection.close().await;
        Ok(())
    }
}

impl PostgresSession {
    /// Connects. What is to change something is marked, so that it can tell a pooler.
    pub(super) async fn connect(options: PgConnectOptions, access: Access) -> Result<Self, DatabaseError> {
        // The driver's wish for the digits of floating-point numbers is nothing that we need, and a
        // pooler refuses whoever has it ("ignore_startup_parameters" in PgBouncer's manual).
        let options = options.disable_statement_logging().extra_float_digits(None);
        let (connection, mark) = match access {
            Access::Read => (options.connect().await.map_err(error)?, Mark::None),
            Access::Write => marked(&options).await?,
        };
        let version = connection.server_version_num().map(version_text).unwrap_or_default();
        Ok(Self {
            connection,
            server: Server { flavour: Flavour::Postgres, version },
            canceller: Arc::new(PostgresCanceller {
                options,
                backend: AtomicI64::new(0),
                shared: AtomicBool::new(false),
            }),
            mark,
            shielded: false,
        })
    }
}

/// Connects with a mark that only the backend can know that was started for this connection: it goes
/// through the startup packet's `options`, which a pooler refuses, drops or hands to a backend that is
/// not ours alone.
async fn marked(options: &PgConnectOptions) -> Result<(PgConnection, Mark), DatabaseError> {
    let mut bytes = [0_u8; 8];
    // Without randomness, a pooler that hands the mark on is taken for none.
    let _ = getrandom::fill(&mut bytes);
    let mark: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    match options.clone().options([(MARK, &mark)]).connect().await.map_err(error) {
        Ok(connection) => Ok((connection, Mark::Set(mark))),
        Err(refusal) if refuses_options(&refusal) => {
            Ok((options.connect().await.map_err(error)?, Mark::Refused))
        }
        Err(other) => Err(other),
    }
}

/// `unsupported startup parameter: options` is what PgBouncer says; others say that they don't
/// support a feature.
fn refuses_options(error: &DatabaseError) -> bool {
    let code = matches!(error.code.as_deref(), Some("SQLSTATE 08P01" | "SQLSTATE 0A000"));
    code || error.message.contains("startup parameter")
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
        self.canceller.backend.store(session, Ordering::Relaxed);
    }

    fn number(&self) -> Option<i64> {
        Some(self.canceller.backend.load(Ordering::Relaxed)).filter(|&backend| backend != 0)
    }

    async fn is_pooled(&mut self) -> Result<bool, DatabaseError> {
        let sql = format!("SELECT current_setting('{MARK}', true)");
        match &self.mark {
            Mark::None => Ok(false),
            Mark::Refused => Ok(true),
            Mark::Set(mark) => {
                let rows = text::fetch(&mut self.connection, &sql, error).await?;
                Ok(rows.first().and_then(|row| row.optional(0)) != Some(mark.as_str()))
            }
        }
    }

    fn shield(&mut self, open: bool) {
        self.shielded = open;
        // Only a lock that goes with its transaction has anything to shield.
        self.canceller.shared.store(true, Ordering::Relaxed);
    }

    async fn fetch_if_there(&mut self, sql: &str) -> Result<Option<Vec<Row>>, DatabaseError> {
        // An error would end the whole transaction ("SAVEPOINT" in the manual).
        let script = match self.shielded {
            true => format!("SAVEPOINT underpin_look; {sql}; RELEASE SAVEPOINT underpin_look"),
            false => sql.to_owned(),
        };
        match self.fetch(&script).await {
            Ok(rows) => Ok(Some(rows)),
            Err(error) if error.class == ErrorClass::UndefinedTable => {
                if self.shielded {
                    let undo = "ROLLBACK TO SAVEPOINT underpin_look; RELEASE SAVEPOINT underpin_look";
                    self.execute(undo).await.map_err(|failure| failure.error)?;
                }
                Ok(None)
            }
            Err(error) => Err(error),
        }
    }

    fn canceller(&self) -> Arc<dyn Canceller> {
        Arc::clone(&self.canceller) as Arc<dyn Canceller>
    }

    fn driver(&mut self) -> operation::Connection<'_> {
        operation::Connection::Postgres(&mut self.connection)
    }

    async fn close(self: Box<Self>) {
        let _ = tokio::time::timeout(super::session::CLOSING, self.connection.close()).await;
    }
}

/// Sorts an error by its SQLSTATE; "PostgreSQL Error Codes" in the manual's appendix A.
pub(super) fn error(failure: sqlx::Error) -> DatabaseError {
    let Some(database) =
        failure.as_database_error().and_then(|error| error.try_downcast_ref::<PgDatabaseError>())
    else {
        return from_driver(&failure);
    };
    let class = match database.code() {
        "28P01" | "28000" => ErrorClass::Authentication,
        "3D000" => ErrorClass::DatabaseNotFound,
        "42501" => ErrorClass::Permission,
        // Every schema of the search path is closed to this user, or there is none.
        "3F000" if database.message().starts_with("no schema has been selected") => ErrorClass::Permission,
        "25006" => ErrorClass::ReadOnly,
        "42P01" | "3F000" => ErrorClass::UndefinedTable,
        "42P07" | "42710" | "42701" | "42P06" | "42723" => ErrorClass::AlreadyExists,
        "55P03" | "40P01" | "40001" => ErrorClass::Busy,
        "53100" => ErrorClass::Full,
        "57014" => ErrorClass::Cancelled,
        // Class 23: integrity constraint violation.
        code if code.starts_with("23") => ErrorClass::Violation,
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
    fn what_a_pooler_says_of_options_is_told_from_other_refusals() {
        let error = |code: &str| DatabaseError {
            code: Some(format!("SQLSTATE {code}")),
            ..DatabaseError::new(ErrorClass::Unavailable, "no")
        };
        assert!(refuses_options(&error("08P01")) && refuses_options(&error("0A000")));
        assert!(!refuses_options(&error("28P01")) && !refuses_options(&error("3D000")));
    }

    #[test]
    fn versions_are_written_as_the_server_writes_them() {
        assert_eq!(version_text(160_004), "16.4");
        assert_eq!(version_text(90_624), "9.6.24");
    }
}
