//! Indexes as parts of statements.

use super::quoted;
use crate::{
    dialect::Flavour,
    difference::{Alteration, Change},
    name::mysql_string,
    schema::{Index, IndexPart, Key, ServerVersion},
};

/// An index as `CREATE TABLE` and `ADD` take it: `UNIQUE KEY `u` (`a`, `b` DESC)`.
pub(super) fn definition(flavour: Flavour, index: &Index) -> String {
    let (kind, using) = match index.method.as_deref() {
        Some("fulltext") => ("FULLTEXT KEY", None),
        Some(_) if is_over_shapes(index) => ("SPATIAL KEY", None),
        Some("vector") => ("VECTOR KEY", None),
        method if index.unique => ("UNIQUE KEY", method),
        method => ("KEY", method),
    };
    let mut sql = format!("{kind} {} ({})", quoted(&index.name), parts(&index.parts, period(index)));
    if let Some(using) = using {
        sql.push_str(&format!(" USING {}", using.to_ascii_uppercase()));
    }
    if let Some(size) = index.options.get("key_block_size") {
        sql.push_str(&format!(" KEY_BLOCK_SIZE={size}"));
    }
    if let Some(parser) = index.options.get("parser") {
        sql.push_str(&format!(" WITH PARSER {}", quoted(parser)));
    }
    for (option, word) in [("m", "M"), ("distance", "DISTANCE")] {
        if let Some(value) = index.options.get(option) {
            sql.push_str(&format!(" {word}={value}"));
        }
    }
    if let Some(comment) = &index.comment {
        sql.push_str(&format!(" COMMENT {}", mysql_string(comment)));
    }
    if index.invisible {
        sql.push(' ');
        sql.push_str(visibility(flavour, true));
    }
    sql
}

/// What makes the planner ignore an index, or look at it again.
pub(super) const fn visibility(flavour: Flavour, invisible: bool) -> &'static str {
    match (flavour, invisible) {
        (Flavour::Mariadb, true) => "IGNORED",
        (Flavour::Mariadb, false) => "NOT IGNORED",
        (_, true) => "INVISIBLE",
        (_, false) => "VISIBLE",
    }
}

fn period(index: &Index) -> Option<&str> {
    index.options.get("without_overlaps").map(String::as_str)
}

/// The parts of an index or key, and the period that may not overlap (MariaDB).
pub(super) fn parts(parts: &[IndexPart], period: Option<&str>) -> String {
    let parts = parts.iter().map(part);
    let period = period.map(|period| format!("{} WITHOUT OVERLAPS", quoted(period)));
    parts.chain(period).collect::<Vec<_>>().join(", ")
}

fn part(part: &IndexPart) -> String {
    let mut sql = match &part.key {
        Key::Column(column) => quoted(column),
        Key::Expression(expression) => format!("({expression})"),
    };
    if let Some(length) = part.length {
        sql.push_str(&format!("({length})"));
    }
    if part.descending {
        sql.push_str(" DESC");
    }
    sql
}

/// The columns that stand in these parts.
pub(super) fn columns(parts: &[IndexPart]) -> Vec<&str> {
    parts
        .iter()
        .filter_map(|part| match &part.key {
            Key::Column(column) => Some(column.as_str()),
            Key::Expression(_) => None,
        })
        .collect()
}

/// Whether an index of this name comes or changes.
pub(super) fn changes(alteration: &Alteration, name: &str) -> bool {
    alteration.indexes.iter().any(|change| match change {
        Change::Add { to } | Change::Alter { to, .. } => to.name == name,
        Change::Drop { .. } => false,
    })
}

/// Whether an index is what the server makes by itself for a foreign key of these columns.
pub(super) fn is_plain_over(index: &Index, columns: &[String]) -> bool {
    let parts = columns.iter().map(|column| IndexPart::column(column)).collect();
    *index == Index::new(&index.name, parts)
}

/// Indexes that get another name and stay as they are, which costs no building: "ALTER TABLE" in
/// either manual, of MySQL since 5.7 and of MariaDB since 10.5.2.
pub(super) fn renames(
    flavour: Flavour,
    version: ServerVersion,
    alteration: &Alteration,
) -> Vec<(&Index, &Index)> {
    if flavour == Flavour::Mariadb && version < ServerVersion::new(10, 5, 2) {
        return Vec::new();
    }
    let mut gone: Vec<&Index> = alteration
        .indexes
        .iter()
        .filter_map(|change| match change {
            Change::Drop { from } => Some(from),
            Change::Add { .. } | Change::Alter { .. } => None,
        })
        .collect();
    let mut renames = Vec::new();
    for change in &alteration.indexes {
        let Change::Add { to } = change else { continue };
        if is_unsettled(alteration, to) {
            continue;
        }
        let alike = |from: &&Index| Index { name: to.name.clone(), ..(*from).clone() } == *to;
        if let Some(place) = gone.iter().position(alike) {
            renames.push((gone.swap_remove(place), to));
        }
    }
    renames
}

