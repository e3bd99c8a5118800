//! Where the database is and how a session on it is made. Not what is done there: that is in
//! `history`, `lock` and `migrate`.

mod attempt;
#[cfg(any(feature = "postgres", feature = "mysql"))]
pub(crate) mod copy;
mod error;
mod interrupt;
#[cfg(feature = "mysql")]
mod mysql;
#[cfg(feature = "postgres")]
mod postgres;
mod row;
mod session;
#[cfg(feature = "sqlite")]
mod sqlite;
mod text;
mod url;

use std::{fmt, time::Duration};

use tokio::time::{Instant, timeout};
use underpin_core::{
    diagnostic::{Diagnostic, ErrorKind},
    dialect::Dialect,
};

#[cfg(feature = "cli")]
pub(crate) use attempt::{FIRST_PAUSE, longer};
pub(crate) use error::{Busy, DatabaseError, ErrorClass, NO_ROOM, NOT_A_DATABASE};
pub(crate) use interrupt::{Cause, Errand, Guard, Guarded, Interrupt, InterruptHandle, Stop};
pub(crate) use row::Row;
pub(crate) use session::{Canceller, ScriptError, Server, Session, Watch};
pub(crate) use url::LIBPQ_VARIABLES;
pub use url::{Address, SafeUrl, Secret, ServerAddress, SqliteAddress};

use crate::telemetry::metrics;

/// A database: a URL, or a pool that the application has already.
///
/// From a pool only the way to connect is taken; a run uses a connection of its own, so that no
/// setting and no lock is left behind in the pool. The exception is an SQLite database in memory,
/// which only the pool's own connection can see.
#[derive(Clone)]
pub struct Database {
    place: Place,
    origin: Option<String>,
}

#[derive(Clone)]
enum Place {
    Url(SafeUrl),
    #[cfg(feature = "sqlite")]
    Sqlite(sqlx::SqlitePool),
    #[cfg(feature = "postgres")]
    Postgres(sqlx::PgPool),
    #[cfg(feature = "mysql")]
    Mysql(sqlx::MySqlPool),
}

/// What a session will be used for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Access {
    /// Looking only: an SQLite file is not created and is opened read-only.
    Read,
    /// Looking first, and changing if there is something to do.
    Write,
}

impl Database {
    /// The database that a URL names.
    pub fn url(url: SafeUrl) -> Self {
        Self { place: Place::Url(url), origin: None }
    }

    /// Says where the URL came from, for messages.
    #[must_use]
    pub fn origin(mut self, origin: impl Into<String>) -> Self {
        self.origin = Some(origin.into());
        self
    }

    /// The SQL dialect that is spoken there.
    pub fn dialect(&self) -> Dialect {
        match &self.place {
            Place::Url(url) => url.dialect(),
            #[cfg(feature = "sqlite")]
            Place::Sqlite(_) => Dialect::Sqlite,
            #[cfg(feature = "postgres")]
            Place::Postgres(_) => Dialect::Postgres,
            #[cfg(feature = "mysql")]
            Place::Mysql(_) => Dialect::Mysql,
        }
    }

    /// Where it is on its server, where it is known by a URL; a pool does not tell its password.
    pub(crate) fn server_address(&self) -> Option<&ServerAddress> {
        match self.as_url()?.address() {
            Address::Sqlite(_) => None,
            Address::Postgres(address) | Address::Mysql(address) => Some(address),
        }
    }

    /// The server and the database, `host:port/database`, whoever connects and however: what tells one
    /// database from another of the same name.
    pub(crate) fn place_on_server(&self) -> String {
        let Some(url) = self.as_url() else {
            let shown = self.to_string();
            return shown.split_once("://").map_or_else(|| shown.clone(), |(_, place)| place.to_owned());
        };
        let user = self.server_address().and_then(|address| address.user.as_deref());
        // PostgreSQL takes the user's name where none is named ("PGDATABASE" of libpq).
        let name = url.database_name().or(user).unwrap_or_default();
        format!("{}/{name}", url.host_port().unwrap_or_default())
    }

    /// The URL, where it is known by one.
    pub(crate) const fn as_url(&self) -> Option<&SafeUrl> {
        match &self.place {
            Place::Url(url) => Some(url),
            #[allow(unreachable_patterns, reason = "the only place where no driver is built in")]
            _ => None,
        }
    }

