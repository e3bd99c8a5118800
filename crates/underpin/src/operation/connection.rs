//! The driver's own connection, for what no operation is for. What is done with it is nobody's business
//! here, so that nothing of it can be shown, reversed or written down.

/// The driver's connection that the revision runs on, in its transaction if it has one.
#[non_exhaustive]
pub enum Connection<'a> {
    /// To SQLite.
    #[cfg(feature = "sqlite")]
    Sqlite(&'a mut sqlx::SqliteConnection),
    /// To PostgreSQL.
    #[cfg(feature = "postgres")]
    Postgres(&'a mut sqlx::PgConnection),
    /// To MySQL or MariaDB.
    #[cfg(feature = "mysql")]
    Mysql(&'a mut sqlx::MySqlConnection),
    /// To nothing; only where no driver is built in.
    #[doc(hidden)]
    None(std::marker::PhantomData<&'a ()>),
}

impl<'a> Connection<'a> {
    /// The connection, where it is one to SQLite.
    #[cfg(feature = "sqlite")]
    pub fn sqlite(self) -> Option<&'a mut sqlx::SqliteConnection> {
        match self {
            Self::Sqlite(connection) => Some(connection),
            #[allow(unreachable_patterns, reason = "where it is the only driver")]
            _ => None,
        }
    }

    /// The connection, where it is one to PostgreSQL.
    #[cfg(feature = "postgres")]
    pub fn postgres(self) -> Option<&'a mut sqlx::PgConnection> {
        match self {
            Self::Postgres(connection) => Some(connection),
            #[allow(unreachable_patterns, reason = "where it is the only driver")]
            _ => None,
        }
    }

    /// The connection, where it is one to MySQL or MariaDB.
    #[cfg(feature = "mysql")]
    pub fn mysql(self) -> Option<&'a mut sqlx::MySqlConnection> {
        match self {
            Self::Mysql(connection) => Some(connection),
            #[allow(unreachable_patterns, reason = "where it is the only driver")]
            _ => None,
        }
    }
}
