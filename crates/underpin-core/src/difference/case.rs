//! Names that differ in nothing but the case of their letters are the same name to SQLite, so a
//! change of case is a rename and never something that goes and something that comes.

use super::{Rename, Renames};
use crate::{
    dialect::Dialect,
    schema::{Body, ObjectId, ObjectKind, Schema},
};

/// The renames that were said, and those that the case of names implies.
pub(super) fn with_changes_of_case(renames: &Renames, from: &Schema, to: &Schema) -> Renames {
    let mut renames = renames.clone();
    if to.flavour.dialect() == Dialect::Sqlite {
        let tables = tables(&renames, from, to);
        renames.0.extend(tables);
        let columns = columns(&renames, from, to);
        renames.0.extend(columns);
    }
    renames
}

fn tables(renames: &Renames, from: &Schema, to: &Schema) -> Vec<Rename> {
    let is_relation = |id: &&ObjectId| matches!(id.kind, ObjectKind::Table | ObjectKind::View);
    let gone: Vec<&ObjectId> =
        from.objects.keys().filter(is_relation).filter(|id| !to.objects.contains_key(*id)).collect();
    let come = to.objects.keys().filter(is_relation).filter(|id| !from.objects.contains_key(*id));
    come.filter(|id| renames.old_id(id).is_none())
        .filter_map(|id| {
            let alike = |old: &&&ObjectId| old.kind == id.kind && old.name.eq_ignore_ascii_case(&id.name);
            Some(Rename { to: id.clone(), from: gone.iter().find(alike)?.name.clone() })
        })
        .collect()
}

fn columns(renames: &Renames, from: &Schema, to: &Schema) -> Vec<Rename> {
    let mut found = Vec::new();
    for object in from.objects.values() {
        let id = renames.new_id(&object.id);
        let (Body::Table(old), Some(new)) = (&object.body, to.table(&id)) else { continue };
        for column in &new.columns {
            let said = renames.old_part(&id, ObjectKind::Column, &column.name).is_some();
            if said || old.column(&column.name).is_some() {
                continue;
            }
            let alike = old.columns.iter().find(|old| old.name.eq_ignore_ascii_case(&column.name));
            if let Some(alike) = alike.filter(|alike| new.column(&alike.name).is_none()) {
                let to = id.part(ObjectKind::Column, &column.name);
                found.push(Rename { to, from: alike.name.clone() });
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use crate::{
        dialect::Flavour,
        difference::{Operation, Renames, compare},
        schema::{Body, Column, Object, ObjectId, ObjectKind, Schema, ServerVersion, Table},
    };

    fn schema(flavour: Flavour, table: &str, column: &str) -> Schema {
        let mut schema = Schema::empty(flavour, ServerVersion::new(16, 0, 0));
        let columns = vec![Column { name: column.to_owned(), ..Column::default() }];
        let table_id = ObjectId::new(ObjectKind::Table, None, table);
        schema.insert(Object::new(table_id, Body::Table(Table { columns, ..Table::default() })));
        schema
    }

    #[test]
    fn a_change_of_case_is_a_rename_on_sqlite_and_nowhere_else() {
        let compared = |flavour| {
            compare(&schema(flavour, "Users", "Id"), &schema(flavour, "users", "id"), &Renames::NONE)
                .operations
        };
        let sqlite = compared(Flavour::Sqlite);
        assert!(matches!(&sqlite[..], [Operation::Alter(alteration)] if alteration.columns.len() == 1));
        assert_eq!(compared(Flavour::Postgres).len(), 2);
    }
}
