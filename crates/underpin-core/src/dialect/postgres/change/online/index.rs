//! Indexes that come, go and change while others write: `CREATE INDEX CONCURRENTLY` and its like, none of
//! which can run in a transaction ("Building Indexes Concurrently" in the manual's "CREATE INDEX"). Not
//! those that a constraint brings.

use super::{
    super::{
        index::{self, CONCURRENTLY},
        table::index_names,
        text::{qualified, quote},
    },
    item::{Item, Moves},
    partitions::{self, Parts},
};
use crate::{
    difference::Statement,
    name::{chosen, quote_in},
    schema::{Index, Key, ObjectId, Options, Schema, Table},
};

/// An index that comes.
pub(super) fn made(owner: &ObjectId, to: &Index) -> Item {
    Item { built: Moves::new(build(owner, to), vec![drop(owner, to)]), ..Item::default() }
}

/// An index that goes.
pub(super) fn gone(owner: &ObjectId, from: &Index) -> Item {
    Item { cleared: Moves::new(vec![drop(owner, from)], build(owner, from)), ..Item::default() }
}

/// An index that changes: the new one is built beside it, under another name, so that there is always
/// one.
pub(super) fn replaced(owner: &ObjectId, from: &Index, to: &Index) -> Item {
    Item { built: Moves::new(replace(owner, from, to), replace(owner, to, from)), ..Item::default() }
}

fn replace(owner: &ObjectId, from: &Index, to: &Index) -> Vec<Statement> {
    let interim = interim(&to.name);
    let mut statements = build(owner, &renamed(to, &interim));
    statements.push(drop(owner, from));
    let old = quote_in(crate::dialect::Dialect::Postgres, owner.schema.as_deref(), &interim);
    statements.push(Statement::alone(format!("ALTER INDEX {old} RENAME TO {}", quote(&to.name))));
    statements
}

/// What an index is called until the one that it replaces is gone.
pub(super) fn interim(name: &str) -> String {
    chosen(name, "", "new")
}

/// An index under another name, also in the statement that the server has written for it.
fn renamed(index: &Index, name: &str) -> Index {
    let create = index.create.as_deref().map(|create| {
        let old = [quote(&index.name), index.name.clone()]
            .into_iter()
            .map(|old| format!("INDEX {old} ON "))
            .find(|old| create.contains(old.as_str()));
        match old {
            Some(old) => create.replacen(&old, &format!("INDEX {} ON ", quote(name)), 1),
            None => create.to_owned(),
        }
    });
    Index { name: name.to_owned(), create, ..index.clone() }
}

fn build(owner: &ObjectId, index: &Index) -> Vec<Statement> {
    alone(index::make(owner, &concurrent(index)))
}

fn drop(owner: &ObjectId, index: &Index) -> Statement {
    index::drop(owner, &concurrent(index), false)
}

fn concurrent(index: &Index) -> Index {
    let mut index = index.clone();
    index.options.insert(CONCURRENTLY.to_owned(), String::new());
    index
}

/// Statements that are not to share a transaction, so that none of them keeps a lock for another.
pub(super) fn alone(statements: Vec<Statement>) -> Vec<Statement> {
    statements.into_iter().map(|statement| Statement::alone(statement.sql)).collect()
}

/// An index of a partitioned table, in parts. It goes at once, with a strong lock for a moment: there is no
/// other way.
///
/// Nothing where a partition is on another server, which has no indexes here.
pub(super) fn partitioned(owner: &ObjectId, index: &Index, schema: &Schema) -> Option<Item> {
    let (_, what) = index.create.as_deref()?.split_once(" USING ")?;
    let unique = if index.unique { "UNIQUE " } else { "" };
    let mut up = partitions::build(schema, owner, &index.name, &Text { unique, what, index })?;
    // What stands behind the statement: comment, tablespace.
    up.extend(alone(index::make(owner, index).split_off(1)));
    let down = vec![Statement::alone(index::drop(owner, index, false).sql)];
    Some(Item { built: Moves::new(up, down), ..Item::default() })
}

/// The text of an index of a partitioned table.
struct Text<'a> {
    unique: &'a str,
    what: &'a str,
    index: &'a Index,
}

impl Parts for Text<'_> {
    /// If nothing is said, the one that the server would choose (`ChooseIndexName`), with a number where
    /// that is another's.
    fn name(&self, partition: &ObjectId, table: &Table, whole: &str) -> String {
        let columns: Vec<&str> = self
            .index
            .parts
            .iter()
            .map(|part| match &part.key {
                Key::Column(column) => column.as_str(),
                Key::Expression(_) => "expr",
            })
            .collect();
        part_name(table, whole, chosen(&partition.name, &columns.join("_"), "idx"))
    }

    fn whole(&self, table: &ObjectId, name: &str) -> String {
        let Self { unique, what, .. } = self;
        format!("CREATE {unique}INDEX {} ON ONLY {} USING {what}", quote(name), qualified(table))
    }

    fn part(&self, partition: &ObjectId, name: &str) -> Vec<String> {
        let Self { unique, what, .. } = self;
        let (name, table) = (quote(name), qualified(partition));
        vec![format!("CREATE {unique}INDEX CONCURRENTLY {name} ON {table} USING {what}")]
    }
}

/// The name that a partition's index is to have where that of its parent is called `whole`: the one that
/// is said, or else the usual one, with a number where that is another's.
pub(super) fn part_name(table: &Table, whole: &str, usual: String) -> String {
    if let Some((_, name)) = index_names(table).find(|(parent, _)| *parent == whole) {
        return name.to_owned();
    }
    let is_taken = |name: &str| {
        table.index(name).is_some()
            || table.constraint(name).is_some()
            || index_names(table).any(|(_, other)| other == name)
    };
    let numbered = |number: u32| if number == 0 { usual.clone() } else { format!("{usual}{number}") };
    (0..).map(numbered).find(|name| !is_taken(name)).unwrap_or(usual.clone())
}

/// Whether an index has nothing that only a statement of its own could keep: it is not what the table is
/// ordered by, and has a part on every partition.
pub(super) fn is_usual(options: &Options) -> bool {
    !["partial", "clustered"].iter().any(|option| options.contains_key(*option))
}
