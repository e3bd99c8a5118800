//! Creating the tables that are missing, and nothing else: what SQLAlchemy calls `create_all`. Tables
//! that are there are not looked into, and nothing is recorded. The start-up modes that create tables
//! are elsewhere: they remember what they made, and make way for revisions.

use underpin_core::diagnostic::Diagnostic;

use super::Pushed;
use crate::{Scope, ScratchServer, desired::SchemaSource, migrate::Migrator};

impl Migrator {
    /// Creates the tables that are wanted and not there, in an order in which each finds what it
    /// refers to, and in one transaction where the engine has them for that. Tables that refer to each
    /// other are no obstacle. Returns what was created, a line for each thing.
    ///
    /// ```no_run
    /// # async fn example(migrator: underpin::Migrator) -> Result<(), underpin::Error> {
    /// use underpin::{SchemaSource, Scope, ScratchServer, SqlSchema};
    ///
    /// let wanted = SchemaSource::desired(SqlSchema::read("schema.sql".as_ref())?);
    /// migrator.create_missing_tables(&wanted, &ScratchServer::sqlite(), &Scope::default()).await?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// As [`Migrator::diff`] and [`Migrator::push`].
    pub async fn create_missing_tables(
        &self,
        wanted: &SchemaSource,
        server: &ScratchServer,
        scope: &Scope,
    ) -> Result<Pushed, Diagnostic> {
        let missing = self.diff(wanted, server, scope).await?.missing_tables();
        match missing.is_empty() {
            true => Ok(Pushed { summary: Vec::new() }),
            false => self.push(&missing).await,
        }
    }
}
