//! The servers that cases run on: one of each engine, and a second PostgreSQL of the newest series.

use std::{env, fmt};

use underpin_tests::{Engine, TestDatabase};

/// The variable that points to the second PostgreSQL.
const NEWEST_POSTGRES: &str = "UNDERPIN_TEST_POSTGRES18_URL";

/// A server, or what takes its place on SQLite.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Host {
    /// The usual one of an engine.
    Usual(Engine),
    /// PostgreSQL of the newest series.
    NewestPostgres,
}

impl Host {
    /// All of them.
    pub(crate) fn all() -> impl Iterator<Item = Self> {
        Engine::ALL.into_iter().map(Self::Usual).chain([Self::NewestPostgres])
    }

    /// Its engine.
    pub(crate) fn engine(self) -> Engine {
        match self {
            Self::Usual(engine) => engine,
            Self::NewestPostgres => Engine::Postgres,
        }
    }

    /// Runs a check on it when it is at hand; what is not is named loudly, and fails in CI.
    pub(crate) fn run(self, check: impl FnOnce(Self)) {
        match self {
            Self::Usual(engine) => engine.run(|_| check(self)),
            Self::NewestPostgres if env::var_os(NEWEST_POSTGRES).is_some() => check(self),
            Self::NewestPostgres => {
                let message = format!("{self} is SKIPPED: {NEWEST_POSTGRES} is not set");
                assert!(env::var_os("CI").is_none(), "{message}, and CI is");
                eprintln!("{message} (cargo xtask test starts every server)");
            }
        }
    }

    /// A fresh database there, with something in it that makes it exist.
    pub(crate) fn create(self) -> TestDatabase {
        let database = match self {
            Self::Usual(engine) => TestDatabase::create(engine),
            Self::NewestPostgres => {
                TestDatabase::create_at(Engine::Postgres, &env::var(NEWEST_POSTGRES).unwrap_or_default())
            }
        };
        database.query("SELECT 1");
        database
    }
}

impl fmt::Display for Host {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Usual(engine) => engine.fmt(formatter),
            Self::NewestPostgres => formatter.write_str("PostgreSQL18"),
        }
    }
}
