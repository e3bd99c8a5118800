//! Extended statistics. Not the statistics themselves, which are data.

use underpin_core::schema::{Body, Definition, Object, ObjectKind, Options};

use super::catalog::{Catalog, number, text};
use crate::database::DatabaseError;

/// Reads `pg_statistic_ext`.
pub(super) async fn read(catalog: &mut Catalog<'_>) -> Result<(), DatabaseError> {
    let target = catalog.since(13, "NULLIF(s.stxstattarget, -1)", "NULL");
    let sql = format!(
        "SELECT s.oid, n.nspname, s.stxname, pg_catalog.pg_get_statisticsobjdef(s.oid), {target}, \
         pg_catalog.obj_description(s.oid, 'pg_statistic_ext') \
         FROM pg_catalog.pg_statistic_ext s JOIN pg_catalog.pg_namespace n ON n.oid = s.stxnamespace \
         WHERE {} ORDER BY n.nspname, s.stxname",
        catalog.in_scope(),
    );
    for row in catalog.fetch(&sql).await? {
        let id = catalog.id(ObjectKind::Statistics, row.text(1), row.text(2));
        let mut options = Options::new();
        options.extend(text(&row, 4).map(|target| ("statistics".to_owned(), target)));
        let definition = Definition { create: row.text(3).to_owned(), options };
        let object = Object::new(id, Body::Definition(definition)).with_comment(text(&row, 5));
        catalog.insert("pg_statistic_ext", number(&row, 0), object);
    }
    Ok(())
}
