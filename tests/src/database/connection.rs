//! A connection to any of the engines that speaks plain SQL and gives back text.
//! It is not sqlx's `Any`, which loses what it does not know: the servers' own text forms are asked for instead.

use std::time::Duration;

use sqlx::mysql::MySqlConnectOptions;
use sqlx::postgres::PgConnectOptions;
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{
    AssertSqlSafe, ConnectOptions, Connection as _, Decode, MySqlConnection, PgConnection, Row,
    SqliteConnection,
};

use super::Rows;
use crate::Engine;

/// A connection to one of the engines.
pub(crate) enum Connection {
    Sqlite(SqliteConnection),
    Postgres(PgConnection),
    Mysql(MySqlConnection),
}

impl Connection {
    /// Connects; an SQLite file is made when it is not there.
    pub(crate) async fn open(engine: Engine, url: &str) -> Result<Self, sqlx::Error> {
        Ok(match engine {
            Engine::Sqlite => {
                let options: SqliteConnectOptions = url.parse()?;
                let options = options.create_if_missing(true).busy_timeout(Duration::from_secs(30));
                Self::Sqlite(options.connect().await?)
            }
            Engine::Postgres => Self::Postgres(url.parse::<PgConnectOptions>()?.connect().await?),
            Engine::Mysql | Engine::Mariadb => {
                Self::Mysql(url.parse::<MySqlConnectOptions>()?.connect().await?)
            }
        })
    }

    /// Connects to PostgreSQL as a client of a pooler, which takes no startup parameter but a few.
    pub(crate) async fn open_pooled(url: &str, name: &str) -> Result<Self, sqlx::Error> {
        let options = url.parse::<PgConnectOptions>()?.extra_float_digits(None).application_name(name);
        Ok(Self::Postgres(options.connect().await?))
    }

    /// Runs statements as they stand and returns the rows of all of them as text.
    pub(crate) async fn query(&mut self, sql: &str) -> Result<Rows, sqlx::Error> {
        // Without arguments the servers answer in their text protocol.
        let statement = sqlx::raw_sql(AssertSqlSafe(sql));
        match self {
            Self::Sqlite(connection) => text(statement.fetch_all(connection).await?),
            Self::Postgres(connection) => text(statement.fetch_all(connection).await?),
            Self::Mysql(connection) => text(statement.fetch_all(connection).await?),
        }
    }

    /// Says goodbye, so that the server does not keep the session for a moment longer.
    pub(crate) async fn close(self) {
        // A connection that is broken is closed as well.
        let _ = match self {
            Self::Sqlite(connection) => connection.close().await,
            Self::Postgres(connection) => connection.close().await,
            Self::Mysql(connection) => connection.close().await,
        };
    }
}

fn text<R>(rows: Vec<R>) -> Result<Rows, sqlx::Error>
where
    R: Row,
    usize: sqlx::ColumnIndex<R>,
    for<'r> Option<String>: Decode<'r, R::Database>,
    for<'r> Option<Vec<u8>>: Decode<'r, R::Database>,
{
    rows.iter().map(|row| (0..row.len()).map(|column| value(row, column)).collect()).collect()
}

/// A value as text, whatever type it is of.
fn value<R>(row: &R, column: usize) -> Result<Option<String>, sqlx::Error>
where
    R: Row,
    usize: sqlx::ColumnIndex<R>,
    for<'r> Option<String>: Decode<'r, R::Database>,
    for<'r> Option<Vec<u8>>: Decode<'r, R::Database>,
{
    if let Ok(text) = row.try_get_unchecked::<Option<String>, _>(column) {
        return Ok(text);
    }
    let bytes = row.try_get_unchecked::<Option<Vec<u8>>, _>(column)?;
    Ok(bytes.map(|bytes| bytes.iter().fold("\\x".to_owned(), |text, byte| format!("{text}{byte:02x}"))))
}
