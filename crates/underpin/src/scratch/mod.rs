//! Databases that are made to try something out and are gone afterwards. What is tried in them is
//! not decided here, and nothing here ever touches a database that it has not made.

#[cfg(feature = "mysql")]
mod mysql;
mod name;
#[cfg(feature = "postgres")]
mod postgres;
#[cfg(feature = "sqlite")]
mod sqlite;

#[cfg(feature = "mysql")]
pub(crate) use name::{is_of_replaced, is_ours, of_replaced};

use std::time::Duration;

use tokio::time::Instant;
use underpin_core::{
    diagnostic::{Diagnostic, ErrorKind},
    dialect::Dialect,
};

use crate::database::{Access, Database, DatabaseError, Errand, ErrorClass, Interrupt, Session};
#[cfg(feature = "sqlite")]
use crate::owned_directory::OwnedDirectory;

/// Where scratch databases are made: on a server, beside its databases, or, for SQLite, as files in
/// the system's directory for temporary ones.
///
/// The same server as the live one writes types and expressions in the same way, which is why what is
/// desired can be compared with what is there (decision D4).
#[derive(Clone, Debug)]
pub struct ScratchServer {
    /// A database of the server; nothing for SQLite.
    server: Option<Database>,
    dialect: Dialect,
    patience: Duration,
}

impl ScratchServer {
    /// SQLite, which needs no server.
    pub const fn sqlite() -> Self {
        Self { server: None, dialect: Dialect::Sqlite, patience: Duration::ZERO }
    }

    /// The server of this database; it is asked, and never changed.
    pub fn of(database: impl Into<Database>) -> Self {
        let database = database.into();
        match database.dialect() {
            Dialect::Sqlite => Self::sqlite(),
            dialect => Self { server: Some(database), dialect, patience: Duration::ZERO },
        }
    }

    /// How long a server that can't be reached is tried again.
    #[must_use]
    pub fn patience(self, patience: Duration) -> Self {
        Self { patience, ..self }
    }

    /// How long a server that can't be reached is tried again.
    pub(crate) const fn waits(&self) -> Duration {
        self.patience
    }

    /// The dialect that is spoken there.
    pub const fn dialect(&self) -> Dialect {
        self.dialect
    }

    /// Makes a database with nothing in it, and drops those that killed programs have left behind.
    ///
    /// # Errors
    /// A server that can't be reached, or a role that may not create databases, with what to set.
    pub(crate) async fn create(&self) -> Result<Scratch, Diagnostic> {
        match (&self.server, self.dialect) {
            #[cfg(feature = "sqlite")]
            (_, Dialect::Sqlite) => sqlite::create(),
            #[cfg(feature = "postgres")]
            (Some(server), Dialect::Postgres) => {
                let session = self.session(server, "postgres").await?;
                postgres::create(server, session).await.map_err(|error| self.refused(server, &error))
            }
            #[cfg(feature = "mysql")]
            (Some(server), Dialect::Mysql) => {
                let session = self.session(server, "information_schema").await?;
                mysql::create(server, session).await.map_err(|error| self.refused(server, &error))
            }
            #[allow(unreachable_patterns, reason = "reachable where a driver is left out")]
            (_, dialect) => Err(Diagnostic::new(
                ErrorKind::Unsupported,
                format!("this program was built without the {dialect} driver"),
            )),
        }
    }

    /// A session on the server; where its database is not there yet, on one that always is.
    #[cfg(any(feature = "postgres", feature = "mysql"))]
    async fn session(&self, server: &Database, always: &str) -> Result<Box<dyn Session>, Diagnostic> {
        let (_handle, interrupt) = Interrupt::new(Errand::PART, Instant::now(), None);
        let session = match server.connect(Access::Read, self.patience, &interrupt).await {
            Err(error) if error.kind == ErrorKind::DatabaseNotFound => {
                server.beside(always).connect(Access::Read, self.patience, &interrupt).await?
            }
            session => session?,
        };
        session.ok_or_else(|| Diagnostic::new(ErrorKind::Internal, "a server without a session"))
    }

    #[cfg(any(feature = "postgres", feature = "mysql"))]
    fn refused(&self, server: &Database, error: &DatabaseError) -> Diagnostic {
        let text = server.redact(&error.with_code());
        let diagnostic = Diagnostic::new(
            match error.class {
                ErrorClass::Permission => ErrorKind::Permission,
                _ => ErrorKind::Unavailable,
            },
            format!("no scratch database could be made beside {server}: {text}"),
        )
        .state("nothing was changed");
        match self.dialect {
            Dialect::Postgres => diagnostic.hint("let the role create databases: ALTER ROLE … CREATEDB"),
            Dialect::Mysql => {
                diagnostic.hint("let the user create some: GRANT ALL ON `underpin\\_scratch\\_%`.* TO …")
            }
            Dialect::Sqlite => diagnostic,
        }
        .hint("or name a server where that is allowed, of the same kind and version: UNDERPIN_SCRATCH_URL=…")
    }
}

/// A database that is gone when this is.
pub(crate) struct Scratch {
    database: Database,
    /// What keeps it, until it is removed.
    keep: Option<Keep>,
}

