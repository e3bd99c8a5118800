//! The names of the parts that a partition has of its parents' indexes, where those stay as they were and the
//! server would choose others today: a column or the partition has another name, or a table with an index
//! of its own is attached. Not names that somebody chose: `table` gives those.

use super::{
    constraint::chosen_name,
    table,
    text::{literal, qualified},
};
use crate::{
    difference::{Renames, Statement},
    name::{chosen, quote_in},
    schema::{Constraint, ConstraintKind, Index, IndexPart, Key, ObjectId, Schema, Table},
};

/// The schema as it was, and the same with all new names but those of indexes.
pub(super) struct Before<'a> {
    pub(super) original: &'a Schema,
    pub(super) renamed: &'a Schema,
    pub(super) renames: &'a Renames,
}

/// An index of a partitioned table, as far as its parts follow from it.
#[derive(Clone, PartialEq)]
enum Whole<'a> {
    Index(&'a Index),
    Key(&'a Constraint),
}

/// The statements that give those parts the names that the server would choose.
pub(super) fn statements(before: &Before<'_>, to: &Schema) -> Vec<Statement> {
    let mut statements = Vec::new();
    for (id, after) in to.tables().filter(|(_, table)| table.partition_of.is_some()) {
        let line = line(id, to);
        for (place, owner) in line.iter().enumerate().skip(1) {
            for whole in wholes(to.table(owner)) {
                let Some(wanted) = usual(&whole, &line[..place], to) else { continue };
                let is_other = before.name(id, &whole).is_some_and(|name| !is_chosen(&name, &wanted));
                if is_other && !names_own(after, &whole) {
                    statements.push(rename(id, owner, whole.name(), &wanted));
                }
            }
        }
    }
    statements
}

/// A table and those above it, the nearest first.
fn line<'a>(id: &'a ObjectId, schema: &'a Schema) -> Vec<&'a ObjectId> {
    let above = |id: &&'a ObjectId| Some(&schema.table(id)?.partition_of.as_ref()?.parent);
    std::iter::successors(Some(id), above).collect()
}

fn wholes(table: Option<&Table>) -> Vec<Whole<'_>> {
    let Some(table) = table else { return Vec::new() };
    let is_key = |one: &&Constraint| {
        matches!(one.kind, ConstraintKind::PrimaryKey { .. } | ConstraintKind::Unique { .. })
    };
    let keys = table.constraints.iter().filter(is_key).map(Whole::Key);
    table.indexes.iter().map(Whole::Index).chain(keys).collect()
}

impl<'a> Whole<'a> {
    fn name(&self) -> &'a str {
        match self {
            Self::Index(index) => &index.name,
            Self::Key(key) => key.name.as_deref().unwrap_or_default(),
        }
    }

    /// The name that the server chooses for a part in this table.
    fn chosen(&self, table: &ObjectId) -> String {
        match self {
            Self::Index(index) => chosen(&table.name, &columns(&index.parts, &index.include), "idx"),
            Self::Key(key) => chosen_name(table, key),
        }
    }

    /// Whether one could be a part of the other.
    fn is_alike(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Index(one), Self::Index(other)) => super::attachment::is_alike(one, other),
            (Self::Key(one), Self::Key(other)) => {
                one.kind == other.kind && one.definition == other.definition
            }
            _ => false,
        }
    }
}

fn columns(parts: &[IndexPart], include: &[String]) -> String {
    let name = |part: &IndexPart| match &part.key {
        Key::Column(column) => column.clone(),
        Key::Expression(_) => "expr".to_owned(),
    };
    parts.iter().map(name).chain(include.iter().cloned()).collect::<Vec<_>>().join("_")
}

/// The name that the server chooses for the part of the first of these tables; nothing where somebody
/// chose one, or where some partitions have no part.
fn usual(whole: &Whole<'_>, line: &[&ObjectId], schema: &Schema) -> Option<String> {
    let mut name = whole.name().to_owned();
    for id in line.iter().rev() {
        if names(schema.table(id)?, &name).is_some() {
            return None;
        }
        name = whole.chosen(id);
    }
    Some(name)
}

