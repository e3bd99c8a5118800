//! The triggers of tables.

use underpin_core::schema::{Body, Object, ObjectKind, Schema, Trigger, Unsupported};

use super::{catalog::Catalog, text};
use crate::database::DatabaseError;

/// Reads all triggers. `order` is their place among those of the same table, time and event.
pub(super) async fn read(catalog: &mut Catalog<'_>, schema: &mut Schema) -> Result<(), DatabaseError> {
    let rows = catalog
        .fetch(
            "SELECT TRIGGER_NAME, ACTION_TIMING, EVENT_MANIPULATION, EVENT_OBJECT_TABLE, ACTION_ORDER, \
             DEFINER, SQL_MODE \
             FROM information_schema.TRIGGERS WHERE TRIGGER_SCHEMA = {database}",
        )
        .await?;
    let names: Vec<&str> = rows.iter().map(|row| row.text(0)).collect();
    let shown = catalog.show_create("TRIGGER", &names).await?;
    for (row, shown) in rows.iter().zip(&shown) {
        let on = catalog.id(ObjectKind::Table, row.text(3));
        let id = on.part(ObjectKind::Trigger, row.text(0));
        let Some(create) = shown.optional(2) else {
            let kind = "trigger whose body may not be seen".to_owned();
            schema.unsupported.push(Unsupported { kind, name: row.text(0).to_owned() });
            continue;
        };
        let create = catalog.local(&text::program(create));
        let mut options = catalog.program_options(row.text(5), row.text(6));
        for (name, index) in [("timing", 1), ("event", 2), ("order", 4)] {
            options.insert(name.to_owned(), row.text(index).to_owned());
        }
        schema.insert(Object::new(id, Body::Trigger(Trigger { on, create, options })));
    }
    Ok(())
}
