//! The catalog of PostgreSQL 12 to 18, read by a fixed number of queries within one snapshot.
//! Not what is done with it, and no text of the server's is taken apart where a column has it.

mod access;
mod catalog;
mod column;
mod constraint;
mod dependency;
mod index;
mod publication;
mod routine;
mod schema;
mod sequence;
mod statistics;
mod table;
mod trigger;
mod types;
mod unsupported;

use underpin_core::schema::Schema;

use super::Scope;
use crate::database::{DatabaseError, Session};
use catalog::Catalog;

/// Reads the catalog into `schema`.
pub(super) async fn read(
    session: &mut dyn Session,
    scope: &Scope,
    schema: &mut Schema,
) -> Result<(), DatabaseError> {
    begin(session, scope).await?;
    let mut catalog = Catalog::new(session, scope, schema).await?;
    let read = read_all(&mut catalog).await;
    let end = match (scope.in_transaction, read.is_ok()) {
        // What was set for looking goes with what was done since.
        (true, _) => "ROLLBACK TO underpin_look; RELEASE underpin_look",
        (false, true) => "COMMIT",
        (false, false) => "ROLLBACK",
    };
    let ended = session.execute(end).await;
    read?;
    ended.map(|_| ()).map_err(|failure| failure.error)
}

/// Begins a snapshot in which every name that the server writes has its namespace, but for those in
/// the connection's own where short ones are wanted. Compiling queries that run once takes longer than they
/// do ("When to JIT?" in the manual). The settings go with the transaction ("`set_config`" in the manual's
/// section 9.28.1).
async fn begin(session: &mut dyn Session, scope: &Scope) -> Result<(), DatabaseError> {
    let path = if scope.short_names { "pg_catalog.quote_ident(current_schema())" } else { "''" };
    let begin = match scope.in_transaction {
        true => "SAVEPOINT underpin_look",
        false => "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY",
    };
    session.execute(begin).await.map_err(|failure| failure.error)?;
    let settings = format!(
        "SELECT pg_catalog.set_config('search_path', COALESCE({path}, ''), true), \
         pg_catalog.set_config('jit', 'off', true)"
    );
    session.fetch(&settings).await.map(|_| ())
}

async fn read_all(catalog: &mut Catalog<'_>) -> Result<(), DatabaseError> {
    schema::read(catalog).await?;
    types::read(catalog).await?;
    sequence::read(catalog).await?;
    table::read(catalog).await?;
    column::read(catalog).await?;
    constraint::read(catalog).await?;
    index::read(catalog).await?;
    routine::read(catalog).await?;
    trigger::read(catalog).await?;
    statistics::read(catalog).await?;
    publication::read(catalog).await?;
    access::read(catalog).await?;
    unsupported::read(catalog).await?;
    dependency::read(catalog).await
}
