//! The engines that tests run on: where their servers are, and what happens where there is none.

use std::{env, fmt, future::Future};

use underpin_core::diagnostic::Diagnostic;

use super::TestDatabase;
use crate::{Database, Embedded, SafeUrl, ScratchServer};

/// An engine that a test is run on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Engine {
    /// SQLite, which needs no server.
    Sqlite,
    /// The server of `UNDERPIN_TEST_POSTGRES_URL`.
    Postgres,
    /// The server of `UNDERPIN_TEST_MYSQL_URL`.
    Mysql,
    /// The server of `UNDERPIN_TEST_MARIADB_URL`.
    Mariadb,
}

impl Engine {
    /// The variable that names its server.
    pub const fn variable(self) -> Option<&'static str> {
        match self {
            Self::Sqlite => None,
            Self::Postgres => Some("UNDERPIN_TEST_POSTGRES_URL"),
            Self::Mysql => Some("UNDERPIN_TEST_MYSQL_URL"),
            Self::Mariadb => Some("UNDERPIN_TEST_MARIADB_URL"),
        }
    }

    /// Where databases of it are made; nothing where no server is named.
    ///
    /// # Errors
    /// A URL that can't be read.
    pub fn server(self) -> Result<Option<ScratchServer>, Diagnostic> {
        let Some(variable) = self.variable() else { return Ok(Some(ScratchServer::sqlite())) };
        match env::var(variable) {
            Ok(url) => Ok(Some(ScratchServer::of(Database::url(SafeUrl::parse(&url)?).origin(variable)))),
            Err(_) => Ok(None),
        }
    }
}

/// What a test function gives back.
pub trait Outcome {
    /// Panics if it is a failure.
    fn check(self);
}

impl Outcome for () {
    fn check(self) {}
}

impl<E: fmt::Debug> Outcome for Result<(), E> {
    fn check(self) {
        if let Err(error) = self {
            panic!("{error:?}");
        }
    }
}

/// Runs a test on an engine, on a runtime of its own, and drops its database whatever comes out. Where
/// no server is named, it says so and passes; under `CI` it fails, since a test that is left out there
/// would never be noticed. Called by [`macro@crate::test`].
///
/// # Panics
/// If the test does, or no database can be made.
#[expect(clippy::print_stderr, reason = "the only place where a test can say that it was left out")]
pub fn run<F, O>(engine: Engine, migrations: &'static Embedded, test: impl FnOnce(TestDatabase) -> F)
where
    F: Future<Output = O> + Send + 'static,
    O: Outcome + Send + 'static,
{
    let server = engine.server().unwrap_or_else(|error| panic!("{error}"));
    let Some(server) = server else {
        let variable = engine.variable().unwrap_or_default();
        assert!(env::var_os("CI").is_none(), "{variable} is not set, and CI leaves no engine out");
        eprintln!("NOT RUN on {engine:?}: {variable} is not set");
        return;
    };
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap_or_else(|error| panic!("no runtime could be made: {error}"));
    runtime.block_on(async {
        let database = TestDatabase::new(&server, migrations).await.unwrap_or_else(|error| panic!("{error}"));
        // On a task, so that a panic comes back here and the database goes all the same.
        let outcome = tokio::spawn(test(database.clone())).await;
        database.remove().await;
        match outcome {
            Ok(outcome) => outcome.check(),
            Err(error) => match error.try_into_panic() {
                Ok(panic) => std::panic::resume_unwind(panic),
                Err(error) => panic!("the test was cut off: {error}"),
            },
        }
    });
}