    /// Another database of the same server, reached in the same way.
    pub(crate) fn beside(&self, name: &str) -> Self {
        let place = match &self.place {
            Place::Url(url) => Place::Url(url.with_database(name)),
            #[cfg(feature = "sqlite")]
            Place::Sqlite(pool) => Place::Sqlite(pool.clone()),
            #[cfg(feature = "postgres")]
            Place::Postgres(pool) => {
                let options = pool.connect_options().as_ref().clone().database(name);
                Place::Postgres(sqlx::postgres::PgPoolOptions::new().connect_lazy_with(options))
            }
            #[cfg(feature = "mysql")]
            Place::Mysql(pool) => {
                let options = pool.connect_options().as_ref().clone().database(name);
                Place::Mysql(sqlx::mysql::MySqlPoolOptions::new().connect_lazy_with(options))
            }
        };
        Self { place, origin: None }
    }

    /// The file of an SQLite database; nothing for one in memory and for a server.
    #[cfg(feature = "sqlite")]
    pub(crate) fn sqlite_file(&self) -> Option<std::path::PathBuf> {
        match &self.place {
            Place::Url(url) => match url.address() {
                Address::Sqlite(address) => address.file.clone(),
                Address::Postgres(_) | Address::Mysql(_) => None,
            },
            Place::Sqlite(pool) => {
                let options = pool.connect_options();
                let file = options.get_filename();
                let in_memory = file.as_os_str().is_empty()
                    || file.to_string_lossy().contains(":memory:")
                    || file.to_string_lossy().starts_with("file:sqlx-in-memory");
                (!in_memory).then(|| file.to_owned())
            }
            #[cfg(feature = "postgres")]
            Place::Postgres(_) => None,
            #[cfg(feature = "mysql")]
            Place::Mysql(_) => None,
        }
    }

    /// Whether it is an SQLite file that is not there.
    pub(crate) fn is_missing_file(&self) -> bool {
        #[cfg(feature = "sqlite")]
        return self.sqlite_file().is_some_and(|file| !file.exists());
        #[cfg(not(feature = "sqlite"))]
        false
    }

    /// Makes a session, trying again until `patience` is over while the server can't be reached.
    ///
    /// # Errors
    /// A diagnostic that names the database, where its URL came from and what to look at. `None`
    /// is no error: it is an SQLite file that is not there yet, when it is only to be read.
    pub(crate) async fn connect(
        &self,
        access: Access,
        patience: Duration,
        interrupt: &Interrupt,
    ) -> Result<Option<Box<dyn Session>>, Diagnostic> {
        let start = Instant::now();
        let mut pause = attempt::FIRST_PAUSE;
        loop {
            let (limit, asked) = (attempt::limit(patience, start.elapsed()), Instant::now());
            // On the heap, because what the drivers do is deep, and every caller would carry it.
            let attempt = Box::pin(self.attempt(access));
            let attempt = match interrupt.limit(timeout(limit, attempt)).await {
                Ok(Ok(attempt)) => attempt,
                Err(stop) if stop.cause == Cause::Interrupted => return Err(stopped_waiting(stop)),
                Ok(Err(_)) | Err(_) => {
                    let waited = asked.elapsed().as_secs();
                    Err(ConnectError::Database(DatabaseError::new(
                        ErrorClass::Unavailable,
                        format!("no answer within {waited} s"),
                    )))
                }
            };
            let error = match attempt {
                Ok(session) => return Ok(session),
                Err(ConnectError::Address(diagnostic)) => return Err(self.unusable(diagnostic)),
                Err(ConnectError::Database(error)) => error,
            };
            let retried = matches!(error.class, ErrorClass::Unavailable | ErrorClass::ConnectionLost)
                && self.dialect() != Dialect::Sqlite;
            if !retried || start.elapsed() + pause > patience {
                return Err(self.unreachable(&error));
            }
            metrics::reconnecting();
            tracing::info!(target: "underpin::connect", database = %self, error = %self.redact(&error.message), "waiting for the database");
            match interrupt.pause(pause).await {
                Ok(()) => {}
                Err(stop) if stop.cause == Cause::Interrupted => return Err(stopped_waiting(stop)),
                Err(_) => return Err(self.unreachable(&error)),
            }
            pause = attempt::longer(pause);
        }
    }

