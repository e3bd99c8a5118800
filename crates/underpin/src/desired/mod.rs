//! Schemas as they are wanted, whatever says so: models, a `schema.sql`, revisions. Each is made in a
//! scratch database and read back, because only the server knows how it writes what it was given
//! (decision D4); none is ever compared as a text.

mod models;
mod revisions;
mod sql;

use std::{fmt, sync::Arc, time::Duration};

use async_trait::async_trait;
use underpin_core::{
    diagnostic::{Diagnostic, ErrorKind},
    dialect::Dialect,
    difference::{Difference, Renames, compare},
    schema::Schema,
};

pub use revisions::RevisionSchema;
pub use sql::SqlSchema;
pub(crate) use sql::hasty_writer;

use crate::{Scope, ScratchServer, database::Database};

/// A schema that something says is wanted.
///
/// ```no_run
/// # async fn example() -> Result<(), underpin::Error> {
/// use underpin::{SchemaSource, Scope, ScratchServer, SqlSchema};
///
/// let from = SchemaSource::desired(SqlSchema::read("schema-1.sql".as_ref())?);
/// let to = SchemaSource::desired(SqlSchema::read("schema-2.sql".as_ref())?);
/// let scratch = ScratchServer::sqlite();
/// let difference = from.difference(&to, &scratch, &Scope::default()).await?;
/// println!("{:?}", difference.summary());
/// # Ok(())
/// # }
/// ```
#[async_trait]
pub trait DesiredSchema: Send + Sync + fmt::Debug {
    /// What says so, for messages: `schema.sql`, `the revisions up to ae10`.
    fn describe(&self) -> String;

    /// Makes it in a database that has nothing in it.
    ///
    /// # Errors
    /// Whatever the server has against it, with the place where it is written.
    async fn make(&self, empty: &Database, patience: Duration) -> Result<(), Diagnostic>;

    /// What had another name before, given the schema as it was read back.
    ///
    /// # Errors
    /// A note about something that is not there.
    fn renames(&self, made: &Schema) -> Result<Renames, Diagnostic> {
        let _ = made;
        Ok(Renames::NONE)
    }
}

/// One side of a comparison.
#[derive(Clone, Debug)]
#[expect(clippy::large_enum_variant, reason = "there are two of them, and only for a moment")]
pub enum SchemaSource {
    /// What a database holds.
    Live(Database),
    /// What is wanted.
    Desired(Arc<dyn DesiredSchema>),
}

/// A schema that was read, and what had another name before.
#[derive(Clone, Debug)]
pub struct ReadSchema {
    /// The schema.
    pub schema: Schema,
    /// What had another name before.
    pub renames: Renames,
}

impl SchemaSource {
    /// What a database holds.
    pub fn live(database: impl Into<Database>) -> Self {
        Self::Live(database.into())
    }

    /// What is wanted.
    pub fn desired(desired: impl DesiredSchema + 'static) -> Self {
        Self::Desired(Arc::new(desired))
    }

    /// What it is, for messages.
    pub fn describe(&self) -> String {
        match self {
            Self::Live(database) => database.to_string(),
            Self::Desired(desired) => desired.describe(),
        }
    }

    /// The dialect that it is read in.
    pub(crate) fn dialect(&self, server: &ScratchServer) -> Dialect {
        match self {
            Self::Live(database) => database.dialect(),
            Self::Desired(_) => server.dialect(),
        }
    }

    /// Reads it: a database as it is, everything else from a scratch database.
    ///
    /// # Errors
    /// A database that can't be reached or read; a schema that the server does not take.
    pub async fn read(&self, server: &ScratchServer, scope: &Scope) -> Result<ReadSchema, Diagnostic> {
        match self {
            Self::Live(database) => {
                let schema = database.inspect(scope, server.waits()).await?;
                Ok(ReadSchema { schema, renames: Renames::NONE })
            }
            Self::Desired(desired) => {
                let scratch = server.create().await?;
                scratch
                    .with(async |database| {
                        desired.make(database, server.waits()).await?;
                        // A note about something that is left out is no mistake.
                        let mut schema = database.inspect(&scope.whole(), server.waits()).await?;
                        let renames = desired.renames(&schema)?;
                        renames.without_circles()?;
                        scope.retain(&mut schema);
                        Ok(ReadSchema { schema, renames })
                    })
                    .await
            }
        }
    }

    /// What makes this into `to`. Everything that is not live is made in a scratch database of
    /// `server`, which is to be of the same kind as what is live.
    ///
    /// # Errors
    /// As [`read`](Self::read); also if the two sides are of different kinds.
    pub async fn difference(
        &self,
        to: &Self,
        server: &ScratchServer,
        scope: &Scope,
    ) -> Result<Difference, Diagnostic> {
        // Whether they can be compared is known before anybody is connected to.
        let (one, other) = (self.dialect(server), to.dialect(server));
        if one != other {
            return Err(incomparable(one.name(), other.name()));
        }
        let from = self.read(server, scope).await?;
        let to = to.read(server, scope).await?;
        difference(&from.schema, &to)
    }
}

/// What makes one schema into another that was read from the same kind of server.
///
/// # Errors
/// As [`comparable`].
pub(crate) fn difference(from: &Schema, to: &ReadSchema) -> Result<Difference, Diagnostic> {
    comparable(from, &to.schema)?;
    Ok(compare(from, &to.schema, &to.renames))
}

/// Refuses two schemas of different kinds of server. MySQL and MariaDB speak one dialect, so that only
/// what was read tells them apart.
///
/// # Errors
/// [`ErrorKind::Usage`].
pub(crate) fn comparable(from: &Schema, to: &Schema) -> Result<(), Diagnostic> {
    if from.flavour == to.flavour {
        return Ok(());
    }
    Err(incomparable(from.flavour.title(), to.flavour.title())
        .hint("what is no database is made on the server that UNDERPIN_SCRATCH_URL names: let it be of the same kind as the database"))
}

/// Two schemas of different kinds of server.
pub(crate) fn incomparable(one: &str, other: &str) -> Diagnostic {
    Diagnostic::new(ErrorKind::Usage, format!("a schema of {one} can't be compared with one of {other}"))
        .hint("name two places of the same kind, or a file of SQL for one of them")
}

#[cfg(test)]
mod tests {
    use underpin_core::{dialect::Flavour, schema::ServerVersion};

    use super::*;

    #[test]
    fn a_scratch_server_of_the_other_flavour_is_refused() {
        let schema = |flavour| Schema::empty(flavour, ServerVersion::new(10, 0, 0));
        let (mysql, mariadb) = (schema(Flavour::Mysql), schema(Flavour::Mariadb));
        let error = comparable(&mysql, &mariadb).expect_err("two flavours");
        assert!(error.message.contains("MySQL") && error.message.contains("MariaDB"), "{error}");
        assert!(error.hints.iter().any(|hint| hint.contains("UNDERPIN_SCRATCH_URL")), "{error}");
        assert!(comparable(&mysql, &mysql).is_ok());
    }
}
