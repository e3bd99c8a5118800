//! What a database of MySQL holds and the vocabulary has no word for, by name. What is part of a table
//! is noted where its table is read.

use underpin_core::schema::{ObjectKind, Schema, Unsupported};

use super::catalog::Catalog;
use crate::database::DatabaseError;

/// A query for kind and name, and the version since which the server has the catalog that it asks.
const QUERIES: [((u32, u32, u32), &str); 3] = [
    (
        (8, 0, 21),
        "SELECT 'attribute of an engine of column', CONCAT(TABLE_NAME, '.', COLUMN_NAME) \
         FROM information_schema.COLUMNS_EXTENSIONS WHERE TABLE_SCHEMA = {database} \
         AND (ENGINE_ATTRIBUTE IS NOT NULL OR SECONDARY_ENGINE_ATTRIBUTE IS NOT NULL)",
    ),
    (
        (9, 2, 0),
        "SELECT 'library', LIBRARY_NAME FROM information_schema.LIBRARIES WHERE LIBRARY_SCHEMA = {database}",
    ),
    (
        (9, 4, 0),
        "SELECT 'json duality view', TABLE_NAME FROM information_schema.JSON_DUALITY_VIEWS \
         WHERE TABLE_SCHEMA = {database}",
    ),
];

/// Notes what there is, and takes away what was read as a view and is more than that.
pub(super) async fn read(catalog: &mut Catalog<'_>, schema: &mut Schema) -> Result<(), DatabaseError> {
    if catalog.is_mariadb() {
        return Ok(());
    }
    for ((major, minor, patch), query) in QUERIES {
        if !catalog.is_at_least(major, minor, patch) {
            continue;
        }
        for row in catalog.fetch(query).await? {
            schema.objects.remove(&catalog.id(ObjectKind::View, row.text(1)));
            let (kind, name) = (row.text(0).to_owned(), row.text(1).to_owned());
            schema.unsupported.push(Unsupported { kind, name });
        }
    }
    Ok(())
}