    #[cfg_attr(
        not(any(feature = "sqlite", feature = "postgres")),
        allow(unused_variables, reason = "on MySQL every session may write")
    )]
    async fn attempt(&self, access: Access) -> Result<Option<Box<dyn Session>>, ConnectError> {
        match &self.place {
            Place::Url(url) => match url.dialect() {
                #[cfg(feature = "sqlite")]
                Dialect::Sqlite => sqlite_session(url, access).await,
                #[cfg(feature = "postgres")]
                Dialect::Postgres => Ok(Some(Box::new(
                    postgres::PostgresSession::connect(url.postgres_options()?, access).await?,
                ))),
                #[cfg(feature = "mysql")]
                Dialect::Mysql => {
                    Ok(Some(Box::new(mysql::MysqlSession::connect(url.mysql_options()?).await?)))
                }
                #[allow(unreachable_patterns, reason = "reachable where a driver is left out")]
                dialect => Err(ConnectError::Address(not_built_in(dialect))),
            },
            #[cfg(feature = "sqlite")]
            Place::Sqlite(pool) => {
                if self.sqlite_file().is_some() {
                    let options = pool.connect_options().as_ref().clone();
                    return Ok(Some(Box::new(sqlite::SqliteSession::connect(options).await?)));
                }
                let connection = pool.acquire().await.map_err(|error| error::from_driver(&error))?;
                Ok(Some(Box::new(sqlite::SqliteSession::borrow(connection).await?)))
            }
            #[cfg(feature = "postgres")]
            Place::Postgres(pool) => {
                let options = pool.connect_options().as_ref().clone();
                Ok(Some(Box::new(postgres::PostgresSession::connect(options, access).await?)))
            }
            #[cfg(feature = "mysql")]
            Place::Mysql(pool) => {
                let options = pool.connect_options().as_ref().clone();
                Ok(Some(Box::new(mysql::MysqlSession::connect(options).await?)))
            }
        }
    }

    /// Takes the password out of a text that a driver or a server wrote.
    pub(crate) fn redact(&self, text: &str) -> String {
        match &self.place {
            Place::Url(url) => url.redact(text),
            #[allow(unreachable_patterns, reason = "the only place where no driver is built in")]
            _ => text.to_owned(),
        }
    }

    /// The diagnostic for an address that leads nowhere, with where it came from.
    fn unusable(&self, mut diagnostic: Diagnostic) -> Diagnostic {
        if let Some(origin) = &self.origin {
            diagnostic.message.push_str(&format!(" (from {origin})"));
        }
        match diagnostic.state {
            Some(_) => diagnostic,
            None => diagnostic.state("nothing was changed"),
        }
    }

    /// Takes the password out of everything in a diagnostic that a server may have written.
    pub(crate) fn redacted(&self, mut diagnostic: Diagnostic) -> Diagnostic {
        diagnostic.message = self.redact(&diagnostic.message);
        if let Some(label) = diagnostic.place.as_mut().and_then(|place| place.label.as_mut()) {
            *label = self.redact(label);
        }
        diagnostic
    }

    /// The diagnostic for a session that could not be made.
    fn unreachable(&self, error: &DatabaseError) -> Diagnostic {
        let text = self.redact(&error.with_code());
        let from = self.origin.as_ref().map(|origin| format!(" (from {origin})")).unwrap_or_default();
        let kind = match error.class.kind() {
            // Whatever the server has against it, such as a database that takes no connections.
            ErrorKind::MigrationFailed | ErrorKind::LockTimeout | ErrorKind::Timeout => {
                ErrorKind::Unavailable
            }
            kind => kind,
        };
        let diagnostic = Diagnostic::new(kind, format!("can't connect to {self}{from}: {text}"))
            .state("nothing was changed");
        let place = match &self.place {
            Place::Url(url) => url.host_port(),
            #[allow(unreachable_patterns, reason = "the only place where no driver is built in")]
            _ => None,
        };
        match (diagnostic.kind, self.dialect()) {
            (ErrorKind::Authentication, _) => diagnostic.hint("check the user and the password"),
            (ErrorKind::DatabaseNotFound, _) => {
                diagnostic.hint("create the database, or mend its name in the URL")
            }
            (ErrorKind::Permission, Dialect::Sqlite) => {
                diagnostic.hint("the file and its directory must be readable and writable")
            }
            (ErrorKind::Unavailable, Dialect::Sqlite) if error.class == ErrorClass::NotADatabase => {
                diagnostic.hint(NOT_A_DATABASE)
            }
            (ErrorKind::Unavailable, Dialect::Sqlite) => {
                diagnostic.hint("check that the path is right, is a database and may be written to")
            }
            (_, Dialect::Sqlite) => diagnostic,
            (_, dialect) if error.class == ErrorClass::Untrusted => diagnostic.hint(untrusted(dialect)),
            (ErrorKind::Permission, _) => diagnostic.hint(
                "grant the user the rights on this database, or mend its name in the URL: of one that does not exist a server may say the same",
            ),
            (_, _) => diagnostic.hint(format!(
                "check that the server runs and is reachable{}; `underpin wait` waits for it",
                place.map(|place| format!(" at {place}")).unwrap_or_default()
            )),
        }
    }
}

