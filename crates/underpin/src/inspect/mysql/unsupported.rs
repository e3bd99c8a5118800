//! What a database of MySQL holds and the vocabulary has no word for, by name. What is part of a table
//! is noted where its table is read.

use underpin_core::schema::{ObjectKind, Schema, Unsupported};

use super::catalog::Catalog;
use crate::database::DatabaseError;

/// The programs that other programs import (since 9.2).
const LIBRARIES: &str =
    "SELECT 'library', LIBRARY_NAME FROM information_schema.LIBRARIES WHERE LIBRARY_SCHEMA = {database}";

/// Views that are more than that (since 9.4).
const DUALITY_VIEWS: &str = "SELECT 'json duality view', TABLE_NAME FROM information_schema.JSON_DUALITY_VIEWS \
    WHERE TABLE_SCHEMA = {database}";

/// Notes what there is, and takes away what was read as a view and is more than that.
pub(super) async fn read(catalog: &mut Catalog<'_>, schema: &mut Schema) -> Result<(), DatabaseError> {
    let has_views = schema.objects.keys().any(|id| id.kind == ObjectKind::View);
    let mut queries = Vec::new();
    if !catalog.is_mariadb() && catalog.is_at_least(9, 2, 0) {
        queries.push(LIBRARIES);
    }
    if !catalog.is_mariadb() && catalog.is_at_least(9, 4, 0) && has_views {
        queries.push(DUALITY_VIEWS);
    }
    for query in queries {
        for row in catalog.fetch(query).await? {
            schema.objects.remove(&catalog.id(ObjectKind::View, row.text(1)));
            let (kind, name) = (row.text(0).to_owned(), row.text(1).to_owned());
            schema.unsupported.push(Unsupported { kind, name });
        }
    }
    Ok(())
}
