//! What revisions in Rust are written with: the operations, and `Operations`, which does them. What an
//! operation is, and what SQL it becomes, `underpin-core` says; who runs them is in `migrate/execute`.
//!
//! ```
//! use underpin::operation::*;
//!
//! pub async fn upgrade(op: &mut Operations<'_>) -> Result<()> {
//!     op.create_table(Table::new("orders").column(Column::new("id", big_integer()).primary_key())).await?;
//!     op.add_column("orders", Column::new("note", string()).nullable()).await
//! }
//! ```

mod backfill;
mod caller;
mod connection;
mod engine;
mod error;
mod methods;
mod operations;
mod written;

use std::{future::Future, pin::Pin};

pub use underpin_core::{
    dialect::{Dialect, Flavour},
    operation::*,
};

pub use backfill::Backfill;
pub(crate) use caller::Caller;
pub use connection::Connection;
pub(crate) use engine::Engine;
pub use error::{OperationError, Result};
pub use operations::Operations;
pub(crate) use written::{Draft, write, write_in};

/// A function of a revision in Rust, as `embed!` hands it over.
pub type RevisionFunction = for<'a, 'b> fn(&'a mut Operations<'b>) -> RevisionFuture<'a>;

/// What such a function returns.
pub type RevisionFuture<'a> = Pin<Box<dyn Future<Output = Result<()>> + Send + 'a>>;
