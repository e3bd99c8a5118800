//! Indexes. SQLite can't change one: it goes and comes.

use super::{order::Altered, quote};
use crate::{
    difference::{Change, Difference},
    schema::{Index, IndexPart, Key, ObjectId, Table, TableKind},
};

/// Drops those that go or change. With a table that is made anew they would go by themselves, but too
/// late for a table that gets their name.
pub(super) fn drops(altered: &[Altered<'_>]) -> Vec<String> {
    let changes = altered.iter().flat_map(|table| &table.alteration.indexes);
    changes
        .filter_map(|change| match change {
            Change::Drop { from } | Change::Alter { from, .. } => {
                Some(format!("DROP INDEX {}", quote(&from.name)))
            }
            Change::Add { .. } => None,
        })
        .collect()
}

/// Makes those that come, those that change, and those that went with their table.
pub(super) fn creates(difference: &Difference, altered: &[Altered<'_>]) -> Vec<String> {
    let mut statements = Vec::new();
    for (id, table) in super::order::created(difference, TableKind::Ordinary) {
        statements.extend(table.indexes.iter().map(|index| create(id, index)));
    }
    for table in altered {
        let comes = |index: &&Index| {
            table.is_made_anew()
                || table.alteration.indexes.iter().any(|change| match change {
                    Change::Add { to } | Change::Alter { to, .. } => to.name == index.name,
                    Change::Drop { .. } => false,
                })
        };
        let wanted: &Table = table.wanted;
        statements.extend(wanted.indexes.iter().filter(comes).map(|index| create(table.id(), index)));
    }
    statements
}

/// The statement that makes an index: the one that somebody wrote, where there is one.
fn create(table: &ObjectId, index: &Index) -> String {
    if let Some(create) = &index.create {
        return create.clone();
    }
    let unique = if index.unique { "UNIQUE " } else { "" };
    let (name, table) = (quote(&index.name), quote(&table.name));
    let mut text = format!("CREATE {unique}INDEX {name} ON {table} ({})", parts(&index.parts));
    if let Some(predicate) = &index.predicate {
        text.push_str(&format!(" WHERE {predicate}"));
    }
    text
}

/// The columns and expressions of an index or a key.
pub(super) fn parts(parts: &[IndexPart]) -> String {
    parts.iter().map(part).collect::<Vec<_>>().join(", ")
}

fn part(part: &IndexPart) -> String {
    let mut text = match &part.key {
        Key::Column(name) => quote(name),
        Key::Expression(expression) => format!("({expression})"),
    };
    if let Some(collation) = &part.collation {
        text.push_str(&format!(" COLLATE {}", quote(collation)));
    }
    if part.descending {
        text.push_str(" DESC");
    }
    text
}
