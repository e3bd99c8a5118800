//! The index of a partitioned table and those of its partitions: first that of the table alone, then
//! theirs, while others write, and each is made a part of it; it is valid with the last ("Table
//! Partitioning" in the manual). Not what the statements say: who has an index or a key writes them.

use crate::{
    difference::Statement,
    name::quote_in,
    schema::{ObjectId, Schema, Table, TableKind},
};

/// How an index that is to be in parts is written.
pub(super) trait Parts {
    /// The name that it is to have on a partition, where it is called `whole` on the parent.
    fn name(&self, partition: &ObjectId, table: &Table, whole: &str) -> String;

    /// Makes it on a partitioned table alone, in no time.
    fn whole(&self, table: &ObjectId, name: &str) -> String;

    /// Builds it on a partition that has rows, while others write.
    fn part(&self, partition: &ObjectId, name: &str) -> Vec<String>;
}

/// What builds an index on a table and all of its partitions.
///
/// Nothing where a partition is on another server, which has no indexes here.
pub(super) fn build(
    schema: &Schema,
    owner: &ObjectId,
    name: &str,
    parts: &dyn Parts,
) -> Option<Vec<Statement>> {
    let mut statements = vec![Statement::alone(parts.whole(owner, name))];
    let whole = quoted(owner, name);
    for (child, table) in schema.tables().filter(|(_, table)| is_partition_of(table, owner)) {
        if table.kind == TableKind::Foreign {
            return None;
        }
        let part = parts.name(child, table, name);
        match table.partition_by {
            Some(_) => statements.extend(build(schema, child, &part, parts)?),
            None => statements.extend(parts.part(child, &part).into_iter().map(Statement::alone)),
        }
        let attach = format!("ALTER INDEX {whole} ATTACH PARTITION {}", quoted(child, &part));
        statements.push(Statement::alone(attach));
    }
    Some(statements)
}

/// The partitions of a table and theirs, however far down.
pub(super) fn below<'a>(schema: &'a Schema, owner: &ObjectId) -> Vec<(&'a ObjectId, &'a Table)> {
    let mut found = Vec::new();
    for (child, table) in schema.tables().filter(|(_, table)| is_partition_of(table, owner)) {
        found.push((child, table));
        found.extend(below(schema, child));
    }
    found
}

fn is_partition_of(table: &Table, parent: &ObjectId) -> bool {
    table.partition_of.as_ref().is_some_and(|place| place.parent == *parent)
}

fn quoted(table: &ObjectId, name: &str) -> String {
    quote_in(crate::dialect::Dialect::Postgres, table.schema.as_deref(), name)
}
