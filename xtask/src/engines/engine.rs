//! The engines that need a server, and the variables that point to one.
//! SQLite is not among them: it is compiled into whatever uses it.

use std::env;
use std::fmt;

use clap::ValueEnum;

/// An engine that needs a server.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Engine {
    /// PostgreSQL
    Postgres,
    /// PostgreSQL of another series, for what only that has
    Postgres18,
    /// MySQL
    Mysql,
    /// MariaDB
    Mariadb,
    /// PgBouncer, a pooler in front of PostgreSQL
    Pgbouncer,
}

impl Engine {
    /// Every engine that needs a server.
    pub(crate) const ALL: [Self; 5] =
        [Self::Postgres, Self::Postgres18, Self::Mysql, Self::Mariadb, Self::Pgbouncer];

    /// The server that this one stands in front of; it is started after it.
    pub(crate) fn stands_before(self) -> Option<Self> {
        match self {
            Self::Postgres | Self::Postgres18 | Self::Mysql | Self::Mariadb => None,
            Self::Pgbouncer => Some(Self::Postgres),
        }
    }

    /// The name on the command line and in paths.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Postgres => "postgres",
            Self::Postgres18 => "postgres18",
            Self::Mysql => "mysql",
            Self::Mariadb => "mariadb",
            Self::Pgbouncer => "pgbouncer",
        }
    }

    /// The variable that hands the URL of an administrator to the tests.
    pub(crate) fn variable(self) -> &'static str {
        match self {
            Self::Postgres => "UNDERPIN_TEST_POSTGRES_URL",
            Self::Postgres18 => "UNDERPIN_TEST_POSTGRES18_URL",
            Self::Mysql => "UNDERPIN_TEST_MYSQL_URL",
            Self::Mariadb => "UNDERPIN_TEST_MARIADB_URL",
            Self::Pgbouncer => "UNDERPIN_TEST_PGBOUNCER_URL",
        }
    }

    /// The URL of a server that is there already.
    pub(crate) fn given_url(self) -> Option<String> {
        env::var(self.variable()).ok().filter(|url| !url.is_empty())
    }
}

impl fmt::Display for Engine {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Postgres => "PostgreSQL",
            Self::Postgres18 => "PostgreSQL 18",
            Self::Mysql => "MySQL",
            Self::Mariadb => "MariaDB",
            Self::Pgbouncer => "PgBouncer",
        })
    }
}
