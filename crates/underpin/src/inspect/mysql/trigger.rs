//! The triggers of tables.

use underpin_core::{
    dialect::Dialect,
    name::{quote, quote_in},
    schema::{Body, Object, ObjectKind, Schema, Trigger},
};

use super::catalog::Catalog;
use crate::database::DatabaseError;

/// Reads all triggers. `order` is their place among those of the same table, time and event.
pub(super) async fn read(catalog: &mut Catalog<'_>, schema: &mut Schema) -> Result<(), DatabaseError> {
    let rows = catalog
        .fetch(
            "SELECT TRIGGER_NAME, ACTION_TIMING, EVENT_MANIPULATION, EVENT_OBJECT_TABLE, ACTION_ORDER, \
             ACTION_STATEMENT, DEFINER, SQL_MODE \
             FROM information_schema.TRIGGERS WHERE TRIGGER_SCHEMA = {database}",
        )
        .await?;
    for row in &rows {
        let on = catalog.id(ObjectKind::Table, row.text(3));
        let create = format!(
            "CREATE TRIGGER {} {} {} ON {} FOR EACH ROW {}",
            quote(Dialect::Mysql, row.text(0)),
            row.text(1),
            row.text(2),
            quote_in(Dialect::Mysql, on.schema.as_deref(), &on.name),
            catalog.local(row.text(5))
        );
        let mut options = catalog.program_options(row.text(6), row.text(7));
        options.insert("order".to_owned(), row.text(4).to_owned());
        let id = on.part(ObjectKind::Trigger, row.text(0));
        schema.insert(Object::new(id, Body::Trigger(Trigger { on, create, options })));
    }
    Ok(())
}
