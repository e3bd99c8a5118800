//! Names that differ in nothing but the case of their letters are the same name to SQLite, and those of
//! columns to MySQL and MariaDB, so a change of case is a rename and never something that goes and
//! something that comes.

use super::{Rename, Renames, inherited, namespace};
use crate::{
    dialect::Dialect,
    schema::{Body, ObjectId, ObjectKind, Schema},
};

/// The renames between two schemas that are to be done: those that were said, and those that the case
/// of names implies.
pub(super) fn due(said: &Renames, from: &Schema, to: &Schema) -> Renames {
    let mut renames = said.between(from, to);
    let dialect = to.flavour.dialect();
    if dialect == Dialect::Sqlite {
        // Whose columns they are, those that were said of columns know once all tables have their names.
        let owners = tables(&renames, from, to);
        renames = Renames(said.0.iter().cloned().chain(owners).collect()).between(from, to);
    }
    if dialect != Dialect::Postgres {
        let columns = columns(&renames, from, to);
        renames.0.extend(columns);
    } else {
        renames.0.extend(inherited::columns(&renames, from, to));
    }
    renames
}

/// What was said, with the old names as the schema has them where case does not count, and with the namespace that
/// a name without one is in where there is nothing of it beside the new one.
pub(super) fn spelled(said: &Renames, from: &Schema, to: &Schema) -> Renames {
    match to.flavour.dialect() {
        Dialect::Sqlite => {}
        Dialect::Postgres => return namespace::found(said, from, to),
        Dialect::Mysql => return said.clone(),
    }
    let old_table = |name: &str| {
        let of_table = |rename: &&Rename| rename.to.table.is_none() && rename.to.name == name;
        let old = said.0.iter().find(of_table).map(|rename| rename.from.as_str());
        let called = |name: &str| {
            from.tables().find(|(id, _)| id.name.eq_ignore_ascii_case(name)).map(|(_, table)| table)
        };
        old.and_then(called).or_else(|| called(name))
    };
    let spell = |rename: &Rename| {
        let alike = |name: &&String| name.eq_ignore_ascii_case(&rename.from);
        let name = match &rename.to.table {
            None => from.objects.keys().filter(|id| id.kind == rename.to.kind).map(|id| &id.name).find(alike),
            Some(table) => {
                old_table(table).and_then(|table| table.columns.iter().map(|column| &column.name).find(alike))
            }
        };
        Rename { to: rename.to.clone(), from: name.unwrap_or(&rename.from).clone(), schema: None }
    };
    Renames(said.0.iter().map(spell).collect())
}

fn tables(renames: &Renames, from: &Schema, to: &Schema) -> Vec<Rename> {
    let is_relation = |id: &&ObjectId| matches!(id.kind, ObjectKind::Table | ObjectKind::View);
    let gone: Vec<&ObjectId> =
        from.objects.keys().filter(is_relation).filter(|id| !to.objects.contains_key(*id)).collect();
    let come = to.objects.keys().filter(is_relation).filter(|id| !from.objects.contains_key(*id));
    come.filter(|id| renames.old_id(id).is_none())
        .filter_map(|id| {
            let alike = |old: &&&ObjectId| old.kind == id.kind && old.name.eq_ignore_ascii_case(&id.name);
            Some(Rename { to: id.clone(), from: gone.iter().find(alike)?.name.clone(), schema: None })
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
                found.push(Rename { to, from: alike.name.clone(), schema: None });
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use crate::{
        dialect::Flavour,
        difference::{Change, Operation, Rename, Renames, compare},
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
    fn a_table_in_another_case_is_a_rename_on_sqlite_and_nowhere_else() {
        let compared = |flavour| {
            compare(&schema(flavour, "Users", "Id"), &schema(flavour, "users", "id"), &Renames::NONE)
                .operations
        };
        let sqlite = compared(Flavour::Sqlite);
        assert!(matches!(&sqlite[..], [Operation::Alter(alteration)] if alteration.columns.len() == 1));
        assert_eq!(compared(Flavour::Postgres).len(), 2);
    }

    #[test]
    fn a_column_in_another_case_is_the_same_column_but_on_postgres() {
        let compared = |flavour| {
            compare(&schema(flavour, "t", "Id"), &schema(flavour, "t", "id"), &Renames::NONE).operations
        };
        let columns = |flavour| match &compared(flavour)[..] {
            [Operation::Alter(alteration)] => alteration.columns.clone(),
            _ => Vec::new(),
        };
        for flavour in [Flavour::Sqlite, Flavour::Mysql, Flavour::Mariadb] {
            assert!(matches!(columns(flavour)[..], [Change::Alter { .. }]), "{flavour:?}");
        }
        assert_eq!(columns(Flavour::Postgres).len(), 2);
    }

    fn renames(table: &str, old_table: &str, column: &str, old_column: &str) -> Renames {
        let id = ObjectId::new(ObjectKind::Table, None, table);
        Renames(vec![
            Rename { to: id.part(ObjectKind::Column, column), from: old_column.to_owned(), schema: None },
            Rename { to: id, from: old_table.to_owned(), schema: None },
        ])
    }

    fn is_one_rename(from: &Schema, to: &Schema, renames: &Renames) -> bool {
        let operations = compare(from, to, renames).operations;
        matches!(&operations[..], [Operation::Alter(alteration)]
            if alteration.is_rename() && matches!(alteration.columns[..], [Change::Alter { .. }]))
    }

    #[test]
    fn a_rename_that_was_done_long_ago_does_not_hide_a_change_of_case() {
        let (from, to) = (schema(Flavour::Sqlite, "Users", "Name"), schema(Flavour::Sqlite, "users", "name"));
        assert!(is_one_rename(&from, &to, &renames("users", "people", "name", "title")));
    }

    #[test]
    fn old_names_may_be_said_in_any_case_on_sqlite() {
        let (from, to) = (schema(Flavour::Sqlite, "T", "Total"), schema(Flavour::Sqlite, "u", "sum"));
        assert!(is_one_rename(&from, &to, &renames("u", "t", "sum", "total")));
        let only_case = schema(Flavour::Sqlite, "t", "sum");
        assert!(is_one_rename(&from, &only_case, &renames("t", "long_ago", "sum", "total")));
    }
}
