//! What the database itself has: the character set and collation that new tables get.

use underpin_core::schema::{Body, Definition, Object, ObjectKind, Options, Schema};

use super::catalog::Catalog;
use crate::database::DatabaseError;

/// Reads the database's defaults. Its name is not part of them.
pub(super) async fn read(catalog: &mut Catalog<'_>, schema: &mut Schema) -> Result<(), DatabaseError> {
    let rows = catalog
        .fetch(
            "SELECT DEFAULT_CHARACTER_SET_NAME, DEFAULT_COLLATION_NAME FROM information_schema.SCHEMATA \
             WHERE SCHEMA_NAME = {database}",
        )
        .await?;
    let Some(row) = rows.first() else { return Ok(()) };
    let options = Options::from([
        ("charset".to_owned(), row.text(0).to_owned()),
        ("collation".to_owned(), row.text(1).to_owned()),
    ]);
    let definition = Definition { create: String::new(), options };
    schema.insert(Object::new(catalog.id(ObjectKind::Namespace, "default"), Body::Definition(definition)));
    Ok(())
}
