//! The catalog of this dialect.

use underpin_core::schema::Schema;

use super::Scope;
use crate::database::{DatabaseError, Session};

/// Reads the catalog into `schema`.
pub(super) async fn read(
    session: &mut dyn Session,
    scope: &Scope,
    schema: &mut Schema,
) -> Result<(), DatabaseError> {
    let _ = (session, scope, schema);
    Ok(())
}
