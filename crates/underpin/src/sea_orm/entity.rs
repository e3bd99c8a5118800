//! One entity, as SeaORM's schema builder has it for one engine. Nothing of it is text yet.

use ::sea_orm::{
    DbBackend, EntityTrait, Schema,
    sea_query::{
        ForeignKeyCreateStatement, IndexCreateStatement, SchemaName, TableCreateStatement, TableName,
        TableRef, extension::postgres::TypeCreateStatement,
    },
};

/// A namespace, where the table is not in the connection's own, and the table's name.
pub(super) type Name = (Option<String>, String);

/// What one entity needs.
pub(super) struct Described {
    pub(super) name: Name,
    pub(super) enums: Vec<TypeCreateStatement>,
    /// The table, without its foreign keys.
    pub(super) table: TableCreateStatement,
    pub(super) keys: Vec<ForeignKeyCreateStatement>,
    pub(super) indexes: Vec<IndexCreateStatement>,
    /// Columns, each with the name that it had.
    pub(super) renamed: Vec<(String, String)>,
}

/// What an entity is on an engine.
pub(super) fn read<E: EntityTrait>(backend: DbBackend) -> Described {
    let schema = Schema::new(backend);
    let entity = E::default();
    let whole = schema.create_table_from_entity(entity);
    let mut renamed = Vec::new();
    let mut table = TableCreateStatement::new();
    table.table(entity.table_ref());
    for column in whole.get_columns() {
        let mut column = column.clone();
        let note = column.get_column_spec().comment.as_deref().and_then(rename_note);
        if let Some((comment, old)) = note {
            renamed.push((column.get_column_name(), old));
            column.comment(comment);
        }
        table.col(&mut column);
    }
    for index in whole.get_indexes() {
        table.index(&mut index.clone());
    }
    if let Some(comment) = whole.get_comment() {
        table.comment(comment);
    }
    Described {
        name: name_of(&entity.table_ref()),
        enums: schema.create_enum_from_entity(entity),
        table,
        keys: whole.get_foreign_key_create_stmts().clone(),
        indexes: schema.create_index_from_entity(entity),
        renamed,
    }
}

/// The name of a table, with the namespace that it is in.
pub(super) fn name_of(table: &TableRef) -> Name {
    match table {
        TableRef::Table(TableName(schema, name), _) => {
            let schema = schema.as_ref().map(|SchemaName(_, schema)| schema.to_string());
            (schema, name.to_string())
        }
        _ => (None, String::new()),
    }
}

/// SeaORM writes `#[sea_orm(renamed_from = "…")]` into a column's comment, behind its own. It is taken out
/// again: a rename is done once, and a comment stays.
fn rename_note(comment: &str) -> Option<(String, String)> {
    let start = comment.find("renamed_from \"").filter(|start| {
        let before = &comment[..*start];
        before.is_empty() || before.ends_with("; ")
    })?;
    let old = comment[start..].strip_prefix("renamed_from \"")?.strip_suffix('"')?;
    Some((comment[..start].trim_end_matches("; ").to_owned(), old.to_owned()))
}
