//! A schema as a drawing of its tables and foreign keys, in the languages of mermaid and graphviz. What
//! is no table is not drawn.

use std::fmt::Write as _;

use underpin_core::schema::{Column, ConstraintKind, ForeignKey, IndexPart, Key, ObjectId, Schema, Table};

/// The tables and foreign keys as an `erDiagram` ("Entity Relationship Diagrams" in mermaid's manual).
pub(in crate::cli) fn mermaid(schema: &Schema) -> String {
    let mut text = "erDiagram\n".to_owned();
    for (id, table) in schema.tables() {
        // Writing to a string can't fail.
        let _ = writeln!(text, "    {} {{", entity(id));
        for column in &table.columns {
            let keys = keys(table, column);
            let gap = if keys.is_empty() { "" } else { " " };
            let _ = writeln!(text, "        {} {}{gap}{keys}", word(&column.data_type), word(&column.name));
        }
        text.push_str("    }\n");
    }
    for (id, table) in schema.tables() {
        for key in foreign_keys(table) {
            let many = if is_unique(table, key) { "o|" } else { "o{" };
            let one = if is_optional(table, key) { "|o" } else { "||" };
            let label = key.columns.join(", ");
            let _ = writeln!(
                text,
                "    {} {one}--{many} {} : \"{}\"",
                entity(&key.table),
                entity(id),
                escaped(&label)
            );
        }
    }
    text
}

/// The same as a digraph ("The DOT Language" in graphviz's manual).
pub(in crate::cli) fn dot(schema: &Schema) -> String {
    let mut text = "digraph schema {\n    rankdir = LR;\n    node [shape = record];\n".to_owned();
    for (id, table) in schema.tables() {
        let columns: Vec<String> = table
            .columns
            .iter()
            .map(|column| {
                let keys = keys(table, column);
                let gap = if keys.is_empty() { "" } else { " " };
                format!("{} {}{gap}{keys}\\l", record(&column.name), record(&column.data_type))
            })
            .collect();
        let _ = writeln!(
            text,
            "    \"{}\" [label = \"{{{}|{}}}\"];",
            escaped(&full_name(id)),
            record(&full_name(id)),
            columns.concat()
        );
    }
    for (id, table) in schema.tables() {
        for key in foreign_keys(table) {
            let _ = writeln!(
                text,
                "    \"{}\" -> \"{}\" [label = \"{}\"];",
                escaped(&full_name(id)),
                escaped(&full_name(&key.table)),
                escaped(&key.columns.join(", "))
            );
        }
    }
    text.push_str("}\n");
    text
}

fn foreign_keys(table: &Table) -> impl Iterator<Item = &ForeignKey> {
    table.constraints.iter().filter_map(|constraint| match &constraint.kind {
        ConstraintKind::ForeignKey(key) => Some(key),
        _ => None,
    })
}

/// Whether the rows of a foreign key have a counterpart of their own each.
fn is_unique(table: &Table, key: &ForeignKey) -> bool {
    primary_keys(table).chain(unique_keys(table)).any(|parts| {
        let columns: Vec<&str> = parts.iter().filter_map(column_of).collect();
        columns.len() == parts.len() && key.columns.iter().map(String::as_str).eq(columns)
    })
}

fn primary_keys(table: &Table) -> impl Iterator<Item = &[IndexPart]> {
    table.constraints.iter().filter_map(|constraint| match &constraint.kind {
        ConstraintKind::PrimaryKey { parts } => Some(parts.as_slice()),
        _ => None,
    })
}

/// What is unique, as a constraint or, which is all that MySQL knows, as an index; but not what is
/// unique among some of the rows only.
fn unique_keys(table: &Table) -> impl Iterator<Item = &[IndexPart]> {
    let constraints = table.constraints.iter().filter_map(|constraint| match &constraint.kind {
        ConstraintKind::Unique { parts, .. } => Some(parts.as_slice()),
        _ => None,
    });
    let indexes = table.indexes.iter().filter(|index| index.unique && index.predicate.is_none());
    constraints.chain(indexes.map(|index| index.parts.as_slice()))
}

/// The column that a part of a key is; nothing for an expression.
fn column_of(part: &IndexPart) -> Option<&str> {
    match &part.key {
        Key::Column(name) => Some(name),
        Key::Expression(_) => None,
    }
}

fn is_optional(table: &Table, key: &ForeignKey) -> bool {
    key.columns.iter().any(|name| table.column(name).is_some_and(|column| column.nullable))
}

