//! Who does the operations of a revision: a run on a database, or a pen that only writes them down.

use async_trait::async_trait;
use underpin_core::{diagnostic::Diagnostic, dialect::Flavour, operation::Operation, schema::ServerVersion};

use super::{Backfill, Caller, Connection};

/// Who does operations.
#[async_trait]
pub(crate) trait Engine: Send {
    /// The server that they are for.
    fn flavour(&self) -> Flavour;

    /// Its version.
    fn version(&self) -> ServerVersion;

    /// Whether there is a database, whose rows can be read.
    fn is_live(&self) -> bool;

    /// Does an operation.
    async fn perform(&mut self, operation: &Operation, caller: Caller) -> Result<(), Diagnostic>;

    /// Changes rows in batches.
    async fn backfill(&mut self, backfill: &Backfill, caller: Caller) -> Result<(), Diagnostic>;

    /// The rows of a query, every value as text.
    async fn fetch(&mut self, sql: &str, caller: Caller) -> Result<Vec<Vec<Option<String>>>, Diagnostic>;

    /// The driver's own connection.
    async fn connection(&mut self, caller: Caller) -> Result<Connection<'_>, Diagnostic>;

    /// Begins work of this name through the driver; false if it is done already.
    async fn begin_once(&mut self, name: &str, caller: Caller) -> Result<bool, Diagnostic>;

    /// Ends it: what it has done counts from here, or is undone.
    async fn end_once(&mut self, name: &str, result: Result<(), Diagnostic>) -> Result<(), Diagnostic>;

    /// Refuses to leave the transaction where there is one that can't be left.
    fn leave_transaction(&mut self, caller: Caller) -> Result<(), Diagnostic>;
}
