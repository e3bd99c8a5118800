//! Primary keys and unique constraints: their index is built while others write, and then becomes theirs
//! (`ADD table_constraint_using_index` in the manual's "ALTER TABLE"). Not the columns of a primary key,
//! which have been told before that they are never null.

use super::{
    super::{
        column::altering,
        constraint::{chosen_name, deferral, definition, drop, extras},
        text::{list, qualified, quote},
    },
    index::{alone, interim, is_usual, part_name},
    item::{Item, Moves},
    partitions::{self, Parts},
};
use crate::{
    difference::Statement,
    schema::{Constraint, ConstraintKind, Key, ObjectId, Schema, Table},
};

/// A key that comes, or changes; nothing where it can't be done so.
pub(super) fn item(id: &ObjectId, table: &Table, from: Option<&Constraint>, to: &Constraint) -> Option<Item> {
    if table.partition_by.is_some() || !is_plain(to) || !from.is_none_or(is_plain) {
        return None;
    }
    let built = match from {
        None => {
            let mut up = vec![build(id, to, to.shown_name())?];
            up.push(Statement::alone(altering(id, &format!("ADD {}", using(to, to.shown_name()))).sql));
            up.extend(behind(id, to));
            Moves::new(up, alone(vec![drop(id, to)]))
        }
        Some(from) => Moves::new(replace(id, from, to)?, replace(id, to, from)?),
    };
    Some(Item { built, ..Item::default() })
}

/// A key of a partitioned table that comes: that of the table alone first, which is not valid yet, then
/// those of its partitions, each of an index that was built while others wrote. Nothing where it can't be
/// done so, or a partition has a key alike, which the server would make a part of it.
pub(super) fn partitioned(id: &ObjectId, to: &Constraint, [from, wanted]: [&Schema; 2]) -> Option<Item> {
    let is_alike = |one: &Constraint| one.kind == to.kind;
    let is_shared = [from, wanted].into_iter().any(|schema| {
        partitions::below(schema, id).iter().any(|(_, table)| table.constraints.iter().any(is_alike))
    });
    // Since 18, `PRIMARY KEY USING INDEX` leaves behind NOT NULL of the partition's own, which stays when the
    // table's goes.
    let leaves_not_null = wanted.version.major >= 18 && matches!(to.kind, ConstraintKind::PrimaryKey { .. });
    if !is_plain(to) || is_shared || leaves_not_null || to.options.contains_key("tablespace") {
        return None;
    }
    build(id, to, to.shown_name())?;
    let mut up = partitions::build(wanted, id, to.shown_name(), &Text(to))?;
    up.extend(behind(id, to));
    Some(Item { built: Moves::new(up, alone(vec![drop(id, to)])), ..Item::default() })
}

/// The text of a key of a partitioned table.
struct Text<'a>(&'a Constraint);

impl Text<'_> {
    fn named(&self, name: &str) -> Constraint {
        Constraint { name: Some(name.to_owned()), ..self.0.clone() }
    }
}

impl Parts for Text<'_> {
    fn name(&self, partition: &ObjectId, table: &Table, whole: &str) -> String {
        part_name(table, whole, chosen_name(partition, self.0))
    }

    fn whole(&self, table: &ObjectId, name: &str) -> String {
        format!("ALTER TABLE ONLY {} ADD {}", qualified(table), definition(table, &self.named(name)))
    }

    fn part(&self, partition: &ObjectId, name: &str) -> Vec<String> {
        let key = self.named(name);
        let add = altering(partition, &format!("ADD {}", using(&key, name))).sql;
        build(partition, &key, name).map(|index| index.sql).into_iter().chain([add]).collect()
    }
}

/// The new index is built beside the old key, and takes its place in one statement.
fn replace(id: &ObjectId, from: &Constraint, to: &Constraint) -> Option<Vec<Statement>> {
    let interim = interim(to.shown_name());
    let swap = format!("DROP CONSTRAINT {}, ADD {}", quote(from.shown_name()), using(to, &interim));
    let mut statements = vec![build(id, to, &interim)?, Statement::alone(altering(id, &swap).sql)];
    statements.extend(behind(id, to));
    Some(statements)
}

fn is_plain(constraint: &Constraint) -> bool {
    let words = constraint.definition.as_deref().unwrap_or_default();
    constraint.name.is_some()
        && is_usual(&constraint.options)
        && !constraint.options.contains_key("index_of")
        && !words.contains(" WITHOUT OVERLAPS")
        && matches!(constraint.kind, ConstraintKind::PrimaryKey { .. } | ConstraintKind::Unique { .. })
}

/// The statement that builds the index.
fn build(id: &ObjectId, constraint: &Constraint, name: &str) -> Option<Statement> {
    let mut what = match &constraint.definition {
        Some(words) => words[words.find('(')?..].to_owned(),
        None => format!("({})", columns(constraint)?),
    };
    for end in [" INITIALLY DEFERRED", " DEFERRABLE"] {
        if let Some(rest) = what.strip_suffix(end) {
            what.truncate(rest.len());
        }
    }
    let nulls = match &constraint.kind {
        ConstraintKind::Unique { nulls_not_distinct: true, .. } => " NULLS NOT DISTINCT",
        ConstraintKind::Unique { nulls_not_distinct: false, .. }
        | ConstraintKind::PrimaryKey { .. }
        | ConstraintKind::Check { .. }
        | ConstraintKind::ForeignKey(_)
        | ConstraintKind::Exclusion
        | ConstraintKind::NotNull { .. } => "",
    };
    let place = what.find(") WITH (").map_or(what.len(), |place| place + 1);
    what.insert_str(place, nulls);
    if let Some(space) = constraint.options.get("tablespace") {
        what.push_str(&format!(" TABLESPACE {}", quote(space)));
    }
    Some(Statement::alone(format!(
        "CREATE UNIQUE INDEX CONCURRENTLY {} ON {} {what}",
        quote(name),
        qualified(id)
    )))
}

fn columns(constraint: &Constraint) -> Option<String> {
    let (ConstraintKind::PrimaryKey { parts } | ConstraintKind::Unique { parts, .. }) = &constraint.kind
    else {
        return None;
    };
    let column = |key: &Key| match key {
        Key::Column(column) => Some(column.clone()),
        Key::Expression(_) => None,
    };
    let columns: Option<Vec<String>> = parts.iter().map(|part| column(&part.key)).collect();
    Some(list(&columns?))
}

/// The constraint, of an index that is there and gets its name.
fn using(constraint: &Constraint, index: &str) -> String {
    let kind = match &constraint.kind {
        ConstraintKind::PrimaryKey { .. } => "PRIMARY KEY",
        ConstraintKind::Unique { .. }
        | ConstraintKind::Check { .. }
        | ConstraintKind::ForeignKey(_)
        | ConstraintKind::Exclusion
        | ConstraintKind::NotNull { .. } => "UNIQUE",
    };
    let name = quote(constraint.shown_name());
    format!("CONSTRAINT {name} {kind} USING INDEX {}{}", quote(index), deferral(constraint.deferral))
}

/// What a key has beside its index: comments.
fn behind(id: &ObjectId, to: &Constraint) -> Vec<Statement> {
    let mut built = Constraint { comment: None, ..to.clone() };
    built.options.remove("index_comment");
    alone(extras(id, Some(&built), to))
}