fn names<'a>(table: &'a Table, above: &str) -> Option<&'a str> {
    table::index_names(table).find(|(parent, _)| *parent == above).map(|(_, name)| name)
}

/// Whether a partition has a constraint of its own with this part as its index.
fn names_own(table: &Table, whole: &Whole<'_>) -> bool {
    table.constraints.iter().any(|own| own.options.get("index_of").is_some_and(|name| name == whole.name()))
}

/// Whether the server can have chosen a name where this one was to be had.
fn is_chosen(name: &str, wanted: &str) -> bool {
    name.trim_end_matches(|last: char| last.is_ascii_digit()) == wanted
}

impl Before<'_> {
    /// The name of the part, or of the index, of a table that this is to be the whole of.
    fn name(&self, id: &ObjectId, whole: &Whole<'_>) -> Option<String> {
        let line = line(id, self.renamed);
        for (place, owner) in line.iter().enumerate() {
            let now = wholes(self.renamed.table(owner));
            let old = wholes(self.original(owner).map(|(_, table)| table));
            let found = now.iter().zip(old).find(|(now, _)| now.is_alike(whole));
            if let Some((_, old)) = found {
                return self.of_part(&old, &line[..place]);
            }
        }
        None
    }

    /// The name of a part, from one table to the next.
    fn of_part(&self, whole: &Whole<'_>, line: &[&ObjectId]) -> Option<String> {
        let mut name = whole.name().to_owned();
        for id in line.iter().rev() {
            let (old, table) = self.original(id)?;
            name = names(table, &name).map_or_else(|| whole.chosen(old), str::to_owned);
        }
        Some(name)
    }

    /// A table as it was.
    fn original(&self, id: &ObjectId) -> Option<(&ObjectId, &Table)> {
        let old = self.renames.old_id(id);
        let is_it = |one: &ObjectId| old.as_ref() == Some(one) || self.renames.new_id(one) == *id;
        self.original.tables().find(|(one, _)| is_it(one))
    }
}

/// Gives the part that a table has of an index above it the name that the server would choose, with a number
/// where that is taken. Which name it has, and which names are free, is known to the server only.
fn rename(id: &ObjectId, owner: &ObjectId, whole: &str, usual: &str) -> Statement {
    let dialect = crate::dialect::Dialect::Postgres;
    let index = quote_in(dialect, owner.schema.as_deref(), whole);
    let free = quote_in(dialect, id.schema.as_deref(), "");
    let namespace = free.strip_suffix("\"\"").unwrap_or_default();
    Statement::new(format!(
        "DO $underpin$\nDECLARE\n  old text;\n  free text := {usual};\n  number integer := 0;\nBEGIN\n  \
         SELECT i.indexrelid::pg_catalog.regclass::text INTO old FROM pg_catalog.pg_index i\n    \
         JOIN pg_catalog.pg_class c ON c.oid = i.indexrelid\n    \
         WHERE i.indrelid = {table}::pg_catalog.regclass AND {index}::pg_catalog.regclass IN \
         (SELECT pg_catalog.pg_partition_ancestors(c.oid))\n    \
         AND pg_catalog.rtrim(c.relname, '0123456789') <> free;\n  \
         IF old IS NOT NULL THEN\n    \
         WHILE pg_catalog.to_regclass({namespace} || pg_catalog.quote_ident(free)) IS NOT NULL LOOP\n      \
         number := number + 1;\n      free := {usual} || number;\n    END LOOP;\n    \
         EXECUTE pg_catalog.format('ALTER INDEX %s RENAME TO %I', old, free);\n  END IF;\nEND $underpin$",
        usual = literal(usual),
        table = literal(&qualified(id)),
        index = literal(&index),
        namespace = literal(namespace),
    ))
}
