//! What models say had another name, as comparison wants it; with the constraints and indexes whose usual
//! names follow from those.

use super::{ModelEnum, ModelKey, ModelName, ModelTable, naming};
use crate::{
    dialect::Flavour,
    difference::{Rename, Renames},
    schema::{ObjectId, ObjectKind},
};

/// Everything that had another name. `namespace` is the one that a table without any is in, where
/// inspection writes it (PostgreSQL: `public`).
pub fn renames(tables: &[ModelTable], flavour: Flavour, namespace: Option<&str>) -> Renames {
    let mut found = Found { flavour, namespace, renames: Vec::new() };
    for table in tables {
        found.in_table(table);
    }
    for enumeration in tables
        .iter()
        .flat_map(|table| &table.columns)
        .filter_map(|column| column.data_type.get(flavour)?.enumeration())
    {
        found.in_enum(enumeration);
    }
    let before: Vec<ModelTable> = tables.iter().map(|table| as_it_was(table, tables, flavour)).collect();
    for (old, new) in naming::named(&before).iter().zip(&naming::named(tables)) {
        found.in_usual_names(old, new);
    }
    Renames(found.renames)
}

struct Found<'a> {
    flavour: Flavour,
    namespace: Option<&'a str>,
    renames: Vec<Rename>,
}

impl Found<'_> {
    fn id(&self, kind: ObjectKind, name: &ModelName) -> ObjectId {
        ObjectId::new(kind, name.schema(self.flavour).or(self.namespace), &name.name)
    }

    /// Notes a name once, and only if it is another one.
    fn note(&mut self, to: ObjectId, from: Option<&str>) {
        let Some(from) = from.filter(|from| *from != to.name) else { return };
        let rename = Rename { to, from: from.to_owned() };
        if !self.renames.contains(&rename) {
            self.renames.push(rename);
        }
    }

    fn in_table(&mut self, table: &ModelTable) {
        let id = self.id(ObjectKind::Table, &table.name);
        self.note(id.clone(), table.renamed_from.as_deref());
        for column in &table.columns {
            self.note(id.part(ObjectKind::Column, &column.name), column.renamed_from.as_deref());
        }
    }

    /// The enum and its values, where it is an object of its own.
    fn in_enum(&mut self, enumeration: &ModelEnum) {
        if self.flavour != Flavour::Postgres {
            return;
        }
        let id = self.id(ObjectKind::Enum, &enumeration.name);
        self.note(id.clone(), enumeration.renamed_from.as_deref());
        for value in &enumeration.values {
            self.note(id.part(ObjectKind::Column, &value.name), value.renamed_from.as_deref());
        }
    }

    fn in_usual_names(&mut self, old: &ModelTable, new: &ModelTable) {
        let id = self.id(ObjectKind::Table, &new.name);
        let constraint = |name: &str| id.part(ObjectKind::Constraint, name);
        if !new.primary_key.columns.is_empty() && new.primary_key.name.is_none() {
            let from = naming::primary_key(&old.name);
            self.note(constraint(&naming::primary_key(&new.name)), Some(&from));
        }
        for (old, new) in old.uniques.iter().zip(&new.uniques) {
            self.note(constraint(new.name.as_deref().unwrap_or_default()), old.name.as_deref());
        }
        for (old, new) in old.foreign_keys.iter().zip(&new.foreign_keys) {
            self.note(constraint(new.name.as_deref().unwrap_or_default()), old.name.as_deref());
        }
        for (old, new) in old.checks.iter().zip(&new.checks) {
            self.note(constraint(new.name.as_deref().unwrap_or_default()), old.name.as_deref());
        }
        for (old, new) in old.indexes.iter().zip(&new.indexes) {
            let from = new.renamed_from.as_deref().or(old.name.as_deref());
            self.note(id.part(ObjectKind::Index, new.name.as_deref().unwrap_or_default()), from);
        }
    }
}

/// The model under the names that everything had.
fn as_it_was(table: &ModelTable, tables: &[ModelTable], flavour: Flavour) -> ModelTable {
    let mut before = table.clone();
    let old = |name: &String| old_column(table, name);
    before.name.name = table.renamed_from.clone().unwrap_or_else(|| table.name.name.clone());
    for column in &mut before.columns {
        column.name = old(&column.name);
    }
    let lists = [&mut before.primary_key.columns]
        .into_iter()
        .chain(before.uniques.iter_mut().map(|unique| &mut unique.columns));
    for columns in lists {
        *columns = columns.iter().map(old).collect();
    }
    for key in &mut before.foreign_keys {
        key.columns = key.columns.iter().map(old).collect();
        let target = tables.iter().find(|other| {
            other.name.name == key.table.name && other.name.schema(flavour) == key.table.schema(flavour)
        });
        if let Some(target) = target {
            key.referenced = key.referenced.iter().map(|name| old_column(target, name)).collect();
            key.table.name = target.renamed_from.clone().unwrap_or_else(|| target.name.name.clone());
        }
    }
    let columns: Vec<String> = table.columns.iter().map(|column| column.name.clone()).collect();
    for check in &mut before.checks {
        let column = check.column.clone().or_else(|| naming::only_column(&check.expression, &columns));
        check.column = column.as_ref().map(old);
    }
    for index in &mut before.indexes {
        for part in &mut index.parts {
            if let ModelKey::Column(column) = &mut part.key {
                *column = old(column);
            }
        }
    }
    before
}

fn old_column(table: &ModelTable, name: &str) -> String {
    let column = table.column(name);
    column.and_then(|column| column.renamed_from.clone()).unwrap_or_else(|| name.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{ModelColumn, ModelType, ModelUnique};

    #[test]
    fn names_that_follow_from_a_renamed_table_and_column_are_renamed_with_them() {
        let mut table = ModelTable::new(ModelName::new("purchases"));
        table.renamed_from = Some("orders".to_owned());
        let mut column = ModelColumn::new("mail", ModelType::Text);
        column.renamed_from = Some("email".to_owned());
        table.columns.push(column);
        table.uniques.push(ModelUnique { columns: vec!["mail".to_owned()], ..ModelUnique::default() });
        let renames = renames(&[table], Flavour::Postgres, Some("public"));
        let shown: Vec<String> =
            renames.0.iter().map(|rename| format!("{} <- {}", rename.to, rename.from)).collect();
        assert_eq!(
            shown,
            [
                "table public.purchases <- orders",
                "column public.purchases.mail <- email",
                "constraint public.purchases.purchases_mail_key <- orders_email_key",
            ]
        );
    }

    #[test]
    fn the_values_of_an_enum_are_renamed_where_it_is_a_type() {
        let mut enumeration = ModelEnum::new("status", &["open", "sent"]);
        enumeration.values[1].renamed_from = Some("shipped".to_owned());
        let mut table = ModelTable::new(ModelName::new("orders"));
        table.columns.push(ModelColumn::new("status", ModelType::Enum(enumeration)));
        let on = |flavour| renames(std::slice::from_ref(&table), flavour, None);
        assert_eq!(on(Flavour::Postgres).0[0].from, "shipped");
        assert!(on(Flavour::Mysql).0.is_empty());
    }
}
