//! What a database holds, read from its catalog by a constant number of queries. Nothing here writes,
//! and nothing is normalised: what the server says is what is compared.

#[cfg(feature = "mysql")]
mod mysql;
#[cfg(feature = "postgres")]
mod postgres;
mod scope;
mod size;
#[cfg(feature = "sqlite")]
mod sqlite;

use std::time::Duration;

use tokio::time::Instant;
use underpin_core::{
    diagnostic::{Diagnostic, ErrorKind},
    dialect::{Dialect, Flavour},
    schema::{Schema, ServerVersion},
};

pub use scope::Scope;
pub(crate) use size::{database_size, table_sizes};

use crate::database::{Access, Database, DatabaseError, Errand, Interrupt, Server, Session};

/// Reads what a database holds, as far as the scope goes. Underpin's own tables are never part of it.
///
/// # Errors
/// A catalog that can't be read.
pub(crate) async fn inspect(session: &mut dyn Session, scope: &Scope) -> Result<Schema, Diagnostic> {
    let server = known_server(session).await.map_err(|error| unreadable(&error))?;
    let version = ServerVersion::parse(&server.version).unwrap_or(ServerVersion::new(0, 0, 0));
    let mut schema = Schema::empty(server.flavour, version);
    let read = match server.flavour.dialect() {
        #[cfg(feature = "sqlite")]
        Dialect::Sqlite => sqlite::read(session, scope, &mut schema).await,
        #[cfg(feature = "postgres")]
        Dialect::Postgres => postgres::read(session, scope, &mut schema).await,
        #[cfg(feature = "mysql")]
        Dialect::Mysql => mysql::read(session, scope, &mut schema).await,
        #[allow(unreachable_patterns, reason = "reachable where a driver is left out")]
        _ => Ok(()),
    };
    read.map_err(|error| unreadable(&error))?;
    scope.retain(&mut schema);
    Ok(schema)
}

/// The kind of server behind a session.
pub(crate) async fn flavour(session: &mut dyn Session) -> Result<Flavour, Diagnostic> {
    known_server(session).await.map(|server| server.flavour).map_err(|error| unreadable(&error))
}

/// The server behind a session, asked where connecting did not tell.
async fn known_server(session: &mut dyn Session) -> Result<Server, DatabaseError> {
    let server = session.server().clone();
    let sql = match server.flavour.dialect() {
        Dialect::Postgres => return Ok(server),
        Dialect::Sqlite => "SELECT sqlite_version()",
        Dialect::Mysql => "SELECT version()",
    };
    let rows = session.fetch(sql).await?;
    let version = rows.first().map(|row| row.text(0).to_owned()).unwrap_or_default();
    let flavour = match server.flavour {
        Flavour::Mysql | Flavour::Mariadb if version.to_ascii_lowercase().contains("mariadb") => {
            Flavour::Mariadb
        }
        Flavour::Mysql | Flavour::Mariadb => Flavour::Mysql,
        flavour @ (Flavour::Sqlite | Flavour::Postgres) => flavour,
    };
    let server = Server { flavour, version };
    session.set_server(server.clone());
    Ok(server)
}

impl Database {
    /// Reads what is there, as far as the scope goes; `patience` is how long a server that can't be
    /// reached is tried again.
    ///
    /// An SQLite file that is not there holds nothing.
    ///
    /// # Errors
    /// A database that can't be reached, or whose catalog can't be read.
    pub async fn inspect(&self, scope: &Scope, patience: Duration) -> Result<Schema, Diagnostic> {
        let (_handle, interrupt) = Interrupt::new(Errand::PART, Instant::now(), None);
        match self.connect(Access::Read, patience, &interrupt).await? {
            None => Ok(Schema::empty(Flavour::Sqlite, ServerVersion::new(0, 0, 0))),
            Some(mut session) => {
                let schema = inspect(session.as_mut(), scope).await.map_err(|error| self.redacted(error));
                session.close().await;
                schema
            }
        }
    }
}

fn unreadable(error: &DatabaseError) -> Diagnostic {
    Diagnostic::new(ErrorKind::Unavailable, format!("can't read the catalog: {}", error.with_code()))
        .state("nothing was changed")
}
