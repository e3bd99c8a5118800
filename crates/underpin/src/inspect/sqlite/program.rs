//! Views and triggers: SQLite keeps the statement that made them, and nothing else.

use std::collections::HashMap;

use underpin_core::{
    dialect::Dialect,
    schema::{Body, Object, ObjectId, ObjectKind, Options, Schema, Trigger, View},
    sql,
};

use super::Entry;

/// Adds a view.
pub(super) fn view(entry: &Entry, schema: &mut Schema) {
    let view = View { query: entry.sql.clone(), ..View::default() };
    schema.insert(Object::new(ObjectId::new(ObjectKind::View, None, &entry.name), Body::View(view)));
}

/// Tables and views by their names, whatever their case.
pub(super) type Relations = HashMap<String, ObjectId>;

/// The tables and views that were read.
pub(super) fn relations(schema: &Schema) -> Relations {
    let is_relation = |id: &&ObjectId| matches!(id.kind, ObjectKind::Table | ObjectKind::View);
    let relations = schema.objects.keys().filter(is_relation);
    relations.map(|id| (id.name.to_ascii_lowercase(), id.clone())).collect()
}

/// Adds a trigger. The name of its table is kept as the trigger's statement has it.
pub(super) fn trigger(entry: &Entry, relations: &Relations, schema: &mut Schema) {
    let on = relations.get(&entry.table.to_ascii_lowercase()).cloned().unwrap_or_else(|| entry.on());
    let id = on.part(ObjectKind::Trigger, &entry.name);
    let trigger = Trigger { on, create: entry.sql.clone(), options: Options::new() };
    schema.insert(Object::new(id, Body::Trigger(trigger)));
}

/// Notes which tables and views are named in the text of each view and trigger. SQLite does not say,
/// and looks at the names only when the text is run.
pub(super) fn dependencies(relations: &Relations, schema: &mut Schema) {
    let mut found = Vec::new();
    for object in schema.objects.values() {
        let text = match &object.body {
            Body::View(view) => &view.query,
            Body::Trigger(trigger) => &trigger.create,
            _ => continue,
        };
        let names = sql::object_names(Dialect::Sqlite, text);
        let named = names.iter().filter_map(|name| relations.get(&name.to_ascii_lowercase()));
        found.extend(named.filter(|id| **id != object.id).map(|id| (object.id.clone(), id.clone())));
    }
    for (dependent, on) in found {
        schema.depends(dependent, on);
    }
}
