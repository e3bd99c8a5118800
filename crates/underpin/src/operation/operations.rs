//! What a revision in Rust is given: every operation as a method. None of them says what an operation is;
//! that is in `underpin-core`.

use std::{future::Future, pin::Pin};

use underpin_core::{
    dialect::{Dialect, Flavour},
    operation::Operation,
    schema::ServerVersion,
};

use super::{Backfill, Caller, Connection, Engine, OperationError, Result};

/// Does what a revision in Rust says, on the server that it runs on.
///
/// Each operation is done when its call is awaited. On PostgreSQL and SQLite all of a revision is one
/// transaction with its record in the history. MySQL and MariaDB have no transactions around schema
/// changes; there, and under `//! transaction: off`, the journal says which operations are done, and a
/// revision that was cut off is called again with those skipped.
///
/// An operation that fails fails the revision, whatever its code does about it.
pub struct Operations<'a> {
    engine: &'a mut (dyn Engine + 'a),
}

impl<'a> Operations<'a> {
    pub(crate) fn new(engine: &'a mut (dyn Engine + 'a)) -> Self {
        Self { engine }
    }

    /// The SQL dialect of the server, for what is done differently on each.
    pub fn dialect(&self) -> Dialect {
        self.engine.flavour().dialect()
    }

    /// The server family, which tells MariaDB from MySQL.
    pub fn flavour(&self) -> Flavour {
        self.engine.flavour()
    }

    /// The version of the server; `0.0` where there is none, because SQL is only written down.
    pub fn version(&self) -> ServerVersion {
        self.engine.version()
    }

    /// Whether there is a database. There is none where SQL is only written down (`--sql`, `plan`), and
    /// what asks for rows is an error then.
    pub fn is_live(&self) -> bool {
        self.engine.is_live()
    }

    /// Does an operation, whichever it is.
    ///
    /// # Errors
    /// Whatever the server has against it, with the place of this call; and what this server can't do.
    #[track_caller]
    pub fn perform(&mut self, operation: impl Into<Operation>) -> impl Future<Output = Result<()>> + Send {
        let (operation, caller) = (operation.into(), Caller::here());
        let engine = &mut *self.engine;
        async move { Ok(engine.perform(&operation, caller).await?) }
    }

    /// Changes rows in batches, each a transaction with the place that it has come to.
    ///
    /// # Errors
    /// In a revision that is one transaction; a key that is not unique; and what the server has against a
    /// batch, with how far those before it have come.
    #[track_caller]
    pub fn backfill(&mut self, backfill: Backfill) -> impl Future<Output = Result<()>> + Send {
        let caller = Caller::here();
        let engine = &mut *self.engine;
        async move { Ok(engine.backfill(&backfill, caller).await?) }
    }

    /// The rows of a query, every value as text and nothing for NULL. For values with types, ask the
    /// driver: [`connection`](Self::connection).
    ///
    /// # Errors
    /// Where there is no database, and whatever the server has against it.
    #[track_caller]
    pub fn fetch(&mut self, sql: &str) -> impl Future<Output = Result<Vec<Vec<Option<String>>>>> + Send {
        let caller = Caller::here();
        let engine = &mut *self.engine;
        async move { Ok(engine.fetch(sql, caller).await?) }
    }

    /// The driver's own connection.
    ///
    /// What is done with it belongs to the revision's transaction, where it has one. Elsewhere (MySQL,
    /// MariaDB, `//! transaction: off`) it is done again if the revision is cut off after it, so it must
    /// bear that; what can't is for [`once`](Self::once).
    ///
    /// # Errors
    /// Where there is no database.
    #[track_caller]
    pub fn connection(&mut self) -> impl Future<Output = Result<Connection<'_>>> + Send {
        let caller = Caller::here();
        let engine = &mut *self.engine;
        async move { Ok(engine.connection(caller).await?) }
    }

    /// Does something with the driver's own connection that a revision which is cut off must not do again.
    ///
    /// Where the revision is a transaction, it is a part of that. Elsewhere it is a transaction of its own, which
    /// holds the note that it is done, too: a revision that is called again passes over it. On MySQL and MariaDB
    /// a change of the schema ends that transaction, so do those with operations.
    ///
    /// ```
    /// # use underpin::operation::*;
    /// # async fn imported(_: Connection<'_>) -> Result<()> { Ok(()) }
    /// pub async fn upgrade(op: &mut Operations<'_>) -> Result<()> {
    ///     op.once("the rates of 2026", |connection| Box::pin(imported(connection))).await
    /// }
    /// ```
    ///
    /// # Errors
    /// Where there is no database, what the work fails with, and a name that was another one when the work was
    /// done.
    #[track_caller]
    pub fn once<F>(&mut self, name: &str, work: F) -> impl Future<Output = Result<()>> + Send
    where
        F: for<'c> FnOnce(Connection<'c>) -> Pin<Box<dyn Future<Output = Result<()>> + Send + 'c>> + Send,
    {
        let caller = Caller::here();
        async move {
            if !self.engine.begin_once(name, caller).await? {
                return Ok(());
            }
            let result = match self.engine.connection(caller).await {
                Ok(connection) => work(connection).await.map_err(OperationError::into_diagnostic),
                Err(error) => Err(error),
            };
            Ok(self.engine.end_once(name, result).await?)
        }
    }

    /// Does operations that can't run in a transaction, such as building an index concurrently. The
    /// revision has to say `//! transaction: off`: one that was half committed could not be rolled back.
    ///
    /// ```
    /// # use underpin::operation::*;
    /// pub async fn upgrade(op: &mut Operations<'_>) -> Result<()> {
    ///     op.outside_transaction(|op| Box::pin(async move {
    ///         op.create_index(Index::on("orders", ["customer_id"]).concurrently()).await
    ///     })).await
    /// }
    /// ```
    ///
    /// # Errors
    /// Where the revision is a transaction, and what the operations fail with.
    #[track_caller]
    pub fn outside_transaction<F>(&mut self, operations: F) -> impl Future<Output = Result<()>> + Send
    where
        F: for<'b> FnOnce(&'b mut Operations<'_>) -> Pin<Box<dyn Future<Output = Result<()>> + Send + 'b>>
            + Send,
    {
        let caller = Caller::here();
        async move {
            self.engine.leave_transaction(caller)?;
            operations(self).await
        }
    }
}
