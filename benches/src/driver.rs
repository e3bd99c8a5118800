//! The driver by hand: what a program would send that had no migrator, on a connection of its own.
//! It is the yardstick, so it does nothing that it need not do.

use anyhow::Result;
use sqlx::migrate::Migrator;
use sqlx::mysql::MySqlConnectOptions;
use sqlx::postgres::PgConnectOptions;
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{AssertSqlSafe, ConnectOptions, Connection, MySqlConnection, PgConnection, SqliteConnection};
use underpin_tests::Engine;

/// A connection of the driver.
pub enum Driver {
    /// To an SQLite file, which is made.
    Sqlite(SqliteConnection),
    /// To PostgreSQL.
    Postgres(PgConnection),
    /// To MySQL or MariaDB.
    Mysql(MySqlConnection),
}

impl Driver {
    /// Connects, with the options that the driver has by itself.
    ///
    /// # Errors
    /// The driver's.
    pub async fn connect(engine: Engine, url: &str) -> Result<Self> {
        Ok(match engine {
            Engine::Sqlite => {
                let options: SqliteConnectOptions = url.parse()?;
                let options = options.create_if_missing(true).disable_statement_logging();
                Self::Sqlite(options.connect().await?)
            }
            Engine::Postgres => {
                let options: PgConnectOptions = url.parse()?;
                Self::Postgres(options.disable_statement_logging().connect().await?)
            }
            Engine::Mysql | Engine::Mariadb => {
                let options: MySqlConnectOptions = url.parse()?;
                Self::Mysql(options.disable_statement_logging().connect().await?)
            }
        })
    }

    /// Sends a statement or a script as it stands.
    ///
    /// # Errors
    /// The server's.
    pub async fn execute(&mut self, script: &str) -> Result<()> {
        let script = sqlx::raw_sql(AssertSqlSafe(script.to_owned()));
        match self {
            Self::Sqlite(connection) => {
                script.execute(connection).await?;
            }
            Self::Postgres(connection) => {
                script.execute(connection).await?;
            }
            Self::Mysql(connection) => {
                script.execute(connection).await?;
            }
        }
        Ok(())
    }

    /// Sends a query and throws its rows away.
    ///
    /// # Errors
    /// The server's.
    pub async fn fetch(&mut self, query: &str) -> Result<()> {
        let query = sqlx::raw_sql(AssertSqlSafe(query.to_owned()));
        match self {
            Self::Sqlite(connection) => drop(query.fetch_all(connection).await?),
            Self::Postgres(connection) => drop(query.fetch_all(connection).await?),
            Self::Mysql(connection) => drop(query.fetch_all(connection).await?),
        }
        Ok(())
    }

    /// Runs sqlx's own migrator on this connection.
    ///
    /// # Errors
    /// The migrator's.
    pub async fn migrate(&mut self, migrator: &Migrator) -> Result<()> {
        match self {
            Self::Sqlite(connection) => migrator.run_direct(None, connection, false).await?,
            Self::Postgres(connection) => migrator.run_direct(None, connection, false).await?,
            Self::Mysql(connection) => migrator.run_direct(None, connection, false).await?,
        }
        Ok(())
    }

    /// Lets sqlx's own migrator count everything as applied.
    ///
    /// # Errors
    /// The migrator's.
    pub async fn mark(&mut self, migrator: &Migrator) -> Result<()> {
        match self {
            Self::Sqlite(connection) => migrator.run_direct(None, connection, true).await?,
            Self::Postgres(connection) => migrator.run_direct(None, connection, true).await?,
            Self::Mysql(connection) => migrator.run_direct(None, connection, true).await?,
        }
        Ok(())
    }

    /// Says goodbye.
    ///
    /// # Errors
    /// The driver's.
    pub async fn close(self) -> Result<()> {
        match self {
            Self::Sqlite(connection) => connection.close().await?,
            Self::Postgres(connection) => connection.close().await?,
            Self::Mysql(connection) => connection.close().await?,
        }
        Ok(())
    }
}
