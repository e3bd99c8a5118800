//! What models say had another name, as comparison wants it. Usual names of constraints and indexes are
//! no concern of it: where those are others, the dialect sees to it.

use super::{ModelEnum, ModelName, ModelTable};
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
        let (schema, from) = match from.split_once('.').filter(|_| to.schema.is_some() && to.table.is_none())
        {
            Some((schema, from)) => (Some(schema.to_owned()), from),
            None => (None, from),
        };
        let schema = schema.filter(|schema| to.schema.as_ref() != Some(schema));
        let rename = Rename { to, from: from.to_owned(), schema };
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
        for index in &table.indexes {
            if let Some(name) = &index.name {
                self.note(id.part(ObjectKind::Index, name), index.renamed_from.as_deref());
            }
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
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{ModelColumn, ModelType};

    #[test]
    fn a_table_and_a_column_are_renamed() {
        let mut table = ModelTable::new(ModelName::new("purchases"));
        table.renamed_from = Some("orders".to_owned());
        let mut column = ModelColumn::new("mail", ModelType::Text);
        column.renamed_from = Some("email".to_owned());
        table.columns.push(column);
        let renames = renames(&[table], Flavour::Postgres, Some("public"));
        let shown: Vec<String> =
            renames.0.iter().map(|rename| format!("{} <- {}", rename.to, rename.from)).collect();
        assert_eq!(shown, ["table public.purchases <- orders", "column public.purchases.mail <- email"]);
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
