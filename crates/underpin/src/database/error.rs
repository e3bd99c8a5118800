//! What a server or a driver says when something goes wrong, sorted into the classes that decide
//! what Underpin does next. Not shown to users as it is: the caller adds where and what to do.

use underpin_core::diagnostic::ErrorKind;

/// The class of a database error.
#[cfg_attr(
    not(all(feature = "sqlite", feature = "postgres", feature = "mysql")),
    allow(dead_code, reason = "each driver knows some of them")
)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ErrorClass {
    /// The server can't be reached, or is starting or stopping.
    Unavailable,
    /// The server's certificate is refused, or it speaks no TLS where it has to.
    Untrusted,
    /// The credentials are refused.
    Authentication,
    /// The database does not exist on its server.
    DatabaseNotFound,
    /// The file is no database, or a damaged or encrypted one.
    NotADatabase,
    /// A privilege is missing.
    Permission,
    /// The server, the file or the transaction is read-only.
    ReadOnly,
    /// There is no room left on a disk.
    Full,
    /// A table, or the schema it should be in, does not exist.
    UndefinedTable,
    /// An object of that name is there already.
    AlreadyExists,
    /// Another session holds a lock that this one needs.
    Busy,
    /// The statement was cancelled, by us or by someone else.
    Cancelled,
    /// Rows are not what the statement, or a constraint that it makes, asks of them.
    Violation,
    /// The statement can't run inside a transaction block.
    NotInTransaction,
    /// The connection broke while it was in use.
    ConnectionLost,
    /// Anything else that is wrong with the statement or its data.
    Statement,
}

/// What to do about a file that is no database.
pub(crate) const NOT_A_DATABASE: &str = "the file is no SQLite database, or a damaged or encrypted one: name another file, \
     move this one away, or restore it from a backup";

/// What to do about a disk that is full.
pub(crate) const NO_ROOM: &str = "make room on the disk of the database, then run it again";

impl ErrorClass {
    /// The kind of a diagnostic about an error of this class outside a revision's own statements.
    pub(crate) const fn kind(self) -> ErrorKind {
        match self {
            Self::Unavailable | Self::Untrusted | Self::ConnectionLost | Self::NotADatabase | Self::Full => {
                ErrorKind::Unavailable
            }
            Self::Authentication => ErrorKind::Authentication,
            Self::DatabaseNotFound => ErrorKind::DatabaseNotFound,
            Self::Permission => ErrorKind::Permission,
            Self::ReadOnly => ErrorKind::ReadOnly,
            Self::Busy => ErrorKind::LockTimeout,
            Self::Cancelled => ErrorKind::Timeout,
            Self::UndefinedTable
            | Self::AlreadyExists
            | Self::Violation
            | Self::NotInTransaction
            | Self::Statement => ErrorKind::MigrationFailed,
        }
    }
}

/// How others were in the way of a transaction, which may go well the next time.
#[cfg_attr(
    not(any(feature = "postgres", feature = "mysql")),
    allow(dead_code, reason = "SQLite has one writer at a time")
)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Busy {
    /// A lock was not free in time.
    Lock,
    /// Each waited for the other.
    Deadlock,
    /// Rows had changed since the transaction began to look at them.
    Serialization,
}

impl Busy {
    /// The name in events and numbers.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Lock => "lock_timeout",
            Self::Deadlock => "deadlock",
            Self::Serialization => "serialization",
        }
    }
}

/// An error of a server or a driver.
#[derive(Clone, Debug, thiserror::Error)]
#[error("{message}")]
pub(crate) struct DatabaseError {
    pub(crate) class: ErrorClass,
    /// The server's text, with its detail, without the place in the server's own source.
    pub(crate) message: String,
    /// `SQLSTATE 23505`, `error 1062` or `SQLite code 5`, as the engine counts.
    pub(crate) code: Option<String>,
    /// The character of the SQL that was sent that the server points at, counted from 0.
    pub(crate) position: Option<usize>,
}

impl ErrorClass {
    /// The kind of a diagnostic about a statement that was to change the schema: a server that was reached
    /// has let us in, so that what it says of databases and users is about the statement.
    pub(crate) const fn kind_of_statement(self) -> ErrorKind {
        match self.kind() {
            ErrorKind::Authentication | ErrorKind::DatabaseNotFound => ErrorKind::MigrationFailed,
            kind => kind,
        }
    }
}

impl DatabaseError {
    pub(crate) fn new(class: ErrorClass, message: impl Into<String>) -> Self {
        Self { class, message: message.into(), code: None, position: None }
    }

    /// What to do about a database that takes no writes.
    pub(crate) fn how_to_write(&self) -> &'static str {
        match self.code.as_deref().is_some_and(|code| code.starts_with("SQLite")) {
            true => "make the file and its directory writable for the user that runs migrations",
            false => "connect to the primary, or make the database writable",
        }
    }

    /// How others were in the way, if they were: by SQLSTATE ("PostgreSQL Error Codes" in the manual) or
    /// number ("Server Error Message Reference" in MySQL's).
    pub(crate) fn busy(&self) -> Option<Busy> {
        if self.class != ErrorClass::Busy {
            return None;
        }
        Some(match self.code.as_deref() {
            Some("SQLSTATE 40P01" | "error 1213") => Busy::Deadlock,
            Some("SQLSTATE 40001") => Busy::Serialization,
            Some(_) | None => Busy::Lock,
        })
    }

    /// Whether a server can't change a table the way that the statement asserts: "Server Error Message
    /// Reference" of MySQL, and MariaDB's list of error codes (`ER_ALTER_OPERATION_NOT_SUPPORTED`, and the same
    /// with a reason).
    pub(crate) fn refuses_algorithm(&self) -> bool {
        matches!(self.code.as_deref(), Some("error 1845" | "error 1846"))
    }

    /// The message with its code behind it.
    pub(crate) fn with_code(&self) -> String {
        match &self.code {
            Some(code) => format!("{} ({code})", self.message),
            None => self.message.clone(),
        }
    }
}

/// What every driver reports in the same way: all that is not the server's own answer.
pub(super) fn from_driver(error: &sqlx::Error) -> DatabaseError {
    use sqlx::Error;
    let class = match error {
        Error::Io(source) if refuses_certificate(source) => ErrorClass::Untrusted,
        Error::Tls(_) => ErrorClass::Untrusted,
        Error::Io(_) | Error::WorkerCrashed | Error::Protocol(_) => ErrorClass::ConnectionLost,
        Error::PoolTimedOut | Error::PoolClosed => ErrorClass::Unavailable,
        _ => ErrorClass::Statement,
    };
    let message = match error {
        Error::Io(source) => source.to_string(),
        Error::Tls(source) => format!("TLS: {source}"),
        other => other.to_string(),
    };
    DatabaseError::new(class, message)
}

/// Whether a handshake ended because of the server's certificate: the driver gives rustls' word for it as an error of
/// reading.
fn refuses_certificate(error: &std::io::Error) -> bool {
    error.kind() == std::io::ErrorKind::InvalidData && error.to_string().contains("certificate")
}