/// Whether an index is over a column that was called otherwise, or one that comes could take its place:
/// the server drops what it made for a foreign key as soon as another index begins with its columns.
fn is_unsettled(alteration: &Alteration, index: &Index) -> bool {
    let columns = columns(&index.parts);
    let renamed = alteration.columns.iter().any(|change| match change {
        Change::Alter { from, to } => from.name != to.name && columns.contains(&to.name.as_str()),
        Change::Add { .. } | Change::Drop { .. } => false,
    });
    renamed
        || alteration.indexes.iter().any(|change| match change {
            Change::Add { to } | Change::Alter { to, .. } => {
                to.name != index.name && to.parts.starts_with(&index.parts)
            }
            Change::Drop { .. } => false,
        })
}

/// Full-text indexes that get another parser: in one statement MySQL takes the old for the new.
pub(super) fn unparsed(alteration: &Alteration) -> impl Iterator<Item = &Index> {
    alteration.indexes.iter().filter_map(|change| match change {
        Change::Alter { from, to } if differ_in_parser_only(from, to) => Some(from),
        Change::Alter { .. } | Change::Add { .. } | Change::Drop { .. } => None,
    })
}

/// Whether an index is over shapes: then the reference system of its column is fixed (MySQL).
pub(super) fn is_over_shapes(index: &Index) -> bool {
    matches!(index.method.as_deref(), Some("spatial" | "rtree"))
}

/// Whether two indexes differ in nothing but how their words are found.
pub(super) fn differ_in_parser_only(from: &Index, to: &Index) -> bool {
    let plain = |index: &Index| {
        let mut index = index.clone();
        index.options.remove("parser");
        index
    };
    from != to && plain(from) == plain(to)
}

/// Whether two indexes differ in nothing but whether the planner looks at them.
pub(super) fn differ_in_visibility_only(from: &Index, to: &Index) -> bool {
    from.invisible != to.invisible && Index { invisible: to.invisible, ..from.clone() } == *to
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schema::{Body, Column, Object, ObjectId, ObjectKind, Table};

    const VERSION: ServerVersion = ServerVersion::new(10, 5, 2);

    fn index(name: &str, column: &str) -> Index {
        Index::new(name, vec![IndexPart::column(column)])
    }

    fn alteration(indexes: Vec<Change<Index>>, columns: Vec<Change<Column>>) -> Alteration {
        let id = ObjectId::new(ObjectKind::Table, None, "t");
        let table = Object::new(id, Body::Table(Table::default()));
        Alteration {
            from: table.clone(),
            to: table,
            columns,
            constraints: Vec::new(),
            indexes,
            values: Vec::new(),
        }
    }

    fn goes_and_comes() -> Vec<Change<Index>> {
        vec![Change::Drop { from: index("one", "a") }, Change::Add { to: index("two", "a") }]
    }

    #[test]
    fn an_index_that_only_has_another_name_is_renamed_where_the_server_can() {
        let same = alteration(goes_and_comes(), Vec::new());
        assert_eq!(renames(Flavour::Mariadb, VERSION, &same).len(), 1);
        assert!(renames(Flavour::Mariadb, ServerVersion::new(10, 5, 1), &same).is_empty());
        let other = vec![Change::Drop { from: index("one", "a") }, Change::Add { to: index("two", "b") }];
        assert!(renames(Flavour::Mysql, VERSION, &alteration(other, Vec::new())).is_empty());
    }

    #[test]
    fn an_index_over_a_renamed_column_or_beside_a_longer_one_is_made_anew() {
        let column = |name: &str| Column { name: name.to_owned(), ..Column::default() };
        let renamed = vec![Change::Alter { from: column("b"), to: column("a") }];
        assert!(renames(Flavour::Mysql, VERSION, &alteration(goes_and_comes(), renamed)).is_empty());
        let longer = Index::new("three", vec![IndexPart::column("a"), IndexPart::column("b")]);
        let mut indexes = goes_and_comes();
        indexes.push(Change::Add { to: longer });
        assert!(renames(Flavour::Mysql, VERSION, &alteration(indexes, Vec::new())).is_empty());
    }
}