/// What to do about a server whose certificate is refused, or that has none.
fn untrusted(dialect: Dialect) -> String {
    let (authority, mode) = match dialect {
        Dialect::Mysql => ("ssl-ca", "ssl-mode"),
        Dialect::Postgres | Dialect::Sqlite => ("sslrootcert", "sslmode"),
    };
    format!(
        "name the file of the authority that has signed the server's certificate ({authority}=FILE), reach the server \
         by a name that the certificate has, or ask for less ({mode})"
    )
}

#[cfg(feature = "sqlite")]
async fn sqlite_session(url: &SafeUrl, access: Access) -> Result<Option<Box<dyn Session>>, ConnectError> {
    let options = url.sqlite_options()?;
    let Address::Sqlite(address) = url.address() else {
        return Err(ConnectError::Address(not_built_in(url.dialect())));
    };
    let file = address.file.as_deref();
    match access {
        Access::Write => {
            url.prepare_directory()?;
            Ok(Some(Box::new(sqlite::SqliteSession::connect(options).await?)))
        }
        Access::Read if file.is_some_and(|file| !file.exists()) => Ok(None),
        Access::Read => {
            let options = options.create_if_missing(file.is_none());
            let mut session =
                sqlite::SqliteSession::connect(options.clone().read_only(file.is_some())).await?;
            match session.fetch("SELECT count(*) FROM sqlite_schema").await {
                // What a killed process left behind has to be rolled back before anybody can read,
                // which a read-only connection can't do.
                Err(error) if error.class == ErrorClass::ReadOnly => {
                    Ok(Some(Box::new(sqlite::SqliteSession::connect(options).await?)))
                }
                Err(error) if error.class == ErrorClass::Busy => Ok(Some(Box::new(session))),
                Err(error) => Err(error.into()),
                Ok(_) => Ok(Some(Box::new(session))),
            }
        }
    }
}

fn not_built_in(dialect: Dialect) -> Diagnostic {
    Diagnostic::new(ErrorKind::Unsupported, format!("this program was built without the {dialect} driver"))
        .hint(format!("enable the feature `{dialect}` of the crate `underpin`"))
}

fn stopped_waiting(stop: Stop) -> Diagnostic {
    stop.diagnostic("while the database was waited for").state("nothing was changed")
}

/// Why an attempt to connect failed.
enum ConnectError {
    /// The address itself is wrong; trying again changes nothing.
    Address(Diagnostic),
    Database(DatabaseError),
}

impl From<Diagnostic> for ConnectError {
    fn from(diagnostic: Diagnostic) -> Self {
        Self::Address(diagnostic)
    }
}

impl From<DatabaseError> for ConnectError {
    fn from(error: DatabaseError) -> Self {
        Self::Database(error)
    }
}

/// The database without its credentials.
impl fmt::Display for Database {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.place {
            Place::Url(url) => fmt::Display::fmt(url, f),
            #[cfg(feature = "sqlite")]
            Place::Sqlite(_) => match self.sqlite_file() {
                Some(file) => write!(f, "sqlite:{}", file.display()),
                None => f.write_str("sqlite::memory:"),
            },
            #[cfg(feature = "postgres")]
            Place::Postgres(pool) => {
                let options = pool.connect_options();
                let database = options.get_database().unwrap_or_default();
                write!(f, "postgresql://{}:{}/{database}", options.get_host(), options.get_port())
            }
            #[cfg(feature = "mysql")]
            Place::Mysql(pool) => {
                let options = pool.connect_options();
                let database = options.get_database().unwrap_or_default();
                write!(f, "mysql://{}:{}/{database}", options.get_host(), options.get_port())
            }
        }
    }
}

impl fmt::Debug for Database {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Database({self})")
    }
}

impl From<SafeUrl> for Database {
    fn from(url: SafeUrl) -> Self {
        Self::url(url)
    }
}

macro_rules! from_pool {
    ($feature:literal, $pool:ty, $place:ident) => {
        #[cfg(feature = $feature)]
        impl From<$pool> for Database {
            fn from(pool: $pool) -> Self {
                Self { place: Place::$place(pool), origin: None }
            }
        }

        #[cfg(feature = $feature)]
        impl From<&$pool> for Database {
            fn from(pool: &$pool) -> Self {
                Self::from(pool.clone())
            }
        }
    };
}

from_pool!("sqlite", sqlx::SqlitePool, Sqlite);
from_pool!("postgres", sqlx::PgPool, Postgres);
from_pool!("mysql", sqlx::MySqlPool, Mysql);