/// `PK`, `FK`, `UK`, as mermaid has them.
fn keys(table: &Table, column: &Column) -> String {
    let in_parts = |parts: &[IndexPart]| parts.iter().any(|part| column_of(part) == Some(&column.name));
    let marks = [
        ("PK", primary_keys(table).any(in_parts)),
        ("FK", foreign_keys(table).any(|key| key.columns.contains(&column.name))),
        ("UK", unique_keys(table).any(in_parts)),
    ];
    marks.into_iter().filter_map(|(mark, has)| has.then_some(mark)).collect::<Vec<_>>().join(", ")
}

fn full_name(id: &ObjectId) -> String {
    match &id.schema {
        Some(schema) => format!("{schema}.{}", id.name),
        None => id.name.clone(),
    }
}

/// A name of mermaid's: in quotes where it is no plain word.
fn entity(id: &ObjectId) -> String {
    let name = full_name(id);
    let plain = name.chars().all(|character| character.is_alphanumeric() || character == '_');
    if plain { name } else { format!("\"{}\"", escaped(&name)) }
}

/// A type or a column as mermaid takes it: no blanks, and letters first.
fn word(text: &str) -> String {
    let word: String = text
        .chars()
        .map(
            |character| {
                if character.is_alphanumeric() || "_()[]-".contains(character) { character } else { '_' }
            },
        )
        .collect();
    if word.chars().next().is_some_and(char::is_alphabetic) { word } else { format!("x{word}") }
}

fn escaped(text: &str) -> String {
    text.replace('\\', "\\\\").replace('"', "\\\"")
}

/// A text within a record of graphviz.
fn record(text: &str) -> String {
    let mut escaped = String::new();
    for character in text.chars() {
        if "{}|<>\"\\ ".contains(character) {
            escaped.push('\\');
        }
        escaped.push(character);
    }
    escaped
}

#[cfg(test)]
mod tests {
    use underpin_core::{
        dialect::Flavour,
        schema::{Body, Constraint, Index, Object, ObjectKind, ServerVersion},
    };

    use super::*;

    fn shop() -> Schema {
        let mut schema = Schema::empty(Flavour::Sqlite, ServerVersion::new(3, 50, 0));
        let id = |name: &str| ObjectId::new(ObjectKind::Table, None, name);
        let column = |name: &str, data_type: &str, nullable| Column {
            name: name.to_owned(),
            data_type: data_type.to_owned(),
            nullable,
            ..Column::default()
        };
        let customers = Table { columns: vec![column("id", "INTEGER", false)], ..Table::default() };
        let key = ForeignKey {
            columns: vec!["customer_id".to_owned()],
            table: id("customers"),
            referenced: vec!["id".to_owned()],
            on_update: Default::default(),
            on_delete: Default::default(),
            on_delete_columns: Vec::new(),
            match_full: false,
        };
        let orders = Table {
            columns: vec![column("customer_id", "BIG INT", true)],
            constraints: vec![Constraint::new(None, ConstraintKind::ForeignKey(key))],
            ..Table::default()
        };
        schema.insert(Object::new(id("customers"), Body::Table(customers)));
        schema.insert(Object::new(id("orders"), Body::Table(orders)));
        schema
    }

    #[test]
    fn tables_and_their_keys_are_drawn_for_mermaid() {
        assert_eq!(
            mermaid(&shop()),
            "erDiagram\n    customers {\n        INTEGER id\n    }\n    orders {\n        \
             BIG_INT customer_id FK\n    }\n    customers |o--o{ orders : \"customer_id\"\n"
        );
    }

    #[test]
    fn a_unique_index_is_a_key_unless_it_is_over_some_rows_only() {
        let unique = Index { unique: true, ..Index::new("u", vec![IndexPart::column("a")]) };
        let partial = Index { predicate: Some("a > 0".to_owned()), ..unique.clone() };
        let column = Column { name: "a".to_owned(), ..Column::default() };
        let marks = |index| keys(&Table { indexes: vec![index], ..Table::default() }, &column);
        assert_eq!((marks(unique).as_str(), marks(partial).as_str()), ("UK", ""));
    }

    #[test]
    fn and_for_graphviz() {
        let drawn = dot(&shop());
        assert!(drawn.contains("\"orders\" [label = \"{orders|customer_id BIG\\ INT FK\\l}\"];"), "{drawn}");
        assert!(drawn.contains("\"orders\" -> \"customers\" [label = \"customer_id\"];"), "{drawn}");
    }
}
