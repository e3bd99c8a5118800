//! The four engines that every test is about, and whether the server for one is at hand.
//! It starts no server: `cargo xtask test` does, or whoever sets the variables.

use std::collections::BTreeSet;
use std::env;
use std::fmt;
use std::io::Write;
use std::sync::{Mutex, PoisonError};

/// A database engine.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Engine {
    /// SQLite, compiled in.
    Sqlite,
    /// PostgreSQL.
    Postgres,
    /// MySQL.
    Mysql,
    /// MariaDB.
    Mariadb,
}

impl Engine {
    /// Every engine.
    pub const ALL: [Self; 4] = [Self::Sqlite, Self::Postgres, Self::Mysql, Self::Mariadb];

    /// The engines at hand. One that is not is named loudly.
    ///
    /// # Panics
    /// When one is missing and `CI=true`.
    pub fn available() -> Vec<Self> {
        Self::ALL.into_iter().filter(|engine| engine.is_available()).collect()
    }

    /// Whether this engine is at hand. If not, that is said loudly, once a process.
    ///
    /// # Panics
    /// When it is missing and `CI=true`.
    pub fn is_available(self) -> bool {
        let Some(variable) = self.variable() else { return true };
        if self.admin_url().is_some() {
            return true;
        }
        let message =
            format!("{self} is SKIPPED: {variable} is not set (cargo xtask test starts every server)");
        assert!(!in_ci(), "{message}, and CI=true");
        say_once(self, &message);
        false
    }

    /// Runs a check on this engine when it is at hand.
    pub fn run(self, check: impl FnOnce(Self)) {
        if self.is_available() {
            check(self);
        }
    }

    /// The name of the dialect that revision files use for this engine.
    pub fn dialect(self) -> &'static str {
        match self {
            Self::Sqlite => "sqlite",
            Self::Postgres => "postgres",
            Self::Mysql | Self::Mariadb => "mysql",
        }
    }

    /// Whether the engine is a server.
    pub fn is_server(self) -> bool {
        self.variable().is_some()
    }

    /// Whether a change of the schema can be rolled back.
    pub fn has_transactional_schema(self) -> bool {
        match self {
            Self::Sqlite | Self::Postgres => true,
            Self::Mysql | Self::Mariadb => false,
        }
    }

    /// The URL of the server's administrator.
    pub fn admin_url(self) -> Option<String> {
        env::var(self.variable()?).ok().filter(|url| !url.is_empty())
    }

    /// A URL of this engine behind which nobody listens: port 1 is never given to a program. On SQLite a file that
    /// nobody can make, not even root.
    pub fn unreachable_url(self) -> String {
        match self {
            Self::Sqlite => "sqlite:///dev/null/database.db".to_owned(),
            Self::Postgres => "postgres://nobody:nothing@127.0.0.1:1/none".to_owned(),
            Self::Mysql | Self::Mariadb => "mysql://nobody:nothing@127.0.0.1:1/none".to_owned(),
        }
    }

    /// The name of the engine's server in `cargo xtask engines`, and the variable that points to one.
    pub(crate) fn server(self) -> Option<(&'static str, &'static str)> {
        let name = match self {
            Self::Sqlite => return None,
            Self::Postgres => "postgres",
            Self::Mysql => "mysql",
            Self::Mariadb => "mariadb",
        };
        Some((name, self.variable()?))
    }

    fn variable(self) -> Option<&'static str> {
        match self {
            Self::Sqlite => None,
            Self::Postgres => Some("UNDERPIN_TEST_POSTGRES_URL"),
            Self::Mysql => Some("UNDERPIN_TEST_MYSQL_URL"),
            Self::Mariadb => Some("UNDERPIN_TEST_MARIADB_URL"),
        }
    }
}

impl fmt::Display for Engine {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Sqlite => "SQLite",
            Self::Postgres => "PostgreSQL",
            Self::Mysql => "MySQL",
            Self::Mariadb => "MariaDB",
        })
    }
}

/// Makes one test an engine of a function: `on_every_engine! { fn a_thing_holds(engine) { … } }`.
///
/// The tests are called `a_thing_holds::sqlite`, `…::postgres`, `…::mysql` and `…::mariadb`, and run side by side.
/// Attributes such as `#[ignore]` before `fn` go to each of them.
#[macro_export]
macro_rules! on_every_engine {
    ($($(#[$attribute:meta])* fn $name:ident($engine:ident) $body:block)+) => { $(
        mod $name {
            #[allow(unused_imports)]
            use super::*;

            fn check($engine: $crate::Engine) $body

            $(#[$attribute])* #[test]
            fn sqlite() {
                $crate::Engine::Sqlite.run(check);
            }

            $(#[$attribute])* #[test]
            fn postgres() {
                $crate::Engine::Postgres.run(check);
            }

            $(#[$attribute])* #[test]
            fn mysql() {
                $crate::Engine::Mysql.run(check);
            }

            $(#[$attribute])* #[test]
            fn mariadb() {
                $crate::Engine::Mariadb.run(check);
            }
        }
    )+ };
}

pub(crate) fn in_ci() -> bool {
    env::var("CI").is_ok_and(|value| value == "true")
}

/// Past the test runner's capture, which would hide it for a test that passes.
fn say_once(engine: Engine, message: &str) {
    static SAID: Mutex<BTreeSet<Engine>> = Mutex::new(BTreeSet::new());
    if SAID.lock().unwrap_or_else(PoisonError::into_inner).insert(engine) {
        let _ = writeln!(std::io::stderr(), "\n!!! {message}\n");
    }
}