/// How long dropping one may take, before it is left to the next run that makes one.
const REMOVING: Duration = Duration::from_secs(60);

/// What shows others that a scratch database is in use, and what drops it.
enum Keep {
    #[cfg(feature = "sqlite")]
    Directory(OwnedDirectory),
    #[cfg(any(feature = "postgres", feature = "mysql"))]
    Server { session: Box<dyn Session>, drop: String },
}

impl Scratch {
    /// The database.
    #[cfg(any(feature = "testing", feature = "mysql"))]
    pub(crate) const fn database(&self) -> &Database {
        &self.database
    }

    /// Drops the database now. What can't be dropped is left to the next run that makes one.
    pub(crate) async fn remove(mut self) {
        if let Some(keep) = self.keep.take() {
            let _ = tokio::time::timeout(REMOVING, keep.end()).await;
        }
    }

    /// Runs something with the database, and drops it whatever comes out.
    ///
    /// # Errors
    /// Those of `work`.
    pub(crate) async fn with<T>(
        self,
        work: impl AsyncFnOnce(&Database) -> Result<T, Diagnostic>,
    ) -> Result<T, Diagnostic> {
        let result = work(&self.database).await;
        self.remove().await;
        result.map_err(only_scratch)
    }
}

/// An error of what was run in a scratch database, told as that: no other database is dirty, has a history
/// to be mended, or was rolled back.
fn only_scratch(mut error: Diagnostic) -> Diagnostic {
    if matches!(error.kind, ErrorKind::Dirty | ErrorKind::VerificationFailed) {
        error.kind = ErrorKind::MigrationFailed;
    }
    if error.state.is_some() || error.kind == ErrorKind::MigrationFailed {
        error.state = Some("only a scratch database was touched".to_owned());
    }
    let history = ["underpin stamp", "underpin resolve", "underpin status", "-- probe:", "it goes on"];
    let count = error.hints.len();
    error.hints.retain(|hint| !history.iter().any(|words| hint.contains(words)));
    if error.kind == ErrorKind::MigrationFailed
        && error.hints.is_empty()
        && count > 0
        && let Some(place) = &error.place
    {
        error.hints.push(format!("mend {} and run it again", place.file));
    }
    error
}

impl Keep {
    async fn end(self) {
        match self {
            #[cfg(feature = "sqlite")]
            Self::Directory(directory) => drop(directory),
            #[cfg(any(feature = "postgres", feature = "mysql"))]
            Self::Server { mut session, drop } => {
                if let Err(failure) = session.execute(&drop).await {
                    tracing::warn!(
                        target: "underpin::scratch",
                        error = %failure.error.with_code(),
                        "a scratch database could not be dropped; the next run does it"
                    );
                }
                session.close().await;
            }
        }
    }
}

/// How long whoever is cut off waits for the server to drop the database.
#[cfg(any(feature = "postgres", feature = "mysql"))]
const DROPPING: Duration = Duration::from_secs(2);

/// Whoever is cut off (a time limit, an interruption, a panic) drops the database all the same, since the
/// process may be about to end; on a runtime of one thread, which can't be waited on, a task does it.
impl Drop for Scratch {
    fn drop(&mut self) {
        let Some(keep) = self.keep.take() else { return };
        #[cfg(feature = "sqlite")]
        let keep = match keep {
            Keep::Directory(directory) => return drop(directory),
            #[cfg(any(feature = "postgres", feature = "mysql"))]
            keep @ Keep::Server { .. } => keep,
        };
        #[cfg(any(feature = "postgres", feature = "mysql"))]
        if let Ok(runtime) = tokio::runtime::Handle::try_current() {
            match runtime.runtime_flavor() {
                tokio::runtime::RuntimeFlavor::MultiThread if !std::thread::panicking() => {
                    tokio::task::block_in_place(|| {
                        // What takes longer is left to the next run that makes one.
                        let _ = runtime.block_on(async { tokio::time::timeout(DROPPING, keep.end()).await });
                    })
                }
                _ => drop(runtime.spawn(keep.end())),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use underpin_core::diagnostic::Place;

    use super::*;

    #[test]
    fn what_failed_in_scratch_is_told_as_no_failure_of_a_database() {
        let place = Place::in_text("0001.sql", "CREATE TABLE a (i int);", 0..6, 1);
        let error = Diagnostic::new(ErrorKind::Dirty, "revision 0001 failed")
            .at(place)
            .state("dirty at statement 2 of 3 of revision 0001")
            .hint("to count it as applied:  underpin resolve --applied 0001")
            .hint("mend statement 2 in 0001.sql and run it again: it goes on there");
        let told = only_scratch(error);
        assert_eq!(told.kind, ErrorKind::MigrationFailed);
        assert_eq!(told.state.as_deref(), Some("only a scratch database was touched"));
        assert_eq!(told.hints, ["mend 0001.sql and run it again"]);
        let usage = only_scratch(Diagnostic::new(ErrorKind::Usage, "no").hint("say yes"));
        assert_eq!((usage.state, usage.hints), (None, vec!["say yes".to_owned()]));
    }
}
