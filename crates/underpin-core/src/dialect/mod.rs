//! The SQL dialects that Underpin speaks, and the server families behind them.
//!
//! A dialect decides how text is lexed and quoted; a flavour decides what a server can do.
//! Nothing here talks to a server.

pub(crate) mod mysql;
pub(crate) mod postgres;
pub mod sqlite;

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

pub(crate) use mysql::{change::labels as mysql_labels, routine_body as mysql_routine_body};
pub(crate) use postgres::change::{
    part as postgres_part, renamed as postgres_renamed, usual_grants as postgres_grants,
    whole_sequence as postgres_sequence,
};

/// A family of SQL text: how it is lexed, quoted and split.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Dialect {
    /// SQLite 3.
    Sqlite,
    /// PostgreSQL.
    Postgres,
    /// MySQL and MariaDB.
    Mysql,
}

/// A server family: a dialect, and what its servers can do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Flavour {
    /// SQLite, embedded.
    Sqlite,
    /// PostgreSQL.
    Postgres,
    /// Oracle's MySQL.
    Mysql,
    /// MariaDB.
    Mariadb,
}

impl Dialect {
    /// Every dialect.
    pub const ALL: [Self; 3] = [Self::Sqlite, Self::Postgres, Self::Mysql];

    /// The name used in URLs, settings and JSON.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Sqlite => "sqlite",
            Self::Postgres => "postgres",
            Self::Mysql => "mysql",
        }
    }

    /// A name as it is compared with others: PostgreSQL tells `A` from `a` once both are in its catalog.
    pub(crate) fn fold(self, name: &str) -> String {
        match self {
            Self::Postgres => name.to_owned(),
            Self::Sqlite | Self::Mysql => name.to_lowercase(),
        }
    }

    /// Whether two names of columns, constraints, indexes or routines are the same.
    pub(crate) fn same_names(self, one: &str, other: &str) -> bool {
        match self {
            Self::Postgres => one == other,
            Self::Sqlite | Self::Mysql => one.eq_ignore_ascii_case(other),
        }
    }
}

impl Flavour {
    /// Every flavour, in the order of [`Flavour::index`].
    pub const ALL: [Self; 4] = [Self::Sqlite, Self::Postgres, Self::Mysql, Self::Mariadb];

    /// The dialect that this flavour speaks.
    pub const fn dialect(self) -> Dialect {
        match self {
            Self::Sqlite => Dialect::Sqlite,
            Self::Postgres => Dialect::Postgres,
            Self::Mysql | Self::Mariadb => Dialect::Mysql,
        }
    }

    /// The name used in revision files and JSON.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Sqlite => "sqlite",
            Self::Postgres => "postgres",
            Self::Mysql => "mysql",
            Self::Mariadb => "mariadb",
        }
    }

    /// The name as its makers write it.
    pub const fn title(self) -> &'static str {
        match self {
            Self::Sqlite => "SQLite",
            Self::Postgres => "PostgreSQL",
            Self::Mysql => "MySQL",
            Self::Mariadb => "MariaDB",
        }
    }

    /// The place of this flavour in [`Flavour::ALL`].
    pub const fn index(self) -> usize {
        self as usize
    }

    /// Whether a schema change can be rolled back as part of a transaction.
    ///
    /// MySQL and MariaDB commit before and after every DDL statement ("Statements That Cause an
    /// Implicit Commit" in either server's manual).
    pub const fn transactional_ddl(self) -> bool {
        match self {
            Self::Sqlite | Self::Postgres => true,
            Self::Mysql | Self::Mariadb => false,
        }
    }
}

impl fmt::Display for Dialect {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl fmt::Display for Flavour {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// A name that is no dialect or flavour.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("unknown dialect {0:?}: expected sqlite, postgres, mysql or mariadb")]
pub struct UnknownDialect(pub String);

impl FromStr for Flavour {
    type Err = UnknownDialect;

    fn from_str(text: &str) -> Result<Self, UnknownDialect> {
        match text.to_ascii_lowercase().as_str() {
            "sqlite" | "sqlite3" => Ok(Self::Sqlite),
            "postgres" | "postgresql" => Ok(Self::Postgres),
            "mysql" => Ok(Self::Mysql),
            "mariadb" => Ok(Self::Mariadb),
            _ => Err(UnknownDialect(text.to_owned())),
        }
    }
}

impl FromStr for Dialect {
    type Err = UnknownDialect;

    fn from_str(text: &str) -> Result<Self, UnknownDialect> {
        text.parse::<Flavour>().map(Flavour::dialect)
    }
}
